"""Every sentence in full: the words are the product."""

import math

import pytest
from made_results import LOWER, RATE, answer

from csp_data.analysis.periods import Span
from csp_data.figures import wording


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (33334, 0, "33,334"),
        (0.5, 0, "1"),  # half up, where Python's own rounding gives 0
        (12.5, 0, "13"),
        (2.675, 2, "2.68"),  # stored as 2.67499999…
        (12.499999999999993, 0, "13"),  # 12.5 with the noise of earlier arithmetic
        (12.49, 0, "12"),
        (-4.9989, 1, "−5.0"),
        (-0.04, 1, "0.0"),  # no minus sign before nothing
        (1234567.891, 2, "1,234,567.89"),
        (0, 0, "0"),
    ],
)
def test_numbers_are_rounded_half_up(value, places, text):
    assert wording.number(value, places) == text


def test_a_value_that_is_not_there_is_never_empty_and_never_zero():
    assert wording.shown(math.nan, "missing") == "[x]"
    assert wording.shown(None, "withheld") == "[c]"
    assert wording.shown(None, "not applicable") == "[z]"
    assert wording.shown(0, "available") == "0"
    # A number that should not have come with its status is not shown either.
    assert wording.shown(3, "withheld") == "[c]"


def test_a_count_and_a_fall_beyond_chance():
    assert wording.sentence(answer(value=33334, numerator=33334, **LOWER)) == (
        "Medway: 33,334 recorded crimes, April 2019 to March 2020 (12 of 12 months); 5.0% lower than the 35,088 of "
        "April 2018 to March 2019 (95% interval 6.3% to 3.6% lower), more than chance."
    )


def test_a_difference_that_could_be_chance_never_rises_or_falls():
    similar = {**LOWER, "percent_change": -0.6, "percent_lower": -3.1, "percent_upper": 2.0, "verdict": "similar"}
    said = wording.sentence(answer(value=34877, **similar))
    assert said == (
        "Medway: 34,877 recorded crimes, April 2019 to March 2020 (12 of 12 months); similar to the 35,088 of April 2018 "
        "to March 2019 (0.6% lower; 95% interval 3.1% lower to 2.0% higher), within chance."
    )


def test_a_rate_stands_with_its_interval_count_population_and_year():
    rate = answer(value=119.6628, numerator=33334, lower=118.382, upper=120.954, **RATE)
    assert wording.sentence(rate) == (
        "Medway: 119.66 recorded crimes per 1,000 residents (95% interval 118.38 to 120.95), April 2019 to March 2020 "
        "(12 of 12 months): 33,334 recorded crimes and 278,566 residents (2019, ONS mid-year estimate)."
    )


def test_a_change_between_populations_on_different_bases_says_so():
    said = wording.sentence(answer(value=10, caution="The populations are on different bases.", **LOWER))
    assert said.endswith(", more than chance. The populations are on different bases.")


def test_a_missing_figure():
    missing = answer(
        value_status="missing",
        months_present=10,
        period="April 2019 to March 2020 (10 of 12 months)",
        reason="The data hold 10 of the 12 months of April 2019 to March 2020.",
    )
    assert wording.sentence(missing) == (
        "Medway: no figure [x] for recorded crimes, April 2019 to March 2020 (10 of 12 months). The data hold 10 of the "
        "12 months of April 2019 to March 2020."
    )


def test_a_withheld_figure_says_nothing_of_its_size():
    withheld = answer(
        area_name="River",
        value_status="withheld",
        reason="Withheld so that nobody can be identified.",
        **{**LOWER, "change_reason": "Not compared: a figure is withheld so that nobody can be identified."},
    )
    assert wording.sentence(withheld) == (
        "River: withheld [c] for recorded crimes, April 2019 to March 2020 (12 of 12 months). Withheld so that nobody can "
        "be identified."
    )


def test_one_is_singular_and_a_category_is_named():
    one = answer(value=1, category="burglary", period_start="2019-04", period_end="2019-04", months_present=1)
    assert wording.value_words(one) == "1 recorded crime (burglary)"
    assert wording.noun(answer(measure="asb", category="asb")) == "ASB incidents"


def test_no_percentage_on_a_small_base():
    small = {**LOWER, "percent_change": None, "percent_lower": None, "percent_upper": None, "compare_value": 30}
    small |= {"change": -18, "change_reason": "No percentage is given on a base of under 50."}
    assert wording.change_words(answer(value=12, **small)) == (
        "18 fewer than the 30 of April 2018 to March 2019, more than chance; no percentage is given on a base of under 50"
    )
    similar = {**small, "verdict": "similar", "change": 2}
    assert wording.change_words(answer(value=32, **similar)).startswith(
        "similar to the 30 of April 2018 to March 2019 (2 more), within chance"
    )


def test_a_difference_too_small_for_its_decimals_is_not_nothing():
    tiny = {**LOWER, "percent_change": None, "compare_value": 0.014, "change": -0.0035, "verdict": "similar"}
    assert "(less than 0.01 lower" in wording.change_words(answer(value=0.0105, **RATE, **tiny))


def test_withheld_is_not_said_as_missing():
    withheld = answer(value=None, value_status="withheld")
    assert wording.no_figures(withheld) == "Recorded crimes in Medway: withheld"
    assert wording.no_figures(answer(value=5), ["withheld", "missing"]) == "Recorded crimes in Medway: withheld"
    assert wording.no_figures(answer(value=None, value_status="missing")) == "No figures for recorded crimes in Medway"


def test_what_cannot_be_compared_says_why():
    nothing = dict.fromkeys(("compare_value", "change", "percent_change", "percent_lower", "percent_upper"))
    reason = "Not compared: the data do not hold all of April 2018 to March 2019."
    said = wording.change_words(answer(value=5, **{**LOWER, **nothing, "verdict": "", "change_reason": reason}))
    assert said == "not compared: the data do not hold all of April 2018 to March 2019"
    assert wording.change_words(answer(value=5)) == ""


def test_small_changes_are_not_called_none():
    assert wording.percent_change_words(0.04) == "less than 0.1% higher"
    assert wording.percent_change_words(-0.04) == "less than 0.1% lower"
    assert wording.percent_change_words(0) == "no change"
    assert wording.percent_change_words(9.469) == "9.5% higher"


def test_an_interval_without_an_upper_end_is_left_out():
    assert wording.change_interval_words(-20, math.inf) == ""
    assert wording.change_interval_words(None, 3) == ""
    assert wording.interval_words(1.25, 2, 1) == "1.3 to 2.0"


def test_titles_follow_the_test():
    fallen = answer(value=33334, **LOWER)
    assert wording.title_of_change(fallen) == "Recorded crimes in Medway were lower than a year before"
    assert wording.title_of_change(
        answer(value=9, measure="asb", category="asb", **{**LOWER, "verdict": "similar"})
    ) == ("ASB incidents in Medway were similar to a year before")
    assert wording.title_of_change(answer(value=9, **RATE, **LOWER)) == (
        "The rate of recorded crimes in Medway was lower than a year before"
    )
    assert wording.title_of_change(answer(value=9, **{**LOWER, "verdict": ""})) == ""
    assert wording.title_of_change(answer(value=9, **{**LOWER, "compare": "pre-pandemic"})) == (
        "Recorded crimes in Medway were lower than in April 2018 to March 2019"
    )


def test_a_title_over_a_longer_time_names_the_period_it_speaks_of():
    fallen = answer(value=33334, **LOWER)
    assert wording.title_of_change(fallen, Span("2014-04", "2026-03")) == (
        "Year to March 2020: recorded crimes in Medway lower than a year before"
    )
    assert len(wording.title_of_change(fallen, Span("2014-04", "2026-03")).split()) <= 13


def test_source_line_has_the_date_of_the_data():
    assert wording.source_line(answer()) == "Source: data.police.uk. Data release of 22 November 2026."
    assert wording.release_words("first") == "first"
