"""Tables as people publish them: CSV, XLSX or Parquet, with lines of title above the heading.

Everything is read as text: the caller turns into numbers what it knows to be numbers, and can name the line of the
file when that fails.
"""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd
import pyarrow as pa
import python_calamine

from csp_data.extracts.problems import InputError

TITLE_LINES = 30
"""How many lines above the heading are looked through."""
LONGEST_FIELD = 131_072
"""Longest text in one cell, in characters. More than this is a broken file."""

ROW = "row number"
"""Name of the column that holds the line of the file, counted from 1."""


def read_sheet(
    path: Path, is_heading: Callable[[list[str]], bool], needs: str, sheet: str | None = None
) -> pd.DataFrame:
    """The rows of a table under the first line that is its heading, every cell as text, "" where empty.

    Parameters
    ----------
    path : a .csv, .xlsx or .parquet file.
    is_heading : whether the cells of a line are the heading looked for.
    needs : what the heading must hold, for the sentence when there is none.
    sheet : which sheet of a workbook; the first with such a heading when ``None``.

    Returns
    -------
    The columns of the file, and ``ROW`` with the line of the file each row stands on. Empty lines are left out.

    Raises
    ------
    InputError
        When the file is missing, empty, of another kind, not UTF-8, damaged, or has no such heading.
    """
    for lines in _sheets_of(path, sheet):
        found = _under_heading(path, lines, is_heading)
        if found is not None:
            if found.empty:
                raise InputError(str(path), "the table has a heading but no rows", "Download or save it again")
            return found
    raise InputError(
        str(path),
        f"no line among the first {TITLE_LINES} is a heading with {needs}",
        "Check that it is the right file, or rename its columns",
    )


def first_heading(path: Path, is_heading: Callable[[list[str]], bool], sheet: str | None = None) -> list[str] | None:
    """The cells of the first line that is a heading, to tell which kind of table a file is; None when there is none.

    Raises
    ------
    InputError
        As ``read_sheet`` does for a file that cannot be read.
    """
    for lines in _sheets_of(path, sheet):
        for line in islice(lines, TITLE_LINES):
            if is_heading(line):
                return line
    return None


def _sheets_of(path: Path, sheet: str | None) -> Iterator[Iterator[list[str]]]:
    kind = path.suffix.lower()
    readers = {".csv": _csv_lines, ".xlsx": _workbook_lines, ".parquet": _parquet_lines}
    if kind not in readers:
        raise InputError(str(path), f"'{path.suffix}' is not a kind of table that is read", "Save it as CSV or XLSX")
    if not path.is_file():
        raise InputError(str(path), "the file does not exist", "Correct the path in the configuration")
    if path.stat().st_size == 0:
        raise InputError(str(path), "the file is empty", "Download or save it again")
    return readers[kind](path, sheet)


def _under_heading(path: Path, lines: Iterator[list[str]], is_heading: Callable) -> pd.DataFrame | None:
    for number, line in enumerate(lines, start=1):
        if number > TITLE_LINES:
            return None
        if is_heading(line):
            return _rows(path, line, number, lines)
    return None


def _rows(path: Path, heading: list[str], heading_row: int, lines: Iterator[list[str]]) -> pd.DataFrame:
    while heading and not heading[-1]:
        heading = heading[:-1]
    width = len(heading)
    repeated = {name for name in heading if name and heading.count(name) > 1}
    if repeated:
        raise InputError(
            str(path), f"the column '{min(repeated)}' is there twice", "Delete or rename one of them", heading_row
        )
    names = [name or f"column {place}" for place, name in enumerate(heading, start=1)]
    kept, numbers = [], []
    for number, line in enumerate(lines, start=heading_row + 1):
        if not any(line):
            continue
        if len(line) > width and any(line[width:]):
            raise InputError(
                str(path),
                f"the row has {len(line)} values and the heading {width} columns",
                "Put text that holds commas in double quotes",
                number,
            )
        kept.append((line + [""] * width)[:width])
        numbers.append(number)
    return pd.DataFrame(kept, columns=names, dtype=str).assign(**{ROW: numbers})


def _csv_lines(path: Path, sheet: str | None) -> Iterator[Iterator[list[str]]]:
    yield csv_lines(path)


def csv_lines(path: Path) -> Iterator[list[str]]:
    """The cells of each line of a CSV file, trimmed. Raises InputError naming the line that cannot be read."""
    number = 0
    try:
        with path.open("rb") as raw:
            for number, cells in enumerate(csv.reader(_decoded(path, raw), strict=True), start=1):
                if number == 1 and cells and cells[0].lstrip().lower().startswith(("<!doctype", "<html", "<?xml")):
                    raise InputError(
                        str(path),
                        "it is a web page, not a table",
                        "Open the link in a browser, see what the page says, and download the table again",
                        1,
                    )
                yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise InputError(
            str(path), f"the line cannot be read as CSV ({error})", "Mend the line, or save the table again", number + 1
        ) from error
    except OSError as error:
        raise InputError(str(path), f"the file cannot be read ({error.strerror})", "Check who may read it") from error


def _decoded(path: Path, raw) -> Iterator[str]:
    number = 0
    while True:
        # A line is read only as far as a real one can go, so that a damaged file cannot fill the memory.
        line = raw.readline(LONGEST_FIELD)
        if not line:
            return
        number += 1
        if len(line) == LONGEST_FIELD:
            raise InputError(
                str(path),
                f"the line is longer than {LONGEST_FIELD:,} characters",
                "The file is damaged: download or save it again",
                number,
            )
        if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError(str(path), "the text is UTF-16, not UTF-8", "Save it as 'CSV UTF-8'", number)
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                str(path),
                f"the text is not UTF-8 (byte {line[error.start]:#04x})",
                "Save it as 'CSV UTF-8'",
                number,
            ) from error


def _workbook_lines(path: Path, sheet: str | None) -> Iterator[Iterator[list[str]]]:
    try:
        with path.open("rb") as file:
            workbook = python_calamine.CalamineWorkbook.from_filelike(file)
            if sheet is not None and sheet not in workbook.sheet_names:
                raise InputError(
                    str(path),
                    f"the workbook has no sheet '{sheet}'",
                    f"Choose one of: {', '.join(workbook.sheet_names)}",
                )
            for name in workbook.sheet_names if sheet is None else [sheet]:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield ([_text(cell) for cell in row] for row in rows)
    except (python_calamine.CalamineError, BadZipFile, OSError) as error:
        raise InputError(
            str(path), f"the workbook cannot be opened ({error})", "Open it in a spreadsheet and save it again"
        ) from error


def _parquet_lines(path: Path, sheet: str | None) -> Iterator[Iterator[list[str]]]:
    try:
        table = pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(str(path), f"the file cannot be read as Parquet ({error})", "Save it again") from error
    rows = table.itertuples(index=False, name=None)
    yield iter([[str(name) for name in table.columns], *([_text(cell) for cell in row] for row in rows)])


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV: whole numbers without ".0", dates as 2019-06-30, nothing as ""."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    return text.removesuffix(" 00:00:00")
