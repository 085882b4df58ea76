"""Fetching a partnership by name from publishers on this machine, and building what has arrived."""

import io
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from csp_data.__main__ import app
from csp_data.analysis.results import Question, answer
from csp_data.analysis.subject import Subject
from csp_data.extracts import fetch as fetching
from csp_data.extracts.build import build
from csp_data.extracts.downloads import Publisher
from csp_data.extracts.fetch import Found, addresses, archives_for, fetch, find, records
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from tests.publishers_nearby import File, Nearby
from tests.small_town import DISTRICT, LSOAS_2021, NEIGHBOUR, NEW_WARDS, OLD_WARDS, square, street_row, street_text


def row(district: str, name: str, csp: str, csp_name: str, force: str) -> dict[str, str]:
    return {"district": district, "district_name": name, "csp": csp, "csp_name": csp_name, "force_name": force}


ROWS = [
    row("E07000107", "Dartford", "E22000136", "Dartford and Gravesham", "Kent"),
    row("E07000109", "Gravesham", "E22000136", "Dartford and Gravesham", "Kent"),
    row("E07000110", "Maidstone", "E22000142", "Maidstone", "Kent"),
    row("E09000001", "City of London", "E22000001", "City of London", "London, City of"),
]
FORCES = {"London, City of": "city-of-london"}


def test_a_partnership_is_found_by_its_own_name_a_district_s_or_a_force_s():
    both = (("E07000107", "Dartford"), ("E07000109", "Gravesham"))
    spanning = Found("Dartford and Gravesham", "dartford-and-gravesham", "E22000136", both, "kent", "Kent")
    assert find("Dartford & Gravesham", ROWS, FORCES) == spanning
    assert find("gravesham", ROWS, FORCES) == spanning
    whole = find("Kent", ROWS, FORCES)
    assert (whole.name, whole.csp_code, whole.codes) == ("Kent", "", ("E07000107", "E07000109", "E07000110"))
    assert find("City of London", ROWS, FORCES).force == "city-of-london"


def test_a_name_that_is_not_there_is_answered_with_those_like_it():
    with pytest.raises(InputError, match=r"Maidston: ONS lists no partnership.*Did you mean: Maidstone"):
        find("Maidston", ROWS, FORCES)
    with pytest.raises(InputError, match=r"Did you mean: .*Dartford and Gravesham"):
        find("Dartfor", ROWS, FORCES)
    with pytest.raises(InputError, match="Give the name of the district"):
        find("Zzyzx", ROWS, FORCES)


def test_as_many_archives_as_the_months_need():
    assert archives_for("2026-09", 36, 36) == ("2026-09",)
    assert archives_for("2026-09", 37, 36) == ("2026-09", "2023-09")
    assert archives_for("2026-02", 100, 36) == ("2026-02", "2023-02", "2020-02")


# The publishers


def feature(shape=None, **properties) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": shape}


def archive(month: str = "2026-09", force: str = "home") -> bytes:
    written = io.BytesIO()
    rows = [
        street_row(month, "Burglary", 0.505, 51.305, "E01000001"),
        street_row(month, "Drugs", 0.535, 51.305, "E01000005"),
    ]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"{month}/{month}-{force}-street.csv", street_text(rows))
        zipped.writestr(f"{month}/{month}-far-street.csv", street_text([]))
    return written.getvalue()


@pytest.fixture
def nearby():
    held = Nearby()
    held.files["/latest"] = File(b'[{"date": "2026-09-01"}]'[1:-1], "application/json")
    held.files["/archive/2026-09.zip"] = File(archive(), "application/zip")
    held.files["/population"] = File(
        f"DATE,GEOGRAPHY_CODE,GEOGRAPHY_NAME,OBS_VALUE\n2026,{DISTRICT},Squareton,4000\n".encode(), "text/csv"
    )
    held.services["CSPS"] = [
        feature(LAD24CD=DISTRICT, LAD24NM="Squareton", CSP24CD="E22000999", CSP24NM="Squareton", PFA24NM="Home"),
        feature(LAD24CD=NEIGHBOUR, LAD24NM="Elsewhere", CSP24CD="E22000998", CSP24NM="Elsewhere", PFA24NM="Home"),
    ]
    for service, year, wards in (("OLD", 22, OLD_WARDS), ("SAME", 23, OLD_WARDS), ("NEW", 24, NEW_WARDS)):
        held.services[service] = [
            feature(square(*columns), **{f"WD{year}CD": code, f"WD{year}NM": code[-2:], f"LAD{year}CD": DISTRICT})
            for code, columns in wards.items()
        ]
    held.services["LSOAS"] = [
        feature(square(*columns), LSOA21CD=code, LSOA21NM=f"Squareton {code[-1]}")
        for code, columns in LSOAS_2021.items()
    ]
    wards = {"E01000001": "E05000011", "E01000002": "E05000012", "E01000004": "E05000012", "E01000005": "E05000013"}
    held.services["LOOKUP"] = [
        feature(LSOA21CD=lsoa, LSOA21NM=f"Squareton {lsoa[-1]}", WD24CD=ward, WD24NM=ward[-2:], LAD24CD=DISTRICT)
        for lsoa, ward in wards.items()
    ]
    held.services["CHANGES"] = [
        feature(F_LSOA11CD=old, LSOA11NM="Old", CHGIND=change, LSOA21CD=new, LSOA21NM="New", LAD22CD=DISTRICT)
        for old, change, new in (
            ("E01000001", "U", "E01000001"),
            ("E01000002", "U", "E01000002"),
            ("E01000003", "S", "E01000004"),
            ("E01000003", "S", "E01000005"),
        )
    ]
    return held


@pytest.fixture
def declared(nearby):
    with nearby.open() as here:
        shipped = addresses()
        shipped["general"] |= {"pause": 0, "tries": 2, "wait": 0, "timeout": 10}
        shipped["police_uk"] |= {"latest": f"{here}/latest", "archive": here + "/archive/{month}.zip"}
        shipped["geography"] |= {
            "query": here + "/services/{service}",
            "page": 20,
            "partnerships": {"service": "CSPS", "year": "24"},
            "wards": [
                {**edition, "service": service, "year": year}
                for edition, service, year in zip(
                    shipped["geography"]["wards"], ("OLD", "SAME", "NEW"), ("22", "23", "24"), strict=False
                )
            ],
            "lookups": [
                {"service": "LOOKUP", "district": "LAD24CD", "order": "LSOA21CD"},
                {**shipped["geography"]["lookups"][1], "service": "CHANGES"},
            ],
            "lsoas": {"service": "LSOAS", "code": "LSOA21CD"},
        }
        shipped["population"]["districts"] = here + "/population?geography={codes}&date={years}"
        shipped["fingertips"]["ids"] = []
        yield shipped


def yes(plan) -> bool:
    return True


def test_what_arrives_builds_and_answers(declared, tmp_path):
    told = []
    fetched = fetch("squareton", tmp_path / "in", lambda plan: told.append(plan) or True, declared=declared)
    assert fetched
    assert [(plan.found.name, plan.latest, plan.archives) for plan in told] == [("Squareton", "2026-09", ("2026-09",))]
    config = tomllib.loads(fetched.config.read_text())
    assert [vintage["id"] for vintage in config["vintages"]] == ["2022", "2024"]  # SAME is the same set as OLD
    assert [vintage["label"] for vintage in config["vintages"]] == [
        "2 wards, as ONS drew them in May 2022",
        "3 wards, as ONS drew them in May 2024",
    ]
    assert config["partnership"]["force"] == "home"
    assert all(len(source["url"]) > 10 for source in config["lookup"])
    build(fetched.config, tmp_path / "workspace")
    subject = Subject(Workspace(str(tmp_path / "workspace")).release("squareton"))
    found = answer(subject, Question("crime", "2026-09", "2026-09", per="rate"))
    assert (found.numerator, found.denominator, found.value) == (2, 4000, 0.5)


def test_nothing_is_downloaded_unless_it_is_agreed(declared, nearby, tmp_path):
    assert fetch("squareton", tmp_path / "in", lambda plan: False, declared=declared) is None
    assert not (tmp_path / "in").exists()
    assert not [path for path, _ in nearby.asked if path.startswith("/archive")]


def test_a_second_run_downloads_no_file_again_and_leaves_an_edited_configuration_alone(declared, nearby, tmp_path):
    first = fetch("squareton", tmp_path, yes, declared=declared)
    assert first
    first.config.write_text("# edited\n")
    nearby.asked.clear()
    plans = []
    second = fetch("squareton", tmp_path, lambda plan: plans.append(plan) or True, declared=declared)
    assert second
    assert plans[0].bytes == 0
    assert not [path for path, _ in nearby.asked if path.startswith(("/archive", "/population"))]
    assert first.config.read_text() == "# edited\n"
    assert second.config.name == "CONFIG.new.toml"
    assert "CONFIG.new.toml" in second.notes[0]


def test_an_interrupted_archive_is_gone_on_with(declared, nearby, tmp_path):
    size = len(nearby.files["/archive/2026-09.zip"].content)
    nearby.files["/archive/2026-09.zip"].breaks_after = [size // 2] + [0] * 2
    with pytest.raises(InputError, match="Run the same command again"):
        fetch("squareton", tmp_path, yes, declared=declared)
    assert not (tmp_path / "CONFIG.toml").exists()
    fetch("squareton", tmp_path, yes, declared=declared)
    assert nearby.ranges[-1] == f"bytes={size // 2}-"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (archive(force="other"), "the archive holds no file of the force 'home'"),
        (archive()[:-30], "the archive is damaged"),
        (archive().replace(b"PK\x03\x04", b"PK\x03\x04", 1)[:60] + b"\x00\x00\x00" + archive()[63:], "damaged"),
    ],
)
def test_an_archive_that_is_not_good_is_never_kept(declared, nearby, tmp_path, content, told):
    nearby.files["/archive/2026-09.zip"].content = content
    with pytest.raises(InputError, match=told):
        fetch("squareton", tmp_path, yes, declared=declared)
    assert not list(tmp_path.glob("police_uk*"))


def test_pages_of_records_are_put_together_in_order(declared, nearby):
    found = records(Publisher("tests", 0, 0), declared["geography"], "LSOAS", order="LSOA21CD")
    assert [each["LSOA21CD"] for each in found] == sorted(LSOAS_2021)
    pages = [query["resultOffset"] for path, query in nearby.asked if "resultOffset" in query]
    assert pages == ["0", "2"]


def test_a_service_that_counts_more_than_it_gives_is_told(declared, nearby):
    def short(query):
        return {"count": 3} if "returnCountOnly" in query else {"type": "FeatureCollection", "features": []}

    nearby.answers["LSOAS"] = short
    with pytest.raises(InputError, match="it counts 3 records and gave 0"):
        records(Publisher("tests", 0, 0), declared["geography"], "LSOAS", order="LSOA21CD")


def test_an_error_that_a_service_reports_with_status_200_is_seen(declared):
    with pytest.raises(InputError, match="the service reports 400: Invalid URL"):
        records(Publisher("tests", 0, 0), declared["geography"], "GONE", order="X")


def test_every_address_that_is_called_is_declared_with_its_licence_and_day():
    for name, section in addresses().items():
        if name != "general":
            assert section["publisher"]
            assert section["licence"] == "OGL-3.0"
            assert section["checked"]
    assert "://" not in Path(fetching.__file__).read_text(encoding="utf-8")


def test_the_command_asks_first_and_says_what_to_run_next(declared, monkeypatch, tmp_path):
    monkeypatch.setattr(fetching, "addresses", lambda: declared)
    runner = CliRunner()
    refused = runner.invoke(app, ["fetch", "Squareton", "--into", str(tmp_path / "in")], input="n\n")
    assert refused.exit_code == 1
    assert "Squareton (E06000999); police files of 'home'" in refused.output
    assert "Nothing was downloaded" in refused.output
    agreed = runner.invoke(app, ["fetch", "Squareton", "--into", str(tmp_path / "in")], input="y\n")
    assert agreed.exit_code == 0
    assert f"Next: python -m csp_data build {tmp_path / 'in' / 'CONFIG.toml'} --out WORKSPACE" in agreed.output
