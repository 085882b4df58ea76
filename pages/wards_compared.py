"""Where the chosen measure gathers: wards by rate, by number, by kind and over time."""

import streamlit as st

from csp_data.stories import wards_compared as story
from csp_data.ui import cached, layout, show, ward_profile

view = layout.open_page("wards_compared")
layout.say_what_is_shown(view)

if view.vintage:
    ward_profile.link_to_profile(view)
    asked = view.question(denominator=ward_profile.choose_denominator(view))
    show.show(cached.drawing(view.edition, story.places, asked), "places")

    top = ward_profile.choose_how_many()
    show.show(cached.drawing(view.edition, story.top, asked, top), "top")
    show.show(cached.drawing(view.edition, story.curve, asked), "curve")
    if cached.told(view.edition, story.holds_both):
        show.show(cached.drawing(view.edition, story.both_measures, asked, top), "both")
    else:
        st.info(story.ONE_MEASURE)

    if view.area:
        show.show(cached.drawing(view.edition, story.mix_of_ward, asked), "mix")
    if view.category:
        show.show(cached.drawing(view.edition, story.kind_by_ward, asked), "kind")
    if not (view.area or view.category):
        st.info("Choose a ward under ‘Area’ to see its mix of types, or a type to see where it is more of the whole.")

    show.show(cached.drawing(view.edition, story.staying, asked), "staying")
    show.show(cached.drawing(view.edition, story.hot_spots, asked), "hot_spots")
    st.header("Records in no ward", anchor=False)
    show.unplaced(view)
else:
    st.info(
        "This release has no ward boundaries, so wards cannot be compared. Add a source of boundaries to its build."
    )

layout.close_page(view)
