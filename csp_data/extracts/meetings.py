"""What is said at meetings: notes, decisions and actions, kept beside the release that was shown.

A file a release, ``WORKSPACE/PARTNERSHIP/meetings/RELEASE/notes.jsonl``, with one entry a line. Lines are only ever added
at the end, each in one write that is flushed to disk, so that two people who write at once are both kept and a crash can
lose no earlier entry. Text is kept as it was typed: whoever shows it must escape it.
"""

import json
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from fsspec.implementations.local import LocalFileSystem

from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace

Kind = Literal["note", "decision", "action"]
KINDS: tuple[str, ...] = get_args(Kind)
LONGEST_TEXT = 4_000
"""Characters of an entry."""
LONGEST_NAME = 200
FOLDER = "meetings"
FILE = "notes.jsonl"

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of a line: nobody types them."""


@dataclass(frozen=True)
class Entry:
    """One thing said. ``time`` is when it was written, in UTC ("2026-01-31T14:05:09Z"); ``screen`` the id of the screen
    and ``heading`` its title; ``who`` may be "", ``meeting`` is the day of the meeting ("2026-01-31"); ``id`` is given by
    the sender, so that one that is sent again is kept once."""

    time: str
    screen: str
    heading: str
    kind: str
    text: str
    who: str
    meeting: str
    id: str


@dataclass(frozen=True)
class Kept:
    """The entries of a release, the first first. ``damaged`` counts lines that could not be read."""

    entries: tuple[Entry, ...] = ()
    damaged: int = 0


def writable(workspace: Workspace) -> bool:
    """Whether notes can be kept: the workspace is a folder on this machine that may be written to."""
    return isinstance(workspace.files, LocalFileSystem) and os.access(workspace.root, os.W_OK)


def read(workspace: Workspace, partnership: str, release: str) -> Kept:
    """What was said at meetings about a release; nothing when there were none.

    Raises
    ------
    InputError
        When the file is there and cannot be read.
    """
    if not isinstance(workspace.files, LocalFileSystem):
        return Kept()
    path = _path(workspace, partnership, release)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Kept()
    except OSError as error:
        raise InputError(
            str(path), f"the notes cannot be read ({error.strerror})", "Ask for the right to read it"
        ) from error
    found: dict[str, Entry] = {}
    damaged = 0
    for line in content.split(b"\n"):
        if line.strip():
            entry = _entry(line)
            if entry is None:
                damaged += 1
            else:
                found.setdefault(entry.id, entry)
    return Kept(tuple(found.values()), damaged)


def add(
    workspace: Workspace,
    partnership: str,
    release: str,
    *,
    screen: str,
    heading: str,
    kind: str,
    text: str,
    who: str = "",
    meeting: str = "",
    id: str = "",
) -> Entry:
    """Keep one note, decision or action. Gives the entry as it is kept.

    Parameters
    ----------
    meeting : the day of the meeting ("2026-01-31"); today when "".
    id : of the sender. An entry whose id is kept already is not kept again.

    Raises
    ------
    InputError
        When the text is empty or too long, the kind or day is none, or the file cannot be written: nothing is kept then.
    """
    now = datetime.now(UTC)
    clean = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    where = "The note"
    if not clean:
        raise InputError(where, "it has no text", "Type what was said")
    if len(clean) > LONGEST_TEXT:
        raise InputError(
            where, f"it has {len(clean):,} characters, and {LONGEST_TEXT:,} is the most", "Write it in parts"
        )
    if kind not in KINDS:
        raise InputError(where, f"'{kind}' is no kind of note", f"Choose one of: {', '.join(KINDS)}")
    try:
        day = date.fromisoformat(meeting).isoformat() if meeting else now.date().isoformat()
    except ValueError:
        raise InputError(where, f"'{meeting[:20]}' is no day", "Write the day of the meeting like 2026-01-31") from None
    entry = Entry(
        time=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        screen=_name(screen),
        heading=_name(heading),
        kind=kind,
        text=clean,
        who=_name(who),
        meeting=day,
        id=_name(id) or f"{now.timestamp():.6f}-{os.getpid()}",
    )
    path = _path(workspace, partnership, release)
    if not isinstance(workspace.files, LocalFileSystem):
        raise InputError(
            workspace.address, "notes are kept only in a workspace on this machine", "Run the dashboard on a folder"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as handle:
            if entry.id not in {each.id for each in read(workspace, partnership, release).entries}:
                _append(handle, json.dumps(asdict(entry), ensure_ascii=False).encode())
    except OSError as error:
        raise InputError(
            str(path),
            f"the note cannot be kept ({error.strerror})",
            "Copy the text, and let the dashboard write to this folder or make room for it",
        ) from error
    return entry


def _append(handle: int, line: bytes) -> None:
    """One line in one write. What a killed process left of a line is closed first, so that it spoils no other."""
    end = os.lseek(handle, 0, os.SEEK_END)
    if end:
        os.lseek(handle, end - 1, os.SEEK_SET)
        if os.read(handle, 1) != b"\n":
            line = b"\n" + line
    line += b"\n"
    written = os.write(handle, line)
    if written != len(line):
        raise OSError(28, "No space left on device")
    os.fsync(handle)


@contextmanager
def _locked(path: Path) -> Generator[int]:
    """The file open for adding at its end, for this process alone until it is closed."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    try:
        _lock(handle)
        yield handle
    finally:
        os.close(handle)  # which also gives up the lock


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: adding at the end keeps both entries there too
        return
    fcntl.flock(handle, fcntl.LOCK_EX)


def _entry(line: bytes) -> Entry | None:
    try:
        found: Any = json.loads(line)
        entry = Entry(**{field.name: found[field.name] for field in fields(Entry)})
        date.fromisoformat(entry.meeting)
    except (ValueError, KeyError, TypeError):
        return None
    texts = all(isinstance(value, str) for value in asdict(entry).values())
    return entry if texts and entry.kind in KINDS else None


def _name(text: str) -> str:
    return " ".join(_NOT_TEXT.sub(" ", text).split())[:LONGEST_NAME]


def _path(workspace: Workspace, partnership: str, release: str) -> Path:
    for name in (partnership, release):
        if not name or name.startswith(".") or "/" in name or "\\" in name:
            raise InputError(workspace.address, f"'{name}' is not the name of a partnership or release", "Give its id")
    return Path(workspace.root) / partnership / FOLDER / release / FILE
