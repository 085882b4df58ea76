"""Which population stands under a rate: the estimate of the right area, ward set and year, by name."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Population:
    """A denominator with its year and basis. ``people`` is NaN when there is no estimate; ``low`` and ``high`` are the
    fewest and the most there may be, both equal to it where nothing is known of that."""

    people: float
    year: int | None = None
    basis: str = ""
    reference_date: str = ""
    low: float = float("nan")
    high: float = float("nan")

    @property
    def known(self) -> bool:
        return self.people > 0


UNKNOWN = Population(float("nan"))


class Populations:
    """The population table of a release, ready to be asked. One row of the table is an area, ward set, year and kind of
    denominator: "residents", "households" or "workday". Kinds are never mixed."""

    def __init__(self, table: pd.DataFrame):
        self._estimates: dict[tuple[str, str, str], dict[int, Population]] = {}
        names = ["denominator", "area_code", "vintage", "year", "population", "basis", "reference_date"]
        bounds = [name if name in table else "population" for name in ("low", "high")]
        columns = (table[name] for name in (*names, *bounds))
        for kind, area, vintage, year, people, basis, day, low, high in zip(*columns, strict=True):
            date = "" if pd.isna(day) else f"{day:%Y-%m-%d}"
            estimates = self._estimates.setdefault((kind, area, vintage or ""), {})
            estimates[int(year)] = Population(float(people), int(year), basis, date, float(low), float(high))

    def has(self, denominator: str) -> bool:
        """Whether there is any estimate of this kind."""
        return any(kind == denominator for kind, _, _ in self._estimates)

    def of(self, area: str, year: int, vintage: str = "", denominator: str = "residents") -> Population:
        """The estimate for the year, else of the nearest year before it, else of the first year after it."""
        years = self._estimates.get((denominator, area, vintage))
        if not years:
            return UNKNOWN
        before = [y for y in years if y <= year]
        return years[max(before) if before else min(years)]

    def of_all(self, areas: tuple[str, ...], year: int, denominator: str = "residents") -> Population:
        """Several areas together, on one year and basis that all of them have; unknown when they have none."""
        found = [self.of(area, year, denominator=denominator) for area in areas]
        if not found or not all(p.known for p in found) or len({(p.year, p.basis) for p in found}) > 1:
            return UNKNOWN
        first = found[0]
        people, low, high = (sum(amounts) for amounts in zip(*((p.people, p.low, p.high) for p in found), strict=True))
        return Population(people, first.year, first.basis, first.reference_date, low, high)
