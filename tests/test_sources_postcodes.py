"""Postcode files: which lines are read, and how postcodes are written."""

import pytest

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.postcodes import read_postcodes

BOX = (0.5, 51.3, 0.54, 51.31)
HEADING = "pcd7,pcds,doterm,lat,long,osward,lsoa21\n"


def read(tmp_path, text: str, wards=frozenset({"E05000011"}), lsoas=frozenset({"E01000005"})):
    path = tmp_path / "ONSPD.csv"
    path.write_text(text, encoding="utf-8")
    return read_postcodes(path, BOX, wards, lsoas)


def test_postcodes_of_the_partnership_that_are_in_use(tmp_path):
    found = read(
        tmp_path,
        HEADING
        + "ME1 1AA,ME1 1AA,,51.305,0.505,E05000099,\n"
        + "ME1 1AB,ME1 1AB,202001,51.305,0.505,E05000011,\n"
        + "ME1 1AC,ME1 1AC,,55.0,0.505,E05000099,\n"
        + "ME11AD,ME1  1AD,,99.999999,0,E05000011,\n"
        + "ME1 1AE,ME1 1AE,,,,,E01000005\n",
    )
    assert found["postcode"].tolist() == ["ME1 1AA", "ME1 1AD", "ME1 1AE"]
    assert found["latitude"].isna().tolist() == [False, True, True]
    assert found["ward"].tolist() == ["E05000099", "E05000011", ""]


def test_headings_of_the_lookup_and_small_letters(tmp_path):
    found = read(tmp_path, "PCDS,LAT,LONG,WD25CD\nme1 1aa,51.305,0.505,E05000099\n")
    assert found[["postcode", "longitude"]].to_numpy().tolist() == [["ME1 1AA", 0.505]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "row 1: its heading has no postcode with latitude and longitude, ward or LSOA"),
        (HEADING + "x,SW1A 1AA,,51.501,-0.14,E05000098,\n", "it holds no postcode of the partnership"),
        (HEADING + "x,HELLO,,51.305,0.505,,\n", "'HELLO' is not a postcode"),
    ],
)
def test_faults(tmp_path, text, told):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)


def test_a_folder_is_not_the_file(tmp_path):
    with pytest.raises(InputError, match="Name the CSV inside the folder 'Data'"):
        read_postcodes(tmp_path, BOX, frozenset(), frozenset())
