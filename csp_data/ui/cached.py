"""Everything that is kept between runs of the pages, and for how long. The library below knows nothing of this.

Every key holds the release, and the question with its role, so that nothing is ever shown to a role, or after a
release, that it was not made for. What these functions return is shared by all visitors: never change it.
"""

import gc
import posixpath
from collections.abc import Callable, Hashable
from dataclasses import replace
from types import FunctionType
from typing import NamedTuple, TypeVar

import pandas as pd
import streamlit as st

from csp_data.analysis import results
from csp_data.analysis.claims import judge
from csp_data.analysis.difference import Difference
from csp_data.analysis.difference import difference as compared
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Answer, Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import MEASURES
from csp_data.extracts import publishing
from csp_data.extracts.claims import read_register
from csp_data.extracts.problems import InputError
from csp_data.extracts.publishing import Standing
from csp_data.extracts.releases import Release
from csp_data.extracts.workspace import Workspace
from csp_data.figures import charts, maps, wording
from csp_data.figures.chart import Chart
from csp_data.ui import plot

Told = TypeVar("Told")

NOTICE_AFTER = 5
"""Seconds until a new release is noticed."""
LIST_FOR = 60
"""Seconds until a new candidate is noticed."""
NAMES_FOR = 300
"""Seconds until a new partnership is noticed."""


class Edition(NamedTuple):
    """One release of one partnership of one workspace."""

    workspace: str
    partnership: str
    release: str
    status: str = ""
    """What the release was when it was asked for: what is made of a candidate is not shown of it once it is published."""


_KEYS = {Edition: repr, Question: repr, Span: repr}
"""All their fields, told at once: Streamlit's own way to make a key of them takes 1 ms a call."""


def _name_of(story: FunctionType) -> str:
    return f"{story.__module__}.{story.__qualname__}"


@st.cache_data(ttl=NAMES_FOR, max_entries=8, show_spinner=False)
def partnership_names(workspace: str) -> list[tuple[str, str]]:
    """Short name and id of the partnerships of a workspace. Raises InputError when there is none.

    One whose release is damaged goes by its id, so that the others can still be seen.
    """
    held = Workspace(workspace)
    names = []
    for id in held.partnerships():
        try:
            names.append((held.release(id).partnership.short_name, id))
        except InputError:
            names.append((id, id))
    return names


@st.cache_data(ttl=NOTICE_AFTER, max_entries=400, show_spinner=False)
def current_edition(workspace: str, partnership: str) -> Edition:
    """The release of a partnership that is live now. A page asks once a run, and is of that release throughout."""
    return _edition(Workspace(workspace), partnership, None)


@st.cache_data(ttl=NOTICE_AFTER, max_entries=400, show_spinner=False)
def edition_of(workspace: str, partnership: str, release: str) -> Edition:
    """A release of a partnership, as what it is now."""
    return _edition(Workspace(workspace), partnership, release)


def _edition(held: Workspace, partnership: str, id: str | None) -> Edition:
    found = held.release(partnership, id)
    return Edition(held.address, partnership, posixpath.basename(found.folder), found.status)


@st.cache_data(ttl=LIST_FOR, max_entries=100, show_spinner=False)
def standings(workspace: str, partnership: str) -> list[Standing]:
    """The releases of a partnership and what each is, newest first."""
    return publishing.standings(Workspace(workspace), partnership)


def forget_releases() -> None:
    """Ask anew which releases there are and which is live: after one was published, withdrawn or made live again."""
    for kept in (current_edition, edition_of, standings):
        kept.clear()


@st.cache_resource(max_entries=400, show_spinner=False, hash_funcs=_KEYS)
def release(edition: Edition) -> Release:
    """A release, looked through once when it lies on this machine.

    Raises
    ------
    InputError
        When one of its files is missing or is not the one that was built.
    """
    held = Workspace(edition.workspace)
    found = held.release(edition.partnership, edition.release)
    found.status = edition.status or found.status
    for problem in found.damage() if held.is_local else ():
        raise InputError(problem.file, problem.what, problem.remedy)
    return found


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=_KEYS)
def subject(edition: Edition) -> Subject:
    """The release with its counts prepared for questions: the costly step, taken once a release."""
    return Subject(release(edition))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_KEYS)
def difference(before: Edition, after: Edition, role: str, threshold: float) -> Difference:
    """What changed from one release to another, the verdicts on the registered claims among it: takes some seconds."""
    register = read_register(Workspace(after.workspace), after.partnership)

    def verdicts(of: Subject) -> dict[str, str]:
        judged = judge(register, of, lambda other: subject(current_edition(after.workspace, other)), role)
        return {each.claim.id: each.verdict for each in judged}

    return compared(subject(before), subject(after), role, threshold, verdicts if register.claims else None)


@st.cache_resource(max_entries=2_000, show_spinner=False, hash_funcs=_KEYS)
def answer(edition: Edition, question: Question) -> Answer:
    return results.answer(subject(edition), question)


@st.cache_resource(max_entries=2_000, show_spinner=False, hash_funcs=_KEYS)
def table(edition: Edition, question: Question, by: str) -> pd.DataFrame:
    return results.table(subject(edition), question, by=by)


# Charts


class Asked(NamedTuple):
    """What a chart was made of: from it ``ui.provenance`` tells where its figures come from, only when asked."""

    edition: Edition
    story: str
    """Name of the function that made it."""
    names: tuple[str, ...]
    arguments: tuple[Hashable, ...]


class Drawing(NamedTuple):
    """A chart, and what the browser needs to draw it."""

    chart: Chart
    described: bytes
    asked: Asked | None = None


def _drawing(chart: Chart, edition: Edition, story: str, *asked: Hashable, names: tuple[str, ...] = ()) -> Drawing:
    return Drawing(chart, plot.description(chart), Asked(edition, story, names, asked))


@st.cache_resource(max_entries=3_000, show_spinner=False, hash_funcs={**_KEYS, FunctionType: _name_of})
def drawing(edition: Edition, story: Callable[..., Chart], *asked: Hashable) -> Drawing:
    """The chart that a function of ``csp_data.stories`` makes of the release and what is asked.

    ``story`` is a function of a module, not made on the spot: its name is part of the key. ``asked`` are the arguments
    after the subject, each of them plain or a ``Question`` or ``Span``.
    """
    names = story.__code__.co_varnames[1 : len(asked) + 1]  # the first argument is the subject
    return _drawing(story(subject(edition), *asked), edition, _name_of(story), *asked, names=names)


@st.cache_resource(max_entries=3_000, show_spinner=False, hash_funcs={**_KEYS, FunctionType: _name_of})
def told(edition: Edition, story: Callable[..., Told], *asked: Hashable) -> Told:
    """What a function of ``csp_data.stories`` gives that is not a chart: sentences or a table of words. As ``drawing``."""
    return story(subject(edition), *asked)


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs=_KEYS)
def category_bars(edition: Edition, question: Question) -> Drawing:
    chart = charts.category_bars(table(edition, question, "category"), answer(edition, question))
    return _drawing(chart, edition, "category_bars", question)


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs=_KEYS)
def area_rates(edition: Edition, question: Question) -> Drawing:
    """The wards beside the whole partnership, with the question's area picked out."""
    whole = replace(question, area=None)
    chart = charts.area_rates(table(edition, whole, "area"), answer(edition, whole), selected=question.area)
    return _drawing(chart, edition, "area_rates", whole)


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs=_KEYS)
def ward_map(edition: Edition, question: Question) -> Drawing:
    """The wards on a map, with the question's area picked out."""
    whole, vintage = replace(question, area=None), str(question.vintage)
    shapes = boundaries(edition, vintage)
    return _drawing(
        maps.ward_map(
            table(edition, whole, "area"),
            answer(edition, whole),
            boundaries_address(edition, vintage) or shapes,
            selected=question.area,
            points=maps.label_points(shapes),
        ),
        edition,
        "ward_map",
        whole,
    )


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs=_KEYS)
def completeness(edition: Edition) -> Drawing:
    """Which months each dataset of counts covers."""
    held = subject(edition)
    coverage = {MEASURES[measure].label: held.months(measure) for measure in held.measures()}
    every = [month for months in coverage.values() for month in months]
    expected = list(Span(min(every), max(every)).months) if every else []
    source = f"Source: the months that the data release of {wording.release_words(edition.release)} covers."
    chart = charts.completeness(coverage, expected, source, held.partnership.short_name, held.release.notice)
    return _drawing(chart, edition, "completeness")


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs=_KEYS)
def boundaries(edition: Edition, vintage: str) -> dict:
    """GeoJSON of the wards of a set."""
    return maps.ward_geojson(release(edition).read("areas"), vintage)


@st.cache_resource(show_spinner=False)
def settle_memory() -> None:
    """Take what is loaded by now out of the collector's sight, once.

    Streamlit collects garbage after every run; going through the modules of pandas and Plotly each time takes 50 ms.
    """
    gc.collect()
    gc.freeze()


def boundaries_address(edition: Edition, vintage: str) -> str | None:
    """Where the browser can fetch the boundaries, so that they do not travel with every change of the map.

    ``None`` when the app runs without its own server (``csp_data.ui.server``).
    """
    if not plot.own_server():
        return None
    return f"boundaries/{edition.partnership}/{edition.release}/{vintage}.json"
