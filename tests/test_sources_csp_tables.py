"""Recorded crime of many areas: wide, long and street tables, residents, areas that did not respond."""

import pandas as pd
import pytest

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.csp_tables import read_csp_table

WIDE = "csp_code,csp_name,row_type,total_recorded_crime_excluding_fraud,theft_offences,burglary,robbery,period\n"
ROWS = (
    ",Force,force,400,9,60,9,year ending June 2025\n"
    'E22000001,Ash,csp,"1,200",9,40,5,year ending June 2025\n'
    "E22000002,Birch and Cedar,csp,150,9,20,-1,year ending June 2025\n"
    ",Unassigned,unassigned,50,9,0,0,year ending June 2025\n"
)
PEOPLE = "csp_code,csp_name,population_2022,population_2023\nE22000001,Ash,1000,1100\nE22000002,Birch and Cedar,,\n"


def write(tmp_path, text: str, name: str = "table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def people(tmp_path):
    return write(tmp_path, PEOPLE, "people.csv")


def counts(read, **where) -> list[tuple]:
    table = read.table
    for column, value in where.items():
        table = table[table[column] == value]
    return list(table[["area_code", "category", "count"]].itertuples(index=False, name=None))


def refused(*arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        read_csp_table(*arguments, **options)
    return str(caught.value)


def test_partnerships_of_a_wide_table_without_forces_or_the_unassigned(tmp_path):
    read = read_csp_table(write(tmp_path, WIDE + ROWS), "All", population=people(tmp_path))
    assert counts(read, area_code="E22000001") == [
        ("E22000001", "burglary", 40),
        ("E22000001", "crime", 1200),
        ("E22000001", "robbery", 5),
    ]
    assert set(read.table["area_code"]) == {"E22000001", "E22000002"}
    row = read.table.iloc[0]
    assert (row["period_start"], row["period_end"]) == (pd.Timestamp("2024-07-01"), pd.Timestamp("2025-06-01"))
    assert problems_of(read.table, DATASETS["peers"], "peers.parquet") == []


def test_residents_are_of_the_middle_of_the_period_or_before_and_may_be_lacking(tmp_path):
    read = read_csp_table(write(tmp_path, WIDE + ROWS), "All", population=people(tmp_path))
    ash, birch = (read.table[read.table["area_code"] == code].iloc[0] for code in ("E22000001", "E22000002"))
    assert (ash["population"], ash["population_year"]) == (1100, 2023)
    assert pd.isna(birch["population"])
    assert any("1 area has no residents there, such as Birch and Cedar" in str(problem) for problem in read.problems)


def test_a_negative_count_is_kept_and_told(tmp_path):
    read = read_csp_table(write(tmp_path, WIDE + ROWS), "All")
    assert ("E22000002", "robbery", -1) in counts(read)
    (told,) = (str(problem) for problem in read.problems)
    assert "Birch and Cedar has -1 of robbery (1 such counts)" in told


def test_an_area_of_the_group_that_is_not_there_did_not_respond(tmp_path):
    read = read_csp_table(write(tmp_path, WIDE + ROWS), "Two", ["E22000001", "E22000009"])
    silent = read.table[read.table["area_code"] == "E22000009"]
    assert len(silent) == 3 and silent["count"].isna().all()
    assert "does not hold 1 of the 2 areas" in str(read.problems[0])
    assert set(read.table["group"]) == {"Two"}
    assert set(silent["area_name"]) == {"E22000009"}
    residents = write(tmp_path, "csp_code,csp_name,population_2023\nE22000009,Elm,100\n", "elm.csv")
    named = read_csp_table(write(tmp_path, WIDE + ROWS), "Two", ["E22000001", "E22000009"], population=residents)
    assert set(named.table.loc[named.table["area_code"] == "E22000009", "area_name"]) == {"Elm"}


def test_a_wide_table_that_does_not_say_its_period(tmp_path):
    text = "csp_code,robbery\nE22000001,5\n"
    assert "does not say which period the counts are of. Add period" in refused(write(tmp_path, text), "All")
    read = read_csp_table(write(tmp_path, text), "All", period="2018/19")
    assert read.table["period_end"][0] == pd.Timestamp("2019-03-01")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"1,200"', "many", "row 3: the column 'total_recorded_crime_excluding_fraud' is 'many'"),
        ("E22000002", "E22000001", "row 4: the area E22000001 is there twice"),
        ("June 2025\n,Un", "Jun 25\n,Un", "row 4: 'year ending Jun 25' is not a period"),
    ],
)
def test_faults_of_a_wide_table(tmp_path, old, new, told):
    assert old in ROWS
    assert told in refused(write(tmp_path, WIDE + ROWS.replace(old, new)), "All")


def test_months_of_street_crime_are_added_up(tmp_path):
    text = "la_code,la_name,month,crime_type,count\n"
    for month in ("2025-01", "2025-02"):
        text += f"E06000001,Ash,{month},Burglary,10\nE06000001,Ash,{month},Anti-social behaviour,7\n"
        text += f"E06000002,Birch,{month},Robbery,3\n"
    text += "E06000002,Birch,2025-01,Anti-social behaviour,9\nE06000001,Ash,2025-01,Drugs,1\n"
    read = read_csp_table(write(tmp_path, text), "All")
    ash = {(c, n) for _, c, n in counts(read, area_code="E06000001")}
    assert ash == {("asb", 14), ("burglary", 20), ("crime", 21), ("drug-offences", 1), ("robbery", 0)}
    birch = read.table[read.table["area_code"] == "E06000002"].set_index("category")["count"]
    # The second month has no row of ASB: it was not supplied, so the sum is missing and not low.
    assert pd.isna(birch["asb"])
    assert (birch["crime"], birch["burglary"]) == (6, 0)
    assert "1 area lacks months of 2025-01 to 2025-02, such as Birch" in str(read.problems[0])


LONG = "Financial Year,Financial Quarter,CSP Name,Offence Code,Number of Offences\n"


def long_rows(quarters=("1", "2", "3", "4"), name="Ash") -> str:
    return "".join(f"2018/19,{q},{name},34A,2\n2018/19,{q},{name},28E,5\n" for q in quarters)


def test_quarters_of_the_home_office_become_lines_of_the_crime_tree(tmp_path):
    text = LONG + long_rows() + "2018/19,4,Ash,34B,-1\n"
    read = read_csp_table(write(tmp_path, text), "All", population=people(tmp_path))
    found = {category: count for _, category, count in counts(read)}
    assert found == {"crime": 27, "violent-crime": 7, "robbery": 7, "burglary": 20, "burglary-residential": 20}
    assert set(read.table["area_code"]) == {"E22000001"}


def test_a_year_that_lacks_a_quarter_is_missing(tmp_path):
    text = LONG + long_rows(("1", "2", "3")) + long_rows(name="Birch and Cedar")
    read = read_csp_table(write(tmp_path, text), "All", population=people(tmp_path))
    assert read.table.loc[read.table["area_code"] == "E22000001", "count"].isna().all()
    assert read.table.loc[read.table["area_code"] == "E22000002", "count"].notna().all()


def test_a_long_table_needs_years_and_codes(tmp_path):
    text = "CSP Name,Offence Code,Number of Offences\nAsh,34A,2\n"
    assert "no column says which financial year and quarter a row is of" in refused(write(tmp_path, text), "All")
    assert "names partnerships and gives no codes. Add population" in refused(
        write(tmp_path, LONG + long_rows()), "All"
    )


@pytest.mark.shared_data
def test_the_real_table_of_partnerships(shared_data):
    folder = shared_data / "geography"
    read = read_csp_table(
        folder / "csp_recorded_crime_year_ending_june_2025.csv",
        "All",
        population=folder / "csp_population_2024_england_wales.csv",
    )
    assert read.table["area_code"].nunique() == 314
    medway = read.table[read.table["area_code"] == "E22000143"].set_index("category")
    assert (medway.loc["crime", "count"], medway.loc["crime", "population"]) == (27321, 286800)
    # Dartford and Gravesham are two districts in one partnership.
    assert read.table.loc[read.table["area_code"] == "E22000352", "population"].iloc[0] == 228436
    assert read.table.loc[read.table["category"] == "crime", "population"].isna().sum() == 21
    assert problems_of(read.table, DATASETS["peers"], "peers.parquet") == []


@pytest.mark.shared_data
def test_the_real_street_counts_by_district(shared_data):
    read = read_csp_table(
        shared_data / "peers" / "policeuk_2025_ltla24_month_crimetype_DERIVED.csv",
        "All",
        population=shared_data / "geography" / "population_lad_england_wales.csv",
    )
    medway = read.table[read.table["area_code"] == "E06000035"].set_index("category")
    assert medway.loc["asb", "count"] == 5507
    assert read.table.loc[read.table["category"] == "asb", "count"].isna().sum() == 7


@pytest.mark.shared_data
def test_the_real_long_table_without_years_is_refused(shared_data):
    path = shared_data / "peers" / "ho_prc_csp_burglary_robbery_tfp_4quarters_UNLABELLED.csv"
    assert "no column says which financial year and quarter" in refused(path, "All")
