"""Packs for tests: of the demonstration, and of a town whose extract is protected and holds counts nobody may see."""

import io
import re
import zipfile
from pathlib import Path

import pandas as pd

from csp_data.analysis.subject import Subject
from csp_data.extracts.demonstration.rows import table_of
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.plan_rows import follows, priority, reported
from tests.two_squares import TOWN, town_manifest, town_tables

MONTHS = [f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)]
HIDDEN_YEAR = 7
"""Robberies a year in the town: 7, so withheld from the public in every period that a pack shows."""
HIDDEN_REPORTED = 6173.0
"""A figure of an agency made from so few people that it is withheld: a number found nowhere else."""
HIDDEN_BASE = 5


def demonstration_subject(id: str = "medway") -> Subject:
    return Subject(Workspace(str(Path(__file__).parents[1] / "data")).release(id))


def protected_town(folder: Path) -> Subject:
    """36 months of a police extract under the rule "rounded", a plan, and a sensitive figure of an agency.

    Burglary is many; robbery and arson are few. The exact counts of burglary end in 3, so that none of them may appear
    as it is where figures are rounded to 5.
    """
    tables = town_tables()
    rows = []
    for n, month in enumerate(MONTHS):
        rows += [(month, "E01000001", "burglary", 403 + 10 * (n % 3)), (month, "E01000002", "burglary", 353)]
        if n % 12 < HIDDEN_YEAR:
            rows.append((month, "E01000001", "robbery", 1))
            rows.append((month, "E01000002", "arson", 1))
    tables["crime"] = pd.DataFrame(
        {
            "month": pd.to_datetime([f"{month}-01" for month, *_ in rows]),
            "small_area": [area for _, area, _, _ in rows],
            "category": [kind for _, _, kind, _ in rows],
            "source": "kent",
            "count": pd.array([count for *_, count in rows], dtype="int32"),
        }
    )
    manifest = town_manifest()
    manifest["extracts"]["crime"] |= {"months": MONTHS, "disclosure": "rounded"}
    for name in ("events", "asb"):
        tables.pop(name, None)
        manifest["extracts"].pop(name, None)
    supplied = {
        "priorities": [priority("2018", "safety")],
        "priority_figures": [
            follows("2018", "safety", "measure", "crime"),
            follows("2018", "safety", "measure", "crime", 2, "robbery"),
            follows("2018", "safety", "partner figure", "helped", 3),
        ],
        "partner_figures": [reported("helped", HIDDEN_REPORTED, base=HIDDEN_BASE, numerator=3.0, sensitive="yes")],
    }
    for name, listed in supplied.items():
        tables[name] = table_of(name, listed)
        manifest["extracts"][name] = {"disclosure": "rounded"}
    write_release(folder, TOWN, tables, manifest)
    workspace = Workspace(str(folder))
    return Subject(workspace.release(TOWN.id, workspace.current(TOWN.id)))


def members(content: bytes) -> dict[str, bytes]:
    """Every file inside an office file, and inside the workbooks embedded in it: path -> content."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inside = archive.read(name)
            found[name] = inside
            if name.endswith(".xlsx"):
                found |= {f"{name}/{inner}": text for inner, text in members(inside).items()}
    return found


def says(content: bytes, number: float) -> list[str]:
    """Members of an office file in which a number stands by itself, however it is written."""
    ways = {f"{number:g}", f"{number:,.0f}", f"{number:.1f}", f"{number:,.1f}"}
    pattern = re.compile("|".join(rf"(?<![\d.,]){re.escape(way)}(?![\d]|[.,]\d)" for way in ways).encode())
    return [
        name for name, inside in members(content).items() if name.endswith((".xml", ".rels")) and pattern.search(inside)
    ]
