"""Indicators in a plain table: one row an area and period, under headings that publishers use.

Read are ONS's personal wellbeing estimates (areacd, indicator, period, observation, lci_95, uci_95, status), tables of
estimates such as those of dependence on alcohol (Area_Code_GSS, Alcohol_dependent, Alcohol_lower_CI, Year), and any
table with these columns:

area code
    headed area_code, areacd, gss code, Area_Code_GSS.
area name
    headed area_name, areanm, Local_Authority, name. Optional: the code is shown without it.
period
    headed period, year, time period.
value
    headed value, observation, estimate, rate; or named by ``value`` in the configuration.
Optional: lower (lci_95, lower ci), upper (uci_95, upper ci), numerator (count), denominator, group, status, notes,
indicator.

The table does not say which indicator of the catalogue it holds, except for personal wellbeing: CONFIG.toml does, by
``indicator``.

Shorthand as the Government Statistical Service writes it: c confidential (withheld), x not available, z not applicable,
u unreliable (withheld, or said where there is a value all the same), also with brackets.

Grain out: that of the dataset ``indicators``.
"""

import re
from pathlib import Path

import pandas as pd

from csp_data.catalogue.indicators import INDICATORS, indicator_named
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.fingertips import (
    Indicators,
    area_type,
    figures,
    finished,
    one_row_each,
    unit_of,
    with_months,
)
from csp_data.extracts.sources.headings import column_named
from csp_data.extracts.sources.sheets import ROW, read_sheet

_HEADINGS: dict[str, tuple[str, ...]] = {
    "area_code": ("area_code", "areacd", "area_code_gss", "gss_code", "code"),
    "area_name": ("area_name", "areanm", "local_authority", "area", "name"),
    "area_type": ("area_type", "geography"),
    "period": ("period", "time_period", "year"),
    "value": ("value", "observation", "estimate", "rate", "alcohol_dependent"),
    "lower": ("lower", "lci_95", "lower_ci", "lower_ci_95", "alcohol_lower_ci"),
    "upper": ("upper", "uci_95", "upper_ci", "upper_ci_95", "alcohol_upper_ci"),
    "numerator": ("numerator",),
    "denominator": ("denominator",),
    "group": ("group",),
    "status": ("status",),
    "note": ("notes", "note"),
    "indicator": ("indicator",),
}
_NEEDED = ("area_code", "period", "value")
_WELLBEING = {
    "anxiety": "wellbeing-anxiety",
    "happiness": "wellbeing-happiness",
    "satisfaction": "wellbeing-satisfaction",
    "worthwhile": "wellbeing-worthwhile",
}
_SHORTHAND = {
    "c": ("withheld", "Withheld as confidential (c)."),
    "x": ("missing", "Not available (x)."),
    "z": ("missing", "Not applicable (z)."),
    "u": ("withheld", "Too unreliable to publish (u)."),
}
_EMPTY = {"", "na", "null", "-", ".."}


def is_published_table(cells: list[str], value: str = "") -> bool:
    """Whether the cells of a line head a table of one indicator."""
    return all(_find(cells, name, value) for name in _NEEDED)


def _find(columns, name: str, value: str = "") -> str | None:
    return column_named(columns, *((value,) if name == "value" and value else _HEADINGS[name]))


def read_published_table(path: Path, indicator: str = "", value: str = "", sheet: str | None = None) -> Indicators:
    """Read a plain table of one indicator, or of several that name themselves as those of personal wellbeing do.

    Parameters
    ----------
    indicator : identifier of ``catalogue.indicators``, where the table does not name it.
    value : heading of the column of values, where it is none of those above.

    Raises
    ------
    InputError
        When a column, a number or a period cannot be read, or nothing says which indicator a row is of.
    """
    table = read_sheet(
        path,
        lambda cells: is_published_table(cells, value),
        "columns of area codes, periods and values (area_code, period, value)",
        sheet,
    )

    def text(name: str) -> pd.Series:
        column = _find(table.columns, name, value)
        return table[column] if column else pd.Series("", index=table.index)

    def number(name: str) -> pd.Series:
        cells = text(name)
        plain = cells.str.strip("[]").str.lower()
        return figures(path, table, cells.where(~plain.isin(_EMPTY | _SHORTHAND.keys()), ""), name)

    names = _indicators(path, table, text("indicator"), indicator)
    labels = names.map({id: indicator_named(id).label for id in names.unique()})
    units = names.map({id: indicator_named(id).unit or unit_of(indicator_named(id).label) for id in names.unique()})
    said = text("status").str.strip("[]").str.lower()
    said = said.where(said.isin(_SHORTHAND), text("value").str.strip("[]").str.lower())
    mark = said.map(lambda mark: _SHORTHAND.get(mark, ("missing", "")))
    values = number("value")
    unreliable = (said == "u") & values.notna()
    mark = mark.where(~unreliable, pd.Series([("available", "Low reliability (u).")] * len(mark), index=mark.index))
    made = pd.DataFrame(
        {
            "indicator": names,
            "label": labels,
            "area_code": text("area_code"),
            "area_name": text("area_name").where(text("area_name") != "", text("area_code")),
            "area_type": [area_type(*pair) for pair in zip(text("area_type"), text("area_code"), strict=True)],
            "group": text("group"),
            "period": text("period").str.replace(r"^((?:19|20)\d\d)-(\d\d)-01/P1Y$", _year_of, regex=True),
            "value": values,
            "lower": number("lower"),
            "upper": number("upper"),
            "numerator": number("numerator"),
            "denominator": number("denominator"),
            "unit": units,
            "value_status": mark.str[0],
            "note": [" ".join(filter(None, pair)) for pair in zip(mark.str[1], text("note"), strict=True)],
            "source": names.map({id: indicator_named(id).source for id in names.unique()}),
            "row": table[ROW],
        }
    )
    return Indicators(path.name, one_row_each(path, finished(with_months(path, made))), len(table))


def _year_of(match: re.Match) -> str:
    """ "2011-04-01/P1Y" as readers know it: 2011/12."""
    year = int(match[1])
    return f"{year}/{(year + 1) % 100:02d}" if match[2] == "04" else match[0]


def _indicators(path: Path, table: pd.DataFrame, named: pd.Series, indicator: str) -> pd.Series:
    if indicator:
        return pd.Series(indicator, index=table.index)
    found = named.str.lower().map({**_WELLBEING, **{id: id for id in INDICATORS}})
    if found.isna().any():
        row = table[found.isna()].iloc[0]
        raise InputError(
            str(path),
            "it does not say which indicator it is of",
            'Add indicator = "in-treatment", or another of the catalogue, to the [[indicators]] in the configuration',
            int(row[ROW]),
        )
    return found.astype("str")
