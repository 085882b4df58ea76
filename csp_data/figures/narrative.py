"""Paragraphs about figures, from templates: every verb follows a test, every number is one of its answer.

Nothing is written freely and nothing is left out because it is inconvenient: a figure that is missing or withheld has its
sentence too. A difference that chance could explain "was similar to", never a rise or a fall. ``traced`` finds each
number of a text in the answers that it was made of; the tests hold that none is left over.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from csp_data.analysis.periods import Span, month_label
from csp_data.figures import wording

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

_VERBS = {"higher": "higher than", "lower": "lower than", "similar": "similar to"}
"""What may be said of a test's verdict. There is no other verb of change in this module."""


@dataclass(frozen=True)
class Traced:
    """A number as a text prints it, and the field of which answer (by its place) it is. ``field`` is "" for a number
    that none of the answers has."""

    printed: str
    field: str
    answer: int


def level(answer: "Answer") -> str:
    """What was recorded, where and when: "Medway had 33,334 recorded crimes in April 2019 to March 2020 (12 of 12
    months)." For a rate: "... had 119.67 recorded crimes per 1,000 residents ..." with interval and population."""
    period = wording.period_words(answer)
    complete = wording.completeness_words(answer.months_present, answer.months_expected)
    if answer.value_status != "available" or not wording.known(answer.value):
        reason = answer.reason.strip() or "The data hold no figure."
        symbol = wording.SYMBOLS.get(answer.value_status, wording.SYMBOLS["not applicable"])
        return f"{answer.area_name} has no figure {symbol} for {wording.noun(answer)} in {period}. {reason}"
    if not wording.is_rate(answer.unit):
        return f"{answer.area_name} had {wording.value_words(answer)} in {period} ({complete})."
    interval = wording.interval_words(answer.lower, answer.upper, wording.SENTENCE_RATE_PLACES)
    basis = [f"95% interval {interval}"] if interval else []
    if wording.known(answer.denominator):
        who = f"{wording.number(answer.denominator)} {wording.denominator_words(answer)}"
        year = f", {int(answer.population_year)}" if wording.known(answer.population_year) else ""
        basis.append(f"{who}{year}")
    value = wording.number(answer.value, wording.SENTENCE_RATE_PLACES)
    return (
        f"{answer.area_name} had {value} {wording.noun(answer)} {answer.unit} in {period} ({complete}"
        + "".join(f"; {part}" for part in basis)
        + ")."
    )


def change(answer: "Answer") -> str:
    """How the figure stood to the period compared with, by the test; why it is not compared; "" when not asked for.

    "This was similar to the 35,088 of April 2018 to March 2019 (0.3% lower; 95% interval 1.8% lower to 1.2% higher),
    within chance."
    """
    if not answer.compare:
        return ""
    if not (wording.known(answer.value) and wording.known(answer.compare_value)):
        reason = answer.change_reason.strip() or f"Not compared with {answer.compare_period}."
        return wording.capitalised(reason) if reason.endswith(".") else f"{wording.capitalised(reason)}."
    words = wording.change_words(answer)
    if not answer.verdict and answer.change:
        # Not tested, so no verb of change: the two numbers stand beside each other.
        places = wording.SENTENCE_RATE_PLACES if wording.is_rate(answer.unit) else 0
        before = wording.number(answer.compare_value, places)
        return f"In {answer.compare_period} there were {before}; the difference was not tested."
    return f"This was {words}."


def against(part: "Answer", whole: "Answer", verdict: str) -> str:
    """How the rate of a part stood to that of the whole, by a test made elsewhere; "" when it was not tested."""
    if verdict not in _VERBS or not (wording.known(part.value) and wording.known(whole.value)):
        return ""
    value = wording.number(whole.value, wording.SENTENCE_RATE_PLACES if wording.is_rate(whole.unit) else 0)
    chance = "within chance" if verdict == "similar" else "more than chance"
    return f"The rate was {_VERBS[verdict]} that of {whole.area_name} as a whole ({value} {whole.unit}), {chance}."


def latest(signal: str, month: str) -> str:
    """Whether the latest month stood out in its control chart. ``signal`` is the published name of the rule that fired
    (``control_charts``), or "Common Cause"."""
    named = month_label(month)
    beyond = {
        "Above UCL": f"{named} was above the limits of its usual ups and downs.",
        "Below LCL": f"{named} was below the limits of its usual ups and downs.",
        "Common Cause": f"{named} was within its usual ups and downs.",
    }
    if signal in beyond:
        return beyond[signal]
    sides = {"Above": "the higher side", "Below": "the lower side", "Increasing": "up", "Decreasing": "down"}
    side = next((words for part, words in sides.items() if part in signal), "")
    if not side:
        return ""
    run = "a run" if side in ("up", "down") else "a run of months"
    direction = f"going {side}" if side in ("up", "down") else f"on {side} of the usual level"
    return f"{named} was part of {run} {direction}, longer than chance would often give."


def cautions(answer: "Answer") -> str:
    """What must be said with the figure: the events a comparison crosses, populations on different bases."""
    return answer.caution.strip()


def sentences(count: "Answer", rate: "Answer | None" = None) -> tuple[str, ...]:
    """A figure in sentences that can be read alone: how many, at what rate, against what, and what to bear in mind.

    Parameters
    ----------
    count : of any area and period. Its comparison is the one told.
    rate : the same as a rate; left out when it has none and the count has.
    """
    said = [level(count)]
    if rate is not None and count.value_status == "available" and rate.value_status == "available":
        value = wording.number(rate.value or 0, wording.SENTENCE_RATE_PLACES)
        interval = wording.interval_words(rate.lower, rate.upper, wording.SENTENCE_RATE_PLACES)
        limits = f" (95% interval {interval})" if interval else ""
        who = f"{wording.number(rate.denominator or 0)} {wording.denominator_words(rate)}"
        year = f" of {int(rate.population_year)}" if wording.known(rate.population_year) else ""
        said.append(f"That is {value} {rate.unit}{limits}, on {who}{year}.")
    said += [change(count), cautions(count)]
    return tuple(text for text in said if text)


def paragraph(count: "Answer", rate: "Answer | None" = None, *more: str) -> str:
    """``sentences`` and any others, as one paragraph that ends with its release."""
    made = f"Data release of {wording.release_words(count.release)}."
    return " ".join([*sentences(count, rate), *(text for text in more if text), made])


# Tracing


_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?")


def traced(text: str, *answers: "Answer") -> tuple[Traced, ...]:
    """Every number of a text with the field of an answer that it is, as printed: at none, one or two decimals, without
    its sign. Numbers of dates ("March 2020"), of units ("per 1,000") and "95% interval" are those of the words, and are
    left out."""
    plain = text
    for words in _wordings(answers):
        plain = plain.replace(words, " ")
    printed = [found.group().rstrip(",") for found in _NUMBER.finditer(plain)]
    known = [_printed(answer) for answer in answers]
    return tuple(
        next(
            (Traced(number, known[place][number], place) for place in range(len(answers)) if number in known[place]),
            Traced(number, "", -1),
        )
        for number in printed
    )


def _wordings(answers: Iterable["Answer"]) -> list[str]:
    """Phrases with numbers that are no figures: periods, units, releases, reasons, names of areas and events."""
    found = {"95% interval", "less than 0.1%", "under 50"}
    for answer in answers:
        found |= {wording.period_words(answer), answer.period, answer.compare_period, answer.unit, answer.area_name}
        found |= {
            answer.reason,
            answer.change_reason,
            wording.lowered(answer.change_reason.rstrip(".")),
            answer.caution,
        }
        found |= {wording.release_words(answer.release)}
        if answer.period_end:
            found.add(month_label(answer.period_end))
            found.add(Span(answer.period_start, answer.period_end).label)
    return sorted((words for words in found if words), key=len, reverse=True)


def _printed(answer: "Answer") -> dict[str, str]:
    """Number as printed -> the field it is."""
    found: dict[str, str] = {}
    for field in fields(answer):
        value = getattr(answer, field.name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not wording.known(value):
            continue
        if field.name == "population_year":
            found.setdefault(str(int(value)), field.name)
            continue
        for places in (0, 1, 2):
            size: Decimal = abs(wording.rounded(value, places))
            found.setdefault(f"{size:,}", field.name)
    return found
