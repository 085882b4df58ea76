"""Which wards took the place of which: how much of a ward lies in each ward of another set.

Worked out from where people live: each LSOA lies, by the look-up of the release, in wards of either set with a share of
its residents. What two wards share of an LSOA that lies whole in one ward of each set is known; of one that straddles wards
it is an estimate (the two shares multiplied), whose bounds are, as those of counts are, none and all of its people.
Shares of the ground, from the outlines, stand beside, and take the place of residents where those are not known. Wards
are matched by code alone: a name may be in two sets and mean two places.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from csp_data.analysis.counts import UNALLOCATED
from csp_data.extracts.releases import Release
from csp_data.extracts.transfers import BRITISH_NATIONAL_GRID

if TYPE_CHECKING:
    import geopandas

SAME_PLACE = 0.99
"""Two wards are the same place when each has at least this share of its residents (or ground) in the other."""
COMPLETE = 0.98
"""Share of all residents of LSOAs whose wards in both sets must be known, for shares to be made of residents."""
SLIVER = 0.005
"""A share of the ground below this comes from outlines that were generalised apart."""
_TOLERANCE = 1e-9

METHODS = {
    "nested": "whole small areas",
    "population_share": "where people live within small areas",
    "best_fit": "small areas whole in the ward that holds most of each",
    "area_share": "ground of small areas",
    "ground": "ground, because residents are not known",
}
"""How a share is known -> in words. In order from the surest."""
_FROM_SUREST = ("coordinates", *METHODS)


@dataclass(frozen=True, eq=False)
class Succession:
    """Two ward sets against each other. Share it, never change it.

    ``pairs`` has a row an old and a new ward that share anything: ``old`` and ``new`` (code, or ``UNALLOCATED`` for
    what lies outside the wards of that set), ``residents`` with ``residents_low`` and ``residents_high`` (NaN where not
    known), ``of_old`` and ``of_new`` (share of the old and of the new ward in the pair, 0 to 1; of residents, else of
    ground), ``of_old_low``, ``of_old_high``, ``of_new_low``, ``of_new_high``, ``ground_of_old``, ``ground_of_new``
    and ``method`` (a key of ``METHODS``). The shares of a ward add up to 1. ``year`` and ``basis`` are of the residents;
    None and "" without.
    """

    old: str
    new: str
    pairs: pd.DataFrame
    year: int | None
    basis: str

    def of(self, ward: str, vintage: str) -> pd.DataFrame:
        """The pairs of one ward, the largest first, seen from it.

        Returns
        -------
        A row a ward of the other set: ``area``, ``share`` (of the ward asked for), ``share_low``, ``share_high``,
        ``back`` (of the other ward's own whole that lies in the ward asked for), ``ground``, ``residents``, ``method``.

        Raises
        ------
        KeyError
            When the vintage is neither of the two.
        """
        if vintage not in (self.old, self.new):
            raise KeyError(f"'{vintage}' is neither '{self.old}' nor '{self.new}'")
        own, other = ("old", "new") if vintage == self.old else ("new", "old")
        rows = self.pairs[self.pairs[own] == ward].rename(
            columns={
                other: "area",
                f"of_{own}": "share",
                f"of_{own}_low": "share_low",
                f"of_{own}_high": "share_high",
                f"of_{other}": "back",
                f"ground_of_{own}": "ground",
            }
        )
        columns = ["area", "share", "share_low", "share_high", "back", "ground", "residents", "method"]
        return rows[columns].sort_values(["share", "ground", "area"], ascending=[False, False, True], ignore_index=True)

    def same_place(self, ward: str, vintage: str) -> str | None:
        """Code of the ward of the other set that is the same place, or None."""
        own, other = ("old", "new") if vintage == self.old else ("new", "old")
        return next((row[other] for row in self._same if row[own] == ward), None)

    @cached_property
    def _same(self) -> list[dict[str, str]]:
        """The pairs that are the same place, ``old`` and ``new``."""
        both = (self.pairs["of_old"] >= SAME_PLACE) & (self.pairs["of_new"] >= SAME_PLACE)
        inside = (self.pairs["old"] != UNALLOCATED) & (self.pairs["new"] != UNALLOCATED)
        return self.pairs.loc[both & inside, ["old", "new"]].to_dict("records")


def between(
    lookup: pd.DataFrame,
    residents: pd.Series,
    ground: pd.DataFrame,
    old: str,
    new: str,
    year: int | None = None,
    basis: str = "",
) -> Succession:
    """Set two ward sets against each other.

    Parameters
    ----------
    lookup : the look-up of a release: ``small_area``, ``vintage``, ``ward_code``, ``share``, ``method``
    residents : people a small area, the index naming it; empty when they are not known, then ground decides
    ground : a row an old and a new ward: ``old``, ``new``, ``ground_of_old``, ``ground_of_new`` (shares, 0 to 1);
        without rows when there are no outlines
    old, new : ids of the ward sets

    Raises
    ------
    ValueError
        When neither residents nor ground are given, or a number of residents is missing or negative.
    """
    if residents.empty and ground.empty:
        raise ValueError("neither residents nor outlines are known")
    if not (residents >= 0).all():
        raise ValueError("a number of residents is missing or below zero")
    people = _shared_residents(lookup, residents, old, new)
    pairs = people.merge(ground[~ground["old"].isna()], how="outer", on=["old", "new"])
    pairs[["ground_of_old", "ground_of_new"]] = pairs[["ground_of_old", "ground_of_new"]].fillna(
        0.0 if len(ground) else np.nan
    )
    known = not residents.empty
    if known:
        amounts = ["residents", "residents_low", "residents_high"]
        pairs[amounts] = pairs[amounts].fillna(0.0)
    for own in ("old", "new"):
        whole = pairs.groupby(own)["residents"].transform("sum")
        by_people = known & (whole > 0)
        for end in ("", "_low", "_high"):
            of_people = (pairs[f"residents{end}"] / whole.where(whole > 0)).clip(0, 1)
            pairs[f"of_{own}{end}"] = of_people.where(by_people, pairs[f"ground_of_{own}"])
    pairs["method"] = pairs["method"].fillna("ground" if not known else "nested")
    small = (pairs["residents"].fillna(0) <= 0) & (pairs[["ground_of_old", "ground_of_new"]].max(axis=1) < SLIVER)
    pairs = pairs[~small & ~((pairs["old"] == UNALLOCATED) & (pairs["new"] == UNALLOCATED))]
    return Succession(old, new, pairs.sort_values(["old", "new"], ignore_index=True), year, basis)


def _shared_residents(lookup: pd.DataFrame, residents: pd.Series, old: str, new: str) -> pd.DataFrame:
    """Residents of each old and new ward together, with the fewest and the most there may be, and the least sure
    method that any of them is known by."""
    sides = []
    for name, vintage in (("old", old), ("new", new)):
        rows = lookup[
            (lookup["vintage"] == vintage) & lookup["small_area"].isin(residents.index) & (lookup["share"] > 0)
        ]
        rows = rows[["small_area", "ward_code", "share", "method"]]
        left = 1 - rows.groupby("small_area")["share"].sum().reindex(residents.index, fill_value=0.0)
        left = left[left > _TOLERANCE]
        rest = pd.DataFrame({"small_area": left.index, "ward_code": UNALLOCATED, "share": left.to_numpy()})
        rows = pd.concat([rows, rest.assign(method="nested")]) if len(rest) else rows
        sides.append(rows.rename(columns={"ward_code": name, "share": f"share_{name}", "method": f"method_{name}"}))
    parts = sides[0].merge(sides[1], on="small_area")
    people = parts["small_area"].map(residents).to_numpy(dtype=float)
    a, b = parts["share_old"].to_numpy(dtype=float), parts["share_new"].to_numpy(dtype=float)
    whole = (a >= 1 - _TOLERANCE) & (b >= 1 - _TOLERANCE)
    low, high = np.where(whole, 1.0, 0.0), 1.0
    order = {method: n for n, method in enumerate(_FROM_SUREST)}
    unsure = np.maximum(parts["method_old"].map(order), parts["method_new"].map(order))
    # Whatever the look-up says of a small area that lies whole in one ward of either set, there is nothing to divide.
    unsure = np.where(whole & (unsure < order["best_fit"]), order["nested"], unsure)
    grouped = (
        parts.assign(residents=people * a * b, residents_low=people * low, residents_high=people * high, unsure=unsure)
        .groupby(["old", "new"], as_index=False)
        .agg({"residents": "sum", "residents_low": "sum", "residents_high": "sum", "unsure": "max"})
    )
    methods = dict(enumerate(_FROM_SUREST))
    return grouped.assign(method=grouped["unsure"].map(methods)).drop(columns="unsure")


def ground_between(areas: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """Shares of the ground of old and new wards in each other, from their outlines, slivers left out.

    Returns
    -------
    A row a pair: ``old``, ``new``, ``ground_of_old``, ``ground_of_new``. What is in no ward of the other set has the code
    ``UNALLOCATED``. Without rows when a set has no outlines.
    """
    wards = areas[areas["area_type"] == "ward"]
    sets = [wards[wards["vintage"] == vintage].set_index("area_code").geometry for vintage in (old, new)]
    columns = ["old", "new", "ground_of_old", "ground_of_new"]
    if any(each.empty for each in sets):
        return pd.DataFrame(columns=columns)
    before, after = (each.to_crs(BRITISH_NATIONAL_GRID) for each in sets)
    of_old, of_new = _ground_shares(before, after, "old", "new"), _ground_shares(after, before, "new", "old")
    pairs = of_old.merge(of_new, how="outer", on=["old", "new"]).fillna({"ground_of_old": 0.0, "ground_of_new": 0.0})
    return pairs[pairs[["ground_of_old", "ground_of_new"]].max(axis=1) >= SLIVER].reset_index(drop=True)[columns]


def _ground_shares(
    outlines: "geopandas.GeoSeries", others: "geopandas.GeoSeries", own: str, other: str
) -> pd.DataFrame:
    """Shares of the ground of areas in others, with a row for what is in none. Outlines drawn for maps may overlap: shares
    that add up to more than 1 are scaled down to it."""
    import shapely

    shapes, around = outlines.to_numpy(), others.to_numpy()
    first, second = shapely.STRtree(around).query(shapes, predicate="intersects")
    ground = shapely.area(shapely.intersection(shapes[first], around[second])) / shapely.area(shapes[first])
    name = f"ground_of_{own}"
    shares = pd.DataFrame({own: outlines.index[first], other: others.index[second], name: ground})
    together = shares.groupby(own)[name].transform("sum").clip(lower=1)
    return _with_rest(shares.assign(**{name: shares[name] / together}), own, other)


def _with_rest(shares: pd.DataFrame, own: str, other: str) -> pd.DataFrame:
    """Shares with a row for what is left of each area, where it is more than a sliver."""
    name = f"ground_of_{own}"
    left = 1 - shares.groupby(own)[name].sum()
    left = left[left >= SLIVER]
    return pd.concat([shares, pd.DataFrame({own: left.index, other: UNALLOCATED, name: left.to_numpy()})])


LIGHT = 25
"""Metres: detail smaller than this is lost from outlines, to make them light enough to send to a browser."""


def outlines(areas: pd.DataFrame, vintage: str) -> dict[str, Any]:
    """Ward code -> light outline in metres on the British National Grid, with shared borders that still meet."""
    import shapely

    wards = areas[(areas["area_type"] == "ward") & (areas["vintage"] == vintage)]
    metres = wards.geometry.to_crs(BRITISH_NATIONAL_GRID).to_numpy()
    return dict(zip(wards["area_code"], shapely.coverage_simplify(metres, LIGHT), strict=True))


def same_names(old: dict[str, str], new: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Names in both sets -> code in the old and in the new: to warn of them, never to join on them."""
    codes = {name: code for code, name in new.items()}
    return {name: (code, codes[name]) for code, name in sorted(old.items(), key=lambda item: item[1]) if name in codes}


def residents_of_lsoas(release: Release, *vintages: str) -> tuple[pd.Series, int | None, str]:
    """Residents a LSOA, their year and basis: the newest for which nearly all of them have a place in these ward sets.
    An empty series, None and "" when there are none."""
    table = release.read("population")
    table = table[(table["denominator"] == "residents") & table["area_type"].str.startswith("lsoa")]
    lookup = release.read("ward_lookup", columns=["small_area", "vintage"])
    placed = set.intersection(*(set(lookup.loc[lookup["vintage"] == v, "small_area"]) for v in vintages))
    for (year, _), rows in sorted(table.groupby(["year", "area_type"]), key=lambda item: item[0], reverse=True):
        people = rows.drop_duplicates("area_code").set_index("area_code")["population"].astype(float)
        if people.sum() > 0 and people[people.index.isin(placed)].sum() >= COMPLETE * people.sum():
            return people.rename_axis("small_area"), int(year), str(rows["basis"].iloc[0])
    return pd.Series(dtype=float), None, ""


def of_release(release: Release, old: str, new: str) -> Succession:
    """Two ward sets of a release against each other: ask ``Subject.succession``, which keeps it.

    Raises
    ------
    ValueError
        As ``between``.
    """
    residents, year, basis = residents_of_lsoas(release, old, new)
    lookup = release.read("ward_lookup")
    ground = ground_between(release.read("areas"), old, new)
    return between(lookup, residents, ground, old, new, year, basis)
