"""Tables that partners fill in on the product's templates: CSV or XLSX under the columns of the contract.

``python -m csp_data template NAME`` writes the template of any dataset of ``catalogue.datasets.TEMPLATES``. In it, and
in a table made from it,

- columns may stand in any order, and those that may be empty may be left out;
- lines whose first cell starts with # are not read;
- dates are written 2024-09-01, 01/09/2024 or 1 September 2024; months 2024-09, or any of those;
- numbers may have commas, a £ sign and, where the unit is %, a % sign; an empty cell is no number, never zero;
- fixed words ("yes", "prevent") and lines of the crime tree may be written in capitals, and lines by their label.

Grain out: that of the dataset, under the types of its contract. Every fault is an InputError that names file, row,
column and remedy.
"""

import csv
import difflib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from csp_data.catalogue.categories import category_named
from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS, Column, Dataset
from csp_data.catalogue.measures import measure_named
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import plain
from csp_data.extracts.sources.published_periods import months_of
from csp_data.extracts.sources.sheets import ROW, read_sheet

COMMENT = "#"

_WRITE = {
    "month": "Write it as 2024-09",
    "date": "Write it as 2024-09-01 or 01/09/2024",
    "whole number": "Give a whole number, or leave it empty where there is none",
    "number": "Give the number alone, or leave it empty where there is none",
}


@dataclass(frozen=True)
class Supplied:
    """``table`` has the columns of the contract, and ``row``, the line of the file each row stands on."""

    file: str
    dataset: str
    table: pd.DataFrame
    rows: int


def read_template(
    path: Path, dataset: str, sheet: str | None = None, fixed: Mapping[str, object] | None = None
) -> Supplied:
    """Read a table that follows the template of a dataset.

    Parameters
    ----------
    sheet : of a workbook; the first with a heading that fits when ``None``.
    fixed : column -> value for columns that the table leaves out because every row has the same.

    Raises
    ------
    InputError
        When a column is missing or unknown, a cell that must be filled is empty, or one cannot be read as its type.
    """
    declared = DATASETS[dataset]
    given = {plain(name): str(value) for name, value in (fixed or {}).items()}
    needed = [c.name for c in declared.columns if not c.may_be_empty and plain(c.name) not in given]
    table = _lines(path, declared, needed, sheet)
    for name, value in given.items():
        table[_named(declared, name)] = value
    return Supplied(path.name, dataset, typed(path, table, declared), len(table))


def _lines(path: Path, declared: Dataset, needed: list[str], sheet: str | None) -> pd.DataFrame:
    """The rows of the file as text, under the contract's own names."""
    known = {plain(name) for name in declared.column_names}
    table = read_sheet(
        path,
        # A heading that lacks a column or misspells one is still the heading: it is told below what is wrong.
        lambda cells: 2 * len(known & {plain(cell) for cell in cells}) > len(needed),
        f"the columns {', '.join(needed)} (python -m csp_data template {declared.name} writes them)",
        sheet,
    )
    table = table[~table.iloc[:, 0].str.startswith(COMMENT)].reset_index(drop=True)
    names = {}
    for column in table.columns:
        if column == ROW or re.fullmatch(r"column \d+", column):
            continue
        name = _named(declared, plain(column))
        if not name:
            near = difflib.get_close_matches(plain(column), sorted(known), n=1)
            remedy = f"Rename it '{_named(declared, near[0])}'" if near else "Delete the column, or rename it"
            raise InputError(str(path), f"the column '{column}' is not one of the template '{declared.name}'", remedy)
        names[column] = name
    table = table[[ROW, *names]].rename(columns=names)
    missing = [name for name in needed if name not in table.columns]
    if missing:
        column = next(c for c in declared.columns if c.name == missing[0])
        raise InputError(str(path), f"the column '{column.name}' is missing", f"Add it: {column.description}")
    if table.empty:
        raise InputError(str(path), "the table has a heading but no rows", "Add a row, or leave the table out")
    return table


def _named(declared: Dataset, plain_name: str) -> str:
    return next((name for name in declared.column_names if plain(name) == plain_name), "")


def typed(path: Path, table: pd.DataFrame, declared: Dataset) -> pd.DataFrame:
    """Rows of text, with ``ROW``, under the types of a contract. Columns that are not there are left empty.

    Raises
    ------
    InputError
        For the first cell that is empty and must not be, or cannot be read.
    """
    columns: dict[str, Any] = {}
    for column in declared.columns:
        text = table[column.name] if column.name in table.columns else pd.Series("", index=table.index)
        text = text.astype("object").where(text.notna(), "").astype("str").str.strip()
        empty = text == ""
        if empty.any() and not column.may_be_empty:
            row = int(table.loc[empty, ROW].iloc[0])
            raise InputError(str(path), f"the column '{column.name}' is empty", f"Fill it: {column.description}", row)
        columns[column.name] = _column(path, table, column, text, empty)
    made = pd.DataFrame(columns, index=table.index)
    made = made.assign(row=table[ROW].astype("int64"))
    twice = made.duplicated(list(declared.key))
    if twice.any():
        row = made[twice].iloc[0]
        key = ", ".join(f"{name} '{table.loc[row.name].get(name, '')}'" for name in declared.key)
        raise InputError(
            str(path), f"there is another row for {key}", f"Keep one row for {declared.grain}", int(row["row"])
        )
    return made.reset_index(drop=True)


def _column(path: Path, table: pd.DataFrame, column: Column, text: pd.Series, empty: pd.Series) -> Any:
    if column.type == "text":
        read: Callable[[str], Any] = _reader_of_text(column)
    else:
        read = {"month": _month, "date": read_date, "whole number": _whole, "number": read_number}[column.type]
    values: dict[str, Any] = {}
    percent = set(text.index[table["unit"].str.strip() == "%"]) if "unit" in table.columns else set()
    for index, cell in text[~empty].items():
        shown = cell.removesuffix("%") if column.type == "number" and index in percent else cell
        if shown in values:
            continue
        try:
            values[shown] = read(shown)
        except (KeyError, ValueError):
            remedy = f"Use one of: {', '.join(filter(None, column.allowed))}" if column.allowed else ""
            remedy = remedy or _WRITE.get(column.type, "Use a name listed on the page About the data")
            raise InputError(
                str(path),
                f"the column '{column.name}' is '{cell[:80]}', which is not {_words(column)}",
                remedy,
                int(table.loc[index, ROW]),
            ) from None
    if column.type == "number" and percent:
        text = text.str.removesuffix("%")
    found = text.map(values)
    if column.type in ("month", "date"):
        return pd.to_datetime(found).astype("datetime64[us]")
    if column.type == "number":
        return found.astype("float64")
    if column.type == "whole number":
        return found.astype("Int64" if column.may_be_empty else "int64")
    return found.astype("object").where(~empty, "").astype("str")


def _words(column: Column) -> str:
    if column.type == "text":
        return "one of its values" if column.allowed else f"a known {column.name}"
    return {"month": "a month", "date": "a date", "whole number": "a whole number", "number": "a number"}[column.type]


def _reader_of_text(column: Column) -> Callable[[str], str]:
    if column.allowed:
        allowed = {value.lower(): value for value in column.allowed if value}
        return lambda cell: allowed[cell.lower()]
    if column.codes == "category":
        return _category
    if column.name == "measure":
        return lambda cell: measure_named(cell).id
    return str


def _category(cell: str) -> str:
    for dataset in COUNT_DATASETS:
        try:
            return category_named(cell, dataset).id
        except KeyError:
            continue
    raise KeyError(cell)


def read_number(cell: str) -> float:
    """ "£106,460", "1,234.5", "(250)" or "-250" as a number. Raises ValueError for anything else."""
    text = re.sub(r"[\s£,]", "", cell)
    if re.fullmatch(r"\(\d+(?:\.\d+)?\)", text):
        text = f"-{text[1:-1]}"
    if not re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)", text):
        raise ValueError(cell)
    return float(text)


def _whole(cell: str) -> int:
    number = read_number(cell)
    if not number.is_integer():
        raise ValueError(cell)
    return int(number)


def read_date(cell: str) -> pd.Timestamp:
    """ "2024-09-01", "01/09/2024" or "1 September 2024". Raises ValueError for anything else."""
    british = re.fullmatch(r"(\d\d?)[/.](\d\d?)[/.]((?:19|20)\d\d)", cell)
    if british:
        return pd.Timestamp(int(british[3]), int(british[2]), int(british[1]))
    if re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d", cell):
        return pd.Timestamp(cell)
    for form in ("%d %B %Y", "%d %b %Y"):
        try:
            return pd.to_datetime(cell, format=form)
        except ValueError:
            continue
    raise ValueError(cell)


def _month(cell: str) -> pd.Timestamp:
    try:
        return read_date(cell).replace(day=1)
    except ValueError:
        first, last = months_of(cell)
    if first != last:
        raise ValueError(cell)
    return first


# --- writing the template ---------------------------------------------------------------------------------------


def template_text(dataset: str) -> str:
    """The template of a dataset as CSV: its heading, an example that is not read, and what each column holds."""
    declared = DATASETS[dataset]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(declared.column_names)
    example = [column.example for column in declared.columns]
    writer.writerow([f"{COMMENT} {example[0]}", *example[1:]])
    writer.writerow([f"{COMMENT} The line above is an example. Lines that start with {COMMENT} are not read."])
    writer.writerow([f"{COMMENT} {declared.title}: {declared.description} One row is {declared.grain}."])
    for column in declared.columns:
        writer.writerow([f"{COMMENT} {column.name} ({_kind(column)}): {column.description}{_more(column)}"])
    return out.getvalue()


def _kind(column: Column) -> str:
    kind = {"text": "text", "month": "month", "date": "date"}.get(column.type, column.type)
    unit = f" of {column.unit}" if column.unit else ""
    return f"{kind}{unit}, {'may be left empty' if column.may_be_empty else 'needed'}"


def _more(column: Column) -> str:
    more = f" {column.missing}" if column.missing else ""
    if any(column.allowed):
        more += f" One of: {', '.join(filter(None, column.allowed))}."
    if column.codes == "category":
        more += " The lines are listed on the page About the data."
    return more
