"""What the dashboard measures. A new measure is one entry here, over a dataset of counts."""

from dataclasses import dataclass
from typing import Literal

Denominator = Literal["residents", "households", "workday"]

DENOMINATORS: dict[str, str] = {
    "residents": "residents",
    "households": "households",
    "workday": "workday population",
}
"""What a rate may be per, as in the table population, with its name in units. Never mixed in one table."""


@dataclass(frozen=True)
class Measure:
    """A number that can be shown for an area and a period.

    ``label`` is part of public addresses: unique and never changed. ``polarity`` says whether more is worse; it is
    "neither" where more may mean better reporting or more policing.
    """

    id: str
    label: str
    dataset: str
    singular: str
    plural: str
    definition: str
    caveats: tuple[str, ...]
    per: int = 1_000
    denominator: str = "residents"
    polarity: Literal["lower is better", "higher is better", "neither"] = "neither"

    @property
    def rate_unit(self) -> str:
        return self.rate_unit_of(self.denominator)

    def rate_unit_of(self, denominator: str) -> str:
        """ "per 1,000 households"."""
        return f"per {self.per:,} {DENOMINATORS[denominator]}"

    @property
    def count_unit(self) -> str:
        return self.plural


MEASURES: dict[str, Measure] = {
    measure.id: measure
    for measure in (
        Measure(
            id="crime",
            label="Recorded crime",
            dataset="crime",
            singular="recorded crime",
            plural="recorded crimes",
            definition="Crimes recorded by the police in the area, by the month of recording. Anti-social behaviour is "
            "not included.",
            caveats=(
                "Official statistics but not accredited: changes in recording move it as well as changes in crime.",
                "Some kinds, such as drug and weapon offences, rise when the police look for them.",
            ),
        ),
        Measure(
            id="asb",
            label="ASB incidents",
            dataset="asb",
            singular="ASB incident",
            plural="ASB incidents",
            definition="Incidents of anti-social behaviour (ASB) recorded by the police in the area, by the month of "
            "recording.",
            caveats=(
                "A rise may mean that more people report: an incident is counted when the police are told of it.",
                "In 2020 and 2021 some breaches of COVID-19 rules were recorded as anti-social behaviour.",
            ),
        ),
    )
}


def measure_named(text: str) -> Measure:
    """The measure with this id or label.

    Raises
    ------
    KeyError
        With the names that exist, when there is none.
    """
    wanted = text.strip().lower()
    for measure in MEASURES.values():
        if wanted in (measure.id, measure.label.lower()):
            return measure
    raise KeyError(f"There is no measure '{text}'. Choose one of: {', '.join(MEASURES)}.")


APART: dict[str, str] = {"btp": "British Transport Police"}
"""Sources held apart: in no measure, but counted and shown. The partnership's totals are those of territorial forces,
as the Home Office publishes them."""
