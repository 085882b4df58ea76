"""Counts by month, LSOA and category: the totals of a district spread over its small areas, exactly."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from csp_data.extracts.demonstration.background import SOURCE
from csp_data.extracts.demonstration.patterns import MONTHS, PATTERNS, Pattern, spread_over_months
from csp_data.extracts.demonstration.places import KM_PER_DEGREE
from csp_data.extracts.demonstration.shares import fitted_table
from csp_data.extracts.demonstration.totals import CALIBRATED_YEAR, FIRST_YEAR

UNPLACED = 0.01
"""Share of records whose place is not known more closely than the district, as in real street-level files."""

_TOWN_KM = 0.55
"""How fast a town centre fades: at this distance 61% of it is left."""

_TOWN_STRENGTH = 1.1
_HARDSHIP_KM = 1.1
_HIGHEST_OTHER_WARD = 0.05
"""No ward but the five named as highest holds more than this share of ASB, well below the fifth's 7.3%."""

_DRIFT = 0.15
"""Standard deviation of the logarithm of an area's change against the district's over twelve years."""

_SHARED_CLUSTERING = 14.0
_OWN_CLUSTERING = 7.0
"""Shapes of the gamma weights that make counts vary more than chance alone would: of an area in a month for everything
at once, and for one category."""

CALIBRATED_MONTHS = slice(12 * (CALIBRATED_YEAR - FIRST_YEAR), 12 * (CALIBRATED_YEAR - FIRST_YEAR + 1))

TOWN_CENTRES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "E06000035": (  # longitude, latitude, strength
        (0.527, 51.383, 1.0),  # Chatham
        (0.548, 51.386, 0.9),  # Gillingham
        (0.494, 51.395, 0.7),  # Strood
        (0.505, 51.388, 0.6),  # Rochester
        (0.609, 51.363, 0.5),  # Rainham
        (0.573, 51.352, 0.5),  # Hempstead Valley
    ),
    "E07000110": (
        (0.522, 51.274, 1.0),  # Maidstone town centre
        (0.510, 51.284, 0.4),  # London Road and the retail parks
        (0.548, 51.245, 0.5),  # Park Wood
        (0.553, 51.160, 0.2),  # Staplehurst
        (0.555, 51.280, 0.3),  # Grove Green
    ),
}

MORE_NEED: dict[str, tuple[tuple[float, float, float], ...]] = {
    "E06000035": (  # inside the five wards that Medway's assessment names for ASB, so that crime there fits with it
        (0.541, 51.371, 1.0),
        (0.554, 51.391, 0.8),
        (0.546, 51.382, 0.6),
        (0.482, 51.392, 0.8),
    ),
    "E07000110": ((0.547, 51.248, 0.8),),
}
"""Longitude, latitude, strength: neighbourhoods given more crime and ASB. Invented, like every small-area figure."""

_RURAL_KM2 = (1.0, 10.0)
"""An LSOA is wholly built up at the first area and wholly rural at the second, by logarithm in between."""


@dataclass(frozen=True)
class Landscape:
    """The small areas of a district as counts see them: each array has a value an LSOA.

    ``lsoas`` codes; ``town`` nearness to a town centre (0 to about 1); ``hardship`` invented, standardised; ``drift``
    the logarithm of its change against the district's over twelve years.
    """

    district: str
    lsoas: np.ndarray
    town: np.ndarray
    hardship: np.ndarray
    drift: np.ndarray


def landscape_of(district: str, lsoas: gpd.GeoDataFrame, rng: np.random.Generator) -> Landscape:
    """Where the town centres are, and an invented pattern of need that changes slowly from place to place.

    ``lsoas`` as ``places.lsoas_of`` gives them.
    """
    points = lsoas[["x", "y"]].to_numpy()
    town = _nearness(points, TOWN_CENTRES[district])
    need = _nearness(points, MORE_NEED[district])
    least, most = np.log(_RURAL_KM2)
    square_km = shapely.area(lsoas.geometry.to_numpy()) * KM_PER_DEGREE.prod()
    rural = np.clip((np.log(square_km) - least) / (most - least), 0, 1)
    between = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    near = np.exp(-0.5 * (between / _HARDSHIP_KM) ** 2)
    smooth = near @ rng.normal(size=len(points)) / np.sqrt((near**2).sum(axis=1))
    hardship = 0.6 * smooth + 0.4 * rng.normal(size=len(points)) + 0.6 * town + 1.4 * need - 0.8 * rural
    return Landscape(
        district=district,
        lsoas=lsoas["code"].to_numpy(),
        town=town,
        hardship=(hardship - hardship.mean()) / hardship.std(),
        drift=rng.normal(0, _DRIFT, len(points)),
    )


def _nearness(points: np.ndarray, centres: tuple[tuple[float, float, float], ...]) -> np.ndarray:
    """How near each point is to centres given as longitude, latitude and strength; strengths add up."""
    near = np.zeros(len(points))
    for longitude, latitude, strength in centres:
        away = np.linalg.norm(points - np.array([longitude, latitude]) * KM_PER_DEGREE, axis=1)
        near += strength * np.exp(-0.5 * (away / _TOWN_KM) ** 2)
    return near


@dataclass(frozen=True)
class Calibration:
    """What must hold in the calibrated financial year: its months, and the totals of some wards.

    ``ward`` is the ward of each LSOA; ``totals`` ward -> count, highest first.
    """

    months: tuple[int, ...]
    ward: np.ndarray
    totals: dict[str, int]


def counts_of(
    years: dict[str, np.ndarray], land: Landscape, rng: np.random.Generator, calibration: Calibration | None = None
) -> pd.DataFrame:
    """Counts under the contract ``crime`` or ``asb``: a row a month, small area and category that has any.

    Parameters
    ----------
    years : category -> count in each financial year; these totals are met exactly.
    calibration : what else must hold in the calibrated year.

    About 1 in 100 records is placed in the district only, as in real files.
    """
    categories = list(years)
    months = np.column_stack([spread_over_months(PATTERNS[c], years[c], rng) for c in categories])
    weights = np.column_stack([_weights(PATTERNS[c], land, rng) for c in categories])
    if calibration is not None:
        fixed = np.array([years[c][CALIBRATED_YEAR - FIRST_YEAR] for c in categories])
        months[CALIBRATED_MONTHS] = fitted_table(months[CALIBRATED_MONTHS] + 0.5, np.array(calibration.months), fixed)
        weights *= _tilt(weights, fixed, calibration)[:, None]

    unplaced = rng.binomial(months, UNPLACED)
    placed = months - unplaced
    chance = _chances(weights, land, rng)
    if calibration is None:
        table = rng.multinomial(placed, chance)
    else:
        table = np.concatenate(
            [
                rng.multinomial(placed[: CALIBRATED_MONTHS.start], chance[: CALIBRATED_MONTHS.start]),
                _with_ward_totals(placed[CALIBRATED_MONTHS], chance[CALIBRATED_MONTHS], calibration, rng),
                rng.multinomial(placed[CALIBRATED_MONTHS.stop :], chance[CALIBRATED_MONTHS.stop :]),
            ]
        )
    # The district itself is one more "small area": where records that cannot be placed more closely are counted.
    return _long(np.concatenate([table, unplaced[:, :, None]], axis=2), categories, [*land.lsoas, land.district])


def _weights(pattern: Pattern, land: Landscape, rng: np.random.Generator) -> np.ndarray:
    """Weight of each LSOA for a category, before anything that varies by month."""
    rest = rng.normal(0, pattern.noise, len(land.lsoas))
    return np.exp(pattern.town * _TOWN_STRENGTH * land.town + pattern.hardship * land.hardship + rest)


def _tilt(weights: np.ndarray, totals: np.ndarray, calibration: Calibration) -> np.ndarray:
    """A factor for each LSOA by which the calibrated wards get their share, and no other ward more than the limit.

    ``weights`` LSOA x category, ``totals`` category. Found by repeated proportional adjustment.
    """
    wards, number = np.unique(calibration.ward, return_inverse=True)
    target = {ward: count / totals.sum() for ward, count in calibration.totals.items()}
    rest = 1 - sum(target.values())
    named = np.isin(wards, list(target))
    factor = np.ones(len(weights))
    for _ in range(60):
        tilted = weights * factor[:, None]
        share = np.bincount(number, (tilted / tilted.sum(axis=0)) @ totals / totals.sum())
        goal = np.minimum(share, _HIGHEST_OTHER_WARD)
        goal[~named] *= rest / goal[~named].sum()
        goal[named] = [target[ward] for ward in wards[named]]
        factor *= (goal / share)[number]
    return factor


def _chances(weights: np.ndarray, land: Landscape, rng: np.random.Generator) -> np.ndarray:
    """Chance that a record of a month (axis 0) and category (axis 1) lies in an LSOA (axis 2); sums to 1 over LSOAs."""
    lsoas, categories = weights.shape
    years_passed = (np.arange(len(MONTHS)) / 12 - (CALIBRATED_YEAR - FIRST_YEAR)) / 12
    drift = np.exp(years_passed[:, None] * land.drift[None, :])
    shared = rng.gamma(_SHARED_CLUSTERING, size=(len(MONTHS), lsoas))
    own = rng.gamma(_OWN_CLUSTERING, size=(len(MONTHS), categories, lsoas))
    chance = weights.T[None, :, :] * (drift * shared)[:, None, :] * own
    return chance / chance.sum(axis=2, keepdims=True)


def _with_ward_totals(
    placed: np.ndarray, chance: np.ndarray, calibration: Calibration, rng: np.random.Generator
) -> np.ndarray:
    """Counts by month, category and LSOA in which each calibrated ward has exactly its total.

    ``placed`` month x category, ``chance`` month x category x LSOA. Months and categories keep their counts.
    """
    months, categories, lsoas = chance.shape
    blocks = [np.flatnonzero(calibration.ward == ward) for ward in calibration.totals]
    blocks.append(np.flatnonzero(~np.isin(calibration.ward, list(calibration.totals))))
    cells = placed.reshape(-1)
    chances = chance.reshape(-1, lsoas)
    named = list(calibration.totals.values())
    by_block = fitted_table(
        cells[:, None] * np.column_stack([chances[:, block].sum(axis=1) for block in blocks]),
        rows=cells,
        columns=np.array([*named, cells.sum() - sum(named)]),
    )
    table = np.zeros((len(cells), lsoas), dtype=int)
    for block, count in zip(blocks, by_block.T, strict=True):
        inside = chances[:, block]
        table[:, block] = rng.multinomial(count, inside / inside.sum(axis=1, keepdims=True))
    return table.reshape(months, categories, lsoas)


def _long(table: np.ndarray, categories: list[str], areas: list[str]) -> pd.DataFrame:
    """Month x category x area as rows in order of month, area and category, without the zeros."""
    month, category, area = np.nonzero(table)
    rows = pd.DataFrame(
        {
            "month": MONTHS.to_numpy()[month].astype("datetime64[ms]"),
            "small_area": np.array(areas, dtype=object)[area],
            "category": np.array(categories, dtype=object)[category],
            "source": SOURCE,
            "count": table[month, category, area].astype("int32"),
        }
    )
    return rows.sort_values(["month", "small_area", "category"], ignore_index=True)
