"""Weights of respondents: what they reach, what they cost, what is refused."""

import math

import pandas as pd
import pytest

from csp_data.extracts import weighting


def close(value):
    return pytest.approx(value, abs=1e-12)


def test_effective_base():
    # Weights 1, 1, 2: 3 * 6 / 16
    found = weighting.effective_base([1, 1, 2])
    assert (found.people, found.design_effect, found.effective) == (3, close(1.125), close(8 / 3))
    for wrong in ([], [1, 0], [1, math.nan]):
        with pytest.raises(ValueError, match="weight above zero"):
            weighting.effective_base(wrong)


PEOPLE = pd.DataFrame(
    [("f", "old")] * 40 + [("f", "young")] * 20 + [("m", "old")] * 20 + [("m", "young")] * 20, columns=["sex", "age"]
)


def test_raking_brings_every_characteristic_to_its_target():
    found = weighting.rake(PEOPLE, {"sex": {"f": 50, "m": 50}, "age": {"old": 3, "young": 7}})
    assert found.weights.mean() == close(1)
    share = found.weights.groupby([PEOPLE["sex"]]).sum() / 100
    assert share.to_dict() == {"f": pytest.approx(0.5, abs=1e-6), "m": pytest.approx(0.5, abs=1e-6)}
    share = found.weights.groupby([PEOPLE["age"]]).sum() / 100
    assert share["young"] == pytest.approx(0.7, abs=1e-6)
    # Raking keeps the cross ratio of the cells: (40 * 20) / (20 * 20)
    cell = found.weights.groupby([PEOPLE["sex"], PEOPLE["age"]]).sum()
    ratio = cell["f", "old"] * cell["m", "young"] / (cell["f", "young"] * cell["m", "old"])
    assert ratio == pytest.approx(2, rel=1e-6)
    assert found.base.effective < 100
    assert (found.cap, found.capped) == (None, 0)
    assert found.missed_by < 1e-6


def test_a_single_characteristic_is_weighted_exactly():
    found = weighting.rake(PEOPLE, {"sex": {"f": 1, "m": 1}})
    assert found.weights[PEOPLE["sex"] == "f"].tolist() == close([50 / 60] * 60)
    assert found.weights[PEOPLE["sex"] == "m"].tolist() == close([50 / 40] * 40)


def test_a_cap_is_kept_and_what_it_costs_is_told():
    found = weighting.rake(PEOPLE, {"sex": {"f": 20, "m": 80}}, cap=1.5)
    assert found.weights.max() == pytest.approx(1.5, abs=1e-3)
    assert (found.cap, found.capped) == (1.5, 40)
    assert found.missed_by == pytest.approx(20, abs=0.1)  # men are 40 people at 1.5: 60% where 80% was wanted


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"sex": {"f": 50, "m": 49, "x": 1}}, r"sex has categories without both .* \(x\)"),
        ({"sex": {"f": 50}}, r"\(m\)"),
        ({"sex": {"f": 100, "m": 0}}, "a target of sex is not above zero"),
    ],
)
def test_empty_cells_are_not_raked(targets, words):
    with pytest.raises(ValueError, match=words):
        weighting.rake(PEOPLE, targets)


def test_raking_needs_every_characteristic_and_a_cap_above_1():
    with pytest.raises(ValueError, match="1 respondents have no sex"):
        weighting.rake(PEOPLE.replace({"sex": {"m": None}}).head(61), {"sex": {"f": 1}})
    with pytest.raises(ValueError, match="cap on weights must be above 1"):
        weighting.rake(PEOPLE, {"sex": {"f": 1, "m": 1}}, cap=1)
