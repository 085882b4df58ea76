"""Control charts, seasons and like with like of a release small enough to check by eye, after the disclosure gateway."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from csp_data.analysis import comparisons, over_time, results
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question, QuestionError
from tests.monthly_subject import by_month, event, make_subject

YEARS = Span("2015-04", "2019-03")
SEASON = [80, 85, 90, 95, 120, 130, 125, 110, 100, 90, 85, 80]
"""April to March."""


def steady(n, base=100, start="2015-04"):
    """Counts that go up and down by 4 around a base."""
    return by_month(start, [base + (4 if i % 2 else -4) for i in range(n)])


def asked(span, **changes):
    return replace(Question("crime", span.start, span.end), **changes)


# The months


def test_a_missing_month_stays_a_gap_and_none_is_a_number(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", [10, None, 0, 12]))
    found = over_time.months(subject, asked(Span("2015-04", "2015-07")), Span("2015-04", "2015-07"))
    assert found.status == "available"
    assert [None if math.isnan(v) else v for v in found.values] == [10, None, 0, 12]


def test_one_withheld_month_withholds_whatever_is_made_of_all(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", [40, 3, *[40] * 46]), disclosure="rounded")
    found = over_time.months(subject, asked(YEARS), YEARS)
    assert found.status == "withheld"
    assert found.values.empty
    assert re.fullmatch(
        "Withheld so that nobody can be identified: .* of the 48 months (is|are) withheld, and with (it|them) whatever is "
        "worked out from all of them.",
        found.reason,
    )
    for made in (over_time.season, over_time.year_against_earlier, over_time.decomposition):
        stopped = made(subject, asked(YEARS), YEARS)
        assert (stopped.status, stopped.reason) == ("withheld", found.reason)


def test_the_partner_role_sees_what_the_public_does_not(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", [40, 3, *[40] * 46]), disclosure="rounded")
    assert over_time.months(subject, asked(YEARS, role="partner"), YEARS).status == "available"


def test_months_in_which_a_line_was_not_used_are_not_noughts(tmp_path):
    span = Span("2016-04", "2018-03")
    subject = make_subject(tmp_path, by_month("2016-04", [9] * 24), category="burglary-residential")
    question = asked(span, category="burglary-residential")
    assert over_time.months(subject, question, span).span == Span("2017-04", "2018-03")
    before = Span("2016-04", "2016-12")
    none = over_time.control_chart(subject, replace(question, start=before.start, end=before.end), before)
    assert none.chart is None
    assert none.reason == "The police did not use the line 'Burglary residential' in April to December 2016."


def test_a_span_without_any_month_says_so(tmp_path):
    subject = make_subject(tmp_path, steady(12))
    found = over_time.months(subject, asked(Span("2010-04", "2010-06")), Span("2010-04", "2010-06"))
    assert (found.status, found.reason) == ("missing", "The data hold no whole month of April to June 2010.")


@pytest.mark.parametrize(
    ("published", "extract", "months"),
    [
        ("2015-10-27", {}, ("2015-09",)),  # 26 days after the end of September
        ("2015-10-29", {}, ()),
        ("", {}, ()),
        ("spring", {}, ()),
        ("2015-12-31", {"provisional": ["2015-08", "2015-09"]}, ("2015-08", "2015-09")),
        ("2015-10-01", {"provisional": []}, ()),
    ],
)
def test_the_latest_month_is_provisional_while_records_are_still_entered(tmp_path, published, extract, months):
    subject = make_subject(tmp_path, steady(6), published=published, **extract)
    assert over_time.provisional_months(subject, "crime") == months


# Dated events

EVENTS = [
    event("2017-04-01", None, "recording change", "New classes", "crime"),
    event("2018-01-15", "2018-03-10", "lockdown", "Closed"),
    event("2018-05-04", None, "boundary change", "New wards"),
    event("2018-06-01", None, "system change", "About ASB", "asb"),
]


def test_limits_may_start_afresh_at_the_first_whole_month_of_an_event_or_after_it(tmp_path):
    subject = make_subject(tmp_path, steady(48), events=EVENTS)
    assert [(each.month, each.label) for each in over_time.breaks(subject, asked(YEARS), YEARS)] == [
        ("2017-04", "New classes: from April 2017"),
        ("2018-02", "Closed: from February 2018"),
        ("2018-04", "Closed: after it, from April 2018"),
    ]
    ward = over_time.breaks(subject, asked(YEARS, area="E05000001"), YEARS)
    assert "New wards: from June 2018" in [each.label for each in ward]
    assert over_time.breaks(subject, asked(YEARS), Span("2017-04", "2018-01")) == ()  # the first month is no break


def test_limits_start_afresh_at_a_dated_event_only(tmp_path):
    subject = make_subject(tmp_path, steady(24) | steady(24, 200, "2017-04"), events=EVENTS)
    whole = over_time.control_chart(subject, asked(YEARS), YEARS)
    assert whole.chart.points["mean"].unique().tolist() == [150]
    assert whole.notes == (
        "The limits of April 2015 to March 2019 cross: New classes (April 2017). Part of what they show may come from "
        "that.",
    )
    afresh = over_time.control_chart(subject, asked(YEARS), YEARS, rebase=["2017-04"])
    assert afresh.chart.points["mean"].unique().tolist() == [100, 200]
    assert afresh.notes == ()
    with pytest.raises(ValueError, match="no dated event to start afresh at in May 2017"):
        over_time.control_chart(subject, asked(YEARS), YEARS, rebase=["2017-05"])


def test_without_events_there_is_nothing_to_start_afresh_at(tmp_path):
    assert over_time.breaks(make_subject(tmp_path, steady(12)), asked(YEARS), YEARS) == ()


# The control chart


def test_a_chart_of_months_with_its_settings(tmp_path):
    subject = make_subject(tmp_path, steady(24))
    span = Span("2015-04", "2017-03")
    found = over_time.control_chart(subject, asked(span), span, screen=False)
    assert found.status == "available"
    assert found.chart.points["upl"].iloc[0] == pytest.approx(100 + 2.66 * 8)
    assert "Screening is off" in found.chart.settings
    assert found.chart.improvement == "neutral"  # more recorded crime may mean better recording


def test_months_of_the_pandemic_are_judged_and_set_no_limits(tmp_path):
    counts = steady(24, start="2019-04") | by_month("2020-04", [10, 14])
    subject, span = make_subject(tmp_path, counts), Span("2019-04", "2021-03")
    found = over_time.control_chart(subject, asked(span), span)
    points = found.chart.points.set_index("month")
    assert points["mean"].iloc[0] == pytest.approx(sum(100 + (4 if i % 2 else -4) for i in range(11)) / 11)
    assert points.loc["2020-04", "status"] == "set aside"
    assert points.loc["2020-04", "special_cause"] == "Below LCL"
    assert "Not used for the limits: March 2020 to March 2021." in found.chart.settings
    kept = over_time.control_chart(subject, asked(span), span, set_aside_pandemic=False)
    assert kept.chart.excluded == ()


def test_a_chart_of_the_pandemic_alone_has_nothing_to_go_by(tmp_path):
    span = Span("2020-04", "2021-03")
    subject = make_subject(tmp_path, steady(12, start="2020-04"))
    assert over_time.control_chart(subject, asked(span), span).reason == (
        "No control chart: its limits take at least 6 months, and there are none, leaving out the pandemic."
    )


@pytest.mark.parametrize(("months", "reason"), [(5, "there are 5."), (1, "there is 1.")])
def test_too_few_months_are_no_chart(tmp_path, months, reason):
    subject, span = make_subject(tmp_path, steady(months)), Span("2015-04", "2016-03")
    found = over_time.control_chart(subject, asked(span), span)
    assert found.chart is None
    assert found.reason == f"No control chart: its limits take at least 6 months, and {reason}"


def test_under_13_points_the_limits_are_trial_limits(tmp_path):
    subject, span = make_subject(tmp_path, steady(12)), Span("2015-04", "2016-03")
    assert "trial limits" in over_time.control_chart(subject, asked(span), span).chart.cautions[0]


def test_low_counts_are_charted_by_quarter_and_very_low_ones_not_at_all(tmp_path):
    subject = make_subject(tmp_path / "low", by_month("2015-04", [3, 4, 2] * 16))
    found = over_time.control_chart(subject, asked(YEARS), YEARS, per_day=True)
    assert (found.every, found.per_day) == (3, False)
    assert set(found.chart.points["value"]) == {9}
    assert found.notes[0] == "Shown by quarter: on average there are fewer than 5 a month."
    rate = over_time.control_chart(subject, asked(YEARS, per="rate"), YEARS)
    assert rate.every == 3  # by the count, however the rate is scaled
    assert rate.chart.points["value"].iloc[0] == pytest.approx(9)  # for each 1,000 of 1,000 residents
    rare = make_subject(tmp_path / "rare", by_month("2015-04", [1, 0, 1, 0] * 12))
    none = over_time.control_chart(rare, asked(YEARS), YEARS)
    assert none.reason == (
        "No control chart. On average there are fewer than 5 a month. Even by quarter there are too few to tell chance "
        "from change."
    )


def test_where_a_month_is_withheld_quarters_are_charted_or_nothing(tmp_path):
    by_quarter = make_subject(tmp_path / "some", by_month("2015-04", [40, 3, *[40] * 46]), disclosure="rounded")
    found = over_time.control_chart(by_quarter, asked(YEARS), YEARS)
    assert found.every == 3
    assert found.chart.points["value"].iloc[0] == 85  # 83, as the gateway rounds it
    assert found.notes == ("Shown by quarter: some months are withheld so that nobody can be identified.",)
    none = make_subject(tmp_path / "none", by_month("2015-04", [1, 1, 1, *[40] * 45]), disclosure="rounded")
    stopped = over_time.control_chart(none, asked(YEARS), YEARS)
    assert (stopped.chart, stopped.status) == (None, "withheld")


def test_months_made_equal_in_length(tmp_path):
    days = [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]  # April 2018 to March 2019
    subject, span = make_subject(tmp_path, by_month("2018-04", [10 * d for d in days])), Span("2018-04", "2019-03")
    found = over_time.control_chart(subject, asked(span), span, per_day=True)
    assert found.chart.points["value"].tolist() == pytest.approx([10 * 365.25 / 12] * 12)
    assert found.notes == (over_time.PER_DAY,)


def test_a_question_that_makes_no_sense_is_told_as_one(tmp_path):
    subject = make_subject(tmp_path, steady(12))
    with pytest.raises(QuestionError, match="There is no category"):
        over_time.control_chart(subject, asked(YEARS, category="witchcraft"), YEARS)


# The season


def test_a_season_is_told_with_its_index(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4))
    found = over_time.season(subject, asked(YEARS), YEARS)
    assert found.season.shown
    assert found.index["name"].iloc[0] == "April"
    assert over_time.season(subject, asked(YEARS), YEARS, year="calendar").index["name"].iloc[0] == "January"


def test_the_length_of_months_is_no_season(tmp_path):
    span = Span("2015-04", "2019-03")
    days = [
        31 if m[5:] in ("01", "03", "05", "07", "08", "10", "12") else 28 if m[5:] == "02" else 30 for m in span.months
    ]
    subject = make_subject(tmp_path, dict(zip(span.months, [40 * d for d in days], strict=True)))
    found = over_time.season(subject, asked(span), span)
    assert not found.season.shown
    assert found.index.set_index("name").loc["February", "index"] < 0.95
    assert over_time.season(subject, asked(span), span, per_day=True).index["index"].tolist() == pytest.approx(
        [1] * 12, abs=0.02
    )


def test_the_pandemic_is_left_out_of_band_and_index_unless_asked_for(tmp_path):
    span = Span("2015-04", "2022-03")
    counts = by_month("2015-04", SEASON * 7) | by_month("2020-04", [5] * 12)
    subject = make_subject(tmp_path, counts)
    season = over_time.season(subject, asked(span), span)
    assert len(season.excluded) == 17
    assert season.index["index"].max() == pytest.approx(130 / (sum(SEASON) / 12), rel=1e-6)
    band = over_time.year_against_earlier(subject, asked(span), span).band
    assert band.months["lower"].tolist() == SEASON
    kept = over_time.year_against_earlier(subject, asked(span), span, with_pandemic=True)
    assert kept.band.months["lower"].tolist() == [5] * 12
    assert kept.excluded == ()


def test_without_three_earlier_years_there_is_no_band(tmp_path):
    span = Span("2017-04", "2019-03")
    subject = make_subject(tmp_path, by_month("2017-04", SEASON * 2))
    found = over_time.year_against_earlier(subject, asked(span), span)
    assert found.band is None
    assert found.reason == (
        "2018/19 is not set against earlier years: that takes 3 earlier years with the same months, and the data hold 1 "
        "year to go by."
    )


def test_the_years_of_a_band_say_what_they_cross(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", SEASON * 4), events=EVENTS)
    assert over_time.year_against_earlier(subject, asked(YEARS), YEARS).crosses == ("New classes (April 2017)",)


def test_every_month_keeps_its_status(tmp_path):
    subject = make_subject(tmp_path, by_month("2018-04", [30, None, 31]))
    span = Span("2018-04", "2018-06")
    rows = over_time.monthly_rows(subject, asked(span), span, per_day=True)
    assert rows["value_status"].tolist() == ["available", "missing", "available"]
    assert rows["value"].iloc[0] == pytest.approx(365.25 / 12)


# Season and trend


def test_stl_takes_the_latest_run_of_24_months(tmp_path):
    subject = make_subject(tmp_path, by_month("2015-04", [50, None, *SEASON * 2, *SEASON[:4]]))
    span = Span("2015-04", "2017-09")
    found = over_time.decomposition(subject, asked(span), span)
    assert found.stl.months["month"].iloc[0] == "2015-06"
    assert found.notes == (
        "From June 2015 to September 2017 only: before that a month is missing.",
        "STL draws a season whether there is one or not. Too short to tell: a season takes at least 3 full years of "
        "months, and there are 2.",
    )
    clear = make_subject(tmp_path / "clear", by_month("2015-04", SEASON * 4))
    assert not over_time.decomposition(clear, asked(YEARS), YEARS).notes
    assert found.stl.settings.outer == 0
    short = over_time.decomposition(subject, asked(span), Span("2015-06", "2017-04"))
    assert short.reason == (
        "No split into season and trend: it takes 24 months without a gap, and there are 23 (June 2015 to April 2017)."
    )


def test_stl_is_robust_where_the_pandemic_cannot_be_left_out(tmp_path):
    span = Span("2019-04", "2021-12")
    subject = make_subject(tmp_path, by_month("2019-04", (SEASON * 3)[:33]))
    found = over_time.decomposition(subject, asked(span), span)
    assert found.stl.settings.outer == 15
    assert "cannot be left out" in found.notes[0]


# Like with like


def test_like_with_like_is_what_the_tested_comparisons_give(tmp_path):
    counts = by_month("2016-04", [90 + (i * 37) % 50 for i in range(36)])
    subject = make_subject(tmp_path, counts)
    expected = comparisons.comparisons(pd.Series(counts, dtype=float))
    found = over_time.like_with_like(subject, asked(Span("2018-04", "2019-03")))
    assert found["window"].tolist() == expected["window"].tolist()
    for ours, theirs in (
        ("value", "current"), ("compare_value", "previous_year"), ("percent_change", "percent"),
        ("percent_lower", "lower"), ("percent_upper", "upper"), ("percent_per_day", "percent_per_day"),
    ):  # fmt: skip
        assert found[ours].tolist() == pytest.approx(expected[theirs].tolist(), nan_ok=True)
    assert found["verdict"].tolist() == expected["verdict"].tolist()
    assert found["chance"].tolist() == expected["chance"].tolist()


def test_a_base_in_the_pandemic_is_not_compared_with(tmp_path):
    subject = make_subject(tmp_path, by_month("2019-04", [100] * 36))
    rows = over_time.like_with_like(subject, asked(Span("2021-04", "2022-03"))).set_index("window")
    assert rows.loc["1_month", "verdict"] == "" == rows.loc["rolling_12", "verdict"]
    assert rows.loc["rolling_12", "reason"] == results.PANDEMIC_BASE
    assert math.isnan(rows.loc["rolling_12", "percent_change"])
    assert rows.loc["rolling_12", "compare_value"] == 1200
    before = over_time.like_with_like(subject, asked(Span("2021-04", "2022-03"), compare="pre-pandemic"))
    assert before.set_index("window").loc["rolling_12", "verdict"] == "similar"


def test_a_withheld_total_is_withheld_and_a_missing_one_missing(tmp_path):
    subject = make_subject(tmp_path, by_month("2017-04", [40] * 23 + [3]), disclosure="rounded")
    rows = over_time.like_with_like(subject, asked(Span("2018-04", "2019-03"))).set_index("window")
    assert rows.loc["1_month", "value_status"] == "withheld"
    assert math.isnan(rows.loc["1_month", "value"])
    assert rows.loc["6_months", "value_status"] == "withheld"  # not a length that is given
    assert rows.loc["rolling_12", "value"] == 445
    gap = make_subject(tmp_path / "gap", by_month("2017-04", [None, *[60] * 23]))
    missing = over_time.like_with_like(gap, asked(Span("2018-04", "2019-03"))).set_index("window")
    assert missing.loc["rolling_12", "reason"] == (
        "Not compared: the data do not hold all of April 2017 to March 2018."
    )
    assert missing.loc["1_month", "percent_change"] == 0
