"""The datasets a release may hold: their columns, grain, units, source, licence and disclosure rule.

This declaration is the contract (``extracts.contracts`` checks tables against it), the documentation (the page
About the data is drawn from it) and the template for anyone who supplies a table. To add a dataset, add one entry.

Datasets for treatment, survey, benchmark, plan and claims belong here too, when they are built.
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
    """Which list of codes the values come from: the crime tree, the table small_areas, or the partnership's wards."""
    minimum: float | None = None


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

    @property
    def file(self) -> str:
        return f"{self.name}.parquet"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


AREA_TYPES = ("lsoa2011", "lsoa2021", "ward", "district")
PLACEMENT_METHODS = ("coordinates", "nested", "best_fit", "population_share", "area_share")
EVENT_KINDS = ("lockdown", "recording change", "boundary change", "system change")

OPEN_RULE = (
    "None: the counts are already published as open data. Counts from a police force's own extract are rounded instead "
    "(1 to 7 hidden, 8 and over to the nearest 5 from the exact count)."
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
        description="Every small area that a count refers to.",
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
                "Share of the small area's count that goes to the ward; shares add up to 1.",
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
)

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _ALL}
COUNT_DATASETS = ("crime", "asb")
