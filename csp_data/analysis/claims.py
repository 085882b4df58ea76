"""Whether printed claims hold: each worked out from the data of a release, or from the numbers printed beside it.

A value *reproduces* when the data give what would be printed like it (rounded half up at its printed precision, within the
tolerance stated, or as loosely as "about" and "over" say); it *follows* when other printed numbers give it; it *does not
follow* as soon as one way gives another; else it *cannot be checked*. A claim is as good as the worst of its values that
can be checked: one that does not follow outweighs all, and what cannot be checked is named. A figure of an agency, a grant
or an indicator that the release itself has from a report agrees with it, with the caution that it is only as printed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from csp_data.analysis import forensics, grants, indicators, partner_figures, peers, results, survey
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question, QuestionError
from csp_data.analysis.subject import Subject
from csp_data.catalogue import arithmetic, printed
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.claims import (
    CAUTIONS,
    VERDICTS,
    Claim,
    Document,
    Register,
    Relation,
    Value,
    Verdict,
)
from csp_data.catalogue.measures import measure_named
from csp_data.extracts.claims import sums_of

FEW = 7
"""The most people a printed number may be of for somebody to be recognised in it: what the disclosure rule withholds."""

CAUSES = re.compile(
    r"\b(due to(?! (?:receive|be|start|begin|run|end|open|take)\b)|as a result|because|caused|attributable|explained by|"
    r"thanks to|led to|leads to|reflects|owing to|resulting in|impact of)\b",
    re.I,
)
"""Words that give a cause; beside a plain change nothing shows it."""

_UP = re.compile(r"\b(increase[ds]?|rise[ns]?|rose|risen|up|more|higher|grew|growth|additional)\b", re.I)
_DOWN = re.compile(r"\b(decrease[ds]?|reduction|reduced|reducing|fewer|fall(?:s|en|ing)?|fell|down|lower|less)\b", re.I)

Number = Fraction | str


@dataclass(frozen=True)
class Caution:
    """``name`` is one of ``catalogue.claims.CAUTIONS``; ``words`` say what it means here."""

    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.name}: {self.words}"


@dataclass(frozen=True)
class Outcome:
    """What one way gives for a value. ``standing`` is "data", "printed" or "copy" (a figure that the release itself has from
    a report) when it agrees, by what; "differs"; "unknown", with ``missing`` saying what would be needed; or "note", which
    only tells something."""

    standing: str
    working: str
    computed: str = ""
    missing: str = ""
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True)
class JudgedValue:
    """A value with what its ways give. ``verdict`` is "" for a number that is only there for others."""

    value: Value
    outcomes: tuple[Outcome, ...]

    @property
    def verdict(self) -> Verdict | str:
        standings = {outcome.standing for outcome in self.outcomes}
        if "differs" in standings:
            return "does_not_follow"
        if not self.value.ways:
            return ""
        if "data" in standings:
            return "reproduces"
        if "printed" in standings:
            return "follows"
        return "reproduces" if "copy" in standings else "cannot_be_checked"

    @property
    def only_a_copy(self) -> bool:
        """Whether all that agrees is a figure that the release itself has from a report."""
        agreeing = {outcome.standing for outcome in self.outcomes} & {"data", "printed", "copy"}
        return agreeing == {"copy"}

    @property
    def computed(self) -> str:
        """What it would be, for one that does not follow; else what was worked out, "" where nothing was."""
        told = [each for each in self.outcomes if each.computed]
        wanted = "differs" if self.verdict == "does_not_follow" else None
        chosen = [each for each in told if wanted is None or each.standing == wanted]
        return chosen[0].computed if chosen else ""


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict, worked out, and the working."""

    claim: Claim
    values: tuple[JudgedValue, ...] = ()
    cautions: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()
    """Working that is about several values: sums, shares of one base."""

    @property
    def verdict(self) -> Verdict:
        found = {value.verdict for value in self.values}
        if "does_not_follow" in found:
            return "does_not_follow"
        if any(value.verdict == "reproduces" and not value.only_a_copy for value in self.values):
            return "reproduces"
        # That printed numbers bear each other out says more than that a copy of one is like it.
        return "follows" if "follows" in found else "reproduces" if "reproduces" in found else "cannot_be_checked"

    @property
    def printed(self) -> str:
        return "; ".join(_with_unit(judged.value) for judged in self.values)

    @property
    def computed(self) -> str:
        named = len([value for value in self.values if value.computed]) > 1
        return "; ".join(
            f"{_spoken(value.value.name)}: {value.computed}" if named else value.computed
            for value in self.values
            if value.computed
        )

    @property
    def working(self) -> tuple[str, ...]:
        """Sentences: each value and what its ways give, then what is about several."""
        several = len(self.values) > 1
        lines = []
        for judged in self.values:
            start = f"{_capital(_spoken(judged.value.name))}: " if several else ""
            lines += [f"{start}{outcome.working}" for outcome in judged.outcomes]
        return (*lines, *self.notes)

    @property
    def missing(self) -> tuple[str, ...]:
        """What would be needed to check what cannot be."""
        return tuple(
            dict.fromkeys(
                outcome.missing
                for value in self.values
                if value.verdict == "cannot_be_checked"
                for outcome in value.outcomes
                if outcome.missing
            )
        )

    def to_dict(self) -> dict[str, Any]:
        claim = self.claim
        return {
            "id": claim.id,
            "verdict": self.verdict,
            "cautions": [str(caution) for caution in self.cautions],
            "printed": self.printed,
            "computed": self.computed,
            "working": "\n".join(self.working),
            "text": claim.text,
            "document": claim.document,
            "lines": claim.lines,
            "responsible": claim.responsible,
            "missing": list(self.missing),
            "values": [
                {
                    "name": judged.value.name,
                    "printed": list(judged.value.printed) if judged.value.is_list else judged.value.text,
                    "unit": judged.value.unit,
                    "verdict": judged.verdict,
                    "computed": judged.computed,
                }
                for judged in self.values
            ],
        }


def judge(
    register: Register,
    subject: Subject,
    other: Callable[[str], Subject] | None = None,
    role: str = "analyst",
) -> tuple[Judged, ...]:
    """Every claim of a register with its verdict, in the order of the register.

    Parameters
    ----------
    subject : the release that claims are worked out from.
    other : gives the release of another partnership by its id, for claims that name one; may raise any error that says why
        it cannot. Without it such claims cannot be checked.
    role : who asks; what is withheld from a role cannot be checked for it.
    """
    related = [(relation, _related(relation, register)) for relation in register.relations]
    figures: dict[str, dict[str, list[dict[str, Any]]]] = {}
    if other is not None:
        other = lru_cache(maxsize=None)(other)  # several claims may ask for the same release
    return tuple(_judged(claim, register, subject, other, role, related, figures) for claim in register.claims)


def _judged(
    claim: Claim,
    register: Register,
    subject: Subject,
    other: Callable[[str], Subject] | None,
    role: str,
    related: Sequence[tuple[Relation, "_Related"]],
    figures: dict[str, dict[str, list[dict[str, Any]]]],
) -> Judged:
    of, why = subject, ""
    if claim.partnership and claim.partnership != subject.partnership.id:
        try:
            if other is None:
                raise LookupError
            of = other(claim.partnership)
        except Exception as error:
            of, why = (
                None,
                str(error.args[0]) if error.args else f"The release of '{claim.partnership}' is not at hand.",
            )
    desk = _Desk(claim, register, of, role, figures, why)
    values = tuple(JudgedValue(value, tuple(desk.outcomes(value))) for value in claim.values)
    notes: list[str] = []
    cautions = [caution for value in values for caution in _told(value)]
    for relation, found in related:
        if any(name.startswith(f"{claim.id}.") for name in (*relation.parts, relation.total)):
            notes.append(found.sentence)
            if found.caution and any(name.startswith(f"{claim.id}.") for name in relation.parts):
                cautions.append(Caution(found.caution, found.sentence))
    judged = Judged(claim, values, notes=tuple(notes))
    cautions += _cautions(judged, register.documents.get(claim.document), subject)
    unique: dict[str, Caution] = {}
    for caution in cautions:
        if caution.name not in unique:
            unique[caution.name] = caution
        elif caution.words not in unique[caution.name].words:
            unique[caution.name] = Caution(caution.name, f"{unique[caution.name].words} {caution.words}")
    order = list(CAUTIONS)
    return Judged(claim, values, tuple(sorted(unique.values(), key=lambda c: order.index(c.name))), tuple(notes))


def _told(value: JudgedValue) -> list[Caution]:
    """The cautions that the ways of a value give. That printed numbers give another says something only beside data that
    give the one printed."""
    agrees = any(outcome.standing in ("data", "printed", "copy") for outcome in value.outcomes)
    told = [caution for outcome in value.outcomes for caution in outcome.cautions]
    return [caution for caution in told if agrees or caution.name != "printed-numbers-disagree"]


# Cautions that need no working


def _cautions(judged: Judged, document: Document | None, subject: Subject) -> list[Caution]:
    claim, found = judged.claim, []
    numbers = [number for value in claim.values for text in value.printed if (number := printed.read(text))]
    percents = [
        value
        for value in claim.values
        if any((number := printed.read(text)) and number.percent for text in value.printed)
        and not any(way["using"] in ("measure", "printed") for way in value.ways)
    ]
    unstated = [value for value in percents if not isinstance(value.base or claim.base, int)]
    if unstated:
        listed = _listed([value.text for value in unstated])
        found.append(Caution("base-not-stated", f"No base is printed for {listed}."))
    bases = [base for base in (claim.base, claim.rests_on, *(v.base for v in claim.values)) if isinstance(base, int)]
    if bases and survey.base_rule(min(bases)):
        found.append(Caution("small-base", f"It rests on {min(bases)}, and a result on fewer than 100 is unsure."))
    if claim.people:
        few = [n.text for n in numbers if not n.percent and n.value.denominator == 1 and 1 <= n.value <= FEW]
        few += [f"a base of {base}" for base in bases if base <= FEW]
        if few:
            words = f"{_listed(list(dict.fromkeys(few)))}: so few that somebody who knows them may recognise them."
            found.append(Caution("could-identify", words[:1].upper() + words[1:]))
    if document and document.start and claim.start and (claim.start < document.start or claim.end > document.end):
        stated, own = Span(document.start, document.end).label, Span(claim.start, claim.end).label
        found.append(
            Caution("outside-period", f"It is for {own}, and the report says that all its data are for {stated}.")
        )
    if claim.area and claim.area not in (subject.partnership.short_name, subject.partnership.name):
        found.append(Caution("other-geography", f"It is for {claim.area}, not for {subject.partnership.short_name}."))
    if claim.read_off_chart:
        found.append(Caution("chart-reading", "The numbers were read off a picture, so they are not exact."))
    cause = CAUSES.search(claim.text)
    if cause:
        found.append(Caution("causal-words", f"It says ‘{cause[0]}’, and nothing printed beside it shows a cause."))
    unchecked = [value.value.text for value in judged.values if value.verdict == "cannot_be_checked"]
    if unchecked and judged.verdict != "cannot_be_checked":
        words = f"Not checked: {_listed(unchecked)}. {' '.join(judged.missing)}"
        found.append(Caution("partly-checked", words.strip()))
    return found


# Relations between printed numbers


@dataclass(frozen=True)
class _Related:
    sentence: str
    caution: str = ""


def _related(relation: Relation, register: Register) -> _Related:
    texts = [text for name in relation.parts for text in _value_named(register, name).printed]
    base = relation.base if isinstance(relation.base, int) else None
    if relation.kind == "sum":
        return _sum(relation, register, texts)
    if relation.kind == "same_value":
        same = len({_normal(text) for text in texts}) == 1
        said = f"{_listed(list(relation.parts))} {'say the same' if same else 'do not say the same'}."
        return _Related(said, "" if same else "printed-numbers-disagree")
    percents = [_bare(text) for text in texts]
    if not all(re.fullmatch(r"\d+(\.\d+)?", percent) and float(percent) <= 100 for percent in percents):
        return _Related(f"{_listed(list(relation.parts))} are not all percentages from 0 to 100.")
    if relation.kind == "single_choice":
        found = percentages(percents, base)
        return _Related(found.sentence, "" if found.exact and found.possible else "sum-does-not-add-up")
    if relation.kind == "nested":
        check = forensics.nested(percents, base)
        said = f"{' within '.join(texts)}: {_lower_first(check.sentence)}"
        return _Related(said, "" if check.possible else "printed-numbers-disagree")
    said = bases_sentence(percents, base)
    return _Related(said, "printed-numbers-disagree" if said.startswith("No ") else "")


def _sum(relation: Relation, register: Register, texts: Sequence[str]) -> _Related:
    total = printed.read(_value_named(register, relation.total).printed[0])
    numbers = [number for text in texts if (number := printed.read(text))]
    if total is None or len(numbers) != len(texts):
        return _Related(f"The parts of {relation.total} cannot be added up: one is no number.")
    added = sum((number.value for number in numbers), Fraction(0))
    step = min([number.step for number in numbers], default=Fraction(1))
    said = f"The {len(numbers)} parts of {_listed(list(relation.parts))} come to {printed.written(added, step)}"
    if total.allows(added):
        return _Related(f"{said}, which is what {relation.total} prints.")
    off = added - total.value
    side = "more" if off > 0 else "less"
    said = f"{said}: {printed.written(abs(off), step)} {side} than {relation.total}, {total.text}."
    chart = all(register.claim(name.partition(".")[0]).read_off_chart for name in relation.parts)
    if chart:
        near = _nearest(numbers)
        reach = near / 2 * len(numbers)
        fits = "is within" if abs(off) <= reach else "is more than"
        said += f" That {fits} what reading each to the nearest {int(near):,} leaves ({int(reach):,})."
    return _Related(f"{said} {relation.notes}".strip(), "sum-does-not-add-up")


def _nearest(numbers: Sequence[printed.Printed]) -> Fraction:
    """The power of ten that all numbers are multiples of."""
    near = Fraction(1)
    while near < 10**9 and all((number.value / (near * 10)).denominator == 1 for number in numbers):
        near *= 10
    return near


@dataclass(frozen=True)
class Percentages:
    """What can be said of the parts of one whole as printed. ``exact``: they come to 100 as printed; ``possible``:
    rounding allows that they do; ``over``: the part that is missing, negative when there is too much."""

    total: Fraction
    possible: bool
    exact: bool
    over: Fraction
    sentence: str


def percentages(percents: Sequence[str], base: int | None = None) -> Percentages:
    """Whether percentages are the parts of one whole, which part is missing, and whether the base allows them.

    ``percents`` as printed ("69", "69%"), with nothing rounded further. Errors as ``forensics.possible_counts``.
    """
    total = sum((Fraction(percent.strip().rstrip("%").strip()) for percent in percents), Fraction(0))
    check = forensics.sums_to_100(percents, base)
    left = 100 - total
    said = check.sentence
    if left and check.possible:
        said += f" As printed {abs(float(left)):g}% is {'left for no answer named' if left > 0 else 'too much'}."
    elif left > 0:
        said += f" {float(left):g}% is missing."
    return Percentages(total, check.possible, left == 0, left, said)


def bases_sentence(percents: Sequence[str], base: int | None = None) -> str:
    """Which bases percentages of one base allow, in words; with the base, whether that one does."""
    listed = _listed([f"{_bare(percent)}%" for percent in percents])
    if base is not None:
        found = [forensics.grim(_bare(percent), base) for percent in percents]
        wrong = [f"{each.percent}%" for each in found if not each.possible]
        if wrong:
            return f"No count of {base} gives {_listed(wrong)}."
        if any(each.verdict.startswith("base too large") for each in found):
            return f"{listed} of {base}: base too large to test at this precision."
        return f"{listed} are all possible of {base}."
    decimals = max((len(_bare(percent).partition(".")[2]) for percent in percents), default=0)
    top = 100 * 10**decimals
    fitting = forensics.fitting_bases([_bare(percent) for percent in percents], range(1, top))
    if not fitting:
        return f"No base under {top} allows {listed}."
    if len(fitting) > 12:
        return (
            f"{listed} are possible of {len(fitting)} of the {top - 1} bases under {top} (the fewest is {fitting[0]}): "
            "they tell little of the base."
        )
    return f"Of the bases under {top}, {listed} are all possible only of {_listed([str(each) for each in fitting])}."


def change_between(
    current: str, current_base: int, previous: str, previous_base: int, stated: str = ""
) -> tuple[str, bool, bool]:
    """What two printed percentages say of a change: a sentence, whether it could be chance, and whether a change stated
    in points is one that the bases allow (true when none is stated).

    Every pair of counts that rounds to the percentages is tried, so nothing rests on the rounding.
    """
    found = forensics.point_change(_bare(current), current_base, _bare(previous), previous_base)
    if not found.candidates:
        return f"No counts of {current_base} and {previous_base} give {current} and {previous}.", False, False
    tested = [
        survey.change(each.current, current_base, each.previous, previous_base, tested=False)
        for each in found.candidates
    ]
    chance = any(each.verdict == "similar" for each in tested)
    low, high = min(each.lower for each in tested), max(each.upper for each in tested)
    said = (
        f"From {previous} of {previous_base} to {current} of {current_base} is "
        f"{float(found.difference_of_rounded):+g} percentage points (95% interval {low:+.1f} to {high:+.1f}): "
        f"{'could be chance' if chance else 'more than chance alone would be likely to give'}."
    )
    allowed = not stated or found.allows(stated)
    if stated:
        said += f" A change of {stated} points {'is' if allowed else 'is not'} one that these bases allow."
    return said, chance, allowed


@dataclass(frozen=True)
class Part:
    """A sum of money or a count, and what it is made of."""

    name: str
    printed: str
    parts: tuple["Part", ...] = ()


def reconciled(whole: Part) -> tuple[str, ...]:
    """Whether each level of a hierarchy adds up: a sentence a level, the whole first.

    ``printed`` may be "" for a level that is printed only through its parts: it is then their sum.
    """
    sentences = []
    if whole.parts:
        amounts = [_amount(part) for part in whole.parts]
        if any(amount is None for amount in amounts):
            sentences.append(f"{whole.name}: a part has no number, so it is not added up.")
        else:
            added = sum((amount for amount in amounts if amount is not None), Fraction(0))
            total = printed.read(whole.printed) if whole.printed else None
            shown = printed.exact(added)
            if total is None:
                sentences.append(f"{whole.name}: its {len(amounts)} parts come to {shown}.")
            elif total.allows(added):
                sentences.append(f"{whole.name}: its {len(amounts)} parts come to {shown}, as printed.")
            else:
                off = added - total.value
                sentences.append(
                    f"{whole.name}: its {len(amounts)} parts come to {shown}, {printed.exact(abs(off))} "
                    f"{'more' if off > 0 else 'less'} than the printed {whole.printed}."
                )
    return (*sentences, *(sentence for part in whole.parts for sentence in reconciled(part)))


def _amount(part: Part) -> Fraction | None:
    if part.printed:
        number = printed.read(part.printed)
        return number.value if number else None
    amounts = [_amount(each) for each in part.parts]
    return None if not amounts or None in amounts else sum((a for a in amounts if a is not None), Fraction(0))


# The ways to work a value out


class Missing(LookupError):
    """What is asked is not in the release: the sentence says what would be needed."""


@dataclass(frozen=True)
class _Found:
    """What a way gives: exact numbers or words, and how. ``copy`` is true of a figure that the release has from the claim's
    own document. ``differs`` is a sentence for what the numbers alone do not show."""

    values: tuple[Number, ...]
    how: str
    copy: bool = False
    differs: str = ""
    cautions: tuple[Caution, ...] = ()
    by: str = "data"


@dataclass
class _Desk:
    """Works out the values of one claim."""

    claim: Claim
    register: Register
    subject: Subject | None
    role: str
    figures: dict[str, dict[str, list[dict[str, Any]]]]
    """Partnership -> figure -> its rows, the latest first: read once for all claims."""
    no_subject: str = ""

    @cached_property
    def titles(self) -> tuple[str, ...]:
        return tuple(document.title for document in self.register.documents.values() if document.title)

    def _is_copy(self, source: str) -> bool:
        """Whether a figure of the release comes from one of the reports that are checked, not from data."""
        return any(title in source for title in self.titles)

    @property
    def data(self) -> Subject:
        if self.subject is None:
            raise Missing(f"Needs the release of '{self.claim.partnership}'. {self.no_subject}".strip())
        return self.subject

    def outcomes(self, value: Value) -> Iterable[Outcome]:
        for way in value.ways:
            yield self._outcome(value, way)
        yield from self._percents(value)

    def _outcome(self, value: Value, way: Mapping[str, Any]) -> Outcome:
        if way["using"] == "nothing":
            return Outcome("unknown", f"Not checked: {_lower_first(way['missing'])}", missing=way["missing"])
        if way["using"] == "printed":
            return self._of_printed(value, way)
        try:
            found: _Found = getattr(self, f"_{way['using']}")(value, way)
        except (Missing, QuestionError, KeyError, ValueError) as error:
            said = str(error.args[0]) if error.args else "it cannot be worked out."
            return Outcome("unknown", f"Not checked: {said}", missing=said)
        agrees, computed = self._compare(value, found)
        cautions = found.cautions
        if found.copy:
            agrees = agrees or self._held_as_printed(value, found)
            cautions = (*cautions, Caution("only-as-printed", "The release has this figure from a printed report."))
        if agrees:
            return Outcome(
                "copy" if found.copy else found.by,
                f"{found.how} That agrees with {_quoted(value)}.",
                computed,
                cautions=cautions,
            )
        said = found.differs or f"It would be {computed}, not {_quoted(value)}."
        return Outcome("differs", f"{found.how} {said}", computed, cautions=cautions)

    def _compare(self, value: Value, found: _Found) -> tuple[bool, str]:
        """Whether the values found are those printed, and the values as they would be printed."""
        numbers = [printed.read(text) for text in value.printed]
        tolerance = Fraction(value.tolerance or 0)
        shown, agree = [], len(numbers) == len(found.values) and not found.differs
        for place, each in enumerate(found.values):
            number = numbers[place] if place < len(numbers) else None
            text = value.printed[place] if place < len(value.printed) else ""
            if isinstance(each, str):
                shown.append(each)
                agree = agree and (_direction(text) == _direction(each) != 0 or _normal(text) == _normal(each))
            else:
                shown.append(_as_printed(each, number))
                agree = agree and number is not None and number.allows(each, tolerance)
        return agree, ", ".join(shown)

    @staticmethod
    def _held_as_printed(value: Value, found: _Found) -> bool:
        """Whether a copy of "over 30" is 30: what is held of a loose number is the number."""
        numbers = [printed.read(text) for text in value.printed]
        return [number.value for number in numbers if number] == list(found.values)

    # Printed numbers

    def _of_printed(self, value: Value, way: Mapping[str, Any]) -> Outcome:
        tried = []
        number, relation = printed.read(value.printed[0]), way.get("is", "equal")
        tolerance = Fraction(value.tolerance or 0)
        for text in sums_of(way):
            try:
                known = {name: self._number(name) for name in arithmetic.names(text)}
                result = arithmetic.worked_out(text, known)
            except (arithmetic.ArithmeticFault, Missing) as fault:
                said = f"'{text}' cannot be worked out: {fault.args[0]}."
                return Outcome("unknown", f"Not checked: {said}", missing=said)
            used = ", ".join(f"{name} = {_shown(each)}" for name, each in known.items() if not isinstance(each, tuple))
            how = f"{text} = {printed.exact(result, number)}" + (f" ({used})" if used else "")
            if number is None:
                said = f"'{value.text}' holds no number."
                return Outcome("unknown", f"Not checked: {said}", missing=said)
            agrees = {
                "equal": number.allows(result, tolerance),
                "at most": number.value <= result + tolerance,
                "at least": number.value >= result - tolerance,
            }[relation]
            tried.append((agrees, how, _as_printed(result, number), result))
            if agrees:
                break
        agrees, how, computed, result = tried[-1]
        if agrees:
            words = "" if relation == "equal" else f"{relation} "
            told = f"{how}. By the numbers printed, {_quoted(value)} is {words}that." if words else (
                f"{how}. That follows: {_quoted(value)}."
            )  # fmt: skip
            return Outcome("printed", told, computed)
        if len(tried) > 1:
            ways = "; ".join(how for _, how, _, _ in tried)
            said = f"None of the ways to get {_quoted(value)} gives it: {ways}. By the first it would be {tried[0][2]}."
            return Outcome("differs", said, tried[0][2])
        if relation != "equal" and number is not None:
            off = result - number.value
            said = f"That is {printed.exact(abs(off), number)} {'more' if off > 0 else 'less'} than {_quoted(value)}."
            return Outcome("differs", f"{how}. {said}", computed)
        caution = ()
        if len(value.ways) > 1:
            caution = (Caution("printed-numbers-disagree", f"{how}, not {_quoted(value)}."),)
        return Outcome("differs", f"{how}. It would be {computed}, not {_quoted(value)}.", computed, cautions=caution)

    def _number(self, name: str) -> arithmetic.Value:
        value = _value_named(self.register, name if "." in name else f"{self.claim.id}.{name}")
        numbers = [printed.read(text) for text in value.printed]
        if None in numbers:
            raise Missing(f"'{name}' is printed as '{value.text}', which holds no number")
        found = tuple(number.value for number in numbers if number is not None)
        return found if value.is_list else found[0]

    def _percents(self, value: Value) -> Iterable[Outcome]:
        """What the bases say of printed percentages: whether they can be, and whether a change is more than chance."""
        base = value.base or self.claim.base
        if not isinstance(base, int) or not value.printed:
            return
        for text in value.printed:
            number = printed.read(text)
            if number is None or "%" not in text or number.loose or not 0 <= number.value <= 100:
                continue
            found = forensics.grim(_bare(text), base)
            if not found.possible:
                yield Outcome("differs", f"No count of {base} gives {text}.", f"no count of {base}")
            elif not found.verdict.startswith("base too large"):
                counts = _listed([str(count) for count in found.counts], "or")
                yield Outcome("note", f"{text} of {base} can be {counts} people.")
            else:
                words = (
                    f"{text} of {base}: base too large to test at this precision, every whole percentage is possible."
                )
                if number.decimals:
                    words = f"{text} of {base}: base too large to test at this precision."
                yield Outcome(
                    "note", words, cautions=(Caution("base-too-large", "Any percentage is possible on such a base."),)
                )
            if value.previous and isinstance(value.previous_base, int):
                said, chance, _ = change_between(text, base, value.previous, value.previous_base)
                cautions = (Caution("within-chance", said),) if chance else ()
                yield Outcome("note", said, cautions=cautions)

    # Data

    def _measure(self, value: Value, way: Mapping[str, Any]) -> _Found:
        statistic = way.get("statistic", "count")
        if statistic in ("shares", "share"):
            return self._shares(way, statistic)
        if statistic == "top_share":
            return self._top_share(way)
        if statistic in ("months", "years"):
            table = results.table(
                self.data, self._question(way), {"months": "month", "years": "financial_year"}[statistic]
            )
            self._available(table.to_dict("records"))
            counts = tuple(_exact(count) for count in table["numerator"])
            return _Found(
                counts, f"The data give {', '.join(f'{int(count):,}' for count in counts)} ({_about(table.iloc[0])})."
            )
        if statistic in ("change", "percent_change", "direction"):
            return self._change(value, way, statistic)
        per = "rate" if statistic in ("rate", "population") else "count"
        found = results.answer(self.data, self._question(way, per=per))
        self._available([found.to_dict()])
        about = f"{found.category_label}, {found.area_name}, {found.period}"
        count = _exact(found.numerator)
        if per == "count":
            return _Found((count,), f"The data give {int(count):,} ({about}).")
        people = _exact(found.denominator)
        named = f"{int(people):,} {found.denominator_name} ({found.population_year}, {found.population_basis})"
        if statistic == "population":
            return _Found((people,), f"The data hold {named}.")
        rate = count / people * measure_named(way["measure"]).per
        return _Found(
            (rate,),
            f"The data give {int(count):,} of {named}: "
            f"{printed.exact(rate, printed.read(value.printed[0]))} {found.unit}.",
        )

    def _change(self, value: Value, way: Mapping[str, Any], statistic: str) -> _Found:
        asked = self._question(way, compare=way.get("compare", "previous-year"))
        found = results.answer_on_any_base(self.data, asked)
        self._available([found.to_dict()])
        if found.compare_numerator is None:
            raise Missing(found.change_reason or "The data do not hold the period before.")
        now, before = _exact(found.numerator), _exact(found.compare_numerator)
        if not before and statistic == "percent_change":
            raise Missing("The period before has none, and there is no percentage of nothing.")
        cautions = ()
        percent = 100 * (now / before - 1) if before else Fraction(0)
        how = (
            f"The data give {int(now):,} in {found.period} and {int(before):,} in {found.compare_period}: "
            f"{int(now - before):+,}, or {float(percent):+.2f}% ({found.category_label}, {found.area_name})."
        )
        if found.verdict == "similar":
            interval = f"95% interval {found.percent_lower:+.1f}% to {found.percent_upper:+.1f}%"
            words = f"{float(percent):+.1f}% ({interval}) could be chance."
            cautions = (Caution("within-chance", words),)
        if statistic == "direction":
            word = "increase" if now > before else "reduction" if now < before else "no change"
            return _Found((word,), how, cautions=cautions)
        return _Found((now - before if statistic == "change" else percent,), how, cautions=cautions)

    def _shares(self, way: Mapping[str, Any], statistic: str) -> _Found:
        kinds = way.get("categories") or [way.get("category")]
        whole = results.answer(self.data, self._question({**way, "category": way.get("whole")}))
        parts = [results.answer(self.data, self._question({**way, "category": kind})) for kind in kinds]
        self._available([whole.to_dict(), *(part.to_dict() for part in parts)])
        total = _exact(whole.numerator)
        if not total:
            raise Missing("The data hold none in this period.")
        counts = [_exact(part.numerator) for part in parts]
        listed = "; ".join(
            f"{part.category_label} {int(count):,} ({float(100 * count / total):.2f}%)"
            for part, count in zip(parts, counts, strict=True)
        )
        return _Found(
            tuple(100 * count / total for count in counts),
            f"Of {int(total):,} in {whole.period} ({whole.category_label}): {listed}.",
        )

    def _top_share(self, way: Mapping[str, Any]) -> _Found:
        wards = list(way.get("wards", ()))
        table = results.table(self.data, self._question(way), "area")
        self._available(table.to_dict("records"))
        whole = results.answer(self.data, self._question(way))
        total = _exact(whole.numerator)
        ranked = table[table["area"].str.match(r"[EW]\d")].sort_values("numerator", ascending=False, kind="stable")
        top = ranked.head(len(wards))
        counts = [int(count) for count in top["numerator"]]
        names = top["area_name"].tolist()
        listed = ", ".join(f"{name} {count:,}" for name, count in zip(names, counts, strict=True))
        share = 100 * Fraction(sum(counts)) / total
        how = (
            f"The {len(wards)} highest wards ({top['vintage_label'].iloc[0]}) are {listed}: {sum(counts):,} of "
            f"{int(total):,}, {float(share):.2f}%."
        )
        same = {_normal(name) for name in names} == {_normal(ward) for ward in wards}
        return _Found((share,), how, differs="" if same else f"Those are not the wards named: {_listed(wards)}.")

    def _question(self, way: Mapping[str, Any], **more: Any) -> Question:
        start, end = way.get("from", self.claim.start), way.get("to", self.claim.end)
        if not start or not end:
            raise Missing("The report does not print which months it is for.")
        asked = {"per": way.get("per", "count"), **more}
        return Question(
            way["measure"],
            start,
            end,
            area=way.get("area"),
            category=way.get("category"),
            vintage=way.get("vintage"),
            role=self.role,
            denominator=way.get("denominator", "residents"),
            **asked,
        )

    def _available(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            if row["value_status"] != "available":
                raise Missing(row["reason"] or "The data do not hold it.")

    def _rows(self, dataset: str, what: str) -> pd.DataFrame:
        rows = self.data.supplied(dataset)
        if rows.empty:
            raise Missing(f"This release holds no {what}.")
        return rows

    def _survey(self, value: Value, way: Mapping[str, Any]) -> _Found:
        rows = self._rows("survey", "survey results")
        statistic = way.get("statistic", "share")
        wanted = {name: way[name] for name in ("survey", "wave", "question") if way.get(name)}
        inside = np.ones(len(rows), dtype=bool)
        for name, text in wanted.items():
            inside &= rows[name].to_numpy() == text
        rows = rows[inside]
        if rows.empty:
            raise Missing(f"The release holds no such question of the survey '{way['survey']}', wave '{way['wave']}'.")
        label = f"{rows['survey_label'].iloc[0]}, {rows['wave_label'].iloc[0]}"
        if statistic == "base":
            base = int(rows["base"].max())
            return _Found((Fraction(base),), f"{label}: {base} people answered.")
        cautions = ()
        if self._is_copy(" ".join(rows["note"].tolist())):
            words = "The survey's counts in this release were taken from a printed report, not from the answers."
            cautions = (Caution("only-as-printed", words),)
        options = list(way.get("options", [way["option"]] if way.get("option") else []))
        found = [self._option(rows, option) for option in options]
        if not found:
            raise Missing("The way names no option of the survey.")
        listed = "; ".join(f"{name} {count} of {base} ({100 * count / base:.1f}%)" for name, count, base in found)
        how = f"{label}: {listed}."
        if statistic == "count":
            return _Found(tuple(Fraction(count) for _, count, _ in found), how, cautions=cautions)
        if statistic == "change":
            return self._points(value, way, found[0], how, cautions)
        return _Found(tuple(100 * Fraction(count, base) for _, count, base in found), how, cautions=cautions)

    def _option(self, rows: pd.DataFrame, option: str) -> tuple[str, int, int]:
        row = rows[rows["option"] == option]
        if row.empty:
            raise Missing(f"The survey has no option '{option}'.")
        base, count = int(row["base"].iloc[0]), row["count"].iloc[0]
        if self.role == "public" and survey.base_rule(base) == "hidden":
            raise Missing(f"Fewer than {survey.SMALLEST_SHOWN} people were asked.")
        if pd.isna(count):
            raise Missing("The survey's table does not give the count.")
        return str(row["option_label"].iloc[0]), int(count), base

    def _points(
        self, value: Value, way: Mapping[str, Any], now: tuple[str, int, int], how: str, known: tuple[Caution, ...]
    ) -> _Found:
        before = self.data.supplied("survey")
        before = before[
            (before["survey"] == way["survey"])
            & (before["wave"] == way.get("previous", ""))
            & (before["question"] == way.get("question", ""))
        ]
        if before.empty:
            raise Missing(f"The release holds no wave '{way.get('previous', '')}' of this survey to compare with.")
        then = self._option(before, way["option"])
        change = survey.change(now[1], now[2], then[1], then[2], tested=False)
        points = 100 * (Fraction(now[1], now[2]) - Fraction(then[1], then[2]))
        cautions = list(known)
        if change.verdict == "similar":
            cautions.append(Caution("within-chance", change.sentence))
        if "%" in (value.unit + value.text):
            cautions.append(Caution("points-not-percent", "A change of a share is in percentage points."))
        return _Found((points,), f"{how} Before: {then[1]} of {then[2]}. {change.sentence}", cautions=tuple(cautions))

    def _indicator(self, value: Value, way: Mapping[str, Any]) -> _Found:
        rows = self._rows("indicators", "published indicators")
        rule = self.data.release.extract("indicators").get("disclosure", "rounded")
        known = indicators.published(indicators.shown(rows, rule, self.role), self.data.partnership)
        if way["indicator"] not in known:
            raise Missing(
                f"This release holds no indicator '{way['indicator']}' of {self.data.partnership.short_name}."
            )
        held = known[way["indicator"]]
        series = held.groups.get(way.get("group", held.group), ())
        wanted = way.get("period")
        point = next((each for each in series if each.period == wanted), None) if wanted else held.latest
        if point is None or isnan(point.value):
            raise Missing(f"'{held.label}' has no figure for {wanted or held.latest.period}.")
        copy = self._is_copy(point.source)
        number = _exact(point.value)
        shown = printed.exact(number, printed.read(value.printed[0]))
        return _Found(
            (number,),
            f"{held.label}, {held.area_name}, {point.period}: {shown} ({point.unit}; source: {point.source}).",
            copy,
        )

    def _partner_figure(self, value: Value, way: Mapping[str, Any]) -> _Found:
        own = self.data.partnership.id
        if own not in self.figures:
            self.figures[own] = {}
            for row in partner_figures.figures(self.data, self.role).to_dict("records"):
                self.figures[own].setdefault(row["figure"], []).append(row)
        rows = self.figures[own].get(way["figure"], [])
        rows = [row for row in rows if str(row["period_start"]).startswith(way.get("period", ""))]
        if not rows:
            raise Missing(f"This release holds no figure '{way['figure']}' of an agency.")
        row = rows[0]
        if row["value_status"] != "available":
            raise Missing(row["reason"])
        part = way.get("field", "value")
        numbers = [row[name] for name in (("value", "before") if part == "change" else (part,))]
        if any(pd.isna(number) for number in numbers):
            raise Missing(f"The agency gave no {part} with '{row['label']}'.")
        found = _exact(numbers[0])
        if part == "change":
            found -= _exact(numbers[1])
        words = "" if part == "value" else f", {part}"
        shown = printed.exact(found, printed.read(value.printed[0]))
        how = f"{row['label']}{words}, {row['agency']}: {shown} ({row['unit']}; source: {row['source']})."
        return _Found((found,), how, self._is_copy(row["source"]))

    def _peers(self, value: Value, way: Mapping[str, Any]) -> _Found:
        table = self._rows("peers", "figures of other areas")
        category = way.get("category", root(measure_named(way["measure"]).dataset))
        start, end = way.get("from", self.claim.start), way.get("to", self.claim.end)
        if not start or not end:
            raise Missing("The report does not print which months it is for.")
        areas, _ = peers.compared(table, way["group"], way["measure"], category, Span(start, end))
        own = peers.own_code(areas["area"], self.data.partnership)
        if own is None:
            raise Missing(
                f"'{way['group']}' has no figure of {self.data.partnership.short_name} for {Span(start, end).label}."
            )
        row = areas[areas["area"] == own].iloc[0]
        statistic = way.get("statistic", "rank_count")
        number = row[statistic]
        if pd.isna(number):
            raise Missing("The area did not respond.")
        how = (
            f"{way['group']}, {Span(start, end).label}: rank {int(row['rank_count'])} by number and "
            f"{int(row['rank_rate'])} by rate, highest first, of {int(row['responded'])} areas that responded."
        )
        return _Found((_exact(number),), how)

    def _grants(self, value: Value, way: Mapping[str, Any]) -> _Found:
        ledger = self._rows("grants", "ledger of grants")
        rows = ledger[ledger["year"] == way["year"]]
        found = [
            each for each in grants.reconciled(self.data, way["year"]) if way.get("funder", each.funder) == each.funder
        ]
        if not found:
            raise Missing(f"The ledger holds no grant of {way['year']}.")
        grant, statistic = found[0], way.get("statistic", "allocation")
        rows = rows[rows["funder"] == grant.funder]
        pot = next((each for each in grant.pots if each.name == way.get("pot")), None)
        if way.get("pot") and pot is None:
            raise Missing(f"The ledger of {way['year']} has no pot '{way['pot']}'.")
        awards = rows[rows["kind"] == "award"]
        awards = awards[awards["pot"] == pot.name] if pot else awards
        if way.get("project"):
            awards = awards[awards["project"] == way["project"]]
        given: Mapping[str, Any] = {
            "allocation": grant.allocation,
            "pot": pot.amount if pot else None,
            "awarded": pot.awarded if pot else grant.awarded,
            "available": pot.available if pot else grant.available,
            "unspent": pot.unspent if pot else grant.unspent,
            "award": awards["amount"].iloc[0] if len(awards) else None,
        }
        kind = {"awards": "award", "awarded": "award"}.get(statistic, statistic)
        used = awards if kind == "award" else rows if kind == "unspent" else rows[rows["kind"] == kind]
        used = used[used["pot"] == pot.name] if pot and kind == "pot" else used
        sources = list(dict.fromkeys(used["source"].tolist()))
        source = "; ".join(sources[:2]) + (f"; and {len(sources) - 2} more" if len(sources) > 2 else "")
        copy = bool(len(used)) and all(self._is_copy(each) for each in used["source"])
        name = f"{grant.funder}, {way['year']}" + (f", {pot.name}" if pot else "")
        if statistic == "awards":
            amounts = tuple(_exact(amount) for amount in awards["amount"])
            return _Found(
                amounts, f"{name}: the ledger has {', '.join(f'£{int(a):,}' for a in amounts)} ({source}).", copy
            )
        if given[statistic] is None:
            raise Missing(f"The ledger does not give {statistic} of {name}.")
        amount = _exact(given[statistic])
        return _Found((amount,), f"{name}, {statistic}: £{printed.exact(amount)} by the ledger ({source}).", copy)

    def _table(self, value: Value, way: Mapping[str, Any]) -> _Found:
        rows = self._rows(way["dataset"], f"table '{way['dataset']}'")
        for column, wanted in (way.get("where") or {}).items():
            if column not in rows.columns:
                raise Missing(f"The table '{way['dataset']}' has no column '{column}'.")
            texts = rows[column].astype(str)
            rows = rows[(texts == str(wanted)) | texts.str.startswith(f"{wanted} ")]
        if way["column"] not in rows.columns:
            raise Missing(f"The table '{way['dataset']}' has no column '{way['column']}'.")
        if rows.empty:
            asked = " and ".join(f"{column} ‘{wanted}’" for column, wanted in (way.get("where") or {}).items())
            raise Missing(f"The table '{way['dataset']}' holds nothing with {asked}.")
        held = rows[way["column"]].astype(str).tolist()
        distinct = [text for text in dict.fromkeys(held) if text]
        about = f"The table '{way['dataset']}'"
        if way.get("statistic", "values") == "count":
            return _Found(
                (Fraction(len(distinct)),), f"{about} holds {len(distinct)}: {'; '.join(distinct)}.", cautions=()
            )
        known = {_letters(text): text for text in distinct}
        lacking = [text for text in value.printed if _letters(text) not in known]
        extra = [text for key, text in known.items() if key not in {_letters(each) for each in value.printed}]
        copied = Caution("only-as-printed", "The release has this table from the report itself.")
        how = f"{about} holds {'; '.join(distinct)}."
        if not lacking and not extra:
            # Ratings may stand several times: then each row counts, not only which there are.
            repeated = len(value.printed) != len(set(value.printed))
            if repeated and sorted(map(_letters, held)) != sorted(map(_letters, value.printed)):
                return _Found(
                    tuple(held), how, differs=f"It holds {len(held)} rows, and {len(value.printed)} are printed."
                )
            return _Found(value.printed, how, cautions=(copied,))
        said = [f"It lacks {_listed(lacking)}." if lacking else "", f"Not printed: {_listed(extra)}." if extra else ""]
        return _Found(tuple(distinct), how, differs=" ".join(each for each in said if each))

    def _lines(self, value: Value, way: Mapping[str, Any]) -> _Found:
        kinds = list(way["categories"])
        unknown = [kind for kind in kinds if kind not in CATEGORIES]
        if unknown:
            raise Missing(f"The crime list of the dashboard has no line {_listed(unknown)}.")
        if len(kinds) != len(value.printed):
            return _Found(
                tuple(kinds),
                f"{len(value.printed)} lines are printed and {len(kinds)} are named.",
                differs="A line is without a partner.",
            )
        labels = [CATEGORIES[kind].label for kind in kinds]
        other = [
            f"‘{text}’ as ‘{label}’" for text, label in zip(value.printed, labels, strict=True)
            if _letters(text) != _letters(label)
        ]  # fmt: skip
        how = f"All {len(kinds)} lines printed are lines of the dashboard's crime list."
        return _Found(value.printed, how + (f" It names {_listed(other)}." if other else ""))

    def _same_list(self, value: Value, way: Mapping[str, Any]) -> _Found:
        other = _value_named(self.register, way["as"] if "." in way["as"] else f"{self.claim.id}.{way['as']}")
        mine, theirs = ({_letters(text): text for text in each.printed} for each in (value, other))
        only_mine = [text for key, text in mine.items() if key not in theirs]
        only_theirs = [text for key, text in theirs.items() if key not in mine]
        how = f"The two printed lists hold {len(mine)} and {len(theirs)}."
        if not only_mine and not only_theirs:
            return _Found(value.printed, f"{how} They are the same.", by="printed")
        said = f"Only the first has {_listed(only_mine) or 'nothing'}; only the second has {_listed(only_theirs) or 'nothing'}."
        return _Found(tuple(other.printed), how, differs=said, by="printed")


# Words and numbers


def _exact(number: Any) -> Fraction:
    """A number of a table as it is written, so that 63.7 is not 63.7000000000000028."""
    if number is None or pd.isna(number):
        raise Missing("The data do not hold it.")
    return Fraction(str(number)) if not isinstance(number, Fraction) else number


def _value_named(register: Register, name: str) -> Value:
    claim, _, wanted = name.partition(".")
    for value in register.claim(claim).values:
        if value.name == wanted:
            return value
    raise Missing(f"no claim prints '{name}'")


def _as_printed(number: Fraction, like: printed.Printed | None) -> str:
    """A number at the precision of a printed one, with its sign of per cent or pounds."""
    if like is None:
        return printed.exact(number)
    shown = printed.written(like.rounded(number), like.step)
    shown = f"£{shown}" if "£" in like.text else shown
    return f"{shown}%" if like.percent else shown


def _shown(value: arithmetic.Value) -> str:
    return ", ".join(printed.exact(v) for v in value) if isinstance(value, tuple) else printed.exact(value)


def _bare(text: str) -> str:
    """A printed percentage as ``forensics`` takes it: "about 69 %" as "69"."""
    found = re.search(r"\d+(?:\.\d+)?", text)
    return found[0] if found else text


def _direction(text: str) -> int:
    up, down = bool(_UP.search(text)), bool(_DOWN.search(text))
    return up - down


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower().replace("&", "and"))


def _normal(text: str) -> str:
    return " ".join(text.lower().split())


def _listed(texts: Sequence[str], word: str = "and") -> str:
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}" if len(texts) > 1 else "".join(texts)


def _quoted(value: Value) -> str:
    text = value.text if len(value.text) < 90 else f"{value.text[:87]}…"
    return f"the printed ‘{text}’"


def _with_unit(value: Value) -> str:
    unit = value.unit.removeprefix("%").removeprefix("£").strip()
    return f"{value.text} {unit}".strip()


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _about(row: Any) -> str:
    return f"{row['category_label']}, {row['area_name']}"


def counted(judged: Sequence[Judged]) -> dict[str, int]:
    """How many claims have each verdict, in the order of ``VERDICTS``."""
    return {verdict: sum(each.verdict == verdict for each in judged) for verdict in VERDICTS}
