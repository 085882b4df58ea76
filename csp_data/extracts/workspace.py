"""A workspace: the folder, on disk or behind any fsspec address, that holds the partnerships' releases."""

import posixpath
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from csp_data.extracts.problems import InputError
from csp_data.extracts.release_log import LOG, Log, read_log
from csp_data.extracts.releases import MANIFEST, Release, open_release


class Workspace:
    """The partnerships under one address, such as ``data`` or ``s3://bucket/community-safety``.

    Nothing is kept: every call reads the address, so that a new release is seen at once.
    """

    def __init__(self, address: str):
        self.address = str(address)
        self.files, self.root = fsspec.url_to_fs(self.address, use_listings_cache=False)

    def partnerships(self) -> list[str]:
        """Ids of the partnerships with a current release, in order of the alphabet.

        Raises
        ------
        InputError
            When the address does not exist or holds no partnership.
        """
        if not self.files.isdir(self.root):
            raise InputError(
                self.address,
                "there is no such workspace",
                "Give the folder that holds one folder a partnership, or make one with 'python -m csp_data demo --out data'",
            )
        folders = (entry["name"] for entry in self.files.ls(self.root, detail=True) if entry["type"] == "directory")
        ids = sorted(posixpath.basename(name.replace("\\", "/").rstrip("/")) for name in folders)
        found = [id for id in ids if self.files.exists(self._path(id, "current"))]
        if not found:
            raise InputError(
                self.address,
                "no partnership in this workspace has a release",
                "Build one with 'python -m csp_data build CONFIG.toml --out WORKSPACE'",
            )
        return found

    def current(self, partnership: str) -> str:
        """Id of the release that is live for a partnership. Raises InputError when there is none."""
        path = self._path(partnership, "current")
        try:
            release_id = self.files.cat_file(path).decode().strip()
        except FileNotFoundError:
            raise InputError(
                f"{self.address}/{partnership}",
                "the partnership is not in this workspace, or has no current release",
                f"Choose one of: {', '.join(self.partnerships())}",
            ) from None
        if not release_id or "/" in release_id or "\\" in release_id or release_id.startswith("."):
            raise InputError(path, "it does not name a release", "Build or publish the release again")
        return release_id

    def releases(self, partnership: str) -> list[str]:
        """Ids of the releases kept for a partnership, oldest first."""
        folder = self._path(partnership, "releases")
        if not self.files.isdir(folder):
            return []
        names = (entry["name"] for entry in self.files.ls(folder, detail=True) if entry["type"] == "directory")
        ids = (posixpath.basename(name.replace("\\", "/").rstrip("/")) for name in names)
        return sorted(id for id in ids if not id.startswith("."))

    def release(self, partnership: str, release_id: str | None = None) -> Release:
        """A release of a partnership: the live one unless another is named.

        Raises
        ------
        InputError
            When the partnership or release does not exist, or its manifest cannot be read or is not the one that the
            log names.
        """
        for name in (partnership, release_id):
            if name is not None and (not name or name.startswith(".") or "/" in name or "\\" in name):
                raise InputError(
                    self.address, f"'{name}' is not the name of a partnership or release", "Give its id alone"
                )
        folder = self._path(partnership, "releases", release_id or self.current(partnership))
        release = open_release(self.files, folder)
        log = self.log(partnership)
        id = posixpath.basename(folder)
        built = log.manifest(id)
        if built and built != release.manifest_sha256:
            raise InputError(
                f"{folder}/{MANIFEST}",
                f"the file was altered: its SHA-256 is not the one that {LOG} names",
                "Restore the file, or make another release the live one",
            )
        release.status = log.status(id, release.status)
        return release

    def log(self, partnership: str) -> Log:
        """What was done with the releases of a partnership, verified. Empty when nothing was."""
        return read_log(self.files, self._path(partnership, LOG))

    @property
    def is_local(self) -> bool:
        """Whether it is a folder on this machine, where releases can be published."""
        return isinstance(self.files, LocalFileSystem)

    def home(self, partnership: str) -> Path:
        """The folder of a partnership, in which releases are published and editions made.

        Raises
        ------
        InputError
            When the workspace is not a folder on this machine, or holds no such partnership.
        """
        if not self.is_local:
            raise InputError(
                self.address,
                "releases can only be published in a folder on this machine",
                "Publish in a folder, then copy it to this address, the file 'current' last",
            )
        home = Path(self.root) / partnership
        if partnership in ("", ".", "..") or Path(partnership).name != partnership or not home.is_dir():
            listed = ", ".join(self.partnerships())
            raise InputError(str(home), "there is no such partnership", f"Choose one of: {listed}")
        return home

    def _path(self, *parts: str) -> str:
        return posixpath.join(self.root, *parts)
