"""Paragraphs of Word, PDF and text reports, and what is said of files that cannot be read."""

import io
import zipfile

import pytest
from docx import Document
from matplotlib.figure import Figure
from matplotlib.pyplot import rc_context

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources import reports

SENTENCE = "There were 33,334 recorded crimes, a 5% decrease on the year before."


def word(*paragraphs, rows=()):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.add_paragraph("The end.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(*lines):
    with rc_context({"pdf.fonttype": 42}):
        figure = Figure(figsize=(8, 11))
        for place, text in enumerate(lines):
            figure.text(0.05, 0.95 - 0.03 * place, text, fontsize=8)
        file = io.BytesIO()
        figure.savefig(file, format="pdf")
    return file.getvalue()


def test_paragraphs_and_rows_of_a_word_document_in_their_order():
    content = word("Heading", SENTENCE, "", rows=[("Robbery", "45"), ("Arson", "12")])
    assert reports.paragraphs(content, "report.DOCX") == ("Heading", SENTENCE, "Robbery\t45", "Arson\t12", "The end.")


def test_lines_of_a_pdf_are_joined_to_sentences():
    content = pdf(
        "All Recorded Crime",
        "There were 33,334 recorded crimes in Medway in the year, a 5%",
        "decrease on the year before.",
    )
    assert reports.paragraphs(content, "report.pdf") == (
        "All Recorded Crime",
        "There were 33,334 recorded crimes in Medway in the year, a 5% decrease on the year before.",
    )


def test_lines_of_a_text_without_marks_of_web_pages():
    text = (
        "<p>33,334 recorded crimes</p> <p>119.67 per 1000 people</p>\n\n<tr><td>Apr-19</td><td>450</td></tr>\nA &amp; B"
    )
    assert reports.paragraphs(text.encode(), "a.txt") == (
        "33,334 recorded crimes",
        "119.67 per 1000 people",
        "Apr-19\t450",
        "A & B",
    )
    assert reports.of_pasted(text) == reports.paragraphs(text.encode(), "a.txt")
    assert reports.paragraphs("£5 – five".encode("cp1252"), "a.txt") == ("£5 – five",)


def test_less_than_is_no_mark_of_a_web_page():
    assert reports.of_pasted("a < b and 5 > 4") == ("a < b and 5 > 4",)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"x", "a.xlsx", "this kind of file is not read"),
        (b"x", "a.docx", "not a Word document"),
        (b"x", "a.pdf", "not a PDF"),
        (b"", "a.txt", "no text was found"),
        (b" \n ", "a.txt", "no text was found"),
        (b"x" * (reports.MOST_CHARACTERS + 1), "a.txt", "more than 600,000 characters"),
        (b"x" * (reports.MOST_BYTES + 1), "a.txt", "larger than 20 MB"),
    ],
)
def test_what_cannot_be_read_is_said(content, name, words):
    with pytest.raises(InputError, match=words):
        reports.paragraphs(content, name)


def test_a_page_without_text_is_said():
    with pytest.raises(InputError, match="no text was found"):
        reports.paragraphs(pdf(), "scan.pdf")


def test_a_file_that_is_a_zip_but_no_document_is_said():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("a.txt", "x")
    with pytest.raises(InputError, match="not a Word document"):
        reports.paragraphs(file.getvalue(), "a.docx")


def test_a_document_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reports, "MOST_UNPACKED", 1_000)
    with pytest.raises(InputError, match="unpacks to more"):
        reports.paragraphs(word(SENTENCE), "a.docx")
