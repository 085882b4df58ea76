"""The numbers of a draft, held against the release before anybody prints them."""

import streamlit as st

from csp_data.ui import check_a_draft, layout

view = layout.open_page("check_a_draft")
st.markdown(
    "Paste a paragraph, or give a report: its numbers are found, each is told what it may be, and those that can be checked "
    "are held against this release."
)
if layout.for_analysts(view):
    check_a_draft.ask_and_show(view)
layout.close_page(view)
