"""Wards before and after a change of boundaries: two outlines on one map, what came from where, and series across it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.counts import UNALLOCATED
from csp_data.analysis.periods import Span, month_label
from csp_data.analysis.succession import METHODS
from csp_data.figures import theme, wording
from csp_data.figures.chart import (
    Chart,
    Column,
    NoChart,
    bounded,
    drawn,
    estimate_columns,
    extremes,
    provenance,
    records,
    subtitle_of,
)
from csp_data.figures.lines import KEY, first_day, key_height, notes_of_no_figure

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

OUTSIDE = "Outside the wards of the other set"
TITLE_WORDS = 12
WIDE = 0.005
"""Distance of the bounds of a share from which they are told."""
LABELLED = 0.05
"""Share of a ward from which a part is named on the map; the table names all."""
MAP_HEIGHT = 480
_BAR, _BAR_AND_GAPS, _NAME_LINE = 11, 22, 16
"""Pixels of a bar, of it and the gaps above and below, and of a line of the names above it: on a telephone there is no room
beside it, and the thirty wards of a partnership must go on one printed page."""
_NAMES_IN_A_LINE = 46
"""Letters of an old and a new ward's names that stand in one line on a telephone."""
_NAME_LETTERS = 14
_SHADES = (0.2, 0.5)
"""Shares where the shades of parts change."""
_LIGHTEST_OF = 5
_PHONE = (theme.NARROWEST_PLOT + 90, MAP_HEIGHT)
"""Pixels that the map has on a telephone: labels that do not run into each other there do so nowhere."""
_SHIFTS = (0, -44, 44, -88, 88)
"""Pixels that a label may be moved up or down, in the order tried."""
_WHITE = "rgba(255,255,255,0.85)"


@dataclass(frozen=True)
class Sides:
    """What a table of parts is about: the ward chosen, whether it is of the older set, what the shares are of, and where
    they come from."""

    name: str
    is_old: bool
    own_label: str
    other_label: str
    whole: str
    """ "residents" or "ground"."""
    place: str
    source: str
    notice: str


# The map


def two_outlines(parts: pd.DataFrame, sides: Sides, own: Any, others: Mapping[str, Any]) -> Chart:
    """A ward and those of the other set that share it: the older boundaries dashed, the newer filled.

    Drawn as plain lines and areas on a grid of metres, north up: no tiles, and no boundaries fetched from anywhere.

    Parameters
    ----------
    parts : a row a ward of the other set, the largest share first: ``area``, ``area_name``, ``share``, ``share_low``,
        ``share_high``, ``back``, ``ground``, ``residents``, ``method``
    own : outline of the ward chosen, in metres
    others : code -> outline of the wards of the other set
    """
    import shapely

    data = parts_rows(parts)
    shown = [row for row in records(data, "area", "area_name", "share") if row["area"] in others]
    window = shapely.box(*_window(own, [others[row["area"]] for row in shown if row["share"] >= LABELLED]))
    traces: list[dict[str, Any]] = []
    shades = theme.class_colours(_LIGHTEST_OF)[: len(_SHADES) + 1]  # light enough for a dashed line to be seen on them
    if not sides.is_old:
        traces.append(_filled(own.intersection(window), shades[1], f"{sides.name} ({sides.own_label})"))
    for row in shown:
        shape = others[row["area"]]
        words = f"{row['area_name']}: {wording.share_words(row['share'])} of {sides.name}"
        if sides.is_old:
            shade = shades[sum(row["share"] >= edge for edge in _SHADES)]
            traces.append(_filled(shape.intersection(window), shade, words))
        traces.append(_border(shape, window, old=not sides.is_old, width=1.5))
    traces += [_border(own, window, old=None, width=7), _border(own, window, old=sides.is_old, width=3)]
    pieces = [(row, others[row["area"]].intersection(own)) for row in shown if row["share"] >= LABELLED]
    notes = _labels(
        [(_other_name(row["area_name"], sides), row["share"], piece) for row, piece in pieces if not piece.is_empty],
        window,
    )
    traces += _map_keys(_before(sides), _after(sides), shades[1])
    above = key_height(2)
    figure = theme.build_figure(
        traces,
        theme.layout(
            MAP_HEIGHT + above, {"l": 4, "r": 4, "t": above, "b": 4}, annotations=notes, showlegend=True, legend=KEY,
            **_map_axes(window),
        ),
    )  # fmt: skip
    listed = [
        f"{_other_name(row['area_name'], sides)} {wording.share_words(row['share'])}"
        for row in records(data, "area_name", "share")
        if row["share"] > 0
    ]
    way = "went to" if sides.is_old else "came from"
    caution = []
    if sides.is_old:
        caution.append("The darker a new ward, the larger its share of the old one.")
    wide = bool((parts["share_high"] - parts["share_low"] > WIDE).any())
    if wide:
        caution.append(
            "Lowest and highest: none and all of the residents of small areas that several wards share are in the part."
        )
    return Chart(
        kind="two outlines",
        title=parts_title(data, sides),
        subtitle=f"Outlines of {sides.name} and of the wards it {way}, {sides.place}",
        source=sides.source,
        notice=sides.notice,
        alt=f"Map of {sides.name} ({sides.own_label}) with the outlines of the wards of the other set "
        f"({sides.other_label}). By {sides.whole}, it {way}: {wording.joined(listed)}.",
        data=data,
        columns=parts_columns(sides, wide),
        figure=figure,
        height=MAP_HEIGHT + above,
        notes=tuple(caution),
    )


def _before(sides: Sides) -> str:
    return sides.own_label if sides.is_old else sides.other_label


def _after(sides: Sides) -> str:
    return sides.other_label if sides.is_old else sides.own_label


def parts_rows(parts: pd.DataFrame) -> pd.DataFrame:
    """A table of parts as a chart holds it: the method in words, the bounds as text, a status for every row."""
    bounds = [
        wording.share_words(low)
        if wording.share_words(low) == wording.share_words(high)
        else f"{wording.share_words(low)} to {wording.share_words(high)}"
        for low, high in zip(parts["share_low"].tolist(), parts["share_high"].tolist(), strict=True)
    ]
    return parts.assign(
        area_name=[
            OUTSIDE if code == UNALLOCATED else name
            for code, name in zip(parts["area"].tolist(), parts["area_name"].tolist(), strict=True)
        ],
        bounds=bounds,
        method_words=[METHODS.get(method, METHODS["nested"]) for method in parts["method"].tolist()],
        value_status="available",
    ).reset_index(drop=True)


def parts_columns(sides: Sides, wide: bool) -> tuple[Column, ...]:
    """The columns of a table of parts, with bounds where any are ``wide``."""
    people = sides.whole == "residents"
    other = "new" if sides.is_old else "old"
    return (
        Column("area_name", f"{other.capitalize()} ward"),
        Column("area", "Code"),
        Column("share", f"Share of its {sides.whole}", "share"),
        *((Column("bounds", "Lowest and highest"),) if people and wide else ()),
        *((Column("residents", "Residents", "count"),) if people else ()),
        *((Column("ground", "Share of its ground", "share"),) if people else ()),
        Column("back", f"Share of the {other} ward", "share"),
        Column("method_words", "Worked out by"),
    )


def parts_title(data: pd.DataFrame, sides: Sides) -> str:
    """ "Luton and Wayfield: 63% to Luton, 37% to Wayfield & Weeds Wood"."""
    first = [row for row in records(data, "area", "area_name", "share") if row["share"] >= 0.005]
    if not first:
        return f"{sides.name}: nobody lives in it"
    word = "to" if sides.is_old else "from"
    named = [f"{wording.share_words(row['share'])} {word} {_other_name(row['area_name'], sides)}" for row in first]
    for shown in (2, 1):
        more = len(named) - shown
        title = f"{sides.name}: {', '.join(named[:shown])}" + (f" and {more} more" if more > 0 else "")
        if len(title.split()) <= TITLE_WORDS:
            break
    return title


def _other_name(name: str, sides: Sides) -> str:
    """The name of a ward of the other set, told from a ward of the same name."""
    if name != sides.name:
        return name
    return f"the {'new' if sides.is_old else 'old'} {name}"


def _window(own: Any, others: Sequence[Any]) -> tuple[float, float, float, float]:
    """What the map shows: the ward and the larger ones of the other set, but no more than thrice its own size."""
    west, south, east, north = own.bounds
    reach = max(east - west, north - south)
    edges = [own.bounds, *(shape.bounds for shape in others)]
    aside = 0.04 * reach
    return (
        max(min(edge[0] for edge in edges), west - reach) - aside,
        max(min(edge[1] for edge in edges), south - reach) - aside,
        min(max(edge[2] for edge in edges), east + reach) + aside,
        min(max(edge[3] for edge in edges), north + reach) + aside,
    )


def _filled(shape: Any, colour: str, words: str) -> dict[str, Any]:
    x, y = _coordinates([ring for polygon in _polygons(shape) for ring in (polygon.exterior, *polygon.interiors)])
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "fillcolor": colour, "line": {"width": 0},
        "hoveron": "fills", "hoverinfo": "text", "text": words, "showlegend": False,
    }  # fmt: skip


def _border(shape: Any, window: Any, old: bool | None, width: float) -> dict[str, Any]:
    """An outline without the edges that the window cuts: dashed and dark for the old, whole and grey for the new; with
    ``None`` the white ground under one."""
    import shapely

    border = shape.boundary if shape.geom_type.endswith("Polygon") else shape
    lines = shapely.line_merge(border.intersection(window))
    x, y = _coordinates([line for line in getattr(lines, "geoms", [lines]) if line.geom_type == "LineString"])
    dashed, whole = {"color": theme.TEXT, "dash": "dash"}, {"color": theme.WARD_BORDER}
    look = {"color": theme.PAPER} if old is None else dashed if old else whole
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"width": width, **look}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _labels(named: Sequence[tuple[str, float, Any]], window: Any) -> list[dict[str, Any]]:
    """Name and share in each piece, the largest first; one that would run into another on a telephone is moved."""
    west, south, east, north = window.bounds
    scale = min(_PHONE[0] / (east - west), _PHONE[1] / (north - south))
    taken: list[tuple[float, float, float, float]] = []
    notes = []
    for name, share, piece in named:
        point = _widest(piece).representative_point()
        lines = [*wrap(name, _NAME_LETTERS, break_long_words=False), wording.share_words(share)]
        wide, high = 8 * max(map(len, lines)), 16 * len(lines) + 4
        x, y = (point.x - west) * scale, (point.y - south) * scale
        boxes = {shift: (x - wide / 2, y + shift - high / 2, x + wide / 2, y + shift + high / 2) for shift in _SHIFTS}
        free = [shift for shift, box in boxes.items() if not any(_overlap(box, other) for other in taken)]
        shift = free[0] if free else 0
        taken.append(boxes[shift])
        notes.append(
            theme.note(
                f"<b>{'<br>'.join(lines)}</b>", x=round(point.x), y=round(point.y), yshift=shift, bgcolor=_WHITE,
                font={"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT},
            )
        )  # fmt: skip
    return notes


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _polygons(shape: Any) -> list[Any]:
    from shapely.geometry.polygon import orient

    parts = getattr(shape, "geoms", [shape])
    return [orient(part) for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _widest(shape: Any) -> Any:
    return max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)


def _coordinates(lines: Sequence[Any]) -> tuple[list[int | None], list[int | None]]:
    """Lines one after another in whole metres, a gap between them."""
    x: list[int | None] = []
    y: list[int | None] = []
    for line in lines:
        if x:
            x.append(None)
            y.append(None)
        for east, north, *_ in line.coords:
            x.append(round(east))
            y.append(round(north))
    return x, y


# All wards of a set


def all_outlines(old: Mapping[str, Any], new: Mapping[str, Any], rows: pd.DataFrame, sides: Sides) -> Chart:
    """Every ward of two sets on one map: the older dashed, the newer filled.

    Parameters
    ----------
    old, new : code -> outline in metres
    rows : a row a ward of either set: ``area``, ``area_name``, ``ward_set``
    sides : of the whole partnership: ``name`` is its name, ``own_label`` the older set, ``other_label`` the newer
    """
    import shapely

    every = shapely.union_all([*old.values(), *new.values()])
    reach = max(every.bounds[2] - every.bounds[0], every.bounds[3] - every.bounds[1])
    window = shapely.box(*every.buffer(0.02 * reach).bounds)
    names = dict(zip(rows["area"], rows["area_name"], strict=True))
    fill = theme.class_colours(_LIGHTEST_OF)[0]
    traces = [_filled(shape, fill, names[code]) for code, shape in new.items()]
    # The borders of a set as one line each, drawn once where two wards meet.
    traces.append(_border(shapely.union_all([shape.boundary for shape in new.values()]), window, old=False, width=1.5))
    traces.append(_border(shapely.union_all([shape.boundary for shape in old.values()]), window, old=True, width=1.5))
    above = key_height(2)
    figure = theme.build_figure(
        [*traces, *_map_keys(sides.own_label, sides.other_label, fill)],
        theme.layout(
            MAP_HEIGHT + above, {"l": 4, "r": 4, "t": above, "b": 4}, showlegend=True, legend=KEY, **_map_axes(window)
        ),
    )  # fmt: skip
    return Chart(
        kind="all outlines",
        title=f"The wards of {sides.name} before and after the change",
        subtitle=f"Outlines of the wards of {sides.name}, {sides.own_label} and {sides.other_label}",
        source=sides.source,
        notice=sides.notice,
        alt=f"Map of {len(old)} old wards, dashed, over {len(new)} new wards, filled.",
        data=rows.assign(value_status="available"),
        columns=(Column("area_name", "Ward"), Column("area", "Code"), Column("ward_set", "Ward set")),
        figure=figure,
        height=MAP_HEIGHT + above,
    )


def _map_keys(old_label: str, new_label: str, fill: str) -> list[dict[str, Any]]:
    return [
        {"type": "scatter", "mode": "lines", "x": [None], "y": [None], "name": f"Dashed: {old_label}",
         "hoverinfo": "skip", "line": {"color": theme.TEXT, "width": 3, "dash": "dash"}},
        {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": f"Filled: {new_label}",
         "hoverinfo": "skip", "marker": {"symbol": "square", "size": 14, "color": fill}},
    ]  # fmt: skip


def _map_axes(window: Any) -> dict[str, Any]:
    """Axes of metres, as far up as across, at the left of the page."""
    west, south, east, north = (round(edge) for edge in window.bounds)
    return {
        "xaxis": theme.axis(visible=False, range=[west, east], constrain="domain", constraintoward="left"),
        "yaxis": theme.axis(
            visible=False, range=[south, north], scaleanchor="x", scaleratio=1, constrain="domain", constraintoward="top"
        ),
    }  # fmt: skip


def kept_together(rows: pd.DataFrame, place: str, old_label: str, new_label: str, source: str, notice: str) -> Chart:
    """How much of each old ward its largest successor holds.

    Parameters
    ----------
    rows : a row an old ward: ``area``, ``area_name``, ``share`` (0 to 1, of the largest successor), ``successor`` (its
        name), ``wards`` (how many it went to), ``same`` ("yes" where it is the same place, else "no")
    """
    table = rows.sort_values(["share", "area_name"], ascending=[False, True], ignore_index=True)
    table = table.assign(value_status="available")
    texts = [f"\u2002{wording.share_words(share)}" for share in table["share"].tolist()]
    font = {"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT}
    over, bars, below = [], [], 0
    for name, successor, same in zip(table["area_name"], table["successor"], table["same"], strict=True):
        went = f"{'is the same place as' if same == 'yes' else 'to'} {successor}"
        whole = len(f"{name} {went}") <= _NAMES_IN_A_LINE
        over.append(
            theme.note(
                f"<b>{name}</b>{' ' if whole else '<br>'}{went}", xref="paper", x=0, y=below, xanchor="left", yanchor="top",
                align="left", font=font,
            )
        )  # fmt: skip
        below += _NAME_LINE * (1 if whole else 2) + _BAR_AND_GAPS
        bars.append(below - _BAR_AND_GAPS / 2)
    margin = {"l": 4, "r": 56, "t": 8, "b": 4}
    height = below + margin["t"] + margin["b"]
    colours = [theme.SERIES if same == "no" else theme.COMPARISON for same in table["same"].tolist()]
    percents = [100 * share for share in table["share"].tolist()]
    figure = theme.build_figure(
        [
            {"type": "bar", "orientation": "h", "x": percents, "y": bars, "width": _BAR, "hoverinfo": "skip",
             "marker": {"color": colours}},
            {"type": "scatter", "mode": "text", "x": percents, "y": bars, "text": texts, "cliponaxis": False,
             "textposition": "middle right", "hoverinfo": "skip",
             "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT}},
        ],
        theme.layout(
            height, margin, annotations=over, xaxis=theme.axis(range=[0, 100], visible=False),
            yaxis=theme.axis(range=[below, 0], visible=False),
        ),
    )  # fmt: skip
    same = int((table["same"] == "yes").sum())
    title = (
        f"Every ward of {place} has new boundaries"
        if not same
        else f"{same} of {len(table)} old wards {'is' if same == 1 else 'are'} the same place as a new one"
    )
    highest, lowest = extremes(table["area_name"].tolist(), [100 * share for share in table["share"].tolist()], 0)
    return Chart(
        kind="kept together",
        title=title,
        subtitle=f"Share of each old ward that its largest successor holds, {place}, {old_label} against {new_label}",
        source=source,
        notice=notice,
        alt=f"Bars of the share of each of {len(table)} old wards that lies in one new ward. Highest, in %: {highest}. "
        f"Lowest: {lowest}.",
        data=table,
        columns=(
            Column("area_name", "Old ward"),
            Column("area", "Code"),
            Column("successor", "Largest successor"),
            Column("share", "Share that it holds", "share"),
            Column("wards", "New wards it went to", "count"),
            Column("same", "The same place"),
        ),
        figure=figure,
        height=height,
        notes=("The same place: each has at least 99% of the other.",) if same else (),
    )


# Series across the change


@dataclass(frozen=True)
class Series:
    """A ward's counts over time on its own boundaries: ``table`` of results, ``name`` as the panel is headed, and the
    days between which its boundaries were in use (None for open)."""

    name: str
    table: pd.DataFrame
    used_from: date | None
    used_to: date | None


PANEL_HEIGHT = 130
MAIN_HEIGHT = 300
_NARROWEST = 0.2
"""Of the width, for a short stretch of months."""
_BREAK = 0.06
"""Of the width, between stretches of months that lie more than a year apart."""
_BAND = "rgba(18,67,109,0.25)"


def across_change(
    series: Sequence[Series],
    stretches: Sequence[Span],
    change: date | None,
    answer: "Answer",
    title: str,
    kind: str,
    note: str = "",
) -> Chart:
    """Counts of wards over time, each on its own boundaries in all months, with the band that the estimates leave.

    A line is whole while the boundaries were in use, dotted outside that. More than a year without data breaks the line
    of time.

    Parameters
    ----------
    series : one panel each, all of the same periods
    stretches : runs of months, in order, a column of panels each
    change : first day of the newer boundaries
    answer : an answer of the same question, for names and sources
    note : a sentence to print first under the chart

    Raises
    ------
    NoChart
        When no period has a figure.
    """
    tables = [each.table for each in series]
    if not any(value is not None for table in tables for value in drawn(table)):
        raise NoChart(next((reason for reason in tables[0]["reason"].tolist() if reason), "There are no figures."))
    several = len(series) > 1
    panel = PANEL_HEIGHT if several else MAIN_HEIGHT
    columns = _domains(stretches)
    shapes, notes, traces, axes = [], [], [], {}
    any_band, any_outside = False, False
    for row, each in enumerate(series):
        y = "y" if row == 0 else f"y{row + 1}"
        top = 1 - row / len(series)
        bottom = 1 - (row + (0.72 if several else 1)) / len(series)
        high = max((v for v in [*drawn(each.table), *drawn(each.table, "bound_high")] if v is not None), default=0)
        name_of_axis = "yaxis" if row == 0 else f"yaxis{row + 1}"
        axes[name_of_axis] = theme.axis(
            domain=[max(bottom, 0), top - (0.02 if several else 0)], range=[0, high * 1.1 or 1], nticks=3 if several else 5,
            tickformat=",", anchor="x",
        )  # fmt: skip
        for column, stretch in enumerate(stretches):
            x = "x" if column == 0 else f"x{column + 1}"
            rows = each.table[each.table["period_end"].between(stretch.start, stretch.end)]
            band = _band(rows, x, y)
            any_band |= band is not None
            traces += [band] if band else []
            inside, outside = _lines(rows, each, x, y)
            any_outside |= outside is not None
            traces += [line for line in (outside, inside) if line]
        if several:
            notes.append(
                theme.note(
                    each.name, xref="paper", x=0, xanchor="left", yref="paper", y=top, yanchor="bottom", yshift=2,
                    font=theme.STRONG, bgcolor=theme.PAPER,  # the upright line of the change passes behind
                )
            )  # fmt: skip
    for column, (stretch, domain) in enumerate(zip(stretches, columns, strict=True)):
        axes["xaxis" if column == 0 else f"xaxis{column + 1}"] = _time(stretch, domain, len(series), column)
    if change is not None:
        at = _place(change, stretches, columns)
        if at:
            line = {"color": theme.TEXT, "width": 1.5, "dash": "dot"}
            ends = {"x0": at[1], "x1": at[1], "xref": at[0], "yref": "paper", "y0": 0, "y1": 1}
            shapes.append({"type": "line", "layer": "above", **ends, "line": line})
            if not several:
                right = at[2] > 0.6
                notes.append(
                    theme.note(
                        f"New wards, {wording.date_words(change)}", xref=at[0], x=at[1], yref="paper", y=1,
                        yanchor="bottom", xanchor="right" if right else "left", yshift=2,
                        font={"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT},
                    )
                )  # fmt: skip
    keys = [_key_line("While the boundaries were in use", "solid")]
    if any_outside:
        keys.append(_key_line("The same area before or after", "dot"))
    if any_band:
        keys.append(
            {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": "Between the bounds",
             "marker": {"symbol": "square", "size": 13, "color": "#C4D0DA"}, "hoverinfo": "skip"}
        )  # fmt: skip
    above = key_height(len(keys)) + 24
    height = len(series) * panel + above + 34
    figure = theme.build_figure(
        [*traces, *keys],
        theme.layout(
            height, {"l": 8, "r": 14, "t": above, "b": 30}, shapes=shapes, annotations=notes, showlegend=True,
            legend=KEY, **axes,
        ),
    )  # fmt: skip
    data = pd.concat(tables, ignore_index=True) if several else tables[0]
    period = f"{month_label(stretches[0].start)} to {month_label(stretches[-1].end)}"
    by = " by month" if tables[0]["months_expected"].max() == 1 else " by quarter"
    return Chart(
        kind=kind,
        title=title,
        subtitle=subtitle_of(answer, period, by=by)
        if not several
        else f"{wording.capitalised(wording.noun(answer))}{by}, each ward on its own boundaries, {period}",
        alt=_alt(series, answer, period, change),
        data=data,
        columns=(
            *((Column("area_name", "Ward"),) if several else ()),
            Column("period", "Period"),
            Column("value", wording.capitalised(wording.noun(answer)), "count"),
            *estimate_columns(data),
        ),
        figure=figure,
        height=height,
        notes=(*([note] if note else []), *_notes(series, stretches, any_band, change)),
        source=provenance(answer)["source"],
        notice=provenance(answer)["notice"],
    )


def _domains(stretches: Sequence[Span]) -> list[tuple[float, float]]:
    """Where each stretch lies across the chart: as wide as it is long, but none too narrow."""
    room = 1 - _BREAK * (len(stretches) - 1)
    whole = sum(stretch.length for stretch in stretches)
    wide = [max(stretch.length / whole, _NARROWEST) for stretch in stretches]
    found, at = [], 0.0
    for width in wide:
        end = at + room * width / sum(wide)
        found.append((round(at, 4), round(end, 4)))
        at = end + _BREAK
    return found


def _time(stretch: Span, domain: tuple[float, float], rows: int, column: int) -> dict[str, Any]:
    first, last = date.fromisoformat(first_day(stretch.start)), date.fromisoformat(first_day(stretch.end))
    aside = max((last - first) / 50, timedelta(days=14))
    short = (
        {"tickvals": [first_day(month) for month in dict.fromkeys((stretch.start, stretch.end))],
         "ticktext": [wording.short_month(month).replace(" ", "<br>")
                      for month in dict.fromkeys((stretch.start, stretch.end))]}
        if stretch.length <= 24
        else {"nticks": 6}
    )  # fmt: skip
    return theme.axis(
        type="date", range=[(first - aside).isoformat(), (last + aside).isoformat()], domain=list(domain), showgrid=False,
        anchor="y" if rows == 1 else f"y{rows}", **short,
    )  # fmt: skip


def _place(
    change: date, stretches: Sequence[Span], columns: Sequence[tuple[float, float]]
) -> tuple[str, Any, float] | None:
    """Where the day of the change lies: axis, value on it, and how far across; in a gap, between the stretches."""
    for column, stretch in enumerate(stretches):
        first, last = date.fromisoformat(first_day(stretch.start)), date.fromisoformat(first_day(stretch.end))
        if first <= change <= last:
            share = (change - first).days / max((last - first).days, 1)
            at = columns[column][0] + share * (columns[column][1] - columns[column][0])
            return ("x" if column == 0 else f"x{column + 1}", change.isoformat(), at)
        if change < first:
            if column == 0:
                return None
            middle = (columns[column - 1][1] + columns[column][0]) / 2
            return ("paper", middle, middle)
    return None


def _band(rows: pd.DataFrame, x: str, y: str) -> dict[str, Any] | None:
    """The area between the bounds, run by run."""
    if not bounded(rows).any():
        return None
    days: list[str | None] = []
    edges: list[float | None] = []
    run: list[tuple[str, float, float]] = []

    def close() -> None:
        if run:
            there = [(day, high) for day, _, high in run]
            back = [(day, low) for day, low, _ in reversed(run)]
            if days:
                days.append(None)
                edges.append(None)
            for day, edge in [*there, *back, there[0]]:
                days.append(day)
                edges.append(edge)
            run.clear()

    lows, highs = drawn(rows, "bound_low"), drawn(rows, "bound_high")
    for month, low, high in zip(rows["period_end"].tolist(), lows, highs, strict=True):
        if low is None or high is None:
            close()
        else:
            run.append((first_day(month), low, high))
    close()
    return {
        "type": "scatter", "mode": "lines", "x": days, "y": edges, "xaxis": x, "yaxis": y, "fill": "toself",
        "fillcolor": _BAND, "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _lines(rows: pd.DataFrame, each: Series, x: str, y: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The line while the boundaries were in use, and the dotted line of the other periods, which meet."""
    months, values = rows["period_end"].tolist(), drawn(rows)
    starts = rows["period_start"].tolist()
    used = [_in_use(start, end, each) for start, end in zip(starts, months, strict=True)]
    marks = "lines+markers" if len(months) <= 24 else "lines"
    hover = [
        f"{period}: {wording.number(value)}{_bounds_words(low, high)}" if value is not None else ""
        for period, value, low, high in zip(
            rows["period"].tolist(), values, drawn(rows, "bound_low"), drawn(rows, "bound_high"), strict=True
        )
    ]

    def line(kept: Sequence[bool], dash: str) -> dict[str, Any] | None:
        shown = [value if keep else None for value, keep in zip(values, kept, strict=True)]
        if not any(value is not None for value in shown):
            return None
        return {
            "type": "scatter", "mode": marks, "x": [first_day(month) for month in months], "y": shown, "xaxis": x,
            "yaxis": y, "text": hover, "hovertemplate": "%{text}<extra></extra>", "connectgaps": False,
            "line": {"color": theme.SERIES, "width": 2, "dash": dash}, "showlegend": False,
            "marker": {"color": theme.SERIES, "size": 7, "symbol": "circle" if dash == "solid" else "circle-open"},
        }  # fmt: skip

    beside = [
        not this or (n > 0 and not used[n - 1]) or (n + 1 < len(used) and not used[n + 1])
        for n, this in enumerate(used)
    ]
    return line(used, "solid"), line(beside, "dot") if not all(used) else None


def _in_use(start: str, end: str, each: Series) -> bool:
    after = each.used_from is None or f"{each.used_from:%Y-%m}" <= start
    before = each.used_to is None or end <= f"{each.used_to:%Y-%m}"
    return after and before


def _bounds_words(low: float | None, high: float | None) -> str:
    if low is None or high is None or high - low < 0.5:
        return ""
    return f" (between {wording.number(low)} and {wording.number(high)})"


def _key_line(name: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": [None], "y": [None], "name": name, "hoverinfo": "skip",
        "line": {"color": theme.SERIES, "width": 2, "dash": dash},
    }  # fmt: skip


def _notes(series: Sequence[Series], stretches: Sequence[Span], any_band: bool, change: date | None) -> tuple[str, ...]:
    notes = []
    if any_band:
        every = pd.concat([each.table for each in series], ignore_index=True)
        most = every.loc[every["estimated"].idxmax()]
        notes.append(
            "The shaded band lies between none and all of the records of small areas that several wards share. At most "
            f"{wording.share_words(most['estimated'])} of a count was estimated ({most['area_name']}, {most['period']})."
        )
    elif any((each.table["estimated"].isna() & (each.table["value_status"] == "available")).any() for each in series):
        notes.append("How much of these counts was estimated is withheld so that nobody can be identified.")
    else:
        notes.append("Nothing was estimated: every record lies in one ward of either set.")
    if change is not None:
        notes.append(
            f"Dotted upright line: the new wards came into use on {wording.date_words(change)}. Counts on either side of it "
            "are of the same area."
        )
    for before, after in pairwise(stretches):
        notes.append(
            f"There are no data between {month_label(before.end)} and {month_label(after.start)}: the line of time breaks."
        )
    if len(series) == 1:
        table = series[0].table
        notes += notes_of_no_figure(table["period_end"].tolist(), table["value_status"].tolist())
    return tuple(notes)


def _alt(series: Sequence[Series], answer: "Answer", period: str, change: date | None) -> str:
    parts = []
    for each in series:
        values = drawn(each.table)
        if any(value is not None for value in values):
            highest, lowest = extremes(each.table["period"].tolist(), values, 0)
            parts.append(f"{each.name}: highest {highest}, lowest {lowest}")
        else:
            parts.append(f"{each.name}: no figures")
    when = f" The new wards came into use on {wording.date_words(change)}." if change else ""
    return f"Lines of {wording.noun(answer)} over time, {period}. {'. '.join(parts)}.{when}"
