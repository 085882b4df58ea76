"""Residents: district figures of the Office for National Statistics, and synthetic small areas that add up to them.

Households and people by day (the workday population) are made up throughout, for districts and wards.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_data.extracts.demonstration.places import Border
from csp_data.extracts.demonstration.shares import largest_remainder


@dataclass(frozen=True)
class Estimate:
    """A set of published estimates: the year, the day it is for, and what it rests on."""

    year: int
    reference_date: str
    basis: str


NOT_REBASED = "ONS mid-year estimate, not re-based to Census 2021"
CENSUS = "Census 2021"
REBASED = "ONS mid-year estimate, Census 2021 based"

ESTIMATES = (
    Estimate(2019, "2019-06-30", NOT_REBASED),
    Estimate(2020, "2020-06-30", NOT_REBASED),
    Estimate(2021, "2021-03-21", CENSUS),
    Estimate(2022, "2022-06-30", REBASED),
    Estimate(2023, "2023-06-30", REBASED),
)
"""No other year is given: rates of other years use the nearest one and say so. The step between 2020 and 2021 is
re-basing, not growth."""

DISTRICT_RESIDENTS: dict[str, tuple[int, ...]] = {
    "E06000035": (278_556, 279_142, 279_772, 282_702, 286_800),
    "E07000110": (171_826, 173_132, 175_781, 180_428, 184_187),
}
"""Residents of each district, in the order of ``ESTIMATES``. Medway's Strategic Assessment of 2020 prints 278,566 for
2019; 278,556 is what ONS published and what its printed rate of 119.67 rests on."""

PEOPLE_A_HOUSEHOLD = 2.5
"""Households are made up: one for so many residents of the district at Census 2021."""

DISTRICT_WORKDAY = {"E06000035": 236_400, "E07000110": 181_900}
"""People in each district by day: made up. Many residents of Medway work elsewhere."""

DISTRICT_SOURCE = "ONS mid-year population estimates"
CENSUS_SOURCE = "ONS Census 2021"
SMALL_SOURCE = "synthetic, sums to the ONS district estimate"

_SPREAD = 0.13
"""Standard deviation of the logarithm of an LSOA's residents: LSOAs are made to hold 1,000 to 3,000 people."""

MADE_UP_SOURCE = "synthetic"

_HOUSEHOLD_SPREAD = 0.08
"""The same for how many households an LSOA has for its residents."""

_WORKDAY_TOWN = 0.75
_WORKDAY_SPREAD = 0.15
"""How much more people by day a town centre has for its residents, and what is left, both as logarithms."""

_UNSURE = 0.10
"""How much more or fewer of an LSOA's people than its share says may live in a ward that it shares with another: output
areas, which are smaller, pin most of them down."""

_GROWTH = 0.012
"""The same for an LSOA's yearly growth against the district's."""


def residents_of(
    district: str,
    lsoas: np.ndarray,
    wards: dict[str, np.ndarray],
    borders: dict[str, Border],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Residents of a district, its LSOAs and its wards, under the contract ``population``.

    The district's figures are published; those of LSOAs are synthetic and add up to them in every year; those of wards
    are sums of LSOAs, with an LSOA that lies in two wards divided; how many of its people live in each is taken to be known
    to 10 in 100, which ``low`` and ``high`` of a ward allow for.

    Parameters
    ----------
    lsoas : LSOA codes.
    wards : ward set id -> ward code of each LSOA, in the order of ``lsoas``.
    borders : ward set id -> the LSOAs that lie in two wards of it.
    """
    size = rng.normal(0, _SPREAD, len(lsoas))
    growth = rng.normal(0, _GROWTH, len(lsoas))
    tables = []
    for position, estimate in enumerate(ESTIMATES):
        total = DISTRICT_RESIDENTS[district][position]
        people = largest_remainder(np.exp(size + growth * position), total)
        source = CENSUS_SOURCE if estimate.basis == CENSUS else DISTRICT_SOURCE
        tables.append(_rows(["district"], "", [district], [total], estimate, source))
        tables.append(_rows(["lsoa2011"], "", lsoas, people, estimate, SMALL_SOURCE, _made_up(estimate)))
        for vintage, ward in wards.items():
            sums = _of_wards(people, ward, borders.get(vintage, {}))
            rows = _rows(["ward"], vintage, sums.index, sums["people"], estimate, SMALL_SOURCE, _made_up(estimate))
            tables.append(rows.assign(low=sums["low"].to_numpy(), high=sums["high"].to_numpy()))
    return pd.concat(tables, ignore_index=True).sort_values(
        ["area_type", "vintage", "area_code", "year"], ignore_index=True
    )


def others_of(
    district: str,
    residents: pd.DataFrame,
    wards: dict[str, np.ndarray],
    borders: dict[str, Border],
    lsoas: np.ndarray,
    town: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Households and people by day of a district and its wards, made up for Census day 2021, under the contract ``population``.

    Parameters
    ----------
    residents : the table that ``residents_of`` gives.
    town : how near each LSOA is to a town centre, as ``counts.Landscape`` has it: where people are by day.
    """
    census = next(estimate for estimate in ESTIMATES if estimate.basis == CENSUS)
    known = residents[(residents["area_type"] == "lsoa2011") & (residents["year"] == census.year)]
    people = known.set_index("area_code")["population"].loc[lsoas].to_numpy(dtype=float)
    homes = people * np.exp(rng.normal(0, _HOUSEHOLD_SPREAD, len(lsoas)) + 0.1 * town)
    daytime = people * np.exp(_WORKDAY_TOWN * town + rng.normal(0, _WORKDAY_SPREAD, len(lsoas)))
    tables = []
    for denominator, weights, total in (
        ("households", homes, round(people.sum() / PEOPLE_A_HOUSEHOLD)),
        ("workday", daytime, DISTRICT_WORKDAY[district]),
    ):
        small = largest_remainder(weights, total)
        parts = [_rows(["district"], "", [district], [total], census, MADE_UP_SOURCE, "made up")]
        for vintage, ward in wards.items():
            sums = _of_wards(small, ward, borders.get(vintage, {}))
            rows = _rows(["ward"], vintage, sums.index, sums["people"], census, MADE_UP_SOURCE, "made up")
            parts.append(rows.assign(low=sums["low"].to_numpy(), high=sums["high"].to_numpy()))
        tables.append(pd.concat(parts).assign(denominator=denominator))
    return pd.concat(tables, ignore_index=True).sort_values(
        ["denominator", "area_type", "vintage", "area_code"], ignore_index=True
    )


def _of_wards(people: np.ndarray, ward: np.ndarray, border: Border) -> pd.DataFrame:
    """People of each ward, by code: ``people`` (adding up to all of them), ``low`` and ``high``."""
    codes, number = np.unique(ward, return_inverse=True)
    shared = (number[:, None] == np.arange(len(codes))).astype(float)
    unsure = np.zeros_like(shared)
    for place, (other, share) in border.items():
        for code, part in ((ward[place], 1 - share), (other, share)):
            shared[place, codes == code] = part
            unsure[place, codes == code] = min(_UNSURE, share)
    divided, margin = people @ shared, people @ unsure
    return pd.DataFrame(
        {
            "people": largest_remainder(divided, int(people.sum())),
            "low": np.floor(divided - margin),
            "high": np.ceil(divided + margin),
        },
        index=codes,
    ).astype("int32")


def _made_up(estimate: Estimate) -> str:
    return f"made up, adding up to the district's {estimate.basis}"


def _rows(
    area_type: list[str], vintage: str, codes, people, estimate: Estimate, source: str, basis: str = ""
) -> pd.DataFrame:
    count = len(codes)
    return pd.DataFrame(
        {
            "area_code": np.asarray(codes, dtype=object),
            "area_type": area_type * count,
            "vintage": [vintage] * count,
            "year": np.full(count, estimate.year, dtype="int32"),
            "denominator": ["residents"] * count,
            "population": np.asarray(people, dtype="int32"),
            "low": np.asarray(people, dtype="int32"),
            "high": np.asarray(people, dtype="int32"),
            "basis": [basis or estimate.basis] * count,
            "reference_date": np.full(count, np.datetime64(estimate.reference_date, "ms")),
            "source": [source] * count,
        }
    )
