"""Months and spans of months: naming them, finding the span to compare with, counting those present.

A month is written "2019-04" and held as a whole number of months since year 0, so that spans are plain arithmetic.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

PRE_PANDEMIC_END = "2020-03"
"""Year ending March 2020: the last before restrictions took hold (from 23 March 2020), the base ONS and many
partnerships compare with."""


@lru_cache(maxsize=4_096)
def month_number(month: str) -> int:
    """ "2019-04" as months since year 0. Raises ValueError, naming the text, when it is not a month."""
    year, _, number = month.partition("-") if isinstance(month, str) else ("", "", "")
    if not (len(year) == 4 and year.isdigit() and len(number) == 2 and number.isdigit() and 1 <= int(number) <= 12):
        raise ValueError(f"'{month}' is not a month: write it as 2019-04")
    return int(year) * 12 + int(number) - 1


@lru_cache(maxsize=4_096)
def month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@dataclass(frozen=True, order=True)
class Span:
    """Whole months from ``start`` to ``end``, both included. Raises ValueError when the end is before the start."""

    start: str
    end: str

    def __post_init__(self) -> None:
        if month_number(self.end) < month_number(self.start):
            raise ValueError(f"the period ends ({self.end}) before it starts ({self.start})")

    @property
    def months(self) -> tuple[str, ...]:
        return tuple(month_text(n) for n in range(month_number(self.start), month_number(self.end) + 1))

    @property
    def length(self) -> int:
        return month_number(self.end) - month_number(self.start) + 1

    @property
    def middle_year(self) -> int:
        """The calendar year of the middle of the span: October 2019 for April 2019 to March 2020, so 2019."""
        return (month_number(self.start) + self.length // 2) // 12

    @property
    def label(self) -> str:
        """ "April 2019 to March 2020", "April to June 2019", or "April 2019" for a single month."""
        first, last = month_number(self.start), month_number(self.end)
        if first == last:
            return month_label(self.start)
        if first // 12 == last // 12:
            return f"{MONTH_NAMES[first % 12]} to {month_label(self.end)}"
        return f"{month_label(self.start)} to {month_label(self.end)}"

    def shifted(self, months: int) -> "Span":
        return Span(month_text(month_number(self.start) + months), month_text(month_number(self.end) + months))


PANDEMIC = Span("2020-03", "2021-07")
"""Months in which restrictions against COVID-19 changed what people did and what was recorded (from 23 March 2020, with
the largest falls in April to June 2020; most legal limits on meeting others ended on 19 July 2021). Shown like any other
months, never part of what others are measured by."""


def holds_pandemic(span: Span) -> bool:
    """Whether a span is no base to compare with, because some of it is in the pandemic. March 2020 does not count: only its
    last nine days were under restrictions, and the year that it ends is what ONS compares with."""
    return span.start <= PANDEMIC.end and span.end > PRE_PANDEMIC_END


def month_label(month: str) -> str:
    number = month_number(month)
    return f"{MONTH_NAMES[number % 12]} {number // 12}"


def day_label(day: date) -> str:
    """ "23 March 2020"."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def financial_year(label: str) -> Span:
    """April to March of a financial year written "2019/20". Raises ValueError when it is not one."""
    first, _, second = label.partition("/") if isinstance(label, str) else ("", "", "")
    if not (len(first) == 4 and first.isdigit() and second == f"{(int(first) + 1) % 100:02d}"):
        raise ValueError(f"'{label}' is not a financial year: write it as 2019/20")
    return Span(f"{first}-04", f"{int(first) + 1}-03")


def financial_year_of(month: str) -> str:
    number = month_number(month) - 3
    return f"{number // 12}/{(number // 12 + 1) % 100:02d}"


def is_financial_year(span: Span) -> bool:
    """Whether a span is a whole financial year."""
    return span == financial_year(financial_year_of(span.start))


def calendar_year(label: str) -> Span:
    """January to December of a year written "2019". Raises ValueError when it is not one."""
    if not (isinstance(label, str) and len(label) == 4 and label.isdigit()):
        raise ValueError(f"'{label}' is not a calendar year: write it as 2019")
    return Span(f"{label}-01", f"{label}-12")


def calendar_year_of(month: str) -> str:
    return f"{month_number(month) // 12:04d}"


def rolling_12(end: str) -> Span:
    """The 12 months that end with a month."""
    return Span(month_text(month_number(end) - 11), end)


def year_to_date(end: str) -> Span:
    """From the April at the start of the financial year to a month."""
    return Span(financial_year(financial_year_of(end)).start, end)


def previous_year(span: Span) -> Span:
    """The same months a year before; for a span of over 12 months the months just before it would overlap, so it is
    moved by as many whole years as it takes not to."""
    return span.shifted(-12 * -(-span.length // 12))


def pre_pandemic(span: Span) -> Span:
    """The year ending March 2020 for a span of 12 months, whichever months they begin and end with; for a shorter span
    the last same months that end by March 2020. Raises ValueError for a span of more than 12 months, which has no
    counterpart, and for one that is itself at or before that year, or partly in it when it is a year."""
    if span.length > 12:
        raise ValueError("a period of more than 12 months has no counterpart in the year ending March 2020")
    end = month_number(PRE_PANDEMIC_END)
    begins_too_early = span.length == 12 and month_number(span.start) <= end
    if month_number(span.end) <= end or begins_too_early:
        raise ValueError("the period is not after the year ending March 2020")
    if span.length == 12:
        return rolling_12(PRE_PANDEMIC_END)
    return span.shifted(-12 * -(-(month_number(span.end) - end) // 12))


def runs(months: Iterable[str]) -> list[Span]:
    """Unbroken runs of months, oldest first."""
    found: list[Span] = []
    for number in sorted({month_number(month) for month in months}):
        text = month_text(number)
        if found and month_number(found[-1].end) == number - 1:
            found[-1] = Span(found[-1].start, text)
        else:
            found.append(Span(text, text))
    return found


LONGEST_GAP = 12
"""Months. What lies before a longer gap is left out of charts over time, which would be mostly empty."""


def stretches_of(months: Sequence[str]) -> list[Span]:
    """Runs of months, joined where a year or less is missing between them; oldest first."""
    joined: list[Span] = []
    for run in runs(months):
        if joined and month_number(run.start) - month_number(joined[-1].end) - 1 <= LONGEST_GAP:
            joined[-1] = Span(joined[-1].start, run.end)
        else:
            joined.append(run)
    return joined


def present(span: Span, covered: Collection[str]) -> int:
    """How many months of a span are covered."""
    held = covered if isinstance(covered, frozenset) else set(covered)
    return sum(month in held for month in span.months)


def span_label(span: Span, months_present: int) -> str:
    """The span with how much of it there is: "April 2024 to March 2025" or "… (8 of 12 months)"."""
    return span.label if months_present == span.length else f"{span.label} ({months_present} of {span.length} months)"


def financial_year_label(year: str, covered: Sequence[str]) -> str:
    """ "2023/24", or "2024/25 (April–November, 8 of 12 months)" when months are missing."""
    return year_label(year, financial_year(year), covered)


def year_label(year: str, span: Span, covered: Collection[str]) -> str:
    """A year's name, with the months there are when some are missing: "2024 (January–May, 5 of 12 months)".

    The months are named when those present are one unbroken run; else only counted.
    """
    held = set(covered)
    have = [month for month in span.months if month in held]
    if len(have) == span.length:
        return year
    parts = runs(have)
    named = ""
    if len(parts) == 1:
        names = [MONTH_NAMES[month_number(month) % 12] for month in (parts[0].start, parts[0].end)]
        named = (names[0] if names[0] == names[1] else "–".join(names)) + ", "
    return f"{year} ({named}{len(have)} of {span.length} months)"


# A series of months


def monthly(values: Sequence[float | None], start: str) -> pd.Series:
    """Values in a row as a series indexed by month, from the month ``start`` ("2019-04") on; None is missing (NaN)."""
    first = month_number(start)
    months = [month_text(first + place) for place in range(len(values))]
    return pd.Series(list(values), index=pd.Index(months, name="month", dtype="str"), dtype=float)


def with_gaps(values: pd.Series, every: int = 1) -> pd.Series:
    """The series with a row for every month from its first to its last, in order; NaN where a month is missing.

    Parameters
    ----------
    values : a row a month (with ``every=3`` a row a quarter, named by its first month); see ``monthly``.

    Raises
    ------
    TypeError
        When it is no series: without its months nobody knows which values are a year apart.
    ValueError
        When it is empty, what it is indexed by is not a month, a month is there twice, a value is infinite, or the
        months are not ``every`` months apart.
    """
    if not isinstance(values, pd.Series):
        raise TypeError("give a series indexed by month: periods.monthly(values, '2019-04') makes one of a list")
    if every < 1:
        raise ValueError(f"points are 1 month apart or more, not {every}")
    if _is_whole(values, every):
        return values.astype(float)
    numbers = [month_number(_text(month)) for month in values.index]
    amounts = values.to_numpy(dtype=float, na_value=np.nan)
    if not numbers:
        raise ValueError("there is no month in the series")
    if np.isinf(amounts).any():
        raise ValueError("a value of the series is infinite")
    first, last = min(numbers), max(numbers)
    found = np.full((last - first) // every + 1, np.nan)
    seen = set()
    for number, amount in zip(numbers, amounts, strict=True):
        if number in seen:
            raise ValueError(f"{month_label(month_text(number))} is in the series twice")
        if (number - first) % every:
            raise ValueError(
                f"{month_label(month_text(number))} is not a whole number of {every} months after the first"
            )
        seen.add(number)
        found[(number - first) // every] = amount
    months = [month_text(number) for number in range(first, last + 1, every)]
    return pd.Series(found, index=pd.Index(months, name="month", dtype="str"), name=values.name)


def _is_whole(values: pd.Series, every: int) -> bool:
    """Whether a series is already what ``with_gaps`` gives, as it is told some hundred times a page."""
    if not len(values) or values.index.name != "month" or values.dtype != float or values.index.dtype != "str":
        return False
    months = values.index.tolist()
    first, last = month_number(months[0]), month_number(months[-1])
    in_order = months == [month_text(number) for number in range(first, last + 1, every)]
    return in_order and not bool(np.isinf(values.to_numpy()).any())


def _text(month: object) -> str:
    return month if isinstance(month, str) else f"{month:%Y-%m}"
