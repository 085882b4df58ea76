"""Each fault is planted alone in a good table of two or three rows, and told in one sentence."""

import geopandas
import pandas as pd
import pytest
from shapely import box

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.contracts import LISTED, problems_of

CRIME = DATASETS["crime"]


def crime(**columns) -> pd.DataFrame:
    """Two good rows: burglary and robbery in one LSOA in April 2019, with the columns given put in their place."""
    return pd.DataFrame(
        {
            "month": pd.to_datetime(["2019-04-01", "2019-04-01"]),
            "small_area": ["E01016016", "E01016016"],
            "category": ["burglary", "robbery"],
            "source": ["kent", "kent"],
            "count": [3, 1],
        }
        | columns
    )


def told(table: pd.DataFrame, dataset: str = "crime") -> list[str]:
    return [str(problem) for problem in problems_of(table, DATASETS[dataset], f"{dataset}.parquet")]


def test_a_good_table_has_no_problem():
    assert told(crime()) == []


def test_text_packed_as_codes_is_text():
    assert told(crime().astype({"category": "category", "source": "category"})) == []


def test_a_missing_column_is_named():
    (sentence,) = told(crime().drop(columns="source"))
    assert sentence.startswith("crime.parquet: the column 'source' is missing. Add it: Who recorded it")


def test_a_column_outside_the_contract_is_a_warning():
    (problem,) = problems_of(crime(offence=["a", "b"]), CRIME, "crime.parquet")
    assert problem.severity == "warning"
    assert "the column 'offence' is not in the contract of 'crime'" in problem.what


@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        ("month", ["2019-04", "2019-04"], "the column 'month' holds str, such as '2019-04'"),
        ("month", pd.to_datetime(["2019-04-01", "2019-04-01"], utc=True), "the column 'month' holds datetime64"),
        ("category", [1, 2], "the column 'category' holds int64, such as "),
        ("category", ["burglary", 2], "the column 'category' holds object, such as 'burglary'"),
        ("count", [1.5, 2.0], "the column 'count' holds float64, such as "),
        ("count", ["1", "2"], "the column 'count' holds str, such as '1'"),
        ("count", [True, False], "the column 'count' holds bool, such as "),
    ],
)
def test_a_wrong_type_is_named_with_an_example(column, values, what):
    (problem,) = problems_of(crime(**{column: values}), CRIME, "crime.parquet")
    assert what in problem.what
    assert problem.remedy.startswith("Give ")


def test_an_unknown_category_is_named_with_its_row():
    (sentence,) = told(crime(category=["burglary", "piracy"]))
    assert sentence.startswith(
        "crime.parquet, row 2: 'category' is 'piracy', which is not a known code. Use one of the "
    )


def test_a_category_of_another_dataset_is_unknown():
    (problem,) = problems_of(crime(category=["burglary", "asb-personal"]), CRIME, "crime.parquet")
    assert problem.row == 2


def test_many_unknown_codes_do_not_hide_the_rest():
    names = [f"unknown-{number}" for number in range(LISTED + 2)]
    table = pd.concat([crime().head(1)] * len(names), ignore_index=True).assign(category=names, count=-1)
    sentences = told(table)
    assert sum("not a known code" in sentence for sentence in sentences) == LISTED
    assert any("'category' has 2 more unknown codes in 2 rows" in sentence for sentence in sentences)
    assert any("'count' is -1, a negative number (and 6 more rows)" in sentence for sentence in sentences)


def test_a_value_outside_a_short_list_is_answered_with_the_list():
    events = pd.DataFrame(
        {
            "start": pd.to_datetime(["2020-03-23"]),
            "end": pd.to_datetime([None]),
            "kind": ["curfew"],
            "label": ["First lockdown"],
            "note": [""],
            "datasets": ["all"],
        }
    )
    assert told(events, "events") == [
        "events.parquet, row 1: 'kind' is 'curfew', which is not a known code. "
        "Use one of: lockdown, recording change, boundary change, system change."
    ]


def test_two_rows_of_one_grain_are_a_problem():
    assert told(crime(category=["robbery", "robbery"])) == [
        "crime.parquet, row 2: there is another row for month 2019-04-01, small_area 'E01016016', category 'robbery', "
        "source 'kent'. Keep one row for a month, small area, category and source: add the numbers up if both are "
        "right."
    ]


def test_a_negative_count_is_a_problem():
    (sentence,) = told(crime(count=[3, -2]))
    assert sentence.startswith("crime.parquet, row 2: 'count' is -2, a negative number. Give 0 or more")


def test_an_empty_value_is_a_problem_only_where_the_contract_wants_one():
    (sentence,) = told(crime(small_area=["E01016016", None]))
    assert sentence == "crime.parquet, row 2: 'small_area' is empty. Give a value, or leave the row out."
    (sentence,) = told(crime(small_area=["E01016016", "  "]))
    assert sentence.startswith("crime.parquet, row 2: 'small_area' is empty.")
    places = pd.DataFrame(
        {
            "small_area": ["not_located"],
            "area_code": [None],
            "area_type": ["not_located"],
            "area_name": [""],
            "district": [None],
        }
    )
    assert told(places, "small_areas") == []


def test_an_empty_count_is_a_problem():
    (sentence,) = told(crime(count=pd.array([3, None], dtype="Int32")))
    assert sentence.startswith("crime.parquet, row 2: 'count' is empty.")


def test_a_day_inside_a_month_is_a_problem():
    (problem,) = problems_of(crime(month=pd.to_datetime(["2019-04-01", "2019-04-15"])), CRIME, "crime.parquet")
    assert (problem.row, problem.what) == (2, "'month' is 2019-04-15 00:00, which is not the start of a month")


def test_a_share_without_end_is_a_problem():
    lookup = pd.DataFrame(
        {
            "small_area": ["E01016016"],
            "vintage": ["2023"],
            "ward_code": ["E05014450"],
            "share": [float("inf")],
            "method": ["best_fit"],
        }
    )
    assert told(lookup, "ward_lookup") == ["ward_lookup.parquet, row 1: 'share' is not a finite number. Give a number."]


def test_a_required_table_without_rows_is_a_problem_and_an_optional_one_is_not():
    assert told(crime().head(0)) == []
    empty = pd.DataFrame({column: [] for column in DATASETS["small_areas"].column_names})
    assert told(empty, "small_areas") == ["small_areas.parquet: the table has no rows. Give a row for a small area."]


def test_outlines_are_outlines():
    areas = geopandas.GeoDataFrame(
        {
            "area_code": ["E05000001"],
            "name": ["A"],
            "area_type": ["ward"],
            "vintage": ["2023"],
            "district": ["E06000035"],
        },
        geometry=[box(0, 51, 1, 52)],
        crs=4326,
    )
    assert told(areas, "areas") == []
    assert "'geometry' is empty" in told(areas.set_geometry(geopandas.GeoSeries([None], crs=4326)), "areas")[0]
    text = pd.DataFrame(areas.drop(columns="geometry")).assign(geometry="POLYGON")
    assert "the column 'geometry' holds str" in told(text, "areas")[0]


def test_all_problems_are_told_at_once():
    table = crime(count=[-1, 2], category=["piracy", "robbery"]).drop(columns="source")
    assert [problem.what.split(" is ")[0] for problem in problems_of(table, CRIME, "crime.parquet")] == [
        "the column 'source'",
        "'category'",
        "'count'",
    ]


def test_the_table_is_left_as_it_was():
    table = crime(count=[-1, 2])
    before = table.copy(deep=True)
    problems_of(table, CRIME, "crime.parquet")
    pd.testing.assert_frame_equal(table, before)


def peers(**columns) -> pd.DataFrame:
    """Two good rows of two measures, one of an area that did not respond."""
    return pd.DataFrame(
        {
            "group": ["Alike", "Alike"],
            "area_code": ["E07000001", "E07000001"],
            "area_name": ["Town", "Town"],
            "measure": ["crime", "asb"],
            "category": ["burglary", "asb-personal"],
            "period_start": pd.to_datetime(["2019-04-01", "2019-04-01"]),
            "period_end": pd.to_datetime(["2020-03-01", "2020-03-01"]),
            "count": [30.0, None],
            "population": pd.array([1000, None], dtype="Int64"),
            "population_year": pd.array([2019, None], dtype="Int64"),
            "source": ["ONS", "ONS"],
        }
        | columns
    )


def test_whole_numbers_may_have_gaps_where_the_column_may_be_empty():
    assert told(peers(), "peers") == []
    # As a writer without a type for gaps gives them back.
    assert told(peers(population=[1000.0, None]), "peers") == []
    (sentence,) = told(peers(population=[1000.5, None]), "peers")
    assert "the column 'population' holds float64, such as " in sentence
    (sentence,) = told(peers(population_year=pd.array([1900, None], dtype="Int64")), "peers")
    assert "row 1: 'population_year' is 1900, less than 1981" in sentence


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (
            {"category": ["burglary", "robbery"]},
            "row 2: 'category' is 'robbery', which the measure 'asb' does not count. ",
        ),
        ({"category": ["burglary", "piracy"]}, "row 2: 'category' is 'piracy', which is not a known code. "),
        (
            {"measure": ["crime", "fires"]},
            "row 2: 'measure' is 'fires', which is not a known code. Use one of: crime, asb",
        ),
    ],
)
def test_a_category_is_a_line_that_the_measure_of_its_row_counts(columns, sentence):
    (found,) = told(peers(**columns), "peers")
    assert sentence in found


def test_an_empty_cell_is_no_unknown_value():
    risks = pd.DataFrame(
        {
            "assessed": pd.to_datetime(["2024-10-01", "2024-10-01"]),
            "risk": ["a", "b"],
            "description": None,
            "action": "",
            "likelihood": ["", None],
            "impact": ["IV", ""],
            "rating": ["Low", "Low"],
            "source": None,
        }
    )
    assert told(risks, "risks") == []
    assert (
        "row 1: 'impact' is 'V', which is not a known code. Use one of: I, II, III, IV"
        in told(risks.assign(impact=["V", ""]), "risks")[0]
    )
