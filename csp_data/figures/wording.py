"""The dashboard's sentences. Every one is built from a finished answer; none is written freely.

Three rules hold throughout. A verb follows the test: a change that could be chance is "similar", never a rise or a
fall. Numbers are rounded once, half up, from the full value. Missing, withheld and zero are never said alike.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, TypeGuard

from csp_data.analysis.periods import MONTH_NAMES, Span, day_label, month_label
from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.measures import MEASURES, Measure

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer
    from csp_data.analysis.severity import Severity

SYMBOLS: Mapping[str, str] = {"missing": "[x]", "withheld": "[c]", "not applicable": "[z]"}
"""The Government Analysis Function's symbols in tables, by value status."""

SYMBOL_MEANINGS: Mapping[str, str] = {
    "[x]": "no figure, because months or sources are missing",
    "[c]": "withheld, to protect people who could be identified",
    "[z]": "not applicable",
}

INTERVAL_CAVEAT = (
    "A 95% interval shows chance variation of independent events only: not changes in recording or reporting, nor the "
    "extra variation that repeat victims and hot spots bring."
)

NO_WHOLE_YEAR = "No 12 months in a row have figures"
"""Said where a line of 12-month figures would be, when there is none."""

RATE_PLACES = 1
"""Decimals of a rate on pages and in tables."""
SENTENCE_RATE_PLACES = 2
"""Decimals of a rate in a sentence, as the partnerships' assessments print them ("119.67 per 1,000 people")."""
PERCENT_PLACES = 1
RATIO_PLACES = 2

_MINUS = "−"
_NOISE_FREE_DIGITS = 12  # a float carries 15 to 17; the last few are noise of earlier arithmetic


def rounded(value: float, places: int = 0) -> Decimal:
    """A value rounded half up: 12.5 gives 13, 2.675 to two places gives 2.68.

    The noise of floating point is dropped first, so that 12.499999999999993, which is 12.5 before the arithmetic,
    still rounds up.
    """
    return Decimal(f"{value:.{_NOISE_FREE_DIGITS}g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value: float, places: int = 0) -> str:
    """33334 as "33,334"; a negative number gets a minus sign, and what rounds to zero gets none."""
    shown = rounded(value, places)
    text = f"{abs(shown):,}"
    return f"{_MINUS}{text}" if shown < 0 else text


def rate(value: float, places: int = RATE_PLACES) -> str:
    return number(value, places)


def percent(value: float, places: int = PERCENT_PLACES) -> str:
    return f"{number(value, places)}%"


def known(value: float | None) -> TypeGuard[float]:
    """Whether there is a number: not None, not NaN, not infinite."""
    return value is not None and math.isfinite(value)


def shown(value: float | None, status: str, places: int = 0) -> str:
    """A value for a table or label: the number, or the symbol of why there is none. Never empty."""
    if status == "available" and known(value):
        return number(value, places)
    return SYMBOLS.get(status, SYMBOLS["not applicable"])


def symbols_explained(texts: Iterable[str]) -> str:
    """A sentence that explains those of the symbols that are used in some texts; empty when none is."""
    used = set(texts) & set(SYMBOL_MEANINGS)
    return "; ".join(f"{symbol} {SYMBOL_MEANINGS[symbol]}" for symbol in SYMBOL_MEANINGS if symbol in used)


# Naming what was asked for


def is_rate(unit: str) -> bool:
    """Whether a unit is that of a rate ("per 1,000 residents") rather than of a count."""
    return unit.startswith("per ")


def places_of(unit: str) -> int:
    return RATE_PLACES if is_rate(unit) else 0


def measure_of(answer: "Answer") -> Measure:
    return MEASURES[answer.measure]


def _category_words(answer: "Answer") -> str:
    category = CATEGORIES.get(answer.category) if answer.category else None
    if category is None or category.parent is None:
        return ""
    return lowered(category.label)


def noun(answer: "Answer", count: float | None = None) -> str:
    """What is counted: "recorded crimes", "recorded crime" for 1, "recorded crimes (burglary)" for a category."""
    measure = measure_of(answer)
    words = measure.singular if count == 1 else measure.plural
    category = _category_words(answer)
    return f"{words} ({category})" if category else words


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def value_words(answer: "Answer", places: int | None = None) -> str:
    """The value with its unit: "33,334 recorded crimes", "119.7 per 1,000 residents"; the symbol when there is none."""
    text = shown(answer.value, answer.value_status, places_of(answer.unit) if places is None else places)
    if answer.value_status != "available":
        return text
    return f"{text} {answer.unit}" if is_rate(answer.unit) else f"{text} {noun(answer, answer.value)}"


def completeness_words(present: int, expected: int) -> str:
    """ "12 of 12 months"."""
    return f"{int(present)} of {int(expected)} {'month' if int(expected) == 1 else 'months'}"


def interval_words(lower: float | None, upper: float | None, places: int) -> str:
    """ "118.4 to 121.0"; empty when a limit is not known."""
    if not (known(lower) and known(upper)):
        return ""
    return f"{number(lower, places)} to {number(upper, places)}"


# Change


def percent_change_words(value: float) -> str:
    """ "5.0% lower", "10.2% higher", "less than 0.1% higher", "no change"."""
    if value == 0:
        return "no change"
    direction = "higher" if value > 0 else "lower"
    size = percent(abs(value))
    return f"less than 0.1% {direction}" if rounded(abs(value), PERCENT_PLACES) == 0 else f"{size} {direction}"


def change_interval_words(lower: float | None, upper: float | None) -> str:
    """The interval of a percentage change, each limit with its direction: "6.3% to 3.6% lower"; empty when unknown."""
    if not (known(lower) and known(upper)):
        return ""
    low, high = percent(abs(lower)), percent(abs(upper))
    if upper <= 0:
        return f"{low} to {high} lower"
    if lower >= 0:
        return f"{low} to {high} higher"
    return f"{low} lower to {high} higher"


def change_words(answer: "Answer", rate_places: int = SENTENCE_RATE_PLACES) -> str:
    """The change in words that follow the test, or why there is none; empty when no comparison was asked for.

    "5.0% lower than the 35,088 of April 2018 to March 2019 (95% interval 6.3% to 3.6% lower), more than chance"
    """
    if not answer.compare:
        return ""
    reason = lowered(answer.change_reason.strip().rstrip("."))
    if not (known(answer.value) and known(answer.compare_value)):
        return reason or f"not compared with {answer.compare_period}"
    places = rate_places if is_rate(answer.unit) else 0
    base = f"the {number(answer.compare_value, places)} of {answer.compare_period}"
    if known(answer.percent_change):
        change = percent_change_words(answer.percent_change)
        interval = change_interval_words(answer.percent_lower, answer.percent_upper)
        limits = f"95% interval {interval}" if interval else ""
    else:
        change, limits = _difference_words(answer, places), ""
    if answer.verdict == "similar":
        inside = "; ".join(words for words in (change, limits) if words)
        text = f"similar to {base} ({inside}), within chance"
    elif answer.change == 0:
        text = f"the same as {base}"
    else:
        text = f"{change} than {base}" + (f" ({limits})" if limits else "")
        text += ", more than chance" if answer.verdict else ""
    return f"{text}; {reason}" if reason else text


def _difference_words(answer: "Answer", places: int) -> str:
    """The change in the unit itself, where there is no percentage: "12 more", "0.31 lower", "no change"."""
    difference = answer.change or 0
    if difference == 0:
        return "no change"
    more, fewer = ("higher", "lower") if is_rate(answer.unit) else ("more", "fewer")
    smallest = Decimal(1).scaleb(-places)
    size = number(abs(difference), places) if abs(difference) >= smallest / 2 else f"less than {smallest}"
    return f"{size} {more if difference > 0 else fewer}"


def lowered(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def verdict_words(verdict: str) -> str:
    """How a period stood to the one before: "higher than", "lower than", "similar to"; empty when not tested."""
    return {"higher": "higher than", "lower": "lower than", "similar": "similar to"}.get(verdict, "")


# Sentences


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def sentence(answer: "Answer") -> str:
    """The answer as one or two sentences that stand alone: area, value, unit, period, completeness, change.

    "Medway: 33,334 recorded crimes, April 2019 to March 2020 (12 of 12 months); 5.0% lower than the 35,088 of April
    2018 to March 2019 (95% interval 6.3% to 3.6% lower), more than chance."
    """
    complete = completeness_words(answer.months_present, answer.months_expected)
    period = period_words(answer)
    if answer.value_status != "available":
        kind = {"missing": "no figure", "withheld": "withheld"}.get(answer.value_status, "not applicable")
        symbol = SYMBOLS.get(answer.value_status, SYMBOLS["not applicable"])
        subject = f"{noun(answer)} {answer.unit}" if is_rate(answer.unit) else noun(answer)
        text = _sentence(f"{answer.area_name}: {kind} {symbol} for {subject}, {period} ({complete})")
        return f"{text} {_sentence(answer.reason)}" if answer.reason else text
    if is_rate(answer.unit):
        value = shown(answer.value, answer.value_status, SENTENCE_RATE_PLACES)
        interval = interval_words(answer.lower, answer.upper, SENTENCE_RATE_PLACES)
        text = (
            f"{answer.area_name}: {value} {noun(answer)} {answer.unit}"
            + (f" (95% interval {interval})" if interval else "")
            + f", {period} ({complete}): {shown(answer.numerator, 'available')} {noun(answer, answer.numerator)} and "
            f"{shown(answer.denominator, 'available')} {denominator_words(answer)} ({population_words(answer)})"
        )
    else:
        text = f"{answer.area_name}: {value_words(answer)}, {period} ({complete})"
    change = change_words(answer)
    text = _sentence(f"{text}; {change}" if change else text)
    caution = _sentence(answer.caution) if answer.caution else ""
    return " ".join(filter(None, (text, caution, estimate_words(answer))))


WHY_ESTIMATED = "because some small areas lie in more than one ward"
NO_INTERVAL = "No 95% interval is given where more than half of a count was estimated."


def share_words(share: float) -> str:
    """A share of 0 to 1 as "34%", with "less than 1%" for what would round to none."""
    return "less than 1%" if 0 < share < 0.005 else percent(100 * share, 0)


def estimate_words(answer: "Answer") -> str:
    """How much of a count was estimated, and between what it lies; empty where nothing was.

    "34% of the count of Luton was estimated from where people live, because some small areas lie in more than one ward:
    it lies between 12 and 30." The bounds of a rate also hold how many people there may be.
    """
    if answer.value_status != "available":
        return ""
    if not known(answer.estimated):
        return (
            f"Part of the count of {answer.area_name} was estimated from where people live, {WHY_ESTIMATED}. How much is "
            "withheld so that nobody can be identified."
        )
    if not (known(answer.bound_low) and known(answer.bound_high)) or answer.bound_low == answer.bound_high:
        return ""
    what, places = ("rate", RATE_PLACES) if is_rate(answer.unit) else ("count", 0)
    between = f"between {number(answer.bound_low, places)} and {number(answer.bound_high, places)}"
    people = ""
    if is_rate(answer.unit) and known(answer.denominator_low) and answer.denominator_low != answer.denominator_high:
        people = (
            f" The {denominator_words(answer)} of {answer.area_name} are known only to lie between "
            f"{number(answer.denominator_low)} and {number(answer.denominator_high or 0)}."
        )
    if answer.estimated > 0:
        text = (
            f"{capitalised(share_words(answer.estimated))} of the count of {answer.area_name} was estimated from where "
            f"people live, {WHY_ESTIMATED}: the {what} lies {between}."
        )
    else:
        text = f"The {what} of {answer.area_name} lies {between}."
    interval = f" {NO_INTERVAL}" if answer.estimated > 0.5 and answer.lower is None else ""
    return f"{text}{people}{interval}"


def severity_report(found: "Severity") -> str:
    """A severity score in a sentence, and what of the counts and weights matched, a line each."""
    if found.value_status == "available" and known(found.score) and known(found.coverage):
        lines = [
            f"{found.area_name}: {number(found.score, 1)} {found.unit}, {found.period}, on the {percent(found.coverage)} of "
            "crimes that have a weight. Read it next to the counts, not instead of them."
        ]
    else:
        lines = [f"{found.area_name}, {found.period}: {SYMBOLS.get(found.value_status, '')} {found.reason}".strip()]
    for label, match, held, of_one in zip(
        *(found.matches[c] for c in ("label", "match", "count", "weight")), strict=True
    ):
        count = SYMBOLS["withheld"] if match == "withheld" else number(held) if known(held) else "–"
        weight = number(of_one, 2) if known(of_one) else "–"
        lines.append(f"- {label}: {match}; count {count}, weight {weight}")
    return "\n".join(lines)


def period_words(answer: "Answer") -> str:
    """The period without how much of it there is: "April 2019 to March 2020"."""
    return Span(answer.period_start, answer.period_end).label


def denominator_words(answer: "Answer") -> str:
    """What a rate is per: "residents", "households", "workday population"."""
    return answer.denominator_name or measure_of(answer).denominator


def population_words(answer: "Answer") -> str:
    """Which population a rate is on: its year and what kind of figure it is."""
    year = str(int(answer.population_year)) if known(answer.population_year) else ""
    return ", ".join(filter(None, (year, (answer.population_basis or "").strip().rstrip("."))))


def release_words(release: str) -> str:
    """When a release was made, from its name ("2026-11-22T091000"): "22 November 2026"; else the name as it is."""
    try:
        made = datetime.strptime(release, "%Y-%m-%dT%H%M%S")  # noqa: DTZ007 (a name, only its date is shown)
    except ValueError:
        return release
    return f"{made.day} {MONTH_NAMES[made.month - 1]} {made.year}"


def source_line(answer: "Answer") -> str:
    """Where the figures come from and how old the data are: stands under every chart."""
    return f"Source: {answer.source.strip().rstrip('.')}. Data release of {release_words(answer.release)}."


# Titles and text alternatives of charts


def title_of_change(answer: "Answer", over: Span | None = None) -> str:
    """A title that says how the period stood to the one compared with; empty when no test was made.

    "ASB incidents in Medway were higher than a year before". Where the chart runs ``over`` other months than the
    answer, the title begins with the answer's own: "Year to March 2020: ASB incidents in Medway higher than a year
    before".
    """
    words = verdict_words(answer.verdict) if answer.compare else ""
    if not words:
        return ""
    then = "a year before" if answer.compare == "previous-year" else f"in {answer.compare_period}"
    own = Span(answer.period_start, answer.period_end)
    if over is not None and over != own:
        period = f"Year to {month_label(own.end)}" if own.length == 12 else own.label
        return f"{period}: {measured(answer)} in {answer.area_name} {words} {then}"
    return f"{title_subject(answer)} {were(answer)} {words} {then}"


def measured(answer: "Answer") -> str:
    """What the figures are, for titles, which leave the unit to the subtitle: "recorded crimes", "the rate of ..."."""
    return f"the rate of {noun(answer)}" if is_rate(answer.unit) else noun(answer)


def title_subject(answer: "Answer") -> str:
    """ "Recorded crimes in Medway", "The rate of recorded crimes in Medway"."""
    return f"{capitalised(measured(answer))} in {answer.area_name}"


def no_figures(answer: "Answer", statuses: Iterable[str] = ()) -> str:
    """A title where no figure can be drawn: withheld figures are there, and missing ones are not."""
    if "withheld" in {answer.value_status, *statuses}:
        return f"{title_subject(answer)}: withheld"
    return f"No figures for {noun(answer)} in {answer.area_name}"


def were(answer: "Answer") -> str:
    return "was" if is_rate(answer.unit) else "were"


def joined(names: list[str]) -> str:
    """ "River", "River and Watling", "River, Watling and Strood South"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def date_words(day: date) -> str:
    return day_label(day)


def event_words(start: date, end: date | None, label: str, note: str) -> str:
    """An event for the list under a chart: "First lockdown (23 March 2020 to 4 July 2020): many shops were shut"."""
    when = date_words(start) if end is None else f"{date_words(start)} to {date_words(end)}"
    return f"{label} ({when})" + (f": {note.strip().rstrip('.')}" if note and note.strip() else "")


def short_month(month: str) -> str:
    """ "2019-04" as "Apr 2019"."""
    name, year = month_label(month).split()
    return f"{name[:3]} {year}"
