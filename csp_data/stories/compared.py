"""The page Compared with other areas: where the partnership stands on rates among areas of a group, how sure that is,
and how it stood before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csp_data.analysis import benchmark, peers, results
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, descendants, root
from csp_data.catalogue.measures import MEASURES
from csp_data.figures import peers as figures
from csp_data.figures import wording
from csp_data.figures.chart import Chart

MISSING = (
    "This release has no figures of other areas. Add a table of counts of other areas (Home Office tables of recorded "
    "crime by Community Safety Partnership, or the template 'peers') to its build."
)
HIGHEST_FIRST = (
    "Rank 1 is the highest. A rank on the number mostly follows how many people live in an area; the rank on the rate "
    "allows for that. “Within chance” are the ranks that chance alone could give: areas count as above or below only when "
    "their whole 95% interval is."
)


@dataclass(frozen=True)
class Line:
    """What is compared: a line of a measure, and the groups and periods that the release has of it. ``notice`` says what
    was asked for when that is not what is shown."""

    measure: str
    category: str
    periods: Mapping[str, tuple[Span, ...]]
    notice: str = ""


def line(subject: Subject, measure: str, category: str | None, role: str) -> Line | None:
    """The line asked for, or the nearest that other areas give; None when there is none."""
    rows = subject.supplied("peers")
    found = peers.nearest_line(rows, measure, category)
    if found is None:
        return None
    periods = peers.periods_held(rows, *found)
    areas = peers.areas_held(rows, *found)
    own = [group for group in periods if peers.own_code(areas[group], subject.partnership)]
    ordered = {group: periods[group] for group in (*own, *(each for each in periods if each not in own))}
    asked = (measure, category or root(MEASURES[measure].dataset))
    notice = ""
    if found != asked:
        notice = f"Other areas give no figures of {_name(*asked)} in this release, so this page shows {_name(*found)}."
    return Line(*found, periods=ordered, notice=notice)


def further_lines(subject: Subject, measure: str, role: str) -> dict[str, str]:
    """Label -> line that the table of other areas has and the partnership's own records do not count, such as homicide,
    which data.police.uk has under violence and sexual offences."""
    held = [category for of, category in peers.lines_held(subject.supplied("peers")) if of == measure]
    return {CATEGORIES[line].label: line for line in held if not _counted(subject, measure, line, role)}


def _counted(subject: Subject, measure: str, category: str, role: str) -> bool:
    """Whether the partnership's own records count a line, or lines below it."""
    return not {category, *descendants(category)}.isdisjoint(results.lines(subject, measure, role))


def rates(subject: Subject, measure: str, category: str, group: str, span: Span, role: str) -> Chart:
    """Every area's rate with its interval, the partnership picked out."""
    areas, wholes = peers.compared(subject.supplied("peers"), group, measure, category, span)
    return figures.caterpillar(areas, wholes, _about(subject, areas, measure, category, group, span))


def funnel(subject: Subject, measure: str, category: str, group: str, span: Span, role: str) -> Chart:
    """Rate against population, with the limits of chance."""
    areas, _ = peers.compared(subject.supplied("peers"), group, measure, category, span)
    about = _about(subject, areas, measure, category, group, span)
    return figures.funnel(areas, benchmark.funnel_lines(areas, per=about.per), about)


@dataclass(frozen=True)
class Standing:
    """The page in words: sentences that lead it, the ranks of every period, and what to bear in mind."""

    sentences: tuple[str, ...]
    table: Mapping[str, list[str]]
    cautions: tuple[str, ...]


def standing(subject: Subject, measure: str, category: str, group: str, span: Span, role: str) -> Standing:
    """Where the partnership stands: on number and on rate beside each other, against the others together, against region
    and country, and in the periods before."""
    rows = subject.supplied("peers")
    areas, wholes = peers.compared(rows, group, measure, category, span)
    about = _about(subject, areas, measure, category, group, span)
    table = peers.standings(rows, group, measure, category, about.area) if about.area else []
    now = _row(table, span)
    if now is None:
        asked, responded = len(areas), int((areas["value_status"] == "available").sum())
        return Standing(
            (f"{subject.partnership.short_name} has no figure in this group. {responded} of {asked} areas have one.",),
            {},
            (),
        )
    before = _row_before(table, span)
    return Standing(
        sentences=(
            *_rank_sentences(now, before, about),
            _against_others(now, about),
            *_against_wholes(now, wholes, about),
            *_own_counts(subject, now, about, span, role),
        ),
        table=_ranks(table),
        cautions=_cautions(now, before),
    )


def _name(measure: str, category: str) -> str:
    label = CATEGORIES[category].label
    plural = MEASURES[measure].plural
    return plural if CATEGORIES[category].parent is None else f"{plural} ({wording.lowered(label)})"


def _about(subject: Subject, areas: pd.DataFrame, measure: str, category: str, group: str, span: Span) -> figures.About:
    return figures.About(
        measure=measure,
        category=category,
        group=group,
        period=span.label,
        area=peers.own_code(areas["area"].tolist(), subject.partnership) or "",
        area_name=subject.partnership.short_name,
        release=subject.release.id,
        status=subject.release.status,
        per=peers.people_of_rate(subject.supplied("peers"), measure, category),
    )


_Row = Mapping[str, Any]
"""A row of ``analysis.peers.standings``."""


def _row(table: Sequence[_Row], span: Span) -> _Row | None:
    return next((row for row in table if row["span"] == span), None)


def _row_before(table: Sequence[_Row], span: Span) -> _Row | None:
    """The same months of an earlier year; of several, the latest."""
    months = span.start[5:], span.length
    earlier = [
        row["span"]
        for row in table
        if row["span"].start < span.start and (row["span"].start[5:], row["span"].length) == months
    ]
    return _row(table, max(earlier)) if earlier else None


def _rank_sentences(now: _Row, before: _Row | None, about: figures.About) -> list[str]:
    if now["responded"] + now["no_count"] == now["asked"]:
        of = f"of the {now['responded']} areas that responded"
        of += f" of {now['asked']} asked" if now["no_count"] else ""
    else:
        of = f"of the {now['responded']} areas with a count and a population, of {now['asked']} in the table"
    then = _then(before, "rank_count")
    first = (
        f"**{wording.capitalised(figures.rank_words(int(now['rank_count']), f'number of {about.noun}'))}** {of}{then}: "
        f"{wording.number(now['count'])} in {about.area_name}, {now['period']}."
    )
    interval = wording.interval_words(now["lower"], now["upper"], wording.RATE_PLACES)
    chance = (
        f"chance alone could put it anywhere from {figures.range_words(int(now['rank_from']), int(now['rank_to']))}"
        if now["rank_from"] != now["rank_to"]
        else "the intervals leave no other rank"
    )
    second = (
        f"**{wording.capitalised(figures.rank_words(int(now['rank_rate']), 'rate'))}** of them"
        f"{_then(before, 'rank_rate')}: {wording.rate(now['rate'])} {about.unit} (95% interval {interval}; "
        f"{wording.number(now['population'])} residents, {int(now['population_year'])}); {chance}."
    )
    return [first, second]


def _then(before: _Row | None, rank: str) -> str:
    if before is None:
        return ""
    return f" (was {figures.ordinal(int(before[rank]))} of {before['responded']} in {before['period']})"


def _against_others(now: _Row, about: figures.About) -> str:
    if not now["verdict"]:
        return "There is no other area to compare with."
    others = int(now["responded"]) - 1
    return (
        f"The rate is {figures.verdict_words(now['verdict'])} that of the other {others} areas together "
        f"({wording.rate(now['benchmark'])} {about.unit}; {about.area_name} is not counted in it)."
    )


def _against_wholes(now: _Row, wholes: pd.DataFrame, about: figures.About) -> list[str]:
    known = wholes[wholes["value_status"] == "available"]
    return [
        f"It is {figures.verdict_words(str(benchmark.verdicts(now['lower'], now['upper'], rate)[0]))} that of {name} "
        f"({wording.rate(rate)})."
        for name, rate in zip(known["area_name"], known["rate"], strict=True)
    ]


def _own_counts(subject: Subject, now: _Row, about: figures.About, span: Span, role: str) -> list[str]:
    """The table's count of the partnership beside the partnership's own, which may have been counted on another day."""
    if about.measure not in subject.measures() or not _counted(subject, about.measure, about.category, role):
        return []
    question = Question(about.measure, span.start, span.end, category=about.category, role=role)
    own = results.answer(subject, question)
    table = f"The table gives {about.counted(now['count'])} for {about.area_name}"
    if own.value_status != "available" or own.value is None:
        return [f"{table}; the partnership's own count for these months is not shown: {wording.lowered(own.reason)}"]
    difference = round(now["count"] - own.value)
    if difference == 0:
        return [f"{table}, the same as the partnership's own records."]
    side = "more" if difference > 0 else "fewer"
    share = f" ({wording.percent(100 * abs(difference) / own.value)})" if own.value else ""
    return [
        f"{table}, {wording.number(abs(difference))} {side}{share} than the {wording.number(own.value)} of the "
        "partnership's own records: published tables and police records are counted on different days and by different "
        "rules."
    ]


def _ranks(rows: Sequence[_Row]) -> dict[str, list[str]]:
    """The partnership's row of every period, the latest first, in words."""
    return {
        "Period": [row["period"] for row in rows],
        "Number": [wording.number(row["count"]) for row in rows],
        "Rank on number": [figures.ordinal(int(row["rank_count"])) for row in rows],
        "Residents": [wording.number(row["population"]) for row in rows],
        "Rate": [wording.rate(row["rate"]) for row in rows],
        "95% interval": [wording.interval_words(row["lower"], row["upper"], wording.RATE_PLACES) for row in rows],
        "Rank on rate": [figures.ordinal(int(row["rank_rate"])) for row in rows],
        "Within chance": [figures.range_words(int(row["rank_from"]), int(row["rank_to"])) for row in rows],
        "Areas ranked": [f"{row['responded']} of {row['asked']}" for row in rows],
    }


def _cautions(now: _Row, before: _Row | None) -> tuple[str, ...]:
    found = []
    if before is not None:
        overlap = peers.ranks_overlap(now, before)
        found.append(
            f"The ranks that chance allows in {before['period']} and in {now['period']} "
            + ("overlap, so the change of rank on the rate could be chance. " if overlap else "do not overlap. ")
            + "A rank also moves when other areas change or when others respond, with nothing new in the area itself."
        )
    return tuple(found)
