"""Published indicators: series of a few years worked out on paper, then the words and charts made of them."""

import json
from itertools import pairwise
from math import isnan, nan

import pandas as pd
import pytest

from csp_data.analysis import indicators
from csp_data.analysis.indicators import Comparison, Point
from csp_data.analysis.periods import Span
from csp_data.analysis.trend_marker import Trend
from csp_data.catalogue.indicators import INDICATORS
from csp_data.catalogue.partnerships import Partnership
from csp_data.figures import indicators as figures

MEDWAY = Partnership("medway", "Medway CSP", "Medway", ("E06000035",), "kent", "E22000143", part_of=("E12000008",))
MAIDSTONE = Partnership(
    "maidstone", "Maidstone CSP", "Maidstone", ("E07000110",), "kent", part_of=("E10000016", "E12000008")
)
PLACES = {
    "Medway": "E06000035", "Kent": "E10000016", "England": "E92000001", "South East": "E12000008",
    "London": "E12000007", "Wales": "W92000004", "United Kingdom": "K02000001",
    "Average of similar areas": "similar", "Barnet": "E09000003",
}  # fmt: skip


def row(area="Medway", year=2019, value=60.0, lower=55.0, upper=65.0, **changes):
    """A row of the dataset for a financial year."""
    given = {
        "indicator": "unmet-need-opiate-crack", "label": "As published (%)", "area_code": PLACES[area],
        "area_name": area, "area_type": "district", "group": "", "period": f"{year}/{(year + 1) % 100:02d}",
        "period_start": pd.Timestamp(year, 4, 1), "period_end": pd.Timestamp(year + 1, 3, 1), "value": value,
        "lower": lower, "upper": upper, "numerator": nan, "denominator": nan, "unit": "%",
        "value_status": "available" if value == value else "missing", "note": "", "source": "Made by hand",
    }  # fmt: skip
    return given | changes


def found(*rows, of=MEDWAY):
    return indicators.published(pd.DataFrame(rows), of)


def one(*rows, of=MEDWAY):
    (only,) = found(*rows, of=of).values()
    return only


def years(*values, first=2015, width=1.0, step=12, length=12, **changes):
    """A series of points, the first from April of a year; None is a missing one."""
    made = []
    for n, value in enumerate(values):
        span = Span(f"{first}-04", f"{first}-04").shifted(step * n)
        span = Span(span.start, span.shifted(length - 1).end)
        given = {} if value is None else {"value": value, "lower": value - width, "upper": value + width}
        made.append(
            Point(indicators.period_name(span), span.start, span.end, unit="%",
                  **{"status": "missing" if value is None else "available", **given, **changes})
        )  # fmt: skip
    return tuple(made)


# Whose figures, and against what


def test_the_partnership_is_found_and_others_are_left_out():
    only = one(row(), row("Barnet", value=1.0))
    assert (only.area, only.area_name) == ("E06000035", "Medway")
    assert [point.value for point in only.series] == [60]
    assert only.held_against == {}


def test_an_indicator_without_a_figure_of_the_partnership_is_left_out():
    rows = (row("Barnet"), row("England"))
    assert found(*rows) == {}
    assert indicators.labels_elsewhere(pd.DataFrame(rows), []) == ["Opiate and crack users not in treatment"]
    assert indicators.labels_elsewhere(pd.DataFrame(rows), ["unmet-need-opiate-crack"]) == []


def test_a_county_answers_for_its_district_and_says_its_own_name():
    only = one(row("Kent"), row("England"), of=MAIDSTONE)
    assert (only.area, only.area_name) == ("E10000016", "Kent")
    assert list(only.held_against) == ["England"]


def test_an_area_is_held_against_country_region_and_average_in_that_order():
    only = one(row("Average of similar areas"), row("London"), row("South East"), row(), row("England"))
    assert list(only.held_against) == ["England", "South East", "Average of similar areas"]


def test_another_country_says_nothing_and_all_together_only_stand_in():
    assert list(one(row(), row("United Kingdom"), row("Wales"), row("England")).held_against) == ["England"]
    assert list(one(row(), row("United Kingdom"), row("Wales")).held_against) == ["United Kingdom"]


def test_of_several_regions_none_is_guessed():
    somewhere = Partnership("x", "X", "X", ("E06000035",), "kent")
    assert list(one(row(), row("London"), row("South East"), of=somewhere).held_against) == []
    assert list(one(row(), row("South East"), of=somewhere).held_against) == ["South East"]


def test_a_count_is_held_against_nothing():
    only = one(row(unit="people"), row("England", unit="people"))
    assert only.held_against == {}


def test_everybody_leads_else_the_first_group():
    assert one(row(group="Women"), row(group="")).group == ""
    assert one(row(group="Women"), row(group="Men")).group == "Women"


def test_an_indicator_nobody_knows_keeps_its_published_name_and_no_judgement():
    only = one(row(indicator="fingertips-1", label="Something (%)"))
    assert (only.label, only.polarity) == ("Something (%)", "neither")
    assert one(row(indicator="new-thing", label="New thing")).polarity == "neither"
    assert one(row()).label == INDICATORS["unmet-need-opiate-crack"].label


def test_what_the_publisher_withheld_has_no_numbers():
    only = one(row(value_status="withheld"))
    assert isnan(only.latest.value)
    assert only.latest.status == "withheld"


def test_the_latest_figure_is_the_last_one_given():
    assert one(row(year=2018), row(year=2019, value=nan)).latest.period == "2018/19"
    assert one(row(year=2018), row(year=2019, value_status="withheld")).latest.period == "2019/20"
    assert one(row(value=nan)).latest.status == "missing"


# What a role may see


@pytest.mark.parametrize(
    ("rule", "role", "value", "status"),
    [
        ("open", "public", 3, "available"),
        ("rounded", "public", nan, "withheld"),
        ("rounded", "partner", 3, "available"),
    ],
)
def test_counts_that_are_not_published_pass_the_gateway(rule, role, value, status):
    shown = indicators.shown(pd.DataFrame([row(value=3.0, unit="people")]), rule, role).iloc[0]
    assert shown["value_status"] == status
    assert shown["value"] == value or (isnan(value) and isnan(shown["value"]) and isnan(shown["lower"]))


def test_a_percentage_of_a_withheld_count_is_withheld():
    shown = indicators.shown(pd.DataFrame([row(numerator=4.0), row(numerator=43.0)]), "rounded", "public")
    assert shown["value_status"].tolist() == ["withheld", "available"]
    assert isnan(shown["value"][0])
    assert shown["numerator"].tolist()[1] == 45


def test_an_unknown_rule_shows_nothing():
    with pytest.raises(ValueError, match="no disclosure rule"):
        indicators.shown(pd.DataFrame([row()]), "whatever", "public")


# Series and trend


def test_a_year_that_is_skipped_is_told_as_missing():
    series = one(row(year=2016), row(year=2017), row(year=2019)).series
    assert [(point.period, point.status) for point in series] == [
        ("2016/17", "available"), ("2017/18", "available"), ("2018/19", "missing"), ("2019/20", "available"),
    ]  # fmt: skip


def test_periods_of_unlike_length_or_step_get_no_made_up_years():
    points = [*years(1.0, length=12), *years(2.0, first=2019, length=24)]
    assert len(indicators.series_of(points)) == 2
    assert len(indicators.series_of([*years(1.0, 2.0, step=12), *years(3.0, first=2020, step=12)])) == 6
    assert indicators.series_of([]) == ()


@pytest.mark.parametrize(
    ("span", "name"),
    [
        (Span("2018-04", "2019-03"), "2018/19"),
        (Span("2018-01", "2018-12"), "2018"),
        (Span("2016-01", "2018-12"), "2016–18"),
        (Span("2018-07", "2019-06"), "July 2018 to June 2019"),
    ],
)
def test_periods_are_named_as_publishers_do(span, name):
    assert indicators.period_name(span) == name


@pytest.mark.parametrize(
    ("series", "marker", "reason"),
    [
        (years(10, 20, 30, 40, 50), "increasing", ""),
        (years(50, 40, 30, 20, 10), "decreasing", ""),
        (years(30, 30.1, 30, 30.1, 30), "no significant change", ""),
        (years(1, 2, 3, 4), "cannot be calculated", "A recent trend needs 5 points; there are 4."),
        (years(10, 20, None, 40, 50), "cannot be calculated", "A figure is missing in the latest 5."),
        (years(9, None, 10, 20, 30, 40, 50), "increasing", ""),
        (years(1, 2, 3, 4, 5, lower=nan), "cannot be calculated",
         "The publisher gives no interval, and the test needs one."),
        (years(1, 2, 3, 4, 5, length=36), "cannot be calculated", "Each figure shares years with the one before it."),
        (years(1, 2, 3, 4, 5, step=3, length=3), "cannot be calculated", "The figures are not a year apart."),
        (years(1, 2, 3, 4, 5, status="withheld"), "cannot be calculated", "A figure is withheld in the latest 5."),
        ((), "cannot be calculated", "A recent trend needs 5 points; there are 0."),
    ],
)  # fmt: skip
def test_the_recent_trend_or_why_there_is_none(series, marker, reason):
    trend = indicators.trend_of(series)
    assert (trend.marker, trend.reason) == (marker, reason)


# Against the others


def against(value, lower, upper, other, polarity="lower is better", **changes):
    own = Point("2019/20", "2019-04", "2020-03", value, lower, upper, **{"unit": "%", **changes})
    return indicators.compare(own, [Point("2019/20", "2019-04", "2020-03", other)], "England", polarity)


@pytest.mark.parametrize(
    ("limits", "polarity", "verdict", "direction"),
    [
        ((55, 65), "lower is better", "worse", "higher"),
        ((55, 65), "higher is better", "better", "higher"),
        ((55, 65), "neither", "higher", "higher"),
        ((40, 45), "lower is better", "better", "lower"),
        ((50, 65), "lower is better", "similar", "similar"),
    ],
)
def test_the_word_follows_interval_and_polarity(limits, polarity, verdict, direction):
    compared = against(sum(limits) / 2, *limits, 50, polarity)
    assert (compared.verdict, compared.direction, compared.reason) == (verdict, direction, "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lower": nan}, "The publisher gives no interval, so the difference cannot be tested."),
        ({"other": nan}, "There is no such figure for 2019/20."),
        ({"unit": "people"}, "Counts are not compared between areas of different size."),
        ({"status": "withheld"}, "The figure is withheld."),
    ],
)
def test_there_is_no_word_without_what_it_stands_on(changes, reason):
    compared = against(**({"value": 60, "lower": 55, "upper": 65, "other": 50} | changes))
    assert (compared.verdict, compared.reason) == ("", reason)


def test_another_period_is_not_compared():
    own = Point("2019/20", "2019-04", "2020-03", 60, 55, 65, "%")
    other = [Point("2017/18", "2017-04", "2018-03", 50)]
    assert indicators.compare(own, other, "England", "neither").reason == (
        "There is no such figure for 2019/20 (the latest is for 2017/18)."
    )


# In words


@pytest.mark.parametrize(
    ("value", "status", "unit", "words"),
    [
        (63.66, "available", "%", "63.7%"),
        (1459, "available", "people", "1,459 people"),
        (4.4, "available", "per 100,000", "4.4 per 100,000"),
        (1.3, "available", "times the England rate", "1.30 times the England rate"),
        (7.49, "available", "score out of 10", "7.49 out of 10"),
        (nan, "withheld", "people", "[c]"),
        (nan, "missing", "%", "[x]"),
    ],
)
def test_a_figure_has_its_unit_or_its_symbol(value, status, unit, words):
    assert figures.figure_words(value, status, unit) == words


@pytest.mark.parametrize(
    ("verdict", "direction", "words"),
    [
        ("worse", "higher", "▲ Worse than England (52.1%, 2019/20): higher by more than chance."),
        ("better", "lower", "▼ Better than England (52.1%, 2019/20): lower by more than chance."),
        ("higher", "higher", "▲ Higher than England (52.1%, 2019/20): by more than chance."),
        ("similar", "similar", "≈ Similar to England (52.1%, 2019/20): the difference could be chance."),
    ],
)
def test_a_comparison_has_a_sign_and_a_word(verdict, direction, words):
    assert figures.comparison_words(Comparison("England", "2019/20", 52.1, verdict, direction), "%") == words


def test_no_comparison_says_why():
    none = Comparison("Average of similar areas", "2019/20", nan, "", "", "The figure is withheld.")
    words = "Not compared with the average of similar areas: the figure is withheld."
    assert figures.comparison_words(none, "%") == words
    assert figures.verdict_short(none) == "[z]"


@pytest.mark.parametrize(
    ("trend", "polarity", "words"),
    [
        (Trend("increasing"), "lower is better",
         "Recent trend: ▲ increasing, getting worse, over the five years 2015/16 to 2019/20."),
        (Trend("decreasing"), "lower is better",
         "Recent trend: ▼ decreasing, getting better, over the five years 2015/16 to 2019/20."),
        (Trend("increasing"), "neither", "Recent trend: ▲ increasing over the five years 2015/16 to 2019/20."),
        (Trend("no significant change"), "lower is better",
         "Recent trend: ≈ no significant change over the five years 2015/16 to 2019/20."),
        (Trend("cannot be calculated", reason="Why."), "neither", "Recent trend cannot be calculated. Why."),
    ],
)  # fmt: skip
def test_a_trend_is_judged_only_where_more_is_better_or_worse(trend, polarity, words):
    assert figures.trend_words(trend, polarity, ["2015/16", "2019/20"]) == words


# The charts

SECRET = 73.1
EVERY = {
    "with England": (row(year=2018), row(), row("England", value=50.0)),
    "alone": (row(),),
    "withheld and skipped": (row(year=2014), row(year=2015), row(year=2017, value=SECRET, value_status="withheld")),
    "nothing": (row(value=nan),),
    "no interval": (row(lower=nan, upper=nan), row("England")),
    "four lines": (row(), row("England", value=60.2), row("South East", value=60.1),
                   row("Average of similar areas", value=60.0)),
    "ratio": (row(unit="times the England rate", value=1.3, lower=1.06, upper=1.58), row("England", value=1.0)),
}  # fmt: skip


def chart_of(*rows):
    only = one(*rows)
    return figures.indicator_series(
        only.series, only.held_against, only.comparisons(), figures.about(only, "r1", "published")
    )


@pytest.mark.parametrize("name", EVERY)
def test_every_chart_is_whole(name):
    import plotly.graph_objects as go

    chart = chart_of(*EVERY[name])
    go.Figure(json.loads(chart.figure.to_json()))
    assert len(chart.title.split()) <= 12
    assert chart.source == "Source: Made by hand. Data release of r1."
    assert chart.alt.endswith(".")
    assert not chart.table.isin(["nan", "None", ""]).any(axis=None)


def test_the_title_says_how_the_latest_figure_stood():
    assert chart_of(*EVERY["with England"]).title == "Medway was higher than England in 2019/20"
    assert chart_of(row(lower=45.0), row("England", value=50.0)).title == "Medway was similar to England in 2019/20"


def test_without_a_test_the_title_gives_the_latest_figure_beside_the_first():
    first, last = row(unit="people", value=1_335.0, year=2018), row(unit="people", value=1_459.0)
    assert chart_of(first, last).title == "Medway: 1,459 people in 2019/20, 1,335 in 2018/19"
    assert chart_of(last).title == "Medway: 1,459 people in 2019/20"
    nothing = row(value=float("nan"), value_status="withheld")
    assert chart_of(nothing).title == "Medway: no figure to show"


def test_the_title_of_groups_names_the_largest():
    groups = {"": 1_210.0, "Opiates": 555.0, "Alcohol": 340.0}
    points = {name: Point("2024/25", "2024-04", "2025-03", value, unit="people") for name, value in groups.items()}
    about = figures.about(one(row(unit="people")), "r1", "published")
    chart = figures.indicator_groups(points, about, "2024/25")
    assert chart.title == "Largest group in 2024/25: opiates (555 people)"
    hidden = {"": points[""], "Opiates": Point("2024/25", "2024-04", "2025-03", unit="people", status="withheld")}
    assert figures.indicator_groups(hidden, about, "2024/25").title == "No group has a figure to show in 2024/25"


def test_a_withheld_value_is_nowhere_and_a_gap_is_marked():
    chart = chart_of(*EVERY["withheld and skipped"])
    words = json.dumps([chart.title, chart.alt, chart.notes, chart.table.to_numpy().tolist()])
    assert "73.1" not in words + chart.figure.to_json() + chart.data.to_csv()
    assert chart.table["Medway"].tolist() == ["60.0%", "60.0%", "[x]", "[c]"]
    assert "No figure (×): 2016/17." in chart.notes
    assert "Withheld by the publisher (○): 2017/18." in chart.notes
    own = chart.figure.described["data"][1]
    assert own["y"] == [60, 60, None, None]


def test_names_of_lines_that_end_together_are_kept_apart():
    notes = chart_of(*EVERY["four lines"]).figure.described["layout"]["annotations"]
    highest = 65.0 * 1.1
    room = figures.HEIGHT - figures._TOP - figures._BOTTOM - 24
    heights = sorted(note["y"] / highest * room + note["yshift"] for note in notes if note["xref"] == "x")
    assert len(heights) == 4
    assert min(high - low for low, high in pairwise(heights)) >= 15


@pytest.mark.parametrize(
    ("heights", "lines", "placed"),
    [
        ([], [], []),
        ([50], [1], [50]),
        ([50, 90], [1, 1], [50, 90]),
        ([50, 50], [1, 1], [42, 58]),
        ([50, 50], [2, 2], [34, 66]),
        ([0, 0], [1, 1], [0, 16]),
        ([100, 100], [1, 1], [84, 100]),
    ],
)
def test_names_move_no_more_than_they_must(heights, lines, placed):
    assert figures._kept_apart(heights, lines, 100) == placed


def test_a_row_to_take_away_says_what_it_is():
    rows = chart_of(*EVERY["with England"]).data
    assert set(rows["indicator"]) == {"Opiate and crack users not in treatment"}
    assert set(rows["area_name"]) == {"Medway"}
    assert rows["england"].tolist()[1] == 50
    assert rows["england_status"].tolist() == ["missing", "available"]


def test_a_ratio_has_two_decimals_everywhere():
    table = chart_of(*EVERY["ratio"]).table
    assert table.iloc[0].to_dict() == {
        "Period": "2019/20", "Medway": "1.30", "95% interval": "1.06 to 1.58", "England": "1.00",
    }  # fmt: skip


def test_remarks_of_the_publisher_are_told_once_with_their_years():
    notes = chart_of(row(year=2018, note="Old method."), row(note="New method.")).notes
    assert notes[1:] == ("2018/19: Old method.", "2019/20: New method.")
    assert chart_of(row(year=2018, note="Rounded."), row(note="Rounded.")).notes[1:] == ("Rounded.",)


def test_groups_are_bars_with_everybody_first_and_withheld_ones_named():
    points = {
        "Alcohol": Point("2019/20", "2019-04", "2020-03", 340, unit="people"),
        "": Point("2019/20", "2019-04", "2020-03", 1210, unit="people"),
        "New substances": Point("2019/20", "2019-04", "2020-03", unit="people", status="withheld"),
    }
    about = figures.About("Adults in treatment", "", "Medway", "people", "neither", "r1", "published")
    chart = figures.indicator_groups(points, about, "2019/20")
    assert chart.table.to_numpy().tolist() == [["Everybody", "1,210"], ["Alcohol", "340"], ["New substances", "[c]"]]
    assert chart.figure.described["data"][0]["x"] == [1210, 340, None]
    assert "New substances [c] withheld" in chart.alt
