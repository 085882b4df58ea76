"""Control charts and charts of the season: what is drawn, marked, said and left out."""

import json
import re
from calendar import monthrange
from dataclasses import replace

import pandas as pd
import pytest
from made_results import answer, months

from csp_data.analysis import over_time, results
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question
from csp_data.exports import pictures, tables
from csp_data.figures import control_charts, seasons, wording
from csp_data.figures.chart import NoChart
from csp_data.stories import seasonality, trends
from tests.monthly_subject import by_month, event, make_subject

YEARS = Span("2015-04", "2019-03")
SEASON = [80, 85, 90, 95, 120, 130, 125, 110, 100, 90, 85, 80]
CLOSED = [event("2017-06-10", "2017-08-20", "lockdown", "Closed")]


def of_mode(chart, mode):
    """The traces of a mode, by Plotly."""
    return [trace for trace in chart.figure.plotly.data if trace.type == "scatter" and trace.mode == mode]


def asked(span, **changes):
    return replace(Question("crime", span.start, span.end), **changes)


def steady(n, start="2015-04"):
    return by_month(start, [104 if i % 2 else 96 for i in range(n)])


def traces(chart):
    """The names in the key -> the trace; every chart is built by Plotly with its checks on."""
    assert json.loads(chart.figure.to_json())
    return {trace.name: trace for trace in chart.figure.plotly.data if trace.name}


def control(subject, span=YEARS, **changes):
    question = asked(span, **changes)
    found = over_time.control_chart(subject, question, span)
    return control_charts.control_chart(found, results.answer(subject, question), subject.events)


# The control chart


def test_signals_have_a_shape_a_word_and_a_line_in_the_notes(tmp_path):
    subject = make_subject(tmp_path, steady(48) | {"2018-01": 190, "2018-06": 20})
    chart = control(subject)
    drawn = traces(chart)
    assert list(drawn["Higher than usual"].x) == ["2018-01-01"]
    assert drawn["Higher than usual"].marker.symbol == "triangle-up"
    assert drawn["Lower than usual"].marker.symbol == "triangle-down"
    assert list(drawn["Lower than usual"].text) == ["June 2018: Below the lower limit"]
    assert chart.notes[:2] == (
        "▼ June 2018, lower than usual: below the lower limit.",
        "▲ January 2018, higher than usual: above the upper limit.",
    )
    assert chart.title == "Recorded crimes in Town, March 2019: within the usual range"
    assert "1 of 48 months are higher than usual and 1 lower than usual" in chart.alt
    assert chart.table.set_index("Month").loc["June 2018", "How it stands to the limits"] == "below the lower limit"


def test_limits_on_trial_give_no_signal_in_the_title_either(tmp_path):
    year = Span("2015-04", "2016-03")
    chart = control(make_subject(tmp_path, steady(12)), year)
    assert chart.title == "Recorded crimes in Town: trial limits, too few for a signal"
    assert chart.notes[0] == "A signal needs 13 months; there are fewer. Marks by trial limits are only a hint."
    assert "within the usual" not in " ".join((chart.title, *chart.notes))


def test_without_signals_it_says_so(tmp_path):
    chart = control(make_subject(tmp_path, steady(48)))
    assert chart.notes[0] == "No signals: all is within the usual ups and downs."
    assert "Screening is on" in " ".join(chart.notes)
    assert "Higher than usual" not in traces(chart)


def test_a_run_of_signals_to_one_side_is_one_note_and_the_title_follows_the_latest(tmp_path):
    subject = make_subject(tmp_path, steady(48) | by_month("2018-09", [150] * 7))
    chart = control(subject)
    assert chart.title == "Recorded crimes in Town, March 2019: higher than usual"
    assert chart.notes[0].startswith("▲ September 2018 to March 2019, higher than usual: ")


def test_limits_are_broken_where_they_start_afresh_and_named_at_their_end(tmp_path):
    subject = make_subject(tmp_path, steady(48), events=CLOSED)
    chart = trends.control_chart(subject, asked(YEARS), YEARS, "count", ("2017-09",), True)
    mean = next(trace for trace in chart.figure.plotly.data if trace.mode == "lines" and None in list(trace.y))
    assert list(mean.y).count(None) == 2
    named = [note.text for note in chart.figure.plotly.layout.annotations]
    assert "Mean 100" in named
    assert "A" in named
    assert chart.figure.plotly.layout.shapes[0].type == "rect"
    assert chart.notes[-1] == "A: Closed (10 June 2017 to 20 August 2017)"


def test_names_of_limits_close_together_are_moved_apart(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", [100, 101] * 22 + [100, 100, 100, 900]))
    heights = sorted(
        note.yshift or 0 for note in control(subject).figure.plotly.layout.annotations if note.text.split()[0] != "A"
    )
    assert heights[0] < -10


def test_a_gap_has_its_mark_and_a_table_cell(tmp_path):
    chart = control(make_subject(tmp_path, steady(48) | {"2017-01": None}))
    assert "No figure (×): January 2017." in chart.notes
    assert chart.table.set_index("Month").loc["January 2017", "Recorded crimes"] == "[x]"


def test_a_target_is_drawn_and_judged_only_where_one_side_is_better(tmp_path):
    subject = make_subject(tmp_path, steady(48))
    found = over_time.control_chart(subject, asked(YEARS), YEARS, target=300)
    chart = control_charts.control_chart(found, results.answer(subject, asked(YEARS)))
    assert "Target: 300. Neither side of the target is better in itself, so it is not judged." in chart.notes
    judged = replace(found, chart=replace(found.chart, assurance="consistent_pass"))
    notes = control_charts.control_chart(judged, results.answer(subject, asked(YEARS))).notes
    assert "Target: 300. By these limits the target would be met every month, as long as nothing changes." in notes
    assert chart.figure.plotly.layout.annotations[0].text == "Target 300"


def test_a_lower_limit_under_0_is_drawn_at_0(tmp_path):
    chart = control(make_subject(tmp_path, by_month("2015-04", [2, 18] * 24)))
    assert "A lower limit under 0 is drawn at 0." in chart.notes
    assert chart.figure.plotly.layout.yaxis.range[0] == 0
    assert min(y for trace in chart.figure.plotly.data for y in trace.y if y is not None) == 0


def test_provisional_and_set_aside_points_are_told_apart(tmp_path):
    span = Span("2019-04", "2020-12")
    subject = make_subject(tmp_path, steady(21, "2019-04"), provisional=["2020-12"])
    drawn = traces(control(subject, span))
    assert list(drawn["Provisional"].x) == ["2020-12-01"]
    assert "Set aside" in drawn


def test_quarters_are_named_as_quarters(tmp_path):
    chart = control(make_subject(tmp_path, by_month("2015-04", [3, 4, 2, 5] * 12)))
    assert chart.columns[0].heading == "Quarter"
    assert chart.title == "Recorded crimes in Town, January to March 2019: within the usual range"


def test_no_variation_is_no_verdict(tmp_path):
    chart = control(make_subject(tmp_path, by_month("2015-04", [50] * 48)))
    assert chart.title == "Recorded crimes in Town: no limits to judge by"
    assert any("no variation" in note for note in chart.notes)


def test_a_rate_names_its_population(tmp_path):
    chart = control(make_subject(tmp_path, steady(48)), per="rate")
    assert chart.subtitle.startswith("Recorded crimes per 1,000 residents by month, Town")
    assert "Residents: 2019, made for the test." in chart.notes


def test_a_rate_over_years_names_the_population_of_each(tmp_path):
    question = asked(YEARS, per="rate")
    subject = make_subject(tmp_path, steady(48))
    made = over_time.control_chart(subject, question, YEARS)
    basis = ["mid-year estimate"] * 3 + ["Census 2021"]
    people = pd.DataFrame({"population_year": [2015.0, 2016.0, 2018.0, 2021.0], "population_basis": basis})
    made = replace(made, months=replace(made.months, populations=people))
    chart = control_charts.control_chart(made, results.answer(subject, question))
    assert "Residents: 2015, 2016 and 2018, mid-year estimate; 2021, Census 2021." in chart.notes


def test_without_a_chart_there_is_a_reason(tmp_path):
    subject = make_subject(tmp_path, steady(3))
    with pytest.raises(ValueError, match="No control chart"):
        control(subject)
    with pytest.raises(NoChart, match="No control chart"):
        trends.control_chart(subject, asked(YEARS), YEARS, "count", (), True)


def test_the_control_chart_runs_over_the_latest_36_months_unless_all_are_asked_for():
    assert trends.control_span(YEARS, whole=False) == Span("2016-04", "2019-03")
    assert trends.control_span(YEARS, whole=True) == YEARS
    assert trends.control_span(Span("2018-01", "2019-03"), whole=False).start == "2018-01"


# A year against earlier ones


def test_months_outside_the_band_are_marked_and_counted(tmp_path):
    counts = by_month("2015-04", SEASON * 4) | {"2018-05": 200, "2018-07": 10}
    chart = seasonality.band(make_subject(tmp_path, counts), asked(YEARS), YEARS, "financial", False)
    drawn = traces(chart)
    assert chart.title == "Recorded crimes in Town, 2018/19: 1 month above earlier years, 1 below"
    assert list(drawn["Above earlier years"].x) == ["2018-05-01"]
    assert list(drawn["Below earlier years"].y) == [10]
    assert list(drawn["Earlier years"].base) == SEASON
    assert "With so few earlier years, about 6 of the months would lie outside by chance alone." in chart.notes
    assert chart.table.iloc[1].tolist()[-1] == "above earlier years"


def test_a_year_inside_the_band_says_so(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4))
    chart = seasonality.band(subject, asked(YEARS), YEARS, "financial", False)
    assert chart.title == "Recorded crimes in Town, 2018/19: within the range of earlier years"


def test_the_rest_of_an_unfinished_year_is_no_gap(tmp_path):
    span = Span("2015-04", "2018-08")
    counts = by_month("2015-04", (SEASON * 4)[:41]) | {"2018-06": None}
    chart = seasonality.band(make_subject(tmp_path, counts), asked(span), span, "financial", False)
    crosses = [trace for trace in of_mode(chart, "markers") if trace.marker.symbol == "x-thin"]
    assert [list(trace.x) for trace in crosses] == [["2018-06-01"]]


def test_events_of_the_year_are_shaded_on_the_band(tmp_path):
    closed = [event("2018-06-10", "2018-08-20", "lockdown", "Closed")]
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4), events=closed)
    chart = seasonality.band(subject, asked(YEARS), YEARS, "financial", False)
    assert len(chart.figure.plotly.layout.shapes) == 1
    assert chart.notes[-1] == "A: Closed (10 June 2018 to 20 August 2018)"


# The season


def test_the_index_is_shown_only_where_the_tests_find_a_season(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4))
    chart = seasonality.index(subject, asked(YEARS), YEARS, "financial")
    assert chart.title == "Recorded crimes in Town usually highest in September, lowest in March"
    assert chart.table["From an average month"].iloc[5] == "+33%"
    verdict = seasonality.verdict(subject, asked(YEARS), YEARS, "financial")
    assert (verdict.heading, verdict.shown) == ("Recorded crime in Town: a clear season", True)
    days = [monthrange(int(month[:4]), int(month[5:]))[1] for month in YEARS.months]
    chance = [10 * n + (i * 53) % 37 for i, n in enumerate(days)]
    flat = make_subject(tmp_path / "flat", by_month("2015-04", chance))
    none = seasonality.verdict(flat, asked(YEARS, category="burglary"), YEARS, "financial")
    assert (none.heading, none.shown) == ("Burglary in Town: no clear season", False)
    assert none.tests[0].startswith("Tests (a season is shown where QS or Kruskal-Wallis has p below 0.01): QS ")
    with pytest.raises(ValueError, match="no clear season"):
        seasonality.index(flat, asked(YEARS), YEARS, "financial")


def test_too_few_months_are_told_and_nothing_is_tested(tmp_path):
    span = Span("2018-10", "2019-03")
    found = seasonality.verdict(make_subject(tmp_path, steady(6, "2018-10")), asked(span), span, "financial")
    assert found.heading == "Recorded crime in Town: too few months to tell a season"
    assert found.tests == ()
    with pytest.raises(NoChart, match="is not set against earlier years"):
        seasonality.band(make_subject(tmp_path / "b", steady(6, "2018-10")), asked(span), span, "financial", False)


def test_a_withheld_series_is_told(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", [40, 3, *[40] * 46]), disclosure="rounded")
    found = seasonality.verdict(subject, asked(YEARS), YEARS, "financial")
    assert found.heading == "Recorded crime in Town: cannot be tested for a season"
    assert found.sentence.startswith("Withheld so that nobody can be identified")
    with pytest.raises(NoChart, match="Withheld so that nobody can be identified"):
        seasonality.split(subject, asked(YEARS), YEARS, False)
    assert not found.tested  # so the page does not say it twice


# Every month


def test_every_month_has_its_square_in_its_year(tmp_path):
    by, _ = months("2018-03", "2019-04", [float(n) for n in range(1, 15)])
    chart = seasons.heat_map(by, answer(value=105), "financial")
    grid = chart.figure.plotly.data[0]
    assert list(chart.figure.plotly.layout.yaxis.ticktext) == ["2017/18", "2018/19", "2019/20"]
    assert [cell is None for cell in grid.z[0]] == [True] * 11 + [False]
    assert grid.z[1][0] == 0
    assert grid.z[2][0] == 4
    calendar = seasons.heat_map(by, answer(value=105), "calendar").figure.plotly
    assert list(calendar.layout.yaxis.ticktext) == ["2018", "2019"]
    assert list(calendar.layout.xaxis.ticktext)[:3] == ["J", "F", "M"]
    assert calendar.data[1].name == "1 to 3"


def test_missing_withheld_and_zero_squares_differ():
    by, _ = months("2018-04", "2018-08", [0.0, None, 731.0, 5.0, 9.0])
    by["value_status"] = ["available", "missing", "withheld", "available", "available"]
    chart = seasons.heat_map(by, answer(value=14), "financial")
    assert "731" not in chart.figure.to_json() + chart.alt
    signs = [list(trace.text) for trace in of_mode(chart, "text")]
    assert signs == [["×", "○"]]
    assert chart.table.iloc[:3, 1].tolist() == ["0", "[x]", "[c]"]
    assert "No figure (×): May 2018." in chart.notes
    assert "2 of 5 months have no figure." in chart.alt
    even, _ = months("2018-04", "2018-06", [2.0, 2.0, 1.0])
    assert "Highest: 2 (April 2018 and May 2018). Lowest: 1 (June 2018)." in seasons.heat_map(even, answer()).alt


def test_events_are_lettered_in_the_squares_they_touch():
    by, _ = months("2017-04", "2017-09", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    chart = seasons.heat_map(by, answer(value=21), "financial", pd.DataFrame(CLOSED))
    texts = [pair for trace in of_mode(chart, "text") for pair in zip(trace.x, trace.text, strict=True)]
    assert sorted(texts) == [(2, "A"), (3, "A"), (4, "A")]


def test_months_without_any_figure_are_still_a_chart_that_says_so():
    by, _ = months("2018-04", "2018-05", [None, None])
    chart = seasons.heat_map(by, answer(), "financial")
    assert chart.title == "No figures for recorded crimes in Medway"
    assert json.loads(chart.figure.to_json())


# Season and trend


def test_season_trend_and_rest_have_a_panel_each(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4), events=CLOSED)
    chart = seasonality.split(subject, asked(YEARS), YEARS, False)
    assert {trace.yaxis for trace in chart.figure.plotly.data} == {"y", "y2", "y3"}
    assert chart.notes[0].startswith("Strength, from 0 (none) to 1: season ")
    assert any(note.startswith("STL with windows of 13") for note in chart.notes)
    assert chart.notes[-1] == "A: Closed (10 June 2017 to 20 August 2017)"
    with pytest.raises(ValueError, match="it takes 24 months"):
        seasonality.split(subject, asked(YEARS), Span("2018-04", "2019-03"), False)


# Like with like, in words


def test_what_has_changed_is_told_in_words(tmp_path):
    subject = make_subject(tmp_path, by_month("2017-04", [100] * 12 + [80] * 11 + [300]))
    told = trends.like_with_like(subject, asked(Span("2018-04", "2019-03")))
    assert list(told.columns) == [
        "Period", "More than chance?", "Change (95% interval)", "Recorded crimes", "A year before",
    ]  # fmt: skip
    assert told.columns["Period"][0] == "Latest month: March 2019"
    assert told.columns["Change (95% interval)"][0].startswith("200.0% higher (13")
    assert told.columns["More than chance?"][0] == "Yes: higher"
    assert told.columns["More than chance?"][4] == "No: similar"
    assert told.lead == (
        "Recorded crimes in Town, latest 12 months (April 2018 to March 2019) against April 2017 to March 2018: similar, "
        "within chance. Of the shorter periods, more than chance: latest month, latest 3 months and "
        "latest 6 months."
    )


def test_a_small_base_has_a_difference_and_no_percentage(tmp_path):
    subject = make_subject(tmp_path, by_month("2017-04", [10] * 12 + [10] * 11 + [14]))
    told = trends.like_with_like(subject, asked(Span("2018-04", "2019-03")))
    assert told.columns["Change (95% interval)"][0] == "4 more"
    assert told.columns["More than chance?"][0] == "No: similar"
    assert told.notes[0] == "Latest month and latest 3 months: no percentage is given on a base of under 50."


def test_where_nothing_can_be_compared_the_reasons_stand(tmp_path):
    subject = make_subject(tmp_path, steady(6, "2018-10"), published="2019-04-02")
    told = trends.like_with_like(subject, asked(Span("2018-10", "2019-03")))
    assert told.lead == (
        "Recorded crimes in Town: none of these periods can be compared with the same months before, for the reasons "
        "below."
    )
    assert told.columns["A year before"] == ["[x]"] * 5
    assert told.columns["More than chance?"] == ["Not compared"] * 5
    assert told.notes[0] == "Latest month: the data do not hold all of March 2018."
    assert "March 2019 is provisional: its figures may still change." in told.notes


def test_a_leap_day_is_said(tmp_path):
    subject = make_subject(tmp_path, by_month("2018-03", [1000] * 24))
    told = trends.like_with_like(subject, asked(Span("2019-03", "2020-02")))
    assert "One side has a leap day. For each day the change is 3.4% lower (latest month)" in told.notes[0]
    assert sum("leap day" in note for note in told.notes) == 1


def test_events_that_several_periods_cross_are_told_once(tmp_path):
    events = [event("2018-01-10", None, "recording change", "New classes"), *CLOSED]
    subject = make_subject(tmp_path, by_month("2017-04", [1000] * 24), events=events)
    told = trends.like_with_like(subject, asked(Span("2018-04", "2019-03")))
    assert [note for note in told.notes if "cross" in note] == [
        "These comparisons cross: New classes (10 January 2018); Closed (10 June 2017 to 20 August 2017)."
    ]


def test_a_base_in_the_pandemic_points_to_the_year_before_it(tmp_path):
    subject = make_subject(tmp_path, by_month("2019-04", [100] * 36))
    told = trends.like_with_like(subject, asked(Span("2021-04", "2022-03")))
    assert told.notes[:2] == (
        "Every period: some or all of the earlier period is in the pandemic (March 2020 to July 2021), when restrictions "
        "changed what was usual.",
        "To compare with before the pandemic, choose ‘Year ending March 2020’ under ‘Compare with’.",
    )
    before = trends.like_with_like(subject, asked(Span("2021-04", "2022-03"), compare="pre-pandemic"))
    assert before.columns["Before the pandemic"][4] == "1,200"


def test_title_sentence_and_table_agree_that_a_year_of_the_pandemic_is_no_base(tmp_path):
    subject = make_subject(tmp_path, by_month("2020-04", [100] * 12 + [200] * 12))
    span = Span("2021-04", "2022-03")
    question = asked(span, compare="previous-year")
    line = trends.monthly_line(subject, question, Span("2020-04", "2022-03"))
    assert not re.search("higher|lower|similar", line.title)
    assert wording.change_words(results.answer(subject, question)) == wording.lowered(results.PANDEMIC_BASE.rstrip("."))
    assert set(trends.like_with_like(subject, question).columns["More than chance?"]) == {"Not compared"}


def test_lines_and_bars_leave_out_months_in_which_the_line_was_not_used(tmp_path):
    span = Span("2016-04", "2018-03")
    subject = make_subject(tmp_path, by_month("2016-04", [0] * 12 + [9] * 12), category="burglary-residential")
    question = asked(span, category="burglary-residential")
    assert trends.monthly_line(subject, question, span).data["period_start"].iloc[0] == "2017-04"
    assert trends.financial_year_bars(subject, question, span).data["period"].tolist() == ["2017/18"]
    assert len(trends.small_trend(subject, question, span).data) == 12


def test_files_of_time_charts_say_what_each_row_is_of_and_call_no_range_an_interval(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4))
    made = {
        "band": seasonality.band(subject, asked(YEARS), YEARS, "financial", False),
        "index": seasonality.index(subject, asked(YEARS), YEARS, "financial"),
        "control": trends.control_chart(subject, asked(YEARS), YEARS, "count", (), True),
        "split": seasonality.split(subject, asked(YEARS), YEARS, False),
    }
    files = {name: tables.finished(chart) for name, chart in made.items()}
    for rows in files.values():
        assert rows.loc[0, ["measure", "category", "area_name"]].tolist() == [
            "Recorded crime", "All recorded crime", "Town",
        ]  # fmt: skip
    assert not {"lower_95", "upper_95"} & set(files["band"])
    assert files["band"].loc[4, ["lowest", "highest"]].tolist() == [120, 120]
    assert set(files["index"]["unit"]) == {"percent from an average month"}
    assert made["band"].table["Lowest of earlier years"][4] == "120"


def test_every_chart_over_time_becomes_a_picture(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4), events=CLOSED)
    question = asked(YEARS)
    for chart in (
        trends.control_chart(subject, question, YEARS, "rate", (), True),
        seasonality.band(subject, question, YEARS, "calendar", True),
        seasonality.index(subject, question, YEARS, "financial"),
        seasonality.heat_map(subject, question, YEARS, "financial", True),
        seasonality.split(subject, question, YEARS, False),
    ):
        assert chart.title.encode() in pictures.picture(chart, format="svg")
        assert len(chart.title.split()) <= 13
