"""A pack in the format that its ending names: slides, paper, a document or a workbook, all of the same contents."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from csp_data.analysis.subject import Subject
from csp_data.extracts.meetings import Kept
from csp_data.extracts.problems import InputError
from csp_data.stories import pack as story
from csp_data.stories.pack import Choices, Pack

FORMATS: dict[str, str] = {
    "pptx": "PowerPoint slides",
    "pdf": "PDF for print",
    "docx": "Word document",
    "xlsx": "Workbook of tables (Excel)",
}
"""Ending -> what it is."""
PAPERS = ("a4", "a3")
SHEET = "sheet"
"""In the place of a paper: the data on a page, one A3 sheet."""
_STORY = 0.4
"""Share of the work that the contents take; the rest is the file."""

Progress = Callable[[str, float], None]


def pack(
    subject: Subject,
    choices: Choices,
    ending: str,
    template: bytes | None = None,
    paper: str = "a4",
    progress: Progress | None = None,
    record: Kept | None = None,
) -> bytes:
    """A pack as the bytes of a file.

    Parameters
    ----------
    ending : pptx, pdf, docx or xlsx.
    template : a .pptx whose look the slides take.
    paper : "a4", "a3", or for a PDF "sheet": the data on a page, one A3 alone.
    progress : told what is being made, and which share of the work is done.
    record : what was said at meetings about the release, for the roles that may read it.

    Raises
    ------
    InputError
        When the ending or paper is none of these, the template cannot be read, or is given for another format.
    QuestionError
        When the release does not hold what was chosen.
    """
    check(ending, paper, template is not None)
    # A workbook is for analysts: it holds every table.
    choices = replace(choices, full=choices.full or ending == "xlsx")
    contents = story.pack(subject, choices, _within(progress, 0, _STORY), record, page=paper == SHEET)
    made = written(contents, ending, template, paper, _within(progress, _STORY, 1))
    if progress:
        progress("Done", 1)
    return made


def check(ending: str, paper: str = "a4", template: bool = False) -> None:
    """Raises InputError when no pack can be made in this way, before any work is done."""
    if ending not in FORMATS:
        listed = "; ".join(f".{each} ({name})" for each, name in FORMATS.items())
        raise InputError(
            f"the ending '.{ending}'", "no pack can be written with this ending", f"Choose one of: {listed}"
        )
    if paper not in (*PAPERS, SHEET) or (paper == SHEET and ending != "pdf"):
        raise InputError(
            f"the paper '{paper}'", "there is no such paper for this format", "Choose a4, a3, or for a PDF sheet"
        )
    if template and ending != "pptx":
        raise InputError(
            "the template", "only slides can take a template", "Leave it out, or let the file end in .pptx"
        )


def written(
    contents: Pack, ending: str, template: bytes | None = None, paper: str = "a4", progress: Progress | None = None
) -> bytes:
    """Contents in a format. As ``pack``, of contents that are there already."""
    check(ending, paper, template is not None)
    # Each format's package is loaded only when it is asked for: together they take a second.
    if ending == "pptx":
        from csp_data.exports import slides

        return slides.pptx(contents, template, progress)
    if ending == "docx":
        from csp_data.exports import letter

        return letter.docx(contents, paper, progress)
    if ending == "xlsx":
        from csp_data.exports import workbook

        return workbook.workbook(contents)
    from csp_data.exports import paper as pages
    from csp_data.exports import sheet

    if paper == SHEET:
        return sheet.sheet(contents)
    return pages.pdf(contents, paper, progress)


def write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all: whoever opens it meanwhile finds the old one or the new one.

    Raises
    ------
    InputError
        When the folder does not exist or may not be written to.
    """
    try:
        handle, hidden = tempfile.mkstemp(prefix=".making-", dir=file.parent)
    except OSError as error:
        raise InputError(
            str(file), f"it cannot be written ({error.strerror})", "Name a folder that exists and may be written to"
        ) from error
    try:
        with os.fdopen(handle, "wb") as making:
            making.write(content)
            making.flush()
            os.fsync(making.fileno())
        os.chmod(hidden, 0o644)
        os.replace(hidden, file)
    except OSError as error:
        raise InputError(str(file), f"it cannot be written ({error.strerror})", "Name another file") from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(hidden)


def file_name(contents_of: str, to: str, ending: str, paper: str = "a4") -> str:
    """ "medway-pack-2026-03.pptx"."""
    kind = "data-on-a-page" if paper == SHEET else "pack"
    return f"{contents_of}-{kind}-{to}.{ending}"


def _within(progress: Progress | None, start: float, end: float) -> Progress | None:
    if progress is None:
        return None
    return lambda what, share: progress(what, start + (end - start) * share)
