"""Where the partnership stands among other areas, on rates, and how sure that is."""

import streamlit as st

from csp_data.stories import compared as story
from csp_data.ui import cached, compared, layout, show

view = layout.open_page("compared")

category = compared.choose_category(view)
line = cached.told(view.edition, story.line, view.measure.id, category, view.role)
if line:
    if line.notice:
        st.info(line.notice)
    group, span = compared.choose_group_and_period(line)
    asked = (line.measure, line.category, group, span, view.role)
    told = cached.told(view.edition, story.standing, *asked)
    st.markdown("\n\n".join(told.sentences))
    if told.table:
        st.header("Ranks on number and on rate", anchor=False)
        compared.show_ranks(told.table)
        st.caption("\n\n".join((story.HIGHEST_FIRST, *told.cautions)))
    show.show(cached.drawing(view.edition, story.rates, *asked), "rates")
    show.show(cached.drawing(view.edition, story.funnel, *asked), "funnel")
else:
    st.info(story.MISSING)

layout.close_page(view)
