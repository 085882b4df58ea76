"""Build a release of one partnership from files as published: CONFIG.toml in, release out.

CONFIG.toml names the partnership, its ward sets and its files. Paths are relative to the folder of CONFIG.toml.

.. code-block:: toml

    [partnership]                       # as in partnership.toml
    id = "medway"                       # name of its folder and part of addresses
    name = "Medway Community Safety Partnership"
    short_name = "Medway"
    districts = ["E06000035"]           # ONS codes
    csp_code = "E22000143"
    force = "kent"                      # home force, as in names of street files; its months are the complete ones
    responsible_authorities = ["Medway Council", "Kent Police"]
    attributions = ["Contains OS data © Crown copyright and database right 2026"]

    [[vintages]]                        # one for each ward set
    id = "2023"                         # year it came into use
    label = "24 wards from 4 May 2023"
    used_from = 2023-05-04              # optional, as is used_to
    boundaries = "WD_MAY_2025_BGC.geojson"

    [outline]                           # optional: outline of the districts; made from the newest wards without it
    path = "LAD_MAY_2025_BGC.geojson"

    [[lsoa_boundaries]]                 # optional
    path = "LSOA_2021_BGC.gpkg"
    lsoa = 2021                         # only where the file does not say

    [[lookup]]                          # LSOA to ward (best fit or population_share), LSOA 2011 to 2021
    path = "LSOA21_WD24_LAD24.csv"
    lsoa = 2021                         # only where the file does not say

    [[population]]                      # by district, ward or LSOA
    path = "mid_year_estimates.xlsx"
    sheet = "Mid-2020 Persons"          # optional, as are all below
    year = 2020
    basis = "ONS mid-year estimate, not re-based to Census 2021"
    denominator = "residents"           # or "households", "workday": rates per household, or per person there by day

    [[police_uk]]                       # a zip as downloaded, a folder of months, or one CSV
    path = "police_uk/2025-06.zip"
    forces = ["kent", "btp"]            # optional: all without it
    datasets = ["crime", "asb"]         # optional: both without it
    crime_types = {"New type" = "other-crimes"}  # optional: types that the product does not know

    [[police_extract]]                  # the force's own extract; see sources.police_extract
    dataset = "asb"
    path = "asb_by_type.csv"
    first_month = "2019-04"             # optional: the months it covers
    last_month = "2020-03"
    unmatched = "unallocated"           # optional: codes that match nothing are the partnership's, in no ward; else outside

    [[events]]                          # optional: shaded on charts
    start = 2020-03-23
    end = 2021-07-19                    # optional
    kind = "lockdown"                   # lockdown, recording change, boundary change, system change
    label = "COVID-19 restrictions"
    note = "Fewer people were out."     # optional
    datasets = "all"                    # optional, or "crime, asb"

The rest is optional. Templates: ``python -m csp_data template NAME`` writes them.

.. code-block:: toml

    [[indicators]]                      # Fingertips, NDTMS ViewIt, ONS personal wellbeing, a plain table, the template
    path = "fingertips_93517.csv"
    areas = ["E06000034"]               # besides the partnership's, those in its part_of, and countries; or "all"
    indicator = "alcohol-admissions"    # of a plain table, which does not say: an id of catalogue/indicators.py
    value = "Rate"                      # of a plain table: heading of its values
    area_codes = {"Anytown" = "E06000099"}  # of ViewIt, which names areas and gives no codes

    [[survey]]                          # a tabulated return on the template 'survey'
    path = "consultation_2024.csv"
    survey = "csp-consultation"         # what all rows share may be said here and left out of the file
    survey_label = "Community safety consultation"
    wave = "2024"
    wave_label = "Autumn 2024"
    collected_from = 2024-09-01
    collected_to = 2024-10-31
    mode = "online"
    sample = "self-selected"            # or random, quota, census

    [[survey_respondents]]              # answers of single people: counted now, never stored; see sources.survey_returns
    path = "answers.csv"
    questions = "questions.csv"
    weight = "weight"                   # a column of weights; or
    targets = "population_shares.csv"   # shares to rake to, with
    cap = 5                             # no weight above this, if you want
    survey = "residents-panel"          # and the rest as above: survey_label, wave, wave_label, mode, sample

    [[partner_figures]]                 # on the template of that name; in the same way
    path = "probation_2024.csv"         # [[grants]], [[updates]], [[risks]], [[priorities]], [[priority_figures]]
    sheet = "Return"                    # of a workbook

    [plan]                              # plans, priorities, what they are followed by, risks: see sources.plan
    path = "plan.toml"

    [[peers]]                           # counts of other areas: see sources.csp_tables
    path = "csp_recorded_crime.csv"
    group = "Unitary authorities"       # leave it out for a file on the template 'peers'
    areas = ["E22000143", "E22000144"]  # or "all"; the partnership's own among them
    population = "csp_population.csv"   # residents by the same codes
    period = "year ending June 2025"    # where the file does not say

    [[postcodes]]                       # ONS Postcode Directory or NSPL: residents find their ward by it
    path = "ONSPD_MAY_2025_UK.csv"

Every source may also say ``name``, ``publisher``, ``licence``, ``url`` and ``published``, which the page About the data
shows.

A month is covered when the home force's file for it has rows of the dataset: some forces publish no ASB in some months,
and that is missing, not zero. Crime of other forces in the partnership's area is counted and kept apart by ``source``.
"""

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import geopandas
import pandas as pd

from csp_data.catalogue.categories import from_police_uk
from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS
from csp_data.extracts.checks import check_release
from csp_data.extracts.configuration import Configuration, Source, crime_types, read_configuration
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.placement import (
    AGREEMENTS,
    NOT_LOCATED,
    UNMATCHED,
    Geography,
    WardSet,
    best_fit_errors,
    best_fits,
    lsoa_register,
    lsoa_wards,
    place,
    place_codes,
    reconciled,
    small_areas_table,
    ward_lookup_table,
    with_ward_transfers,
)
from csp_data.extracts.problems import InputError, Problem
from csp_data.extracts.publishing import add_release
from csp_data.extracts.releases import Release
from csp_data.extracts.sources.boundaries import read_boundaries
from csp_data.extracts.sources.lookups import read_lookup
from csp_data.extracts.sources.police_extract import PoliceExtract, read_police_extract
from csp_data.extracts.sources.police_uk import (
    FileRead,
    Reach,
    StreetFile,
    each_month_once,
    find_street_files,
    open_database,
    read_street_files,
)
from csp_data.extracts.sources.populations import read_populations
from csp_data.extracts.supplied import supplied_tables
from csp_data.extracts.transfers import POORLY_FITTED

if TYPE_CHECKING:
    from rich.console import RenderableType

PLACED = ("coordinates", "lsoa", "ward", "district", "not_located", "outside")
"""How a row may be placed. Every row read is counted under one of these."""

POLICE_UK_URL = "https://data.police.uk/data/"
ONS = "Office for National Statistics"


class Progress(Protocol):
    """What ``build`` asks of a progress bar; ``rich.progress.Progress`` has it."""

    def add_task(self, description: str, *, total: float | None = None) -> Any: ...
    def update(self, task_id: Any, *, completed: float | None = None, total: float | None = None) -> None: ...


@dataclass(frozen=True)
class BuildReport:
    """What a build did. Printed by rich, it is a set of tables."""

    partnership: str
    release: str
    folder: Path
    months: dict[str, list[str]]
    """Dataset -> months covered by the home force."""
    placed: dict[str, dict[str, int]]
    """Dataset -> how rows were placed (``PLACED``) and "read"; the others add up to it."""
    agreement: dict[str, dict[str, int]]
    """Dataset -> how the two places given by a data.police.uk row agree (``placement.AGREEMENTS``), in rows."""
    tables: dict[str, int]
    """Table of the release -> rows."""
    files: int
    """Files of counts read."""
    seconds: float
    warnings: tuple[Problem, ...] = ()
    live: bool = True
    """Whether it is the live release, or a candidate."""

    @property
    def rows_read(self) -> int:
        return sum(placed["read"] for placed in self.placed.values())

    def __rich__(self) -> "RenderableType":
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        def table(title: str, first: str, rows: Iterable[tuple[str, dict[str, int]]]) -> Table:
            made = Table(first, title=title, title_justify="left")
            for dataset in self.placed:
                made.add_column(DATASETS[dataset].title, justify="right")
            for label, counts in rows:
                made.add_row(label, *(f"{counts[dataset]:,}" for dataset in self.placed))
            return made

        def per_dataset(of: dict[str, dict[str, int]], key: str) -> dict[str, int]:
            return {dataset: of.get(dataset, {}).get(key, 0) for dataset in self.placed}

        placed = [(_PLACED_WORDS[key], per_dataset(self.placed, key)) for key in (*PLACED, "read")]
        agreement = [
            (words[0].upper() + words[1:], per_dataset(self.agreement, key)) for key, words in AGREEMENTS.items()
        ]
        agreement = [(words, counts) for words, counts in agreement if any(counts.values())]
        lines = [
            f"Built {self.partnership}, {'live' if self.live else 'candidate'} release {self.release}, in {self.folder}",
            f"{self.rows_read:,} records of {self.files:,} {'file' if self.files == 1 else 'files'} in "
            f"{self.seconds:.1f} seconds",
            *(f"{DATASETS[d].title}: {_span(months)}" for d, months in self.months.items()),
        ]
        return Group(
            *(Text(f"Warning: {warning}") for warning in self.warnings),
            table("How records were placed", "Placed by", placed),
            *([table("Do coordinates and LSOA codes agree?", "Records of which", agreement)] if agreement else []),
            *(Text(line) for line in lines),
        )


_PLACED_WORDS = {
    "coordinates": "Coordinates, in a ward",
    "lsoa": "LSOA code",
    "ward": "Ward code",
    "district": "District only",
    "not_located": "Not located (no usable place)",
    "outside": "Outside the partnership",
    "read": "All records read",
}


def build(
    config_path: str | Path,
    workspace: str | Path,
    progress: Progress | None = None,
    publish_at_once: bool = False,
    name: str = "",
    reason: str = "",
) -> BuildReport:
    """Build a release: a candidate, to be checked and published, or the live one when it is the partnership's first.

    Parameters
    ----------
    config_path : CONFIG.toml, as described above.
    workspace : folder to build into; made when missing.
    progress : shows how far the build is.
    publish_at_once : make it the live release, whether or not it is the first.
    name, reason : what the log says of it; the name of this machine's user when empty.

    Raises
    ------
    InputError
        For the first fault found in the configuration or a file. Nothing is left behind: the old release stays live.
    """
    started = time.perf_counter()
    show = _Progress(progress)
    config = read_configuration(Path(config_path))
    warnings: list[Problem] = []
    manifest = _Sources()
    with show.step("Finding files"):
        street_files, types_of, datasets_of = _street_files(config, warnings)
    with show.step("Reading boundaries and look-ups"):
        geography, areas = _geography(config, manifest, warnings)
    with show.step("Reading populations"):
        population = _population(config, geography, manifest, warnings)
        people = _people_of_lsoas(population)
        geography = reconciled(geography, people)
        misfits = best_fit_errors(geography, people)
        warnings += _misfits(config, geography, misfits)
    with show.step("Reading indicators, surveys, plans and figures of partners"):
        supplied = supplied_tables(config, geography, manifest.add, warnings)
    extracts = [
        (source, read_police_extract(source.path, source.options["dataset"], *_covered(source)))
        for source in config.sources["police_extract"]
    ]
    counts = _Counts()
    reads: list[FileRead] = []
    if street_files:
        with tempfile.TemporaryDirectory(prefix="csp-build-") as folder:
            reads = _add_street_files(
                counts, street_files, types_of, datasets_of, geography, Path(folder), show.files(len(street_files))
            )
    for source, extract in extracts:
        _add_extract(counts, source, extract, config.partnership.force, geography, warnings)
    months = _months(config, reads, datasets_of, extracts, warnings)
    _sources_of_counts(manifest, config, reads, datasets_of, extracts)
    tables = _count_tables(counts, months)
    used = {code for name in tables for code in tables[name]["small_area"].unique()}
    geography = with_ward_transfers(geography, sorted(used), people)
    # Every LSOA, with or without records: where its residents live says which wards took the place of which.
    small_areas = sorted(used | set(geography.lsoa_wards["lsoa"]))
    tables |= supplied | {
        "population": population,
        "areas": areas,
        "small_areas": small_areas_table(small_areas, geography),
        "ward_lookup": ward_lookup_table(small_areas, geography),
    }
    if config.events:
        tables["events"] = _events(config)
        manifest.add("events", Source(config.file, {"name": "Events", "publisher": config.partnership.name}),
                     len(config.events))  # fmt: skip
    manifest.sources["small_areas"] = manifest.sources["ward_lookup"] = manifest.sources.get("lookup", []) + [
        source for source in manifest.sources["areas"] if source not in manifest.sources.get("lookup", [])
    ]
    _keep_contracts(tables, config)
    with show.step("Writing the release"):
        release, live = add_release(
            workspace,
            config.partnership,
            tables,
            {
                "built_by": f"python -m csp_data build {config.file.name}",
                "extracts": {
                    name: _entry(name, table, manifest, counts, months, extracts, reads)
                    | (_how_placed(table, geography, misfits) if name == "ward_lookup" else {})
                    for name, table in tables.items()
                },
            },
            accept=_refuse_what_the_check_would,
            publish_at_once=publish_at_once,
            name=name,
            reason=reason,
        )
    return BuildReport(
        partnership=config.partnership.short_name,
        release=release,
        folder=Path(workspace) / config.partnership.id / "releases" / release,
        months=months,
        placed={name: counts.placed_of(name) for name in months},
        agreement={name: dict(counts.agreement.get(name, {})) for name in months},
        tables={name: len(table) for name, table in tables.items()},
        files=len(street_files) + len(extracts),
        seconds=time.perf_counter() - started,
        warnings=tuple(warnings),
        live=live,
    )


# --- crime and ASB ----------------------------------------------------------------------------------------------


@dataclass
class _Counts:
    """Counts by month, small area, category and source, gathered from every source of them."""

    parts: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    placed: dict[str, Counter] = field(default_factory=dict)
    agreement: dict[str, Counter] = field(default_factory=dict)

    def add(self, dataset: str, rows: pd.DataFrame) -> None:
        """Rows with month, small_area, category, source and count, "" as small area where outside."""
        self.parts.setdefault(dataset, []).append(rows[rows["small_area"] != ""])

    def placed_of(self, dataset: str) -> dict[str, int]:
        placed = self.placed.get(dataset, Counter())
        return {key: int(placed[key]) for key in PLACED} | {"read": int(sum(placed[key] for key in PLACED))}


def _street_files(
    config: Configuration, warnings: list[Problem]
) -> tuple[list[StreetFile], dict[str, tuple[str, str]], dict[StreetFile, tuple[str, ...]]]:
    """The street files, each month of a force once; crime types added; and which datasets to take from a file."""
    types: dict[str, tuple[str, str]] = {}
    datasets: dict[StreetFile, tuple[str, ...]] = {}
    files: list[StreetFile] = []
    for source in config.sources["police_uk"]:
        found = find_street_files(source.path, source.option("forces", ()))
        types |= crime_types(config.file, source)
        warnings += found.problems
        files += found.files
        for file in found.files:
            datasets.setdefault(file, tuple(source.option("datasets", COUNT_DATASETS)))
    once = each_month_once(files)
    warnings += once.problems
    force = config.partnership.force
    if files and not any(file.force == force for file in once.files):
        forces = sorted({file.force for file in once.files})
        raise InputError(
            str(config.sources["police_uk"][0].path),
            f"there is no street file of the home force '{force}', only of {', '.join(forces[:5])}",
            "Add its files, or correct force in the configuration",
        )
    return list(once.files), types, datasets


def _add_street_files(
    counts: _Counts,
    files: Sequence[StreetFile],
    types: dict[str, tuple[str, str]],
    datasets_of: dict[StreetFile, tuple[str, ...]],
    geography: Geography,
    folder: Path,
    on_file: Any,
) -> list[FileRead]:
    connection = open_database(folder)
    try:
        reach = Reach(geography.box, frozenset(geography.lsoas.index))
        reads = read_street_files(files, reach, connection, folder, types, on_file)
        kinds = pd.DataFrame(
            [
                (crime_type, *(types.get(crime_type) or from_police_uk(crime_type)))
                for (crime_type,) in connection.execute("select distinct crime_type from street").fetchall()
            ],
            columns=["crime_type", "dataset", "category"],
        )
        about = pd.DataFrame(
            [(number, pd.Timestamp(f"{file.month}-01"), file.force) for number, file in enumerate(files)],
            columns=["file", "month", "source"],
        )
        wanted = pd.DataFrame(
            [(number, name) for number, file in enumerate(files) for name in datasets_of[file]],
            columns=["file", "dataset"],
        )
        codes = geography.lsoas[["only"]].reset_index()
        for name, table in (("codes", codes), ("kinds", kinds), ("about", about), ("wanted", wanted)):
            connection.register(name, table)
        connection.execute(_SETS)
        places = place(connection.execute(_POINTS).df(), geography)
        connection.register("places", places)
        connection.execute(_PLACE)
        for dataset, placed, agreement, total in connection.execute(
            "select dataset, placed, agreement, sum(count)::bigint from placed_rows group by all"
        ).fetchall():
            counts.placed.setdefault(dataset, Counter())[placed] += total
            if agreement:
                counts.agreement.setdefault(dataset, Counter())[agreement] += total
        for dataset in COUNT_DATASETS:
            rows = connection.execute(_COUNT, [dataset]).df()
            counts.add(dataset, rows)
    finally:
        connection.close()
    for read in reads:
        read.rows = {name: rows for name, rows in read.rows.items() if name in datasets_of[read.file]}
    return reads


# Which LSOAs a month's files use: those of 2011 when more records have codes that went out of use in 2021 than codes
# that came into use then. Most codes are in both, and data.police.uk changes all its files in one month.
_SETS = """
create temp table sets as
select month,
    case when coalesce(sum(count) filter (where codes.only = '2011'), 0)
        > coalesce(sum(count) filter (where codes.only = '2021'), 0) then '2011' else '2021' end as lsoa_year
from street join about using (file) left join codes using (lsoa) group by month
"""
_POINTS = """
select distinct longitude, latitude, lsoa, lsoa_year
from street join about using (file) join sets using (month) where reach = 'within'
"""
# Coordinates may be missing, and nothing equals a missing value but "is not distinct from".
_PLACE = f"""
create temp table placed_rows as
select kinds.dataset, kinds.category, about.month, about.source, street.count,
    case reach when 'within' then places.small_area when 'nowhere' then '{NOT_LOCATED}' else '' end as small_area,
    case reach when 'within' then places.placed when 'nowhere' then 'not_located' else 'outside' end as placed,
    coalesce(places.agreement, '') as agreement
from street
join kinds using (crime_type)
join about using (file)
join sets using (month)
join wanted on wanted.file = street.file and wanted.dataset = kinds.dataset
left join places on reach = 'within' and places.lsoa_year = sets.lsoa_year
    and places.longitude is not distinct from street.longitude
    and places.latitude is not distinct from street.latitude and places.lsoa is not distinct from street.lsoa
"""
_COUNT = """
select month, small_area, category, source, sum(count)::integer as count
from placed_rows where dataset = ? and small_area <> '' group by all
"""


def _covered(source: Source) -> tuple[str, str]:
    return source.option("first_month", ""), source.option("last_month", "")


def _add_extract(
    counts: _Counts,
    source: Source,
    extract: PoliceExtract,
    force: str,
    geography: Geography,
    warnings: list[Problem],
) -> None:
    table = extract.table
    places = place_codes(table["area_code"], geography)
    outside = places["placed"] == "outside"
    if source.option("unmatched", "outside") == "unallocated" and outside.any():
        places = places.assign(
            small_area=places["small_area"].mask(outside, UNMATCHED), placed=places["placed"].mask(outside, "district")
        )
        codes = sorted(table.loc[outside, "area_code"].unique())
        listed = f"{', '.join(codes[:5])}{f' and {len(codes) - 5} more' if len(codes) > 5 else ''}"
        warnings.append(
            Problem(
                extract.file,
                f"{int(table.loc[outside, 'count'].sum()):,} records have codes that no look-up or boundary knows: {listed}",
                "They are counted in the partnership and in no ward; add the boundaries or look-up that have these codes",
                severity="warning",
            )
        )
    placed = counts.placed.setdefault(extract.dataset, Counter())
    for how, total in table["count"].groupby(places["placed"]).sum().items():
        placed[how] += int(total)
    rows = table.assign(small_area=places["small_area"], source=force)
    counts.add(extract.dataset, rows[["month", "small_area", "category", "source", "count"]])


def _count_tables(counts: _Counts, months: dict[str, list[str]]) -> dict[str, pd.DataFrame]:
    """The tables crime and asb, for the datasets that cover at least one month."""
    tables = {}
    for dataset in months:
        key = list(DATASETS[dataset].key)
        rows = pd.concat(counts.parts[dataset])
        table = rows.groupby(key, as_index=False, sort=True)["count"].sum()
        tables[dataset] = table[table["count"] > 0].reset_index(drop=True).astype({"count": "int32"})
    return tables


def _months(
    config: Configuration,
    reads: Sequence[FileRead],
    datasets_of: dict[StreetFile, tuple[str, ...]],
    extracts: Sequence[tuple[Source, PoliceExtract]],
    warnings: list[Problem],
) -> dict[str, list[str]]:
    """Dataset -> the months that the home force covers, in order; datasets that nothing covers are left out."""
    force = config.partnership.force
    home = [read for read in reads if read.file.force == force]
    found: dict[str, list[str]] = {}
    for dataset in COUNT_DATASETS:
        given = [read for read in home if dataset in datasets_of[read.file]]
        covered = {read.file.month for read in given if read.rows.get(dataset)}
        for read in given:
            if read.file.month not in covered:
                warnings.append(
                    Problem(
                        read.file.name,
                        f"it holds no row of {DATASETS[dataset].title.lower()}, so the month is missing, not zero",
                        "Download the month again later: the force may not have supplied it yet",
                        severity="warning",
                    )
                )
        for source, extract in extracts:
            if extract.dataset != dataset:
                continue
            both = sorted(covered & set(extract.months))
            if both:
                raise InputError(
                    str(source.path),
                    f"{DATASETS[dataset].title.lower()} of {both[0]} would be counted twice: another source has it too",
                    f"Leave '{dataset}' out of datasets of the [[police_uk]], or the months out of one of the two",
                )
            covered |= set(extract.months)
        if covered:
            found[dataset] = sorted(covered)
        gap = (
            sorted({str(p) for p in pd.period_range(min(covered), max(covered), freq="M")} - covered) if covered else []
        )
        if gap:
            warnings.append(
                Problem(
                    str(config.file),
                    f"{DATASETS[dataset].title.lower()} has no data of '{force}' for {', '.join(gap[:6])}"
                    f"{' and more' if len(gap) > 6 else ''}, between months that it has",
                    "Add the files; until then those months are shown as missing",
                    severity="warning",
                )
            )
    if not found:
        raise InputError(
            str(config.file), f"the files of '{force}' hold no rows", "Download them again from data.police.uk"
        )
    return found


# --- ground and people ------------------------------------------------------------------------------------------


def _geography(
    config: Configuration, manifest: "_Sources", warnings: list[Problem]
) -> tuple[Geography, geopandas.GeoDataFrame]:
    """The partnership's ground, and the table ``areas``."""
    districts = config.partnership.districts
    ward_sets = []
    for vintage, source in zip(config.partnership.vintages, config.ward_boundaries, strict=True):
        read = read_boundaries(source.path, "ward", districts)
        ward_sets.append(WardSet(vintage.id, read.areas))
        warnings += read.problems
        manifest.add("areas", source, len(read.areas), f"Ward boundaries, {vintage.label}", ONS)
    lsoa_boundaries = []
    for source in config.sources["lsoa_boundaries"]:
        read = read_boundaries(source.path, "lsoa", districts)
        year = str(source.option("lsoa", read.year))
        if year not in ("2011", "2021"):
            raise InputError(
                str(source.path),
                "it does not say whether its LSOAs are those of 2011 or of 2021",
                "Add lsoa = 2011 or lsoa = 2021 to the [[lsoa_boundaries]] in the configuration",
            )
        lsoa_boundaries.append(type(read)(read.file, read.kind, year, read.areas, read.rows, read.problems))
        warnings += read.problems
        manifest.add("areas", source, len(read.areas), f"LSOA boundaries of {year}", ONS)
    lookups = []
    for source in config.sources["lookup"]:
        lookup = read_lookup(source.path, districts, str(source.option("lsoa", "")))
        lookups.append(lookup)
        manifest.add("lookup", source, len(lookup.table), _LOOKUP_NAMES[lookup.kind], ONS)
    if config.outline:
        read = read_boundaries(config.outline.path, "district", districts)
        warnings += read.problems
        outlines = read.areas
        manifest.add("areas", config.outline, len(outlines), "District outlines", ONS)
    else:
        outlines = _outlines_of_wards(ward_sets[-1].wards)
    wards = frozenset(code for ward_set in ward_sets for code in ward_set.wards["area_code"])
    lsoas = lsoa_register(lookups, lsoa_boundaries, wards)
    if lsoas.empty:
        warnings.append(
            Problem(
                str(config.file),
                "no look-up or LSOA boundary is given, so rows without coordinates cannot be placed",
                "Add a [[lookup]] of LSOA to ward",
                severity="warning",
            )
        )
    geography = Geography(
        tuple(ward_sets),
        lsoas,
        lsoa_wards(ward_sets, lsoas, lookups, lsoa_boundaries),
        outlines,
        districts,
        pd.concat([pd.DataFrame(columns=["lsoa2011", "lsoa2021"]), *(x.table for x in lookups if x.kind == "change")]),
        best_fits=best_fits(ward_sets, lookups),
    )
    parts = [w.wards.assign(area_type="ward", vintage=w.id) for w in ward_sets]
    parts.append(outlines.assign(area_type="district", vintage=""))
    if lsoa_boundaries:
        every = pd.concat([b.areas.assign(area_type=f"lsoa{b.year}", year=b.year) for b in lsoa_boundaries])
        # An LSOA that did not change has one outline, that of 2021.
        every = every[every["year"] == every["area_code"].map(lsoas["year"])].drop_duplicates("area_code")
        parts.append(every.assign(vintage="").drop(columns="year"))
    areas = geopandas.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=ward_sets[0].wards.crs)
    return geography, areas[list(DATASETS["areas"].column_names)]


_LOOKUP_NAMES = {
    "best_fit": "LSOA to ward, best fit",
    "change": "LSOA 2011 to LSOA 2021",
    "shares": "LSOA to ward, shares of residents",
}


def _outlines_of_wards(wards: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    outlines = wards[["district", "geometry"]].dissolve("district").reset_index()
    return outlines.assign(area_code=outlines["district"], name=outlines["district"])[
        ["area_code", "name", "district", "geometry"]
    ]


def _population(
    config: Configuration, geography: Geography, manifest: "_Sources", warnings: list[Problem]
) -> pd.DataFrame:
    """The table ``population``, of the partnership's districts, wards and LSOAs."""
    parts = []
    for source in config.sources["population"]:
        year = source.option("lsoa")
        read = read_populations(
            source.path,
            sheet=source.option("sheet"),
            year=source.option("year"),
            basis=source.option("basis", ""),
            source=source.option("name", ""),
            lsoa_year=str(year) if year else "",
            denominator=source.option("denominator", "residents"),
        )
        ours = _of_partnership(source.path, read.table, geography)
        if ours.empty:
            raise InputError(
                str(source.path),
                f"it holds no area of {config.partnership.short_name}",
                "Use a table that covers the partnership's district, wards or LSOAs, with codes of the right year",
            )
        parts.append(ours.assign(denominator=source.option("denominator", "residents"), file=source.path.name))
        manifest.add("population", source, len(ours), "Population estimates", ONS)
    every = pd.concat(parts, ignore_index=True)
    key = list(DATASETS["population"].key)
    differing = every.groupby(key)["population"].transform("nunique") > 1
    if differing.any():
        row = every[differing].drop_duplicates(key).iloc[0]
        twice = every[differing & (every["area_code"] == row.area_code) & (every["year"] == row.year)].iloc[-1]
        raise InputError(
            twice.file,
            f"the population of {twice.area_code} in {twice.year} is {twice.population:,}, and {row.population:,} in "
            f"{row.file}",
            "Leave one of the two out of the configuration",
            int(twice.row),
        )
    every = every.drop_duplicates(key).sort_values([*key], ignore_index=True)
    return every[list(DATASETS["population"].column_names)]


def _people_of_lsoas(population: pd.DataFrame) -> dict[str, float]:
    """LSOA -> residents, by its newest estimate."""
    lsoas = population["area_type"].isin(["lsoa2011", "lsoa2021"]) & (population["denominator"] == "residents")
    newest = population[lsoas].sort_values("year", kind="stable").drop_duplicates("area_code", keep="last")
    return dict(zip(newest["area_code"], newest["population"].astype(float), strict=True))


def _misfits(config: Configuration, geography: Geography, misfits: dict[str, pd.DataFrame]) -> list[Problem]:
    """A warning for each ward set whose official best fit is far from where people live."""
    found = []
    for ward_set in geography.ward_sets:
        table = misfits.get(ward_set.id)
        if table is None or not table["flagged"].any():
            continue
        names = ward_set.wards.set_index("area_code")["name"]
        worst = table[table["flagged"]].sort_values("percent", key=lambda p: -p.abs())
        listed = ", ".join(f"{names[row.ward_code]} {row.percent:+.0f}%" for row in worst.head(3).itertuples())
        found.append(
            Problem(
                str(config.file),
                f"by best fit, {len(worst)} of {len(table)} wards of '{ward_set.id}' have a population more than "
                f"{POORLY_FITTED:.0f}% from where people live: {listed}",
                "Nothing to do: the shares of people are used instead, wherever there are any",
                severity="warning",
            )
        )
    return found


def _how_placed(table: pd.DataFrame, geography: Geography, misfits: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What release.json says of the look-up: by ward set, how many small areas are placed by which method, how many LSOAs
    through those they were made from or split into in 2021, and residents of each ward by best fit and by shares."""
    of_area = table[table["share"] > 0].groupby(["vintage", "small_area"])["method"].first()
    methods = of_area.groupby("vintage").value_counts()
    return {
        "methods": {
            vintage: {method: int(n) for method, n in found.droplevel(0).items()}
            for vintage, found in methods.groupby("vintage")
        },
        "reconciled": dict(geography.reconciled),
        "best_fit": {
            vintage: {
                row.ward_code: {"best_fit": round(row.best_fit), "apportioned": round(row.apportioned)}
                for row in misfit.itertuples()
            }
            for vintage, misfit in misfits.items()
        },
    }


def _of_partnership(path: Path, table: pd.DataFrame, geography: Geography) -> pd.DataFrame:
    """Keep the partnership's areas; give each its type and, for wards, every ward set that holds its code."""
    parts = []
    wards = table[table["kind"] == "ward"]
    for ward_set in geography.ward_sets:
        inside = wards[wards["area_code"].isin(ward_set.wards["area_code"])]
        parts.append(inside.assign(area_type="ward", vintage=ward_set.id))
    districts = table[(table["kind"] == "district") & table["area_code"].isin(geography.districts)]
    parts.append(districts.assign(area_type="district", vintage=""))
    lsoas = table[(table["kind"] == "lsoa") & table["area_code"].isin(geography.lsoas.index)]
    if len(lsoas) and (lsoas["lsoa_year"] == "").any():
        # A set of codes is of 2011 as soon as one of them went out of use then.
        years = geography.lsoas["year"]
        codes = lsoas["area_code"].map(years)
        lsoas = lsoas.assign(
            lsoa_year=lsoas["lsoa_year"].where(lsoas["lsoa_year"] != "", "2011" if (codes == "2011").any() else "2021")
        )
    parts.append(lsoas.assign(area_type="lsoa" + lsoas["lsoa_year"], vintage=""))
    return pd.concat(parts, ignore_index=True)


def _events(config: Configuration) -> pd.DataFrame:
    rows = [
        {
            "start": pd.Timestamp(event["start"]),
            "end": pd.Timestamp(event["end"]) if "end" in event else pd.NaT,
            "kind": event["kind"],
            "label": event["label"],
            "note": event.get("note", ""),
            "datasets": event.get("datasets", "all"),
        }
        for event in config.events
    ]
    table = pd.DataFrame(rows).astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    return table.sort_values(["start", "label"], ignore_index=True)


# --- the manifest -----------------------------------------------------------------------------------------------


@dataclass
class _Sources:
    """The files behind each table, for release.json."""

    sources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, source: Source, rows: int, name: str = "", publisher: str = "") -> None:
        """``rows``: how many rows of the partnership the file gave."""
        content = source.path.read_bytes()
        entry = {
            "name": source.option("name", name),
            "publisher": source.option("publisher", publisher),
            "licence": source.option("licence", DATASETS[table].licence if table in DATASETS else "OGL-3.0"),
            "file": source.path.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "rows": rows,
            "url": source.option("url", ""),
            "published": str(source.option("published", "")),
        }
        entries = self.sources.setdefault(table, [])
        if entry not in entries:
            entries.append(entry)


def _sources_of_counts(
    manifest: _Sources,
    config: Configuration,
    reads: Sequence[FileRead],
    datasets_of: dict[StreetFile, tuple[str, ...]],
    extracts: Sequence[tuple[Source, PoliceExtract]],
) -> None:
    about = {source.path: source for source in config.sources["police_uk"]}
    for read in reads:
        file = read.file
        source = next((about[folder] for folder in (file.path, *file.path.parents) if folder in about), None)
        option = source.option if source else Source(file.path, {}).option
        for dataset in datasets_of[file]:
            month = pd.Timestamp(f"{file.month}-01")
            manifest.sources.setdefault(dataset, []).append(
                {
                    "name": option("name", f"{read.publisher or file.force} street-level crime, {month:%B %Y}"),
                    "publisher": option("publisher", "data.police.uk"),
                    "licence": option("licence", "OGL-3.0"),
                    "file": file.name,
                    "sha256": read.sha256,
                    "bytes": file.bytes,
                    "rows": read.rows.get(dataset, 0),
                    "url": option("url", POLICE_UK_URL),
                    "published": str(option("published", "")),
                }
            )
    for source, extract in extracts:
        force = f"{config.partnership.force.replace('-', ' ').title()} police force"
        options = {"licence": "supplied", "publisher": force, **source.options}
        name = f"{DATASETS[extract.dataset].title}, extract of the force"
        manifest.add(extract.dataset, Source(source.path, options), extract.rows, name)


def _entry(
    name: str,
    table: pd.DataFrame,
    manifest: _Sources,
    counts: _Counts,
    months: dict[str, list[str]],
    extracts: Sequence[tuple[Source, PoliceExtract]],
    reads: Sequence[FileRead],
) -> dict[str, Any]:
    """What release.json says of one table."""
    entry: dict[str, Any] = {"disclosure": _rule(name, table), "sources": manifest.sources.get(name, [])}
    if name not in COUNT_DATASETS:
        return entry
    supplied = any(extract.dataset == name for _, extract in extracts)
    published = any(read.rows.get(name) for read in reads)
    scheme = " and ".join(["data.police.uk"] * published + ["police extract"] * supplied)
    return entry | {
        "disclosure": "rounded" if supplied else "open",
        "scheme": scheme,
        "months": months[name],
        "placed": counts.placed_of(name),
    }


def _rule(name: str, table: pd.DataFrame) -> str:
    """The disclosure rule that the rows of a table are under."""
    if name == "partner_figures":
        return "marked" if (table["sensitive"] == "yes").any() else "open"
    return DATASETS[name].rules[0]


def _keep_contracts(tables: dict[str, pd.DataFrame], config: Configuration) -> None:
    """Raise InputError when a table would break its contract."""
    for name, table in tables.items():
        for problem in problems_of(table, DATASETS[name], DATASETS[name].file):
            if problem.severity == "stops":
                raise InputError(problem.file, problem.what, problem.remedy, problem.row)


def _refuse_what_the_check_would(release: Release) -> None:
    """Raise InputError for the first thing between the tables that would stop publication, such as wards that overlap."""
    for problem in check_release(release).problems:
        raise InputError(problem.file, problem.what, problem.remedy, problem.row)


# --- showing how far it is --------------------------------------------------------------------------------------


class _Progress:
    def __init__(self, progress: Progress | None):
        self.progress = progress

    @contextmanager
    def step(self, description: str) -> Iterator[None]:
        task = self.progress.add_task(description, total=1) if self.progress else None
        yield
        if self.progress:
            self.progress.update(task, completed=1)

    def files(self, total: int):
        if not self.progress:
            return None
        task = self.progress.add_task("Reading street files", total=total)
        return lambda done, of: self.progress.update(task, completed=done, total=of)


def _span(months: Sequence[str]) -> str:
    return f"{months[0]} to {months[-1]} ({len(months)} months)" if months else "no month"
