"""A draft with its numbers checked, in words. Ask it directly, never through a cache: what is asked would be kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from csp_data.analysis import drafts
from csp_data.analysis.drafts import Checked, Draft, Paragraph
from csp_data.analysis.periods import Span, financial_year, financial_year_of, present
from csp_data.analysis.subject import Subject
from csp_data.figures import wording

VERDICTS = {
    "does_not_follow": "✖ Differs",
    "follows": "≈ Follows from the text",
    "reproduces": "✓ The same",
    "cannot_be_checked": "? Not checked",
}
"""Verdict -> words, the gravest first."""
MARKS = {
    "small number": "Small number",
    "no base": "No base",
    "mixed periods": "Mixed periods",
    "mixed areas": "Mixed areas",
    "causal words": "Cause without a test",
    "within chance": "Within chance",
    "points": "Percentage points",
    "beside it": "Numbers beside it",
    "left out": "Not all",
}
FOUND_IN_TEXT = "As the draft says"
HOW_TO_READ = (
    "A number is held against the release only where the words around it say what it is; ‘Taken to be’ shows what it was "
    "taken for. ✓ the release gives the same, rounded as printed; ≈ it follows from the numbers printed beside it; ✖ the "
    "text says which figure it is, and the release has another; ? nothing here to check it by. No draft is kept: it is in no "
    "file, log or address, and is gone when you close the page."
)


@dataclass(frozen=True)
class Told:
    """What is said of a paragraph: its ``text``, ``columns`` (heading -> cells, a row a number) and ``marks``."""

    text: str
    columns: dict[str, list[str]]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    lead: str
    period: str
    paragraphs: tuple[Told, ...]


def years(subject: Subject) -> dict[str, Span | None]:
    """What "this year" may mean: as the draft says, or a financial year of the release."""
    held = {month for measure in subject.measures() for month in subject.months(measure)}
    names = sorted({financial_year_of(month) for month in held}, reverse=True)
    whole = [name for name in names if present(financial_year(name), held) == 12]
    return {FOUND_IN_TEXT: None} | {f"Financial year {name}": financial_year(name) for name in whole}


def check(subject: Subject, paragraphs: Sequence[str], role: str, period: Span | None) -> Result:
    """The numbers of a draft, checked, in words; paragraphs without a number are left out."""
    draft = drafts.check(subject, paragraphs, role, period)
    told = tuple(_told(paragraph) for paragraph in draft.paragraphs if paragraph.numbers)
    return Result(_lead(draft), _period(draft, period), told)


def _lead(draft: Draft) -> str:
    numbers = draft.numbers
    if not numbers:
        return "No statistic was found in the text. Dates, ages and references are not taken for statistics."
    counted = [
        f"{sum(number.verdict == verdict for number in numbers)} {words}"
        for verdict, words in (
            ("reproduces", "given by the release"),
            ("follows", "following from the numbers beside them"),
            ("does_not_follow", "that differ"),
            ("cannot_be_checked", "that cannot be checked here"),
        )
    ]
    marked = sum(bool(number.marks) for number in numbers)
    many = f"{len(numbers)} {'number' if len(numbers) == 1 else 'numbers'}"
    rest = f" {draft.left} more paragraphs were not looked at: give one chapter at a time." if draft.left else ""
    return f"**{many}** found: {wording.joined(counted)}. {marked} to mind for another reason.{rest}"


def _period(draft: Draft, asked: Span | None) -> str:
    if asked:
        return f"“This year” is taken to be {draft.period.label}, as you chose."
    if draft.stated:
        return f"“This year” is taken to be {draft.period.label}, which the draft names most often."
    return f"The draft names no year, so “this year” is taken to be {draft.period.label}, the latest of the release."


def _told(paragraph: Paragraph) -> Told:
    numbers = paragraph.numbers
    return Told(
        paragraph.text,
        {
            "In the draft": [number.number.text for number in numbers],
            "Verdict": [_verdict(number) for number in numbers],
            "Taken to be, and how": [_how(number) for number in numbers],
            "Mind": [
                " ".join(f"{MARKS[mark.name]}: {mark.words}" for mark in number.marks) or "–" for number in numbers
            ],
        },
        tuple(f"**{MARKS[mark.name]}.** {mark.words}" for mark in paragraph.marks),
    )


def _verdict(number: Checked) -> str:
    words = VERDICTS[number.verdict]
    return f"{words}. The release has {number.computed}" if number.computed else words


def _how(number: Checked) -> str:
    # The note of a survey names its source itself, after what is to be minded.
    named = "Source: " in number.source or not number.source
    source = number.source if named else f"Source: {number.source}"
    parts = [part.strip().rstrip(".") for part in (number.proposal, number.working, source) if part.strip()]
    return ". ".join(parts) + "." if parts else "–"
