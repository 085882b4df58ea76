"""Where records lie: from coordinates and LSOA codes to small areas, and from small areas to wards.

A record is placed by its coordinates in the wards of the partnership (of any of its ward sets), else by its LSOA code.
A record placed by coordinates belongs to the part of its LSOA that lies in one ward of each set, so that it is counted
in the right ward of every set; a record placed by LSOA code belongs to the whole LSOA; one known by a ward of one set only
is divided among the wards of the other sets.

How a small area comes to its ward, best first: coordinates; the LSOA nests in the ward; its people are shared out; ONS best
fit, only where no shares are known; the ground is shared out. Of a ward of another set: the people of the small areas it is
made of, else its ground.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas
import numpy as np
import pandas as pd
import shapely

from csp_data.extracts.sources.boundaries import BRITISH_NATIONAL_GRID, Boundaries
from csp_data.extracts.sources.lookups import Lookup
from csp_data.extracts.transfers import areal_shares, best_fit_measured, transfer

NESTED = 0.99
"""Share of an LSOA's area inside one ward from which it counts as nested: outlines are generalised to about 20 metres,
so an LSOA that nests exactly rarely comes out at 1."""
NOT_LOCATED = "not_located"
UNMATCHED = "unmatched"
"""Small area of records that are the partnership's, with a code that no look-up or boundary knows: in no ward."""
OF_2011 = ":2011"
"""Marks a small area of an LSOA that did not change in 2021, in months whose records use the codes of 2011."""
NO_WARD = "-"
"""Stands in a small area for a ward set in which the point falls in no ward, such as on a river."""

AGREEMENTS = {
    "coordinates and LSOA": "the coordinates and the LSOA code both lie in the partnership",
    "coordinates, LSOA elsewhere": "the coordinates lie in the partnership, the LSOA code does not",
    "coordinates, no LSOA": "the coordinates lie in the partnership, there is no LSOA code",
    "LSOA, coordinates elsewhere": "the LSOA code lies in the partnership, the coordinates lie in none of its wards",
    "LSOA, no coordinates": "the LSOA code lies in the partnership, there are no coordinates",
    "outline, no LSOA": "the coordinates lie in the district's outline but in no ward, there is no LSOA code",
}
"""How the two places given by a record agree -> what that means. The first three are placed by coordinates."""


_OF_WARDS = ["small_area", "vintage", "ward_code", "share", "method"]


@dataclass(frozen=True)
class WardSet:
    """The wards of one vintage: ``area_code``, ``name``, ``district``, ``geometry``, in order of code."""

    id: str
    wards: geopandas.GeoDataFrame


@dataclass(frozen=True)
class Geography:
    """What is known about the partnership's ground.

    ``lsoas``: index LSOA code; ``year`` ("2021" when the code is in use in both), ``only`` (the year when it is in use
    in one alone, else ""), ``name``, ``district``.
    ``lsoa_wards``: ``lsoa``, ``vintage``, ``ward_code``, ``share`` (0 to 1, adding up to 1), ``method``.
    ``changes``: ``lsoa2011``, ``lsoa2021``, a row a pair: what became of the LSOAs in 2021.
    ``ward_wards``: as ``lsoa_wards``, of the wards of one set in those of another, with the ward as ``small_area``.
    ``best_fits``: ``small_area`` (an LSOA), ``vintage``, ``ward_code``, of official look-ups, whether or not they are used.
    ``reconciled``: ward set -> LSOAs placed through those they were made from or split into in 2021.
    """

    ward_sets: tuple[WardSet, ...]
    lsoas: pd.DataFrame
    lsoa_wards: pd.DataFrame
    outlines: geopandas.GeoDataFrame
    districts: tuple[str, ...] = field(default=())
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["lsoa2011", "lsoa2021"]))
    ward_wards: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_OF_WARDS))
    best_fits: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["small_area", "vintage", "ward_code"])
    )
    reconciled: Mapping[str, int] = field(default_factory=dict)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of every ward and outline, in degrees."""
        bounds = [ward_set.wards.total_bounds for ward_set in self.ward_sets]
        if len(self.outlines):
            bounds.append(self.outlines.total_bounds)
        west, south, east, north = np.array(bounds).T
        return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def lsoa_register(lookups: Sequence[Lookup], boundaries: Sequence[Boundaries], wards: frozenset[str]) -> pd.DataFrame:
    """Every LSOA of the partnership that a look-up or boundary file knows, with the year its code is in use.

    An LSOA of a look-up without districts belongs to the partnership when its ward does. A code in use in both years is
    given 2021: ONS keeps a code only while the LSOA is unchanged.
    """
    parts = []
    for lookup in lookups:
        table = lookup.table
        if lookup.kind == "change":
            for year in ("2011", "2021"):
                parts.append(
                    pd.DataFrame(
                        {
                            "lsoa": table[f"lsoa{year}"],
                            "year": year,
                            "name": table[f"name{year}"],
                            "district": table["district"],
                        }
                    )
                )
        else:
            ours = table[(table["district"] != "") | table["ward"].isin(wards)]
            parts.append(ours.rename(columns={"lsoa_year": "year"})[["lsoa", "year", "name", "district"]])
    for outline in boundaries:
        areas = outline.areas.rename(columns={"area_code": "lsoa"})
        parts.append(pd.DataFrame(areas[["lsoa", "name", "district"]]).assign(year=outline.year))
    if not parts:
        return pd.DataFrame(columns=["year", "only", "name", "district"], index=pd.Index([], name="lsoa"), dtype=str)
    every = pd.concat(parts)
    every = every[every["lsoa"] != ""]
    # The newest year first, and a real name before the code that stands for a missing one.
    every = every.assign(
        nameless=(every["name"] == "") | (every["name"] == every["lsoa"]), homeless=every["district"] == ""
    )
    every = every.sort_values(
        ["lsoa", "year", "nameless", "homeless"], ascending=[True, False, True, True], kind="stable"
    )
    years = every.groupby("lsoa")["year"].transform("nunique")
    every = every.assign(only=every["year"].where(years == 1, ""))
    return every.drop_duplicates("lsoa").set_index("lsoa")[["year", "only", "name", "district"]]


# --- points and codes to small areas ----------------------------------------------------------------------------


def place(points: pd.DataFrame, geography: Geography) -> pd.DataFrame:
    """Give each distinct point and LSOA code its small area.

    Parameters
    ----------
    points : ``longitude``, ``latitude`` (degrees or missing), ``lsoa`` (code or missing) and ``lsoa_year`` (the set of
        codes that the record uses, "2011" or "2021"); any other columns are kept.

    Returns
    -------
    The same rows with ``small_area`` ("" when outside), ``placed`` (coordinates, lsoa, district or outside) and
    ``agreement`` (a key of ``AGREEMENTS``, or "").
    """
    located = points["longitude"].notna() & points["latitude"].notna()
    lsoa = points["lsoa"].where(points["lsoa"].isin(geography.lsoas.index), "").fillna("")
    ours, blank = (lsoa != "").to_numpy(), points["lsoa"].isna().to_numpy()
    # Records are snapped to few map points, so each pair of coordinates is looked up once.
    spots = points.loc[located, ["longitude", "latitude"]].drop_duplicates()
    spots = spots.assign(wards=_ward_combination(spots, geography), outline=_district_around(spots, geography))
    found = points[["longitude", "latitude"]].merge(spots, how="left", on=["longitude", "latitude"])
    wards, outline = (found[column].fillna("").to_numpy(dtype=str) for column in ("wards", "outline"))
    old = (points["lsoa_year"] == "2011") & lsoa.isin(geography.lsoas.index[geography.lsoas["only"] == ""])
    codes = lsoa.where(~old, lsoa + OF_2011).to_numpy(dtype=str)
    in_ward, in_outline = wards != "", (outline != "") & blank
    cases = [in_ward & ours, in_ward & ~blank, in_ward, ours & located.to_numpy(), ours, in_outline]
    return points.assign(
        small_area=np.select(
            [in_ward, ours, in_outline], [np.strings.add(np.strings.add(codes, "@"), wards), codes, outline], default=""
        ),
        placed=np.select([in_ward, ours, in_outline], ["coordinates", "lsoa", "district"], default="outside"),
        agreement=np.select(cases, list(AGREEMENTS), default=""),
    )


def _ward_combination(spots: pd.DataFrame, geography: Geography) -> np.ndarray:
    """The ward of each set joined by "+", "-" for a set in which the point is in none; "" when it is in no ward."""
    points = shapely.points(spots["longitude"], spots["latitude"])
    wards = np.array([area_around(points, ward_set.wards) for ward_set in geography.ward_sets], dtype=str)
    combined = ["+".join(ward or NO_WARD for ward in column) if any(column) else "" for column in wards.T]
    return np.array(combined, dtype=str)


def _district_around(spots: pd.DataFrame, geography: Geography) -> np.ndarray:
    return area_around(shapely.points(spots["longitude"], spots["latitude"]), geography.outlines)


def area_around(points: np.ndarray, areas: geopandas.GeoDataFrame) -> np.ndarray:
    """Code of the area that each point lies in, "" when in none. A point on a border goes to the lower code."""
    codes = areas["area_code"].to_numpy(dtype=str)
    found = np.full(len(points), "", dtype=codes.dtype if len(codes) else "U1")
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    # The last one written stays, so the lowest code is written last.
    order = np.argsort(codes[area], kind="stable")[::-1]
    found[point[order]] = codes[area[order]]
    return found


def place_codes(codes: pd.Series, geography: Geography) -> pd.DataFrame:
    """Give each code of an LSOA, ward or district its small area: columns ``small_area`` and ``placed``.

    An empty code is not located; one that is none of the partnership's is outside.
    """
    wards = {code for ward_set in geography.ward_sets for code in ward_set.wards["area_code"]}
    kinds = [
        ("not_located", codes == ""),
        ("lsoa", codes.isin(geography.lsoas.index)),
        ("ward", codes.isin(wards)),
        ("district", codes.isin(geography.districts)),
    ]
    placed = np.select([known for _, known in kinds], [kind for kind, _ in kinds], default="outside")
    small_area = codes.where(placed != "outside", "").where(placed != "not_located", NOT_LOCATED)
    return pd.DataFrame({"small_area": small_area, "placed": placed}, index=codes.index)


# --- small areas to wards ---------------------------------------------------------------------------------------


def small_areas_table(small_areas: Sequence[str], geography: Geography) -> pd.DataFrame:
    """The table ``small_areas`` for these identifiers, in their order."""
    names = {
        row.area_code: (row.name_, row.district)
        for ward_set in geography.ward_sets
        for row in ward_set.wards.rename(columns={"name": "name_"}).itertuples(index=False)
    }
    districts = {row.area_code: row.name for row in geography.outlines.itertuples(index=False)}
    rows = []
    for small_area in small_areas:
        lsoa, year, combination = _parts(small_area, geography)
        wards = [ward for ward in combination.split("+") if ward and ward != NO_WARD]
        # The newest ward set says which district a point is in.
        district = names[wards[-1]][1] if wards else ""
        if lsoa in geography.lsoas.index:
            known = geography.lsoas.loc[lsoa]
            rows.append((small_area, lsoa, f"lsoa{year}", known["name"], district or known["district"]))
        elif wards or small_area in names:
            ward = wards[-1] if wards else small_area
            rows.append((small_area, ward, "ward", *names[ward]))
        elif small_area == UNMATCHED:
            rows.append((small_area, "", "district", "Codes that match no area of the partnership", ""))
        elif small_area == NOT_LOCATED:
            rows.append((small_area, "", NOT_LOCATED, "Not located", ""))
        else:
            rows.append((small_area, small_area, "district", districts.get(small_area, small_area), small_area))
    return pd.DataFrame(rows, columns=["small_area", "area_code", "area_type", "area_name", "district"], dtype=str)


def _parts(small_area: str, geography: Geography) -> tuple[str, str, str]:
    """LSOA code, the set of codes it is of, and the wards joined by "+"; "" for what the small area does not say."""
    code, _, combination = small_area.partition("@")
    lsoa = code.removesuffix(OF_2011)
    if lsoa not in geography.lsoas.index:
        return "", "", combination
    return lsoa, "2011" if code != lsoa else geography.lsoas.loc[lsoa, "year"], combination


def ward_lookup_table(small_areas: Sequence[str], geography: Geography) -> pd.DataFrame:
    """The table ``ward_lookup`` for these small areas.

    A part of an LSOA found by coordinates goes whole to its ward. In a ward set in which its points fall in no ward
    (a river that one set cuts out and the other does not) it goes where the LSOA goes. A ward is divided among those of the
    other sets (``with_ward_transfers``). A district, what is not located and codes without a match go to no ward. A share
    of 0 is a ward that an LSOA placed by best fit lies in as well.
    """
    by_lsoa = dict(iter(geography.lsoa_wards.groupby(["lsoa", "vintage"])))
    by_ward = dict(iter(geography.ward_wards.groupby(["small_area", "vintage"])))
    set_of_ward: dict[str, list[str]] = {}
    for ward_set in geography.ward_sets:
        for ward in ward_set.wards["area_code"]:
            set_of_ward.setdefault(ward, []).append(ward_set.id)
    rows = []
    for small_area in small_areas:
        lsoa, _, combination = _parts(small_area, geography)
        wards = combination.split("+") if combination else [NO_WARD] * len(geography.ward_sets)
        for ward_set, ward in zip(geography.ward_sets, wards, strict=True):
            if ward != NO_WARD:
                rows.append((small_area, ward_set.id, ward, 1.0, "coordinates"))
            elif small_area in set_of_ward:
                if ward_set.id in set_of_ward[small_area]:
                    rows.append((small_area, ward_set.id, small_area, 1.0, "nested"))
                elif (small_area, ward_set.id) in by_ward:
                    rows += by_ward[small_area, ward_set.id][_OF_WARDS].itertuples(index=False, name=None)
            elif (lsoa, ward_set.id) in by_lsoa:
                shares = by_lsoa[lsoa, ward_set.id]
                rows += [(small_area, *row) for row in shares.drop(columns="lsoa").itertuples(index=False, name=None)]
    return pd.DataFrame(rows, columns=["small_area", "vintage", "ward_code", "share", "method"]).astype(
        {"small_area": str, "vintage": str, "ward_code": str, "share": float, "method": str}
    )


def lsoa_wards(
    ward_sets: Sequence[WardSet], lsoas: pd.DataFrame, lookups: Sequence[Lookup], boundaries: Sequence[Boundaries]
) -> pd.DataFrame:
    """Which wards of each set an LSOA counts towards: the best that is known of each.

    In this order: the share of its people who live in each ward (``population_share``, ``nested`` when all do); the ward
    that holds all but 1% of its area (``nested``); the ONS best fit, its own or that of the LSOAs it was made from or split
    into when they agree (``best_fit``; where outlines show that it lies in other wards as well, those have a share of 0);
    the share of its area (``area_share``). An LSOA of which nothing is known has no row.

    Grain: an LSOA, ward set and ward, with ``share`` (adding up to 1) and ``method``.
    """
    parts = []
    for ward_set in ward_sets:
        wards = set(ward_set.wards["area_code"])
        area = _area_shares(lsoas, boundaries, ward_set)
        best_fit = _best_fit(lookups, wards)
        ranked = [
            _population_shares(lookups, wards),
            area[area["share"] >= NESTED].assign(share=1.0, method="nested"),
            _with_others(best_fit, area),
            _with_others(_best_fit_of_relatives(best_fit, lookups), area),
            _adding_up(area).assign(method="area_share"),
        ]
        known: set[str] = set()
        for shares in ranked:
            new = shares[shares["lsoa"].isin(lsoas.index) & ~shares["lsoa"].isin(known)]
            known.update(new["lsoa"])
            parts.append(new.assign(vintage=ward_set.id))
    columns = ["lsoa", "vintage", "ward_code", "share", "method"]
    return pd.concat(parts)[columns].sort_values(columns[:3], ignore_index=True)


_SHARES = ["lsoa", "ward_code", "share", "method"]


def best_fits(ward_sets: Sequence[WardSet], lookups: Sequence[Lookup]) -> pd.DataFrame:
    """The ward of each set that official look-ups put an LSOA in: ``small_area``, ``vintage``, ``ward_code``."""
    parts = [
        _best_fit(lookups, set(ward_set.wards["area_code"]))
        .assign(vintage=ward_set.id)
        .rename(columns={"lsoa": "small_area"})
        for ward_set in ward_sets
    ]
    return pd.concat(parts, ignore_index=True)[["small_area", "vintage", "ward_code"]]


def best_fit_errors(geography: Geography, people: Mapping[str, float]) -> dict[str, pd.DataFrame]:
    """Ward set -> how far best fit is off in each ward (``transfers.best_fit_measured``), for the sets that have both an
    official look-up and shares of people."""
    shares = geography.lsoa_wards[geography.lsoa_wards["method"].isin(["population_share", "nested"])]
    shares = shares.rename(columns={"lsoa": "small_area"})
    found = {}
    for ward_set in geography.ward_sets:
        fits = geography.best_fits[geography.best_fits["vintage"] == ward_set.id]
        measured = best_fit_measured(fits, shares[shares["vintage"] == ward_set.id], people)
        if len(measured):
            found[ward_set.id] = measured
    return found


def _population_shares(lookups: Sequence[Lookup], wards: set[str]) -> pd.DataFrame:
    found = []
    for lookup in lookups:
        if lookup.kind != "shares":
            continue
        # A file may hold several ward sets: those whose wards are mostly of this set are meant. Names of ward sets
        # do not say, because a set is in use for many years.
        for (year, _), rows in lookup.table.groupby(["lsoa_year", "ward_set"]):
            codes = set(rows["ward"])
            if len(codes & wards) * 2 > len(codes):
                found.append(rows[rows["ward"].isin(wards) & (rows["share"] > 0)].assign(year=year))
    if not found:
        return pd.DataFrame(columns=_SHARES)
    every = pd.concat(found).sort_values("year", ascending=False, kind="stable")
    newest = every.groupby("lsoa")["year"].transform("first")
    every = every[every["year"] == newest].drop_duplicates(["lsoa", "ward"])
    shares = _adding_up(every.rename(columns={"ward": "ward_code"}))
    return shares.assign(method=np.where(shares["share"] == 1, "nested", "population_share"))


def _adding_up(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares divided by their sum, so that rounding, and ground outside the partnership's wards, lose no record."""
    return shares.assign(share=shares["share"] / shares.groupby("lsoa")["share"].transform("sum"))


def _best_fit(lookups: Sequence[Lookup], wards: set[str]) -> pd.DataFrame:
    found = [lookup.table[lookup.table["ward"].isin(wards)] for lookup in lookups if lookup.kind == "best_fit"]
    if not found:
        return pd.DataFrame(columns=_SHARES)
    every = pd.concat(found).sort_values("lsoa_year", ascending=False, kind="stable").drop_duplicates("lsoa")
    return every.rename(columns={"ward": "ward_code"})[["lsoa", "ward_code"]].assign(share=1.0, method="best_fit")


def _with_others(best_fit: pd.DataFrame, area: pd.DataFrame) -> pd.DataFrame:
    """Best fits, with a share of 0 for every other ward that the LSOA's outline lies in."""
    pairs = area.merge(best_fit[["lsoa", "ward_code"]], on="lsoa", suffixes=("", "_fit"))
    others = pairs[pairs["ward_code"] != pairs["ward_code_fit"]]
    return pd.concat([best_fit, others[["lsoa", "ward_code"]].assign(share=0.0, method="best_fit")], ignore_index=True)


def reconciled(geography: Geography, people: Mapping[str, float]) -> Geography:
    """LSOAs of one census placed through those of the other, where that is better than what is known of them.

    An LSOA that was split or merged in 2021, of whose own people no shares are known, gets those of the LSOAs it was made
    from or split into, weighted by their ``people`` (alike where any of them has none), when all of them have shares or
    nest. So months before and after 2021 are on the same footing.
    """
    if geography.changes.empty:
        return geography
    pairs = geography.changes[["lsoa2011", "lsoa2021"]]
    both = [
        pairs.set_axis(["lsoa", "relative"], axis=1),
        pairs[["lsoa2021", "lsoa2011"]].set_axis(["lsoa", "relative"], axis=1),
    ]
    pairs = pd.concat(both)
    pairs = pairs[(pairs["lsoa"] != pairs["relative"]) & pairs["lsoa"].isin(geography.lsoas.index)].drop_duplicates()
    pairs["weight"] = pairs["relative"].map(people).astype(float)
    unknown = pairs["weight"].isna() | (pairs["weight"] <= 0)
    pairs.loc[unknown.groupby(pairs["lsoa"]).transform("any"), "weight"] = 1.0
    pairs["weight"] /= pairs.groupby("lsoa")["weight"].transform("sum")
    every, found = [], {}
    for ward_set in geography.ward_sets:
        known = geography.lsoa_wards[geography.lsoa_wards["vintage"] == ward_set.id]
        good = known[known["method"].isin(["population_share", "nested"])]
        wanted = pairs[~pairs["lsoa"].isin(good["lsoa"])]
        wanted = wanted[wanted["relative"].isin(good["lsoa"]).groupby(wanted["lsoa"]).transform("all")]
        parts = wanted.merge(good.rename(columns={"lsoa": "relative"}), on="relative")
        parts["share"] *= parts["weight"]
        shares = parts.groupby(["lsoa", "ward_code"], as_index=False)["share"].sum()
        whole = shares["share"] > 1 - 1e-9
        shares = shares.assign(vintage=ward_set.id, method=np.where(whole, "nested", "population_share"))
        shares["share"] = shares["share"].mask(whole, 1.0)
        found[ward_set.id] = int(shares["lsoa"].nunique())
        every += [known[~known["lsoa"].isin(shares["lsoa"])], shares[known.columns]]
    columns = ["lsoa", "vintage", "ward_code", "share", "method"]
    table = pd.concat(every)[columns].sort_values(columns[:3], ignore_index=True)
    return replace(geography, lsoa_wards=table, reconciled=found)


def with_ward_transfers(geography: Geography, wards: Sequence[str], people: Mapping[str, float]) -> Geography:
    """How each of these wards, which records are known by, divides among the wards of the other sets.

    By the people of the LSOAs they are made of (``population_share``), where those of all are known; an LSOA that lies in
    several wards of both sets is taken to be spread alike in each. Else by ground (``area_share``).

    Parameters
    ----------
    people : LSOA -> residents, of either census; a code that both use once.
    """
    parts = []
    for old in geography.ward_sets:
        codes = [code for code in old.wards["area_code"] if code in set(wards)]
        for new in geography.ward_sets:
            wanted = [code for code in codes if code not in set(new.wards["area_code"])]
            if new.id == old.id or not wanted:
                continue
            by_people = _through_people(geography, old, new, people)
            left = [code for code in wanted if code not in set(by_people["small_area"])]
            outlines = [ward_set.wards.set_index("area_code") for ward_set in (old, new)]
            by_ground = areal_shares(outlines[0].loc[left], outlines[1]) if left else by_people.iloc[:0]
            # Slivers come from outlines generalised apart.
            by_ground = by_ground[by_ground["share"] > 1 - NESTED]
            for shares, method in ((by_people, "population_share"), (by_ground, "area_share")):
                shares = shares[shares["small_area"].isin(wanted)]
                whole = shares.groupby("small_area")["share"].transform("sum")
                shares = shares.assign(share=shares["share"] / whole, vintage=new.id)
                parts.append(shares.assign(method=np.where(shares["share"] > 1 - 1e-9, "nested", method)))
    if not parts:
        return geography
    return replace(geography, ward_wards=pd.concat(parts)[_OF_WARDS].sort_values(_OF_WARDS[:3], ignore_index=True))


def _through_people(geography: Geography, old: WardSet, new: WardSet, people: Mapping[str, float]) -> pd.DataFrame:
    """Shares of old wards in new ones through their LSOAs, of the census by which most people are known; only of wards
    whose LSOAs all have people and a place in both sets."""
    best, most = pd.DataFrame(columns=["small_area", "ward_code", "share"]), 0.0
    for year in ("2011", "2021"):
        lsoas = geography.lsoas.index[geography.lsoas["only"].isin(["", year])]
        rows = geography.lsoa_wards[geography.lsoa_wards["lsoa"].isin(lsoas) & (geography.lsoa_wards["share"] > 0)]
        before, after = (rows[rows["vintage"] == ward_set.id] for ward_set in (old, new))
        before = before.assign(people=before["lsoa"].map(people).astype(float))
        unknown = before["people"].isna() | ~before["lsoa"].isin(after["lsoa"])
        before = before[~unknown.groupby(before["ward_code"]).transform("any")]
        before = before.assign(population=before["people"] * before["share"])
        before = before[before.groupby("ward_code")["population"].transform("sum") > 0]
        if before["population"].sum() <= most:
            continue
        most = before["population"].sum()
        made_of = before.rename(columns={"lsoa": "small_area", "ward_code": "old_ward"})
        best = transfer(
            made_of[["small_area", "old_ward", "population"]],
            after.rename(columns={"lsoa": "small_area"})[["small_area", "ward_code", "share"]],
        )
    return best


def _best_fit_of_relatives(best_fit: pd.DataFrame, lookups: Sequence[Lookup]) -> pd.DataFrame:
    """The ward of an LSOA of the other year: where all it was made from, or split into, are in one ward."""
    changes = [lookup.table for lookup in lookups if lookup.kind == "change"]
    if not changes or best_fit.empty:
        return pd.DataFrame(columns=_SHARES)
    ward = best_fit.set_index("lsoa")["ward_code"]
    pairs = pd.concat(changes)[["lsoa2011", "lsoa2021"]]
    pairs = pd.concat(
        [
            pairs.set_axis(["lsoa", "relative"], axis=1),
            pairs[["lsoa2021", "lsoa2011"]].set_axis(["lsoa", "relative"], axis=1),
        ]
    )
    pairs = pairs[pairs["lsoa"] != pairs["relative"]].assign(ward_code=lambda rows: rows["relative"].map(ward))
    wards = pairs.groupby("lsoa")["ward_code"].agg(["size", "count", "nunique", "first"])
    agreed = wards[(wards["size"] == wards["count"]) & (wards["nunique"] == 1)]["first"]
    return agreed.rename("ward_code").reset_index().assign(share=1.0, method="best_fit")


def _area_shares(lsoas: pd.DataFrame, boundaries: Sequence[Boundaries], ward_set: WardSet) -> pd.DataFrame:
    """The share of each LSOA's area in each ward, from outlines of the year of its code."""
    outlines = [b.areas.assign(year=b.year) for b in boundaries]
    if not outlines:
        return pd.DataFrame(columns=_SHARES)
    every = pd.concat(outlines)
    every = every[every["year"] == every["area_code"].map(lsoas["year"])].drop_duplicates("area_code")
    grid = every.to_crs(BRITISH_NATIONAL_GRID)
    wards = ward_set.wards.to_crs(BRITISH_NATIONAL_GRID)
    lsoa, ward = shapely.STRtree(wards.geometry.to_numpy()).query(grid.geometry.to_numpy(), predicate="intersects")
    shapes, ward_shapes = grid.geometry.to_numpy()[lsoa], wards.geometry.to_numpy()[ward]
    shares = pd.DataFrame(
        {
            "lsoa": grid["area_code"].to_numpy()[lsoa],
            "ward_code": wards["area_code"].to_numpy()[ward],
            "share": shapely.area(shapely.intersection(shapes, ward_shapes)) / shapely.area(shapes),
            "method": "area_share",
        }
    )
    # Slivers come from outlines generalised apart, not from people.
    return shares[shares["share"] > 1 - NESTED]
