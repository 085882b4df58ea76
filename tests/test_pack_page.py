"""The page Pack for a meeting: choices, a pack made beside the page, and the download."""

import io
import threading
import time
from pathlib import Path

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from csp_data.ui import pack as page

ROOT = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds within which a pack must be there, on a machine busy with other tests."""


@pytest.fixture
def shown(monkeypatch, demonstration):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    monkeypatch.delenv("CSP_ROLE", raising=False)
    at = AppTest.from_file(str(ROOT / "pages" / "pack.py"), default_timeout=60)
    at.query_params["partnership"] = "Maidstone"
    return at.run()


def box(at, label):
    return next(each for each in at.selectbox if each.label == label)


def finished(at):
    """The page once the pack is made. The thread reports by a future, so nothing here sleeps for a fixed time."""
    job = at.session_state["pack being made"]
    job.made.exception(timeout=PATIENCE)
    return at.run(), job


def test_the_page_offers_the_latest_month_and_every_format(shown):
    assert box(shown, "12 months to").value == "March 2026"
    formats = next(radio for radio in shown.radio if radio.label == "Format")
    assert formats.options == [
        "PowerPoint slides (.pptx)",
        "PDF for print (.pdf)",
        "Word document (.docx)",
        "Workbook of tables (Excel) (.xlsx)",
    ]
    assert not shown.get("download_button")


def test_a_pack_is_made_beside_the_page_and_can_be_downloaded(shown):
    started = time.perf_counter()
    shown.button(key="make_pack").click().run()
    assert not shown.exception
    at, job = finished(shown)
    assert not at.exception
    assert job.name == "maidstone-pack-2026-03.pptx"
    assert len(Presentation(io.BytesIO(job.made.result())).slides) > 5
    assert any("is ready" in said.value for said in at.success)
    assert len(at.get("download_button")) == 1
    assert time.perf_counter() - started < PATIENCE


def test_choices_changed_after_a_pack_was_made_are_told(shown):
    shown.button(key="make_pack").click().run()
    at, _ = finished(shown)
    box(at, "12 months to").set_value("March 2020").run()
    assert any("choices have changed" in said.value for said in at.info)


def test_paper_is_asked_for_where_there_is_paper(shown):
    formats = next(radio for radio in shown.radio if radio.label == "Format")
    assert not [radio for radio in shown.radio if radio.label == "Paper"]
    at = formats.set_value("PDF for print (.pdf)").run()
    assert next(radio for radio in at.radio if radio.label == "Paper").options == list(page._PAPERS)


def started(shown, monkeypatch, make):
    monkeypatch.setattr(page.packs, "pack", make)
    return shown.button(key="make_pack").click().run()


def test_a_pack_can_be_stopped_and_says_so(shown, monkeypatch):
    waits = threading.Event()

    def slow(*arguments):
        told = arguments[5]
        waits.wait(PATIENCE)
        told("Wards", 0.5)
        return b"never"

    at = started(shown, monkeypatch, slow)
    at.button(key="stop_pack").click().run()
    waits.set()
    at, _ = finished(at)
    assert [said.value for said in at.info if "stopped before it was done" in said.value]
    assert not at.get("download_button")
    assert not at.button(key="make_pack").disabled


def test_a_pack_that_fails_says_so_in_words_and_the_page_goes_on(shown, monkeypatch):
    def broken(*arguments):
        arguments[5]("Wards", 0.5)
        raise KeyError("ward")

    at, _ = finished(started(shown, monkeypatch, broken))
    assert not at.exception
    (said,) = [error.value for error in at.error]
    assert said.startswith("maidstone-pack-2026-03.pptx was not made: the dashboard failed while it made ‘Wards’.")
    assert not at.button(key="make_pack").disabled


def test_too_many_packs_at_once_are_told_in_a_sentence():
    workshop = page._Workshop()
    for _ in range(page.MOST_WAITING):
        assert workshop._places.acquire(blocking=False)
    with pytest.raises(page.InputError, match="too many packs are being made now"):
        workshop.submit(bytes)


def test_a_pack_that_is_done_makes_room_for_the_next():
    workshop = page._Workshop()
    for _ in range(page.MOST_WAITING + 2):
        assert workshop.submit(lambda: b"made").result(timeout=PATIENCE) == b"made"
