"""Shares of areas in other areas: what moves counts from one set of boundaries to another.

A table of shares has a row a small area and ward it goes to: ``small_area``, ``ward_code``, ``share`` (of the small area,
above 0 and at most 1). For ward totals the old ward stands as small area. Where the shares of a small area add up to less
than 1 the rest is unallocated, never dropped. The functions are pure: ``placement`` makes the look-up of a release with
them, ``analysis.boundaries`` measures how wrong they are.
"""

from collections.abc import Mapping
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
    """Raise ValueError when a share is missing, below zero or there twice, or those of a small area add up to more than
    1."""
    if not (shares["share"] >= 0).all():
        raise ValueError("a share is missing or below zero")
    if shares.duplicated(["small_area", "ward_code"]).any():
        raise ValueError("a small area has two shares of one ward")
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

    Not by ``tobler.area_weighted``: it measures the same (on the wards of Medway and Maidstone within 5e-8), but in single
    precision, has the share of a pair in a private function only, and brings a second GDAL with rasterio (36 MB).

    Raises
    ------
    ValueError
        When new areas overlap each other.
    """
    import shapely

    if old.crs is not None and old.crs.is_geographic:
        old = old.to_crs(BRITISH_NATIONAL_GRID)
    if old.crs is not None and new.crs != old.crs:
        new = new.to_crs(old.crs)
    before, after = (shapely.make_valid(areas.geometry.to_numpy()) for areas in (old, new))
    for shapes in (before, after):
        shapely.prepare(shapes)
    first, second = shapely.STRtree(after).query(before, predicate="intersects")
    # What lies wholly inside needs no cutting, which is most of it.
    inside = shapely.covers(after[second], before[first])
    ground = shapely.area(before[first])
    cut = ground.copy()
    cut[~inside] = shapely.area(shapely.intersection(before[first[~inside]], after[second[~inside]]))
    shares = pd.DataFrame(
        {
            "small_area": old.index.astype(str).to_numpy()[first],
            "ward_code": new.index.astype(str).to_numpy()[second],
            "share": cut / ground,
        }
    )
    shares = shares[shares["share"] > TOLERANCE].groupby(["small_area", "ward_code"], as_index=False)["share"].sum()
    together = shares.groupby("small_area")["share"].transform("sum")
    if (together > 1 + OVERLAP).any():
        raise ValueError(f"new areas overlap each other in {shares.loc[together.idxmax(), 'small_area']}")
    return shares.assign(share=shares["share"] / together.clip(lower=1))


POORLY_FITTED = 5.0
"""Per cent that the best-fit population of a ward may be from its apportioned one before it is said."""


def best_fit_measured(
    best_fit: pd.DataFrame, shares: pd.DataFrame, people: Mapping[str, float] | pd.Series
) -> pd.DataFrame:
    """How far the population of each ward is off when small areas are placed whole by best fit.

    Parameters
    ----------
    best_fit : ``small_area``, ``ward_code``: the one ward of each small area, as an official look-up has it.
    shares : where the people of each small area live, as described at the top.
    people : residents of each small area. One without shares or people is left out of both sides.

    Returns
    -------
    A row a ward, by code: ``ward_code``, ``best_fit`` and ``apportioned`` (residents), ``percent`` (best fit against
    apportioned; NaN where nobody is apportioned to it) and ``flagged`` (more than ``POORLY_FITTED`` per cent either way).
    """
    check_shares(shares)
    known = pd.Series(people, dtype=float).dropna()
    both = set(shares["small_area"]) & set(best_fit["small_area"]) & set(known.index)
    fits = best_fit[best_fit["small_area"].isin(both)]
    parts = shares[shares["small_area"].isin(both)]
    whole = fits["small_area"].map(known).groupby(fits["ward_code"]).sum()
    apportioned = (parts["small_area"].map(known) * parts["share"]).groupby(parts["ward_code"]).sum()
    wards = sorted(set(whole.index) | set(apportioned.index[apportioned > 0]))
    table = pd.DataFrame({"ward_code": wards})
    table["best_fit"] = whole.reindex(wards, fill_value=0.0).to_numpy()
    table["apportioned"] = apportioned.reindex(wards, fill_value=0.0).to_numpy()
    base = table["apportioned"].where(table["apportioned"] > 0)
    table["percent"] = 100 * (table["best_fit"] / base - 1)
    return table.assign(flagged=~(table["percent"].abs() <= POORLY_FITTED))
