"""Changed boundaries: rows small enough to work out on paper, then the values of R and sf."""

import math

import geopandas
import pandas as pd
import pytest
from reference_values import close, reference
from shapely import box

from csp_data.analysis import boundaries


def shares(*rows):
    return pd.DataFrame(rows, columns=["small_area", "ward_code", "share"])


SHARES = shares(("a", "X", 1.0), ("b", "X", 0.6), ("b", "Y", 0.4), ("c", "Y", 0.7))


def by_ward(table, column="value"):
    return table.set_index("ward_code")[column].to_dict()


# Best fit


def test_best_fit_puts_each_small_area_whole_where_most_of_it_is():
    found = boundaries.best_fit(SHARES)
    assert found["small_area"].tolist() == ["a", "b", "c"]
    assert found["ward_code"].tolist() == ["X", "X", "Y"]
    assert found["share"].tolist() == [1, 1, 1]
    assert found["fit_percent"].tolist() == close([100, 60, 70])
    assert not found["tie"].any()


def test_a_small_area_half_in_each_of_two_wards_is_marked():
    found = boundaries.best_fit(shares(("a", "Y", 0.5), ("a", "X", 0.5), ("b", "X", 1.0), ("c", "Y", 0.0)))
    assert found["small_area"].tolist() == ["a", "b"]  # no part of c is in any ward
    assert found["ward_code"].tolist() == ["X", "X"]
    assert found["tie"].tolist() == [True, False]


# Apportionment


def test_counts_are_divided_and_nothing_is_lost():
    counts = pd.Series({"a": 10, "b": 5, "c": 10, "d": 7})
    found = boundaries.apportion(counts, SHARES)
    # X: 10 + 3; Y: 2 + 7; unallocated: 3 of c, which is short of 1, and all of d, which is in no ward
    assert by_ward(found) == {"X": close(13), "Y": close(9), "unallocated": close(10)}
    assert found["ward_code"].tolist()[-1] == "unallocated"
    assert math.fsum(found["value"]) == counts.sum()
    assert by_ward(found, "estimated_share") == {"X": close(3 / 13), "Y": close(1), "unallocated": close(0.3)}


def test_a_ward_that_gets_nothing_is_there_with_0():
    found = boundaries.apportion(pd.Series({"a": 10}), SHARES)
    assert by_ward(found) == {"X": 10, "Y": 0, "unallocated": 0}
    assert math.isnan(by_ward(found, "estimated_share")["Y"])


def test_a_missing_count_makes_every_ward_it_goes_to_missing():
    found = by_ward(boundaries.apportion(pd.Series({"a": 10, "b": 5, "c": math.nan}), SHARES))
    assert found["X"] == close(13)
    assert math.isnan(found["Y"])
    assert math.isnan(found["unallocated"])


def test_without_any_share_all_is_unallocated():
    none = pd.DataFrame({"small_area": [], "ward_code": [], "share": []}, dtype=object)
    assert by_ward(boundaries.apportion(pd.Series({"a": 4.0}), none)) == {"unallocated": 4}


def test_a_value_below_zero_is_refused():
    with pytest.raises(ValueError, match="the value of a is below zero"):
        boundaries.apportion(pd.Series({"a": -4.0}), shares(("a", "X", 1)))


def test_shares_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="shares of a add up to more than 1"):
        boundaries.apportion(pd.Series({"a": 1}), shares(("a", "X", 0.7), ("a", "Y", 0.4)))
    with pytest.raises(ValueError, match="two shares of one ward"):
        boundaries.best_fit(shares(("a", "X", 0.5), ("a", "X", 0.5)))
    for wrong in (-0.1, math.nan):
        with pytest.raises(ValueError, match="missing or below zero"):
            boundaries.best_fit(shares(("a", "X", wrong)))
    with pytest.raises(ValueError, match="small area a stands twice"):
        boundaries.apportion(pd.Series([1, 2], index=["a", "a"]), SHARES)


# Old wards


def small_areas(**rows):
    return pd.DataFrame(rows.values(), columns=["old_ward", "population"]).assign(small_area=list(rows))


def test_old_wards_go_to_new_ones_as_their_people_do():
    table = boundaries.transfer(small_areas(a=("A", 300), b=("A", 100), c=("C", 200)), SHARES)
    # A: (300 + 60) / 400 to X, 40 / 400 to Y; C: 70% to Y, the rest nowhere
    assert table.to_dict("list") == {
        "small_area": ["A", "A", "C"],
        "ward_code": ["X", "Y", "Y"],
        "share": [close(0.9), close(0.1), close(0.7)],
    }
    moved = by_ward(boundaries.apportion(pd.Series({"A": 50, "C": 10}), table))
    assert moved == {"X": close(45), "Y": close(12), "unallocated": close(3)}


def test_old_wards_need_people():
    with pytest.raises(ValueError, match="no population, or one below zero"):
        boundaries.transfer(small_areas(a=("A", math.nan)), SHARES)
    with pytest.raises(ValueError, match="old ward A has no population"):
        boundaries.transfer(small_areas(a=("A", 0)), SHARES)


# Outlines


def outlines(crs=None, **boxes):
    return geopandas.GeoDataFrame(geometry=[box(*b) for b in boxes.values()], index=list(boxes), crs=crs)


def test_shares_of_area():
    found = boundaries.areal_shares(
        outlines(A=(0, 0, 4, 1)), outlines(X=(0, 0, 1, 1), Y=(1, 0, 3, 1), Z=(9, 9, 10, 10))
    )
    assert found.to_dict("list") == {
        "small_area": ["A", "A"],
        "ward_code": ["X", "Y"],
        "share": [close(0.25), close(0.5)],
    }
    assert by_ward(boundaries.apportion(pd.Series({"A": 8}), found))["unallocated"] == close(2)


def test_outlines_in_degrees_are_measured_on_the_ground():
    # Two halves of a square degree by latitude: the northern one is narrower
    old = outlines("EPSG:4326", A=(0, 51, 1, 52))
    new = outlines("EPSG:4326", S=(0, 51, 1, 51.5), N=(0, 51.5, 1, 52))
    found = boundaries.areal_shares(old, new).set_index("ward_code")["share"]
    assert found["S"] > 0.502
    assert found.sum() == pytest.approx(1, abs=1e-3)


def test_new_areas_that_overlap_are_refused_but_not_for_a_sliver():
    old = outlines(A=(0, 0, 1, 1))
    with pytest.raises(ValueError, match="overlap each other in A"):
        boundaries.areal_shares(old, outlines(X=(0, 0, 0.6, 1), Y=(0.5, 0, 1, 1)))
    sliver = boundaries.areal_shares(old, outlines(X=(0, 0, 0.5001, 1), Y=(0.5, 0, 1, 1)))
    assert sliver["share"].sum() == close(1)


# Errors


def test_errors_against_what_is_known():
    found = boundaries.errors(pd.Series({"X": 12.0, "Y": 6.0, "unallocated": 2.0}), pd.Series({"X": 10, "Y": 10}))
    assert (found.mean_absolute, found.largest_percent) == (close(3), close(40))
    assert found.misplaced_share == close(0.2)


def test_errors_of_what_is_not_known_are_not_known():
    found = boundaries.errors(pd.Series({"X": math.nan}), pd.Series({"X": 10}))
    assert math.isnan(found.mean_absolute)
    assert math.isnan(boundaries.errors(pd.Series({"X": 5.0}), pd.Series({"X": 0})).misplaced_share)


def test_a_ward_with_nothing_has_no_percentage():
    assert boundaries.errors(pd.Series({"X": 12, "Y": 3}), pd.Series({"X": 10, "Y": 0})).largest_percent == close(20)


# Reference values


def blocks_and_shares(data, key):
    wards = ["X", "Y", "Z"]
    rows = []
    for block in data["blocks"]:
        parts = block[key] if isinstance(block[key], dict) else dict(zip(wards, block[key], strict=True))
        rows += [(block["block"], ward, share) for ward, share in parts.items()]
    blocks = pd.DataFrame(data["blocks"]).rename(columns={"block": "small_area", "old": "old_ward"})
    return blocks.rename(columns={"pop": "population"}), shares(*rows)


def check(found, expected, data, errors):
    got = by_ward(found)
    assert got.pop("unallocated") == 0
    assert got == {ward: close(value) for ward, value in expected.items()}
    assert math.fsum(found["value"]) == pytest.approx(215, abs=1e-9)
    measured = boundaries.errors(found.set_index("ward_code")["value"], pd.Series(data["true_counts"]))
    assert measured.mean_absolute == close(errors["mae"])
    assert measured.largest_percent == close(errors["max_pct"])
    assert measured.misplaced_share == close(errors["misplaced_share"])


def test_reference_best_fit_and_blocks():
    data = reference("boundaries")
    blocks, by_people = blocks_and_shares(data, "share_population")
    counts, people = (blocks.set_index("small_area")[c] for c in ("crimes", "population"))
    fit = boundaries.best_fit(by_people).set_index("small_area").loc[blocks["small_area"]].reset_index()
    assert fit["ward_code"].tolist() == blocks["best_fit"].tolist()
    assert fit["fit_percent"].tolist() == close(blocks["best_fit_percent"].tolist())
    check(boundaries.apportion(counts, fit), data["best_fit"]["counts"], data, data["errors"]["best_fit"])
    for table, key in ((fit, "best_fit"), (by_people, "block_population_apportioned")):
        moved = by_ward(boundaries.apportion(people, table))
        assert moved == {**{w: close(v) for w, v in data[key]["population"].items()}, "unallocated": 0}
    check(
        boundaries.apportion(counts, by_people),
        data["block_population_apportioned"]["counts"],
        data,
        data["errors"]["block_apportioned"],
    )


def test_reference_old_wards():
    data = reference("boundaries")
    old = pd.Series(data["old_ward_counts"])
    expected = data["ward_level_population_weighted"]
    blocks, by_people = blocks_and_shares(data, "share_population")
    table = boundaries.transfer(blocks, by_people)
    for number, ward in enumerate(expected["old_order"], start=1):
        weights = table[table["small_area"] == ward].set_index("ward_code")["share"]
        assert weights.to_dict() == {w: close(v) for w, v in expected["weights"][str(number)].items() if v}
    check(boundaries.apportion(old, table), expected["counts"], data, data["errors"]["ward_population"])
    blocks, by_area = blocks_and_shares(data, "share_area")
    found = boundaries.apportion(old, boundaries.transfer(blocks, by_area, "area"))
    areal = dict(zip("XYZ", data["ward_level_area_weighted"]["counts"], strict=True))
    check(found, areal, data, data["errors"]["ward_area"])


def test_reference_outlines():
    data = reference("boundaries")["areal_geometry"]
    old, new = (outlines(**{row["id"]: row["box"] for row in data[key]}) for key in ("old", "new"))
    found = boundaries.apportion(
        pd.Series({row["id"]: row["count"] for row in data["old"]}), boundaries.areal_shares(old, new)
    )
    assert by_ward(found) == {**{row["id"]: close(row["count"]) for row in data["new"]}, "unallocated": 0}
