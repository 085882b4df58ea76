"""A number as a report prints it: its value, how it was rounded, and words such as "about" or "over" that loosen it."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from csp_data.catalogue.rounding import half_up

Loose = Literal["", "about", "over", "under", "range"]

ABOUT = Fraction(1, 20)
"""How far from "about" a number another may be: a twentieth of it, and at least what its rounding leaves."""

_ABOUT = r"about|approximately|approx\.?|around|some|roughly|nearly|almost|≈|~|c\."
_OVER = r"over|more than|in excess of|at least|above|>|≥"
_UNDER = r"under|fewer than|less than|no more than|at most|up to|below|<|≤"
_DOWN = r"\b(?:decrease[ds]?|reduction|reduced|fewer|fall(?:s|en)?|fell|down|lower|less|drop(?:ped)?)\b"
_NUMBER = re.compile(r"(?<![\w.])[-+−–]?£?\s?\d[\d,]*(?:\.\d+)?\s?(?:[km]\b|million\b|thousand\b)?", re.I)
_SHARE = re.compile(r"\b(\d+)\s+(?:in|out of)\s+(\d+)\b", re.I)
_FRACTIONS = {"a third": Fraction(1, 3), "a half": Fraction(1, 2), "half": Fraction(1, 2), "a quarter": Fraction(1, 4)}
_WORDS = {
    "zero": 0, "no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}


@dataclass(frozen=True)
class Printed:
    """``step`` is what the number was rounded to: 0.01 for "119.67", 1,000 for "£40k". ``top`` is the end of a range."""

    text: str
    value: Fraction
    step: Fraction
    loose: Loose = ""
    top: Fraction | None = None
    percent: bool = False

    @property
    def decimals(self) -> int:
        return max(0, len(str(self.step.denominator)) - 1)

    def rounded(self, number: Fraction) -> Fraction:
        """Another number, rounded as this one was."""
        return half_up(number, self.step)

    def allows(self, number: Fraction, tolerance: Fraction = Fraction(0)) -> bool:
        """Whether another number would be printed like this one."""
        if self.loose == "over":
            return number > self.value - tolerance
        if self.loose == "under":
            return number < self.value + tolerance
        if self.loose == "range" and self.top is not None:
            return self.value - tolerance <= number <= self.top + tolerance
        if self.loose == "about":
            tolerance = max(tolerance, ABOUT * abs(self.value), self.step / 2)
        return self.rounded(number) == self.value or abs(number - self.value) <= tolerance


def read(text: str) -> Printed | None:
    """The number in a printed text, None when it holds none.

    "33,334", "119.67", "£40k", "-5%", "5% decrease" (less than nothing), "8th", "about 3%", "over 30%", "20–30",
    "1 in 4" (as 25%), "a third" (as 33⅓%), "three". Of several numbers the first counts.
    """
    share = _SHARE.search(text)
    if share and int(share[2]):
        value = Fraction(100 * int(share[1]), int(share[2]))
        return Printed(text, value, Fraction(1), _loose(text, share.start()), percent=True)
    # A range has no space before its second number, or a dash between two numbers.
    ranged = re.search(r"(\d[\d,.]*)\s?(?:–|-|−| to )\s?(\d[\d,.]*)(\s?%)?", text)
    if ranged:
        low, high = (Fraction(part.strip(",.").replace(",", "")) for part in ranged.groups()[:2])
        return Printed(text, low, Fraction(1), "range", high, bool(ranged[3]))
    found = _NUMBER.search(text)
    if not found:
        return _in_words(text)
    number = re.sub(r"[£,\s]", "", found[0]).replace("−", "-").replace("–", "-").lower()
    scale = 1
    for ending, times in _SCALES.items():
        if number.endswith(ending):
            number, scale = number.removesuffix(ending), times
            break
    value, decimals = Fraction(number), len(number.partition(".")[2])
    after = text[found.end() :].strip()
    if value > 0 and not found[0].startswith("+") and re.search(_DOWN, text, re.I):
        value = -value
    return Printed(
        text,
        value * scale,
        Fraction(scale, 10**decimals),
        _loose(text, found.start()),
        percent=after.startswith(("%", "per cent", "percent")),
    )


def _in_words(text: str) -> Printed | None:
    lower = text.lower()
    for words, share in _FRACTIONS.items():
        if re.search(rf"\b{words}\b", lower):
            loose = _loose(text, lower.index(words)) or "about"  # nobody means 33⅓% exactly
            return Printed(text, 100 * share, Fraction(1), loose, percent=True)
    for word in re.findall(r"[a-z]+", lower):
        if word in _WORDS:
            return Printed(text, Fraction(_WORDS[word]), Fraction(1), _loose(text, lower.index(word)))
    return None


def _loose(text: str, start: int) -> Loose:
    before = text[:start].lower().strip().removesuffix("by").strip()
    for kind, words in (("about", _ABOUT), ("over", _OVER), ("under", _UNDER)):
        if re.search(rf"(?:^|\s)(?:{words})$", before):
            return kind
    return ""


def written(number: Fraction, step: Fraction = Fraction(1)) -> str:
    """A number at a precision, with commas: "33,334", "119.67"; a whole number without decimals it does not need."""
    decimals = max(0, len(str(step.denominator)) - 1) if step < 1 else 0
    shown = half_up(number, min(step, Fraction(1)) if step < 1 else Fraction(1))
    return f"{float(shown):,.{decimals}f}"


def exact(number: Fraction, printed: Printed | None = None) -> str:
    """A number with up to two more decimals than it is printed with, to show how it rounds."""
    most = min(8, (printed.decimals if printed else 0) + 2)
    decimals = next((d for d in range(most) if (number * 10**d).denominator == 1), most)
    return written(number, Fraction(1, 10**decimals))
