"""The back-test on records small enough to work out by hand; real files are in test_real_boundaries."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from csp_data.analysis.backtest import backtest, best_fit_of
from csp_data.analysis.subject import Subject
from csp_data.catalogue.partnerships import Partnership, Vintage
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace

JANUARY = ("crime", "2024-01", "2024-01")


@pytest.fixture
def make_subject(tmp_path):
    """An LSOA E01 in both new wards N1 (a quarter of its people, half of its ground) and N2, and an LSOA E02 in N2; the
    old ward O1 is E01, O2 is E02. 8 records of E01 are in N1 and 12 in N2; 20 of E02 in N2."""

    def make(disclosure="open", outlines=True, methods="coordinates"):
        partnership = Partnership(
            "town", "Town CSP", "Town", ("E07000001",), "kent", vintages=(Vintage("old", "Old"), Vintage("new", "New"))
        )
        places = {"E01@O1+N1": ("O1", "N1"), "E01@O1+N2": ("O1", "N2"), "E02@O2+N2": ("O2", "N2")}
        rows = [
            (place, v, w, 1.0, methods)
            for place, wards in places.items()
            for v, w in zip(("old", "new"), wards, strict=True)
        ]
        rows += [
            ("E01", "old", "O1", 1.0, "nested"),
            ("E02", "old", "O2", 1.0, "nested"),
            ("E02", "new", "N2", 1.0, "nested"),
        ]
        rows += [("E01", "new", "N1", 0.25, "population_share"), ("E01", "new", "N2", 0.75, "population_share")]
        small = [*places, "E01", "E02"]
        shapes = {
            ("N1", "ward", "new"): box(0, 51, 1, 52),
            ("N2", "ward", "new"): box(1, 51, 4, 52),
            ("O1", "ward", "old"): box(0, 51, 2, 52),
            ("O2", "ward", "old"): box(2, 51, 4, 52),
        }
        if outlines:
            shapes |= {("E01", "lsoa2021", ""): box(0, 51, 2, 52), ("E02", "lsoa2021", ""): box(2, 51, 4, 52)}
        tables = {
            "crime": pd.DataFrame(
                {
                    "month": pd.Timestamp("2024-01-01"),
                    "small_area": list(places),
                    "category": "robbery",
                    "source": "kent",
                    "count": [8, 12, 20],
                }
            ).astype({"count": "int32"}),
            "small_areas": pd.DataFrame(
                {
                    "small_area": small,
                    "area_code": [code[:3] for code in small],
                    "area_type": "lsoa2021",
                    "area_name": "",
                    "district": "E07000001",
                }
            ),
            "ward_lookup": pd.DataFrame(rows, columns=["small_area", "vintage", "ward_code", "share", "method"]),
            "areas": gpd.GeoDataFrame(
                [(*key, key[0], "E07000001", shape) for key, shape in shapes.items()],
                columns=["area_code", "area_type", "vintage", "name", "district", "geometry"],
                geometry="geometry",
                crs=4326,
            ),
            "population": pd.DataFrame(
                {
                    "area_code": ["E01", "E02"],
                    "area_type": "lsoa2021",
                    "vintage": "",
                    "year": 2021,
                    "denominator": "residents",
                    "population": [1_000, 3_000],
                    "low": [1_000, 3_000],
                    "high": [1_000, 3_000],
                    "basis": "made up",
                    "reference_date": pd.Timestamp("2021-03-21"),
                    "source": "made up",
                }
            ),
        }
        extracts = {"crime": {"months": ["2024-01"], "disclosure": disclosure, "sources": []}}
        write_release(tmp_path, partnership, tables, {"extracts": extracts})
        return Subject(Workspace(str(tmp_path)).release("town"))

    return make


def test_every_method_against_coordinates(make_subject):
    found = backtest(make_subject(), *JANUARY, "new")
    assert (found.records, found.reason, found.period) == (40, "", "January 2024")
    wards = found.wards.set_index("ward_code")
    assert wards["truth"].to_dict() == {"N1": 8, "N2": 32, "unallocated": 0}
    assert wards["population"].to_dict() == {"N1": 5, "N2": 35, "unallocated": 0}
    assert wards["best_fit"].to_dict() == {"N1": 0, "N2": 40, "unallocated": 0}
    assert wards["nested"].to_dict() == {"N1": 0, "N2": 20, "unallocated": 20}
    assert wards["area"].to_dict() == pytest.approx({"N1": 10, "N2": 30, "unallocated": 0}, abs=0.2)
    assert wards["ward_population"].to_dict() == {"N1": 5, "N2": 35, "unallocated": 0}
    assert wards["ward_area"].to_dict() == pytest.approx({"N1": 10, "N2": 30, "unallocated": 0}, abs=0.2)
    methods = found.methods.set_index("method")
    assert methods.loc["population", ["misplaced_share", "largest_percent", "largest_ward"]].tolist() == [
        3 / 40,
        37.5,
        "N1",
    ]
    assert methods.loc["best_fit", ["misplaced_share", "largest_percent"]].tolist() == [8 / 40, 100]
    assert methods.loc["nested", "misplaced_share"] == 20 / 40


def test_what_the_release_cannot_show_is_left_out(make_subject):
    assert "area" not in set(backtest(make_subject(outlines=False), *JANUARY, "new").methods["method"])


def test_without_coordinates_there_is_nothing_to_test(make_subject):
    found = backtest(make_subject(methods="nested"), *JANUARY, "new")
    assert (found.records, len(found.methods), len(found.wards)) == (0, 0, 0)
    assert found.reason == "No record of January 2024 is placed by coordinates, so there is nothing to test against."


def test_of_a_protected_extract_the_public_is_told_nothing(make_subject):
    subject = make_subject(disclosure="rounded")
    assert backtest(subject, *JANUARY, "new").reason == "Withheld so that nobody can be identified."
    assert backtest(subject, *JANUARY, "new", role="analyst").records == 40


def test_best_fit_against_where_people_live(make_subject):
    found = best_fit_of(make_subject(), "new")
    assert found.drop(columns="percent").to_numpy().tolist() == [
        ["N1", "N1", 0, 250, True],
        ["N2", "N2", 4_000, 3_750, True],
    ]
    assert found["percent"].tolist() == pytest.approx([-100, 100 * 250 / 3_750])
    assert not best_fit_of(make_subject(), "old")["flagged"].any()


def test_best_fit_is_worked_out_once_a_release(make_subject):
    subject = make_subject()
    assert best_fit_of(subject, "new") is best_fit_of(subject, "new")
