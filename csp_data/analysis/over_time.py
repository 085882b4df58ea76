"""Statistics over time of a question: control chart, season, this year against earlier ones, like with like.

Everything starts from ``results``, after the disclosure gateway. A statistic is made of all the months it is given: where
one of them is withheld the whole statistic is, with the reason, for a mean or a limit without it would give it away. A
missing month stays a gap. The months of the pandemic (``periods.PANDEMIC``) are shown and judged, but are never part of
what others are measured by: means, limits, bands and indexes leave them out unless asked not to.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from csp_data.analysis import control_charts, periods, results, seasonality
from csp_data.analysis.change import changes
from csp_data.analysis.comparisons import WINDOWS
from csp_data.analysis.control_charts import ControlChart, Improvement
from csp_data.analysis.periods import PANDEMIC, Span, month_label, month_number, month_text
from csp_data.analysis.results import Question
from csp_data.analysis.seasonality import Band, Decomposition, Season, StlSettings, Year
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.measures import measure_named

SETTLED_AFTER = 28
"""Days after the end of a month until its figures are taken as settled: for some weeks a force still enters crimes late,
reclassifies and cancels them. Data published or extracted sooner have a provisional last month."""
SHORTEST_CHART = 6
"""Points in the limits that a control chart takes: with fewer, each new point would move them."""

ValueStatus = Literal["available", "withheld", "missing", "not applicable"]


@dataclass(frozen=True)
class Months:
    """The months of a question, ready for statistics, or why none can be made.

    ``values`` holds a number a month, indexed by month, NaN where missing, in the unit of the question; it is empty
    unless ``status`` is "available". ``reason`` is then a sentence. ``populations`` has a row a month:
    ``population_year`` and ``population_basis`` of what a rate stands on.
    """

    values: pd.Series
    span: Span
    status: ValueStatus
    reason: str
    provisional: tuple[str, ...]
    populations: pd.DataFrame

    @property
    def pandemic(self) -> tuple[str, ...]:
        """Months of the pandemic among them."""
        return tuple(month for month in self.values.index if PANDEMIC.start <= month <= PANDEMIC.end)

    @property
    def known(self) -> pd.Series:
        return self.values.dropna()


def months(subject: Subject, question: Question, over: Span) -> Months:
    """The months of a question over a span, through the disclosure gateway.

    Months in which the police did not use the question's line of the crime tree are left out at both ends: a nought there
    is no count.

    Raises
    ------
    QuestionError
        As ``results.table``.
    """
    return _series(subject, question, over, "month")


def _series(subject: Subject, question: Question, over: Span, by: Literal["month", "quarter"]) -> Months:
    asked = replace(question, start=over.start, end=over.end, compare=None)
    span = used_span(question, over)
    if span is None:
        results.table(subject, asked, by)  # so that a question that makes no sense is told as one
        line = CATEGORIES[str(question.category)].label
        return _none(over, "not applicable", f"The police did not use the line '{line}' in {over.label}.")
    rows = results.table(subject, replace(asked, start=span.start, end=span.end), by)
    statuses = rows["value_status"].tolist()
    withheld = statuses.count("withheld")
    unit = "month" if by == "month" else "quarter"
    if withheld:
        what = f"{withheld} of the {len(rows)} {unit}s {'is' if withheld == 1 else 'are'} withheld"
        return _none(
            span,
            "withheld",
            f"Withheld so that nobody can be identified: {what}, and with {'it' if withheld == 1 else 'them'} whatever "
            "is worked out from all of them.",
        )
    if "available" not in statuses:
        without = rows.loc[rows["value_status"] == "not applicable", "reason"]
        if len(without):
            return _none(span, "not applicable", str(without.iloc[0]))
        reason = f"The data hold no whole {unit} of {span.label}."
        return _none(span, "missing", reason)
    values = rows["value"].where(rows["value_status"] == "available").to_numpy(dtype=float)
    series = pd.Series(values, index=pd.Index(rows["period_start"], dtype="str", name="month"))
    unsettled = tuple(m for m in provisional_months(subject, question.measure) if span.start <= m <= span.end)
    values = periods.with_gaps(series, 1 if by == "month" else 3)
    return Months(values, span, "available", "", unsettled, rows.loc[rows["value"].notna(), _POPULATION])


_POPULATION = ["population_year", "population_basis"]


def _none(span: Span, status: ValueStatus, reason: str) -> Months:
    return Months(pd.Series(dtype=float), span, status, reason, (), pd.DataFrame(columns=_POPULATION))


def used_span(question: Question, over: Span) -> Span | None:
    """The part of a span in which the police used the question's line; None when there is none."""
    line = CATEGORIES.get(question.category or "")
    start = max(over.start, (line.used_from if line else None) or over.start)
    end = min(over.end, (line.used_to if line else None) or over.end)
    return Span(start, end) if start <= end else None


def provisional_months(subject: Subject, measure: str) -> tuple[str, ...]:
    """Months of a measure that are not settled: those the release names as such, else the latest when a source was
    published fewer than ``SETTLED_AFTER`` days after its end. A source without a date of publication is taken as
    settled: the build counts a month as held only when the source gives it whole."""
    extract = subject.release.extract(measure_named(measure).dataset)
    named = extract.get("provisional")
    if named is not None:
        return tuple(named)
    held = subject.months(measure)
    published = [text for source in extract.get("sources", []) if (text := _day(source.get("published")))]
    if not held or not published:
        return ()
    after = month_number(held[-1]) + 1
    end = date(after // 12, after % 12 + 1, 1)
    return (held[-1],) if (max(published) - end).days < SETTLED_AFTER else ()


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


# Dated events


@dataclass(frozen=True)
class Break:
    """A dated event that limits may start afresh at: from its first whole ``month`` on, or from the first after it.
    ``label`` names it, uniquely."""

    month: str
    label: str


def breaks(subject: Subject, question: Question, over: Span) -> tuple[Break, ...]:
    """The dated events of the release that a chart over a span may start afresh at, in order of time.

    An event that begins in the middle of a month counts from the next. The change of ward boundaries is left out for the
    whole partnership, whose totals it does not touch.
    """
    found = []
    for event in _touching(subject, question):
        begun = _first_whole_month(event["start"].date())
        found.append(Break(begun, f"{event['label']}: from {month_label(begun)}"))
        if not pd.isna(event["end"]):
            after = month_text(month_number(f"{event['end']:%Y-%m}") + 1)
            found.append(Break(after, f"{event['label']}: after it, from {month_label(after)}"))
    inside = [each for each in found if over.start < each.month <= over.end]
    return tuple(sorted(dict.fromkeys(inside), key=lambda each: (each.month, each.label)))


def crossed(subject: Subject, question: Question, span: Span) -> tuple[str, ...]:
    """Changes of recording, of systems or of wards that fall inside a span: labels with their date, in order."""
    found = [(f"{row['start']:%Y-%m}", row) for row in _touching(subject, question) if row["kind"] != "lockdown"]
    return tuple(f"{row['label']} ({month_label(month)})" for month, row in found if span.start < month <= span.end)


def _touching(subject: Subject, question: Question) -> list[dict]:
    dataset = measure_named(question.measure).dataset
    return [
        row
        for row in subject.dated_events
        if {name.strip() for name in str(row["datasets"]).split(",")} & {"all", dataset}
        and (question.area is not None or row["kind"] != "boundary change")
    ]


def _first_whole_month(day: date) -> str:
    return month_text(day.year * 12 + day.month - 1 + (day.day > 1))


# The control chart


@dataclass(frozen=True)
class Control:
    """An XmR chart of a question, or why there is none.

    ``chart`` is None when ``reason`` says why. ``notes`` are sentences to print under it, beside its settings and
    cautions. ``per_day``: the values are as if every month were of average length. ``every``: 1 month or 3 a point.
    """

    months: Months
    chart: ControlChart | None
    status: ValueStatus
    reason: str
    per_day: bool = False
    notes: tuple[str, ...] = ()

    @property
    def every(self) -> int:
        return self.chart.every if self.chart else 1


def control_chart(
    subject: Subject,
    question: Question,
    over: Span,
    *,
    rebase: Collection[str] = (),
    screen: bool = True,
    per_day: bool = False,
    target: float | None = None,
    better: Improvement | None = None,
    baseline: int | None = None,
    set_aside_pandemic: bool = True,
) -> Control:
    """An XmR chart of the months of a question: of counts, or of rates where it asks for a rate.

    Low counts (under 5 a month on average) are charted by quarter, as are months of which some are withheld while no
    quarter is. Provisional months are shown only; those of the pandemic are judged but set no limits.

    Parameters
    ----------
    rebase : months from which mean and limits start afresh. Only months of ``breaks`` are taken: limits move at a dated
        event that somebody chose, never at what the figures themselves suggest.
    per_day : chart the value as if every month were 365.25 / 12 days long. Quarters stay as they are.
    target : in the unit of the values.
    better : which side of the target is better; by the measure's polarity when None.

    Raises
    ------
    QuestionError
        As ``results.table``.
    ValueError
        When a month to start afresh at is that of no dated event.
    """
    dated = {each.month for each in breaks(subject, question, over)} if rebase else set()
    undated = sorted(set(rebase) - dated)
    if undated:
        raise ValueError(f"there is no dated event to start afresh at in {', '.join(map(month_label, undated))}")
    by_month = months(subject, question, over)
    values, every, notes = by_month.values, 1, []
    found = by_month
    if by_month.status == "withheld":
        found = _series(subject, question, over, "quarter")
        if found.status != "available":
            return Control(by_month, None, by_month.status, by_month.reason)
        values, every = found.values, 3
        by_month = replace(by_month, populations=found.populations)
        notes.append("Shown by quarter: some months are withheld so that nobody can be identified.")
    elif by_month.status != "available":
        return Control(by_month, None, by_month.status, by_month.reason)
    else:
        counts = by_month if question.per == "count" else months(subject, replace(question, per="count"), over)
        grain = control_charts.months_or_quarters(counts.values, counts.provisional)
        if not grain.enough:
            return Control(by_month, None, "not applicable", f"No control chart. {_unshown(grain.reason)}")
        if grain.every == 3:
            found = _series(subject, question, over, "quarter")
            if found.status != "available":
                return Control(by_month, None, found.status, found.reason)
            values, every = found.values, 3
            notes.append(grain.reason)
    if per_day and every == 1:
        values = seasonality.per_day(values)
        notes.append(PER_DAY)
    aside = _pandemic_within(over) if set_aside_pandemic else ()
    usable = values.dropna()
    usable = usable[~usable.index.isin([*_starts(aside, every), *_starts(found.provisional, every)])]
    if len(usable) < SHORTEST_CHART:
        return Control(by_month, None, "not applicable", _too_short(values, len(usable), every, aside))
    chart = control_charts.xmr(
        values,
        _improvement(question),
        screen=screen,
        rebase=rebase,
        baseline=baseline,
        target=target,
        excluded=aside,
        provisional=found.provisional,
        every=every,
    )
    if better is not None:
        last = chart.points.iloc[-1]
        met = control_charts.assurance(target, float(last["lpl"]), float(last["upl"]), better)
        chart = replace(chart, assurance=met)
    return Control(
        by_month, chart, "available", "", per_day and every == 1, (*notes, *_across(subject, question, chart))
    )


PER_DAY = "Each month is counted as if it were of average length (30.4 days): short months do not look quiet."


def _improvement(question: Question) -> Improvement:
    polarity = measure_named(question.measure).polarity
    return _BETTER[polarity]


_BETTER: dict[str, Improvement] = {
    "lower is better": "decrease",
    "higher is better": "increase",
    "neither": "neutral",
}


def _unshown(reason: str) -> str:
    """Why there is no chart, from why it would be by quarter."""
    return reason.replace("Shown by quarter: on average", "On average")


def _pandemic_within(over: Span) -> tuple[str, ...]:
    return tuple(month for month in over.months if PANDEMIC.start <= month <= PANDEMIC.end)


def _starts(named: Iterable[str], every: int) -> list[str]:
    """The first months of the points that hold these months."""
    return [month_text(month_number(month) // every * every) for month in named]


def _too_short(values: pd.Series, usable: int, every: int, aside: tuple[str, ...]) -> str:
    unit = "month" if every == 1 else "quarter"
    known = int(values.notna().sum())
    there = f"there {'is' if usable == 1 else 'are'} {usable or 'none'}"
    without = ", leaving out the pandemic" if aside and usable < known else ""
    return f"No control chart: its limits take at least {SHORTEST_CHART} {unit}s, and {there}{without}."


def _across(subject: Subject, question: Question, chart: ControlChart) -> list[str]:
    """What the limits of each part of a chart run across."""
    said = []
    for _, part in chart.points.groupby("rebase_group"):
        span = Span(part["month"].iloc[0], part["month"].iloc[-1])
        over = crossed(subject, question, span)
        if over:
            said.append(
                f"The limits of {span.label} cross: {'; '.join(over)}. Part of what they show may come from that."
            )
    return said


# Season


@dataclass(frozen=True)
class Seasons:
    """Whether a question has a season, and what it is.

    ``season`` and ``index`` are None when ``reason`` says why. The tests of ``season`` are on values per day, so that the
    length of months is no season; ``index`` is of the values as asked for. ``excluded``: months set aside from both.
    """

    months: Months
    status: ValueStatus
    reason: str
    per_day: bool
    excluded: tuple[str, ...] = ()
    season: Season | None = None
    index: pd.DataFrame | None = None


def season(
    subject: Subject,
    question: Question,
    over: Span,
    *,
    year: Year = "financial",
    per_day: bool = False,
    with_pandemic: bool = False,
) -> Seasons:
    """The season of a question over a span.

    Parameters
    ----------
    year : whether the index runs from April or from January.
    per_day : take each month as if it were 365.25 / 12 days long.
    with_pandemic : leave the months of the pandemic in.
    """
    by_month = months(subject, question, over)
    if by_month.status != "available":
        return Seasons(by_month, by_month.status, by_month.reason, per_day)
    equal = seasonality.per_day(by_month.values)
    excluded = () if with_pandemic else by_month.pandemic
    found = seasonality.season(equal, year=year, excluded=excluded)
    index = found.index if per_day else seasonality.seasonal_index(by_month.values, year=year, excluded=excluded)
    return Seasons(by_month, "available", "", per_day, excluded, found, index)


@dataclass(frozen=True)
class YearAgainstEarlier:
    """A year's months against the band of the same months in earlier years, or why there is none.

    ``band`` is None when ``reason`` says why. ``crosses``: changes of recording and the like between the first of the
    earlier years and the end of the year. ``excluded``: months set aside from the band.
    """

    months: Months
    status: ValueStatus
    reason: str
    per_day: bool
    year: Year
    excluded: tuple[str, ...] = ()
    band: Band | None = None
    crosses: tuple[str, ...] = ()


def year_against_earlier(
    subject: Subject,
    question: Question,
    over: Span,
    *,
    year: Year = "financial",
    per_day: bool = False,
    with_pandemic: bool = False,
) -> YearAgainstEarlier:
    """The year that a span ends in, month by month, against the lowest and highest of the same month in the five years
    before, without the months of the pandemic. Parameters as ``season``."""
    by_month = months(subject, question, over)
    if by_month.status != "available":
        return YearAgainstEarlier(by_month, by_month.status, by_month.reason, per_day, year)
    values = seasonality.per_day(by_month.values) if per_day else by_month.values
    excluded = () if with_pandemic else by_month.pandemic
    band = seasonality.year_against_band(values, year=year, earlier=EARLIER_YEARS, excluded=excluded)
    if band.months["lower"].isna().all():
        most = int(band.months["years"].max())
        held = {0: "none", 1: "1 year"}.get(most, f"{most} years")
        reason = (
            f"{band.year} is not set against earlier years: that takes {seasonality.SMALLEST_BAND} earlier years with the "
            f"same months, and the data hold {held} to go by."
        )
        return YearAgainstEarlier(by_month, "not applicable", reason, per_day, year, excluded)
    first = month_number(str(band.months["month"].iloc[0])) - 12 * EARLIER_YEARS
    compared = Span(max(month_text(first), by_month.span.start), by_month.span.end)
    crosses = crossed(subject, question, compared)
    return YearAgainstEarlier(by_month, "available", "", per_day, year, excluded, band, crosses)


EARLIER_YEARS = 5


def monthly_rows(subject: Subject, question: Question, over: Span, *, per_day: bool = False) -> pd.DataFrame:
    """The rows of ``results.table`` by month, through the gateway, where the police used the question's line.

    Parameters
    ----------
    per_day : ``value`` as if every month were 365.25 / 12 days long.
    """
    span = used_span(question, over) or over
    rows = results.table(subject, replace(question, start=span.start, end=span.end, compare=None), "month")
    if per_day:
        values = pd.Series(rows["value"].to_numpy(float), index=rows["period_start"])
        rows = rows.assign(value=seasonality.per_day(values).to_numpy())
    return rows


@dataclass(frozen=True)
class Split:
    """STL of a question, or why there is none. ``notes`` are sentences to print under it."""

    months: Months
    status: ValueStatus
    reason: str
    stl: Decomposition | None = None
    notes: tuple[str, ...] = ()


def decomposition(subject: Subject, question: Question, over: Span, *, per_day: bool = False) -> Split:
    """Season, trend and the rest (STL) of the latest unbroken run of months in a span; it takes 24 at least.

    STL takes no gaps, so months of the pandemic stay in. Where there are any it is made robust, so that odd months weigh
    less.
    """
    by_month = months(subject, question, over)
    if by_month.status != "available":
        return Split(by_month, by_month.status, by_month.reason)
    run = periods.runs(by_month.known.index)[-1]
    if run.length < SHORTEST_SPLIT:
        there = f"there {'is' if run.length == 1 else 'are'} {run.length} ({run.label})"
        reason = f"No split into season and trend: it takes {SHORTEST_SPLIT} months without a gap, and {there}."
        return Split(by_month, "not applicable", reason)
    values = by_month.values[run.start : run.end]
    robust = any(month in by_month.pandemic for month in run.months)
    notes = []
    if run.length < len(by_month.known):
        notes.append(f"From {run.label} only: before that a month is missing.")
    if robust:
        notes.append(
            f"{PANDEMIC.label} cannot be left out, because STL takes no gaps; the method is robust, so those months weigh "
            "less."
        )
    if per_day:
        values = seasonality.per_day(values)
        notes.append(PER_DAY)
    tested = season(subject, question, over).season
    if tested is not None and not tested.shown:
        notes.append(f"STL draws a season whether there is one or not. {tested.sentence}")
    settings = StlSettings(inner=1, outer=15) if robust else StlSettings()
    return Split(by_month, "available", "", seasonality.stl(values, settings), tuple(notes))


SHORTEST_SPLIT = 24


# Like with like


def like_with_like(subject: Subject, question: Question) -> pd.DataFrame:
    """The latest month, 3 and 6 months, financial year to date and rolling 12 months that end with the question's last
    month, each against the same months a year before (or before the pandemic, where the question compares with that).

    Counts, each of them a question to ``results`` of its own: a total of months is rounded or withheld as a total.

    Returns
    -------
    A row a period: ``window`` (id), ``label``, ``period``, ``compare_period`` (words), ``start``, ``end``; ``value`` and
    ``compare_value`` (counts; NaN when missing or withheld) with ``value_status``; ``change``, ``percent_change``,
    ``percent_lower``, ``percent_upper`` (NaN on a base under 50); ``percent_per_day``, which differs only where one side
    has a leap day; ``verdict`` ("higher", "similar", "lower" or ""); ``chance`` ("more than chance", "within chance", "");
    ``reason`` (a sentence where something is not given) and ``events`` (that the comparison crosses, joined by
    "; ").
    """
    counted = replace(question, per="count", compare=question.compare or "previous-year")
    other = periods.previous_year if counted.compare == "previous-year" else periods.pre_pandemic
    rows = []
    for window in WINDOWS:
        span = window.span(question.end)
        found = results.answer(subject, replace(counted, **_ends(span)))
        row = {name: getattr(found, name) for name in _LIKE}
        row |= {"reason": found.change_reason or found.reason, "days": _days(span), "compare_days": None}
        if found.compare_period:
            row["compare_days"] = _days(other(span))
            if found.change_reason == results.PANDEMIC_BASE:  # the count is shown, and nothing said of it
                before = results.answer(subject, replace(counted, **_ends(other(span)), compare=None))
                row["compare_value"] = before.value
        place = {"window": window.id, "label": window.label, "start": span.start, "end": span.end, "period": span.label}
        rows.append({**place, **row, "chance": _CHANCE.get(str(row["verdict"]), "")})
    table = pd.DataFrame(rows)
    numbers = ["value", "compare_value", "days", "compare_days", *_CHANGES]
    table[numbers] = table[numbers].astype(float)
    per_day = changes(*(table[name].to_numpy() for name in ("value", "compare_value", "days", "compare_days")))
    return table.assign(percent_per_day=np.where(table["percent_change"].isna(), np.nan, per_day.percent))


_CHANGES = ("change", "percent_change", "percent_lower", "percent_upper")
_LIKE = (
    "value",
    "compare_value",
    "value_status",
    "compare_period",
    *_CHANGES,
    "verdict",
    "events",
)
_CHANCE = {"higher": "more than chance", "lower": "more than chance", "similar": "within chance"}


def _ends(span: Span) -> dict[str, str]:
    return {"start": span.start, "end": span.end}


def _days(span: Span) -> int:
    after = month_number(span.end) + 1
    return (date(after // 12, after % 12 + 1, 1) - date(int(span.start[:4]), int(span.start[5:]), 1)).days
