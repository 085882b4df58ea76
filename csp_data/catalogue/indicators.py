"""Published indicators: what each means, in which unit, and whether more is better.

A row of the dataset ``indicators`` names one of these, or a Fingertips indicator that is not listed here as
"fingertips-" and the publisher's number. To give such an indicator a definition and a polarity, add one entry.
"""

from dataclasses import dataclass
from typing import Literal

Polarity = Literal["lower is better", "higher is better", "neither"]

FINGERTIPS = "fingertips-"
"""What the identifier of a Fingertips indicator starts with when it has no entry here."""

DRUGS_AND_ALCOHOL = "drugs and alcohol"
WELLBEING = "wellbeing"
OTHER = "other"


@dataclass(frozen=True)
class Indicator:
    """One published statistic.

    ``polarity`` is "neither" where more may mean better reporting or more help given as well as more harm.
    ``fingertips`` is the publisher's number of the same indicator, None when it is not published there.
    """

    id: str
    label: str
    theme: str
    unit: str
    polarity: Polarity
    definition: str
    source: str
    fingertips: int | None = None


_PREVALENCE = "Office for Health Improvement and Disparities: prevalence estimates"
_FINGERTIPS = "Office for Health Improvement and Disparities: Fingertips"
_NDTMS = "National Drug Treatment Monitoring System (NDTMS): ViewIt"
_ROUNDED = "NDTMS rounds counts of an area to the nearest 5."
_ONS_WELLBEING = "Office for National Statistics: Annual Population Survey, personal wellbeing estimates"


def _wellbeing(id: str, label: str, polarity: Polarity, question: str) -> Indicator:
    definition = f"Mean answer, from 0 (not at all) to 10 (completely), of people aged 16 and over to: {question}"
    return Indicator(id, label, WELLBEING, "score out of 10", polarity, definition, _ONS_WELLBEING)


INDICATORS: dict[str, Indicator] = {
    indicator.id: indicator
    for indicator in (
        Indicator(
            "opiate-crack-users",
            "Estimated opiate and crack users",
            DRUGS_AND_ALCOHOL,
            "people",
            "neither",
            "Estimated number of people aged 15 to 64 who use opiates, crack cocaine or both. A statistical estimate "
            "with a wide interval, not a count of people known to services.",
            _PREVALENCE,
        ),
        Indicator(
            "unmet-need-opiate-crack",
            "Opiate and crack users not in treatment",
            DRUGS_AND_ALCOHOL,
            "%",
            "lower is better",
            "Estimated opiate and crack users aged 15 to 64 who were not in treatment in the year, as a share of all "
            "estimated users. The estimate of users is several years older than the count of people in treatment.",
            _FINGERTIPS,
            93517,
        ),
        Indicator(
            "in-treatment",
            "Adults in treatment",
            DRUGS_AND_ALCOHOL,
            "people",
            "neither",
            f"Adults in structured drug or alcohol treatment at any time in the year. {_ROUNDED} People may use several "
            "agencies, so figures of agencies do not add up to an area's.",
            _NDTMS,
        ),
        Indicator(
            "treatment-starts",
            "Adults starting treatment",
            DRUGS_AND_ALCOHOL,
            "people",
            "neither",
            f"Adults who started structured drug or alcohol treatment in the year. {_ROUNDED}",
            _NDTMS,
        ),
        Indicator(
            "successful-completions",
            "Adults who completed treatment",
            DRUGS_AND_ALCOHOL,
            "people",
            "neither",
            "Adults who left treatment in the year, assessed as free of the dependence they came with. "
            f"{_ROUNDED} More people in treatment means more completions, so read it beside that number.",
            _NDTMS,
        ),
        Indicator(
            "completion-ratio",
            "Successful completion compared with England",
            DRUGS_AND_ALCOHOL,
            "times the England rate",
            "higher is better",
            "Share of people in treatment who completed it successfully and did not come back within six months, "
            "divided by the share in England. Above 1 is better than England.",
            _NDTMS,
        ),
        Indicator(
            "drug-misuse-deaths",
            "Deaths from drug misuse",
            DRUGS_AND_ALCOHOL,
            "per 100,000",
            "lower is better",
            "Deaths from drug misuse per 100,000 people, over three years together because there are few in one. Deaths "
            "are counted in the year they were registered, often months after they happened.",
            _FINGERTIPS,
        ),
        Indicator(
            "unmet-need-alcohol",
            "Dependent drinkers not in treatment",
            DRUGS_AND_ALCOHOL,
            "%",
            "lower is better",
            "Estimated adults dependent on alcohol who were not in treatment in the year, as a share of all estimated "
            "dependent adults.",
            _FINGERTIPS,
            93532,
        ),
        Indicator(
            "alcohol-dependence",
            "Estimated adults dependent on alcohol",
            DRUGS_AND_ALCOHOL,
            "people",
            "neither",
            "Estimated number of adults who depend on alcohol and may need specialist treatment. A statistical estimate "
            "with a wide interval.",
            _PREVALENCE,
        ),
        Indicator(
            "alcohol-admissions",
            "Hospital admissions related to alcohol",
            DRUGS_AND_ALCOHOL,
            "per 100,000",
            "lower is better",
            "Admissions to hospital whose main reason is related to alcohol (the narrow measure), per 100,000 people, "
            "standardised for age.",
            _FINGERTIPS,
        ),
        _wellbeing(
            "wellbeing-satisfaction",
            "Life satisfaction",
            "higher is better",
            "Overall, how satisfied are you with your life nowadays?",
        ),
        _wellbeing(
            "wellbeing-worthwhile",
            "Life is worthwhile",
            "higher is better",
            "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
        ),
        _wellbeing(
            "wellbeing-happiness",
            "Happiness yesterday",
            "higher is better",
            "Overall, how happy did you feel yesterday?",
        ),
        _wellbeing(
            "wellbeing-anxiety",
            "Anxiety yesterday",
            "lower is better",
            "Overall, how anxious did you feel yesterday?",
        ),
    )
}

_BY_NUMBER = {indicator.fingertips: indicator for indicator in INDICATORS.values() if indicator.fingertips}


def indicator_named(id: str) -> Indicator:
    """The indicator with this identifier; one without judgement for a Fingertips indicator that is not listed here.

    Raises
    ------
    KeyError
        With the names that exist, when there is none.
    """
    if id in INDICATORS:
        return INDICATORS[id]
    number = id.removeprefix(FINGERTIPS)
    if id.startswith(FINGERTIPS) and number.isdigit():
        return _BY_NUMBER.get(int(number)) or Indicator(
            id,
            f"Fingertips indicator {number}",
            OTHER,
            "",
            "neither",
            f"As defined by the publisher: search for {number} at fingertips.phe.org.uk.",
            _FINGERTIPS,
            int(number),
        )
    raise KeyError(f"There is no indicator '{id}'. Choose one of: {', '.join(INDICATORS)}.")


def from_fingertips(number: int) -> str:
    """The identifier that rows of a Fingertips indicator get: that of its entry here, else "fingertips-93517"."""
    found = _BY_NUMBER.get(number)
    return found.id if found else f"{FINGERTIPS}{number}"
