"""Surveys: rows small enough to work out on paper, then the values of R and of Newcombe's paper."""

import math

import pandas as pd
import pytest
from reference_values import close, reference

from csp_data.analysis import survey


def options(*rows, **columns):
    table = pd.DataFrame(rows, columns=["question", "option", "count", "base"])
    return table.assign(**{"mode": "online", "wording": "How safe?", "single": True, **columns})


# Base rules


@pytest.mark.parametrize(
    ("base", "rule"),
    [(0, "hidden"), (29, "hidden"), (30, "small base"), (99, "small base"), (100, ""), (math.nan, "hidden")],
)
def test_small_bases_are_hidden_or_flagged(base, rule):
    assert survey.base_rule(base) == rule


def test_shares_with_their_intervals():
    row = survey.shares(options(("q", "safe", 71, 103))).iloc[0]
    assert row["percent"] == close(100 * 71 / 103)
    assert (row["lower"], row["upper"]) == (pytest.approx(59.4500202, abs=1e-6), pytest.approx(77.0526637, abs=1e-6))
    assert (row["shown"], row["flag"], row["value_status"], row["reason"]) == ("69%", "", "available", "")


def test_what_is_hidden_leaves_nothing_but_its_base():
    table = survey.shares(
        options(("q", "a", 29, 29), ("q", "b", 15, 30), ("q", "c", float("nan"), 200), ("q", "d", 5, 40))
    )
    assert table["value_status"].tolist() == ["withheld", "available", "missing", "available"]
    assert table["flag"].tolist() == ["", "small base", "", "small base"]
    assert table["shown"].tolist() == ["", "50%", "", "13%"]
    hidden = table.iloc[0]
    assert hidden["base"] == 29
    assert hidden[["count", "percent", "lower", "upper"]].isna().all()
    assert hidden["reason"] == "Fewer than 30 people were asked."
    assert table["reason"].iloc[2] == "The count is not given."


@pytest.mark.parametrize("base", [10, 40])
def test_a_missing_count_has_no_flag_and_a_small_base_hides_before_it_is_missing(base):
    row = survey.shares(options(("q", "a", math.nan, base))).iloc[0]
    assert row["flag"] == ""
    assert row["value_status"] == ("withheld" if base < 30 else "missing")


@pytest.mark.parametrize("base", [10, 200])
def test_a_count_above_its_base_is_refused(base):
    with pytest.raises(ValueError, match="between zero and its base"):
        survey.shares(options(("q", "a", base + 1, base)))


# Sums


def test_options_add_up_to_the_base():
    table = options(("q", "yes", 60, 103), ("q", "no", 40, 103), ("q", "not stated", 3, 103))
    found = survey.sums(table).iloc[0]
    assert (found["base"], found["counted"], found["not_counted"], found["problem"]) == (103, 103, 0, "")


def test_options_that_do_not_add_up_are_told():
    table = pd.concat(
        [
            options(("short", "yes", 60, 103), ("short", "no", 40, 103)),
            options(("long", "yes", 60, 103), ("long", "no", 44, 103)),
            options(("several", "a", 90, 103), ("several", "b", 80, 103), single=False),
            options(("over", "a", 104, 103), single=False),
            options(("bases", "a", 50, 103), ("bases", "b", 50, 101)),
            options(("gap", "a", 50, 103), ("gap", "b", float("nan"), 103)),
        ]
    )
    found = survey.sums(table).set_index("question")
    assert found["problem"].to_dict() == {
        "short": "The options leave out 3 of 103 people: an option may be missing.",
        "long": "The options hold 1 more people than the 103 asked.",
        "several": "",
        "over": "An option was chosen by more people than the 103 asked.",
        "bases": "The options are given on different bases: 103, 101.",
        "gap": "An option has no count, so the sum is not known.",
    }
    assert math.isnan(found["not_counted"]["several"])


# Change between waves


def test_a_change_that_could_be_chance_says_so():
    found = survey.change(20, 103, 17, 107)
    assert found.verdict == "similar"
    assert found.sentence == "Up 3.5 percentage points (95% interval -6.8 to +13.9): could be chance."
    assert (found.p, found.fisher_p) == (close(0.50211981973), close(0.58772304353))


def test_a_change_of_more_than_chance():
    found = survey.change(48, 80, 64, 80)
    assert found.points == close(-20)
    assert found.verdict == "lower"
    assert found.sentence.startswith("Down 20.0 percentage points")
    assert found.sentence.endswith("more than chance alone would be likely to give.")


def test_nobody_in_either_wave_is_no_change():
    found = survey.change(0, 100, 0, 100)
    assert (found.points, found.verdict, found.fisher_p) == (0, "similar", 1)
    assert math.isnan(found.p)
    assert found.sentence.startswith("No change (95% interval -3.7 to +3.7)")


def test_a_change_needs_counts_within_their_bases():
    with pytest.raises(ValueError, match="between zero and its base"):
        survey.change(11, 10, 1, 10)


@pytest.mark.parametrize("count", [3.5, math.nan, None])
def test_people_are_counted_whole(count):
    with pytest.raises(ValueError, match="whole numbers of people"):
        survey.change(count, 100, 2, 100)
    with pytest.raises(ValueError, match="whole numbers of people"):
        survey.shares(pd.DataFrame({"count": [3.5], "base": [100]}))


def test_a_confidence_of_95_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        survey.change(3, 100, 2, 100, confidence=95)


# Reference values


def test_reference_shares():
    data = reference("survey_grim")
    cases = data["survey_2024_n103"] + data["survey_2023_n107"]
    for case in cases:
        table = survey.shares(options(*[("q", str(k), k, case["n"]) for k in case["counts"]]))
        assert table["lower"].tolist() == close([low for low, _ in case["wilson95"]])
        assert table["upper"].tolist() == close([high for _, high in case["wilson95"]])
        assert set(table["shown"]) == {f"{case['percent']}%"}
    assert len(cases) >= 11


def test_reference_changes():
    cases = reference("survey_grim")["year_on_year"]
    for case in cases:
        found = survey.change(case["x_current"], case["n_current"], case["x_previous"], case["n_previous"])
        for name, key in (
            ("points", "diff_points"),
            ("lower", "newcombe_lower"),
            ("upper", "newcombe_upper"),
            ("z", "z"),
            ("p", "p_pooled_z"),
            ("fisher_p", "fisher_p"),
        ):
            assert getattr(found, name) == close(case[key])
    assert len(cases) >= 5


# Weighted shares between waves


def test_weighted_shares_compare_as_counts_would_on_whole_effective_bases():
    counted, weighted = survey.change(56, 70, 48, 80), survey.weighted_change(0.8, 70.0, 0.6, 80.0)
    assert (weighted.points, weighted.lower, weighted.upper) == pytest.approx(
        (counted.points, counted.lower, counted.upper)
    )
    assert weighted.sentence == counted.sentence
    assert weighted.verdict == "higher"
    assert math.isnan(weighted.p)


def test_a_change_too_small_to_print_is_not_told_as_none():
    assert survey.weighted_change(0.5004, 400.0, 0.5, 400.0).sentence.startswith("Up less than 0.1 percentage points")
    assert survey.weighted_change(0.5, 400.0, 0.5, 400.0).sentence.startswith("No change (95% interval")


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_weighted_share_lies_between_none_and_all(share):
    with pytest.raises(ValueError, match="between zero and its base"):
        survey.weighted_change(share, 400.0, 0.5, 400.0)


def test_without_its_tests_a_change_is_the_same():
    tested, plain = survey.change(56, 70, 48, 80), survey.change(56, 70, 48, 80, tested=False)
    assert (plain.points, plain.lower, plain.upper) == (tested.points, tested.lower, tested.upper)
    assert (plain.verdict, plain.sentence) == (tested.verdict, tested.sentence)
    assert math.isnan(plain.p)
    assert math.isnan(plain.fisher_p)
