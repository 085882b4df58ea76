"""People in drug and alcohol treatment, as ViewIt of the National Drug Treatment Monitoring System exports them.

One row is a year, area, sex, age group and substance; the columns are counts. The heading is written in two ways
(``ReportingPeriod, Area, sex, age_group, drug_group, intreatment_allintx`` and ``ReportingPeriod_Data, Area_Data,
Gender_Data, AgeGroup_Data, DrugGroup_Data, Num_InTreatment_AllInTx``). Counts of an area are rounded to the nearest 5 by
the publisher, "NULL" is a count that was not collected that year, and "Total" is also written "TOTAL".

Kept are everybody, each substance, each sex and each age group, but not their combinations. The file names areas and
has no codes, so CONFIG.toml says what the code is. Grain out: that of the dataset ``indicators``.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from csp_data.catalogue.indicators import INDICATORS
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.fingertips import (
    Indicators,
    area_type,
    figures,
    finished,
    one_row_each,
    with_months,
)
from csp_data.extracts.sources.headings import plain
from csp_data.extracts.sources.sheets import ROW, read_sheet

SOURCE = "National Drug Treatment Monitoring System (NDTMS): ViewIt"
ENGLAND = {"England": "E92000001"}
COUNTS = {
    "in-treatment": ("intreatment_allintx", "num_intreatment_allintx"),
    "treatment-starts": ("newpresentation_newtx", "num_newpresentation_newtx"),
    "successful-completions": ("exits_successfulcompletion_allintx",),
}
_KEYS = {
    "period": ("reportingperiod", "reportingperioddata"),
    "area": ("area", "areadata"),
    "sex": ("sex", "gender", "genderdata"),
    "age": ("agegroup", "agegroupdata"),
    "substance": ("druggroup", "druggroupdata"),
}
_TOTAL = "total"
_GROUPS = {
    "m": "Men",
    "male": "Men",
    "f": "Women",
    "female": "Women",
    "18-29": "Aged 18 to 29",
    "30-49": "Aged 30 to 49",
    "50+": "Aged 50 and over",
    "opiate": "Opiates",
    "opiates": "Opiates",
    "non-opiate only": "Non-opiates only",
    "non-opiates only": "Non-opiates only",
    "alcohol only": "Alcohol only",
    "non-opiate & alcohol": "Alcohol and non-opiates",
    "alcohol & non-opiates": "Alcohol and non-opiates",
}
_MARKS = {"null": "missing", "": "missing", "*": "withheld", "c": "withheld", "[c]": "withheld"}


def _column(cells, names: tuple[str, ...]) -> str | None:
    wanted = {plain(name) for name in names}
    return next((str(cell) for cell in cells if plain(cell) in wanted), None)


def is_ndtms(cells: list[str]) -> bool:
    """Whether the cells of a line are the heading of a ViewIt export."""
    return all(_column(cells, names) for names in (*_KEYS.values(), COUNTS["in-treatment"]))


def read_ndtms(path: Path, area_codes: Mapping[str, str] | None = None) -> Indicators:
    """Read a ViewIt export.

    Parameters
    ----------
    area_codes : name of an area, as in the file -> ONS code; England is known.

    Raises
    ------
    InputError
        When an area has no code, or a count, period or group cannot be read.
    """
    table = read_sheet(
        path, is_ndtms, "the columns of a ViewIt export (ReportingPeriod, Area, sex, age_group, drug_group)"
    )
    keys = {name: table[_column(table.columns, names)].str.strip() for name, names in _KEYS.items()}
    codes = {**ENGLAND, **(area_codes or {})}
    code = keys["area"].map(codes)
    if code.isna().any():
        name = keys["area"][code.isna()].iloc[0]
        raise InputError(
            str(path),
            f"the code of '{name}' is not known, for the file names areas only",
            f'Add area_codes = {{"{name}" = "its ONS code"}} to the [[indicators]] in the configuration',
            int(table.loc[code.isna(), ROW].iloc[0]),
        )
    parts = pd.DataFrame({name: keys[name].str.lower() for name in ("sex", "age", "substance")})
    split = parts.ne(_TOTAL)
    group = parts.where(split, "").agg("".join, axis=1)
    kept = split.sum(axis=1) <= 1
    unknown = kept & (group != "") & ~group.isin(_GROUPS)
    if unknown.any():
        raise InputError(
            str(path),
            f"'{group[unknown].iloc[0]}' is not a sex, age group or substance of ViewIt",
            "Export it again, with the groups as ViewIt offers them",
            int(table.loc[unknown, ROW].iloc[0]),
        )
    found = []
    for indicator, names in COUNTS.items():
        column = _column(table.columns, names)
        if column is None:
            continue
        text = table[column].str.strip()
        mark = text.str.lower().map(_MARKS)
        rounded = (code != ENGLAND["England"]) & mark.isna()
        found.append(
            pd.DataFrame(
                {
                    "indicator": indicator,
                    "label": INDICATORS[indicator].label,
                    "area_code": code,
                    "area_name": keys["area"],
                    "area_type": code.map(lambda of: area_type("", of)),
                    "group": group.map(_GROUPS).fillna(""),
                    "period": keys["period"],
                    "value": figures(path, table, text.where(mark.isna(), ""), column),
                    "unit": INDICATORS[indicator].unit,
                    "value_status": mark.fillna("available"),
                    "note": rounded.map({True: "Rounded to the nearest 5 by the publisher.", False: ""}),
                    "source": SOURCE,
                    "row": table[ROW],
                }
            )[kept]
        )
    every = pd.concat(found, ignore_index=True)
    # A count that was collected in no year is no series of missing values.
    collected = every.groupby("indicator")["value"].transform("count") > 0
    made = finished(with_months(path, every[collected].reset_index(drop=True)))
    return Indicators(path.name, one_row_each(path, made), len(table))
