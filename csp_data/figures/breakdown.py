"""Charts of a line of the crime tree taken apart: what it is made of, and each of its lines over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.periods import Span, month_label, month_number, month_text
from csp_data.catalogue.categories import CATEGORIES
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, withheld_notes, wrapped
from csp_data.figures.chart import CHANGE, Chart, Column, drawn, provenance, records, subject, subtitle_of
from csp_data.figures.events import LANE_PIXELS, event_letters, event_shapes, events_on
from csp_data.figures.lines import first_day, line, marks_of_no_figure, notes_of_no_figure, time_axis

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

_PANEL, _PANEL_HEAD = 74, 30
_RIGHT = 56
_FEW = 3
"""Periods that have a tick each."""


def share_words(share: float) -> str:
    """A share of a whole, to the nearest percent: "29%", "less than 1%"."""
    if 0 < share < 0.5:
        return "less than 1%"
    return wording.percent(share, 0)


def parts_bars(parts: pd.DataFrame, answer: "Answer", chosen: str | None, notes: Sequence[str]) -> Chart:
    """A bar for each line with its count and its share of the whole, the largest first, and a mark for the period before.

    What is on no line has a hatched bar of its own, at the end; a line that is withheld, missing or was not in use has its
    symbol and no bar.

    Parameters
    ----------
    parts : of ``analysis.breakdown.taken_apart``.
    answer : of the whole.
    chosen : the line to pick out, or None.
    """
    rows = _largest_first(parts)
    values, before = drawn(rows), drawn(rows, "compare_value") if answer.compare else [None] * len(rows)
    listed = records(rows, "category", "category_label", "value", "value_status", "share", "own", "verdict")
    places = list(range(len(rows)))
    labels = [
        f"<b>{wrapped(row['category_label'])}</b>" if row["category"] == chosen else wrapped(row["category_label"])
        for row in listed
    ]
    texts = [_text(row) for row in listed]
    ends = [max(value or 0, mark or 0) for value, mark in zip(values, before, strict=True)]
    marked = any(mark is not None for mark in before)
    hatched = [bool(row["own"]) and len(rows) > 1 for row in listed]
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "x": values, "y": places, "width": 0.66, "name": answer.period,
            "marker": theme.hatched_bars(hatched),
            "hoverinfo": "skip",
        },
        {
            "type": "scatter", "mode": "text", "x": ends, "y": places, "text": [f"\u2002{text}" for text in texts],
            "textposition": "middle right", "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
            "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT},
        },
    ]  # fmt: skip
    if marked:
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": before, "y": places, "name": answer.compare_period,
                "marker": {"symbol": "line-ns", "size": 15, "line": {"width": 4, "color": theme.COMPARISON}},
                "hovertemplate": f"{answer.compare_period}: %{{x:,.0f}}<extra></extra>",
            }
        )  # fmt: skip
    margin = {"l": 8, "r": 8, "t": 58 if marked else 8, "b": 30}
    most_lines = max((label.count("<br>") + 1 for label in labels), default=1)
    height = len(labels) * max(theme.ROW_HEIGHT, 17 * most_lines + 8) + margin["t"] + margin["b"]
    reach = max(
        (
            end / (1 - min((len(text) * 8.4 + 16) / theme.NARROWEST_PLOT, 0.65))
            for end, text in zip(ends, texts, strict=True)
        ),
        default=0,
    )
    highest = max(ends, default=0)
    ticks = {} if highest > 5 else {"dtick": 1} if highest else {"tickvals": [0]}
    figure_layout = theme.layout(
        height, margin,
        xaxis=theme.axis(range=[0, reach or 1], nticks=4, tickformat=",", **ticks),
        yaxis=row_axis(labels), showlegend=marked,
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "xref": "container", "y": 1, "yanchor": "top",
            "yref": "container", "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    noun = wording.noun(answer)
    return Chart(
        kind="parts of a line",
        title=_title(listed, answer),
        subtitle=f"{subtitle_of(answer, answer.period, by=' by line')}, and the share of all {wording.number(answer.value)}"
        if answer.value_status == "available" and answer.value is not None
        else subtitle_of(answer, answer.period, by=" by line"),
        alt=f"Bar chart of {noun} by line in {answer.area_name}, {answer.period}. "
        + "; ".join(f"{row['category_label']}: {text}" for row, text in zip(listed, texts, strict=True))
        + ".",
        data=rows.assign(share_text=[_share_cell(row) for row in records(rows, "share", "share_status")]),
        columns=(
            Column("category_label", "Line"),
            Column("value", wording.capitalised(wording.measure_of(answer).plural), "count"),
            Column("share_text", "Share of the whole"),
            *(
                (Column("compare_value", answer.compare_period or "Period before", "count"), *CHANGE, Column("why", "Note"))
                if answer.compare
                else ()
            ),
        ),
        figure=theme.build_figure(data, figure_layout),
        height=height,
        notes=(*withheld_notes(answer), *notes),
        **provenance(answer),
    )  # fmt: skip


def _largest_first(parts: pd.DataFrame) -> pd.DataFrame:
    """Lines by their figure, those without one after them, and what is on no line at the end."""
    numbers = [-1.0 if value is None else value for value in drawn(parts)]
    own = parts["own"].tolist()
    order = sorted(range(len(parts)), key=lambda n: (own[n], -numbers[n]))
    rows = parts.iloc[order].reset_index(drop=True)
    return rows.assign(
        why=[reason or change for reason, change in zip(rows["reason"], rows["change_reason"], strict=True)]
    )


def _text(row: Mapping[str, Any]) -> str:
    words = {"missing": " no figure", "withheld": " withheld", "not applicable": " not in use"}
    number = wording.shown(row["value"], row["value_status"])
    if row["value_status"] != "available":
        return number + words.get(row["value_status"], "")
    return f"{number} ({share_words(row['share'])})" if wording.known(row["share"]) else number


def _share_cell(row: Mapping[str, Any]) -> str:
    if not wording.known(row["share"]):
        return wording.SYMBOLS.get(row["share_status"], wording.SYMBOLS["not applicable"])
    return wording.percent(row["share"])


def _title(listed: Sequence[Mapping[str, Any]], answer: "Answer") -> str:
    """The largest line and its share: a size, not a change."""
    known = [row for row in listed if row["value_status"] == "available" and not row["own"]]
    subject_ = wording.title_subject(answer)
    if answer.value_status == "withheld":
        return f"{subject_}: withheld"
    if answer.value_status != "available":
        return f"{subject_}: no figure for this period"
    if not answer.value:
        return f"No {wording.noun(answer)} in {answer.area_name}"
    if not known:
        withheld = any(row["value_status"] == "withheld" for row in listed)
        return f"{subject_} by line: withheld" if withheld else f"{subject_}, not split into lines"
    most = max(known, key=lambda row: row["value"])
    if any(row is not most and row["value"] == most["value"] for row in known) or not wording.known(most["share"]):
        return f"{subject_} by line"
    label = wording.capitalised(wording.lowered(most["category_label"]))
    category = CATEGORIES[answer.category]
    whole = f"{wording.lowered(category.label)} in {answer.area_name}" if category.parent else wording.lowered(subject_)
    return f"{label}: {share_words(most['share'])} of {whole}"


def lines_over_time(
    table: pd.DataFrame, answer: "Answer", verdicts: Mapping[str, str], events: pd.DataFrame | None
) -> Chart:
    """A small line chart for each line below, one under another over the same time, each from 0 on a scale of its own.

    Where the police began or ceased to use a line, the line ends, with a dashed mark; nothing joins it to the line that
    came in its place.

    Parameters
    ----------
    table : of ``analysis.breakdown.over_time``.
    answer : of the whole, for the period.
    verdicts : line -> how its period stood to the one before, for those tested: the title counts them.
    """
    needed = table[["category", "period", "period_start", "period_end", "value", "value_status"]]
    panels = [
        _Panel(category, CATEGORIES[category].label, rows["period"].tolist(), _middles(rows), drawn(rows),
               rows["value_status"].tolist())
        for category in dict.fromkeys(table["category"].tolist())
        for rows in [needed[needed["category"] == category]]
    ]  # fmt: skip
    starts, ends = panels[0].starts, table["period_end"].tolist()
    over = Span(str(table["period_start"].iloc[0]), max(ends))
    monthly = bool((table["period_start"] == table["period_end"]).all())
    first, last = date.fromisoformat(first_day(over.start)), date.fromisoformat(f"{over.end}-28")
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    above = LANE_PIXELS * (1 + max((event.lane for event in marked), default=-1)) + 6
    inner = len(panels) * (_PANEL + _PANEL_HEAD)
    height = inner + above + 34
    data, annotations, shapes = [], [*event_letters(marked, first)], [*event_shapes(marked, first, last)]
    axes: dict[str, Any] = {}
    for number, panel in enumerate(panels):
        name = "y" if not number else f"y{number + 1}"
        top = 1 - (number * (_PANEL + _PANEL_HEAD) + _PANEL_HEAD) / inner
        bottom = max(0.0, 1 - (number + 1) * (_PANEL + _PANEL_HEAD) / inner)
        axes[f"yaxis{'' if not number else number + 1}"] = _panel_axis(panel.values, bottom, top)
        hover = "%{customdata}: %{y:,.0f}<extra></extra>"
        data.append({**line(panel.starts, panel.values, name, theme.LINE_WIDTH, hover), "customdata": panel.periods})
        data += marks_of_no_figure(panel.starts, panel.statuses, yaxis=name)
        annotations.append(
            theme.note(
                f"<b>{panel.label}</b>", xref="paper", x=0, xanchor="left", yref="paper", y=top, yanchor="bottom", yshift=3,
                bgcolor=theme.PAPER,
            )
        )  # fmt: skip
        if panel.latest:
            start, value = panel.latest
            annotations.append(
                theme.note(
                    wording.number(value),
                    x=first_day(start),
                    y=value,
                    yref=name,
                    xanchor="left",
                    xshift=6,
                    font=theme.STRONG,
                    bgcolor=theme.PAPER,
                )
            )  # fmt: skip
        for day, words in panel.breaks(first, last):
            shapes.append(
                {"type": "line", "xref": "x", "x0": day, "x1": day, "yref": "paper", "y0": bottom, "y1": top,
                 "line": {"color": theme.TEXT, "width": 1.5, "dash": "dash"}}
            )  # fmt: skip
            annotations.append(
                theme.note(words, x=day, xanchor="left", xshift=4, yref="paper", y=bottom, yanchor="bottom", yshift=2,
                           bgcolor=theme.PAPER, font={"size": theme.SMALL_TEXT_SIZE, "color": theme.QUIET_TEXT})
            )  # fmt: skip
    lowest = "y" if len(panels) == 1 else f"y{len(panels)}"
    figure_layout = theme.layout(
        height, {"l": 8, "r": _RIGHT, "t": above, "b": 28},
        xaxis=time_axis(starts if len(starts) <= _FEW else [over.start, *starts, over.end], anchor=lowest), **axes,
        shapes=shapes, annotations=annotations,
    )  # fmt: skip
    each = "month" if monthly else "quarter"
    return Chart(
        kind="lines over time",
        title=_title_of_lines(verdicts, answer, each),
        subtitle=f"{subject(answer)} by line and {each}, {answer.area_name}, {over.label}. Each line has its own scale from 0.",
        alt=f"{len(panels)} line charts of {wording.lowered(subject(answer))} by {each} in {answer.area_name}, {over.label}. "
        + " ".join(panel.words() for panel in panels),
        data=table,
        columns=(
            Column("category_label", "Line"), Column("period", wording.capitalised(each)),
            Column("value", wording.capitalised(wording.measure_of(answer).plural), "count"),
        ),
        figure=theme.build_figure(data, figure_layout),
        height=height,
        notes=(*_gaps(panels), *(event.words for event in marked)),
        events=marked,
        **provenance(answer),
    )  # fmt: skip


def _middles(rows: pd.DataFrame) -> list[str]:
    """The middle month of each period: a quarter is drawn where it lies, not where it begins."""
    return [
        month_text((month_number(start) + month_number(end)) // 2)
        for start, end in zip(rows["period_start"].tolist(), rows["period_end"].tolist(), strict=True)
    ]


@dataclass(frozen=True)
class _Panel:
    category: str
    label: str
    periods: list[str]
    starts: list[str]
    values: list[float | None]
    statuses: list[str]

    @property
    def latest(self) -> tuple[str, float] | None:
        """The last figure and its month; ``None`` for a line that ended before the chart does: it is not the latest."""
        if self.values and self.values[-1] is None and CATEGORIES[self.category].used_to:
            return None
        known = [(start, value) for start, value in zip(self.starts, self.values, strict=True) if value is not None]
        return known[-1] if known else None

    def breaks(self, first: date, last: date) -> list[tuple[str, str]]:
        """Days within the chart at which the police began or ceased to use the line, with words for them."""
        used = CATEGORIES[self.category]
        found = []
        if used.used_to:
            after = month_text(month_number(used.used_to) + 1)
            found.append((first_day(after), f"not used from {month_label(after)}"))
        if used.used_from:
            found.append((first_day(used.used_from), f"used from {month_label(used.used_from)}"))
        return [(day, words) for day, words in found if first < date.fromisoformat(day) <= last]

    def words(self) -> str:
        known = [(period, value) for period, value in zip(self.periods, self.values, strict=True) if value is not None]
        if not known:
            why = "withheld" if "withheld" in self.statuses else "no figure"
            return f"{self.label}: {why}."
        highest = max(known, key=lambda each: each[1])
        return (
            f"{self.label}: latest {wording.number(known[-1][1])} ({known[-1][0]}), highest {wording.number(highest[1])} "
            f"({highest[0]})."
        )


def _panel_axis(values: Sequence[float | None], bottom: float, top: float) -> dict[str, Any]:
    highest = max((value for value in values if value is not None), default=0)
    ticks = [0, highest] if highest else [0]
    return theme.axis(
        domain=[bottom, top],
        range=[0, highest * 1.1 or 1],
        tickvals=ticks,
        ticktext=[wording.number(tick) for tick in ticks],
    )


def _gaps(panels: Sequence[_Panel]) -> tuple[str, ...]:
    """What has no figure, once when all lines lack the same."""
    withheld = [panel.label for panel in panels if "withheld" in panel.statuses]
    notes = [f"Withheld (○) in some periods, to protect people: {wording.joined(withheld)}."] if withheld else []
    missing = [
        note for note in notes_of_no_figure(panels[0].starts, panels[0].statuses) if note.startswith("No figure")
    ]
    return (*missing, *notes)


def _title_of_lines(verdicts: Mapping[str, str], answer: "Answer", each: str) -> str:
    """How many lines were higher, lower and similar, by their tests."""
    counts = {
        verdict: sum(1 for found in verdicts.values() if found == verdict) for verdict in ("higher", "lower", "similar")
    }
    told = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    if not told or not answer.compare:
        return f"{wording.title_subject(answer)}, line by line, each {each}"
    then = "a year before" if answer.compare == "previous-year" else answer.compare_period
    number, verdict = told[0].split()
    first = f"{number} {'line was' if number == '1' else 'lines were'} {verdict}"
    return f"Compared with {then}, {wording.joined([first, *told[1:]])}"
