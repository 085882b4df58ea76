"""What a text says of its numbers: statistics told apart from dates, ages and references; periods, measures, areas."""

from fractions import Fraction

import pytest

from csp_data.analysis import draft_text
from csp_data.analysis.periods import Span


def read(text):
    return [(number.text.strip(), number.kind) for number in draft_text.numbers(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("33,334 recorded crimes", [("33,334", "count")]),
        ("119.67 per 1000 people", [("119.67", "rate")]),
        ("4.4 per 100,000 people", [("4.4", "rate")]),
        ("a 5% decrease, 12 per cent or 3 percent", [("5%", "percent"), ("12 per cent", "percent"), ("3 percent", "percent")]),
        ("6 percentage points more", [("6 percentage points", "points")]),
        ("£1,362,645 and £40k and £1.2 million", [("£1,362,645", "money"), ("£40k", "money"), ("£1.2 million", "money")]),
        ("1 in 4 people; one in four people", [("1 in 4", "one in"), ("one in four", "one in")]),
        ("three cases of suicide and two young people", [("three", "count"), ("two", "count")]),
        ("one of the first; three ways forward", []),
        ("between 20 and 30 women, 20–30 women", [("between 20 and 30", "range"), ("20–30", "range")]),
        ("8th highest of 57 authorities", [("8th", "rank"), ("57", "count")]),
    ],
)  # fmt: skip
def test_statistics_are_found(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "on 23 March 2020 and March 23, 2020",
        "April 2019 – March 2020",
        "in 2019/20 and 2020-21 and the Bill 2019-21",
        "in 2019, since 2015",
        "at 3:30 and 6:30pm, open 24/7",
        "call 01634 331183 or (01634) 331183 or +44 1634 331183",
        "people aged 16 to 24, and 18-25 year olds",
        "2.5. The current plan",
        "9.1 The Commissioner",
        "see appendix 1, page 24, section 5(1)(a) and paragraphs 4.15 to 4.25",
        "COVID-19 and Q1",
        "calls to 101",
        "ME4 4TR",
        "https://example.org/2019/33334",
        "a 95% confidence interval",
    ],
)
def test_what_is_no_statistic_is_left_out(text):
    assert read(text) == []


def test_a_decimal_that_begins_a_line_is_a_statistic():
    assert read("21.62 incidents per 1000 people") == [("21.62", "rate")]


def test_precision_and_looseness_are_read():
    (about,) = draft_text.numbers("a fall of about 3%")
    assert (about.loose, about.value, about.step) == ("about", 3, 1)
    (over,) = draft_text.numbers("over 1,000 inspections")
    assert over.loose == "over"
    (rate,) = draft_text.numbers("119.67 per 1,000 residents")
    assert (rate.value, rate.step, rate.per) == (Fraction("119.67"), Fraction(1, 100), 1_000)
    (money,) = draft_text.numbers("£40k")
    assert (money.value, money.step) == (40_000, 1_000)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("April 2019 – March 2020", Span("2019-04", "2020-03")),
        ("Apr 19 - Mar 20", Span("2019-04", "2020-03")),
        ("between July and September 2020", Span("2020-07", "2020-09")),
        ("December to February 2020", Span("2019-12", "2020-02")),
        ("2018/19", Span("2018-04", "2019-03")),
        ("2018/2019", Span("2018-04", "2019-03")),
        ("year ending March 2020", Span("2019-04", "2020-03")),
        ("in 2019", Span("2019-01", "2019-12")),
        ("March 2020", Span("2020-03", "2020-03")),
        ("Apr-19\t450", Span("2019-04", "2019-04")),
    ],
)
def test_periods_are_read(text, span):
    assert [named.span for named in draft_text.periods(text)] == [span]


@pytest.mark.parametrize(
    "text", ["23 March 2020", "the plan 2020 – 2024", "2016-20", "in June and in September 2020 only on 3 May"]
)
def test_days_and_plans_are_no_periods(text):
    assert [n.span for n in draft_text.periods(text) if n.span and n.span.length > 1] == []


def test_measures_are_read_the_longest_name_first():
    text = "Recorded crime fell, violence against the person and burglaries too, but ASB and vehicle crime did not."
    assert [(n.measure, n.category) for n in draft_text.measures(text)] == [
        ("crime", None),
        ("crime", "violence-against-the-person"),
        ("crime", "burglary"),
        ("asb", None),
        ("crime", "vehicle-crime"),
    ]
    assert draft_text.measures("the Police and Crime Commissioner, crime prevention and non-crime calls") == ()


def test_areas_are_read_and_a_ward_only_where_wards_are_spoken_of():
    own = draft_text.areas("In Medway, as in Kent and Medway and England", "Medway", ("River", "Luton"))
    assert [(n.area, n.own) for n in own] == [("Medway", True), ("Kent and Medway", False), ("England", False)]
    assert draft_text.areas("The River was high", "Medway", ("River",)) == ()
    assert [n.area for n in draft_text.areas("The River ward", "Medway", ("River",))] == ["River"]


def test_a_sentence_ends_at_a_stop_but_not_in_a_number():
    text = "It was 4.4 per 100,000. Then 5% more."
    start, end = draft_text.sentence_of(text, text.index("4.4"))
    assert text[start:end] == "It was 4.4 per 100,000."
