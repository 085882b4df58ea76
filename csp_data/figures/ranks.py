"""Where wards stand among each other: their places with the range that chance allows, one among all, two measures at once."""

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.wards import Together
from csp_data.catalogue.measures import MEASURES
from csp_data.figures import theme, wording
from csp_data.figures.bars import area_rates
from csp_data.figures.chart import (
    Chart,
    Column,
    drawn,
    estimate_columns,
    estimate_notes,
    provenance,
    records,
    subject,
)

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

RANGE_NOTE = (
    "Before each ward: the highest and the lowest place it could have, allowing for chance (1 = highest rate). Only a "
    "ward whose whole interval lies above or below is counted as surely above or below."
)
DENOMINATOR_NOTES = {
    "residents": "Rates are per resident. Where many people come to shop, work or go out, such as a town centre, the rate "
    "overstates the risk to those who live there.",
    "households": "Rates are per household, which suits burglary of homes best.",
    "workday": "Rates are per person who is in the ward on a working day. It leaves out those who come in the evening, at "
    "the weekend or as visitors.",
}
"""What to say of a rate, by a word of its unit."""


def ordinal(place: float) -> str:
    """1 as "1st", 12 as "12th", 23 as "23rd"."""
    number = int(place)
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def range_words(low: float, high: float) -> str:
    """ "3rd to 7th", "1st" where chance leaves only one place, "" when not known."""
    if not (wording.known(low) and wording.known(high)):
        return ""
    return ordinal(low) if low == high else f"{ordinal(low)} to {ordinal(high)}"


def ward_places(table: pd.DataFrame, answer: "Answer", selected: str | None = None) -> Chart:
    """Each ward's rate with its 95% interval and the places it could have, the highest first.

    Parameters
    ----------
    table : ``analysis.wards.ranked``: a row a ward
    answer : the partnership's rate of the same question
    selected : code of the ward to pick out, or None
    """
    named = _with_places(table)
    before = {
        row["area"]: f"{row['rank_from']:.0f}–{row['rank_to']:.0f}"
        if row["rank_from"] != row["rank_to"]
        else f"{row['rank_from']:.0f}"
        for row in records(named, "area", "rank_from", "rank_to")
        if wording.known(row["rank_from"])
    }
    chart = area_rates(named, answer, selected, before)
    notes = (RANGE_NOTE,) if before else tuple(dict.fromkeys(r for r in table["rank_reason"].tolist() if r))
    return replace(
        chart,
        kind="ward places",
        columns=(*chart.columns, *_place_columns(answer)),
        notes=(*notes, *chart.notes, *denominator_notes(answer.unit)),
    )


def _with_places(table: pd.DataFrame) -> pd.DataFrame:
    ranges = [range_words(row["rank_from"], row["rank_to"]) for row in records(table, "rank_from", "rank_to")]
    return table.assign(
        places=[
            words or wording.SYMBOLS.get(status, wording.SYMBOLS["not applicable"])
            for words, status in zip(ranges, table["rank_status"].tolist(), strict=True)
        ]
    )


def _place_columns(answer: "Answer") -> tuple[Column, ...]:
    return (
        Column("rank", "Place by rate", "count", status="rank_status"),
        Column("places", "Places that chance allows"),
        Column("rank_count", "Place by number", "count", status="rank_status"),
        Column("against_whole", f"Against {answer.area_name}"),
    )


def denominator_notes(unit: str) -> tuple[str, ...]:
    """What must be known of whom a rate is per."""
    return tuple(note for word, note in DENOMINATOR_NOTES.items() if word in unit)


ESTIMATED = "Part of the figures was estimated from where people live: the table says how much."
"""On a card, where the words of the ward itself say more."""
STRIP_HEIGHT = 130
NARROW_LABEL = 14
"""Characters of a name beside a mark, so that two of them stay apart on a telephone."""
NAME_REACH, NAME_HEIGHT = 0.35, 0.06
"""Share of a telephone's chart that a name beside a mark takes across, and half of what it takes up."""


def one_among_all(table: pd.DataFrame, answer: "Answer", selected: str) -> Chart:
    """All wards as small marks along one line of rates, with one of them and the partnership picked out and named.

    Parameters
    ----------
    table : ``analysis.wards.ranked``
    answer : the partnership's rate of the same question
    selected : code of the ward that is picked out
    """
    rows = _with_places(table)
    values, codes = drawn(rows), rows["area"].tolist()
    own = codes.index(selected)
    name, value = rows["area_name"].iloc[own], values[own]
    others = [v for n, v in enumerate(values) if n != own and v is not None]
    whole = answer.value if answer.value_status == "available" else None
    low, high = drawn(rows, "lower")[own], drawn(rows, "upper")[own]
    furthest = max([v for v in (*others, high, whole) if v is not None], default=0) or 1
    text = f"{name}: {wording.shown(value, rows['value_status'].iloc[own], wording.RATE_PLACES)}"
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers", "x": others, "y": [0] * len(others), "hoverinfo": "skip",
            "marker": {"symbol": "line-ns", "size": 22, "line": {"width": 2, "color": theme.QUIET_TEXT}},
        },
        {
            "type": "scatter", "mode": "lines", "x": [low, high] if value is not None else [],
            "y": [0, 0] if value is not None else [], "hoverinfo": "skip",
            "line": {"color": theme.SERIES, "width": 6},
        },
        {
            "type": "scatter", "mode": "markers", "x": [] if value is None else [value],
            "y": [] if value is None else [0], "cliponaxis": False,
            "marker": {"symbol": "diamond", "size": 18, "color": theme.SERIES,
                       "line": {"width": 2, "color": theme.PAPER}},
            "hovertemplate": f"{name}: %{{x:,.1f}}<extra></extra>",
        },
    ]  # fmt: skip
    notes = []
    if value is not None:
        notes.append(_label(text, value, furthest, 1.0, "top"))
    shapes = []
    if whole is not None:
        line = {"color": theme.COMPARISON, "width": 3, "dash": "dash"}
        shapes.append(
            {"type": "line", "xref": "x", "x0": whole, "x1": whole, "yref": "paper", "y0": 0, "y1": 0.75, "line": line}
        )
        whole_text = f"{answer.area_name}: {wording.number(whole, wording.RATE_PLACES)}"
        notes.append(_label(whole_text, whole, furthest, 0.0, "bottom", offset=6))
    margin = {"l": 12, "r": 12, "t": 8, "b": 30}
    figure = theme.build_figure(
        data,
        theme.layout(
            STRIP_HEIGHT, margin, shapes=shapes, annotations=notes,
            xaxis=theme.axis(range=[0, furthest * 1.04], nticks=5, tickformat=",", zeroline=False),
            yaxis=theme.axis(range=[-1, 1.4], visible=False),
        ),
    )  # fmt: skip
    estimates = estimate_columns(rows)
    place = rows["places"].iloc[own]
    where = f"{wording.capitalised(wording.noun(answer))} {answer.unit}"
    status = rows["value_status"].iloc[own]
    said = {"higher": "a higher", "lower": "a lower", "similar": "a similar"}.get(rows["against_whole"].iloc[own])
    title = (
        f"{name} has {said} rate {'to' if said == 'a similar' else 'than'} {answer.area_name}"
        if said
        else f"{wording.title_subject(answer)} by ward"
    )
    known = len(others) + (value is not None)
    alt = f"{where} of {known} wards along one line, {answer.period}. {text}"
    alt += f", place {place} of {rows['responded'].iloc[own]}" if status == "available" and place[:1] != "[" else ""
    alt += f". {answer.area_name}: {wording.number(whole, wording.RATE_PLACES)}." if whole is not None else "."
    return Chart(
        kind="small strip",
        title=title,
        subtitle=f"{where}, {name} among the wards of {answer.area_name}, {answer.period}",
        alt=alt,
        data=rows,
        columns=(
            Column("area_name", "Ward"),
            Column("value", where, "rate"),
            Column("lower", "Range that chance allows", "interval", to="upper"),
            Column("numerator", wording.capitalised(wording.noun(answer)), "count"),
            Column("denominator", wording.capitalised(wording.denominator_words(answer)), "count"),
            Column("rank", "Place", "count", status="rank_status"),
            Column("places", "Places that chance allows"),
            *estimates,
        ),
        figure=figure,
        height=STRIP_HEIGHT,
        notes=(
            "Each upright mark is a ward. The thick bar shows how far chance alone could move the figure.",
            *((ESTIMATED,) if estimates else estimate_notes(rows, answer)),
        ),
        **provenance(answer),
    )


def _label(text: str, x: float, furthest: float, y: float, yanchor: str, offset: int = 0) -> dict[str, Any]:
    """A name by its mark, on the side that has room."""
    left = x < furthest / 2
    return theme.note(
        text, x=x, y=y, yref="paper", yanchor=yanchor, xanchor="left" if left else "right", font=theme.STRONG,
        xshift=offset if left else -offset,
    )  # fmt: skip


def two_measures(found: Together, first: "Answer", second: "Answer", selected: str | None = None) -> Chart:
    """Wards by their rates of two measures at once, with those where both gather named.

    Parameters
    ----------
    found : ``analysis.wards.together``
    first, second : the partnership's rates of the two measures: the dashed lines
    """
    rows, (one, two) = found.wards, found.measures
    x_drawn, y_drawn = drawn(rows, f"{one}_rate", f"{one}_status"), drawn(rows, f"{two}_rate", f"{two}_status")
    pairs = zip(x_drawn, y_drawn, strict=True)
    at = {n: (a, b) for n, (a, b) in enumerate(pairs) if a is not None and b is not None}
    x, y = ({n: pair[side] for n, pair in at.items()} for side in (0, 1))
    both, codes, names = rows["both"].tolist(), rows["area"].tolist(), rows["area_name"].tolist()
    placed = list(at)
    named = [n for n in placed if both[n] or codes[n] == selected]
    highest = max(x.values(), default=0) or 1
    top = max(y.values(), default=0) or 1

    def marks(which: Sequence[int], **look: Any) -> dict[str, Any]:
        return {
            "type": "scatter", "mode": "markers", "x": [x[n] for n in which], "y": [y[n] for n in which],
            "text": [names[n] for n in which], "cliponaxis": False,
            "hovertemplate": "%{text}: %{x:,.1f} and %{y:,.1f}<extra></extra>", "marker": look,
        }  # fmt: skip

    data = [
        marks([n for n in placed if not both[n]], symbol="circle", size=9, color=theme.QUIET_TEXT),
        marks([n for n in placed if both[n]], symbol="diamond", size=14, color=theme.SERIES),
    ]
    if selected in codes and codes.index(selected) in placed:
        chosen = marks([codes.index(selected)], symbol="circle-open", size=22, color=theme.COMPARISON)
        data.append({**chosen, "marker": {**chosen["marker"], "line": {"width": 3}}})
    shapes, annotations = [], []
    for axis, whole in (("x", first), ("y", second)):
        if whole.value_status != "available" or whole.value is None:
            continue
        line = {"color": theme.EVENT_LINE, "width": 1.5, "dash": "dash"}
        other = "y" if axis == "x" else "x"
        ends = {f"{axis}ref": axis, f"{axis}0": whole.value, f"{axis}1": whole.value}
        shapes.append(
            {
                "type": "line",
                "layer": "below",
                **ends,
                f"{other}ref": "paper",
                f"{other}0": 0,
                f"{other}1": 1,
                "line": line,
            }
        )
    for n in named:
        # On the side of the mark where fewer others lie under the name.
        sides = [
            sum(
                0 < side * (x[m] - x[n]) < highest * NAME_REACH and abs(y[m] - y[n]) < top * NAME_HEIGHT for m in placed
            )
            for side in (1, -1)
        ]
        room = x[n] + highest * NAME_REACH <= highest * 1.06, x[n] >= highest * NAME_REACH
        left = (not room[0], sides[0], x[n] >= highest / 2) < (not room[1], sides[1], x[n] < highest / 2)
        # A name just below another hangs down from its mark.
        below = any(0 < y[m] - y[n] < 3 * top * NAME_HEIGHT and abs(x[m] - x[n]) < highest * NAME_REACH for m in named)
        lines = wrap(names[n], NARROW_LABEL, break_long_words=False)
        annotations.append(
            theme.note(
                "<br>".join(lines), x=x[n], y=y[n], yanchor="top" if below else "middle", xanchor="left" if left else "right",
                xshift=12 if left else -12, align="left" if left else "right", font=theme.STRONG,
            )
        )  # fmt: skip
    nouns = [MEASURES[measure].plural for measure in found.measures]
    axis_name = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "font": {"color": theme.QUIET_TEXT}}
    annotations += [
        theme.note(f"↑ {wording.capitalised(nouns[1])} {second.unit}", **axis_name, y=1, yanchor="bottom", yshift=6),
        theme.note(
            f"{wording.capitalised(nouns[0])} {first.unit} →", **{**axis_name, "x": 1, "xanchor": "right"}, y=0,
            yanchor="top", yshift=-26,
        ),
    ]  # fmt: skip
    height = 440
    figure = theme.build_figure(
        data,
        theme.layout(
            height, {"l": 8, "r": 16, "t": 34, "b": 52}, shapes=shapes, annotations=annotations,
            xaxis=theme.axis(range=[0, highest * 1.06], nticks=5, tickformat=","),
            yaxis=theme.axis(range=[0, top * 1.08], nticks=5, tickformat=","),
        ),
    )  # fmt: skip
    there = [names[n] for n in placed if both[n]]
    place = first.area_name
    shares = [found.shares[measure] for measure in found.measures]
    among = f"in the top {found.places} for {nouns[0]} and for {nouns[1]}"
    notes = [f"Dashed lines: the rates of {place} as a whole."]
    if there:
        notes.append(
            f"In the top {found.places} by number on both: {wording.joined(there)}. Together they have "
            f"{wording.percent(100 * shares[0])} of the {nouns[0]} and {wording.percent(100 * shares[1])} of the {nouns[1]} "
            "placed in wards."
        )
    if found.reason:
        notes.append(found.reason)
    if found.reoffending:
        notes.append(f"In the table beside them, for its own period: {wording.lowered(found.reoffending)}.")
    notes.append(
        "Two measures that are high in the same wards need not have one cause: both follow where people live and go out, "
        "and how much is reported."
    )
    notes += denominator_notes(first.unit)
    data_rows = rows.assign(
        both_words=["yes" if this else "no" for this in both],
        value_status=rows[f"{one}_status"].where(rows[f"{one}_status"] != "available", rows[f"{two}_status"]),
    )
    columns = [Column("area_name", "Ward")]
    for measure, noun, answer in zip(found.measures, nouns, (first, second), strict=True):
        status = f"{measure}_status"
        columns += [
            Column(f"{measure}_rate", f"{wording.capitalised(noun)} {answer.unit}", "rate", status=status),
            Column(f"{measure}_count", wording.capitalised(noun), "count", status=status),
            Column(f"{measure}_rank", f"Place by number, {noun}", "count", status=status),
        ]
    if found.reoffending:
        whole_numbers = (rows["reoffending"].dropna() % 1 == 0).all()
        how = "count" if whole_numbers else "rate"
        columns.append(Column("reoffending", found.reoffending, how, status="reoffending_status"))
    columns.append(Column("both_words", f"In the top {found.places} of both"))
    title = (
        f"{_number_word(len(there))} {'ward is' if len(there) == 1 else 'wards are'} {among}"
        if there
        else f"No ward is {among}"
        if placed
        else f"No figures for {nouns[0]} and {nouns[1]} by ward"
    )
    return Chart(
        kind="two measures",
        title=title,
        subtitle=f"{wording.capitalised(nouns[0])} and {nouns[1]} {first.unit} by ward, all types, {place}, {first.period}",
        alt=f"Scatter chart of {len(placed)} wards by {subject(first)} and {subject(second)}, {first.period}. "
        + (f"Among the top {found.places} by number on both: {wording.joined(there)}." if there else f"{title}."),
        data=data_rows,
        columns=tuple(columns),
        figure=figure,
        height=height,
        notes=tuple(notes),
        **provenance(first),
    )


def _number_word(number: int) -> str:
    return {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}.get(number, str(number))


def highest_kinds(chart: Chart, shown: int, of: int) -> Chart:
    """A chart of kinds cut to those with most, told so."""
    if shown >= of:
        return chart
    return replace(chart, notes=(f"The {shown} with most of {of} kinds.", *chart.notes))
