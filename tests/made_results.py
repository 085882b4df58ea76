"""Finished results written by hand, for the tests of figures and exports: few enough to check by eye."""

from dataclasses import fields

import numpy as np
import pandas as pd

from csp_data.analysis.periods import Span, month_label, rolling_12
from csp_data.analysis.results import Answer

_TEXT = {field.name for field in fields(Answer) if field.type is str or field.type == "str"}
_PLAIN = {
    **{field.name: "" if field.name in _TEXT else None for field in fields(Answer)},
    "measure": "crime",
    "category": "crime",
    "category_label": "All recorded crime",
    "unit": "recorded crimes",
    "per": "count",
    "period_start": "2019-04",
    "period_end": "2020-03",
    "months_present": 12,
    "months_expected": 12,
    "estimated": 0,
    "area": "E22000143",
    "area_name": "Medway",
    "value_status": "available",
    "release": "2026-11-22T091000",
    "source": "data.police.uk",
    "status": "published",
}

LOWER = {
    "compare": "previous-year",
    "compare_period": "April 2018 to March 2019",
    "compare_numerator": 35088,
    "compare_value": 35088,
    "change": -1754,
    "percent_change": 100 * (33334 / 35088 - 1),
    "percent_lower": -6.34,
    "percent_upper": -3.64,
    "verdict": "lower",
}
"""33,334 against 35,088 the year before, as the Strategic Assessment of 2020 prints it."""

RATE = {
    "denominator_name": "residents",
    "per": "rate",
    "unit": "per 1,000 residents",
    "denominator": 278566,
    "population_year": 2019,
    "population_basis": "ONS mid-year estimate",
}


def answer(**changes) -> Answer:
    made = {**_PLAIN, **changes}
    made["period"] = made["period"] or Span(made["period_start"], made["period_end"]).label
    return Answer(**made)


def table(rows: list[dict]) -> pd.DataFrame:
    """Rows with the columns of an answer, None as NaN where there is no number, as ``analysis.results`` gives them."""
    made = [{**_PLAIN, **row} for row in rows]
    for row in made:
        row["period"] = row["period"] or Span(row["period_start"], row["period_end"]).label
    return pd.DataFrame(
        {
            field.name: [row[field.name] for row in made]
            if field.name in _TEXT
            else np.array([row[field.name] for row in made], dtype=float)
            for field in fields(Answer)
        }
    )


def months(start: str, end: str, values: list[float | None], **changes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table by month, and one of the 12 months to each of them; a month with None is missing."""
    named = Span(start, end).months
    assert len(named) == len(values)
    by_month, rolling = [], []
    for n, (month, value) in enumerate(zip(named, values, strict=True)):
        by_month.append(
            {
                "period": month_label(month),
                "period_start": month,
                "period_end": month,
                "months_present": int(value is not None),
                "months_expected": 1,
                **_valued(value),
                **changes,
            }
        )
        last = values[max(n - 11, 0) : n + 1]
        whole = sum(last) if len(last) == 12 and None not in last else None
        span = rolling_12(month)
        rolling.append({"period_start": span.start, "period_end": span.end, **_valued(whole), **changes})
    return table(by_month), table(rolling)


def _valued(value: float | None) -> dict:
    return {"value": value, "numerator": value, "value_status": "missing" if value is None else "available"}


def wards(*rows: tuple, **changes) -> pd.DataFrame:
    """A table by area: rows of (code, name, value, status); the interval is the value less and plus 1."""
    made = []
    for code, name, value, status in rows:
        interval = {} if value is None else {"lower": value - 1, "upper": value + 1, "numerator": value * 10}
        made.append({"area": code, "area_name": name, "value": value, "value_status": status, **interval, **changes})
    return table(made)


def squares(*codes: str) -> dict:
    """Boundaries: a square a ward, side by side."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code, "name": f"Ward {code}"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[n, 51.0], [n, 52.0], [n + 1, 52.0], [n + 1, 51.0], [n, 51.0]]],
                },
            }
            for n, code in enumerate(codes)
        ],
    }
