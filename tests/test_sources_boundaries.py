"""Boundaries: which columns are recognised, which coordinates, and what is mended or refused."""

import json

import geopandas
import pytest
import shapely
from pyproj import Transformer
from small_town import DISTRICT, NEIGHBOUR, NEW_WARDS, OLD_WARDS, square, write_areas

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.boundaries import read_boundaries


def write(path, features, **more):
    content = {"type": "FeatureCollection", "features": features, **more}
    path.write_text(json.dumps(content))
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize(
    ("code", "name", "district", "year"),
    [
        ("WD23CD", "WD23NM", "LAD23CD", "2023"),
        ("wd22cd", "wd22nm", "lad22cd", "2022"),
        ("ward_code", "ward_name", "lad_code", ""),
        ("Ward Code", "Ward Name", "LA Code (2019 boundaries)", ""),
        ("WD2024CD", "WD2024NM", "LAD2024CD", "2024"),
    ],
)
def test_columns_are_recognised(tmp_path, code, name, district, year):
    path = write_areas(tmp_path / "wards.geojson", OLD_WARDS, code, name, **{district: DISTRICT})
    found = read_boundaries(path, "ward", [DISTRICT])
    assert list(found.areas["area_code"]) == ["E05000001", "E05000002"]
    assert list(found.areas["name"]) == ["Area 01", "Area 02"]
    assert list(found.areas["district"]) == [DISTRICT] * 2
    assert (found.year, found.rows, found.problems) == (year, 2, ())
    assert found.areas.crs == "EPSG:4326"
    assert found.areas.geometry[0].equals(shapely.box(0.50, 51.30, 0.52, 51.31))


def test_a_year_in_the_column_vintage(tmp_path):
    path = write_areas(
        tmp_path / "l.geojson", OLD_WARDS, "lsoa_code", "lsoa_name", lad_code=DISTRICT, vintage="2011-12"
    )
    assert read_boundaries(path, "lsoa", [DISTRICT]).year == "2011"


def test_only_the_districts_asked_for(tmp_path):
    path = write(
        tmp_path / "wards.geojson",
        [
            feature(square(0, 2), WD23CD="E05000001", LAD23CD=DISTRICT),
            feature(square(2, 4), WD23CD="E05000099", LAD23CD=NEIGHBOUR),
        ],
    )
    found = read_boundaries(path, "ward", [DISTRICT])
    assert list(found.areas["area_code"]) == ["E05000001"]
    assert found.rows == 2
    with pytest.raises(InputError, match=f"no wards of E06000001; its districts are {NEIGHBOUR}, {DISTRICT}"):
        read_boundaries(path, "ward", ["E06000001"])


def test_without_districts_all_are_taken_with_a_warning(tmp_path):
    path = write_areas(tmp_path / "wards.geojson", NEW_WARDS, "WD23CD", "WD23NM")
    found = read_boundaries(path, "ward", [DISTRICT])
    assert list(found.areas["district"]) == [DISTRICT] * 3
    (warning,) = found.problems
    assert "all 3 were taken" in str(warning)
    with pytest.raises(InputError, match="which of the 2 districts"):
        read_boundaries(path, "ward", [DISTRICT, NEIGHBOUR])


@pytest.mark.parametrize("declared", [True, False])
def test_british_national_grid_with_and_without_being_declared(tmp_path, declared):
    to_grid = Transformer.from_crs(4326, 27700, always_xy=True).transform
    crs = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}} if declared else {}
    path = write(
        tmp_path / "wards.geojson", [feature(square(0, 2, to_grid), WD23CD="E05000001", LAD23CD=DISTRICT)], **crs
    )
    found = read_boundaries(path, "ward", [DISTRICT])
    assert found.areas.geometry[0].bounds == pytest.approx((0.50, 51.30, 0.52, 51.31), abs=1e-6)
    assert ["metres" in problem.what for problem in found.problems] == ([] if declared else [True])


def test_geopackage(tmp_path):
    table = geopandas.GeoDataFrame(
        {"LSOA21CD": ["E01000001"], "LSOA21NM": ["One"], "LAD22CD": [DISTRICT]},
        geometry=[shapely.box(0.50, 51.30, 0.51, 51.31)],
        crs=4326,
    ).to_crs(27700)
    table.to_file(tmp_path / "lsoa.gpkg")
    found = read_boundaries(tmp_path / "lsoa.gpkg", "lsoa", [DISTRICT])
    assert (list(found.areas["area_code"]), found.year) == (["E01000001"], "2021")
    assert found.areas.geometry[0].centroid.x == pytest.approx(0.505, abs=1e-5)


def test_an_outline_that_crosses_itself_is_mended_and_told(tmp_path):
    bow_tie = {
        "type": "Polygon",
        "coordinates": [[(0.5, 51.3), (0.52, 51.32), (0.52, 51.3), (0.5, 51.32), (0.5, 51.3)]],
    }
    path = write(tmp_path / "wards.geojson", [feature(bow_tie, WD23CD="E05000001", WD23NM="Ash", LAD23CD=DISTRICT)])
    found = read_boundaries(path, "ward", [DISTRICT])
    assert found.areas.geometry.is_valid.all()
    assert found.areas.geometry[0].geom_type == "MultiPolygon"
    (warning,) = found.problems
    assert "E05000001 (Ash) crossed itself and was mended (self-intersection" in str(warning)


def refused(path, kind="ward") -> InputError:
    with pytest.raises(InputError) as error:
        read_boundaries(path, kind, [DISTRICT])
    return error.value


def test_the_same_area_twice(tmp_path):
    twice = [feature(square(i, i + 1), WD23CD="E05000001", LAD23CD=DISTRICT) for i in range(2)]
    error = refused(write(tmp_path / "a.geojson", twice))
    assert (error.what, error.row) == ("the area E05000001 is there twice", 2)


def test_points_instead_of_outlines(tmp_path):
    point = {"type": "Point", "coordinates": [0.5, 51.3]}
    assert "has no outline" in refused(write(tmp_path / "a.geojson", [feature(point, WD23CD="E05000001")])).what


@pytest.mark.parametrize(
    ("corners", "what"),
    [
        (
            [(0.5, 51.3), (float("nan"), 51.3), (0.52, 51.32), (0.5, 51.3)],
            "E05000001 has a corner that is not a number",
        ),
        ([(0.5, 51.3), (0.51, 51.3), (0.5, 51.3), (0.5, 51.3)], "E05000001 crosses itself and encloses nothing"),
    ],
)
def test_an_outline_that_cannot_be_mended(tmp_path, corners, what):
    broken = feature({"type": "Polygon", "coordinates": [corners]}, WD23CD="E05000001", LAD23CD=DISTRICT)
    assert what in refused(write(tmp_path / "a.geojson", [broken])).what


def test_no_codes(tmp_path):
    error = refused(write_areas(tmp_path / "a.geojson", OLD_WARDS, "id", "title"))
    assert "no column holds the codes of wards" in error.what


def test_another_country(tmp_path):
    polar = square(0, 2, lambda x, y: (x + 40, y))
    assert (
        "do not lie in the United Kingdom" in refused(write(tmp_path / "a.geojson", [feature(polar, WD23CD="E1")])).what
    )


@pytest.mark.parametrize("content", ["", "<!DOCTYPE html><html></html>", '{"type": "FeatureCollection", "feat'])
def test_files_that_are_not_boundaries(tmp_path, content):
    (tmp_path / "a.geojson").write_text(content)
    assert refused(tmp_path / "a.geojson").file.endswith("a.geojson")


def test_a_missing_file_and_another_kind(tmp_path):
    assert "does not exist" in refused(tmp_path / "none.geojson").what
    (tmp_path / "a.shp").write_text("x")
    assert "not read from '.shp'" in refused(tmp_path / "a.shp").what
