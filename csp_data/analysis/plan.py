"""Community Safety Plans: their priorities, how one plan goes on from another, and the figures each priority is followed
by, each with its own period, area, source, change, signal and target.

A figure keeps its identity through changing plans: it is the same measure, indicator, survey question or partner figure
under every plan that names it. Counts come through ``analysis.results`` and partner figures through
``analysis.partner_figures``, so after the disclosure gateway; a signal on a series with a withheld month is withheld.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from csp_data.analysis import control_charts, indicators, over_time, partner_figures, periods, results, survey
from csp_data.analysis.change import SMALLEST_BASE, changes
from csp_data.analysis.control_charts import Assurance, Improvement
from csp_data.analysis.disclosure import NOT_COUNTS
from csp_data.analysis.periods import Span
from csp_data.analysis.rates import proportion
from csp_data.analysis.results import Answer, Question, QuestionError
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, descendants
from csp_data.catalogue.indicators import INDICATORS
from csp_data.catalogue.measures import MEASURES, measure_named

Kind = Literal["measure", "indicator", "survey", "partner figure"]
KINDS: tuple[str, ...] = get_args(Kind)

SIGNAL_MONTHS = 36
"""Months whose usual ups and downs a signal is judged by."""
ENGLAND = "England"

# Plans


@dataclass(frozen=True)
class Priority:
    """A priority of one plan. ``continues`` are ids of priorities of the plan before."""

    id: str
    label: str
    order: int
    lead: str
    programmes: tuple[str, ...]
    continues: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Plan:
    """A Community Safety Plan with its priorities in order. ``start`` and ``end`` are months."""

    id: str
    label: str
    start: str
    end: str
    adopted: date | None
    priorities: tuple[Priority, ...]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def priority(self, id: str) -> Priority:
        """Raises KeyError naming those that exist."""
        for priority in self.priorities:
            if priority.id == id:
                return priority
        raise KeyError(
            f"{self.label} has no priority '{id}'. Choose one of: {', '.join(p.id for p in self.priorities)}."
        )


def plans(subject: Subject) -> tuple[Plan, ...]:
    """The plans of the release, the latest first; none when it has no dataset ``priorities``."""
    table = subject.supplied("priorities")
    found = [_plan(str(id), rows) for id, rows in table.groupby("plan", sort=False)]
    return tuple(sorted(found, key=lambda plan: (plan.start, plan.id), reverse=True))


def _plan(id: str, rows: pd.DataFrame) -> Plan:
    first = rows.iloc[0]
    ordered = rows.sort_values(["priority_order", "programme_order"], kind="stable")
    return Plan(
        id=id,
        label=str(first["plan_label"]),
        start=f"{first['plan_from']:%Y-%m}",
        end=f"{first['plan_to']:%Y-%m}",
        adopted=None if pd.isna(first["adopted"]) else first["adopted"].date(),
        priorities=tuple(_priority(str(name), group) for name, group in ordered.groupby("priority", sort=False)),
    )


def _priority(id: str, rows: pd.DataFrame) -> Priority:
    first = rows.iloc[0]
    return Priority(
        id=id,
        label=str(first["priority_label"]),
        order=int(first["priority_order"]),
        lead=next((lead for lead in rows["lead"] if lead), ""),
        programmes=tuple(programme for programme in rows["programme"] if programme),
        continues=tuple(
            dict.fromkeys(part.strip() for cell in rows["continues"] for part in cell.split(";") if part.strip())
        ),
        source=str(first["source"]),
    )


def current(found: tuple[Plan, ...], month: str) -> Plan | None:
    """The plan that holds a month, the latest where two do; else the last that had begun by then; else the first."""
    begun = [plan for plan in found if plan.start <= month]
    holding = [plan for plan in begun if month <= plan.end]
    return next(iter([*holding, *begun, *reversed(found)]), None)


def before(found: tuple[Plan, ...], plan: Plan) -> Plan | None:
    """The plan before another; None for the first."""
    return next((other for other in found if other.start < plan.start), None)


def continued(found: tuple[Plan, ...], plan: Plan, priority: Priority) -> tuple[str, ...]:
    """Names, in the plan before, of the priorities that this one goes on with; an id that the plan before does not have
    is given as it is."""
    earlier = before(found, plan)
    labels = {p.id: p.label for p in earlier.priorities} if earlier else {}
    return tuple(labels.get(id, id) for id in priority.continues)


def mapping(found: tuple[Plan, ...]) -> pd.DataFrame:
    """How each plan goes on from the one before: a row a priority of every plan, the latest plan first.

    Returns
    -------
    ``plan``, ``plan_label``, ``priority``, ``priority_label``, ``lead`` ("" when none leads), ``continues`` (names in the
    plan before, a tuple) and ``goes_on_in`` (names in the plan after, a tuple).
    """
    rows = []
    for place, plan in enumerate(found):
        later = found[place - 1] if place else None
        for priority in plan.priorities:
            after = later.priorities if later else ()
            rows.append(
                {
                    "plan": plan.id,
                    "plan_label": plan.label,
                    "priority": priority.id,
                    "priority_label": priority.label,
                    "lead": priority.lead,
                    "continues": continued(found, plan, priority),
                    "goes_on_in": tuple(p.label for p in after if priority.id in p.continues),
                }
            )
    columns = ["plan", "plan_label", "priority", "priority_label", "lead", "continues", "goes_on_in"]
    return pd.DataFrame(rows, columns=columns)


# Figures


@dataclass(frozen=True)
class Target:
    """What was set for a figure. ``per`` is "month", "12 months" or "" (for the figure as it stands)."""

    value: float
    per: str
    direction: Improvement
    source: str

    def per_point(self, every: int) -> float:
        """The target for so many months: the even share of one for 12 months, or for no length given."""
        return self.value * every / {"month": 1, "quarter": 3}.get(self.per, 12)


@dataclass(frozen=True)
class Point:
    """A figure of one period, for a small trend. ``end`` is its last month; ``value`` None where there is none."""

    label: str
    end: str
    value: float | None
    status: str


@dataclass(frozen=True)
class Signal:
    """What a control chart says of the latest month, or Fingertips' recent trend of the latest year.

    ``direction``: "high", "low", "none" (the usual ups and downs) or "" where no signal can be given, for ``reason``.
    ``type`` and ``words`` as in ``control_charts.ControlChart``; ``period`` the point judged; ``over`` the months the
    limits rest on; ``mean``, ``lower`` and ``upper`` the process limits, in the unit of the figure a month (or quarter).
    """

    direction: Literal["high", "low", "none", ""]
    kind: Literal["control chart", "recent trend"] = "control chart"
    type: str = ""
    words: str = ""
    period: str = ""
    over: str = ""
    every: int = 1
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Followed:
    """One figure that a priority is followed by. Numbers that are withheld or missing are None; ``status`` and
    ``reason`` say which and why. ``start`` and ``end`` are days ("2025-04-01"), "" when not known."""

    kind: Kind
    name: str
    category: str
    label: str
    unit: str
    status: str
    reason: str = ""
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    numerator: float | None = None
    base: float | None = None
    period: str = ""
    start: str = ""
    end: str = ""
    area: str = ""
    own_area: bool = True
    agency: str = ""
    source: str = ""
    previous: float | None = None
    previous_period: str = ""
    change: float | None = None
    """In the unit of the figure; percentage points for a percentage."""
    change_lower: float | None = None
    change_upper: float | None = None
    verdict: str = ""
    """How the figure stands to the previous one by a test: "higher", "lower", "similar"; "" when not tested."""
    untested: str = ""
    """Why there is no test, where there is a previous figure."""
    compared: float | None = None
    """England's figure of the same period, for an indicator."""
    compared_verdict: str = ""
    answer: Answer | None = None
    """For a measure: the whole answer."""
    trend: tuple[Point, ...] = ()
    signal: Signal | None = None
    target: Target | None = None
    assurance: Assurance = ""
    polarity: str = "neither"
    note: str = ""
    plans: tuple[str, ...] = ()
    """Ids of the plans that follow a priority by this figure, the first first."""
    place: int = 0
    """Its place under the priority."""


def followed(
    subject: Subject, plan: str, priority: str, question: Question, kinds: Collection[str] = KINDS
) -> tuple[Followed, ...]:
    """The figures a priority is followed by, in order.

    Parameters
    ----------
    question : gives the months, comparison and role for the measures. The other kinds come with periods of their own, so
        that only its role changes them.
    kinds : only figures of these kinds.
    """
    found: list[Followed] = []
    serving = served(subject)
    for row in _named(subject, plan, priority):
        if row["kind"] in kinds:
            key = (row["kind"], row["name"], row["category"])
            made = _MAKERS[row["kind"]](subject, row, question)
            found += [replace(one, plans=serving[key], place=int(row["order"])) for one in made]
    return tuple(found)


def _named(subject: Subject, plan: str, priority: str) -> list[dict[str, Any]]:
    """The rows that name the figures of a priority, in order."""
    table = subject.supplied("priority_figures")
    mine = [a == plan and b == priority for a, b in zip(table["plan"], table["priority"], strict=True)]
    return sorted(table[np.array(mine, dtype=bool)].to_dict("records"), key=lambda row: row["order"])


def served(subject: Subject) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(kind, name, category) of a figure -> ids of the plans with a priority followed by it, the first first."""
    table, plans_ = subject.supplied("priority_figures"), subject.supplied("priorities")
    start = dict(zip(plans_["plan"], plans_["plan_from"], strict=True))
    found: dict[tuple[str, str, str], set[str]] = {}
    for plan, *key in zip(table["plan"], table["kind"], table["name"], table["category"], strict=True):
        found.setdefault((key[0], key[1], key[2]), set()).add(plan)
    order = sorted(start, key=lambda id: start[id])
    return {key: tuple(id for id in order if id in its) for key, its in found.items()}


def figure_label(subject: Subject, kind: str, name: str, category: str) -> str:
    """What a figure is called, without asking for its value."""
    if kind == "measure":
        return (
            CATEGORIES[category].label if category in CATEGORIES else MEASURES[name].label if name in MEASURES else name
        )
    if kind == "indicator":
        if name in INDICATORS:
            return INDICATORS[name].label
        rows = subject.supplied("indicators")
        return next(iter(rows.loc[rows["indicator"] == name, "label"]), name)
    dataset, column, label = (
        ("survey", "question", "question_text") if kind == "survey" else ("partner_figures", "figure", "label")
    )
    rows = subject.supplied(dataset)
    return next(iter(rows.loc[rows[column] == name, label]), name)


def _target(row: dict[str, Any], polarity: str) -> Target | None:
    if pd.isna(row["target"]):
        return None
    said = str(row["target_direction"]).lower() or polarity
    direction: Improvement = "decrease" if said in _DOWN else "increase" if said in _UP else "neutral"
    return Target(float(row["target"]), str(row["target_per"]), direction, str(row["target_source"]))


_DOWN = ("decrease", "lower", "lower is better", "below", "at most", "down", "fewer", "less")
_UP = ("increase", "higher", "higher is better", "above", "at least", "up", "more")


# Measures


def _measure(subject: Subject, row: dict[str, Any], question: Question) -> list[Followed]:
    category = row["category"] or None
    label = figure_label(subject, "measure", row["name"], row["category"])
    try:
        measure = measure_named(row["name"])
    except KeyError as error:
        return [Followed("measure", row["name"], row["category"], label, "", "missing", str(error.args[0]))]
    target = _target(row, measure.polarity)
    named = Followed(
        "measure",
        measure.id,
        row["category"],
        label,
        measure.plural,
        "missing",
        polarity=measure.polarity,
        target=target,
    )
    asked = replace(question, measure=measure.id, category=category, area=None, vintage=None, per="count")
    reason = _not_held(subject, asked)
    if reason:
        return [replace(named, reason=reason)]
    try:
        answer = results.answer(subject, asked)
    except QuestionError as error:
        return [replace(named, reason=str(error))]
    control = over_time.control_chart(subject, asked, signal_span(subject, asked))
    signal = _signal(control)
    return [
        replace(
            named,
            status=answer.value_status,
            reason=answer.reason,
            value=answer.value,
            lower=answer.lower,
            upper=answer.upper,
            period=answer.period,
            start=f"{answer.period_start}-01",
            end=_last_day(answer.period_end),
            area=answer.area_name,
            agency=answer.source,
            source=answer.source,
            previous=answer.compare_value,
            previous_period=answer.compare_period,
            change=answer.percent_change,
            change_lower=answer.percent_lower,
            change_upper=answer.percent_upper,
            verdict=answer.verdict,
            untested=answer.change_reason,
            answer=answer,
            trend=_points(control),
            signal=signal,
            assurance=_assurance(signal, target),
        )
    ]


def _not_held(subject: Subject, asked: Question) -> str:
    """Why a line has no figure here although the release has counts; "" when it has, or the role may not know. Without
    this a line that a source does not use would read as none."""
    category = asked.category
    if not subject.release.has(measure_named(asked.measure).dataset) or category is None:
        return ""
    if category not in CATEGORIES:
        return f"There is no kind '{category}'."
    present = set(results.lines(subject, asked.measure, asked.role))
    if present & {category, *descendants(category)}:
        return ""
    return f"The source does not give {CATEGORIES[category].label.lower()} as a line of its own."


def signal_span(subject: Subject, asked: Question) -> Span:
    """The months up to the end of the period, from the first that is held of the last ``SIGNAL_MONTHS``."""
    last = periods.month_number(asked.end)
    held = [m for m in subject.months(asked.measure) if last - SIGNAL_MONTHS < periods.month_number(m) <= last]
    return Span(min([*held, asked.end]), asked.end)


def _points(control: over_time.Control) -> tuple[Point, ...]:
    """The months, or quarters where those are charted, for a small trend."""
    if control.chart and control.every == 3:
        named = [_quarter(month) for month in control.chart.points["month"]]
        values = zip(control.chart.points["month"], named, control.chart.points["value"], strict=True)
    else:
        known = control.months.values
        values = zip(known.index, [Span(month, month) for month in known.index], known, strict=True)
    return tuple(
        Point(span.label, span.end, _number(value), "missing" if pd.isna(value) else "available")
        for _, span, value in values
    )


def _quarter(month: str) -> Span:
    return Span(month, periods.month_text(periods.month_number(month) + 2))


def _signal(control: over_time.Control) -> Signal:
    """What the control chart says of its latest point."""
    if control.chart is None:
        return Signal("", reason=control.reason)
    chart, unit = control.chart, "months" if control.every == 1 else "quarters"
    latest = chart.latest
    if latest is None:
        return Signal("", every=control.every, reason="There is no complete month to judge.")
    if latest["short_group"]:
        reason = f"A signal needs {control_charts.TRIAL_BELOW} {unit}; there are fewer."
        return Signal("", every=control.every, reason=reason)
    if latest["no_variation"]:
        reason = f"The {unit} do not vary, so there are no limits to judge by."
        return Signal("", every=control.every, reason=reason)
    month = str(latest["month"])
    type_ = str(latest["point_type"])
    return Signal(
        direction="none" if type_ == "common_cause" else _side(str(latest["special_cause"])),
        type=type_,
        words=str(latest["words"]),
        period=(Span(month, month) if control.every == 1 else _quarter(month)).label,
        over=control.months.span.label,
        every=control.every,
        mean=float(latest["mean"]),
        lower=float(latest["lpl"]),
        upper=float(latest["upl"]),
    )


def _assurance(signal: Signal, target: Target | None) -> Assurance:
    """Whether a process that stays between its limits would meet the target month after month."""
    if target is None or signal.lower is None or signal.upper is None:
        return ""
    return control_charts.assurance(target.per_point(signal.every), signal.lower, signal.upper, target.direction)


def _side(cause: str) -> Literal["high", "low"]:
    """Whether a special cause is up or down."""
    return "high" if any(word in cause for word in ("Above", "Increasing")) else "low"


# Indicators


def _indicator(subject: Subject, row: dict[str, Any], question: Question) -> list[Followed]:
    entry = INDICATORS.get(row["name"])
    label = figure_label(subject, "indicator", row["name"], "")
    polarity = indicators.polarity_of(row["name"])
    named = Followed(
        "indicator", row["name"], row["category"], label, entry.unit if entry else "", "missing",
        "This release does not hold the indicator.", polarity=polarity, target=_target(row, polarity),
    )  # fmt: skip
    table = subject.supplied("indicators")
    rows = table[table["indicator"] == row["name"]]
    if rows.empty:
        return [named]
    rule = subject.release.extract("indicators").get("disclosure", "rounded")
    found = indicators.published(indicators.shown(rows, rule, question.role), subject.partnership).get(row["name"])
    if found is None:
        return [named]
    latest = found.latest
    given = [point for point in found.series if point.status != "missing"]
    earlier = given[-2] if len(given) > 1 else None
    value, previous = _number(latest.value), _number(earlier.value) if earlier else None
    trend = indicators.trend_of(found.series)
    held = next((one for one in found.comparisons() if one.name == ENGLAND), None)
    directions: dict[str, Literal["high", "low", "none", ""]] = {"increasing": "high", "decreasing": "low"}
    return [
        replace(
            named,
            label=found.label,
            unit=latest.unit or named.unit,
            status=latest.status,
            reason="" if latest.status == "available" else latest.note or "The publisher gives no figure.",
            value=value,
            lower=_number(latest.lower),
            upper=_number(latest.upper),
            period=latest.period,
            start=f"{latest.start}-01",
            end=_last_day(latest.end),
            area=found.area_name,
            own_area=found.area in (subject.partnership.csp_code, *subject.partnership.districts),
            agency=latest.source,
            source=latest.source,
            previous=previous,
            previous_period=earlier.period if earlier and previous is not None else "",
            change=value - previous if value is not None and previous is not None else None,
            untested="The publisher gives no test of this change." if previous is not None else "",
            compared=_number(held.value) if held and value is not None else None,
            compared_verdict=held.verdict if held else "",
            trend=tuple(Point(one.period, one.end, _number(one.value), one.status) for one in found.series),
            signal=Signal(
                "" if trend.marker == "cannot be calculated" else directions.get(trend.marker, "none"),
                kind="recent trend",
                words=str(trend.marker),
                period=latest.period,
                over="five latest figures",
                reason=trend.reason,
            ),
            note=latest.note if latest.status == "available" else "",
        )
    ]


# Surveys


def _survey(subject: Subject, row: dict[str, Any], question: Question) -> list[Followed]:
    """A figure for each survey that asks the question: different ways of asking are never joined."""
    table = subject.supplied("survey")
    asked = table[table["question"] == row["name"]]
    if asked.empty:
        missing = "This release does not hold the survey question."
        return [Followed("survey", row["name"], row["category"], row["name"], "%", "missing", missing)]
    target = _target(row, "neither")
    found = [
        replace(_survey_figure(rows), category=row["category"], target=target, area=subject.partnership.short_name)
        for _, rows in asked.groupby("survey", sort=False)
    ]
    return sorted(found, key=lambda figure: figure.end or figure.period, reverse=True)


def _survey_figure(rows: pd.DataFrame) -> Followed:
    """The main answer of the latest wave: the first sum of answers, else the commonest answer."""
    waves = sorted(set(rows["wave"]))
    now = rows[rows["wave"] == waves[-1]]
    nets = now[now["option_role"] == "net"].sort_values("option_order")
    answers = now[now["option_role"] == "answer"]
    share = [_share(option) for option in answers.to_dict("records")]
    if len(nets):
        main = nets.iloc[0].to_dict()
    elif len(answers):
        main = answers.iloc[int(np.argmax([-1 if one is None else one for one in share]))].to_dict()
    else:
        main = now.iloc[0].to_dict()
    of_option = rows[rows["option"] == main["option"]].sort_values("wave").to_dict("records")
    points = tuple(_survey_point(option) for option in of_option)
    base = float(main["base"])
    hidden = survey.base_rule(base) == "hidden" and base > 0
    value = None if hidden else _share(main)
    lower = upper = None
    if value is not None and base > 0:
        n = _number(main["effective_base"]) or base
        counted = _number(main["count"])
        if counted is not None or _number(main["weighted_share"]) is not None:
            _, low, high = proportion([value / 100 * n], [n])
            lower, upper = 100 * float(low[0]), 100 * float(high[0])
    figure = Followed(
        "survey",
        str(main["question"]),
        "",
        f"{main['question_text'].rstrip('.')} – {main['option_label']}",
        "%",
        "withheld" if hidden else "available" if value is not None else "missing",
        reason=f"Fewer than {survey.SMALLEST_SHOWN} people were asked."
        if hidden
        else ""
        if value is not None
        else "The return gives no count.",
        value=value,
        lower=lower,
        upper=upper,
        numerator=None if hidden else _number(main["count"]),
        base=base or None,
        period=_collected(main),
        start=_day(main["collected_from"]),
        end=_day(main["collected_to"]) or _day(main["collected_from"]),
        agency=str(main["survey_label"]),
        source=f"{main['survey_label']}, {main['mode']}, {main['sample']} sample",
        trend=points,
        note=_survey_note(main, hidden),
    )
    return _with_wave_before(figure, main, of_option[-2] if len(of_option) > 1 else None)


def _survey_note(main: dict[str, Any], hidden: bool) -> str:
    said = []
    if not hidden and survey.base_rule(float(main["base"])) == "small base":
        said.append(f"Small base: under {survey.SMALL_BASE_BELOW} people.")
    if main["sample"] == "self-selected":
        said.append(survey.SELF_SELECTED)
    return " ".join(filter(None, [*said, main["note"]]))


def _with_wave_before(figure: Followed, main: dict[str, Any], earlier: dict[str, Any] | None) -> Followed:
    """The change from the wave before, by Newcombe's test where both waves have counts and were asked alike."""
    if earlier is None or figure.value is None or survey.base_rule(float(earlier["base"])) == "hidden":
        return figure
    previous = _share(earlier)
    if previous is None or earlier["mode"] != main["mode"]:
        return figure
    figure = replace(
        figure, previous=previous, previous_period=str(earlier["wave_label"]), change=figure.value - previous
    )
    counts = [_number(one["count"]) for one in (main, earlier)]
    if None in counts or main["question_text"] != earlier["question_text"]:
        return replace(figure, untested="Not tested: a wave has no counts, or the wording changed.")
    tested = survey.change(int(counts[0] or 0), int(main["base"]), int(counts[1] or 0), int(earlier["base"]))
    return replace(
        figure,
        change=tested.points,
        change_lower=tested.lower,
        change_upper=tested.upper,
        verdict=tested.verdict,
    )


def _survey_point(option: dict[str, Any]) -> Point:
    hidden = survey.base_rule(float(option["base"])) == "hidden" and float(option["base"]) > 0
    value = None if hidden else _share(option)
    status = "withheld" if hidden else "missing" if value is None else "available"
    end = _day(option["collected_to"]) or _day(option["collected_from"])
    return Point(str(option["wave_label"]), end[:7], value, status)


def _share(option: dict[str, Any]) -> float | None:
    """Percent that chose an option: weighted, else from its count, else as printed."""
    weighted, count, base = _number(option["weighted_share"]), _number(option["count"]), float(option["base"])
    if weighted is not None:
        return 100 * weighted
    if count is not None and base > 0:
        return 100 * count / base
    printed = str(option["printed"]).rstrip("%")
    return float(printed) if printed else None


def _collected(main: dict[str, Any]) -> str:
    return str(main["wave_label"])


# Partner figures


def _partner_figure(subject: Subject, row: dict[str, Any], question: Question) -> list[Followed]:
    rows = partner_figures.figures(subject, question.role, figure=row["name"])
    target = _target(row, "neither")
    if rows.empty:
        missing = "This release does not hold the figure."
        return [Followed("partner figure", row["name"], row["category"], row["name"], "", "missing", missing)]
    rows = rows[rows["own_area"]] if rows["own_area"].any() else rows
    rows = rows[rows["area_name"] == rows["area_name"].iloc[0]]
    latest = rows.iloc[0].to_dict()
    value, previous = _number(latest["value"]), _number(latest["before"])
    figure = Followed(
        "partner figure",
        row["name"],
        row["category"],
        str(latest["label"]),
        str(latest["unit"]),
        str(latest["value_status"]),
        str(latest["reason"]),
        value=value,
        numerator=_number(latest["numerator"]),
        base=_number(latest["base"]),
        period=days_words(latest["period_start"], latest["period_end"]),
        start=_day(latest["period_start"]),
        end=_day(latest["period_end"]),
        area=str(latest["area_name"]),
        own_area=bool(latest["own_area"]),
        agency=str(latest["agency"]),
        source=str(latest["source"]),
        target=target,
        note=str(latest["note"]),
        trend=tuple(
            Point(days_words(one["period_start"], one["period_end"]), _day(one["period_end"])[:7], _number(one["value"]),
                  str(one["value_status"]))
            for one in reversed(rows.to_dict("records"))
        ),
    )  # fmt: skip
    before_period = str(latest["before_period"])
    if previous is None:
        previous, before_period = _year_before(rows, latest)
    if value is None or previous is None:
        return [figure]
    found = _change_of_counts(value, previous, figure.unit)
    return [replace(figure, **found, previous=previous, previous_period=before_period)]


def _year_before(rows: pd.DataFrame, latest: dict[str, Any]) -> tuple[float | None, str]:
    """The figure of the same days a year before, where the agency reported it then."""
    start, end = (latest[name] - pd.DateOffset(years=1) for name in ("period_start", "period_end"))
    same = rows[(rows["period_start"] == start) & (rows["period_end"] == end)]
    if same.empty:
        return None, ""
    return _number(same["value"].iloc[0]), days_words(start, end)


def _change_of_counts(value: float, previous: float, unit: str) -> dict[str, Any]:
    """The change between two reported figures; tested only where both are counts."""
    if unit.startswith(NOT_COUNTS) or value != round(value) or previous != round(previous):
        return {"change": value - previous, "untested": "Not tested: the figure is no count."}
    found = changes(value, previous)
    if previous < SMALLEST_BASE:
        return {
            "verdict": str(found.verdict[0]),
            "untested": f"No percentage is given on a base of under {SMALLEST_BASE}.",
        }
    return {
        "change": float(found.percent[0]),
        "change_lower": float(found.lower[0]),
        "change_upper": float(found.upper[0]),
        "verdict": str(found.verdict[0]),
    }


_MAKERS = {"measure": _measure, "indicator": _indicator, "survey": _survey, "partner figure": _partner_figure}


# Mixed periods and areas


@dataclass(frozen=True)
class Mixture:
    """The periods and areas of the figures on a page: each with how many figures are for it, the commonest first."""

    periods: tuple[tuple[str, int], ...]
    areas: tuple[tuple[str, int], ...]
    elsewhere: tuple[str, ...]
    """Areas that are not the partnership's own."""

    @property
    def mixed(self) -> bool:
        return len(self.periods) > 1 or bool(self.elsewhere)


def mixture(found: Iterable[Followed]) -> Mixture:
    """Which periods and areas a page's figures are for. Figures with no period or area, because they are missing, do not
    count; a figure shown twice counts once."""
    shown = {(f.kind, f.name, f.category, f.period, f.area): f for f in found if f.period and f.area}.values()
    spans: dict[str, int] = {}
    areas: dict[str, int] = {}
    for figure in shown:
        spans[figure.period] = spans.get(figure.period, 0) + 1
        areas[figure.area] = areas.get(figure.area, 0) + 1
    return Mixture(
        periods=tuple(sorted(spans.items(), key=lambda item: -item[1])),
        areas=tuple(sorted(areas.items(), key=lambda item: -item[1])),
        elsewhere=tuple(dict.fromkeys(figure.area for figure in shown if not figure.own_area)),
    )


# Quarterly updates


def quarters(subject: Subject, plan: str, priority: str) -> list[str]:
    """First months of the quarters that a priority has updates for, the latest first."""
    table = subject.supplied("updates")
    rows = table[(table["plan"] == plan) & (table["priority"] == priority)]
    return sorted({f"{quarter:%Y-%m}" for quarter in rows["quarter"]}, reverse=True)


def updates(subject: Subject, plan: str, priority: str, quarter: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Each of the four Ps -> (agency, summary) in order; empty where a P has no update."""
    table = subject.supplied("updates")
    rows = table[(table["plan"] == plan) & (table["priority"] == priority)]
    rows = rows[[f"{day:%Y-%m}" == quarter for day in rows["quarter"]]].sort_values("order", kind="stable")
    return {
        p: tuple(
            (agency, text) for agency, text, of in zip(rows["agency"], rows["text"], rows["p"], strict=True) if of == p
        )
        for p in FOUR_PS
    }


FOUR_PS: dict[str, str] = {
    "prepare": "be ready for what may come",
    "protect": "make people and places safer",
    "prevent": "stop people being drawn into crime",
    "pursue": "bring offenders to justice",
}
"""The four Ps, and what each means."""


# Small parts


def _number(value: Any) -> float | None:
    return None if value is None or value == "" or pd.isna(value) else float(value)


def _day(value: Any) -> str:
    return "" if value is None or value == "" or pd.isna(value) else f"{value:%Y-%m-%d}"


def _last_day(month: str) -> str:
    following = periods.month_number(month) + 1
    return (pd.Timestamp(f"{periods.month_text(following)}-01") - pd.Timedelta(days=1)).strftime("%Y-%m-%d")


def days_words(start: Any, end: Any) -> str:
    """A period of days in words: as months where it begins on the first and ends on the last of one."""
    first, last = _day(start), _day(end)
    if first and last and first.endswith("-01") and last == _last_day(last[:7]):
        return Span(first[:7], last[:7]).label
    if first == last:
        return _date_words(first)
    return f"{_date_words(first)} to {_date_words(last)}"


def _date_words(day: str) -> str:
    if not day:
        return "date not given"
    return f"{int(day[8:])} {periods.month_label(day[:7])}"
