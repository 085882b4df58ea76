"""Months against months: whether a series has a season, what it is, and this year against earlier ones.

Everything takes one series: a number a month, indexed by month ("2019-04", or anything with a year and a month, as a
timestamp). A month left out of the index, between the first and the last, is missing, as one that is NaN; 0 is a number.
Counts and rates both do. Months the caller sets aside (``excluded``; those of the pandemic, say) are treated as
missing wherever a usual level is worked out, never changed.

Sources: Cleveland and others 1990 (STL); the X-13ARIMA-SEATS manual, US Census Bureau (QS); R's ``stats`` package
(``decompose``, ``stl``, ``kruskal.test``, ``friedman.test``), whose numbers these functions give.
"""

import calendar
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from csp_data.analysis.periods import MONTH_NAMES, Span, financial_year_of, month_number, month_text, runs, with_gaps

FULL_YEARS = 3
"""A season is shown only from this many full years, and only when a test says that it is more than chance."""
SIGNIFICANT = 0.01
SMALLEST_BAND = 3
"""Earlier years it takes to speak of a band."""
MEAN_DAYS = 365.25 / 12

Year = Literal["financial", "calendar"]
Model = Literal["multiplicative", "additive"]


def per_day(values: pd.Series) -> pd.Series:
    """The series as if every month had the same number of days: value / days in the month x (365.25 / 12).

    For comparing months with each other (February, leap years), not for totals. Missing stays missing.
    """
    series = with_gaps(values)
    return series / [calendar.monthrange(*_year_and_month(month))[1] for month in series.index] * MEAN_DAYS


# The seasonal index


def moving_average(values: pd.Series, excluded: Collection[str] = ()) -> pd.Series:
    """Centred 2 x 12 moving average: 13 months, the first and last at half weight, divided by 12.

    NaN in the first and last six months, and within six months of one that is missing or set aside.
    """
    series = _usable(values, excluded)
    weights = np.r_[0.5, np.ones(11), 0.5] / 12
    smooth = np.full(len(series), np.nan)
    if len(series) >= len(weights):
        smooth[6:-6] = np.convolve(series.to_numpy(), weights, mode="valid")
    return pd.Series(smooth, index=series.index)


def seasonal_index(
    values: pd.Series,
    model: Model | Literal["auto"] = "auto",
    year: Year = "financial",
    excluded: Collection[str] = (),
) -> pd.DataFrame:
    """How far each month of the year lies from an average month: classical decomposition, as R's ``decompose``.

    The ratio of each month to the centred moving average ("multiplicative"), or the difference from it ("additive"),
    averaged over the years and scaled to average 1 (or 0) over the 12 months. "auto" takes the ratio, but the
    difference when a value is zero or less.

    Returns
    -------
    A row a month of the year, from April (``year="financial"``) or January: ``month_of_year`` (1 to 12), ``name``,
    ``index`` (a ratio, 1.1 being 10% above an average month; or a difference in the unit of the values), ``years``
    (years the average is over) and ``model``. ``index`` is NaN for all 12 when one of them has no year, which takes at
    least 24 months.
    """
    detrended, used = _detrended(values, model, excluded)
    month_of_year = np.array([_year_and_month(month)[1] for month in detrended.index])
    order = _month_order(year)
    by_month = [detrended.to_numpy()[month_of_year == m] for m in order]
    years = [int(np.sum(~np.isnan(of_month))) for of_month in by_month]
    index = np.full(12, np.nan)
    if min(years) > 0:
        means = np.array([np.nanmean(of_month) for of_month in by_month])
        index = means / means.mean() if used == "multiplicative" else means - means.mean()
    names = [MONTH_NAMES[m - 1] for m in order]
    return pd.DataFrame({"month_of_year": order, "name": names, "index": index, "years": years, "model": used})


# Tests of a season


@dataclass(frozen=True)
class Outcome:
    """A test of a season. ``p`` is the chance of a ``statistic`` as large were there none; both NaN when the series is
    too short for the test or does not vary."""

    name: str
    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class QsOutcome(Outcome):
    """With the autocorrelations of the first difference, 12 and 24 months apart."""

    rho12: float
    rho24: float


def qs(values: pd.Series, excluded: Collection[str] = ()) -> QsOutcome:
    """QS test: whether changes from month to month are like those of a year and two years before.

    n(n+2)(r12² / (n-12) + r24² / (n-24)), with r the autocorrelation of the first difference and n its length, a
    negative r counting as 0; chi-squared with 2 degrees of freedom (X-13ARIMA-SEATS). Gaps are passed over: an
    autocorrelation is of the pairs that are there, as R's ``acf`` with ``na.pass``.
    """
    difference = np.diff(_usable(values, excluded).to_numpy())
    n = int(np.sum(~np.isnan(difference)))
    rho12, rho24 = (_autocorrelation(difference, lag) for lag in (12, 24))
    statistic = math.nan
    if n > 24:
        statistic = n * (n + 2) * (max(0.0, rho12) ** 2 / (n - 12) + max(0.0, rho24) ** 2 / (n - 24))
    if math.isnan(rho12) or math.isnan(rho24):
        statistic = math.nan
    return QsOutcome("QS", statistic, 2, float(stats.chi2.sf(statistic, 2)), rho12, rho24)


def kruskal_wallis(
    values: pd.Series, on: Literal["trend", "first difference"] = "trend", excluded: Collection[str] = ()
) -> Outcome:
    """Kruskal-Wallis test of the 12 months of the year against each other, on ranks.

    On what is left of the trend: the ratio to the centred moving average (the difference from it when a value is zero
    or less), or on the first difference. It needs at least a value for every month of the year.
    """
    if on not in ("trend", "first difference"):
        raise ValueError(f"months are compared on the trend or the first difference, not on '{on}'")
    if on == "trend":
        compared, _ = _detrended(values, "auto", excluded)
    else:
        compared = _usable(values, excluded).diff()
    # What differs only by rounding of the machine must share a rank.
    compared = (compared.dropna() / (compared.abs().max() or 1)).round(10)
    month_of_year = np.array([_year_and_month(month)[1] for month in compared.index], dtype=int)
    groups = [compared.to_numpy()[month_of_year == m] for m in range(1, 13)]
    if any(len(group) == 0 for group in groups) or _constant(compared.to_numpy()):
        return Outcome("Kruskal-Wallis", math.nan, 11, math.nan)
    statistic, p = stats.kruskal(*groups)
    return Outcome("Kruskal-Wallis", float(statistic), 11, float(p))


def friedman(values: pd.Series, excluded: Collection[str] = ()) -> Outcome:
    """Friedman test of the 12 months of the year against each other, on their ranks within each year.

    Years run from the first month of the series; one with a month missing or set aside, or not finished, is left out.
    It needs two.
    """
    series = _usable(values, excluded).to_numpy()
    years = series[: len(series) // 12 * 12].reshape(-1, 12)
    years = years[~np.isnan(years).any(axis=1)]
    if len(years) < 2 or all(_constant(of_year) for of_year in years):
        return Outcome("Friedman", math.nan, 11, math.nan)
    statistic, p = stats.friedmanchisquare(*years.T)
    return Outcome("Friedman", float(statistic), 11, float(p))


def full_years(values: pd.Series, excluded: Collection[str] = ()) -> int:
    """How often the rarest month of the year is there; for a series without gaps, its full years."""
    usable = _usable(values, excluded).dropna()
    month_of_year = [_year_and_month(month)[1] for month in usable.index]
    return min(month_of_year.count(m) for m in range(1, 13))


@dataclass(frozen=True)
class Season:
    """Whether a series has a season that may be shown (``shown``), in a sentence, with what it rests on."""

    shown: bool
    sentence: str
    full_years: int
    qs: QsOutcome
    kruskal_wallis: Outcome
    index: pd.DataFrame
    values: pd.Series
    """The series without the months set aside."""

    @cached_property
    def friedman(self) -> Outcome:
        """Beside the other two tests; it does not decide."""
        return friedman(self.values)


def season(values: pd.Series, year: Year = "financial", excluded: Collection[str] = ()) -> Season:
    """Whether there is a season: at least 3 full years, and p below 0.01 on QS or Kruskal-Wallis.

    Pass ``per_day(values)`` to leave out what comes from the length of months.
    """
    usable = _usable(values, excluded)  # set aside once, not by each test again
    years = full_years(usable)
    by_qs, by_rank = qs(usable), kruskal_wallis(usable)
    index = seasonal_index(usable, year=year)
    shown = years >= FULL_YEARS and (by_qs.p < SIGNIFICANT or by_rank.p < SIGNIFICANT)
    if years < FULL_YEARS:
        there = {0: "there is none", 1: "there is 1"}.get(years, f"there are {years}")
        sentence = f"Too short to tell: a season takes at least {FULL_YEARS} full years of months, and {there}."
    elif not shown:
        sentence = f"There is no clear season: over {years} full years, the differences between months could be chance."
    else:
        sentence = f"There is a clear season over {years} full years{_extremes(index)}."
    return Season(shown, sentence, years, by_qs, by_rank, index, usable)


def _extremes(index: pd.DataFrame) -> str:
    """ ": August is usually highest (14% above an average month) and February lowest (17% below)"."""
    if index["index"].isna().any():
        return ""
    high, low = index.loc[index["index"].idxmax()], index.loc[index["index"].idxmin()]
    if high["model"] == "multiplicative":
        above, below = f"{_whole(100 * (high['index'] - 1))}%", f"{_whole(100 * (1 - low['index']))}%"
    else:
        above, below = f"{_whole(10 * high['index']) / 10:g}", f"{_whole(-10 * low['index']) / 10:g}"
    return (
        f": {high['name']} is usually highest ({above} above an average month) and {low['name']} lowest ({below} below)"
    )


# STL, on request


@dataclass(frozen=True)
class StlSettings:
    """Every setting of STL, none left to a library's default: windows in months (odd), degrees of the local fits,
    jumps, and how many inner and outer loops. ``outer`` above 0 makes it robust: odd months then weigh less. With
    ``periodic`` the season is the same every year: its mean by calendar month."""

    seasonal_window: int = 13
    seasonal_degree: int = 1
    trend_window: int = 21
    trend_degree: int = 1
    low_pass_window: int = 13
    low_pass_degree: int = 1
    seasonal_jump: int = 1
    trend_jump: int = 1
    low_pass_jump: int = 1
    inner: int = 2
    outer: int = 0
    periodic: bool = False

    @property
    def sentence(self) -> str:
        """To print under the chart."""
        return (
            f"STL with windows of {self.seasonal_window} (season), {self.trend_window} (trend) and "
            f"{self.low_pass_window} (low pass) months, degrees {self.seasonal_degree}, {self.trend_degree} and "
            f"{self.low_pass_degree}, jumps {self.seasonal_jump}, {self.trend_jump} and {self.low_pass_jump}, "
            f"{self.inner} inner and {self.outer} outer loops ({'robust' if self.outer else 'not robust'})"
            + (", the same season every year." if self.periodic else ".")
        )


def periodic_stl(months: int) -> StlSettings:
    """The settings of R's ``stl(s.window = "periodic")`` for a series of so many months."""
    season = 10 * months + 1
    trend = math.ceil(1.5 * 12 / (1 - 1.5 / season)) | 1  # the next odd number
    return StlSettings(
        seasonal_window=season,
        seasonal_degree=0,
        trend_window=trend,
        seasonal_jump=math.ceil(season / 10),
        trend_jump=math.ceil(trend / 10),
        low_pass_jump=2,
        periodic=True,
    )


@dataclass(frozen=True)
class Decomposition:
    """``months``: a row a month with ``month``, ``value``, ``seasonal``, ``trend`` and ``remainder``, which add up to
    the value and are in its unit. A strength is between 0 (none) and 1; NaN when there is no variation at all."""

    months: pd.DataFrame
    settings: StlSettings
    seasonal_strength: float
    trend_strength: float


def stl(values: pd.Series, settings: StlSettings | None = None) -> Decomposition:
    """Split a series into season, trend and the rest (Cleveland and others 1990), as R's ``stl`` does.

    Strength of the season: max(0, 1 - var(rest) / var(rest + season)); of the trend likewise (Wang, Smith and Hyndman
    2006).

    Raises
    ------
    ValueError
        When a month is missing (STL takes no gaps), or there are fewer than 24.
    """
    from statsmodels.tsa.seasonal import STL  # takes seconds to import, and is wanted only here

    series = with_gaps(values)
    gaps = runs(series.index[series.isna()])
    if gaps:
        raise ValueError(f"STL needs every month, and there is no value for {_listed(gaps)}")
    if len(series) < 24:
        raise ValueError(f"STL needs at least 24 months, and there are {len(series)}")
    chosen = settings or StlSettings()
    fitted = STL(
        series.to_numpy(),
        period=12,
        seasonal=chosen.seasonal_window,
        seasonal_deg=chosen.seasonal_degree,
        trend=chosen.trend_window,
        trend_deg=chosen.trend_degree,
        low_pass=chosen.low_pass_window,
        low_pass_deg=chosen.low_pass_degree,
        seasonal_jump=chosen.seasonal_jump,
        trend_jump=chosen.trend_jump,
        low_pass_jump=chosen.low_pass_jump,
        robust=chosen.outer > 0,
    ).fit(inner_iter=chosen.inner, outer_iter=chosen.outer)
    seasonal, trend, rest = (np.asarray(part) for part in (fitted.seasonal, fitted.trend, fitted.resid))
    if chosen.periodic:
        position = np.arange(len(series)) % 12
        seasonal = np.array([seasonal[position == p].mean() for p in range(12)])[position]
        rest = series.to_numpy() - seasonal - trend
    months = pd.DataFrame(
        {"month": series.index, "value": series.to_numpy(), "seasonal": seasonal, "trend": trend, "remainder": rest}
    )
    least = (1e-12 * float(series.abs().max())) ** 2
    return Decomposition(months, chosen, _strength(rest, seasonal, least), _strength(rest, trend, least))


# Year by year


def year_by_month(values: pd.Series, year: Year = "financial") -> pd.DataFrame:
    """For a heat map: a row a year ("2019/20", or "2019"), a column a month by name, from April or January.

    NaN where a month is missing, or outside the series.
    """
    series = with_gaps(values)
    columns = [MONTH_NAMES[m - 1] for m in _month_order(year)]
    start = 3 if year == "financial" else 0
    first, last = (month_number(series.index[i]) - start for i in (0, -1))
    cells = np.full((last // 12 - first // 12 + 1) * 12, np.nan)
    cells[first % 12 : first % 12 + len(series)] = series
    rows = [_year_of(month_text(n * 12 + start), year) for n in range(first // 12, last // 12 + 1)]
    return pd.DataFrame(cells.reshape(-1, 12), index=pd.Index(rows, name="year"), columns=columns)


@dataclass(frozen=True)
class Band:
    """A year's months against a band of the same months in earlier years.

    ``months``: a row a month of the year, in order: ``month`` ("2024-04"), ``name``, ``value`` (NaN missing), ``lower``,
    ``upper`` and ``middle`` (the median) of the earlier years, ``years`` (how many of them there are), ``position``
    ("above", "within" or "below" the band; "" when not known) and ``reason`` (a sentence when not known).
    ``name`` says what the band is. ``expected_outside`` is how many of the months with a position would lie outside it
    by chance alone, were this year like the others: with few earlier years it is many, so say it.
    """

    months: pd.DataFrame
    year: str
    name: str
    expected_outside: float


def year_against_band(
    values: pd.Series,
    of: str | None = None,
    year: Year = "financial",
    kind: Literal["range", "percentiles"] = "range",
    percentiles: tuple[float, float] = (10, 90),
    earlier: int = 5,
    excluded: Collection[str] = (),
) -> Band:
    """The months of a year against the band of the same months in the years just before.

    Parameters
    ----------
    of : the year, "2024/25" (or "2024" with ``year="calendar"``); the latest without.
    kind : the band runs from the lowest to the highest of the earlier years, or between two ``percentiles`` of them
        (interpolated, as NumPy and R do unless told otherwise).
    earlier : how many years before are looked at. A month set aside is left out of the band, but is shown when it is
        in the year itself.

    A month with fewer than 3 earlier years has no band. On the edge of the band is within it.

    Raises
    ------
    ValueError
        When the series does not touch the year, or the percentiles are not in order between 0 and 100.
    """
    low, high = (0, 100) if kind == "range" else percentiles
    if not 0 <= low < high <= 100:
        raise ValueError("the percentiles of a band lie between 0 and 100, the lower one first")
    seen = year_by_month(values, year)
    usable = year_by_month(_usable(values, excluded), year)
    chosen = of or str(seen.index[-1])
    if chosen not in seen.index:
        raise ValueError(f"there is no month of {chosen} in the series")
    place = list(seen.index).index(chosen)
    before = usable.iloc[max(0, place - earlier) : place].dropna(how="all")
    first = month_number(f"{chosen[:4]}-{_month_order(year)[0]:02d}")
    rows, expected = [], 0.0
    for i, name in enumerate(seen.columns):
        value, past = float(seen.loc[chosen, name]), before[name].dropna().to_numpy(dtype=float)
        lower = middle = upper = math.nan
        position = reason = ""
        if len(past) < SMALLEST_BAND:
            reason = f"No band: it takes {SMALLEST_BAND} earlier years, and {len(past) or 'none'} can be used."
        else:
            lower, middle, upper = (float(v) for v in np.percentile(past, [low, 50, high]))
            if math.isnan(value):
                reason = "There is no data for this month."
            else:
                position = "above" if value > upper else "below" if value < lower else "within"
                expected += _chance_outside(len(past), low, high)
        rows.append((month_text(first + i), name, value, lower, middle, upper, len(past), position, reason))
    columns = ["month", "name", "value", "lower", "middle", "upper", "years", "position", "reason"]
    return Band(pd.DataFrame(rows, columns=columns), chosen, _band_name(before, kind, low, high), expected)


def _band_name(before: pd.DataFrame, kind: str, low: float, high: float) -> str:
    """ "lowest to highest of the same month in 2019/20 to 2023/24"."""
    if before.empty:
        return ""
    first, last = before.index[0], before.index[-1]
    edges = "lowest to highest" if kind == "range" else f"{_ordinal(low)} to {_ordinal(high)} percentile"
    left_out = ", leaving out months that are missing or set aside" if before.isna().any(axis=None) else ""
    return f"{edges} of the same month in {first if first == last else f'{first} to {last}'}{left_out}"


def _ordinal(number: float) -> str:
    if number % 1 or number % 100 in (11, 12, 13):
        return f"{number:g}th"
    return f"{number:g}" + {1: "st", 2: "nd", 3: "rd"}.get(int(number) % 10, "th")


def _chance_outside(n: int, low: float, high: float) -> float:
    """Chance that one more value from where the n came from lies outside two of their percentiles: a new value is as
    likely to fall into any of the n + 1 gaps around them."""
    lower_rank, upper_rank = (1 + (n - 1) * percentile / 100 for percentile in (low, high))
    return (lower_rank + n + 1 - upper_rank) / (n + 1)


# Small parts


def _year_and_month(month: str) -> tuple[int, int]:
    """The year, and the month of the year from 1 to 12."""
    number = month_number(month)
    return number // 12, number % 12 + 1


def _usable(values: pd.Series, excluded: Collection[str]) -> pd.Series:
    series = with_gaps(values)
    return series.mask(series.index.isin(list(excluded))) if excluded else series


def _detrended(values: pd.Series, model: str, excluded: Collection[str]) -> tuple[pd.Series, Model]:
    if model not in ("multiplicative", "additive", "auto"):
        raise ValueError(f"a season is multiplicative or additive, not '{model}'")
    series, trend = _usable(values, excluded), moving_average(values, excluded)
    used: Model = "multiplicative"
    if model == "additive" or (model == "auto" and bool((series <= 0).any())):
        used = "additive"
    if used == "multiplicative":
        return series / trend, used
    return series - trend, used


def _autocorrelation(x: NDArray, lag: int) -> float:
    """As R's ``acf``: about the mean of all, over the pairs that are there, divided by the length."""
    centred = x - np.nanmean(x) if np.any(~np.isnan(x)) else x
    products = centred[lag:] * centred[:-lag] if len(centred) > lag else np.array([])
    pairs = int(np.sum(~np.isnan(products)))
    spread = float(np.nansum(centred**2)) / max(1, int(np.sum(~np.isnan(centred))))
    if pairs == 0 or _constant(x[~np.isnan(x)]):
        return math.nan
    return float(np.nansum(products)) / (pairs + lag) / spread


def _constant(x: NDArray) -> bool:
    return len(x) == 0 or bool(np.ptp(x) <= 1e-12 * np.max(np.abs(x)))


def _strength(rest: NDArray, part: NDArray, least: float) -> float:
    """NaN when the variance of both together is ``least`` or under it: rounding of the machine."""
    whole = float(np.var(rest + part))
    return math.nan if whole <= least else max(0.0, 1 - float(np.var(rest)) / whole)


def _month_order(year: Year) -> list[int]:
    if year not in ("financial", "calendar"):
        raise ValueError(f"a year is financial or calendar, not '{year}'")
    return [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3] if year == "financial" else list(range(1, 13))


def _year_of(month: str, year: Year) -> str:
    return financial_year_of(month) if year == "financial" else month[:4]


def _whole(number: float) -> int:
    """Rounded half up, as people do."""
    return math.floor(number + 0.5)


def _listed(spans: list[Span]) -> str:
    return ", ".join(span.label for span in spans)
