"""Which wards took the place of which: shares by residents and by ground, bounds, and names that mislead."""

import geopandas
import pandas as pd
import pytest
from shapely import box

from csp_data.analysis import succession
from csp_data.analysis.counts import UNALLOCATED
from csp_data.analysis.subject import Subject
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables


def lookup(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["small_area", "vintage", "ward_code", "share", "method"])


NO_GROUND = pd.DataFrame(columns=["old", "new", "ground_of_old", "ground_of_new"])
NESTED = lookup(
    ("one", "old", "A", 1.0, "nested"),
    ("two", "old", "A", 1.0, "nested"),
    ("three", "old", "B", 1.0, "nested"),
    ("one", "new", "X", 1.0, "nested"),
    ("two", "new", "Y", 1.0, "nested"),
    ("three", "new", "Y", 1.0, "nested"),
)
PEOPLE = pd.Series({"one": 610.0, "two": 390.0, "three": 110.0})


def between(table: pd.DataFrame, people: pd.Series = PEOPLE, ground: pd.DataFrame = NO_GROUND) -> succession.Succession:
    return succession.between(table, people, ground, "old", "new", 2021, "census")


def rows(found: succession.Succession, ward: str, vintage: str, *columns: str) -> list[tuple]:
    table = found.of(ward, vintage)[["area", *columns]]
    return [tuple(round(c, 9) if isinstance(c, float) else c for c in row) for row in table.itertuples(index=False)]


def test_an_old_ward_leads_to_its_successors_and_back():
    found = between(NESTED)
    assert rows(found, "A", "old", "share", "back", "residents") == [("X", 0.61, 1.0, 610.0), ("Y", 0.39, 0.78, 390.0)]
    assert rows(found, "B", "old", "share", "back") == [("Y", 1.0, 0.22)]
    assert rows(found, "Y", "new", "share", "back") == [("A", 0.78, 0.39), ("B", 0.22, 1.0)]
    assert (found.year, found.basis) == (2021, "census")


def test_what_is_nested_is_known():
    assert rows(between(NESTED), "A", "old", "share_low", "share_high", "method") == [
        ("X", 0.61, 0.61, "nested"),
        ("Y", 0.39, 0.39, "nested"),
    ]


def straddling(method: str = "population_share") -> pd.DataFrame:
    """As ``NESTED``, but a quarter of the people of ``two`` live in X."""
    others = NESTED[~((NESTED["small_area"] == "two") & (NESTED["vintage"] == "new"))]
    return pd.concat([others, lookup(("two", "new", "X", 0.25, method), ("two", "new", "Y", 0.75, method))])


def test_a_small_area_in_two_wards_is_shared_and_its_people_are_the_bounds():
    found = between(straddling())
    # 610 + 390 / 4 = 707.5 of 1,000; none and all of the 390.
    assert rows(found, "A", "old", "share", "share_low", "share_high", "method") == [
        ("X", 0.7075, 0.61, 1.0, "population_share"),
        ("Y", 0.2925, 0.0, 0.39, "population_share"),
    ]


def test_the_least_sure_method_is_told():
    assert between(straddling("area_share")).of("A", "old")["method"].tolist() == ["area_share", "area_share"]
    fitted = NESTED.assign(method="best_fit")
    assert between(fitted).of("B", "old")["method"].tolist() == ["best_fit"]


def test_a_small_area_that_straddles_both_sets_multiplies_its_shares():
    table = lookup(
        ("one", "old", "A", 0.5, "population_share"),
        ("one", "old", "B", 0.5, "population_share"),
        ("one", "new", "X", 0.2, "population_share"),
        ("one", "new", "Y", 0.8, "population_share"),
    )
    found = between(table, pd.Series({"one": 100.0}))
    assert rows(found, "A", "old", "residents", "share") == [("Y", 40.0, 0.8), ("X", 10.0, 0.2)]


def test_what_lies_outside_the_other_set_is_told_and_shares_add_up():
    table = NESTED[~((NESTED["small_area"] == "two") & (NESTED["vintage"] == "new"))]
    found = between(table)
    assert rows(found, "A", "old", "share") == [("X", 0.61), (UNALLOCATED, 0.39)]
    for own in ("old", "new"):
        sums = found.pairs.groupby(own)[f"of_{own}"].sum()
        assert sums.round(9).eq(1).all()


def test_only_part_of_a_small_area_in_any_ward_leaves_the_rest_outside():
    table = lookup(("one", "old", "A", 1.0, "nested"), ("one", "new", "X", 0.9, "population_share"))
    found = between(table, pd.Series({"one": 100.0}))
    assert rows(found, "A", "old", "share") == [("X", 0.9), (UNALLOCATED, 0.1)]


def test_a_share_of_none_is_no_pair():
    table = pd.concat([NESTED, lookup(("one", "new", "Y", 0.0, "population_share"))])
    assert rows(between(table), "A", "old", "residents") == [("X", 610.0), ("Y", 390.0)]


def test_ground_takes_the_place_of_residents_that_are_not_known():
    ground = pd.DataFrame(
        [("A", "X", 0.75, 1.0), ("A", "Y", 0.25, 0.5), ("B", "Y", 1.0, 0.5)], columns=NO_GROUND.columns
    )
    found = succession.between(NESTED, pd.Series(dtype=float), ground, "old", "new")
    assert rows(found, "A", "old", "share", "method") == [("X", 0.75, "ground"), ("Y", 0.25, "ground")]
    assert found.of("A", "old")["residents"].isna().all()
    assert found.year is None


def test_ground_without_residents_stays_in_the_table_and_slivers_do_not():
    ground = pd.DataFrame(
        [
            ("A", "X", 0.6, 1.0),
            ("A", "Y", 0.397, 0.5),
            ("B", "X", 0.003, 0.004),
            ("B", "Y", 0.9, 0.5),
            ("A", "Z", 0.1, 1.0),
        ],
        columns=NO_GROUND.columns,
    )
    found = between(NESTED, ground=ground)
    assert rows(found, "A", "old", "share", "ground") == [("X", 0.61, 0.6), ("Y", 0.39, 0.397), ("Z", 0.0, 0.1)]
    assert rows(found, "B", "old", "share") == [("Y", 1.0)]
    # Nobody lives in Z, so its own shares are of ground.
    assert rows(found, "Z", "new", "share") == [("A", 1.0)]


def test_with_neither_residents_nor_outlines_nothing_can_be_said():
    with pytest.raises(ValueError, match="neither residents nor outlines"):
        between(NESTED, pd.Series(dtype=float))


def test_a_missing_number_of_residents_is_an_error():
    with pytest.raises(ValueError, match="missing or below zero"):
        between(NESTED, pd.Series({"one": float("nan")}))


def test_a_set_that_is_neither_is_an_error():
    with pytest.raises(KeyError, match="neither 'old' nor 'new'"):
        between(NESTED).of("A", "1990")


@pytest.mark.parametrize(("moved", "same"), [(10.0, "X"), (10.2, None)])
def test_wards_are_the_same_place_from_99_percent_both_ways(moved, same):
    table = lookup(
        ("one", "old", "A", 1.0, "nested"), ("two", "old", "A", 1.0, "nested"), ("three", "old", "B", 1.0, "nested"),
        ("one", "new", "X", 1.0, "nested"), ("two", "new", "Y", 1.0, "nested"), ("three", "new", "Y", 1.0, "nested"),
    )  # fmt: skip
    found = between(table, pd.Series({"one": 1000.0 - moved, "two": moved, "three": 500.0}))
    assert found.same_place("A", "old") == same
    assert found.same_place("X", "new") == ("A" if same else None)


def test_one_way_alone_is_not_the_same_place():
    assert between(NESTED).same_place("B", "old") is None


def test_names_in_both_sets_are_found_by_their_exact_text():
    old = {"E1": "Watling", "E2": "Luton and Wayfield", "E3": "Hempstead and Wigmore"}
    new = {"E4": "Hempstead & Wigmore", "E5": "Watling"}
    assert succession.same_names(old, new) == {"Watling": ("E1", "E5")}


def squares(**wards: tuple[str, object]) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {"area_code": list(wards), "area_type": "ward", "vintage": [vintage for vintage, _ in wards.values()]},
        geometry=[shape for _, shape in wards.values()],
        crs=27700,
    )


def test_ground_is_measured_on_outlines_with_what_is_outside():
    areas = squares(
        A=("old", box(0, 0, 400, 100)), X=("new", box(0, 0, 300, 100)), Y=("new", box(300, 0, 350, 100))
    )  # fmt: skip
    table = succession.ground_between(areas, "old", "new")
    found = {(row.old, row.new): (row.ground_of_old, row.ground_of_new) for row in table.itertuples()}
    assert found == {
        ("A", "X"): (pytest.approx(0.75), pytest.approx(1.0)),
        ("A", "Y"): (pytest.approx(0.125), pytest.approx(1.0)),
        ("A", UNALLOCATED): (pytest.approx(0.125), 0.0),
    }


def test_outlines_that_overlap_are_scaled_down_to_the_whole():
    areas = squares(A=("old", box(0, 0, 100, 100)), X=("new", box(0, 0, 80, 100)), Y=("new", box(60, 0, 100, 100)))
    table = succession.ground_between(areas, "old", "new")
    assert table.set_index("new")["ground_of_old"].to_dict() == {"X": pytest.approx(2 / 3), "Y": pytest.approx(1 / 3)}


def test_a_set_without_outlines_has_no_ground():
    assert succession.ground_between(squares(A=("old", box(0, 0, 1, 1))), "old", "new").empty


@pytest.fixture
def town(tmp_path):
    tables = town_tables()
    people = (
        tables["population"].iloc[:2].assign(area_code=["E01000001", "E01000002"], area_type="lsoa2011", vintage="")
    )
    tables["population"] = pd.concat([tables["population"], people], ignore_index=True)
    write_release(str(tmp_path), TOWN, tables, town_manifest())
    return Subject(Workspace(str(tmp_path)).release("town"))


def test_a_release_is_worked_out_once_whatever_the_order(town):
    found = town.succession("2023", "2003")
    assert (found.old, found.new, found.year, found.basis) == ("2003", "2023", 2019, "made for the test")
    assert town.succession("2003", "2023") is found
    assert rows(found, "E05000003", "2023", "share") == [("E05000001", 0.6), ("E05000002", 0.4)]


def test_residents_of_few_small_areas_are_not_used(tmp_path):
    write_release(str(tmp_path), TOWN, town_tables(), town_manifest())
    subject = Subject(Workspace(str(tmp_path)).release("town"))
    people, year, _ = succession.residents_of_lsoas(subject.release, "2003", "2023")
    assert people.empty
    assert year is None
    assert subject.succession("2003", "2023").of("E05000003", "2023")["method"].tolist() == ["ground", "ground"]


def test_outlines_keep_their_codes_in_metres(town):
    found = town.outlines("2003")
    assert list(found) == ["E05000001", "E05000002"]
    assert found["E05000001"].area / 1e9 == pytest.approx(1.95, abs=0.05)


# The real wards of Kent


@pytest.mark.shared_data
def test_luton_and_wayfield_and_the_nine_shared_names(shared_data):
    table = pd.read_csv(shared_data / "geography" / "lsoa_ward_overlap_derived.csv")
    table = table[(table["lsoa_vintage"] == 2021) & (table["population_share"] > 0)]
    shares = table.rename(columns={"lsoa_code": "small_area", "ward_vintage": "vintage", "population_share": "share"})
    shares = shares.assign(method="population_share", vintage=shares["vintage"].astype(str))
    shares["share"] /= shares.groupby(["small_area", "vintage"])["share"].transform("sum")
    people = pd.read_csv(shared_data / "geography" / "population_lsoa_kent.csv")
    people = people[(people["lsoa_vintage"] == 2021) & people["lsoa_code"].isin(shares["small_area"])]
    residents = people.set_index("lsoa_code")["population"].astype(float)
    found = succession.between(shares, residents, NO_GROUND, "2022", "2025")
    wards = {
        vintage: dict(rows[["ward_code", "ward_name"]].drop_duplicates().itertuples(index=False, name=None))
        for vintage, rows in shares.groupby("vintage")
    }
    luton = next(code for code, name in wards["2022"].items() if name == "Luton and Wayfield")
    to = {wards["2025"][row.area]: round(row.share, 2) for row in found.of(luton, "2022").itertuples()}
    assert to == {"Luton": 0.63, "Wayfield & Weeds Wood": 0.37}
    shared_names = succession.same_names(wards["2022"], wards["2025"])
    assert len(shared_names) == 9
    same = [name for name, (was, is_) in shared_names.items() if found.same_place(was, "2022") == is_]
    assert same == ["Staplehurst"]
