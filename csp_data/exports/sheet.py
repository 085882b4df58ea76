"""The data on a page: every priority with its main figures on one A3, the same content as the page Overview."""

from csp_data.exports import paper
from csp_data.stories.pack import Pack


def sheet(pack: Pack) -> bytes:
    """One sheet of A3 on its side as PDF/UA-1.

    Raises
    ------
    ValueError
        When the release has no plan, so that there are no priorities to show.
    """
    if pack.overview is None:
        raise ValueError("This release has no Community Safety Plan, so there is no sheet of its priorities.")
    return paper.compiled(pack, [pack.overview], {"paper": "a3", "flipped": True, "columns": 2, "sheet": True})
