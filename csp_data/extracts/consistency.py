"""Do the tables of a release agree with each other, with partnership.toml and with release.json?

Each rule is one function: a release in, the problems out, and nothing changed. A rule skips what an absent table would
be needed for: its absence is told elsewhere. Rows are counted from 1, the first row of the table.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import geopandas
import numpy as np
import pandas as pd
import shapely

from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS
from csp_data.extracts.problems import Problem
from csp_data.extracts.releases import MANIFEST, PARTNERSHIP_FILE, Release
from csp_data.extracts.transfers import POORLY_FITTED

SHARE_TOLERANCE = 1e-6
"""Shares of a small area may miss 1 by this much: the rounding of a sum of numbers, nothing more."""

OVERLAP_TOLERANCE = 0.01
"""Two outlines overlap when they share more than this part of the smaller one. Published outlines that were simplified
one by one share slivers along their border; a crime in a sliver is still placed once."""

UNCOVERED_TOLERANCE = 0.01
"""Part of a district that its wards may leave out, for the same reason, before a warning."""

UNALLOCATED_TOLERANCE = 0.05
"""Part of the counts of a partnership that may lack a ward before a warning: points on its edge, blank coordinates."""

UNITED_KINGDOM = (-9.0, 49.0, 2.5, 61.0)
"""Least longitude and latitude, greatest longitude and latitude, in degrees."""

BRITISH_NATIONAL_GRID = 27700

LISTED = 3
"""How many codes, names or months of one fault are named before the rest are only counted."""


@dataclass
class Holding:
    """A release with the tables that could be read from it, and the names of its files for the sentences."""

    release: Release
    place: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def manifest_file(self) -> str:
        return f"{self.place}/{MANIFEST}"

    @property
    def partnership_file(self) -> str:
        return f"{self.place}/{PARTNERSHIP_FILE}"

    def file(self, dataset: str) -> str:
        return f"{self.place}/{DATASETS[dataset].file}"

    def has(self, *datasets: str) -> bool:
        return all(dataset in self.tables for dataset in datasets)

    def held(self, *datasets: str) -> list[tuple[str, pd.DataFrame]]:
        return [(name, self.tables[name]) for name in datasets if name in self.tables]

    def wards(self, vintage: str) -> pd.DataFrame:
        """The outlines of one set of wards."""
        areas = self.tables["areas"]
        return areas[(areas["area_type"] == "ward") & (areas["vintage"] == vintage)]


def months(holding: Holding) -> Iterator[Problem]:
    """Gaps, months that had not begun, months without a row, and rows of months that are not covered."""
    built = str(holding.release.manifest["built_at"])[:7]
    for name, table in holding.held(*COUNT_DATASETS):
        listed = holding.release.months(name)
        wrong = [month for month in listed if not _is_month(month)]
        if wrong:
            yield Problem(holding.manifest_file, f"'{wrong[0]}' is not a month of '{name}'", "Write months as 2019-04")
            continue
        if not listed:
            yield Problem(holding.manifest_file, f"'{name}' covers no month", "List the months that its sources cover")
            continue
        covered = set(listed)
        span = pd.period_range(min(covered), max(covered), freq="M").astype(str)
        held = table["month"].dt.strftime("%Y-%m")

        if gaps := set(span) - covered:
            yield Problem(
                holding.manifest_file,
                f"'{name}' lacks {_list_months(gaps)} between {min(covered)} and {max(covered)}",
                "Add the missing files; until then those months are shown as missing, not as zero",
                severity="warning",
            )
        if later := {month for month in covered | set(held) if month > built}:
            yield Problem(
                holding.file(name),
                f"months that had not begun when the release was built in {built}: {_list_months(later)}",
                "Check the dates in the source, and the clock of the machine that built the release",
            )
        if built in covered:
            yield Problem(
                holding.manifest_file,
                f"'{name}' covers {built}, the month in which the release was built, so that month cannot be whole",
                "Leave the month out until it is over",
                severity="warning",
            )
        if silent := covered - set(held):
            yield Problem(
                holding.file(name),
                f"months that are covered but have no row, so count as zero: {_list_months(silent)}",
                "Check that the file of the month was not empty; if it was, leave the month out of 'months'",
                severity="warning",
            )
        yield from _uncovered_months(holding, name, table["source"], held, covered)


def _uncovered_months(
    holding: Holding, name: str, source: pd.Series, held: pd.Series, covered: set[str]
) -> Iterator[Problem]:
    force = holding.release.partnership.force
    outside = ~held.isin(covered)
    home = outside & (source == force)
    if home.any():
        yield Problem(
            holding.file(name),
            f"'{force}' has counts for months that release.json does not list as covered: {_list_months(held[home])}",
            "List the months in 'months', or leave the rows out: they are not shown",
            row=first_row(home),
        )
    others = outside & ~home
    if others.any():
        yield Problem(
            holding.file(name),
            f"{quoted(source[others])} has counts for months that '{force}' does not cover, which are not shown: "
            f"{_list_months(held[others])}",
            f"Add the files of '{force}' for those months",
            row=first_row(others),
            severity="warning",
        )


def small_areas(holding: Holding) -> Iterator[Problem]:
    """Every small area has a row, lies in the partnership, and is known as what it is said to be."""
    if not holding.has("small_areas"):
        return
    places = holding.tables["small_areas"]
    file = holding.file("small_areas")
    for name, table in holding.held(*COUNT_DATASETS, "ward_lookup"):
        lost = ~table["small_area"].isin(places["small_area"])
        if lost.any():
            yield Problem(
                holding.file(name),
                "small areas that small_areas does not describe: " + quoted(table.loc[lost, "small_area"]),
                "Add the small area there, or mend its code",
                row=first_row(lost),
            )
    districts = holding.release.partnership.districts
    elsewhere = places["district"].notna() & (places["district"] != "") & ~places["district"].isin(districts)
    if elsewhere.any():
        yield Problem(
            file,
            f"small areas in the district {quoted(places.loc[elsewhere, 'district'])}, outside {quoted(districts)}: "
            f"{quoted(places.loc[elsewhere, 'small_area'])}",
            "Leave out what lies outside the partnership, or add the district to partnership.toml",
            row=first_row(elsewhere),
        )
    if holding.has("areas"):
        areas = holding.tables["areas"]
        unknown = (places["area_type"] == "ward") & ~places["area_code"].isin(
            areas.loc[areas["area_type"] == "ward", "area_code"]
        )
        if unknown.any():
            yield Problem(
                file,
                f"unknown wards, without an outline: {quoted(places.loc[unknown, 'area_code'])}",
                "Mend the code, or add the outline of the ward",
                row=first_row(unknown),
            )


def lsoas(holding: Holding) -> Iterator[Problem]:
    """LSOAs were redrawn with the 2021 census: in one month both sets would cover the same ground twice."""
    if not holding.has("small_areas"):
        return
    places = holding.tables["small_areas"].drop_duplicates("small_area")
    kind = places.set_index("small_area")["area_type"]
    for name, table in holding.held(*COUNT_DATASETS):
        kinds = table["small_area"].map(kind)
        lsoa = kinds.isin(["lsoa2011", "lsoa2021"])
        sets = kinds[lsoa].groupby(table.loc[lsoa, "month"].dt.strftime("%Y-%m")).nunique()
        if (sets > 1).any():
            yield Problem(
                holding.file(name),
                f"LSOAs of 2011 and LSOAs of 2021 are mixed within a month: {_list_months(sets[sets > 1].index)}",
                "Use one set of LSOAs within a month: the ONS look-up from 2011 to 2021 turns one into the other",
            )


def lookup(holding: Holding) -> Iterator[Problem]:
    """Shares add up to 1, and every set of wards has a look-up that leads to wards that exist."""
    if not holding.has("ward_lookup"):
        return
    table = holding.tables["ward_lookup"]
    file = holding.file("ward_lookup")
    vintages = [vintage.id for vintage in holding.release.partnership.vintages]

    unfit = ~table["share"].between(0, 1 + SHARE_TOLERANCE, inclusive="right")
    # A small area placed by best fit may lie in other wards as well, which have none of it.
    unfit &= ~((table["share"] == 0) & (table["method"] == "best_fit"))
    if unfit.any():
        row = table[unfit].iloc[0]
        yield Problem(
            file,
            f"the share of '{row['small_area']}' in the ward {row['ward_code']} is {row['share']:g}",
            "Give a share over 0 and at most 1; leave out wards that get none",
            row=first_row(unfit),
        )
    unknown = ~table["vintage"].isin(vintages)
    if unknown.any():
        yield Problem(
            file,
            f"{quoted(table.loc[unknown, 'vintage'])} is not a set of wards of partnership.toml",
            f"Use one of: {', '.join(vintages)}",
            row=first_row(unknown),
        )
    sums = table.groupby(["vintage", "small_area"], observed=True)["share"].sum()
    wrong = sums[(sums - 1).abs() > SHARE_TOLERANCE]
    for (vintage, small_area), total in list(wrong.items())[:LISTED]:
        yield Problem(
            file,
            f"the shares of '{small_area}' in the wards of '{vintage}' add up to {total:.6g}, not to 1",
            "Give every ward that the small area touches, with shares that add up to 1",
            row=first_row((table["small_area"] == small_area) & (table["vintage"] == vintage)),
        )
    if len(wrong) > LISTED:
        yield Problem(
            file, f"shares of {len(wrong) - LISTED:,} more small areas do not add up to 1", "Make the look-up again"
        )
    for vintage in vintages:
        used = table["vintage"] == vintage
        if not used.any():
            yield Problem(
                file,
                f"no small area is allocated to the wards of '{vintage}'",
                "Add a look-up for this set of wards, or take it out of partnership.toml",
            )
            continue
        if holding.has("areas"):
            yield from _lookup_wards(holding, table[used], vintage)
        yield from _unallocated(holding, table[used], vintage)
        yield from _poor_fit(holding, table[used], vintage)


def _poor_fit(holding: Holding, used: pd.DataFrame, vintage: str) -> Iterator[Problem]:
    """Small areas placed whole by best fit, where the residents that gives a ward are far from its own estimate."""
    fits = used[(used["method"] == "best_fit") & (used["share"] > 0)]
    if fits.empty or not holding.has("population"):
        return
    people = holding.tables["population"]
    people = people[people["denominator"] == "residents"]
    of_lsoas = people[people["area_type"].isin(["lsoa2011", "lsoa2021"])]
    of_wards = people[(people["area_type"] == "ward") & (people["vintage"] == vintage)]
    for year in sorted(set(of_lsoas["year"]) & set(of_wards["year"]), reverse=True)[:1]:
        known = of_lsoas[of_lsoas["year"] == year].drop_duplicates("area_code").set_index("area_code")["population"]
        whole = used[used["small_area"].isin(known.index)]
        if whole["small_area"].nunique() < len(known):
            continue
        by_fit = (whole["small_area"].map(known) * whole["share"]).groupby(whole["ward_code"]).sum()
        own = of_wards[of_wards["year"] == year].set_index("area_code")["population"].reindex(by_fit.index)
        percent = 100 * (by_fit / own.where(own > 0) - 1)
        percent = percent[(percent.abs() > POORLY_FITTED) & percent.index.isin(fits["ward_code"])]
        if len(percent):
            worst = percent.sort_values(key=lambda p: -p.abs())
            listed = ", ".join(f"{code} {off:+.0f}%" for code, off in worst.head(3).items())
            yield Problem(
                holding.file("ward_lookup"),
                f"small areas placed by best fit give {len(worst)} of {own.notna().sum()} wards of '{vintage}' a population "
                f"more than {POORLY_FITTED:.0f}% from their own estimate: {listed}",
                "Add a look-up with population_share: counts of these wards are as far off",
                severity="warning",
            )


def _lookup_wards(holding: Holding, used: pd.DataFrame, vintage: str) -> Iterator[Problem]:
    drawn = holding.wards(vintage).set_index("area_code")["name"]
    unknown = ~used["ward_code"].isin(drawn.index)
    if unknown.any():
        yield Problem(
            holding.file("ward_lookup"),
            f"{quoted(used.loc[unknown, 'ward_code'])} has no outline among the wards of '{vintage}'",
            "Mend the ward code, or add the ward to the boundaries",
            row=int(used.index[unknown][0]) + 1,
        )
    idle = drawn[~drawn.index.isin(used["ward_code"])]
    if len(idle):
        yield Problem(
            holding.file("ward_lookup"),
            f"no small area is allocated to {quoted(idle)} of the wards of '{vintage}', so nothing is counted there",
            "Check the look-up",
            severity="warning",
        )


def _unallocated(holding: Holding, used: pd.DataFrame, vintage: str) -> Iterator[Problem]:
    """Records without any location are of the whole force and outside every total, so they do not count here."""
    places = holding.tables.get("small_areas", pd.DataFrame(columns=["small_area", "area_type"]))
    nowhere = places.loc[places["area_type"] == "not_located", "small_area"]
    for name, table in holding.held(*COUNT_DATASETS):
        located = table[~table["small_area"].isin(nowhere)]
        total = located["count"].sum()
        without = located.loc[~located["small_area"].isin(used["small_area"]), "count"].sum()
        if total and without / total > UNALLOCATED_TOLERANCE:
            yield Problem(
                holding.file(name),
                f"{without / total:.1%} of the counts ({without:,} of {total:,}) belong to no ward of '{vintage}'",
                "Check coordinates and look-up; the pages show this part as not allocated to a ward",
                severity="warning",
            )


def boundaries(holding: Holding) -> Iterator[Problem]:
    """Every set of wards is drawn, in degrees, with valid outlines that do not overlap."""
    areas = holding.tables.get("areas")
    if not isinstance(areas, geopandas.GeoDataFrame):
        return
    file = holding.file("areas")
    for vintage in holding.release.partnership.vintages:
        if holding.wards(vintage.id).empty:
            yield Problem(
                file,
                f"there is no outline of a ward of '{vintage.id}' ({vintage.label})",
                "Add the boundaries of this set of wards, or take it out of partnership.toml",
            )
    if areas.crs is None or not areas.crs.equals("EPSG:4326"):
        yield Problem(
            file,
            f"the outlines are in {areas.crs.to_string() if areas.crs else 'no stated system of coordinates'}",
            "Give longitude and latitude (EPSG:4326)",
        )
        return
    drawn = areas[areas.geometry.notna() & ~areas.geometry.is_empty]
    for position, area in drawn[~drawn.geometry.is_valid].iterrows():
        yield Problem(
            file,
            f"the outline of {area['name']} ({area['area_code']}) is invalid: "
            f"{shapely.is_valid_reason(area['geometry'])}",
            "Mend it, for example with make_valid of GeoPandas, or take it again from the publisher",
            row=int(position) + 1,
        )
    west, south, east, north = UNITED_KINGDOM
    corners = drawn.geometry.bounds
    away = (corners["minx"] < west) | (corners["miny"] < south) | (corners["maxx"] > east) | (corners["maxy"] > north)
    if away.any():
        yield Problem(
            file,
            f"outlines outside the United Kingdom: {quoted(drawn.loc[away, 'name'])}",
            "Check that longitude comes before latitude, and that metres were turned into degrees",
            row=int(drawn.index[away][0]) + 1,
        )
        return
    mended = drawn.set_geometry(drawn.geometry.make_valid()).to_crs(BRITISH_NATIONAL_GRID)
    for _, group in mended.groupby(["area_type", "vintage"], dropna=False):
        yield from _overlaps(group, file)
    yield from _left_out(mended, file)


def _overlaps(group: geopandas.GeoDataFrame, file: str) -> Iterator[Problem]:
    shapes = group.geometry.to_numpy()
    first, second = group.sindex.query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    for one, other, part in zip(first, second, shared / smaller, strict=True):
        if part > OVERLAP_TOLERANCE:
            a, b = group.iloc[one], group.iloc[other]
            yield Problem(
                file,
                f"the outlines of {a['name']} ({a['area_code']}) and {b['name']} ({b['area_code']}) overlap by "
                f"{part:.0%} of the smaller one",
                "Use one published set of boundaries; wards of two sets need two values of 'vintage'",
            )


def _left_out(drawn: geopandas.GeoDataFrame, file: str) -> Iterator[Problem]:
    districts = drawn[drawn["area_type"] == "district"]
    for vintage, wards in drawn[drawn["area_type"] == "ward"].groupby("vintage"):
        covered = wards.geometry.union_all()
        for _, district in districts[districts["area_code"].isin(wards["district"])].iterrows():
            left_out = district["geometry"].difference(covered).area / district["geometry"].area
            if left_out > UNCOVERED_TOLERANCE:
                yield Problem(
                    file,
                    f"the wards of '{vintage}' leave out {left_out:.1%} of {district['name']}",
                    "Add the missing wards; records there are shown as not allocated to a ward",
                    severity="warning",
                )


def population(holding: Holding) -> Iterator[Problem]:
    """The district has residents, wards belong to a set of wards, and estimates lie within their own limits."""
    if not holding.has("population"):
        return
    table = holding.tables["population"]
    partnership = holding.release.partnership
    file = holding.file("population")
    disorder = (table["low"] > table["population"]) | (table["population"] > table["high"])
    if disorder.any():
        row = table[disorder].iloc[0]
        yield Problem(
            file,
            f"the population of {row['area_code']} is {row['population']:,}, which is not between the lowest value "
            f"{row['low']:,} and the highest {row['high']:,}",
            "Give the three in order; all three are the same for a published estimate",
            row=first_row(disorder),
        )
    residents = table[table["denominator"] == "residents"]
    for district in partnership.districts:
        if not ((residents["area_type"] == "district") & (residents["area_code"] == district)).any():
            yield Problem(
                file,
                f"the population of the district {district} is missing, so no rate of the partnership can be shown",
                "Add the mid-year estimates of the district",
            )
    wards = residents[residents["area_type"] == "ward"]
    unknown = ~wards["vintage"].isin([vintage.id for vintage in partnership.vintages])
    if unknown.any():
        yield Problem(
            file,
            f"wards of no set of wards of partnership.toml: {quoted(wards.loc[unknown, 'area_code'])}",
            "Write the id of the set in 'vintage'",
            row=int(wards.index[unknown][0]) + 1,
        )
    if not holding.has("areas"):
        return
    for vintage in partnership.vintages:
        drawn = holding.wards(vintage.id)
        lacking = drawn[~drawn["area_code"].isin(wards.loc[wards["vintage"] == vintage.id, "area_code"])]
        if len(lacking):
            yield Problem(
                file,
                f"wards of '{vintage.id}' without a population ({len(lacking)} of {len(drawn)}): "
                f"{quoted(lacking['name'])}",
                "Add ward estimates; until then their counts are shown and their rates are missing",
                severity="warning",
            )


def categories(holding: Holding) -> Iterator[Problem]:
    """Counts on a line of the tree in months when the police did not use it."""
    for name, table in holding.held(*COUNT_DATASETS):
        for id, category in CATEGORIES.items():
            if category.dataset != name or not (category.used_from or category.used_to):
                continue
            held = table.loc[table["category"] == id, "month"].dt.strftime("%Y-%m")
            outside = (held < (category.used_from or "")) | (held > (category.used_to or "9999"))
            if outside.any():
                used = " ".join(
                    [
                        *([f"from {category.used_from}"] if category.used_from else []),
                        *([f"until {category.used_to}"] if category.used_to else []),
                    ]
                )
                yield Problem(
                    holding.file(name),
                    f"'{id}' was used {used}, but has counts for {_list_months(held[outside])}",
                    "Check which line of the crime tree the source means",
                    row=int(held.index[outside][0]) + 1,
                    severity="warning",
                )


def events(holding: Holding) -> Iterator[Problem]:
    """Events end after they start and touch datasets that exist."""
    if not holding.has("events"):
        return
    table = holding.tables["events"]
    file = holding.file("events")
    backwards = pd.to_datetime(table["end"]) < table["start"]
    if backwards.any():
        yield Problem(
            file,
            f"'{table.loc[backwards, 'label'].iloc[0]}' ends before it starts",
            "Put the earlier date in 'start'",
            row=first_row(backwards),
        )
    for row, touched in enumerate(table["datasets"], start=1):
        for name in str(touched).split(","):
            if name.strip() not in ("all", *DATASETS):
                yield Problem(
                    file,
                    f"'{name.strip()}' is not a dataset",
                    f"Use 'all', or some of {', '.join(COUNT_DATASETS)} with commas between",
                    row=row,
                )


RULES: tuple[Callable[[Holding], Iterator[Problem]], ...] = (
    months,
    small_areas,
    lsoas,
    lookup,
    boundaries,
    population,
    categories,
    events,
)


def _is_month(text: str) -> bool:
    return len(text) == 7 and text[4] == "-" and (text[:4] + text[5:]).isdigit() and "01" <= text[5:] <= "12"


def first_row(which: pd.Series) -> int:
    return int(which.to_numpy(dtype=bool).argmax()) + 1


def quoted(values: Iterable[object]) -> str:
    return listed([f"'{value}'" for value in dict.fromkeys(values)])


def _list_months(values: Iterable[str]) -> str:
    return listed(sorted(set(values)))


def listed(names: list[str]) -> str:
    if len(names) > LISTED:
        return f"{', '.join(names[:LISTED])} and {len(names) - LISTED:,} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
