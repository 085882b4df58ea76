"""The page that is measured: the shared choices, the ward map and six charts, with all that the product puts beside a
chart (message, subtitle, source, closed table with downloads)."""

import streamlit as st

from csp_data.ui import cached, choices, show
from tests.benchmarks.seven import SEVEN

st.set_page_config(page_title="Benchmark", layout="wide")
view = choices.ask(choices.SHARED_CHOICES, st.Page(__file__))
st.title("Benchmark", anchor=False)
for name, draw in SEVEN.items():
    show.show(draw(view.edition, view.question(), view.over_time), name)
cached.settle_memory()
