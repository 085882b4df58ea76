"""The Survey page's own choice, a survey and its wave, and the questions of that wave."""

import streamlit as st

from csp_data.stories import survey as story
from csp_data.stories.survey import Wave
from csp_data.ui import cached, choices, show
from csp_data.ui.choices import View


def choose_wave(view: View) -> Wave | None:
    """The wave the visitor chooses, in the address as "survey"; None, with a sentence of how to add one, when the release
    holds no survey."""
    waves = cached.told(view.edition, story.waves, view.role)
    if not waves:
        st.info(
            f"{view.partnership.short_name} has no survey in this release. To show one, fill in the template ‘survey’ and "
            "name it in the build of the release; About the data says which columns it has."
        )
        return None
    labels = {wave.label: wave for wave in waves}
    return labels[choices.choose("Survey and wave", "survey", labels)]


def show_wave(view: View, wave: Wave) -> None:
    """How the wave was asked, then every question, topic by topic, and each topic over its waves."""
    st.markdown(wave.facts)
    if wave.sample:
        (st.warning if wave.self_selected else st.info)(wave.sample)
    for topic in wave.topics:
        if topic in wave.compared:
            told = cached.drawing(view.edition, story.over_waves, wave.survey, wave.wave, topic, view.role)
            show.show(told, f"waves_{topic.replace(' ', '_')}")
        for about, question in wave.questions:
            if about == topic:
                told = cached.drawing(view.edition, story.question, wave.survey, wave.wave, question, view.role)
                show.show(told, f"question_{question}")
