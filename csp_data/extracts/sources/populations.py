"""Population estimates as ONS publishes them: by district, ward or LSOA, long or wide, CSV, XLSX or Parquet.

- *Long*: a row an area and year, with a column ``population`` (or ``All ages``, ``Total``, ``value``, ``households``,
  ``workday_population``) and a column
  ``year`` or ``ref_date``. Without one, the configuration says which year the table is for.
- *Wide*: a row an area, and a column a year: ``2019``, ``mid_2019``, ``Mid-2019`` or ``population_2019``.

Where a long table has ages or sexes, its "all ages" and "persons" rows are used, or the others are added up. Columns
``low`` and ``high`` (or ``population_low``, ``population_high``), ``basis`` (or ``method``) and ``source`` (or
``publisher``) are kept where there are any.

Grain out: an area and year, with the columns ``area_code``, ``kind`` (ward, lsoa, district), ``lsoa_year`` ("2011",
"2021" or "" where unknown), ``year``, ``population``, ``low``, ``high`` (people), ``basis``, ``reference_date``
(missing where the file gives only a year, save that a mid-year estimate is for 30 June), ``source``, ``row`` (line of
the file). Areas whose figure the publisher withheld or lacks are left out.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import AreaKind, Heading, any_code_column, code_column, column_named, plain
from csp_data.extracts.sources.sheets import ROW, read_sheet

_WIDE = re.compile(r"(?:mid|year|midyear|population|pop|estimates?|persons|total)*(?P<year>(?:19|20)\d\d)")
_VALUE = (
    "population",
    "households",
    "workday population",
    "workplace population",
    "all ages",
    "all persons",
    "persons",
    "total",
    "value",
    "obs_value",
    "estimate",
    "count",
)
_FIRST = {"households": ("households",), "workday": ("workday population", "workplace population")}
"""Denominator -> headings looked for before the others: a file may give households beside residents."""
_DATE = ("ref_date", "reference_date", "date", "year", "mid_year", "period", "time")
_NOT_GIVEN = {"", "-", "..", ".", ":", "*", "c", "x", "z", "[c]", "[x]", "[z]", "na", "n/a"}
_EVERY_AGE = {"all ages", "all", "total", "all categories: age"}
_EVERY_SEX = {"persons", "person", "all", "total", "both", "people", "all persons"}
_PREFIXES: dict[str, AreaKind] = {"E05": "ward", "W05": "ward", "E01": "lsoa", "W01": "lsoa"}
_DISTRICT_PREFIXES = ("E06", "E07", "E08", "E09", "W06")
_ON_COLUMNS = re.compile(r"\s*\([^()]*\b[a-z]+_[a-z_]+\b[^()]*\)")
_LARGEST = 100_000_000
"""People; more than live in the United Kingdom, so a sign of two figures run together."""


COLUMNS = (
    "area_code",
    "kind",
    "lsoa_year",
    "year",
    "population",
    "low",
    "high",
    "basis",
    "reference_date",
    "source",
    "row",
)


@dataclass(frozen=True)
class Populations:
    """The table described above, and how many rows the file had."""

    file: str
    table: pd.DataFrame
    rows: int


def read_populations(
    path: Path,
    *,
    sheet: str | None = None,
    year: int | None = None,
    basis: str = "",
    source: str = "",
    lsoa_year: str = "",
    denominator: str = "residents",
) -> Populations:
    """Read a table of population.

    Parameters
    ----------
    sheet : of a workbook; the first with a heading that fits when ``None``.
    year : the year of a long table that has no column for it.
    basis, source : used where the table does not say.
    lsoa_year : "2011" or "2021" for LSOA tables that do not say.
    denominator : who is counted; says which column is meant where a table gives residents and households.

    Raises
    ------
    InputError
        When there is no column of codes or of figures, a figure is not a whole number, a year is not a year, or an
        area has two figures for one year.
    """
    table = read_sheet(
        path,
        lambda cells: _code(cells) is not None and (bool(_wide(cells)) or column_named(cells, *_VALUE) is not None),
        "a column of area codes and one of population (population, All ages, 2019, mid_2019)",
        sheet,
    )
    rows = len(table)
    tidy = _everyone(_numbers(path, _tidy(path, table, year, basis, source, lsoa_year, denominator)))
    twice = tidy.duplicated(["area_code", "lsoa_year", "year"])
    if twice.any():
        row = tidy[twice].iloc[0]
        raise InputError(
            str(path),
            f"the area {row.area_code} has a second figure for {row.year}",
            "Keep one figure for each area and year",
            int(row["row"]),
        )
    return Populations(path.name, tidy[list(COLUMNS)].reset_index(drop=True), rows)


def _tidy(
    path: Path, table: pd.DataFrame, year: int | None, basis: str, source: str, lsoa_year: str, denominator: str
) -> pd.DataFrame:
    """The table under our own headings, figures still text, with the parts (ages, sexes) that it is split into."""

    def text(*names: str, otherwise: str = "") -> pd.Series | str:
        column = column_named(table.columns, *names)
        return otherwise if column is None else table[column].where(table[column] != "", otherwise)

    kind, code = _code(table.columns)
    tidy = pd.DataFrame(
        {
            "area_code": table[code.column],
            "kind": kind if kind else table[code.column].map(_kind),
            "lsoa_year": text("lsoa_vintage", "lsoa_year", otherwise=code.year or lsoa_year) if kind == "lsoa" else "",
            "basis": pd.Series(text("basis", "method", otherwise=basis or f"As given in {path.name}"), table.index).map(
                _for_readers
            ),
            "source": text("source", "publisher", otherwise=source or path.name),
            "age": text("age"),
            "sex": text("sex", "gender"),
            "row": table[ROW],
        }
    )
    wide = _wide(table.columns)
    if wide:
        tidy = pd.concat(
            tidy.assign(
                population=table[column],
                low="",
                high="",
                year=of_year,
                reference_date=pd.Timestamp(of_year, 6, 30) if "mid" in plain(column) else pd.NaT,
            )
            for column, of_year in wide.items()
        )
    else:
        tidy = tidy.assign(
            population=text(*_FIRST.get(denominator, ()), *_VALUE),
            low=text("population_low", "low", "lower"),
            high=text("population_high", "high", "upper"),
            **_dates(path, table, year),
        )
    tidy["reference_date"] = pd.to_datetime(tidy["reference_date"])
    return tidy[(tidy["area_code"] != "") & (tidy["kind"] != "")].reset_index(drop=True)


def _for_readers(basis: str) -> str:
    """How an estimate was made, without what stands in brackets on columns of the file ("see population_low")."""
    return _ON_COLUMNS.sub("", basis)


def _code(columns) -> tuple[AreaKind | str, Heading] | None:
    """The finest area that the table has codes of: an LSOA table names its ward and district too."""
    for kind in ("lsoa", "ward", "district"):
        heading = code_column(columns, kind)
        if heading is not None:
            return kind, heading
    heading = any_code_column(columns)
    return None if heading is None else ("", heading)


def _kind(code: str) -> str:
    return _PREFIXES.get(code[:3], "district" if code.startswith(_DISTRICT_PREFIXES) else "")


def _wide(columns) -> dict[str, int]:
    matches = {str(column): _WIDE.fullmatch(plain(column)) for column in columns}
    return {column: int(match["year"]) for column, match in matches.items() if match}


def _dates(path: Path, table: pd.DataFrame, year: int | None) -> dict[str, list]:
    column = column_named(table.columns, *_DATE)
    if column is None and year is None:
        raise InputError(
            str(path),
            "no column says which year the figures are for",
            "Add year = 2020 to this population in the configuration",
        )
    if column is None:
        days = [(year, pd.NaT)] * len(table)
    else:
        days = [_day(path, text, row) for text, row in zip(table[column], table[ROW], strict=True)]
    return {"year": [year for year, _ in days], "reference_date": [day for _, day in days]}


def _day(path: Path, text: str, row: int) -> tuple[int, pd.Timestamp]:
    """Year and day of "2019", "mid-2019", "2019-06-30" or "30/06/2019"."""
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return int(text), pd.NaT
    if re.fullmatch(r"mid[ -]?((?:19|20)\d\d)", text.lower()):
        return int(text[-4:]), pd.Timestamp(int(text[-4:]), 6, 30)
    british = re.fullmatch(r"(\d\d)/(\d\d)/((?:19|20)\d\d)", text)
    day = pd.to_datetime("-".join(reversed(british.groups())) if british else text, errors="coerce", format="%Y-%m-%d")
    if pd.isna(day):
        raise InputError(str(path), f"'{text}' is not a year or date", "Write it as 2019 or 2019-06-30", row)
    return day.year, day


def _numbers(path: Path, tidy: pd.DataFrame) -> pd.DataFrame:
    """Figures as numbers; areas without one are left out; the limits are the figure itself where none are given."""
    for column in ("population", "low", "high"):
        text = tidy[column].str.replace(r"[,\s]", "", regex=True).str.lower()
        given = ~text.isin(_NOT_GIVEN)
        number = pd.to_numeric(text.where(given), errors="coerce")
        wrong = given & ~number.between(0, _LARGEST)
        if wrong.any():
            row = tidy[wrong].iloc[0]
            raise InputError(
                str(path), f"'{row[column]}' is not a number of people", "Give a whole number", int(row["row"])
            )
        tidy[column] = number
    tidy = tidy[tidy["population"].notna()].copy()
    tidy["low"] = tidy["low"].fillna(tidy["population"])
    tidy["high"] = tidy["high"].fillna(tidy["population"])
    return tidy


def _everyone(tidy: pd.DataFrame) -> pd.DataFrame:
    """One row an area and year: the row for every age and both sexes, or the sum of the parts."""
    grain = ["area_code", "kind", "lsoa_year", "year", "reference_date", "basis", "source"]
    figures = ["population", "low", "high"]
    split = False
    for part, everyone in (("age", _EVERY_AGE), ("sex", _EVERY_SEX)):
        if (tidy[part] == "").all():
            continue
        split = True
        whole = tidy[part].str.lower().isin(everyone)
        # Publishers give the whole for some years only, so it is looked for area by area and year by year.
        has_whole = whole.groupby([tidy["area_code"], tidy["year"]]).transform("any")
        tidy = tidy[whole | ~has_whole]
    if split:
        sums = tidy.groupby(grain, dropna=False, sort=False)
        tidy = sums.agg({**dict.fromkeys(figures, "sum"), "row": "first"}).reset_index()
    # Estimates may have decimals; people do not.
    return tidy.astype({"year": "int32"}).assign(**{f: tidy[f].round().astype("int32") for f in figures})
