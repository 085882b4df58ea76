import pytest

from csp_data.catalogue import categories
from csp_data.catalogue.categories import CATEGORIES, children, descendants, from_offence_code, from_police_uk
from csp_data.catalogue.datasets import COUNT_DATASETS
from csp_data.catalogue.measures import MEASURES


def test_every_line_hangs_on_a_line_of_its_own_dataset_and_ends_at_its_root():
    for line in CATEGORIES.values():
        seen = [line.id]
        while CATEGORIES[seen[-1]].parent:
            seen.append(CATEGORIES[seen[-1]].parent)
            assert len(seen) < 10, f"{line.id} goes round in a circle"
        assert seen[-1] == line.dataset


def test_labels_are_addresses_so_they_are_unique():
    for dataset in COUNT_DATASETS:
        labels = [c.label for c in CATEGORIES.values() if c.dataset == dataset]
        assert len(labels) == len(set(labels))
    assert len({m.label for m in MEASURES.values()}) == len(MEASURES)


def test_the_lines_of_appendix_1_are_there():
    assert children("violence-against-the-person")[:3] == (
        "homicide",
        "violence-with-injury",
        "violence-without-injury",
    )
    assert children("drug-offences") == ("trafficking-of-drugs", "possession-of-drugs")
    assert {"burglary-dwelling", "burglary-residential"} < set(descendants("burglary"))


def test_every_line_of_appendix_1_leads_to_a_line_of_its_own():
    lines = [line for _, line in categories.APPENDIX_1]
    assert len(lines) == len(set(lines)) == 32
    assert set(lines) < set(CATEGORIES)
    assert len({printed.lower() for printed, _ in categories.APPENDIX_1}) == 31  # "Criminal damage" is printed twice


def test_a_view_is_in_no_sum():
    view = CATEGORIES["most-serious-violence"]
    assert view.id not in descendants("crime")
    assert view.id not in children("violence-against-the-person")
    assert categories.views("violence-against-the-person") == ("most-serious-violence",)
    assert categories.views("crime") == ("domestic-abuse", "hate-crime", "exploitation", "crimes-against-under-18s")
    assert set(view.overlaps) < set(children("violence-against-the-person"))


def test_the_lines_above_a_line_from_the_root_down():
    assert categories.ancestors("rape") == ("crime", "violent-crime", "sexual-offences")
    assert categories.ancestors("asb") == ()


def test_police_uk_lines_are_all_in_the_tree():
    for crime_type in categories.POLICE_UK_CATEGORIES:
        dataset, category = from_police_uk(crime_type)
        assert CATEGORIES[category].dataset == dataset
    assert from_police_uk("Anti-social behaviour") == ("asb", "asb")
    with pytest.raises(KeyError):
        from_police_uk("Jaywalking")


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("8N", "violence-with-injury"),
        ("8L", "stalking-and-harassment"),
        ("105A", "violence-without-injury"),
        ("19C", "rape"),
        ("034B", "robbery"),
        ("28A", "burglary-dwelling"),
        ("28E", "burglary-residential"),
        ("30C", "burglary-business-and-community"),
        ("10C", "possession-of-weapons"),
        ("92E", "possession-of-drugs"),
        ("92A", "trafficking-of-drugs"),
        ("4.4", "death-or-serious-injury-by-driving"),
        ("46", "shoplifting"),
        ("802", "other-crimes"),
    ],
)
def test_home_office_codes(code, category):
    assert from_offence_code(code) == category
    assert category in CATEGORIES


@pytest.mark.parametrize("code", ["", "N8", "8", "AF", "999"])
def test_a_code_without_a_line_is_refused_not_guessed(code):
    with pytest.raises(KeyError):
        from_offence_code(code)


def test_every_listed_code_leads_to_one_line_of_the_tree():
    listed = [code for codes in categories._OFFENCE_CODES.values() for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert set(categories._OFFENCE_CODES) <= set(CATEGORIES)
