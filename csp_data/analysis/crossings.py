"""Which dated events a comparison of two periods crosses: what must be said beside the change."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis.periods import Span, day_label

LASTING = "lockdown"
"""A kind of event that matters for the months it lasts. The others are changes, that matter for all that comes after."""
OF_WARDS = "boundary change"
"""A kind that leaves the figures of the whole partnership as they are."""


class Crossings:
    """The events of a release that touch one dataset, ready to be asked which of them two periods cross.

    A lockdown is crossed when it overlaps either period. A change (of recording, boundaries or systems) is crossed when
    it lies between the periods or inside one: after the first day of the earlier one and not after the last day of the
    later one. A change that takes until another day is crossed when any of its days but the first of all lies there.
    """

    def __init__(self, events: pd.DataFrame, dataset: str, of_wards: bool):
        kept = [
            row
            for row in events.sort_values(["start", "label"]).to_dict("records")
            if {name.strip() for name in str(row["datasets"]).split(",")} & {"all", dataset}
            and (of_wards or row["kind"] != OF_WARDS)
        ]
        self._start = np.array([row["start"] for row in kept], dtype="datetime64[D]")
        self._end = np.array(
            [row["start"] if pd.isna(row["end"]) else row["end"] for row in kept], dtype="datetime64[D]"
        )
        self._lasting = np.array([row["kind"] == LASTING for row in kept], dtype=bool)
        self._words = [_words(row) for row in kept]

    def words(self, spans: Sequence[Span], others: Sequence[Span]) -> list[str]:
        """For each pair the events crossed, such as "COVID-19 restrictions (23 March 2020 to 19 July 2021)", joined by
        "; "; empty when there is none. For a period alone give it twice."""
        if not self._words or not spans:
            return [""] * len(spans)
        first, last = _days(spans)
        other_first, other_last = _days(others)
        overlaps = (self._start <= last) & (self._end >= first)
        overlaps |= (self._start <= other_last) & (self._end >= other_first)
        between = (self._start <= np.maximum(last, other_last)) & (self._end > np.minimum(first, other_first))
        crossed = np.where(self._lasting, overlaps, between)
        return ["; ".join(w for w, c in zip(self._words, row, strict=True) if c) for row in crossed.tolist()]


def _days(spans: Sequence[Span]) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """First and last days of spans, each as a column."""
    first = np.array([span.start for span in spans], dtype="datetime64[M]")
    after = np.array([span.end for span in spans], dtype="datetime64[M]") + 1
    return first.astype("datetime64[D]")[:, None], (after.astype("datetime64[D]") - 1)[:, None]


def _words(row: dict) -> str:
    start: date = row["start"].date()
    when = day_label(start) if pd.isna(row["end"]) else f"{day_label(start)} to {day_label(row['end'].date())}"
    return f"{row['label']} ({when})"
