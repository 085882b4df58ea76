"""The figure of a chart on paper: draws a Plotly figure's own description with matplotlib, without a browser.

Knows what the dashboard's charts are made of (``figures``): lines, markers, text, filled bands, bars, heat maps, shapes
and notes, over axes that may share the width or height. A trace of another type is an error and not a gap in the picture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

import numpy as np

from csp_data.figures import theme, wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PIXEL = 1 / 100
"""Inches. The browser's pixels, so that a picture keeps the proportions of the screen."""
POINTS_A_PIXEL = 0.72
_DAYS_OF_YEARS = 1000
"""Days from which an axis is marked with years alone."""
_SIDE = 0.2  # inches left free on the left and right
_TRIES = 3
"""How often room is made for labels that stick out: making it moves the ticks, which may change the labels."""
_DASHES: Mapping[str, Any] = {"dash": "--", "dot": ":", "dashdot": "-.", "longdash": (0, (8, 3))}
_SYMBOLS = {
    "circle": "o", "circle-open": "o", "diamond": "D", "diamond-open": "D", "square": "s", "square-open": "s",
    "triangle-up": "^", "triangle-down": "v", "triangle-up-open": "^", "triangle-down-open": "v", "x": "X",
    "x-thin": "x", "cross": "P", "cross-thin": "+", "line-ns": "|", "line-ew": "_", "star": "*", "star-open": "*",
    "hexagon": "h", "pentagon": "p", "x-thin-open": "x", "line-ns-open": "|", "line-ew-open": "_", "x-open": "X",
}  # fmt: skip
_HOLLOW = ("x-thin", "cross-thin", "line-ns", "line-ew")
_ACROSS = {"left": "left", "center": "center", "right": "right", "auto": "center"}
_DOWN = {"top": "top", "middle": "center", "bottom": "bottom", "auto": "center"}
_DATE = re.compile(r"^\d{4}-\d{2}(-\d{2})?([T ]|$)")


def height_of(figure: Mapping[str, Any]) -> float:
    """Inches that a figure, as a dictionary, is high."""
    return figure["layout"]["height"] * PIXEL


def draw(paper: Figure, figure: Mapping[str, Any], bottom: float, top: float) -> None:
    """Draw a Plotly figure, as a dictionary, between two heights of a page of paper, over its whole width.

    Parameters
    ----------
    bottom, top : inches above the lower edge of the paper

    Raises
    ------
    ValueError
        When a trace is of a type that no chart of the dashboard uses.
    """
    _Drawing(paper, figure, bottom, top).draw()


class _Drawing:
    def __init__(self, paper: Figure, figure: Mapping[str, Any], bottom: float, top: float):
        from matplotlib.transforms import Bbox

        self.paper, self.layout, self.traces = paper, figure["layout"], figure["data"]
        width, self.total = paper.get_size_inches()
        margin = {"l": 80, "r": 80, "t": 100, "b": 80} | dict(self.layout.get("margin", {}))
        self.left = _SIDE + max(margin["l"] * PIXEL, 0.05)
        self.right = width - _SIDE - max(margin["r"] * PIXEL, 0.05)
        self.bottom, self.top = bottom + max(margin["b"] * PIXEL, 0.05), top - margin["t"] * PIXEL
        self.width = width
        self.edges = (bottom, top)
        self.area = Bbox.from_extents(*self._corners())
        """Where the panels lie together, as shares of the paper: what "paper" means to a shape or a note."""
        self.bar_ends: dict[tuple[Any, ...], float] = {}
        self.axes: dict[tuple[str, str], Axes] = {}
        self.names: dict[str, list[str]] = {}
        self.kinds = {name: self._kind(name) for name in self._axis_names()}

    def _corners(self) -> tuple[float, float, float, float]:
        return (
            self.left / self.width,
            self.bottom / self.total,
            self.right / self.width,
            self.top / self.total,
        )

    # Axes

    def _axis_names(self) -> list[str]:
        found = {f"{trace.get(f'{way}axis', way)}" for trace in self.traces for way in "xy"}
        return sorted(found | {key.replace("axis", "") for key in self.layout if re.fullmatch(r"[xy]axis\d*", key)})

    def _settings(self, name: str) -> Mapping[str, Any]:
        return self.layout.get(f"{name[0]}axis{name[1:]}", {})

    def _kind(self, name: str) -> str:
        """ "date", "names" or "number"."""
        settings = self._settings(name)
        if settings.get("type") in ("date", "category"):
            kind = {"date": "date", "category": "names"}[settings["type"]]
        else:
            cells = [
                cell
                for trace in self.traces
                if trace.get(f"{name[0]}axis", name[0]) == name
                for key in (name[0], *(["base"] if self._lies(trace) == (name[0] == "x") else []))
                for cell in _flat(trace.get(key))
            ]
            texts = [cell for cell in cells if isinstance(cell, str)]
            kind = "number" if not texts else "date" if all(_DATE.match(text) for text in texts) else "names"
        if kind == "names":
            cells = [
                str(cell)
                for trace in self.traces
                if trace.get(f"{name[0]}axis", name[0]) == name
                for cell in _flat(trace.get(name[0]))
            ]
            self.names[name] = list(dict.fromkeys([*map(str, settings.get("categoryarray", ())), *cells]))
        return kind

    @staticmethod
    def _lies(trace: Mapping[str, Any]) -> bool:
        return trace.get("orientation") == "h"

    def _place(self, name: str, values: Any) -> Any:
        """Values of an axis as matplotlib places them: dates as days, names by their place in the list."""
        cells = list(_flat(values))
        if self.kinds.get(name) == "names":
            known = self.names[name]
            return np.array(
                [known.index(str(cell)) if not isinstance(cell, int | float) else cell for cell in cells], float
            )
        if self.kinds.get(name) == "date":
            from matplotlib.dates import date2num

            if all(isinstance(cell, int | float) for cell in cells):  # a length of time
                return np.array(cells, float) / 86_400_000
            return np.array([np.nan if cell is None else date2num(np.datetime64(_day(cell))) for cell in cells], float)
        return np.array([np.nan if cell is None else cell for cell in cells], float)

    def _pair(self, x: str, y: str) -> Axes:
        """The axes of a pair, made when first asked for. A pair that lies over another shares its other axis."""
        if (x, y) not in self.axes:
            under_x = self._settings(x).get("overlaying", x)
            under_y = self._settings(y).get("overlaying", y)
            shared = self.axes.get((under_x, under_y)) if (under_x, under_y) != (x, y) else None
            if shared is not None:
                made = shared.twinx() if under_y != y else shared.twiny()
                made.grid(visible=False)
            else:
                made = self.paper.add_axes(self._box(under_x, under_y))
            self.axes[x, y] = made
            made.set_axisbelow(True)
            made.patch.set_visible(False)  # what spans the panels belongs to one of them and must show in all
        return self.axes[x, y]

    def _box(self, x: str, y: str) -> tuple[float, float, float, float]:
        from_x, to_x = self._settings(x).get("domain", (0, 1))
        from_y, to_y = self._settings(y).get("domain", (0, 1))
        wide, high = self.right - self.left, self.top - self.bottom
        return (
            (self.left + from_x * wide) / self.width,
            (self.bottom + from_y * high) / self.total,
            (to_x - from_x) * wide / self.width,
            (to_y - from_y) * high / self.total,
        )

    # The whole

    def draw(self) -> None:
        for trace in self.traces:
            if trace.get("visible", True) is True:
                self._pair(trace.get("xaxis", "x"), trace.get("yaxis", "y"))
        for (x, y), axes in self.axes.items():
            self._scale(axes, x, y)
        for trace in self.traces:
            if trace.get("visible", True) is not True:
                continue
            drawer = {"scatter": self._scatter, "bar": self._bar, "heatmap": self._heatmap}.get(trace["type"])
            if drawer is None:
                raise ValueError(f"no picture is made of a trace of type '{trace['type']}'")
            drawer(self._pair(trace.get("xaxis", "x"), trace.get("yaxis", "y")), trace)
        for (x, y), axes in self.axes.items():
            self._scale(axes, x, y)
        for shape in self.layout.get("shapes", ()):
            self._shape(shape)
        self._key()
        for annotation in self.layout.get("annotations", ()):
            self._annotation(annotation)
        self._make_room()

    def _make_room(self) -> None:
        """Move the edges in until no label sticks out of the paper or into the words above and below."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        FigureCanvasAgg(self.paper)
        for _ in range(_TRIES):
            boxes = [axes.get_tightbbox() for axes in self.axes.values()]
            dots = self.paper.dpi
            sides = [box for box in boxes if box is not None]
            if not sides:
                return
            out = {
                "left": _SIDE - min(box.x0 for box in sides) / dots,
                "right": max(box.x1 for box in sides) / dots - (self.width - _SIDE),
                "bottom": self.edges[0] - min(box.y0 for box in sides) / dots,
                "top": max(box.y1 for box in sides) / dots - self.edges[1],
            }
            if all(distance < 0.005 for distance in out.values()):
                return
            self.left += max(out["left"], 0)
            self.right -= max(out["right"], 0)
            self.bottom += max(out["bottom"], 0)
            self.top -= max(out["top"], 0)
            self.area.set_points(np.array(self._corners()).reshape(2, 2))
            for (x, y), axes in self.axes.items():
                axes.set_position(
                    self._box(self._settings(x).get("overlaying", x), self._settings(y).get("overlaying", y))
                )

    def _scale(self, axes: Axes, x: str, y: str) -> None:
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
        from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

        for name, axis, limit in ((x, axes.xaxis, axes.set_xlim), (y, axes.yaxis, axes.set_ylim)):
            settings = self._settings(name)
            if settings.get("range"):
                first, last = self._place(name, settings["range"])
                limit(first, last)
            elif settings.get("autorange") == "reversed":
                first, last = sorted(axis.get_view_interval())
                limit(last, first)
            elif settings.get("rangemode") == "tozero":
                limit(min(0, axis.get_view_interval()[0]), axis.get_view_interval()[1])
            shown = settings.get("showticklabels", True) and settings.get("visible", True)
            if "tickvals" in settings:
                texts = settings.get("ticktext") or [f"{value:,}" for value in settings["tickvals"]]
                axis.set_ticks(self._place(name, settings["tickvals"]), [_plain(text) for text in texts])
            elif self.kinds[name] == "names":
                axis.set_ticks(range(len(self.names[name])), [_plain(text) for text in self.names[name]])
            elif self.kinds[name] == "date":
                # The name of a month takes more room than that of a year.
                first, last = sorted(axis.get_view_interval())
                locator = AutoDateLocator(minticks=2, maxticks=7 if last - first > _DAYS_OF_YEARS else 5)
                axis.set_major_locator(locator)
                axis.set_major_formatter(
                    ConciseDateFormatter(locator, formats=_DATES, zero_formats=_DATES, show_offset=False)
                )
            else:
                step = settings.get("dtick")
                whole = step is None and settings.get("tickformat", "") in (",", ",.0f", "", ",d")
                axis.set_major_locator(
                    MultipleLocator(step) if step else MaxNLocator(settings.get("nticks", 6), steps=[1, 2, 5, 10])
                )
                axis.set_major_formatter(FuncFormatter(_formatter(settings, whole)))
            axis.set_tick_params(
                labelsize=theme.TEXT_SIZE * POINTS_A_PIXEL, length=0 if settings.get("ticks", "") == "" else 3
            )
            if not shown or self._labelled_elsewhere(name, y):
                axis.set_ticklabels([])
            side = settings.get("side")
            if side in ("right", "left"):
                axes.yaxis.set_ticks_position(side)
            elif side in ("top", "bottom"):
                axes.xaxis.set_ticks_position(side)
            title = settings.get("title", {})
            words = title.get("text", "") if isinstance(title, Mapping) else title
            if words:
                axis.set_label_text(_plain(words), fontsize=theme.TEXT_SIZE * POINTS_A_PIXEL)
            over = "overlaying" in settings
            axis.grid(visible=bool(settings.get("showgrid", True)) and not over and settings.get("visible", True))
            if settings.get("visible", True) is False:
                axis.set_visible(False)
        if self._settings(y).get("scaleanchor") == x:  # a map: as far up as across
            axes.set_aspect(self._settings(y).get("scaleratio", 1), adjustable="box", anchor="NW")
        axes.spines["bottom"].set_visible(self._settings(y).get("zeroline", True) is not False)

    def _labelled_elsewhere(self, name: str, y: str) -> bool:
        """Whether an axis across is labelled under another of the panels that share it."""
        anchor = self._settings(name).get("anchor", y)
        return name[0] == "x" and anchor != y and (name, anchor) in self.axes

    # Traces

    def _scatter(self, axes: Axes, trace: Mapping[str, Any]) -> None:
        x = self._place(trace.get("xaxis", "x"), trace.get("x"))
        y = self._place(trace.get("yaxis", "y"), trace.get("y"))
        mode = trace.get("mode", "lines")
        line, clip = trace.get("line", {}), trace.get("cliponaxis", True)
        colour = line.get("color") or _first(trace.get("marker", {}).get("color")) or theme.SERIES
        fill = trace.get("fill", "none")
        if fill in ("toself", "tozeroy", "tonexty"):
            paint, alpha = _paint(trace.get("fillcolor") or colour)
            if fill == "toself":
                self._area(axes, x, y, paint, alpha, line)
            else:
                base = self._last_line if fill == "tonexty" else np.zeros(len(y))
                axes.fill_between(x, y, base[: len(y)], color=paint, alpha=alpha, linewidth=0, zorder=1)
        self._last_line = y
        if "lines" in mode and line.get("width", 2) and fill != "toself":
            if trace.get("connectgaps"):
                kept = ~(np.isnan(x) | np.isnan(y))
                x_line, y_line = x[kept], y[kept]
            else:
                x_line, y_line = x, y
            paint, alpha = _paint(colour)
            axes.plot(
                x_line, y_line, color=paint, alpha=alpha, linewidth=line.get("width", 2) * POINTS_A_PIXEL,
                linestyle=_DASHES.get(line.get("dash", "solid"), "-"), clip_on=clip, solid_capstyle="butt",
                drawstyle="steps-post" if line.get("shape") == "hv" else "default", zorder=2,
            )  # fmt: skip
        for way, error in (("x", trace.get("error_x")), ("y", trace.get("error_y"))):
            if error:
                above = np.array([np.nan if cell is None else cell for cell in _flat(error["array"])], float)
                below = np.array(
                    [np.nan if cell is None else cell for cell in _flat(error.get("arrayminus", error["array"]))], float
                )
                reach = np.vstack([below, above])
                axes.errorbar(
                    x, y, xerr=reach if way == "x" else None, yerr=reach if way == "y" else None, fmt="none",
                    ecolor=error.get("color", colour), elinewidth=error.get("thickness", 2) * POINTS_A_PIXEL, zorder=2,
                )  # fmt: skip
        if "markers" in mode:
            self._markers(axes, trace, x, y, clip)
        if "text" in mode:
            across, down = _text_place(trace.get("textposition", "middle center"))
            font = trace.get("textfont", {})
            for at, height, text in zip(x, y, _each(trace.get("text"), len(x)), strict=False):
                if text and not np.isnan(at) and not np.isnan(height):
                    self._text(axes, str(text), (at, height), across, down, font)

    @staticmethod
    def _area(axes: Axes, x: Any, y: Any, paint: str, alpha: float, line: Mapping[str, Any]) -> None:
        """A filled area; gaps part it into several, and those that lie in another are holes."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        whole = ~(np.isnan(x) | np.isnan(y))
        starts = np.flatnonzero(whole & ~np.concatenate([[False], whole[:-1]]))
        ends = np.flatnonzero(whole & ~np.concatenate([whole[1:], [False]])) + 1
        rings = [np.column_stack([x[a:b], y[a:b]]) for a, b in zip(starts, ends, strict=True)]
        if not rings:
            return
        path = Path.make_compound_path(*(Path(np.vstack([ring, ring[:1]]), closed=True) for ring in rings))
        edge, edge_alpha = _paint(line.get("color") or theme.SERIES)
        width = line.get("width", 0) * POINTS_A_PIXEL
        axes.add_patch(PathPatch(path, facecolor=paint, alpha=alpha, linewidth=0, zorder=1))
        if width:
            axes.add_patch(
                PathPatch(
                    path, fill=False, edgecolor=edge, alpha=edge_alpha, linewidth=width, zorder=2,
                    linestyle=_DASHES.get(line.get("dash", "solid"), "-"),
                )
            )  # fmt: skip

    def _markers(self, axes: Axes, trace: Mapping[str, Any], x: Any, y: Any, clip: bool) -> None:
        marker = trace.get("marker", {})
        n = len(x)
        rows = zip(
            x, y, _each(marker.get("symbol", "circle"), n), _each(marker.get("size", 6), n),
            _each(marker.get("color", theme.SERIES), n), _each(marker.get("opacity", 1), n), strict=False,
        )  # fmt: skip
        edge = marker.get("line", {})
        for at, height, symbol, size, colour, opacity in rows:
            if np.isnan(at) or np.isnan(height) or not opacity:
                continue
            thin, open_ = str(symbol).startswith(_HOLLOW), str(symbol).endswith("-open")
            paint, alpha = _paint((_first(edge.get("color")) if thin else None) or colour)
            outline = _first(edge.get("color")) or paint
            axes.plot(
                at, height, _SYMBOLS.get(str(symbol), "o"), color=paint, alpha=opacity * alpha, clip_on=clip,
                markersize=size * POINTS_A_PIXEL, zorder=4, markeredgecolor=outline,
                markerfacecolor="none" if open_ or thin else paint,
                markeredgewidth=(_first(edge.get("width")) or (1.5 if open_ or thin else 0)) * POINTS_A_PIXEL,
            )  # fmt: skip

    def _bar(self, axes: Axes, trace: Mapping[str, Any]) -> None:
        lies = self._lies(trace)
        along_name, across_name = (
            (trace.get("yaxis", "y"), trace.get("xaxis", "x"))
            if lies
            else (trace.get("xaxis", "x"), trace.get("yaxis", "y"))
        )
        places = self._place(along_name, trace["y" if lies else "x"])
        lengths = self._place(across_name, trace["x" if lies else "y"])
        n = len(lengths)
        thick, middle = self._thickness(trace, places, along_name)
        marker = trace.get("marker", {})
        colours = _each(marker.get("color", theme.SERIES), n)
        pattern = marker.get("pattern", {})
        hatches = _each(pattern.get("shape", ""), n)
        stacked = self.layout.get("barmode") in ("stack", "relative")
        base = self._place(across_name, trace["base"]) if trace.get("base") is not None else None
        texts = _each(trace.get("text"), n)
        edge = marker.get("line", {})
        for number, (place, length, colour, hatch, text) in enumerate(
            zip(places, lengths, colours, hatches, texts, strict=False)
        ):
            if np.isnan(length) or np.isnan(place):
                continue
            start = 0.0
            if base is not None:
                start = float(base[number % len(base)])
            elif stacked:
                start = self.bar_ends.get((along_name, across_name, place, length < 0), 0.0)
            self.bar_ends[along_name, across_name, place, length < 0] = start + length
            paint, alpha = _paint(colour)
            drawn: dict[str, Any] = {
                "color": paint, "alpha": alpha, "linewidth": (_first(edge.get("width")) or 0) * POINTS_A_PIXEL,
                "edgecolor": _first(edge.get("color")) or "none", "zorder": 2,
            }  # fmt: skip
            if hatch:
                drawn |= {"hatch": str(hatch) * 3, "edgecolor": _first(pattern.get("fgcolor")) or theme.PAPER}
            if lies:
                axes.barh(place + middle, length, height=thick, left=start, **drawn)
            else:
                axes.bar(place + middle, length, width=thick, bottom=start, **drawn)
            if text and trace.get("textposition", "none") != "none":
                self._bar_text(axes, trace, str(text), (start, length, place + middle), lies)

    def _bar_text(
        self, axes: Axes, trace: Mapping[str, Any], text: str, bar: tuple[float, float, float], lies: bool
    ) -> None:
        start, length, place = bar
        font = trace.get("insidetextfont", {}) | trace.get("textfont", {})
        outside = trace.get("textposition") == "outside"
        if outside:
            at, across, down = start + length, "left" if lies else "center", "center" if lies else "bottom"
        else:
            at, across, down = start + length / 2, "center", "center"
        self._text(axes, text, (at, place) if lies else (place, at), across, down, font, pixels=5 if outside else 0)

    def _thickness(self, trace: Mapping[str, Any], places: Any, name: str) -> tuple[float, float]:
        """How thick the bars of a trace are and how far from their place they stand, in units of the axis."""
        known = np.unique(places[~np.isnan(places)])
        step = float(np.diff(known).min()) if len(known) > 1 else (28.0 if self.kinds[name] == "date" else 1.0)
        bars = [each for each in self.traces if each["type"] == "bar"]
        grouped = len(bars) > 1 and self.layout.get("barmode", "group") == "group"
        width = trace.get("width")
        if width is not None:
            wide = float(_first(width)) / (86_400_000 if self.kinds[name] == "date" else 1)
            return wide, float(_first(trace.get("offset")) or 0) + (wide / 2 if trace.get("offset") is not None else 0)
        whole = step * (1 - self.layout.get("bargap", 0.2))
        if not grouped:
            return whole, 0.0
        number = next(n for n, each in enumerate(bars) if each is trace)
        return whole / len(bars), (number - (len(bars) - 1) / 2) * whole / len(bars)

    def _heatmap(self, axes: Axes, trace: Mapping[str, Any]) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        x = self._place(trace.get("xaxis", "x"), trace["x"])
        y = self._place(trace.get("yaxis", "y"), trace["y"])
        cells = np.array(
            [[np.nan if cell is None else cell for cell in _flat(row)] for row in _rows(trace["z"])], float
        )
        scale: Any = trace.get("colorscale") or [[0, "#ffffff"], [1, theme.SERIES]]
        colours = LinearSegmentedColormap.from_list("figure", [(float(at), _paint(colour)[0]) for at, colour in scale])
        axes.pcolormesh(
            _edges(x), _edges(y), np.ma.masked_invalid(cells), cmap=colours, vmin=trace.get("zmin"),
            vmax=trace.get("zmax"), edgecolors=theme.PAPER, linewidth=1, zorder=1,
        )  # fmt: skip
        texts = trace.get("text")
        if texts is None or "text" not in str(trace.get("texttemplate", "")):
            return
        for row, height in zip(_rows(texts), y, strict=False):
            for text, at in zip(row, x, strict=False):
                if text:
                    self._text(axes, str(text), (at, height), "center", "center", trace.get("textfont", {}))

    # Words and lines over the traces

    def _text(
        self, axes: Axes, text: str, at: tuple[float, float], across: str, down: str, font: Mapping[str, Any],
        pixels: float = 0,
    ) -> None:  # fmt: skip
        colour = _first(font.get("color")) or theme.TEXT
        axes.annotate(
            _plain(text), at, xytext=(pixels * POINTS_A_PIXEL if across == "left" else 0, 0), textcoords="offset points",
            ha=across, va=down, annotation_clip=False, color=_paint(colour)[0], parse_math=False, zorder=6,
            fontsize=(_first(font.get("size")) or theme.TEXT_SIZE) * POINTS_A_PIXEL,
            fontweight="bold" if font.get("weight") == 700 or "<b>" in text else "normal",
        )  # fmt: skip

    def _reference(self, x: str, y: str) -> tuple[Axes | None, str, str]:
        """The axes that a shape or note refers to, and how it refers to the two ways."""
        names = {"x": (x or "x").split(" ")[0], "y": (y or "y").split(" ")[0]}
        ways = {way: "paper" if name == "paper" else "domain" if " domain" in (raw or "") else "data"
                for (way, name), raw in zip(names.items(), (x, y), strict=True)}  # fmt: skip
        for (of_x, of_y), axes in self.axes.items():
            if names["x"] in (of_x, "paper") and names["y"] in (of_y, "paper"):
                return axes, ways["x"], ways["y"]
        return None, ways["x"], ways["y"]

    def _transform(self, axes: Axes, x_way: str, y_way: str) -> Any:
        from matplotlib.transforms import BboxTransformTo, TransformedBbox, blended_transform_factory

        plot = BboxTransformTo(TransformedBbox(self.area, self.paper.transFigure))
        known = {"data": axes.transData, "domain": axes.transAxes, "paper": plot}
        return blended_transform_factory(known[x_way], known[y_way])

    def _shape(self, shape: Mapping[str, Any]) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Polygon

        axes, x_way, y_way = self._reference(shape.get("xref", "x"), shape.get("yref", "y"))
        if axes is None:
            return
        x = self._ends(shape, "x", x_way)
        y = self._ends(shape, "y", y_way)
        onto = self._transform(axes, x_way, y_way)
        line = shape.get("line", {})
        behind = shape.get("layer") == "below"
        if shape["type"] == "line":
            paint, alpha = _paint(line.get("color", theme.TEXT))
            axes.add_artist(
                Line2D(
                    x,
                    y,
                    transform=onto,
                    color=paint,
                    alpha=alpha,
                    linewidth=line.get("width", 2) * POINTS_A_PIXEL,
                    linestyle=_DASHES.get(line.get("dash", "solid"), "-"),
                    clip_on=False,
                    zorder=1 if behind else 3,
                )
            )
        elif shape["type"] == "rect":
            paint, alpha = _paint(shape.get("fillcolor", "rgba(0,0,0,0)"))
            corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
            axes.add_artist(
                Polygon(
                    corners,
                    transform=onto,
                    facecolor=paint,
                    alpha=alpha * shape.get("opacity", 1),
                    clip_on=False,
                    linewidth=line.get("width", 0) * POINTS_A_PIXEL,
                    edgecolor=_paint(line.get("color", theme.TEXT))[0],
                    zorder=0 if behind else 3,
                )
            )
        else:
            raise ValueError(f"no picture is made of a shape of type '{shape['type']}'")

    def _ends(self, shape: Mapping[str, Any], way: str, how: str) -> Any:
        ends = [shape[f"{way}0"], shape[f"{way}1"]]
        return self._place(shape.get(f"{way}ref", way), ends) if how == "data" else ends

    def _annotation(self, note: Mapping[str, Any]) -> None:
        axes, x_way, y_way = self._reference(note.get("xref", "x"), note.get("yref", "y"))
        if axes is None or not note.get("text") or note.get("visible") is False:
            return
        x = self._place(note["xref"], [note["x"]])[0] if x_way == "data" else note["x"]
        y = self._place(note["yref"], [note["y"]])[0] if y_way == "data" else note["y"]
        font = note.get("font", {})
        across = note.get("xanchor") or "center"
        box = (
            {"boxstyle": "square,pad=0.15", "facecolor": _paint(note["bgcolor"])[0], "edgecolor": "none"}
            if note.get("bgcolor")
            else None
        )
        axes.annotate(
            _plain(note["text"]), (x, y), xycoords=self._transform(axes, x_way, y_way), textcoords="offset points",
            xytext=(note.get("xshift", 0) * POINTS_A_PIXEL, note.get("yshift", 0) * POINTS_A_PIXEL),
            ha=_ACROSS[across], va=_DOWN[note.get("yanchor") or "middle"], annotation_clip=False, parse_math=False,
            color=_paint(font.get("color", theme.TEXT))[0], bbox=box, zorder=7,
            fontsize=font.get("size", theme.TEXT_SIZE) * POINTS_A_PIXEL,
            fontweight="bold" if font.get("weight") == 700 or "<b>" in note["text"] else "normal",
        )  # fmt: skip

    def _key(self) -> None:
        """The legend, where the figure has one: above the plot, as the charts have it."""
        if not self.layout.get("showlegend"):
            return
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        handles: list[Any] = []
        for trace in self.traces:
            if not trace.get("name") or trace.get("showlegend") is False:
                continue
            marker, line = trace.get("marker", {}), trace.get("line", {})
            if trace["type"] == "bar":
                shape = _first(marker.get("pattern", {}).get("shape")) or ""
                extra: dict[str, Any] = (
                    {"hatch": shape * 3, "edgecolor": _first(marker["pattern"].get("fgcolor")) or theme.PAPER}
                    if shape
                    else {}
                )
                paint = _paint(_first(marker.get("color")) or theme.SERIES)[0]
                handles.append(Patch(facecolor=paint, label=_plain(trace["name"]), **extra))
                continue
            mode, symbol = trace.get("mode", "lines"), str(_first(marker.get("symbol")) or "circle")
            thin = symbol.startswith(_HOLLOW) or symbol.endswith("-open")
            paint = _paint(
                line.get("color")
                or _first(marker.get("line", {}).get("color"))
                or _first(marker.get("color"))
                or theme.SERIES
            )[0]
            handles.append(
                Line2D(
                    [],
                    [],
                    color=paint,
                    label=_plain(trace["name"]),
                    markersize=8,
                    linestyle=_DASHES.get(line.get("dash", "solid"), "-") if "lines" in mode else "",
                    marker=_SYMBOLS.get(symbol, "o") if "markers" in mode else "",
                    markerfacecolor="none" if thin else paint,
                    markeredgewidth=2 if thin else 0,
                )
            )
        if handles:
            self.paper.legend(
                handles=handles, loc="upper left", bbox_to_anchor=(_SIDE / self.width, (self.edges[1]) / self.total),
                ncols=4, borderaxespad=0, borderpad=0, frameon=False, fontsize=theme.TEXT_SIZE * POINTS_A_PIXEL,
                handlelength=1.4, columnspacing=1.4,
            )  # fmt: skip


_DATES = ["%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%S"]


def _formatter(settings: Mapping[str, Any], whole: bool) -> Any:
    places = re.search(r"\.(\d)", settings.get("tickformat", ""))
    digits = int(places.group(1)) if places else 0
    per_cent = settings.get("tickformat", "").endswith("%")
    before, after = settings.get("tickprefix", ""), settings.get("ticksuffix", "")

    def text(value: float, _: Any) -> str:
        if per_cent:
            return f"{before}{wording.number(100 * value, digits)}%{after}"
        shown = digits if not whole or float(value).is_integer() else 1
        return f"{before}{wording.number(value, shown)}{after}"

    return text


def _flat(values: Any) -> Sequence[Any]:
    if values is None:
        return []
    if isinstance(values, np.ndarray):
        return values.tolist()
    return list(values) if not isinstance(values, str) else [values]


def _rows(values: Any) -> list[Any]:
    return [_flat(row) for row in values]


def _each(value: Any, n: int) -> list[Any]:
    """One value a mark: a list as it is, a single value for all."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, list | tuple) else [value] * n


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) and value else value


def _day(cell: Any) -> str:
    text = str(cell)
    return text if len(text) != 7 else f"{text}-01"


def _edges(middles: Any) -> Any:
    """Edges of cells round their middles."""
    if len(middles) == 1:
        return np.array([middles[0] - 0.5, middles[0] + 0.5])
    half = np.diff(middles) / 2
    return np.concatenate([[middles[0] - half[0]], middles[:-1] + half, [middles[-1] + half[-1]]])


def _plain(text: str) -> str:
    """Plotly's small markup as plain lines."""
    return unescape(re.sub(r"<[^>]+>", "", str(text).replace("<br>", "\n")))


def _paint(colour: str) -> tuple[str, float]:
    """A colour of CSS as matplotlib's, and how solid it is."""
    found = re.fullmatch(r"rgba?\(([^)]+)\)", colour.strip()) if isinstance(colour, str) else None
    if not found:
        return colour, 1.0
    red, green, blue, *alpha = (float(part) for part in found.group(1).split(","))
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}", alpha[0] if alpha else 1.0


def _text_place(position: str) -> tuple[str, str]:
    down, across = ([*position.split(" "), "center"])[:2]
    return {"left": "right", "right": "left"}.get(across, "center"), {"top": "bottom", "bottom": "top"}.get(
        down, "center"
    )
