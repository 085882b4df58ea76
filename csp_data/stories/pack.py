"""What a pack for a meeting holds, as data without a format: sheets of a message, charts, tables and sentences.

Every chart, table and sentence is made by the same functions of ``stories`` as on the pages, for the same role, so that a
pack shows what the screen shows, to the digit, and holds back what the screen holds back. Slides, paper, letters and
workbooks are made from this one description.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from csp_data.figures import maps, wording
from csp_data.figures import plan as words
from csp_data.figures.chart import Chart, NoChart
from csp_data.stories import breakdown, compared, overview, priorities, survey, treatment, trends, ward_profile
from csp_data.stories import wards_compared as wards
from csp_data.stories.priorities import Told

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MONTHS_SHOWN = 60
"""Months of a trend in a pack at most: more cannot be read on paper."""
ROLE_WORDS = {"public": "Public", "partner": "Partner agencies", "analyst": "Analysts"}
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
    first; ``notes`` and ``sources`` stand at its foot."""

    section: str
    title: str
    sentences: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    updates: tuple[Update, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


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


def pack(subject: Subject, choices: Choices = Choices(), progress: Progress | None = None) -> Pack:
    """The contents of a pack.

    Raises
    ------
    QuestionError
        When the release has no such month, plan, priority or ward, or there is no such role; tells which there are.
    """
    asked = _Asked(subject, choices)
    makers = asked.makers()
    sheets: list[Sheet] = []
    for number, (what, make) in enumerate(makers):
        if progress:
            progress(what, number / len(makers))
        sheets += make()
    overview_ = next((sheet for sheet in sheets if sheet.section == OVERVIEW), None)
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
        sheets=_said_once(sheets),
        overview=overview_,
    )


OVERVIEW = "Data on a page"


def latest_months(subject: Subject) -> tuple[str, ...]:
    """The months that a pack may end with, the latest first."""
    held = {month for measure in subject.measures() for month in subject.months(measure)}
    return tuple(sorted(held, reverse=True))


class _Asked:
    """The choices, checked against the release, and the sheets they ask for."""

    def __init__(self, subject: Subject, choices: Choices):
        self.subject, self.choices, self.role = subject, choices, choices.role
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
        return priorities.together(
            priorities.measured(self.subject, plan, priority.id, self.question(self.measures[0])),
            priorities.standing(self.subject, plan, priority.id, self.role),
        )

    # Sheets

    def makers(self) -> list[tuple[str, Callable[[], list[Sheet]]]]:
        """What is made, in order, each with its name."""
        found: list[tuple[str, Callable[[], list[Sheet]]]] = []
        if self.plan:
            found.append((OVERVIEW, self._overview))
            found += [(p.label, lambda p=p: [self._priority(p)]) for p in self.priorities]
        for measure in self.measures:
            found.append((MEASURES[measure].label, lambda m=measure: [self._trend(m)]))
        found.append(("Types", self._types))
        if self.vintage:
            found.append(("Wards", self._wards))
        for vintage, code in self.wards:
            name = self.subject.wards[vintage][code]
            found.append((name, lambda v=vintage, c=code: [self._profile(v, c)]))
        found.append(("Drug and alcohol treatment", self._treatment))
        found.append(("Survey", self._survey))
        found.append(("Other areas", self._compared))
        found.append(("Notes and sources", lambda: [self._notes()]))
        return found

    def _overview(self) -> list[Sheet]:
        assert self.plan is not None
        shown = [(priority, overview.main_figures(self.told(priority))) for priority in self.priorities]
        told = [each for _, each in shown]
        said = [line for line in (*overview.changes(told), overview.signals(told)) if line]
        mixed = words.mixture_words(priorities.mixture(told), self.subject.partnership.short_name)
        outside = words.outside_plan(self.plan, self.span.end)
        return [
            Sheet(
                section=OVERVIEW,
                title=f"{self.plan.label}: {len(self.priorities)} "
                f"{'priority' if len(self.priorities) == 1 else 'priorities'} on a page",
                sentences=_plain(said),
                cautions=_plain([line for line in (mixed, outside) if line]),
                tables=tuple(
                    Table(f"{priority.order}. {priority.label}", _short_figures(each))
                    for priority, each in shown
                    if each.rows
                ),
                notes=_plain([words.KEY]),
                sources=_sources([each.source for one in told for each in one.figures]),
            )
        ]

    def _priority(self, priority: Priority) -> Sheet:
        assert self.plan is not None
        subject, plan = self.subject, self.plan
        told = self.told(priority)
        charted = priorities.measures(told)
        drawn: list[Chart] = []
        for figure in charted[:1]:
            target = figure.target.per_point(figure.signal.every) if figure.target and figure.signal else None
            question = priorities.asked(self.question(self.measures[0]), figure)
            drawn += _charts(lambda question=question, target=target: priorities.months(subject, question, target))
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
        """The title of a priority: what its figures did, by their tests."""
        counts = {word: sum(f.verdict == word for f in told.figures) for word in ("higher", "lower", "similar")}
        said = [f"{n} {word}" for word, n in counts.items() if n]
        if not said:
            return f"{priority.label}: no figure can be tested for change"
        return f"{priority.label}: of {len(told.figures)} figures, {wording.joined(said)}"

    def _trend(self, measure: str) -> Sheet:
        subject, question = self.subject, self.question(measure)
        over = self.over(measure)
        recent = Span(max(over.start, month_text(month_number(over.end) - MONTHS_SHOWN + 1)), over.end)
        made = _charts(lambda: trends.monthly_line(subject, question, recent))
        same = trends.like_with_like(subject, question)
        answer = results.answer(subject, question)
        columns = {name: tuple(cells) for name, cells in same.columns.items()}
        drawn = [
            *made,
            *_charts(
                lambda: trends.control_chart(
                    subject, question, trends.control_span(over, whole=False), "count", (), screen=True
                )
            ),
        ]
        return Sheet(
            section=MEASURES[measure].label,
            title=drawn[0].title if drawn else f"{MEASURES[measure].label}: no figure for these months",
            sentences=_plain([same.lead, wording.sentence(answer)]),
            tables=(Table(wording.capitalised(same.name), columns, same.numbers),),
            charts=tuple(drawn),
            notes=_plain(same.notes),
            sources=_sources([same.source]),
        )

    def _types(self) -> list[Sheet]:
        subject = self.subject
        made = [
            chart
            for measure in self.measures
            if len(subject.categories(measure)) > 1
            for question in [self.question(measure)]
            for chart in _charts(lambda question=question: breakdown.parts(subject, question))
        ]
        if not made:
            return []
        said = [
            line
            for measure in self.measures
            if len(subject.categories(measure)) > 1
            for line in breakdown.words(subject, self.question(measure))
        ]
        return [
            Sheet(
                section="Types of crime and incident",
                title=made[0].title,
                sentences=_plain(said),
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
            for card in told.cards[:1]
            for chart in _charts(lambda card=card: treatment.over_time(subject, card.indicator, self.role))
        ]
        rows = {name: tuple(cells) for name, cells in told.side_by_side.items()}
        sources = rows.pop("Source", ())
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
            for _, question in wave.questions[:2]
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
                sentences=_plain([wave.facts, "" if wave.self_selected else wave.sample]),
                cautions=_plain([wave.sample] if wave.self_selected else []),
                charts=tuple(drawn),
                sources=_sources([chart.source for chart in drawn]),
            )
        ]

    def _compared(self) -> list[Sheet]:
        subject = self.subject
        if not subject.release.has("peers"):
            return []
        line = compared.line(subject, self.measures[0], None, self.role)
        if line is None:
            return []
        group, spans = next(iter(line.periods.items()))
        asked = (line.measure, line.category, group, spans[0], self.role)
        told = compared.standing(subject, *asked)
        drawn = _charts(lambda: compared.funnel(subject, *asked))
        rows = {name: tuple(cells) for name, cells in told.table.items()}
        return [
            Sheet(
                section=f"Compared with other areas: {group}",
                title=drawn[0].title if drawn else f"{group}, {spans[0].label}",
                sentences=_plain([line.notice, *told.sentences]),
                tables=(
                    Table("Ranks in each period", rows, tuple(n for n in rows if n not in ("Period", "Within chance"))),
                )
                if rows
                else (),
                charts=tuple(drawn),
                notes=_plain([compared.HIGHEST_FIRST, *told.cautions]),
                sources=_sources([chart.source for chart in drawn]),
            )
        ]

    def _notes(self) -> Sheet:
        release, own = self.subject.release, self.subject.partnership
        months = [
            f"{MEASURES[measure].label}: {Span(held[0], held[-1]).label} ({len(held)} months)."
            for measure in self.measures
            for held in [sorted(self.subject.months(measure))]
            if held
        ]
        return Sheet(
            section="Notes and sources",
            title="Notes and sources",
            sentences=_plain(
                [
                    *(f"{MEASURES[measure].label}: {MEASURES[measure].definition}" for measure in self.measures),
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
            tables=(
                Table(
                    "Months that the data hold",
                    {
                        "Measure": tuple(line.partition(": ")[0] for line in months),
                        "Months": tuple(line.partition(": ")[2].rstrip(".") for line in months),
                    },
                ),
            )
            if months
            else (),
            notes=_plain([f"Data release of {wording.release_words(release.id)}, {release.status}."]),
            sources=tuple(text.rstrip(".") for text in own.attributions),
        )


# Words and tables


def _charts(make: Callable[[], Chart]) -> list[Chart]:
    """The chart, or none where there is nothing to draw."""
    try:
        return [make()]
    except NoChart:
        return []


def _plain(lines: Iterable[str]) -> tuple[str, ...]:
    """Sentences without the marks of Markdown, and without empty ones."""
    return tuple(text for text in (line.replace("**", "").replace("\n\n", " ").strip() for line in lines) if text)


def _sources(found: Sequence[str]) -> tuple[str, ...]:
    """Each document or publisher once, whatever paragraphs the figures come from."""
    texts = [re.split(r", paragraph|\. ", text.removeprefix("Source: "))[0].rstrip(".") for text in found if text]
    return tuple(dict.fromkeys(texts))


_OF_ITS_OWN_CHART = re.compile(r"[▲▼]|[A-Z]: |Note \d|Target")
"""How notes begin that speak of a point, a letter or a number of one chart or table, and mean nothing away from it."""


def _said_once(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets with what holds for several charts said once: under its sheet where only that has it, else in the last
    sheet, which is that of the notes."""
    of_sheet: list[list[str]] = []
    for sheet in sheets:
        found = [note for chart in sheet.charts for note in chart.notes]
        of_sheet.append([n for n in (*found, *sheet.notes) if not _OF_ITS_OWN_CHART.match(n)])
    every = [note for notes in of_sheet for note in notes]
    several = {note for note in every if every.count(note) > 1}
    at_the_end = {note for note in several if sum(note in notes for notes in of_sheet) > 1}

    kept = []
    for sheet, notes in zip(sheets, of_sheet, strict=True):
        once = tuple(note for note in dict.fromkeys(notes) if note in several - at_the_end)
        kept.append(
            replace(
                sheet,
                notes=(*once, *(note for note in sheet.notes if note not in several)),
                charts=tuple(
                    replace(chart, notes=tuple(note for note in chart.notes if note not in several))
                    for chart in sheet.charts
                ),
            )
        )
    last = kept[-1]
    kept[-1] = replace(last, notes=(*(note for note in dict.fromkeys(every) if note in at_the_end), *last.notes))
    return tuple(kept)


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


def _short_figures(told: Told) -> dict[str, tuple[str, ...]]:
    """The figures of a priority on the sheet of all."""
    return {
        "Figure": tuple(row.label for row in told.rows),
        "Latest": tuple(_joined(row.value, row.basis) for row in told.rows),
        "Change": tuple(row.short_change for row in told.rows),
        "Signal": tuple(row.signal.text if row.signal.letter else "–" for row in told.rows),
        "Data for": tuple(_where(words.short_period(row.period), row.area, row.own_area) for row in told.rows),
    }


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
