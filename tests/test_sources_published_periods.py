"""Periods as publishers write them."""

import pytest

from csp_data.extracts.sources.published_periods import EXAMPLES, months_of


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2019", "2019-01", "2019-12"),
        ("2018/19", "2018-04", "2019-03"),
        ("1999/00", "1999-04", "2000-03"),
        ("2018 - 20", "2018-01", "2020-12"),
        ("2018-20", "2018-01", "2020-12"),
        ("2010 - 12", "2010-01", "2012-12"),
        ("2010-12", "2010-12", "2010-12"),
        ("2018 – 20 (p)", "2018-01", "2020-12"),
        ("1999 - 01", "1999-01", "2001-12"),
        ("2018/19 - 20/21", "2018-04", "2021-03"),
        ("2019/20 Q1", "2019-04", "2019-06"),
        ("2019/20 Q4", "2020-01", "2020-03"),
        ("2019 Q4", "2019-10", "2019-12"),
        ("April 2019", "2019-04", "2019-04"),
        ("2019-04", "2019-04", "2019-04"),
        ("Apr 2019 - Mar 2020", "2019-04", "2020-03"),
        ("year ending June 2025", "2024-07", "2025-06"),
        ("Year ending March 2020", "2019-04", "2020-03"),
        ("2011-04-01/P1Y", "2011-04", "2012-03"),
    ],
)
def test_a_period_becomes_its_first_and_last_month(period, first, last):
    start, end = months_of(period)
    assert (f"{start:%Y-%m}", f"{end:%Y-%m}") == (first, last)


@pytest.mark.parametrize(
    "period", ["", "19", "2018/20", "2020 - 18", "2019/20 Q5", "Smarch 2019", "2019-13", "last year", "1950 - 99"]
)
def test_what_is_no_period_is_refused(period):
    with pytest.raises(ValueError):
        months_of(period)


def test_the_examples_given_to_readers_are_read():
    for example in EXAMPLES.replace(" or ", ", ").split(", "):
        months_of(example)
