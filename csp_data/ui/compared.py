"""The page Compared with other areas: the choice of a group of areas and a period, and the table of ranks."""

from collections.abc import Mapping, Sequence

import streamlit as st

from csp_data.analysis.periods import Span
from csp_data.stories.compared import Line
from csp_data.ui.choices import choose
from csp_data.ui.tables import show_table


def choose_group_and_period(line: Line) -> tuple[str, Span]:
    """The group and period to compare in, kept in the address."""
    left, right = st.columns(2)
    with left:
        group = choose("Group of areas", "group", line.periods)
    spans = {span.label: span for span in line.periods[group]}
    with right:
        return group, spans[choose("Period compared", "compared_period", spans)]


def show_ranks(table: Mapping[str, Sequence[str]]) -> None:
    """The ranks with a column a period: there are few, and a telephone has no room for a column a figure."""
    first, *rest = table
    periods = {period: [table[name][n] for name in rest] for n, period in enumerate(table[first])}
    show_table({first: rest, **periods}, "Ranks in each period", set(periods))
