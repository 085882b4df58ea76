"""Which population stands under a rate: the estimate of the right area, ward set and year, by name."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Population:
    """A denominator with its year and basis. ``people`` is NaN when there is no estimate."""

    people: float
    year: int | None = None
    basis: str = ""
    reference_date: str = ""

    @property
    def known(self) -> bool:
        return self.people > 0


UNKNOWN = Population(float("nan"))


class Populations:
    """The population table of a release, ready to be asked. One row of the table is an area, ward set and year."""

    def __init__(self, table: pd.DataFrame, denominator: str = "residents"):
        self._estimates: dict[tuple[str, str], dict[int, Population]] = {}
        for row in table[table["denominator"] == denominator].itertuples():
            date = "" if pd.isna(row.reference_date) else f"{row.reference_date:%Y-%m-%d}"
            years = self._estimates.setdefault((row.area_code, row.vintage or ""), {})
            years[int(row.year)] = Population(float(row.population), int(row.year), row.basis, date)

    def of(self, area: str, year: int, vintage: str = "") -> Population:
        """The estimate for the year, else of the nearest year before it, else of the first year after it."""
        years = self._estimates.get((area, vintage))
        if not years:
            return UNKNOWN
        before = [y for y in years if y <= year]
        return years[max(before) if before else min(years)]

    def of_all(self, areas: tuple[str, ...], year: int) -> Population:
        """Several areas together, on one year and basis that all of them have; unknown when they have none."""
        found = [self.of(area, year) for area in areas]
        if not found or not all(p.known for p in found) or len({(p.year, p.basis) for p in found}) > 1:
            return UNKNOWN
        first = found[0]
        return Population(sum(p.people for p in found), first.year, first.basis, first.reference_date)
