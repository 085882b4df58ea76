"""Which dated events a comparison crosses: the edges first."""

import pandas as pd
import pytest

from csp_data.analysis.crossings import Crossings
from csp_data.analysis.periods import Span

LOCKDOWN = ("2020-03-23", "2020-07-03", "lockdown", "First lockdown", "all")
RECORDING = ("2017-04-01", None, "recording change", "New classes", "crime")
PHASE = ("2017-04-01", "2019-03-31", "recording change", "Fuller recording", "crime, asb")
WARDS = ("2023-05-04", None, "boundary change", "New wards", "all")


def crossed(span, other, *events, dataset="crime", of_wards=False):
    table = pd.DataFrame(events, columns=["start", "end", "kind", "label", "datasets"])
    table["start"], table["end"] = pd.to_datetime(table["start"]), pd.to_datetime(table["end"])
    (words,) = Crossings(table, dataset, of_wards).words([Span(*span)], [Span(*other)])
    return words


@pytest.mark.parametrize(
    ("span", "other", "yes"),
    [
        (("2020-03", "2020-03"), ("2019-03", "2019-03"), True),
        (("2020-02", "2020-02"), ("2019-02", "2019-02"), False),
        (("2021-07", "2021-07"), ("2020-07", "2020-07"), True),
        (("2021-08", "2021-08"), ("2020-08", "2020-08"), False),
        (("2023-01", "2023-12"), ("2019-01", "2019-12"), False),
    ],
)
def test_a_lockdown_is_crossed_when_either_period_overlaps_it_not_when_it_lies_between(span, other, yes):
    expected = "First lockdown (23 March 2020 to 3 July 2020)" if yes else ""
    assert crossed(span, other, LOCKDOWN) == expected


@pytest.mark.parametrize(
    ("span", "other", "yes"),
    [
        (("2017-04", "2018-03"), ("2016-04", "2017-03"), True),
        (("2018-04", "2019-03"), ("2017-04", "2018-03"), False),
        (("2019-01", "2019-01"), ("2016-01", "2016-01"), True),
        (("2017-02", "2017-04"), ("2016-02", "2016-04"), True),
        (("2017-03", "2017-03"), ("2016-03", "2016-03"), False),
    ],
)
def test_a_change_is_crossed_when_it_lies_between_the_periods_or_inside_one(span, other, yes):
    assert bool(crossed(span, other, RECORDING)) is yes


def test_a_change_that_takes_long_is_crossed_until_it_is_over():
    assert crossed(("2018-04", "2019-03"), ("2017-04", "2018-03"), PHASE)
    assert not crossed(("2020-04", "2020-04"), ("2019-04", "2019-04"), PHASE)


def test_only_events_of_the_dataset_and_of_wards_only_for_wards():
    years = (("2023-04", "2024-03"), ("2022-04", "2023-03"))
    assert crossed(*years, WARDS) == ""
    assert crossed(*years, WARDS, of_wards=True) == "New wards (4 May 2023)"
    then = (("2017-04", "2018-03"), ("2016-04", "2017-03"))
    assert crossed(*then, RECORDING, PHASE, dataset="asb") == "Fuller recording (1 April 2017 to 31 March 2019)"
    assert crossed(*then, PHASE, RECORDING).split("; ")[1].startswith("New classes"), "in order of start, then of name"


def test_without_events_nothing_is_crossed():
    assert crossed(("2020-04", "2021-03"), ("2019-04", "2020-03")) == ""
