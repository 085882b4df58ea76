"""Workbooks: read back by another program than wrote them, as an analyst and a screen reader would."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from made_results import RATE, answer, wards
from test_charts import EVERY

from csp_data.analysis.results import Question
from csp_data.analysis.results import answer as answered
from csp_data.analysis.results import table as tabled
from csp_data.analysis.subject import Subject
from csp_data.catalogue.licences import LICENCES
from csp_data.exports import workbook
from csp_data.exports.about import NOT_FOR_ALL, About
from csp_data.exports.workbook import TextTable
from csp_data.extracts.workspace import Workspace
from csp_data.figures import charts, wording
from csp_data.stories.pack import Choices, pack

# gptables calls pandas in ways that pandas will give up; the versions of both are held still.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

ABOUT = About(
    partnership="Medway Community Safety Partnership",
    release="2026-11-22T091000",
    status="demonstration",
    notice="Demonstration data: synthetic",
    made=datetime(2026, 11, 22, 9, 10, tzinfo=UTC),
    latest_month="2020-03",
    attributions=("Contains OS data.",),
    licences=(LICENCES["OGL-3.0"],),
    filters=(("Measure", "Recorded crime"), ("Period", "Latest 12 months")),
    address="https://example.org/trends?measure=Recorded+crime",
)
ABOVE = re.compile(r"[^a-zA-Z0-9]*")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def opened(made: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(made))


def of(*tables) -> openpyxl.Workbook:
    return opened(workbook.of_tables(tables, ABOUT, "Trends: Medway"))


def rows(sheet) -> list[dict]:
    """The rows of a worksheet's table, by its headings."""
    (marked,) = sheet.tables.values()
    headings, *body = [[cell.value for cell in row] for row in sheet[marked.ref]]
    return [dict(zip(headings, row, strict=True)) for row in body]


def shown(cell) -> str:
    """A number as a spreadsheet shows it under the format of its cell."""
    if isinstance(cell.value, str):
        return cell.value
    if cell.number_format.startswith("[=0]0%;"):  # a share of 0 to 1
        return "less than 1%" if 0 < cell.value < 0.005 else f"{wording.number(100 * cell.value)}%"
    places = len(cell.number_format.partition(".")[2].rstrip('"%'))
    return wording.number(cell.value, places) + ("%" if cell.number_format.endswith('"%"') else "")


def every_text(made: bytes) -> str:
    """Everything inside the file, its parts unpacked."""
    with zipfile.ZipFile(BytesIO(made)) as packed:
        return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


@pytest.mark.parametrize("name", EVERY)
def test_the_numbers_are_those_of_the_page_to_the_digit(name):
    chart = EVERY[name]()
    sheet = of(chart)["Table 1"]
    (marked,) = sheet.tables.values()
    headings, *body = sheet[marked.ref]
    made = pd.DataFrame([[shown(cell) for cell in row] for row in body], columns=[cell.value for cell in headings])
    assert len(made) == len(chart.table)
    for column in chart.columns:
        if column.name in chart.data and column.how not in ("interval", "change interval"):
            assert made[column.heading].tolist() == chart.table[column.heading].tolist(), column.heading


def test_an_interval_is_two_columns_of_numbers():
    first = rows(of(EVERY["wards"]())["Table 1"])[0]
    assert (first["95% interval: from"], first["95% interval: to"]) == (29, 31)


def test_cells_hold_the_full_number():
    made = wards(("E05000001", "Ash", 119.66284471184566, "available"), **{**RATE, "denominator": None})
    sheet = of(charts.area_rates(made, answer(value=1.0, **RATE)))["Table 1"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float))
    assert cell.value == pytest.approx(119.66284471184566, rel=1e-11)
    assert cell.number_format == "#,##0.0"


def test_what_rounds_up_on_the_page_rounds_up_in_the_workbook():
    made = wards(("E05000001", "Ash", 12.4499999999996, "available"), **{**RATE, "denominator": None})
    (row,) = rows(of(charts.area_rates(made, answer(value=1.0, **RATE)))["Table 1"])
    assert row["Recorded crimes per 1,000 residents"] == 12.45


def test_areas_come_with_their_codes():
    found = {row["Ward"]: row["Area code"] for row in rows(of(EVERY["wards"]())["Table 1"])}
    assert found["Ash"] == "E05000001"
    assert found["Not allocated to a ward"] == "[z]"


def test_the_order_of_the_worksheets():
    assert of(EVERY["kinds"](), EVERY["wards"]()).sheetnames == [
        "Cover", "Contents", "Notes", "Table 1", "Table 2", "Symbols",
    ]  # fmt: skip


def test_the_cover_says_whose_figures_they_are_and_how_they_were_chosen():
    lines = [cell.value for cell in of(EVERY["wards"]())["Cover"]["A"]]
    assert lines[0] == "Trends: Medway"
    for expected in (
        "Demonstration data: synthetic",
        "Partnership: Medway Community Safety Partnership",
        "Data release: 2026-11-22T091000, made 22 November 2026",
        "Status: Demonstration data: synthetic",
        "Months in these tables: April 2019 to March 2020",
        "Latest month of the data: March 2020",
        "Measure: Recorded crime",
        "Period: Latest 12 months",
        "Link to this view: https://example.org/trends?measure=Recorded+crime",
        "Contains OS data.",
    ):
        assert expected in lines
    assert any(line.startswith("Licence: Open Government Licence v3.0") for line in lines)
    assert any(line.startswith("Source: data.police.uk") for line in lines)


def test_the_contents_lead_to_every_table():
    book = of(EVERY["kinds"](), EVERY["wards"]())
    links = [cell.hyperlink.location for (cell,) in book["Contents"]["A4:A6"]]
    assert sorted(links) == ["'Symbols'!A1", "'Table 1'!A1", "'Table 2'!A1"]


def test_notes_are_on_their_own_worksheet_and_tables_name_them():
    chart = EVERY["wards"]()
    book = of(chart)
    notes = {row["Note"]: row["Note number"] for row in rows(book["Notes"])}
    assert set(chart.notes) <= set(notes)
    named = book["Table 1"]["A3"].value
    assert all(f"[note {notes[note]}]" in named for note in chart.notes)


def test_every_symbol_is_explained_and_those_used_are_named():
    found = {row["Symbol"]: row["Used in this workbook"] for row in rows(of(EVERY["wards"]())["Symbols"])}
    assert found == {"[c]": "Yes", "[x]": "Yes", "[z]": "Yes", "[low]": "No", "[p]": "No", "[r]": "No"}


def test_two_charts_of_the_same_figures_have_two_names():
    book = of(EVERY["wards"](), EVERY["map"]())
    assert book["Table 1"]["A1"].value != book["Table 2"]["A1"].value.replace("Table 2", "Table 1")


def test_sources_are_named_once_on_the_cover():
    tables = [
        TextTable("A", {"a": ["b"]}, sources=("One (of two; or three)", "Two")),
        TextTable("B", {"a": ["b"]}, sources=("Two",)),
    ]
    lines = [cell.value for cell in of(*tables)["Cover"]["A"]]
    assert [line for line in lines if line.startswith("Source: ")] == [
        "Source: One (of two; or three).",
        "Source: Two.",
    ]


def test_the_same_figures_give_the_same_file():
    chart = EVERY["wards"]()
    assert workbook.of_tables([chart], ABOUT, "T") == workbook.of_tables([chart], ABOUT, "T")


def test_no_table_no_workbook():
    with pytest.raises(ValueError, match="at least one table"):
        workbook.of_tables([], ABOUT, "T")


def test_the_properties_say_what_it_is_and_nothing_of_who_made_it():
    book = of(EVERY["wards"]())
    assert book.properties.title == "Trends: Medway"
    assert book.properties.subject == "Medway Community Safety Partnership"
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    assert book.properties.created == datetime(2026, 11, 22, 9, 10)  # noqa: DTZ001 (as the file has it)
    inside = every_text(workbook.of_tables([EVERY["wards"]()], ABOUT, "T"))
    assert not re.search(r"/(home|root|tmp|Users)/|\\\\Users", inside)


# Accessible, as the Analysis Function asks


def assert_accessible(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert not sheet.merged_cells.ranges, sheet.title
        assert len(sheet.title) <= 31
        assert isinstance(sheet["A1"].value, str), "a title in the first cell"
        assert sheet["A1"].font.b
        assert sheet.sheet_state == "visible"
        for row in sheet.iter_rows():
            assert any(cell.value is not None for cell in row), f"{sheet.title}: blank row {row[0].row}"
        if sheet.title == "Cover":
            continue
        (marked,) = sheet.tables.values()
        assert re.fullmatch(r"[A-Za-z_]\w*", marked.displayName)
        headings, *body = sheet[marked.ref]
        texts = [cell.value for cell in headings]
        assert all(isinstance(text, str) and text.strip() for text in texts)
        assert len({text.lower() for text in texts}) == len(texts)
        assert body[-1][0].row == sheet.max_row, "nothing below the table"
        for row in body:
            for cell in row:
                assert cell.value not in (None, ""), f"{sheet.title}: empty cell {cell.coordinate}"
                if isinstance(cell.value, str):
                    assert not ABOVE.fullmatch(cell.value), cell.coordinate
                else:
                    assert isinstance(cell.value, int | float)
                    assert cell.alignment.horizontal != "center"
        for column in zip(*body, strict=True):
            words = {str(cell.value) for cell in column if isinstance(cell.value, str)} - set(workbook.SYMBOLS)
            written = {re.sub(r"\d+", "9", word.replace(",", "")) for word in words}
            as_text = len(written) == 1 and written <= {"9", "9.9", "9%", "9.9%", "£9", "£9.9"}
            assert not as_text or all(re.fullmatch(r"\d{4}|0\d+", word) for word in words), column[0].coordinate


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_makes_an_accessible_workbook(name):
    assert_accessible(of(EVERY[name]()))


def test_headings_of_a_long_table_stay_in_sight():
    sheet = of(EVERY["twelve years"]())["Table 1"]
    (marked,) = sheet.tables.values()
    first = int(re.search(r"\d+", marked.ref)[0])
    assert sheet.freeze_panes == f"A{first + 1}"
    assert of(EVERY["one month"]())["Table 1"].freeze_panes is None


def test_a_wide_table_prints_on_a3_and_a_title_starts_with_a_capital():
    wide = TextTable("figures of all", {f"Heading {n}": ["a word or two, and some more of them"] for n in range(6)})
    book = of(wide, TextTable("Few", {"Heading": ["a"]}))
    assert (book["Table 1"].page_setup.paperSize, book["Table 2"].page_setup.paperSize) == ("8", "9") or (
        int(book["Table 1"].page_setup.paperSize), int(book["Table 2"].page_setup.paperSize)
    ) == (8, 9)  # fmt: skip
    assert book["Table 1"]["A1"].value == "Table 1: Figures of all"
    assert book["Table 1"].oddFooter.left.size == book["Table 1"].oddFooter.right.size == 8


# Text that only ever is text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A1",
        '=HYPERLINK("http://x")',
        "{=1}",
        "=cmd|' /C calc'!A0",
    ],
)
def test_no_text_is_a_formula(text):
    book = of(TextTable(text, {text: ["a", text], "Other": [text, "b"]}, sources=(text,), notes=(text,)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value).startswith(FORMULA), cell.coordinate
    assert "<f>" not in every_text(workbook.of_tables([TextTable(text, {text: [text]})], ABOUT, text))


@pytest.mark.parametrize(
    "text", ["[click](http://example.org)", "see $$secret$$ here", "five $$$$$", "internal:Sheet!A1", "http://x.org"]
)
def test_no_text_is_a_link_or_a_mark(text):
    sheet = of(TextTable("Names", {"Name": [text, "a"]}))["Table 1"]
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert sheet[sheet.max_row - 1][0].value.replace(" ", "") == text.replace(" ", "")


def test_text_without_a_letter_is_told_in_words():
    cells = [row["Sign"] for row in rows(of(TextTable("T", {"Sign": ["▲", "–", "  ", "5 ▲"]}))["Table 1"])]
    assert cells == ["black up-pointing triangle", "[z]", "[z]", "5 ▲"]


def test_numbers_of_a_text_table_become_numbers():
    table = TextTable(
        "T",
        {
            "Name": ["a", "b", "c"],
            "Count": ["33,334", "[c]", "−5"],
            "Money": ["£3,950.00", "£0.50", "[x]"],
            "Share": ["5.0%", "12.5%", "[z]"],
            "Year": ["2019", "2020", "2021"],
            "Code": ["007", "008", "009"],
            "Mixed": ["5.0", "6", "7"],
        },
    )
    first, second, third = rows(of(table)["Table 1"])
    assert first == {
        "Name": "a", "Count": 33334, "Money": 3950, "Share": 5, "Year": "2019", "Code": "007", "Mixed": "5.0",
    }  # fmt: skip
    assert (second["Count"], second["Money"], third["Count"], third["Share"]) == ("[c]", 0.5, -5, "[z]")


def test_headings_that_differ_by_capitals_only_are_told_apart():
    assert list(rows(of(TextTable("T", {"Area": ["a"], "area": ["b"]}))["Table 1"])[0]) == ["Area", "area (2)"]


# Nothing withheld


def test_a_withheld_number_is_nowhere_in_the_file():
    for name in ("wards", "counts of wards", "map"):
        made = workbook.of_tables([EVERY[name]()], ABOUT, "T")
        assert "731" not in every_text(made).replace("7310909", ""), name
        oak = next(row for row in rows(opened(made)["Table 1"]) if row["Ward"] == "Oak")
        assert set(oak.values()) == {"Oak", "E05000004", "[c]"}


@pytest.fixture(scope="module")
def rounded() -> Subject:
    """The demonstration as if its crimes were a police force's own extract."""
    subject = Subject(Workspace("data").release("medway"))
    subject.release.extract("crime")["disclosure"] = "rounded"
    return subject


def test_of_a_rounded_release_the_public_gets_rounded_counts_and_symbols(rounded):
    question = Question("crime", "2025-04", "2026-03", category="robbery", compare="previous-year")
    by_area = tabled(rounded, question, "area")
    chart = charts.area_rates(by_area, answered(rounded, question))
    exact = tabled(rounded, Question("crime", "2025-04", "2026-03", category="robbery", role="analyst"), "area")
    small = dict(exact.loc[exact["numerator"].between(1, 7), ["area_name", "numerator"]].to_numpy().tolist())
    assert small, "the demonstration has small counts to withhold"
    found = {row["Ward"]: row for row in rows(of(chart)["Table 1"])}
    for name in small:
        numbers = [value for value in found[name].values() if isinstance(value, int | float)]
        assert numbers == [], f"{name}: {numbers}"
    counts = [value for row in found.values() for value in row.values() if isinstance(value, int)]
    assert all(count % 5 == 0 for count in counts)


# The pack


def test_a_pack_becomes_a_workbook_with_all_its_tables_and_sentences(demonstration):
    made = pack(Subject(Workspace(str(demonstration)).release("maidstone")), Choices())
    book = opened(workbook.workbook(made))
    assert_accessible(book)
    charts_in = [chart for sheet in made.sheets for chart in sheet.charts]
    tables_in = [table for sheet in made.sheets for table in sheet.tables]
    assert len(book.sheetnames) == 1 + len(charts_in) + len(tables_in) + 4
    titles = " ".join(str(sheet["A1"].value) for sheet in book)
    assert all(chart.subtitle in titles for chart in charts_in)
    said = {row["Sentence"] for row in rows(book["Table 1"])}
    assert {text for sheet in made.sheets for text in sheet.sentences} <= said
    lines = [cell.value for cell in book["Cover"]["A"]]
    assert made.notice in lines
    assert any(made.data_dates in line for line in lines)


def test_a_pack_for_analysts_says_so(demonstration):
    made = pack(Subject(Workspace(str(demonstration)).release("maidstone")), Choices(role="analyst"))
    lines = [cell.value for cell in opened(workbook.workbook(made))["Cover"]["A"]]
    assert NOT_FOR_ALL in lines
