"""Grants: the pots a grant is split in, what was awarded from each, and whether the sums agree."""

from dataclasses import dataclass

import pandas as pd

from csp_data.analysis.subject import Subject


@dataclass(frozen=True)
class Pot:
    """A part of a grant, in pounds. ``available`` is what the ledger says is left of it, None when it does not say."""

    name: str
    amount: float | None
    awarded: float
    projects: int
    available: float | None

    @property
    def unspent(self) -> float | None:
        """The pot less its awards: negative when more was awarded than it holds. None when the pot's size is not given."""
        return None if self.amount is None else self.amount - self.awarded


@dataclass(frozen=True)
class Reconciliation:
    """A year's grant of one funder: what should add up, in pounds. None where the ledger does not say."""

    year: str
    funder: str
    allocation: float | None
    pots: tuple[Pot, ...]
    available: float | None
    """What the ledger says is left of the whole grant: its own line, else the lines of the pots together."""

    @property
    def pots_total(self) -> float | None:
        amounts = [pot.amount for pot in self.pots if pot.amount is not None]
        return sum(amounts) if amounts else None

    @property
    def awarded(self) -> float:
        return sum(pot.awarded for pot in self.pots)

    @property
    def projects(self) -> int:
        return sum(pot.projects for pot in self.pots)

    @property
    def unspent(self) -> float | None:
        """The allocation less all awards."""
        return None if self.allocation is None else self.allocation - self.awarded


def ledger(subject: Subject) -> pd.DataFrame:
    """The rows of the dataset ``grants``: a row a year, funder, kind, pot and project; without rows when there is none."""
    return subject.supplied("grants")


def years(subject: Subject) -> list[str]:
    """Years with grants, the latest first."""
    return sorted(set(ledger(subject)["year"]), reverse=True)


def reconciled(subject: Subject, year: str) -> tuple[Reconciliation, ...]:
    """The grants of a year, a funder each, in the order of the ledger."""
    rows = ledger(subject)
    rows = rows[rows["year"] == year]
    return tuple(_of(year, funder, rows[rows["funder"] == funder]) for funder in dict.fromkeys(rows["funder"]))


def _of(year: str, funder: str, rows: pd.DataFrame) -> Reconciliation:
    kinds = {kind: rows[rows["kind"] == kind] for kind in ("allocation", "pot", "award", "available")}
    names = dict.fromkeys([*kinds["pot"]["pot"], *kinds["award"]["pot"]])
    pots = tuple(
        Pot(
            name=name,
            amount=_sum(kinds["pot"], name),
            awarded=_sum(kinds["award"], name) or 0.0,
            projects=int((kinds["award"]["pot"] == name).sum()),
            available=_sum(kinds["available"], name),
        )
        for name in names
    )
    whole = _sum(kinds["available"], "")
    parts = [pot.available for pot in pots if pot.available is not None]
    return Reconciliation(
        year=year,
        funder=funder,
        allocation=float(kinds["allocation"]["amount"].sum()) if len(kinds["allocation"]) else None,
        pots=pots,
        available=whole if whole is not None else sum(parts) if parts else None,
    )


def _sum(rows: pd.DataFrame, pot: str) -> float | None:
    found = rows.loc[rows["pot"] == pot, "amount"]
    return float(found.sum()) if len(found) else None


def by_year(subject: Subject) -> pd.DataFrame:
    """What was granted each year: ``year``, ``funder``, ``amount`` (pounds: the allocation, else the pots, else the
    awards together), ``basis`` (which of them); the oldest first."""
    found = []
    for year in reversed(years(subject)):
        for grant in reconciled(subject, year):
            amounts = (
                ("allocation", grant.allocation),
                ("pots together", grant.pots_total),
                ("awards together", grant.awarded),
            )
            basis, amount = next((b, a) for b, a in amounts if a is not None)
            found.append({"year": year, "funder": grant.funder, "amount": amount, "basis": basis})
    return pd.DataFrame(found, columns=["year", "funder", "amount", "basis"])


def by_priority(subject: Subject, year: str) -> pd.DataFrame:
    """Awards of a year by the priority they serve and pot.

    Returns
    -------
    ``plan``, ``priority`` ("" when the ledger names none), ``pot``, ``amount`` (pounds), ``projects``; the largest
    priority first, pots in the order of the ledger.
    """
    awards = ledger(subject)
    awards = awards[(awards["year"] == year) & (awards["kind"] == "award")]
    grouped = awards.groupby(["plan", "priority", "pot"], sort=False, as_index=False).agg(
        amount=("amount", "sum"), projects=("project", "size")
    )
    totals = grouped.groupby(["plan", "priority"])["amount"].transform("sum")
    return grouped.assign(_total=totals).sort_values("_total", ascending=False, kind="stable").drop(columns="_total")


def awards_of(subject: Subject, plan: str, priority: str) -> pd.DataFrame:
    """Awards that serve a priority of a plan: the rows of the ledger, the latest year first, the largest first."""
    rows = ledger(subject)
    rows = rows[(rows["kind"] == "award") & (rows["plan"] == plan) & (rows["priority"] == priority)]
    return rows.sort_values(["year", "amount"], ascending=False, kind="stable").reset_index(drop=True)
