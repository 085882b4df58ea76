"""Each fault is planted alone in the good workspace of Town, and told in one sentence."""

import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from shapely import Polygon, box
from shapely.affinity import translate

from csp_data.catalogue.partnerships import Vintage
from csp_data.extracts.checks import SummaryLine, check_release, check_workspace
from csp_data.extracts.consistency import LISTED
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables

ROOT = Path(__file__).parents[1]
RELEASE = "town/releases/2019-07-10T090000"


def told(workspace) -> tuple[list[str], list[str]]:
    report = check_workspace(str(workspace))
    return [str(problem) for problem in report.problems], [str(warning) for warning in report.warnings]


@pytest.fixture
def told_with(write_town):
    """Problems and warnings of Town when one table is changed in place by a function."""

    def check(dataset: str, change) -> tuple[list[str], list[str]]:
        tables = town_tables()
        changed = change(tables[dataset])
        tables[dataset] = tables[dataset] if changed is None else changed
        return told(write_town(tables))

    return check


@pytest.fixture
def told_with_manifest(write_town):
    def check(change) -> tuple[list[str], list[str]]:
        manifest = town_manifest()
        change(manifest)
        return told(write_town(manifest=manifest))

    return check


def set_cell(row: int, column: str, value):
    """A change that puts one value in one cell."""

    def change(table):
        table[column] = table[column].astype(object) if isinstance(value, str) else table[column]
        table.loc[row, column] = value
        return table.convert_dtypes() if isinstance(value, str) and column != "geometry" else table

    return change


def one(sentences: list[str]) -> str:
    assert len(sentences) == 1, sentences
    return sentences[0]


# A good workspace


def test_a_good_workspace_has_nothing_to_tell_but_its_summary(write_town):
    report = check_workspace(str(write_town()))
    assert report.problems == ()
    assert report.warnings == ()
    assert report.summary.lines[0] == SummaryLine(
        partnership="town",
        release="2019-07-10T090000",
        dataset="Police recorded crime",
        rows=3,
        months="2019-04 to 2019-06 (3)",
        areas="2 small areas",
        sources="1 file: Nobody",
    )
    assert {line.dataset: line.areas for line in report.summary.lines}["Boundaries"] == "1 district, 3 wards"


def test_the_summary_prints_as_a_table(write_town):
    console = Console(file=io.StringIO(), width=200)
    console.print(check_workspace(str(write_town())).summary)
    printed = console.file.getvalue()
    assert "Police recorded crime" in printed
    assert "2019-04 to 2019-06 (3)" in printed


def test_the_demonstration_may_be_published(demonstration):
    report = check_workspace(str(demonstration))
    assert [str(problem) for problem in report.problems] == []


# The address and the files


def test_an_address_without_a_workspace_is_a_problem(tmp_path):
    problems, _ = told(tmp_path / "nowhere")
    assert "there is no such workspace" in one(problems)


def test_an_address_of_an_unknown_kind_is_a_problem():
    problems, _ = told("nosuch://bucket/workspace")
    assert one(problems).startswith("nosuch://bucket/workspace: the address cannot be read")


def test_a_current_that_names_no_release_is_a_problem(write_town):
    workspace = write_town()
    (workspace / "town" / "current").write_text("2018-01-01T000000\n")
    problems, _ = told(workspace)
    assert "the release is missing or not whole" in one(problems)


def test_a_missing_file_is_a_problem(write_town):
    workspace = write_town()
    (workspace / RELEASE / "asb.parquet").unlink()
    problems, _ = told(workspace)
    assert one(problems).startswith(f"{RELEASE}/asb.parquet: the file is missing. Restore the file")


def test_a_damaged_file_is_a_problem_and_the_rest_is_still_checked(write_town):
    tables = town_tables()
    tables["crime"].loc[0, "count"] = -1
    workspace = write_town(tables)
    place = workspace / RELEASE / "asb.parquet"
    content = place.read_bytes()
    place.write_bytes(content[: len(content) // 2])
    problems, _ = told(workspace)
    assert [sentence.split(": ")[0] for sentence in problems] == [
        f"{RELEASE}/crime.parquet, row 1",
        f"{RELEASE}/asb.parquet",
        f"{RELEASE}/asb.parquet",
    ]
    assert "SHA-256" in problems[1]
    assert "the file is damaged, or not Parquet" in problems[2]


def test_a_column_that_a_file_lacks_or_has_too_many_is_named(write_town):
    workspace = write_town()
    table = town_tables()["asb"].rename(columns={"source": "force"})
    table.to_parquet(workspace / RELEASE / "asb.parquet", index=False)
    problems, warnings = told(workspace)
    assert "the column 'source' is missing" in problems[1]
    assert "the column 'force' is not in the contract of 'asb'" in one(warnings)


def test_another_file_of_the_same_shape_is_a_problem(write_town):
    workspace = write_town()
    tables = town_tables()
    tables["asb"].loc[0, "count"] = 500
    tables["asb"].to_parquet(workspace / RELEASE / "asb.parquet", index=False)
    problems, _ = told(workspace)
    assert "this is not the file that was built: its SHA-256 is not that of release.json" in one(problems)


def test_other_rows_than_the_manifest_says_are_a_problem(write_town):
    workspace = write_town()
    manifest_file = workspace / RELEASE / "release.json"
    manifest = json.loads(manifest_file.read_text())
    manifest["extracts"]["crime"]["rows"] = 4
    manifest_file.write_text(json.dumps(manifest))
    problems, _ = told(workspace)
    assert "the file has 3 rows and release.json says 4" in one(problems)


@pytest.fixture
def told_with_description(write_town):
    """Problems of Town when release.json is changed after the release was written."""

    def check(change) -> list[str]:
        workspace = write_town()
        file = workspace / RELEASE / "release.json"
        manifest = json.loads(file.read_text())
        file.write_text(json.dumps(change(manifest) or manifest))
        return told(workspace)[0]

    return check


def test_a_description_without_a_hash_is_a_problem(told_with_description):
    sentence = one(told_with_description(lambda manifest: manifest["extracts"]["crime"].pop("sha256") and None))
    assert "'sha256' of 'crime' is missing or is not text" in sentence


@pytest.mark.parametrize("key", ["release", "partnership", "status", "built_at", "extracts"])
@pytest.mark.parametrize("value", [None, 7, []])
def test_a_description_of_another_form_is_a_problem(told_with_description, key, value):
    sentence = one(told_with_description(lambda manifest: manifest | {key: value}))
    assert f"'{key}' is missing or is not" in sentence


def test_a_description_that_is_a_list_is_a_problem(told_with_description):
    assert "is not as it should be" in one(told_with_description(lambda manifest: [1]))


def test_a_time_that_is_none_is_a_problem(told_with_description):
    sentence = one(told_with_description(lambda manifest: manifest | {"built_at": "yesterday"}))
    assert "'built_at' is 'yesterday', which is not a date with a time" in sentence


def test_an_unknown_status_is_a_problem(told_with_description):
    sentence = one(told_with_description(lambda manifest: manifest | {"status": "final"}))
    assert "the status 'final' is not known. Use one of: published, " in sentence


def test_a_withdrawn_release_must_not_be_live(told_with_description):
    sentence = one(told_with_description(lambda manifest: manifest | {"status": "withdrawn"}))
    assert "the release has been withdrawn. Make another release the live one" in sentence


def test_a_release_in_the_folder_of_another_is_a_problem(told_with_description):
    sentence = one(told_with_description(lambda manifest: manifest | {"release": "2018-01-01T000000"}))
    assert "it names the release '2018-01-01T000000', but lies in another folder" in sentence


def test_a_partnership_without_a_name_is_a_problem(write_town):
    workspace = write_town()
    file = workspace / RELEASE / "partnership.toml"
    file.write_text(file.read_text().replace("name = ", "called = ", 1))
    assert "release.json or partnership.toml is not as it should be" in one(told(workspace)[0])


@pytest.mark.parametrize("dataset", ["population", "areas", "small_areas", "ward_lookup"])
def test_a_missing_required_dataset_is_a_problem(write_town, dataset):
    tables = town_tables()
    del tables[dataset]
    problems, _ = told(write_town(tables))
    assert f"{RELEASE}/release.json: the dataset '{dataset}' is missing." in one(problems)


def test_events_are_not_required(write_town):
    tables = town_tables()
    del tables["events"]
    assert told(write_town(tables)) == ([], [])


def test_a_release_without_counts_is_a_problem(write_town):
    tables = town_tables()
    del tables["crime"], tables["asb"]
    problems, _ = told(write_town(tables))
    assert "the release holds no counts" in one(problems)


def test_the_folder_of_another_partnership_is_a_problem(write_town):
    workspace = write_town()
    (workspace / "town").rename(workspace / "village")
    problems, _ = told(workspace)
    assert len(problems) == 2
    assert "it is of 'town', but lies in the folder of 'village'" in problems[0]


def test_two_partnerships_of_one_short_name_are_a_problem(write_town):
    workspace = write_town()
    write_release(workspace, dataclasses.replace(TOWN, id="twin"), town_tables(), town_manifest())
    problems, _ = told(workspace)
    assert one(problems).startswith("twin/partnership.toml: the short name 'Town' is also that of 'town'")


def test_two_ward_sets_of_one_label_are_a_problem(write_town):
    twice = dataclasses.replace(TOWN, vintages=(Vintage("2003", "Wards"), Vintage("2023", "Wards")))
    problems, _ = told(write_town(partnership=twice))
    assert "two sets of wards have the label 'Wards'" in one(problems)


def test_a_candidate_is_checked_like_a_live_release(write_town):
    workspace = write_town()
    tables = town_tables()
    tables["crime"].loc[0, "count"] = -1
    candidate = town_manifest("2019-08-01T090000")
    write_release(workspace, TOWN, tables, candidate, make_current=False)
    assert told(workspace) == ([], [])
    report = check_release(Workspace(str(workspace)).release("town", "2019-08-01T090000"))
    assert "'count' is -1" in one([str(problem) for problem in report.problems])


def test_rows_that_are_not_accounted_for_are_a_problem(told_with_manifest):
    def lose_one(manifest):
        manifest["extracts"]["crime"]["placed"] = {"coordinates": 90, "lsoa": 9, "read": 100}

    problems, _ = told_with_manifest(lose_one)
    assert "100 rows were read for 'crime' and 99 are accounted for" in one(problems)


def test_an_extract_without_a_source_is_a_warning(told_with_manifest):
    problems, warnings = told_with_manifest(lambda manifest: manifest["extracts"]["asb"].update(sources=[]))
    assert problems == []
    assert "no source is given for 'asb'" in one(warnings)


# Months


def test_a_gap_between_months_is_a_warning(told_with_manifest):
    def leave_out_may(manifest):
        manifest["extracts"]["asb"]["months"] = ["2019-04", "2019-06"]

    problems, warnings = told_with_manifest(leave_out_may)
    assert "'asb' lacks 2019-05 between 2019-04 and 2019-06" in warnings[0]
    assert "shown as missing, not as zero" in warnings[0]
    # May has rows of the home force all the same, which would silently vanish.
    assert "'kent' has counts for months that release.json does not list as covered: 2019-05" in one(problems)


def test_counts_of_another_force_outside_the_covered_months_are_a_warning(told_with):
    def add_july_of_transport_police(asb):
        row = asb.head(1).assign(month=pd.Timestamp("2019-03-01"), source="btp")
        return pd.concat([asb, row], ignore_index=True)

    problems, warnings = told_with("asb", add_july_of_transport_police)
    assert problems == []
    assert one(warnings).startswith(
        f"{RELEASE}/asb.parquet, row 4: 'btp' has counts for months that 'kent' does not cover"
    )


def test_a_month_later_than_the_build_is_a_problem(told_with_manifest):
    def build_in_may(manifest):
        manifest["built_at"] = "2019-05-31T23:59:59Z"

    problems, warnings = told_with_manifest(build_in_may)
    assert len(problems) == 2
    assert "months that had not begun when the release was built in 2019-05: 2019-06" in problems[0]
    assert "covers 2019-05, the month in which the release was built" in warnings[0]


def test_a_covered_month_without_a_row_is_a_warning(told_with):
    problems, warnings = told_with("asb", lambda asb: asb[asb["month"] != "2019-05-01"])
    assert problems == []
    assert "months that are covered but have no row, so count as zero: 2019-05" in one(warnings)


def test_a_month_that_is_none_is_a_problem(told_with_manifest):
    problems, _ = told_with_manifest(lambda manifest: manifest["extracts"]["asb"].update(months=["2019-13"]))
    assert "'2019-13' is not a month of 'asb'" in one(problems)


def test_no_month_is_a_problem(told_with_manifest):
    problems, _ = told_with_manifest(lambda manifest: manifest["extracts"]["asb"].update(months=[]))
    assert "'asb' covers no month" in one(problems)


# Small areas


def test_a_count_in_an_unknown_small_area_is_a_problem(told_with):
    problems, _ = told_with("asb", set_cell(1, "small_area", "E01999999"))
    assert one(problems).startswith(
        f"{RELEASE}/asb.parquet, row 2: small areas that small_areas does not describe: 'E01999999'."
    )


def test_a_small_area_of_another_district_is_a_problem(told_with):
    problems, _ = told_with("small_areas", set_cell(1, "district", "E07000099"))
    assert "small areas in the district 'E07000099', outside 'E07000001': 'E01000002'" in one(problems)


def test_an_unknown_ward_among_the_small_areas_is_a_problem(told_with):
    def add_ward(places):
        row = places.head(1).assign(small_area="E05000009", area_code="E05000009", area_type="ward")
        return pd.concat([places, row], ignore_index=True)

    problems, _ = told_with("small_areas", add_ward)
    assert "row 5: unknown wards, without an outline: 'E05000009'" in one(problems)


def test_lsoas_of_two_censuses_in_one_month_are_a_problem(write_town):
    tables = town_tables()
    tables["small_areas"].loc[1, "area_type"] = "lsoa2021"
    # In Town's crime, April lies in the first LSOA, May and June in the second: mixed over time only.
    assert told(write_town(tables)) == ([], [])


def test_lsoas_of_two_censuses_within_a_month_are_a_problem(write_town):
    tables = town_tables()
    tables["small_areas"].loc[1, "area_type"] = "lsoa2021"
    tables["crime"]["month"] = pd.to_datetime(["2019-04-01", "2019-06-01", "2019-04-01"])
    problems, _ = told(write_town(tables))
    assert "LSOAs of 2011 and LSOAs of 2021 are mixed within a month: 2019-04" in one(problems)


# The look-up


def test_shares_that_miss_one_are_a_problem(told_with):
    problems, _ = told_with("ward_lookup", set_cell(1, "share", 0.9))
    assert "row 2: the shares of 'E01000002' in the wards of '2003' add up to 0.9, not to 1" in one(problems)


def test_many_shares_that_miss_one_are_counted_after_the_first_few(told_with):
    problems, _ = told_with("ward_lookup", lambda lookup: lookup.assign(share=0.9))
    assert len(problems) == LISTED + 1
    assert "shares of 1 more small areas do not add up to 1" in problems[-1]


def test_shares_that_add_up_but_for_rounding_are_good(told_with):
    def thirds(lookup):
        part = lookup.iloc[[2]].assign(share=1 / 3)
        return pd.concat([lookup.drop(index=2), *(part.assign(ward_code=f"E0500000{n}") for n in (1, 2, 3))])

    problems, _ = told_with("ward_lookup", thirds)
    assert not any("add up" in sentence for sentence in problems)


def test_a_share_of_nothing_is_a_problem(told_with):
    def add_zero(lookup):
        return pd.concat([lookup, lookup.head(1).assign(ward_code="E05000002", share=0.0)], ignore_index=True)

    problems, _ = told_with("ward_lookup", add_zero)
    assert "row 5: the share of 'E01000001' in the ward E05000002 is 0" in one(problems)


def test_an_unknown_ward_in_the_lookup_is_a_problem(told_with):
    problems, warnings = told_with("ward_lookup", set_cell(1, "ward_code", "E05000009"))
    assert "row 2: 'E05000009' has no outline among the wards of '2003'" in one(problems)
    assert "no small area is allocated to 'Birch' of the wards of '2003'" in one(warnings)


def test_a_ward_of_the_other_set_is_unknown(told_with):
    problems, _ = told_with("ward_lookup", set_cell(1, "ward_code", "E05000003"))
    assert "'E05000003' has no outline among the wards of '2003'" in one(problems)


def test_an_unknown_ward_set_is_a_problem(told_with):
    def add_set(lookup):
        return pd.concat([lookup, lookup.head(1).assign(vintage="1999")], ignore_index=True)

    problems, _ = told_with("ward_lookup", add_set)
    assert "row 5: '1999' is not a set of wards of partnership.toml. Use one of: 2003, 2023" in one(problems)


def test_a_ward_set_without_a_lookup_is_a_problem(told_with):
    problems, _ = told_with("ward_lookup", lambda lookup: lookup[lookup["vintage"] == "2023"])
    assert "no small area is allocated to the wards of '2003'" in one(problems)


def test_many_counts_without_a_ward_are_a_warning(told_with):
    problems, warnings = told_with("crime", set_cell(1, "small_area", "E07000001"))
    assert problems == []
    assert len(warnings) == 2  # one for each set of wards
    assert "30.0% of the counts (30 of 100) belong to no ward of '2003'" in warnings[0]


def test_records_without_a_location_are_outside_every_total_and_so_no_warning(told_with):
    assert told_with("crime", set_cell(1, "small_area", "not_located")) == ([], [])


# Boundaries


def set_outline(row: int, outline):
    def change(areas):
        outlines = areas.geometry.copy()
        outlines.loc[row] = outline
        return areas.set_geometry(outlines)

    return change


def test_an_invalid_outline_is_a_problem(told_with):
    bow_tie = Polygon([(0.5, 51.0), (1.0, 51.5), (1.0, 51.0), (0.5, 51.5)])
    problems, _ = told_with("areas", set_outline(1, bow_tie))
    assert "row 2: the outline of Birch (E05000002) is invalid: Self-intersection[0.75 51.25]" in one(problems)


def test_overlapping_wards_are_a_problem(told_with):
    problems, _ = told_with("areas", set_outline(1, box(0.25, 51.0, 1.0, 51.5)))
    assert "the outlines of Ash (E05000001) and Birch (E05000002) overlap by 50% of the smaller one" in one(problems)


def test_slivers_along_a_border_are_no_overlap(told_with):
    assert told_with("areas", set_outline(1, box(0.499, 51.0, 1.0, 51.5))) == ([], [])


def test_a_part_of_the_district_without_a_ward_is_a_warning(told_with):
    problems, warnings = told_with("areas", set_outline(1, box(0.75, 51.0, 1.0, 51.5)))
    assert problems == []
    assert "the wards of '2003' leave out 25.1% of Town" in one(warnings)


def test_longitude_and_latitude_the_wrong_way_round_are_a_problem(told_with):
    problems, _ = told_with("areas", set_outline(1, box(51.0, 0.5, 51.5, 1.0)))
    assert "row 2: outlines outside the United Kingdom: 'Birch'" in one(problems)


def test_metres_said_to_be_degrees_are_a_problem(told_with):
    problems, _ = told_with("areas", set_outline(1, translate(box(0, 0, 9000, 9000), 580_000, 160_000)))
    assert "outlines outside the United Kingdom: 'Birch'" in one(problems)


def test_a_ward_set_without_outlines_is_a_problem(told_with):
    problems, _ = told_with("areas", lambda areas: areas[areas["vintage"] != "2023"])
    assert "there is no outline of a ward of '2023' (1 ward from May 2023)" in problems[-1]
    assert "'E05000003' has no outline among the wards of '2023'" in problems[0]


def test_outlines_in_metres_are_a_problem(write_town):
    workspace = write_town()
    areas = town_tables()["areas"].to_crs(27700)
    areas.to_parquet(workspace / RELEASE / "areas.parquet", index=False)
    problems, _ = told(workspace)
    assert "the outlines are in EPSG:27700. Give longitude and latitude (EPSG:4326)" in problems[-1]


# Residents


def test_a_district_without_a_population_is_a_problem(told_with):
    problems, _ = told_with("population", lambda people: people[people["area_type"] == "ward"])
    assert "the population of the district E07000001 is missing" in one(problems)


def test_a_ward_without_a_population_is_a_warning(told_with):
    problems, warnings = told_with("population", lambda people: people[people["area_code"] != "E05000002"])
    assert problems == []
    assert "wards of '2003' without a population (1 of 2): 'Birch'" in one(warnings)


def test_limits_on_the_wrong_side_are_a_problem(told_with):
    problems, _ = told_with("population", set_cell(0, "low", 601))
    assert (
        "row 1: the population of E05000001 is 600, which is not between the lowest value 601 and the highest 600"
        in one(problems)
    )


def test_a_population_of_an_unknown_ward_set_is_a_problem(told_with):
    problems, _ = told_with("population", set_cell(1, "vintage", "1999"))
    assert "row 2: wards of no set of wards of partnership.toml: 'E05000002'" in one(problems)


# Categories and events


def test_counts_on_a_line_before_it_was_used_are_a_warning(write_town):
    tables, manifest = town_tables(), town_manifest()
    tables["crime"]["category"] = ["burglary-dwelling", "burglary-residential", "robbery"]
    problems, warnings = told(write_town(tables, manifest))
    assert problems == []
    assert "row 1: 'burglary-dwelling' was used until 2017-03, but has counts for 2019-04" in one(warnings)


def test_an_event_that_ends_before_it_starts_is_a_problem(told_with):
    problems, _ = told_with("events", set_cell(0, "end", pd.Timestamp("2019-05-01")))
    assert "row 1: 'New records system' ends before it starts" in one(problems)


def test_an_event_of_an_unknown_dataset_is_a_problem(told_with):
    problems, _ = told_with("events", set_cell(0, "datasets", "crime, weather"))
    assert "row 1: 'weather' is not a dataset" in one(problems)


# From the command line


def test_the_command_ends_with_one_when_publication_is_stopped(write_town):
    workspace = write_town()
    command = [sys.executable, "-m", "csp_data", "check", str(workspace)]
    good = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (good.returncode, good.stderr) == (0, "")
    assert "town, release 2019-07-10T090000" in good.stdout
    (workspace / RELEASE / "asb.parquet").unlink()
    bad = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert bad.returncode == 1
    assert f"{RELEASE}/asb.parquet: the file is missing" in bad.stdout
