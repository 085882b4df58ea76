"""Rules on the quality of data: what each finds on a few made-up months, and that none shows what a role may not see."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from csp_data.analysis import quality
from csp_data.analysis.periods import Span
from csp_data.analysis.subject import Subject
from csp_data.extracts.workspace import Workspace
from csp_data.figures import quality as figures
from csp_data.figures.chart import NoChart
from csp_data.stories import data_quality as story


@pytest.fixture(scope="module")
def release(demonstration):
    return Workspace(str(demonstration)).release("medway")


@pytest.fixture(scope="module")
def medway(release):
    return Subject(release)


class Altered:
    """A release whose counts and description are changed in memory."""

    def __init__(self, release, change=lambda rows: rows, months=None, **extract):
        self._release, self._change = release, change
        crime = {**release.manifest["extracts"]["crime"], **extract}
        if months is not None:
            crime["months"] = months
        self.manifest = {**release.manifest, "extracts": {**release.manifest["extracts"], "crime": crime}}

    def __getattr__(self, name):
        return getattr(self._release, name)

    def has(self, dataset):
        return dataset in self.manifest["extracts"]

    def extract(self, dataset):
        return self.manifest["extracts"][dataset]

    def months(self, dataset):
        return list(self.extract(dataset).get("months", [])) if self.has(dataset) else []

    def read(self, dataset, columns=None, filters=None):
        rows = self._release.read(dataset, None if dataset == "crime" else columns, filters)
        if dataset == "crime":
            rows = self._change(rows)
            return rows[list(columns)] if columns else rows
        return rows


def found(release, rule, role="public", **changes):
    subject = Subject(Altered(release, **changes))
    return [each for each in quality.of_measure(subject, "crime", role) if each.rule == rule]


# Rules on plain numbers


def test_missing_months_lie_between_the_first_and_the_last():
    assert quality.missing_months(["2019-04", "2019-05", "2019-08"]) == [Span("2019-06", "2019-07")]
    assert quality.missing_months(["2019-04", "2019-05"]) == []
    assert quality.missing_months([]) == []


def months(values):
    return pd.Series(values, index=list(Span("2017-01", "2022-12").months)[: len(values)], dtype=float)


def test_a_change_of_level_is_dated_once():
    flat = [1000.0] * 24
    assert quality.level_shifts(months([*flat, *[1300.0] * 24])) == [("2019-01", pytest.approx(30.0))]
    assert quality.level_shifts(months([*flat, *[700.0] * 24])) == [("2019-01", pytest.approx(-30.0))]


def test_no_change_of_level_in_what_is_flat_small_gradual_seasonal_or_broken():
    assert quality.level_shifts(months([1000.0] * 48)) == []
    assert quality.level_shifts(months([1000.0] * 24 + [1190.0] * 24)) == []
    assert quality.level_shifts(months([2.0] * 24 + [3.0] * 24)) == []  # within chance
    assert quality.level_shifts(months([1000 * 1.02**n for n in range(60)])) == []  # grows by 27% a year
    assert quality.level_shifts(months([1000 + 300 * np.sin(n * np.pi / 6) for n in range(48)])) == []
    assert quality.level_shifts(months([1000.0] * 23)) == []
    broken = [1000.0] * 18 + [np.nan] + [1300.0] * 18
    assert quality.level_shifts(months(broken)) == []


def test_twin_months_are_the_same_on_every_line():
    table = pd.DataFrame(
        {"a": [20, 20, 20, 1, 1, 20], "b": [30, 30, 31, 2, 2, np.nan]},
        index=["2019-01", "2019-02", "2019-03", "2019-04", "2019-05", "2019-06"],
    )
    assert quality.twin_months(table) == [("2019-01", "2019-02")]


def test_the_lowest_ever_takes_24_months_and_no_tie():
    assert quality.lowest_ever(months([100.0] * 24)) is None
    assert quality.lowest_ever(months([*[100.0] * 23, 99.0])) == ("2018-12", 99.0, 100.0)
    assert quality.lowest_ever(months([*[100.0] * 22, 99.0])) is None
    assert quality.lowest_ever(months([*[100.0] * 24, 99.0, np.nan])) == ("2019-01", 99.0, 100.0)


# Rules on a release


def test_the_demonstration_has_nothing_to_mend(medway):
    for measure in ("crime", "asb"):
        findings = quality.of_measure(medway, measure, "public")
        assert [each for each in findings if each.weight == "mend"] == []
        assert {each.rule for each in findings} == set(quality.RULES) - {"age"}
        assert all(each.text and (each.do or each.weight in ("fine", "note")) for each in findings)


def test_the_recording_change_of_april_2017_is_found_with_its_event(medway):
    (shift,) = [each for each in quality.of_measure(medway, "crime", "public") if each.rule == "shift"]
    assert shift.when == "April 2017"
    assert "36.0% higher" in shift.text
    assert "Kent Police recorded crime more fully" in shift.text
    assert shift.weight == "note"


def test_a_month_taken_out_is_missing(release):
    kept = [month for month in release.months("crime") if month != "2019-06"]
    (gap,) = found(release, "no-row", months=kept)
    assert gap.text.startswith("1 month is missing: June 2019.")
    assert gap.weight == "look"


def test_an_emptied_month_is_a_source_gap_and_a_month_of_zero(release):
    def emptied(rows):
        return rows[rows["month"] != pd.Timestamp("2019-06-01")]

    (gap,) = found(release, "source-gap", change=emptied)
    assert "The source ‘Kent’ gives nothing for June 2019" in gap.text
    (zero,) = found(release, "all-zero", change=emptied)
    assert zero.text.startswith("No record at all in June 2019")
    assert gap.weight == zero.weight == "mend"


def test_a_month_saved_twice_is_found(release):
    def doubled(rows):
        may = rows[rows["month"] == pd.Timestamp("2019-05-01")].assign(month=pd.Timestamp("2019-06-01"))
        return pd.concat([rows[rows["month"] != pd.Timestamp("2019-06-01")], may], ignore_index=True)

    (twin,) = found(release, "twins", change=doubled)
    assert twin.text == "June 2019 has the same count on every line as May 2019."


def test_two_files_with_the_same_content_are_found(release):
    sources = [{"name": "a.csv", "sha256": "1"}, {"name": "b.csv", "sha256": "1"}]
    assert found(release, "twins", sources=sources)[0].text == "The files ‘a.csv’ and ‘b.csv’ have the same content."


def test_an_old_release_is_late(release):
    kept = [month for month in release.months("crime") if month <= "2025-10"]
    late = found(release, "late", months=kept)
    assert "The last month is October 2025, 6 months before the release was made (April 2026)." in late[0].text
    assert any("It ends in October 2025, and ASB incidents in March 2026." in each.text for each in late)


def test_a_ward_without_any_record_is_found(release, medway):
    lookup = release.read("ward_lookup")
    vintage = medway.partnership.vintage(None).id
    ward = next(iter(medway.wards[vintage]))
    areas = set(lookup[(lookup["vintage"] == vintage) & (lookup["ward_code"] == ward)]["small_area"])
    (none,) = found(release, "zero-areas", change=lambda rows: rows[~rows["small_area"].isin(areas)])
    assert none.text.startswith(f"{medway.wards[vintage][ward]} has none in ")


def test_records_without_a_ward_are_looked_into_when_many(release, medway):
    district = medway.partnership.districts[0]

    def lost(rows):
        recent = (rows["month"] >= pd.Timestamp("2025-04-01")) & (rows["category"] == "shoplifting")
        named = rows["small_area"].astype(str).where(~recent, district)
        return rows.assign(small_area=named)

    (finding,) = [each for each in found(release, "unlocated", change=lost) if each.weight != "note"]
    assert finding.weight == "look"
    assert "on average in the years before" in finding.text


def test_the_tables_of_other_areas_agree_or_are_named(release, medway):
    rows = quality.reconciled(medway, "crime", "public")
    assert set(rows["difference"]) == {0.0}
    assert set(rows["period"]) == {"April 2019 to March 2020"}
    fewer = found(
        release,
        "other-table",
        change=lambda r: r[~((r["month"] == pd.Timestamp("2020-03-01")) & (r["category"] == "burglary-residential"))],
    )
    apart = [each for each in fewer if each.weight == "look"]
    assert apart and all("Burglary" in each.text and "there and" in each.text for each in apart)


def test_of_a_rounded_extract_the_public_is_told_what_is_not_judged(release):
    subject = Subject(Altered(release, disclosure="rounded"))
    by_role = {role: quality.of_measure(subject, "crime", role) for role in ("public", "analyst")}
    told = " ".join(each.text for each in by_role["public"] if each.rule == "twins")
    assert "not given by type to the public" in told
    assert all("not given" not in each.text for each in by_role["analyst"])
    shares = quality.unallocated_by_year(subject, "crime", "public")
    known = shares["records"].dropna()
    assert (known % 5 == 0).all()


def test_a_release_without_months_says_so(release):
    subject = Subject(Altered(release, months=[]))
    (only,) = quality.of_measure(subject, "crime", "public")
    assert only.weight == "mend" and "covers no month" in only.text


def test_other_tables_are_told_with_their_latest_period(medway):
    texts = {each.dataset: each.text for each in quality.of_other_tables(medway)}
    assert texts["population"].endswith("latest period 2023.")
    assert "crime" not in texts
    assert "latest period March 2020" in texts["peers"]


# The page


def test_the_words_of_the_page(medway):
    told = story.of_measure(medway, "crime", "public")
    assert told.lead.startswith("0 to mend before publishing, ")
    assert len({len(cells) for cells in told.columns.values()}) == 1
    order = [cell[0] for cell in told.columns["Finding"]]
    assert order == sorted(order, key="✖!i".index)
    assert told.columns["Finding"][0].startswith("! Look into it: outside the process limits, ")
    assert "✓ In order: months without data" in told.in_order["In order"]


def test_the_charts_of_the_page(medway):
    assert "144 of 144 months" in story.completeness(medway, "public").alt
    asked = story.asked_of(medway, "crime", "public")
    assert story.limits(medway, asked).kind == "control chart"
    share = story.unplaced(medway, "crime", "public")
    assert share.title == "1.0% of recorded crimes of 2025/26 are in no ward"
    assert list(share.table.columns) == ["Financial year", "Months", "All records", "In no ward", "Share"]


def test_a_source_is_named_in_words_and_only_beside_another(medway):
    assert quality.source_words("btp") == "British Transport Police"
    assert quality.source_words("west-midlands") == "West Midlands"
    assert list(story.completeness(medway, "public").table["Dataset"].unique()) == ["Recorded crime", "ASB incidents"]


def test_a_share_of_none_is_words_and_no_row_of_empty_bars():
    table = pd.DataFrame(
        {
            "year": ["2023/24", "2024/25"], "period": ["2023/24", "2024/25"], "months": [12, 12], "records": [9000.0, 9000.0],
            "unallocated": [0.0, 0.0], "share": [0.0, 0.0], "value_status": ["available"] * 2, "reason": ["", ""],
        }
    )  # fmt: skip
    with pytest.raises(NoChart, match="All recorded crimes that are known to be of Town could be put in a ward"):
        figures.unplaced(table, "recorded crimes", "Town", "Source: x.", "")
    one = table.assign(unallocated=[1.0, 0.0], share=[1 / 9000, 0.0])
    assert (
        figures.unplaced(one, "recorded crimes", "Town", "Source: x.", "").title
        == "All recorded crimes of 2024/25 are in a ward"
    )
    few = table.assign(unallocated=[1.0, 1.0], share=[1 / 9000, 1 / 9000])
    assert figures.unplaced(few, "recorded crimes", "Town", "Source: x.", "").title.startswith("Under 0.1% of")


def test_no_chart_of_shares_without_wards(medway):
    bare = Subject(medway.release)
    bare.partnership = replace(medway.partnership, vintages=())
    with pytest.raises(NoChart, match="no wards"):
        story.unplaced(bare, "crime", "public")
