"""Concentration: rows small enough to work out on paper, then the values of R."""

import math

import geopandas
import numpy as np
import pandas as pd
import pytest
from reference_values import close, reference
from shapely import box

from csp_data.analysis import concentration


def counts(**values):
    return pd.Series(values, dtype=float)


# Shares of the top areas


def test_the_top_areas_hold_their_share():
    top = concentration.top_share(counts(ash=5, birch=60, cedar=25, dale=10), 2)
    assert (top.areas, top.tied) == (("birch", "cedar"), ())
    assert (top.count, top.total, top.share, top.share_with_ties) == (85, 100, 0.85, 0.85)


def test_areas_that_tie_for_the_last_place_are_all_shown():
    top = concentration.top_share(counts(ash=20, birch=50, cedar=20, dale=10), 2)
    assert top.areas == ("birch", "ash", "cedar")
    assert top.tied == ("ash", "cedar")
    assert (top.share, top.share_with_ties) == (0.7, 0.9)


def test_a_tie_that_fits_is_no_tie():
    assert concentration.top_share(counts(ash=20, birch=20, cedar=10), 2).tied == ()


def test_a_share_of_nothing_or_of_an_unknown_total_is_not_known():
    for values in (counts(ash=0, birch=0), counts(ash=3, birch=np.nan)):
        top = concentration.top_share(values, 1)
        assert math.isnan(top.share)
        assert math.isnan(top.share_with_ties)
        assert top.areas == ()


@pytest.mark.parametrize("places", [0, 3])
def test_there_have_to_be_as_many_areas_as_places(places):
    with pytest.raises(ValueError, match="cannot be taken of 2 areas"):
        concentration.top_share(counts(ash=1, birch=2), places)


@pytest.mark.parametrize(("areas", "places"), [(25, 5), (15, 3), (24, 4), (10, 2), (3, 1)])
def test_the_top_fifth_is_never_more_than_a_fifth_but_at_least_one(areas, places):
    assert concentration.places_in_top(areas) == places
    assert concentration.places_in_top(100, 0.29) == 29


def test_a_count_below_zero_is_refused():
    with pytest.raises(ValueError, match="cannot be negative"):
        concentration.gini([1, -1])


# Lorenz and Gini


def test_lists_of_counts_are_areas_by_place():
    assert concentration.top_share([5, 9, 6], 2).areas == ("1", "2")
    assert concentration.lorenz([5, 9, 6])["area"].tolist() == ["0", "2", "1"]
    assert concentration.location_quotient([1, 3], [4, 4])["lq"].tolist() == [0.5, 1.5]


def test_the_lorenz_curve_runs_from_the_lowest_count():
    curve = concentration.lorenz(counts(ash=6, birch=1, cedar=3))
    assert curve["area"].tolist() == ["birch", "cedar", "ash"]
    assert curve["cum_area"].tolist() == close([1 / 3, 2 / 3, 1])
    assert curve["cum_share"].tolist() == close([0.1, 0.4, 1])
    assert concentration.lorenz(counts(ash=0, birch=0))["cum_share"].isna().all()


def test_gini_of_one_area_with_everything_and_of_all_alike():
    assert concentration.gini([0, 0, 0, 8]) == close(0.75)
    assert concentration.gini([2, 2, 2, 2]) == close(0)
    assert math.isnan(concentration.gini([0, 0]))
    assert math.isnan(concentration.gini([1, np.nan]))


def test_crimes_each_in_an_area_of_its_own_are_not_concentrated():
    assert concentration.gini([0, 0, 1, 1]) == close(0.5)
    assert concentration.adjusted_gini([0, 0, 1, 1]) == close(0)
    assert concentration.adjusted_gini([0, 0, 0, 2]) == close(0.5)
    assert math.isnan(concentration.adjusted_gini([0, 0]))


def test_with_as_many_crimes_as_areas_both_ginis_agree():
    values = [3, 0, 7, 1, 1]
    assert concentration.adjusted_gini(values) == close(concentration.gini(values))


# Location quotient


def test_location_quotient_with_its_interval_and_flags():
    # A fifth of all crime is of the kind: 10 expected of 50, 4 of 20, none of nothing
    table = concentration.location_quotient(
        counts(ash=12, birch=2, cedar=0, dale=16), counts(ash=50, birch=20, cedar=0, dale=80)
    )
    assert table["expected"].tolist() == close([10, 4, 0, 16])
    assert table["lq"].tolist()[:2] == close([1.2, 0.5])
    assert table["lower"].iloc[1] == close(0.2422093 / 4)  # exact limits of 2 events: 0.2422 and 7.2247
    assert table["upper"].iloc[1] == close(7.2246877 / 4)
    assert table["few_expected"].tolist() == [False, True, False, False]
    assert math.isnan(table["lq"].iloc[2])
    assert table["reason"].tolist() == ["", "", "The area has no crime of any kind.", ""]


def test_no_location_quotient_of_a_kind_that_is_nowhere():
    table = concentration.location_quotient(counts(ash=0, birch=0), counts(ash=5, birch=9))
    assert table["lq"].isna().all()
    assert set(table["reason"]) == {"No area has crime of this kind."}


def test_a_part_cannot_be_more_than_the_whole_nor_of_other_areas():
    with pytest.raises(ValueError, match="more crimes of the kind"):
        concentration.location_quotient(counts(ash=2), counts(ash=1))
    with pytest.raises(ValueError, match="same areas"):
        concentration.location_quotient(counts(ash=2), counts(birch=3))


# Persistence


def quarters(**rows):
    return pd.DataFrame.from_dict(rows, orient="index", columns=["q1", "q2", "q3", "q4"], dtype=float)


def test_persistence_counts_quarters_in_the_top():
    table = quarters(ash=[9, 9, 9, 1], birch=[8, 8, 1, 9], cedar=[1, 1, 2, 2], dale=[0, 0, 0, 0], elm=[0, 1, 1, 0])
    found = concentration.persistence(table).set_index("area")
    assert found["hits"].to_dict() == {"ash": 3, "birch": 1, "cedar": 0, "dale": 0, "elm": 0}
    assert found["persistent"].to_dict() == {"ash": True, "birch": False, "cedar": False, "dale": False, "elm": False}


def test_a_quarter_with_an_area_missing_is_not_ranked_and_may_leave_it_open():
    table = quarters(ash=[9, 9, np.nan, 9], birch=[8, 8, 9, 1], cedar=[1, 1, 2, 2])
    found = concentration.persistence(table).set_index("area")
    assert found["quarters"].tolist() == [3, 3, 3]
    assert found["persistent"]["ash"]  # three hits whatever the missing quarter was
    assert not found["persistent"]["birch"]
    assert concentration.ranks(table)["q3"].isna().all()
    table.loc["ash", "q4"] = 0
    assert concentration.persistence(table).set_index("area")["persistent"].isna()["ash"]


def test_an_area_without_crime_is_never_a_hot_spot():
    found = concentration.persistence(quarters(ash=[0, 0, 0, 0], birch=[0, 0, 0, 0]))
    assert found["hits"].tolist() == [0, 0]


@pytest.mark.parametrize("settings", [{"top": 1.5}, {"top": 0}, {"hits": 5}, {"hits": 0}])
def test_what_cannot_be_persistence_is_refused(settings):
    with pytest.raises(ValueError, match=r"between 0 and 1|cannot be asked for"):
        concentration.persistence(pd.DataFrame([[1, 2, 3, 4], [2, 3, 4, 5]]), **settings)
    with pytest.raises(ValueError, match="cannot be negative"):
        concentration.persistence(pd.DataFrame([[1, -2]]))


def test_ties_share_the_smallest_rank():
    table = quarters(ash=[4, 1, 1, 1], birch=[4, 2, 1, 1], cedar=[3, 3, 1, 1])
    assert concentration.ranks(table)["q1"].tolist() == [1, 1, 3]


# Over-dispersion


def test_counts_that_differ_more_than_chance_are_said_to():
    # About a mean of 20: (10² + 10² + 0²) / 20 = 10 on 2 degrees of freedom
    spread = concentration.dispersion([10, 30, 20])
    assert (spread.ratio, spread.p) == (close(5), close(math.exp(-5)))
    assert spread.over_dispersed
    assert "their spread (variance) is 5.0 times that of chance" in spread.sentence
    assert "independent" not in spread.sentence
    alike = concentration.dispersion([10, 30, 20], [100, 300, 200])
    assert alike.ratio == close(0)
    assert not alike.over_dispersed
    assert math.isnan(concentration.dispersion([5]).ratio)
    assert "cannot be worked out" in concentration.dispersion([5]).sentence


def test_areas_missing_are_left_out_of_the_dispersion():
    assert concentration.dispersion([10, np.nan, 30, 7], [1, 1, 1, 0]).areas == 2


# Gi*

ROW = ["a", "b", "c", "d", "e", "f"]
LINKS = {name: [n for n in ROW if abs(ROW.index(n) - ROW.index(name)) == 1] for name in ROW}


def test_gi_star_is_that_of_its_formula():
    # Ord and Getis 1995, worked out for six areas in a row by the formula for binary weights
    values = [1.0, 2.0, 4.0, 3.0, 9.0, 11.0]
    found = concentration.hot_spots(pd.DataFrame({"rate": values}, index=ROW), LINKS)
    y = np.array(values)
    for position, z in enumerate(found["z"]):
        near = [y[i] for i in range(6) if abs(i - position) <= 1]
        k = len(near)
        expected = (sum(near) - k * y.mean()) / (y.std() * math.sqrt((6 * k - k**2) / 5))
        assert z == close(expected)
    assert found["neighbours"].tolist() == [1, 2, 2, 2, 2, 1]
    assert found["exploratory"].all()


def test_what_stands_out_alone_may_not_among_many_tests():
    values = [1.0, 2.0, 4.0, 3.0, 9.0, 11.0]
    one = concentration.hot_spots(pd.DataFrame({"rate": values}, index=ROW), LINKS)
    assert one["alone"].tolist() == [False, False, False, False, False, True]
    assert set(one["signal"]) == {""}  # the smallest of 6 p-values, 0.035, is over 0.05 / 6
    loose = concentration.hot_spots(pd.DataFrame({"rate": values}, index=ROW), LINKS, false_discovery_rate=0.25)
    assert loose["signal"].tolist() == [
        "cold",
        "cold",
        "",
        "",
        "hot",
        "hot",
    ]  # the fourth smallest, 0.134, is under 1/6


def test_tests_of_all_series_count_together():
    places = [f"p{i:02d}" for i in range(40)]
    links = {n: [m for m in places if abs(int(m[1:]) - int(n[1:])) == 1] for n in places}
    mild = [4.5 if i in (10, 11, 12) else float(i % 3) for i in range(40)]
    calm = [float(i % 3) for i in range(40)]
    one = concentration.hot_spots(pd.DataFrame({"mild": mild}, index=places), links)
    both = concentration.hot_spots(pd.DataFrame({"mild": mild, "calm": calm}, index=places), links)
    # p = 0.0022 is the second smallest: under 2 x 0.05 / 40, not under 2 x 0.05 / 80
    assert one.loc[one["signal"] == "hot", "area"].tolist() == ["p11", "p12"]
    assert both.loc[both["signal"] == "hot", "area"].tolist() == ["p11"]
    assert one["alone"].sum() == 3
    assert not both["exploratory"].any()


def test_islands_constant_and_missing_values_have_a_reason():
    links = {**LINKS, "island": []}
    places = [*ROW, "island"]
    found = concentration.hot_spots(pd.DataFrame({"rate": [1.0, 2, 4, 3, 9, 11, 5]}, index=places), links)
    assert found["reason"].tolist() == [""] * 6 + ["The area has no neighbours."]
    assert math.isnan(found["z"].iloc[6])
    assert found["z"].notna().sum() == 6
    flat = concentration.hot_spots(pd.DataFrame({"rate": [2.0] * 6}, index=ROW), LINKS)
    assert set(flat["reason"]) == {"All areas have the same value."}
    gap = concentration.hot_spots(pd.DataFrame({"rate": [2.0, np.nan, 1, 1, 1, 1]}, index=ROW), LINKS)
    assert set(gap["reason"]) == {"A value is missing in this series."}
    assert gap["z"].isna().all()
    three = concentration.hot_spots(pd.DataFrame({"rate": [2.0, 3.0, 1.0]}, index=ROW[:3]), LINKS)
    assert three["reason"].tolist()[1].startswith("The area is next to all others")


def test_touching_areas_share_an_edge_or_a_corner():
    squares = {"ash": box(0, 0, 1, 1), "birch": box(1, 0, 2, 1), "cedar": box(2, 1, 3, 2), "dale": box(9, 9, 10, 10)}
    frame = geopandas.GeoDataFrame(geometry=list(squares.values()), index=list(squares))
    assert concentration.touching(frame) == {
        "ash": ("birch",),
        "birch": ("ash", "cedar"),
        "cedar": ("birch",),
        "dale": (),
    }


# Reference values


def test_reference_shares_lorenz_and_gini():
    data = reference("concentration")
    values = pd.Series(data["count"], index=[f"W{i}" for i in range(len(data["count"]))])
    assert concentration.gini(values) == close(data["gini"])
    assert concentration.adjusted_gini(values) == close(data["gini_adjusted"])
    assert concentration.gini(data["few_crimes"]) == close(data["few_gini"])
    assert concentration.adjusted_gini(data["few_crimes"]) == close(data["few_gini_adjusted"])
    assert concentration.top_share(values, 5).share == close(data["top5_share"])
    assert concentration.top_share(values, 1).share == close(data["top1_share"])
    fifth = concentration.places_in_top(len(values), 0.2)
    assert concentration.top_share(values, fifth).share == close(data["top20pct_share"])
    curve = concentration.lorenz(values)
    assert curve["cum_area"].tolist() == close(data["lorenz"]["cum_area"])
    assert curve["cum_share"].tolist() == close(data["lorenz"]["cum_share"])


def test_reference_location_quotient():
    data = reference("concentration")["location_quotient"]
    got = concentration.location_quotient(pd.Series(data["type"]), pd.Series(data["total"]))
    assert got["lq"].tolist() == close(data["LQ"])


def test_reference_persistence():
    data = reference("concentration")["persistence"]
    table = pd.DataFrame(data["quarters"], index=data["wards"])
    assert concentration.ranks(table).to_numpy().tolist() == data["rank"]
    found = concentration.persistence(table).set_index("area")
    assert found["hits"].to_dict() == data["hits_last4"]
    assert found.index[found["persistent"]].tolist() == data["persistent"]
