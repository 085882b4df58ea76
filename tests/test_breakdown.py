"""A line of the tree taken apart: a release small enough to add up by eye, then what the demonstration must give."""

import math
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box
from streamlit.testing.v1 import AppTest

from csp_data.analysis import breakdown
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import APPENDIX_1, CATEGORIES
from csp_data.catalogue.partnerships import Partnership
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from csp_data.figures import breakdown as figures
from csp_data.stories import breakdown as story

ROOT = Path(__file__).parents[1]
MONTHS = Span("2016-04", "2018-03").months
YEAR = Question("crime", "2017-04", "2018-03")


@pytest.fixture
def make_subject(tmp_path):
    """A partnership without wards, over two financial years: (category, month, count) a row."""

    def make(rows, disclosure="open"):
        crime = pd.DataFrame(rows, columns=["category", "month", "count"])
        crime = crime.assign(month=pd.to_datetime(crime["month"] + "-01"), small_area="a", source="home")
        small = pd.DataFrame(
            {
                "small_area": ["a"],
                "area_code": "E07000001",
                "area_type": "district",
                "area_name": "",
                "district": "E07000001",
            }
        )
        outline = {
            "area_code": "E07000001",
            "name": "Town",
            "area_type": "district",
            "vintage": "",
            "district": "E07000001",
        }
        people = {
            "area_code": "E07000001", "area_type": "district", "vintage": "", "year": 2017, "denominator": "residents",
            "population": 10_000, "low": 10_000, "high": 10_000, "basis": "made up", "source": "made up",
            "reference_date": pd.Timestamp("2017-06-30"),
        }  # fmt: skip
        tables = {
            "crime": crime.astype({"count": "int32"}),
            "small_areas": small,
            "areas": gpd.GeoDataFrame([outline], geometry=[box(0, 51, 1, 52)], crs=4326),
            "population": pd.DataFrame([people]),
        }
        extract = {"months": MONTHS, "disclosure": disclosure, "sources": [{"publisher": "Home Police"}]}
        partnership = Partnership("town", "Town CSP", "Town", ("E07000001",), "home")
        write_release(tmp_path, partnership, tables, {"extracts": {"crime": extract}})
        return Subject(Workspace(str(tmp_path)).release("town"))

    return make


def every_month(category, count, over=MONTHS):
    return [(category, month, count) for month in over]


BURGLARIES = [
    *every_month("burglary-dwelling", 10, MONTHS[:12]),
    *every_month("burglary-other-than-dwelling", 5, MONTHS[:12]),
    *every_month("burglary-residential", 20, MONTHS[12:]),
    *every_month("burglary-business-and-community", 5, MONTHS[12:]),
]


# Taking a line apart


def test_lines_with_their_shares_add_up_to_the_whole(make_subject):
    subject = make_subject(every_month("robbery", 1) + every_month("arson", 2) + every_month("shoplifting", 1))
    apart = breakdown.taken_apart(subject, YEAR)
    shares = dict(zip(apart.parts["category"], apart.parts["share"], strict=True))
    assert shares == {"violent-crime": 25, "theft": 25, "criminal-damage": 50}
    added = breakdown.added_up(apart)
    assert (added.total, added.whole, added.agrees, added.withheld) == (48, 48, True, 0)
    assert apart.whole.numerator == 48


def test_what_is_on_no_line_has_a_row_of_its_own(make_subject):
    subject = make_subject(every_month("burglary", 3) + every_month("burglary-residential", 1))
    apart = breakdown.taken_apart(subject, replace(YEAR, category="burglary"))
    assert apart.parts[["category", "own", "numerator", "share"]].to_numpy().tolist() == [
        ["burglary-residential", False, 12, 25],
        ["burglary", True, 36, 75],
    ]
    assert breakdown.added_up(apart).agrees


def test_a_line_with_none_below_it_is_shown_among_those_beside_it(make_subject):
    subject = make_subject(every_month("arson", 1) + every_month("criminal-damage-not-arson", 3))
    apart = breakdown.taken_apart(subject, replace(YEAR, category="arson"))
    assert (apart.line, apart.chosen) == ("criminal-damage", "arson")
    assert apart.parts["share"].tolist() == [25, 75]
    assert breakdown.taken_apart(subject, YEAR).chosen is None


def test_of_none_there_is_no_share(make_subject):
    subject = make_subject(every_month("arson", 1, MONTHS[:12]))
    apart = breakdown.taken_apart(subject, YEAR)
    assert apart.parts["share"].isna().all()
    assert apart.parts["share_status"].tolist() == ["not applicable"]


def test_a_missing_month_leaves_shares_missing(make_subject):
    subject = make_subject(every_month("arson", 1) + every_month("robbery", 1))
    apart = breakdown.taken_apart(subject, Question("crime", "2018-01", "2018-12"))
    assert apart.parts["share_status"].tolist() == ["missing", "missing"]
    assert breakdown.added_up(apart) is None


# A view


def test_most_serious_violence_is_beside_the_sum_and_not_in_it(make_subject):
    subject = make_subject(
        every_month("violence-with-injury", 4) + every_month("homicide", 1) + every_month("most-serious-violence", 2)
    )
    question = replace(YEAR, category="violence-against-the-person")
    apart = breakdown.taken_apart(subject, question)
    assert apart.whole.numerator == 60
    assert set(apart.parts["category"]) == {"homicide", "violence-with-injury"}
    assert apart.views[["category", "numerator", "share"]].to_numpy().tolist() == [["most-serious-violence", 24, 40]]
    assert breakdown.taken_apart(subject, YEAR).whole.numerator == 60
    notes = story.parts(subject, question).notes
    assert any(note.startswith("Most serious violence: 24. Its crimes are counted under") for note in notes)


def test_a_view_that_is_not_held_is_said(make_subject):
    subject = make_subject(every_month("violence-with-injury", 4) + every_month("homicide", 1))
    notes = story.parts(subject, replace(YEAR, category="violence-against-the-person")).notes
    assert any("data.police.uk cannot give it" in note for note in notes)


# Superseded lines


def test_a_line_out_of_use_is_not_none(make_subject):
    subject = make_subject(BURGLARIES)
    apart = breakdown.taken_apart(subject, replace(YEAR, category="burglary", compare="previous-year"))
    rows = apart.parts.set_index("category")
    assert rows.loc["burglary-dwelling", "value_status"] == "not applicable"
    assert math.isnan(rows.loc["burglary-dwelling", "numerator"])
    assert rows.loc["burglary-dwelling", "reason"] == (
        "The police did not use the line 'Burglary dwelling' in the period (used to March 2017)."
    )
    assert set(rows["verdict"]) == {""}  # never compared across the change
    assert rows.loc["burglary-residential", "share"] == 80
    assert breakdown.added_up(apart).agrees


def test_lines_are_over_time_only_while_in_use(make_subject):
    subject = make_subject(BURGLARIES)
    table = breakdown.over_time(subject, replace(YEAR, category="burglary"), Span("2016-04", "2018-03"))
    found = {c: rows["value"].tolist() for c, rows in table.groupby("category")}
    assert found["burglary-dwelling"][:5] == [30, 30, 30, 30, pytest.approx(math.nan, nan_ok=True)]
    assert found["burglary-residential"][3:] == [pytest.approx(math.nan, nan_ok=True), 60, 60, 60, 60]


def test_the_break_is_marked_and_nothing_joins_the_lines(make_subject):
    made = story.lines(make_subject(BURGLARIES), replace(YEAR, category="burglary"), Span("2016-04", "2018-03"))
    breaks = [shape for shape in made.figure.to_dict()["layout"]["shapes"] if shape["type"] == "line"]
    assert [shape["x0"] for shape in breaks] == ["2017-04-01"] * 4
    traces = made.figure.to_dict()["data"]
    assert [trace["y"][3:5] for trace in traces] == [[30, None], [15, None], [None, 60], [None, 15]]
    assert made.figure.plotly


def test_fewer_than_four_quarters_are_drawn_by_month(make_subject):
    subject = make_subject(every_month("arson", 1) + every_month("robbery", 1))
    table = breakdown.over_time(subject, YEAR, Span("2017-04", "2017-09"))
    assert len(table) == 12
    assert breakdown.over_time(make_subject(every_month("crime", 1)), YEAR, Span("2017-04", "2018-03")).empty


# What may not be shown


def test_a_withheld_line_is_in_no_share_sum_or_picture(make_subject):
    rows = [
        *every_month("violence-with-injury", 30),
        *every_month("robbery", 20),
        *every_month("arson", 10),
        ("shoplifting", "2017-05", 3),
    ]
    subject = make_subject(rows, disclosure="rounded")
    apart = breakdown.taken_apart(subject, YEAR)
    rows = apart.parts.set_index("category")
    assert rows.loc["theft", "value_status"] == "withheld"
    assert rows.loc["theft", ["numerator", "value", "share"]].isna().all()
    hidden = rows["value_status"] == "withheld"
    assert hidden.sum() > 1  # alone it would be what the others leave of the whole
    assert rows.loc[hidden, "share"].isna().all()
    assert math.isnan(breakdown.added_up(apart).total)
    made = story.parts(subject, YEAR)
    assert made.table.loc[made.table["Line"] == CATEGORIES["theft"].label, "Share of the whole"].tolist() == ["[c]"]
    assert any("withheld, so the lines are not added up" in note for note in made.notes)
    whole = breakdown.every_line(subject, YEAR).set_index("category")
    assert whole.loc["shoplifting", "value_status"] == "withheld"
    assert math.isnan(whole.loc["shoplifting", "numerator"])
    assert set(whole["held"]) == {breakdown.PROTECTED}
    exact = breakdown.every_line(subject, replace(YEAR, role="analyst")).set_index("category")
    assert exact.loc["shoplifting", ["held", "numerator"]].tolist() == ["Yes", 3]


def test_rounded_lines_need_not_add_up_and_it_is_said(make_subject):
    rows = every_month("arson", 9) + every_month("robbery", 9)  # 108 and 108, shown as 110 each; 216 as 215
    made = story.parts(make_subject(rows, disclosure="rounded"), YEAR)
    assert (
        "The 6 lines come to 220 and the whole to 215: each figure is rounded by itself, to protect people."
        in made.notes
    )


# The whole tree


def test_every_line_of_the_tree_says_whether_it_is_held(make_subject):
    subject = make_subject(
        every_month("violence-and-sexual-offences", 5)
        + every_month("burglary", 2)
        + every_month("arson", 1)
        + every_month("criminal-damage", 2)
    )
    tree = breakdown.every_line(subject, YEAR).set_index("category")
    assert {line for _, line in APPENDIX_1} < set(tree.index)
    assert tree.loc["crime", ["held", "numerator"]].tolist() == ["Yes, as a sum", 120]
    assert tree.loc["violent-crime", "held"] == "Yes, as a sum"
    assert tree.loc["homicide", "held"] == "No: only inside ‘Violence and sexual offences’"
    assert tree.loc["burglary-residential", "held"] == "No: only inside ‘Burglary’"
    assert tree.loc["criminal-damage", "held"] == "Yes, partly split"
    assert tree.loc["arson", ["held", "numerator", "share"]].tolist() == ["Yes", 12, 10]
    assert tree.loc["most-serious-violence", "held"] == "No: a view that the source does not give"
    assert tree.loc["robbery", ["held", "value_status"]].tolist() == ["No", "missing"]


def test_a_merged_line_is_not_missed_where_its_parts_are_held(make_subject):
    tree = breakdown.every_line(make_subject(every_month("rape", 1) + every_month("robbery", 1)), YEAR)
    held = dict(zip(tree["category"], tree["held"], strict=True))
    assert held["violence-and-sexual-offences"] == "No: the source gives its lines one by one"


def test_the_words_of_the_tree(make_subject):
    tree = story.every_line(make_subject(BURGLARIES), replace(YEAR, compare="previous-year"))
    line = tree.columns["Line"].index("\u2003– Burglary dwelling")
    assert tree.columns["In appendix 1 as"][line] == "Burglary Dwelling"
    assert tree.columns["Recorded crimes"][line] == "[z]"
    assert tree.columns["Change"][line] == "The line was used to March 2017."
    assert tree.sentences[0].startswith("4 of the 32 lines of appendix 1")
    assert len({len(cells) for cells in tree.columns.values()}) == 1


# Pictures and words


def test_the_largest_line_and_its_share_are_the_message(make_subject):
    rows = every_month("arson", 1) + every_month("criminal-damage-not-arson", 3) + every_month("criminal-damage", 4)
    made = story.parts(make_subject(rows), replace(YEAR, category="criminal-damage"))
    assert made.title == "Criminal damage (not arson): 38% of criminal damage and arson in Town"
    assert made.figure.to_dict()["data"][0]["marker"]["pattern"]["shape"] == ["", "", "/"]
    assert made.table["Share of the whole"].tolist() == ["37.5%", "12.5%", "50.0%"]
    assert "The 2 lines and the 48 on none of them (hatched) add up to all 96" in " ".join(made.notes)
    assert made.figure.plotly


def test_a_source_that_gives_a_line_whole(make_subject):
    made = story.parts(make_subject(every_month("crime", 3)), YEAR)
    assert made.title == "Recorded crimes in Town, not split into lines"
    assert made.notes == ("The source gives all recorded crime whole: there is nothing below it in this release.",)
    assert story.lines(make_subject(every_month("crime", 3)), YEAR, Span("2017-04", "2018-03")) is None
    assert story.words(make_subject(every_month("crime", 3)), replace(YEAR, compare="previous-year")) == ""
    tree = breakdown.every_line(make_subject(every_month("crime", 3)), YEAR).set_index("category")
    assert tree.loc["robbery", "held"] == "No: only inside ‘All recorded crime’"


def test_changes_in_words_follow_the_test(make_subject):
    rows = [
        *every_month("arson", 10, MONTHS[:12]),
        *every_month("arson", 20, MONTHS[12:]),
        *every_month("robbery", 10),
        ("shoplifting", "2017-05", 1),
    ]
    lead, _, *told = story.words(make_subject(rows), replace(YEAR, compare="previous-year")).splitlines()
    assert lead == "Compared with April 2016 to March 2017:"
    assert told[0].startswith("- **Criminal damage and arson**: 240 against 120: 100.0% higher (95% interval")
    assert told[0].endswith("more than chance.")
    assert told[1].startswith("- **Violent crime**: 120 against 120: no change")
    assert told[1].endswith("within chance, so similar.")
    assert "No percentage is given on a base of under 50." in told[2]
    assert story.words(make_subject(rows), YEAR) == ""


def test_lines_withheld_are_not_called_a_whole_without_lines(make_subject):
    rows = [*every_month("arson", 1, MONTHS[:2]), *every_month("criminal-damage-not-arson", 20, MONTHS[12:])]
    subject = make_subject(rows, disclosure="rounded")
    question = replace(YEAR, category="criminal-damage")
    apart = breakdown.taken_apart(subject, question)
    hidden = apart.parts.assign(value=math.nan, numerator=math.nan, value_status="withheld")
    chart = figures.parts_bars(hidden, apart.whole, None, ())
    assert chart.title == "Recorded crimes (criminal damage and arson) in Town by line: withheld"
    assert chart.figure.to_dict()["layout"]["xaxis"]["tickvals"] == [0]


def test_a_quarter_withheld_has_a_ring_in_the_panel_of_its_line(make_subject):
    kept = [row for line in ("robbery", "shoplifting", "possession-of-weapons") for row in every_month(line, 10)]
    subject = make_subject([*kept, *every_month("arson", 1)], disclosure="rounded")
    chart = story.lines(subject, YEAR, Span("2016-04", "2018-03"))
    rings = [trace for trace in chart.figure.to_dict()["data"] if trace.get("name") == "Withheld"]
    assert {ring["yaxis"] for ring in rings} > {"y"}
    assert any(note.startswith("Withheld (○) in some periods") for note in chart.notes)


def test_a_line_with_none_in_either_period_is_said_so(make_subject):
    rows = [row for line in ("robbery", "shoplifting") for row in every_month(line, 10)]
    told = story.words(make_subject(rows, disclosure="rounded"), replace(YEAR, compare="previous-year"))
    assert "**Vehicle crime**: none in either period." in told


def test_one_reason_for_all_lines_is_told_once(make_subject):
    subject = make_subject(every_month("arson", 10) + every_month("robbery", 10))
    question = Question("crime", "2016-04", "2017-03", compare="previous-year")
    reason = "Not compared: the data do not hold all of April 2015 to March 2016."
    assert story.words(subject, question) == reason
    tree = story.every_line(subject, question)
    assert tree.sentences[0] == reason
    assert set(tree.columns["Change"]) == {"Not compared", "[z]"}


def test_a_line_withheld_now_and_known_before_is_told_in_words(make_subject):
    kept = [row for line in ("robbery", "shoplifting", "possession-of-weapons") for row in every_month(line, 10)]
    rows = [*kept, *every_month("arson", 3, MONTHS[:12]), ("arson", MONTHS[12], 2)]
    told = story.words(make_subject(rows, disclosure="rounded"), replace(YEAR, compare="previous-year"))
    assert "**Criminal damage and arson**: Not compared: a figure is withheld" in told


def test_counts_of_a_ward_may_add_up_only_before_rounding(make_subject):
    apart = breakdown.taken_apart(make_subject(every_month("robbery", 1) + every_month("arson", 1)), YEAR)
    parts = apart.parts.assign(numerator=[12.5, 11.5])
    assert story._sum(replace(apart, parts=parts)) == [
        "The 2 lines add up to all 24 recorded crimes, before rounding: each crime is counted once."
    ]


def test_where_a_line_lies(make_subject):
    subject = make_subject(every_month("rape", 10) + every_month("robbery", 10))
    place = story.place(subject, "crime", "sexual-offences", "public")
    assert place == story.Place(("crime", "violent-crime"), "sexual-offences", ("rape",))


# The demonstration


def test_asb_by_type_as_the_assessment_of_2020_prints_it(demonstration):
    subject = Subject(Workspace(str(demonstration)).release("medway"))
    made = story.parts(subject, Question("asb", "2019-04", "2020-03"))
    printed = [round(share) for share in made.data["share"]]
    assert printed == [29, 22, 17, 16, 7, 5, 4]
    assert "The 7 lines add up to all 6,023 ASB incidents." in made.notes


@pytest.mark.parametrize("partnership", ["medway", "maidstone"])
def test_all_but_two_lines_of_appendix_1_are_in_the_demonstration(demonstration, partnership):
    subject = Subject(Workspace(str(demonstration)).release(partnership))
    tree = breakdown.every_line(subject, Question("crime", "2019-04", "2020-03"))
    listed = tree[tree["printed"] != ""]
    assert listed.loc[~listed["held"].str.startswith("Yes"), "category"].tolist() == [
        "most-serious-violence",
        "other-crimes",
    ]


# The page


def chosen_type(at):
    return next(box.value for box in at.selectbox if box.label == "Type")


def test_a_button_opens_a_line_and_another_goes_back_up(demonstration, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    at = AppTest.from_file(str(ROOT / "pages" / "breakdown.py"), default_timeout=60)
    at.query_params["partnership"] = "Medway"
    at.run().button(key="open_violent-crime").click().run()
    assert chosen_type(at) == "Violent crime"
    assert at.query_params["type"] == "Violent crime"
    at.button(key="open_sexual-offences").click().run()
    assert [button.key for button in at.button if button.key.startswith("up_")] == ["up_crime", "up_violent-crime"]
    at.button(key="up_crime").click().run()
    assert chosen_type(at) == "All types"
    assert not at.exception
