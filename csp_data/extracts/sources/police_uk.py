"""Street-level crime and ASB as data.police.uk publishes it, one CSV a month and force.

Rows in: an incident (no key: identical rows are legitimate, because ASB has no Crime ID and points are shared, and a
Crime ID can appear twice). Nothing is dropped as a duplicate.

Rows out: a month, point, LSOA, crime type and source, with a ``count`` (incidents), for everything that may lie in the
area asked about; rows that cannot lie there, and rows that say no place at all, are only counted.

A file may come as part of a zip as downloaded, in a folder of months, or alone. Street files are told from outcomes and
stop-and-search by their name, YYYY-MM-FORCE-street.csv; the force in the name is the ``source``.

Every file is read in full by DuckDB, a batch at a time, and added up before anything else is done with it, so memory
does not grow with the number of months. Only when DuckDB finds something wrong is the file read again, slowly, to find
the line and to say what is wrong with it.
"""

import csv
import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import duckdb
import pandas as pd

from csp_data.catalogue.categories import from_police_uk
from csp_data.extracts.problems import InputError, Problem

HEADING = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
LONGEST_LINE = 262_144
"""Longest line read, in bytes; a real one has a few hundred."""
BATCH_BYTES = 192 * 1024**2
"""How much CSV is read at once: enough to keep DuckDB busy, and the most that lies unpacked on disk."""
MEMORY_LIMIT = "512MB"
"""What DuckDB may hold in memory; beyond it, it uses the disk."""

WEST, EAST, SOUTH, NORTH = -9.0, 2.5, 49.5, 61.0
"""Longitudes and latitudes within which a place in the United Kingdom lies."""

AGAIN = "Download the file again from data.police.uk"

_STREET = re.compile(r"(?P<month>(?:19|20)\d\d-(?:0[1-9]|1[0-2]))-(?P<force>[a-z0-9-]+)-street\.csv", re.IGNORECASE)
_OTHER_KIND = re.compile(r".+-(?:outcomes|stop-and-search)\.csv", re.IGNORECASE)
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class StreetFile:
    """One month of one force. ``member`` is its name inside the zip at ``path``; "" for a plain file."""

    path: Path
    member: str
    month: str
    force: str
    bytes: int

    @property
    def name(self) -> str:
        """How it is named to people and in release.json: "x.zip/2025-01/2025-01-kent-street.csv"."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name


@dataclass(frozen=True)
class Found:
    """The street files to read, oldest first, and what was left aside."""

    files: tuple[StreetFile, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reach:
    """What may lie in the area: a box around it in degrees (west, south, east, north), and its LSOA codes."""

    box: tuple[float, float, float, float]
    lsoas: frozenset[str]


@dataclass
class FileRead:
    """What was read of one file: its publisher as its rows name it, hash, and rows by dataset ("crime", "asb")."""

    file: StreetFile
    sha256: str
    publisher: str
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.rows.values())


# --- which files ------------------------------------------------------------------------------------------------


def find_street_files(path: Path, forces: Collection[str] = ()) -> Found:
    """The street files in a zip, in a folder and the folders below it (zips there too), or the single file itself.

    Parameters
    ----------
    forces : only these, as file names have them ("kent", "btp"); all when empty.

    Raises
    ------
    InputError
        When the path does not exist, a zip is damaged, a single file is not named as a street file, or there are none.
    """
    if not path.exists():
        raise InputError(str(path), "the file or folder does not exist", "Correct the path in the configuration")
    problems: list[Problem] = []
    if path.is_dir():
        files = [f for child in _below(path) for f in _in_folder(child, problems)]
    elif path.suffix.lower() == ".zip":
        files = _in_zip(path, problems)
    else:
        match = _STREET.fullmatch(path.name)
        if match is None:
            raise InputError(
                str(path),
                "the name does not say which month and force the file is for",
                "Name it as data.police.uk does, such as 2025-01-kent-street.csv",
            )
        files = [StreetFile(path, "", match["month"], match["force"].lower(), path.stat().st_size)]
    wanted = {force.lower() for force in forces}
    missing = wanted - {file.force for file in files}
    if not files or missing:
        what = f"of {', '.join(sorted(missing))} " if files else ""
        raise InputError(
            str(path),
            f"it holds no street file {what}(named YYYY-MM-FORCE-street.csv)",
            "Tick 'Include crime data' when you download from data.police.uk, and choose the force",
        )
    kept = [file for file in files if not wanted or file.force in wanted]
    return Found(tuple(sorted(kept, key=lambda f: (f.month, f.force, f.name))), tuple(problems))


def _below(folder: Path) -> list[Path]:
    """Every file below a folder, in linked folders too, each once: a link may lead back up."""
    found, seen = [], set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        found += [Path(place, name) for name in names]
    return sorted(found)


def _in_folder(path: Path, problems: list[Problem]) -> list[StreetFile]:
    if not path.is_file():
        if path.is_symlink() and not path.is_dir() and (_STREET.fullmatch(path.name) or path.suffix.lower() == ".zip"):
            raise InputError(str(path), "it is a link to a file that is not there", "Put the file in its place")
        return []
    if path.suffix.lower() == ".zip":
        return _in_zip(path, problems)
    return _by_name(path, "", path.name, path.stat().st_size, problems)


def _in_zip(path: Path, problems: list[Problem]) -> list[StreetFile]:
    if path.stat().st_size == 0:
        raise InputError(str(path), "the file is empty", AGAIN)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise InputError(
            str(path), "the zip is cut short or is not a zip", "Download it again, and let the download finish"
        ) from error
    found = []
    for info in members:
        name = info.filename.rsplit("/", 1)[-1]
        if not info.filename.startswith("__MACOSX/"):
            found += _by_name(path, info.filename, name, info.file_size, problems)
    return found


def _by_name(path: Path, member: str, name: str, size: int, problems: list[Problem]) -> list[StreetFile]:
    match = _STREET.fullmatch(name)
    if match:
        return [StreetFile(path, member, match["month"], match["force"].lower(), size)]
    if name.lower().endswith(".csv") and not _OTHER_KIND.fullmatch(name) and not name.startswith("."):
        problems.append(
            Problem(
                f"{path.name}/{member}" if member else path.name,
                "the file was not read, because its name is not that of a street file",
                "If it is one, name it YYYY-MM-FORCE-street.csv",
                severity="warning",
            )
        )
    return []


def each_month_once(files: Iterable[StreetFile]) -> Found:
    """Leave out a month of a force that is there twice with the same content, with a warning.

    Raises
    ------
    InputError
        When two files for the same month and force differ: only a person can say which is right.
    """
    kept: dict[tuple[str, str], StreetFile] = {}
    problems = []
    for file in files:
        first = kept.setdefault((file.month, file.force), file)
        if first is file:
            continue
        if (first.path, first.member) != (file.path, file.member) and _content(first) != _content(file):
            raise InputError(
                file.name,
                f"it differs from {first.name}, and both are for {file.force} in {file.month}",
                "Keep the one downloaded last and remove the other",
            )
        problems.append(
            Problem(
                file.name,
                f"{file.force} in {file.month} is in {first.name} too, with the same content, so it was read once",
                "Remove one of the two",
                severity="warning",
            )
        )
    return Found(tuple(sorted(kept.values(), key=lambda f: (f.month, f.force))), tuple(problems))


def _content(file: StreetFile) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
    return digest.hexdigest()


# --- reading ----------------------------------------------------------------------------------------------------


def read_street_files(
    files: Sequence[StreetFile],
    reach: Reach,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    crime_types: Mapping[str, tuple[str, str]] | None = None,
    on_file: Callable[[int, int], None] | None = None,
) -> list[FileRead]:
    """Read the files into the table ``street`` of the connection, and say what each held.

    Parameters
    ----------
    files : a month of a force once only; see ``each_month_once``.
    reach : rows within it are kept with their place, the others are counted.
    connection : where the table is made, from ``open_database``.
    folder : for files unpacked from a zip, a batch at a time.
    crime_types : crime types that the catalogue does not know -> dataset and category.
    on_file : called with files read and files in all.

    The table has the columns ``file`` (place in ``files``), ``crime_type`` (text as in the file), ``longitude``,
    ``latitude`` (degrees, NULL where there are none), ``lsoa`` (NULL where blank), ``reach`` ('within': may lie in the
    area; 'beyond': says a place that does not; 'nowhere': has no place) and ``count`` (incidents). Rows 'beyond' and
    'nowhere' are added up without their place.

    Raises
    ------
    InputError
        For the first fault found, with the file and the line.
    """
    types = dict(crime_types or {})
    connection.execute(
        "create or replace table street (file integer, crime_type varchar, longitude double, latitude double, "
        "lsoa varchar, reach varchar, count bigint)"
    )
    connection.execute("create or replace temp table ours (lsoa varchar)")
    if reach.lsoas:
        codes = pd.DataFrame({"lsoa": sorted(reach.lsoas)})
        connection.register("codes", codes)
        connection.execute("insert into ours select lsoa from codes")
        connection.unregister("codes")
    read: list[FileRead] = []
    batches = _batches(files)
    # Unpacking the next batch needs one core for part of the time DuckDB takes over this one.
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(_unpacked, batches[0], folder) if batches else None
        for place in range(len(batches)):
            batch = coming.result()
            coming = pool.submit(_unpacked, batches[place + 1], folder) if place + 1 < len(batches) else None
            try:
                read += _read_batch(connection, batch, len(read), reach, types)
            finally:
                for plain in batch:
                    plain.remove()
            if on_file:
                on_file(len(read), len(files))
    return read


def open_database(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB database that keeps within ``MEMORY_LIMIT`` and uses the folder for what is more."""
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder / "duckdb"),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


@dataclass(frozen=True)
class _PlainFile:
    """A street file as plain CSV on disk, its heading, text encoding and place checked."""

    file: StreetFile
    path: Path
    sha256: str
    publisher: str
    temporary: bool

    def remove(self) -> None:
        if self.temporary:
            self.path.unlink(missing_ok=True)


def _batches(files: Sequence[StreetFile]) -> list[list[StreetFile]]:
    batches: list[list[StreetFile]] = []
    size = 0
    for file in files:
        if not batches or size + file.bytes > BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(file)
        size += file.bytes
    return batches


def _unpacked(batch: Sequence[StreetFile], folder: Path) -> list[_PlainFile]:
    return [_plain(file, folder) for file in batch]


def _plain(file: StreetFile, folder: Path) -> _PlainFile:
    """Unpack one file if it is in a zip; hash it, and check its heading and that it is UTF-8, in the same pass."""
    digest = hashlib.sha256()
    start = b""
    text = True
    path = file.path
    out = None
    # DuckDB takes these characters in a path for a pattern and may read another file, so such a file is copied.
    unpack = bool(file.member) or any(mark in str(path) for mark in "*?[]{}")
    if unpack:
        path = folder / f"{file.month}-{file.force}-street.csv"
        out = path.open("wb")
    try:
        for chunk in _chunks(file):
            start = start or chunk[: LONGEST_LINE * 2]
            digest.update(chunk)
            text = text and chunk.isascii()
            if out:
                out.write(chunk)
    finally:
        if out:
            out.close()
    publisher = _check_start(file, start)
    if not text:
        _check_utf8(file)
    return _PlainFile(file, path, digest.hexdigest(), publisher, unpack)


def _check_start(file: StreetFile, start: bytes) -> str:
    """Check the heading; give the publisher that the first row names, "" where there is no row."""
    if not start.strip():
        raise InputError(file.name, "the file is empty", AGAIN)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(file.name, "the text is UTF-16, not UTF-8", f"{AGAIN}, or save it as 'CSV UTF-8'", 1)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:64].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise InputError(file.name, "it is a web page, not a table", AGAIN, 1)
    lines = start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").splitlines()[:2]
    heading, row = [next(csv.reader([line]), []) if len(line) < LONGEST_LINE else [] for line in [*lines, ""][:2]]
    if tuple(cell.strip() for cell in heading) != HEADING:
        wrong = [name for name in HEADING if name not in [cell.strip() for cell in heading]]
        what = f"it has no column '{wrong[0]}'" if wrong else "its columns are not in the usual order"
        raise InputError(file.name, f"the heading is not that of a street file: {what}", AGAIN, 1)
    return row[2].strip() if len(row) == len(HEADING) else ""


def _check_utf8(file: StreetFile) -> None:
    for number, line in enumerate(_lines(file), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                file.name,
                f"the text is not UTF-8 (byte {line[error.start]:#04x})",
                f"{AGAIN}: it was probably saved by a spreadsheet",
                number,
            ) from error


def _read_batch(
    connection: duckdb.DuckDBPyConnection,
    batch: Sequence[_PlainFile],
    first: int,
    reach: Reach,
    types: dict[str, tuple[str, str]],
) -> list[FileRead]:
    # A month of a force is there once, so the names are unique; a path may come back with other slashes.
    by_name = {plain.path.name: first + place for place, plain in enumerate(batch)}
    names = pd.DataFrame({"name": list(by_name), "file": list(by_name.values())})
    connection.register("names", names)
    try:
        connection.execute(
            "create or replace temp table batch as " + _QUERY, _parameters([str(plain.path) for plain in batch], reach)
        )
        found = connection.execute(
            "select file, month, crime_type, reach, sum(count)::bigint "
            "from batch join names on name = parse_filename(path) group by all"
        ).fetchall()
        connection.execute(
            "insert into street select file, crime_type, longitude, latitude, lsoa, reach, count "
            "from batch join names on name = parse_filename(path)"
        )
    except duckdb.Error as error:
        for plain in batch:
            _raise_first_fault(plain, types)
        # Nothing that we know of is wrong: say what DuckDB says.
        raise InputError(
            ", ".join(plain.file.name for plain in batch[:3]), f"the file cannot be read ({_first_line(error)})", AGAIN
        ) from error
    finally:
        connection.unregister("names")
    read = [FileRead(plain.file, plain.sha256, plain.publisher) for plain in batch]
    for place, month, crime_type, row_reach, count in found:
        plain, of_file = batch[place - first], read[place - first]
        dataset, _ = _dataset(crime_type, types) or ("", "")
        if month != plain.file.month or row_reach == "wrong" or not dataset:
            _raise_first_fault(plain, types)
            raise InputError(plain.file.name, "a row has a month, place or crime type that cannot be right", AGAIN)
        of_file.rows[dataset] = of_file.rows.get(dataset, 0) + count
    return read


_COLUMNS = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in HEADING) + "}"
_BLANK_IF_FAR = "case when reach = 'within' then {column} end as {column}"
_QUERY = f"""
with rows as (
    select filename as path, "Month" as month, "Crime type" as crime_type, "Longitude" as x, "Latitude" as y,
        try_cast("Longitude" as double) as longitude, try_cast("Latitude" as double) as latitude,
        nullif(trim("LSOA code"), '') as lsoa
    from read_csv($paths, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
        columns = {_COLUMNS}, filename = true, max_line_size = {LONGEST_LINE})
), placed as (
    select path, month, crime_type, longitude, latitude, lsoa,
        case
            when (longitude is null and coalesce(trim(x), '') <> '')
                or (latitude is null and coalesce(trim(y), '') <> '')
                or not longitude between {WEST} and {EAST} or not latitude between {SOUTH} and {NORTH} then 'wrong'
            when (longitude between $west and $east and latitude between $south and $north)
                or coalesce(lsoa in (select lsoa from ours), false) then 'within'
            when (longitude is null or latitude is null) and lsoa is null then 'nowhere'
            else 'beyond'
        end as reach
    from rows
)
select path, month, crime_type, {_BLANK_IF_FAR.format(column="longitude")},
    {_BLANK_IF_FAR.format(column="latitude")}, {_BLANK_IF_FAR.format(column="lsoa")}, reach, count(*) as count
from placed group by all
"""


def _parameters(paths: list[str], reach: Reach) -> dict[str, object]:
    west, south, east, north = reach.box
    return {"paths": paths, "west": west, "south": south, "east": east, "north": north}


def _dataset(crime_type: str | None, types: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Dataset and category of a crime type; None when it is not known."""
    if crime_type in types:
        return types[crime_type]
    try:
        return from_police_uk(crime_type or "")
    except KeyError:
        return None


# --- finding what is wrong, slowly ------------------------------------------------------------------------------


def _raise_first_fault(plain: _PlainFile, types: Mapping[str, tuple[str, str]]) -> None:
    """Raise InputError for the first line of the file that is wrong. Returns when none is."""
    file = plain.file
    rows = csv.reader(_text_lines(file))
    start = 1
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise InputError(file.name, f"the line cannot be read as CSV ({error})", AGAIN, start) from error
        if row is None:
            return
        if row and rows.line_num > 1:
            _raise_fault_of_row(file, row, start, types)
        start = rows.line_num + 1


def _raise_fault_of_row(file: StreetFile, row: list[str], line: int, types: Mapping[str, tuple[str, str]]) -> None:
    if len(row) != len(HEADING):
        raise InputError(
            file.name,
            f"the row has {len(row)} values instead of {len(HEADING)}",
            f"The file is damaged: {AGAIN.lower()}",
            line,
        )
    values = dict(zip(HEADING, row, strict=True))
    if values["Month"] != file.month:
        raise InputError(
            file.name,
            f"the month is '{values['Month']}', but the name of the file says {file.month}",
            "Give the file its right name, or download it again",
            line,
        )
    longitude, latitude = (_degrees(file, values[name], name, line) for name in ("Longitude", "Latitude"))
    for value, name, low, high in ((longitude, "longitude", WEST, EAST), (latitude, "latitude", SOUTH, NORTH)):
        if value is not None and not low <= value <= high:
            raise InputError(
                file.name,
                f"the {name} {value:g} is not in the United Kingdom ({low:g} to {high:g})",
                "Check that longitude and latitude have not changed places, or download the file again",
                line,
            )
    if _dataset(values["Crime type"], types) is None:
        raise InputError(
            file.name,
            f"the crime type '{values['Crime type']}' is not known",
            "If data.police.uk has a new type, add it to crime_types of this source in the configuration, with the "
            "category it belongs to",
            line,
        )


def _degrees(file: StreetFile, text: str, name: str, line: int) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise InputError(file.name, f"the {name.lower()} '{text[:40]}' is not a number", AGAIN, line) from None


def _text_lines(file: StreetFile) -> Iterator[str]:
    for number, line in enumerate(_lines(file), start=1):
        yield line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace")


def _lines(file: StreetFile) -> Iterator[bytes]:
    """The lines of a file. Raises InputError at one that is too long to be real."""
    with _opened(file) as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise InputError(
                    file.name,
                    f"the line is longer than {LONGEST_LINE:,} characters",
                    f"The file is damaged: {AGAIN.lower()}",
                    number,
                )
            yield line


def _chunks(file: StreetFile) -> Iterator[bytes]:
    with _opened(file, buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


@contextmanager
def _opened(file: StreetFile, buffering: int = -1) -> Iterator[IO[bytes]]:
    try:
        if not file.member:
            with file.path.open("rb", buffering=buffering) as stream:
                yield stream
            return
        with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as stream:
            yield stream
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError(
            file.name,
            "the file in the zip is damaged or cut short",
            "Download the zip again, and let the download finish",
        ) from error
    except RuntimeError as error:  # what zipfile raises for a zip with a password
        raise InputError(
            file.name, f"the file cannot be taken out of the zip ({error})", "Unpack the zip first"
        ) from error
    except OSError as error:
        raise InputError(file.name, f"the file cannot be read ({error.strerror})", "Check who may read it") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:160]
