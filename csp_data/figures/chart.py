"""What a chart is: a figure together with all that must stand beside it, and the words every chart has."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.catalogue.statuses import notice
from csp_data.figures import wording
from csp_data.figures.events import Event
from csp_data.figures.theme import Figure

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer


class NoChart(ValueError):
    """There is nothing to draw: the message is a sentence that says why, to stand in the chart's place."""


@dataclass(frozen=True)
class Column:
    """A column of a chart's table for people: where it comes from, its heading, and how its cells are written.

    ``how`` is "text", "count", "rate", "ratio", "percent", "share" (of 0 to 1, written as a percentage), or "interval" or
    "change interval" (from ``name`` to ``to``).
    ``status`` names the column that says why a cell has no number.
    """

    name: str
    heading: str
    how: Literal["text", "count", "rate", "ratio", "percent", "share", "interval", "change interval"] = "text"
    to: str = ""
    status: str = "value_status"


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure with all that must stand beside it. Share it, never change it."""

    kind: str
    """Which builder made it, such as "monthly line": a chart of one kind always has the same parts."""
    title: str
    """The message, about 12 words at most."""
    subtitle: str
    """Measure, unit, area, period."""
    source: str
    notice: str
    """What must be said of figures not published; empty for those that are."""
    alt: str
    """What the chart shows, in words: the same for a screen reader as the picture is for an eye."""
    data: pd.DataFrame
    """The finished rows the chart draws, unrounded, in the order drawn."""
    columns: tuple[Column, ...]
    figure: Figure
    height: int
    """Pixels."""
    notes: tuple[str, ...] = ()
    """Sentences to print under the chart."""
    events: tuple[Event, ...] = ()
    drawing: Mapping[str, Any] = field(default_factory=dict)
    """For a map only: what a picture of it needs, because its boundaries may travel by address."""
    selectable: bool = False
    estimate: str = ""
    """How much of the figure that the chart is about was estimated; printed as the last of the notes, unless they say it."""

    def __post_init__(self):
        if self.estimate and not any(wording.WHY_ESTIMATED in note for note in self.notes):
            object.__setattr__(self, "notes", (*self.notes, self.estimate))

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows as people read them: text in every cell, a symbol where there is no figure, never empty."""
        return table_for_people(self.data, self.columns)

    @cached_property
    def symbols(self) -> str:
        """What the symbols used in the table mean; empty when there are none."""
        return wording.symbols_explained({cell for column in self.table.columns for cell in self.table[column]})


def table_for_people(data: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Text cells under plain headings. A cell that has no number shows why: by its status column, else "[z]"."""
    return pd.DataFrame(
        {column.heading: _cells(data, column) for column in columns if column.name in data}, dtype="str"
    )


def _cells(data: pd.DataFrame, column: Column) -> list[str]:
    statuses = data[column.status].tolist() if column.status in data else ["available"] * len(data)
    values = data[column.name].tolist()
    not_applicable = wording.SYMBOLS["not applicable"]
    if column.how == "text":
        return [not_applicable if _absent(value) else str(value) for value in values]
    if column.how in ("interval", "change interval"):
        places = wording.places_of(_first(data, "unit"))
        pairs = list(zip(values, data[column.to].tolist(), strict=True))
        words = (
            [wording.change_interval_words(low, high) for low, high in pairs]
            if column.how == "change interval"
            else [wording.interval_words(low, high, places) for low, high in pairs]
        )
        return [
            text or wording.SYMBOLS.get(status, not_applicable) for text, status in zip(words, statuses, strict=True)
        ]
    if column.how == "share":
        return [
            wording.SYMBOLS.get(status, not_applicable) if _absent(value) else wording.share_words(value)
            for value, status in zip(values, statuses, strict=True)
        ]
    places = {
        "count": 0,
        "rate": wording.RATE_PLACES,
        "ratio": wording.RATIO_PLACES,
        "percent": wording.PERCENT_PLACES,
    }[column.how]
    mark = "%" if column.how == "percent" else ""
    return [
        wording.SYMBOLS.get(status, not_applicable)
        if _absent(value) or status == "withheld"
        else f"{wording.number(value, places)}{mark}"
        for value, status in zip(values, statuses, strict=True)
    ]


def _absent(value: Any) -> bool:
    return value is None or value != value or value in ("", math.inf, -math.inf)


def _first(data: pd.DataFrame, name: str) -> str:
    return str(data[name].iloc[0]) if len(data) and name in data else ""


# What every builder needs


def records(table: pd.DataFrame, *names: str) -> list[dict[str, Any]]:
    """The rows as dictionaries of these columns only: with all 39 columns of a result it takes ten times as long."""
    return [dict(zip(names, row, strict=True)) for row in zip(*(table[name].tolist() for name in names), strict=True)]


def drawn(table: pd.DataFrame, name: str = "value", status_name: str = "value_status") -> list[float | None]:
    """A column as Plotly takes it: None where there is no figure to draw."""
    return [
        value if status == "available" and value == value else None
        for value, status in zip(table[name].tolist(), table[status_name].tolist(), strict=True)
    ]


def value_columns(answer: "Answer", table: pd.DataFrame | None = None) -> tuple[Column, ...]:
    """The columns of value and interval, for the unit asked for; with a table, those of what was estimated in it too."""
    noun = wording.capitalised(wording.noun(answer))
    estimates = () if table is None else estimate_columns(table)
    if not wording.is_rate(answer.unit):
        return (Column("value", noun, "count"), *estimates)
    return (
        Column("value", f"{noun} {answer.unit}", "rate"),
        Column("lower", "95% interval", "interval", to="upper"),
        Column("numerator", noun, "count"),
        Column("denominator", wording.capitalised(wording.denominator_words(answer)), "count"),
        *estimates,
    )


_BOUNDED = ("value_status", "area", "area_name", "estimated", "bound_low", "bound_high")


def bounded(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of a table of results are not exact: part of the count was estimated, or of the people not known."""
    if not all(name in table for name in _BOUNDED):
        return np.zeros(len(table), dtype=bool)
    low, high = (table[name].to_numpy(dtype=float) for name in ("bound_low", "bound_high"))
    return (high > low + 1e-9) & _available(table)


def _available(table: pd.DataFrame) -> NDArray[np.bool_]:
    return np.array([status == "available" for status in table["value_status"].tolist()], dtype=bool)


def estimate_columns(table: pd.DataFrame) -> tuple[Column, ...]:
    """The columns of what was estimated, where anything was."""
    if not bounded(table).any():
        return ()
    return (
        Column("estimated", "Estimated from where people live", "share"),
        Column("bound_low", "Lowest and highest it can be", "interval", to="bound_high"),
    )


def estimate_notes(table: pd.DataFrame, answer: "Answer") -> tuple[str, ...]:
    """That figures of a table are estimated in part, how much at most, and where the rest is said; nothing where none is."""
    if not all(name in table for name in _BOUNDED):
        return ()
    share = table["estimated"].to_numpy(dtype=float)
    if (np.isnan(share) & _available(table)).any():
        return (
            f"Parts of some counts were estimated from where people live, {wording.WHY_ESTIMATED}. How much is withheld "
            "so that nobody can be identified.",
        )
    open_ = bounded(table)
    estimated = np.flatnonzero(open_ & (share > 0))
    notes = []
    if len(estimated):
        at = int(estimated[np.argmax(share[estimated])])
        several = len(set(table["area"].tolist())) > 1
        kinds = "category_label" in table and len(set(table["category_label"].tolist())) > 1
        most = table["area_name" if several else "category_label" if kinds else "period"].iloc[at]
        at_most = f"at most {wording.share_words(share[at])} ({most})"
        one = len(estimated) == 1
        whose = (
            f"the {'count' if one else 'counts'} of {len(estimated)} {'ward' if one else 'wards'}"
            if several
            else f"{len(estimated)} {'count' if one else 'counts'} of {table['area_name'].iloc[at]}"
        )
        notes.append(
            f"Parts of {whose} were estimated from where people live, {wording.WHY_ESTIMATED}: {at_most}. "
            "The table gives the lowest and the highest that each can be."
        )
        if (share[estimated] > 0.5).any():
            notes.append(wording.NO_INTERVAL)
    if open_.any() and wording.is_rate(answer.unit):
        fewest, most_people = (table[f"denominator_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        if (fewest < most_people)[open_].any():
            people = wording.denominator_words(answer)
            notes.append(
                f"Where the {people} are known only to lie in a range, the lowest and highest rates allow for it."
            )
    return tuple(notes)


CHANGE = (
    Column("percent_change", "Change", "percent"),
    Column("percent_lower", "95% interval of the change", "change interval", to="percent_upper"),
    Column("verdict", "Test against chance"),
)


def change_columns(table: pd.DataFrame, answer: "Answer") -> tuple[Column, ...]:
    if not answer.compare:
        return ()
    how = "rate" if wording.is_rate(answer.unit) else "count"
    return (
        Column("compare_value", answer.compare_period or "Period before", how),
        *CHANGE,
    )


def subtitle_of(answer: "Answer", period: str, by: str = "") -> str:
    """Measure, unit, area, period: "Recorded crimes per 1,000 residents by ward, Medway, April 2019 to March 2020"."""
    unit = f" {answer.unit}" if wording.is_rate(answer.unit) else ""
    return f"{wording.capitalised(wording.noun(answer))}{unit}{by}, {answer.area_name}, {period}"


def population_notes(table: pd.DataFrame, answer: "Answer") -> tuple[str, ...]:
    """Which populations the rates of a chart stand on, and that of its whole when it is another; nothing for counts."""
    if not wording.is_rate(answer.unit):
        return ()
    found = populations_in_words(table)
    if not found:
        return ()
    people = wording.capitalised(wording.denominator_words(answer))
    text = f"{people}: {found}."
    whole = wording.population_words(answer)
    if whole and whole not in found:
        text += f" {people} of {answer.area_name}: {whole}."
    return (text,)


def populations_in_words(table: pd.DataFrame) -> str:
    """The populations that the rates of a table stand on, the years on one basis together: "2014 to 2019, mid-year
    estimate; 2021, Census 2021"."""
    rows = records(table, "population_year", "population_basis")
    years = {row["population_basis"]: set[int]() for row in rows}
    for row in rows:
        if wording.known(row["population_year"]):
            years[row["population_basis"]].add(int(row["population_year"]))
    return "; ".join(f"{_years(held)}, {basis}" for basis, held in years.items() if held)


def _years(held: set[int]) -> str:
    first, last = min(held), max(held)
    if first == last:
        return str(first)
    unbroken = len(held) == last - first + 1
    return f"{first} to {last}" if unbroken else wording.joined([str(year) for year in sorted(held)])


def caution_notes(table: pd.DataFrame, answer: "Answer") -> tuple[str, ...]:
    """What must be borne in mind with a table: what of it was estimated, and with its changes, once where all rows share it,
    else by row's period."""
    estimates = estimate_notes(table, answer)
    if not answer.compare:
        return estimates
    pairs = dict.fromkeys(zip(table["period"].tolist(), table["caution"].tolist(), strict=True))
    found = {caution for _, caution in pairs if caution}
    if len(found) == 1:
        return (*found, *estimates)
    return (*(f"{period}: {caution}" for period, caution in pairs if caution), *estimates)


class Provenance(TypedDict):
    source: str
    notice: str
    estimate: NotRequired[str]


def provenance(answer: "Answer") -> Provenance:
    return {
        "source": wording.source_line(answer),
        "notice": notice(answer.status),
        "estimate": wording.estimate_words(answer),
    }


def subject(answer: "Answer") -> str:
    """For titles and text alternatives: "Recorded crimes" or "Recorded crimes per 1,000 residents"."""
    unit = f" {answer.unit}" if wording.is_rate(answer.unit) else ""
    return f"{wording.capitalised(wording.noun(answer))}{unit}"


def extremes(labels: Sequence[str], values: Sequence[float | None], places: int) -> tuple[str, str]:
    """Highest and lowest with their labels, all of them where several are equal (up to three, then their number)."""
    known = [(value, label) for value, label in zip(values, labels, strict=True) if value is not None]

    def words(target: float) -> str:
        names = [label for value, label in known if value == target]
        where = wording.joined(names) if len(names) <= 3 else f"{len(names)} of {len(known)}"
        return f"{wording.number(target, places)} ({where})"

    return words(max(known)[0]), words(min(known)[0])


def subject_columns(answer: "Answer") -> dict[str, str]:
    """What the rows of a chart are of, for tables that are not made of results: a row cut out of a file still says so."""
    return {name: getattr(answer, name) for name in ("measure", "category_label", "area", "area_name")}


def how_shown(answer: "Answer") -> Literal["rate", "count"]:
    return "rate" if wording.is_rate(answer.unit) else "count"
