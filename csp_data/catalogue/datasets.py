"""The datasets a release may hold: their columns, grain, units, source, licence and disclosure rule.

This declaration is the contract (``extracts.contracts`` checks tables against it), the documentation (the page
About the data is drawn from it) and the template for anyone who supplies a table. To add a dataset, add one entry.

The tables of counts are answered by ``analysis.results``; the others each have a module of ``analysis`` that reads them
through the same rules of disclosure.
"""

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["month", "date", "text", "whole number", "number", "geometry"]


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit, and what a gap in it means."""

    name: str
    type: ColumnType
    description: str
    unit: str = ""
    may_be_empty: bool = False
    missing: str = ""
    allowed: tuple[str, ...] = ()
    """Every value the column may take; empty when the values are open or are checked against another table."""
    codes: Literal["", "category", "small_area", "vintage"] = ""
    """Which list of codes the values come from: the crime tree (for a table of several measures, the part of the tree
    that belongs to the measure of the row), the table small_areas, or the partnership's wards."""
    minimum: float | None = None
    example: str = ""
    """How a value may be written in the template of a dataset that partners supply."""


@dataclass(frozen=True)
class Dataset:
    """One table of a release. ``key`` names the columns that make a row unique."""

    name: str
    title: str
    description: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    source: str
    licence: str
    disclosure: str
    required: bool = True
    rules: tuple[str, ...] = ("open",)
    """Rules of ``catalogue.disclosure_rules`` that its rows may be under. A release names the one of each extract."""

    @property
    def file(self) -> str:
        return f"{self.name}.parquet"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


AREA_TYPES = ("lsoa2011", "lsoa2021", "ward", "district")
PLACEMENT_METHODS = ("coordinates", "nested", "best_fit", "population_share", "area_share")
EVENT_KINDS = ("lockdown", "recording change", "boundary change", "system change")
SAMPLES = ("self-selected", "random", "quota", "census")
OPTION_ROLES = ("answer", "net", "no answer")
FOUR_PS = ("prepare", "protect", "prevent", "pursue")
GRANT_KINDS = ("allocation", "pot", "award", "available")
PARTNER_THEMES = (
    "iom",
    "probation",
    "calls",
    "fire",
    "health",
    "housing",
    "activity",
    "consultation",
    "funding",
)
PRIORITY_KINDS = ("measure", "indicator", "survey", "partner figure")

OPEN_RULE = (
    "None: the counts are already published as open data. Counts from a police force's own extract are rounded instead "
    "(1 to 7 hidden, 8 and over to the nearest 5 from the exact count), and given to the public only over periods and for "
    "areas in which no count of 1 to 7 can be worked out."
)


def _counts(name: str, title: str, description: str, noun: str) -> Dataset:
    return Dataset(
        name=name,
        title=title,
        description=description,
        grain="a month, small area, category and source",
        key=("month", "small_area", "category", "source"),
        columns=(
            Column("month", "month", "The month, as its first day.", unit="calendar month"),
            Column(
                "small_area",
                "text",
                "The smallest area known for the count: an LSOA, the part of an LSOA inside one ward, a ward, a district, "
                "or 'not_located'.",
                codes="small_area",
            ),
            Column("category", "text", f"What was recorded, as a line of the {noun} tree.", codes="category"),
            Column("source", "text", "Who recorded it, as in the file's name, such as 'kent' or 'btp'."),
            Column(
                "count",
                "whole number",
                f"How many {noun}s were recorded. Rows with none are left out.",
                unit=f"{noun}s",
                missing="A covered month with no row is zero. A month that the release does not list as covered is missing.",
                minimum=0,
            ),
        ),
        source="data.police.uk street-level files, or the police force's own extract",
        licence="OGL-3.0",
        disclosure=OPEN_RULE,
        required=False,
        rules=("open", "rounded", "sensitive"),
    )


_ALL = (
    _counts(
        "crime",
        "Police recorded crime",
        "Crimes recorded by the police, by the month they were recorded in. Anti-social behaviour is not crime and is "
        "held apart. Police recorded crime is official statistics but not accredited: part of any change may come from "
        "how well crime is recorded.",
        "crime",
    ),
    _counts(
        "asb",
        "Anti-social behaviour incidents",
        "Incidents of anti-social behaviour recorded by the police. An incident is not a call: several calls may be about "
        "one incident, and some forces counted breaches of COVID-19 rules as anti-social behaviour in 2020 and 2021.",
        "incident",
    ),
    Dataset(
        name="population",
        title="Residents",
        description="People who usually live in an area: the denominator of every rate.",
        grain="an area, ward set, year and denominator",
        key=("area_code", "vintage", "year", "denominator"),
        columns=(
            Column("area_code", "text", "ONS code of the area."),
            Column("area_type", "text", "What kind of area it is.", allowed=AREA_TYPES),
            Column(
                "vintage",
                "text",
                "The ward set that a ward belongs to.",
                missing="Empty for other areas.",
                may_be_empty=True,
            ),
            Column("year", "whole number", "The year the estimate is for.", minimum=1981),
            Column("denominator", "text", "Who is counted.", allowed=("residents", "households", "workday")),
            Column("population", "whole number", "How many there are.", unit="people", minimum=0),
            Column(
                "low",
                "whole number",
                "Lowest reasonable value; equal to the estimate when published.",
                "people",
                minimum=0,
            ),
            Column(
                "high",
                "whole number",
                "Highest reasonable value; equal to the estimate when published.",
                "people",
                minimum=0,
            ),
            Column("basis", "text", "How the estimate was made. Estimates on different bases do not show growth."),
            Column("reference_date", "date", "The day the estimate is for.", may_be_empty=True),
            Column("source", "text", "Publisher and table."),
        ),
        source="Office for National Statistics mid-year population estimates and Census 2021",
        licence="OGL-3.0",
        disclosure="None: published estimates.",
    ),
    Dataset(
        name="areas",
        title="Boundaries",
        description="Outlines of the wards of every ward set, and of the district.",
        grain="an area and ward set",
        key=("area_code", "vintage"),
        columns=(
            Column("area_code", "text", "ONS code of the area."),
            Column("name", "text", "Its name. Names are never used to match: two ward sets may share one."),
            Column("area_type", "text", "What kind of area it is.", allowed=AREA_TYPES),
            Column("vintage", "text", "The ward set.", missing="Empty for other areas.", may_be_empty=True),
            Column("district", "text", "ONS code of the district it lies in."),
            Column("geometry", "geometry", "Outline in longitude and latitude (EPSG:4326)."),
        ),
        source="Office for National Statistics, Open Geography Portal",
        licence="OGL-3.0",
        disclosure="None: published boundaries.",
    ),
    Dataset(
        name="small_areas",
        title="Small areas",
        description="Every small area that a count refers to, and every LSOA of the partnership.",
        grain="a small area",
        key=("small_area",),
        columns=(
            Column("small_area", "text", "Identifier of the small area, used by the counts."),
            Column("area_code", "text", "ONS code of its LSOA, ward or district.", may_be_empty=True),
            Column("area_type", "text", "What kind of area the code is.", allowed=(*AREA_TYPES, "not_located")),
            Column("area_name", "text", "Name of that area.", may_be_empty=True),
            Column("district", "text", "ONS code of the district.", may_be_empty=True),
        ),
        source="Derived when the release is built",
        licence="OGL-3.0",
        disclosure="None.",
    ),
    Dataset(
        name="ward_lookup",
        title="Small area to ward",
        description="Which ward of each ward set a small area counts towards, with what share, and how that is known.",
        grain="a small area, ward set and ward",
        key=("small_area", "vintage", "ward_code"),
        columns=(
            Column("small_area", "text", "Identifier of the small area.", codes="small_area"),
            Column("vintage", "text", "The ward set.", codes="vintage"),
            Column("ward_code", "text", "ONS code of the ward."),
            Column(
                "share",
                "number",
                "Share of the small area's count that goes to the ward; shares add up to 1. 0 for a ward that a small area "
                "placed by best fit lies in as well.",
                minimum=0,
            ),
            Column("method", "text", "How the share is known.", allowed=PLACEMENT_METHODS),
        ),
        source="Coordinates of the records, and ONS best-fit look-ups",
        licence="OGL-3.0",
        disclosure="None.",
    ),
    Dataset(
        name="events",
        title="Events to bear in mind",
        description="Dated events that change what a series means: lockdowns, changes of recording, of ward boundaries, "
        "of systems.",
        grain="an event",
        key=("start", "label"),
        columns=(
            Column("start", "date", "First day."),
            Column("end", "date", "Last day.", missing="Empty for a single date.", may_be_empty=True),
            Column("kind", "text", "What kind of event it is.", allowed=EVENT_KINDS),
            Column("label", "text", "A few words for the chart."),
            Column("note", "text", "What it means for the figures.", may_be_empty=True),
            Column("datasets", "text", "The datasets it touches, or 'all'."),
        ),
        source="Public record, kept by the partnership's analysts",
        licence="OGL-3.0",
        disclosure="None.",
        required=False,
    ),
    Dataset(
        name="indicators",
        title="Published indicators",
        description="Statistics that a publisher gives ready made, with their own intervals: drug and alcohol treatment, "
        "health, benchmarks of health bodies.",
        grain="an indicator, area, group of people and period",
        key=("indicator", "area_code", "group", "period_start", "period_end"),
        columns=(
            Column(
                "indicator",
                "text",
                "Identifier: of catalogue.indicators, else 'fingertips-' and the publisher's number.",
                example="in-treatment",
            ),
            Column(
                "label", "text", "The indicator's name, as published or in plain words.", example="Adults in treatment"
            ),
            Column("area_code", "text", "ONS code of the area.", example="E06000099"),
            Column("area_name", "text", "Its name.", example="Anytown"),
            Column(
                "area_type",
                "text",
                "What kind of area: district, county, region, country, partnership.",
                example="district",
            ),
            Column(
                "group", "text", "Sex, age or substance it is for.", missing="Empty for everybody.", may_be_empty=True
            ),
            Column("period", "text", "The period as published, such as '2018/19' or '2018 - 20'.", example="2018/19"),
            Column("period_start", "month", "First month of the period.", example="2018-04"),
            Column("period_end", "month", "Last month of the period.", example="2019-03"),
            Column(
                "value",
                "number",
                "The statistic.",
                missing="Empty where withheld or not collected.",
                may_be_empty=True,
                example="1105",
            ),
            Column("lower", "number", "Lower limit of the publisher's 95% interval.", may_be_empty=True),
            Column("upper", "number", "Upper limit of the publisher's 95% interval.", may_be_empty=True),
            Column("numerator", "number", "Count it is made from.", may_be_empty=True, minimum=0),
            Column("denominator", "number", "What the count is divided by.", may_be_empty=True, minimum=0),
            Column(
                "unit", "text", "Unit of the value, such as '%' or 'per 100,000'.", may_be_empty=True, example="people"
            ),
            Column(
                "value_status",
                "text",
                "Why there is no value.",
                allowed=("available", "withheld", "missing"),
                example="available",
            ),
            Column("note", "text", "What the publisher says of the value.", may_be_empty=True),
            Column("source", "text", "Publisher and table.", example="NDTMS ViewIt"),
        ),
        source="Office for Health Improvement and Disparities: Fingertips; NDTMS ViewIt",
        licence="OGL-3.0",
        disclosure="As published: withheld or rounded to the nearest 5 by the publisher; nothing finer is held.",
        required=False,
        rules=("published",),
    ),
    Dataset(
        name="survey",
        title="Surveys of residents",
        description="Answers to a survey, counted by question and option. Answers of single people are never kept.",
        grain="a survey, wave, question and option",
        key=("survey", "wave", "question", "option"),
        columns=(
            Column(
                "survey", "text", "Identifier of the survey; waves of one survey share it.", example="csp-consultation"
            ),
            Column("survey_label", "text", "Its name.", example="Community safety consultation"),
            Column("wave", "text", "Identifier of the wave, in order when sorted, such as '2024'.", example="2024"),
            Column("wave_label", "text", "The wave in words.", example="Autumn 2024"),
            Column("collected_from", "date", "First day of collection.", may_be_empty=True, example="01/09/2024"),
            Column("collected_to", "date", "Last day of collection.", may_be_empty=True, example="31/10/2024"),
            Column(
                "mode",
                "text",
                "How it was asked, such as 'online' or 'paper at an event'. Modes are never joined.",
                example="online",
            ),
            Column("sample", "text", "How people came to answer.", allowed=SAMPLES, example="self-selected"),
            Column(
                "question",
                "text",
                "Identifier; the same question in another wave has the same one.",
                example="safe-day",
            ),
            Column("question_text", "text", "The wording as asked.", example="How safe do you feel during the day?"),
            Column(
                "topic",
                "text",
                "What it is about, such as 'feeling safe', 'problems', 'priorities', 'what would help'.",
                example="feeling safe",
            ),
            Column("kind", "text", "One answer each, or several.", allowed=("single", "multiple"), example="single"),
            Column("option", "text", "Identifier of the option.", example="very-safe"),
            Column("option_label", "text", "The option as printed.", example="Very safe"),
            Column("option_order", "whole number", "Its place in the list.", minimum=0, example="1"),
            Column(
                "option_role",
                "text",
                "An answer; a sum of answers printed in their stead ('very or fairly safe'); or no answer.",
                allowed=OPTION_ROLES,
                example="answer",
            ),
            Column("count", "number", "People who chose it.", "people", may_be_empty=True, minimum=0, example="42"),
            Column("base", "whole number", "People asked.", "people", minimum=0, example="103"),
            Column("printed", "text", "The percentage as printed, when the return gives no count.", may_be_empty=True),
            Column("weighted_share", "number", "Share after weighting, 0 to 1.", may_be_empty=True, minimum=0),
            Column("effective_base", "number", "Kish's effective base after weighting.", may_be_empty=True, minimum=0),
            Column("weighting", "text", "How it was weighted.", missing="Empty when it was not.", may_be_empty=True),
            Column("note", "text", "What must be known to read it.", may_be_empty=True),
        ),
        source="The partnership's own consultation",
        licence="supplied",
        disclosure="Bases under 30 are withheld and 30 to 99 flagged; answers of single people are never stored.",
        required=False,
        rules=("base",),
    ),
    Dataset(
        name="partner_figures",
        title="Figures from partner agencies",
        description="Single figures that agencies report: managed offenders, calls for service, fire, health, housing, "
        "the activity log, the reach of a consultation.",
        grain="a figure, area and period",
        key=("figure", "area_name", "period_start", "period_end"),
        columns=(
            Column(
                "figure",
                "text",
                "Identifier; the same figure of another period has the same one.",
                example="managed-offenders",
            ),
            Column(
                "label",
                "text",
                "What is counted or measured, in words.",
                example="Adults under integrated offender management",
            ),
            Column(
                "theme",
                "text",
                "What kind of work it is about: iom is integrated offender management.",
                allowed=PARTNER_THEMES,
                example="iom",
            ),
            Column("agency", "text", "Who reports it.", example="The Probation Service"),
            Column("area_code", "text", "ONS code of the area.", may_be_empty=True),
            Column("area_name", "text", "The area it is for: not always the partnership's.", example="Anytown"),
            Column("period_start", "date", "First day it covers.", example="01/04/2019"),
            Column("period_end", "date", "Last day it covers.", example="31/03/2020"),
            Column("value", "number", "The figure.", may_be_empty=True, example="30"),
            Column("unit", "text", "Its unit, such as 'people', 'visits', '%', '£'.", example="people"),
            Column("numerator", "number", "For a percentage: the count it is made from.", may_be_empty=True),
            Column(
                "base", "number", "For a percentage, rate or part of a total: what it is a share of.", may_be_empty=True
            ),
            Column(
                "before",
                "number",
                "The same figure of the period before, as reported.",
                may_be_empty=True,
                example="28",
            ),
            Column("before_period", "text", "That period.", may_be_empty=True, example="April 2018 to March 2019"),
            Column("plan", "text", "Plan whose priority it serves.", may_be_empty=True, example="2020-24"),
            Column("priority", "text", "Priority it serves.", may_be_empty=True, example="reducing-reoffending"),
            Column(
                "sensitive", "text", "Whether single people could be known by it.", allowed=("yes", "no"), example="yes"
            ),
            Column("note", "text", "What must be known to read it.", may_be_empty=True),
            Column("source", "text", "Document or extract it comes from.", example="Return of July 2020"),
        ),
        source="Returns of partner agencies, on the product's template",
        licence="supplied",
        disclosure="Counts of people of 1 to 7 are withheld from the public where marked sensitive, and what gives them away.",
        required=False,
        rules=("open", "marked"),
    ),
    Dataset(
        name="peers",
        title="Counts of other areas",
        description="The same counts for other areas, to compare with like areas on rates.",
        grain="a group of areas, area, measure, category and period",
        key=("group", "area_code", "measure", "category", "period_start", "period_end"),
        columns=(
            Column(
                "group",
                "text",
                "The group compared with, such as 'Unitary authorities'.",
                example="Unitary authorities",
            ),
            Column("area_code", "text", "ONS code of the area, or an identifier.", example="E06000099"),
            Column("area_name", "text", "Its name.", example="Anytown"),
            Column("measure", "text", "Identifier of the measure, such as 'crime'.", example="crime"),
            Column("category", "text", "Line of the crime tree.", codes="category", example="crime"),
            Column("period_start", "month", "First month.", example="2019-04"),
            Column("period_end", "month", "Last month.", example="2020-03"),
            Column(
                "count",
                "number",
                "How many.",
                missing="Empty: the area did not respond.",
                may_be_empty=True,
                example="12,345",
            ),
            Column(
                "population", "whole number", "Residents.", "people", may_be_empty=True, minimum=0, example="150,000"
            ),
            Column(
                "population_year",
                "whole number",
                "Year of that estimate.",
                may_be_empty=True,
                minimum=1981,
                example="2019",
            ),
            Column(
                "source",
                "text",
                "Publisher and table.",
                example="ONS police recorded crime by Community Safety Partnership",
            ),
        ),
        source="ONS and Home Office tables of police recorded crime by Community Safety Partnership",
        licence="OGL-3.0",
        disclosure="None: already published.",
        required=False,
    ),
    Dataset(
        name="priorities",
        title="Plans and their priorities",
        description="The priorities of each Community Safety Plan, with their programmes.",
        grain="a plan, priority and programme",
        key=("plan", "priority", "programme"),
        columns=(
            Column("plan", "text", "Identifier, such as '2024-27'.", example="2020-24"),
            Column("plan_label", "text", "The plan's name.", example="Community Safety Plan 2020 to 2024"),
            Column("plan_from", "month", "First month of the plan.", example="2020-04"),
            Column("plan_to", "month", "Last month of the plan.", example="2024-03"),
            Column("adopted", "date", "The day it was adopted.", may_be_empty=True, example="23/04/2020"),
            Column(
                "priority",
                "text",
                "Identifier of the priority, the same under any plan that keeps it.",
                example="reducing-reoffending",
            ),
            Column("priority_label", "text", "Its name in this plan.", example="Reducing reoffending"),
            Column("priority_order", "whole number", "Its place in the plan.", minimum=1, example="1"),
            Column("lead", "text", "Agency that leads it.", may_be_empty=True, example="The Probation Service"),
            Column(
                "programme",
                "text",
                "A programme or priority action under it.",
                may_be_empty=True,
                example="Integrated offender management",
            ),
            Column("programme_order", "whole number", "Its place under the priority.", minimum=0, example="1"),
            Column(
                "continues",
                "text",
                "Priorities of the plan before that it goes on with, joined by ';'.",
                may_be_empty=True,
            ),
            Column("source", "text", "Document it comes from.", example="Community Safety Plan"),
        ),
        source="Community Safety Plans",
        licence="supplied",
        disclosure="None: published plans.",
        required=False,
    ),
    Dataset(
        name="priority_figures",
        title="What each priority is followed by",
        description="The measures, indicators, survey questions and partner figures shown under a priority, the same under "
        "every plan that has it, and the target when there is one.",
        grain="a plan, priority, kind and name",
        key=("plan", "priority", "kind", "name", "category"),
        columns=(
            Column("plan", "text", "The plan.", example="2020-24"),
            Column("priority", "text", "The priority.", example="tackling-asb"),
            Column("order", "whole number", "Its place under the priority.", minimum=1, example="1"),
            Column("kind", "text", "What it is.", allowed=PRIORITY_KINDS, example="measure"),
            Column(
                "name",
                "text",
                "Identifier of the measure, indicator, survey question or partner figure.",
                example="asb",
            ),
            Column("category", "text", "Line of the crime tree.", may_be_empty=True, example="asb"),
            Column(
                "target",
                "number",
                "What was set as the target, in the unit of the figure.",
                may_be_empty=True,
                example="5,500",
            ),
            Column(
                "target_per",
                "text",
                "For a target: a month, or 12 months.",
                allowed=("", "month", "12 months"),
                may_be_empty=True,
                example="12 months",
            ),
            Column(
                "target_direction",
                "text",
                "Which side is good: lower than the target, or higher.",
                allowed=("", "lower", "higher"),
                may_be_empty=True,
                example="lower",
            ),
            Column(
                "target_source",
                "text",
                "Where the target was set.",
                may_be_empty=True,
                example="Community Safety Plan, page 9",
            ),
        ),
        source="The partnership's analysts",
        licence="supplied",
        disclosure="None.",
        required=False,
    ),
    Dataset(
        name="updates",
        title="Quarterly updates",
        description="What agencies did under a priority: one summary for each of the four Ps a quarter.",
        grain="a plan, priority, quarter, P and agency",
        key=("plan", "priority", "quarter", "p", "agency", "order"),
        columns=(
            Column("plan", "text", "The plan.", example="2020-24"),
            Column("priority", "text", "The priority.", example="tackling-asb"),
            Column("quarter", "month", "First month of the quarter.", example="2020-07"),
            Column("p", "text", "Prepare, protect, prevent or pursue.", allowed=FOUR_PS, example="prevent"),
            Column("agency", "text", "Who reports.", may_be_empty=True, example="Anytown Council"),
            Column("order", "whole number", "Its place.", minimum=1, example="1"),
            Column("text", "text", "The summary.", example="Youth workers were out on 11 evenings a week."),
            Column("source", "text", "Document it comes from.", may_be_empty=True),
        ),
        source="Returns of partner agencies, on the product's template",
        licence="supplied",
        disclosure="None: written for publication.",
        required=False,
    ),
    Dataset(
        name="grants",
        title="Grants",
        description="Grants received, the pots they are split in, what was awarded from each and what is left.",
        grain="a year, kind, pot and project",
        key=("year", "funder", "kind", "pot", "project"),
        columns=(
            Column("year", "text", "Financial year, such as '2024/25'.", example="2024/25"),
            Column("funder", "text", "Who gave it.", example="Police and Crime Commissioner"),
            Column(
                "kind",
                "text",
                "The allocation, a pot of it, an award from a pot, or what is left.",
                allowed=GRANT_KINDS,
                example="award",
            ),
            Column("pot", "text", "The pot.", may_be_empty=True, example="Business cases"),
            Column(
                "project", "text", "The project, for an award.", may_be_empty=True, example="Summer youth programme"
            ),
            Column("lead", "text", "Who runs it.", may_be_empty=True, example="Anytown Council"),
            Column("plan", "text", "Plan whose priority it serves.", may_be_empty=True, example="2024-27"),
            Column("priority", "text", "Priority it serves.", may_be_empty=True, example="tackling-asb"),
            Column("amount", "number", "Pounds.", "£", minimum=0, example="£3,950"),
            Column("note", "text", "What must be known to read it.", may_be_empty=True),
            Column("source", "text", "Document it comes from.", may_be_empty=True, example="Annual report"),
        ),
        source="The partnership's grant ledger",
        licence="supplied",
        disclosure="None: published in the annual scrutiny report.",
        required=False,
    ),
    Dataset(
        name="risks",
        title="Risk register",
        description="Risks to the partnership as assessed: likelihood A (very likely) to D (rare), impact I (catastrophic) "
        "to IV (minor).",
        grain="a day of assessment and a risk",
        key=("assessed", "risk"),
        columns=(
            Column("assessed", "date", "The day of the report.", example="01/10/2024"),
            Column("risk", "text", "The risk.", example="Partners do not share data"),
            Column("description", "text", "What could happen.", may_be_empty=True),
            Column("action", "text", "What is done about it.", may_be_empty=True, example="Sharing agreement renewed"),
            Column("likelihood", "text", "A to D.", allowed=("", "A", "B", "C", "D"), may_be_empty=True, example="D"),
            Column("impact", "text", "I to IV.", allowed=("", "I", "II", "III", "IV"), may_be_empty=True, example="II"),
            Column("rating", "text", "The rating as printed, such as 'DII' or 'Low'.", example="DII"),
            Column("source", "text", "Document it comes from.", may_be_empty=True),
        ),
        source="The partnership's risk register",
        licence="supplied",
        disclosure="None: published in the annual scrutiny report.",
        required=False,
    ),
    Dataset(
        name="postcodes",
        title="Postcodes",
        description="Which ward of each ward set a postcode lies in, so that a resident can find their ward.",
        grain="a postcode and ward set",
        key=("postcode", "vintage"),
        columns=(
            Column("postcode", "text", "The postcode in capitals, with one space."),
            Column("vintage", "text", "The ward set.", codes="vintage"),
            Column("ward_code", "text", "ONS code of the ward."),
        ),
        source="ONS Postcode Directory",
        licence="OGL-3.0",
        disclosure="None: published.",
        required=False,
    ),
)

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _ALL}
COUNT_DATASETS = ("crime", "asb")
TEMPLATES = (
    "survey",
    "partner_figures",
    "indicators",
    "peers",
    "priorities",
    "priority_figures",
    "updates",
    "grants",
    "risks",
)
"""The datasets that partners may supply as a table of their own, under the columns declared here."""
