"""The pack for a meeting: what goes into it, in which format, made beside the page and then kept for the visitor."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import BoundedSemaphore

import streamlit as st

from csp_data.analysis.periods import month_label
from csp_data.analysis.plan import Plan, current
from csp_data.analysis.results import QuestionError
from csp_data.analysis.subject import Subject
from csp_data.exports import pack as packs
from csp_data.extracts import meetings
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from csp_data.stories import pack as story
from csp_data.stories import priorities as of_priorities
from csp_data.stories.pack import Choices
from csp_data.ui import cached, choices
from csp_data.ui.choices import View

_log = logging.getLogger(__name__)

MOST_WARDS = 12
MOST_WAITING = 6
"""Packs of all visitors together that may wait to be made."""
LARGEST_TEMPLATE = 20
"""Megabytes."""
_JOB = "pack being made"
_EVERY = 0.7  # seconds between two looks at how far it is
_PAPERS = {"A4, upright": "a4", "A3, two columns": "a3", "Data on a page: one A3": packs.SHEET}
_LENGTHS = {"Short: for the meeting": False, "Full: every table, chart and note, for analysts": True}
_MEDIA = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WHAT_IT_HOLDS = (
    "The pack has the data on a page, a page for each priority (message, chart, figures, signals, targets and quarterly "
    "update), crime and anti-social behaviour over time and by type, wards, the wards that you choose, drug and alcohol "
    "treatment, other areas, the latest survey, what was said at meetings (for partners and analysts), and methods, dates "
    "and sources. It shows the same figures as the pages do, and withholds the same."
)


@dataclass
class _Asked:
    """Everything a pack is made of; two that are alike give the same file."""

    edition: cached.Edition
    choices: Choices
    ending: str
    paper: str
    template: bytes | None = field(default=None, repr=False)


@dataclass
class _Job:
    """A pack being made. Written to by the thread that makes it and read by the page."""

    asked: _Asked
    name: str
    doing: str = "Waiting for its turn"
    share: float = 0.0
    made: "Future[bytes] | None" = None
    stopped: bool = False

    def told(self, doing: str, share: float) -> None:
        """Called by the thread that makes the pack, between its parts: where it can be stopped."""
        self.doing, self.share = doing, share
        if self.stopped:
            raise _Stopped

    def stop(self) -> None:
        self.stopped = True
        if self.made is not None:
            self.made.cancel()  # one that waits for its turn; else the next part ends it


class _Stopped(Exception):
    """The visitor wants the pack no more."""


class _Workshop:
    """Makes packs beside the pages, one at a time for the whole server, so that the pages of others stay quick."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pack")
        self._places = BoundedSemaphore(MOST_WAITING)

    def submit(self, make: Callable[[], bytes]) -> "Future[bytes]":
        """Raises InputError when too many wait already."""
        if not self._places.acquire(blocking=False):
            raise InputError("the pack", "too many packs are being made now", "Try again in a minute")
        made = self._worker.submit(make)
        made.add_done_callback(lambda _: self._places.release())
        return made


@st.cache_resource(show_spinner=False)
def _workshop() -> _Workshop:
    return _Workshop()


def run(view: View) -> None:
    """The choices, the button, and what has come of it."""
    st.markdown(WHAT_IT_HOLDS)
    asked = _ask(view)
    job: _Job | None = st.session_state.get(_JOB)
    if st.button("Make the pack", type="primary", key="make_pack", disabled=_busy(job)):
        job = st.session_state[_JOB] = _start(view, asked)
    if job is None:
        return
    if _busy(job):
        _progress()
    elif job.made is not None:
        _result(job, asked)


def _busy(job: _Job | None) -> bool:
    return job is not None and job.made is not None and not job.made.done()


# Choosing


def _ask(view: View) -> _Asked:
    subject = cached.subject(view.edition)
    left, right = st.columns(2)
    with left:
        to = _choose_month(view)
        plan = _choose_plan(view, to)
        wanted = _choose_priorities(plan)
        wards = _choose_wards(subject)
    with right:
        ending = _choose_format()
        full = ending == "xlsx" or _LENGTHS[st.radio("Length", list(_LENGTHS), key="pack_length")]
        paper = "a4"
        if ending in ("pdf", "docx"):
            papers = list(_PAPERS) if ending == "pdf" else list(_PAPERS)[:2]
            paper = _PAPERS[st.radio("Paper", papers, key="pack_paper")]
        template = _choose_template() if ending == "pptx" else None
        st.caption(f"Made for the role that this page is shown to: {story.ROLE_WORDS[view.role].lower()}.")
    chosen = Choices(plan.id if plan else None, to, wanted, wards, view.role, full)
    return _Asked(view.edition, chosen, ending, paper, template)


def _choose_month(view: View) -> str | None:
    months = {month_label(month): month for month in cached.told(view.edition, story.latest_months)}
    if not months:
        st.info("This release holds no month of crime or anti-social behaviour, so there is no pack to make.")
        return None
    return months[choices.choose("12 months to", "pack_to", months)]


def _choose_plan(view: View, to: str | None) -> Plan | None:
    plans = cached.told(view.edition, of_priorities.plans)
    now = current(plans, to or "")
    if now is None:
        st.info("This release has no Community Safety Plan, so the pack has no priorities.")
        return None
    by_label = {plan.label: plan for plan in (now, *(plan for plan in plans if plan != now))}
    return by_label[choices.choose("Plan", "plan", by_label)]


def _choose_priorities(plan: Plan | None) -> tuple[str, ...]:
    if plan is None:
        return ()
    labels = {priority.label: priority.id for priority in plan.priorities}
    picked = st.multiselect("Priorities", list(labels), key=f"pack_priorities_{plan.id}", placeholder="All priorities")
    return tuple(id for label, id in labels.items() if label in picked)


def _choose_wards(subject: Subject) -> tuple[str, ...]:
    if not subject.partnership.vintages:
        return ()
    names = subject.wards[subject.partnership.vintages[-1].id]
    labels = {choices.ward_label(code, name): code for code, name in names.items()}
    picked = st.multiselect(
        f"Wards to profile (at most {MOST_WARDS})",
        list(labels),
        key=f"pack_wards_{subject.partnership.id}",
        max_selections=MOST_WARDS,
        placeholder="No ward",
    )
    return tuple(labels[label] for label in picked)


def _choose_format() -> str:
    endings = {f"{name} (.{ending})": ending for ending, name in packs.FORMATS.items()}
    return endings[st.radio("Format", list(endings), key="pack_format")]


def _choose_template() -> bytes | None:
    given = st.file_uploader(
        "Your own template (.pptx), if the slides shall look like it",
        type=["pptx"],
        key="pack_template",
        max_upload_size=LARGEST_TEMPLATE,
        help="Its masters, layouts, fonts and colours are used. Slides in it are left out. It is not kept.",
    )
    return given.getvalue() if given else None


# Making


def _start(view: View, asked: _Asked) -> _Job:
    subject = cached.subject(view.edition)
    to = asked.choices.to or ""
    job = _Job(asked, packs.file_name(view.edition.partnership, to, asked.ending, asked.paper))
    try:
        record = meetings.read(Workspace(view.edition.workspace), view.edition.partnership, subject.release.id)
        make = partial(packs.pack, subject, asked.choices, asked.ending, asked.template, asked.paper, job.told, record)
        job.made = _workshop().submit(make)
    except InputError as problem:
        job.made = Future()
        job.made.set_exception(problem)
    return job


@st.fragment(run_every=_EVERY)
def _progress() -> None:
    """How far the pack is; looks again by itself, and shows the whole page when it is there."""
    job: _Job | None = st.session_state.get(_JOB)
    if job is None or not _busy(job):
        st.rerun()
        return
    st.progress(min(max(job.share, 0.0), 1.0), text=f"Making {job.name}: {job.doing}")
    if st.button("Stop making it", key="stop_pack"):
        job.stop()


def _result(job: _Job, asked: _Asked) -> None:
    assert job.made is not None
    problem = CancelledError() if job.made.cancelled() else job.made.exception()
    if isinstance(problem, CancelledError | _Stopped):
        st.info(f"{job.name} was stopped before it was done. Nothing of it is kept.")
        return
    if isinstance(problem, InputError | QuestionError | ValueError):
        st.error(f"{job.name} was not made. {problem}")
        return
    if problem is not None:
        _log.error("A pack failed", exc_info=problem)
        st.error(
            f"{job.name} was not made: the dashboard failed while it made ‘{job.doing}’. Try again, or choose fewer "
            "priorities and wards. If it fails again, tell whoever looks after the dashboard; its log says what happened."
        )
        return
    content = job.made.result()
    if job.asked != asked:
        st.info("The choices have changed since this pack was made. To have them in it, make the pack again.")
    size = f"{len(content) / 1e6:.1f} MB"
    st.success(f"{job.name} is ready ({size}). It is kept until you make another or leave.")
    st.download_button(
        f"Download {job.name}",
        data=content,
        file_name=job.name,
        mime=_MEDIA[job.asked.ending],
        on_click="ignore",
        key="pack_download",
    )
