"""A workspace behind an s3:// address, read from a real S3 server on this machine."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import numpy as np
import pandas as pd
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from csp_data.analysis.results import Question, answer
from csp_data.analysis.subject import Subject
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.problems import InputError
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables

LONG = 300_000


@dataclass
class Store:
    """The server, and how many bytes of each object it has given out."""

    address: str
    given: dict[str, int] = field(default_factory=dict)

    def bytes_of(self, name: str) -> int:
        return sum(count for key, count in self.given.items() if key.endswith(name))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A server with the bucket 'safety'. The product finds it as it would find any other: by the usual variables."""
    server_of_s3 = DomainDispatcherApplication(create_backend_app)

    def counted(environ, start_response):
        for part in server_of_s3(environ, start_response):
            if environ["REQUEST_METHOD"] == "GET" and not environ["QUERY_STRING"]:
                store.given[environ["PATH_INFO"]] = store.given.get(environ["PATH_INFO"], 0) + len(part)
            yield part

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, counted, threaded=True)
    store = Store(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", store.address)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        boto3.client("s3").create_bucket(Bucket="safety", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        yield store
    server.shutdown()
    thread.join()
    server.server_close()


def upload(folder: Path, key: str) -> str:
    client = boto3.client("s3")
    for file in folder.rglob("*"):
        if file.is_file():
            client.upload_file(str(file), "safety", f"{key}/{file.relative_to(folder).as_posix()}")
    return f"s3://safety/{key}"


@pytest.fixture(scope="module")
def address(store, tmp_path_factory) -> str:
    """Town, with 300,000 more rows of crime whose numbers do not compress, so that reading all of it would show."""
    folder = tmp_path_factory.mktemp("s3")
    tables = town_tables()
    random = np.random.default_rng(1)
    tables["crime"] = pd.DataFrame(
        {
            "month": np.repeat(tables["crime"]["month"].to_numpy(), LONG // 3),
            "small_area": "E01000001",
            "category": "burglary",
            "source": [f"source-{number}" for number in random.permutation(LONG)],
            "count": random.integers(0, 2**31, LONG).astype("int32"),
        }
    )
    write_release(folder, TOWN, tables, town_manifest())
    return upload(folder, "town")


def test_a_workspace_in_a_bucket_is_listed(address):
    workspace = Workspace(address)
    assert workspace.partnerships() == ["town"]
    assert workspace.current("town") == "2019-07-10T090000"
    assert workspace.releases("town") == ["2019-07-10T090000"]


def test_tables_and_outlines_come_from_a_bucket_as_they_were_written(address):
    release = Workspace(address).release("town")
    asb = release.read("asb")
    assert asb["source"].tolist() == ["kent"] * 3
    assert asb["count"].tolist() == [5, 6, 7]
    areas = release.read("areas")
    assert areas.geometry.geom_equals(town_tables()["areas"].geometry).all()
    assert areas.crs == 4326


def test_only_the_columns_asked_for_leave_the_bucket(store, address):
    release = Workspace(address).release("town")
    whole = release.files.size(f"{release.folder}/crime.parquet")
    assert whole > 1_000_000
    store.given.clear()
    months = release.read("crime", columns=["month", "category"])
    assert months["month"].value_counts().tolist() == [LONG // 3] * 3
    assert 0 < store.bytes_of("crime.parquet") < whole / 10


def test_only_the_rows_asked_for_leave_the_bucket(store, address):
    release = Workspace(address).release("town")
    whole = release.files.size(f"{release.folder}/crime.parquet")
    store.given.clear()
    april = release.read("crime", columns=["count"], filters=[("month", "==", pd.Timestamp("2019-04-01"))])
    assert len(april) == LONG // 3
    assert 0 < store.bytes_of("crime.parquet") < whole / 2


def test_a_new_release_is_seen_at_once(store, tmp_path):
    write_release(tmp_path, TOWN, town_tables(), town_manifest())
    workspace = Workspace(upload(tmp_path, "moving"))
    assert workspace.current("town") == "2019-07-10T090000"
    write_release(tmp_path, TOWN, town_tables(), town_manifest("2019-08-10T090000"))
    upload(tmp_path, "moving")
    assert workspace.current("town") == "2019-08-10T090000"
    assert workspace.releases("town") == ["2019-07-10T090000", "2019-08-10T090000"]
    assert workspace.release("town").id == "2019-08-10T090000"


def test_a_figure_can_be_asked_of_a_bucket(store, tmp_path):
    manifest = town_manifest()
    manifest["extracts"]["crime"]["disclosure"] = "open"
    write_release(tmp_path, TOWN, town_tables(), manifest)
    subject = Subject(Workspace(upload(tmp_path, "figures")).release("town"))
    found = answer(subject, Question(measure="crime", start="2019-04", end="2019-06", area="E05000002", vintage="2003"))
    assert (found.numerator, found.value_status) == (60, "available")


def test_a_workspace_in_a_bucket_can_be_checked(store, tmp_path):
    write_release(tmp_path, TOWN, town_tables(), town_manifest())
    report = check_workspace(upload(tmp_path, "good"))
    assert (report.problems, report.warnings) == ((), ())
    (tmp_path / "town" / "releases" / "2019-07-10T090000" / "asb.parquet").write_bytes(b"not a table")
    report = check_workspace(upload(tmp_path, "damaged"))
    assert [problem.what.split(" (")[0].split(":")[0] for problem in report.problems] == [
        "this is not the file that was built",
        "the file is damaged, or not Parquet",
    ]


def test_a_bucket_that_is_not_there_is_told_in_a_sentence(store):
    with pytest.raises(InputError, match="there is no such workspace"):
        Workspace("s3://nowhere/town").partnerships()
    (problem,) = check_workspace("s3://nowhere/town").problems
    assert str(problem).startswith("s3://nowhere/town: ")
