"""One chart of a page without anything around it, for other websites: ``?embed=true&chart=KEY``, for the public only.

Streamlit leaves out its own parts when the address has ``embed=true``. Which sites may show such an address is set by
CSP_EMBED_PARENTS, and told to browsers by ``csp_data.ui.server``.
"""

import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from csp_data.ui import cached, downloads
from csp_data.ui.choices import View

_PLACE = "where the embedded chart goes"
_ONLY_THE_CHART = """<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"],
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] > :not(:has(.st-key-embedded))
{ display: none !important; }
[data-testid="stMainBlockContainer"] { padding: 0.5rem !important; }
</style>"""


def begin(view: View) -> None:
    """Make ready for one chart, when the address asks for it; refuse it to other roles than the public."""
    st.session_state[_PLACE] = None
    if not (st.context.is_embedded and downloads.EMBED in st.query_params):
        return
    st.html(_ONLY_THE_CHART)
    place = st.container(key="embedded")
    if view.role != "public":
        with place:
            st.error(
                "Charts are shown on other websites for the public only, and this site is set up for another role."
            )
        st.stop()
    st.session_state[_PLACE] = place


def place() -> DeltaGenerator | None:
    """Where the embedded chart goes; None on a page that is shown whole."""
    return st.session_state.get(_PLACE)


def is_asked(key: str) -> bool:
    """Whether the address asks for the chart of that name."""
    return st.query_params.get(downloads.EMBED) == key


def finish() -> None:
    """After the chart: its notice, whose figures they are and the way to the dashboard. Nothing more of the page is run."""
    shown = downloads.shown_here()
    if shown:
        release = cached.release(shown.view.edition)
        if release.notice:
            st.warning(f"**{release.notice}.**")
        st.markdown(
            f"{shown.view.partnership.name}. Data release {release.id} ({release.status}). "
            f"[Open the dashboard]({shown.link()})."
        )
    st.stop()


def missing() -> None:
    """At the end of a page that has no chart of the name asked for."""
    where = place()
    if where is not None:
        asked = re.sub(r"[^\w -]", "", st.query_params.get(downloads.EMBED, ""))[:60]
        where.error(
            f"This page has no chart ‘{asked}’. Copy the address again from ‘Embed this chart’ under the chart."
        )
