"""Shares of areas in other areas: what moves counts from one set of boundaries to another.

A table of shares has a row a small area and ward it goes to: ``small_area``, ``ward_code``, ``share`` (of the small area,
above 0 and at most 1). For ward totals the old ward stands as small area. Where the shares of a small area add up to less
than 1 the rest is unallocated, never dropped. The functions are pure: ``placement`` makes the look-up of a release with
them, ``analysis.boundaries`` measures how wrong they are.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas

BRITISH_NATIONAL_GRID = 27700
TOLERANCE = 1e-9
"""Shares are held to add up to 1 when they do within this."""
OVERLAP = 1e-3
"""Outlines drawn for maps overlap by a little; shares that add up to more than 1 by more than this are an error."""


def check_shares(shares: pd.DataFrame) -> None:
    """Raise ValueError when a share is missing or below zero, or those of a small area add up to more than 1."""
    if not (shares["share"] >= 0).all():
        raise ValueError("a share is missing or below zero")
    together = shares.groupby("small_area")["share"].sum()
    if (together > 1 + TOLERANCE).any():
        raise ValueError(f"the shares of {together.idxmax()} add up to more than 1")


def transfer(small_areas: pd.DataFrame, shares: pd.DataFrame, weight: str = "population") -> pd.DataFrame:
    """Shares of old wards in new ones, from the small areas that old wards are made of.

    Parameters
    ----------
    small_areas : a row a small area: ``small_area``, ``old_ward`` and the column named by ``weight``: ``population``, or
        its area when nothing better is known.
    shares : of the small areas in the new wards, by the same weight.

    Returns
    -------
    A table of shares with the old wards as ``small_area``.

    Raises
    ------
    ValueError
        When a weight is missing or negative, or an old ward has none in all.
    """
    check_shares(shares)
    size = small_areas[weight].to_numpy(dtype=float)
    if not np.all(size >= 0):
        raise ValueError(f"a small area has no {weight}, or one below zero")
    whole = small_areas.groupby("old_ward")[weight].sum()
    if not (whole > 0).all():
        raise ValueError(f"the old ward {whole.index[whole <= 0][0]} has no {weight}")
    parts = small_areas.merge(shares, on="small_area")
    moved = (parts[weight] * parts["share"]).groupby([parts["old_ward"], parts["ward_code"]]).sum()
    moved = moved[moved > 0]
    table = moved.div(whole.rename_axis("old_ward"), level="old_ward").rename("share").reset_index()
    return table.rename(columns={"old_ward": "small_area"})


def areal_shares(old: "geopandas.GeoDataFrame", new: "geopandas.GeoDataFrame") -> pd.DataFrame:
    """Shares of old areas in new ones by area of ground, from their outlines; the index of each names the areas.

    Areas are measured on the British National Grid when the outlines are in degrees. Parts of an old area in no new one
    are left out of the shares, and so go to the unallocated line.

    Raises
    ------
    ValueError
        When new areas overlap each other.
    """
    import geopandas

    if old.crs is not None and old.crs.is_geographic:
        old = old.to_crs(BRITISH_NATIONAL_GRID)
    if old.crs is not None and new.crs != old.crs:
        new = new.to_crs(old.crs)
    before = geopandas.GeoDataFrame({"small_area": old.index.astype(str)}, geometry=old.geometry.values, crs=old.crs)
    after = geopandas.GeoDataFrame({"ward_code": new.index.astype(str)}, geometry=new.geometry.values, crs=old.crs)
    pieces = geopandas.overlay(before, after, how="intersection", keep_geom_type=True)
    ground = pieces["small_area"].map(before.set_index("small_area").area)
    shares = pd.DataFrame(pieces[["small_area", "ward_code"]]).assign(share=(pieces.area / ground).to_numpy())
    shares = shares[shares["share"] > TOLERANCE].groupby(["small_area", "ward_code"], as_index=False)["share"].sum()
    together = shares.groupby("small_area")["share"].transform("sum")
    if (together > 1 + OVERLAP).any():
        raise ValueError(f"new areas overlap each other in {shares.loc[together.idxmax(), 'small_area']}")
    return shares.assign(share=shares["share"] / together.clip(lower=1))
