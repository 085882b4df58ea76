"""Questions answered from a release small enough to check by eye."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from csp_data.analysis.periods import Span
from csp_data.analysis.population import Populations
from csp_data.analysis.provenance import of_question
from csp_data.analysis.results import (
    PANDEMIC_BASE,
    Question,
    QuestionError,
    answer,
    answer_on_any_base,
    elsewhere,
    grid,
    lines,
    monthly,
    placed,
    rows_held,
    table,
)
from csp_data.analysis.subject import Subject
from csp_data.catalogue import measures
from csp_data.catalogue.partnerships import Partnership, Vintage
from csp_data.extracts.problems import InputError
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from csp_data.figures.wording import sentence

MONTHS = [f"2019-{m:02d}" for m in range(1, 13)] + [f"2020-{m:02d}" for m in range(1, 13)]


def counts(rows):
    frame = pd.DataFrame(rows, columns=["month", "small_area", "category", "source", "count"])
    frame["month"] = pd.to_datetime(frame["month"] + "-01")
    return frame.astype({"count": "int32"})


@pytest.fixture
def make_subject(tmp_path):
    """A partnership of two wards, A (small area a1) and B (b1), with a third small area in no ward, over two years."""

    def make(crime_rows, disclosure="open", months=MONTHS, lookup=None):
        partnership = Partnership(
            "town", "Town CSP", "Town", ("E07000001",), "kent", vintages=(Vintage("2003", "Old wards"),)
        )
        small = ["a1", "b1", "E07000001", "not_located"]
        tables = {
            "crime": counts(crime_rows),
            "small_areas": pd.DataFrame(
                {
                    "small_area": small,
                    "area_code": ["a1", "b1", "E07000001", ""],
                    "area_type": ["lsoa2011", "lsoa2011", "district", "not_located"],
                    "area_name": "",
                    "district": "E07000001",
                }
            ),
            "ward_lookup": lookup
            if lookup is not None
            else pd.DataFrame(
                {
                    "small_area": ["a1", "b1"],
                    "vintage": "2003",
                    "ward_code": ["A", "B"],
                    "share": 1.0,
                    "method": "nested",
                }
            ),
            "areas": gpd.GeoDataFrame(
                {
                    "area_code": ["A", "B"],
                    "name": ["Ash", "Birch"],
                    "area_type": "ward",
                    "vintage": "2003",
                    "district": "E07000001",
                },
                geometry=[box(0, 51, 1, 52), box(1, 51, 2, 52)],
                crs=4326,
            ),
            "population": pd.DataFrame(
                {
                    "area_code": ["E07000001", "E07000001", "A"],
                    "area_type": ["district", "district", "ward"],
                    "vintage": ["", "", "2003"],
                    "year": [2018, 2020, 2019],
                    "denominator": "residents",
                    "population": [10_000, 12_000, 5_000],
                    "low": [10_000, 12_000, 5_000],
                    "high": [10_000, 12_000, 5_000],
                    "basis": "made up",
                    "reference_date": pd.Timestamp("2019-06-30"),
                    "source": "made up",
                }
            ),
        }
        extracts = {"crime": {"months": months, "disclosure": disclosure, "sources": [{"publisher": "Example force"}]}}
        write_release(tmp_path, partnership, tables, {"extracts": extracts})
        return Subject(Workspace(str(tmp_path)).release("town"))

    return make


def steady(count, small_area="a1", category="robbery", months=MONTHS, source="kent"):
    return [(month, small_area, category, source, count) for month in months]


def test_a_count_is_the_sum_of_a_line_and_all_below_it(make_subject):
    subject = make_subject(steady(1) + steady(2, category="violence-with-injury") + steady(4, category="burglary"))

    def figure(category):
        return answer(subject, Question("crime", "2019-01", "2019-12", category=category)).value

    assert (figure(None), figure("violent-crime"), figure("robbery"), figure("burglary")) == (84, 36, 12, 48)
    assert figure("arson") == 0


def test_the_partnership_holds_what_no_ward_does_and_wards_add_up_with_it(make_subject):
    subject = make_subject(steady(3) + steady(5, "b1") + steady(2, "E07000001") + steady(7, "not_located"))
    rows = table(subject, Question("crime", "2020-01", "2020-12"), by="area")
    assert rows[["area_name", "numerator"]].to_numpy().tolist() == [
        ["Ash", 36],
        ["Birch", 60],
        ["Not allocated to a ward", 24],
    ]
    assert answer(subject, Question("crime", "2020-01", "2020-12")).value == 120
    outside = elsewhere(subject, Question("crime", "2020-01", "2020-12"))
    assert outside.to_numpy().tolist() == [["not located", "kent", 84, "available"]]


def test_british_transport_police_is_in_no_figure_but_is_told(make_subject):
    subject = make_subject(steady(3) + steady(1, source="btp"))
    assert answer(subject, Question("crime", "2020-01", "2020-02")).value == 6
    outside = elsewhere(subject, Question("crime", "2020-01", "2020-02"))
    assert outside.to_numpy().tolist() == [["apart", "btp", 2, "available"]]


def test_a_small_area_split_between_wards_is_shared_and_nothing_is_lost(make_subject):
    lookup = pd.DataFrame(
        {
            "small_area": ["a1", "a1", "b1"],
            "vintage": "2003",
            "ward_code": ["A", "B", "B"],
            "share": [0.25, 0.75, 0.5],
            "method": "population_share",
        }
    )
    rows = table(
        make_subject(steady(4) + steady(2, "b1"), lookup=lookup), Question("crime", "2020-01", "2020-01"), "area"
    )
    assert rows["numerator"].tolist() == [1, 4, 1]


def test_a_rate_names_the_population_under_it(make_subject):
    subject = make_subject(steady(10))
    got = answer(subject, Question("crime", "2019-04", "2020-03", per="rate"))
    assert (got.value, got.numerator, got.denominator) == (12, 120, 10_000)
    assert (got.unit, got.population_year) == ("per 1,000 residents", 2018), "no estimate for 2019: the one before"
    assert answer(subject, Question("crime", "2020-01", "2020-12", per="rate")).population_year == 2020
    # Byar's limits of 120 events: 99.489 and 143.490 (checked against R's epitools::pois.byar and PHE's own tool).
    assert got.lower == pytest.approx(9.949, abs=5e-4)
    assert got.upper == pytest.approx(14.349, abs=5e-4)


def test_a_ward_without_a_population_has_no_rate_and_says_so(make_subject):
    rows = table(make_subject(steady(9, "b1")), Question("crime", "2020-01", "2020-12", per="rate"), "area")
    birch = rows[rows["area_name"] == "Birch"].iloc[0]
    assert birch["value_status"] == "not applicable"
    assert pd.isna(birch["value"])
    assert birch["numerator"] == 108
    assert birch["reason"] == "No rate: there is no population estimate for Birch."


def test_a_total_with_a_missing_month_is_missing_not_smaller(make_subject):
    months = [m for m in MONTHS if m != "2019-06"]
    got = answer(make_subject(steady(3, months=months), months=months), Question("crime", "2019-01", "2019-12"))
    assert (got.value, got.value_status) == (None, "missing")
    assert (got.months_present, got.months_expected) == (11, 12)
    assert got.period == "January to December 2019 (11 of 12 months)"
    assert got.reason == "The data hold 11 of the 12 months of January to December 2019."


def test_a_covered_month_without_a_row_is_zero(make_subject):
    subject = make_subject(steady(3, months=["2019-01"]))
    assert answer(subject, Question("crime", "2019-02", "2019-02")).value == 0


def test_part_years_are_cut_named_and_compared_with_the_same_months(make_subject):
    months = [f"2019-{m:02d}" for m in range(4, 13)] + [f"2020-{m:02d}" for m in range(1, 12)]
    subject = make_subject(steady(10, months=months), months=months)
    rows = table(subject, Question("crime", "2019-04", "2020-11", compare="previous-year"), "financial_year")
    assert rows["period"].tolist() == ["2019/20", "2020/21 (April–November, 8 of 12 months)"]
    assert rows["numerator"].tolist() == [120, 80]
    assert rows["months_present"].tolist() == [12, 8]
    assert rows["compare_numerator"].tolist()[1] == 80
    assert rows["change_reason"].tolist() == ["Not compared: the data do not hold all of April 2018 to March 2019.", ""]


def test_change_follows_the_test_and_small_bases_get_no_percentage(make_subject):
    rows = steady(10, months=MONTHS[:12]) + steady(20, months=MONTHS[12:])
    got = answer(make_subject(rows), Question("crime", "2020-01", "2020-12", compare="previous-year"))
    assert (got.change, got.percent_change, got.verdict) == (120, 100, "higher")
    small = answer(make_subject(rows), Question("crime", "2020-01", "2020-03", compare="previous-year"))
    assert (small.change, small.percent_change, small.verdict) == (30, None, "higher")
    assert small.change_reason == "No percentage is given on a base of under 50."
    alike = answer(make_subject(steady(10)), Question("crime", "2020-01", "2020-12", compare="previous-year"))
    assert (alike.percent_change, alike.verdict) == (0, "similar")


def test_a_change_of_rate_across_a_new_basis_of_the_population_is_cautioned(make_subject):
    subject = make_subject(steady(50, months=[*MONTHS, "2018-12"]), months=["2018-12", *MONTHS])
    question = Question("crime", "2020-01", "2020-12", per="rate", compare="previous-year")
    assert answer(subject, question).caution == "", "both bases are 'made up'"
    table_ = subject.release.read("population")
    table_.loc[table_["year"] == 2018, "basis"] = "an older basis"
    subject = Subject(subject.release)
    subject.populations = Populations(table_)
    assert "different bases (2020: made up; 2018: an older basis)" in answer(subject, question).caution


def with_population(subject, *rows):
    """The subject with these rows of the population table instead: area, ward set, year, denominator, how many."""
    columns = ["area_code", "vintage", "year", "denominator", "population"]
    more = pd.DataFrame(rows, columns=columns).assign(basis="made up", reference_date=pd.NaT)
    subject.populations = Populations(more)
    return subject


def test_a_rate_per_household_or_workday_population_stands_on_that_and_no_other(make_subject):
    subject = with_population(
        make_subject(steady(10) + steady(5, "b1")),
        ("E07000001", "", 2019, "residents", 10_000),
        ("E07000001", "", 2018, "households", 4_000),
        ("A", "2003", 2011, "workday", 60_000),
    )
    question = Question("crime", "2019-04", "2020-03", per="rate")
    got = answer(subject, replace(question, denominator="households"))
    assert (got.value, got.denominator, got.population_year) == (45, 4_000, 2018)
    assert (got.unit, got.denominator_name) == ("per 1,000 households", "households")
    residents = answer(subject, question)
    assert (residents.value, residents.unit, residents.denominator_name) == (18, "per 1,000 residents", "residents")
    assert answer(subject, replace(question, per="count")).denominator_name == ""
    by_ward = table(subject, replace(question, denominator="workday"), "area")
    assert by_ward["value"].tolist()[0] == 2
    assert by_ward["unit"].unique().tolist() == ["per 1,000 workday population"]
    assert by_ward["reason"].tolist()[1] == "No rate: there is no estimate of the workday population for Birch."


def test_a_release_without_households_says_so(make_subject):
    got = answer(
        make_subject(steady(10)), Question("crime", "2019-04", "2020-03", per="rate", denominator="households")
    )
    assert (got.value, got.numerator, got.value_status) == (None, 120, "not applicable")
    assert got.reason == "No rate: this release does not hold the number of households."


def test_a_measure_may_be_counted_per_100_000(make_subject, monkeypatch):
    monkeypatch.setitem(measures.MEASURES, "crime", replace(measures.MEASURES["crime"], per=100_000))
    got = answer(make_subject(steady(1)), Question("crime", "2020-01", "2020-12", per="rate"))
    assert (got.value, got.unit) == (100, "per 100,000 residents")


def test_a_comparison_that_crosses_an_event_names_it(make_subject):
    subject = make_subject(steady(10))
    dates = [
        ("2020-03-23", "2020-07-03", "First"),
        ("2020-11-05", "2020-12-01", "Second"),
        ("2020-05-01", None, "Third"),
    ]
    dates.append(("2020-06-01", None, "Fourth"))
    subject.events = pd.DataFrame(
        [(pd.Timestamp(s), pd.Timestamp(e) if e else pd.NaT, "lockdown", n, "", "all") for s, e, n in dates],
        columns=["start", "end", "kind", "label", "note", "datasets"],
    )
    question = Question("crime", "2020-03", "2020-03")
    alone = answer(subject, question)
    assert (alone.events, alone.caution) == ("First (23 March 2020 to 3 July 2020)", "")
    compared = answer(subject, replace(question, compare="previous-year"))
    assert compared.caution == "The comparison crosses: First (23 March 2020 to 3 July 2020)."
    assert compared.caution in sentence(compared)
    year = answer(subject, Question("crime", "2020-01", "2020-12", compare="previous-year"))
    assert year.events.count(";") == 3
    assert year.caution.endswith("Third (1 May 2020); Fourth (1 June 2020); and 1 more.")
    months = table(subject, Question("crime", "2020-01", "2020-03", compare="previous-year"), "month")
    assert [bool(caution) for caution in months["caution"]] == [False, False, True]
    before = answer(subject, Question("crime", "2019-01", "2019-03", compare="previous-year"))
    assert (before.events, before.caution) == ("", ""), "not compared: the data do not hold it"


def test_calendar_years_and_years_to_date_compare_the_same_months(make_subject):
    months = [f"{year}-{m:02d}" for year in (2016, 2017, 2018) for m in range(1, 13)][3:-7]
    subject = make_subject(steady(10, months=months), months=months)
    question = Question("crime", "2016-04", "2018-05", compare="previous-year")
    years = table(subject, question, "calendar_year")
    assert years["period"].tolist() == [
        "2016 (April–December, 9 of 12 months)", "2017", "2018 (January–May, 5 of 12 months)",
    ]  # fmt: skip
    assert years["numerator"].tolist() == [90, 120, 50]
    assert years["compare_numerator"].tolist()[2] == 50
    assert years["change_reason"].tolist()[1] == "Not compared: the data do not hold all of January to December 2016."
    to_date = table(subject, question, "year_to_date")
    assert to_date["period"].tolist() == ["April to May 2016", "April to May 2017", "April to May 2018"]
    assert to_date["numerator"].tolist() == [20, 20, 20]
    assert to_date["compare_numerator"].tolist()[1:] == [20, 20]


def test_nothing_is_compared_with_the_pandemic_save_to_check_what_was_written(make_subject):
    months = Span("2019-04", "2022-03").months
    subject = make_subject(steady(10, months=months), months=months)
    after = Question("crime", "2021-04", "2022-03", compare="previous-year")
    got = answer(subject, after)
    assert (got.verdict, got.change, got.compare_value, got.change_reason) == ("", None, None, PANDEMIC_BASE)
    assert got.compare_period == "April 2020 to March 2021"
    checked = answer_on_any_base(subject, after)
    assert (checked.verdict, checked.change, checked.percent_change) == ("similar", 0, 0)
    during = answer(subject, replace(after, start="2020-04", end="2021-03"))
    assert during.verdict == "similar"  # with the year ending March 2020, under whatever name
    assert answer(subject, replace(after, compare="pre-pandemic")).compare_value == 120


def test_a_line_out_of_use_is_no_nought_in_any_figure(make_subject):
    months = Span("2016-04", "2018-03").months
    rows = [*steady(10, category="burglary-dwelling", months=months[:12]), *steady(9, months=months)]
    subject = make_subject(rows, months=months)
    after = Question("crime", "2017-04", "2018-03", category="burglary-dwelling", vintage="2003")
    got = answer(subject, after)
    assert (got.value, got.value_status) == (None, "not applicable")
    assert got.reason == "The police did not use the line 'Burglary dwelling' in the period (used to March 2017)."
    assert grid(subject, [after]).statuses.tolist() == [["not applicable"]] * 2
    kinds = table(subject, replace(after, category="burglary"), "category").set_index("category")
    assert kinds.loc["burglary-dwelling", "value_status"] == "not applicable"
    assert answer(subject, replace(after, start="2017-03")).value == 10  # it was used in part


def test_a_line_is_not_compared_with_a_time_before_the_police_used_it(make_subject):
    months = [f"{y}-{m:02d}" for y in (2016, 2017) for m in range(4, 13)]
    subject = make_subject(steady(10, category="burglary-residential", months=months[9:]), months=months)
    got = answer(
        subject,
        Question("crime", "2017-04", "2017-12", category="burglary-residential", compare="previous-year"),
    )
    assert (got.value, got.compare_numerator, got.verdict) == (90, None, "")
    assert "did not use the line 'Burglary residential'" in got.change_reason


def test_rounded_counts_hide_small_numbers_and_all_made_of_them(make_subject):
    rows = steady(1, months=MONTHS[3:6]) + steady(2, "b1", months=MONTHS[3:15]) + steady(4, "E07000001")
    subject = make_subject(rows, disclosure="rounded")
    year = Question("crime", "2019-04", "2020-03", compare="previous-year", per="rate")
    ash, birch, rest = (row for _, row in table(subject, year, "area").iterrows())
    assert (ash["value_status"], birch["value_status"], rest["numerator"]) == ("withheld", "withheld", 50)
    hidden = ["value", "numerator", "lower", "upper", "change", "percent_change"]
    assert ash[hidden].isna().all()
    assert birch[hidden].isna().all(), "with the 24 of Birch the 3 of Ash could be worked out from the 75"
    assert ash["verdict"] == ""
    assert answer(subject, replace(year, per="count")).value == 75, "3 + 24 + 48 from exact counts, then rounded"
    seen = answer(subject, replace(year, per="count", area="A", role="analyst"))
    assert (seen.value, seen.value_status) == (3, "available")


def test_what_is_in_no_figure_passes_the_gateway_too(make_subject):
    rows = steady(1, "not_located", months=MONTHS[3:6]) + steady(4, source="btp")
    subject = make_subject(rows + steady(9), disclosure="rounded")
    subject.release.extract("crime")["placed"] = {"read": 280, "lsoa": 216, "district": 61, "not_located": 3}
    question = Question("crime", "2019-04", "2020-03")
    assert elsewhere(subject, question)["value_status"].tolist() == ["withheld", "withheld"]
    assert elsewhere(subject, question)["records"].isna().all()
    assert elsewhere(subject, replace(question, role="analyst"))["records"].tolist() == [3, 48]
    only = make_subject(steady(4, source="btp") + steady(9), disclosure="rounded")
    assert elsewhere(only, question)["records"].tolist() == [50], "48 to the nearest 5"
    seen = placed(subject, "crime", "public")
    assert (seen["read"], seen["lsoa"]) == (280, 215)
    assert pd.isna(seen["not_located"])
    assert pd.isna(seen["district"]), "280 less 216 less 61 would be 3"
    assert placed(subject, "crime", "analyst")["not_located"] == 3


def test_rows_of_tables_and_files_are_counts_of_records_too(make_subject):
    subject = make_subject(steady(1), disclosure="rounded")
    subject.release.extract("crime")["sources"] = [{"rows": 3829, "sha256": "of a guess"}, {"rows": 3}, {}]
    total, of_files = rows_held(subject, "crime", "public")
    assert pd.isna([total, *of_files]).all()
    told = of_question(subject, Question("crime", "2019-04", "2020-03")).extracts[0]
    assert (told.sha256, told.files[0].sha256) == ("", ""), "a hash confirms a guess of what is in the file"
    assert of_question(subject, Question("crime", "2019-04", "2020-03", role="analyst")).extracts[0].files[0].sha256
    assert rows_held(subject, "crime", "analyst")[1][:2] == [3829, 3]
    assert rows_held(make_subject(steady(1)), "crime", "public")[0] == 24, "open"


def test_what_is_marked_as_a_sensitive_kind_counts_once(make_subject):
    marked = steady(2, "not_located") + steady(2, "not_located", category="domestic-abuse") + steady(9)
    subject = make_subject(marked + steady(3, category="domestic-abuse"), disclosure="rounded")
    year = Question("crime", "2019-04", "2020-03", role="analyst")
    assert elsewhere(subject, year)["records"].tolist() == [24]
    assert answer(subject, year).value == 108
    abuse = replace(year, category="domestic-abuse")
    assert answer(subject, abuse).value == 36
    assert answer(subject, replace(abuse, role="public")).value == 35, (
        "to the nearest 5, for the partnership and a year"
    )
    assert answer(subject, replace(abuse, role="public", area="A")).value_status == "withheld"
    assert answer(subject, replace(abuse, role="public", end="2019-06")).value_status == "withheld"
    assert "domestic-abuse" in lines(make_subject(steady(9), disclosure="rounded"), "crime", "public"), (
        "as if there were any"
    )


def test_the_kinds_under_a_line_add_up_to_it_with_what_is_not_split_further(make_subject):
    rows = steady(3, category="burglary") + steady(1, category="burglary-residential", months=MONTHS[:3])
    subject = make_subject(rows + steady(7, "b1"))
    question = Question("crime", "2019-01", "2019-12", category="burglary")
    kinds = table(subject, question, "category")
    assert kinds["category_label"].tolist() == ["Burglary residential", "Not split further"]
    assert kinds["numerator"].tolist() == [3, 36]
    assert kinds["numerator"].sum() == answer(subject, question).numerator
    assert kinds["category"].tolist()[1] == "burglary"
    alone = table(subject, replace(question, category="robbery", area="B"), "category")
    assert alone[["category_label", "numerator"]].to_numpy().tolist() == [["Not split further", 84]]
    tops = table(subject, replace(question, category=None), "category")
    assert tops["category_label"].tolist() == ["Violent crime", "Burglary"], "every count is on a line below"


def test_a_period_without_a_whole_quarter_has_no_quarters(make_subject):
    assert table(make_subject(steady(1)), Question("crime", "2019-02", "2019-02"), "quarter").empty


def test_the_public_cannot_choose_months_so_freely_that_rounding_gives_way(make_subject):
    subject = make_subject(steady(20) + steady(9, "not_located"), disclosure="rounded")

    def asked(end, **more):
        return Question("crime", "2019-01", end, **more)

    seen = {end: answer(subject, asked(end)).value_status for end in MONTHS[:14]}
    assert [end for end, status in seen.items() if status == "available"] == ["2019-01", "2019-03", "2019-12"]
    told = answer(subject, asked("2019-05"))
    assert told.numerator is None
    assert told.reason == ("Withheld so that nobody can be identified: these figures are given over 1, 3 or 12 months.")
    year = Question("crime", "2019-04", "2020-03")
    assert elsewhere(subject, year)["value_status"].tolist() == ["available"]
    for end in ("2019-03", "2019-05", "2019-12"):
        assert elsewhere(subject, asked(end))["value_status"].tolist() == ["withheld"]
        assert elsewhere(subject, asked(end))["records"].isna().all()
    assert answer(subject, asked("2019-05", role="analyst")).value == 100
    assert answer(make_subject(steady(20)), asked("2019-05")).value == 100, "open data are open"


def test_sensitive_kinds_are_shown_to_the_public_only_for_the_partnership_and_a_year(make_subject):
    subject = make_subject(steady(20, category="rape"), disclosure="rounded")

    def status(**more):
        question = {"start": "2020-01", "end": "2020-12", "category": "rape"} | more
        return answer(subject, Question("crime", **question)).value_status

    assert status() == "available"
    assert status(area="A") == "withheld"
    assert status(end="2020-03") == "withheld"
    assert status(area="A", role="partner") == "available"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question("noise", "2020-01", "2020-12"), "There is no measure 'noise'. Choose one of: crime, asb."),
        (Question("crime", "2020-13", "2020-12"), "'2020-13' is not a month: write it as 2019-04"),
        (Question("crime", "2020-12", "2020-01"), "the period ends (2020-01) before it starts (2020-12)"),
        (Question("asb", "2020-01", "2020-12"), "Town has no data on ASB incidents in this release."),
        (
            Question("crime", "2020-01", "2020-12", area="Ash"),
            "Ash is not a ward of Town in the set '2003'. Give the code of one of: A (Ash), B (Birch).",
        ),
        (
            Question("crime", "2020-01", "2020-12", role="mayor"),
            "There is no role 'mayor'. Choose one of: public, partner, analyst.",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_what_would(make_subject, question, sentence):
    with pytest.raises(QuestionError) as error:
        answer(make_subject(steady(1)), question)
    assert str(error.value) == sentence


@pytest.mark.parametrize("name", ["../town", "town/..", "", ".", "..\\town"])
def test_names_cannot_lead_out_of_the_workspace(make_subject, tmp_path, name):
    make_subject(steady(1))
    workspace = Workspace(str(tmp_path))
    with pytest.raises(InputError, match="not the name of a partnership or release"):
        workspace.release("town", name)
    with pytest.raises(InputError, match="not the name of a partnership or release"):
        workspace.release(name)


def test_a_grid_has_the_values_of_the_tables_it_stands_for(make_subject):
    subject = make_subject(steady(3) + steady(5, "b1") + steady(4, "b1", category="burglary"))
    questions = [
        Question("crime", "2019-04", "2019-06", per=per, category=category)
        for per in ("count", "rate")
        for category in (None, "burglary")
    ]
    found = grid(subject, questions)
    for number, question in enumerate(questions):
        rows = table(subject, question, "area")
        rows = rows[rows["area"] != "unallocated"]
        assert list(rows["area"]) == list(found.areas)
        assert list(rows["area_name"]) == list(found.names)
        np.testing.assert_array_equal(rows["value"].to_numpy(), found.values[:, number])
        assert list(rows["value_status"]) == list(found.statuses[:, number])


@pytest.mark.parametrize("changes", [{}, {"area": "A"}, {"per": "rate"}, {"per": "rate", "area": "A"}])
def test_monthly_has_the_values_of_the_table_by_month(make_subject, changes):
    subject = make_subject(steady(3) + steady(5, "b1"))
    question = Question("crime", "2018-11", "2019-06", **changes)  # two months are not held
    rows = table(subject, question, "month")
    values, statuses = monthly(subject, question)
    assert values.index.tolist() == rows["period_start"].tolist()
    np.testing.assert_array_equal(values.to_numpy(), rows["value"].to_numpy())
    assert statuses.tolist() == rows["value_status"].tolist()
    assert "missing" in statuses and values.index.name == "month"


def test_a_table_that_somebody_changes_is_not_changed_for_the_next(make_subject):
    subject = make_subject(steady(3) + steady(5, "b1") + steady(4, "b1", category="burglary"))
    question = Question("crime", "2019-04", "2019-06")
    mine = table(subject, question, "month")
    mine["value"] = -1.0
    assert (table(subject, question, "month")["value"] != -1.0).all()
