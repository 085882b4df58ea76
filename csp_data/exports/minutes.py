"""The notes, decisions and actions of meetings as files to take away: a CSV, and text that Markdown shows as it was
typed."""

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

from csp_data.exports.tables import as_csv
from csp_data.extracts.meetings import Entry
from csp_data.figures import wording

_COLUMNS = ("meeting", "screen", "heading", "kind", "text", "who", "time", "release", "notice")
KIND_WORDS = {"decision": "Decisions", "action": "Actions", "note": "Notes"}
"""Kind -> heading, in the order of a record of a meeting."""
_MARKS = re.compile(r"([\\`*_{}\[\]<>#+!|~&$-])")


def csv(entries: Sequence[Entry], release: str, notice: str) -> bytes:
    """One row an entry, in the order they were written; text that a spreadsheet could run as a formula is marked."""
    rows = [
        {
            "meeting": entry.meeting, "screen": entry.screen, "heading": entry.heading, "kind": entry.kind,
            "text": entry.text, "who": entry.who, "time": entry.time, "release": release, "notice": notice,
        }
        for entry in entries
    ]  # fmt: skip
    return as_csv(pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str"))


def markdown(entries: Sequence[Entry], partnership: str, release: str, notice: str) -> bytes:
    """A record of each meeting, the latest first: decisions, actions and notes under the screen they were typed on."""
    lines = [
        f"# {_plain(partnership)}: record of meetings",
        "",
        f"Data release of {_plain(wording.release_words(release))}. {f'{_plain(notice)}.' if notice else ''}".rstrip(),
    ]
    for meeting in sorted({entry.meeting for entry in entries}, reverse=True):
        lines += ["", f"## {day(meeting)}"]
        for kind, heading in KIND_WORDS.items():
            said = [entry for entry in entries if entry.meeting == meeting and entry.kind == kind]
            if said:
                lines += ["", f"### {heading}", ""]
            for entry in said:
                first, *rest = entry.text.split("\n")
                who = f" ({_plain(entry.who)})" if entry.who else ""
                lines.append(f"- **{_plain(entry.heading)}**: {_plain(first)}{who if not rest else ''}")
                lines += [f"  {_plain(line)}" for line in rest[:-1]]
                if rest:
                    lines.append(f"  {_plain(rest[-1])}{who}")
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", text)


def day(meeting: str) -> str:
    """The day of a meeting in words."""
    return wording.date_words(date.fromisoformat(meeting))
