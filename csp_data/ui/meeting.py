"""Meeting mode: one screen at a time in large type, for a room. Arrow keys, buttons and the address move between the
screens; notes, decisions and actions can be typed where the workspace keeps them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from csp_data.analysis.periods import Span, month_number, month_text
from csp_data.analysis.plan import Plan, current
from csp_data.catalogue.measures import Measure
from csp_data.exports import minutes
from csp_data.extracts import meetings
from csp_data.extracts.meetings import Entry
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from csp_data.figures import plan as words
from csp_data.figures import wording
from csp_data.figures.chart import NoChart
from csp_data.figures.plan import Mark
from csp_data.stories import meeting as story
from csp_data.stories import priorities as of_priorities
from csp_data.stories.meeting import Screen
from csp_data.stories.priorities import Told
from csp_data.ui import cached, choices, layout, plot, priorities, show
from csp_data.ui.cached import Drawing
from csp_data.ui.choices import View

MAY_WRITE = ("partner", "analyst")
"""Roles that may keep notes, and read them."""
MOST_POINTS = 9
"""Figures to discuss on the screen; more are counted."""

_FOLDER = Path(__file__).parent
_STYLE = _FOLDER / "meeting.css"
_keys = st.components.v2.component(
    "csp_meeting_keys", js=(_FOLDER / "meeting_keys.js").read_text(encoding="utf-8"), isolate_styles=False
)
_note = st.components.v2.component(
    "csp_meeting_note", js=(_FOLDER / "meeting_note.js").read_text(encoding="utf-8"), isolate_styles=False
)
_TOLD = "what became of a note"


def run(view: View) -> None:
    """The screen that the address asks for, and the way to the others."""
    st.html(_STYLE)
    notices = list(view.notices)
    plan = _plan(view, notices)
    may_write = view.role in MAY_WRITE and meetings.writable(Workspace(view.edition.workspace))
    screens = story.screens(plan, may_write)
    body = st.container(key="meeting_screen")
    number, screen = _move(view, screens, notices, may_write)
    with body:
        _head(view, plan, screen, f"Screen {number} of {len(screens)}")
        for notice in notices:
            st.info(notice)
        told = [priorities.told_of(view, plan, each) for each in plan.priorities] if plan else []
        if screen.priority is not None and plan:
            _priority(view, plan, screen.priority, told[screen.priority])
        elif screen.id == story.OVERVIEW:
            _data_on_a_page(view, plan, told)
        elif screen.id == story.TO_DISCUSS and plan:
            _to_discuss(plan, told)
        else:
            _record(view)


# Moving


def _plan(view: View, notices: list[str]) -> Plan | None:
    """The plan of the address, else that of the period. Its list is at the side, which is out of sight here."""
    plans = cached.told(view.edition, of_priorities.plans)
    now = current(plans, view.span.end)
    if now is None:
        return None
    by_label = {plan.label: plan for plan in (now, *(plan for plan in plans if plan != now))}
    with st.sidebar:
        return by_label[choices.choose("Plan", "plan", by_label, notices)]


def _move(view: View, screens: Sequence[Screen], notices: list[str], may_write: bool) -> tuple[int, Screen]:
    """The bar with the ways to the other screens. Gives the number of the screen that is shown, from 1."""
    numbers = [str(n) for n in range(1, len(screens) + 1)]
    asked = st.session_state.get("screen", st.query_params.get("screen", "1"))
    if asked not in numbers:
        if "screen" in st.session_state:
            st.session_state["screen"] = numbers[-1]
        else:
            notices.append(
                f"The address asks for a screen that is not here: there are {len(screens)}. This is the first."
            )
    bar = st.container(key="meeting_bar")
    with bar:
        _foot(view)
    with bar, st.container(key="meeting_ways", horizontal=True, vertical_alignment="center"):
        back = st.container(key="meeting_back", width="content")
        number = int(st.radio("Screen", numbers, horizontal=True, key="screen", bind="query-params",
                              label_visibility="collapsed"))  # fmt: skip
        screen = screens[number - 1]
        with back:
            _button("◀ Previous", number - 1, numbers)
        _button("Next ▶", number + 1, numbers)
        if may_write:
            with st.popover("Notes and decisions", width="content", key="meeting_notes"):
                _notes(view, screen)
        st.page_link(layout.ROOT / "pages" / "overview.py", label="Leave meeting mode", width="content")
        _keys(
            key="meeting_keys",
            data={"at": number, "last": len(numbers)},
            height="content",
            on_to_change=partial(_go_by_key, numbers),
        )
    return number, screen


def _button(label: str, to: int, numbers: Sequence[str]) -> None:
    st.button(label, key=f"meeting_{label.strip('◀▶ ').lower()}", on_click=_go, args=(str(to), numbers),
              disabled=str(to) not in numbers, width="content")  # fmt: skip


def _go(to: str, numbers: Sequence[str]) -> None:
    if to in numbers:
        st.session_state["screen"] = to


def _go_by_key(numbers: Sequence[str]) -> None:
    _go(str(getattr(st.session_state.get("meeting_keys"), "to", "")), numbers)


# What every screen has


def _head(view: View, plan: Plan | None, screen: Screen, where: str) -> None:
    with st.container(key="meeting_head"):
        st.caption(" · ".join([view.partnership.name, *([plan.label] if plan else []), where]))
    st.title(screen.title, anchor=False)


def _foot(view: View) -> None:
    release = cached.release(view.edition)
    notice = f"**{release.notice}.** " if release.notice else ""
    against = layout.comparison(view).partition(". To set it against")[0]  # nothing can be chosen here
    dates = cached.told(view.edition, story.dates)
    with st.container(key="meeting_foot"):
        st.caption(
            f"{notice}Shown: {words.short_period(f'{view.span.label}{against}')}. {dates}. Source: "
            f"{cached.told(view.edition, story.sources)}. Release {release.id} ({release.status})."
        )


# The screens


def _data_on_a_page(view: View, plan: Plan | None, told: Sequence[Told]) -> None:
    said = story.headline(told)
    if said:
        st.html(f'<p class="csp-message">{escape(said)}</p>')
    left, right = st.columns([4, 11])
    with left:
        for measure in view.measures:
            _card(view, measure)
    with right:
        if plan is None:
            st.info(
                f"{view.partnership.short_name} has no Community Safety Plan in this release. {priorities.HOW_TO_ADD}"
            )
            return
        lines = story.lines_of(plan, told, view.span.label)
        rows = [
            (
                f"<strong>{escape(line.priority)}</strong>",
                f"{escape(line.figure)}: <strong>{escape(line.value)}</strong> <small>{escape(line.dates)}</small>",
                escape(line.change),
                _mark(line.mark) + (f"<br>Target: {_mark(line.target)}" if line.target else ""),
            )
            for line in lines
        ]
        st.html(_table("Every priority with its main figure", ("Priority", "Main figure", "Change", "Signal"), rows))


def _card(view: View, measure: Measure) -> None:
    """A measure for the whole partnership: its count, its change and its recent months."""
    question = priorities.asked(view)
    question = view.question(measure=measure.id, area=None, category=None, vintage=question.vintage)
    answer = cached.answer(view.edition, question)
    change = wording.change_words(answer)
    value = wording.shown(answer.value, answer.value_status)
    said = f"{wording.capitalised(change)}." if change else answer.reason
    st.html(f'<div class="csp-card"><h2>{escape(measure.label)}: {escape(value)}</h2><p>{escape(said)}</p></div>')
    start = max(month_text(month_number(view.span.end) - show.TREND_MONTHS + 1), view.latest_run.start)
    span = Span(min(start, view.span.start), view.span.end)
    drawing = cached.drawing(view.edition, story.small_trend, view.question(
        measure=measure.id, area=None, category=None, vintage=None, compare=None), span)  # fmt: skip
    _chart(drawing, f"trend_{measure.id}", quiet=True)


def _priority(view: View, plan: Plan, place: int, told: Told) -> None:
    priority = plan.priorities[place]
    said = story.message(told)
    st.html(f'<p class="csp-message">{escape(said)}</p>')
    title = f"{priority.order}. {priority.label}"
    height = story.chart_height(title, said)
    room = story.room_for_updates(title, said, told)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        try:
            drawing = _main_chart(view, plan, priority.id, told, height)
        except NoChart as reason:
            st.info(str(reason))
        else:
            if drawing:
                _chart(drawing, "main")
        others = story.others(told)
        if others:
            st.html(f"<p>{escape(others)}</p>")
    with right:
        st.html(_signals(told) + _aims(told) + _updates(view, plan, priority.id, room))


def _main_chart(view: View, plan: Plan, priority: str, told: Told, height: int) -> Drawing | None:
    figure = story.main_figure(told)
    if figure is None:
        return None
    if figure.kind == "measure":
        question = of_priorities.asked(priorities.asked(view), figure)
        return cached.drawing(view.edition, story.main_chart, question, height, *of_priorities.aim(figure))
    place = story.place_of(told, figure)
    return cached.drawing(view.edition, story.series_chart, plan.id, priority, place, view.role, height)


def _chart(drawing: Drawing, key: str, quiet: bool = False) -> None:
    """A chart at the size of the screen: meeting.css enlarges it, for which it must know the height."""
    name = f"meeting_{'quiet' if quiet else 'chart'}_{key}"
    with st.container(key=name):
        st.html(f"<style>.st-key-{name} {{ --drawn: {drawing.chart.height}px; }}</style>")
        plot.plot(drawing.described, f"plot_meeting_{key}")


def _signals(told: Told) -> str:
    shown = story.signals(told)
    items = "".join(
        f"<li>{_mark(each.mark)}: {escape(each.label)}{f' <small>{escape(each.why)}</small>' if each.why else ''}</li>"
        for each in shown
    )
    return f'<h2>Signal</h2><ul class="csp-signals">{items or "<li>No signal can be given.</li>"}</ul>'


def _aims(told: Told) -> str:
    aims = story.aims(told)
    if not aims:
        return "<h2>Target</h2><p>No target is set for a figure of this priority.</p>"
    items = "".join(f"<li>{_mark(aim.mark)}: {escape(aim.label)}, {escape(aim.target)}</li>" for aim in aims)
    return f'<h2>Target</h2><ul class="csp-signals">{items}</ul>'


def _mark(mark: Mark) -> str:
    """A letter and a shape in a box, and the words."""
    sign = " ".join(part for part in (mark.letter, mark.shape) if part)
    return f'<strong class="csp-mark">{escape(sign)}</strong> {escape(mark.words)}'


def _updates(view: View, plan: Plan, priority: str, room: int) -> str:
    found = cached.told(view.edition, story.latest_updates, plan.id, priority, room)
    if found is None:
        return "<h2>Updates</h2><p>There is no update for this priority in the release.</p>"
    items = "".join(
        f"<li><strong>{escape(p.capitalize())}</strong> "
        + " ".join(f"{escape(agency or 'Agency not stated')}: {escape(text)}" for agency, text in said)
        + "</li>"
        for p, said in found.said
    )
    none = f"<li>No update: {escape(', '.join(found.none))}.</li>" if found.none else ""
    cut = "<li>Shortened: in full on the page Priorities.</li>" if found.shortened else ""
    return f'<h2>Updates, {escape(found.quarter)}</h2><ul class="csp-updates">{items}{none}{cut}</ul>'


def _to_discuss(plan: Plan, told: Sequence[Told]) -> None:
    points = story.to_discuss(plan, told)
    if not points:
        st.html('<p class="csp-message">No target is missed, and no figure has changed by more than chance.</p>')
        return
    rows = [
        (escape(point.figure), escape(point.priority), f'<strong class="csp-mark">{escape(point.mark.letter)} '
         f"{escape(point.mark.shape)}</strong>", escape(wording.capitalised(point.why)))
        for point in points[:MOST_POINTS]
    ]  # fmt: skip
    st.html(_table("Figures to discuss", ("Figure", "Priority", "Sign", "Why"), rows, "csp-points"))
    st.html(f"<p>{escape(story.RULE)}</p>")
    more = len(points) - MOST_POINTS
    if more > 0:
        st.html(f"<p>{more} more on the page Priorities.</p>")


def _table(name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "csp-lines") -> str:
    """A table of cells that are HTML already."""
    head = "".join(f'<th role="columnheader" scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(
        f'<tr role="row"><th role="rowheader" scope="row">{row[0]}</th>'
        + "".join(f'<td role="cell">{cell}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    # The roles are said because a telephone shows the rows as blocks, which takes them from a table.
    return (
        f'<div class="csp-table {kind}" role="region" tabindex="0" aria-label="Table: {escape(name)}">'
        f'<table role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


# Notes


def _notes(view: View, screen: Screen) -> None:
    """The box for a note on this screen, and what was typed on it before."""
    key = f"meeting_note_{screen.id}"
    told: Mapping[str, str] = st.session_state.get(_TOLD, {})
    _note(
        key=key,
        data={
            "place": "/".join((view.edition.partnership, view.edition.release, screen.id)),
            "about": screen.title,
            "kinds": list(meetings.KINDS),
            "longest": meetings.LONGEST_TEXT,
            "today": datetime.now(UTC).date().isoformat(),
            "id": told.get("id", ""),
            "error": told.get("error", ""),
        },
        height="content",
        on_entry_change=partial(_keep, view, screen, key),
    )
    here = [entry for entry in _kept(view) if entry.screen == screen.id]
    if here:
        st.html(f'<ul class="csp-kept">{"".join(f"<li>{_said(entry)}</li>" for entry in reversed(here))}</ul>')


def _keep(view: View, screen: Screen, key: str) -> None:
    """Keep what was sent. Runs before the page does; who may write is asked again, for anybody can send."""
    sent: Any = getattr(st.session_state.get(key), "entry", None)
    workspace = Workspace(view.edition.workspace)
    if not isinstance(sent, Mapping) or view.role not in MAY_WRITE or not meetings.writable(workspace):
        return
    given = {name: str(sent.get(name, "")) for name in ("kind", "text", "who", "meeting", "id")}
    try:
        meetings.add(
            workspace, view.edition.partnership, view.edition.release, screen=screen.id, heading=screen.title, **given
        )
    except InputError as problem:
        st.session_state[_TOLD] = {"id": given["id"], "error": str(problem)}
    else:
        st.session_state[_TOLD] = {"id": given["id"], "error": ""}


def _kept(view: View) -> tuple[Entry, ...]:
    return meetings.read(Workspace(view.edition.workspace), view.edition.partnership, view.edition.release).entries


def _said(entry: Entry) -> str:
    who = f", {entry.who}" if entry.who else ""
    return f"<strong>{escape(entry.kind.capitalize())}{escape(who)}</strong> {escape(entry.text)}"


def _record(view: View) -> None:
    """Everything that was typed about this release, decisions first, and the ways to take it away."""
    kept = meetings.read(Workspace(view.edition.workspace), view.edition.partnership, view.edition.release)
    release = cached.release(view.edition)
    if kept.damaged:
        st.warning(f"{kept.damaged} lines of the file of notes cannot be read. Nothing else is lost.")
    if not kept.entries:
        st.html('<p class="csp-message">Nothing has been typed yet. Use ‘Notes and decisions’ on any screen.</p>')
        return
    order = list(minutes.KIND_WORDS)
    entries = sorted(kept.entries, key=lambda entry: order.index(entry.kind))
    rows = [
        (escape(entry.kind.capitalize()), escape(entry.text).replace("\n", "<br>"), escape(entry.heading),
         escape(", ".join(filter(None, (entry.who, minutes.day(entry.meeting))))))
        for entry in entries
    ]  # fmt: skip
    st.html(_table("What was decided and noted", ("Kind", "Text", "Screen", "Who and when"), rows, "csp-record"))
    with st.container(horizontal=True, key="meeting_downloads"):
        files: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
            ("Download (CSV)", "csv", "text/csv", partial(minutes.csv, kept.entries, release.id, release.notice)),
            (
                "Download as text (Markdown)", "md", "text/markdown",
                partial(minutes.markdown, kept.entries, view.partnership.name, release.id, release.notice),
            ),
        )  # fmt: skip
        for label, ending, kind, make in files:
            name = f"meeting-{view.edition.partnership}-{release.id}.{ending}"
            st.download_button(label, make, name, kind, on_click="ignore", key=f"meeting_{ending}")
