"""The one function that answers a question of the data: every figure in the app, an export or the command line."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis import disclosure, periods
from csp_data.analysis.change import SMALLEST_BASE, changes
from csp_data.analysis.counts import NOT_SPLIT, UNALLOCATED, Block
from csp_data.analysis.periods import Span
from csp_data.analysis.population import UNKNOWN, Population
from csp_data.analysis.rates import count_interval
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, Category, all_views, category_named, children, descendants, root
from csp_data.catalogue.datasets import COUNT_DATASETS
from csp_data.catalogue.measures import DENOMINATORS, Denominator, Measure, measure_named

Per = Literal["count", "rate"]
Compare = Literal["previous-year", "pre-pandemic"]
By = Literal["area", "month", "quarter", "financial_year", "calendar_year", "year_to_date", "rolling12", "category"]


MOSTLY = 0.5
"""A count of which more than this share was estimated gets no interval, and a change of it no test: both are about
records that were counted."""

PANDEMIC_BASE = (
    f"Not compared: some or all of the earlier period is in the pandemic ({periods.PANDEMIC.label}), when restrictions "
    "changed what was usual."
)
"""Why nothing is compared with such a period, here or anywhere: a change from it says nothing about what is usual."""

EVENTS_NAMED = 3
"""Events that a caution names; the field ``events`` has all of them."""


KEPT = 200
"""Tables that are kept (and ten times as many single answers), because the charts of a page ask for the same ones. About
10 MB."""


class QuestionError(ValueError):
    """A question that makes no sense of this release, told in a sentence that names what would."""


@dataclass(frozen=True)
class Question:
    """What is asked. ``area`` is a ward's code, or None for the whole partnership; ``category`` a line of the crime
    tree or a type of ASB, or None for all; ``vintage`` a ward set, or None for the one the area belongs to, else the
    current one; ``denominator`` what a rate is per: "residents", "households" or "workday" (the people who are in the
    area on a working day)."""

    measure: str
    start: str
    end: str
    area: str | None = None
    category: str | None = None
    vintage: str | None = None
    per: Per = "count"
    compare: Compare | None = None
    role: str = "public"
    denominator: Denominator = "residents"


@dataclass(frozen=True)
class Answer:
    """A figure with all that must stand beside it. Numbers that are missing or withheld are None, and
    ``value_status`` and ``reason`` say which and why.

    ``estimated`` is the share of the count, 0 to 1, that lies in small areas which several wards share and was divided
    among them. ``bound_low`` and ``bound_high`` are the value if none of those records, and if all of them, were of this
    ward; of a rate also on the most and the fewest people there may be (``denominator_high``, ``denominator_low``). Both
    equal the value where nothing was estimated and the people are known. Of a rounded extract the public is told none
    of the three for a ward that shares small areas: they are missing there.
    """

    measure: str
    category: str
    category_label: str
    value: float | None
    numerator: float | None
    denominator: float | None
    denominator_name: str
    denominator_low: float | None
    denominator_high: float | None
    estimated: float | None
    bound_low: float | None
    bound_high: float | None
    lower: float | None
    upper: float | None
    unit: str
    per: str
    period: str
    period_start: str
    period_end: str
    months_present: int
    months_expected: int
    area: str
    area_name: str
    vintage: str
    vintage_label: str
    population_year: int | None
    population_basis: str
    value_status: str
    reason: str
    compare: str
    compare_period: str
    compare_numerator: float | None
    compare_value: float | None
    change: float | None
    percent_change: float | None
    percent_lower: float | None
    percent_upper: float | None
    verdict: str
    change_reason: str
    events: str
    caution: str
    release: str
    source: str
    status: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


_HELD_AS: dict[str, str] = {
    "residents": "number of residents",
    "households": "number of households",
    "workday": "workday population",
}
_ENDS = ("low", "high")
_FIELDS = tuple(f.name for f in fields(Answer))
_NUMBERS = [f.name for f in fields(Answer) if f.type is not str and "None" in str(f.type)]
_WHOLE = [f.name for f in fields(Answer) if f.type is int]
_WORDS = [f.name for f in fields(Answer) if f.type is str]
_KINDS = ((_WORDS, object), (_NUMBERS, float), (_WHOLE, int))
_COLUMNS = pd.Index([name for names, _ in _KINDS for name in names])
"""The columns of every table: shared by all, so that where each lies is looked up once."""


def answer(subject: Subject, question: Question) -> Answer:
    """The figure a question asks for.

    Raises
    ------
    QuestionError
        When the release has no such measure, category, area or ward set, or the period is not one.
    """
    return _answered(subject, question)


def answer_on_any_base(subject: Subject, question: Question) -> Answer:
    """As ``answer``, with the change also from a period in the pandemic: for checking what somebody wrote, never for a
    figure that the dashboard gives of its own."""
    return _answered(subject, question, any_base=True)


@lru_cache(maxsize=10 * KEPT)
def _answered(subject: Subject, question: Question, any_base: bool = False) -> Answer:
    columns = _Asked(subject, question, any_base).columns()
    return Answer(**{name: _plain(_first(columns[name])) for name in _FIELDS})


def table(subject: Subject, question: Question, by: By | None) -> pd.DataFrame:
    """The figures a question asks for, a row a group.

    Parameters
    ----------
    by : what a row is. "area": a ward of the set, with a last row for what no ward takes when there is any.
        "month", "quarter", "financial_year", "calendar_year": a span of that kind within the question's months; a year
        that the data hold in part is cut to the months there are. "year_to_date": of each financial year the months from
        April to the calendar month that the question ends with. "rolling12": the 12 months to each of the question's
        months.
        "category": a line directly under the question's, with a last row, of the question's own category, for what is
        on none of them, when there is any. None: a single row.

    Returns
    -------
    The fields of ``Answer`` as columns, with NaN for a number that is missing or withheld, and ``value_status``
    "available", "missing", "withheld" or "not applicable".

    Raises
    ------
    QuestionError
        As ``answer``.
    """
    # A shallow copy: pandas copies what somebody changes.
    return _kept(subject, question, by).copy(deep=False)


@lru_cache(maxsize=KEPT)
def _kept(subject: Subject, question: Question, by: By | None) -> pd.DataFrame:
    return _as_table(_Asked(subject, question).columns(by))


@dataclass(frozen=True, eq=False)
class Grid:
    """The values of the wards of a set for several questions: a row a ward, a column a question.

    ``values`` is NaN and ``statuses`` says why where there is none, as in ``table``.
    """

    areas: tuple[str, ...]
    names: tuple[str, ...]
    values: NDArray[np.float64]
    statuses: NDArray[np.object_]


def grid(subject: Subject, questions: Sequence[Question]) -> Grid:
    """What ``table`` by "area" has as ``value`` and ``value_status`` for each of several questions of one ward set,
    without the row of what no ward takes; ten times quicker than as many tables.

    Raises
    ------
    QuestionError
        As ``answer``.
    """
    asked = [_Asked(subject, question) for question in questions]
    areas = asked[0].wards_of_set()
    columns = [each.values_of([each.span] * len(areas), areas) for each in asked]
    names = subject.wards[asked[0].vintage]
    return Grid(
        areas,
        tuple(names[area] for area in areas),
        np.column_stack([value for value, _ in columns]),
        np.column_stack([status for _, status in columns]),
    )


def monthly(subject: Subject, question: Question) -> tuple[pd.Series, NDArray[np.object_]]:
    """What ``table`` by "month" has as ``value``, by month, and as ``value_status``; ten times quicker than the table.

    Raises
    ------
    QuestionError
        As ``answer``.
    """
    asked = _Asked(subject, question)
    values, statuses = asked.values_of([Span(month, month) for month in asked.span.months])
    return pd.Series(values, index=pd.Index(asked.span.months, name="month", dtype="str")), statuses


def elsewhere(subject: Subject, question: Question) -> pd.DataFrame:
    """Records of the question's measure and period that are in no figure, as the role may see them.

    Returns
    -------
    A row a kind and source: ``kind`` ("apart" for a source that is held apart, inside the partnership; "not located" for
    records of the source's whole files that could be placed nowhere, of which some may belong here), ``source``,
    ``records`` (how many; NaN where withheld) and ``value_status``. Of a rounded extract the public sees whole financial
    years only.
    """
    asked = _Asked(subject, question)
    found = subject.elsewhere(asked.dataset, asked.span)
    counts, withheld = disclosure.parts_shown(np.array(list(found.values()), dtype=float), asked.rule, question.role)
    if disclosure.restricted(asked.rule, question.role) and not periods.is_financial_year(asked.span):
        counts, withheld = np.full(len(found), np.nan), np.full(len(found), True)
    return pd.DataFrame(
        {
            "kind": [kind for kind, _ in found],
            "source": [source for _, source in found],
            "records": counts,
            "value_status": np.where(withheld, "withheld", "available"),
        }
    )


def placed(subject: Subject, measure: str, role: str) -> dict[str, float]:
    """How many rows of the source files of a measure were placed how, as the role may see them (NaN where withheld).
    Empty when the build did not record it."""
    extract = subject.release.extract(measure_named(measure).dataset)
    found = extract.get("placed", {})
    counts, _ = disclosure.parts_shown(
        np.array(list(found.values()), dtype=float), extract.get("disclosure", "rounded"), role
    )
    return dict(zip(found, counts.tolist(), strict=True))


def rows_held(subject: Subject, dataset: str, role: str) -> tuple[float, list[float]]:
    """Rows of a dataset's table, and of each of its source files, as the role may see them: NaN where withheld or not
    recorded. Of a rounded extract the public is told neither: a row may be a single incident."""
    extract = subject.release.extract(dataset)
    of_files = [float(source.get("rows") or np.nan) for source in extract.get("sources", [])]
    if files_withheld(subject, dataset, role):
        return np.nan, [np.nan] * len(of_files)
    return float(extract["rows"]), of_files


def files_withheld(subject: Subject, dataset: str, role: str) -> bool:
    """Whether a role is told of an extract's files without their rows and hashes: a hash confirms a guess of what is in it."""
    # Only in a dataset of counts may a row be a record of something that happened to somebody.
    rule = subject.release.extract(dataset).get("disclosure", "rounded")
    return dataset in COUNT_DATASETS and disclosure.restricted(rule, role)


def lines(subject: Subject, measure: str, role: str) -> tuple[str, ...]:
    """Lines of a measure's tree with counts in their own right, for lists to choose from. Of a rounded extract the public
    is told all lines there could be, because a line in the list would show that there is at least one record."""
    dataset = measure_named(measure).dataset
    present = subject.block(dataset).present_categories()
    if disclosure.restricted(subject.release.extract(dataset).get("disclosure", "rounded"), role):
        return (root(dataset), *descendants(root(dataset)), *all_views(dataset))
    return present


def lines_below(subject: Subject, measure: str, role: str, under: str | None = None) -> tuple[str, ...]:
    """The lines directly under a line of a measure's tree (under all of it when None) that have counts on or below them,
    as far as ``lines`` tells, in the order of the tree."""
    told = set(lines(subject, measure, role))
    return tuple(
        line for line in children(under or root(measure_named(measure).dataset)) if told & {line, *descendants(line)}
    )


class _Asked:
    """A question made sense of: names looked up, defaults filled in."""

    def __init__(self, subject: Subject, question: Question, any_base: bool = False):
        self.subject, self.question, self.any_base = subject, question, any_base
        try:
            self.measure: Measure = measure_named(question.measure)
            self.category: Category = category_named(question.category or root(self.dataset), self.dataset)
            self.span = Span(question.start, question.end)
        except (KeyError, ValueError) as error:
            raise QuestionError(str(error.args[0])) from None
        if not subject.release.has(self.dataset):
            raise QuestionError(
                f"{subject.partnership.short_name} has no data on {self.measure.label} in this release."
            )
        for name, value, known in (
            ("per", question.per, get_args(Per)),
            ("compare", question.compare, (None, *get_args(Compare))),
            ("role", question.role, disclosure.ROLES),
            ("denominator", question.denominator, tuple(DENOMINATORS)),
        ):
            if value not in known:
                raise QuestionError(f"There is no {name} '{value}'. Choose one of: {', '.join(k for k in known if k)}.")
        self.area, self.vintage = self._place()
        self.rule = subject.release.extract(self.dataset).get("disclosure", "rounded")

    @property
    def dataset(self) -> str:
        return self.measure.dataset

    def _place(self) -> tuple[str | None, str]:
        partnership, asked = self.subject.partnership, self.question
        wards = self.subject.wards
        area = None if asked.area in (None, "", partnership.csp_code, *partnership.districts[:1]) else asked.area
        if asked.area in partnership.districts and len(partnership.districts) > 1:
            raise QuestionError(f"{partnership.name} covers several districts; figures for one alone are not made.")
        try:
            if asked.vintage is not None or area is None:
                vintage = partnership.vintage(asked.vintage).id if partnership.vintages or asked.vintage else ""
            else:
                vintage = next((v for v in reversed(list(wards)) if area in wards[v]), partnership.vintage(None).id)
        except KeyError as error:
            raise QuestionError(str(error.args[0])) from None
        if area is not None and area not in wards[vintage]:
            elsewhere = next((v for v in wards if area in wards[v]), None)
            hint = (
                f"It is a ward of the set '{elsewhere}': leave the ward set out, or ask for that one."
                if elsewhere
                else f"Give the code of one of: {', '.join(f'{c} ({n})' for c, n in wards[vintage].items())}."
            )
            raise QuestionError(f"{area} is not a ward of {partnership.short_name} in the set '{vintage}'. {hint}")
        return area, vintage

    def columns(self, by: By | None = None) -> dict[str, Any]:
        """The fields of ``Answer``, each as a value for all rows or an array or list of one a row."""
        if by == "area":
            return self._by_area()
        if by == "category":
            lines = self._lines_below()
            return self._figures([self.span] * len(lines), lines=lines)
        if by == "financial_year":
            return self._years(periods.financial_year_of, periods.financial_year)
        if by == "calendar_year":
            return self._years(periods.calendar_year_of, periods.calendar_year)
        return self._figures(self._spans(by))

    def _spans(self, by: By | None) -> list[Span]:
        if by is None:
            return [self.span]
        months = self.span.months
        if by == "month":
            return [Span(m, m) for m in months]
        if by == "rolling12":
            return [periods.rolling_12(m) for m in months]
        if by == "quarter":
            starts = [m for m in months if periods.month_number(m) % 3 == 0]
            quarters = [Span(m, periods.month_text(periods.month_number(m) + 2)) for m in starts]
            return [q for q in quarters if q.end <= self.span.end]
        if by == "year_to_date":
            latest = periods.year_to_date(self.span.end)
            years = len({periods.financial_year_of(month) for month in months})
            return [latest.shifted(-12 * back) for back in reversed(range(years))]
        raise QuestionError(f"There is no grouping '{by}'. Choose one of: {', '.join(get_args(By))}.")

    def _lines_below(self) -> list[str]:
        """The lines directly under the question's, and itself for what is on none of them; only those with any count,
        unless that would show the public that there are some."""
        below = lines_below(self.subject, self.measure.id, self.question.role, self.category.id)
        own = self.restricted or self.category.id in self.subject.block(self.dataset).present_categories()
        return [*below, self.category.id] if own or not below else [*below]

    def _years(self, year_of: Callable[[str], str], year_named: Callable[[str], Span]) -> dict[str, Any]:
        """Years; one that is asked for or held in part, when that is one unbroken run, is cut to the months there are
        and says so."""
        held = set(self.span.months) & set(self.subject.months(self.measure.id))
        years = list(dict.fromkeys(year_of(month) for month in self.span.months))
        wholes = [year_named(year) for year in years]
        parts = [periods.runs(held & set(whole.months)) for whole in wholes]
        figures = self._figures([p[0] if len(p) == 1 else whole for p, whole in zip(parts, wholes, strict=True)])
        return figures | {
            "period": [periods.year_label(y, whole, held) for y, whole in zip(years, wholes, strict=True)],
            "months_expected": [whole.length for whole in wholes],
        }

    def _by_area(self) -> dict[str, Any]:
        if not self.vintage:
            raise QuestionError(f"{self.subject.partnership.short_name} has no ward sets in this release.")
        areas = self._block_of_wards().areas
        figures = self._figures([self.span] * len(areas), areas=areas)
        if figures["value_status"][-1] != "withheld" and np.nan_to_num(figures["numerator"][-1]) == 0:
            return {name: each[:-1] if isinstance(each, list | np.ndarray) else each for name, each in figures.items()}
        return figures

    def wards_of_set(self) -> tuple[str, ...]:
        return self._block_of_wards().areas[:-1]

    def values_of(
        self, spans: list[Span], areas: tuple[str, ...] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
        """Value and status of each row, and nothing else of ``_figures``."""
        counts, withheld = self._counts(spans, None, areas)
        scale, _ = self._scale(np.array([p.people for p in self._people(spans, areas)], dtype=float))
        unused = self._unused(spans, None, counts)
        return np.where(unused, np.nan, counts * scale), _statuses(counts, withheld, scale, unused).astype(object)

    def _block_of_wards(self) -> Block:
        return self.subject.block(self.dataset, self.vintage)

    def _counts(
        self, spans: list[Span], lines: list[str] | None, areas: tuple[str, ...] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Counts of the rows as the role may see them, and which are withheld. The gateway: nothing below this line
        ever sees an exact count."""
        whole = self.area is None and areas is None
        exact = self._exact(self.subject.block(self.dataset) if whole else self._block_of_wards(), spans, lines, areas)
        counts, withheld = disclosure.shown(np.round(exact, 6), self.rule, self.question.role)
        if not self.restricted:
            return counts, withheld
        barred = ~self._given(spans, lines, areas) & ~np.isnan(exact)
        return np.where(barred, np.nan, counts), withheld | barred

    def _exact(
        self, block_: Block, spans: list[Span], lines: list[str] | None, areas: tuple[str, ...] | None
    ) -> NDArray[np.float64]:
        """Counts of the rows, unprotected: for ``_counts`` and ``_bounds`` only."""
        if areas is not None:
            return block_.total(spans[0], self.category.id)[: len(areas)] if areas else np.array([])
        place = block_.areas.index(str(self.area)) if self.area else 0
        if lines is None:
            return block_.totals(spans, self.category.id)[:, place]
        totals = [
            block_.own(s, line) if line == self.category.id else block_.total(s, line)
            for s, line in zip(spans, lines, strict=True)
        ]
        return np.array([total[place] for total in totals])

    def _bounds(
        self,
        spans: list[Span],
        lines: list[str] | None,
        areas: tuple[str, ...] | None,
        counts: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Share of each count (as the role may see it) that was estimated, and the count if none, and all, of the records
        of shared small areas were of the ward. Missing where the count is; and, where counts are protected, for every
        ward that shares small areas, since the records of a small area could be worked out from them."""
        none = np.where(np.isnan(counts), np.nan, 0.0)
        shared = self._block_of_wards().shared if self.area is not None or areas is not None else None
        if shared is None:
            return none, counts, counts
        if self.restricted:
            places = areas if areas is not None else [str(self.area)] * len(spans)
            sharing = np.array([place in shared.areas for place in places], dtype=bool)
            hidden = np.where(sharing, np.nan, counts)
            return np.where(sharing, np.nan, none), hidden, hidden
        part = np.round(self._exact(shared.estimated, spans, lines, areas), 6)
        possible = np.round(self._exact(shared.possible, spans, lines, areas), 6)
        low = np.maximum(counts - part, 0)
        share = np.divide(part, counts, out=none, where=counts > 0)
        return np.minimum(share, 1), low, low + possible

    def _given(self, spans: list[Span], lines: list[str] | None, areas: tuple[str, ...] | None) -> NDArray[np.bool_]:
        """Which rows of a rounded extract the public may see."""
        if (self.area or areas is not None) and not self._on_current_wards:
            return np.zeros(len(spans), dtype=bool)
        protection = self.subject.protection(self.dataset)
        places = areas if areas is not None else [self.area] * len(spans)
        kinds = lines or [self.category.id] * len(spans)
        return np.array(
            [
                not disclosure.length_withheld(self.rule, self.question.role, span.length)
                and protection.shows(span, kind, lines is not None and kind == self.category.id, place)
                for span, kind, place in zip(spans, kinds, places, strict=True)
            ],
            dtype=bool,
        )

    @property
    def restricted(self) -> bool:
        return disclosure.restricted(self.rule, self.question.role)

    @property
    def _on_current_wards(self) -> bool:
        return self.vintage == self.subject.partnership.vintage(None).id

    def _people(self, spans: list[Span], areas: tuple[str, ...] | None) -> list[Population]:
        populations, kind = self.subject.populations, self.question.denominator

        def of(area: str | None, year: int) -> Population:
            if area == UNALLOCATED:
                return UNKNOWN
            if area is None:
                return populations.of_all(self.subject.partnership.districts, year, kind)
            return populations.of(area, year, self.vintage, kind)

        if areas is not None:
            return [of(area, span.middle_year) for area, span in zip(areas, spans, strict=True)]
        by_year = {year: of(self.area, year) for year in {span.middle_year for span in spans}}
        return [by_year[span.middle_year] for span in spans]

    def _figures(
        self, spans: list[Span], lines: list[str] | None = None, areas: tuple[str, ...] | None = None
    ) -> dict[str, Any]:
        measure, asked, partnership = self.measure, self.question, self.subject.partnership
        covered = frozenset(self.subject.months(measure.id))
        n = len(spans)
        counts, withheld = self._counts(spans, lines, areas)
        unused = self._unused(spans, lines, counts)
        counts = np.where(unused, np.nan, counts)
        people = self._people(spans, areas)
        population = np.array([p.people for p in people], dtype=float)
        scale, denominator = self._scale(population)
        lower, upper = count_interval(counts) if n else (counts, counts)
        estimated, low, high = self._bounds(spans, lines, areas, counts)
        if (estimated > MOSTLY).any():
            lower, upper = (np.where(estimated > MOSTLY, np.nan, limit) for limit in (lower, upper))
        fewest = most = (scale, denominator)
        if asked.per == "rate" and any(p.low != p.high for p in people):
            fewest, most = (self._scale(np.array([getattr(p, at) for p in people], dtype=float)) for at in _ENDS)
        statuses = _statuses(counts, withheld, scale, unused)
        present = [periods.present(span, covered) for span in spans]
        names = self._area_names(areas, n)
        return {
            "measure": measure.id,
            "category": lines or [self.category.id] * n,
            "category_label": [
                NOT_SPLIT if lines and c == self.category.id else CATEGORIES[c].label
                for c in lines or [self.category.id] * n
            ],
            "value": counts * scale,
            "numerator": counts,
            "denominator": denominator,
            "denominator_name": DENOMINATORS[asked.denominator] if asked.per == "rate" else "",
            "denominator_low": fewest[1],
            "denominator_high": most[1],
            "estimated": estimated,
            "bound_low": low * most[0],
            "bound_high": high * fewest[0],
            "lower": lower * scale,
            "upper": upper * scale,
            "unit": measure.rate_unit_of(asked.denominator) if asked.per == "rate" else measure.count_unit,
            "per": asked.per,
            "period": [periods.span_label(s, p) for s, p in zip(spans, present, strict=True)],
            "period_start": [s.start for s in spans],
            "period_end": [s.end for s in spans],
            "months_present": present,
            "months_expected": [s.length for s in spans],
            "area": list(areas) if areas is not None else self.area or partnership.csp_code or partnership.id,
            "area_name": names,
            "vintage": self.vintage if self.area or areas is not None else "",
            "vintage_label": self._vintage_label() if self.area or areas is not None else "",
            "population_year": [p.year if asked.per == "rate" and p.year else np.nan for p in people],
            "population_basis": [p.basis for p in people] if asked.per == "rate" else "",
            "value_status": statuses,
            "reason": self._reasons(spans, lines, areas, present, statuses.tolist(), names, unused.tolist()),
            **self._change(spans, lines, areas, counts, withheld, people, denominator, estimated),
            "release": self.subject.release.id,
            "source": self._source(),
            "status": self.subject.release.status,
        }

    def _scale(self, population: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What turns a count into the value, and the denominator, each a row; for counts 1 and nothing."""
        if self.question.per == "count":
            return np.ones(len(population)), np.full(len(population), np.nan)
        usable = np.where(population > 0, population, np.nan)
        return self.measure.per / usable, usable

    def _change(
        self,
        spans: list[Span],
        lines: list[str] | None,
        areas: tuple[str, ...] | None,
        counts: NDArray[np.float64],
        withheld: NDArray[np.bool_],
        people: list[Population],
        denominator: NDArray[np.float64],
        estimated: NDArray[np.float64],
    ) -> dict[str, Any]:
        n = len(spans)
        nothing = np.full(n, np.nan)
        if self.question.compare is None:
            numbers = (
                "compare_numerator",
                "compare_value",
                "change",
                "percent_change",
                "percent_lower",
                "percent_upper",
            )
            words = ("compare", "compare_period", "verdict", "change_reason", "caution")
            return (
                dict.fromkeys(numbers, nothing)
                | dict.fromkeys(words, "")
                | {"events": self._events(spans, spans, areas)}
            )
        others: list[Span | None] = []
        reasons = [""] * n
        for i, span in enumerate(spans):
            try:
                others.append(self._compared(span))
            except ValueError as error:
                others.append(None)
                reasons[i] = f"Not compared: {error.args[0]}."
        asked_of = [other or span for other, span in zip(others, spans, strict=True)]
        known = np.array([other is not None for other in others])
        before, hidden = self._counts(asked_of, lines, areas)
        before = np.where(known, before, np.nan)
        mostly = (estimated > MOSTLY) | (self._bounds(asked_of, lines, areas, before)[0] > MOSTLY)
        populations_before = self._people(asked_of, areas)
        people_before = np.array([p.people for p in populations_before], dtype=float)
        scale, _ = self._scale(np.array([p.people for p in people], dtype=float))
        scale_before, denominator_before = self._scale(people_before)
        populations = (denominator, denominator_before) if self.question.per == "rate" else ()
        found = changes(counts, before, *populations)
        percent, lower, upper = found.percent, found.lower, found.upper
        verdicts = found.verdict.astype(object)
        kinds = lines or [self.category.id] * n
        covered = frozenset(self.subject.months(self.measure.id))
        for i, (span, other) in enumerate(zip(spans, others, strict=True)):
            if other is None or reasons[i]:
                continue
            line = CATEGORIES[kinds[i]]
            if _outside(line, span) or _outside(line, other):
                reasons[i] = f"Not compared: the police did not use the line '{line.label}' throughout both periods."
                percent[i] = lower[i] = upper[i] = before[i] = np.nan
                verdicts[i] = ""
            elif withheld[i] or hidden[i]:
                reasons[i] = "Not compared: a figure is withheld so that nobody can be identified."
            elif periods.present(other, covered) < other.length:
                reasons[i] = f"Not compared: the data do not hold all of {other.label}."
            elif periods.holds_pandemic(other) and not self.any_base:
                reasons[i] = PANDEMIC_BASE
                percent[i] = lower[i] = upper[i] = before[i] = np.nan
                verdicts[i] = ""
            elif before[i] < SMALLEST_BASE:
                reasons[i] = f"No percentage is given on a base of under {SMALLEST_BASE}."
                percent[i] = lower[i] = upper[i] = np.nan
            if mostly[i]:
                reasons[i] = reasons[i] or "Not tested: most of a count was estimated from where people live."
                lower[i] = upper[i] = np.nan
                verdicts[i] = ""
        values_before = before * scale_before
        events = self._events(spans, asked_of, areas)
        return {
            "compare": self.question.compare,
            "compare_period": [other.label if other else "" for other in others],
            "compare_numerator": before,
            "compare_value": values_before,
            "change": counts * scale - values_before,
            "percent_change": percent,
            "percent_lower": lower,
            "percent_upper": upper,
            "verdict": verdicts,
            "change_reason": reasons,
            "events": events,
            "caution": [
                self._caution(now, then, crossed) if verdict else ""
                for now, then, crossed, verdict in zip(people, populations_before, events, verdicts, strict=True)
            ],
        }

    def _caution(self, now: Population, then: Population, events: str) -> str:
        cautions = []
        if events:
            cautions.append(f"The comparison crosses: {_shortened(events)}.")
        if self.question.per == "rate" and now.basis != then.basis:
            cautions.append(
                f"The populations are on different bases ({now.year}: {now.basis}; {then.year}: {then.basis}): part of "
                "the change in the rate may come from that."
            )
        return " ".join(cautions)

    def _events(self, spans: list[Span], others: list[Span], areas: tuple[str, ...] | None) -> list[str]:
        """Dated events that each pair of spans touches or is separated by; those of ward boundaries only for wards."""
        of_wards = self.area is not None or areas is not None
        return self.subject.events_crossed(self.dataset, of_wards).words(spans, others)

    def _compared(self, span: Span) -> Span:
        return periods.previous_year(span) if self.question.compare == "previous-year" else periods.pre_pandemic(span)

    def _area_names(self, areas: tuple[str, ...] | None, n: int) -> list[str]:
        if areas is not None:
            names = self.subject.wards[self.vintage] | {UNALLOCATED: "Not allocated to a ward"}
            return [names[area] for area in areas]
        name = self.subject.wards[self.vintage][self.area] if self.area else self.subject.partnership.short_name
        return [name] * n

    def _vintage_label(self) -> str:
        return self.subject.partnership.vintage(self.vintage).label

    def _unused(self, spans: list[Span], lines: list[str] | None, counts: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which counts are none because the police did not use the line at all: no nought, but no figure."""
        kinds = [CATEGORIES[kind] for kind in lines or [self.category.id] * len(spans)]
        outside = [not_used(line, span) for line, span in zip(kinds, spans, strict=True)]
        return np.array(outside, dtype=bool) & (counts == 0)

    def _reasons(self, spans, lines, areas, present, statuses, names, unused) -> list[str]:
        reasons = []
        of_wards = self.area is not None or areas is not None
        for i, span in enumerate(spans):
            withheld = statuses[i] == "withheld"
            if withheld and disclosure.length_withheld(self.rule, self.question.role, span.length):
                lengths = ", ".join(str(months) for months in disclosure.LENGTHS[:-1])
                reasons.append(
                    "Withheld so that nobody can be identified: these figures are given over "
                    f"{lengths} or {disclosure.LENGTHS[-1]} months."
                )
            elif withheld and self.restricted and of_wards and not self._on_current_wards:
                reasons.append(
                    "Withheld so that nobody can be identified: these figures are given for the current wards only."
                )
            elif withheld and self.restricted and not periods.is_financial_year(span):
                reasons.append(
                    "Withheld so that nobody can be identified: a quarter or a financial year (April to March) may be given."
                )
            elif withheld:
                reasons.append("Withheld so that nobody can be identified.")
            elif statuses[i] == "missing":
                reasons.append(f"The data hold {present[i]} of the {span.length} months of {span.label}.")
            elif unused[i]:
                line = CATEGORIES[lines[i]] if lines else self.category
                reasons.append(f"The police did not use the line '{line.label}' in the period ({use_words(line)}).")
            elif statuses[i] == "not applicable":
                reasons.append(self._why_no_rate(names[i], areas is not None and areas[i] == UNALLOCATED))
            else:
                reasons.append("")
        return reasons

    def _why_no_rate(self, name: str, unallocated: bool) -> str:
        kind = self.question.denominator
        if unallocated:
            return "No rate: these records are not allocated to a ward."
        if not self.subject.populations.has(kind):
            return f"No rate: this release does not hold the {_HELD_AS[kind]}."
        what = "population estimate" if kind == "residents" else f"estimate of the {_HELD_AS[kind]}"
        return f"No rate: there is no {what} for {name}."

    def _source(self) -> str:
        sources = self.subject.release.extract(self.dataset).get("sources", [])
        return "; ".join(dict.fromkeys(s["publisher"] for s in sources if s.get("publisher"))) or "source not stated"


def _shortened(events: str) -> str:
    """The first few of some events, and how many more there are."""
    named = events.split("; ")
    more = len(named) - EVENTS_NAMED
    return events if more <= 0 else f"{'; '.join(named[:EVENTS_NAMED])}; and {more} more"


def _statuses(
    counts: NDArray[np.float64],
    withheld: NDArray[np.bool_],
    scale: NDArray[np.float64],
    unused: NDArray[np.bool_],
) -> NDArray[np.str_]:
    """Why there is no value, a row a figure."""
    missing = np.isnan(counts) & ~withheld
    without = ["withheld", "not applicable", "missing", "not applicable"]
    return np.select([withheld, unused, missing, np.isnan(scale)], without, "available")


def not_used(line: Category, span: Span) -> bool:
    """Whether the police used a line in no month of a span."""
    ended = line.used_to is not None and span.start > line.used_to
    not_begun = line.used_from is not None and span.end < line.used_from
    return ended or not_begun


def use_words(line: Category) -> str:
    """When the police used a line: "used to March 2017", "used from April 2017"; "" for one used throughout."""
    if line.used_from and line.used_to:
        return f"used from {periods.month_label(line.used_from)} to {periods.month_label(line.used_to)}"
    if line.used_from:
        return f"used from {periods.month_label(line.used_from)}"
    return f"used to {periods.month_label(line.used_to)}" if line.used_to else ""


def _outside(line: Category, span: Span) -> bool:
    """Whether the police did not use a line for some of a span."""
    too_early = line.used_from is not None and span.start < line.used_from
    too_late = line.used_to is not None and span.end > line.used_to
    return too_early or too_late


def _first(column: Any) -> Any:
    """The value of a column's only row."""
    return column[0] if isinstance(column, list | np.ndarray) else column


def _as_table(columns: dict[str, Any]) -> pd.DataFrame:
    """Columns of values, arrays and lists as a table: numbers in one block, whole numbers in one, words in one, which is
    five times quicker than a column at a time."""
    index = pd.RangeIndex(len(columns["value"]))
    parts = []
    for names, dtype in _KINDS:
        cells = np.empty((len(index), len(names)), dtype=dtype)
        for position, name in enumerate(names):
            cells[:, position] = columns[name]
        parts.append(pd.DataFrame(cells, index=index, dtype=dtype))
    return pd.concat(parts, axis=1, ignore_index=True).set_axis(_COLUMNS, axis=1)


def _plain(value: Any) -> Any:
    """A cell as plain Python: no number of NumPy's, and None for nothing."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return None
    if pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
