"""A release made ready for questions: its blocks of counts, populations, wards and events, read once."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import pandas as pd

from csp_data.analysis.concentration import touching
from csp_data.analysis.counts import NOT_LOCATED, Block, block
from csp_data.analysis.crossings import Crossings
from csp_data.analysis.periods import Span
from csp_data.analysis.population import Populations
from csp_data.analysis.protection import Protection
from csp_data.analysis.succession import Succession, of_release, outlines
from csp_data.catalogue.categories import all_views
from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.measures import APART, MEASURES, measure_named
from csp_data.extracts.releases import Release


class Subject:
    """A release made ready for questions. Make one a release and keep it: its blocks of counts are built once."""

    def __init__(self, release: Release):
        self.release = release
        self.partnership = release.partnership
        self._blocks: dict[tuple[str, str], Block] = {}
        self._counts: dict[str, _Rows] = {}
        self._crossings: dict[tuple[str, bool], Crossings] = {}
        self._protections: dict[str, Protection] = {}
        self._tables: dict[str, pd.DataFrame] = {}
        self._neighbours: dict[str, dict[str, tuple[str, ...]]] = {}
        self._successions: dict[tuple[str, str], Succession] = {}
        self._outlines: dict[str, dict[str, Any]] = {}

    def prepare(self) -> None:
        """Work out now what is otherwise worked out for whoever first asks for it: everything that is kept here."""
        vintages = list(self.wards)
        for kept in ("populations", "dated_events"):
            getattr(self, kept)
        for measure in self.measures():
            dataset = measure_named(measure).dataset
            for vintage in ("", *vintages):
                self.block(dataset, vintage)
                self.events_crossed(dataset, bool(vintage))
        for vintage in vintages:
            self.neighbours(vintage)
            self.outlines(vintage)
        for one, other in combinations(vintages, 2):
            self.succession(one, other)

    @cached_property
    def populations(self) -> Populations:
        return Populations(self.release.read("population"))

    @cached_property
    def wards(self) -> dict[str, dict[str, str]]:
        """Ward set -> ward code -> name, in order of the names."""
        table = self.release.read("areas", columns=["area_code", "name", "area_type", "vintage"])
        table = table[table["area_type"] == "ward"].sort_values("name")
        return {
            v.id: dict(zip(rows["area_code"], rows["name"], strict=True))
            for v in self.partnership.vintages
            for rows in [table[table["vintage"] == v.id]]
        }

    def neighbours(self, vintage: str) -> dict[str, tuple[str, ...]]:
        """Ward code -> codes of the wards that touch it, of a ward set. Worked out from the outlines once."""
        if vintage not in self._neighbours:
            areas = self.release.read("areas")
            wards = areas[(areas["area_type"] == "ward") & (areas["vintage"] == vintage)]
            self._neighbours[vintage] = touching(wards.set_index("area_code"))
        return self._neighbours[vintage]

    def outlines(self, vintage: str) -> dict[str, Any]:
        """Ward code -> light outline on the British National Grid, of a ward set. Worked out once."""
        if vintage not in self._outlines:
            self._outlines[vintage] = outlines(self.release.read("areas"), vintage)
        return self._outlines[vintage]

    def succession(self, one: str, other: str) -> Succession:
        """Two ward sets against each other, the older first whatever the order they are named in. Worked out once."""
        order = [vintage.id for vintage in self.partnership.vintages]
        old, new = sorted((one, other), key=order.index)
        if (old, new) not in self._successions:
            self._successions[old, new] = of_release(self.release, old, new)
        return self._successions[old, new]

    @cached_property
    def events(self) -> pd.DataFrame:
        """A row an event, under the contract; empty when the release has none."""
        if not self.release.has("events"):
            return pd.DataFrame(columns=["start", "end", "kind", "label", "note", "datasets"])
        return self.release.read("events")

    @cached_property
    def dated_events(self) -> tuple[dict[str, Any], ...]:
        """The rows of ``events``, in order of time."""
        return tuple(sorted(self.events.to_dict("records"), key=lambda row: (row["start"], row["label"])))

    def supplied(self, dataset: str) -> pd.DataFrame:
        """The rows of a dataset that holds no counts (plans, grants, indicators, ...), read once; without rows when the
        release has none. An empty cell of text is "". Share it, never change it."""
        if dataset not in self._tables:
            columns = DATASETS[dataset].columns
            if self.release.has(dataset):
                rows = self.release.read(dataset)
                words = {
                    c.name: rows[c.name].astype(object).where(rows[c.name].notna(), "")
                    for c in columns
                    if c.type == "text"
                }
                self._tables[dataset] = rows.assign(**words)
            else:
                self._tables[dataset] = pd.DataFrame(columns=[column.name for column in columns])
        return self._tables[dataset]

    def events_crossed(self, dataset: str, of_wards: bool) -> Crossings:
        """Which events of a dataset two periods cross, for wards or for the whole partnership."""
        key = (dataset, of_wards)
        if key not in self._crossings:
            self._crossings[key] = Crossings(self.events, dataset, of_wards)
        return self._crossings[key]

    def measures(self) -> list[str]:
        """Datasets of counts in this release, as ids of measures."""
        return [measure.id for measure in MEASURES.values() if self.release.has(measure.dataset)]

    def months(self, measure: str) -> list[str]:
        return self.release.months(measure_named(measure).dataset)

    def block(self, dataset: str, vintage: str = "") -> Block:
        """Counts by month and category of the whole partnership, or by the wards of a set."""
        key = (dataset, vintage)
        if key not in self._blocks:
            counts = self._rows(dataset).located
            lookup = None
            if vintage:
                lookup = self.release.read("ward_lookup", columns=["small_area", "vintage", "ward_code", "share"])
                lookup = lookup[lookup["vintage"] == vintage]
            covered = self.release.months(dataset)
            self._blocks[key] = block(counts, covered, lookup, tuple(self.wards[vintage]) if vintage else ())
        return self._blocks[key]

    def protection(self, dataset: str) -> Protection:
        """What the public may see of a rounded dataset: on the current ward set, and on no other."""
        if dataset not in self._protections:
            wards = self.block(dataset, self.partnership.vintage(None).id) if self.partnership.vintages else None
            self._protections[dataset] = Protection(dataset, self.block(dataset), wards)
        return self._protections[dataset]

    def elsewhere(self, dataset: str, span: Span) -> dict[tuple[str, str], int]:
        """Records that are in no figure, by kind and source: "apart" inside the partnership, "not located" anywhere in
        the sources' files. Exact: only ``results.elsewhere`` may show them."""
        rows = self._rows(dataset)
        kinds = (("not located", rows.not_located), ("apart", rows.apart))
        return {(kind, source): n for kind, counts in kinds for source, n in _by_source(counts, span).items()}

    def located(self, dataset: str) -> pd.DataFrame:
        """The partnership's own counts that are placed somewhere, a row a month, small area and category. Exact: only what
        has asked ``disclosure`` may make a figure of them."""
        return self._rows(dataset).located

    def _rows(self, dataset: str) -> "_Rows":
        if dataset not in self._counts:
            counts = self.release.read(dataset)
            apart = counts["source"].isin(APART)
            lost = counts["small_area"] == NOT_LOCATED
            once = ~counts["category"].isin(all_views(dataset))  # a view's records are on other lines already
            self._counts[dataset] = _Rows(
                counts[~apart & ~lost], _monthly(counts[apart & ~lost & once]), _monthly(counts[~apart & lost & once])
            )
        return self._counts[dataset]


@dataclass(frozen=True)
class _Rows:
    """The counts of a dataset in three: the partnership's own, those held apart, and those placed nowhere."""

    located: pd.DataFrame
    apart: pd.DataFrame
    not_located: pd.DataFrame


def _monthly(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts summed to a row a month and source: asked for on every page, and a hundred times fewer."""
    return counts.groupby(["month", "source"], observed=True, as_index=False)["count"].sum()


def _by_source(counts: pd.DataFrame, span: Span) -> dict[str, int]:
    inside = counts["month"].between(pd.Timestamp(f"{span.start}-01"), pd.Timestamp(f"{span.end}-01"))
    sums = counts[inside].groupby("source", observed=True)["count"].sum()
    return {str(source): int(total) for source, total in sums.items() if total}
