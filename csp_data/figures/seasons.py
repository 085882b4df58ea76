"""Charts of the time of year: a year against earlier ones, the seasonal index, every month at a glance, season and trend."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.over_time import Seasons, Split, YearAgainstEarlier
from csp_data.analysis.periods import MONTH_NAMES, PANDEMIC, Span, financial_year_of, month_label, month_number
from csp_data.analysis.seasonality import SIGNIFICANT, Outcome, Year
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis
from csp_data.figures.chart import (
    Chart,
    Column,
    NoChart,
    drawn,
    extremes,
    how_shown,
    provenance,
    subject,
    subject_columns,
    subtitle_of,
    value_columns,
)
from csp_data.figures.events import LANE_PIXELS, Event, event_letters, event_shapes, events_on
from csp_data.figures.lines import KEY, first_day, key_height, line, marks_of_no_figure, notes_of_no_figure, time_axis
from csp_data.figures.maps import Classes, ward_classes

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

_DAY = 86_400_000  # milliseconds, as Plotly measures widths on an axis of dates


def _places(values: Sequence[float | None], answer: "Answer", per_day: bool = False) -> int:
    """Decimals: none for counts, two for monthly rates, which are small."""
    if wording.is_rate(answer.unit):
        return wording.SENTENCE_RATE_PLACES
    return int(per_day and max((abs(value) for value in values if wording.known(value)), default=0) < 100)


def _plain(values: Sequence[float]) -> list[float | None]:
    return [float(value) if wording.known(value) else None for value in values]


def _equal(per_day: bool) -> str:
    return ", months made equal in length" if per_day else ""


def _set_aside(excluded: Sequence[str]) -> list[str]:
    return [f"{PANDEMIC.label} is left out: restrictions changed what was usual."] if excluded else []


# A year against earlier ones


def year_band(against: YearAgainstEarlier, answer: "Answer", events: pd.DataFrame | None = None) -> Chart:
    """The months of a year as a line, over bars from the lowest to the highest of the same month in earlier years.

    Raises
    ------
    NoChart
        When there is no band, with the reason.
    """
    band = against.band
    if band is None:
        raise NoChart(against.reason)
    rows = band.months.rename(columns={"lower": "lowest", "upper": "highest"}).assign(
        period=[month_label(month) for month in band.months["month"]],
        value_status=["available" if value == value else "missing" for value in band.months["value"]],
        band_status=["available" if low == low else "not applicable" for low in band.months["lower"]],
        unit=answer.unit,
        position_words=[_position_words(position, reason) for position, reason in zip(
            band.months["position"], band.months["reason"], strict=True
        )],
        **subject_columns(answer),
    )  # fmt: skip
    months = rows["month"].tolist()
    days = [first_day(month) for month in months]
    values, lower, upper, middle = (_plain(rows[name].tolist()) for name in ("value", "lowest", "highest", "middle"))
    places = _places(rows["value"].tolist(), answer, against.per_day)
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    above = LANE_PIXELS * (1 + max((event.lane for event in marked), default=-1))
    outside = {side: [n for n, p in enumerate(rows["position"]) if p == side] for side in ("above", "below")}
    low, high = _reach([*values, *lower, *upper])
    entries = 2 + sum(bool(found) for found in outside.values())
    top = key_height(entries) + above
    hover = f"%{{x|%B %Y}}: %{{y:,.{places}f}}<extra></extra>"
    data = [
        {
            "type": "bar", "x": days, "y": [None if a is None or b is None else b - a for a, b in zip(lower, upper, strict=True)],
            "base": lower, "width": 20 * _DAY, "marker": {"color": theme.CONTEXT}, "hoverinfo": "skip",
            "name": "Earlier years",
        },
        {
            "type": "scatter", "mode": "markers", "x": days, "y": middle, "showlegend": False, "hoverinfo": "skip",
            "marker": {"symbol": "line-ew", "size": 12, "color": theme.PAPER, "line": {"width": 2, "color": theme.PAPER}},
        },
        {**line(months, values, "y", 2.5, hover), "name": band.year, "showlegend": True},
        *[
            {
                "type": "scatter", "mode": "markers", "x": [days[n] for n in found], "y": [values[n] for n in found],
                "marker": {"symbol": symbol, "size": 11, "color": theme.COMPARISON}, "cliponaxis": False,
                "name": f"{side.capitalize()} earlier years", "hovertemplate": hover,
            }
            for side, symbol in (("above", "triangle-up"), ("below", "triangle-down"))
            if (found := outside[side])
        ],
        *marks_of_no_figure(months[: _held(months, against.months.span)], rows["value_status"].tolist()[
            : _held(months, against.months.span)], low),
    ]  # fmt: skip
    figure = theme.build_figure(
        data,
        theme.layout(
            300 + top,
            {"l": 8, "r": 16, "t": top, "b": 30},
            showlegend=True,
            legend=KEY,
            barmode="overlay",
            xaxis=time_axis(
                months, tickvals=days[::2], ticktext=[MONTH_NAMES[month_number(m) % 12][:3] for m in months[::2]]
            ),
            yaxis=theme.axis(range=[low, high], nticks=6, tickformat=",", zeroline=False),
            shapes=event_shapes(marked, first, last),
            annotations=event_letters(marked, first),
        ),
    )
    chance = wording.number(band.expected_outside)
    return Chart(
        kind="year band",
        title=_title_of_band(band.year, outside, answer),
        subtitle=f"{subtitle_of(answer, band.year, by=' by month')}, against earlier years{_equal(against.per_day)}",
        alt=_alt_of_band(band.year, rows, outside, answer, places),
        data=rows,
        columns=(
            Column("period", "Month"),
            Column("value", _heading(answer), "rate" if against.per_day else how_shown(answer)),
            *(
                Column(
                    name,
                    f"{name.capitalize()} of earlier years",
                    "rate" if _fractions(rows[name]) else "count",
                    status="band_status",
                )
                for name in ("lowest", "middle", "highest")
            ),
            Column("years", "Earlier years", "count", status=""),
            Column("position_words", "Where it stands"),
        ),
        figure=figure,
        height=300 + top,
        notes=(
            f"Grey bars: {band.name}; the white line in each is the middle one.",
            f"With so few earlier years, about {chance} of the months would lie outside by chance alone.",
            *_set_aside(against.excluded),
            *(
                [f"The years compared cross: {'; '.join(against.crosses)}. Part of what they show may come from that."]
                if against.crosses
                else []
            ),
            *(["The scale does not start at 0."] if low > 0 else []),
            *(event.short_words for event in marked),
        ),
        events=marked,
        **provenance(answer),
    )


def _held(months: Sequence[str], span: Span) -> int:
    """How many of a year's months are not after the end of the span: later ones are no gaps."""
    return sum(month <= span.end for month in months)


def _position_words(position: str, reason: str) -> str:
    return {"above": "above earlier years", "below": "below earlier years", "within": "within earlier years"}.get(
        position, reason
    )


def _reach(values: Sequence[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None]
    lowest, highest = min(known, default=0.0), max(known, default=1.0)
    room = 0.06 * (highest - lowest or highest or 1)
    low = lowest - room
    return (0.0 if low < 0.25 * highest else low), highest + room


def _heading(answer: "Answer") -> str:
    unit = f" {answer.unit}" if wording.is_rate(answer.unit) else ""
    return f"{wording.capitalised(wording.noun(answer))}{unit}"


def _title_of_band(year: str, outside: dict[str, list[int]], answer: "Answer") -> str:
    about = f"{wording.title_subject(answer)}, {year}"
    above, below = len(outside["above"]), len(outside["below"])
    if not above and not below:
        return f"{about}: within the range of earlier years"
    if above and below:
        return f"{about}: {_months(above)} above earlier years, {below} below"
    side, many = ("above", above) if above else ("below", below)
    return f"{about}: {_months(many)} {side} earlier years"


def _months(number: int) -> str:
    return f"{number} {'month' if number == 1 else 'months'}"


def _alt_of_band(year: str, rows: pd.DataFrame, outside: dict[str, list[int]], answer: "Answer", places: int) -> str:
    parts = [
        f"Line of {wording.lowered(subject(answer))} by month in {answer.area_name}, {year}, over a band of earlier years"
    ]
    for side, found in outside.items():
        if found:
            parts.append(f"{side.capitalize()} the band: {wording.joined([rows['name'].iloc[n] for n in found])}")
    known = rows[rows["value_status"] == "available"]
    if len(known):
        latest = known.iloc[-1]
        parts.append(f"Latest: {wording.number(latest['value'], places)} ({latest['period']})")
    if not any(outside.values()):
        parts.append("No month lies outside the band")
    return ". ".join(parts) + "."


# The seasonal index


def index_bars(seasons: Seasons, answer: "Answer") -> Chart:
    """How far each month of the year usually lies from an average month, as bars to either side.

    Raises
    ------
    NoChart
        When there is no clear season to show, with the sentence that says so.
    """
    if seasons.season is None or seasons.index is None or not seasons.season.shown:
        raise NoChart(seasons.reason or (seasons.season.sentence if seasons.season else ""))
    ratio = seasons.index["model"].iloc[0] == "multiplicative"
    steps = [100 * (value - 1) if ratio else value for value in seasons.index["index"].tolist()]
    unit = f"{'percent' if ratio else answer.unit} from an average month"
    words = [_step_words(step, ratio) for step in steps]
    rows = seasons.index.assign(step=steps, unit=unit, words=words, **subject_columns(answer))
    labels = rows["name"].tolist()
    reach = max((abs(step) for step in steps if step == step), default=1.0) * 1.45 or 1.0
    height = len(labels) * theme.ROW_HEIGHT + 40
    places = list(range(len(labels)))
    data = [
        {
            "type": "bar", "orientation": "h", "x": _plain(steps), "y": places, "width": 0.66,
            "marker": {"color": [theme.SERIES if step >= 0 else theme.INCOMPLETE for step in steps]}, "hoverinfo": "skip",
        },
        *[
            {
                "type": "scatter", "mode": "text", "x": [steps[n] for n in found], "y": found,
                "text": [f"\u2002{rows['words'].iloc[n]}\u2002" for n in found], "textposition": f"middle {side}",
                "hoverinfo": "skip", "cliponaxis": False, "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT},
            }
            for side, found in (
                ("right", [n for n in places if steps[n] >= 0]), ("left", [n for n in places if steps[n] < 0])
            )
        ],
    ]  # fmt: skip
    figure = theme.build_figure(
        data,
        theme.layout(
            height,
            {"l": 8, "r": 8, "t": 8, "b": 32},
            xaxis=theme.axis(
                range=[-reach, reach], nticks=5, ticksuffix="%" if ratio else "", zerolinecolor=theme.TEXT
            ),
            yaxis=row_axis(labels),
        ),
    )
    high, low = rows.loc[rows["step"].idxmax()], rows.loc[rows["step"].idxmin()]
    over = seasons.months.span.label
    return Chart(
        kind="seasonal index",
        title=f"{wording.title_subject(answer)} usually highest in {high['name']}, lowest in {low['name']}",
        subtitle=f"Seasonal index of {wording.lowered(subject(answer))}, {unit}, {answer.area_name}, {over}"
        f"{_equal(seasons.per_day)}",
        alt=f"Bar chart of how {wording.lowered(subject(answer))} in {answer.area_name} usually lie from an average month, "
        + ", ".join(f"{name} {words}" for name, words in zip(labels, rows["words"], strict=True))
        + ".",
        data=rows,
        columns=(
            Column("name", "Month of the year"),
            Column("words", "From an average month"),
            Column("years", "Years it is the average of", "count", status=""),
        ),
        figure=figure,
        height=height,
        notes=(
            f"{seasons.season.sentence} Tested on counts per day, so that the length of months is no season.",
            *([] if seasons.per_day else ["Part of a low February is only that it is short."]),
            *tests_in_words(seasons),
            *_set_aside(seasons.excluded),
            "Dark bars: above an average month; light bars: below.",
        ),
        **provenance(answer),
    )


def _step_words(step: float, ratio: bool) -> str:
    if not wording.known(step):
        return wording.SYMBOLS["missing"]
    text = wording.number(step, 0 if ratio else 1) + ("%" if ratio else "")
    return f"+{text}" if step > 0 and not text.startswith("0") else text


def tests_in_words(seasons: Seasons) -> tuple[str, ...]:
    """The tests that a season rests on, in a sentence; none when it was not tested."""
    if seasons.season is None:
        return ()
    found = seasons.season
    made = [_test_words(test) for test in (found.qs, found.kruskal_wallis, found.friedman)]
    if all(words.endswith(_NOT_POSSIBLE) for words in made):
        return ()
    return (f"Tests (a season is shown where QS or Kruskal-Wallis has p below {SIGNIFICANT:g}): {'; '.join(made)}.",)


_NOT_POSSIBLE = "not possible"


def _test_words(test: Outcome) -> str:
    if not wording.known(test.p):
        return f"{test.name} {_NOT_POSSIBLE}"
    p = "p below 0.001" if test.p < 0.001 else f"p = {wording.number(test.p, 3)}"
    return f"{test.name} {wording.number(test.statistic, 1)} ({test.df} degrees of freedom), {p}"


# Every month at a glance


def heat_map(
    table: pd.DataFrame,
    answer: "Answer",
    year: Year = "financial",
    events: pd.DataFrame | None = None,
    per_day: bool = False,
) -> Chart:
    """A square a month, a row a year, darker for more: five classes of as many months each.

    Parameters
    ----------
    table : results by month, in order of time
    """
    months = table["period_start"].tolist()
    values, statuses = drawn(table), table["value_status"].tolist()
    order = [(3 + n) % 12 for n in range(12)] if year == "financial" else list(range(12))
    years = list(dict.fromkeys(_year_of(month, year) for month in months))
    places = _places(values, answer, per_day)
    known = [value for value in values if value is not None]
    classes = ward_classes(known, places) if known else None
    cells: list[list[int | None]] = [[None] * 12 for _ in years]
    words = [[""] * 12 for _ in years]
    at = [(years.index(_year_of(month, year)), order.index(month_number(month) % 12)) for month in months]
    for (row, column), month, value, status in zip(at, months, values, statuses, strict=True):
        cells[row][column] = None if value is None or classes is None else classes.of(value)
        words[row][column] = f"{month_label(month)}: {wording.shown(value, status, places)}"
    first, last = date.fromisoformat(first_day(months[0])), date.fromisoformat(first_day(months[-1]))
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    colours = theme.class_colours(len(classes.upper)) if classes else []
    top = key_height(-(-len(colours) // 2)) + 24
    height = 26 * len(years) + top + 8
    figure = theme.build_figure(
        [
            *_cells_of(cells, words, colours),
            *_key_of(classes, colours),
            *_letters_of(at, months, cells, marked, len(colours)),
            *_no_figure_of(at, statuses),
        ],
        theme.layout(
            height,
            {"l": 8, "r": 8, "t": top, "b": 8},
            showlegend=True,
            legend=KEY,
            xaxis=theme.axis(
                side="top", tickvals=list(range(12)), ticktext=[MONTH_NAMES[m][:1] for m in order], range=[-0.5, 11.5],
                showgrid=False, ticks="", zeroline=False,
            ),
            yaxis=theme.axis(
                tickvals=list(range(len(years))), ticktext=years, range=[len(years) - 0.5, -0.5], showgrid=False, ticks="",
                zeroline=False,
            ),
        ),
    )  # fmt: skip
    over = Span(months[0], months[-1]).label
    return Chart(
        kind="heat map",
        title=_title_of_heat_map(months, values, answer, statuses),
        subtitle=f"{subtitle_of(answer, over, by=' by month and year')}{_equal(per_day)}",
        alt=_alt_of_heat_map(months, values, answer, over, places),
        data=table,
        columns=(
            Column("period", "Month"),
            *(
                (Column("value", f"{_heading(answer)}, months made equal in length", "rate"),)
                if per_day
                else value_columns(answer)
            ),
        ),
        figure=figure,
        height=height,
        notes=(
            *(["Darker means more; each shade holds about as many months as the next."] if known else []),
            *(["Letters: events listed below."] if marked and known else []),
            *notes_of_no_figure(months, statuses),
            *(event.words for event in marked),
        ),
        events=marked,
        **provenance(answer),
    )


def _year_of(month: str, year: Year) -> str:
    return financial_year_of(month) if year == "financial" else month[:4]


def _cells_of(cells: list[list[int | None]], words: list[list[str]], colours: Sequence[str]) -> list[dict[str, Any]]:
    if not colours:
        return []
    steps = [[edge / len(colours), colour] for n, colour in enumerate(colours) for edge in (n, n + 1)]
    return [
        {
            "type": "heatmap", "x": list(range(12)), "y": list(range(len(cells))),
            "z": cells, "zmin": -0.5, "zmax": len(colours) - 0.5, "colorscale": steps,
            "showscale": False, "xgap": 2, "ygap": 2, "text": words, "hovertemplate": "%{text}<extra></extra>",
            "hoverongaps": False, "showlegend": False,
        }
    ]  # fmt: skip


def _key_of(classes: Classes | None, colours: Sequence[str]) -> list[dict[str, Any]]:
    """A square of each shade with its numbers, for the key."""
    if classes is None:
        return []
    return [
        {
            "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": label,
            "marker": {"symbol": "square", "size": 14, "color": colour},
        }
        for label, colour in zip(classes.labels, colours, strict=True)
    ]  # fmt: skip


def _letters_of(
    at: Sequence[tuple[int, int]],
    months: Sequence[str],
    cells: list[list[int | None]],
    marked: Sequence[Event],
    shades: int,
) -> list[dict[str, Any]]:
    """The letters of events in the squares they touch: white on the darker shades."""
    traces = []
    for dark in (False, True):
        found = []
        for (row, column), month in zip(at, months, strict=True):
            shade = cells[row][column]
            letters = "".join(event.letter for event in marked if _touches(event, month))
            if letters and shade is not None and (shade + 0.5 >= shades / 2) is dark:
                found.append((column, row, letters))
        if found:
            columns, rows, texts = zip(*found, strict=True)
            traces.append(
                {
                    "type": "scatter", "mode": "text", "x": list(columns), "y": list(rows), "text": list(texts),
                    "hoverinfo": "skip", "showlegend": False,
                    "textfont": {"size": 11, "color": theme.PAPER if dark else theme.TEXT},
                }
            )  # fmt: skip
    return traces


def _touches(event: Event, month: str) -> bool:
    return event.start.isoformat()[:7] <= month <= (event.end or event.start).isoformat()[:7]


def _no_figure_of(at: Sequence[tuple[int, int]], statuses: Sequence[str]) -> list[dict[str, Any]]:
    signs = {"missing": "×", "withheld": "○"}
    found = [(column, row, signs[s]) for (row, column), s in zip(at, statuses, strict=True) if s in signs]
    if not found:
        return []
    columns, rows, texts = zip(*found, strict=True)
    return [
        {
            "type": "scatter", "mode": "text", "x": list(columns), "y": list(rows), "text": list(texts),
            "hoverinfo": "skip", "showlegend": False, "textfont": {"size": theme.TEXT_SIZE, "color": theme.QUIET_TEXT},
        }
    ]  # fmt: skip


def _title_of_heat_map(
    months: Sequence[str], values: Sequence[float | None], answer: "Answer", statuses: Sequence[str]
) -> str:
    known = [(value, month) for value, month in zip(values, months, strict=True) if value is not None]
    if not known:
        return wording.no_figures(answer, statuses)
    top = max(known)[0]
    highest = [month for value, month in known if value == top]
    about = wording.title_subject(answer)
    if len(highest) > 1 or len(known) == 1:
        return f"{about}, every month"
    return f"{about} {wording.were(answer)} highest in {month_label(highest[0])}"


def _alt_of_heat_map(
    months: Sequence[str], values: Sequence[float | None], answer: "Answer", over: str, places: int
) -> str:
    text = f"Grid of {wording.lowered(subject(answer))} by month and year in {answer.area_name}, {over}"
    known = [(value, month) for value, month in zip(values, months, strict=True) if value is not None]
    if not known:
        return f"{text}. There is no figure for any month."
    highest, lowest = extremes([month_label(month) for month in months], values, places)
    text += f". Highest: {highest}. Lowest: {lowest}"
    gone = len(months) - len(known)
    return f"{text}. {gone} of {len(months)} months have no figure." if gone else f"{text}."


# Season and trend


def stl_panels(split: Split, answer: "Answer", events: pd.DataFrame | None = None) -> Chart:
    """Trend, season and the rest of a series, one under another over one line of time.

    Raises
    ------
    NoChart
        When there is none, with the reason.
    """
    if split.stl is None:
        raise NoChart(split.reason)
    rows = split.stl.months.assign(
        period=[month_label(month) for month in split.stl.months["month"]], unit=answer.unit, **subject_columns(answer)
    )
    months = rows["month"].tolist()
    first, last = date.fromisoformat(first_day(months[0])), date.fromisoformat(first_day(months[-1]))
    marked = events_on(events, wording.measure_of(answer).dataset, first, last)
    above = LANE_PIXELS * (1 + max((event.lane for event in marked), default=-1))
    places = _places(rows["value"].tolist(), answer)
    panels = (
        ("Each month, and its trend", [0.62, 1.0], ("value", "trend")),
        ("Season", [0.32, 0.5], ("seasonal",)),
        ("The rest", [0.0, 0.18], ("remainder",)),
    )
    data, axes, names = [], {}, []
    for number, (name, domain, parts) in enumerate(panels, 1):
        axis = "y" if number == 1 else f"y{number}"
        for part in parts:
            drawn_line = line(
                months, _plain(rows[part].tolist()), axis, 1.0 if part == "value" else 2.0, _hover(places)
            )
            data.append(
                {**drawn_line, **({"line": {"color": theme.COMPARISON, "width": 3}} if part == "trend" else {})}
            )
        reach = rows[list(parts)].abs().max().max() or 1.0
        span = (
            _reach(_plain(rows[list(parts)].to_numpy().ravel().tolist()))
            if number == 1
            else (-reach * 1.1, reach * 1.1)
        )
        axes[f"yaxis{'' if number == 1 else number}"] = theme.axis(
            domain=domain,
            range=list(span),
            nticks=4,
            tickformat=",",
            zeroline=number > 1,
            zerolinecolor=theme.QUIET_TEXT,
        )
        names.append(
            theme.note(
                name, xref="paper", x=0, xanchor="left", yref="paper", y=domain[1], yanchor="bottom", font=theme.STRONG,
                yshift=6 + (above if number == 1 else 0),
            )
        )  # fmt: skip
    height = 520 + above
    figure = theme.build_figure(
        data,
        theme.layout(
            height, {"l": 8, "r": 16, "t": 30 + above, "b": 8}, hovermode="x", xaxis=time_axis(months, anchor="y3"), **axes,
            shapes=event_shapes(marked, first, last), annotations=[*names, *event_letters(marked, first)],
        ),
    )  # fmt: skip
    strength = [wording.number(value, 2) if wording.known(value) else "none to tell" for value in (
        split.stl.seasonal_strength, split.stl.trend_strength)]  # fmt: skip
    over = Span(months[0], months[-1]).label
    return Chart(
        kind="season and trend",
        title=_title_of_split(rows, split.stl.trend_strength, answer),
        subtitle=subtitle_of(answer, over, by=" by month"),
        alt=f"Three line charts of {wording.lowered(subject(answer))} by month in {answer.area_name}, {over}: the months with "
        f"their trend, the season, and the rest. Strength of the season {strength[0]}, of the trend {strength[1]}, from 0 "
        "(none) to 1.",
        data=rows,
        columns=(
            Column("period", "Month"),
            Column("value", _heading(answer), "rate" if _fractions(rows["value"]) else how_shown(answer), status=""),
            Column("trend", "Trend", "rate", status=""),
            Column("seasonal", "Season", "rate", status=""),
            Column("remainder", "The rest", "rate", status=""),
        ),
        figure=figure,
        height=height,
        notes=(
            f"Strength, from 0 (none) to 1: season {strength[0]}, trend {strength[1]}. In the first panel the thick line is "
            "the trend.",
            *split.notes,
            split.stl.settings.sentence,
            *(event.short_words for event in marked),
        ),
        events=marked,
        **provenance(answer),
    )


_CLEAR_TREND = 0.1
"""Strength from which a trend is more than a wobble of the line that is drawn through the months."""


def _title_of_split(rows: pd.DataFrame, strength: float, answer: "Answer") -> str:
    """When the trend was highest, where there is one."""
    if not strength >= _CLEAR_TREND:
        return f"{wording.title_subject(answer)}, split into trend, season and the rest"
    peak = month_label(str(rows.loc[rows["trend"].idxmax(), "month"]))
    return f"The trend of {wording.measured(answer)} in {answer.area_name} was highest in {peak}"


def _hover(places: int) -> str:
    return f"%{{x|%B %Y}}: %{{y:,.{places}f}}<extra></extra>"


def _fractions(values: pd.Series) -> bool:
    return any(not math.isclose(value, round(value)) for value in values.dropna())
