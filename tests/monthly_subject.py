"""A release of Town (``two_squares``) with a count a month of one's own, made ready for questions."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from csp_data.analysis.periods import Span
from csp_data.analysis.subject import Subject
from csp_data.extracts.releases import write_release
from csp_data.extracts.workspace import Workspace
from tests.two_squares import TOWN, town_manifest, town_tables


def by_month(start: str, values: Sequence[int | None]) -> dict[str, int | None]:
    """Month -> count, from a month on; None is a month that the release does not hold."""
    months = Span(start, "2099-12").months[: len(values)]
    return dict(zip(months, values, strict=True))


def event(start: str, end: str | None, kind: str, label: str, datasets: str = "all") -> dict[str, object]:
    return {"start": pd.Timestamp(start), "end": pd.Timestamp(end) if end else pd.NaT, "kind": kind, "label": label,
            "note": "", "datasets": datasets}  # fmt: skip


def make_subject(
    folder: Path,
    counts: Mapping[str, int | None],
    category: str = "burglary",
    disclosure: str = "open",
    published: str = "",
    events: list[dict[str, object]] | None = None,
    **extract: object,
) -> Subject:
    """Crimes of one category in the ward Ash. ``extract`` goes into what the release says of the crimes."""
    tables = town_tables()
    known = {month: count for month, count in counts.items() if count is not None}
    tables["crime"] = pd.DataFrame(
        {
            "month": pd.to_datetime([f"{month}-01" for month in known]),
            "small_area": "E01000001",
            "category": category,
            "source": "kent",
            "count": pd.array(list(known.values()), dtype="int32"),
        }
    )
    manifest = town_manifest()
    source = {"name": "Made for the test", "publisher": "Nobody", "licence": "synthetic", "published": published}
    manifest["extracts"]["crime"] = {"months": list(known), "sources": [source], "disclosure": disclosure, **extract}
    del tables["events"], manifest["extracts"]["events"]
    if events:
        tables["events"] = pd.DataFrame(events)
        manifest["extracts"]["events"] = {"sources": [source]}
    write_release(folder, TOWN, tables, manifest)
    workspace = Workspace(str(folder))
    return Subject(workspace.release(TOWN.id, workspace.current(TOWN.id)))
