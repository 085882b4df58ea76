"""What published figures give away: cases small enough to work out on paper, then values by exhaustive search."""

import itertools
import math

import numpy as np
import pytest
from reference_values import reference

from csp_data.analysis import disclosure
from csp_data.analysis import disclosure_audit as audit
from csp_data.analysis.disclosure_audit import RULES, View

HES, NDTMS, TEN_FIVE = RULES["hes"], RULES["ndtms"], RULES["ons_10_5"]


def found(table):
    """Cells and what is known of them."""
    return {row.cells: (row.low, row.high, row.disclosive) for row in table.itertuples()}


# Rules


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (HES, {0: 0, 1: None, 7: None, 8: 10, 12: 10, 13: 15, 998: 1000}),
        (NDTMS, {0: 0, 1: None, 4: None, 5: 5, 6: 6}),
        (TEN_FIVE, {0: None, 9: None, 10: 10, 12: 10, 13: 15}),
    ],
)
def test_counts_as_the_rules_show_them(rule, shown):
    assert {count: audit.published(count, rule) for count in shown} == shown


def test_many_counts_at_once_with_missing_and_apportioned_ones():
    values, withheld = audit.shown([0, 7.4, 7.5, np.nan], HES)
    assert values[[0, 2]].tolist() == [0, 10]
    assert withheld.tolist() == [False, True, False, False]
    assert np.isnan(values[[1, 3]]).all()


def test_the_rule_for_police_extracts_is_that_of_nhs_digital():
    counts = np.arange(60.0)
    for got, expected in zip(disclosure.shown(counts, "rounded", "public"), audit.shown(counts, HES), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_counts_behind_a_shown_value_are_all_that_the_rule_shows_so(rule):
    for value in (None, *range(0, 31, rule.rounded_to)):
        expected = tuple(count for count in range(60) if audit.published(count, rule) == value)
        assert audit.counts_behind(value, rule) == expected


# Figures made of counts


def test_a_count_below_zero_is_shown_by_no_rule():
    with pytest.raises(ValueError, match="cannot be negative"):
        audit.published(-3, RULES["hes"])


def test_a_rate_gives_its_count_away():
    assert audit.counts_behind_rate("0.19", 5_200) == (1,)
    assert audit.counts_behind_rate("0.2", 25_000) == (4, 5, 6)  # from 0.15, without 0.25
    assert audit.counts_behind_rate("0.20", 25_000) == (5,)
    assert audit.counts_behind_rate("0.0", 25_000) == (0, 1)
    assert audit.counts_behind_rate("12", 100_000, per=100_000) == (12,)
    assert audit.counts_behind_rate("0.5", 1_000) == ()


def test_a_percentage_gives_its_count_away():
    assert audit.counts_behind_percent("33", 3) == (1,)


def test_a_limit_gives_its_count_away():
    assert audit.counts_behind_limit("0.7094", 5_200) == (0,)
    assert audit.counts_behind_limit("2.4407", 7_000) == (9,)
    assert audit.counts_behind_limit("0.6839", 7_000, side="lower") == (10,)
    assert audit.counts_behind_limit("441.2", 1_000, side="upper") == (400,)
    assert audit.counts_behind_limit("0.7095", 5_200) == ()


def test_a_printed_number_is_given_as_text():
    with pytest.raises(TypeError, match="as the text that was printed"):
        audit.counts_behind_rate(0.19, 5_200)


# Views


def test_a_total_less_all_but_one_reveals_the_one():
    table = audit.revealed([View.of("all", "abc", 57), View.of("all but c", "ab", 54)])
    assert found(table) == {
        ("a", "b", "c"): (57, 57, False),
        ("a", "b"): (54, 54, False),
        ("c",): (3, 3, True),
    }
    assert table["how"].tolist() == ["shown as all", "shown as all but c", "all less all but c"]


def test_ranges_are_as_wide_as_counting_all_cases_makes_them():
    """A case in which HiGHS, left to simplify it first, stopped at 2 for the least of the first cell."""
    limits = {(0, 1): (10, 12), (0, 2): (0, 9), (1, 2): (13, 17)}
    views = [View(str(cells), frozenset(cells), low, high) for cells, (low, high) in limits.items()]
    possible = [
        counts
        for counts in itertools.product(range(18), repeat=3)
        if all(low <= counts[i] + counts[j] <= high for (i, j), (low, high) in limits.items())
    ]
    expected = [(min(column), max(column)) for column in zip(*possible, strict=True)]
    assert audit.bounds(views, [[0], [1], [2]]) == expected


def test_rounding_keeps_the_difference_open():
    table = audit.revealed([View.of("all", "abc", 57, HES), View.of("all but c", "ab", 54, HES)])
    assert found(table)[("c",)] == (0, 4, False)  # both are shown as 55, which is 53 to 57


def test_withholding_alone_does_not_protect():
    views = [View.of("a", "a", 12, NDTMS), View.of("b", "b", 3, NDTMS), View.of("all", "ab", 15, NDTMS)]
    assert found(audit.revealed(views))[("b",)] == (3, 3, True)
    both = [View.of("a", "a", 2, NDTMS), View.of("b", "b", 3, NDTMS), View.of("all", "ab", 5, NDTMS)]
    assert found(audit.revealed(both))[("b",)] == (1, 4, False)  # no more than the rule itself says
    more = [View.of("a", "a", 4, NDTMS), View.of("b", "b", 3, NDTMS), View.of("all", "ab", 7, NDTMS)]
    assert found(audit.revealed(more))[("b",)] == (3, 4, True)


def test_two_geographies_together_reveal_a_sliver():
    views = [View.of("old ward", ["n1", "n2"], 40), View.of("new ward", ["n1", "n2", "n3"], 41)]
    assert found(audit.revealed(views))[("n3",)] == (1, 1, True)


def test_a_difference_of_several_cells_counts_as_well():
    views = [View.of("all", "abcd", 60), View.of("less two", "ab", 58), View.of("across", "bc", 30)]
    table = audit.revealed(views)
    assert found(table)[("c", "d")] == (2, 2, True)
    assert found(table)[("c",)] == (0, 2, True)


def test_what_is_shown_small_is_told_too_and_none_or_many_are_not():
    table = audit.revealed([View.of("a", "a", 4), View.of("b", "b", 0), View.of("c", "c", 5)])
    assert table["disclosive"].tolist() == [True, False, False]


def test_a_rate_is_a_view_like_any_other():
    views = [View.of("all", "ab", 12, HES), View.among("rate of a", "a", audit.counts_behind_rate("0.19", 5_200))]
    assert found(audit.revealed(views))[("a",)] == (1, 1, True)
    with pytest.raises(ValueError, match="no count fits what is shown of the rate"):
        View.among("the rate", "a", ())


def test_counts_are_whole():
    # b + c is odd and a is between: without whole numbers a could be 0.5 short of either end
    views = [View("ab", frozenset("ab"), 3, 3), View("bc", frozenset("bc"), 4, 4), View("ca", frozenset("ca"), 5, 5)]
    table = found(audit.revealed(views))
    assert [table[(cell,)][:2] for cell in "abc"] == [(2, 2), (1, 1), (3, 3)]
    odd = [View("ab", frozenset("ab"), 3, 3), View("bc", frozenset("bc"), 3, 3), View("ca", frozenset("ca"), 3, 3)]
    with pytest.raises(ValueError, match="contradict each other"):
        audit.revealed(odd)


def test_what_nothing_bounds_is_infinite():
    table = audit.revealed([View("at least 8", frozenset("ab"), 8, math.inf), View.of("b", "b", 20)])
    assert found(table)[("a",)] == (0, math.inf, False)


def test_views_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="contradict each other"):
        audit.revealed([View.of("all", "ab", 3), View.of("a", "a", 4)])
    with pytest.raises(ValueError, match="covers no cell"):
        audit.revealed([View.of("none", "", 3)])


# Tables with totals


def test_one_withheld_cell_is_had_from_its_total():
    (row,) = audit.interval_audit([[3, 9], [8, 7]], [(0, 0)], [12, None], [None, None]).itertuples()
    assert (row.low, row.high, row.true, row.exact_recovery, row.protected) == (3, 3, 3, True, False)


def test_a_width_of_4_protects_and_one_of_3_does_not():
    for total, protected in ((4, True), (3, False)):
        table = audit.interval_audit([[1, total - 1, 9]], [(0, 0), (0, 1)], [total + 9], [None, None, 9])
        assert table["high"].tolist() == [total, total]
        assert table["protected"].tolist() == [protected, protected]


def test_without_totals_nothing_bounds_a_withheld_cell():
    (row,) = audit.interval_audit([[3, 9], [8, 7]], [(0, 0)], [None, None], [None, None]).itertuples()
    assert (row.low, row.high, row.protected) == (0, math.inf, True)


def test_bounds_are_those_of_exhaustive_search():
    table = np.array([[2, 1, 4], [3, 2, 6], [1, 5, 2]])
    hidden = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (2, 2), (0, 2)]
    rows, columns = table.sum(axis=1).tolist(), table.sum(axis=0).tolist()
    got = audit.interval_audit(table, hidden, rows, columns)
    possible = []
    for values in itertools.product(range(10), repeat=3):
        trial = table.copy()
        trial[0, 0], trial[0, 1], trial[2, 1] = values
        trial[0, 2] = rows[0] - trial[0, 0] - trial[0, 1]
        trial[1, 0] = columns[0] - trial[0, 0] - trial[2, 0]
        trial[1, 1] = columns[1] - trial[0, 1] - trial[2, 1]
        trial[2, 2] = rows[2] - trial[2, 0] - trial[2, 1]
        if trial.min() >= 0 and (trial.sum(axis=1) == rows).all() and (trial.sum(axis=0) == columns).all():
            possible.append([trial[cell] for cell in hidden])
    assert got["low"].tolist() == np.min(possible, axis=0).tolist()
    assert got["high"].tolist() == np.max(possible, axis=0).tolist()


def test_totals_have_to_fit():
    with pytest.raises(ValueError, match="a total, or None, for each"):
        audit.interval_audit([[1, 2]], [(0, 0)], [3], [1])
    with pytest.raises(ValueError, match="contradict each other"):
        audit.interval_audit([[1, 9]], [(0, 0)], [3], [None, None])
    with pytest.raises(ValueError, match="row 0 does not add up to its total 11"):
        audit.interval_audit([[1, 9]], [], [11], [None, None])


@pytest.mark.parametrize("cell", [(1, 0), (0, 2), (-1, 0)])
def test_a_withheld_cell_is_in_the_table(cell):
    with pytest.raises(ValueError, match="is not in the table"):
        audit.interval_audit([[1, 9]], [cell], [10], [1, 9])


def test_cells_may_be_lists():
    assert audit.interval_audit([[1, 9]], [[0, 0]], [10], [None, None])["low"].tolist() == [1]


# Reference values


def test_reference_rules():
    data = reference("disclosure")
    for key, rule in (("nhs_digital_hes_2018", HES), ("ndtms_lt5", NDTMS)):
        for case in data[key]["cases"]:
            shown = audit.published(case["n"], rule)
            assert ("*" if shown is None else shown) == case["published"]
    for case in data["ons_ids_10_5"]["by_ward"] + data["ons_ids_10_5"]["all_wards"]:
        assert audit.published(case["true"], TEN_FIVE) == case["published"]


def test_reference_interval_audit():
    tables = reference("disclosure")["interval_audit"]["tables"]
    for case in tables:
        got = audit.interval_audit(
            case["table"], map(tuple, case["suppressed"]), case["row_totals"], case["col_totals"]
        )
        expected = [
            (*f["cell"], f["low"], f["high"], f["true"], f["exact_recovery"], f["protected_width_ge_4"])
            for f in case["feasible"]
        ]
        assert list(got.itertuples(index=False, name=None)) == expected
    assert len(tables) >= 3


def attack(name):
    """A differencing attack, with numbers kept as printed."""
    return next(c for c in reference("disclosure", parse_float=str)["differencing"] if c["name"] == name)


def leak(whole, part, rule=None):
    """What two views, one inside the other, tell of what is in the first only."""
    views = [View.of("whole", ("rest", "more"), whole, rule), View.of("part", ("rest",), part, rule)]
    return found(audit.revealed(views))[("more",)]


def test_reference_differences():
    case = attack("select all v all-but-one ward")
    assert leak(*case["published"]) == (case["leak"], case["leak"], True)
    rounded = [audit.published(count, HES) for count in case["published"]]
    assert rounded == case["rounded_nearest5"]
    assert rounded[0] - rounded[1] == case["rounded_difference"]
    assert not leak(*case["published"], HES)[2]
    case = attack("nested category")
    assert leak(*case["published"].values())[:2] == (case["leak"], case["leak"])
    case = attack("year to date minus previous month's year to date")
    assert leak(*case["published"])[:2] == (case["leak"], case["leak"])


def test_reference_rolling_totals():
    case = attack("rolling 12-month totals")
    months = case["months"]
    views = [View.of(f"month {i}", [i], months[i]) for i in range(12)]
    views += [View.of(f"12 to {i + 11}", range(i, i + 12), total) for i, total in enumerate(case["rolling12"])]
    known = found(audit.revealed(views))
    assert [known[(month,)][:2] for month in range(12, 24)] == [(n, n) for n in case["recovered"]]
    without = found(audit.revealed(views[12:]))
    assert all(without[(month,)][0] < without[(month,)][1] for month in range(24) if (month,) in without)


def test_reference_figures_made_of_counts():
    case = attack("rate back to count")
    assert list(audit.counts_behind_rate(case["rate_per_1000_2dp"], case["population"])) == case["count_candidates"]
    case = attack("percentage share back to count")
    assert list(audit.counts_behind_percent(str(case["percent"]), case["base"])) == case["count_candidates"]
    case = attack("upper exact 95% limit back to count")
    assert audit.counts_behind_limit(case["upper_per_1000"], case["population"]) == (case["leak"],)
