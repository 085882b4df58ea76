"""What a release's surveys show: the gateway over the dataset ``survey``, which every figure of a survey passes.

A return gives each option of a question as a count, as a percentage printed without one, or as a share after weighting.
Whichever it is becomes a share with Wilson's interval here, under the base rules of ``analysis.survey``; under 30 people
nothing but the base is left. The options of a question with one answer each are added up, so that what a report leaves
out is named and a sum printed beside its parts is not counted twice.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_data.analysis.forensics import possible_counts
from csp_data.analysis.rates import CONFIDENCE, proportion
from csp_data.analysis.subject import Subject
from csp_data.analysis.survey import (
    SMALL_BASE_BELOW,
    SMALLEST_SHOWN,
    WaveChange,
    base_rule,
    change,
    shares,
    weighted_change,
)

Basis = Literal["counts", "printed", "weighted", ""]
TOPICS = (
    "feeling safe",
    "problems",
    "priorities",
    "what would help",
    "partners",
    "causes of violence",
)
"""The order in which the topics of a survey are told; others come after them."""
NOT_SHOWN = "not-shown"
"""Option of the row that holds what a return leaves out."""
ROUNDING = 0.5
"""Percentage points that a whole printed percentage may be off by."""


def asked(subject: Subject, survey: str | None = None, wave: str | None = None) -> pd.DataFrame:
    """What was asked, in all surveys or in one wave of one, without any answer.

    Returns
    -------
    The rows of the dataset in order of survey, wave, topic, question and place, with its columns but counts, percentages
    and weights; ``base`` is NaN where none is stated, and ``given`` says whether an option has a share that may be shown.
    """
    table = subject.supplied("survey")
    if survey is not None:
        table = table[(table["survey"] == survey) & (table["wave"] == wave)]
    order = {topic: place for place, topic in enumerate(TOPICS)}
    placed = table.assign(_topic=table["topic"].map(order).fillna(len(order)))
    placed = placed.sort_values(
        ["survey", "wave", "_topic", "question", "option_order"], kind="stable", ignore_index=True
    )
    given = _given(placed)
    base = placed["base"].to_numpy(dtype=float)
    answers = ["count", "printed", "weighted_share", "effective_base", "_topic"]
    return placed.drop(columns=answers).assign(base=np.where(base > 0, base, np.nan), given=given)


def _given(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows have a share that the base rule lets through."""
    printed = np.array([not math.isnan(printed_value(text)) for text in table["printed"]], dtype=bool)
    some = table["count"].notna().to_numpy() | table["weighted_share"].notna().to_numpy() | printed
    base = table["base"].to_numpy(dtype=float)
    return some & ((base >= SMALLEST_SHOWN) | (~(base > 0) & printed))


def asked_again(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """Questions and options that two or more waves give a share of, from the rows of ``asked``."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    columns = (rows[name].tolist() for name in ("question", "option", "survey", "wave", "given"))
    for question, option, survey, wave, given in zip(*columns, strict=True):
        if given:
            found.setdefault((question, option), set()).add((survey, wave))
    return {key for key, each in found.items() if len(each) > 1}


def results(subject: Subject, role: str, questions: Collection[str] | None = None) -> pd.DataFrame:
    """Every option of some questions, or of all, of every survey and wave, with its share.

    Parameters
    ----------
    role : kept for the key of what is remembered: the answers are counted before they are stored, and the base rules
        hold for every role.

    Returns
    -------
    The rows of the dataset in order of survey, wave, topic, question and place, and for questions with one answer each
    that do not add up a last row of ``option`` "not-shown" and ``option_role`` "not shown". With ``basis`` (whether the
    share comes from "counts", is used as "printed", or is "weighted"), ``percent``, ``lower``, ``upper`` (not rounded;
    the interval is on the effective base of a weighted share and NaN where no base is stated), ``shown`` ("69%"),
    ``flag`` ("small base", "base not stated" or ""), ``part`` ("part" of the question's whole, a "sum" of options that
    stand beside it, or "choice" of several), ``value_status`` and ``reason``. Counts, printed percentages and weighted
    shares of a question under the base rule are gone.
    """
    table = subject.supplied("survey")
    if questions is not None:
        table = table[table["question"].isin(list(questions))]
    if table.empty:
        return _shared(table)
    order = {topic: place for place, topic in enumerate(TOPICS)}
    placed = table.assign(_topic=table["topic"].map(order).fillna(len(order)))
    placed = placed.sort_values(["survey", "wave", "_topic", "question", "option_order"], kind="stable")
    shared = _shared(placed.drop(columns="_topic").reset_index(drop=True))
    groups = [_whole(group) for _, group in shared.groupby(["survey", "wave", "question"], sort=False)]
    return pd.concat(groups, ignore_index=True)


def _shared(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with their shares: weighted where the return weights, else from counts, else as printed."""
    base = table["base"].to_numpy(dtype=float)
    count = table["count"].to_numpy(dtype=float)
    weighted = table["weighted_share"].to_numpy(dtype=float)
    effective = table["effective_base"].to_numpy(dtype=float)
    printed = np.array([printed_value(text) for text in table["printed"]], dtype=float)
    unstated = ~(base > 0) & ~np.isnan(printed) & np.isnan(count) & np.isnan(weighted)
    hidden = np.array([base_rule(n) == "hidden" for n in base], dtype=bool) & ~unstated

    found = shares(table.assign(count=count, base=np.where(unstated, SMALL_BASE_BELOW, base)))
    percent, lower, upper = (found[name].to_numpy(dtype=float, copy=True) for name in ("percent", "lower", "upper"))
    shown, flag = found["shown"].to_numpy(dtype=object), found["flag"].to_numpy(dtype=object)
    basis = np.where(hidden, "", np.where(np.isnan(count), "", "counts")).astype(object)
    small = np.where(base < SMALL_BASE_BELOW, "small base", "")
    for name, share, on, rows in (
        ("printed", printed / 100, base, ~hidden & np.isnan(count) & ~np.isnan(printed)),
        ("weighted", weighted, np.where(effective > 0, effective, base), ~hidden & ~np.isnan(weighted)),
    ):
        if not rows.any():
            continue
        basis[rows] = name
        percent[rows] = 100 * share[rows]
        lower[rows] = upper[rows] = np.nan
        sized = rows & (on > 0)
        _, low, high = proportion(share[sized] * on[sized], on[sized], CONFIDENCE)
        lower[sized], upper[sized] = 100 * low, 100 * high
        shown[rows] = [
            f"{text.strip().rstrip('%')}%" if name == "printed" else f"{int(value * 100 + 0.5 + 1e-9)}%"
            for text, value in zip(table["printed"][rows], share[rows], strict=True)
        ]
        flag[rows] = np.where(unstated[rows], "base not stated", small[rows])
    missing = np.isnan(percent) & ~hidden
    return table.assign(
        count=np.where(hidden, np.nan, count),
        base=np.where(unstated, np.nan, base),
        printed=np.where(hidden, "", table["printed"].to_numpy(dtype=object)),
        weighted_share=np.where(hidden, np.nan, weighted),
        effective_base=np.where(hidden, np.nan, effective),
        basis=basis,
        percent=percent,
        lower=lower,
        upper=upper,
        shown=shown,
        flag=flag,
        part="choice",
        value_status=np.select([hidden, missing], ["withheld", "missing"], "available"),
        reason=np.select(
            [hidden, missing],
            [f"Fewer than {SMALLEST_SHOWN} people were asked.", "The return gives no figure."],
            "",
        ),
    )


def printed_value(text: str) -> float:
    """A percentage as printed, "69" or "68.9%", as a number from 0 to 100; NaN for what is no percentage."""
    try:
        value = float(str(text).strip().rstrip("%"))
    except ValueError:
        return float("nan")
    return value if 0 <= value <= 100 else float("nan")


def _whole(group: pd.DataFrame) -> pd.DataFrame:
    """The options of one question with their part in its whole, and a row for what the return leaves out."""
    if group["kind"].iloc[0] != "single":
        return group
    net = (group["option_role"] == "net").to_numpy()
    percent = group["percent"].to_numpy(dtype=float)
    slack = _slack(group)
    in_their_stead = not np.nansum(percent) > 100 + slack
    part = np.where(net & (not in_their_stead), "sum", "part")
    group = group.assign(part=part)
    parts = percent[part == "part"]
    if np.isnan(parts).any() or not 100 - parts.sum() > slack:
        return group
    left = 100 - parts.sum()
    if (group["basis"] == "printed").any():
        left = round(left, 6)
    row = group.iloc[[0]].assign(
        option=NOT_SHOWN,
        option_label="Not shown in the return",
        option_role="not shown",
        option_order=int(group["option_order"].max()) + 1,
        count=np.nan,
        printed="",
        weighted_share=np.nan,
        percent=left,
        lower=np.nan,
        upper=np.nan,
        shown=f"{int(left + 0.5 + 1e-9)}%",
        note="",
        part="part",
    )
    return pd.concat([group, row], ignore_index=True)


def _slack(group: pd.DataFrame) -> float:
    """Percentage points that the shares of a question may miss 100 by through rounding alone."""
    return ROUNDING * int((group["basis"] == "printed").sum()) + 1e-6 + 0.05 * int((group["basis"] == "weighted").sum())


def sum_sentence(question: pd.DataFrame) -> str:
    """What the shares of a question's rows (of ``results``) add up to, in a sentence; "" when nothing can be said."""
    available = question[(question["value_status"] == "available") & (question["option_role"] != "not shown")]
    if available.empty:
        return ""
    if question["kind"].iloc[0] != "single":
        several = "People could choose several answers"
        over = available.loc[available["option_role"] != "net", "percent"].sum() > 100
        return (
            f"{several}; shares add to more than 100%." if over else f"{several}, so the shares do not add up to 100%."
        )
    parts = available[available["part"] == "part"]
    total = f"{parts['percent'].sum():.6g}%"
    left = question.loc[question["option_role"] == "not shown", "shown"].tolist()
    printed = (parts["basis"] == "printed").all()
    if left:
        total = total if printed else f"{int(parts['percent'].sum() + 0.5 + 1e-9)}%"
        return f"The shares {'printed' if printed else 'given'} sum to {total}: {left[0]} not shown."
    if len(question[question["value_status"] == "missing"]):
        return "An answer has no figure, so the shares cannot be added up."
    if parts["percent"].sum() > 100 + _slack(parts):
        return f"The shares add up to {total}, more than rounding allows: answers overlap or one is wrong."
    if abs(parts["percent"].sum() - 100) > 1e-3:
        return f"The shares add up to {total} because they were rounded."
    rounded = 100 if printed else sum(int(value + 0.5 + 1e-9) for value in parts["percent"])
    return f"The shares add up to 100%{'' if rounded == 100 else f', as rounded here to {rounded}%'}."


def waves(table: pd.DataFrame) -> pd.DataFrame:
    """The waves held, the latest first, from the rows of ``asked``.

    Returns
    -------
    A row a survey and wave: ``survey``, ``survey_label``, ``wave``, ``wave_label``, ``collected_from``,
    ``collected_to``, ``mode``, ``sample``, ``base_low`` and ``base_high`` (people asked, of its questions; NaN where not
    stated).
    """
    columns = ["survey", "survey_label", "wave", "wave_label", "collected_from", "collected_to", "mode", "sample"]
    grouped = table.groupby(["survey", "wave"], sort=True)
    found = table.drop_duplicates(["survey", "wave"])[columns].sort_values(["survey", "wave"], ignore_index=True)
    found = found.assign(
        base_low=grouped["base"].min().to_numpy(dtype=float), base_high=grouped["base"].max().to_numpy(dtype=float)
    )
    return found.sort_values(["wave", "survey"], ascending=[False, True], kind="stable", ignore_index=True)


def with_changes(table: pd.DataFrame, wanted: pd.Series | None = None) -> pd.DataFrame:
    """Rows of ``results``, each with its change from the wave of the same survey before that asked the question.

    Parameters
    ----------
    table : rows of ``results``, of all waves of the questions that are in it.
    wanted : which of the rows to give; all when None. The others are still there to be compared with.

    Returns
    -------
    The rows with ``previous_wave`` (label, "" for the first), ``previous_percent``, ``previous_shown``,
    ``previous_base``, ``points``, ``points_lower``, ``points_upper`` (percentage points, Newcombe's interval), ``verdict``
    ("higher", "lower", "similar", or "" where there is no comparison), ``change`` (a sentence) and ``change_reason`` (why
    there is none). A share used as printed stands for every count that rounds to it: the interval then covers them all.
    """
    listed = _records(table)
    by_key = {(row["survey"], row["wave"], row["question"], row["option"]): row for row in listed}
    asked_in: dict[tuple[str, str], set[str]] = {}
    for row in listed:
        asked_in.setdefault((row["survey"], row["question"]), set()).add(row["wave"])
    labels = {(row["survey"], row["wave"]): row["wave_label"] for row in listed}
    chosen = [True] * len(table) if wanted is None else wanted.tolist()
    rows = []
    for row, this in zip(listed, chosen, strict=True):
        if not this:
            continue
        then = max((wave for wave in asked_in[row["survey"], row["question"]] if wave < row["wave"]), default=None)
        if then is None:
            rows.append(_no_change("", "", None))
            continue
        before = by_key.get((row["survey"], then, row["question"], row["option"]))
        rows.append(_compared(row, before, labels[row["survey"], then]))
    kept = table if wanted is None else table[wanted]
    return kept.assign(**{name: [row[name] for row in rows] for name in _CHANGE})


def _compared(row: Mapping[str, Any], before: Mapping[str, Any] | None, wave: str) -> dict[str, Any]:
    """What ``with_changes`` adds to a row, set against the same option of the wave before."""
    reason = _not_comparable(row, before)
    if reason or before is None:
        return _no_change(wave, reason, before)
    found = _change(row, before)
    if found is None:
        return _no_change(wave, "No count gives one of the printed percentages.", before)
    return _no_change(wave, "", before) | {
        "points": found.points,
        "points_lower": found.lower,
        "points_upper": found.upper,
        "verdict": found.verdict,
        "change": found.sentence,
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries: ten times as fast as pandas' own way."""
    names = table.columns.tolist()
    return [dict(zip(names, row, strict=True)) for row in zip(*(table[name].tolist() for name in names), strict=True)]


_CHANGE = (
    "previous_wave", "previous_percent", "previous_shown", "previous_base", "points", "points_lower", "points_upper",
    "verdict", "change", "change_reason",
)  # fmt: skip


def _no_change(wave: str, reason: str, before: Mapping[str, Any] | None) -> dict[str, Any]:
    nothing = float("nan")
    return {
        "previous_wave": wave,
        "previous_percent": before["percent"] if before else nothing,
        "previous_shown": before["shown"] if before else "",
        "previous_base": before["base"] if before else nothing,
        "points": nothing,
        "points_lower": nothing,
        "points_upper": nothing,
        "verdict": "",
        "change": "",
        "change_reason": reason,
    }


def _not_comparable(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """Why an option is not compared with the wave before; "" when it is."""
    if row["option_role"] == "not shown":
        return "What is not shown is not compared."
    if before is None:
        return "The wave before did not have this option."
    if row["mode"] != before["mode"]:
        return f"People were asked in different ways: {before['mode']}, then {row['mode']}."
    if row["question_text"] != before["question_text"]:
        return "The question was worded differently."
    if "withheld" in (row["value_status"], before["value_status"]):
        return f"Fewer than {SMALLEST_SHOWN} people were asked in one of the waves."
    if "missing" in (row["value_status"], before["value_status"]):
        return "One of the waves gives no figure."
    if np.isnan(row["base"]) or np.isnan(before["base"]):
        return "One of the waves does not state how many people were asked."
    if (row["basis"] == "weighted") != (before["basis"] == "weighted"):
        return "One of the waves is weighted and the other is not."
    return ""


def _change(row: Mapping[str, Any], before: Mapping[str, Any]) -> WaveChange | None:
    """The change of an option; ``None`` when no count gives a printed percentage."""
    if row["basis"] == "weighted":
        bases = [each["effective_base"] if each["effective_base"] > 0 else each["base"] for each in (row, before)]
        return weighted_change(row["weighted_share"], bases[0], before["weighted_share"], bases[1])
    now, then = _counts(row), _counts(before)
    if not now or not then:
        return None
    bases = int(row["base"]), int(before["base"])
    least = change(now[0], bases[0], then[-1], bases[1], tested=False)
    if len(now) == len(then) == 1:
        return least
    most = change(now[-1], bases[0], then[0], bases[1], tested=False)
    verdict = least.verdict if least.verdict == most.verdict else "similar"
    points = (row["percent"] - before["percent"], f"{least.points:+.1f} to {most.points:+.1f}")
    chance = "could be chance." if verdict == "similar" else "more than chance alone would be likely to give."
    return WaveChange(
        points=points[0],
        lower=least.lower,
        upper=most.upper,
        z=float("nan"),
        p=float("nan"),
        fisher_p=float("nan"),
        verdict=verdict,
        sentence=f"{points[1]} percentage points, by which counts the printed percentages stand for (95% interval "
        f"{least.lower:+.1f} to {most.upper:+.1f}): {chance}",
    )


def _counts(row: Mapping[str, Any]) -> Sequence[int]:
    """The counts a share may stand for, in order: its own, or all that round to the percentage printed."""
    if row["basis"] == "counts":
        return (int(row["count"]),)
    return possible_counts(str(row["printed"]).strip().rstrip("%"), int(row["base"]))


def over_waves(table: pd.DataFrame, topic: str) -> pd.DataFrame:
    """Options of a topic that two or more waves give a share of, each with its waves in order.

    Parameters
    ----------
    table : rows of ``results``, with or without their changes.

    Returns
    -------
    Those rows, ordered by question, option and wave (waves of all surveys that asked the question), with ``line``: rows of
    one option with the same number are of one survey and were asked in the same way and words, so that a line may join
    them.
    """
    rows = table[
        (table["topic"] == topic) & (table["value_status"] == "available") & (table["option_role"] != "not shown")
    ]
    rows = rows.reset_index(drop=True)
    columns = ("question", "option", "wave", "survey", "mode", "question_text")
    listed = list(zip(*(rows[name].tolist() for name in columns), strict=True))
    groups: dict[tuple[str, str], list[int]] = {}
    for position, (question, option, *_) in enumerate(listed):
        groups.setdefault((question, option), []).append(position)
    order: list[int] = []
    line: list[int] = []
    for question in dict.fromkeys(rows["question"].tolist()):
        for (of, _), positions in groups.items():
            if of != question or len({listed[n][2:4] for n in positions}) < 2:
                continue
            number, last = 0, None
            for position in sorted(positions, key=lambda n: listed[n][2:4]):
                if listed[position][3:] != last:
                    number, last = number + 1, listed[position][3:]
                order.append(position)
                line.append(number)
    return rows.iloc[order].reset_index(drop=True).assign(line=line)
