"""Whole numbers that add up to what they must."""

import numpy as np
from scipy.optimize import linear_sum_assignment

_ROUNDS = 200
"""Rounds of proportional fitting: tables here settle within 20."""


def largest_remainder(weights: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in proportion to ``weights`` (not negative, not all zero) that sum to ``total``.

    Each gets its share rounded down; what is left goes, one each, to the largest remainders, earlier ones first.
    """
    exact = np.asarray(weights, dtype=float) * total / np.sum(weights)
    whole = np.floor(exact).astype(int)
    spare = total - whole.sum()
    whole[np.argsort(whole - exact, kind="stable")[:spare]] += 1
    return whole


def fitted_table(weights: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Whole numbers in about the proportions of ``weights`` whose rows and columns have exactly the sums given.

    Iterative proportional fitting, then rounding down, then the missing units are placed where the fractions lost were
    largest (an assignment problem, which always has an answer because rows and columns lack equally many).

    Raises
    ------
    ValueError
        When the sums of rows and columns differ.
    """
    rows, columns = np.asarray(rows), np.asarray(columns)
    if rows.sum() != columns.sum():
        raise ValueError(f"Rows sum to {rows.sum():,} and columns to {columns.sum():,}: they must be the same.")
    table = np.asarray(weights, dtype=float)
    for _ in range(_ROUNDS):
        table = table * (rows / np.maximum(table.sum(axis=1), 1e-300))[:, None]
        table = table * (columns / np.maximum(table.sum(axis=0), 1e-300))[None, :]
    # A hair is added so that an exact whole number held as 4.999999999 is not rounded down to 4.
    whole = np.floor(table + 1e-9).astype(int)
    short_row = np.repeat(np.arange(len(rows)), np.maximum(rows - whole.sum(axis=1), 0))
    short_column = np.repeat(np.arange(len(columns)), np.maximum(columns - whole.sum(axis=0), 0))
    fraction = table - whole
    left, right = linear_sum_assignment(-fraction[np.ix_(short_row, short_column)])
    np.add.at(whole, (short_row[left], short_column[right]), 1)
    return whole
