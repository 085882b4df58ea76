"""Grants: pots, awards and what is left, and the sentences that say whether they agree."""

import pytest

from csp_data.analysis import grants
from csp_data.figures import plan as words
from tests.plan_rows import plan_subject

LEDGER = {"year": "2024/25", "funder": "Commissioner"}


def row(kind, amount, **more):
    return {**LEDGER, "kind": kind, "amount": amount, **more}


PRINTED = [
    row("allocation", 106_460),
    row("pot", 70_973, pot="Business case"),
    row("pot", 35_487, pot="Tactical pot"),
    row("award", 56_675, pot="Business case", project="A", plan="2024-27", priority="asb"),
    row("award", 36_140, pot="Tactical pot", project="B", plan="2024-27", priority="drugs"),
    row("available", 13_645),
]
"""As printed in Medway's report of December 2024, its awards summed."""


def reconciled(folder, rows):
    (grant,) = grants.reconciled(plan_subject(folder, grants=rows), "2024/25")
    return grant


def test_a_release_without_a_ledger_has_nothing(tmp_path):
    subject = plan_subject(tmp_path)
    assert grants.years(subject) == []
    assert grants.reconciled(subject, "2024/25") == ()
    assert grants.by_year(subject).empty
    assert grants.by_priority(subject, "2024/25").empty
    assert grants.awards_of(subject, "2024-27", "asb").empty


def test_the_printed_grant_is_reconciled_to_the_pound(tmp_path):
    grant = reconciled(tmp_path, PRINTED)
    assert (grant.allocation, grant.pots_total, grant.awarded) == (106_460, 106_460, 92_815)
    assert [pot.unspent for pot in grant.pots] == [14_298, -653]
    assert (grant.unspent, grant.available) == (13_645, 13_645)
    assert words.reconciliation_words(grant) == (
        "The pots add up to £106,460, the same as the grant of £106,460.",
        "1 award from the pot ‘Business case’ comes to £56,675 of £70,973: £14,298 is not awarded.",
        "1 award from the pot ‘Tactical pot’ comes to £36,140 of £35,487: £653 more than it holds.",
        "All awards together come to £92,815 of £106,460, which leaves £13,645: the same as the ledger says is available.",
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("allocation", 100), row("pot", 90, pot="A")], "The pots add up to £90, £10 less than the grant of £100."),
        ([row("award", 5, pot="A", project="x")], "the size of the pot is not given."),
        (
            [row("pot", 5, pot="A"), row("award", 5, pot="A", project="x")],
            "the whole pot.",
        ),
        (
            [row("allocation", 100), row("award", 40, project="x"), row("available", 50)],
            "which leaves £60; the ledger says £50 is available, £10 less.",
        ),
        ([row("allocation", 100), row("award", 40.5, project="x")], "which leaves £59.50."),
    ],
)
def test_each_difference_is_said_in_pounds(tmp_path, rows, said):
    assert words.reconciliation_words(reconciled(tmp_path, rows))[-1].endswith(said)


def test_nothing_is_said_of_an_allocation_alone(tmp_path):
    grant = reconciled(tmp_path, [row("allocation", 40_000)])
    assert (grant.pots, grant.available, grant.unspent) == ((), None, 40_000)
    assert words.reconciliation_words(grant) == ()


def test_a_year_shows_its_allocation_else_its_pots_else_its_awards(tmp_path):
    rows = [
        row("allocation", 100) | {"year": "2016/17"},
        row("pot", 60, pot="A") | {"year": "2017/18"},
        row("award", 20, project="x") | {"year": "2018/19"},
    ]
    table = grants.by_year(plan_subject(tmp_path, grants=rows))
    assert table["year"].tolist() == ["2016/17", "2017/18", "2018/19"]
    assert table["amount"].tolist() == [100, 60, 20]
    assert table["basis"].tolist() == ["allocation", "pots together", "awards together"]


ABOUT = {"area": "Town", "source": "Source: a ledger.", "status": "published"}


def test_awards_by_priority_are_a_chart_of_parts(tmp_path):
    table = grants.by_priority(plan_subject(tmp_path, grants=PRINTED), "2024/25")
    chart = words.grants_by_priority(table, {("2024-27", "asb"): "Anti-social behaviour"}, "2024/25", ABOUT)
    assert chart.figure.plotly.data  # made with Plotly's own checks
    assert chart.title == "Awards were highest for Anti-social behaviour"
    assert chart.subtitle == "Awards by priority and pot, £, Town, 2024/25; £92,815 in 2 projects"
    assert [list(trace["x"]) for trace in chart.figure.to_dict()["data"]] == [[56_675, 0], [0, 36_140]]
    assert chart.table["Priority"].tolist() == ["Anti-social behaviour", "drugs"]
    assert "drugs £36,140 (1 project)" in chart.alt


def test_a_name_of_two_lines_stays_clear_of_the_key_above_it(tmp_path):
    table = grants.by_priority(plan_subject(tmp_path, grants=PRINTED), "2024/25")
    long = {("2024-27", "asb"): "Anti-social behaviour and hate in public"}
    short, tall = (words.grants_by_priority(table, labels, "2024/25", ABOUT).figure.to_dict() for labels in ({}, long))
    above = [note["text"] for note in tall["layout"]["annotations"]]
    assert above[0] == "Anti-social behaviour and hate in public:<br>£56,675\u00a0(1\u00a0project)"
    assert tall["layout"]["margin"]["t"] == short["layout"]["margin"]["t"] + 17


def test_years_without_a_row_are_said_and_not_drawn_as_nought(tmp_path):
    rows = [row("allocation", 96_782) | {"year": year} for year in ("2015/16", "2016/17")] + PRINTED
    chart = words.grants_by_year(grants.by_year(plan_subject(tmp_path, grants=rows)), ABOUT)
    assert chart.figure.plotly.data
    assert chart.title == "The grant of 2024/25 was £9,678 higher than in 2016/17"
    assert chart.notes[0] == "The ledger holds nothing for 2017/18 to 2023/24: that is not known to be nought."
    assert list(chart.figure.to_dict()["data"][0]["x"]) == [96_782, 96_782, 106_460]


@pytest.mark.parametrize(
    ("amounts", "title"),
    [
        ([100], "The grant of 2016/17 was £100"),
        ([100, 100], "The grant of 2017/18 was the same as that of 2016/17"),
        ([100, 60], "The grant of 2017/18 was £40 lower than in 2016/17"),
    ],
)
def test_the_title_of_grants_by_year(tmp_path, amounts, title):
    years = ("2016/17", "2017/18")
    rows = [row("allocation", amount) | {"year": year} for year, amount in zip(years, amounts, strict=False)]
    assert words.grants_by_year(grants.by_year(plan_subject(tmp_path, grants=rows)), ABOUT).title == title
