"""Drug and alcohol treatment: four figures that Medway's Strategic Assessment of 2020 prints, and made-up years.

Printed for Medway, each the last point of its series: the completion ratio 1.3 where England is 1 (D-1), 1,459 estimated
opiate and crack users (D-2), 63.7% of them not in treatment (D-3), 4.4 deaths from drug misuse per 100,000, which had
"fallen to meet the England average" (D-4). The report prints neither periods nor intervals: both are made up, and so is
every earlier year, everything of Maidstone, and the average of similar areas, which names no real place. England is given
only where the report gives it.
"""

import math

import numpy as np
import pandas as pd

from csp_data.catalogue.indicators import indicator_named
from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.documents import ASSESSMENT_2020
from csp_data.extracts.demonstration.rows import MADE_UP, table_of

SIMILAR = "Average of similar areas (fictional)"
SIMILAR_CODE = "similar-areas"
ENGLAND = "England"
ENGLAND_CODE = "E92000001"

_PRINTED = f"{ASSESSMENT_2020}, Reducing Vulnerability"
_SYNTHETIC = "synthetic demonstration data"
_PRINTED_NOTE = "The value is printed; the report prints neither its period nor an interval: those are made up."

# Expected completions at England's rate, and completions, in 2011/12 to 2019/20; 104 of 80 is the printed 1.3.
_COMPLETIONS = {
    "medway": ((95, 92, 90, 88, 86, 84, 83, 81, 80), (84, 83, 86, 88, 92, 95, 99, 100, 104)),
    "maidstone": ((41, 40, 40, 39, 38, 37, 37, 36, 35), (43, 44, 40, 41, 37, 36, 35, 33, 34)),
    SIMILAR: ((910, 900, 880, 860, 850, 830, 820, 800, 790), (865, 864, 836, 834, 808, 797, 771, 768, 735)),
}
# Estimated users in 2008/09 to 2016/17 with the half width of the interval as a share of the estimate.
_USERS = {
    "medway": (1_336, 1_352, 1_360, 1_374, 1_381, 1_398, 1_417, 1_431, 1_459),
    "maidstone": (642, 651, 640, 646, 655, 649, 661, 667, 671),
    SIMILAR: (1_240, 1_251, 1_248, 1_260, 1_263, 1_270, 1_282, 1_290, 1_297),
}
_USERS_SPREAD = 0.14
# People in treatment for opiates or crack in 2011/12 to 2019/20: 530 of 1,459 leave 929, the printed 63.7%.
_USERS_TREATED = {
    "medway": (585, 581, 575, 568, 561, 556, 549, 541, 530),
    "maidstone": (306, 301, 304, 299, 297, 300, 295, 296, 293),
    SIMILAR: (622, 618, 611, 607, 600, 596, 590, 583, 577),
}
# Deaths per 100,000 in 2009-11 to 2017-19, and deaths, of which the interval is made.
_DEATHS = {
    "medway": ((5.6, 5.8, 6.3, 6.1, 6.4, 6.0, 5.5, 4.9, 4.4), (45, 47, 51, 50, 53, 50, 46, 41, 37)),
    "maidstone": ((2.9, 3.1, 2.6, None, 3.0, 3.3, 3.6, 3.4, 3.7), (13, 14, 12, None, 14, 16, 17, 17, 19)),
    SIMILAR: ((4.1, 4.2, 4.4, 4.5, 4.4, 4.6, 4.5, 4.6, 4.5), (402, 412, 432, 443, 434, 455, 446, 457, 448)),
}
# Adults in treatment in 2013/14 to 2024/25 by substance, rounded to the nearest 5 as NDTMS does; None: under 5, withheld.
_SUBSTANCES = ("Opiates", "Non-opiates", "Alcohol", "Alcohol and non-opiates", "New psychoactive substances")
_IN_TREATMENT = {
    "medway": (
        (540, 535, 530, 525, 520, 510, 500, 495, 505, 520, 540, 555),
        (85, 90, 95, 105, 110, 115, 125, 110, 130, 150, 165, 180),
        (260, 265, 270, 265, 255, 250, 255, 230, 275, 300, 325, 340),
        (75, 80, 85, 85, 90, 95, 95, 90, 105, 115, 125, 130),
        (None, 5, 10, 10, 5, 5, None, None, 5, None, None, 5),
    ),
    "maidstone": (
        (285, 285, 280, 280, 275, 275, 270, 265, 270, 275, 285, 290),
        (45, 45, 50, 55, 55, 60, 60, 55, 65, 75, 80, 90),
        (150, 155, 150, 150, 145, 145, 150, 140, 160, 170, 185, 190),
        (35, 40, 40, 45, 45, 50, 50, 45, 55, 60, 60, 65),
        (None, None, 5, 5, None, None, None, None, None, None, None, None),
    ),
}
# Dependent drinkers not in treatment in 2014/15 to 2022/23, per cent, and estimated dependent adults.
_ALCOHOL = {
    "medway": ((82.4, 82.1, 82.6, 83.4, 83.9, 84.1, 85.3, 83.2, 81.8), 2_860),
    "maidstone": ((79.8, 79.9, 80.4, 80.9, 81.2, 81.0, 82.6, 80.7, 79.9), 1_420),
    SIMILAR: ((81.5, 81.3, 81.7, 82.0, 82.3, 82.2, 83.5, 81.9, 81.0), 34_500),
}


def treatment_of(district: District) -> pd.DataFrame:
    """Indicators of treatment for a partnership and what it is compared with, under the contract ``indicators``."""
    own = district.partnership.id
    printed = district is MEDWAY
    places = {own: (district.code, district.name, "district"), SIMILAR: (SIMILAR_CODE, SIMILAR, "partnership")}
    rows: list[dict] = []
    for key, (code, name, kind) in places.items():
        place = {"area_code": code, "area_name": name, "area_type": kind}
        says = printed and key == own
        rows += _last_printed(_completion_ratio(place, *_COMPLETIONS[key]), says)
        rows += _last_printed(_users(place, _USERS[key]), says)
        rows += _last_printed(_unmet_need(place, _USERS[key], _USERS_TREATED[key]), says)
        rows += _last_printed(_deaths(place, *_DEATHS[key]), says)
        rows += _alcohol(place, *_ALCOHOL[key])
    rows += _in_treatment(district, _IN_TREATMENT[own])
    if printed:
        rows += _england()
    return table_of("indicators", rows)


def _row(indicator: str, place: dict, year: int, years: int = 1, **figures) -> dict:
    """One value. ``year``: the financial year's first; with three years, the last calendar year of the three."""
    if years == 1:
        period, start, end = f"{year}/{(year + 1) % 100:02d}", f"{year}-04-01", f"{year + 1}-03-01"
    else:
        period, start, end = f"{year - years + 1} - {year % 100:02d}", f"{year - years + 1}-01-01", f"{year}-12-01"
    known = indicator_named(indicator)
    return {
        "indicator": indicator,
        "label": known.label,
        "unit": known.unit,
        **place,
        "period": period,
        "period_start": start,
        "period_end": end,
        "value_status": "available" if figures.get("value") is not None else "missing",
        "note": MADE_UP,
        "source": _SYNTHETIC,
        **figures,
    }


def _last_printed(rows: list[dict], printed: bool) -> list[dict]:
    """The same rows, the last with its source where the report prints it."""
    if printed:
        rows[-1] |= {"note": f"{_PRINTED_NOTE} {rows[-1]['note']}".replace(MADE_UP, "").strip(), "source": _PRINTED}
    return rows


def _completion_ratio(place: dict, expected: tuple[int, ...], observed: tuple[int, ...]) -> list[dict]:
    note = f"{MADE_UP} Numerator: completions; denominator: those expected at England's rate."
    rows = []
    for year, (e, o) in enumerate(zip(expected, observed, strict=True), start=2011):
        low, high = _byar(o)
        rows.append(
            _row(
                "completion-ratio",
                place,
                year,
                value=o / e,
                lower=low / e,
                upper=high / e,
                numerator=o,
                denominator=e,
                note=note,
            )
        )
    return rows


def _users(place: dict, estimates: tuple[int, ...]) -> list[dict]:
    return [
        _row(
            "opiate-crack-users",
            place,
            year,
            value=users,
            lower=round(users * (1 - _USERS_SPREAD)),
            upper=round(users * (1 + 1.3 * _USERS_SPREAD)),
        )
        for year, users in enumerate(estimates, start=2008)
    ]


def _unmet_need(place: dict, users: tuple[int, ...], treated: tuple[int, ...]) -> list[dict]:
    """Percentages to one decimal, as published; the interval is that of the estimate of users."""
    rows = []
    for year, (known, helped) in enumerate(zip(users, treated, strict=True), start=2011):
        low, high = (round(known * (1 + by * _USERS_SPREAD)) for by in (-1, 1.3))
        rows.append(
            _row(
                "unmet-need-opiate-crack",
                place,
                year,
                value=round(100 * (known - helped) / known, 1),
                lower=round(100 * (low - helped) / low, 1),
                upper=round(100 * (high - helped) / high, 1),
                numerator=known - helped,
                denominator=known,
                note=f"{MADE_UP} The estimate of users is three years older than the count in treatment.",
            )
        )
    return rows


def _deaths(place: dict, rates: tuple[float | None, ...], deaths: tuple[int | None, ...]) -> list[dict]:
    rows = []
    for year, (rate, count) in enumerate(zip(rates, deaths, strict=True), start=2011):
        if rate is None or count is None:
            note = f"{MADE_UP} The publisher is taken to have given no value for these years."
            rows.append(_row("drug-misuse-deaths", place, year, 3, note=note))
            continue
        low, high = _byar(count)
        rows.append(
            _row(
                "drug-misuse-deaths",
                place,
                year,
                3,
                value=rate,
                lower=round(rate * low / count, 1),
                upper=round(rate * high / count, 1),
                numerator=count,
                note=f"{MADE_UP} Standardised for age, so it is not the number of deaths divided by residents.",
            )
        )
    return rows


def _alcohol(place: dict, percents: tuple[float, ...], dependent: int) -> list[dict]:
    rows = []
    for year, percent in enumerate(percents, start=2014):
        half = 1.96 * math.sqrt(percent * (100 - percent) / dependent)
        rows.append(
            _row(
                "unmet-need-alcohol",
                place,
                year,
                value=percent,
                lower=round(percent - half, 1),
                upper=round(percent + half, 1),
                numerator=round(dependent * percent / 100),
                denominator=dependent,
            )
        )
    return rows


def _in_treatment(district: District, groups: tuple[tuple[int | None, ...], ...]) -> list[dict]:
    place = {"area_code": district.code, "area_name": district.name, "area_type": "district"}
    note = f"{MADE_UP} Rounded to the nearest 5, as NDTMS does."
    rows = []
    for year, counts in enumerate(zip(*groups, strict=True), start=2013):
        total = sum(count or 0 for count in counts)
        rows.append(_row("in-treatment", place, year, value=total, note=note))
        for group, count in zip(_SUBSTANCES, counts, strict=True):
            hidden = {"value_status": "withheld", "note": f"{MADE_UP} Under 5: withheld, as NDTMS does."}
            row = _row("in-treatment", place, year, group=group, value=count, note=note)
            rows.append(row if count is not None else row | hidden)
    return rows


def _england() -> list[dict]:
    """England as the report gives it: 1 by definition of the ratio, and the rate of deaths that Medway "met"."""
    place = {"area_code": ENGLAND_CODE, "area_name": ENGLAND, "area_type": "country"}
    ratio = "By definition: the ratio compares with England."
    return [
        *(_row("completion-ratio", place, year, value=1.0, note=ratio, source=_PRINTED) for year in range(2011, 2020)),
        _row(
            "drug-misuse-deaths",
            place,
            2019,
            3,
            value=4.4,
            note="The report says that Medway fell to meet the England average and is at 4.4; it prints no interval. "
            "England's earlier years are not printed, so they are not here.",
            source=_PRINTED,
        ),
    ]


def _byar(count: int) -> tuple[float, float]:
    """Byar's approximate 95% limits of a count of 10 or more."""
    low = count * (1 - 1 / (9 * count) - 1.96 / (3 * np.sqrt(count))) ** 3
    above = count + 1
    high = above * (1 - 1 / (9 * above) + 1.96 / (3 * np.sqrt(above))) ** 3
    return float(low), float(high)
