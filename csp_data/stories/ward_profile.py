"""One ward for its councillor: how much, against the whole, which way, when in the year, and of which kinds."""

from dataclasses import dataclass, replace

from csp_data.analysis import results, wards
from csp_data.analysis.control_charts import months_or_quarters, xmr
from csp_data.analysis.periods import PANDEMIC, Span, month_number, month_text
from csp_data.analysis.results import Question
from csp_data.analysis.seasonality import per_day
from csp_data.analysis.seasonality import season as season_of
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import root
from csp_data.catalogue.measures import measure_named
from csp_data.figures import bars, plain, ranks, wording
from csp_data.figures.chart import Chart
from csp_data.figures.lines import small_trend

RECENT_MONTHS = 36
KINDS_SHOWN = 5


@dataclass(frozen=True)
class Profile:
    """A measure of a ward in words: ``number`` is its count, ``sentences`` what is said of it, in Markdown."""

    heading: str
    number: str
    period: str
    sentences: tuple[str, ...]


def profile(subject: Subject, question: Question) -> Profile:
    """The question's ward and measure in plain words."""
    asked = replace(question, category=None, per="count")
    count = results.answer(subject, asked)
    per_head = results.answer(subject, replace(asked, per="rate", compare=None))
    whole = results.answer(subject, replace(asked, per="rate", area=None, compare=None))
    own = wards.place_of(subject, replace(asked, compare=None))
    held = list(subject.months(asked.measure))
    sentences = [
        plain.rate(per_head),
        plain.against_whole(own["against_whole"], whole),
        plain.place(own["rank"], own["rank_from"], own["rank_to"], own["responded"], own["rank_reason"])
        if per_head.value_status == "available"
        else "",
        plain.change(count),
        wording.estimate_words(count),
        *_over_time(subject, asked),
        plain.months_held(Span(asked.start, asked.end), held),
    ]
    return Profile(
        heading=wording.capitalised(wording.noun(count)),
        number=wording.shown(count.value, count.value_status),
        period=wording.period_words(count),
        sentences=tuple(dict.fromkeys(text for text in sentences if text)),
    )


def _over_time(subject: Subject, question: Question) -> list[str]:
    """Whether the latest months are unusual, and whether the time of year matters; why neither can be said."""
    held = [month for month in subject.months(question.measure) if month <= question.end]
    if not held:
        return []
    counts, statuses = results.monthly(subject, replace(question, start=held[0], per="count"))
    if "withheld" in statuses:
        return [
            "Whether a month or a time of year is unusual is not said, because some months are withheld so that nobody "
            "can be identified."
        ]
    recent = counts.iloc[-RECENT_MONTHS:]
    grain = months_or_quarters(recent)
    unusual = plain.unusual_months(xmr(grain.values, every=grain.every)) if grain.enough else ""
    if not grain.enough:
        unusual = "There are too few a month to tell an unusual month from chance."
    return [unusual, plain.season(season_of(per_day(counts), excluded=PANDEMIC.months))]


def _recent(question: Question) -> Span:
    return Span(month_text(month_number(question.end) - RECENT_MONTHS + 1), question.end)


def trend(subject: Subject, question: Question) -> Chart:
    """The ward's last three years, month by month, from the first of their months that the data hold."""
    span = _recent(question)
    first = min(set(span.months) & set(subject.months(question.measure)), default=question.start)
    asked = replace(question, category=None, per="count", compare=None, start=first)
    return _briefly(small_trend(results.table(subject, asked, "month"), results.answer(subject, asked)))


def strip(subject: Subject, question: Question) -> Chart:
    """The ward's rate among those of all wards."""
    asked = replace(question, category=None, per="rate", compare=None, area=None)
    return ranks.one_among_all(wards.ranked(subject, asked), results.answer(subject, asked), str(question.area))


def kinds(subject: Subject, question: Question) -> Chart:
    """The kinds there are most of in the ward, with the period compared with."""
    asked = replace(question, category=None, per="count")
    table = results.table(subject, asked, "category")
    table = table[table["category"] != root(measure_named(asked.measure).dataset)]
    most = table.sort_values("value", ascending=False, kind="stable").head(KINDS_SHOWN).reset_index(drop=True)
    chart = bars.category_bars(most, results.answer(subject, asked))
    return _briefly(ranks.highest_kinds(chart, len(most), len(table)))


def _briefly(chart: Chart) -> Chart:
    """The chart without the long words on what was estimated: the sentences of the profile have them."""
    notes = (
        ranks.ESTIMATED if wording.WHY_ESTIMATED in note and "withheld" not in note else note for note in chart.notes
    )
    return replace(chart, notes=tuple(dict.fromkeys(notes)), estimate="")


def has_kinds(subject: Subject, measure: str, role: str) -> bool:
    return len(results.lines_below(subject, measure, role)) > 1


def all_wards(subject: Subject, question: Question) -> Chart:
    """Every ward by rate, for a visitor who has not chosen one."""
    asked = replace(question, category=None, per="rate", compare=None, area=None)
    return ranks.ward_places(wards.ranked(subject, asked), results.answer(subject, asked))


def by_day(subject: Subject, question: Question) -> str:
    """A caution where many more people are in the ward by day than live there."""
    return plain.by_day(*wards.by_day(subject, question))


def same_name(subject: Subject, area: str, vintage: str) -> str:
    """A warning where another ward set has a ward of the same name that is another place; "" where none has."""
    labels = {v.id: v.label for v in subject.partnership.vintages}
    others = [
        labels[other]
        for other, code in wards.named_elsewhere(subject, area, vintage).items()
        if subject.succession(vintage, other).same_place(area, vintage) != code
    ]
    if not others:
        return ""
    name = subject.wards[vintage][area]
    return (
        f"‘{wording.joined(others)}’ also has a ward named {name}, with other boundaries: they are not the same place, so do "
        "not compare the two by name."
    )


def postcode_ward(subject: Subject, text: str, vintage: str) -> str | None:
    """Code of the ward a postcode lies in. Ask it directly, never through a cache: what is asked would be kept."""
    return wards.ward_of_postcode(subject, text, vintage)


def is_postcode(text: str) -> bool:
    return bool(wards.postcode(text))


def knows_postcodes(subject: Subject) -> bool:
    return subject.release.has("postcodes")
