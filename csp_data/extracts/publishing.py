"""From candidate to published, withdrawn, and back: who may see which release as what, and the log that tells why.

A build writes a candidate. ``publish`` makes it the live release, ``rollback`` makes one live again that was so before,
``withdraw`` says that a release must not be used. None of them changes a file of a release: what a release is now stands
in the log (``release_log``), and which is live in the file ``current``, replaced in one step after the log is on disk. A
process that is killed between the two leaves the old release live and the log saying so much; publishing again mends it.

Two people at once: a folder's log and ``current`` are changed by one at a time, and only while they are as that person
saw them; the other is told who was first and when. This holds for folders on one machine and for network drives that make
files in one step. Behind other fsspec addresses (S3 and the like) nothing can be published, only read: publish in a
folder and copy it there, ``current`` last.
"""

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from csp_data.catalogue.partnerships import Partnership
from csp_data.catalogue.statuses import GOOD
from csp_data.extracts.checks import check_release
from csp_data.extracts.editions import edition_named
from csp_data.extracts.problems import InputError
from csp_data.extracts.release_log import Entry, Log, append, signed_by, turn
from csp_data.extracts.releases import CURRENT, Release, set_current, write_release
from csp_data.extracts.workspace import Workspace

FIRST_REASON = "The first release of this partnership"


@dataclass(frozen=True)
class Standing:
    """A release and what it is now."""

    id: str
    status: str
    """As ``catalogue.statuses``; "damaged" when its description cannot be read."""
    live: bool
    built_at: str
    built_by: str
    last: Entry | None
    """The last entry of the log that says what it is."""
    editions: tuple[str, ...] = ()
    """Names of the editions that are made of it."""


def standings(workspace: Workspace, partnership: str) -> list[Standing]:
    """The releases of a partnership, newest first."""
    log, live = workspace.log(partnership), live_release(workspace, partnership)
    named: dict[str, list[str]] = {}
    for entry in log.entries:
        if entry.action == "edition":
            named.setdefault(entry.release, []).append(edition_named(workspace, partnership, entry.edition).name)
    found = []
    for id in reversed(workspace.releases(partnership)):
        try:
            release = workspace.release(partnership, id)
            status, about = release.status, release.manifest
        except InputError:
            status, about = "damaged", {}
        built_in = next((entry for entry in log.entries if entry.action == "build" and entry.release == id), None)
        last, editions = log.last_of(id) or built_in, tuple(named.get(id, ()))
        built = str(about.get("built_at", "")), str(about.get("built_by", ""))
        found.append(Standing(id, status, id == live, *built, last, editions))
    return found


def live_release(workspace: Workspace, partnership: str) -> str:
    """Id of the live release; "" when there is none yet."""
    if not workspace.files.exists(f"{workspace.root}/{partnership}/{CURRENT}"):
        return ""
    return workspace.current(partnership)


def last_good(workspace: Workspace, partnership: str, besides: str = "") -> str:
    """The newest release, other than one, that was published, was not withdrawn and is whole; "" when there is none."""
    for standing in standings(workspace, partnership):
        if standing.id == besides or standing.status not in GOOD:
            continue
        try:
            if not workspace.release(partnership, standing.id).damage():
                return standing.id
        except InputError:
            continue
    return ""


def add_release(
    workspace: str | Path,
    partnership: Partnership,
    tables: dict[str, pd.DataFrame],
    manifest: dict[str, Any],
    accept: Any = None,
    publish_at_once: bool = False,
    name: str = "",
    reason: str = "",
) -> tuple[str, bool]:
    """Write a release as a candidate. The first of a partnership goes live at once, and any when that is asked for.

    Returns its id and whether it is live. The rest is as ``releases.write_release``.
    """
    release = write_release(
        workspace, partnership, tables, {**manifest, "status": "candidate"}, make_current=False, accept=accept
    )
    held, home = Workspace(str(workspace)), Path(workspace) / partnership.id
    name = name.strip() or whoever()
    written = held.release(partnership.id, release)
    with turn(home, name):
        append(home, "build", release, name, str(manifest.get("built_by", "")), manifest=written.manifest_sha256)
    live = live_release(held, partnership.id)
    if live and not publish_at_once:
        return release, False
    publish(
        workspace, partnership.id, release, name, reason.strip() or ("Built to be published" if live else FIRST_REASON)
    )
    return release, True


def publish(
    workspace: str | Path, partnership: str, release: str, name: str, reason: str, expected: str | None = None
) -> Entry:
    """Make a candidate the live release.

    Parameters
    ----------
    name, reason : who does it, and why; both go into the log.
    expected : the release that was live when this person looked; the one that is live now when None.

    Raises
    ------
    InputError
        When the check finds what stops publication, when the release is live already, or when somebody else was first.
    """
    desk = _Desk(workspace, partnership, name, reason, expected)
    found = desk.release(release)
    if release == desk.seen and found.status in GOOD:
        raise InputError(found.folder, f"the release is live already{desk.told_of(release)}", "Name another release")
    for problem in check_release(found).problems:
        raise InputError(problem.file, problem.what, problem.remedy, problem.row)
    return desk.move("publish", found, make_live=True)


def rollback(
    workspace: str | Path, partnership: str, release: str, name: str, reason: str, expected: str | None = None
) -> Entry:
    """Make a release live again that was published before. As ``publish``.

    Raises
    ------
    InputError
        When it never was published, was withdrawn, is damaged or is live; or when somebody else was first.
    """
    desk = _Desk(workspace, partnership, name, reason, expected)
    found = desk.release(release)
    if found.status not in GOOD:
        what = f"the release was never published: it is '{found.status}'"
        if found.status == "withdrawn":
            what = f"the release was withdrawn{desk.told_of(release)}"
        raise InputError(found.folder, what, "Publish it, or name one that was published before")
    if release == desk.seen:
        raise InputError(found.folder, "the release is live already", "Name another release")
    for problem in found.damage():
        raise InputError(problem.file, problem.what, problem.remedy)
    return desk.move("rollback", found, make_live=True)


def withdraw(
    workspace: str | Path,
    partnership: str,
    release: str,
    name: str,
    reason: str,
    expected: str | None = None,
    despite_editions: bool = False,
) -> Entry:
    """Say that a release must not be used. It stays where it is, and live if it was: the pages say that it is withdrawn
    and offer the last good one, until another is made live.

    Raises
    ------
    InputError
        When it is withdrawn already, somebody else was first, or an edition is made of it and ``despite_editions`` does
        not say that this is known.
    """
    desk = _Desk(workspace, partnership, name, reason, expected)
    found = desk.release(release)
    if found.status == "withdrawn":
        raise InputError(found.folder, f"the release was withdrawn already{desk.told_of(release)}", "Name another")
    editions = [e.edition for e in desk.log.entries if e.action == "edition" and e.release == release]
    if editions and not despite_editions:
        named = " and ".join(f"'{edition_named(desk.held, partnership, edition).name}'" for edition in editions)
        raise InputError(
            found.folder,
            f"the release is that of the edition {named}, which would be withdrawn with it",
            "Add an erratum to the edition instead, or say that you mean it: --despite-editions",
        )
    return desk.move("withdraw", found, make_live=False)


def whoever() -> str:
    """The name under which this person is logged in on this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


class _Desk:
    """What one person saw of a partnership's releases, and one change to them that is made only if that still holds."""

    def __init__(self, workspace: str | Path, partnership: str, name: str, reason: str, expected: str | None):
        self.name, self.reason = signed_by(name, reason)
        self.partnership = partnership
        self.held = Workspace(str(workspace))
        self.home = self.held.home(partnership)
        self.log = self.held.log(partnership)
        self.seen = live_release(self.held, partnership)
        if expected is not None and expected != self.seen:
            raise self._somebody_else(self.log)

    def release(self, id: str) -> Release:
        if id not in self.held.releases(self.partnership):
            listed = ", ".join(self.held.releases(self.partnership))
            raise InputError(str(self.home / "releases" / id), "there is no such release", f"Choose one of: {listed}")
        return self.held.release(self.partnership, id)

    def told_of(self, release: str) -> str:
        last = self.log.last_of(release)
        return f" by {last.name} at {last.time}: {last.reason}" if last else ""

    def move(self, action: str, release: Release, make_live: bool) -> Entry:
        with turn(self.home, self.name):
            now = self.held.log(self.partnership)
            if len(now.moves) != len(self.log.moves) or live_release(self.held, self.partnership) != self.seen:
                raise self._somebody_else(now)
            entry = append(
                self.home,
                action,
                release.id,
                self.name,
                self.reason,
                previous=self.seen,
                manifest=release.manifest_sha256,
            )
            if make_live:
                set_current(self.held.root, self.partnership, release.id)
        return entry

    def _somebody_else(self, now: Log) -> InputError:
        last = now.moves[-1] if now.moves else None
        did = {"publish": "published", "withdraw": "withdrew", "rollback": "made live again"}
        what = f"{last.name} {did[last.action]} {last.release} at {last.time}" if last else "the live release changed"
        return InputError(
            str(self.home), f"{what}, since you looked: nothing was done", "Look at what is live now, then decide again"
        )
