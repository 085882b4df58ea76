"""Charts of wards and the plain words of a ward's profile, from finished tables written by hand."""

import math

import pandas as pd
import pytest

from csp_data.analysis.control_charts import xmr
from csp_data.analysis.periods import Span
from csp_data.analysis.seasonality import season as season_of
from csp_data.figures import plain, ranks
from tests import made_results

RATE = {**made_results.RATE, "value": 119.7, "denominator": 278566}


def ranked(*rows, **changes):
    """Rows of (code, name, rate, rank, from, to)."""
    made = made_results.wards(
        *[(code, name, value, "available" if value is not None else "withheld") for code, name, value, *_ in rows],
        **{**made_results.RATE, **changes},
    )
    numbers = [[math.nan if n is None else n for n in row[3:]] for row in rows]
    return made.assign(
        rank=[row[0] for row in numbers],
        rank_from=[row[1] for row in numbers],
        rank_to=[row[2] for row in numbers],
        rank_count=[row[0] for row in numbers],
        responded=len(rows),
        asked=len(rows),
        whole=119.7,
        against_whole="higher",
        rank_status=["withheld" if math.isnan(row[0]) else "available" for row in numbers],
        rank_reason=["Withheld so that nobody can be identified." if math.isnan(row[0]) else "" for row in numbers],
    )


# Places


@pytest.mark.parametrize(
    ("place", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
                        (21, "21st"), (22, "22nd"), (111, "111th")],
)  # fmt: skip
def test_ordinals(place, word):
    assert ranks.ordinal(place) == word


def test_a_range_of_one_place_is_that_place():
    assert ranks.range_words(2, 2) == "2nd"
    assert ranks.range_words(3, 7) == "3rd to 7th"
    assert ranks.range_words(math.nan, 7) == ""


def test_the_places_stand_before_the_names_and_in_the_table():
    table = ranked(("E1", "River", 150.0, 1, 1, 1), ("E2", "Watling", 90.0, 2, 2, 3))
    chart = ranks.ward_places(table, made_results.answer(**RATE))
    assert chart.figure.to_dict()["layout"]["yaxis"]["ticktext"] == ["1 River", "2–3 Watling"]
    assert chart.table["Places that chance allows"].tolist() == ["1st", "2nd to 3rd"]
    assert chart.title == "The rate of recorded crimes was highest in River"
    assert any("town centre" in note for note in chart.notes)


def test_withheld_ranks_are_said_and_nowhere_as_numbers():
    table = ranked(("E1", "River", 150.0, None, None, None), ("E2", "Watling", None, None, None, None))
    chart = ranks.ward_places(table, made_results.answer(**RATE))
    assert chart.figure.to_dict()["layout"]["yaxis"]["ticktext"] == ["River", "Watling"]
    assert set(chart.table["Place by rate"]) == {"[c]"}
    assert chart.notes[0] == "Withheld so that nobody can be identified."


def test_one_ward_is_picked_out_among_all():
    table = ranked(("E1", "River", 150.0, 1, 1, 1), ("E2", "Watling", 90.0, 2, 2, 2))
    chart = ranks.one_among_all(table, made_results.answer(**RATE), "E2")
    others, bar, own = chart.figure.to_dict()["data"]
    assert (others["x"], own["x"], bar["x"]) == ([150.0], [90.0], [89.0, 91.0])
    assert [note["text"] for note in chart.figure.to_dict()["layout"]["annotations"]] == [
        "Watling: 90.0", "Medway: 119.7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("per 1,000 residents", "town centre"),
        ("per 1,000 households", "household"),
        ("per 1,000 workday population", "day"),
    ],
)
def test_each_denominator_has_its_caution(unit, said):
    notes = ranks.denominator_notes(unit)
    assert len(notes) == 1
    assert said in notes[0]


# Plain words


def test_a_place_is_counted_from_the_nearer_end():
    assert (
        plain.place(3, 3, 7, 24, "") == "**3rd highest** of 24 wards; allowing for chance, between 3rd and 7th highest."
    )
    assert (
        plain.place(22, 20, 23, 24, "")
        == "**3rd lowest** of 24 wards; allowing for chance, between 2nd and 5th lowest."
    )
    assert plain.place(1, 1, 1, 24, "") == "**Highest** of 24 wards: chance alone would not change that."
    assert plain.place(24, 24, 24, 24, "") == "**Lowest** of 24 wards: chance alone would not change that."
    assert (
        plain.place(5, 1, 24, 24, "")
        == "**5th highest** of 24 wards, but chance alone could put it anywhere among them."
    )
    assert plain.place(22, math.nan, math.nan, 24, "") == (
        "**3rd lowest** of 24 wards. How far chance could move that is not known."
    )
    assert plain.place(math.nan, math.nan, math.nan, 24, "Withheld.") == (
        "Its place among the wards is not given. Withheld."
    )


def test_the_verb_follows_the_test():
    whole = made_results.answer(**RATE)
    assert plain.against_whole("similar", whole) == (
        "About the same as Medway as a whole (119.7): the difference could be chance."
    )
    assert plain.against_whole("lower", whole) == (
        "Lower than Medway as a whole (119.7), by more than chance would explain."
    )
    assert plain.against_whole("", whole) == ""


def test_a_change_in_plain_words():
    changed = made_results.answer(value=33334, **made_results.LOWER)
    assert (
        plain.change(changed)
        == "5% fewer than the 35,088 of April 2018 to March 2019, by more than chance would explain."
    )
    similar = made_results.answer(value=33334, **{**made_results.LOWER, "verdict": "similar"})
    assert plain.change(similar) == (
        "About the same as the 35,088 of April 2018 to March 2019: the difference could be chance."
    )
    few = made_results.answer(
        value=12, **{**made_results.LOWER, "compare_value": 9, "change": 3, "percent_change": None, "verdict": ""}
    )
    assert plain.change(few) == "3 more than the 9 of April 2018 to March 2019."
    assert plain.change(made_results.answer(value=12)) == ""


def test_a_rate_over_part_of_a_year_says_so():
    rate = {**RATE, "value": 45.8, "denominator": 1000.0}
    assert plain.rate(made_results.answer(**rate)) == "**45.8 for every 1,000 residents** (1,000 residents, 2019)."
    part = made_results.answer(**rate, months_expected=6)
    assert plain.rate(part) == "**45.8 for every 1,000 residents** over 6 months (1,000 residents, 2019)."
    withheld = made_results.answer(value_status="withheld", reason="Withheld so that nobody can be identified.")
    assert plain.rate(withheld) == "Withheld so that nobody can be identified."


def test_months_that_are_missing_are_named():
    span = Span("2019-04", "2019-09")
    assert plain.months_held(span, list(span.months)) == "All 6 months are in the data."
    held = ["2019-04", "2019-06", "2019-07", "2019-09"]
    assert plain.months_held(span, held) == (
        "Missing from the data: May 2019 and August 2019 (4 of 6 months are there), so no total is given."
    )


def test_a_ward_that_draws_people_in_by_day_is_named_as_such():
    assert plain.by_day(30120, 17858).startswith(
        "On a working day about 30,100 people are in this ward, against 17,858"
    )
    assert plain.by_day(18000, 17858) == ""
    assert plain.by_day(math.nan, 17858) == ""


def series(values, start="2016-04"):
    return pd.Series(values, index=list(Span(start, "2099-12").months[: len(values)]), dtype=float)


def test_a_season_is_told_only_where_the_test_says_so():
    steady = season_of(series([50, 53, 49, 52, 51] * 8))
    assert plain.season(steady) == "No time of year stands out: the differences between months could be chance."
    assert (
        plain.season(season_of(series([50, 53, 49, 52, 51] * 4)))
        == "There are too few years to say whether the time of year matters."
    )
    wave = season_of(series([50, 50, 50, 50, 90, 50, 50, 50, 50, 50, 20, 50] * 5))
    assert plain.season(wave).startswith("Time of year: usually most in August and fewest in February (")


def test_unusual_months_without_terms_of_the_trade():
    usual = [40, 60] * 12
    assert plain.unusual_months(xmr(series(usual))) == (
        "The latest month is within the usual ups and downs of April 2016 to March 2018."
    )
    assert plain.unusual_months(xmr(series([*usual[:-1], 200]))) == (
        "March 2018 was unusually high (months of April 2016 to March 2018)."
    )
    earlier = plain.unusual_months(xmr(series([*usual[:10], 200, *usual[11:]])))
    assert earlier.endswith("; February 2017 was unusually high.")
    assert plain.unusual_months(xmr(series(usual[:12]))) == "There are too few months to say which are unusual."
    assert plain.unusual_months(xmr(series([50] * 24))) == ""
