"""Indicators as Fingertips publishes them: the CSV of 27 columns that "Get the data" downloads.

One row is an indicator, area, sex, age, category and time period. What matters of the columns here:

Indicator ID, Indicator Name, Area Code, Area Name, Area Type, Sex, Age, Category Type, Category, Time period, Value,
Lower CI 95.0 limit, Upper CI 95.0 limit, Count, Denominator, Value note.

- An area stands in the file once for each parent area; rows that differ only in the parent are one.
- ``group`` is empty for everybody. It holds the sex where that is not "Persons", the age where the file has several of
  the indicator, and the category (such as a deprivation decile).
- A value that the publisher left out is "withheld" where the note says so, else "missing".

Grain out: that of the dataset ``indicators``.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.indicators import INDICATORS, from_fingertips, indicator_named
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import plain
from csp_data.extracts.sources.published_periods import EXAMPLES, months_of
from csp_data.extracts.sources.sheets import ROW, read_sheet
from csp_data.extracts.sources.templates import read_number

SOURCE = "Office for Health Improvement and Disparities: Fingertips"
NEEDED = ("Indicator ID", "Indicator Name", "Area Code", "Area Name", "Sex", "Age", "Time period", "Value")

COUNTRIES = ("England", "Wales", "Scotland", "Northern Ireland", "United Kingdom", "Nation", "Country")
_AREA_TYPES = {
    "UA": "district",
    "Unitary authority": "district",
    "District": "district",
    "Districts & UAs": "district",
    "Non-metropolitan district": "district",
    "Metropolitan district": "district",
    "London borough": "district",
    "Local Authority District": "district",
    "County": "county",
    "Counties & UAs": "county",
    "Region": "region",
    **dict.fromkeys(COUNTRIES, "country"),
}
_CODES = {
    "E06": "district",
    "E07": "district",
    "E08": "district",
    "E09": "district",
    "W06": "district",
    "E10": "county",
    "E11": "county",
    "E12": "region",
    "E47": "region",
    "E92": "country",
    "W92": "country",
    "K02": "country",
    "K03": "country",
    "K04": "country",
    "E22": "partnership",
    "W14": "partnership",
}
_WITHHELD = re.compile(r"suppress|disclos|small (?:number|count)|withheld|confidential|too few|not published", re.I)


@dataclass(frozen=True)
class Indicators:
    """``table`` has the columns of the dataset ``indicators``, and ``row``, the line of the file."""

    file: str
    table: pd.DataFrame
    rows: int


def is_fingertips(cells: list[str]) -> bool:
    """Whether the cells of a line are the heading of a Fingertips file."""
    return {plain(name) for name in NEEDED} <= {plain(cell) for cell in cells}


def read_fingertips(path: Path) -> Indicators:
    """Read a Fingertips file.

    Raises
    ------
    InputError
        When a number, a time period or the indicator's number cannot be read, or an area has two values for one period.
    """
    table = read_sheet(path, is_fingertips, f"the columns of Fingertips: {', '.join(NEEDED)}")
    names = {plain(column): column for column in table.columns}

    def text(name: str) -> pd.Series:
        return table[names[plain(name)]] if plain(name) in names else pd.Series("", index=table.index)

    numbers = text("Indicator ID")
    wrong = ~numbers.str.fullmatch(r"\d+")
    if wrong.any():
        row = table[wrong].iloc[0]
        raise InputError(
            str(path),
            f"the indicator's number is '{numbers[wrong].iloc[0]}'",
            "Download the file again: its columns have been changed",
            int(row[ROW]),
        )
    note = text("Value note")
    made = pd.DataFrame(
        {
            "indicator": numbers.map(lambda number: from_fingertips(int(number))),
            "label": text("Indicator Name"),
            "area_code": text("Area Code"),
            "area_name": text("Area Name"),
            "area_type": [area_type(*pair) for pair in zip(text("Area Type"), text("Area Code"), strict=True)],
            "group": _groups(text("Indicator ID"), text("Sex"), text("Age"), text("Category")),
            "period": text("Time period"),
            "value": figures(path, table, text("Value"), "Value"),
            "lower": figures(path, table, text("Lower CI 95.0 limit"), "Lower CI 95.0 limit"),
            "upper": figures(path, table, text("Upper CI 95.0 limit"), "Upper CI 95.0 limit"),
            "numerator": figures(path, table, text("Count"), "Count"),
            "denominator": figures(path, table, text("Denominator"), "Denominator"),
            "value_status": ["withheld" if _WITHHELD.search(said) else "missing" for said in note],
            "note": note,
            "source": SOURCE,
            "row": table[ROW],
        }
    )
    made = with_months(path, made)
    made["label"] = [
        indicator_named(id).label if id in INDICATORS else name
        for id, name in zip(made.indicator, made.label, strict=True)
    ]
    made["unit"] = [
        indicator_named(id).unit or unit_of(name) for id, name in zip(made.indicator, made.label, strict=True)
    ]
    return Indicators(path.name, one_row_each(path, finished(made)), len(table))


def _groups(indicator: pd.Series, sex: pd.Series, age: pd.Series, category: pd.Series) -> pd.Series:
    several = age.groupby(indicator).transform("nunique") > 1
    parts = [sex.where(~sex.str.lower().isin(["persons", "not applicable"]), ""), age.where(several, ""), category]
    return pd.Series([", ".join(filter(None, row)) for row in zip(*parts, strict=True)], index=sex.index)


def area_type(named: str, code: str) -> str:
    """district, county, region, country or partnership; the publisher's own word for anything else."""
    return _CODES.get(code[:3]) or _AREA_TYPES.get(named) or named.lower() or "area"


def unit_of(label: str) -> str:
    """The unit that a label names: "%", "per 100,000"; "" when it names none."""
    if "%" in label:
        return "%"
    found = re.search(r"per (?:1,000|10,000|100,000|million)", label)
    return found[0] if found else ""


def figures(path: Path, table: pd.DataFrame, text: pd.Series, column: str) -> pd.Series:
    """A column of published figures as numbers, NaN where empty. Raises InputError naming the first that is none."""
    read = {"": float("nan")}
    for index, cell in text.items():
        if cell in read:
            continue
        try:
            read[cell] = read_number(cell)
        except ValueError:
            raise InputError(
                str(path),
                f"the column '{column}' is '{cell[:80]}', which is not a number",
                "Give a number, or leave it empty where there is none",
                int(table.loc[index, ROW]),
            ) from None
    return text.map(read).astype("float64")


def with_months(path: Path, made: pd.DataFrame) -> pd.DataFrame:
    """Add the first and last month of each ``period``. Raises InputError for one that cannot be read."""
    months = {}
    for period, row in zip(made["period"], made["row"], strict=True):
        if period in months:
            continue
        try:
            months[period] = months_of(period)
        except ValueError:
            raise InputError(
                str(path), f"'{period[:80]}' is not a period", f"Write it as {EXAMPLES}", int(row)
            ) from None
    start, end = (pd.to_datetime(made["period"].map(lambda p, at=at: months[p][at])) for at in (0, 1))
    return made.assign(period_start=start.astype("datetime64[us]"), period_end=end.astype("datetime64[us]"))


def finished(made: pd.DataFrame) -> pd.DataFrame:
    """Rows under the contract: "available" where there is a value, no interval where there is none."""
    given = made["value"].notna()
    for column in ("lower", "upper", "numerator", "denominator"):
        # A count beside a value that was left out would say what the publisher withheld.
        made[column] = made[column].where(given) if column in made else float("nan")
    return made.assign(value_status=made["value_status"].where(~given, "available"))


def one_row_each(path: Path, made: pd.DataFrame) -> pd.DataFrame:
    """Drop rows that say the same again. Raises InputError when an area has two values for one period."""
    key = list(DATASETS["indicators"].key)
    columns = [*DATASETS["indicators"].column_names, "row"]
    once = made.drop_duplicates([*key, "value", "value_status"])[columns]
    twice = once.duplicated(key)
    if twice.any():
        row = once[twice].iloc[0]
        raise InputError(
            str(path),
            f"{row.area_name} has a second value of '{row.label}' for {row.period}{f' ({row.group})' if row.group else ''}",
            "Keep one value for each area, group and period",
            int(row["row"]),
        )
    return once.reset_index(drop=True)
