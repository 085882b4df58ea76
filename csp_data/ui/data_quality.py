"""The findings about each dataset, with the charts that they rest on."""

import streamlit as st

from csp_data.stories import data_quality as story
from csp_data.stories.data_quality import Told
from csp_data.ui import cached, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table


def sources(view: View) -> None:
    """Which months each source gives, for everybody."""
    show.show_or_say(view, "sources", story.completeness, view.role)


def findings(view: View) -> None:
    """What the rules found, dataset by dataset."""
    st.caption(story.HOW_TO_READ)
    for measure in view.measures:
        _table(cached.told(view.edition, story.of_measure, measure.id, view.role))
        if cached.subject(view.edition).months(measure.id):
            asked = cached.told(view.edition, story.asked_of, measure.id, view.role)
            with st.container(key=f"quality_{measure.id}"):
                left, right = st.columns(2)
            with left:
                show.show_or_say(view, f"limits_{measure.id}", story.limits, asked)
            with right:
                show.show_or_say(view, f"unplaced_{measure.id}", story.unplaced, measure.id, view.role)
    _table(cached.told(view.edition, story.of_other_tables))


def methods() -> None:
    st.header("How each rule decides", anchor=False)
    show_table(story.methods(), "How each rule decides", stacked=True)


def _table(told: Told) -> None:
    st.header(told.heading, anchor=False)
    st.markdown(told.lead)
    if told.columns["Finding"]:
        show_table(told.columns, f"Findings: {told.heading}", stacked=True)
    if told.in_order["In order"]:
        with st.expander(f"Looked at and in order: {len(told.in_order['In order'])}"):
            show_table(told.in_order, f"In order: {told.heading}", stacked=True)
