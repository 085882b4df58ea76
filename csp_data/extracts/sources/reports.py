"""Paragraphs of a report: from a Word document, a PDF or plain text. Nothing of it is kept on disk.

A row of a table is one paragraph with its cells set apart by tabs. Pictures, text boxes, notes and comments are not read.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape

from csp_data.extracts.problems import InputError

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
"""Bytes of an unpacked Word document: a small file can be made to unpack to any size."""
MOST_CHARACTERS = 600_000
"""About 200 pages."""
KINDS = (".docx", ".pdf", ".txt")


def paragraphs(content: bytes, name: str) -> tuple[str, ...]:
    """The paragraphs of a report in their order, without those that are empty.

    Parameters
    ----------
    content : the bytes of the file.
    name : its name; the ending says what it is.

    Raises
    ------
    InputError
        When the file is of another kind, too large, damaged, locked by a password, or holds no text (a scan).
    """
    kind = next((ending for ending in KINDS if name.lower().endswith(ending)), "")
    if not kind:
        raise InputError(
            name, "this kind of file is not read", "Give a Word document (.docx), a PDF or plain text (.txt)"
        )
    if len(content) > MOST_BYTES:
        raise InputError(
            name, f"the file is larger than {MOST_BYTES // 1_000_000} MB", "Take pictures out, or paste the text"
        )
    read = {".docx": _of_word, ".pdf": _of_pdf, ".txt": _of_text}[kind]
    found = tuple(text for text in (_tidy(each) for each in read(content, name)) if text)
    if not found:
        raise InputError(name, "no text was found in it", "A scanned page has none: paste the text instead")
    if sum(map(len, found)) > MOST_CHARACTERS:
        raise InputError(name, f"it has more than {MOST_CHARACTERS:,} characters", "Give one chapter at a time")
    return found


def of_pasted(text: str) -> tuple[str, ...]:
    """The paragraphs of pasted text: its lines, without marks of web pages."""
    return tuple(each for each in (_tidy(line) for line in _lines(text)) if each)


_CELL = re.compile(r"</t[dh]>\s*", re.I)
_BREAK = re.compile(r"</?(?:p|li|ul|ol|tr|table|caption|thead|tbody|div|h\d)\b[^>]*>|<br\s*/?>", re.I)
_TAG = re.compile(r"<[a-z/][^>]*>", re.I)


def _lines(text: str) -> list[str]:
    """Lines; a tag of a web page that ends a paragraph ends a line, one that ends a cell sets it apart, others go."""
    plain = _TAG.sub("", _BREAK.sub("\n", _CELL.sub("\t", text)))
    return unescape(plain).splitlines()


def _tidy(text: str) -> str:
    cells = (re.sub(r"[^\S\t]+", " ", cell).strip() for cell in text.replace("\u00ad", "").split("\t"))
    return "\t".join(cells).strip()


def _of_text(content: bytes, name: str) -> list[str]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return _lines(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise InputError(name, "the text is in an encoding that is not known", "Save it as UTF-8")


def _of_word(content: bytes, name: str) -> Iterator[str]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    damaged = InputError(
        name, "this is not a Word document, or it is damaged", "Save it again as .docx, without a password"
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise InputError(
                    name, "the document unpacks to more than can be read", "Take pictures out, or paste the text"
                )
        document = Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise damaged from error
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            yield from ("\t".join(_cells(row.cells)) for row in block.rows)
        else:
            yield from block.text.splitlines()


def _cells(cells: Iterable) -> Iterator[str]:
    """The text of the cells of a row; one that spans several columns once."""
    seen: list[object] = []
    for cell in cells:
        if not any(cell._tc is other for other in seen):  # python-docx gives a cell again for each column it spans
            seen.append(cell._tc)
            yield " ".join(cell.text.split())


def _of_pdf(content: bytes, name: str) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(name, "the PDF is locked by a password", "Save it without one, or paste the text")
        pages = [page.extract_text() or "" for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise InputError(
            name, "this is not a PDF, or it is damaged", "Save it again as PDF, or paste the text"
        ) from error
    for page in pages:
        yield from _joined(page.splitlines())


_STARTS = re.compile(r"^\s*(?:[•▪◦*-]|\(?\d+(?:\.\d+)*[.)]?\s)")


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a page as paragraphs: a PDF breaks a sentence at every line. A line goes on when it ends without a full
    stop and the next begins with a small letter or a number in running text."""
    held = ""
    for line in (each.strip() for each in lines):
        if not line:
            if held:
                yield held
            held = ""
        elif (
            held
            and not _STARTS.match(line)
            and not re.search(r"[.!?:]$", held)
            and (len(held) > 45 or line[0].islower())
        ):
            held = f"{held[:-1]}{line}" if held.endswith("\u00ad") else f"{held} {line}"
        elif held and not _STARTS.match(line) and len(held) > 45 and line[0].islower():
            held = f"{held} {line}"
        else:
            if held:
                yield held
            held = line
    if held:
        yield held
