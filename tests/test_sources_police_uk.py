"""Street files of data.police.uk: which are found, what is read, and what is said of bad ones."""

import re
import zipfile

import pytest
from small_town import COLUMN, HEADING, MIDDLE, street_row, street_text, write_street, write_zip

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.police_uk import (
    Reach,
    each_month_once,
    find_street_files,
    open_database,
    read_street_files,
)

HERE = Reach((0.50, 51.30, 0.54, 51.31), frozenset({"E01000001", "E01000002"}))
GOOD = [street_row("2025-01", "Burglary", COLUMN[0], MIDDLE, "E01000001")]


def read(tmp_path, path, **options):
    """The rows of the table ``street`` in order, and what was read of each file."""
    connection = open_database(tmp_path)
    try:
        files = find_street_files(path).files
        reads = read_street_files(files, HERE, connection, tmp_path, **options)
        rows = connection.execute(
            "select file, crime_type, longitude, latitude, lsoa, reach, count from street order by all"
        ).fetchall()
        return rows, reads
    finally:
        connection.close()


def refused(tmp_path, path, **options) -> InputError:
    with pytest.raises(InputError) as error:
        read(tmp_path, path, **options)
    assert re.fullmatch(r".+: .+\. .+\.", str(error.value)), "not one sentence with a remedy"
    return error.value


# --- which files ------------------------------------------------------------------------------------------------


def test_street_files_are_told_from_the_others_by_name(tmp_path):
    folder = tmp_path / "download"
    write_street(folder, "2025-02", "home", GOOD)
    write_street(folder, "2025-01", "btp", GOOD)
    (folder / "2025-01" / "2025-01-home-outcomes.csv").write_text("anything")
    (folder / "2025-01" / "2025-01-home-stop-and-search.csv").write_text("anything")
    found = find_street_files(folder)
    assert [(f.month, f.force, f.name) for f in found.files] == [
        ("2025-01", "btp", "2025-01-btp-street.csv"),
        ("2025-02", "home", "2025-02-home-street.csv"),
    ]
    assert found.problems == ()


def test_linked_folders_are_read_and_a_link_back_is_followed_once(tmp_path):
    folder, elsewhere = tmp_path / "download", tmp_path / "elsewhere"
    folder.mkdir()
    write_street(elsewhere, "2025-02", "home", GOOD)
    (folder / "linked").symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / "back").symlink_to(folder, target_is_directory=True)
    assert [f.name for f in find_street_files(folder).files] == ["2025-02-home-street.csv"]


def test_a_csv_with_an_odd_name_is_left_out_with_a_warning(tmp_path):
    folder = tmp_path / "download"
    write_street(folder, "2025-01", "home", GOOD)
    (folder / "2025-01" / "copy of january.csv").write_text("anything")
    (warning,) = find_street_files(folder).problems
    assert warning.file == "copy of january.csv"
    assert warning.severity == "warning"


def test_files_in_folders_of_a_zip(tmp_path):
    path = write_zip(
        tmp_path / "download.zip",
        {"a/b/2025-01/2025-01-home-street.csv": street_text(GOOD), "a/b/2025-01/2025-01-home-outcomes.csv": "x"},
    )
    (file,) = find_street_files(path).files
    assert (file.month, file.force, file.name) == (
        "2025-01",
        "home",
        "download.zip/a/b/2025-01/2025-01-home-street.csv",
    )


def test_only_the_forces_asked_for(tmp_path):
    for force in ("home", "btp", "far-away"):
        write_street(tmp_path / "d", "2025-01", force, GOOD)
    assert {f.force for f in find_street_files(tmp_path / "d", ["HOME", "btp"]).files} == {"home", "btp"}
    with pytest.raises(InputError, match="no street file of kent"):
        find_street_files(tmp_path / "d", ["home", "kent"])


def test_a_folder_without_street_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no street file"):
        find_street_files(tmp_path)


def test_a_path_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        find_street_files(tmp_path / "nothing.zip")


def test_a_single_file_must_say_its_month_and_force(tmp_path):
    (tmp_path / "kent.csv").write_text(street_text(GOOD))
    with pytest.raises(InputError, match="which month and force"):
        find_street_files(tmp_path / "kent.csv")


def test_the_same_month_twice_with_the_same_content_is_read_once(tmp_path):
    one = find_street_files(write_street(tmp_path / "one", "2025-01", "home", GOOD)).files
    two = find_street_files(
        write_zip(tmp_path / "two.zip", {"2025-01/2025-01-home-street.csv": street_text(GOOD)})
    ).files
    once = each_month_once([*one, *two])
    assert once.files == one
    (warning,) = once.problems
    assert "is in 2025-01-home-street.csv too, with the same content" in str(warning)


def test_the_same_month_twice_with_different_content_is_refused(tmp_path):
    one = find_street_files(write_street(tmp_path / "one", "2025-01", "home", GOOD)).files
    two = find_street_files(write_street(tmp_path / "two", "2025-01", "home", GOOD * 2)).files
    with pytest.raises(InputError, match=r"differs from .* both are for home in 2025-01"):
        each_month_once([*one, *two])


# --- rows -------------------------------------------------------------------------------------------------------


def test_identical_rows_are_all_counted(tmp_path):
    asb = street_row("2025-01", "Anti-social behaviour", COLUMN[0], MIDDLE, "E01000001", crime_id="")
    path = write_street(tmp_path / "d", "2025-01", "home", [asb, asb, asb])
    rows, (of_file,) = read(tmp_path, path)
    assert rows == [(0, "Anti-social behaviour", COLUMN[0], MIDDLE, "E01000001", "within", 3)]
    assert of_file.rows == {"asb": 3}


def test_the_same_crime_id_twice_is_two_rows(tmp_path):
    rows = [street_row("2025-01", "Robbery", x, MIDDLE, "E01000001", crime_id="same") for x in COLUMN[:2]]
    _, (of_file,) = read(tmp_path, write_street(tmp_path / "d", "2025-01", "home", rows))
    assert of_file.rows == {"crime": 2}


def test_how_far_each_row_reaches(tmp_path):
    path = write_street(
        tmp_path / "d",
        "2025-01",
        "home",
        [
            street_row("2025-01", "Burglary", COLUMN[0], MIDDLE, "E01000077"),  # in the box, LSOA elsewhere
            street_row("2025-01", "Burglary", 0.4, 51.2, "E01000001"),  # LSOA ours, point elsewhere
            street_row("2025-01", "Burglary", lsoa="E01000001"),  # LSOA ours, no point
            street_row("2025-01", "Burglary", COLUMN[0], MIDDLE),  # point only
            street_row("2025-01", "Burglary", 0.4, 51.2, "E01000077"),  # elsewhere
            street_row("2025-01", "Burglary", 0.3, 51.1),  # elsewhere too: kept without its place
            street_row("2025-01", "Burglary"),  # nowhere
        ],
    )
    rows, _ = read(tmp_path, path)
    assert rows == [
        (0, "Burglary", 0.4, 51.2, "E01000001", "within", 1),
        (0, "Burglary", COLUMN[0], MIDDLE, "E01000077", "within", 1),
        (0, "Burglary", COLUMN[0], MIDDLE, None, "within", 1),
        (0, "Burglary", None, None, "E01000001", "within", 1),
        (0, "Burglary", None, None, None, "beyond", 2),
        (0, "Burglary", None, None, None, "nowhere", 1),
    ]


def test_line_ends_a_byte_order_mark_and_files_from_zip_and_folder_read_alike(tmp_path):
    folder = tmp_path / "d"
    write_street(folder, "2014-01", "home", [street_row("2014-01", lsoa="E01000001")], line_end="\r\n")
    write_street(folder, "2025-01", "home", GOOD)
    marked = street_text([street_row("2025-02", lsoa="E01000002")]).encode("utf-8-sig")
    write_zip(folder / "more.zip", {"2025-02/2025-02-home-street.csv": marked})
    rows, reads = read(tmp_path, folder)
    assert rows == [
        (0, "Burglary", None, None, "E01000001", "within", 1),
        (1, "Burglary", COLUMN[0], MIDDLE, "E01000001", "within", 1),
        (2, "Burglary", None, None, "E01000002", "within", 1),
    ]
    assert [r.file.month for r in reads] == ["2014-01", "2025-01", "2025-02"]
    assert [r.publisher for r in reads] == ["Home Police"] * 3
    assert len({r.sha256 for r in reads}) == 3


def test_files_unpacked_from_a_zip_are_removed(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    path = write_zip(tmp_path / "a.zip", {"2025-01/2025-01-home-street.csv": street_text(GOOD)})
    connection = open_database(work)
    read_street_files(find_street_files(path).files, HERE, connection, work)
    connection.close()
    assert [p.name for p in work.iterdir() if p.suffix == ".csv"] == []


def test_a_path_with_the_marks_of_a_pattern_is_not_taken_for_another(tmp_path):
    write_street(tmp_path / "crime n", "2025-01", "home", GOOD * 5)
    rows, _ = read(tmp_path, write_street(tmp_path / "crime [new]", "2025-01", "home", GOOD))
    assert [row[-1] for row in rows] == [1]


def test_a_heading_without_rows_is_read_as_no_rows(tmp_path):
    rows, (of_file,) = read(tmp_path, write_street(tmp_path / "d", "2025-01", "home", []))
    assert rows == []
    assert (of_file.total, of_file.publisher) == (0, "")


def test_many_batches_give_what_one_gives(tmp_path, monkeypatch):
    folder = tmp_path / "d"
    for month in range(1, 8):
        write_street(folder, f"2025-0{month}", "home", [street_row(f"2025-0{month}", lsoa="E01000001")] * month)
    whole, _ = read(tmp_path, folder)
    monkeypatch.setattr("csp_data.extracts.sources.police_uk.BATCH_BYTES", 500)
    (tmp_path / "again").mkdir()
    batched, _ = read(tmp_path / "again", folder)
    assert [row[-1] for row in whole] == [1, 2, 3, 4, 5, 6, 7]
    assert batched == whole


def test_progress_is_told_in_files(tmp_path):
    told = []
    path = write_street(tmp_path / "d", "2025-01", "home", GOOD)
    read(tmp_path, path, on_file=lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]


# --- bad input --------------------------------------------------------------------------------------------------


def bad(tmp_path, content: bytes):
    path = tmp_path / "2025-01-home-street.csv"
    path.write_bytes(content)
    return path


def test_an_empty_file(tmp_path):
    error = refused(tmp_path, bad(tmp_path, b""))
    assert (error.what, error.row) == ("the file is empty", None)


def test_a_web_page(tmp_path):
    error = refused(tmp_path, bad(tmp_path, b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n"))
    assert (error.what, error.row) == ("it is a web page, not a table", 1)


def test_a_wrong_heading_names_the_missing_column(tmp_path):
    error = refused(tmp_path, bad(tmp_path, street_text(GOOD).replace("LSOA code", "LSOA").encode()))
    assert (error.what, error.row) == ("the heading is not that of a street file: it has no column 'LSOA code'", 1)


def test_columns_in_another_order(tmp_path):
    heading = HEADING.replace("Longitude,Latitude", "Latitude,Longitude")
    error = refused(tmp_path, bad(tmp_path, f"{heading}\n{GOOD[0]}\n".encode()))
    assert "not in the usual order" in error.what


def test_latin_1_names_the_line(tmp_path):
    text = street_text([*GOOD, GOOD[0].replace("High Street", "Café Street")])
    error = refused(tmp_path, bad(tmp_path, text.encode("latin-1")))
    assert (error.what, error.row) == ("the text is not UTF-8 (byte 0xe9)", 3)


def test_text_beyond_ascii_in_utf8_is_read(tmp_path):
    rows, _ = read(tmp_path, bad(tmp_path, street_text([GOOD[0].replace("High Street", "Café Street")]).encode()))
    assert rows[0][-1] == 1


def test_utf_16(tmp_path):
    error = refused(tmp_path, bad(tmp_path, street_text(GOOD).encode("utf-16")))
    assert error.what == "the text is UTF-16, not UTF-8"


def test_a_row_cut_short_names_the_line(tmp_path):
    error = refused(tmp_path, bad(tmp_path, (street_text(GOOD) + "abc,2025-01,Home").encode()))
    assert (error.what, error.row) == ("the row has 3 values instead of 12", 3)


def test_a_line_of_ten_million_characters(tmp_path):
    text = street_text([*GOOD, GOOD[0].replace("High Street", "x" * 10_000_000), *GOOD])
    error = refused(tmp_path, bad(tmp_path, text.encode()))
    assert (error.what, error.row) == ("the line is longer than 262,144 characters", 3)


def test_a_heading_of_ten_million_characters(tmp_path):
    error = refused(tmp_path, bad(tmp_path, b"x" * 10_000_000))
    assert error.row == 1


def test_a_month_other_than_that_of_the_name(tmp_path):
    error = refused(tmp_path, bad(tmp_path, street_text([*GOOD, street_row("2025-02")]).encode()))
    assert (error.what, error.row) == ("the month is '2025-02', but the name of the file says 2025-01", 3)


@pytest.mark.parametrize(
    ("longitude", "latitude", "what"),
    [
        (512.3, 51.3, "the longitude 512.3 is not in the United Kingdom (-9 to 2.5)"),
        (0.5, -51.3, "the latitude -51.3 is not in the United Kingdom (49.5 to 61)"),
        (51.3, 0.5, "the longitude 51.3 is not in the United Kingdom (-9 to 2.5)"),
        ("east", 51.3, "the longitude 'east' is not a number"),
    ],
)
def test_impossible_coordinates(tmp_path, longitude, latitude, what):
    row = street_row("2025-01", "Burglary", longitude, latitude, "E01000001")
    error = refused(tmp_path, bad(tmp_path, street_text([*GOOD, row]).encode()))
    assert (error.what, error.row) == (what, 3)


def test_an_unknown_crime_type_must_be_listed(tmp_path):
    path = bad(tmp_path, street_text([*GOOD, street_row("2025-01", "Cyber crime")]).encode())
    error = refused(tmp_path, path)
    assert (error.what, error.row) == ("the crime type 'Cyber crime' is not known", 3)
    (tmp_path / "again").mkdir()
    _, (of_file,) = read(tmp_path / "again", path, crime_types={"Cyber crime": ("crime", "other-crimes")})
    assert of_file.rows == {"crime": 2}


def test_a_zip_cut_short(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"2025-01/2025-01-home-street.csv": street_text(GOOD * 100)})
    path.write_bytes(path.read_bytes()[:-40])
    error = refused(tmp_path, path)
    assert (error.file, error.what) == (str(path), "the zip is cut short or is not a zip")


def test_a_zip_with_a_damaged_file(tmp_path):
    text = street_text([street_row("2025-01", crime_id=str(number)) for number in range(1000)])
    path = write_zip(tmp_path / "a.zip", {"2025-01/2025-01-home-street.csv": text})
    content = bytearray(path.read_bytes())
    content[200:260] = b"\0" * 60
    path.write_bytes(bytes(content))
    error = refused(tmp_path, path)
    assert error.file == "a.zip/2025-01/2025-01-home-street.csv"
    assert error.what == "the file in the zip is damaged or cut short"


def test_an_empty_zip(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"")
    assert refused(tmp_path, tmp_path / "a.zip").what == "the file is empty"
    with zipfile.ZipFile(tmp_path / "b.zip", "w"):
        pass
    assert "holds no street file" in refused(tmp_path, tmp_path / "b.zip").what
