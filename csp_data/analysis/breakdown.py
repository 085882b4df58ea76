"""A line of the crime tree, or all ASB, taken apart into the lines below it: shares, sums, views and superseded lines.

Everything starts from ``results``, so a share is worked out from counts as they may be shown, and what is withheld stays
withheld: nothing is filled in from what the other lines leave.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from csp_data.analysis import disclosure, results
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Answer, Question, not_used, use_words
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import (
    APPENDIX_1,
    CATEGORIES,
    ancestors,
    children,
    descendants,
    root,
    views,
)
from csp_data.catalogue.measures import measure_named

_TOLERANCE = 1e-3
"""How far a sum of counts that were shared out between wards may be from the whole through rounding of fractions."""


_FEWEST_QUARTERS = 4
PROTECTED = "As far as it may be shown"
"""Said of every line of an extract whose small counts are hidden: which lines it holds would tell of single crimes."""


@dataclass(frozen=True)
class Breakdown:
    """A line and what it is made of.

    ``parts`` has a row a line below, as ``results.table`` gives them by category, with ``share`` (percent of the whole;
    NaN where either count is withheld or missing, or the whole is none), ``share_status``, ``own`` (true for what is on
    no line below), and "not applicable" with a reason for lines that the police did not use in the period.
    """

    whole: Answer
    line: str
    chosen: str | None
    """The line asked for, when it has none below it: then the line above it is taken apart."""
    parts: pd.DataFrame
    views: pd.DataFrame
    """Views of the line that the release holds, a row each: in no sum."""


def opened(subject: Subject, question: Question) -> str:
    """The line that is taken apart: the one asked for, or the one above it when the release holds none below it."""
    asked = question.category or root(measure_named(question.measure).dataset)
    if results.lines_below(subject, question.measure, question.role, asked) or not CATEGORIES[asked].parent:
        return asked
    return str(CATEGORIES[asked].parent)


@lru_cache(maxsize=50)
def taken_apart(subject: Subject, question: Question) -> Breakdown:
    """What the question's line is made of, in its area and period. Raises QuestionError as ``results.table``. Share it,
    never change it: the charts and the words of a page all start from it."""
    line = opened(subject, question)
    asked = replace(question, category=line)
    whole = results.answer(subject, asked)
    parts = results.table(subject, asked, "category")
    parts = _with_shares(parts, whole).assign(own=parts["category"] == line)
    nothing = parts["own"] & (parts["value_status"] == "available") & (parts["numerator"] == 0)
    if len(parts) > 1 and nothing.any():
        parts = parts[~nothing].reset_index(drop=True)
    held = set(results.lines(subject, question.measure, question.role))
    seen = [results.table(subject, replace(asked, category=view), None) for view in views(line) if view in held]
    return Breakdown(
        whole=whole,
        line=line,
        chosen=question.category if question.category != line else None,
        parts=parts,
        views=_with_shares(pd.concat(seen, ignore_index=True), whole) if seen else parts.iloc[:0],
    )


def _with_shares(parts: pd.DataFrame, whole: Answer) -> pd.DataFrame:
    """Shares of the whole, from counts as shown."""
    available = (parts["value_status"] == "available").to_numpy()
    usable = whole.value_status == "available" and bool(whole.numerator)
    share = np.where(available & usable, 100 * parts["numerator"] / (whole.numerator if usable else math.nan), np.nan)
    status = parts["value_status"].to_numpy(dtype=object)
    if not usable:
        without = "not applicable" if whole.value_status == "available" else whole.value_status
        status = np.where(available, without, status)
    return parts.assign(share=share, share_status=status)


@dataclass(frozen=True)
class Sum:
    """Whether the lines add up to their whole. ``total`` is NaN when a line is withheld or missing."""

    total: float
    whole: float
    agrees: bool
    withheld: int
    rounded: bool


def added_up(apart: Breakdown) -> Sum | None:
    """The lines below, with what is on none of them, against the whole; ``None`` when there is nothing to add or the
    whole has no figure. Counts that are rounded one by one need not agree."""
    parts = apart.parts
    if parts["own"].all() or apart.whole.value_status != "available" or apart.whole.numerator is None:
        return None
    withheld = int((parts["value_status"] == "withheld").sum())
    missing = bool((parts["value_status"] == "missing").any())
    total = math.nan if withheld or missing else float(parts["numerator"].sum())
    return Sum(
        total=total,
        whole=apart.whole.numerator,
        agrees=abs(total - apart.whole.numerator) < _TOLERANCE,
        withheld=withheld,
        rounded=withheld > 0 or not abs(total - apart.whole.numerator) < _TOLERANCE,
    )


def over_time(subject: Subject, question: Question, over: Span) -> pd.DataFrame:
    """Each line of ``taken_apart`` by quarter, or by month where there are fewer than four whole quarters.

    Returns
    -------
    The rows of ``results.table`` of each line, one line after another, "not applicable" in quarters in which the police
    did not use it. What is on no line is left out. Without rows when there are no lines below.
    """
    lines = results.lines_below(subject, question.measure, question.role, opened(subject, question))
    if not lines:
        return pd.DataFrame(columns=["category", "value"])
    asked = replace(question, start=over.start, end=over.end, compare=None)
    by: results.By = "quarter"
    first = results.table(subject, replace(asked, category=lines[0]), by)
    if (first["value_status"] != "missing").sum() < _FEWEST_QUARTERS:
        by = "month"
    tables = [results.table(subject, replace(asked, category=line), by) for line in lines]
    return pd.concat(tables, ignore_index=True)


def every_line(subject: Subject, question: Question) -> pd.DataFrame:
    """The whole tree of the question's measure, with whether the release holds each line and its figure.

    Returns
    -------
    A row a line, in the order of the tree: ``category``, ``depth`` (0 for all), ``label``, ``printed`` (as appendix 1 of
    Medway's Strategic Assessment 2020 prints it, or ""), ``held`` (a sentence), ``numerator``, ``value_status``
    ("missing" for a line that is not held, "not applicable" for one not in use),
    ``share`` (percent of all), ``share_status``, ``verdict`` and ``change_reason``.
    """
    dataset = measure_named(question.measure).dataset
    held = set(results.lines(subject, question.measure, question.role))
    protected = disclosure.restricted(subject.release.extract(dataset).get("disclosure", "rounded"), question.role)
    printed = {line: text for text, line in APPENDIX_1}
    span = Span(question.start, question.end)
    whole = results.table(subject, replace(question, category=None), None)
    figures: dict[str, dict[str, Any]] = _by_line(whole)
    for line in (root(dataset), *descendants(root(dataset))):
        if results.lines_below(subject, question.measure, question.role, line):
            below = _by_line(results.table(subject, replace(question, category=line), "category"))
            figures |= {category: row for category, row in below.items() if category != line}
        for view in views(line):
            if view in held:
                figures |= _by_line(results.table(subject, replace(question, category=view), None))
    top = figures[root(dataset)]
    total = float(top["numerator"]) if top["value_status"] == "available" else math.nan
    rows = []
    for line in _in_order(root(dataset)):
        found: dict[str, Any] = figures.get(line, {})
        if found.get("value_status") == "not applicable" and not_used(CATEGORIES[line], span):
            found = {"value_status": "not applicable", "change_reason": f"The line was {use_words(CATEGORIES[line])}."}
        count = found.get("numerator", math.nan)
        status = found.get("value_status", "missing")
        share = 100 * count / total if status == "available" and total > 0 else math.nan
        rows.append(
            {
                "category": line,
                "depth": len(ancestors(line)),
                "label": CATEGORIES[line].label,
                "printed": printed.get(line, ""),
                "held": PROTECTED if protected else _held(line, held),
                "numerator": count if status == "available" else math.nan,
                "value_status": status,
                "share": share,
                "share_status": status if not math.isnan(share) or status != "available" else "not applicable",
                "verdict": found.get("verdict", ""),
                "change_reason": found.get("change_reason", ""),
            }
        )
    return pd.DataFrame(rows)


def _by_line(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Line -> the few columns of its row that are wanted; all of them would take ten times as long."""
    columns = ("category", "numerator", "value_status", "verdict", "change_reason")
    rows = zip(*(table[name].tolist() for name in columns), strict=True)
    return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}


def _in_order(line: str) -> list[str]:
    """A line, its views, and all below it."""
    found = [line]
    for child in children(line):
        found += _in_order(child)
    return [*found, *views(line)]


def _held(line: str, present: set[str]) -> str:
    """Whether a release with counts on some lines holds a line, in words."""
    category = CATEGORIES[line]
    below = [child for child in descendants(line) if child in present]
    if line in present:
        return "Yes, partly split" if below else "Yes"
    if category.overlaps:
        return "No: a view that the source does not give"
    if category.merges and present & {each for line in category.merges for each in (line, *descendants(line))}:
        return "No: the source gives its lines one by one"
    if below:
        return "Yes, as a sum"
    above = [each for each in (*ancestors(line), line) if each in present]
    merged = [
        each
        for each in present
        if {line, *ancestors(line)} & set(CATEGORIES[each].merges) and each not in ancestors(line)
    ]
    inside = merged[0] if merged else above[-1] if above else None
    return f"No: only inside ‘{CATEGORIES[inside].label}’" if inside else "No"
