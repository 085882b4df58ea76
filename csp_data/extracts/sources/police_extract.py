"""The police's own extract: crime by Home Office offence code, or ASB by type of incident, as a plain CSV.

data.police.uk has neither, so this is the template to send to the force's analysts::

    month,area_code,category,count
    2019-04,E01016016,8N,3
    2019-04,E01016016,105A,1
    2019-04,E05002249,28E,2
    2019-04,,34B,1

month
    2019-04, 2019-04-17 or 17/04/2019: the month the police recorded it.
area_code
    ONS code of the LSOA, ward or district. Leave it empty where the place is not known: such rows are counted and
    shown as not located. Codes outside the partnership are counted as outside, unless the configuration says that the file
    holds the partnership's only (``unmatched = "unallocated"``): then they are in its total and in no ward. A ward of an
    older or newer ward set is divided among the wards of the other sets, by where people live.
category
    Crime: the Home Office offence code (8N, 105A, 34B), or the id or label of a line of the crime tree. Domestic abuse,
    hate crime, exploitation and crimes against people under 18 are lines too: give such a crime under its offence and once
    more under that line, which is in no sum and which the public sees for the whole partnership over 12 months only.
    ASB: the id or label of a type of incident (Rowdy or nuisance gathering); "ASB" for incidents without a type.
count
    A whole number. Without this column every row is one crime or incident.

Other columns are not read. Rows may repeat; they are added up. The extract is not open data, so its release is marked
"rounded": small counts are hidden and the others rounded wherever they are shown.

A month without any row is missing, not zero, unless the configuration says which months the extract covers
(``first_month``, ``last_month``).

Grain out: month, area_code and category, with ``count`` (crimes or incidents).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from csp_data.catalogue.categories import category_named, from_offence_code, root
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import column_named
from csp_data.extracts.sources.sheets import ROW, read_sheet

_LARGEST = 1_000_000
"""More crimes than any force records in a month for one area and offence: a sign of two figures run together."""


@dataclass(frozen=True)
class PoliceExtract:
    """``table`` has the columns month (timestamp of its first day), area_code ("" if unknown), category, count."""

    file: str
    dataset: str
    table: pd.DataFrame
    months: tuple[str, ...]
    """The months covered ("2019-04"), in order."""
    rows: int


def read_police_extract(
    path: Path, dataset: Literal["crime", "asb"], first_month: str = "", last_month: str = ""
) -> PoliceExtract:
    """Read an extract that follows the template above.

    Parameters
    ----------
    first_month, last_month : "2019-04"; every month between them is covered, with or without rows.

    Raises
    ------
    InputError
        When a column is missing, or a month, offence code, type of incident or count cannot be read, or a month lies
        outside those said to be covered.
    """
    table = read_sheet(
        path,
        lambda cells: all(column_named(cells, name) for name in ("month", "area_code", "category")),
        "the columns month, area_code, category and count",
    )
    rows = len(table)
    month, area, category, count = (column_named(table.columns, n) for n in ("month", "area_code", "category", "count"))
    found = pd.DataFrame(
        {
            "month": _each(path, table, month, _month, "a month", "Write it as 2019-04"),
            "area_code": table[area],
            "category": _each(
                path,
                table,
                category,
                lambda text: _category(text, dataset),
                "an offence code or line of the crime tree" if dataset == "crime" else "a type of ASB incident",
                "Correct it, or use the nearest line listed on the page About the data",
            ),
            "count": _each(path, table, count, _count, "a count", "Give a whole number, 0 or more") if count else 1,
        }
    )
    present = set(found["month"].dt.strftime("%Y-%m"))
    first, last = first_month or min(present), last_month or max(present)
    beyond = ~found["month"].dt.strftime("%Y-%m").between(first, last)
    if beyond.any():
        raise InputError(
            str(path),
            f"the month {found['month'][beyond].iloc[0]:%Y-%m} is not within {first} to {last}",
            "Correct first_month and last_month in the configuration, or the month",
            int(table.loc[beyond, ROW].iloc[0]),
        )
    every = [str(period) for period in pd.period_range(first, last, freq="M")]
    # Without a word on what is covered, a month that is not there may be one that was not extracted.
    months = every if first_month and last_month else [month for month in every if month in present]
    totals = found.groupby(["month", "area_code", "category"], as_index=False)["count"].sum()
    return PoliceExtract(path.name, dataset, totals, tuple(months), rows)


def _each(path: Path, table: pd.DataFrame, column: str, read, what: str, remedy: str) -> pd.Series:
    """Read every distinct text of a column once. Raises InputError naming the first line that cannot be read."""
    known = {}
    for text in table[column].unique():
        try:
            known[text] = read(text)
        except (KeyError, ValueError):
            row = int(table.loc[table[column] == text, ROW].iloc[0])
            raise InputError(str(path), f"'{' '.join(text.split())[:80]}' is not {what}", remedy, row) from None
    return table[column].map(known)


def _month(text: str) -> pd.Timestamp:
    british = re.fullmatch(r"\d\d?/(\d\d?)/(\d{4})", text)
    if british:
        return pd.Timestamp(int(british[2]), int(british[1]), 1)
    found = re.fullmatch(r"((?:19|20)\d\d)-(\d\d)(?:-\d\d)?", text)
    if found is None:
        raise ValueError(text)
    return pd.Timestamp(int(found[1]), int(found[2]), 1)


def _category(text: str, dataset: str) -> str:
    if text.upper() == dataset.upper():
        return root(dataset)
    try:
        return category_named(text, dataset).id
    except KeyError:
        if dataset != "crime":
            raise
    return from_offence_code(text)


def _count(text: str) -> int:
    count = int(text.replace(",", ""))
    if not 0 <= count <= _LARGEST:
        raise ValueError(text)
    return count
