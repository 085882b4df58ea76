"""Published figures on drug and alcohol treatment, each with its own period, interval and comparison."""

import streamlit as st

from csp_data.stories import treatment as story
from csp_data.ui import cached, layout, treatment
from csp_data.ui.tables import show_table

view = layout.open_page("treatment")

if cached.release(view.edition).has("indicators"):
    told = cached.told(view.edition, story.words, view.role)
    if told.missing:
        st.info(told.missing)
    if told.warning:
        st.warning(told.warning)
    if told.side_by_side["Indicator"]:
        st.header("All indicators side by side, with their dates", anchor=False)
        show_table(told.side_by_side, "Indicators and their periods", stacked=True)
        st.caption(treatment.HOW_TO_READ)
    treatment.cards(view, told.cards)
    if told.others:
        st.header("Other indicators", anchor=False)
        treatment.cards(view, told.others)
else:
    st.info(story.MISSING)

layout.close_page(view)
