"""The page Releases: for all a list of releases and editions; for analysts the desk where they are published.

What is done goes through ``extracts.publishing`` and ``extracts.editions``, with the name and reason that were typed in.
The buttons hand on which release was live when the page was drawn: whoever is second is told who was first.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from csp_data.analysis.editions import headline_figures
from csp_data.catalogue.statuses import GOOD
from csp_data.exports import tables as files
from csp_data.extracts import editions as shelf
from csp_data.extracts import publishing
from csp_data.extracts.editions import Edition
from csp_data.extracts.problems import InputError
from csp_data.extracts.publishing import Standing
from csp_data.extracts.workspace import Workspace
from csp_data.figures import wording
from csp_data.stories import releases as story
from csp_data.ui import cached, choices
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

NOT_CHOSEN = "Choose a release"
_DONE = "what the desk did"
TYPED = {f"{form}_{name}" for form in ("act", "make", "sign", "erratum") for name in ("name", "reason")} | {
    "make_title", "make_markdown",
}  # fmt: skip
"""Keys of the boxes that are typed in."""
TEXT_KINDS = ("md", "txt", "docx", "pdf", "odt")
LARGEST_TEXT = 20
"""Megabytes of a text that may be kept with an edition."""


def lists(view: View) -> None:
    """The releases that the visitor may know of, and the editions."""
    _say_what_was_done()
    st.header("Releases", anchor=False)
    standings = _standings(view)
    st.markdown(
        "A release is a set of data that belong together. One is live: it is what every page shows. To see another, choose "
        "it under ‘Release’ at the side, where there is more than one."
    )
    show_table(story.releases_table(standings, view.role), "Releases")


def desk(view: View) -> None:
    """What changed from the live release to a candidate, and the buttons; for analysts only."""
    if view.role != "analyst":
        return
    standings = _standings(view)
    live = next((standing.id for standing in standings if standing.live), "")
    changes(view, standings, live)
    _actions(view, standings, live)


def log(view: View) -> None:
    """Who did what, when and why, and whether the chain holds; for analysts only."""
    if view.role != "analyst":
        return
    log = Workspace(view.edition.workspace).log(view.edition.partnership)
    st.header("Log", anchor=False)
    st.markdown(story.chain_words(log))
    if log.entries:
        show_table(story.log_table(log), "Log of the releases, newest first")


def changes(view: View, standings: list[Standing], live: str) -> None:
    """What changed from the live release to another."""
    st.header("What changed", anchor=False)
    others = [each.id for each in standings if each.id != live and each.status not in ("damaged", "candidate")]
    waiting = [each.id for each in standings if each.status == "candidate"]
    # A comparison takes some seconds: without a candidate it is made only when asked for.
    others = [*waiting, *others] if waiting or not others else [NOT_CHOSEN, *others]
    if not others or not live:
        st.markdown("There is no other release to compare with the live one. A build writes a candidate.")
        return
    left, right = st.columns(2)
    with left:
        other = choices.choose("Compared with the live release", "candidate", others)
    with right:
        threshold = choices.choose("Figures that moved by more than", "moved", story.THRESHOLDS)
    if other == NOT_CHOSEN:
        return
    try:
        with st.spinner("Comparing every figure of the two releases"):
            found = cached.difference(
                _edition(view, live), _edition(view, other), view.role, story.THRESHOLDS[threshold]
            )
    except InputError as problem:
        st.error(str(problem))
        return
    st.markdown(f"From the live release {live} to {other}:")
    st.markdown("\n".join(f"- {line}" for line in story.difference_words(found)))
    for title, table, rows in (
        ("Figures", story.figures_table(found), len(found.figures)),
        ("Claims whose verdict changed", story.claims_table(found), 0 if found.claims is None else len(found.claims)),
        ("Populations", story.populations_table(found), len(found.populations)),
        ("Tables", story.tables_table(found), len(found.tables)),
    ):
        if not rows:
            continue
        shown = len(next(iter(table.values())))
        with st.expander(f"{title}: {rows:,}{f', the first {shown}' if shown < rows else ''}"):
            show_table(table, title, {"Before", "After", "Change", "Rows before", "Rows after"})
    if len(found.figures):
        st.download_button(
            "Download the figures (CSV)",
            files.as_csv(found.figures),
            f"changes-{live}-{other}.csv",
            "text/csv",
            on_click="ignore",
        )


def _actions(view: View, standings: list[Standing], live: str) -> None:
    st.header("Publish, withdraw or roll back", anchor=False)
    if not Workspace(view.edition.workspace).is_local:
        st.info(
            "This workspace lies behind an address where releases can only be read. Publish in a folder, then copy it "
            "here, the file ‘current’ last."
        )
        return
    readable = [each for each in standings if each.status != "damaged"]
    doing: dict[str, tuple[Callable[..., Any], list[str]]] = {
        "Publish": (publishing.publish, [s.id for s in readable if s.id != live and s.status not in GOOD]),
        "Make live again": (publishing.rollback, [s.id for s in readable if s.id != live and s.status in GOOD]),
        "Withdraw": (publishing.withdraw, [s.id for s in readable if s.status != "withdrawn"]),
    }
    what = st.radio("What to do", list(doing), horizontal=True, key="do", bind="query-params")
    act, which = doing[what]
    if not which:
        st.markdown("There is no release that this can be done with.")
        return
    with st.form("act"):
        st.selectbox("Release to act on", which, key="act_release")
        _signature("act")
        if what == "Withdraw":
            st.checkbox("Also if an edition is made of it", key="act_despite")
        st.form_submit_button(what, on_click=_act, args=(view, act, live))


def _signature(key: str, reason: str = "Reason") -> None:
    st.text_input("Your name", key=f"{key}_name", max_chars=100)
    st.text_input(reason, key=f"{key}_reason", max_chars=500)


def _act(view: View, act: Callable[..., Any], live: str) -> None:
    """Callback of the form. ``live`` is the release that was live when the form was drawn."""
    state = st.session_state
    more = {"despite_editions": state["act_despite"]} if act is publishing.withdraw else {}
    _do(
        lambda: act(
            view.edition.workspace,
            view.edition.partnership,
            state["act_release"],
            state["act_name"],
            state["act_reason"],
            expected=live,
            **more,
        )
    )


def _do(act: Callable[[], Any]) -> None:
    """Do something to the releases, and keep what came of it for the page that is drawn next. What was typed stays
    where nothing was done."""
    try:
        act()
    except InputError as problem:
        st.session_state[_DONE] = ("error", f"{problem}")
    else:
        st.session_state[_DONE] = ("success", "Done, and added to the log.")
        for key in TYPED & set(st.session_state):
            st.session_state[key] = ""
    cached.forget_releases()


def _say_what_was_done() -> None:
    kind, words = st.session_state.pop(_DONE, ("", ""))
    if kind:
        (st.error if kind == "error" else st.success)(words)


# Editions


def editions(view: View) -> None:
    """The editions, each as published beside the latest; for analysts with the forms to make, sign and correct them."""
    held = Workspace(view.edition.workspace)
    found = shelf.editions(held, view.edition.partnership)
    st.header("Editions", anchor=False)
    st.markdown(
        "An edition is a release with its text frozen under a name. It shows the same figures ever after, beside what "
        "they are in the latest release."
    )
    if found:
        show_table(story.editions_table(found), "Editions")
        named = {f"{each.name} ({each.slug})": each for each in found}
        edition = named[choices.choose("Edition", "edition", named)]
        _open(view, held, edition)
    else:
        st.markdown("There is none yet.")
    if view.role == "analyst" and held.is_local:
        _make(
            view, f"make_texts_{len(found)}"
        )  # another box once an edition is made: the files of the last are not in it


def _open(view: View, held: Workspace, edition: Edition) -> None:
    st.subheader(f"{edition.name}: as published, beside the latest", anchor=False)
    for problem in edition.problems:
        st.error(str(problem))
    try:
        published = cached.subject(_edition(view, edition.release))
    except InputError as problem:
        st.error(str(problem))
        published = None
    live = next((standing.id for standing in _standings(view) if standing.live), view.edition.release)
    try:
        latest = cached.subject(_edition(view, live))
    except InputError as problem:  # The live release is damaged, and this page is of another.
        st.error(str(problem))
        latest = cached.subject(view.edition)
    sentence, table = story.as_published(edition.figures, published, latest)
    st.markdown(sentence)
    if edition.figures:
        show_table(table, f"Figures of {edition.name}", {"As published", "Latest"})
        symbols = wording.symbols_explained([*table["As published"], *table["Latest"]])
        if symbols:
            st.caption(symbols)
    if edition.release != latest.release.id and published and published.release.status in GOOD:
        st.button(
            "Show every page as published in this edition",
            on_click=choices.show_release,
            args=(edition.release,),
            key="open edition",
        )
    for file in edition.texts:
        try:
            content = shelf.text_of(held, view.edition.partnership, edition, file)
        except InputError:
            continue  # told above
        st.download_button(f"Text of the edition ({file})", content, file, on_click="ignore", key=f"text {file}")
        if file.endswith(".md"):
            with st.expander("Read the text"):
                st.markdown(content.decode(errors="replace"))
    st.markdown("**Errata.** " + ("None." if not edition.errata else ""))
    for line in story.errata_words(edition.errata):
        st.markdown(f"- {line}")
    if view.role == "analyst" and held.is_local:
        _sign_or_correct(view, edition)


def _sign_or_correct(view: View, edition: Edition) -> None:
    workspace, partnership, state = view.edition.workspace, view.edition.partnership, st.session_state
    authorities = story.unsigned(edition, view.partnership.responsible_authorities)
    with st.expander("Sign it off"):
        if not authorities:
            named = view.partnership.responsible_authorities
            st.markdown(
                "It is signed off for every responsible authority."
                if named
                else "The description of this partnership names no responsible authorities. Add them to partnership.toml."
            )
        else:
            with st.form("sign"):
                st.selectbox("For which responsible authority", authorities, key="sign_authority")
                _signature("sign", "Statement")
                st.form_submit_button(
                    "Sign off",
                    on_click=lambda: _do(
                        lambda: shelf.sign(
                            workspace,
                            partnership,
                            edition.slug,
                            state["sign_name"],
                            state["sign_authority"],
                            state["sign_reason"],
                        )
                    ),
                )
    with st.expander("Add an erratum"), st.form("erratum"):
        _signature("erratum", "What is wrong, and what is right")
        st.form_submit_button(
            "Add the erratum",
            on_click=lambda: _do(
                lambda: shelf.add_erratum(
                    workspace, partnership, edition.slug, state["erratum_name"], state["erratum_reason"]
                )
            ),
        )


def _make(view: View, uploads: str) -> None:
    which = [standing.id for standing in _standings(view) if standing.status in GOOD]
    with st.expander("Make an edition"):
        if not which:
            st.markdown("No release is published yet.")
            return
        with st.form("make"):
            st.text_input("Name of the edition, such as Strategic Assessment 2025", key="make_title", max_chars=100)
            st.selectbox("Release of the edition", which, key="make_release")
            st.file_uploader(
                "Its text", TEXT_KINDS, accept_multiple_files=True, key=uploads, max_upload_size=LARGEST_TEXT
            )
            st.text_area("Or its text, in Markdown", key="make_markdown")
            _signature("make")
            st.form_submit_button("Make the edition", on_click=_do, args=(lambda: _made(view, uploads),))


def _made(view: View, uploads: str) -> Edition:
    state = st.session_state
    texts = {file.name: file.getvalue() for file in state[uploads] or ()}
    if state["make_markdown"].strip():
        texts["text.md"] = state["make_markdown"].encode()
    release = state["make_release"]
    return shelf.make_edition(
        view.edition.workspace,
        view.edition.partnership,
        release,
        state["make_title"],
        texts,
        headline_figures(cached.subject(_edition(view, release))),
        state["make_name"],
        state["make_reason"],
    )


def _standings(view: View) -> list[Standing]:
    """The releases; asked for anew as soon as another is live."""
    place = view.edition.workspace, view.edition.partnership
    found = cached.standings(*place)
    try:
        live = cached.current_edition(*place).release
    except InputError:  # It is damaged, and another is looked at.
        return found
    if not any(standing.live and standing.id == live for standing in found):
        cached.standings.clear()
        found = cached.standings(*place)
    return found


def _edition(view: View, release: str) -> cached.Edition:
    if release == view.edition.release:
        return view.edition
    return cached.edition_of(view.edition.workspace, view.edition.partnership, release)
