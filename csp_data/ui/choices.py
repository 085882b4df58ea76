"""What the visitor has chosen to see: the choices all pages share, asked for in one place and kept in the address.

Every choice is a Streamlit widget bound to the address, and the address carries the choice's label. So labels are
public addresses: unique among their options and never changed. The first option is the default, which the address
leaves out. The functions that list the options are pure; ``ask`` draws them.
"""

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from csp_data.analysis import results
from csp_data.analysis.disclosure import ROLES
from csp_data.analysis.periods import (
    Span,
    financial_year,
    financial_year_of,
    month_label,
    rolling_12,
    runs,
    stretches_of,
    year_to_date,
)
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, children, descendants, root
from csp_data.catalogue.measures import MEASURES, Measure
from csp_data.catalogue.partnerships import Partnership, Vintage
from csp_data.catalogue.statuses import GOOD
from csp_data.extracts import publishing
from csp_data.extracts.problems import InputError
from csp_data.extracts.publishing import Standing
from csp_data.extracts.workspace import Workspace
from csp_data.figures import wording
from csp_data.ui import cached, plot
from csp_data.ui.cached import Edition

SHARED_CHOICES = frozenset({"measure", "type", "period", "compare", "wards", "ward"})
"""Choices that a page may use, by their names in the address. Every page uses the partnership."""
LONGEST_ECHO = 60
"""Characters of an address that a notice repeats."""
ALL_TYPES = "All types"
WHOLE_PARTNERSHIP = "Whole partnership"
LATEST_QUARTER = "Latest quarter"
YEAR_TO_DATE = "Financial year to date"
CHOOSE_MONTHS = "Choose months"
COMPARISONS: Mapping[str, str | None] = {
    "Same period a year before": "previous-year",
    "Year ending March 2020": "pre-pandemic",
    "None": None,
}

_ASKED = "choices asked for in this run"


@dataclass(frozen=True)
class View:
    """Everything the visitor has chosen, checked against what the release holds. Made by ``ask``."""

    edition: Edition
    partnership: Partnership
    measures: tuple[Measure, ...]
    """The measures the release holds."""
    measure: Measure
    category: str | None
    """Line of the measure's tree; ``None`` for all of them."""
    months: tuple[str, ...]
    """The months the measure covers."""
    span: Span
    period: str
    """Label of the chosen period."""
    compare: str | None
    vintage: Vintage | None
    """The ward set; ``None`` when the release has no wards."""
    area: str | None
    """Ward code; ``None`` for the whole partnership."""
    area_name: str
    role: str
    notices: tuple[str, ...] = ()
    """What the visitor must be told about the choices, such as that the address asks for one that is not here."""

    def question(self, per: str = "count", **changes: object) -> Question:
        """The question these choices ask, with some of it changed: ``measure``, ``area``, ``start``, ``compare``…"""
        asked = Question(
            measure=self.measure.id,
            start=self.span.start,
            end=self.span.end,
            area=self.area,
            category=self.category,
            vintage=self.vintage.id if self.vintage else None,
            per=per,
            compare=self.compare,
            role=self.role,
        )
        return replace(asked, **changes)

    @property
    def over_time(self) -> Span:
        """What a chart over time shows: the months chosen one by one; else all months up to the end of the period, back
        to the last stretch of more than a year without any."""
        if self.period == CHOOSE_MONTHS or not self.months:
            return self.span
        stretches = stretches_of([month for month in self.months if month <= self.span.end])
        return Span(min(stretches[-1].start, self.span.start), self.span.end)

    @property
    def latest_run(self) -> Span:
        """The unbroken run of months that the period ends in."""
        if not self.months:
            return self.span
        return runs([month for month in self.months if month <= self.span.end])[-1]

    @property
    def left_out(self) -> list[Span]:
        """Months that are held but not shown over time, because more than a year is missing after them."""
        if self.period == CHOOSE_MONTHS:
            return []
        return [run for run in runs(self.months) if run.end < self.over_time.start]

    @property
    def type_label(self) -> str:
        return CATEGORIES[self.category].label if self.category else ALL_TYPES


# The options


def partnership_options(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Label -> id, from pairs of short name and id. Where two share a name, the id is added to both."""
    shorts = [short for short, _ in names]
    return {short if shorts.count(short) == 1 else f"{short} ({id})": id for short, id in names}


def type_options(dataset: str, present: Collection[str]) -> dict[str, str | None]:
    """Label -> category, for the lines of a tree that have data on or below them, in the order of the tree.

    A line whose only data lie on one line below it is left out: it would say the same twice.
    """
    with_data = set(present)

    def found(category: str) -> bool:
        return category in with_data or any(line in with_data for line in descendants(category))

    def says_something(category: str) -> bool:
        return category in with_data or sum(found(child) for child in children(category)) > 1

    lines = [line for line in descendants(root(dataset)) if found(line) and says_something(line)]
    lines += [line for line in sorted(with_data) if CATEGORIES[line].overlaps]
    if not any(line in with_data for line in lines):
        lines = []
    return {ALL_TYPES: None} | {CATEGORIES[line].label: line for line in lines}


@lru_cache(maxsize=100)
def period_options(months: tuple[str, ...]) -> Mapping[str, Span | None]:
    """Label -> span, for the months a dataset covers; ``None`` stands for months still to be chosen.

    The first is the default: the latest 12 months, or the latest unbroken run of months when that is shorter. Financial
    years that are covered in part run from their first covered month to their last.
    """
    if not months:
        return {}
    latest_run = runs(months)[-1]
    end = latest_run.end
    default = rolling_12(end) if latest_run.length >= 12 else latest_run
    options: dict[str, Span | None] = {f"Latest {_months(default.length)}": default}
    quarter = _latest_quarter(latest_run)
    if quarter:
        options[LATEST_QUARTER] = quarter
    to_date = year_to_date(end)
    if to_date.start >= latest_run.start and to_date.length < 12:
        options[YEAR_TO_DATE] = to_date
    for year in sorted({financial_year_of(month) for month in months}, reverse=True):
        covered = sorted(set(financial_year(year).months) & set(months))
        options[f"Financial year {year}"] = Span(covered[0], covered[-1])
    return options | {CHOOSE_MONTHS: None}


def ward_options(wards: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Label with name and code -> code, in order of name; the whole partnership first. Takes (code, name) pairs."""
    ordered = sorted(wards, key=lambda ward: (ward[1], ward[0]))
    return {WHOLE_PARTNERSHIP: None} | {ward_label(code, name): code for code, name in ordered}


def ward_label(code: str, name: str) -> str:
    return f"{name} ({code})"


def _latest_quarter(run: Span) -> Span | None:
    """The last whole quarter of the financial (and calendar) year in a run of months."""
    quarters = [month for month in run.months if month[5:] in ("01", "04", "07", "10")]
    for start in reversed(quarters):
        year, number = start.split("-")
        end = f"{year}-{int(number) + 2:02d}"
        if end <= run.end:
            return Span(start, end)
    return None


def _months(count: int) -> str:
    return "month" if count == 1 else f"{count} months"


# Asking


def ask(uses: Collection[str], page: StreamlitPage) -> View:
    """Draw the choices in the side panel.

    Parameters
    ----------
    uses : the choices that the page uses, by their names in the address. The others are hidden, not left out: their
        values stay in the address for the next page.
    page : the page that is shown.

    Raises
    ------
    InputError
        When the workspace or the release cannot be read, or CSP_ROLE is not a role.
    """
    address = os.environ.get("CSP_DATA", "data")
    role = os.environ.get("CSP_ROLE", "public")
    if role not in ROLES:
        raise InputError("CSP_ROLE", f"there is no role '{role}'", f"Set it to one of: {', '.join(ROLES)}")
    partnerships = partnership_options(cached.partnership_names(address))
    _follow_short_address(address, partnerships, page)
    notices: list[str] = []
    with st.sidebar:
        st.header("Choose what to show", anchor=False)
        _hide(SHARED_CHOICES - set(uses))
        partnership_id = partnerships[_choose("Partnership", "partnership", partnerships, notices)]
        edition = _choose_release(address, partnership_id, role, notices)
        subject = cached.subject(edition)
        measures = {MEASURES[id].label: MEASURES[id] for id in subject.measures()}
        if not measures:
            raise InputError(f"{address}/{partnership_id}", "the release holds no counts", "Build it with crime or ASB")
        # Of a choice that the page hides there is nothing to be told: it changes nothing here.
        told = {name: notices if name in uses else [] for name in SHARED_CHOICES}
        measure = measures[_choose("Measure", "measure", measures, told["measure"])]
        types = type_options(measure.dataset, results.lines(subject, measure.id, role))
        category = types[_choose("Type", "type", types, told["type"])]
        months = subject.months(measure.id)
        period, span = _choose_period(tuple(months), told["period"])
        compare = COMPARISONS[_choose("Compare with", "compare", COMPARISONS, told["compare"])]
        vintage, area, area_name = _choose_area(subject, told["ward"])
    return View(
        edition=edition,
        partnership=subject.partnership,
        measures=tuple(measures.values()),
        measure=measure,
        category=category,
        months=tuple(months),
        span=span,
        period=period,
        compare=compare if "compare" in uses else None,
        vintage=vintage,
        area=area,
        area_name=area_name,
        role=role,
        notices=tuple(notices),
    )


LIVE_RELEASE = "Live release"


def release_options(standings: Sequence[Standing], role: str) -> dict[str, str]:
    """Label -> id; "" for whichever is live. The public may see what was published and not withdrawn; partners what is
    being checked as well; analysts all that can be read."""
    may_see = {"public": GOOD, "partner": (*GOOD, "candidate")}.get(role, (*GOOD, "candidate", "withdrawn"))
    return {LIVE_RELEASE: ""} | {standing.id: standing.id for standing in standings if standing.status in may_see}


def _choose_release(address: str, partnership: str, role: str, notices: list[str]) -> Edition:
    """The release that is shown: the live one, or the one that the visitor or the address asks for."""
    standings = cached.standings(address, partnership)
    asked = "release" in st.query_params or st.session_state.get("release", LIVE_RELEASE) != LIVE_RELEASE
    if len(standings) < 2 and not asked:
        return _unless_withdrawn(cached.current_edition(address, partnership), role)
    label = _choose("Release", "release", options := release_options(standings, role), notices)
    if not options[label]:
        if role == "public":
            _hide(["release"])
        return _unless_withdrawn(cached.current_edition(address, partnership), role)
    edition = _unless_withdrawn(cached.edition_of(address, partnership, options[label]), role)
    standing = next(standing for standing in standings if standing.id == label)
    if not standing.live:
        of = (
            f", that of the edition {wording.joined([f'‘{name}’' for name in standing.editions])}"
            if standing.editions
            else ""
        )
        notices.append(
            f"This is the release of {wording.release_words(label)}{of}, not the live one. To see that, choose "
            f"‘{LIVE_RELEASE}’ under ‘Release’ at the side."
        )
    return edition


def _release_asked(address: str, partnership: str, role: str) -> Edition:
    """The release that an address asks for, before any choice is drawn."""
    asked = release_options(cached.standings(address, partnership), role).get(st.query_params.get("release", ""), "")
    edition = cached.edition_of(address, partnership, asked) if asked else cached.current_edition(address, partnership)
    return _unless_withdrawn(edition, role)


def _unless_withdrawn(edition: Edition, role: str) -> Edition:
    """A release, unless it was withdrawn: then only analysts may see it, with the notice."""
    if edition.status != "withdrawn" or role == "analyst":
        return edition
    last = Workspace(edition.workspace).log(edition.partnership).last_of(edition.release)
    raise InputError(
        f"Release {edition.release}",
        f"it was withdrawn on {wording.release_words(last.time.replace(':', '').rstrip('Z'))}: {last.reason}"
        if last
        else "it was withdrawn",
        "Another release will be made live by the people who run this site",
    )


def last_good() -> tuple[str, str]:
    """The last good release of the partnership that is shown, other than the one asked for: its id, and the words to
    offer it with. Empty when there is none."""
    address = os.environ.get("CSP_DATA", "data")
    try:
        partnerships = partnership_options(cached.partnership_names(address))
        asked = st.session_state.get("partnership", st.query_params.get("partnership", ""))
        partnership = partnerships.get(asked, next(iter(partnerships.values())))
        shown = st.session_state.get("release", LIVE_RELEASE)
        held = Workspace(address)
        besides = held.current(partnership) if shown == LIVE_RELEASE else shown
        found = publishing.last_good(held, partnership, besides)
    except InputError:
        return "", ""
    return found, f"Show the last good release, of {wording.release_words(found)}" if found else ""


def show_release(id: str) -> None:
    """Make a release the one that is shown. For the callback of a button, which runs before the choices are drawn."""
    st.session_state["release"] = id


def _hide(names: Iterable[str]) -> None:
    """Take choices out of sight, for eyes and screen readers alike. They are still drawn: one that is not drawn loses its
    value and its place in the address."""
    parts = [part for name in sorted(names) for part in ((name, "from", "to") if name == "period" else (name,))]
    if parts:
        st.html(f"<style>{', '.join(f'.st-key-{part}' for part in parts)} {{ display: none; }}</style>")


def hand_over(view: View) -> None:
    """Keep the choices that ``app.py`` has asked for, for the page that the same run shows."""
    st.session_state[_ASKED] = view


def handed_over() -> View | None:
    """The choices that ``app.py`` has asked for in this run; ``None`` when a page runs without it."""
    return st.session_state.pop(_ASKED, None)


def pick_ward(key: str, wards: Mapping[str, str]) -> None:
    """Make the ward that was clicked on a map the chosen area; clicked again, go back to the whole partnership.

    For the map's callback, which runs before the choices are drawn. ``wards`` is code -> name.
    """
    code = plot.picked(key)
    if code in wards:
        label = ward_label(code, wards[code])
        st.session_state["ward"] = WHOLE_PARTNERSHIP if st.session_state.get("ward") == label else label


def _choose_period(months: tuple[str, ...], notices: list[str]) -> tuple[str, Span]:
    options = period_options(months)
    if not options:  # The measure has no data here: any year will do, and every figure says that it is missing.
        return "no months", financial_year("2019/20")
    label = _choose("Period", "period", options, notices)
    span = options[label]
    if span is not None:
        return label, span
    default = next(span for span in options.values() if span)
    named = {month_label(month): month for month in months}
    first = named[_choose("From", "from", named, notices, default=month_label(default.start))]
    later = {label: month for label, month in named.items() if month >= first}
    last = later[_choose("To", "to", later, notices, default=month_label(max(default.end, first)))]
    return label, Span(first, last)


def _choose_area(subject: Subject, notices: list[str]) -> tuple[Vintage | None, str | None, str]:
    partnership = subject.partnership
    if not partnership.vintages:
        return None, None, partnership.short_name
    vintages = {vintage.label: vintage for vintage in reversed(partnership.vintages)}
    vintage = vintages[_choose("Ward boundaries", "wards", vintages, notices)]
    names = subject.wards[vintage.id]
    wards = ward_options(names.items())
    area = wards[_choose("Area", "ward", wards, notices)]
    return vintage, area, names[area] if area else partnership.short_name


def short_address(view: View) -> str:
    """The query of an address of the chosen ward that is short and stays: by codes, which names and labels may outlive."""
    labels = {id: label for label, id in partnership_options(cached.partnership_names(view.edition.workspace)).items()}
    codes = {"partnership": labels[view.edition.partnership], "wards": view.vintage.id if view.vintage else ""}
    return urlencode({name: code for name, code in {**codes, "ward": view.area or ""}.items() if code})


def _follow_short_address(address: str, partnerships: Mapping[str, str], page: StreamlitPage) -> None:
    """Let an address name the ward set by its id and the ward by its code; without a set, the newest that has the ward.

    The page starts again under the long address, before any choice is drawn: one that is set otherwise would be lost
    from the address.
    """
    if "partnership" in st.session_state or not {"ward", "wards"} & set(st.query_params):
        return
    asked = st.query_params.get("partnership", "")
    partnership = partnerships.get(asked, next(iter(partnerships.values())))
    subject = cached.subject(_release_asked(address, partnership, os.environ.get("CSP_ROLE", "public")))
    asked_set, asked_ward = (st.query_params.get(key, "") for key in ("wards", "ward"))
    labels = {vintage.id: vintage.label for vintage in subject.partnership.vintages}
    holding = [id for id in labels if asked_ward in subject.wards[id]]
    set_of_ward = asked_set if asked_set in holding else holding[-1] if holding and asked_set not in labels else ""
    meant = {}
    if asked_set in labels or (set_of_ward and not asked_set):
        meant["wards"] = labels[asked_set or set_of_ward]
    if set_of_ward:
        meant["ward"] = ward_label(asked_ward, subject.wards[set_of_ward][asked_ward])
    if meant:
        st.switch_page(page, query_params={**st.query_params.to_dict(), **meant})


def _choose(label: str, key: str, options: Iterable[str], notices: list[str], default: str | None = None) -> str:
    """One choice. A value that is not among the options gives way to the default; when it came with the address, the
    visitor is told."""
    listed = list(options)
    default = default if default in listed else listed[0]
    if key in st.session_state:
        if st.session_state[key] not in listed:
            # Set here rather than left to the widget, so that the address follows at once.
            st.session_state[key] = default
    elif key in st.query_params and st.query_params[key] not in listed:
        notices.append(
            f"The address asks for {label.lower()} ‘{_as_words(st.query_params[key])}’, which is not here, so this page "
            f"shows ‘{default}’. Choose another under ‘{label}’."
        )
    return st.selectbox(label, listed, index=listed.index(default), key=key, bind="query-params")


def choose(label: str, key: str, options: Iterable[str], notices: list[str] | None = None) -> str:
    """A choice of one page's own, kept in the address as the shared ones are. Where the address asks for what is not
    here, the visitor is told, or what to tell is added to ``notices``."""
    found: list[str] = []
    chosen = _choose(label, key, options, found)
    if notices is not None:
        notices += found
        return chosen
    for notice in found:
        st.info(notice)
    return chosen


def _as_words(text: str) -> str:
    """Somebody's text as plain words for a notice: short, and without the marks that Markdown would act on."""
    short = text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
    return re.sub(r"[^\w\s.,&'’/()–-]", "", short)
