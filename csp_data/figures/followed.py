"""A figure that a priority is followed by, as it was at each time: for those that have no series of months."""

import pandas as pd

from csp_data.analysis.plan import Followed
from csp_data.catalogue.statuses import notice
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, wrapped
from csp_data.figures.chart import Chart, Column, NoChart
from csp_data.figures.plan import decimals, short_period, spark_words, value_words, with_unit

HEIGHT = 256
_ABOVE_AND_BELOW = 8
_SPACE = "\u2002"  # between the end of a bar and its figure


def followed_bars(figure: Followed, release: str, status: str, height: int = HEIGHT) -> Chart:
    """A bar for each of the latest figures there are, as many as there is room for, the latest last, from 0.

    Parameters
    ----------
    release, status : of the release.
    height : pixels at most.

    Raises
    ------
    NoChart
        When there are fewer than two figures.
    """
    points = figure.trend[-max(2, (height - 2 * _ABOVE_AND_BELOW) // theme.ROW_HEIGHT) :]
    values = [point.value for point in points]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        raise NoChart(f"There are too few figures of {wording.lowered(figure.label)} for a chart.")
    survey = figure.kind == "survey"
    places = 0 if survey else max(decimals(value) for value in known)
    unit = "%" if figure.unit == "%" else "£" if figure.unit == "£" else ""
    texts = [
        with_unit(point.value, unit, places)
        if point.value is not None
        else f"{wording.SYMBOLS.get(point.status, '[x]')} {'withheld' if point.status == 'withheld' else 'no figure'}"
        for point in points
    ]
    rows = list(range(len(points)))
    furthest = max(known)
    height = len(rows) * theme.ROW_HEIGHT + 2 * _ABOVE_AND_BELOW
    what = "" if figure.unit in ("%", "") else f", {figure.unit}"
    return Chart(
        kind="followed figure",
        title=f"{figure.label}: {value_words(figure)}",
        subtitle=f"{figure.label}{what}, {figure.area}, {points[0].label} to {points[-1].label}",
        source=f"Source: {figure.source or 'not stated'}. Data release of {wording.release_words(release)}.",
        notice=notice(status),
        alt=f"Bar chart. {figure.label}, {figure.area}. {spark_words(points)}.",
        data=pd.DataFrame(
            {
                "period": [point.label for point in points],
                "value": pd.array(values, dtype="Float64").to_numpy(dtype=float, na_value=float("nan")),
                "value_status": [point.status for point in points],
                "text": texts,
            }
        ),
        columns=(Column("period", "Period"), Column("text", figure.unit or "Figure")),
        figure=theme.build_figure(
            [
                {
                    "type": "bar", "orientation": "h", "x": values, "y": rows, "width": 0.66, "hoverinfo": "skip",
                    "marker": {"color": [theme.CONTEXT] * (len(rows) - 1) + [theme.SERIES]},
                },
                {
                    "type": "scatter", "mode": "text", "x": [value or 0 for value in values], "y": rows,
                    "text": [f"{_SPACE}{text}" for text in texts], "textposition": "middle right", "hoverinfo": "skip",
                    "cliponaxis": False, "showlegend": False, "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT},
                },
            ],
            theme.layout(
                height, {"l": 8, "r": 8, "t": _ABOVE_AND_BELOW, "b": _ABOVE_AND_BELOW},
                xaxis=theme.axis(range=[0, furthest * 1.35 or 1], showticklabels=False, showgrid=False, ticks=""),
                yaxis=row_axis([wrapped(short_period(point.label)) for point in points]),
            ),
        ),
        height=height,
        notes=(figure.note,) if figure.note else (),
    )  # fmt: skip
