"""Where a figure comes from: what was counted, by which formula, from which rows of which files, under which settings.

Nothing here is a new figure: what is told of rows and records has passed the disclosure gateway for the role of the
question, and the rest is the catalogue and the release's own description of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from csp_data.analysis import results
from csp_data.analysis.disclosure import restricted
from csp_data.analysis.periods import Span, day_label
from csp_data.analysis.results import Answer, Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, root
from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.disclosure_rules import RULES
from csp_data.catalogue.licences import LICENCES
from csp_data.catalogue.measures import DENOMINATORS, measure_named
from csp_data.catalogue.statuses import notice


@dataclass(frozen=True)
class SourceFile:
    """A file a dataset was built from, as the release records it. ``rows`` is None and ``sha256`` "" where unknown or
    withheld."""

    name: str
    publisher: str
    published: str
    licence: str
    sha256: str
    rows: int | None


@dataclass(frozen=True)
class Extract:
    """A table of the release that a figure was made from. ``rows`` is None and ``sha256`` "" where withheld."""

    dataset: str
    title: str
    file: str
    sha256: str
    rows: int | None
    rule: str
    """What protects people in it, in words."""
    files: tuple[SourceFile, ...]


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from. ``rows`` says in words which rows of the extracts were used; ``numerator`` and
    ``denominator`` are sentences, "" where there is none."""

    what: str
    definition: str
    formula: str
    numerator: str
    denominator: str
    area: str
    period: str
    rows: str
    extracts: tuple[Extract, ...]
    release: str
    made: str
    status: str
    caveats: tuple[str, ...]
    partnership: str

    @property
    def publishers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f.publisher for e in self.extracts for f in e.files if f.publisher))


def of_question(subject: Subject, question: Question, over: Span | None = None) -> Provenance:
    """The provenance of the figure that a question asks for, and of a chart of it ``over`` other months. Errors as
    ``results.answer``."""
    measure = measure_named(question.measure)
    line = CATEGORIES[question.category or root(measure.dataset)]
    answer = results.answer(subject, question)
    used = [measure.dataset]
    used += ["population"] if question.per == "rate" and subject.release.has("population") else []
    used += ["ward_lookup"] if question.area and subject.release.has("ward_lookup") else []
    what = measure.label if line.parent is None else f"{measure.label}: {line.label}"
    return Provenance(
        what=what,
        definition=" ".join(filter(None, [measure.definition, line.note])),
        formula=_formula(question, measure.per),
        numerator=_numerator(answer),
        denominator=_denominator(answer),
        area=answer.area_name + (f" ({answer.vintage_label})" if answer.vintage_label else ""),
        period=_period(question, answer, over),
        rows=_rows(subject, question, answer, line.id, over),
        extracts=tuple(_extract(subject, name, question.role) for name in used),
        caveats=(*measure.caveats, *filter(None, [answer.reason, answer.caution])),
        **_release(subject),
    )


def of_datasets(subject: Subject, datasets: Sequence[str], role: str) -> Provenance:
    """The provenance of what is drawn from tables that hold no counts (indicators, surveys, plans, grants ...)."""
    held = [DATASETS[name] for name in datasets if subject.release.has(name)]
    return Provenance(
        what="; ".join(dataset.title for dataset in held),
        definition=" ".join(dataset.description for dataset in held),
        formula="As the source gives it, or worked out from its rows as the notes under the chart say.",
        numerator="",
        denominator="",
        area=subject.partnership.short_name,
        period="As each row of the table above says.",
        rows="The rows are those of the table above, each with its own source.",
        extracts=tuple(_extract(subject, dataset.name, role) for dataset in held),
        caveats=(),
        **_release(subject),
    )


def citation(found: Provenance, address: str, seen: date) -> str:
    """One sentence to put under a figure in a report: what, where, when, release, source, address and date."""
    source = "; ".join(found.publishers) or "source not stated"
    state = f", {found.status}" if found.status != "published" else ""
    where = f" {address}" if address else ""
    return (
        f"{found.partnership}. {found.what}, {found.area}, {found.period.partition(':')[0]}. Data release {found.release}"
        f"{state}. Source: {source}.{where} (seen {day_label(seen)})."
    )


def _release(subject: Subject) -> dict[str, str]:
    manifest = subject.release.manifest
    by = f" by {manifest['built_by']}" if manifest.get("built_by") else ""
    version = f", version {manifest['build_version']} of the product" if manifest.get("build_version") else ""
    return {
        "release": subject.release.id,
        "made": f"{manifest.get('built_at', '')}{by}{version}",
        "status": notice(subject.release.status) or subject.release.status,
        "partnership": subject.partnership.name,
    }


def _formula(question: Question, per: int) -> str:
    if question.per == "count":
        value = "count = sum of the records of the area and the months"
    else:
        value = (
            f"rate = {per:,} × count ÷ {DENOMINATORS[question.denominator]} of the area in the year of the middle of the "
            "period; 95% interval: exact Poisson under 10 records, Byar's from 10"
        )
    if question.compare:
        value += (
            "; change = 100 × (value ÷ value of the period compared with − 1), from unrounded values; its 95% interval "
            "is exact (Clopper and Pearson, given the sum of both counts), and ‘higher’ or ‘lower’ means that it leaves "
            "out no change"
        )
    return f"{value}."


def _numerator(answer: Answer) -> str:
    if answer.numerator is None:
        return answer.reason or "There is no figure."
    return f"{answer.numerator:,.10g} records."


def _denominator(answer: Answer) -> str:
    if answer.per != "rate":
        return ""
    if answer.denominator is None:
        return answer.reason or "There is none."
    basis = f"; {answer.population_basis}" if answer.population_basis else ""
    return (
        f"{answer.denominator:,.10g} {answer.denominator_name}, {answer.population_year or 'year not stated'}{basis}."
    )


def _period(question: Question, answer: Answer, over: Span | None) -> str:
    own = Span(question.start, question.end)
    months = f"{answer.months_present} of {answer.months_expected} months"
    if over is None or over == own:
        return f"{own.label}: {months}"
    return f"{over.label}: the months of the chart. Its sum and change are of {own.label} ({months})"


def _rows(subject: Subject, question: Question, answer: Answer, line: str, over: Span | None) -> str:
    dataset = measure_named(question.measure).dataset
    rule = subject.release.extract(dataset).get("disclosure", "rounded")
    start, end = (
        min(question.start, over.start if over else question.start),
        max(question.end, over.end if over else ""),
    )
    chosen = f"months {start} to {end}, line ‘{CATEGORIES[line].label}’ with all lines under it"
    if question.area:
        chosen += f", small areas of {answer.area_name} by the look-up of its ward set"
    if restricted(rule, question.role):
        return f"Rows of the table {dataset}: {chosen}. How many is not told to the public, to protect people."
    return f"Rows of the table {dataset}: {chosen}. Sources held apart and records without a place are left out."


def _extract(subject: Subject, name: str, role: str) -> Extract:
    extract = subject.release.extract(name)
    rows, of_files = results.rows_held(subject, name, role)
    withheld = results.files_withheld(subject, name, role)
    rule = RULES.get(str(extract.get("disclosure", "")))
    sources = extract.get("sources", [])
    return Extract(
        dataset=name,
        title=DATASETS[name].title,
        file=str(extract.get("file", "")),
        sha256="" if withheld else str(extract.get("sha256", "")),
        rows=_whole(rows),
        rule=rule.description if rule else "",
        files=tuple(
            SourceFile(
                name=str(source.get("name", "")),
                publisher=str(source.get("publisher", "")),
                published=str(source.get("published") or "not stated"),
                licence=LICENCES[source["licence"]].name if source.get("licence") in LICENCES else "not stated",
                sha256="" if withheld else str(source.get("sha256", "")),
                rows=_whole(count),
            )
            for source, count in zip(sources, of_files, strict=True)
        ),
    )


def _whole(count: float) -> int | None:
    return int(count) if count == count else None
