"""The pack on paper: PDF/UA-1 of A4 or A3, tagged, with headings, table headings and descriptions of pictures.

Set by ``typst``, which needs no browser and no system library. The words travel as JSON, so that nothing in the data can
be taken for markup. Fonts come as packages (``fonts``).
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from csp_data.exports import fonts, pictures
from csp_data.figures.chart import Chart
from csp_data.stories.pack import MEETINGS, Pack, Sheet, Table

PAPERS: tuple[str, ...] = ("a4", "a3")
_TEMPLATE = Path(__file__).with_name("paper.typ")
_COLUMN = 6.95
"""Inches that a column of the page is wide; A3 on its side has two of nearly the width of A4's one."""
_ENLARGED = 1.32
"""How much larger a picture is shown than drawn, so that its smallest text has 12 points."""
_HIGHEST, _HIGHEST_OF_MANY = 3.05, 6.0
"""Inches that a picture is drawn high at most: two to a page, and one of many rows by itself."""
_IN_SHORT, _OTHERS_IN_SHORT = (
    {
        "monthly line": 2.25,
        "parts of a line": 1.65,
        "ward map": 2.2,
    },
    2.05,
)
"""The same in a short pack, whose pages hold a table and words beside a picture."""
_MANY = 600
"""Pixels high on the screen from which a chart has many rows."""


def pdf(pack: Pack, paper: str = "a4", progress: Callable[[str, float], None] | None = None) -> bytes:
    """The pack as a PDF. A3 lies on its side and has two columns.

    Raises
    ------
    ValueError
        When the paper is neither "a4" nor "a3".
    """
    if paper not in PAPERS:
        raise ValueError(f"Paper is 'a4' or 'a3', not '{paper}'.")
    layout = {"paper": paper, "flipped": paper == "a3", "columns": 2 if paper == "a3" else 1, "sheet": False}
    return compiled(pack, pack.sheets, layout, progress)


def compiled(
    pack: Pack,
    sheets: Sequence[Sheet],
    layout: dict[str, Any],
    progress: Callable[[str, float], None] | None = None,
) -> bytes:
    """Sheets of a pack set by the template, in a layout of ``paper``, ``flipped``, ``columns`` and ``sheet``."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made = []
        for number, sheet in enumerate(sheets):
            if progress:
                progress(sheet.section, number / len(sheets))
            made.append(_sheet(sheet, number, root, pack.full))
        day = _day(pack.made)
        footer = [text.removeprefix(f"{pack.name}. ") for text in pack.footer]
        across = LETTERS * (2.2 if layout["flipped"] else 1)
        described = {
            **layout,
            "full": pack.full,
            "title": pack.title,
            "name": pack.name,
            "period": pack.period,
            "status": pack.status,
            "notice": pack.notice,
            "release": pack.release,
            "filters": pack.filters,
            "date": [day.year, day.month, day.day] if day else None,
            "footer": footer,
            "footer_lines": sum(_lines(_words(text), int(across)) for text in footer),
            "cover": [pack.name, pack.data_dates, f"Data release of {pack.release} ({pack.status}).", pack.filters],
            "sheets": made,
        }
        (root / "pack.json").write_text(json.dumps(described, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        (root / "paper.typ").write_bytes(_TEMPLATE.read_bytes())
        return typst.compile(
            str(root / "paper.typ"),
            root=str(root),
            font_paths=list(fonts.folders()),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=day,
        )


def _day(text: str) -> datetime | None:
    """When the release was made: the date that the file bears, so that the same release gives the same file."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return None


def _sheet(sheet: Sheet, number: int, root: Path, full: bool) -> dict[str, Any]:
    headings = {tuple(table.columns) for table in sheet.tables}
    return {
        "section": sheet.section,
        "own_page": sheet.section == MEETINGS,
        "title": sheet.title,
        "overview": not sheet.charts,
        "alike": len(sheet.tables) > 1 and len(headings) == 1,
        "sentences": list(sheet.sentences),
        "cautions": list(sheet.cautions),
        "tables": _tables(sheet.tables),
        "charts": [
            _chart(chart, f"chart-{number}-{place}.svg", root, full) for place, chart in enumerate(sheet.charts)
        ],
        "of_updates": sheet.of_updates,
        "updates": [
            {"heading": each.heading, "meaning": each.meaning, "said": [list(pair) for pair in each.said]}
            for each in sheet.updates
        ],
        "notes": list(sheet.notes),
        "sources": list(sheet.sources) if sheet.tables or sheet.notes or not full else [],
    }


def _table(table: Table, share: list[float]) -> dict[str, Any]:
    headings = list(table.columns)
    return {
        "name": table.name,
        "headings": headings,
        "widths": share,
        "right": [place for place, heading in enumerate(headings) if heading in table.numbers],
        "rows": [list(row) for row in table.rows],
    }


def _tables(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Tables with the same columns have them at the same places."""
    alike = {
        headings: widths(*(table for table in tables if tuple(table.columns) == headings))
        for headings in {tuple(table.columns) for table in tables}
    }
    return [_table(table, alike[tuple(table.columns)]) for table in tables]


LETTERS = 96
"""Letters of 12 points beside each other on A4 and in a column of A3."""
_BESIDE = 1.5
"""Letters that the edges of a cell take."""


def widths(*tables: Table, letters: int = LETTERS) -> list[float]:
    """Letters that each column of one table or several of the same columns gets, so that their rows take as few lines as
    can be and no word is cut: found by giving letters of one column to another as long as that helps."""
    headings = tuple(" ".join(f"{word}." for word in heading.split()) for heading in tables[0].columns)  # bold is wider
    rows = [headings, *(row for table in tables for row in table.rows[:_ROWS_LOOKED_AT])]
    columns = [tuple(_words(cell) for cell in cells) for cells in zip(*rows, strict=True)]
    least = [max(_LEAST, *(length for words in column for length in words)) for column in columns]
    spare = max(0, int(letters - sum(least) - _BESIDE * len(least)))
    wide = [width + spare // len(least) for width in least]

    def cost(wide: Sequence[int]) -> float:
        lines = [[_lines(words, width) for words in column] for column, width in zip(columns, wide, strict=True)]
        return sum(map(max, zip(*lines, strict=True))) + _OF_A_CELL * sum(map(sum, lines))

    best = cost(wide)
    while True:
        # Of moves that help alike the smallest, so that nothing is taken in vain.
        moved = [
            (more, tuple(width + more * ((place == to) - (place == of)) for place, width in enumerate(wide)))
            for of in range(len(wide))
            for to in range(len(wide))
            for more in _MOVES
            if of != to and wide[of] - more >= least[of]
        ]
        found = min(((cost(each), more, each) for more, each in moved), default=(best, 0, ()))
        if found[0] >= best:
            return [round(width + _BESIDE, 1) for width in wide]
        best, wide = found[0], list(found[2])


_MOVES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15)
_OF_A_CELL = 0.2
"""What a line less of one cell is worth beside a line less of the whole row: it makes room for the row to follow."""
_ROWS_LOOKED_AT = 40
_LEAST = 5


def _words(cell: str) -> tuple[int, ...]:
    """Lengths of the words that a line may be broken between."""
    return tuple(_length(word) for word in cell.split()) or (0,)


@lru_cache(maxsize=20_000)
def _length(word: str) -> int:
    """Letters of usual width that take as much room as a word."""
    return ceil(sum(_WIDER.get(letter, 1.3 if letter.isupper() or letter.isdigit() else 1.0) for letter in word) - 0.3)


_WIDER = {**dict.fromkeys("mwMW%", 1.6), **dict.fromkeys("ijlt.,;:()[]'’-f", 0.65), **dict.fromkeys("●▲▼◆■✓✗≈", 1.8)}


@lru_cache(maxsize=50_000)
def _lines(words: tuple[int, ...], width: int) -> int:
    lines, used = 1, 0
    for word in words:
        if used and used + 1 + word > width:
            lines, used = lines + 1, word
        else:
            used += word + bool(used)
    return lines


def highest(chart: Chart, full: bool) -> float:
    """Inches that a chart is drawn high at most."""
    most = _HIGHEST_OF_MANY if chart.height > _MANY else _HIGHEST
    return most if full else min(most, _IN_SHORT.get(chart.kind, _OTHERS_IN_SHORT))


def ended(text: str) -> str:
    """A text with a full stop, to be followed by another."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _chart(chart: Chart, file: str, root: Path, full: bool) -> dict[str, Any]:
    (root / file).write_bytes(pictures.panel(chart, _COLUMN / _ENLARGED, "svg", highest=highest(chart, full)))
    return {
        "file": file,
        "level": 2,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "notes": list(chart.notes) if full else [" ".join(ended(note) for note in chart.notes)] if chart.notes else [],
        "source": chart.source if full else "",
    }
