"""An area against a benchmark and among similar areas: better, similar or worse; rank with its range; funnel limits.

One rule of comparison is used throughout: the interval of the area against the benchmark as a fixed value. Comparing
two intervals with each other is another published rule, more cautious; the two are never mixed.

Sources: Fingertips (single overlapping confidence intervals; PHE, RAG guide, 2017); PHE, Technical Guide: Confidence
Intervals, 2018; APHO Technical Briefing 3 (funnel limits, rank ranges).
"""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from csp_data.analysis.rates import CONFIDENCE, count_interval, proportion, rate

Polarity = Literal["lower is better", "higher is better", "neither"]
Statistic = Literal["rate", "proportion"]

FUNNEL_LEVELS = {"95%": 0.95, "99.8%": 0.998}
"""Limits of a funnel: 1 in 20 and 2 in 1,000 areas fall outside by chance. They cover chance variation of independent
events only; ward crime varies more than that, so in a funnel of wards many fall outside."""

_WORDS: dict[str, tuple[str, str]] = {
    "lower is better": ("better", "worse"),
    "higher is better": ("worse", "better"),
    "neither": ("lower", "higher"),
}


def verdicts(lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike, polarity: str = "neither") -> NDArray[np.str_]:
    """A word for each interval against a benchmark: "similar" when the interval holds it, ends included; else "better"
    or "worse" by polarity, or "lower" or "higher" where there is no judgement; "" when a number is missing.

    Raises
    ------
    ValueError
        When the polarity is not one of "lower is better", "higher is better", "neither", or a lower limit lies above its
        upper one.
    """
    if polarity not in _WORDS:
        raise ValueError(f"there is no polarity '{polarity}': choose one of {', '.join(_WORDS)}")
    low, high, fixed = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(v, dtype=float)) for v in (lower, upper, benchmark))
    )
    if np.any(low > high):
        raise ValueError("a lower limit lies above its upper one")
    below, above = _WORDS[polarity]
    missing = np.isnan(low) | np.isnan(high) | np.isnan(fixed)
    return np.select([missing, high < fixed, low > fixed], ["", below, above], "similar")


def against(
    areas: pd.DataFrame,
    benchmark: float | str | None,
    polarity: str = "neither",
    per: float = 1_000,
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:
    """Areas against one benchmark, on rates.

    Parameters
    ----------
    areas : a row an area: ``area`` (name or code, unique), ``count`` (events), ``population``; NaN, or a population of 0,
        where there is none: the area did not respond.
    benchmark : a rate ``per`` so many people, taken as fixed (None or NaN where there is none), or the ``area`` of the row
        that is the benchmark.

    Returns
    -------
    The rows and columns given, with ``rate``, ``lower``, ``upper`` (``per`` so many people; NaN where not known),
    ``benchmark`` (a rate), ``verdict`` (see ``verdicts``) and ``reason`` (a sentence where there is no verdict).
    The benchmark's own row has none: an area is never compared with itself.

    Raises
    ------
    ValueError
        When the benchmark is an area that is not among the rows or is there twice, or a count or population is negative.
    """
    table = _with_rates(areas, per, confidence)
    own = table["area"] == benchmark if isinstance(benchmark, str) else pd.Series(False, index=table.index)
    if isinstance(benchmark, str) and not own.any():
        raise ValueError(f"the benchmark '{benchmark}' is not among the areas")
    if own.sum() > 1:
        raise ValueError(f"the benchmark '{benchmark}' is among the areas twice")
    fixed = float(table.loc[own, "rate"].iloc[0]) if own.any() else np.nan if benchmark is None else float(benchmark)
    word = verdicts(table["lower"], table["upper"], fixed, polarity)
    reason = np.select(
        [own, table["rate"].isna(), np.full(len(table), np.isnan(fixed))],
        ["An area is not compared with itself.", "The area has no rate.", "The benchmark has no rate."],
        "",
    )
    return table.assign(benchmark=fixed, verdict=np.where(reason == "", word, ""), reason=reason)


def rate_of_others(areas: pd.DataFrame, area: str, per: float = 1_000) -> tuple[float, int]:
    """The rate of all other areas together, ``per`` so many people, and how many of them responded: a benchmark that an
    area is no part of. Columns of ``areas`` as in ``against``. NaN when none of the others responded."""
    others = _responding(areas[areas["area"] != area])
    people = float(others["population"].sum())
    return (per * float(others["count"].sum()) / people if people else float("nan")), len(others)


def against_others(
    areas: pd.DataFrame, polarity: str = "neither", per: float = 1_000, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Each area against all the others of the table together: a benchmark that it is no part of.

    Parameters
    ----------
    areas : as in ``against``: a row an area, with ``area``, ``count`` and ``population``.

    Returns
    -------
    As ``against``; ``benchmark`` is another rate in each row, that of the others, and missing where no other responded.
    """
    count, people = _counts(areas)
    value, lower, upper = _rates(count, people, per, confidence)
    fixed = _rates_of_others(count, people, per)
    reason = np.select([np.isnan(value), np.isnan(fixed)], ["The area has no rate.", "No other area responded."], "")
    return areas.assign(
        rate=value,
        lower=lower,
        upper=upper,
        benchmark=fixed,
        verdict=verdicts(lower, upper, fixed, polarity),
        reason=reason,
    )


def among_others(areas: pd.DataFrame, polarity: str = "neither", per: float = 1_000) -> dict[str, NDArray]:
    """``rank``, ``against_others`` and ``funnel`` of a rate together, in one step.

    Returns
    -------
    Column -> an entry an area: ``rate``, ``lower``, ``upper``, ``rank_count``, ``rank_rate``, ``rank_from``,
    ``rank_to`` (numbers, NaN where the area did not respond), ``responded``, ``asked``, ``benchmark``, ``verdict``,
    ``average``, ``position``.
    """
    count, people = _counts(areas)
    value, lower, upper = _rates(count, people, per, CONFIDENCE)
    fixed = _rates_of_others(count, people, per)
    average = _average(areas)
    return {
        **_ranked(count, value, lower, upper),
        "benchmark": fixed,
        "verdict": verdicts(lower, upper, fixed, polarity),
        "average": np.full(len(areas), per * average),
        "position": _positions(count, people, average, "rate"),
    }


def rank(areas: pd.DataFrame, per: float = 1_000, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Where areas stand among each other, on count and on rate, and between which ranks chance could move each.

    Parameters
    ----------
    areas : as in ``against``: a row an area, with ``area``, ``count`` and ``population``; and ``counted``, when some
        counts are mostly estimates (false there): such an area has a rank, but no interval and no range of ranks, and
        is surely above or below no other.

    Returns
    -------
    The rows and columns given, with ``rate``, ``lower``, ``upper``; ``rank_count``, ``rank_rate`` (1 = highest; areas
    that tie share the smallest rank; missing where the area did not respond); ``rank_from``, ``rank_to``: on rate, the
    highest and lowest rank at which the area could stand, counting as surely above or below it only the areas whose
    whole interval is; ``responded`` (areas with a rate) and ``asked`` (all areas). Limits of neighbouring ranks mostly
    overlap: a rank by itself says little.
    """
    count, people = _counts(areas)
    value, lower, upper = _rates(count, people, per, confidence)
    if "counted" in areas:
        lower, upper = (np.where(areas["counted"], limit, np.nan) for limit in (lower, upper))
    columns = _ranked(count, value, lower, upper)
    whole = {name: pd.array(columns[name], dtype="Int64") for name in columns if name.startswith("rank_")}
    return areas.assign(**columns | whole)


def funnel(areas: pd.DataFrame, statistic: Statistic = "rate", per: float = 1_000) -> pd.DataFrame:
    """Which areas lie outside the funnel about the average of all.

    Parameters
    ----------
    areas : as in ``against``; for a proportion ``population`` is the base that ``count`` is part of.
    per : so many people, or 100 for a percentage.

    Returns
    -------
    The rows and columns given, with ``value``, ``average`` (of all areas that responded together) and ``position``:
    "low" or "high" with the level it is outside of, "low, 99.8%", "high, 95%", …; "within"; "" where not known.
    A rate is outside when its count's interval (exact below 10, else Byar's) leaves out the count that the average would
    give; a proportion when it lies beyond the average plus or minus z standard errors.

    Raises
    ------
    ValueError
        When a count or population is negative, for a proportion a count is above its base, or the statistic is neither.
    """
    if statistic not in get_args(Statistic):
        raise ValueError(f"there is no statistic '{statistic}': choose one of {', '.join(get_args(Statistic))}")
    average = _average(areas)
    known = _responds(areas).to_numpy()
    count = areas["count"].to_numpy(dtype=float)
    base = np.where(known, areas["population"].to_numpy(dtype=float), np.nan)
    if statistic == "proportion" and known.any():
        proportion(count[known], base[known])
    outside = _positions(np.where(known, count, np.nan), base, average, statistic)
    return areas.assign(value=per * count / base, average=per * average, position=outside)


def funnel_lines(areas: pd.DataFrame, statistic: Statistic = "rate", per: float = 1_000) -> pd.DataFrame:
    """The lines of the funnel that ``funnel`` places areas by, over the range of the areas' populations.

    Returns
    -------
    A row a line and point: ``line`` ("average", "lower 95%", "upper 95%", "lower 99.8%", "upper 99.8%"), ``population``
    and ``value`` (``per`` so many people). A point of a rate's line is the population at which a whole number of events
    lies just on the limit. No rows when no area responded or there is nothing to count.
    """
    average, known = _average(areas), _responding(areas)
    if not average > 0:
        return pd.DataFrame({"line": [], "population": [], "value": []})
    least, most = float(known["population"].min()), float(known["population"].max())
    lines = {"average": (np.array([least, most]), np.array([average, average]))}
    sizes = np.linspace(least, most, 100)
    events = np.unique(np.round(np.geomspace(1, max(2.0, 4 * average * most + 20), 400)))
    for name, level in FUNNEL_LEVELS.items():
        if statistic == "proportion":
            half = _half_width(average, sizes, level)
            lines[f"lower {name}"] = sizes, np.clip(average - half, 0, 1)
            lines[f"upper {name}"] = sizes, np.clip(average + half, 0, 1)
            continue
        lower, upper = count_interval(events, level)
        for side, expected in (("lower", upper), ("upper", lower)):
            population = expected / average
            inside = (population >= least) & (population <= most)
            lines[f"{side} {name}"] = population[inside], events[inside] / population[inside]
    return pd.DataFrame(
        {
            "line": np.repeat(list(lines), [len(x) for x, _ in lines.values()]),
            "population": np.concatenate([x for x, _ in lines.values()]),
            "value": per * np.concatenate([y for _, y in lines.values()]),
        }
    )


def _positions(count: NDArray, base: NDArray, average: float, statistic: Statistic) -> NDArray:
    """Where each count lies against the limits about the average; NaN gives ""."""
    outside = np.where(np.isnan(count), "", "within").astype(object)
    for name, level in FUNNEL_LEVELS.items():
        if statistic == "rate":
            lower, upper = count_interval(count, level)
            low, high = upper < average * base, lower > average * base
        else:
            half = _half_width(average, base, level)
            low, high = count / base < average - half, count / base > average + half
        outside = np.select([low, high], [f"low, {name}", f"high, {name}"], outside)
    return outside


def _counts(areas: pd.DataFrame) -> tuple[NDArray, NDArray]:
    """Counts and populations; both NaN where an area did not respond."""
    known = _responds(areas).to_numpy()
    count, people = (np.where(known, areas[name].to_numpy(dtype=float), np.nan) for name in ("count", "population"))
    return count, people


def _rates(count: NDArray, people: NDArray, per: float, confidence: float) -> tuple[NDArray, NDArray, NDArray]:
    return rate(count, people, per, confidence) if len(count) else (count, count, count)


def _rates_of_others(count: NDArray, people: NDArray, per: float) -> NDArray:
    """For each area the rate of all the others together; NaN where none of them responded."""
    others_count, others_people = np.nansum(count) - np.nan_to_num(count), np.nansum(people) - np.nan_to_num(people)
    return per * others_count / np.where(others_people > 0, others_people, np.nan)


def _ranked(count: NDArray, value: NDArray, lower: NDArray, upper: NDArray) -> dict[str, NDArray]:
    known, tested = ~np.isnan(value), ~np.isnan(lower)
    above, below = (
        (lower[None, :] > upper[:, None]).sum(axis=1),
        (upper[None, :] < lower[:, None]).sum(axis=1),
    )
    responded = int(known.sum())
    ranks = {
        "rank_count": 1 + (count[None, :] > count[:, None]).sum(axis=1),
        "rank_rate": 1 + (value[None, :] > value[:, None]).sum(axis=1),
    }
    ranges = {"rank_from": above + 1, "rank_to": responded - below}
    return {
        "rate": value,
        "lower": lower,
        "upper": upper,
        **{name: np.where(known, ranked, np.nan) for name, ranked in ranks.items()},
        **{name: np.where(tested, ranked, np.nan) for name, ranked in ranges.items()},
        "responded": np.full(len(value), responded),
        "asked": np.full(len(value), len(value)),
    }


def _half_width(average: float, base: NDArray, level: float) -> NDArray:
    return stats.norm.ppf(0.5 + level / 2) * np.sqrt(average * (1 - average) / base)


def _average(areas: pd.DataFrame) -> float:
    known = _responding(areas)
    people = float(known["population"].sum())
    return float(known["count"].sum()) / people if people else float("nan")


def _responds(areas: pd.DataFrame) -> pd.Series:
    if (areas["population"] < 0).any():
        raise ValueError("a population cannot be negative")
    return areas["count"].notna() & (areas["population"] > 0)


def _responding(areas: pd.DataFrame) -> pd.DataFrame:
    return areas[_responds(areas)]


def _with_rates(areas: pd.DataFrame, per: float, confidence: float) -> pd.DataFrame:
    known = _responds(areas)
    people = areas["population"].where(known).to_numpy(dtype=float)
    value, lower, upper = rate(areas["count"].where(known).to_numpy(dtype=float), people, per, confidence)
    return areas.assign(rate=value, lower=lower, upper=upper)
