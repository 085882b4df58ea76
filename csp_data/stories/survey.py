"""What the Survey page tells: each question with all its answers, and how the answers stood to the wave before."""

from dataclasses import dataclass

import pandas as pd

from csp_data.analysis import consultations
from csp_data.analysis.subject import Subject
from csp_data.analysis.survey import SELF_SELECTED
from csp_data.catalogue.statuses import notice
from csp_data.figures import survey as figures
from csp_data.figures import wording
from csp_data.figures.chart import Chart, Provenance, records

_HEADINGS = {
    "safe-day": "Feeling safe by day",
    "safe-evening": "Feeling safe in the evening",
}
"""What a question of a topic with several questions asks, in a few words."""
_SELF_SELECTED = "People chose themselves whether to answer: the shares may not speak for all residents."
SAMPLES = {
    "self-selected": SELF_SELECTED,
    "random": "People were chosen at random, so the results speak for those they were chosen from, within the intervals.",
    "quota": "People were asked until each group had its number. The intervals take them for a random sample, which they "
    "are not.",
    "census": "Everybody was asked. The intervals cover chance, not those who did not answer.",
}


@dataclass(frozen=True)
class Wave:
    """A wave of a survey, and what must be said of it. ``label`` is a public address."""

    survey: str
    wave: str
    label: str
    facts: str
    sample: str
    self_selected: bool
    topics: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    """Topic and question, in the order told."""
    compared: tuple[str, ...]
    """Topics that two or more waves asked about."""


def waves(subject: Subject, role: str) -> tuple[Wave, ...]:
    """The waves the release holds, the latest first; none when it has no survey."""
    table = consultations.asked(subject)
    if table.empty:
        return ()
    again = consultations.asked_again(table)
    found = []
    for row in consultations.waves(table).to_dict("records"):
        rows = table[(table["survey"] == row["survey"]) & (table["wave"] == row["wave"])]
        listed = list(zip(rows["topic"].tolist(), rows["question"].tolist(), rows["option"].tolist(), strict=True))
        found.append(
            Wave(
                survey=row["survey"],
                wave=row["wave"],
                label=f"{row['survey_label']}, {row['wave_label']}",
                facts=_facts(row),
                sample=SAMPLES.get(row["sample"], ""),
                self_selected=row["sample"] == "self-selected",
                topics=tuple(dict.fromkeys(topic for topic, _, _ in listed)),
                questions=tuple(dict.fromkeys((topic, question) for topic, question, _ in listed)),
                compared=tuple(
                    dict.fromkeys(topic for topic, question, option in listed if (question, option) in again)
                ),
            )
        )
    return tuple(found)


def question(subject: Subject, survey: str, wave: str, question: str, role: str) -> Chart:
    """The answers to one question of one wave."""
    table = consultations.results(subject, role, [question])
    rows = consultations.with_changes(table, (table["survey"] == survey) & (table["wave"] == wave))
    head = rows.iloc[0]
    names = _names(consultations.asked(subject, survey, wave))
    several = head["kind"] != "single"
    return figures.question_bars(
        rows,
        names[question],
        f"{_asked_by(subject, head)}, {head['wave_label']}, {_base_words(head['base'])}",
        (*_notes(rows), *_change_notes(rows)),
        _provenance(subject, head),
        ordered=not several and bool((rows["option_role"] != "net").any() or len(rows) < 2),
    )


def over_waves(subject: Subject, survey: str, wave: str, topic: str, role: str) -> Chart:
    """The answers about a topic, wave by wave, of all surveys that asked the same."""
    wave_asked = consultations.asked(subject, survey, wave)
    listed = wave_asked[wave_asked["topic"] == topic]
    table = consultations.results(subject, role, set(listed["question"]))
    options = _told(consultations.asked(subject), listed)
    told = [key in options for key in zip(table["question"], table["option"], strict=True)]
    found = consultations.over_waves(consultations.with_changes(table, pd.Series(told, index=table.index)), topic)
    head = listed.iloc[0]
    changed = found[found["change"] != ""]
    names = {name: words for name, words in _names(wave_asked).items() if name in set(found["question"])}
    sentences = [
        f"{names[row['question']]}, {wording.lowered(row['option_label'])}, {row['wave']} and the wave before: "
        f"{wording.lowered(row['change'])}"
        for row in records(changed, "question", "option_label", "wave", "change")
    ]
    themselves = found["sample"] == "self-selected"
    some = (_SELF_SELECTED if themselves.all() else f"In some waves {wording.lowered(_SELF_SELECTED)}",)
    return figures.wave_dots(
        found,
        survey,
        names,
        wording.capitalised(topic),
        f"{subject.partnership.short_name}, by wave",
        (*sentences, *_flags(found), *(some if themselves.any() else ())),
        _provenance(subject, head),
    )


def _told(table: pd.DataFrame, rows: pd.DataFrame) -> set[tuple[str, str]]:
    """Questions and options, of those that one wave asks, that are told over the waves. Of a question that has sums of
    answers ("very or fairly safe"), the sums alone: they are the message, and all of it would be too much to read."""
    again = consultations.asked_again(table)
    listed = [
        (question, option, role)
        for question, option, role in zip(rows["question"], rows["option"], rows["option_role"], strict=True)
        if (question, option) in again
    ]
    summed = {question for question, _, role in listed if role == "net"}
    return {(question, option) for question, option, role in listed if role == "net" or question not in summed}


def _names(rows: pd.DataFrame) -> dict[str, str]:
    """Question -> what it asks in a few words: its topic, or more where a topic has several questions."""
    named = {}
    first = rows.drop_duplicates("question")
    topics = first["topic"].tolist()
    for row in records(first, "question", "topic", "question_text"):
        alone = topics.count(row["topic"]) == 1
        topic = wording.capitalised(row["topic"])
        text = row["question_text"].rstrip("?. ")
        named[row["question"]] = _HEADINGS.get(row["question"]) or (topic if alone else f"{topic}, ‘{text[:40]}’")
    return named


def _asked_by(subject: Subject, row: pd.Series) -> str:
    return f"{subject.partnership.short_name}, {row['survey_label'].lower()} ({row['mode']})"


def _base_words(base: float) -> str:
    return f"base {wording.number(base)} people" if wording.known(base) else "base not stated"


def _facts(row: dict) -> str:
    """How a wave was asked: "Way of asking: online, 1 June 2024 to 31 July 2024. 103 people took part.\""""
    asked = f"Way of asking: {row['mode']}"
    first, last = row["collected_from"], row["collected_to"]
    if not pd.isna(first) and not pd.isna(last):
        asked += f", {wording.date_words(first)} to {wording.date_words(last)}"
    low, high = row["base_low"], row["base_high"]
    if not wording.known(low):
        return f"{asked}. The report does not state how many people answered."
    people = wording.number(low) if low == high else f"{wording.number(low)} to {wording.number(high)}"
    return f"{asked}. {people} people took part."


def _notes(rows: pd.DataFrame) -> tuple[str, ...]:
    """What must be known to read the answers to a question."""
    notes = [consultations.sum_sentence(rows)]
    sums = rows[(rows["part"] == "sum")]
    if len(sums):
        are = "is the sum" if len(sums) == 1 else "are sums"
        notes.append(f"{_listed(sums)} {are} of answers that are shown as well, not counted again.")
    nets = rows[(rows["option_role"] == "net") & (rows["part"] != "sum") & (rows["value_status"] == "available")]
    if len(nets):
        notes.append(f"{_listed(nets)}: the return gives these answers together, not one by one.")
    bases = set(rows["basis"])
    if "printed" in bases:
        interval = "; the interval is worked out from it and the base" if rows["lower"].notna().any() else ""
        notes.append(f"The return gives no counts: percentages are used as printed{interval}.")
    if "weighted" in bases:
        how = next((text for text in rows["weighting"] if text), "the return does not say how").rstrip(".")
        effective = rows["effective_base"].dropna()
        size = (
            f" The intervals are on an effective base of {wording.number(effective.min(), 1)}."
            if len(effective)
            else ""
        )
        notes.append(f"Weighted: {wording.lowered(how)}.{size}")
    hidden = rows[rows["value_status"] == "withheld"]
    if len(hidden):
        notes.append(f"{hidden['reason'].iloc[0]} Shares of so few people are not shown.")
    notes += _flags(rows)
    told = rows.loc[rows["option_role"] != "not shown", "note"]
    notes += [str(told.iloc[0])] if len(set(told)) == 1 else []
    if (rows["sample"] == "self-selected").any():
        notes.append(_SELF_SELECTED)
    return tuple(note for note in notes if note)


def _flags(rows: pd.DataFrame) -> list[str]:
    """What is to be said of the base; of a table with several waves, in which of them."""
    found = []
    several = len(set(rows["wave"])) > 1
    for flag, said in (
        ("small base", "Small base: fewer than 100 people were asked, so the shares are rough."),
        (
            "base not stated",
            "How many people were asked is not stated, so there are no intervals and nothing is tested.",
        ),
    ):
        waves = list(dict.fromkeys(rows.loc[rows["flag"] == flag, "wave"]))
        if waves:
            found.append(f"{wording.joined(waves)}: {wording.lowered(said)}" if several else said)
    return found


def _change_notes(rows: pd.DataFrame) -> list[str]:
    """The change of each sum of answers, or of each answer where there are none, in words; where none is compared, why,
    once."""
    changed = rows[rows["change"] != ""]
    nets = changed[changed["option_role"] == "net"]
    told = [
        f"{row['option_label']}, since {row['previous_wave']} ({row['previous_shown']}): {wording.lowered(row['change'])}"
        for row in records(nets if len(nets) else changed, "option_label", "previous_wave", "previous_shown", "change")
    ]
    if told:
        return told
    first = rows.iloc[0]
    reasons = dict.fromkeys(reason for reason in rows["change_reason"] if reason)
    return [f"Not compared with {first['previous_wave']}: {wording.lowered(next(iter(reasons)))}"] if reasons else []


def _listed(rows: pd.DataFrame) -> str:
    return wording.joined([f"‘{label}’" for label in rows["option_label"]])


def _provenance(subject: Subject, row: pd.Series) -> Provenance:
    extract = subject.release.extract("survey")
    publishers = dict.fromkeys(s["publisher"] for s in extract.get("sources", []) if s.get("publisher"))
    source = f"{row['survey_label']}, {row['wave_label']}" + (f" ({'; '.join(publishers)})" if publishers else "")
    return {
        "source": f"Source: {source}. Data release of {wording.release_words(subject.release.id)}.",
        "notice": notice(subject.release.status),
    }
