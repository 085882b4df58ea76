"""The pages on other areas and on treatment, told on the demonstration: what the documents print comes out."""

import pytest

from csp_data.analysis import indicators, results
from csp_data.analysis.periods import Span
from csp_data.analysis.subject import Subject
from csp_data.exports import pictures
from csp_data.extracts.workspace import Workspace
from csp_data.stories import compared, treatment

YEAR = Span("2019-04", "2020-03")


@pytest.fixture(scope="module")
def subjects(demonstration):
    return {id: Subject(Workspace(str(demonstration)).release(id)) for id in ("medway", "maidstone")}


@pytest.fixture
def medway(subjects):
    return subjects["medway"]


def told(subject, measure="crime", category="crime", group="Unitary authorities", span=YEAR, role="public"):
    return compared.standing(subject, measure, category, group, span, role)


def test_the_8th_highest_number_of_57_was_6th_and_stands_beside_the_rank_on_the_rate(medway):
    # Strategic Assessment 2020, line 93
    number, rate, *_ = told(medway).sentences
    assert number.startswith("**8th highest number of recorded crimes** of the 57 areas that responded of 59 asked")
    assert "(was 6th of 57 in April 2018 to March 2019): 33,334 in Medway" in number
    assert rate.startswith("**15th highest rate** of them (was 16th of 57")
    assert "chance alone could put it anywhere from" in rate


def test_ranks_of_both_years_stand_in_one_table_with_who_responded(medway):
    table = told(medway).table
    assert table["Period"] == ["April 2019 to March 2020", "April 2018 to March 2019"]
    assert table["Rank on number"] == ["8th", "6th"]
    assert table["Number"] == ["33,334", "35,088"]
    assert table["Areas ranked"] == ["57 of 59", "57 of 59"]


def test_a_change_of_rank_is_told_with_caution(medway):
    (caution,) = told(medway).cautions
    assert "overlap, so the change of rank on the rate could be chance" in caution


def test_the_first_year_has_no_year_before(medway):
    standing = told(medway, span=Span("2018-04", "2019-03"))
    assert "was" not in standing.sentences[0]
    assert standing.cautions == ()


def test_the_tables_count_stands_beside_the_partnerships_own(medway):
    words = "The table gives 33,334 recorded crimes for Medway, the same as the partnership's own records."
    assert words in told(medway).sentences


def test_a_count_that_differs_from_the_partnerships_own_says_by_how_much(subjects):
    subject = Subject(subjects["medway"].release)
    rows = subject.supplied("peers").copy()
    mine = (rows["area_code"] == "E06000035") & (rows["category"] == "crime") & (rows["period_start"].dt.year == 2019)
    rows.loc[mine, "count"] = 33_300.0
    subject._tables["peers"] = rows
    (words,) = [each for each in told(subject).sentences if each.startswith("The table gives")]
    assert "33,300 recorded crimes for Medway, 34 fewer (0.1%) than the 33,334 of the partnership's own" in words


def test_a_group_without_the_partnership_says_so(subjects):
    subject = Subject(subjects["medway"].release)
    rows = subject.supplied("peers")
    subject._tables["peers"] = rows[rows["area_code"] != "E06000035"]
    standing = told(subject)
    assert standing.sentences == ("Medway has no figure in this group. 56 of 58 areas have one.",)
    assert standing.table == {}
    assert compared.line(subject, "crime", None, "public").periods


@pytest.mark.parametrize("id", ["medway", "maidstone"])
@pytest.mark.parametrize("measure", ["crime", "asb"])
def test_every_group_and_period_has_its_charts(subjects, id, measure):
    line = compared.line(subjects[id], measure, None, "public")
    assert line.notice == ""
    for group, spans in line.periods.items():
        for span in spans:
            asked = (line.measure, line.category, group, span, "public")
            assert len(compared.rates(subjects[id], *asked).table) >= 15
            assert compared.funnel(subjects[id], *asked).notes
            assert compared.standing(subjects[id], *asked).table


def test_types_that_only_other_areas_give_can_be_chosen(medway, monkeypatch):
    assert compared.further_lines(medway, "crime", "public") == {}
    monkeypatch.setattr(results, "lines", lambda *asked: ("crime", "violence-against-the-person", "robbery-personal"))
    further = compared.further_lines(medway, "crime", "public")
    assert further["Burglary"] == "burglary"
    assert "violence-against-the-person" not in further.values()
    said = compared.standing(medway, "crime", "burglary", "Unitary authorities", YEAR, "public").sentences
    assert not [sentence for sentence in said if "own records" in sentence]


def test_a_type_that_others_do_not_give_is_shown_by_the_line_above_and_said(medway):
    line = compared.line(medway, "crime", "burglary-residential", "public")
    assert (line.measure, line.category) == ("crime", "burglary")
    assert line.notice == (
        "Other areas give no figures of recorded crimes (burglary residential) in this release, so this page shows "
        "recorded crimes (burglary)."
    )


# Treatment


def cards(subject):
    return {card.indicator: card for card in treatment.words(subject, "public").cards}


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("completion-ratio", "1.30"),
        ("opiate-crack-users", "1,459 people"),
        ("unmet-need-opiate-crack", "63.7%"),
        ("drug-misuse-deaths", "4.4 per 100,000"),
    ],
)
def test_the_printed_figures_of_treatment(medway, indicator, value):
    # Strategic Assessment 2020, line 199
    assert cards(medway)[indicator].value == value


def test_deaths_met_england_and_completions_are_better(medway):
    assert (
        "≈ Similar to England (4.4, 2017–19): the difference could be chance."
        in cards(medway)["drug-misuse-deaths"].lines
    )
    assert (
        "▲ Better than England (1.00, 2019/20): higher by more than chance." in cards(medway)["completion-ratio"].lines
    )


def test_the_page_warns_of_periods_that_differ_and_sets_them_side_by_side(medway):
    words = treatment.words(medway, "public")
    assert words.warning.startswith("**These figures are for 5 different periods:** 2016/17, 2017–19, 2019/20")
    assert len(words.side_by_side["Period"]) == len(words.cards)
    assert words.side_by_side["Indicator"][:2] == ["Adults in treatment", "Estimated opiate and crack users"]


def test_a_figure_of_a_larger_area_is_named_by_it(medway):
    (published,) = indicators.published(
        treatment._rows(medway, "public").query("indicator == 'completion-ratio'"), medway.partnership
    ).values()
    assert treatment._side_by_side([published], "Gillingham")["Indicator"] == [f"{published.label} (Medway)"]


def test_the_page_says_what_it_lacks_and_how_to_add_it(medway):
    assert treatment.words(medway, "public").missing == ""
    assert treatment._missing(["Adults in treatment", "Adults starting treatment"], treatment.ORDER[1:], "Anytown") == (
        "This release has no figure of Anytown on adults in treatment and adults starting treatment: add Anytown's rows of "
        "a Fingertips file, an NDTMS ViewIt export or a table of indicators to its build."
    )


@pytest.mark.parametrize("id", ["medway", "maidstone"])
def test_every_indicator_has_its_chart_and_its_picture(subjects, id):
    words = treatment.words(subjects[id], "public")
    assert len(words.cards) >= 6
    for card in words.cards:
        chart = treatment.over_time(subjects[id], card.indicator, "public")
        assert any(value is not None for value in chart.figure.described["data"][-1]["y"]) or chart.notes
    grouped = next(card for card in words.cards if card.has_groups)
    assert pictures.picture(treatment.by_group(subjects[id], grouped.indicator, "public"))
    assert pictures.picture(treatment.over_time(subjects[id], "drug-misuse-deaths", "public"))


def test_charts_of_areas_become_pictures(medway):
    asked = ("crime", "crime", "Similar areas", YEAR, "public")
    assert pictures.picture(compared.rates(medway, *asked))
    assert pictures.picture(compared.funnel(medway, *asked), "png")


def test_groups_that_a_publisher_withheld_are_told(subjects):
    chart = treatment.by_group(subjects["maidstone"], "in-treatment", "public")
    assert chart.table.iloc[-1].tolist() == ["New psychoactive substances", "[c]"]
