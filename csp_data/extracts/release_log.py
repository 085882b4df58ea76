"""The log of a partnership: who built, published, withdrew and signed what, when and why. Never rewritten, only added to.

``WORKSPACE/<partnership>/log.jsonl`` holds a line of JSON an entry. Each carries its own SHA-256 and that of the entry
before it, so that an entry that was changed, taken out or put in shows. What was cut off at the very end does not show
by itself: note the last SHA-256 elsewhere (it is on the page Releases), as one would the number of the last cheque.

A process that is killed while it adds an entry leaves part of a line. That line is told, and passed over.
"""

import hashlib
import json
import os
import secrets
import socket
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import fsspec

from csp_data.extracts.problems import InputError, Problem

LOG = "log.jsonl"
NOTHING_BEFORE = "0" * 64
"""What the first entry names as the SHA-256 of the entry before it."""
MOVES = ("publish", "withdraw", "rollback")
"""Actions that change what a release is, or which is live."""
ACTIONS: Mapping[str, str] = {
    "build": "Built as a candidate",
    "publish": "Published",
    "withdraw": "Withdrawn",
    "rollback": "Made live again",
    "edition": "Edition made",
    "sign": "Edition signed off",
    "erratum": "Erratum added",
}
"""What an entry can tell, and in which words."""

TURN = ".publishing"
"""File that whoever changes the partnership's releases holds, so that two never do at once."""
PATIENCE = 2.0
"""Seconds to wait for somebody else's turn to end; a turn takes some hundredths of a second."""
FORGOTTEN = 60.0
"""Seconds after which a turn is taken for that of a process that died."""


@dataclass(frozen=True)
class Entry:
    """A line of the log. Fields that an action has no use for are empty."""

    number: int
    time: str
    """UTC, such as "2026-11-22T09:10:00Z"."""
    action: str
    release: str
    name: str
    """Who did it."""
    reason: str
    previous: str
    """The release that was live before."""
    manifest: str
    """SHA-256 of the release's release.json, and for an edition of its edition.toml."""
    edition: str
    authority: str
    """The responsible authority that a sign-off is for."""
    before: str
    """SHA-256 of the entry before."""
    sha256: str
    """SHA-256 of all the fields above, as JSON with the keys in order and no spaces."""


_TEXT = tuple(field.name for field in fields(Entry) if field.type is str)


@dataclass(frozen=True)
class Log:
    """A log as read. ``problems``: where its chain is broken; ``warnings``: lines that a crash left unfinished."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    ended: bool = True
    """Whether the last line is whole."""

    @cached_property
    def moves(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.action in MOVES)

    @property
    def head(self) -> str:
        """SHA-256 of the last entry."""
        return self.entries[-1].sha256 if self.entries else NOTHING_BEFORE

    def last_of(self, release: str) -> Entry | None:
        """The last entry that changed what a release is."""
        return next((entry for entry in reversed(self.moves) if entry.release == release), None)

    def status(self, release: str, built_as: str) -> str:
        """What a release is now, from what its manifest says it was built as."""
        last = self.last_of(release)
        if last is None:
            return built_as
        if last.action == "withdraw":
            return "withdrawn"
        return "demonstration" if built_as == "demonstration" else "published"

    def manifest(self, release: str) -> str:
        """The SHA-256 that a release's release.json must have; "" when the log does not say."""
        told = (e.manifest for e in reversed(self.entries) if e.release == release and e.action in ("build", *MOVES))
        return next((sha256 for sha256 in told if sha256), "")


def read_log(files: fsspec.AbstractFileSystem, path: str) -> Log:
    """Read and verify a log. One that does not exist is empty."""
    try:
        content = files.cat_file(path)
    except FileNotFoundError:
        return Log()
    entries: list[Entry] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    ended = content.endswith(b"\n") or not content
    for row, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        entry = _entry(line)
        if entry is None:
            warnings.append(
                Problem(
                    path,
                    "the line is not whole: whoever wrote it was stopped, and what it tells was not done",
                    "Nothing need be done; later entries do not build on it",
                    row,
                    "warning",
                )
            )
            continue
        fault = _fault(entry, entries[-1] if entries else None)
        if fault:
            problems.append(
                Problem(path, fault, "Restore the log from a copy: it is never changed, only added to", row)
            )
        entries.append(entry)
    return Log(tuple(entries), tuple(problems), tuple(warnings), ended)


def _entry(line: bytes) -> Entry | None:
    try:
        told = json.loads(line)
        return Entry(number=int(told["number"]), **{name: str(told[name]) for name in _TEXT})
    except (ValueError, KeyError, TypeError):
        return None


def _fault(entry: Entry, last: Entry | None) -> str:
    if _sha256_of(entry) != entry.sha256:
        return f"entry {entry.number} is not as it was written: its SHA-256 is another"
    if entry.before != (last.sha256 if last else NOTHING_BEFORE):
        return f"entry {entry.number} does not follow on the entry before it: one was changed, taken out or put in"
    if entry.number != (last.number if last else 0) + 1:
        return f"entry {entry.number} comes after entry {last.number if last else 0}"
    return ""


def _sha256_of(entry: Entry) -> str:
    told = {field.name: getattr(entry, field.name) for field in fields(Entry) if field.name != "sha256"}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(home: Path, action: str, release: str, name: str, reason: str, **more: str) -> Entry:
    """Add an entry to the log of a partnership's folder, flushed to disk. Only for whoever holds the turn (``turn``).

    Raises
    ------
    InputError
        When the chain of the log is broken: what would be added could not be trusted either.
    """
    path = home / LOG
    log = read_log(fsspec.filesystem("file"), str(path))
    if log.problems:
        first = log.problems[0]
        raise InputError(
            first.file,
            first.what,
            "Restore the log from a copy before anything else is done, or keep it under another name to start a new one",
            first.row,
        )
    told = dict.fromkeys(_TEXT, "") | more | {"action": action, "release": release, "name": name, "reason": reason}
    told |= {"time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "before": log.head}
    unsigned = Entry(number=log.entries[-1].number + 1 if log.entries else 1, **told)
    entry = replace(unsigned, sha256=_sha256_of(unsigned))
    line = json.dumps(vars(entry), ensure_ascii=False)
    _append(path, f"{'' if log.ended else chr(10)}{line}\n".encode())
    return entry


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


# One at a time


@contextmanager
def turn(home: Path, name: str, patience: float = PATIENCE) -> Generator[None]:
    """Hold the partnership's folder while its log and live release are changed. A turn left by a process that died, on
    this machine or for longer than a minute, is taken over.

    Raises
    ------
    InputError
        When somebody else has it, told with who and since when.
    """
    place = home / TURN
    mine = {
        "name": name,
        "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        **_process(),
        "ticket": secrets.token_hex(8),
    }
    until = time.monotonic() + patience
    while not _taken(place, json.dumps(mine, ensure_ascii=False).encode()):
        holder = _holder(place)
        if holder is not None and _is_dead(holder, place):
            _clear(place, holder)
        elif time.monotonic() > until:
            who, since = (holder or {}).get("name", "somebody else"), (holder or {}).get("since", "this moment")
            raise InputError(
                str(home), f"{who} has been changing the releases since {since}", "Look at the log, then try again"
            )
        else:
            time.sleep(0.02)
    try:
        yield
    finally:
        if (_holder(place) or {}).get("ticket") == mine["ticket"]:
            place.unlink(missing_ok=True)


def _taken(place: Path, content: bytes) -> bool:
    """Try to put the file there, with its content, if there is none: in one step where the file system can link."""
    making = place.with_name(f"{TURN}-{secrets.token_hex(8)}")
    making.write_bytes(content)
    try:
        os.link(making, place)
    except FileExistsError:
        return False
    except OSError:  # A file system without links.
        try:
            with place.open("xb") as file:
                file.write(content)
        except FileExistsError:
            return False
    finally:
        making.unlink(missing_ok=True)
    for left in place.parent.glob(f"{TURN}-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > FORGOTTEN:
                left.unlink()
    return True


def _holder(place: Path) -> dict[str, Any] | None:
    """What the file of the turn says; None when it is gone, empty when it cannot be read."""
    try:
        told = json.loads(place.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _is_dead(holder: dict[str, Any], place: Path) -> bool:
    if os.name == "posix" and holder.get("host") == socket.gethostname() and isinstance(holder.get("process"), int):
        try:
            os.kill(holder["process"], 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass
    try:
        return time.time() - place.stat().st_mtime > FORGOTTEN
    except FileNotFoundError:
        return False


def _clear(place: Path, dead: dict[str, Any]) -> None:
    """Take the file of a dead turn away; somebody who was quicker, and has begun a turn since, gets it back."""
    aside = place.with_name(f"{TURN}-{secrets.token_hex(8)}")
    try:
        place.rename(aside)
    except FileNotFoundError:
        return
    if _holder(aside) != dead:
        with suppress(OSError):
            os.link(aside, place)
    aside.unlink(missing_ok=True)


def _process() -> dict[str, Any]:
    return {"host": socket.gethostname(), "process": os.getpid()}


def signed_by(name: str, reason: str) -> tuple[str, str]:
    """A name and a reason without spaces round them. Raises InputError when one is empty."""
    for what, text in (("name", name), ("reason", reason)):
        if not text.strip():
            raise InputError(what, f"the {what} is empty", f"Give a {what}: it goes into the log and stays there")
    return " ".join(name.split()), " ".join(reason.split())
