"""The page About the data: what an analyst looks up there."""

from csp_data.catalogue.categories import CATEGORIES
from csp_data.ui import documentation


def test_every_type_that_an_extract_may_name_is_listed_once():
    listed = documentation.types()
    roots = {line.label for line in CATEGORIES.values() if line.parent is None and not line.overlaps}
    assert sorted(listed["Type"]) == sorted({line.label for line in CATEGORIES.values()} - roots)
    rowdy = listed["Type"].index("Rowdy or nuisance gathering")
    assert listed["Part of"][rowdy] == "All ASB incidents"
