"""What every page has around its content: navigation, title, what is being shown, notices, and where it comes from."""

import os
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from csp_data.analysis.periods import (
    financial_year_label,
    holds_pandemic,
    month_label,
    pre_pandemic,
    present,
    previous_year,
)
from csp_data.analysis.results import PANDEMIC_BASE, QuestionError
from csp_data.extracts.problems import InputError
from csp_data.figures import wording
from csp_data.ui import cached, choices, downloads, embed
from csp_data.ui.choices import View


class Page(NamedTuple):
    title: str
    group: str
    """The heading in the menu that the page is listed under; "" for none."""
    uses: frozenset[str] = choices.SHARED_CHOICES
    """The shared choices that change this page. The others are hidden on it, and kept for the next page."""
    charts: bool = True
    """Whether the page always draws a chart for the public; one of tables, text or for analysts only may have none."""
    listed_for_public: bool = True
    """Whether the public finds the page in the menu; one with nothing for them opens by its address only, and says so."""


ROOT = Path(__file__).resolve().parents[2]
_CRIME, _WARDS, _PLAN, _MEETINGS, _DATA = (
    "Crime and ASB",
    "Wards",
    "Priorities and people",
    "Meetings",
    "Data and checks",
)
PAGES = {
    "overview": Page("Overview", ""),
    "trends": Page("Trends", _CRIME),
    "seasonality": Page("Seasonality", _CRIME, choices.SHARED_CHOICES - {"compare"}),
    "breakdown": Page("Breakdown", _CRIME),
    "compared": Page("Compared with other areas", _CRIME, frozenset({"measure", "type"})),
    "ward_map": Page("Ward map", _WARDS),
    "ward_profile": Page("Ward profile", _WARDS, choices.SHARED_CHOICES - {"measure", "type"}),
    "wards_compared": Page("Wards compared", _WARDS),
    "boundary_change": Page("Boundary change", _WARDS, frozenset({"measure", "type", "wards", "ward"})),
    "priorities": Page("Priorities", _PLAN, frozenset({"period", "compare"})),
    "treatment": Page("Drug and alcohol treatment", _PLAN, frozenset()),
    "survey": Page("Survey", _PLAN, frozenset()),
    "partnership": Page("Partnership", _PLAN, frozenset()),
    "meeting": Page("Meeting mode", _MEETINGS, frozenset({"period", "compare"})),
    "pack": Page("Pack for a meeting", _MEETINGS, frozenset(), charts=False),
    "about_the_data": Page("About the data", _DATA, frozenset()),
    "data_quality": Page("Data quality", _DATA, frozenset()),
    "check_a_draft": Page("Check a draft", _DATA, frozenset(), charts=False, listed_for_public=False),
    "claims": Page("Claims", _DATA, frozenset(), charts=False, listed_for_public=False),
    "releases": Page("Releases", _DATA, frozenset(), charts=False, listed_for_public=False),
}
"""File in pages/ -> page. The file's name is the page's address."""

_ALONE = "a page was started without app.py"
_STYLE = Path(__file__).with_name("style.css")
_ICON = Path(__file__).with_name("icon.png")
_LISTS = """<script>
  // On a telephone Streamlit puts the groups of the menu as boxes into a list, where only entries may be. Without the
  // roles of a list it reads well: headings, and links under them.
  const mend = () => document.querySelectorAll(
    "[data-testid=stSidebarNavItems]:not([role]), [data-testid=stSidebarNavItems] li:not([role])"
  ).forEach((part) => part.setAttribute("role", "none"))
  mend()
  if (!window.cspListsWatched) new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
  window.cspListsWatched = true
</script>"""


def run() -> None:
    """What ``app.py`` does: list the pages, ask for the choices they share, run the page asked for."""
    page = _navigate()
    try:
        choices.hand_over(choices.ask(next(each.uses for each in PAGES.values() if each.title == page.title), page))
    except (InputError, QuestionError) as problem:
        _stop(problem)
    page.run()


def open_page(name: str) -> View:
    """Start a page: its title and the notices. Gives the visitor's choices."""
    view = open_bare(name)
    st.caption(view.partnership.name)
    st.title(PAGES[name].title, anchor=False)
    release = cached.release(view.edition)
    if release.notice:
        st.warning(f"**{release.notice}.**")
    if release.status == "withdrawn":
        _offer_last_good()
    for notice in view.notices:
        st.info(notice)
    return view


def for_analysts(view: View) -> bool:
    """Whether the visitor may use what is meant for analysts; says to the public in a sentence why not."""
    if view.role != "public":
        return True
    st.info(
        "This part is for the partnership's analysts and partners, who check figures before they are published. Start the "
        "dashboard with CSP_ROLE=analyst to use it."
    )
    return False


def open_bare(name: str) -> View:
    """Start a page that puts its own title and notices on the screen. Gives the visitor's choices.

    On a server that has just started, a visitor who comes by a link to a page gets that page without ``app.py``: what is
    typed into it would be lost with the next run, which is one of ``app.py``. So a page that finds nothing asked for
    lists the pages and starts again at once; where it is alone even then, as in tests, it asks for itself.
    """
    view = choices.handed_over()
    if view is None:
        page = _navigate()
        if _ALONE not in st.session_state:
            st.session_state[_ALONE] = True
            st.rerun()
        try:
            view = choices.ask(PAGES[name].uses, page)
        except (InputError, QuestionError) as problem:
            _stop(problem)
    st.set_page_config(page_title=f"{PAGES[name].title} – {view.partnership.short_name}")
    downloads.begin(view, PAGES[name].title, PAGES[name].uses)
    embed.begin(view)
    return view


def say_what_is_shown(view: View) -> None:
    """One sentence with every choice, and where to change it."""
    category = "all types" if view.category is None else view.type_label
    place = f"{view.area_name} ward, {view.partnership.short_name}" if view.area else view.partnership.short_name
    period = view.span.label + ("" if view.period == choices.CHOOSE_MONTHS else f" ({_named(view)})")
    wards = f" Wards: {view.vintage.label}." if view.vintage else ""
    st.markdown(
        f"Showing **{_lower(view.measure.label)}** ({category}) in **{place}**, **{period}**{comparison(view)}.{wards}"
    )
    with st.container(key="how_to_change"):
        st.caption("Change this under ‘Choose what to show’ at the side. On a phone, press ‘Pages and choices’ first.")


def choose_rate_or_count(view: View) -> str:
    """The choice of a page between rates and counts; gives "rate" or "count"."""
    options = {f"Rate {view.measure.rate_unit}": "rate", "Count": "count"}
    return options[st.radio("Show", list(options), horizontal=True, key="per", bind="query-params")]


def close_page(view: View) -> None:
    """End a page: date and state of the data, attributions, and the way to the other pages."""
    embed.missing()
    release = cached.release(view.edition)
    manifest = release.manifest
    downloads.of_page()
    st.divider()
    lines = [
        f"Data release {release.id} ({release.status}), made {_date(manifest.get('built_at', ''))}. "
        f"Latest month: {month_label(view.months[-1]) if view.months else 'none'}.",
        *release.partnership.attributions,
    ]
    st.caption("  \n".join(lines))
    with st.container(horizontal=True):
        for file, page in PAGES.items():
            if _listed(page, view.role):
                st.page_link(ROOT / "pages" / f"{file}.py", label=page.title)
    cached.settle_memory()


def _navigate() -> StreamlitPage:
    st.set_page_config(page_title="Community safety", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    st.html(_LISTS, unsafe_allow_javascript=True)
    role = os.environ.get("CSP_ROLE", "public")
    menu: dict[str, list[StreamlitPage]] = {}
    for position, (file, page) in enumerate(PAGES.items()):
        visibility = "visible" if _listed(page, role) else "hidden"
        menu.setdefault(page.group, []).append(
            st.Page(ROOT / "pages" / f"{file}.py", title=page.title, default=not position, visibility=visibility)
        )
    return st.navigation(menu, position="top", expanded=True)


def _listed(page: Page, role: str) -> bool:
    return page.listed_for_public or role != "public"


def _stop(problem: Exception) -> None:
    st.title("These data cannot be shown", anchor=False)
    st.error(str(problem))
    if isinstance(problem, InputError):
        _offer_last_good()
    st.stop()


def _offer_last_good() -> None:
    """A button to the last release that is whole and was not withdrawn, when there is another."""
    id, words = choices.last_good()
    if id:
        st.button(words, key="last good release", on_click=choices.show_release, args=(id,))


def _named(view: View) -> str:
    """The name of the period, with the months there are of a financial year that is held in part."""
    year = view.period.removeprefix("Financial year ")
    if year == view.period or view.period == choices.YEAR_TO_DATE:
        return _lower(view.period)
    named, _, months = financial_year_label(year, view.months).partition(" (")
    return f"financial year {named}" + (f": {months.rstrip(')')}" if months else "")


def comparison(view: View) -> str:
    """What the period is compared with, or why it is not: the end of a sentence."""
    if view.compare is None:
        return ""
    try:
        other = previous_year(view.span) if view.compare == "previous-year" else pre_pandemic(view.span)
    except ValueError as error:
        return f". It is not compared: {error}"
    if present(other, view.months) < other.length:
        return f". It is not compared: the data do not hold all of {other.label}"
    if holds_pandemic(other):
        instead = ". To set it against the year before the pandemic, choose ‘Year ending March 2020’"
        return f". It is {_lower(PANDEMIC_BASE.removesuffix('.'))}{instead if view.span.length <= 12 else ''}"
    return f", compared with {other.label}"


def _lower(label: str) -> str:
    """A label inside a sentence: "Recorded crime" as "recorded crime", "ASB incidents" as it is."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _date(text: str) -> str:
    return wording.release_words(text.replace(":", "").rstrip("Z"))
