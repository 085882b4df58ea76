"""The headline figures of an edition: frozen when it is made, and set beside those of the latest release ever after."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from csp_data.analysis.periods import financial_year, financial_year_of, runs
from csp_data.analysis.results import Question, QuestionError, answer, lines_below
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import MEASURES

_ASKED = ("measure", "start", "end", "category", "per")
_TOLD = ("category_label", "area_name", "period", "unit", "value", "value_status")
_SAME = 1e-9
"""Figures that differ by less are the same: what adding up in another order makes."""


def headline_questions(subject: Subject) -> list[Question]:
    """Of each measure the total, its rate and the lines directly under it, over the latest whole financial year that
    the release holds, else over its latest unbroken run of months. As the public may ask."""
    asked = []
    for measure in subject.measures():
        months = subject.months(measure)
        if not months:
            continue
        whole = [y for y in {financial_year_of(m) for m in months} if set(financial_year(y).months) <= set(months)]
        span = financial_year(max(whole)) if whole else runs(months)[-1]
        total = Question(measure, span.start, span.end)
        asked += [total, Question(measure, span.start, span.end, per="rate")]
        asked += [
            Question(measure, span.start, span.end, category=line) for line in lines_below(subject, measure, "public")
        ]
    return asked


def headline_figures(subject: Subject) -> list[dict[str, Any]]:
    """The answers to the headline questions, as an edition keeps them: only what the public may see."""
    kept = []
    for question in headline_questions(subject):
        found = answer(subject, question)
        kept.append({key: getattr(question, key) for key in _ASKED} | {key: getattr(found, key) for key in _TOLD})
    return kept


def beside_latest(figures: Sequence[Mapping[str, Any]], published: Subject | None, latest: Subject) -> pd.DataFrame:
    """The figures of an edition beside what they are now.

    Parameters
    ----------
    figures : as ``headline_figures`` gave them when the edition was made.
    published : the edition's release; None when it cannot be read any more.
    latest : the release that is live now, asked the same questions.

    Returns
    -------
    A row a figure: ``label``, ``period``, ``unit``, ``as_published`` and ``status`` as they were frozen; ``again`` and
    ``again_status``, what the edition's release gives today; ``latest`` and ``latest_status``; ``reproduced`` and
    ``changed``, whether the first differs from each of the others. NaN where a number is missing or withheld, which the
    statuses tell apart; "not held" where a release has no such data.
    """
    rows = []
    for figure in figures:
        asked: dict[str, Any] = {key: figure.get(key) for key in _ASKED}
        question = Question(**asked, role="public")
        then, status = figure.get("value", float("nan")), str(figure.get("value_status", ""))
        again, again_status = _asked(published, question)
        now, now_status = _asked(latest, question)
        label = MEASURES[question.measure].label if question.category is None else str(figure.get("category_label", ""))
        rows.append(
            {
                "label": f"{label}, {figure.get('area_name', '')}",
                "period": str(figure.get("period", "")),
                "unit": str(figure.get("unit", "")),
                "per": question.per,
                "as_published": then,
                "status": status,
                "again": again,
                "again_status": again_status,
                "reproduced": _same(then, status, again, again_status),
                "latest": now,
                "latest_status": now_status,
                "changed": not _same(then, status, now, now_status),
            }
        )
    columns = ["label", "period", "unit", "per", "as_published", "status", "again", "again_status", "reproduced"]
    return pd.DataFrame(rows, columns=[*columns, "latest", "latest_status", "changed"])


def _asked(subject: Subject | None, question: Question) -> tuple[float, str]:
    if subject is None:
        return float("nan"), "not held"
    try:
        found = answer(subject, question)
    except QuestionError:
        return float("nan"), "not held"
    return (float("nan") if found.value is None else found.value), found.value_status


def _same(value: float, status: str, other: float, other_status: str) -> bool:
    if status != other_status:
        return False
    return status != "available" or abs(value - other) <= _SAME * max(1.0, abs(value))
