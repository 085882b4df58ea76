"""The page Claims: for analysts, who may change a claim where the workspace can be written to."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.extracts.problems import InputError
from csp_data.stories import claims as story
from csp_data.ui import layout

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
    assert "I3: ✕ Does not follow" in headings(at)
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
    assert "B4: ✕ Does not follow" in headings(at)
    next(each for each in at.text_input if each.label == "Printed: change").set_value("9% increase")
    next(each for each in at.button if each.label.startswith("Save")).click().run()
    assert [each.value for each in at.success] == ["Claim B4 is saved and worked out again."]
    assert "B4: ● Reproduces" in headings(at)
    before = (demonstration / "medway" / "claims.toml").read_text(encoding="utf-8")
    after = (tmp_path / "data" / "medway" / "claims.toml").read_text(encoding="utf-8")
    assert after == before.replace('printed = "10% increase"', 'printed = "9% increase"')


def test_a_change_that_cannot_be_is_told_and_nothing_is_written(desk, demonstration, tmp_path):
    at = desk("analyst", claim="B4")
    next(each for each in at.text_input if each.label == "Document").set_value("777")
    next(each for each in at.button if each.label.startswith("Save")).click().run()
    assert "names the document '777'" in at.error[0].value
    assert (tmp_path / "data/medway/claims.toml").read_bytes() == (demonstration / "medway/claims.toml").read_bytes()


def fill(at: AppTest, texts: dict[str, str]) -> None:
    for label, text in texts.items():
        next(each for each in (*at.text_input, *at.text_area) if each.label == label).set_value(text)


NEW = {"What the report says, as printed": "33,335 crimes", "The number, as printed": "33,335"}
MONTHS = {"From month, such as 2019-04": "2019-04", "To month": "2020-03"}


def test_an_analyst_adds_a_claim_and_sees_it_worked_out(desk, tmp_path):
    at = desk("analyst")
    fill(at, NEW | MONTHS)
    next(each for each in at.button if each.label == "Add and work out").click().run()
    assert [each.value for each in at.error] == []
    assert [each.value for each in at.success] == ["Claim N1 is saved and worked out again."]
    assert "N1: ✕ Does not follow" in headings(at)
    assert 'id = "N1"' in (tmp_path / "data" / "medway" / "claims.toml").read_text(encoding="utf-8")


def test_a_claim_that_cannot_be_added_is_told_and_nothing_is_written(desk, demonstration, tmp_path):
    at = desk("analyst")
    fill(at, NEW | {"From month, such as 2019-04": "April 2019"})
    next(each for each in at.button if each.label == "Add and work out").click().run()
    assert "'April 2019' is no month" in at.error[0].value
    next(each for each in at.selectbox if each.label == "Worked out from").set_value("Arithmetic on printed numbers")
    next(each for each in at.button if each.label == "Add and work out").click().run()
    assert "it does not say from what it is worked out" in at.error[0].value
    assert (tmp_path / "data/medway/claims.toml").read_bytes() == (demonstration / "medway/claims.toml").read_bytes()


def test_a_type_must_be_one_of_the_measure():
    way = {"using": "measure", "measure": "crime", "statistic": "count"}
    assert story.way_to_add(way, "drug-offences", "") == {**way, "category": "drug-offences"}
    assert story.way_to_add(way, None, "") == way
    with pytest.raises(InputError, match="it is no type of ‘ASB incidents’"):
        story.way_to_add({**way, "measure": "asb"}, "drug-offences", "")


def test_a_page_that_was_started_alone_starts_again_once(desk, monkeypatch):
    # Else what is typed first on a server that has just started is lost with the second run, which is one of app.py.
    again = []
    monkeypatch.setattr(layout.st, "rerun", lambda: again.append("again"))
    at = desk("partner")
    at.run()
    assert again == ["again"]


def test_a_partner_sees_the_working_and_changes_nothing(desk):
    at = desk("partner", claim="B4")
    assert "B4: ✕ Does not follow" in headings(at)
    assert not [each for each in at.text_input if each.label.startswith(("Printed", "The number"))]


def test_a_workspace_without_a_register_and_one_with_a_fault(desk, tmp_path):
    at = desk("analyst")
    place = tmp_path / "data" / "medway" / "claims.toml"
    place.write_text('[[claim]]\nid = "A1"\n')
    at.run()
    assert "row 1: 'text' is missing" in at.error[0].value
    place.unlink()
    at.run()
    assert any("no register of Medway" in each.value for each in at.info)
    fill(at, NEW | MONTHS)
    next(each for each in at.button if each.label == "Add and work out").click().run()
    assert "1 claim with these choices" in headings(at)
