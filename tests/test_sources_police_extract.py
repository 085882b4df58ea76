"""The police's own extract, by the template in the module."""

import pytest

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.police_extract import read_police_extract


def write(tmp_path, text):
    path = tmp_path / "extract.csv"
    path.write_text(text)
    return path


def rows(found) -> list[tuple]:
    table = found.table.assign(month=found.table["month"].dt.strftime("%Y-%m-%d"))
    return list(table[["month", "area_code", "category", "count"]].itertuples(index=False, name=None))


def test_sensitive_kinds_are_lines_and_anything_else_is_refused(tmp_path):
    head = "month,area_code,category,count\n"
    given = "2019-04,E01000001,8N,3\n2019-04,E01000001,Domestic abuse,2\n2019-04,E01000001,hate-crime,1\n"
    table = read_police_extract(write(tmp_path, head + given), "crime").table
    assert table["category"].tolist() == ["domestic-abuse", "hate-crime", "violence-with-injury"]
    with pytest.raises(InputError, match="'Stalker' is not an offence code"):
        read_police_extract(write(tmp_path, head + "2019-04,E01000001,Stalker,2\n"), "crime")


def test_crime_by_offence_code(tmp_path):
    path = write(
        tmp_path,
        "month,area_code,category,count\n"
        "2019-04,E01000001,8N,3\n2019-04-17,E01000001,008N,2\n17/05/2019,E05000001,34B,1\n2019-05,,Robbery,4\n",
    )
    found = read_police_extract(path, "crime")
    assert rows(found) == [
        ("2019-04-01", "E01000001", "violence-with-injury", 5),
        ("2019-05-01", "", "robbery", 4),
        ("2019-05-01", "E05000001", "robbery", 1),
    ]
    assert (found.months, found.rows) == (("2019-04", "2019-05"), 4)


def test_asb_by_type_a_row_an_incident(tmp_path):
    path = write(
        tmp_path,
        "Month,Area Code,Category,Note\n2019-04,E01000001,Rowdy or nuisance gathering,a\n"
        "2019-04,E01000001,rowdy-or-nuisance-gathering,b\n2019-04,E01000001,ASB,c\n",
    )
    assert rows(read_police_extract(path, "asb")) == [
        ("2019-04-01", "E01000001", "asb", 1),
        ("2019-04-01", "E01000001", "rowdy-or-nuisance-gathering", 2),
    ]


def test_months_without_rows_are_covered_only_when_said(tmp_path):
    path = write(tmp_path, "month,area_code,category,count\n2019-04,,34B,1\n2019-06,,34B,1\n")
    assert read_police_extract(path, "crime").months == ("2019-04", "2019-06")
    covered = read_police_extract(path, "crime", "2019-03", "2019-06")
    assert covered.months == ("2019-03", "2019-04", "2019-05", "2019-06")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2019-13,,34B,1", "'2019-13' is not a month"),
        ("April,,34B,1", "'April' is not a month"),
        ("2019-04,,Jaywalking,1", "'Jaywalking' is not an offence code or line of the crime tree"),
        ("2019-04,,34B,-1", "'-1' is not a count"),
        ("2019-04,,34B,1.5", "'1.5' is not a count"),
        ("2019-04,,34B,", "'' is not a count"),
    ],
)
def test_what_cannot_be_read_names_the_line(tmp_path, row, what):
    path = write(tmp_path, f"month,area_code,category,count\n2019-04,,34B,1\n{row}\n")
    with pytest.raises(InputError) as error:
        read_police_extract(path, "crime")
    assert (error.value.what, error.value.row) == (what, 3)


def test_a_month_beyond_those_covered(tmp_path):
    path = write(tmp_path, "month,area_code,category,count\n2019-04,,34B,1\n2019-07,,34B,1\n")
    with pytest.raises(InputError) as error:
        read_police_extract(path, "crime", "2019-04", "2019-06")
    assert (error.value.what, error.value.row) == ("the month 2019-07 is not within 2019-04 to 2019-06", 3)


def test_a_column_is_missing(tmp_path):
    with pytest.raises(InputError, match="the columns month, area_code, category and count"):
        read_police_extract(write(tmp_path, "month,ward,category\n2019-04,x,34B\n"), "crime")


def test_what_cannot_be_read_is_quoted_on_one_line_and_cut(tmp_path):
    (tmp_path / "asb.csv").write_text(f'month,area_code,category,count\n2024-01,E01000001,"Rowdy\nor{"x" * 999}",1\n')
    with pytest.raises(InputError) as error:
        read_police_extract(tmp_path / "asb.csv", "asb")
    assert "'Rowdy orxxx" in str(error.value)
    assert len(error.value.what) < 130
