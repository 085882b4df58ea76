"""Severity: the match report first, then what is refused and withheld."""

import numpy as np
import pytest

from csp_data.analysis.results import Question
from csp_data.analysis.severity import REFUSED, severity
from csp_data.analysis.subject import Subject
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.severity import Weight, read_weights
from csp_data.figures.wording import severity_report
from tests.test_protection import Held
from tests.test_sources_populations import write_workbook

YEAR = Question("crime", "2019-04", "2020-03", role="analyst")


def town(monthly, rule="rounded"):
    """A release in memory with these counts a month of each line, in each of three wards, for 12 months; 30,000
    residents."""
    values = np.tile(np.array(list(monthly.values())), (12, 3, 1))
    return Subject(Held(values, list(monthly), rule))


def weights(**of_line):
    return [Weight("", line, weight, line) for line, weight in of_line.items()]


def matches(found):
    return {row.label: row.match for row in found.matches.itertuples()}


def test_counts_times_weights_per_1000_residents_with_the_share_that_has_a_weight():
    subject = town({"robbery": 2, "arson": 1, "drug-offences": 1})
    found = severity(subject, YEAR, weights(robbery=746, arson=9.16, homicide=7979))
    # 72 robberies and 36 fires in 30,000 people; 36 of 144 have no weight
    assert found.points == pytest.approx(72 * 746 + 36 * 9.16)
    assert found.score == pytest.approx((72 * 746 + 36 * 9.16) / 30)
    assert found.coverage == 75
    assert matches(found) == {
        "Robbery": "matched",
        "Arson": "matched",
        "Drug offences, not split further": "no weight",
        "homicide": "no count",
    }
    assert "1,801.4 points per 1,000 residents" in severity_report(found)
    assert "75.0% of crimes that have a weight" in severity_report(found)


def test_a_line_that_holds_offences_of_different_weight_is_left_out():
    mixed = [Weight("34A", "", 100, "robbery"), Weight("34B", "", 746, "robbery"), *weights(arson=9)]
    found = severity(town({"robbery": 2, "arson": 1}), YEAR, mixed)
    assert matches(found) == {"Robbery": "weights differ", "Arson": "matched"}
    assert found.coverage == pytest.approx(100 / 3)


@pytest.mark.parametrize("lines", [{"violence-and-sexual-offences": 5, "arson": 1}, {"burglary": 5, "robbery": 1}])
def test_the_groups_of_police_uk_are_refused_with_the_reason(lines):
    found = severity(town(lines, rule="open"), YEAR, weights(robbery=746, burglary=438))
    assert (found.score, found.value_status, found.reason) == (None, "not applicable", REFUSED)


def test_a_score_on_a_withheld_count_is_withheld_and_the_report_does_not_tell_it():
    subject = town({"robbery": 30, "arson": 40, "trafficking-of-drugs": 0.1})
    public = Question("crime", "2019-04", "2020-03")
    found = severity(subject, public, weights(robbery=746, arson=9))
    assert (found.score, found.points, found.value_status) == (None, None, "withheld")
    assert "[c]" in severity_report(found)
    assert severity(subject, YEAR, weights(robbery=746)).value_status == "available"


def test_a_ward_has_no_severity_of_a_month_for_the_public():
    subject = town({"robbery": 30, "arson": 40}, rule="open")
    month = Question("crime", "2019-05", "2019-05", area="new1")
    assert severity(subject, month, weights(robbery=746)).value_status == "withheld"
    assert severity(subject, Question("crime", "2019-05", "2019-05"), weights(robbery=746)).value_status == "available"


def test_without_any_match_there_is_no_score():
    found = severity(town({"arson": 3, "trafficking-of-drugs": 2}), YEAR, weights(homicide=7979))
    assert found.reason == "No severity: none of the counts has a weight in the file."


# Files


def test_weights_are_read_by_code_or_name_under_a_title(tmp_path):
    path = tmp_path / "weights.csv"
    path.write_text(
        'Weights\n\nOffence code,Offence,Weight\n34B,Robbery of personal property,746\n,Arson,"1,009.5"\n99Z,?,3\n'
    )
    found = read_weights(path, "A publisher", "2016")
    assert found.weights[:2] == (
        Weight("34B", "Robbery of personal property", 746, "robbery"), Weight("", "Arson", 1009.5, "arson"),
    )  # fmt: skip
    assert (found.source, found.vintage, found.file) == ("A publisher", "2016", "weights.csv")
    assert read_weights(path).vintage == "vintage not stated"


def test_weights_are_read_from_a_workbook(tmp_path):
    path = write_workbook(tmp_path / "weights.xlsx", {"List": [["HO code", "CSS weight"], ["34B", 746.5], ["56A", 42]]})
    assert [(w.line, w.weight) for w in read_weights(path).weights] == [("robbery", 746.5), ("arson", 42)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("offence code,weight\n34B,heavy\n", "row 2: 'heavy' is not a weight. Give a number, 0 or more"),
        ("offence code,weight\n34B,-3\n", "row 2: '-3' is not a weight"),
        ("a,b\n34B,3\n", "a column of offence codes or names"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "weights.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_weights(path)
