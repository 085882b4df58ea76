"""The choices and charts of the page Seasonality."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from csp_data.analysis.seasonality import Year
from csp_data.stories import seasonality
from csp_data.ui import cached, show
from csp_data.ui.choices import View

_YEARS: Mapping[str, Year] = {"Financial year (April to March)": "financial", "Calendar year": "calendar"}
_MONTHS: Mapping[str, bool] = {"Months as they are": False, "Months made equal in length": True}


class Chosen(NamedTuple):
    year: Year
    per_day: bool


def choose() -> Chosen:
    """Which years, and whether short months count as long ones."""
    year = st.radio("Years", list(_YEARS), horizontal=True, key="years", bind="query-params")
    months = st.radio("Length of months", list(_MONTHS), horizontal=True, key="days", bind="query-params")
    return Chosen(_YEARS[year], _MONTHS[months])


def whether_seasonal(view: View, chosen: Chosen) -> None:
    """The message of the page, then the index where there is a season, and the year against earlier ones."""
    asked = (view.question(), view.over_time)
    found = cached.told(view.edition, seasonality.verdict, *asked, chosen.year)
    st.header(found.heading, anchor=False)
    st.markdown(found.sentence)
    if found.shown:
        show.show(cached.drawing(view.edition, seasonality.index, *asked, chosen.year), "index")
    elif found.tests:
        st.caption(" ".join(found.tests))
    if found.tested:
        show.show_or_say(view, "band", seasonality.band, *asked, *chosen)


def every_month(view: View, chosen: Chosen) -> None:
    show.show(cached.drawing(view.edition, seasonality.heat_map, view.question(), view.over_time, *chosen), "grid")
    show.left_out(view)


def season_and_trend(view: View, chosen: Chosen) -> None:
    """Trend, season and the rest, only when asked for."""
    if st.checkbox("Split into trend, season and the rest (STL)", key="split", bind="query-params"):
        show.show_or_say(view, "split", seasonality.split, view.question(), view.over_time, chosen.per_day)
