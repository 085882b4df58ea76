"""Pictures that stand alone: drawn without a browser, with their words inside."""

import xml.etree.ElementTree as ET
from io import BytesIO

import matplotlib as mpl
import pytest
from made_results import LOWER, RATE, answer, months
from PIL import Image
from test_charts import EVERY

from csp_data.exports.pictures import picture
from csp_data.figures import charts, maps

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: bytes) -> str:
    """All text of a picture, as one line."""
    return " ".join(" ".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")).replace("\n", " ")


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_has_a_picture_in_both_formats(name):
    chart = EVERY[name]()
    svg = picture(chart, "svg")
    tree = ET.fromstring(svg)
    assert tree.get("role") == "img"
    assert tree.find(f"{SVG}title").text == chart.title
    assert tree.find(f"{SVG}desc").text == chart.alt
    spoken = words(svg)
    for text in (chart.title, chart.subtitle, chart.source, *chart.notes):
        assert text in spoken
    png = Image.open(BytesIO(picture(chart, "png")))
    assert png.width == 1920
    assert png.text["Description"] == chart.alt


@pytest.mark.parametrize("name", EVERY)
def test_nothing_runs_over_the_edge(name):
    """A band of ten pixels round every picture is empty paper: no label, title or note is cut."""
    png = Image.open(BytesIO(picture(EVERY[name](), "png"))).convert("L")
    edges = [
        png.crop((0, 0, 10, png.height)),
        png.crop((png.width - 10, 0, png.width, png.height)),
        png.crop((0, 0, png.width, 10)),
        png.crop((0, png.height - 10, png.width, png.height)),
    ]
    assert [edge.getextrema()[0] for edge in edges] == [255] * 4


def test_the_notice_is_in_the_picture():
    made = charts.small_trend(months("2019-04", "2020-03", [2.0] * 12)[0], answer(value=24, status="demonstration"))
    assert "Demonstration data: synthetic" in words(picture(made))


def test_the_same_figures_give_the_same_file():
    chart = EVERY["gaps"]()
    assert picture(chart, "svg") == picture(chart, "svg")
    assert picture(chart, "png") == picture(chart, "png")


def test_a_map_from_an_address_needs_its_boundaries():
    from made_results import squares, wards

    rows = wards(("E05000001", "Ash", 2.0, "available"))
    by_address = maps.ward_map(rows, answer(value=2.0, **RATE), "wards.json")
    with pytest.raises(ValueError, match="needs its boundaries"):
        picture(by_address)
    assert b"<svg" in picture(by_address, geometry=squares("E05000001"))


def test_other_formats_are_refused():
    with pytest.raises(ValueError, match="'svg' or 'png', not 'gif'"):
        picture(EVERY["kinds"](), "gif")


def test_drawing_leaves_the_style_of_others_alone():
    before = dict(mpl.rcParams)
    picture(EVERY["kinds"]())
    assert dict(mpl.rcParams) == before


def test_words_with_signs_of_markup_are_safe():
    chart = charts.small_trend(
        months("2019-04", "2020-03", [2.0] * 12)[0], answer(value=24, area_name="A & B <i>$x$</i>", **LOWER)
    )
    svg = picture(chart)
    assert ET.fromstring(svg).find(f"{SVG}title").text == chart.title
    assert "A & B <i>$x$</i>" in words(svg)
