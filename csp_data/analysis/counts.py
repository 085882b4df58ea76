"""Counts of a release laid out as a block of numbers, month × area × category, from which any total is a slice."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis.periods import Span, month_number
from csp_data.catalogue.categories import descendants

NOT_LOCATED = "not_located"
UNALLOCATED = "unallocated"
"""Counted in the partnership, but in no ward of the set."""
NOT_SPLIT = "Not split further"
"""Label of what is counted on a line of the tree and on none of the lines below it."""
WHOLE = "whole"


@dataclass(frozen=True)
class Block:
    """Counts of one dataset by month, area and category.

    ``values`` has shape (months, areas, categories), the months running without a gap from ``first_month``; a month is
    only meaningful where ``covered`` is true: elsewhere nothing is known, which is not none.
    """

    first_month: int
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    values: NDArray[np.float64]
    covered: NDArray[np.bool_]
    shared: "Shared | None" = None
    """What of the counts lies in small areas that several wards share; None when there is none."""
    _running: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)
    """Category, or category itself, -> counts from the first month up to each, made when first asked for: any span is
    then one subtraction."""

    def total(self, span: Span, category: str) -> NDArray[np.float64]:
        """The count of each area over a span, of a category with all below it. NaN when a month is not covered."""
        return self.totals([span], category)[0]

    def totals(self, spans: list[Span], category: str) -> NDArray[np.float64]:
        """Counts of shape (spans, areas), as ``total`` gives them."""
        return self._sums(spans, category, self._columns({category, *descendants(category)}))

    def own(self, span: Span, category: str) -> NDArray[np.float64]:
        """As ``total``, of a category in its own right: without what is below it."""
        return self._sums([span], f"{category} itself", self._columns({category}))[0]

    def _sums(self, spans: list[Span], name: str, columns: list[int]) -> NDArray[np.float64]:
        if name not in self._running:
            by_month = self.values[:, :, columns].sum(axis=2)
            self._running[name] = np.vstack([np.zeros((1, len(self.areas))), by_month.cumsum(axis=0)])
        running = self._running[name]
        known = np.concatenate([[0], self.covered.cumsum()])
        first = np.array([month_number(span.start) - self.first_month for span in spans], dtype=int)
        last = np.array([month_number(span.end) - self.first_month + 1 for span in spans], dtype=int)
        inside = (first >= 0) & (last <= len(self.covered))
        first, last = np.where(inside, first, 0), np.where(inside, last, 0)
        whole = inside & (known[last] - known[first] == last - first)
        return np.where(whole[:, None], running[last] - running[first], np.nan)

    def present_categories(self) -> tuple[str, ...]:
        """Categories with any count at all, in their own right."""
        return tuple(c for c, any_ in zip(self.categories, self.values.any(axis=(0, 1)), strict=True) if any_)

    def _columns(self, wanted: set[str]) -> list[int]:
        return [i for i, c in enumerate(self.categories) if c in wanted]


@dataclass(frozen=True)
class Shared:
    """The part of a block that lies in small areas which several areas share, and so is an estimate in each of them.

    ``estimated`` is what each area was given of them, ``possible`` all that they hold: were none of it an area's, it would
    have its count less ``estimated``, and were all of it, ``possible`` more than that. ``areas`` are those that share
    any: known from the look-up alone, whatever the counts.
    """

    estimated: Block
    possible: Block
    areas: frozenset[str]


WHOLE_SHARE = 1 - 1e-9
"""A share from here on is the whole."""
_LOOKED_UP = ("small_area", "ward_code", "share")


def block(counts: pd.DataFrame, covered: list[str], lookup: pd.DataFrame | None, wards: tuple[str, ...] = ()) -> Block:
    """Lay out counts by month, area and category.

    Parameters
    ----------
    counts : a row a month, small area and category, under the contract of the count datasets, all of them located.
    covered : the months that are complete.
    lookup : a row a small area and ward of one ward set, with the ``share`` of the count that goes to the ward; with
        ``None`` everything is one area, ``WHOLE``. A small area is shared when it has several rows (one of them may be 0:
        a ward that it may lie in, but is not counted in) or only a part of it goes to its ward.
    wards : the wards of the set in order. The last area of the block is ``UNALLOCATED``: what no ward takes.

    Returns
    -------
    A block whose areas add up to the located counts exactly (to rounding of the shares).
    """
    numbers = [month_number(month) for month in covered]
    shared: Shared | None = None
    category, categories = pd.factorize(counts["category"])
    month = _month_numbers(counts["month"])
    first = min([*numbers, *np.unique(month).tolist()], default=month_number("2000-01"))
    last = max([*numbers, *np.unique(month).tolist()], default=first)
    n_months = last - first + 1
    flags = np.zeros(n_months, dtype=bool)
    flags[[n - first for n in numbers]] = True
    amount = counts["count"].to_numpy(dtype=float)
    if lookup is None:
        areas: tuple[str, ...] = (WHOLE,)
        values = _sum(n_months, 1, len(categories), month - first, np.zeros_like(month), category, amount)
    else:
        areas = (*wards, UNALLOCATED)
        codes, small_areas = pd.factorize(counts["small_area"])
        position = {ward: i for i, ward in enumerate(wards)}
        split: dict[str, list[tuple[int, float]]] = {}
        for small_area, ward, share in zip(*(lookup[name].tolist() for name in _LOOKED_UP), strict=True):
            if ward in position:
                split.setdefault(small_area, []).append((position[ward], share))
        by_place = _sum(n_months, len(small_areas), len(categories), month - first, codes, category, amount)
        values = np.zeros((n_months, len(areas), len(categories)))
        straddling = {name for name, rows in split.items() if len(rows) > 1 or rows[0][1] < WHOLE_SHARE}
        estimated, possible = (np.zeros_like(values) if straddling else values for _ in range(2))
        for i, small_area in enumerate(small_areas):
            rows = list(split.get(small_area, ()))
            left = 1.0 - sum(share for _, share in rows)
            if left > 1e-9:
                rows.append((len(areas) - 1, left))
            for at, share in rows:
                values[:, at, :] += by_place[:, i, :] * share
                if small_area in straddling:
                    estimated[:, at, :] += by_place[:, i, :] * share
                    possible[:, at, :] += by_place[:, i, :]
        if straddling:
            labels = tuple(map(str, categories))
            shared = Shared(
                Block(first, areas, labels, estimated, flags),
                Block(first, areas, labels, possible, flags),
                frozenset(areas[ward] for name in straddling for ward, _ in split[name]),
            )
    return Block(first, areas, tuple(map(str, categories)), values, flags, shared)


def _month_numbers(months: pd.Series) -> NDArray[np.int64]:
    """Months since year 0 of a column of timestamps."""
    return months.to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _sum(n_months, n_areas, n_categories, month, area, category, amount) -> NDArray[np.float64]:
    cell = (month * n_areas + area) * n_categories + category
    return np.bincount(cell, weights=amount, minlength=n_months * n_areas * n_categories).reshape(
        n_months, n_areas, n_categories
    )
