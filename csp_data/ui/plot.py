"""Drawing a Plotly figure in the browser: once, in place, with Plotly's own library from its Python package.

``st.plotly_chart`` takes every chart down and draws it anew, twice, whenever a choice changes: measured, that is two
thirds of the time a visitor waits.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import plotly
import streamlit as st
from streamlit.components.v1 import declare_component

from csp_data.figures.chart import Chart
from csp_data.figures.theme import PLOTLY_CONFIG

LIBRARY_FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
LIBRARY_ADDRESS = f"plotly/{plotly.__version__}.js"
"""Where ``csp_data.ui.server`` serves the library."""

_FALLBACK = "plotly"
_component = st.components.v2.component(
    "csp_plot", js=Path(__file__).with_name("plot.js").read_text(encoding="utf-8"), isolate_styles=False
)


def own_server() -> bool:
    """Whether the app runs under ``csp_data.ui.server``, and not under plain ``streamlit run app.py``."""
    return os.environ.get("CSP_SERVER") == "own"


def description(chart: Chart) -> bytes:
    """What the browser needs to draw a chart, as JSON. Costs a few milliseconds: make it once a chart."""
    small = chart.kind.startswith("small ")  # it stands on a card that has a heading
    below = (chart.subtitle, *chart.notes, chart.source) if small else (*chart.notes, chart.source)
    rest = {
        "words": {
            "title": "" if small else chart.title,
            "subtitle": "" if small else chart.subtitle,
            "below": "\n".join(below),
        },
        "name": chart.title,
        "config": {**PLOTLY_CONFIG, "responsive": False},  # plot.js watches the width of the chart, not of the window
        "alt": chart.alt,
        "selectable": chart.selectable,
        "library": LIBRARY_ADDRESS if own_server() else f"component/{__name__}.{_FALLBACK}/{LIBRARY_FILE.name}",
    }
    return f'{{"figure":{chart.figure.to_json()},{json.dumps(rest)[1:]}'.encode()


def plot(described: bytes, key: str, on_pick: Callable[[], None] | None = None) -> bool:
    """Draw a described chart. Gives whether its table is open.

    Parameters
    ----------
    key : the chart's name on its page, without any choice in it, so that a change of choices redraws it in place.
    on_pick : called, before the page runs again, when the visitor picks a place; ``picked(key)`` says which.
    """
    if not own_server():
        _serve_library()
    picks = {"on_picked_change": on_pick} if on_pick else {}
    open_ = bool(getattr(st.session_state.get(key), "table", False))
    _component(key=key, data=(b"1" if open_ else b"0") + described, height="content", **picks)
    return open_


def picked(key: str) -> str | None:
    """Code of the place picked on a chart, inside the callback of ``plot``."""
    return getattr(st.session_state.get(key), "picked", None)


@st.cache_resource(show_spinner=False)
def _serve_library() -> None:
    """Let the browser fetch plotly.js from its Python package: no copy here, no other site."""
    declare_component(_FALLBACK, path=LIBRARY_FILE.parent)
