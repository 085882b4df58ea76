"""Notes of meetings on disk: added at the end, never lost, never mixed up, never run."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import pytest

from csp_data.exports import minutes
from csp_data.extracts import meetings
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace

RELEASE = "2026-04-30T090000"


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(str(tmp_path))


def add(workspace: Workspace, text: str = "Agreed", **more: str) -> meetings.Entry:
    said = {"screen": "2024-27/asb", "heading": "2. ASB", "kind": "decision", "meeting": "2026-05-01"} | more
    return meetings.add(workspace, "medway", RELEASE, text=text, **said)


def texts(workspace: Workspace) -> list[str]:
    return [entry.text for entry in meetings.read(workspace, "medway", RELEASE).entries]


def file_of(workspace: Workspace) -> Path:
    return next((workspace_path(workspace) / "medway" / "meetings" / RELEASE).iterdir())


def workspace_path(workspace: Workspace) -> Path:
    return Path(workspace.root)


def test_there_are_no_notes_before_the_first(workspace):
    assert meetings.read(workspace, "medway", RELEASE) == meetings.Kept()


def test_an_entry_is_kept_with_its_release_as_it_was_typed(workspace):
    entry = add(workspace, "Halve it <b>by</b> June\r\n=1+1", who="  A.\tChair ")
    assert meetings.read(workspace, "medway", RELEASE).entries == (entry,)
    assert entry.text == "Halve it <b>by</b> June\n=1+1"
    assert (entry.who, entry.kind, entry.screen, entry.meeting) == ("A. Chair", "decision", "2024-27/asb", "2026-05-01")
    assert entry.time.endswith("Z") and len(entry.time) == 20
    assert meetings.read(workspace, "medway", "2026-07-31T090000").entries == ()
    assert meetings.read(workspace, "maidstone", RELEASE).entries == ()
    assert file_of(workspace).name == "notes.jsonl"


def test_the_day_of_the_meeting_is_today_when_not_given(workspace):
    entry = add(workspace, meeting="")
    assert entry.meeting == entry.time[:10]


def test_later_entries_come_after_and_earlier_bytes_stay(workspace):
    add(workspace, "First")
    before = file_of(workspace).read_bytes()
    add(workspace, "Second")
    assert file_of(workspace).read_bytes().startswith(before)
    assert texts(workspace) == ["First", "Second"]


def test_what_is_sent_twice_is_kept_once(workspace):
    add(workspace, "Once", id="a-1")
    add(workspace, "Once", id="a-1")
    add(workspace, "Once", id="a-2")
    assert texts(workspace) == ["Once", "Once"]


def test_many_who_write_at_once_are_all_kept(workspace):
    said = [f"{n} " + "x" * 3_000 for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: add(workspace, text, id=text[:3]), said))
    assert sorted(texts(workspace)) == sorted(said)
    assert meetings.read(workspace, "medway", RELEASE).damaged == 0


def test_what_a_killed_process_left_of_a_line_spoils_no_other(workspace):
    add(workspace, "First")
    with file_of(workspace).open("ab") as file:
        file.write(b'{"time": "2026-')
    add(workspace, "Second")
    kept = meetings.read(workspace, "medway", RELEASE)
    assert [entry.text for entry in kept.entries] == ["First", "Second"]
    assert kept.damaged == 1


@pytest.mark.parametrize(
    "line",
    [b"\xff\xfe", b"[]", b"null", b"{}", b'{"time": 1}', b"not json"],
    ids=["bytes", "list", "null", "empty", "number", "text"],
)
def test_a_line_that_is_no_entry_is_counted(workspace, line):
    entry = add(workspace)
    with file_of(workspace).open("ab") as file:
        file.write(line + b"\n")
    assert meetings.read(workspace, "medway", RELEASE) == meetings.Kept((entry,), 1)


@pytest.mark.parametrize("changed", [{"meeting": "yesterday"}, {"kind": "joke"}, {"who": 3}])
def test_an_entry_with_a_wrong_value_is_counted_as_damaged(workspace, changed):
    add(workspace)
    row = json.loads(file_of(workspace).read_text()) | changed
    file_of(workspace).write_text(json.dumps(row) + "\n")
    assert meetings.read(workspace, "medway", RELEASE).damaged == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"text": " \n\t "}, "it has no text"),
        ({"text": "\u202e\x00"}, "it has no text"),
        ({"text": "x" * 4_001}, "4,001 characters"),
        ({"text": "x", "kind": "joke"}, "'joke' is no kind"),
        ({"text": "x", "meeting": "1 May"}, "'1 May' is no day"),
    ],
)
def test_what_cannot_be_kept_is_told_and_leaves_nothing(workspace, said, told):
    with pytest.raises(InputError, match=told):
        add(workspace, **said)
    assert list(workspace_path(workspace).iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", ".hidden"])
def test_nothing_is_written_outside_the_folder_of_meetings(workspace, name):
    for partnership, release in ((name, RELEASE), ("medway", name)):
        with pytest.raises(InputError, match="is not the name"):
            meetings.add(workspace, partnership, release, screen="s", heading="h", kind="note", text="x")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that this user may not write to")
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        workspace = Workspace(str(tmp_path))
        assert not meetings.writable(workspace)
        with pytest.raises(InputError, match="the note cannot be kept"):
            add(workspace)
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_file_in_the_way_of_the_folder_is_told(workspace):
    (workspace_path(workspace) / "medway").write_text("in the way")
    with pytest.raises(InputError, match=r"the note cannot be kept.*Copy the text"):
        add(workspace)


def test_a_disk_that_is_full_is_told_and_the_next_entry_is_whole(workspace, monkeypatch):
    add(workspace, "First")
    whole = os.write
    monkeypatch.setattr(os, "write", lambda handle, line: whole(handle, line[:10]))
    with pytest.raises(InputError, match="No space left"):
        add(workspace, "Second")
    monkeypatch.undo()
    add(workspace, "Third")
    assert texts(workspace) == ["First", "Third"]


def test_notes_are_kept_only_in_a_folder_on_this_machine():
    fsspec.filesystem("memory").makedirs("/held", exist_ok=True)
    remote = Workspace("memory://held")
    assert not meetings.writable(remote)
    assert meetings.read(remote, "medway", RELEASE) == meetings.Kept()
    with pytest.raises(InputError, match="only in a workspace on this machine"):
        add(remote)


# Taking them away


def test_the_csv_has_every_entry_and_no_formula(workspace):
    add(workspace, "=HYPERLINK(1)", who="@chair")
    add(workspace, "Two\nlines, and a comma", kind="note")
    kept = meetings.read(workspace, "medway", RELEASE).entries
    content = minutes.csv(kept, RELEASE, "Demonstration data").decode("utf-8-sig")
    assert content.splitlines()[0] == "meeting,screen,heading,kind,text,who,time,release,notice"
    assert ",'=HYPERLINK(1),'@chair," in content
    assert '"Two\nlines, and a comma"' in content
    assert content.count("Demonstration data") == 2


def test_the_text_is_by_meeting_with_decisions_first_and_runs_nothing(workspace):
    add(workspace, "A note", kind="note")
    add(workspace, "Halve it <b>by</b> June\n# not a heading", who="A_B")
    add(workspace, "Later", meeting="2026-06-01", kind="action")
    kept = meetings.read(workspace, "medway", RELEASE).entries
    assert minutes.markdown(kept, "Medway", RELEASE, "Demonstration data").decode().splitlines() == [
        "# Medway: record of meetings",
        "",
        "Data release of 30 April 2026. Demonstration data.",
        "",
        "## 1 June 2026",
        "",
        "### Actions",
        "",
        "- **2. ASB**: Later",
        "",
        "## 1 May 2026",
        "",
        "### Decisions",
        "",
        "- **2. ASB**: Halve it \\<b\\>by\\</b\\> June",
        "  \\# not a heading (A\\_B)",
        "",
        "### Notes",
        "",
        "- **2. ASB**: A note",
    ]


def test_nothing_to_take_away_is_a_file_with_headings_alone():
    assert minutes.csv((), RELEASE, "").decode("utf-8-sig").count("\n") == 1
    assert minutes.markdown((), "Medway", RELEASE, "").decode().startswith("# Medway: record of meetings")
