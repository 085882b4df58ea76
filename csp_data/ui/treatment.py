"""Cards of published indicators: the figure in words beside its series."""

from collections.abc import Sequence

import streamlit as st

from csp_data.stories import treatment as story
from csp_data.stories.treatment import Card
from csp_data.ui import cached, show
from csp_data.ui.choices import View

HOW_TO_READ = (
    "▲ above, ▼ below, ≈ no more than chance apart: the publisher's 95% interval against the other figure, which is taken "
    "as fixed. “Better” and “worse” are said only where more of it is plainly good or bad. The recent trend is tested on "
    "the five latest years (Fingertips' method, at 99.8%). [c] withheld by the publisher; [x] no figure; [z] nothing to "
    "compare with."
)


def cards(view: View, told: Sequence[Card]) -> None:
    """A box an indicator: its latest figure, what can be said of it and its series; a second for its groups, if any, so
    that print may part the two."""
    for card in told:
        with st.container(border=True, key=f"card_{card.indicator}"):
            words, chart = st.columns([2, 3], gap="medium")
            with words:
                st.header(card.heading, anchor=False)
                st.metric(card.period, card.value)
                st.markdown("\n\n".join(card.lines))
                if card.definition:
                    st.caption(card.definition)
            with chart:
                key = card.indicator.replace("-", "_")
                show.show(cached.drawing(view.edition, story.over_time, card.indicator, view.role), key)
        if card.has_groups:
            with st.container(border=True, key=f"card_{card.indicator}_groups"):
                show.show(cached.drawing(view.edition, story.by_group, card.indicator, view.role), f"{key}_groups")
