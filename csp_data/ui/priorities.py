"""The figures of a plan's priorities as tables, and the Priorities page's own choices: plan, priority, quarter."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

from csp_data.analysis.plan import FOUR_PS, Plan, Priority, current
from csp_data.analysis.results import Question
from csp_data.figures import plan as words
from csp_data.figures import wording
from csp_data.stories import overview
from csp_data.stories import priorities as story
from csp_data.stories.priorities import Row, Told
from csp_data.ui import cached, choices, downloads, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

HOW_TO_ADD = (
    "To show one, fill in the templates ‘priorities’ and ‘priority_figures’ and name them in the build of the release; "
    "About the data says which columns they have."
)
QUARTERLY = (
    "What agencies did, one summary for each of the four Ps a quarter, as the assessment of 2020 recommends: Prepare, "
    "Protect, Prevent, Pursue."
)
SAME_FIGURES = (
    "A figure keeps its definition when plans change, so that it can be followed through them. This table shows under "
    "which priority each plan follows it."
)


class Chosen(NamedTuple):
    plans: tuple[Plan, ...]
    plan: Plan
    priority: Priority


def asked(view: View) -> Question:
    """The question of a plan's figures: the months, comparison and role chosen, for the whole partnership."""
    return view.question(measure=view.measures[0].id, area=None, category=None, vintage=None)


def told_of(view: View, plan: Plan, priority: Priority) -> Told:
    """The figures of a priority. Those that the months chosen do not touch are not made again when the months change."""
    return story.together(
        cached.told(view.edition, story.measured, plan.id, priority.id, asked(view)),
        cached.told(view.edition, story.standing, plan.id, priority.id, view.role),
    )


def choose(view: View) -> Chosen | None:
    """The plan and priority the visitor chooses, in the address; None, with how to add one, when there is no plan."""
    plans = cached.told(view.edition, story.plans)
    now = current(plans, view.span.end)
    if now is None:
        st.info(f"{view.partnership.short_name} has no Community Safety Plan in this release. {HOW_TO_ADD}")
        return None
    left, right = st.columns([1, 2])
    with left:
        by_label = {plan.label: plan for plan in (now, *(plan for plan in plans if plan != now))}
        plan = by_label[choices.choose("Plan", "plan", by_label)]
    with right:
        named = {priority.label: priority for priority in plan.priorities}
        priority = named[choices.choose("Priority", "priority", named)]
    return Chosen(plans, plan, priority)


def about(chosen: Chosen) -> None:
    """What the priority is: its plan, who leads it, what it goes on from and its programmes."""
    _, plan, priority = chosen
    adopted = f", adopted {wording.date_words(plan.adopted)}" if plan.adopted else ""
    lead = f"Led by **{priority.lead}**." if priority.lead else "No single agency leads it: several share it."
    before = story.goes_on_from(chosen.plans, plan, priority)
    st.header(priority.label, anchor=False)
    st.markdown(
        f"Priority {priority.order} of {len(plan.priorities)} in the **{plan.label}** ({plan.span.label}{adopted}). {lead}"
    )
    if before:
        st.markdown(f"It goes on from {before}.")
    if priority.programmes:
        items = "".join(f"<li>{escape(programme)}</li>" for programme in priority.programmes)
        st.html(f"<p>Programmes:</p><ul>{items}</ul>")
    else:
        st.markdown("The document names no programmes for it.")
    st.caption(f"Source: {priority.source}.")


def figures(view: View, chosen: Chosen) -> Told:
    """The figures of the priority, with a warning where they are for other periods or areas than each other."""
    told = told_of(view, chosen.plan, chosen.priority)
    st.header("What it is followed by", anchor=False)
    if not told.rows:
        st.info(f"No figure is named for this priority. {HOW_TO_ADD}")
        return told
    outside = words.outside_plan(chosen.plan, view.span.end)
    if outside:
        st.info(outside)
    warning = words.mixture_words(story.mixture([told]), view.partnership.short_name)
    st.markdown("\n\n".join(line for line in (*overview.changes([told]), overview.signals([told])) if line))
    if warning:
        st.warning(warning)
    name = f"Figures of {chosen.priority.label}"
    st.html(figure_table(told.rows, name, full=True))
    keep_figures(told.rows, name)
    st.caption(words.KEY)
    return told


def months(view: View, told: Told) -> None:
    """The months behind a signal, for the figure that the visitor chooses."""
    charted = {figure.label: figure for figure in story.measures(told)}
    if not charted:
        return
    with st.container(key="whole_months"):  # on one sheet in print
        st.header("Months behind the signals", anchor=False)
        figure = charted[choices.choose("Figure", "figure", charted)]
        question = story.asked(asked(view), figure)
        show.show(cached.drawing(view.edition, story.months, question, *story.aim(figure)), "months")


def targets(told: Told) -> None:
    """Targets, and whether the limits of the months say that they will be met."""
    st.header("Targets", anchor=False)
    table = story.targets(told)
    if not table["Figure"]:
        st.markdown("No target is set for a figure of this priority.")
        return
    show_table(table, "Targets and whether they are likely to be met")
    st.caption(words.ASSURANCE_KEY)


def updates(view: View, chosen: Chosen) -> None:
    """The four Ps of a quarter."""
    with st.container(key="whole_updates"):
        _updates(view, chosen)


def _updates(view: View, chosen: Chosen) -> None:
    st.header("Quarterly update", anchor=False)
    quarters = cached.told(view.edition, story.quarters, chosen.plan.id, chosen.priority.id)
    if not quarters:
        st.markdown(f"There is no update for this priority in the release. {QUARTERLY}")
        return
    quarter = choices.choose("Quarter", "quarter", quarters)
    told = cached.told(view.edition, story.updates, chosen.plan.id, chosen.priority.id, quarters[quarter])
    for column, (p, meaning) in zip(st.columns(len(FOUR_PS)), FOUR_PS.items(), strict=True):
        with column:
            st.subheader(p.capitalize(), anchor=False)
            st.caption(meaning.capitalize())
            lines = [
                f"<p><strong>{escape(agency or 'Agency not stated')}</strong>: {escape(text)}</p>"
                for agency, text in told[p]
            ]
            st.html("".join(lines) or "<p>No update this quarter.</p>")
    sources = "; ".join(
        cached.told(view.edition, story.update_sources, chosen.plan.id, chosen.priority.id, quarters[quarter])
    )
    st.caption(f"Source: {sources or 'not stated'}.")


def funding(view: View, chosen: Chosen) -> None:
    st.header("Funding", anchor=False)
    told = cached.told(view.edition, story.funding, chosen.plan.id, chosen.priority.id)
    st.markdown(told.sentence)
    if told.table["Project"]:
        show_table(told.table, "Awards for this priority", {"Amount"})


def through_plans(view: View, chosen: Chosen) -> None:
    """The same figures under other plans, and how plans go on from each other."""
    served = cached.told(view.edition, story.served, chosen.plan.id, chosen.priority.id)
    if served["Figure"]:
        with st.container(key="whole_served"):
            st.header("The same figures under each plan", anchor=False)
            st.markdown(SAME_FIGURES)
            show_table(served, "Under which priority each plan follows a figure")
    st.header("How the plans go on from each other", anchor=False)
    show_table(cached.told(view.edition, story.mapping), "Priorities of every plan and what they go on from")
    st.caption(
        "Which priority goes on from which is the judgement of the analysts who keep the table: the plans themselves do "
        "not say."
    )


# The table of figures

_NOTHING = ' class="csp-none"'
_HEADINGS = ("Figure", "Latest", "Trend", "Change", "Signal", "Data for")


def keep_figures(rows: Sequence[Row], name: str) -> None:
    """Let figures be among the tables that the page is downloaded with, each part in a column of its own."""
    downloads.keep_text(
        {
            "Figure": [row.label for row in rows],
            "Latest": [row.value for row in rows],
            "Based on": [row.basis for row in rows],
            "England": [row.england for row in rows],
            "Change": [row.change for row in rows],
            "Signal": [row.signal.text for row in rows],
            "Why": [row.signal.sentence for row in rows],
            "Period": [row.period for row in rows],
            "Area": [row.area for row in rows],
            "Kind of figure": [row.kind for row in rows],
            "Source": [row.source for row in rows],
            "Note": [row.note for row in rows],
        },
        name,
    )


def figure_table(rows: Sequence[Row], name: str, full: bool = False) -> str:
    """Figures as an HTML table: stacked on a telephone, with the headings kept for screen readers.

    Parameters
    ----------
    full : with the change in full, the kind of figure, its source, the reason of its signal and its notes.
    """
    head = "".join(f'<th role="columnheader" scope="col">{heading}</th>' for heading in _HEADINGS)
    notes = _notes(rows)
    body = "".join(_row(row, notes, full) for row in rows)
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes) if full else ""
    below = f'<p class="csp-notes">Notes</p><ol class="csp-notes">{listed}</ol>' if listed else ""
    return (
        f'<div class="csp-figures" role="region" tabindex="0" aria-label="Table: {escape(name)}"><table role="table">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>{below}</div>'
    )


def _notes(rows: Sequence[Row]) -> list[str]:
    """The notes of figures, each once."""
    return list(dict.fromkeys(row.note for row in rows if row.note))


def _row(row: Row, notes: Sequence[str], full: bool) -> str:
    place = escape(row.area) if row.own_area else f"<strong>{escape(row.area)}</strong>"
    more = ""
    if full:
        number = f"Note {notes.index(row.note) + 1}" if row.note else ""
        parts = [row.kind, f"Source: {row.source}" if row.source else "", number]
        more = "".join(f"<small>{escape(part)}</small>" for part in parts if part)
    basis = f"<small>{escape(row.basis)}</small>" if row.basis else ""
    england = f"<small>{escape(wording.capitalised(row.england))}</small>" if row.england else ""
    why = f"<small>{escape(row.signal.sentence)}</small>" if full and row.signal.sentence else ""
    period = row.period if full else words.short_period(row.period)
    named = "" if row.own_area and not full else f"<small>{place}</small>"
    cells = (
        f"<strong>{escape(row.value)}</strong>{basis}{england}",
        row.spark or "–",
        escape(row.change if full else row.short_change),
        f"{escape(row.signal.text if row.signal.letter or why else '–')}{why}",
        f"{escape(period or '–')}{named}",
    )
    made = "".join(
        f'<td role="cell"{_NOTHING if cell == "–" else ""} data-label="{heading}">{cell}</td>'
        for heading, cell in zip(_HEADINGS[1:], cells, strict=True)
    )
    return f'<tr role="row"><th role="rowheader" scope="row">{escape(row.label)}{more}</th>{made}</tr>'
