"""A plan's figures in words, marks and small pictures, and what the Overview says of all of them."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from csp_data.analysis.plan import Followed, Mixture, Plan, Point, Signal, Target
from csp_data.figures import plan as words
from csp_data.stories import overview
from csp_data.stories import priorities as story
from csp_data.ui import priorities as ui
from tests.plan_rows import YEAR, follows, plan_subject, priority, reported

COUNT = Followed(
    "measure", "crime", "burglary", "Burglary", "recorded crimes", "available", value=1_034.0, period="April 2025 to March 2026",
    end="2026-03-31", area="Town", previous=1_154.0, previous_period="April 2024 to March 2025", change=-10.4,
    change_lower=-17.69, change_upper=-2.47, verdict="lower", source="Police",
)  # fmt: skip
SHARE = Followed(
    "survey", "safe", "", "Safe by day", "%", "available", value=68.9, lower=59.5, upper=77.1, numerator=71, base=103,
    period="2024", area="Town", previous=70.1, previous_period="2023", change=-1.16, change_lower=-13.5, change_upper=11.1,
    verdict="similar",
)  # fmt: skip
INDICATOR = Followed(
    "indicator", "x", "", "Deaths", "per 100,000", "available", value=4.4, lower=3.1, upper=6.1, period="2017 - 19",
    previous=4.9, previous_period="2016 - 18", change=-0.5, untested="No test.", compared=4.4, compared_verdict="similar",
)  # fmt: skip
WITHHELD = Followed("partner figure", "y", "", "Young people", "people", "withheld", "Withheld to protect people.")


@pytest.mark.parametrize(
    ("figure", "value", "basis"),
    [
        (COUNT, "1,034 recorded crimes", ""),
        (SHARE, "69%", "95% interval 60 to 77%; 71 of 103 people"),
        (INDICATOR, "4.4 per 100,000", "95% interval 3.1 to 6.1"),
        (WITHHELD, "[c]", "Withheld to protect people."),
        (replace(WITHHELD, status="missing", reason="None."), "[x]", "None."),
        (replace(COUNT, kind="partner figure", unit="£", value=111_000.0), "£111,000", ""),
        (replace(COUNT, kind="partner figure", unit="%", value=0.55), "0.55%", "what it is a share of is not stated"),
        (replace(COUNT, kind="partner figure", unit="%", value=79.0, base=16.0), "79%", "of 16"),
    ],
)
def test_values_carry_unit_interval_and_base(figure, value, basis):
    assert words.value_words(figure) == value
    assert words.basis_words(figure) == basis


@pytest.mark.parametrize(
    ("figure", "long", "short"),
    [
        (
            COUNT,
            "10.4% lower than the 1,154 of April 2024 to March 2025 (95% interval 17.7% to 2.5% lower): more than chance",
            "10.4% lower (17.7% to 2.5% lower), more than chance",
        ),
        (
            SHARE,
            "Similar to the 70% of 2023 (1.2 percentage points lower; 95% interval 13.5 lower to 11.1 higher): within chance",
            "Similar: 1.2 percentage points lower than in 2023 (13.5 lower to 11.1 higher), within chance",
        ),
        (INDICATOR, "0.5 lower than the 4.9 of 2016 - 18: not tested", "0.5 lower than in 2016 - 18, not tested"),
        (replace(INDICATOR, previous=4.4, change=0.0), "The 4.4 of 2016 - 18 before: not tested", "The same as in 2016 - 18"),
        (WITHHELD, "No figure to compare", "–"),
        (replace(COUNT, previous=None, untested="Not compared: too short."), "Not compared: too short", "–"),
        (replace(COUNT, previous=None, untested=""), "No earlier figure to compare with", "–"),
        (
            replace(COUNT, kind="partner figure", unit="fires", value=34.0, previous=35.0, change=None, change_lower=None,
                    verdict="similar", previous_period="2025"),
            "Similar to the 35 of 2025 (1 fewer): within chance",
            "Similar: 1 fewer than in 2025, within chance",
        ),
    ],
)  # fmt: skip
def test_a_change_follows_its_test(figure, long, short):
    assert words.change_words(figure) == long
    assert words.short_change_words(figure) == short


CHARTED = Signal("high", type="special_cause_concern", words="above the upper limit", period="March 2026", over="36 months",
                 mean=100.0, lower=80.0, upper=120.0)  # fmt: skip


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        (CHARTED, "H ▲ higher than usual, getting worse"),
        (replace(CHARTED, direction="low", type="special_cause_neutral_low"), "L ▼ lower than usual"),
        (replace(CHARTED, direction="none", type="common_cause"), "U ● usual ups and downs"),
        (replace(CHARTED, direction="low", type="", kind="recent trend"), "F ▼ falling over five years"),
        (Signal("", reason="Too few."), "– no signal"),
        (None, "– no signal"),
    ],
)
def test_a_signal_has_a_letter_a_shape_and_words(signal, text):
    assert words.signal_mark(replace(COUNT, signal=signal)).text == text


AIM = Target(90.0, "month", "decrease", "A plan")


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (replace(COUNT, target=AIM, signal=CHARTED, assurance="inconsistent"), "? ◆ may hit or miss"),
        (replace(COUNT, target=AIM, signal=CHARTED, assurance="consistent_pass"), "P ✓ likely to hit"),
        (replace(COUNT, target=AIM, signal=CHARTED, assurance="consistent_fail"), "F ✗ likely to miss"),
        (replace(INDICATOR, target=replace(AIM, value=4.0)), "N ✗ not met by the latest figure"),
        (replace(INDICATOR, target=replace(AIM, value=4.4)), "M ✓ met by the latest figure"),
        (replace(INDICATOR, target=replace(AIM, direction="neutral")), "– cannot be said"),
        (replace(WITHHELD, target=AIM), "– cannot be said"),
        (COUNT, "no target"),
    ],
)
def test_assurance_is_never_a_colour_alone(figure, text):
    assert words.assurance_mark(figure).text == text


@pytest.mark.parametrize(
    ("per", "value", "text", "sentence"),
    [
        ("month", 2_520.0, "M ✓ met", "The target is at most 2,520 in 6 months; the latest figure is 2,520 recorded"),
        (
            "month",
            2_521.0,
            "N ✗ not met",
            "The target is at most 2,520 in 6 months; the latest figure is 2,521 recorded",
        ),
        ("12 months", 210.0, "M ✓ met", "The target is at most 210 in 6 months; the latest figure is 210 recorded"),
    ],
)
def test_without_limits_a_target_is_held_against_as_many_months_as_the_figure(per, value, text, sentence):
    few = Signal("", reason="A signal needs 13 months; there are fewer.")
    aim = Target(420.0, per, "decrease", "A plan")
    mark = words.assurance_mark(
        replace(COUNT, value=value, start="2025-01-01", end="2025-06-30", target=aim, signal=few)
    )
    assert mark.text == f"{text} by the latest figure"
    assert mark.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("target", "every", "said"),
    [
        (AIM, 1, "at most 90 crimes a month"),
        (AIM, 3, "at most 90 crimes a month, taken as 270 a quarter"),
        (Target(1_200, "12 months", "increase", ""), 1, "at least 1,200 crimes in 12 months, taken as 100 a month"),
        (Target(1.0, "12 months", "increase", ""), None, "at least 1 crimes"),
    ],
)
def test_targets_in_words(target, every, said):
    assert words.target_words(target, every, "crimes") == said


def test_england_is_told_by_the_verdict():
    assert words.england_words(INDICATOR) == "similar to England (4.4)"
    assert words.england_words(replace(INDICATOR, compared_verdict="worse")) == "worse than England (4.4)"
    assert words.england_words(replace(INDICATOR, compared_verdict="")) == "England 4.4"
    assert words.england_words(COUNT) == ""


def test_a_small_trend_leaves_gaps_and_hides_what_is_withheld():
    points = [Point("1", "2019", 5.0, "available"), Point("2", "2020", 7.0, "available"),
              Point("3", "2021", None, "withheld"), Point("4", "2022", 6.0, "available")]  # fmt: skip
    picture = unquote(words.spark(points))
    assert picture.count("<polyline") == 1
    assert 'alt="1 to 4: highest 7 (2), lowest 5 (1), latest 6 (4)"' in picture
    assert words.spark(points[:1]) == ""
    assert words.spark_words(points[2:3]) == "No figures over time"


def test_the_warning_names_periods_and_other_areas():
    assert words.mixture_words(Mixture((("2024", 2),), (("Town", 2),), ()), "Town") == ""
    mixed = Mixture((("2024", 2), ("2018", 1)), (("Town", 2), ("Kent", 1)), ("Kent",))
    assert words.mixture_words(mixed, "Town") == (
        "The figures below mix periods: 2024 (2) and 2018 (1); and areas: some figures are for Kent, not for Town alone. "
        "Do not add them up or compare them with each other."
    )
    many = Mixture(tuple((str(n), 1) for n in range(9)), (("Town", 9),), ())
    assert "3 (1) and 5 other periods" in words.mixture_words(many, "Town")


def test_a_quarter_and_a_plan_in_words():
    assert words.quarter_words("2020-10") == "October to December 2020"
    plan = Plan("2018", "Plan", "2018-04", "2021-03", None, ())
    assert words.outside_plan(plan, "2021-03") == ""
    assert words.outside_plan(plan, "2021-04").startswith(
        "The plan runs from April 2018 to March 2021; the months shown"
    )


# Stories


def told(*figures):
    return story._told(figures)


def test_what_changed_is_told_by_the_tests():
    said = overview.changes([told(COUNT, SHARE), told(COUNT, INDICATOR, WITHHELD)])
    assert said == (
        "**Lower than before by more than chance:** burglary.",
        "Of 4 figures, 1 is similar to before, 1 has no test of change and 1 is missing or withheld.",
    )
    assert overview.changes([told(SHARE)])[0] == (
        "**Nothing changed by more than chance** among the figures that can be tested."
    )
    assert overview.changed([told(COUNT, SHARE)]) == ("**Lower than before by more than chance:** burglary.",)


def test_where_nothing_can_be_tested_that_is_what_is_said():
    assert overview.changes([told(INDICATOR, WITHHELD)]) == (
        "**None of the figures can be tested for change** against an earlier one of its own.",
        "Of 2 figures, 1 has no test of change and 1 is missing or withheld.",
    )
    (only,) = overview.changes([told(INDICATOR)])  # and is not said twice
    assert only.startswith("**The one figure cannot be tested for change**")
    assert overview.changes([]) == ()


def test_signals_of_all_priorities_in_a_sentence():
    assert overview.signals([told(SHARE)]) == ""
    calm = replace(COUNT, signal=replace(CHARTED, direction="none"))
    assert "in March 2026 none is outside its usual ups and downs; 1 figure is charted." in overview.signals(
        [told(calm)]
    )
    assert "▲ higher than usual: burglary; 1 figure is charted." in overview.signals(
        [told(replace(COUNT, signal=CHARTED))]
    )


def test_the_main_figures_keep_police_records_and_a_question_once():
    figures = [replace(SHARE, name=f"q{n}", place=n) for n in range(6)] + [
        replace(SHARE, name="q0", period="2020"),
        COUNT,
    ]
    main = overview.main_figures(told(*figures))
    assert [figure.name for figure in main.figures] == ["q0", "q1", "q2", "q3", "crime"]
    figures[5] = replace(figures[5], verdict="lower")
    main = overview.main_figures(told(*figures))
    assert [figure.name for figure in main.figures] == ["q0", "q1", "q2", "q5", "crime"]


def test_dates_stand_side_by_side_the_latest_first():
    table = overview.dates([told(COUNT, INDICATOR, WITHHELD)])
    assert table["Data for"] == ["April 2025 to March 2026", "2017 - 19"]
    assert table["Kind"] == ["Police records", "Published indicator"]
    many = [replace(SHARE, name=f"q{n}", label=f"Q{n}") for n in range(8)]
    assert overview.dates([told(*many)])["Figures"] == ["Q0, Q1, Q2, Q3, Q4, Q5, Q6 and Q7"]


def test_figures_of_a_priority_come_together_in_their_order(tmp_path):
    rows = [
        follows("2018", "theft", "measure", "crime", 2, "burglary"),
        follows("2018", "theft", "partner figure", "a"),
    ]
    subject = plan_subject(tmp_path, priority_figures=rows, partner_figures=[reported("a", 9)])
    whole = story.together(
        story.measured(subject, "2018", "theft", YEAR), story.standing(subject, "2018", "theft", "public")
    )
    assert [row.label for row in whole.rows] == ["A", "Burglary"]
    assert [figure.label for figure in story.measures(whole)] == ["Burglary"]
    question = story.asked(YEAR, whole.figures[1])
    assert story.months(subject, question, 110.0).kind == "control chart"
    beyond = story.months(subject, question, 200.0, "decrease")
    assert "By these limits the target would be met every month, as long as nothing changes." in " ".join(beyond.notes)
    assert story.aim(whole.figures[1]) == (None, None)
    few = replace(question, start="2017-04", end="2017-06", compare=None)
    assert story.months(subject, few).kind == "monthly line"


def test_the_same_figure_is_shown_under_every_plan(tmp_path):
    rows = [follows("2018", "theft", "measure", "crime", category="burglary")]
    rows += [{**rows[0], "plan": "2015", "priority": "old"}, {**rows[0], "plan": "2015", "priority": "older"}]
    priorities = [
        priority("2018", "theft"),
        priority("2015", "old"),
        priority("2015", "older", 2),
        priority("2012", "first"),
    ]
    subject = plan_subject(tmp_path, priority_figures=rows, priorities=priorities)
    assert story.served(subject, "2018", "theft") == {
        "Figure": ["Burglary"], "2012": ["not followed"], "2015": ["Old; Older"], "2018": ["Theft"],
    }  # fmt: skip


def test_funding_is_said_by_year_or_said_to_be_missing(tmp_path):
    award = {
        "year": "2024/25",
        "funder": "F",
        "kind": "award",
        "project": "P",
        "plan": "2018",
        "priority": "theft",
        "amount": 10,
    }
    subject = plan_subject(tmp_path, grants=[award, {**award, "project": "Q", "amount": 5}])
    assert story.funding(subject, "2018", "theft").table["Led by"] == ["not stated", "not stated"]
    assert story.funding(subject, "2018", "theft").sentence == "Awards for this priority: £15 in 2024/25 (2 projects)."
    assert story.funding(subject, "2018", "other").sentence == "The ledger of grants names no award for this priority."
    assert "no ledger" in story.funding(plan_subject(tmp_path / "b"), "2018", "theft").sentence


def test_the_table_of_figures_has_headings_and_escapes_what_it_is_given():
    table = ui.figure_table(
        told(replace(COUNT, label="<b>", area="Kent & Medway", own_area=False, note="N")).rows, 'a "name"'
    )
    assert '<th role="rowheader" scope="row">&lt;b&gt;</th>' in table
    assert 'aria-label="Table: a &quot;name&quot;"' in table
    assert "<strong>Kent &amp; Medway</strong>" in table
    assert "Apr 2025 to Mar 2026" in table
    assert "Note" not in table
    full = ui.figure_table(told(replace(COUNT, note="Read with care.")).rows, "name", full=True)
    assert "Note 1" in full
    assert "<li>Read with care.</li>" in full
