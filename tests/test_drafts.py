"""Checking the numbers of a draft against a release: what each is taken to be, the verdict, and what to mind."""

import pytest

from csp_data.analysis import drafts
from csp_data.analysis.periods import Span
from csp_data.analysis.subject import Subject
from csp_data.extracts.workspace import Workspace
from csp_data.stories import check_a_draft as story

ASSESSMENT = (
    "All data will be for the time period of April 2019 – March 2020.",
    "After significant increases in crime over previous years, explained by the changes in the way Kent Police recorded "
    "crimes, we are beginning to see the start of a plateau effect emerging with last year experiencing a 12% increase in "
    "recorded crime, compared with a 36% increase in the year previous. This year we have seen a 5% decrease in recorded "
    "crime.",
    "33,334 recorded crimes (April 19 – March 20, Kent Police Data). 119.67 per 1000 people (Based on the population "
    "estimate of 278,566 for 2019 from the Office of National Statistics, June 2020)",
    "ASB",
    "10% increase. 521 additional incidents (Compared with the 5502 incidents between Apr 18 - Mar 19)",
    "These 5 Wards account for 48% of all ASB incidents in Medway.",
)
"""Printed by Medway's Strategic Assessment 2020."""


@pytest.fixture(scope="module")
def medway(demonstration):
    return Subject(Workspace(str(demonstration)).release("medway"))


def judged(medway, *paragraphs, role="public", period=None):
    draft = drafts.check(medway, paragraphs, role, period)
    return {number.number.text.strip(): number for number in draft.numbers}


def marks(checked):
    return {mark.name for mark in checked.marks}


@pytest.fixture(scope="module")
def assessment(medway):
    return judged(medway, *ASSESSMENT)


@pytest.mark.parametrize(
    ("printed", "verdict", "computed"),
    [
        ("33,334", "reproduces", "33,334"),
        ("119.67", "reproduces", "119.67"),
        ("5%", "reproduces", "5% lower"),
        ("12%", "reproduces", "12% higher"),
        ("36%", "reproduces", "36% higher"),
        ("278,566", "does_not_follow", "278,556"),
        ("10%", "does_not_follow", "9% higher"),
        ("521", "reproduces", "521"),
        ("5502", "reproduces", "5,502"),
        ("48%", "reproduces", "48%"),
    ],
)
def test_the_printed_assessment_is_judged_on_the_demonstration(assessment, printed, verdict, computed):
    assert (assessment[printed].verdict, assessment[printed].computed) == (verdict, computed)


def test_last_year_and_the_year_previous_are_told_from_this_year(assessment):
    assert "April 2018 to March 2019" in assessment["12%"].proposal
    assert "April 2017 to March 2018" in assessment["36%"].proposal
    assert "April 2019 to March 2020" in assessment["5%"].proposal


def test_numbers_beside_each_other_are_held_against_each_other(assessment):
    rate = next(mark.words for mark in assessment["119.67"].marks if mark.name == "beside it")
    assert rate == "The numbers printed beside it give another: 33,334 ÷ 278,566 × 1,000 = 119.66."
    share = next(mark.words for mark in assessment["10%"].marks if mark.name == "beside it")
    assert share == "The numbers printed beside it give another: 521 on 5502 is 9%."


def test_a_cause_beside_a_plain_change_is_marked(assessment):
    assert "causal words" in marks(assessment["12%"])
    assert "causal words" not in marks(assessment["5%"])  # the sentence with the cause is another


@pytest.mark.parametrize("words", ["due to", "as a result of", "explained by", "reflects", "led to"])
def test_every_causal_word_counts_only_beside_a_change(medway, words):
    found = judged(medway, f"Burglary fell by 5% {words} patrols.")
    assert "causal words" in marks(found["5%"])
    still = judged(medway, f"Burglary was 5% of crime {words} patrols.")
    assert "causal words" not in marks(still["5%"])


def test_small_numbers_of_people_are_marked(medway):
    found = judged(
        medway, "Two young people are managed, 7 victims were helped, 8 victims were not, and 3 vans were bought."
    )
    assert "small number" in marks(found["Two"])
    assert "small number" in marks(found["7"])
    assert "small number" not in marks(found["8"])
    assert "3" not in found or "small number" not in marks(found["3"])


def test_a_percentage_without_a_base_is_marked(medway):
    assert "no base" in marks(judged(medway, "41% felt very safe.")["41%"])
    assert "no base" not in marks(judged(medway, "41% of 103 respondents felt very safe.")["41%"])
    assert "no base" not in marks(judged(medway, "41% felt very safe (base: those at the event).")["41%"])


def test_a_change_within_chance_is_marked(medway):
    found = judged(medway, "There was a 4% increase in robberies, from 100 robberies to 104 robberies.")
    assert "within chance" in marks(found["4%"])
    far = judged(medway, "There was a 40% increase in robberies, from 1,000 robberies to 1,400 robberies.")
    assert "within chance" not in marks(far["40%"])


def test_points_are_told_from_per_cent(medway):
    found = judged(medway, "Those who feel safe increased by 5%, from 20% to 25%, in the survey.")
    assert "points" in marks(found["5%"])
    right = judged(medway, "Those who feel safe increased by 25%, from 20% to 25% of 400 people.")
    assert all("points" not in marks(each) for each in right.values())


def test_mixed_periods_and_areas_are_marked(medway):
    (paragraph,) = drafts.check(
        medway, ("There were 100 crimes in 2018/19 in Medway and 200 in 2019/20 in Kent and Medway.",), "public"
    ).paragraphs
    assert {mark.name for mark in paragraph.marks} == {"mixed periods", "mixed areas"}
    (plain,) = drafts.check(medway, ("There were 33,334 recorded crimes in 2019/20.",), "public").paragraphs
    assert plain.marks == ()


def test_another_area_is_not_checked_against_this_one(medway):
    found = judged(medway, "In England there were 33,334 recorded crimes in 2019/20.")
    assert found["33,334"].verdict == "cannot_be_checked"
    assert "“England”" in found["33,334"].working


def test_a_wrong_count_that_is_plainly_named_differs(medway):
    found = judged(medway, "Medway had 34,000 recorded crimes in 2019/20.")
    assert (found["34,000"].verdict, found["34,000"].computed) == ("does_not_follow", "33,334")


def test_what_follows_from_numbers_beside_it_says_so(medway):
    found = judged(medway, "Calls to the helpline increased by 20%, from 500 to 600.")
    assert found["20%"].verdict == "follows"
    assert "600 against 500" in found["20%"].working
    other = judged(medway, "Calls to the helpline increased by 22%, from 500 to 600.")
    assert other["22%"].verdict == "cannot_be_checked"
    assert "beside it" in marks(other["22%"])


def test_a_partner_figure_an_answer_and_a_grant_are_found_by_value_and_word(medway):
    found = judged(
        medway,
        "The number of non-emergency 101 calls increased by 14,717 to 470,314 in total, for the whole of Kent and Medway.",
        "When asked how safe they felt in Medway during the day, 41% said very safe.",
        "Rapid Deployment CCTV received £13,000.",
    )
    assert found["470,314"].proposal.startswith("Partner figure: Non-emergency 101 calls, Kent and Medway")
    assert found["14,717"].proposal.startswith("Change: Partner figure")
    assert found["41%"].proposal.startswith("Survey: ")
    assert found["£13,000"].computed == "£13,000"
    assert all(found[text].verdict == "reproduces" for text in ("470,314", "14,717", "41%", "£13,000"))


def test_the_same_value_without_a_word_in_common_is_not_taken(medway):
    found = judged(medway, "The canteen sold 470,314 sandwiches.")
    assert found["470,314"].verdict == "cannot_be_checked"


def test_the_public_is_told_no_figure_that_is_withheld(medway, monkeypatch):
    monkeypatch.setitem(medway.release.manifest["extracts"]["crime"], "disclosure", "rounded")
    rounded = Subject(medway.release)
    text = "There were 33,334 recorded crimes in 2019/20."
    assert judged(rounded, text)["33,334"].computed == "33,335"
    assert judged(rounded, text, role="analyst")["33,334"].computed == "33,334"


def test_this_year_is_what_was_chosen_else_named_else_the_latest(medway):
    assert drafts.check(medway, ("5% more crime.",), "public").period == Span("2025-04", "2026-03")
    assert drafts.check(medway, ("Crime in 2018/19.",), "public").period == Span("2018-04", "2019-03")
    chosen = drafts.check(medway, ("Crime in 2018/19.",), "public", Span("2019-04", "2020-03"))
    assert chosen.period == Span("2019-04", "2020-03")


def test_a_table_of_contents_has_no_statistics(medway):
    lines = [f"Chapter {word}\t{page}" for word, page in zip("ABCDE", (3, 4, 5, 5, 9), strict=True)]
    assert drafts.check(medway, lines, "public").numbers == ()
    assert len(drafts.check(medway, ["Robbery\t45", "Arson\t12"], "public").numbers) == 2


def test_rows_of_a_table_take_their_measure_from_the_heading(medway):
    found = judged(medway, "ASB", "Apr 15 - Mar 16\t8800")
    assert found["8800"].proposal == "ASB incidents, Medway, April 2015 to March 2016"
    assert found["8800"].verdict == "reproduces"


# The words of the page


def test_the_words_of_the_page(medway):
    result = story.check(medway, ASSESSMENT, "public", None)
    assert result.lead.startswith("**11 numbers** found: 8 given by the release, 0 following")
    assert "which the draft names most often" in result.period
    first = result.paragraphs[0]
    assert first.columns["In the draft"] == ["12%", "36%", "5%"]
    assert first.columns["Verdict"][0] == "✓ The same. The release has 12% higher"
    assert first.columns["Taken to be, and how"][2].startswith(
        "Change: Recorded crime, Medway, April 2019 to March 2020. "
    )
    assert len({len(cells) for cells in first.columns.values()}) == 1


def test_a_source_is_introduced_once(medway):
    (told,) = story.check(medway, ("In 2023 70% of residents feel safe by day.",), "public", None).paragraphs
    (how,) = told.columns["Taken to be, and how"]
    assert how.count("Source: ") == 1


def test_a_text_without_statistics_says_so(medway):
    assert story.check(medway, ("Nothing here.",), "public", None).lead.startswith("No statistic was found")


def test_the_years_to_choose_from_begin_with_what_the_draft_says(medway):
    years = story.years(medway)
    assert list(years)[:2] == ["As the draft says", "Financial year 2025/26"]
    assert years["As the draft says"] is None


def test_another_area_in_brackets_is_not_that_of_the_number(medway):
    found = judged(medway, "Crime was 95.0 per 1,000 residents in the year ending March 2026 (England: 89.7).")
    assert found["95.0"].verdict == "reproduces"
    assert found["89.7"].verdict == "cannot_be_checked"


def test_a_share_is_no_change(medway):
    right = judged(medway, "Shoplifting made up 11% of recorded crime in 2025/26.")["11%"]
    assert right.verdict == "reproduces" and right.proposal.startswith("Share of recorded crime: Shoplifting")
    assert judged(medway, "Shoplifting made up 9% of recorded crime in 2025/26.")["9%"].verdict == "does_not_follow"


def test_a_draft_of_nothing_but_numbers_ends_in_time(medway, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_NUMBERS", 5)
    monkeypatch.setattr(drafts, "MOST_IN_ALL", 8)
    draft = drafts.check(medway, ["1,234 " * 20] * 4, "public")
    assert [len(paragraph.numbers) for paragraph in draft.paragraphs] == [5, 5]
    assert draft.left == 2
    assert (
        draft.paragraphs[0].marks[-1].words == "Only the first 5 numbers of the paragraph are checked; 15 more are not."
    )
