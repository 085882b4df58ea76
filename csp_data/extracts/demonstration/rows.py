"""Rows written by hand, as a table under its contract."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from csp_data.catalogue.datasets import DATASETS

MADE_UP = "Made up for the demonstration."
"""What the note of a figure says that no document prints."""


def table_of(dataset: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows of a dataset with the columns, order and types of its contract; what a row leaves out is empty.

    Raises
    ------
    KeyError
        When a row names a column that the contract does not have.
    """
    columns = {column.name: column for column in DATASETS[dataset].columns}
    rows = list(rows)
    unknown = {name for row in rows for name in row} - set(columns)
    if unknown:
        raise KeyError(f"'{dataset}' has no column {', '.join(sorted(unknown))}.")
    return pd.DataFrame({name: _typed([row.get(name) for row in rows], c.type) for name, c in columns.items()})


def _typed(values: list[Any], kind: str) -> pd.Series:
    match kind:
        case "month" | "date":
            return pd.Series(pd.to_datetime(pd.Series(values, dtype=object)).astype("datetime64[ms]"))
        case "whole number":
            return pd.Series(values, dtype="int64")
        case "number":
            return pd.Series([np.nan if value is None else float(value) for value in values], dtype="float64")
        case _:
            return pd.Series(["" if value is None else str(value) for value in values], dtype=object)
