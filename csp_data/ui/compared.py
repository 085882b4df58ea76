"""The choices of the page Compared with other areas: the group of areas and the period."""

import streamlit as st

from csp_data.analysis.periods import Span
from csp_data.stories.compared import Line
from csp_data.ui.choices import choose


def choose_group_and_period(line: Line) -> tuple[str, Span]:
    """The group and period to compare in, kept in the address."""
    left, right = st.columns(2)
    with left:
        group = choose("Group of areas", "group", line.periods)
    spans = {span.label: span for span in line.periods[group]}
    with right:
        return group, spans[choose("Period compared", "compared_period", spans)]
