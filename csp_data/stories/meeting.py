"""What Meeting mode tells: the screens of a meeting in order, each a message, a chart, signals, targets and updates.

The message of a screen follows the test of its main figure, word for word as on the page Priorities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csp_data.analysis import over_time, plan, results
from csp_data.analysis.control_charts import TRIAL_BELOW, Improvement
from csp_data.analysis.periods import Span, month_label
from csp_data.analysis.plan import FOUR_PS, Followed, Plan, Priority
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import MEASURES
from csp_data.figures import control_charts, followed, lines, theme, wording
from csp_data.figures import plan as words
from csp_data.figures.chart import Chart
from csp_data.figures.plan import Mark
from csp_data.stories import overview, priorities
from csp_data.stories.priorities import Told

CHART_HEIGHT, LOW_CHART_HEIGHT, SMALL_CHART_HEIGHT = 250, 200, 80
"""Pixels at the size that charts have on a page; a meeting shows them about twice as large. The lower under a title or a
message that takes more lines."""
LINE_OF_TITLE, LINES_OF_MESSAGE = 78, 215
"""Letters."""
LINES, LETTERS_A_LINE = 14, 53
"""Beside the chart, without the headings: more would not fit in letters that can be read from three metres."""
SHORTEST_UPDATE = 40
"""Letters that are left of an update when there is no room at all."""
MOST_SIGNALS = 2
"""Signals on a screen, the main figure's first."""
_TRIAL = f"Trial limits: fewer than {TRIAL_BELOW} points."
_SCALE = ("The scale does not start at 0.", "A lower limit under 0 is drawn at 0.")

BEYOND_CHANCE = ", more than chance"
RULE = (
    "On this list by rule: a target that is missed or likely to be (F, N ✗), a latest month outside the usual ups and downs "
    "(H ▲, L ▼), or a change by more than chance (C). More is not always worse, nor less always better."
)

OVERVIEW, TO_DISCUSS, RECORD = "overview", "to-discuss", "record"


@dataclass(frozen=True)
class Screen:
    """One screen. ``id`` is what notes are kept under; ``priority`` the place in the plan, None for the others."""

    id: str
    title: str
    priority: int | None = None


def screens(chosen: Plan | None, record: bool) -> tuple[Screen, ...]:
    """The screens in order: the data on a page, one a priority, what to discuss, and the record of the meeting where
    notes can be kept."""
    of_plan = chosen.priorities if chosen else ()
    return (
        Screen(OVERVIEW, "Data on a page"),
        *(
            Screen(f"{chosen.id}/{each.id}" if chosen else each.id, f"{each.order}. {each.label}", place)
            for place, each in enumerate(of_plan)
        ),
        *([Screen(TO_DISCUSS, "To discuss and act on")] if chosen else []),
        *([Screen(RECORD, "Decisions, actions and notes")] if record else []),
    )


# The main figure of a priority


def main_figure(told: Told) -> Followed | None:
    """The figure that a priority's screen is about: the first of police records with months to show, else the first with
    two figures or more, else the first that has one."""
    shown = [figure for figure in told.figures if figure.status == "available"]
    series = [figure for figure in shown if sum(point.value is not None for point in figure.trend) > 1]
    return next(iter([*priorities.measures(told), *series, *shown]), None)


def message(told: Told) -> str:
    """The main figure as one sentence whose verb follows its test."""
    figure = main_figure(told)
    if figure is None:
        return "This release holds no figure for this priority."
    value = words.value_words(figure)
    where = "" if figure.own_area else f" ({figure.area})"
    label = f"{figure.label}{where}"
    if figure.status != "available":
        return f"{label}: {wording.lowered(figure.reason).rstrip('.')}."
    change = words.change_words(figure)
    when = f" in {figure.period}" if figure.period else ""
    if figure.verdict in ("higher", "lower"):
        return f"{label}: {value}{when}. That is {wording.lowered(change)}."
    return f"{label}: {value}{when}. {change}."


def others(told: Told) -> str:
    """How many of the priority's figures changed by their tests, in a sentence; "" when it has one only."""
    if len(told.figures) < 2:
        return ""
    counts = {word: sum(f.verdict == word for f in told.figures) for word in ("higher", "lower", "similar")}
    said = [f"{n} {'is' if n == 1 else 'are'} {word}" for word, n in counts.items() if n]
    if not said:
        return f"None of its {len(told.figures)} figures can be tested for change."
    untested = len(told.figures) - sum(counts.values())
    if untested:
        said.append(f"{untested} {'has' if untested == 1 else 'have'} no test of change")
    return f"Of its {len(told.figures)} figures, {wording.joined(said)}."


def chart_height(title: str, said: str) -> int:
    """What a title and a message leave to the chart."""
    return LOW_CHART_HEIGHT if len(title) > LINE_OF_TITLE or len(said) > LINES_OF_MESSAGE else CHART_HEIGHT


def headline(told: Sequence[Told]) -> str:
    """What changed by more than chance over all priorities, as on the Overview."""
    return " ".join(overview.changed([overview.main_figures(each) for each in told])).replace("**", "")


def small_trend(subject: Subject, question: Question, over: Span) -> Chart:
    """The months of a measure as a small line, for the first screen."""
    long = replace(question, start=over.start, end=over.end, compare=None)
    chart = lines.small_trend(results.table(subject, long, "month"), results.answer(subject, question))
    described = chart.figure.to_dict()
    # Plotly gives an axis no room that would leave a chart less than 64 pixels.
    low = {"height": SMALL_CHART_HEIGHT, "minreducedheight": 30}
    figure = theme.build_figure(described["data"], {**described["layout"], **low})
    return replace(chart, figure=figure, height=SMALL_CHART_HEIGHT)


def main_chart(
    subject: Subject, question: Question, height: int, target: float | None = None, better: Improvement | None = None
) -> Chart:
    """The months of a measure against their limits, or the months alone where there are too few, for a large screen.

    Parameters
    ----------
    question : as ``priorities.asked`` makes it.
    target, better : of ``priorities.aim``.
    """
    span = plan.signal_span(subject, question)
    answer = results.answer(subject, question)
    control = over_time.control_chart(subject, question, span, target=target, better=better)
    if control.chart is not None:
        return _large(control_charts.control_chart(control, answer, subject.events, height=height))
    long = replace(question, start=span.start, end=span.end, compare=None)
    by_month, rolling = (results.table(subject, long, by) for by in ("month", "rolling12"))
    return _large(lines.monthly_line(by_month, rolling.iloc[:0], answer, subject.events))


def series_chart(subject: Subject, plan_id: str, priority: str, place: int, role: str, height: int) -> Chart:
    """The figures over time of a figure that is not of police records, told by its place under the priority.

    Raises
    ------
    NoChart
        When there are fewer than two.
    """
    told = priorities.standing(subject, plan_id, priority, role)
    release = subject.release
    return _large(followed.followed_bars(told.figures[place], release.id, release.status, height))


def place_of(told: Told, figure: Followed) -> int:
    """The place of a figure among those that come with a period of their own."""
    return [each for each in told.figures if each.kind != "measure"].index(figure)


def _large(chart: Chart) -> Chart:
    """A chart without the title, which the screen has, and with those notes alone that it cannot be read without, in one
    paragraph."""
    needed = {*_SCALE, *(event.words for event in chart.events), *(event.short_words for event in chart.events)}
    kept = [note for note in chart.notes if note in needed or "no figure" in note.lower()]
    if any("trial limits" in note for note in chart.notes):
        kept.append(_TRIAL)
    source = chart.source.partition(". Data release of ")[0]  # the release is at the foot of the screen
    said = ". ".join(text.rstrip(".") for text in (chart.subtitle, *kept, source) if text)
    return replace(chart, kind=f"small {chart.kind}", subtitle=f"{said}.", notes=(), source="")


# Signals and targets


@dataclass(frozen=True)
class Signalled:
    """A figure with its mark, as a screen shows it. ``why``: by which rule it stands out, or why there is no signal."""

    label: str
    mark: Mark
    why: str


def signals(told: Told) -> tuple[Signalled, ...]:
    """The signals of a priority, the main figure's first; without those that cannot be given."""
    main = main_figure(told)
    rest = [figure for figure in told.figures if figure is not main and figure.signal and figure.signal.direction]
    shown = [*([main] if main else []), *sorted(rest, key=_unusual)]
    return tuple(Signalled(figure.label, words.signal_mark(figure), _rule(figure)) for figure in shown[:MOST_SIGNALS])


def _rule(figure: Followed) -> str:
    """By which rule a latest month stands out; why no signal can be given; "" for the usual and for recent trends."""
    if figure.signal is None or figure.signal.direction == "none":
        return ""
    if not figure.signal.direction:
        return figure.signal.reason
    return figure.signal.words if figure.signal.kind == "control chart" else ""


def _unusual(figure: Followed) -> int:
    return 0 if figure.signal and figure.signal.direction in ("high", "low") else 1


@dataclass(frozen=True)
class Aim:
    label: str
    target: str
    mark: Mark


def aims(told: Told) -> tuple[Aim, ...]:
    """The targets of a priority, and whether they are likely to be met."""
    return tuple(
        Aim(
            figure.label,
            words.target_words(
                figure.target,
                figure.signal.every if figure.kind == "measure" and figure.signal else None,
                figure.unit,
            ),
            words.assurance_mark(figure),
        )
        for figure in told.figures
        if figure.target
    )


# Updates


@dataclass(frozen=True)
class Updates:
    """The latest updates of a priority. ``said`` is (P, ((agency, summary), ...)) of those that have any; ``none`` the
    others; ``shortened`` whether a summary was cut to fit."""

    quarter: str
    said: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    none: tuple[str, ...]
    shortened: bool


def room_for_updates(title: str, said: str, told: Told) -> int:
    """Lines that the title, the message, the signals and the targets of a screen leave to the updates."""
    above = (len(title) > LINE_OF_TITLE) + (len(said) > LINES_OF_MESSAGE)
    marked = [len(each.label) + len(each.mark.text) + len(each.why) + 3 for each in signals(told)]
    aimed = [len(each.label) + len(each.mark.text) + len(each.target) + 4 for each in aims(told)]
    return max(3, LINES - above - sum(map(_lines, [*(marked or [1]), *(aimed or [1])])))


def _lines(letters: int) -> int:
    return -(-letters // LETTERS_A_LINE)


def latest_updates(subject: Subject, plan_id: str, priority: str, room: int) -> Updates | None:
    """The four Ps of the latest quarter, cut between words to fit into so many lines; None when the release has no
    update."""
    quarters = priorities.quarters(subject, plan_id, priority)
    if not quarters:
        return None
    name, first = next(iter(quarters.items()))
    every = priorities.updates(subject, plan_id, priority, first)
    none = tuple(p for p in FOUR_PS if not every[p])
    texts = [text for said in every.values() for _, text in said]
    most = max(map(len, texts))

    def short(text: str) -> str:
        return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"

    def needed() -> int:
        filled = (sum(len(agency) + len(short(text)) + 3 for agency, text in every[p]) for p in FOUR_PS if every[p])
        cut = any(short(text) != text for text in texts)
        return sum(_lines(len(FOUR_PS) + 4 + letters) for letters in filled) + bool(none) + cut

    while needed() > room and most > SHORTEST_UPDATE:
        most -= 5

    return Updates(
        quarter=name,
        said=tuple((p, tuple((agency, short(text)) for agency, text in every[p])) for p in FOUR_PS if every[p]),
        none=none,
        shortened=any(short(text) != text for text in texts),
    )


# All priorities


@dataclass(frozen=True)
class Line:
    """A priority on the first screen: its main figure in words."""

    priority: str
    figure: str
    value: str
    change: str
    mark: Mark
    target: Mark | None
    dates: str
    """Its own period, where that is not the one of the screen."""


def lines_of(chosen: Plan, told: Sequence[Told], period: str) -> tuple[Line, ...]:
    """Every priority with its main figure, in the order of the plan. ``period`` is the one that the screen says."""
    return tuple(_line(priority, each, period) for priority, each in zip(chosen.priorities, told, strict=True))


def _line(priority: Priority, told: Told, period: str) -> Line:
    figure = main_figure(told)
    name = f"{priority.order}. {priority.label}"
    if figure is None:
        return Line(name, "No figure", "–", "–", words.NO_MARK, None, "–")
    return Line(
        name,
        figure.label,
        words.value_words(figure),
        _short_change(figure),
        words.signal_mark(figure),
        words.assurance_mark(figure) if figure.target else None,
        words.short_period(figure.period) if figure.period != period else "",
    )


def _short_change(figure: Followed) -> str:
    """The change in a few words that follow the test."""
    if figure.value is None or figure.previous is None:
        return "no earlier figure"
    if figure.verdict == "similar":
        return "similar, within chance"
    size = words.short_change_words(figure).partition(" (")[0].removesuffix(", not tested").removesuffix(BEYOND_CHANCE)
    return size + (BEYOND_CHANCE if figure.verdict else ", not tested")


# What to discuss


@dataclass(frozen=True)
class Point:
    """Something to discuss: the figure, its mark and why."""

    priority: str
    figure: str
    mark: Mark
    why: str


def to_discuss(chosen: Plan, told: Sequence[Told]) -> tuple[Point, ...]:
    """Figures that ask for a word, each once, by rule: targets that are missed or likely to be, latest months outside
    the usual ups and downs, and changes by more than chance."""
    found: dict[tuple[str, str, str], Point] = {}
    for priority, each in zip(chosen.priorities, told, strict=True):
        for figure in each.figures:
            why, mark = _why(figure)
            if why:
                key = (figure.kind, figure.name, figure.category)
                found.setdefault(key, Point(str(priority.order), figure.label, mark, why))
    ranks = {"F": 0, "N": 0, "H": 1, "L": 1}
    return tuple(sorted(found.values(), key=lambda point: ranks.get(point.mark.letter, 2)))


def _why(figure: Followed) -> tuple[str, Mark]:
    aim, signal = words.assurance_mark(figure), words.signal_mark(figure)
    said, mark = [], words.NO_MARK
    if figure.target and aim.shape == "✗":
        said.append(f"target {aim.words}")
        mark = aim
    if figure.signal and figure.signal.kind == "control chart" and figure.signal.direction in ("high", "low"):
        said.append(f"{figure.signal.period} {signal.words}{f' ({rule})' if (rule := _rule(figure)) else ''}")
        mark = mark if mark.letter else signal
    if figure.verdict in ("higher", "lower"):
        size = words.short_change_words(figure).partition(" (")[0].removesuffix(BEYOND_CHANCE)
        said.append(f"{wording.lowered(size)} than {figure.previous_period}, by more than chance")
        mark = mark if mark.letter else Mark("C", "▲" if figure.verdict == "higher" else "▼", figure.verdict, "")
    return "; ".join(said), mark


# What every screen says


def dates(subject: Subject) -> str:
    """The last month of each dataset of counts: "Data to March 2026 (recorded crime), March 2026 (ASB incidents)"."""
    last: dict[str, list[str]] = {}
    for measure in subject.measures():
        months = subject.months(measure)
        if months:
            last.setdefault(month_label(max(months)), []).append(wording.lowered(MEASURES[measure].label))
    if len(last) == 1:
        return f"Data to {next(iter(last))}"
    return f"Data to {', '.join(f'{month} ({wording.joined(names)})' for month, names in last.items())}"


def sources(subject: Subject) -> str:
    """Where the counts come from, each once."""
    extracts = [subject.release.extract(MEASURES[measure].dataset) for measure in subject.measures()]
    named = [source.get("publisher", "") for extract in extracts for source in extract.get("sources", [])]
    return "; ".join(dict.fromkeys(filter(None, named))) or "not stated"
