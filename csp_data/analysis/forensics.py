"""Whether percentages as printed can be true: which counts they allow, whether they add up, what change they allow.

A percentage is given as the text that was printed, because "19.0" says more than "19". Only whole numbers are used, so
no rounding of the computer's own gets in the way. None of this applies to weighted percentages.

Source: Brown and Heathers 2017 (GRIM); percentages are taken as rounded half up.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from numbers import Integral
from typing import Literal

GrimVerdict = Literal["possible", "impossible", "base too large to test at this precision"]
NEAR = 5
"""A question may have fewer answers than the survey: how many fewer ``fitting_bases`` looks at."""

_PRINTED = re.compile(r"(\d+)(?:\.(\d+))?\s*%?", re.ASCII)


def rounded(numerator: int, denominator: int, decimals: int = 0) -> Decimal:
    """A fraction rounded half away from zero, exactly: 1/8 to two decimals is 0.13, where a computer's own rounding of
    0.125 gives 0.12. For display: round once, at the end. Raises ValueError when the denominator is not above zero or the
    decimals are below it."""
    if denominator < 1 or decimals < 0:
        raise ValueError(f"a fraction of {denominator} cannot be rounded to {decimals} decimals")
    scale = 10**decimals
    size = (2 * abs(numerator) * scale + denominator) // (2 * denominator)
    return Decimal(-size if numerator < 0 else size).scaleb(-decimals)


def percent_text(count: int, base: int, decimals: int = 0) -> str:
    """A count as a percentage of its base, rounded half up: "69%"."""
    return f"{rounded(100 * count, base, decimals)}%"


def possible_counts(percent: str, base: int) -> tuple[int, ...]:
    """The counts of a base that round to a percentage as printed; none when no count does.

    Raises
    ------
    TypeError
        When the percentage is a number: 19.0 and 19 would be the same, and they are not.
    ValueError
        When the text is no percentage from 0 to 100, or the base is not a whole number above zero.
    """
    return tuple(_counts(*_read(percent), base))


@dataclass(frozen=True)
class Grim:
    """What a printed percentage says of the count behind it. ``counts`` are those it allows."""

    percent: str
    base: int
    counts: tuple[int, ...]
    verdict: GrimVerdict

    @property
    def possible(self) -> bool:
        return bool(self.counts)


def grim(percent: str, base: int) -> Grim:
    """Whether a percentage of a base can be true.

    From a base of 100 for whole percentages (1,000 for one decimal) every percentage is possible, so the test says
    nothing: the verdict is then "base too large to test at this precision", never that the figure is right. Errors as
    ``possible_counts``.
    """
    units, decimals = _read(percent)
    counts = tuple(_counts(units, decimals, base))
    if not counts:
        verdict: GrimVerdict = "impossible"
    elif base >= 100 * 10**decimals:
        verdict = "base too large to test at this precision"
    else:
        verdict = "possible"
    return Grim(percent, base, counts, verdict)


def impossible_percents(base: int, decimals: int = 0) -> tuple[str, ...]:
    """All percentages, at so many decimals, that no count of a base rounds to: how much the test can find."""
    if decimals < 0:
        raise ValueError(f"a percentage is not printed to {decimals} decimals")
    top = 100 * 10**decimals
    return tuple(_print(units, decimals) for units in range(top + 1) if not _counts(units, decimals, base))


def fitting_bases(percents: Iterable[str], bases: Iterable[int]) -> tuple[int, ...]:
    """Those of some bases at which every one of the percentages is possible."""
    read = [_read(percent) for percent in percents]
    return tuple(base for base in bases if all(_counts(*each, base) for each in read))


def bases_near(base: int) -> range:
    """The bases from 5 fewer up to the one stated: fewer people may have answered one question than the survey."""
    return range(max(1, base - NEAR), base + 1)


@dataclass(frozen=True)
class Check:
    """Whether statements can hold together, and a sentence that says so or says why not."""

    possible: bool
    sentence: str


def sums_to_100(percents: Sequence[str], base: int | None = None) -> Check:
    """Whether the parts of a single-choice question, rounded as printed, can be parts of one whole.

    With the base it is also asked whether counts behind them can add up to it, which is the stricter test.
    """
    read = [_read(percent) for percent in percents]
    finest = max((decimals for _, decimals in read), default=0)
    whole = 2 * 100 * 10**finest  # in half units of the finest print, so that all limits are whole numbers
    bounds = [_limits(units, decimals, finest) for units, decimals in read]
    least, most = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    total = f"{sum((Decimal(u).scaleb(-d) for u, d in read), Decimal(0))}%"
    if most <= whole:
        return Check(False, f"The parts add up to {total}, less than rounding allows: an answer seems to be missing.")
    if least > whole:
        return Check(False, f"The parts add up to {total}, more than rounding allows: parts overlap or one is wrong.")
    if base is not None:
        counts = [_counts(units, decimals, base) for units, decimals in read]
        if not all(counts):
            wrong = ", ".join(p for p, c in zip(percents, counts, strict=True) if not c)
            return Check(False, f"No count of {base} gives {wrong}.")
        if not sum(min(c) for c in counts) <= base <= sum(max(c) for c in counts):
            return Check(False, f"The parts add up to {total}, but no counts behind them add up to {base}.")
    return Check(True, f"The parts add up to {total}, which rounding allows.")


def nested(percents: Sequence[str], base: int | None = None) -> Check:
    """Whether each statement can be part of the next, as "very safe" is of "safe": from the narrowest to the widest.

    With the base the counts are compared, else the ranges that the rounding leaves.
    """
    read = [_read(percent) for percent in percents]
    finest = max((decimals for _, decimals in read), default=0)
    least = -1
    for position, (units, decimals) in enumerate(read):
        if base is not None:
            counts = _counts(units, decimals, base)
            if not counts:
                return Check(False, f"No count of {base} gives {percents[position]}.")
            low, high = min(counts), max(counts)
        else:
            low, high = _limits(units, decimals, finest)
            high -= 1  # the upper limit itself would round up
        if high < least:
            return Check(False, f"{percents[position - 1]} cannot be part of {percents[position]}.")
        least = max(least, low)
    return Check(True, "Each can be part of the next.")


@dataclass(frozen=True)
class PointChangeCandidate:
    """Counts that two printed percentages allow, and the change between them in percentage points: as it is, and rounded
    half away from zero to the decimals printed."""

    current: int
    previous: int
    points: float
    rounded_points: Decimal


@dataclass(frozen=True)
class PointChange:
    """The change in points between two printed percentages: of the rounded figures, and of every pair of counts."""

    difference_of_rounded: Decimal
    candidates: tuple[PointChangeCandidate, ...]

    def allows(self, stated: str) -> bool:
        """Whether a change stated in points, "+3" or "-6.5", is that of some pair of counts, once rounded. Raises
        ValueError when the text is no number."""
        try:
            points = Decimal(stated.replace("\N{MINUS SIGN}", "-"))
        except InvalidOperation:
            raise ValueError(f"'{stated}' is not a change in points") from None
        return any(each.rounded_points == points for each in self.candidates)


def point_change(current: str, current_base: int, previous: str, previous_base: int) -> PointChange:
    """What change in percentage points two printed percentages allow. The change of the rounded figures may differ by a
    point from that of the counts: work changes out from counts. Errors as ``possible_counts``."""
    (now, now_decimals), (then, then_decimals) = _read(current), _read(previous)
    decimals = max(now_decimals, then_decimals)
    together = current_base * previous_base
    candidates = []
    for x1 in _counts(now, now_decimals, current_base):
        for x0 in _counts(then, then_decimals, previous_base):
            numerator = 100 * (x1 * previous_base - x0 * current_base)
            candidates.append(
                PointChangeCandidate(x1, x0, numerator / together, rounded(numerator, together, decimals))
            )
    difference = Decimal(now).scaleb(-now_decimals) - Decimal(then).scaleb(-then_decimals)
    return PointChange(difference, tuple(candidates))


def _read(percent: str) -> tuple[int, int]:
    """A printed percentage as a whole number of its smallest unit, and its decimals: "68.9" as (689, 1)."""
    if not isinstance(percent, str):
        raise TypeError(f"give the percentage {percent!r} as the text that was printed: '19.0' says more than '19'")
    found = _PRINTED.fullmatch(percent.strip())
    whole, part = (found[1], found[2] or "") if found else ("", "")
    if not found or int(whole + part) > 100 * 10 ** len(part):
        raise ValueError(f"'{percent}' is not a percentage from 0 to 100")
    return int(whole + part), len(part)


def _print(units: int, decimals: int) -> str:
    return str(Decimal(units).scaleb(-decimals))


def _counts(units: int, decimals: int, base: int) -> range:
    """Counts k with floor(100 * 10^d * k / n + 1/2) equal to the units printed."""
    if not isinstance(base, Integral) or isinstance(base, bool) or base < 1:
        raise ValueError(f"a base must be a whole number above zero, not {base!r}")
    base = int(base)
    step = 2 * 100 * 10**decimals
    first = -(-base * (2 * units - 1) // step)
    last = -(-base * (2 * units + 1) // step) - 1
    return range(max(0, first), min(base, last) + 1)


def _limits(units: int, decimals: int, finest: int) -> tuple[int, int]:
    """What a printed percentage can stand for, in half units of the finest print: from the first, up to but without the
    second."""
    scale = 10 ** (finest - decimals)
    return max(0, 2 * units - 1) * scale, (2 * units + 1) * scale
