"""CONFIG.toml: which partnership, and which files to build its release from. Described in ``build``.

The file is checked whole before anything else is read: every table and key has a declared type here, and a key that is
not declared is an error that names the nearest one, because a misspelt key would otherwise be left out in silence.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from csp_data.catalogue.categories import CATEGORIES, category_named
from csp_data.catalogue.datasets import COUNT_DATASETS, EVENT_KINDS, SAMPLES
from csp_data.catalogue.indicators import FINGERTIPS, INDICATORS
from csp_data.catalogue.licences import LICENCES
from csp_data.catalogue.partnerships import Partnership, partnership_from_toml
from csp_data.extracts.problems import InputError


@dataclass(frozen=True)
class Key:
    """What a key of the configuration may hold."""

    kind: type | tuple[type, ...]
    words: str
    required: bool = False
    allowed: tuple[Any, ...] = ()


_TEXT = Key(str, "text")
_NEEDED_TEXT = Key(str, "text", required=True)
_LIST = Key(list, "a list of texts")
_DATE = Key(date, "a date such as 2023-05-04")
_MONTH = Key(str, 'a month such as "2019-04"')
_LSOA = Key(int, "2011 or 2021", allowed=(2011, 2021))

_PROVENANCE = {
    "name": _TEXT,
    "publisher": _TEXT,
    "licence": Key(str, "the id of a licence", allowed=tuple(LICENCES)),
    "url": _TEXT,
    "published": Key((str, date), "a date"),
}
_SUPPLIED = {"path": _NEEDED_TEXT, "sheet": _TEXT, **_PROVENANCE}
_AREAS = Key((list, str), 'a list of ONS codes, or "all"')
_SURVEY = {
    "survey": _TEXT,
    "survey_label": _TEXT,
    "wave": _TEXT,
    "wave_label": _TEXT,
    "collected_from": _DATE,
    "collected_to": _DATE,
    "mode": _TEXT,
    "sample": Key(str, "text", allowed=SAMPLES),
    "weighting": _TEXT,
    "note": _TEXT,
}
_WHOLE_SURVEY = {
    name: Key(key.kind, key.words, True, key.allowed)
    if name in ("survey", "survey_label", "wave", "wave_label", "mode", "sample")
    else key
    for name, key in _SURVEY.items()
}
SUPPLIED = ("partner_figures", "priorities", "priority_figures", "updates", "grants", "risks")
"""Tables of the configuration that name a file on the template of the same name, and nothing more."""
PATHS = ("population", "questions", "targets")
"""Keys, of the tables peers and survey_respondents, that name a file as ``path`` does."""

ONE, MANY = "one", "many"
TABLES: dict[str, tuple[str, dict[str, Key]]] = {
    "partnership": (
        ONE,
        {
            "id": _NEEDED_TEXT,
            "name": _NEEDED_TEXT,
            "short_name": _TEXT,
            "districts": Key(list, "a list of ONS codes", required=True),
            "csp_code": _TEXT,
            "part_of": _LIST,
            "force": _NEEDED_TEXT,
            "responsible_authorities": _LIST,
            "attributions": _LIST,
        },
    ),
    "vintages": (
        MANY,
        {
            "id": _NEEDED_TEXT,
            "label": _NEEDED_TEXT,
            "used_from": _DATE,
            "used_to": _DATE,
            "boundaries": _NEEDED_TEXT,
            **_PROVENANCE,
        },
    ),
    "outline": (ONE, {"path": _NEEDED_TEXT, **_PROVENANCE}),
    "lsoa_boundaries": (MANY, {"path": _NEEDED_TEXT, "lsoa": _LSOA, **_PROVENANCE}),
    "lookup": (MANY, {"path": _NEEDED_TEXT, "lsoa": _LSOA, **_PROVENANCE}),
    "population": (
        MANY,
        {
            "path": _NEEDED_TEXT,
            "sheet": _TEXT,
            "year": Key(int, "a year"),
            "lsoa": _LSOA,
            "basis": _TEXT,
            "denominator": Key(str, "text", allowed=("residents", "households", "workday")),
            **_PROVENANCE,
        },
    ),
    "police_uk": (
        MANY,
        {
            "path": _NEEDED_TEXT,
            "forces": _LIST,
            "datasets": Key(list, "a list of datasets", allowed=COUNT_DATASETS),
            "crime_types": Key(dict, 'a table such as {"New type" = "other-crimes"}'),
            **_PROVENANCE,
        },
    ),
    "police_extract": (
        MANY,
        {
            "path": _NEEDED_TEXT,
            "dataset": Key(str, "text", required=True, allowed=COUNT_DATASETS),
            "unmatched": Key(str, "text", allowed=("outside", "unallocated")),
            "first_month": _MONTH,
            "last_month": _MONTH,
            **_PROVENANCE,
        },
    ),
    "indicators": (
        MANY,
        {
            **_SUPPLIED,
            "indicator": Key(str, "the identifier of an indicator"),
            "value": _TEXT,
            "areas": _AREAS,
            "area_codes": Key(dict, 'a table such as {"Anytown" = "E06000099"}'),
        },
    ),
    "survey": (MANY, {**_SUPPLIED, **_SURVEY}),
    "survey_respondents": (
        MANY,
        {
            **_SUPPLIED,
            **{name: key for name, key in _WHOLE_SURVEY.items() if name != "weighting"},
            "questions": _NEEDED_TEXT,
            "weight": _TEXT,
            "targets": _TEXT,
            "cap": Key((int, float), "a number above 1, such as 5"),
        },
    ),
    "peers": (MANY, {**_SUPPLIED, "group": _TEXT, "areas": _AREAS, "population": _TEXT, "period": _TEXT}),
    "plan": (ONE, {"path": _NEEDED_TEXT, **_PROVENANCE}),
    **dict.fromkeys(SUPPLIED, (MANY, _SUPPLIED)),
    "postcodes": (MANY, {"path": _NEEDED_TEXT, **_PROVENANCE}),
    "events": (
        MANY,
        {
            "start": Key(date, "a date such as 2020-03-23", required=True),
            "end": _DATE,
            "kind": Key(str, "text", required=True, allowed=EVENT_KINDS),
            "label": _NEEDED_TEXT,
            "note": _TEXT,
            "datasets": _TEXT,
        },
    ),
}


@dataclass(frozen=True)
class Source:
    """One file or folder named by the configuration: where it is, and what else is said about it."""

    path: Path
    options: Mapping[str, Any]

    def option(self, name: str, otherwise: Any = None) -> Any:
        return self.options.get(name, otherwise)


@dataclass(frozen=True)
class Configuration:
    """CONFIG.toml with every path made whole."""

    file: Path
    partnership: Partnership
    ward_boundaries: tuple[Source, ...]
    """One for each ward set of the partnership, in the same order."""
    outline: Source | None
    sources: Mapping[str, tuple[Source, ...]]
    """Every table of the configuration with a path -> its entries, none where it has none."""
    events: tuple[Mapping[str, Any], ...]


def read_configuration(path: Path) -> Configuration:
    """Read and check CONFIG.toml. Paths are relative to the folder that it lies in.

    Raises
    ------
    InputError
        When the file is missing or not TOML, a table or key is unknown, missing, or holds the wrong kind of value.
    """
    content = _parse(path)
    for table, value in content.items():
        if table not in TABLES:
            raise _unknown(path, table, TABLES, f"[{table}]")
        _check_table(path, table, value)
    for table in ("partnership", "vintages", "population"):
        if not content.get(table):
            heading = f"[{table}]" if TABLES[table][0] == ONE else f"[[{table}]]"
            raise InputError(str(path), f"there is no {heading}", "Add it; README.md has an example")
    if not content.get("police_uk") and not content.get("police_extract"):
        raise InputError(str(path), "it names no file of crime or ASB", "Add [[police_uk]] or [[police_extract]]")
    folder = path.resolve().parent
    partnership = partnership_from_toml({**content["partnership"], "vintages": content["vintages"]})
    _check_partnership(path, partnership)
    by_id = {str(table["id"]): table for table in content["vintages"]}
    return Configuration(
        file=path,
        partnership=partnership,
        ward_boundaries=tuple(
            Source(folder / by_id[vintage.id]["boundaries"], by_id[vintage.id]) for vintage in partnership.vintages
        ),
        outline=_source(folder, content["outline"]) if "outline" in content else None,
        sources={
            table: tuple(_source(folder, entry) for entry in _entries(content.get(table, ())))
            for table, (_, keys) in TABLES.items()
            if "path" in keys
        },
        events=tuple(content.get("events", ())),
    )


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []


def _source(folder: Path, entry: Mapping[str, Any]) -> Source:
    return Source(folder / entry["path"], {**entry, **{key: folder / entry[key] for key in PATHS if key in entry}})


def crime_types(path: Path, source: Source) -> dict[str, tuple[str, str]]:
    """The crime types that a [[police_uk]] adds -> dataset and category. Raises InputError for an unknown category."""
    found = {}
    for crime_type, name in source.option("crime_types", {}).items():
        for dataset in COUNT_DATASETS:
            try:
                found[crime_type] = (dataset, category_named(str(name), dataset).id)
            except KeyError:
                continue
        if crime_type not in found:
            raise InputError(
                str(path),
                f"crime_types puts '{crime_type}' in '{name}', which is not a category",
                f"Use {_nearest(str(name), CATEGORIES, 'a line of the crime tree, as the page About the data lists them')}",
                _line(path, crime_type),
            )
    return found


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise InputError(str(path), "the configuration does not exist", "Correct the path") from None
    except OSError as error:
        raise InputError(str(path), f"it cannot be read ({error.strerror})", "Name a TOML file") from error
    except UnicodeDecodeError as error:
        raise InputError(str(path), "the text is not UTF-8", "Save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise InputError(
            str(path),
            f"it is not TOML ({re.sub(r' *[(]at .*', '', str(error))})",
            "Put text in double quotes, and write Windows paths with / or in single quotes",
            int(line[1]) if line else None,
        ) from error


def _check_table(path: Path, table: str, value: Any) -> None:
    how_many, keys = TABLES[table]
    entries = value if isinstance(value, list) else [value]
    right = isinstance(value, dict) if how_many == ONE else isinstance(value, list)
    if not right or not all(isinstance(entry, dict) for entry in entries):
        heading = f"[{table}]" if how_many == ONE else f"[[{table}]]"
        raise InputError(str(path), f"'{table}' is not written as {heading}", f"Head it {heading}", _line(path, table))
    for entry in entries:
        for name, held in entry.items():
            if name not in keys:
                raise _unknown(path, name, keys, f"'{name}' in [{table}]")
            _check_value(path, table, name, keys[name], held)
        missing = [name for name, key in keys.items() if key.required and name not in entry]
        if missing:
            raise InputError(str(path), f"an entry of [{table}] has no '{missing[0]}'", "Add it", _line(path, table))


def _check_value(path: Path, table: str, name: str, key: Key, held: Any) -> None:
    # A boolean is a whole number to Python, and a time a date.
    fits = isinstance(held, key.kind) and not isinstance(held, (bool, datetime))
    if isinstance(held, list):
        fits = fits and held != [] and all(isinstance(item, str) for item in held)
    if fits and name.endswith("_month"):
        fits = re.fullmatch(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])", held) is not None
    if not fits or held == "":
        raise InputError(
            str(path), f"'{name}' in [{table}] is not {key.words}", f"Write {key.words}", _line(path, name)
        )
    if name == "areas" and isinstance(held, str) and held != "all":
        raise InputError(str(path), f"'areas' in [{table}] is '{held}'", f"Write {key.words}", _line(path, name))
    if name == "indicator" and held not in INDICATORS and not held.startswith(FINGERTIPS):
        raise InputError(
            str(path),
            f"'indicator' in [{table}] is '{held}', which the catalogue does not know",
            f"Use {_nearest(held, INDICATORS)}",
            _line(path, name),
        )
    for item in held if isinstance(held, list) else [held]:
        if key.allowed and item not in key.allowed:
            options = ", ".join(str(option) for option in key.allowed)
            raise InputError(
                str(path), f"'{name}' in [{table}] is '{item}'", f"Use one of: {options}", _line(path, name)
            )


def _check_partnership(path: Path, partnership: Partnership) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", partnership.id):
        raise InputError(
            str(path),
            f"the partnership's id '{partnership.id}' cannot be the name of a folder",
            "Use small letters, figures and hyphens",
            _line(path, "id"),
        )
    for vintage in partnership.vintages:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", vintage.id):
            raise InputError(
                str(path),
                f"the id of the ward set '{vintage.id}' cannot be part of an address",
                "Use letters, figures and hyphens, such as the year it came into use",
            )
        if vintage.used_from and vintage.used_to and vintage.used_to < vintage.used_from:
            raise InputError(
                str(path),
                f"the ward set '{vintage.id}' was used to {vintage.used_to}, before it was used from "
                f"{vintage.used_from}",
                "Correct used_from or used_to",
            )
    repeated = [code for code in partnership.districts if partnership.districts.count(code) > 1]
    if repeated:
        raise InputError(
            str(path), f"the district {repeated[0]} is there twice", "Name it once", _line(path, "districts")
        )
    for what in ("id", "label"):
        values = [getattr(vintage, what) for vintage in partnership.vintages]
        if len(set(values)) < len(values):
            raise InputError(str(path), f"two ward sets have the same {what}", f"Give each its own {what}")


def _unknown(path: Path, name: str, known: Mapping[str, Any], what: str) -> InputError:
    return InputError(str(path), f"{what} is not known", f"Use {_nearest(name, known)}", _line(path, name))


def _nearest(name: str, known: Mapping[str, Any], otherwise: str = "") -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"'{near[0]}'" if near else otherwise or f"one of: {', '.join(known)}"


def _line(path: Path, name: str) -> int | None:
    """The first line of the file on which a key or table of this name stands."""
    pattern = re.compile(rf"\s*(?:\[+\s*{re.escape(name)}\s*\]+|[\"']?{re.escape(name)}[\"']?\s*=)")
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if pattern.match(line):
            return number
    return None
