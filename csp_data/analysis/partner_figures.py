"""Figures that partner agencies report, as a role may see them, and the one that a priority is followed by.

A figure withheld for its size takes others with it where they would give it away, as a total less its other parts does:
parts of one base, sensitive figures of an agency that add up to one another, wards of an area that has the figure too,
periods within a longer one, and the same number as "before" of the period after. A total and parts that are neither
marked sensitive nor given their base cannot be found: mark them, or give it.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis import disclosure
from csp_data.analysis.subject import Subject

THEMES: dict[str, str] = {
    "iom": "Integrated Offender Management",
    "probation": "Probation and Community Payback",
    "calls": "Calls for service",
    "fire": "Fire and rescue",
    "health": "Health",
    "housing": "Housing and homelessness",
    "activity": "Activity of agencies",
    "consultation": "Reach of the consultation",
    "funding": "Other funding",
}
"""Theme of a figure -> its name, in the order shown."""

WITHHELD = "Withheld to protect people: a count of 1 to 7 is in it, or could be worked out from it."
MOST_ADDED_UP = 12
"""Figures of which every sum is tried: 4,096. Of more, all sensitive ones go with the one withheld."""
NOT_GIVEN = "The agency gave no figure."

_NUMBERS = ("value", "numerator", "base", "before")


def figures(subject: Subject, role: str, theme: str | None = None, figure: str | None = None) -> pd.DataFrame:
    """The figures of partner agencies, after the disclosure gateway.

    Parameters
    ----------
    theme : one of ``THEMES``; all when None.
    figure : the identifier of one figure; all when None.

    Returns
    -------
    The rows of the dataset ``partner_figures``, a row a figure, area and period, by theme and then as supplied, the
    latest period of a figure first; with ``value_status`` ("available", "withheld", "missing"), ``reason`` (a sentence
    where not available) and ``own_area`` (whether the figure is for the partnership's own area). In a withheld row
    every number is NaN, and the note, which might tell it, is "". Without rows when the release has none.

    Raises
    ------
    ValueError
        When there is no such role.
    """
    table = _shown(subject, role)
    if theme is not None:
        table = table[table["theme"] == theme]
    if figure is not None:
        table = table[table["figure"] == figure]
    return table.reset_index(drop=True)


@lru_cache(maxsize=20)
def _shown(subject: Subject, role: str) -> pd.DataFrame:
    """All figures as ``figures`` gives them: what is withheld hangs on the others, so all are looked at together."""
    table = subject.supplied("partner_figures")
    order = {name: place for place, name in enumerate(THEMES)}
    first = {name: place for place, name in enumerate(dict.fromkeys(table["figure"].tolist()))}
    ranked = table.assign(
        _theme=[order.get(name, len(order)) for name in table["theme"].tolist()],
        _figure=[first[name] for name in table["figure"].tolist()],
        **{name: pd.to_numeric(table[name], errors="coerce").astype(float) for name in _NUMBERS},
    ).sort_values(["_theme", "_figure", "period_end"], ascending=[True, True, False], kind="stable")
    rows = ranked.drop(columns=["_theme", "_figure"]).reset_index(drop=True)
    withheld = _with_what_gives_them_away(rows, disclosure.withheld_figures(rows, role))
    for name in _NUMBERS:
        rows[name] = rows[name].mask(withheld)
    missing = rows["value"].isna().to_numpy() & ~withheld
    return rows.assign(
        note=rows["note"].mask(withheld, ""),
        value_status=np.select([withheld, missing], ["withheld", "missing"], "available"),
        reason=np.select([withheld, missing], [WITHHELD, NOT_GIVEN], ""),
        own_area=[
            _is_own(subject, code, name) for code, name in zip(rows["area_code"], rows["area_name"], strict=True)
        ],
    )


def _with_what_gives_them_away(rows: pd.DataFrame, withheld: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The rows withheld, and those that have to go with them."""
    counts = disclosure.counts_of(rows)
    hidden = np.zeros(len(rows), dtype=bool)
    while (hidden != withheld).any():
        hidden, withheld = withheld, withheld.copy()
        for parts in _parts_of_a_whole(rows, hidden):
            withheld[parts] = disclosure.not_alone(counts[parts], withheld[parts])
        for parts, totals in _may_add_up(rows, counts, hidden):
            withheld[parts] = _not_a_total_less_the_rest(counts[parts], withheld[parts], totals)
        for same in _alike(rows, ["figure", "area_code", "area_name"], hidden):
            told = rows["before"].to_numpy()[same]
            withheld[same[np.isin(told, rows["value"].to_numpy()[same[hidden[same]]]) & ~np.isnan(told)]] = True
    return withheld


def _alike(rows: pd.DataFrame, keys: list[str], wanted: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Places of the rows that are alike in some columns, for each wanted row that is not the only one."""
    kinds = rows.groupby(keys, dropna=False).ngroup().to_numpy()
    for kind in np.unique(kinds[wanted]):
        same = np.flatnonzero(kinds == kind)
        if len(same) > 1:
            yield same


def _parts_of_a_whole(rows: pd.DataFrame, withheld: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Places of rows that are parts of one that is there too: wards of a larger area, and periods within a longer one."""
    in_wards = rows["area_code"].astype(str).str.startswith("E05").to_numpy(dtype=bool)
    for same in _alike(rows, ["figure", "unit", "period_start", "period_end"], withheld):
        if not in_wards[same].all():
            yield same[in_wards[same]]
    starts, ends = rows["period_start"].to_numpy(), rows["period_end"].to_numpy()
    for same in _alike(rows, ["figure", "unit", "area_code", "area_name"], withheld):
        for start, end in {(starts[n], ends[n]) for n in same}:
            inside = same[(starts[same] >= start) & (ends[same] <= end)]
            yield inside[(starts[inside] > start) | (ends[inside] < end)]


def _may_add_up(
    rows: pd.DataFrame, counts: NDArray[np.float64], withheld: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int64], list[float]]]:
    """Places of rows of one agency, area and period, or of one figure and period, of which some may add up to others, and
    totals that are known: the base that they share, and those among them that are shown."""
    marked = rows["figure"].isin(rows.loc[rows["sensitive"] == "yes", "figure"]).to_numpy()
    elsewhere = ~rows["area_code"].astype(str).str.startswith("E05").to_numpy(dtype=bool)
    base = rows["base"].to_numpy(dtype=float)
    together = ["agency", "area_code", "area_name", "period_start", "period_end"]
    for parts in _alike(rows, [*together, "base"], withheld & ~np.isnan(base)):
        yield parts, [float(base[parts[0]])]
    for keys, kept in (
        ([*together, "unit"], marked),
        (["figure", "unit", "period_start", "period_end"], marked & elsewhere),
    ):
        for same in _alike(rows, keys, withheld & kept):
            parts = same[kept[same]]
            yield parts, counts[parts[~withheld[parts]]].tolist()


def _not_a_total_less_the_rest(
    counts: NDArray[np.float64], withheld: NDArray[np.bool_], totals: list[float]
) -> NDArray[np.bool_]:
    """The parts withheld, and of any parts that add up to a known total those that would leave too few withheld."""
    known = [int(n) for n in np.flatnonzero(counts > 0)]
    if len(known) > MOST_ADDED_UP:
        return np.ones(len(counts), dtype=bool)
    hidden = withheld.copy()
    for size in range(2, len(known) + 1):
        for some in map(list, combinations(known, size)):
            if hidden[some].any() and np.isclose(counts[some].sum(), totals).any():
                hidden[some] = disclosure.not_alone(counts[some], hidden[some])
    return hidden


def _is_own(subject: Subject, code: str, name: str) -> bool:
    own = subject.partnership
    if code:
        return code in (own.csp_code, *own.districts)
    return name in (own.short_name, own.name)
