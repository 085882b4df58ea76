"""Choosing a ward of any set, and everything that is told of it across the change of boundaries."""

import streamlit as st

from csp_data.stories import boundary_change as story
from csp_data.ui import cached, choices, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table


def find_ward(view: View) -> None:
    """One list of the wards of every set. It follows and sets the choices at the side, which are those in the address."""
    subject = cached.subject(view.edition)
    options = {
        f"{choices.ward_label(code, name)}, {vintage.label}": (vintage.label, choices.ward_label(code, name))
        for vintage in view.partnership.vintages
        for code, name in subject.wards[vintage.id].items()
    }
    own = f"{choices.ward_label(view.area, view.area_name)}, {view.vintage.label}" if view.area else None
    st.session_state["find_any_ward"] = own
    st.session_state["wards of the list"] = options
    st.selectbox(
        "Find an old or a new ward",
        list(options),
        index=None,
        key="find_any_ward",
        placeholder="Type the first letters of a ward",
        on_change=_take,
    )


def _take() -> None:
    taken = st.session_state["wards of the list"].get(st.session_state["find_any_ward"])
    if taken is None:
        st.session_state["ward"] = choices.WHOLE_PARTNERSHIP
    else:
        st.session_state["wards"], st.session_state["ward"] = taken


def whole(view: View) -> None:
    """All wards of both sets, for a visitor who has not chosen one."""
    for other in story.neighbouring(cached.subject(view.edition), view.vintage.id):
        st.markdown("\n\n".join(cached.told(view.edition, story.overview, view.vintage.id, other)))
        show.show(cached.drawing(view.edition, story.all_outlines, view.vintage.id, other), f"all_{other}")
        show.show(cached.drawing(view.edition, story.kept_together, view.vintage.id, other), f"together_{other}")


def ward(view: View) -> None:
    """The chosen ward against the set before and the set after its own."""
    asked = view.question()
    for other in story.neighbouring(cached.subject(view.edition), view.vintage.id):
        between = (view.area, view.vintage.id, other)
        st.markdown("\n\n".join(cached.told(view.edition, story.summary, *between)))
        warning = cached.told(view.edition, story.best_fit_warning, view.area, view.vintage.id)
        if warning:
            st.warning(warning)
        drawing = cached.drawing(view.edition, story.two_outlines, *between)
        numbers = {column.heading for column in drawing.chart.columns if column.how != "text"}
        show.show(drawing, f"outlines_{other}")
        st.header("What came from where", anchor=False)
        st.caption(cached.told(view.edition, story.reading, *between))
        show_table(drawing.chart.table.to_dict("list"), drawing.chart.title, numbers)
        st.header("Across the change", anchor=False)
        st.markdown("\n\n".join(cached.told(view.edition, story.then_and_now, asked, *between)))
        show.show_or_say(view, f"series_{other}", story.across_change, asked, *between)
        show.show_or_say(view, f"others_{other}", story.others_across_change, asked, *between)


def how_wrong(view: View) -> None:
    """How wrong best fit and each way of estimating are."""
    sentence = cached.told(view.edition, story.best_fit_sentence, view.vintage.id)
    found = cached.told(view.edition, story.how_wrong, view.measure.id, view.vintage.id, view.role)
    st.header("How wrong each method is", anchor=False)
    st.markdown("\n\n".join(text for text in (sentence, found.sentence) if text))
    if found.columns:
        show_table(found.columns, "how wrong each method is", set(list(found.columns)[1:-1]))
