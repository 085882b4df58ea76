"""The parts of the page Claims: the list with its filters, the working of one claim, and the forms that change and add."""

from collections.abc import Callable
from html import escape

import streamlit as st

from csp_data.analysis import results
from csp_data.analysis.claims import Judged
from csp_data.catalogue.claims import CAUTIONS, Claim
from csp_data.extracts import claims as files
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from csp_data.figures import claims as words
from csp_data.stories import claims as story
from csp_data.stories.claims import Desk
from csp_data.ui import cached, choices
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

_TURN = "turn of the claims"
_SAID = "what became of a change to a claim"
_SHOWN = "claim that was saved"


def register(view: View) -> Desk | None:
    """The register worked out on the release that is shown; None, with a sentence, when there is none."""
    workspace = Workspace(view.edition.workspace)
    try:
        text, file = files.read_text(workspace, view.edition.partnership)
        if text:
            turn = st.session_state.setdefault(_TURN, 0)
            found = cached.told(view.edition, story.desk, text, file, view.edition.workspace, view.role, turn)
            if found.judged:
                return found
    except InputError as problem:
        st.error(str(problem))
        return None
    st.info(
        f"This workspace holds no register of {view.partnership.short_name}. An analyst starts one with the first claim that is "
        "added below, or by writing ‘claims.toml’ beside its releases; the head of csp_data/extracts/claims.py describes "
        "every key."
    )
    return None


def choose(desk: Desk) -> tuple[tuple[Judged, ...], str]:
    """The claims that the filters leave, and the number of the one chosen, "" when none is left."""
    st.markdown(f"**{words.summary(desk.judged)}**")
    st.caption(story.HOW_TO_READ)
    with st.container(horizontal=True):
        document = _filter("Document", "document", story.document_options(desk.register))
        verdict = _filter("Verdict", "verdict", story.verdict_options())
        responsible = _filter("Responsible", "responsible", story.responsible_options(desk.register))
    judged = story.chosen(desk, document, verdict, responsible)
    if not judged:
        st.info("No claim is left: choose other filters.")
        return judged, ""
    options = story.claim_options(judged)
    if (saved := st.session_state.pop(_SHOWN, "")) in options:
        st.session_state["claim"] = saved
    return judged, choices.choose("Claim", "claim", options)


def listing(judged: tuple[Judged, ...]) -> None:
    """The claims that the filters leave, as a table."""
    many = f"{len(judged)} {'claim' if len(judged) == 1 else 'claims'} with these choices"
    st.header(many, anchor=False)
    show_table(story.listed(judged), many, stacked=True)
    if st.button("Work them all out again", key="claims_again"):
        st.session_state[_TURN] += 1
        st.session_state[_SAID] = "Every claim has been worked out again."
        st.rerun()


def working(desk: Desk, id: str) -> None:
    """What one claim prints, what is worked out and how."""
    judged = story.claim_options(desk.judged)[id]
    claim = judged.claim
    if said := st.session_state.pop(_SAID, ""):
        st.success(said)
    st.header(f"{claim.id}: {words.verdict_words(judged.verdict)}", anchor=False)
    about = f"{words.where(judged, desk.register)}. Responsible: {claim.responsible or 'nobody named'}."
    rows = [("Printed", judged.printed), ("Worked out", judged.computed or "nothing")]
    st.html(
        f"<blockquote>{escape(claim.text)}</blockquote><p>{escape(about)}</p>"
        + "".join(f"<p><strong>{label}:</strong> {escape(text)}</p>" for label, text in rows)
        + "<p><strong>Working</strong></p>"
        + _bullets(judged.working or ("Nothing is worked out.",))
        + (
            "<p><strong>Cautions</strong></p>"
            + _bullets([f"{CAUTIONS[each.name]}: {each.words}" for each in judged.cautions])
            if judged.cautions
            else ""
        )
        + (f'<p class="csp-notes">{escape(claim.notes)}</p>' if claim.notes else "")
    )


def form(view: View, desk: Desk, id: str) -> None:
    """The form that changes a claim; for analysts, where the workspace is a folder that can be written to."""
    if view.role != "analyst":
        return
    place = files.local_file(Workspace(view.edition.workspace), view.edition.partnership)
    if place is None:
        st.caption("The register cannot be changed here: the workspace is no local folder that may be written to.")
        return
    claim = desk.register.claim(id)
    with st.expander("Change this claim"), st.form(f"claim_{id}", border=False):
        st.caption(f"Saved in {place}, with its comments kept. How a number is worked out is changed in the file.")
        new = _fields(claim)
        singles = [value for value in claim.values if not value.is_list]
        printed = {
            value.name: st.text_input(f"Printed: {value.name.replace('_', ' ')}", value.text, key=f"{id}_{value.name}")
            for value in singles
        }
        if st.form_submit_button("Save and work out again"):
            _save(view, id, new, printed)


def add(view: View) -> None:
    """The form that adds a claim of one number; for analysts, where the workspace is a folder that can be written to."""
    place = files.local_file(Workspace(view.edition.workspace), view.edition.partnership)
    if view.role != "analyst" or place is None:
        return
    try:
        register = files.read_register(Workspace(view.edition.workspace), view.edition.partnership)
    except InputError:
        return  # the page has told it already
    free = files.free_id(register)
    ways = story.ways_to_add(view.measures)
    types = {}
    for measure in view.measures:
        lines = results.lines(cached.subject(view.edition), measure.id, view.role)
        types |= choices.type_options(measure.dataset, lines)
    with st.expander("Add a claim"), st.form(f"claim_added_{free}", border=False):
        st.caption(
            f"Added to {place}. Here for one number from counts of crime and anti-social behaviour, or from other printed "
            "numbers; claims of several numbers, wards, surveys, indicators and grants are written in the file."
        )
        claim = {
            "id": st.text_input("Number of the claim", free),
            "text": st.text_area("What the report says, as printed"),
            "document": st.selectbox(
                "Report",
                list(register.documents),
                index=None,
                accept_new_options=True,
                placeholder="Choose or type one",
            ),
            "lines": st.text_input("Line or page"),
            "responsible": st.text_input("Who is responsible for it"),
            "from": st.text_input("From month, such as 2019-04", key=f"{free}_from"),
            "to": st.text_input("To month", key=f"{free}_to"),
        }
        printed = st.text_input("The number, as printed", placeholder="10% increase")
        unit = st.text_input("Unit", placeholder="crimes")
        way = ways[st.selectbox("Worked out from", list(ways))]
        category = types[st.selectbox("Type of crime or incident", list(types))] if types else None
        more = st.text_input(
            f"For ‘{story.PRINTED}’ the sum; for ‘{story.NOT_HELD}’ what would be needed",
            placeholder="percent_of(B3.more, B3.before)",
        )
        if st.form_submit_button("Add and work out"):
            _write(
                view,
                claim["id"],
                lambda before: files.added(
                    before,
                    {key: text or "" for key, text in claim.items()},
                    printed,
                    unit,
                    story.way_to_add(way, category, more),
                ),
            )


def _fields(claim: Claim) -> dict[str, str]:
    held = {
        "text": claim.text,
        "document": claim.document,
        "lines": claim.lines,
        "responsible": claim.responsible,
        "area": claim.area,
        "from": claim.start,
        "to": claim.end,
        "notes": claim.notes,
    }
    labels = {
        "text": "Text, as printed",
        "document": "Document",
        "lines": "Lines",
        "responsible": "Responsible",
        "area": "Area, when it is not the partnership's own",
        "from": "First month, such as 2019-04",
        "to": "Last month",
        "notes": "Notes",
    }
    return {
        key: (st.text_area if key in ("text", "notes") else st.text_input)(label, held[key], key=f"{claim.id}_of_{key}")
        for key, label in labels.items()
    }


def _save(view: View, id: str, new: dict[str, str], printed: dict[str, str]) -> None:
    _write(view, id, lambda before: files.changed(before, id, new, printed))


def _write(view: View, id: str, change: Callable[[str], str]) -> None:
    """Put the register in its place with a change made to its text, and show the claim; say what is wrong when it cannot be."""
    place = files.local_file(Workspace(view.edition.workspace), view.edition.partnership)
    try:
        if place is None:
            raise InputError(view.edition.workspace, "it can no longer be written to", "Check who may write to it")
        before = place.read_text(encoding="utf-8") if place.exists() else ""
        files.write(place, change(before), before)
    except InputError as problem:
        st.error(str(problem))
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_SAID] = f"Claim {id} is saved and worked out again."
    st.session_state[_SHOWN] = id
    st.rerun()


def _filter(label: str, key: str, options: dict[str, str]) -> str:
    return options[choices.choose(label, key, options)]


def _bullets(lines: list[str] | tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
