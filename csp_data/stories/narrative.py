"""A measure of an area in one paragraph: made of its answers, its test against the whole and its control chart."""

from dataclasses import replace

from csp_data.analysis import over_time, results, wards
from csp_data.analysis.periods import Span, month_number, month_text
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.figures import narrative

RECENT_MONTHS = 36


def paragraph(subject: Subject, question: Question) -> str:
    """The question in one paragraph that can be copied into a report: how many, at what rate, against the period compared
    with and (for a ward) the whole, and whether its latest month stands out."""
    count = results.answer(subject, replace(question, per="count"))
    rate = results.answer(subject, replace(question, per="rate", compare=None))
    return narrative.paragraph(count, rate, _against_the_whole(subject, question, rate), _latest(subject, question))


def _against_the_whole(subject: Subject, question: Question, rate: results.Answer) -> str:
    if question.area is None or rate.value_status != "available":
        return ""
    asked = replace(question, per="rate", compare=None, area=None)
    verdict = wards.place_of(subject, replace(asked, area=question.area))["against_whole"]
    return narrative.against(rate, results.answer(subject, asked), verdict)


def _latest(subject: Subject, question: Question) -> str:
    """Whether the latest month of the question stands out; "" where no limits can be given."""
    held = [month for month in subject.months(question.measure) if month <= question.end]
    if not held or held[-1] != question.end:
        return ""
    start = max(month_text(month_number(question.end) - RECENT_MONTHS + 1), held[0])
    control = over_time.control_chart(subject, replace(question, per="count"), Span(start, question.end))
    if control.chart is None or control.every != 1 or bool(control.chart.points["short_group"].iloc[-1]):
        return ""
    last = control.chart.points.iloc[-1]
    if last["status"] not in ("available", "set aside"):
        return ""
    return narrative.latest(str(last["special_cause"]), str(last["month"]))
