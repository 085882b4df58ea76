"""The page Releases: what each role finds there, and that its buttons do what they say."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.extracts.publishing import publish
from csp_data.extracts.workspace import Workspace
from csp_data.ui import cached
from tests.test_faults import NEW, NEXT, OLD, add, opened, words


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> Path:
    """A release that was live, the live one, and a candidate, to be copied before anything is done to them."""
    workspace = tmp_path_factory.mktemp("held")
    add(workspace, OLD, publish_at_once=True)
    add(workspace, NEW, publish_at_once=True)
    add(workspace, NEXT)
    return workspace


@pytest.fixture
def town(held, tmp_path, monkeypatch) -> Path:
    """A copy of its own of the three releases, shown by the pages to an analyst."""
    shutil.copytree(held, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("CSP_DATA", str(tmp_path))
    monkeypatch.setenv("CSP_ROLE", "analyst")
    cached.forget_releases()
    return tmp_path


def tables(at: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in at.get("html"))


def fill(at: AppTest, **typed: str) -> AppTest:
    for key, text in typed.items():
        next(box for box in (*at.text_input, *at.text_area) if box.key == key).set_value(text)
    return at


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


@pytest.mark.parametrize("role", ["public", "partner"])
def test_others_than_analysts_find_a_list_and_no_button(town, monkeypatch, role):
    monkeypatch.setenv("CSP_ROLE", role)
    at = opened("releases")
    assert not at.exception
    assert [header.value for header in at.header if header.value != "Choose what to show"] == ["Releases", "Editions"]
    assert OLD in tables(at)
    assert NEXT not in tables(at)
    assert "Ann" not in tables(at)
    assert [button.label for button in at.button if button.label in ("Publish", "Withdraw", "Make the edition")] == []


def test_a_candidate_is_compared_with_the_live_release(town):
    at = opened("releases")
    assert not at.exception
    assert "Months revised of recorded crime:** April to June 2019 (3 months)" in words(at)
    assert "The chain of the log holds: all 5 entries" in words(at)


def test_the_verdicts_of_two_releases_can_name_other_partnerships(town, monkeypatch):
    asked = []

    def judge(register, subject, other, role):
        asked.append(other("town").release.id)
        return ()

    monkeypatch.setattr(cached, "read_register", lambda *_: SimpleNamespace(claims=("A1",)))
    monkeypatch.setattr(cached, "judge", judge)
    cached.difference.clear()
    assert not opened("releases").exception
    assert asked == [NEW, NEW]
    cached.difference.clear()


def test_the_buttons_publish_make_live_again_and_withdraw(town):
    at = fill(opened("releases"), act_name="Ben", act_reason="Checked")
    at = press(at, "Publish")
    assert (at.success[0].value, len(at.exception)) == ("Done, and added to the log.", 0)
    held = Workspace(str(town))
    assert held.current("town") == NEXT
    assert held.log("town").entries[-1].reason == "Checked"
    at = opened("releases", do="Make live again")
    at = press(fill(at, act_name="Cy", act_reason="A mistake"), "Make live again")
    assert held.current("town") == NEW
    at = opened("releases", do="Withdraw")
    at.selectbox(key="act_release").set_value(OLD)
    press(fill(at, act_name="Cy", act_reason="A mistake"), "Withdraw")
    assert held.release("town", OLD).status == "withdrawn"


def test_a_button_without_a_name_does_nothing_and_says_so(town):
    at = press(opened("releases"), "Publish")
    assert "the name is empty" in at.error[0].value
    assert Workspace(str(town)).current("town") == NEW


def test_what_was_typed_stays_where_nothing_was_done(town):
    at = fill(opened("releases"), make_title="Assessment", make_markdown="# A long text", make_name="Ann")
    at = press(at, "Make the edition")
    assert "the reason is empty" in at.error[0].value
    assert at.text_area(key="make_markdown").value == "# A long text"
    at = press(fill(at, make_reason="x"), "Make the edition")
    assert (at.success[0].value, at.text_area(key="make_markdown").value) == ("Done, and added to the log.", "")


def test_who_presses_second_is_told_who_was_first(town):
    at = fill(opened("releases"), act_name="Cy", act_reason="x")
    publish(town, "town", NEXT, "Ben", "x")
    at = press(at, "Publish")
    assert f"Ben published {NEXT} at" in at.error[0].value


def test_an_edition_is_made_signed_corrected_and_opened(town):
    at = fill(
        opened("releases"), make_title="Assessment 2019", make_markdown="# Crime", make_name="Ann", make_reason="x"
    )
    at.selectbox(key="make_release").set_value(OLD)
    at = press(at, "Make the edition")
    assert at.success[0].value == "Done, and added to the log."
    assert "Assessment 2019" in tables(at)
    assert "figures are different in the latest release" in words(at)
    at = press(fill(at, erratum_name="Di", erratum_reason="Page 3: 5% reads 4%"), "Add the erratum")
    assert "Di: Page 3: 5% reads 4%" in words(at)
    at = press(at, "Show every page as published in this edition")
    assert "that of the edition ‘Assessment 2019’, not the live one" in words(at)
