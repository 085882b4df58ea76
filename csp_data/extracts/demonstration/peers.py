"""Other areas to compare with: fictional, by name and number, beside the partnership's own counts.

Medway's Strategic Assessment of 2020 says that it had the 8th highest number of recorded crimes of unitary authorities,
57 of which responded, and the 6th before (A3). The fictional areas are made so that this holds, by number: seven of them
have more in 2019/20, five in 2018/19. Two gave no figures. Rates are another order altogether.
"""

import numpy as np
import pandas as pd

from csp_data.catalogue.categories import CATEGORIES, descendants
from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.residents import DISTRICT_RESIDENTS
from csp_data.extracts.demonstration.rows import table_of

AREAS = 59
RESPONDING = 57
SIMILAR = "Similar areas"
SIMILAR_AREAS = 15
"""The partnership is one of each group."""

YEARS = (2018, 2019)
POPULATION_YEAR = 2019
_SYNTHETIC = "synthetic demonstration data: fictional areas"
_OWN = "the partnership's own counts in this demonstration"

LINES = {
    "crime": (
        "crime",
        "violence-against-the-person",
        "sexual-offences",
        "robbery",
        "burglary",
        "vehicle-crime",
        "theft",
        "criminal-damage",
        "drug-offences",
        "possession-of-weapons",
        "public-order-offences",
    ),
    "asb": ("asb",),
}
"""Measure -> the lines of the tree that other areas give."""

_MORE_CRIME = {"medway": {2018: 5, 2019: 7}, "maidstone": {2018: 11, 2019: 12}}
"""How many areas have more recorded crimes than the partnership."""


def group_of(district: District) -> str:
    """The larger group that a partnership is compared with."""
    return "Unitary authorities" if district is MEDWAY else "District councils"


def peers_of(district: District, counts: dict[str, pd.DataFrame], rng: np.random.Generator) -> pd.DataFrame:
    """Counts of two financial years for the partnership and two groups, under the contract ``peers``.

    Parameters
    ----------
    counts : measure -> the partnership's table of counts, from which its own figures are summed.
    """
    own = {
        (measure, line, year): _own_count(counts[measure], line, year)
        for measure, lines in LINES.items()
        for line in lines
        for year in YEARS
    }
    residents = DISTRICT_RESIDENTS[district.code][0]
    people = _populations(residents, rng)
    rows: list[dict] = []
    others = AREAS - 1
    silent = set(rng.choice(np.arange(SIMILAR_AREAS, others), AREAS - RESPONDING, replace=False).tolist())
    answering = np.array([area for area in range(others) if area not in silent])
    level = {year: _levels(district, own, year, people, answering, rng) for year in YEARS}
    shares = rng.normal(0, 0.16, size=(others, len(own)))
    for measure, lines in LINES.items():
        for position, line in enumerate(lines):
            for year in YEARS:
                base = own[measure, line, year] / residents
                if (measure, line) == ("crime", "crime"):
                    found = level[year]
                elif measure == "crime":
                    found = base * people * _relative(level[year], own["crime", "crime", year], people, residents)
                    found = found * np.exp(shares[:, position])
                else:
                    found = base * people * np.exp(shares[:, position] * 2.2 + rng.normal(0, 0.05, others))
                rows.append(
                    _row(group_of(district), district.code, district.name, measure, line, year)
                    | {"count": own[measure, line, year], "population": residents, "source": _OWN}
                )
                rows += [
                    _row(
                        group_of(district), f"similar-area-{area + 1}", f"Similar area {area + 1}", measure, line, year
                    )
                    | {"count": None if area in silent else round(found[area]), "population": int(people[area])}
                    for area in range(others)
                ]
    like = {f"similar-area-{area + 1}" for area in range(SIMILAR_AREAS - 1)} | {district.code}
    return table_of("peers", rows + [row | {"group": SIMILAR} for row in rows if row["area_code"] in like])


def _row(group: str, code: str, name: str, measure: str, line: str, year: int) -> dict:
    return {
        "group": group,
        "area_code": code,
        "area_name": name,
        "measure": measure,
        "category": line,
        "period_start": f"{year}-04-01",
        "period_end": f"{year + 1}-03-01",
        "population_year": POPULATION_YEAR,
        "source": _SYNTHETIC,
    }


def _own_count(table: pd.DataFrame, line: str, year: int) -> int:
    """The partnership's count of a line and all below it in a financial year, places unknown included."""
    lines = [line, *descendants(line)] if CATEGORIES[line].parent else list(table["category"].unique())
    chosen = table["month"].between(f"{year}-04-01", f"{year + 1}-03-01") & table["category"].isin(lines)
    return int(table.loc[chosen, "count"].sum())


def _populations(residents: int, rng: np.random.Generator) -> np.ndarray:
    """Residents of the other areas. The first are like the partnership in size; the rest are of every size."""
    like = residents * np.exp(rng.normal(0, 0.12, SIMILAR_AREAS - 1))
    rest = residents * np.exp(rng.normal(-0.35, 0.45, AREAS - SIMILAR_AREAS))
    return np.round(np.concatenate([like, rest]), -1)


def _levels(
    district: District,
    own: dict[tuple[str, str, int], int],
    year: int,
    people: np.ndarray,
    answering: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Recorded crimes of each other area, with exactly as many above the partnership as it says.

    Areas keep the order of an invented rate times their residents; counts are then spread above and below the
    partnership's own, no nearer than 2%.
    """
    count = own["crime", "crime", year]
    rate = np.exp(np.random.default_rng(int(district.code[1:])).normal(-0.10, 0.22, len(people)))
    made = count / DISTRICT_RESIDENTS[district.code][0] * people * rate * np.exp(rng.normal(0, 0.03, len(people)))
    ordered = answering[np.argsort(-made[answering], kind="stable")]
    more = _MORE_CRIME[district.partnership.id][year]
    made[ordered[:more]] = np.maximum(made[ordered[:more]], count * (1.02 + 0.015 * np.arange(more)[::-1]))
    below = ordered[more:]
    made[below] = np.minimum(made[below], count * (0.98 - 0.006 * np.arange(len(below))))
    return np.round(made)


def _relative(level: np.ndarray, own: int, people: np.ndarray, residents: int) -> np.ndarray:
    """Rate of all crime of each area against the partnership's."""
    return (level / people) / (own / residents)
