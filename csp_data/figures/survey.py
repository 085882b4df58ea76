"""Charts of a survey: the answers to a question, and the same answers over its waves.

Bars and dots carry their share in figures, and what a report leaves out is hatched, so nothing rests on colour.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, wrapped
from csp_data.figures.chart import Chart, Column, Provenance, records

_ROW = 34
_HEADING_CHARACTERS = 42
"""Letters in bold that fit on a telephone's width."""
_LABELS, _SHARES = 0.28, 0.72
"""Shares of the width where the labels of waves end and where the figures begin: a telephone has 86 pixels for each."""
INTERVALS = (
    "The line on each bar is the 95% interval: how uncertain chance alone leaves the share with so few people asked."
)


def question_bars(
    rows: pd.DataFrame, heading: str, where: str, notes: Sequence[str], provenance: Provenance, ordered: bool
) -> Chart:
    """A bar for each answer to a question with its 95% interval, and a mark for the wave before where it may be compared.

    Parameters
    ----------
    rows : the question's rows of one wave, of ``analysis.consultations.with_changes``.
    heading : what was asked, in a few words: the title begins with it.
    where : area, way of asking, wave, and how many people: the end of the subtitle.
    ordered : keep the order of the answers, as of "very safe" to "very unsafe"; else the largest share comes first.
    """
    drawn = _arranged(rows, ordered)
    listed = records(drawn, "option_label", "option_role", "percent", "lower", "upper", "shown", "value_status", "part")
    labels = [f"<b>{wrapped(_label(row))}</b>" if row["part"] == "sum" else wrapped(_label(row)) for row in listed]
    values = [_number(row["percent"]) for row in listed]
    texts = [_share(row) for row in listed]
    before = _comparable(drawn)
    then = next(
        (str(name) for name, value in zip(drawn["previous_wave"], before, strict=True) if value is not None), ""
    )
    data = _bar_traces(listed, values, texts, before, then)
    marked = bool(then)
    margin = {"l": 8, "r": 24, "t": 32 if marked else 8, "b": 30}  # right of it half the label of 100%
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    height = len(labels) * max(_ROW, 17 * lines + 10) + margin["t"] + margin["b"]
    ends = [max(_number(row["upper"]) or 0, value or 0) for row, value in zip(listed, values, strict=True)]
    figure_layout = theme.layout(
        height, margin, xaxis=_percent_axis(ends), yaxis=row_axis(labels),
        showlegend=marked,
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "xref": "container", "y": 1, "yanchor": "top",
            "yref": "container", "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    several = str(rows["kind"].iloc[0]) != "single"
    return Chart(
        kind="survey question",
        title=_title(heading, listed, several),
        subtitle=f"‘{rows['question_text'].iloc[0]}’ Share of the people asked, {where}",
        alt=_alt(heading, listed, then, drawn),
        data=_with_words(drawn),
        columns=(
            Column("option_label", "Answer"), *_SHARE_COLUMNS, *_base_columns(drawn),
            *(_CHANGE_COLUMNS if (drawn["previous_wave"] != "").any() else ()),
            *((Column("note", "Note"),) if len(set(drawn["note"])) > 1 else ()),
        ),
        figure=theme.build_figure(data, figure_layout),
        height=height,
        notes=(*((INTERVALS,) if drawn["lower"].notna().any() else ()), *notes),
        **provenance,
    )  # fmt: skip


def wave_dots(
    rows: pd.DataFrame,
    survey: str,
    names: Mapping[str, str],
    heading: str,
    where: str,
    notes: Sequence[str],
    provenance: Provenance,
) -> Chart:
    """A dot with its 95% interval for each wave of each answer; a thin line joins waves asked in the same way only.

    Parameters
    ----------
    rows : rows of ``analysis.consultations.over_waves`` with their changes, in order.
    survey : the survey the chart is about: its waves have round dots, those of others diamonds.
    names : question -> what was asked, in a few words.
    """
    listed = records(
        rows, "survey", "survey_label", "wave", "wave_label", "mode", "question", "option", "option_label", "percent", "lower",
        "upper", "base", "shown", "line", "verdict", "flag",
    )  # fmt: skip
    own = [row for row in listed if row["survey"] == survey]
    main = (survey, max(own, key=lambda row: row["wave"])["mode"] if own else "")
    annotations, spans, joins = [], {"x": [], "y": []}, {"x": [], "y": []}
    dots: dict[str, list[Any]] = {"x": [], "y": [], "symbol": [], "text": []}
    position, last = 0.0, None
    previous: tuple[tuple[str, str, int], float, float] | None = None
    wave_labels = _wave_labels(listed)
    for row, name in zip(listed, wave_labels, strict=True):
        group = (row["question"], row["option"])
        if group != last:
            text = "<br>".join(
                wrap(f"{names[row['question']]}: {wording.lowered(row['option_label'])}", _HEADING_CHARACTERS)
            )
            position += 0.35 if last else 0
            annotations.append(
                theme.note(
                    f"<b>{text}</b>", xref="paper", x=0, xanchor="left", y=position + 0.3 * text.count("<br>"), yanchor="middle",
                    align="left", bgcolor=theme.PAPER,
                )
            )  # fmt: skip
            position += 1 + 0.55 * text.count("<br>")
            last = group
        spans["x"] += [row["lower"], row["upper"], None]
        spans["y"] += [position, position, None]
        if previous and previous[0] == (*group, row["line"]):
            joins["x"] += [previous[1], row["percent"], None]
            joins["y"] += [previous[2], position, None]
        previous = ((*group, row["line"]), row["percent"], position)
        dots["x"].append(row["percent"])
        dots["y"].append(position)
        dots["symbol"].append("circle" if (row["survey"], row["mode"]) == main else "diamond-open")
        interval = wording.interval_words(row["lower"], row["upper"], 0)
        dots["text"].append(f"{row['wave_label']}: {row['shown']}" + (f" ({interval})" if interval else ""))
        annotations += [
            theme.note(name, xref="paper", x=0, xanchor="left", y=position, align="left", yanchor="middle"),
            theme.note(
                f"<b>{row['shown']}</b>" + (f" ({interval.replace(' to ', '–')})" if interval else ""),
                xref="paper", x=1, xanchor="right", y=position, yanchor="middle",
            ),
        ]  # fmt: skip
        position += 1
    data = [
        {"type": "scatter", "mode": "lines", **joins, "line": {"color": theme.CONTEXT, "width": 1.5, "dash": "dot"},
         "hoverinfo": "skip"},
        {"type": "scatter", "mode": "lines", **spans, "line": {"color": theme.CONTEXT, "width": 6}, "hoverinfo": "skip"},
        {"type": "scatter", "mode": "markers", "x": dots["x"], "y": dots["y"],
         "marker": {"color": theme.SERIES, "symbol": dots["symbol"], "size": 10, "opacity": 1,
                    "line": {"width": 2, "color": theme.SERIES}},
         "text": dots["text"], "hovertemplate": "%{text}<extra></extra>"},
    ]  # fmt: skip
    margin = {"l": 8, "r": 8, "t": 14, "b": 30}
    height = round(position * 28) + margin["t"] + margin["b"]
    figure_layout = theme.layout(
        height, margin,
        xaxis=theme.axis(
            range=[-3, 103], zeroline=False, domain=[_LABELS, _SHARES], tickvals=[0, 50, 100], ticktext=["0%", "50%", "100%"]),
        yaxis=theme.axis(range=[position - 0.5, -0.5], showgrid=False, showticklabels=False, ticks="", zeroline=False),
        annotations=annotations,
    )  # fmt: skip
    ways = {(row["survey"], row["mode"]): f"{row['survey_label']} ({row['mode']})" for row in listed}
    others = [words for way, words in ways.items() if way != main]
    round_dots = f"Round dots: {ways[main]}. " if main in ways else ""
    told = (
        (f"{round_dots}Diamonds: {wording.joined(others)}. Who is asked, and how, changes what people answer, so different "
         "surveys and ways of asking are not joined and not compared.",)
        if others else ()
    )  # fmt: skip
    return Chart(
        kind="survey waves",
        title=_title_of_waves(heading, own),
        subtitle=f"Share of the people asked with its 95% interval, {where}",
        alt=_alt_of_waves(heading, listed, wave_labels, names),
        data=_with_words(rows).assign(asked=[names[question] for question in rows["question"]]),
        columns=(
            Column("asked", "Question"), Column("option_label", "Answer"), Column("wave_label", "Wave"),
            Column("mode", "Asked"), *_SHARE_COLUMNS, *_base_columns(rows), *_CHANGE_COLUMNS,
        ),
        figure=theme.build_figure(data, figure_layout),
        height=height,
        notes=("n: how many people were asked.", *told, *notes),
        **provenance,
    )  # fmt: skip


_SHARE_COLUMNS = (Column("share_text", "Share"), Column("interval_text", "95% interval"))
_CHANGE_COLUMNS = (
    Column("previous_wave", "Wave before"),
    Column("previous_text", "Share then"),
    Column("change_text", "Change"),
)


def _base_columns(rows: pd.DataFrame) -> tuple[Column, ...]:
    effective = rows["effective_base"].notna().any()
    return (
        Column("count_text", "People who chose it"),
        Column("base_text", "People asked"),
        *((Column("effective_text", "Effective base after weighting"),) if effective else ()),
        *((Column("flag", "Flag"),) if (rows["flag"] != "").any() else ()),
    )


def _with_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their cells as text: a percentage keeps the decimals it was printed with."""
    listed = records(
        rows, "shown", "value_status", "lower", "upper", "count", "base", "effective_base", "previous_shown", "change",
        "change_reason",
    )  # fmt: skip
    return rows.assign(
        share_text=[_share(row) for row in listed],
        interval_text=[
            f"{wording.interval_words(row['lower'], row['upper'], 0)}%"
            if wording.known(row["lower"])
            else _symbol(row["value_status"])
            for row in listed
        ],
        count_text=[
            wording.number(row["count"]) if wording.known(row["count"]) else _symbol(row["value_status"])
            for row in listed
        ],
        base_text=[wording.number(row["base"]) if wording.known(row["base"]) else "not stated" for row in listed],
        effective_text=[
            wording.number(row["effective_base"], 1) if wording.known(row["effective_base"]) else "" for row in listed
        ],
        previous_text=[row["previous_shown"] for row in listed],
        change_text=[row["change"] or row["change_reason"] for row in listed],
    )


def _symbol(status: str) -> str:
    return wording.SYMBOLS.get(status, wording.SYMBOLS["not applicable"])


def _share(row: Mapping[str, Any]) -> str:
    return row["shown"] if row["value_status"] == "available" else _symbol(row["value_status"])


def _number(value: float) -> float | None:
    return value if wording.known(value) else None


def _label(row: Mapping[str, Any]) -> str:
    return f"{row['option_label']} (sum)" if row["part"] == "sum" else str(row["option_label"])


def _arranged(rows: pd.DataFrame, ordered: bool) -> pd.DataFrame:
    """Sums first, as the message; then the answers, no answer, and what is not shown."""
    last = {"answer": 1, "net": 1, "no answer": 2, "not shown": 3}
    place = [
        0 if part == "sum" else last.get(role, 1) for role, part in zip(rows["option_role"], rows["part"], strict=True)
    ]
    within = rows["option_order"].tolist() if ordered else (-rows["percent"].fillna(-1)).tolist()
    order = sorted(range(len(rows)), key=lambda n: (place[n], within[n]))
    return rows.iloc[order].reset_index(drop=True)


def _comparable(rows: pd.DataFrame) -> list[float | None]:
    """The share of the wave before, where the change to it is worked out."""
    return [
        _number(value) if verdict else None
        for value, verdict in zip(rows["previous_percent"].tolist(), rows["verdict"].tolist(), strict=True)
    ]


def _bar_traces(
    listed: Sequence[Mapping[str, Any]],
    values: Sequence[float | None],
    texts: Sequence[str],
    before: Sequence[float | None],
    then: str,
) -> list[dict[str, Any]]:
    places = list(range(len(listed)))
    quiet = [row["option_role"] in ("not shown", "no answer") for row in listed]
    spans: dict[str, list[Any]] = {"x": [], "y": []}
    for row, place in zip(listed, places, strict=True):
        if wording.known(row["lower"]):
            spans["x"] += [row["lower"], row["upper"], None]
            spans["y"] += [place, place, None]
    ends = [
        max(value or 0, _number(row["upper"]) or 0, mark or 0)
        for value, row, mark in zip(values, listed, before, strict=True)
    ]
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "x": list(values), "y": places, "width": 0.62,
            "marker": theme.hatched_bars(quiet),
            "hoverinfo": "skip", "showlegend": False,
        },
        {
            "type": "scatter", "mode": "lines", **spans, "line": {"color": theme.PAPER, "width": 5}, "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter", "mode": "lines", **spans, "line": {"color": theme.TEXT, "width": 2}, "hoverinfo": "skip",
            "showlegend": False,
        },
        {
            "type": "scatter", "mode": "text", "x": ends, "y": places, "text": [f"\u2002<b>{text}</b>" for text in texts],
            "textposition": "middle right", "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
            "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT},
        },
    ]  # fmt: skip
    if then:
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": list(before), "y": places, "name": then,
                "marker": {"symbol": "line-ns", "size": 18, "line": {"width": 4, "color": theme.COMPARISON}},
                "hovertemplate": f"{then}: %{{x:.0f}}%<extra></extra>",
            }
        )  # fmt: skip
    return data


def _percent_axis(ends: Sequence[float]) -> dict[str, Any]:
    """From none to all, so that questions can be set side by side, with room for the share behind the longest interval, also
    on a telephone."""
    reach = max(ends, default=0) / (1 - 60 / theme.NARROWEST_PLOT)
    return theme.axis(range=[0, max(reach, 100)], tickvals=[0, 50, 100], ticktext=["0%", "50%", "100%"])


def _title(heading: str, listed: Sequence[Mapping[str, Any]], several: bool) -> str:
    """What most answered: a share of those who answered, not a test of anything."""
    given = [row for row in listed if row["value_status"] == "available"]
    answers = [row for row in given if row["option_role"] == "net"] or [
        row for row in given if row["option_role"] == "answer"
    ]
    if not answers:
        reason = "too few answers to show" if any(row["value_status"] == "withheld" for row in listed) else "no figures"
        return f"{heading}: {reason}"
    most = max(answers, key=lambda row: row["percent"])
    chose = "chose" if several else "answered"
    return f"{heading}: {most['shown']} {chose} ‘{wording.lowered(most['option_label'])}’"


def _title_of_waves(heading: str, listed: Sequence[Mapping[str, Any]]) -> str:
    """By the tests of the latest changes only: higher, lower or similar."""
    found = [row for row in listed if row["verdict"]]
    newest = max((row["wave"] for row in found), default="")
    verdicts = [row["verdict"] for row in found if row["wave"] == newest]
    if not verdicts:
        return f"{heading}: no change in this survey can be tested"
    if set(verdicts) == {"similar"}:
        return f"{heading}: answers were similar to the wave before"
    moved = [row for row in found if row["wave"] == newest and row["verdict"] != "similar"]
    if len(moved) == 1:
        return f"{heading}: ‘{wording.lowered(moved[0]['option_label'])}’ was {moved[0]['verdict']} than before"
    return f"{heading}: {len(moved)} of {len(verdicts)} answers changed by more than chance"


def _alt(heading: str, listed: Sequence[Mapping[str, Any]], then: str, rows: pd.DataFrame) -> str:
    parts = []
    for row, verdict in zip(listed, rows["verdict"].tolist(), strict=True):
        interval = wording.interval_words(row["lower"], row["upper"], 0)
        compared = f", {verdict} {'to' if verdict == 'similar' else 'than'} {then}" if verdict else ""
        parts.append(f"{_label(row)} {_share(row)}" + (f" (95% interval {interval})" if interval else "") + compared)
    return f"Bar chart of the answers to a question, {wording.lowered(heading)}: {'; '.join(parts)}."


def _wave_labels(listed: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each wave short, with its base: "2024 (n 103)"."""
    return [
        f"{row['wave']} (n {wording.number(row['base']) if wording.known(row['base']) else 'not stated'})"
        for row in listed
    ]


def _alt_of_waves(
    heading: str, listed: Sequence[Mapping[str, Any]], labels: Sequence[str], names: Mapping[str, str]
) -> str:
    parts = []
    for row, label in zip(listed, labels, strict=True):
        interval = wording.interval_words(row["lower"], row["upper"], 0)
        parts.append(
            f"{names[row['question']]}, {wording.lowered(row['option_label'])}, {label}: {row['shown']}"
            + (f" (95% interval {interval})" if interval else "")
        )
    return f"Dots with 95% intervals by wave, {wording.lowered(heading)}. {'; '.join(parts)}."
