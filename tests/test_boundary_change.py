"""The page on the change of boundaries: maps with both outlines, series with their bounds, and what is said of them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import pandas as pd
import pytest
from shapely import box
from streamlit.testing.v1 import AppTest

from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.partnerships import Vintage
from csp_data.exports import pictures, tables
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from csp_data.figures import boundary_change as figures
from csp_data.figures.chart import NoChart
from csp_data.stories import boundary_change as story
from tests.two_squares import TOWN, town_manifest, town_tables

ROOT = Path(__file__).parents[1]
ASH, BIRCH, CEDAR, DOGWOOD = "E05000001", "E05000002", "E05000003", "E05000004"
WEST, EAST = "E01000001", "E01000002"
OLD, NEW = "2003", "2023"
HELD = [f"{year}-{month:02d}" for year in (2019, 2025) for month in (1, 2, 3)]
SETS = (
    Vintage(OLD, "2 wards to May 2023", None, date(2023, 5, 3)),
    Vintage(NEW, "2 wards from May 2023", date(2023, 5, 4), None),
)


def town(folder, names=("Ash", "Birch", "Cedar", "Dogwood"), east_in_cedar=0.25, disclosure="open") -> Subject:
    """Town with a second new ward: the old Ash is Cedar; Birch is shared by Cedar and Dogwood. Each month has 40 crimes in
    the west and 20 in the east."""
    made = town_tables()
    made["crime"] = pd.DataFrame(
        [
            {
                "month": pd.Timestamp(f"{month}-01"),
                "small_area": area,
                "category": "burglary",
                "source": "kent",
                "count": n,
            }
            for month in HELD
            for area, n in ((WEST, 40), (EAST, 20))
        ]
    ).astype({"count": "int32"})
    made.pop("asb")
    shares = [(EAST, NEW, CEDAR, east_in_cedar), (EAST, NEW, DOGWOOD, 1 - east_in_cedar)]
    kept = made["ward_lookup"]
    kept = kept[~((kept["small_area"] == EAST) & (kept["vintage"] == NEW))]
    split = [(*row, "population_share" if row[3] < 1 else "nested") for row in shares if row[3] > 0]
    made["ward_lookup"] = pd.concat([kept, pd.DataFrame(split, columns=kept.columns)], ignore_index=True)
    areas = made["areas"]
    wards = geopandas.GeoDataFrame(
        {
            "area_code": [ASH, BIRCH, CEDAR, DOGWOOD], "name": list(names), "area_type": "ward",
            "vintage": [OLD, OLD, NEW, NEW], "district": "E07000001",
        },
        geometry=[box(0, 51, 0.5, 51.5), box(0.5, 51, 1, 51.5), box(0, 51, 0.6, 51.5), box(0.6, 51, 1, 51.5)],
        crs=4326,
    )  # fmt: skip
    made["areas"] = pd.concat([wards, areas[areas["area_type"] == "district"]], ignore_index=True)
    people = (
        made["population"]
        .iloc[:2]
        .assign(
            area_code=[WEST, EAST],
            area_type="lsoa2011",
            vintage="",
            population=[600, 400],
            low=[600, 400],
            high=[600, 400],
        )
    )
    made["population"] = pd.concat([made["population"], people.astype(made["population"].dtypes)], ignore_index=True)
    manifest = town_manifest()
    manifest["extracts"].pop("asb")
    manifest["extracts"]["crime"] |= {"months": HELD, "disclosure": disclosure}
    write_release(str(folder), replace(TOWN, vintages=SETS), made, manifest)
    return Subject(Workspace(str(folder)).release("town"))


@pytest.fixture
def subject(tmp_path):
    return town(tmp_path)


QUESTION = Question("crime", "2025-01", "2025-03")
CEDAR_BEFORE = (CEDAR, NEW, OLD)
BIRCH_AFTER = (BIRCH, OLD, NEW)


# In words


def test_an_old_ward_is_told_where_it_went(subject):
    first, sure = story.summary(subject, *BIRCH_AFTER)
    assert first == (
        "**Birch** (E05000002) was a ward until 3 May 2023. It no longer exists. By residents, its area is now in Dogwood "
        "(75%) and Cedar (25%)."
    )
    assert sure == (
        "The shares are estimates, because some small areas lie in more than one ward: Dogwood holds at least 0% and at "
        "most 100%."
    )


def test_a_new_ward_is_told_what_it_was_made_of(subject):
    first = story.summary(subject, *CEDAR_BEFORE)[0]
    assert first == (
        "**Cedar** (E05000003) has been a ward since 4 May 2023. By residents, it is made of what was Ash (86%) and Birch (14%)."
    )


def test_the_same_name_is_not_taken_for_the_same_place(tmp_path):
    subject = town(tmp_path, names=("Ash", "Birch", "Cedar", "Birch"))
    warning = story.same_name(subject, *BIRCH_AFTER)
    assert warning.startswith("**Same name, not the same place**: ‘2 wards from May 2023’ also has a ward named Birch")
    assert "75% of this ward is in it" in warning
    assert any("**Same name, not the same place**: Birch." in text for text in story.overview(subject, OLD, NEW))
    assert story.two_outlines(subject, *BIRCH_AFTER).title == "Birch: 75% to the new Birch, 25% to Cedar"


def test_a_ward_that_did_not_change_is_said_to_be_the_same_place(tmp_path):
    subject = town(tmp_path, names=("Ash", "Birch", "Cedar", "Birch"), east_in_cedar=0.0)
    texts = story.summary(subject, *BIRCH_AFTER)
    assert any("It is the same place as Birch (E05000004)" in text for text in texts)
    assert story.same_name(subject, *BIRCH_AFTER) == ""
    assert "The same place before and after: Ash and Birch." in story.overview(subject, NEW, OLD)


def test_another_name_warns_of_nothing(subject):
    assert story.same_name(subject, *BIRCH_AFTER) == ""


def test_only_a_ward_of_the_past_leads_to_successors(subject):
    assert story.leads_to(subject, BIRCH, OLD) == (
        "This ward no longer exists: its area is now in Dogwood (75%) and Cedar (25%) of ‘2 wards from May 2023’."
    )
    assert story.leads_to(subject, CEDAR, NEW) == ""


def test_the_sets_beside_a_set(subject):
    assert story.neighbouring(subject, OLD) == (NEW,)
    assert story.neighbouring(subject, NEW) == (OLD,)


def test_one_set_has_none_beside_it(tmp_path):
    made = town_tables()
    made["areas"] = made["areas"][made["areas"]["vintage"] != NEW]
    made["ward_lookup"] = made["ward_lookup"][made["ward_lookup"]["vintage"] == OLD]
    made["population"] = made["population"][made["population"]["vintage"] != NEW]
    write_release(str(tmp_path), replace(TOWN, vintages=SETS[:1]), made, town_manifest())
    assert story.neighbouring(Subject(Workspace(str(tmp_path)).release("town")), OLD) == ()


# Then and now


def test_the_same_months_before_and_after_with_their_bounds(subject):
    alike, sentence, bounds = story.then_and_now(subject, QUESTION, *CEDAR_BEFORE)
    assert alike.startswith("**May be compared**: figures of Cedar at any two times")
    # 3 × (40 + 20 / 4) = 135; none and all of the 60 of the east.
    assert sentence == (
        "In January to March 2025, 135 recorded crimes (between 120 and 180, as 11% is estimated); in the same months before "
        "the change, January to March 2019, 135 recorded crimes (between 120 and 180, as 11% is estimated)."
    )
    assert bounds.startswith("The ranges overlap")


def test_nothing_is_said_of_bounds_where_nothing_is_estimated(subject):
    _, sentence, bounds = story.then_and_now(subject, QUESTION, *BIRCH_AFTER)
    assert "60 recorded crimes; in the same months" in sentence
    assert bounds == ""


@pytest.mark.parametrize(
    ("held", "change", "found"),
    [
        (HELD, date(2023, 5, 4), (("2019-01", "2019-03"), ("2025-01", "2025-03"))),
        (["2019-01", "2025-01", "2025-02"], date(2023, 5, 4), (("2019-01", "2019-01"), ("2025-01", "2025-01"))),
        (["2023-05", "2022-05"], date(2023, 5, 4), None),  # the month of the change is of neither
        (["2025-01"], date(2023, 5, 4), None),
        (HELD, None, None),
    ],
)
def test_the_months_set_against_each_other(held, change, found):
    pair = story._same_months(sorted(held), change)
    assert (tuple((span.start, span.end) for span in pair) if pair else None) == found


# The map


def test_the_map_dashes_the_old_and_fills_the_new(subject):
    for area, vintage, other, filled in ((*BIRCH_AFTER, 2), (*CEDAR_BEFORE, 1)):
        chart = story.two_outlines(subject, area, vintage, other)
        traces = chart.figure.to_dict()["data"]
        assert sum(trace.get("fill") == "toself" for trace in traces) == filled
        dashed = [t for t in traces if t.get("line", {}).get("dash") == "dash" and len(t["x"]) > 1]
        assert len(dashed) == (1 if vintage == OLD else 2)
        assert chart.figure.plotly


def test_the_table_of_the_map_says_what_came_from_where(subject):
    chart = story.two_outlines(subject, *BIRCH_AFTER)
    assert chart.table.to_dict("list") == {
        "New ward": ["Dogwood", "Cedar"],
        "Code": [DOGWOOD, CEDAR],
        "Share of its residents": ["75%", "25%"],
        "Lowest and highest": ["0% to 100%", "0% to 100%"],
        "Residents": ["300", "100"],
        "Share of its ground": ["80%", "20%"],
        "Share of the new ward": ["100%", "14%"],
        "Worked out by": ["where people live within small areas"] * 2,
    }
    assert chart.title == "Birch: 75% to Dogwood, 25% to Cedar"
    assert "2019, made for the test" in chart.source


def test_a_map_is_downloaded_as_table_and_picture(subject):
    chart = story.two_outlines(subject, *BIRCH_AFTER)
    assert b"Dogwood" in tables.csv(chart)
    assert pictures.picture(chart, "png")[:4] == b"\x89PNG"
    assert b"Dogwood" in pictures.picture(chart, "svg")


def test_all_wards_of_both_sets_are_on_one_map(subject):
    chart = story.all_outlines(subject, NEW, OLD)
    traces = chart.figure.to_dict()["data"]
    assert [trace["text"] for trace in traces if trace.get("fill") == "toself"] == ["Cedar", "Dogwood"]
    assert chart.table["Ward"].tolist() == ["Ash", "Birch", "Cedar", "Dogwood"]
    assert chart.figure.plotly
    assert pictures.picture(chart, "svg")


def test_all_old_wards_by_how_much_stays_together(subject):
    chart = story.kept_together(subject, NEW, OLD)
    assert chart.table["Old ward"].tolist() == ["Ash", "Birch"]
    assert chart.table["Share that it holds"].tolist() == ["100%", "75%"]
    assert chart.table["New wards it went to"].tolist() == ["1", "2"]
    assert chart.title == "Every ward of Town has new boundaries"


def test_thirty_old_wards_go_on_one_printed_page():
    wards = [f"Ward {n:02d} and its neighbours" for n in range(30)]
    rows = pd.DataFrame({"area": wards, "area_name": wards, "share": 0.5, "successor": wards, "wards": 2, "same": "no"})
    chart = figures.kept_together(rows, "Town", "30 wards", "28 wards", "Source: made.", "")
    notes = chart.figure.to_dict()["layout"]["annotations"]
    # Too long for a line of a telephone: under one another, each above its bar and clear of the bar before
    assert notes[0]["text"] == "<b>Ward 00 and its neighbours</b><br>to Ward 00 and its neighbours"
    bars = chart.figure.to_dict()["data"][0]["y"]
    assert all(note["y"] + 32 < bar - 5 for note, bar in zip(notes, bars, strict=True))
    assert all(note["y"] > bar + 5 for note, bar in zip(notes[1:], bars, strict=False))
    short = rows.assign(area_name=[f"Ward {n:02d}" for n in range(30)], successor="Town")
    chart = figures.kept_together(short, "Town", "30 wards", "28 wards", "Source: made.", "")
    assert chart.figure.to_dict()["layout"]["annotations"][0]["text"] == "<b>Ward 00</b> to Town"
    assert chart.height <= 1_160


# The series


def trace_values(chart, dash: str) -> list:
    return [t["y"] for t in chart.figure.to_dict()["data"] if t.get("line", {}).get("dash") == dash and len(t["x"]) > 1]


def test_a_new_ward_has_all_months_on_its_own_boundaries_with_the_band(subject):
    chart = story.across_change(subject, QUESTION, *CEDAR_BEFORE)
    assert chart.data["value"].tolist() == [45.0] * 6
    assert chart.data["bound_low"].tolist() == [40.0] * 6
    assert chart.data["bound_high"].tolist() == [60.0] * 6
    bands = [t for t in chart.figure.to_dict()["data"] if t.get("fill") == "toself"]
    assert [band["y"] for band in bands] == [[60.0] * 3 + [40.0] * 3 + [60.0]] * 2
    assert trace_values(chart, "dot") == [[45.0] * 3]
    assert trace_values(chart, "solid") == [[45.0] * 3]
    assert "There are no data between March 2019 and January 2025: the line of time breaks." in chart.notes
    assert any("At most 11% of a count was estimated (Cedar, January 2019)" in note for note in chart.notes)
    assert chart.figure.plotly


def test_an_old_ward_is_dotted_after_the_change_and_has_no_band(subject):
    chart = story.across_change(subject, QUESTION, *BIRCH_AFTER)
    data = chart.figure.to_dict()["data"]
    assert not [t for t in data if t.get("fill") == "toself"]
    assert [t["x"][0] for t in data if t.get("line", {}).get("dash") == "dot" and len(t["x"]) > 1] == ["2025-01-01"]
    assert chart.notes[0] == "Nothing was estimated: every record lies in one ward of either set."


def test_the_day_of_the_change_stands_in_the_gap_between_stretches(subject):
    (shape,) = story.across_change(subject, QUESTION, *CEDAR_BEFORE).figure.to_dict()["layout"]["shapes"]
    assert shape["xref"] == "paper"
    assert 0.4 < shape["x0"] < 0.6


def test_the_successors_have_a_panel_each(subject):
    chart = story.others_across_change(subject, QUESTION, *BIRCH_AFTER)
    words = [note["text"] for note in chart.figure.to_dict()["layout"]["annotations"]]
    assert words == ["Dogwood (75%)", "Cedar (25%)"]
    assert chart.table["Ward"].unique().tolist() == ["Dogwood", "Cedar"]
    assert pictures.picture(chart, "svg")


def test_totals_of_either_set_are_equal(subject):
    sums = {
        vintage: sum(
            story.across_change(subject, QUESTION, ward, vintage, other).data["value"].sum()
            for ward in subject.wards[vintage]
        )
        for vintage, other in ((OLD, NEW), (NEW, OLD))
    }
    assert sums == {OLD: 360.0, NEW: pytest.approx(360.0)}


def test_protected_counts_of_old_wards_are_not_drawn(tmp_path):
    subject = town(tmp_path, disclosure="rounded")
    with pytest.raises(NoChart, match="Withheld so that nobody can be identified"):
        story.across_change(subject, QUESTION, *BIRCH_AFTER)
    assert "Withheld" in story.then_and_now(subject, QUESTION, *BIRCH_AFTER)[1]


# How wrong each method is


def test_best_fit_is_warned_of_where_it_is_far_off(subject):
    # Best fit puts all 400 of the east in Dogwood, where 300 of them live; Cedar loses 100 of 700.
    assert "33% more than the 300" in story.best_fit_warning(subject, DOGWOOD, NEW)
    assert "14% fewer than the 700" in story.best_fit_warning(subject, CEDAR, NEW)
    assert story.best_fit_warning(subject, ASH, OLD) == ""
    assert "of 2 of 2 wards of ‘2 wards from May 2023’ more than 5% wrong, and of 2 more than 10%" in (
        story.best_fit_sentence(subject, NEW)
    )
    assert story.best_fit_sentence(subject, OLD) == (
        "Best fit gives each small area whole to one ward. The population that it gives each of the 2 wards of "
        "‘2 wards to May 2023’ is within 5%."
    )


def test_without_coordinates_there_is_nothing_to_test_against(subject):
    found = story.how_wrong(subject, "crime", NEW, "public")
    assert found.columns == {}
    assert "nothing to test against" in found.sentence


# The page

LUTON = "Luton and Wayfield (E05002255)"
OLD_WARDS = "22 wards to 3 May 2023"


@pytest.fixture
def opened(monkeypatch, demonstration):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    monkeypatch.delenv("CSP_ROLE", raising=False)

    def start(page: str, **choices: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for key, value in choices.items():
            at.query_params[key] = value
        return at.run().switch_page(f"pages/{page}.py").run()

    return start


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.info, *at.warning, *at.caption))


def test_a_ward_found_on_the_page_is_the_one_chosen_at_the_side(opened):
    at = opened("boundary_change", partnership="Medway")
    assert "24 wards took the place of 22 in Medway" in words(at)
    at.selectbox(key="find_any_ward").set_value(f"{LUTON}, {OLD_WARDS}").run()
    assert (at.selectbox(key="wards").value, at.selectbox(key="ward").value) == (OLD_WARDS, LUTON)
    assert "It no longer exists. By residents, its area is now in Luton" in words(at)
    at.selectbox(key="find_any_ward").set_value(None).run()
    assert at.selectbox(key="ward").value == "Whole partnership"
    assert not at.exception


def test_the_ward_chosen_at_the_side_is_the_one_on_the_page(opened):
    at = opened("boundary_change", partnership="Medway", wards=OLD_WARDS, ward=LUTON)
    assert at.selectbox(key="find_any_ward").value == f"{LUTON}, {OLD_WARDS}"


@pytest.mark.parametrize("page", ["ward_profile", "ward_map"])
def test_profile_and_map_of_an_old_ward_lead_to_its_successors(opened, page):
    assert "This ward no longer exists: its area is now in Luton" in words(
        opened(page, partnership="Medway", wards=OLD_WARDS, ward=LUTON)
    )


def test_the_profile_of_a_ward_of_today_leads_nowhere_else(opened):
    assert "no longer exists" not in words(opened("ward_profile", partnership="Medway", ward="Luton (E05014459)"))


def test_with_one_ward_set_the_page_says_that_nothing_changed(opened, monkeypatch, tmp_path):
    made = town_tables()
    made["areas"] = made["areas"][made["areas"]["vintage"] != NEW]
    made["ward_lookup"] = made["ward_lookup"][made["ward_lookup"]["vintage"] == OLD]
    made["population"] = made["population"][made["population"]["vintage"] != NEW]
    write_release(str(tmp_path), replace(TOWN, vintages=SETS[:1]), made, town_manifest())
    monkeypatch.setenv("CSP_DATA", str(tmp_path))
    at = opened("boundary_change")
    assert "so nothing changed" in words(at)
    assert not at.exception
