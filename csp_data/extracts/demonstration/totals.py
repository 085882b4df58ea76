"""How many crimes and incidents each partnership has in each financial year, by category.

Medway's figures are calibrated to its Strategic Assessment of 2020 where that prints one; comments name the claim
(A1 and so on, as listed in the package's docstring). Every other number is made up to be plausible.
"""

from dataclasses import dataclass

import numpy as np

from csp_data.extracts.demonstration.shares import largest_remainder

FIRST_YEAR = 2014
YEARS = tuple(range(FIRST_YEAR, 2026))
"""Financial years, by the year they begin in: 2019 is April 2019 to March 2020."""

CALIBRATED_YEAR = 2019

VIOLENCE = (
    "homicide",
    "violence-with-injury",
    "violence-without-injury",
)
SOCIETY = (
    "trafficking-of-drugs",
    "possession-of-drugs",
    "possession-of-weapons",
    "public-order-offences",
)

# Shape of a category over the years against the rest of its group; 2019/20 is 1. A category without one moves with its
# group. Only the shape counts: groups are scaled to their totals.
#                        14/15 15/16 16/17 17/18 18/19 19/20 20/21 21/22 22/23 23/24 24/25 25/26
_OLD_BURGLARY =        ( 1.05, 1.00, 0.95, 0,    0,    0,    0,    0,    0,    0,    0,    0   )  # fmt: skip
_NEW_BURGLARY =        ( 0,    0,    0,    1.25, 1.15, 1,    0.72, 0.68, 0.70, 0.66, 0.60, 0.55)  # fmt: skip
_SHAPES: dict[str, tuple[float, ...]] = {
    "burglary-dwelling": _OLD_BURGLARY,
    "burglary-other-than-dwelling": _OLD_BURGLARY,
    "burglary-residential": _NEW_BURGLARY,
    "burglary-business-and-community": _NEW_BURGLARY,
    "violence-without-injury": (0.62, 0.65, 0.72, 0.86, 0.96, 1, 1.12, 1.08, 1.04, 0.98, 0.95, 0.95),
    "rape":                   (0.50, 0.60, 0.70, 0.90, 0.98, 1, 0.98, 1.20, 1.20, 1.15, 1.18, 1.20),
    "other-sexual-offences":  (0.60, 0.65, 0.75, 0.90, 0.98, 1, 0.92, 1.15, 1.20, 1.18, 1.20, 1.22),
    "robbery":                (0.55, 0.60, 0.70, 0.85, 0.95, 1, 0.75, 0.72, 0.75, 0.80, 0.78, 0.72),
    "theft-of-motor-vehicle": (0.60, 0.65, 0.75, 0.92, 1.00, 1, 0.80, 0.82, 0.95, 0.95, 0.88, 0.80),
    "theft-from-motor-vehicle": (1.00, 0.95, 0.95, 1.05, 1.10, 1, 0.70, 0.65, 0.70, 0.62, 0.55, 0.50),
    "shoplifting":            (0.85, 0.88, 0.95, 1.05, 1.05, 1, 0.72, 0.78, 1.00, 1.25, 1.38, 1.30),
    "other-theft":            (1.12, 1.08, 1.05, 1.04, 1.03, 1, 0.78, 0.85, 0.90, 0.86, 0.82, 0.80),
    "criminal-damage-not-arson": (0.98, 0.98, 1.00, 1.05, 1.03, 1, 0.92, 0.96, 0.92, 0.88, 0.84, 0.82),
    "theft-of-pedal-cycle":   (1.50, 1.35, 1.30, 1.25, 1.10, 1, 0.95, 0.80, 0.78, 0.65, 0.52, 0.48),
}  # fmt: skip


@dataclass(frozen=True)
class CrimeTotals:
    """Crime of a partnership by financial year, in the order of ``YEARS``."""

    all: tuple[int, ...]
    violence: tuple[int, ...]
    """Violence against the person."""
    society: tuple[int, ...]
    """Crimes against society."""
    categories: dict[str, int]
    """Count of each category in 2019/20; for the two old burglary lines, about that of 2015/16."""
    society_shapes: dict[str, tuple[float, ...]]
    """Shape over the years of the categories of crimes against society; 2019/20 is 1."""

    def by_category(self) -> dict[str, np.ndarray]:
        """Category -> count in each financial year. The three printed totals are met exactly in every year."""
        rest = tuple(c for c in self.categories if c not in VIOLENCE + SOCIETY)
        groups = (
            (VIOLENCE, np.array(self.violence)),
            (SOCIETY, np.array(self.society)),
            (rest, np.array(self.all) - self.violence - self.society),
        )
        shapes = _SHAPES | self.society_shapes
        found: dict[str, np.ndarray] = {}
        for names, totals in groups:
            weights = np.array([self.categories[n] * np.array(shapes.get(n, (1.0,) * len(YEARS))) for n in names])
            counts = np.column_stack([largest_remainder(weights[:, y], totals[y]) for y in range(len(YEARS))])
            found |= dict(zip(names, counts, strict=True))
        return found


MEDWAY_CRIME = CrimeTotals(
    # 2019/20 is A1. Before it, back through the printed changes: 33,334 / 0.95 (A4), / 1.12 and / 1.36 (A5), each the
    # nearest whole number, so that each change prints as it did.
    all=(18_912, 20_647, 23_036, 31_329, 35_088, 33_334, 29_618, 32_276, 32_841, 31_395, 28_873, 27_248),
    # 13,720 is 3.0% below 14,144 (A6).
    violence=(4_921, 6_088, 7_634, 12_157, 14_144, 13_720, 12_786, 14_302, 14_087, 13_121, 11_864, 11_179),
    # 5,600 is 14.0% below 6,512 (A7).
    society=(2_263, 2_517, 2_948, 5_032, 6_512, 5_600, 5_861, 5_894, 5_688, 5_274, 4_859, 4_716),
    categories={
        "homicide": 4,
        "violence-with-injury": 3_406,
        "violence-without-injury": 10_310,
        "trafficking-of-drugs": 190,
        "possession-of-drugs": 600,
        "possession-of-weapons": 330,
        "public-order-offences": 4_480,
        "rape": 330,
        "other-sexual-offences": 640,
        "robbery": 390,
        "burglary-dwelling": 780,
        "burglary-other-than-dwelling": 880,
        "burglary-residential": 1_420,
        "burglary-business-and-community": 560,
        "theft-of-motor-vehicle": 900,
        "theft-from-motor-vehicle": 1_420,
        "vehicle-interference": 330,
        "shoplifting": 2_430,
        "theft-of-pedal-cycle": 260,
        "other-theft": 2_420,
        "arson": 210,
        "criminal-damage-not-arson": 2_704,
    },
    society_shapes={  # drug offences fall in 2019/20 with the rest of the group (A7)
        "trafficking-of-drugs": (1.10, 1.00, 0.95, 1.00, 1.08, 1, 1.30, 1.25, 1.15, 1.15, 1.20, 1.20),
        "possession-of-drugs": (1.90, 1.60, 1.30, 1.10, 1.17, 1, 1.45, 1.15, 1.00, 1.05, 1.10, 1.10),
        "possession-of-weapons": (0.60, 0.65, 0.75, 0.85, 1.09, 1, 1.00, 1.05, 1.10, 1.10, 1.05, 1.05),
        "public-order-offences": (0.65, 0.75, 0.85, 1.05, 1.18, 1, 1.00, 1.05, 1.05, 1.00, 0.95, 0.95),
    },
)

MAIDSTONE_CRIME = CrimeTotals(
    # Its report to committee of 30 June 2020 gives directions only: crime down, public order down, drug and weapon
    # offences up. The level, about 95 for each 1,000 residents, is made up.
    all=(9_736, 10_514, 11_893, 15_488, 16_947, 16_312, 14_283, 15_719, 16_064, 15_377, 14_318, 13_706),
    violence=(2_347, 2_958, 3_712, 5_694, 6_478, 6_331, 5_887, 6_652, 6_587, 6_143, 5_716, 5_421),
    society=(1_058, 1_187, 1_396, 2_341, 2_961, 2_788, 2_836, 2_914, 2_803, 2_617, 2_462, 2_388),
    categories={
        "homicide": 2,
        "violence-with-injury": 1_579,
        "violence-without-injury": 4_750,
        "trafficking-of-drugs": 95,
        "possession-of-drugs": 405,
        "possession-of-weapons": 190,
        "public-order-offences": 2_098,
        "rape": 155,
        "other-sexual-offences": 315,
        "robbery": 150,
        "burglary-dwelling": 400,
        "burglary-other-than-dwelling": 560,
        "burglary-residential": 690,
        "burglary-business-and-community": 350,
        "theft-of-motor-vehicle": 360,
        "theft-from-motor-vehicle": 780,
        "vehicle-interference": 150,
        "shoplifting": 1_480,
        "theft-of-pedal-cycle": 110,
        "other-theft": 1_380,
        "arson": 83,
        "criminal-damage-not-arson": 1_190,
    },
    society_shapes={
        "trafficking-of-drugs": (1.05, 0.95, 0.85, 0.80, 0.89, 1, 1.25, 1.20, 1.10, 1.10, 1.15, 1.15),
        "possession-of-drugs": (1.50, 1.30, 1.05, 0.85, 0.88, 1, 1.30, 1.10, 0.95, 1.00, 1.05, 1.05),
        "possession-of-weapons": (0.55, 0.60, 0.70, 0.75, 0.84, 1, 1.00, 1.05, 1.10, 1.10, 1.05, 1.05),
        "public-order-offences": (0.70, 0.80, 0.90, 1.10, 1.13, 1, 0.98, 1.05, 1.05, 1.00, 0.95, 0.95),
    },
)

ASB_TYPES = (
    "rowdy-or-nuisance-gathering",
    "drunken-or-rowdy-behaviour",
    "neighbour-disputes-or-nuisance",
    "motor-vehicle-nuisance-on-road",
    "riding-or-driving-on-land",
    "rubbish-or-drug-paraphernalia",
    "other-asb",
)

# Shape of the types over the years; 2019/20 is 1. In 2020 gatherings and neighbours rose, drunkenness in town fell.
_ASB_SHAPES = np.array(
    [
        (1.05, 1.05, 1.00, 1.00, 1.00, 1, 1.45, 1.10, 0.95, 0.95, 0.95, 0.95),
        (1.15, 1.10, 1.10, 1.05, 1.00, 1, 0.70, 0.90, 1.00, 1.00, 0.95, 0.95),
        (0.95, 0.95, 0.95, 1.00, 1.00, 1, 1.25, 1.15, 1.05, 1.05, 1.05, 1.05),
        (0.85, 0.90, 0.90, 0.95, 1.00, 1, 0.80, 1.00, 1.10, 1.15, 1.20, 1.20),
        (0.90, 0.90, 0.95, 0.95, 1.00, 1, 1.00, 1.05, 1.15, 1.25, 1.35, 1.40),
        (1.00, 1.00, 1.00, 1.00, 1.00, 1, 0.80, 0.90, 0.95, 0.95, 0.95, 0.95),
        (1.10, 1.10, 1.05, 1.05, 1.00, 1, 1.30, 1.10, 1.00, 1.00, 1.00, 1.00),
    ]
)


@dataclass(frozen=True)
class AsbTotals:
    """ASB incidents of a partnership by financial year, and by type in 2019/20 (in the order of ``ASB_TYPES``)."""

    all: tuple[int, ...]
    types: tuple[int, ...]

    def by_category(self) -> dict[str, np.ndarray]:
        """Type -> count in each financial year. The total of every year and the types of 2019/20 are met exactly."""
        weights = np.array(self.types)[:, None] * _ASB_SHAPES
        counts = np.column_stack([largest_remainder(weights[:, y], self.all[y]) for y in range(len(YEARS))])
        return dict(zip(ASB_TYPES, counts, strict=True))


MEDWAY_ASB = AsbTotals(
    # 2015/16 to 2017/18 as read off the printed chart (B5); 5,502 is B3 and 6,023 is B1.
    all=(9_137, 8_800, 8_500, 7_500, 5_502, 6_023, 8_871, 6_394, 5_618, 5_327, 5_259, 5_184),
    # 29, 22, 17, 16, 4, 7 and 5 per cent (B7).
    types=(1_747, 1_325, 1_024, 964, 241, 421, 301),
)

MEDWAY_ASB_MONTHS = (446, 496, 577, 617, 646, 497, 478, 447, 348, 447, 477, 547)
"""ASB incidents of April 2019 to March 2020. The printed chart reads 450 500 580 620 650 500 480 450 350 450 480 550,
which sums to 6,060 and not to the printed 6,023: each month here rounds to its reading (B6); they sum to 6,023 (B1)."""

MAIDSTONE_ASB = AsbTotals(
    all=(4_913, 4_726, 4_508, 3_894, 2_967, 3_058, 4_739, 3_386, 2_951, 2_812, 2_764, 2_703),
    types=(826, 642, 581, 550, 153, 153, 153),
)

MEDWAY_ASB_WARDS = {
    "E05002261": 744,  # River
    "E05002251": 639,  # Gillingham North
    "E05002252": 572,  # Gillingham South
    "E05002267": 499,  # Strood South
    "E05002255": 437,  # Luton and Wayfield
}
"""ASB incidents of 2019/20 in the five wards named as highest, in that order: 2,891 of 6,023, which is 48% (B8)."""
