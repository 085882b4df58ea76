"""The block of comparisons: rows small enough to add up on paper, then the values of R."""

import json
import math
import os
from pathlib import Path

import pandas as pd
import pytest

from csp_data.analysis.comparisons import comparisons
from csp_data.analysis.periods import month_number, month_text

FOLDER = Path(os.environ.get("CSP_SHARED_VECTORS", Path(__file__).parents[1].parent / "shared" / "vectors"))


def monthly(values, start="2022-04"):
    first = month_number(start)
    return pd.Series(values, index=[month_text(first + i) for i in range(len(values))], dtype=float)


@pytest.fixture
def two_years():
    """April 2022 to March 2024: 100 a month, then 1 more each month from 101."""
    return monthly([100] * 12 + list(range(101, 113)))


def row(table, window):
    return table.set_index("window").loc[window]


def test_five_periods_each_against_the_same_months_a_year_before(two_years):
    table = comparisons(two_years, "2023-12")
    assert table["window"].tolist() == ["1_month", "3_months", "6_months", "year_to_date", "rolling_12"]
    assert table["start"].tolist() == ["2023-12", "2023-10", "2023-07", "2023-04", "2023-01"]
    assert table["compare_start"].tolist() == ["2022-12", "2022-10", "2022-07", "2022-04", "2022-01"]
    assert set(table["end"]) == {"2023-12"}
    assert set(table["compare_end"]) == {"2022-12"}
    assert table["current"].tolist() == [109, 324, 639, 945, 1245]
    assert table["previous_year"].tolist()[:4] == [100, 300, 600, 900]
    assert table["change"].tolist()[:4] == [9, 24, 39, 45]
    assert table["percent"].tolist()[:4] == pytest.approx([9, 8, 6.5, 5])
    assert table["period"].tolist()[:2] == ["December 2023", "October to December 2023"]
    assert table["preceding"].tolist()[:3] == [108, 315, 306 + 300]
    assert math.isnan(row(table, "year_to_date")["preceding"])


def test_the_end_is_the_last_month_there_is(two_years):
    assert row(comparisons(two_years), "1_month")["end"] == "2024-03"
    assert row(comparisons(two_years.iloc[:-1].reindex(two_years.index)), "1_month")["end"] == "2024-02"


def test_a_missing_month_is_said_and_nothing_is_compared(two_years):
    table = comparisons(two_years, "2023-12")
    last = row(table, "rolling_12")
    assert last["reason"] == "Not compared: the data do not hold all of January to December 2022."
    assert (last["verdict"], last["chance"], last["current"]) == ("", "", 1245)
    assert pd.isna(last[["previous_year", "change", "percent", "lower", "upper", "percent_per_day"]]).all()
    gap = row(comparisons(two_years.drop("2023-11"), "2023-12"), "3_months")
    assert gap["reason"] == "Not compared: the data do not hold all of October to December 2023."
    assert math.isnan(gap["current"])
    assert row(table, "3_months")["reason"] == ""


def test_a_verdict_says_whether_it_is_more_than_chance():
    table = comparisons(monthly([100] * 12 + [100] * 8 + [160] * 4))
    assert row(table, "1_month")[["verdict", "chance"]].tolist() == ["higher", "more than chance"]
    table = comparisons(monthly([100] * 24))
    same = row(table, "rolling_12")
    assert same[["verdict", "chance", "percent"]].tolist() == ["similar", "within chance", 0]
    assert same["lower"] < 0 < same["upper"]
    fewer = row(comparisons(monthly([160] * 12 + [100] * 12)), "1_month")
    assert fewer[["verdict", "chance"]].tolist() == ["lower", "more than chance"]


@pytest.mark.parametrize(("before", "percent"), [(49, None), (50, 100.0)])
def test_no_percentage_on_a_base_of_under_50(before, percent):
    latest = row(comparisons(monthly([before] * 12 + [2 * before] * 12)), "1_month")
    assert latest["verdict"] == "higher"
    assert latest["change"] == before
    if percent is None:
        assert pd.isna(latest[["percent", "lower", "upper", "percent_per_day"]]).all()
        assert latest["reason"] == "No percentage is given on a base of under 50."
    else:
        assert (latest["percent"], latest["reason"]) == (percent, "")


def test_a_comparison_with_months_set_aside_is_not_made(two_years):
    table = comparisons(two_years, excluded=["2022-04", "2022-05"])
    assert row(table, "6_months")["reason"] == ""
    whole_year = row(table, "rolling_12")
    assert whole_year["reason"] == (
        "Not compared: it would take in April to May 2022, set aside as not like other times."
    )
    assert (whole_year["verdict"], whole_year["previous_year"]) == ("", 1200)
    assert pd.isna(whole_year[["change", "percent"]]).all()
    assert row(comparisons(two_years, excluded=["2024-03"]), "1_month")["reason"].startswith("Not compared")


def test_a_leap_day_is_taken_out_per_day():
    series = monthly([280] * 12, "2023-03").to_dict() | {"2023-02": 280.0, "2024-02": 290.0, "2024-03": 280.0}
    leap = row(comparisons(pd.Series(series), "2024-02"), "1_month")
    assert (leap["days"], leap["compare_days"]) == (29, 28)
    assert leap["percent"] == pytest.approx(100 * 10 / 280)
    assert leap["percent_per_day"] == pytest.approx(0)
    plain = row(comparisons(pd.Series(series), "2024-03"), "1_month")
    assert (plain["days"], plain["percent"], plain["percent_per_day"]) == (31, 0, 0)


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError, match="there is no count in the series"):
        comparisons(monthly([math.nan, math.nan]))
    with pytest.raises(ValueError, match="'March' is not a month"):
        comparisons(monthly([1, 2]), "March")


@pytest.fixture
def reference():
    path = FOLDER / "periods.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not there: put the reference values in {FOLDER} or name it in CSP_SHARED_VECTORS")
    return json.loads(path.read_text())


def test_the_block_is_that_of_r(reference):
    series = monthly(reference["y"], reference["month"][0])
    for case in reference["compstat"]:
        window = "1_month" if case["n"] == 1 else f"{case['n']}_months"
        got = row(comparisons(series, case["end"]), window)
        assert got[["current", "previous_year", "preceding"]].tolist() == [
            case["current"],
            case["same_last_year"],
            case["previous"],
        ]
    for key, window in (("ytd", "year_to_date"), ("rolling12_pair", "rolling_12")):
        case = reference[key]
        got = row(comparisons(series, case["end"]), window)
        assert got[["current", "previous_year"]].tolist() == [case["current"], case["previous"]]
        assert got["percent"] == pytest.approx(case["pct_change"], rel=1e-6)
    days = reference["ytd_daily_rate"]
    to_february = row(comparisons(series, "2024-02"), "year_to_date")
    assert to_february["days"] == days["days_2023_24_apr_feb"]
    assert to_february["compare_days"] == days["days_2022_23_apr_feb"]


def test_a_gap_takes_out_every_period_that_holds_it(reference):
    values = [math.nan if v is None else v for v in reference["y_missing"]]
    series = monthly(values, reference["month"][0])
    for month, expected in zip(reference["month"], reference["rolling12_missing"], strict=True):
        got = row(comparisons(series, month), "rolling_12")["current"]
        assert (None if math.isnan(got) else got) == expected
