"""What of a ward's figure was estimated, its bounds, and where they are said: on two wards that share small areas."""

import math

import pandas as pd
import pytest

from csp_data.analysis.results import Question, answer, table
from csp_data.exports.tables import csv
from csp_data.figures import bars, maps, wording
from csp_data.figures.lines import small_trend
from tests.made_results import squares
from tests.test_results import make_subject, steady, with_population  # noqa: F401 (a fixture)

YEAR = ("crime", "2020-01", "2020-12")


def shares(*rows: tuple) -> pd.DataFrame:
    """Rows of small area, ward and share."""
    found = pd.DataFrame(rows, columns=["small_area", "ward_code", "share"])
    return found.assign(vintage="2003", method="population_share")


SPLIT = shares(("a1", "A", 0.25), ("a1", "B", 0.75), ("b1", "B", 1.0))


@pytest.fixture
def split(make_subject):  # noqa: F811
    """120 records a year of a small area a quarter in A and three quarters in B, and 60 of one wholly in B."""
    return make_subject(steady(10) + steady(5, "b1"), lookup=SPLIT)


def bound(found) -> tuple:
    return (found.value, found.estimated, found.bound_low, found.bound_high)


def test_a_count_lies_between_none_and_all_of_what_is_shared(split):
    rows = table(split, Question(*YEAR), "area")
    assert rows[["area", "value", "estimated", "bound_low", "bound_high"]].to_numpy().tolist() == [
        ["A", 30, 1.0, 0, 120],
        ["B", 150, 0.6, 60, 180],
    ]
    assert bound(answer(split, Question(*YEAR, area="B"))) == (150, 0.6, 60, 180)
    months = table(split, Question(*YEAR, area="B"), "month")
    assert (months["estimated"] == 0.6).all()
    assert (months["bound_low"].sum(), months["bound_high"].sum()) == (60, 180)


def test_the_whole_and_nested_wards_are_not_estimated(split, make_subject):  # noqa: F811
    assert bound(answer(split, Question(*YEAR))) == (180, 0, 180, 180)
    nested = make_subject(steady(10) + steady(5, "b1"))
    assert bound(answer(nested, Question(*YEAR, area="A"))) == (120, 0, 120, 120)


def test_a_ward_of_no_records_is_not_estimated(make_subject):  # noqa: F811
    subject = make_subject(steady(5, "b1"), lookup=SPLIT)
    assert bound(answer(subject, Question(*YEAR, area="A"))) == (0, 0, 0, 0)


def test_what_no_ward_takes_of_a_shared_small_area_is_estimated_too(make_subject):  # noqa: F811
    subject = make_subject(steady(10), lookup=shares(("a1", "A", 0.9)))
    rows = table(subject, Question(*YEAR), "area").set_index("area")
    assert rows.loc["A", ["value", "bound_low", "bound_high"]].tolist() == [108, 0, 120]
    assert rows.loc["unallocated", ["value", "estimated", "bound_low", "bound_high"]].tolist() == [12, 1, 0, 120]


def test_best_fit_may_be_wholly_elsewhere(make_subject):  # noqa: F811
    """A share of 0 is a ward that the small area may lie in, though it is counted in another."""
    subject = make_subject(steady(10) + steady(5, "b1"), lookup=shares(("a1", "A", 1), ("a1", "B", 0), ("b1", "B", 1)))
    assert bound(answer(subject, Question(*YEAR, area="A"))) == (120, 1, 0, 120)
    assert bound(answer(subject, Question(*YEAR, area="B"))) == (60, 0, 60, 180)


def test_a_count_mostly_estimated_has_no_interval_and_its_change_no_test(split):
    rate = answer(split, Question(*YEAR, area="A", per="rate", compare="previous-year"))
    assert (rate.value, rate.lower, rate.upper, rate.verdict) == (6, None, None, "")
    assert rate.change_reason == "No percentage is given on a base of under 50."
    b = answer(split, Question(*YEAR, area="B", compare="previous-year"))
    assert (b.percent_change, b.percent_lower, b.verdict) == (0, None, "")
    assert b.change_reason == "Not tested: most of a count was estimated from where people live."


def test_less_than_half_estimated_keeps_its_interval(make_subject):  # noqa: F811
    lookup = shares(("a1", "A", 0.25), ("a1", "B", 0.75), ("b1", "B", 1.0))
    found = answer(make_subject(steady(4) + steady(5, "b1"), lookup=lookup), Question(*YEAR, area="B"))
    assert found.estimated == pytest.approx(36 / 96)
    assert found.lower is not None


def test_a_rate_also_allows_for_how_many_people_there_may_be(split):
    table_ = split.release.read("population")
    table_.loc[table_["area_code"] == "A", ["low", "high"]] = [4_000, 6_000]
    split.populations = type(split.populations)(table_)
    rate = answer(split, Question(*YEAR, area="A", per="rate"))
    assert (rate.denominator, rate.denominator_low, rate.denominator_high) == (5_000, 4_000, 6_000)
    assert (rate.value, rate.bound_low, rate.bound_high) == (6, 0, 30)
    assert "lies between 0.0 and 30.0. The residents of Ash are known only to lie between 4,000 and 6,000." in (
        wording.sentence(rate)
    )


def test_of_a_protected_extract_the_share_and_bounds_are_not_told(make_subject):  # noqa: F811
    subject = make_subject(steady(10) + steady(5, "b1"), disclosure="rounded", lookup=SPLIT)
    year = ("crime", "2019-04", "2020-03")
    for by in ("area", "quarter"):
        rows = table(subject, Question(*year, area=None if by == "area" else "B"), by)
        assert (rows["value_status"] == "available").any()
        assert rows[["estimated", "bound_low", "bound_high"]].isna().all(axis=None)
    shown = answer(subject, Question(*year, area="B"))
    assert "How much is withheld so that nobody can be identified." in wording.sentence(shown)
    assert bound(answer(subject, Question(*year, area="B", role="analyst"))) == (150, 0.6, 60, 180)
    assert bound(answer(subject, Question(*year))) == (180, 0, 180, 180)


def test_a_withheld_or_missing_figure_has_no_bounds(make_subject):  # noqa: F811
    subject = make_subject(steady(10) + steady(5, "b1"), lookup=SPLIT)
    missing = answer(subject, Question("crime", "2020-12", "2021-01", area="B"))
    assert (missing.value_status, *bound(missing)) == ("missing", None, None, None, None)
    assert wording.estimate_words(missing) == ""


def test_the_sentence_says_how_much_and_between_what(split):
    assert wording.sentence(answer(split, Question(*YEAR, area="B"))) == (
        "Birch: 150 recorded crimes, January to December 2020 (12 of 12 months). 60% of the count of Birch was "
        "estimated from where people live, because some small areas lie in more than one ward: the count lies between 60 "
        "and 180. No 95% interval is given where more than half of a count was estimated."
    )


@pytest.mark.parametrize(("share", "words"), [(0.004, "less than 1%"), (0.006, "1%"), (0.345, "35%"), (0, "0%")])
def test_a_share_is_never_rounded_to_none(share, words):
    assert wording.share_words(share) == words


def test_charts_tables_and_files_of_wards_carry_it(split):
    question = Question(*YEAR)
    rows, whole = table(split, question, "area"), answer(split, question)
    chart = maps.ward_map(rows, whole, squares("A", "B"))
    assert "Parts of the counts of 2 wards were estimated from where people live" in chart.notes[0]
    assert "at most 100% (Ash)" in chart.notes[0]
    assert chart.table[["Estimated from where people live", "Lowest and highest it can be"]].to_numpy().tolist() == [
        ["100%", "0 to 120"],
        ["60%", "60 to 180"],
    ]
    assert "60% estimated: between 60 and 180" in str(chart.figure.to_dict())
    text = csv(chart).decode("utf-8-sig")
    assert "estimated_share,bound_low,bound_high" in text.splitlines()[0]
    assert bars.area_rates(rows, whole).notes[:2] == chart.notes[:2]


def test_a_chart_of_one_ward_carries_it(split):
    question = Question(*YEAR, area="B")
    chart = small_trend(table(split, question, "month"), answer(split, question))
    assert chart.notes[-1].startswith("60% of the count of Birch was estimated")
    assert "Estimated from where people live" in chart.table


def test_nothing_is_said_where_nothing_is_estimated(make_subject):  # noqa: F811
    subject = make_subject(steady(10) + steady(5, "b1"))
    question = Question(*YEAR)
    chart = maps.ward_map(table(subject, question, "area"), answer(subject, question), squares("A", "B"))
    assert not any("estimated" in note for note in chart.notes)
    assert "Estimated from where people live" not in chart.table
    assert not math.isnan(chart.data["estimated"].sum())


def test_a_chart_of_kinds_names_the_kind_most_estimated_and_says_it_once(make_subject):  # noqa: F811
    subject = make_subject(
        steady(10, category="burglary") + steady(5, "b1", category="burglary") + steady(9, category="robbery"),
        lookup=SPLIT,
    )
    question = Question(*YEAR, area="B")
    chart = bars.category_bars(table(subject, question, "category"), answer(subject, question))
    assert sum(wording.WHY_ESTIMATED in note for note in chart.notes) == 1
    assert "at most 100% (" in chart.notes[0]
    assert "2020)" not in chart.notes[0]
