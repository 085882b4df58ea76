"""Look-ups between small areas: which kind a file is, and what it says."""

import pytest
from small_town import DISTRICT, NEIGHBOUR, write_town

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.lookups import read_lookup


def write(tmp_path, text):
    path = tmp_path / "lookup.csv"
    path.write_text(text)
    return path


def refused(path, **options) -> InputError:
    with pytest.raises(InputError) as error:
        read_lookup(path, [DISTRICT], **options)
    return error.value


def test_best_fit_cut_to_the_district(tmp_path):
    write_town(tmp_path)
    found = read_lookup(tmp_path / "lsoa21_new_ward.csv", [DISTRICT])
    assert (found.kind, found.rows) == ("best_fit", 5)
    assert found.table[["lsoa_year", "lsoa", "ward"]].values.tolist() == [
        ["2021", "E01000001", "E05000011"],
        ["2021", "E01000002", "E05000012"],
        ["2021", "E01000004", "E05000012"],
        ["2021", "E01000005", "E05000013"],
    ]


def test_changes_from_2011_to_2021(tmp_path):
    write_town(tmp_path)
    found = read_lookup(tmp_path / "lsoa11_lsoa21.csv", [DISTRICT])
    assert found.kind == "change"
    assert found.table[["lsoa2011", "change", "lsoa2021"]].values.tolist() == [
        ["E01000001", "U", "E01000001"],
        ["E01000002", "U", "E01000002"],
        ["E01000003", "S", "E01000004"],
        ["E01000003", "S", "E01000005"],
    ]


@pytest.mark.parametrize("heading", ["population_share", "share", "Share"])
def test_shares_of_residents(tmp_path, heading):
    path = write(
        tmp_path,
        f"lsoa_vintage,lsoa_code,ward_vintage,ward_code,lad_code,{heading}\n"
        f"2021,E01000004,2023,E05000012,{DISTRICT},0.75\n"
        f"2021,E01000004,2023,E05000013,{DISTRICT},0.25\n",
    )
    found = read_lookup(path, [DISTRICT])
    assert found.kind == "shares"
    assert found.table[["lsoa_year", "lsoa", "ward_set", "ward", "share"]].values.tolist() == [
        ["2021", "E01000004", "2023", "E05000012", 0.75],
        ["2021", "E01000004", "2023", "E05000013", 0.25],
    ]


def test_a_year_that_only_the_configuration_knows(tmp_path):
    path = write(tmp_path, f"lsoa_code,ward_code,lad_code\nE01000001,E05000001,{DISTRICT}\n")
    assert "2011 or of 2021" in refused(path).what
    assert list(read_lookup(path, [DISTRICT], "2011").table["lsoa_year"]) == ["2011"]


def test_two_wards_for_one_lsoa(tmp_path):
    path = write(tmp_path, "LSOA21CD,WD23CD\nE01000001,E05000001\nE01000002,E05000001\nE01000001,E05000002\n")
    error = refused(path)
    assert (error.what, error.row) == ("the LSOA E01000001 is put in two wards", 4)


def test_an_output_area_look_up_that_agrees_is_one_row(tmp_path):
    path = write(tmp_path, "OA21CD,LSOA21CD,WD23CD\nE1,E01000001,E05000001\nE2,E01000001,E05000001\n")
    assert len(read_lookup(path, [DISTRICT]).table) == 1


@pytest.mark.parametrize("share", ["1.5", "-0.1", "half"])
def test_a_share_that_is_none(tmp_path, share):
    path = write(tmp_path, f"LSOA21CD,WD23CD,population_share\nE01000001,E05000001,{share}\n")
    error = refused(path)
    assert (error.what, error.row) == (f"the share '{share}' is not a number from 0 to 1", 2)


def test_a_look_up_of_elsewhere(tmp_path):
    path = write(tmp_path, f"LSOA21CD,WD23CD,LAD23CD\nE01000001,E05000001,{NEIGHBOUR}\n")
    assert refused(path).what == f"it holds no LSOA of {DISTRICT}"


def test_lsoas_alone_and_no_lsoas(tmp_path):
    assert "neither ward codes" in refused(write(tmp_path, "LSOA21CD\nE01000001\n")).what
    assert "no line among the first 30 is a heading" in refused(write(tmp_path, "a,b\n1,2\n")).what
