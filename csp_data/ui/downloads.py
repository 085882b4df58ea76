"""What a visitor can take away: of a chart its data, workbook, pictures and link; of a page all its tables at once.

Every file is made when its button is pressed, from the tables that the page shows, so for the same role.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st

from csp_data.exports import csvw, parquet, pictures, tables, workbook
from csp_data.exports.about import About, about
from csp_data.figures.chart import Chart
from csp_data.ui import cached
from csp_data.ui.choices import View

CHOICES: Mapping[str, str] = {
    "partnership": "Partnership",
    "measure": "Measure",
    "type": "Type",
    "period": "Period",
    "from": "From",
    "to": "To",
    "compare": "Compare with",
    "wards": "Ward boundaries",
    "ward": "Area",
}
"""Name of a shared choice in the address -> its label."""
EMBED = "chart"
"""Name in an address of the one chart to embed."""

_SHOWN = "what this run of the page shows"


@dataclass
class Shown:
    """What one run of a page shows, gathered as it is drawn."""

    view: View
    page: str
    """The page's title."""
    uses: frozenset[str]
    """The shared choices that change the page."""
    tables: list[workbook.Table] = field(default_factory=list)
    described: About | None = None
    """What the workbook of the whole page says of itself; known at the end of the page."""

    def filters(self) -> list[tuple[str, str]]:
        """Label -> what was chosen, for all that changes this page."""
        return [(CHOICES.get(name, _in_words(name)), chosen) for name, chosen in self.choices().items()]

    def choices(self) -> dict[str, str]:
        """Name in the address -> what was chosen: the shared choices in full, and the page's own that differ from its
        defaults. In full, so that a link still shows the same when a default changes. What an address says that no choice of
        the page has asked for is no choice: a file must not repeat it."""
        uses = {"partnership", *self.uses, *(("from", "to") if "period" in self.uses else ())}
        state = st.session_state
        shared = {name: str(state[name]) for name in CHOICES if name in uses and state.get(name) is not None}
        own = {
            name: st.query_params[name]
            for name in st.query_params
            if name not in CHOICES and name != EMBED and not name.startswith("embed") and name in state
        }
        return {**shared, **own}

    def link(self, **more: str) -> str:
        """The address of this view, and more in it."""
        return f"{st.context.url or ''}?{urlencode({**self.choices(), **more})}"

    def about(self) -> About:
        release = cached.release(self.view.edition)
        return about(release, self.filters(), self.link(), self.view.role)


def begin(view: View, page: str, uses: frozenset[str]) -> None:
    """Start to gather what a run of a page shows."""
    st.session_state[_SHOWN] = Shown(view, page, uses)


def keep(table: workbook.Table) -> None:
    """Let a table of this page be among those of the whole page."""
    shown = shown_here()
    if shown:
        shown.tables.append(table)


def keep_text(columns: Mapping[str, Sequence[str]], name: str) -> None:
    """The same of a table of text cells (heading -> cells)."""
    shown = shown_here()
    if shown and columns and len(next(iter(columns.values()))):
        shown.tables.append(workbook.TextTable(name, columns))


def shown_here() -> Shown | None:
    """What the page has shown so far; None on a page that gathers nothing."""
    return st.session_state.get(_SHOWN)


def of_chart(chart: Chart, key: str, geometry: Callable[[], dict] | None) -> None:
    """The buttons of a chart, above its opened table."""
    shown = shown_here()
    kinds: list[tuple[str, str, Callable[[], bytes]]] = [("Data (CSV)", "csv", partial(tables.csv, chart))]
    if shown:
        about = shown.about()
        kinds += [
            ("Data with metadata (CSVW)", "zip", partial(csvw.csvw, chart, about)),
            ("Workbook (XLSX)", "xlsx", partial(workbook.of_tables, [chart], about, chart.subtitle)),
            ("Data (Parquet)", "parquet", partial(parquet.parquet, chart, about)),
        ]
    kinds += [
        ("Picture (PNG)", "png", partial(_picture, chart, "png", geometry)),
        ("Picture (SVG)", "svg", partial(_picture, chart, "svg", geometry)),
    ]
    with st.container(horizontal=True):
        for label, kind, make in kinds:
            st.download_button(
                label, data=make, file_name=tables.file_name(chart, kind), on_click="ignore", key=f"{key}_{kind}"
            )


def links(chart: Chart, key: str) -> None:
    """The address of the view, and for the public what to put on another website to show the chart there."""
    shown = shown_here()
    if not shown or st.context.is_embedded:
        return
    with st.container(key=f"{key}_links"):
        _copyable("Link to this view", shown.link())
        if shown.view.role == "public":
            address = shown.link(embed="true", **{EMBED: key})
            frame = (
                f'<iframe src="{escape(address)}" title="{escape(chart.subtitle)}" '
                f'width="100%" height="{_room(chart)}"></iframe>'
            )
            _copyable("Embed this chart: put this on a page of a website that may show it", frame)


def of_page() -> None:
    """One button for all tables of the page."""
    shown = shown_here()
    if not shown or not shown.tables:
        return
    title = f"{shown.page}: {shown.view.partnership.short_name}"
    shown.described = shown.about()
    st.download_button(
        "Download everything on this page (XLSX)",
        data=partial(workbook.of_tables, tuple(shown.tables), shown.described, title),
        file_name=tables.named(f"{title} {shown.view.span.label if 'period' in shown.uses else ''}", "xlsx"),
        on_click="ignore",
        key="page_xlsx",
    )


def _copyable(label: str, text: str) -> None:
    st.caption(label)
    st.code(text, language=None, wrap_lines=True)


def _room(chart: Chart) -> int:
    """Pixels that an embedded chart takes with its words, on a page half as wide as a desk's screen."""
    return chart.height + 240 + 24 * sum(len(text) // 80 + 1 for text in (*chart.notes, chart.source))


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _picture(chart: Chart, format: str, geometry: Callable[[], dict] | None) -> bytes:
    return pictures.picture(chart, format=format, geometry=geometry() if geometry else None)
