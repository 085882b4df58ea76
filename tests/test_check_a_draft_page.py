"""The page Check a draft: what the public sees, what analysts see, and that nothing of a draft leaves it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
TEXT = "33,334 recorded crimes (April 2019 – March 2020), a 5% decrease due to <b>patrols</b>."


@pytest.fixture(autouse=True)
def _on_the_demonstration(monkeypatch, demonstration):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    monkeypatch.delenv("CSP_ROLE", raising=False)


def page(monkeypatch, role):
    if role:
        monkeypatch.setenv("CSP_ROLE", role)
    at = AppTest.from_file(str(ROOT / "pages" / "check_a_draft.py"), default_timeout=60)
    at.query_params["partnership"] = "Medway"
    return at.run()


def test_the_public_reads_a_sentence_and_has_no_box_to_paste_in(monkeypatch):
    at = page(monkeypatch, None)
    assert not at.exception
    assert any("for the partnership's analysts" in info.value for info in at.info)
    assert len(at.text_area) == 0


def test_an_analyst_sees_the_numbers_checked(monkeypatch):
    at = page(monkeypatch, "analyst")
    at.text_area[0].set_value(TEXT)
    at.button[0].click().run()
    assert not at.exception and not at.error
    tables = " ".join(element.proto.body for element in at.get("html"))
    assert "33,334" in tables and "✓ The same. The release has 33,334" in tables
    assert "Cause without a test" in tables
    assert any("2 numbers" in element.value for element in at.markdown)
    assert "draft" not in " ".join(at.query_params)


def test_nothing_of_a_draft_is_kept(monkeypatch, demonstration, caplog):
    before = {file: file.stat().st_mtime_ns for file in Path(demonstration).rglob("*") if file.is_file()}
    at = page(monkeypatch, "analyst")
    at.text_area[0].set_value(TEXT)
    at.button[0].click().run()
    assert {file: file.stat().st_mtime_ns for file in Path(demonstration).rglob("*") if file.is_file()} == before
    assert "patrols" not in caplog.text
    assert "patrols" not in " ".join(value for values in at.query_params.values() for value in values)
    source = (ROOT / "csp_data" / "ui" / "check_a_draft.py").read_text()
    assert "cached.told" not in source and "cached.drawing" not in source and "bind=" not in source
