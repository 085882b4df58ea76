"""Checking the numbers of a draft: which figure each may be, whether the release gives the same, and what to mind.

Deterministic, from patterns and the release alone. A number is judged only where the text itself says enough of what it
is; the words say what it was taken to be, so that a wrong guess can be seen. Nothing of a draft is kept: no cache, no log.

The verdicts are those of the register of claims: "reproduces" (the release gives this when rounded as printed),
"follows" (from numbers printed beside it), "does_not_follow" (the text says which figure it is, and it is another) and
"cannot_be_checked".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from typing import Literal

from csp_data.analysis import draft_text, partner_figures, results
from csp_data.analysis.change import changes
from csp_data.analysis.draft_text import CAUSAL, CHANGE, COUNTED, DOWN, UP, Named, Number
from csp_data.analysis.periods import (
    Span,
    financial_year,
    financial_year_of,
    is_financial_year,
    month_label,
    rolling_12,
)
from csp_data.analysis.results import UNALLOCATED, Answer, Question, QuestionError
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.measures import measure_named
from csp_data.catalogue.rounding import half_up

Verdict = Literal["reproduces", "follows", "does_not_follow", "cannot_be_checked"]
MarkName = Literal[
    "small number",
    "no base",
    "mixed periods",
    "mixed areas",
    "causal words",
    "within chance",
    "points",
    "beside it",
    "left out",
]

MOST_NUMBERS = 150
"""Numbers of a paragraph that are checked."""
MOST_IN_ALL = 1_500
"""Numbers of a draft that are checked: about 15 seconds' work."""
SMALL = 7
"""A number of people from 1 to this may be somebody who can be named."""
MOST_MEASURES = 3
MOST_PERIODS = 4
NEAR = 2
"""How many times as large or small a number may be as the release's figure and still be taken for it, when it differs."""
HEADING = 70
"""Characters of a paragraph without a full stop that is taken as a heading."""
PLAIN_FROM = 13
"""A smaller number takes two words in common with a figure that was supplied to be taken for it."""
LEAST_WORD = 4
"""Letters of a word that tell a partner figure, indicator or answer of a survey from another."""
AFTER = 10
"""Characters that what is named after a number is taken to be further off: tables and lists name first."""
RUNNING_TEXT = 200
"""Characters of a paragraph after which a heading before it speaks no longer for the rows of a table."""
LEAST_BASE = 30
INDICATOR_YEARS = 4
"""How many years before a draft's own an indicator in it may be of."""
LINES_OF_CONTENTS = 5
MOST_BESIDE = 14
"""Numbers of a paragraph of which any two are tried for sums: in a table of many, some pair fits anything."""


@dataclass(frozen=True)
class Mark:
    """Something to mind about a number or a paragraph, in words."""

    name: MarkName
    words: str


@dataclass(frozen=True)
class Checked:
    """A number with what it was taken to be (``proposal``), the release's figure as printed (``computed``), how that was
    worked out, its source and what to mind. The last four are "" where there is nothing."""

    number: Number
    verdict: Verdict
    proposal: str = ""
    computed: str = ""
    working: str = ""
    source: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its numbers, in order, and what to mind of it as a whole."""

    text: str
    numbers: tuple[Checked, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Draft:
    """A draft that was checked. ``period`` is what "this year" was taken to be, and ``stated`` whether the draft says so."""

    paragraphs: tuple[Paragraph, ...]
    period: Span
    stated: bool
    left: int = 0
    """Paragraphs at the end that were not looked at, because the draft has too many numbers."""

    @property
    def numbers(self) -> tuple[Checked, ...]:
        return tuple(number for paragraph in self.paragraphs for number in paragraph.numbers)


def check(subject: Subject, paragraphs: Sequence[str], role: str, period: Span | None = None) -> Draft:
    """Check the numbers of a draft, paragraph by paragraph, as the role may see the release.

    Parameters
    ----------
    period : what "this year" means; None takes the year the draft names most often, else the latest whole financial year
        of the release.
    """
    stated = period or _main_period(paragraphs)
    base = stated or _latest_year(subject)
    desk = _Desk(subject, role, base)
    checked = []
    heading: Named | None = None
    contents = _lines_of_contents(paragraphs)
    found = 0
    for place, text in enumerate(paragraphs):
        if found >= MOST_IN_ALL:
            break
        named = draft_text.measures(text) if _is_heading(text) else ()
        if named:
            heading = named[0]
        elif len(text) >= RUNNING_TEXT:
            heading = None
        checked.append(Paragraph(text, (), ()) if place in contents else desk.paragraph(text, heading))
        found += len(checked[-1].numbers)
    return Draft(tuple(checked), base, stated is not None, len(paragraphs) - len(checked))


def _is_heading(text: str) -> bool:
    return len(text) <= HEADING and not text.rstrip().endswith(".") and not draft_text.numbers(text)


_PAGE_NUMBER = re.compile(r"^\D*[\t.…]\s?(\d{1,3})(?:\s?[-–]\s?\d{1,3})?$")


def _lines_of_contents(paragraphs: Sequence[str]) -> set[int]:
    """The places of lines of a table of contents: five or more in a row that end in page numbers that never fall."""
    found: set[int] = set()
    run: list[int] = []
    last = 0
    for place, text in enumerate([*paragraphs, ""]):
        match = _PAGE_NUMBER.match(text.strip())
        if match and int(match[1]) >= last:
            run.append(place)
            last = int(match[1])
            continue
        if len(run) >= LINES_OF_CONTENTS:
            found |= set(run)
        run, last = ([place], int(match[1])) if match else ([], 0)
    return found


def _main_period(paragraphs: Sequence[str]) -> Span | None:
    """The 12 months that a draft names most often, the later of two."""
    spans = [named.span for text in paragraphs for named in draft_text.periods(text) if named.span]
    years = [span for span in spans if span.length == 12]
    return max(years, key=lambda span: (years.count(span), span.end)) if years else None


def _latest_year(subject: Subject) -> Span:
    held = sorted({month for measure in subject.measures() for month in subject.months(measure)})
    whole = [
        year
        for year in dict.fromkeys(financial_year_of(month) for month in held)
        if set(financial_year(year).months) <= set(held)
    ]
    return financial_year(whole[-1]) if whole else rolling_12(held[-1])


@dataclass(frozen=True)
class _Place:
    """A number with the words around it."""

    number: Number
    text: str
    clause: str
    sentence: str
    sentence_start: int
    measures: tuple[Named, ...]
    """The likeliest first."""
    near: bool
    """Whether the first measure is named in the number's own sentence."""
    spans: tuple[Span, ...]
    """The likeliest first."""
    dated: bool
    """Whether the first period is named in the number's own sentence."""
    elsewhere: str
    ward: str

    @property
    def changes(self) -> bool:
        return bool(CHANGE.search(self.clause))

    @property
    def down(self) -> bool | None:
        for words in (self.clause, self.sentence):
            if DOWN.search(words) and not UP.search(words):
                return True
            if UP.search(words) and not DOWN.search(words):
                return False
        return None


class _Desk:
    """What a draft is checked against: one release, seen by one role. Answers are kept while one draft is checked."""

    def __init__(self, subject: Subject, role: str, base: Span):
        self.subject, self.role, self.base = subject, role, base
        self._answers: dict[Question, Answer | None] = {}
        self._wards = {name: code for wards in subject.wards.values() for code, name in wards.items()}
        self._told = _told_figures(subject, role, base)

    # A paragraph

    def paragraph(self, text: str, heading: Named | None) -> Paragraph:
        found = draft_text.numbers(text)
        if not found:
            return Paragraph(text, (), ())
        left, found = len(found) - MOST_NUMBERS, found[:MOST_NUMBERS]
        named = draft_text.measures(text)
        periods = draft_text.periods(text)
        areas = draft_text.areas(text, self.subject.partnership.short_name, tuple(self._wards))
        places = [self._place(number, text, named, periods, areas, heading) for number in found]
        checked = [self._check(place, found) for place in places]
        marks = tuple(_of_paragraph(periods, areas, found, text))
        if left > 0:
            words = f"Only the first {MOST_NUMBERS} numbers of the paragraph are checked; {left:,} more are not."
            marks += (Mark("left out", words),)
        return Paragraph(text, tuple(checked), marks)

    def _place(
        self,
        number: Number,
        text: str,
        named: Sequence[Named],
        periods: Sequence[Named],
        areas: Sequence[Named],
        heading: Named | None,
    ) -> _Place:
        start, end = draft_text.sentence_of(text, number.start)
        first, last = draft_text.clause_of(text, number)

        def distance(one: Named) -> tuple[bool, bool, bool, int]:
            inside = first <= one.start < last
            within = start <= one.start < end
            after = one.start > number.start
            gap = one.start - number.end + AFTER if after else number.start - one.end
            return (not inside, not within, not within and after, gap)

        ordered = sorted(named, key=distance) + ([heading] if heading else [])
        measures = list({(each.measure, each.category): each for each in reversed(ordered)}.values())[::-1]
        near = bool(measures) and any(start <= each.start < end for each in named)
        own = [each for each in sorted(periods, key=distance) if each.span]
        spans = []
        for each in own:
            if start <= each.start < end and each.span:
                compared = re.search(r"\bcompared (?:with|to)\b[^.;]{0,60}$", text[start : each.start], re.I)
                if compared and number.start < start + compared.start():
                    spans.append(each.span.shifted(12))
                spans.append(each.span)
        dated = bool(spans)
        spans += self._relative(text[start:end], text[first:last])
        spans += [each.span for each in own if each.span]
        spans += [self.base]
        apart = [each for each in areas if not draft_text.in_brackets(text, each.start, number.start)]
        other = [each for each in apart if start <= each.start < end] or [e for e in apart if e.start < number.start]
        nearest = min(other, key=lambda one: abs(one.start - number.start), default=None)
        elsewhere = nearest.area if nearest is not None and not nearest.own else ""
        ward = nearest.area if nearest is not None and nearest.own and nearest.area in self._wards else ""
        return _Place(
            number,
            text,
            text[first:last],
            text[start:end],
            start,
            tuple(measures[:MOST_MEASURES]),
            near,
            tuple(dict.fromkeys(spans))[:MOST_PERIODS],
            dated,
            elsewhere,
            ward,
        )

    def _relative(self, sentence: str, clause: str) -> list[Span]:
        """What "last year" and the like mean beside the draft's own period."""
        back = []
        if re.search(r"\bthis year\b", clause, re.I):
            back.append(0)
        if re.search(r"\blast year\b", clause, re.I):
            back.append(1)
        if re.search(r"\b(?:year previous|previous year|year before|year prior)\b", clause, re.I):
            back.append(2 if re.search(r"\blast year\b", sentence, re.I) else 1)
        return [self.base.shifted(-12 * years) for years in back]

    # A number

    def _check(self, place: _Place, beside: Sequence[Number]) -> Checked:
        number = place.number
        checked = self._by_release(place)
        follows, contradicted = _by_printed(place, beside)
        if checked is None and follows:
            checked = Checked(number, "follows", "", "", follows)
        elif checked is None:
            checked = Checked(number, "cannot_be_checked", *self._unchecked(place))
        elif follows and checked.verdict == "does_not_follow":
            other = f"The release has another: {checked.computed} ({checked.proposal})."
            checked = replace(checked, verdict="follows", working=f"{follows} {other}")
        elif follows:
            checked = replace(checked, working=". ".join(filter(None, [checked.working, follows])))
        marks = [*checked.marks, *contradicted, *_of_number(place, beside)]
        unique = {mark.name: mark for mark in reversed(marks)}
        return replace(checked, marks=tuple(reversed(unique.values())))

    def _unchecked(self, place: _Place) -> tuple[str, str, str]:
        number = place.number
        if place.elsewhere:
            return (
                "",
                "",
                f"The text speaks of another area (“{place.elsewhere}”); this release holds {self._name} only.",
            )
        if number.kind == "money":
            return "", "", "A sum of money: the grants of the release hold no sum that is named like it."
        if number.kind == "rank":
            return "", "", "A rank: see the page Compared with other areas, which gives it with its range."
        if not place.measures:
            return "", "", "The text names no measure that this release has."
        if not place.near:
            return "", "", "The sentence does not say of what it is a number."
        return _line(place.measures[0]), "", "No figure of this release for the periods the text names is like it."

    @property
    def _name(self) -> str:
        return self.subject.partnership.short_name

    def _by_release(self, place: _Place) -> Checked | None:
        """The number held against the release; None where the release has nothing that it may be."""
        number = place.number
        if place.elsewhere:
            return self._told_elsewhere(place)
        ways: list[Checked] = []
        if number.kind == "count":
            ways += self._population(place)
        if number.kind in ("count", "rate", "percent", "range"):
            ways += self._measured(place)
        right = next((way for way in ways if way.verdict == "reproduces"), None)
        if right:
            return right
        told = self._told_elsewhere(place)
        return told or next(iter(ways), None)

    def _measured(self, place: _Place) -> list[Checked]:
        """The number held against the measures and periods it may be of, the likeliest first. Of those that differ only
        what the text plainly names is kept; one that it may well be is kept as not to be checked, with its figure."""
        number, ways = place.number, []
        for measure in place.measures:
            for n, span in enumerate(place.spans):
                first = measure is place.measures[0] and n == 0
                for way in self._ways(place, measure, span):
                    if way.verdict == "reproduces":
                        return [way]
                    if first and self._is_meant(number, place, way):
                        ways.append(way)
                    elif first and place.dated and number.kind == "count" and not place.near:
                        ways.append(replace(way, verdict="cannot_be_checked", working=_NOT_PLAIN))
        return ways

    def _is_meant(self, number: Number, place: _Place, way: Checked) -> bool:
        """Whether a number that differs may be taken for a wrong figure and not for something else."""
        shown = re.sub(r"[^\d.]", "", way.computed)
        headed = bool(place.measures) and len(place.text) < RUNNING_TEXT
        if number.kind == "percent":
            says = place.changes or bool(draft_text.SHARE.search(place.clause))
            return says and (place.near or place.dated or headed)
        if number.kind == "rate":
            return place.near or headed
        if not shown or not number.value:
            return False
        beside = place.text[number.end : number.end + 30]
        right_after = bool(draft_text.measures(beside)) and not re.search(r"\d", beside.split(" ", 2)[0])
        ratio = float(number.value) / float(shown) if float(shown) else 0.0
        return right_after and 1 / NEAR <= ratio <= NEAR

    def _ways(self, place: _Place, named: Named, span: Span) -> Iterable[Checked]:
        """What a number may be of a measure and period, each held against the release."""
        number = place.number
        area = self._wards.get(place.ward) if place.ward else None
        asked = Question(
            named.measure, span.start, span.end, area=area, category=named.category, role=self.role,
            compare="previous-year",
        )  # fmt: skip
        what = f"{_line(named)}, {place.ward or self._name}, {span.label}"
        if number.kind == "rate":
            per = measure_named(named.measure).per
            answer = self._answer(replace(asked, per="rate", compare=None))
            if answer and answer.value is not None and number.per == per:
                working = f"{answer.numerator:,.10g} ÷ {answer.denominator:,.10g} {answer.denominator_name} × {per:,}"
                yield self._held(number, answer.value, f"Rate: {what}", working, answer)
            return
        answer = self._answer(asked)
        if answer is None:
            return
        if number.kind == "percent":
            yield from self._percentages(place, named, answer, what)
            return
        if place.changes and answer.change is not None:
            down = place.down
            if down is None or (answer.change < 0) == down:
                working = f"{answer.value:,.10g} less {answer.compare_value:,.10g} of {answer.compare_period}"
                yield self._held(number, abs(answer.change), f"Change: {what}", working, answer, _chance(answer))
        if answer.value is not None:
            yield self._held(number, answer.value, what, "", answer)
        if answer.compare_value is not None:
            before = f"{_line(named)}, {place.ward or self._name}, {answer.compare_period}"
            way = self._held(number, answer.compare_value, before, "", answer)
            if way.verdict == "reproduces":
                yield way

    def _percentages(self, place: _Place, named: Named, answer: Answer, what: str) -> Iterable[Checked]:
        number = place.number
        if place.changes or CHANGE.search(place.sentence):
            if answer.percent_change is not None:
                right_way = place.down is None or (answer.percent_change < 0) == place.down
                size = abs(answer.percent_change)
                working = f"{answer.value:,.10g} against {answer.compare_value:,.10g} of {answer.compare_period}"
                yield self._held(
                    number, size if right_way else -size, f"Change: {what}", working, answer, _chance(answer),
                    sign=answer.percent_change,
                )  # fmt: skip
            if place.changes:
                return
        dataset = measure_named(named.measure).dataset
        span = Span(answer.period_start, answer.period_end)
        top = re.search(r"\b(?:top\s+)?(\d+|two|three|four|five|six|ten)\s+wards\b", place.text, re.I)
        if top and answer.category == root(dataset):
            yield from self._top_wards(number, named, span, _few(top[1]))
        if named.category:
            whole = self._answer(Question(named.measure, span.start, span.end, role=self.role))
            if whole and whole.value and answer.value is not None:
                working = f"{answer.value:,.10g} of {whole.value:,.10g}"
                label = CATEGORIES[root(dataset)].label.lower().removeprefix("all ")
                yield self._held(number, 100 * answer.value / whole.value, f"Share of {label}: {what}", working, answer)

    def _top_wards(self, number: Number, named: Named, span: Span, few: int) -> Iterable[Checked]:
        for vintage in self.subject.partnership.vintages:
            asked = Question(named.measure, span.start, span.end, vintage=vintage.id, role=self.role)
            try:
                rows = results.table(self.subject, asked, "area")
                whole = results.answer(self.subject, asked)
            except QuestionError:
                return
            wards = rows[rows["area"] != UNALLOCATED].sort_values("value", ascending=False, kind="stable").head(few)
            if whole.value is None or not whole.value or (wards["value_status"] != "available").any():
                continue
            added = float(wards["value"].sum())
            names = ", ".join(wards["area_name"].tolist())
            yield self._held(
                number,
                100 * added / whole.value,
                f"Share of the {few} wards with most: {_line(named)}, {span.label}, {vintage.label}",
                f"{names}: {added:,.0f} of {whole.value:,.10g}",
                whole,
            )

    def _population(self, place: _Place) -> list[Checked]:
        number = place.number
        before, after = place.text[max(0, number.start - 40) : number.start], place.text[number.end : number.end + 20]
        if not re.search(r"\bpopulation\b", before, re.I) and not re.match(
            r"\W*(?:residents|population)\b", after, re.I
        ):
            return []
        named = [(abs(m.start() - number.start), int(m[0])) for m in re.finditer(r"\b20\d\d\b", place.text)]
        year = min(named)[1] if named else self.base.middle_year
        found = self.subject.populations.of_all(self.subject.partnership.districts, year)
        if found.people is None or found.people != found.people:
            return []
        what = f"Residents, {self._name}, {found.year}"
        source = f"{found.basis}. Data release {self.subject.release.id}."
        return [_compared(number, found.people, what, "", source)]

    def _told_elsewhere(self, place: _Place) -> Checked | None:
        """A figure of a partner, an indicator or an answer in a survey with the same value and a word in common."""
        number = place.number
        if number.kind not in ("count", "percent", "rate", "range", "money"):
            return None
        words, own = set(_long_words(place.sentence)), set(_long_words(place.clause))
        # A number of one figure is like many others: it takes two words in common.
        needed = 1 if number.value >= PLAIN_FROM else 2
        size, reach = float(number.value), float(number.step)
        best: tuple[int, _Told] | None = None
        for told in self._told:
            if abs(told.value - size) > reach or (number.kind == "percent") != told.percent:
                continue
            if (number.kind == "money") != ("£" in told.unit):
                continue
            if half_up(Fraction(str(round(told.value, 9))), number.step) != number.value:
                continue
            shared = len(words & told.words)
            score = shared + 2 * len(own & told.words)
            if shared >= needed and (best is None or score > best[0]):
                best = (score, told)
        if best is None:
            return None
        told = best[1]
        return Checked(number, "reproduces", told.what, _written(told.value, number), told.working, told.source)

    def _answer(self, question: Question) -> Answer | None:
        if question not in self._answers:
            try:
                self._answers[question] = results.answer_on_any_base(self.subject, question)
            except QuestionError:
                self._answers[question] = None
        return self._answers[question]

    def _held(
        self,
        number: Number,
        value: float,
        what: str,
        working: str,
        answer: Answer,
        marks: tuple[Mark, ...] = (),
        sign: float | None = None,
    ) -> Checked:
        source = f"{answer.source}. Data release {answer.release}."
        held = _compared(number, value, what, working, source, sign)
        return replace(held, marks=marks) if held.verdict == "reproduces" else held


_NOT_PLAIN = "The draft does not say plainly that it is this figure."


def _compared(number: Number, value: float, what: str, working: str, source: str, sign: float | None = None) -> Checked:
    """A number held against a value; both are sizes, the value less than none where the draft has the other direction."""
    exact = Fraction(str(round(value, 9)))
    computed = _written(abs(value) if sign is not None else value, number)
    if sign is not None:
        computed += " lower" if sign < 0 else " higher"
    return Checked(
        number, "reproduces" if _allows(number, exact) else "does_not_follow", what, computed, working, source
    )


def _allows(number: Number, value: Fraction) -> bool:
    """Whether a value would be printed as the number is, with "about", "over" and "under"."""
    if number.kind == "range" and number.top is not None:
        return number.value <= value <= number.top
    if number.loose == "over":
        return number.value < value <= number.value * 2
    if number.loose == "under":
        return number.value / 2 <= value < number.value
    if number.loose == "about" and abs(value - number.value) <= max(abs(number.value) / 20, number.step / 2):
        return True
    return half_up(value, number.step) == number.value


def _written(value: float, number: Number) -> str:
    """A value at the precision of a number."""
    places = max(0, len(str(number.step.denominator)) - 1) if number.step < 1 else 0
    shown = half_up(Fraction(str(round(value, 9))), number.step if number.step < 1 else Fraction(1))
    mark, sign = "%" if number.kind == "percent" else "", "£" if number.kind == "money" else ""
    return f"{sign}{float(shown):,.{places}f}{mark}"


def _line(named: Named) -> str:
    if named.category:
        return CATEGORIES[named.category].label
    return measure_named(named.measure).label


def _chance(answer: Answer) -> tuple[Mark, ...]:
    if answer.verdict != "similar":
        return ()
    words = (
        f"{answer.value:,.10g} against {answer.compare_value:,.10g} is a difference that chance could explain: say "
        "“similar”."
    )
    return (Mark("within chance", words),)


def _few(text: str) -> int:
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
    return words.get(text.lower()) or int(text)


# Numbers printed beside each other


def _by_printed(place: _Place, beside: Sequence[Number]) -> tuple[str, tuple[Mark, ...]]:
    """How a number follows from two others of its paragraph ("" when it does not), and what they say against it."""
    number = place.number
    others = [each for each in beside if each is not number and each.kind == "count" and each.value > SMALL]
    if len(others) > MOST_BESIDE:
        return "", ()
    pairs = list(permutations(others, 2))
    if number.kind == "percent" and place.changes:
        return _change_by_printed(place, others)
    if number.kind == "count" and place.changes:
        for now, then in pairs:
            if now.value - then.value == number.value:
                return f"From the numbers beside it: {now.text} less {then.text}.", ()
    if number.kind == "rate":
        for count, people in pairs:
            if people.value < 50 * count.value / 49 or not people.value:
                continue
            rate = count.value * number.per / people.value
            working = f"{count.text} ÷ {people.text} × {number.per:,}"
            if half_up(rate, number.step) == number.value:
                return f"From the numbers beside it: {working}.", ()
            if abs(rate - number.value) <= 3 * number.step:
                shown = _written(float(rate), number)
                words = f"The numbers printed beside it give another: {working} = {shown}."
                return "", (Mark("beside it", words),)
    return "", ()


def _change_by_printed(place: _Place, others: Sequence[Number]) -> tuple[str, tuple[Mark, ...]]:
    """Whether a percentage change follows from counts beside it, of which some may be named as what is compared with."""
    number, text = place.number, place.text
    bases = [
        each
        for each in others
        if re.search(r"\b(?:compared (?:with|to)|from|against|than)(?: the)?\s*$", text[: each.start], re.I)
    ]
    parts = [
        each
        for each in others
        if each not in bases
        and (
            re.match(r"\s*(?:\w+\s+)?(?:more|fewer|additional|extra|less)\b", text[each.end :], re.I)
            or re.search(r"\b(?:increase|decrease|rise|fall|reduction|drop) of\s*$|\bby\s*$", text[: each.start], re.I)
        )
    ]
    levels = [each for each in others if each not in parts and each not in bases]
    tried: list[tuple[str, Fraction]] = []
    for then in bases or levels:
        tried += [
            (f"{now.text} against {then.text}", 100 * (now.value - then.value) / then.value)
            for now in levels
            if now is not then
        ]
    for part in parts:
        size = -part.value if place.down else part.value
        tried += [(f"{part.text} on {then.text}", 100 * size / then.value) for then in bases]
        if not bases:
            tried += [
                (f"a change of {part.text} to {now.text}", 100 * size / (now.value - size))
                for now in levels
                if now.value > size and now.value != size
            ]
    for words, size in tried:
        right_way = place.down is None or (size < 0) == place.down
        if size and right_way and half_up(abs(size), number.step) == number.value:
            return f"From the numbers beside it: {words}.", _within_chance(words, others)
    if bases and tried:
        words, size = tried[-1]
        shown = _written(float(abs(size)), number)
        return "", (Mark("beside it", f"The numbers printed beside it give another: {words} is {shown}."),)
    return "", ()


def _within_chance(words: str, others: Sequence[Number]) -> tuple[Mark, ...]:
    """A mark where two counts that are compared may differ by chance."""
    now, _, then = words.partition(" against ")
    counts = {each.text: float(each.value) for each in others}
    if now not in counts or then not in counts or changes(counts[now], counts[then]).verdict[0] != "similar":
        return ()
    return (Mark("within chance", f"{words} is a difference that chance could explain: say “similar”."),)


# What to mind


def _of_number(place: _Place, beside: Sequence[Number]) -> list[Mark]:
    number, found = place.number, []
    after = place.text[number.end : number.end + 40]
    if number.kind == "count" and 1 <= number.value <= SMALL and number.step == 1:
        counted = re.match(r"\s+(?:[\w’'-]+\s+){0,3}?(?=\w)", after)
        if counted and COUNTED.search(" ".join(after.split()[:4])):
            found.append(
                Mark(
                    "small number", f"{number.text} is small enough to tell who is meant: leave it out or say “a few”."
                )
            )
    if number.kind in ("percent", "one in"):
        counts = [each for each in beside if each.kind == "count" and each.value >= 10]
        if not counts and not draft_text.BASE.search(place.text):
            of = "the two counts that it compares" if place.changes else "of how many"
            found.append(Mark("no base", f"{number.text} has no base: say {of}."))
    cause = CAUSAL.search(place.sentence)
    if cause and CHANGE.search(place.sentence) and number.kind in ("percent", "count", "rate", "points"):
        found.append(
            Mark(
                "causal words",
                f"“{cause[0]}” gives a cause for a plain change: say what was tested, or only that both happened.",
            )
        )
    if number.kind == "percent" and place.changes:
        start, end = place.sentence_start, place.sentence_start + len(place.sentence)
        levels = [
            each for each in beside if each.kind == "percent" and each is not number and start <= each.start < end
        ]
        for one, other in permutations(levels, 2):
            if one.value - other.value == number.value:
                words = f"From {other.text} to {one.text} is {number.text.rstrip('%')} percentage points, not per cent."
                if place.down:
                    words = (
                        f"From {one.text} to {other.text} is {number.text.rstrip('%')} percentage points, not per cent."
                    )
                found.append(Mark("points", words))
                break
    return found


def _of_paragraph(
    periods: Sequence[Named], areas: Sequence[Named], found: Sequence[Number], text: str
) -> Iterable[Mark]:
    """Marks of a paragraph as a whole: periods and areas of which its numbers may each be of another."""
    ranges = [draft_text.sentence_of(text, number.start) for number in found]
    beside = [each for each in periods if any(start <= each.start < end for start, end in ranges) and each.span]
    spans = list(dict.fromkeys(each.span for each in beside if each.span and each.span.length >= 3))
    if len(spans) > 1:
        named = "; ".join(span.label for span in spans[:6])
        yield Mark("mixed periods", f"The paragraph mixes periods ({named}): say beside each number which it is of.")
    elif (
        spans
        and any(re.search(r"\b(?:last|previous) year\b", text, re.I) for _ in [0])
        and not is_financial_year(spans[0])
    ):
        yield Mark("mixed periods", f"“Last year” beside {spans[0].label}: say which months it means.")
    names = list(dict.fromkeys(each.area for each in areas))
    if len(names) > 1 and any(not each.own for each in areas):
        yield Mark(
            "mixed areas",
            f"The paragraph speaks of {', '.join(names[:4])}: say beside each number which area it is of.",
        )


# Figures that the release holds as told


@dataclass(frozen=True)
class _Told:
    """A figure that the release holds as it was supplied: of a partner, an indicator, a survey."""

    what: str
    value: float
    unit: str
    percent: bool
    words: frozenset[str]
    working: str
    source: str


_COMMON = frozenset(
    [
        "about",
        "after",
        "against",
        "among",
        "based",
        "been",
        "before",
        "being",
        "between",
        "community",
        "compared",
        "council",
        "county",
        "does",
        "during",
        "estimated",
        "feel",
        "figures",
        "from",
        "group",
        "have",
        "increase",
        "decrease",
        "maidstone",
        "medway",
        "number",
        "numbers",
        "partnership",
        "people",
        "period",
        "police",
        "previous",
        "public",
        "recorded",
        "report",
        "reported",
        "safety",
        "said",
        "service",
        "services",
        "some",
        "that",
        "their",
        "them",
        "there",
        "these",
        "they",
        "this",
        "those",
        "total",
        "very",
        "were",
        "when",
        "which",
        "while",
        "with",
        "within",
        "would",
        "year",
        "years",
        "crime",
        "average",
        "asked",
        "felt",
        "main",
    ]
)


def _long_words(text: str) -> list[str]:
    words = re.findall(r"[a-z]+(?:-[a-z]+)*|\d{3}", text.lower())
    return [word.rstrip("s") for word in words if (len(word) >= LEAST_WORD or word.isdigit()) and word not in _COMMON]


def _told_figures(subject: Subject, role: str, base: Span) -> list[_Told]:
    """Every figure of a partner, indicator or survey that a role may see, ready to be found by value and word. Of
    indicators those of the years that a draft of a period may print."""
    earliest, latest = base.shifted(-12 * INDICATOR_YEARS).end, base.shifted(12).end
    found: list[_Told] = []
    if subject.release.has("partner_figures"):
        for row in partner_figures.figures(subject, role).to_dict("records"):
            found += _of_partner(row)
    if subject.release.has("indicators"):
        for row in subject.supplied("indicators").to_dict("records"):
            if row["value_status"] != "available" or not earliest <= f"{row['period_end']:%Y-%m}" <= latest:
                continue
            if row["value"] == row["value"]:
                text = f"{row['label']} {row['indicator'].replace('-', ' ')}"
                what = f"Indicator: {row['label']}, {row['area_name']}, {row['period']}"
                unit = str(row["unit"])
                found.append(
                    _Told(what, float(row["value"]), unit, unit.startswith("%"), _words(text), "", str(row["source"]))
                )
    if subject.release.has("survey"):
        for row in subject.supplied("survey").to_dict("records"):
            if row["count"] == row["count"] and row["base"] >= LEAST_BASE:
                share = 100 * row["count"] / row["base"]
                what = f"Survey: {row['survey_label']} {row['wave_label']}, “{row['question_text']}”: {row['option_label']}"
                words = _words(f"{row['option_label']} {row['question_text']}")
                working = f"{row['count']:,.0f} of {row['base']:,.0f}"
                found.append(_Told(what, share, "%", True, words, working, str(row["note"])))
    if subject.release.has("grants"):
        for row in subject.supplied("grants").to_dict("records"):
            if row["amount"] == row["amount"]:
                name = " ".join(filter(None, [row["pot"], row["project"]])) or row["kind"]
                words = _words(
                    f"{name} {row['lead']} {row['funder']} {row['kind']} commissioner grant funding {row['note']}"
                )
                what = f"Grant: {name}, {row['funder']}, {row['year']}"
                found.append(_Told(what, float(row["amount"]), "£", False, words, "", str(row["source"])))
    if subject.release.has("survey"):
        bases = subject.supplied("survey").drop_duplicates(["survey", "wave", "base"])
        for row in bases[bases["base"] >= LEAST_BASE].to_dict("records"):
            what = f"Survey: respondents of {row['survey_label']} {row['wave_label']}"
            words = _words(f"respondents completed consultation {row['survey_label']} {row['mode']}")
            found.append(_Told(what, float(row["base"]), "", False, words, "", str(row["note"])))
    return found


def _of_partner(row: dict) -> Iterable[_Told]:
    label, unit = str(row["label"]), str(row["unit"])
    start, end = f"{row['period_start']:%Y-%m}", f"{row['period_end']:%Y-%m}"
    period = Span(start, end).label if start != end else month_label(start)
    what, words = f"Partner figure: {label}, {row['area_name']}, {period}", _words(f"{label} {row['agency']} {unit}")
    source = str(row["source"])
    value, before = row["value"], row["before"]
    if value == value and value is not None:
        yield _Told(what, float(value), unit, unit.startswith("%"), words, "", source)
        if before == before and before is not None:
            change = abs(float(value) - float(before))
            working = f"{value:,.10g} less {before:,.10g} of {row['before_period']}"
            yield _Told(f"Change: {what}", change, unit, unit.startswith("%"), words, working, source)
            yield _Told(
                f"{what} (before: {row['before_period']})", float(before), unit, unit.startswith("%"), words, "", source
            )


def _words(text: str) -> frozenset[str]:
    return frozenset(_long_words(text))
