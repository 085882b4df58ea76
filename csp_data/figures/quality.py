"""Charts of the quality of the data: which share of the records no ward takes."""

import pandas as pd

from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis
from csp_data.figures.chart import Chart, Column, NoChart, drawn, records

_MARGIN = {"l": 8, "r": 16, "t": 8, "b": 30}


def unplaced(table: pd.DataFrame, what: str, area_name: str, source: str, notice: str) -> Chart:
    """A bar for the share of each year's records that no ward takes, the oldest first.

    Parameters
    ----------
    table : as ``analysis.quality.unallocated_by_year`` gives it.
    what : what is counted, such as "recorded crimes".

    Raises
    ------
    NoChart
        When no year has a share that may be shown, or every year has none.
    """
    data = table.assign(percent=100 * table["share"])
    values = drawn(data, "percent")
    if all(value is None for value in values):
        reasons = [reason for reason in table["reason"].tolist() if reason] if len(table) else []
        raise NoChart(f"No chart of records without a ward. {reasons[0] if reasons else 'There is no year to show.'}")
    if not any(value != 0 for value in values):
        raise NoChart(f"All {what} that are known to be of {area_name} could be put in a ward, in every year.")
    rows = records(data, "year", "months", "percent", "value_status")
    labels = [row["year"] + ("" if row["months"] == 12 else f"<br>{row['months']} of 12 months") for row in rows]
    texts = [
        wording.SYMBOLS.get(row["value_status"], wording.SYMBOLS["missing"])
        if value is None
        else wording.percent(value, wording.PERCENT_PLACES)
        for row, value in zip(rows, values, strict=True)
    ]
    places = list(range(len(rows)))
    ends = [value or 0 for value in values]
    reach = max(max(ends) * 1.4, 1.0)
    height = len(rows) * 42 + _MARGIN["t"] + _MARGIN["b"]
    figure = theme.build_figure(
        [
            {
                "type": "bar", "orientation": "h", "x": list(values), "y": places, "width": 0.6,
                "marker": {"color": [theme.SERIES if row["months"] == 12 else theme.INCOMPLETE for row in rows]},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter", "mode": "text", "x": ends, "y": places, "text": [f" {text}" for text in texts],
                "textposition": "middle right", "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
                "textfont": theme.STRONG,
            },
        ],
        theme.layout(
            height, _MARGIN, xaxis=theme.axis(range=[0, reach], ticksuffix="%", nticks=4), yaxis=row_axis(labels)
        ),
    )  # fmt: skip
    last = next(n for n in reversed(places) if values[n] is not None)
    least = 10**-wording.PERCENT_PLACES
    share = wording.percent(values[last] or 0, wording.PERCENT_PLACES)
    if share == wording.percent(0, wording.PERCENT_PLACES):
        share = f"Under {wording.percent(least, wording.PERCENT_PLACES)}"
    period = f"{table['period'].iloc[0]} to {table['period'].iloc[-1]}"
    return Chart(
        kind="records without a ward",
        title=f"{share} of {what} of {rows[last]['year']} are in no ward"
        if values[last]
        else f"All {what} of {rows[last]['year']} are in a ward",
        subtitle=f"Share of {what} that could not be put in a ward, by financial year, {area_name}",
        source=source,
        notice=notice,
        alt=f"Bars of the share in no ward, {period}: "
        + "; ".join(f"{row['year']} {text}" for row, text in zip(rows, texts, strict=True))
        + ".",
        data=data,
        columns=(
            Column("year", "Financial year"),
            Column("months", "Months", "count", status=""),
            Column("records", "All records", "count"),
            Column("unallocated", "In no ward", "count"),
            Column("percent", "Share", "percent"),
        ),
        figure=figure,
        height=height,
        notes=("A figure of a ward leaves these records out; the total of the partnership has them.",),
    )
