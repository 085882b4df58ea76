"""Ward changes on real open data, where the folder of it is present: the same ground counted on either set of wards, a
partnership of two districts, a whole force, and every district of Kent in one workspace."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import shapely

from csp_data.analysis import backtest
from csp_data.analysis.results import Question, answer, table
from csp_data.analysis.subject import Subject
from csp_data.extracts.build import BuildReport, build
from csp_data.extracts.transfers import best_fit_measured
from csp_data.extracts.workspace import Workspace

pytestmark = pytest.mark.shared_data

MEDWAY, MAIDSTONE = "E06000035", "E07000110"
DARTFORD_AND_GRAVESHAM = ("E07000107", "E07000109")
QUARTER_2014, QUARTER_2025 = ("2014-01", "2014-03"), ("2025-01", "2025-03")
SHARED_LOOKUPS = (
    "lookup_lsoa2011_to_ward2022_bestfit",
    "lookup_lsoa2021_to_ward2024_bestfit_kent",
    "lookup_lsoa2011_to_lsoa2021_kent",
    "lsoa_ward_overlap_derived",
)
KENT_LOOKUPS = SHARED_LOOKUPS[1:3]


@dataclass(frozen=True)
class Kent:
    """Where the shared files lie, and where to build to; months already taken out of their zips."""

    geography: Path
    months: Path
    folder: Path

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def build(
        self, name: str, districts: tuple[str, ...], months: str, lookups=KENT_LOOKUPS, more: str = ""
    ) -> BuildReport:
        lines = [
            f'[partnership]\nid = "{name}"\nname = "{name}"\ndistricts = {list(districts)}\nforce = "kent"',
            f'[[vintages]]\nid = "2022"\nlabel = "Wards to 2023"\nboundaries = "{self.geography}/wards_2022_kent.geojson"',
            f'[[vintages]]\nid = "2025"\nlabel = "Wards from 2023"\nboundaries = "{self.geography}/wards_2025_kent.geojson"',
            f'[outline]\npath = "{self.geography}/lad_outlines_kent.geojson"',
            *(f'[[lookup]]\npath = "{self.geography}/{file}.csv"' for file in lookups),
            f'[[population]]\npath = "{self.geography}/population_lad_england_wales.csv"',
            f'[[population]]\npath = "{self.geography}/population_lsoa_kent.csv"',
            *(f'[[police_uk]]\npath = "{self.months}/{month}"' for month in months.split()),
            more,
        ]
        config = self.folder / f"{name}.toml"
        config.write_text("\n".join(lines))
        return build(config, self.workspace)

    def subject(self, name: str) -> Subject:
        return Subject(Workspace(str(self.workspace)).release(name))


@pytest.fixture(scope="module")
def kent(shared_data, tmp_path_factory) -> Kent:
    folder = tmp_path_factory.mktemp("kent")
    for name in ("kent-street-2014-01_2014-03.zip", "kent-street-2025-01_2025-06.zip"):
        with zipfile.ZipFile(shared_data / "police_uk" / name) as archive:
            for member in archive.namelist():
                month = Path(member).name[:7]
                if member.endswith(".csv") and month <= "2025-03":
                    (folder / "months" / month).mkdir(parents=True, exist_ok=True)
                    (folder / "months" / month / Path(member).name).write_bytes(archive.read(member))
    return Kent(shared_data / "geography", folder / "months", folder)


@pytest.fixture(scope="module")
def medway(kent) -> Subject:
    months = "2014-01 2014-02 2014-03 2025-01 2025-02 2025-03"
    people = f'[[population]]\npath = "{kent.geography}/population_ward.csv"'
    kent.build("medway", (MEDWAY,), months, SHARED_LOOKUPS, people)
    return kent.subject("medway")


def overlaps(geography: Path) -> pd.DataFrame:
    rows = pd.read_csv(geography / "lsoa_ward_overlap_derived.csv")
    rows = rows[(rows["lsoa_vintage"] == 2021) & (rows["ward_vintage"] == 2025)]
    return rows.rename(columns={"lsoa_code": "small_area", "population_share": "share"})


def test_57_of_268_lsoas_straddle_the_new_wards_and_17_of_46_come_out_more_than_10_per_cent_wrong(kent):
    rows = overlaps(kent.geography)
    most = rows.groupby("small_area")["share"].max()
    assert (len(most), (most < 0.95).sum()) == (268, 57)
    fits = pd.read_csv(kent.geography / "lookup_lsoa2021_to_ward2024_bestfit_kent.csv")
    fits = fits.rename(columns={"lsoa21_code": "small_area", "ward24_code": "ward_code"})
    people = pd.read_csv(kent.geography / "population_lsoa_kent.csv").query("lsoa_vintage == 2021")
    found = best_fit_measured(fits, rows[rows["share"] > 0], people.set_index("lsoa_code")["population"])
    assert (len(found), (found["percent"].abs() > 10).sum(), found["flagged"].sum()) == (46, 17, 30)
    assert found["best_fit"].sum() == pytest.approx(found["apportioned"].sum())
    names = rows.drop_duplicates("ward_code").set_index("ward_code")["ward_name"]
    off = found.set_index(found["ward_code"].map(names))["percent"].round()
    wrong = {"Princes Park": 34, "St Mary's Island": -26, "Cuxton, Halling & Riverside": -23, "Senacre": -60}
    assert off[list(wrong)].to_dict() == wrong


def test_the_build_measures_best_fit_and_says_so(medway):
    found = backtest.best_fit_of(medway, "2025")
    assert (len(found), found["flagged"].sum(), (found["percent"].abs() > 10).sum()) == (24, 13, 7)
    assert backtest.best_fit_of(medway, "2022")["flagged"].sum() == 0


@pytest.mark.parametrize("measure", ["crime", "asb"])
@pytest.mark.parametrize("quarter", [QUARTER_2014, QUARTER_2025])
def test_totals_are_equal_on_either_set_of_wards(medway, measure, quarter):
    whole = answer(medway, Question(measure, *quarter)).value
    for vintage in ("2022", "2025"):
        rows = table(medway, Question(measure, *quarter, vintage=vintage), "area")
        assert rows["value"].sum() == pytest.approx(whole, abs=1e-6)
        assert (rows["bound_low"] <= rows["value"] + 1e-9).all()
        assert (rows["value"] <= rows["bound_high"] + 1e-9).all()


@pytest.mark.parametrize("ward", ["E05002261", "E05014459"])
def test_the_same_ward_in_2014_and_2025(medway, kent, ward):
    """River of the old wards, Luton of the new ones: in both years the points of the files inside its own boundary."""
    areas = medway.release.read("areas")
    ground = areas[areas["area_code"] == ward].geometry.item()
    shapely.prepare(ground)
    for quarter in (QUARTER_2014, QUARTER_2025):
        files = [file for file in kent.months.glob("*/*.csv") if quarter[0] <= file.parent.name <= quarter[1]]
        rows = pd.concat(pd.read_csv(file, usecols=["Longitude", "Latitude", "Crime type"]) for file in files).dropna()
        crimes = rows[rows["Crime type"] != "Anti-social behaviour"]
        inside = int(shapely.contains_xy(ground, crimes["Longitude"], crimes["Latitude"]).sum())
        found = answer(medway, Question("crime", *quarter, area=ward))
        assert inside > 200
        assert found.value == pytest.approx(inside, abs=1)
        assert found.estimated < 0.01


def test_a_period_with_coordinates_says_how_wrong_each_method_is(medway):
    found = backtest.backtest(medway, "crime", *QUARTER_2025, "2025")
    misplaced = found.methods.set_index("method")["misplaced_share"]
    assert found.records > 6_000
    assert found.wards["truth"].sum() == found.records
    for method in misplaced.index:
        assert found.wards[method].sum() == pytest.approx(found.records, rel=0.01)
    assert misplaced["population"] < misplaced["best_fit"] < misplaced["ward_population"] < 0.2
    old = backtest.backtest(medway, "crime", *QUARTER_2014, "2022")
    assert old.methods.set_index("method").loc["population", "misplaced_share"] < 0.02, (
        "LSOAs of 2011 nest in those wards"
    )


def test_a_partnership_of_two_districts(kent):
    report = kent.build("dartford-and-gravesham", DARTFORD_AND_GRAVESHAM, "2025-01")
    assert report.placed["crime"]["coordinates"] > 1_500
    subject = kent.subject("dartford-and-gravesham")
    rows = table(subject, Question("crime", "2025-01", "2025-01", per="rate"), "area")
    whole = answer(subject, Question("crime", "2025-01", "2025-01", per="rate"))
    assert rows["numerator"].sum() == pytest.approx(whole.numerator)
    people = pd.read_csv(kent.geography / "population_lad_england_wales.csv").query(
        "lad_code in @DARTFORD_AND_GRAVESHAM"
    )
    assert whole.denominator == people[people["ref_date"] == "2023-06-30"]["population"].sum() > 200_000
    areas = subject.release.read("areas", columns=["area_code", "area_type", "district"])
    assert set(areas[areas["area_type"] == "ward"]["district"]) == set(DARTFORD_AND_GRAVESHAM)


def test_a_force_wide_view_and_every_district_in_one_workspace(kent):
    """13 districts and all of them together, of January 2025: the districts add up to the force."""
    outlines = json.loads((kent.geography / "lad_outlines_kent.geojson").read_text())["features"]
    districts = tuple(sorted(feature["properties"]["lad_code"] for feature in outlines))
    assert len(districts) == 13
    kent.build("kent-police", districts, "2025-01")
    for district in districts:
        kent.build(district.lower(), (district,), "2025-01")
    january = Question("crime", "2025-01", "2025-01", per="rate")
    found = {name: answer(kent.subject(name), january) for name in ("kent-police", *(d.lower() for d in districts))}
    force = found.pop("kent-police")
    assert all(each.value_status == "available" and each.value > 2 for each in found.values())
    assert force.numerator == sum(each.numerator for each in found.values())
    assert force.denominator == sum(each.denominator for each in found.values())
    rows = table(kent.subject("kent-police"), january, "area")
    assert len(rows) in (279, 280)
    assert rows["numerator"].sum() == pytest.approx(force.numerator)
