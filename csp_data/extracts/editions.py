"""Editions: a release with its text frozen under a name, such as "Strategic Assessment 2025", signed off and kept.

``WORKSPACE/<partnership>/editions/<slug>/`` holds ``edition.toml`` (name, release, SHA-256 of the release's description
and of every file of the text, and the headline figures as the public could see them) and the text itself. Nothing in it
changes once it is made. Who signed it off for which responsible authority, and errata, are entries of the partnership's
log (``release_log``), so that they are dated, in order and cannot be changed unseen either.
"""

import hashlib
import posixpath
import re
import shutil
import tempfile
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from csp_data.catalogue.statuses import GOOD
from csp_data.extracts.problems import InputError, Problem
from csp_data.extracts.release_log import Entry, append, signed_by, turn
from csp_data.extracts.releases import MAKING, _sync_folder, _write
from csp_data.extracts.workspace import Workspace

FOLDER = "editions"
FILE = "edition.toml"


@dataclass(frozen=True)
class Edition:
    """An edition as it stands in its folder and in the log. ``problems``: what was changed or lost since it was made."""

    slug: str
    name: str
    release: str
    made: Entry
    """The log's entry of its making: who, when and why."""
    texts: Mapping[str, str]
    """File of the text -> SHA-256."""
    figures: tuple[Mapping[str, Any], ...]
    """The headline figures as they were when it was made; see ``analysis.editions``."""
    signed: tuple[Entry, ...] = ()
    errata: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


def make_edition(
    workspace: str | Path,
    partnership: str,
    release: str,
    title: str,
    texts: Mapping[str, bytes],
    figures: Sequence[Mapping[str, Any]],
    name: str,
    reason: str,
) -> Edition:
    """Freeze a published release and its text under a name.

    Parameters
    ----------
    title : the edition's name; its folder is made of it.
    texts : file name -> content: Markdown, or documents as they were uploaded. May be empty.
    figures : headline figures as the public may see them, from ``analysis.editions.headline_figures``.
    name, reason : who makes it, and why.

    Raises
    ------
    InputError
        When there is such an edition already, or the release was never published, is withdrawn or damaged.
    """
    name, reason = signed_by(name, reason)
    held = Workspace(str(workspace))
    home = held.home(partnership)
    slug = slug_of(title)
    if not slug:
        raise InputError("title", "the edition has no name", "Give one, such as Strategic Assessment 2025")
    frozen = held.release(partnership, release)
    if frozen.status not in GOOD:
        raise InputError(frozen.folder, f"the release is '{frozen.status}', not published", "Publish it first")
    for problem in frozen.damage():
        raise InputError(problem.file, problem.what, problem.remedy)
    named: dict[str, bytes] = {}
    for file, text in texts.items():
        if _file_name(file) in named:
            what = f"two files of the text have the name '{_file_name(file)}'"
            raise InputError(file, what, "Give each a name of its own")
        named[_file_name(file)] = text
    about = {
        "name": " ".join(title.split()),
        "release": release,
        "manifest": frozen.manifest_sha256,
        "texts": {file: hashlib.sha256(content).hexdigest() for file, content in named.items()},
        "figures": [{key: value for key, value in figure.items() if value is not None} for figure in figures],
    }
    content = tomli_w.dumps(about).encode()
    place = home / FOLDER / slug
    with turn(home, name):
        if any(entry.action == "edition" and entry.edition == slug for entry in held.log(partnership).entries):
            raise InputError(str(place), "there is an edition of this name already", "Give another name")
        place.parent.mkdir(exist_ok=True)
        if place.exists():  # Left by a process that died before the log told of it: it never was an edition.
            shutil.rmtree(place)
        hidden = Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent))
        try:
            making = hidden / slug
            making.mkdir()
            for file, text in named.items():
                _write(making / file, text)
            _write(making / FILE, content)
            _sync_folder(making)
            making.rename(place)
            _sync_folder(place.parent)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)
        append(home, "edition", release, name, reason, edition=slug, manifest=hashlib.sha256(content).hexdigest())
    return edition_named(held, partnership, slug)


def sign(workspace: str | Path, partnership: str, slug: str, name: str, authority: str, statement: str = "") -> Entry:
    """Sign an edition off for a responsible authority.

    Raises
    ------
    InputError
        When there is no such edition or authority, it was changed since it was made, or is signed for this authority.
    """
    name, statement = signed_by(name, statement or "Signed off as published")
    held = Workspace(str(workspace))
    home = held.home(partnership)
    with turn(home, name):
        edition = edition_named(held, partnership, slug)
        for problem in edition.problems:
            raise InputError(problem.file, problem.what, problem.remedy)
        authorities = held.release(partnership, edition.release).partnership.responsible_authorities
        if authorities and authority not in authorities:
            raise InputError(
                edition.name, f"'{authority}' is no responsible authority", f"Choose one of: {', '.join(authorities)}"
            )
        for entry in edition.signed:
            if entry.authority == authority:
                what = f"{entry.name} signed it off for {authority} at {entry.time}"
                raise InputError(edition.name, what, "Nothing need be done")
        return append(home, "sign", edition.release, name, statement, edition=slug, authority=authority)


def add_erratum(workspace: str | Path, partnership: str, slug: str, name: str, text: str) -> Entry:
    """Add to the errata of an edition: dated, and shown with it ever after. The edition itself stays as it was."""
    name, text = signed_by(name, text)
    held = Workspace(str(workspace))
    home = held.home(partnership)
    with turn(home, name):
        edition = edition_named(held, partnership, slug)
        return append(home, "erratum", edition.release, name, text, edition=slug)


def editions(workspace: Workspace, partnership: str) -> list[Edition]:
    """The editions of a partnership, newest first."""
    made = [entry.edition for entry in workspace.log(partnership).entries if entry.action == "edition"]
    return [edition_named(workspace, partnership, slug) for slug in reversed(made)]


def edition_named(workspace: Workspace, partnership: str, slug: str) -> Edition:
    """An edition, with what is wrong with it if its files are not as they were. Raises InputError when there is none."""
    entries = workspace.log(partnership).entries
    made = next((entry for entry in entries if entry.action == "edition" and entry.edition == slug), None)
    if made is None:
        named = ", ".join(entry.edition for entry in entries if entry.action == "edition") or "none yet"
        raise InputError(f"{partnership}/{FOLDER}/{slug}", "there is no such edition", f"Choose one of: {named}")
    told = [entry for entry in entries if entry.edition == slug]
    about: dict[str, Any] = {}
    problems = []
    file = _path(workspace, partnership, slug, FILE)
    try:
        content = workspace.files.cat_file(file)
        if hashlib.sha256(content).hexdigest() != made.manifest:
            problems.append(Problem(file, "it was changed since the edition was made", "Restore it from a copy"))
        about = tomllib.loads(content.decode())
    except FileNotFoundError:
        problems.append(Problem(file, "the file is missing", "Restore it from a copy"))
    except ValueError as error:
        problems.append(Problem(file, f"it cannot be read ({error})", "Restore it from a copy"))
    for text, sha256 in about.get("texts", {}).items():
        problems += _changed(workspace, _path(workspace, partnership, slug, text), sha256, "the text of the edition")
    folder = posixpath.join(workspace.root, partnership, "releases", made.release)
    manifest = about.get("manifest", "")
    problems += (
        _changed(workspace, f"{folder}/release.json", manifest, "the release of the edition") if manifest else []
    )
    return Edition(
        slug=slug,
        name=about.get("name", slug),
        release=made.release,
        made=made,
        texts=about.get("texts", {}),
        figures=tuple(about.get("figures", ())),
        signed=tuple(entry for entry in told if entry.action == "sign"),
        errata=tuple(entry for entry in told if entry.action == "erratum"),
        problems=tuple(problems),
    )


def text_of(workspace: Workspace, partnership: str, edition: Edition, file: str) -> bytes:
    """The content of a file of an edition's text. Raises InputError when it is missing or was changed."""
    path = _path(workspace, partnership, edition.slug, file)
    for problem in _changed(workspace, path, edition.texts.get(file, ""), "the text of the edition"):
        raise InputError(problem.file, problem.what, problem.remedy)
    return workspace.files.cat_file(path)


def slug_of(title: str) -> str:
    """The name of an edition's folder: "Strategic Assessment 2025" gives "strategic-assessment-2025"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]


def _file_name(file: str) -> str:
    """A file name that cannot lead out of the folder, nor take the place of edition.toml."""
    base = file.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = base.rpartition(".")
    return f"text-{slug_of(stem if dot else base) or 'of-the-edition'}{'.' + slug_of(suffix) if dot else ''}"


def _changed(workspace: Workspace, path: str, sha256: str, what: str) -> list[Problem]:
    try:
        content = workspace.files.cat_file(path)
    except FileNotFoundError:
        return [Problem(path, f"{what} is missing", "Restore it from a copy")]
    if hashlib.sha256(content).hexdigest() != sha256:
        return [Problem(path, f"{what} was changed since the edition was made", "Restore it from a copy")]
    return []


def _path(workspace: Workspace, partnership: str, slug: str, file: str) -> str:
    return posixpath.join(workspace.root, partnership, FOLDER, slug, file)
