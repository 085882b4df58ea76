"""The wards of a partnership beside each other: ranks, gathering, mixes of kinds, persistence, hot spots.

Everything starts from ``results.table``, that is from counts as the role may see them. Where a figure that a statistic
is made of is withheld, the statistic is withheld for all wards, with the reason; where it is missing, it is missing.
Records that no ward takes are in no statistic here: ``by_ward`` leaves them out, and pages say how many they are.

Wards are always those of one set, by their codes. Nothing is matched by name.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis import benchmark, concentration, partner_figures, periods, results
from csp_data.analysis.concentration import Dispersion, TopShare
from csp_data.analysis.counts import UNALLOCATED
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Answer, Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import root
from csp_data.catalogue.measures import DENOMINATORS, measure_named

WITHHELD = "Withheld so that nobody can be identified: some of the figures it would be made from are withheld."
MISSING = "There is no figure, because some of the months or figures it would be made from are missing."
QUARTERS_SHOWN = 8
"""Quarters looked back on; the latest 4 of them decide who stays among those with most."""
REOFFENDING_THEMES = ("iom", "probation")


def by_ward(subject: Subject, question: Question) -> pd.DataFrame:
    """``results.table`` by area without the row of records that no ward takes; the question's own area is left aside."""
    rows = results.table(subject, replace(question, area=None), "area")
    # Only the last row can be what no ward takes.
    return rows.iloc[:-1] if len(rows) and rows["area"].iloc[-1] == UNALLOCATED else rows


def status_of(statuses: Collection[str]) -> tuple[str, str]:
    """Status, and the reason when there is none, of a statistic on figures with these statuses: withheld when any is,
    else missing when any is not there."""
    found = set(statuses)
    if "withheld" in found:
        return "withheld", WITHHELD
    if found != {"available"}:
        return "missing", MISSING
    return "available", ""


def ranked(subject: Subject, question: Question) -> pd.DataFrame:
    """The wards by their rate, each with its place and between which places chance could move it.

    Returns
    -------
    ``results.table`` by ward, as rates, highest first, with: ``rank``, ``rank_from``, ``rank_to`` (1 = highest; on rate;
    missing where not known, the last two also where most of the count was estimated), ``rank_count`` (on the count),
    ``responded`` (wards with a rate) of ``asked``, ``against_whole`` ("higher", "similar", "lower": the ward's interval
    against the partnership's rate as a fixed value; "" when not known), ``whole`` (that rate), ``rank_status`` and
    ``rank_reason``. One withheld ward withholds every rank, for the ranks of the others would say where it stands.
    """
    # Which ward is looked at changes nothing, and a page about one ward asks more than once.
    return _ranked(subject, replace(question, area=None, per="rate")).copy(deep=False)


def place_of(subject: Subject, question: Question) -> dict[str, Any]:
    """The row of ``ranked`` of the question's ward."""
    rows = _ranked(subject, replace(question, area=None, per="rate"))
    at = rows["area"].tolist().index(question.area)
    return {name: rows[name].iloc[at] for name in ("against_whole", "responded", *_RANKS, "rank_reason")}


@lru_cache(maxsize=50)
def _ranked(subject: Subject, asked: Question) -> pd.DataFrame:
    rows, whole = by_ward(subject, asked), results.answer(subject, asked)
    found = benchmark.rank(
        pd.DataFrame(
            {
                "area": rows["area"],
                "count": rows["numerator"],
                "population": rows["denominator"],
                "counted": _counted(rows),
            }
        ),
        per=measure_named(asked.measure).per,
    )
    hidden = bool((rows["value_status"] == "withheld").any())
    ranks = {
        name: np.full(len(rows), np.nan) if hidden else found[source].to_numpy(dtype=float, na_value=np.nan)
        for name, source in _RANKS.items()
    }
    known = ~np.isnan(found["rate"].to_numpy())
    whole_rate = float("nan") if whole.value is None else whole.value
    columns = {
        **ranks,
        "responded": found["responded"].to_numpy(),
        "asked": found["asked"].to_numpy(),
        "whole": whole_rate,
        "against_whole": benchmark.verdicts(rows["lower"], rows["upper"], whole_rate).astype(object),
        "rank_status": "withheld" if hidden else np.where(known, "available", "missing").astype(object),
        "rank_reason": WITHHELD if hidden else np.where(known, "", rows["reason"].to_numpy()),
    }
    order = np.argsort(-rows["value"].to_numpy(), kind="stable")  # NaN last
    wide = pd.concat([rows, pd.DataFrame(columns, index=rows.index)], axis=1)
    return wide.iloc[order].reset_index(drop=True)


_RANKS = {"rank": "rank_rate", "rank_from": "rank_from", "rank_to": "rank_to", "rank_count": "rank_count"}


@dataclass(frozen=True, eq=False)
class Gathering:
    """How far the counts of a period gather in few wards.

    ``curve``: a row a ward, lowest count first: ``area``, ``area_name``, ``count``, ``cum_area`` and ``cum_share`` (0 to
    1). ``gini`` is 0 when all wards have alike and nearly 1 when one has all; ``adjusted`` is against the most even
    spread that so many records allow, and is the one to show when ``few`` (fewer records than wards). Everything is
    empty or NaN when ``value_status`` is not "available".
    """

    top: TopShare
    curve: pd.DataFrame
    gini: float
    adjusted: float
    few: bool
    dispersion: Dispersion
    names: Mapping[str, str]
    value_status: str
    reason: str


@lru_cache(maxsize=50)
def gathering(subject: Subject, question: Question, places: int) -> Gathering:
    """How far the question's counts gather in few wards; ``places`` is how many wards are the top.

    Wards are taken as equal places, whatever their population: the question is where records are, not who is at risk.
    The dispersion is about one rate for all, where there are populations. Share it, never change it.
    """
    rows = by_ward(subject, replace(question, per="rate"))
    # A ward without a population has a count all the same, and its status says only that there is no rate.
    status, reason = status_of(set(rows["value_status"]) - {"not applicable"})
    counts = rows.set_index("area")["numerator"]
    names = dict(zip(rows["area"], rows["area_name"], strict=True))
    known = counts if status == "available" else counts * np.nan
    curve = concentration.lorenz(known)
    total = float(known.sum())
    return Gathering(
        top=concentration.top_share(known, min(places, len(known))),
        curve=curve.assign(area_name=curve["area"].map(names)),
        gini=concentration.gini(known),
        adjusted=concentration.adjusted_gini(known),
        few=total < len(known),
        dispersion=concentration.dispersion(known, rows["denominator"].to_numpy()),
        names=names,
        value_status=status,
        reason=reason,
    )


def mix_of_ward(subject: Subject, question: Question) -> pd.DataFrame:
    """The kinds of crime in the question's ward against their share in the whole partnership: location quotients.

    Returns
    -------
    ``results.table`` by category of the kinds directly under all, in the ward, with the columns of ``_with_quotients``.
    """
    asked = replace(question, category=None, per="count", compare=None)
    everything = root(measure_named(question.measure).dataset)
    kinds = results.table(subject, asked, "category")
    kinds = kinds[kinds["category"] != everything].reset_index(drop=True)
    there = results.table(subject, replace(asked, area=None), "category").set_index("category").loc[kinds["category"]]
    all_here, all_there = results.answer(subject, asked), results.answer(subject, replace(asked, area=None))
    return _with_quotients(kinds, _alike(all_here, kinds), there, _alike(all_there, kinds))


def wards_of_kind(subject: Subject, question: Question) -> pd.DataFrame:
    """The share of the question's kind in the crime of each ward against that in the whole partnership's: location
    quotients. ``results.table`` by ward of the kind, with the columns of ``_with_quotients``."""
    asked = replace(question, area=None, per="count", compare=None)
    of_all = replace(asked, category=None)
    kind, everything = by_ward(subject, asked), by_ward(subject, of_all)
    there, all_there = results.answer(subject, asked), results.answer(subject, of_all)
    return _with_quotients(kind, everything, _alike(there, kind), _alike(all_there, kind))


def _counted(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of results are of counts that were not mostly estimated: the others get no interval."""
    return ~(rows["estimated"].to_numpy(dtype=float) > results.MOSTLY)


def _alike(answer: Answer, rows: pd.DataFrame) -> pd.DataFrame:
    """The same figure beside every row."""
    number = np.nan if answer.numerator is None else float(answer.numerator)
    return pd.DataFrame({"numerator": number, "value_status": answer.value_status}, index=rows.index)


def _with_quotients(
    rows: pd.DataFrame, all_here: pd.DataFrame, there: pd.DataFrame, all_there: pd.DataFrame
) -> pd.DataFrame:
    """Rows of results, the highest quotient first, with ``lq`` = (kind here / all here) / (kind in the partnership / all
    in the partnership), ``lower``, ``upper`` (95%, of the quotient; missing where most of the count was estimated),
    ``expected`` (count here at the partnership's mix), ``few_expected`` (under 5) and ``verdict`` ("higher", "similar",
    "lower" than the partnership's share; "" when not known). ``value_status`` and ``reason`` are those of the quotient:
    "not applicable" where the ward has no crime."""
    parts = (rows, all_here, there, all_there)
    here, whole, kind, everything = (part["numerator"].to_numpy(dtype=float) for part in parts)
    # Rounded counts may not add up: no part is taken to be larger than its whole.
    here = np.where(here > whole, whole, here)
    found = concentration.location_quotients(here, whole, kind, everything)
    stated = np.array([part["value_status"].tolist() for part in parts])
    given = np.where(
        (stated == "withheld").any(axis=0),
        "withheld",
        np.where((stated != "available").any(axis=0), "missing", "available"),
    )
    made = (given == "available") & ~np.isnan(found["lq"])
    numbers = {name: np.where(made, found[name], np.nan) for name in ("expected", "lq")}
    numbers |= {name: np.where(made & _counted(rows), found[name], np.nan) for name in ("lower", "upper")}
    table = rows.assign(
        **numbers,
        few_expected=made & found["few_expected"],
        verdict=benchmark.verdicts(numbers["lower"], numbers["upper"], 1.0).astype(object),
        value_status=np.where(made, "available", np.where(given == "available", "not applicable", given)).astype(
            object
        ),
        reason=np.select([given == "withheld", given == "missing"], [WITHHELD, MISSING], found["reason"]).astype(
            object
        ),
    )
    return table.iloc[np.argsort(-numbers["lq"], kind="stable")].reset_index(drop=True)  # NaN last


@dataclass(frozen=True, eq=False)
class Staying:
    """Which wards stay among those with most.

    ``wards``: a row a ward, those longest in the top first: ``area``, ``area_name``, ``hits`` (of the latest 4 quarters
    in the top fifth), ``persistent`` (3 or more; missing when not known), ``ever`` (in the top fifth in any quarter
    shown). ``ranks``: index ward code, a column a quarter (its first month), 1 = most, ties share; NaN when not known.
    ``statuses``: a status for each quarter.
    """

    wards: pd.DataFrame
    ranks: pd.DataFrame
    counts: pd.DataFrame
    statuses: Mapping[str, str]
    top: int
    known: int
    value_status: str
    reason: str


def staying(subject: Subject, question: Question, quarters: int = QUARTERS_SHOWN) -> Staying:
    """Which wards were in the top fifth by count, quarter after quarter, up to the last whole quarter of the question's
    period. Whole quarters from January, April, July and October only."""
    last = periods.month_number(question.end) + 1
    spans = [
        Span(periods.month_text(start), periods.month_text(start + 2))
        for start in range(last - last % 3 - 3 * quarters, last - last % 3, 3)
    ]
    asked = replace(question, per="count", compare=None)
    found_counts = results.grid(subject, [replace(asked, area=None, start=s.start, end=s.end) for s in spans])
    statuses = {span.start: status_of(found_counts.statuses[:, number])[0] for number, span in enumerate(spans)}
    counts = pd.DataFrame(
        {
            span.start: found_counts.values[:, number] if statuses[span.start] == "available" else np.nan
            for number, span in enumerate(spans)
        },
        index=pd.Index(found_counts.areas, name="area"),
    )
    positions = concentration.ranks(counts)
    found = concentration.persistence(counts)
    top = concentration.places_in_top(len(counts))
    latest = [statuses[quarter] for quarter in counts.columns[-4:]]
    known = latest.count("available")
    status, reason = ("available", "") if known else status_of(latest)
    wards = found.assign(
        area_name=found_counts.names,
        ever=((positions <= top) & (counts > 0)).any(axis=1).to_numpy(),
        best=positions.mean(axis=1).to_numpy(),
    ).sort_values(["hits", "best"], ascending=[False, True], kind="stable", ignore_index=True)
    if status != "available":
        wards = wards.assign(persistent=pd.array([None] * len(wards), dtype="boolean"))
    return Staying(wards, positions, counts, statuses, top, known, status, reason)


def hot_spots(subject: Subject, question: Question) -> pd.DataFrame:
    """Wards that stand high, or low, in rate together with the wards around them (Gi*), for all kinds together and each
    kind of the measure.

    All tests of a period go through one false-discovery control, whichever kind is looked at: looking through the
    kinds one by one would find something by chance.

    Returns
    -------
    ``concentration.hot_spots`` with ``area_name``, ``category`` (its series), ``value_status`` and ``reason``.
    """
    measure = measure_named(question.measure)
    everything = root(measure.dataset)
    asked = replace(question, area=None, per="rate", compare=None)
    lines = [everything, *results.lines_below(subject, measure.id, question.role)]
    if question.category and question.category not in lines:
        lines.append(question.category)
    rates = results.grid(subject, [replace(asked, category=line) for line in lines])
    values = pd.DataFrame(rates.values, index=list(rates.areas), columns=lines)
    vintage = question.vintage or subject.partnership.vintage(None).id
    found = concentration.hot_spots(values, subject.neighbours(vintage))
    # A row a series and area, in the order of the tables and of their wards.
    stated = [status_of(column) for column in rates.statuses.T]
    status, told = (np.repeat(np.array(words, dtype=object), len(rates.areas)) for words in zip(*stated, strict=True))
    known = status == "available"
    return found.assign(
        category=found["series"],
        area_name=np.tile(np.array(rates.names, dtype=object), len(lines)),
        value=np.where(known, found["value"], np.nan),
        value_status=np.where(known, np.where(found["z"].notna(), "available", "not applicable"), status),
        reason=np.where(known, found["reason"], told),
    )


@dataclass(frozen=True, eq=False)
class Together:
    """Two measures, and reoffending where partners report it, by ward.

    ``wards``: a row a ward: ``area``, ``area_name``; for each measure id ``<id>_rate``, ``<id>_count``, ``<id>_rank``,
    ``<id>_status``; ``reoffending``, ``reoffending_status`` when there is such a figure; ``both`` (among the top
    ``places`` by count of both measures). ``shares``: measure id -> share (0 to 1) of its records in those wards.
    """

    wards: pd.DataFrame
    measures: tuple[str, str]
    places: int
    shares: Mapping[str, float]
    reoffending: str
    value_status: str
    reason: str


@lru_cache(maxsize=50)
def together(subject: Subject, question: Question, places: int) -> Together | None:
    """Crime and ASB by ward over the question's months, with the wards where both gather; None when the release does
    not hold both. Of all kinds together: the kind chosen for one measure means nothing in the other. Share it, never
    change it."""
    measures = subject.measures()
    if len(measures) < 2:
        return None
    first, second = measures[:2]
    tables = {
        measure: by_ward(
            subject, replace(question, measure=measure, category=None, per="rate", compare=None)
        ).set_index("area")
        for measure in (first, second)
    }
    columns: dict[str, object] = {"area_name": tables[first]["area_name"]}
    tops: dict[str, set[str]] = {}
    statuses: list[str] = []
    for measure, rows in tables.items():
        stated = rows["value_status"]
        # A ward without a population has a count all the same, and its status says only that there is no rate.
        status, _ = status_of(set(stated) - {"not applicable"})
        counts = rows["numerator"] if status == "available" else rows["numerator"] * np.nan
        statuses.append(status)
        columns |= {
            f"{measure}_rate": rows["value"],
            f"{measure}_count": rows["numerator"],
            f"{measure}_rank": counts.rank(ascending=False, method="min"),
            f"{measure}_status": stated,
        }
        tops[measure] = set(concentration.top_share(counts, min(places, len(counts))).areas)
    status, reason = status_of(statuses)
    both = tops[first] & tops[second]
    columns["both"] = tables[first].index.isin(list(both))
    wards = pd.DataFrame(columns)
    shares: dict[str, float] = {}
    for measure in tables:
        counts = wards[f"{measure}_count"]
        total = counts.sum()
        shares[measure] = float(counts[wards["both"]].sum() / total) if status == "available" and total else np.nan
    reoffending = _reoffending(subject, question.role, tuple(wards.index))
    label = ""
    if reoffending is not None:
        label = str(reoffending["label"].iloc[0])
        wards["reoffending"] = reoffending["value"]
        wards["reoffending_status"] = reoffending["value_status"].reindex(wards.index).fillna("missing")
    order = wards[f"{first}_rank"].fillna(len(wards)) + wards[f"{second}_rank"].fillna(len(wards))
    wards = wards.assign(area=wards.index).iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)
    return Together(wards, (first, second), places, shares, label, status, reason)


@lru_cache(maxsize=10)
def _reoffending(subject: Subject, role: str, wards: tuple[str, ...]) -> pd.DataFrame | None:
    """The latest figure on managed offenders or probation that partners report by ward: index ward code, ``label``,
    ``value``, ``value_status``. None when there is none by ward."""
    rows = partner_figures.figures(subject, role)
    rows = rows[rows["theme"].isin(REOFFENDING_THEMES) & rows["area_code"].isin(wards)]
    if rows.empty:
        return None
    figure = rows["figure"].value_counts().index[0]
    rows = rows[rows["figure"] == figure]
    rows = rows[rows["period_end"] == rows["period_end"].max()].drop_duplicates("area_code").set_index("area_code")
    return rows.assign(
        label=rows["label"]
        + " ("
        + rows["unit"]
        + ")"
        + f", {rows['period_start'].min():%B %Y} to {rows['period_end'].max():%B %Y}"
    )


# Who is in a ward


def denominators(subject: Subject, vintage: str) -> tuple[str, ...]:
    """What rates of the wards of a set may be per: those of ``DENOMINATORS`` that the release has for every ward of it."""
    people = subject.populations
    years = periods.month_number(max((m for id in subject.measures() for m in subject.months(id)), default="2000-01"))
    return tuple(
        kind
        for kind in DENOMINATORS
        if people.has(kind)
        and all(people.of(ward, years // 12, vintage, kind).known for ward in subject.wards[vintage])
    )


def by_day(subject: Subject, question: Question) -> tuple[float, float]:
    """People in the question's ward on a working day, and its residents, in the middle of the question's period; NaN
    where the release has no estimate."""
    year, vintage = Span(question.start, question.end).middle_year, str(question.vintage)
    area = str(question.area)
    workday, residents = (subject.populations.of(area, year, vintage, kind) for kind in ("workday", "residents"))
    return workday.people, residents.people


# Finding a ward


_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")


def postcode(text: str) -> str:
    """A postcode in capitals with one space, however it was typed; "" when the text is not a whole postcode."""
    found = _POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper()))
    return f"{found[1]} {found[2]}" if found else ""


def ward_of_postcode(subject: Subject, text: str, vintage: str) -> str | None:
    """Code of the ward of a set that a postcode lies in; None when the release does not know it."""
    wanted = postcode(text)
    if not wanted:
        return None
    rows = subject.supplied("postcodes")
    found = rows.loc[(rows["postcode"] == wanted) & (rows["vintage"] == vintage), "ward_code"]
    return str(found.iloc[0]) if len(found) and found.iloc[0] in subject.wards[vintage] else None


def named_elsewhere(subject: Subject, area: str, vintage: str) -> dict[str, str]:
    """Other ward sets that have a ward of the same name: ward set -> code. To warn of it, never to join on it."""
    name = subject.wards[vintage][area]
    return {
        other: code
        for other, wards in subject.wards.items()
        for code, ward in wards.items()
        if other != vintage and ward == name
    }
