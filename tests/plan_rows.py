"""A release of Town (``two_squares``) with 36 months of crime, and plans, grants and figures of one's own."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from csp_data.analysis.periods import Span
from csp_data.analysis.results import Question
from csp_data.analysis.subject import Subject
from csp_data.extracts.demonstration.rows import table_of
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables

MONTHS = Span("2017-04", "2020-03").months
YEAR = Question("crime", "2019-04", "2020-03", compare="previous-year")


def plan_subject(
    folder: Path,
    counts: Sequence[int] = (100, 104) * 18,
    disclosure: str = "open",
    rules: Mapping[str, str] | None = None,
    **tables: Iterable[Mapping[str, Any]],
) -> Subject:
    """Burglaries a month from April 2017 on, in the ward Ash, with the rows of further datasets.

    ``rules``: dataset -> rule of disclosure of its extract.
    """
    made = town_tables()
    made["crime"] = pd.DataFrame(
        {
            "month": pd.to_datetime([f"{month}-01" for month in MONTHS]),
            "small_area": "E01000001",
            "category": "burglary",
            "source": "kent",
            "count": pd.array(list(counts), dtype="int32"),
        }
    )
    manifest = town_manifest()
    manifest["extracts"]["crime"] |= {"months": list(MONTHS), "disclosure": disclosure}
    for name in ("events",):
        made.pop(name, None)
        manifest["extracts"].pop(name, None)
    for name, rows in tables.items():
        made[name] = table_of(name, rows)
        manifest["extracts"][name] = {"disclosure": (rules or {}).get(name, "published")}
    write_release(folder, TOWN, made, manifest)
    workspace = Workspace(str(folder))
    return Subject(workspace.release(TOWN.id, workspace.current(TOWN.id)))


def priority(
    plan: str, id: str, order: int = 1, continues: str = "", programme: str = "", **more: Any
) -> dict[str, Any]:
    """A row of ``priorities``; the plan runs three years from the April of its name."""
    start = int(plan[:4])
    return {
        "plan": plan, "plan_label": f"Plan {plan}", "plan_from": f"{start}-04-01", "plan_to": f"{start + 3}-03-01",
        "priority": id, "priority_label": id.capitalize(), "priority_order": order, "programme": programme,
        "programme_order": 1 if programme else 0, "continues": continues, "source": "A plan",
    } | more  # fmt: skip


def follows(
    plan: str, id: str, kind: str, name: str, order: int = 1, category: str = "", **target: Any
) -> dict[str, Any]:
    """A row of ``priority_figures``."""
    return {"plan": plan, "priority": id, "order": order, "kind": kind, "name": name, "category": category, **target}


def reported(figure: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A row of ``partner_figures``, of Town in September 2020."""
    return {
        "figure": figure, "label": figure.capitalize(), "theme": "iom", "agency": "Probation", "area_code": TOWN.districts[0],
        "area_name": TOWN.short_name, "period_start": "2020-09-01", "period_end": "2020-09-30", "value": value,
        "unit": "people", "sensitive": "no", "source": "A return",
    } | more  # fmt: skip
