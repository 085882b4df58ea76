"""What the public may see of a rounded extract, and an audit of all of it together by integer programming."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from csp_data.analysis import disclosure_audit as audit
from csp_data.analysis.counts import UNALLOCATED, Block
from csp_data.analysis.periods import Span, month_number
from csp_data.analysis.protection import Protection, hidden_together
from csp_data.analysis.results import Question, answer, lines, table
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import descendants
from csp_data.catalogue.partnerships import Partnership, Vintage
from csp_data.figures.chart import NoChart
from csp_data.stories import breakdown, trends, wards_compared

YEAR = Span("2019-04", "2020-03")
QUARTER = Span("2019-04", "2019-06")
TWO_YEARS = Span("2019-04", "2021-03").months


def hidden(**parts):
    return hidden_together({name: np.array(counts, dtype=float) for name, counts in parts.items()})


# What is hidden together


def test_a_small_part_takes_the_smallest_other_with_it():
    assert hidden(a=[3], b=[40], c=[20], d=[0]) == {"a", "c"}
    assert hidden(a=[8], b=[40], c=[0]) == set()


def test_what_is_hidden_together_is_none_or_more_than_7_in_every_window():
    assert hidden(a=[3, 0], b=[9, 2], c=[30, 30]) == {"a", "b", "c"}, "a and b have 2 in the second window"
    assert hidden(a=[3, 0], b=[9, 0], c=[30, 30]) == {"a", "b"}
    assert hidden(a=[3, 0], b=[3, 0], c=[2, 0], d=[30, 30]) == {"a", "b", "c"}, "8 together"
    assert hidden(a=[3, 0], b=[4, 0], c=[30, 30]) == {"a", "b", "c"}, "7 together is withheld by itself"


def test_when_all_parts_with_a_count_are_hidden_so_are_those_without():
    assert hidden(a=[3], b=[9], c=[0]) == {"a", "b", "c"}


def test_a_barred_part_needs_another_beside_it_however_large():
    parts = {"a": np.array([100.0]), "b": np.array([50.0]), "c": np.array([9.0])}
    assert hidden_together(parts, barred=["a"]) == {"a", "c"}


# A block by hand


def blocks(counts, areas=("A", "B"), start="2019-04"):
    """Blocks of the whole and of wards from ward -> type -> a count for every month."""
    types = tuple(dict.fromkeys(kind for of in counts.values() for kind in of))
    months = max(len(series) for of in counts.values() for series in of.values())
    values = np.zeros((months, len(areas) + 1, len(types)))
    for (n, area), (k, kind) in product(enumerate(areas), enumerate(types)):
        series = counts.get(area, {}).get(kind, [0])
        values[: len(series), n, k] = series
    covered = np.ones(months, dtype=bool)
    first = month_number(start)
    whole = Block(first, ("whole",), types, values.sum(axis=1, keepdims=True), covered)
    return whole, Block(first, (*areas, UNALLOCATED), types, values, covered)


def protection(counts, **more):
    return Protection("crime", *blocks(counts, **more))


def test_a_line_is_given_at_the_finest_grain_without_a_small_window():
    found = protection({"A": {"burglary": [20] * 12, "robbery": [3] * 12, "arson": [20] * 12}})
    assert found.shows(Span("2019-05", "2019-05"), "crime")
    assert not found.shows(Span("2019-05", "2019-05"), "robbery"), "3 a month"
    assert found.shows(QUARTER, "robbery"), "9 a quarter"
    assert not found.shows(Span("2019-05", "2019-07"), "robbery"), "no quarter of the year"
    assert found.shows(YEAR, "robbery")


def test_one_year_says_nothing_of_another_and_a_period_over_both_needs_both():
    found = protection({"A": {"burglary": [20] * 24, "arson": [20] * 24, "robbery": [1] * 12 + [10] * 12}})
    assert not found.shows(QUARTER, "robbery")
    assert found.shows(Span("2020-04", "2020-06"), "robbery")
    assert found.shows(Span("2020-05", "2020-05"), "robbery")
    assert not found.shows(Span("2019-07", "2020-06"), "robbery")


def test_a_type_in_a_ward_is_given_by_financial_year_only():
    steady = {"burglary": [20] * 12, "arson": [20] * 12}
    found = protection({"A": steady, "B": steady})
    assert found.shows(YEAR, "burglary", area="A")
    assert not found.shows(QUARTER, "burglary", area="A")
    assert found.shows(QUARTER, "crime", area="A")
    few = protection({"A": steady, "B": {"burglary": [20] * 12, "arson": [0] * 11 + [5]}})
    assert not few.shows(YEAR, "arson", area="B")
    assert not few.shows(YEAR, "arson", area="A"), "the year of both less that of A would be 5"
    assert not few.shows(YEAR, "burglary", area="B"), "all types less burglary would be 5"


def test_months_outside_the_block_are_not_shown():
    assert not protection({"A": {"burglary": [20] * 12}}).shows(Span("2010-04", "2011-03"), "crime")


def test_what_can_be_told_from_a_sensitive_line_s_neighbours_is_hidden_too():
    found = protection(
        {"A": {"rape": [20] * 12, "robbery": [40] * 12, "violence-with-injury": [90] * 12, "burglary": [50] * 12}}
    )
    assert found.shows(YEAR, "rape")
    assert not found.shows(YEAR, "rape", area="A")
    assert not found.shows(QUARTER, "sexual-offences")
    assert not found.shows(QUARTER, "robbery"), "violent crime less the other lines would be sexual offences"
    assert found.shows(QUARTER, "violence-against-the-person")


def test_a_file_of_sensitive_records_only_is_sensitive_as_a_whole():
    found = protection({"A": {"rape": [20] * 12}})
    assert found.shows(YEAR, "crime")
    assert not found.shows(QUARTER, "crime")
    assert not found.shows(YEAR, "crime", area="A")


def test_a_view_is_given_as_a_sensitive_line_is_and_hidden_where_it_or_the_rest_is_small():
    found = protection({"A": {"violence-with-injury": [90] * 12, "most-serious-violence": [20] * 12}})
    assert found.shows(YEAR, "violence-with-injury")
    assert found.shows(YEAR, "most-serious-violence")
    assert not found.shows(QUARTER, "most-serious-violence")
    assert not found.shows(YEAR, "most-serious-violence", area="A")
    nearly_all = protection({"A": {"violence-with-injury": [10] * 12, "most-serious-violence": [10] * 11 + [7]}})
    assert not nearly_all.shows(YEAR, "most-serious-violence"), "violence with injury less this would be 3"


@pytest.mark.parametrize("kind", ["domestic-abuse", "hate-crime", "exploitation", "crimes-against-under-18s"])
def test_sensitive_kinds_without_an_offence_code_are_given_for_the_partnership_and_12_months_only(kind):
    counts = {"violence-with-injury": [90] * 24, "burglary": [50] * 24}
    found = protection({"A": {**counts, kind: [20] * 24}})
    assert found.shows(YEAR, kind)
    assert found.shows(Span("2019-06", "2020-05"), kind), "any 12 months of which each has 8 or more"
    assert not found.shows(Span("2019-04", "2021-03"), kind)
    assert not found.shows(QUARTER, kind)
    assert not found.shows(YEAR, kind, area="A")
    few = protection({"A": {**counts, kind: [2] * 24}})
    assert few.shows(YEAR, kind)
    assert not few.shows(Span("2019-06", "2020-05"), kind), (
        "two years' sums, one after the other, would give months of 2"
    )
    assert not protection({"A": {**counts, kind: [0] * 23 + [7]}}).shows(Span("2020-04", "2021-03"), kind)
    assert not protection({"A": counts}).shows(YEAR, kind), "that nobody marked any is not that there were none"


# The whole gateway


class Held:
    """A release in memory, rounded."""

    id, status, notice = "2026-01-01T000000", "published", ""

    def __init__(self, values, types, rule="rounded"):
        self.partnership = Partnership(
            "town", "Town CSP", "Town", ("E07000001",), "kent", vintages=(Vintage("old", "Old"), Vintage("new", "New"))
        )
        wards, months = values.shape[1], TWO_YEARS[: len(values)]
        cells = [
            (pd.Timestamp(f"{month}-01"), f"s{w}", kind, "kent", values[m, w, k])
            for (m, month), w, (k, kind) in product(enumerate(months), range(wards), enumerate(types))
            if values[m, w, k]
        ]
        codes = [(vintage, f"{vintage}{w}", f"s{w}") for vintage in ("old", "new") for w in range(wards)]
        self.tables = {
            "crime": pd.DataFrame(cells, columns=["month", "small_area", "category", "source", "count"]),
            "ward_lookup": pd.DataFrame(
                [(small_area, vintage, ward, 1.0) for vintage, ward, small_area in codes],
                columns=["small_area", "vintage", "ward_code", "share"],
            ),
            "areas": pd.DataFrame(
                [(ward, ward, "ward", vintage) for vintage, ward, _ in codes],
                columns=["area_code", "name", "area_type", "vintage"],
            ),
            "population": pd.DataFrame(
                [("residents", "E07000001", "", 2019, 30_000, "made up", pd.NaT)],
                columns=["denominator", "area_code", "vintage", "year", "population", "basis", "reference_date"],
            ),
        }
        self.extracts = {"crime": {"months": list(months), "disclosure": rule, "rows": len(cells)}}

    def has(self, name):
        return name in self.tables

    def read(self, name, columns=None):
        return self.tables[name]

    def months(self, name):
        return self.extracts[name]["months"]

    def extract(self, name):
        return self.extracts[name]


TYPES = ("robbery", "burglary", "arson")
SEEN_LINES = ("crime", "violent-crime", "criminal-damage", *TYPES)


def town(seed, means, rule="rounded", months=24):
    chance = np.random.default_rng(seed)
    size = np.array(means) * np.array([[0.5], [1], [2]])
    return Subject(Held(chance.poisson(size, (months, 3, 3)), TYPES, rule))


def cells_of(area, line, span):
    """(ward, type, month) counted in a figure."""
    wards = range(3) if area is None else [int(area[-1])]
    kinds = [kind for kind in TYPES if line == kind or kind in descendants(line)]
    return frozenset(product(wards, kinds, span.months))


def everything_public(subject):
    """Every figure the public can ask for: what is shown of it, what it counts, and its exact count."""
    months = subject.months("crime")
    spans = [Span(months[n], months[n + length - 1]) for length in (1, 3, 12) for n in range(len(months) - length + 1)]
    areas = [None, *(f"{vintage}{ward}" for vintage in ("old", "new") for ward in range(3))]
    for area, line, span in product(areas, SEEN_LINES, spans):
        question = Question("crime", span.start, span.end, area=area, category=line)
        yield answer(subject, question), cells_of(area, line, span)


@pytest.mark.parametrize(("seed", "means"), [(1, (1, 3, 0.3)), (2, (3, 8, 1)), (7, (0.2, 0.3, 9))])
def test_all_that_the_public_sees_together_gives_no_small_count_away(seed, means):
    subject = town(seed, means)
    exact = town(seed, means, rule="open")
    views, withheld = {}, set()
    for figure, cells in everything_public(subject):
        if figure.value_status == "withheld":
            withheld.add(cells)
        else:
            behind = audit.counts_behind(int(figure.value), audit.RULES["hes"])
            views[cells] = audit.View(figure.period, cells, min(behind), max(behind))
    assert not withheld & set(views) - set(views), (
        "the same count is not withheld under one name and shown under another"
    )
    truth = exact.block("crime", "new")
    place = {kind: truth.categories.index(kind) for kind in TYPES if kind in truth.categories}

    def count(cells):
        return sum(
            truth.values[month_number(month) - truth.first_month, ward, place[kind]]
            for ward, kind, month in cells
            if kind in place
        )

    small = sorted(
        (cells for cells in withheld - set(views) if 1 <= count(cells) <= 7), key=lambda c: (-len(c), sorted(c))
    )
    chosen = small[:: len(small) // 20]
    assert len(chosen) >= 20
    assert views
    for cells, (low, high) in zip(chosen, audit.bounds(list(views.values()), chosen), strict=True):
        assert low <= count(cells) <= high
        assert high - low >= audit.WIDTH, sorted(cells)


@pytest.mark.parametrize(("seed", "means", "late"), [(25, (0.5, 0.6, 0.6), 1), (22, (0.5, 0.6, 0.6), 4)])
def test_two_releases_that_differ_by_late_records_give_no_small_count_away(seed, means, late):
    chance = np.random.default_rng(seed)
    first = chance.poisson(np.array(means) * np.array([[0.5], [1], [2]]), (12, 3, 3))
    more = np.zeros_like(first)
    for _ in range(late):
        more[chance.integers(12), chance.integers(3), chance.choice(3)] += 1
    subjects = [Subject(Held(counts, TYPES)) for counts in (first, first + more)]
    hidden = [subject.protection("crime")._years[2019] for subject in subjects]
    assert hidden[0].lines_in_wards != hidden[1].lines_in_wards, "what is hidden changed, or this shows little"
    every = frozenset((1, *cell) for cell in product(range(3), TYPES, TWO_YEARS[:12]))
    views, withheld = {every: audit.View("late", every, late, late)}, set()
    for release, subject in enumerate(subjects):
        for figure, of in everything_public(subject):
            cells = frozenset((held, *cell) for held in range(release + 1) for cell in of)
            if figure.value_status == "withheld":
                withheld.add(cells)
            else:
                behind = audit.counts_behind(int(figure.value), audit.RULES["hes"])
                views[cells] = audit.View(figure.period, cells, min(behind), max(behind))

    def count(cells):
        return sum(
            (first, more)[held][TWO_YEARS.index(month), ward, TYPES.index(kind)] for held, ward, kind, month in cells
        )

    small = sorted(
        (cells for cells in withheld - set(views) if 1 <= count(cells) <= 7), key=lambda c: (-len(c), sorted(c))
    )
    chosen = small[:: len(small) // 16]
    for cells, (low, high) in zip(chosen, audit.bounds(list(views.values()), chosen), strict=True):
        assert low <= count(cells) <= high
        assert high - low >= audit.WIDTH, sorted(cells)


def test_what_differs_only_in_what_is_withheld_looks_the_same_everywhere():
    chance = np.random.default_rng(4)
    counts = chance.poisson(np.array([6, 9, 0.2]) * np.array([[0.5], [1], [2]]), (24, 3, 3))
    other = counts.copy()
    # A robbery in one ward becomes arson and an arson in another robbery, in one month: all margins are as they were.
    month = next(m for m in range(24) if counts[m, 1, 0] and counts[m, 2, 2])
    other[month, [1, 1, 2, 2], [0, 2, 2, 0]] += np.array([-1, 1, -1, 1])
    seen, again = (Subject(Held(values, TYPES)) for values in (counts, other))
    question = Question("crime", TWO_YEARS[0], TWO_YEARS[-1], per="rate", compare="previous-year")
    places = [replace(question, area=f"new{ward}") for ward in range(3)]
    of_types = [replace(each, category=kind) for each in (question, *places) for kind in TYPES]
    for asked in (question, *places, *of_types):
        for by in ("month", "quarter", "financial_year", "rolling12", "category"):
            pd.testing.assert_frame_equal(table(seen, asked, by), table(again, asked, by))
    exact = replace(of_types[-1], role="analyst")
    assert not table(seen, exact, "month").equals(table(again, exact, "month")), "or this shows nothing"
    whole = Span(TWO_YEARS[0], TWO_YEARS[-1])
    stories = [
        *((trends.control_chart, each, whole, "count", (), True) for each in (question, *places, *of_types)),
        *((trends.financial_year_bars, each, whole) for each in of_types),
        *((breakdown.parts, replace(each, start="2020-04", end="2021-03")) for each in (question, *places)),
        (wards_compared.curve, replace(question, category="robbery", start="2020-04", vintage="new")),
    ]
    for story, *asked in stories:
        assert told_of(story, seen, asked) == told_of(story, again, asked), (story.__name__, asked)


def told_of(story, subject, asked):
    """Everything in a chart that reaches the browser or a file; the sentence when there is none."""
    try:
        chart = story(subject, *asked)
    except NoChart as reason:
        return str(reason)
    return chart.figure.to_json(), chart.alt, chart.title, chart.notes, chart.data.to_csv(), chart.table.to_csv()


def test_the_audit_would_find_what_rounding_alone_gives_away():
    hes = audit.RULES["hes"]
    views = [
        audit.View.of("town", "ab", 19, hes),
        audit.View.of("b", "b", 12, hes),
        audit.View("a", frozenset("a"), 1, 7),
    ]
    assert audit.bounds(views, ["a"]) == [(6, 7)]


def test_old_wards_are_withheld_so_that_no_sliver_between_two_ward_sets_is_seen():
    subject = town(1, (20, 30, 20))
    new, old = (Question("crime", YEAR.start, YEAR.end, area=area) for area in ("new2", "old2"))
    assert answer(subject, new).value_status == "available"
    assert answer(subject, old).value_status == "withheld"
    assert answer(subject, old).reason.endswith("these figures are given for the current wards only.")
    assert answer(subject, replace(old, role="partner")).value_status == "available"


def test_every_figure_on_a_withheld_count_is_withheld_and_rates_stand_on_the_protected_count():
    subject = town(1, (20, 30, 0.1))
    question = Question("crime", "2020-04", "2021-03", category="arson", per="rate", compare="previous-year")
    got = answer(subject, question)
    assert got.value_status == "withheld"
    for name in ("value", "numerator", "lower", "upper", "change", "percent_change", "percent_lower", "percent_upper"):
        assert getattr(got, name) is None, name
    assert got.verdict == ""
    assert got.reason
    whole = answer(subject, replace(question, category=None))
    exact = answer(subject, replace(question, category=None, role="analyst"))
    assert whole.numerator != exact.numerator, "the exact count is no multiple of 5, or this shows nothing"
    rounded = 5 * np.floor(exact.numerator / 5 + 0.5)
    assert audit.counts_behind_rate(f"{whole.value:.6f}", 30_000) == (rounded,), (
        "rate × population is the rounded count"
    )
    assert audit.counts_behind_limit(f"{whole.upper:.6f}", 30_000) == (rounded,), "and so is what a limit gives"


def test_a_list_of_types_does_not_show_that_there_are_any_records():
    subject, analyst = town(1, (20, 30, 0)), "analyst"
    assert set(lines(subject, "crime", analyst)) == {"robbery", "burglary"}
    assert "arson" in lines(subject, "crime", "public")
    assert "homicide" in lines(subject, "crime", "public")
    damage = Question("crime", YEAR.start, YEAR.end, category="criminal-damage")
    rows = table(subject, damage, "category")
    assert rows["category"].tolist() == ["arson", "criminal-damage-not-arson", "criminal-damage"]
    assert rows["numerator"].tolist() == [0, 0, 0]
    assert table(subject, replace(damage, role=analyst), "category")["category"].tolist() == ["criminal-damage"]


def test_the_same_question_gets_the_same_answer():
    question = Question("crime", YEAR.start, YEAR.end, area="new1", category="burglary", per="rate")
    assert answer(town(3, (5, 9, 2)), question) == answer(town(3, (5, 9, 2)), question)
