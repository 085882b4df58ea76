"""Crime weighted by severity: the sum of counts times weights, per 1,000 residents. To be shown next to counts, never
instead of them: one homicide can outweigh a year of everything else in a ward.

Source: ONS Crime Severity Score (2016) for the principle; the weights are those of a file that somebody supplies. Counts
are as the role may see them, so a score divided by its weight gives no more than the count shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from csp_data.analysis.results import Question, answer, table
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, POLICE_UK_CATEGORIES, children, root

PER = 1_000
ONLY_POLICE_UK = "violence-and-sexual-offences"
REFUSED = (
    "No severity: these counts come in the 14 groups of data.police.uk, and one group holds offences of very different "
    "weight (violence and sexual offences from about 9 to 7,979), so that no weight fits. It takes an extract by offence."
)
SHORTEST_MONTHS_OF_A_WARD = 12


class Weighted(Protocol):
    """What is needed of an offence's weight: ``extracts.sources.severity`` reads them."""

    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def weight(self) -> float: ...
    @property
    def line(self) -> str: ...


@dataclass(frozen=True)
class Severity:
    """A score with what it stands on. ``matches`` is the match report: a row a line of the crime tree with a count, or an
    offence of the file without a line: ``line``, ``label``, ``count``, ``weight``, ``offences`` (how many weights fall on
    the line) and ``match`` ("matched", "no weight", "weights differ", "no count", "no line", "withheld").
    ``coverage`` is the share of the counts that have a weight, in percent."""

    score: float | None
    unit: str
    points: float | None
    residents: float | None
    population_year: int | None
    coverage: float | None
    period: str
    area_name: str
    value_status: str
    reason: str
    matches: pd.DataFrame


def severity(subject: Subject, question: Question, weights: Sequence[Weighted]) -> Severity:
    """The severity of the crime a question asks for; its ``per`` and ``compare`` are not used.

    A line takes a weight when all weights that fall on it are the same: a line that holds several offences of different
    weight is left out and listed, since the release does not say which of them a count is. So are lines without a weight.
    The score is of the matched counts alone: read it with its coverage.

    Raises
    ------
    QuestionError
        As ``results.answer``.
    """
    asked = replace(question, measure="crime", per="rate", compare=None)
    whole = answer(subject, asked)
    if _only_groups(subject):
        return _without(whole, "not applicable", REFUSED)
    short_of_a_ward = whole.vintage and whole.months_expected < SHORTEST_MONTHS_OF_A_WARD
    if question.role == "public" and short_of_a_ward:
        return _without(
            whole, "withheld", "Withheld so that nobody can be identified: a ward's severity is given over a year."
        )
    if whole.value_status != "available":
        return _without(whole, whole.value_status, whole.reason)
    matches = _matches(_counts(subject, asked), weights)
    matched = matches[matches["match"] == "matched"]
    if (matches["match"] == "withheld").any():
        return _without(
            whole, "withheld", "Withheld so that nobody can be identified: some of its counts are.", matches
        )
    points = float((matched["count"] * matched["weight"]).sum())
    coverage = 100 * matched["count"].sum() / whole.numerator if whole.numerator else None
    if matched.empty:
        return _without(whole, "not applicable", "No severity: none of the counts has a weight in the file.", matches)
    return Severity(
        score=PER * points / whole.denominator if whole.denominator else None,
        unit=f"points per {PER:,} residents",
        points=points,
        residents=whole.denominator,
        population_year=whole.population_year,
        coverage=coverage,
        period=whole.period,
        area_name=whole.area_name,
        value_status="available",
        reason="",
        matches=matches,
    )


def _without(whole, status: str, reason: str, matches: pd.DataFrame | None = None) -> Severity:
    return Severity(
        None, f"points per {PER:,} residents", None, whole.denominator, whole.population_year, None, whole.period,
        whole.area_name, status, reason, pd.DataFrame(columns=_COLUMNS) if matches is None else matches,
    )  # fmt: skip


_COLUMNS = ["line", "label", "count", "weight", "offences", "match"]


def _only_groups(subject: Subject) -> bool:
    """Whether the counts are those of data.police.uk: its merged line is among them, or no line but its own."""
    groups = {line for dataset, line in POLICE_UK_CATEGORIES.values() if dataset == "crime"}
    present = set(subject.block("crime").present_categories())
    return ONLY_POLICE_UK in present or present <= groups


def _counts(subject: Subject, asked: Question) -> dict[tuple[str, bool], tuple[float, str]]:
    """(line, in its own right) -> count and value status, for every line at an end of the tree and what is on the others
    in their own right, as the role may see them."""
    found: dict[tuple[str, bool], tuple[float, str]] = {}

    def below(line: str) -> None:
        rows = table(subject, replace(asked, category=line, per="count"), "category")
        for kind, count, status in zip(rows["category"], rows["numerator"], rows["value_status"], strict=True):
            if kind != line and children(kind):
                below(kind)
            else:
                found[kind, kind == line] = (count, status)

    below(asked.category or root("crime"))
    return found


def _matches(counts: dict[tuple[str, bool], tuple[float, str]], weights: Sequence[Weighted]) -> pd.DataFrame:
    of_line: dict[str, list[float]] = {}
    for weight in weights:
        of_line.setdefault(weight.line, []).append(weight.weight)
    rows = []
    for (line, own), (count, status) in counts.items():
        found = of_line.get(line, [])
        if status == "withheld":
            match = "withheld"
        elif not count:
            continue
        elif not found:
            match = "no weight"
        else:
            match = "matched" if len(set(found)) == 1 else "weights differ"
        label = CATEGORIES[line].label + (", not split further" if own and children(line) else "")
        rows.append((line, label, count, found[0] if match == "matched" else np.nan, len(found), match))
    counted = {row[0] for row in rows}
    for weight in weights:
        if weight.line not in counted:
            label = " ".join(filter(None, (weight.code, weight.name)))
            rows.append((weight.line, label, np.nan, weight.weight, 1, "no count" if weight.line else "no line"))
    return pd.DataFrame(rows, columns=_COLUMNS)
