"""The page Compared with other areas: its own choices of type, group of areas and period, and the table of ranks."""

from collections.abc import Mapping, Sequence

import streamlit as st

from csp_data.analysis.periods import Span
from csp_data.stories import compared as story
from csp_data.stories.compared import Line
from csp_data.ui import cached
from csp_data.ui.choices import View, choose
from csp_data.ui.tables import show_table

AS_AT_THE_SIDE = "As chosen under ‘Type’"


def choose_category(view: View) -> str | None:
    """The type chosen at the side, or one that only the table of other areas has, where it has any."""
    further = cached.told(view.edition, story.further_lines, view.measure.id, view.role)
    if not further:
        return view.category
    chosen = choose("Type that only the table of other areas has", "published_type", [AS_AT_THE_SIDE, *further])
    return further.get(chosen, view.category)


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
