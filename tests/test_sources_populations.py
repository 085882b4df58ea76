"""Population tables as ONS publishes them, long and wide, in three kinds of file."""

import zipfile
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.populations import read_populations


def write(tmp_path, text, name="population.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def figures(found) -> list[list]:
    return found.table[["area_code", "kind", "lsoa_year", "year", "population"]].values.tolist()


def write_workbook(path, sheets: dict[str, list[list]]):
    """The least that is a workbook, so that tests need no package to write one."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as file:
        sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{sheet_type}.worksheet+xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/>{overrides}</Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relation}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(sheets, 1))
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>{names}</sheets></workbook>'
        )
        targets = "".join(
            f'<Relationship Id="r{i}" Type="{relation}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        file.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{targets}</Relationships>')
        for i, rows in enumerate(sheets.values(), 1):
            cells = "".join(
                "<row>"
                + "".join(
                    f"<c><v>{v}</v></c>"
                    if isinstance(v, int | float)
                    else f'<c t="inlineStr"><is><t>{escape(v)}</t></is></c>'
                    for v in row
                )
                + "</row>"
                for row in rows
            )
            file.writestr(
                f"xl/worksheets/sheet{i}.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
            )
    return path


def test_long_by_district_keeps_basis_source_date_and_limits(tmp_path):
    path = write(
        tmp_path,
        "lad_code,lad_name,population,population_low,population_high,ref_date,basis,source\n"
        "E06000999,Squareton,4000,3900,4100,2019-06-30,Mid-2019 estimate,Table 1\n"
        'E06000999,Squareton,"4,050",,,2021-03-21,Census 2021,Table 2\n',
    )
    table = read_populations(path).table
    assert table[["year", "population", "low", "high", "basis", "source", "row"]].values.tolist() == [
        [2019, 4000, 3900, 4100, "Mid-2019 estimate", "Table 1", 2],
        [2021, 4050, 4050, 4050, "Census 2021", "Table 2", 3],
    ]
    assert list(table["reference_date"]) == [pd.Timestamp("2019-06-30"), pd.Timestamp("2021-03-21")]
    assert {str(table[column].dtype) for column in ("year", "population", "low", "high")} == {"int32"}


@pytest.mark.parametrize("heading", ["2019", "mid_2019", "Mid-2019", "population_2019", "Mid-2019 population"])
def test_wide_has_a_column_a_year(tmp_path, heading):
    later = heading.replace("2019", "2020")
    if heading == "Mid-2019 population":
        heading, later = "Population mid-2019", "Population mid-2020"
    path = write(tmp_path, f"WD22CD,WD22NM,{heading},{later}\nE05000001,Ash,100,110\nE05000002,Birch,200,..\n")
    assert figures(read_populations(path)) == [
        ["E05000001", "ward", "", 2019, 100],
        ["E05000002", "ward", "", 2019, 200],
        ["E05000001", "ward", "", 2020, 110],
    ]


def test_a_mid_year_estimate_is_for_30_june(tmp_path):
    path = write(tmp_path, "lad_code,mid_2019,2020\nE06000999,1,2\n")
    dates = read_populations(path).table.set_index("year")["reference_date"]
    assert dates[2019] == pd.Timestamp("2019-06-30")
    assert pd.isna(dates[2020])


def test_lsoas_say_their_year_in_the_heading_a_column_or_the_configuration(tmp_path):
    text = "lsoa21_code,year,population\nE01000001,2021,1500\n"
    assert figures(read_populations(write(tmp_path, text))) == [["E01000001", "lsoa", "2021", 2021, 1500]]
    text = "lsoa_code,lsoa_vintage,year,population\nE01000001,2011,2019,1400\n"
    assert figures(read_populations(write(tmp_path, text))) == [["E01000001", "lsoa", "2011", 2019, 1400]]
    text = "LSOA Code,year,population\nE01000001,2019,1400\n"
    assert figures(read_populations(write(tmp_path, text), lsoa_year="2011")) == [
        ["E01000001", "lsoa", "2011", 2019, 1400]
    ]


def test_the_finest_area_is_the_one_counted(tmp_path):
    path = write(tmp_path, "LAD23CD,WD23CD,year,population\nE06000999,E05000001,2023,700\n")
    assert figures(read_populations(path)) == [["E05000001", "ward", "", 2023, 700]]


def test_codes_under_a_plain_heading_are_told_apart(tmp_path):
    path = write(tmp_path, "code,name,2023\nE06000999,Squareton,4000\nE05000001,Ash,100\nE12000008,South East,9\n")
    assert figures(read_populations(path)) == [
        ["E06000999", "district", "", 2023, 4000],
        ["E05000001", "ward", "", 2023, 100],
    ]


def test_ages_and_sexes_are_added_up_unless_the_whole_is_there(tmp_path):
    parts = "lad_code,year,sex,age,population\nE06000999,2019,female,0,10\nE06000999,2019,male,0,11\n"
    parts += "E06000999,2019,female,1,12\nE06000999,2019,male,1,13\n"
    assert figures(read_populations(write(tmp_path, parts))) == [["E06000999", "district", "", 2019, 46]]
    whole = parts + "E06000999,2019,persons,0,21\nE06000999,2019,persons,1,25\n"
    assert figures(read_populations(write(tmp_path, whole))) == [["E06000999", "district", "", 2019, 46]]


def test_a_workbook_with_title_lines_and_several_sheets(tmp_path):
    path = write_workbook(
        tmp_path / "estimates.xlsx",
        {
            "Contents": [["Table 1: everything"], ["Table 2: notes"]],
            "Mid-2020 Persons": [
                ["Ward population estimates"],
                [],
                ["Ward Code 2020", "Ward Name", "LA Code (2020 boundaries)", "All Ages", "0", "1"],
                ["E05000001", "Ash", "E06000999", 100, 1, 2],
                ["E05000002", "Birch", "E06000999", 200, 3, 4],
            ],
        },
    )
    found = read_populations(path, year=2020, basis="Mid-2020", source="SAPE23DT8a")
    assert figures(found) == [["E05000001", "ward", "", 2020, 100], ["E05000002", "ward", "", 2020, 200]]
    assert set(found.table["basis"]) == {"Mid-2020"}
    assert list(found.table["row"]) == [4, 5]
    with pytest.raises(InputError, match=r"no sheet 'Persons'\. Choose one of: Contents, Mid-2020 Persons"):
        read_populations(path, sheet="Persons", year=2020)


def test_parquet(tmp_path):
    pd.DataFrame({"lad_code": ["E06000999"], "year": [2019], "population": [4000]}).to_parquet(tmp_path / "p.parquet")
    assert figures(read_populations(tmp_path / "p.parquet")) == [["E06000999", "district", "", 2019, 4000]]


def refused(path, **options) -> tuple[str, int | None]:
    with pytest.raises(InputError) as error:
        read_populations(path, **options)
    return error.value.what, error.value.row


def test_a_figure_that_is_not_a_number(tmp_path):
    path = write(tmp_path, "lad_code,year,population\nE06000999,2019,about 4000\n")
    assert refused(path) == ("'about 4000' is not a number of people", 2)


def test_a_negative_figure(tmp_path):
    assert refused(write(tmp_path, "lad_code,2019\nE06000999,-1\n")) == ("'-1' is not a number of people", 2)


def test_a_year_that_is_not_one(tmp_path):
    path = write(tmp_path, "lad_code,year,population\nE06000999,last,4000\n")
    assert refused(path) == ("'last' is not a year or date", 2)


def test_no_year_at_all(tmp_path):
    path = write(tmp_path, "lad_code,population\nE06000999,4000\n")
    assert refused(path) == ("no column says which year the figures are for", None)


def test_two_figures_for_one_area_and_year(tmp_path):
    path = write(tmp_path, "lad_code,year,population\nE06000999,2019,4000\nE06000999,2019,4001\n")
    assert refused(path) == ("the area E06000999 has a second figure for 2019", 3)


def test_bad_files(tmp_path):
    assert refused(tmp_path / "none.csv")[0] == "the file does not exist"
    assert refused(write(tmp_path, "")) == ("the file is empty", None)
    assert refused(write(tmp_path, "<!DOCTYPE html><p>Gone</p>\n")) == ("it is a web page, not a table", 1)
    latin = write(tmp_path, "lad_code,lad_name,2019\nE06000999,Château,1\n", encoding="latin-1")
    assert refused(latin) == ("the text is not UTF-8 (byte 0xe2)", 2)
    assert refused(write(tmp_path, "lad_code,2019\n")) == ("the table has a heading but no rows", None)
    assert refused(write(tmp_path, "lad_code,2019\nE06000999," + "1" * 10_000_000 + "\n"))[1] == 2
    assert refused(write(tmp_path, "lad_code,2019\nE06000999,1,2,3\n")) == (
        "the row has 4 values and the heading 2 columns",
        2,
    )
    (tmp_path / "p.xlsx").write_text("not a workbook")
    assert "cannot be opened" in refused(tmp_path / "p.xlsx")[0]
    (tmp_path / "p.parquet").write_text("not parquet")
    assert "cannot be read as Parquet" in refused(tmp_path / "p.parquet")[0]
    assert "is not a kind of table" in refused(write(tmp_path, "x", "p.pdf"))[0]


def test_words_for_readers_name_no_columns_of_the_file(tmp_path):
    path = write(
        tmp_path,
        "lad_code,population,year,basis\n"
        "E06000999,4000,2019,split by electorates (see population_low and population_high)\n"
        "E06000999,4050,2021,Census 2021 (revised)\n",
    )
    assert list(read_populations(path).table["basis"]) == ["split by electorates", "Census 2021 (revised)"]
