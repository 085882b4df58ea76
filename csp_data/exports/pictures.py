"""Charts as pictures that stand alone: title, subtitle, chart, notes, source and notice, as PNG or SVG.

Drawn by matplotlib from the chart's finished rows, for a Plotly figure cannot become a picture without a browser, and
the computers this runs on may have none. The style is the Government Analysis Function's, from ``afcharts``.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

from csp_data.figures import theme, wording
from csp_data.figures.chart import Chart, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 9.6
"""Inches: 960 pixels at 100 to the inch, and the width of a page of A4 on its side less its margins."""
PNG_DOTS_PER_INCH = 200
_POINT = 1 / 72
_TITLE_SIZE, _SUBTITLE_SIZE, _TEXT_SIZE, _SMALL_SIZE = 15, 12, 11, 10
_LINE_HEIGHT = 1.35
_SIDE = 0.25  # inches left free on the left and right

# matplotlib keeps its style in one place for the whole process, and a web server draws in several threads.
_one_at_a_time = threading.Lock()


def picture(chart: Chart, format: Literal["svg", "png"] = "svg", geometry: Mapping[str, Any] | None = None) -> bytes:
    """A chart as a picture.

    Parameters
    ----------
    geometry : the boundaries (as ``figures.maps.ward_geojson`` gives them), for a map that was made from an address

    Raises
    ------
    ValueError
        When the format is not one of these, or a map has no boundaries.
    """
    if format not in ("svg", "png"):
        raise ValueError(f"a picture is 'svg' or 'png', not '{format}'")
    import matplotlib as mpl

    settings = mpl.rc_params_from_file(str(files("afcharts") / "afcharts.mplstyle"), use_default_template=False)
    with (
        _one_at_a_time,
        mpl.rc_context({**settings, "font.size": _TEXT_SIZE, "svg.fonttype": "none", "svg.hashsalt": ""}),
    ):
        figure = _figure(chart, geometry)
        written = io.BytesIO()
        about = {"Title": chart.title, "Description": chart.alt, "Source": chart.source}
        # No date, so that the same figures give the same file.
        metadata = {**about, "Date": None} if format == "svg" else about
        figure.savefig(written, format=format, dpi=PNG_DOTS_PER_INCH, metadata=metadata)
    return _described(written.getvalue(), chart) if format == "svg" else written.getvalue()


def _described(svg: bytes, chart: Chart) -> bytes:
    """The SVG with a title and description that a screen reader speaks."""
    start = svg.index(b"<svg ")
    opened = svg.index(b">", start) + 1
    words = f"<title>{escape(chart.title)}</title><desc>{escape(chart.alt)}</desc>"
    head = svg[start : opened - 1] + b' role="img">'
    return svg[:start] + head + words.encode() + svg[opened:]


def _figure(chart: Chart, geometry: Mapping[str, Any] | None) -> Figure:
    """The whole picture: words above and below, each as many lines as it takes, and the chart between."""
    from matplotlib.figure import Figure

    draw, height = _DRAWN[chart.kind]
    room = height(chart)
    above = [*_lines(chart.title, _TITLE_SIZE, bold=True), *_lines(chart.subtitle, _SUBTITLE_SIZE)]
    if chart.notice:
        above += _lines(chart.notice, _TEXT_SIZE, bold=True)
    below = [line for text in (*chart.notes, chart.source) for line in _lines(text, _SMALL_SIZE)]
    top, bottom = _height(above) + 0.2, _height(below) + 0.15
    total = top + room + bottom
    figure = Figure(figsize=(WIDTH, total), facecolor=theme.PAPER)
    _write(figure, above, total - 0.12, total)
    _write(figure, below, bottom - 0.03, total)
    draw(figure, chart, (bottom / total, (bottom + room) / total), geometry)
    return figure


_Line = tuple[str, float, bool]


def _lines(text: str, size: float, bold: bool = False) -> list[_Line]:
    """A text broken so that it stays within the picture, in whatever font the reader's computer has."""
    wide = 0.6 if bold else 0.55  # of its size, how wide a letter is on average, at most
    letters = int((WIDTH - 2 * _SIDE) / (size * _POINT * wide))
    return [(line, size, bold) for line in wrap(text, letters)]


def _height(lines: Sequence[_Line]) -> float:
    return sum(size * _POINT * _LINE_HEIGHT for _, size, _ in lines)


def _write(figure: Figure, lines: Sequence[_Line], top: float, total: float) -> None:
    """Lines one below another from ``top`` inches above the bottom edge."""
    for text, size, bold in lines:
        figure.text(
            _SIDE / WIDTH, top / total, text, va="top", ha="left", fontsize=size, color=theme.TEXT,
            fontweight="bold" if bold else "normal", parse_math=False,
        )  # fmt: skip
        top -= size * _POINT * _LINE_HEIGHT


def _axes(figure: Figure, left: float, right: float, bottom: float, top: float) -> Axes:
    """Axes between edges given as shares of the picture."""
    return figure.add_axes((left, bottom, right - left, top - bottom))


def _thousands(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value)))


# Lines over time

_Edges = tuple[float, float]


def _days(months: Sequence[str]) -> list[Any]:
    import numpy as np

    return list(np.array(months, dtype="datetime64[M]").astype("datetime64[D]"))


def _draw_monthly(figure: Figure, chart: Chart, edges: _Edges, geometry: Any) -> None:
    low, high = edges
    span = high - low
    drawing = chart.drawing
    lanes = 1 + max((event.lane for event in chart.events), default=-1)
    total = figure.get_size_inches()[1]
    head = (0.28 + 0.2 * lanes) / total
    upper = _axes(figure, 0.09, 0.9, low + 0.53 * span, high - head)
    lower = _axes(figure, 0.09, 0.9, low + 0.32 / total, low + 0.40 * span)
    places = wording.places_of(drawing["unit"])
    months = drawing["months"]
    _line_axes(upper, months, drawing["values"], 1.3, places)
    _line_axes(lower, months, drawing["totals"], 3, places)
    upper.tick_params(labelbottom=False)
    _panel_name(upper, "Each month", above=0.08 + 0.2 * lanes)
    _panel_name(lower, "12 months to the end of each month", above=0.08)
    if all(total is None for total in drawing["totals"]):
        lower.text(0.02, 0.5, wording.NO_WHOLE_YEAR, transform=lower.transAxes, color=theme.QUIET_TEXT, va="center")
    days = _days(months)
    for sign, marked in drawing["no_figure"].items():
        upper.plot(
            _days(marked), [0] * len(marked), sign, color=theme.QUIET_TEXT, markersize=4, clip_on=False,
            markerfacecolor="none", zorder=5,
        )  # fmt: skip
    _mark_events(upper, lower, chart, days[0], days[-1])


def _line_axes(
    axes: Axes, months: Sequence[str], values: Sequence[float | None], width: float, places: int, ticks: bool = True
) -> None:
    import numpy as np

    days = _days(months)
    numbers = np.array([np.nan if value is None else value for value in values], dtype=float)
    axes.plot(days, numbers, color=theme.SERIES, linewidth=width, clip_on=False, solid_capstyle="butt")
    padded = np.concatenate([[np.nan], numbers, [np.nan]])
    alone = ~np.isnan(numbers) & np.isnan(padded[:-2]) & np.isnan(padded[2:])
    axes.plot(np.array(days)[alone], numbers[alone], "o", color=theme.SERIES, markersize=5, clip_on=False)
    aside = max((days[-1] - days[0]) // 100, np.timedelta64(10, "D"))
    axes.set_xlim(days[0] - aside, days[-1] + aside)
    highest = np.nanmax(numbers) if not np.isnan(numbers).all() else 0
    axes.set_ylim(0, highest * 1.08 or 1)
    _thousands(axes.yaxis)
    if not highest:
        axes.set_yticks([0])
    if len(months) <= 3:
        axes.set_xticks(days, [wording.short_month(month) for month in months])
    elif ticks:
        _dated(axes)
    known = [(day, value) for day, value in zip(days, values, strict=True) if value is not None]
    if known:
        axes.annotate(
            wording.number(known[-1][1], places), known[-1], xytext=(7, 0), textcoords="offset points", va="center",
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _dated(axes: Axes) -> None:
    """Ticks on round dates, each with its whole month or year."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=2, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=_DATES, zero_formats=_DATES, show_offset=False)
    )


_DATES = ["%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%S"]


def _panel_name(axes: Axes, name: str, above: float) -> None:
    """The name of a panel, ``above`` inches over its upper edge."""
    axes.annotate(
        name, (0, 1), xycoords="axes fraction", xytext=(0, above * 72), textcoords="offset points", fontweight="bold",
        va="bottom",
    )  # fmt: skip


def _mark_events(upper: Axes, lower: Axes, chart: Chart, first: Any, last: Any) -> None:
    import numpy as np

    for event in chart.events:
        start: Any = max(np.datetime64(event.start, "D"), first)
        end: Any = None if event.end is None else min(np.datetime64(event.end, "D"), last)
        for axes in (upper, lower):
            if end is None:
                axes.axvline(start, color=theme.EVENT_LINE, linewidth=1, linestyle=":")
            else:
                axes.axvspan(start, end, color=theme.EVENT_SHADE, linewidth=0, zorder=0)
        upper.annotate(
            event.letter, (start, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
            xytext=(0, 3 + event.lane * 0.2 * 72), fontsize=_SMALL_SIZE, color=theme.QUIET_TEXT, annotation_clip=False,
        )  # fmt: skip


def _draw_small_trend(figure: Figure, chart: Chart, edges: _Edges, geometry: Any) -> None:
    total = figure.get_size_inches()[1]
    axes = _axes(figure, 0.06, 0.9, edges[0] + 0.35 / total, edges[1] - 0.1 / total)
    drawing = chart.drawing
    months = drawing["months"]
    _line_axes(axes, months, drawing["values"], 1.5, wording.places_of(drawing["unit"]), ticks=False)
    axes.set_yticks([])
    ends = list(dict.fromkeys((months[0], months[-1])))
    axes.set_xticks(_days(ends), [wording.short_month(month) for month in ends])
    for sign, marked in drawing["no_figure"].items():
        axes.plot(
            _days(marked), [0] * len(marked), sign, color=theme.QUIET_TEXT, markersize=4, clip_on=False,
            markerfacecolor="none",
        )  # fmt: skip


# Rows

_ROW = 0.3
_LABEL_SHARE = 0.28


def _row_height(chart: Chart) -> float:
    return len(chart.drawing["labels"]) * _row_inches(chart) + _UNDER_ROWS + _over_rows(chart)


_UNDER_ROWS = 0.4


def _over_rows(chart: Chart) -> float:
    """Inches above the rows: more where a key or the name of a line stands there."""
    drawing = chart.drawing
    named = drawing.get("whole") is not None or any(mark is not None for mark in drawing.get("marks", ()))
    return 0.35 if named else 0.1


def _row_inches(chart: Chart) -> float:
    lines = max((label.count("<br>") + 1 for label in chart.drawing["labels"]), default=1)
    return max(_ROW, 0.17 * lines + 0.05)


def _row_axes(figure: Figure, chart: Chart, edges: _Edges, right: float = 0.97) -> Axes:
    total = figure.get_size_inches()[1]
    labels = [label.replace("<br>", "\n") for label in chart.drawing["labels"]]
    axes = _axes(figure, _LABEL_SHARE, right, edges[0] + _UNDER_ROWS / total, edges[1] - _over_rows(chart) / total)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.spines["bottom"].set_visible(True)
    return axes


def _draw_bars(figure: Figure, chart: Chart, edges: _Edges, geometry: Any) -> None:
    axes = _row_axes(figure, chart, edges)
    drawing = chart.drawing
    rows = range(len(drawing["labels"]))
    hatched = drawing.get("hatched") or [False] * len(rows)
    marks = drawing.get("marks") or [None] * len(rows)
    ends = [max(value or 0, mark or 0) for value, mark in zip(drawing["values"], marks, strict=True)]
    for row, value, part in zip(rows, drawing["values"], hatched, strict=True):
        if value is not None:
            hatch: dict[str, Any] = {"hatch": "///", "edgecolor": theme.PAPER, "linewidth": 0} if part else {}
            axes.barh(row, value, height=0.66, color=theme.INCOMPLETE if part else theme.SERIES, **hatch)
    for row, end, text in zip(rows, ends, drawing["texts"], strict=True):
        axes.annotate(text, (end, row), xytext=(7, 0), textcoords="offset points", va="center", annotation_clip=False)
    marked = [(mark, row) for row, mark in zip(rows, marks, strict=True) if mark is not None]
    if marked:
        at, where = zip(*marked, strict=True)
        axes.plot(at, where, "|", color=theme.COMPARISON, markersize=13, markeredgewidth=3.5, clip_on=False)
        _key(axes, chart)
    axes.set_xlim(0, (max(ends, default=0) or 1) * 1.2)
    _thousands(axes.xaxis)


def _key(axes: Axes, chart: Chart) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    mark = Line2D([], [], color=theme.COMPARISON, marker="|", linestyle="", markersize=12, markeredgewidth=3.5)
    axes.legend(
        [Patch(color=theme.SERIES), mark],
        [chart.drawing["name"], chart.drawing["marks_name"]],
        loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=2, borderaxespad=0.2,
    )  # fmt: skip


def _draw_dots(figure: Figure, chart: Chart, edges: _Edges, geometry: Any) -> None:
    axes = _row_axes(figure, chart, edges, right=0.89)
    drawing = chart.drawing
    furthest = 0.0
    places = wording.places_of(drawing["unit"])
    for row, value in enumerate(drawing["values"]):
        low, high, chosen = (drawing[name][row] for name in ("lower", "upper", "chosen"))
        if low is not None and high is not None:
            axes.plot([low, high], [row, row], color=theme.CONTEXT, linewidth=5, solid_capstyle="butt")
        if value is not None:
            axes.plot(
                value, row, "D" if chosen else "o", color=theme.COMPARISON if chosen else theme.SERIES,
                markersize=8 if chosen else 6,
            )  # fmt: skip
            furthest = max(furthest, high or value)
    for row, text in enumerate(drawing["texts"]):
        axes.annotate(
            text, (1, row), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points", va="center",
        )  # fmt: skip
    whole = drawing["whole"]
    if whole is not None:
        furthest = max(furthest, whole)
        axes.axvline(whole, color=theme.TEXT, linewidth=1.2, linestyle="--", zorder=1)
        axes.annotate(
            f"{drawing['whole_name']}: {wording.number(whole, places)}", (whole, 1),
            xycoords=("data", "axes fraction"), xytext=(0, 5), textcoords="offset points", fontweight="bold",
            ha="left" if whole < furthest / 2 else "right",
        )  # fmt: skip
    axes.set_xlim(0, furthest * 1.03 or 1)
    _thousands(axes.xaxis)


def _draw_completeness(figure: Figure, chart: Chart, edges: _Edges, geometry: Any) -> None:
    import numpy as np

    axes = _row_axes(figure, chart, edges, right=0.93)
    position = chart.drawing["position"]
    for row in records(chart.data, "dataset", "start", "end", "value_status"):
        start: Any = np.datetime64(row["start"], "M").astype("datetime64[D]")
        end: Any = (np.datetime64(row["end"], "M") + 1).astype("datetime64[D]")
        missing = row["value_status"] == "missing"
        axes.barh(
            position[row["dataset"]], end - start, left=start, height=0.5,
            color=theme.NO_FIGURE if missing else theme.SERIES, edgecolor=theme.QUIET_TEXT, linewidth=0.6,
            hatch="////" if missing else None,
        )  # fmt: skip
    first, last = (np.datetime64(edge, "D") for edge in chart.drawing["edges"])
    limits: Any = (first, last)
    axes.set_xlim(limits)
    axes.grid(visible=False)
    _dated(axes)


# The map


def _draw_map(figure: Figure, chart: Chart, edges: _Edges, geometry: Mapping[str, Any] | None) -> None:
    import math

    from matplotlib.collections import PathCollection
    from matplotlib.patches import Patch

    drawing = chart.drawing
    shapes = geometry or drawing["geojson"]
    if shapes is None:
        raise ValueError("a map made from an address needs its boundaries to be drawn as a picture")
    total = figure.get_size_inches()[1]
    axes = _axes(figure, 0.03, 0.97, edges[0] + 0.05 / total, edges[1] - 0.55 / total)
    axes.set_axis_off()
    colours = [colour for _, colour in drawing["legend"]]
    paths = {feature["id"]: _path(feature["geometry"]) for feature in shapes["features"]}
    for code, number in drawing["class_of"].items():
        if code not in paths:
            continue
        without = number < 0
        chosen = code == drawing["selected"]
        axes.add_collection(
            PathCollection(
                [paths[code]], facecolors=[theme.NO_FIGURE if without else colours[number]],
                edgecolors=[theme.SELECTED_LINE if chosen else theme.WARD_BORDER], linewidths=[3 if chosen else 0.6],
                hatch="////" if without else None, zorder=3 if chosen else 2,
            )
        )  # fmt: skip
    for code, symbol in drawing["symbols"].items():
        if code in drawing["points"]:
            axes.text(
                *drawing["points"][code], symbol, ha="center", va="center", fontsize=_SMALL_SIZE, zorder=4,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": theme.PAPER, "edgecolor": "none"},
            )  # fmt: skip
    axes.autoscale_view()
    corners = [path.get_extents() for code, path in paths.items() if code in drawing["class_of"]]
    axes.set_xlim(min(box.x0 for box in corners), max(box.x1 for box in corners))
    south, north = min(box.y0 for box in corners), max(box.y1 for box in corners)
    axes.set_ylim(south, north)
    axes.set_aspect(
        1 / math.cos(math.radians((south + north) / 2))
    )  # a degree of longitude is shorter than of latitude
    keys = [Patch(facecolor=colour, edgecolor=theme.WARD_BORDER, label=label) for label, colour in drawing["legend"]]
    if drawing["symbols"]:
        keys.append(Patch(facecolor=theme.NO_FIGURE, edgecolor=theme.WARD_BORDER, hatch="////", label="No figure"))
    figure.legend(
        handles=keys, title=drawing["legend_title"], alignment="left", ncols=6, loc="upper left", borderaxespad=0,
        bbox_to_anchor=(_SIDE / WIDTH, edges[1]), borderpad=0, handlelength=1.2, handleheight=1.2, columnspacing=1.4,
        fontsize=_SMALL_SIZE,
    )  # fmt: skip


def _path(shape: Mapping[str, Any]) -> Any:
    """A GeoJSON polygon, or several, as one outline with its holes."""
    from matplotlib.path import Path

    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return Path.make_compound_path(*(Path(ring, closed=True) for polygon in polygons for ring in polygon))


_Drawer = Callable[["Figure", Chart, _Edges, Any], None]
_DRAWN: Mapping[str, tuple[_Drawer, Callable[[Chart], float]]] = {
    "monthly line": (_draw_monthly, lambda chart: 4.6),
    "small trend": (_draw_small_trend, lambda chart: 1.5),
    "financial years": (_draw_bars, _row_height),
    "categories": (_draw_bars, _row_height),
    "area rates": (_draw_dots, _row_height),
    "completeness": (_draw_completeness, _row_height),
    "ward map": (_draw_map, lambda chart: 6.2),
}
"""For each kind of chart, what draws it and how many inches high."""
