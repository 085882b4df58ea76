"""What changed between two releases: exact on the two squares of Town."""

from dataclasses import replace

import pandas as pd
import pytest

from csp_data.analysis.difference import Difference, difference
from csp_data.analysis.subject import Subject
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from csp_data.stories import releases as story
from tests.two_squares import TOWN, town_manifest, town_tables


@pytest.fixture
def subject(tmp_path):
    """A function that makes a release of Town with other tables in the place of the good ones."""

    def make(tables: dict | None = None, rule: str = "open", months: tuple[str, ...] = (), partnership=TOWN) -> Subject:
        name = str(len(list(tmp_path.iterdir())) + 1)
        manifest = town_manifest(f"release-{name}")
        for extract in ("crime", "asb"):
            manifest["extracts"][extract]["disclosure"] = rule
            manifest["extracts"][extract]["months"] = list(months or manifest["extracts"][extract]["months"])
        write_release(tmp_path / name, partnership, town_tables() | (tables or {}), manifest)
        return Subject(Workspace(str(tmp_path / name)).release("town"))

    return make


def crime(*counts: int) -> dict[str, pd.DataFrame]:
    table = town_tables()["crime"]
    return {"crime": table.assign(count=pd.array(counts, dtype="int32"))}


def rows(found: Difference, kind: str, area: str = "", per: str = "count", category: str = "") -> list[tuple]:
    """The figures of recorded crime that are told, of a kind and place."""
    table = found.figures[found.figures["measure"] == "crime"]
    chosen = (table["kind"] == kind) & (table["area"] == area) & (table["per"] == per) & (table["category"] == category)
    return list(table.loc[chosen, ["which", "before", "after", "what"]].itertuples(index=False, name=None))


def test_a_release_and_itself_differ_in_nothing(subject):
    found = difference(subject(), subject())
    assert found.is_nothing
    assert story.difference_words(found) == ("**Nothing changed**: all figures, codes and tables are the same.",)


def test_a_revised_month_moves_its_ward_the_total_the_year_and_its_type(subject):
    found = difference(subject(), subject(crime(50, 30, 30)))
    assert rows(found, "month") == [("2019-04", 40, 50, "moved")]
    assert rows(found, "month", "E05000001") == [("2019-04", 40, 50, "moved")]
    assert rows(found, "month", "E05000002") == []
    assert rows(found, "month", category="burglary") == [("2019-04", 40, 50, "moved")]
    assert rows(found, "month", category="robbery") == []
    assert rows(found, "financial year") == [("2019/20", 100, 110, "moved")]
    assert found.months.to_dict("records") == [{"measure": "crime", "month": "2019-04", "what": "revised"}]
    assert found.tables["dataset"].tolist() == ["crime"]
    assert (found.codes.empty, found.populations.empty) == (True, True)
    assert "**Months revised of recorded crime:** April 2019 (1 month)." in story.difference_words(found)


@pytest.mark.parametrize(("threshold", "told"), [(0.0, True), (0.0249, True), (0.025, False), (0.03, False)])
def test_a_figure_is_told_when_it_moved_by_more_than_the_threshold(subject, threshold, told):
    found = difference(subject(), subject(crime(41, 30, 30)), threshold=threshold)
    assert bool(rows(found, "month")) is told
    # A revision is told whatever the threshold.
    assert found.months["what"].tolist() == ["revised"]


def test_from_zero_and_to_zero_are_always_told(subject):
    found = difference(subject(crime(0, 30, 30)), subject(crime(40, 0, 30)), threshold=10)
    assert rows(found, "month", "E05000001") == [("2019-04", 0, 40, "moved")]
    assert rows(found, "month", "E05000002") == [("2019-05", 30, 0, "moved")]
    assert set(found.months["month"]) == {"2019-04", "2019-05"}


def test_a_new_month_is_told_once_and_the_year_has_more_months(subject):
    two = {name: town_tables()[name].iloc[:2] for name in ("crime", "asb")}
    found = difference(subject(two, months=("2019-04", "2019-05")), subject())
    assert found.months[["month", "what"]].drop_duplicates().to_numpy().tolist() == [["2019-06", "new"]]
    assert rows(found, "month") == []
    assert rows(found, "financial year") == [("2019/20", 70, 100, "more months")]
    assert "**New months of ASB incidents:** June 2019 (1 month)." in story.difference_words(found)


def test_a_month_that_is_missing_now(subject):
    two = {name: town_tables()[name].iloc[:2] for name in ("crime", "asb")}
    found = difference(subject(), subject(two, months=("2019-04", "2019-05")))
    assert set(found.months["what"]) == {"missing now"}
    assert {what for *_, what in rows(found, "financial year")} == {"fewer months"}


def test_a_rate_is_told_where_the_population_moved_it(subject):
    table = town_tables()["population"]
    halved = table.assign(population=pd.array([300, 400, 1000, 1000], dtype="int32"))
    found = difference(subject(), subject({"population": halved}))
    ((_, before, after, what),) = rows(found, "financial year", "E05000001", "rate")[:1]
    assert (round(before, 1), round(after, 1), what) == (66.7, 133.3, "moved")
    assert rows(found, "financial year", "E05000001", "count") == []
    assert rows(found, "financial year", "", "rate") == []
    assert found.populations[["area_code", "before", "after"]].to_numpy().tolist() == [["E05000001", 600, 300]]
    assert story.populations_table(found)["Before"] == ["600"]


def test_a_rate_that_moved_as_its_count_did_is_not_told_again(subject):
    found = difference(subject(), subject(crime(50, 30, 30)))
    assert set(found.figures["per"]) == {"count"}


def test_codes_that_came_and_went(subject):
    other = crime(40, 30, 30)
    other["crime"]["category"] = ["burglary", "burglary", "arson"]
    found = difference(subject(), subject(other))
    assert found.codes[["kind", "code", "what"]].to_numpy().tolist() == [
        ["type", "robbery", "gone"],
        ["type", "arson", "new"],
    ]
    assert rows(found, "month", category="robbery") == []
    assert ("2019/20", 30) in [row[:2] for row in rows(found, "financial year", category="robbery")]
    assert "**Types gone: 1.** Robbery (robbery)." in story.difference_words(found)


def test_a_dataset_that_came_is_told_with_its_rows(subject):
    without = subject()
    del without.release.manifest["extracts"]["events"]
    found = difference(without, subject())
    assert found.tables[["dataset", "rows_after", "what"]].to_numpy().tolist() == [["events", 1.0, "new"]]


def test_rows_of_a_supplied_table_are_told_apart(subject):
    events = town_tables()["events"]
    more = pd.concat([events.assign(label="Another system"), events.assign(label="A third")])
    found = difference(subject(), subject({"events": more}))
    (row,) = found.tables.to_dict("records")
    assert (row["rows_before"], row["rows_after"], row["only_before"], row["only_after"]) == (1, 2, 1, 2)


def test_what_is_withheld_from_the_public_is_in_no_difference(subject):
    before, after = subject(rule="rounded"), subject(crime(41, 30, 30), rule="rounded")
    public = difference(before, after, role="public", threshold=0)
    assert rows(public, "month") == []
    assert public.months.empty
    assert public.tables["rows_before"].isna().all()
    assert rows(difference(before, after, role="analyst", threshold=0), "month") == [("2019-04", 40, 41, "moved")]


def test_claims_whose_verdict_changed(subject):
    told = iter([{"A1": "reproduces", "A2": "follows"}, {"A1": "does_not_follow", "A2": "follows", "A3": "follows"}])
    found = difference(subject(), subject(), verdicts=lambda _: next(told))
    assert found.claims is not None
    assert found.claims.to_numpy().tolist() == [
        ["A1", "reproduces", "does_not_follow"],
        ["A3", "not registered", "follows"],
    ]
    assert story.claims_table(found)["Verdict after"] == ["does not follow", "follows"]
    assert not found.is_nothing


def test_two_partnerships_are_not_compared(subject):
    with pytest.raises(ValueError, match="cannot be compared"):
        difference(subject(), subject_of_another(subject))


def subject_of_another(subject) -> Subject:
    other = subject()
    other.partnership = replace(TOWN, id="village", name="Village Community Safety Partnership")
    return other


def test_a_threshold_is_not_negative(subject):
    with pytest.raises(ValueError, match="0 or more"):
        difference(subject(), subject(), threshold=-0.1)


def test_the_story_names_runs_of_months():
    assert story._spans(["2019-04", "2019-05", "2019-06", "2020-01"]) == "April to June 2019, January 2020 (4 months)"
