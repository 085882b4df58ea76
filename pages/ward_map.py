"""Where the chosen measure is high and low, by ward."""

import streamlit as st

from csp_data.ui import cached, layout, show, ward_profile

view = layout.open_page("ward_map")
layout.say_what_is_shown(view)

if view.vintage:
    per = layout.choose_rate_or_count(view)
    show.map_of_wards(view, per)
    show.sentence(view, per)
    ward_profile.link_to_profile(view)
    ward_profile.link_to_successors(view)
    show.unplaced(view)
    st.header("The same figures, in a table you can sort", anchor=False)
    show.sortable(cached.ward_map(view.edition, view.question(per)).chart)
else:
    st.info("This release has no ward boundaries, so there is no map. Add a source of boundaries to its build.")

layout.close_page(view)
