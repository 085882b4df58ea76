"""Survey results: shares with intervals and base rules, change between waves, sums of options.

Sources: Wilson 1927; Newcombe 1998 (Statistics in Medicine 17:873). Base rules: Sport England
hides bases under 30; flagging 30 to 99 follows the British Crime Survey's 100 for tables. Intervals cover chance only,
not who chose to answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from csp_data.analysis.forensics import percent_text, rounded
from csp_data.analysis.rates import CONFIDENCE, proportion

SMALLEST_SHOWN = 30
SMALL_BASE_BELOW = 100
SELF_SELECTED = (
    "People chose themselves whether to answer, so the results may not speak for all residents; "
    "the intervals cover chance, not who chose to answer."
)
BaseRule = Literal["hidden", "small base", ""]
Verdict = Literal["higher", "lower", "similar"]


def base_rule(base: float) -> BaseRule:
    """ "hidden" under 30 answers, "small base" from 30 to 99, else ""; the base is of people, not weighted."""
    if not base >= SMALLEST_SHOWN:
        return "hidden"
    return "small base" if base < SMALL_BASE_BELOW else ""


def shares(options: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """The share that chose each option, with its interval.

    Parameters
    ----------
    options : a row an option of a question (of a wave, of a group): ``count`` (people who chose it; NaN where not given)
        and ``base`` (people asked, with those who gave no answer), whole numbers; other columns are kept.

    Returns
    -------
    The rows given, with ``percent``, ``lower``, ``upper`` (Wilson's interval; percent, not rounded), ``shown`` (rounded
    half up from the counts: "69%"), ``flag`` ("small base" or ""), ``value_status`` ("available", "withheld", "missing")
    and ``reason`` (a sentence when not available). Under a base of 30 nothing but the base is left: ``count`` is NaN.

    Raises
    ------
    ValueError
        When a count is negative, above its base or no whole number.
    """
    base = options["base"].to_numpy(dtype=float)
    count = options["count"].to_numpy(dtype=float)
    rules = np.array([base_rule(n) for n in base], dtype=object)
    known = ~np.isnan(count) & (base > 0)
    hidden, missing = rules == "hidden", ~known
    if known.any():
        proportion(count[known], base[known])  # a count that cannot be is an error in a hidden row too
        _whole(count[known], base[known])
    usable = known & ~hidden
    share, lower, upper = proportion(np.where(usable, count, np.nan), np.where(usable, base, np.nan), confidence)
    status = np.select([hidden, missing], ["withheld", "missing"], "available")
    return options.assign(
        count=np.where(usable, count, np.nan),
        percent=100 * share,
        lower=100 * lower,
        upper=100 * upper,
        shown=[percent_text(int(x), int(n)) if ok else "" for x, n, ok in zip(count, base, usable, strict=True)],
        flag=np.where(usable, np.where(rules == "small base", "small base", ""), ""),
        value_status=status,
        reason=np.select(
            [hidden, missing],
            [f"Fewer than {SMALLEST_SHOWN} people were asked.", "The count is not given."],
            "",
        ),
    )


def sums(options: pd.DataFrame, keys: Sequence[str] = ("question",)) -> pd.DataFrame:
    """Whether the options of each question, those for no answer included, add up to its base.

    Parameters
    ----------
    options : as for ``shares``, with the columns of ``keys`` and ``single`` (true when people could give one answer only).

    Returns
    -------
    A row a question: the keys, ``base``, ``counted`` (sum of all options; NaN when one is not given), ``not_counted``
    (base less counted; NaN where people could give several answers) and ``problem`` (a sentence, or "").
    """
    rows = []
    for name, group in options.groupby(list(keys), sort=False):
        bases = group["base"].unique()
        counted = float(group["count"].sum(skipna=False))
        base, single = float(bases[0]), bool(group["single"].all())
        left = base - counted if single else float("nan")
        problem = ""
        if len(bases) > 1:
            problem = f"The options are given on different bases: {', '.join(f'{b:,.0f}' for b in bases)}."
        elif np.isnan(counted):
            problem = "An option has no count, so the sum is not known."
        elif single and left > 0:
            problem = f"The options leave out {left:,.0f} of {base:,.0f} people: an option may be missing."
        elif single and left < 0:
            problem = f"The options hold {-left:,.0f} more people than the {base:,.0f} asked."
        elif (group["count"] > group["base"]).any():
            problem = f"An option was chosen by more people than the {base:,.0f} asked."
        key = dict(zip(keys, name if isinstance(name, tuple) else (name,), strict=True))
        rows.append({**key, "base": base, "counted": counted, "not_counted": left, "problem": problem})
    return pd.DataFrame(rows, columns=[*keys, "base", "counted", "not_counted", "problem"])


@dataclass(frozen=True)
class WaveChange:
    """The change of a share between two waves, in percentage points, with Newcombe's interval.

    ``z`` and ``p`` are of the pooled test of two proportions (NaN when nobody or everybody chose it in both waves),
    ``fisher_p`` of Fisher's exact test, both two-sided. ``verdict`` goes by the interval: "similar" when it holds 0.
    """

    points: float
    lower: float
    upper: float
    z: float
    p: float
    fisher_p: float
    verdict: Verdict
    sentence: str


def change(
    current: int,
    current_base: int,
    previous: int,
    previous_base: int,
    confidence: float = CONFIDENCE,
    *,
    tested: bool = True,
) -> WaveChange:
    """Change of a share between two independent samples, from the counts, not from rounded percentages.

    Parameters
    ----------
    tested : False leaves ``z``, ``p`` and ``fisher_p`` NaN: the verdict goes by the interval, and the tests take most of
        the time.

    Raises
    ------
    ValueError
        When a count or base is no whole number, a count is negative or above its base, a base is not above zero, or the
        confidence not between 0 and 1.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

    _whole([current, previous, current_base, previous_base])
    proportion([current, previous], [current_base, previous_base], confidence)
    lower, upper = confint_proportions_2indep(
        current, current_base, previous, previous_base, method="newcomb", compare="diff", alpha=1 - confidence
    )
    z = p = float("nan")
    if tested and 0 < current + previous < current_base + previous_base:
        z, p = proportions_ztest([current, previous], [current_base, previous_base])
    table = [[current, current_base - current], [previous, previous_base - previous]]
    numerator = 100 * (current * previous_base - previous * current_base)
    size = abs(rounded(int(numerator), int(current_base * previous_base), 1))
    return WaveChange(
        points=numerator / (current_base * previous_base),
        lower=100 * float(lower),
        upper=100 * float(upper),
        z=float(z),
        p=float(p),
        fisher_p=float(stats.fisher_exact(table).pvalue) if tested else float("nan"),
        verdict=_verdict(float(lower), float(upper)),
        sentence=_change_sentence(float(numerator), size, 100 * float(lower), 100 * float(upper)),
    )


def weighted_change(
    current: float, current_base: float, previous: float, previous_base: float, confidence: float = CONFIDENCE
) -> WaveChange:
    """Change between two weighted shares (0 to 1), each on its effective base: Newcombe's interval as ``change``, and no
    test of counts, for there are none.

    Raises
    ------
    ValueError
        When a share is not between 0 and 1, or a base is not above zero.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    counts = (current * current_base, previous * previous_base)
    proportion(counts, [current_base, previous_base], confidence)
    lower, upper = confint_proportions_2indep(
        counts[0], current_base, counts[1], previous_base, method="newcomb", compare="diff", alpha=1 - confidence
    )
    points = 100 * (current - previous)
    size = abs(Decimal(f"{points:.9g}").quantize(Decimal("0.1"), ROUND_HALF_UP))
    return WaveChange(
        points=points,
        lower=100 * float(lower),
        upper=100 * float(upper),
        z=float("nan"),
        p=float("nan"),
        fisher_p=float("nan"),
        verdict=_verdict(float(lower), float(upper)),
        sentence=_change_sentence(points, size, 100 * float(lower), 100 * float(upper)),
    )


def _whole(*numbers: ArrayLike) -> None:
    """Raise ValueError when one is missing or no whole number: people are counted."""
    if any(np.any(np.asarray(each, dtype=float) % 1 != 0) for each in numbers):
        raise ValueError("counts and bases are whole numbers of people")


def _verdict(lower: float, upper: float) -> Verdict:
    return "higher" if lower > 0 else "lower" if upper < 0 else "similar"


def _change_sentence(points: float, size: Decimal, lower: float, upper: float) -> str:
    direction = "Up" if points > 0 else "Down" if points < 0 else "No change"
    amount = f" {size if size else 'less than 0.1'} percentage points" if points else ""
    chance = "could be chance." if lower <= 0 <= upper else "more than chance alone would be likely to give."
    return f"{direction}{amount} (95% interval {lower:+.1f} to {upper:+.1f}): {chance}"
