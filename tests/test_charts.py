"""What the charts hold: every chart is built again with Plotly's checks on, and searched for what must not be in it."""

import base64
import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from made_results import LOWER, RATE, answer, months, squares, table, wards

from csp_data.analysis.counts import NOT_SPLIT
from csp_data.figures import charts, maps, theme
from csp_data.figures.bars import wrapped

EVENTS = pd.DataFrame(
    {
        "start": pd.to_datetime(["2017-04-01", "2020-03-23", "2020-04-10", "2019-01-01", "2030-01-01"]),
        "end": pd.to_datetime([None, "2020-07-03", None, None, None]),
        "kind": "lockdown",
        "label": ["Burglary redefined", "First lockdown", "New system", "About ASB only", "Far off"],
        "note": ["Sheds count.", "", "", "", ""],
        "datasets": ["crime", "all", "crime, asb", "asb", "all"],
    }
)
SECRET = 731.0
"""A number that is in a withheld row by mistake: no chart may pass it on."""


def monthly(values, start="2019-04", end="2020-03", events=None, **changes):
    return charts.monthly_line(*months(start, end, values), answer(value=1, **changes), events)


def years(*rows, events=None, **changes):
    made = [
        {"period_start": f"{first}-04", "period_end": end or f"{first + 1}-03", "period": period, "value": value} | more
        for first, period, value, end, more in rows
    ]
    return charts.financial_year_bars(table(made), answer(value=1, **changes), events)


def kinds(*rows, **changes):
    made = [{"category": name.lower(), "category_label": name, **more} for name, more in rows]
    return charts.category_bars(table(made), answer(value=1, **changes))


WARDS = wards(
    ("E05000001", "Ash", 20.0, "available"),
    ("E05000002", "Harrietsham, Lenham & North Downs", 30.0, "available"),
    ("E05000003", "Elm", None, "missing"),
    ("E05000004", "Oak", SECRET, "withheld"),
    ("unallocated", "Not allocated to a ward", None, "not applicable"),
    **{k: v for k, v in RATE.items() if k != "denominator"},
)

EVERY = {
    "twelve years": lambda: monthly([float(n) for n in range(144)], "2014-04", "2026-03", EVENTS, **LOWER),
    "gaps": lambda: monthly([5.0, None, 7.0, None, None, 4.0, *[3.0] * 6], events=EVENTS),
    "one month": lambda: monthly([5.0], "2020-03", "2020-03"),
    "all zero": lambda: monthly([0.0] * 12),
    "all missing": lambda: monthly([None] * 12, value_status="missing"),
    "small trend": lambda: charts.small_trend(months("2019-04", "2020-03", [2.0] * 12)[0], answer(value=24)),
    "years": lambda: years((2018, "2018/19", 5.0, "", {}), (2019, "2019/20", None, "", {"value_status": "missing"})),
    "kinds": lambda: kinds(("Burglary", {"value": 4.0, **LOWER}), ("Arson", {"value": 9.0, **LOWER}), **LOWER),
    "wards": lambda: charts.area_rates(WARDS, answer(value=25.0, **RATE), selected="E05000001"),
    "one ward": lambda: charts.area_rates(WARDS.iloc[:1], answer(value=25.0, **RATE)),
    "counts of wards": lambda: charts.area_rates(WARDS, answer(value=25.0)),
    "months covered": lambda: charts.completeness(
        {"Recorded crime": ["2019-04", "2019-06"]}, ["2019-04", "2019-05", "2019-06"], "Source: made.", "Medway"
    ),
    "map": lambda: maps.ward_map(WARDS, answer(value=25.0, **RATE), squares("E05000001", "E05000002", "E05000003")),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_is_valid_and_complete(name):
    chart = EVERY[name]()
    go.Figure(chart.figure.to_dict())  # with Plotly's checks: an unknown name or value raises
    assert chart.title
    assert len(chart.title.split()) <= 14
    assert chart.subtitle
    assert chart.source.startswith("Source: ")
    assert chart.alt.endswith(".")
    assert chart.height == chart.figure.layout.height
    assert (chart.table.map(str.strip) != "").all(axis=None)
    assert not chart.table.isin(["nan", "None", "<NA>", "inf"]).any(axis=None)


@pytest.mark.parametrize("name", ["wards", "counts of wards", "map"])
def test_a_withheld_number_is_nowhere(name):
    chart = EVERY[name]()
    words = json.dumps([chart.title, chart.alt, chart.notes, *chart.table.to_numpy().ravel().tolist()])
    assert "731" not in words
    assert "731" not in _unpacked(chart.figure)
    assert "[c]" in words
    assert "731" not in json.dumps({k: v for k, v in chart.drawing.items() if k != "geojson"}, default=str)


def _unpacked(figure: go.Figure) -> str:
    """The figure's JSON with the numbers that Plotly packs into base64 written out."""
    packed = json.loads(figure.to_json())

    def open_(part):
        if isinstance(part, dict) and set(part) >= {"dtype", "bdata"}:
            return np.frombuffer(base64.b64decode(part["bdata"]), dtype=part["dtype"]).tolist()
        if isinstance(part, dict):
            return {key: open_(value) for key, value in part.items()}
        return [open_(value) for value in part] if isinstance(part, list) else part

    return json.dumps(open_(packed))


# Lines over time


def test_a_missing_month_is_a_gap_marked_on_the_base_line_and_never_zero():
    chart = monthly([5.0, None, 7.0, *[3.0] * 9])
    line, marks = chart.figure.data
    assert list(line.y)[:3] == [5.0, None, 7.0]
    assert line.connectgaps is False
    assert list(marks.x) == ["2019-05-01"]
    assert chart.table.iloc[1].tolist() == ["May 2019", "[x]", "[x]"]
    assert chart.notes == (
        "No figure (×): May 2019.",
        "No 12 months in a row have figures: there is no line of 12 months.",
    )
    assert "yaxis2" not in chart.figure.to_dict()["layout"]
    assert "1 of 12 months have no figure and are gaps" in chart.alt


def test_a_month_alone_between_gaps_is_still_seen():
    line = monthly([5.0, None, 7.0, None, *[3.0] * 8]).figure.data[0]
    assert list(line.marker.opacity) == [1, 0, 1, 0, *[0] * 8]


def test_a_withheld_month_has_a_mark_of_its_own():
    by_month, rolling = months("2019-04", "2019-06", [5.0, None, 6.0])
    by_month["value_status"] = ["available", "withheld", "available"]
    chart = charts.monthly_line(by_month, rolling, answer(value=11))
    assert chart.figure.data[1].marker.symbol == "circle-open"
    assert chart.notes[0] == "Withheld (○): May 2019."
    assert chart.table.iloc[1, 1] == "[c]"


def test_zero_is_drawn_as_zero():
    chart = monthly([0.0] * 12)
    assert list(chart.figure.data[0].y) == [0.0] * 12
    assert chart.title == "No recorded crimes in Medway"
    assert chart.table.iloc[0].tolist() == ["April 2019", "0", "[x]"]
    assert chart.figure.layout.yaxis.range == (0, 1)


def test_no_recorded_crimes_is_only_said_of_the_months_there_are():
    assert monthly([0.0, None, *[0.0] * 10]).title == "No recorded crimes in Medway in the months with figures"


def test_the_two_panels_have_a_scale_each_from_zero_and_share_the_time():
    layout = EVERY["twelve years"]().figure.layout
    assert layout.yaxis.range[0] == layout.yaxis2.range[0] == 0
    assert layout.yaxis.overlaying is None
    assert layout.yaxis.domain[0] > layout.yaxis2.domain[1]


def test_the_latest_figure_is_written_at_the_end_of_its_line():
    notes = {note.text: note for note in EVERY["twelve years"]().figure.layout.annotations}
    assert notes["143"].x == "2026-03-01"
    assert notes["143"].xanchor == "left"
    assert "1,650" in notes  # 132 + … + 143


def test_a_line_over_more_than_the_answer_names_the_answers_period():
    assert EVERY["twelve years"]().title == "Year to March 2020: recorded crimes in Medway lower than a year before"
    assert monthly([5.0] * 12, **LOWER).title == "Recorded crimes in Medway were lower than a year before"


def test_without_a_comparison_the_title_names_the_highest_month():
    assert monthly([5.0, 9.0, *[1.0] * 10]).title == "Recorded crimes in Medway were highest in May 2019"
    assert monthly([5.0, 9.0, 9.0, *[1.0] * 9]).title == "Recorded crimes in Medway, month by month"
    assert monthly([None] * 12).title == "No figures for recorded crimes in Medway"


def test_the_text_alternative_tells_what_the_lines_show():
    assert monthly([float(n) for n in range(1, 13)]).alt == (
        "Line chart of recorded crimes by month in Medway, April 2019 to March 2020. Latest: 12 (March 2020). Highest: 12 "
        "(March 2020). Lowest: 1 (April 2019). A second line shows 12 months together: 78 to March 2020."
    )


# Events


def test_events_of_the_dataset_and_the_time_are_lettered_in_order():
    chart = EVERY["twelve years"]()
    assert [event.words for event in chart.events] == [
        "A: Burglary redefined (1 April 2017): Sheds count",
        "B: First lockdown (23 March 2020 to 3 July 2020)",
        "C: New system (10 April 2020)",
    ]
    assert [note.text for note in chart.figure.layout.annotations][1:4] == ["A", "B", "C"]
    assert [shape.type for shape in chart.figure.layout.shapes] == ["line", "rect", "line"]
    assert set(chart.notes) >= {event.words for event in chart.events}


def test_letters_of_near_events_do_not_overlap():
    """On the narrowest screen two letters on one row are at least a letter apart."""
    start = pd.Timestamp("2014-04-01")
    near = pd.DataFrame(
        {"start": [start + pd.Timedelta(days=40 * n) for n in range(30)], "end": pd.NaT, "kind": "x", "note": "",
         "label": [f"Event {n}" for n in range(30)], "datasets": "all"}
    )  # fmt: skip
    chart = monthly([1.0] * 144, "2014-04", "2026-03", near)
    pixels_a_day = theme.NARROWEST_PLOT / (pd.Timestamp("2026-03-01") - start).days
    rows: dict[int, list[float]] = {}
    for event in chart.events:
        rows.setdefault(event.lane, []).append((pd.Timestamp(event.start) - start).days * pixels_a_day)
    assert len(chart.events) == 30
    assert all(np.diff(places).min() >= 13 for places in rows.values() if len(places) > 1)
    assert [event.letter for event in chart.events][25:28] == ["Z", "AA", "AB"]


def test_an_event_that_began_before_the_chart_is_shaded_from_its_start():
    chart = monthly([1.0] * 3, "2020-05", "2020-07", EVENTS)
    assert chart.figure.layout.shapes[0].x0 == "2020-05-01"
    assert chart.figure.layout.shapes[0].x1 == "2020-07-01"


# Financial years


def test_a_year_that_an_event_touches_is_shaded_and_has_its_letter():
    rows = [(2018, "2018/19", 900.0, "", {}), (2019, "2019/20", 800.0, "", {}), (2020, "2020/21", 700.0, "", {})]
    chart = years(*rows, events=EVENTS)
    assert list(chart.figure.data[1].text) == ["\u2002900", "\u2002800  A", "\u2002700  AB"]
    assert [(shape.y0, shape.y1) for shape in chart.figure.layout.shapes] == [(0.5, 1.5), (1.5, 2.5)]
    assert chart.notes[-2:] == (
        "A: First lockdown (23 March 2020 to 3 July 2020)",
        "B: New system (10 April 2020)",
    )
    assert len(years(*rows).figure.layout.shapes) == 0


def test_a_small_trend_shades_events_and_names_them_without_their_note():
    by_month, _ = months("2019-04", "2020-06", [2.0] * 15)
    chart = charts.small_trend(by_month, answer(value=24), EVENTS)
    assert chart.notes == ("A: First lockdown (23 March 2020 to 3 July 2020)", "B: New system (10 April 2020)")
    assert [shape.type for shape in chart.figure.layout.shapes] == ["rect", "line"]
    assert "2 dated events are marked" in chart.alt


def test_what_a_comparison_crosses_stands_under_the_line():
    chart = monthly([5.0] * 12, **LOWER, caution="The comparison crosses: New system (10 April 2020).")
    assert "The comparison crosses: New system (10 April 2020)." in chart.notes


def test_a_year_in_part_is_hatched_named_and_not_compared():
    chart = years(
        (2023, "2023/24", 900.0, "", {}),
        (2024, "2024/25 (April–November, 8 of 12 months)", 999.0, "2024-11", {"months_present": 8}),
    )
    bars = chart.figure.data[0]
    assert list(bars.marker.pattern.shape) == ["", "/"]
    assert chart.figure.layout.yaxis.ticktext == ("2023/24", "2024/25<br>April–November,<br>8 of 12 months")
    assert chart.notes == ("Hatched: 2024/25 (April–November, 8 of 12 months), not compared with whole years.",)
    # The part of a year is the higher of the two, and the title does not say so.
    assert chart.title == "Recorded crimes in Medway by financial year"
    assert chart.table["Months"].tolist() == ["12 of 12 months", "8 of 12 months"]


def test_the_last_whole_year_gives_the_title():
    rows = (
        (2018, "2018/19", 35088.0, "", {}),
        (2019, "2019/20", 33334.0, "", LOWER),
        (2020, "2020/21 (April, 1 of 12 months)", 10.0, "2020-04", {"months_present": 1, **LOWER, "verdict": "higher"}),
    )
    assert years(*rows, **LOWER).title == "Recorded crimes in Medway were lower than the year before in 2019/20"
    assert years(*[(*row[:4], {"months_present": row[4].get("months_present", 12)}) for row in rows]).title == (
        "Recorded crimes in Medway were highest in 2018/19"
    )


def test_years_withheld_are_not_called_years_in_part():
    withheld = {"value_status": "withheld"}
    made = years((2018, "2018/19", None, None, withheld), (2019, "2019/20", None, None, withheld))
    assert made.title == "Recorded crimes in Medway: withheld"


def test_two_years_in_part_are_told_in_one_note():
    part = {"months_present": 3}
    made = years((2018, "2018/19", 5.0, None, part), (2019, "2019/20", 6.0, None, part))
    assert made.notes[0] == "Hatched: 2018/19 and 2019/20, not compared with whole years."


def test_a_missing_year_keeps_its_place_and_has_no_bar():
    chart = EVERY["years"]()
    assert list(chart.figure.data[0].x) == [5.0, None]
    assert [text.strip() for text in chart.figure.data[1].text] == ["5", "[x] no figure"]
    assert chart.table.iloc[1, 1] == "[x]"
    assert chart.symbols == "[x] no figure, because months or sources are missing"


# Kinds


def test_kinds_are_sorted_with_a_mark_for_the_year_before():
    chart = kinds(
        ("Burglary", {"value": 4.0, **LOWER, "compare_value": 6}),
        ("Sexual offences", {"value": None, "value_status": "withheld"}),
        ("Arson", {"value": 9.0, **LOWER, "compare_value": 8}),
        **LOWER,
    )
    assert chart.figure.layout.yaxis.ticktext == ("Arson", "Burglary", "Sexual offences")
    bars, labels, marks = chart.figure.data
    assert list(bars.x) == [9.0, 4.0, None]
    assert list(marks.x) == [8.0, 6.0, None]
    assert list(labels.x) == [9.0, 6.0, 0]  # behind the bar or its mark, whichever is further
    assert marks.name == "April 2018 to March 2019"
    assert chart.figure.layout.showlegend is True
    assert chart.title == "Recorded crimes were highest for arson"
    assert chart.table.columns.tolist() == [
        "Kind", "Recorded crimes", "April 2018 to March 2019", "Change", "95% interval of the change",
        "Test against chance",
    ]  # fmt: skip
    assert chart.table.iloc[2].tolist() == ["Sexual offences", "[c]", "[c]", "[c]", "[c]", "[z]"]


def test_what_is_not_split_further_is_a_bar_but_never_the_highest_kind():
    chart = kinds(("Burglary residential", {"value": 4.0}), ("Arson", {"value": 1.0}), (NOT_SPLIT, {"value": 9.0}))
    assert chart.figure.layout.yaxis.ticktext == ("Not split further", "Burglary residential", "Arson")
    assert chart.title == "Recorded crimes were highest for burglary residential"


def test_a_line_that_the_data_do_not_split_is_not_called_one_without_figures():
    chart = kinds((NOT_SPLIT, {"value": 9.0}))
    assert chart.title == "Recorded crimes in Medway, not split into kinds"
    assert kinds((NOT_SPLIT, {"value": None, "value_status": "missing"})).title == (
        "No figures for recorded crimes in Medway"
    )


def test_without_a_comparison_there_is_no_legend():
    chart = kinds(("Burglary", {"value": 4.0}))
    assert chart.figure.layout.showlegend is False
    assert len(chart.figure.data) == 2


def test_long_labels_are_broken_into_lines():
    assert "Harrietsham, Lenham &<br>North Downs" in EVERY["wards"]().figure.layout.yaxis.ticktext


def test_the_longest_bar_leaves_room_for_its_figure_on_a_telephone():
    chart = kinds(("Arson", {"value": 123456.0}), ("Burglary", {"value": 10.0}))
    reach = chart.figure.layout.xaxis.range[1]
    left = theme.NARROWEST_PLOT * (1 - 123456 / reach)
    assert left >= len("123,456") * 8


# Wards


def test_wards_are_sorted_with_those_without_a_figure_last():
    chart = EVERY["wards"]()
    assert chart.data["area_name"].tolist() == [
        "Harrietsham, Lenham & North Downs", "Ash", "Elm", "Oak", "Not allocated to a ward",
    ]  # fmt: skip
    assert chart.figure.layout.yaxis2.ticktext == ("30.0", "20.0", "[x]", "[c]", "[z]")
    assert chart.title == "The rate of recorded crimes was highest in Harrietsham, Lenham & North Downs"
    assert "2 of 4 have no figure" in chart.alt


def test_wards_withheld_where_the_whole_is_not_are_titled_so():
    rows = wards(("A", "Ash", None, "withheld"), ("B", "Birch", None, "withheld"))
    assert charts.area_rates(rows, answer(value=25)).title == "Recorded crimes by ward: withheld"


def test_what_no_ward_takes_is_last_and_never_the_highest():
    rows = wards(
        ("E05000001", "Ash", 2.0, "available"),
        ("unallocated", "Not allocated to a ward", 99.0, "available"),
        ("E05000002", "Elm", 3.0, "available"),
    )
    chart = charts.area_rates(rows, answer(value=104.0))
    assert chart.data["area"].tolist() == ["E05000002", "E05000001", "unallocated"]
    assert chart.title == "Recorded crimes were highest in Elm"
    assert "Highest: 3 (Elm)" in chart.alt


def test_the_partnerships_rate_is_a_line_and_its_count_is_not():
    assert EVERY["wards"]().figure.layout.shapes[0].x0 == 25.0
    assert EVERY["wards"]().figure.layout.annotations[0].text == "Medway: 25.0"
    assert EVERY["counts of wards"]().figure.layout.shapes == ()


def test_intervals_say_what_they_cover():
    assert any("chance variation of independent events only" in note for note in EVERY["wards"]().notes)


def test_the_selected_ward_differs_by_shape_as_well_as_colour():
    dots = EVERY["wards"]().figure.data[1]
    assert list(dots.marker.symbol)[:2] == ["circle", "diamond"]


# Months covered


def test_months_not_covered_are_hatched():
    chart = EVERY["months covered"]()
    there, absent = chart.figure.data
    assert list(there.base) == ["2019-04-01", "2019-06-01"]
    assert list(absent.base) == ["2019-05-01"]
    assert absent.marker.pattern.shape == "/"
    assert list(absent.x) == [31 * 24 * 3600 * 1000]
    assert chart.title == "Months are missing from recorded crime"
    assert chart.alt == (
        "Strips of the months with figures, April to June 2019: Recorded crime 2 of 3 months."
    )  # fmt: skip


def test_months_covered_needs_months():
    with pytest.raises(ValueError, match="needs the months"):
        charts.completeness({}, [], "Source: made.", "Medway")


def test_there_are_no_pies():
    kinds_of_trace = {trace.type for name in EVERY for trace in EVERY[name]().figure.data}
    assert kinds_of_trace == {"scatter", "bar", "choropleth", "scattergeo"}


def test_rates_of_wards_name_the_population_under_them_and_that_of_the_whole():
    census = RATE | {"population_year": 2021, "population_basis": "Census 2021"}
    rows = wards(("A", "Ash", 20.0, "available"), ("B", "Birch", 30.0, "available"), **census)
    note = "Residents: 2021, Census 2021. Residents of Medway: 2019, ONS mid-year estimate."
    assert note in charts.area_rates(rows, answer(value=25.0, **RATE)).notes
    assert "Residents: 2021, Census 2021." in charts.area_rates(rows, answer(value=25.0, **census)).notes
    counts = wards(("A", "Ash", 20.0, "available"))
    assert not any("Residents" in note for note in charts.area_rates(counts, answer(value=25.0)).notes)


def test_a_name_that_needs_little_more_room_does_not_take_a_third_line():
    assert wrapped("13–21 Boughton Monchelsea & Chart Sutton") == "13–21 Boughton Monchelsea<br>& Chart Sutton"
    assert wrapped("Harrietsham, Lenham & North Downs") == "Harrietsham, Lenham &<br>North Downs"
