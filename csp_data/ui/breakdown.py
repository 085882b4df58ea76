"""The Breakdown page's way through the tree, which moves the choice of type at the side, and its list of all lines."""

import streamlit as st

from csp_data.analysis import results
from csp_data.catalogue.categories import CATEGORIES
from csp_data.figures import wording
from csp_data.stories import breakdown as story
from csp_data.ui import cached, choices, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table


def way_through(view: View) -> None:
    """Where the chosen line lies, with a button for each line above and below that can be chosen."""
    place = cached.told(view.edition, story.place, view.measure.id, view.category, view.role)
    dataset = view.measure.dataset
    held = results.lines(cached.subject(view.edition), view.measure.id, view.role)
    labels = {line or dataset: label for label, line in choices.type_options(dataset, held).items()}
    with st.container(horizontal=True, key="line_above", vertical_alignment="center"):
        for line in place.above:
            if line in labels:
                st.button(
                    f"↑ {CATEGORIES[line].label}",
                    key=f"up_{line}",
                    on_click=_choose,
                    args=(labels[line],),
                    type="tertiary",
                )
        st.markdown(f"**{CATEGORIES[place.line].label}**")
    below = [line for line in place.below if line in labels]
    if below:
        with st.container(key="lines_below"):
            st.caption("Open a line:")
            with st.container(horizontal=True):
                for line in below:
                    st.button(CATEGORIES[line].label, key=f"open_{line}", on_click=_choose, args=(labels[line],))


def _choose(label: str) -> None:
    """Make a line the chosen type, which the side panel and the address then show."""
    st.session_state["type"] = label


def taken_apart(view: View) -> None:
    """What the line is made of, its changes in words, and each of its lines over time."""
    question = view.question()
    show.show(cached.drawing(view.edition, story.parts, question), "parts")
    if told := cached.told(view.edition, story.words, question):
        st.markdown(told)
    if cached.told(view.edition, story.has_lines, question):
        show.show(cached.drawing(view.edition, story.lines, question, view.over_time), "lines")
        show.left_out(view)


def every_line(view: View) -> None:
    """The whole tree as a table, with whether the release holds each line."""
    question = view.question()
    st.header("All lines of the tree" if view.measure.id == "crime" else "All kinds of incident", anchor=False)
    tree = cached.told(view.edition, story.every_line, question)
    for sentence in tree.sentences:
        st.markdown(sentence)
    name = f"{view.measure.label} by line, {view.area_name}, {view.span.label}"
    show_table(tree.columns, name, {wording.capitalised(view.measure.plural), "Share of all"}, stacked=True)
