"""Wards beside each other, on six square wards in a row and counts small enough to check by eye."""

import math
from dataclasses import replace

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely import box

from csp_data.analysis import wards
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import children
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from csp_data.stories import ward_profile, wards_compared
from tests.two_squares import TOWN, town_manifest, town_tables

NAMES = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Holly"]
CODES = [f"E0500001{n}" for n in range(6)]
ASKED = Question("crime", "2019-04", "2020-03", vintage="2023")
MONTHS = [f"2019-{n:02d}" for n in range(4, 13)] + [f"2020-{n:02d}" for n in range(1, 4)]


def counts_of(dataset_rows):
    """Rows of (month, ward number or None for no ward, category, count) as a table of counts."""
    return pd.DataFrame(
        {
            "month": pd.to_datetime([f"{month}-01" for month, *_ in dataset_rows]),
            "small_area": ["E07000001" if n is None else f"E0100000{n}" for _, n, _, _ in dataset_rows],
            "category": [category for _, _, category, _ in dataset_rows],
            "source": "kent",
            "count": pd.array([count for *_, count in dataset_rows], dtype="int32"),
        }
    )


def made(folder, crime, asb=(), disclosure="open", months=MONTHS, people=(1000,) * 6, postcodes=None, partner=None):
    """A release with six square wards in a row, a small area each; the older ward set has one ward that is all six."""
    tables = town_tables()
    squares = [box(n, 51, n + 1, 52) for n in range(6)]
    areas = [f"E0100000{n}" for n in range(6)]
    tables["small_areas"] = pd.DataFrame(
        {
            "small_area": [*areas, "E07000001", "not_located"],
            "area_code": [*areas, "E07000001", ""],
            "area_type": ["lsoa2011"] * 6 + ["district", "not_located"],
            "area_name": ["x"] * 8,
            "district": ["E07000001"] * 7 + [""],
        }
    )
    tables["ward_lookup"] = pd.DataFrame(
        {
            "small_area": areas * 2,
            "vintage": ["2023"] * 6 + ["2003"] * 6,
            "ward_code": [*CODES, *["E05000099"] * 6],
            "share": 1.0,
            "method": "nested",
        }
    )
    tables["areas"] = geopandas.GeoDataFrame(
        {
            "area_code": [*CODES, "E05000099", "E07000001"],
            "name": [*NAMES, "Ash", "Town"],
            "area_type": ["ward"] * 7 + ["district"],
            "vintage": ["2023"] * 6 + ["2003", ""],
            "district": "E07000001",
        },
        geometry=[*squares, box(0, 51, 6, 52), box(0, 51, 6, 52)],
        crs=4326,
    )
    population = town_tables()["population"].iloc[[0] * 8].reset_index(drop=True)
    numbers = [*people, sum(people), sum(people)]
    tables["population"] = population.assign(
        area_code=[*CODES, "E05000099", "E07000001"],
        area_type=["ward"] * 7 + ["district"],
        vintage=["2023"] * 6 + ["2003", ""],
        **{name: pd.array(numbers, dtype="int32") for name in ("population", "low", "high")},
    )
    tables["crime"], tables["asb"] = counts_of(crime), counts_of(asb or [(months[0], 0, "asb", 1)])
    manifest = town_manifest()
    source = {"name": "Made for the test", "publisher": "Nobody", "licence": "synthetic"}
    for name in ("crime", "asb"):
        manifest["extracts"][name] = {"months": list(months), "sources": [source], "disclosure": disclosure}
    for name, table in (("postcodes", postcodes), ("partner_figures", partner)):
        if table is not None:
            tables[name], manifest["extracts"][name] = table, {"sources": [source]}
    write_release(folder, TOWN, tables, manifest)
    workspace = Workspace(str(folder))
    return Subject(workspace.release(TOWN.id, workspace.current(TOWN.id)))


def one_month(*counts, category="burglary", month="2019-04"):
    return [(month, n, category, count) for n, count in enumerate(counts) if count]


# Ranks


def test_wards_that_are_surely_apart_have_one_place_and_the_others_a_range(tmp_path):
    table = wards.ranked(made(tmp_path, one_month(400, 100, 105, 20, 0, 90)), ASKED)
    assert table["area_name"].tolist() == ["Ash", "Cedar", "Birch", "Holly", "Elm", "Fir"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6]
    assert table["rank_from"].tolist() == [1, 2, 2, 2, 5, 6]
    assert table["rank_to"].tolist() == [1, 4, 4, 4, 5, 6]
    assert table["value"].tolist() == [400, 105, 100, 90, 20, 0]
    assert table["whole"].iloc[0] == pytest.approx(715 / 6)
    assert table["against_whole"].tolist() == ["higher", "similar", "similar", "lower", "lower", "lower"]


def test_a_ward_that_is_mostly_estimated_has_no_interval_of_any_kind(tmp_path, monkeypatch):
    subject = made(tmp_path, one_month(400, 100, 105, 20, 0, 90))
    as_counted = wards.by_ward
    monkeypatch.setattr(wards, "by_ward", lambda *asked: as_counted(*asked).assign(estimated=[0.6, 0, 0, 0, 0, 0.5]))
    table = wards.ranked(subject, ASKED).set_index("area_name")
    assert table["rank"]["Ash"] == 1
    assert math.isnan(table["rank_from"]["Ash"])
    assert table["rank_from"]["Holly"] == 1  # no ward is surely above it
    shares = wards.wards_of_kind(subject, replace(ASKED, category="burglary")).set_index("area_name")
    assert math.isnan(shares["lower"]["Ash"])
    assert shares["verdict"]["Ash"] == ""
    told = wards_compared.kind_by_ward(subject, replace(ASKED, category="burglary"))
    assert told.table.set_index("Ward")["95% interval"]["Ash"] == "[z]"
    assert any("[z]" in note for note in told.notes)


def test_the_place_of_a_ward_is_its_row_among_the_ranked(tmp_path):
    subject = made(tmp_path, one_month(400, 100, 105, 20, 0, 90))
    place = wards.place_of(subject, replace(ASKED, area=CODES[2]))
    assert (place["rank"], place["rank_from"], place["rank_to"], place["responded"]) == (2, 2, 4, 6)
    assert (place["against_whole"], place["rank_reason"]) == ("similar", "")


def test_wards_that_tie_share_a_place(tmp_path):
    table = wards.ranked(made(tmp_path, one_month(10, 10, 5, 0, 0, 0)), ASKED)
    assert table["rank"].tolist() == [1, 1, 3, 4, 4, 4]


def test_one_withheld_ward_withholds_every_rank(tmp_path):
    table = wards.ranked(made(tmp_path, one_month(400, 3, 100, 20, 50, 90), disclosure="rounded"), ASKED)
    assert set(table["rank_status"]) == {"withheld"}
    assert table[["rank", "rank_from", "rank_to", "rank_count"]].isna().all(axis=None)
    assert set(table["rank_reason"]) == {wards.WITHHELD}
    analyst = wards.ranked(
        made(tmp_path / "b", one_month(400, 3, 100, 20, 50, 90), disclosure="rounded"), replace(ASKED, role="analyst")
    )
    assert analyst["rank"].tolist() == [1, 2, 3, 4, 5, 6]


def test_a_missing_month_leaves_every_rank_missing(tmp_path):
    table = wards.ranked(made(tmp_path, one_month(4, 3, 1, 2, 5, 9), months=MONTHS[:-1]), ASKED)
    assert set(table["rank_status"]) == {"missing"}
    assert table["rank"].isna().all()
    assert "11 of the 12 months" in table["rank_reason"].iloc[0]


def test_records_that_no_ward_takes_are_no_row(tmp_path):
    subject = made(tmp_path, [*one_month(4, 3, 1, 2, 5, 9), ("2019-04", None, "burglary", 50)])
    assert len(wards.by_ward(subject, ASKED)) == 6
    assert wards.gathering(subject, ASKED, 1).top.total == 24


def test_a_subject_made_ready_leaves_nothing_to_be_read_for_the_first_visitor(tmp_path, monkeypatch):
    subject = made(tmp_path, one_month(40, 30, 20, 20, 50, 90))
    subject.prepare()
    monkeypatch.setattr(subject.release, "read", lambda *_, **__: pytest.fail("read again"))
    for vintage in ("2003", "2023"):
        asked = replace(ASKED, vintage=vintage, compare="previous-year")
        wards.ranked(subject, asked)
        wards.ranked(subject, replace(asked, measure="asb"))
        wards.hot_spots(subject, asked)
        subject.outlines(vintage)
    subject.succession("2003", "2023")


def test_of_a_rounded_extract_the_public_is_told_of_no_kind_that_there_are_records(tmp_path):
    rows = one_month(40, 30, 20, 20, 50, 90)
    one, other = (
        made(tmp_path / name, crime, disclosure="rounded")
        for name, crime in (("one", rows), ("other", [*rows, ("2019-04", 0, "vehicle-crime", 1)]))
    )
    told = [set(wards.hot_spots(subject, ASKED)["category"]) for subject in (one, other)]
    assert told[0] == told[1] == {"crime", *children("crime")}
    assert ward_profile.has_kinds(one, "crime", "public") and ward_profile.has_kinds(other, "crime", "public")
    analyst = replace(ASKED, role="analyst")
    assert set(wards.hot_spots(one, analyst)["category"]) == {"crime", "burglary"}
    assert set(wards.hot_spots(other, analyst)["category"]) == {"crime", "burglary", "vehicle-crime"}
    assert not ward_profile.has_kinds(one, "crime", "analyst")


def test_the_wards_high_on_both_are_named_away_from_other_marks(tmp_path):
    # Ash and Birch have most of both; Cedar lies just left of Birch, on the side its name took before.
    subject = made(tmp_path, one_month(400, 200, 180, 10, 5, 1), one_month(40, 30, 29, 1, 1, 1, category="asb"))
    chart = wards_compared.both_measures(subject, ASKED, 2)
    assert chart.title == "Two wards are in the top 2 for recorded crimes and for ASB incidents"
    sides = {note["text"]: note["xanchor"] for note in chart.figure.to_dict()["layout"]["annotations"]}
    assert (sides["Ash"], sides["Birch"]) == ("right", "left")


# Gathering


def test_the_top_wards_hold_their_share_and_ties_are_named(tmp_path):
    found = wards.gathering(made(tmp_path, one_month(40, 20, 20, 10, 10, 0)), ASKED, 2)
    assert found.value_status == "available"
    assert (found.top.areas, found.top.tied) == ((CODES[0], CODES[1], CODES[2]), (CODES[1], CODES[2]))
    assert (found.top.share, found.top.share_with_ties) == (0.6, 0.8)
    assert not found.few
    assert found.gini == pytest.approx(found.adjusted)
    assert found.curve["area_name"].iloc[-1] == "Ash"


def test_fewer_crimes_than_wards_take_the_adjusted_index(tmp_path):
    found = wards.gathering(made(tmp_path, one_month(1, 1, 1, 0, 0, 0)), ASKED, 2)
    assert found.few
    assert found.adjusted == pytest.approx(0)
    assert found.gini == pytest.approx(0.5)
    chart = wards_compared.curve(made(tmp_path / "b", one_month(1, 1, 1, 0, 0, 0)), ASKED)
    assert "Gini index 0.00" in chart.alt


def test_one_withheld_ward_withholds_the_share_and_its_number_is_nowhere(tmp_path):
    subject = made(tmp_path, one_month(40, 3, 20, 10, 10, 0), disclosure="rounded")
    found = wards.gathering(subject, ASKED, 2)
    assert (found.value_status, found.reason) == ("withheld", wards.WITHHELD)
    assert found.top.areas == ()
    assert math.isnan(found.gini)
    for chart in (wards_compared.top(subject, ASKED, 2), wards_compared.curve(subject, ASKED)):
        assert chart.data["count"].isna().all()
        assert set(chart.table[chart.columns[1].heading]) == {"[c]"}
        assert wards.WITHHELD in chart.notes
        assert chart.title == "No figures for recorded crimes by ward"


def test_more_places_than_wards_take_them_all(tmp_path):
    assert wards.gathering(made(tmp_path, one_month(4, 3, 1, 2, 5, 9)), ASKED, 10).top.share == 1


# Mixes


def mixed(folder, **options):
    rows = [*one_month(30, 10, 10, 10, 10, 10), *one_month(10, 30, 30, 30, 30, 0, category="robbery")]
    return made(folder, rows, **options)


def test_a_quotient_is_the_share_here_over_the_share_in_the_partnership(tmp_path):
    table = wards.mix_of_ward(mixed(tmp_path), replace(ASKED, area=CODES[0]))
    burglary = table.set_index("category").loc["burglary"]
    assert burglary["lq"] == pytest.approx((30 / 40) / (80 / 210))
    assert burglary["expected"] == pytest.approx(40 * 80 / 210)
    assert burglary["verdict"] == "higher"
    by_ward = wards.wards_of_kind(mixed(tmp_path / "b"), replace(ASKED, category="burglary")).set_index("area")
    assert by_ward.loc[CODES[0], "lq"] == pytest.approx(burglary["lq"])
    assert by_ward["few_expected"].tolist() == [True, False, False, False, False, False]
    assert by_ward.index[0] == CODES[5]


def test_a_ward_without_crime_has_no_quotient_and_says_why(tmp_path):
    rows = [*one_month(30, 10, 10, 10, 10, 0), *one_month(10, 30, 30, 30, 30, 0, category="robbery")]
    table = wards.wards_of_kind(made(tmp_path, rows), replace(ASKED, category="burglary"))
    last = table.iloc[-1]
    assert (last["area"], last["value_status"]) == (CODES[5], "not applicable")
    assert last["reason"] == "The area has no crime of any kind."
    assert math.isnan(last["lq"])


def test_a_withheld_count_withholds_its_quotient(tmp_path):
    rows = [*one_month(300, 3, 100, 90, 80, 100), *one_month(100, 300, 300, 300, 300, 100, category="robbery")]
    table = wards.wards_of_kind(
        made(tmp_path, rows, disclosure="rounded"), replace(ASKED, category="burglary")
    ).set_index("area")
    assert table.loc[CODES[1], "value_status"] == "withheld"
    assert table.loc[CODES[1], "reason"] == wards.WITHHELD
    hidden = table[table["value_status"] == "withheld"]
    assert hidden[["lq", "lower", "upper", "expected"]].isna().all(axis=None)


# Staying on top


def quarters(*rows):
    starts = ["2019-04", "2019-07", "2019-10", "2020-01"]
    return [row for start, counts in zip(starts, rows, strict=False) for row in one_month(*counts, month=start)]


def test_a_ward_on_top_in_three_of_four_quarters_stays(tmp_path):
    rows = quarters((9, 1, 1, 1, 1, 1), (9, 1, 1, 1, 1, 1), (1, 9, 1, 1, 1, 1), (9, 1, 1, 1, 1, 9))
    found = wards.staying(made(tmp_path, rows), ASKED, quarters=4)
    assert found.top == 1
    table = found.wards.set_index("area")
    assert table.loc[CODES, "hits"].tolist() == [3, 1, 0, 0, 0, 1]
    assert table.loc[CODES, "persistent"].tolist() == [True, False, False, False, False, False]
    assert found.wards["area"].iloc[0] == CODES[0]
    assert found.ranks.loc[CODES[5]].tolist() == [2, 2, 2, 1]


def test_too_few_quarters_do_not_decide(tmp_path):
    rows = quarters((9, 1, 1, 1, 1, 1), (9, 1, 1, 1, 1, 1))
    subject = made(tmp_path, rows, months=MONTHS[:6])
    found = wards.staying(subject, replace(ASKED, end="2019-09"), quarters=4)
    assert found.known == 2
    assert found.wards.set_index("area")["persistent"].isna()[CODES[0]]
    chart = wards_compared.staying(subject, replace(ASKED, end="2019-09"))
    assert chart.title == "Too few quarters to say which wards stay on top for recorded crimes"


def test_a_part_of_a_quarter_is_not_one(tmp_path):
    found = wards.staying(made(tmp_path, quarters((1,) * 6)), replace(ASKED, end="2020-02"), quarters=2)
    assert list(found.ranks.columns) == ["2019-07", "2019-10"]


def test_a_withheld_quarter_is_withheld_whole(tmp_path):
    rows = quarters(
        (40, 30, 20, 20, 20, 20), (40, 3, 20, 20, 20, 20), (40, 30, 20, 20, 20, 20), (40, 30, 20, 20, 20, 20)
    )
    found = wards.staying(made(tmp_path, rows, disclosure="rounded"), ASKED, quarters=4)
    assert found.statuses["2019-07"] == "withheld"
    assert found.ranks["2019-07"].isna().all()
    assert found.counts["2019-07"].isna().all()


# Hot spots


def test_neighbours_are_worked_out_once_and_touch(tmp_path):
    subject = made(tmp_path, one_month(1, 1, 1, 1, 1, 1))
    assert subject.neighbours("2023")[CODES[1]] == (CODES[0], CODES[2])
    assert subject.neighbours("2023") is subject.neighbours("2023")


def test_every_kind_is_tested_together_and_six_wards_are_an_exploration(tmp_path):
    table = wards.hot_spots(mixed(tmp_path), ASKED)
    assert set(table["category"]) == {"crime", "burglary", "violent-crime"}
    assert table["exploratory"].all()
    assert table["area_name"].tolist()[:6] == NAMES
    chart = wards_compared.hot_spots(mixed(tmp_path / "b"), ASKED)
    assert chart.notes[0].startswith("An exploration, not a finding")


def test_a_withheld_kind_is_not_tested_and_its_rates_are_not_there(tmp_path):
    rows = [*one_month(30, 3, 10, 10, 10, 10), *one_month(10, 30, 30, 30, 30, 10, category="robbery")]
    table = wards.hot_spots(made(tmp_path, rows, disclosure="rounded"), ASKED)
    burglary = table[table["category"] == "burglary"]
    assert set(burglary["value_status"]) == {"withheld"}
    assert burglary["value"].isna().all()
    assert set(burglary["reason"]) == {wards.WITHHELD}


def test_what_is_the_same_for_every_ward_is_drawn_once(tmp_path):
    subject = mixed(tmp_path)
    one, other = (replace(ASKED, area=code, compare="previous-year") for code in CODES[:2])
    for story in (wards_compared.curve, wards_compared.staying, wards_compared.hot_spots):
        assert story(subject, one) is story(subject, other)
    picked = replace(one, category="burglary"), replace(other, category="burglary")
    assert wards_compared.kind_by_ward(subject, picked[0]) is wards_compared.kind_by_ward(subject, picked[1])
    assert wards_compared.hot_spots(subject, picked[0]) is not wards_compared.hot_spots(subject, one)


# Two measures


def test_wards_on_top_of_both_measures_and_their_shares(tmp_path):
    asb = [("2019-04", n, "asb", count) for n, count in enumerate((10, 50, 20, 5, 5, 10))]
    found = wards.together(made(tmp_path, one_month(40, 30, 10, 10, 5, 5), asb), ASKED, 2)
    assert found.wards.loc[found.wards["both"], "area_name"].tolist() == ["Birch"]
    assert found.shares == {"crime": 0.3, "asb": 0.5}
    assert found.reoffending == ""


def test_a_kind_of_crime_does_not_carry_over_to_asb(tmp_path):
    asb = [("2019-04", 0, "asb", 10)]
    found = wards.together(made(tmp_path, one_month(40, 30, 10, 10, 5, 5), asb), replace(ASKED, category="robbery"), 2)
    assert found.wards["crime_count"].sum() == 100


def test_reoffending_by_ward_is_beside_them_and_few_people_are_withheld(tmp_path):
    partner = pd.DataFrame(
        {
            "figure": "managed", "label": "People managed", "theme": "iom", "agency": "Police",
            "area_code": [CODES[0], CODES[1]], "area_name": NAMES[:2],
            "period_start": pd.Timestamp("2019-04-01"), "period_end": pd.Timestamp("2020-03-31"),
            "value": [20.0, 3.0], "unit": "people", "numerator": np.nan, "base": np.nan, "before": np.nan,
            "before_period": "", "plan": "", "priority": "", "sensitive": "yes", "note": "", "source": "made",
        }
    )  # fmt: skip
    asb = [("2019-04", 0, "asb", 10)]
    subject = made(tmp_path, one_month(40, 30, 10, 10, 5, 5), asb, partner=partner)
    found = wards.together(subject, ASKED, 2)
    table = found.wards.set_index("area")
    assert found.reoffending == "People managed (people), April 2019 to March 2020"
    assert table.loc[CODES[0], "reoffending"] == 20
    assert table.loc[CODES[1:3], "reoffending_status"].tolist() == ["withheld", "missing"]
    assert math.isnan(table.loc[CODES[1], "reoffending"])
    cells = wards_compared.both_measures(subject, ASKED, 2).table.set_index("Ward")[found.reoffending]
    assert cells[["Ash", "Birch", "Cedar"]].tolist() == ["20", "[c]", "[x]"]


# Who is in a ward, and finding it


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ME4 4TR", "ME4 4TR"), ("me44tr", "ME4 4TR"), (" me 4-4 tr. ", "ME4 4TR"), ("W1A 0AX", "W1A 0AX"),
        ("ME4", ""), ("", ""), ("4TR ME4", ""), ("ME4 4TR ME4 4TR", ""),
    ],
)  # fmt: skip
def test_a_postcode_is_read_however_it_is_typed(typed, meant):
    assert wards.postcode(typed) == meant


def test_a_postcode_gives_the_ward_of_the_set_that_is_shown(tmp_path):
    postcodes = pd.DataFrame(
        {"postcode": ["TN1 1AA"] * 2, "vintage": ["2023", "2003"], "ward_code": [CODES[2], "E05000099"]}
    )
    subject = made(tmp_path, one_month(1, 1, 1, 1, 1, 1), postcodes=postcodes)
    assert wards.ward_of_postcode(subject, "tn11aa", "2023") == CODES[2]
    assert wards.ward_of_postcode(subject, "tn11aa", "2003") == "E05000099"
    assert wards.ward_of_postcode(subject, "TN1 1AB", "2023") is None
    assert wards.ward_of_postcode(subject, "nonsense", "2023") is None


def test_a_name_that_two_sets_share_is_warned_of(tmp_path):
    subject = made(tmp_path, one_month(1, 1, 1, 1, 1, 1))
    assert wards.named_elsewhere(subject, CODES[0], "2023") == {"2003": "E05000099"}
    assert wards.named_elsewhere(subject, CODES[1], "2023") == {}
    assert "do not compare the two by name" in ward_profile.same_name(subject, CODES[0], "2023")
    assert ward_profile.same_name(subject, CODES[1], "2023") == ""


def test_only_the_denominators_that_every_ward_has_are_offered(tmp_path):
    assert wards.denominators(made(tmp_path, one_month(1, 1, 1, 1, 1, 1)), "2023") == ("residents",)


# The profile


def test_the_profile_of_a_withheld_ward_tells_no_number(tmp_path):
    subject = made(tmp_path, one_month(400, 3, 100, 20, 50, 90), disclosure="rounded")
    asked = replace(ASKED, area=CODES[1])
    found = ward_profile.profile(subject, asked)
    assert found.number == "[c]"
    words = " ".join(found.sentences)
    assert "Withheld so that nobody can be identified" in words
    assert "highest" not in words
    strip = ward_profile.strip(subject, asked)
    assert strip.figure.to_dict()["data"][2]["x"] == []


def test_the_profile_of_a_ward_in_plain_words(tmp_path):
    found = ward_profile.profile(made(tmp_path, one_month(400, 100, 105, 20, 0, 90)), replace(ASKED, area=CODES[0]))
    assert (found.heading, found.number, found.period) == ("Recorded crimes", "400", "April 2019 to March 2020")
    assert found.sentences[:3] == (
        "**400.0 for every 1,000 residents** (1,000 residents, 2019).",
        "Higher than Town as a whole (119.2), by more than chance would explain.",
        "**Highest** of 6 wards: chance alone would not change that.",
    )
    assert found.sentences[-1] == "All 12 months are in the data."
    for term in ("Wilson", "XmR", "p-value", "interval", "signific", "UCL"):
        assert term not in " ".join(found.sentences)
