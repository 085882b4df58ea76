"""Control charts: months against the limits of their usual ups and downs, each signal marked by its shape and a word."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.control_charts import COMMON_CAUSE, NO_DATA, PROVISIONAL, TRIAL_BELOW, ControlChart
from csp_data.analysis.over_time import Control
from csp_data.analysis.periods import Span, month_label, month_number, month_text
from csp_data.figures import theme, wording
from csp_data.figures.chart import (
    Chart,
    Column,
    NoChart,
    how_shown,
    populations_in_words,
    provenance,
    subject,
    subject_columns,
    subtitle_of,
)
from csp_data.figures.events import LANE_PIXELS, event_letters, event_shapes, events_on
from csp_data.figures.lines import KEY, first_day, key_height, marks_of_no_figure, notes_of_no_figure, time_axis

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

HEIGHT = 380
MOST_SIGNALS_NAMED = 5
"""Runs of signals that the notes name, the latest first; the table marks every one."""
_RIGHT = 88  # pixels for the names of the limits at the end of their lines
_LABEL_PIXELS = 17  # between the names of two lines

_MARKS: Mapping[str, tuple[str, str, str, str]] = {
    "usual": ("circle", "●", "Usual", theme.SERIES),
    "high": ("triangle-up", "▲", "Higher than usual", theme.COMPARISON),
    "low": ("triangle-down", "▼", "Lower than usual", theme.COMPARISON),
    "set aside": ("circle-open", "○", "Set aside", theme.SERIES),
    "provisional": ("diamond-open", "◇", "Provisional", theme.QUIET_TEXT),
}
"""What a point is -> Plotly's symbol, the same in text, its words in the key, its colour. Never its colour alone."""

_ASSURANCE = {
    "consistent_pass": "By these limits the target would be met every {unit}, as long as nothing changes.",
    "consistent_fail": "By these limits the target would be missed every {unit}, unless something changes.",
    "inconsistent": "The target lies within the limits: some {unit}s will meet it and some will not, by chance.",
}


def control_chart(
    control: Control, answer: "Answer", events: pd.DataFrame | None = None, height: int | None = None
) -> Chart:
    """An XmR chart: values, mean and limits, with each signal marked.

    Parameters
    ----------
    control : of ``analysis.over_time``, with a chart
    answer : the answer for the period, of the same question
    events : the release's events, or None
    height : pixels of the whole chart; ``HEIGHT`` and room for the events when None

    Raises
    ------
    NoChart
        With the ``reason`` of the control chart.
    """
    chart = control.chart
    if chart is None:
        raise NoChart(control.reason)
    rows = _rows(chart, answer)
    points = rows["month"].tolist()
    span = Span(points[0], month_text(month_number(points[-1]) + chart.every - 1))
    first, last = date.fromisoformat(first_day(points[0])), date.fromisoformat(first_day(points[-1]))
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    above = LANE_PIXELS * (1 + max((event.lane for event in marked), default=-1))
    low, high = _reach(rows, chart.target)
    kinds = len(set(_marks_of(rows)) & set(_MARKS))
    # A chart with a given height is one for a wide screen, where two names of the key and more share a line.
    key = key_height(kinds if height is None else -(-kinds // 2))
    margin = {"l": 8, "r": _RIGHT, "t": key + above, "b": 30}
    height = height or HEIGHT + above
    places = _places(rows, answer)
    figure = theme.build_figure(
        [
            *_limit_lines(rows),
            *([_target_line(points, chart.target)] if chart.target is not None else []),
            *_points(rows, places),
            *marks_of_no_figure(points, rows["value_status"].tolist(), low),
        ],
        theme.layout(
            height,
            margin,
            hovermode="closest",
            showlegend=True,
            legend=KEY,
            xaxis=time_axis(points),
            yaxis=theme.axis(range=[low, high], nticks=6, tickformat=",", zeroline=False),
            shapes=event_shapes(marked, first, last),
            annotations=[
                *event_letters(marked, first),
                *_names_of_lines(rows, chart.target, low, high, height - margin["t"] - margin["b"], places),
            ],
        ),
    )
    by = "quarter" if chart.every == 3 else "month"
    equal = ", months made equal in length" if control.per_day else ""
    return Chart(
        kind="control chart",
        title=_title(chart, answer),
        subtitle=f"{subtitle_of(answer, span.label, by=f' by {by}')}: control chart (XmR){equal}",
        alt=_alt(chart, rows, answer, span, by, places),
        data=rows,
        columns=(
            Column("period", by.capitalize()),
            Column("value", _heading(answer), "rate" if control.per_day else how_shown(answer)),
            Column("mean", "Mean", "rate", status="limit_status"),
            Column("lower_limit", "Lower limit", "rate", status="limit_status"),
            Column("upper_limit", "Upper limit", "rate", status="limit_status"),
            Column("words", "How it stands to the limits"),
        ),
        figure=figure,
        height=height,
        notes=(
            *_signal_notes(chart, rows),
            *_target_notes(chart, by, places),
            *notes_of_no_figure(points, rows["value_status"].tolist()),
            *control.notes,
            *chart.cautions,
            f"{chart.settings} A season shows as signals too: what is usual for the time of year is on the page "
            "Seasonality.",
            *(["The scale does not start at 0."] if low > 0 else []),
            *(["A lower limit under 0 is drawn at 0."] if (rows["lower_limit"] < 0).any() else []),
            *_population_notes(control, answer),
            *(event.short_words for event in marked),
        ),
        events=marked,
        **provenance(answer),
    )


def _rows(chart: ControlChart, answer: "Answer") -> pd.DataFrame:
    """The points in the order drawn, with the words of people and the statuses of tables."""
    points = chart.points
    spans = [Span(month, month_text(month_number(month) + chart.every - 1)) for month in points["month"]]
    missing = points["status"] == "missing"
    words = [
        f"set aside; {text}" if status == "set aside" else text
        for text, status in zip(points["words"], points["status"], strict=True)
    ]
    return pd.DataFrame(
        {
            "period": [span.label for span in spans],
            "month": points["month"],
            "value": points["value"],
            "value_status": ["missing" if gone else "available" for gone in missing],
            "unit": answer.unit,
            "mean": points["mean"],
            "lower_limit": points["lpl"],
            "upper_limit": points["upl"],
            "limit_status": "not applicable",
            "group": points["rebase_group"],
            "status": points["status"],
            "special_cause": points["special_cause"],
            "cause": points["words"],
            "words": words,
            **subject_columns(answer),
        }
    )


def _direction(cause: str) -> str:
    if cause in (COMMON_CAUSE, NO_DATA, PROVISIONAL):
        return ""
    return "high" if "Above" in cause or "Increasing" in cause else "low"


def _mark_of(status: str, cause: str) -> str:
    if status in ("missing", "provisional"):
        return status
    return _direction(cause) or ("set aside" if status == "set aside" else "usual")


def _marks_of(rows: pd.DataFrame) -> list[str]:
    return [_mark_of(status, cause) for status, cause in zip(rows["status"], rows["special_cause"], strict=True)]


def _population_notes(control: Control, answer: "Answer") -> list[str]:
    """The populations of the months themselves, which may be those of several years."""
    found = populations_in_words(control.months.populations) if wording.is_rate(answer.unit) else ""
    return [f"{wording.capitalised(wording.denominator_words(answer))}: {found}."] if found else []


def _reach(rows: pd.DataFrame, target: float | None) -> tuple[float, float]:
    """The ends of the scale: all that is drawn with some room, and 0 where that is near."""
    drawn = pd.concat([rows["value"], rows["mean"], rows["upper_limit"], rows["lower_limit"].clip(lower=0)]).dropna()
    values = [*drawn.tolist(), *([target] if target is not None else [])]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    room = 0.06 * (highest - lowest or highest or 1)
    low = lowest - room
    return (0.0 if low < 0.25 * highest else low), highest + room


def _places(rows: pd.DataFrame, answer: "Answer") -> int:
    """Decimals on the chart: two for monthly rates, which are small."""
    if wording.is_rate(answer.unit):
        return wording.SENTENCE_RATE_PLACES
    return int(not rows["value"].max() >= 100)


def _plain(values: Sequence[float], floor: float | None = None) -> list[float | None]:
    """Numbers as a figure takes them: None where there is none."""
    return [None if math.isnan(value) else float(value if floor is None else max(value, floor)) for value in values]


def _limit_lines(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Mean and limits, broken where they start afresh."""
    days: list[str | None] = []
    lines: dict[str, list[float | None]] = {"mean": [], "lower_limit": [], "upper_limit": []}
    for _, part in rows.groupby("group", sort=True):
        days += [*(first_day(month) for month in part["month"]), None]
        for name, values in lines.items():
            values += [*_plain(part[name].tolist(), 0.0), None]
    looks = {
        "mean": {"color": theme.TEXT, "width": 1.5},
        "lower_limit": {"color": theme.QUIET_TEXT, "width": 1.5, "dash": "dash"},
        "upper_limit": {"color": theme.QUIET_TEXT, "width": 1.5, "dash": "dash"},
    }
    return [
        {
            "type": "scatter", "mode": "lines", "x": days, "y": values, "line": looks[name], "connectgaps": False,
            "hoverinfo": "skip", "showlegend": False,
        }
        for name, values in lines.items()
    ]  # fmt: skip


def _target_line(months: Sequence[str], target: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [first_day(months[0]), first_day(months[-1])],
        "y": [target, target],
        "line": {"color": theme.COMPARISON, "width": 2, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _points(rows: pd.DataFrame, places: int) -> list[dict[str, Any]]:
    """The line of values, then the points of each mark with its words for the key."""
    days = [first_day(month) for month in rows["month"]]
    values = _plain(rows["value"].tolist())
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", "x": days, "y": values, "connectgaps": False, "hoverinfo": "skip",
            "line": {"color": theme.SERIES, "width": theme.LINE_WIDTH}, "showlegend": False,
        }
    ]  # fmt: skip
    marks = _marks_of(rows)
    words = [
        f"{period}: {wording.capitalised(said)}" for period, said in zip(rows["period"], rows["words"], strict=True)
    ]
    for name, (symbol, _, key, colour) in _MARKS.items():
        found = [n for n, mark in enumerate(marks) if mark == name]
        if not found:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [days[n] for n in found],
                "y": [values[n] for n in found],
                "name": key,
                "text": [words[n] for n in found],
                "marker": {
                    "symbol": symbol,
                    "size": 6 if name == "usual" else 10 if name in ("high", "low") else 8,
                    "color": colour,
                    "line": {"width": 1.5 if symbol.endswith("open") else 0, "color": colour},
                },
                "cliponaxis": False,
                "hovertemplate": f"%{{y:,.{places}f}}, %{{text}}<extra></extra>",
            }
        )
    return traces


def _names_of_lines(
    rows: pd.DataFrame, target: float | None, low: float, high: float, pixels: float, places: int
) -> list[dict[str, Any]]:
    """Mean, limits and target named at the end of their lines, moved apart where they would overlap."""
    last = rows.iloc[-1]
    named = [
        ("Upper", last["upper_limit"]), ("Mean", last["mean"]), ("Lower", last["lower_limit"]),
        ("Target", math.nan if target is None else target),
    ]  # fmt: skip
    lines = sorted(((max(value, 0.0), name, value) for name, value in named if wording.known(value)), reverse=True)
    notes, free = [], math.inf
    for at, name, value in lines:
        place = (at - low) / (high - low) * pixels
        shown = min(place, free - _LABEL_PIXELS)
        free = shown
        size = {"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT if name == "Mean" else theme.QUIET_TEXT}
        text = f"{name} {wording.number(max(value, 0.0), places)}"
        notes.append(
            theme.note(text, x=1, xref="paper", xanchor="left", xshift=2, y=at, yshift=round(shown - place), font=size)
        )
    return notes


def _heading(answer: "Answer") -> str:
    unit = f" {answer.unit}" if wording.is_rate(answer.unit) else ""
    return f"{wording.capitalised(wording.noun(answer))}{unit}"


def _title(chart: ControlChart, answer: "Answer") -> str:
    """How the latest point that is judged stands: "Recorded crimes in Medway, March 2026: higher than usual"."""
    latest = chart.latest
    about = wording.title_subject(answer)
    if latest is None or chart.points["no_variation"].iloc[-1]:
        return f"{about}: no limits to judge by"
    if latest["short_group"]:
        return f"{about}: trial limits, too few for a signal"
    start = str(latest["month"])
    when = month_label(start) if chart.every == 1 else Span(start, month_text(month_number(start) + 2)).label
    direction = _direction(str(latest["special_cause"]))
    words = wording.lowered(_MARKS[direction][2]) if direction else "within the usual range"
    return f"{about}, {when}: {words}"


def _signal_notes(chart: ControlChart, rows: pd.DataFrame) -> list[str]:
    """The latest runs of signals to one side, in words; first that the latest limits are too young for one."""
    on_trial = chart.latest is not None and bool(chart.latest["short_group"])
    unit = "quarters" if chart.every == 3 else "months"
    first = f"A signal needs {TRIAL_BELOW} {unit}; there are fewer. Marks by trial limits are only a hint."
    trial = [first] if on_trial else []
    points = list(zip(_marks_of(rows), rows["period"], rows["cause"], strict=True))
    found = [(mark, list(run)) for mark, run in groupby(points, key=lambda point: point[0]) if mark in ("high", "low")]
    if not found:
        return trial or ["No signals: all is within the usual ups and downs."]
    said = []
    for mark, run in reversed(found[-MOST_SIGNALS_NAMED:]):
        when = run[0][1] if len(run) == 1 else f"{run[0][1]} to {run[-1][1]}"
        why = wording.joined(list(dict.fromkeys(words for _, _, words in run)))
        said.append(f"{_MARKS[mark][1]} {when}, {wording.lowered(_MARKS[mark][2])}: {why}.")
    earlier = len(found) - len(said)
    if earlier:
        said.append(f"{earlier} earlier {'run' if earlier == 1 else 'runs'} of signals: see the table.")
    return [*trial, *said]


def _target_notes(chart: ControlChart, by: str, places: int) -> list[str]:
    if chart.target is None:
        return []
    words = _ASSURANCE.get(chart.assurance, "Neither side of the target is better in itself, so it is not judged.")
    return [f"Target: {wording.number(chart.target, places)}. {words.format(unit=by)}"]


def _alt(chart: ControlChart, rows: pd.DataFrame, answer: "Answer", span: Span, by: str, places: int) -> str:
    parts = [f"Control chart of {wording.lowered(subject(answer))} by {by} in {answer.area_name}, {span.label}"]
    last = rows.iloc[-1]
    if wording.known(last["mean"]):
        text = f"Mean of the latest limits: {wording.number(last['mean'], places)}"
        if wording.known(last["upper_limit"]):
            limits = [wording.number(max(last[name], 0.0), places) for name in ("lower_limit", "upper_limit")]
            text += f", limits {limits[0]} to {limits[1]}"
        parts.append(text)
    known = rows[rows["value_status"] == "available"]
    if len(known):
        latest = known.iloc[-1]
        parts.append(f"Latest: {wording.number(latest['value'], places)} ({latest['period']}), {latest['words']}")
    marks = _marks_of(rows)
    parts.append(
        f"{marks.count('high')} of {len(rows)} {by}s are higher than usual and {marks.count('low')} lower than usual"
    )
    return ". ".join(parts) + "."
