"""The data on a page: every priority of the current plan with its main figures, to be shown large or printed on A3."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from csp_data.analysis.plan import Plan, Priority, current
from csp_data.figures import plan as words
from csp_data.stories import overview as story
from csp_data.stories import priorities as of_priorities
from csp_data.stories.priorities import Told
from csp_data.ui import cached, layout, narrative, priorities, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

_SHEET = "<style>@page { size: A3 landscape; margin: 9mm; }</style>"


def meeting_link() -> None:
    """The way to Meeting mode, in one click; it looks like the button that it is."""
    with st.container(key="meeting_link"):
        st.page_link(layout.ROOT / "pages" / "meeting.py", label="Meeting mode", width="content")


def cards(view: View) -> None:
    """Count, rate, change and recent months of each measure for the area and period chosen."""
    for column, measure in zip(st.columns(len(view.measures)), view.measures, strict=True):
        with column:
            show.card(view, measure)
    narrative.to_copy(
        view,
        [
            view.question(measure=measure.id, category=view.category if measure == view.measure else None)
            for measure in view.measures
        ],
    )


def data_on_a_page(view: View) -> None:
    """Every priority of the plan that holds the period's last month."""
    plans = cached.told(view.edition, of_priorities.plans)
    plan = current(plans, view.span.end)
    if plan is None:
        st.info(f"{view.partnership.short_name} has no Community Safety Plan in this release. {priorities.HOW_TO_ADD}")
        _without_a_plan(view)
        return
    st.html(_SHEET)
    every = [priorities.told_of(view, plan, priority) for priority in plan.priorities]
    told = [story.main_figures(one) for one in every]
    st.header(f"Priorities: {plan.label}", anchor=False)
    _what_changed(view, plan, told)
    with st.container(key="data_on_a_page"):
        sections = "".join(
            _section(plan.priorities[n], shown, len(whole.rows) - len(shown.rows))
            for n, (shown, whole) in enumerate(zip(told, every, strict=True))
        )
        st.html(f'<div class="csp-priorities">{sections}</div>')
        st.caption(
            f"All figures are for {view.partnership.short_name} unless another area is named. {_compared(told)} {words.KEY}"
        )
        st.caption("Printed from here it takes up to two sheets of A3; the page Pack for a meeting makes it on one.")
    with st.container(key="dates"):
        st.header("Dates and areas side by side", anchor=False)
        show_table(story.dates(told), "When and where the figures are for", stacked=True)


def _what_changed(view: View, plan: Plan, told: list[Told]) -> None:
    own = view.partnership.short_name
    said, warned = st.columns([3, 2])
    with said:
        st.markdown("\n\n".join(line for line in (*story.changes(told), story.signals(told)) if line))
    with warned:
        warning = words.mixture_words(of_priorities.mixture(told), own)
        if warning:
            st.warning(warning)
    outside = words.outside_plan(plan, view.span.end)
    if outside:
        st.info(outside)
    if view.area:
        st.info(f"The priorities are for all of {own}; the figures above them are for {view.area_name}.")


def _compared(told: Sequence[Told]) -> str:
    measured = [f for one in told for f in one.figures if f.kind == "measure" and f.previous is not None]
    police = (
        f"Police records are compared with {measured[0].previous_period}, other figures"
        if measured
        else "Figures are compared"
    )
    return f"{police} with their own earlier figure; in brackets the 95% interval of the change."


def _section(priority: Priority, told: Told, left_out: int) -> str:
    lead = f"<p>Led by {escape(priority.lead)}</p>" if priority.lead else ""
    name = f"Figures of {priority.label}"
    table = priorities.figure_table(told.rows, name) if told.rows else "<p>No figure is named for it.</p>"
    priorities.keep_figures(told.rows, name)
    more = f"<p><small>{left_out} more on the page Priorities.</small></p>" if left_out else ""
    return f"<section><h3>{priority.order}. {escape(priority.label)}</h3>{lead}{table}{more}</section>"


def _without_a_plan(view: View) -> None:
    show.show(cached.category_bars(view.edition, view.question()), "types")
    if view.vintage:
        show.show(cached.area_rates(view.edition, view.question("rate")), "ward_rates")
