"""What each screen of a meeting tells, and who may write on it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.analysis.plan import Followed, Plan, Point, Priority, Signal, Target
from csp_data.extracts import meetings
from csp_data.extracts.workspace import Workspace
from csp_data.figures import theme
from csp_data.figures.chart import NoChart
from csp_data.figures.followed import followed_bars
from csp_data.stories import meeting as story
from csp_data.stories import priorities
from csp_data.stories.priorities import Told
from tests.plan_rows import YEAR, follows, plan_subject, priority, reported

ROOT = Path(__file__).parents[1]
MONTHS = (Point("March 2019", "2019-03", 9.0, "available"), Point("March 2020", "2020-03", 8.0, "available"))
BURGLARY = Followed(
    "measure", "crime", "burglary", "Burglary", "recorded crimes", "available", value=1_034.0, period="April 2025 to March 2026",
    area="Town", previous=1_154.0, previous_period="April 2024 to March 2025", change=-10.4, change_lower=-17.69,
    change_upper=-2.47, verdict="lower", trend=MONTHS, signal=Signal("low", period="March 2026", type="common_cause"),
)  # fmt: skip
SURVEY = Followed(
    "survey", "safe", "", "Safe by day", "%", "available", value=68.9, period="2024", area="Town", previous=70.1,
    previous_period="2023", change=-1.16, change_lower=-13.5, change_upper=11.1, verdict="similar", trend=MONTHS,
)  # fmt: skip
ONCE = Followed("partner figure", "fires", "", "Fires", "fires", "available", value=3.0, period="2020", area="Town")
HELD_BACK = Followed("partner figure", "y", "", "Young people", "people", "withheld", "Withheld to protect people.")


def told(*figures: Followed) -> Told:
    return Told((), figures)


def a_plan(*ids: str) -> Plan:
    found = tuple(Priority(id, id.capitalize(), n, "", (), (), "A plan") for n, id in enumerate(ids, start=1))
    return Plan("2024-27", "Plan 2024 to 2027", "2024-04", "2027-03", None, found)


# Screens


def test_each_priority_has_a_screen_between_the_overview_and_what_to_discuss():
    found = story.screens(a_plan("asb", "harm"), record=False)
    assert [screen.id for screen in found] == ["overview", "2024-27/asb", "2024-27/harm", "to-discuss"]
    assert [screen.title for screen in found][1:3] == ["1. Asb", "2. Harm"]
    assert [screen.priority for screen in found] == [None, 0, 1, None]


def test_the_record_comes_last_where_notes_can_be_kept():
    assert [screen.id for screen in story.screens(a_plan("asb"), record=True)][-1] == "record"


def test_a_release_without_a_plan_has_the_overview_alone():
    assert [screen.id for screen in story.screens(None, record=False)] == ["overview"]
    assert [screen.id for screen in story.screens(None, record=True)] == ["overview", "record"]


# The main figure and its message


@pytest.mark.parametrize(
    ("figures", "main"),
    [
        ((SURVEY, BURGLARY), BURGLARY),
        ((ONCE, SURVEY), SURVEY),
        ((HELD_BACK, ONCE), ONCE),
        ((HELD_BACK,), None),
        ((replace(BURGLARY, trend=()), SURVEY), SURVEY),
        ((), None),
    ],
)
def test_the_main_figure_has_months_before_it_has_a_series(figures, main):
    assert story.main_figure(told(*figures)) is main


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (BURGLARY, "Burglary: 1,034 recorded crimes in April 2025 to March 2026. That is 10.4% lower than the 1,154 of April "
         "2024 to March 2025 (95% interval 17.7% to 2.5% lower): more than chance."),
        (replace(BURGLARY, change=10.4, change_lower=2.47, change_upper=17.69, verdict="higher"),
         "Burglary: 1,034 recorded crimes in April 2025 to March 2026. That is 10.4% higher than the 1,154 of April 2024 to "
         "March 2025 (95% interval 2.5% to 17.7% higher): more than chance."),
        (SURVEY, "Safe by day: 69% in 2024. Similar to the 70% of 2023 (1.2 percentage points lower; 95% interval 13.5 lower to "
         "11.1 higher): within chance."),
        (ONCE, "Fires: 3 fires in 2020. No earlier figure to compare with."),
        (replace(ONCE, own_area=False, area="Kent"), "Fires (Kent): 3 fires in 2020. No earlier figure to compare with."),
    ],
)  # fmt: skip
def test_the_verb_of_a_message_follows_the_test(figure, said):
    assert story.message(told(figure)) == said


def test_a_priority_without_a_figure_says_so_and_shows_no_withheld_one():
    assert story.message(told()) == "This release holds no figure for this priority."
    assert story.message(told(HELD_BACK)) == "This release holds no figure for this priority."


def test_the_other_figures_are_counted_by_their_tests():
    assert (
        story.others(told(BURGLARY, SURVEY, ONCE))
        == "Of its 3 figures, 1 is lower, 1 is similar and 1 has no test of change."
    )
    assert story.others(told(ONCE, HELD_BACK)) == "None of its 2 figures can be tested for change."
    assert story.others(told(BURGLARY)) == ""


# Signals, targets, what to discuss


def test_a_signal_is_a_letter_a_shape_and_words_with_the_main_figure_first():
    high = replace(SURVEY, name="other", signal=Signal("high"))
    usual = replace(SURVEY, name="usual", signal=Signal("none"))
    found = story.signals(told(usual, high, BURGLARY))
    assert [each.mark.text for each in found] == ["L ▼ lower than usual", "H ▲ higher than usual"]
    assert story.signals(told(ONCE))[0].mark.text == "– no signal"
    assert story.signals(told()) == ()


def test_a_signal_says_by_which_rule_and_why_there_is_none():
    run = "one of 7 or more points in a row below the mean"
    low = replace(BURGLARY, signal=Signal("low", words=run, period="March 2026"))
    assert [each.why for each in story.signals(told(low))] == [run]
    few = replace(BURGLARY, signal=Signal("", reason="A signal needs 13 months; there are fewer."))
    assert [each.why for each in story.signals(told(few))] == ["A signal needs 13 months; there are fewer."]
    assert [each.why for each in story.signals(told(replace(BURGLARY, signal=Signal("none", words="usual"))))] == [""]
    (point,) = story.to_discuss(a_plan("asb"), [told(replace(low, verdict="similar"))])
    assert point.why == f"March 2026 lower than usual ({run})"


def test_the_first_screen_is_headed_by_what_changed():
    lower, similar = priorities._told((BURGLARY,)), priorities._told((SURVEY,))
    assert story.headline([lower, similar]) == "Lower than before by more than chance: burglary."
    assert story.headline([similar]) == "Nothing changed by more than chance among the figures that can be tested."
    assert story.headline([]) == ""


AIM = Target(1_000.0, "12 months", "decrease", "A plan")


def test_a_target_says_whether_it_is_likely_to_be_met():
    limits = Signal("none", lower=80.0, upper=95.0)
    (aim,) = story.aims(told(replace(BURGLARY, target=AIM, signal=limits, assurance="consistent_fail"), SURVEY))
    assert aim.mark.text == "F ✗ likely to miss"
    assert aim.target == "at most 1,000 recorded crimes in 12 months, taken as 83.3 a month"


def test_what_to_discuss_follows_rules_and_puts_missed_targets_first():
    missed = replace(ONCE, target=replace(AIM, value=2.0))
    found = story.to_discuss(a_plan("asb", "harm"), [told(SURVEY, BURGLARY), told(BURGLARY, missed, HELD_BACK)])
    assert [(point.priority, point.figure, point.mark.letter) for point in found] == [
        ("2", "Fires", "N"),
        ("1", "Burglary", "L"),
    ]
    assert found[0].why == "target not met by the latest figure"
    assert found[1].why == (
        "March 2026 lower than usual; 10.4% lower than April 2024 to March 2025, by more than chance"
    )
    assert story.to_discuss(a_plan("asb"), [told(SURVEY, HELD_BACK)]) == ()


def test_every_priority_has_a_line_even_without_a_figure():
    first, second, third = story.lines_of(
        a_plan("asb", "harm", "none"), [told(BURGLARY), told(SURVEY), told()], "April 2025 to March 2026"
    )
    assert (first.change, first.dates) == ("10.4% lower, more than chance", "")
    assert (second.change, second.dates) == ("similar, within chance", "2024")
    assert (third.figure, third.value, third.mark.text) == ("No figure", "–", "– no signal")
    assert story.lines_of(a_plan("a"), [told(ONCE)], "")[0].change == "no earlier figure"


# Updates


def update(p: str, text: str, quarter: str = "2019-10-01", **more) -> dict:
    return {
        "plan": "2017-20",
        "priority": "asb",
        "quarter": quarter,
        "p": p,
        "order": 1,
        "agency": "Police",
        "text": text,
    } | more


def subject_with(tmp_path, *updates: dict):
    return plan_subject(
        tmp_path,
        priorities=[priority("2017-20", "asb")],
        priority_figures=[follows("2017-20", "asb", "measure", "crime", category="burglary")],
        updates=list(updates),
    )


def test_the_updates_are_those_of_the_latest_quarter(tmp_path):
    held = subject_with(tmp_path, update("prevent", "Old", "2019-07-01"), update("pursue", "New"))
    found = story.latest_updates(held, "2017-20", "asb", 8)
    assert found == story.Updates(
        "October to December 2019", (("pursue", (("Police", "New"),)),), ("prepare", "protect", "prevent"), False
    )
    assert story.latest_updates(held, "2017-20", "other", 8) is None


def test_updates_that_are_too_long_for_a_screen_are_cut_between_words_and_say_so(tmp_path):
    held = subject_with(tmp_path, update("pursue", "word " * 300), update("prevent", "Short."))
    found = story.latest_updates(held, "2017-20", "asb", 8)
    assert found.shortened
    texts = {p: said[0][1] for p, said in found.said}
    assert texts["prevent"] == "Short."
    assert texts["pursue"].endswith("word…")
    assert 3 * story.LETTERS_A_LINE < len(texts["pursue"]) < 6 * story.LETTERS_A_LINE
    assert len(story.latest_updates(held, "2017-20", "asb", 3).said[1][1][0][1]) <= story.SHORTEST_UPDATE + 1


def test_what_stands_above_the_updates_takes_from_their_room():
    plain = story.room_for_updates("Short", "Short.", told(ONCE))
    assert plain == story.LINES - 2
    assert story.room_for_updates("x" * 120, "x" * 300, told(ONCE)) == plain - 2
    assert (
        story.room_for_updates("Short", "Short.", told(BURGLARY, replace(SURVEY, signal=Signal("high")))) == plain - 1
    )
    assert (
        story.room_for_updates("Short", "Short.", told(*[replace(ONCE, target=AIM, name=str(n)) for n in range(40)]))
        == 3
    )


# Charts


def test_the_chart_of_a_screen_has_its_height_its_words_in_one_place_and_the_figures_of_the_page(tmp_path):
    held = subject_with(tmp_path)
    question = replace(YEAR, category="burglary")
    large = story.main_chart(held, question, 250)
    page = priorities.months(held, question)
    assert large.height == large.figure.to_dict()["layout"]["height"] == 250
    assert large.data.equals(page.data)
    assert large.subtitle.startswith(page.subtitle)
    assert "Source:" in large.subtitle and large.notes == ()
    assert story.chart_height("Short", "Short.") > story.chart_height("x" * 120, "Short.")


def test_limits_of_few_months_are_said_to_be_for_trial(tmp_path):
    few = replace(YEAR, category="burglary", start="2017-04", end="2017-09", compare=None)
    large = story.main_chart(subject_with(tmp_path), few, 250)
    assert "Trial limits: fewer than 13 points." in large.subtitle


def test_too_few_months_for_limits_are_shown_alone(tmp_path):
    held = subject_with(tmp_path)
    early = replace(YEAR, category="burglary", start="2017-04", end="2017-05", compare=None)
    assert story.main_chart(held, early, 250).kind == "small monthly line"


def test_a_figure_without_months_is_shown_as_bars_of_its_latest_figures(tmp_path):
    held = plan_subject(
        tmp_path,
        priorities=[priority("2017-20", "asb")],
        priority_figures=[follows("2017-20", "asb", "partner figure", "fires")],
        partner_figures=[
            reported("fires", 30.0, period_start="2019-09-01", period_end="2019-09-30"),
            reported("fires", 34.0),
        ],
    )
    chart = story.series_chart(held, "2017-20", "asb", 0, "public", 250)
    assert chart.data["value"].tolist() == [30.0, 34.0]
    assert chart.data["period"].tolist() == ["September 2019", "September 2020"]
    assert "30 (September 2019), latest 34 (September 2020)" in chart.alt


def test_bars_hold_back_what_is_withheld_and_take_the_room_there_is():
    points = tuple(Point(str(year), f"{year}-12", float(year), "available") for year in range(2000, 2020))
    hidden = replace(ONCE, trend=(*points, Point("2020", "2020-12", None, "withheld")))
    chart = followed_bars(hidden, "2026-04-30T090000", "published", height=200)
    assert chart.data["period"].tolist() == ["2015", "2016", "2017", "2018", "2019", "2020"]
    assert chart.data["text"].tolist()[-1] == "[c] withheld"
    assert chart.figure.to_dict()["data"][0]["x"][-1] is None
    assert chart.figure.plotly
    with pytest.raises(NoChart, match="too few figures of fires"):
        followed_bars(ONCE, "r", "published")


def test_hatched_bars_have_a_ground_and_an_outline():
    marker = theme.hatched_bars([False, True])
    assert marker["pattern"]["fillmode"] == "overlay"
    assert marker["line"]["width"] == [0, 1]
    assert "pattern" not in theme.hatched_bars([False])


# The page


@pytest.fixture
def at(monkeypatch, demonstration):
    def page(role: str = "public", workspace: str = str(demonstration), **asked: str) -> AppTest:
        monkeypatch.setenv("CSP_DATA", workspace)
        monkeypatch.setenv("CSP_ROLE", role)
        made = AppTest.from_file(str(ROOT / "pages" / "meeting.py"), default_timeout=60)
        for key, value in {"partnership": "Medway", **asked}.items():
            made.query_params[key] = value
        made.run()
        assert [each.value for each in (*made.exception, *made.error)] == []
        return made

    return page


def title(made: AppTest) -> str:
    return made.title[0].value


def test_each_screen_has_a_link_and_buttons_move_on_and_back(at):
    made = at(screen="2")
    assert title(made) == "1. Violence against women and girls"
    next(button for button in made.button if "Next" in button.label).click().run()
    assert title(made) == "2. Tackle anti-social behaviour"
    next(button for button in made.button if "Previous" in button.label).click().run()
    assert title(made) == "1. Violence against women and girls"


def test_there_is_nothing_before_the_first_or_after_the_last(at):
    made = at()
    assert [button.disabled for button in made.button] == [True, False]
    last = made.radio[0].options[-1]
    assert [button.disabled for button in at(screen=last).button] == [False, True]


def test_a_link_to_a_screen_that_is_not_here_shows_the_first_and_says_so(at):
    made = at(screen="99")
    assert title(made) == "Data on a page"
    assert any("asks for a screen that is not here" in each.value for each in made.info)


def test_the_plan_of_the_address_is_shown(at):
    made = at(plan="Community Safety Plan 2020 to 2024", screen="2")
    assert title(made) == "1. Safeguarding adults and children (tackling serious violence and county lines)"


def test_every_screen_of_every_plan_says_its_number_dates_and_release(at, demonstration):
    for name, plans in (("Medway", 3), ("Maidstone", 1)):
        made = at(partnership=name)
        options = next(box.options for box in made.selectbox if box.label == "Plan")
        assert len(options) == plans
        for plan in options:
            numbers = at(partnership=name, plan=plan).radio[0].options
            for number in numbers:
                words = " ".join(each.value for each in at(partnership=name, plan=plan, screen=number).caption)
                assert f"Screen {number} of {len(numbers)}" in words
                assert plan in words
                assert "Data to March 2026" in words
                assert "Demonstration data" in words
                assert Workspace(str(demonstration)).current(name.lower()) in words


@pytest.fixture
def held(tmp_path, demonstration):
    """The demonstration where notes can be kept, and one note in it."""
    shutil.copytree(demonstration, tmp_path / "held")
    workspace = Workspace(str(tmp_path / "held"))
    said = {"screen": "overview", "heading": "Data on a page", "kind": "decision", "text": "Agreed <b>so</b>"}
    meetings.add(workspace, "medway", workspace.current("medway"), **said)
    return workspace


def everything(made: AppTest) -> str:
    return " ".join(str(element.proto) for element in made.main)


def components(made: AppTest) -> list[str]:
    return [element.proto.component_name for element in made.get("bidi_component")]


@pytest.mark.parametrize("role", ["partner", "analyst"])
def test_those_who_work_together_can_write_and_read_notes(at, held, role):
    made = at(role, held.address)
    assert any("csp_meeting_note" in name for name in components(made))
    last = at(role, held.address, screen=made.radio[0].options[-1])
    assert title(last) == "Decisions, actions and notes"
    assert "Agreed &lt;b&gt;so&lt;/b&gt;" in everything(last)
    assert "<b>so" not in everything(last)
    assert len(last.get("download_button")) == 2


def test_the_public_neither_writes_nor_reads_notes(at, held):
    for number in at("public", held.address).radio[0].options:
        made = at("public", held.address, screen=number)
        assert not any("csp_meeting_note" in name for name in components(made))
        assert "Agreed" not in everything(made)
        assert title(made) != "Decisions, actions and notes"


def test_a_workspace_that_cannot_be_written_to_has_no_notes(at, held, monkeypatch):
    monkeypatch.setattr(meetings, "writable", lambda workspace: False)
    made = at("partner", held.address)
    assert not any("csp_meeting_note" in name for name in components(made))
