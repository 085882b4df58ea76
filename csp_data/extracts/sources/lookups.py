"""Look-ups between small areas, as ONS publishes them.

Three kinds are told apart by their columns:

- *best fit*: an LSOA of 2011 or 2021 and the one ward it is put in (``LSOA21CD``, ``WD24CD``, ``LAD24CD``).
- *change*: an LSOA of 2011 and what became of it in 2021 (``LSOA11CD``, ``CHGIND``, ``LSOA21CD``); U unchanged,
  S split, M merged, X other.
- *shares*: an LSOA, a ward and the share of the LSOA's people who live in it (``population_share``, or ``share``).

Which codes belong to 2011 and which to 2021 is taken from these tables, never from the look of a code: most codes
are in both.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import code_column, code_columns, column_named, name_column
from csp_data.extracts.sources.sheets import ROW, read_sheet

LookupKind = Literal["best_fit", "change", "shares"]
LSOA_YEARS = ("2011", "2021")
_SHARE = ("population_share", "share")


@dataclass(frozen=True)
class Lookup:
    """One look-up, cut to the districts.

    ``table`` has, by kind:

    - best_fit: ``lsoa_year``, ``lsoa``, ``name``, ``ward``, ``district``; one row an LSOA.
    - change: ``lsoa2011``, ``lsoa2021``, ``name2011``, ``name2021``, ``change``, ``district``; one row a pair.
    - shares: ``lsoa_year``, ``lsoa``, ``name``, ``ward_set`` (as the file names it), ``ward``, ``share`` (of the LSOA's
      people, 0 to 1), ``district``; one row an LSOA, ward set and ward.

    ``district`` is "" when the file does not say.
    """

    file: str
    kind: LookupKind
    table: pd.DataFrame
    rows: int


def read_lookup(path: Path, districts: Collection[str], lsoa_year: str = "") -> Lookup:
    """Read a look-up of any of the three kinds.

    Parameters
    ----------
    districts : ONS codes; rows of other districts are left out where the file has a column of districts.
    lsoa_year : "2011" or "2021", where the heading ("LSOA_CD") does not say.

    Raises
    ------
    InputError
        When the file is not a look-up, holds nothing of the districts, gives an LSOA two wards, or a share that is not
        between 0 and 1.
    """
    table = read_sheet(
        path,
        lambda cells: bool(code_columns(cells, "lsoa")),
        "a column of LSOA codes, such as LSOA21CD or lsoa_code",
    )
    rows = len(table)
    district = code_column(table.columns, "district")
    if district is None:
        table["district"] = ""
    else:
        table["district"] = table[district.column]
        table = table[table["district"].isin(list(districts))]
        if table.empty:
            raise InputError(
                str(path),
                f"it holds no LSOA of {', '.join(districts)}",
                "Use a look-up that covers this partnership, of a year when these district codes were in use",
            )
    lsoas = {heading.year: heading.column for heading in code_columns(table.columns, "lsoa")}
    if {"2011", "2021"} <= lsoas.keys():
        return Lookup(path.name, "change", _changes(path, table, lsoas), rows)
    if column_named(table.columns, *_SHARE):
        return Lookup(path.name, "shares", _shares(path, table, lsoa_year), rows)
    if code_column(table.columns, "ward"):
        return Lookup(path.name, "best_fit", _best_fit(path, table, lsoa_year), rows)
    raise InputError(
        str(path),
        "it has LSOA codes, but neither ward codes nor the LSOA codes of another year",
        "Use a look-up of LSOA to ward (LSOA21CD, WD24CD) or of LSOA 2011 to 2021 (LSOA11CD, LSOA21CD)",
    )


def _changes(path: Path, table: pd.DataFrame, lsoas: dict[str, str]) -> pd.DataFrame:
    names = {h.year: h.column for year in LSOA_YEARS for h in [_name_of(table, year)] if h}
    change = column_named(table.columns, "change_code", "chgind", "change_indicator", "change")
    return pd.DataFrame(
        {
            "lsoa2011": table[lsoas["2011"]],
            "lsoa2021": table[lsoas["2021"]],
            "name2011": table[names["2011"]] if "2011" in names else "",
            "name2021": table[names["2021"]] if "2021" in names else "",
            "change": table[change].str.upper() if change else "",
            "district": table["district"],
        }
    ).drop_duplicates(ignore_index=True)


def _name_of(table: pd.DataFrame, year: str):
    for column in table.columns:
        heading = name_column([column], "lsoa")
        if heading and heading.year == year:
            return heading
    return None


def _best_fit(path: Path, table: pd.DataFrame, lsoa_year: str) -> pd.DataFrame:
    lsoa = code_column(table.columns, "lsoa")
    ward = code_column(table.columns, "ward")
    name = name_column(table.columns, "lsoa")
    found = pd.DataFrame(
        {
            "lsoa_year": _year(path, lsoa.year or lsoa_year),
            "lsoa": table[lsoa.column],
            "name": table[name.column] if name else table[lsoa.column],
            "ward": table[ward.column],
            "district": table["district"],
            ROW: table[ROW],
        }
    )
    # A look-up made for output areas repeats each LSOA, which is no harm while its ward is the same.
    found = found.drop_duplicates(["lsoa", "ward"])
    twice = found["lsoa"].duplicated()
    if twice.any():
        row = found[twice].iloc[0]
        raise InputError(
            str(path),
            f"the LSOA {row.lsoa} is put in two wards",
            "Use the best-fit look-up, or one with a column population_share",
            int(row[ROW]),
        )
    return found.drop(columns=ROW).reset_index(drop=True)


def _shares(path: Path, table: pd.DataFrame, lsoa_year: str) -> pd.DataFrame:
    lsoa = code_column(table.columns, "lsoa")
    ward = code_column(table.columns, "ward")
    name = name_column(table.columns, "lsoa")
    if ward is None:
        raise InputError(str(path), "no column holds ward codes", "Add one, such as ward_code")
    year = column_named(table.columns, "lsoa_vintage", "lsoa_year")
    ward_set = column_named(table.columns, "ward_vintage", "ward_year")
    column = column_named(table.columns, *_SHARE)
    share = pd.to_numeric(table[column], errors="coerce")
    wrong = table[(share.isna() | (share < 0) | (share > 1)) & (table[column] != "")]
    if len(wrong):
        raise InputError(
            str(path),
            f"the share '{wrong[column].iloc[0]}' is not a number from 0 to 1",
            "Give shares as 0.25, not as 25%",
            int(wrong[ROW].iloc[0]),
        )
    return pd.DataFrame(
        {
            "lsoa_year": table[year] if year else _year(path, lsoa.year or lsoa_year),
            "lsoa": table[lsoa.column],
            "name": table[name.column] if name else table[lsoa.column],
            "ward_set": table[ward_set] if ward_set else ward.year,
            "ward": table[ward.column],
            "share": share.fillna(0.0),
            "district": table["district"],
        }
    ).reset_index(drop=True)


def _year(path: Path, year: str) -> str:
    if year not in LSOA_YEARS:
        raise InputError(
            str(path),
            "it does not say whether its LSOA codes are those of 2011 or of 2021",
            "Add lsoa = 2011 or lsoa = 2021 to the look-up in the configuration",
        )
    return year
