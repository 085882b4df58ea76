"""Releases: sets of extracts that belong together, written whole or not at all, and read a column at a time.

A release is written into a temporary folder beside its place, flushed to disk, and renamed; the file ``current`` is
then replaced in one step. Whoever reads meanwhile, or after a crash at any point, finds the old release whole.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import geopandas
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

import csp_data
from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS
from csp_data.catalogue.partnerships import Partnership, partnership_from_toml, partnership_to_toml
from csp_data.catalogue.statuses import notice
from csp_data.extracts.problems import InputError, Problem

MANIFEST = "release.json"
RESTORE = "Restore the file, or make another release the live one"
PARTNERSHIP_FILE = "partnership.toml"
CURRENT = "current"
FORMAT = 1
MAKING = ".making-"
"""What the name of a folder starts with in which a release is being written."""
ABANDONED = 24 * 60 * 60
"""Seconds after which a folder in which nothing changed was left by a process that was killed."""
_ROW_GROUP = 64_000


class Release:
    """A release that can be read. Tables are read when asked for, and only the columns and rows asked for."""

    def __init__(
        self, files: fsspec.AbstractFileSystem, folder: str, manifest: dict[str, Any], partnership: Partnership
    ):
        self.files = files
        self.folder = folder
        self.manifest = manifest
        self.partnership = partnership
        self.status: str = manifest.get("status", "")
        """ "published", "candidate", "withdrawn" or "demonstration": as built, or as the log says since (``Workspace``)."""
        self.manifest_sha256 = ""

    @property
    def id(self) -> str:
        return self.manifest["release"]

    @property
    def notice(self) -> str:
        """What every page and export of this release must say; empty for a published one. What was built as a
        demonstration says so whatever became of it."""
        built_as = self.manifest.get("status", "")
        always = (built_as,) if built_as == "demonstration" else ()
        return ". ".join(notice(status) for status in dict.fromkeys((self.status, *always)))

    def has(self, dataset: str) -> bool:
        return dataset in self.manifest["extracts"]

    def extract(self, dataset: str) -> dict[str, Any]:
        """What the manifest says of a dataset: rows, months, sources, hashes, where its rows were placed."""
        try:
            return self.manifest["extracts"][dataset]
        except KeyError:
            raise InputError(
                f"{self.folder}/{MANIFEST}",
                f"the release has no extract '{dataset}'",
                f"It holds {', '.join(sorted(self.manifest['extracts']))}: add a source for it to the build",
            ) from None

    def damage(self) -> list[Problem]:
        """Files that are missing, or are not those that were built. Reads every file whole."""
        found = []
        for name, extract in self.manifest["extracts"].items():
            path = f"{self.folder}/{extract.get('file')}"
            try:
                content = self.files.cat_file(path)
            except OSError:
                found.append(Problem(path, f"the file of '{name}' is missing", RESTORE))
                continue
            if hashlib.sha256(content).hexdigest() != extract.get("sha256"):
                what = "the file is missing or damaged: its SHA-256 is not that of release.json"
                found.append(Problem(path, what, RESTORE))
        return found

    def months(self, dataset: str) -> list[str]:
        """The months ("2019-04") that the dataset covers. Empty when the release lacks the dataset."""
        return list(self.extract(dataset).get("months", [])) if self.has(dataset) else []

    def read(
        self, dataset: str, columns: Sequence[str] | None = None, filters: list[tuple] | None = None
    ) -> pd.DataFrame | geopandas.GeoDataFrame:
        """The rows of a dataset, under its contract; the codes of the counts as categories.

        Parameters
        ----------
        columns : only these columns are read; those of the contract when None. Without "geometry" the boundaries are
            a plain table.
        filters : conditions as ``pyarrow.parquet`` takes them; row groups they rule out are not read.

        Raises
        ------
        InputError
            When the file is missing or damaged.
        """
        path = f"{self.folder}/{self.extract(dataset)['file']}"
        wanted = list(columns) if columns else list(DATASETS[dataset].column_names)
        try:
            # Without read-ahead: a remote file then gives the parts asked for, and not all that lies between them.
            with self.files.open(path, "rb", cache_type="none") as file:
                if "geometry" in wanted:
                    return geopandas.read_parquet(file, columns=wanted, filters=filters)
                # Codes that repeat over many rows come as categories: a tenth of the memory, and grouped at once.
                codes = list(DATASETS[dataset].key) if dataset in COUNT_DATASETS else None
                return pq.read_table(file, columns=wanted, filters=filters, read_dictionary=codes).to_pandas()
        except (OSError, pa.ArrowException, ValueError) as error:
            raise InputError(
                path, f"the file is missing or damaged ({_first_line(error)})", "Build or restore the release"
            ) from error


def open_release(files: fsspec.AbstractFileSystem, folder: str) -> Release:
    """The release in a folder. Raises InputError when it has no manifest or one that cannot be read."""
    path = f"{folder}/{MANIFEST}"
    try:
        described = files.cat_file(path)
        manifest = json.loads(described)
        content = tomllib.loads(files.cat_file(f"{folder}/{PARTNERSHIP_FILE}").decode())
    except FileNotFoundError as error:
        raise InputError(
            path, "the release is missing or not whole", "Name another release, or build this one again"
        ) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(
            path, f"the release's description cannot be read ({_first_line(error)})", "Restore the file or build again"
        ) from error
    if manifest.get("format") != FORMAT:
        raise InputError(
            path,
            f"the release has format {manifest.get('format')!r}, and this version of the product reads format {FORMAT}",
            "Build the release again",
        )
    release = Release(files, folder, manifest, partnership_from_toml(content))
    release.manifest_sha256 = hashlib.sha256(described).hexdigest()
    return release


def write_release(
    workspace: str | Path,
    partnership: Partnership,
    tables: dict[str, pd.DataFrame],
    manifest: dict[str, Any],
    make_current: bool = True,
    accept: Callable[[Release], None] | None = None,
) -> str:
    """Write a release and, unless told otherwise, make it the live one. Returns its id.

    Parameters
    ----------
    workspace : a folder on this machine; made when missing.
    tables : dataset name -> table under its contract.
    manifest : what the builder knows: ``extracts`` (months, sources, placed, disclosure a dataset), and optionally
        ``release``, ``status``, ``built_at``, ``built_by``. File names, row counts and hashes are added here.
    accept : looks at the release once it is written and before anybody can see it; what it raises leaves nothing behind.

    Raises
    ------
    InputError
        When the release id exists already, or the workspace cannot be written to.
    """
    try:
        return _write_release(Path(workspace), partnership, tables, manifest, make_current, accept)
    except OSError as error:
        raise InputError(
            str(workspace),
            f"the release cannot be written ({error.strerror}{f': {error.filename}' if error.filename else ''})",
            "Name a folder that may be written to, with room for it",
        ) from error


def _write_release(
    workspace: Path,
    partnership: Partnership,
    tables: dict[str, pd.DataFrame],
    manifest: dict[str, Any],
    make_current: bool,
    accept: Callable[[Release], None] | None,
) -> str:
    home = workspace / partnership.id
    built_at = manifest.get("built_at") or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    release_id = manifest.get("release") or _free_id(home, built_at.replace(":", "").rstrip("Z"))
    place = home / "releases" / release_id
    if place.exists():
        raise InputError(str(place), "a release of this name exists already", "Remove it first, or name another")
    new_folders = [folder for folder in (place.parent, home, workspace) if not folder.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(place.parent)
    hidden = Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent))
    making = hidden / release_id
    try:
        making.mkdir()
        extracts = {}
        for name, table in tables.items():
            dataset = DATASETS[name]
            content = _parquet(name, table[list(dataset.column_names)])
            _write(making / dataset.file, content)
            extracts[name] = manifest.get("extracts", {}).get(name, {}) | {
                "file": dataset.file,
                "rows": len(table),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        description = {
            "format": FORMAT,
            "status": "published",
            "built_by": "",
            "build_version": csp_data.__version__,
            **{key: value for key, value in manifest.items() if key != "extracts"},
            "release": release_id,
            "partnership": partnership.id,
            "built_at": built_at,
            "extracts": extracts,
        }
        _write(making / PARTNERSHIP_FILE, tomli_w.dumps(partnership_to_toml(partnership)).encode())
        _write(making / MANIFEST, (json.dumps(description, indent=1, ensure_ascii=False, default=str) + "\n").encode())
        making.chmod(0o755)
        _sync_folder(making)
        if accept:
            accept(open_release(fsspec.filesystem("file"), str(making)))
        making.rename(place)
        _sync_folder(place.parent)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        for folder in new_folders:
            with suppress(OSError):
                folder.rmdir()
        raise
    shutil.rmtree(hidden, ignore_errors=True)
    if make_current:
        set_current(workspace, partnership.id, release_id)
    return release_id


def _clear_abandoned(releases: Path) -> None:
    """Remove what killed processes left; another process may be writing in a folder that is young."""
    for folder in releases.glob(f"{MAKING}*"):
        with suppress(OSError):
            if time.time() - max(path.stat().st_mtime for path in (folder, *folder.rglob("*"))) > ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)


def set_current(workspace: str | Path, partnership: str, release_id: str) -> None:
    """Make a release the live one, in one step. Raises InputError when it does not exist."""
    home = Path(workspace) / partnership
    if not (home / "releases" / release_id / MANIFEST).exists():
        raise InputError(str(home / "releases" / release_id), "there is no such release", "Name one that exists")
    # The copy is for people who look into the folder; a release is always read with its own.
    _replace(home / PARTNERSHIP_FILE, (home / "releases" / release_id / PARTNERSHIP_FILE).read_bytes())
    _replace(home / CURRENT, f"{release_id}\n".encode())


def _free_id(home: Path, wanted: str) -> str:
    """The id, with a number behind it when another release was built in the same second."""
    names = (wanted, *(f"{wanted}-{n}" for n in range(2, 1_000)))
    return next(name for name in names if not (home / "releases" / name).exists())


def _parquet(name: str, table: pd.DataFrame) -> bytes:
    """The same table gives the same bytes: no index, no time of writing."""
    buffer = io.BytesIO()
    if name == "areas":
        geopandas.GeoDataFrame(table, crs="EPSG:4326").to_parquet(buffer, compression="zstd", index=False)
    else:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        pq.write_table(arrow, buffer, compression="zstd", compression_level=9, row_group_size=_ROW_GROUP)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step: a reader sees the old content or the new."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    making = Path(name)
    try:
        _write(making, content)
        making.chmod(0o644)
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder; its renames are journalled.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
