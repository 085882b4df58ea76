"""The page Drug and alcohol treatment: each published indicator by itself, with its own period and what it is held
against, and all of them side by side with a warning where their periods differ."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from csp_data.analysis import indicators
from csp_data.analysis.indicators import Point, Published
from csp_data.analysis.subject import Subject
from csp_data.catalogue.indicators import DRUGS_AND_ALCOHOL, INDICATORS
from csp_data.figures import indicators as figures
from csp_data.figures import wording
from csp_data.figures.chart import Chart

ORDER = (
    "in-treatment", "opiate-crack-users", "unmet-need-opiate-crack", "completion-ratio", "drug-misuse-deaths",
    "unmet-need-alcohol",
)  # fmt: skip
"""The indicators that lead the page; others on drugs and alcohol follow in the order of the catalogue."""

LONGEST_VALUE = 16
"""Characters of a figure in large type; the unit of a longer one stands above it."""

MISSING = (
    "This release has no published indicators. Add a Fingertips file, an NDTMS ViewIt export or a table of indicators to "
    "its build."
)


@dataclass(frozen=True)
class Card:
    """One indicator in words. ``lines`` are sentences: interval, what it is held against, trend."""

    indicator: str
    heading: str
    period: str
    value: str
    lines: tuple[str, ...]
    definition: str
    has_groups: bool


@dataclass(frozen=True)
class Told:
    """The words of the page. ``warning`` and ``missing`` are empty where there is nothing to say."""

    cards: tuple[Card, ...]
    others: tuple[Card, ...]
    """Indicators of another theme, or that the catalogue does not know."""
    warning: str
    side_by_side: Mapping[str, list[str]]
    missing: str
    """Which indicators the release lacks for the partnership, and how to add them."""


def words(subject: Subject, role: str) -> Told:
    """Everything the page says in words."""
    found = indicators.published(_rows(subject, role), subject.partnership)
    known = [name for name, each in INDICATORS.items() if each.theme == DRUGS_AND_ALCOHOL and name not in ORDER]
    lead = [found[name] for name in (*ORDER, *known) if name in found]
    others = [each for name, each in found.items() if name not in (*ORDER, *known)]
    return Told(
        cards=tuple(_card(each) for each in lead),
        others=tuple(_card(each) for each in others),
        warning=_warning([*lead, *others], subject.partnership.short_name),
        side_by_side=_side_by_side([*lead, *others], subject.partnership.short_name),
        missing=_missing(
            indicators.labels_elsewhere(_rows(subject, role), found), found, subject.partnership.short_name
        ),
    )


def over_time(subject: Subject, indicator: str, role: str) -> Chart:
    """The series of an indicator with its intervals, beside what it is held against."""
    found = _one(subject, indicator, role)
    about = figures.about(found, subject.release.id, subject.release.status)
    return figures.indicator_series(found.series, found.held_against, found.comparisons(), about)


def by_group(subject: Subject, indicator: str, role: str) -> Chart:
    """The latest period of an indicator by group of people."""
    found = _one(subject, indicator, role)
    period = found.latest.start, found.latest.end
    groups = {
        group: point for group, series in found.groups.items() for point in series if (point.start, point.end) == period
    }
    about = figures.about(found, subject.release.id, subject.release.status)
    return figures.indicator_groups(groups, about, found.latest.period)


def _rows(subject: Subject, role: str) -> pd.DataFrame:
    rows = subject.supplied("indicators")
    if not subject.release.has("indicators"):
        return rows
    return indicators.shown(rows, subject.release.extract("indicators").get("disclosure", "rounded"), role)


def _one(subject: Subject, indicator: str, role: str) -> Published:
    rows = _rows(subject, role)
    return indicators.published(rows[rows["indicator"] == indicator], subject.partnership)[indicator]


def _card(found: Published) -> Card:
    latest = found.latest
    comparisons = found.comparisons()
    value, unit = figures.figure_words(latest.value, latest.status, latest.unit), ""
    if len(value) > LONGEST_VALUE and latest.status == "available":
        value, unit = value.removesuffix(f" {latest.unit}"), f", {latest.unit}"
    lines = [
        _interval(latest),
        *[figures.comparison_words(each, latest.unit) for each in comparisons],
        *([] if comparisons else [_not_compared(latest)]),
        figures.trend_words(
            indicators.trend_of(found.series),
            found.polarity,
            [point.period for point in found.series[-indicators.TREND_POINTS :]],
        ),
    ]
    return Card(
        indicator=found.indicator,
        heading=found.label if not found.group else f"{found.label} ({found.group})",
        period=f"{found.area_name}, {latest.period}{unit}",
        value=value,
        lines=tuple(lines),
        definition=found.definition,
        has_groups=len(found.groups) > 1,
    )


def _not_compared(latest: Point) -> str:
    if latest.unit in indicators.COUNTS:
        return "Not compared: counts say nothing between areas of different size."
    return "Not compared: this release has no figure of England, the region or similar areas."


def _interval(latest: Point) -> str:
    if latest.status != "available":
        symbol = wording.SYMBOLS[latest.status]
        return f"{wording.capitalised(wording.SYMBOL_MEANINGS[symbol])}."
    interval = figures.interval_words(latest.lower, latest.upper, latest.unit)
    return f"95% interval {interval}." if interval else "The publisher gives no interval."


def _side_by_side(found: Sequence[Published], partnership: str) -> dict[str, list[str]]:
    """The latest figure of every indicator, heading -> cells: what it is, of which area where that is not the
    partnership's own, and for when."""
    none = wording.SYMBOLS["not applicable"]
    table: dict[str, list[str]] = {
        name: [] for name in ("Indicator", "Period", "Value (95% interval)", "Against others", "Recent trend")
    }
    for each in found:
        latest = each.latest
        tested = [figures.verdict_short(one) for one in each.comparisons() if one.verdict]
        value = figures.figure_words(latest.value, latest.status, latest.unit)
        interval = figures.interval_words(latest.lower, latest.upper, latest.unit)
        cells = (
            each.label if each.area_name == partnership else f"{each.label} ({each.area_name})",
            latest.period,
            f"{value} ({interval})" if interval else value,
            "; ".join(tested) or none,
            figures.trend_short(indicators.trend_of(each.series), each.polarity),
        )
        for heading, cell in zip(table, cells, strict=True):
            table[heading].append(cell)
    return table


def _warning(found: Sequence[Published], partnership: str) -> str:
    """What must be said where the page mixes periods or areas."""
    latest = sorted({(each.latest.start, each.latest.end, each.latest.period) for each in found})
    periods = list(dict.fromkeys(period for *_, period in latest))
    areas = list(dict.fromkeys(each.area_name for each in found))
    parts = []
    if len(periods) > 1:
        parts.append(
            f"**These figures are for {len(periods)} different periods:** {wording.joined(periods)}. Do not add them "
            "up, or read one as the cause of another."
        )
    if len(areas) > 1:
        parts.append(f"They are for different areas: {wording.joined(areas)}.")
    elif areas and areas[0] != partnership:
        parts.append(f"They are for {areas[0]}, not for {partnership} alone.")
    return " ".join(parts)


def _missing(elsewhere: Sequence[str], found: Collection[str], partnership: str) -> str:
    """The indicators that lead the page, and those the release has of other areas only, that are not ``found``."""
    labels = dict.fromkeys([*(INDICATORS[name].label for name in ORDER if name not in found), *elsewhere])
    if not labels:
        return ""
    names = wording.joined([wording.lowered(label) for label in labels])
    return (
        f"This release has no figure of {partnership} on {names}: add {partnership}'s rows of a Fingertips file, an NDTMS "
        "ViewIt export or a table of indicators to its build."
    )
