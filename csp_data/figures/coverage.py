"""Which months there are, dataset by dataset."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from csp_data.analysis.periods import Span, month_number, month_text, runs
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, wrapped
from csp_data.figures.chart import Chart, Column, records

_MILLISECONDS_A_DAY = 24 * 60 * 60 * 1000  # Plotly measures the length of a bar along dates in milliseconds


def _month_after(month: str) -> str:
    return month_text(month_number(month) + 1)


def _days(start: str, end: str) -> int:
    """Days from the first of one month to the last of another."""
    return (date.fromisoformat(f"{_month_after(end)}-01") - date.fromisoformat(f"{start}-01")).days


def completeness(
    coverage: Mapping[str, Sequence[str]], expected: Sequence[str], source: str, area_name: str, notice: str = ""
) -> Chart:
    """For each dataset a strip of its months: filled where there are figures, hatched grey where there are none.

    Parameters
    ----------
    coverage : dataset title -> the months covered ("2019-04")
    expected : every month there should be
    source, area_name, notice : words for under and above the chart
    """
    if not expected:
        raise ValueError("completeness needs the months there should be")
    wanted = Span(min(expected), max(expected))
    rows = []
    for name, months in coverage.items():
        have = set(months) & set(expected)
        for months_of, status in ((have, "available"), (set(expected) - have, "missing")):
            rows += [
                {"dataset": name, "start": span.start, "end": span.end, "months": span.length, "value_status": status}
                for span in runs(months_of)
            ]
    data = pd.DataFrame(rows, columns=["dataset", "start", "end", "months", "value_status"])
    present = {name: len(set(months) & set(expected)) for name, months in coverage.items()}
    data["period"] = [Span(row["start"], row["end"]).label for row in rows]
    data["state"] = ["figures" if row["value_status"] == "available" else "no figures [x]" for row in rows]
    labels = [wrapped(name) + f"<br>{wording.completeness_words(present[name], len(expected))}" for name in coverage]
    position = {name: n for n, name in enumerate(coverage)}
    traces = []
    for status, colour in (("available", theme.SERIES), ("missing", theme.NO_FIGURE)):
        part = [row for row in records(data, *data.columns) if row["value_status"] == status]
        pattern = {"pattern": {"shape": "/", "fgcolor": theme.QUIET_TEXT, "size": 6}} if status == "missing" else {}
        if part:
            traces.append(
                {
                    "type": "bar", "orientation": "h", "width": 0.5,
                    "base": [f"{row['start']}-01" for row in part],
                    "x": [_days(row["start"], row["end"]) * _MILLISECONDS_A_DAY for row in part],
                    "y": [position[row["dataset"]] for row in part],
                    "customdata": [f"{row['period']}: {row['state']}" for row in part],
                    "marker": {"color": colour, "line": {"width": 1, "color": theme.QUIET_TEXT}, **pattern},
                    "hovertemplate": "%{customdata}<extra></extra>",
                }
            )  # fmt: skip
    margin = {"l": 8, "r": 16, "t": 8, "b": 30}
    height = len(labels) * 56 + margin["t"] + margin["b"]
    edges = [f"{wanted.start}-01", f"{_month_after(wanted.end)}-01"]
    figure = theme.build_figure(
        traces,
        theme.layout(
            height, margin, barmode="overlay",
            xaxis=theme.axis(type="date", range=edges, showgrid=False), yaxis=row_axis(labels),
        ),
    )  # fmt: skip
    gaps = [name for name, months in present.items() if months < len(expected)]
    every = f"Every month has figures in {area_name}" if len(coverage) > 1 else f"Every month has figures, {area_name}"
    return Chart(
        kind="completeness",
        title=f"Months are missing from {wording.joined([wording.lowered(name) for name in gaps])}" if gaps else every,
        subtitle=f"Months with figures, by dataset, {area_name}, {wanted.label}",
        source=source,
        notice=notice,
        alt=f"Strips of the months with figures, {wanted.label}: "
        + "; ".join(f"{name} {wording.completeness_words(n, len(expected))}" for name, n in present.items())
        + ".",
        data=data,
        columns=(
            Column("dataset", "Dataset"),
            Column("period", "Months"),
            Column("months", "Number of months", "count", status=""),
            Column("state", "State"),
        ),
        figure=figure,
        height=height,
        notes=("Hatched: months with no figures.",) if gaps else (),
    )
