"""What a claim is: a statement that a report prints, the numbers in it, and how each can be worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["reproduces", "follows", "does_not_follow", "cannot_be_checked"]

VERDICTS: Mapping[str, str] = {
    "does_not_follow": "Does not follow",
    "cannot_be_checked": "Cannot be checked",
    "follows": "Follows from the numbers beside it",
    "reproduces": "Reproduces",
}
"""Verdict -> its words, the one that most needs a person first."""

CAUTIONS: Mapping[str, str] = {
    "sum-does-not-add-up": "Part of a sum that does not add up",
    "base-not-stated": "Base not stated",
    "small-base": "Small base",
    "could-identify": "Could identify a person",
    "within-chance": "A change that could be chance",
    "outside-period": "Outside the stated period",
    "other-geography": "Other geography",
    "chart-reading": "Read off a chart",
    "base-too-large": "Percentage of a base too large to test",
    "points-not-percent": "Percentage points, not per cent",
    "causal-words": "Gives a cause",
    "only-as-printed": "The release holds it only as printed",
    "partly-checked": "Checked in part",
    "printed-numbers-disagree": "The numbers printed beside it give another",
}
"""Short name of a caution, which never changes -> its words."""

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Way:
    """What one way to work a value out needs: the keys it must have, and those it may have."""

    words: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


WAYS: Mapping[str, Way] = {
    "measure": Way(
        "counts of crime or anti-social behaviour",
        ("measure",),
        (
            "statistic", "category", "categories", "whole", "area", "wards", "vintage", "from", "to", "per",
            "denominator", "compare",
        ),
    ),
    "survey": Way("answers of a survey", ("survey", "wave"), ("statistic", "question", "option", "options", "previous")),
    "indicator": Way("a published indicator", ("indicator",), ("field", "group", "period", "missing")),
    "partner_figure": Way("a figure that an agency reports", ("figure",), ("field", "period", "missing")),
    "peers": Way("areas compared with", ("group", "measure"), ("statistic", "category", "from", "to")),
    "grants": Way("the ledger of grants", ("year",), ("statistic", "funder", "pot", "project", "missing")),
    "table": Way("a table of the release", ("dataset", "column"), ("statistic", "where")),
    "lines": Way("lines of the crime list", ("categories",), ()),
    "printed": Way("numbers printed beside it", (), ("sum", "any_of", "is")),
    "same_list": Way("another printed list", ("as",), ()),
    "nothing": Way("nothing that is held", ("missing",), ()),
}  # fmt: skip
"""Name of a way -> what it needs."""

STATISTICS: Mapping[str, tuple[str, ...]] = {
    "measure": (
        "count", "rate", "population", "change", "percent_change", "direction", "share", "shares", "top_share", "months",
        "years",
    ),
    "survey": ("share", "shares", "base", "count", "change"),
    "peers": ("rank_count", "rank_rate", "responded"),
    "grants": ("allocation", "pot", "award", "awards", "awarded", "available", "unspent"),
    "table": ("values", "count"),
}  # fmt: skip
"""Way -> what it can give, the first where nothing is said."""

KINDS_OF_RELATION: Mapping[str, str] = {
    "sum": "the parts add up to the total",
    "single_choice": "the parts are all answers to one question and come to 100%",
    "nested": "each part can be part of the next",
    "same_base": "the parts are percentages of one base",
    "same_value": "the parts say the same",
}


@dataclass(frozen=True)
class Document:
    """A report. ``title`` is what the sources of a release call it: a figure with that source is a copy of what the
    report prints. ``start`` and ``end`` are the months that it says its figures are for, "" when it does not say."""

    id: str
    title: str = ""
    start: str = ""
    end: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Value:
    """One number, list or word of a claim, as printed, and the ways to work it out. Without ways it is only there for the
    others to be worked out from."""

    name: str
    printed: tuple[str, ...]
    unit: str = ""
    tolerance: str = ""
    previous: str = ""
    """The same for the period before, where both are printed: "70%"."""
    base: int | str = ""
    previous_base: int | str = ""
    ways: tuple[Mapping[str, Any], ...] = ()
    is_list: bool = False

    @property
    def text(self) -> str:
        return ", ".join(self.printed)


@dataclass(frozen=True)
class Claim:
    """A statement that a report prints."""

    id: str
    text: str
    document: str = ""
    lines: str = ""
    responsible: str = ""
    area: str = ""
    """What it is about when that is not the partnership's own area: "Kent and Medway"."""
    start: str = ""
    end: str = ""
    base: int | str = ""
    rests_on: int | str = ""
    """How many people or cases it rests on, where that is not the base of its percentages."""
    people: bool = False
    """Whether its numbers are of people who could be recognised."""
    read_off_chart: bool = False
    partnership: str = ""
    """Whose release it is worked out from when that is another's of the workspace."""
    notes: str = ""
    values: tuple[Value, ...] = ()
    row: int | None = None


@dataclass(frozen=True)
class Relation:
    """How printed numbers stand to each other. ``parts`` and ``total`` name values: "I3.amounts"."""

    kind: str
    parts: tuple[str, ...]
    total: str = ""
    base: int | str = ""
    notes: str = ""
    row: int | None = None


@dataclass(frozen=True)
class Register:
    """All claims of a partnership. ``file`` is where it was read from."""

    claims: tuple[Claim, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    file: str = ""

    def claim(self, id: str) -> Claim:
        """The claim with this number. Raises KeyError with a sentence when there is none."""
        for claim in self.claims:
            if claim.id == id:
                return claim
        raise KeyError(f"There is no claim '{id}' in {self.file or 'the register'}.")
