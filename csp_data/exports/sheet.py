"""The data on a page: every priority with its main figures on one A3, the same content as the page Overview."""

from csp_data.exports import paper
from csp_data.stories.pack import Pack

_ROWS_OF_A_COLUMN = 10
"""Figures up to which one wide table stands better on the sheet than two columns, one of them empty."""


def sheet(pack: Pack) -> bytes:
    """One sheet of A3 on its side as PDF/UA-1.

    Raises
    ------
    ValueError
        When the release has no plan, so that there are no priorities to show.
    """
    if pack.overview is None:
        raise ValueError("This release has no Community Safety Plan, so there is no sheet of its priorities.")
    rows = sum(len(table.rows) for table in pack.overview.tables)
    columns = 2 if rows > _ROWS_OF_A_COLUMN else 1
    return paper.compiled(pack, [pack.overview], {"paper": "a3", "flipped": True, "columns": columns, "sheet": True})
