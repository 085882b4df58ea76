"""The seven figures that both pages of the benchmark draw, by the product's own functions, and the choices that change
them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice

from csp_data.analysis.periods import Span, month_number, month_text
from csp_data.analysis.results import Question, Subject
from csp_data.catalogue.measures import MEASURES
from csp_data.stories import trends
from csp_data.ui import cached, choices
from csp_data.ui.cached import Drawing, Edition
from csp_data.ui.show import TREND_MONTHS


def _trend(measure: str) -> Callable[[Edition, Question, Span], Drawing]:
    def draw(edition: Edition, question: Question, over: Span) -> Drawing:
        start = max(over.start, month_text(month_number(over.end) - TREND_MONTHS + 1))
        asked = replace(question, measure=measure, category=None, compare=None)
        return cached.drawing(edition, trends.small_trend, asked, Span(start, over.end))

    return draw


SEVEN: dict[str, Callable[[Edition, Question, Span], Drawing]] = {
    "map": lambda edition, question, over: cached.ward_map(edition, replace(question, per="rate")),
    "months": lambda edition, question, over: cached.drawing(edition, trends.monthly_line, question, over),
    "years": lambda edition, question, over: cached.drawing(edition, trends.financial_year_bars, question, over),
    "types": lambda edition, question, over: cached.category_bars(edition, question),
    "wards": lambda edition, question, over: cached.area_rates(edition, replace(question, per="rate")),
    "trend_crime": _trend("crime"),
    "trend_asb": _trend("asb"),
}
"""Name -> figure, from the release, the question and the months that charts over time show. The ward map and six charts."""


@dataclass(frozen=True)
class Menu:
    """The lists a visitor chooses from: label of the list -> its options, as labels -> what they stand for."""

    measures: dict[str, str]
    periods: dict[str, Span | None]
    comparisons: dict[str, str | None]
    areas: dict[str, str | None]
    vintage: str
    first_month: str

    @property
    def lists(self) -> dict[str, list[str]]:
        return {
            "Measure": list(self.measures),
            "Period": [label for label, span in self.periods.items() if span],
            "Compare with": list(self.comparisons),
            "Area": list(self.areas),
        }

    def question(self, chosen: dict[str, str]) -> tuple[Question, Span]:
        """The question that a choice in every list asks, and the months that charts over time show."""
        span = self.periods[chosen["Period"]]
        assert span is not None
        question = Question(
            measure=self.measures[chosen["Measure"]],
            start=span.start,
            end=span.end,
            area=self.areas[chosen["Area"]],
            vintage=self.vintage,
            compare=self.comparisons[chosen["Compare with"]],
        )
        return question, Span(min(self.first_month, span.start), span.end)


def menu(subject: Subject) -> Menu:
    measures = subject.measures()
    months = tuple(subject.months(measures[0]))
    vintage = subject.partnership.vintages[-1].id
    return Menu(
        measures={MEASURES[id].label: id for id in measures},
        periods=choices.period_options(months),
        comparisons=choices.COMPARISONS,
        areas=choices.ward_options(tuple(subject.wards[vintage].items())),
        vintage=vintage,
        first_month=months[0],
    )


def changes(lists: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """One change after another, (label of the list, option), each leading to a combination not chosen before: mostly of
    the area, of one of the two measures when all areas are used up, and of the period after both."""
    areas = cycle(lists["Area"])
    measures = cycle(lists["Measure"])
    next(areas), next(measures)  # those shown at first
    others = len(lists["Area"]) - 1
    for period in lists["Period"][1:]:
        yield from (("Area", area) for area in islice(areas, others))
        yield "Measure", next(measures)
        yield from (("Area", area) for area in islice(areas, others))
        yield "Period", period


def edition_shown(workspace: str) -> Edition:
    """The release that a visitor sees who has chosen nothing yet."""
    names = choices.partnership_options(cached.partnership_names(workspace))
    return cached.current_edition(workspace, next(iter(names.values())))


def lists_of(workspace: str) -> dict[str, list[str]]:
    """What both pages offer to choose from."""
    return menu(cached.subject(edition_shown(workspace))).lists
