"""How every chart looks: colours named by what they mean, fonts, sizes, and the one way a Plotly figure is made.

Colours are the Government Analysis Function's, taken from its package ``afcharts``. Its Plotly template is not used as
such: Plotly writes the whole template into the JSON of every figure (several kilobytes, each time, to each browser), so
the few settings that matter are written into the layout here. ``tests/test_theme.py`` holds them to the template.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from afcharts.af_colours import get_af_colours

if TYPE_CHECKING:
    import plotly.graph_objects as go

_CATEGORICAL: list[str] = get_af_colours("categorical")
_DUO: list[str] = get_af_colours("duo")
_FOCUS: list[str] = get_af_colours("focus")
_SEQUENTIAL: list[str] = get_af_colours("sequential")

# Colours by meaning
SERIES = _DUO[0]  # the figure the chart is about
COMPARISON = _DUO[1]  # the year before, or the partnership as a whole
CONTEXT = _FOCUS[1]  # what surrounds the figure in focus
EVENT_SHADE = "#EEEEEE"  # a lockdown or other period to bear in mind
EVENT_LINE = "#6F777B"  # a single date to bear in mind
INCOMPLETE = "#6BACE6"  # a period some of whose months are missing: always hatched as well
NO_FIGURE = get_af_colours("sequential", include_grey=True)[-1]  # missing or withheld on a map: has its symbol too
GRID = "#D6D6D6"
TEXT = "#0B0C0C"
QUIET_TEXT = "#505A5F"  # 7:1 on white
PAPER = "#FFFFFF"
SELECTED_LINE = _DUO[1]
WARD_BORDER = EVENT_LINE

# Type and size, in pixels. The template's 18.6 px leaves no room for the bars on a telephone 360 px wide.
FONT = "Arial, Helvetica, sans-serif"
TEXT_SIZE = 14
SMALL_TEXT_SIZE = 13
LINE_WIDTH = 1.5
BOLD_LINE_WIDTH = 3.5
ROW_HEIGHT = 30
NARROWEST_PLOT = 240  # plot area of a chart on a telephone 360 px wide: what must not overlap there overlaps nowhere


def class_colours(classes: int) -> list[str]:
    """Colours for the classes of a map, light for low to dark for high.

    Five is the most the sequential palette has; a single class takes the middle colour.
    """
    if not 1 <= classes <= 5:
        raise ValueError(f"A map has 1 to 5 classes, not {classes}.")
    if classes >= 3:
        return get_af_colours("sequential", number_of_colours=classes)[::-1]
    return {1: [_SEQUENTIAL[2]], 2: [_SEQUENTIAL[3], _SEQUENTIAL[1]]}[classes]


# Plotly fetches coastlines from its makers' site for every map, and leaves the map blank when it cannot. A data address
# with empty layers stands in: no request leaves the page. (The "#" takes up the file name that Plotly appends.)
_NO_COASTLINES = (
    '{"type":"Topology","arcs":[],"objects":{'
    + ",".join(
        f'"{layer}":{{"type":"GeometryCollection","geometries":[]}}'
        for layer in ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    )
    + "}}"
)
PLOTLY_CONFIG: Mapping[str, Any] = {
    "displayModeBar": False,  # its buttons are eight stops of the Tab key in every chart
    "responsive": True,
    "topojsonURL": "data:application/json," + quote(_NO_COASTLINES, safe="{}[]:,") + "#",
}


def axis(**settings: Any) -> dict[str, Any]:
    """An axis with the template's grid, ticks and fixed range, and the changes given."""
    return {
        "automargin": True,
        "fixedrange": True,
        "gridcolor": GRID,
        "linecolor": GRID,
        "tickcolor": GRID,
        "zerolinecolor": GRID,
        "zeroline": True,
        "ticks": "outside",
        "tickangle": 0,
        "tickfont": {"size": TEXT_SIZE, "color": TEXT},
        **settings,
    }


def layout(height: int, margin: Mapping[str, int], **settings: Any) -> dict[str, Any]:
    """The layout every figure starts from. ``height`` and ``margin`` in pixels; the width is the page's."""
    return {
        # Not None: None would bring in Plotly's default template, 6 kB in every figure.
        "template": {},
        "height": height,
        "autosize": True,
        "margin": {"pad": 4, **margin},
        "font": {"family": FONT, "size": TEXT_SIZE, "color": TEXT},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "hoverlabel": {"align": "left", "bgcolor": PAPER, "font": {"family": FONT, "size": TEXT_SIZE, "color": TEXT}},
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        **settings,
    }


@dataclass(frozen=True, eq=False)
class Figure:
    """A Plotly figure as the plain dictionaries that the browser gets.

    Plotly's own objects take 2 ms a figure, on every change of a filter, so they are made only when asked for. The tests
    ask, with Plotly's checks on, so that a wrong name is found there.
    """

    described: Mapping[str, Any]
    """``data`` and ``layout``."""

    def to_dict(self) -> Mapping[str, Any]:
        return self.described

    def to_json(self) -> str:
        """Raises ValueError or TypeError for what JSON does not have, such as NaN: a gap is None."""
        return json.dumps(self.described, allow_nan=False, separators=(",", ":"))

    @cached_property
    def plotly(self) -> "go.Figure":
        import plotly.graph_objects as go

        return go.Figure(self.described)

    @property
    def data(self) -> Any:
        return self.plotly.data

    @property
    def layout(self) -> Any:
        return self.plotly.layout


def build_figure(data: Sequence[Mapping[str, Any]], figure_layout: Mapping[str, Any]) -> Figure:
    """A figure from plain dictionaries: traces and layout, of lists, numbers and text."""
    return Figure({"data": list(data), "layout": figure_layout})


def hatched_bars(which: Sequence[bool]) -> dict[str, Any]:
    """The marker of bars of which some are hatched: periods with months missing, small bases, what is not like the others.

    The colour lies under the hatching and a line around it: left to itself, Plotly draws the hatching alone on white.
    """
    marker: dict[str, Any] = {"color": [INCOMPLETE if this else SERIES for this in which]}
    if any(which):
        marker["pattern"] = {
            "shape": ["/" if this else "" for this in which], "fillmode": "overlay", "fgcolor": TEXT, "size": 8,
        }  # fmt: skip
        marker["line"] = {"color": SERIES, "width": [1 if this else 0 for this in which]}
    return marker


STRONG = {"size": TEXT_SIZE, "color": TEXT, "weight": 700}


def note(text: str, **place: Any) -> dict[str, Any]:
    """Text written on the chart, without Plotly's arrow."""
    return {"text": text, "showarrow": False, "xref": "x", "yref": "y", **place}
