"""Packs on paper, opened and read: text and numbers, foot of every page, tags, sizes, and nothing withheld inside."""

import io
import re
from dataclasses import replace
from typing import cast

import pytest
from pypdf import PdfReader

from csp_data.exports import paper, sheet
from csp_data.extracts.meetings import Entry, Kept
from csp_data.stories import pack as story
from csp_data.stories.pack import Choices, Table
from tests.pack_rows import demonstration_subject, protected_town


@pytest.fixture(scope="module")
def content(full_pack):
    return paper.pdf(full_pack)


@pytest.fixture(scope="module")
def reader(content):
    return PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return protected_town(tmp_path_factory.mktemp("town") / "workspace")


def words(page):
    return " ".join(page.extract_text().split())


def tags(reader):
    """Every element of the tree of tags: kind, element."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]["/K"].get_object()]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += [inner.get_object() for inner in each if hasattr(inner, "get_object")]
        elif hasattr(each, "get") and each.get("/S"):
            found.append((each["/S"], each))
            if "/K" in each:
                waiting.append(each["/K"].get_object())
    return found


def test_every_page_has_whose_status_dates_choices_and_its_number(full_pack, reader):
    number = len(reader.pages)
    for place, page in enumerate(reader.pages, start=1):
        said = words(page)
        assert full_pack.name in said
        assert "DEMONSTRATION" in said
        assert f"Page {place} of {number}" in said
        assert "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate." in said
        assert "Data to March 2026. Data release of 30 April 2026 (demonstration)." in said
        assert "Shown: Medway, April 2025 to March 2026" in said
        assert "wards: All Saints; for: public." in said


def test_every_number_of_every_table_is_on_paper(full_pack, reader):
    everything = "".join(" ".join(words(page) for page in reader.pages).split())
    for each in full_pack.sheets:
        for table in each.tables:
            for cells in table.columns.values():
                for cell in cells:
                    for number in re.findall(r"\d[\d,.]*\d%?", cell):
                        assert number in everything


def test_it_is_tagged_as_the_standard_asks(full_pack, reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]) == "True"
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == f"{full_pack.title}, {full_pack.period}"
    assert reader.metadata.author == full_pack.name
    kinds = [kind for kind, _ in tags(reader)]
    assert kinds.count("/H1") == 1 + len(full_pack.sheets)
    assert {"/H2", "/Table", "/TH", "/TD", "/L", "/P"} <= set(kinds)
    tables = [1 if each is full_pack.sheets[0] else len(each.tables) for each in full_pack.sheets]
    assert kinds.count("/Table") == sum(tables), "the priorities on a page are one table"


def test_a_short_pack_is_about_twelve_pages_and_none_is_nearly_empty(short_pack):
    reader = PdfReader(io.BytesIO(paper.pdf(short_pack)))
    assert 10 <= len(reader.pages) <= 13
    foot = len(words(reader.pages[0]).partition("Page 1")[0]) + len(" ".join(short_pack.footer))
    for page in reader.pages:
        assert len(words(page)) > foot + 400 or "/XObject" in cast(dict, page["/Resources"])


def test_a_subject_that_fits_on_a_page_is_on_one_page(short_pack):
    pages = [words(page) for page in PdfReader(io.BytesIO(paper.pdf(short_pack))).pages]
    for each in short_pack.sheets[1:5]:
        (page,) = [page for page in pages[1:] if each.title in page]
        for text in (*each.sentences, *each.notes, *(update.said[0][1] for update in each.updates)):
            assert text in page


def test_every_picture_is_described_in_words(full_pack, reader):
    described = [str(element["/Alt"]) for kind, element in tags(reader) if kind == "/Figure"]
    assert sorted(described) == sorted(chart.alt for each in full_pack.sheets for chart in each.charts)


def test_no_letters_are_smaller_than_12_points(reader):
    sizes = set()

    def note(text, matrix, text_matrix, font, size):
        if text.strip():
            sizes.add(round(abs(size * text_matrix[3] * matrix[3]), 1))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert min(sizes) >= 12


def test_a_long_foot_stays_on_the_page_and_what_was_said_has_a_page_of_its_own():
    entry = Entry("2026-05-12T10:00:00Z", "overview", "Data on a page", "decision", "Fund #it.", "", "2026-05-12", "1")
    wards = ("E05014449", "E05014450", "E05014451", "E05014452")
    chosen = Choices(priorities=("anti-social-behaviour",), wards=wards, role="partner")
    found = story.pack(demonstration_subject(), chosen, record=Kept((entry,)))
    reader = PdfReader(io.BytesIO(paper.pdf(replace(found, sheets=found.sheets[:3]))))
    assert [("Fund #it." in words(page)) for page in reader.pages[:4]] == [False, False, True, False]
    assert "Meeting of 12 May 2026" in words(reader.pages[2])
    lowest = []
    reader.pages[2].extract_text(
        visitor_text=lambda text, matrix, inner, *_: (
            lowest.append(matrix[5] + matrix[3] * inner[5]) if text.strip() else None
        )
    )
    assert min(lowest) > 20, "points above the edge of the paper"
    assert "Not for publication: it may hold figures that the public does not see." in words(reader.pages[2])


def test_fonts_are_inside(content):
    reader = PdfReader(io.BytesIO(content))
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in cast(dict, cast(dict, page["/Resources"])["/Font"].get_object()).values()
    }
    assert any("Lato" in name for name in names)
    assert all("+" in name for name in names), "a part of each font is embedded"


def test_a3_lies_on_its_side_and_is_shorter(full_pack, reader):
    wide = PdfReader(io.BytesIO(paper.pdf(full_pack, "a3")))
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in wide.pages} == {(1191, 842)}
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages} == {(595, 842)}
    assert len(wide.pages) < len(reader.pages)


def test_the_data_on_a_page_is_one_page_with_every_priority(full_pack):
    (page,) = PdfReader(io.BytesIO(sheet.sheet(full_pack))).pages
    said = words(page)
    for table in full_pack.overview.tables:
        assert table.name in said
    assert "Signals: H" in said
    assert "Page 1 of 1" in said


def test_the_same_release_gives_the_same_paper(full_pack, content):
    assert paper.pdf(full_pack) == content


def test_text_is_never_taken_for_markup(full_pack):
    odd = '#panic("x") *a* _b_ $c$ `d` [e] @f <g> \\ // "h" = i'
    made = replace(
        full_pack,
        title=odd,
        name=odd,
        sheets=(replace(full_pack.sheets[-1], title=odd, sentences=(odd,), tables=(Table(odd, {odd: (odd,)}),)),),
    )
    reader = PdfReader(io.BytesIO(paper.pdf(made)))
    assert " ".join(map(words, reader.pages)).count('#panic("x") *a* _b_ $c$ `d` [e] @f <g> \\ // "h" = i') >= 3


def test_another_paper_is_told(full_pack):
    with pytest.raises(ValueError, match="Paper is 'a4' or 'a3', not 'a9'"):
        paper.pdf(full_pack, "a9")


def test_columns_alike_stand_at_the_same_places(full_pack):
    made = paper._tables(full_pack.overview.tables)
    assert len({tuple(table["widths"]) for table in made}) == 1


def test_columns_get_the_letters_that_keep_rows_low_and_words_whole():
    told = Table("t", {"Figure": ("Possession of weapons",), "Latest": ("11,179 recorded crimes",), "When": ("2024",)})
    figure, latest, when = paper.widths(told, letters=60)
    assert figure > 21
    assert latest > 22
    assert when < 12
    narrow = paper.widths(
        Table("t", {"A": ("constabulary",), "B": ("of many small words in a row, of no great length",)}), letters=30
    )
    assert narrow[0] > 12


def test_no_withheld_number_is_on_paper_or_in_its_properties(town):
    def said(role, full=True):
        choices = Choices(wards=("E05000003",), role=role, full=full)
        reader = PdfReader(io.BytesIO(paper.pdf(story.pack(town, choices))))
        inside = " ".join(words(page) for page in reader.pages) + str(reader.metadata)
        return inside + " ".join(str(element.get("/Alt", "")) for _, element in tags(reader))

    public, analyst = said("public") + said("public", full=False), said("analyst")
    for number in ("9,206", "9,192", "6,173", "2,298", "4,598", "6,902"):
        assert number not in public
        assert number in analyst, "the search finds it where it may be"
    assert "Not for publication" in analyst
