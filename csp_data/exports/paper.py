"""The pack on paper: PDF/UA-1 of A4 or A3, tagged, with headings, table headings and descriptions of pictures.

Set by ``typst``, which needs no browser and no system library. The words travel as JSON, so that nothing in the data can
be taken for markup. Fonts come as packages (``fonts``).
"""

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from csp_data.exports import fonts, pictures
from csp_data.figures.chart import Chart
from csp_data.stories.pack import Pack, Sheet, Table

PAPERS: tuple[str, ...] = ("a4", "a3")
_TEMPLATE = Path(__file__).with_name("paper.typ")
_COLUMN = 6.95
"""Inches that a column of the page is wide; A3 on its side has two of nearly the width of A4's one."""
_ENLARGED = 1.32
"""How much larger a picture is shown than drawn, so that its smallest text has 12 points."""
_HIGHEST, _HIGHEST_OF_MANY = 3.05, 6.0
"""Inches that a picture is drawn high at most: two to a page, and one of many rows by itself."""
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
            made.append(_sheet(sheet, number, root))
        day = _day(pack.made)
        described = {
            **layout,
            "title": pack.title,
            "name": pack.name,
            "period": pack.period,
            "status": pack.status,
            "notice": pack.notice,
            "release": pack.release,
            "filters": pack.filters,
            "date": [day.year, day.month, day.day] if day else None,
            "footer": [text.removeprefix(f"{pack.name}. ") for text in pack.footer],
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


def _sheet(sheet: Sheet, number: int, root: Path) -> dict[str, Any]:
    return {
        "section": sheet.section,
        "title": sheet.title,
        "overview": not sheet.charts,
        "sentences": list(sheet.sentences),
        "cautions": list(sheet.cautions),
        "tables": _tables(sheet.tables),
        "charts": [_chart(chart, f"chart-{number}-{place}.svg", root) for place, chart in enumerate(sheet.charts)],
        "updates": [
            {"heading": each.heading, "meaning": each.meaning, "said": [list(pair) for pair in each.said]}
            for each in sheet.updates
        ],
        "notes": list(sheet.notes),
        "sources": list(sheet.sources) if sheet.tables or sheet.notes else [],
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


_USUAL = 0.75
"""Share of a column's cells whose text is to stand in as few lines as that of the other columns."""


def widths(*tables: Table) -> list[float]:
    """Shares of the width by how much text a column of one table or several has, none too narrow for its longest word."""
    shares = []
    for heading in tables[0].columns:
        cells = [cell for table in tables for cell in table.columns[heading]]
        longest_word = max((len(word) for text in (heading, *cells) for word in re.split(r"[\s-]", text)), default=1)
        lengths = sorted(len(cell) for cell in cells) or [1]
        usual = lengths[min(len(lengths) - 1, int(len(lengths) * _USUAL))]
        shares.append(max(longest_word * 1.35, min(usual, 70) ** 0.62 * 2.4, 6.0))
    return [round(share, 1) for share in shares]


def _chart(chart: Chart, file: str, root: Path) -> dict[str, Any]:
    highest = _HIGHEST_OF_MANY if chart.height > _MANY else _HIGHEST
    (root / file).write_bytes(pictures.panel(chart, _COLUMN / _ENLARGED, "svg", highest=highest))
    return {
        "file": file,
        "level": 2,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "notes": list(chart.notes),
        "source": chart.source,
    }
