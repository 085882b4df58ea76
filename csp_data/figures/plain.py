"""The same answers for somebody who has never read a statistic: short sentences without terms of the trade.

The rules of ``wording`` hold here too: a verb follows the test, numbers are rounded once, and missing, withheld and zero
are never said alike.
"""

from typing import TYPE_CHECKING

from csp_data.analysis.control_charts import ControlChart
from csp_data.analysis.periods import Span, month_label, month_number, month_text, runs
from csp_data.analysis.seasonality import FULL_YEARS, Season
from csp_data.figures import wording
from csp_data.figures.ranks import ordinal

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer


def rate(answer: "Answer") -> str:
    """ "198.1 for every 1,000 residents (17,858 residents, 2023)"; why there is none."""
    if answer.value is None or answer.denominator is None:
        return answer.reason
    unit = answer.unit.removeprefix("per ")
    who = unit.split(" ", 1)[-1]
    year = f", {answer.population_year:.0f}" if wording.known(answer.population_year) else ""
    months = answer.months_expected
    over = "" if months == 12 else f" over {months} months" if months > 1 else " in one month"
    return (
        f"**{wording.number(answer.value, wording.RATE_PLACES)} for every {unit}**{over} "
        f"({wording.number(answer.denominator)} {who}{year})."
    )


BY_DAY = 1.25
"""People by day to a resident from which a ward is said to draw people in."""


def by_day(workday: float, residents: float) -> str:
    """A caution where many more people are in a ward by day than live there; "" where not, or where not known."""
    if not (wording.known(workday) and wording.known(residents)) or workday < BY_DAY * residents:
        return ""
    return (
        f"On a working day about {wording.number(round(workday, -2))} people are in this ward, against "
        f"{wording.number(residents)} residents. Its figures for every 1,000 residents overstate the risk to those who live "
        "there."
    )


def against_whole(verdict: str, whole: "Answer") -> str:
    """How a ward stands to its partnership; "" when it was not tested."""
    if not verdict or whole.value is None:
        return ""
    figure = f"{whole.area_name} as a whole ({wording.number(whole.value, wording.RATE_PLACES)})"
    if verdict == "similar":
        return f"About the same as {figure}: the difference could be chance."
    return f"{wording.capitalised(verdict)} than {figure}, by more than chance would explain."


def place(rank: float, low: float, high: float, responded: int, reason: str) -> str:
    """ "**3rd highest** of 24 wards; allowing for chance, between 3rd and 7th highest." Places are of the rate, 1 =
    highest; one in the lower half is counted from the lowest. Without a range where most of the count was estimated."""
    if not wording.known(rank):
        return f"Its place among the wards is not given. {reason}".strip()
    end, tested = "highest", wording.known(low)
    if rank > responded / 2:  # counted from the nearer end
        end, rank, low, high = "lowest", responded + 1 - rank, responded + 1 - high, responded + 1 - low
    where = wording.capitalised(end) if rank == 1 else f"{ordinal(rank)} {end}"
    text = f"**{where}** of {responded} wards"
    if not tested:
        return f"{text}. How far chance could move that is not known."
    if low == high:
        return f"{text}: chance alone would not change that."
    if high - low + 1 == responded:
        return f"{text}, but chance alone could put it anywhere among them."
    return f"{text}; allowing for chance, between {ordinal(low)} and {ordinal(high)} {end}."


def change(answer: "Answer") -> str:
    """The count against the period compared with; why there is no comparison; "" when none was asked for."""
    if not answer.compare:
        return ""
    if not (wording.known(answer.value) and wording.known(answer.compare_value)):
        return answer.change_reason
    before = f"the {wording.number(answer.compare_value)} of {answer.compare_period}"
    caution = f" {answer.caution}" if answer.caution else ""
    if answer.verdict == "similar":
        return f"About the same as {before}: the difference could be chance.{caution}"
    more = "more" if (answer.change or 0) > 0 else "fewer"
    if answer.change == 0:
        return f"The same as {before}.{caution}"
    if wording.known(answer.percent_change):
        size = f"{wording.percent(abs(answer.percent_change), 0)} {more}"
    else:
        size = f"{wording.number(abs(answer.change or 0))} {more}"
    beyond = ", by more than chance would explain" if answer.verdict else ""
    return f"{size} than {before}{beyond}.{caution}"


_LATEST = {
    "Above UCL": "was unusually high",
    "Below LCL": "was unusually low",
    "Increasing": "ends a run of 7 or more rises in a row",
    "Decreasing": "ends a run of 7 or more falls in a row",
    "Points Above CL": "ends 7 or more in a row above the usual level",
    "Points Below CL": "ends 7 or more in a row below the usual level",
    "in 3 Above CL": "was near the top of the usual ups and downs, like those around it",
    "in 3 Below CL": "was near the bottom of the usual ups and downs, like those around it",
}


def unusual_months(chart: ControlChart) -> str:
    """Whether the latest months are more than the usual ups and downs."""
    unit = "month" if chart.every == 1 else "quarter"
    points = chart.points
    months = points["month"].tolist()
    judged = [
        (month, cause)
        for month, cause, status in zip(
            months, points["special_cause"].tolist(), points["status"].tolist(), strict=True
        )
        if status in ("available", "set aside")
    ]
    if not judged or points["short_group"].to_numpy().any():
        return f"There are too few {unit}s to say which are unusual."
    if points["no_variation"].to_numpy().any():
        return ""
    span = Span(months[0], _last(months[-1], chart.every)).label
    latest, cause = judged[-1]
    said = next((words for part, words in _LATEST.items() if part in cause), "")
    name = _named(latest, chart.every)
    if said:
        return f"{name} {said} ({unit}s of {span})."
    out = [(month, cause) for month, cause in judged if cause in ("Above UCL", "Below LCL")][-3:]
    text = f"The latest {unit} is within the usual ups and downs of {span}"
    for cause, word in (("Above UCL", "high"), ("Below LCL", "low")):
        names = [_named(month, chart.every) for month, what in out if what == cause]
        if names:
            text += f"; {wording.joined(names)} {'was' if len(names) == 1 else 'were'} unusually {word}"
    return f"{text}."


def _named(month: str, every: int) -> str:
    return month_label(month) if every == 1 else Span(month, _last(month, every)).label


def _last(month: str, every: int) -> str:
    return month_text(month_number(month) + every - 1)


def season(found: Season) -> str:
    """When in the year there are usually most and fewest, only where a test says that it is more than chance."""
    if found.full_years < FULL_YEARS:
        return "There are too few years to say whether the time of year matters."
    if not found.shown:
        return "No time of year stands out: the differences between months could be chance."
    index = found.index.dropna(subset=["index"])
    if index.empty:
        return ""
    high, low = index.loc[index["index"].idxmax()], index.loc[index["index"].idxmin()]
    text = f"Time of year: usually most in {high['name']} and fewest in {low['name']}"
    if high["model"] == "multiplicative":
        above, below = 100 * (high["index"] - 1), 100 * (1 - low["index"])
        text += f" ({wording.percent(above, 0)} above and {wording.percent(below, 0)} below an average month)"
    return f"{text}."


def months_held(span: Span, covered: list[str]) -> str:
    """Which months of a period are not in the data."""
    missing = sorted(set(span.months) - set(covered))
    if not missing:
        return "The month is in the data." if span.length == 1 else f"All {span.length} months are in the data."
    gaps = runs(missing)
    named = wording.joined([gap.label for gap in gaps]) if len(gaps) <= 4 else f"{len(missing)} months"
    return (
        f"Missing from the data: {named} ({span.length - len(missing)} of {span.length} months are there), so no total "
        "is given."
    )
