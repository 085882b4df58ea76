"""The map of wards: rate or count in classes, with what has no figure in a class of its own.

Drawn by Plotly as plain shapes: no map tiles, no WebGL and no request to anyone, so that it also works on a locked-down
computer without a connection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from csp_data.analysis.counts import UNALLOCATED
from csp_data.figures import theme, wording
from csp_data.figures.bars import alt_of_rows, area_columns, of_wards, title_of_largest
from csp_data.figures.chart import (
    Chart,
    caution_notes,
    drawn,
    population_notes,
    provenance,
    records,
    subject,
    subtitle_of,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from csp_data.analysis.results import Answer

MOST_CLASSES = 5
BRITISH_NATIONAL_GRID = 27700
TOLERANCE = 25
"""Metres: detail smaller than this is lost when boundaries are made light enough to send to a browser."""
DEGREES = 1e-5
"""Coordinates are kept to about a metre."""
MAP_HEIGHT = 520


# Boundaries


def ward_geojson(areas: "GeoDataFrame", vintage: str) -> dict[str, Any]:
    """The wards of a set as GeoJSON for a browser: light, and with shared borders that still meet.

    Parameters
    ----------
    areas : the release's areas: ``area_code``, ``name``, ``area_type``, ``vintage``, geometry in WGS84
    vintage : id of the ward set

    Returns
    -------
    A FeatureCollection; the id of each feature is the ward's code, its properties are ``code`` and ``name``.

    Raises
    ------
    ValueError
        When the release has no such ward set.
    """
    import shapely

    wards = areas[(areas["area_type"] == "ward") & (areas["vintage"] == vintage)].sort_values("area_code")
    if wards.empty:
        raise ValueError(f"the release has no boundaries of the ward set '{vintage}'")
    metres = wards.geometry.to_crs(BRITISH_NATIONAL_GRID)
    light = metres.set_axis(wards.index).copy()
    light[:] = shapely.coverage_simplify(metres.to_numpy(), TOLERANCE)
    degrees = shapely.set_precision(light.to_crs(4326).to_numpy(), DEGREES, mode="pointwise")
    rows = zip(wards["area_code"].tolist(), wards["name"].tolist(), degrees, strict=True)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code, "name": name},
                "geometry": _coordinates(shape),
            }
            for code, name, shape in rows
        ],
    }


def _coordinates(shape: Any) -> dict[str, Any]:
    """A shape as GeoJSON, its numbers as short as their precision."""
    from shapely.geometry import mapping

    def short(part: Any) -> Any:
        return [short(item) for item in part] if isinstance(part, (list, tuple)) else round(part, 5)

    written = mapping(shape)
    return {"type": written["type"], "coordinates": short(written["coordinates"])}


@dataclass(frozen=True)
class Points:
    """Where to write the symbol of each ward, as (longitude, latitude), and the edges of the whole map."""

    of: Mapping[str, tuple[float, float]]
    west: float
    south: float
    east: float
    north: float


def label_points(geojson: Mapping[str, Any]) -> Points:
    """A point inside each ward, and how far the wards reach."""
    from shapely import total_bounds
    from shapely.geometry import shape

    shapes = {feature["id"]: shape(feature["geometry"]) for feature in geojson["features"]}
    inside = {code: ward.representative_point() for code, ward in shapes.items()}
    edges = (round(float(edge), 5) for edge in total_bounds(list(shapes.values())))
    return Points({code: (round(point.x, 5), round(point.y, 5)) for code, point in inside.items()}, *edges)


# Classes


@dataclass(frozen=True)
class Classes:
    """Classes of a map: the upper end of each, as printed, and the lowest value of all.

    A value belongs to the first class whose upper end it does not pass, once it is rounded as it is printed: so the
    legend is true of the numbers that people see.
    """

    lowest: Decimal
    upper: tuple[Decimal, ...]
    places: int

    def of(self, value: float) -> int:
        """Number of the class, from 0. A value beyond the last class, from another period, is in the last."""
        shown = wording.rounded(value, self.places)
        return next((n for n, upper in enumerate(self.upper) if shown <= upper), len(self.upper) - 1)

    @property
    def labels(self) -> list[str]:
        """ "12.3 to 15.6", one a class; a class of a single value is that value."""
        step = Decimal(1).scaleb(-self.places)
        starts = [self.lowest, *(upper + step for upper in self.upper[:-1])]
        return [
            self._text(start) if start == upper else f"{self._text(start)} to {self._text(upper)}"
            for start, upper in zip(starts, self.upper, strict=True)
        ]

    def _text(self, value: Decimal) -> str:
        return f"{value:,.{self.places}f}"


def ward_classes(values: Sequence[float], places: int, most: int = MOST_CLASSES) -> Classes:
    """Classes with about as many areas each, at most ``most``, on values rounded as they are printed.

    Quantiles, because a ward rate has a long tail: classes of equal width would put the town centre in one and all other
    wards in another. (``mapclassify`` has these and natural breaks, at 50 milliseconds a map and 0.6 seconds of import.)
    Zero is a value like any other and is never dropped. Fewer different values than classes give a class each. Pass the
    classes of one period to the maps of others, so that a colour means the same on all.

    Raises
    ------
    ValueError
        When there are no values.
    """
    if not len(values):
        raise ValueError("a map needs at least one value to make classes")
    shown = sorted(wording.rounded(value, places) for value in values)
    different = sorted(set(shown))
    if len(different) <= most:
        return Classes(different[0], tuple(different), places)
    shares = [n / most for n in range(1, most + 1)]
    breaks = np.quantile(np.array(shown), shares, method="inverted_cdf")
    return Classes(different[0], tuple(sorted(set(breaks.tolist()))), places)


# The map


def ward_map(
    table: pd.DataFrame,
    answer: "Answer",
    geojson: str | Mapping[str, Any],
    selected: str | None = None,
    classes: Classes | None = None,
    points: Points | None = None,
) -> Chart:
    """Wards coloured by class of rate or count.

    Parameters
    ----------
    table : results by "area"; the row of what no ward takes is in the chart's table and its notes, not on the map
    answer : the partnership's answer of the same question
    geojson : an address to fetch the boundaries from (they are then kept by the browser and not sent again), or the
        boundaries themselves
    selected : code of the ward to outline, or None
    classes : classes to use, to compare with another map; else they are made from the table
    points : a point in each ward for its symbol where it has no figure, and the edges of the map; without them, when
        ``geojson`` is an address, symbols are left out and the map is drawn smaller than it could be
    """
    places = wording.places_of(answer.unit)
    values = drawn(table)
    names = table["area_name"].tolist()
    wards = of_wards(table, names, values)
    if classes is None and any(value is not None for value in wards[1]):
        classes = ward_classes([value for value in wards[1] if value is not None], places)
    if points is None and not isinstance(geojson, str):
        points = label_points(geojson)
    placed = [
        {**row, "value": value, "class": _NO_FIGURE_CLASS if value is None or classes is None else classes.of(value)}
        for row, value in zip(records(table, *_ROW), values, strict=True)
        if row["area"] != UNALLOCATED
    ]
    placed.sort(key=lambda row: row["area"] == selected)  # drawn last, so that no neighbour covers its outline
    colours = theme.class_colours(len(classes.upper)) if classes else []
    without = [row for row in placed if row["class"] == _NO_FIGURE_CLASS]
    return Chart(
        kind="ward map",
        title=title_of_largest(*wards, answer, table["value_status"]),
        subtitle=subtitle_of(answer, answer.period, by=" by ward"),
        alt=_alt(table, wards, answer, classes, placed),
        data=table,
        columns=area_columns(table, answer),
        figure=_figure(placed, answer, geojson, selected, classes, colours, points),
        height=MAP_HEIGHT,
        notes=(*_notes(table, answer, without), *population_notes(table, answer), *caution_notes(table, answer)),
        drawing={
            "geojson": None if isinstance(geojson, str) else geojson,
            "class_of": {row["area"]: row["class"] for row in placed},
            "symbols": {row["area"]: _symbol(row) for row in without},
            "legend": list(zip(classes.labels, colours, strict=True)) if classes else [],
            "legend_title": subject(answer),
            "selected": selected,
            "points": points.of if points else {},
        },
        selectable=True,
        **provenance(answer),
    )


_NO_FIGURE_CLASS = -1
_ROW = (
    "area", "area_name", "numerator", "lower", "upper", "estimated", "bound_low", "bound_high", "value_status", "reason",
)  # fmt: skip


def _symbol(row: Mapping[str, Any]) -> str:
    return wording.SYMBOLS.get(row["value_status"], wording.SYMBOLS["not applicable"])


def _figure(
    placed: Sequence[Mapping[str, Any]],
    answer: "Answer",
    geojson: str | Mapping[str, Any],
    selected: str | None,
    classes: Classes | None,
    colours: Sequence[str],
    points: Points | None,
) -> theme.Figure:
    used = {row["class"] for row in placed}
    palette = [theme.NO_FIGURE, *colours]
    chosen = [row["area"] == selected for row in placed]
    shapes = {
        "type": "choropleth",
        "geojson": geojson,
        "locations": [row["area"] for row in placed],
        # The number of the class, never the value: the colours are those of the legend, and a withheld figure has
        # nothing here that it could be read from.
        "z": [row["class"] for row in placed],
        "zmin": _NO_FIGURE_CLASS - 0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": _steps(palette),
        "showscale": False,
        "marker": {
            "line": {
                "color": [theme.SELECTED_LINE if this else theme.WARD_BORDER for this in chosen],
                "width": [4 if this else 0.8 for this in chosen],
            }
        },
        "unselected": {"marker": {"opacity": 1}},
        "text": [_hover(row, answer) for row in placed],
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
    }
    at = points.of if points else {}
    marked = [row for row in placed if row["class"] == _NO_FIGURE_CLASS and row["area"] in at]
    symbols = {
        "type": "scattergeo",
        "mode": "text",
        "lon": [at[row["area"]][0] for row in marked],
        "lat": [at[row["area"]][1] for row in marked],
        "text": [_symbol(row) for row in marked],
        "textfont": {"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    keys = [(label, colour) for label, colour in zip(classes.labels if classes else [], colours, strict=True)]
    if _NO_FIGURE_CLASS in used:
        keys.append(("No figure", theme.NO_FIGURE))
    edge = {"width": 1, "color": theme.WARD_BORDER}
    legend = [
        {
            "type": "scattergeo", "mode": "markers", "lon": [None], "lat": [None], "name": label, "hoverinfo": "skip",
            "marker": {"symbol": "square", "size": 14, "color": colour, "line": edge},
        }
        for label, colour in keys
    ]  # fmt: skip
    return theme.build_figure(
        [shapes, *([symbols] if marked else []), *legend],
        theme.layout(
            MAP_HEIGHT,
            {"l": 0, "r": 0, "t": 0, "b": 0},
            geo={
                **_edges(points),
                "visible": False,
                "projection": {"type": "mercator"},
                "bgcolor": theme.PAPER,
                "domain": {"x": [0, 1], "y": [0, 0.85]},
            },
            showlegend=True,
            legend={
                "orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "itemclick": False,
                "itemdoubleclick": False, "itemsizing": "trace", "traceorder": "normal",
            },
        ),
    )  # fmt: skip


def _edges(points: Points | None) -> dict[str, Any]:
    """How far the map reaches. Left to itself Plotly leaves a third of the space empty."""
    if points is None:
        return {"fitbounds": "locations"}
    aside, above = 0.02 * (points.east - points.west), 0.02 * (points.north - points.south)
    return {
        "lonaxis": {"range": [points.west - aside, points.east + aside]},
        "lataxis": {"range": [points.south - above, points.north + above]},
    }


def _steps(colours: Sequence[str]) -> list[list[Any]]:
    """A colour scale in equal steps, without shades between."""
    share = 1 / len(colours)
    return [[edge, colour] for n, colour in enumerate(colours) for edge in (n * share, (n + 1) * share)]


def _hover(row: Mapping[str, Any], answer: "Answer") -> str:
    """Name, value, interval and count; for a ward without a figure its symbol and why."""
    if row["value"] is None:
        return f"<b>{row['area_name']}</b><br>{_symbol(row)} {row['reason']}".rstrip()
    places = wording.places_of(answer.unit)
    lines = [f"<b>{row['area_name']}</b>"]
    if wording.is_rate(answer.unit):
        lines.append(f"{wording.number(row['value'], places)} {answer.unit}")
    else:
        lines.append(f"{wording.number(row['value'])} {wording.noun(answer, row['value'])}")
    interval = wording.interval_words(row["lower"], row["upper"], places)
    if interval:
        lines.append(f"95% interval {interval}")
    if wording.is_rate(answer.unit) and wording.known(row["numerator"]):
        lines.append(f"{wording.number(row['numerator'])} {wording.noun(answer, row['numerator'])}")
    between = wording.interval_words(row["bound_low"], row["bound_high"], places)
    if between and row["bound_high"] > row["bound_low"]:
        estimated = f"{wording.share_words(row['estimated'])} estimated: " if row["estimated"] > 0 else ""
        lines.append(f"{estimated}between {between.replace(' to ', ' and ')}")
    return "<br>".join(lines)


def _notes(table: pd.DataFrame, answer: "Answer", without: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    notes = []
    if without:
        notes.append(f"{wording.symbols_explained(_symbol(row) for row in without)}.")
    for row in records(table, *_ROW):
        if row["area"] != UNALLOCATED:
            continue
        count = wording.shown(row["numerator"], "available" if wording.known(row["numerator"]) else row["value_status"])
        notes.append(f"Not on the map: {count} {wording.noun(answer, row['numerator'])} not allocated to a ward.")
    return tuple(notes)


def _alt(
    table: pd.DataFrame,
    wards: tuple[list[str], list[float | None]],
    answer: "Answer",
    classes: Classes | None,
    placed: Sequence[Mapping[str, Any]],
) -> str:
    text = alt_of_rows("Map", "ward", *wards, answer, answer.period)
    if classes is None:
        return text
    counts = [sum(row["class"] == n for row in placed) for n in range(len(classes.upper))]
    listed = "; ".join(
        f"{label}: {count} {'ward' if count == 1 else 'wards'}"
        for label, count in zip(classes.labels, counts, strict=True)
    )
    return f"{text} Classes: {listed}."
