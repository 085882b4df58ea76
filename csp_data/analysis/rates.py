"""Intervals of counts, rates and proportions, as Public Health England's technical guide publishes them.

Source: PHE, Technical Guide: Confidence Intervals, 2018; APHO Technical Briefing 3. Intervals cover chance variation
of independent events only. Ward crime is over-dispersed (repeat victims, hot spots), so real uncertainty is larger.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

EXACT_BELOW = 10
"""Fewer events than this take the exact interval, the others Byar's: the switch is part of the published method."""
CONFIDENCE = 0.95


def counted(count: ArrayLike) -> NDArray[np.float64]:
    """Counts as an array of at least one dimension, NaN where missing. Raises ValueError on one below zero or infinite."""
    events = np.atleast_1d(np.asarray(count, dtype=float))
    if np.any(events < 0):
        raise ValueError("a count cannot be negative")
    if np.any(np.isinf(events)):
        raise ValueError("a count cannot be infinite")
    return events


def above_zero(number: ArrayLike, name: str) -> NDArray[np.float64]:
    """What is divided by, as an array of at least one dimension, NaN where missing. Raises ValueError, by name, on one
    that is not above zero or infinite."""
    size = np.atleast_1d(np.asarray(number, dtype=float))
    if np.any(size <= 0) or np.any(np.isinf(size)):
        raise ValueError(f"{name} must be above zero, and finite")
    return size


def outside(confidence: float) -> float:
    """What an interval leaves outside, both sides together: 0.05 of one of 95%. Raises ValueError when the confidence is
    not between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1 (0.95 for 95%), not {confidence}")
    return 1 - confidence


def count_interval(
    count: ArrayLike, confidence: float = CONFIDENCE, exact_below: float = EXACT_BELOW
) -> tuple[NDArray, NDArray]:
    """Lower and upper limits of a count of independent events, as arrays (one entry for a single count); NaN where the
    count is missing.

    Exact (from the chi-squared distribution; Garwood 1936) below 10 events, Byar's approximation from 10 (Breslow and
    Day 1987). With ``exact_below`` infinite, exact throughout, and with 0, Byar's throughout.

    Raises
    ------
    ValueError
        When a count is negative or infinite, or the confidence not between 0 and 1.
    """
    events = counted(count)
    alpha = outside(confidence)
    z = special.ndtri(1 - alpha / 2)  # scipy.stats takes fifty times as long over the same numbers
    few = events < exact_below
    with np.errstate(divide="ignore", invalid="ignore"):
        above = events + 1
        lower = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
        upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    if np.any(few):
        n = events[few]
        # Half the chi-squared quantile on 2n degrees of freedom is the gamma quantile of shape n.
        lower[few] = np.where(n == 0, 0.0, special.gammaincinv(np.where(n == 0, 1, n), alpha / 2))
        upper[few] = special.gammaincinv(n + 1, 1 - alpha / 2)
    return lower, upper


def rate(
    count: ArrayLike, population: ArrayLike, per: float = 1_000, confidence: float = CONFIDENCE
) -> tuple[NDArray, NDArray, NDArray]:
    """Crude rate with its lower and upper limits, ``per`` so many people, as arrays; NaN where a count or population is
    missing. The limits are those of the count, exact below 10 events and Byar's from 10.

    Raises
    ------
    ValueError
        When a count is negative or infinite, or a population or ``per`` not above zero.
    """
    people = above_zero(population, "a population")
    above_zero(per, "what a rate is per")
    lower, upper = count_interval(count, confidence)
    events = counted(count)
    return per * events / people, per * lower / people, per * upper / people


EUROPEAN_STANDARD_POPULATION = (
    5_000, 5_500, 5_500, 5_500, 6_000, 6_000, 6_500, 7_000, 7_000, 7_000,
    7_000, 6_500, 6_000, 5_500, 5_000, 4_000, 2_500, 1_500, 1_000,
)  # fmt: skip
"""European Standard Population 2013: 19 bands of five years, 0 to 4 up to 90 and over; 100,000 people."""


def standardised_rate(
    counts: ArrayLike,
    populations: ArrayLike,
    standard: ArrayLike = EUROPEAN_STANDARD_POPULATION,
    per: float = 100_000,
    confidence: float = CONFIDENCE,
) -> tuple[float, float, float]:
    """Directly standardised rate with its lower and upper limits, from counts and populations by age band.

    The rate is what the area's age-specific rates would give in the standard population. The limits are Dobson's (1991),
    which scale those of the total count, as PHE's technical guide publishes them. NaN for all three on fewer than 10
    events: such a rate is not published.

    Raises
    ------
    ValueError
        When the bands do not match, a count is negative, a population is not above zero, or the standard one is empty or
        below zero in a band.
    """
    x, n, w = (np.asarray(v, dtype=float) for v in (counts, populations, standard))
    if not x.shape == n.shape == w.shape:
        raise ValueError("counts, populations and the standard population need the same age bands")
    above_zero(n, "a population")
    above_zero(w.sum(), "a population")
    if np.any(w < 0):
        raise ValueError("the standard population is below zero in a band")
    counted(x)
    total = float(x.sum())
    lower, upper = count_interval(total, confidence)
    if not total >= EXACT_BELOW:
        nothing = float("nan")
        return nothing, nothing, nothing
    value = float((w * x / n).sum() / w.sum())
    spread = float(np.sqrt((w**2 * x / n**2).sum() / w.sum() ** 2 / total))
    limits = [value + spread * (float(limit[0]) - total) for limit in (lower, upper)]
    return per * value, per * limits[0], per * limits[1]


def standardised_ratio(
    observed: ArrayLike, expected: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[NDArray, NDArray, NDArray]:
    """Indirectly standardised ratio (SMR: observed to expected events, 1 for as many as expected) with its limits: those
    of the observed count, exact below 10 events and Byar's from 10. Arrays; NaN where either is missing.

    Raises
    ------
    ValueError
        When a count is negative or infinite, or an expected one not above zero.
    """
    events, foreseen = counted(observed), above_zero(expected, "an expected count")
    lower, upper = count_interval(events, confidence)
    return events / foreseen, lower / foreseen, upper / foreseen


def proportion(count: ArrayLike, base: ArrayLike, confidence: float = CONFIDENCE) -> tuple[NDArray, NDArray, NDArray]:
    """Share of a base with the lower and upper limits of the Wilson score interval (1927), without continuity
    correction, as arrays; each between 0 and 1, NaN where a count or base is missing.

    Raises
    ------
    ValueError
        When a count is negative or above its base, or a base is not above zero.
    """
    x, n = np.atleast_1d(np.asarray(count, dtype=float)), above_zero(base, "a base")
    if np.any(x < 0) or np.any(x > n):
        raise ValueError("a count must lie between zero and its base")
    z = stats.norm.ppf(1 - outside(confidence) / 2)
    p = x / n
    middle = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    lower = np.where(x == 0, 0.0, (middle - half) / scale)
    upper = np.where(x == n, 1.0, (middle + half) / scale)
    return p, lower, upper
