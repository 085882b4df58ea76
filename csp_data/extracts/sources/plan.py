"""A partnership's plans, priorities and risks, written by hand in a plan.toml.

``EXAMPLE`` is one; ``python -m csp_data template plan`` prints it.

Grain out: those of the datasets ``priorities``, ``priority_figures`` and ``risks``.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.sheets import ROW
from csp_data.extracts.sources.templates import typed

EXAMPLE = """\
[[plans]]
id = "2024-27"
label = "Community Safety Plan 2024 to 2027"
from = "2024-04"                          # first and last month
to = "2027-03"
adopted = 2024-04-25                      # optional
source = "Full Council, 25 April 2024"    # optional

  [[plans.priorities]]
  id = "tackling-asb"                     # the same under every plan that keeps the priority
  label = "Tackling anti-social behaviour"
  lead = "Anytown Council"                # optional, as are all below
  continues = ["community-resilience"]    # priorities of the plan before that it goes on with
  programmes = ["Hotspot patrols", "Youth outreach"]

    [[plans.priorities.figures]]          # what the priority is followed by; one of the four kinds
    measure = "asb"                       # with category = "..." for a line of the crime tree
    target = 5500
    target_per = "12 months"              # or "month"
    target_direction = "lower"            # or "higher": which side is good
    target_source = "Plan, page 9"

    [[plans.priorities.figures]]
    survey = "problems"                   # a question of the table survey

    [[plans.priorities.figures]]
    indicator = "unmet-need-opiate-crack" # of the table indicators

    [[plans.priorities.figures]]
    partner_figure = "managed-offenders"  # of the table partner_figures

[[risks]]
assessed = 2024-10-01
risk = "Partners do not share data"
rating = "DII"
likelihood = "D"                          # A (very likely) to D (rare); optional, as are all below
impact = "II"                             # I (catastrophic) to IV (minor)
description = "Figures come late or not at all"
action = "Sharing agreement renewed"
source = "Annual report"
"""
"""A plan.toml with every key."""

KINDS = {
    "measure": "measure",
    "indicator": "indicator",
    "survey": "survey",
    "partner_figure": "partner figure",
}
_PLAN = {"id": True, "label": True, "from": True, "to": True, "adopted": False, "source": False, "priorities": True}
_PRIORITY = {
    "id": True,
    "label": True,
    "lead": False,
    "continues": False,
    "programmes": False,
    "figures": False,
    "source": False,
}
_FIGURE = {
    **dict.fromkeys(KINDS, False),
    "category": False,
    "target": False,
    "target_per": False,
    "target_direction": False,
    "target_source": False,
}
_RISK = {
    "assessed": True,
    "risk": True,
    "rating": True,
    "likelihood": False,
    "impact": False,
    "description": False,
    "action": False,
    "source": False,
}


@dataclass(frozen=True)
class Plan:
    """The tables of a plan.toml: those of ``priorities``, ``priority_figures`` and ``risks`` that have rows."""

    file: str
    tables: dict[str, pd.DataFrame]


def read_plan(path: Path) -> Plan:
    """Read a plan.toml.

    Raises
    ------
    InputError
        When the file is missing or not TOML, a key is unknown, missing or of the wrong kind, or two priorities of a plan
        have the same id.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except FileNotFoundError:
        raise InputError(str(path), "the file does not exist", "Correct the path in the configuration") from None
    except OSError as error:
        raise InputError(str(path), f"it cannot be read ({error.strerror})", "Name a TOML file") from error
    except UnicodeDecodeError as error:
        raise InputError(str(path), "the text is not UTF-8", "Save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise InputError(
            str(path), f"it is not TOML ({error})", "Put text in double quotes", int(line[1]) if line else None
        ) from error
    reading = _Reading(path, text)
    reading.keys(content, {"plans": False, "risks": False}, "")
    priorities: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    for plan in reading.tables(content, "plans"):
        reading.plan(plan, priorities, figures)
    risks = []
    for risk in reading.tables(content, "risks"):
        reading.keys(risk, _RISK, "risks", str(risk.get("risk", "")))
        risks.append({name: str(value) for name, value in risk.items()} | {ROW: reading.line(str(risk["risk"]))})
    if not priorities and not risks:
        raise InputError(str(path), "it holds no plan and no risk", "Add [[plans]] with [[plans.priorities]]")
    found = {"priorities": priorities, "priority_figures": figures, "risks": risks}
    return Plan(
        path.name,
        {name: typed(path, pd.DataFrame(rows), DATASETS[name]) for name, rows in found.items() if rows},
    )


class _Reading:
    """Where we are in a plan.toml, to say what is wrong there."""

    def __init__(self, path: Path, text: str):
        self.path = path
        self.lines = text.splitlines()

    def line(self, value: str) -> int:
        """The first line on which a value stands: rows of the tables are told by it."""
        quoted = (f'"{value}"', f"'{value}'")
        return next((n for n, line in enumerate(self.lines, start=1) if any(q in line for q in quoted)), 1)

    def fault(self, what: str, remedy: str, value: str = "") -> InputError:
        return InputError(str(self.path), what, remedy, self.line(value) if value else None)

    def keys(self, entry: Mapping[str, Any], known: Mapping[str, bool], table: str, value: str = "") -> None:
        where = f" in [[{table}]]" if table else ""
        for name in entry:
            if name not in known:
                near = difflib.get_close_matches(name, list(known), n=1)
                remedy = f"Use '{near[0]}'" if near else f"Use one of: {', '.join(known)}"
                raise self.fault(f"'{name}'{where} is not known", remedy, value)
        for name, needed in known.items():
            if needed and entry.get(name) in (None, "", []):
                raise self.fault(f"an entry{where} has no '{name}'", "Add it", value)

    def tables(self, entry: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        found = entry.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self.fault(f"'{name}' is not written as [[{name}]]", f"Head each entry [[{name}]]")
        return found

    def texts(self, entry: Mapping[str, Any], name: str) -> list[str]:
        found = entry.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            raise self.fault(f"'{name}' is not a list of texts", f'Write {name} = ["...", "..."]', entry["id"])
        return found

    def plan(self, plan: dict[str, Any], priorities: list[dict[str, Any]], figures: list[dict[str, Any]]) -> None:
        self.keys(plan, _PLAN, "plans", str(plan.get("id", "")))
        adopted = plan.get("adopted", "")
        if adopted and not isinstance(adopted, date):
            raise self.fault("'adopted' is not a date", "Write it as adopted = 2024-04-25, without quotes", plan["id"])
        shared = {
            "plan": str(plan["id"]),
            "plan_label": plan["label"],
            "plan_from": str(plan["from"]),
            "plan_to": str(plan["to"]),
            "adopted": str(adopted),
        }
        seen: set[str] = set()
        for order, priority in enumerate(self.tables(plan, "priorities"), start=1):
            self.keys(priority, _PRIORITY, "plans.priorities", str(priority.get("id", "")))
            if priority["id"] in seen:
                raise self.fault(
                    f"the plan '{plan['id']}' has two priorities '{priority['id']}'",
                    "Give each its own id",
                    priority["id"],
                )
            seen.add(priority["id"])
            at = self.line(str(priority["label"]))
            row = shared | {
                "priority": str(priority["id"]),
                "priority_label": priority["label"],
                "priority_order": str(order),
                "lead": priority.get("lead", ""),
                "continues": ";".join(self.texts(priority, "continues")),
                "source": priority.get("source") or plan.get("source") or self.path.name,
                ROW: at,
            }
            programmes = self.texts(priority, "programmes")
            priorities += [row | {"programme": "", "programme_order": "0"}] if not programmes else [
                row | {"programme": name, "programme_order": str(place)} for place, name in enumerate(programmes, start=1)
            ]  # fmt: skip
            for place, figure in enumerate(self.tables(priority, "figures"), start=1):
                figures.append(self.figure(figure, row, place))

    def figure(self, figure: dict[str, Any], priority: Mapping[str, Any], place: int) -> dict[str, Any]:
        self.keys(figure, _FIGURE, "plans.priorities.figures", priority["priority"])
        named = [kind for kind in KINDS if kind in figure]
        if len(named) != 1:
            raise self.fault(
                f"a figure of '{priority['priority']}' names {'no' if not named else 'more than one'} kind",
                f"Give each figure one of: {', '.join(KINDS)}",
                priority["priority"],
            )
        return {
            "plan": priority["plan"],
            "priority": priority["priority"],
            "order": str(place),
            "kind": KINDS[named[0]],
            "name": str(figure[named[0]]),
            **{name: str(figure.get(name, "")) for name in _FIGURE if name not in KINDS},
            ROW: self.line(str(figure[named[0]])),
        }
