"""CSV files that stand alone, that programs read, and that a spreadsheet does not run."""

import csv as csv_module
from io import BytesIO, StringIO

import pandas as pd
import pytest
from made_results import LOWER, RATE, answer, months, table, wards
from test_charts import EVERY

from csp_data.exports import tables
from csp_data.figures import charts


def read(made: bytes) -> pd.DataFrame:
    return pd.read_csv(BytesIO(made), encoding="utf-8-sig", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_has_a_file_with_a_row_a_row(name):
    chart = EVERY[name]()
    rows = read(tables.csv(chart))
    assert len(rows) == len(chart.data)
    assert {"source", "notice", "value_status", "symbol"} <= set(rows)
    assert rows["source"].ne("").all()


def test_excel_is_told_that_it_is_utf_8():
    assert tables.csv(EVERY["kinds"]()).startswith(b"\xef\xbb\xbf")


def test_every_row_says_what_it_is():
    by_month, rolling = months("2019-04", "2019-05", [5.0, None], status="demonstration")
    made = tables.csv(charts.monthly_line(by_month, rolling, answer(value=5, status="demonstration")))
    first, second = read(made).to_dict("records")
    expected = {
        "measure": "Recorded crime",
        "category": "All recorded crime",
        "area_code": "E22000143",
        "area_name": "Medway",
        "period": "April 2019",
        "period_start": "2019-04",
        "value": "5",
        "unit": "recorded crimes",
        "value_status": "available",
        "symbol": "",
        "months_present": "1",
        "months_expected": "1",
        "source": "data.police.uk",
        "release": "2026-11-22T091000",
        "status": "demonstration",
        "notice": "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate",
    }
    assert {name: first[name] for name in expected} == expected
    assert (second["value"], second["value_status"], second["symbol"]) == ("", "missing", "[x]")


def test_numbers_are_not_rounded():
    rows = wards(("E05000001", "Ash", 119.66284471184566, "available"), **{**RATE, "denominator": None})
    made = read(tables.csv(charts.area_rates(rows, answer(value=1.0, **RATE))))
    assert made["value"].tolist() == ["119.66284471184566"]


def test_a_withheld_number_is_not_in_the_file():
    made = tables.csv(EVERY["wards"]())
    assert b"731" not in made
    assert b"7310" not in made
    assert read(made).set_index("area_name").loc["Oak", ["value", "lower_95", "numerator", "symbol"]].tolist() == [
        "", "", "", "[c]",
    ]  # fmt: skip


def test_zero_is_zero_and_missing_is_empty():
    rows = wards(("E05000001", "Ash", 0.0, "available"), ("E05000002", "Elm", None, "missing"))
    made = read(tables.csv(charts.area_rates(rows, answer(value=0))))
    assert made["value"].tolist() == ["0", ""]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+44", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", '=HYPERLINK("x")'],
)
def test_no_text_is_run_by_a_spreadsheet(text):
    made = tables.as_csv(pd.DataFrame({"name": [text], "count": [-5.5]}))
    _, (name, count) = csv_module.reader(StringIO(made.decode("utf-8-sig"), newline=""))
    assert name == f"'{text}"
    assert count == "-5.5"  # a number is no formula


def test_ordinary_text_is_left_as_it_is():
    made = tables.as_csv(pd.DataFrame({"name": ["Harrietsham, Lenham & North Downs", 'the "High" Street', "β\nγ"]}))
    back = csv_module.reader(StringIO(made.decode("utf-8-sig"), newline=""))
    assert [row[0] for row in back][1:] == ["Harrietsham, Lenham & North Downs", 'the "High" Street', "β\nγ"]


def test_an_interval_without_an_end_is_empty():
    rows = table([{"category_label": "Arson", "value": 3.0, **LOWER, "percent_upper": float("inf")}])
    made = read(tables.csv(charts.category_bars(rows, answer(value=3, **LOWER))))
    assert made["percent_upper_95"].tolist() == [""]


def test_names_of_files_tell_what_is_in_them():
    assert tables.file_name(EVERY["gaps"](), "csv") == "recorded-crimes-by-month-medway-april-2019-to-march-2020.csv"
    assert tables.file_name(EVERY["wards"](), "png") == (
        "recorded-crimes-per-1000-residents-by-ward-medway-april-2019-to-march-2020.png"
    )
    odd = charts.small_trend(
        months("2019-04", "2019-05", [1.0, 2.0])[0], answer(value=3, area_name="../St Mary’s Ünd/" * 20)
    )
    name = tables.file_name(odd, "svg")
    assert len(name) <= 124
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert ".." not in name
