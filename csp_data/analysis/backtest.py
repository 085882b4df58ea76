"""How wrong each way of bringing counts to wards would have been, in a period that coordinates place exactly.

Where records have coordinates their wards are known, of every ward set. Here they are placed again as if only less were
known of them (their LSOA, or their old ward), and the result is set against the truth. What is found holds for records
that look like these: recent police.uk points, which are snapped to the nearest map point.

``best_fit_of`` says the same of residents: how far off official best fit is in each ward.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from csp_data.analysis import disclosure
from csp_data.analysis.boundaries import (
    POORLY_FITTED,
    apportion,
    areal_shares,
    best_fit,
    best_fit_measured,
    errors,
    transfer,
)
from csp_data.analysis.counts import UNALLOCATED
from csp_data.analysis.periods import Span
from csp_data.analysis.subject import Subject
from csp_data.catalogue.measures import measure_named

if TYPE_CHECKING:
    import geopandas

Method = Literal["nested", "population", "best_fit", "area", "ward_population", "ward_area"]
METHODS: dict[Method, str] = {
    "population": "LSOAs shared out by where people live",
    "best_fit": "LSOAs placed whole by best fit",
    "nested": "Only LSOAs that lie in one ward; the rest in none",
    "area": "LSOAs shared out by ground",
    "ward_population": "Old wards shared out by where people live",
    "ward_area": "Old wards shared out by ground",
}
"""Ways of bringing counts to wards, in the order of what they need to know."""
BEST_FIT_IS = "best fit here is the ward that most of an LSOA's people live in"
_COLUMNS = ["small_area", "ward_code", "share"]
_NEARLY_ALL = 0.99
"""Share of the records that must lie in a ward of the other set too: points on a river may be in a ward of one set only."""


@dataclass(frozen=True, eq=False)
class BackTest:
    """``methods``: a row a method: ``method``, ``label``, ``misplaced_share`` (of the records, 0 to 1, put in a wrong ward
    or in none), ``mean_absolute`` (records a ward), ``largest_percent`` (error of the ward that is furthest off, of its
    true count), ``largest_ward`` (its code) and ``largest_name``. ``wards``: a row a ward of the set: ``ward_code``,
    ``name``, ``truth`` and the count by each method. ``records``: how many had coordinates, and an LSOA. Tables are empty
    and ``reason`` says why when there is nothing to test, or it may not be told.
    """

    vintage: str
    period: str
    methods: pd.DataFrame
    wards: pd.DataFrame
    records: int
    reason: str = ""


def backtest(subject: Subject, measure: str, start: str, end: str, vintage: str, role: str = "public") -> BackTest:
    """Every method against coordinates, for the wards of a set.

    Parameters
    ----------
    measure : such as "crime".
    start, end : first and last month, such as "2025-01".
    vintage : the ward set that counts are brought to; the other sets, the one before it first, stand for old wards.

    Methods whose grounds the release does not hold (shares of people, outlines of LSOAs, a second ward set) are left out.
    Of an extract whose counts are protected the public is told nothing.
    """
    span = Span(start, end)
    dataset = measure_named(measure).dataset
    names = subject.wards[vintage]

    def nothing(reason: str) -> BackTest:
        return BackTest(vintage, span.label, pd.DataFrame(), pd.DataFrame(), 0, reason)

    if disclosure.restricted(subject.release.extract(dataset).get("disclosure", "rounded"), role):
        return nothing("Withheld so that nobody can be identified.")
    lookup = subject.release.read("ward_lookup")
    known = _by_coordinates(subject, dataset, span, lookup, vintage)
    if known.empty:
        return nothing(f"No record of {span.label} is placed by coordinates, so there is nothing to test against.")
    truth = known.groupby("ward_code")["count"].sum().astype(float).reindex(list(names), fill_value=0.0)
    by_lsoa = known.groupby("lsoa")["count"].sum().astype(float)
    made: dict[Method, pd.Series] = {}
    shares = _shares_of(lookup, vintage, by_lsoa.index)
    whole = shares[shares["share"] > 1 - 1e-9]
    _add(made, "population", by_lsoa, shares)
    _add(made, "best_fit", by_lsoa, best_fit(shares)[_COLUMNS] if len(shares) else shares)
    _add(made, "nested", by_lsoa, whole)
    areas = subject.release.read("areas")
    wards = _outlines(areas, areas["vintage"] == vintage)
    lsoas = _outlines(areas, areas["area_type"].isin(["lsoa2011", "lsoa2021"]))
    lsoas = lsoas[lsoas.index.isin(by_lsoa.index)]
    if len(lsoas) == len(by_lsoa):
        _add(made, "area", by_lsoa, areal_shares(lsoas, wards))
    for old in _other_sets(subject, vintage):
        before = _by_coordinates(subject, dataset, span, lookup, old)
        before = before[before["record"].isin(known["record"])]
        if before["count"].sum() < _NEARLY_ALL * known["count"].sum():
            continue
        by_old = before.groupby("ward_code")["count"].sum().astype(float)
        _add(made, "ward_population", by_old, through_people(subject, lookup, old, vintage))
        _add(made, "ward_area", by_old, areal_shares(_outlines(areas, areas["vintage"] == old), wards))
        break
    return BackTest(
        vintage, span.label, _compared(made, truth, names), _side_by_side(made, truth, names), int(truth.sum())
    )


def _by_coordinates(subject: Subject, dataset: str, span: Span, lookup: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Counts of small areas that coordinates place in a ward of the set and whose LSOA is known: ``record`` (the small
    area), ``lsoa``, ``ward_code``, ``count``; the partnership's own records only."""
    placed = lookup[(lookup["vintage"] == vintage) & (lookup["method"] == "coordinates")]
    places = subject.release.read("small_areas", columns=["small_area", "area_code", "area_type"])
    places = places[places["area_type"].isin(["lsoa2011", "lsoa2021"])]
    counts = subject.located(dataset)
    inside = counts["month"].between(pd.Timestamp(f"{span.start}-01"), pd.Timestamp(f"{span.end}-01"))
    found = counts[inside].groupby("small_area", as_index=False, observed=True)["count"].sum()
    found = found.merge(placed[["small_area", "ward_code"]], on="small_area").merge(places, on="small_area")
    return found.rename(columns={"small_area": "record", "area_code": "lsoa"})[["record", "lsoa", "ward_code", "count"]]


def _shares_of(lookup: pd.DataFrame, vintage: str, lsoas: pd.Index) -> pd.DataFrame:
    """Shares of these whole LSOAs in the wards of a set, as the release has them."""
    rows = lookup[(lookup["vintage"] == vintage) & lookup["small_area"].isin(lsoas) & (lookup["share"] > 0)]
    return rows[_COLUMNS].reset_index(drop=True)


def through_people(subject: Subject, lookup: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """Shares of the wards of one set in those of another, by the residents of the LSOAs they are made of (of the census
    by which most are known): ``small_area`` (the old ward), ``ward_code``, ``share``. Without rows where none are known."""
    people = subject.release.read("population")
    people = people[(people["denominator"] == "residents") & people["area_type"].isin(["lsoa2011", "lsoa2021"])]
    best, most = pd.DataFrame(columns=_COLUMNS), 0.0
    for _, rows in people.groupby(["area_type", "year"]):
        known = rows.drop_duplicates("area_code").set_index("area_code")["population"].astype(float)
        before, after = (_shares_of(lookup, vintage, known.index) for vintage in (old, new))
        before = before[before["small_area"].isin(after["small_area"])]
        weights = before["small_area"].map(known) * before["share"]
        if weights.sum() > most:
            made_of = before.assign(population=weights).rename(columns={"ward_code": "old_ward"})
            best = transfer(made_of[["small_area", "old_ward", "population"]], after)
            most = weights.sum()
    return best


def _other_sets(subject: Subject, vintage: str) -> list[str]:
    """The other ward sets, the one before first."""
    ids = [v.id for v in subject.partnership.vintages]
    at = ids.index(vintage)
    return [*reversed(ids[:at]), *ids[at + 1 :]]


def _outlines(areas: pd.DataFrame, which: pd.Series) -> "geopandas.GeoDataFrame":
    import geopandas

    return geopandas.GeoDataFrame(areas[which].drop_duplicates("area_code").set_index("area_code")[["geometry"]])


def _add(made: dict[Method, pd.Series], method: Method, counts: pd.Series, shares: pd.DataFrame) -> None:
    if len(shares):
        made[method] = apportion(counts, shares).set_index("ward_code")["value"]


def _compared(made: dict[Method, pd.Series], truth: pd.Series, names: dict[str, str]) -> pd.DataFrame:
    rows = []
    for method, label in METHODS.items():
        if method not in made:
            continue
        found = errors(made[method], truth)
        off = (made[method].reindex(truth.index, fill_value=0.0) - truth).abs() / truth.where(truth > 0)
        worst = str(off.idxmax()) if off.notna().any() else ""
        rows.append(
            {
                "method": method,
                "label": label,
                "misplaced_share": found.misplaced_share,
                "mean_absolute": found.mean_absolute,
                "largest_percent": found.largest_percent,
                "largest_ward": worst,
                "largest_name": names.get(worst, ""),
            }
        )
    return pd.DataFrame(rows)


def _side_by_side(made: dict[Method, pd.Series], truth: pd.Series, names: dict[str, str]) -> pd.DataFrame:
    codes = [*truth.index, UNALLOCATED]
    table = {
        "ward_code": codes,
        "name": [*(names[code] for code in truth.index), "Not allocated to a ward"],
        "truth": [*truth, 0.0],
    }
    return pd.DataFrame(table | {name: by.reindex(codes, fill_value=0.0).to_numpy() for name, by in made.items()})


@lru_cache(maxsize=20)
def best_fit_of(subject: Subject, vintage: str) -> pd.DataFrame:
    """How far best fit is off in the wards of a set: by official look-up where the build measured it, else by the ward that
    most of an LSOA's people live in. Worked out once a release: share it, never change it.

    Returns
    -------
    A row a ward: ``ward_code``, ``name``, ``best_fit`` and ``apportioned`` (residents), ``percent``, ``flagged`` (more than
    5% off); without rows where the release holds no shares or no residents of LSOAs.
    """
    held = subject.release.extract("ward_lookup").get("best_fit", {}).get(vintage)
    if held:
        found = _flagged(pd.DataFrame([{"ward_code": code, **row} for code, row in held.items()]))
    else:
        lookup = subject.release.read("ward_lookup")
        people = subject.release.read("population")
        people = people[people["area_type"].isin(["lsoa2011", "lsoa2021"]) & (people["denominator"] == "residents")]
        newest = people.sort_values("year", kind="stable").drop_duplicates("area_code", keep="last")
        shares = _shares_of(lookup, vintage, pd.Index(newest["area_code"]))
        if shares.empty:
            return pd.DataFrame(columns=["ward_code", "name", "best_fit", "apportioned", "percent", "flagged"])
        found = best_fit_measured(best_fit(shares), shares, newest.set_index("area_code")["population"])
    names = subject.wards[vintage]
    found.insert(1, "name", [names.get(code, code) for code in found["ward_code"]])
    return found


def _flagged(table: pd.DataFrame) -> pd.DataFrame:
    base = table["apportioned"].where(table["apportioned"] > 0).astype(float)
    percent = 100 * (table["best_fit"] / base - 1)
    return table.assign(percent=percent, flagged=~(np.abs(percent) <= POORLY_FITTED))
