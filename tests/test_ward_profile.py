"""Finding a ward by name, postcode and short address, on the demonstration, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.extracts.workspace import Workspace
from tests.conftest import ROOT

RIVER = "E05002261"


@pytest.fixture(autouse=True)
def _on_the_demonstration(monkeypatch, demonstration):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    monkeypatch.delenv("CSP_ROLE", raising=False)


def profile(**address):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    return at.switch_page("pages/ward_profile.py").run()


def headings(at):
    return [each.value for each in at.header]


def test_without_a_ward_there_are_a_search_a_list_and_a_chart():
    at = profile(partnership="Medway")
    assert "Wards of Medway" in headings(at)
    assert len(next(box for box in at.selectbox if box.label == "Find a ward by name").options) == 24
    assert len(at.get("bidi_component")) == 1


@pytest.mark.parametrize(
    ("address", "ward", "wards"),
    [
        ({"wards": "2003", "ward": RIVER}, f"River ({RIVER})", "22 wards to 3 May 2023"),
        ({"ward": RIVER}, f"River ({RIVER})", "22 wards to 3 May 2023"),
        ({"wards": "2003"}, "Whole partnership", "22 wards to 3 May 2023"),
        ({"wards": "2023", "ward": RIVER}, "Whole partnership", "24 wards from 4 May 2023"),
    ],
)
def test_an_address_names_a_ward_by_its_code_in_its_own_set(address, ward, wards):
    at = profile(partnership="Medway", **address)
    assert not at.exception
    assert at.selectbox(key="ward").value == ward
    assert at.selectbox(key="wards").value == wards


def test_the_address_to_send_holds_codes_and_opens_the_same_ward():
    at = profile(partnership="Medway", ward=f"River ({RIVER})", wards="22 wards to 3 May 2023")
    address = at.code[0].value
    assert address.endswith(f"/ward_profile?partnership=Medway&wards=2003&ward={RIVER}")
    assert {"River", "Recorded crimes", "ASB incidents"} <= set(headings(at))


def test_the_search_sets_the_choice_that_the_address_holds():
    at = profile(partnership="Medway")
    box = next(box for box in at.selectbox if box.label == "Find a ward by name")
    box.set_value("Luton (E05014459)" if "Luton (E05014459)" in box.options else box.options[10]).run()
    assert at.selectbox(key="ward").value == box.value
    assert not at.exception


def search(at, text):
    at.text_input(key="postcode").input(text)
    return next(button for button in at.button if button.label == "Find").click().run()


def test_a_postcode_finds_its_ward_and_is_kept_nowhere():
    release = Workspace(str(ROOT / "data")).release("medway")
    if not release.has("postcodes"):
        pytest.skip("the demonstration holds no postcodes")
    row = release.read("postcodes").query("vintage == '2023'").iloc[0]
    at = search(profile(partnership="Medway"), row["postcode"].lower().replace(" ", ""))
    assert row["ward_code"] in at.selectbox(key="ward").value
    told = [str(value) for value in at.session_state._state.filtered_state.values()]
    for kept in (str(at.query_params), *told):
        assert row["postcode"] not in kept
        assert row["postcode"].lower().replace(" ", "") not in kept


@pytest.mark.parametrize(("typed", "said"), [("rubbish", "Enter a whole postcode"), ("ZZ99 9ZZ", "is not among those")])
def test_a_postcode_that_is_not_known_is_told_plainly_and_not_repeated(typed, said):
    at = profile(partnership="Medway")
    if not [box for box in at.text_input if box.key == "postcode"]:
        pytest.skip("the demonstration holds no postcodes")
    at = search(at, typed)
    sentence = at.warning[-1].value
    assert said in sentence
    assert typed not in sentence
    assert at.selectbox(key="ward").value == "Whole partnership"
