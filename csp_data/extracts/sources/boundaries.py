"""Boundaries as ONS publishes them: GeoJSON or GeoPackage, in longitude and latitude or in British National Grid.

Grain out: one area of one kind, with the columns ``area_code``, ``name``, ``district`` (ONS code, "" when the file does
not say) and ``geometry`` (EPSG:4326), cut to the districts asked for and in order of code.

Places: British National Grid is turned into longitude and latitude with the national transformation that PROJ carries,
which is right to about 2 metres; with the OSTN15 grid installed PROJ uses it and is right to a few centimetres.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from csp_data.extracts.problems import InputError, Problem
from csp_data.extracts.sources.headings import (
    AreaKind,
    Heading,
    any_code_column,
    any_name_column,
    code_column,
    column_named,
    name_column,
)

BRITISH_NATIONAL_GRID = 27700
LONGITUDE_LATITUDE = 4326
_KIND_WORDS = {"ward": "wards", "lsoa": "LSOAs", "district": "districts"}
_READABLE = (".geojson", ".json", ".gpkg")


@dataclass(frozen=True)
class Boundaries:
    """The outlines of one file. ``year`` is that of its codes ("2021") where the file says, else ""."""

    file: str
    kind: AreaKind
    year: str
    areas: geopandas.GeoDataFrame
    rows: int
    """Features in the file, before it was cut to the districts."""
    problems: tuple[Problem, ...]


def read_boundaries(path: Path, kind: AreaKind, districts: Collection[str]) -> Boundaries:
    """Read the outlines of the wards, LSOAs or districts that lie in the given districts.

    A file without a column of districts is taken whole, with a warning: it should then hold one district only.
    Polygons that cross themselves are mended, and told.

    Raises
    ------
    InputError
        When the file is missing, empty or not boundaries; has no column of codes; has an area twice, without a code or
        without an outline; or holds nothing in the districts.
    """
    table = _read(path)
    code = code_column(table.columns, kind) or any_code_column(table.columns)
    if code is None:
        raise InputError(
            str(path),
            f"no column holds the codes of {_KIND_WORDS[kind]} (it has {', '.join(map(str, table.columns[:8]))})",
            f"Use boundaries of {_KIND_WORDS[kind]}, with a column such as {_EXAMPLES[kind]}",
        )
    rows = len(table)
    problems: list[Problem] = []
    table, district = _cut(path, table, kind, code, districts, problems)
    codes = table[code.column].astype(str).str.strip()
    _one_outline_each(path, codes, table)
    _finite(path, codes, table)
    areas = geopandas.GeoDataFrame(
        {
            "area_code": codes.array,
            "name": _names(table, kind, codes).array,
            "district": district.array,
        },
        geometry=_in_longitude_latitude(path, table, problems).array,
        crs=LONGITUDE_LATITUDE,
    )
    areas = _mended(path, areas, problems).sort_values("area_code", ignore_index=True)
    return Boundaries(path.name, kind, _year(table, code), areas, rows, tuple(problems))


_EXAMPLES = {"ward": "WD24CD or ward_code", "lsoa": "LSOA21CD or lsoa_code", "district": "LAD24CD or lad_code"}


def _read(path: Path) -> geopandas.GeoDataFrame:
    if not path.is_file():
        raise InputError(str(path), "the file does not exist", "Correct the path in the configuration")
    if path.suffix.lower() not in _READABLE:
        raise InputError(
            str(path), f"boundaries are not read from '{path.suffix}' files", "Download them as GeoJSON or GeoPackage"
        )
    if path.stat().st_size == 0:
        raise InputError(str(path), "the file is empty", "Download it again")
    try:
        table = geopandas.read_file(path)
    except Exception as error:  # GDAL raises many kinds, among them ValueError and its own
        raise InputError(
            str(path),
            f"the boundaries cannot be read ({str(error).splitlines()[0][:160]})",
            "Download the file again: a web page or half a file is often saved by mistake",
        ) from error
    if not isinstance(table, geopandas.GeoDataFrame) or table.empty:
        raise InputError(str(path), "the file holds no outlines", "Download the boundaries, not only their names")
    return table


def _cut(
    path: Path,
    table: geopandas.GeoDataFrame,
    kind: AreaKind,
    code: Heading,
    districts: Collection[str],
    problems: list[Problem],
) -> tuple[geopandas.GeoDataFrame, pd.Series]:
    column = code if kind == "district" else code_column(table.columns, "district")
    if column is None:
        if len(districts) != 1:
            raise InputError(
                str(path),
                f"no column says which of the {len(districts)} districts each area lies in",
                "Use boundaries with a column such as LAD24CD",
            )
        problems.append(
            Problem(
                path.name,
                f"no column says which district an area lies in, so all {len(table):,} were taken",
                "Check that the file holds one district only, or use one with a column such as LAD24CD",
                severity="warning",
            )
        )
        return table, pd.Series([next(iter(districts))] * len(table), index=table.index, dtype=str)
    in_district = table[column.column].astype(str).str.strip()
    inside = in_district.isin(list(districts))
    if not inside.any():
        found = sorted(in_district.unique())
        raise InputError(
            str(path),
            f"it holds no {_KIND_WORDS[kind]} of {', '.join(districts)}; its districts are "
            f"{', '.join(found[:5])}{' and others' if len(found) > 5 else ''}",
            "Use the boundaries of this partnership, of a year when these district codes were in use",
        )
    return table[inside], in_district[inside]


def _one_outline_each(path: Path, codes: pd.Series, table: geopandas.GeoDataFrame) -> None:
    without = codes.isin(["", "None", "nan", "<NA>"])
    if without.any():
        raise InputError(str(path), "an area has no code", "Give it one, or delete it", _feature(without))
    repeated = codes.duplicated()
    if repeated.any():
        raise InputError(
            str(path),
            f"the area {codes[repeated].iloc[0]} is there twice",
            "Use a file with one feature for each area",
            _feature(repeated),
        )
    outline = table.geometry.notna() & ~table.geometry.is_empty & table.geometry.geom_type.str.contains("Polygon")
    if not outline.all():
        raise InputError(
            str(path),
            f"the area {codes[~outline].iloc[0]} has no outline",
            "Download the boundaries, not the centre points",
            _feature(~outline),
        )


def _feature(wanted: pd.Series) -> int:
    """Number of the first feature wanted, counted from 1 in the file."""
    return int(wanted.index[np.argmax(wanted.to_numpy())]) + 1


def _names(table: geopandas.GeoDataFrame, kind: AreaKind, codes: pd.Series) -> pd.Series:
    column = name_column(table.columns, kind) or any_name_column(table.columns)
    return codes if column is None else table[column.column].fillna("").astype(str).str.strip()


def _year(table: geopandas.GeoDataFrame, code: Heading) -> str:
    if code.year:
        return code.year
    vintage = column_named(table.columns, "vintage", "year")
    found = re.search(r"(?:19|20)\d\d", str(table[vintage].iloc[0])) if vintage else None
    return found[0] if found else ""


def _finite(path: Path, codes: pd.Series, table: geopandas.GeoDataFrame) -> None:
    broken = pd.Series([not np.isfinite(shapely.get_coordinates(g)).all() for g in table.geometry], index=table.index)
    if broken.any():
        raise InputError(
            str(path),
            f"the outline of {codes[broken].iloc[0]} has a corner that is not a number",
            "Download the boundaries again",
            _feature(broken),
        )


def _in_longitude_latitude(path: Path, table: geopandas.GeoDataFrame, problems: list[Problem]) -> geopandas.GeoSeries:
    geometry = table.geometry
    # GeoJSON has no way to say that its numbers are metres, and people export it so all the same.
    in_metres = np.nanmax(np.abs(geometry.total_bounds)) > 360
    if in_metres and (geometry.crs is None or geometry.crs.is_geographic):
        problems.append(
            Problem(
                path.name,
                "the coordinates are metres, so they were read as British National Grid",
                "Nothing to do if the map looks right",
                severity="warning",
            )
        )
        geometry = geometry.set_crs(BRITISH_NATIONAL_GRID, allow_override=True)
    if geometry.crs is None:
        geometry = geometry.set_crs(LONGITUDE_LATITUDE)
    geometry = geometry.force_2d().to_crs(LONGITUDE_LATITUDE)
    west, south, east, north = geometry.total_bounds
    if not (west > -9 and east < 3 and south > 49 and north < 61.5):
        raise InputError(
            str(path),
            f"the outlines do not lie in the United Kingdom (longitude {west:.2f} to {east:.2f}, "
            f"latitude {south:.2f} to {north:.2f})",
            "Download them in longitude and latitude (WGS84) or in British National Grid",
        )
    return geometry


def _mended(path: Path, areas: geopandas.GeoDataFrame, problems: list[Problem]) -> geopandas.GeoDataFrame:
    invalid = ~areas.geometry.is_valid
    if not invalid.any():
        return areas
    first = areas[invalid].iloc[0]
    reason = shapely.is_valid_reason(first.geometry).split("[")[0].lower()
    others = f" and {invalid.sum() - 1} more" if invalid.sum() > 1 else ""
    problems.append(
        Problem(
            path.name,
            f"the outline of {first.area_code} ({first['name']}){others} crossed itself and was mended ({reason})",
            "Nothing to do if the map looks right",
            severity="warning",
        )
    )
    areas = areas.copy()
    areas.loc[invalid, "geometry"] = [only_polygons(shapely.make_valid(g)) for g in areas.geometry[invalid]]
    nothing = areas.geometry.is_empty
    if nothing.any():
        raise InputError(
            str(path),
            f"the outline of {areas['area_code'][nothing].iloc[0]} crosses itself and encloses nothing",
            "Download the boundaries again",
        )
    return areas


def only_polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a geometry: mending may leave lines and points where an outline doubled back."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if "Polygon" in part.geom_type]
    return shapely.union_all(parts)
