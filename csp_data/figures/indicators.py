"""Published indicators: a figure in words, and its series with intervals beside what it is held against."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal, NamedTuple

import pandas as pd

from csp_data.analysis.indicators import COUNTS, Comparison, Point, Published, Series, table_of
from csp_data.analysis.trend_marker import Trend, judgement
from csp_data.catalogue.statuses import notice
from csp_data.figures import theme, wording
from csp_data.figures.chart import Chart, Column, Provenance, drawn

HEIGHT = 300
_TOP, _BOTTOM, _RIGHT = 26, 8, 104
_NAME_CHARACTERS = 13
"""Longer names of what an area is held against are broken over lines, to leave a telephone's width to the chart."""
_LINE = 16  # pixels of a line of a name at the end of its line
_PERIODS_NAMED = 2.5  # which leaves three names of up to nine letters in 160 pixels
_DASHES = ("dash", "dot", "dashdot", "longdash")

_SIGNS = {"above": "▲", "below": "▼", "same": "≈"}
_DIRECTIONS = {"higher": "above", "lower": "below", "similar": "same"}
_TREND_SIGNS = {"increasing": "▲", "decreasing": "▼", "no significant change": "≈"}


@dataclass(frozen=True)
class About:
    """What the charts of an indicator are about: the words they share."""

    label: str
    group: str
    area_name: str
    unit: str
    polarity: str
    release: str
    status: str

    @property
    def measured(self) -> str:
        """ "Adults in treatment", "Adults in treatment (opiates)"."""
        return f"{self.label} ({wording.lowered(self.group)})" if self.group else self.label


def about(found: Published, release: str, status: str) -> About:
    return About(
        found.label, found.group, found.area_name, found.latest.unit, found.polarity, release=release, status=status
    )


def places_of(unit: str) -> int:
    """Decimals: none for counts, one for rates and percentages, two for ratios and, as published, scores."""
    if unit in ("people", "count", ""):
        return 0
    return wording.RATIO_PLACES if unit.startswith(("times", "score")) or "ratio" in unit else 1


def short_name(name: str) -> str:
    """What an area is held against, for titles and cells: "areas like it" for "Average of similar areas (fictional)"."""
    plain = name.partition(" (")[0]
    return {"Average of similar areas": "areas like it"}.get(
        plain, wording.lowered(plain) if plain.startswith("Average") else plain
    )


def long_name(name: str) -> str:
    """The same in a sentence: "the average of similar areas (fictional)"."""
    return f"the {wording.lowered(name)}" if name.startswith("Average") else name


def figure_words(value: float | None, status: str, unit: str) -> str:
    """ "63.7%", "1,459 people", "4.4 per 100,000", "1.30 times the England rate"; the symbol where there is none."""
    text = wording.shown(value, status, places_of(unit))
    if not wording.known(value) or status != "available":
        return text
    if unit == "%":
        return f"{text}%"
    if unit.startswith("score out of"):
        return f"{text} out of {unit.rpartition(' ')[2]}"
    return f"{text} {unit}".strip()


def _bare(value: float, unit: str) -> str:
    """A value whose unit has just been said: "52.1%", "4.4"."""
    return wording.number(value, places_of(unit)) + ("%" if unit == "%" else "")


def interval_words(lower: float | None, upper: float | None, unit: str) -> str:
    """ "58.2% to 69.1%"; empty when a limit is not known."""
    words = wording.interval_words(lower, upper, places_of(unit))
    return words.replace(" to ", "% to ") + "%" if words and unit == "%" else words


def comparison_words(found: Comparison, unit: str) -> str:
    """ "▲ Worse than England (52.1%, 2018/19): higher by more than chance": a sign for the side, a word for what it
    means, and never a colour. Where nothing is better or worse it says higher or lower; where there is no test, why."""
    if not found.verdict:
        return f"Not compared with {long_name(found.name)}: {wording.lowered(found.reason)}"
    base = f"{long_name(found.name)} ({_bare(found.value, unit)}, {found.period})"
    sign = _SIGNS[_DIRECTIONS[found.direction]]
    if found.verdict == "similar":
        return f"{sign} Similar to {base}: the difference could be chance."
    side = f": {found.direction}" if found.verdict != found.direction else ":"
    return f"{sign} {wording.capitalised(found.verdict)} than {base}{side} by more than chance."


def trend_words(trend: Trend, polarity: str, periods: Sequence[str]) -> str:
    """ "▲ Increasing, getting worse, over the five years 2014/15 to 2018/19"."""
    if trend.marker == "cannot be calculated":
        return f"Recent trend cannot be calculated. {trend.reason}"
    means = judgement(trend.marker, polarity)
    over = f"over the five years {periods[0]} to {periods[-1]}"
    sign = _TREND_SIGNS[trend.marker]
    return f"Recent trend: {sign} {trend.marker}{f', {means},' if means else ''} {over}."


def trend_short(trend: Trend, polarity: str) -> str:
    """For a cell of a table: "▲ increasing, getting worse"."""
    if trend.marker == "cannot be calculated":
        return "cannot be calculated"
    means = judgement(trend.marker, polarity)
    return f"{_TREND_SIGNS[trend.marker]} {trend.marker}{f', {means}' if means else ''}"


def verdict_short(found: Comparison) -> str:
    """For a cell of a table: "▲ worse than England", "≈ similar to England", or the symbol of no comparison."""
    if not found.verdict:
        return wording.SYMBOLS["not applicable"]
    link = "to" if found.verdict == "similar" else "than"
    return f"{_SIGNS[_DIRECTIONS[found.direction]]} {found.verdict} {link} {short_name(found.name)}"


def indicator_series(
    own: Series, others: Mapping[str, Series], comparisons: Sequence[Comparison], about: About
) -> Chart:
    """An area's figures over time with their intervals, and a line for each area it is held against.

    Parameters
    ----------
    others : name -> series of the same indicator; drawn where they have a figure for one of the own periods.
    comparisons : of the latest figure, the first of which gives the title.
    """
    rows = _with_others(own, others, about)
    values, lower, upper = drawn(rows), drawn(rows, "lower"), drawn(rows, "upper")
    lines = {name: drawn(rows, _column(name), _status(name)) for name in others}
    lines = {name: line for name, line in lines.items() if any(value is not None for value in line)}
    every = [v for line in (values, upper, *lines.values()) for v in line if v is not None]
    highest = max(every, default=0)
    places = list(range(len(rows)))
    figure = theme.build_figure(
        [
            _whiskers(places, lower, upper),
            *[
                _line(places, line, theme.COMPARISON if n == 0 else theme.EVENT_LINE, _DASHES[n % 4], name, about.unit)
                for n, (name, line) in enumerate(lines.items())
            ],
            _own_line(places, values, lower, upper, about),
            *_no_figure(places, rows["value_status"].tolist()),
        ],
        theme.layout(
            HEIGHT,
            {"l": 8, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
            xaxis=_period_axis(rows["period"].tolist()),
            yaxis=_scale(every, highest),
            annotations=[
                theme.note(
                    "%" if about.unit == "%" else wording.capitalised(about.unit), xref="paper", x=0, xanchor="left",
                    yref="paper", y=1, yanchor="bottom", yshift=6, font=theme.STRONG,
                ),
                *_names_at_the_end({about.area_name: values, **lines}, highest or 1),
            ],
        ),
    )  # fmt: skip
    return Chart(
        kind="indicator series",
        title=_title(rows, comparisons, about),
        subtitle=_subtitle(rows, about),
        alt=_alt(rows, values, lines, comparisons, about),
        data=rows,
        columns=_columns(about, list(lines)),
        figure=figure,
        height=HEIGHT,
        notes=_notes(rows),
        **_provenance(rows, about),
    )


def indicator_groups(groups: Mapping[str, Point], about: About, period: str) -> Chart:
    """One period's figures by group of people, a bar each, everybody first, then in the publisher's order."""
    ordered = sorted(groups, key=lambda group: group != "")
    table = _rows_of([groups[group] for group in ordered], about)
    table = table.assign(group=ordered, group_label=[group or "Everybody" for group in ordered])
    values, names = drawn(table), table["group_label"].tolist()
    texts = [
        wording.shown(value, status, places_of(about.unit))
        + {"missing": " no figure", "withheld": " withheld"}.get(status, "%" if about.unit == "%" else "")
        for value, status in zip(table["value"].tolist(), table["value_status"].tolist(), strict=True)
    ]
    places = list(range(len(table)))
    margin = {"l": 8, "r": 8, "t": 8, "b": 30}
    labels = ["<br>".join(wrap(name, 20)) for name in names]
    lines = max(label.count("<br>") + 1 for label in labels)
    height = len(table) * max(theme.ROW_HEIGHT, 17 * lines + 8) + margin["t"] + margin["b"]
    reach = max((value for value in values if value is not None), default=0)
    figure = theme.build_figure(
        [
            {
                "type": "bar", "orientation": "h", "x": values, "y": places, "width": 0.66, "hoverinfo": "skip",
                "marker": {"color": [theme.SERIES if group else theme.CONTEXT for group in table["group"].tolist()]},
            },
            {
                "type": "scatter", "mode": "text", "x": [value or 0 for value in values], "y": places,
                "text": [f"\u2002{text}" for text in texts], "textposition": "middle right", "cliponaxis": False,
                "hoverinfo": "skip", "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT},
            },
        ],
        theme.layout(
            height,
            margin,
            xaxis=theme.axis(range=[0, reach * 1.5 or 1], nticks=4, tickformat=","),
            yaxis=theme.axis(
                tickvals=places, ticktext=labels, zeroline=False,
                range=[len(table) - 0.5, -0.5], showgrid=False, ticks="",
            ),
        ),
    )  # fmt: skip
    said = [f"{name} {text}" for name, text in zip(names, texts, strict=True)]
    return Chart(
        kind="indicator groups",
        title=_title_of_groups(table, about.unit, period),
        subtitle=f"{about.label}, {_unit_words(about.unit)}, {about.area_name}, {period}",
        alt=f"Bar chart of {wording.lowered(about.label)} by group in {about.area_name}, {period}: {'; '.join(said)}.",
        data=table,
        columns=(
            Column("group_label", "Group"),
            Column("value", wording.capitalised(_unit_words(about.unit)), _how(about.unit)),
        ),
        figure=figure,
        height=height,
        notes=_notes(table.assign(period=names), signs=False),
        **_provenance(table, about),
    )


def _with_others(own: Series, others: Mapping[str, Series], about: About) -> pd.DataFrame:
    """The own rows with a column for the value of each other area in the same period, and one for its status."""
    rows = _rows_of(own, about)
    columns: dict[str, Any] = {}
    for name, series in others.items():
        by_period = {(point.start, point.end): point for point in series}
        found = [by_period.get((point.start, point.end)) for point in own]
        columns[_column(name)] = [float("nan") if point is None else point.value for point in found]
        columns[_status(name)] = ["missing" if point is None else point.status for point in found]
    return rows.assign(**columns)


def _rows_of(points: Sequence[Point], about: About) -> pd.DataFrame:
    """Points as rows that each say what they are, with the interval in words."""
    rows = table_of(points)
    intervals = [
        interval_words(low, high, about.unit) if status == "available" else wording.SYMBOLS.get(status, "")
        for low, high, status in zip(
            rows["lower"].tolist(), rows["upper"].tolist(), rows["value_status"].tolist(), strict=True
        )
    ]
    return rows.assign(indicator=about.label, area_name=about.area_name, interval=intervals)


def _column(name: str) -> str:
    """Name of the column of an area held against, also in a downloaded table: "south_east"."""
    return "_".join(re.findall(r"[a-z0-9]+", short_name(name).lower()))


def _status(name: str) -> str:
    return f"{_column(name)}_status"


def _columns(about: About, others: Sequence[str]) -> tuple[Column, ...]:
    how = _how(about.unit)
    return (
        Column("period", "Period"),
        Column("value", about.area_name, how),
        Column("interval", "95% interval"),
        *[Column(_column(name), wording.capitalised(short_name(name)), how, status=_status(name)) for name in others],
    )


def _how(unit: str) -> Literal["percent", "count", "ratio", "rate"]:
    if unit == "%":
        return "percent"
    places = places_of(unit)
    return "count" if places == 0 else "ratio" if places == wording.RATIO_PLACES else "rate"


def _whiskers(places: Sequence[int], lower: Sequence[float | None], upper: Sequence[float | None]) -> dict[str, Any]:
    spans: dict[str, list[float | None]] = {"x": [], "y": []}
    for place, low, high in zip(places, lower, upper, strict=True):
        if low is not None and high is not None:
            spans["x"] += [place, place, None]
            spans["y"] += [low, high, None]
    return {
        "type": "scatter",
        "mode": "lines",
        **spans,
        "line": {"color": theme.CONTEXT, "width": 6},
        "hoverinfo": "skip",
    }


def _own_line(
    places: Sequence[int],
    values: Sequence[float | None],
    lower: Sequence[float | None],
    upper: Sequence[float | None],
    about: About,
) -> dict[str, Any]:
    hover = [
        "".join(
            [figure_words(value, "available", about.unit) if value is not None else ""]
            + [f" (95% interval {words})" for words in [interval_words(low, high, about.unit)] if words]
        )
        for value, low, high in zip(values, lower, upper, strict=True)
    ]
    return {
        "type": "scatter", "mode": "lines+markers", "x": list(places), "y": list(values), "connectgaps": False,
        "line": {"color": theme.SERIES, "width": 2.5}, "marker": {"color": theme.SERIES, "size": 8}, "cliponaxis": False,
        "customdata": hover, "hovertemplate": f"{about.area_name}: %{{customdata}}<extra></extra>",
    }  # fmt: skip


def _line(
    places: Sequence[int], values: Sequence[float | None], colour: str, dash: str, name: str, unit: str
) -> dict[str, Any]:
    few = sum(value is not None for value in values) == 1
    return {
        "type": "scatter", "mode": "markers" if few else "lines", "x": list(places), "y": list(values),
        "connectgaps": False, "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"color": colour, "symbol": "line-ew", "size": 28, "line": {"color": colour, "width": 3}},
        "hovertemplate": f"{name}: %{{y:,.{places_of(unit)}f}}<extra></extra>", "cliponaxis": False,
    }  # fmt: skip


def _no_figure(places: Sequence[int], statuses: Sequence[str]) -> list[dict[str, Any]]:
    """A cross on the base line for a period without a figure and a ring for one withheld."""
    marks = []
    for status, symbol, words in (("missing", "x-thin", "no figure"), ("withheld", "circle-open", "withheld")):
        here = [place for place, this in zip(places, statuses, strict=True) if this == status]
        if here:
            line = {"width": 1.5, "color": theme.QUIET_TEXT}
            marks.append(
                {
                    "type": "scatter", "mode": "markers", "x": here, "y": [0] * len(here), "cliponaxis": False,
                    "marker": {"symbol": symbol, "size": 8, "color": theme.QUIET_TEXT, "line": line},
                    "hovertemplate": f"{words}<extra></extra>",
                }
            )  # fmt: skip
    return marks


def _period_axis(periods: Sequence[str]) -> dict[str, Any]:
    """One place a period; of many only some are named, so that the names fit a telephone."""
    last = len(periods) - 1
    step = max(1, math.ceil(len(periods) / _PERIODS_NAMED))
    named = sorted({last - n for n in range(0, last + 1, step)})
    return theme.axis(
        range=[-0.3, last + 0.3], tickvals=named, ticktext=[periods[n] for n in named], showgrid=False, zeroline=False,
        tickfont={"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT},
    )  # fmt: skip


def _scale(every: Sequence[float], highest: float) -> dict[str, Any]:
    least = min([0.0, *every])
    return theme.axis(range=[least, highest * 1.1 or 1], nticks=5, tickformat=",")


def _names_at_the_end(lines: Mapping[str, Sequence[float | None]], highest: float) -> list[dict[str, Any]]:
    """The name of each line behind its end instead of a legend, pushed apart where two ends are close."""
    room = HEIGHT - _TOP - _BOTTOM - 24
    ends: list[_End] = []
    for name, values in lines.items():
        known = [value for value in values if value is not None]
        if known:
            ends.append(_End(name, known[-1], known[-1] / (highest * 1.1) * room))
    ends.sort(key=lambda end: end.pixels)
    placed = _kept_apart([end.pixels for end in ends], [len(_wrapped(end.name)) for end in ends], room)
    own, last = next(iter(lines)), max((len(values) for values in lines.values()), default=1) - 1
    quiet = {"size": theme.SMALL_TEXT_SIZE, "color": theme.QUIET_TEXT}
    return [
        theme.note(
            "<br>".join(_wrapped(end.name)),
            x=last, y=end.value, xanchor="left", yanchor="middle",
            align="left", xshift=10, yshift=round(place - end.pixels), font=theme.STRONG if end.name == own else quiet,
        )
        for place, end in zip(placed, ends, strict=True)
    ]  # fmt: skip


def _wrapped(name: str) -> list[str]:
    return wrap(wording.capitalised(short_name(name)), _NAME_CHARACTERS)


def _kept_apart(heights: Sequence[float], lines: Sequence[int], room: float) -> list[float]:
    """Heights in rising order, moved no more than it takes that names of so many lines do not touch."""
    placed = list(heights)
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + (lines[n] + lines[n - 1]) / 2 * _LINE)
    if not placed:
        return placed
    moved = sum(now - before for now, before in zip(placed, heights, strict=True)) / len(placed)
    down = min(max(moved, placed[-1] - room), placed[0])
    return [place - max(down, 0) for place in placed]


class _End(NamedTuple):
    """The end of a line: its name, its last value, and how many pixels that is above the base line."""

    name: str
    value: float
    pixels: float


def _title(rows: pd.DataFrame, comparisons: Sequence[Comparison], about: About) -> str:
    """How the latest figure stood to the first that it was tested against, else the latest figure beside the first; the
    measure is in the subtitle."""
    tested = next((found for found in comparisons if found.verdict), None)
    if tested is None:
        known = [(p, v) for p, v in zip(rows["period"].tolist(), drawn(rows), strict=True) if v is not None]
        if not known:
            return f"{about.area_name}: no figure to show"
        (first, before), (last, now) = known[0], known[-1]
        then = f", {_bare(before, about.unit)} in {first}" if first != last else ""
        return f"{about.area_name}: {figure_words(now, 'available', about.unit)} in {last}{then}"
    words = wording.verdict_words(tested.direction)
    return f"{about.area_name} was {words} {short_name(tested.name)} in {tested.period}"


def _title_of_groups(table: pd.DataFrame, unit: str, period: str) -> str:
    """Which group has most: "Largest group in 2024/25: opiates (555 people)"."""
    values = zip(table["group"].tolist(), drawn(table), strict=True)
    known = [(value, group) for group, value in values if group and value is not None]
    if not known:
        return f"No group has a figure to show in {period}"
    most = max(value for value, _ in known)
    names = [wording.lowered(group) for value, group in known if value == most]
    which = "Largest group" if unit in COUNTS else "Highest group"
    return f"{which} in {period}: {wording.joined(names)} ({figure_words(most, 'available', unit)})"


def _unit_words(unit: str) -> str:
    return {"%": "per cent", "": "count"}.get(unit, unit)


def _subtitle(rows: pd.DataFrame, about: About) -> str:
    periods = rows["period"].tolist()
    over = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    return f"{about.measured}, {_unit_words(about.unit)}, {about.area_name}, {over}"


def _alt(
    rows: pd.DataFrame,
    values: Sequence[float | None],
    lines: Mapping[str, Sequence[float | None]],
    comparisons: Sequence[Comparison],
    about: About,
) -> str:
    periods, statuses = rows["period"].tolist(), rows["value_status"].tolist()
    text = f"Line chart of {wording.lowered(about.measured)} in {about.area_name}, {len(periods)} periods"
    known = [(period, value) for period, value in zip(periods, values, strict=True) if value is not None]
    if not known:
        return f"{text}. There is no figure for any of them."
    ends = list(dict.fromkeys((known[0], known[-1])))
    text += ": " + ", ".join(f"{figure_words(value, 'available', about.unit)} in {period}" for period, value in ends)
    for name, line in lines.items():
        given = [(period, value) for period, value in zip(periods, line, strict=True) if value is not None]
        text += f". {name}: {figure_words(given[-1][1], 'available', about.unit)} in {given[-1][0]}"
    for found in comparisons:
        if found.verdict:
            text += f". {about.area_name} is {wording.verdict_words(found.direction)} {long_name(found.name)} in {found.period}"
    for status, words in (("missing", "no figure"), ("withheld", "a withheld figure")):
        if status in statuses:
            text += f". {statuses.count(status)} of {len(statuses)} periods have {words}"
    return f"{text}."


def _notes(rows: pd.DataFrame, signs: bool = True) -> tuple[str, ...]:
    """What stands under a chart; with ``signs``, which mark on it means what."""
    notes = []
    if signs and rows["lower"].notna().any():
        notes.append("Grey bars are the publisher's 95% intervals.")
    elif rows["lower"].isna().all() and rows["value"].notna().any():
        notes.append("The publisher gives no interval.")
    for status, words, sign in (("missing", "No figure", "×"), ("withheld", "Withheld by the publisher", "○")):
        names = rows.loc[rows["value_status"] == status, "period" if "period" in rows else "area_name"].tolist()
        if names:
            notes.append(f"{words}{f' ({sign})' if signs else ''}: {wording.joined(names)}.")
    notes += _said(rows)
    return tuple(notes)


def _said(rows: pd.DataFrame) -> list[str]:
    """What the publisher says of the values, each remark once, with the rows it is about unless it is about all."""
    names = rows["period" if "period" in rows else "area_name"].tolist()
    about: dict[str, list[str]] = {}
    for name, text in zip(names, rows["note"].tolist(), strict=True):
        if text.strip():
            about.setdefault(" ".join(text.split()).rstrip("."), []).append(name)
    notes = []
    for text, of in about.items():
        where = "" if len(of) == len(rows) else f"{wording.joined(of)}: " if len(of) <= 3 else f"{of[0]} to {of[-1]}: "
        notes.append(f"{where}{text}.")
    return notes


def _provenance(rows: pd.DataFrame, about: About) -> Provenance:
    sources = list(dict.fromkeys(str(source).strip().rstrip(".") for source in rows["source"] if str(source).strip()))
    return {
        "source": f"Source: {'; '.join(sources)}. Data release of {wording.release_words(about.release)}.",
        "notice": notice(about.status),
    }
