"""The control chart and the table of like with like on the page Trends, with the choices of their own."""

from collections.abc import Mapping

import streamlit as st

from csp_data.analysis.counts import NOT_SPLIT
from csp_data.analysis.periods import Span
from csp_data.stories import trends
from csp_data.stories.trends import Shown
from csp_data.ui import cached, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table


def months(view: View) -> None:
    show.show(cached.drawing(view.edition, trends.monthly_line, view.question(), view.over_time), "months")
    show.left_out(view)


def years(view: View) -> None:
    show.show(cached.drawing(view.edition, trends.financial_year_bars, view.question(), view.over_time), "years")


def types(view: View) -> None:
    """The kinds that the chosen type is made of, where it has any."""
    kinds = cached.table(view.edition, view.question(), "category")["category_label"]
    if set(kinds) != {NOT_SPLIT}:
        show.show(cached.category_bars(view.edition, view.question()), "types")


def like_with_like(view: View) -> None:
    """What changed, each period against the same months before, and whether it is more than chance."""
    compared = cached.told(view.edition, trends.like_with_like, view.question())
    st.header("Like with like: what has changed?", anchor=False)
    st.markdown(f"{compared.lead}")
    show_table(compared.columns, compared.name, compared.numbers, stacked=True)
    st.caption("  \n".join([*compared.notes, compared.source]))


def control_chart(view: View) -> None:
    """Which months are more than the usual ups and downs, with the choices that make its limits."""
    st.header("More than the usual ups and downs?", anchor=False)
    shown = _choose_shown(view)
    over = _choose_months(view)
    rebase = _choose_breaks(view, over)
    screen = st.checkbox(
        "Leave sudden jumps out of the limits (screening)", value=True, key="screening", bind="query-params"
    )
    show.show_or_say(view, "control", trends.control_chart, view.question(), over, shown, rebase, screen)


_LENGTHS: Mapping[str, bool] = {f"Latest {trends.CONTROL_MONTHS} months": False, "All months": True}


def _choose_months(view: View) -> Span:
    """The latest years of the months, where there are more."""
    if trends.control_span(view.over_time, whole=False) == view.over_time:
        return view.over_time
    chosen = st.radio("Months in the control chart", list(_LENGTHS), horizontal=True, key="months", bind="query-params")
    return trends.control_span(view.over_time, _LENGTHS[chosen])


def _choose_shown(view: View) -> Shown:
    options: dict[str, Shown] = {
        "Count each month": "count",
        "Months made equal in length": "per day",
        f"Rate {view.measure.rate_unit}": "rate",
    }
    return options[st.radio("Control chart of", list(options), horizontal=True, key="chart_of", bind="query-params")]


def _choose_breaks(view: View, over: Span) -> tuple[str, ...]:
    """The months that limits start afresh at: those of dated events only, and only when the visitor picks them."""
    dated = dict(cached.told(view.edition, trends.breaks, view.question(), over))
    if not dated:
        return ()
    if "afresh" in st.session_state:  # what another partnership or span offered
        st.session_state["afresh"] = [label for label in st.session_state["afresh"] if label in dated]
    picked = st.multiselect(
        "Start the limits afresh at a dated event",
        list(dated),
        key="afresh",
        bind="query-params",
        placeholder="None chosen",
        help="Limits move only at an event that you choose, never at what the figures themselves suggest.",
    )
    return tuple(sorted({dated[label] for label in picked}))
