"""A ward across a change of boundaries: what it became or came from, and what can be compared with the past."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from csp_data.analysis import backtest, results, succession
from csp_data.analysis.boundaries import POORLY_FITTED
from csp_data.analysis.counts import UNALLOCATED
from csp_data.analysis.periods import Span, month_number, month_text, stretches_of
from csp_data.analysis.results import Answer, Question
from csp_data.analysis.subject import Subject
from csp_data.catalogue.partnerships import Vintage
from csp_data.figures import boundary_change as figures
from csp_data.figures import wording
from csp_data.figures.boundary_change import Series, Sides
from csp_data.figures.chart import Chart, records

SHORT = 24
"""Months up to which a series is shown month by month; a longer one quarter by quarter."""
TOLD = 0.005
"""Share of a ward from which a part is named in sentences and has a panel of its own."""
LENGTHS = (12, 6, 3, 1)
"""Months that may be set against the same months of an earlier year, the longest there are."""
ONE_SET = (
    "This release holds one set of ward boundaries, so nothing changed: every figure by ward is on the same boundaries."
)


def neighbouring(subject: Subject, vintage: str) -> tuple[str, ...]:
    """The ward sets before and after a set: those that it can be set against."""
    order = [each.id for each in subject.partnership.vintages]
    at = order.index(vintage)
    return tuple(order[n] for n in (at - 1, at + 1) if 0 <= n < len(order))


def _sets(subject: Subject, one: str, other: str) -> tuple[Vintage, Vintage]:
    """Two ward sets, the older first."""
    found = subject.succession(one, other)
    return subject.partnership.vintage(found.old), subject.partnership.vintage(found.new)


def _name(subject: Subject, code: str, vintage: str) -> str:
    return subject.wards[vintage].get(code, figures.OUTSIDE)


def parts(subject: Subject, area: str, vintage: str, other: str) -> pd.DataFrame:
    """What a ward shares with the wards of another set: as ``Succession.of``, with ``area_name``."""
    rows = subject.succession(vintage, other).of(area, vintage)
    return rows.assign(area_name=[_name(subject, code, other) for code in rows["area"].tolist()])


def _sides(subject: Subject, area: str, vintage: str, other: str) -> Sides:
    found = subject.succession(vintage, other)
    return Sides(
        name=subject.wards[vintage][area],
        is_old=vintage == found.old,
        own_label=subject.partnership.vintage(vintage).label,
        other_label=subject.partnership.vintage(other).label,
        whole="residents" if found.year else "ground",
        place=subject.partnership.short_name,
        source=_source(subject, vintage, other),
        notice=subject.release.notice,
    )


def _source(subject: Subject, vintage: str, other: str) -> str:
    found = subject.succession(vintage, other)
    publishers = [
        source["publisher"]
        for name in ("population", "ward_lookup", "areas")
        for source in subject.release.extract(name).get("sources", [])
        if source.get("publisher")
    ]
    of = wording.joined(list(dict.fromkeys(publishers))) if publishers else "source not stated"
    people = f"Residents of small areas: {found.year}, {found.basis}. " if found.year else ""
    return f"Source: {of}. {people}Data release of {wording.release_words(subject.release.id)}."


def two_outlines(subject: Subject, area: str, vintage: str, other: str) -> Chart:
    """The ward and those that share it on one map, with what came from where as its table."""
    return figures.two_outlines(
        parts(subject, area, vintage, other),
        _sides(subject, area, vintage, other),
        subject.outlines(vintage)[area],
        subject.outlines(other),
    )


def all_outlines(subject: Subject, vintage: str, other: str) -> Chart:
    """All wards of both sets on one map."""
    old, new = _sets(subject, vintage, other)
    rows = pd.DataFrame(
        [
            {"area": code, "area_name": name, "ward_set": each.label}
            for each in (old, new)
            for code, name in subject.wards[each.id].items()
        ]
    )
    sides = Sides(
        name=subject.partnership.short_name,
        is_old=True,
        own_label=old.label,
        other_label=new.label,
        whole="ground",
        place=subject.partnership.short_name,
        source=_source(subject, old.id, new.id),
        notice=subject.release.notice,
    )
    return figures.all_outlines(subject.outlines(old.id), subject.outlines(new.id), rows, sides)


def reading(subject: Subject, area: str, vintage: str, other: str) -> str:
    """How to read the table of parts."""
    found, name = subject.succession(vintage, other), subject.wards[vintage][area]
    word, verb = ("new", "is from") if vintage == found.old else ("old", "is now in")
    people = f"; residents of {found.year}" if found.year else ""
    return f"‘Its’ is {name}{people}. ‘Share of the {word} ward’ is how much of that ward {verb} {name}."


def kept_together(subject: Subject, vintage: str, other: str) -> Chart:
    """How much of each old ward is in one new ward."""
    old, new = _sets(subject, vintage, other)
    found = subject.succession(old.id, new.id)
    pairs = found.pairs[found.pairs["old"] != UNALLOCATED]
    pairs = pairs.sort_values(["of_old", "new"], ascending=[False, True], kind="stable")
    wards = (pairs["of_old"] >= TOLD) & (pairs["new"] != UNALLOCATED)
    went_to = wards.groupby(pairs["old"]).sum()
    largest = pairs.drop_duplicates("old")
    rows = [
        {
            "area": code,
            "area_name": subject.wards[old.id][code],
            "share": float(share),
            "successor": _name(subject, successor, new.id),
            "wards": int(went_to[code]),
            "same": "yes" if found.same_place(code, old.id) else "no",
        }
        for code, successor, share in zip(largest["old"], largest["new"], largest["of_old"], strict=True)
    ]
    return figures.kept_together(
        pd.DataFrame(rows),
        subject.partnership.short_name,
        old.label,
        new.label,
        _source(subject, old.id, new.id),
        subject.release.notice,
    )


# In words


def _told(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The wards of a table of parts that are large enough to be named."""
    inside = (rows["share"] >= TOLD) & (rows["area"] != UNALLOCATED)
    return records(rows[inside], "area", "area_name", "share")


def _listed(rows: pd.DataFrame) -> str:
    """ "Luton (63%) and Wayfield & Weeds Wood (37%)"; parts too small to tell are left to the table."""
    names = [f"{row['area_name']} ({wording.share_words(row['share'])})" for row in _told(rows)]
    outside = float(rows.loc[rows["area"] == UNALLOCATED, "share"].sum())
    if outside >= TOLD:
        names.append(f"no ward of that set ({wording.share_words(outside)})")
    return wording.joined(names) if names else "no ward in which anybody lives"


def summary(subject: Subject, area: str, vintage: str, other: str) -> tuple[str, ...]:
    """What became of a ward, or what it was made of, and warnings of names; in Markdown."""
    old, new = _sets(subject, vintage, other)
    found, own = subject.succession(vintage, other), subject.wards[vintage][area]
    rows = parts(subject, area, vintage, other)
    whole = "residents" if found.year else "ground"
    same = found.same_place(area, vintage)
    if vintage == old.id:
        until = f" until {wording.date_words(old.used_to)}" if old.used_to else ""
        first = f"**{own}** ({area}) was a ward{until}. It no longer exists. By {whole}, its area is now in {_listed(rows)}."
    else:
        since = f" since {wording.date_words(new.used_from)}" if new.used_from else ""
        first = f"**{own}** ({area}) has been a ward{since}. By {whole}, it is made of {_made_of(rows)}."
    sentences = [first]
    if same:
        sentences.append(
            f"It is the same place as {_name(subject, same, other)} ({same}) of the other set, so the two may be compared."
        )
    sentences.append(same_name(subject, area, vintage, other))
    sentences.append(_sureness(rows))
    return tuple(text for text in sentences if text)


def _made_of(rows: pd.DataFrame) -> str:
    """ "parts of Luton and Wayfield (94%) and River (6%)", the shares of the new ward."""
    return f"what was {_listed(rows)}"


def same_name(subject: Subject, area: str, vintage: str, other: str) -> str:
    """A warning where the other set has a ward of the same name that is not the same place; "" where none has."""
    own = subject.wards[vintage][area]
    same = next((code for code, name in subject.wards[other].items() if name == own), None)
    if same is None or subject.succession(vintage, other).same_place(area, vintage) == same:
        return ""
    rows = parts(subject, area, vintage, other).set_index("area")
    share = float(rows["share"].get(same, 0.0))
    label = subject.partnership.vintage(other).label
    return (
        f"**Same name, not the same place**: ‘{label}’ also has a ward named {own} ({same}), with other boundaries. "
        f"{wording.share_words(share) if share else 'Nothing'} of this ward is in it. Do not compare the two by name."
    )


def _sureness(rows: pd.DataFrame) -> str:
    """How sure the shares are."""
    wide = rows.loc[(rows["share_high"] - rows["share_low"]).idxmax()] if len(rows) else None
    if wide is None or wide["share_high"] - wide["share_low"] < TOLD:
        if (rows["method"] == "ground").any():
            return "These are shares of the ground: where its residents live is not known."
        return (
            ""
            if (rows["method"] != "nested").any()
            else "The shares are known: every small area lies in one ward of either set."
        )
    return (
        "The shares are estimates, because some small areas lie in more than one ward: "
        f"{wide['area_name']} holds at least {wording.share_words(wide['share_low'])} and at most "
        f"{wording.share_words(wide['share_high'])}."
    )


def overview(subject: Subject, vintage: str, other: str) -> tuple[str, ...]:
    """The whole change in sentences: the day, how many wards, which are the same place, which only share a name."""
    old, new = _sets(subject, vintage, other)
    found = subject.succession(old.id, new.id)
    before, after = subject.wards[old.id], subject.wards[new.id]
    when = f"On {wording.date_words(new.used_from)}" if new.used_from else "Since then"
    place = subject.partnership.short_name
    sentences = [f"{when}, {len(after)} wards took the place of {len(before)} in {place}."]
    same = [name for code, name in before.items() if found.same_place(code, old.id)]
    sentences.append(
        f"The same place before and after: {wording.joined(same)}."
        if same
        else "No ward is the same place before and after."
    )
    shared = [
        name
        for name, (was, is_) in succession.same_names(before, after).items()
        if found.same_place(was, old.id) != is_
    ]
    if shared:
        these = "this name" if len(shared) == 1 else "each of these names"
        sentences.append(
            f"**Same name, not the same place**: {wording.joined(shared)}. A ward of {these} is in both sets, with "
            "other boundaries. Figures of the two may not be compared by name."
        )
    sentences.append("Counts of the wards of either set, with those that are in no ward, add up to the same total.")
    return tuple(sentences)


def leads_to(subject: Subject, area: str, vintage: str) -> str:
    """For a ward that no longer exists, where its area is now; "" for a ward of today's set."""
    newest = subject.partnership.vintage(None).id
    if vintage == newest:
        return ""
    label = subject.partnership.vintage(newest).label
    listed = _listed(parts(subject, area, vintage, newest))
    return f"This ward no longer exists: its area is now in {listed} of ‘{label}’."


# The series across the change


def _stretches(subject: Subject, question: Question) -> list[Span]:
    return stretches_of(subject.months(question.measure))


def _series(subject: Subject, question: Question, area: str, vintage: str, name: str) -> Series:
    """Counts of a ward on its own boundaries, over all months held: by month when they are few, else by quarter."""
    held = subject.months(question.measure)
    asked = replace(question, area=area, vintage=vintage, per="count", compare=None, start=held[0], end=held[-1])
    by = "month" if len(held) <= SHORT else "quarter"
    table = results.table(subject, asked, by)
    stretches = _stretches(subject, question)
    inside = [
        any(stretch.start <= start and end <= stretch.end for stretch in stretches)
        for start, end in zip(table["period_start"].tolist(), table["period_end"].tolist(), strict=True)
    ]
    used = subject.partnership.vintage(vintage)
    return Series(name, table[inside].reset_index(drop=True), used.used_from, used.used_to)


def _answer(subject: Subject, question: Question, area: str, vintage: str) -> Answer:
    held = subject.months(question.measure)
    return results.answer(
        subject,
        replace(question, area=area, vintage=vintage, per="count", compare=None, start=held[0], end=held[-1]),
    )


def _change(subject: Subject, one: str, other: str) -> date | None:
    return _sets(subject, one, other)[1].used_from


def across_change(subject: Subject, question: Question, area: str, vintage: str, other: str) -> Chart:
    """The ward's counts on its own boundaries in all months, with what of them was estimated."""
    answer = _answer(subject, question, area, vintage)
    series = _series(subject, question, area, vintage, answer.area_name)
    title = f"{wording.title_subject(answer)}, on the same boundaries throughout"
    return figures.across_change(
        [series], _stretches(subject, question), _change(subject, vintage, other), answer, title, "across the change"
    )


def others_across_change(subject: Subject, question: Question, area: str, vintage: str, other: str) -> Chart:
    """The counts of the wards that share the chosen one, each on its own boundaries."""
    answer = _answer(subject, question, area, vintage)
    rows = parts(subject, area, vintage, other)
    is_old = subject.succession(vintage, other).old == vintage
    series = [
        _series(
            subject,
            question,
            row["area"],
            other,
            f"{row['area_name']} ({wording.share_words(row['share'])})",
        )
        for row in _told(rows)
    ]
    whole = "residents" if subject.succession(vintage, other).year else "ground"
    note = (
        f"In brackets: the share of the {whole} of {answer.area_name} that {'went to' if is_old else 'came from'} the ward. "
        "Its counts hold all of the ward, also what it does not share."
    )
    title = f"The wards that {'followed' if is_old else 'came before'} {answer.area_name}, on their own boundaries"
    return figures.across_change(
        series,
        _stretches(subject, question),
        _change(subject, vintage, other),
        answer,
        title,
        "wards across the change",
        note,
    )


def then_and_now(subject: Subject, question: Question, area: str, vintage: str, other: str) -> tuple[str, ...]:
    """The latest months against the same months before the change, on one set of boundaries; what may be compared."""
    old, new = _sets(subject, vintage, other)
    name = subject.wards[vintage][area]
    alike = (
        f"**May be compared**: figures of {name} at any two times, because all months here are counted on its own "
        f"boundaries ({subject.partnership.vintage(vintage).label}). **May not be compared**: figures published at the time "
        f"for wards of ‘{old.label}’ with figures for wards of ‘{new.label}’, even where the names are alike."
    )
    pair = _same_months(subject.months(question.measure), new.used_from)
    if pair is None:
        return (alike, "There are no months before the change that have a counterpart after it.")
    asked = replace(question, area=area, vintage=vintage, per="count", compare=None)
    before, after = (results.answer(subject, replace(asked, start=s.start, end=s.end)) for s in pair)
    if before.value_status != "available" or after.value_status != "available":
        reason = before.reason or after.reason
        return (alike, f"Before and after cannot be set against each other here. {reason}")
    sentence = f"In {after.period}, {_counted(after)}; in the same months before the change, {before.period}, {_counted(before)}."
    return (alike, sentence, _against_bounds(before, after))


def _counted(answer: Answer) -> str:
    low, high = answer.bound_low, answer.bound_high
    between = ""
    if wording.known(low) and wording.known(high) and high - low >= 0.5:
        share = wording.share_words(answer.estimated or 0)
        between = f" (between {wording.number(low)} and {wording.number(high)}, as {share} is estimated)"
    return f"{wording.number(answer.value or 0)} {wording.noun(answer, answer.value)}{between}"


def _against_bounds(before: Answer, after: Answer) -> str:
    """Whether the estimates alone could make the difference; nothing where nothing is estimated or known."""
    lows, highs = (before.bound_low, after.bound_low), (before.bound_high, after.bound_high)
    if not all(wording.known(edge) for edge in (*lows, *highs)) or not (before.estimated or after.estimated):
        return ""
    apart = max(low or 0 for low in lows) > min(high or 0 for high in highs)
    return (
        "However the estimated records were divided, the two would differ in the same direction. That is no test against "
        "chance, nor of how crime was recorded."
        if apart
        else "The ranges overlap, so how the estimated records were divided could make the difference by itself."
    )


def _same_months(held: list[str], change: date | None) -> tuple[Span, Span] | None:
    """The latest months after a change, and the same months of the last year before it that has them: the most there
    are, 12 at most."""
    if change is None:
        return None
    have, first = set(held), f"{change:%Y-%m}"
    after = sorted((month for month in held if month > first), reverse=True)
    for length in LENGTHS:
        for end in after:
            now = Span(month_text(month_number(end) - length + 1), end)
            if now.start <= first or not set(now.months) <= have:
                continue
            then = now
            while then.end >= first:
                then = then.shifted(-12)
            while then.end >= held[0]:
                if set(then.months) <= have:
                    return then, now
                then = then.shifted(-12)
    return None


# How wrong each method is


def best_fit_warning(subject: Subject, area: str, vintage: str) -> str:
    """A warning where best fit of whole small areas would give the ward a population more than 5% wrong; else ""."""
    table = backtest.best_fit_of(subject, vintage)
    rows = table[(table["ward_code"] == area) & table["flagged"].astype(bool)]
    if rows.empty or not wording.known(rows["percent"].iloc[0]):
        return ""
    row = rows.iloc[0]
    way = "more" if row["percent"] > 0 else "fewer"
    return (
        f"**Best fit is wrong here**: whole small areas, each given to one ward, make {wording.number(row['best_fit'])} "
        f"residents of {subject.wards[vintage][area]}, {wording.percent(abs(row['percent']), 0)} {way} than the "
        f"{wording.number(row['apportioned'])} found by where people live. Figures that others publish by best fit are as far "
        "off."
    )


def best_fit_sentence(subject: Subject, vintage: str) -> str:
    """How many wards of a set best fit gets wrong, in a sentence; "" where there is nothing to compare."""
    table = backtest.best_fit_of(subject, vintage)
    if table.empty:
        return ""
    off = table["percent"].abs()
    poorly, badly = (int((off > limit).sum()) for limit in (POORLY_FITTED, 10))
    wards = f"{len(table)} wards of ‘{subject.partnership.vintage(vintage).label}’"
    how = "Best fit gives each small area whole to one ward."
    if not poorly:
        return f"{how} The population that it gives each of the {wards} is within {POORLY_FITTED:.0f}%."
    more = f", and of {badly} more than 10%" if badly else ""
    return f"{how} It gets the population of {poorly} of {wards} more than {POORLY_FITTED:.0f}% wrong{more}."


@dataclass(frozen=True, eq=False)
class HowWrong:
    """A test of methods in words: ``sentence``, and ``columns`` of text, empty when there is nothing to test."""

    sentence: str
    columns: dict[str, list[str]]


def how_wrong(subject: Subject, measure: str, vintage: str, role: str) -> HowWrong:
    """How wrong each way of placing records in wards is, in the latest months, whose wards are known."""
    latest = stretches_of(subject.months(measure))[-1]
    end = month_number(latest.end)
    start = max(month_number(latest.start), end - LENGTHS[0] + 1)
    found = backtest.backtest(subject, measure, month_text(start), latest.end, vintage, role)
    if found.methods.empty:
        return HowWrong(found.reason or "There is nothing to test the methods against.", {})
    rows = found.methods
    label = subject.partnership.vintage(vintage).label
    largest = [
        f"{wording.percent(percent, 0)} ({name})" if name else wording.percent(percent, 0)
        for percent, name in zip(rows["largest_percent"].tolist(), rows["largest_name"].tolist(), strict=True)
    ]
    return HowWrong(
        f"{wording.number(found.records)} records of {found.period} have coordinates, so their wards (‘{label}’) are known. "
        "Here they are placed as if they had none, and the result is set against what is known.",
        {
            "Method": rows["label"].tolist(),
            "Records in a wrong ward or in none": [wording.share_words(s) for s in rows["misplaced_share"].tolist()],
            "Records a ward, on average": [wording.number(n) for n in rows["mean_absolute"].tolist()],
            "Furthest off": largest,
        },
    )
