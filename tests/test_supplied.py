"""CONFIG.toml to ready-made tables of a release: what is kept, how files meet, and that a failing one leaves nothing."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from small_town import COLUMN, CONFIG, DISTRICT, MIDDLE, NEIGHBOUR, street_row, write_street, write_town
from typer.testing import CliRunner

from csp_data.__main__ import app, main
from csp_data.extracts.build import build
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from tests.test_sources_indicators import FINGERTIPS, VIEWIT, fingertips
from tests.test_sources_plan import PLAN, RISK
from tests.test_sources_survey_returns import ANSWERS, QUESTIONS, RETURN

FILES = {
    "fingertips.csv": FINGERTIPS
    + fingertips(area=DISTRICT)
    + fingertips(area="E92000001", value="52.1")
    + fingertips(area=NEIGHBOUR),
    "viewit.csv": VIEWIT + "2018/19,Squareton,Total,Total,Total,1105,NULL\n",
    "return.csv": RETURN,
    "answers.csv": ANSWERS,
    "questions.csv": QUESTIONS,
    "plan.toml": PLAN + RISK,
    "figures.csv": "figure,label,theme,agency,area_name,period_start,period_end,value,unit,sensitive,source\n"
    "iom,Adults,iom,Probation,Squareton,01/04/2019,31/03/2020,30,people,yes,Return\n",
    "grants.csv": 'year,funder,kind,plan,priority,amount\n2020/21,PCC,allocation,2020-24,,"£1,000"\n',
    "updates.csv": "plan,priority,quarter,p,order,text\n2020-24,asb,2020-07,Prevent,1,Patrols.\n",
    "risks.csv": "assessed,risk,rating\n2017-03-01,Old risk,Low\n",
    "crime.csv": "csp_code,csp_name,robbery\nE22000009,Squareton,5\nE22000010,Elsewhere,7\n",
    "people.csv": "csp_code,population_2019\nE22000009,4000\nE22000010,5000\n",
    "postcodes.csv": "pcds,lat,long,doterm\n"
    f"ME1 1AA,{MIDDLE},{COLUMN[0]},\nME1 1AB,{MIDDLE},{COLUMN[2]},\nME1 1AC,{MIDDLE},0.6,\n",
}
SUPPLIED = """
[[indicators]]
path = "fingertips.csv"

[[indicators]]
path = "viewit.csv"
area_codes = {"Squareton" = "E06000999"}

[[survey]]
path = "return.csv"
survey = "consultation"
survey_label = "Consultation"
wave = "2024"
wave_label = "Autumn 2024"
collected_from = 2024-09-01
mode = "online"
sample = "self-selected"

[[survey_respondents]]
path = "answers.csv"
questions = "questions.csv"
weight = "weight"
survey = "panel"
survey_label = "Panel"
wave = "2024"
wave_label = "2024"
mode = "online"
sample = "random"

[plan]
path = "plan.toml"

[[partner_figures]]
path = "figures.csv"

[[grants]]
path = "grants.csv"

[[updates]]
path = "updates.csv"

[[risks]]
path = "risks.csv"

[[peers]]
path = "crime.csv"
group = "Alike"
areas = ["E22000009", "E22000010"]
population = "people.csv"
period = "2019/20"
name = "ONS table"

[[postcodes]]
path = "postcodes.csv"
"""


@pytest.fixture
def town(tmp_path) -> Path:
    return write_files(tmp_path / "town")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """All kinds of files built into a release once, for tests that only read: folder, report and release."""
    folder = write_files(tmp_path_factory.mktemp("supplied") / "town")
    return folder, *built(folder)


def write_files(folder: Path) -> Path:
    folder.mkdir()
    write_town(folder)
    write_street(
        folder / "police_uk", "2025-01", "home", [street_row("2025-01", "Burglary", COLUMN[0], MIDDLE, "E01000001")]
    )
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    configure(folder)
    return folder


def configure(folder: Path, more: str = SUPPLIED) -> None:
    text = CONFIG.replace('force = "home"', 'force = "home"\ncsp_code = "E22000009"') + more
    (folder / "CONFIG.toml").write_text(text, encoding="utf-8")


def built(town: Path):
    report = build(town / "CONFIG.toml", town / "workspace", publish_at_once=True)
    return report, Workspace(str(town / "workspace")).release("squareton")


def refused(town: Path) -> str:
    with pytest.raises(InputError) as caught:
        build(town / "CONFIG.toml", town / "workspace")
    assert not (town / "workspace").exists()
    return str(caught.value)


def test_every_kind_of_table_is_built_and_fit_to_be_published(whole):
    folder, report, release = whole
    assert {name: report.tables[name] for name in report.tables if name in DATASET_ROWS} == DATASET_ROWS
    checked = check_workspace(str(folder / "workspace"))
    assert [str(problem) for problem in checked.problems] == []
    assert release.read("risks")["risk"].tolist() == ["Old risk", "No data"]


DATASET_ROWS = {
    "indicators": 3,
    "survey": 10,
    "priorities": 3,
    "priority_figures": 1,
    "partner_figures": 1,
    "grants": 1,
    "updates": 1,
    "risks": 2,
    "peers": 2,
    "postcodes": 4,
}


def test_indicators_of_the_partnership_and_of_countries_are_kept(whole, town):
    _, _, release = whole
    assert set(release.read("indicators")["area_code"]) == {DISTRICT, "E92000001"}
    configure(town, '[[indicators]]\npath = "fingertips.csv"\nareas = ["E06000998"]\n')
    assert set(built(town)[1].read("indicators")["area_code"]) == {DISTRICT, "E92000001", NEIGHBOUR}


def test_indicators_without_the_partnership_are_told(town):
    (town / "fingertips.csv").write_text(FINGERTIPS + fingertips(area="E92000001"))
    configure(town, '[[indicators]]\npath = "fingertips.csv"\n')
    report, _ = built(town)
    assert any("it holds no figure of Squareton, only of Anytown and the like" in str(w) for w in report.warnings)
    (town / "fingertips.csv").write_text(FINGERTIPS + fingertips(area=NEIGHBOUR))
    with pytest.raises(InputError, match=r"it holds no figure of Squareton or of England. Add areas"):
        build(town / "CONFIG.toml", town / "workspace")


def test_what_single_people_answered_is_nowhere_in_the_workspace(whole):
    folder, _, _ = whole
    held = b"".join(path.read_bytes() for path in (folder / "workspace").rglob("*") if path.is_file())
    tables = [pd.read_parquet(path) for path in (folder / "workspace").rglob("survey.parquet")]
    assert tables
    assert b"Smith" not in held
    assert not any("Smith" in str(value) for table in tables for value in table.to_numpy().ravel())
    assert "answers.csv" in held.decode(errors="replace")


def test_the_manifest_names_the_files_their_licence_and_the_rule(whole):
    _, _, release = whole
    survey = release.extract("survey")
    assert [(s["file"], s["rows"], s["licence"]) for s in survey["sources"]] == [
        ("return.csv", 2, "supplied"),
        ("answers.csv", 8, "supplied"),
    ]
    (crime,) = release.extract("peers")["sources"]
    assert (crime["name"], crime["licence"]) == ("ONS table", "OGL-3.0")
    assert release.extract("partner_figures")["disclosure"] == "marked"


def test_postcodes_lie_in_the_wards_of_every_set(whole):
    _, _, release = whole
    table = release.read("postcodes")
    assert list(table.itertuples(index=False, name=None)) == [
        ("ME1 1AA", "2003", "E05000001"),
        ("ME1 1AA", "2023", "E05000011"),
        ("ME1 1AB", "2003", "E05000002"),
        ("ME1 1AB", "2023", "E05000012"),
    ]


def test_a_postcode_without_coordinates_goes_by_its_ward_or_lsoa(town):
    (town / "postcodes.csv").write_text(
        "pcds,lat,long,osward,lsoa21\nME1 1AA,99.999999,0,E05000013,\nME1 1AB,,,,E01000004\n"
    )
    _, release = built(town)
    found = {(p, v): w for p, v, w in release.read("postcodes").itertuples(index=False, name=None)}
    assert found == {("ME1 1AA", "2023"): "E05000013", ("ME1 1AB", "2023"): "E05000012"}


def test_residents_of_other_areas_stand_beside_their_counts(whole):
    _, _, release = whole
    table = release.read("peers")
    assert table[["area_code", "category", "count", "population", "population_year"]].to_numpy().tolist() == [
        ["E22000009", "robbery", 5, 4000, 2019],
        ["E22000010", "robbery", 7, 5000, 2019],
    ]


def test_households_beside_residents(town):
    (town / "households.csv").write_text(f"lad_code,population,households,ref_date\n{DISTRICT},4000,1700,2021-03-21\n")
    configure(town, '[[population]]\npath = "households.csv"\ndenominator = "households"\nbasis = "Census 2021"\n')
    table = built(town)[1].read("population")
    assert table.loc[table["denominator"] == "households", ["year", "population"]].to_numpy().tolist() == [[2021, 1700]]
    assert table.loc[table["denominator"] == "residents", "population"].tolist() == [4000]


def test_the_same_row_in_two_files_is_refused_and_both_are_named(town):
    (town / "again.csv").write_text("assessed,risk,rating\n2018-01-01,New risk,Low\n2017-03-01,Old risk,Low\n")
    configure(town, SUPPLIED + '\n[[risks]]\npath = "again.csv"\n')
    told = refused(town)
    assert "again.csv, row 3: " in told and "risks.csv has a row for the same assessed, risk too" in told


def test_a_fault_between_tables_stops_the_build(town):
    (town / "updates.csv").write_text("plan,priority,quarter,p,order,text\n2030,asb,2020-07,prevent,1,Patrols.\n")
    assert "there is no plan '2030'. Use one of: 2020-24" in refused(town)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[[survey]]\npath = "return.csv"\nsampel = "random"\n', "'sampel' in [survey] is not known. Use 'sample'"),
        (
            '[[survey]]\npath = "return.csv"\nsample = "some"\n',
            "'sample' in [survey] is 'some'. Use one of: self-selected",
        ),
        ('[[survey_respondents]]\npath = "answers.csv"\n', "an entry of [survey_respondents] has no 'survey'"),
        ('[[plan]]\npath = "plan.toml"\n', "'plan' is not written as [plan]"),
        ('[[peers]]\npath = "crime.csv"\ngroup = "A"\nareas = "some"\n', "'areas' in [peers] is 'some'"),
        (
            '[[indicators]]\npath = "x.csv"\nindicator = "in-treatmnt"\n',
            "the catalogue does not know. Use 'in-treatment'",
        ),
        ('[[partner_figure]]\npath = "figures.csv"\n', "[partner_figure] is not known. Use 'partner_figures'"),
        ('[[grants]]\npath = "none.csv"\n', "the file does not exist"),
    ],
)
def test_faults_of_the_configuration(town, more, told):
    configure(town, more)
    assert told in refused(town)


def test_templates_are_written_and_never_over_a_file(tmp_path, capsys, monkeypatch):
    run = CliRunner().invoke
    printed = run(app, ["template", "grants"])
    assert printed.output.splitlines()[0] == "year,funder,kind,pot,project,lead,plan,priority,amount,note,source"
    assert run(app, ["template", "plan"]).output.startswith("[[plans]]")
    out = tmp_path / "grants.csv"
    assert run(app, ["template", "grants", "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8-sig") == printed.output
    for arguments, told in (
        (["template", "grants", "--out", str(out)], "the file exists already"),
        (["template", "grant"], "there is no such template. Choose one of: survey, partner_figures"),
    ):
        monkeypatch.setattr("sys.argv", ["csp_data", *arguments])
        with pytest.raises(SystemExit):
            main()
        assert told in capsys.readouterr().err


def test_what_a_killed_build_left_is_removed_once_it_is_old(town):
    built(town)
    releases = town / "workspace" / "squareton" / "releases"
    for name, age in ((".making-old", 3 * 24 * 3600), (".making-young", 60)):
        (releases / name / "part").mkdir(parents=True)
        (releases / name / "part" / "crime.parquet").write_bytes(b"half")
        for path in (*(releases / name).rglob("*"), releases / name):
            changed = path.stat().st_mtime - age
            os.utime(path, (changed, changed))
    built(town)
    assert [path.name for path in releases.glob(".making-*")] == [".making-young"]


@pytest.mark.shared_data
def test_real_files_are_built_into_a_release(town, shared_data):
    treatment, geography = shared_data / "treatment", shared_data / "geography"
    real = {
        "indicators": [
            {"path": treatment / "fingertips_93517_unmet_opiates.csv"},
            {
                "path": treatment / "fingertips_alcohol_related_admissions_by_ltla.csv",
                "indicator": "alcohol-admissions",
            },
            {"path": treatment / "ndtms_viewit_export_England_2009-10_2021-22.csv"},
            {"path": shared_data / "survey" / "ons_personal_wellbeing_estimates.csv"},
        ],
        "peers": [
            {
                "path": geography / "csp_recorded_crime_year_ending_june_2025.csv",
                "group": "Kent",
                "areas": ["E22000143", "E22000142", "E22000352"],
                "population": geography / "csp_population_2024_england_wales.csv",
            }
        ],
    }
    more = "".join(
        f"\n[[{table}]]\n" + "".join(f"{key} = {json.dumps(value, default=str)}\n" for key, value in entry.items())
        for table, entries in real.items()
        for entry in entries
    )
    configure(town, more)
    _, release = built(town)
    england = release.read("indicators")
    assert set(england["area_code"]) >= {"E92000001", "K02000001"}
    assert set(england["indicator"]) >= {"in-treatment", "wellbeing-anxiety", "alcohol-admissions"}
    crime = release.read("peers").query("category == 'crime'").set_index("area_code")["count"]
    assert crime.to_dict() == {"E22000142": 14672, "E22000143": 27321, "E22000352": 22451}
