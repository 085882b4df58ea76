"""Bars and dots across, one row below another: years, kinds, areas."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.counts import NOT_SPLIT, UNALLOCATED
from csp_data.analysis.periods import Span, month_number
from csp_data.figures import theme, wording
from csp_data.figures.chart import (
    CHANGE,
    Chart,
    Column,
    caution_notes,
    change_columns,
    drawn,
    estimate_notes,
    extremes,
    how_shown,
    population_notes,
    provenance,
    records,
    subject,
    subtitle_of,
    value_columns,
)
from csp_data.figures.events import Event, events_on

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

LABEL_CHARACTERS = 24
"""Longer labels are broken over lines: at 14 pixels this leaves half of a telephone's width to the bars."""


def financial_year_bars(table: pd.DataFrame, answer: "Answer", events: pd.DataFrame | None = None) -> Chart:
    """A bar for each financial year, the oldest first.

    A year with months missing is hatched, named with the months it has, and not compared with whole years. A year that
    one of the release's ``events`` touches is shaded and has the letter of the event behind its figure. Years run down
    the page: upright bars would have to turn or drop their labels on a telephone.
    """
    rows = _with_completeness(table)
    values = drawn(rows)
    over = Span(str(rows["period_start"].iloc[0]), str(rows["period_end"].iloc[-1])).label
    partial = [
        present < expected or " of " in period
        for present, expected, period in zip(
            rows["months_present"].tolist(), rows["months_expected"].tolist(), rows["period"].tolist(), strict=True
        )
    ]
    labels = [_year_label(period) for period in rows["period"].tolist()]
    places = wording.places_of(answer.unit)
    marked, letters = _events_of_rows(rows, answer, events)
    texts = [
        f"{_bar_text(value, status, places)}{f'  {of_row}' if of_row else ''}"
        for (value, status), of_row in zip(_pairs(rows), letters, strict=True)
    ]
    shaded = [row for row, of_row in enumerate(letters) if of_row]
    figure, height = _bars(labels, values, texts, answer, hatched=partial, shaded=shaded)
    parts = [
        period
        for period, part, value in zip(rows["period"].tolist(), partial, values, strict=True)
        if part and value is not None
    ]
    incomplete = [f"Hatched: {wording.joined(parts)}, not compared with whole years."] if parts else []
    touched = ["Shaded: years that the events listed below touch."] if marked else []
    return Chart(
        kind="financial years",
        title=_title_of_years(rows, partial, answer),
        subtitle=subtitle_of(answer, over, by=" by financial year"),
        alt=alt_of_rows("Bar chart", "financial year", rows["period"].tolist(), values, answer, over, [*incomplete, *touched]),
        data=rows,
        columns=(
            Column("period", "Financial year"), *value_columns(answer, rows), Column("completeness", "Months"),
            *_year_change_columns(rows, answer),
        ),
        figure=figure,
        height=height,
        notes=(*incomplete, *touched, *estimate_notes(rows, answer), *(event.short_words for event in marked)),
        events=marked,
        **provenance(answer),
    )  # fmt: skip


def category_bars(table: pd.DataFrame, answer: "Answer") -> Chart:
    """A bar for each category of one level, the largest first, with a mark for the period compared with."""
    rows = _largest_first(table)
    values = drawn(rows)
    compared = bool(answer.compare)
    before = drawn(rows, "compare_value") if compared else [None] * len(rows)
    places = wording.places_of(answer.unit)
    names = rows["category_label"].tolist()
    labels = [wrapped(name) for name in names]
    texts = [
        f"{_bar_text(value, status, places)}{' not in use' if why.startswith('The police did not use') else ''}"
        for (value, status), why in zip(_pairs(rows), rows["reason"].tolist(), strict=True)
    ]
    figure, height = _bars(labels, values, texts, answer, marks=before, marks_name=answer.compare_period or "")
    named = [(name, value) for name, value in zip(names, values, strict=True) if name != NOT_SPLIT]
    only_whole = not named and any(value is not None for value in values)
    return Chart(
        kind="categories",
        title=f"{wording.title_subject(answer)}, not split into kinds"
        if only_whole
        else title_of_largest(
            [name for name, _ in named], [value for _, value in named], answer, rows["value_status"], where="for"
        ),
        subtitle=subtitle_of(answer, answer.period, by=" by kind"),
        alt=alt_of_rows("Bar chart", "kind", names, values, answer, answer.period),
        data=rows,
        columns=(Column("category_label", "Kind"), *value_columns(answer, rows), *change_columns(rows, answer)),
        figure=figure,
        height=height,
        notes=(*withheld_notes(answer), *caution_notes(rows, answer)),
        **provenance(answer),
    )  # fmt: skip


def withheld_notes(answer: "Answer") -> tuple[str, ...]:
    """Why the figure that the chart is about is withheld, and what may be given instead; nothing where it is not."""
    return (answer.reason,) if answer.value_status == "withheld" and answer.reason else ()


def area_rates(
    table: pd.DataFrame, answer: "Answer", selected: str | None = None, before: Mapping[str, str] | None = None
) -> Chart:
    """Each area's figure with its 95% interval, the highest first, and a line at the partnership's rate.

    Parameters
    ----------
    table : results by "area"
    answer : the partnership's answer of the same question: its rate is the line. A count has no line, for the count of
        a ward cannot be set against that of the whole.
    selected : code of the area to pick out, or None
    before : code -> what is written before the area's name, such as its place among the others
    """
    rows = _largest_first(table)
    values, lower, upper = drawn(rows), drawn(rows, "lower"), drawn(rows, "upper")
    names = rows["area_name"].tolist()
    prefixes = [(before or {}).get(code, "") for code in rows["area"].tolist()]
    labels = [wrapped(f"{prefix} {name}".strip()) for prefix, name in zip(prefixes, names, strict=True)]
    places = wording.places_of(answer.unit)
    texts = [wording.shown(value, status, places) for value, status in _pairs(rows)]
    whole = answer.value if wording.is_rate(answer.unit) and answer.value_status == "available" else None
    wards = of_wards(rows, names, values)
    chosen = [code == selected for code in rows["area"].tolist()]
    figure, height = _dots(labels, values, lower, upper, texts, answer, whole, chosen)
    return Chart(
        kind="area rates",
        title=title_of_largest(*wards, answer, rows["value_status"]),
        subtitle=subtitle_of(answer, answer.period, by=" by ward"),
        alt=alt_of_rows("Chart of dots with 95% intervals", "ward", *wards, answer, answer.period),
        data=rows,
        columns=area_columns(rows, answer),
        figure=figure,
        height=height,
        notes=(
            *[f"{words}." for words in [wording.symbols_explained(texts)] if words],
            *population_notes(rows, answer),
            *caution_notes(rows, answer),
            wording.INTERVAL_CAVEAT,
        ),
        **provenance(answer),
    )  # fmt: skip


def of_wards(
    rows: pd.DataFrame, names: Sequence[str], values: Sequence[float | None]
) -> tuple[list[str], list[float | None]]:
    """Names and values without the row of what no ward takes: it is not a place that can be highest."""
    wards = [code != UNALLOCATED for code in rows["area"].tolist()]
    return (
        [name for name, ward in zip(names, wards, strict=True) if ward],
        [value for value, ward in zip(values, wards, strict=True) if ward],
    )


def area_columns(rows: pd.DataFrame, answer: "Answer") -> tuple[Column, ...]:
    """The columns of a table of areas: the same under the map and under the dots."""
    return (Column("area_name", "Ward"), *value_columns(answer, rows), *change_columns(rows, answer))


def _with_completeness(table: pd.DataFrame) -> pd.DataFrame:
    words = [
        wording.completeness_words(present, expected)
        for present, expected in zip(table["months_present"].tolist(), table["months_expected"].tolist(), strict=True)
    ]
    return table.assign(completeness=words)


_SPACE = "\u2002"  # between the end of a bar and its figure; an ordinary space would be dropped


def wrapped(label: str) -> str:
    """A long label over lines: "Harrietsham, Lenham &<br>North Downs"."""
    lines = wrap(label, LABEL_CHARACTERS, break_long_words=False)
    if len(lines) == 3:  # which would make every row of the chart a third higher
        wider = wrap(label, LABEL_CHARACTERS + 2, break_long_words=False)
        lines = wider if len(wider) == 2 else lines
    return "<br>".join(lines) or label


def _year_label(period: str) -> str:
    """ "2024/25", or "2024/25<br>April–November,<br>8 of 12 months" for "2024/25 (April–November, 8 of 12 months)"."""
    year, _, rest = period.partition(" (")
    if not rest:
        return year
    months, _, complete = rest.rstrip(")").rpartition(", ")
    return "<br>".join([year, *([f"{months},"] if months else []), complete])


def _events_of_rows(
    rows: pd.DataFrame, answer: "Answer", events: pd.DataFrame | None
) -> tuple[tuple[Event, ...], list[str]]:
    """The events that touch the rows, and the letters of those that touch each."""
    edges = [
        (date.fromisoformat(f"{row['period_start']}-01"), _last_day(row["period_end"]))
        for row in records(rows, "period_start", "period_end")
    ]
    marked = events_on(events, wording.measure_of(answer).dataset, edges[0][0], edges[-1][1])
    return marked, [
        "".join(event.letter for event in marked if event.start <= last and (event.end or event.start) >= first)
        for first, last in edges
    ]


def _last_day(month: str) -> date:
    after = month_number(month) + 1
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _pairs(rows: pd.DataFrame) -> list[tuple[float, str]]:
    return list(zip(rows["value"].tolist(), rows["value_status"].tolist(), strict=True))


def _bar_text(value: float, status: str, places: int) -> str:
    words = {"missing": " no figure", "withheld": " withheld"}.get(status, "")
    return wording.shown(value, status, places) + words


def _largest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by their figure, those without one after them, and what no ward takes at the end."""
    numbers = [-math.inf if value is None else value for value in drawn(table)]
    last = [code == UNALLOCATED for code in table["area"].tolist()]
    order = sorted(range(len(table)), key=lambda n: (last[n], -numbers[n]))
    return table.iloc[order].reset_index(drop=True)


def row_axis(labels: Sequence[str]) -> dict[str, Any]:
    """Rows at whole numbers, the first on top. Not an axis of names: two rows may have the same one."""
    return theme.axis(
        tickvals=list(range(len(labels))), ticktext=list(labels), range=[len(labels) - 0.5, -0.5], showgrid=False,
        ticks="", zeroline=False,
    )  # fmt: skip


def _rows_height(labels: Sequence[str], margin: Mapping[str, int]) -> int:
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    return len(labels) * max(theme.ROW_HEIGHT, 21 * lines) + margin["t"] + margin["b"]


def _across_axis(ends: Sequence[float], texts: Sequence[str], unit: str) -> dict[str, Any]:
    """An axis from 0 with room for the text behind the end of each row, also on a telephone."""
    reach = max(
        (
            end / (1 - min(_text_pixels(text) / theme.NARROWEST_PLOT, 0.6))
            for end, text in zip(ends, texts, strict=True)
        ),
        default=0,
    )
    furthest = max(ends, default=0)
    whole_only = {"dtick": 1} if not wording.is_rate(unit) and 0 < furthest <= 5 else {}
    return theme.axis(
        range=[0, reach or 1], nticks=4, tickformat=",", **({"tickvals": [0]} if not furthest else whole_only)
    )


def _text_pixels(text: str) -> float:
    """About how wide a text is drawn, with the space before it."""
    return len(text) * 0.6 * theme.TEXT_SIZE + 16


def _bars(
    labels: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str],
    answer: "Answer",
    hatched: Sequence[bool] = (),
    shaded: Sequence[int] = (),
    marks: Sequence[float | None] = (),
    marks_name: str = "",
) -> tuple[theme.Figure, int]:
    """Bars across with their figure behind them, and a mark for the period compared with where there is one."""
    rows = list(range(len(labels)))
    ends = [max(value or 0, mark or 0) for value, mark in zip(values, marks or [None] * len(rows), strict=True)]
    hatch = list(hatched) or [False] * len(rows)
    marked = any(mark is not None for mark in marks)
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "x": list(values), "y": rows, "width": 0.66, "name": answer.period,
            "marker": theme.hatched_bars(hatch),
            "hoverinfo": "skip",
        },
        {
            "type": "scatter", "mode": "text", "x": ends, "y": rows, "text": [f"{_SPACE}{text}" for text in texts],
            "textposition": "middle right", "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
            "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT},
        },
    ]  # fmt: skip
    if marked:
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": list(marks), "y": rows, "name": marks_name,
                "marker": {"symbol": "line-ns", "size": 15, "line": {"width": 4, "color": theme.COMPARISON}},
                "hovertemplate": f"{marks_name}: %{{x:,.{wording.places_of(answer.unit)}f}}<extra></extra>",
            }
        )  # fmt: skip
    margin = {"l": 8, "r": 8, "t": 58 if marked else 8, "b": 30}
    height = _rows_height(labels, margin)
    figure_layout = theme.layout(
        height, margin, xaxis=_across_axis(ends, texts, answer.unit), yaxis=row_axis(labels),
        shapes=[
            {
                "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": row - 0.5, "y1": row + 0.5,
                "fillcolor": theme.EVENT_SHADE, "line": {"width": 0}, "layer": "below",
            }
            for row in shaded
        ],
        showlegend=marked,
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "xref": "container", "y": 1, "yanchor": "top",
            "yref": "container", "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    return theme.build_figure(data, figure_layout), height


def _dots(
    labels: Sequence[str],
    values: Sequence[float | None],
    lower: Sequence[float | None],
    upper: Sequence[float | None],
    texts: Sequence[str],
    answer: "Answer",
    whole: float | None,
    chosen: Sequence[bool],
) -> tuple[theme.Figure, int]:
    """Dots on the bars of their intervals, with the figures in a column on the right that no line can cross."""
    rows = list(range(len(labels)))
    spans: dict[str, list[float | None]] = {"x": [], "y": []}
    for low, high, row in zip(lower, upper, rows, strict=True):
        spans["x"] += [low, high, None]
        spans["y"] += [row, row, None]
    places = wording.places_of(answer.unit)
    intervals = [wording.interval_words(low, high, places) for low, high in zip(lower, upper, strict=True)]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", **spans, "line": {"color": theme.CONTEXT, "width": 6},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter", "mode": "markers", "x": list(values), "y": rows, "yaxis": "y2",
            "marker": {
                "color": [theme.COMPARISON if this else theme.SERIES for this in chosen],
                "symbol": ["diamond" if this else "circle" for this in chosen],
                "size": [12 if this else 8 for this in chosen],
                "opacity": 1,
            },
            "customdata": intervals,
            "hovertemplate": "%{x:,." + str(places) + "f} (95% interval %{customdata})<extra></extra>",
        },
    ]  # fmt: skip
    margin = {"l": 8, "r": 8, "t": 30 if whole is not None else 8, "b": 30}
    height = _rows_height(labels, margin)
    furthest = max((high for high in (*upper, whole) if high is not None), default=0)
    across = theme.axis(range=[0, furthest * 1.03 or 1], nticks=4, tickformat=",")
    figure_layout = theme.layout(
        height,
        margin,
        xaxis=across,
        yaxis=row_axis(labels),
        yaxis2={**row_axis(texts), "overlaying": "y", "side": "right"},
        **_line_of_the_whole(answer, whole, furthest),
    )
    return theme.build_figure(data, figure_layout), height


def _line_of_the_whole(answer: "Answer", whole: float | None, furthest: float) -> dict[str, Any]:
    """A line down the chart at the partnership's rate, named at its top; nothing when there is no such rate."""
    if whole is None:
        return {}
    line = {"color": theme.TEXT, "width": 1.5, "dash": "dash"}
    place = {"xref": "x", "x0": whole, "x1": whole, "yref": "paper", "y0": 0, "y1": 1}
    name = f"{answer.area_name}: {wording.number(whole, wording.places_of(answer.unit))}"
    side = "left" if whole < furthest / 2 else "right"
    return {
        "shapes": [{"type": "line", "layer": "below", **place, "line": line}],
        "annotations": [
            theme.note(name, x=whole, y=1, yref="paper", yanchor="bottom", xanchor=side, yshift=4, font=theme.STRONG)
        ],
    }


def _year_change_columns(rows: pd.DataFrame, answer: "Answer") -> tuple[Column, ...]:
    if not (rows["compare"] != "").any():
        return ()
    return (
        Column("compare_period", "Compared with"),
        Column("compare_value", "Figure then", how_shown(answer)),
        *CHANGE,
        *([Column("caution", "Bear in mind")] if rows["caution"].any() else []),
    )


def _title_of_years(rows: pd.DataFrame, partial: Sequence[bool], answer: "Answer") -> str:
    """What the last whole year says: how it stood to the year before by the test, else which year was highest."""
    whole = [
        row
        for row, part in zip(records(rows, "period", "value", "value_status", "verdict"), partial, strict=True)
        if not part and row["value_status"] == "available"
    ]
    about, were = wording.title_subject(answer), wording.were(answer)
    if not whole:
        withheld = "withheld" in rows["value_status"].tolist()
        return wording.no_figures(answer, ["withheld"]) if withheld else f"{about}: no whole year yet"
    latest = whole[-1]
    words = wording.verdict_words(latest["verdict"])
    if words:
        return f"{about} {were} {words} the year before in {latest['period']}"
    highest = [row["period"] for row in whole if row["value"] == max(row["value"] for row in whole)]
    if len(whole) > 1 and len(highest) == 1:
        return f"{about} {were} highest in {highest[0]}"
    return f"{about} by financial year"


def title_of_largest(
    names: Sequence[str],
    values: Sequence[float | None],
    answer: "Answer",
    statuses: Iterable[str],
    where: str = "in",
) -> str:
    """Which row is highest, by its own figure: a rank by itself is not a difference beyond chance."""
    known = [(value, name) for value, name in zip(values, names, strict=True) if value is not None]
    if not known and answer.value_status == "available" and "withheld" in set(statuses):
        return f"{wording.capitalised(wording.measured(answer))} by {'ward' if where == 'in' else 'kind'}: withheld"
    if not known:
        return wording.no_figures(answer)
    highest = [name for value, name in known if value == max(known)[0]]
    if max(known)[0] == 0:
        return f"No {wording.noun(answer)} in {answer.area_name}"
    if len(known) == 1 or len(highest) > 2:
        return wording.title_subject(answer)
    named = wording.joined(highest if where == "in" else [wording.lowered(name) for name in highest])
    return f"{wording.capitalised(wording.measured(answer))} {wording.were(answer)} highest {where} {named}"


def alt_of_rows(
    shape: str,
    by: str,
    names: Sequence[str],
    values: Sequence[float | None],
    answer: "Answer",
    period: str,
    notes: Sequence[str] = (),
) -> str:
    places = wording.places_of(answer.unit)
    text = f"{shape} of {wording.lowered(subject(answer))} by {by} in {answer.area_name}, {period}"
    if all(value is None for value in values):
        return f"{text}. There is no figure for any {by}."
    highest, lowest = extremes(names, values, places)
    text += f", {len(names)} {'row' if len(names) == 1 else 'rows'}. Highest: {highest}. Lowest: {lowest}"
    absent = sum(value is None for value in values)
    if absent:
        text += f". {absent} of {len(names)} have no figure"
    return ". ".join([text, *(note.rstrip(".") for note in notes)]) + "."
