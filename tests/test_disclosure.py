import numpy as np
import pandas as pd
import pytest

from csp_data.analysis.disclosure import parts_shown, shown, withheld_figures
from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.disclosure_rules import RULES


def test_small_counts_are_withheld_and_others_rounded_half_up():
    exact = np.array([0, 1, 7, 8, 12, 13, 52, 53, 998, np.nan])
    values, withheld = shown(exact, "rounded", "public")
    assert withheld.tolist() == [False, True, True] + [False] * 7
    assert np.isnan(values[[1, 2, 9]]).all()
    assert values[[0, 3, 4, 5, 6, 7, 8]].tolist() == [0, 10, 10, 15, 50, 55, 1000]


def test_partners_and_analysts_see_exact_counts_and_open_data_are_open_to_all():
    exact = np.array([3.0, 12.0])
    for rule, role in (("rounded", "partner"), ("rounded", "analyst"), ("open", "public")):
        values, withheld = shown(exact, rule, role)
        assert values.tolist() == [3, 12]
        assert not withheld.any()


@pytest.mark.parametrize(("rule", "role"), [("open", "mayor"), ("secret", "public"), ("", "public")])
def test_nothing_is_shown_under_a_rule_or_to_a_role_nobody_wrote(rule, role):
    with pytest.raises(ValueError, match="there is no"):
        shown(np.array([3.0]), rule, role)


NAN = float("nan")


@pytest.mark.parametrize(
    ("sensitive", "unit", "value", "numerator", "base", "before", "withheld"),
    [
        ("yes", "people", 7, NAN, NAN, NAN, True),
        ("yes", "people", 8, NAN, NAN, NAN, False),
        ("yes", "people", 0, NAN, NAN, NAN, False),
        ("yes", "people", 40, NAN, NAN, 3, True),
        ("yes", "%", 5, NAN, NAN, 4, False),
        ("yes", "%", 50, 6, 12, NAN, True),
        ("yes", "% of clients", 50, 20, 40, NAN, False),
        ("yes", "£", 5, NAN, NAN, NAN, False),
        ("yes", "ratio", 1.2, NAN, NAN, NAN, False),
        ("yes", "per 1,000 residents", 3.1, NAN, 9000, NAN, False),
        ("yes", "%", 100, 9, 7, NAN, True),
        ("no", "people", 3, 3, 3, 3, False),
        ("yes", "%", 5, NAN, 40, NAN, True),
        ("yes", "%", 95, NAN, 40, NAN, True),
        ("yes", "people", 28, NAN, 30, NAN, True),
        ("yes", "people", 30, NAN, 30, NAN, False),
        ("yes", "per 1,000 residents", 0.4, NAN, 9000, NAN, True),
    ],
)
def test_partner_figures_marked_sensitive_with_a_small_count_are_withheld(
    sensitive, unit, value, numerator, base, before, withheld
):
    table = pd.DataFrame(
        [{"figure": "young", "sensitive": sensitive, "unit": unit, "value": value, "numerator": numerator, "base": base,
          "before": before}]
    )  # fmt: skip
    assert withheld_figures(table, "public").tolist() == [withheld]
    assert withheld_figures(table, "partner").tolist() == [False]


def test_partner_figures_without_a_unit_are_counts_and_no_rows_are_no_rows():
    columns = ["figure", "sensitive", "unit", "value", "numerator", "base", "before"]
    table = pd.DataFrame([["young", "yes", None, 2, None, None, None]], columns=columns)
    assert withheld_figures(table, "public").tolist() == [True]
    again = pd.concat([table, table.assign(sensitive="no")])
    assert withheld_figures(again, "public").tolist() == [True, True], "the same figure of another period"
    assert withheld_figures(table.iloc[:0], "public").tolist() == []
    with pytest.raises(ValueError, match="no role 'mayor'"):
        withheld_figures(table, "mayor")


def test_parts_whose_total_may_be_known_do_not_leave_one_alone():
    values, withheld = parts_shown(np.array([216.0, 3, 61]), "rounded", "public")
    assert withheld.tolist() == [False, True, True]
    assert values[0] == 215
    assert np.isnan(values[1:]).all()
    assert parts_shown(np.array([216.0, 3, 61]), "rounded", "partner")[0].tolist() == [216, 3, 61]
    assert parts_shown(np.array([216.0, 61, np.nan]), "rounded", "public")[1].tolist() == [False, False, False]


def test_every_dataset_has_rules_and_every_rule_a_source():
    for dataset in DATASETS.values():
        assert dataset.rules
        for rule in dataset.rules:
            assert RULES[rule].source
    assert (RULES["rounded"].withheld_from, RULES["rounded"].withheld_to, RULES["rounded"].rounded_to) == (1, 7, 5)
