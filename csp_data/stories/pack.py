"""What a pack for a meeting holds, as data without a format: sheets of a message, charts, tables and sentences.

Every chart, table and sentence is made by the same functions of ``stories`` as on the pages, for the same role, so that a
pack shows what the screen shows, to the digit, and holds back what the screen holds back. Slides, paper, letters and
workbooks are made from this one description.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, cast

from csp_data.analysis import results
from csp_data.analysis.disclosure import ROLES
from csp_data.analysis.periods import (
    Span,
    month_label,
    month_number,
    month_text,
    present,
    previous_year,
    rolling_12,
    runs,
    stretches_of,
)
from csp_data.analysis.plan import FOUR_PS, Plan, Priority, current
from csp_data.analysis.results import Question, QuestionError
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import MEASURES
from csp_data.extracts.meetings import Kept
from csp_data.figures import followed, maps, wording
from csp_data.figures import plan as words
from csp_data.figures.chart import Chart, NoChart
from csp_data.stories import (
    breakdown,
    compared,
    meeting,
    overview,
    priorities,
    survey,
    treatment,
    trends,
    ward_profile,
)
from csp_data.stories import wards_compared as wards
from csp_data.stories.priorities import Told

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MONTHS_IN_SHORT = 60
"""Months of a trend in a short pack at most."""
ROWS_OF_ALL, MOST_OF_PRIORITY = 8, 3
"""Figures in a short pack, where all priorities share a page, and of a priority that has its own."""
TOP_WARDS = 5
LOW_CHART = 180
"""Pixels of the chart of a priority in a short pack, so that its page has room for words and a table."""
LINES_OF_UPDATES = 14
"""Lines that the updates of a priority may take in a short pack, so that it stays on its page."""
ROLE_WORDS = {"public": "Public", "partner": "Partner agencies", "analyst": "Analysts"}
_KINDS = {"decision": "Decision", "action": "Action", "note": "Note"}
NOT_FOR_ALL = "Not for publication: it may hold figures that the public does not see"


@dataclass(frozen=True)
class Choices:
    """What a pack is made of. ``plan`` by id, None for the one that holds the last month; ``to`` the last month of the
    12 ("2025-06"), None for the latest; ``priorities`` by id, all when empty; ``wards`` by code, of the newest ward set
    that holds them."""

    plan: str | None = None
    to: str | None = None
    priorities: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    role: str = "public"
    full: bool = False
    """Every table, chart and note that a pack can have, for analysts; else what a group reads at its meeting."""


@dataclass(frozen=True)
class Table:
    """A table of words: ``columns`` is heading -> cells, all of one length, never empty; the first column holds the
    headings of the rows. ``numbers`` are the headings to be set flush right."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...] = ()

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return list(zip(*self.columns.values(), strict=True))


@dataclass(frozen=True)
class Update:
    """What agencies did under one of the four Ps; ``said`` is pairs of agency and summary."""

    heading: str
    meaning: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """One subject of a pack. ``title`` is its message, ``section`` what it is about, ``cautions`` what must be read
    first; ``quarter`` is what the updates are of; ``notes`` and ``sources`` stand at its foot."""

    section: str
    title: str
    sentences: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    updates: tuple[Update, ...] = ()
    quarter: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def of_updates(self) -> str:
        """The heading of the updates."""
        return f"What agencies did, {self.quarter}"


@dataclass(frozen=True, eq=False)
class Pack:
    """A pack. ``status`` is the release's ("published", "demonstration"…) and ``notice`` what must stand on every page
    because of it; ``data_dates`` and ``filters`` are short lines for every page; ``overview`` is the data on a page."""

    partnership: str
    name: str
    title: str
    period: str
    status: str
    notice: str
    release: str
    made: str
    data_dates: str
    filters: str
    role: str
    sheets: tuple[Sheet, ...]
    overview: Sheet | None
    full: bool = False

    @property
    def footer(self) -> tuple[str, ...]:
        """The lines at the foot of every page: whose, which state, which data and what was chosen."""
        state = self.notice or f"Status: {self.status}"
        return (
            f"{self.name}. {state}.",
            f"{self.data_dates} Data release of {self.release} ({self.status}).",
            self.filters,
        )


Progress = Callable[[str, float], None]
"""Told what is being made and which share of the work is done, from 0 to 1."""


def pack(
    subject: Subject,
    choices: Choices = Choices(),
    progress: Progress | None = None,
    record: Kept | None = None,
    page: bool = False,
) -> Pack:
    """The contents of a pack.

    Parameters
    ----------
    record : what was said at meetings about the release; shown to partners and analysts only.
    page : the data on a page alone, without the other sheets.

    Raises
    ------
    QuestionError
        When the release has no such month, plan, priority or ward, or there is no such role; tells which there are.
    """
    asked = _Asked(subject, choices, record)
    makers = [] if page else asked.makers()
    sheets: list[Sheet] = []
    for number, (what, make) in enumerate(makers):
        if progress:
            progress(what, number / len(makers))
        sheets += make()
    release = subject.release
    own = subject.partnership
    return Pack(
        partnership=own.id,
        name=own.name,
        title=f"{own.short_name}: community safety pack",
        period=asked.span.label,
        status=release.status,
        notice=release.notice,
        release=wording.release_words(release.id),
        made=str(release.manifest.get("built_at", "")),
        data_dates=_data_dates(subject),
        filters=asked.filters(),
        role=choices.role,
        sheets=_said_once(sheets, choices.full) if sheets else (),
        overview=asked.overview(full=True) if asked.plan else None,
        full=choices.full,
    )


OVERVIEW = "Data on a page"
MEETINGS = "Meetings"
NOTES = "Methods, dates and sources"


def latest_months(subject: Subject) -> tuple[str, ...]:
    """The months that a pack may end with, the latest first."""
    held = {month for measure in subject.measures() for month in subject.months(measure)}
    return tuple(sorted(held, reverse=True))


class _Asked:
    """The choices, checked against the release, and the sheets they ask for."""

    def __init__(self, subject: Subject, choices: Choices, record: Kept | None = None):
        self.subject, self.choices, self.role, self.full = subject, choices, choices.role, choices.full
        self.record = record if record and choices.role != "public" else Kept()
        self._told: dict[str, Told] = {}
        if choices.role not in ROLES:
            raise QuestionError(f"There is no role '{choices.role}'. Choose one of: {', '.join(ROLES)}.")
        self.measures = tuple(subject.measures())
        self.to = self._month()
        self.span = self._period()
        self.plans = priorities.plans(subject)
        self.plan = self._plan()
        self.priorities = self._priorities()
        self.wards = tuple(self._ward(code) for code in choices.wards)
        self.vintage = subject.partnership.vintages[-1].id if subject.partnership.vintages else None

    # Checking

    def _month(self) -> str:
        months = latest_months(self.subject)
        if not months:
            raise QuestionError("This release holds no month of crime or anti-social behaviour, so there is no pack.")
        to = self.choices.to or months[0]
        if to not in months:
            raise QuestionError(
                f"The data hold no month '{to}'. Choose one from {months[-1]} to {months[0]}, written like {months[0]}."
            )
        return to

    def _period(self) -> Span:
        """12 months to the last, or the latest unbroken run of months when that is shorter."""
        held = {month for measure in self.measures for month in self.subject.months(measure) if month <= self.to}
        run = runs(sorted(held))[-1]
        return rolling_12(self.to) if run.length >= 12 else run

    def _plan(self) -> Plan | None:
        if self.choices.plan is None:
            return current(self.plans, self.to)
        for plan in self.plans:
            if plan.id == self.choices.plan:
                return plan
        there = ", ".join(plan.id for plan in self.plans) or "none"
        raise QuestionError(f"There is no plan '{self.choices.plan}' in this release. There is: {there}.")

    def _priorities(self) -> tuple[Priority, ...]:
        of_plan = self.plan.priorities if self.plan else ()
        wanted = self.choices.priorities
        for id in wanted:
            if id not in {priority.id for priority in of_plan}:
                there = ", ".join(priority.id for priority in of_plan) or "none"
                label = self.plan.label if self.plan else "This release"
                raise QuestionError(f"{label} has no priority '{id}'. There is: {there}.")
        return tuple(priority for priority in of_plan if not wanted or priority.id in wanted)

    def _ward(self, code: str) -> tuple[str, str]:
        """Ward set, the newest that has it, and code."""
        for vintage in reversed(self.subject.partnership.vintages):
            if code in self.subject.wards[vintage.id]:
                return vintage.id, code
        raise QuestionError(
            f"{self.subject.partnership.short_name} has no ward '{code}'. The page Ward profile lists the codes of wards."
        )

    # Words

    def filters(self) -> str:
        """What was chosen, for the foot of every page."""
        every = self.plan is not None and len(self.priorities) == len(self.plan.priorities)
        chosen = "all priorities" if every else f"priorities: {wording.joined([p.label for p in self.priorities])}"
        names = [self.subject.wards[vintage][code] for vintage, code in self.wards]
        return (
            f"Shown: {self.subject.partnership.short_name}, {self.span.label}{self._against()}; "
            f"{f'{self.plan.label}, {chosen}' if self.plan else 'no plan'}; "
            f"wards: {wording.joined(names) if names else 'none chosen'}; for: {ROLE_WORDS[self.role].lower()}."
            f"{'' if self.role == 'public' else f' {NOT_FOR_ALL}.'}"
        )

    def _against(self) -> str:
        other = previous_year(self.span)
        if any(present(other, self.subject.months(measure)) == other.length for measure in self.measures):
            return f", compared with {other.label}"
        return f", not compared, because the data do not hold all of {other.label}"

    # Questions

    def question(self, measure: str, **changes: object) -> Question:
        return replace(
            Question(measure, self.span.start, self.span.end, compare="previous-year", role=self.role), **changes
        )

    def over(self, measure: str) -> Span:
        """The months of a trend: back to the last stretch of more than a year without any."""
        held = [month for month in self.subject.months(measure) if month <= self.span.end]
        if not held:
            return self.span
        first = min(stretches_of(held)[-1].start, self.span.start)
        return Span(first, self.span.end)

    def told(self, priority: Priority) -> Told:
        plan = self.plan.id if self.plan else ""
        if priority.id not in self._told:
            self._told[priority.id] = priorities.together(
                priorities.measured(self.subject, plan, priority.id, self.question(self.measures[0])),
                priorities.standing(self.subject, plan, priority.id, self.role),
            )
        return self._told[priority.id]

    # Sheets

    def makers(self) -> list[tuple[str, Callable[[], list[Sheet]]]]:
        """What is made, in order, each with its name."""
        found: list[tuple[str, Callable[[], list[Sheet]]]] = []
        if self.plan:
            found.append((OVERVIEW, lambda: [self.overview(self.full)]))
            found.append((MEETINGS, self._meetings))
            found += [(p.label, lambda p=p: [self._priority(p)]) for p in self.priorities]
        for measure in self.measures:
            found.append((MEASURES[measure].label, lambda m=measure: [self._trend(m), *self._types(m)]))
        if self.vintage:
            found.append(("Wards", self._wards if self.full else self._wards_in_short))
        for vintage, code in self.wards:
            name = self.subject.wards[vintage][code]
            found.append((name, lambda v=vintage, c=code: [self._profile(v, c)]))
        found.append(("Drug and alcohol treatment", self._treatment))
        found.append(("Other areas", self._compared))
        found.append(("Survey", self._survey))
        if not self.plan:
            found.append((MEETINGS, self._meetings))
        found.append((NOTES, lambda: [self._notes()]))
        return found

    def overview(self, full: bool) -> Sheet:
        """All priorities with their main figures; in short fewer of each, without intervals."""
        assert self.plan is not None
        most = overview.MOST_FIGURES if full else max(1, ROWS_OF_ALL // max(1, len(self.priorities)))
        shown = [(priority, overview.main_figures(self.told(priority), most)) for priority in self.priorities]
        # What changed is said of the same figures in both.
        told = [overview.main_figures(self.told(priority)) for priority in self.priorities]
        said = [line for line in (*overview.changes(told), overview.signals(told)) if line]
        mixed = words.mixture_words(
            priorities.mixture([each for _, each in shown]), self.subject.partnership.short_name
        )
        outside = words.outside_plan(self.plan, self.span.end)
        all_told = [self.told(priority) for priority in self.priorities]
        if any(len(some.rows) < len(each.rows) for (_, some), each in zip(shown, all_told, strict=True)):
            said.append("The main figures of each priority are shown; the page Priorities has all.")
        return Sheet(
            section=OVERVIEW,
            title=f"{self.plan.label}: {len(self.priorities)} "
            f"{'priority' if len(self.priorities) == 1 else 'priorities'} on a page",
            sentences=_plain(said),
            cautions=_plain([line for line in (mixed, outside) if line]),
            tables=tuple(
                Table(f"{priority.order}. {priority.label}", self._figures(each, intervals=full))
                for priority, each in shown
                if each.rows
            ),
            notes=_plain([words.KEY]),
            sources=_sources([each.source for _, one in shown for each in one.figures]),
        )

    def _figures(self, told: Told, intervals: bool) -> dict[str, tuple[str, ...]]:
        """The figures of a priority in few words."""

        def kept(text: str) -> str:
            return text if intervals else _INTERVAL.sub("", text)

        def when(row: priorities.Row) -> str:
            year = row.period == self.span.label and self.span.length == 12
            return f"Year to {wording.short_month(self.span.end)}" if year else words.short_period(row.period)

        return {
            "Figure": tuple(row.label for row in told.rows),
            "Latest": tuple(_joined(row.value, kept(row.basis)) for row in told.rows),
            "Change": tuple(kept(row.short_change) for row in told.rows),
            "Signal": tuple(
                row.signal.text.removesuffix(" over five years") if row.signal.letter else "–" for row in told.rows
            ),
            "Data for": tuple(_where(when(row), row.area, row.own_area) for row in told.rows),
        }

    def _priority(self, priority: Priority) -> Sheet:
        return self._priority_in_full(priority) if self.full else self._priority_in_short(priority)

    def _chart_of(self, told: Told) -> list[Chart]:
        """The figure that the priority is about, over time."""
        figure = meeting.main_figure(told)
        if figure is None:
            return []
        if figure not in priorities.measures(told):
            release = self.subject.release
            return _charts(lambda: followed.followed_bars(figure, release.id, release.status))
        question = priorities.asked(self.question(self.measures[0]), figure)
        height = None if self.full else LOW_CHART
        return _charts(lambda: priorities.months(self.subject, question, *priorities.aim(figure), height=height))

    def _priority_in_short(self, priority: Priority) -> Sheet:
        """A page: the message, a chart, the main figures with their signals, targets, and what agencies did."""
        assert self.plan is not None
        subject, plan = self.subject, self.plan
        told = self.told(priority)
        shown = overview.main_figures(told, MOST_OF_PRIORITY)
        drawn = self._chart_of(told)
        updates = meeting.latest_updates(subject, plan.id, priority.id, LINES_OF_UPDATES)
        aims = [f"Target: {wording.lowered(aim.label)}, {aim.target}: {aim.mark.text}." for aim in meeting.aims(told)]
        of = f"{len(shown.rows)} of {len(told.rows)} figures" if len(shown.rows) < len(told.rows) else "figures"
        lead = f"Led by {priority.lead}. " if priority.lead else ""
        return Sheet(
            section=f"Priority {priority.order} of {len(plan.priorities)}: {priority.label}",
            title=self._message(priority, told),
            sentences=_plain(
                [
                    meeting.message(told),
                    *(aims or ["No target is set for a figure of this priority."]),
                    f"{lead}{priorities.funding(subject, plan.id, priority.id).sentence}",
                    "" if updates else "There is no quarterly update in the release.",
                ]
            ),
            tables=(Table(f"{priority.label}: {of}", self._figures(shown, intervals=False)),) if shown.rows else (),
            charts=tuple(drawn),
            updates=tuple(Update(p.capitalize(), wording.capitalised(FOUR_PS[p]), said) for p, said in updates.said)
            if updates
            else (),
            quarter=updates.quarter if updates else "",
            notes=_plain(
                [
                    f"No update: {wording.joined(list(updates.none))}." if updates and updates.none else "",
                    "Updates are shortened; the page Priorities has them whole."
                    if updates and updates.shortened
                    else "",
                    words.KEY,
                    *([words.ASSURANCE_KEY] if aims else []),
                    *_of_figures(shown),
                ]
            ),
            sources=_sources([*(figure.source for figure in shown.figures), priority.source]),
        )

    def _priority_in_full(self, priority: Priority) -> Sheet:
        assert self.plan is not None
        subject, plan = self.subject, self.plan
        told = self.told(priority)
        drawn = self._chart_of(told)
        before = priorities.goes_on_from(self.plans, plan, priority)
        lead = f"Led by {priority.lead}." if priority.lead else "No single agency leads it: several share it."
        quarters = priorities.quarters(subject, plan.id, priority.id)
        updates, quarter_sources = self._updates(priority, quarters)
        funding = priorities.funding(subject, plan.id, priority.id)
        targets = priorities.targets(told)
        mixed = words.mixture_words(priorities.mixture([told]), subject.partnership.short_name)
        tables = [Table(f"{priority.label}: figures", _figures(told))] if told.rows else []
        if targets["Figure"]:
            kept = {name: tuple(cells) for name, cells in targets.items() if name != "Set by"}
            tables.append(Table("Targets, and whether they are likely to be met", kept))
        if funding.table["Project"]:
            money = {
                name: tuple(cell or "not stated" for cell in cells)
                for name, cells in funding.table.items()
                if name != "Source"
            }
            tables.append(Table("Awards for this priority", money, ("Amount",)))
        latest = next(iter(quarters), "")
        return Sheet(
            section=f"Priority {priority.order} of {len(plan.priorities)}: {priority.label}",
            title=self._message(priority, told),
            sentences=_plain(
                [
                    f"Priority {priority.order} of {len(plan.priorities)} in the {plan.label}. {lead}",
                    f"It goes on from {before}." if before else "",
                    funding.sentence,
                    "" if targets["Figure"] else "No target is set for a figure of this priority.",
                    f"Quarterly update: {latest}." if updates else "There is no quarterly update in the release.",
                ]
            ),
            cautions=_plain([mixed] if mixed else []),
            tables=tuple(tables),
            charts=tuple(drawn),
            updates=updates,
            quarter=latest,
            notes=_plain([words.KEY, *([words.ASSURANCE_KEY] if targets["Figure"] else []), *_numbered(told)]),
            sources=_sources(
                [
                    *(figure.source for figure in told.figures),
                    *(source for source in funding.table["Source"]),
                    *quarter_sources,
                    priority.source,
                ]
            ),
        )

    def _updates(self, priority: Priority, quarters: Mapping[str, str]) -> tuple[tuple[Update, ...], tuple[str, ...]]:
        if not quarters or self.plan is None:
            return (), ()
        first = next(iter(quarters.values()))
        said = priorities.updates(self.subject, self.plan.id, priority.id, first)
        made = tuple(
            Update(p.capitalize(), wording.capitalised(meaning), tuple(said[p])) for p, meaning in FOUR_PS.items()
        )
        return made, priorities.update_sources(self.subject, self.plan.id, priority.id, first)

    def _message(self, priority: Priority, told: Told) -> str:
        """The title of a priority: what its main figure did, by its test."""
        figure = meeting.main_figure(told)
        name = f"{priority.order}. {priority.label}"
        if figure is None or figure.status != "available":
            return f"{name}: no figure in this release"
        label = wording.lowered(figure.label)
        if not figure.verdict:
            return f"{name}: {label}, change not tested"
        before = "a year before" if figure.kind == "measure" else figure.previous_period
        return f"{name}: {label} {figure.verdict} {'to' if figure.verdict == 'similar' else 'than'} {before}"

    def _trend(self, measure: str) -> Sheet:
        subject, question = self.subject, self.question(measure)
        over = self.over(measure)
        recent = over
        if not self.full and over.length > MONTHS_IN_SHORT:
            recent = Span(month_text(month_number(over.end) - MONTHS_IN_SHORT + 1), over.end)
        left_out = f"The chart shows the latest {MONTHS_IN_SHORT} months; the page Trends shows all {over.length}."
        drawn = _charts(lambda: trends.monthly_line(subject, question, recent))
        same = trends.like_with_like(subject, question)
        answer = results.answer(subject, question)
        columns = {name: tuple(cells) for name, cells in same.columns.items()}
        shorter = re.search(r"(None of|Of) the shorter periods.*", same.lead)
        if self.full:
            drawn += _charts(
                lambda: trends.control_chart(
                    subject, question, trends.control_span(over, whole=False), "count", (), screen=True
                )
            )
        return Sheet(
            section=MEASURES[measure].label,
            title=drawn[0].title if drawn else f"{MEASURES[measure].label}: no figure for these months",
            sentences=_plain(
                [same.lead, wording.sentence(answer)]
                if self.full
                else [
                    " ".join(
                        [
                            wording.sentence(answer),
                            *([shorter.group()] if shorter else []),
                            *([left_out] if recent.length < over.length else []),
                        ]
                    )
                ]
            ),
            tables=(Table(wording.capitalised(same.name), columns, same.numbers),) if self.full else (),
            charts=tuple(drawn),
            notes=_plain(same.notes if self.full or shorter else []),
            sources=_sources([same.source]),
        )

    def _types(self, measure: str) -> list[Sheet]:
        """What the whole is made of, and which kinds changed; none where the data know one kind only."""
        subject, question = self.subject, self.question(measure)
        if len(results.lines_below(subject, measure, self.role)) < 2:
            return []
        made = _charts(lambda: breakdown.parts(subject, question))
        if not made:
            return []
        told = [line.removeprefix("- ") for line in breakdown.words(subject, question).splitlines() if line]
        return [
            Sheet(
                section=f"{MEASURES[measure].label} by type",
                title=made[0].title,
                sentences=_plain(told if self.full else _beyond_chance(told)),
                charts=tuple(made),
                sources=_sources([chart.source for chart in made]),
            )
        ]

    def _wards(self) -> list[Sheet]:
        subject, made = self.subject, []
        for measure in self.measures:
            question = self.question(measure, vintage=self.vintage)
            made += _charts(lambda question=question: wards.places(subject, question))
        made = made[:1] + self._map() + made[1:]
        if not made:
            return []
        label = subject.partnership.vintages[-1].label
        return [
            Sheet(
                section="Wards compared",
                title=made[0].title,
                sentences=(f"Ward boundaries: {label}.",),
                charts=tuple(made),
                sources=_sources([chart.source for chart in made]),
            )
        ]

    def _wards_in_short(self) -> list[Sheet]:
        """The map, and the wards with the highest rates of each measure."""
        tables = []
        notes: list[str] = []
        for measure in self.measures:
            question = self.question(measure, vintage=self.vintage)
            for chart in _charts(lambda question=question: wards.places(self.subject, question)):
                tables.append(_top_wards(chart, measure))
                notes += [note for note in chart.notes if not note.startswith("Before each ward")]
        drawn = self._map()
        if not drawn and not tables:
            return []
        label = self.subject.partnership.vintages[-1].label
        return [
            Sheet(
                section="Wards",
                title=drawn[0].title if drawn else "The wards with the highest rates",
                sentences=(f"Ward boundaries: {label}.",),
                tables=tuple(tables),
                charts=tuple(drawn),
                notes=tuple(dict.fromkeys(notes)),
                sources=_sources([chart.source for chart in drawn]),
            )
        ]

    def _map(self) -> list[Chart]:
        subject, vintage = self.subject, str(self.vintage)
        question = replace(self.question(self.measures[0]), per="rate", vintage=vintage)
        areas = cast("GeoDataFrame", subject.release.read("areas"))
        shapes = maps.ward_geojson(areas, vintage)
        return _charts(
            lambda: maps.ward_map(
                results.table(subject, question, "area"),
                results.answer(subject, question),
                shapes,
                points=maps.label_points(shapes),
            )
        )

    def _profile(self, vintage: str, code: str) -> Sheet:
        subject = self.subject
        name = subject.wards[vintage][code]
        made: list[Chart] = []
        tables = []
        for measure in self.measures:
            question = self.question(measure, area=code, vintage=vintage)
            told = ward_profile.profile(subject, question)
            tables.append((told, measure))
            made += _charts(lambda question=question: ward_profile.strip(subject, question))
            made += _charts(lambda question=question: ward_profile.trend(subject, question))
        heads = [f"{told.number} {wording.lowered(told.heading)}" for told, _ in tables]
        label = next(v.label for v in subject.partnership.vintages if v.id == vintage)
        warning = ward_profile.same_name(subject, code, vintage)
        return Sheet(
            section=f"Ward profile: {name}",
            title=f"{name}: {wording.joined(heads)}",
            sentences=_plain(
                [
                    f"{name} ({code}), {label}. {tables[0][0].period}." if tables else "",
                    *(f"{told.heading}: {told.number}. {' '.join(told.sentences)}" for told, _ in tables),
                ]
            ),
            cautions=_plain([warning] if warning else []),
            charts=tuple(made),
            sources=_sources([chart.source for chart in made]),
        )

    def _treatment(self) -> list[Sheet]:
        subject = self.subject
        if not subject.release.has("indicators"):
            return []
        told = treatment.words(subject, self.role)
        if not told.side_by_side["Indicator"]:
            return []
        drawn = [
            chart
            for card in (told.cards if self.full else ())
            for chart in _charts(lambda card=card: treatment.over_time(subject, card.indicator, self.role))
        ]
        rows = {name: tuple(cells) for name, cells in told.side_by_side.items()}
        shown = {card.indicator for card in (*told.cards, *told.others)}
        given = subject.supplied("indicators")
        sources = given.loc[given["indicator"].isin(shown), "source"].unique()
        return [
            Sheet(
                section="Drug and alcohol treatment",
                title="Drug and alcohol treatment: each indicator with its own dates",
                sentences=_plain([told.missing] if told.missing else []),
                cautions=_plain([told.warning] if told.warning else []),
                tables=(Table("Indicators side by side, with their dates", rows),),
                charts=tuple(drawn),
                sources=_sources([*sources, *(chart.source for chart in drawn)]),
            )
        ]

    def _survey(self) -> list[Sheet]:
        subject = self.subject
        waves = survey.waves(subject, self.role)
        if not waves:
            return []
        wave = waves[0]
        drawn = [
            chart
            for _, question in wave.questions[: None if self.full else 2]
            for chart in _charts(
                lambda question=question: survey.question(subject, wave.survey, wave.wave, question, self.role)
            )
        ]
        if not drawn:
            return []
        return [
            Sheet(
                section=f"Survey: {wave.label}",
                title=drawn[0].title,
                sentences=_plain(
                    [
                        wave.facts,
                        "" if wave.self_selected else wave.sample,
                        *([] if self.full else [f"{chart.title}." for chart in drawn[1:]]),
                    ]
                ),
                cautions=_plain([wave.sample] if wave.self_selected else []),
                charts=tuple(drawn if self.full else drawn[:1]),
                sources=_sources([chart.source for chart in drawn]),
            )
        ]

    def _compared(self) -> list[Sheet]:
        """The latest period of each measure in each group of areas; in short the first, and what else there is."""
        if not self.subject.release.has("peers"):
            return []
        found: dict[tuple[str, str, str], tuple[compared.Line, Span]] = {}
        for measure in self.measures:
            line = compared.line(self.subject, measure, None, self.role)
            if line is None:
                continue
            for group, spans in line.periods.items():
                found.setdefault((line.measure, line.category, group), (line, spans[0]))
        asked = [(*key, line, span) for key, (line, span) in found.items()]
        if self.full:
            return [self._compared_with(*each) for each in asked]
        others = [f"{wording.lowered(MEASURES[measure].plural)}, {group}" for measure, _, group, _, _ in asked[1:]]
        also = f"The page Compared with other areas also has: {'; '.join(others)}." if others else ""
        return [self._compared_with(*each, also) for each in asked[:1]]

    def _compared_with(
        self, measure: str, category: str, group: str, line: compared.Line, span: Span, also: str = ""
    ) -> Sheet:
        asked = (measure, category, group, span, self.role)
        told = compared.standing(self.subject, *asked)
        drawn = _charts(lambda: compared.funnel(self.subject, *asked)) if self.full else []
        rows = {name: tuple(cells) for name, cells in told.table.items()}
        right = tuple(name for name in rows if name not in ("Period", "Within chance"))
        title = drawn[0].title if drawn else f"{group}, {span.label}"
        rank = next((re.search(r"\*\*(.+ rate)\*\*", line) for line in told.sentences[1:]), None)
        if rank and not self.full:
            noun = MEASURES[measure].plural
            title = f"{self.subject.partnership.short_name}: {wording.lowered(rank.group(1))} of {noun}"
        return Sheet(
            section=f"Compared with other areas: {group}",
            title=title,
            sentences=_plain([line.notice, *told.sentences, also]),
            tables=(Table("Ranks in each period", rows, right),) if rows and self.full else (),
            charts=tuple(drawn),
            notes=_plain([compared.HIGHEST_FIRST, *told.cautions]),
            sources=_sources(self._sources_of_areas(measure, category, group)),
        )

    def _sources_of_areas(self, measure: str, category: str, group: str) -> list[str]:
        given = self.subject.supplied("peers")
        rows = given[(given["measure"] == measure) & (given["category"] == category) & (given["group"] == group)]
        return rows["source"].unique().tolist()

    def _meetings(self) -> list[Sheet]:
        """What was said at meetings about this release, the latest first."""
        entries = self.record.entries
        if not entries:
            return []
        days = sorted({entry.meeting for entry in entries}, reverse=True)
        tables = []
        for day in days:
            held = [e for kind in _KINDS for e in entries if e.meeting == day and e.kind == kind]
            columns = {
                "Kind": tuple(_KINDS[entry.kind] for entry in held),
                "What was said": tuple(" ".join(entry.text.split()) for entry in held),
                "About": tuple(entry.heading or "–" for entry in held),
                "Who": tuple(entry.who or "–" for entry in held),
            }
            tables.append(Table(f"Meeting of {wording.date_words(date.fromisoformat(day))}", columns))
        counts = [
            f"{n} {wording.lowered(name)}{'' if n == 1 else 's'}"
            for kind, name in _KINDS.items()
            for n in [sum(entry.kind == kind for entry in entries)]
            if n
        ]
        lost = self.record.damaged
        return [
            Sheet(
                section=MEETINGS,
                title="Decisions, actions and notes of meetings",
                sentences=_plain(
                    [
                        f"Typed in Meeting mode, about the data release of "
                        f"{wording.release_words(self.subject.release.id)}: {wording.joined(counts)}.",
                    ]
                ),
                cautions=_plain([f"{lost} {'entry' if lost == 1 else 'entries'} could not be read."] if lost else []),
                tables=tuple(tables),
            )
        ]

    def _notes(self) -> Sheet:
        release, own = self.subject.release, self.subject.partnership
        months = [
            f"{wording.lowered(MEASURES[measure].label)} {Span(held[0], held[-1]).label} ({len(held)} months)"
            for measure in self.measures
            for held in [sorted(self.subject.months(measure))]
            if held
        ]
        return Sheet(
            section=NOTES,
            title=NOTES,
            sentences=_plain(
                [
                    *(f"{MEASURES[measure].label}: {MEASURES[measure].definition}" for measure in self.measures),
                    f"The data hold {wording.joined(months)}." if months else "",
                    "Higher and lower are said only where a 95% interval of the change leaves out no change; similar means "
                    "that chance could explain the difference. No percentage is given on a base of under 50.",
                    wording.INTERVAL_CAVEAT,
                    "Symbols: [c] withheld, to protect people who could be identified; [x] no figure, because months or "
                    "sources are missing; [z] not applicable. None of them means zero.",
                    "Of figures under a rule of protection the public sees small counts withheld and others rounded, "
                    "and nothing from which a withheld count could be worked out."
                    if self.role == "public"
                    else f"{NOT_FOR_ALL}.",
                ]
            ),
            notes=_plain([f"Data release of {wording.release_words(release.id)}, {release.status}."]),
            sources=tuple(text.removeprefix("Source: ").rstrip(".") for text in own.attributions),
        )


# Words and tables


def _charts(make: Callable[[], Chart]) -> list[Chart]:
    """The chart, or none where there is nothing to draw."""
    try:
        return [make()]
    except NoChart:
        return []


_HOW_TO_ADD = re.compile(r"(: add|\.? Add) [^.]* to its build(?=\.)")
"""What the pages tell whoever builds the release: a group at its meeting needs only to know what is missing."""


def _plain(lines: Iterable[str]) -> tuple[str, ...]:
    """Sentences without the marks of Markdown, and without empty ones."""
    said = (_HOW_TO_ADD.sub("", line.replace("**", "").replace("\n\n", " ")).strip() for line in lines)
    return tuple(text for text in said if text)


def _sources(found: Sequence[str]) -> tuple[str, ...]:
    """Each document or publisher once, whatever paragraphs the figures come from."""
    texts = [re.split(r", paragraph|\. ", text.removeprefix("Source: "))[0].rstrip(".") for text in found if text]
    return tuple(dict.fromkeys(texts))


_OF_ITS_OWN_CHART = re.compile(r"[▲▼]|[A-Z]: |Note \d|Target\b")
"""How notes begin that speak of a point, a letter or a number of one chart or table, and mean nothing away from it."""
_NEEDED_WITH_IT = re.compile(
    r"The scale|Beyond the scale|No figure|Not on the map|No update|Updates are|No 12 months|No signals|.*trial limits|"
    r".*, since .*: (up|down|no change)|.*(could be chance|more than chance)\.$|.*no figure|.* add up to all "
)
"""How notes read that a chart cannot be read without, wherever the rest of what is to be known stands."""


_SAID_THERE = re.compile(r"People chose themselves whether to answer: |The shares add up to 100")
"""Notes of a survey whose page says the same, or whose chart shows it."""


def _said_once(sheets: Sequence[Sheet], full: bool) -> tuple[Sheet, ...]:
    """The sheets with what holds for several charts said once: under its sheet where only that has it, else in the last
    sheet, which is that of the notes. In short, all that can wait is said there, with what it is about."""
    if not full:
        sheets = [replace(sheet, charts=tuple(_in_short(chart) for chart in sheet.charts)) for sheet in sheets]
    of_sheet: list[list[str]] = []
    for sheet in sheets:
        found = [note for chart in sheet.charts for note in chart.notes]
        own = [n for n in (*found, *sheet.notes) if not _OF_ITS_OWN_CHART.match(n)]
        of_sheet.append(own if full else [n for n in own if not _NEEDED_WITH_IT.match(n)])
    every = [note for notes in of_sheet for note in notes]
    several = {note for note in every if every.count(note) > 1}
    at_the_end = {note for note in several if sum(note in notes for notes in of_sheet) > 1}
    if not full:
        several = at_the_end = set(every)

    kept = []
    for sheet, notes in zip(sheets, of_sheet, strict=True):
        once = tuple(note for note in dict.fromkeys(notes) if note in several - at_the_end)
        kept.append(
            replace(
                sheet,
                notes=(*once, *(note for note in sheet.notes if note not in several)),
                charts=tuple(
                    # What is estimated is a note that a chart adds by itself: it must not come back.
                    replace(
                        chart,
                        notes=tuple(note for note in chart.notes if note not in several),
                        estimate="" if chart.estimate in several else chart.estimate,
                    )
                    for chart in sheet.charts
                ),
            )
        )
    last = kept[-1]
    whose: dict[str, list[str]] = {}
    for sheet, notes in zip(sheets[:-1], of_sheet[:-1], strict=True):
        for note in notes:
            if note in at_the_end and sheet.section not in whose.setdefault(note, []):
                whose[note].append(sheet.section)
    alone = {note: names[0].partition(":")[0] for note, names in whose.items() if len(names) == 1}
    moved: dict[str, list[str]] = {}
    for note in whose:
        repeated = note in last.sentences or any(note != other and note in other for other in whose)
        if full or not (repeated or _SAID_THERE.match(note)):
            about = "" if full or alone.get(note, "Priority").startswith("Priority") else alone[note]
            moved.setdefault(about or note, []).append(note)
    said = [f"{about}: {' '.join(notes)}" if notes != [about] else about for about, notes in moved.items()]
    kept[-1] = replace(last, notes=(*said, *last.notes) if full else (*last.notes, *said))
    return tuple(kept)


def _in_short(chart: Chart) -> Chart:
    """A chart with the latest of its signals alone told, and with its events in one line without what they mean."""
    notes = [note for note in chart.notes if not note.startswith(("▲", "▼"))]
    signals = [note for note in chart.notes if note.startswith(("▲", "▼"))]
    meant = {event.words: event.short_words or event.words for event in chart.events}
    events = [meant[note].rstrip(".") for note in notes if note in meant]
    return replace(
        chart,
        notes=(
            *signals[:1],
            *(note for note in notes if note not in meant),
            *([f"{'; '.join(events)}."] if events else []),
        ),
    )


def _beyond_chance(told: Sequence[str]) -> list[str]:
    """Which lines of a breakdown changed by more than chance and by how much, in a sentence, and how many did not."""
    lead = next((line for line in told if line.startswith("Compared with") and line.endswith(":")), "")
    lines = [line for line in told if line != lead]
    similar = [line for line in lines if "within chance, so similar" in line or ": similar to then" in line]
    changed = [line for line in lines if line.endswith("more than chance.")]
    sizes = [
        f"{wording.lowered(line.split('**')[1])} {change.group(1)}"
        for line in changed
        for change in [re.search(r": ([^:]*) \(95% interval", line)]
        if change
    ]
    alike = f"{len(similar)} of {len(lines)} types {'is' if len(similar) == 1 else 'are'} similar to then."
    return [
        *([f"{lead.removesuffix(':')}, by more than chance: {wording.joined(sizes)}."] if sizes else []),
        *(line for line in lines if line not in similar and line not in changed),
        *([alike if sizes else f"{lead.removesuffix(':')}, {alike}"] if similar else []),
    ]


def _top_wards(chart: Chart, measure: str) -> Table:
    """The wards at the top of the chart of all."""
    names = {column.name: column.heading for column in chart.columns}
    keep = [names[name] for name in ("area_name", "value", "numerator", "bound_low", "places") if name in names]
    rows = chart.table.head(TOP_WARDS)
    return Table(
        f"The {len(rows)} wards with the highest rate of {MEASURES[measure].plural}",
        {heading: tuple(rows[heading].tolist()) for heading in keep},
        tuple(keep[1:]),
    )


def _of_figures(told: Told) -> list[str]:
    """What must be known of figures, with their names; what holds for several once."""
    found: dict[str, list[str]] = {}
    for row in told.rows:
        if row.note:
            found.setdefault(row.note, []).append(row.label)
    return [f"{'; '.join(labels)}: {note}" for note, labels in found.items()]


def _figures(told: Told) -> dict[str, tuple[str, ...]]:
    """The figures of a priority in full."""
    numbers = {note: n for n, note in enumerate(dict.fromkeys(row.note for row in told.rows if row.note), start=1)}
    return {
        "Figure": tuple(f"{row.label} (note {numbers[row.note]})" if row.note else row.label for row in told.rows),
        "Latest": tuple(_joined(row.value, row.basis, wording.capitalised(row.england)) for row in told.rows),
        "Change": tuple(row.short_change for row in told.rows),
        "Signal": tuple(row.signal.text for row in told.rows),
        "Data for": tuple(_where(row.period, row.area, row.own_area) for row in told.rows),
    }


_INTERVAL = re.compile(r"95% interval [^;]*(; )?| \([^()]* to [^()]*(higher|lower)\)")
"""The intervals of a value and of a change."""


def _joined(value: str, *more: str) -> str:
    rest = "; ".join(text for text in more if text)
    return f"{value} ({rest})" if rest else value


def _where(period: str, area: str, own: bool) -> str:
    return (period or "–") if own else f"{period or '–'}, {area}"


def _numbered(told: Told) -> list[str]:
    notes = dict.fromkeys(row.note for row in told.rows if row.note)
    return [f"Note {n}: {note}" for n, note in enumerate(notes, start=1)]


def _data_dates(subject: Subject) -> str:
    """ "Data to March 2026.", or by measure where they end in different months."""
    last = {
        wording.lowered(MEASURES[measure].label): month_label(max(subject.months(measure)))
        for measure in subject.measures()
        if subject.months(measure)
    }
    if len(set(last.values())) == 1:
        return f"Data to {next(iter(last.values()))}."
    return f"Data to {wording.joined([f'{month} ({name})' for name, month in last.items()])}."
