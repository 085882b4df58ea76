"""XmR control charts: which months are more than the usual ups and downs, and whether a target can be met.

The published method is "Making Data Count" of NHS England, as its R package NHSRplotthedots computes it (Provost and
Murray 2011; screening after Nelson 1982, Journal of Quality Technology 14:172): the mean of the values, plus and minus
2.66 times the mean difference between one point and the next (the moving range).

Chart monthly values, or quarters where counts are low: not totals to date or rolling 12 months, whose points share
months and give false signals. Where the population changes, chart the rate. A lower limit below zero is kept, because
the rules use it: draw it from zero.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis.periods import month_label, month_number, month_text, runs, with_gaps

LIMIT = 2.66
"""Mean moving ranges from the mean to a limit, as published (rounded from 3 / 1.128)."""
NEAR = LIMIT * 2 / 3
SCREEN = 3.267
"""A moving range of this many mean moving ranges or more is screened out."""
RUN = 7
SHORTEST_BASELINE = 12
TRIAL_BELOW = 13
"""A group of fewer points has trial limits."""
LOW_COUNT = 5
"""On a lower mean count a chart of single months misleads."""

Improvement = Literal["decrease", "increase", "neutral"]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent", ""]

NO_DATA = "No data"
PROVISIONAL = "Provisional"
COMMON_CAUSE = "Common Cause"


@dataclass(frozen=True)
class ControlChart:
    """An XmR chart as numbers, with the settings it was made under.

    ``points``: a row a month (or quarter) from the first to the last, in order, with

    - ``month`` ("2019-04"; of a quarter its first), ``value`` (as given; NaN missing)
    - ``status``: "available", "missing", "set aside" (judged, but not in the limits) or "provisional" (neither)
    - ``rebase_group``: 0, and one more from each break on
    - ``mean``, ``lpl``, ``upl``: the mean and the lower and upper process limits of the group, in the unit of the
      values; NaN limits where there is no moving range, or screening leaves none (a constant series)
    - ``outside`` (beyond a limit), ``side`` (1 above the mean, -1 below, 0 on it), ``close`` (within the limits and in
      the outer third on its side): missing where there is no value to judge or no limit
    - ``special_cause``: the first rule that fires, as the published tool names it ("Above UCL", "Below LCL",
      "7 Point Trend (Increasing)", "2 in 3 Below CL", "7 Points Above CL" ...), or "Common Cause", "No data",
      "Provisional"; ``words`` says it plainly
    - ``point_type``: "common_cause", "special_cause_improvement", "special_cause_concern",
      "special_cause_neutral_high", "special_cause_neutral_low", or "no_data"
    - ``short_group``: the group has fewer than 13 points in its limits, which are then trial limits
    - ``no_variation``: nothing is left to make limits of: every value is the same, or all change is screened out

    ``assurance``: whether a target would be met month after month ("consistent_pass", "consistent_fail" or
    "inconsistent"), by the last limits; "" without a target, a direction or limits.
    """

    points: pd.DataFrame
    improvement: Improvement
    screened: bool
    run_length: int
    baseline: int | None
    rebased: tuple[str, ...]
    excluded: tuple[str, ...]
    provisional: tuple[str, ...]
    target: float | None
    assurance: Assurance
    every: int

    @property
    def settings(self) -> str:
        """How the limits and rules were made, to print under the chart."""
        unit = "month" if self.every == 1 else "quarter" if self.every == 3 else "point"
        said = [
            f"Limits are the mean plus or minus {LIMIT} times the mean difference between one {unit} and the next.",
            f"Screening is on: differences of {SCREEN} times their mean or more are left out of it, once."
            if self.screened
            else "Screening is off: every difference counts.",
            f"A trend is {self.run_length} points rising or falling in a row, a shift {self.run_length} in a row on one "
            "side of the mean.",
        ]
        if self.baseline:
            said.append(f"The first {self.baseline} {unit}s set the limits.")
        if self.rebased:
            said.append(f"Limits start afresh from {_and(month_label(month) for month in self.rebased)}.")
        if self.excluded:
            said.append(f"Not used for the limits: {_and(span.label for span in runs(self.excluded))}.")
        if self.provisional:
            said.append(f"Provisional, so neither used nor judged: {_and(s.label for s in runs(self.provisional))}.")
        return " ".join(said)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to say beside the chart of limits that rest on little. None when there is nothing to say."""
        said = []
        for _, group in self.points.groupby("rebase_group"):
            span = f"{month_label(group['month'].iloc[0])} to {month_label(group['month'].iloc[-1])}"
            if group["no_variation"].any():
                said.append(f"{span}: no variation, so there are no limits to judge by.")
            elif group["short_group"].any():
                said.append(f"{span}: trial limits, because they rest on fewer than {TRIAL_BELOW} points.")
        missing = int((self.points["status"] == "missing").sum())
        if missing:
            said.append(
                f"{missing} {'point is' if missing == 1 else 'points are'} missing: no line or rule crosses a gap."
            )
        return tuple(said)

    @property
    def latest(self) -> pd.Series | None:
        """The last point that is judged; None when there is none."""
        judged = [n for n, status in enumerate(self.points["status"].tolist()) if status in ("available", "set aside")]
        return self.points.iloc[judged[-1]] if judged else None


def xmr(
    values: pd.Series,
    improvement: Improvement = "neutral",
    *,
    screen: bool = True,
    rebase: Collection[str] = (),
    baseline: int | None = None,
    target: float | None = None,
    run_length: int = RUN,
    excluded: Collection[str] = (),
    provisional: Collection[str] = (),
    every: int = 1,
) -> ControlChart:
    """An XmR chart of a series.

    The rules, the first that fires naming the point: (1) beyond a limit; (2) a trend: ``run_length`` points rising or
    falling, a tie breaking it; (3) two of three: three in a row on one side of the mean, at least two of them close to
    the limit, the close ones being marked; (4) a shift: ``run_length`` in a row on one side, a point on the mean
    breaking it. A trend or shift marks all its points, the earlier ones too.

    Parameters
    ----------
    values : a number a month, indexed by month; with ``every=3`` a number a quarter, indexed by its first month (see
        ``quarters``). A month left out in between, or NaN, is missing: no moving range and no rule crosses it.
    improvement : the direction that is better; "neutral" when neither is.
    screen : leave moving ranges of 3.267 times their mean or more out of the mean, once. The values stay in theirs.
    rebase : months from which mean, limits and rules start afresh; only those given, at dated events. A month outside
        the series has no effect.
    baseline : the first so many months of each group set its limits, 12 or more; a missing month is one of them, one
        set aside is not.
    excluded : months set aside: shown and judged, but in neither mean nor moving range.
    provisional : months not complete: shown only. With ``every=3``, the quarter of such a month is.

    Raises
    ------
    ValueError
        When the series is empty, has a month twice or an infinite value; when a setting is not one of those above.
    """
    if improvement not in ("decrease", "increase", "neutral"):
        raise ValueError(f"'{improvement}' is not a direction of improvement: use decrease, increase or neutral")
    if baseline is not None and baseline < SHORTEST_BASELINE:
        raise ValueError(f"a baseline is of at least {SHORTEST_BASELINE} points, not {baseline}")
    if run_length not in (6, 7, 8):
        raise ValueError(f"a run is of 6, 7 or 8 points, not {run_length}")
    if target is not None and not math.isfinite(target):
        raise ValueError("a target is a finite number")
    series = with_gaps(values, every)
    months, y = list(series.index), series.to_numpy()
    breaks = _positions(rebase, months, every)
    set_aside, unsure = _positions(excluded, months, every), _positions(provisional, months, every)
    group = np.cumsum([i in breaks for i in range(len(y))])
    used = ~np.isin(np.arange(len(y)), [*set_aside, *unsure])
    judged = np.where(np.isin(np.arange(len(y)), [*unsure]), np.nan, y)

    parts = [
        _group(judged[group == g], used[group == g], screen, baseline, run_length, improvement)
        for g in np.unique(group)
    ]
    judgements = parts[0] if len(parts) == 1 else pd.concat(map(pd.DataFrame, parts), ignore_index=True)
    statuses, plain = _status(y, set_aside, unsure), _plain(run_length)
    causes = [
        PROVISIONAL if status == "provisional" else cause
        for status, cause in zip(statuses, judgements["special_cause"], strict=True)
    ]
    points = pd.DataFrame(
        {
            "month": months,
            "value": y,
            "status": statuses,
            "rebase_group": group,
            **judgements,
            "special_cause": causes,
            "words": [plain[cause] for cause in causes],
        }
    )
    return ControlChart(
        points=points,
        improvement=improvement,
        screened=screen,
        run_length=run_length,
        baseline=baseline,
        rebased=tuple(months[i] for i in sorted(breaks) if i),
        excluded=_inside(excluded, months, every),
        provisional=_inside(provisional, months, every),
        target=target,
        assurance=assurance(target, *(float(points[limit].iloc[-1]) for limit in ("lpl", "upl")), improvement),
        every=every,
    )


def assurance(target: float | None, lpl: float, upl: float, improvement: Improvement) -> Assurance:
    """Whether a process between two limits meets a target.

    A target beyond a limit is met every time or never, by which side is better; one between them, or on one, by chance.
    "" when there is no target, neither side is better, or there are no limits.
    """
    if target is None or improvement == "neutral" or math.isnan(lpl) or math.isnan(upl):
        return ""
    if lpl <= target <= upl:
        return "inconsistent"
    return "consistent_fail" if (target > upl) == (improvement == "increase") else "consistent_pass"


# Low counts


@dataclass(frozen=True)
class Grain:
    """What to chart: ``values`` to give to ``xmr`` with ``every`` (1 month or 3). ``reason`` is a sentence when it is
    not the months, or not enough even so; ``enough`` is false when even quarters are too few for a chart to be read."""

    values: pd.Series
    every: int
    enough: bool
    reason: str


def months_or_quarters(counts: pd.Series, provisional: Collection[str] = ()) -> Grain:
    """Months, or quarters where the mean count of the months there is below 5.

    Parameters
    ----------
    counts : a count a month, indexed by month; NaN missing. Not rates: they do not add up.
    provisional : months not complete, left out of that mean.
    """
    monthly = with_gaps(counts)
    known = monthly[~monthly.index.isin(list(provisional))].dropna()
    if known.empty:
        return Grain(monthly, 1, False, "There is no complete month.")
    mean = float(known.mean())
    if mean >= LOW_COUNT:
        return Grain(monthly, 1, True, "")
    by_quarter = quarters(counts)
    reason = f"Shown by quarter: on average there are fewer than {LOW_COUNT} a month."
    enough = bool(by_quarter.notna().any()) and 3 * mean >= LOW_COUNT
    if not enough:
        reason += " Even by quarter there are too few to tell chance from change."
    return Grain(by_quarter, 3, enough, reason)


def quarters(counts: pd.Series) -> pd.Series:
    """Counts by quarter (from January, April, July and October), indexed by its first month.

    A quarter with a month missing, also before the first or after the last of the series, is NaN.
    """
    monthly = with_gaps(counts)
    numbers = np.array([month_number(month) for month in monthly.index])
    summed = monthly.groupby(numbers // 3).sum(min_count=3)
    return pd.Series(
        summed.to_numpy(),
        index=pd.Index([month_text(int(q) * 3) for q in summed.index], name="month", dtype="str"),
        name=counts.name,
    )


# One group: the points between two breaks


def _group(
    y: NDArray, used: NDArray, screen: bool, baseline: int | None, run_length: int, improvement: Improvement
) -> dict[str, Any]:
    """The limits, flags and signals of the points of a group, as columns; NaN in ``y`` where there is nothing to judge."""
    setting = used if baseline is None else used & (np.cumsum(used) <= baseline)
    basis = np.where(setting, y, np.nan)
    mean = _mean(basis)
    ranges = np.abs(np.diff(basis))
    range_mean = _mean(ranges)
    if screen:
        range_mean = _mean(ranges[_above(SCREEN * range_mean, ranges)])
    lower, upper = mean - LIMIT * range_mean, mean + LIMIT * range_mean
    unknown = np.isnan(y)
    no_limits = unknown | math.isnan(range_mean)
    high, low = _above(y, upper), _above(lower, y)
    side = np.where(_above(y, mean), 1, np.where(_above(mean, y), -1, 0))
    close = ~high & ~low & (_above(y, mean + NEAR * range_mean) | _above(mean - NEAR * range_mean, y))
    causes, directions = _signals(y, side, high, low, close, run_length)
    types = [_point_type(d, improvement) for d in directions]
    return {
        "mean": mean,
        "lpl": lower,
        "upl": upper,
        "outside": pd.arrays.BooleanArray(high | low, no_limits.copy()),
        "side": pd.arrays.IntegerArray(side.astype(np.int64), unknown.copy()),
        "close": pd.arrays.BooleanArray(close, no_limits.copy()),
        "special_cause": [NO_DATA if gone else cause for gone, cause in zip(unknown.tolist(), causes, strict=True)],
        "point_type": ["no_data" if gone else type_ for gone, type_ in zip(unknown.tolist(), types, strict=True)],
        "short_group": int(np.sum(used & ~unknown)) < TRIAL_BELOW,
        "no_variation": bool(np.any(~np.isnan(ranges))) and not range_mean > 0,
    }


def _signals(
    y: NDArray, side: NDArray, high: NDArray, low: NDArray, close: NDArray, run_length: int
) -> tuple[list[str], list[int]]:
    """Each point's special cause, and whether it is up (1), down (-1) or none (0)."""
    known = ~np.isnan(y)
    step = np.where(_above(y[1:], y[:-1]), 1, np.where(_above(y[:-1], y[1:]), -1, 0))
    place = np.where(known, side, 0)
    trend, near, shift = np.zeros(len(y), dtype=int), np.zeros(len(y), dtype=int), np.zeros(len(y), dtype=int)
    for first in range(len(y) - run_length + 1):
        window = slice(first, first + run_length)
        moves = step[first : first + run_length - 1]
        if abs(moves.sum()) == run_length - 1:
            trend[window] = moves[0]  # where a rise turns into a fall, the top belongs to the later run
        if abs(place[window].sum()) == run_length:
            shift[window] = place[first]
    for first in range(len(y) - 2):
        window = slice(first, first + 3)
        if abs(place[window].sum()) == 3 and close[window].sum() >= 2:
            near[window] = np.where(close[window], place[first], near[window])
    causes, directions = [], []
    for i in range(len(y)):
        side_words = {1: "Above", -1: "Below"}
        if high[i] or low[i]:
            cause, direction = ("Above UCL", 1) if high[i] else ("Below LCL", -1)
        elif trend[i]:
            direction = int(trend[i])
            cause = f"{run_length} Point Trend ({'Increasing' if direction > 0 else 'Decreasing'})"
        elif near[i]:
            direction = int(near[i])
            cause = f"2 in 3 {side_words[direction]} CL"
        elif shift[i]:
            direction = int(shift[i])
            cause = f"{run_length} Points {side_words[direction]} CL"
        else:
            cause, direction = COMMON_CAUSE, 0
        causes.append(cause)
        directions.append(direction)
    return causes, directions


def _point_type(direction: int, improvement: Improvement) -> str:
    if direction == 0:
        return "common_cause"
    if improvement == "neutral":
        return "special_cause_neutral_high" if direction > 0 else "special_cause_neutral_low"
    better = (direction > 0) == (improvement == "increase")
    return "special_cause_improvement" if better else "special_cause_concern"


def _plain(run_length: int) -> dict[str, str]:
    """Special causes in plain words."""
    return {
        COMMON_CAUSE: "within the usual ups and downs",
        NO_DATA: "no data",
        PROVISIONAL: "provisional: not judged",
        "Above UCL": "above the upper limit",
        "Below LCL": "below the lower limit",
        f"{run_length} Point Trend (Increasing)": f"one of {run_length} or more points rising in a row",
        f"{run_length} Point Trend (Decreasing)": f"one of {run_length} or more points falling in a row",
        "2 in 3 Above CL": "one of at least two in three points close to the upper limit",
        "2 in 3 Below CL": "one of at least two in three points close to the lower limit",
        f"{run_length} Points Above CL": f"one of {run_length} or more points in a row above the mean",
        f"{run_length} Points Below CL": f"one of {run_length} or more points in a row below the mean",
    }


# Small parts


def _above(a: NDArray | float, b: NDArray | float) -> NDArray:
    """Whether a is above b by more than the rounding of the machine, so that a rate on the mean is on it."""
    return np.subtract(a, b) > 1e-12 * np.maximum(np.abs(a), np.abs(b))


def _mean(x: NDArray) -> float:
    there = x[~np.isnan(x)]
    return math.fsum(there) / len(there) if len(there) else math.nan


def _positions(wanted: Collection[str], months: list[str], every: int) -> set[int]:
    """The points that hold the months asked for."""
    first = month_number(months[0])
    found = {(month_number(month) - first) // every for month in wanted}
    return {i for i in found if 0 <= i < len(months)}


def _inside(wanted: Collection[str], months: list[str], every: int) -> tuple[str, ...]:
    first, last = month_number(months[0]), month_number(months[-1]) + every - 1
    return tuple(sorted({month for month in wanted if first <= month_number(month) <= last}))


def _status(y: NDArray, set_aside: set[int], unsure: set[int]) -> list[str]:
    return [
        "missing"
        if math.isnan(value)
        else "provisional"
        if i in unsure
        else "set aside"
        if i in set_aside
        else "available"
        for i, value in enumerate(y)
    ]


def _and(parts: Iterable[str]) -> str:
    """ "a, b and c"."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
