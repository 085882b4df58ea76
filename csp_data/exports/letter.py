"""The pack as a Word document to edit: real headings, captions and heading rows, pictures with descriptions, and dates,
status and page number on every page."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from csp_data.exports import pictures
from csp_data.exports.paper import ended, highest, widths
from csp_data.figures import theme
from csp_data.figures.chart import Chart
from csp_data.stories.pack import MEETINGS, Pack, Sheet, Table, Update

SMALLEST = 12
"""Points of the smallest text."""
_SIZES = {
    "Title": 28,
    "Heading 1": 20,
    "Heading 2": 16,
    "Heading 3": 14,
    "Caption": 12,
    "Normal": 12,
    "List Bullet": 12,
}
_PAPERS = {"a4": (21.0, 29.7, 17.0), "a3": (42.0, 29.7, 34.0)}
"""Width and height of the paper and of the text on it, in centimetres."""
_PICTURE = 17.0  # centimetres wide
_ENLARGED = 1.32
_LETTERS = 4.3
"""Letters of 12 points a centimetre."""


def docx(pack: Pack, paper: str = "a4", progress: Callable[[str, float], None] | None = None) -> bytes:
    """The pack as a Word document on A4, or on A3 on its side."""
    letter = _Letter(pack, paper)
    letter.cover()
    for number, sheet in enumerate(pack.sheets):
        if progress:
            progress(sheet.section, number / len(pack.sheets))
        letter.add(sheet)
    return letter.written()


class _Letter:
    def __init__(self, pack: Pack, paper: str):
        self.pack = pack
        self.document: Any = Document()
        self.width = _PAPERS[paper][2]
        self._styles()
        self._page(paper)
        self.pictures = 0
        self.section = ""

    def _styles(self) -> None:
        for name, size in _SIZES.items():
            style = self.document.styles[name]
            style.font.size, style.font.name = Pt(size), "Arial"
            style.font.color.rgb = RGBColor.from_string(theme.TEXT.lstrip("#"))
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{which}"), None)
            for which in ("ascii", "hAnsi", "cs"):
                fonts.set(qn(f"w:{which}"), "Arial")
            language = OxmlElement("w:lang")
            language.set(qn("w:val"), "en-GB")
            style.element.get_or_add_rPr().append(language)
        self.document.styles["Caption"].font.bold = True
        self.document.styles["Caption"].font.italic = False

    def _page(self, paper: str) -> None:
        section = self.document.sections[0]
        wide, high, _ = _PAPERS[paper]
        section.page_width, section.page_height = Cm(wide), Cm(high)
        section.orientation = WD_ORIENT.LANDSCAPE if wide > high else WD_ORIENT.PORTRAIT
        side = Cm((wide - self.width) / 2)
        section.left_margin = section.right_margin = side
        section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.2)
        section.header_distance = section.footer_distance = Cm(0.9)
        head = section.header.paragraphs[0]
        head.text = f"{self.pack.name}. {self.pack.status.capitalize()}. Page "
        _field(head, "PAGE")
        head.add_run(" of ")
        _field(head, "NUMPAGES")
        foot = section.footer.paragraphs[0]
        foot.text = " ".join(text.removeprefix(f"{self.pack.name}. ") for text in self.pack.footer)
        for paragraph in (head, foot):
            paragraph.style = self.document.styles["Normal"]
            for run in paragraph.runs:
                run.font.size = Pt(SMALLEST)
                run.font.color.rgb = RGBColor.from_string(theme.QUIET_TEXT.lstrip("#"))

    # Contents

    def cover(self) -> None:
        pack = self.pack
        self.document.add_paragraph(pack.title, style="Title")
        state = f"{pack.notice}." if pack.notice else f"Status: {pack.status}."
        self._paragraph(pack.period, bold=True)
        self._paragraph(state, bold=True)
        for text in (pack.name, pack.data_dates, f"Data release of {pack.release} ({pack.status}).", pack.filters):
            self._paragraph(text)
        self._paragraph("Contents", bold=True)
        for sheet in pack.sheets:
            self.document.add_paragraph(sheet.title, style="List Bullet")

    def add(self, sheet: Sheet) -> None:
        heading = self.document.add_heading(sheet.title, level=1)
        # The text of a short pack goes on where it can; a full one begins a page with each subject.
        own_page = MEETINGS in (sheet.section, self.section)
        heading.paragraph_format.page_break_before = self.pack.full or sheet is self.pack.sheets[0] or own_page
        self.section = sheet.section
        if sheet.section != sheet.title:
            self._paragraph(sheet.section, bold=True).paragraph_format.keep_with_next = True
        said = [self._paragraph(f"Caution: {text}", bold=True) for text in sheet.cautions]
        style = "List Bullet" if len(sheet.sentences) > 3 else "Normal"
        said += [self.document.add_paragraph(text, style=style) for text in sheet.sentences]
        if sheet.charts or sheet.tables:  # a message does not stand at the foot of a page, away from what it is about
            for paragraph in said:
                paragraph.paragraph_format.keep_with_next = True
        tables = list(sheet.tables)
        alike = len(tables) > 1 and len({tuple(table.columns) for table in tables}) == 1
        if alike:
            self._table(sheet.title, tables)
            tables = []
        first = len(tables) if not sheet.charts else 1
        for table in tables[:first]:
            self._table(table.name, [table])
        for chart in sheet.charts:
            self._chart(chart, sheet.title)
        for table in tables[first:]:
            self._table(table.name, [table])
        if sheet.updates:
            self.document.add_heading(sheet.of_updates, level=2)
            for update in sheet.updates:
                self._update(update)
        if len(sheet.notes) > 2 and sheet.section != sheet.title:
            self.document.add_heading("How to read this", level=2)
        for text in sheet.notes:
            self._paragraph(text)
        if sheet.sources and (sheet.tables or sheet.notes or not self.pack.full):
            if not self.document.element.body[-2].tag.endswith("tbl"):
                self.document.paragraphs[-1].paragraph_format.keep_with_next = True
            self._paragraph(f"Source: {'; '.join(sheet.sources)}.")

    def _update(self, update: Update) -> None:
        said = [(agency or "Agency not stated", text) for agency, text in update.said]
        if not self.pack.full:
            for agency, text in said:
                self.document.add_paragraph(f"{update.heading}, {agency}: {text}", style="List Bullet")
            return
        self.document.add_heading(update.heading, level=3)
        self._paragraph(f"{update.meaning}.")
        for agency, text in said:
            self.document.add_paragraph(f"{agency}: {text}", style="List Bullet")
        if not said:
            self._paragraph("No update this quarter.")

    def _paragraph(self, text: str, bold: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.add_run(text).bold = bold
        return paragraph

    def _chart(self, chart: Chart, under: str) -> None:
        if chart.title != under:
            self.document.add_heading(chart.title, level=2)
        self.pictures += 1
        caption = self.document.add_paragraph(f"Figure {self.pictures}: {chart.subtitle}", style="Caption")
        caption.paragraph_format.keep_with_next = True
        wide = _PICTURE / 2.54
        made = pictures.panel(chart, wide / _ENLARGED, "png", highest=highest(chart, self.pack.full))
        shape = self.document.add_picture(io.BytesIO(made), width=Cm(_PICTURE))
        shape._inline.docPr.set("descr", chart.alt)
        shape._inline.docPr.set("name", chart.title)
        said = [*chart.notes, chart.source] if self.pack.full else [" ".join(map(ended, chart.notes))]
        below = [text for text in said if text]
        self.document.paragraphs[-1].paragraph_format.keep_with_next = bool(below)
        for text in below:
            self._paragraph(text)

    def _table(self, name: str, tables: Sequence[Table]) -> None:
        """One table, or several of the same columns as one with the name of each in a row above its rows."""
        caption = self.document.add_paragraph(name, style="Caption")
        caption.paragraph_format.keep_with_next = True
        headings = list(tables[0].columns)
        made = self.document.add_table(rows=1, cols=len(headings), style="Table Grid")
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        _describe(made, name)
        share = widths(*tables, letters=int(self.width * _LETTERS))
        columns = [Cm(self.width * each / sum(share)) for each in share]
        for column, width in zip(made.columns, columns, strict=True):
            column.width = width
        self._fill(made.rows[0], headings, columns, tables[0], bold=True)
        _repeat_at_the_top(made.rows[0])
        _keep_together(made.rows[0], with_next=True)
        for table in tables:
            if len(tables) > 1:
                row = made.add_row()
                cell = row.cells[0].merge(row.cells[-1])
                cell.paragraphs[0].add_run(table.name).bold = True
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
                _keep_together(row, with_next=True)
            for row in table.rows:
                added = made.add_row()
                _keep_together(added)
                self._fill(added, row, columns, table)
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    @staticmethod
    def _fill(row: Any, texts: Sequence[str], columns: Sequence[Any], table: Table, bold: bool = False) -> None:
        for cell, text, width, heading in zip(row.cells, texts, columns, table.columns, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = bold
            paragraph.paragraph_format.space_after = Pt(0)
            if heading in table.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def written(self) -> bytes:
        about = self.document.core_properties
        about.title, about.author, about.last_modified_by = self.pack.title, self.pack.name, self.pack.name
        about.subject, about.comments = self.pack.period, self.pack.data_dates[:255]
        about.keywords, about.language = f"{self.pack.status}; {self.pack.release}", "en-GB"
        about.created = about.modified = _made(self.pack.made)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


def _made(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)  # noqa: DTZ001  # the file format has no time zone


def _field(paragraph: Any, code: str) -> None:
    """A field that Word fills in, such as the page's number."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)


def _repeat_at_the_top(row: Any) -> None:
    """Mark the heading row as one, for screen readers and for each page the table runs over."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _keep_together(row: Any, with_next: bool = False) -> None:
    """A row that no page breaks, and that stays with the row below it where asked."""
    for paragraph in [paragraph for cell in row.cells for paragraph in cell.paragraphs]:
        paragraph.paragraph_format.keep_with_next = with_next or None
    mark = OxmlElement("w:cantSplit")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _describe(table: Any, text: str) -> None:
    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), text)
    table._tbl.tblPr.append(description)
