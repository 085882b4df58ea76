"""What published figures give away: rules as data, and what an outsider can work out from all views together.

A count that is withheld in one table can often be had from others: a total less its other parts, a rate times its
population, a running total less the one before, the limit of an interval. The audit takes all that the public can see at
once and finds the least and the most that each count can be (Dobra and Fienberg's bounds, by integer programming), so it
needs no list of known attacks. It works on exact counts, so it belongs in tests and at the build, never on a page.

Sources of rules: NHS Digital, disclosure control for HES and ECDS, September 2018; NDTMS restricted-data notice; ONS
Integrated Data Service, cell key perturbation ("10-5 rule").
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, sparse

from csp_data.analysis.forensics import possible_counts
from csp_data.analysis.rates import CONFIDENCE, above_zero, count_interval, counted

SMALL_BELOW = 5
"""Counts from 1 up to but without this are small: nobody should be able to tell that a count is one of them."""
WIDTH = 4
"""Between the least and the most a withheld count can be there has to be this much."""


@dataclass(frozen=True)
class CountRule:
    """A published rule for counts: those from ``withheld_from`` to ``withheld_to`` are withheld, others are rounded to
    the nearest ``rounded_to`` of the exact count. Totals are rounded by themselves and need not add up."""

    id: str
    withheld_from: int
    withheld_to: int
    rounded_to: int
    source: str


RULES: dict[str, CountRule] = {
    rule.id: rule
    for rule in (
        CountRule("hes", 1, 7, 5, "NHS Digital, HES and ECDS disclosure control, September 2018"),
        CountRule("ndtms", 1, 4, 1, "NDTMS restricted-data notice: values under five"),
        CountRule("ons_10_5", 0, 9, 5, "ONS Integrated Data Service, cell key perturbation: 10-5 rule"),
    )
}


def shown(counts: ArrayLike, rule: CountRule) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Counts as a rule shows them, NaN where missing or withheld, and a mask that is true where withheld. A count that
    is no whole number (apportioned) is taken to the nearest one first. Raises ValueError when a count is negative."""
    whole = np.floor(counted(counts) + 0.5)
    withheld = (whole >= rule.withheld_from) & (whole <= rule.withheld_to)
    rounded = rule.rounded_to * np.floor(whole / rule.rounded_to + 0.5)
    return np.where(withheld, np.nan, rounded), withheld


def published(count: int, rule: CountRule) -> int | None:
    """One count as a rule shows it; ``None`` when withheld."""
    value, withheld = shown([count], rule)
    return None if withheld[0] else int(value[0])


def counts_behind(value: int | None, rule: CountRule) -> tuple[int, ...]:
    """The counts that a rule would show as a value; ``None`` stands for withheld. Empty when the rule shows no count
    so."""
    if value is None:
        return tuple(range(rule.withheld_from, rule.withheld_to + 1))
    near = range(max(0, value - rule.rounded_to), value + rule.rounded_to + 1)
    return tuple(count for count in near if published(count, rule) == value)


def counts_behind_rate(rate: str, population: int, per: int = 1_000) -> tuple[int, ...]:
    """The counts that give a rate as printed (text, for its decimals; rounded half up) on a population. Raises ValueError
    when the population is not above zero."""
    above_zero(population, "a population")
    units, scale = _read(rate)
    step = 2 * scale * per
    first, end = (-(-population * (2 * units + side) // step) for side in (-1, 1))
    return tuple(range(max(0, first), end))


def counts_behind_percent(percent: str, base: int) -> tuple[int, ...]:
    """The counts that give a percentage as printed (text, for its decimals) of a base."""
    return possible_counts(percent, base)


def counts_behind_limit(
    limit: str,
    population: int,
    per: int = 1_000,
    side: Literal["lower", "upper"] = "upper",
    confidence: float = CONFIDENCE,
) -> tuple[int, ...]:
    """The counts whose interval has a limit as printed (text, for its decimals; a rate): one limit gives a count away."""
    units, scale = _read(limit)
    about = units / scale * population / per
    counts = np.arange(math.ceil(about + 10 * math.sqrt(about) + 50))
    limits = count_interval(counts, confidence)[side == "upper"] * per / population
    return tuple(int(k) for k in counts[np.floor(limits * scale + 0.5) == units])


@dataclass(frozen=True)
class View:
    """One figure that the public can see, or its absence: a count of the cells it ``covers`` that is known to lie from
    ``low`` to ``high``. A cell is the smallest thing counted, under any name: (ward, month, offence). ``withheld`` is
    true when all that is known is that a rule withholds it."""

    name: str
    covers: frozenset[Hashable]
    low: float
    high: float
    withheld: bool = False

    @classmethod
    def of(cls, name: str, covers: Iterable[Hashable], count: int, rule: CountRule | None = None) -> Self:
        """What a count tells the public: itself, or what its rule lets through (the rule is taken to be known)."""
        if rule is None:
            return cls(name, frozenset(covers), count, count)
        value = published(count, rule)
        behind = counts_behind(value, rule)
        return cls(name, frozenset(covers), min(behind), max(behind), value is None)

    @classmethod
    def among(cls, name: str, covers: Iterable[Hashable], candidates: Sequence[int]) -> Self:
        """A count of which the candidates are known, as the functions ``counts_behind_…`` give them.

        Raises
        ------
        ValueError
            When there are none.
        """
        if not candidates:
            raise ValueError(f"no count fits what is shown of {name}")
        return cls(name, frozenset(covers), min(candidates), max(candidates))


def revealed(views: Sequence[View], small_below: int = SMALL_BELOW, width: float = WIDTH) -> pd.DataFrame:
    """What a set of public views, taken together, reveals.

    Looked at are every view, every view less another inside it (when that could be small), and every group of cells that
    the views tell apart.

    Returns
    -------
    A row a set of cells: ``cells`` (a tuple, sorted as text), ``how`` ("shown as …", "… less …" or "worked out"), ``low``
    and ``high`` (the least and the most its count can be, infinite when nothing bounds it), ``exact`` (they are the same)
    and ``disclosive``: a small count, 1 up to but without ``small_below``, is possible, the range is narrower than
    ``width``, and more is known than the rule that withholds the count says by itself.

    Raises
    ------
    ValueError
        When the views contradict each other, or one covers nothing.
    """
    system, cells, rows = _laid_out(views)
    sets: dict[frozenset[int], str] = {}
    for view, columns in zip(views, rows, strict=True):
        sets.setdefault(frozenset(columns), f"shown as {view.name}")
    for whole, part in _nested(system.matrix):
        if views[whole].low - views[part].high < small_below:
            rest = frozenset(rows[whole]) - frozenset(rows[part])
            sets.setdefault(rest, f"{views[whole].name} less {views[part].name}")
    for group in range(len(cells)):
        sets.setdefault(frozenset([group]), "worked out")
    by_rule = {(view.covers, view.low, view.high) for view in views if view.withheld}
    found = []
    for columns, how in sets.items():
        low, high = system.range_of(columns)
        held = frozenset(cell for g in columns for cell in cells[g])
        narrow = high >= 1 and low < small_below and high - low < width
        found.append(
            {
                "cells": tuple(sorted(held, key=str)),
                "how": how,
                "low": low,
                "high": high,
                "exact": low == high,
                "disclosive": narrow and (held, low, high) not in by_rule,
            }
        )
    return pd.DataFrame(found, columns=["cells", "how", "low", "high", "exact", "disclosive"])


def bounds(views: Sequence[View], wanted: Iterable[Iterable[Hashable]]) -> list[tuple[float, float]]:
    """The least and the most that the count of each wanted set of cells can be, from all views together; infinite when
    nothing bounds it. Cells that no view covers make a set boundless.

    Raises
    ------
    ValueError
        When the views contradict each other, or one covers nothing.
    """
    covered = frozenset().union(*(view.covers for view in views))
    sets = [frozenset(cells) for cells in wanted]
    asked = [View("", cells & covered, 0, math.inf) for cells in sets if cells & covered]
    system, _, rows = _laid_out([*views, *asked])
    ranges = iter([system.range_of(columns) for columns in rows[len(views) :]])
    found = [next(ranges) if cells & covered else (0.0, 0.0) for cells in sets]
    return [(low, high if cells <= covered else math.inf) for (low, high), cells in zip(found, sets, strict=True)]


def interval_audit(
    table: ArrayLike,
    suppressed: Iterable[Sequence[int]],
    row_totals: Sequence[float | None],
    col_totals: Sequence[float | None],
    width: float = WIDTH,
) -> pd.DataFrame:
    """How far the withheld cells of a table with totals can be worked back.

    Parameters
    ----------
    table : exact counts; those at ``suppressed`` (row, column; from 0) are withheld, the others published.
    row_totals, col_totals : as published; ``None`` where not.

    Returns
    -------
    A row a withheld cell: ``row``, ``col``, ``low``, ``high`` (infinite when nothing bounds it), ``true``,
    ``exact_recovery`` (low and high are the same) and ``protected`` (at least ``width`` apart).

    Raises
    ------
    ValueError
        When the totals do not fit the table's shape or contradict its published cells, or a withheld cell is not in it.
    """
    counts = np.asarray(table, dtype=float)
    if counts.shape != (len(row_totals), len(col_totals)):
        raise ValueError("a table needs a total, or None, for each of its rows and columns")
    hidden = list(dict.fromkeys((row, col) for row, col in suppressed))
    for row, col in hidden:
        if not (0 <= row < counts.shape[0] and 0 <= col < counts.shape[1]):
            raise ValueError(f"the withheld cell ({row}, {col}) is not in the table")
    position = {cell: i for i, cell in enumerate(hidden)}
    equations: list[tuple[list[int], float]] = []
    for axis, totals in enumerate((row_totals, col_totals)):
        for number, total in enumerate(totals):
            line = [(number, other) if axis == 0 else (other, number) for other in range(counts.shape[1 - axis])]
            unknown = [position[cell] for cell in line if cell in position]
            if total is not None and not unknown and total != sum(counts[cell] for cell in line):
                raise ValueError(f"{'row' if axis == 0 else 'column'} {number} does not add up to its total {total}")
            if total is not None and unknown:
                equations.append((unknown, total - sum(counts[cell] for cell in line if cell not in position)))
    matrix = sparse.lil_array((len(equations), len(hidden)))
    for number, (unknown, _) in enumerate(equations):
        matrix[number, unknown] = 1.0
    left = np.array([rest for _, rest in equations], dtype=float)
    system = _System(sparse.csr_array(matrix), left, left)
    rows = []
    for cell, column in position.items():
        low, high = system.range_of([column])
        rows.append(
            {
                "row": cell[0],
                "col": cell[1],
                "low": low,
                "high": high,
                "true": counts[cell],
                "exact_recovery": low == high,
                "protected": high - low >= width,
            }
        )
    return pd.DataFrame(rows, columns=["row", "col", "low", "high", "true", "exact_recovery", "protected"])


@dataclass(frozen=True)
class _System:
    """Sums of whole counts that are known to lie between limits: a row of the matrix a sum, a column a count."""

    matrix: sparse.csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def range_of(self, columns: Iterable[int]) -> tuple[float, float]:
        """The least and the most that some counts can add up to."""
        wanted = np.zeros(self.matrix.shape[1])
        wanted[list(columns)] = 1.0
        least = self._solve(wanted)
        most = self._solve(-wanted)
        if least is None:
            raise ValueError("the figures contradict each other: no counts fit all of them")
        return float(round(least)), math.inf if most is None else float(round(-most))

    def _solve(self, objective: NDArray[np.float64]) -> float | None:
        bounded = np.isfinite(self.high)
        result = optimize.linprog(
            objective,
            A_ub=sparse.vstack([self.matrix[bounded], -self.matrix]),
            b_ub=np.concatenate([self.high[bounded], -self.low]),
            bounds=(0, None),
            integrality=1,
            method="highs",
            options={"presolve": False},  # with it HiGHS may stop at a solution that is not the least
        )
        return float(result.fun) if result.status == 0 else None


def _laid_out(views: Sequence[View]) -> tuple[_System, list[list[Hashable]], list[list[int]]]:
    """Views as sums: the system, the cells of each of its columns (those that no view tells apart), and the columns of
    each view."""
    if any(not view.covers for view in views):
        raise ValueError("a view covers no cell")
    groups: dict[frozenset[int], list[Hashable]] = {}
    seen_in: dict[Hashable, set[int]] = {}
    for number, view in enumerate(views):
        for cell in view.covers:
            seen_in.setdefault(cell, set()).add(number)
    for cell, numbers in seen_in.items():
        groups.setdefault(frozenset(numbers), []).append(cell)
    cells = list(groups.values())
    rows = [[g for g, numbers in enumerate(groups) if number in numbers] for number in range(len(views))]
    matrix = sparse.lil_array((len(views), len(cells)))
    for number, columns in enumerate(rows):
        matrix[number, columns] = 1.0
    low, high = np.array([v.low for v in views], float), np.array([v.high for v in views], float)
    return _System(sparse.csr_array(matrix), low, high), cells, rows


def _nested(matrix: sparse.csr_array) -> list[tuple[int, int]]:
    """Pairs of rows (whole, part) in which the second covers some, but not all, of what the first does."""
    shared = sparse.coo_array(matrix @ matrix.T)
    size = matrix.sum(axis=1)
    return [
        (int(i), int(j))
        for i, j, overlap in zip(shared.row, shared.col, shared.data, strict=True)
        if overlap == size[j] < size[i]
    ]


def _read(number: str) -> tuple[int, int]:
    """A printed number as a whole number of its smallest unit, and how many of them make 1."""
    if not isinstance(number, str):
        raise TypeError(f"give {number!r} as the text that was printed: '0.20' says more than '0.2'")
    exact = Decimal(number)
    scale = 10 ** max(0, -int(exact.as_tuple().exponent))
    return int(exact * scale), scale
