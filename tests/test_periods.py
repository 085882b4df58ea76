import pytest

from csp_data.analysis import periods
from csp_data.analysis.periods import Span


@pytest.mark.parametrize("text", ["2019", "2019-4", "2019-00", "2019-13", "19-04", "April 2019", "2019-04-01", ""])
def test_what_is_not_a_month_is_named(text):
    with pytest.raises(ValueError, match="is not a month: write it as 2019-04"):
        periods.month_number(text)


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (Span("2019-04", "2020-03"), "April 2019 to March 2020"),
        (Span("2019-04", "2019-06"), "April to June 2019"),
        (Span("2019-12", "2019-12"), "December 2019"),
    ],
)
def test_spans_are_named_as_people_say_them(span, label):
    assert span.label == label


@pytest.mark.parametrize(
    ("span", "year"),
    [
        (Span("2019-04", "2020-03"), 2019),
        (Span("2019-01", "2019-12"), 2019),
        (Span("2020-01", "2020-03"), 2020),
        (Span("2019-10", "2020-09"), 2020),
        (Span("2020-12", "2020-12"), 2020),
    ],
)
def test_the_population_year_is_the_year_of_the_middle(span, year):
    assert span.middle_year == year


@pytest.mark.parametrize(
    ("span", "before"),
    [
        (Span("2020-04", "2020-06"), Span("2019-04", "2019-06")),
        (Span("2019-04", "2020-03"), Span("2018-04", "2019-03")),
        (Span("2018-04", "2020-03"), Span("2016-04", "2018-03")),
        (Span("2019-03", "2020-03"), Span("2017-03", "2018-03")),
    ],
)
def test_the_year_before_never_overlaps(span, before):
    assert periods.previous_year(span) == before


def test_the_counterpart_before_the_pandemic_is_the_same_months():
    assert periods.pre_pandemic(Span("2025-04", "2026-03")) == Span("2019-04", "2020-03")
    assert periods.pre_pandemic(Span("2025-01", "2025-06")) != Span("2020-01", "2020-06"), "June 2020 was in lockdown"
    assert periods.pre_pandemic(Span("2025-01", "2025-06")) == Span("2019-01", "2019-06")
    assert periods.pre_pandemic(Span("2025-02", "2025-05")) == Span("2019-02", "2019-05")
    for span in (Span("2019-04", "2020-03"), Span("2018-04", "2018-06"), Span("2020-03", "2021-02")):
        with pytest.raises(ValueError, match="not after the year ending March 2020"):
            periods.pre_pandemic(span)
    with pytest.raises(ValueError, match="more than 12 months"):
        periods.pre_pandemic(Span("2023-04", "2025-03"))


@pytest.mark.parametrize("span", [Span("2024-07", "2025-06"), Span("2024-01", "2024-12"), Span("2020-04", "2021-03")])
def test_any_12_months_are_compared_with_the_year_ending_march_2020_itself(span):
    assert periods.pre_pandemic(span) == Span("2019-04", "2020-03")


def test_financial_years():
    assert periods.financial_year("2019/20") == Span("2019-04", "2020-03")
    assert periods.financial_year("1999/00") == Span("1999-04", "2000-03")
    assert [periods.financial_year_of(m) for m in ("2019-03", "2019-04", "2000-01")] == [
        "2018/19",
        "2019/20",
        "1999/00",
    ]
    with pytest.raises(ValueError, match="write it as 2019/20"):
        periods.financial_year("2019/21")


def test_runs_break_at_every_gap():
    assert periods.runs(["2014-02", "2014-01", "2014-03", "2025-01"]) == [
        Span("2014-01", "2014-03"),
        Span("2025-01", "2025-01"),
    ]


@pytest.mark.parametrize(
    ("have", "label"),
    [
        (Span("2024-04", "2025-03").months, "2024/25"),
        (Span("2024-04", "2024-11").months, "2024/25 (April–November, 8 of 12 months)"),
        (("2024-05",), "2024/25 (May, 1 of 12 months)"),
        (("2024-05", "2024-07"), "2024/25 (2 of 12 months)"),
        ((), "2024/25 (0 of 12 months)"),
    ],
)
def test_part_years_are_labelled(have, label):
    assert periods.financial_year_label("2024/25", have) == label
