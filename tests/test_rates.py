import numpy as np
import pytest

from csp_data.analysis import rates
from csp_data.analysis.change import percentage_change


def test_the_method_switches_at_ten_events():
    lower, upper = rates.count_interval([9, 10, 11])
    # Exact limits of 9 are 4.115 and 17.085. Byar's of 10 and 11, which the exact ones (4.795, 18.390) differ from.
    assert lower == pytest.approx([4.115373, 4.787, 5.483684], abs=5e-4)
    assert upper == pytest.approx([17.084803, 18.391760, 19.683241], abs=5e-4)


def test_no_events_have_a_lower_limit_of_none_and_an_upper_one_above_it():
    lower, upper = rates.count_interval([0])
    assert lower[0] == 0
    assert upper[0] == pytest.approx(3.688879, abs=1e-6)


def test_missing_stays_missing():
    lower, upper = rates.count_interval([np.nan, 4])
    assert np.isnan(lower[0])
    assert np.isnan(upper[0])
    assert not np.isnan(upper[1])


@pytest.mark.parametrize("population", [0, -5])
def test_a_rate_needs_people(population):
    with pytest.raises(ValueError, match="population must be above zero"):
        rates.rate(3, population)


def test_counts_below_zero_and_above_their_base_are_refused():
    with pytest.raises(ValueError, match="cannot be negative"):
        rates.rate(-1, 100)
    with pytest.raises(ValueError, match="between zero and its base"):
        rates.proportion(11, 10)


def test_published_spot_values():
    """71 of 103 is 68.9% (59.5 to 77.1); 120 after 100 is +20% (-8.7 to +58.1)."""
    value, lower, upper = rates.proportion(71, 103)
    assert [round(100 * float(v[0]), 1) for v in (value, lower, upper)] == [68.9, 59.5, 77.1]
    row = percentage_change(120, 100).iloc[0]
    assert [round(row[c], 1) for c in ("percent", "lower", "upper")] == [20.0, -8.7, 58.1]
    assert row["verdict"] == "similar"


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [(0, 0, ""), (200, 100, "higher"), (100, 200, "lower"), (0, 3, "similar"), (0, 9, "lower"), (np.nan, 9, "")],
)
def test_the_word_for_a_change_follows_the_test(now, before, verdict):
    assert percentage_change(now, before).iloc[0]["verdict"] == verdict


def test_change_of_rates_takes_account_of_a_growing_population():
    row = percentage_change(110, 100, 110_000, 100_000).iloc[0]
    assert row["percent"] == pytest.approx(0, abs=1e-9)
    assert row["verdict"] == "similar"
