"""What the Survey page says and draws, from rows written by hand; then the figures the reports of Medway print."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.analysis.subject import Subject
from csp_data.extracts.workspace import Workspace
from csp_data.stories import survey as story
from tests.survey_rows import Held, survey_rows

ROOT = Path(__file__).parents[1]
SAFE = (
    {"option": "very-safe", "option_label": "Very safe", "count": 21},
    {"option": "fairly-safe", "option_label": "Fairly safe", "count": 50},
    {"option": "neither", "option_label": "Neither safe nor unsafe", "count": 31},
    {"option": "no-answer", "option_label": "No answer", "count": 1, "option_role": "no answer"},
    {"option": "safe", "option_label": "Very or fairly safe", "count": 71, "option_role": "net"},
)
BEFORE = [
    {**row, "wave": "2023", "base": 107, "count": count} for row, count in zip(SAFE, (23, 52, 31, 1, 75), strict=True)
]


def chart(*rows, wave="2024", question="safe-day", **shared):
    return story.question(
        Held(survey_rows(*rows, question=question, **shared)), "consultation", wave, question, "public"
    )


def data(made):
    """The traces drawn; Plotly itself is asked whether it knows every name in them."""
    assert made.figure.plotly
    return json.loads(made.figure.to_json())["data"]


def test_a_question_shows_wording_mode_base_and_every_answer():
    made = chart(*SAFE)
    assert made.title == "Feeling safe by day: 69% answered ‘very or fairly safe’"
    assert made.subtitle == (
        "‘How safe do you feel during the day?’ Share of the people asked, Town, consultation (online), Wave of 2024, base "
        "103 people"
    )
    assert made.table["Answer"].tolist() == [
        "Very or fairly safe",
        "Very safe",
        "Fairly safe",
        "Neither safe nor unsafe",
        "No answer",
    ]
    assert made.table["Share"].tolist() == ["69%", "20%", "49%", "30%", "1%"]
    assert made.table["95% interval"].iloc[0] == "59 to 77%"
    assert "The shares add up to 100%." in made.notes
    assert "‘Very or fairly safe’ is the sum of answers that are shown as well, not counted again." in made.notes
    assert any(note.startswith("People chose themselves") for note in made.notes)
    assert made.source == "Source: Consultation, Wave of 2024 (Town Council). Data release of 22 November 2026."


def test_the_wave_before_is_marked_and_its_change_told():
    made = chart(*BEFORE, *SAFE)
    marks = data(made)[-1]
    assert marks["name"] == "Wave of 2023"
    assert marks["x"][0] == pytest.approx(100 * 75 / 107)
    assert (
        "Very or fairly safe, since Wave of 2023 (70%): down 1.2 percentage points (95% interval -13.5 to +11.1): could be "
        "chance."
    ) in made.notes
    assert not any(note.startswith("Very safe") for note in made.notes)  # the sum is the message


def test_a_wave_asked_otherwise_is_not_marked_and_the_reason_is_told():
    made = chart(*[{**row, "mode": "paper"} for row in BEFORE], *SAFE)
    assert all("name" not in trace for trace in data(made))
    assert "Not compared with Wave of 2023: people were asked in different ways: paper, then online." in made.notes


def test_what_is_not_shown_is_hatched_and_said():
    made = chart({"option": "safe", "printed": "69"}, {"option": "unsafe", "printed": "19"}, option_role="net")
    bars = data(made)[0]
    assert bars["x"] == [69, 19, 12]
    assert bars["marker"]["pattern"]["shape"] == ["", "", "/"]
    assert "The shares printed sum to 88%: 12% not shown." in made.notes
    assert (
        "The return gives no counts: percentages are used as printed; the interval is worked out from it and the base."
    ) in made.notes
    assert made.table["Answer"].tolist()[-1] == "Not shown in the return"
    assert made.table["People who chose it"].tolist() == ["[z]"] * 3


def test_weighting_is_said():
    made = chart(
        {"option": "safe", "weighted_share": 0.641, "effective_base": 76.4},
        kind="multiple",
        weighting="By age and sex.",
    )
    assert "Weighted: by age and sex. The intervals are on an effective base of 76.4." in made.notes
    assert made.table["Effective base after weighting"].tolist() == ["76.4"]


def test_too_few_people_leave_no_number_anywhere():
    made = chart(*[{**row, "count": min(row["count"], 13)} for row in SAFE], base=24)
    assert made.title == "Feeling safe by day: too few answers to show"
    assert set(made.table["Share"]) == {"[c]"}
    assert "13" not in made.figure.to_json()
    assert set(data(made)[0]["x"]) == {None}
    assert "Fewer than 30 people were asked. Shares of so few people are not shown." in made.notes
    assert not [note for note in made.notes if "together, not one by one" in note]


def test_a_small_base_is_told_with_its_wave_where_there_are_several():
    told = "fewer than 100 people were asked, so the shares are rough."
    small = [{**row, "base": 71, "count": min(row["count"], 60)} for row in BEFORE]
    made = story.over_waves(Held(survey_rows(*small, *SAFE)), "consultation", "2024", "feeling safe", "public")
    assert f"2023: small base: {told}" in made.notes
    assert f"Small base: {told}" in chart(*small, wave="2023", base=71).notes


def test_several_answers_come_largest_first():
    made = chart(
        {"option": "litter", "count": 62}, {"option": "drugs", "count": 82}, kind="multiple", question="problems",
        topic="problems",
    )  # fmt: skip
    assert made.title == "Problems: 80% chose ‘drugs’"
    assert made.table["Answer"].tolist() == ["Drugs", "Litter"]
    assert "People could choose several answers; shares add to more than 100%." in made.notes


def test_waves_are_dots_and_only_those_asked_alike_are_joined():
    event = [{**row, "survey": "event", "wave": "2020", "mode": "paper at an event", "base": 107} for row in BEFORE]
    held = Held(survey_rows(*event, *BEFORE, *SAFE))
    made = story.over_waves(held, "consultation", "2024", "feeling safe", "public")
    joins, _, dots = data(made)
    assert dots["marker"]["symbol"] == ["diamond-open", "circle", "circle"]
    assert joins["x"] == [pytest.approx(100 * 75 / 107), pytest.approx(100 * 71 / 103), None]
    assert made.title == "Feeling safe: answers were similar to the wave before"
    assert made.notes[1].startswith("Round dots: Consultation (online). Diamonds: Consultation (paper at an event).")
    assert made.table["Share"].tolist() == ["70%", "70%", "69%"]


def test_another_survey_asked_the_same_way_is_marked_and_not_compared():
    panel = {
        "option": "safe",
        "survey": "panel",
        "survey_label": "Panel",
        "wave": "2025",
        "sample": "random",
        "count": 80,
    }
    held = Held(survey_rows({"option": "safe", "count": 71}, panel, kind="multiple"))
    made = story.over_waves(held, "panel", "2025", "feeling safe", "public")
    joins, _, dots = data(made)
    assert dots["marker"]["symbol"] == ["diamond-open", "circle"]
    assert joins["x"] == []
    assert made.title == "Feeling safe: no change in this survey can be tested"
    assert (
        "In some waves people chose themselves whether to answer: the shares may not speak for all residents."
        in made.notes
    )


def test_other_surveys_are_named_where_the_own_has_too_few_people():
    few = [{**row, "survey": "event", "survey_label": "Event", "wave": "2020", "base": 20, "count": 1} for row in SAFE]
    made = story.over_waves(Held(survey_rows(*few, *BEFORE, *SAFE)), "event", "2020", "feeling safe", "public")
    assert data(made)[2]["marker"]["symbol"] == ["diamond-open"] * 2
    assert made.notes[1].startswith("Diamonds: Consultation (online). Who is asked")


def test_one_change_beyond_chance_is_named():
    held = Held(
        survey_rows(
            {"option": "safe", "wave": "2023", "count": 300, "base": 1000},
            {"option": "safe", "wave": "2024", "count": 500, "base": 1000},
            kind="multiple",
        )
    )
    made = story.over_waves(held, "consultation", "2024", "feeling safe", "public")
    assert made.title == "Feeling safe: ‘safe’ was higher than before"


def test_the_waves_held_the_latest_first():
    found = story.waves(Held(survey_rows(*BEFORE, *SAFE)), "public")
    assert [wave.label for wave in found] == ["Consultation, Wave of 2024", "Consultation, Wave of 2023"]
    assert found[0].facts == "Way of asking: online. 103 people took part."
    assert found[0].sample.startswith("People chose themselves")
    assert found[0].compared == ("feeling safe",)
    assert story.waves(Held(survey_rows()), "public") == ()


# What the reports of Medway print


@pytest.fixture(scope="module")
def medway(demonstration):
    release = Workspace(str(demonstration)).release("medway")
    if not release.has("survey"):
        pytest.skip("the demonstration has no survey")
    return Subject(release)


@pytest.mark.parametrize(
    ("survey", "wave", "question", "printed"),
    [
        ("csp-consultation", "2024", "safe-day", {"safe": "69%", "unsafe": "19%"}),
        ("csp-consultation", "2023", "safe-day", {"safe": "70%", "unsafe": "16%"}),
        ("csp-consultation", "2024", "safe-evening", {"safe": "26%", "unsafe": "50%"}),
        ("csp-consultation", "2023", "safe-evening", {"safe": "28%", "unsafe": "56%"}),
        (
            "csp-consultation",
            "2024",
            "problems",
            {"drugs": "80%", "fly-tipping": "73%", "driving": "71%", "drunk": "66%", "litter": "60%"},
        ),
        (
            "csp-consultation",
            "2024",
            "priorities",
            {"drugs": "70%", "fly-tipping": "44%", "drunk": "40%", "driving": "39%", "sexual-offences": "36%"},
        ),
        ("csp-consultation", "2024", "what-helps", {"policing": "79%", "spaces": "52%", "cctv": "49%"}),
        ("consultation-event", "2020", "safe-day", {"very-safe": "41%", "fairly-safe": "52%", "neither": "7%"}),
        ("consultation-event", "2020", "safe-evening", {"safe": "51%", "neither": "37%", "fairly-unsafe": "11%"}),
        ("consultation-event", "2020", "partners-violence", {"strongly-agree": "11%", "agree": "70%"}),
        ("consultation-event", "2020", "causes-violence", {"asb": "63%", "domestic-abuse": "44%", "drugs": "44%"}),
    ],
)
def test_the_demonstration_gives_what_the_reports_print(medway, survey, wave, question, printed):
    made = story.question(medway, survey, wave, question, "public")
    shown = dict(zip(made.data["option"], made.data["shown"], strict=True))
    assert {option: shown[option] for option in printed} == printed


# The page


def test_a_wave_comes_with_the_address_and_another_can_be_chosen(demonstration, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    at = AppTest.from_file(str(ROOT / "pages" / "survey.py"), default_timeout=60)
    at.query_params["partnership"] = "Medway"
    at.query_params["survey"] = "Community safety consultation, 2023"
    at.run()
    assert "107 people took part." in "\n".join(text.value for text in at.markdown)
    (wave,) = [box for box in at.selectbox if box.label == "Survey and wave"]
    wave.set_value("Community safety consultation, 2024").run()
    assert "103 people took part." in "\n".join(text.value for text in at.markdown)
    assert not at.exception


def test_a_wave_that_is_not_here_is_told(demonstration, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    at = AppTest.from_file(str(ROOT / "pages" / "survey.py"), default_timeout=60)
    at.query_params["survey"] = "Never held"
    at.run()
    assert any("‘Never held’, which is not here" in notice.value for notice in at.info)


def test_a_choice_that_this_page_does_not_use_is_not_told_of(demonstration, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    at = AppTest.from_file(str(ROOT / "pages" / "survey.py"), default_timeout=60)
    for name in ("measure", "type", "period", "compare", "wards", "ward"):
        at.query_params[name] = "Never held"
    at.run()
    assert not at.exception
    assert not [notice.value for notice in at.info if "Never held" in notice.value]


def test_a_release_without_a_survey_says_how_to_add_one(write_town, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(write_town()))
    at = AppTest.from_file(str(ROOT / "pages" / "survey.py"), default_timeout=60).run()
    assert not at.exception
    assert "has no survey in this release. To show one, fill in the template" in at.info[-1].value
