"""What each column of a file of data is: its heading on the page, what it means, its kind of value and its unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from csp_data.exports import tables
from csp_data.figures.chart import Chart

Kind = Literal["integer", "number", "boolean", "date", "month", "string"]

MEANINGS: Mapping[str, str] = {
    "measure": "What is counted or measured",
    "category": "Line of the measure's tree of types",
    "area_code": "Code of the area by the Office for National Statistics",
    "area_name": "Name of the area",
    "ward_set": "Ward boundaries that the area belongs to",
    "period": "Period of the figure",
    "period_start": "First month of the period",
    "period_end": "Last month of the period",
    "value": "The figure, not rounded; empty where it is missing or withheld",
    "value_12_months": "The figure for the 12 months that end with the period",
    "unit": "Unit of the figure",
    "lower_95": "Lower limit of the 95% interval of the figure",
    "upper_95": "Upper limit of the 95% interval of the figure",
    "estimated_share": "Share of the count, 0 to 1, that was divided among wards that share a small area",
    "bound_low": "The figure if none of the records that were divided were of this area",
    "bound_high": "The figure if all of the records that were divided were of this area",
    "value_status": "available, missing, withheld or not applicable",
    "value_status_12_months": "As value_status, for the 12 months",
    "symbol": "The Government Analysis Function's symbol of why there is no figure",
    "reason": "Why there is no figure, in words",
    "numerator": "Count that a rate stands on",
    "denominator": "People or households that a rate is per",
    "denominator_name": "Who the denominator counts",
    "population_year": "Year of the population",
    "population_basis": "Where the population comes from",
    "months_present": "Months of the period that have figures",
    "months_expected": "Months of the period",
    "compare": "Period that the figure is compared with",
    "compare_period": "Months of the period compared with",
    "compare_value": "The figure of the period compared with",
    "compare_numerator": "Count of the period compared with",
    "change": "The figure less that of the period compared with",
    "percent_change": "The change as a percentage of the period compared with",
    "percent_lower_95": "Lower limit of the 95% interval of the percentage change",
    "percent_upper_95": "Upper limit of the 95% interval of the percentage change",
    "verdict": "Whether the change is more than chance: higher, lower or similar",
    "change_reason": "Why there is no change, in words",
    "caution": "What to bear in mind with the figure or its change",
    "source": "Where the figure comes from",
    "release": "Data release that the figure is of",
    "status": "State of that release",
    "notice": "What must be said of figures not published",
}
"""Name of a column in files -> what it holds."""

_IN_THE_UNIT_OF_THE_ROW = {
    "value", "value_12_months", "lower_95", "upper_95", "bound_low", "bound_high", "compare_value", "change",
}  # fmt: skip
_UNITS = {"percent_change": "%", "percent_lower_95": "%", "percent_upper_95": "%"}


@dataclass(frozen=True)
class FileColumn:
    """A column of a file of data. ``title`` is its heading on the page, else its own name in words."""

    name: str
    title: str
    meaning: str
    kind: Kind
    unit: str = ""


def described(chart: Chart) -> tuple[pd.DataFrame, tuple[FileColumn, ...]]:
    """The finished rows behind a chart, and what each of their columns is.

    A column that no text here explains goes by its heading alone. Its kind does not hang on the figures that happen to be
    in it: the same columns are "number" for every choice, though one may hold whole numbers only, or none.
    """
    rows = tables.finished(chart)
    headings = {}
    for column in chart.columns:
        ends = {column.name: ": from", column.to: ": to"} if column.to else {column.name: ""}
        headings |= {tables.file_column(name): f"{column.heading}{end}" for name, end in ends.items()}
    units = sorted({unit for unit in rows["unit"] if unit}) if "unit" in rows else []
    unit = units[0] if len(units) == 1 else ""
    columns = [
        FileColumn(
            name=name,
            title=headings.get(name, name.replace("_", " ").capitalize()),
            meaning=MEANINGS.get(name, ""),
            kind=_kind(rows[name]),
            unit=unit if name in _IN_THE_UNIT_OF_THE_ROW else _UNITS.get(name, ""),
        )
        for name in rows.columns
    ]
    return rows, tuple(columns)


def _kind(cells: pd.Series) -> Kind:
    if pd.api.types.is_bool_dtype(cells):
        return "boolean"
    if pd.api.types.is_integer_dtype(cells):
        return "integer"
    if pd.api.types.is_float_dtype(cells):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(cells):
        return "date"
    filled = [cell for cell in cells.tolist() if isinstance(cell, str) and cell]
    months = bool(filled) and all(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", cell) for cell in filled)
    return "month" if months else "string"
