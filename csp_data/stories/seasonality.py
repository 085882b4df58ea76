"""Seasonality: whether a measure has a season, how this year stands to earlier ones, every month at a glance."""

from dataclasses import replace
from typing import NamedTuple

from csp_data.analysis import over_time, results
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Answer, Question
from csp_data.analysis.seasonality import FULL_YEARS, Year
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.measures import measure_named
from csp_data.figures import seasons
from csp_data.figures.chart import Chart


class Verdict(NamedTuple):
    """Whether there is a season, in words. The index can be drawn where it is ``shown``; there is nothing at all to draw
    where it could not be ``tested``, because months are withheld or there are none."""

    heading: str
    sentence: str
    tests: tuple[str, ...]
    shown: bool
    tested: bool = True


def verdict(subject: Subject, question: Question, over: Span, year: Year) -> Verdict:
    """Whether the tests find a season: the message of the page."""
    found = over_time.season(subject, question, over, year=year, per_day=True)
    what = _what(question, results.answer(subject, replace(question, compare=None)))
    if found.season is None:
        return Verdict(f"{what}: cannot be tested for a season", found.reason, (), False, tested=False)
    if found.season.full_years < FULL_YEARS:
        heading = f"{what}: too few months to tell a season"
    else:
        heading = f"{what}: {'a clear season' if found.season.shown else 'no clear season'}"
    left_out = (
        " The months of the pandemic are left out, because restrictions changed what was usual."
        if found.excluded
        else ""
    )
    sentence = f"{found.season.sentence}{left_out}"
    return Verdict(heading, sentence, seasons.tests_in_words(found), found.season.shown)


def _what(question: Question, answer: Answer) -> str:
    """ "Burglary in Medway": short, for the heading of a page."""
    label = CATEGORIES[question.category].label if question.category else measure_named(question.measure).label
    return f"{label} in {answer.area_name}"


def band(subject: Subject, question: Question, over: Span, year: Year, per_day: bool) -> Chart:
    """The year that the months end in, against the same months of earlier years. Raises NoChart where there are none."""
    against = over_time.year_against_earlier(subject, question, over, year=year, per_day=per_day)
    return seasons.year_band(against, results.answer(subject, replace(question, compare=None)), subject.events)


def index(subject: Subject, question: Question, over: Span, year: Year) -> Chart:
    """How far each month of the year usually lies from an average month, where there is a season. Per day: a month is
    not set against another for being longer."""
    found = over_time.season(subject, question, over, year=year, per_day=True)
    return seasons.index_bars(found, results.answer(subject, replace(question, compare=None)))


def heat_map(subject: Subject, question: Question, over: Span, year: Year, per_day: bool) -> Chart:
    """Every month, a row a year."""
    rows = over_time.monthly_rows(subject, question, over, per_day=per_day)
    answer = results.answer(subject, replace(question, compare=None))
    return seasons.heat_map(rows, answer, year, subject.events, per_day)


def split(subject: Subject, question: Question, over: Span, per_day: bool) -> Chart:
    """Trend, season and the rest (STL). Raises NoChart where they cannot be told apart."""
    found = over_time.decomposition(subject, question, over, per_day=per_day)
    return seasons.stl_panels(found, results.answer(subject, replace(question, compare=None)), subject.events)
