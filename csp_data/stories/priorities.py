"""What the pages Priorities and Overview tell: the figures of a priority in words, how plans go on from each other, the
quarterly updates, funding and targets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csp_data.analysis import grants, over_time, plan, results
from csp_data.analysis.control_charts import Improvement
from csp_data.analysis.plan import Followed, Mixture, Plan, Priority
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.figures import control_charts, lines, wording
from csp_data.figures import plan as words
from csp_data.figures.chart import Chart
from csp_data.figures.plan import Mark

KIND_WORDS = {
    "measure": "Police records",
    "indicator": "Published indicator",
    "survey": "Survey",
    "partner figure": "Partner agency",
}


@dataclass(frozen=True)
class Row:
    """A figure of a priority in words, ready to be set in a table. ``spark`` is a small line as HTML, or ""."""

    label: str
    kind: str
    value: str
    basis: str
    spark: str
    change: str
    short_change: str
    signal: Mark
    england: str
    period: str
    area: str
    own_area: bool
    data_to: str
    source: str
    note: str
    served: str


@dataclass(frozen=True)
class Told:
    """The figures of a priority: in words, and as they are for those who ask further."""

    rows: tuple[Row, ...]
    figures: tuple[Followed, ...]


def plans(subject: Subject) -> tuple[Plan, ...]:
    """The plans of the release, the latest first."""
    return plan.plans(subject)


def measured(subject: Subject, plan_id: str, priority: str, question: Question) -> Told:
    """The figures of a priority that follow the months chosen: police records."""
    return _told(plan.followed(subject, plan_id, priority, question, ("measure",)))


def standing(subject: Subject, plan_id: str, priority: str, role: str) -> Told:
    """The figures of a priority that come with a period of their own: indicators, surveys, figures of agencies."""
    question = Question(measure="", start="", end="", role=role)
    return _told(plan.followed(subject, plan_id, priority, question, ("indicator", "survey", "partner figure")))


def together(*told: Told) -> Told:
    """The figures of a priority in their order, however they were asked for."""
    pairs = [pair for one in told for pair in zip(one.rows, one.figures, strict=True)]
    pairs.sort(key=lambda pair: pair[1].place)
    return Told(tuple(row for row, _ in pairs), tuple(figure for _, figure in pairs))


def _told(found: tuple[Followed, ...]) -> Told:
    return Told(tuple(_row(figure) for figure in found), found)


def _row(figure: Followed) -> Row:
    return Row(
        label=figure.label,
        kind=KIND_WORDS[figure.kind],
        value=words.value_words(figure),
        basis=words.basis_words(figure),
        spark=words.spark(figure.trend),
        change=words.change_words(figure),
        short_change=words.short_change_words(figure),
        signal=words.signal_mark(figure),
        england=words.england_words(figure),
        period=figure.period,
        area=figure.area,
        own_area=figure.own_area,
        data_to=words.data_to(figure),
        source=figure.source,
        note=figure.note,
        served=wording.joined(list(figure.plans)) if figure.plans else "",
    )


def mixture(told: Sequence[Told]) -> Mixture:
    return plan.mixture([figure for one in told for figure in one.figures])


def measures(told: Told) -> tuple[Followed, ...]:
    """The figures with months to show."""
    return tuple(
        figure
        for figure in told.figures
        if figure.kind == "measure" and any(point.value is not None for point in figure.trend)
    )


def months(
    subject: Subject,
    question: Question,
    target: float | None = None,
    better: Improvement | None = None,
    height: int | None = None,
) -> Chart:
    """The months that a signal rests on, with their limits and the target; the months alone where there are too few for
    limits.

    Parameters
    ----------
    question : of the measure and kind of the figure, for the whole partnership, as ``asked`` makes it.
    target, better : of ``aim``.
    height : pixels, for a wide page; None for as many as it needs.
    """
    span = plan.signal_span(subject, question)
    answer = results.answer(subject, question)
    control = over_time.control_chart(subject, question, span, target=target, better=better)
    if control.chart is not None:
        return control_charts.control_chart(control, answer, subject.events, height)
    long = replace(question, start=span.start, end=span.end, compare=None)
    by_month, rolling = (results.table(subject, long, by) for by in ("month", "rolling12"))
    return lines.monthly_line(by_month, rolling, answer, subject.events)


def asked(question: Question, figure: Followed) -> Question:
    """The question of a figure's months."""
    return replace(question, measure=figure.name, category=figure.category or None)


def aim(figure: Followed) -> tuple[float, Improvement] | tuple[None, None]:
    """The target of a point of a figure's months, and which side of it is better; None where there is none."""
    if figure.target is None or figure.signal is None:
        return None, None
    return figure.target.per_point(figure.signal.every), figure.target.direction


# Plans


def goes_on_from(found: tuple[Plan, ...], chosen: Plan, priority: Priority) -> str:
    """What a priority goes on from, with the plan's name; "" for nothing."""
    names = plan.continued(found, chosen, priority)
    earlier = plan.before(found, chosen)
    if not names or earlier is None:
        return ""
    return f"{wording.joined([f'‘{name}’' for name in names])} of the {earlier.label}"


def mapping(subject: Subject) -> dict[str, list[str]]:
    """How each plan goes on from the one before, as a table of words."""
    table = plan.mapping(plan.plans(subject))
    return {
        "Priority": table["priority_label"].tolist(),
        "Plan": [plan_id.replace("-", "\u2011") for plan_id in table["plan"]],  # a hyphen that no line breaks at
        "Led by": [lead or "several agencies" for lead in table["lead"]],
        "Goes on from (plan before)": ["; ".join(names) or "–" for names in table["continues"]],
        "Goes on in (plan after)": ["; ".join(names) or "–" for names in table["goes_on_in"]],
    }


def served(subject: Subject, plan_id: str, priority: str) -> dict[str, list[str]]:
    """The figures of a priority, and under which plans and priorities each is followed, as a table of words."""
    found = plan.plans(subject)
    table = subject.supplied("priority_figures")
    own = table[(table["plan"] == plan_id) & (table["priority"] == priority)].sort_values("order", kind="stable")
    keys = list(dict.fromkeys(zip(own["kind"], own["name"], own["category"], strict=True)))
    columns: dict[str, list[str]] = {"Figure": [plan.figure_label(subject, *key) for key in keys]}
    for each in reversed(found):
        names = {p.id: p.label for p in each.priorities}
        rows = table[table["plan"] == each.id]
        under: dict[tuple[str, ...], list[str]] = {}
        for name, *key in zip(rows["priority"], rows["kind"], rows["name"], rows["category"], strict=True):
            under.setdefault(tuple(key), []).append(names.get(name, name))
        columns[each.id] = ["; ".join(under.get(key, [])) or "not followed" for key in keys]
    return columns


# Updates


def quarters(subject: Subject, plan_id: str, priority: str) -> dict[str, str]:
    """Quarters with updates: name -> first month, the latest first."""
    return {words.quarter_words(first): first for first in plan.quarters(subject, plan_id, priority)}


def updates(subject: Subject, plan_id: str, priority: str, quarter: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Each of the four Ps -> (agency, summary)."""
    return plan.updates(subject, plan_id, priority, quarter)


def update_sources(subject: Subject, plan_id: str, priority: str, quarter: str) -> tuple[str, ...]:
    """Documents that the updates of a quarter come from."""
    table = subject.supplied("updates")
    rows = table[(table["plan"] == plan_id) & (table["priority"] == priority)]
    rows = rows[[f"{day:%Y-%m}" == quarter for day in rows["quarter"]]]
    return tuple(dict.fromkeys(source for source in rows["source"] if source))


# Funding and targets


@dataclass(frozen=True)
class Funding:
    sentence: str
    table: dict[str, list[str]]


def funding(subject: Subject, plan_id: str, priority: str) -> Funding:
    """Awards that serve a priority: a sentence, and a table with no rows where there are none."""
    rows = grants.awards_of(subject, plan_id, priority)
    table: dict[str, list[str]] = {
        "Project": rows["project"].tolist(),
        "Led by": [lead or "not stated" for lead in rows["lead"]],
        "Year": rows["year"].tolist(),
        "Pot": [pot or "none named" for pot in rows["pot"]],
        "Amount": [words.pounds(amount) for amount in rows["amount"]],
        "Source": [". ".join(filter(None, (s, n))) for s, n in zip(rows["source"], rows["note"], strict=True)],
    }
    if rows.empty:
        if grants.ledger(subject).empty:
            return Funding("This release has no ledger of grants. Add the table grants to its build.", table)
        return Funding("The ledger of grants names no award for this priority.", table)
    by_year = rows.groupby("year", sort=False)["amount"].agg(["sum", "size"])
    said = [
        f"{words.pounds(row['sum'])} in {year} ({int(row['size'])} {'project' if row['size'] == 1 else 'projects'})"
        for year, row in by_year.iterrows()
    ]
    return Funding(f"Awards for this priority: {wording.joined(said)}.", table)


def targets(told: Told) -> dict[str, list[str]]:
    """The figures with a target, as a table of words; no rows where there is none."""
    rows = [figure for figure in told.figures if figure.target]
    marks = [words.assurance_mark(figure) for figure in rows]
    return {
        "Figure": [figure.label for figure in rows],
        "Target": [words.target_words(f.target, _months_a_point(f), f.unit) for f in rows if f.target],
        "Next months": [mark.text for mark in marks],
        "Why": [mark.sentence for mark in marks],
        "Set by": [figure.target.source for figure in rows if figure.target],
    }


def _months_a_point(figure: Followed) -> int | None:
    """Months a point of a figure's control chart; None where it has none."""
    return figure.signal.every if figure.kind == "measure" and figure.signal else None
