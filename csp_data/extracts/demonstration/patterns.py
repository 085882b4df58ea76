"""How counts vary within a year and within a district, by kind of offence.

Everything here is made up to be plausible: summer peaks, a quiet December, the lockdowns of 2020 and 2021, town centres
that hold much of the shoplifting and little of the burglary. No figure is measured in a real place.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MONTHS = pd.date_range("2014-04-01", "2026-03-01", freq="MS")
"""Every month of the demonstration: 12 financial years."""


@dataclass(frozen=True)
class Pattern:
    """A kind of offence.

    ``seasons``: weight of a day in January to December. ``lockdown``: weight of March 2020 to July 2021, 1 is as usual.
    ``town``: how strongly it gathers in town centres. ``hardship``: the same for areas of more need. ``noise``:
    standard deviation of the logarithm of what is left.
    """

    seasons: tuple[float, ...]
    lockdown: tuple[float, ...]
    town: float
    hardship: float
    noise: float


LOCKDOWN_MONTHS = pd.date_range("2020-03-01", "2021-07-01", freq="MS")

# fmt: off
#            Jan   Feb   Mar   Apr   May   Jun   Jul   Aug   Sep   Oct   Nov   Dec
_VIOLENT = ( 0.95, 0.96, 0.99, 1.00, 1.04, 1.07, 1.09, 1.05, 1.01, 0.99, 0.96, 0.90)
_ORDER   = ( 0.92, 0.94, 0.98, 1.02, 1.06, 1.09, 1.12, 1.07, 1.01, 0.98, 0.93, 0.86)
_THEFT   = ( 0.97, 0.98, 1.00, 0.98, 1.00, 1.01, 1.01, 1.02, 1.01, 1.02, 1.02, 0.96)
_SHOPS   = ( 0.97, 0.98, 1.00, 0.98, 0.99, 0.98, 0.97, 0.98, 0.99, 1.03, 1.06, 1.03)
_HOMES   = ( 1.08, 1.05, 1.02, 0.96, 0.94, 0.92, 0.92, 0.93, 0.98, 1.06, 1.11, 1.04)
_DAMAGE  = ( 0.94, 0.97, 1.02, 1.05, 1.05, 1.04, 1.03, 1.02, 0.99, 1.02, 0.98, 0.89)
_STREET  = ( 0.86, 0.89, 0.97, 1.01, 1.06, 1.13, 1.19, 1.19, 1.03, 1.01, 0.92, 0.74)
_GARDEN  = ( 0.82, 0.84, 0.94, 1.04, 1.12, 1.20, 1.26, 1.21, 1.05, 0.92, 0.83, 0.75)
_LAND    = ( 0.80, 0.92, 1.08, 1.20, 1.18, 1.15, 1.12, 1.08, 1.00, 0.92, 0.82, 0.72)
_LEVEL   = ( 1.00,) * 12

#               Mar   Apr   May   Jun   Jul   Aug   Sep   Oct   Nov   Dec   Jan   Feb   Mar   Apr   May   Jun   Jul
_L_VIOLENT  = ( 0.94, 0.74, 0.85, 0.95, 1.01, 1.02, 1.00, 0.98, 0.94, 0.92, 0.88, 0.90, 0.95, 0.98, 1.00, 1.00, 1.00)
_L_THREAT   = ( 0.95, 0.79, 0.89, 0.97, 1.04, 1.03, 1.01, 0.98, 0.95, 0.93, 0.91, 0.93, 0.97, 1.00, 1.00, 1.00, 1.00)
_L_SEXUAL   = ( 0.92, 0.72, 0.80, 0.92, 0.98, 1.00, 1.00, 0.98, 0.94, 0.92, 0.85, 0.88, 0.98, 1.00, 1.02, 1.02, 1.00)
_L_DRUGS    = ( 1.00, 1.25, 1.30, 1.10, 1.00, 1.00, 1.00, 1.00, 1.02, 0.98, 1.10, 1.08, 1.02, 1.00, 1.00, 1.00, 1.00)
_L_ORDER    = ( 0.93, 0.80, 0.94, 1.00, 1.03, 1.03, 1.00, 0.97, 0.93, 0.92, 0.88, 0.90, 0.97, 1.00, 1.02, 1.02, 1.00)
_L_THEFT    = ( 0.82, 0.44, 0.56, 0.70, 0.82, 0.88, 0.90, 0.90, 0.78, 0.84, 0.64, 0.66, 0.76, 0.86, 0.92, 0.96, 0.98)
_L_TOWN     = ( 0.80, 0.38, 0.52, 0.64, 0.80, 0.88, 0.90, 0.90, 0.72, 0.84, 0.58, 0.60, 0.68, 0.82, 0.92, 0.96, 0.98)
_L_HOMES    = ( 0.90, 0.60, 0.66, 0.72, 0.80, 0.84, 0.86, 0.86, 0.80, 0.80, 0.70, 0.72, 0.80, 0.84, 0.88, 0.90, 0.92)
_L_DAMAGE   = ( 0.93, 0.74, 0.86, 0.94, 0.97, 0.98, 0.98, 0.96, 0.92, 0.94, 0.84, 0.86, 0.94, 0.98, 1.00, 1.00, 1.00)
_L_GATHER   = ( 1.10, 2.50, 2.20, 1.60, 1.25, 1.15, 1.15, 1.20, 1.40, 1.25, 1.60, 1.60, 1.45, 1.12, 1.05, 1.02, 1.00)
_L_DRUNK    = ( 0.90, 0.70, 0.85, 0.95, 1.00, 1.05, 1.00, 0.92, 0.75, 0.85, 0.70, 0.72, 0.80, 0.95, 1.00, 1.02, 1.00)
_L_STREET   = ( 1.00, 1.10, 1.20, 1.15, 1.08, 1.05, 1.02, 1.00, 1.00, 0.95, 1.00, 1.05, 1.10, 1.08, 1.05, 1.02, 1.00)
_L_GARDEN   = ( 1.05, 1.75, 1.70, 1.40, 1.20, 1.12, 1.08, 1.08, 1.15, 1.10, 1.25, 1.25, 1.20, 1.10, 1.05, 1.02, 1.00)
# fmt: on

PATTERNS: dict[str, Pattern] = {
    "homicide": Pattern(_LEVEL, _L_VIOLENT, 0.6, 0.5, 0.4),
    "violence-with-injury": Pattern(_VIOLENT, _L_VIOLENT, 1.3, 0.55, 0.28),
    "violence-without-injury": Pattern(_VIOLENT, _L_THREAT, 0.9, 0.55, 0.26),
    "rape": Pattern(_VIOLENT, _L_SEXUAL, 0.9, 0.5, 0.4),
    "other-sexual-offences": Pattern(_VIOLENT, _L_SEXUAL, 1.0, 0.4, 0.35),
    "robbery": Pattern(_THEFT, _L_TOWN, 1.8, 0.4, 0.40),
    "burglary-dwelling": Pattern(_HOMES, _L_HOMES, 0.3, 0.25, 0.35),
    "burglary-other-than-dwelling": Pattern(_HOMES, _L_HOMES, 0.6, 0.0, 0.50),
    "burglary-residential": Pattern(_HOMES, _L_HOMES, 0.3, 0.25, 0.35),
    "burglary-business-and-community": Pattern(_HOMES, _L_HOMES, 1.6, 0.0, 0.60),
    "theft-of-motor-vehicle": Pattern(_THEFT, _L_HOMES, 0.4, 0.2, 0.35),
    "theft-from-motor-vehicle": Pattern(_HOMES, _L_HOMES, 0.5, 0.1, 0.40),
    "vehicle-interference": Pattern(_HOMES, _L_HOMES, 0.5, 0.2, 0.40),
    "shoplifting": Pattern(_SHOPS, _L_TOWN, 3.2, 0.1, 0.7),
    "theft-of-pedal-cycle": Pattern(_STREET, _L_THEFT, 1.8, 0.1, 0.45),
    "other-theft": Pattern(_THEFT, _L_THEFT, 1.4, 0.1, 0.40),
    "arson": Pattern(_DAMAGE, _L_DAMAGE, 0.5, 0.5, 0.5),
    "criminal-damage-not-arson": Pattern(_DAMAGE, _L_DAMAGE, 0.8, 0.45, 0.28),
    "trafficking-of-drugs": Pattern(_LEVEL, _L_DRUGS, 1.3, 0.6, 0.45),
    "possession-of-drugs": Pattern(_LEVEL, _L_DRUGS, 1.6, 0.5, 0.45),
    "possession-of-weapons": Pattern(_VIOLENT, _L_ORDER, 1.5, 0.5, 0.40),
    "public-order-offences": Pattern(_ORDER, _L_ORDER, 1.5, 0.45, 0.30),
    "rowdy-or-nuisance-gathering": Pattern(_STREET, _L_GATHER, 1.0, 0.45, 0.35),
    "drunken-or-rowdy-behaviour": Pattern(_STREET, _L_DRUNK, 1.9, 0.35, 0.35),
    "neighbour-disputes-or-nuisance": Pattern(_GARDEN, _L_GARDEN, 0.3, 0.60, 0.30),
    "motor-vehicle-nuisance-on-road": Pattern(_STREET, _L_STREET, 0.4, 0.25, 0.45),
    "riding-or-driving-on-land": Pattern(_LAND, _L_STREET, -0.4, 0.25, 0.70),
    "rubbish-or-drug-paraphernalia": Pattern(_LEVEL, _L_DRUNK, 1.3, 0.45, 0.40),
    "other-asb": Pattern(_STREET, _L_GARDEN, 0.8, 0.4, 0.40),
}

_UNUSUAL_MONTH = 0.03
"""Standard deviation of the logarithm of a month's weight, beyond the chance of single events."""

_SMOOTHED_OVER = 7
"""Months over which the level moves from one year's to the next: long enough that years do not start with a jump."""


def spread_over_months(pattern: Pattern, years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Counts of a category in each of ``MONTHS``, from its counts in each financial year, which they sum to exactly."""
    calendar = np.array(pattern.seasons)[MONTHS.month - 1] * MONTHS.days_in_month.to_numpy()
    calendar[MONTHS.get_indexer(LOCKDOWN_MONTHS)] *= pattern.lockdown
    by_year = calendar.reshape(-1, 12)
    # What a month of usual weight holds in each year; a year in which the category was not in use has no level.
    level = pd.Series(np.repeat(np.where(years > 0, years / by_year.sum(axis=1), np.nan), 12))
    smooth = level.rolling(_SMOOTHED_OVER, center=True, min_periods=1).mean().where(level.notna(), 0).to_numpy()
    weight = smooth * calendar * np.exp(rng.normal(0, _UNUSUAL_MONTH, len(MONTHS)))
    rows = weight.reshape(-1, 12)
    months = [
        rng.multinomial(total, row / row.sum()) if total else np.zeros(12, dtype=int)
        for total, row in zip(years, rows, strict=True)
    ]
    return np.concatenate(months)
