"""Pasting or uploading a draft and seeing its numbers checked. The draft goes into no cache, log, file or address."""

import streamlit as st

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources import reports
from csp_data.stories import check_a_draft as story
from csp_data.stories.check_a_draft import Told
from csp_data.ui import cached
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

MOST_SHOWN = 60
"""Paragraphs on one page; the rest are counted."""
LONGEST_TEXT = 60_000
MOST_MEGABYTES = reports.MOST_BYTES // 1_000_000


def ask_and_show(view: View) -> None:
    """A form for the draft, and what came of checking it."""
    subject = cached.subject(view.edition)
    years = story.years(subject)
    with st.form("draft", border=False):
        pasted = st.text_area(
            "Paste a paragraph or more",
            height=180,
            max_chars=LONGEST_TEXT,
            key="draft_text",
            placeholder="33,334 recorded crimes (April 2019 – March 2020), a 5% decrease on the year before …",
        )
        given = st.file_uploader(
            "Or choose a report (Word, PDF or plain text)",
            type=["docx", "pdf", "txt"],
            key="draft_file",
            max_upload_size=MOST_MEGABYTES,
        )
        year = st.selectbox("“This year” in the draft means", list(years), key="draft_year")
        st.form_submit_button("Check the numbers")
    st.caption(story.HOW_TO_READ)
    try:
        paragraphs = reports.of_pasted(pasted or "")
        if given is not None:
            paragraphs += reports.paragraphs(given.getvalue(), given.name)
    except InputError as problem:
        st.error(str(problem))
        return
    if not paragraphs:
        return
    result = story.check(subject, paragraphs, view.role, years[year])
    st.header("What was found", anchor=False)
    st.markdown(f"{result.lead} {result.period}")
    for number, told in enumerate(result.paragraphs[:MOST_SHOWN], start=1):
        _paragraph(number, told)
    if len(result.paragraphs) > MOST_SHOWN:
        st.info(f"{len(result.paragraphs) - MOST_SHOWN} more paragraphs with numbers. Check one chapter at a time.")


def _paragraph(number: int, told: Told) -> None:
    with st.container(border=True, key=f"paragraph_{number}"):
        st.text(told.text.replace("\t", "   "))
        for mark in told.marks:
            st.markdown(mark)
        show_table(told.columns, f"Numbers of paragraph {number}", stacked=True)
