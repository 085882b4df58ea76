import numpy as np
import pytest

from csp_data.analysis import rates
from csp_data.analysis.change import lognormal_interval, p_value, percentage_change


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


@pytest.mark.parametrize("population", [0, -5, np.inf])
def test_a_rate_needs_people(population):
    with pytest.raises(ValueError, match="population must be above zero"):
        rates.rate(3, population)


def test_counts_below_zero_and_above_their_base_are_refused():
    with pytest.raises(ValueError, match="cannot be negative"):
        rates.rate(-1, 100)
    with pytest.raises(ValueError, match="between zero and its base"):
        rates.proportion(11, 10)


@pytest.mark.parametrize("confidence", [0, 1, 95, np.nan])
def test_a_confidence_is_a_share(confidence):
    for interval in (rates.rate, rates.proportion, rates.standardised_ratio, percentage_change, lognormal_interval):
        with pytest.raises(ValueError, match="confidence lies between 0 and 1"):
            interval(12, 100, confidence=confidence)


def test_what_is_no_count_or_rate_is_refused():
    with pytest.raises(ValueError, match="cannot be infinite"):
        rates.rate(np.inf, 100)
    with pytest.raises(ValueError, match="per must be above zero"):
        rates.rate(3, 100, per=-1)
    with pytest.raises(ValueError, match="below zero in a band"):
        rates.standardised_rate([20, 20], [100, 100], [-1, 3])


@pytest.mark.parametrize("comparison", [percentage_change, lognormal_interval, p_value])
def test_a_change_is_of_counts_on_populations(comparison):
    with pytest.raises(ValueError, match="cannot be negative"):
        comparison(5, -1)
    for populations in ((0, 100), (100, -3)):
        with pytest.raises(ValueError, match="population must be above zero"):
            comparison(5, 6, *populations)


@pytest.mark.parametrize("count", [12.7, None, np.nan])
def test_an_exact_probability_is_of_whole_counts(count):
    with pytest.raises(ValueError, match="two whole counts"):
        p_value(count, 5)


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


def test_a_standardised_rate_of_one_band_is_the_crude_rate_with_byar_s_limits():
    got = rates.standardised_rate([84], [20_000], [1], per=1_000)
    assert got == pytest.approx([float(v[0]) for v in rates.rate(84, 20_000)])


def test_a_standardised_rate_weighs_each_band_and_takes_dobson_s_limits():
    value, lower, upper = rates.standardised_rate([20, 10], [1_000, 4_000], [60, 40], per=1_000)
    # 0.6 × 20 + 0.4 × 2.5 = 13
    assert value == pytest.approx(13)
    spread = np.sqrt((0.6**2 * 20 / 1_000**2 + 0.4**2 * 10 / 4_000**2) / 30)
    low, high = rates.count_interval(30)
    assert lower == pytest.approx(13 + 1_000 * spread * (low[0] - 30))
    assert upper == pytest.approx(13 + 1_000 * spread * (high[0] - 30))


def test_a_standardised_rate_on_few_events_is_not_given():
    assert np.isnan(rates.standardised_rate([4, 5], [1_000, 1_000], [1, 1])).all()
    assert not np.isnan(rates.standardised_rate([5, 5], [1_000, 1_000], [1, 1])).any()


@pytest.mark.parametrize(
    ("counts", "populations", "sentence"),
    [([1], [10, 10], "same age bands"), ([1, 20], [0, 10], "above zero"), ([-1, 20], [10, 10], "negative")],
)
def test_a_standardised_rate_needs_counts_and_people_by_band(counts, populations, sentence):
    with pytest.raises(ValueError, match=sentence):
        rates.standardised_rate(counts, populations, [50, 50])


def test_the_european_standard_population_has_19_bands_and_100_000_people():
    assert len(rates.EUROPEAN_STANDARD_POPULATION) == 19
    assert sum(rates.EUROPEAN_STANDARD_POPULATION) == 100_000


def test_a_standardised_ratio_has_the_limits_of_its_count():
    value, lower, upper = rates.standardised_ratio([9, 10], [6, 8])
    assert value.tolist() == [1.5, 1.25]
    low, high = rates.count_interval([9, 10])
    assert lower == pytest.approx(low / [6, 8])
    assert upper == pytest.approx(high / [6, 8])
    with pytest.raises(ValueError, match="expected count must be above zero"):
        rates.standardised_ratio(3, 0)
