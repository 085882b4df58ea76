"""Weights of offences by severity, from the file that their publisher gives out. None is part of this product.

Any .csv or .xlsx file with a column of offence codes or names and one of weights is read, with lines of title above them:
the list of weights of the ONS Crime Severity Score, the table of the Cambridge Crime Harm Index, or another official one.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from csp_data.catalogue.categories import category_named, from_offence_code
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import column_named
from csp_data.extracts.sources.sheets import ROW, read_sheet

_CODE = ("offence code", "home office code", "ho code", "offence_code", "code")
_NAME = ("offence", "offence name", "offence description", "offence group", "name", "description")
_WEIGHT = ("weight", "css weight", "crime severity weight", "severity weight", "severity score", "score", "days")


@dataclass(frozen=True)
class Weight:
    """The weight of one offence, and the line of the crime tree that it falls on; "" when it falls on none."""

    code: str
    name: str
    weight: float
    line: str


@dataclass(frozen=True)
class Weights:
    """A file of weights: who published it and when, as the person who supplied it says."""

    file: str
    source: str
    vintage: str
    weights: tuple[Weight, ...]


def read_weights(path: Path, source: str = "", vintage: str = "") -> Weights:
    """Read a file of offence weights.

    Raises
    ------
    InputError
        When the file cannot be read, has no such columns, or a weight is no number or negative.
    """
    table = read_sheet(
        path,
        lambda cells: bool(column_named(cells, *_WEIGHT)) and bool(column_named(cells, *_CODE, *_NAME)),
        "a column of offence codes or names (offence code, offence) and one of weights (weight)",
    )
    code, name, weight = (column_named(table.columns, *names) for names in (_CODE, _NAME, _WEIGHT))
    found = []
    for row in table.to_dict("records"):
        of_row = (str(row[code]).strip() if code else "", str(row[name]).strip() if name else "")
        if not any(of_row):
            continue
        try:
            value = float(str(row[weight]).replace(",", ""))
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value >= 0):
            raise InputError(
                str(path),
                f"'{str(row[weight])[:80]}' is not a weight",
                "Give a number, 0 or more, or leave the row out",
                int(row[ROW]),
            )
        found.append(Weight(*of_row, value, _line(*of_row)))
    return Weights(path.name, source or "source not stated", vintage or "vintage not stated", tuple(found))


def _line(code: str, name: str) -> str:
    for read, text in ((from_offence_code, code), (lambda text: category_named(text, "crime").id, name)):
        try:
            return read(text)
        except KeyError:
            continue
    return ""
