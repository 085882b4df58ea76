"""Figures as a paragraph that can be copied into a report, made only when the visitor opens it."""

from collections.abc import Sequence

import streamlit as st

from csp_data.analysis.results import Question
from csp_data.stories import narrative as story
from csp_data.ui import cached
from csp_data.ui.choices import View


def to_copy(view: View, questions: Sequence[Question]) -> None:
    """A paragraph for each question. Its verbs follow the tests, and its numbers are those of the page."""
    box = st.expander("In words, to copy into a report", key="in_words", on_change="rerun")
    if box.open:
        with box:
            for question in questions:
                st.code(cached.told(view.edition, story.paragraph, question), language=None, wrap_lines=True)
            st.caption(
                "‘Higher’, ‘lower’ and ‘similar’ follow the test of each change: a difference that chance could explain is "
                "never called a rise or a fall."
            )
