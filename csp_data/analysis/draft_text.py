"""What the text of a draft says of its numbers: which are statistics, and of what measure, period and area they speak.

Patterns only: the same text always gives the same reading. Dates, years, times, telephone and paragraph numbers, ages and
names with a digit are told apart from statistics first, so that nothing is checked that is none.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from csp_data.analysis.periods import Span, financial_year, month_number, month_text, rolling_12
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.datasets import COUNT_DATASETS

Kind = Literal["count", "rate", "percent", "points", "money", "one in", "range", "rank"]


@dataclass(frozen=True)
class Number:
    """A statistic in a text. ``step`` is what it was rounded to; ``top`` the end of a range, or of "1 in 4" the 4; ``per``
    what a rate is per (1,000). ``start`` and ``end`` are places in the text."""

    text: str
    kind: Kind
    value: Fraction
    step: Fraction
    start: int
    end: int
    top: Fraction | None = None
    per: int = 0
    loose: Literal["", "about", "over", "under"] = ""


@dataclass(frozen=True)
class Named:
    """A period, measure or area that a text names, and where. ``span`` is of a period; ``measure`` and ``category`` of a
    measure; ``area`` is its name and ``own`` whether it is the partnership's own or a part of it."""

    text: str
    start: int
    end: int
    span: Span | None = None
    measure: str = ""
    category: str | None = None
    area: str = ""
    own: bool = True


_MONTHS = {
    name: n
    for n, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?:(?:19|20)\d\d|[’']?\d\d)"
_TO = r"\s*(?:-|–|—|−|to|until)\s*"
_DASH = r"(?:-|–|—|−|/)"

_PERIODS = (
    ("months", re.compile(rf"\b(?P<m1>{_MONTH})\s*(?P<y1>{_YEAR})?{_TO}(?P<m2>{_MONTH})\s*(?P<y2>{_YEAR})\b", re.I)),
    ("months", re.compile(
        rf"\bbetween\s+(?P<m1>{_MONTH})\s*(?P<y1>{_YEAR})?\s+and\s+(?P<m2>{_MONTH})\s*(?P<y2>{_YEAR})\b", re.I
    )),
    ("year to", re.compile(
        rf"\b(?:year|12 months|twelve months)\s+(?:ending|ended|to)\s+(?P<m2>{_MONTH})\s*(?P<y2>{_YEAR})\b", re.I
    )),
    ("financial", re.compile(rf"\b(?P<y1>20\d\d)\s?{_DASH}\s?(?P<y2>20\d\d|\d\d)\b(?!\s?{_DASH}\d)", re.I)),
    ("month", re.compile(rf"\b(?P<m1>{_MONTH})(?:\s+(?P<y1>(?:19|20)\d\d)|[-’'](?P<y2>\d\d))\b", re.I)),
    ("calendar", re.compile(r"\b(?:in|during|for|of|calendar year)\s+(?P<y1>(?:19|20)\d\d)\b(?!\s?[-–/]\s?\d)", re.I)),
)  # fmt: skip

_DAY = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?"
_NOT_FIGURES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"https?://\S+|www\.\S+|\S+@\S+\.\S+",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}(?:\s*,?\s*(?:19|20)\d\d)?\b",
        rf"\b{_MONTH}\s+{_DAY}(?:,)?\s+(?:19|20)\d\d\b",
        r"\b\d{1,2}[/.]\d{1,2}[/.](?:19|20)?\d\d\b",
        r"\b(?:19|20)\d\d-\d\d-\d\d\b",
        rf"\b{_MONTH}\s*[’']?\d\d\b(?!\s*\d|,\d|%)",
        r"\b\d{1,2}[:.]\d\d\s?(?:am|pm|hrs)\b|\b\d{1,2}:\d\d\b|\b\d{1,2}\s?(?:am|pm)\b",
        r"\(?\b0\d{2,4}\)?[\s-]\d{3,4}[\s-]?\d{3,4}\b|\+44[\d\s()-]{9,}",
        r"^[\s•*#-]*\(?\d{1,3}(?:\.\d{1,2})*[.)]\s+(?=\D)|^[\s•*#-]*\d{1,2}(?:\.\d{1,2})+\s+(?-i:(?=[A-Z*“‘\[]))",
        r"\b(?:19|20)\d\d\s?[-–—/]\s?(?:\d\d){1,2}\b(?!,)",
        r"\b24[\s-]hours?\b|\b7 days a week\b",
        r"\b(?:appendix|page|paragraph|paragraphs|para|section|sections|figure|table|item|annex|chapter|schedule|objective|"
        r"priority|phase|part|tier|level|class|regulation|version|question|agenda item)\s+"
        r"\d+(?:\.\d+)*(?:\(\w{1,3}\))*(?:\s*(?:to|and|-|–)\s*"
        r"\d+(?:\.\d+)*)?",
        r"\b(?:aged?|ages)\s+(?:between\s+)?\d+(?:\s*(?:to|and|-|–)\s*\d+)?\b|\b(?-i:[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})\b",
        r"\b(?:under|over)\s+\d+(?:\s*(?:to|and|-|–)\s*\d+)?\s*(?:years?(?:\s+old)?)?(?=\W+(?:who|years?|and over|"
        r"or over|or under|\.|,|\)|were|are))|\b\d+\s*(?:-|–|to)\s*\d+\s*year[\s-]olds?|\b\d+[\s-]year[\s-]olds?",
        r"\b\d+\s?/\s?7\b",
        r"\b(?:COVID|SARS-CoV|PS|MP)[-\s]?\d+\b",
        r"\bCOVID[-\s]?19\b",
        r"\b(?=\w*[a-z])(?=\w*\d)[a-z0-9]+[-/]?\d+[a-z]\w*\b(?<!st)(?<!nd)(?<!rd)(?<!th)(?<!m)(?<!k)(?<!bn)(?<!pm)(?<!am)",
        r"\b[A-Z]{1,3}\d+[A-Z]?\b",
        r"\bQ[1-4]\b",
        r"\b(?:non-emergency\s+)?(?:101|999|111)\b(?=\s*(?:call|number|line|service|system|,|\.|$|and))|\bto\s+(?:101|999|111)\b",
        r"\bper\s+(?:1|10|100)[,\s]?000\b",
        r"\b(?:19|20)\d\d\b(?!\s*(?:crimes?|incidents?|offences?|people|residents|calls|cases|%|per\b|records?))(?!,\d)",
        r"\b95\s?%\s+(?:confidence\s+)?interval",
    )
)  # fmt: skip

_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_WORD = "|".join(_WORDS)
_SCALE = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 10**9, "billion": 10**9}
_SCALES = r"(?:\s?(?:million|billion|thousand|bn|m|k)\b)?"
_FIGURES = (
    ("one in", re.compile(rf"\b(?P<a>\d+|{_WORD})\s+(?:in|out of)\s+(?:every\s+)?(?P<b>\d+|{_WORD})\b", re.I)),
    ("money", re.compile(rf"£\s?(?P<a>{_PLAIN})(?P<scale>{_SCALES})", re.I)),
    ("range", re.compile(
        rf"\b(?P<a>{_PLAIN})\s?%?\s?(?:-|–|−)\s?(?P<b>{_PLAIN})\s?%?|"
        rf"\bbetween\s+(?P<c>{_PLAIN})\s?%?\s+and\s+(?P<d>{_PLAIN})\s?%?", re.I
    )),
    ("points", re.compile(
        rf"(?<![\d.,])(?P<a>{_PLAIN})\s?(?:%|percentage)[\s-]*points?\b|(?<![\d.,])(?P<b>{_PLAIN})\s?pp\b", re.I
    )),
    ("percent", re.compile(rf"(?<![\d.,])(?P<a>{_PLAIN})\s?(?:%|per\s?cent\b)", re.I)),
    ("rank", re.compile(r"\b(?P<a>\d+)\s?(?:st|nd|rd|th)\b", re.I)),
    ("count", re.compile(rf"(?<![\d.,£])(?P<a>{_PLAIN})(?P<scale>{_SCALES})(?![\d%])", re.I)),
    ("word", re.compile(rf"\b(?P<a>{_WORD})\b(?!\s+(?:of the|another|or more|-))", re.I)),
)  # fmt: skip
_PER = re.compile(r"[^.;()]{0,40}?\b(?:per|for every)\s+(?P<per>1|10|100)[,\s]?000\b", re.I)
_LOOSE = (
    ("about", re.compile(r"\b(?:about|approximately|approx|around|some|roughly|nearly|almost|circa)\.?\s*(?:by\s+)?$", re.I)),
    ("over", re.compile(r"\b(?:over|more than|in excess of|at least|above)\s*$", re.I)),
    ("under", re.compile(r"\b(?:under|fewer than|less than|up to|below)\s*$", re.I)),
)  # fmt: skip
_COUNTED_WORDS = (
    r"people|persons?|adults?|young people|children|child|victims?|offenders?|users?|cases?|deaths?|suicides?|individuals?|"
    r"women|men|girls?|boys?|residents?|respondents?|incidents?|crimes?|offences?|homicides?|murders?|rapes?|families|"
    r"households|males?|females?|arrests?|service users|pupils|patients"
)
COUNTED = re.compile(rf"\b(?:{_COUNTED_WORDS})\b", re.I)
"""Words for people, or for what happened to them."""

CAUSAL = re.compile(
    r"\b(due to|as a (?:direct )?result(?: of)?|explained by|because of|caused by|led to|leading to|resulted? in|resulting in|"
    r"reflects?|reflecting|attribut(?:ed|able) to|thanks to|owing to|driven by|contributed to|having (?:a|an) \w+ impact)\b",
    re.I,
)
CHANGE = re.compile(
    r"\b(increas(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|ris(?:e[ns]?|ing)|rose|fall(?:s|en|ing)?|fell|reduc(?:e[sd]?|tion|ing)|"
    r"dropp?(?:ed|s)?|grew|grown|growth|"
    r"(?<!made )(?<!make )(?<!makes )(?<!making )up|down|higher|lower|fewer|more|less|additional|declin(?:e[sd]?|ing))\b",
    re.I,
)
UP = re.compile(
    r"\b(increas\w*|ris(?:e[ns]?|ing)|rose|grew|grown|growth|"
    r"(?<!made )(?<!make )(?<!makes )(?<!making )up|higher|more|additional)\b",
    re.I,
)
DOWN = re.compile(
    r"\b(decreas\w*|fall(?:s|en|ing)?|fell|reduc\w*|dropp?(?:ed|s)?|down|lower|fewer|less|declin\w*)\b", re.I
)
SHARE = re.compile(
    r"\b(made up|makes? up|making up|account(?:s|ed|ing)? for|share|proportion|of all|of recorded|of total)\b", re.I
)
BASE = re.compile(r"\b(?:of (?:the )?\d|out of|n\s?=\s?\d|base|respondents|sample of|based on)", re.I)


def numbers(text: str) -> tuple[Number, ...]:
    """The statistics of a text, in order. Dates, ages, references and the like are left out."""
    masked = _masked(text)
    found: list[Number] = []
    for name, pattern in _FIGURES:
        for match in pattern.finditer(masked):
            made = _number(name, match, text)
            if made and not any(made.start < other.end and other.start < made.end for other in found):
                found.append(made)
    return tuple(sorted(found, key=lambda number: number.start))


def _masked(text: str) -> str:
    """The text with everything that is no statistic blanked, place by place."""
    spans = [(named.start, named.end) for named in periods(text)]
    for pattern in _NOT_FIGURES:
        spans += [match.span() for match in pattern.finditer(text)]
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _number(name: str, match: re.Match, text: str) -> Number | None:
    groups = match.groupdict()
    first = groups.get("a") or groups.get("c") or groups.get("b")
    if first is None:
        return None
    value, step = _value(first)
    start, end = match.span()
    before = text[max(0, start - 30) : start]
    loose = next((kind for kind, pattern in _LOOSE if pattern.search(before)), "")
    if name == "one in":
        return Number(match[0], "one in", value, Fraction(1), start, end, top=_value(groups["b"])[0], loose=loose)
    if name == "range":
        high = _value(groups.get("b") or groups.get("d") or first)[0]
        return Number(match[0], "range", value, step, start, end, top=high) if high > value else None
    if name == "word":
        # A small number in words is a statistic only before something that is counted.
        if not re.match(rf"\s+(?:\w+\s+){{0,2}}(?:{_COUNTED_WORDS})\b", text[end:], re.I):
            return None
        return Number(match[0], "count", value, Fraction(1), start, end, loose=loose)
    scale = _SCALE.get((groups.get("scale") or "").strip().lower(), 1)
    if name == "count":
        per = _PER.match(text[end:])
        if per:
            many = int(per["per"]) * 1_000
            return Number(match[0].strip(), "rate", value, step, start, end, per=many, loose=loose)
    kind: Kind = name if name in ("money", "points", "percent", "rank", "count") else "count"  # type: ignore[assignment]
    return Number(match[0].strip(), kind, value * scale, step * scale, start, end, loose=loose)


def _value(text: str) -> tuple[Fraction, Fraction]:
    word = _WORDS.get(text.lower())
    if word is not None:
        return Fraction(word), Fraction(1)
    plain = text.replace(",", "")
    return Fraction(plain), Fraction(1, 10 ** len(plain.partition(".")[2]))


# Periods


def periods(text: str) -> tuple[Named, ...]:
    """The periods a text names, in order: "April 2019 – March 2020", "Apr 19 - Mar 20", "2018/19", "year ending March
    2020", "March 2020", "in 2019". Days are no periods."""
    days = [match.span() for match in _NOT_FIGURES[1].finditer(text)] + [
        m.span() for m in _NOT_FIGURES[2].finditer(text)
    ]
    found: list[Named] = []
    for kind, pattern in _PERIODS:
        for match in pattern.finditer(text):
            start, end = match.span()
            inside = any(start < other.end and other.start < end for other in found)
            if inside or any(start < last and first < end for first, last in days if kind != "months"):
                continue
            span = _span(kind, match.groupdict())
            if span:
                found.append(Named(match[0], start, end, span=span))
    return tuple(sorted(found, key=lambda named: named.start))


def _span(kind: str, groups: dict[str, str | None]) -> Span | None:
    if kind == "financial":
        first, second = int(groups["y1"] or 0), groups["y2"] or ""
        return financial_year(f"{first}/{second[-2:]}") if int(second[-2:]) == (first + 1) % 100 else None
    if kind == "calendar":
        return Span(f"{groups['y1']}-01", f"{groups['y1']}-12")
    if kind == "year to":
        return rolling_12(_month(groups["m2"] or "", groups["y2"] or ""))
    if kind == "month":
        month = _month(groups["m1"] or "", groups["y1"] or groups["y2"] or "")
        return Span(month, month)
    end = _month(groups["m2"] or "", groups["y2"] or "")
    if groups["y1"]:
        start = _month(groups["m1"] or "", groups["y1"])
    else:
        start = f"{end[:4]}-{_MONTHS[(groups['m1'] or '').lower().rstrip('.')]:02d}"
        if start > end:
            start = month_text(month_number(start) - 12)
    return Span(start, end) if start <= end and month_number(end) - month_number(start) < 240 else None


def _month(name: str, year: str) -> str:
    number = year.lstrip("’'")
    whole = int(number) if len(number) == 4 else 2000 + int(number)
    return f"{whole}-{_MONTHS[name.lower().rstrip('.')]:02d}"


# Measures and areas


_SYNONYMS = {
    "asb": "anti-social behaviour|antisocial behaviour|asb incidents?|asb",
    "crime": "all recorded crime|recorded crimes?|total recorded crime|overall crime|total crime|all crime|"
    "crimes? overall|crimes|crime",
    "burglary": "burglary|burglaries",
    "robbery": "robbery|robberies",
    "homicide": "homicides?|murders?",
    "possession-of-weapons": "possession of (?:an offensive )?weapons?|weapons? offences",
    "theft-of-pedal-cycle": "theft of (?:a )?pedal cycles?|bicycle theft|theft of bicycles",
    "drug-offences": "drugs? offences|drugs? crime",
    "criminal-damage": "criminal damage and arson|criminal damage",
    "public-order-offences": "public order(?: offences)?",
    "crimes-against-society": "crimes? against society",
    "theft": "theft and handling|theft offences",
    "violent-crime": "violent crimes?",
    "vehicle-crime": "vehicle crimes?|vehicle offences",
    "violence-and-sexual-offences": "violence and sexual offences",
    "rubbish-or-drug-paraphernalia": "rubbish ?(?:or|/) ?drugs? paraphernalia",
    "riding-or-driving-on-land": "riding ?(?:or|/) ?driving on land(?: other than a road)?",
    "rowdy-or-nuisance-gathering": "rowdy or nuisance gatherings?|rowdy (?:or|and) nuisance",
    "neighbour-disputes-or-nuisance": "neighbours? ?-? ?disputes?(?: ?/ ?nuisance)?",
}  # fmt: skip


@cache
def _lexicon() -> tuple[tuple[re.Pattern[str], str, str | None], ...]:
    lines = []
    for category in CATEGORIES.values():
        if category.id in (
            "other-crimes",
            "asb-personal",
            "asb-nuisance",
            "asb-environmental",
            "other-theft",
        ):
            continue  # their names are everyday words
        words = _SYNONYMS.get(category.id) or re.escape(category.label.lower())
        line = None if category.id == root(category.dataset) else category.id
        lines.append((max(len(word) for word in words.split("|")), words, category.dataset, line))
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I), dataset, line)
        for _, words, dataset, line in sorted(lines, key=lambda each: (each[3] is None, -each[0]))
        if dataset in COUNT_DATASETS
    )


def measures(text: str) -> tuple[Named, ...]:
    """The measures and lines of the tree a text names, in order. Of two in one place the longer name counts; "serious
    violence", "crime prevention" and the names of bodies and plans are none."""
    found: list[Named] = []
    taken = [match.span() for match in _NO_MEASURE.finditer(text)]
    for pattern, measure, line in _lexicon():
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            found.append(Named(match[0], start, end, measure=measure, category=line))
    return tuple(sorted(found, key=lambda named: named.start))


_NO_MEASURE = re.compile(
    r"crime prevention|crime (?:and disorder|figures|types?|picture|commissioner|survey|scenes?|reduction)|organised crime|"
    r"crime and commissioner|police and crime|non-crime|serious youth crime|hate crime|fear of crime|perception of crime|"
    r"drug misuse|knife crime|online crime|cyber crime|types of crime|crime related",
    re.I,
)

_ELSEWHERE = re.compile(
    r"\b(Kent (?:and|&) Medway|whole of Kent|Kent county|England and Wales|England|United Kingdom|the UK|nationally|"
    r"national average|the country|South East)\b"
)


def areas(text: str, own: str, wards: tuple[str, ...]) -> tuple[Named, ...]:
    """The areas a text names: the partnership, its wards (only in a text that speaks of wards) and others."""
    found = [Named(m[0], *m.span(), area=m[0], own=False) for m in _ELSEWHERE.finditer(text)]

    def free(start: int, end: int) -> bool:
        return not any(start < other.end and other.start < end for other in found)

    if re.search(r"\bwards?\b", text, re.I):
        for ward in sorted(wards, key=len, reverse=True):
            for match in re.finditer(rf"\b{re.escape(ward)}\b", text):
                if free(*match.span()):
                    found.append(Named(match[0], *match.span(), area=ward))
    for match in re.finditer(rf"\b{re.escape(own)}\b", text):
        if free(*match.span()):
            found.append(Named(match[0], *match.span(), area=own))
    return tuple(sorted(found, key=lambda named: named.start))


def in_brackets(text: str, start: int, other: int) -> bool:
    """Whether a place stands in brackets that do not hold another place."""
    return any(
        m.start() < start < m.end() and not m.start() < other < m.end() for m in re.finditer(r"\([^()]*\)", text)
    )


# Sentences


_END = re.compile(r"(?<!\b[A-Z])(?<!\bapprox)(?<!\bvs)[.!?](?=\s+[A-Z‘“(]|\s*$)|\n|•|</?[a-z]+>", re.I)


def sentence_of(text: str, start: int) -> tuple[int, int]:
    """Where the sentence, cell or point lies that holds a place."""
    edges = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    begin = max(edge for edge in edges if edge <= start)
    return begin, min((edge for edge in edges if edge > start), default=len(text))


_CLAUSE = re.compile(r"[,;:()\t]|\bcompared (?:with|to)\b|\b(?:and|while|whilst|but|with|against|from)\b", re.I)


def clause_of(text: str, number: Number) -> tuple[int, int]:
    """The part of its sentence that is closest to a number: between marks, "and", "compared with" and the like."""
    begin, end = sentence_of(text, number.start)
    edges = [begin, *(begin + m.start() for m in _CLAUSE.finditer(text[begin:end])), end]
    first = max(edge for edge in edges if edge <= number.start)
    return first, min((edge for edge in edges if edge >= number.end), default=end)
