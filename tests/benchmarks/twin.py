"""The same page in Dash, to compare with: python -m tests.benchmarks.twin PORT

The same seven figures from the same functions with the same caches, the same lists to choose from, and the same
advantages: boundaries by address, garbage collector settled. With CSP_WORDS=1 also the words beside every chart.
"""

import json
import logging
import os
import sys

from dash import Dash, Input, Output, dcc, html
from flask import Response

from csp_data.figures.theme import PLOTLY_CONFIG
from csp_data.ui import cached
from tests.benchmarks.seven import SEVEN, edition_shown, menu

WORDS = os.environ.get("CSP_WORDS") == "1"
PARTS = ("title", "subtitle", "figure", "source") if WORDS else ("figure",)


def make_twin() -> Dash:
    edition = edition_shown(os.environ["CSP_DATA"])
    choice = menu(cached.subject(edition))
    twin = Dash(__name__)
    lists = {
        label: dcc.Dropdown(options, options[0], id=label, clearable=False) for label, options in choice.lists.items()
    }
    twin.layout = html.Div(
        [
            html.Div(
                [part for label, held in lists.items() for part in (html.Label(label), held)], style={"width": 300}
            ),
            html.Div([_place(name) for name in SEVEN], style={"flex": 1}),
        ],
        style={"display": "flex"},
    )

    @twin.callback(
        [Output(*_property(name, part)) for name in SEVEN for part in PARTS], [Input(label, "value") for label in lists]
    )
    def draw(*chosen: str) -> list[object]:
        question, over = choice.question(dict(zip(lists, chosen, strict=True)))
        charts = [make(edition, question, over).chart for make in SEVEN.values()]
        return [getattr(chart, part) for chart in charts for part in PARTS]

    @twin.server.route("/boundaries/<partnership>/<release>/<vintage>.json")
    def boundaries(partnership: str, release: str, vintage: str) -> Response:
        content = json.dumps(cached.boundaries(edition, vintage), separators=(",", ":"))
        return Response(content, mimetype="application/geo+json", headers={"Cache-Control": "max-age=31536000"})

    return twin


def _place(name: str) -> html.Div:
    graph = dcc.Graph(id=name, config=dict(PLOTLY_CONFIG))
    if not WORDS:
        return html.Div(graph)
    return html.Div([html.H2(id=f"{name}-title"), html.P(id=f"{name}-subtitle"), graph, html.P(id=f"{name}-source")])


def _property(name: str, part: str) -> tuple[str, str]:
    return (name, "figure") if part == "figure" else (f"{name}-{part}", "children")


if __name__ == "__main__":
    app = make_twin()
    cached.settle_memory()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app.run(port=int(sys.argv[1]), debug=False, threaded=True)
