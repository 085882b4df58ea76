"""Trends: how a measure has moved, whether it is more than chance, and what it is set against."""

from dataclasses import replace
from typing import Literal, NamedTuple

from csp_data.analysis import over_time, results
from csp_data.analysis.periods import Span, month_label, month_number, month_text
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.figures import bars, control_charts, lines, wording
from csp_data.figures.chart import Chart

CONTROL_MONTHS = 36
"""Months of a control chart unless all are asked for: enough for limits, and few enough that levels of long ago do not
set what is usual now."""

Shown = Literal["count", "per day", "rate"]


def monthly_line(subject: Subject, question: Question, over: Span) -> Chart:
    """The months of a longer span, worded for the period of the question."""
    long = _over(question, over)
    return lines.monthly_line(
        results.table(subject, long, "month"),
        results.table(subject, long, "rolling12"),
        results.answer(subject, question),
        subject.events,
    )


def small_trend(subject: Subject, question: Question, over: Span) -> Chart:
    long = _over(question, over)
    return lines.small_trend(results.table(subject, long, "month"), results.answer(subject, question), subject.events)


def financial_year_bars(subject: Subject, question: Question, over: Span) -> Chart:
    long = _over(question, over)
    return bars.financial_year_bars(
        results.table(subject, long, "financial_year"), results.answer(subject, question), subject.events
    )


def _over(question: Question, over: Span) -> Question:
    """The question over a longer span, without months in which the police did not use its line of the crime tree."""
    span = over_time.used_span(question, over) or over
    return replace(question, start=span.start, end=span.end, compare=None)


# The control chart


def control_span(over: Span, whole: bool) -> Span:
    """The months that a control chart runs over."""
    if whole or over.length <= CONTROL_MONTHS:
        return over
    return Span(month_text(month_number(over.end) - CONTROL_MONTHS + 1), over.end)


def breaks(subject: Subject, question: Question, over: Span) -> tuple[tuple[str, str], ...]:
    """Dated events that the limits may start afresh at, as pairs of label and month."""
    return tuple((each.label, each.month) for each in over_time.breaks(subject, question, over))


def control_chart(
    subject: Subject,
    question: Question,
    over: Span,
    shown: Shown,
    rebase: tuple[str, ...],
    screen: bool,
    target: float | None = None,
) -> Chart:
    """The months against the limits of their usual ups and downs. Raises NoChart with the reason where there are none."""
    asked = _as_shown(question, shown)
    control = over_time.control_chart(
        subject, asked, over, rebase=rebase, screen=screen, per_day=shown == "per day", target=target
    )
    return control_charts.control_chart(control, results.answer(subject, asked), subject.events)


def _as_shown(question: Question, shown: Shown) -> Question:
    return replace(question, per="rate" if shown == "rate" else "count")


# Like with like


class Compared(NamedTuple):
    """A table of words: ``columns`` is heading -> cells; ``numbers`` the headings set flush right; ``lead`` says in a
    sentence what it shows, ``notes`` what to bear in mind."""

    columns: dict[str, list[str]]
    numbers: tuple[str, ...]
    lead: str
    notes: tuple[str, ...]
    name: str
    source: str


def like_with_like(subject: Subject, question: Question) -> Compared:
    """Latest month, 3 and 6 months, year to date and 12 months, each against its like, in words."""
    rows = over_time.like_with_like(subject, question)
    answer = results.answer(subject, replace(question, per="count"))
    before = "Before the pandemic" if question.compare == "pre-pandemic" else "A year before"
    records = rows.to_dict("records")
    columns = {
        "Period": [f"{row['label']}: {row['period']}" for row in records],
        "More than chance?": [_VERDICTS[row["verdict"]] for row in records],
        "Change (95% interval)": [_change_with_interval(row) for row in records],
        wording.capitalised(wording.noun(answer)): [
            wording.shown(row["value"], row["value_status"]) for row in records
        ],
        before: [_before(row) for row in records],
    }
    crossed = dict.fromkeys(event for row in records if row["verdict"] for event in row["events"].split("; ") if event)
    cautions = [f"These comparisons cross: {'; '.join(crossed)}."] if crossed else []
    by_day = [
        f"{wording.percent_change_words(row['percent_per_day'])} ({wording.lowered(row['label'])})"
        for row in records
        if wording.known(row["percent_per_day"])
        and wording.rounded(row["percent_per_day"], 1) != wording.rounded(row["percent_change"], 1)
    ]
    leap = [f"One side has a leap day. For each day the change is {wording.joined(by_day)}."] if by_day else []
    unsettled = over_time.provisional_months(subject, question.measure)
    provisional = [
        f"{month_label(month)} is provisional: its figures may still change."
        for month in unsettled
        if question.start <= month <= question.end
    ]
    symbols = wording.symbols_explained(cell for cells in columns.values() for cell in cells)
    return Compared(
        columns,
        tuple(list(columns)[3:]),
        _lead(records, answer),
        (*_reasons(records), *cautions, *leap, *provisional, *([f"{symbols}."] if symbols else []), _CHANCE_ONLY),
        f"{wording.noun(answer)} in {answer.area_name}, each period with the same months {before.lower()}",
        wording.source_line(answer),
    )


_CHANCE_ONLY = (
    "“More than chance” means that the 95% interval of the change leaves out no change. The interval covers chance only: "
    "not changes in recording or reporting, nor the extra variation that repeat victims and hot spots bring."
)


def _before(row: dict) -> str:
    if not wording.known(row["compare_value"]):
        why = row["reason"]
        status = "withheld" if "withheld" in why else "not applicable" if "did not use" in why else "missing"
        return wording.SYMBOLS[status]
    return wording.number(row["compare_value"])


def _change(row: dict) -> str:
    """ "5.0% lower", or the difference where there is no percentage."""
    if wording.known(row["percent_change"]):
        return wording.percent_change_words(row["percent_change"])
    if not row["verdict"] or not wording.known(row["change"]):
        return wording.SYMBOLS["not applicable"]
    if row["change"] == 0:
        return "no change"
    return f"{wording.number(abs(row['change']))} {'more' if row['change'] > 0 else 'fewer'}"


def _change_with_interval(row: dict, name: str = "") -> str:
    """ "5.0% lower (6.3% to 3.6% lower)"; with a name, that before the interval."""
    interval = wording.change_interval_words(row["percent_lower"], row["percent_upper"])
    return _change(row) + (f" ({name}{interval})" if wording.known(row["percent_change"]) else "")


_VERDICTS = {"higher": "Yes: higher", "lower": "Yes: lower", "similar": "No: similar", "": "Not compared"}


def _reasons(records: list[dict]) -> list[str]:
    """What is not given and why, the periods with the same reason together, and what could be done."""
    periods: dict[str, list[str]] = {}
    for row in records:
        if row["reason"]:
            periods.setdefault(row["reason"].removeprefix("Not compared: "), []).append(wording.lowered(row["label"]))
    said = [
        wording.capitalised(
            f"{wording.joined(labels) if len(labels) < len(records) else 'every period'}: {wording.lowered(reason)}"
        )
        for reason, labels in periods.items()
    ]
    if results.PANDEMIC_BASE.removeprefix("Not compared: ") in periods:
        said.append("To compare with before the pandemic, choose ‘Year ending March 2020’ under ‘Compare with’.")
    return said


def _lead(records: list[dict], answer: results.Answer) -> str:
    """What changed by more than chance, of the longest period that can be compared."""
    compared = [row for row in records if row["verdict"]]
    about = f"{wording.capitalised(wording.noun(answer))} in {answer.area_name}"
    if not compared:
        return f"{about}: none of these periods can be compared with the same months before, for the reasons below."
    longest = max(compared, key=lambda row: (month_number(row["end"]) - month_number(row["start"]), row["label"]))
    period = wording.lowered(longest["label"])
    words = {
        "higher": f"{_change_with_interval(longest, '95% interval ')}, more than chance",
        "lower": f"{_change_with_interval(longest, '95% interval ')}, more than chance",
        "similar": "similar, within chance",
    }[longest["verdict"]]
    others = [row for row in compared if row is not longest]
    beyond = [wording.lowered(row["label"]) for row in others if row["verdict"] != "similar"]
    rest = (
        f" Of the shorter periods, more than chance: {wording.joined(beyond)}."
        if beyond
        else " None of the shorter periods differs by more than chance."
        if others
        else ""
    )
    return f"{about}, {period} ({longest['period']}) against {longest['compare_period']}: {words}.{rest}"
