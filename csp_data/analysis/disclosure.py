"""What may be shown of a count. Every count passes here before anything is made of it.

A rate, interval, percentage or word is worked out from what this module lets through, so nothing built on a withheld
count can give it away. The rule of an extract is named in the release and described in ``catalogue.disclosure_rules``:
"open" counts are already published; "rounded" ones, from a police force's own extract, follow the rule NHS Digital
published for hospital statistics in 2018: none shown as none, 1 to 7 withheld, 8 and over to the nearest 5 from the exact
count, totals from exact counts. The same count always gives the same answer, so asking again reveals nothing.

That rule looks at one figure. Which figures of a rounded extract the public may see next to each other is decided by
``protection``; both are applied by ``results``, the only door.
"""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.catalogue.disclosure_rules import ROUNDED_TO, WITHHELD_UP_TO

Role = Literal["public", "partner", "analyst"]
ROLES: tuple[str, ...] = get_args(Role)

LENGTHS = (1, 3, 12)
"""Months that a rounded figure shown to the public may run over. Rounding alone does not stand up to a free choice of
months: the rounded totals of every run of months, taken together, give each month exactly (tried on 36 months: all of
them). Of the runs of these lengths together none was given away."""


def shown(counts: NDArray, rule: str, role: str) -> tuple[NDArray, NDArray]:
    """Counts as they may be shown, and which of them are withheld.

    Parameters
    ----------
    counts : exact counts; NaN where missing.

    Returns
    -------
    Counts of the same shape, NaN where missing or withheld; and a mask that is true where withheld.

    Raises
    ------
    ValueError
        When the rule or role is not one that this module knows: nothing is shown under a rule nobody wrote.
    """
    if role not in ROLES:
        raise ValueError(f"there is no role '{role}': choose one of {', '.join(ROLES)}")
    if rule == "open" or (rule == "rounded" and role != "public"):
        return counts.astype(float), np.zeros(counts.shape, dtype=bool)
    if rule != "rounded":
        raise ValueError(f"there is no disclosure rule '{rule}'")
    whole = np.floor(counts + 0.5)
    withheld = (whole >= 1) & (whole <= WITHHELD_UP_TO)
    rounded = ROUNDED_TO * np.floor(whole / ROUNDED_TO + 0.5)
    return np.where(withheld, np.nan, rounded), withheld


def parts_shown(counts: NDArray, rule: str, role: str) -> tuple[NDArray, NDArray]:
    """As ``shown``, of parts whose total may be known from elsewhere: where one is withheld for its size, the smallest of
    the others are withheld with it until those withheld together have more than would be withheld by itself."""
    values, withheld = shown(counts, rule, role)
    withheld = not_alone(counts, withheld)
    return np.where(withheld, np.nan, values), withheld


def not_alone(counts: NDArray, withheld: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which parts to withhold so that a known total gives none of those withheld away: with them the smallest of the
    others, until they are two and have together more than would be withheld."""
    hidden = withheld.copy()
    others = [int(n) for n in np.argsort(counts, kind="stable") if counts[n] > 0 and not hidden[n]]
    while hidden.any() and others and (hidden.sum() < 2 or np.nansum(counts[hidden]) <= WITHHELD_UP_TO):
        hidden[others.pop(0)] = True
    return hidden


def restricted(rule: str, role: str) -> bool:
    """Whether only figures that ``protection`` lets through may be shown."""
    return rule != "open" and role == "public"


def length_withheld(rule: str, role: str, months: int) -> bool:
    """Whether a figure over so many months is withheld altogether, because others next to it would give it away."""
    return restricted(rule, role) and months not in LENGTHS


NOT_COUNTS = ("%", "£", "ratio", "per ")
"""How units of partner figures begin whose value is no count of people or events: only what it is made from identifies."""


def withheld_figures(table: pd.DataFrame, role: str) -> NDArray[np.bool_]:
    """Which rows of ``partner_figures`` may not be shown to a role, each looked at by itself.

    A row is withheld from the public when its figure is marked sensitive, in this row or another, and a count in it is 1
    to 7: the value, unless its unit is %, £, a ratio or a rate, the value of the period before (likewise), the numerator, the
    base, what a share or rate is of its base, or what it leaves of the base. All in such a row goes: ``value``,
    ``numerator``, ``base`` and ``before``. What must go with it is added by ``analysis.partner_figures``.

    Raises
    ------
    ValueError
        When the role is not one that this module knows.
    """
    if role not in ROLES:
        raise ValueError(f"there is no role '{role}': choose one of {', '.join(ROLES)}")
    if role != "public":
        return np.zeros(len(table), dtype=bool)

    def few(numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
        return (np.floor(numbers + 0.5) >= 1) & (np.floor(numbers + 0.5) <= WITHHELD_UP_TO)

    value, numerator, base, before = (_numbers(table, name) for name in ("value", "numerator", "base", "before"))
    counted = ~_unit(table).str.startswith(NOT_COUNTS).to_numpy(dtype=bool)
    count = counts_of(table)
    marked = table.loc[table["sensitive"] == "yes", "figure"].unique()
    small = (counted & (few(value) | few(before))) | few(numerator) | few(base) | few(count) | few(base - count)
    return table["figure"].isin(marked).to_numpy() & small


def counts_of(table: pd.DataFrame) -> NDArray[np.float64]:
    """The count that each row of ``partner_figures`` gives away: its numerator, else its value, else what its share or
    rate is of its base; NaN where it gives none."""
    value, numerator, base = (_numbers(table, name) for name in ("value", "numerator", "base"))
    unit = _unit(table)
    per = pd.to_numeric(unit.str.extract(r"^per ([\d,]+)")[0].str.replace(",", ""), errors="coerce").to_numpy(
        dtype=float
    )
    share = np.where(unit.str.startswith("%"), value * base / 100, value * base / per)
    counted = np.where(unit.str.startswith(NOT_COUNTS), share, value)
    return np.where(np.isnan(numerator), counted, numerator)


def _numbers(table: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)


def _unit(table: pd.DataFrame) -> pd.Series:
    return table["unit"].astype(object).fillna("").astype(str)
