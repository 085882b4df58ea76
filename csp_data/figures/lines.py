"""Lines over time."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.periods import Span, month_label, runs
from csp_data.figures import theme, wording
from csp_data.figures.chart import (
    Chart,
    Column,
    drawn,
    estimate_notes,
    extremes,
    how_shown,
    provenance,
    records,
    subject,
    subtitle_of,
    value_columns,
)
from csp_data.figures.events import LANE_PIXELS, Event, event_letters, event_shapes, events_on

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer


_RIGHT_OF_LINES = 72  # pixels for the latest figure, written at the end of its line

KEY: dict[str, Any] = {
    "orientation": "h", "x": 0, "xanchor": "left", "xref": "container", "y": 1, "yanchor": "top",
    "yref": "container", "itemclick": False, "itemdoubleclick": False,
}  # fmt: skip
"""A key above a chart, from its left edge."""


def key_height(entries: int) -> int:
    """Pixels for a key of so many entries: on a telephone each has a line."""
    return 19 * entries + 12


def monthly_line(
    monthly: pd.DataFrame, rolling: pd.DataFrame, answer: "Answer", events: pd.DataFrame | None = None
) -> Chart:
    """Each month above, and the 12 months that end with it below, where there are any: two panels over one line of time.

    Two panels and not two scales in one: a month and a year of months differ twelvefold, and a second scale can be
    drawn to show anything.

    Parameters
    ----------
    monthly, rolling : results by "month" and by "rolling12", in order of time
    answer : the answer for the period, of the same question
    events : the release's events, or None
    """
    months, statuses = monthly["period_end"].tolist(), monthly["value_status"].tolist()
    names = [month_label(month) for month in months]
    rows = _with_rolling(monthly, rolling)
    values, totals = drawn(rows), drawn(rows, "value_12_months", "value_status_12_months")
    first, last = date.fromisoformat(first_day(months[0])), date.fromisoformat(first_day(months[-1]))
    over = Span(months[0], months[-1])
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    above = LANE_PIXELS * (1 + max((event.lane for event in marked), default=-1))
    number_format = f",.{wording.places_of(answer.unit)}f"
    month_hover = f"%{{x|%B %Y}}: %{{y:{number_format}}}<extra></extra>"
    total_hover = f"12 months to %{{x|%B %Y}}: %{{y:{number_format}}}<extra></extra>"
    whole_years = any(total is not None for total in totals)
    height = (430 if whole_years else 250) + above
    panel_title = {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "yanchor": "bottom",
        "font": theme.STRONG,
    }
    lower_line = line(months, totals, "y2", theme.BOLD_LINE_WIDTH, total_hover)
    lower_notes = [
        theme.note("12 months to the end of each month", **panel_title, y=0.42, yshift=6),
        *_latest(months, totals, "y2", answer.unit),
    ]
    figure = theme.build_figure(
        [
            line(months, values, "y", theme.LINE_WIDTH, month_hover),
            *([lower_line] if whole_years else []),
            *marks_of_no_figure(months, statuses),
        ],
        theme.layout(
            height,
            {"l": 8, "r": _RIGHT_OF_LINES, "t": 30 + above, "b": 8},
            hovermode="x",
            xaxis=time_axis(months, anchor="y2" if whole_years else "y"),
            yaxis=_value_axis(values, answer.unit, domain=[0.56 if whole_years else 0, 1]),
            **({"yaxis2": _value_axis(totals, answer.unit, domain=[0, 0.42])} if whole_years else {}),
            shapes=event_shapes(marked, first, last),
            annotations=[
                theme.note("Each month", **panel_title, y=1, yshift=6 + above),
                *event_letters(marked, first),
                *_latest(months, values, "y", answer.unit),
                *(lower_notes if whole_years else []),
            ],
        ),
    )
    return Chart(
        kind="monthly line",
        title=_title_over_time(answer, names, values, over, statuses),
        subtitle=subtitle_of(answer, over.label, by=" by month"),
        alt=_alt_over_time(answer, names, values, totals, marked),
        data=rows,
        columns=(
            Column("period", "Month"),
            *value_columns(answer, rows),
            Column(
                "value_12_months",
                "12 months to the end of the month",
                how_shown(answer),
                status="value_status_12_months",
            ),
        ),
        figure=figure,
        height=height,
        notes=(
            *notes_of_no_figure(months, statuses),
            *([] if whole_years else [f"{wording.NO_WHOLE_YEAR}: there is no line of 12 months."]),
            *([answer.caution] if answer.caution else []),
            *estimate_notes(rows, answer),
            *(event.words for event in marked),
        ),
        events=marked,
        **provenance(answer),
    )


def small_trend(table: pd.DataFrame, answer: "Answer", events: pd.DataFrame | None = None) -> Chart:
    """A small line of months for the top of a page: from 0, with only the latest month written on it, and the release's
    ``events`` shaded."""
    months, values, statuses = table["period_end"].tolist(), drawn(table), table["value_status"].tolist()
    over = Span(months[0], months[-1])
    names = [month_label(month) for month in months]
    ends = list(dict.fromkeys((months[0], months[-1])))
    first, last = date.fromisoformat(first_day(months[0])), date.fromisoformat(first_day(months[-1]))
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    above = LANE_PIXELS * (1 + max((event.lane for event in marked), default=-1))
    hover = f"%{{x|%B %Y}}: %{{y:,.{wording.places_of(answer.unit)}f}}<extra></extra>"
    figure = theme.build_figure(
        [
            line(months, values, "y", theme.LINE_WIDTH, hover),
            *marks_of_no_figure(months, statuses),
        ],
        theme.layout(
            SMALL_TREND_HEIGHT + above,
            {"l": 28, "r": _RIGHT_OF_LINES, "t": 10 + above, "b": 8},
            hovermode="x",
            xaxis=time_axis(
                months, ticks="", showline=False, tickvals=[first_day(month) for month in ends],
                ticktext=[wording.short_month(month) for month in ends],
                tickfont={"size": theme.SMALL_TEXT_SIZE, "color": theme.QUIET_TEXT},
            ),
            yaxis=_value_axis(values, answer.unit, showticklabels=False, showgrid=False, ticks="", showline=False),
            shapes=event_shapes(marked, first, last),
            annotations=[*event_letters(marked, first), *_latest(months, values, "y", answer.unit)],
        ),
    )  # fmt: skip
    return Chart(
        kind="small trend",
        title=_title_over_time(answer, names, values, over, statuses),
        subtitle=subtitle_of(answer, over.label, by=" by month"),
        alt=_alt_over_time(answer, names, values, [], marked),
        data=table,
        columns=(Column("period", "Month"), *value_columns(answer, table)),
        figure=figure,
        height=SMALL_TREND_HEIGHT + above,
        notes=(*notes_of_no_figure(months, statuses), *(event.short_words for event in marked)),
        events=marked,
        **provenance(answer),
    )


SMALL_TREND_HEIGHT = 110


def first_day(month: str) -> str:
    return f"{month}-01"


def _with_rolling(monthly: pd.DataFrame, rolling: pd.DataFrame) -> pd.DataFrame:
    """The months, each with the figure of the 12 months that end with it."""
    by_end = {row["period_end"]: row for row in records(rolling, "period_end", "value", "value_status")}
    none = {"value": math.nan, "value_status": "missing"}
    ending = [by_end.get(month, none) for month in monthly["period_end"].tolist()]
    return monthly.assign(
        value_12_months=[row["value"] for row in ending],
        value_status_12_months=[row["value_status"] for row in ending],
    )


def line(months: Sequence[str], values: Sequence[float | None], yaxis: str, width: float, hover: str) -> dict[str, Any]:
    """A line with gaps where there is no figure, and a dot on a month that stands alone between gaps."""
    padded = [None, *values, None]
    alone = [
        value is not None and before is None and after is None
        for before, value, after in zip(padded, padded[1:], padded[2:], strict=False)
    ]
    dots = {
        "mode": "lines+markers",
        "marker": {"color": theme.SERIES, "size": 7, "opacity": [1 if lone else 0 for lone in alone]},
    }
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [first_day(month) for month in months],
        "y": list(values),
        "yaxis": yaxis,
        "connectgaps": False,
        "line": {"color": theme.SERIES, "width": width},
        "cliponaxis": False,
        "hovertemplate": hover,
        **(dots if any(alone) else {}),
    }


_NO_FIGURE_MARKS = {"missing": ("x-thin", "×", "No figure"), "withheld": ("circle-open", "○", "Withheld")}


def marks_of_no_figure(
    months: Sequence[str], statuses: Sequence[str], base: float = 0, yaxis: str = "y"
) -> list[dict[str, Any]]:
    """A cross on the base line for a missing month and a ring for a withheld one: a gap that is seen to be one."""
    traces = []
    for status, (symbol, _, words) in _NO_FIGURE_MARKS.items():
        days = [first_day(month) for month, this in zip(months, statuses, strict=True) if this == status]
        if days:
            mark = {
                "symbol": symbol,
                "size": 6,
                "color": theme.QUIET_TEXT,
                "line": {"width": 1.5, "color": theme.QUIET_TEXT},
            }
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "name": words, "x": days, "y": [base] * len(days), "yaxis": yaxis,
                    "marker": mark,
                    "cliponaxis": False, "hovertemplate": f"%{{x|%B %Y}}: {words.lower()}<extra></extra>",
                }
            )  # fmt: skip
    return traces


MOST_GAPS_NAMED = 4


def notes_of_no_figure(months: Sequence[str], statuses: Sequence[str]) -> tuple[str, ...]:
    notes = []
    for status, (_, sign, words) in _NO_FIGURE_MARKS.items():
        spans = runs(month for month, this in zip(months, statuses, strict=True) if this == status)
        if spans:
            length = sum(span.length for span in spans)
            named = (
                wording.joined([span.label for span in spans]) if len(spans) <= MOST_GAPS_NAMED else f"{length} months"
            )
            notes.append(f"{words} ({sign}): {named}.")
    return tuple(notes)


def time_axis(months: Sequence[str], **settings: Any) -> dict[str, Any]:
    """An axis of dates a little wider than the months, with one tick for each when they are few."""
    first, last = date.fromisoformat(first_day(months[0])), date.fromisoformat(first_day(months[-1]))
    aside = max((last - first) / 100, timedelta(days=10))
    few = {
        "tickvals": [first_day(month) for month in months[:3]],
        "ticktext": [wording.short_month(month).replace(" ", "<br>") for month in months[:3]],
    }
    return theme.axis(
        **{
            "type": "date",
            "range": [(first - aside).isoformat(), (last + aside).isoformat()],
            "showgrid": False,
            **(few if len(months) <= 3 else {}),
            **settings,
        }
    )


def _value_axis(values: Sequence[float | None], unit: str, **settings: Any) -> dict[str, Any]:
    """An axis from 0. Counts have no ticks between whole numbers, and a series of zeros lies on the base line."""
    highest = max((value for value in values if value is not None), default=0)
    scale: dict[str, Any] = {"range": [0, highest * 1.08]} if highest else {"range": [0, 1], "tickvals": [0]}
    if not wording.is_rate(unit) and 0 < highest <= 5:
        scale["dtick"] = 1
    return theme.axis(**{"nticks": 5, "tickformat": ",", **scale, **settings})


def _latest(months: Sequence[str], values: Sequence[float | None], yaxis: str, unit: str) -> list[dict[str, Any]]:
    """The last figure there is, written to the right of its line instead of a legend."""
    known = [(month, value) for month, value in zip(months, values, strict=True) if value is not None]
    if not known:
        return []
    month, value = known[-1]
    text = wording.number(value, wording.places_of(unit))
    return [theme.note(text, x=first_day(month), y=value, yref=yaxis, xanchor="left", xshift=6, font=theme.STRONG)]


def _title_over_time(
    answer: "Answer", names: Sequence[str], values: Sequence[float | None], over: Span, statuses: Sequence[str]
) -> str:
    known = [(value, name) for value, name in zip(values, names, strict=True) if value is not None]
    counted, where = wording.noun(answer), answer.area_name
    if not known:
        return wording.no_figures(answer, statuses)
    if all(value == 0 for value, _ in known):
        return f"No {counted} in {where}" + ("" if len(known) == len(values) else " in the months with figures")
    if changed := wording.title_of_change(answer, over):
        return changed
    if len(known) == 1:
        return f"{wording.title_subject(answer)}, {known[0][1]}"
    highest = [name for value, name in known if value == max(known)[0]]
    if len(highest) == 1:
        return f"{wording.title_subject(answer)} {wording.were(answer)} highest in {highest[0]}"
    return f"{wording.title_subject(answer)}, month by month"


def _alt_over_time(
    answer: "Answer",
    names: Sequence[str],
    values: Sequence[float | None],
    totals: Sequence[float | None],
    events: Sequence[Event],
) -> str:
    places = wording.places_of(answer.unit)
    period = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
    parts = [f"Line chart of {wording.lowered(subject(answer))} by month in {answer.area_name}, {period}"]
    known = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
    if not known:
        return f"{parts[0]}. There is no figure for any month."
    highest, lowest = extremes(names, values, places)
    parts.append(f"Latest: {wording.number(known[-1][1], places)} ({known[-1][0]})")
    if len(known) > 1:
        parts.append(f"Highest: {highest}. Lowest: {lowest}")
    years = [(name, value) for name, value in zip(names, totals, strict=False) if value is not None]
    if years:
        ends = dict.fromkeys((years[0], years[-1]))
        parts.append(
            "A second line shows 12 months together: "
            + ", ".join(f"{wording.number(value, places)} to {name}" for name, value in ends)
        )
    if len(known) < len(names):
        parts.append(f"{len(names) - len(known)} of {len(names)} months have no figure and are gaps")
    if events:
        parts.append(f"{len(events)} dated {'event is' if len(events) == 1 else 'events are'} marked and listed below")
    return ". ".join(parts) + "."
