"""The latest month, 3 and 6 months, year to date and rolling 12 months, each against the same period a year before.

Never this month against the last as a headline: the season is in it. Percentages, intervals and verdicts are those of
``change.percentage_change`` (exact; Clopper and Pearson 1934).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from csp_data.analysis import periods
from csp_data.analysis.change import SMALLEST_BASE, percentage_change
from csp_data.analysis.periods import Span, with_gaps
from csp_data.analysis.rates import CONFIDENCE


@dataclass(frozen=True)
class Window:
    """A period that ends with a month. ``before`` is false where the months just before are no like period."""

    id: str
    label: str
    span: Callable[[str], Span]
    before: bool = True


def _last(months: int) -> Callable[[str], Span]:
    return lambda end: Span(periods.month_text(periods.month_number(end) - months + 1), end)


WINDOWS = (
    Window("1_month", "Latest month", _last(1)),
    Window("3_months", "Latest 3 months", _last(3)),
    Window("6_months", "Latest 6 months", _last(6)),
    Window("year_to_date", "Financial year to date", periods.year_to_date, before=False),
    Window("rolling_12", "Latest 12 months", periods.rolling_12),
)


def comparisons(
    counts: pd.Series, end: str | None = None, excluded: Collection[str] = (), confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Five periods that end with a month, each against the same months a year before.

    Parameters
    ----------
    counts : a count a month, indexed by month ("2019-04"); one left out, or NaN, is missing.
    end : the last month; without it, the last that is there. Give the last complete one.
    excluded : months no comparison may hold, on either side (those of the pandemic, say).

    Returns
    -------
    A row a period: ``window`` (id), ``label``, ``period`` and ``compare_period`` in words, ``start``, ``end``,
    ``compare_start``, ``compare_end``, ``months``; ``current`` and ``previous_year`` (counts, NaN when a month is
    missing); ``change`` (a count), ``percent``, ``lower``, ``upper`` (change in percent with its interval) and
    ``verdict`` ("higher", "lower", "similar", "" when not compared); ``chance`` ("more than chance", "within chance",
    ""); ``reason`` (a sentence when there is no percentage); ``days`` and ``compare_days``, with ``percent_per_day``,
    which differs from ``percent`` only where one side has a leap day; ``preceding`` (the count of as many months just
    before, for reference only: the season is in it; NaN for the year to date, which has no like period there).

    There is no percentage on a base of under 50, or against a missing month or one set aside; the verdict stays in the
    first case. The interval covers chance only, of events that are independent.

    Raises
    ------
    ValueError
        When the series is empty or all missing, or ``end`` is not a month.
    """
    series = with_gaps(counts)
    known = series.dropna()
    if known.empty:
        raise ValueError("there is no count in the series")
    last = end or str(known.index[-1])
    set_aside = set(excluded)
    rows = []
    for window in WINDOWS:
        span = window.span(last)
        other = periods.previous_year(span)
        current, previous = _total(series, span), _total(series, other)
        reason = _reason(known, span, other, set_aside, previous)
        rows.append(
            {
                "window": window.id,
                "label": window.label,
                "period": span.label,
                "start": span.start,
                "end": span.end,
                "months": span.length,
                "compare_period": other.label,
                "compare_start": other.start,
                "compare_end": other.end,
                "current": current,
                "previous_year": previous,
                "reason": reason,
                "days": _days(span),
                "compare_days": _days(other),
                "preceding": _total(series, span.shifted(-span.length)) if window.before else np.nan,
            }
        )
    table = pd.DataFrame(rows)
    compared = ~table["reason"].str.startswith("Not compared")
    now, then = table["current"].where(compared), table["previous_year"].where(compared)
    changes = percentage_change(now, then, confidence=confidence)
    daily = percentage_change(now, then, table["days"], table["compare_days"], confidence)
    base = then >= SMALLEST_BASE
    table["change"] = now - then
    for column in ("percent", "lower", "upper"):
        table[column] = changes[column].where(base)
    table["verdict"] = changes["verdict"]
    table["chance"] = changes["verdict"].map(
        {"higher": "more than chance", "lower": "more than chance", "similar": "within chance"}
    )
    table["chance"] = table["chance"].fillna("")
    table["percent_per_day"] = daily["percent"].where(base)
    return table


def _total(series: pd.Series, span: Span) -> float:
    """NaN when a month is missing."""
    return float(series.reindex(list(span.months)).sum(skipna=False))


def _reason(known: pd.Series, span: Span, other: Span, set_aside: set[str], previous: float) -> str:
    for asked in (span, other):
        if periods.present(asked, list(known.index)) < asked.length:
            return f"Not compared: the data do not hold all of {asked.label}."
    both = [month for month in (*other.months, *span.months) if month in set_aside]
    if both:
        left_out = " and ".join(run.label for run in periods.runs(both))
        return f"Not compared: it would take in {left_out}, set aside as not like other times."
    return f"No percentage is given on a base of under {SMALLEST_BASE}." if previous < SMALLEST_BASE else ""


def _days(span: Span) -> int:
    after = periods.month_number(span.end) + 1
    return (date(after // 12, after % 12 + 1, 1) - date(int(span.start[:4]), int(span.start[5:]), 1)).days
