"""What the figures are, where they come from, and how far they can be trusted: drawn from the catalogue."""

import streamlit as st

from csp_data.ui import cached, documentation, layout, show

view = layout.open_page("about_the_data")
st.markdown(f"About the data of **{view.partnership.name}**. To see those of another, choose it at the side.")

st.header("What is measured", anchor=False)
documentation.measures(view)

show.show(cached.completeness(view.edition), "completeness")

st.header("How the figures are made", anchor=False)
st.markdown(documentation.METHODS)

st.header("Where records were placed", anchor=False)
documentation.placement(view)

st.header("Events to bear in mind", anchor=False)
documentation.events(view)

st.header("Ward sets", anchor=False)
documentation.wards(view)

st.header("Datasets, sources and columns", anchor=False)
with st.container(key="datasets"):
    documentation.datasets(view)

st.header("Licences", anchor=False)
documentation.licences()

st.header("Glossary", anchor=False)
documentation.glossary()

st.header("Accessibility", anchor=False)
st.markdown(documentation.ACCESSIBILITY)

layout.close_page(view)
