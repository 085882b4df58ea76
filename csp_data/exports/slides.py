"""The pack as slides: PowerPoint with charts that can be edited, in the user's own template where one is given.

Lines, bars and scatters become PowerPoint's own charts, whose small workbooks hold the drawn numbers and nothing else;
what PowerPoint cannot draw, such as a map, becomes a picture. Every chart and picture has a description, every slide a
title, a number and the same foot, and no text is smaller than 12 points.
"""

import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from csp_data.exports import pictures
from csp_data.exports.native import Panel, Series, panels
from csp_data.exports.paper import ended, widths
from csp_data.extracts.problems import InputError
from csp_data.figures import theme
from csp_data.figures.chart import Chart
from csp_data.stories.pack import NOTES, Pack, Sheet, Table, Update

SMALLEST = 12
"""Points of the smallest text."""
MOST_UNPACKED = 200_000_000
"""Bytes of a template when unpacked."""
_TEXT = 14
_LINE = 1.22  # of the size
_LETTER = 0.52  # of the size, on average
_WIDE, _HIGH = 13.333, 7.5
_PLOT_SHARE = 0.66  # of the width, for a chart beside its words
_CELL_PADDING = 0.1
_LEAST_MARGIN = 0.4
_LEAST_OF_TABLE = 1.6  # inches of a table that are worth starting on a slide
_MOST_BENEATH = 2.05  # inches of a table that leave room for its chart above it on a slide
_TITLE_SIZES = (26, 22, 18)
_TITLE_HIGH = 0.95
_Words = tuple[str, int, bool]
"""A paragraph, its size in points, and whether it is bold."""


def pptx(pack: Pack, template: bytes | None = None, progress: Callable[[str, float], None] | None = None) -> bytes:
    """The pack as a presentation.

    Parameters
    ----------
    template : a .pptx file whose masters, layouts, fonts and colours are used; slides in it are left out.

    Raises
    ------
    InputError
        When the template is not a presentation that can be read.
    """
    deck = _Deck(pack, _opened(template))
    deck.cover()
    if pack.full:
        deck.contents()
    for number, sheet in enumerate(pack.sheets):
        if progress:
            progress(sheet.section, number / len(pack.sheets))
        deck.add(sheet)
    return deck.written()


def _opened(template: bytes | None) -> Any:
    if template is not None:
        _check(template)
    if template is None:
        deck = Presentation()
        _widen(deck)
        return deck
    try:
        deck = Presentation(io.BytesIO(template))
    except Exception as error:
        raise InputError(
            "the template", "it is not a PowerPoint file (.pptx) that can be read", "Save it as .pptx"
        ) from error
    listed = deck.slides._sldIdLst
    for each in list(listed):
        deck.part.drop_rel(each.rId)
        listed.remove(each)
    return deck


def _check(template: bytes) -> None:
    """Raises InputError for a file that unpacks to more than any template needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputError("the template", "it is not a PowerPoint file (.pptx)", "Save it as .pptx") from error
    if unpacked > MOST_UNPACKED:
        raise InputError("the template", "it unpacks to more than 200 MB", "Take large pictures and films out of it")


def _widen(deck: Any) -> None:
    """The plain template, which is 4:3, on slides of 16:9."""
    stretch = Inches(_WIDE) / deck.slide_width
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.shapes:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = int(shape.left * stretch), int(shape.width * stretch)
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    # Letters that every computer has, or has others of the same width for.
    theme_part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme_part._blob = re.sub(rb'<a:latin typeface="[^"]*"', b'<a:latin typeface="Arial"', theme_part.blob)


@dataclass
class _Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def emu(self) -> tuple[int, int, int, int]:
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


class _Deck:
    def __init__(self, pack: Pack, deck: Any):
        self.pack, self.deck = pack, deck
        self.wide, self.high = Emu(deck.slide_width).inches, Emu(deck.slide_height).inches
        self.layout = _layout(deck, wanted="content")
        self.first = _layout(deck, wanted="cover")
        self.margin = max(_LEAST_MARGIN, self.wide * 0.04)
        self.foot = _lines_high(pack.footer, self.wide - 2 * self.margin - 0.9, SMALLEST) + 0.1

    # Slides

    def cover(self) -> None:
        pack = self.pack
        slide = self._slide(self.first, pack.title, cover=True)
        state = pack.notice or f"Status: {pack.status}"
        said: list[str] = [
            pack.period,
            pack.name,
            f"{state}.",
            pack.data_dates,
            f"Data release of {pack.release} ({pack.status}).",
            pack.filters,
        ]
        top = self._under_title(slide)
        self._write(
            slide,
            _Box(self.margin, top, self._room, self._floor - top),
            [(text, 18 if n == 0 else 16, n in (0, 2)) for n, text in enumerate(said)],
        )

    def contents(self) -> None:
        listed = [(sheet.title, 16, False) for sheet in self.pack.sheets]
        self._text_slides("Contents", "", listed)

    def add(self, sheet: Sheet) -> None:
        """A sheet: its words beside its first chart, its other charts, and then the rest, as much on a slide as fits."""
        words: list[_Words] = [(f"Caution: {text}", _TEXT, True) for text in sheet.cautions]
        words += [(text, _TEXT, False) for text in sheet.sentences]
        tables = list(sheet.tables)
        if len(tables) > 1 and len({tuple(table.columns) for table in tables}) == 1:
            tables = [_merged(tables, sheet.title)]
        small = [chart for chart in sheet.charts if chart.kind.startswith("small")]
        large = [chart for chart in sheet.charts if not chart.kind.startswith("small")]
        notes: list[_Words] = [(text, SMALLEST, False) for text in sheet.notes]
        # A chart says its own source, so in full only what stands away from it needs one.
        if sheet.sources and (tables or sheet.updates or sheet.notes):
            notes.append((f"Source: {'; '.join(sheet.sources)}.", SMALLEST, False))
        if not self.pack.full and sheet.section != NOTES:
            words, notes = [*words, *notes], []
        left: list[_Words] = []
        flow = _Flow(self, sheet)
        if large:
            first, *rest = large
            beneath = tables[0] if len(tables) == 1 and not (sheet.updates or rest or self.pack.full) else None
            left, placed = self._chart_slide(sheet.title, first, words, sheet.section, beneath)
            tables = tables[1:] if placed else tables
            for chart in rest:
                left += self._chart_slide(chart.title, chart, [], sheet.section)[0]
        elif words:
            flow.begin(sheet.title)
            flow.words(words)
        for place in range(0, len(small), 4):
            self._small_charts(sheet, small[place : place + 4])
        for table in tables:
            flow.table(table)
        if sheet.updates:
            flow.updates(sheet)
        flow.words([*left, *notes])

    def _small_charts(self, sheet: Sheet, charts: Sequence[Chart]) -> None:
        """Up to four small charts on one slide, each under its own title."""
        slide = self._slide(self.layout, f"{sheet.section}: charts")
        top = self._section(slide, "")
        gap = 0.3
        width, height = (self._room - gap) / 2, (self._floor - top - gap) / math.ceil(len(charts) / 2)
        for number, chart in enumerate(charts):
            box = _Box(self.margin + (number % 2) * (width + gap), top + (number // 2) * (height + gap), width, height)
            said = [(chart.title, _TEXT, True), (chart.subtitle, SMALLEST, False)]
            high = sum(_lines_high([text], width, size) + 0.08 for text, size, _ in said)
            self._write(slide, _Box(box.left, box.top, width, high), said)
            self._draw(slide, chart, _Box(box.left, box.top + high, width, height - high))

    def _text_slides(self, title: str, section: str, words: Sequence[_Words]) -> None:
        """As many slides as the words take."""
        left, more = list(words), False
        while left:
            slide = self._slide(self.layout, f"{title} (continued)" if more else title)
            top = self._section(slide, section)
            box = _Box(self.margin, top, self._room, self._floor - top)
            fitting = _fitting(left, box)
            self._write(slide, box, left[:fitting])
            left, more = left[fitting:], True

    def _chart_slide(
        self, title: str, chart: Chart, words: Sequence[_Words], section: str, beneath: Table | None = None
    ) -> tuple[list[_Words], bool]:
        """A chart beside its words, with a short table beneath it; gives the words for which there was no room, and
        whether the table is there."""
        slide = self._slide(self.layout, title)
        top = self._section(slide, f"{section}. {chart.subtitle}" if section else chart.subtitle)
        notes = chart.notes if self.pack.full or not chart.notes else (" ".join(map(ended, chart.notes)),)
        said = [*words, *((note, SMALLEST, False) for note in notes)]
        if not any(text.startswith("Source: ") for text, *_ in said):
            said.append((chart.source, SMALLEST, False))
        if len(panels(chart)) > 1 and panels(chart)[0].kind == "bar":  # two charts beside each other: no room for words
            self._draw(slide, chart, _Box(self.margin, top, self._room, self._floor - top))
            return said, False
        plot = _Box(self.margin, top, self._room * _PLOT_SHARE, self._floor - top)
        beside = _Box(plot.left + plot.width + 0.25, top, self._room - plot.width - 0.25, plot.height)
        under = plot.bottom
        if beneath is not None:
            columns = self._columns(beneath, plot.width)
            head = _row_height(list(beneath.columns), columns, bold=True)
            name = _lines_high([beneath.name], plot.width, SMALLEST) + 0.1
            high = name + head + sum(_row_height(row, columns) for row in beneath.rows)
            if high <= _MOST_BENEATH:
                under -= high
                plot = replace(plot, height=under - 0.15 - top)
        self._draw(slide, chart, plot)
        if _fitting(said, beside) < len(said):
            said = [(text, SMALLEST, bold) for text, _, bold in said]
        fitting = _fitting(said, beside)
        self._write(slide, beside, said[:fitting])
        placed = under > plot.bottom
        if beneath is not None and placed:
            self._write(slide, _Box(plot.left, under, plot.width, name), [(beneath.name, SMALLEST, True)])
            self._table(slide, beneath, beneath.rows, columns, under + name, head)
        return said[fitting:], placed

    def _draw(self, slide: Any, chart: Chart, box: _Box) -> None:
        made = panels(chart)
        if made:
            beside = made[0].kind == "bar"
            wide = box.width / len(made) if beside else box.width
            high = box.height if beside else box.height / len(made)
            for number, panel in enumerate(made):
                place = _Box(box.left + number * wide * beside, box.top + number * high * (not beside), wide, high)
                frame = slide.shapes.add_chart(_KINDS[panel.kind], *place.emu, _data(panel))
                _describe(frame._element.nvGraphicFramePr.cNvPr, chart.title, _alt(chart, panel, len(made)))
                _style(frame.chart, panel)
            return
        enlarged = 1.32
        picture = pictures.panel(chart, box.width / enlarged, "png", highest=box.height / enlarged)
        made_picture = slide.shapes.add_picture(
            io.BytesIO(picture), Inches(box.left), Inches(box.top), width=Inches(box.width)
        )
        if made_picture.height > Inches(box.height):
            shrunk = Inches(box.height) / made_picture.height
            made_picture.width, made_picture.height = int(made_picture.width * shrunk), Inches(box.height)
        _describe(made_picture._element.nvPicPr.cNvPr, chart.title, chart.alt)

    def _columns(self, table: Table, width: float) -> list[float]:
        """Inches that each column of a table gets of a width."""
        share = widths(table, letters=int(width * 72 / (SMALLEST * _LETTER)))
        return [width * each / sum(share) for each in share]

    def _table(
        self,
        slide: Any,
        table: Table,
        rows: Sequence[tuple[str, ...]],
        columns: Sequence[float],
        top: float,
        head: float,
    ) -> None:
        box = _Box(self.margin, top, sum(columns), head)
        frame = slide.shapes.add_table(len(rows) + 1, len(columns), *box.emu)
        _describe(frame._element.nvGraphicFramePr.cNvPr, table.name, f"Table: {table.name}. {len(rows)} rows.")
        made = frame.table
        made.first_row, made.horz_banding = True, False
        for place, width in enumerate(columns):
            made.columns[place].width = Inches(width)
        headings = list(table.columns)
        for number, row in enumerate([tuple(headings), *rows]):
            made.rows[number].height = Inches(head if number == 0 else _row_height(row, columns))
            for place, text in enumerate(row):
                cell = made.cell(number, place)
                cell.margin_left = cell.margin_right = Inches(_CELL_PADDING / 2)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                cell.text = text
                for paragraph in cell.text_frame.paragraphs:
                    paragraph.font.size = Pt(SMALLEST)
                    paragraph.font.bold = number == 0 or place == 0
                    if headings[place] in table.numbers:
                        paragraph.alignment = PP_ALIGN.RIGHT

    # Parts of a slide

    @property
    def _room(self) -> float:
        return self.wide - 2 * self.margin

    @property
    def _floor(self) -> float:
        return self.high - self.foot - 0.2

    def _slide(self, layout: Any, title: str, cover: bool = False) -> Any:
        slide = self.deck.slides.add_slide(layout)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type not in _TITLES:
                shape._element.getparent().remove(shape._element)
        heading = slide.shapes.title
        if heading is None:  # a layout without a title: the slide needs one to be found by
            heading = slide.shapes.add_textbox(*_Box(self.margin, 0.3, self._room, 0.9).emu)
        if not cover:
            heading.left, heading.top = Inches(self.margin), Inches(0.25)
            heading.width, heading.height = Inches(self._room), Inches(_TITLE_HIGH)
        else:
            heading.left, heading.top = Inches(self.margin), Inches(0.9)
            heading.width, heading.height = Inches(self._room), Inches(1.2)
        frame = heading.text_frame
        frame.text, frame.word_wrap = title, True
        frame.vertical_anchor = MSO_ANCHOR.BOTTOM if cover else MSO_ANCHOR.MIDDLE
        high = [_lines_high([title], self._room - 0.2, size) for size in _TITLE_SIZES]
        fitting = [size for size, each in zip(_TITLE_SIZES, high, strict=True) if each <= _TITLE_HIGH]
        size = 36 if cover else max(fitting, default=_TITLE_SIZES[-1])
        for paragraph in frame.paragraphs:
            paragraph.font.size, paragraph.alignment = Pt(size), PP_ALIGN.LEFT
        self._footer(slide, layout)
        return slide

    def _under_title(self, slide: Any) -> float:
        return 2.3

    def _section(self, slide: Any, text: str) -> float:
        """The line under the title; gives where the content begins."""
        top = 1.2
        if not text:
            return top + 0.1
        height = _lines_high([text], self._room, _TEXT)
        self._write(slide, _Box(self.margin, top, self._room, height), [(text, _TEXT, False)], quiet=True)
        return top + height + 0.1

    def _write(self, slide: Any, box: _Box, words: Sequence[_Words], quiet: bool = False) -> Any:
        shape = slide.shapes.add_textbox(*box.emu)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for number, (text, size, bold) in enumerate(words):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = text, Pt(size), bold
            paragraph.space_after = Pt(0 if quiet else 5)
        return shape

    def _footer(self, slide: Any, layout: Any) -> None:
        """Whose, status, dates, filters and the slide's number, in the places that the template has for them."""
        top = self.high - self.foot - 0.05
        footer = self._place(slide, layout, PP_PLACEHOLDER.FOOTER, _Box(self.margin, top, self._room - 0.9, self.foot))
        footer.text_frame.text = "\n".join(self.pack.footer)
        footer.text_frame.word_wrap = True
        footer.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        number = self._place(
            slide, layout, PP_PLACEHOLDER.SLIDE_NUMBER, _Box(self.wide - self.margin - 0.85, top, 0.85, self.foot)
        )
        number.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        paragraph = number.text_frame.paragraphs[0]
        for child in list(paragraph._p):
            paragraph._p.remove(child)
        field = _child(paragraph._p, "a:fld", id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
        _child(field, "a:rPr", lang="en-GB", sz=str(SMALLEST * 100))
        _child(field, "a:t").text = str(len(self.deck.slides))
        for shape, side in ((footer, PP_ALIGN.LEFT), (number, PP_ALIGN.RIGHT)):
            shape.text_frame.margin_left = shape.text_frame.margin_right = 0
            shape.text_frame.margin_top = shape.text_frame.margin_bottom = 0
            for paragraph in shape.text_frame.paragraphs:
                paragraph.alignment = side
                paragraph.font.size = Pt(SMALLEST)
                for run in paragraph.runs:
                    run.font.size = Pt(SMALLEST)
                    run.font.color.rgb = _rgb(theme.QUIET_TEXT)

    def _place(self, slide: Any, layout: Any, kind: Any, box: _Box) -> Any:
        """The layout's placeholder of a kind, else a text box; always where there is room for what it must hold."""
        own = next((shape for shape in layout.placeholders if shape.placeholder_format.type == kind), None)
        if own is None:
            return slide.shapes.add_textbox(*box.emu)
        element = deepcopy(own._element)
        slide.shapes._spTree.append(element)
        shape = slide.shapes[-1]
        shape.left, shape.top, shape.width, shape.height = box.emu
        shape._element.nvSpPr.cNvPr.set("id", str(max(each.shape_id for each in slide.shapes) + 1))
        return shape

    def written(self) -> bytes:
        about = self.deck.core_properties
        about.title, about.author, about.last_modified_by = self.pack.title, self.pack.name, self.pack.name
        about.subject, about.comments = self.pack.period, self.pack.data_dates[:255]
        about.keywords, about.language = f"{self.pack.status}; {self.pack.release}", "en-GB"
        about.created = about.modified = _made(self.pack.made)
        for slide in self.deck.slides:
            _footer_last(slide)
        out = io.BytesIO()
        self.deck.save(out)
        return out.getvalue()


class _Flow:
    """What follows a sheet's charts, one below another, on as many slides as it takes."""

    def __init__(self, deck: _Deck, sheet: Sheet):
        self.deck, self.sheet = deck, sheet
        self.slide: Any = None
        self.top = 0.0
        self.reading = "How to read this"
        self.title = ""

    def begin(self, title: str) -> None:
        """A first slide, where no chart has begun the sheet."""
        self._next(title)

    def _next(self, title: str) -> None:
        if title == self.reading:
            self.reading = "How to read this (continued)"
        self.slide, self.title = self.deck._slide(self.deck.layout, title), title
        self.top = self.deck._section(self.slide, self.sheet.section)

    @property
    def _left(self) -> float:
        return self.deck._floor - self.top if self.slide is not None else 0.0

    def _head(self, text: str, needed: float) -> None:
        """A heading for what comes: the title of a new slide where there is too little room on this one."""
        own = _lines_high([text], self.deck._room, 16) + 0.1
        if self._left < own + needed:
            self._next(text)
            return
        box = _Box(self.deck.margin, self.top + 0.08, self.deck._room, own)
        self.deck._write(self.slide, box, [(text, 16, True)])
        self.top += own + 0.1

    def table(self, table: Table) -> None:
        deck = self.deck
        columns = deck._columns(table, deck._room)
        head = _row_height(list(table.columns), columns, bold=True)
        left = table.rows
        heights = [_row_height(row, columns) for row in left]
        # The slide's own title stands for that of a table that says the same.
        whole = head + sum(heights)
        fresh = deck._floor - 1.6
        needed = whole if whole <= fresh else min(whole, _LEAST_OF_TABLE)
        if table.name != self.title or self._left < needed:
            self._head(table.name, needed)
        while left:
            taken, height = 1, head + heights[0]
            while taken < len(left) and height + heights[taken] <= self._left:
                height, taken = height + heights[taken], taken + 1
            deck._table(self.slide, table, left[:taken], columns, self.top, head)
            self.top += height + 0.12
            left, heights = left[taken:], heights[taken:]
            if left:
                self._next(f"{table.name} (continued)")

    def updates(self, sheet: Sheet) -> None:
        deck, updates = self.deck, sheet.updates
        gap = 0.2
        width = (deck._room - gap * (len(updates) - 1)) / len(updates)
        said = [_of_update(update, deck.pack.full) for update in updates]
        high = max(sum(_high(each, width) for each in words) for words in said)
        self._head(sheet.of_updates, min(high, deck._floor - 1.6))
        over: list[_Words] = []
        for number, words in enumerate(said):
            box = _Box(deck.margin + number * (width + gap), self.top, width, self._left)
            fitting = _fitting(words, box)
            deck._write(self.slide, box, words[:fitting])
            over += [(f"{words[0][0]} (continued)", _TEXT, True), *words[fitting:]] if words[fitting:] else []
        self.top += min(high, self._left) + 0.1
        self.words(over)

    def words(self, words: Sequence[_Words]) -> None:
        left = list(words)
        if not left:
            return
        if self._left < 0.1 + _high(left[0], self.deck._room):
            self._next(self.reading)
        while left:
            box = _Box(self.deck.margin, self.top + 0.05, self.deck._room, self._left - 0.05)
            fitting = _fitting(left, box)
            self.deck._write(self.slide, box, left[:fitting])
            self.top += sum(_high(each, self.deck._room) for each in left[:fitting]) + 0.1
            left = left[fitting:]
            if left:
                self._next(self.reading)


_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _layout(deck: Any, wanted: str) -> Any:
    """The template's layout for a cover or for a title with free room, by what is on it and not by its name."""
    scored = []
    for place, layout in enumerate(deck.slide_layouts):
        kinds = [shape.placeholder_format.type for shape in layout.placeholders]
        titled = any(kind in _TITLES for kind in kinds)
        others = sum(
            kind not in (*_TITLES, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
            for kind in kinds
        )
        cover = PP_PLACEHOLDER.CENTER_TITLE in kinds
        score = (not titled, cover != (wanted == "cover"), others, place)
        scored.append((score, place))
    return deck.slide_layouts[min(scored)[1]]


def _footer_last(slide: Any) -> None:
    """Foot and number behind the content, so that they are read last."""
    tree = slide.shapes._spTree
    last = [
        shape._element
        for shape in slide.shapes
        if shape.is_placeholder
        and shape.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    ]
    for element in last:
        tree.remove(element)
        tree.append(element)


def _made(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)  # noqa: DTZ001  # the file format has no time zone


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    """A new element at the end of another."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(name, value)
    parent.append(element)
    return element


# Words that must fit


def _of_update(update: Update, full: bool) -> list[_Words]:
    said: list[_Words] = [(update.heading, 16, True)]
    if full:
        said.append((f"{update.meaning}.", SMALLEST, False))
    said += [(f"{agency or 'Agency not stated'}: {text}", _TEXT, False) for agency, text in update.said]
    return said if update.said else [*said, ("No update this quarter.", _TEXT, False)]


def _lines(text: str, width: float, size: float, bold: bool = False) -> int:
    """Lines that a text takes, by the width of its words."""
    letters = max(1, int(width * 72 / (size * (_LETTER + (0.03 if bold else 0)))))
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > letters:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + (1 if used else 0)
        lines, used = lines + used // (letters + 1), used % (letters + 1)
    return lines


def _lines_high(texts: Sequence[str], width: float, size: float) -> float:
    return sum(_lines(text, width, size) for text in texts) * size * _LINE / 72


def _fitting(words: Sequence[_Words], box: _Box) -> int:
    """How many of the paragraphs fit; at least one, so that there is always an end."""
    used = 0.0
    for number, (text, size, bold) in enumerate(words):
        used += _lines(text, box.width, size, bold) * size * _LINE / 72 + 5 / 72
        if used > box.height and number:
            return number
    return len(words)


def _high(words: _Words, width: float) -> float:
    text, size, bold = words
    return _lines(text, width, size, bold) * size * _LINE / 72 + 5 / 72


def _row_height(row: Sequence[str], columns: Sequence[float], bold: bool = False) -> float:
    lines = max(
        _lines(text, width - _CELL_PADDING, SMALLEST, bold or place == 0)
        for place, (text, width) in enumerate(zip(row, columns, strict=True))
    )
    return lines * SMALLEST * _LINE / 72 + 0.07


def _merged(tables: Sequence[Table], name: str) -> Table:
    """Tables of the same columns as one, with what each is of in front."""
    rows = [(table.name, *row) for table in tables for row in table.rows]
    headings = ["Priority", *tables[0].columns]
    columns = dict(zip(headings, (tuple(cells) for cells in zip(*rows, strict=True)), strict=True))
    return Table(name, columns, tables[0].numbers)


# Charts

_KINDS: Mapping[str, Any] = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "scatter": XL_CHART_TYPE.XY_SCATTER,
}
_MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "square": XL_MARKER_STYLE.SQUARE,
    "triangle": XL_MARKER_STYLE.TRIANGLE,
    "x": XL_MARKER_STYLE.X,
    "dash": XL_MARKER_STYLE.DASH,
}
_DASHES = {"dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT}


def _data(panel: Panel) -> Any:
    if panel.kind == "scatter":
        data = XyChartData(number_format=panel.number_format)
        for series in panel.series:
            added = data.add_series(series.name)
            for x, y in zip(series.x, series.values, strict=True):
                if x is not None and y is not None:
                    added.add_data_point(x, y)
        return data
    data = CategoryChartData(number_format=panel.number_format)
    data.categories = list(panel.categories)
    for series in panel.series:
        data.add_series(series.name, list(series.values))
    return data


def _alt(chart: Chart, panel: Panel, of: int) -> str:
    return f"{panel.title}. {chart.alt}" if of > 1 and panel.title else chart.alt


def _describe(properties: Any, title: str, alt: str) -> None:
    properties.set("name", title[:80])
    properties.set("descr", alt)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _style(chart: Any, panel: Panel) -> None:
    chart.font.size, chart.font.color.rgb = Pt(SMALLEST), _rgb(theme.TEXT)
    chart.has_title = bool(panel.title)
    if panel.title:
        chart.chart_title.text_frame.text = panel.title
        chart.chart_title.include_in_layout = False
        for paragraph in chart.chart_title.text_frame.paragraphs:
            paragraph.font.size, paragraph.font.bold = Pt(_TEXT), True
    chart.has_legend = len(panel.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(SMALLEST)
    across, up = chart.category_axis, chart.value_axis
    for axis in (across, up):
        axis.tick_labels.font.size = Pt(SMALLEST)
        axis.format.line.color.rgb = _rgb(theme.QUIET_TEXT)
        axis.major_tick_mark = XL_TICK_MARK.OUTSIDE
    up.has_major_gridlines = True
    up.major_gridlines.format.line.color.rgb = _rgb(theme.GRID)
    across.has_major_gridlines = False
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    up.tick_labels.number_format, up.tick_labels.number_format_is_linked = panel.number_format, False
    if panel.lowest is not None:
        up.minimum_scale = panel.lowest
    if panel.highest is not None:
        up.maximum_scale = panel.highest
    for axis, title in ((across, panel.across), (up, panel.up)):
        axis.has_title = bool(title)
        if title:
            axis.axis_title.text_frame.text = title
            axis.axis_title.text_frame.paragraphs[0].font.size = Pt(SMALLEST)
            axis.axis_title.text_frame.paragraphs[0].font.bold = False
    if panel.kind == "bar":
        across.reverse_order = True
        up.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        chart.plots[0].gap_width = 45 if len(panel.categories) < 15 else 25
        chart.plots[0].overlap = 0
    if panel.kind != "scatter":
        _thin_labels(across, len(panel.categories) if panel.kind == "line" else 1)
    for made, series in zip(chart.plots[0].series, panel.series, strict=True):
        _style_series(made, series, panel)


def _thin_labels(axis: Any, number: int) -> None:
    """Not every month has its name."""
    step = max(1, math.ceil(number / 12))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        element = OxmlElement(name)
        element.set("val", str(step))
        after = axis._element.find(qn("c:noMultiLvlLbl"))
        if after is not None:
            after.addprevious(element)
        else:
            axis._element.append(element)


def _style_series(made: Any, series: Series, panel: Panel) -> None:
    if panel.kind == "bar":
        made.format.fill.solid()
        # With an interval the label stands inside, for the interval would run through it: on a bar so light that it differs
        # from the one beside it in grey too.
        made.format.fill.fore_color.rgb = _rgb(theme.class_colours(5)[0] if series.intervals else series.colour)
        made.format.line.color.rgb = _rgb(series.colour)
        made.invert_if_negative = False
        labels = made.data_labels
        labels.position = XL_LABEL_POSITION.INSIDE_BASE if series.intervals else XL_LABEL_POSITION.OUTSIDE_END
        labels.show_value, labels.font.size = True, Pt(SMALLEST)
        labels.number_format, labels.number_format_is_linked = panel.number_format, False
        if series.intervals:
            _error_bars(made._element, series)
        return
    made.smooth = False
    if series.line:
        made.format.line.color.rgb, made.format.line.width = _rgb(series.colour), Pt(series.width)
        if series.dash in _DASHES:
            made.format.line.dash_style = _DASHES[series.dash]
    else:
        made.format.line.fill.background()
    if series.marker:
        made.marker.style, made.marker.size = _MARKERS[series.marker], series.marker_size
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = _rgb(series.colour)
        made.marker.format.line.color.rgb = _rgb(series.colour)
    else:
        made.marker.style = XL_MARKER_STYLE.NONE


def _error_bars(element: Any, series: Series) -> None:
    """The intervals, as PowerPoint's own error bars with the distances from each value."""
    below = [
        value - low if low is not None and value is not None else 0
        for (low, _), value in zip(series.intervals, series.values, strict=True)
    ]
    above = [
        high - value if high is not None and value is not None else 0
        for (_, high), value in zip(series.intervals, series.values, strict=True)
    ]
    bars = OxmlElement("c:errBars")
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        _child(bars, f"c:{name}").set("val", value)
    for name, distances in (("plus", above), ("minus", below)):
        numbers = _child(_child(bars, f"c:{name}"), "c:numLit")
        _child(numbers, "c:formatCode").text = "General"
        _child(numbers, "c:ptCount").set("val", str(len(distances)))
        for place, distance in enumerate(distances):
            point = _child(numbers, "c:pt", idx=str(place))
            _child(point, "c:v").text = repr(float(max(distance, 0)))
    line = _child(_child(bars, "c:spPr"), "a:ln", w="12700")
    fill = _child(_child(line, "a:solidFill"), "a:srgbClr")
    fill.set("val", theme.QUIET_TEXT.lstrip("#"))
    element.find(qn("c:cat")).addprevious(bars)
