"""The map of wards: classes that are true of every ward, and nothing in it that must not be."""

import json
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import pytest
from made_results import RATE, answer, squares, wards
from shapely import box
from shapely.geometry import shape
from streamlit.testing.v1 import AppTest

from csp_data.figures import maps, theme

ANSWER = answer(value=25.0, **RATE)
PER = {key: value for key, value in RATE.items() if key != "denominator"}


def ward_map(*rows, **more):
    codes = [code for code, *_ in rows if code.startswith("E05")]
    return maps.ward_map(wards(*rows, **PER), ANSWER, squares(*codes), **more)


# Boundaries


@pytest.fixture
def areas():
    return gpd.GeoDataFrame(
        {
            "area_code": ["E05000002", "E05000001", "E05000009", "E07000001"],
            "name": ["Birch", "Ash", "Old", "Town"],
            "area_type": ["ward", "ward", "ward", "district"],
            "vintage": ["2023", "2023", "2003", ""],
        },
        geometry=[box(0.5, 51, 1, 51.5), box(0, 51, 0.5, 51.5), box(0, 51, 1, 51.5), box(0, 51, 1, 51.5)],
        crs=4326,
    )


def test_boundaries_hold_the_wards_of_one_set_with_code_and_name_only(areas):
    made = maps.ward_geojson(areas, "2023")
    assert [feature["id"] for feature in made["features"]] == ["E05000001", "E05000002"]
    assert [feature["properties"] for feature in made["features"]] == [
        {"code": "E05000001", "name": "Ash"},
        {"code": "E05000002", "name": "Birch"},
    ]
    json.dumps(made)


def test_borders_still_meet_when_made_light(areas):
    made = maps.ward_geojson(areas, "2023")
    ash, birch = (shape(feature["geometry"]) for feature in made["features"])
    assert ash.bounds == pytest.approx((0, 51, 0.5, 51.5), abs=1e-4)
    assert ash.intersection(birch).area == 0
    assert ash.touches(birch)
    numbers = [n for point in made["features"][0]["geometry"]["coordinates"][0] for n in point]
    assert all(round(n, 5) == n for n in numbers)


def test_an_unknown_ward_set_is_an_error(areas):
    with pytest.raises(ValueError, match="no boundaries of the ward set '1999'"):
        maps.ward_geojson(areas, "1999")


def test_points_are_inside_their_wards_and_edges_round_all():
    points = maps.label_points(squares("E05000001", "E05000002"))
    assert points.of == {"E05000001": (0.5, 51.5), "E05000002": (1.5, 51.5)}
    assert (points.west, points.south, points.east, points.north) == (0, 51, 2, 52)


# Classes


def test_classes_have_about_as_many_wards_each():
    classes = maps.ward_classes([float(n) for n in range(1, 26)], places=1)
    assert classes.labels == ["1.0 to 5.0", "5.1 to 10.0", "10.1 to 15.0", "15.1 to 20.0", "20.1 to 25.0"]
    assert [classes.of(n) for n in (1, 5, 5.04, 5.05, 25)] == [0, 0, 0, 1, 4]


def test_zero_is_in_a_class_like_any_other_value():
    classes = maps.ward_classes([0, 0, 0, 3, 7, 9, 12, 20], places=0)
    assert classes.of(0) == 0
    assert classes.labels[0].startswith("0")
    assert maps.ward_classes([0.0] * 24, places=0).labels == ["0"]


def test_few_values_get_a_class_each():
    assert maps.ward_classes([4, 4, 8], places=0).labels == ["4", "5 to 8"]
    assert maps.ward_classes([4], places=0).labels == ["4"]


def test_every_value_is_in_the_class_whose_label_it_fits():
    values = [n**2 / 7 for n in range(40)]
    classes = maps.ward_classes(values, places=1)
    for value in values:
        low, _, high = classes.labels[classes.of(value)].replace(",", "").partition(" to ")
        assert Decimal(low) <= maps.wording.rounded(value, 1) <= Decimal(high or low)


def test_classes_kept_for_another_period_take_what_lies_beyond():
    classes = maps.ward_classes([1.0, 2.0, 3.0], places=1)
    assert classes.of(99) == 2
    assert classes.of(0) == 0


def test_no_values_make_no_classes():
    with pytest.raises(ValueError, match="at least one value"):
        maps.ward_classes([], places=0)


# The map

ROWS = (
    ("E05000001", "Ash", 20.0, "available"),
    ("E05000002", "Birch", 0.0, "available"),
    ("E05000003", "Elm", None, "missing"),
    ("E05000004", "Oak", None, "withheld"),
    ("unallocated", "Not allocated to a ward", None, "not applicable"),
)


def test_every_ward_is_on_the_map_and_what_no_ward_takes_is_not():
    chart = ward_map(*ROWS)
    shapes = chart.figure.data[0]
    assert list(shapes.locations) == ["E05000001", "E05000002", "E05000003", "E05000004"]
    assert chart.table["Ward"].tolist()[-1] == "Not allocated to a ward"
    assert any(note.startswith("Not on the map: ") for note in chart.notes)


def test_the_figure_holds_classes_and_not_values():
    shapes = ward_map(*ROWS).figure.data[0]
    assert list(shapes.z) == [1, 0, -1, -1]
    assert shapes.customdata is None


def test_a_ward_without_a_figure_has_its_own_class_symbol_and_reason():
    chart = ward_map(*ROWS)
    symbols = next(trace for trace in chart.figure.data[1:] if trace.mode == "text")
    assert list(symbols.text) == ["[x]", "[c]"]
    assert list(symbols.lon) == [2.5, 3.5]
    assert "No figure" in [trace.name for trace in chart.figure.data]
    assert chart.figure.data[0].colorscale[0] == (0.0, theme.NO_FIGURE)
    assert chart.notes[0] == (
        "[x] no figure, because months or sources are missing; [c] withheld, to protect people who could be identified."
    )


def test_a_ward_with_none_is_not_a_ward_without_a_figure():
    shapes = ward_map(*ROWS).figure.data[0]
    assert shapes.text[1].startswith("<b>Birch</b><br>0.0 per 1,000 residents")
    assert shapes.text[2] == "<b>Elm</b><br>[x]"


def test_pointing_shows_name_value_interval_and_count():
    shapes = ward_map(*ROWS).figure.data[0]
    assert shapes.text[0] == (
        "<b>Ash</b><br>20.0 per 1,000 residents<br>95% interval 19.0 to 21.0<br>200 recorded crimes"
    )  # fmt: skip


def test_the_legend_gives_the_numbers_of_each_class():
    named = [trace.name for trace in ward_map(*ROWS).figure.data if trace.name]
    assert named == ["0.0", "0.1 to 20.0", "No figure"]


def test_the_selected_ward_is_outlined_and_drawn_last():
    shapes = ward_map(*ROWS, selected="E05000001").figure.data[0]
    assert shapes.locations[-1] == "E05000001"
    assert list(shapes.marker.line.width) == [0.8, 0.8, 0.8, 4]


def test_boundaries_by_address_are_not_in_the_figure():
    points = maps.label_points(squares("E05000001", "E05000002", "E05000003", "E05000004"))
    chart = maps.ward_map(wards(*ROWS, **PER), ANSWER, "app/static/wards.json", points=points)
    assert chart.figure.data[0].geojson == "app/static/wards.json"
    assert len(chart.figure.to_json()) < 6_000
    assert chart.figure.layout.geo.lonaxis.range == (-0.08, 4.08)


def test_all_missing_is_a_map_with_no_classes():
    chart = ward_map(*[(code, name, None, "missing") for code, name, *_ in ROWS[:4]])
    assert chart.title == "No figures for recorded crimes in Medway"
    assert [trace.name for trace in chart.figure.data if trace.name] == ["No figure"]
    assert list(chart.figure.data[0].z) == [-1] * 4


def test_one_ward_only():
    chart = ward_map(ROWS[0])
    assert list(chart.figure.data[0].z) == [0]
    assert chart.title == "The rate of recorded crimes in Medway"


def test_classes_are_told_in_the_text_alternative():
    assert ward_map(*ROWS).alt == (
        "Map of recorded crimes per 1,000 residents by ward in Medway, April 2019 to March 2020, 4 rows. Highest: 20.0 "
        "(Ash). Lowest: 0.0 (Birch). 2 of 4 have no figure. Classes: 0.0: 1 ward; 0.1 to 20.0: 1 ward."
    )


def test_nothing_on_the_map_is_fetched_from_elsewhere():
    assert "http" not in ward_map(*ROWS).figure.to_json()


def test_the_sortable_table_has_whole_counts(demonstration, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    page = AppTest.from_file(str(Path(__file__).parents[1] / "pages" / "ward_map.py"), default_timeout=60)
    page.query_params["partnership"] = "Medway"
    rows = page.run().dataframe[0].value
    assert (rows["numerator"] % 1 == 0).all()  # although small areas are shared between wards
