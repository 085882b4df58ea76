"""The recent trend: rows small enough to work out on paper, then the values of Fingertips' rule."""

import math

import numpy as np
import pytest
from reference_values import close, reference

from csp_data.analysis import rates
from csp_data.analysis.trend_marker import judgement, recent_trend


def trend(values, half=1.96):
    values = np.array(values, dtype=float)
    return recent_trend(values, values - half, values + half)  # standard error 1 with half a width of 1.96


def test_a_steady_rise_of_more_than_chance():
    # Standard error 1 each: variance of the slope 1/10, so a slope of 1 has chi-squared 10, over 9.55
    found = trend([1, 2, 3, 4, 5])
    assert (found.slope, found.chi2) == (close(1), close(10))
    assert found.leave_one_out == close((1, 1, 1, 1, 1))
    assert found.marker == "increasing"
    assert trend([5, 4, 3, 2, 1]).marker == "decreasing"


def test_a_slope_of_0_97_is_within_chance():
    found = trend([0, 0.97, 1.94, 2.91, 3.88])
    assert found.chi2 == close(9.409)
    assert found.marker == "no significant change"


def test_a_trend_that_hangs_on_one_point_is_none():
    found = trend([5, 4.5, 4, 3.5, 30])
    assert found.chi2 > 9.55
    assert not found.stable_sign
    assert found.leave_one_out[4] == close(-0.5)
    assert found.marker == "no significant change"


@pytest.mark.parametrize("others", [0, 75.1, -3.3])
def test_a_trend_that_is_level_but_for_the_last_point_is_none(others):
    found = trend([others] * 4 + [others + 30])
    assert found.chi2 > 9.55
    assert found.marker == "no significant change"


def test_more_exact_points_weigh_more():
    # The last point has twice the standard error, so a quarter of the weight: 10/11 where equal weights give 2
    found = recent_trend([0, 0, 0, 0, 10], [-1.96] * 4 + [6.08], [1.96] * 4 + [13.92])
    assert found.slope == close(10 / 11)


def test_only_the_latest_five_points_count():
    assert trend([90, 1, 2, 3, 4, 5]) == trend([1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    ("values", "half", "reason"),
    [
        ([1, 2, 3, 4], 1.96, "A recent trend needs 5 points; there are 4."),
        ([1, 2, np.nan, 4, 5], 1.96, "A figure is missing in the latest 5."),
        ([1, 2, 3, 4, 5], 0, "An interval has no width in the latest 5."),
    ],
)
def test_what_cannot_be_calculated_says_why(values, half, reason):
    found = trend(values, half)
    assert (found.marker, found.reason) == ("cannot be calculated", reason)
    assert math.isnan(found.slope)


def test_a_missing_point_before_the_latest_five_does_no_harm():
    assert trend([np.nan, 1, 2, 3, 4, 5]).marker == "increasing"


def test_a_missing_value_with_limits_is_missing():
    assert recent_trend([1, 2, np.nan, 4, 5], [0, 1, 2, 3, 4], [2, 3, 4, 5, 6]).marker == "cannot be calculated"


def test_limits_are_finite_and_in_order():
    with pytest.raises(ValueError, match="above its upper"):
        recent_trend([1] * 5, [2] * 5, [0] * 5)
    with pytest.raises(ValueError, match="infinite"):
        trend([1, 2, 3, 4, math.inf])


def test_every_value_needs_its_limits():
    with pytest.raises(ValueError, match="lower and an upper"):
        recent_trend([1, 2], [1], [2])


@pytest.mark.parametrize(
    ("marker", "polarity", "meaning"),
    [
        ("increasing", "lower is better", "getting worse"),
        ("decreasing", "lower is better", "getting better"),
        ("increasing", "higher is better", "getting better"),
        ("decreasing", "higher is better", "getting worse"),
        ("increasing", "neither", ""),
        ("no significant change", "lower is better", ""),
        ("cannot be calculated", "lower is better", ""),
    ],
)
def test_what_a_marker_means_depends_on_polarity(marker, polarity, meaning):
    assert judgement(marker, polarity) == meaning


def test_an_unknown_polarity_is_refused():
    with pytest.raises(ValueError, match="no polarity 'up'"):
        judgement("increasing", "up")


def test_reference_markers():
    cases = reference("fingertips_trend")["cases"]
    for case in cases:
        value, lower, upper = rates.rate(case["counts"], case["population"], case["multiplier"])
        assert value.tolist() == close(case["value"])
        found = recent_trend(value, lower, upper)
        assert (found.slope, found.chi2) == (close(case["slope"]), close(case["chi2"]))
        assert list(found.leave_one_out) == close(case["loo_slopes"])
        assert found.stable_sign == case["stable_sign"]
        assert found.marker == case["marker"]
        assert (found.marker != "no significant change") == case["significant"]
    assert len(cases) >= 3
