"""What the page Claims tells: the register with a verdict on each claim, and the working of one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from csp_data.analysis.claims import Judged, judge
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, descendants, root
from csp_data.catalogue.claims import CAUTIONS, VERDICTS, Register
from csp_data.catalogue.measures import Measure, measure_named
from csp_data.extracts import claims as files
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from csp_data.figures import claims as words

ALL_DOCUMENTS = "All documents"
ALL_VERDICTS = "All verdicts"
EVERYBODY = "Everybody"

HOW_TO_READ = (
    "A claim reproduces when the data of this release give what is printed, rounded as it is printed. It follows when the "
    "numbers printed beside it give it. It does not follow as soon as the data or those numbers give something else. What "
    "the release itself has from a report can only agree with it, so it carries the caution ‘only as printed’."
)


class Desk(NamedTuple):
    """The register and what its claims come to."""

    register: Register
    judged: tuple[Judged, ...]


def desk(subject: Subject, text: str, file: str, workspace: str, role: str, turn: int) -> Desk:
    """Every claim of a register's text, worked out. ``turn`` only tells one working out from the next."""
    register = files.parsed(text, file)

    def other(partnership: str) -> Subject:
        return Subject(Workspace(workspace).release(partnership))

    return Desk(register, judge(register, subject, other, role))


def document_options(register: Register) -> dict[str, str]:
    """Label -> document, "" for all."""
    used = {claim.document for claim in register.claims}
    named = {
        f"{document.id}: {document.title}" if document.title not in ("", document.id) else document.id: document.id
        for document in register.documents.values()
        if document.id in used
    }
    return {ALL_DOCUMENTS: "", **named}


def verdict_options() -> dict[str, str]:
    """Label -> verdict, "" for all."""
    return {ALL_VERDICTS: "", **{label: verdict for verdict, label in VERDICTS.items()}}


def responsible_options(register: Register) -> dict[str, str]:
    """Label -> who is responsible, "" for everybody."""
    names = sorted({claim.responsible for claim in register.claims if claim.responsible})
    return {EVERYBODY: "", **{name: name for name in names}}


def chosen(desk: Desk, document: str, verdict: str, responsible: str) -> tuple[Judged, ...]:
    """The claims of a document, with a verdict, that somebody is responsible for; "" for any."""
    return tuple(
        each
        for each in desk.judged
        if document in ("", each.claim.document)
        and verdict in ("", each.verdict)
        and responsible in ("", each.claim.responsible)
    )


def listed(judged: Sequence[Judged]) -> Mapping[str, list[str]]:
    """The claims as a table of words."""
    return {
        "Claim": [each.claim.id for each in judged],
        "Verdict": [words.verdict_words(each.verdict) for each in judged],
        "Printed": [_short(each.printed) for each in judged],
        "Worked out": [_short(each.computed) or "–" for each in judged],
        "Cautions": ["; ".join(CAUTIONS[caution.name] for caution in each.cautions) or "–" for each in judged],
    }


PRINTED = "Arithmetic on printed numbers"
NOT_HELD = "Nothing that is held here"


def ways_to_add(measures: Sequence[Measure]) -> dict[str, dict[str, str]]:
    """Label -> how the number of a claim that is added on the page can be worked out. The other ways are for the file."""
    statistics = {
        "how many": "count",
        "change on the year before": "change",
        "change on the year before, in per cent": "percent_change",
    }
    ways = {
        f"{measure.label}: {words}": {"using": "measure", "measure": measure.id, "statistic": statistic}
        for measure in measures
        for words, statistic in {**statistics, measure.rate_unit: "rate"}.items()
    }
    return {**ways, PRINTED: {"using": "printed"}, NOT_HELD: {"using": "nothing"}}


def way_to_add(way: Mapping[str, str], category: str | None, more: str) -> dict[str, str]:
    """A way with what else was chosen for it: the type of a count, the sum, or what is missing.

    Raises
    ------
    InputError
        When that does not go with it.
    """
    more = " ".join(more.split())
    if way["using"] == "measure":
        if category and category not in descendants(root(measure_named(way["measure"]).dataset)):
            label = measure_named(way["measure"]).label
            raise InputError(
                CATEGORIES[category].label, f"it is no type of ‘{label}’", "Choose another type, or all types"
            )
        return {**way, "category": category} if category else dict(way)
    if not more:
        raise InputError(
            "The claim", "it does not say from what it is worked out", "Fill in the sum, or what is missing"
        )
    return {**way, ("sum" if way["using"] == "printed" else "missing"): more}


def claim_options(judged: Sequence[Judged]) -> dict[str, Judged]:
    """The claims by their numbers."""
    return {each.claim.id: each for each in judged}


def _short(text: str, longest: int = 120) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
