"""Crime and anti-social behaviour at a glance."""

import streamlit as st

from csp_data.ui import cached, layout, show

view = layout.open_page("overview")
layout.say_what_is_shown(view)

for column, measure in zip(st.columns(len(view.measures)), view.measures, strict=True):
    with column:
        show.card(view, measure)

show.show(cached.category_bars(view.edition, view.question()), "types")
if view.vintage:
    show.show(cached.area_rates(view.edition, view.question("rate")), "ward_rates")

layout.close_page(view)
