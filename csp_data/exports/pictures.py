"""Charts as pictures that stand alone: title, subtitle, chart, notes, source and notice, as PNG or SVG.

Drawn by matplotlib from the chart's own description, for a Plotly figure cannot become a picture without a browser, and
the computers this runs on may have none. The style is the Government Analysis Function's, from ``afcharts``.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

from csp_data.exports import drawn_figure, fonts
from csp_data.figures import theme
from csp_data.figures.chart import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 9.6
"""Inches: 960 pixels at 100 to the inch, and the width of a page of A4 on its side less its margins."""
PNG_DOTS_PER_INCH = 200
_POINT = 1 / 72
_TITLE_SIZE, _SUBTITLE_SIZE, _TEXT_SIZE, _SMALL_SIZE = 15, 12, 11, 10
_LINE_HEIGHT = 1.35
_MAP_HEIGHT = 6.2
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


def panel(
    chart: Chart,
    width: float,
    format: Literal["svg", "png"] = "svg",
    geometry: Mapping[str, Any] | None = None,
    highest: float | None = None,
) -> bytes:
    """A chart alone, for a page that sets its title, notes and source as text of its own.

    Parameters
    ----------
    width : inches. The text in it is of 9 points and more, so that a page that shows it at 1.3 times its size has 12.
    highest : inches; a chart that would be higher, such as one of many wards, is drawn closer together.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    fonts.make_known()
    settings = mpl.rc_params_from_file(str(files("afcharts") / "afcharts.mplstyle"), use_default_template=False)
    own = {"font.size": _TEXT_SIZE, "svg.fonttype": "path", "svg.hashsalt": "", "font.family": list(fonts.FAMILIES)}
    style: Any = settings | own
    with _one_at_a_time, mpl.rc_context(style):
        drawn = chart.figure.to_dict()
        is_map = any(trace["type"] == "choropleth" for trace in drawn["data"])
        height = _MAP_HEIGHT if is_map else drawn_figure.height_of(drawn)
        if highest is not None and height > highest:
            height = highest
            drawn = {**drawn, "layout": _closer(drawn["layout"], highest)}
        figure = Figure(figsize=(width, height), facecolor=theme.PAPER)
        if is_map:
            _draw_map(figure, chart, (0, 1), geometry)
        else:
            drawn_figure.draw(figure, drawn, 0, height)
        written = io.BytesIO()
        metadata = {"Title": chart.title} | ({"Date": None} if format == "svg" else {})
        figure.savefig(written, format=format, dpi=PNG_DOTS_PER_INCH, metadata=metadata)
    return written.getvalue()


def _closer(layout: Mapping[str, Any], height: float) -> dict[str, Any]:
    """A layout of a smaller height, with the names of rows on one line each, and its key in one line of a wide page."""
    axes = {
        name: {**axis, "ticktext": [text.replace("<br>", " ") for text in axis["ticktext"]]}
        for name, axis in layout.items()
        if name.startswith("yaxis") and "ticktext" in axis
    }
    above = any(note.get("yref") == "paper" for note in layout.get("annotations", ()))
    margin = dict(layout.get("margin", {}))
    if layout.get("showlegend") and not above:
        margin["t"] = min(margin.get("t", _KEY), _KEY)
    return {**layout, **axes, "margin": margin, "height": height / drawn_figure.PIXEL}


_KEY = 38
"""Pixels of a key of one line."""


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

    drawn = chart.figure.to_dict()
    is_map = any(trace["type"] == "choropleth" for trace in drawn["data"])
    room = _MAP_HEIGHT if is_map else drawn_figure.height_of(drawn)
    above = [*_lines(chart.title, _TITLE_SIZE, bold=True), *_lines(chart.subtitle, _SUBTITLE_SIZE)]
    if chart.notice:
        above += _lines(chart.notice, _TEXT_SIZE, bold=True)
    below = [line for text in (*chart.notes, chart.source) for line in _lines(text, _SMALL_SIZE)]
    top, bottom = _height(above) + 0.2, _height(below) + 0.15
    total = top + room + bottom
    figure = Figure(figsize=(WIDTH, total), facecolor=theme.PAPER)
    _write(figure, above, total - 0.12, total)
    _write(figure, below, bottom - 0.03, total)
    if is_map:
        _draw_map(figure, chart, (bottom / total, (bottom + room) / total), geometry)
    else:
        drawn_figure.draw(figure, drawn, bottom, bottom + room)
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


_Edges = tuple[float, float]


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
    wide = figure.get_size_inches()[0]
    across = max(2, int(wide / 1.5))
    rows = math.ceil((len(drawing["legend"]) + bool(drawing["symbols"])) / across)
    axes = _axes(figure, 0.03, 0.97, edges[0] + 0.05 / total, edges[1] - (0.33 + 0.22 * rows) / total)
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
        handles=keys, title=drawing["legend_title"], alignment="left", ncols=math.ceil(len(keys) / rows), loc="upper left",
        borderaxespad=0, bbox_to_anchor=(_SIDE / wide, edges[1]), borderpad=0, handlelength=1.2, handleheight=1.2,
        columnspacing=1.4, fontsize=_SMALL_SIZE,
    )  # fmt: skip


def _path(shape: Mapping[str, Any]) -> Any:
    """A GeoJSON polygon, or several, as one outline with its holes."""
    from matplotlib.path import Path

    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return Path.make_compound_path(*(Path(ring, closed=True) for polygon in polygons for ring in polygon))
