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

from csp_data.analysis import benchmark, rates
from csp_data.analysis.periods import Span
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.measures import MEASURES
from csp_data.catalogue.partnerships import Partnership

WHOLES = ("E92", "W92", "E12", "K02", "K03", "K04")
"""What ONS codes of countries and regions begin with: England, Wales, the regions, and countries together."""
RARE = 0.1
"""Rate below which, all areas together, a line is told per ``PEOPLE_OF_A_RARE_RATE`` residents."""
PEOPLE_OF_A_RARE_RATE = 100_000


def lines_held(peers: pd.DataFrame) -> list[tuple[str, str]]:
    """Measure and line of the crime tree of which the table has rows, in its order."""
    return list(dict.fromkeys(zip(peers["measure"].tolist(), peers["category"].tolist(), strict=True)))


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
    rows = _of_line(peers, measure, category)
    columns = (peers[name].to_numpy()[rows] for name in ("group", "period_start", "period_end"))
    found: dict[str, set[Span]] = {}
    for group, start, end in dict.fromkeys(zip(*columns, strict=True)):
        months = (str(np.datetime64(month, "M")) for month in (start, end))
        found.setdefault(group, set()).add(Span(*months))
    return {group: tuple(sorted(spans, key=lambda s: (s.end, s.start), reverse=True)) for group, spans in found.items()}


def areas_held(peers: pd.DataFrame, measure: str, category: str) -> dict[str, set[str]]:
    """Group -> the codes of the areas that the table has of a line."""
    rows = _of_line(peers, measure, category)
    found: dict[str, set[str]] = {}
    for group, code in set(zip(*(peers[name].to_numpy()[rows] for name in ("group", "area_code")), strict=True)):
        found.setdefault(group, set()).add(code)
    return found


def own_code(areas: Iterable[str], partnership: Partnership) -> str | None:
    """The code by which codes of areas name the partnership: that of the partnership, or of its only district. None
    when it is not among them."""
    codes = set(areas)
    names = [partnership.csp_code, *(partnership.districts if len(partnership.districts) == 1 else ())]
    return next((code for code in names if code in codes), None)


def people_of_rate(peers: pd.DataFrame, measure: str, category: str) -> int:
    """How many residents the rates of a line are of: as the measure says, or 100,000 for a line so rare, such as
    homicide, that rounding would leave nothing of its rates."""
    rows = _of_line(peers, measure, category)
    count, people = (peers[name].to_numpy(dtype=float, na_value=np.nan)[rows] for name in ("count", "population"))
    known = ~np.isnan(count) & ~np.isnan(people)
    per = MEASURES[measure].per
    return per if per * count[known].sum() >= RARE * people[known].sum() else PEOPLE_OF_A_RARE_RATE


def compared(
    peers: pd.DataFrame, group: str, measure: str, category: str, span: Span
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The areas of a group in a period, and the countries and regions that the table has beside them.

    Returns
    -------
    Two tables with a row an area: ``area`` (code), ``area_name``, ``count``, ``population``, ``population_year``,
    ``source``, ``rate``, ``lower``, ``upper`` (per ``people_of_rate``), ``value_status`` ("missing" for
    an area that did not respond), ``reason``. The first has also ``rank_count``, ``rank_rate``, ``rank_from``,
    ``rank_to``, ``responded``, ``asked`` (see ``benchmark.rank``), ``benchmark`` and ``verdict`` (the area against all
    others together, see ``benchmark.against_others``), ``position``, ``average`` (see ``benchmark.funnel``), the highest
    rate first.
    """
    rows = _of_period(peers, group, measure, category, span)
    whole = np.array([code.startswith(WHOLES) for code in rows["area"]], dtype=bool)
    per, polarity = people_of_rate(peers, measure, category), MEASURES[measure].polarity
    areas = pd.DataFrame({name: rows[name][~whole] for name in ("count", "population")})
    columns = benchmark.among_others(areas, polarity, per)
    highest_first = np.argsort(-columns["rate"], kind="stable")  # areas without a rate stay last
    found = {name: values[~whole][highest_first] for name, values in rows.items()}
    others = {name: values[whole] for name, values in rows.items()}
    people = np.where(others["population"] > 0, others["population"], np.nan)
    rate, lower, upper = rates.rate(others["count"], people, per) if whole.any() else (people, people, people)
    return (
        _with_status(found | {name: values[highest_first] for name, values in columns.items()}),
        _with_status(others | {"rate": rate, "lower": lower, "upper": upper}),
    )


def standings(peers: pd.DataFrame, group: str, measure: str, category: str, area: str) -> list[dict[str, Any]]:
    """Where one area stood in every period the table has of a group, the latest first.

    Returns
    -------
    The area's row of ``compared`` for each period, with ``period`` (words), ``span`` and ``no_count`` (areas that did not
    respond; others without a rate lack a population). A period in which the area has no figure has no row.
    """
    found = []
    for span in periods_held(peers, measure, category).get(group, ()):
        areas, _ = compared(peers, group, measure, category, span)
        codes = areas["area"].tolist()
        if area in codes:
            row = {name: areas[name].tolist()[codes.index(area)] for name in areas.columns}
            if row["value_status"] == "available":
                found.append({**row, "period": span.label, "span": span, "no_count": int(areas["count"].isna().sum())})
    return found


def ranks_overlap(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the rank ranges of two rows of ``standings`` share a rank: then chance alone could have moved the rank."""
    return bool(now["rank_from"] <= before["rank_to"] and before["rank_from"] <= now["rank_to"])


def outside(areas: pd.DataFrame) -> dict[str, int]:
    """How many areas lie outside each level of limits: {"95%": 30, "99.8%": 21}; the first counts the second too."""
    positions = areas["position"].tolist()
    outer = sum("99.8%" in position for position in positions)
    return {"95%": outer + sum("95%" in position for position in positions), "99.8%": outer}


def _of_line(peers: pd.DataFrame, measure: str, category: str) -> NDArray[np.intp]:
    """Places of the rows of a line."""
    return np.flatnonzero((peers["category"].to_numpy() == category) & (peers["measure"].to_numpy() == measure))


def _of_period(peers: pd.DataFrame, group: str, measure: str, category: str, span: Span) -> dict[str, NDArray]:
    """The rows of a line, group and period, by column."""
    rows = _of_line(peers, measure, category)
    first, last = np.datetime64(span.start, "M"), np.datetime64(span.end, "M")
    rows = rows[
        (peers["group"].to_numpy()[rows] == group)
        & (peers["period_start"].to_numpy()[rows] == first)
        & (peers["period_end"].to_numpy()[rows] == last)
    ]
    count, population, year = (
        peers[name].to_numpy(dtype=float, na_value=np.nan)[rows] for name in ("count", "population", "population_year")
    )
    return {
        "area": peers["area_code"].to_numpy()[rows],
        "area_name": peers["area_name"].to_numpy()[rows],
        # A count below none, as the Home Office's tables have where crimes are cancelled, gives no rate.
        "count": np.where(count >= 0, count, np.nan),
        "population": population,
        "population_year": year,
        "source": peers["source"].to_numpy()[rows],
    }


def _with_status(columns: Mapping[str, NDArray]) -> pd.DataFrame:
    """The columns as a table, with whether a row has a rate and why not."""
    known = ~np.isnan(columns["rate"])
    no_count = np.isnan(columns["count"])
    reason = np.select([known, no_count], ["", "The area did not respond."], "The table has no population of the area.")
    return pd.DataFrame({**columns, "value_status": np.where(known, "available", "missing"), "reason": reason})
