"""The register of claims: ``WORKSPACE/<partnership>/claims.toml``, read, checked and changed with its comments kept.

The file is a list of documents, of claims and of relations between printed numbers::

    [[document]]
    id = "003"                        # what claims call it
    title = "Strategic Assessment 2020"   # as the sources of the release name it
    from = "2019-04"                  # the months it says its figures are for; leave out when it does not say
    to = "2020-03"

    [[claim]]
    id = "B4"                         # never changes; once only
    text = "10% increase"             # as printed
    document = "003"
    lines = "103"
    responsible = "Kent Police"
    from = "2019-04"                  # the months it is about
    to = "2020-03"
    notes = ""
    # Only where they hold:
    area = "Kent and Medway"          # not the partnership's own area
    base = 103                        # of percentages; or "not stated"
    rests_on = 16                     # people or cases, where that is not the base of the percentages
    people = true                     # its numbers are of people who could be recognised
    read_off_chart = true
    partnership = "maidstone"         # worked out from the release of another partnership of the workspace

    [[claim.value]]                   # each number of the claim
    name = "change"                   # other sums call it B4.change
    printed = "+10%"                  # the text, so that its rounding is known; a list of texts for several
    unit = "%"
    tolerance = 0                     # by how much it may differ, over and above its rounding
    previous = "70%"                  # for the period before, where both are printed; base and previous_base with it
    ways = [                          # each is tried; without any the number is only for others to use
      { using = "measure", measure = "asb", statistic = "percent_change" },
      { using = "printed", sum = "percent_of(B3.more, B3.before)" },
    ]

    [[relation]]
    kind = "sum"                      # sum, single_choice, nested, same_base or same_value
    parts = ["I3.amounts"]
    total = "I1.tactical"

``using`` and what goes with it:

measure         measure, category, area (a ward's code), from, to, per, denominator, compare, and statistic: count, rate,
                population, change, percent_change, direction ("increase", "reduction"), share (of ``whole``), shares (of
                ``categories``, a list), top_share (of ``wards``, in their order), months or years (a list of counts)
survey          survey, wave, question, option, and statistic: share, shares (of ``options``), base, count, change
                (from the wave ``previous``)
indicator       indicator, field (value, numerator, denominator, lower, upper), period
partner_figure  figure, field (value, numerator, base, before, change), period
peers           group, measure, category, from, to, and statistic: rank_count, rank_rate, responded
grants          year, funder, pot, project, and statistic: allocation, pot, award, awards (a list), awarded (their sum),
                available, unspent
table           dataset, column, where (column = text), and statistic: values or count
lines           categories: the lines of the crime list, in the order printed
printed         sum, arithmetic on printed numbers (see ``catalogue.arithmetic``), or any_of, several sums of which one must
                hold; is: "equal" (else left out), "at most" or "at least"
same_list       as: the value that must hold the same list
nothing         missing: what would be needed

An indicator, a figure of an agency or a grant whose source is one of the documents is a copy of what is printed: where it
agrees the claim carries the caution that it is held only as printed, and ``missing`` may say what would check it.

No verdict stands in the file: ``analysis.claims`` works them out.
"""

import hashlib
import os
import posixpath
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit

from csp_data.catalogue import arithmetic
from csp_data.catalogue.claims import (
    KINDS_OF_RELATION,
    NOT_STATED,
    STATISTICS,
    WAYS,
    Claim,
    Document,
    Register,
    Relation,
    Value,
)
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace

FILE = "claims.toml"

HEAD = """\
# The register of claims: what the partnership's reports print, and how each number can be worked out again.
# Change it here or on the page Claims. No verdict is written here: each is worked out from the data or from the printed
# numbers, with: python -m csp_data claims --partnership NAME
"""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_ID = re.compile(r"[A-Za-z]+-?[0-9]+[a-z]?|[A-Za-z][A-Za-z0-9-]*")
_HEADING = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "document": ("id", "title", "from", "to", "notes"),
    "claim": (
        "id", "text", "document", "lines", "responsible", "area", "from", "to", "base", "rests_on", "people", "read_off_chart",
        "partnership", "notes", "value",
    ),
    "value": ("name", "printed", "unit", "tolerance", "previous", "base", "previous_base", "ways"),
    "relation": ("kind", "parts", "total", "base", "notes"),
}  # fmt: skip
CHANGEABLE = ("text", "document", "lines", "responsible", "area", "from", "to", "notes")
"""Keys of a claim that ``changed`` may change, all of them text."""


def read_register(workspace: Workspace, partnership: str) -> Register:
    """The register of a partnership; an empty one when the workspace holds none.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    text, name = read_text(workspace, partnership)
    return parsed(text, name)


def read_text(workspace: Workspace, partnership: str) -> tuple[str, str]:
    """The text of a partnership's register, "" when the workspace holds none, and the name that faults give it.

    Raises
    ------
    InputError
        When it is not text.
    """
    path = posixpath.join(workspace.root, partnership, FILE)
    name = f"{workspace.address.rstrip('/')}/{partnership}/{FILE}"
    try:
        return _text(workspace.files.cat_file(path), name), name
    except FileNotFoundError:
        return "", name


def read_file(path: Path) -> Register:
    """The register in a file. Raises InputError when it is not there or cannot be used."""
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(str(path), "there is no such file", "Give the path of a claims.toml") from None
    return parsed(_text(content, str(path)), str(path))


def parsed(text: str, file: str = FILE) -> Register:
    """The register that a text holds; every fault is an InputError that names the line."""
    return _Reader(text, file).register()


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise InputError(file, "it is not UTF-8 text", "Save the file as UTF-8", row) from None


# Changing


def fingerprint(text: str) -> str:
    """What a text is known by, to see whether somebody has changed it meanwhile."""
    return hashlib.sha256(text.encode()).hexdigest()


def changed(text: str, claim: str, changes: Mapping[str, str], printed: Mapping[str, str] | None = None) -> str:
    """The text of a register with one claim changed; comments, order and all else stay as they are.

    Parameters
    ----------
    changes : keys of ``CHANGEABLE`` with their new text; "" takes a key out.
    printed : name of a value -> its new printed text, of values that are not lists.

    Raises
    ------
    InputError
        When there is no such claim or value, or the register could not be used afterwards.
    """
    document = tomlkit.parse(text)
    claims = document.get("claim", [])
    entry = next((each for each in claims if each.get("id") == claim), None)
    if entry is None:
        raise InputError(FILE, f"there is no claim '{claim}'", "Load the register again")
    added = {}
    for key, new in changes.items():
        if key not in CHANGEABLE:
            raise InputError(FILE, f"'{key}' cannot be changed here", "Change it in the file")
        new = " ".join(new.split())
        if new and key not in entry:
            added[key] = new
        elif new and entry[key] != new:
            entry[key] = new
        elif not new and key in entry:
            entry.remove(key)
    for name, new in (printed or {}).items():
        value = next((each for each in entry.get("value", []) if each.get("name") == name), None)
        if value is None or not isinstance(value["printed"], str):
            raise InputError(FILE, f"claim {claim} has no single value '{name}'", "Change it in the file")
        if value["printed"] != new:
            value["printed"] = new
    written = tomlkit.dumps(document)
    for key, new in added.items():
        written = _with_line(written, claim, key, new)
    parsed(written)
    return written


def added(text: str, claim: Mapping[str, str], printed: str, unit: str, way: Mapping[str, str]) -> str:
    """The text of a register, or "" for a new one, with a claim of one number more, after the others.

    Parameters
    ----------
    claim : "id" and keys of ``CHANGEABLE`` with their text; "" leaves a key out. A document that is not listed is listed.
    printed : the number as it is printed. Its value in the register is called "number".
    way : how it is worked out: "using" and what goes with it.

    Raises
    ------
    InputError
        When something is missing, the id is taken, or the register could not be used afterwards.
    """
    words = {key: " ".join(claim.get(key, "").split()) for key in ("id", *CHANGEABLE)}
    held = parsed(text)
    for key, named in {"id": "number of the claim", "text": "text, as printed"}.items():
        if not words[key]:
            raise InputError(FILE, f"the {named} is empty", "Fill it in")
    if not printed.strip():
        raise InputError(FILE, f"claim {words['id']} has no number", "Give one as it is printed, such as 5% or 33,334")
    if words["id"] in {each.id for each in held.claims}:
        raise InputError(FILE, f"claim '{words['id']}' is there already", f"Give another, such as {free_id(held)}")
    block = ["[[claim]]", *_keys(words), "", "[[claim.value]]"]
    block += _keys({"name": "number", "printed": printed.strip(), "unit": unit.strip()})
    block += [f"ways = [{{ {', '.join(_keys(way))} }}]", ""]
    lines = [*(text or HEAD).rstrip("\n").split("\n"), ""]
    lines = _before_heading(lines, block, after="claim")
    if words["document"] and words["document"] not in held.documents:
        document = ["[[document]]", *_keys({"id": words["document"], "title": words["document"]}), ""]
        lines = _before_heading(lines, document, after="document")
    written = "\n".join(lines)
    parsed(written)
    return written


def free_id(register: Register) -> str:
    """A number for a new claim: N1, N2 and so on, the first that is free."""
    taken = {claim.id for claim in register.claims}
    return next(f"N{number}" for number in range(1, len(taken) + 2) if f"N{number}" not in taken)


def _keys(held: Mapping[str, str]) -> list[str]:
    return [f"{key} = {tomlkit.item(value).as_string()}" for key, value in held.items() if value]


def _before_heading(lines: list[str], block: list[str], after: str) -> list[str]:
    """Lines with a block put in behind the last table of a kind, with its parts; of a kind that there is none of, documents
    stand before the first claim, and the rest at the end."""
    headings = {row: found[1] for row, line in enumerate(lines) if (found := _HEADING.match(line))}
    last = max((row for row, kind in headings.items() if kind == after), default=-1)
    if last < 0 and after != "document":
        return [*lines, *block]
    at = min((row for row in headings if row > last), default=len(lines))
    while at - 1 > last and (lines[at - 1].startswith("#") or (last >= 0 and not lines[at - 1].strip())):
        at -= 1  # what is said of the next table stays with it
    return [*lines[:at], *([""] if last >= 0 else []), *block[: -1 if last >= 0 else None], *lines[at:]]


def _with_line(text: str, claim: str, key: str, new: str) -> str:
    """A text with a key that a claim lacked, on a line of its own where the order of ``_KEYS`` puts it."""
    lines = text.splitlines(keepends=True)
    entry = next(each for each in tomllib.loads(text)["claim"] if each["id"] == claim)
    start = _Reader(text, FILE).row_of_claim(claim)
    order = _KEYS["claim"]
    # After the last key before it that stands on one line; the id always does.
    for name in reversed(order[: order.index(key)]):
        for row in range(start, len(lines)):
            if name in entry and re.match(rf"\s*{name}\s*=", lines[row]):
                with suppress(tomllib.TOMLDecodeError):
                    if tomllib.loads(lines[row])[name] == entry[name]:
                        end = "" if lines[row].endswith("\n") else "\n"
                        lines[row] += f"{end}{key} = {tomlkit.item(new).as_string()}\n"
                        return "".join(lines)
                break
            if row > start and re.match(r"\s*\[", lines[row]):
                break
    raise InputError(
        FILE, f"claim {claim} is written in a way that cannot be added to here", "Add the line in the file"
    )


def write(path: Path, text: str, before: str | None = None) -> None:
    """Put a register in its place in one step: whoever reads finds the old text or the new, never half of one.

    Parameters
    ----------
    before : the text that the change was made to; when the file holds another, nothing is written.

    Raises
    ------
    InputError
        When the text is no register, or somebody changed the file meanwhile.
    """
    parsed(text, str(path))
    path = Path(path)
    held = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and held is not None and fingerprint(held) != fingerprint(before):
        raise InputError(str(path), "somebody changed it meanwhile", "Load it again and make the change once more")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


def local_file(workspace: Workspace, partnership: str) -> Path | None:
    """Where the register can be changed: None when the workspace is no local folder that may be written to."""
    folder = Path(workspace.root) / partnership
    protocol = workspace.files.protocol
    local = "file" in ((protocol,) if isinstance(protocol, str) else protocol)
    return folder / FILE if local and folder.is_dir() and os.access(folder, os.W_OK) else None


# Reading


class _Reader:
    """A text taken apart. Knows on which line each claim stands."""

    def __init__(self, text: str, file: str):
        self.text, self.file = text, file
        self.rows = text.splitlines()
        self.headings: dict[str, list[int]] = {}
        for number, line in enumerate(self.rows, 1):
            if found := _HEADING.match(line):
                self.headings.setdefault(found[1], []).append(number)

    def register(self) -> Register:
        try:
            held = tomllib.loads(self.text)  # much quicker than tomlkit, which is only for changing
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"at line (\d+)", str(error))
            row = int(place[1]) if place else len(self.rows)
            raise self.fault(f"it is not TOML ({_reason(error)})", "Mend the line", row) from None
        for key in held:
            if key not in ("document", "claim", "relation"):
                raise self.fault(
                    f"'{key}' is none of its parts", "Use [[document]], [[claim]] and [[relation]]", self._find(key)
                )
        documents = {}
        for place, entry in enumerate(self._tables(held, "document")):
            row = self._row("document", place)
            self._known(entry, "document", row, "the document")
            document = Document(
                id=self._words(entry, "id", row, needed=True),
                title=self._words(entry, "title", row),
                start=self._month(entry, "from", row),
                end=self._month(entry, "to", row),
                notes=self._words(entry, "notes", row),
            )
            if document.id in documents:
                raise self.fault(f"document '{document.id}' is there twice", "Give each another id", row)
            documents[document.id] = document
        claims: list[Claim] = []
        for place, entry in enumerate(self._tables(held, "claim")):
            claims.append(self._claim(entry, self._row("claim", place), documents, {each.id for each in claims}))
        relations = [
            self._relation(entry, self._row("relation", place), claims)
            for place, entry in enumerate(self._tables(held, "relation"))
        ]
        self._names_in_sums(claims)
        return Register(tuple(claims), documents, tuple(relations), self.file)

    def fault(self, what: str, remedy: str, row: int | None = None) -> InputError:
        return InputError(self.file, what, remedy, row)

    def _claim(self, entry: Mapping, row: int, documents: Mapping, taken: set[str]) -> Claim:
        id = self._words(entry, "id", row, needed=True)
        if not _ID.fullmatch(id):
            raise self.fault(f"'{id}' is no number of a claim", "Use letters and digits, such as B4 or D-1", row)
        if id in taken:
            raise self.fault(f"claim '{id}' is there twice", "Give each claim its own id", row)
        self._known(entry, "claim", row, f"claim {id}")
        document = self._words(entry, "document", row)
        if document and document not in documents:
            listed = ", ".join(documents) or "none"
            raise self.fault(
                f"claim {id} names the document '{document}', which is not listed",
                f"Add a [[document]] with that id, or name one of: {listed}",
                self._find("document", row),
            )
        values: list[Value] = []
        for each in self._tables(entry, "value", row):
            values.append(self._value(each, row, id, {value.name for value in values}))
        start, end = self._month(entry, "from", row), self._month(entry, "to", row)
        if bool(start) != bool(end) or start > end:
            raise self.fault(
                f"the months of claim {id} are no period", "Give from and to, the first and the last month", row
            )
        return Claim(
            id=id,
            text=self._words(entry, "text", row, needed=True),
            document=document,
            lines=self._words(entry, "lines", row),
            responsible=self._words(entry, "responsible", row),
            area=self._words(entry, "area", row),
            start=start,
            end=end,
            base=self._base(entry, "base", row),
            rests_on=self._base(entry, "rests_on", row),
            people=self._flag(entry, "people", row),
            read_off_chart=self._flag(entry, "read_off_chart", row),
            partnership=self._words(entry, "partnership", row),
            notes=self._words(entry, "notes", row),
            values=tuple(values),
            row=row,
        )

    def _value(self, entry: Mapping, row: int, claim: str, taken: set[str]) -> Value:
        name = self._words(entry, "name", row, needed=True)
        here = self._find("name", row, f'"{name}"') or row
        if not _NAME.fullmatch(name):
            raise self.fault(
                f"'{name}' of claim {claim} is no name for a value", "Use small letters, digits and _", here
            )
        if name in taken:
            raise self.fault(f"claim {claim} has two values '{name}'", "Give each its own name", here)
        self._known(entry, "value", here, f"the value '{name}' of claim {claim}")
        printed = entry.get("printed")
        listed = isinstance(printed, list)
        texts = list(printed) if isinstance(printed, list) else [printed]
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self.fault(
                f"the value '{name}' of claim {claim} has no printed text",
                'Give printed as text in quotation marks, such as "119.67", so that its rounding is known',
                self._find("printed", here) or here,
            )
        tolerance = entry.get("tolerance", "")
        if tolerance != "" and (isinstance(tolerance, bool | str) or not float(tolerance) >= 0):
            raise self.fault(
                f"the tolerance of '{name}' of claim {claim} is no number", "Give a number of 0 or more", here
            )
        ways = entry.get("ways", [])
        if not isinstance(ways, list) or not all(isinstance(way, Mapping) for way in ways):
            raise self.fault(
                f"the ways of '{name}' of claim {claim} are no list", 'Write ways = [{ using = "measure", … }]', here
            )
        return Value(
            name=name,
            printed=tuple(str(text) for text in texts),
            unit=self._words(entry, "unit", here),
            tolerance=str(tolerance),
            previous=self._words(entry, "previous", here),
            base=self._base(entry, "base", here),
            previous_base=self._base(entry, "previous_base", here),
            ways=tuple(self._way(way, here, f"'{name}' of claim {claim}") for way in ways),
            is_list=listed,
        )

    def _way(self, way: dict[str, Any], row: int, whose: str) -> Mapping[str, Any]:
        using = str(way.get("using"))
        if using not in WAYS:
            raise self.fault(
                f"a way of {whose} uses '{using}', which there is not", f"Choose one of: {', '.join(WAYS)}",
                self._find("using", row, f'"{using}"') or row,
            )  # fmt: skip
        row = self._find("using", row, f'"{using}"') or row
        known = WAYS[using]
        for key in way:
            if key not in ("using", *known.needs, *known.takes):
                raise self.fault(
                    f"a way of {whose} has '{key}', which '{using}' does not take",
                    f"It takes: {', '.join((*known.needs, *known.takes))}",
                    row,
                )
        missing = [key for key in known.needs if not way.get(key)]
        if missing:
            raise self.fault(f"a way of {whose} lacks '{missing[0]}'", f"Add {missing[0]} to the way", row)
        statistics = STATISTICS.get(using, ())
        statistic = way.get("statistic", statistics[0] if statistics else "")
        if statistics and statistic not in statistics:
            raise self.fault(
                f"a way of {whose} asks for '{statistic}', which '{using}' does not give",
                f"Choose one of: {', '.join(statistics)}",
                row,
            )
        for key in ("from", "to"):
            if key in way and not _MONTH.fullmatch(str(way[key])):
                raise self.fault(f"'{way[key]}' of {whose} is no month", "Write it as 2019-04", row)
        if using == "printed":
            self._sums(way, row, whose)
        for key in ("categories", "wards", "options"):
            if key in way and not _texts(way[key]):
                raise self.fault(f"'{key}' of {whose} is no list of texts", f'Write {key} = ["…", "…"]', row)
        return way

    def _sums(self, way: Mapping[str, Any], row: int, whose: str) -> None:
        if ("sum" in way) == ("any_of" in way):
            raise self.fault(f"a way of {whose} needs a sum or any_of", 'Write sum = "a + b"', row)
        if way.get("is", "equal") not in ("equal", "at most", "at least"):
            raise self.fault(f"'{way['is']}' of {whose} is unknown", "Use equal, at most or at least", row)
        sums = way.get("any_of", [way.get("sum")])
        if not _texts(sums):
            raise self.fault(f"a sum of {whose} is no text", 'Write sum = "a + b"', row)
        for text in sums:
            try:
                arithmetic.names(text)
            except arithmetic.ArithmeticFault as fault:
                raise self.fault(f"the sum '{text}' of {whose} cannot be read: {fault}", "Mend the sum", row) from None

    def _relation(self, entry: Mapping, row: int, claims: Sequence[Claim]) -> Relation:
        self._known(entry, "relation", row, "the relation")
        kind = self._words(entry, "kind", row, needed=True)
        if kind not in KINDS_OF_RELATION:
            raise self.fault(f"there is no relation '{kind}'", f"Choose one of: {', '.join(KINDS_OF_RELATION)}", row)
        parts = entry.get("parts", [])
        if not _texts(parts):
            raise self.fault("a relation has no parts", 'Write parts = ["I2.amounts", "I3.amounts"]', row)
        total = self._words(entry, "total", row, needed=kind == "sum")
        held = {f"{claim.id}.{value.name}" for claim in claims for value in claim.values}
        for name in (*parts, *([total] if total else [])):
            if name not in held:
                raise self.fault(
                    f"a relation names '{name}', and no claim has such a value",
                    "Name a claim and its value, such as B1.incidents",
                    self._find("", row, f'"{name}"') or row,
                )
        return Relation(
            kind, tuple(parts), total, self._base(entry, "base", row), self._words(entry, "notes", row), row
        )

    def _names_in_sums(self, claims: Sequence[Claim]) -> None:
        held = {f"{claim.id}.{value.name}" for claim in claims for value in claim.values}
        for claim in claims:
            own = {value.name for value in claim.values}
            for value in claim.values:
                for way in value.ways:
                    wanted = [name for text in sums_of(way) for name in arithmetic.names(text)]
                    wanted += [way["as"]] if way["using"] == "same_list" else []
                    for name in wanted:
                        if name not in own and name not in held:
                            raise self.fault(
                                f"'{value.name}' of claim {claim.id} is worked out from '{name}', which no claim prints",
                                "Name a value of the same claim, or another claim's as B1.incidents",
                                self._find("", claim.row, name.rpartition(".")[2]) or claim.row,
                            )

    # Small things

    def _tables(self, held: Mapping, key: str, row: int | None = None) -> list[Mapping]:
        found = held.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            raise self.fault(f"'{key}' is no list of tables", f"Write [[{key}]] before each", row or self._find(key))
        return list(found)

    def _known(self, entry: Mapping, kind: str, row: int, whose: str) -> None:
        for key in entry:
            if key not in _KEYS[kind]:
                raise self.fault(
                    f"{whose} has '{key}', which is unknown", f"It may have: {', '.join(_KEYS[kind])}",
                    self._find(key, row) or row,
                )  # fmt: skip

    def _words(self, entry: Mapping, key: str, row: int, needed: bool = False) -> str:
        found = entry.get(key, "")
        if not isinstance(found, str):
            raise self.fault(f"'{key}' is no text", "Put it in quotation marks", self._find(key, row) or row)
        if needed and not found.strip():
            raise self.fault(f"'{key}' is missing", f'Add {key} = "…"', row)
        return str(found)

    def _month(self, entry: Mapping, key: str, row: int) -> str:
        found = self._words(entry, key, row)
        if found and not _MONTH.fullmatch(found):
            raise self.fault(f"'{found}' is no month", "Write it as 2019-04", self._find(key, row) or row)
        return found

    def _flag(self, entry: Mapping, key: str, row: int) -> bool:
        found = entry.get(key, False)
        if not isinstance(found, bool):
            raise self.fault(f"'{key}' is neither true nor false", "Write true or false", self._find(key, row) or row)
        return bool(found)

    def _base(self, entry: Mapping, key: str, row: int) -> int | str:
        found = entry.get(key, "")
        if found in ("", NOT_STATED):
            return str(found)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            raise self.fault(
                f"the {key} '{found}' is no whole number above zero", f'Give a whole number, or "{NOT_STATED}"',
                self._find(key, row) or row,
            )  # fmt: skip
        return int(found)

    def row_of_claim(self, id: str) -> int:
        """The line of the heading of a claim."""
        places = [each.get("id") for each in tomllib.loads(self.text).get("claim", [])]
        return self._row("claim", places.index(id))

    def _row(self, kind: str, place: int) -> int:
        """The line of the heading of the so-manyth table of a kind; 1 where the tables are written in another way."""
        found = self.headings.get(kind, [])
        return found[place] if place < len(found) else 1

    def _find(self, key: str, row: int | None = None, word: str = "") -> int | None:
        """The first line from a row on that sets a key or holds a word."""
        for number in range(row or 1, len(self.rows) + 1):
            line = self.rows[number - 1]
            if (not key or re.search(rf"(?:^|[\[{{,\s]){re.escape(key)}\s*(?:=|\])", line)) and word in line:
                return number
        return None


def sums_of(way: Mapping[str, Any]) -> tuple[str, ...]:
    """The sums of a way that uses printed numbers."""
    return tuple(way.get("any_of", ())) or ((way["sum"],) if way.get("sum") else ())


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each for each in value)


def _reason(error: Exception) -> str:
    return re.sub(r"\s*\(at .*", "", str(error)).strip().rstrip(".")
