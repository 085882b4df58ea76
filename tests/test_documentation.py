"""The page About the data: what an analyst looks up there."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.datasets import DATASETS
from csp_data.ui import documentation


def test_every_type_that_an_extract_may_name_is_listed_once():
    listed = documentation.types()
    roots = {line.label for line in CATEGORIES.values() if line.parent is None and not line.overlaps}
    assert sorted(listed["Type"]) == sorted({line.label for line in CATEGORIES.values()} - roots)
    rowdy = listed["Type"].index("Rowdy or nuisance gathering")
    assert listed["Part of"][rowdy] == "All ASB incidents"


def test_a_table_that_a_release_lacks_is_described_too(monkeypatch, demonstration):
    # Pages that lack a table send an analyst here for its columns.
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    at = AppTest.from_file(str(Path(__file__).parents[1] / "pages" / "about_the_data.py"), default_timeout=60)
    at.query_params["partnership"] = "Maidstone"
    at.run()
    assert not at.exception
    labels = [each.label for each in at.expander]
    assert f"{DATASETS['risks'].title}: not in this release" in labels
    assert all(any(label.startswith(f"{each.title}: ") for label in labels) for each in DATASETS.values())
