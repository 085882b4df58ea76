"""Benchmarks: rows small enough to work out on paper, then the values of Fingertips' rule and PHEindicatormethods."""

import math

import numpy as np
import pandas as pd
import pytest
from reference_values import close, reference

from csp_data.analysis import benchmark


def areas(**rows):
    return pd.DataFrame(
        {"area": list(rows), "count": [r[0] for r in rows.values()], "population": [r[1] for r in rows.values()]},
    ).astype({"count": float, "population": float})


# The rule


@pytest.mark.parametrize(
    ("lower", "upper", "polarity", "word"),
    [
        (1, 4, "lower is better", "better"),
        (6, 9, "lower is better", "worse"),
        (1, 4, "higher is better", "worse"),
        (6, 9, "higher is better", "better"),
        (1, 4, "neither", "lower"),
        (6, 9, "neither", "higher"),
        (4, 6, "neither", "similar"),
        (5, 6, "neither", "similar"),
        (4, 5, "lower is better", "similar"),
        (np.nan, 5, "neither", ""),
        (1, np.nan, "neither", ""),
    ],
)
def test_an_interval_against_a_benchmark_of_5(lower, upper, polarity, word):
    assert benchmark.verdicts(lower, upper, 5, polarity).tolist() == [word]


def test_without_a_benchmark_there_is_no_verdict():
    assert benchmark.verdicts([1, 2], [3, 4], np.nan).tolist() == ["", ""]


def test_limits_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="above its upper"):
        benchmark.verdicts(5, 3, 4)


def test_an_unknown_polarity_is_refused():
    with pytest.raises(ValueError, match="no polarity 'low_is_good'"):
        benchmark.verdicts(1, 2, 3, "low_is_good")


def test_an_area_is_never_compared_with_itself():
    table = benchmark.against(areas(ash=(400, 10_000), birch=(100, 10_000)), "ash", "lower is better")
    assert table["benchmark"].tolist() == [40, 40]
    assert table["verdict"].tolist() == ["", "better"]
    assert table["reason"].tolist() == ["An area is not compared with itself.", ""]


def test_an_area_that_did_not_respond_has_no_verdict():
    rows = areas(ash=(100, 10_000), birch=(np.nan, 10_000), cedar=(5, np.nan), dale=(5, 0))
    table = benchmark.against(rows, 10.0)
    assert table["verdict"].tolist() == ["similar", "", "", ""]
    assert table["reason"].tolist() == ["", *["The area has no rate."] * 3]
    assert table["rate"].tolist()[0] == 10
    assert table["rate"].isna().tolist() == [False, True, True, True]


def test_a_benchmark_area_has_to_be_there_and_to_have_a_rate():
    with pytest.raises(ValueError, match="'elm' is not among"):
        benchmark.against(areas(ash=(1, 2)), "elm")
    table = benchmark.against(areas(ash=(np.nan, 10), birch=(3, 100)), "ash")
    assert table["verdict"].tolist() == ["", ""]
    assert table["reason"].tolist() == ["An area is not compared with itself.", "The benchmark has no rate."]


def test_the_rate_of_others_leaves_the_area_itself_out():
    rows = areas(ash=(900, 1_000), birch=(10, 1_000), cedar=(50, 2_000), dale=(np.nan, 5_000))
    assert benchmark.rate_of_others(rows, "ash") == (20, 2)
    assert math.isnan(benchmark.rate_of_others(areas(ash=(1, 10)), "ash")[0])


# Ranks


def test_ranks_on_count_and_on_rate_with_their_range():
    # 95% of 100 events: 81.4 to 121.6; of 110: 90.4 to 132.6; of 400: 361.8 to 441.2
    rows = areas(ash=(100, 10_000), birch=(110, 10_000), cedar=(400, 100_000), dale=(np.nan, 10_000))
    table = benchmark.rank(rows).set_index("area")
    assert table["rank_count"].tolist()[:3] == [3, 2, 1]
    assert table["rank_rate"].tolist()[:3] == [2, 1, 3]
    assert table["rank_from"].tolist()[:3] == [1, 1, 3]
    assert table["rank_to"].tolist()[:3] == [2, 2, 3]
    assert table.loc["dale", ["rank_count", "rank_rate", "rank_from", "rank_to"]].isna().all()
    assert (table["responded"].iloc[0], table["asked"].iloc[0]) == (3, 4)


def test_a_count_that_is_mostly_an_estimate_has_a_rank_but_no_range():
    rows = areas(ash=(400, 10_000), birch=(200, 10_000), cedar=(100, 10_000))
    assert benchmark.rank(rows)["rank_to"].tolist() == [1, 2, 3]
    table = benchmark.rank(rows.assign(counted=[True, False, True]))
    assert table["rank_rate"].tolist() == [1, 2, 3]
    assert table["rank_from"].tolist() == [1, pd.NA, 2]
    assert table["rank_to"].tolist() == [2, pd.NA, 3]
    assert math.isnan(table["upper"][1])


def test_areas_that_tie_share_the_smallest_rank():
    assert benchmark.rank(areas(ash=(5, 100), birch=(5, 100), cedar=(1, 100)))["rank_rate"].tolist() == [1, 1, 3]


# Funnel


def test_what_is_no_comparison_is_refused():
    with pytest.raises(ValueError, match="population cannot be negative"):
        benchmark.rank(areas(ash=(4, -5)))
    with pytest.raises(ValueError, match="among the areas twice"):
        benchmark.against(pd.concat([areas(ash=(4, 5))] * 2), "ash")
    with pytest.raises(ValueError, match="no statistic 'mean'"):
        benchmark.funnel(areas(ash=(4, 5)), "mean")
    assert benchmark.against(areas(ash=(4, 5)), None)["reason"].tolist() == ["The benchmark has no rate."]


def test_funnel_of_rates():
    # The average is 10 per 1,000: 100 expected of 10,000
    rows = areas(ash=(100, 10_000), birch=(140, 10_000), cedar=(60, 10_000), dale=(np.nan, 10_000))
    table = benchmark.funnel(rows)
    assert table["average"].iloc[0] == close(10)
    assert table["value"].tolist()[:3] == close([10, 14, 6])
    assert table["position"].tolist() == ["within", "high, 99.8%", "low, 99.8%", ""]
    milder = benchmark.funnel(areas(ash=(76, 10_000), birch=(124, 10_000), cedar=(100, 10_000)))
    assert milder["position"].tolist() == ["low, 95%", "high, 95%", "within"]


def test_funnel_of_proportions():
    # About 50% of 100 each: standard error 5 points, limits 40.2-59.8 and 34.5-65.5
    table = benchmark.funnel(areas(ash=(39, 100), birch=(61, 100), cedar=(34, 100), dale=(66, 100)), "proportion", 100)
    assert table["average"].iloc[0] == close(50)
    assert table["position"].tolist() == ["low, 95%", "high, 95%", "low, 99.8%", "high, 99.8%"]
    with pytest.raises(ValueError, match="between zero and its base"):
        benchmark.funnel(areas(ash=(3, 2)), "proportion")


def test_lines_of_a_funnel_of_proportions():
    lines = benchmark.funnel_lines(areas(ash=(40, 100), birch=(200, 400)), "proportion", 100).set_index("line")
    assert lines.loc["average", "value"].tolist() == close([48, 48])
    low = lines.loc["lower 95%"]
    assert low["population"].iloc[[0, -1]].tolist() == [100, 400]
    assert low["value"].iloc[0] == close(100 * (0.48 - 1.959963984540054 * math.sqrt(0.48 * 0.52 / 100)))


def test_lines_of_a_funnel_of_rates_lie_where_a_count_is_on_its_limit():
    rows = areas(ash=(20, 1_000), birch=(60, 3_000))
    lines = benchmark.funnel_lines(rows)
    assert set(lines["line"]) == {"average", "lower 95%", "upper 95%", "lower 99.8%", "upper 99.8%"}
    upper = lines[lines["line"] == "upper 95%"]
    assert upper["population"].between(1_000, 3_000).all()
    assert (upper["value"] > 20).all()
    # 30 events are the 95% limit where the average gives 20.24, their lower limit (Byar): a population of 1,012
    point = upper[(upper["value"] * upper["population"] / 1_000).round(6) == 30].iloc[0]
    assert point["population"] == pytest.approx(1011.8, abs=0.1)
    assert benchmark.funnel_lines(areas(ash=(np.nan, 10))).empty


# Reference values

POLARITY = {"low_is_good": "lower is better", "high_is_good": "higher is better", "none": "neither"}
POSITION = {
    "Low (0.001)": "low, 99.8%",
    "Low (0.025)": "low, 95%",
    "High (0.001)": "high, 99.8%",
    "High (0.025)": "high, 95%",
    "Not significant": "within",
}


def test_reference_comparisons():
    cases = reference("benchmark_compare")["benchmark"]
    for case in cases:
        rows = areas(ash=(case["count"], case["population"]))
        got = benchmark.against(rows, case["benchmark_value"], POLARITY[case["polarity"]], case["multiplier"]).iloc[0]
        assert (got["lower"], got["upper"]) == (close(case["lower95"]), close(case["upper95"]))
        assert got["verdict"] == case["outcome"]
    assert len(cases) >= 12


@pytest.mark.parametrize(("statistic", "per"), [("rate", 1_000), ("proportion", 1)])
def test_reference_funnels(statistic, per):
    data = reference("benchmark_compare")["funnel"][statistic]
    rows = areas(**{row["ward"]: (row["x"], row["n"]) for row in data["input"]})
    got = benchmark.funnel(rows, statistic, per)
    assert got["average"].tolist() == close([data["weighted_average"]] * len(rows))
    assert got["position"].tolist() == [POSITION[word] for word in data["significance"]]


# Against the others


def test_each_area_is_set_against_the_others_without_itself():
    table = benchmark.against_others(areas(ash=(400, 10_000), birch=(100, 10_000), cedar=(100, 10_000)))
    assert table["benchmark"].tolist() == [10, 25, 25]
    assert table["verdict"].tolist() == ["higher", "lower", "lower"]


def test_an_area_that_did_not_respond_is_in_no_benchmark():
    table = benchmark.against_others(areas(ash=(400, 10_000), birch=(np.nan, 90_000), cedar=(100, 10_000)))
    assert table["benchmark"].tolist() == [10, 25, 40]
    assert table["verdict"].tolist() == ["higher", "", "lower"]
    assert table["reason"].tolist() == ["", "The area has no rate.", ""]


def test_an_area_alone_has_nothing_to_be_set_against():
    table = benchmark.against_others(areas(ash=(400, 10_000), birch=(np.nan, 90_000)))
    assert table["verdict"].tolist() == ["", ""]
    assert table["reason"].tolist() == ["No other area responded.", "The area has no rate."]
    assert math.isnan(table["benchmark"][0])
