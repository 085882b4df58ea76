"""Tables on the product's templates: what is read, and each fault told with file, row, column and remedy."""

import pandas as pd
import pytest

from csp_data.catalogue.datasets import DATASETS, TEMPLATES
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.templates import read_date, read_number, read_template, template_text

GRANTS = 'year,funder,kind,pot,amount\n2024/25,PCC,allocation,,"£106,460"\n2024/25,PCC,Pot,Tactical,35487.5\n'


def write(tmp_path, text: str, name: str = "supplied.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def fault(path, dataset: str, **options) -> str:
    with pytest.raises(InputError) as caught:
        read_template(path, dataset, **options)
    return str(caught.value)


@pytest.mark.parametrize("dataset", TEMPLATES)
def test_the_example_of_every_template_is_read_and_keeps_its_contract(tmp_path, dataset):
    text = template_text(dataset).replace("# ", "", 1)
    supplied = read_template(write(tmp_path, text), dataset)
    assert supplied.rows == 1
    table = supplied.table.drop(columns="row")
    assert problems_of(table, DATASETS[dataset], "x.parquet") == []


@pytest.mark.parametrize("dataset", TEMPLATES)
def test_a_template_as_written_holds_no_row(tmp_path, dataset):
    assert "has a heading but no rows" in fault(write(tmp_path, template_text(dataset)), dataset)


def test_a_template_explains_every_column():
    lines = template_text("grants").splitlines()
    assert lines[0] == "year,funder,kind,pot,project,lead,plan,priority,amount,note,source"
    assert lines[1].startswith("# 2024/25,Police and Crime Commissioner,award,")
    assert '"# amount (number of £, needed): Pounds."' in lines
    assert any(line.endswith('One of: allocation, pot, award, available."') for line in lines)


def test_money_capitals_and_columns_left_out(tmp_path):
    table = read_template(write(tmp_path, GRANTS), "grants").table
    assert table["amount"].tolist() == [106460.0, 35487.5]
    assert table["kind"].tolist() == ["allocation", "pot"]
    assert table["note"].tolist() == ["", ""]
    assert table["row"].tolist() == [2, 3]


def test_dates_months_and_the_percent_sign_where_the_unit_is_percent(tmp_path):
    heading = "figure,label,theme,agency,area_name,period_start,period_end,value,unit,sensitive,source\n"
    text = heading + "a,A,iom,X,Town,01/04/2019,2020-03-31,79%,%,Yes,Return\n"
    row = read_template(write(tmp_path, text), "partner_figures").table.iloc[0]
    assert (row["period_start"], row["period_end"]) == (pd.Timestamp(2019, 4, 1), pd.Timestamp(2020, 3, 31))
    assert (row["value"], row["sensitive"]) == (79.0, "yes")
    assert pd.isna(row["base"])
    sentence = fault(write(tmp_path, text.replace("79%,%", "79%,people")), "partner_figures")
    assert sentence.endswith(
        "supplied.csv, row 2: the column 'value' is '79%', which is not a number. Give the number alone, or leave it "
        "empty where there is none."
    )


def test_an_empty_number_is_missing_and_not_zero(tmp_path):
    text = (
        "group,area_code,area_name,measure,category,period_start,period_end,count,population,population_year,source\n"
        'Unitary,E06000001,A,Recorded crime,Burglary,April 2019,2020-03,,"150,000",2019,ONS\n'
        "Unitary,E06000002,B,crime,crime,2019-04,2020-03,0,,,ONS\n"
    )
    table = read_template(write(tmp_path, text), "peers").table
    assert table["count"].isna().tolist() == [True, False]
    assert table["population"].dtype == "Int64"
    assert table["population"].isna().tolist() == [False, True]
    assert table.loc[0, ["measure", "category"]].tolist() == ["crime", "burglary"]
    assert table.loc[0, "period_start"] == pd.Timestamp(2019, 4, 1)


def test_values_that_every_row_shares_may_be_given_apart(tmp_path):
    text = "kind,amount\nallocation,100\n"
    table = read_template(write(tmp_path, text), "grants", fixed={"year": "2024/25", "funder": "PCC"}).table
    assert table.loc[0, ["year", "funder", "kind"]].tolist() == ["2024/25", "PCC", "allocation"]


def test_comments_are_not_read_and_rows_keep_their_line(tmp_path):
    text = GRANTS.replace("\n2024", "\n# a remark\n2024", 1)
    assert read_template(write(tmp_path, text), "grants").table["row"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind,pot", "kind,pott", "the column 'pott' is not one of the template 'grants'. Rename it 'pot'."),
        ("year,", "yr,", "the column 'yr' is not one of the template 'grants'. Rename it 'year'."),
        ("kind,pot", "kind,colour", "the column 'colour' is not one of the template 'grants'. Delete the column"),
        ("2024/25,PCC,allocation", ",PCC,allocation", "row 2: the column 'year' is empty. Fill it: Financial year"),
        ("allocation", "all", "row 2: the column 'kind' is 'all', which is not one of its values. Use one of: alloc"),
        ("35487.5", "about 35k", "row 3: the column 'amount' is 'about 35k', which is not a number. Give the number"),
        ("Pot,Tactical", "allocation,", "row 3: there is another row for year '2024/25', funder 'PCC', kind"),
    ],
)
def test_each_fault_is_told_with_its_remedy(tmp_path, old, new, told):
    assert old in GRANTS
    sentence = fault(write(tmp_path, GRANTS.replace(old, new)), "grants")
    assert told in sentence
    assert "supplied.csv" in sentence


def test_a_missing_column_is_named(tmp_path):
    sentence = fault(write(tmp_path, "year,funder,kind\n2024/25,PCC,pot\n"), "grants")
    assert "the column 'amount' is missing. Add it: Pounds." in sentence


def test_a_file_that_is_something_else_is_told_how_to_get_the_template(tmp_path):
    sentence = fault(write(tmp_path, "a,b\n1,2\n"), "grants")
    assert "python -m csp_data template grants" in sentence


def test_parquet_is_read_like_a_csv(tmp_path):
    path = tmp_path / "grants.parquet"
    pd.DataFrame(
        {"year": ["2024/25"], "funder": ["PCC"], "kind": ["pot"], "amount": [35487.0], "pot": ["Tactical"]}
    ).to_parquet(path, index=False)
    assert read_template(path, "grants").table["amount"].tolist() == [35487.0]


@pytest.mark.parametrize(
    ("cell", "number"), [("£1,362,645", 1362645.0), ("(250)", -250.0), ("-3", -3.0), (".5", 0.5), ("1 234", 1234.0)]
)
def test_numbers(cell, number):
    assert read_number(cell) == number


@pytest.mark.parametrize("cell", ["", "-", "n/a", "1.2.3", "12 people", "[c]", "1e5", "nan"])
def test_what_is_no_number(cell):
    with pytest.raises(ValueError):
        read_number(cell)


@pytest.mark.parametrize(
    "cell", ["2024-09-01", "01/09/2024", "1/9/2024", "01.09.2024", "1 September 2024", "1 Sep 2024"]
)
def test_dates(cell):
    assert read_date(cell) == pd.Timestamp(2024, 9, 1)


@pytest.mark.parametrize("cell", ["01/09/24", "09/31/2024", "2024", "2024-13-01", "soon"])
def test_what_is_no_date(cell):
    with pytest.raises(ValueError):
        read_date(cell)
