"""Packs as slides, opened and read: numbers, foot, descriptions, sizes, templates, and nothing withheld inside."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from csp_data.exports import native, slides
from csp_data.extracts.problems import InputError
from csp_data.stories import pack as story
from csp_data.stories.pack import Choices
from tests.pack_rows import HIDDEN_REPORTED, demonstration_subject, members, protected_town, says


@pytest.fixture(scope="module")
def content(full_pack):
    return slides.pptx(full_pack)


@pytest.fixture(scope="module")
def deck(content):
    return Presentation(io.BytesIO(content))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return protected_town(tmp_path_factory.mktemp("town") / "workspace")


def texts(slide):
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def charts_of(deck):
    return [(slide, shape.chart) for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_every_slide_has_a_title_the_foot_and_its_number(full_pack, deck):
    for number, slide in enumerate(deck.slides, start=1):
        assert slide.shapes.title.text_frame.text.strip()
        said = texts(slide)
        for line in full_pack.footer:
            assert line in said
        fields = slide._element.findall(f".//{qn('a:fld')}")
        assert [field.get("type") for field in fields] == ["slidenum"]
        assert fields[0].find(qn("a:t")).text == str(number)


def test_a_short_pack_has_no_slide_that_holds_only_a_note(short_pack):
    deck = Presentation(io.BytesIO(slides.pptx(short_pack)))
    assert len(deck.slides) <= 25
    foot = len("\n".join(short_pack.footer))
    for slide in deck.slides:
        drawn = any(s.has_chart or s.has_table or s.shape_type == MSO_SHAPE_TYPE.PICTURE for s in slide.shapes)
        assert drawn or len(texts(slide)) > foot + 200, slide.shapes.title.text_frame.text


def test_axes_say_what_they_count(deck):
    titled = [
        chart.value_axis.has_title and chart.value_axis.axis_title.text_frame.text for _, chart in charts_of(deck)
    ]
    assert all(titled)
    assert {"Recorded crimes", "ASB incidents", "Share, %"} <= set(titled)


def test_the_title_is_read_first_and_the_foot_last(deck):
    for slide in deck.slides:
        shapes = list(slide.shapes)
        assert shapes[0].is_placeholder
        assert shapes[0] == slide.shapes.title
        assert [shape.placeholder_format.type for shape in shapes[-2:]] == [
            PP_PLACEHOLDER.FOOTER,
            PP_PLACEHOLDER.SLIDE_NUMBER,
        ]


def test_every_chart_picture_and_table_is_described(deck):
    described = 0
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                (properties,) = shape._element.xpath(".//*[local-name()='cNvPr']")
                assert len(properties.get("descr")) > 20
                described += 1
    assert described > 20


def test_a_table_says_which_row_heads_it(deck):
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert tables
    assert all(table.first_row for table in tables)


def test_no_text_is_smaller_than_12_points(content, deck):
    sizes = [
        int(size)
        for name, inside in members(content).items()
        if re.fullmatch(r"ppt/(slides/slide|charts/chart)\d+\.xml", name)
        for size in re.findall(rb'\bsz="(\d+)"', inside)
    ]
    assert min(sizes) >= 1200
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.is_placeholder:
                for paragraph in shape.text_frame.paragraphs:
                    assert all(run.font.size >= Pt(12) for run in paragraph.runs)


def test_charts_are_powerpoints_own_and_hold_the_numbers_of_the_page(full_pack, deck):
    months = next(chart for sheet in full_pack.sheets if sheet.section == "Recorded crime" for chart in sheet.charts)
    assert months.kind == "monthly line"
    wanted = [float(text.replace(",", "")) for text in months.table["Recorded crimes"]]
    found = [chart for slide, chart in charts_of(deck) if slide.shapes.title.text_frame.text == months.title]
    assert [round(value) for value in found[0].plots[0].series[0].values] == wanted
    book = openpyxl.load_workbook(io.BytesIO(found[0].part.chart_workbook.xlsx_part.blob))
    assert [row[1] for row in book.active.iter_rows(min_row=2, values_only=True)] == wanted
    totals = [cell for cell in months.table["12 months to the end of the month"] if cell != "[x]"]
    assert [f"{value:,.0f}" for value in found[1].plots[0].series[0].values if value is not None] == totals


def test_bars_have_the_numbers_of_the_page_with_the_year_before_and_intervals(full_pack, deck):
    parts = next(c for sheet in full_pack.sheets for c in sheet.charts if c.kind == "parts of a line")
    chart = next(chart for slide, chart in charts_of(deck) if slide.shapes.title.text_frame.text == parts.title)
    now, before = chart.plots[0].series
    assert [f"{value:,.0f}" for value in now.values] == parts.table["Recorded crimes"].tolist()
    assert [f"{value:,.0f}" for value in before.values] == parts.table["April 2024 to March 2025"].tolist()
    asked = next(c for sheet in full_pack.sheets for c in sheet.charts if c.kind == "survey question")
    chart = next(chart for slide, chart in charts_of(deck) if slide.shapes.title.text_frame.text == asked.title)
    assert chart._chartSpace.findall(f".//{qn('c:errBars')}")


def test_the_limits_of_a_control_chart_are_those_of_its_table(full_pack):
    control = next(c for sheet in full_pack.sheets for c in sheet.charts if c.kind == "control chart")
    (panel,) = native.panels(control)
    by_name = {series.name: series for series in panel.series}
    assert [f"{value:,.1f}" for value in by_name["Upper limit"].values] == control.table["Upper limit"].tolist()
    words = control.table["How it stands to the limits"]
    higher = sum(value is not None for value in by_name["Higher than usual"].values)
    assert 0 < higher < len(words)
    assert by_name["Target"].values[0] == 950


def test_many_rows_are_set_in_two_charts_of_one_scale(full_pack):
    wards = next(c for sheet in full_pack.sheets for c in sheet.charts if c.kind == "ward places")
    upper, lower = native.panels(wards)
    values = (*upper.series[0].values, *lower.series[0].values)
    assert [f"{value:,.1f}" for value in values] == wards.table.iloc[:, 1].tolist()
    assert upper.highest == lower.highest == 250


@pytest.fixture(scope="module")
def maidstone():
    pack = story.pack(demonstration_subject("maidstone"), Choices())
    return {chart.kind: (sheet, chart) for sheet in pack.sheets for chart in sheet.charts}


def test_a_followed_figure_has_its_unit_and_its_decimals(maidstone):
    _, chart = maidstone["followed figure"]
    (panel,) = native.panels(chart)
    assert (panel.up, panel.series[0].name, panel.number_format) == ("Households", "Households", "#,##0")
    (finer,) = native.panels(replace(chart, data=chart.data.assign(text="7.92")))
    assert finer.number_format == "#,##0.00"


def test_waves_have_their_names_and_intervals_are_not_cut(maidstone):
    (panel,) = native.panels(maidstone["survey question"][1])
    assert [series.name for series in panel.series] == ["2024", "2023"]
    assert panel.highest >= max(high for _, high in panel.series[0].intervals if high is not None)


def test_waves_side_by_side_differ_in_grey(short_pack, maidstone):
    made = Presentation(io.BytesIO(slides.pptx(replace(short_pack, sheets=(maidstone["survey question"][0],)))))
    ((_, chart),) = charts_of(made)
    red, green, blue = zip(*(series.format.fill.fore_color.rgb for series in chart.plots[0].series), strict=True)
    later, earlier = (0.3 * r + 0.59 * g + 0.11 * b for r, g, b in zip(red, green, blue, strict=True))
    assert abs(later - earlier) > 50


def test_a_short_table_stands_beneath_its_chart_and_a_long_title_keeps_to_its_place(short_pack, maidstone):
    own = maidstone["followed figure"][0]
    low = replace(own.tables[0], columns={name: cells[1:2] for name, cells in own.tables[0].columns.items()})
    sheet = replace(own, updates=(), tables=(low,), title="Preventing harm to people at risk " * 5)
    made = Presentation(io.BytesIO(slides.pptx(replace(short_pack, sheets=(sheet,)))))
    _, slide = made.slides
    kinds = [shape.has_chart or shape.has_table for shape in slide.shapes]
    assert sum(kinds) == 2
    assert slide.shapes.title.text_frame.paragraphs[0].font.size == Pt(18)


def test_what_powerpoint_cannot_draw_is_a_picture(deck):
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(pictures) == 3, "the map, and the ward among all wards for two measures"


def test_properties_say_what_it_is_and_no_path(full_pack, deck, content):
    about = deck.core_properties
    assert (about.title, about.author) == ("Medway: community safety pack", full_pack.name)
    assert about.created.isoformat() == "2026-04-30T09:00:00"
    assert not re.search(rb"/(home|root|work|tmp|Users)/", b"".join(members(content).values()))


def test_the_same_release_gives_the_same_slides(full_pack, content):
    again = members(slides.pptx(full_pack))
    mine = members(content)
    assert mine.keys() == again.keys()
    assert [
        name for name in mine if name.endswith(".xml") and mine[name] != again[name] and "embeddings" not in name
    ] == []


# A template


def template(size=(10, 7.5)):
    """A template of 4:3 with a slide that must not come along, and letters of its own."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(size[0]), Inches(size[1])
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "An old slide"
    deck.slide_master.name = "Council"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue().replace(b"Old", b"Old")


def test_a_template_gives_its_size_and_layouts_and_none_of_its_slides(full_pack):
    made = Presentation(io.BytesIO(slides.pptx(full_pack, template())))
    assert (made.slide_width, made.slide_height) == (Inches(10), Inches(7.5))
    assert made.slides[0].slide_layout.name == "Title Slide"
    assert {slide.slide_layout.name for slide in list(made.slides)[1:]} == {"Title Only"}
    assert all("An old slide" not in texts(slide) for slide in made.slides)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= made.slide_width
    content = slides.pptx(full_pack, template())
    assert b"An old slide" not in b"".join(members(content).values())


def test_a_template_without_titles_or_feet_still_gives_whole_slides(full_pack):
    deck = Presentation()
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    out = io.BytesIO()
    deck.save(out)
    made = Presentation(io.BytesIO(slides.pptx(full_pack, out.getvalue())))
    for slide in made.slides:
        assert full_pack.footer[0] in texts(slide)
        assert slide._element.findall(f".//{qn('a:fld')}")


@pytest.mark.parametrize("content", [b"", b"no file of PowerPoint", b"PK\x03\x04 cut off"])
def test_a_template_that_is_none_is_told(full_pack, content):
    with pytest.raises(InputError, match="PowerPoint file"):
        slides.pptx(full_pack, content)


def test_a_zip_that_is_no_presentation_is_told(full_pack):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(InputError, match="PowerPoint file"):
        slides.pptx(full_pack, out.getvalue())


def test_a_template_that_unpacks_to_too_much_is_refused(full_pack, monkeypatch):
    monkeypatch.setattr(slides, "MOST_UNPACKED", 1_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        slides.pptx(full_pack, template())


# Nothing withheld

HIDDEN = (9206, 9192, HIDDEN_REPORTED, 2298, 4598, 6902)


def test_no_withheld_number_is_anywhere_inside(town):
    short = slides.pptx(story.pack(town, Choices(wards=("E05000003",))))
    content = slides.pptx(story.pack(town, Choices(wards=("E05000003",), full=True)))
    for number in HIDDEN:
        assert says(content, number) == []
        assert says(short, number) == []
    held = b"".join(inside for name, inside in members(content).items() if "embeddings" in name)
    for exact in (b"<v>758</v>", b"<v>768</v>", b"<v>778</v>"):
        assert exact not in held
    assert b"<v>760</v>" in held, "the rounded figure of the same month is there"


def test_the_search_for_withheld_numbers_finds_them_where_they_may_be(town):
    content = slides.pptx(story.pack(town, Choices(wards=("E05000003",), role="analyst", full=True)))
    assert all(says(content, number) for number in HIDDEN)
    assert b"<v>758</v>" in b"".join(inside for name, inside in members(content).items() if "embeddings" in name)
