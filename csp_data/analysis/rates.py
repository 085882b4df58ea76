"""Intervals of counts, rates and proportions, as Public Health England's technical guide publishes them.

Source: PHE, Technical Guide: Confidence Intervals, 2018; APHO Technical Briefing 3. Intervals cover chance variation
of independent events only. Ward crime is over-dispersed (repeat victims, hot spots), so real uncertainty is larger.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

EXACT_BELOW = 10
"""Fewer events than this take the exact interval, the others Byar's: the switch is part of the published method."""
CONFIDENCE = 0.95


def count_interval(count: ArrayLike, confidence: float = CONFIDENCE) -> tuple[NDArray, NDArray]:
    """Lower and upper limits of a count of independent events, each of the shape given; NaN where the count is NaN.

    Exact (from the chi-squared distribution; Garwood 1936) below 10 events, Byar's approximation from 10 (Breslow and
    Day 1987).

    Raises
    ------
    ValueError
        When a count is negative.
    """
    events = np.atleast_1d(np.asarray(count, dtype=float))
    if np.any(events < 0):
        raise ValueError("a count cannot be negative")
    alpha = 1 - confidence
    z = stats.norm.ppf(1 - alpha / 2)
    few = events < EXACT_BELOW
    with np.errstate(divide="ignore", invalid="ignore"):
        above = events + 1
        lower = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
        upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    if np.any(few):
        n = events[few]
        lower[few] = np.where(n == 0, 0.0, stats.chi2.ppf(alpha / 2, np.where(n == 0, 1, 2 * n)) / 2)
        upper[few] = stats.chi2.ppf(1 - alpha / 2, 2 * n + 2) / 2
    return lower, upper


def rate(
    count: ArrayLike, population: ArrayLike, per: float = 1_000, confidence: float = CONFIDENCE
) -> tuple[NDArray, NDArray, NDArray]:
    """Crude rate with its lower and upper limits, ``per`` so many people; NaN where either input is NaN.

    Raises
    ------
    ValueError
        When a count is negative or a population is not above zero.
    """
    people = np.atleast_1d(np.asarray(population, dtype=float))
    if np.any(people <= 0):
        raise ValueError("a population must be above zero")
    lower, upper = count_interval(count, confidence)
    events = np.atleast_1d(np.asarray(count, dtype=float))
    return per * events / people, per * lower / people, per * upper / people


def proportion(count: ArrayLike, base: ArrayLike, confidence: float = CONFIDENCE) -> tuple[NDArray, NDArray, NDArray]:
    """Share of a base with the lower and upper limits of the Wilson score interval (1927), without continuity
    correction; each between 0 and 1.

    Raises
    ------
    ValueError
        When a count is negative or above its base, or a base is not above zero.
    """
    x = np.atleast_1d(np.asarray(count, dtype=float))
    n = np.atleast_1d(np.asarray(base, dtype=float))
    if np.any(n <= 0):
        raise ValueError("a base must be above zero")
    if np.any(x < 0) or np.any(x > n):
        raise ValueError("a count must lie between zero and its base")
    z = stats.norm.ppf(1 - (1 - confidence) / 2)
    p = x / n
    middle = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    lower = np.where(x == 0, 0.0, (middle - half) / scale)
    upper = np.where(x == n, 1.0, (middle + half) / scale)
    return p, lower, upper
