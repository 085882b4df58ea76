"""The page Claims: for analysts, who may change a claim where the workspace can be written to."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[1] / "pages" / "claims.py"


@pytest.fixture
def desk(monkeypatch, demonstration, tmp_path):
    """A function that opens the page on a copy of the demonstration, as a role."""
    shutil.copytree(demonstration, tmp_path / "data")
    monkeypatch.setenv("CSP_DATA", str(tmp_path / "data"))

    def open_as(role: str, **choices: str) -> AppTest:
        monkeypatch.setenv("CSP_ROLE", role)
        at = AppTest.from_file(str(PAGE), default_timeout=60)
        for key, value in {"partnership": "Medway", **choices}.items():
            at.query_params[key] = value
        at.run()
        assert [each.value for each in (*at.exception, *at.error)] == []
        return at

    return open_as


def headings(at: AppTest) -> list[str]:
    return [each.value for each in at.header]


def test_the_public_is_told_whom_it_is_for(desk):
    at = desk("public")
    assert any("analysts" in each.value for each in at.info)
    assert not any("Does not follow" in heading for heading in headings(at))


def test_the_address_chooses_the_claim_and_the_filters(desk):
    at = desk("analyst", verdict="Does not follow", claim="I3")
    assert "I3: ✕ N Does not follow" in headings(at)
    assert "5 claims with these choices" in headings(at)
    next(box for box in at.selectbox if box.label == "Document").set_value(
        "003: Medway Strategic Assessment 2020"
    ).run()
    assert "2 claims with these choices" in headings(at)


def test_filters_that_leave_nothing_are_told(desk):
    at = desk(
        "analyst", verdict="Does not follow", document="001: Medway Health and Wellbeing Board report, 2 February 2017"
    )
    assert any("No claim is left" in each.value for each in at.info)


def test_an_analyst_changes_a_claim_and_it_is_worked_out_again(desk, demonstration, tmp_path):
    at = desk("analyst", claim="B4")
    assert "B4: ✕ N Does not follow" in headings(at)
    next(each for each in at.text_input if each.label == "Printed: change").set_value("9% increase")
    next(each for each in at.button if each.label.startswith("Save")).click().run()
    assert [each.value for each in at.success] == ["Claim B4 is saved and worked out again."]
    assert "B4: ● R Reproduces" in headings(at)
    before = (demonstration / "medway" / "claims.toml").read_text(encoding="utf-8")
    after = (tmp_path / "data" / "medway" / "claims.toml").read_text(encoding="utf-8")
    assert after == before.replace('printed = "10% increase"', 'printed = "9% increase"')


def test_a_change_that_cannot_be_is_told_and_nothing_is_written(desk, demonstration, tmp_path):
    at = desk("analyst", claim="B4")
    next(each for each in at.text_input if each.label == "Document").set_value("777")
    next(each for each in at.button if each.label.startswith("Save")).click().run()
    assert "names the document '777'" in at.error[0].value
    assert (tmp_path / "data/medway/claims.toml").read_bytes() == (demonstration / "medway/claims.toml").read_bytes()


def test_a_partner_sees_the_working_and_changes_nothing(desk):
    at = desk("partner", claim="B4")
    assert "B4: ✕ N Does not follow" in headings(at)
    assert not [each for each in at.text_input if each.label.startswith("Printed")]


def test_a_workspace_without_a_register_and_one_with_a_fault(desk, tmp_path):
    at = desk("analyst")
    place = tmp_path / "data" / "medway" / "claims.toml"
    place.write_text('[[claim]]\nid = "A1"\n')
    at.run()
    assert "row 1: 'text' is missing" in at.error[0].value
    place.unlink()
    at.run()
    assert any("no register of Medway" in each.value for each in at.info)
