"""Surveys of residents: a tabulated return, or the answers of single people, which are counted here and never stored.

A *tabulated return* is the template ``survey``: a row an option, with its count and base. What every row of a file
shares (survey, wave, mode, sample, ...) may stand in CONFIG.toml instead. ``option``, ``option_order`` and
``option_role`` may be left out: they then follow from the option's label, its place, and "answer".

*Answers of respondents* are a row a person and a column a question, as survey tools export them, and a second table
that explains the questions::

    column,question,question_text,topic,kind,options,no_answer
    Q1,safe-day,How safe do you feel by day?,feeling safe,single,Very safe;Fairly safe;Unsafe,Don't know
    Q2,problems,Which are problems here?,problems,multiple,Drugs;Litter;Other,

options
    The answers in order, with ";" between. One that starts with "Other" takes in every answer that is not listed, so
    that what people wrote themselves goes no further.
no_answer
    Answers that are none, such as "Don't know". They count in the base, and are shown apart.
kind
    "multiple" cells hold several answers with ";" between.

An empty cell is "Not answered". Everybody asked is in the base. No cell of the answers is repeated in a message.

Weights: a column of weights (``weight``), or targets (``targets``: a table ``column,value,share``) to which the
respondents are raked (``extracts.weighting``), with no weight above ``cap`` where that is given. Shares after weighting
and Kish's effective base, (sum of weights)² / sum of squared weights, stand beside the plain counts.

Grain out: that of the dataset ``survey``.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import column_named, plain
from csp_data.extracts.sources.sheets import ROW, read_sheet
from csp_data.extracts.sources.templates import Supplied, read_number, read_template, typed
from csp_data.extracts.weighting import effective_base, rake

SHARED = (
    "survey",
    "survey_label",
    "wave",
    "wave_label",
    "collected_from",
    "collected_to",
    "mode",
    "sample",
    "weighting",
    "note",
)
"""Columns that CONFIG.toml may give for a whole file."""

NOT_ANSWERED = "Not answered"
_QUESTIONS = ("column", "question", "question_text", "topic", "kind", "options")
_BETWEEN = ";"


def slug(label: str) -> str:
    """A label as an identifier: "Very safe" -> "very-safe"."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


def read_survey_return(path: Path, shared: Mapping[str, object] | None = None, sheet: str | None = None) -> Supplied:
    """Read a tabulated return.

    Parameters
    ----------
    shared : column -> value that every row has, for columns that the file leaves out.

    Raises
    ------
    InputError
        As ``templates.read_template`` does.
    """
    fixed: dict[str, object] = dict(shared or {})
    # Whether the file has these is seen from its heading; those it has are read like any other column.
    table = read_sheet(
        path,
        lambda cells: all(column_named(cells, name) for name in ("question", "option_label", "base")),
        "the columns of the template 'survey' (python -m csp_data template survey writes them)",
        sheet,
    )
    held = {plain(column) for column in table.columns}
    made: dict[str, list[str]] = {}
    label, question = column_named(table.columns, "option_label"), column_named(table.columns, "question")
    kept = table[~table.iloc[:, 0].str.startswith("#")]
    if plain("option") not in held:
        made["option"] = [slug(text) for text in kept[label]]
    if plain("option_order") not in held:
        made["option_order"] = [str(place + 1) for place in kept.groupby(question).cumcount()]
    if plain("option_role") not in held:
        fixed["option_role"] = "answer"
    repeated = sorted(name for name in fixed if plain(name) in held)
    if repeated:
        raise InputError(
            str(path), f"'{repeated[0]}' is a column and in the configuration too", "Leave it out of one of the two"
        )
    if not made:
        return read_template(path, "survey", sheet, fixed)
    return _with_columns(path, kept, made, fixed)


def _with_columns(path: Path, table: pd.DataFrame, made: dict[str, list[str]], fixed: dict[str, object]) -> Supplied:
    declared = DATASETS["survey"]
    own = {plain(name): name for name in declared.column_names}
    unknown = [c for c in table.columns if c != ROW and plain(c) not in own and not c.startswith("column ")]
    if unknown:
        raise InputError(
            str(path), f"the column '{unknown[0]}' is not one of the template 'survey'", "Delete it, or rename it"
        )
    table = table.rename(columns={c: own[plain(c)] for c in table.columns if plain(c) in own}).assign(**made)
    table = table.assign(**{name: str(value) for name, value in fixed.items()}).reset_index(drop=True)
    for column in declared.columns:
        if column.name not in table.columns and not column.may_be_empty:
            raise InputError(str(path), f"the column '{column.name}' is missing", f"Add it: {column.description}")
    return Supplied(path.name, "survey", typed(path, table, declared), len(table))


# --- answers of single people -----------------------------------------------------------------------------------


def tabulate_respondents(
    path: Path,
    questions: Path,
    shared: Mapping[str, object],
    *,
    weight: str = "",
    targets: Path | None = None,
    cap: float | None = None,
    sheet: str | None = None,
) -> Supplied:
    """Count the answers of respondents by question and option.

    Parameters
    ----------
    path : a row a person, a column a question.
    questions : the table that explains the columns.
    shared : survey, survey_label, wave, wave_label, mode, sample, and what else every row shares.
    weight : heading of a column of weights.
    targets : table of population shares to rake to; not together with ``weight``.
    cap : the highest weight that raking may give, above 1; how many people are at it is told with the weighting.

    Returns
    -------
    Counts alone. ``row`` is the line of ``questions``.

    Raises
    ------
    InputError
        When a column is missing, an answer is not among the options, a weight or target cannot be used.
    """
    asked = _questions(questions)
    people = read_sheet(
        path,
        lambda cells: sum(column in cells for column in asked["column"]) * 2 > len(asked),
        f"the columns {', '.join(asked['column'])} that {questions.name} explains",
        sheet,
    )
    absent = asked[~asked["column"].isin(people.columns)]
    if len(absent):
        raise InputError(
            str(questions),
            f"the column '{absent['column'].iloc[0]}' is not in {path.name}",
            "Write it as the heading of the answers has it",
            int(absent[ROW].iloc[0]),
        )
    weights, how = _weights(path, people, weight, targets, cap)
    rows = []
    for question in asked.to_dict("records"):
        rows += _tabulated(path, people, question, weights)
    table = pd.DataFrame(rows).assign(weighting=how, **{name: str(value) for name, value in shared.items()})
    table = typed(path, table.rename(columns={"at": ROW}), DATASETS["survey"])
    return Supplied(path.name, "survey", table, len(people))


def _questions(path: Path) -> pd.DataFrame:
    table = read_sheet(
        path,
        lambda cells: all(column_named(cells, name) for name in _QUESTIONS),
        f"the columns {', '.join(_QUESTIONS)}",
    )
    table = table.rename(
        columns={c: name for name in (*_QUESTIONS, "no_answer") for c in table if plain(c) == plain(name)}
    )
    table = table[~table["column"].str.startswith("#")]
    if "no_answer" not in table:
        table = table.assign(no_answer="")
    for name in _QUESTIONS:
        empty = table[name] == ""
        if empty.any():
            raise InputError(str(path), f"the column '{name}' is empty", "Fill it", int(table.loc[empty, ROW].iloc[0]))
    kinds = ~table["kind"].isin(["single", "multiple"])
    if kinds.any():
        row = table[kinds].iloc[0]
        raise InputError(
            str(path), f"the column 'kind' is '{row['kind']}'", "Use one of: single, multiple", int(row[ROW])
        )
    return table


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(_BETWEEN) if part.strip()]


def _tabulated(path: Path, people: pd.DataFrame, question: dict[str, Any], weights: np.ndarray | None) -> list[dict]:
    """The rows of one question."""
    options, none = _parts(question["options"]), _parts(question["no_answer"])
    other = next((option for option in options if option.lower().startswith("other")), None)
    known = {option.lower(): option for option in (*options, *none)}
    cells = people[question["column"]].str.strip()
    chosen: dict[str, np.ndarray] = {label: np.zeros(len(cells), dtype=bool) for label in (*options, *none)}
    chosen[NOT_ANSWERED] = (cells == "").to_numpy()
    for place, cell in enumerate(cells):
        if not cell:
            continue
        for answer in _parts(cell) if question["kind"] == "multiple" else [cell]:
            label = known.get(answer.lower(), other)
            if label is None:
                # What a person wrote is not repeated: it may say who they are.
                raise InputError(
                    str(path),
                    f"an answer in the column '{question['column']}' is not one of its options",
                    "Add it to options or no_answer, or add an option 'Other' that takes in the rest",
                    int(people[ROW].iloc[place]),
                )
            chosen[label][place] = True
    rows = []
    for order, (label, who) in enumerate(chosen.items(), start=1):
        if label == NOT_ANSWERED and not who.any():
            continue
        row = {
            "question": question["question"],
            "question_text": question["question_text"],
            "topic": question["topic"],
            "kind": question["kind"],
            "option": slug(label),
            "option_label": label,
            "option_order": str(order),
            "option_role": "answer" if label in options else "no answer",
            "count": str(int(who.sum())),
            "base": str(len(cells)),
            "at": question[ROW],
        }
        if weights is not None:
            row["weighted_share"] = f"{weights[who].sum() / weights.sum():.6f}"
            row["effective_base"] = f"{effective_base(weights).effective:.2f}"
        rows.append(row)
    return rows


def _weights(
    path: Path, people: pd.DataFrame, weight: str, targets: Path | None, cap: float | None
) -> tuple[np.ndarray | None, str]:
    if weight and targets:
        raise InputError(str(path), "it has both a column of weights and targets", "Leave one out of the configuration")
    if cap is not None and not targets:
        raise InputError(str(path), "it has a cap on weights without targets", "Add targets, or leave the cap out")
    if weight:
        if weight not in people:
            raise InputError(
                str(path), f"there is no column '{weight}' of weights", "Correct weight in the configuration"
            )
        found = []
        for cell, row in zip(people[weight], people[ROW], strict=True):
            try:
                found.append(read_number(cell))
            except ValueError:
                found.append(-1.0)
            if found[-1] <= 0:
                raise InputError(str(path), "a weight is not a number above 0", "Give every person a weight", int(row))
        return np.array(found), f"Weights of the return (column {weight})"
    if targets:
        return _raked(path, people, targets, cap)
    return None, ""


def _raked(path: Path, people: pd.DataFrame, targets: Path, cap: float | None) -> tuple[np.ndarray, str]:
    """Weights by which the respondents have the shares of the population, by raking (iterative proportional fitting)."""
    wanted: dict[str, dict[str, float]] = {}
    table = read_sheet(
        targets,
        lambda cells: {"column", "value", "share"} <= {plain(cell) for cell in cells},
        "the columns column, value and share",
    ).rename(columns=str.lower)
    for target in table.to_dict("records"):
        try:
            share = read_number(target["share"].removesuffix("%"))
        except ValueError:
            share = -1.0
        if share <= 0:
            raise InputError(str(targets), f"the share '{target['share']}' is not a number above 0", "Give shares of the "
                             "population that add up to 100", int(target[ROW]))  # fmt: skip
        wanted.setdefault(target["column"], {})[target["value"]] = share
    for column, shares in wanted.items():
        if column not in people:
            raise InputError(str(targets), f"the column '{column}' is not in {path.name}", "Correct its name")
        total = sum(shares.values())
        if abs(total - 100) > 0.5 and abs(total - 1) > 0.005:
            raise InputError(
                str(targets), f"the shares of '{column}' add up to {total:g}", "Give shares that add up to 100"
            )
        unmatched = ~people[column].isin(shares)
        if unmatched.any():
            raise InputError(
                str(path),
                f"the column '{column}' holds a value that has no target in {targets.name}",
                "Add its share, or put it together with another value",
                int(people.loc[unmatched, ROW].iloc[0]),
            )
        empty = [value for value in shares if not (people[column] == value).any()]
        if empty:
            raise InputError(
                str(targets), f"nobody among the respondents is '{empty[0]}'", "Put it together with another value"
            )
        wanted[column] = {value: 100 * share / total for value, share in shares.items()}
    try:
        found = rake(people, wanted, cap)
    except ValueError as error:
        raise InputError(
            str(targets), f"the weights cannot be worked out: {error}", "Correct the targets or the cap"
        ) from error
    how = f"Weighted to the shares of {' and '.join(wanted)} in the population"
    if cap is not None:
        how += f"; no weight is above {cap:g} ({found.capped} people are at it), "
        how += f"so shares miss by up to {found.missed_by:.1f} points"
    return found.weights.to_numpy(), how
