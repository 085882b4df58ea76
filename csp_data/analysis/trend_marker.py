"""The recent trend of a yearly figure, as Fingertips marks it: over exactly the five latest points.

Source: Fingertips, recent trends (TrendMarkerCalculator): a line weighted by the intervals, its slope tested at 99.8%
and held to keep its sign whichever point is left out.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from csp_data.analysis.benchmark import Polarity

POINTS = 5
CONFIDENCE = 0.998
INTERVAL_WIDTH = 3.92
"""Standard errors between the limits of a 95% interval, as Fingertips counts them."""

Marker = Literal["increasing", "decreasing", "no significant change", "cannot be calculated"]
Judgement = Literal["getting better", "getting worse", ""]


@dataclass(frozen=True)
class Trend:
    """The recent trend. ``slope`` is the change a point (year) in the unit of the values; ``chi2`` the test statistic on
    one degree of freedom; ``leave_one_out`` the slope without each point in turn; ``stable_sign`` whether all these slopes
    have one sign; NaN and empty when it cannot be calculated, with a sentence in ``reason``."""

    marker: Marker
    slope: float = float("nan")
    chi2: float = float("nan")
    leave_one_out: tuple[float, ...] = ()
    stable_sign: bool = False
    reason: str = ""


def recent_trend(values: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Trend:
    """Trend of the five latest points.

    Parameters
    ----------
    values, lower, upper : a figure a year with its 95% interval, oldest first and a year apart; NaN for a year without
        one. Rolling figures share their data from one point to the next and give false trends: do not pass them.

    Raises
    ------
    ValueError
        When the three differ in length, a number is infinite, or a lower limit lies above its upper one.
    """
    y, low, high = (np.atleast_1d(np.asarray(v, dtype=float)) for v in (values, lower, upper))
    if not len(y) == len(low) == len(high):
        raise ValueError("each value needs a lower and an upper limit")
    if np.isinf([y, low, high]).any():
        raise ValueError("a value or limit is infinite")
    if np.any(low > high):
        raise ValueError("a lower limit lies above its upper one")
    if len(y) < POINTS:
        return Trend("cannot be calculated", reason=f"A recent trend needs {POINTS} points; there are {len(y)}.")
    y, error = y[-POINTS:], (high[-POINTS:] - low[-POINTS:]) / INTERVAL_WIDTH
    if np.isnan(y).any() or np.isnan(error).any():
        return Trend("cannot be calculated", reason=f"A figure is missing in the latest {POINTS}.")
    if np.any(error <= 0):
        return Trend("cannot be calculated", reason=f"An interval has no width in the latest {POINTS}.")
    weights = 1 / error**2
    time = np.arange(1.0, POINTS + 1)
    slope, variance = _line(time, y, weights)
    chi2 = slope**2 / variance
    kept = [np.arange(POINTS) != left_out for left_out in range(POINTS)]
    without = tuple(_line(time[keep], y[keep], weights[keep])[0] for keep in kept)
    # A line through equal values is level: what is left of its slope is rounding of the machine, and has no sign.
    level = 1e-12 * float(np.abs(y).max())
    signs = {0 if abs(each) <= level else np.sign(each) for each in (slope, *without)}
    stable = len(signs) == 1
    marker: Marker = "no significant change"
    if chi2 > stats.chi2.ppf(CONFIDENCE, 1) and stable:
        marker = "increasing" if slope > 0 else "decreasing"
    return Trend(marker, slope, chi2, without, stable)


def judgement(marker: str, polarity: str) -> Judgement:
    """What a marker means where more is better or worse; "" where it means neither or there is no change.

    Raises
    ------
    ValueError
        When the polarity is not one of "lower is better", "higher is better", "neither".
    """
    if polarity not in get_args(Polarity):
        raise ValueError(f"there is no polarity '{polarity}': choose one of {', '.join(get_args(Polarity))}")
    if marker not in ("increasing", "decreasing") or polarity == "neither":
        return ""
    better = (marker == "increasing") == (polarity == "higher is better")
    return "getting better" if better else "getting worse"


def _line(time: NDArray, y: NDArray, weights: NDArray) -> tuple[float, float]:
    """Slope of the weighted line and its variance, the weights being one over known variances."""
    middle = np.average(time, weights=weights)
    spread = float(np.sum(weights * (time - middle) ** 2))
    return float(np.sum(weights * (time - middle) * y)) / spread, 1 / spread
