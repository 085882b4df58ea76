"""What a chart of the dashboard becomes as a chart of an office program: series of numbers over categories, or points.

Read from the chart's own figure, whose numbers are those on the screen: a number that was withheld is not in it, and so
cannot be in the small workbook behind a chart on a slide.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from csp_data.figures import theme, wording
from csp_data.figures.chart import Chart

Numbers = tuple[float | None, ...]


@dataclass(frozen=True)
class Series:
    """A series. ``x`` is for points only; ``intervals`` are pairs of lower and upper, for bars only."""

    name: str
    values: Numbers
    x: Numbers = ()
    intervals: tuple[tuple[float | None, float | None], ...] = ()
    colour: str = theme.SERIES
    line: bool = True
    width: float = 1.75
    dash: str = ""
    marker: str = ""
    marker_size: int = 7


@dataclass(frozen=True)
class Panel:
    """A chart of one kind. ``lowest`` and ``highest`` are the ends of its values, None where the program may choose."""

    kind: Literal["line", "bar", "scatter"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    title: str = ""
    across: str = ""
    up: str = ""
    lowest: float | None = 0
    highest: float | None = None
    number_format: str = "#,##0"


def panels(chart: Chart) -> tuple[Panel, ...]:
    """The charts that show the same; none for what only a picture can show, such as a map."""
    maker = _MAKERS.get(chart.kind)
    return maker(chart) if maker else ()


def _traces(chart: Chart) -> list[Mapping[str, Any]]:
    return list(chart.figure.to_dict()["data"])


def _layout(chart: Chart) -> Mapping[str, Any]:
    return chart.figure.to_dict()["layout"]


def _numbers(cells: Sequence[Any]) -> Numbers:
    return tuple(None if cell is None or cell != cell else float(cell) for cell in cells)


def _format(values: Sequence[float | None]) -> str:
    """As many decimals as the screen shows: none for counts, one for the rest."""
    return "#,##0" if all(value is None or float(value).is_integer() for value in values) else "#,##0.0"


def _month(day: str) -> str:
    return wording.short_month(day[:7])


def _noun(chart: Chart) -> str:
    """What is drawn, as the chart's own table calls it."""
    return next((column.heading for column in chart.columns if column.name == "value"), chart.title)


def _unit(chart: Chart) -> str:
    """The unit of what is drawn: "People", "Per 1,000 residents"."""
    return wording.capitalised(str(next(iter(chart.data["unit"]), ""))) if "unit" in chart.data else _noun(chart)


# Lines over months


def _months(chart: Chart) -> tuple[Panel, ...]:
    """The months, and below them the 12 months to the end of each where there are any."""
    lines = [trace for trace in _traces(chart) if trace.get("mode") == "lines"]
    headings = {column.name: column.heading for column in chart.columns}
    made = []
    for number, trace in enumerate(lines):
        values = _numbers(trace["y"])
        name = headings.get("value_12_months", "") if number else headings.get("value", "")
        title = ("12 months to the end of each month" if number else "Each month") if len(lines) > 1 else ""
        made.append(
            Panel(
                "line",
                tuple(_month(day) for day in trace["x"]),
                (Series(name, values, width=3 if number else 1.75),),
                title=title,
                up=_noun(chart),
                number_format=_format(values),
            )
        )
    return tuple(made)


def _control(chart: Chart) -> tuple[Panel, ...]:
    """The months with mean, limits and target; those that stand out marked by shape as well as colour."""
    traces = _traces(chart)
    points = next(t for t in traces if t.get("mode") == "lines" and t["line"].get("color") == theme.SERIES)
    days = list(points["x"])
    rows = chart.data
    # Its kind is said above the chart; a long name would leave little of the chart.
    series = [Series(_noun(chart).partition(" (")[0], _numbers(points["y"]))]
    shown = {_day(month): place for place, month in enumerate(rows["month"].tolist())}
    for column, name, dash in _LIMITS:
        cells = rows[column].tolist()
        values = _numbers([cells[shown[day]] if day in shown else None for day in days])
        if any(value is not None for value in values):
            series.append(Series(name, values, colour=theme.QUIET_TEXT if dash else theme.TEXT, width=1.5, dash=dash))
    target = next((t for t in traces if t.get("mode") == "lines" and t["line"].get("dash") == "dot"), None)
    if target is not None:
        series.append(
            Series("Target", tuple(float(target["y"][0]) for _ in days), colour=theme.COMPARISON, width=2, dash="dot")
        )
    for trace in traces:
        if trace.get("mode") != "markers" or not trace.get("name") or not trace["x"]:
            continue
        held = dict(zip(trace["x"], trace["y"], strict=True))
        colour, shape = trace["marker"].get("color", theme.SERIES), str(trace["marker"].get("symbol", "circle"))
        series.append(
            Series(
                str(trace["name"]),
                _numbers([held.get(day) for day in days]),
                colour=colour if isinstance(colour, str) else theme.SERIES,
                line=False,
                marker=_marker(shape),
                marker_size=6 if shape == "circle" else 10,
            )
        )
    lowest = _round_below(_layout(chart)["yaxis"].get("range", [0])[0])
    names = tuple(_month(day) for day in days)
    return (
        Panel("line", names, tuple(series), up=_noun(chart), lowest=lowest, number_format=_format(series[0].values)),
    )


_LIMITS = (("mean", "Mean", ""), ("lower_limit", "Lower limit", "dash"), ("upper_limit", "Upper limit", "dash"))


def _round_below(value: float) -> float:
    """A round number at or under a value, for an axis to start at: 806.1 gives 800."""
    if value <= 0:
        return 0
    step = 10 ** (len(str(int(value))) - 1)
    return float(step * int(value / step))


def _day(month: str) -> str:
    return f"{month}-01" if len(month) == 7 else month


def _marker(symbol: str) -> str:
    """The office program's nearest shape. It has no triangle that points down: a diamond stands for it."""
    for start, marker in _SHAPES:
        if symbol.startswith(start):
            return marker
    return "circle"


_SHAPES = (("triangle-down", "diamond"), *((shape, shape) for shape in ("triangle", "diamond", "square", "x")))


def _periods(chart: Chart) -> tuple[Panel, ...]:
    """A series over periods that are named and not months, such as an indicator, beside what it is held against."""
    axis = _layout(chart)["xaxis"]
    own = [trace for trace in _traces(chart) if "lines" in trace.get("mode", "") and "markers" in trace.get("mode", "")]
    if not own or any(isinstance(cell, str) for trace in own for cell in trace["x"]):
        return ()
    names = list(dict.fromkeys(chart.data["period"].tolist()))
    last = int(max(max(trace["x"], default=0) for trace in own))
    if last >= len(names) or axis.get("type") == "date":
        return ()
    series = []
    for number, trace in enumerate(own):
        held = {int(x): y for x, y in zip(trace["x"], trace["y"], strict=True)}
        colour = trace["line"].get("color", theme.SERIES)
        series.append(
            Series(
                str(trace.get("name") or (_noun(chart) if number == 0 else f"Comparison {number}")),
                _numbers([held.get(place) for place in range(len(names))]),
                colour=colour,
                dash=trace["line"].get("dash", ""),
                marker=("circle", "square", "triangle", "diamond")[number % 4],
            )
        )
    every = [value for each in series for value in each.values]
    return (Panel("line", tuple(names), tuple(series), up=_unit(chart), number_format=_format(every)),)


# Bars


def _rows(chart: Chart) -> tuple[Panel, ...]:
    """Bars of named rows, with intervals and with the period before where the chart has them."""
    traces = _traces(chart)
    axis = _layout(chart)["yaxis"]
    places = list(axis.get("tickvals", ()))
    names = [_plain(text) for text in axis.get("ticktext", ())]
    if not places or len(set(names)) != len(names):
        names = [f"{name} ({number})" if names.count(name) > 1 else name for number, name in enumerate(names, start=1)]
    main = next(
        (t for t in traces if t["type"] == "bar" and t.get("orientation") == "h"),
        next((t for t in traces if t.get("mode") == "markers" and not t.get("name")), None),
    )
    if main is None or not places:
        return ()
    values = _by_place(main, places)
    intervals = _intervals(traces, places)
    noun = _noun(chart)
    percent = any(str(text).endswith("%") for text in _layout(chart)["xaxis"].get("ticktext", ()))
    before = [
        Series(str(t["name"]), _by_place(t, places), colour=theme.COMPARISON)
        for t in traces
        if t is not main and t.get("mode") == "markers" and t.get("name") and t["x"]
    ]
    # Beside an earlier wave, the later one must be known by its name.
    latest = str(chart.data["wave_label"].iloc[0]) if before and "wave_label" in chart.data else ""
    own = Series(str(main.get("name") or latest or ("Share, %" if percent else noun)), values, intervals=intervals)
    everything = [value for each in (own, *before) for value in each.values]
    ends = [high for _, high in intervals if high is not None]
    whole = Panel(
        "bar",
        tuple(names),
        (own, *before),
        up="Share, %" if percent else noun,
        # The program leaves room for the values alone, and would cut an interval that goes beyond them.
        highest=_round_above(max(ends)) if ends and max(ends) > 0 else None,
        number_format='0"%"' if percent else _format(everything),
    )
    return (whole,) if len(names) <= MOST_ROWS else _halves(whole)


def _followed(chart: Chart) -> tuple[Panel, ...]:
    """Bars of a followed figure, with its unit, and its decimals as the chart says them."""
    unit = next(column.heading for column in chart.columns if column.name == "text")
    texts = chart.data.loc[chart.data["value_status"] == "available", "text"].tolist()
    places = max((len(found.group(1)) for text in texts for found in [re.search(r"\.(\d+)", text)] if found), default=0)
    number = f"#,##0{'.' + '0' * places if places else ''}"
    number_format = {"%": f'{number}"%"', "£": f'"£"{number}'}.get(unit, number)
    name = {"%": "Share, %", "£": "Pounds"}.get(unit, wording.capitalised(unit))
    return tuple(
        replace(panel, series=(replace(panel.series[0], name=name),), up=name, number_format=number_format)
        for panel in _rows(chart)
    )


MOST_ROWS = 16
"""Rows that can each have their name beside a chart of a slide's height; more are set in two charts."""


def _halves(whole: Panel) -> tuple[Panel, Panel]:
    """The upper and the lower rows of a chart, on one scale."""
    middle = (len(whole.categories) + 1) // 2
    ends = [
        end for each in whole.series for end in (*each.values, *(high for _, high in each.intervals)) if end is not None
    ]
    highest = _round_above(max(ends)) if ends else None

    def part(rows: slice) -> Panel:
        series = tuple(replace(e, values=e.values[rows], intervals=e.intervals[rows]) for e in whole.series)
        return replace(whole, categories=whole.categories[rows], series=series, highest=highest)

    return part(slice(None, middle)), part(slice(middle, None))


def _round_above(value: float) -> float:
    """A round number at or over a value: 231.4 gives 250."""
    step = 10 ** (len(str(int(value))) - 1) / 2
    return step * math.ceil(value / step)


def _by_place(trace: Mapping[str, Any], places: Sequence[Any]) -> Numbers:
    held = dict(zip(trace["y"], trace["x"], strict=True))
    return _numbers([held.get(place) for place in places])


def _intervals(
    traces: Sequence[Mapping[str, Any]], places: Sequence[Any]
) -> tuple[tuple[float | None, float | None], ...]:
    """Lower and upper end of each row, from a line of three points a row: both ends, and a gap."""
    found = next((t for t in traces if t.get("mode") == "lines" and len(t["x"]) >= 3 and None in t["x"]), None)
    if found is None:
        return ()
    ends: dict[Any, list[float]] = {}
    for x, y in zip(found["x"], found["y"], strict=True):
        if x is not None and y is not None:
            ends.setdefault(y, []).append(float(x))
    return tuple((min(ends[p]), max(ends[p])) if p in ends else (None, None) for p in places)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


# Points


def _funnel(chart: Chart) -> tuple[Panel, ...]:
    layout = _layout(chart)
    lines = iter(("Average", "95% limit, lower", "95% limit, upper", "99.8% limit, lower", "99.8% limit, upper"))
    series = []
    for trace in _traces(chart):
        line = trace.get("mode") == "lines"
        name = next(lines, "Limit") if line else ""
        if not trace["x"]:
            continue
        marker = trace.get("marker", {})
        own = str(marker.get("symbol", "")).startswith("diamond")
        if not line:
            name = "This partnership" if own else "Other areas"
            if any(each.name == name for each in series):
                name = "Areas without limits"
        series.append(
            Series(
                name,
                _numbers(trace["y"]),
                _numbers(trace["x"]),
                colour=trace["line"]["color"] if line else (theme.COMPARISON if own else theme.QUIET_TEXT),
                line=line,
                width=1.25,
                dash=trace.get("line", {}).get("dash", "") if line else "",
                marker="" if line else ("diamond" if own else "circle"),
                marker_size=12 if own else 6,
            )
        )
    across = layout["xaxis"].get("title", {}).get("text", "")
    return (Panel("scatter", (), tuple(series), across=across, up=_unit(chart), number_format="#,##0"),)


_MAKERS = {
    "monthly line": _months,
    "small trend": _months,
    "control chart": _control,
    "indicator series": _periods,
    "parts of a line": _rows,
    "categories": _rows,
    "followed figure": _followed,
    "area rates": _rows,
    "ward places": _rows,
    "survey question": _rows,
    "funnel": _funnel,
}
