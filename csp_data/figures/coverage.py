"""Which months there are, dataset by dataset."""

from collections.abc import Mapping, Sequence

import pandas as pd

from csp_data.analysis.periods import Span, runs
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, wrapped
from csp_data.figures.chart import Chart, Column
from csp_data.figures.events import day_text

_MILLISECOND = pd.Timedelta(milliseconds=1)  # the unit of a length on Plotly's axis of dates


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
    data["period"] = [Span(row.start, row.end).label for row in data.itertuples()]
    data["state"] = ["figures" if status == "available" else "no figures [x]" for status in data["value_status"]]
    labels = [wrapped(name) + f"<br>{wording.completeness_words(present[name], len(expected))}" for name in coverage]
    position = {name: n for n, name in enumerate(coverage)}
    traces = []
    for status, colour in (("available", theme.SERIES), ("missing", theme.NO_FIGURE)):
        part = data[data["value_status"] == status]
        starts = [pd.Timestamp(f"{month}-01") for month in part["start"]]
        ends = [pd.Timestamp(f"{month}-01") + pd.offsets.MonthBegin(1) for month in part["end"]]
        pattern = {"pattern": {"shape": "/", "fgcolor": theme.QUIET_TEXT, "size": 6}} if status == "missing" else {}
        if len(part):
            traces.append(
                {
                    "type": "bar", "orientation": "h", "width": 0.5, "base": [day_text(start) for start in starts],
                    "x": [(end - start) / _MILLISECOND for start, end in zip(starts, ends, strict=True)],
                    "y": [position[name] for name in part["dataset"]],
                    "customdata": [f"{row.period}: {row.state}" for row in part.itertuples()],
                    "marker": {"color": colour, "line": {"width": 1, "color": theme.QUIET_TEXT}, **pattern},
                    "hovertemplate": "%{customdata}<extra></extra>",
                }
            )  # fmt: skip
    margin = {"l": 8, "r": 16, "t": 8, "b": 30}
    height = len(labels) * 56 + margin["t"] + margin["b"]
    edges = [f"{wanted.start}-01", day_text(pd.Timestamp(f"{wanted.end}-01") + pd.offsets.MonthBegin(1))]
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
        drawing={"labels": labels, "position": position, "edges": edges},
    )
