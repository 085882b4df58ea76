"""An area among the areas it is compared with: its rates and ranks, from the table ``peers`` of a release.

Everything is on published counts of whole areas, so there is nothing to withhold; an area that did not respond is
missing. Countries and regions in the table are no areas of the group: they are what areas are held against.

Sources: methods of ``analysis.benchmark``.
"""

import numpy as np
import pandas as pd

from csp_data.analysis import benchmark
from csp_data.analysis.periods import Span
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.measures import MEASURES
from csp_data.catalogue.partnerships import Partnership

WHOLES = ("E92", "W92", "E12", "K02", "K03", "K04")
"""What ONS codes of countries and regions begin with: England, Wales, the regions, and countries together."""

OVERDISPERSED = 0.05
"""Share of areas outside the 99.8% limits above which independent events cannot be what makes areas differ: by chance
it would be 0.002."""


def lines_held(peers: pd.DataFrame) -> list[tuple[str, str]]:
    """Measure and line of the crime tree of which the table has rows, in its order."""
    return list(dict.fromkeys(zip(peers["measure"], peers["category"], strict=True)))


def nearest_line(peers: pd.DataFrame, measure: str, category: str | None) -> tuple[str, str] | None:
    """The measure and line asked for where the table has it, else the nearest line above it, else the first line of the
    measure, else the first of another; None when the table is empty.

    ``category`` is None for the root of the measure's tree.
    """
    held = lines_held(peers)
    line: str | None = category or root(MEASURES[measure].dataset)
    while line is not None:
        if (measure, line) in held:
            return measure, line
        line = CATEGORIES[line].parent
    own = [pair for pair in held if pair[0] == measure]
    return next(iter([*own, *held]), None)


def periods_held(peers: pd.DataFrame, measure: str, category: str) -> dict[str, tuple[Span, ...]]:
    """Group -> the periods the table has of a line, the latest first; groups in the order of the table."""
    rows = peers[(peers["measure"] == measure) & (peers["category"] == category)]
    found: dict[str, set[Span]] = {}
    for group, start, end in zip(rows["group"], rows["period_start"], rows["period_end"], strict=True):
        found.setdefault(group, set()).add(Span(f"{start:%Y-%m}", f"{end:%Y-%m}"))
    return {group: tuple(sorted(spans, key=lambda s: (s.end, s.start), reverse=True)) for group, spans in found.items()}


def own_code(areas: pd.Series, partnership: Partnership) -> str | None:
    """The code by which a column of codes names the partnership: that of the partnership, or of its only district. None
    when it is not among them."""
    codes = set(areas)
    names = [partnership.csp_code, *(partnership.districts if len(partnership.districts) == 1 else ())]
    return next((code for code in names if code in codes), None)


def compared(
    peers: pd.DataFrame, group: str, measure: str, category: str, span: Span
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The areas of a group in a period, and the countries and regions that the table has beside them.

    Returns
    -------
    Two tables with a row an area: ``area`` (code), ``area_name``, ``count``, ``population``, ``population_year``,
    ``source``, ``rate``, ``lower``, ``upper`` (per so many people, as the measure says), ``value_status`` ("missing" for
    an area that did not respond), ``reason``. The first has also ``rank_count``, ``rank_rate``, ``rank_from``,
    ``rank_to``, ``responded``, ``asked`` (see ``benchmark.rank``), ``benchmark`` and ``verdict`` (the area against all
    others together, see ``benchmark.against_others``), ``position``, ``average`` (see ``benchmark.funnel``), the highest
    rate first.
    """
    rows = _of_period(peers, group, measure, category, span)
    whole = rows["area"].str.startswith(WHOLES)
    per = MEASURES[measure].per
    areas, wholes = rows[~whole], rows[whole]
    ranked = benchmark.rank(areas, per)
    held = benchmark.against_others(areas, MEASURES[measure].polarity, per)[["benchmark", "verdict"]]
    funnel = benchmark.funnel(areas, "rate", per)[["average", "position"]]
    ranked = pd.concat([ranked, held, funnel], axis=1).sort_values(["rank_rate", "area_name"], na_position="last")
    return _with_status(ranked.reset_index(drop=True)), _with_status(benchmark.against(wholes, np.nan, per=per))


def standings(peers: pd.DataFrame, group: str, measure: str, category: str, area: str) -> pd.DataFrame:
    """Where one area stood in every period the table has of a group, the latest first.

    Returns
    -------
    The area's row of ``compared`` for each period, with ``period`` (words), ``period_start`` and ``period_end``. A
    period whose table does not name the area has no row.
    """
    found = []
    for span in periods_held(peers, measure, category).get(group, ()):
        areas, _ = compared(peers, group, measure, category, span)
        own = areas[areas["area"] == area]
        found.append(own.assign(period=span.label, period_start=span.start, period_end=span.end))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame({"period": []})


def ranks_overlap(now: pd.Series, before: pd.Series) -> bool:
    """Whether the rank ranges of two rows of ``standings`` share a rank: then chance alone could have moved the rank."""
    return bool(now["rank_from"] <= before["rank_to"] and before["rank_from"] <= now["rank_to"])


def outside(areas: pd.DataFrame) -> dict[str, int]:
    """How many areas lie outside each level of limits: {"95%": 30, "99.8%": 21}; the first counts the second too."""
    inner = int(areas["position"].str.contains("95%").sum())
    outer = int(areas["position"].str.contains("99.8%", regex=False).sum())
    return {"95%": inner + outer, "99.8%": outer}


def overdispersed(areas: pd.DataFrame) -> bool:
    """Whether areas differ by far more than chance variation of independent events allows."""
    responded = int((areas["value_status"] == "available").sum())
    return responded > 0 and outside(areas)["99.8%"] > OVERDISPERSED * responded


def _of_period(peers: pd.DataFrame, group: str, measure: str, category: str, span: Span) -> pd.DataFrame:
    first, last = pd.Timestamp(f"{span.start}-01"), pd.Timestamp(f"{span.end}-01")
    wanted = (
        (peers["group"] == group)
        & (peers["measure"] == measure)
        & (peers["category"] == category)
        & (peers["period_start"] == first)
        & (peers["period_end"] == last)
    )
    names = {"area_code": "area"}
    columns = ["area_code", "area_name", "count", "population", "population_year", "source"]
    rows = peers.loc[wanted, columns].rename(columns=names).reset_index(drop=True)
    # A count below none, as the Home Office's tables have where crimes are cancelled, has no rate and no interval.
    rows["count"] = rows["count"].astype(float).where(rows["count"] >= 0)
    return rows.assign(population=rows["population"].astype(float))


def _with_status(areas: pd.DataFrame) -> pd.DataFrame:
    known = areas["rate"].notna()
    reason = np.select(
        [known, areas["count"].isna()], ["", "The area did not respond."], "The table has no population of the area."
    )
    return areas.assign(value_status=np.where(known, "available", "missing"), reason=reason)
