import math

import pandas as pd
import pytest

from csp_data.analysis import periods
from csp_data.analysis.periods import Span


@pytest.mark.parametrize(
    "text", ["2019", "2019-4", "2019-00", "2019-13", "19-04", "April 2019", "2019-04-01", "", 201904]
)
def test_what_is_not_a_month_is_named(text):
    with pytest.raises(ValueError, match="is not a month: write it as 2019-04"):
        periods.month_number(text)


@pytest.mark.parametrize("label", [2019, None])
def test_a_year_is_named_in_words(label):
    with pytest.raises(ValueError, match="is not a financial year"):
        periods.financial_year(label)
    with pytest.raises(ValueError, match="is not a calendar year"):
        periods.calendar_year(label)


def test_a_list_of_months_becomes_a_series():
    series = periods.monthly([3, None, 5], "2019-11")
    assert series.index.tolist() == ["2019-11", "2019-12", "2020-01"]
    assert series.isna().tolist() == [False, True, False]
    assert periods.with_gaps(series).equals(series)


def test_values_without_months_are_refused():
    with pytest.raises(TypeError, match="indexed by month"):
        periods.with_gaps([1, 2])
    with pytest.raises(ValueError, match="1 month apart or more, not 0"):
        periods.with_gaps(periods.monthly([1, 2], "2019-04"), every=0)


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


# A series of months


def test_gaps_between_months_are_filled_with_nan_in_order():
    series = periods.with_gaps(pd.Series([3, 1, 0], index=["2020-04", "2020-01", "2020-02"]))
    assert series.index.tolist() == ["2020-01", "2020-02", "2020-03", "2020-04"]
    assert series.tolist()[:2] == [1, 0]
    assert math.isnan(series.iloc[2])


def test_months_may_be_timestamps_and_missing_may_be_none():
    stamps = pd.Series([1, None], index=pd.to_datetime(["2020-01-01", "2020-02-01"]), dtype="Int64")
    series = periods.with_gaps(stamps)
    assert series.index.tolist() == ["2020-01", "2020-02"]
    assert math.isnan(series.iloc[1])


@pytest.mark.parametrize(
    ("index", "values", "message"),
    [
        ([], [], "there is no month in the series"),
        (["2020-01", "2020-01"], [1, 2], "January 2020 is in the series twice"),
        (["2020-01", "spring"], [1, 2], "'spring' is not a month"),
        (["2020-01", "2020-02"], [1, math.inf], "a value of the series is infinite"),
    ],
)
def test_what_is_no_monthly_series_is_refused(index, values, message):
    with pytest.raises(ValueError, match=message):
        periods.with_gaps(pd.Series(values, index=index, dtype=float))


def test_quarters_are_three_months_apart():
    with pytest.raises(ValueError, match="May 2020 is not a whole number of 3 months after the first"):
        periods.with_gaps(pd.Series([1, 2], index=["2020-04", "2020-05"]), every=3)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        ("2019-04", "2020-03", False),
        ("2019-05", "2020-04", True),
        ("2021-07", "2022-06", True),
        ("2021-08", "2022-07", False),
    ],
)
def test_the_year_ending_march_2020_is_the_last_base_before_the_pandemic(start, end, held):
    assert periods.holds_pandemic(Span(start, end)) is held
