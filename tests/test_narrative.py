"""Sentences from templates: the verb follows the test over a grid of cases, and every number is one of the answer."""

import re
from itertools import product

import pytest

from csp_data.analysis.change import changes
from csp_data.figures import narrative
from tests import made_results

RISE_OR_FALL = re.compile(
    r"\b(rose|risen|fell|fallen|increased?|decreased?|dropped|grew|up|down|reduced|reduction|improved|worsened)\b"
)
GRID = list(product((0, 3, 49, 50, 120, 1_000, 33_334), repeat=2))


def compared(now: int, before: int, **changes_):
    found = changes(now, before)
    small = before < 50
    percent, lower, upper = (
        None if small or value != value else float(value)
        for value in (found.percent[0], found.lower[0], found.upper[0])
    )
    return made_results.answer(
        value=now,
        numerator=now,
        compare="previous-year",
        compare_period="April 2018 to March 2019",
        compare_value=before,
        compare_numerator=before,
        change=now - before,
        percent_change=percent,
        percent_lower=lower,
        percent_upper=upper,
        verdict=str(found.verdict[0]),
        change_reason="No percentage is given on a base of under 50." if small else "",
        **changes_,
    )


@pytest.mark.parametrize(("now", "before"), GRID)
def test_the_verb_follows_the_test(now, before):
    answer = compared(now, before)
    said = narrative.change(answer)
    assert not RISE_OR_FALL.search(said)
    if answer.verdict == "similar":
        assert "similar to" in said and "within chance" in said
        assert "more than chance" not in said
    elif answer.verdict:
        assert "more than chance" in said
        assert "similar" not in said
        more, fewer = ("higher", "more"), ("lower", "fewer")
        right, wrong = (more, fewer) if answer.verdict == "higher" else (fewer, more)
        before_limits = said.split("(")[0].replace("more than chance", "")
        assert any(word in before_limits for word in right)
        assert not any(f" {word}" in before_limits for word in wrong)
    else:
        assert "chance" not in said


@pytest.mark.parametrize(("now", "before"), GRID)
def test_every_number_is_one_of_the_answer(now, before):
    answer = compared(now, before)
    said = narrative.paragraph(answer)
    assert [each.printed for each in narrative.traced(said, answer) if not each.field] == []


def test_the_level_of_a_count_and_of_a_rate():
    count = made_results.answer(value=33334, numerator=33334)
    assert narrative.level(count) == "Medway had 33,334 recorded crimes in April 2019 to March 2020 (12 of 12 months)."
    rate = made_results.answer(**made_results.RATE, value=119.6629, lower=118.38, upper=120.95, numerator=33334)
    assert narrative.level(rate) == (
        "Medway had 119.66 recorded crimes per 1,000 residents in April 2019 to March 2020 (12 of 12 months; 95% interval "
        "118.38 to 120.95; 278,566 residents, 2019)."
    )
    assert {each.field for each in narrative.traced(narrative.level(rate), rate)} == {
        "value", "months_present", "lower", "upper", "denominator", "population_year",
    }  # fmt: skip


def test_a_paragraph_says_rate_change_caution_and_release():
    count = made_results.answer(
        value=33334, numerator=33334, **made_results.LOWER, caution="The comparison crosses: X."
    )
    rate = made_results.answer(**made_results.RATE, value=119.6629, lower=118.38, upper=120.95, numerator=33334)
    said = narrative.paragraph(count, rate, "And this.")
    assert "That is 119.66 per 1,000 residents (95% interval 118.38 to 120.95), on 278,566 residents of 2019." in said
    assert "This was 5.0% lower than the 35,088 of April 2018 to March 2019 (95% interval 6.3% to 3.6% lower)" in said
    assert said.endswith("The comparison crosses: X. And this. Data release of 22 November 2026.")
    assert all(each.field for each in narrative.traced(said, count, rate))


@pytest.mark.parametrize(("status", "symbol"), [("withheld", "[c]"), ("missing", "[x]")])
def test_a_figure_there_is_not_has_its_sentence(status, symbol):
    answer = made_results.answer(value=None, value_status=status, reason="Because.")
    assert narrative.sentences(answer) == (
        f"Medway has no figure {symbol} for recorded crimes in April 2019 to March 2020. Because.",
    )


def test_a_difference_that_was_not_tested_has_no_verb():
    answer = made_results.answer(
        value=10, compare="previous-year", compare_period="April 2018 to March 2019", compare_value=5, change=5
    )
    assert narrative.change(answer) == "In April 2018 to March 2019 there were 5; the difference was not tested."


def test_not_compared_says_why():
    answer = made_results.answer(
        value=10,
        compare="previous-year",
        compare_period="x",
        change_reason="Not compared: the data do not hold all of x.",
    )
    assert narrative.change(answer) == "Not compared: the data do not hold all of x."
    assert narrative.change(made_results.answer(value=10)) == ""


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("higher", "higher than that of Medway as a whole (119.66 per 1,000 residents), more than chance."),
        ("lower", "lower than that of Medway as a whole (119.66 per 1,000 residents), more than chance."),
        ("similar", "similar to that of Medway as a whole (119.66 per 1,000 residents), within chance."),
    ],
)
def test_a_ward_against_the_whole_follows_its_test(verdict, words):
    whole = made_results.answer(**made_results.RATE, value=119.6629)
    ward = made_results.answer(**made_results.RATE, value=200.0, area_name="River")
    assert narrative.against(ward, whole, verdict) == f"The rate was {words}"
    assert narrative.against(ward, whole, "") == ""
    assert narrative.against(made_results.answer(value=None), whole, verdict) == ""


@pytest.mark.parametrize(
    ("signal", "words"),
    [
        ("Above UCL", "March 2020 was above the limits of its usual ups and downs."),
        ("Below LCL", "March 2020 was below the limits of its usual ups and downs."),
        ("Common Cause", "March 2020 was within its usual ups and downs."),
        ("7 Points Above CL", "March 2020 was part of a run of months on the higher side of the usual level, longer than "
         "chance would often give."),
        ("7 Point Trend (Decreasing)", "March 2020 was part of a run going down, longer than chance would often give."),
        ("No data", ""),
    ],
)  # fmt: skip
def test_the_latest_month_follows_its_chart(signal, words):
    assert narrative.latest(signal, "2020-03") == words


def test_a_number_from_nowhere_is_found():
    answer = made_results.answer(value=33334)
    assert [each.field for each in narrative.traced("33,334 recorded crimes and 17 more", answer)] == ["value", ""]
