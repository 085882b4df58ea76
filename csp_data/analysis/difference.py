"""What changed between two releases of a partnership: every figure that moved, and everything that came or went.

For the analyst who decides whether a candidate is published. Figures go through the disclosure gateway like all others,
so that a role sees no more of a difference than of the two figures themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from csp_data.analysis import results
from csp_data.analysis.periods import financial_year_of, rolling_12
from csp_data.analysis.results import By, Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS
from csp_data.catalogue.measures import MEASURES

THRESHOLD = 0.01
"""Share of the earlier figure that a figure must move by to be told: 1%. Our own choice; the desk offers others."""

Verdicts = Callable[[Subject], Mapping[str, str]]
"""Gives the verdict on every registered claim of a release: id -> verdict."""

_KEY = ["measure", "category", "vintage", "area", "kind", "which", "per"]
_NAMES = ["category_label", "area_name", "period"]
_FIGURES = [*_KEY, *_NAMES, "before", "after", "status_before", "status_after", "moved", "share", "what"]
_CODES = {
    "indicators": ("indicator", "indicator", "label"),
    "survey": ("survey question", "question", "question_label"),
    "priorities": ("priority", "priority", "label"),
    "partner_figures": ("partner figure", "figure", "label"),
}
"""Dataset -> what a code in it stands for, its column, and that of its name."""


@dataclass(frozen=True)
class Difference:
    """What changed from one release to another. All tables are empty when nothing did.

    Attributes
    ----------
    figures : a row a figure that moved: ``measure``, ``category``, ``vintage``, ``area`` ("" for the partnership),
        ``kind`` ("month", "financial year", "12 months"), ``which`` (the period's key), ``per`` ("count" or "rate"),
        labels, ``before``, ``after`` (NaN where missing or withheld), their statuses ("not held" where the release has
        no such figure), ``moved``, ``share`` of the earlier figure, and ``what``: "moved", "more months" (of a year that
        was held in part), "fewer months", "now held", "held no more", "now withheld", "withheld no more". A rate that
        moved just as its count did is not told again.
    months : a row a month: ``measure``, ``month``, ``what`` ("new", "missing now", "revised").
    codes : a row a code: ``kind``, ``code``, ``name``, ``what`` ("new" or "gone").
    populations : a row an estimate that changed: area, year, ``denominator``, ``before``, ``after``.
    tables : a row a dataset that changed: ``rows_before``, ``rows_after`` (NaN where withheld from the role),
        ``only_before`` and ``only_after`` (rows that the other has not; NaN for counts), ``what``.
    claims : a row a claim whose verdict changed: ``claim``, ``before``, ``after``. None when none are registered.
    compared : how many figures were made and compared; none of a measure whose files are the same.
    """

    before: str
    after: str
    threshold: float
    figures: pd.DataFrame
    months: pd.DataFrame
    codes: pd.DataFrame
    populations: pd.DataFrame
    tables: pd.DataFrame
    claims: pd.DataFrame | None
    compared: int

    @property
    def is_nothing(self) -> bool:
        found = (self.figures, self.months, self.codes, self.populations, self.tables, self.claims)
        return all(table is None or table.empty for table in found)


def difference(
    before: Subject,
    after: Subject,
    role: str = "analyst",
    threshold: float = THRESHOLD,
    verdicts: Verdicts | None = None,
) -> Difference:
    """Compare two releases of one partnership.

    Every measure is compared for the whole partnership and each ward of the ward sets that both have, by month, financial
    year and over the 12 months to the latest month of both; every line of its tree for the whole partnership. Counts in
    every period; rates in years.

    Parameters
    ----------
    threshold : share of the earlier figure that a figure must move by, more than, to be told. What was or is zero,
        missing or withheld is always told when it changes.
    verdicts : what judges the registered claims, if any are.

    Raises
    ------
    ValueError
        When the two are not of one partnership, or the threshold is negative.
    """
    if before.partnership.id != after.partnership.id:
        raise ValueError(f"{before.partnership.name} cannot be compared with {after.partnership.name}.")
    if threshold < 0:
        raise ValueError("The threshold is a share of 0 or more.")
    rows_before, rows_after = _rows(before, after, role), _rows(after, before, role)
    merged = rows_before.merge(rows_after, on=_KEY, how="outer", suffixes=("_before", "_after"))
    figures = _moved(merged, threshold)
    return Difference(
        before=before.release.id,
        after=after.release.id,
        threshold=threshold,
        figures=figures,
        months=_months(before, after, merged),
        codes=_codes(before, after, role),
        populations=_populations(before, after),
        tables=_tables(before, after, role),
        claims=_claims(before, after, verdicts) if verdicts else None,
        compared=len(merged),
    )


# Figures


def _rows(subject: Subject, other: Subject, role: str) -> pd.DataFrame:
    """Every figure of a release that is compared, under the columns of ``_KEY``, with value, status and months."""
    parts = [part for question, by in _questions(subject, other, role) for part in _figures(subject, question, by)]
    columns = [*_KEY, *_NAMES, "value", "status", "present"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _questions(subject: Subject, other: Subject, role: str) -> Iterator[tuple[Question, By | None]]:
    shared = [v for v in subject.wards if v in other.wards]
    for measure in subject.measures():
        held, theirs = subject.months(measure), other.months(measure) if measure in other.measures() else []
        if not held or _same_counts(subject, other, measure):
            continue
        everything = Question(measure, held[0], held[-1], per="rate", role=role)
        both = sorted(set(held) & set(theirs))
        year = rolling_12(both[-1]) if both else None
        lines = [line for line in results.lines(subject, measure, role) if line in CATEGORIES]
        places: list[Question] = [everything]
        places += [replace(everything, category=line) for line in lines]
        places += [
            replace(everything, area=ward, vintage=v)
            for v in shared
            for ward in subject.wards[v]
            if ward in other.wards[v]
        ]
        for place in places:
            yield replace(place, per="count"), "month"
            yield place, "financial_year"
            if year is not None:
                yield replace(place, start=year.start, end=year.end), None


def _same_counts(subject: Subject, other: Subject, measure: str) -> bool:
    """Whether all that the figures of a measure are made of is byte for byte the same, so that they need not be made."""
    needed = (MEASURES[measure].dataset, "areas", "ward_lookup", "small_areas", "population")
    if subject.partnership != other.partnership or not all(other.release.has(name) for name in needed):
        return False
    if not all(subject.release.has(name) for name in needed):
        return False
    entries = [(subject.release.extract(name), other.release.extract(name)) for name in needed]
    told = ("sha256", "months", "disclosure")
    return all(ours.get(key) == theirs.get(key) for ours, theirs in entries for key in told)


_KINDS: Mapping[str | None, str] = {"month": "month", "financial_year": "financial year", None: "12 months"}


def _figures(subject: Subject, question: Question, by: By | None) -> Iterator[pd.DataFrame]:
    found = results.table(subject, question, by)
    ends = found["period_end"]
    common = pd.DataFrame(
        {
            "measure": question.measure,
            "category": question.category or "",
            "vintage": question.vintage or "" if question.area else "",
            "area": question.area or "",
            "kind": _KINDS[by],
            "which": ends.map(financial_year_of) if by == "financial_year" else ends,
            "category_label": found["category_label"],
            "area_name": found["area_name"],
            "period": found["period"],
            "present": found["months_present"],
        }
    )
    # Of the months between those held there are none; a figure that says so is no figure.
    held = found["months_present"] > 0
    status = found["value_status"].where(found["value_status"] != "not applicable", "available")
    yield common.assign(per="count", value=found["numerator"], status=status)[held]
    if by != "month":
        yield common.assign(per="rate", value=found["value"], status=found["value_status"])[held]


def _moved(merged: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """The figures that differ by more than the threshold, largest share first within each kind."""
    if merged.empty:
        return pd.DataFrame(columns=_FIGURES)
    status_before = merged["status_before"].fillna("not held")
    status_after = merged["status_after"].fillna("not held")
    before, after = merged["value_before"].astype(float), merged["value_after"].astype(float)
    moved = after - before
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(before != 0, moved / before, np.where(moved == 0, 0.0, np.inf))
    # A month that came or went is told under the months, once, and not again for every ward.
    one_month = (merged["kind"] == "month") & ((status_before == "not held") | (status_after == "not held"))
    to_zero = (after == 0) & (before != 0)
    told = ((np.abs(share) > threshold) | to_zero) & ~np.isclose(moved, 0, atol=1e-9) | (status_before != status_after)
    more, fewer = merged["present_after"] > merged["present_before"], merged["present_after"] < merged["present_before"]
    what = np.select(
        [
            status_before == "not held",
            status_after == "not held",
            (status_after == "withheld") & (status_before != "withheld"),
            (status_before == "withheld") & (status_after != "withheld"),
            more,
            fewer,
        ],
        ["now held", "held no more", "now withheld", "withheld no more", "more months", "fewer months"],
        "moved",
    )
    found = merged.assign(
        before=before,
        after=after,
        status_before=status_before,
        status_after=status_after,
        moved=moved,
        share=share,
        what=what,
        **{name: merged[f"{name}_after"].fillna(merged[f"{name}_before"]) for name in _NAMES},
    )[_FIGURES]
    found = found[told & ~one_month]
    found = found[~_only_by_its_count(found)]
    order = found["kind"].map({"12 months": 0, "financial year": 1, "month": 2})
    size = -found["share"].abs().fillna(np.inf)
    keys = found.assign(_order=order, _size=size).sort_values(["_order", "_size", *_KEY], kind="stable").index
    return found.loc[keys].reset_index(drop=True)


def _only_by_its_count(found: pd.DataFrame) -> pd.Series:
    """Which rates moved as their counts did, and no more: the count says it."""
    place = [name for name in _KEY if name != "per"]
    counts = found.loc[found["per"] == "count", [*place, "share", "what"]]
    of_count = found.merge(counts, on=place, how="left", suffixes=("", "_of_count")).set_axis(found.index)
    alike = np.isclose(of_count["share"], of_count["share_of_count"], rtol=1e-6, equal_nan=True)
    return (found["per"] == "rate") & alike & (of_count["what"] == of_count["what_of_count"])


def _months(before: Subject, after: Subject, merged: pd.DataFrame) -> pd.DataFrame:
    """Months that came, went, or of which any figure is not what it was, whatever the threshold."""
    rows = []
    for measure in MEASURES:
        then = set(before.months(measure)) if measure in before.measures() else set()
        now = set(after.months(measure)) if measure in after.measures() else set()
        held = merged["status_before"].notna() & merged["status_after"].notna()
        changed = merged[held & (merged["kind"] == "month") & (merged["measure"] == measure)]
        differs = ~np.isclose(
            changed["value_before"].astype(float), changed["value_after"].astype(float), equal_nan=True
        )
        revised = set(changed.loc[differs, "which"]) & then & now
        for months, what in ((now - then, "new"), (then - now, "missing now"), (revised, "revised")):
            rows += [{"measure": measure, "month": month, "what": what} for month in months]
    table = pd.DataFrame(rows, columns=["measure", "month", "what"])
    return table.sort_values(["measure", "month"], ignore_index=True)


# Codes and tables


def _codes(before: Subject, after: Subject, role: str) -> pd.DataFrame:
    then, now = dict(_held_codes(before, role)), dict(_held_codes(after, role))
    rows = [
        {"kind": kind, "code": code, "name": name, "what": what}
        for what, have, lack in (("gone", then, now), ("new", now, then))
        for (kind, code), name in have.items()
        if (kind, code) not in lack
    ]
    table = pd.DataFrame(rows, columns=["kind", "code", "name", "what"])
    return table.sort_values(["kind", "what", "code"], ignore_index=True)


def _held_codes(subject: Subject, role: str) -> Iterator[tuple[tuple[str, str], str]]:
    """What a release has names for: (kind, code) and the name."""
    release = subject.release
    for vintage, wards in subject.wards.items():
        yield ("ward set", vintage), subject.partnership.vintage(vintage).label
        yield from ((("ward", f"{code} ({vintage})"), name) for code, name in wards.items())
    for measure in subject.measures():
        yield ("measure", measure), MEASURES[measure].label
        lines = results.lines(subject, measure, role)
        yield from ((("type", line), CATEGORIES[line].label) for line in lines if line in CATEGORIES)
    if release.has("small_areas"):
        table = release.read("small_areas", columns=["area_code", "area_name"]).drop_duplicates("area_code")
        yield from (
            (("small area", code), str(name)) for code, name in zip(*map(table.get, table), strict=True) if code
        )
    for dataset, (kind, code, name) in _CODES.items():
        if release.has(dataset) and {code, name} <= set(DATASETS[dataset].column_names):
            table = release.read(dataset, columns=[code, name]).drop_duplicates(code)
            yield from (((kind, str(c)), str(n)) for c, n in zip(table[code], table[name], strict=True))


def _populations(before: Subject, after: Subject) -> pd.DataFrame:
    key = [*DATASETS["population"].key]
    columns = [*key, "population"]
    then, now = (
        s.release.read("population", columns=columns) if s.release.has("population") else pd.DataFrame(columns=columns)
        for s in (before, after)
    )
    both = then.merge(now, on=key, how="outer", suffixes=("_before", "_after"))
    both = both.rename(columns={"population_before": "before", "population_after": "after"})
    same = (both["before"] == both["after"]) | (both["before"].isna() & both["after"].isna())
    return both[~same].sort_values(key, ignore_index=True)


def _tables(before: Subject, after: Subject, role: str) -> pd.DataFrame:
    rows = []
    for name in DATASETS:
        then, now = before.release.has(name), after.release.has(name)
        if not then and not now:
            continue
        row: dict[str, Any] = {
            "dataset": name,
            "rows_before": results.rows_held(before, name, role)[0] if then else np.nan,
            "rows_after": results.rows_held(after, name, role)[0] if now else np.nan,
            "only_before": np.nan,
            "only_after": np.nan,
            "what": "changed" if then and now else "new" if now else "gone",
        }
        if then and now:
            if before.release.extract(name)["sha256"] == after.release.extract(name)["sha256"]:
                continue
            if name not in COUNT_DATASETS and name not in ("areas", "postcodes"):
                row |= _rows_only_in_one(before, after, name)
        rows.append(row)
    return pd.DataFrame(rows, columns=["dataset", "rows_before", "rows_after", "only_before", "only_after", "what"])


def _rows_only_in_one(before: Subject, after: Subject, name: str) -> dict[str, int]:
    then, now = (s.release.read(name).astype("string").fillna("") for s in (before, after))
    both = then.drop_duplicates().merge(now.drop_duplicates(), how="outer", indicator=True)["_merge"].value_counts()
    return {"only_before": int(both["left_only"]), "only_after": int(both["right_only"])}


def _claims(before: Subject, after: Subject, verdicts: Verdicts) -> pd.DataFrame:
    then, now = verdicts(before), verdicts(after)
    rows = [
        {"claim": claim, "before": then.get(claim, "not registered"), "after": now.get(claim, "not registered")}
        for claim in sorted(then.keys() | now.keys())
        if then.get(claim) != now.get(claim)
    ]
    return pd.DataFrame(rows, columns=["claim", "before", "after"])
