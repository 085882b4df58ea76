"""How far crime gathers in few places: shares of the top areas, Lorenz and Gini, location quotient, persistence, Gi*.

All of it describes recorded counts. Crimes at one place are not independent (repeat victims, hot spots), so intervals
that assume they are, such as the location quotient's, are too narrow: ``dispersion`` measures by how much and says so.

Sources: Bernasco and Steenbeek 2017 (adjusted Gini); Ord and Getis 1995 (Gi*); Benjamini and Hochberg 1995 (false
discovery rate); Breslow and Day 1987 (interval of observed over expected).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from csp_data.analysis.rates import CONFIDENCE, count_interval, counted

if TYPE_CHECKING:
    import geopandas
    from libpysal.weights import W

FEW_EXPECTED = 5
"""A location quotient on fewer expected crimes than this is flagged: one crime more or less would move it far."""
FEW_AREAS = 30
"""Under this many areas Gi* has little power: what it shows is a place to look at, not a finding."""
TOP_SHARE = 0.2
"""The top fifth of areas, the share that a persistent hot spot has to stay in."""
OVER_DISPERSED_BELOW = 0.01
"""Counts are called over-dispersed when chance alone would spread them this far less often than this."""


@dataclass(frozen=True)
class TopShare:
    """What the areas with most crime hold together.

    ``areas`` are those ranked within the top, highest first, with every area that ties for the last place, so there may
    be more of them than ``asked``; ``tied`` are those that tie for it. ``share`` is of the ``asked`` highest counts
    (the same whichever of the tied is taken), ``share_with_ties`` of all ``areas``; both between 0 and 1, NaN when the
    total is 0 or not known.
    """

    asked: int
    areas: tuple[str, ...]
    tied: tuple[str, ...]
    count: float
    total: float
    share: float
    share_with_ties: float


def places_in_top(areas: int, top: float = TOP_SHARE) -> int:
    """How many of a number of areas are the top share of them: 5 of 25, 4 of 22; never none. Raises ValueError when the
    share is not above 0 and at most 1."""
    if not 0 < top <= 1:
        raise ValueError(f"the top share of areas lies between 0 and 1, not {top}")
    return max(1, math.floor(top * areas + 1e-9))


def top_share(counts: pd.Series | Sequence[float], places: int) -> TopShare:
    """The share of all crime in the areas with most of it.

    Parameters
    ----------
    counts : a count an area, the index naming the area (of a list, by place from 0); NaN where missing, which makes the
        total, and so the share, unknown: all areas that make up the total have to be there.
    places : how many areas.

    Raises
    ------
    ValueError
        When there are fewer areas than places, the places are no whole number, or a count is negative.
    """
    counts = pd.Series(counts)
    values = counted(counts)
    if not 1 <= places <= len(values) or places % 1:
        raise ValueError(f"the top {places} cannot be taken of {len(values)} areas")
    if np.isnan(values).any():
        return TopShare(places, (), (), *[float("nan")] * 4)
    ordered = counts.astype(float).sort_values(ascending=False, kind="stable")
    edge = float(ordered.iloc[places - 1])
    inside = ordered[ordered >= edge]
    tied = tuple(map(str, ordered.index[ordered == edge])) if len(inside) > places else ()
    total, count = float(values.sum()), float(ordered.iloc[:places].sum())
    nothing = total == 0
    return TopShare(
        asked=places,
        areas=() if nothing else tuple(map(str, inside.index)),
        tied=() if nothing else tied,
        count=count,
        total=total,
        share=float("nan") if nothing else count / total,
        share_with_ties=float("nan") if nothing else float(inside.sum()) / total,
    )


def lorenz(counts: pd.Series | Sequence[float]) -> pd.DataFrame:
    """The Lorenz curve of counts over areas.

    Returns
    -------
    A row an area, lowest count first: ``area``, ``count``, ``cum_area`` (share of areas so far) and ``cum_share`` (share
    of the count so far; NaN when the total is 0 or a count is missing). The curve starts at (0, 0), which is no row.
    """
    counts = pd.Series(counts)
    values = counted(counts)
    order = np.argsort(values, kind="stable")
    running, total = values[order].cumsum(), values.sum()
    return pd.DataFrame(
        {
            "area": counts.index[order].astype(str),
            "count": values[order],
            "cum_area": np.arange(1, len(values) + 1) / len(values),
            "cum_share": running / total if total > 0 else np.full(len(values), np.nan),
        }
    )


def gini(counts: ArrayLike) -> float:
    """Gini coefficient over areas, 0 (all alike) to nearly 1 (all in one area); NaN when the total is 0 or a count is
    missing. With fewer crimes than areas it is high even when no two crimes share an area: see ``adjusted_gini``."""
    from inequality.gini import Gini

    values = counted(counts)
    return float(Gini(values).g) if values.sum() > 0 else float("nan")


def adjusted_gini(counts: ArrayLike) -> float:
    """Gini against the most even spread that so many crimes allow (Bernasco and Steenbeek 2017): 0 when no area has two
    crimes while another has none. The same as ``gini`` when there are at least as many crimes as areas. NaN when the
    total is 0 or a count is missing."""
    values = np.sort(counted(counts))
    crimes, areas = values.sum(), len(values)
    if not crimes > 0:
        return float("nan")
    ranked = 2 * np.sum(np.arange(1, areas + 1) * values / crimes) - areas - 1
    return float(max(1 / crimes, 1 / areas) * ranked - max(areas / crimes, 1) + 1)


def location_quotient(
    kind: pd.Series | Sequence[float], everything: pd.Series | Sequence[float], confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """How much more of one kind of crime there is in an area's crime than in that of all areas together.

    Parameters
    ----------
    kind : count of the kind, an area a row, the index naming it; the areas together are the whole.
    everything : count of all crime of the same areas.

    Returns
    -------
    A row an area: ``area``, ``count``, ``expected`` (the area's crime at the overall mix), ``lq`` (1 = the overall mix),
    ``lower``, ``upper`` (exact or Byar's interval of the count, over the expected, which is taken as fixed),
    ``few_expected`` (under 5 expected: read with care) and ``reason`` (a sentence where ``lq`` is NaN).

    Raises
    ------
    ValueError
        When the areas differ, a count is negative, or an area has more of the kind than of everything.
    """
    kind, everything = pd.Series(kind), pd.Series(everything)
    if not kind.index.equals(everything.index):
        raise ValueError("the counts of the kind and of everything must be of the same areas in the same order")
    part, whole = counted(kind), counted(everything)
    found = location_quotients(part, whole, part.sum(), whole.sum(), confidence)
    return pd.DataFrame({"area": kind.index.astype(str), "count": part, **found})


def location_quotients(
    here: ArrayLike, all_here: ArrayLike, there: ArrayLike, all_there: ArrayLike, confidence: float = CONFIDENCE
) -> dict[str, NDArray]:
    """Location quotients of any areas and kinds: (kind here / all here) / (kind there / all there), "there" being the
    whole that each area is part of.

    Parameters
    ----------
    here, all_here, there, all_there : counts, of one length or one for all; NaN where missing.

    Returns
    -------
    ``expected``, ``lq``, ``lower``, ``upper``, ``few_expected`` and ``reason``, as the columns of ``location_quotient``.

    Raises
    ------
    ValueError
        When a count is negative, or an area has more of the kind than of everything.
    """
    part, whole, kind, everything = np.broadcast_arrays(*(counted(n) for n in (here, all_here, there, all_there)))
    if np.any(part > whole):
        raise ValueError("an area has more crimes of the kind than crimes")
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = whole * kind / everything
        possible = expected > 0
        lower, upper = count_interval(part, confidence)
        quotient, lower, upper = (np.where(possible, limit / expected, np.nan) for limit in (part, lower, upper))
    reasons = np.select(
        [np.isnan(expected) & (everything != 0), whole == 0, kind == 0],
        ["A count is missing.", "The area has no crime of any kind.", "No area has crime of this kind."],
        "",
    )
    known = ~np.isnan(part)
    return {
        "expected": expected,
        "lq": quotient,
        "lower": lower,
        "upper": upper,
        "few_expected": possible & (expected < FEW_EXPECTED),
        "reason": np.where(possible & known, "", np.where(possible, "A count is missing.", reasons)),
    }


def ranks(quarters: pd.DataFrame) -> pd.DataFrame:
    """Rank of each area (row) in each quarter (column), 1 = most; ties share the smallest rank. A quarter in which any
    area is missing is NaN throughout: where the others stand is not known."""
    ranked = quarters.rank(ascending=False, method="min")
    complete = quarters.notna().all(axis=0).to_numpy()
    return ranked.where(np.broadcast_to(complete, ranked.shape))


def persistence(quarters: pd.DataFrame, top: float = TOP_SHARE, hits: int = 3, of: int = 4) -> pd.DataFrame:
    """Which areas stay among those with most crime.

    Parameters
    ----------
    quarters : a row an area, a column a quarter, oldest first; NaN where missing.
    top : share of areas that counts as the top; areas that tie for the last place are all in it. An area with no crime
        never is.
    hits, of : an area is persistent when in the top in at least ``hits`` of the latest ``of`` quarters.

    Returns
    -------
    A row an area: ``area``, ``hits``, ``quarters`` (how many of the latest ``of`` are known) and ``persistent`` (true,
    false, or missing when the quarters not known decide it).

    Raises
    ------
    ValueError
        When a count is negative, the top share not between 0 and 1, or there are more hits than quarters.
    """
    counted(quarters)
    if not 1 <= hits <= of:
        raise ValueError(f"{hits} of {of} quarters cannot be asked for")
    latest = quarters.iloc[:, -of:]
    position = ranks(latest)
    in_top = (position <= places_in_top(len(latest), top)) & (latest > 0)
    known = int(position.notna().all(axis=0).sum()) if len(latest) else 0
    count = in_top.sum(axis=1).to_numpy()
    persistent = pd.array([None if n < hits <= n + of - known else bool(n >= hits) for n in count], dtype="boolean")
    return pd.DataFrame(
        {"area": latest.index.astype(str), "hits": count, "quarters": known, "persistent": persistent},
    )


@dataclass(frozen=True)
class Dispersion:
    """How much more counts differ between areas than chance alone would make them.

    ``ratio`` is Pearson's chi-squared over its degrees of freedom: about 1 for independent events at one rate. ``p`` is
    the probability of so large a ratio by chance. Both NaN when it cannot be worked out.
    """

    ratio: float
    p: float
    areas: int

    @property
    def over_dispersed(self) -> bool:
        return self.p < OVER_DISPERSED_BELOW

    @property
    def sentence(self) -> str:
        if math.isnan(self.ratio):
            return "How far the areas differ beyond chance cannot be worked out."
        if not self.over_dispersed:
            return f"The {self.areas} areas differ no more than chance alone would make them."
        return (
            f"The {self.areas} areas differ far more than chance alone would make them: their spread (variance) is "
            f"{self.ratio:,.1f} times that of chance. Repeat victims and hot spots add to it, so intervals and limits that "
            "allow for chance alone are too narrow."
        )


def dispersion(counts: ArrayLike, exposure: ArrayLike | None = None) -> Dispersion:
    """Spread of counts about what one common rate expects.

    Parameters
    ----------
    exposure : population (or months) behind each count; without it every area is expected to have the same.

    Areas with a missing count or without exposure are left out.
    """
    observed = counted(counts)
    base = np.ones_like(observed) if exposure is None else np.asarray(exposure, dtype=float)
    known = ~np.isnan(observed) & (base > 0)
    observed, base = observed[known], base[known]
    if len(observed) < 2 or observed.sum() == 0:
        return Dispersion(float("nan"), float("nan"), len(observed))
    expected = base * observed.sum() / base.sum()
    result = stats.chisquare(observed, expected)
    return Dispersion(float(result.statistic) / (len(observed) - 1), float(result.pvalue), len(observed))


def touching(areas: "geopandas.GeoDataFrame") -> dict[str, tuple[str, ...]]:
    """The areas that touch each area, at an edge or a corner. Index of ``areas``: names of areas. Nothing is listed for
    an area that touches none (an island)."""
    first, second = areas.sindex.query(areas.geometry, predicate="intersects")
    names = areas.index.astype(str)
    found: dict[str, list[str]] = {name: [] for name in names}
    for i, j in zip(first, second, strict=True):
        if i != j:
            found[names[i]].append(names[j])
    return {name: tuple(sorted(others)) for name, others in found.items()}


def hot_spots(
    values: pd.DataFrame, neighbours: Mapping[str, Sequence[str]], false_discovery_rate: float = 0.05
) -> pd.DataFrame:
    """Getis and Ord's Gi*: areas that stand high, or low, together with their neighbours.

    Every area is tested in every series, so some would stand out by chance; the rate of false discoveries is held down
    over all tests of the call together (Benjamini and Hochberg 1995), and only what passes is named hot or cold.

    Parameters
    ----------
    values : a row an area, a column a series (a kind of crime, a period): rates or counts. Give rates where areas
        differ in population.
    neighbours : the areas next to each area, as ``touching`` gives them.

    Returns
    -------
    A row a series and area: ``series``, ``area``, ``value``, ``z``, ``p`` (two-sided), ``alone`` (stands out when tested
    alone), ``signal`` ("hot", "cold" or ""), ``neighbours`` (how many), ``exploratory`` (fewer than 30 areas: too few for
    a finding) and ``reason`` (a sentence where ``z`` is NaN: a value is missing in the series, all values are the same,
    the area has no neighbours, so that Gi* would be its own value only).
    """
    from esda import fdr

    names = [str(name) for name in values.index]
    here = set(names)
    links = {name: [other for other in neighbours.get(name, ()) if other in here] for name in names}
    weights = _weights(links)
    n_neighbours = np.array([len(links[name]) for name in names])
    blocks = []
    for series in values.columns:
        y = values[series].to_numpy(dtype=float)
        reason = np.select(
            [n_neighbours == 0, n_neighbours == len(names) - 1],
            ["The area has no neighbours.", "The area is next to all others, so nothing is left to compare with."],
            "",
        ).astype(object)
        if np.isnan(y).any():
            reason[:] = "A value is missing in this series."
        elif np.ptp(y) == 0:
            reason[:] = "All areas have the same value."
        z = np.where(reason == "", _gi_star(y, weights), np.nan) if "" in reason else np.full(len(y), np.nan)
        p = 2 * special.ndtr(-np.abs(z))
        blocks.append(
            {
                "series": str(series),
                "area": names,
                "value": y,
                "z": z,
                "p": p,
                "reason": reason,
                "neighbours": n_neighbours,
            }
        )
    if not blocks:
        raise ValueError("there is no series to look for hot spots in")
    columns = ("area", "value", "z", "p", "reason", "neighbours")
    table = pd.DataFrame(
        {
            "series": np.repeat(np.array([block["series"] for block in blocks], dtype=object), len(names)),
            **{name: np.concatenate([block[name] for block in blocks]) for name in columns},
        }
    )
    tested = table["p"].notna()
    cut = fdr(table.loc[tested, "p"].to_numpy(), false_discovery_rate) if tested.any() else 0.0
    table["alone"] = table["p"] < false_discovery_rate
    passes = table["p"] < cut
    table["signal"] = np.select([passes & (table["z"] > 0), passes & (table["z"] < 0)], ["hot", "cold"], "")
    table["exploratory"] = len(names) < FEW_AREAS
    columns = ["series", "area", "value", "z", "p", "alone", "signal", "neighbours", "exploratory", "reason"]
    return table[columns]


def _weights(links: Mapping[str, Sequence[str]]) -> "W":
    """Every area its own neighbour, all with a weight of one: with row-standardised weights esda would give the area as
    much weight as all its neighbours together."""
    from libpysal.weights import W

    return W({name: [name, *others] for name, others in links.items()}, id_order=list(links), silence_warnings=True)


def _gi_star(y: NDArray, weights: "W") -> NDArray[np.float64]:
    """z of Gi* from its expected value and variance."""
    from esda import G_Local

    with np.errstate(divide="ignore", invalid="ignore"):
        return G_Local(y, weights, star=True, transform="B", permutations=0).Zs
