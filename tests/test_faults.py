"""Faults on purpose: processes killed at every write, files damaged, releases published while they are read.

Whatever happens, a workspace is one whole release or the other, its log can be verified, and the next person can go on.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.analysis.results import Question
from csp_data.extracts import editions, publishing, release_log, releases
from csp_data.extracts.checks import Report
from csp_data.extracts.editions import make_edition
from csp_data.extracts.publishing import add_release, publish, rollback, withdraw
from csp_data.extracts.releases import MANIFEST
from csp_data.extracts.workspace import Workspace
from csp_data.ui import cached, layout
from tests.two_squares import TOWN, town_manifest, town_tables

ROOT = Path(__file__).parents[1]
OLD, NEW, NEXT = "2019-07-10T090000", "2019-08-10T090000", "2019-09-10T090000"
CRIMES = {OLD: 100, NEW: 103, NEXT: 106}
"""Recorded crimes in each release."""
WRITES = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree")
"""What Python tells of before it changes a file or folder."""


def add(workspace: Path, release: str, **how) -> None:
    tables = town_tables()
    tables["crime"]["count"] += (CRIMES[release] - 100) // 3
    manifest = town_manifest(release)
    for name in ("crime", "asb"):
        manifest["extracts"][name]["disclosure"] = "open"
    add_release(workspace, TOWN, tables, manifest, name="Ann", **how)


def served(workspace: Path) -> str:
    """Id of the live release, once every file of it is known to be the one that was built."""
    release = Workspace(str(workspace)).release("town")
    assert release.damage() == []
    assert release.status == "published"
    assert release.read("crime")["count"].sum() == CRIMES[release.id]
    return release.id


# Killed at every write


def build_and_publish(workspace: Path) -> None:
    add(workspace, NEXT, publish_at_once=True)


def publish_candidate(workspace: Path) -> None:
    publish(workspace, "town", NEW, "Ben", "x")


def withdraw_live(workspace: Path) -> None:
    withdraw(workspace, "town", NEW, "Ben", "x")


def freeze(workspace: Path) -> None:
    make_edition(workspace, "town", OLD, "Assessment", {"text.md": b"# Text"}, [], "Ben", "x")


ACTS: dict[str, Callable[[Path], None]] = {
    each.__name__: each for each in (build_and_publish, publish_candidate, withdraw_live, freeze)
}


def act_and_die(act: Callable[[Path], None], workspace: Path, at: int) -> None:
    """Do it, and be killed at the write of this number, without any chance to tidy up."""
    step = 0

    def take_step() -> None:
        nonlocal step
        step += 1
        if step == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def in_two(write: Callable[[Path, bytes], None], mode: str) -> Callable[[Path, bytes], None]:
        def half_then_whole(path: Path, content: bytes) -> None:
            before = path.read_bytes() if path.exists() else None
            with path.open(mode) as file:
                file.write(content[: len(content) // 2])
            take_step()
            path.unlink() if before is None else path.write_bytes(before)
            write(path, content)
            take_step()

        return half_then_whole

    write = in_two(releases._write, "wb")
    setattr(releases, "_write", write)  # noqa: B010 (a function put in another's place)
    setattr(editions, "_write", write)  # noqa: B010
    setattr(release_log, "_append", in_two(release_log._append, "ab"))  # noqa: B010
    place = str(workspace)

    def hear(event: str, arguments: tuple) -> None:
        writes = event in WRITES and (event != "open" or "w" in str(arguments[1]) or "x" in str(arguments[1]))
        if writes and any(place in str(each) for each in arguments):
            take_step()

    sys.addaudithook(hear)
    act(workspace)


def after_death(act: str, scratch: Path) -> tuple[str, str]:
    """What is live and what the log's last entry is; and that the next person can go on."""
    live = served(scratch)
    log = Workspace(str(scratch)).log("town")
    assert log.problems == ()
    for standing in publishing.standings(Workspace(str(scratch)), "town"):
        assert standing.status != "damaged"
    told = log.entries[-1].action
    if act == "freeze":
        held = editions.editions(Workspace(str(scratch)), "town")
        assert [edition.problems for edition in held] in ([], [()])
        if not held:
            freeze(scratch)
    elif act.startswith("build"):
        add_release(scratch, TOWN, town_tables(), town_manifest("after"), name="Cy")
    elif live == OLD:
        publish_candidate(scratch)
    else:
        rollback(scratch, "town", OLD, "Cy", "x")
    assert Workspace(str(scratch)).log("town").problems == ()
    return live, told


def kill_at_every_write(act: str, good: Path, scratch: Path) -> list[tuple[str, str]]:
    # It writes nothing, and takes its time.
    setattr(publishing, "check_release", lambda release: Report())  # noqa: B010
    after = []
    while True:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(good, scratch)
        child = os.fork()
        if child == 0:
            act_and_die(ACTS[act], scratch, at=len(after) + 1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            after.append(after_death(act, scratch))
            return after
        after.append(after_death(act, scratch))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork and kill")
@pytest.mark.parametrize(
    ("act", "live", "told", "fewest"),
    [
        ("build_and_publish", (OLD, NEXT), ("build", "publish"), 45),
        ("publish_candidate", (OLD, NEW), ("build", "publish"), 12),
        ("withdraw_live", (OLD, OLD), ("build", "withdraw"), 5),
        ("freeze", (OLD, OLD), ("build", "edition"), 10),
    ],
)
def test_killed_at_any_write_a_workspace_is_whole_and_the_next_person_can_go_on(tmp_path, act, live, told, fewest):
    good = tmp_path / "good"
    add(good, OLD)
    add(good, NEW)
    # In a process of its own: a child must not inherit this one's threads.
    run = subprocess.run(
        [sys.executable, __file__, act, str(good)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    after = json.loads(run.stdout)
    lives, actions = [each[0] for each in after], [each[1] for each in after]
    switched = lives.index(live[1])
    assert lives == [live[0]] * switched + [live[1]] * (len(lives) - switched)
    assert (actions[0], actions[-1]) == told
    assert len(after) >= fewest


# Damaged


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """Two published releases of Town, the newer one live, to be copied before anything is done to them."""
    workspace = tmp_path_factory.mktemp("published")
    for release in (OLD, NEW):
        add(workspace, release, publish_at_once=True)
    return workspace


@pytest.fixture
def town(published, tmp_path, monkeypatch) -> Path:
    """A copy of its own of the two releases, shown by the pages."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("CSP_DATA", str(tmp_path))
    monkeypatch.delenv("CSP_ROLE", raising=False)
    cached.forget_releases()
    return tmp_path


def opened(page: str = "overview", **asked: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    for key, value in asked.items():
        at.query_params[key] = value
    return at.run()


def words(at: AppTest) -> str:
    parts = (*at.caption, *at.markdown, *at.info, *at.warning, *at.error, *at.success, *at.title)
    return "\n".join(str(element.value) for element in parts)


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def alter(file: Path) -> None:
    file.write_text(file.read_text().replace('"rows": 3', '"rows": 2'))


@pytest.mark.parametrize(
    ("name", "harm", "told"),
    [
        ("crime.parquet", damage, "the file is missing or damaged"),
        ("areas.parquet", Path.unlink, "the file of 'areas' is missing"),
        ("population.parquet", lambda file: file.write_bytes(b""), "the file is missing or damaged"),
        (MANIFEST, alter, "the file was altered"),
        (MANIFEST, lambda file: file.write_text("{"), "the release's description cannot be read"),
        (MANIFEST, Path.unlink, "the release is missing or not whole"),
    ],
)
def test_the_app_says_which_file_is_at_fault_and_offers_the_last_good_release(town, name, harm, told):
    harm(town / "town" / "releases" / NEW / name)
    at = opened()
    assert not at.exception
    assert [(f"{NEW}/{name}" in error.value, told in error.value) for error in at.error] == [(True, True)]
    (offer,) = (button for button in at.button if "last good" in button.label)
    assert offer.label == "Show the last good release, of 10 July 2019"
    at = offer.click().run()
    assert (len(at.error), len(at.exception)) == (0, 0)
    assert f"Data release {OLD} (published)" in words(at)
    assert "not the live one" in words(at)


def test_nothing_is_offered_where_nothing_is_good(town):
    for release in (OLD, NEW):
        (town / "town" / "releases" / release / "crime.parquet").unlink()
    at = opened()
    assert "crime.parquet" in at.error[0].value
    assert [button.label for button in at.button if "last good" in button.label] == []


@pytest.mark.parametrize(("role", "seen"), [("public", False), ("partner", False), ("analyst", True)])
def test_of_a_withdrawn_release_only_analysts_see_figures_and_all_are_offered_the_last_good_one(
    town, monkeypatch, role, seen
):
    monkeypatch.setenv("CSP_ROLE", role)
    withdraw(town, "town", NEW, "Cy", "A month was counted twice")
    cached.forget_releases()
    at = opened()
    assert ("Withdrawn release: do not use" in words(at)) is seen
    assert any("it was withdrawn on" in error.value for error in at.error) is not seen
    at = next(button for button in at.button if "last good" in button.label).click().run()
    assert f"Data release {OLD} (published)" in words(at)


@pytest.mark.parametrize(("role", "seen"), [("public", False), ("partner", True), ("analyst", True)])
def test_a_candidate_is_shown_to_partners_and_analysts_only_with_its_notice(town, monkeypatch, role, seen):
    monkeypatch.setenv("CSP_ROLE", role)
    add(town, NEXT)
    cached.forget_releases()
    at = opened(release=NEXT)
    assert not at.exception
    assert (f"Data release {NEXT} (candidate)" in words(at)) is seen
    assert ("Candidate release: being checked" in words(at)) is seen
    assert ("which is not here" in words(at)) is not seen


def test_what_was_made_of_a_candidate_is_not_shown_once_it_is_published(town, monkeypatch):
    monkeypatch.setenv("CSP_ROLE", "analyst")
    add(town, NEXT)
    cached.forget_releases()
    assert "Candidate release" in words(opened(release=NEXT))
    publish(town, "town", NEXT, "Ben", "x")
    cached.forget_releases()
    assert "Candidate release" not in words(opened(release=NEXT))


# Published while it is read


def sources(at: AppTest) -> set[str]:
    """The releases that the charts and the foot of a page name."""
    charts = [json.loads(each.proto.bytes[1:]) for each in at.get("bidi_component") if each.proto.bytes]
    told = "\n".join([json.dumps(chart) for chart in charts] + [element.value for element in at.caption])
    forms = {OLD: ("elease of 10 July 2019", f"elease {OLD}"), NEW: ("elease of 10 August 2019", f"elease {NEW}")}
    return {id for id, words in forms.items() if any(form in told for form in words)}


@pytest.mark.parametrize("page", ["trends", "about_the_data", "breakdown"])
def test_a_page_is_of_one_release_though_another_is_published_while_it_is_made(town, monkeypatch, page):
    rollback(town, "town", OLD, "Ann", "x")
    cached.forget_releases()
    whole_open = layout.open_page

    def open_and_publish(name: str):
        view = whole_open(name)
        if Workspace(str(town)).current("town") == OLD:
            rollback(town, "town", NEW, "Ben", "x")
            cached.forget_releases()
        return view

    monkeypatch.setattr(layout, "open_page", open_and_publish)
    at = opened(page)
    assert not at.exception
    assert sources(at) == {OLD}
    assert sources(at.run()) == {NEW}


def test_ten_sessions_each_see_one_release_while_others_are_published(town):
    seen: list[tuple[str, frozenset[str], float]] = []
    faults: list[BaseException] = []
    stop = threading.Event()
    months = ("2019-04", "2019-05", "2019-06")

    def session() -> None:
        try:
            while not stop.is_set():
                edition = cached.current_edition(str(town), "town")
                answers = [cached.answer(edition, Question("crime", month, month)) for month in months]
                total = sum(answer.numerator or 0 for answer in answers)
                seen.append((edition.release, frozenset(answer.release for answer in answers), total))
        except BaseException as fault:  # a thread's own fault would be lost
            faults.append(fault)

    sessions = [threading.Thread(target=session) for _ in range(10)]
    for each in sessions:
        each.start()
    for turn in range(12):
        rollback(town, "town", OLD if turn % 2 == 0 else NEW, "Ben", "x")
        cached.forget_releases()
        cached.answer.clear()
    stop.set()
    for each in sessions:
        each.join(timeout=60)
    assert faults == []
    assert {release for release, _, _ in seen} == {OLD, NEW}
    assert all(of == {release} and total == CRIMES[release] for release, of, total in seen)


if __name__ == "__main__":
    print(json.dumps(kill_at_every_write(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[2]).with_name("scratch"))))
