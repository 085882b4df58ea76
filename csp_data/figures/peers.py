"""An area among others: their rates with intervals one below another, and the funnel that chance alone would fill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from csp_data.analysis import peers
from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.measures import MEASURES
from csp_data.catalogue.statuses import notice
from csp_data.figures import theme, wording
from csp_data.figures.chart import Chart, Column, Provenance, extremes, records

ROW = 18
"""Pixels of a row: lower than elsewhere, for a group may have sixty areas and must fit on one printed page."""
FEW, ROW_OF_FEW = 25, 26
MOST_NAMED = 70
"""Areas of a chart that names each; those of a larger group stand side by side, named in the table and on touch."""
MOST_LISTED = 8
"""Areas without a figure that are listed under a chart."""
_LABEL_LANE = 18
_SEEN_THROUGH = "rgba(255,255,255,0.8)"  # behind a name that stands among points

CUT = "Intervals that end at the edge reach further: the table has them whole."
OVERDISPERSION = (
    "The limits cover chance variation of independent events only. Crime varies more than that between areas (repeat "
    "victims, hot spots, town centres, recording), so lying outside them is not by itself a sign of concern."
)


@dataclass(frozen=True)
class About:
    """What a table of ``analysis.peers.compared`` is about: the words that its charts share. ``area`` is the code of the
    partnership's own row, "" when the table has none."""

    measure: str
    category: str
    group: str
    period: str
    area: str
    area_name: str
    release: str
    status: str
    per: int = 1_000
    """How many residents the rates are of."""

    @property
    def noun(self) -> str:
        """ "recorded crimes", "recorded crimes (burglary)"."""
        return self._named(MEASURES[self.measure].plural)

    def counted(self, count: float) -> str:
        """ "33,334 recorded crimes", "1 recorded crime (homicide)"."""
        measure = MEASURES[self.measure]
        return f"{wording.number(count)} {self._named(measure.singular if count == 1 else measure.plural)}"

    def _named(self, words: str) -> str:
        category = CATEGORIES[self.category]
        return f"{words} ({wording.lowered(category.label)})" if category.parent else words

    @property
    def unit(self) -> str:
        return f"per {self.per:,} residents"


def caterpillar(areas: pd.DataFrame, wholes: pd.DataFrame, about: About) -> Chart:
    """Every area's rate with its 95% interval, the highest first, the partnership picked out, and lines at the rate of
    all the others together and at those of the region and country, where the table has them.

    Parameters
    ----------
    areas, wholes : the two tables of ``analysis.peers.compared``. Areas that did not respond are named under the chart
        and in the table.
    """
    found, own = _responding(areas), _own(areas, about)
    names, values = [row["area_name"] for row in found], [row["rate"] for row in found]
    beyond = _beyond(found, own)
    far = {row["area"] for row in beyond}
    drawn_rows = _Rows(
        names=names,
        texts=[wording.rate(value) for value in values],
        values=[None if row["area"] in far else row["rate"] for row in found],
        lower=[None if row["area"] in far else row["lower"] for row in found],
        upper=[None if row["area"] in far else row["upper"] for row in found],
        chosen=[row["area"] == about.area for row in found],
        lines=_reference_lines(found, own, wholes),
    )
    draw = _side_by_side if len(names) > MOST_NAMED else _one_below_another
    figure, height = draw(drawn_rows, about)
    lines = drawn_rows.lines
    return Chart(
        kind="rates of areas",
        title=_title(len(found), own, about),
        subtitle=f"{wording.capitalised(about.noun)} {about.unit}, {about.group}, {about.period}",
        alt=_alt(names, values, own, lines, about),
        data=_rows_to_take_away(areas, about),
        columns=AREA_COLUMNS,
        figure=figure,
        height=height,
        notes=(
            *_beyond_words(beyond),
            *((CUT,) if max(drawn_rows.highs, default=0) > drawn_rows.furthest else ()),
            *_absent(areas),
            *_years(areas),
            wording.INTERVAL_CAVEAT,
        ),
        **_provenance(areas, about),
    )


AREA_COLUMNS = (
    Column("area_name", "Area"),
    Column("value", "Rate", "rate"),
    Column("interval", "95% interval"),
    Column("count", "Number", "count"),
    Column("population", "Residents", "count"),
    Column("rank_rate", "Rank on rate", "count"),
    Column("rank_range", "Ranks within chance"),
    Column("rank_count", "Rank on number", "count"),
    Column("against", "Against the others together"),
)


def funnel(areas: pd.DataFrame, limits: pd.DataFrame, about: About) -> Chart:
    """Rate against population, with the limits within which independent events would keep 95% and 99.8% of areas.

    Parameters
    ----------
    areas : of ``analysis.peers.compared``.
    limits : of ``analysis.benchmark.funnel_lines`` of the same areas.
    """
    found, own = _responding(areas), _own(areas, about)
    beyond = _beyond(found, own)
    inside = [row for row in found if row not in beyond]
    others, ours = [row for row in inside if row["area"] != about.area], [own] if own else []
    lines = _lines(limits)
    average = lines["average"][1][:1]
    highest = max((row["rate"] for row in inside), default=0)
    most = max((row["population"] for row in found), default=1.0)
    data = [
        *[_limit(*lines[line], line, dash) for line, dash in _LIMITS.items()],
        _points(others, theme.CONTEXT, "circle", 9),
        _points(ours, theme.COMPARISON, "diamond", 14),
        _at_the_edge(beyond, highest * 1.05),
    ]
    outer = peers.outside(areas)["99.8%"]
    figure = theme.build_figure(
        data,
        theme.layout(
            440,
            {"l": 8, "r": 62, "t": 30, "b": 8},
            xaxis=theme.axis(
                range=[0, most * 1.05], nticks=4, tickformat=",", showgrid=False,
                title={"text": "Residents", "font": {"size": theme.TEXT_SIZE}, "standoff": 6},
            ),
            yaxis=theme.axis(range=[0, highest * 1.08 or 1], nticks=6, tickformat=","),
            annotations=[
                theme.note(
                    wording.capitalised(about.unit), xref="paper", x=0, xanchor="left", yref="paper", y=1,
                    yanchor="bottom", yshift=6, font=theme.STRONG,
                ),
                *_limit_names(lines, highest),
                *_own_name(ours, most),
            ],
        ),
    )  # fmt: skip
    responded = len(found)
    position = own["position"] if own else ""
    title = f"{outer} of {responded} areas {'' if position else 'lie '}outside the 99.8% limits"
    if position:
        title += f", {about.area_name} {_place(position).replace('the 99.8% limit', 'them')}"
    words = f" {about.area_name} {_position_words(position)}." if position else ""
    mean = f" The average of all areas together is {wording.rate(average[0])}." if average else ""
    return Chart(
        kind="funnel",
        title=title,
        subtitle=f"{wording.capitalised(about.noun)} {about.unit} by number of residents, {about.group}, "
        f"{about.period}",
        alt=f"Funnel plot of {about.noun} {about.unit} against residents, {responded} areas, {about.period}.{mean} "
        f"{outer} of {responded} lie outside the 99.8% limits.{words}",
        data=_rows_to_take_away(areas, about),
        columns=(
            Column("area_name", "Area"),
            Column("population", "Residents", "count"),
            Column("value", "Rate", "rate"),
            Column("place", "Against the limits"),
        ),
        figure=figure,
        height=440,
        notes=(*_beyond_words(beyond), OVERDISPERSION, *_absent(areas)),
        **_provenance(areas, about),
    )


_LIMITS = {
    "average": "solid", "lower 95%": "dash", "upper 95%": "dash", "lower 99.8%": "solid", "upper 99.8%": "solid",
}  # fmt: skip


def verdict_words(verdict: str) -> str:
    """ "▲ higher than", "▼ lower than", "≈ similar to": a word and a sign, never a colour alone; "" when not tested."""
    signs = {"higher": "▲ ", "lower": "▼ ", "similar": "≈ "}
    return signs.get(verdict, "") + wording.verdict_words(verdict)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def rank_words(number: int, what: str) -> str:
    """ "8th highest number", "highest number" for the first."""
    return f"{'' if number == 1 else ordinal(number) + ' '}highest {what}"


def range_words(first: int, last: int) -> str:
    """ "8th to 16th", "8th" where the two are one."""
    return ordinal(first) if first == last else f"{ordinal(first)} to {ordinal(last)}"


def _position_words(position: str) -> str:
    if position == "within":
        return "lies within"
    side, _, level = position.partition(", ")
    return f"lies {'above' if side == 'high' else 'below'} the {level} limit"


_Area = Mapping[str, Any]
"""A row of an area that responded."""


def _responding(areas: pd.DataFrame) -> list[_Area]:
    names = ("area", "area_name", "rate", "lower", "upper", "population", "verdict", "benchmark", "average", "position")
    rows = records(areas, *names, "rank_rate", "value_status")
    return [row for row in rows if row["value_status"] == "available"]


def _own(areas: pd.DataFrame, about: About) -> _Area | None:
    return next((row for row in _responding(areas) if row["area"] == about.area), None)


def _title(count: int, own: _Area | None, about: About) -> str:
    if own is None or not own["verdict"]:
        return f"Rates of {about.noun} in {count} areas"
    link = "to" if own["verdict"] == "similar" else "than"
    others = "the other area" if count == 2 else f"the other {count - 1} areas together"
    category = CATEGORIES[about.category]
    noun = category.label if category.parent else about.noun  # the subtitle has all of it
    return f"{wording.capitalised(noun)} in {about.area_name}: {own['verdict']} rate {link} {others}"


_Line = tuple[str, float, str]

FAR_OUT = 3
"""Times the middle rate above which an area lies beyond the scale, so that the others can be told apart."""
MOST_BEYOND = 5
"""Areas that may lie beyond the scale: of rare events many have a rate far above the middle one."""
REACH = 2
"""Times the highest rate that the scale of intervals reaches: those of rare events among few people reach much further."""


def _beyond(found: Sequence[_Area], own: _Area | None) -> list[_Area]:
    """The areas whose rate is so far above all others that the scale leaves them out: the City of London, where hardly
    anybody lives. The partnership's own is never one, and nothing is left out where it is."""
    if not found:
        return []
    limit = FAR_OUT * median(row["rate"] for row in found)
    far = [row for row in found if row["rate"] > limit]
    return [] if len(far) > MOST_BEYOND or (own is not None and own["rate"] > limit) else far


def _beyond_words(beyond: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    if not beyond:
        return ()
    names = wording.joined([f"{row['area_name']} ({wording.rate(row['rate'])})" for row in beyond])
    return (f"Beyond the scale (△): {names}.",)


def _reference_lines(found: Sequence[_Area], own: _Area | None, wholes: pd.DataFrame) -> list[_Line]:
    """Name, rate and dash of each line down the chart. Without an own area the line is at the average of all."""
    lines: list[_Line] = []
    if own is not None and own["benchmark"] == own["benchmark"]:
        lines.append(("The others together", own["benchmark"], "dash"))
    elif own is None and found:
        lines.append(("All together", found[0]["average"], "dash"))
    for row in records(wholes, "area_name", "rate", "value_status"):
        if row["value_status"] == "available":
            lines.append((row["area_name"], row["rate"], "dot"))
    return lines


_Numbers = Sequence[float | None]


@dataclass(frozen=True)
class _Rows:
    """The areas that responded, the highest rate first; one that lies beyond the scale has no numbers to draw."""

    names: Sequence[str]
    texts: Sequence[str]
    values: _Numbers
    lower: _Numbers
    upper: _Numbers
    chosen: Sequence[bool]
    lines: Sequence[_Line]

    @property
    def furthest(self) -> float:
        """Where the scale ends: behind the intervals, but for those that are far wider than the rates are high."""
        rates = [value for value in self.values if value is not None] + [value for _, value, _ in self.lines]
        return min(max([*rates, *self.highs], default=0), REACH * max(rates, default=0))

    @property
    def highs(self) -> list[float]:
        return [high for high in self.upper if high is not None]

    @property
    def far(self) -> list[int]:
        return [place for place, value in enumerate(self.values) if value is None]


def _one_below_another(rows: _Rows, about: About) -> tuple[theme.Figure, int]:
    """Rates across, a row an area with its name on the left and its rate on the right."""
    margin = {"l": 8, "r": 8, "t": 14 + _LABEL_LANE * max(len(rows.lines), 1), "b": 34}
    row = ROW_OF_FEW if len(rows.names) <= FEW else ROW
    height = max(len(rows.names), 3) * row + margin["t"] + margin["b"]
    furthest = rows.furthest
    names = [f"<b>{name}</b>" if own else name for name, own in zip(rows.names, rows.chosen, strict=True)]
    spans, dots, far = _upright(rows, furthest * 1.02)
    figure_layout = theme.layout(
        height,
        margin,
        xaxis=theme.axis(range=[0, furthest * 1.04 or 1], nticks=5, tickformat=","),
        yaxis=_rows(names),
        yaxis2={**_rows(rows.texts), "overlaying": "y", "side": "right"},
        shapes=[
            {**_line(dash), "xref": "x", "x0": value, "x1": value, "yref": "paper", "y0": 0, "y1": 1}
            for _, value, dash in rows.lines
        ],
        annotations=[
            theme.note(
                f"{name}: {wording.rate(value)}", x=value, y=1, yref="paper", yanchor="bottom",
                xanchor="left" if value < furthest / 2 else "right", yshift=2 + _LABEL_LANE * lane, font=theme.STRONG,
            )
            for lane, (name, value, _) in enumerate(rows.lines)
        ],
    )  # fmt: skip
    across = [{**trace, "x": trace["y"], "y": trace["x"]} for trace in (spans, dots, far)]
    across[1] |= {"yaxis": "y2", "hovertemplate": "%{x:,.1f} %{customdata}<extra></extra>"}
    return theme.build_figure(across, figure_layout), height


def _side_by_side(rows: _Rows, about: About) -> tuple[theme.Figure, int]:
    """Rates upright, the highest on the left, without names but the partnership's: for hundreds of areas."""
    height, margin = 420, {"l": 8, "r": 8, "t": 14 + _LABEL_LANE * (1 + len(rows.lines)), "b": 40}
    furthest, last = rows.furthest, len(rows.names) - 1
    spans, dots, far = _upright(rows, furthest * 1.02)
    plain = {"size": theme.TEXT_SIZE, "color": theme.TEXT}
    names = [
        theme.note(
            f"<b>{name}</b>: {text}", x=place, y=high, yanchor="bottom", yshift=8, font=plain, bgcolor=_SEEN_THROUGH,
            xanchor="left" if place < last / 2 else "right",
        )
        for place, (name, text, high, own) in enumerate(
            zip(rows.names, rows.texts, rows.upper, rows.chosen, strict=True)
        )
        if own
    ]  # fmt: skip
    unit = theme.note(
        wording.capitalised(about.unit), xref="paper", x=0, xanchor="left", yref="paper", y=1, yanchor="bottom",
        yshift=2 + _LABEL_LANE * len(rows.lines), font=theme.STRONG,
    )  # fmt: skip
    labels = [
        theme.note(
            f"{'– –' if dash == 'dash' else '· · ·'} {name}: {wording.rate(value)}", xref="paper", x=1, xanchor="right",
            yref="paper", y=1, yanchor="bottom", yshift=2 + _LABEL_LANE * lane, font=plain,
        )
        for lane, (name, value, dash) in enumerate(rows.lines)
    ]  # fmt: skip
    figure_layout = theme.layout(
        height,
        margin,
        xaxis=theme.axis(
            range=[-last * 0.02 - 1, last * 1.02 + 1], showgrid=False, zeroline=False, ticks="",
            tickvals=[last * 0.07, last * 0.93], ticktext=["Highest", "Lowest"],
        ),
        yaxis=theme.axis(range=[0, furthest * 1.04 or 1], nticks=6, tickformat=","),
        shapes=[
            {**_line(dash), "yref": "y", "y0": value, "y1": value, "xref": "paper", "x0": 0, "x1": 1}
            for _, value, dash in rows.lines
        ],
        annotations=[*names, unit, *labels],
    )  # fmt: skip
    spans["line"] |= {"width": 2}
    dots["marker"] |= {"size": [13 if own else 4 for own in rows.chosen]}
    return theme.build_figure([spans, dots, far], figure_layout), height


def _line(dash: str) -> dict[str, Any]:
    return {"type": "line", "layer": "below", "line": {"color": theme.TEXT, "width": 1.5, "dash": dash}}


def _upright(rows: _Rows, edge: float) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Drawn upright: the bars of the intervals, the dots on them, and triangles at the ``edge`` for what lies beyond."""
    spans: dict[str, list[float | None]] = {"x": [], "y": []}
    for place, (low, high) in enumerate(zip(rows.lower, rows.upper, strict=True)):
        spans["x"] += [place, place, None]
        spans["y"] += [low, high, None]
    hover = [
        f"{name} (95% interval {wording.interval_words(low, high, wording.RATE_PLACES)})"
        for name, low, high in zip(rows.names, rows.lower, rows.upper, strict=True)
    ]
    dots = {
        "type": "scatter", "mode": "markers", "x": list(range(len(rows.names))), "y": list(rows.values),
        "marker": {
            "color": [theme.COMPARISON if own else theme.SERIES for own in rows.chosen],
            "symbol": ["diamond" if own else "circle" for own in rows.chosen],
            "size": [13 if own else 7 for own in rows.chosen],
            "opacity": 1,
        },
        "customdata": hover, "hovertemplate": "%{y:,.1f} %{customdata}<extra></extra>",
    }  # fmt: skip
    far = {
        "type": "scatter", "mode": "markers", "x": rows.far, "y": [edge] * len(rows.far), "cliponaxis": False,
        "marker": {"color": theme.SERIES, "symbol": "triangle-up-open", "size": 9},
        "customdata": [f"{rows.names[place]}: {rows.texts[place]}" for place in rows.far],
        "hovertemplate": "%{customdata}, beyond the scale<extra></extra>",
    }  # fmt: skip
    line = {"color": theme.CONTEXT, "width": 6}
    return {"type": "scatter", "mode": "lines", **spans, "line": line, "hoverinfo": "skip"}, dots, far


def _rows(labels: Sequence[str]) -> dict[str, Any]:
    return theme.axis(
        tickvals=list(range(len(labels))), ticktext=list(labels), range=[len(labels) - 0.5, -0.5], showgrid=False,
        ticks="", zeroline=False, tickfont={"size": theme.SMALL_TEXT_SIZE, "color": theme.TEXT},
    )  # fmt: skip


_Lines = Mapping[str, tuple[list[float], list[float]]]
"""Name of a line of the funnel -> the populations and the rates of its points."""


def _lines(limits: pd.DataFrame) -> _Lines:
    found: dict[str, tuple[list[float], list[float]]] = {line: ([], []) for line in _LIMITS}
    for row in records(limits, "line", "population", "value"):
        found[row["line"]][0].append(row["population"])
        found[row["line"]][1].append(row["value"])
    return found


def _limit(across: Sequence[float], up: Sequence[float], line: str, dash: str) -> dict[str, Any]:
    colour = theme.TEXT if line == "average" else theme.EVENT_LINE
    return {
        "type": "scatter", "mode": "lines", "x": list(across), "y": list(up),
        "line": {"color": colour, "width": 1.5, "dash": dash}, "hoverinfo": "skip",
    }  # fmt: skip


def _points(rows: Sequence[_Area], colour: str, symbol: str, size: int) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": [row["population"] for row in rows],
        "y": [row["rate"] for row in rows], "cliponaxis": False,
        "marker": {"color": colour, "symbol": symbol, "size": size, "line": {"color": theme.TEXT, "width": 1}},
        "customdata": [row["area_name"] for row in rows],
        "hovertemplate": "%{customdata}: %{y:,.1f}, %{x:,.0f} residents<extra></extra>",
    }  # fmt: skip


def _at_the_edge(rows: Sequence[_Area], edge: float) -> dict[str, Any]:
    return {
        **_points(rows, theme.CONTEXT, "triangle-up-open", 11), "y": [edge] * len(rows),
        "customdata": [f"{row['area_name']}: {wording.rate(row['rate'])}" for row in rows],
        "hovertemplate": "%{customdata}, beyond the scale<extra></extra>",
    }  # fmt: skip


def _limit_names(lines: _Lines, highest: float) -> list[dict[str, Any]]:
    """The levels behind the ends of their lines, kept apart where the lines end close to each other."""
    ends = []
    for line, name in (("upper 99.8%", "99.8%"), ("upper 95%", "95%"), ("average", "Average")):
        if lines[line][0]:
            ends.append((name, max(zip(*lines[line], strict=True))[1]))
    apart = 16 * (highest * 1.08) / 370  # what 16 pixels are on the upright axis
    notes, above = [], float("inf")
    for name, y in ends:
        place = min(y, above - apart)
        above = place
        font = {"size": theme.SMALL_TEXT_SIZE, "color": theme.QUIET_TEXT}
        notes.append(theme.note(name, xref="paper", x=1, y=place, xanchor="left", xshift=4, font=font))
    return notes


def _own_name(ours: Sequence[_Area], most: float) -> list[dict[str, Any]]:
    return [
        theme.note(
            row["area_name"], x=row["population"], y=row["rate"], font=theme.STRONG, bgcolor=_SEEN_THROUGH,
            xanchor="left" if row["population"] < most / 2 else "right",
            xshift=12 if row["population"] < most / 2 else -12,
        )
        for row in ours
    ]  # fmt: skip


def _rows_to_take_away(areas: pd.DataFrame, about: About) -> pd.DataFrame:
    """The rows with the names that tables and downloads use, and their words."""
    places, missing = wording.RATE_PLACES, wording.SYMBOLS["missing"]
    limits = zip(areas["lower"].tolist(), areas["upper"].tolist(), strict=True)
    ranges = zip(areas["rank_from"].tolist(), areas["rank_to"].tolist(), strict=True)
    return pd.DataFrame(
        {
            **{name: areas[name].to_numpy() for name in areas.columns if name != "rate"},
            "value": areas["rate"].to_numpy(),
            "unit": about.unit,
            "interval": [wording.interval_words(low, high, places) or missing for low, high in limits],
            "rank_range": [range_words(int(low), int(high)) if low == low else missing for low, high in ranges],
            "against": [_against(verdict) for verdict in areas["verdict"].tolist()],
            "place": [_place(position) for position in areas["position"].tolist()],
            "group": about.group,
            "period": about.period,
            "category_label": CATEGORIES[about.category].label,
        }
    )


def _against(verdict: str) -> str:
    return verdict_words(verdict).removesuffix(" than").removesuffix(" to") or wording.SYMBOLS["missing"]


def _place(position: str) -> str:
    if not position:
        return wording.SYMBOLS["missing"]
    return _position_words(position).removeprefix("lies ")


def _absent(areas: pd.DataFrame) -> tuple[str, ...]:
    rows = areas[areas["value_status"] != "available"]
    silent = rows["count"].isna()
    return tuple(
        f"No {what}, so not drawn and not ranked: "
        + (
            f"{wording.joined(names)}."
            if len(names) <= MOST_LISTED
            else f"{len(names)} areas, marked [x] in the table."
        )
        for what, names in (
            ("figure", rows.loc[silent, "area_name"].tolist()),
            ("population given", rows.loc[~silent, "area_name"].tolist()),
        )
        if names
    )


def _years(areas: pd.DataFrame) -> tuple[str, ...]:
    years = sorted({int(year) for year in areas["population_year"].dropna()})
    if not years:
        return ()
    mixed = ". The areas' populations are not all of one year" if len(years) > 1 else ""
    return (f"Residents: estimates of {wording.joined([str(year) for year in years])}{mixed}.",)


def _alt(
    names: Sequence[str], values: Sequence[float | None], own: _Area | None, lines: Sequence[_Line], about: About
) -> str:
    text = f"Chart of dots with 95% intervals of {about.noun} {about.unit} in {len(names)} areas, {about.period}"
    if not names:
        return f"{text}. No area responded."
    highest, lowest = extremes(names, values, wording.RATE_PLACES)
    text += f". Highest: {highest}. Lowest: {lowest}"
    if own is not None:
        interval = wording.interval_words(own["lower"], own["upper"], wording.RATE_PLACES)
        rank = rank_words(int(own["rank_rate"]), "rate")
        text += f". {about.area_name}: {wording.rate(own['rate'])} (95% interval {interval}), {rank}"
    for name, value, _ in lines:
        text += f". {name}: {wording.rate(value)}"
    return f"{text}."


def _provenance(areas: pd.DataFrame, about: About) -> Provenance:
    sources = list(dict.fromkeys(str(source).strip().rstrip(".") for source in areas["source"]))
    release = wording.release_words(about.release)
    return {
        "source": f"Source: {'; '.join(sources)}. Data release of {release}.",
        "notice": notice(about.status),
    }
