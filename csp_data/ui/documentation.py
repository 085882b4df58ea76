"""The documentation of the data, drawn from the catalogue and the release: what is declared once is shown here."""

import streamlit as st

from csp_data.analysis import results
from csp_data.catalogue.categories import CATEGORIES, descendants, root
from csp_data.catalogue.datasets import DATASETS, Dataset
from csp_data.catalogue.disclosure_rules import RULES as DISCLOSURE_RULES
from csp_data.catalogue.glossary import GLOSSARY
from csp_data.catalogue.licences import LICENCES
from csp_data.catalogue.measures import MEASURES
from csp_data.figures import wording
from csp_data.ui import cached
from csp_data.ui.choices import View
from csp_data.ui.tables import show_table

METHODS = """
- **Counts** are summed from the smallest area that is known. The total of a type is its own records and those of every
  type under it, each record once.
- **Rates** divide the count by the residents of the area in the year of the middle of the period, and are given for
  every 1,000 residents. A rate for part of a year is not scaled up to a year.
- **95% intervals** are exact for fewer than 10 records and Byar's from 10. They show chance variation of independent
  events only: not changes in recording or reporting.
- **Change** compares the same months. Its interval is exact (the share of the later period in both together).
  ‘Higher’ and ‘lower’ mean that the interval leaves out no change; ‘similar’ means that chance could explain the
  difference. No percentage is given on a base of under 50.
- **Missing is not zero.** A month the police force has not published is missing, and a figure that needs it says so. A
  month that is published without any record is zero.
- **Wards** are made from small areas, so that any month can be shown on any set of wards. Where a small area lies
  across a boundary, its records are shared out by the rule named in the look-up.
- **Households and workday population.** Where a release holds them a rate can be per 1,000 of either instead; the two are
  never mixed with residents in one table.
- **Events.** Where a comparison crosses a lockdown or a change of recording, wards or systems, the event is named beside
  it: part of the change may come from that.
- **Protection of people.** Open data are shown as they are. Of a police force's own extract the public sees counts of 1 to
  7 withheld and others to the nearest 5 from the exact count, and only over months, quarters or financial years in which no
  small count can be worked out from the figures around it: a type with few records is given by quarter or year or not at
  all, together with the next smallest beside it; a type in a ward by financial year; wards of the current set only.
  Everything worked out from a withheld count is withheld with it. Homicide, stalking, sexual offences, domestic abuse, hate
  crime, exploitation and crimes against people under 18 are given for the whole partnership over 12 months.
- **Rounding** happens once, when a figure is shown: half up.
"""

ACCESSIBILITY = """
The pages are meant to meet the Web Content Accessibility Guidelines 2.2, level AA. Every chart has a description, a
table with the same figures and a download. No meaning rests on colour alone. Everything can be done with a keyboard:
the map has a twin in the choice ‘Area’. The pages work at 320 pixels wide and at 400% zoom, and can be printed.

What comes from Streamlit, the framework this is built on, and is not mended here:
- the sortable table on the page Ward map is drawn as a picture of cells, with keyboard support of its own: the table
  under ‘Show as a table and download’ has the same figures as ordinary text;
- the page is put together by scripts in the browser: without JavaScript nothing is shown;
- when a choice changes, new content is not announced to a screen reader, though the sentence at the top of each page
  always says what is shown.
"""


def measures(view: View) -> None:
    """What is measured, in words."""
    for measure in MEASURES.values():
        caveats = "".join(f"\n- {caveat}" for caveat in measure.caveats)
        st.markdown(f"**{measure.label}.** {measure.definition}{caveats}")
    with st.expander("Every type of crime and incident, with notes"):
        show_table(types(), "Every type of crime and incident", stacked=True)


def types() -> dict[str, list[str]]:
    """Every line of the trees of crime and incidents, which an extract may name."""
    trees = [line for measure in MEASURES.values() for line in descendants(root(measure.dataset))]
    views = [line.id for line in CATEGORIES.values() if line.overlaps]
    listed = [CATEGORIES[line] for line in dict.fromkeys([*trees, *views])]
    return {
        "Type": [line.label for line in listed],
        "Part of": [CATEGORIES[line.parent].label if line.parent else "–" for line in listed],
        "Note": [line.note or "–" for line in listed],
    }


def datasets(view: View) -> None:
    """Each dataset that a release may hold: what it is and its columns; of those held how much and where from."""
    release = cached.release(view.edition)
    for dataset in DATASETS.values():
        if not release.has(dataset.name):
            with st.expander(f"{dataset.title}: not in this release"):
                st.markdown(f"{dataset.description} One row is {dataset.grain}.")
                show_table(_columns(dataset), f"Columns of {dataset.title}", stacked=True)
            continue
        extract = release.extract(dataset.name)
        subject = cached.subject(view.edition)
        rows, rows_of_sources = results.rows_held(subject, dataset.name, view.role)
        withheld = results.files_withheld(subject, dataset.name, view.role)
        with st.expander(f"{dataset.title}: {_rows_placed(rows)} {'row' if rows == 1 else 'rows'}"):
            st.markdown(_about(dataset, extract, withheld))
            show_table(_columns(dataset), f"Columns of {dataset.title}", stacked=True)
            if extract.get("sources"):
                show_table(
                    _sources(extract["sources"], rows_of_sources, withheld),
                    f"Source files of {dataset.title}",
                    stacked=True,
                )


def _about(dataset: Dataset, extract: dict, withheld: bool) -> str:
    months = extract.get("months") or []
    covered = f" Months covered: {len(months)}, from {months[0]} to {months[-1]}." if months else ""
    return (
        f"{dataset.description} One row is {dataset.grain}.{covered}\n\n"
        f"Source: {dataset.source}. Licence: {LICENCES[dataset.licence].name}. "
        f"Protection of people: {dataset.disclosure} Source of the rule: {_rule_source(dataset, extract)}.\n\n"
        f"File `{extract['file']}`" + (", SHA-256 withheld." if withheld else f", SHA-256 `{extract['sha256']}`.")
    )


def _rule_source(dataset: Dataset, extract: dict) -> str:
    """Where the rule comes from that this extract is under, else those that the dataset may be under."""
    named = extract.get("disclosure")
    rules = [named] if named in DISCLOSURE_RULES else dataset.rules
    return "; ".join(dict.fromkeys(DISCLOSURE_RULES[rule].source for rule in rules))


def _columns(dataset: Dataset) -> dict[str, list[str]]:
    return {
        "Column": [column.name for column in dataset.columns],
        "What it holds": [column.description for column in dataset.columns],
        "Type": [f"{column.type}, {column.unit}" if column.unit else column.type for column in dataset.columns],
        "When empty or absent": [column.missing or "–" for column in dataset.columns],
    }


def _sources(sources: list[dict], rows: list[float], withheld: bool) -> dict[str, list[str]]:
    return {
        "Source file": [f"{source.get('name', '')} ({source.get('publisher', '')})" for source in sources],
        "Published": [source.get("published") or "not stated" for source in sources],
        "Licence": [
            LICENCES[source["licence"]].name if source.get("licence") in LICENCES else str(source.get("licence", ""))
            for source in sources
        ],
        "Rows": [wording.number(count) if wording.known(count) else "–" for count in rows],
        "SHA-256": ["withheld" if withheld else str(source.get("sha256", "")) for source in sources],
    }


def placement(view: View) -> None:
    """How the rows of the source files were placed on the map."""
    subject = cached.subject(view.edition)
    titles = {
        "read": "Rows read",
        "coordinates": "Placed by coordinates",
        "lsoa": "Placed by LSOA code",
        "ward": "Known by ward",
        "district": "Known by district",
        "outside": "Outside the area",
        "not_located": "No usable place",
    }
    counts_of = {measure.dataset: results.placed(subject, measure.id, view.role) for measure in view.measures}
    placed = {DATASETS[dataset].title: counts for dataset, counts in counts_of.items() if counts}
    if not placed:
        st.markdown("The build of this release did not record how rows were placed.")
        return
    shown = [key for key in titles if any(key in counts for counts in placed.values())]
    show_table(
        {"Rows": [titles[key] for key in shown]}
        | {title: [_rows_placed(counts.get(key, 0)) for key in shown] for title, counts in placed.items()},
        "How the rows of the source files were placed",
        set(placed),
    )


def _rows_placed(count: float) -> str:
    return wording.shown(count, "available" if wording.known(count) else "withheld")


def events(view: View) -> None:
    """Dated events that change what a series means."""
    held = cached.subject(view.edition).events.to_dict("records")
    if not held:
        st.markdown("None are recorded for this release.")
        return
    show_table(
        {
            "Event": [row["label"] for row in held],
            "From": [wording.date_words(row["start"]) for row in held],
            "To": ["–" if row["end"] != row["end"] else wording.date_words(row["end"]) for row in held],
            "Kind": [row["kind"] for row in held],
            "What it means for the figures": [row["note"] or "–" for row in held],
        },
        "Events to bear in mind",
        stacked=True,
    )


def wards(view: View) -> None:
    """The ward sets of the partnership."""
    vintages = view.partnership.vintages
    show_table(
        {
            "Ward set": [vintage.label for vintage in vintages],
            "Used from": [wording.date_words(v.used_from) if v.used_from else "not stated" for v in vintages],
            "Used to": [wording.date_words(v.used_to) if v.used_to else "in use" for v in vintages],
            "Wards": [str(len(cached.subject(view.edition).wards[vintage.id])) for vintage in vintages],
        },
        "Ward sets",
        {"Wards"},
    )


def licences() -> None:
    for licence in LICENCES.values():
        name = f"[{licence.name}]({licence.url})" if licence.url else licence.name
        st.markdown(f"**{name}.** {licence.attribution}")


def glossary() -> None:
    st.markdown("\n".join(f"- **{word}.** {meaning}" for word, meaning in GLOSSARY.items()))
