"""plan.toml: plans, priorities, figures and risks, and each fault with its remedy."""

import pandas as pd
import pytest

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.plan import EXAMPLE, read_plan

PLAN = """
[[plans]]
id = "2020-24"
label = "Plan 2020 to 2024"
from = "2020-04"
to = "2024-03"
[[plans.priorities]]
id = "asb"
label = "Tackling ASB"
[[plans.priorities.figures]]
measure = "asb"
target = 5500
target_per = "12 months"
target_direction = "lower"
[[plans.priorities]]
id = "drugs"
label = "Tackling drugs"
programmes = ["Treatment", "Enforcement"]
"""
RISK = '[[risks]]\nassessed = 2024-10-01\nrisk = "No data"\nrating = "DII"\nlikelihood = "D"\nimpact = "II"\n'


def plan(tmp_path, text: str):
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_read_and_keeps_every_contract(tmp_path):
    tables = read_plan(plan(tmp_path, EXAMPLE)).tables
    assert {name: len(table) for name, table in tables.items()} == {"priorities": 2, "priority_figures": 4, "risks": 1}
    for name, table in tables.items():
        assert problems_of(table.drop(columns="row"), DATASETS[name], name) == []


def test_programmes_make_rows_and_a_priority_without_one_has_a_row(tmp_path):
    table = read_plan(plan(tmp_path, PLAN)).tables["priorities"]
    assert list(
        table[["priority", "priority_order", "programme", "programme_order"]].itertuples(index=False, name=None)
    ) == [
        ("asb", 1, "", 0),
        ("drugs", 2, "Treatment", 1),
        ("drugs", 2, "Enforcement", 2),
    ]
    assert (table["plan_from"][0], table["plan_to"][0]) == (pd.Timestamp("2020-04-01"), pd.Timestamp("2024-03-01"))
    assert table["source"][0] == "plan.toml"


def test_figures_and_risks(tmp_path):
    tables = read_plan(plan(tmp_path, PLAN + RISK)).tables
    figure = tables["priority_figures"].iloc[0]
    assert figure[["plan", "priority", "kind", "name", "target", "target_per"]].tolist() == [
        "2020-24",
        "asb",
        "measure",
        "asb",
        5500,
        "12 months",
    ]
    assert tables["risks"].loc[0, "assessed"] == pd.Timestamp("2024-10-01")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('label = "Tackling ASB"', 'labl = "Tackling ASB"', "'labl' in [[plans.priorities]] is not known. Use 'label'"),
        ('label = "Tackling ASB"', "", "row 8: an entry in [[plans.priorities]] has no 'label'. Add it"),
        ('id = "drugs"', 'id = "asb"', "the plan '2020-24' has two priorities 'asb'"),
        ('measure = "asb"', "", "a figure of 'asb' names no kind. Give each figure one of: measure, indicator"),
        ('measure = "asb"', 'measure = "asb"\nsurvey = "x"', "a figure of 'asb' names more than one kind"),
        ('"2020-04"', '"spring"', "the column 'plan_from' is 'spring', which is not a month"),
        ("5500", '"low"', "the column 'target' is 'low', which is not a number"),
        (
            '"lower"',
            '"down"',
            "the column 'target_direction' is 'down', which is not one of its values. Use one of: lower",
        ),
        ('["Treatment", "Enforcement"]', '"Treatment"', "'programmes' is not a list of texts"),
        (
            '[[plans.priorities]]\nid = "drugs"',
            '[[plans.priority]]\nid = "drugs"',
            "'priority' in [[plans]] is not known",
        ),
        ("[[plans]]", "[[plan]]", "'plan' is not known. Use 'plans'"),
        ("[[plans]]", "[[plans", "it is not TOML"),
    ],
)
def test_each_fault_is_told(tmp_path, old, new, told):
    assert old in PLAN
    with pytest.raises(InputError) as caught:
        read_plan(plan(tmp_path, PLAN.replace(old, new, 1)))
    assert told in str(caught.value)


def test_a_file_that_is_not_there_or_holds_nothing(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_plan(tmp_path / "none.toml")
    with pytest.raises(InputError, match="holds no plan and no risk"):
        read_plan(plan(tmp_path, "# nothing yet\n"))
