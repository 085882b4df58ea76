"""Residents: district figures of the Office for National Statistics, and synthetic small areas that add up to them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

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

DISTRICT_SOURCE = "ONS mid-year population estimates"
CENSUS_SOURCE = "ONS Census 2021"
SMALL_SOURCE = "synthetic, sums to the ONS district estimate"

_SPREAD = 0.13
"""Standard deviation of the logarithm of an LSOA's residents: LSOAs are made to hold 1,000 to 3,000 people."""

_GROWTH = 0.012
"""The same for an LSOA's yearly growth against the district's."""


def residents_of(
    district: str, lsoas: np.ndarray, wards: dict[str, np.ndarray], rng: np.random.Generator
) -> pd.DataFrame:
    """Residents of a district, its LSOAs and its wards, under the contract ``population``.

    The district's figures are published; those of LSOAs are synthetic and add up to them in every year; those of wards
    are sums of LSOAs. ``low`` and ``high`` equal the estimate, because no uncertainty is modelled.

    Parameters
    ----------
    lsoas : LSOA codes.
    wards : ward set id -> ward code of each LSOA, in the order of ``lsoas``.
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
            sums = pd.Series(people).groupby(ward).sum()
            tables.append(
                _rows(["ward"], vintage, sums.index, sums.to_numpy(), estimate, SMALL_SOURCE, _made_up(estimate))
            )
    return pd.concat(tables, ignore_index=True).sort_values(
        ["area_type", "vintage", "area_code", "year"], ignore_index=True
    )


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
