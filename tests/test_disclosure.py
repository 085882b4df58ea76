import numpy as np
import pandas as pd
import pytest

from csp_data.analysis.disclosure import kind_withheld, shown, withheld_figures


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


def test_sensitive_kinds_need_the_partnership_and_a_year():
    assert not kind_withheld("rape", "rounded", "public", partnership_level=True, months=12)
    assert kind_withheld("rape", "rounded", "public", partnership_level=False, months=12)
    assert kind_withheld("rape", "rounded", "public", partnership_level=True, months=3)
    assert not kind_withheld("rape", "rounded", "analyst", partnership_level=False, months=1)
    assert not kind_withheld("burglary", "rounded", "public", partnership_level=False, months=1)


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
    ],
)
def test_partner_figures_marked_sensitive_with_a_small_count_are_withheld(
    sensitive, unit, value, numerator, base, before, withheld
):
    table = pd.DataFrame(
        [{"sensitive": sensitive, "unit": unit, "value": value, "numerator": numerator, "base": base, "before": before}]
    )
    assert withheld_figures(table, "public").tolist() == [withheld]
    assert withheld_figures(table, "partner").tolist() == [False]


def test_partner_figures_without_a_unit_are_counts_and_no_rows_are_no_rows():
    columns = ["sensitive", "unit", "value", "numerator", "base", "before"]
    table = pd.DataFrame([["yes", None, 2, None, None, None]], columns=columns)
    assert withheld_figures(table, "public").tolist() == [True]
    assert withheld_figures(table.iloc[:0], "public").tolist() == []
    with pytest.raises(ValueError, match="no role 'mayor'"):
        withheld_figures(table, "mayor")
