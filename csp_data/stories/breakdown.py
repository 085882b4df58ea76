"""What the Breakdown page tells: what a line of the tree is made of, and which lines the release holds."""

from dataclasses import dataclass

from csp_data.analysis import breakdown as analysis
from csp_data.analysis.breakdown import Breakdown
from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question, lines_below, use_words
from csp_data.analysis.subject import Subject
from csp_data.catalogue.categories import APPENDIX_1, CATEGORIES, ancestors, root, views
from csp_data.catalogue.measures import measure_named
from csp_data.figures import breakdown as figures
from csp_data.figures import wording
from csp_data.figures.chart import Chart

POLICE_UK = "data.police.uk"


@dataclass(frozen=True)
class Place:
    """Where in the tree the visitor is: lines by id."""

    above: tuple[str, ...]
    """From the whole down to the line above."""
    line: str
    below: tuple[str, ...]
    """Lines below that the release holds, in the order of the tree."""


def place(subject: Subject, measure: str, category: str | None, role: str) -> Place:
    """Where a line lies."""
    line = category or root(measure_named(measure).dataset)
    return Place(ancestors(line), line, lines_below(subject, measure, role, line))


def parts(subject: Subject, question: Question) -> Chart:
    """What the chosen line is made of; of a line with none below it, what the line above is made of, with it picked out."""
    apart = analysis.taken_apart(subject, question)
    return figures.parts_bars(apart.parts, apart.whole, apart.chosen, _notes(apart))


def words(subject: Subject, question: Question) -> str:
    """The change of each line in a sentence, the largest line first, as Markdown; of those with no test, why. One reason
    for all lines is told once."""
    apart = analysis.taken_apart(subject, question)
    if not question.compare or apart.parts["own"].all():
        return ""
    told = []
    rows = apart.parts.sort_values("value", ascending=False, kind="stable", na_position="last")
    names = ("category_label", "percent_change", "percent_lower", "percent_upper", "verdict", "change_reason", "numerator",
             "compare_numerator")  # fmt: skip
    for label, change, lower, upper, verdict, reason, now, then in zip(*(rows[n] for n in names), strict=True):
        both = wording.known(now) and wording.known(then)
        counts = f"{wording.number(now)} against {wording.number(then)}" if both else ""
        if both and now == then == 0:
            told.append(f"**{label}**: none in either period.")
        elif verdict and wording.known(change):
            size = wording.percent_change_words(change)
            interval = wording.change_interval_words(lower, upper)
            kind = "within chance, so similar" if verdict == "similar" else "more than chance"
            told.append(f"**{label}**: {counts}: {size} (95% interval {interval}), {kind}.")
        elif verdict:
            told.append(
                f"**{label}**: {counts}: {verdict}{' to' if verdict == 'similar' else ' than'} then. {reason}".strip()
            )
        elif reason:
            told.append(f"**{label}**: {counts}. {reason}" if counts else f"**{label}**: {reason}")
    reasons = set(rows["change_reason"])
    if len(reasons) == 1 and not rows["verdict"].any():
        return reasons.pop()
    if not told:
        return ""
    return "\n".join([f"Compared with {apart.whole.compare_period}:", "", *(f"- {sentence}" for sentence in told)])


def lines(subject: Subject, question: Question, over: Span) -> Chart | None:
    """Each line over time; ``None`` when there is no line below to draw."""
    table = analysis.over_time(subject, question, over)
    if table.empty:
        return None
    apart = analysis.taken_apart(subject, question)
    rows = apart.parts[~apart.parts["own"]]
    verdicts = {c: v for c, v in zip(rows["category"], rows["verdict"], strict=True) if v}
    return figures.lines_over_time(table, apart.whole, verdicts, subject.events)


def has_lines(subject: Subject, question: Question) -> bool:
    """Whether the release holds lines below the one taken apart."""
    opened = analysis.opened(subject, question)
    return bool(lines_below(subject, question.measure, question.role, opened))


@dataclass(frozen=True)
class Tree:
    """Every line as columns of text, and what must be known to read them."""

    columns: dict[str, list[str]]
    sentences: tuple[str, ...]


def every_line(subject: Subject, question: Question) -> Tree:
    """The whole tree: each line, whether the release holds it, its count, share and change."""
    table = analysis.every_line(subject, question)
    rows = table.to_dict("list")
    columns = {
        "Line": [
            "\u2003" * (depth - 1) + ("– " if depth > 1 else "") + label
            for depth, label in zip(rows["depth"], rows["label"], strict=True)
        ],
        wording.capitalised(measure_named(question.measure).plural): [
            wording.shown(count, status) for count, status in zip(rows["numerator"], rows["value_status"], strict=True)
        ],
        "Share of all": [
            wording.percent(share) if wording.known(share) else wording.shown(None, status)
            for share, status in zip(rows["share"], rows["share_status"], strict=True)
        ],
    }
    whole = rows["change_reason"][0]
    shared = whole if whole.startswith("Not compared") else ""
    if question.compare:
        columns["Change"] = [
            wording.capitalised(verdict)
            or ("Not compared" if shared and reason == shared else reason)
            or wording.SYMBOLS["not applicable"]
            for verdict, reason in zip(rows["verdict"], rows["change_reason"], strict=True)
        ]
    columns["In this release"] = rows["held"]
    if any(rows["printed"]):
        columns["In appendix 1 as"] = [text or "Not there" for text in rows["printed"]]
    told = [shared] if shared else []
    printed = [held for held, text in zip(rows["held"], rows["printed"], strict=True) if text]
    if printed and printed[0] != analysis.PROTECTED:
        told.append(
            f"{sum(held.startswith('Yes') for held in printed)} of the {len(APPENDIX_1)} lines of appendix 1 of Medway’s "
            "Strategic Assessment 2020 are in this release. A line that is not held is no zero."
        )
    if printed:
        told += [
            f"{CATEGORIES[line].label}: {CATEGORIES[line].note}"
            for line, held, text in zip(rows["category"], rows["held"], rows["printed"], strict=True)
            if CATEGORIES[line].overlaps and (text or held.startswith("Yes"))
        ]
    explained = wording.symbols_explained(wording.SYMBOLS.get(status, "") for status in rows["value_status"])
    return Tree(columns, (*told, *((f"{explained}.",) if explained else ())))


def _notes(apart: Breakdown) -> list[str]:
    """Whether the lines add up, what overlaps, what was superseded, what is withheld, and what the source cannot give."""
    notes = [*_sum(apart), *_overlaps(apart), *_superseded(apart)]
    if apart.chosen:
        notes.append(
            f"{CATEGORIES[apart.chosen].label} has no lines below it, so it is shown (in bold) among the lines of "
            f"{wording.lowered(CATEGORIES[apart.line].label)}."
        )
    notes += [
        f"{CATEGORIES[line].label}: {CATEGORIES[line].note}"
        for line in apart.parts["category"]
        if CATEGORIES[line].note
        and not (CATEGORIES[line].used_from or CATEGORIES[line].used_to)
        and line != "burglary"
        and not CATEGORIES[line].note.endswith("whole.")
    ]
    cautions = dict.fromkeys(text for text in (apart.whole.caution, *apart.parts["caution"]) if text)
    return [*notes, *cautions]


def _sum(apart: Breakdown) -> list[str]:
    found = analysis.added_up(apart)
    noun, label = wording.noun(apart.whole), wording.lowered(CATEGORIES[apart.line].label)
    below = apart.parts[~apart.parts["own"]]
    own = apart.parts[apart.parts["own"]]
    if not len(below):
        return [f"The source gives {label} whole: there is nothing below it in this release."] if len(own) else []
    if found is None:
        return []
    if found.withheld:
        return [
            f"{found.withheld} of the lines {'is' if found.withheld == 1 else 'are'} withheld, so the lines are not added up. "
            "Shares are worked out from the figures shown."
        ]
    if found.total != found.total:  # a line has no figure
        return ["A line has no figure, so the lines are not added up."]
    used = int((below["value_status"] != "not applicable").sum())
    in_use = "" if used == len(below) else " in use"
    lines = f"The {used} lines{in_use}" if used > 1 else f"The line{in_use}"
    if len(own):
        lines += f" and the {wording.number(own['numerator'].iloc[0])} on none of them (hatched)"
    if found.agrees:
        shown = sum(wording.rounded(count) for count in apart.parts["numerator"].dropna())
        before = "" if shown == wording.rounded(found.whole) else ", before rounding"
        once = ": each crime is counted once" if apart.whole.measure == "crime" else ""
        return [f"{lines} add up to all {wording.number(found.whole)} {noun}{before}{once}."]
    return [
        f"{lines} come to {wording.number(found.total)} and the whole to {wording.number(found.whole)}: each figure is "
        "rounded by itself, to protect people."
    ]


def _overlaps(apart: Breakdown) -> list[str]:
    """The views of the line: figures that are in no sum, and those that appendix 1 prints and the release does not hold."""
    told = []
    for view in views(apart.line):
        rows = apart.views[apart.views["category"] == view]
        line = CATEGORIES[view]
        over = wording.joined([f"‘{wording.lowered(CATEGORIES[each].label)}’" for each in line.overlaps])
        if len(rows):
            row = rows.iloc[0]
            figure = wording.shown(row["numerator"], row["value_status"])
            told.append(
                f"{line.label}: {figure}. Its crimes are counted under {over} already, so it has no bar and is in no sum."
            )
        elif view in dict(APPENDIX_1).values():
            told.append(
                f"{line.label} overlaps with {over}: it is a view of them, not a part of the sum. This release does not hold "
                f"it, and {POLICE_UK} cannot give it."
            )
    return told


def _superseded(apart: Breakdown) -> list[str]:
    old = [c for c in apart.parts["category"] if CATEGORIES[c].used_to and c != apart.line]
    new = [c for c in apart.parts["category"] if CATEGORIES[c].used_from and c != apart.line]
    if not (old and new):
        return []
    before, after = (
        wording.joined([wording.lowered(CATEGORIES[line].label) for line in group]) for group in (old, new)
    )
    return [
        f"{wording.capitalised(before)} were {use_words(CATEGORIES[old[0]])}; {after} are "
        f"{use_words(CATEGORIES[new[0]])}. The new lines are not the old ones under other names, so they are shown side "
        "by side and never joined or compared."
    ]
