"""Plans, their priorities and the figures each is followed by, on a town of one's own counts."""

from dataclasses import replace

import pytest

from csp_data.analysis import plan
from csp_data.analysis.results import Question
from tests.plan_rows import YEAR, follows, plan_subject, priority, reported

CRIME = follows("2018", "theft", "measure", "crime", category="burglary")


def one(subject, question=YEAR, priority="theft", plan_id="2018"):
    found = plan.followed(subject, plan_id, priority, question)
    assert len(found) == 1
    return found[0]


# Plans


def test_a_release_without_plans_has_none(tmp_path):
    subject = plan_subject(tmp_path)
    assert plan.plans(subject) == ()
    assert plan.current((), "2020-03") is None
    assert plan.mapping(()).empty
    assert plan.followed(subject, "2018", "theft", YEAR) == ()


def test_plans_come_latest_first_with_priorities_and_programmes_in_order(tmp_path):
    rows = [
        priority("2015", "old"),
        priority("2018", "second", 2, lead="Council"),
        priority("2018", "first", 1, programme="B", programme_order=2, adopted="2018-07-21"),
        priority("2018", "first", 1, programme="A"),
    ]
    later, earlier = plan.plans(plan_subject(tmp_path, priorities=rows))
    assert (later.id, later.label, later.span.label) == ("2018", "Plan 2018", "April 2018 to March 2021")
    assert [p.id for p in later.priorities] == ["first", "second"]
    assert later.priorities[0].programmes == ("A", "B")
    assert later.priorities[1].programmes == ()
    assert later.priority("second").lead == "Council"
    assert earlier.adopted is None
    with pytest.raises(KeyError, match="first, second"):
        later.priority("third")


@pytest.mark.parametrize(
    ("month", "expected"),
    [("2019-01", "2018"), ("2017-01", "2015"), ("2030-01", "2018"), ("2010-01", "2015"), ("2018-04", "2018")],
)
def test_the_current_plan_holds_the_month_or_is_the_last_begun(tmp_path, month, expected):
    found = plan.plans(plan_subject(tmp_path, priorities=[priority("2015", "old"), priority("2018", "new")]))
    assert plan.current(found, month).id == expected


def test_what_goes_on_from_what_is_told_in_both_directions(tmp_path):
    rows = [
        priority("2015", "drugs"),
        priority("2015", "asb", 2),
        priority("2018", "harm", continues="drugs;asb ; gone"),
        priority("2018", "new", 2),
    ]
    found = plan.plans(plan_subject(tmp_path, priorities=rows))
    table = plan.mapping(found).set_index(["plan", "priority"])
    assert table.loc[("2018", "harm"), "continues"] == ("Drugs", "Asb", "gone")
    assert table.loc[("2018", "new"), "continues"] == ()
    assert table.loc[("2015", "drugs"), "goes_on_in"] == ("Harm",)
    assert plan.before(found, found[1]) is None


# Measures


def test_a_measure_comes_with_its_change_signal_and_period(tmp_path):
    figure = one(plan_subject(tmp_path, priority_figures=[CRIME], priorities=[priority("2018", "theft")]))
    assert (figure.value, figure.previous, figure.verdict) == (1224, 1224, "similar")
    assert (figure.start, figure.end, figure.period) == ("2019-04-01", "2020-03-31", "April 2019 to March 2020")
    assert (figure.signal.direction, figure.signal.period) == ("none", "March 2020")
    assert figure.signal.over == "April 2017 to March 2020"
    assert len(figure.trend) == 36
    assert figure.own_area
    assert figure.plans == ("2018",)


@pytest.mark.parametrize(("last", "direction"), [(200, "high"), (20, "low")])
def test_the_signal_is_that_of_the_latest_month(tmp_path, last, direction):
    figure = one(plan_subject(tmp_path, (*(100, 104) * 17, 100, last), priority_figures=[CRIME]))
    assert figure.signal.direction == direction
    assert figure.signal.type == f"special_cause_neutral_{direction}"


def test_a_signal_needs_thirteen_months(tmp_path):
    figure = one(plan_subject(tmp_path, priority_figures=[CRIME]), Question("crime", "2017-04", "2018-03"))
    assert figure.signal.direction == ""
    assert "13 months" in figure.signal.reason


def test_months_withheld_give_no_signal_and_no_trend(tmp_path):
    subject = plan_subject(tmp_path, (1,) * 36, "rounded", priority_figures=[CRIME])
    figure = one(subject)
    assert figure.value == 10
    assert figure.signal.direction == ""
    assert figure.signal.reason
    assert figure.trend == ()
    assert one(subject, replace(YEAR, role="analyst")).value == 12


def test_a_line_that_the_source_does_not_use_is_missing_and_not_nought(tmp_path):
    figure = one(plan_subject(tmp_path, priority_figures=[{**CRIME, "category": "robbery"}]))
    assert (figure.value, figure.status) == (None, "missing")
    assert figure.reason == "The source does not give robbery as a line of its own."


@pytest.mark.parametrize(
    "change", [{"name": "unheard-of"}, {"category": "unheard-of"}, {"name": "asb", "category": ""}]
)
def test_a_measure_that_is_not_there_is_missing_with_a_sentence(tmp_path, change):
    figure = one(plan_subject(tmp_path, priority_figures=[{**CRIME, **change}]))
    assert (figure.value, figure.status) == (None, "missing")
    assert figure.reason.endswith(".")


@pytest.mark.parametrize(
    ("target", "side", "expected"),
    [
        (200, "lower is better", "consistent_pass"),
        (20, "lower", "consistent_fail"),
        (102, "lower", "inconsistent"),
        (20, "higher is better", "consistent_pass"),
        (102, "", ""),
    ],
)
def test_assurance_sets_the_target_against_the_limits(tmp_path, target, side, expected):
    aim = {"target": target, "target_per": "month", "target_direction": side}
    assert one(plan_subject(tmp_path, priority_figures=[{**CRIME, **aim}])).assurance == expected


def test_a_target_for_12_months_is_shared_evenly():
    assert plan.Target(1200, "12 months", "decrease", "").per_point(1) == 100
    assert plan.Target(1200, "12 months", "decrease", "").per_point(3) == 300
    assert plan.Target(100, "month", "decrease", "").per_point(3) == 300


# Other kinds


def indicator(year, value, area="E06000999", name="Town", **more):
    return {
        "indicator": "unmet-need-opiate-crack", "label": "Not in treatment", "area_code": area, "area_name": name,
        "area_type": "district", "period": f"{year}/{year - 1999}", "period_start": f"{year}-04-01",
        "period_end": f"{year + 1}-03-01", "value": value, "unit": "%", "value_status": "available", "source": "OHID",
    } | more  # fmt: skip


def test_an_indicator_keeps_its_own_period_and_is_held_against_england(tmp_path):
    from tests.two_squares import TOWN

    code = TOWN.districts[0]
    rows = [
        indicator(2017, 60.0, code, lower=58.0, upper=62.0),
        indicator(2018, 63.7, code, lower=61.0, upper=66.0),
        indicator(2018, 50.0, "E92000001", "England", area_type="country"),
    ]
    subject = plan_subject(
        tmp_path,
        indicators=rows,
        priority_figures=[follows("2018", "theft", "indicator", "unmet-need-opiate-crack")],
    )
    figure = one(subject)
    assert (figure.value, figure.period, figure.end) == (63.7, "2018/19", "2019-03-31")
    assert (figure.previous, figure.previous_period, figure.verdict) == (60.0, "2017/18", "")
    assert (figure.compared, figure.compared_verdict) == (50.0, "worse")
    assert figure.signal.reason


@pytest.mark.parametrize("kind", ["indicator", "survey", "partner figure"])
def test_a_figure_that_the_release_lacks_is_missing_with_a_sentence(tmp_path, kind):
    figure = one(plan_subject(tmp_path, priority_figures=[follows("2018", "theft", kind, "unheard-of")]))
    assert (figure.value, figure.status) == (None, "missing")
    assert figure.reason.startswith("This release does not hold")


def answered(wave, option, count, base, role="answer", **more):
    return {
        "survey": "online", "survey_label": "Consultation", "wave": wave, "wave_label": wave, "mode": "online",
        "sample": "self-selected", "question": "safe", "question_text": "How safe?", "topic": "feeling safe",
        "kind": "single", "option": option, "option_label": option.capitalize(), "option_order": 1, "option_role": role,
        "count": count, "base": base,
    } | more  # fmt: skip


SURVEY = [follows("2018", "theft", "survey", "safe")]


def test_a_survey_shows_its_sum_of_answers_and_tests_the_change_between_waves(tmp_path):
    rows = [
        answered("2023", "safe", 75, 107, "net"),
        answered("2024", "very", 60, 103),
        answered("2024", "safe", 71, 103, "net"),
    ]
    figure = one(plan_subject(tmp_path, survey=rows, priority_figures=SURVEY))
    assert figure.label == "How safe? – Safe"
    assert figure.value == pytest.approx(100 * 71 / 103)
    assert (figure.numerator, figure.base, figure.verdict) == (71, 103, "similar")
    assert figure.change == pytest.approx(100 * 71 / 103 - 100 * 75 / 107)
    assert figure.change_lower == pytest.approx(-13.5, abs=0.1)


def test_a_survey_without_a_sum_shows_the_commonest_answer(tmp_path):
    rows = [answered("2024", "drugs", 82, 103), answered("2024", "litter", 62, 103)]
    assert one(plan_subject(tmp_path, survey=rows, priority_figures=SURVEY)).label == "How safe? – Drugs"


def test_a_survey_of_fewer_than_30_people_is_withheld(tmp_path):
    figure = one(plan_subject(tmp_path, survey=[answered("2024", "safe", 20, 29)], priority_figures=SURVEY))
    assert (figure.value, figure.numerator, figure.status) == (None, None, "withheld")
    assert all(point.value is None for point in figure.trend)


def test_ways_of_asking_are_never_joined(tmp_path):
    rows = [answered("2023", "safe", 75, 107), answered("2024", "safe", 71, 103, mode="paper")]
    figure = one(plan_subject(tmp_path, survey=rows, priority_figures=SURVEY))
    assert (figure.previous, figure.verdict) == (None, "")
    other = [answered("2020", "safe", 75, 107), answered("2024", "safe", 71, 103, survey="event")]
    assert (
        len(plan.followed(plan_subject(tmp_path / "b", survey=other, priority_figures=SURVEY), "2018", "theft", YEAR))
        == 2
    )


def test_a_partner_figure_is_tested_where_it_is_a_count(tmp_path):
    calls = reported(
        "calls", 344_749, before=333_968, before_period="2018/19", unit="calls", area_code="", area_name="Kent"
    )
    subject = plan_subject(
        tmp_path,
        partner_figures=[calls],
        priority_figures=[follows("2018", "theft", "partner figure", "calls")],
    )
    figure = one(subject)
    assert figure.change == pytest.approx(3.228, abs=1e-3)
    assert (figure.verdict, figure.own_area, figure.area) == ("higher", False, "Kent")


def test_the_same_days_of_the_year_before_stand_in_for_a_figure_not_given(tmp_path):
    rows = [
        reported("fires", 34, unit="fires"),
        reported("fires", 35, unit="fires", period_start="2019-09-01", period_end="2019-09-30"),
        reported("fires", 90, unit="fires", period_start="2020-06-01", period_end="2020-06-30"),
    ]
    subject = plan_subject(
        tmp_path, partner_figures=rows, priority_figures=[follows("2018", "theft", "partner figure", "fires")]
    )
    figure = one(subject)
    assert (figure.previous, figure.previous_period, figure.change) == (35, "September 2019", None)
    assert [point.value for point in figure.trend] == [35, 90, 34]


def test_a_sensitive_partner_figure_is_withheld_from_the_public(tmp_path):
    subject = plan_subject(
        tmp_path,
        partner_figures=[reported("young", 2, sensitive="yes", note="1 and 1")],
        priority_figures=[follows("2018", "theft", "partner figure", "young")],
    )
    figure = one(subject)
    assert (figure.value, figure.status, figure.note) == (None, "withheld", "")
    assert one(subject, replace(YEAR, role="partner")).value == 2


# Together


def test_a_figure_knows_the_plans_it_served(tmp_path):
    rows = [CRIME, {**CRIME, "plan": "2015", "priority": "old"}]
    priorities = [priority("2018", "theft"), priority("2015", "old")]
    assert one(plan_subject(tmp_path, priority_figures=rows, priorities=priorities)).plans == ("2015", "2018")


def test_kinds_can_be_asked_for_apart_and_keep_their_place(tmp_path):
    rows = [{**CRIME, "order": 2}, follows("2018", "theft", "survey", "safe", 1)]
    subject = plan_subject(tmp_path, priority_figures=rows)
    assert [f.kind for f in plan.followed(subject, "2018", "theft", YEAR)] == ["survey", "measure"]
    assert [f.place for f in plan.followed(subject, "2018", "theft", YEAR, ("measure",))] == [2]


def figure(period="2019/20", area="Town", own=True, name="a"):
    return plan.Followed(
        "indicator", name, "", name, "%", "available", period=period, area=area, own_area=own, value=1.0
    )


def test_a_page_of_one_period_and_area_is_not_mixed():
    assert not plan.mixture([figure(), figure(name="b"), plan.Followed("survey", "x", "", "x", "%", "missing")]).mixed


def test_a_mixed_page_counts_each_figure_once():
    found = plan.mixture([figure(), figure(), figure("2018", name="b"), figure("2018", "Kent", False, "c")])
    assert found.mixed
    assert found.periods == (("2018", 2), ("2019/20", 1))
    assert found.elsewhere == ("Kent",)


def update(p, text, order=1, quarter="2020-01-01"):
    return {
        "plan": "2018",
        "priority": "theft",
        "quarter": quarter,
        "p": p,
        "order": order,
        "agency": "Police",
        "text": text,
    }


def test_updates_stand_under_each_of_the_four_ps(tmp_path):
    rows = [update("pursue", "Second", 2), update("pursue", "First"), update("prepare", "Old", quarter="2019-10-01")]
    subject = plan_subject(tmp_path, updates=rows)
    assert plan.quarters(subject, "2018", "theft") == ["2020-01", "2019-10"]
    told = plan.updates(subject, "2018", "theft", "2020-01")
    assert list(told) == ["prepare", "protect", "prevent", "pursue"]
    assert told["prepare"] == ()
    assert told["pursue"] == (("Police", "First"), ("Police", "Second"))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2019-04-01", "2020-03-31", "April 2019 to March 2020"),
        ("2020-09-01", "2020-09-30", "September 2020"),
        ("2020-05-11", "2020-08-31", "11 May 2020 to 31 August 2020"),
        ("2020-03-22", "2020-03-22", "22 March 2020"),
        ("2020-02-01", "2020-02-29", "February 2020"),
    ],
)
def test_days_in_words(start, end, words):
    import pandas as pd

    assert plan.days_words(pd.Timestamp(start), pd.Timestamp(end)) == words
