"""Counts moved from one set of boundaries to another, and how far wrong that goes.

In order of preference: small areas placed whole by best fit (official practice; GSS Geography Policy 2015) or divided by
population; ward totals divided by population; by area last. Only counts and populations are moved, never rates: work a
rate out from what was moved. What is moved is an estimate: it is not rounded, and gets no exact or Byar interval.

A table of shares has a row a small area and ward it goes to: ``small_area``, ``ward_code``, ``share`` (of the small area,
above 0 and at most 1). Where the shares of a small area add up to less than 1 the rest is unallocated, never dropped.
The ward look-up of a release, for one ward set, is such a table; for ward totals the old ward stands as small area.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_data.analysis.counts import UNALLOCATED
from csp_data.extracts.transfers import (
    POORLY_FITTED,
    TOLERANCE,
    areal_shares,
    best_fit_measured,
    check_shares,
    transfer,
)

__all__ = [
    "POORLY_FITTED",
    "Errors",
    "apportion",
    "areal_shares",
    "best_fit",
    "best_fit_measured",
    "errors",
    "transfer",
]


def best_fit(shares: pd.DataFrame) -> pd.DataFrame:
    """Each small area whole in the ward that most of it is in.

    Returns
    -------
    A row a small area: ``small_area``, ``ward_code``, ``share`` (1), ``fit_percent`` (how much of it is in that ward) and
    ``tie`` (another ward has as much: the first by code is taken).
    """
    check_shares(shares)
    ordered = shares[shares["share"] > 0].sort_values(["share", "ward_code"], ascending=[False, True], kind="stable")
    most = ordered.groupby("small_area")["share"].transform("max")
    ties = (most - ordered["share"]).abs().lt(TOLERANCE).groupby(ordered["small_area"]).sum()
    first = ordered.drop_duplicates("small_area").sort_values("small_area")
    return pd.DataFrame(
        {
            "small_area": first["small_area"].to_numpy(),
            "ward_code": first["ward_code"].to_numpy(),
            "share": 1.0,
            "fit_percent": 100 * first["share"].to_numpy(),
            "tie": (ties.reindex(first["small_area"]) > 1).to_numpy(),
        }
    )


def apportion(values: pd.Series, shares: pd.DataFrame) -> pd.DataFrame:
    """Counts or populations of small areas divided among wards.

    Parameters
    ----------
    values : a value a small area, the index naming it, each once; NaN where missing, which makes every ward that it
        would go to missing.
    shares : as described at the top. A small area with no row goes to the unallocated line.

    Returns
    -------
    A row a ward of the shares, by code, and a last row ``unallocated``: ``ward_code``, ``value`` (not rounded; all rows
    add up to the values given) and ``estimated_share`` (how much of the value, 0 to 1, comes from small areas that were
    divided; NaN where the value is 0 or missing).

    Raises
    ------
    ValueError
        When a small area stands twice or has a value below zero, or shares are negative or add up to more than 1.
    """
    check_shares(shares)
    if values.index.has_duplicates:
        raise ValueError(f"the small area {values.index[values.index.duplicated()][0]} stands twice")
    if (values < 0).any():
        raise ValueError(f"the value of {values.index[values < 0][0]} is below zero")
    used = shares[(shares["share"] > 0) & shares["small_area"].isin(values.index)]
    divided = used["share"] < 1 - TOLERANCE
    amount = used["small_area"].map(values).astype(float) * used["share"].astype(float)
    grouped = pd.DataFrame({"ward_code": used["ward_code"], "value": amount, "part": amount.where(divided, 0.0)})
    wards = pd.Index(sorted(shares["ward_code"].unique()), name="ward_code")
    totals = grouped.groupby("ward_code").sum(skipna=False).reindex(wards, fill_value=0.0)
    left = 1 - used.groupby("small_area")["share"].sum().reindex(values.index, fill_value=0.0)
    left = left.where(left > TOLERANCE, 0.0)
    remaining = values[left > 0] * left[left > 0]
    partly = (left < 1 - TOLERANCE)[left > 0]
    totals.loc[UNALLOCATED] = [remaining.sum(skipna=False), remaining[partly].sum(skipna=False)]
    with np.errstate(divide="ignore", invalid="ignore"):
        totals["estimated_share"] = (totals["part"] / totals["value"]).where(totals["value"] > 0)
    return totals.rename_axis("ward_code").reset_index()[["ward_code", "value", "estimated_share"]]


@dataclass(frozen=True)
class Errors:
    """How far estimates lie from what is known, for a period that has both.

    ``mean_absolute`` is in the unit of the values, over wards; ``largest_percent`` of the true value of a ward (wards with
    a true value of 0 have none); ``misplaced_share`` how much of the total, 0 to 1, lies in a wrong ward or in none. NaN
    when a value is missing.
    """

    mean_absolute: float
    largest_percent: float
    misplaced_share: float


def errors(estimate: pd.Series, truth: pd.Series) -> Errors:
    """Estimates against true values, each a value a ward named by the index; a ward in only one of them is 0 in the
    other. The unallocated line counts as misplaced, but is no ward."""
    estimated, true = estimate.align(truth, fill_value=0.0)
    missing = estimate.isna().any() or truth.isna().any()
    if missing or truth.sum() == 0:
        return Errors(*[float("nan")] * 3)
    difference = (estimated - true).abs()
    wards = difference.index != UNALLOCATED
    percent = 100 * difference[wards & (true > 0)] / true[wards & (true > 0)]
    return Errors(float(difference[wards].mean()), float(percent.max()), float(difference.sum() / 2 / truth.sum()))
