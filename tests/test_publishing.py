"""A candidate becomes the live release, is withdrawn, another is made live again; and the log that tells of it."""

import json
import os
import threading
from pathlib import Path

import pytest

from csp_data.catalogue.statuses import notice
from csp_data.extracts import publishing, release_log
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.problems import InputError
from csp_data.extracts.publishing import add_release, last_good, publish, rollback, standings, withdraw
from csp_data.extracts.release_log import LOG, NOTHING_BEFORE, TURN, append, read_log, turn
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables

FIRST, SECOND, THIRD = "2019-07-10T090000", "2019-08-10T090000", "2019-09-10T090000"


def candidate(workspace: Path, release: str, more: int = 0, **how) -> tuple[str, bool]:
    tables = town_tables()
    tables["crime"]["count"] += more
    return add_release(workspace, TOWN, tables, town_manifest(release), name="Ann", **how)


@pytest.fixture
def workspace(tmp_path) -> Path:
    """Town with a live release and a candidate."""
    candidate(tmp_path, FIRST)
    candidate(tmp_path, SECOND, more=1)
    return tmp_path


def states(workspace: Path) -> dict[str, str]:
    held = Workspace(str(workspace))
    return {each.id: f"{each.status}{' live' if each.live else ''}" for each in standings(held, "town")}


def log_of(workspace: Path) -> release_log.Log:
    return Workspace(str(workspace)).log("town")


def refused(act, *asked, **more) -> str:
    with pytest.raises(InputError) as caught:
        act(*asked, **more)
    return str(caught.value)


# From candidate to published


def test_the_first_release_is_live_at_once_and_the_next_a_candidate(tmp_path):
    assert candidate(tmp_path, FIRST) == (FIRST, True)
    assert candidate(tmp_path, SECOND) == (SECOND, False)
    assert states(tmp_path) == {SECOND: "candidate", FIRST: "published live"}
    assert Workspace(str(tmp_path)).release("town", SECOND).notice == notice("candidate")
    assert Workspace(str(tmp_path)).release("town").notice == ""


def test_a_build_may_be_published_at_once(workspace):
    assert candidate(workspace, THIRD, publish_at_once=True) == (THIRD, True)
    assert states(workspace)[THIRD] == "published live"


def test_a_candidate_is_published_and_no_file_of_it_changes(workspace):
    folder = workspace / "town" / "releases" / SECOND
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    entry = publish(workspace, "town", SECOND, "Ben", "  Checked\nwith the force ")
    assert (entry.action, entry.release, entry.previous, entry.name) == ("publish", SECOND, FIRST, "Ben")
    assert entry.reason == "Checked with the force"
    assert states(workspace) == {SECOND: "published live", FIRST: "published"}
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert not (workspace / "town" / TURN).exists()


@pytest.mark.parametrize(
    ("name", "reason", "told"), [("", "x", "the name is empty"), ("x", " \n", "the reason is empty")]
)
def test_nothing_is_published_without_name_and_reason(workspace, name, reason, told):
    assert told in refused(publish, workspace, "town", SECOND, name, reason)
    assert states(workspace)[FIRST] == "published live"


def test_a_release_that_the_check_stops_is_not_published(workspace):
    (workspace / "town" / "releases" / SECOND / "asb.parquet").unlink()
    assert "asb.parquet: the file is missing" in refused(publish, workspace, "town", SECOND, "Ben", "x")
    assert states(workspace)[FIRST] == "published live"


def test_what_is_live_is_not_published_again(workspace):
    assert "the release is live already by Ann at" in refused(publish, workspace, "town", FIRST, "Ben", "x")


@pytest.mark.parametrize("release", ["none", "../releases", ""])
def test_a_release_that_is_not_there(workspace, release):
    assert "there is no such release" in refused(publish, workspace, "town", release, "Ben", "x")


@pytest.mark.parametrize("partnership", ["none", "..", ".", "", "town/releases"])
def test_a_partnership_that_is_not_there(workspace, partnership):
    assert "there is no such partnership" in refused(publish, workspace, partnership, SECOND, "Ben", "x")


# Back


def test_a_release_is_made_live_again(workspace):
    publish(workspace, "town", SECOND, "Ben", "x")
    assert rollback(workspace, "town", FIRST, "Cy", "A month was counted twice").previous == SECOND
    assert states(workspace) == {SECOND: "published", FIRST: "published live"}


def test_what_was_never_published_cannot_be_made_live_again(workspace):
    assert "was never published: it is 'candidate'" in refused(rollback, workspace, "town", SECOND, "Cy", "x")


def test_a_damaged_release_cannot_be_made_live_again(workspace):
    publish(workspace, "town", SECOND, "Ben", "x")
    (workspace / "town" / "releases" / FIRST / "crime.parquet").write_bytes(b"")
    assert "crime.parquet: the file is missing or damaged" in refused(rollback, workspace, "town", FIRST, "Cy", "x")


def test_a_withdrawn_release_stays_live_but_says_so_and_the_last_good_one_is_known(workspace):
    publish(workspace, "town", SECOND, "Ben", "x")
    withdraw(workspace, "town", SECOND, "Cy", "A month was counted twice")
    held = Workspace(str(workspace))
    assert states(workspace) == {SECOND: "withdrawn live", FIRST: "published"}
    assert held.release("town").notice == notice("withdrawn")
    assert last_good(held, "town", besides=SECOND) == FIRST
    (problem,) = check_workspace(str(workspace)).problems
    assert "the live release was withdrawn by Cy at" in str(problem)
    assert "was withdrawn already by Cy" in refused(withdraw, workspace, "town", SECOND, "Cy", "x")
    rollback(workspace, "town", FIRST, "Cy", "x")
    assert "was withdrawn by Cy" in refused(rollback, workspace, "town", SECOND, "Cy", "x")
    publish(workspace, "town", SECOND, "Cy", "It was right after all")
    assert states(workspace) == {SECOND: "published live", FIRST: "published"}


def test_a_damaged_or_candidate_release_is_never_the_last_good_one(workspace):
    held = Workspace(str(workspace))
    assert last_good(held, "town", besides=FIRST) == ""
    candidate(workspace, THIRD, publish_at_once=True)
    assert last_good(held, "town", besides=THIRD) == FIRST
    (workspace / "town" / "releases" / FIRST / "asb.parquet").write_bytes(b"")
    assert last_good(held, "town", besides=THIRD) == ""


def test_a_demonstration_says_so_whatever_becomes_of_it(tmp_path):
    write_release(tmp_path, TOWN, town_tables(), town_manifest(FIRST) | {"status": "demonstration"})
    candidate(tmp_path, SECOND, publish_at_once=True)
    rollback(tmp_path, "town", FIRST, "Cy", "x")
    assert Workspace(str(tmp_path)).release("town").notice == notice("demonstration")
    withdraw(tmp_path, "town", FIRST, "Cy", "x")
    assert Workspace(str(tmp_path)).release("town").notice == f"{notice('withdrawn')}. {notice('demonstration')}"


# Two people


def test_who_is_second_is_told_who_was_first_and_when(workspace):
    candidate(workspace, THIRD)
    publish(workspace, "town", SECOND, "Ben", "x", expected=FIRST)
    told = refused(publish, workspace, "town", THIRD, "Cy", "x", expected=FIRST)
    assert f"Ben published {SECOND} at 20" in told
    assert "since you looked: nothing was done" in told
    assert states(workspace) == {THIRD: "candidate", SECOND: "published live", FIRST: "published"}


def test_of_two_who_publish_at_once_one_wins(workspace, monkeypatch):
    candidate(workspace, THIRD)
    both_have_looked = threading.Barrier(2)
    check = publishing.check_release

    def check_and_wait(release):
        report = check(release)
        both_have_looked.wait(timeout=30)
        return report

    monkeypatch.setattr(publishing, "check_release", check_and_wait)
    outcome = {}

    def person(name: str, release: str) -> None:
        try:
            outcome[name] = publish(workspace, "town", release, name, "x").release
        except InputError as told:
            outcome[name] = str(told)

    people = [threading.Thread(target=person, args=each) for each in (("Ben", SECOND), ("Cy", THIRD))]
    for each in people:
        each.start()
    for each in people:
        each.join(timeout=60)
    winner = Workspace(str(workspace)).current("town")
    first, second = ("Ben", "Cy") if winner == SECOND else ("Cy", "Ben")
    assert outcome[first] == winner
    assert f"{first} published {winner} at" in outcome[second]
    assert [entry.action for entry in log_of(workspace).moves] == ["publish", "publish"]
    assert log_of(workspace).problems == ()


def test_a_turn_that_somebody_holds_is_told(workspace):
    home = workspace / "town"
    told = pytest.raises(InputError, match="Ben has been changing the releases since 20")
    with turn(home, "Ben"), told, turn(home, "Cy", patience=0):
        pass
    with turn(home, "Cy", patience=0):
        pass


def test_a_turn_of_a_process_that_died_is_taken_over(workspace):
    home = workspace / "town"
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    (home / TURN).write_text(json.dumps({"name": "Ben", "host": os.uname().nodename, "process": child}))
    with turn(home, "Cy", patience=0):
        assert json.loads((home / TURN).read_text())["name"] == "Cy"
    assert not (home / TURN).exists()


def test_a_turn_forgotten_on_another_machine_is_taken_over(workspace):
    place = workspace / "town" / TURN
    place.write_text(json.dumps({"name": "Ben", "host": "elsewhere", "process": 1}))
    assert "Ben has been changing" in refused(publish, workspace, "town", SECOND, "Cy", "x")
    os.utime(place, (0, 0))
    publish(workspace, "town", SECOND, "Cy", "x")


def test_nothing_can_be_published_behind_an_address():
    assert "only be published in a folder" in refused(publish, "memory://nowhere", "town", SECOND, "Ben", "x")


# The log


def test_each_entry_names_the_one_before_and_the_release_it_is_about(workspace):
    publish(workspace, "town", SECOND, "Ben", "Checked")
    entries = log_of(workspace).entries
    assert [(e.number, e.action, e.release) for e in entries] == [
        (1, "build", FIRST),
        (2, "publish", FIRST),
        (3, "build", SECOND),
        (4, "publish", SECOND),
    ]
    assert [e.before for e in entries] == [NOTHING_BEFORE, *(e.sha256 for e in entries[:-1])]
    held = Workspace(str(workspace))
    assert [e.manifest for e in entries[2:]] == [held.release("town", SECOND).manifest_sha256] * 2
    assert check_workspace(str(workspace)).problems == ()


def test_the_log_is_only_added_to(workspace):
    before = (workspace / "town" / LOG).read_bytes()
    publish(workspace, "town", SECOND, "Ben", "x")
    assert (workspace / "town" / LOG).read_bytes().startswith(before)


def altered(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("Ann", "Eve"), lines[2]]


def resigned(lines: list[str]) -> list[str]:
    """An entry changed by somebody who knows how its own SHA-256 is made."""
    told = json.loads(lines[1]) | {"name": "Eve"}
    entry = release_log.Entry(**told)
    return [lines[0], json.dumps(told | {"sha256": release_log._sha256_of(entry)}), lines[2]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (altered, "row 2: entry 2 is not as it was written"),
        (resigned, "row 3: entry 3 does not follow on the entry before it"),
        (lambda lines: [lines[0], lines[2]], "row 2: entry 3 does not follow on the entry before it"),
        (lambda lines: lines[1:], "row 1: entry 2 does not follow on the entry before it"),
        (lambda lines: [lines[0], lines[2], lines[1]], "row 2: entry 3 does not follow"),
        (lambda lines: [lines[0], lines[0][:40], lines[2]], "row 3: entry 3 does not follow on the entry before it"),
    ],
)
def test_a_broken_chain_stops_publication_and_every_further_entry(workspace, change, told):
    path = workspace / "town" / LOG
    path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")
    assert any(told in str(problem) for problem in check_workspace(str(workspace)).problems)
    assert "Restore the log from a copy" in refused(publish, workspace, "town", SECOND, "Ben", "x")
    assert Workspace(str(workspace)).current("town") == FIRST


def test_a_line_that_a_crash_left_unfinished_is_told_and_passed_over(workspace):
    path = workspace / "town" / LOG
    with path.open("a") as file:
        file.write('{"number": 4, "time": "2019-0')
    report = check_workspace(str(workspace))
    assert report.problems == ()
    (warning,) = report.warnings
    assert "row 4: the line is not whole" in str(warning)
    publish(workspace, "town", SECOND, "Ben", "x")
    log = log_of(workspace)
    assert (log.problems, len(log.warnings), log.entries[-1].number) == ((), 1, 4)


def test_a_last_line_that_lacks_only_its_end_counts(workspace):
    path = workspace / "town" / LOG
    path.write_bytes(path.read_bytes()[:-1])
    assert len(log_of(workspace).entries) == 3
    publish(workspace, "town", SECOND, "Ben", "x")
    assert [entry.number for entry in log_of(workspace).entries] == [1, 2, 3, 4]
    assert log_of(workspace).warnings == ()


def test_a_publication_that_was_interrupted_is_told(workspace):
    append(workspace / "town", "publish", SECOND, "Ben", "x", previous=FIRST)
    (warning,) = check_workspace(str(workspace)).warnings
    assert f"it names {FIRST}, and the log says that Ben made {SECOND} live at" in str(warning)
    publish(workspace, "town", SECOND, "Ben", "Again")
    assert check_workspace(str(workspace)).warnings == ()


def test_an_altered_manifest_is_told(workspace):
    manifest = workspace / "town" / "releases" / FIRST / "release.json"
    manifest.write_text(manifest.read_text().replace('"rows": 3', '"rows": 4'))
    told = refused(Workspace(str(workspace)).release, "town")
    assert f"{FIRST}/release.json: the file was altered: its SHA-256 is not the one that log.jsonl names" in told
    assert states(workspace) == {SECOND: "candidate", FIRST: "damaged live"}


def test_a_log_that_is_not_there_is_empty(tmp_path):
    held = Workspace(str(tmp_path))
    assert read_log(held.files, str(tmp_path / LOG)).entries == ()
