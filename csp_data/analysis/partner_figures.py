"""Figures that partner agencies report, as a role may see them, and the one that a priority is followed by."""

import numpy as np
import pandas as pd

from csp_data.analysis import disclosure
from csp_data.analysis.subject import Subject

THEMES: dict[str, str] = {
    "iom": "Integrated Offender Management",
    "probation": "Probation and Community Payback",
    "calls": "Calls for service",
    "fire": "Fire and rescue",
    "health": "Health",
    "housing": "Housing and homelessness",
    "activity": "Activity of agencies",
    "consultation": "Reach of the consultation",
    "funding": "Other funding",
}
"""Theme of a figure -> its name, in the order shown."""

WITHHELD = "Withheld to protect people: a count in it is from 1 to 7."
NOT_GIVEN = "The agency gave no figure."

_NUMBERS = ("value", "numerator", "base", "before")


def figures(subject: Subject, role: str, theme: str | None = None, figure: str | None = None) -> pd.DataFrame:
    """The figures of partner agencies, after the disclosure gateway.

    Parameters
    ----------
    theme : one of ``THEMES``; all when None.
    figure : the identifier of one figure; all when None.

    Returns
    -------
    The rows of the dataset ``partner_figures``, a row a figure, area and period, by theme and then as supplied, the
    latest period of a figure first; with ``value_status`` ("available", "withheld", "missing"), ``reason`` (a sentence
    where not available) and ``own_area`` (whether the figure is for the partnership's own area). In a withheld row
    every number is NaN, and the note, which might tell it, is "". Without rows when the release has none.

    Raises
    ------
    ValueError
        When there is no such role.
    """
    table = subject.supplied("partner_figures")
    if theme is not None:
        table = table[table["theme"] == theme]
    if figure is not None:
        table = table[table["figure"] == figure]
    order = {name: place for place, name in enumerate(THEMES)}
    first = {name: place for place, name in enumerate(dict.fromkeys(table["figure"].tolist()))}
    ranked = table.assign(
        _theme=[order.get(name, len(order)) for name in table["theme"].tolist()],
        _figure=[first[name] for name in table["figure"].tolist()],
        **{name: pd.to_numeric(table[name], errors="coerce").astype(float) for name in _NUMBERS},
    ).sort_values(["_theme", "_figure", "period_end"], ascending=[True, True, False], kind="stable")
    rows = ranked.drop(columns=["_theme", "_figure"]).reset_index(drop=True)
    withheld = disclosure.withheld_figures(rows, role)
    for name in _NUMBERS:
        rows[name] = rows[name].mask(withheld)
    missing = rows["value"].isna().to_numpy() & ~withheld
    return rows.assign(
        note=rows["note"].mask(withheld, ""),
        value_status=np.select([withheld, missing], ["withheld", "missing"], "available"),
        reason=np.select([withheld, missing], [WITHHELD, NOT_GIVEN], ""),
        own_area=[
            _is_own(subject, code, name) for code, name in zip(rows["area_code"], rows["area_name"], strict=True)
        ],
    )


def _is_own(subject: Subject, code: str, name: str) -> bool:
    own = subject.partnership
    if code:
        return code in (own.csp_code, *own.districts)
    return name in (own.short_name, own.name)
