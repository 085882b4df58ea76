"""Tables to take away: one CSV a chart that stands alone and that any program reads.

Every row repeats what its figure is, so that a row cut out of the file still says so, and there are no lines above the
headings to trip a program. Numbers are not rounded. A figure that is missing or withheld is an empty cell with the
reason in ``value_status`` and its symbol in ``symbol``: never 0, and never the withheld number.
"""

import re
import unicodedata

import numpy as np
import pandas as pd

from csp_data.figures import wording
from csp_data.figures.chart import Chart

_LEADING = (
    "measure_label", "category_label", "area", "area_name", "vintage_label", "period", "period_start", "period_end",
    "value", "value_12_months", "unit", "lower", "upper", "estimated", "bound_low", "bound_high", "value_status",
    "value_status_12_months", "symbol", "reason",
)  # fmt: skip
_NAMES = {
    "measure_label": "measure",
    "category_label": "category",
    "area": "area_code",
    "vintage_label": "ward_set",
    "lower": "lower_95",
    "upper": "upper_95",
    "estimated": "estimated_share",
    "percent_lower": "percent_lower_95",
    "percent_upper": "percent_upper_95",
}
_LEFT_OUT = ("measure", "category", "vintage", "per", "completeness", "state")
_NEVER_WITH_A_WITHHELD_VALUE = (
    "value", "numerator", "lower", "upper", "estimated", "bound_low", "bound_high", "change", "percent_change",
    "percent_lower", "percent_upper", "verdict",
)  # fmt: skip

MAY_START_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Wide letters too: where these are typed, spreadsheets take them for the narrow ones."""


def csv(chart: Chart) -> bytes:
    """The finished rows of a chart as CSV: UTF-8 with the mark that makes Excel read it as such."""
    return as_csv(finished(chart))


def finished(chart: Chart) -> pd.DataFrame:
    """The rows of a chart under the names that files have, each row saying what its figure is.

    They hold what the chart's data hold; what was withheld never reached them, and is cleared here all the same.
    """
    rows = chart.data.copy()
    if "measure" in rows:
        rows["measure_label"] = [wording.MEASURES[measure].label for measure in rows["measure"]]
    if "value_status" in rows:
        rows["symbol"] = [wording.SYMBOLS.get(status, "") for status in rows["value_status"]]
        withheld = rows["value_status"] == "withheld"
        for name in set(_NEVER_WITH_A_WITHHELD_VALUE) & set(rows.columns):
            rows[name] = rows[name].mask(withheld)
    if "source" not in rows:
        rows["source"] = chart.source
    rows["notice"] = chart.notice
    order = [name for name in _LEADING if name in rows]
    order += [name for name in rows.columns if name not in (*order, *_LEFT_OUT)]
    return rows[order].rename(columns=_NAMES)


def file_column(name: str) -> str:
    """The name that a column of a chart's data has in files."""
    return _NAMES.get(name, name)


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as CSV whose text no spreadsheet runs as a formula: a quotation mark goes before what could start one."""
    safe = whole_where_whole(table)
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]) and not pd.api.types.is_datetime64_any_dtype(safe[name]):
            safe[name] = [_harmless(cell) for cell in safe[name].tolist()]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def whole_where_whole(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose columns of whole numbers are such, without the ".0" that gaps in them would bring; nothing infinite."""
    made = table.copy()
    for name in made.columns:
        if pd.api.types.is_float_dtype(made[name]):
            numbers = made[name].where(np.isfinite(made[name]))
            made[name] = numbers.astype("Int64") if (numbers.dropna() % 1 == 0).all() else numbers
    return made


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(MAY_START_A_FORMULA) else cell


def file_name(chart: Chart, extension: str) -> str:
    """What the file holds, as a name: "recorded-crimes-by-month-medway-april-2019-to-march-2020.csv"."""
    return named(chart.subtitle, extension)


def named(text: str, extension: str) -> str:
    """A text as the name of a file that every computer takes."""
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return f"{words[:LONGEST_NAME].rstrip('-')}.{extension}"


LONGEST_NAME = 120
