"""Seasons: rows small enough to work out on paper, then the values of R and X-13."""

import dataclasses
import math
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from csp_data.analysis import seasonality
from csp_data.analysis.periods import MONTH_NAMES, month_number, month_text
from tests.reference_values import reference

SHAPE = [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6]
"""Adds up to 0 over a year."""


def monthly(values, start="2020-04"):
    first = month_number(start)
    return pd.Series(values, index=[month_text(first + i) for i in range(len(values))], dtype=float)


def years(n, base=100, shape=SHAPE, start="2020-04"):
    return monthly([base + s for s in shape] * n, start)


# Days


def test_a_day_of_a_short_month_counts_for_more():
    adjusted = seasonality.per_day(pd.Series([29.0, 28.0, math.nan], index=["2020-02", "2021-02", "2021-03"]))
    assert adjusted["2020-02"] == adjusted["2021-02"] == 365.25 / 12
    assert math.isnan(adjusted["2021-03"])


# The index


def test_the_moving_average_weighs_the_same_month_of_two_years_by_half():
    series = monthly([0] * 12 + [24])
    smooth = seasonality.moving_average(series)
    assert smooth.dropna().to_dict() == {"2020-10": 1.0}
    assert seasonality.moving_average(series, excluded=["2020-07"]).isna().all()
    assert seasonality.moving_average(monthly([1] * 12)).isna().all()


def test_the_index_of_a_season_that_repeats_is_that_season():
    index = seasonality.seasonal_index(years(3))
    assert index["index"].tolist() == pytest.approx([1 + s / 100 for s in SHAPE])
    assert index["name"].tolist() == [*MONTH_NAMES[3:], *MONTH_NAMES[:3]]
    assert index["years"].tolist() == [2] * 12
    assert set(index["model"]) == {"multiplicative"}
    calendar = seasonality.seasonal_index(years(3), year="calendar")
    assert calendar["month_of_year"].tolist() == list(range(1, 13))
    assert calendar["index"][3] == pytest.approx(0.94)


def test_the_index_averages_to_one_whatever_the_trend():
    growing = monthly([(100 + s) * 1.01**i for i, s in enumerate(SHAPE * 4)])
    assert seasonality.seasonal_index(growing)["index"].mean() == pytest.approx(1)
    assert seasonality.seasonal_index(growing, model="additive")["index"].mean() == pytest.approx(0, abs=1e-9)


def test_with_a_zero_the_index_is_a_difference():
    index = seasonality.seasonal_index(years(3, base=6))
    assert set(index["model"]) == {"additive"}
    assert index["index"].tolist() == pytest.approx(SHAPE)
    assert set(seasonality.seasonal_index(years(3), model="additive")["model"]) == {"additive"}


def test_under_24_months_there_is_no_index():
    series = years(2)
    assert seasonality.seasonal_index(series)["index"].notna().all()
    short = seasonality.seasonal_index(series.iloc[:-1])
    assert short["index"].isna().all()
    assert short["years"].tolist() == [1] * 5 + [0] + [1] * 6


def test_months_set_aside_do_not_shape_the_index():
    series = years(4)
    series["2020-06"] = 1
    usual = [1 + s / 100 for s in SHAPE]
    assert seasonality.seasonal_index(series)["index"].tolist() != pytest.approx(usual)
    assert seasonality.seasonal_index(series, excluded=["2020-06"])["index"].tolist() == pytest.approx(usual)


# Tests


def test_qs_of_three_changes_that_come_back_each_year():
    # Changes: 36 that are 0, but for 1 at the first and -1 at the second month of each of three years: mean 0, r12 2/3,
    # r24 1/3. n(n+2)(4/9/24 + 1/9/12) = 36 x 38 x (1/54 + 1/108)
    series = monthly([0, *[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] * 3])
    outcome = seasonality.qs(series)
    assert (outcome.rho12, outcome.rho24) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert outcome.statistic == pytest.approx(38)
    assert outcome.p == pytest.approx(math.exp(-19))


def test_negative_autocorrelations_count_for_nothing():
    # The same pair of changes, its sign turning each year: r12 -2/3, r24 1/3
    series = monthly([5, *[6, *[5] * 11], *[4, *[5] * 11], *[6, *[5] * 11]])
    outcome = seasonality.qs(series)
    assert outcome.rho12 == pytest.approx(-2 / 3)
    assert outcome.statistic == pytest.approx(36 * 38 / 108)


def test_a_test_that_cannot_be_made_is_nan():
    for series in (monthly([7] * 48), monthly([1, 2, 3]), monthly(range(20))):
        for outcome in (seasonality.qs(series), seasonality.kruskal_wallis(series), seasonality.friedman(series)):
            assert math.isnan(outcome.p), (outcome, len(series))
    assert math.isnan(seasonality.qs(monthly([0.1 * i for i in range(60)])).p)


def test_kruskal_wallis_of_months_that_never_overlap():
    # 2 ratios a month, 24 in all, in 12 classes of 2 alike: ranks 1.5, 3.5 ... so H is as large as it can be: 23
    outcome = seasonality.kruskal_wallis(years(3))
    assert (outcome.statistic, outcome.df) == (pytest.approx(23), 11)


def test_kruskal_wallis_of_changes():
    # The changes of this series are three years of the same 12 values: 36 of them, so H is 35
    running = monthly([0, *years(3).cumsum()])
    assert seasonality.kruskal_wallis(running, on="first difference").statistic == pytest.approx(35)


def test_months_that_are_equal_share_a_rank_whatever_the_rounding_of_the_machine():
    """Ranked as fractions it is 19.0425; ranked as the machine works out the moving average, 17.33."""
    series = monthly([1, 0, 0, 2, 0, 1, 0, 0, 3, 0, 1, 0] * 2 + [0, 1, 0, 2, 0, 1, 0, 0, 3, 0, 1, 0])
    assert seasonality.kruskal_wallis(series).statistic == pytest.approx(19.04251012145749)


@pytest.mark.parametrize(
    ("function", "setting", "message"),
    [
        (seasonality.seasonal_index, {"model": "ratio"}, "not 'ratio'"),
        (seasonality.seasonal_index, {"year": "tax"}, "not 'tax'"),
        (seasonality.year_by_month, {"year": "tax"}, "not 'tax'"),
        (seasonality.kruskal_wallis, {"on": "level"}, "not on 'level'"),
    ],
)
def test_an_unknown_setting_is_refused(function, setting, message):
    with pytest.raises(ValueError, match=message):
        function(years(3), **setting)


def test_friedman_of_years_that_agree_on_every_rank():
    # Agreement is complete, so Q = years x (12 - 1)
    assert seasonality.friedman(years(3)).statistic == pytest.approx(33)
    unfinished = years(4).iloc[:-1]
    assert seasonality.friedman(unfinished).statistic == pytest.approx(33)
    assert seasonality.friedman(years(4), excluded=["2021-07"]).statistic == pytest.approx(33)


def test_full_years_are_the_years_of_the_rarest_month():
    assert seasonality.full_years(years(3)) == 3
    assert seasonality.full_years(years(3).iloc[1:]) == 2
    assert seasonality.full_years(years(3), excluded=["2020-04", "2021-04"]) == 1
    assert seasonality.full_years(monthly([1, 2])) == 0


def test_a_season_is_shown_from_three_full_years():
    found = seasonality.season(years(3))
    assert (found.shown, found.full_years) == (True, 3)
    assert found.sentence == (
        "There is a clear season over 3 full years: March is usually highest (6% above an average month) and April "
        "lowest (6% below)."
    )
    short = seasonality.season(years(3).iloc[:-1])
    assert not short.shown
    assert short.sentence == "Too short to tell: a season takes at least 3 full years of months, and there are 2."
    assert seasonality.season(monthly([1])).sentence.endswith("and there is none.")
    assert seasonality.season(years(1)).sentence.endswith("and there is 1.")


def test_a_season_in_counts_with_zeros_is_told_in_counts():
    assert "March is usually highest (6 above an average month) and April lowest (6 below)." in (
        seasonality.season(years(3, base=6)).sentence
    )


def test_no_season_is_said_to_be_none():
    noise = [0, 7, 2, -5, 3, -8, 1] * 6  # comes back every 7 months, not every 12
    found = seasonality.season(monthly([100 + e for e in noise]))
    assert not found.shown
    assert found.sentence == (
        "There is no clear season: over 3 full years, the differences between months could be chance."
    )
    assert not seasonality.season(monthly([7] * 48)).shown


# STL


def test_stl_gives_back_a_season_that_repeats():
    split = seasonality.stl(years(4))
    assert split.months["seasonal"].tolist() == pytest.approx(SHAPE * 4, abs=1e-6)
    assert split.months["trend"].tolist() == pytest.approx([100] * 48, abs=1e-6)
    parts = split.months[["seasonal", "trend", "remainder"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(split.months["value"].tolist())
    assert split.seasonal_strength == pytest.approx(1)
    assert split.settings.sentence == (
        "STL with windows of 13 (season), 21 (trend) and 13 (low pass) months, degrees 1, 1 and 1, jumps 1, 1 and 1, "
        "2 inner and 0 outer loops (not robust)."
    )


def test_a_series_that_does_not_vary_has_no_strength():
    level = seasonality.stl(monthly([1.1] * 36))
    assert math.isnan(level.seasonal_strength)
    assert math.isnan(level.trend_strength)


def test_outer_loops_make_stl_robust_to_an_odd_month():
    series = years(5)
    series["2022-08"] = 500
    robust = seasonality.stl(series, seasonality.StlSettings(inner=1, outer=15))
    plain = seasonality.stl(series)
    odd = 28
    assert robust.months["remainder"][odd] == pytest.approx(500 - 98, abs=0.1)
    assert plain.months["remainder"][odd] < 350
    assert "(robust)" in robust.settings.sentence


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(seasonality.StlSettings)])
def test_every_setting_of_stl_has_its_effect(field):
    series = monthly([100 + s + i * i % 17 for i, s in enumerate(SHAPE * 5)])
    usual = seasonality.StlSettings()
    other = {"degree": 0, "jump": 5, "window": 31}.get(field.rpartition("_")[2], 4)
    changed = seasonality.stl(series, dataclasses.replace(usual, **{field: other})).months["remainder"]
    assert changed.tolist() != pytest.approx(seasonality.stl(series, usual).months["remainder"].tolist(), abs=1e-9)


def test_stl_takes_no_gaps_and_says_which():
    series = years(3)
    series["2021-01"] = math.nan
    with pytest.raises(ValueError, match="STL needs every month, and there is no value for January 2021, May 2021"):
        seasonality.stl(series.drop("2021-05"))
    with pytest.raises(ValueError, match="at least 24 months, and there are 12"):
        seasonality.stl(years(1))


def test_statsmodels_is_only_imported_for_stl():
    code = "import csp_data.analysis.seasonality, sys; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0


# Year by year


def test_a_heat_map_has_a_row_a_year_and_holes_where_nothing_is_known():
    table = seasonality.year_by_month(pd.Series([1.0, 2.0, 0.0], index=["2020-02", "2020-04", "2021-03"]))
    assert table.index.tolist() == ["2019/20", "2020/21"]
    assert table.columns.tolist() == [*MONTH_NAMES[3:], *MONTH_NAMES[:3]]
    assert table.loc["2019/20"].dropna().to_dict() == {"February": 1}
    assert table.loc["2020/21"].dropna().to_dict() == {"April": 2, "March": 0}
    calendar = seasonality.year_by_month(pd.Series([1.0, 2.0], index=["2020-02", "2021-01"]), year="calendar")
    assert calendar.loc["2020"].dropna().to_dict() == {"February": 1}
    assert calendar.columns.tolist() == list(MONTH_NAMES)


@pytest.fixture
def four_years():
    """April at 10, 30, 20 then 31; May at 5, 5, 5 then 5; June at 8, 9, 10 then 7; July never in the last year."""
    rows = {"04": (10, 30, 20, 31), "05": (5, 5, 5, 5), "06": (8, 9, 10, 7), "07": (1, 2, 3, None)}
    return pd.Series({f"{2020 + i}-{month}": row[i] for month, row in rows.items() for i in range(4)}, dtype=float)


def test_months_are_set_against_the_lowest_and_highest_of_earlier_years(four_years):
    band = seasonality.year_against_band(four_years)
    months = band.months.set_index("name")
    assert band.year == "2023/24"
    assert months.loc["April", ["lower", "middle", "upper", "value"]].tolist() == [10, 20, 30, 31]
    assert months["position"].tolist()[:4] == ["above", "within", "below", ""]
    assert months["month"].tolist()[:4] == ["2023-04", "2023-05", "2023-06", "2023-07"]
    assert months["month"].tolist()[-1] == "2024-03"
    assert months.loc["July", "reason"] == "There is no data for this month."
    assert months.loc["August", "reason"] == "No band: it takes 3 earlier years, and none can be used."
    assert band.name == (
        "lowest to highest of the same month in 2020/21 to 2022/23, leaving out months that are missing or set aside"
    )
    # A fourth value is as likely to be lowest or highest as any: 2 in 4, for three months
    assert band.expected_outside == pytest.approx(1.5)


def test_a_band_between_percentiles_of_earlier_years(four_years):
    band = seasonality.year_against_band(four_years, kind="percentiles", percentiles=(25, 75))
    assert band.months.loc[0, ["lower", "upper"]].tolist() == [15, 25]
    assert band.name.startswith("25th to 75th percentile of the same month in")
    assert band.expected_outside == pytest.approx(3 * 3 / 4)
    with pytest.raises(ValueError, match="lower one first"):
        seasonality.year_against_band(four_years, kind="percentiles", percentiles=(75, 25))


def test_months_set_aside_are_in_no_band_but_can_be_seen(four_years):
    band = seasonality.year_against_band(four_years, excluded=["2021-04", "2023-05"])
    april, may = band.months.iloc[0], band.months.iloc[1]
    assert (april["years"], april["position"]) == (2, "")
    assert april["reason"] == "No band: it takes 3 earlier years, and 2 can be used."
    assert math.isnan(april["upper"])
    assert (may["value"], may["position"]) == (5, "within")


def test_only_so_many_years_before_the_year_make_the_band():
    series = monthly([y for year in range(7) for y in [year] * 12], start="2015-01")
    band = seasonality.year_against_band(series, of="2020", year="calendar", earlier=3)
    assert band.months.loc[0, ["value", "lower", "upper", "years"]].tolist() == [5, 2, 4, 3]
    assert band.name == "lowest to highest of the same month in 2017 to 2019"
    with pytest.raises(ValueError, match="there is no month of 2030 in the series"):
        seasonality.year_against_band(series, of="2030", year="calendar")


# R and X-13


@pytest.fixture(name="reference")
def _reference():
    return reference("seasonality")


def close(value, tolerance=1e-6):
    return pytest.approx(value, rel=tolerance, abs=1e-9)


def test_the_index_is_that_of_r(reference):
    series = monthly(reference["y"], reference["start"])
    expected = reference["seasonal_index_ratio_to_2x12MA"]
    trend = [None if math.isnan(v) else v for v in seasonality.moving_average(series)]
    assert trend == [None if v is None else close(v) for v in expected["trend"]]
    assert seasonality.seasonal_index(series)["index"].tolist() == close(expected["index"])
    additive = seasonality.seasonal_index(series, model="additive")
    assert additive["index"].tolist() == close(reference["seasonal_additive"]["figure"])


def test_stl_with_the_same_season_every_year_is_that_of_r(reference):
    series = monthly(reference["y"], reference["start"])
    settings = seasonality.periodic_stl(len(series))
    split = seasonality.stl(series, settings)
    for part in ("seasonal", "trend", "remainder"):
        assert split.months[part].tolist() == pytest.approx(reference["stl_periodic"][part], rel=1e-6, abs=1e-6)
    assert split.months["seasonal"][:12].tolist() == split.months["seasonal"][12:24].tolist()
    assert settings.sentence.endswith("(not robust), the same season every year.")


def test_stl_and_its_strengths_are_those_of_r(reference):
    expected = reference["stl_explicit"]
    args = expected["args"]
    settings = seasonality.StlSettings(
        seasonal_window=args["s.window"],
        seasonal_degree=args["s.degree"],
        trend_window=args["t.window"],
        trend_degree=args["t.degree"],
        low_pass_window=args["l.window"],
        low_pass_degree=args["l.degree"],
        seasonal_jump=args["s.jump"],
        trend_jump=args["t.jump"],
        low_pass_jump=args["l.jump"],
        inner=args["inner"],
        outer=args["outer"],
    )
    split = seasonality.stl(monthly(reference["y"], reference["start"]), settings)
    for part in ("seasonal", "trend", "remainder"):
        assert split.months[part].tolist() == pytest.approx(expected[part], rel=1e-6, abs=1e-6)
    strength = reference["stl_strength_explicit"]
    assert (split.seasonal_strength, split.trend_strength) == (close(strength["seasonal"]), close(strength["trend"]))


@pytest.mark.parametrize(("name", "suffix"), [("y", ""), ("y_no_season", "_no_season")])
def test_tests_of_a_season_are_those_of_r_and_x13(reference, name, suffix):
    series, expected = monthly(reference[name], reference["start"]), reference["tests"]
    qs = seasonality.qs(series)
    case = expected[f"QS_first_difference{suffix}"]
    assert (qs.statistic, qs.rho12, qs.rho24, qs.p) == tuple(close(case[k]) for k in ("QS", "rho12", "rho24", "p"))
    assert qs.statistic == pytest.approx(reference["x13"][name]["QS_original"], abs=0.01)
    by_rank = seasonality.kruskal_wallis(series)
    case = expected[f"kruskal_on_ratio{suffix}"]
    assert (by_rank.statistic, by_rank.df, by_rank.p) == (close(case["H"]), case["df"], close(case["p"]))
    by_year = seasonality.friedman(series)
    case = expected["friedman_no_season" if suffix else "friedman_year_by_month"]
    assert (by_year.statistic, by_year.df, by_year.p) == (close(case["Q"]), case["df"], close(case["p"]))
    shown = reference["x13"][name]["identifiable_seasonality"] == "present"
    assert seasonality.season(series).shown is shown


def test_kruskal_wallis_on_the_first_difference_is_that_of_r(reference):
    series = monthly(reference["y"], reference["start"])
    outcome, case = (
        seasonality.kruskal_wallis(series, on="first difference"),
        reference["tests"]["kruskal_on_first_difference"],
    )
    assert (outcome.statistic, outcome.df, outcome.p) == (close(case["H"]), case["df"], close(case["p"]))


def test_the_days_of_months_are_adjusted_as_in_r(reference):
    adjusted = seasonality.per_day(monthly(reference["y"], reference["start"]))
    assert adjusted.tolist() == close(reference["days"]["adjusted"])
