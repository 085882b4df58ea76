"""Which column of a published table is which: ONS names its columns after the area and the year of its boundaries.

The same thing is headed ``WD23CD``, ``wd22cd``, ``Ward Code`` or ``ward_code``; ``LSOA21CD``, ``lsoa11_code`` or
``LSOA code``; ``LAD24CD``, ``LA Code (2019 boundaries)`` or ``lad_code``. Headings are compared without case, spaces,
underscores or brackets, so a new vintage needs no change here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

AreaKind = Literal["ward", "lsoa", "district"]

_STEMS: dict[AreaKind, str] = {
    "ward": "(?:wd|ward)",
    "lsoa": "(?:lsoa|lowerlayersuperoutputareas?|lowersuperoutputareas?)",
    "district": "(?:ltla|lad|lau1|la|localauthoritydistrict|localauthority|district)",
}
_YEAR = r"(?P<{name}>(?:19|20)?\d\d)?"
_CODE = "{stem}" + _YEAR.format(name="before") + "(?:cd|code)" + _YEAR.format(name="after") + "(?:boundaries)?"
_NAME = "{stem}" + _YEAR.format(name="before") + "(?:nm|name)" + _YEAR.format(name="after") + "(?:boundaries)?"
_ANY_CODE = re.compile("(?:area|geography|gss|ons)?code|mnemonic")
_ANY_NAME = re.compile("(?:area|geography)?name")


@dataclass(frozen=True)
class Heading:
    """A column and the year ("2021") that its heading gives; "" when it gives none."""

    column: str
    year: str = ""


def plain(heading: object) -> str:
    """A heading without case, byte order mark, spaces, underscores or punctuation: "LSOA 21_CD" -> "lsoa21cd"."""
    return re.sub(r"[^a-z0-9]", "", str(heading).lower())


def code_columns(headings: Iterable[object], kind: AreaKind) -> list[Heading]:
    """The columns that hold codes of this kind of area, in the order of the table."""
    return _matching(headings, _CODE.format(stem=_STEMS[kind]))


def code_column(headings: Iterable[object], kind: AreaKind) -> Heading | None:
    """The first column that holds codes of this kind of area."""
    return next(iter(code_columns(headings, kind)), None)


def name_column(headings: Iterable[object], kind: AreaKind) -> Heading | None:
    """The first column that holds names of this kind of area."""
    return next(iter(_matching(headings, _NAME.format(stem=_STEMS[kind]))), None)


def any_code_column(headings: Iterable[object]) -> Heading | None:
    """A column headed only "code", "area code", "geography code" or "mnemonic"."""
    return next((Heading(str(h)) for h in headings if _ANY_CODE.fullmatch(plain(h))), None)


def any_name_column(headings: Iterable[object]) -> Heading | None:
    """A column headed only "name", "area name" or "geography name"."""
    return next((Heading(str(h)) for h in headings if _ANY_NAME.fullmatch(plain(h))), None)


def column_named(headings: Iterable[object], *names: str) -> str | None:
    """The first column with one of these headings, in the order of ``names``."""
    by_name: dict[str, str] = {}
    for heading in headings:
        by_name.setdefault(plain(heading), str(heading))
    return next((by_name[plain(name)] for name in names if plain(name) in by_name), None)


def _matching(headings: Iterable[object], pattern: str) -> list[Heading]:
    found = []
    for heading in headings:
        match = re.fullmatch(pattern, plain(heading))
        if match:
            found.append(Heading(str(heading), _four_digits(match["before"] or match["after"] or "")))
    return found


def _four_digits(year: str) -> str:
    return f"20{year}" if len(year) == 2 else year
