"""The parts of the Partnership page: authorities, risks, grants, consultation, figures of agencies."""

from html import escape

import streamlit as st

from csp_data.analysis.partner_figures import THEMES
from csp_data.stories import partnership as story
from csp_data.ui import cached, choices, show
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

NUMBERS = {"Value", "Amount", "In the pot", "Awarded", "Left (minus: more was awarded)"}

EVERY_THEME = "All subjects"
"""The option that shows the figures of every theme, one below another: for print."""


def _add(what: str, template: str) -> None:
    """One sentence for what the release lacks, and how to add it."""
    st.info(
        f"This release holds no {what}. To show them, fill in the template ‘{template}’ and name it in the build of the "
        "release; About the data says which columns it has."
    )


def authorities(view: View) -> None:
    st.header("Responsible authorities", anchor=False)
    names = view.partnership.responsible_authorities
    if not names:
        st.info("The description of this partnership names no responsible authorities. Add them to partnership.toml.")
        return
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    st.html(
        f"<p>By the Crime and Disorder Act 1998, sections 5 to 7, these bodies form the "
        f"{escape(view.partnership.name)}:</p><ul>{items}</ul>"
    )
    note = story.health_body(names)
    if note:
        st.caption(note)
    led = cached.told(view.edition, story.leads)
    if led["Agency"]:
        show_table(led, "Which agency leads which priority")
        st.caption("Priorities that are not in the table are shared by several agencies. Names are those of the time.")


def risks(view: View) -> None:
    st.header("Risk register", anchor=False)
    days = cached.told(view.edition, story.registers)
    if not days:
        _add("risk register", "risks")
        return
    day = choices.choose("Register of", "register", days)
    told = cached.told(view.edition, story.register, days[day])
    if told.sentence:
        st.markdown(told.sentence)
    if told.matrix["Likelihood"]:
        st.markdown("The numbers in the matrix are those of the risks below it.")
        show_table(told.matrix, "Risk matrix: likelihood by impact")
    show_table(told.listed, "Risks", stacked=True)
    st.caption(f"Source: {told.source}.")


def grants(view: View) -> None:
    st.header("Grants", anchor=False)
    years = cached.told(view.edition, story.grant_years)
    if not years:
        _add("grants", "grants")
        return
    show.show(cached.drawing(view.edition, story.by_year), "grants")
    year = choices.choose("Grants of", "year", years)
    if cached.told(view.edition, story.has_awards, year):
        show.show(cached.drawing(view.edition, story.awards, year), "awards")
    st.subheader(f"Do the sums of {year} agree?", anchor=False)
    for funder, sentences in cached.told(view.edition, story.sums, year):
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
        st.html(f"<p><strong>{escape(funder)}</strong></p><ul>{items}</ul>")
    pots = cached.told(view.edition, story.pots, year)
    if pots["Pot"]:
        show_table(pots, f"Pots of {year}", NUMBERS, stacked=True)
    projects = cached.told(view.edition, story.projects, year)
    if projects["Project"]:
        st.subheader(f"Projects of {year}", anchor=False)
        show_table(projects, f"Projects of {year}", NUMBERS, stacked=True)


def consultation(view: View) -> None:
    st.header("Reach of the consultation", anchor=False)
    _figures(view, THEMES["consultation"], "figures on how far a consultation reached")


def figures(view: View) -> None:
    st.header("Figures from partner agencies", anchor=False)
    themes = cached.told(view.edition, story.themes, view.role)
    if not themes:
        _add("figures from partner agencies", "partner_figures")
        return
    st.markdown("Each figure is for its own period and area. Do not add them up or compare them with each other.")
    chosen = choices.choose("Figures on", "figures", (*themes, EVERY_THEME))
    for name in themes if chosen == EVERY_THEME else (chosen,):
        st.subheader(name, anchor=False)
        _figures(view, name, "figures")


def _figures(view: View, name: str, what: str) -> None:
    table, notes = cached.told(view.edition, story.of_theme, name, view.role)
    if not table["Figure"] and not notes:
        _add(what, "partner_figures")
        return
    if table["Figure"]:
        show_table(table, name, NUMBERS)
    if notes:
        st.html("".join(f'<p class="csp-notes">{escape(note)}</p>' for note in notes))
