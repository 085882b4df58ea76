"""An area among others: rows few enough to rank on paper, then the charts of them."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csp_data.analysis import benchmark, peers
from csp_data.analysis.periods import Span
from csp_data.catalogue.partnerships import Partnership
from csp_data.figures import peers as drawn
from csp_data.stories import compared as compared_page

YEAR, BEFORE = Span("2019-04", "2020-03"), Span("2018-04", "2019-03")


def rows(*areas, span=YEAR, group="Unitary authorities", measure="crime", category="crime"):
    """Rows of the dataset: (code, name, count, population)."""
    table = pd.DataFrame(areas, columns=["area_code", "area_name", "count", "population"])
    return table.assign(
        group=group,
        measure=measure,
        category=category,
        period_start=pd.Timestamp(f"{span.start}-01"),
        period_end=pd.Timestamp(f"{span.end}-01"),
        count=table["count"].astype(float),
        population=table["population"].astype(float),
        population_year=2019.0,
        source="Made by hand",
    )


MEDWAY = ("E06000035", "Medway", 4000, 100_000)
FIVE = rows(
    ("A1", "Ash", 9000, 300_000), MEDWAY, ("A2", "Birch", 3900, 100_000), ("A3", "Cedar", 1000, 100_000),
    ("A4", "Dale", np.nan, 100_000), ("E92000001", "England", 900_000, 30_000_000),
)  # fmt: skip


def compared(table=FIVE, span=YEAR):
    return peers.compared(table, "Unitary authorities", "crime", "crime", span)


def one(table, name):
    return table[table["area_name"] == name].iloc[0]


# Which line, group and period there is


def test_the_line_asked_for_is_the_one_shown_where_it_is_held():
    both = pd.concat([FIVE, rows(MEDWAY, category="burglary")])
    assert peers.nearest_line(both, "crime", "burglary") == ("crime", "burglary")
    assert peers.nearest_line(both, "crime", None) == ("crime", "crime")


def test_a_line_that_is_not_held_gives_way_to_the_line_above_it():
    both = pd.concat([FIVE, rows(MEDWAY, category="burglary")])
    assert peers.nearest_line(both, "crime", "burglary-residential") == ("crime", "burglary")
    assert peers.nearest_line(both, "crime", "shoplifting") == ("crime", "crime")


def test_a_measure_that_is_not_held_gives_way_to_another():
    assert peers.nearest_line(FIVE, "asb", None) == ("crime", "crime")
    assert peers.nearest_line(FIVE.iloc[:0], "asb", None) is None


def test_a_root_that_is_not_held_gives_way_to_a_line_of_its_own_measure():
    table = pd.concat([FIVE, rows(MEDWAY, measure="asb", category="asb-nuisance")])
    assert peers.nearest_line(table, "asb", None) == ("asb", "asb-nuisance")


def test_groups_have_their_periods_the_latest_first():
    table = pd.concat([rows(MEDWAY, span=BEFORE), FIVE, rows(MEDWAY, group="Similar areas")])
    assert peers.periods_held(table, "crime", "crime") == {
        "Unitary authorities": (YEAR, BEFORE),
        "Similar areas": (YEAR,),
    }
    assert peers.periods_held(table, "asb", "asb") == {}


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["E06000035", "A1"], "E06000035"),
        (["E22000143", "E06000035"], "E22000143"),
        (["A1"], None),
    ],
)
def test_the_partnership_is_found_by_either_of_its_codes(codes, found):
    medway = Partnership("medway", "Medway CSP", "Medway", ("E06000035",), "kent", "E22000143")
    assert peers.own_code(pd.Series(codes), medway) == found


def test_one_of_several_districts_is_not_the_partnership():
    two = Partnership("dg", "Dartford and Gravesham", "D & G", ("E07000107", "E07000109"), "kent", "E22000139")
    assert peers.own_code(pd.Series(["E07000107", "E07000109"]), two) is None


# Ranks, verdicts and limits


def test_areas_are_ranked_on_number_and_on_rate_without_the_country():
    areas, wholes = compared()
    assert areas["area_name"].tolist() == ["Medway", "Birch", "Ash", "Cedar", "Dale"]
    assert areas["rate"].tolist()[:4] == [40, 39, 30, 10]
    assert areas["rank_count"].tolist()[:4] == [2, 3, 1, 4]
    assert areas["rank_rate"].tolist()[:4] == [1, 2, 3, 4]
    assert wholes["area_name"].tolist() == ["England"]
    assert wholes["rate"].tolist() == [30]
    medway = one(areas, "Medway")
    assert (medway["rank_from"], medway["rank_to"]) == (1, 2)
    assert (medway["responded"], medway["asked"]) == (4, 5)


def test_an_area_is_held_against_the_others_without_itself():
    areas, _ = compared()
    medway = one(areas, "Medway")
    assert medway["benchmark"] == pytest.approx(1000 * 13_900 / 500_000)
    assert medway["verdict"] == "higher"
    assert one(areas, "Cedar")["verdict"] == "lower"
    assert medway["average"] == pytest.approx(1000 * 17_900 / 600_000)
    assert medway["position"] == "high, 99.8%"


def test_an_area_that_did_not_respond_has_no_rank_and_says_why():
    dale = one(compared()[0], "Dale")
    assert dale["value_status"] == "missing"
    assert dale["reason"] == "The area did not respond."
    assert pd.isna(dale["rank_rate"])
    assert dale["verdict"] == ""


def test_an_area_without_a_population_or_with_a_count_below_none_has_no_rate():
    areas, _ = compared(rows(MEDWAY, ("A1", "Ash", 10, np.nan), ("A2", "Birch", -3, 100)))
    assert one(areas, "Ash")["reason"] == "The table has no population of the area."
    assert one(areas, "Birch")["reason"] == "The area did not respond."
    assert areas["responded"].tolist() == [1, 1, 1]


def test_other_groups_lines_and_periods_are_left_out():
    table = pd.concat([FIVE, rows(("B1", "Elm", 1, 10), span=BEFORE), rows(("B2", "Fir", 1, 10), category="burglary")])
    assert len(compared(table)[0]) == 5


def test_where_the_area_stood_in_every_period():
    before = rows(("A1", "Ash", 9000, 300_000), ("E06000035", "Medway", 1000, 100_000), span=BEFORE)
    table = peers.standings(pd.concat([before, FIVE]), "Unitary authorities", "crime", "crime", "E06000035")
    assert [(row["period"], row["span"]) for row in table] == [(YEAR.label, YEAR), (BEFORE.label, BEFORE)]
    assert [row["rank_count"] for row in table] == [2, 2]
    assert [row["rank_rate"] for row in table] == [1, 2]
    assert [row["responded"] for row in table] == [4, 2]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [((1, 2), (3, 3), False), ((1, 2), (2, 5), True), ((4, 6), (2, 3), False), ((4, 6), (1, 9), True)],
)
def test_ranges_of_ranks_overlap_where_they_share_a_rank(first, second, overlap):
    now, before = ({"rank_from": low, "rank_to": high} for low, high in (first, second))
    assert peers.ranks_overlap(now, before) == overlap


def test_an_area_in_no_period_has_no_standing():
    assert peers.standings(FIVE, "Unitary authorities", "crime", "crime", "nowhere") == []
    assert peers.standings(FIVE, "Unitary authorities", "crime", "crime", "A4") == []
    assert peers.standings(FIVE, "Nobody", "crime", "crime", "E06000035") == []


def test_a_rare_line_is_told_per_100_000():
    rare = rows(("E06000035", "Medway", 1, 200_000), ("A1", "Ash", 3, 200_000))
    assert peers.people_of_rate(rare, "crime", "crime") == 100_000
    assert compared(rare)[0]["rate"].tolist() == [1.5, 0.5]
    assert peers.people_of_rate(FIVE, "crime", "crime") == 1_000
    about = replace(ABOUT, category="homicide", per=100_000)
    assert caterpillar(rare, about).subtitle.startswith("Recorded crimes (homicide) per 100,000 residents")
    assert [about.counted(n) for n in (1, 2)] == ["1 recorded crime (homicide)", "2 recorded crimes (homicide)"]


def test_an_area_without_a_population_is_not_one_that_did_not_respond():
    table = pd.concat([FIVE, rows(("A5", "Elm", 7000, np.nan))])
    (now,) = peers.standings(table, "Unitary authorities", "crime", "crime", "E06000035")
    assert (now["responded"], now["no_count"], now["asked"]) == (4, 1, 6)
    number, _ = compared_page._rank_sentences(now, None, ABOUT)
    assert "of the 4 areas with a count and a population, of 6 in the table" in number
    notes = caterpillar(table).notes
    assert "No figure, so not drawn and not ranked: Dale." in notes
    assert "No population given, so not drawn and not ranked: Elm." in notes
    many = pd.concat([FIVE, rows(*((f"B{n}", f"Elm {n}", 7000, np.nan) for n in range(9)))])
    assert (
        "No population given, so not drawn and not ranked: 9 areas, marked [x] in the table." in caterpillar(many).notes
    )


def test_how_many_lie_outside_the_limits():
    areas, _ = compared()
    assert peers.outside(areas) == {"95%": 3, "99.8%": 3}
    alike, _ = compared(rows(("A1", "Ash", 100, 1000), ("A2", "Birch", 101, 1000)))
    assert peers.outside(alike) == {"95%": 0, "99.8%": 0}


# The charts

ABOUT = drawn.About("crime", "crime", "Unitary authorities", YEAR.label, "E06000035", "Medway", "r1", "published")


def caterpillar(table=FIVE, about=ABOUT):
    return drawn.caterpillar(*compared(table), about)


def funnel(table=FIVE, about=ABOUT):
    areas, _ = compared(table)
    return drawn.funnel(areas, benchmark.funnel_lines(areas), about)


NOBODY = rows(("A4", "Dale", np.nan, 100_000))
WITHOUT_US = FIVE[FIVE["area_name"] != "Medway"]


@pytest.mark.parametrize("draw", [caterpillar, funnel])
@pytest.mark.parametrize("table", [FIVE, NOBODY, WITHOUT_US, FIVE.iloc[1:2]], ids=["five", "nobody", "no us", "alone"])
def test_every_chart_is_whole(draw, table):
    import plotly.graph_objects as go

    chart = draw(table)
    go.Figure(json.loads(chart.figure.to_json()))
    assert chart.title
    assert chart.source == "Source: Made by hand. Data release of r1."
    assert chart.alt.endswith(".")
    assert not chart.table.isin(["nan", "None", "", "<NA>"]).any(axis=None)


def test_the_title_follows_the_test():
    assert caterpillar().title == "Recorded crimes in Medway: higher rate than the other 3 areas together"
    burglary = caterpillar(about=replace(ABOUT, category="burglary"))
    assert burglary.title == "Burglary in Medway: higher rate than the other 3 areas together"
    assert burglary.subtitle.startswith("Recorded crimes (burglary) per 1,000 residents")
    assert caterpillar(WITHOUT_US).title == "Rates of recorded crimes in 3 areas"
    alike = rows(MEDWAY, ("A1", "Ash", 4010, 100_000))
    assert caterpillar(alike).title == "Recorded crimes in Medway: similar rate to the other area"


def test_the_partnership_is_picked_out_by_shape_and_weight_as_well_as_colour():
    dots = caterpillar().figure.described["data"][1]["marker"]
    assert dots["symbol"] == ["diamond", "circle", "circle", "circle"]
    assert caterpillar().figure.described["layout"]["yaxis"]["ticktext"][0] == "<b>Medway</b>"


def test_lines_at_the_others_and_at_the_country_do_not_share_a_row_of_words():
    notes = caterpillar().figure.described["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["The others together: 27.8", "England: 30.0"]
    assert len({note["yshift"] for note in notes}) == 2


def test_a_large_group_stands_side_by_side_with_only_the_partnership_named():
    many = rows(MEDWAY, *((f"B{n}", f"Place {n}", 1000 + n, 100_000) for n in range(drawn.MOST_NAMED)))
    chart = caterpillar(many)
    assert "Place 3" not in json.dumps(chart.figure.described["layout"])
    assert chart.figure.described["layout"]["annotations"][0]["text"] == "<b>Medway</b>: 40.0"
    assert chart.height < 500
    assert len(chart.table) == drawn.MOST_NAMED + 1


CITY = ("C1", "City", 5000, 10_000)


@pytest.mark.parametrize("draw", [caterpillar, funnel])
def test_an_area_far_above_all_others_lies_beyond_the_scale_and_is_named(draw):
    chart = draw(pd.concat([FIVE, rows(CITY)]))
    assert "Beyond the scale (△): City (500.0)." in chart.notes
    assert "500.0" in chart.table["Rate"].tolist()
    axes = chart.figure.described["layout"]
    assert min(axes["xaxis"]["range"][1], axes["yaxis"]["range"][1]) < 60
    assert not [note for note in draw().notes if "Beyond" in note]


def test_rare_events_are_all_on_the_scale_and_wide_intervals_are_cut_with_a_word():
    rare = rows(
        ("E06000035", "Medway", 1, 100_000), *((f"B{n}", f"B{n}", 1, 90_000 + n) for n in range(8)),
        *((f"C{n}", f"C{n}", 4, 100_000) for n in range(6)), ("D", "Isle", 0, 2_000),
    )  # fmt: skip
    chart = caterpillar(rare, replace(ABOUT, per=100_000))
    assert chart.figure.described["layout"]["xaxis"]["range"] == [0, pytest.approx(8 * 1.04)]
    assert drawn.CUT in chart.notes
    assert not [note for note in chart.notes if "Beyond" in note]
    assert drawn.CUT not in caterpillar().notes


def test_nothing_is_beyond_the_scale_where_the_partnership_is():
    ours = rows(("E06000035", "Medway", 5000, 10_000), *((f"B{n}", f"B{n}", 100, 10_000) for n in range(5)))
    assert not [note for note in caterpillar(ours).notes if "Beyond" in note]


def test_an_area_that_did_not_respond_is_named_and_in_the_table_but_not_drawn():
    chart = caterpillar()
    assert "Dale" not in chart.figure.to_json()
    assert "No figure, so not drawn and not ranked: Dale." in chart.notes
    assert chart.table[chart.table["Area"] == "Dale"].to_numpy().tolist() == [
        ["Dale", "[x]", "[x]", "[x]", "100,000", "[x]", "[x]", "[x]", "[x]"]
    ]


def test_the_table_has_number_rate_ranks_and_what_chance_allows():
    assert caterpillar().table.iloc[0].to_dict() == {
        "Area": "Medway",
        "Rate": "40.0",
        "95% interval": "38.8 to 41.3",
        "Number": "4,000",
        "Residents": "100,000",
        "Rank on rate": "1",
        "Ranks within chance": "1st to 2nd",
        "Rank on number": "2",
        "Against the others together": "▲ higher",
    }


def test_populations_of_several_years_are_said():
    mixed = FIVE.assign(population_year=[2018.0, *[2019.0] * 5])
    note = "Residents: estimates of 2018 and 2019. The areas' populations are not all of one year."
    assert note in caterpillar(mixed).notes
    assert "Residents: estimates of 2019." in caterpillar().notes


def test_the_funnel_says_how_many_lie_outside_and_warns():
    chart = funnel()
    assert chart.title == "3 of 4 areas outside the 99.8% limits, Medway above them"
    assert drawn.OVERDISPERSION in chart.notes
    assert chart.table.set_index("Area")["Against the limits"].to_dict() == {
        "Medway": "above the 99.8% limit",
        "Birch": "above the 99.8% limit",
        "Ash": "within",
        "Cedar": "below the 99.8% limit",
        "Dale": "[x]",
    }


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
                          (21, "21st"), (22, "22nd"), (57, "57th"), (101, "101st"), (111, "111th")]
)  # fmt: skip
def test_ranks_in_words(number, words):
    assert drawn.ordinal(number) == words


def test_the_first_rank_needs_no_number():
    assert drawn.rank_words(1, "rate") == "highest rate"
    assert drawn.rank_words(8, "number") == "8th highest number"
    assert drawn.range_words(3, 3) == "3rd"
    assert drawn.range_words(3, 9) == "3rd to 9th"
