"""Dated things to bear in mind, marked on a line of time: lockdowns, changes of recording, boundaries or systems."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from csp_data.figures import theme, wording


@dataclass(frozen=True)
class Event:
    """A dated thing to bear in mind, with the letter that stands for it on the chart and the row of that letter."""

    letter: str
    start: date
    end: date | None
    words: str
    lane: int
    short_words: str = ""
    """Without what it means."""


_LETTER_PIXELS = 14


def events_on(events: pd.DataFrame | None, dataset: str, first: date, last: date) -> tuple[Event, ...]:
    """The events that touch a dataset between two dates, lettered in order of their start.

    Letters that would run into each other on a telephone are put on different rows.
    """
    if events is None or events.empty:
        return ()
    found: list[Event] = []
    gap = timedelta(days=math.ceil((last - first).days * _LETTER_PIXELS / theme.NARROWEST_PLOT))
    free_from: list[date] = []
    for row in sorted(events.to_dict("records"), key=lambda row: (row["start"], row["label"])):
        start, end = row["start"].date(), None if pd.isna(row["end"]) else row["end"].date()
        touches = {name.strip() for name in str(row["datasets"]).split(",")} & {"all", dataset}
        if not touches or start > last or (end or start) < first:
            continue
        place = max(start, first)
        lane = next((n for n, free in enumerate(free_from) if place >= free), len(free_from))
        free_from[lane : lane + 1] = [place + gap]
        note = "" if pd.isna(row["note"]) else str(row["note"])
        letter = _letters(len(found))
        words = f"{letter}: {wording.event_words(start, end, str(row['label']), note)}"
        short = f"{letter}: {wording.event_words(start, end, str(row['label']), '')}"
        found.append(Event(letter, start, end, words, lane, short))
    return tuple(found)


def _letters(position: int) -> str:
    """A, B, … Z, then AA, AB, …"""
    first, second = divmod(position, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def event_shapes(events: Sequence[Event], first: date, last: date) -> list[dict[str, Any]]:
    shapes = []
    for event in events:
        start = max(event.start, first)
        shape = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "x0": start.isoformat()}
        if event.end is None:
            line = {"color": theme.EVENT_LINE, "width": 1, "dash": "dot"}
            shapes.append({**shape, "type": "line", "x1": start.isoformat(), "line": line})
        else:
            end = min(event.end, last)
            shapes.append(
                {**shape, "type": "rect", "x1": end.isoformat(), "fillcolor": theme.EVENT_SHADE, "line": {"width": 0}}
            )
    return shapes


LANE_PIXELS = 16


def event_letters(events: Sequence[Event], first: date) -> list[dict[str, Any]]:
    return [
        theme.note(
            event.letter, x=max(event.start, first).isoformat(), y=1, yref="paper", xanchor="left", yanchor="bottom",
            yshift=2 + event.lane * LANE_PIXELS, font={"size": theme.SMALL_TEXT_SIZE, "color": theme.QUIET_TEXT},
        )
        for event in events
    ]  # fmt: skip
