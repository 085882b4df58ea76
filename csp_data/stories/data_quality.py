"""Data quality: what is wrong, odd or incomplete in a release, dataset by dataset, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from csp_data.analysis import over_time, quality, results
from csp_data.analysis.periods import Span, month_number, month_text
from csp_data.analysis.quality import RULES, Finding
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import MEASURES, measure_named
from csp_data.figures import control_charts, coverage, wording
from csp_data.figures import quality as figures
from csp_data.figures.chart import Chart, NoChart

_WEIGHTS = {
    "mend": "✖ Mend before publishing",
    "look": "! Look into it",
    "note": "i Note it",
    "fine": "✓ In order",
}
HOW_TO_READ = (
    "✖ to be mended before anything is published; ! to be looked into, because it may be true or a fault; i to be known; "
    "✓ looked at and in order. The rules decide on figures alone: they cannot know what happened."
)


@dataclass(frozen=True)
class Told:
    """The findings about one dataset: ``lead`` sums them up, ``columns`` is heading -> cells of a table of those that ask
    for something."""

    heading: str
    lead: str
    columns: dict[str, list[str]]
    in_order: dict[str, list[str]]
    """What was looked at and is in order: a table of its own."""


def of_measure(subject: Subject, measure: str, role: str) -> Told:
    """The findings about a dataset of counts as a table of words."""
    return _told(measure_named(measure).label, quality.of_measure(subject, measure, role))


def of_other_tables(subject: Subject) -> Told:
    """Age and origin of the tables that hold no counts."""
    return _told("Other tables", quality.of_other_tables(subject))


def _told(heading: str, findings: Sequence[Finding]) -> Told:
    counted = {
        weight: sum(finding.weight == weight for finding in findings) for weight in ("mend", "look", "note", "fine")
    }
    parts = [
        f"{counted['mend']} to mend before publishing",
        f"{counted['look']} to look into",
        f"{counted['note']} to note",
        f"{counted['fine']} in order",
    ]
    order = list(_WEIGHTS)
    listed = sorted(findings, key=lambda finding: order.index(finding.weight))
    asking = [finding for finding in listed if finding.weight != "fine"]
    fine = [finding for finding in listed if finding.weight == "fine"]
    return Told(
        heading,
        f"{wording.capitalised(wording.joined(parts))}.",
        {
            "Finding": [_named(finding) for finding in asking],
            "What was found, and what to do": [f"{finding.text} {finding.do}".strip() for finding in asking],
        },
        {"In order": [_named(finding) for finding in fine], "What was found": [finding.text for finding in fine]},
    )


def _named(finding: Finding) -> str:
    """ "! Look into it: outside the process limits, April 2023"."""
    rule = wording.lowered(RULES[finding.rule].label)
    when = f", {finding.when}" if finding.when else ""
    return f"{_WEIGHTS[finding.weight]}: {rule}{when}"


def methods() -> dict[str, list[str]]:
    """Every rule and how it decides."""
    return {
        "Rule": [rule.label for rule in RULES.values()],
        "How it decides": [rule.method for rule in RULES.values()],
    }


# Charts


def completeness(subject: Subject, role: str) -> Chart:
    """A strip of the months of each source of each dataset of counts. Raises NoChart when there is no month."""
    strips: dict[str, list[str]] = {}
    for measure in subject.measures():
        covered = set(subject.months(measure))
        sources = quality.sources_by_month(subject, MEASURES[measure].dataset)
        for source, months in sources.items():
            who = f" ({quality.source_words(source)})" if len(sources) > 1 else ""
            strips[f"{MEASURES[measure].label}{who}"] = sorted(set(months) & covered)
    every = [month for months in strips.values() for month in months]
    if not every:
        raise NoChart("No source gives a month of counts.")
    source = (
        f"Source: the months that each source gives in the data release of {wording.release_words(subject.release.id)}."
    )
    expected = list(Span(min(every), max(every)).months)
    return coverage.completeness(strips, expected, source, subject.partnership.short_name, subject.release.notice)


def limits(subject: Subject, question: Question) -> Chart:
    """The latest months against their process limits. Raises NoChart with the reason where there are none."""
    span = Span(max(question.start, month_text(month_number(question.end) - quality.LIMIT_MONTHS + 1)), question.end)
    asked = _of(question, span)
    control = over_time.control_chart(subject, asked, span)
    return control_charts.control_chart(control, results.answer(subject, asked), subject.events)


def unplaced(subject: Subject, measure: str, role: str) -> Chart:
    """The share of each year's records that no ward takes. Raises NoChart with the reason where there is none."""
    if not subject.partnership.vintages:
        raise NoChart("This release has no wards.")
    table = quality.unallocated_by_year(subject, measure, role)
    if table.empty:
        raise NoChart("There is no year to show.")
    held = subject.months(measure)
    answer = results.answer(subject, Question(measure, held[-1], held[-1], role=role))
    noun = measure_named(measure).plural
    place = subject.partnership.short_name
    return figures.unplaced(table, noun, place, wording.source_line(answer), subject.release.notice)


def asked_of(subject: Subject, measure: str, role: str) -> Question:
    """The question of all months of a measure."""
    held = subject.months(measure)
    return Question(measure, held[0], held[-1], role=role)


def _of(question: Question, span: Span) -> Question:
    return Question(question.measure, span.start, span.end, role=question.role)
