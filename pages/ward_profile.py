"""One ward for its councillor, in plain words, on one screen and one sheet of paper."""

import streamlit as st

from csp_data.stories import ward_profile as story
from csp_data.ui import cached, layout, show, ward_profile

view = layout.open_page("ward_profile")

if not view.vintage:
    st.info("This release has no wards, so there is no profile. Add a source of ward boundaries to its build.")
else:
    ward_profile.find_ward(view)
    if view.area:
        ward_profile.profile(view)
    else:
        ward_profile.list_of_wards(view)
        show.show(cached.drawing(view.edition, story.all_wards, view.question(category=None)), "all_wards")

layout.close_page(view)
