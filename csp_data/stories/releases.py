"""What the page Releases tells: which releases and editions there are, what changed between two, and what the log says."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from csp_data.analysis.difference import Difference
from csp_data.analysis.editions import beside_latest
from csp_data.analysis.periods import Span, month_label, runs
from csp_data.analysis.subject import Subject
from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.measures import DENOMINATORS, MEASURES
from csp_data.catalogue.statuses import GOOD
from csp_data.extracts.editions import Edition
from csp_data.extracts.publishing import Standing
from csp_data.extracts.release_log import ACTIONS, Entry, Log
from csp_data.figures import wording

MOST_ROWS = 200
"""Rows of a table on the page; the rest is in the download."""
MOST_NAMED = 12
"""Codes or months named in a sentence."""
THRESHOLDS: Mapping[str, float] = {"1%": 0.01, "5%": 0.05, "10%": 0.10, "any amount": 0.0}
"""What a figure must have moved by, more than, to be listed."""

STATUS_WORDS: Mapping[str, str] = {
    "published": "Published",
    "candidate": "Candidate",
    "withdrawn": "Withdrawn",
    "demonstration": "Demonstration",
    "damaged": "Damaged",
}
_CHANGES: Mapping[str, str] = {
    "moved": "Other number",
    "more months": "More months of the year",
    "fewer months": "Fewer months of the year",
    "now held": "New",
    "held no more": "Gone",
    "now withheld": "Withheld now",
    "withheld no more": "Withheld no more",
}


def when(time: str) -> str:
    """A time of the log ("2026-11-22T09:10:00Z") in words: "22 November 2026, 09:10 UTC"."""
    date, clock = time[:10], time[11:16]
    words = wording.release_words(f"{date}T000000")
    return f"{words}, {clock} UTC" if clock else words


def releases_table(standings: Sequence[Standing], role: str) -> dict[str, list[str]]:
    """The releases that a role may know of, newest first; who did what and why is for analysts."""
    listed = [standing for standing in standings if role == "analyst" or standing.status in GOOD]
    columns = {
        "Release": [standing.id for standing in listed],
        "Made": [when(standing.built_at) if standing.built_at else "not known" for standing in listed],
        "State": [
            f"{STATUS_WORDS.get(standing.status, standing.status)}{', live' if standing.live else ''}"
            for standing in listed
        ],
        "Since": [when(standing.last.time) if standing.last else "–" for standing in listed],
    }
    if role == "analyst":
        columns["Who and why"] = [
            f"{standing.last.name}: {standing.last.reason or 'no reason given'}"
            if standing.last
            else standing.built_by or "–"
            for standing in listed
        ]
    return columns


def chain_words(log: Log) -> str:
    """Whether the log's chain holds, in a sentence or two."""
    if not log.entries:
        return "Nothing is in the log yet."
    if log.problems:
        return f"**The log was altered.** {' '.join(str(problem) for problem in log.problems)}"
    torn = f" Lines left unfinished by a crash, and passed over: {len(log.warnings)}." if log.warnings else ""
    held = (
        "The chain of the log holds: its one entry is as it was written"
        if len(log.entries) == 1
        else f"The chain of the log holds: all {len(log.entries)} entries are as they were written, each after the one before"
    )
    return f"{held}. SHA-256 of the last: `{log.head}`.{torn}"


def log_table(log: Log) -> dict[str, list[str]]:
    entries = log.entries[::-1]
    return {
        "No.": [str(entry.number) for entry in entries],
        "When": [when(entry.time) for entry in entries],
        "Who": [entry.name + (f", for {entry.authority}" if entry.authority else "") for entry in entries],
        "What": [ACTIONS.get(entry.action, entry.action) for entry in entries],
        "Release": [entry.release + (f" ({entry.edition})" if entry.edition else "") for entry in entries],
        "Why": [entry.reason or "–" for entry in entries],
    }


# What changed


def difference_words(found: Difference) -> tuple[str, ...]:
    """What changed, a sentence for each kind of change."""
    if found.is_nothing:
        return ("**Nothing changed**: all figures, codes and tables are the same.",)
    said = []
    moved = len(found.figures)
    least = f" by more than {found.threshold:.0%}" if found.threshold else ""
    if found.compared:
        said.append(
            f"**{moved:,} of {found.compared:,} figures moved{least}**, came or went."
            if moved
            else f"**No figure moved{least}** of {found.compared:,} that were compared."
        )
    else:
        said.append("**No figure moved**: the counts, areas and populations are the same files.")
    for what, words in (("new", "New months"), ("missing now", "Months missing now"), ("revised", "Months revised")):
        for measure, rows in found.months[found.months["what"] == what].groupby("measure", sort=False):
            said.append(
                f"**{words} of {wording.lowered(MEASURES[str(measure)].label)}:** {_spans(list(rows['month']))}."
            )
    for kind, what in sorted(set(zip(found.codes["kind"], found.codes["what"], strict=True))):
        rows = found.codes[(found.codes["kind"] == kind) & (found.codes["what"] == what)]
        named = [f"{name} ({code})" if name else code for code, name in zip(rows["code"], rows["name"], strict=True)]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        said.append(
            f"**{wording.capitalised(str(kind))}s {what}: {len(named)}.** {', '.join(named[:MOST_NAMED])}{more}."
        )
    return tuple(said)


def figures_table(found: Difference) -> dict[str, list[str]]:
    """The figures that moved most, of each kind of period."""
    rows = found.figures.head(MOST_ROWS)
    return {
        "Figure": [_figure(row) for row in _each(rows)],
        "Period": list(rows["period"].astype(str)),
        "Before": [_value(row.before, row.status_before, row.per) for row in _each(rows)],
        "After": [_value(row.after, row.status_after, row.per) for row in _each(rows)],
        "Change": [_percent(share) for share in rows["share"]],
        "What": [_CHANGES.get(what, what) for what in rows["what"]],
    }


def populations_table(found: Difference) -> dict[str, list[str]]:
    rows = found.populations.head(MOST_ROWS)
    return {
        "Area": [f"{row.area_code} ({row.vintage})" if row.vintage else row.area_code for row in _each(rows)],
        "Year": [str(year) for year in rows["year"]],
        "Of": [DENOMINATORS.get(kind, kind) for kind in rows["denominator"]],
        "Before": [_value(value, "available" if value == value else "not held", "count") for value in rows["before"]],
        "After": [_value(value, "available" if value == value else "not held", "count") for value in rows["after"]],
    }


def tables_table(found: Difference) -> dict[str, list[str]]:
    rows = found.tables
    return {
        "Table": [DATASETS[name].title for name in rows["dataset"]],
        "What": [what.capitalize() for what in rows["what"]],
        "Rows before": [_rows(value) for value in rows["rows_before"]],
        "Rows after": [_rows(value) for value in rows["rows_after"]],
        "Rows only before": [_rows(value) for value in rows["only_before"]],
        "Rows only after": [_rows(value) for value in rows["only_after"]],
    }


def claims_table(found: Difference) -> dict[str, list[str]]:
    rows = found.claims if found.claims is not None else pd.DataFrame(columns=["claim", "before", "after"])
    return {
        "Claim": list(rows["claim"]),
        "Verdict before": [verdict.replace("_", " ") for verdict in rows["before"]],
        "Verdict after": [verdict.replace("_", " ") for verdict in rows["after"]],
    }


# Editions


def editions_table(editions: Sequence[Edition]) -> dict[str, list[str]]:
    return {
        "Edition": [edition.name for edition in editions],
        "Release": [edition.release for edition in editions],
        "Made": [when(edition.made.time) for edition in editions],
        "Signed off for": [
            "; ".join(f"{entry.authority} ({entry.name}, {when(entry.time)})" for entry in edition.signed)
            or "nobody yet"
            for edition in editions
        ],
        "Errata": [str(len(edition.errata)) for edition in editions],
    }


def unsigned(edition: Edition, authorities: Sequence[str]) -> list[str]:
    """Responsible authorities that an edition is not signed off for."""
    signed = {entry.authority for entry in edition.signed}
    return [authority for authority in authorities if authority not in signed]


def errata_words(errata: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(f"{when(entry.time)}, {entry.name}: {entry.reason}" for entry in errata)


def as_published(
    figures: Sequence[Mapping[str, Any]], published: Subject | None, latest: Subject
) -> tuple[str, dict[str, list[str]]]:
    """The figures of an edition as published beside what they are now, and a sentence that says whether they differ."""
    table = beside_latest(figures, published, latest)
    changed, lost = int(table["changed"].sum()), int((~table["reproduced"].astype(bool)).sum())
    said = (
        f"**{changed} of {len(table)} figures are different in the latest release.**"
        if changed
        else f"All {len(table)} figures are the same in the latest release."
    )
    if published is None:
        said += " The edition's own release cannot be read any more: these are the figures that were kept with it."
    elif lost:
        said += f" {lost} cannot be made again from the edition's own release."
    else:
        said += " All can be made again from the edition's own release."
    return said, {
        "Figure": [f"{row.label}, {row.unit}" for row in _each(table)],
        "Period": list(table["period"]),
        "As published": [_value(row.as_published, row.status, row.per) for row in _each(table)],
        "Latest": [_value(row.latest, row.latest_status, row.per) for row in _each(table)],
        "Same": ["No" if changed else "Yes" for changed in table["changed"]],
    }


# Words of cells


def _each(table: pd.DataFrame) -> list[Any]:
    """The rows of a table, their cells by name."""
    return list(table.itertuples())


def _figure(row: Any) -> str:
    measure = MEASURES[row.measure]
    what = f"{measure.label}: {row.category_label}" if row.category else measure.label
    place = f"{row.area_name} ({row.vintage})" if row.vintage else row.area_name
    return f"{what}, {place}, {measure.rate_unit if row.per == 'rate' else 'count'}"


def _value(value: float, status: str, per: str) -> str:
    if status == "not held":
        return "not held"
    return wording.shown(value, status, wording.RATE_PLACES if per == "rate" else 0)


def _percent(share: float) -> str:
    return f"{share:+.1%}".replace("-", "−") if wording.known(share) and abs(share) != float("inf") else "–"


def _rows(value: float) -> str:
    return wording.number(value) if wording.known(value) else "–"


def _spans(months: list[str]) -> str:
    """Months in words, unbroken runs as one: "April to June 2025"."""
    spans: list[Span] = runs(months)
    named = [month_label(span.start) if span.length == 1 else span.label for span in spans]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"{', '.join(named[:MOST_NAMED])}{more} ({len(months)} {'month' if len(months) == 1 else 'months'})"
