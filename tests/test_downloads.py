"""Getting files from publishers that are busy, break off, change their mind or send something else."""

import hashlib
import json

import pytest

from csp_data.extracts.downloads import LEDGER, Publisher, already, download
from csp_data.extracts.problems import InputError
from tests.publishers_nearby import File, Nearby

CONTENT = bytes(range(256)) * 4_000
CSV = ("text/csv",)


@pytest.fixture
def nearby():
    return Nearby()


@pytest.fixture
def here(nearby):
    with nearby.open() as address:
        yield address


@pytest.fixture
def publisher():
    return Publisher("tests", pause=0, tries=2, timeout=10, wait=0)


def test_a_file_arrives_whole_and_is_entered_with_its_sum(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv; charset=utf-8")
    seen = []
    got = download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV, lambda *told: seen.append(told))
    assert (tmp_path / "a.csv").read_bytes() == CONTENT
    assert (got.bytes, got.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert json.loads((tmp_path / LEDGER).read_text())["a.csv"]["url"] == f"{here}/a.csv"
    assert seen[-1] == ("a.csv", len(CONTENT), len(CONTENT))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", LEDGER]
    assert nearby.agents == {"tests"}


def test_a_connection_that_breaks_goes_on_from_where_it_stopped(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv", breaks_after=[300_000, 100_000])
    download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert (tmp_path / "a.csv").read_bytes() == CONTENT
    assert nearby.ranges == ["bytes=300000-", "bytes=400000-"]


def test_one_that_keeps_breaking_is_told_and_the_next_run_goes_on(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv", breaks_after=[100_000] * 3)
    with pytest.raises(InputError, match=r"broke 3 times .*300,000 bytes have arrived. Run the same command again"):
        download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert not (tmp_path / "a.csv").exists()
    download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert nearby.ranges[-1] == "bytes=300000-"
    assert (tmp_path / "a.csv").read_bytes() == CONTENT


def test_a_file_that_changed_in_between_is_asked_for_from_the_start(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv", breaks_after=[100_000] * 3)
    with pytest.raises(InputError):
        download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    nearby.files["/a.csv"] = File(CONTENT[::-1], "text/csv", etag='"two"')
    download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert (tmp_path / "a.csv").read_bytes() == CONTENT[::-1]


def test_a_part_that_is_already_whole_is_not_asked_for_again(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv")
    (tmp_path / "a.csv.part").write_bytes(CONTENT)
    (tmp_path / "a.csv.part.json").write_text(json.dumps({"url": f"{here}/a.csv", "validator": '"one"', "total": None}))
    download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert nearby.ranges == [f"bytes={len(CONTENT)}-"]
    assert (tmp_path / "a.csv").read_bytes() == CONTENT


def test_a_busy_publisher_is_asked_again(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv")
    nearby.busy["/a.csv"] = 2
    download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert len(nearby.asked) == 3


def test_a_web_page_in_place_of_a_file_is_refused(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(b"<html>Sorry</html>", "text/html")
    with pytest.raises(InputError, match="the publisher sent a web page, not text/csv"):
        download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_gone_is_told_with_the_remedy(here, publisher, tmp_path):
    with pytest.raises(InputError, match=r"answered 404 .*publishers.toml"):
        download(publisher, f"{here}/gone.csv", tmp_path / "gone.csv", CSV)


def test_a_server_that_is_not_there_is_told(publisher, tmp_path):
    with pytest.raises(InputError, match="could not be reached"):
        download(publisher, "http://127.0.0.1:9/a.csv", tmp_path / "a.csv", CSV)


def test_a_file_that_does_not_pass_its_check_never_takes_its_name(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv")
    with pytest.raises(InputError, match="it is upside down"):
        download(publisher, f"{here}/a.csv", tmp_path / "a.csv", CSV, complete=lambda path: "it is upside down")
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_asks_for_nothing_unless_the_file_was_altered(nearby, here, publisher, tmp_path):
    nearby.files["/a.csv"] = File(CONTENT, "text/csv")
    url = f"{here}/a.csv"
    first = download(publisher, url, tmp_path / "a.csv", CSV)
    assert download(publisher, url, tmp_path / "a.csv", CSV) == first
    assert len(nearby.asked) == 1
    altered = bytearray(CONTENT)
    altered[7] = 0
    (tmp_path / "a.csv").write_bytes(altered)
    assert already(tmp_path / "a.csv", url) is None
    download(publisher, url, tmp_path / "a.csv", CSV)
    assert (tmp_path / "a.csv").read_bytes() == CONTENT
