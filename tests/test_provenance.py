"""Where a figure comes from: measure, formula, records, files, release; and what of it each role may be told."""

from dataclasses import replace
from datetime import date

import pytest

from csp_data.analysis import provenance
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.extracts.workspace import Workspace
from csp_data.ui import provenance as shown
from csp_data.ui.cached import Asked, Edition

ASKED = Question("crime", "2019-04", "2020-03", per="rate", compare="previous-year")


@pytest.fixture(scope="module")
def medway(demonstration):
    return Subject(Workspace(str(demonstration)).release("medway"))


def test_a_rate_has_numerator_denominator_formula_and_files(medway):
    found = provenance.of_question(medway, ASKED)
    assert found.what == "Recorded crime"
    assert found.numerator == "33,334 records."
    assert found.denominator.startswith("278,55") or found.denominator.startswith("278,56")
    assert "rate = 1,000 × count ÷ residents" in found.formula
    assert "Clopper and Pearson" in found.formula
    assert found.period == "April 2019 to March 2020: 12 of 12 months"
    assert [extract.dataset for extract in found.extracts] == ["crime", "population"]
    assert found.extracts[0].sha256 == medway.release.extract("crime")["sha256"]
    assert found.extracts[0].files[0].publisher == "synthetic demonstration data"
    assert found.release == medway.release.id
    assert found.status.startswith("Demonstration data")


def test_a_count_has_no_denominator_and_a_type_is_named(medway):
    found = provenance.of_question(medway, replace(ASKED, per="count", compare=None, category="burglary"))
    assert found.denominator == ""
    assert found.what == "Recorded crime: Burglary"
    assert "line ‘Burglary’ with all lines under it" in found.rows
    assert "change" not in found.formula


def test_a_ward_names_its_look_up(medway):
    vintage = medway.partnership.vintage(None).id
    ward = next(iter(medway.wards[vintage]))
    found = provenance.of_question(medway, replace(ASKED, area=ward))
    assert "ward_lookup" in [extract.dataset for extract in found.extracts]
    assert medway.wards[vintage][ward] in found.area


def test_the_public_is_not_told_how_many_rows_a_rounded_extract_has(medway, monkeypatch):
    extract = medway.release.manifest["extracts"]["crime"]
    monkeypatch.setitem(extract, "disclosure", "rounded")
    subject = Subject(medway.release)
    rounded = provenance.of_question(subject, replace(ASKED, per="count", compare=None))
    assert "How many is not told to the public" in rounded.rows
    assert rounded.numerator == "33,335 records."
    analyst = provenance.of_question(subject, replace(ASKED, per="count", compare=None, role="analyst"))
    assert analyst.numerator == "33,334 records."


def test_a_citation_stands_alone(medway):
    found = provenance.of_question(medway, ASKED)
    assert provenance.citation(found, "https://example.org/trends?ward=x", date(2026, 11, 22)) == (
        "Medway Community Safety Partnership. Recorded crime, Medway, April 2019 to March 2020. Data release "
        f"{medway.release.id}, Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate. "
        "Source: synthetic demonstration data; Office for National Statistics. https://example.org/trends?ward=x (seen 22 "
        "November 2026)."
    )


def test_tables_without_counts_name_their_files(medway):
    found = provenance.of_datasets(medway, ("survey",), "public")
    assert [extract.dataset for extract in found.extracts] == ["survey"]
    assert found.extracts[0].rows == medway.release.extract("survey")["rows"]


def test_settings_are_told_in_words():
    edition = Edition("data", "medway", "x")
    asked = Asked(
        edition,
        "trends.control_chart",
        ("question", "over", "shown", "rebase", "screen"),
        (ASKED, Span("2019-04", "2020-03"), "per day", ("2020-04",), True),
    )
    assert shown.settings(asked) == ("over: April 2019 to March 2020; shown: per day; rebase: April 2020; screen: yes")
    assert shown.settings(Asked(edition, "x", ("rebase", "role"), ((), "public"))) == "rebase: none"


def test_a_chart_over_other_months_names_both(medway):
    found = provenance.of_question(medway, ASKED, Span("2014-04", "2020-03"))
    assert found.period == (
        "April 2014 to March 2020: the months of the chart. Its sum and change are of April 2019 to March 2020 (12 of 12 "
        "months)"
    )
    assert "months 2014-04 to 2020-03" in found.rows
    assert "Medway, April 2014 to March 2020. Data release" in provenance.citation(found, "", date(2026, 11, 22))
