"""Control charts: rows small enough to work out on paper, then the values of the published tool."""

import math

import pandas as pd
import pytest

from csp_data.analysis import control_charts as charts
from csp_data.analysis.periods import month_number, month_text
from tests.reference_values import reference


def monthly(values, start="2023-04", every=1):
    first = month_number(start)
    return pd.Series(values, index=[month_text(first + i * every) for i in range(len(values))], dtype=float)


def causes(values, **settings):
    return charts.xmr(monthly(values), **settings).points["special_cause"].tolist()


def marked(values, **settings):
    """Where a point has a special cause, and which."""
    return {i: cause for i, cause in enumerate(causes(values, **settings)) if cause != "Common Cause"}


def limits(chart, i=0):
    return tuple(chart.points.loc[i, ["lpl", "mean", "upl"]].astype(float))


# Limits


def test_limits_are_the_mean_and_2_66_mean_moving_ranges():
    # Mean 12, moving ranges 2, 4, 6: 4 on average; 2.66 x 4 = 10.64
    chart = charts.xmr(monthly([10, 12, 16, 10]))
    assert limits(chart) == pytest.approx((1.36, 12, 22.64))


@pytest.mark.parametrize(("screen", "expected"), [(True, (-0.72, 1.94, 4.60)), (False, (-3.06, 1.94, 6.95))])
def test_screening_leaves_out_one_outlying_change_as_published(screen, expected):
    chart = charts.xmr(monthly([1, 2, 1, 2, 10, *[1, 2] * 6, 1]), screen=screen)
    assert [round(v, 2) for v in limits(chart)] == list(expected)
    assert chart.screened is screen
    assert ("Screening is on: differences of 3.267 times" in chart.settings) is screen
    assert ("Screening is off: every difference counts." in chart.settings) is not screen


def test_screening_is_done_once_and_leaves_out_what_is_on_the_threshold():
    # Moving ranges: 30 ones, one 4 and one 60. 3.267 x 94/32 = 9.6 drops the 60 alone, though 4 would be
    # dropped a second time round (3.267 x 34/31 = 3.6).
    y = [0, 1] * 15 + [0]
    y = [*y, 4, 64]
    chart = charts.xmr(monthly(y))
    assert limits(chart)[2] - limits(chart)[1] == pytest.approx(2.66 * 34 / 31)


def test_a_missing_month_is_a_gap_that_no_change_crosses():
    by_nan = charts.xmr(monthly([10, 12, math.nan, 20, 21]))
    left_out = charts.xmr(monthly([10, 12, math.nan, 20, 21]).dropna())
    for chart in (by_nan, left_out):
        assert chart.points["month"].tolist() == ["2023-04", "2023-05", "2023-06", "2023-07", "2023-08"]
        assert limits(chart) == pytest.approx((15.75 - 2.66 * 1.5, 15.75, 15.75 + 2.66 * 1.5))
        assert chart.points["status"].tolist() == ["available", "available", "missing", "available", "available"]
        assert chart.points["point_type"][2] == "no_data"
        assert chart.points["words"][2] == "no data"
        assert chart.points.loc[2, ["outside", "side", "close"]].isna().all()
        assert "1 point is missing: no line or rule crosses a gap." in chart.cautions


def test_limits_start_afresh_only_at_the_months_given():
    chart = charts.xmr(monthly([10, 12, 10, 12, 50, 54, 50, 54]), rebase=["2001-01", "2023-08", "2031-01"])
    assert chart.points["rebase_group"].tolist() == [0] * 4 + [1] * 4
    assert limits(chart) == pytest.approx((11 - 5.32, 11, 11 + 5.32))
    assert limits(chart, 4) == pytest.approx((52 - 10.64, 52, 52 + 10.64))
    assert chart.rebased == ("2023-08",)
    assert "Limits start afresh from August 2023." in chart.settings


def test_no_rule_crosses_a_break():
    y = [*[90, 110] * 6, 97, 98, 99, 100, 101, 102, 103, 95]
    assert marked(y) == dict.fromkeys(range(12, 19), "7 Point Trend (Increasing)")
    assert marked(y, rebase=["2024-07"]) == {}


def test_a_baseline_sets_the_limits_of_what_follows():
    chart = charts.xmr(monthly([10, 12] * 6 + [40, 44, 40]), baseline=12)
    assert limits(chart, 14) == pytest.approx((11 - 5.32, 11, 11 + 5.32))
    assert chart.points["special_cause"].tolist()[11:] == ["Common Cause", "Above UCL", "Above UCL", "Above UCL"]
    assert "The first 12 months set the limits." in chart.settings


def test_a_month_set_aside_is_judged_but_sets_no_limit():
    plain = charts.xmr(monthly([10, 12, 10, 12, 10, 12]))
    chart = charts.xmr(monthly([10, 12, 10, 90, 10, 12, 10, 12]), excluded=["2023-07", "2001-01"])
    # Left: 10, 12, 10 | 10, 12, 10, 12: mean 76/7, changes of 2
    assert limits(chart) == pytest.approx((76 / 7 - 5.32, 76 / 7, 76 / 7 + 5.32))
    assert (chart.points["special_cause"][3], chart.points["status"][3]) == ("Above UCL", "set aside")
    assert "Not used for the limits: July 2023." in chart.settings
    assert "Not used" not in plain.settings


def test_a_baseline_does_not_count_months_set_aside():
    y = [100, 100, *[10, 12] * 5, 16, 18, 30]
    chart = charts.xmr(monthly(y), baseline=12, excluded=["2023-04", "2023-05"])
    assert limits(chart) == pytest.approx((12 - 2.66 * 24 / 11, 12, 12 + 2.66 * 24 / 11))


def test_a_provisional_month_is_shown_but_neither_used_nor_judged():
    y = [10, 12, 10, 12, 1]
    assert marked(y) == {}
    chart = charts.xmr(monthly(y), provisional=["2023-08"])
    assert limits(chart) == pytest.approx((11 - 5.32, 11, 11 + 5.32))
    last = chart.points.iloc[-1]
    assert (last["value"], last["status"], last["special_cause"]) == (1, "provisional", "Provisional")
    assert (last["point_type"], last["words"]) == ("no_data", "provisional: not judged")
    assert chart.latest["month"] == "2023-07"
    assert "Provisional, so neither used nor judged: August 2023." in chart.settings


@pytest.mark.parametrize(("n", "short"), [(12, True), (13, False)])
def test_under_13_points_limits_are_on_trial(n, short):
    chart = charts.xmr(monthly(([10, 12] * 7)[:n]))
    assert chart.points["short_group"].tolist() == [short] * n
    assert any("trial limits, because they rest on fewer than 13 points" in said for said in chart.cautions) is short


def test_a_missing_month_is_no_point_of_a_group():
    assert charts.xmr(monthly([10, 12] * 6 + [math.nan, 10])).points["short_group"].tolist() == [False] * 14
    assert charts.xmr(monthly([10, 12] * 6 + [math.nan])).points["short_group"].tolist() == [True] * 13


def test_a_constant_series_has_no_variation_to_judge_by():
    chart = charts.xmr(monthly([12] * 14))
    assert chart.points["mean"].tolist() == [12] * 14
    assert chart.points[["lpl", "upl", "outside", "close"]].isna().all(axis=None)
    assert chart.points["no_variation"].all()
    assert set(chart.points["special_cause"]) == {"Common Cause"}
    assert chart.cautions == ("April 2023 to May 2024: no variation, so there are no limits to judge by.",)
    assert limits(charts.xmr(monthly([12] * 14), screen=False)) == (12, 12, 12)


def test_one_month_alone_has_no_limits():
    chart = charts.xmr(monthly([12]))
    assert math.isnan(limits(chart)[0])
    assert not chart.points["no_variation"].any()
    assert chart.points["special_cause"].tolist() == ["Common Cause"]


def test_all_missing_is_no_data():
    chart = charts.xmr(monthly([math.nan, math.nan]))
    assert chart.points["special_cause"].tolist() == ["No data", "No data"]
    assert chart.latest is None


# Rules. In each the last points keep the limits wide enough for the rule alone to fire.


def test_outside_is_strictly_beyond_a_limit():
    # A baseline of 12 with mean 10 and changes of 1: limits 7.34 and 12.66
    base = [9.5, 10.5] * 6
    y = [*base, 12.66, 10, 12.67, 10, 7.34, 10, 7.33]
    assert marked(y, baseline=12) == {14: "Above UCL", 18: "Below LCL"}


def test_a_trend_marks_all_of_its_seven_points():
    base = [90, 110] * 6
    up = [97, 98, 99, 100, 101, 102, 103]
    expected = dict.fromkeys(range(12, 19), "7 Point Trend (Increasing)")
    assert marked([*base, *up, 95], baseline=12) == expected
    assert marked([*base, *up[:-1], 95], baseline=12) == {}
    falling = dict.fromkeys(range(11, 19), "7 Point Trend (Decreasing)")
    assert marked([*base, *up[::-1], 110], baseline=12) == falling  # 110 then 103 falls too


def test_a_tie_breaks_a_trend():
    base = [90, 110] * 6
    assert marked([*base, 97, 98, 99, 99, 101, 102, 103, 95], baseline=12) == {}


def test_where_a_rise_turns_into_a_fall_the_top_belongs_to_the_fall():
    base = [90, 110] * 6
    y = [*base, 97, 98, 99, 100, 101, 102, 103, 102, 101, 100, 99, 98, 97]
    got = marked(y, baseline=12)
    assert [got[i] for i in (12, 17, 18, 24)] == [
        "7 Point Trend (Increasing)",
        "7 Point Trend (Increasing)",
        "7 Point Trend (Decreasing)",
        "7 Point Trend (Decreasing)",
    ]


def test_a_run_may_be_set_to_six_and_says_so():
    base = [90, 110] * 6
    y = [*base, 97, 98, 99, 101, 102, 103, 95]
    assert marked(y, baseline=12, run_length=6) == dict.fromkeys(range(12, 18), "6 Point Trend (Increasing)")
    assert "A trend is 6 points" in charts.xmr(monthly(y), run_length=6).settings


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        # Limits 7.34 and 12.66, near from 11.7733 and 8.2267
        ([12, 10.2, 12, 9], {12: "2 in 3 Above CL", 14: "2 in 3 Above CL"}),  # the one between is not marked
        ([12, 10.2, 12], {12: "2 in 3 Above CL", 14: "2 in 3 Above CL"}),  # up to the last point
        ([11.7, 11.7, 10.2, 9], {}),  # not in the outer third
        ([12, 12, 9], {}),  # three on one side it takes
        ([12, 10, 12, 9], {}),  # on the mean is on no side
        ([12, 13, 10.2, 9], {13: "Above UCL"}),  # beyond the limit is not close to it
        ([12, 13, 12, 9], {12: "2 in 3 Above CL", 13: "Above UCL", 14: "2 in 3 Above CL"}),
        ([8, 8, 9.9, 11], {12: "2 in 3 Below CL", 13: "2 in 3 Below CL"}),
    ],
)
def test_two_of_three_close_to_a_limit(tail, expected):
    base = [10.5, 9.5] * 6 if tail[0] > 10 else [9.5, 10.5] * 6
    assert marked([*base, *tail], baseline=12) == expected


def test_a_shift_marks_all_of_its_seven_points():
    base = [9, 11] * 5 + [11, 9]
    tail = [10.5, 10.6, 10.5, 10.6, 10.5, 10.6, 10.5, 9]
    assert marked([*base, *tail], baseline=12) == dict.fromkeys(range(12, 19), "7 Points Above CL")
    on_the_mean = [*tail[:3], 10, *tail[3:]]
    assert marked([*base, *on_the_mean], baseline=12) == {}
    assert marked([*base, *tail[:6], 9], baseline=12) == {}
    below = [11, 9] * 5 + [9, 11]
    assert marked([*below, *[20 - v for v in tail]], baseline=12) == dict.fromkeys(range(12, 19), "7 Points Below CL")


def test_the_first_rule_that_fires_names_the_point():
    # Rising throughout, above the mean throughout: beyond the limit, then trend, before close or shift
    base = [9.5, 10.5] * 5 + [10.5, 9.5]
    y = [*base, 10.2, 10.4, 10.6, 11.0, 11.9, 12.2, 13.0]
    got = marked(y, baseline=12)
    assert [got[i] for i in range(12, 19)] == ["7 Point Trend (Increasing)"] * 6 + ["Above UCL"]
    # Not rising: close comes before shift
    y = [*base, 10.2, 10.4, 10.3, 11.9, 11.8, 12.0, 10.1, 9]
    got = marked(y, baseline=12)
    assert [got[i] for i in range(12, 19)] == ["7 Points Above CL"] * 3 + ["2 in 3 Above CL"] * 3 + [
        "7 Points Above CL"
    ]


def test_a_gap_breaks_a_run():
    base = [90, 110] * 6
    up = [97, 98, 99, math.nan, 101, 102, 103, 104]
    assert marked([*base, *up, 95], baseline=12) == {15: "No data"}


def test_a_rate_on_the_mean_is_on_it_in_spite_of_rounding():
    # (0.1 + 0.2 + 0.3) / 3 is not quite 0.2 to the machine
    assert charts.xmr(monthly([0.1, 0.2, 0.3])).points["side"].tolist() == [-1, 0, 1]


@pytest.mark.parametrize(
    ("improvement", "high", "low"),
    [
        ("decrease", "special_cause_concern", "special_cause_improvement"),
        ("increase", "special_cause_improvement", "special_cause_concern"),
        ("neutral", "special_cause_neutral_high", "special_cause_neutral_low"),
    ],
)
def test_what_a_signal_means_depends_on_the_direction_that_is_better(improvement, high, low):
    chart = charts.xmr(monthly([*[9.5, 10.5] * 6, 13, 7]), improvement, baseline=12)
    assert chart.points["point_type"].tolist()[-3:] == ["common_cause", high, low]
    assert chart.points["words"].tolist()[-2:] == ["above the upper limit", "below the lower limit"]


@pytest.mark.parametrize(
    ("target", "improvement", "expected"),
    [
        (13, "decrease", "consistent_pass"),
        (7, "decrease", "consistent_fail"),
        (13, "increase", "consistent_fail"),
        (7, "increase", "consistent_pass"),
        (10, "increase", "inconsistent"),
        (12.5, "decrease", "inconsistent"),  # on the limit
        (13, "neutral", ""),
        (None, "decrease", ""),
    ],
)
def test_whether_a_target_would_be_met(target, improvement, expected):
    assert charts.assurance(target, 7.5, 12.5, improvement) == expected
    assert charts.assurance(target, math.nan, math.nan, improvement) == ""


def test_assurance_is_of_the_last_limits():
    y = monthly([10, 12, 10, 12, 50, 54, 50, 54])
    assert charts.xmr(y, "decrease", target=30).assurance == "inconsistent"
    assert charts.xmr(y, "decrease", target=30, rebase=["2023-08"]).assurance == "consistent_fail"
    assert charts.xmr(y, "decrease", target=30).target == 30


# Low counts


def test_few_a_month_are_shown_by_quarter():
    counts = monthly([4, 5, 5, 5, 5, 5], start="2023-04")
    grain = charts.months_or_quarters(counts)
    assert (grain.every, grain.enough) == (3, True)
    assert grain.values.to_dict() == {"2023-04": 14, "2023-07": 15}
    assert grain.reason == "Shown by quarter: on average there are fewer than 5 a month."


def test_five_a_month_are_enough():
    grain = charts.months_or_quarters(monthly([4, 6, 5]))
    assert (grain.every, grain.enough, grain.reason) == (1, True, "")
    assert grain.values.tolist() == [4, 6, 5]


def test_an_unfinished_month_does_not_make_a_series_low():
    counts = monthly([5, 5, 5, 1])
    assert charts.months_or_quarters(counts).every == 3
    assert charts.months_or_quarters(counts, provisional=["2023-07"]).every == 1


def test_too_few_even_by_quarter_is_said():
    grain = charts.months_or_quarters(monthly([1, 2, 1]))
    assert (grain.every, grain.enough) == (3, False)
    assert grain.reason.endswith("Even by quarter there are too few to tell chance from change.")
    nothing = charts.months_or_quarters(monthly([math.nan]))
    assert (nothing.enough, nothing.reason) == (False, "There is no complete month.")


def test_a_quarter_with_a_month_missing_is_missing():
    counts = monthly([9, 1, 2, 3, 4, math.nan, 6, 0, 0, 0, 7], start="2023-03")
    got = charts.quarters(counts)
    assert got.index.tolist() == ["2023-01", "2023-04", "2023-07", "2023-10", "2024-01"]
    assert [None if math.isnan(v) else v for v in got] == [None, 6, None, 0, None]


def test_quarters_are_charted_with_their_months_named():
    quarterly = monthly([10, 12, 10, 12, 30], start="2023-04", every=3)
    chart = charts.xmr(quarterly, every=3, rebase=["2023-11"], provisional=["2024-05"])
    assert chart.points["month"].tolist() == ["2023-04", "2023-07", "2023-10", "2024-01", "2024-04"]
    assert chart.points["rebase_group"].tolist() == [0, 0, 1, 1, 1]
    assert chart.points["status"].tolist() == ["available"] * 4 + ["provisional"]
    assert "one quarter and the next" in chart.settings
    gap = charts.xmr(quarterly.drop("2023-10"), every=3)
    assert gap.points["status"].tolist() == ["available", "available", "missing", "available", "available"]


# What is refused


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"baseline": 11}, "a baseline is of at least 12 points, not 11"),
        ({"run_length": 5}, "a run is of 6, 7 or 8 points, not 5"),
        ({"improvement": "up"}, "'up' is not a direction of improvement"),
        ({"target": math.inf}, "a target is a finite number"),
        ({"rebase": ["April 2023"]}, "'April 2023' is not a month"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        charts.xmr(monthly([1, 2, 3]), **settings)


# The published tool


@pytest.fixture
def cases():
    return reference("spc_xmr")["cases"]


def test_every_limit_flag_and_signal_of_the_published_tool(cases):
    for case in cases:
        chart = charts.xmr(
            monthly([math.nan if v is None else v for v in case["y"]], case["start_month"][:7]),
            case["improvement_direction"],
            screen=case["screen_outliers"],
            rebase=[day[:7] for day in case["rebase"]],
            baseline=case["fix_after_n_points"],
            target=case["target"],
        )
        points = chart.points
        for column in ("mean", "lpl", "upl"):
            expected = [math.nan if v is None else v for v in case[column]]
            assert points[column].tolist() == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True), case["name"]
        for column in ("rebase_group", "outside", "side", "close", "short_group"):
            got = [None if pd.isna(v) else int(v) for v in points[column]]
            assert got == case[column], (case["name"], column)
        there = [v is not None for v in case["y"]]  # what the tool says of a missing month means nothing
        for column in ("special_cause", "point_type"):
            got = [v for v, known in zip(points[column], there, strict=True) if known]
            assert got == [v for v, known in zip(case[column], there, strict=True) if known], (case["name"], column)
        assert (chart.assurance or None) == case["assurance_last"]
    assert len(cases) >= 8
