"""Weights that make those who answered a survey stand for everybody, and what weighting costs.

Sources: raking (iterative proportional fitting) by ``weightipy``; Kish 1965 (design effect).
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

CONVERGED = 0.05
"""Percentage points by which a raked margin may miss its target before the weighting counts as failed."""


@dataclass(frozen=True)
class EffectiveBase:
    """``people`` is how many answered, ``design_effect`` Kish's n * sum(w^2) / sum(w)^2, ``effective`` the base of an
    unweighted sample as exact as the weighted one."""

    people: int
    design_effect: float
    effective: float


def effective_base(weights: ArrayLike) -> EffectiveBase:
    """What weighting costs: the effective base of weighted answers, a weight a person.

    Raises
    ------
    ValueError
        When there are no weights or one is missing, zero or negative.
    """
    w = np.atleast_1d(np.asarray(weights, dtype=float))
    if not len(w) or not np.all(w > 0):
        raise ValueError("every person needs a weight above zero")
    design_effect = len(w) * float((w**2).sum()) / float(w.sum()) ** 2
    return EffectiveBase(len(w), design_effect, len(w) / design_effect)


@dataclass(frozen=True)
class Raked:
    """Weights of mean 1, a respondent each. ``capped`` is how many stand at the cap, ``missed_by`` the most, in percentage
    points, by which a weighted margin misses its target (only a cap makes it more than nothing)."""

    weights: pd.Series
    base: EffectiveBase
    cap: float | None
    capped: int
    missed_by: float


def rake(respondents: pd.DataFrame, targets: Mapping[str, Mapping[Hashable, float]], cap: float | None = None) -> Raked:
    """Weights that bring each characteristic of the respondents to its share of the population.

    Parameters
    ----------
    respondents : a row a person, a column a characteristic named in ``targets``.
    targets : for each characteristic the population (or share) of each of its categories.
    cap : the highest weight allowed, above 1; the margins then may miss their targets, and by how much is said.

    Raises
    ------
    ValueError
        When a category of the targets has no respondent or no population, a respondent's category is missing or has no
        target, the cap is not above 1, or the weights do not settle. Put small categories together and try again.
    """
    import weightipy

    for name, shares_ in targets.items():
        held = set(respondents[name].dropna())
        wrong = sorted(map(str, held ^ set(shares_)))
        if respondents[name].isna().any():
            raise ValueError(f"{int(respondents[name].isna().sum())} respondents have no {name}")
        if wrong:
            raise ValueError(
                f"{name} has categories without both respondents and a target ({', '.join(wrong)}): put them together"
            )
        if any(not share > 0 for share in shares_.values()):
            raise ValueError(f"a target of {name} is not above zero")
    if cap is not None and not cap > 1:
        raise ValueError("a cap on weights must be above 1")
    percent = {n: {c: 100 * v / sum(s.values()) for c, v in s.items()} for n, s in targets.items()}
    scheme = weightipy.scheme_from_dict(percent, name="rake", rim_params={"cap": cap or 0})
    frame = weightipy.weight_dataframe(respondents[list(targets)].reset_index(drop=True), scheme, "weight")
    weights = pd.Series(frame["weight"].to_numpy(dtype=float), index=respondents.index, name="weight")
    missed = max(
        abs(100 * float(weights[respondents[name] == category].sum()) / float(weights.sum()) - share)
        for name, categories in percent.items()
        for category, share in categories.items()
    )
    if cap is None and missed > CONVERGED:
        raise ValueError(
            f"the weights do not settle (a margin misses its target by {missed:.1f} points): use fewer targets"
        )
    at_cap = int((weights >= cap - 1e-3).sum()) if cap is not None else 0
    return Raked(weights, effective_base(weights), cap, at_cap, missed)
