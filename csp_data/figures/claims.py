"""The register of claims in words: a report to print, and the signs of the verdicts."""

from collections.abc import Sequence

from csp_data.analysis.claims import Judged, counted
from csp_data.catalogue.claims import CAUTIONS, VERDICTS, Register

SIGNS = {"reproduces": "●", "follows": "◆", "does_not_follow": "✕", "cannot_be_checked": "?"}
"""Verdict -> a shape, by which a list is read at a glance. The words beside it say the same, so no colour is needed."""


def verdict_words(verdict: str) -> str:
    """ "✕ Does not follow"."""
    return f"{SIGNS[verdict]} {VERDICTS[verdict]}"


def where(judged: Judged, register: Register) -> str:
    """ "Medway Strategic Assessment 2020 (003), line 92"."""
    claim = judged.claim
    document = register.documents.get(claim.document)
    titled = document is not None and document.title not in ("", claim.document)
    named = f"{document.title} ({claim.document})" if titled else claim.document
    return ", ".join(each for each in (named, f"line {claim.lines}" if claim.lines else "") if each)


def summary(judged: Sequence[Judged]) -> str:
    """ "77 claims: 5 do not follow, 38 cannot be checked, 5 follow, 29 reproduce."."""
    found = counted(judged)
    words = {
        "does_not_follow": ("does not follow", "do not follow"),
        "cannot_be_checked": ("cannot be checked", "cannot be checked"),
        "follows": ("follows from the numbers beside it", "follow from the numbers beside them"),
        "reproduces": ("reproduces", "reproduce"),
    }
    parts = [f"{number} {words[verdict][number != 1]}" for verdict, number in found.items() if number]
    return f"{len(judged)} {'claim' if len(judged) == 1 else 'claims'}: {', '.join(parts)}."


def register_report(judged: Sequence[Judged], register: Register, release: str) -> str:
    """The register as text to read in a terminal: each claim with its verdict, the working and the cautions."""
    if not judged:
        return f"{register.file} holds no claims. csp_data/extracts/claims.py describes how to write them."
    lines = [f"{summary(judged)} Release {release}; register {register.file}.", ""]
    for each in judged:
        lines += [f"{each.claim.id}  {verdict_words(each.verdict)}", f"    “{each.claim.text}”"]
        about = [where(each, register), f"responsible: {each.claim.responsible}" if each.claim.responsible else ""]
        lines += [f"    {'; '.join(part for part in about if part)}"] if any(about) else []
        lines.append(f"    Printed: {each.printed}")
        if each.computed:
            lines.append(f"    Worked out: {each.computed}")
        lines += [f"    - {line}" for line in each.working]
        lines += [f"    ! {CAUTIONS[caution.name]}: {caution.words}" for caution in each.cautions]
        lines += [f"    Note: {each.claim.notes}"] if each.claim.notes else []
        lines.append("")
    return "\n".join(lines).rstrip("\n")
