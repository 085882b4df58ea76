"""Wards before and after their boundaries changed: what came from where, and the past on today's boundaries."""

import streamlit as st

from csp_data.stories import boundary_change as story
from csp_data.ui import boundary_change, cached, layout

view = layout.open_page("boundary_change")

if not view.vintage:
    st.info("This release has no wards, so no boundaries changed. Add a source of ward boundaries to its build.")
elif not story.neighbouring(cached.subject(view.edition), view.vintage.id):
    st.info(story.ONE_SET)
else:
    boundary_change.find_ward(view)
    if view.area:
        boundary_change.ward(view)
    else:
        boundary_change.whole(view)
    boundary_change.how_wrong(view)

layout.close_page(view)
