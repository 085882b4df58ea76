"""Finding a ward by name or postcode, its profile in plain words, and an address to send on."""

from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st

from csp_data.catalogue.measures import Measure
from csp_data.stories import boundary_change, wards_compared
from csp_data.stories import ward_profile as story
from csp_data.ui import cached, choices, narrative, show
from csp_data.ui.choices import View

_FOUND = "what came of the search for a postcode"
MOST_TOP = 10
DEFAULT_TOP = 5


def choose_how_many() -> int:
    """How many wards are the top."""
    options = [str(number) for number in range(1, MOST_TOP + 1)]
    return int(
        st.selectbox(
            "How many wards to count as the top",
            options,
            index=options.index(str(DEFAULT_TOP)),
            key="top",
            bind="query-params",
        )
    )


def choose_denominator(view: View) -> str:
    """What the rates of the page are per, all of them alike; residents where the release has nothing else."""
    options = cached.told(view.edition, wards_compared.denominators, view.vintage.id)
    if len(options) < 2:
        return "residents"
    return options[st.radio("Rates per", list(options), horizontal=True, key="denominator", bind="query-params")]


def find_ward(view: View) -> None:
    """Search by name, and by postcode where the release can."""
    subject = cached.subject(view.edition)
    names = subject.wards[view.vintage.id]
    labels = [choices.ward_label(code, name) for code, name in names.items()]
    # The side panel's choice is the one in the address. This is the same choice within a thumb's reach: it follows and sets it.
    st.session_state["find_ward"] = choices.ward_label(view.area, names[view.area]) if view.area else None
    with st.container(key="find"):
        st.selectbox(
            "Find a ward by name",
            labels,
            index=None,
            key="find_ward",
            placeholder="Type the first letters of a ward",
            on_change=_take_ward,
        )
        if story.knows_postcodes(subject):
            with st.form("postcode_form", clear_on_submit=True, border=False):
                st.text_input("Or by postcode", key="postcode", autocomplete="postal-code", max_chars=12)
                st.form_submit_button("Find", on_click=_take_postcode, args=(view,))
        told = st.session_state.pop(_FOUND, "")
        if told:
            st.warning(told)


def _take_ward() -> None:
    st.session_state["ward"] = st.session_state["find_ward"] or choices.WHOLE_PARTNERSHIP


def _take_postcode(view: View) -> None:
    """Choose the ward of the postcode typed in. The postcode goes no further: not into the address, a cache or a
    message."""
    typed, st.session_state["postcode"] = st.session_state.get("postcode", ""), ""
    subject = cached.subject(view.edition)
    if not story.is_postcode(typed):
        st.session_state[_FOUND] = "Enter a whole postcode, such as ME4 4TR."
        return
    code = story.postcode_ward(subject, typed, view.vintage.id)
    if code is None:
        st.session_state[_FOUND] = (
            f"That postcode is not among those of the wards of {view.partnership.short_name}. Check it, or find the ward "
            "by name."
        )
        return
    st.session_state["ward"] = choices.ward_label(code, subject.wards[view.vintage.id][code])


def list_of_wards(view: View) -> None:
    """The wards of the chosen set as links."""
    names = cached.subject(view.edition).wards[view.vintage.id]
    st.header(f"Wards of {view.partnership.short_name}", anchor=False)
    st.caption(f"{view.vintage.label}. Choose other boundaries at the side.")
    start = choices.short_address(view)
    links = "".join(
        f'<li><a href="?{escape(start)}&amp;ward={quote(code)}">{escape(name)}</a></li>' for code, name in names.items()
    )
    st.html(f'<ul class="csp-links">{links}</ul>')


def profile(view: View) -> None:
    """The chosen ward on one screen and one sheet: what is recorded, side by side; how to read it; where it is."""
    subject = cached.subject(view.edition)
    with st.container(key="profile"):
        st.header(view.area_name, anchor=False)
        count = len(subject.wards[view.vintage.id])
        st.markdown(
            f"One of the {count} wards of {view.partnership.short_name}. Ward set: **{view.vintage.label}**. "
            f"{cached.told(view.edition, story.same_name, view.area, view.vintage.id)}"
        )
        link_to_successors(view)
        st.markdown(cached.told(view.edition, story.by_day, view.question()))
        for column, measure in zip(st.columns(len(view.measures)), view.measures, strict=True):
            with column:
                _card(view, measure)
        narrative.to_copy(view, [view.question(measure=measure.id, category=None) for measure in view.measures])
        _how_to_read()
        _address_to_send(view)


def _card(view: View, measure: Measure) -> None:
    asked = view.question(measure=measure.id, category=None)
    found = cached.told(view.edition, story.profile, asked)
    with st.container(border=True, key=f"card_{measure.id}"):
        st.header(found.heading, anchor=False)
        st.metric(found.period, found.number)
        st.markdown("\n".join(f"- {sentence}" for sentence in found.sentences))
        show.show(cached.drawing(view.edition, story.strip, asked), f"strip_{measure.id}")
        show.show(cached.drawing(view.edition, story.trend, asked), f"trend_{measure.id}")
    if cached.told(view.edition, story.has_kinds, measure.id, view.role):
        show.show(cached.drawing(view.edition, story.kinds, asked), f"kinds_{measure.id}")


def _address_to_send(view: View) -> None:
    """An address of this ward that stays, as text to be copied."""
    where = urlsplit(st.context.url or "")
    page = where.path.rstrip("/")
    page = page if page.endswith("/ward_profile") else f"{page}/ward_profile"
    start = f"{where.scheme}://{where.netloc}" if where.netloc else ""
    with st.container(key="address"):
        st.markdown(
            "**An address to send to a resident**: it opens this ward, in this ward set, with the latest figures."
        )
        st.code(f"{start}{page}?{choices.short_address(view)}", language=None, wrap_lines=True)


def _how_to_read() -> None:
    st.caption(
        "How to read this: a figure for every 1,000 residents lets small and large wards be compared. People who come to "
        "shop, work or go out are not residents, so a town centre's figure overstates the risk to those who live there. "
        "‘By chance’ means that so small a difference comes about also when nothing has changed. Crime recorded is not "
        "all crime: a rise may mean that more is reported, or that the police look for it."
    )


def link_to_successors(view: View) -> None:
    """For a ward that no longer exists: where its area is now, and the way to the page that tells how it changed."""
    told = cached.told(view.edition, boundary_change.leads_to, view.area, view.vintage.id) if view.area else ""
    if told:
        st.info(told)
        st.page_link("pages/boundary_change.py", label=f"Boundary change: what became of {view.area_name}")


def link_to_profile(view: View) -> None:
    """The way to the profile of the chosen ward."""
    if view.area:
        st.page_link("pages/ward_profile.py", label=f"Ward profile of {view.area_name}")
