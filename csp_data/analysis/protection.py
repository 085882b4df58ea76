"""Which figures of a rounded extract the public may see, so that no small count can be worked out from the others.

Withholding 1 to 7 and rounding the rest to the nearest 5 does not by itself hide a small count on pages with totals and
a choice of months. A ward with 7, next to one with 12 (shown as 10), in a partnership with 19 (shown as 20), has 6 or 7:
20 means 18 to 22, and 10 means 8 to 12. Taking all that can be seen together (``disclosure_audit``) such cases are found
in most small tables. So the public sees, of a rounded extract, only figures chosen as follows.

- The cuts are: the whole partnership by type, and the wards of the current ward set by all types, each by month, quarter
  (January, April, July, October) and financial year; a type in a ward by financial year only.
- In a financial year, a line or ward is given at one of these grains when none of its windows of that grain in that year
  has 1 to 7. Those that do are hidden at that grain together with the smallest of the others beside them, until what is
  hidden together has none, or 8 or more, in every window.
- A period of 1, 3 or 12 months is given when it is made of such windows.
- A sensitive line is given for the whole partnership over 12 months only; for shorter periods and in wards it is hidden
  like a small one, with another beside it.
- A view of the tree whose records other lines hold already (Most Serious Violence, domestic abuse) is given as a sensitive
  line is, where neither it nor what it leaves of those lines is under 8 in any window. One with none is hidden: an extract
  that does not mark such records must not be taken to have none.

Why that is enough: every sum that can be seen or worked out is then none, or 8 or more. In a table of which only such
margins are known, a cell can lie anywhere between max(0, R + C - T) and min(R, C), for its row R, column C and total T.
That range is as wide as the least of R, C, T - R and T - C, so 8 or more, or nothing; and when it is nothing the cell is
0 or equal to a margin, so not 1 to 7. This holds even where a margin is known exactly, so it holds for rounded ones, for
rates and for intervals, and for any choice of months. The tests audit made-up releases by integer programming.

Two releases kept side by side, the later with a few late records: what is hidden may change with one record, so the proof
does not hold across both. About 100 such pairs were audited, a third of them with the number of late records known, and a
few with other lines or wards hidden in the second (the tests keep two): no small count was narrower than 4. It can be, 7 to
9, for somebody who knows every late record. So give out rounded extracts by the quarter. What changed between two releases
is for analysts, and made of the two as shown.

Tried and left: rounding alone (fails as above); only whole quarters and years (a year less three quarters fails the same
way); sums of rounded base cells (totals would no longer be rounded from the exact count); secondary suppression found by
linear programming (slow, and hard to explain to who asks why a figure is withheld).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from csp_data.analysis.counts import Block
from csp_data.analysis.periods import Span, month_number
from csp_data.catalogue.categories import CATEGORIES, all_views, children, descendants, root
from csp_data.catalogue.disclosure_rules import WITHHELD_UP_TO

Grain = Literal["month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("year", "quarter", "month")
"""Coarsest first: what is hidden at one is hidden at all finer ones."""
_MONTHS: Mapping[Grain, int] = {"year": 12, "quarter": 3, "month": 1}

Part = TypeVar("Part", bound=Hashable)

Line = tuple[str, bool]
"""A category, and whether it is meant in its own right: without what is below it."""


def small(counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which counts would be withheld for their size. A count that is no whole number is taken to the nearest one."""
    whole = np.floor(counts + 0.5)
    return (whole >= 1) & (whole <= WITHHELD_UP_TO)


def hidden_together(parts: Mapping[Part, NDArray[np.float64]], barred: Iterable[Part] = ()) -> set[Part]:
    """Which parts of a whole have to be hidden so that none of 1 to 7 can be worked out, the whole being known.

    Parameters
    ----------
    parts : counts of each part in the same windows.
    barred : parts to hide whatever their counts.

    Returns
    -------
    Those with a small count in a window and those barred, with the smallest of the others until the hidden ones together
    have none, or more than would be withheld, in every window, and are at least two; all of them when nothing less does.
    """
    unwanted = set(barred)
    some = {part: counts for part, counts in parts.items() if counts.any()}
    hidden = [part for part, counts in some.items() if part in unwanted or small(counts).any()]
    others = sorted((part for part in some if part not in hidden), key=lambda part: some[part].sum())
    while hidden and others and (len(hidden) < 2 or small(np.sum([some[part] for part in hidden], axis=0)).any()):
        hidden.append(others.pop(0))
    return set(parts) if hidden and not others else set(hidden) | (unwanted & set(parts))


@dataclass
class _Year:
    """What is hidden in one financial year."""

    lines: dict[Grain, set[Line]] = field(default_factory=dict)
    lines_and_sensitive: dict[Grain, set[Line]] = field(default_factory=dict)
    """The same when sensitive lines may not be worked out either: for periods shorter than a year."""
    wards: dict[Grain, set[str]] = field(default_factory=dict)
    lines_in_wards: set[Line] = field(default_factory=set)
    views: dict[Grain, set[str]] = field(default_factory=dict)


class Protection:
    """What the public may see of one rounded dataset. Made once from its exact counts; tells nothing but yes or no."""

    def __init__(self, dataset: str, whole: Block, wards: Block | None):
        self._top: Line = (root(dataset), False)
        lines = [root(dataset), *descendants(root(dataset))]
        self._lines = frozenset(lines)
        self._views = {
            view: np.column_stack(
                [own, sum(_series(whole, line, False)[:, 0] for line in CATEGORIES[view].overlaps) - own]
            )
            for view in all_views(dataset)
            for own in [_series(whole, view, False)[:, 0]]
        }
        """View -> by month, its records and what it leaves of the lines that hold them."""
        counts = {(line, own): _series(whole, line, own)[:, 0] for line in lines for own in (False, True)}
        present = whole.present_categories()
        self._sensitive = {
            (line, own)
            for line in lines
            for own in (False, True)
            if CATEGORIES[line].sensitive or _only_sensitive(present, {line} if own else {line, *descendants(line)})
        }
        in_wards = {line: _series(wards, *line) for line in counts} if wards else {}
        areas = wards.areas if wards else ()
        numbers = range(whole.first_month, whole.first_month + len(whole.covered))
        self._years = {
            year: self._year(year, whole, counts, in_wards, areas) for year in sorted({(n - 3) // 12 for n in numbers})
        }

    def shows(self, span: Span, line: str, own: bool = False, area: str | None = None) -> bool:
        """Whether the count of a line (in its own right?) over a span may be shown, in a ward when one is named."""
        asked: Line = (line, own and bool(children(line)))
        if line not in self._lines and line not in self._views:
            return False
        if (asked in self._sensitive or line in self._views) and not (area is None and span.length == 12):
            return False
        first, last = month_number(span.start), month_number(span.end) + 1
        for year in range((first - 3) // 12, (last - 4) // 12 + 1):
            start = year * 12 + 3
            if not self._shows_part(year, max(first, start), min(last, start + 12), asked, area, last - first):
                return False
        return True

    def _shows_part(self, year: int, first: int, last: int, line: Line, area: str | None, months: int) -> bool:
        """Whether the part of a span that lies in one financial year is made of windows that are given."""
        if year not in self._years:
            return False
        held = self._years[year]
        grain: Grain = next(g for g in GRAINS if not ((first - 3) % _MONTHS[g] or (last - 3) % _MONTHS[g]))
        if line[0] in self._views:
            return line[0] not in held.views[grain]
        if area is None:
            return line not in (held.lines if months >= 12 else held.lines_and_sensitive)[grain]
        if line == self._top:
            return area not in held.wards[grain]
        return grain == "year" and area not in held.wards["year"] and line not in held.lines_in_wards

    def _year(
        self,
        year: int,
        whole: Block,
        counts: Mapping[Line, NDArray[np.float64]],
        in_wards: Mapping[Line, NDArray[np.float64]],
        areas: tuple[str, ...],
    ) -> _Year:
        held = _Year()
        coarser: tuple[set[Line], set[Line], set[str]] = (set(), set(), set())
        for grain in GRAINS:
            windows = _windows(whole, year, _MONTHS[grain])
            over = {line: _over(series, windows) for line, series in counts.items()}
            held.lines[grain] = self._hidden_lines(over, coarser[0])
            held.lines_and_sensitive[grain] = (
                held.lines[grain]
                if grain == "year"
                else self._hidden_lines(over, coarser[1] | held.lines[grain] | self._sensitive)
            )
            held.wards[grain] = set(areas)
            if areas and self._top not in held.lines[grain]:
                by_ward = _over(in_wards[self._top], windows)
                held.wards[grain] = hidden_together(
                    {area: by_ward[:, position] for position, area in enumerate(areas)}, coarser[2]
                )
            of_views = {view: _over(series, windows) for view, series in self._views.items()}
            held.views[grain] = {
                view for view, counts in of_views.items() if small(counts).any() or not counts[:, 0].any()
            }.union(*held.views.values())
            if windows:
                coarser = (held.lines[grain], held.lines_and_sensitive[grain], held.wards[grain])
            if grain == "year":
                hidden = np.array([area in held.wards["year"] for area in areas], dtype=bool)
                columns = {line: _with_hidden_as_one(_over(s, windows), hidden) for line, s in in_wards.items()}
                held.lines_in_wards = self._hidden_lines(columns, held.lines["year"] | self._sensitive)
        return held

    def _hidden_lines(self, counts: Mapping[Line, NDArray[np.float64]], barred: set[Line]) -> set[Line]:
        """Lines of the tree to hide: from the top down, each with what must be hidden beside it and all below it."""
        hidden: set[Line] = set()

        def below(line: Line) -> None:
            parts: list[Line] = [(child, False) for child in children(line[0])]
            if not parts:
                return
            parts.append((line[0], True))
            hidden.update(parts if line in hidden else hidden_together({part: counts[part] for part in parts}, barred))
            for part in parts[:-1]:
                below(part)

        if not counts:
            return hidden
        if self._top in barred or small(counts[self._top]).any():
            hidden.add(self._top)
        below(self._top)
        return hidden


def _only_sensitive(present: Iterable[str], wanted: set[str]) -> bool:
    """Whether all that is counted on some lines is sensitive, so that their sum is as well."""
    held = [CATEGORIES[line].sensitive for line in present if line in wanted]
    return bool(held) and all(held)


def _series(block: Block, line: str, own: bool) -> NDArray[np.float64]:
    """Counts of a line by month and area, taken to 6 decimals as the gateway does; none where a month is not covered."""
    wanted = {line} if own else {line, *descendants(line)}
    columns = [i for i, category in enumerate(block.categories) if category in wanted]
    return np.round(block.values[:, :, columns].sum(axis=2), 6) * block.covered[:, None]


def _windows(block: Block, year: int, months: int) -> list[slice]:
    """The windows of so many months of a financial year that the block covers whole."""
    start = year * 12 + 3 - block.first_month
    firsts = range(start, start + 12, months)
    return [slice(n, n + months) for n in firsts if n >= 0 and block.covered[n : n + months].sum() == months]


def _over(series: NDArray[np.float64], windows: list[slice]) -> NDArray[np.float64]:
    return np.array([series[window].sum(axis=0) for window in windows]).reshape(len(windows), *series.shape[1:])


def _with_hidden_as_one(counts: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Counts by window and ward, flat, with the hidden wards added together: their sum can be worked out."""
    return np.hstack([counts[:, ~hidden], counts[:, hidden].sum(axis=1, keepdims=True)]).ravel()
