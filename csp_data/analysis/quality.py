"""What is wrong, odd or incomplete in the data of a release: each finding a sentence with figures, a date and what to do.

The rules follow those by which the Real-Time Crime Index keeps or drops an agency's months (no row, all missing, all
zero, beyond limits, lowest ever) and add what a partnership needs: late months, sudden changes of level, records without
a place, the same month twice, and sums that must agree. Every count is an answer of ``results``, so it has passed the
disclosure gateway for the role; a rule that needs a withheld count is not applied, and says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from csp_data.analysis import over_time, peers, results
from csp_data.analysis.change import changes
from csp_data.analysis.disclosure import restricted
from csp_data.analysis.periods import (
    Span,
    day_label,
    financial_year,
    financial_year_of,
    month_label,
    month_number,
    month_text,
    runs,
)
from csp_data.analysis.results import UNALLOCATED, Question, QuestionError
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, children, root
from csp_data.catalogue.datasets import COUNT_DATASETS, DATASETS
from csp_data.catalogue.measures import APART, MEASURES, measure_named

Weight = Literal["mend", "look", "note", "fine"]

LATE_AFTER = 3
"""Months between the last month and the making of a release from which it is late: data.police.uk takes about two."""
SHIFT = 20.0
"""Per cent by which 12 months must differ from the 12 before to be a change of level."""
LEAST_SHARE = 0.05
"""Share of records without a ward that is worth a look."""
SHARE_MOVED = 0.03
"""Change of that share from the years before that is."""
APART_FROM = 1.0
"""Per cent by which two sources of the same count may differ before it is worth a look."""
LIMIT_MONTHS = 36
SHORTEST_LOWEST = 24
"""Months of which the latest must be the lowest to be called the lowest ever."""
SMALLEST_TWIN = 30
"""Records that a month must have to be called the same as another: two small months may be alike by chance."""


@dataclass(frozen=True)
class Rule:
    """A rule of the page: what it is called and how it decides."""

    id: str
    label: str
    method: str


RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("no-row", "Months without data", "A month between the first and the last that no source covers."),
        Rule(
            "source-gap",
            "Months without a source",
            "A covered month in which a source that gives others gives nothing.",
        ),
        Rule("all-zero", "Months of zero", "A covered month with no record at all in the whole area."),
        Rule(
            "late",
            "Late or unsettled months",
            f"The last month lies more than {LATE_AFTER} months before the release was made, or behind another dataset's; "
            "or the release names it as provisional.",
        ),
        Rule(
            "shift",
            "Sudden change of level",
            f"The 12 months from a month differ from the 12 before by {SHIFT:.0f}% or more and by more than chance (exact "
            "95% interval), and the three months from it moved at least half as much against the three before. The "
            "largest within a year is named.",
        ),
        Rule(
            "limits",
            "Outside the process limits",
            f"A month beyond the mean plus or minus 2.66 times the mean moving range of the latest {LIMIT_MONTHS} months.",
        ),
        Rule(
            "lowest",
            "Lowest ever",
            f"The latest month is lower than every other, of at least {SHORTEST_LOWEST}: late records are a likely cause.",
        ),
        Rule(
            "zero-areas",
            "Wards with none",
            "A ward with no record in the latest 12 months (financial year where rounded).",
        ),
        Rule(
            "unlocated",
            "Records without a ward",
            f"At least {LEAST_SHARE:.0%} of a financial year's records, or {SHARE_MOVED * 100:.0f} percentage points more "
            "than in the years before, could not be put in a ward.",
        ),
        Rule(
            "twins",
            "The same month twice",
            f"Two months with the same count on every line of the tree (of {SMALLEST_TWIN} records or more), or two source "
            "files with the same content.",
        ),
        Rule(
            "wards-total",
            "Wards against the total",
            "The wards of each set and what is in no ward add up to the whole.",
        ),
        Rule(
            "other-table",
            "Other tables of the same count",
            "The partnership's own row in the tables of areas (data.police.uk, the CSP table of the Home Office and ONS) "
            f"against this release, same line and months: {APART_FROM:.0f}% or more apart is worth a look.",
        ),
        Rule("age", "Age and origin", "The latest period of each other table, and source files without date or hash."),
    )
}


@dataclass(frozen=True)
class Finding:
    """What a rule found. ``weight``: "mend" before publishing, "look" into it, "note" it, or "fine"."""

    rule: str
    dataset: str
    weight: Weight
    when: str
    text: str
    do: str = ""


def of_measure(subject: Subject, measure: str, role: str) -> tuple[Finding, ...]:
    """The findings about a dataset of counts, in the order of ``RULES``; the gravest first within a rule.

    A rule that finds nothing has one finding of weight "fine", so that the list says what was looked at.
    """
    dataset = measure_named(measure).dataset
    held = subject.months(measure)
    if not held:
        return (
            Finding("no-row", dataset, "mend", "", "The release covers no month.", "Add a source with whole months."),
        )
    asked = Question(measure, held[0], held[-1], role=role)
    series = over_time.months(subject, asked, Span(held[0], held[-1]))
    rules: tuple[Callable[[], Iterable[Finding]], ...] = (
        lambda: _missing(dataset, held),
        lambda: _source_gaps(subject, dataset, held),
        lambda: _zero(dataset, series),
        lambda: _late(subject, measure, held),
        lambda: _shifts(subject, dataset, asked, series),
        lambda: _limits(subject, dataset, asked, held),
        lambda: _lowest(dataset, series),
        lambda: _zero_areas(subject, dataset, asked, held),
        lambda: _unlocated(subject, dataset, asked, held),
        lambda: _twins(subject, dataset, asked, held),
        lambda: _wards_against_total(subject, dataset, asked, held),
        lambda: _other_tables(subject, measure, role),
    )
    order = ("mend", "look", "note", "fine")
    names = [name for name in RULES if name != "age"]
    found = []
    for name, rule in zip(names, rules, strict=True):
        made = sorted(rule(), key=lambda finding: order.index(finding.weight))
        found += made or [Finding(name, dataset, "fine", "", "Nothing found.")]
    return tuple(found)


# Rules on plain numbers


def missing_months(covered: Sequence[str]) -> list[Span]:
    """Runs of months between the first and the last covered that are not covered."""
    if not covered:
        return []
    every = Span(min(covered), max(covered)).months
    return runs([month for month in every if month not in set(covered)])


def level_shifts(values: pd.Series) -> list[tuple[str, float]]:
    """Months from which the level is another, with the change of the 12 months from it against the 12 before in per cent.

    Parameters
    ----------
    values : a count a month, indexed by month without a gap in the index; NaN where missing. A window with a missing
        month is not judged.
    """
    y = values.to_numpy(dtype=float)
    if len(y) < 24:
        return []
    starts = np.arange(12, len(y) - 11)
    sums = np.concatenate([[np.nan], [y[i : i + 12].sum() for i in range(len(y) - 11)]])[1:]
    before, after = sums[starts - 12], sums[starts]
    found = changes(after, before)
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.array([y[i : i + 3].sum() / y[i - 3 : i].sum() - 1 for i in starts]) * 100
        size = np.abs(np.log1p(found.percent / 100))
    large = (
        (np.abs(found.percent) >= SHIFT)
        & (found.verdict != "similar")
        & (np.sign(near) == np.sign(found.percent))
        & (np.abs(near) >= np.abs(found.percent) / 2)
    )
    left = {int(i): float(size[i]) for i in np.flatnonzero(large & ~np.isnan(found.percent))}
    kept: list[int] = []
    for place in sorted(left, key=lambda i: -left[i]):
        if all(abs(place - other) >= 12 for other in kept):
            kept.append(place)
    return [(str(values.index[starts[i]]), float(found.percent[i])) for i in sorted(kept)]


def level_windows(values: pd.Series) -> bool:
    """Whether any month has 12 months from it and 12 before it, without a gap."""
    return any(run.length >= 24 for run in runs([str(month) for month in values.dropna().index]))


def twin_months(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of months with the same counts in every column of a table indexed by month, of ``SMALLEST_TWIN`` records or
    more. A month with a missing count is no twin."""
    seen: dict[tuple[float, ...], str] = {}
    found = []
    for month, row in zip(table.index, table.itertuples(index=False, name=None), strict=True):
        if any(value != value for value in row) or sum(row) < SMALLEST_TWIN or len(row) < 2:
            continue
        if row in seen:
            found.append((seen[row], str(month)))
        seen.setdefault(row, str(month))
    return found


def lowest_ever(values: pd.Series) -> tuple[str, float, float] | None:
    """The last known month, its value and the lowest of all before it, where it is lower than that."""
    known = values.dropna()
    if len(known) < SHORTEST_LOWEST:
        return None
    last, before = float(known.iloc[-1]), float(known.iloc[:-1].min())
    return (str(known.index[-1]), last, before) if last < before else None


# Rules on a release


def _missing(dataset: str, held: Sequence[str]) -> Iterable[Finding]:
    for gap in missing_months(held):
        yield Finding(
            "no-row",
            dataset,
            "look",
            gap.label,
            f"{gap.length} {'month is' if gap.length == 1 else 'months are'} missing: {gap.label}. Figures that need them "
            "say so; none is taken as zero.",
            "Add the files of these months to the build, or say in the report that they are not held.",
        )


def sources_by_month(subject: Subject, dataset: str) -> dict[str, list[str]]:
    """Source -> the covered months in which it gives any record; without those held apart and records without a place."""
    rows = subject.release.read(dataset, columns=["month", "source", "small_area", "count"])
    rows = rows[(rows["small_area"] != "not_located") & ~rows["source"].isin(APART) & (rows["count"] > 0)]
    pairs = rows[["source", "month"]].drop_duplicates()
    months = pairs["month"].dt.strftime("%Y-%m")
    covered = set(subject.months(measure_of(dataset)))
    found: dict[str, list[str]] = {}
    for source, month in sorted(zip(pairs["source"].astype(str), months, strict=True)):
        if month in covered:
            found.setdefault(source, []).append(month)
    return found


def source_words(source: str) -> str:
    """Who recorded a row, as files name it, in words: "btp" as "British Transport Police", "west-midlands" as "West Midlands"."""
    return APART.get(source, source.replace("-", " ").title() if source.islower() else source)


def measure_of(dataset: str) -> str:
    return next(measure.id for measure in MEASURES.values() if measure.dataset == dataset)


def _source_gaps(subject: Subject, dataset: str, held: Sequence[str]) -> Iterable[Finding]:
    for source, months in sources_by_month(subject, dataset).items():
        own = [month for month in held if months[0] <= month <= months[-1]]
        for gap in runs([month for month in own if month not in set(months)]):
            yield Finding(
                "source-gap",
                dataset,
                "mend",
                gap.label,
                f"The source ‘{source_words(source)}’ gives nothing for {gap.label}, though the months count as covered.",
                "Check the files of these months: an empty file is taken as no crime.",
            )


def _zero(dataset: str, series: over_time.Months) -> Iterable[Finding]:
    if series.status == "withheld":
        yield _not_judged("all-zero", dataset, series.reason)
        return
    zero = [str(month) for month, value in series.known.items() if value == 0]
    for gap in runs(zero):
        yield Finding(
            "all-zero",
            dataset,
            "mend",
            gap.label,
            f"No record at all in {gap.label}: {gap.length} {'month' if gap.length == 1 else 'months'} of zero.",
            "A whole area without a record is nearly always a file that is empty or was not read.",
        )


def _late(subject: Subject, measure: str, held: Sequence[str]) -> Iterable[Finding]:
    dataset, last = measure_named(measure).dataset, held[-1]
    made = str(subject.release.manifest.get("built_at", ""))[:7]
    if len(made) == 7:
        behind = month_number(made) - month_number(last)
        if behind > LATE_AFTER:
            yield Finding(
                "late",
                dataset,
                "look",
                month_label(last),
                f"The last month is {month_label(last)}, {behind} months before the release was made ({month_label(made)}).",
                "Fetch the months since, or say in the report how old the figures are.",
            )
    for other in subject.measures():
        end = (subject.months(other) or [last])[-1]
        if end > last:
            yield Finding(
                "late",
                dataset,
                "look",
                month_label(last),
                f"It ends in {month_label(last)}, and {measure_named(other).label} in {month_label(end)}.",
                "Do not compare the two over the latest months.",
            )
    for month in over_time.provisional_months(subject, measure):
        yield Finding(
            "late",
            dataset,
            "note",
            month_label(month),
            f"{month_label(month)} is provisional: records are still being entered, reclassified or cancelled.",
            "Do not call its figure a fall.",
        )


def _shifts(subject: Subject, dataset: str, asked: Question, series: over_time.Months) -> Iterable[Finding]:
    if series.status == "withheld":
        yield _not_judged("shift", dataset, series.reason)
        return
    if series.status != "available" or not level_windows(series.values):
        yield _not_judged("shift", dataset, "It takes 24 months in a row.")
        return
    for month, percent in level_shifts(series.values):
        near = [
            str(event["label"])
            for event in subject.dated_events
            if {name.strip() for name in str(event["datasets"]).split(",")} & {"all", dataset}
            and abs(month_number(f"{event['start']:%Y-%m}") - month_number(month)) <= 2
        ]
        direction = "higher" if percent > 0 else "lower"
        yield Finding(
            "shift",
            dataset,
            "note" if near else "look",
            month_label(month),
            f"From {month_label(month)} the level is another: the 12 months from it are {abs(percent):.1f}% {direction} "
            "than the 12 before."
            + (
                f" A dated event lies near: {'; '.join(dict.fromkeys(near))}." if near else " No dated event lies near."
            ),
            "Read changes across it with the event in mind."
            if near
            else "Ask the force whether recording, systems or the extract changed; if so add it to the dated events.",
        )


def _limits(subject: Subject, dataset: str, asked: Question, held: Sequence[str]) -> Iterable[Finding]:
    start = max(held[0], month_text(month_number(held[-1]) - LIMIT_MONTHS + 1))
    control = over_time.control_chart(subject, asked, Span(start, held[-1]))
    if control.chart is None:
        yield _not_judged("limits", dataset, control.reason)
        return
    points = control.chart.points
    for row in points.to_dict("records"):
        if row["special_cause"] in ("Above UCL", "Below LCL"):
            side, limit = ("above", row["upl"]) if row["special_cause"] == "Above UCL" else ("below", row["lpl"])
            named = month_label(row["month"]) if control.every == 1 else f"the quarter from {month_label(row['month'])}"
            yield Finding(
                "limits",
                dataset,
                "look",
                month_label(row["month"]),
                f"{named[:1].upper()}{named[1:]} has {row['value']:,.0f}, {side} the process limit of {limit:,.0f}.",
                "Check that it is one month, whole, and no correction of others; then ask what happened.",
            )


def _lowest(dataset: str, series: over_time.Months) -> Iterable[Finding]:
    if series.status == "withheld":
        yield _not_judged("lowest", dataset, series.reason)
        return
    if len(series.known) < SHORTEST_LOWEST:
        yield _not_judged("lowest", dataset, f"There are fewer than {SHORTEST_LOWEST} months.")
    found = lowest_ever(series.values)
    if found:
        month, value, before = found
        yield Finding(
            "lowest",
            dataset,
            "look",
            month_label(month),
            f"{month_label(month)} has {value:,.0f}, the lowest of all {len(series.known)} months (before: {before:,.0f}).",
            "Ask whether the month is complete before it is called a fall.",
        )


def _year(asked: Question, rule: str, held: Sequence[str]) -> Span | None:
    """The latest 12 months in a row; the latest whole financial year where only that may be shown."""
    if restricted(rule, asked.role):
        years = dict.fromkeys(financial_year_of(month) for month in held)
        whole = [year for year in years if set(financial_year(year).months) <= set(held)]
        return financial_year(whole[-1]) if whole else None
    last = runs(held)[-1]
    return Span(month_text(max(month_number(last.end) - 11, month_number(last.start))), last.end)


def _rule_of(subject: Subject, dataset: str) -> str:
    return str(subject.release.extract(dataset).get("disclosure", "rounded"))


def _zero_areas(subject: Subject, dataset: str, asked: Question, held: Sequence[str]) -> Iterable[Finding]:
    year = _year(asked, _rule_of(subject, dataset), held)
    if not subject.partnership.vintages or year is None:
        yield _not_judged("zero-areas", dataset, "The release has no wards or no whole year.")
        return
    rows = results.table(subject, _over(asked, year), "area")
    none = rows[(rows["value_status"] == "available") & (rows["value"] == 0) & (rows["area"] != UNALLOCATED)]
    for name in none["area_name"].tolist():
        yield Finding(
            "zero-areas",
            dataset,
            "mend",
            year.label,
            f"{name} has none in {year.label} ({year.length} months).",
            "Check the look-up from small areas to wards: a ward without a record is rare.",
        )


def unallocated_by_year(subject: Subject, measure: str, role: str) -> pd.DataFrame:
    """How many records of each financial year could not be put in a ward of the current set.

    Returns
    -------
    A row a year held: ``year``, ``months`` (held), ``records``, ``unallocated``, ``share`` (NaN where withheld or
    missing), ``value_status`` and ``reason``.
    """
    held = subject.months(measure)
    years = list(dict.fromkeys(financial_year_of(month) for month in held))
    rows = []
    for year in years[-UNLOCATED_YEARS:]:
        whole = financial_year(year)
        months = [month for month in whole.months if month in set(held)]
        span = runs(months)[-1]
        asked = Question(measure, span.start, span.end, role=role)
        total = results.answer(subject, asked)
        table = results.table(subject, asked, "area")
        lost = table[table["area"] == UNALLOCATED]
        status = "withheld" if (lost["value_status"] == "withheld").any() else total.value_status
        count = float(lost["value"].sum()) if status == "available" else np.nan
        records = np.nan if total.value is None else float(total.value)
        rows.append(
            {
                "year": year,
                "period": span.label,
                "months": len(span.months),
                "records": records,
                "unallocated": count,
                "share": count / records if records and records == records else np.nan,
                "value_status": status,
                "reason": total.reason
                or ("Withheld so that nobody can be identified." if status == "withheld" else ""),
            }
        )
    return pd.DataFrame(rows)


UNLOCATED_YEARS = 6


def _unlocated(subject: Subject, dataset: str, asked: Question, held: Sequence[str]) -> Iterable[Finding]:
    if not subject.partnership.vintages:
        yield _not_judged("unlocated", dataset, "The release has no wards.")
        return
    years = unallocated_by_year(subject, asked.measure, asked.role)
    shares = years[years["value_status"] == "available"]
    if shares.empty:
        yield _not_judged("unlocated", dataset, "Withheld so that nobody can be identified.")
        return
    earlier = shares["share"].iloc[:-1].mean()
    last = shares.iloc[-1]
    high, moved = last["share"] >= LEAST_SHARE, last["share"] - earlier >= SHARE_MOVED
    yield Finding(
        "unlocated",
        dataset,
        "look" if high or moved else "fine",
        last["period"],
        f"{last['unallocated']:,.0f} of {last['records']:,.0f} records of {last['period']} ({last['share']:.1%}) are in no "
        "ward" + (f"; {earlier:.1%} on average in the years before." if earlier == earlier else "."),
        "Ward figures leave these out: say so, and ask for better places." if high or moved else "",
    )
    for row in results.elsewhere(subject, asked).to_dict("records"):
        count, source = f"{row['records']:,.0f}", source_words(row["source"])
        if row["value_status"] == "withheld":
            count = "A withheld number of"
        if row["kind"] == "apart":
            text = f"{count} records of the source ‘{source}’ lie inside the area and are held apart, in no figure."
        else:
            text = f"{count} records in the whole files of ‘{source}’ have no usable place; some may belong here."
        yield Finding(
            "unlocated", dataset, "note", Span(asked.start, asked.end).label, text, "Name them beside the total."
        )


def _twins(subject: Subject, dataset: str, asked: Question, held: Sequence[str]) -> Iterable[Finding]:
    hashes: dict[str, str] = {}
    for source in subject.release.extract(dataset).get("sources", []):
        mark, name = str(source.get("sha256") or ""), str(source.get("name", ""))
        if mark and hashes.get(mark, name) != name:
            yield Finding(
                "twins",
                dataset,
                "mend",
                "",
                f"The files ‘{hashes[mark]}’ and ‘{name}’ have the same content.",
                "Take one of them out of the build.",
            )
        hashes.setdefault(mark, name)
    if restricted(_rule_of(subject, dataset), asked.role):
        yield _not_judged("twins", dataset, "The months are not given by type to the public.")
        return
    columns = {}
    for line in (*children(root(dataset)), root(dataset)):
        rows = results.table(subject, _over(asked, Span(held[0], held[-1]), line), "month")
        columns[line] = rows.set_index("period_start")["value"]
    for first, second in twin_months(pd.DataFrame(columns)):
        yield Finding(
            "twins",
            dataset,
            "mend",
            month_label(second),
            f"{month_label(second)} has the same count on every line as {month_label(first)}.",
            "Check that one file was not saved under two months.",
        )


def _wards_against_total(subject: Subject, dataset: str, asked: Question, held: Sequence[str]) -> Iterable[Finding]:
    year = _year(asked, _rule_of(subject, dataset), held)
    if year is None or not subject.partnership.vintages:
        yield _not_judged("wards-total", dataset, "The release has no wards or no whole year.")
        return
    total = results.answer(subject, _over(asked, year))
    for vintage in subject.partnership.vintages:
        rows = results.table(subject, _over(asked, year, vintage=vintage.id), "area")
        if (rows["value_status"] != "available").any() or total.value is None:
            yield _not_judged("wards-total", dataset, f"{vintage.label}: some wards are withheld or missing.")
            continue
        added, rounded = float(rows["value"].sum()), restricted(_rule_of(subject, dataset), asked.role)
        apart = added - total.value
        agrees = abs(apart) < 0.5 or (rounded and abs(apart) <= 2.5 * (len(rows) + 1))
        yield Finding(
            "wards-total",
            dataset,
            "fine" if agrees else "mend",
            year.label,
            f"{vintage.label}: {len(rows)} parts add up to {added:,.0f}, and the total is {total.value:,.0f}"
            + ("." if abs(apart) < 0.5 else f" ({apart:+,.0f}{', within rounding' if agrees else ''})."),
            "" if agrees else "Check that the shares of each small area add up to 1.",
        )


def _other_tables(subject: Subject, measure: str, role: str) -> Iterable[Finding]:
    dataset = measure_named(measure).dataset
    rows = reconciled(subject, measure, role)
    if rows.empty:
        yield _not_judged("other-table", dataset, "The release has no other table with the partnership's own count.")
    for group, period in dict.fromkeys(zip(rows["group"].tolist(), rows["period"].tolist(), strict=True)):
        part = rows[(rows["group"] == group) & (rows["period"] == period)]
        known = part[part["value_status"] == "available"]
        for reason, left in part[part["value_status"] != "available"].groupby("reason", sort=False):
            lines = f"{len(left)} {'figure' if len(left) == 1 else 'figures'}"
            yield Finding("other-table", dataset, "note", period, f"Not judged: {group}, {lines}. {reason}")
        same = known[known["difference"] == 0]
        if len(same):
            top = same.iloc[0]
            more = f", and {len(same) - 1} more figures" if len(same) > 1 else ""
            text = f"{group}: {top['label']} {top['theirs']:,.0f} there and here{more}: the same. Source there: {top['source']}."
            yield Finding("other-table", dataset, "fine", period, text)
        for row in known[known["difference"] != 0].to_dict("records"):
            apart = abs(row["percent"]) >= APART_FROM
            yield Finding(
                "other-table",
                dataset,
                "look" if apart else "fine",
                period,
                f"{group}, {row['label']}: {row['theirs']:,.0f} there and {row['ours']:,.0f} here "
                f"({row['difference']:+,.0f}, {row['percent']:+.1f}%). Source there: {row['source']}.",
                "Find out which is of which date, and whether both count the same offences, before either is printed."
                if apart
                else "",
            )


def reconciled(subject: Subject, measure: str, role: str) -> pd.DataFrame:
    """The partnership's own row of each table of areas beside the same figure of this release.

    Returns
    -------
    A row a group, line and period: ``group``, ``label``, ``period``, ``theirs``, ``ours``, ``difference`` (here less
    there), ``percent``, ``source``, ``value_status`` ("missing" or "withheld" where there is nothing to hold against) and
    ``reason``. The lines directly under the root and the root itself only.
    """
    columns = [
        "group",
        "label",
        "period",
        "theirs",
        "ours",
        "difference",
        "percent",
        "source",
        "value_status",
        "reason",
    ]
    dataset = measure_named(measure).dataset
    table = subject.supplied("peers")
    table = table[(table["measure"] == measure) & table["category"].isin([root(dataset), *children(root(dataset))])]
    own = peers.own_code(table["area_code"].unique(), subject.partnership) if len(table) else None
    if own is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for row in table[table["area_code"] == own].to_dict("records"):
        span = Span(f"{row['period_start']:%Y-%m}", f"{row['period_end']:%Y-%m}")
        try:
            answer = results.answer(
                subject, Question(measure, span.start, span.end, category=row["category"], role=role)
            )
        except QuestionError:
            continue
        theirs = float(row["count"]) if row["count"] == row["count"] else np.nan
        ours = np.nan if answer.value is None else float(answer.value)
        status = answer.value_status if theirs == theirs else "missing"
        rows.append(
            {
                "group": row["group"],
                "label": CATEGORIES[row["category"]].label,
                "period": span.label,
                "theirs": theirs,
                "ours": ours,
                "difference": ours - theirs,
                "percent": 100 * (ours / theirs - 1) if theirs else np.nan,
                "source": row["source"],
                "value_status": status,
                "reason": answer.reason if theirs == theirs else "The table has no count of the area.",
                "end": span.end,
            }
        )
    made = pd.DataFrame(rows, columns=[*columns, "end"])
    made = made.sort_values(["group", "end"], ascending=[True, False], kind="stable")
    latest = made.groupby("group")["end"].transform("max") == made["end"]
    return made[latest & (made["value_status"] != "not applicable")].reset_index(drop=True)[columns]


def of_other_tables(subject: Subject) -> tuple[Finding, ...]:
    """Age and origin of the tables that hold no counts."""
    found = []
    for name, dataset in DATASETS.items():
        if name in COUNT_DATASETS or not subject.release.has(name):
            continue
        extract = subject.release.extract(name)
        sources = extract.get("sources", [])
        undated = sum(not source.get("published") for source in sources)
        unhashed = sum(not source.get("sha256") for source in sources)
        said = [
            f"{extract.get('rows', 0):,} rows from {len(sources)} source {'file' if len(sources) == 1 else 'files'}"
        ]
        said += [f"{undated} without a date of publication"] if undated else []
        said += [f"{unhashed} without a hash"] if unhashed else []
        latest = _latest_period(subject, name)
        when = f"latest period {latest}" if latest else ""
        found.append(
            Finding(
                "age",
                name,
                "note" if undated else "fine",
                latest,
                f"{dataset.title}: {'; '.join(filter(None, [*said, when]))}.",
                "Give the date of publication in the build, so that a reader can tell how old it is."
                if undated
                else "",
            )
        )
    return tuple(found)


def _latest_period(subject: Subject, name: str) -> str:
    columns = DATASETS[name].column_names
    if "period_end" in columns:
        ends = pd.to_datetime(subject.supplied(name)["period_end"], errors="coerce").dropna()
        months = next(c.type for c in DATASETS[name].columns if c.name == "period_end") == "month"
        last = ends.max().date() if len(ends) else None
        return "" if last is None else month_label(f"{last:%Y-%m}") if months else day_label(last)
    if "year" in columns and name == "population":
        years = subject.release.read(name, columns=["year"])["year"]
        return str(int(years.max())) if len(years) else ""
    return ""


def _over(asked: Question, span: Span, category: str | None = None, vintage: str | None = None) -> Question:
    return Question(asked.measure, span.start, span.end, category=category, vintage=vintage, role=asked.role)


def _not_judged(rule: str, dataset: str, reason: str) -> Finding:
    return Finding(rule, dataset, "note", "", f"Not judged. {reason}")
