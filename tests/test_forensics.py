"""Printed percentages: rows small enough to work out on paper, then the values of exact arithmetic."""

from decimal import Decimal

import numpy as np
import pytest
from reference_values import reference

from csp_data.analysis import forensics

# Rounding


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "expected"),
    [(1, 8, 2, "0.13"), (-1, 8, 2, "-0.13"), (1, 2, 0, "1"), (-1, 2, 0, "-1"), (-1, 3, 0, "0"), (5, 1, 1, "5.0")],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, decimals, expected):
    assert forensics.rounded(numerator, denominator, decimals) == Decimal(expected)


@pytest.mark.parametrize(("denominator", "decimals"), [(0, 0), (-2, 0), (3, -1)])
def test_what_cannot_be_rounded_is_refused(denominator, decimals):
    with pytest.raises(ValueError, match="cannot be rounded"):
        forensics.rounded(1, denominator, decimals)


def test_a_percentage_is_rounded_half_up_from_its_count():
    assert forensics.percent_text(5, 40) == "13%"
    assert forensics.percent_text(1, 200) == "1%"
    assert forensics.percent_text(71, 103, 1) == "68.9%"


# Which counts


def test_counts_that_a_percentage_allows():
    assert forensics.possible_counts("50", 103) == (51, 52)
    assert forensics.possible_counts("33%", 3) == (1,)
    assert forensics.possible_counts("35", 12) == ()
    assert forensics.possible_counts("0", 150) == (0,)
    assert forensics.possible_counts("0", 500) == (0, 1, 2)
    assert forensics.possible_counts("100", 250) == (249, 250)


def test_trailing_zeros_count():
    assert forensics.possible_counts("19", 103) == (20,)
    assert forensics.possible_counts("19.0", 103) == ()


@pytest.mark.parametrize("percent", [19.0, 19, None])
def test_a_number_is_refused(percent):
    with pytest.raises(TypeError, match="as the text that was printed"):
        forensics.possible_counts(percent, 103)


@pytest.mark.parametrize("percent", ["", "abc", "-1", "101", "100.1", "1,5"])
def test_what_is_no_percentage_is_refused(percent):
    with pytest.raises(ValueError, match="is not a percentage"):
        forensics.possible_counts(percent, 103)


@pytest.mark.parametrize("base", [0, -3, 10.5])
def test_a_base_is_a_whole_number_above_zero(base):
    with pytest.raises(ValueError, match="base must be a whole number"):
        forensics.possible_counts("50", base)


@pytest.mark.parametrize(
    ("percent", "base", "verdict"),
    [
        ("45", 9, "impossible"),
        ("44", 9, "possible"),
        ("5", 99, "possible"),
        ("5", 100, "base too large to test at this precision"),
        ("68.9", 103, "possible"),
        ("50.0", 103, "impossible"),
        ("50.0", 1000, "base too large to test at this precision"),
    ],
)
def test_a_figure_is_never_called_right(percent, base, verdict):
    found = forensics.grim(percent, base)
    assert found.verdict == verdict
    assert found.possible == (verdict != "impossible")


def test_a_base_may_come_from_a_table():
    assert forensics.grim("68.9", np.int64(103)).counts == (71,)


def test_from_a_base_of_100_every_whole_percentage_is_possible():
    for base in range(1, 200):
        assert (forensics.impossible_percents(base) == ()) == (base >= 100)


def test_bases_that_fit():
    assert forensics.fitting_bases(["35", "12"], range(1, 30)) == (17, 26)
    assert list(forensics.bases_near(103)) == [98, 99, 100, 101, 102, 103]
    assert list(forensics.bases_near(3)) == [1, 2, 3]


# Statements that hang together


@pytest.mark.parametrize(
    ("percents", "possible"),
    [
        (["33", "33", "33"], True),
        (["33", "33", "32"], False),  # at most 33.5 + 33.5 + 32.5 = 99.5
        (["50", "50", "1"], True),
        (["50", "51", "1"], False),  # at least 49.5 + 50.5 + 0.5 = 100.5
        (["50", "51"], True),  # exactly 49.5 + 50.5
        (["49", "50"], False),  # 49.5 and 50.5 are not reached
        (["50", "52", "0", "0", "0"], False),  # nothing is less than none
        (["100"], True),
        (["100", "0", "0"], True),
        (["99"], False),
        (["33.3", "33.3", "33.4"], True),
        (["33.3", "33.3", "33.2"], False),
        (["66.7", "33"], True),
        (["66.4", "33"], False),
    ],
)
def test_parts_add_up_to_100_within_rounding(percents, possible):
    assert forensics.sums_to_100(percents).possible == possible


def test_the_sum_says_what_is_wrong():
    assert "92%, less than rounding allows" in forensics.sums_to_100(["60", "32"]).sentence
    assert "130%, more than rounding allows" in forensics.sums_to_100(["60", "70"]).sentence


def test_with_the_base_the_counts_have_to_add_up():
    assert forensics.sums_to_100(["33", "33", "33"], 102).possible  # 34 of 102, three times
    assert not forensics.sums_to_100(["33", "33", "33"], 103).possible  # only 34 is 33% of 103, and three make 102
    assert not forensics.sums_to_100(["33", "33", "33"], 100).possible
    assert forensics.sums_to_100(["33", "33", "34"], 100).possible
    assert forensics.sums_to_100(["45", "55"], 9).sentence == "No count of 9 gives 45, 55."


@pytest.mark.parametrize(
    ("percents", "base", "possible"),
    [
        (["20", "60"], None, True),
        (["60", "20"], None, False),
        (["60", "60"], None, True),
        (["60.0", "60"], None, True),
        (["60.5", "60"], None, True),  # 60.45 to 60.5 is in both
        (["60.6", "60"], None, False),
        (["61", "60"], None, False),  # 60.5 itself is rounded to 61
        (["100", "100"], None, True),
        (["20", "60", "50"], None, False),
        (["60.5", "60", "59.9"], None, False),  # each in the next, but not the first in the last
        (["50", "50"], 103, True),
        (["51", "50"], 103, False),
        (["45", "60"], 9, False),
    ],
)
def test_a_narrower_statement_is_part_of_a_wider_one(percents, base, possible):
    assert forensics.nested(percents, base).possible == possible


# Changes


def test_a_change_of_rounded_percentages_may_not_be_that_of_the_counts():
    found = forensics.point_change("19", 103, "16", 107)
    assert found.difference_of_rounded == 3
    (only,) = found.candidates
    assert (only.current, only.previous, only.rounded_points) == (20, 17, 4)
    assert only.points == pytest.approx(3.5296252609)
    assert found.allows("+4")
    assert not found.allows("3")


def test_a_stated_change_may_have_a_true_minus_and_has_to_be_a_number():
    change = forensics.point_change("69", 103, "70", 107)
    assert change.allows("\N{MINUS SIGN}1")
    with pytest.raises(ValueError, match="'up a bit' is not a change"):
        change.allows("up a bit")


def test_every_pair_of_counts_is_looked_at():
    found = forensics.point_change("50", 103, "56", 107)
    assert [(c.current, c.previous, c.rounded_points) for c in found.candidates] == [(51, 60, -7), (52, 60, -6)]
    assert found.allows("-7")
    assert found.allows("-6")


def test_changes_are_rounded_to_the_finer_print():
    found = forensics.point_change("68.9", 103, "70", 107)
    assert found.difference_of_rounded == Decimal("-1.1")
    assert [c.rounded_points for c in found.candidates] == [Decimal("-1.2")]


# Reference values, with the numbers kept as printed


def grim_cases():
    data = reference("survey_grim", parse_float=str)
    return [c for key in ("survey_2024_n103", "survey_2023_n107", "one_decimal", "sub_base") for c in data[key]]


def test_reference_counts():
    cases = grim_cases()
    for case in cases:
        found = forensics.grim(str(case["percent"]), case["n"])
        assert list(found.counts) == case["counts"]
        assert found.possible == case["possible"]
        if "lo" in case:
            assert (min(found.counts), max(found.counts)) == (case["lo"], case["hi"])
            assert found.verdict == "base too large to test at this precision"
    assert len(cases) >= 22


def test_reference_impossible_percentages():
    data = reference("survey_grim")
    for case in data["impossible_percents_by_base"]:
        found = forensics.impossible_percents(case["n"])
        assert list(map(int, found)) == case["impossible_whole_percents"]
        assert 101 - len(found) == case["count_possible_of_101"]
    for base, case in data["one_decimal_power"].items():
        assert case["of"] - len(forensics.impossible_percents(int(base), 1)) == case["possible"]


def test_reference_halves():
    for case in reference("survey_grim")["half_cases"]:
        assert forensics.rounded(100 * case["k"], case["n"]) == case["half_up"]


def test_reference_point_changes():
    cases = reference("survey_grim")["point_change"]
    for case in cases:
        found = forensics.point_change(str(case["percent_2024"]), 103, str(case["percent_2023"]), 107)
        assert found.difference_of_rounded == case["difference_of_rounded"]
        assert [(c.current, c.previous, c.rounded_points) for c in found.candidates] == [
            (c["x2024"], c["x2023"], c["rounded_points_half_away"]) for c in case["candidates"]
        ]
        for got, expected in zip(found.candidates, case["candidates"], strict=True):
            assert got.points == pytest.approx(expected["exact_points"], rel=1e-12)
    assert len(cases) >= 2
