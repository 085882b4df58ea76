"""Where the figures of a chart come from, shown where its table is: made only when the visitor opens the table."""

from collections.abc import Hashable
from datetime import UTC, datetime

import streamlit as st

from csp_data.analysis import provenance
from csp_data.analysis.disclosure import ROLES
from csp_data.analysis.periods import Span, month_label
from csp_data.analysis.provenance import Extract, Provenance
from csp_data.analysis.results import Question
from csp_data.catalogue.datasets import COUNT_DATASETS
from csp_data.figures import wording
from csp_data.figures.chart import Chart
from csp_data.ui import cached, downloads
from csp_data.ui.cached import Asked, Drawing
from csp_data.ui.tables import show_table

_DATASETS = {
    "treatment": ("indicators",),
    "survey": ("survey",),
    "compared": ("peers",),
    "partnership": ("grants", "partner_figures", "risks"),
    "priorities": ("priority_figures", "partner_figures", "indicators"),
    "completeness": COUNT_DATASETS,
    "data_quality": COUNT_DATASETS,
}
"""Module of the story (or name of the chart) that asks no ``Question`` -> the tables it reads."""
_HASH_SHOWN = 16
"""Characters of a file's hash in a table. The whole of it is on the page About the data and in the release."""


def where_from(drawing: Drawing, key: str) -> None:
    """ "Where these figures come from" and "Copy as citation", closed at first. Nothing for a chart made elsewhere."""
    if drawing.asked is None:
        return
    found = _provenance(drawing.asked)
    with st.container(key=f"{key}_provenance"), st.expander("Where these figures come from"):
        show_table(_lines(found, drawing.asked, drawing.chart), "Where these figures come from", kept=False)
        for extract in found.extracts:
            show_table(_files(extract), f"Source files of {extract.title}", {"Rows"}, kept=False)
        st.markdown("**Copy as citation**")
        st.code(provenance.citation(found, _address(), datetime.now(UTC).date()), language=None, wrap_lines=True)


def _address() -> str:
    """The address of the view with every choice in it."""
    shown = downloads.shown_here()
    return shown.link() if shown else st.context.url or ""


def _provenance(asked: Asked) -> Provenance:
    subject = cached.subject(asked.edition)
    question = next((each for each in asked.arguments if isinstance(each, Question)), None)
    if question is not None:
        over = next((each for each in asked.arguments if isinstance(each, Span)), None)
        return provenance.of_question(subject, question, over)
    role = next((str(each) for each in asked.arguments if each in ROLES), "public")
    parts = asked.story.split(".")
    datasets = next((_DATASETS[part] for part in reversed(parts) if part in _DATASETS), COUNT_DATASETS)
    return provenance.of_datasets(subject, datasets, role)


def _lines(found: Provenance, asked: Asked, chart: Chart) -> dict[str, list[str]]:
    rows = {
        "Figure": chart.title,
        "Measure": found.what,
        "Definition": found.definition,
        "Formula": found.formula,
        "Numerator": found.numerator,
        "Denominator": found.denominator,
        "Area": found.area,
        "Period": found.period,
        "Rows used": f"{found.rows} Drawn from {wording.number(len(chart.data))} finished rows, shown in the table.",
        "Settings": settings(asked),
        "Notes of the method": " ".join(chart.notes),
        "Bear in mind": " ".join(found.caveats),
        "Protection of people": " ".join(dict.fromkeys(extract.rule for extract in found.extracts if extract.rule)),
        "Release": f"{found.release}, made {found.made}",
        "Status": found.status,
    }
    kept = {name: text for name, text in rows.items() if text}
    return {"What": list(kept), "For this figure": list(kept.values())}


def settings(asked: Asked) -> str:
    """What was chosen for a chart beside its question, in words: "shown: per day; screen: yes; rebase: none"."""
    pairs = zip(asked.names, asked.arguments, strict=False)
    said = [
        f"{name.replace('_', ' ').strip()}: {_words(value)}"
        for name, value in pairs
        if not isinstance(value, Question) and name != "role"
    ]
    return "; ".join(said)


def _words(value: Hashable) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None | () | "":
            return "none"
        case Span():
            return value.label
        case tuple():
            return ", ".join(_words(each) for each in value)
        case str() if len(value) == len("2019-04") and value[:4].isdigit():
            return month_label(value)
    return str(value)


def _files(extract: Extract) -> dict[str, list[str]]:
    """The table of the release first, then the files that it was built from."""
    files = extract.files
    return {
        "File": [f"{extract.title} ({extract.file}, in the release)", *(f"{f.name} ({f.publisher})" for f in files)],
        "Published": ["–", *(f.published for f in files)],
        "Licence": ["–", *(f.licence for f in files)],
        "Rows": [_rows(extract.rows), *(_rows(f.rows) for f in files)],
        "SHA-256 begins": [extract.sha256[:_HASH_SHOWN] or "–", *(f.sha256[:_HASH_SHOWN] or "–" for f in files)],
    }


def _rows(count: int | None) -> str:
    return "–" if count is None else wording.number(count)
