"""Does one table keep its contract? The contract is the declaration in ``catalogue.datasets``; nothing is listed here.

Every fault is reported, not only the first. Faults of one kind in one column are told in one sentence, which names the
first row and says how many more there are: a thousand sentences about one wrong column would hide the others.
Rows are counted from 1, the first row of the table.
"""

from collections.abc import Iterator

import geopandas
import numpy as np
import pandas as pd
from pandas.api import types

from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.datasets import COUNT_DATASETS, Column, Dataset
from csp_data.catalogue.measures import MEASURES
from csp_data.extracts.problems import Problem

LISTED = 5
"""How many unknown values of a column are named before the rest are only counted."""

_NEEDED = {
    "month": "months, as dates of their first day",
    "date": "dates",
    "text": "text",
    "whole number": "whole numbers",
    "number": "numbers",
    "geometry": "outlines",
}


def problems_of(table: pd.DataFrame, dataset: Dataset, file: str) -> list[Problem]:
    """Every way in which a table breaks the contract of its dataset. An empty list means that it keeps it.

    Parameters
    ----------
    table : rows at any grain; those of ``dataset.grain`` are expected. Not changed.
    file : how to name the table in the sentences.

    Only what can be seen in this table alone is checked; codes held by other tables are the work of ``checks``.
    """
    return list(_problems(table, dataset, file))


def is_usable(table: pd.DataFrame, dataset: Dataset) -> bool:
    """Whether every column is there, of its type, and filled where it must be: enough to compare with other tables."""
    return all(
        column.name in table.columns
        and (_holds_nothing(table[column.name], column) or _has_type(table[column.name], column))
        and not any(True for _ in _empty(table[column.name], column, ""))
        for column in dataset.columns
    )


def _problems(table: pd.DataFrame, dataset: Dataset, file: str) -> Iterator[Problem]:
    columns = [column for column in dataset.columns if column.name in table.columns]
    for column in dataset.columns:
        if column.name not in table.columns:
            yield Problem(
                file,
                f"the column '{column.name}' is missing",
                f"Add it: {column.description} It holds {_NEEDED[column.type]}",
            )
    for name in table.columns:
        if name not in dataset.column_names:
            yield Problem(
                file,
                f"the column '{name}' is not in the contract of '{dataset.name}', so it is not used",
                "Leave it out, or check its spelling against the page About the data",
                severity="warning",
            )
    if table.empty:
        if dataset.required:
            yield Problem(file, "the table has no rows", f"Give a row for {dataset.grain}")
        return
    for column in columns:
        if _holds_nothing(table[column.name], column):
            continue
        if not _has_type(table[column.name], column):
            yield _wrong_type(table[column.name], column, file)
            continue
        yield from _empty(table[column.name], column, file)
        yield from _unfit(table[column.name], column, file)
        yield from _unknown(table[column.name], column, dataset, file)
        yield from _of_another_measure(table, column, file)
    yield from _repeated(table, dataset, file)


def _holds_nothing(values: pd.Series, column: Column) -> bool:
    """A column without a single value has no type of its own, and may have none where it may be empty."""
    return column.may_be_empty and bool(values.isna().all())


def _has_type(values: pd.Series, column: Column) -> bool:
    match column.type:
        case "month" | "date":
            return types.is_datetime64_any_dtype(values) and values.dt.tz is None
        case "text":
            # Text packed as codes, as Parquet dictionaries come back, is text all the same.
            kept = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else values
            return types.is_string_dtype(kept) and types.infer_dtype(kept, skipna=True) in ("string", "empty")
        case "whole number":
            # A column with gaps comes back from some writers as numbers with decimals, all of them .0.
            return types.is_integer_dtype(values) or (column.may_be_empty and _is_whole(values))
        case "number":
            return types.is_numeric_dtype(values) and not types.is_bool_dtype(values)
        case "geometry":
            return isinstance(values, geopandas.GeoSeries)


def _is_whole(values: pd.Series) -> bool:
    if not types.is_float_dtype(values):
        return False
    given = values.dropna()
    return bool((given == given.round()).all())


def _wrong_type(values: pd.Series, column: Column, file: str) -> Problem:
    shown = values.dropna()
    example = f", such as {shown.iloc[0]!r}" if len(shown) else ""
    return Problem(
        file,
        f"the column '{column.name}' holds {values.dtype}{example}",
        f"Give {_NEEDED[column.type]}",
    )


def _is_empty(values: pd.Series) -> pd.Series:
    """True where there is no value. Text of nothing but spaces is no value."""
    empty = values.isna()
    if not types.is_string_dtype(values.dtype) and not isinstance(values.dtype, pd.CategoricalDtype):
        return empty
    return empty | (values.astype("str").str.strip() == "")


def _empty(values: pd.Series, column: Column, file: str) -> Iterator[Problem]:
    if column.may_be_empty:
        return
    empty = values.isna() | values.is_empty if column.type == "geometry" else _is_empty(values)
    if empty.any():
        first, more = _first(empty)
        meaning = f" {column.missing}" if column.missing else ""
        yield Problem(
            file, f"'{column.name}' is empty{more}", f"Give a value, or leave the row out.{meaning}", row=first
        )


def _unfit(values: pd.Series, column: Column, file: str) -> Iterator[Problem]:
    """Values that no row may hold: days inside a month, numbers below the least, numbers without end."""
    if column.type == "month":
        unfit = values.notna() & (values != values.dt.to_period("M").dt.to_timestamp())
        if unfit.any():
            first, more = _first(unfit)
            yield Problem(
                file,
                f"'{column.name}' is {values[unfit].iloc[0]:%Y-%m-%d %H:%M}, which is not the start of a month{more}",
                "Give the first day of the month, without a time",
                row=first,
            )
    if column.type in ("whole number", "number"):
        endless = pd.Series(~np.isfinite(values.to_numpy("float64", na_value=0.0)), index=values.index)
        if endless.any():
            first, more = _first(endless)
            yield Problem(file, f"'{column.name}' is not a finite number{more}", "Give a number", row=first)
        if column.minimum is not None:
            low = (values < column.minimum).fillna(False)
            if low.any():
                first, more = _first(low)
                least = f"{column.minimum:g}"
                negative = "a negative number" if column.minimum == 0 else f"less than {least}"
                yield Problem(
                    file,
                    f"'{column.name}' is {values[low].iloc[0]}, {negative}{more}",
                    f"Give {least} or more; if the publisher corrected an earlier count, take the corrected count",
                    row=first,
                )


def _unknown(values: pd.Series, column: Column, dataset: Dataset, file: str) -> Iterator[Problem]:
    allowed = _allowed(column, dataset)
    if not allowed:
        return
    allowed = tuple(value for value in allowed if value)
    unknown = ~values.isin(allowed) & ~_is_empty(values)
    if not unknown.any():
        return
    found = values[unknown].astype("str")
    names = found.unique()
    for name in names[:LISTED]:
        first, more = _first(unknown & (values.astype("str") == name))
        yield Problem(file, f"'{column.name}' is '{name}', which is not a known code{more}", _known(allowed), row=first)
    if len(names) > LISTED:
        yield Problem(
            file,
            f"'{column.name}' has {len(names) - LISTED:,} more unknown codes in "
            f"{int(found.isin(names[LISTED:]).sum()):,} rows",
            _known(allowed),
        )


def _allowed(column: Column, dataset: Dataset) -> tuple[str, ...]:
    if column.codes == "category":
        held = (dataset.name,) if dataset.name in COUNT_DATASETS else COUNT_DATASETS
        return tuple(id for id, category in CATEGORIES.items() if category.dataset in held)
    if column.name == "measure":
        return tuple(MEASURES)
    return column.allowed


def _of_another_measure(table: pd.DataFrame, column: Column, file: str) -> Iterator[Problem]:
    """A table of several measures: is each category a line of the tree that its row's measure counts on?"""
    if column.codes != "category" or "measure" not in table.columns:
        return
    counted = table["measure"].map({id: measure.dataset for id, measure in MEASURES.items()})
    line = table[column.name].astype("str").map({id: category.dataset for id, category in CATEGORIES.items()})
    wrong = counted.notna() & line.notna() & (counted != line)
    if wrong.any():
        first, more = _first(wrong)
        row = table[wrong.to_numpy()].iloc[0]
        yield Problem(
            file,
            f"'{column.name}' is '{row[column.name]}', which the measure '{row['measure']}' does not count{more}",
            f"Use a line of the tree of '{row['measure']}', such as '{MEASURES[row['measure']].dataset}' for all of it",
            row=first,
        )


def _known(allowed: tuple[str, ...]) -> str:
    if len(allowed) > 8:
        return f"Use one of the {len(allowed)} known codes, such as {', '.join(allowed[:3])}: About the data lists them"
    return f"Use one of: {', '.join(allowed)}"


def _repeated(table: pd.DataFrame, dataset: Dataset, file: str) -> Iterator[Problem]:
    if not set(dataset.key) <= set(table.columns):
        return
    repeated = table.duplicated(list(dataset.key))
    if repeated.any():
        first, more = _first(repeated)
        row = table.loc[repeated.to_numpy(), list(dataset.key)].iloc[0]
        which = ", ".join(f"{name} {_shown(value)}" for name, value in row.items())
        yield Problem(
            file,
            f"there is another row for {which}{more}",
            f"Keep one row for {dataset.grain}: add the numbers up if both are right",
            row=first,
        )


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"'{value}'"


def _first(which: pd.Series) -> tuple[int, str]:
    """Number of the first row that is True, counted from 1, and words that say how many more there are."""
    flags = which.to_numpy(dtype=bool)
    more = int(flags.sum()) - 1
    words = "" if more == 0 else f" (and {more:,} more row{'' if more == 1 else 's'})"
    return int(flags.argmax()) + 1, words
