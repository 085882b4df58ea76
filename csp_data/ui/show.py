"""Showing finished figures: a chart with its message, source, table and downloads; a card of figures in words."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial

import streamlit as st

from csp_data.analysis import results
from csp_data.analysis.periods import Span, month_number, month_text
from csp_data.analysis.results import UNALLOCATED, Answer
from csp_data.catalogue.measures import Measure
from csp_data.figures import wording
from csp_data.figures.chart import Chart, NoChart
from csp_data.stories import trends
from csp_data.ui import cached, downloads, embed, plot, provenance
from csp_data.ui.cached import Drawing
from csp_data.ui.choices import View, pick_ward
from csp_data.ui.tables import show_table

TREND_MONTHS = 36
"""Length of the small trend on a card."""


def show(
    drawing: Drawing,
    key: str,
    on_pick: Callable[[], None] | None = None,
    geometry: Callable[[], dict] | None = None,
) -> None:
    """Show a chart with everything that must stand beside it.

    Parameters
    ----------
    key : the chart's name on its page, without any choice in it.
    on_pick : called, before the page runs again, when the visitor picks a part of the chart.
    geometry : gives the boundaries that a picture of a map needs; called only at a download.
    """
    place = embed.place()
    if place is None:
        downloads.keep(drawing.chart)
        _draw(drawing, key, on_pick, geometry)
    elif embed.is_asked(key):
        with place:
            _draw(drawing, key, on_pick, geometry)
            embed.finish()


def _draw(drawing: Drawing, key: str, on_pick: Callable[[], None] | None, geometry: Callable[[], dict] | None) -> None:
    if plot.plot(drawing.described, f"plot_{key}", on_pick):
        _table_and_downloads(drawing.chart, key, geometry)
        provenance.where_from(drawing, key)


def show_or_say(view: View, key: str, story: Callable[..., Chart], *asked: Hashable) -> None:
    """Show the chart of a story, or the sentence that says why there is none."""
    try:
        drawing = cached.drawing(view.edition, story, *asked)
    except NoChart as reason:
        st.info(str(reason))
    else:
        show(drawing, key)


def card(view: View, measure: Measure) -> None:
    """The figures of a measure for the chosen area and period: count, rate, change and completeness in words, and its
    recent months. A type chosen for another measure does not carry over."""
    category = view.category if measure == view.measure else None
    count = view.question(measure=measure.id, category=category)
    rate = cached.answer(view.edition, replace(count, per="rate"))
    answer = cached.answer(view.edition, count)
    start = max(month_text(month_number(view.span.end) - TREND_MONTHS + 1), view.latest_run.start)
    drawing = cached.drawing(view.edition, trends.small_trend, replace(count, compare=None), Span(start, view.span.end))
    with st.container(border=True, key=f"card_{measure.id}"):
        st.header(wording.capitalised(wording.noun(answer)), anchor=False)
        months = wording.completeness_words(answer.months_present, answer.months_expected)
        st.metric(
            f"{wording.period_words(answer)} ({months})",
            wording.shown(answer.value, answer.value_status),
        )
        st.markdown(_rate_and_change(answer, rate))
        show(drawing, f"trend_{measure.id}")


def _rate_and_change(answer: Answer, rate: Answer) -> str:
    if answer.value_status != "available":
        return answer.reason
    if rate.value_status == "available":
        interval = wording.interval_words(rate.lower, rate.upper, wording.RATE_PLACES)
        people = f"{wording.number(rate.denominator)} {wording.denominator_words(rate)}, {rate.population_year}"
        lines = [f"**{wording.value_words(rate)}** (95% interval {interval}; {people})"]
    else:
        lines = [rate.reason]
    change = wording.change_words(answer)
    return "\n\n".join([*lines, *([f"{wording.capitalised(change)}."] if change else [])])


def map_of_wards(view: View, per: str) -> None:
    """The wards on a map that can be clicked, and the same figures as a table that can be sorted."""
    drawing = cached.ward_map(view.edition, view.question(per))
    vintage = str(view.question().vintage)
    wards = cached.subject(view.edition).wards[vintage]
    show(
        drawing,
        "map",
        on_pick=partial(pick_ward, "plot_map", wards),
        geometry=partial(cached.boundaries, view.edition, vintage),
    )


def sentence(view: View, per: str) -> None:
    """The figure of the chosen area as a sentence that stands alone."""
    st.markdown(wording.sentence(cached.answer(view.edition, view.question(per))))


def sortable(chart: Chart) -> None:
    """The rows of a chart as numbers in a table that can be sorted by any column."""
    numbers = {"count": "localized", "rate": f"%.{wording.RATE_PLACES}f", "percent": f"%.{wording.PERCENT_PLACES}f%%"}
    columns = [
        column
        for column in chart.columns
        if column.how in ("text", *numbers) and column.name in chart.data and _says_something(chart, column.name)
    ]
    # Headings here cannot wrap, and the subtitle has the unit.
    headings = {
        column.name: "Rate" if column.how == "rate" and column.name == "value" else column.heading for column in columns
    }
    rows = chart.data[[column.name for column in columns]]
    counts = [column.name for column in columns if column.how == "count"]
    # Counts that were shared out between wards have fractions; everywhere else they are whole.
    rows = rows.assign(**{name: rows[name].map(wording.rounded, na_action="ignore").astype(float) for name in counts})
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        placeholder="–",
        column_config={
            column.name: st.column_config.NumberColumn(headings[column.name], format=numbers[column.how])
            if column.how in numbers
            else st.column_config.TextColumn(headings[column.name], width=215 if column is columns[0] else None)
            for column in columns
        },
        alt=f"{chart.title}. {chart.subtitle}",
    )
    without = chart.data[chart.data["reason"] != ""]
    for reason, names in without.groupby("reason", sort=False)["area_name"]:
        whose = wording.joined(names.tolist()) if len(names) < len(chart.data) else "Every ward"
        st.caption(f"{whose}: {reason}")


def _says_something(chart: Chart, column: str) -> bool:
    cells = chart.data[column]
    return bool((cells.notna() & (cells != "")).any())


def left_out(view: View) -> None:
    """Months that the charts over time leave out, and how to see them."""
    if view.left_out:
        spans = wording.joined([span.label for span in view.left_out])
        st.caption(f"Not shown: {spans}, because more than a year is missing after. Choose those months to see them.")


def unplaced(view: View) -> None:
    """How many of the area's records could not be put in a ward, and how many of the force's records have no place."""
    question = replace(view.question(), area=None, compare=None)
    answer = cached.answer(view.edition, question)
    rows = cached.table(view.edition, question, "area")
    unallocated = rows[rows["area"] == UNALLOCATED]
    sentences = []
    if (unallocated["value_status"] == "withheld").any():
        sentences.append("Some records could not be placed in a ward. How many is withheld, to protect people.")
    elif answer.numerator:
        count = unallocated["numerator"].sum()
        share = wording.percent(100 * count / answer.numerator)
        sentences.append(
            f"{wording.number(count)} of {wording.value_words(answer)} ({share}) could not be placed in a ward. "
            "They count in the total of the partnership and in no ward."
            if count
            else f"All {wording.value_words(answer)} were placed in a ward."
        )
    for row in results.elsewhere(cached.subject(view.edition), question).itertuples():
        records = f"{wording.shown(row.records, row.value_status)} records"
        sentences.append(
            f"{records} of {_source_name(row.source)} lie inside the area and are held apart."
            if row.kind == "apart"
            else f"In the files of {_source_name(row.source)} for these months, {records} of all types have no usable "
            "place. Some may belong here; they are in no figure."
        )
    st.markdown("\n\n".join(sentences))


def _source_name(source: str) -> str:
    return {"btp": "the British Transport Police"}.get(source, f"{source.replace('-', ' ').title()} Police")


def _table_and_downloads(chart: Chart, key: str, geometry: Callable[[], dict] | None) -> None:
    """Made only when the visitor opens it: closed tables must not slow every change of a choice."""
    with st.container(key=f"{key}_table"):
        downloads.of_chart(chart, key, geometry)
        numbers = {column.heading for column in chart.columns if column.how != "text"}
        show_table(chart.table.to_dict("list"), chart.subtitle, numbers, kept=False)
        if chart.symbols:
            st.caption(chart.symbols)
        downloads.links(chart, key)
