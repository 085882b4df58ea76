"""CONFIG.toml to a release: where rows go, what is kept, and that a build that fails leaves nothing behind."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from small_town import (
    COLUMN,
    CONFIG,
    DISTRICT,
    LSOAS_2011,
    LSOAS_2021,
    MIDDLE,
    street_row,
    street_text,
    write_areas,
    write_street,
    write_town,
    write_zip,
)

from csp_data.__main__ import main
from csp_data.extracts.build import build
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace

JANUARY = [
    street_row("2025-01", "Burglary", COLUMN[0], MIDDLE, "E01000001"),
    street_row("2025-01", "Burglary", COLUMN[2], MIDDLE, "E01000004"),
    street_row("2025-01", "Anti-social behaviour", COLUMN[2], MIDDLE, "E01000004", crime_id=""),
    street_row("2025-01", "Anti-social behaviour", COLUMN[2], MIDDLE, "E01000004", crime_id=""),
    street_row("2025-01", "Robbery", lsoa="E01000005"),
    street_row("2025-01", "Drugs"),
    street_row("2025-01", "Burglary", 0.45, 51.2, "E01000099"),
    street_row("2025-01", "Burglary", COLUMN[1], MIDDLE, "E01000099"),
    street_row("2025-01", "Burglary", 0.45, 51.2, "E01000002"),
]
JANUARY_2014 = [
    street_row("2014-01", "Burglary", COLUMN[0], MIDDLE, "E01000001"),
    street_row("2014-01", "Burglary", COLUMN[3], MIDDLE, "E01000003"),
]
RAILWAY = [street_row("2025-01", "Other theft", COLUMN[3], MIDDLE, force="British Transport Police", crime_id="")]


@pytest.fixture
def town(tmp_path) -> Path:
    """The folder of Squareton's files, with January 2014 and January 2025 of the home force and one railway theft."""
    folder = tmp_path / "town"
    folder.mkdir()
    write_town(folder)
    write_street(folder / "police_uk", "2025-01", "home", JANUARY)
    write_street(folder / "police_uk", "2014-01", "home", JANUARY_2014, line_end="\r\n")
    write_street(folder / "police_uk", "2025-01", "btp", RAILWAY)
    return folder


def configure(town: Path, more: str = "", instead: dict[str, str] | None = None) -> Path:
    text = CONFIG
    for old, new in (instead or {}).items():
        assert old in text
        text = text.replace(old, new)
    (town / "CONFIG.toml").write_text(text + more)
    return town / "CONFIG.toml"


def built(town: Path):
    report = build(town / "CONFIG.toml", town / "workspace", publish_at_once=True)
    return report, Workspace(str(town / "workspace")).release("squareton")


def counts(release, dataset: str) -> list[tuple]:
    table = release.read(dataset)
    table = table.assign(month=table["month"].dt.strftime("%Y-%m")).sort_values(list(table.columns))
    return list(table.itertuples(index=False, name=None))


# --- where rows go ----------------------------------------------------------------------------------------------


def test_every_row_is_counted_in_one_place(town):
    report, release = built(town)
    assert counts(release, "crime") == [
        ("2014-01", "E01000001:2011@E05000001+E05000011", "burglary", "home", 1),
        ("2014-01", "E01000003@E05000002+E05000013", "burglary", "home", 1),
        ("2025-01", "@E05000001+E05000012", "burglary", "home", 1),
        ("2025-01", "@E05000002+E05000013", "other-theft", "btp", 1),
        ("2025-01", "E01000001@E05000001+E05000011", "burglary", "home", 1),
        ("2025-01", "E01000002", "burglary", "home", 1),
        ("2025-01", "E01000004@E05000002+E05000012", "burglary", "home", 1),
        ("2025-01", "E01000005", "robbery", "home", 1),
        ("2025-01", "not_located", "drug-offences", "home", 1),
    ]
    assert counts(release, "asb") == [("2025-01", "E01000004@E05000002+E05000012", "asb", "home", 2)]
    assert report.placed == {
        "crime": {"coordinates": 6, "lsoa": 2, "ward": 0, "district": 0, "not_located": 1, "outside": 1, "read": 10},
        "asb": {"coordinates": 2, "lsoa": 0, "ward": 0, "district": 0, "not_located": 0, "outside": 0, "read": 2},
    }
    assert report.agreement == {
        "crime": {
            "coordinates and LSOA": 4,
            "coordinates, LSOA elsewhere": 1,
            "coordinates, no LSOA": 1,
            "LSOA, coordinates elsewhere": 1,
            "LSOA, no coordinates": 1,
        },
        "asb": {"coordinates and LSOA": 2},
    }


def test_the_manifest_tells_months_places_and_sources(town):
    report, release = built(town)
    crime = release.extract("crime")
    assert crime["months"] == ["2014-01", "2025-01"]
    assert release.months("asb") == ["2025-01"]
    assert crime["placed"] == report.placed["crime"]
    assert (crime["scheme"], crime["disclosure"]) == ("data.police.uk", "open")
    assert [(s["name"], s["file"], s["rows"]) for s in crime["sources"]] == [
        ("Home Police street-level crime, January 2014", "2014-01-home-street.csv", 2),
        ("British Transport Police street-level crime, January 2025", "2025-01-btp-street.csv", 1),
        ("Home Police street-level crime, January 2025", "2025-01-home-street.csv", 7),
    ]
    assert sum(s["rows"] for s in crime["sources"]) == crime["placed"]["read"]
    assert [s["file"] for s in release.extract("population")["sources"]] == ["population.csv"]


def test_the_report_prints_and_sums(town):
    report, _ = built(town)
    console = Console(width=150, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(report)
    text = console.export_text()
    assert "12 records of 3 files" in text
    assert [line.split("│")[1:4] for line in text.splitlines() if "All records read" in line] == [
        [" All records read              ", "                    10 ", "                               2 "]
    ]


def test_a_release_keeps_its_contracts(town):
    built(town)
    report = check_workspace(str(town / "workspace"))
    assert [str(problem) for problem in report.problems] == []


def test_small_areas_say_what_they_are_and_hold_lsoas_without_a_record(town):
    _, release = built(town)
    table = release.read("small_areas").set_index("small_area")
    assert {key: tuple(row) for key, row in table.iterrows()} == {
        "@E05000001+E05000012": ("E05000012", "ward", "Area 12", DISTRICT),
        "@E05000002+E05000013": ("E05000013", "ward", "Area 13", DISTRICT),
        "E01000001": ("E01000001", "lsoa2021", "Squareton 001A", DISTRICT),
        "E01000001:2011@E05000001+E05000011": ("E01000001", "lsoa2011", "Squareton 001A", DISTRICT),
        "E01000001@E05000001+E05000011": ("E01000001", "lsoa2021", "Squareton 001A", DISTRICT),
        "E01000002": ("E01000002", "lsoa2021", "Squareton 001B", DISTRICT),
        "E01000003@E05000002+E05000013": ("E01000003", "lsoa2011", "Squareton 001C", DISTRICT),
        "E01000004": ("E01000004", "lsoa2021", "Squareton 001D", DISTRICT),
        "E01000004@E05000002+E05000012": ("E01000004", "lsoa2021", "Squareton 001D", DISTRICT),
        "E01000005": ("E01000005", "lsoa2021", "Squareton 001E", DISTRICT),
        "not_located": ("", "not_located", "Not located", ""),
    }


def lookup(release) -> dict[tuple[str, str], list[tuple]]:
    table = release.read("ward_lookup")
    return {
        key: sorted(rows[["ward_code", "share", "method"]].itertuples(index=False, name=None))
        for key, rows in table.groupby(["small_area", "vintage"])
    }


def test_coordinates_lead_to_a_ward_of_every_set_and_lsoas_by_best_fit(town):
    _, release = built(town)
    found = lookup(release)
    assert found["E01000004@E05000002+E05000012", "2003"] == [("E05000002", 1.0, "coordinates")]
    assert found["E01000004@E05000002+E05000012", "2023"] == [("E05000012", 1.0, "coordinates")]
    assert found["E01000005", "2023"] == [("E05000013", 1.0, "best_fit")]
    # Nothing says which old ward E01000005 lies in.
    assert ("E01000005", "2003") not in found
    assert not [key for key in found if key[0] == "not_located"]


def test_outlines_of_lsoas_show_which_nest(town):
    write_areas(town / "lsoa21.geojson", LSOAS_2021, "LSOA21CD", "LSOA21NM", LAD22CD=DISTRICT)
    configure(town, '\n[[lsoa_boundaries]]\npath = "lsoa21.geojson"\n')
    _, release = built(town)
    assert lookup(release)["E01000005", "2003"] == [("E05000002", 1.0, "nested")]
    areas = release.read("areas")
    assert areas["area_type"].value_counts().to_dict() == {"ward": 5, "lsoa2021": 4, "district": 1}


def test_shares_of_residents_come_before_best_fit(town):
    (town / "shares.csv").write_text(
        "lsoa_vintage,lsoa_code,ward_vintage,ward_code,lad_code,population_share\n"
        f"2021,E01000005,2025,E05000012,{DISTRICT},0.2\n2021,E01000005,2025,E05000013,{DISTRICT},0.6\n"
        f"2021,E01000002,2025,E05000012,{DISTRICT},1.0\n"
    )
    configure(town, '\n[[lookup]]\npath = "shares.csv"\n')
    _, release = built(town)
    # The shares of what is known add up to 0.8 and are made to add up to 1.
    assert lookup(release)["E01000005", "2023"] == [
        ("E05000012", pytest.approx(0.25), "population_share"),
        ("E05000013", pytest.approx(0.75), "population_share"),
    ]


def test_an_lsoa_of_2011_goes_where_all_that_became_of_it_goes(town):
    write_street(town / "police_uk", "2014-02", "home", [street_row("2014-02", lsoa="E01000003")] * 2)
    text = (town / "lsoa21_new_ward.csv").read_text()
    (town / "lsoa21_new_ward.csv").write_text(text.replace("E05000012,Middle", "E05000013,Right"))
    _, release = built(town)
    assert lookup(release)["E01000003", "2023"] == [("E05000013", 1.0, "best_fit")]


def test_without_best_fit_an_lsoa_goes_by_its_area(town):
    write_areas(town / "lsoa11.geojson", LSOAS_2011, "LSOA11CD", "LSOA11NM", LAD11CD=DISTRICT)
    write_street(town / "police_uk", "2014-02", "home", [street_row("2014-02", lsoa="E01000003")])
    configure(town, '\n[[lsoa_boundaries]]\npath = "lsoa11.geojson"\n')
    _, release = built(town)
    found = lookup(release)
    assert found["E01000003", "2003"] == [("E05000002", 1.0, "nested")]
    assert found["E01000003", "2023"] == [
        ("E05000012", pytest.approx(0.5, abs=1e-3), "area_share"),
        ("E05000013", pytest.approx(0.5, abs=1e-3), "area_share"),
    ]


def test_a_point_in_a_ward_of_one_set_only(town):
    """The new wards leave out the left column, as a river might be; there the LSOA says which ward."""
    write_areas(
        town / "new_wards.geojson",
        {"E05000012": (2, 3), "E05000013": (3, 4), "E05000011": (1, 2)},
        "WD23CD",
        "WD23NM",
        LAD23CD=DISTRICT,
    )
    report, release = built(town)
    assert "E01000001@E05000001+-" in set(release.read("crime")["small_area"])
    assert lookup(release)["E01000001@E05000001+-", "2003"] == [("E05000001", 1.0, "coordinates")]
    assert lookup(release)["E01000001@E05000001+-", "2023"] == [("E05000011", 1.0, "best_fit")]
    assert report.placed["crime"]["coordinates"] == 6


def test_a_point_on_the_border_of_two_wards_goes_to_one(town):
    rows = [street_row("2025-01", "Burglary", 0.52, MIDDLE, "E01000004")]
    write_street(town / "police_uk", "2025-01", "home", rows)
    _, release = built(town)
    assert "E01000004@E05000001+E05000012" in set(release.read("crime")["small_area"])


def test_a_point_in_the_outline_but_in_no_ward_is_in_the_district(town):
    write_areas(town / "new_wards.geojson", {"E05000013": (3, 4)}, "WD23CD", "WD23NM", LAD23CD=DISTRICT)
    write_areas(town / "old_wards.geojson", {"E05000002": (2, 4)}, "WD22CD", "WD22NM", LAD22CD=DISTRICT)
    write_areas(town / "outline.geojson", {DISTRICT: (0, 4)}, "LAD23CD", "LAD23NM")
    write_street(town / "police_uk", "2025-01", "btp", [street_row("2025-01", "Drugs", COLUMN[0], MIDDLE)])
    configure(town, '\n[outline]\npath = "outline.geojson"\n')
    report, release = built(town)
    assert report.placed["crime"]["district"] == 1
    assert ("2025-01", DISTRICT, "drug-offences", "btp", 1) in counts(release, "crime")


def test_a_zip_gives_what_its_folder_gives(town):
    _, from_folder = built(town)
    members = {f"all/{p.parent.name}/{p.name}": p.read_bytes() for p in (town / "police_uk").rglob("*.csv")}
    write_zip(town / "download.zip", members)
    configure(town, instead={'path = "police_uk"': 'path = "download.zip"'})
    build(town / "CONFIG.toml", town / "zipped")
    from_zip = Workspace(str(town / "zipped")).release("squareton")
    for dataset in ("crime", "asb", "small_areas", "ward_lookup"):
        pd.testing.assert_frame_equal(from_zip.read(dataset), from_folder.read(dataset))


# --- months -----------------------------------------------------------------------------------------------------


def test_a_home_file_without_asb_leaves_the_month_missing(town):
    report, release = built(town)
    assert release.months("asb") == ["2025-01"]
    assert "2014-01-home-street.csv: it holds no row of anti-social behaviour incidents" in " ".join(
        map(str, report.warnings)
    )


def test_a_gap_between_months_is_told(town):
    report, _ = built(town)
    assert any("has no data of 'home' for 2014-02, 2014-03" in str(warning) for warning in report.warnings)


def test_without_the_home_force_there_is_no_release(town):
    for path in (town / "police_uk").rglob("*-home-*"):
        path.unlink()
    with pytest.raises(InputError, match="no street file of the home force 'home', only of btp"):
        built(town)


# --- the police's own extract -----------------------------------------------------------------------------------

EXTRACT = '\n[[police_extract]]\ndataset = "asb"\npath = "asb.csv"\nfirst_month = "2024-01"\nlast_month = "2024-03"\n'


def test_an_extract_of_the_police_is_placed_by_code_and_rounded(town):
    (town / "asb.csv").write_text(
        "month,area_code,category,count\n2024-01,E01000001,Other ASB,5\n2024-01,E05000013,Other ASB,4\n"
        f"2024-03,{DISTRICT},ASB,3\n2024-03,,ASB,2\n2024-03,E05000099,ASB,1\n"
    )
    configure(town, EXTRACT)
    report, release = built(town)
    assert counts(release, "asb") == [
        ("2024-01", "E01000001", "other-asb", "home", 5),
        ("2024-01", "E05000013", "other-asb", "home", 4),
        ("2024-03", "E06000999", "asb", "home", 3),
        ("2024-03", "not_located", "asb", "home", 2),
        ("2025-01", "E01000004@E05000002+E05000012", "asb", "home", 2),
    ]
    assert release.months("asb") == ["2024-01", "2024-02", "2024-03", "2025-01"]
    assert report.placed["asb"] == {
        "coordinates": 2,
        "lsoa": 5,
        "ward": 4,
        "district": 3,
        "not_located": 2,
        "outside": 1,
        "read": 17,
    }
    asb = release.extract("asb")
    assert (asb["disclosure"], asb["scheme"]) == ("rounded", "data.police.uk and police extract")
    assert (asb["sources"][-1]["licence"], asb["sources"][-1]["publisher"]) == ("supplied", "Home police force")
    assert release.extract("crime")["disclosure"] == "open"
    assert lookup(release)["E05000013", "2023"] == [("E05000013", 1.0, "nested")]
    assert lookup(release)["E05000013", "2003"] == [("E05000002", pytest.approx(1), "nested")]


def test_the_same_month_from_two_sources_is_refused(town):
    (town / "asb.csv").write_text("month,area_code,category,count\n2025-01,,ASB,5\n")
    more = '\n[[police_extract]]\ndataset = "asb"\npath = "asb.csv"\n'
    configure(town, more)
    with pytest.raises(InputError, match="incidents of 2025-01 would be counted twice"):
        built(town)
    configure(town, more, instead={'path = "police_uk"': 'path = "police_uk"\ndatasets = ["crime"]'})
    report, release = built(town)
    assert counts(release, "asb") == [("2025-01", "not_located", "asb", "home", 5)]
    assert report.placed["crime"]["read"] == 10


# --- population, events -----------------------------------------------------------------------------------------


def test_population_of_districts_wards_and_lsoas(town):
    (town / "wards.csv").write_text("WD22CD,mid_2019\nE05000001,1500\nE05000002,2500\nE05000099,9\n")
    (town / "lsoas.csv").write_text("lsoa_code,2019\nE01000001,700\nE01000003,2500\nE01000099,9\n")
    configure(town, '\n[[population]]\npath = "wards.csv"\n\n[[population]]\npath = "lsoas.csv"\nbasis = "B"\n')
    _, release = built(town)
    table = release.read("population")[["area_code", "area_type", "vintage", "population"]]
    assert sorted(table.itertuples(index=False, name=None)) == [
        ("E01000001", "lsoa2011", "", 700),
        ("E01000003", "lsoa2011", "", 2500),
        ("E05000001", "ward", "2003", 1500),
        ("E05000002", "ward", "2003", 2500),
        (DISTRICT, "district", "", 4000),
    ]


def test_two_populations_that_differ_are_refused(town):
    (town / "other.csv").write_text(f"lad_code,2019\n{DISTRICT},4001\n")
    configure(town, '\n[[population]]\npath = "other.csv"\n')
    with pytest.raises(InputError) as error:
        built(town)
    assert (error.value.file, error.value.row) == ("other.csv", 2)
    assert "is 4,001, and 4,000 in population.csv" in error.value.what


def test_a_population_of_elsewhere_is_refused(town):
    (town / "population.csv").write_text("lad_code,2019\nE06000001,4000\n")
    with pytest.raises(InputError, match="holds no area of Squareton"):
        built(town)


def test_events(town):
    configure(town, '\n[[events]]\nstart = 2023-05-04\nkind = "boundary change"\nlabel = "New wards"\n')
    _, release = built(town)
    (event,) = release.read("events").to_dict("records")
    assert (event["start"], pd.isna(event["end"]), event["datasets"]) == (pd.Timestamp("2023-05-04"), True, "all")


# --- a build that fails -----------------------------------------------------------------------------------------


def test_a_failed_build_leaves_the_old_release_and_nothing_else(town):
    _, old = built(town)
    before = sorted(p.relative_to(town) for p in (town / "workspace").rglob("*"))
    write_street(town / "police_uk", "2025-02", "home", [street_row("2025-03")])
    with pytest.raises(InputError) as error:
        built(town)
    assert (error.value.file, error.value.row) == ("2025-02-home-street.csv", 2)
    assert sorted(p.relative_to(town) for p in (town / "workspace").rglob("*")) == before
    assert Workspace(str(town / "workspace")).current("squareton") == old.id


def test_a_first_build_that_fails_leaves_no_workspace(town):
    (town / "police_uk" / "2025-01" / "2025-01-home-street.csv").write_text("<!DOCTYPE html>")
    with pytest.raises(InputError):
        built(town)
    assert not (town / "workspace").exists()


@pytest.mark.parametrize(
    ("instead", "add", "what"),
    [
        (
            {},
            '[[events]]\nstart = 2023-05-04\nend = 2020-01-01\nkind = "lockdown"\nlabel = "x"',
            "ends before it starts",
        ),
        ({"new_wards.geojson": "both.geojson"}, "", "overlap by 100% of the smaller one"),
        ({}, "", "months that had not begun when the release was built"),
    ],
)
def test_what_the_check_would_refuse_is_never_made_live(town, instead, add, what):
    write_areas(town / "both.geojson", {"E05000011": (0, 2), "E05000012": (0, 2)}, "WD23CD", "WD23NM", LAD23CD=DISTRICT)
    if not (instead or add):
        write_street(town / "police_uk", "2097-01", "home", [street_row("2097-01", "Burglary", COLUMN[0], MIDDLE)])
    configure(town, instead=instead)
    config = town / "CONFIG.toml"
    config.write_text(f"{config.read_text()}\n{add}\n")
    with pytest.raises(InputError, match=what):
        built(town)
    assert not (town / "workspace").exists()


def test_a_workspace_that_cannot_be_written_is_told_in_a_sentence(town):
    (town / "workspace").write_text("a file")
    with pytest.raises(InputError, match=r"the release cannot be written [(]Not a directory"):
        built(town)


def test_a_broken_link_is_not_a_month_left_out(town):
    (town / "police_uk" / "2025-03-home-street.csv").symlink_to(town / "gone.csv")
    with pytest.raises(InputError, match=r"2025-03-home-street.csv: it is a link to a file that is not there"):
        built(town)


def test_the_same_month_twice_with_different_content(town):
    again = street_text(JANUARY[:3])
    write_zip(town / "police_uk" / "again.zip", {"2025-01/2025-01-home-street.csv": again})
    with pytest.raises(InputError, match="both are for home in 2025-01"):
        built(town)


def test_the_same_month_twice_with_the_same_content_is_read_once(town):
    shutil.copytree(town / "police_uk" / "2025-01", town / "police_uk" / "copy")
    report, _ = built(town)
    assert report.placed["crime"]["read"] == 10
    assert sum("with the same content" in str(warning) for warning in report.warnings) == 2


# --- CONFIG.toml ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instead", "what", "row"),
    [
        ({"districts =": "district ="}, "'district' in [partnership] is not known. Use 'districts'", 6),
        ({"[[lookup]]": "[[look_up]]"}, "[look_up] is not known. Use 'lookup'", 22),
        ({'force = "home"': ""}, "an entry of [partnership] has no 'force'. Add it", 2),
        ({'force = "home"': "force = 7"}, "'force' in [partnership] is not text. Write text", 7),
        ({'["E06000999"]': '"E06000999"'}, "'districts' in [partnership] is not a list of ONS codes", 6),
        ({'"E06000999"]': '"E06000999"'}, "it is not TOML (Unclosed array)", 7),
        ({'id = "2023"': 'id = "2003"'}, "two ward sets have the same id. Give each its own id", None),
        ({'id = "squareton"': 'id = "Square Town"'}, "'Square Town' cannot be the name of a folder", 3),
        ({"2023-05-04": '"4 May 2023"'}, "'used_from' in [vintages] is not a date such as 2023-05-04", None),
        ({"[[police_uk]]": "[police_uk]"}, "'police_uk' is not written as [[police_uk]]. Head it [[police_uk]]", 31),
        ({'[[police_uk]]\npath = "police_uk"\n': ""}, "it names no file of crime or ASB", None),
        (
            {'path = "police_uk"': 'path = "police_uk"\ndatasets = ["thefts"]'},
            "is 'thefts'. Use one of: crime, asb",
            33,
        ),
        (
            {'path = "police_uk"': 'path = "police_uk"\ncrime_types = {"Cyber crime" = "other-crime"}'},
            "crime_types puts 'Cyber crime' in 'other-crime', which is not a category. Use 'other-crimes'",
            None,
        ),
        (
            {'path = "police_uk"': 'path = "police_uk"\ncrime_types = {"Cyber crime" = "hacking"}'},
            "which is not a category. Use a line of the crime tree, as the page About the data lists them.",
            None,
        ),
        ({'id = "2023"': 'id = "../2023"'}, "the id of the ward set '../2023' cannot be part of an address", None),
        ({"2023-05-03": "1923-05-03"}, "was used to 1923-05-03, before it was used from 2003-05-01", None),
        ({'["E06000999"]': '["E06000999", "E06000999"]'}, "the district E06000999 is there twice", 6),
        ({'"old_wards.geojson"': '"lost.geojson"'}, "lost.geojson: the file does not exist", None),
    ],
)
def test_a_wrong_configuration_is_told_with_the_line(town, instead, what, row):
    configure(town, instead=instead)
    with pytest.raises(InputError) as error:
        built(town)
    assert what in str(error.value)
    if row is not None:
        assert error.value.row == row
    assert not (town / "workspace").exists()


def test_an_empty_list_of_ward_sets_is_none(town):
    config = town / "CONFIG.toml"
    before, _, rest = config.read_text().partition("[[vintages]]")
    config.write_text(f"vintages = []\n{before}[[lookup]]{rest.partition('[[lookup]]')[2]}")
    with pytest.raises(InputError, match=r"there is no \[\[vintages\]\]"):
        built(town)


def test_no_configuration(tmp_path):
    with pytest.raises(InputError, match="the configuration does not exist"):
        build(tmp_path / "none.toml", tmp_path / "workspace")


def test_a_crime_type_that_the_configuration_lists(town):
    write_street(town / "police_uk", "2025-01", "home", [street_row("2025-01", "Cyber crime", COLUMN[0], MIDDLE)])
    with pytest.raises(InputError, match="the crime type 'Cyber crime' is not known"):
        built(town)
    configure(
        town, instead={'path = "police_uk"': 'path = "police_uk"\ncrime_types = {"Cyber crime" = "other-crimes"}'}
    )
    _, release = built(town)
    assert ("2025-01", "@E05000001+E05000011", "other-crimes", "home", 1) in counts(release, "crime")


# --- real files -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kent(shared_data, tmp_path_factory):
    """Builds a release of a Kent district from the shared files named."""

    def build_kent(district: str, *police_uk: str):
        folder = tmp_path_factory.mktemp("kent")
        geography = (shared_data / "geography").as_posix()
        lines = [
            f'[partnership]\nid = "place"\nname = "Place"\ndistricts = ["{district}"]\nforce = "kent"',
            f'[[vintages]]\nid = "old"\nlabel = "Old"\nused_to = 2023-05-03\n'
            f'boundaries = "{geography}/wards_2022_kent.geojson"',
            f'[[vintages]]\nid = "new"\nlabel = "New"\nused_from = 2023-05-04\n'
            f'boundaries = "{geography}/wards_2025_kent.geojson"',
            *(
                f'[[lookup]]\npath = "{geography}/{name}.csv"'
                for name in ("lookup_lsoa2021_to_ward2024_bestfit_kent", "lookup_lsoa2011_to_lsoa2021_kent")
            ),
            f'[[population]]\npath = "{geography}/population_lad_england_wales.csv"',
            *(f'[[police_uk]]\npath = "{(shared_data / "police_uk").as_posix()}/{name}"' for name in police_uk),
        ]
        (folder / "CONFIG.toml").write_text("\n".join(lines))
        report = build(folder / "CONFIG.toml", folder / "workspace")
        return report, Workspace(str(folder / "workspace")).release("place")

    return build_kent


KENT_2025 = "kent-street-2025-01_2025-06.zip"
KENT_2014 = "kent-street-2014-01_2014-03.zip"
MEDWAY, MAIDSTONE = "E06000035", "E07000110"


@pytest.mark.shared_data
def test_medway_in_2025_by_coordinates_is_what_it_is_by_lsoa_code(kent):
    report, release = kent(MEDWAY, KENT_2025)
    assert report.agreement == {"crime": {"coordinates and LSOA": 13_143}, "asb": {"coordinates and LSOA": 2_548}}
    assert {name: placed["read"] for name, placed in report.placed.items()} == {"crime": 75_873, "asb": 14_000}
    assert report.placed["crime"]["not_located"] + report.placed["asb"]["not_located"] == 1_057
    crime = release.read("crime")
    assert crime.loc[crime["small_area"] != "not_located", "count"].sum() == 13_143
    assert release.months("crime") == [f"2025-0{month}" for month in range(1, 7)]
    # Five records lie in the old wards only: there the boundary with Maidstone was drawn a little further out.
    edge = crime[crime["small_area"].str.endswith("+-")]
    asb = release.read("asb")
    assert edge["count"].sum() + asb.loc[asb["small_area"].str.endswith("+-"), "count"].sum() == 5


@pytest.mark.shared_data
def test_maidstone_in_2025_and_every_difference(kent):
    """8,289 + 3 rows by LSOA code, 8,289 + 6 by coordinates: nine rows at four points on the district's edge differ."""
    report, _ = kent(MAIDSTONE, KENT_2025)
    assert report.agreement == {
        "crime": {"coordinates and LSOA": 6_932, "coordinates, LSOA elsewhere": 4, "LSOA, coordinates elsewhere": 3},
        "asb": {"coordinates and LSOA": 1_357, "coordinates, LSOA elsewhere": 2},
    }


@pytest.mark.shared_data
def test_medway_in_2014_with_lsoas_of_2011(kent):
    report, release = kent(MEDWAY, KENT_2014)
    assert report.agreement == {
        "crime": {"coordinates and LSOA": 4_186, "LSOA, coordinates elsewhere": 3},
        "asb": {"coordinates and LSOA": 1_900},
    }
    kinds = release.read("small_areas").set_index("small_area")["area_type"]
    assert set(kinds[release.read("crime")["small_area"]]) == {"lsoa2011", "not_located"}


@pytest.mark.shared_data
def test_the_railway_police_are_kept_apart(kent):
    report, release = kent(MEDWAY, KENT_2025, "2025-01/2025-01-btp-street.csv")
    crime = release.read("crime")
    inside = crime[crime["small_area"] != "not_located"].groupby("source")["count"].sum()
    assert inside.to_dict() == {"btp": 13, "kent": 13_143}
    assert sum(placed["read"] for placed in report.placed.values()) == 89_873 + 3_304
    assert json.dumps(release.extract("crime")["placed"])


def test_a_path_that_no_file_system_takes_is_told_in_a_sentence(town, monkeypatch, capsys):
    configure(town, instead={'path = "police_uk"': f'path = "{"a" * 5000}"'})
    monkeypatch.setattr("sys.argv", ["csp_data", "build", str(town / "CONFIG.toml"), "--out", str(town / "workspace")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "it cannot be used (File name too long). Check the path" in capsys.readouterr().err
