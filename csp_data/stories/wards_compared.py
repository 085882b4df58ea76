"""Where records gather: wards by rate, by number, by kind and over time, and which stand out together."""

from dataclasses import replace
from functools import lru_cache

from csp_data.analysis import results, wards
from csp_data.analysis.results import Question, QuestionError
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import DENOMINATORS
from csp_data.figures import concentration, ranks, wording
from csp_data.figures.chart import Chart, estimate_notes

NO_REOFFENDING = (
    "No measure of reoffending by ward is in this release. To add one, give figures of managed offenders or probation with "
    "the code of the ward, on the template of partner figures."
)
KEPT = 100
"""Charts of each kind that are kept, because they are the same whichever ward is looked at."""
ONE_MEASURE = "This release does not hold both recorded crime and ASB incidents, so wards cannot be set against both."


def places(subject: Subject, question: Question) -> Chart:
    """Wards by rate, with the places that chance allows; the question's ward picked out."""
    whole = _whole(question, per="rate")
    return ranks.ward_places(wards.ranked(subject, whole), results.answer(subject, whole), question.area)


def both_measures(subject: Subject, question: Question, top: int) -> Chart:
    """Wards by crime and by ASB.

    Raises
    ------
    QuestionError
        When the release does not hold both: ask ``holds_both`` first.
    """
    whole = _whole(question, per="rate", category=None, compare=None)
    found = wards.together(subject, whole, top)
    if found is None:
        raise QuestionError(ONE_MEASURE)
    first, second = (results.answer(subject, replace(whole, measure=measure)) for measure in found.measures)
    chart = ranks.two_measures(found, first, second, question.area)
    chart = chart if found.reoffending else replace(chart, notes=(*chart.notes, NO_REOFFENDING))
    return _with_estimates(subject, whole, chart)


def denominators(subject: Subject, vintage: str) -> dict[str, str]:
    """What the rates of a ward set may be per: name -> id, residents first."""
    return {wording.capitalised(DENOMINATORS[kind]): kind for kind in wards.denominators(subject, vintage)}


def holds_both(subject: Subject) -> bool:
    return len(subject.measures()) > 1


def top(subject: Subject, question: Question, places_: int) -> Chart:
    """The wards with most and their share."""
    whole = _whole(question)
    found = wards.gathering(subject, whole, places_)
    return _with_estimates(
        subject, whole, concentration.top_wards(found, results.answer(subject, whole), question.area)
    )


def curve(subject: Subject, question: Question) -> Chart:
    """The Lorenz curve over wards, with its Gini index."""
    return _curve(subject, _whole(question))


@lru_cache(maxsize=KEPT)
def _curve(subject: Subject, whole: Question) -> Chart:
    chart = concentration.lorenz_curve(wards.gathering(subject, whole, 1), results.answer(subject, whole))
    return _with_estimates(subject, whole, chart)


def mix_of_ward(subject: Subject, question: Question) -> Chart:
    """The kinds of crime in the question's ward against those of the partnership."""
    whole = _whole(question, category=None)
    name = results.answer(subject, replace(whole, area=question.area)).area_name
    table = wards.mix_of_ward(subject, replace(whole, area=question.area))
    return concentration.mix(table, results.answer(subject, whole), name)


def kind_by_ward(subject: Subject, question: Question) -> Chart:
    """The share of the question's kind in the crime of each ward."""
    return _kind_by_ward(subject, _whole(question))


@lru_cache(maxsize=KEPT)
def _kind_by_ward(subject: Subject, whole: Question) -> Chart:
    chart = concentration.kind_by_ward(wards.wards_of_kind(subject, whole), results.answer(subject, whole))
    return _with_estimates(subject, whole, chart)


def staying(subject: Subject, question: Question) -> Chart:
    """Which wards stay among those with most, quarter after quarter."""
    return _staying(subject, _whole(question))


@lru_cache(maxsize=KEPT)
def _staying(subject: Subject, whole: Question) -> Chart:
    chart = concentration.staying_on_top(wards.staying(subject, whole), results.answer(subject, whole))
    return _with_estimates(subject, whole, chart)


def hot_spots(subject: Subject, question: Question) -> Chart:
    """Wards that stand out together with the wards around them, for the question's kind."""
    return _hot_spots(subject, replace(question, area=None, compare=None))


@lru_cache(maxsize=KEPT)
def _hot_spots(subject: Subject, question: Question) -> Chart:
    whole = _whole(question, per="rate")
    answer = results.answer(subject, whole)
    table = wards.hot_spots(subject, whole)
    tests = int(table["z"].notna().sum())
    chart = concentration.hot_spots(table[table["category"] == answer.category].reset_index(drop=True), answer, tests)
    return _with_estimates(subject, question, chart)


def _with_estimates(subject: Subject, question: Question, chart: Chart) -> Chart:
    """The chart with what was estimated of the wards' counts that it is made from."""
    return replace(chart, notes=(*chart.notes, *_estimates(subject, replace(question, area=None, compare=None))))


@lru_cache(maxsize=KEPT)
def _estimates(subject: Subject, question: Question) -> tuple[str, ...]:
    """What all charts of the page say of the same counts."""
    notes = estimate_notes(wards.by_ward(subject, question), results.answer(subject, question))
    return tuple(note.replace(" The table gives the lowest and the highest that each can be.", "") for note in notes)


def _whole(question: Question, **changes: object) -> Question:
    """The question for the partnership, as a count without a comparison unless told otherwise."""
    return replace(question, **{"area": None, "compare": None, "per": "count", **changes})
