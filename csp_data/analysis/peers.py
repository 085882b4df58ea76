"""An area among the areas it is compared with: its rates and ranks, from the table ``peers`` of a release.

Everything is on published counts of whole areas, so there is nothing to withhold; an area that did not respond is
missing. Countries and regions in the table are no areas of the group: they are what areas are held against.

Sources: methods of ``analysis.benchmark``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis import benchmark
from csp_data.analysis.periods import Span
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.measures import MEASURES
from csp_data.catalogue.partnerships import Partnership

WHOLES = ("E92", "W92", "E12", "K02", "K03", "K04")
"""What ONS codes of countries and regions begin with: England, Wales, the regions, and countries together."""


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
    names = ("group", "measure", "category", "period_start", "period_end")
    found: dict[str, set[Span]] = {}
    for group, *line, start, end in dict.fromkeys(zip(*(peers[name].to_numpy() for name in names), strict=True)):
        if line == [measure, category]:
            months = (str(np.datetime64(month, "M")) for month in (start, end))
            found.setdefault(group, set()).add(Span(*months))
    return {group: tuple(sorted(spans, key=lambda s: (s.end, s.start), reverse=True)) for group, spans in found.items()}


def own_code(areas: Iterable[str], partnership: Partnership) -> str | None:
    """The code by which codes of areas name the partnership: that of the partnership, or of its only district. None
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
    whole = np.array([code.startswith(WHOLES) for code in rows["area"].tolist()], dtype=bool)
    per, polarity = MEASURES[measure].per, MEASURES[measure].polarity
    areas, wholes = rows[~whole], rows[whole]
    columns = benchmark.among_others(areas, polarity, per)
    highest_first = np.argsort(-columns["rate"], kind="stable")  # areas without a rate stay last
    found = _with_columns(areas, columns).iloc[highest_first].reset_index(drop=True)
    return found, _with_columns(wholes, benchmark.among_others(wholes, polarity, per))


def standings(peers: pd.DataFrame, group: str, measure: str, category: str, area: str) -> list[dict[str, Any]]:
    """Where one area stood in every period the table has of a group, the latest first.

    Returns
    -------
    The area's row of ``compared`` for each period, with ``period`` (words) and ``span``. A period in which the area has
    no figure has no row.
    """
    found = []
    for span in periods_held(peers, measure, category).get(group, ()):
        areas, _ = compared(peers, group, measure, category, span)
        codes = areas["area"].tolist()
        if area in codes:
            row = {name: areas[name].tolist()[codes.index(area)] for name in areas.columns}
            if row["value_status"] == "available":
                found.append({**row, "period": span.label, "span": span})
    return found


def ranks_overlap(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the rank ranges of two rows of ``standings`` share a rank: then chance alone could have moved the rank."""
    return bool(now["rank_from"] <= before["rank_to"] and before["rank_from"] <= now["rank_to"])


def outside(areas: pd.DataFrame) -> dict[str, int]:
    """How many areas lie outside each level of limits: {"95%": 30, "99.8%": 21}; the first counts the second too."""
    positions = areas["position"].tolist()
    outer = sum("99.8%" in position for position in positions)
    return {"95%": outer + sum("95%" in position for position in positions), "99.8%": outer}


def _of_period(peers: pd.DataFrame, group: str, measure: str, category: str, span: Span) -> pd.DataFrame:
    first, last = np.datetime64(span.start, "M"), np.datetime64(span.end, "M")
    wanted = np.flatnonzero((peers["period_start"].to_numpy() == first) & (peers["period_end"].to_numpy() == last))
    line = zip(*(peers[name].to_numpy()[wanted] for name in ("group", "measure", "category")), strict=True)
    wanted = wanted[[each == (group, measure, category) for each in line]]
    count = peers["count"].to_numpy(dtype=float)[wanted]
    return pd.DataFrame(
        {
            "area": peers["area_code"].to_numpy()[wanted],
            "area_name": peers["area_name"].to_numpy()[wanted],
            # A count below none, as the Home Office's tables have where crimes are cancelled, gives no rate.
            "count": np.where(count >= 0, count, np.nan),
            "population": peers["population"].to_numpy(dtype=float, na_value=np.nan)[wanted],
            "population_year": peers["population_year"].to_numpy(dtype=float, na_value=np.nan)[wanted],
            "source": peers["source"].to_numpy()[wanted],
        }
    )


def _with_columns(rows: pd.DataFrame, columns: Mapping[str, NDArray]) -> pd.DataFrame:
    """The rows with what was worked out of them, and why a row has no rate."""
    known = ~np.isnan(columns["rate"])
    reason = np.select(
        [known, rows["count"].isna()], ["", "The area did not respond."], "The table has no population of the area."
    )
    status = np.where(known, "available", "missing")
    given = {name: rows[name].to_numpy() for name in rows.columns}
    return pd.DataFrame({**given, **columns, "value_status": status, "reason": reason})
