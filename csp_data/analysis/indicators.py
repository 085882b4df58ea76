"""Published indicators of an area: its series, what it is held against, and the recent trend.

Values and intervals are the publisher's: nothing is worked out again, so a value without an interval gets no verdict
and no trend. A value the publisher withholds is withheld here, and everything built on it.

Sources: ``analysis.benchmark`` (verdicts) and ``analysis.trend_marker`` (recent trend), after Fingertips.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isnan, nan

import numpy as np
import pandas as pd

from csp_data.analysis import benchmark, disclosure, trend_marker
from csp_data.analysis.periods import Span, month_number, month_text
from csp_data.analysis.trend_marker import Trend
from csp_data.catalogue.indicators import INDICATORS, Polarity, indicator_named
from csp_data.catalogue.partnerships import Partnership

COUNTS = ("people", "count", "")
"""Units of counts, which say nothing between areas of different size."""
TREND_POINTS = trend_marker.POINTS

_COUNTRIES = ("E92", "W92", "K02", "K03", "K04")
"""England, Wales, and countries together, which stand in only where an area's own country has no figure."""
_REGIONS = ("E12",)
_NO_PLACE = "average"
"""What the name of a row that is no place begins with: "Average of similar areas"."""
_NUMBERS = ("value", "lower", "upper", "numerator", "denominator")
_YEAR = 12


@dataclass(frozen=True)
class Point:
    """One figure of one area, group and period. Numbers are NaN where missing or withheld, as ``status`` says."""

    period: str
    start: str
    end: str
    value: float = nan
    lower: float = nan
    upper: float = nan
    unit: str = ""
    status: str = "available"
    note: str = ""
    source: str = ""


Series = tuple[Point, ...]
"""Figures of one area and group, oldest first; a period that the publisher skips is there as missing."""


@dataclass(frozen=True)
class Published:
    """All that a release has of one indicator about a partnership, and about what it can be held against."""

    indicator: str
    label: str
    """The catalogue's name of an indicator it knows, else the one it is published under."""
    polarity: Polarity
    definition: str
    area: str
    area_name: str
    groups: Mapping[str, Series]
    """Group of people -> series of the partnership's area; everybody is ""."""
    others: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)
    """Name of a country, region or average -> group -> series."""

    @property
    def group(self) -> str:
        """The group that leads: everybody, else the first."""
        return "" if "" in self.groups else next(iter(self.groups))

    @property
    def series(self) -> Series:
        return self.groups[self.group]

    @property
    def latest(self) -> Point:
        """The latest figure given, with a value or withheld; where there is none, the latest period."""
        return next((point for point in reversed(self.series) if point.status != "missing"), self.series[-1])

    @property
    def held_against(self) -> dict[str, Series]:
        """Name -> series of the same group; nothing for a count, which is not compared between areas."""
        if self.latest.unit in COUNTS:
            return {}
        return {name: groups[self.group] for name, groups in self.others.items() if self.group in groups}

    def comparisons(self) -> tuple["Comparison", ...]:
        """The latest figure against each of the others."""
        return tuple(compare(self.latest, other, name, self.polarity) for name, other in self.held_against.items())


@dataclass(frozen=True)
class Comparison:
    """An area's latest figure against another area's of the same period. ``verdict`` is "" where there is none, with a
    sentence in ``reason``; ``direction`` says on which side it lies whatever that means."""

    name: str
    period: str
    value: float
    verdict: str
    direction: str
    reason: str = ""


def shown(rows: pd.DataFrame, rule: str, role: str) -> pd.DataFrame:
    """The rows of the dataset ``indicators`` as a role may see them.

    Indicators under the rules "published" and "open" are shown as published. Under any other, as for figures that a
    treatment service supplies itself, counts of people pass the same gateway as counts of crime, and a value made from a
    withheld count is withheld with it.

    Raises
    ------
    ValueError
        When there is no such rule or role.
    """
    if rule in ("published", "open"):
        return rows
    counted = (rows["unit"] == "people").to_numpy()
    value = rows["value"].to_numpy(dtype=float)
    numerator, hidden = disclosure.shown(rows["numerator"].to_numpy(dtype=float), rule, role)
    people, too_few = disclosure.shown(np.where(counted, value, nan), rule, role)
    withheld = hidden | too_few
    table = rows.assign(
        value=np.where(counted, people, value),
        numerator=numerator,
        value_status=np.where(withheld, "withheld", rows["value_status"]),
    )
    names = list(_NUMBERS)
    table[names] = table[names].mask(np.repeat(withheld[:, None], len(names), axis=1))
    return table


def published(rows: pd.DataFrame, partnership: Partnership) -> dict[str, Published]:
    """What the rows of the dataset ``indicators`` say about a partnership, by indicator in the order of the rows.

    The partnership's area is its own code, its only district, else the county it lies in, which answers for drug and
    alcohol treatment. It is held against its country, its region and averages that are no place, never against itself; of
    several regions against the one the partnership names in ``part_of``. An indicator without a figure of the
    partnership is left out.
    """
    own = _own_codes(partnership)
    found: dict[str, dict[tuple[str, str], dict[str, list[Point]]]] = {}
    labels: dict[str, str] = {}
    wanted = [
        code in own or code.startswith((*_COUNTRIES, *_REGIONS)) or name.lower().startswith(_NO_PLACE)
        for code, name in zip(rows["area_code"].tolist(), rows["area_name"].tolist(), strict=True)
    ]
    kept = rows[np.array(wanted, dtype=bool)]
    names = ("indicator", "label", "area_code", "area_name", "group")
    for *about, point in zip(*(kept[name].tolist() for name in names), _points(kept), strict=True):
        indicator, label, code, name, group = about
        labels.setdefault(indicator, label)
        found.setdefault(indicator, {}).setdefault((code, name), {}).setdefault(group, []).append(point)
    made = {}
    for indicator, places in found.items():
        area = next((pair for code in own for pair in places if pair[0] == code), None)
        if area is None:
            continue
        known = INDICATORS.get(indicator)
        made[indicator] = Published(
            indicator=indicator,
            label=known.label if known else labels[indicator],
            polarity=polarity_of(indicator),
            definition=definition_of(indicator),
            area=area[0],
            area_name=area[1],
            groups={group: series_of(points) for group, points in places[area].items()},
            others={
                name: {group: series_of(points) for group, points in places[code, name].items()}
                for code, name in _wholes(places, partnership)
            },
        )
    return made


def labels_elsewhere(rows: pd.DataFrame, found: Iterable[str]) -> list[str]:
    """Labels of the indicators in the rows that are not among those found of the partnership."""
    pairs = rows.loc[~rows["indicator"].isin(list(found)), ["indicator", "label"]].drop_duplicates("indicator")
    return [INDICATORS[name].label if name in INDICATORS else label for name, label in pairs.itertuples(index=False)]


def polarity_of(indicator: str) -> Polarity:
    """Which side is better; "neither" for an indicator that the catalogue does not know."""
    try:
        return indicator_named(indicator).polarity
    except KeyError:
        return "neither"


def definition_of(indicator: str) -> str:
    """What is measured; "" for an indicator that the catalogue does not know."""
    try:
        return indicator_named(indicator).definition
    except KeyError:
        return ""


def series_of(points: Iterable[Point]) -> Series:
    """Points in order of time. Periods skipped between others of one length and step are put in as missing."""
    ordered = sorted(points, key=lambda point: (point.start, point.end))
    starts = [month_number(point.start) for point in ordered]
    lengths = {Span(point.start, point.end).length for point in ordered}
    steps = [later - earlier for earlier, later in pairwise(starts)]
    if len(lengths) != 1 or not steps or min(steps) < 1 or any(gap % min(steps) for gap in steps):
        return tuple(ordered)
    length, known = lengths.pop(), set(starts)
    for start in range(starts[0], starts[-1], min(steps)):
        if start not in known:
            span = Span(month_text(start), month_text(start + length - 1))
            ordered.append(
                Point(period_name(span), span.start, span.end, unit=ordered[0].unit, status="missing",
                      source=ordered[0].source)
            )  # fmt: skip
    return tuple(sorted(ordered, key=lambda point: point.start))


def is_rolling(series: Sequence[Point]) -> bool:
    """Whether the periods of a series overlap: each figure then shares years with the one before it."""
    return any(later.start <= earlier.end for earlier, later in pairwise(series))


def trend_of(series: Sequence[Point]) -> Trend:
    """The recent trend of a series, or why it cannot be calculated.

    A gap among the latest five years, figures that share years, or figures that are not a year apart have no trend.
    """
    latest = series[-TREND_POINTS:]
    if is_rolling(series):
        return Trend("cannot be calculated", reason="Each figure shares years with the one before it.")
    if any(month_number(later.start) - month_number(earlier.start) != _YEAR for earlier, later in pairwise(latest)):
        return Trend("cannot be calculated", reason="The figures are not a year apart.")
    if any(point.status == "withheld" for point in latest):
        return Trend("cannot be calculated", reason=f"A figure is withheld in the latest {TREND_POINTS}.")
    whole = len(series) >= TREND_POINTS and not any(isnan(point.value) for point in latest)
    if whole and any(isnan(point.lower) or isnan(point.upper) for point in latest):
        return Trend("cannot be calculated", reason="The publisher gives no interval, and the test needs one.")
    return trend_marker.recent_trend(*([getattr(point, name) for point in series] for name in _NUMBERS[:3]))


def compare(own: Point, other: Sequence[Point], name: str, polarity: str) -> Comparison:
    """An area's figure against another area's of the same period, the other taken as fixed.

    Parameters
    ----------
    other : the series of what it is held against, whose name is ``name``.
    """
    value = next((point.value for point in other if (point.start, point.end) == (own.start, own.end)), nan)
    reason = ""
    if own.status == "withheld":
        reason = "The figure is withheld."
    elif own.unit in COUNTS:
        reason = "Counts are not compared between areas of different size."
    elif isnan(value):
        given = [point.period for point in other if not isnan(point.value)]
        latest = f" (the latest is for {given[-1]})" if given else ""
        reason = f"There is no such figure for {own.period}{latest}."
    elif isnan(own.lower) or isnan(own.upper):
        reason = "The publisher gives no interval, so the difference cannot be tested."
    if reason:
        return Comparison(name, own.period, value, "", "", reason)
    verdict, direction = (
        str(benchmark.verdicts(own.lower, own.upper, value, each)[0]) for each in (polarity, "neither")
    )
    return Comparison(name, own.period, value, verdict, direction)


def table_of(series: Sequence[Point]) -> pd.DataFrame:
    """A series as a table: ``period``, ``period_start``, ``period_end``, ``value``, ``lower``, ``upper``, ``unit``,
    ``value_status``, ``note``, ``source``."""
    return pd.DataFrame(
        {
            "period": [point.period for point in series],
            "period_start": [point.start for point in series],
            "period_end": [point.end for point in series],
            **{name: np.array([getattr(point, name) for point in series], dtype=float) for name in _NUMBERS[:3]},
            "unit": [point.unit for point in series],
            "value_status": [point.status for point in series],
            "note": [point.note for point in series],
            "source": [point.source for point in series],
        }
    )


def period_name(span: Span) -> str:
    """A period as it is shown: "2018/19", "2018", "2018–20"; else its months in words."""
    first, last, length = int(span.start[:4]), int(span.end[:4]), span.length
    month = span.start[5:]
    if month == "04" and length == _YEAR:
        return f"{first}/{last % 100:02d}"
    if month == "01" and length == _YEAR:
        return str(first)
    if month == "01" and length % _YEAR == 0:
        return f"{first}–{last % 100:02d}"
    return span.label


def _own_codes(partnership: Partnership) -> tuple[str, ...]:
    districts = partnership.districts if len(partnership.districts) == 1 else ()
    counties = (code for code in partnership.part_of if not code.startswith(_REGIONS))
    return tuple(filter(None, (partnership.csp_code, *districts, *counties)))


def _wholes(places: Iterable[tuple[str, str]], partnership: Partnership) -> list[tuple[str, str]]:
    pairs = list(places)
    countries = [pair for pair in pairs if pair[0].startswith(_COUNTRIES)]
    home = {code[:1] for code in _own_codes(partnership)}
    own = [pair for pair in countries if pair[0][:1] in home]
    regions = [pair for pair in pairs if pair[0].startswith(_REGIONS)]
    named = [pair for pair in regions if pair[0] in partnership.part_of]
    return [
        *(own or [pair for pair in countries if pair[0].startswith("K")]),
        *(named or (regions if len(regions) == 1 else [])),
        *(pair for pair in pairs if pair[1].lower().startswith(_NO_PLACE)),
    ]


def _points(rows: pd.DataFrame) -> list[Point]:
    given = rows["value_status"] == "available"
    columns = [
        [period.replace(" - ", "–") for period in rows["period"].tolist()],
        *(np.datetime_as_string(rows[name].to_numpy(), "M").tolist() for name in ("period_start", "period_end")),
        *(rows[name].where(given).astype(float).tolist() for name in _NUMBERS[:3]),
        *(rows[name].tolist() for name in ("unit", "value_status", "note", "source")),
    ]
    return [Point(*row) for row in zip(*columns, strict=True)]
