"""Every page, for every measure and partnership, by a link to a running and to a freshly started server, without a browser.

What only a browser can show (clicks on the map, Back, print, phones) is in tests/browser.
"""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from csp_data.catalogue.measures import MEASURES
from csp_data.extracts.workspace import Workspace
from csp_data.ui import layout

ROOT = Path(__file__).parents[1]
PAGES = {name: page.title for name, page in layout.PAGES.items()}
TITLES = PAGES | {"meeting": "Data on a page"}
"""In Meeting mode each screen has a title of its own."""
PARTNERSHIPS = [
    Workspace(str(ROOT / "data")).release(id).partnership.short_name
    for id in Workspace(str(ROOT / "data")).partnerships()
]
LINKS = [(page, measure.label, name) for page in PAGES for measure in MEASURES.values() for name in PARTNERSHIPS]
SECONDS = 60
"""Within which a page must be made, on a machine that is busy with other tests."""


@pytest.fixture(autouse=True)
def _on_the_demonstration(monkeypatch, demonstration):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    monkeypatch.delenv("CSP_ROLE", raising=False)


def asked(at: AppTest, **choices: str) -> AppTest:
    for key, value in choices.items():
        at.query_params[key] = value
    return at


def cold(page: str, **choices: str) -> AppTest:
    """A visitor who comes by a link to a server that has just started: the page runs without app.py."""
    return asked(AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=SECONDS), **choices).run()


def warm(page: str, **choices: str) -> AppTest:
    at = asked(AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS), **choices).run()
    return at.switch_page(f"pages/{page}.py").run()


def faults(at: AppTest) -> list[str]:
    return [element.value for element in (*at.exception, *at.error)]


def charts(at: AppTest) -> list[dict]:
    described = [element.proto.bytes for element in at.get("bidi_component")]
    return [json.loads(each[1:])["figure"] for each in described if each]  # what is no chart has no description


def numbers(figure: dict) -> list[float]:
    """Every number that a figure draws as a height, length or colour. Dates, places and gaps are none."""
    found: list[float] = []
    for trace in figure["data"]:
        for axis in ("x", "y", "z"):
            values = trace.get(axis)
            if isinstance(values, dict):  # Plotly packs long columns
                found += np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
            elif values is not None:
                flat = np.array(values, dtype=object).ravel()
                found += [value for value in flat if isinstance(value, int | float)]
    return [value for value in found if np.isfinite(value)]


def chosen(at: AppTest) -> dict[str, str]:
    return {box.label: box.value for box in at.selectbox}


@pytest.mark.parametrize("start", [cold, warm])
@pytest.mark.parametrize(("page", "measure", "partnership"), LINKS)
def test_every_page_shows_every_measure_of_every_partnership_by_a_link(start, page, measure, partnership):
    at = start(page, partnership=partnership, measure=measure)
    assert faults(at) == []
    assert [title.value for title in at.title] == [TITLES[page]]
    assert chosen(at)["Partnership"] == partnership
    assert chosen(at)["Measure"] == measure
    assert [chart for chart in charts(at) if not numbers(chart)] == []
    assert charts(at) or not layout.PAGES[page].charts


LABELS = {
    "measure": "Measure",
    "type": "Type",
    "period": "Period",
    "compare": "Compare with",
    "wards": "Ward boundaries",
    "ward": "Area",
}
TRIED = 8
"""Options of a choice that are tried on a page: the first, the last and some between."""


@pytest.mark.parametrize(
    ("page", "label"), [(page, LABELS[use]) for page in PAGES for use in sorted(layout.PAGES[page].uses)]
)
def test_every_choice_can_be_made_on_every_page_that_uses_it(page, label):
    at = warm(page, partnership="Medway")
    options = next(box.options for box in at.selectbox if box.label == label)
    assert len(options) > 1
    for option in [*options[: -1 : max(1, len(options) // TRIED)], options[-1]]:
        next(box for box in at.selectbox if box.label == label).set_value(option).run()
        assert faults(at) == [], option
        assert chosen(at)[label] == option
        assert charts(at)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_the_partnership_the_notice_and_the_release(page):
    at = cold(page, partnership="Medway")
    words = "\n".join(element.value for element in (*at.caption, *at.warning))
    assert "Medway Community Safety Partnership" in words
    assert "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate" in words
    assert Workspace(str(ROOT / "data")).current("medway") in words


@pytest.mark.parametrize("page", PAGES)
def test_a_workspace_that_cannot_be_read_is_told_in_a_sentence(page, monkeypatch, tmp_path):
    monkeypatch.setenv("CSP_DATA", str(tmp_path / "nowhere"))
    at = cold(page)
    assert len(at.exception) == 0
    assert "there is no such workspace" in at.error[0].value


def test_the_emptiness_of_a_chart_is_seen():
    assert numbers({"data": [{"x": ["2019-04"], "y": [None]}, {"y": []}]}) == []
    packed = {"dtype": "f8", "bdata": base64.b64encode(np.array([np.nan, 2.0]).tobytes()).decode()}
    assert numbers({"data": [{"y": packed}]}) == [2.0]
