"""Packs as Word documents, opened and read: headings, captions, heading rows, pictures, head and foot, numbers."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from csp_data.exports import letter
from csp_data.stories import pack as story
from csp_data.stories.pack import Choices
from tests.pack_rows import HIDDEN_REPORTED, demonstration_subject, members, protected_town, says


@pytest.fixture(scope="module")
def pack():
    return story.pack(
        demonstration_subject(), Choices(priorities=("reducing-reoffending",), wards=("E05014449",), full=True)
    )


@pytest.fixture(scope="module")
def content(pack):
    return letter.docx(pack)


@pytest.fixture(scope="module")
def document(content):
    return Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return protected_town(tmp_path_factory.mktemp("town") / "workspace")


def headings(document):
    return [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]


def test_headings_are_real_and_leave_no_level_out(pack, document):
    found = headings(document)
    assert [text for level, text in found if level == 1] == [sheet.title for sheet in pack.sheets]
    above = 0
    for level, _ in found:
        assert level <= above + 1
        above = level


def test_head_and_foot_say_whose_status_dates_choices_and_page(pack, document):
    (section,) = document.sections
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0].text
    assert head.text.startswith("Medway Community Safety Partnership. Demonstration. Page ")
    fields = [each.text for each in head._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert foot == (
        "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate. Data to March 2026. "
        f"Data release of 30 April 2026 (demonstration). {pack.filters}"
    )


def test_every_table_has_its_caption_its_heading_row_and_the_same_cells(pack, document):
    wanted = [table for sheet in pack.sheets for table in sheet.tables]
    assert len(document.tables) == len(wanted)
    captions = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Caption"]
    for made, table in zip(document.tables, wanted, strict=True):
        assert table.name in captions
        assert [cell.text for cell in made.rows[0].cells] == list(table.columns)
        assert [tuple(cell.text for cell in row.cells) for row in made.rows[1:]] == table.rows
        marked = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in made.rows]
        assert marked == [True] + [False] * len(table.rows)


def test_a_short_document_runs_on_and_has_priorities_in_one_table_with_their_names(short_pack):
    document = Document(io.BytesIO(letter.docx(short_pack)))
    broken = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert broken == [short_pack.sheets[0].title], "subjects follow each other"
    first = document.tables[0]
    assert [cell.text for cell in first.rows[1].cells] == ["1. Violence against women and girls"] * 5
    assert len(first.rows) == 1 + sum(1 + len(table.rows) for table in short_pack.sheets[0].tables)
    pictures = [p for p in document.paragraphs if p._p.findall(f".//{qn('w:drawing')}")]
    captions = [p for p in document.paragraphs if p.text.startswith("Figure ")]
    assert len(pictures) == len(captions) == sum(len(sheet.charts) for sheet in short_pack.sheets)
    assert all(p.paragraph_format.keep_with_next for p in captions)


def test_every_picture_is_described(pack, document):
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described == [chart.alt for sheet in pack.sheets for chart in sheet.charts]


def test_no_text_is_smaller_than_12_points(content, document):
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert all(document.styles[name].font.size >= Pt(12) for name in used)
    sizes = [int(size) for size in re.findall(rb'<w:sz w:val="(\d+)"', members(content)["word/document.xml"])]
    assert all(size >= 24 for size in sizes)
    assert "Signals:" in "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_properties_say_what_it_is_and_no_path(pack, document, content):
    about = document.core_properties
    assert (about.title, about.author, about.language) == (pack.title, pack.name, "en-GB")
    assert about.created.replace(tzinfo=None).isoformat() == "2026-04-30T09:00:00"
    assert not re.search(rb"/(home|root|work|tmp|Users)/", b"".join(members(content).values()))


def test_a3_lies_on_its_side(pack):
    (section,) = Document(io.BytesIO(letter.docx(pack, "a3"))).sections
    sides = [side and round(side.cm, 1) for side in (section.page_width, section.page_height)]
    assert sides == [42.0, 29.7]


def test_no_withheld_number_is_anywhere_inside(town):
    hidden = (9206, 9192, HIDDEN_REPORTED, 2298, 4598, 6902)
    for full in (False, True):
        public = letter.docx(story.pack(town, Choices(wards=("E05000003",), full=full)))
        assert [number for number in hidden if says(public, number)] == []
    analyst = letter.docx(story.pack(town, Choices(wards=("E05000003",), role="analyst", full=True)))
    assert all(says(analyst, number) for number in hidden)
