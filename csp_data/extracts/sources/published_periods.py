"""Periods as publishers write them: "2018/19", "2018 - 20", "year ending June 2025", "2019/20 Q1".

Every one becomes its first and last month, so that a page can say when two figures are not of the same time.
"""

import re

import pandas as pd

_MONTHS = {
    name: n
    for n, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_YEAR = r"(?:19|20)\d\d"
_NAME = r"[a-z]{3,9}\.?"

EXAMPLES = (
    "2019, 2018/19, 2018 - 20, 2018/19 - 20/21, 2019/20 Q1, 2019 Q1, April 2019, 2019-04 or year ending June 2019"
)


def months_of(period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First days of the first and of the last month of a period.

    A single year is the calendar year, "2018/19" the financial year from April, "2018 - 20" calendar years together.

    Raises
    ------
    ValueError
        When the period is written in no way known here.
    """
    text = re.sub(r"\s+", " ", period.strip().lower())
    text = re.sub(r"\s*\((?:p|r|provisional|revised)\)$", "", text).replace("–", "-")
    for pattern, read in _PATTERNS:
        match = re.fullmatch(pattern, text)
        if match:
            start, end = read(*match.groups())
            if end < start or (end.year - start.year) > 20:
                break
            return start, end
    raise ValueError(period)


def _month(year: str, month: int) -> pd.Timestamp:
    return pd.Timestamp(int(year), month, 1)


def _span(first: pd.Timestamp, months: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    return first, first + pd.DateOffset(months=months - 1)


def _named(name: str, year: str) -> pd.Timestamp:
    if name[:3] not in _MONTHS:
        raise ValueError(name)
    return _month(year, _MONTHS[name[:3]])


def _whole(start: str, end: str) -> str:
    """The year that "20" means after "2018"."""
    century = int(start[:2]) + (int(end) < int(start[2:])) if len(end) == 2 else 0
    return f"{century}{end}" if len(end) == 2 else end


def _financial(start: str, end: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if int(_whole(start, end)) != int(start) + 1:
        raise ValueError(f"{start}/{end}")
    return _span(_month(start, 4), 12)


def _financial_years(start: str, start_end: str, end: str, end_end: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return _financial(start, start_end)[0], _financial(_whole(start, end), end_end)[1]


def _financial_quarter(start: str, end: str, quarter: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return _span(_financial(start, end)[0] + pd.DateOffset(months=3 * (int(quarter) - 1)), 3)


def _year_ending(name: str, year: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    last = _named(name, year)
    return last - pd.DateOffset(months=11), last


_PATTERNS = (
    # Before years joined by a hyphen: "2010-12" is a month, and publishers write "2010 - 12" for three years.
    (rf"({_YEAR})-(0[1-9]|1[0-2])(?:-01)?", lambda y, m: _span(_month(y, int(m)), 1)),
    (rf"({_YEAR})", lambda y: _span(_month(y, 1), 12)),
    (rf"({_YEAR})/(\d\d|{_YEAR})", _financial),
    (rf"({_YEAR})/(\d\d) ?- ?((?:{_YEAR}|\d\d))/(\d\d)", _financial_years),
    (rf"({_YEAR}) ?- ?(\d\d|{_YEAR})", lambda a, b: (_month(a, 1), _month(_whole(a, b), 12))),
    (rf"({_YEAR})/(\d\d) q([1-4])", _financial_quarter),
    (rf"({_YEAR}) q([1-4])", lambda y, q: _span(_month(y, 3 * int(q) - 2), 3)),
    (rf"({_NAME}) ({_YEAR})", lambda n, y: _span(_named(n, y), 1)),
    (
        rf"({_NAME}) ({_YEAR}) ?(?:-|to) ?({_NAME}) ({_YEAR})",
        lambda n, y, to_n, to_y: (_named(n, y), _named(to_n, to_y)),
    ),
    (rf"({_YEAR})-(0[1-9]|1[0-2])-01/p1y", lambda y, m: _span(_month(y, int(m)), 12)),
    (rf"(?:12 months|year) ending (?:in )?({_NAME}) ({_YEAR})", _year_ending),
)
