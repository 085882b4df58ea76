"""Workbooks for analysts: cover, contents, notes, one table a worksheet, symbols explained, by ``gptables``.

The layout is the Government Analysis Function's "Releasing statistics in spreadsheets". Numbers are numbers: a cell holds
the full value and shows the digits that the page shows. What is missing or withheld is a symbol, never a number and never
an empty cell. No text can run as a formula, become a link, or be taken for ``gptables``' own marks.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from csp_data.analysis.periods import Span
from csp_data.exports.about import About, about_pack
from csp_data.exports.tables import MAY_START_A_FORMULA
from csp_data.figures import wording
from csp_data.figures.chart import Chart, Column
from csp_data.stories.pack import Pack

if TYPE_CHECKING:
    import gptables

SYMBOLS: Mapping[str, str] = {
    **wording.SYMBOL_MEANINGS,
    "[low]": "more than zero, but less than half of the last digit shown",
    "[p]": "provisional: the figure may still change",
    "[r]": "revised since it was last published",
}
"""Every symbol of the Government Analysis Function that tables of crime and anti-social behaviour can need."""

_FULL_NUMBERS = (
    "Cells hold the full number and show as many digits as the dashboard does. A figure too small for those digits shows "
    "as zero; its cell holds it, so no cell is marked [low]."
)
_NARROWEST, _WIDEST = 11, 40
"""Letters: widths of the columns of a table. Longer text goes over several lines."""
_WORDS_WIDTH = 68
_FROZEN_FROM = 20
"""Rows from which the headings stay in sight: frozen panes take room from those who magnify the screen."""
_UPRIGHT = 82
"""Widths of columns together that fit on A4 upright without being made small."""
_A4 = 150
"""The same of A4 on its side, where the letters come out at 8 points: what is wider goes on A3."""
_SPREADSHEETS_OWN_WIDTH = 8.43
_LETTERS = 1.05
"""Letters of the tables' 12 point to one of the width of a column, which counts in the letters of a smaller type."""
_LINE, _HEADING = 16, 22  # points
_LONGEST_CELL = 32_000  # letters; Excel takes 32,767
_DIGITS = 12  # as figures.wording rounds: the rest of a float is noise, which would tip a half


@dataclass(frozen=True)
class TextTable:
    """A table of a page that no chart stands above: text cells, as the page shows them."""

    title: str
    cells: Mapping[str, Sequence[str]]
    """Heading -> cells."""
    sources: tuple[str, ...] = ()
    notice: str = ""
    """What must be said of figures not published; that of the whole workbook where it is empty."""
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return f"Source: {'; '.join(self.sources)}." if self.sources else ""


Table = Chart | TextTable


def workbook(pack: Pack) -> bytes:
    """The tables of a pack for a meeting, what its charts draw among them, and its sentences as a table of their own."""
    said = [
        (sheet.section, text)
        for sheet in pack.sheets
        for text in (sheet.title, *sheet.cautions, *sheet.sentences)
        if sheet.section
    ]
    tables: list[Table] = [
        TextTable(
            "What the figures say",
            {"Section": [section for section, _ in said], "Sentence": [text for _, text in said]},
            notice=pack.notice,
        )
    ]
    for sheet in pack.sheets:
        tables += sheet.charts
        tables += [
            TextTable(
                _named(sheet.section, table.name),
                table.columns,
                sources=sheet.sources,
                notice=pack.notice,
                notes=(*sheet.cautions, *sheet.notes),
            )
            for table in sheet.tables
            if table.rows
        ]
    return of_tables(tables, about_pack(pack), pack.title)


def _named(section: str, name: str) -> str:
    """The name of a table of a pack, after its section where it does not name that itself."""
    return name if section.rpartition(": ")[2] in name else f"{section}: {name}"


def of_tables(tables: Sequence[Table], about: About, title: str) -> bytes:
    """An XLSX file with a worksheet for each table, in their order.

    Parameters
    ----------
    tables : after disclosure, for one role: what they lack, the workbook lacks.
    title : what the workbook holds: "Ward map: Medway".

    Raises
    ------
    ValueError
        When there is no table: a workbook without one would say nothing.
    """
    if not tables:
        raise ValueError("a workbook needs at least one table")
    import gptables

    columns = [_columns_of(table) for table in tables]
    titles = Counter(_title(table) for table in tables)
    notes: dict[str, str] = {}
    sheets = {
        f"Table {n}": _sheet(
            gptables, n, table, of_table, notes, about.notice, _title(table, apart=titles[_title(table)] > 1)
        )
        for n, (table, of_table) in enumerate(zip(tables, columns, strict=True), start=1)
    }
    used = {cell for of_table in columns for column in of_table for cell in column.cells if isinstance(cell, str)}
    sheets["Symbols"] = _symbols(gptables, used)
    noted = [_words(text) for text in notes]
    cover = _cover(gptables, tables, about, title)
    file = BytesIO()
    made: Any = gptables.produce_workbook(
        cast(str, file),  # passed on to XlsxWriter, which takes a file as well as its name
        sheets,
        theme=_theme(gptables),
        cover=cover,
        contentsheet_options={"instructions": "This worksheet contains one table: the tables of this workbook."},
        notes_table=pd.DataFrame({"Reference": list(notes.values()), "Note": noted}),
        notesheet_options={"instructions": "This worksheet contains one table: the notes that the tables refer to."},
        auto_width=False,
        workbook_options={
            "in_memory": True,  # no copy on disk
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made.set_properties({"title": title, "subject": about.partnership, "comments": about.notice, "created": about.made})
    for sheet in made.worksheets():
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_row(0, _HEADING)
        # An ampersand starts a command in a footer: &8 is the size of the letters, so that both halves have room.
        sheet.set_footer(f"&L&8 {(about.notice or about.partnership).replace('&', '&&')}&R&8 Page &P of &N")
    lines = [title, "", *cover.intro, "", *cover.about]
    _lay_out(made.get_worksheet_by_name("Cover"), 0, [[line] for line in lines], [cover.width])
    for heading in (1, 2 + len(cover.intro)):
        made.get_worksheet_by_name("Cover").set_row(heading, _HEADING)
    listed = [[label, sheet.title] for label, sheet in sheets.items()]
    _lay_out(made.get_worksheet_by_name("Contents"), 3, listed, [14, _WORDS_WIDTH])
    _lay_out(made.get_worksheet_by_name("Notes"), 3, [["", text] for text in noted], [14, _WORDS_WIDTH])
    for n, of_table in enumerate(columns, start=1):
        _finish(made.get_worksheet_by_name(f"Table {n}"), sheets[f"Table {n}"], of_table)
    _lay_out(made.get_worksheet_by_name("Symbols"), 2, [], [12, 64, 24])
    made.close()
    return file.getvalue()


# A table as columns of cells


@dataclass(frozen=True)
class _Cells:
    heading: str
    cells: list[Any]
    """Numbers, and text where there are none."""
    format: str = ""
    """How Excel shows the numbers; empty for a column of text."""


_FORMATS = {
    "count": "#,##0",
    "rate": f"#,##0.{'0' * wording.RATE_PLACES}",
    "ratio": f"#,##0.{'0' * wording.RATIO_PLACES}",
    "percent": f'#,##0.{"0" * wording.PERCENT_PLACES}"%"',
    "share": '[=0]0%;[<0.005]"less than 1%";0%',
}
_NOT_APPLICABLE = wording.SYMBOLS["not applicable"]


def _columns_of(table: Table) -> list[_Cells]:
    """The columns as the page has them, an interval as its two ends, and the codes of areas beside their names."""
    made: list[_Cells] = []
    if isinstance(table, TextTable):
        made = [_read_column(heading, cells) for heading, cells in table.cells.items()]
    else:
        for column in table.columns:
            if column.name in table.data:
                made += _cells(table.data, column)
                if column.name == "area_name" and "area" in table.data:
                    codes = [code if code[1:].isdigit() else _NOT_APPLICABLE for code in map(str, table.data["area"])]
                    made.append(_Cells("Area code", codes))
    if not any(len(column.cells) for column in made):
        made = [_Cells(column.heading, [_NOT_APPLICABLE]) for column in made] or [_Cells("Figure", [_NOT_APPLICABLE])]
    taken: set[str] = set()
    return [_Cells(_apart(_text(column.heading), taken), column.cells, column.format) for column in made]


def _cells(data: pd.DataFrame, column: Column) -> list[_Cells]:
    statuses = data[column.status].tolist() if column.status in data else ["available"] * len(data)

    def of(name: str, heading: str, format: str) -> _Cells:
        return _Cells(heading, [_number(v, s) for v, s in zip(data[name].tolist(), statuses, strict=True)], format)

    if column.how == "text":
        return [_read_column(column.heading, ["" if _absent(v) else str(v) for v in data[column.name].tolist()])]
    if column.how in ("interval", "change interval"):
        places = wording.places_of(str(data["unit"].iloc[0]) if len(data) and "unit" in data else "")
        kind = "percent" if column.how == "change interval" else "rate" if places else "count"
        ends = ((column.name, "from"), (column.to, "to"))
        return [of(name, f"{column.heading}: {end}", _FORMATS[kind]) for name, end in ends]
    return [of(column.name, column.heading, _FORMATS[column.how])]


def _number(value: Any, status: str) -> float | int | str:
    """The number to keep in a cell, or the symbol of why there is none."""
    if status == "withheld" or value is None or value == "" or not math.isfinite(value):
        return wording.SYMBOLS.get(status, _NOT_APPLICABLE)
    kept = float(f"{value:.{_DIGITS}g}")
    return int(kept) if kept == int(kept) else kept


_PLAIN_NUMBER = re.compile(
    r"(?P<sign>[−-]?)(?P<money>£?)(?P<digits>\d{1,3}(,\d{3})*|\d+)(?P<places>\.\d+)?(?P<percent>%?)"
)


def _read_column(heading: str, cells: Sequence[str]) -> _Cells:
    """A column of text as the page shows it; as numbers where all of it are numbers written alike, or symbols."""
    texts = [_text(cell) for cell in cells]
    found = [_PLAIN_NUMBER.fullmatch(cell) for cell in cells]
    ways = {(m["money"], len(m["places"] or ""), m["percent"]) for m in found if m}
    symbols = all(m or text in SYMBOLS for m, text in zip(found, texts, strict=True))
    codes = any(m and m["digits"].startswith("0") and len(m["digits"]) > 1 for m in found)
    years = all(m is None or re.fullmatch(r"(19|20)\d\d", m[0]) for m in found)
    if len(ways) != 1 or not symbols or codes or years:
        return _Cells(heading, texts)
    money, places, percent = ways.pop()
    format = f"{money}#,##0{'.' + '0' * (places - 1) if places else ''}" + ('"%"' if percent else "")
    return _Cells(heading, [_read(m) if m else text for m, text in zip(found, texts, strict=True)], format)


def _read(found: re.Match[str]) -> float | int:
    value = float(found["digits"].replace(",", "") + (found["places"] or ""))
    signed = -value if found["sign"] else value
    return int(signed) if signed == int(signed) else signed


# Text that only ever is text


def _absent(value: Any) -> bool:
    return value is None or value != value or value in (math.inf, -math.inf)


def _text(value: str) -> str:
    """A text cell: never empty, never a formula, and with a letter or digit in it, which screen readers need."""
    if not value.strip():
        return _NOT_APPLICABLE
    text = _words(value)
    if re.search("[a-zA-Z0-9]", text):
        return text
    if set(text) <= set("-–— '.…"):
        return _NOT_APPLICABLE
    return " ".join(unicodedata.name(letter, "symbol").lower() for letter in text if not letter.isspace())


def _words(text: str) -> str:
    """Text without what ``gptables`` takes for a reference to a note ($$...$$) or a link ([...](...)), or a spreadsheet
    for a formula."""
    plain = re.sub(r"\$(?=\$)", "$ ", text).replace("](", "] (")
    if plain.startswith(MAY_START_A_FORMULA):
        plain = f"'{plain}"
    return plain if len(plain) <= _LONGEST_CELL else f"{plain[:_LONGEST_CELL]}…"


def _apart(heading: str, taken: set[str]) -> str:
    """A heading that no other column of its table has, however capital letters are set."""
    name, n = heading, 1
    while name.lower() in taken:
        n += 1
        name = f"{heading} ({n})"
    taken.add(name.lower())
    return name


# The worksheets


def _title(table: Table, apart: bool = False) -> str:
    """What a table holds. Charts that draw the same figures in two ways are told ``apart`` by their kind."""
    title = table.title if isinstance(table, TextTable) else table.subtitle
    return wording.capitalised(f"{title} ({table.kind})" if apart and isinstance(table, Chart) else title)


def _theme(gpt: Any) -> gptables.Theme:
    """The Analysis Function's theme, with cells of several lines side by side from their first line."""
    made = deepcopy(gpt.gptheme)
    for part in ("data", "index_1", "index_2", "cover_text", "cover_title"):
        getattr(made, f"{part}_format").update({"valign": "top", "text_wrap": True})
    return made


def _sheet(
    gpt: Any, n: int, table: Table, columns: Sequence[_Cells], notes: dict[str, str], notice: str, title: str
) -> gptables.GPTable:
    references = []
    for note in dict.fromkeys((*table.notes, _FULL_NUMBERS)):
        references.append(f"$${notes.setdefault(note, f'n{len(notes)}')}$$")
    chart = isinstance(table, Chart)
    used = {cell for column in columns for cell in column.cells if isinstance(cell, str)}
    return gpt.GPTable(
        table=pd.DataFrame({column.heading: pd.Series(column.cells, dtype=object) for column in columns}),
        table_name=f"table_{n}",
        title=_words(f"Table {n}: {title}"),
        subtitles=[_words(table.title)] if chart and table.title and table.title != table.subtitle else [],
        instructions="This worksheet contains one table. Its notes are on the worksheet Notes: " + "".join(references),
        legend=[f"{symbol} {meaning}" for symbol, meaning in SYMBOLS.items() if symbol in used],
        source=_words(table.source) or None,
        scope=_words(table.notice or notice) or None,
        index_columns={} if columns[0].format else {2: 0},
        additional_formatting=[
            _format(position, {"num_format": column.format, "align": "right"})
            if column.format
            else _format(position, {"align": "left", "indent": 1 if position else 0})
            for position, column in enumerate(columns)
        ],
    )  # fmt: skip


def _format(position: int, format: dict[str, Any]) -> dict[str, Any]:
    return {"column": {"columns": [position], "format": format, "include_names": True}}


def _symbols(gpt: Any, used: set[str]) -> gptables.GPTable:
    rows = [
        (symbol, wording.capitalised(meaning), "Yes" if symbol in used else "No") for symbol, meaning in SYMBOLS.items()
    ]
    return gpt.GPTable(
        table=pd.DataFrame(rows, columns=["Symbol", "Meaning", "Used in this workbook"]),
        table_name="symbols",
        title="Symbols that stand in the place of a number",
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
    )


def _cover(gpt: Any, tables: Sequence[Table], about: About, title: str) -> gptables.Cover:
    intro = [text for text in (about.notice, about.audience) if text]
    one = len(tables) == 1
    intro += [
        f"This workbook holds {'one table' if one else f'{len(tables)} tables'} of the dashboard, "
        f"{'' if one else 'each '}on a worksheet of its own, with the numbers that the dashboard shows.",
        "The worksheet Notes holds the notes that the tables refer to; the worksheet Symbols explains every symbol.",
    ]
    facts = [f"{label}: {words}" for label, words in about.facts]
    period = _period(tables)
    if period:
        facts.insert(3, f"Months in these tables: {period}")
    sources = [f"Source: {text}." for text in dict.fromkeys(part for table in tables for part in _sources(table))]
    licences = [f"Licence: {licence.name}{f' ({licence.url})' if licence.url else ''}" for licence in about.licences]
    return gpt.Cover(
        title=_words(title),
        intro=[_words(text) for text in intro],
        about=[_words(text) for text in (*facts, *sources, *licences, *about.attributions)],
        width=_WORDS_WIDTH,
    )


def _sources(table: Table) -> list[str]:
    """The sources of a table, without the release, which the cover names once."""
    parts = table.sources if isinstance(table, TextTable) else (table.source,)
    return [
        part.removeprefix("Source: ").partition(" Data release of ")[0].strip().rstrip(".") for part in parts if part
    ]


def _period(tables: Sequence[Table]) -> str:
    """From the first month that a table has figures of to the last; empty when no table names months."""
    found: list[str] = []
    for table in tables:
        if isinstance(table, Chart) and {"period_start", "period_end"} <= set(table.data):
            found += [*table.data["period_start"].tolist(), *table.data["period_end"].tolist()]
    months = sorted(month for month in found if isinstance(month, str) and re.fullmatch(r"\d{4}-\d\d", month))
    return Span(months[0], months[-1]).label if months else ""


def _finish(sheet: Any, table: gptables.GPTable, columns: Sequence[_Cells]) -> None:
    """Widths, headings that stay in sight, and how it prints."""
    widths = [_width(column) for column in columns]
    first, _, last, _ = table.data_range
    headings = [f"{column.heading}  " for column in columns]  # bold is wider
    _lay_out(sheet, first, [headings, *zip(*(column.cells for column in columns), strict=True)], widths)
    sheet.repeat_rows(first)
    for row in range(len(table.subtitles)):
        sheet.set_row(1 + row, _HEADING)
    if sum(widths) > _UPRIGHT:
        sheet.set_landscape()
    if sum(widths) > _A4:
        sheet.set_paper(8)  # A3
    # Words above the table run on to its right. Without this they would shrink the whole page.
    beyond = max(0, math.ceil((_UPRIGHT - sum(widths)) / _SPREADSHEETS_OWN_WIDTH))
    sheet.print_area(0, 0, last, len(columns) - 1 + beyond)
    if last - first >= _FROZEN_FROM:
        sheet.freeze_panes(first + 1, 1 if len(columns) > 5 else 0)


def _lay_out(sheet: Any, start: int, rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    """Widths of columns, and heights of the rows from ``start`` on whose text takes several lines: Excel would find them
    out by itself, LibreOffice does not."""
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    for number, row in enumerate(rows, start=start):
        lines = max(
            len(wrap(cell, max(1, round(width * _LETTERS))) or [""]) if isinstance(cell, str) else 1
            for cell, width in zip(row, widths, strict=True)
        )
        if lines > 1:
            sheet.set_row(number, _LINE * lines)


def _width(column: _Cells) -> int:
    words = max((len(word) for word in column.heading.split()), default=0) + 3
    shown = max((len(cell) if isinstance(cell, str) else 12 for cell in column.cells), default=0) + 3
    return min(max(words, shown, len(column.heading) // 3, _NARROWEST), _WIDEST)
