"""How counts known by an LSOA of another census, or by a ward of another set, come to their wards when a release is built."""

import pytest

from csp_data.analysis.results import Question, answer, table
from csp_data.analysis.subject import Subject
from tests.small_town import COLUMN, DISTRICT, LSOAS_2011, LSOAS_2021, MIDDLE, street_row, write_areas, write_street
from tests.test_build import built, configure, lookup, town  # noqa: F401 (a fixture)

EXTRACT = '\n[[police_extract]]\ndataset = "asb"\npath = "asb.csv"\nlicence = "OGL-3.0"\n'
ONLY_CRIME = {'path = "police_uk"': 'path = "police_uk"\ndatasets = ["crime"]'}
OUTLINES = '\n[[lsoa_boundaries]]\npath = "lsoa21.geojson"\n'
PEOPLE = '\n[[population]]\npath = "people.csv"\n'


def write_outlines(folder):
    write_areas(folder / "lsoa21.geojson", LSOAS_2021, "LSOA21CD", "LSOA21NM", LAD22CD=DISTRICT)


def write_people(folder, **people: int):
    rows = "".join(f"{code},2021,{n}\n" for code, n in people.items())
    (folder / "people.csv").write_text(f"LSOA21CD,year,population\n{rows}")


def write_extract(folder, *rows: str):
    (folder / "asb.csv").write_text("\n".join(["month,area_code,category,count", *rows, ""]))


def shares(release, small_area: str, vintage: str) -> list:
    return lookup(release).get((small_area, vintage), [])


def test_an_old_ward_is_divided_by_the_people_of_its_small_areas(town):  # noqa: F811
    write_outlines(town)
    write_people(town, E01000001=1_000, E01000002=2_000, E01000004=1_000, E01000005=3_000)
    write_extract(town, "2024-01,E05000002,Other ASB,100", "2024-01,E05000001,Other ASB,30")
    configure(town, OUTLINES + PEOPLE + EXTRACT, ONLY_CRIME)
    _, release = built(town)
    assert shares(release, "E05000002", "2023") == [
        ("E05000012", 0.25, "population_share"),
        ("E05000013", 0.75, "population_share"),
    ]
    assert shares(release, "E05000002", "2003") == [("E05000002", 1.0, "nested")]
    subject = Subject(release)
    question = Question("asb", "2024-01", "2024-01", vintage="2023", role="analyst")
    rows = table(subject, question, "area").set_index("area")
    assert rows["value"].to_dict() == pytest.approx({"E05000011": 10, "E05000012": 45, "E05000013": 75})
    assert rows["value"].sum() == pytest.approx(answer(subject, question).value) == 130
    assert rows["estimated"].to_dict() == {"E05000011": 1, "E05000012": 1, "E05000013": 1}
    assert rows.loc["E05000012", ["bound_low", "bound_high"]].tolist() == [0, 130]
    old = table(subject, Question("asb", "2024-01", "2024-01", vintage="2003", role="analyst"), "area")
    assert old[["value", "estimated", "bound_low", "bound_high"]].to_numpy().tolist() == [
        [30, 0, 30, 30],
        [100, 0, 100, 100],
    ]


def test_without_people_an_old_ward_is_divided_by_its_ground(town):  # noqa: F811
    write_extract(town, "2024-01,E05000002,Other ASB,100")
    configure(town, EXTRACT, ONLY_CRIME)
    _, release = built(town)
    assert shares(release, "E05000002", "2023") == [
        ("E05000012", pytest.approx(0.5, abs=1e-3), "area_share"),
        ("E05000013", pytest.approx(0.5, abs=1e-3), "area_share"),
    ]


def test_a_new_ward_inside_an_old_one_goes_whole_to_it(town):  # noqa: F811
    write_extract(town, "2024-01,E05000013,Other ASB,4")
    configure(town, EXTRACT, ONLY_CRIME)
    _, release = built(town)
    assert shares(release, "E05000013", "2003") == [("E05000002", pytest.approx(1), "nested")]


def test_an_lsoa_of_2011_that_was_split_has_the_shares_of_its_parts(town):  # noqa: F811
    """E01000003 became E01000004, in one new ward, and E01000005, in the other, with three times the people."""
    write_outlines(town)
    write_people(town, E01000004=1_000, E01000005=3_000)
    write_street(town / "police_uk", "2014-02", "home", [street_row("2014-02", lsoa="E01000003")] * 8)
    configure(town, OUTLINES + PEOPLE)
    _, release = built(town)
    assert shares(release, "E01000003", "2023") == [
        ("E05000012", 0.25, "population_share"),
        ("E05000013", 0.75, "population_share"),
    ]
    assert shares(release, "E01000003", "2003") == [("E05000002", 1.0, "nested")]
    assert release.extract("ward_lookup")["reconciled"] == {"2003": 1, "2023": 1}
    found = answer(Subject(release), Question("crime", "2014-02", "2014-02", area="E05000013"))
    assert (found.value, found.estimated, found.bound_low, found.bound_high) == (6, 1, 0, 8)


def test_an_lsoa_merged_in_2021_has_the_shares_of_those_it_was_made_of(town):  # noqa: F811
    """The look-up the other way round: E01000004 and E01000005 of 2011 are said to be merged into E01000003."""
    text = (town / "lsoa11_lsoa21.csv").read_text()
    for part, name in (("4", "D"), ("5", "E")):
        text = text.replace(
            f"E01000003,Squareton 001C,S,E0100000{part},Squareton 001{name}",
            f"E0100000{part},Squareton 001{name},M,E01000003,Squareton 001C",
        )
    (town / "lsoa11_lsoa21.csv").write_text(text)
    (town / "lsoa21_new_ward.csv").unlink()
    parts = {code: columns for code, columns in LSOAS_2021.items() if code not in LSOAS_2011}
    write_areas(town / "lsoa11.geojson", parts, "LSOA11CD", "LSOA11NM", LAD22CD=DISTRICT)
    write_street(town / "police_uk", "2024-02", "home", [street_row("2024-02", lsoa="E01000003")])
    configure(
        town,
        '\n[[lsoa_boundaries]]\npath = "lsoa11.geojson"\n',
        {'[[lookup]]\npath = "lsoa21_new_ward.csv"\n\n': ""},
    )
    _, release = built(town)
    assert shares(release, "E01000003", "2023") == [
        ("E05000012", 0.5, "population_share"),  # alike, for no people are known
        ("E05000013", 0.5, "population_share"),
    ]


def test_release_says_how_small_areas_are_placed(town):  # noqa: F811
    configure(town)
    _, release = built(town)
    assert release.extract("ward_lookup")["methods"]["2023"] == {"coordinates": 6, "best_fit": 4}


def test_best_fit_that_outlines_contradict_is_an_estimate(town):  # noqa: F811
    """The outline of E01000003, of two columns, lies in two new wards; a look-up puts all of it in one."""
    write_areas(town / "lsoa11.geojson", LSOAS_2011, "LSOA11CD", "LSOA11NM", LAD11CD=DISTRICT)
    (town / "fit.csv").write_text(f"LSOA11CD,LSOA11NM,WD23CD,LAD23CD\nE01000003,Squareton 001C,E05000013,{DISTRICT}\n")
    write_street(town / "police_uk", "2014-02", "home", [street_row("2014-02", lsoa="E01000003")] * 4)
    (town / "lsoa11_lsoa21.csv").unlink()
    configure(
        town,
        '\n[[lsoa_boundaries]]\npath = "lsoa11.geojson"\n',
        {'path = "lsoa11_lsoa21.csv"': 'path = "fit.csv"'},
    )
    _, release = built(town)
    assert shares(release, "E01000003", "2023") == [("E05000012", 0.0, "best_fit"), ("E05000013", 1.0, "best_fit")]
    rows = table(Subject(release), Question("crime", "2014-02", "2014-02", vintage="2023"), "area").set_index("area")
    assert rows.loc["E05000013", ["value", "estimated", "bound_low", "bound_high"]].tolist() == [4, 1, 0, 4]
    assert rows.loc["E05000012", ["value", "estimated", "bound_low", "bound_high"]].tolist() == [0, 0, 0, 4]


def test_codes_without_a_match_are_outside_or_in_no_ward(town):  # noqa: F811
    write_extract(town, "2024-01,E05000099,Other ASB,9", "2024-01,E01000001,Other ASB,20")
    configure(town, EXTRACT, ONLY_CRIME)
    report, release = built(town)
    assert report.placed["asb"]["outside"] == 9
    assert answer(Subject(release), Question("asb", "2024-01", "2024-01", role="analyst")).value == 20

    configure(town, f'{EXTRACT}unmatched = "unallocated"\n', ONLY_CRIME)
    report, release = built(town)
    assert (report.placed["asb"]["outside"], report.placed["asb"]["district"]) == (0, 9)
    assert any("9 records have codes that no look-up or boundary knows: E05000099" in str(w) for w in report.warnings)
    question = Question("asb", "2024-01", "2024-01", role="analyst")
    assert answer(Subject(release), question).value == 29
    rows = table(Subject(release), question, "area").set_index("area")
    assert rows.loc["unallocated", ["value", "estimated", "area_name"]].tolist() == [9, 0, "Not allocated to a ward"]


def test_coordinates_come_before_all_else(town):  # noqa: F811
    write_people(town, E01000004=1_000, E01000005=3_000)
    write_outlines(town)
    write_street(
        town / "police_uk", "2014-02", "home", [street_row("2014-02", "Burglary", COLUMN[2], MIDDLE, "E01000003")]
    )
    configure(town, OUTLINES + PEOPLE)
    _, release = built(town)
    assert shares(release, "E01000003@E05000002+E05000012", "2023") == [("E05000012", 1.0, "coordinates")]
