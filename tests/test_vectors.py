"""The methods against values from independent implementations, where those are at hand beside the project."""

import importlib
import math
import re

import pytest

from csp_data import analysis
from csp_data.analysis import change, periods, rates
from csp_data.analysis.counts import block
from csp_data.analysis.periods import Span
from tests.reference_values import close, reference


def test_rates_and_their_intervals():
    cases = reference("rates_proportions")["rates"]
    for case in cases:
        for confidence, mark in ((0.95, "95"), (0.998, "998")):
            value, lower, upper = rates.rate(case["count"], case["population"], case["multiplier"], confidence)
            assert value[0] == close(case["value"])
            assert lower[0] == close(case[f"lower{mark}"])
            assert upper[0] == close(case[f"upper{mark}"])
        lower, upper = rates.count_interval(case["count"], exact_below=math.inf)
        for limit, side in ((lower, "lower"), (upper, "upper")):
            assert limit[0] * case["multiplier"] / case["population"] == close(case[f"exact_garwood_{side}95"])
    assert len(cases) >= 6


def test_proportions_and_their_intervals():
    cases = reference("rates_proportions")["proportions"]
    for case in cases:
        for confidence, mark in ((0.95, "95"), (0.998, "998")):
            value, lower, upper = rates.proportion(case["x"], case["n"], confidence)
            assert (value[0], lower[0], upper[0]) == (
                close(case["value"]),
                close(case[f"lower{mark}"]),
                close(case[f"upper{mark}"]),
            )
        _, lower, upper = rates.proportion(case["x"], case["n"])
        assert (lower[0], upper[0]) == (close(case["prop_test_lower95"]), close(case["prop_test_upper95"]))
    assert len(cases) >= 5


def test_percentage_change_with_its_exact_interval():
    cases = reference("percent_change")["cases"]
    for case in cases:
        numbers = [case[k] for k in ("current", "previous", "current_pop", "previous_pop")]
        row = change.percentage_change(*numbers).iloc[0]
        for column, key in (("percent", "pct_change"), ("lower", "exact_lower"), ("upper", "exact_upper")):
            if case[key] is not None:
                assert row[column] == close(case[key])
        assert change.p_value(*numbers) == close(case["p_value"])
        limits = change.lognormal_interval(*numbers)
        for (limit,), key in zip(limits, ("lognormal_lower", "lognormal_upper"), strict=True):
            assert math.isnan(limit) if case[key] is None else limit == close(case[key])
    assert len(cases) >= 4


@pytest.mark.parametrize(("series", "expected"), [("y", "rolling12"), ("y_missing", "rolling12_missing")])
def test_rolling_12_months(series, expected):
    data = reference("periods")
    counts = _block(data["month"], data[series])
    got = [_number(counts.total(periods.rolling_12(month), "crime")[0]) for month in data["month"]]
    assert got == data[expected]


def test_financial_years_year_to_date_and_spans_a_year_apart():
    data = reference("periods")
    counts = _block(data["month"], data["y"])

    def total(span):
        return _number(counts.total(span, "crime")[0])

    assert {year: total(periods.financial_year(year)) for year in data["financial_year"]} == data["financial_year"]
    ytd = periods.year_to_date(data["ytd"]["end"])
    assert (total(ytd), total(periods.previous_year(ytd))) == (data["ytd"]["current"], data["ytd"]["previous"])
    for case in data["compstat"]:
        end = periods.month_number(case["end"])
        span = Span(periods.month_text(end - case["n"] + 1), case["end"])
        assert total(span) == case["current"]
        assert total(periods.previous_year(span)) == case["same_last_year"]
        assert total(span.shifted(-case["n"])) == case["previous"]


def test_a_part_year_says_which_months_it_holds():
    case = reference("periods")["financial_year_partial"]
    held = Span("2024-04", case["available_to"]).months
    assert periods.financial_year_label(case["fy"], held).replace("–", "-") == case["label"]
    assert periods.present(periods.financial_year(case["fy"]), held) == case["months_present"]


def _block(months, values):
    import pandas as pd

    covered = [m for m, v in zip(months, values, strict=True) if v is not None]
    counts = pd.DataFrame(
        {
            "month": pd.to_datetime([f"{m}-01" for m in covered]),
            "small_area": "a",
            "category": "crime",
            "count": [v for v in values if v is not None],
        }
    )
    return block(counts, covered, None)


def _number(value):
    return None if value != value else int(value)


def test_the_list_of_methods_names_what_there_is():
    listed = re.findall(r"``(\w+)`` \(([^)]+)\)", " ".join((analysis.__doc__ or "").split()))
    for module, functions in listed:
        held = importlib.import_module(f"csp_data.analysis.{module}")
        assert [name for name in re.findall(r"``(\w+)``", functions) if not callable(getattr(held, name, None))] == []
    assert len(listed) > 10
