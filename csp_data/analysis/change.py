"""Change between two counts or rates, with its exact interval and a word for it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from csp_data.analysis.rates import CONFIDENCE, above_zero, counted, outside

SMALLEST_BASE = 50
"""No percentage change on a smaller base than this: the practice of ONS and the Home Office in tables of offences."""

Verdict = Literal["higher", "lower", "similar", ""]


@dataclass(frozen=True)
class Changes:
    """Changes as arrays, one element a pair; see ``percentage_change``."""

    percent: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    verdict: NDArray[np.str_]


def percentage_change(
    current: ArrayLike,
    previous: ArrayLike,
    current_population: ArrayLike = 1.0,
    previous_population: ArrayLike = 1.0,
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:
    """Percentage change of counts, or of rates when populations are given; a row a pair.

    The interval is exact: given the sum of both counts the current one is binomial, so the limits of its share
    (Clopper and Pearson 1934) give those of the ratio, as R's ``poisson.test`` does.

    Returns
    -------
    Columns ``percent`` (NaN when the previous count is 0: there is no percentage of nothing), ``lower``, ``upper``
    (in percent; ``upper`` is infinite when the previous count is 0) and
    ``verdict`` ("higher" or "lower" when the interval leaves out no change, "similar" when it does not, "" when a count
    is missing or both are 0).

    Raises
    ------
    ValueError
        When a count is negative or infinite, a population not above zero, or the confidence not between 0 and 1.
    """
    return pd.DataFrame(vars(changes(current, previous, current_population, previous_population, confidence)))


def changes(
    current: ArrayLike,
    previous: ArrayLike,
    current_population: ArrayLike = 1.0,
    previous_population: ArrayLike = 1.0,
    confidence: float = CONFIDENCE,
) -> Changes:
    """What ``percentage_change`` gives, as plain arrays."""
    x1, x0, n1, n0 = _pairs(current, previous, current_population, previous_population)
    known = ~np.isnan(x1) & ~np.isnan(x0) & ~np.isnan(n1) & ~np.isnan(n0)
    something = known & (x1 + x0 > 0)
    alpha = outside(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(something & (x0 > 0), 100 * ((x1 / n1) / (x0 / n0) - 1), np.nan)
        low_share = np.where(x1 == 0, 0.0, stats.beta.ppf(alpha / 2, x1, x0 + 1))
        high_share = np.where(x0 == 0, 1.0, stats.beta.ppf(1 - alpha / 2, x1 + 1, x0))
        exposure = n0 / n1
        lower = np.where(something, 100 * (low_share / (1 - low_share) * exposure - 1), np.nan)
        upper = np.where(something, 100 * (high_share / (1 - high_share) * exposure - 1), np.nan)
    verdict = np.where(lower > 0, "higher", np.where(upper < 0, "lower", np.where(something, "similar", "")))
    return Changes(percent, lower, upper, verdict)


def lognormal_interval(
    current: ArrayLike,
    previous: ArrayLike,
    current_population: ArrayLike = 1.0,
    previous_population: ArrayLike = 1.0,
    confidence: float = CONFIDENCE,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Approximate limits of a percentage change, from the logarithm of the ratio (standard error: the root of 1/current +
    1/previous); NaN where either count is 0 or missing. For checking against sources that use it: the product shows the
    exact limits of ``changes``. Errors as ``percentage_change``."""
    x1, x0, n1, n0 = _pairs(current, previous, current_population, previous_population)
    usable = (x1 > 0) & (x0 > 0)
    x1, x0 = np.where(usable, x1, np.nan), np.where(usable, x0, np.nan)
    middle = np.log((x1 / n1) / (x0 / n0))
    reach = stats.norm.ppf(1 - outside(confidence) / 2) * np.sqrt(1 / x1 + 1 / x0)
    return 100 * (np.exp(middle - reach) - 1), 100 * (np.exp(middle + reach) - 1)


def p_value(current: int, previous: int, current_population: float = 1.0, previous_population: float = 1.0) -> float:
    """Two-sided exact probability of a change at least as unlikely, were there none (R's ``poisson.test``); 1 when both
    counts are 0.

    Raises
    ------
    ValueError
        When a count is missing, negative or no whole number, or a population not above zero.
    """
    (x1,), (x0,), (n1,), (n0,) = _pairs(current, previous, current_population, previous_population)
    if x1 % 1 != 0 or x0 % 1 != 0:
        raise ValueError("an exact probability is of two whole counts")
    return float(stats.binomtest(int(x1), int(x1 + x0), n1 / (n1 + n0)).pvalue) if x1 + x0 else 1.0


def _pairs(
    current: ArrayLike, previous: ArrayLike, current_population: ArrayLike, previous_population: ArrayLike
) -> tuple[NDArray[np.float64], ...]:
    """Counts and populations, checked and of one shape."""
    populations = (above_zero(people, "a population") for people in (current_population, previous_population))
    return tuple(np.broadcast_arrays(counted(current), counted(previous), *populations))
