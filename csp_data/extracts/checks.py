"""Is a workspace fit to be published? Files as built, each table under its contract, then the tables together.

Problems stop publication: with them a page would show a wrong number, or none. Warnings do not: the page shows what it
has and says what is missing. Everything found is reported, each in a sentence with its file and remedy.
"""

import hashlib
import io
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import geopandas
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS, Dataset
from csp_data.catalogue.statuses import STATUSES
from csp_data.extracts import consistency, consistency_supplied
from csp_data.extracts.consistency import Holding
from csp_data.extracts.contracts import is_usable, problems_of
from csp_data.extracts.editions import editions
from csp_data.extracts.problems import InputError, Problem
from csp_data.extracts.releases import CURRENT, MANIFEST, PARTNERSHIP_FILE, Release
from csp_data.extracts.workspace import Workspace

if TYPE_CHECKING:
    from rich.console import RenderableType

RESTORE = "Restore the file, or build the release again"

_KINDS = {
    "lsoa2011": ("LSOA of 2011", "LSOAs of 2011"),
    "lsoa2021": ("LSOA of 2021", "LSOAs of 2021"),
    "ward": ("ward", "wards"),
    "district": ("district", "districts"),
}


@dataclass(frozen=True)
class SummaryLine:
    """What a release holds of one dataset, in words for a table on the screen."""

    partnership: str
    release: str
    dataset: str
    rows: int
    months: str
    areas: str
    sources: str


@dataclass(frozen=True)
class Summary:
    """The lines of a summary. Printed by rich, it is a table for each release."""

    lines: tuple[SummaryLine, ...] = ()

    def __rich__(self) -> "RenderableType":
        from rich.console import Group
        from rich.table import Table

        tables = {}
        for line in self.lines:
            key = (line.partnership, line.release)
            if key not in tables:
                title = f"{line.partnership}, release {line.release}"
                tables[key] = Table("Dataset", "Rows", "Months", "Areas", "Sources", title=title, title_justify="left")
                tables[key].columns[1].justify = "right"
            tables[key].add_row(line.dataset, f"{line.rows:,}", line.months, line.areas, line.sources)
        return Group(*tables.values())


@dataclass(frozen=True)
class Report:
    """What a check found. Publication is stopped by any problem and by no warning."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    summary: Summary = Summary()

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.problems + other.problems,
            self.warnings + other.warnings,
            Summary(self.summary.lines + other.summary.lines),
        )


def check_workspace(address: str) -> Report:
    """Check the live release of every partnership of a workspace, given as a folder or any fsspec address.

    An address that cannot be read is a problem in the report, not an error.
    """
    try:
        workspace = Workspace(address)
        partnerships = workspace.partnerships()
    except InputError as error:
        return Report(problems=(_problem(error),))
    except (ValueError, ImportError, OSError) as error:
        what = f"the address cannot be read ({error})"
        return Report(problems=(Problem(str(address), what, "Check its spelling, and the keys to it"),))
    report = Report()
    owner: dict[str, str] = {}
    for partnership in partnerships:
        try:
            release = workspace.release(partnership)
        except InputError as error:
            report += Report(problems=(_problem(error),))
            continue
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            what = f"release.json or partnership.toml is not as it should be ({type(error).__name__}: {error})"
            report += Report(problems=(Problem(f"{partnership}/releases", what, "Build the release again"),))
            continue
        report += check_release(release, folder=partnership)
        found = list(_log(workspace, partnership, release))
        report += Report(
            problems=tuple(problem for problem in found if problem.severity == "stops"),
            warnings=tuple(problem for problem in found if problem.severity == "warning"),
        )
        name = release.partnership.short_name
        if name in owner:
            what = f"the short name '{name}' is also that of '{owner[name]}', and addresses of pages carry it"
            remedy = "Give each partnership its own 'short_name'"
            report += Report(problems=(Problem(f"{partnership}/{PARTNERSHIP_FILE}", what, remedy),))
        owner.setdefault(name, partnership)
    return report


def _log(workspace: Workspace, partnership: str, live: Release) -> Iterator[Problem]:
    """What the log of a partnership shows: a broken chain, unfinished lines, a publication that was interrupted, an
    edition that is not as it was made."""
    log = workspace.log(partnership)
    yield from (*log.problems, *log.warnings)
    for edition in editions(workspace, partnership):
        yield from (replace(problem, severity="warning") for problem in edition.problems)
    last = log.last_of(live.id)
    if last and last.action == "withdraw":
        what = f"the live release was withdrawn by {last.name} at {last.time}: {last.reason}"
        yield Problem(f"{partnership}/{CURRENT}", what, "Make another release the live one: publish or rollback")
    moved = next((entry for entry in reversed(log.moves) if entry.action != "withdraw"), None)
    if moved and moved.release != live.id:
        yield Problem(
            f"{partnership}/{CURRENT}",
            f"it names {live.id}, and the log says that {moved.name} made {moved.release} live at {moved.time}",
            f"Publish {moved.release} again if that was interrupted; else find out who changed the file",
            severity="warning",
        )


def check_release(release: Release, folder: str | None = None) -> Report:
    """Check one release, whether live or a candidate.

    ``folder`` is the partnership's folder in the workspace, when it is known.
    """
    folder = folder or release.partnership.id
    place = f"{folder}/releases/{posixpath.basename(release.folder)}"
    malformed = tuple(_malformed(release.manifest, f"{place}/{MANIFEST}"))
    if malformed:
        return Report(problems=malformed)
    holding = Holding(release, place)
    found = list(_description(holding, folder))
    for name, dataset in DATASETS.items():
        if release.has(name):
            found.extend(_table(holding, dataset))
        elif dataset.required:
            remedy = f"Add a source for it to the build: {dataset.description}"
            found.append(Problem(holding.manifest_file, f"the dataset '{name}' is missing", remedy))
    summary = Summary(tuple(_summary(holding)))
    # A table that lacks a column or a value would fail the rules between tables for a reason already told.
    holding.tables = {name: table for name, table in holding.tables.items() if is_usable(table, DATASETS[name])}
    for rule in (*consistency.RULES, *consistency_supplied.RULES):
        found.extend(rule(holding))
    return Report(
        problems=tuple(problem for problem in found if problem.severity == "stops"),
        warnings=tuple(problem for problem in found if problem.severity == "warning"),
        summary=summary,
    )


def _malformed(manifest: dict[str, Any], file: str) -> Iterator[Problem]:
    """What release.json lacks or holds in another form than it should. With any of it nothing else can be checked."""
    remedy = "Build the release again"
    for key, kind in _MANIFEST.items():
        if not isinstance(manifest.get(key), kind):
            yield Problem(file, f"'{key}' is missing or is not {_IN_WORDS[kind]}", remedy)
    if isinstance(manifest.get("built_at"), str):
        try:
            datetime.fromisoformat(manifest["built_at"])
        except ValueError:
            yield Problem(file, f"'built_at' is '{manifest['built_at']}', which is not a date with a time", remedy)
    extracts = manifest.get("extracts")
    for name, extract in extracts.items() if isinstance(extracts, dict) else ():
        if not isinstance(extract, dict):
            yield Problem(file, f"the entry of '{name}' is not {_IN_WORDS[dict]}", remedy)
            continue
        for key, kind in _EXTRACT.items():
            needed = key in ("file", "rows", "sha256")
            if not isinstance(extract[key], kind) if key in extract else needed:
                yield Problem(file, f"'{key}' of '{name}' is missing or is not {_IN_WORDS[kind]}", remedy)


_MANIFEST = {"release": str, "partnership": str, "status": str, "built_at": str, "extracts": dict}
_EXTRACT = {"file": str, "rows": int, "sha256": str, "months": list, "sources": list, "placed": dict}
_IN_WORDS = {str: "text", int: "a whole number", list: "a list", dict: "a set of named values"}


def _description(holding: Holding, folder: str) -> Iterator[Problem]:
    """What partnership.toml and release.json say by themselves."""
    manifest, partnership = holding.release.manifest, holding.release.partnership
    if not partnership.vintages:
        remedy = "Add an entry 'vintages' with 'id', 'label' and 'used_from'"
        yield Problem(holding.partnership_file, "it names no set of wards", remedy)
    for key in ("id", "label"):
        values = [getattr(vintage, key) for vintage in partnership.vintages]
        for value in sorted({value for value in values if values.count(value) > 1}):
            what = f"two sets of wards have the {key} '{value}'"
            yield Problem(holding.partnership_file, what, f"Give each its own '{key}'")
    for file, id in (
        (holding.manifest_file, manifest.get("partnership")),
        (holding.partnership_file, partnership.id),
    ):
        if id != folder:
            remedy = "Build the release again, into the folder of its own partnership"
            yield Problem(file, f"it is of '{id}', but lies in the folder of '{folder}'", remedy)
    if manifest["release"] != posixpath.basename(holding.release.folder):
        what = f"it names the release '{manifest['release']}', but lies in another folder"
        yield Problem(holding.manifest_file, what, "Give the folder its old name back")
    if manifest["status"] not in STATUSES:
        what = f"the status '{manifest['status']}' is not known"
        yield Problem(holding.manifest_file, what, f"Use one of: {', '.join(STATUSES)}")
    if manifest["status"] == "withdrawn":
        remedy = "Make another release the live one"
        yield Problem(holding.manifest_file, "the release has been withdrawn", remedy)
    if not any(holding.release.has(name) for name in COUNT_DATASETS):
        yield Problem(holding.manifest_file, "the release holds no counts", f"Add {' or '.join(COUNT_DATASETS)}")
    for name, extract in manifest["extracts"].items():
        if name not in DATASETS:
            what = f"this version does not know the dataset '{name}', so it is not shown"
            yield Problem(holding.manifest_file, what, "Use a newer version, or leave it out", severity="warning")
            continue
        if not extract.get("sources"):
            what = f"no source is given for '{name}', so the page About the data cannot name one"
            remedy = "Add 'sources' with name, publisher and licence"
            yield Problem(holding.manifest_file, what, remedy, severity="warning")
        yield from _placed(holding, name, extract.get("placed") or {})


def _placed(holding: Holding, name: str, placed: dict[str, int]) -> Iterator[Problem]:
    if "read" not in placed:
        return
    told = sum(rows for how, rows in placed.items() if how != "read")
    if told != placed["read"]:
        what = f"{placed['read']:,} rows were read for '{name}' and {told:,} are accounted for"
        yield Problem(holding.manifest_file, what, "Build the release again: every row read must be counted somewhere")


def _table(holding: Holding, dataset: Dataset) -> Iterator[Problem]:
    """Reads a table into ``holding.tables``, when that can be done, and tells what is wrong with it by itself."""
    release, file = holding.release, holding.file(dataset.name)
    extract = release.extract(dataset.name)
    try:
        content = release.files.cat_file(f"{release.folder}/{extract['file']}")
    except FileNotFoundError:
        yield Problem(file, "the file is missing", RESTORE)
        return
    if hashlib.sha256(content).hexdigest() != extract["sha256"]:
        yield Problem(file, "this is not the file that was built: its SHA-256 is not that of release.json", RESTORE)
    try:
        table = _whole_table(content)
    except (ValueError, OSError, pa.ArrowException) as error:
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        yield Problem(file, f"the file is damaged, or not Parquet ({told})", RESTORE)
        return
    if len(table) != extract["rows"]:
        yield Problem(file, f"the file has {len(table):,} rows and release.json says {extract['rows']:,}", RESTORE)
    yield from problems_of(table, dataset, file)
    holding.tables[dataset.name] = table


def _whole_table(content: bytes) -> pd.DataFrame:
    """Every column of a file, those outside the contract too."""
    file = io.BytesIO(content)
    if b"geo" in (pq.read_schema(file).metadata or {}):
        return geopandas.read_parquet(file)
    return pq.read_table(file).to_pandas()


def _summary(holding: Holding) -> Iterator[SummaryLine]:
    for name, table in holding.tables.items():
        yield SummaryLine(
            partnership=holding.release.partnership.id,
            release=holding.release.id,
            dataset=DATASETS[name].title,
            rows=len(table),
            months=_months_held(holding.release.months(name)),
            areas=_areas_held(name, table),
            sources=_sources_held(holding.release.extract(name).get("sources") or []),
        )


def _months_held(months: list[str]) -> str:
    return f"{min(months)} to {max(months)} ({len(months)})" if months else ""


def _areas_held(name: str, table: pd.DataFrame) -> str:
    """Words such as "1 district, 24 wards" for tables of areas and "177 small areas" for counts."""
    key = [column for column in ("area_code", "vintage") if column in table.columns]
    if name != "small_areas" and {"area_type", "area_code"} <= set(table.columns):
        kinds = table.drop_duplicates(key)["area_type"].value_counts().sort_index()
        return ", ".join(f"{number:,} {_KINDS[kind][number != 1]}" for kind, number in kinds.items() if kind in _KINDS)
    return f"{table['small_area'].nunique():,} small areas" if "small_area" in table.columns else ""


def _sources_held(sources: list[dict[str, Any]]) -> str:
    publishers = sorted({str(source.get("publisher") or source.get("name") or "") for source in sources} - {""})
    files = f"{len(sources):,} file{'' if len(sources) == 1 else 's'}" if sources else ""
    return f"{files}: {', '.join(publishers)}" if publishers else files


def _problem(error: InputError) -> Problem:
    return Problem(error.file, error.what, error.remedy, row=error.row)
