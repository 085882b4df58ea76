"""Sums on printed numbers, and the numbers themselves as they are printed."""

from fractions import Fraction

import pytest

from csp_data.catalogue import arithmetic, printed
from csp_data.catalogue.rounding import half_up

KNOWN = {
    "now": Fraction(105),
    "before": Fraction(100),
    "A1.crimes": Fraction(7),
    "D-1.rate": Fraction(3),
    "parts": (Fraction(1), Fraction(2)),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-now + 2", -103),
        ("now - before", 5),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("percent_change(now, before)", 5),
        ("percent_of(before, now)", Fraction(2000, 21)),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(1.005, 2)", Fraction(101, 100)),
        ("sum(parts)", 3),
        ("sum(parts, now)", 108),
        ("count(parts)", 2),
        ("smallest(parts) + largest(parts)", 3),
        ("A1.crimes / 2", Fraction(7, 2)),
        ("D-1.rate + D-1.rate", 6),
    ],
)
def test_sums_are_worked_out_exactly(text, value):
    assert arithmetic.worked_out(text, KNOWN) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("now +", "is no sum"),
        ("__import__('os')", "no function '__import__'"),
        ("now.real.imag", "not arithmetic"),
        ("[now][0]", "not arithmetic"),
        ("now ** 99", "not arithmetic"),
        ("'a' + 'b'", "not arithmetic"),
        ("True", "not arithmetic"),
        ("now / 0", "divides by nothing"),
        ("percent_of(now, now - now)", "divides by nothing"),
        ("parts", "list of numbers"),
        ("nowhere", "'nowhere'"),
        ("round(1, 0.5)", "whole number"),
        ("percent_of(now)", "does not take 1"),
        ("1" * 600, "longer"),
    ],
)
def test_a_sum_that_cannot_be_worked_out_is_told(text, said):
    with pytest.raises(arithmetic.ArithmeticFault) as fault:
        arithmetic.worked_out(text, KNOWN)
    assert said in str(fault.value)


def test_the_names_of_a_sum_are_found_with_claims_that_have_a_hyphen():
    assert arithmetic.names("D-1.rate / A1.crimes - now + sum(parts) - now") == (
        "D-1.rate",
        "A1.crimes",
        "now",
        "parts",
    )


@pytest.mark.parametrize(
    ("number", "step", "rounded"),
    [("2.5", "1", "3"), ("-2.5", "1", "-3"), ("0.125", "0.01", "0.13"), ("45", "10", "50")],
)
def test_half_is_rounded_away_from_nothing(number, step, rounded):
    assert half_up(Fraction(number), Fraction(step)) == Fraction(rounded)


@pytest.mark.parametrize(
    ("text", "value", "step", "loose", "percent"),
    [
        ("33,334", "33334", "1", "", False),
        ("119.67", "119.67", "0.01", "", False),
        ("£40k", "40000", "1000", "", False),
        ("£1.5m", "1500000", "100000", "", False),
        ("-5%", "-5", "1", "", True),
        ("−5 per cent", "-5", "1", "", True),
        ("5% decrease", "-5", "1", "", True),
        ("reduced by about 3%", "-3", "1", "about", True),
        ("10% increase", "10", "1", "", True),
        ("8th", "8", "1", "", False),
        ("in excess of 45", "45", "1", "over", False),
        ("> 5,000", "5000", "1", "over", False),
        ("up to 12", "12", "1", "under", False),
        ("approximately 1 in 4", "25", "1", "about", True),
        ("20–30 women", "20", "1", "range", False),
        ("three", "3", "1", "", False),
        ("zero offences", "0", "1", "", False),
    ],
)
def test_numbers_are_read_as_they_are_printed(text, value, step, loose, percent):
    found = printed.read(text)
    assert found is not None
    assert (found.value, found.step, found.loose, found.percent) == (Fraction(value), Fraction(step), loose, percent)


def test_a_text_without_a_number_has_none():
    assert printed.read("the picture") is None


@pytest.mark.parametrize(
    ("text", "number", "allowed"),
    [
        ("119.67", "119.665", True),
        ("119.67", "119.6649", False),
        ("£40k", "39500", True),
        ("£40k", "39499", False),
        ("about 3%", "3.4", True),
        ("about 100", "104", True),
        ("about 100", "106", False),
        ("over 30", "30", False),
        ("over 30", "30.1", True),
        ("under 30", "30", False),
        ("20-30", "30", True),
        ("20-30", "31", False),
        ("a third", "33.4", True),
        ("a third", "36", False),
    ],
)
def test_a_printed_number_allows_what_would_be_printed_like_it(text, number, allowed):
    found = printed.read(text)
    assert found is not None
    assert found.allows(Fraction(number)) is allowed


def test_a_tolerance_comes_on_top_of_the_rounding():
    found = printed.read("5500")
    assert found is not None
    assert not found.allows(Fraction(5502))
    assert found.allows(Fraction(5502), Fraction(2))
    assert not found.allows(Fraction(5502), Fraction(1))


def test_a_number_is_written_with_no_more_decimals_than_it_needs():
    like = printed.read("63.7%")
    assert [printed.exact(Fraction(text), like) for text in ("63.7", "63.68", "1000", "2.12345")] == [
        "63.7",
        "63.68",
        "1,000",
        "2.123",
    ]
