"""The catalogue of published indicators: names, fall-back for those not listed, and complete entries."""

import pytest

from csp_data.catalogue.indicators import INDICATORS, from_fingertips, indicator_named


def test_a_fingertips_number_leads_to_its_entry():
    assert from_fingertips(93517) == "unmet-need-opiate-crack"
    assert indicator_named("fingertips-93517") is INDICATORS["unmet-need-opiate-crack"]


def test_a_fingertips_indicator_without_an_entry_carries_no_judgement():
    assert from_fingertips(40501) == "fingertips-40501"
    found = indicator_named("fingertips-40501")
    assert (found.polarity, found.fingertips, found.unit) == ("neither", 40501, "")
    assert found.label == "Fingertips indicator 40501"


@pytest.mark.parametrize("id", ["", "fingertips-", "fingertips-x", "in treatment"])
def test_an_unknown_indicator_names_those_that_exist(id):
    with pytest.raises(KeyError, match="Choose one of: opiate-crack-users"):
        indicator_named(id)


def test_every_entry_says_what_it_measures():
    labels = [indicator.label for indicator in INDICATORS.values()]
    assert len(set(labels)) == len(labels)
    for id, indicator in INDICATORS.items():
        assert indicator.id == id
        assert indicator.theme and indicator.unit and indicator.source
        assert indicator.definition.endswith((".", "?"))
