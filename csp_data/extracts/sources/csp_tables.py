"""Police recorded crime of many areas, to compare like with like: the dataset ``peers``.

Three kinds of table are told apart by their headings:

- *wide*: the ONS table of recorded crime by Community Safety Partnership, one row an area and one column an offence
  (``csp_code, csp_name, total_recorded_crime_excluding_fraud, violence_against_the_person, ...``). Rows of whole forces
  and of crime that is in no partnership ("unassigned") are left out.
- *long*: the Home Office open data, one row a year, quarter, partnership and offence code (``Financial Year, Financial
  Quarter, CSP Name, Offence Code, Number of Offences``). A count may be negative there: the police cancelled records of
  an earlier quarter.
- *street*: counts of data.police.uk by area, month and crime type (``la_code, month, crime_type, count``). A month
  without any anti-social behaviour in an area was not supplied, so its total is missing, not low.

Residents come from a second file with a column for each year or one row a year: those of the year in the middle of the
period, else of the nearest year before it. Partnerships that the file leaves blank (districts split between several)
have counts and no rate.

Grain out: that of ``peers``: a group, area, measure, category and period.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csp_data.catalogue.categories import CATEGORIES, POLICE_UK_CATEGORIES, from_offence_code
from csp_data.extracts.problems import InputError, Problem
from csp_data.extracts.sources.fingertips import figures
from csp_data.extracts.sources.headings import column_named, plain
from csp_data.extracts.sources.published_periods import EXAMPLES, months_of
from csp_data.extracts.sources.sheets import ROW, read_sheet

ALL = "all"

OFFENCES = {
    "total_recorded_crime_excluding_fraud": "crime",
    "total_recorded_crime": "crime",
    "violence_against_the_person": "violence-against-the-person",
    "homicide": "homicide",
    "death_or_serious_injury_caused_by_illegal_driving": "death-or-serious-injury-by-driving",
    "violence_with_injury": "violence-with-injury",
    "violence_without_injury": "violence-without-injury",
    "stalking_and_harassment": "stalking-and-harassment",
    "sexual_offences": "sexual-offences",
    "robbery": "robbery",
    "burglary": "burglary",
    "residential_burglary": "burglary-residential",
    "non_residential_burglary": "burglary-business-and-community",
    "vehicle_offences": "vehicle-crime",
    "theft_from_the_person": "theft-from-the-person",
    "bicycle_theft": "theft-of-pedal-cycle",
    "shoplifting": "shoplifting",
    "all_other_theft_offences": "other-theft",
    "other_theft_offences": "other-theft",
    "criminal_damage_and_arson": "criminal-damage",
    "drug_offences": "drug-offences",
    "possession_of_weapons_offences": "possession-of-weapons",
    "public_order_offences": "public-order-offences",
    "miscellaneous_crimes_against_society": "other-crimes",
}
"""Column of the ONS table -> line of the crime tree. "Theft offences" has no line: it takes in burglary and vehicles."""

_CODE = ("csp_code", "csp_cd", "la_code", "lad_code", "area_code")
_NAME = ("csp_name", "la_name", "lad_name", "area_name", "community_safety_partnership_name")
_COUNT = ("number_of_offences", "offence_count", "count", "offences")
_KEY = ["area_code", "area_name", "measure", "category", "period_start", "period_end"]
_BLANK = {"", "-", "..", "[x]", "[z]", "[c]", "x", "z", "c"}


@dataclass(frozen=True)
class PeerCounts:
    """``table`` has the columns of ``peers``; the counts of areas that did not respond are empty."""

    file: str
    table: pd.DataFrame
    rows: int
    problems: tuple[Problem, ...] = ()


def read_csp_table(
    path: Path,
    group: str,
    areas: Collection[str] | str = ALL,
    *,
    population: Path | None = None,
    period: str = "",
    source: str = "",
    sheet: str | None = None,
) -> PeerCounts:
    """Read counts of other areas, of any of the three kinds.

    Parameters
    ----------
    group : what the areas compared with are called, such as "Unitary authorities".
    areas : ONS codes of the group, the partnership's own among them; "all" for every area of the file.
    population : file of residents by the same codes.
    period : of a wide table that does not say; of a table of months, those to add up, such as "year ending June 2025".
    source : publisher and table; the file's name without it.

    Raises
    ------
    InputError
        When the table is of none of the kinds, a number or period cannot be read, or it holds no area of the group.
    """
    table = read_sheet(
        path,
        lambda cells: _kind(cells) != "",
        "columns of area codes and of offences (csp_code, total_recorded_crime_excluding_fraud), or of areas, years "
        "and offence codes (CSP Name, Financial Year, Offence Code, Number of Offences)",
        sheet,
    )
    residents = _residents(population) if population else _nobody()
    problems: list[Problem] = []
    match _kind(list(table.columns)):
        case "wide":
            counts = _wide(path, table, period)
        case "street":
            counts = _street(path, table, period, problems)
        case _:
            counts = _long(path, table, period, residents)
    rows = len(table)
    if areas != ALL:
        counts = _with_silent(path, counts, list(areas), residents, problems)
    if counts.empty:
        raise InputError(str(path), "it holds no area to compare with", "Correct the codes in areas")
    counts = counts.assign(group=group, source=source or path.name)
    counts = _with_residents(path, counts, residents, population, problems)
    negative = counts["count"] < 0
    if negative.any():
        row = counts[negative].iloc[0]
        problems.append(
            Problem(
                path.name,
                f"{row.area_name} has {row['count']:,.0f} of {row.category} ({int(negative.sum())} such counts)",
                "The police cancelled more records than they made. The count is kept and has no rate",
                severity="warning",
            )
        )
    columns = ["group", *_KEY, "count", "population", "population_year", "source"]
    made = counts[columns].sort_values(["group", "area_code", "measure", "category"], ignore_index=True)
    return PeerCounts(path.name, made, rows, tuple(problems))


def _kind(columns: list[str]) -> str:
    has = {plain(column) for column in columns}
    if column_named(columns, *_CODE) and {"month", "crimetype", "count"} <= has:
        return "street"
    if column_named(columns, "csp_code", "area_code") and {plain(name) for name in OFFENCES} & has:
        return "wide"
    if column_named(columns, "csp_name") and column_named(columns, "offence_code") and column_named(columns, *_COUNT):
        return "long"
    return ""


def _numbers(path: Path, table: pd.DataFrame, column: str) -> pd.Series:
    text = table[column].str.strip()
    return figures(path, table, text.where(~text.str.lower().isin(_BLANK), ""), column)


def _period(path: Path, text: str, row: int | None = None) -> tuple[pd.Timestamp, pd.Timestamp]:
    try:
        start, end = months_of(text)
    except ValueError:
        raise InputError(
            str(path),
            f"'{text[:80]}' is not a period" if text else "it does not say which period the counts are of",
            f"Add period to the [[peers]] in the configuration, such as {EXAMPLES}",
            row,
        ) from None
    return start, end


def _wide(path: Path, table: pd.DataFrame, period: str) -> pd.DataFrame:
    kind = column_named(table.columns, "row_type")
    code = column_named(table.columns, *_CODE)
    name = column_named(table.columns, *_NAME)
    kept = table[(table[code] != "") & ((table[kind] == "csp") if kind else True)]
    if kept.empty:
        raise InputError(str(path), "no row has the code of an area", "Use the table by Community Safety Partnership")
    twice = kept[code].duplicated()
    if twice.any():
        row = kept[twice].iloc[0]
        raise InputError(str(path), f"the area {row[code]} is there twice", "Keep one row an area", int(row[ROW]))
    said = column_named(table.columns, "period", "year", "financial_year")
    months = [_period(path, period or (text if said else ""), int(row)) for text, row in zip(
        kept[said] if said else kept[code], kept[ROW], strict=True)]  # fmt: skip
    by_name = {plain(heading): line for heading, line in OFFENCES.items()}
    parts = []
    for column in table.columns:
        if plain(column) in by_name:
            parts.append(
                pd.DataFrame(
                    {
                        "area_code": kept[code],
                        "area_name": kept[name] if name else kept[code],
                        "measure": "crime",
                        "category": by_name[plain(column)],
                        "period_start": [start for start, _ in months],
                        "period_end": [end for _, end in months],
                        "count": _numbers(path, kept, column),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _street(path: Path, table: pd.DataFrame, period: str, problems: list[Problem]) -> pd.DataFrame:
    code = column_named(table.columns, *_CODE)
    name = column_named(table.columns, *_NAME) or code
    counts = pd.DataFrame(
        {
            "area_code": table[code],
            "area_name": table[name],
            "month": table[column_named(table.columns, "month")],
            "crime_type": table[column_named(table.columns, "crime_type")],
            "count": _numbers(path, table, column_named(table.columns, "count")),
        }
    )
    unknown = ~counts["crime_type"].isin(POLICE_UK_CATEGORIES)
    if unknown.any():
        raise InputError(
            str(path),
            f"'{counts['crime_type'][unknown].iloc[0]}' is not a crime type of data.police.uk",
            "Correct it",
            int(table.loc[unknown, ROW].iloc[0]),
        )
    start, end = (
        _period(path, period) if period else (pd.Timestamp(counts["month"].min()), pd.Timestamp(counts["month"].max()))
    )
    expected = [f"{month:%Y-%m}" for month in pd.date_range(start, end, freq="MS")]
    counts = counts[counts["month"].isin(expected)]
    lines = counts["crime_type"].map(POLICE_UK_CATEGORIES)
    counts = counts.assign(measure=lines.str[0], category=lines.str[1])
    area = ["area_code", "area_name"]
    months = counts.groupby([*area, "measure"])["month"].nunique().rename("months").reset_index()
    lines = counts.groupby([*area, "measure", "category"], as_index=False)["count"].sum()
    # An area without a row of some type had none of it: the months that it supplied have rows of other types.
    every = months[[*area, "measure"]].merge(lines[["measure", "category"]].drop_duplicates(), on="measure")
    lines = every.merge(lines, how="left", on=[*area, "measure", "category"]).fillna({"count": 0.0})
    whole = counts[counts["measure"] == "crime"].groupby([*area, "measure"], as_index=False)["count"].sum()
    made = pd.concat([lines, whole.assign(category="crime")], ignore_index=True)
    made = made.merge(months, on=[*area, "measure"])
    short = made["months"] < len(expected)
    if short.any():
        names = made.loc[short, "area_name"].unique()
        problems.append(
            Problem(
                path.name,
                f"{len(names)} area{' lacks' if len(names) == 1 else 's lack'} months of {start:%Y-%m} to {end:%Y-%m}, such "
                f"as {names[0]}",
                "Their totals are shown as missing: add the months",
                severity="warning",
            )
        )
    made["count"] = made["count"].where(~short)
    return made.assign(period_start=start, period_end=end)[[*_KEY, "count"]]


def _long(path: Path, table: pd.DataFrame, period: str, residents: pd.DataFrame) -> pd.DataFrame:
    year = column_named(table.columns, "financial_year", "year")
    quarter = column_named(table.columns, "financial_quarter", "quarter")
    name = column_named(table.columns, "csp_name")
    code = column_named(table.columns, "csp_code")
    offence = column_named(table.columns, "offence_code")
    if year is None or quarter is None:
        raise InputError(
            str(path),
            "no column says which financial year and quarter a row is of",
            "Use the Home Office table as published: with 'Financial Year' and 'Financial Quarter'",
        )
    if code is None and residents.empty:
        raise InputError(
            str(path),
            "it names partnerships and gives no codes",
            "Add population to the [[peers]] in the configuration: a file with csp_code, csp_name and residents",
        )
    by_name = dict(zip(residents["area_name"], residents["area_code"], strict=True))
    quarters = table[year].str.strip() + " Q" + table[quarter].str.extract(r"(\d)", expand=False).fillna("")
    months = {text: _period(path, text) for text in quarters.unique()}
    wanted = (
        _period(path, period) if period else (min(s for s, _ in months.values()), max(e for _, e in months.values()))
    )
    counts = pd.DataFrame(
        {
            "area_name": table[name],
            "area_code": table[code] if code else table[name].map(by_name).fillna(""),
            "quarter": quarters,
            "count": _numbers(path, table, column_named(table.columns, *_COUNT)),
            "category": _lines(path, table, offence),
        }
    )
    inside = {text for text, (start, end) in months.items() if wanted[0] <= start and end <= wanted[1]}
    counts = counts[counts["quarter"].isin(inside) & (counts["area_code"] != "") & (counts["category"] != "")]
    expected = len(pd.date_range(wanted[0], wanted[1], freq="MS")) // 3
    area = ["area_code", "area_name"]
    held = counts.groupby(area)["quarter"].nunique().rename("held").reset_index()
    parts = []
    for line in CATEGORIES.values():
        under = counts[counts["category"].map(lambda id, line=line.id: line in _above(id))]
        if line.dataset == "crime" and len(under):
            parts.append(under.groupby(area, as_index=False)["count"].sum().assign(category=line.id))
    made = pd.concat(parts, ignore_index=True).merge(held, on=area)
    made["count"] = made["count"].where(made["held"] == expected)
    return made.assign(measure="crime", period_start=wanted[0], period_end=wanted[1])[[*_KEY, "count"]]


def _lines(path: Path, table: pd.DataFrame, column: str) -> pd.Series:
    """Offence code -> line of the crime tree, "" for fraud, which is not counted by area."""
    found: dict[str, str] = {}
    for code, row in zip(table[column], table[ROW], strict=True):
        if code in found:
            continue
        try:
            found[code] = "" if re.match(r"(?:5[1-3]|NFIB)", code) else from_offence_code(code)
        except KeyError:
            raise InputError(str(path), f"'{code}' is not a Home Office offence code", "Correct it", int(row)) from None
    return table[column].map(found)


def _above(id: str) -> set[str]:
    """A line of the tree and all lines above it."""
    lines = set()
    line: str | None = id
    while line is not None:
        lines.add(line)
        line = CATEGORIES[line].parent
    return lines


def _with_silent(
    path: Path, counts: pd.DataFrame, areas: list[str], residents: pd.DataFrame, problems: list[Problem]
) -> pd.DataFrame:
    """The areas of the group; those that the table lacks with an empty count, so that the page says how many responded,
    and with the name that the file of residents gives them, else their code."""
    kept = counts[counts["area_code"].isin(areas)]
    silent = [code for code in dict.fromkeys(areas) if code not in set(kept["area_code"])]
    if not silent or kept.empty:
        return kept
    problems.append(
        Problem(
            path.name,
            f"it does not hold {len(silent)} of the {len(set(areas))} areas of the group, such as {silent[0]}",
            "Correct the codes in areas; until then these areas count as not responding",
            severity="warning",
        )
    )
    rows = kept[["measure", "category", "period_start", "period_end"]].drop_duplicates()
    names = dict(zip(residents["area_code"], residents["area_name"], strict=True))
    empty = [rows.assign(area_code=code, area_name=names.get(code, code), count=float("nan")) for code in silent]
    return pd.concat([kept, *empty], ignore_index=True)


def _residents(path: Path) -> pd.DataFrame:
    """Area code, name, year and people, one row each, of a file with a column a year or a row a year."""
    table = read_sheet(
        path,
        lambda cells: column_named(cells, *_CODE) is not None and (bool(_years(cells)) or _yearly(cells) is not None),
        "a column of area codes and one of residents (population_2023, or population and year)",
    )
    code = column_named(table.columns, *_CODE)
    name = column_named(table.columns, *_NAME) or code
    years = _years(table.columns)
    if not years:
        value, when = _yearly(table.columns)
        text = table[when].str[:4]
        found = pd.DataFrame({"area_code": table[code], "area_name": table[name], "year": text})
        found["people"] = _numbers(path, table, value)
        parts = [found[text.str.fullmatch(r"\d{4}")]]
    else:
        parts = [
            pd.DataFrame(
                {
                    "area_code": table[code],
                    "area_name": table[name],
                    "year": str(year),
                    "people": _numbers(path, table, column),
                }
            )
            for column, year in years.items()
        ]
    every = pd.concat(parts, ignore_index=True)
    return every[every["area_code"] != ""].astype({"year": "int64"})


def _nobody() -> pd.DataFrame:
    empty = pd.DataFrame({"area_code": [], "area_name": [], "year": [], "people": []})
    return empty.astype({"area_code": str, "area_name": str, "year": "int64", "people": "float64"})


def _years(columns) -> Mapping[str, int]:
    found = {str(c): re.fullmatch(r"(?:mid|population|pop|residents)*((?:19|20)\d\d)", plain(c)) for c in columns}
    return {column: int(match[1]) for column, match in found.items() if match}


def _yearly(columns) -> tuple[str, str] | None:
    value, when = column_named(columns, "population", "residents"), column_named(columns, "year", "ref_date")
    return (value, when) if value and when else None


def _with_residents(
    path: Path, counts: pd.DataFrame, residents: pd.DataFrame, file: Path | None, problems: list[Problem]
) -> pd.DataFrame:
    middle = counts["period_start"] + (counts["period_end"] - counts["period_start"]) / 2
    given = residents[residents["people"].notna()].sort_values("year")
    wanted = counts.assign(middle=middle.dt.year, place=range(len(counts)))
    people = pd.merge_asof(
        wanted.sort_values("middle", kind="stable")[["area_code", "middle", "place"]].astype({"middle": "int64"}),
        given[["area_code", "year", "people"]],
        left_on="middle",
        right_on="year",
        by="area_code",
    ).sort_values("place")
    counts = counts.assign(
        population=people["people"].round().astype("Int64").array,
        population_year=people["year"].astype("Int64").array,
    )
    without = counts.loc[counts["population"].isna(), "area_name"].unique()
    if file is not None and len(without):
        problems.append(
            Problem(
                file.name,
                f"{len(without)} area{' has' if len(without) == 1 else 's have'} no residents there, such as {without[0]}",
                "Their counts are kept and have no rate: districts split between partnerships have no published total",
                severity="warning",
            )
        )
    return counts
