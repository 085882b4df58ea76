"""A release is there whole or not at all: when its making is killed at any point, fails, or is read meanwhile."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from csp_data.extracts import releases
from csp_data.extracts.problems import InputError
from csp_data.extracts.releases import set_current, write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables

ROOT = Path(__file__).parents[1]
OLD, NEW = "2019-07-10T090000", "2019-08-10T090000"
ROWS = {"2019-07-10T090000": [40, 30, 30], "2019-08-10T090000": [41, 31, 31]}
"""What crime counts in each of the two releases."""


def new_tables() -> dict[str, pd.DataFrame]:
    tables = town_tables()
    tables["crime"]["count"] += 1
    return tables


def served(workspace: Path) -> str:
    """Id of the live release, once every table of it has been read whole."""
    release = Workspace(str(workspace)).release("town")
    assert set(release.manifest["extracts"]) == set(town_tables())
    for name in town_tables():
        assert len(release.read(name)) == release.extract(name)["rows"]
    assert release.read("crime")["count"].tolist() == ROWS[release.id]
    return release.id


# Killed


def write_and_die(workspace: Path, at: int) -> None:
    """Write the new release, and be killed at the step of this number, without any chance to tidy up.

    Steps are everything Python tells of files (opening, making, renaming, removing), the middle of each write, and each
    side of each flush to disk.
    """
    step = 0

    def take_step() -> None:
        nonlocal step
        step += 1
        if step == at:
            os.kill(os.getpid(), signal.SIGKILL)

    whole_write, whole_sync = releases._write, os.fsync

    def write_in_two(path: Path, content: bytes) -> None:
        path.write_bytes(content[: len(content) // 2])
        take_step()
        whole_write(path, content)

    def sync(handle: int) -> None:
        take_step()
        whole_sync(handle)
        take_step()

    releases._write, os.fsync = write_in_two, sync
    place = str(workspace)

    def hear(event: str, arguments: tuple) -> None:
        if event.split(".")[0] in ("open", "os", "shutil", "tempfile") and any(
            place in str(each) for each in arguments
        ):
            take_step()

    sys.addaudithook(hear)
    write_release(workspace, TOWN, new_tables(), town_manifest(NEW))


def kill_at_every_step(good: Path, scratch: Path) -> list[str]:
    """The live release after a death at step 1, 2, 3 … to the first number that was not reached any more."""
    after = []
    while True:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(good, scratch)
        child = os.fork()
        if child == 0:
            write_and_die(scratch, at=len(after) + 1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            return after
        assert os.WTERMSIG(status) == signal.SIGKILL
        after.append(served(scratch))
        # Whoever comes next is not stopped by what the dead left behind.
        write_release(scratch, TOWN, new_tables(), town_manifest(NEW) | {"release": "next"}, make_current=False)
        assert Workspace(str(scratch)).releases("town") in ([OLD, "next"], [OLD, NEW, "next"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork and kill")
def test_a_release_whose_making_is_killed_at_any_step_leaves_the_old_one_live(write_town):
    # In a process of its own: a child must not inherit this one's threads.
    run = subprocess.run(
        [sys.executable, __file__, str(write_town())],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    after = json.loads(run.stdout)
    switched = after.index(NEW)
    assert after == [OLD] * switched + [NEW] * (len(after) - switched)
    # Every table is written and flushed before the switch near the end: fewer steps would mean that none were heard.
    assert switched > 3 * len(town_tables())
    assert len(after) - switched <= 4


# Failed


@pytest.mark.parametrize("name", ["crime.parquet", "areas.parquet", "partnership.toml", "release.json"])
def test_a_full_disk_leaves_the_old_release_and_nothing_half_written(write_town, monkeypatch, name):
    workspace = write_town()
    whole_write = releases._write

    def write_until_full(path: Path, content: bytes) -> None:
        if path.name == name:
            path.write_bytes(content[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        whole_write(path, content)

    monkeypatch.setattr(releases, "_write", write_until_full)
    with pytest.raises(InputError, match=r"cannot be written [(]No space left"):
        write_release(workspace, TOWN, new_tables(), town_manifest(NEW))
    assert served(workspace) == OLD
    assert [place.name for place in (workspace / "town" / "releases").iterdir()] == [OLD]


def test_a_disk_that_fills_at_the_switch_leaves_the_old_release_live(write_town, monkeypatch):
    workspace = write_town()
    whole_write = releases._write

    def write_until_full(path: Path, content: bytes) -> None:
        if path.name.startswith(".current"):
            raise OSError(errno.ENOSPC, "No space left on device")
        whole_write(path, content)

    monkeypatch.setattr(releases, "_write", write_until_full)
    with pytest.raises(InputError, match=r"cannot be written [(]No space left"):
        write_release(workspace, TOWN, new_tables(), town_manifest(NEW))
    assert served(workspace) == OLD
    assert sorted(place.name for place in (workspace / "town").iterdir()) == ["current", "partnership.toml", "releases"]
    monkeypatch.undo()
    set_current(workspace, "town", NEW)
    assert served(workspace) == NEW


def test_a_table_without_a_column_leaves_the_old_release(write_town):
    workspace = write_town()
    tables = new_tables()
    tables["population"] = tables["population"].drop(columns="basis")
    with pytest.raises(KeyError, match="basis"):
        write_release(workspace, TOWN, tables, town_manifest(NEW))
    assert served(workspace) == OLD
    assert Workspace(str(workspace)).releases("town") == [OLD]


# Read meanwhile


def test_whoever_reads_while_releases_are_written_sees_one_of_them_whole(write_town):
    workspace = write_town()
    writer = subprocess.Popen(
        [sys.executable, __file__, str(workspace), "write ten"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    seen = []
    try:
        while writer.poll() is None:
            release = Workspace(str(workspace)).release("town")
            number = 0 if release.id == OLD else int(release.id)
            assert release.read("crime")["count"].tolist() == [40 + number, 30 + number, 30 + number]
            seen.append(number)
    finally:
        writer.kill()
        writer.wait()
    assert writer.returncode == 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 1


def write_ten(workspace: Path) -> None:
    for number in range(1, 11):
        tables = town_tables()
        tables["crime"]["count"] += number
        write_release(workspace, TOWN, tables, town_manifest(str(number)))


# Rules of writing


def test_the_same_tables_give_the_same_bytes(write_town, tmp_path):
    first = write_town()
    write_release(tmp_path / "again", TOWN, town_tables(), town_manifest())
    for file in (first / "town" / "releases" / OLD).iterdir():
        assert file.read_bytes() == (tmp_path / "again" / "town" / "releases" / OLD / file.name).read_bytes(), file.name


def test_a_release_is_never_written_over(write_town):
    workspace = write_town()
    with pytest.raises(InputError, match="a release of this name exists already"):
        write_release(workspace, TOWN, new_tables(), town_manifest(OLD))
    assert served(workspace) == OLD


def test_a_candidate_is_not_live(write_town):
    workspace = write_town()
    write_release(workspace, TOWN, new_tables(), town_manifest(NEW), make_current=False)
    assert served(workspace) == OLD
    assert Workspace(str(workspace)).release("town", NEW).read("crime")["count"].tolist() == ROWS[NEW]


def test_only_the_columns_and_rows_asked_for_are_given(write_town):
    release = Workspace(str(write_town())).release("town")
    asked = release.read("crime", columns=["category", "count"], filters=[("small_area", "==", "E01000002")])
    assert asked.to_dict("list") == {"category": ["burglary", "robbery"], "count": [30, 30]}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    if sys.argv[2:] == ["write ten"]:
        write_ten(place)
    else:
        print(json.dumps(kill_at_every_step(place, place.with_name("scratch"))))
