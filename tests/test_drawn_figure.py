"""Plotly's description of a figure on paper: each mark where the description puts it."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from csp_data.exports import drawn_figure


def drawn(*traces: dict, **layout) -> Figure:
    paper = Figure(figsize=(9.6, 5))
    described = {"data": list(traces), "layout": {"height": 400, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, **layout}}
    drawn_figure.draw(paper, described, 0.5, 4.5)
    return paper


def bars(paper: Figure) -> list[tuple[float, float, float, float]]:
    """Left, bottom, width and height of every bar."""
    return [
        tuple(round(float(part), 6) for part in (*patch.get_xy(), patch.get_width(), patch.get_height()))
        for patch in paper.axes[0].patches
    ]


def words(paper: Figure) -> list[str]:
    return [text.get_text() for axes in paper.axes for text in axes.texts]


def test_stacked_bars_stand_on_each_other_and_a_gap_is_no_bar():
    one = {"type": "bar", "orientation": "h", "y": [0, 1], "x": [2, None], "width": 0.5}
    paper = drawn(one, {**one, "x": [3, 4]}, barmode="stack")
    assert bars(paper) == [(0, -0.25, 2, 0.5), (2, -0.25, 3, 0.5), (0, 0.75, 4, 0.5)]


def test_grouped_bars_stand_beside_each_other():
    one = {"type": "bar", "x": ["a", "b"], "y": [1, 2]}
    paper = drawn(one, {**one, "y": [3, 4]}, bargap=0.2)
    assert [bar[0] for bar in bars(paper)] == [-0.4, 0.6, 0, 1]


def test_a_line_breaks_at_a_gap_unless_it_says_otherwise():
    line = {"type": "scatter", "mode": "lines", "x": ["2019-04-01", "2019-05-01", "2019-06-01"], "y": [1, None, 3]}
    (broken,) = drawn(line).axes[0].lines
    assert np.isnan(broken.get_ydata()).tolist() == [False, True, False]
    assert broken.get_xdata()[0] == date2num(np.datetime64("2019-04-01"))
    (joined,) = drawn({**line, "connectgaps": True}).axes[0].lines
    assert list(joined.get_ydata()) == [1, 3]


def test_a_band_lies_between_a_line_and_the_one_before():
    low = {"type": "scatter", "mode": "lines", "x": [1, 2], "y": [1, 2], "line": {"width": 0}}
    high = {**low, "y": [4, 5], "fill": "tonexty", "fillcolor": "rgba(10, 20, 30, 0.5)"}
    (band,) = drawn(low, high).axes[0].collections
    assert {tuple(point) for point in band.get_paths()[0].vertices} == {(1, 1), (2, 2), (2, 5), (1, 4)}
    assert band.get_alpha() == 0.5


def test_intervals_reach_from_their_lower_to_their_upper_end():
    dot = {
        "type": "scatter", "mode": "markers", "x": [5], "y": [0],
        "error_x": {"array": [2], "arrayminus": [1], "color": "#000000"},
    }  # fmt: skip
    (bar,) = drawn(dot).axes[0].collections
    assert bar.get_segments()[0].tolist() == [[4, 0], [7, 0]]


def test_a_heat_map_has_its_numbers_and_leaves_a_gap_blank():
    paper = drawn(
        {
            "type": "heatmap",
            "x": ["Apr", "May"],
            "y": ["2019/20"],
            "z": [[1, None]],
            "text": [["1", ""]],
            "texttemplate": "%{text}",
            "colorscale": [[0, "#ffffff"], [1, "#000000"]],
        }
    )
    (cells,) = paper.axes[0].collections
    assert cells.get_array().mask.tolist() == [[False, True]]
    assert words(paper) == ["1"]


def test_shapes_and_notes_can_refer_to_the_data_or_to_the_whole_plot():
    line = {"type": "scatter", "mode": "lines", "x": [0, 10], "y": [0, 10]}
    paper = drawn(
        line,
        xaxis={"range": [0, 10]},
        shapes=[{"type": "line", "xref": "x", "yref": "paper", "x0": 5, "x1": 5, "y0": 0, "y1": 1}],
        annotations=[{"text": "<b>Here</b>", "xref": "x", "yref": "paper", "x": 5, "y": 1, "showarrow": False}],
    )
    assert words(paper) == ["Here"]
    FigureCanvasAgg(paper).draw()
    box = paper.axes[0].get_window_extent()
    mark = paper.axes[0].artists[0] if paper.axes[0].artists else paper.axes[0].lines[1]
    ends = mark.get_transform().transform(np.column_stack(mark.get_data()))
    assert ends[:, 0] == pytest.approx([(box.x0 + box.x1) / 2] * 2)
    assert ends[:, 1] == pytest.approx([box.y0, box.y1])


def test_long_labels_move_the_plot_in_and_are_not_cut():
    bar = {"type": "bar", "orientation": "h", "y": ["A ward with quite a long name of its own"], "x": [1]}
    paper = drawn(bar)
    FigureCanvasAgg(paper).draw()
    assert paper.axes[0].get_tightbbox().x0 >= 0.19 * paper.dpi


def test_panels_that_share_the_time_are_labelled_once():
    upper = {"type": "scatter", "mode": "lines", "x": ["2019-04-01", "2021-04-01"], "y": [1, 2]}
    paper = drawn(
        upper,
        {**upper, "yaxis": "y2"},
        xaxis={"type": "date", "anchor": "y2"},
        yaxis={"domain": [0.6, 1]},
        yaxis2={"domain": [0, 0.4]},
    )
    FigureCanvasAgg(paper).draw()
    labelled = [any(label.get_text() for label in axes.get_xticklabels()) for axes in paper.axes]
    assert labelled == [False, True]


def test_a_trace_it_does_not_know_is_an_error_and_not_a_gap():
    with pytest.raises(ValueError, match="trace of type 'pie'"):
        drawn({"type": "pie"})


def test_a_filled_area_is_parted_by_gaps_and_keeps_its_outline():
    area = {
        "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": "#123456", "line": {"width": 2},
        "x": [0, 2, 2, None, 5, 6, 6], "y": [0, 0, 2, None, 5, 5, 6],
    }  # fmt: skip
    filled, outline = drawn(area).axes[0].patches
    assert [len(part) for part in filled.get_path().to_polygons()] == [4, 4]
    assert filled.get_facecolor()[:3] == tuple(int(pair, 16) / 255 for pair in ("12", "34", "56"))
    assert not outline.get_fill()


def test_a_map_is_as_far_up_as_across():
    line = {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100]}
    (axes,) = drawn(line, xaxis={"range": [0, 100]}, yaxis={"range": [0, 100], "scaleanchor": "x"}).axes
    assert axes.get_aspect() == 1
