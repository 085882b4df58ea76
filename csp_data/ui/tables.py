"""Tables as ordinary HTML: read out heading by heading, set for a telephone, printed whole.

Streamlit's ``st.table`` scrolls sideways on a telephone in a box that the keyboard cannot reach, and has no row headings.
"""

from collections.abc import Collection, Mapping, Sequence
from html import escape

import streamlit as st

from csp_data.ui import downloads

LONG = 30
"""Letters from which a cell holds sentences, not a figure or a few words."""


def show_table(
    columns: Mapping[str, Sequence[str]],
    name: str,
    numbers: Collection[str] = (),
    kept: bool = True,
    stacked: bool = False,
) -> None:
    """Show a table of text cells; the first column holds the headings of the rows.

    Parameters
    ----------
    columns : heading -> cells; all of one length.
    name : what the table holds, for those who cannot see it.
    numbers : headings of the columns to be set flush right.
    kept : whether the table is among those that the whole page is downloaded with.
    stacked : whether on a telephone each row becomes a block with its headings, for rows of much text.
    """
    if kept:
        downloads.keep_text(columns, name)
    headings = list(columns)
    right = [' class="number"' if heading in numbers else "" for heading in headings]
    # What is laid out as blocks is no table to a browser: its parts say what they are.
    table, group, row, column, heading, cell = (
        (f' role="{role}"' if stacked else "")
        for role in ("table", "rowgroup", "row", "columnheader", "rowheader", "cell")
    )
    labels = [f' data-label="{escape(each.removesuffix("?"))}"' if stacked else "" for each in headings]
    head = "".join(f'<th{column} scope="col"{r}>{escape(h)}</th>' for h, r in zip(headings, right, strict=True))
    body = "".join(
        f'<tr{row}><th{heading} scope="row">{escape(first)}</th>'
        + "".join(
            f"<td{cell}{label}{r or _long(text)}>{escape(text)}</td>"
            for text, r, label in zip(rest, right[1:], labels[1:], strict=True)
        )
        + "</tr>"
        for first, *rest in zip(*columns.values(), strict=True)
    )
    st.html(
        f'<div class="csp-table{" csp-stacked" * stacked}" role="region" tabindex="0" aria-label="Table: {escape(name)}">'
        f"<table{table}><thead{group}><tr{row}>{head}</tr></thead><tbody{group}>{body}</tbody></table></div>"
    )


def _long(cell: str) -> str:
    """The mark of a cell of sentences, which a telephone does not squeeze."""
    return ' class="long"' if len(cell) > LONG else ""
