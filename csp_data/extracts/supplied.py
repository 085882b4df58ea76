"""The tables of a release that come ready made: indicators, surveys, figures of partners, other areas, plans, postcodes.

Each function takes entries of CONFIG.toml and gives a table under its contract. Unlike the counts, none of these is
placed on small areas. Several files of one table are put one under the other; a row that two of them have is an error.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import shapely

from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.partnerships import Partnership
from csp_data.extracts.configuration import SUPPLIED, Configuration, Source
from csp_data.extracts.placement import Geography, area_around
from csp_data.extracts.problems import InputError, Problem
from csp_data.extracts.sources.csp_tables import ALL, read_csp_table
from csp_data.extracts.sources.fingertips import is_fingertips, read_fingertips
from csp_data.extracts.sources.ndtms import is_ndtms, read_ndtms
from csp_data.extracts.sources.plan import read_plan
from csp_data.extracts.sources.postcodes import read_postcodes
from csp_data.extracts.sources.published_table import is_published_table, read_published_table
from csp_data.extracts.sources.sheets import first_heading
from csp_data.extracts.sources.survey_returns import SHARED, read_survey_return, tabulate_respondents
from csp_data.extracts.sources.templates import read_template

Add = Callable[[str, Source, int, str, str], None]
"""Names a file of a table, how many rows it gave, what it is and who published it, for release.json."""

COUNTRIES = ("E92", "W92", "K02", "K03", "K04")
"""What codes of whole countries start with: their figures are kept to compare with."""


def supplied_tables(
    config: Configuration, geography: Geography, add: Add, warnings: list[Problem]
) -> dict[str, pd.DataFrame]:
    """Every ready-made table that the configuration names a source for.

    Raises
    ------
    InputError
        For the first file that cannot be read, or the first row that two files have.
    """
    parts: dict[str, list[tuple[Path, pd.DataFrame]]] = {}

    def keep(name: str, source: Source, table: pd.DataFrame, what: str, publisher: str = "") -> None:
        parts.setdefault(name, []).append((source.path, table))
        add(name, source, len(table), what, publisher)

    partnership = config.partnership
    for source in config.sources["indicators"]:
        table = _indicators(source, partnership, warnings)
        keep("indicators", source, table, DATASETS["indicators"].title, table["source"].iloc[0].split(":")[0])
    for source in config.sources["survey"]:
        shared = {name: source.options[name] for name in SHARED if name in source.options}
        table = read_survey_return(source.path, shared, source.option("sheet")).table
        keep("survey", source, table, "Tabulated survey", partnership.name)
    for source in config.sources["survey_respondents"]:
        table = tabulate_respondents(
            source.path,
            source.options["questions"],
            {name: source.options[name] for name in SHARED if name in source.options},
            weight=source.option("weight", ""),
            targets=source.option("targets"),
            cap=source.option("cap"),
            sheet=source.option("sheet"),
        ).table
        keep("survey", source, table, "Answers of respondents, counted when the release was built", partnership.name)
    for source in config.sources["peers"]:
        table = _peers(source, warnings)
        keep("peers", source, table, DATASETS["peers"].title, "Office for National Statistics")
    for source in config.sources["plan"]:
        for name, table in read_plan(source.path).tables.items():
            keep(name, source, table, DATASETS[name].title, partnership.name)
    for name in SUPPLIED:
        for source in config.sources[name]:
            table = read_template(source.path, name, source.option("sheet")).table
            keep(name, source, table, DATASETS[name].title, partnership.name)
    made = {name: _one_table(name, held) for name, held in parts.items()}
    for source in config.sources["postcodes"]:
        table = postcodes_table(source.path, geography)
        add("postcodes", source, len(table), "Postcodes", "Office for National Statistics")
        made["postcodes"] = pd.concat([made["postcodes"], table]) if "postcodes" in made else table
    if "postcodes" in made:
        key = list(DATASETS["postcodes"].key)
        made["postcodes"] = made["postcodes"].drop_duplicates(key).sort_values(key, ignore_index=True)
    return made


def _one_table(name: str, parts: list[tuple[Path, pd.DataFrame]]) -> pd.DataFrame:
    """The rows of every file in order of the key. Raises InputError for a row that is there twice."""
    dataset = DATASETS[name]
    key = list(dataset.key)
    every = pd.concat([table.assign(file=str(path)) for path, table in parts], ignore_index=True)
    twice = every.duplicated(key)
    if twice.any():
        row = every[twice].iloc[0]
        first = every[(every[key] == row[key]).all(axis=1)].iloc[0]
        raise InputError(
            row["file"],
            f"{first['file']} has a row for the same {', '.join(key)} too, such as {row[key[0]]} of {row[key[1]]}",
            "Leave the row out of one of the two files",
            int(row["row"]) if "row" in every and pd.notna(row["row"]) else None,
        )
    return every.sort_values(key, kind="stable", ignore_index=True)[list(dataset.column_names)]


def _indicators(source: Source, partnership: Partnership, warnings: list[Problem]) -> pd.DataFrame:
    """The rows of one file of indicators for the partnership, the areas it is part of, whole countries, and areas named."""
    path, sheet = source.path, source.option("sheet")
    value = source.option("value", "")
    template = {"indicator", "period_start", "value_status"}
    forms: tuple[tuple[Callable[[list[str]], bool], Callable[[], pd.DataFrame]], ...] = (
        (is_fingertips, lambda: read_fingertips(path).table),
        (is_ndtms, lambda: read_ndtms(path, source.option("area_codes")).table),
        (lambda cells: template <= set(cells), lambda: read_template(path, "indicators", sheet).table),
        (
            lambda cells: is_published_table(cells, value),
            lambda: read_published_table(path, source.option("indicator", ""), value, sheet).table,
        ),
    )
    heading = first_heading(path, lambda cells: any(fits(cells) for fits, _ in forms), sheet)
    read = next((read for fits, read in forms if heading is not None and fits(heading)), forms[-1][1])
    table = read()
    wanted = source.option("areas", [])
    if wanted == ALL:
        return table
    own = {*partnership.districts, partnership.csp_code, *partnership.part_of} - {""}
    kept = table[table["area_code"].isin(own | set(wanted)) | table["area_code"].str.startswith(COUNTRIES)]
    if kept.empty:
        raise InputError(
            str(path),
            f"it holds no figure of {partnership.short_name} or of England",
            'Add areas to the [[indicators]] in the configuration: a list of ONS codes, or "all"',
        )
    if not kept["area_code"].isin(own).any():
        warnings.append(
            Problem(
                path.name,
                f"it holds no figure of {partnership.short_name}, only of {kept['area_name'].iloc[0]} and the like",
                "Download it with the partnership's area, or name the county and region it lies in by part_of",
                severity="warning",
            )
        )
    return kept


def _peers(source: Source, warnings: list[Problem]) -> pd.DataFrame:
    if not source.option("group"):
        return read_template(source.path, "peers", source.option("sheet")).table
    read = read_csp_table(
        source.path,
        source.options["group"],
        source.option("areas", ALL),
        population=source.option("population"),
        period=source.option("period", ""),
        source=source.option("name", ""),
        sheet=source.option("sheet"),
    )
    warnings += read.problems
    return read.table


def postcodes_table(path: Path, geography: Geography) -> pd.DataFrame:
    """The ward of each ward set for the postcodes of one file: by coordinates, else by ward code, else by LSOA.

    Raises
    ------
    InputError
        As ``read_postcodes`` does, and when no postcode lies in a ward.
    """
    wards = frozenset(code for ward_set in geography.ward_sets for code in ward_set.wards["area_code"])
    found = read_postcodes(path, geography.box, wards, frozenset(geography.lsoas.index))
    points = shapely.points(found["longitude"], found["latitude"])
    located = found["longitude"].notna().to_numpy()
    best = geography.lsoa_wards.sort_values("share").drop_duplicates(["lsoa", "vintage"], keep="last")
    parts = []
    for ward_set in geography.ward_sets:
        by_point = pd.Series("", index=found.index)
        by_point[located] = area_around(points[located], ward_set.wards)
        by_code = found["ward"].where(found["ward"].isin(ward_set.wards["area_code"]), "")
        ward_of = dict(
            best.loc[best["vintage"] == ward_set.id, ["lsoa", "ward_code"]].itertuples(index=False, name=None)
        )
        by_lsoa = found["lsoa"].map(lambda lsoa, ward_of=ward_of: ward_of.get(lsoa, ""))
        # The file's own ward and LSOA say nothing of a postcode whose coordinates lie outside.
        elsewhere = by_code.where(by_code != "", by_lsoa).where(~located, by_code)
        ward = by_point.where(by_point != "", elsewhere)
        parts.append(pd.DataFrame({"postcode": found["postcode"], "vintage": ward_set.id, "ward_code": ward}))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["ward_code"] != ""]
    if table.empty:
        raise InputError(
            str(path), "none of its postcodes lies in a ward of the partnership", "Use the file of this area"
        )
    return table.astype({"postcode": str, "vintage": str, "ward_code": str})
