"""Each fault between ready-made tables is planted alone in good tables of Town, and told in one sentence."""

import pandas as pd
import pytest

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.consistency_supplied import _matches
from csp_data.extracts.sources.sheets import ROW
from csp_data.extracts.sources.templates import typed
from tests.two_squares import town_manifest, town_tables

GOOD: dict[str, list[dict]] = {
    "priorities": [
        {"plan": "2020-24", "priority": "asb", "priority_order": "1", "programme": "", "programme_order": "0"},
        {"plan": "2024-27", "priority": "asb", "priority_order": "1", "continues": "asb", "programme_order": "0"},
    ],
    "priority_figures": [
        {"kind": "measure", "name": "crime", "category": "robbery", "target": "90", "target_per": "month"},
        {"kind": "indicator", "name": "in-treatment", "order": "2"},
        {"kind": "survey", "name": "safe-day", "order": "3"},
        {"kind": "partner figure", "name": "iom-adults", "order": "4"},
    ],
    "updates": [{"quarter": "2020-07", "p": "prevent", "text": "Patrols."}],
    "grants": [
        {"kind": "allocation", "amount": "100"},
        {"kind": "pot", "pot": "Tactical", "amount": "60"},
        {"kind": "pot", "pot": "Cases", "amount": "40"},
        {"kind": "award", "pot": "Tactical", "project": "A", "amount": "55"},
        {"kind": "award", "pot": "Cases", "project": "B", "amount": "40"},
        {"kind": "available", "amount": "5"},
    ],
    "survey": [
        {"option": "safe", "count": "71", "printed": "69%"},
        {"option": "unsafe", "count": "32", "printed": ""},
        {"option": "very-safe", "option_role": "net", "count": "71"},
    ],
    "indicators": [
        {"value": "52.5", "lower": "40", "upper": "60", "value_status": "available"},
        {"period": "2020", "period_start": "2020-01", "period_end": "2020-12", "value_status": "withheld"},
    ],
    "partner_figures": [{"figure": "iom-adults", "value": "75", "unit": "%", "numerator": "12", "base": "16"}],
    "peers": [{"area_code": "E07000001", "count": "100"}, {"area_code": "E07000002", "count": "120"}],
    "risks": [{"risk": "No data", "likelihood": "D", "impact": "II", "rating": "DII"}],
    "postcodes": [{"postcode": "ME1 1AA", "vintage": "2003", "ward_code": "E05000001"}],
}
EVERY_ROW: dict[str, dict] = {
    "priorities": {
        "plan_label": "Plan",
        "plan_from": "2020-04",
        "plan_to": "2024-03",
        "priority_label": "ASB",
        "source": "Plan",
    },
    "priority_figures": {"plan": "2020-24", "priority": "asb", "order": "1"},
    "updates": {"plan": "2020-24", "priority": "asb", "order": "1"},
    "grants": {"year": "2024/25", "funder": "PCC", "plan": "2024-27"},
    "survey": {
        "survey": "panel",
        "survey_label": "Panel",
        "wave": "2024",
        "wave_label": "2024",
        "mode": "online",
        "sample": "random",
        "question": "safe-day",
        "question_text": "How safe?",
        "topic": "feeling safe",
        "kind": "single",
        "option_label": "Safe",
        "option_order": "1",
        "option_role": "answer",
        "base": "103",
    },
    "indicators": {
        "indicator": "in-treatment",
        "label": "Adults in treatment",
        "area_code": "E07000001",
        "area_name": "Town",
        "area_type": "district",
        "period": "2019",
        "period_start": "2019-01",
        "period_end": "2019-12",
        "source": "NDTMS",
    },
    "partner_figures": {
        "label": "Adults",
        "theme": "iom",
        "agency": "Probation",
        "area_name": "Town",
        "period_start": "2019-04-01",
        "period_end": "2020-03-31",
        "sensitive": "no",
        "source": "Return",
    },
    "peers": {
        "group": "Alike",
        "area_name": "Town",
        "measure": "crime",
        "category": "crime",
        "period_start": "2019-04",
        "period_end": "2020-03",
        "source": "ONS",
    },
    "risks": {"assessed": "2024-10-01"},
    "postcodes": {},
}


def table(name: str, rows: list[dict], tmp_path) -> pd.DataFrame:
    made = pd.DataFrame([{**EVERY_ROW[name], **row} for row in rows]).fillna("")
    return typed(tmp_path / name, made.assign(**{ROW: range(2, len(made) + 2)}), DATASETS[name]).drop(columns="row")


@pytest.fixture
def told(write_town, tmp_path):
    """Problems, then warnings, of Town with ready-made tables, some rows of which are changed."""

    def check(
        dataset: str = "", row: int = 0, /, instead: dict | None = None, **changes
    ) -> tuple[list[str], list[str]]:
        rows = {name: [dict(held) for held in of] for name, of in (GOOD | (instead or {})).items() if of}
        if dataset:
            rows[dataset][row] |= changes
        tables = town_tables() | {name: table(name, of, tmp_path) for name, of in rows.items()}
        manifest = town_manifest()
        source = {"name": "Made for the test", "publisher": "Nobody", "licence": "synthetic"}
        manifest["extracts"] |= {name: {"sources": [source]} for name in rows}
        report = check_workspace(str(write_town(tables, manifest)))
        return [str(problem) for problem in report.problems], [str(warning) for warning in report.warnings]

    return check


def test_the_good_tables_have_no_problem(told):
    assert told() == ([], [])


@pytest.mark.parametrize(
    ("name", "row", "changes", "sentence"),
    [
        ("peers", 1, {"period_end": "2019-03"}, "peers.parquet, row 2: 'period_end' is 2019-03-01, before 'period_start'"),
        ("survey", 0, {"collected_from": "2024-10-01", "collected_to": "2024-09-01"}, "row 1: 'collected_to' is 2024-09-01"),
        ("priority_figures", 0, {"plan": "2030"}, "row 1: there is no plan '2030'. Use one of: 2020-24, 2024-27"),
        ("priority_figures", 0, {"priority": "drugs"}, "the plan '2020-24' has no priority 'drugs'. Use one of: asb"),
        ("priority_figures", 0, {"name": "fire"}, "row 1: 'fire' is not a measure. Use one of: crime, asb"),
        ("priority_figures", 0, {"category": "asb-personal"}, "'asb-personal' is not a line that the measure 'crime' counts"),
        ("updates", 0, {"plan": "2030"}, "updates.parquet, row 1: there is no plan '2030'"),
        ("updates", 0, {"quarter": "2020-08"}, "'quarter' is 2020-08, which no quarter starts with"),
        ("grants", 3, {"priority": "x"}, "grants.parquet, row 4: the plan '2024-27' has no priority 'x'"),
        ("partner_figures", 0, {"plan": "x"}, "partner_figures.parquet, row 1: there is no plan 'x'"),
        ("survey", 0, {"count": "104"}, "104 people chose 'Safe' of 'safe-day' (Panel, 2024), and 103 were asked"),
        ("survey", 0, {"weighted_share": "1.5"}, "'weighted_share' is 1.5, more than 1"),
        ("survey", 0, {"effective_base": "104"}, "'effective_base' is 104, more than the base"),
        ("survey", 1, {"count": "33"}, "the answers to 'safe-day' (2024) add up to 104 people, and 103 were asked"),
        ("survey", 0, {"kind": "multiple"}, "the question 'safe-day' is both single and multiple"),
        ("indicators", 0, {"lower": "53"}, "'Adults in treatment' of Town for 2019 is 52.5, which is not between its limits 53"),
        ("indicators", 1, {"value_status": "available"}, "'Adults in treatment' of Town for 2020 is 'available' and has no"),
        ("indicators", 0, {"value_status": "missing"}, "is 'missing' and has a value"),
        ("risks", 0, {"impact": "IV"}, "'No data' is rated DII, and has the likelihood D and the impact IV"),
        ("postcodes", 0, {"ward_code": "E05000003"}, "'E05000003' has no outline among the wards of '2003'"),
    ],
)  # fmt: skip
def test_what_stops_publication(told, name, row, changes, sentence):
    problems, _ = told(name, row, **changes)
    assert sentence in " ".join(problems)


@pytest.mark.parametrize(
    ("name", "row", "changes", "sentence"),
    [
        ("priorities", 1, {"continues": "asb; drugs"}, "row 2: it goes on with the priority 'drugs', which no plan has"),
        ("priority_figures", 1, {"name": "alcohol-admissions"}, "holds no indicator 'alcohol-admissions', so nothing is shown"),
        ("priority_figures", 2, {"name": "problems"}, "the release holds no survey 'problems'"),
        ("priority_figures", 3, {"name": "calls"}, "the release holds no partner figure 'calls'"),
        ("priority_figures", 0, {"target_per": ""}, "does not say whether it is for a month or for 12 months"),
        ("grants", 1, {"amount": "55"}, "the pots add up to £95.00 and the allocation is £100.00, a difference of £5.00 less"),
        ("grants", 5, {"amount": "7.5"}, "awards and what is left add up to £102.50 and the pots add up to £100.00"),
        ("grants", 3, {"pot": "Tactcal"}, "an award is from the pot 'Tactcal', which has no row"),
        ("survey", 0, {"printed": "70%"}, "is printed as 70%, and 71 of 103 is 68.9%"),
        ("survey", 2, {"count": ""}, "has no count, no printed percentage and no weighted share"),
        ("indicators", 1, {"indicator": "shoe-size"}, "indicators without an entry in the catalogue: 'shoe-size'"),
        ("partner_figures", 0, {"value": "79"}, "'Adults' is 79%, and 12 of 16 is 75.0%"),
        ("peers", 1, {"count": "-2"}, "Town has -2 of 'crime' (1 such counts)"),
        ("peers", 0, {"area_code": "E07000009"}, "Town is not among the areas of 'Alike', so it cannot be compared"),
    ],
)  # fmt: skip
def test_what_is_told_and_published(told, name, row, changes, sentence):
    problems, warnings = told(name, row, **changes)
    assert problems == []
    assert sentence in " ".join(warnings)


@pytest.mark.parametrize(("award", "warnings"), [("10", 0), ("100", 0), ("110", 1)])
def test_awards_may_be_less_than_the_pots_when_nothing_says_what_is_left(told, award, warnings):
    rows = [*GOOD["grants"][:3], {**GOOD["grants"][3], "amount": award}]
    problems, told_of = told(instead={"grants": rows})
    assert problems == []
    assert len(told_of) == warnings
    assert all(
        "awards add up to £110.00 and the pots add up to £100.00, a difference of £10.00 more" in w for w in told_of
    )


def test_nothing_is_asked_of_tables_that_refer_to_a_table_that_is_not_there(told):
    problems, _ = told(instead={"priorities": []})
    assert problems == []


@pytest.mark.parametrize(
    ("printed", "count", "base", "matches"),
    [
        ("69%", 71, 103, True),
        ("68.9%", 71, 103, True),
        ("69.0%", 71, 103, False),
        ("12%", 1, 8, True),
        ("13", 1, 8, True),
        ("14", 1, 8, False),
        ("about a third", 1, 3, True),
        ("", 1, 3, True),
        ("33%", float("nan"), 3, True),
    ],
)
def test_a_printed_percentage_is_the_share_rounded_as_it_is_printed(printed, count, base, matches):
    assert _matches(printed, count, base) is matches
