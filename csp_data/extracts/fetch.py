"""Get from the publishers what a build needs for any partnership in England, and write its CONFIG.toml.

The only part of the product that ever calls out, and only when a person asks. Addresses are in ``publishers.toml``.
What arrives is kept as it came (look-ups as CSV, boundaries as GeoJSON, archives of police.uk as zip files) in the folder
asked for, with ``downloads.json`` listing each file's address, size and SHA-256. Run again, it asks only for what is
missing or has changed.
"""

import csv
import difflib
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import tomli_w

from csp_data.extracts.downloads import Downloaded, Progress, Publisher, already, download, keep
from csp_data.extracts.problems import InputError

ADDRESSES = Path(__file__).with_name("publishers.toml")
CLOSE_NAMES = 5
"""How many names like the one asked for are suggested."""


@dataclass(frozen=True)
class Found:
    """A partnership, or a whole force's area, as ONS lists it."""

    name: str
    id: str
    csp_code: str
    """Empty for a force's area."""
    districts: tuple[tuple[str, str], ...]
    """Code and name of each district."""
    force: str
    """As police.uk names its files."""
    force_name: str

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.districts)


@dataclass(frozen=True)
class Plan:
    """What a fetch will ask for, told before it does."""

    found: Found
    latest: str
    """The latest month of street-level crime, such as "2026-09"."""
    archives: tuple[str, ...]
    """Months whose archives are needed; each holds the 36 months up to its own."""
    bytes: int
    """About how much will be downloaded."""
    into: Path


@dataclass(frozen=True)
class Fetched:
    """What has arrived."""

    config: Path
    files: tuple[Downloaded, ...]
    notes: tuple[str, ...] = field(default=())


def addresses(path: Path = ADDRESSES) -> dict[str, Any]:
    """The publishers' addresses, as declared."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def fetch(
    name: str,
    into: Path,
    agree: Callable[[Plan], bool],
    *,
    months: int = 36,
    declared: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Fetched | None:
    """Find a partnership by name, tell what will be downloaded, and, when agreed, download it and write CONFIG.toml.

    Parameters
    ----------
    name : of the partnership, of one of its districts, or of a police force area ("Kent": the whole force).
    agree : told the plan; nothing of any size is downloaded unless it gives true.
    months : how many months of street-level crime, back from the latest.
    declared : the addresses, in the shape of publishers.toml; those shipped when ``None``.

    Returns
    -------
    What has arrived; ``None`` when it was not agreed.

    Raises
    ------
    InputError
        When there is no such partnership (names like it are told), or something cannot be had. What has arrived stays,
        and the same command goes on from there. CONFIG.toml is written last, and only when everything is there.
    """
    known = addresses() if declared is None else declared
    general, geography = known["general"], known["geography"]
    publisher = Publisher(
        general["agent"], general["pause"], general["tries"], general["timeout"], general.get("wait", 1.0)
    )
    found = find(name, partnerships(publisher, geography), known["police_uk"]["forces"])
    latest = str(publisher.json(known["police_uk"]["latest"])["date"])[:7]
    archives = archives_for(latest, months, known["police_uk"]["months"])
    waiting = [month for month in archives if not _archive_kept(known, into, month)]
    plan = Plan(found, latest, archives, len(waiting) * known["police_uk"]["typical_bytes"], into)
    if not agree(plan):
        return None

    files: list[Downloaded] = []
    notes: list[str] = []
    vintages, ward_files = _wards(publisher, geography, found, into)
    files += ward_files
    lookups = [_lookup(publisher, geography, each, found, into) for each in geography["lookups"]]
    files += lookups
    lsoas = _lsoas(publisher, geography, found, lookups[0], into)
    files.append(lsoas)
    people = _population(publisher, known["population"], found, int(latest[:4]), into)
    files.append(people)
    indicators = [_indicator(publisher, known["fingertips"], id, into) for id in known["fingertips"]["ids"]]
    files += indicators
    streets = [_archive(publisher, known["police_uk"], month, found, into, progress) for month in archives]
    files += streets
    config = _configuration(known, found, vintages, lookups, lsoas, people, indicators, streets)
    path = into / "CONFIG.toml"
    if path.exists():
        path = into / "CONFIG.new.toml"
        notes.append("CONFIG.toml was there and may have been edited, so the new one is beside it as CONFIG.new.toml.")
    path.write_text(tomli_w.dumps(config), encoding="utf-8")
    return Fetched(path, tuple(files), tuple(notes))


# Which partnership


def partnerships(publisher: Publisher, geography: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every district with its partnership and police force area: ``district``, ``district_name``, ``csp``, ``csp_name``,
    ``force_name``, a row a district and partnership."""
    declared = geography["partnerships"]
    year = declared["year"]
    rows = records(publisher, geography, declared["service"], order=f"LAD{year}CD")
    return [
        {
            "district": row[f"LAD{year}CD"],
            "district_name": row[f"LAD{year}NM"],
            "csp": row[f"CSP{year}CD"],
            "csp_name": row[f"CSP{year}NM"],
            "force_name": row[f"PFA{year}NM"],
        }
        for row in rows
    ]


def find(name: str, rows: Sequence[Mapping[str, str]], forces: Mapping[str, str]) -> Found:
    """The partnership of this name; else the one a district of this name is in; else the whole area of a force.

    Raises
    ------
    InputError
        When none has the name, with those that are like it.
    """
    wanted = _plain(name)
    for column in ("csp_name", "district_name", "force_name"):
        hit = [row for row in rows if _plain(row[column]) == wanted]
        if not hit:
            continue
        whole_force = column == "force_name"
        key = "force_name" if whole_force else "csp"
        chosen = [row for row in rows if row[key] == hit[0][key]]
        label = hit[0]["force_name"] if whole_force else hit[0]["csp_name"]
        districts = tuple(dict.fromkeys((row["district"], row["district_name"]) for row in chosen))
        force = hit[0]["force_name"]
        return Found(
            label, _slug(label), "" if whole_force else hit[0]["csp"], districts, forces.get(force, _slug(force)), force
        )
    names = sorted({row[column] for row in rows for column in ("csp_name", "district_name", "force_name")})
    by_plain = {_plain(each): each for each in names}
    close = [by_plain[each] for each in difflib.get_close_matches(wanted, by_plain, CLOSE_NAMES, 0.6)]
    close += [each for each in names if wanted and wanted in _plain(each) and each not in close][:CLOSE_NAMES]
    raise InputError(
        name,
        "ONS lists no partnership, district or police force area of this name",
        f"Did you mean: {', '.join(close)}" if close else "Give the name of the district, such as Maidstone",
    )


def archives_for(latest: str, months: int, held: int) -> tuple[str, ...]:
    """Months whose archives together hold so many months up to the latest, newest first."""
    year, month = (int(part) for part in latest.split("-"))
    number = 12 * year + month - 1
    return tuple(
        f"{(number - back) // 12:04d}-{(number - back) % 12 + 1:02d}" for back in range(0, max(months, 1), held)
    )


# Tables and boundaries


def records(
    publisher: Publisher,
    geography: Mapping[str, Any],
    service: str,
    *,
    where: str = "1=1",
    order: str,
    outlines: bool = False,
) -> list[dict[str, Any]]:
    """Every record of a feature service that fits, page by page in a fixed order, and checked against its own count.

    Returns
    -------
    Attributes of each record; with ``outlines``, each a GeoJSON feature in longitude and latitude.

    Raises
    ------
    InputError
        When the service reports an error, or gives more or fewer records than it counts.
    """
    address = geography["query"].format(service=service)
    counted = _asked(publisher, address, {"where": where, "returnCountOnly": "true", "f": "json"})["count"]
    found: list[dict[str, Any]] = []
    size = geography["page"] // 10 if outlines else geography["page"]
    while len(found) < counted:
        page = _asked(
            publisher,
            address,
            {
                "where": where,
                "outFields": "*",
                "orderByFields": order,
                "returnGeometry": str(outlines).lower(),
                "outSR": 4326,
                "f": "geojson",
                "resultOffset": len(found),
                "resultRecordCount": max(size, 1),
            },
        )["features"]
        if not page:
            break
        found += page
    if len(found) != counted:
        raise InputError(address, f"it counts {counted} records and gave {len(found)}", "Run the same command again")
    return found if outlines else [feature["properties"] for feature in found]


def _asked(publisher: Publisher, address: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of a feature service. It reports its own errors with a status of 200."""
    answer = publisher.json(address, parameters)
    if "error" in answer:
        told = answer["error"]
        raise InputError(
            address,
            f"the service reports {told.get('code', 'an error')}: {told.get('message', '')}",
            "It may have moved: correct it in csp_data/extracts/publishers.toml",
        )
    return answer


def _wards(
    publisher: Publisher, geography: Mapping[str, Any], found: Found, into: Path
) -> tuple[list[dict[str, Any]], list[Downloaded]]:
    """The ward sets of the partnership: of the editions declared, those whose codes differ from the one before."""
    sets: list[dict[str, Any]] = []
    files: list[Downloaded] = []
    before: set[str] = set()
    for edition in geography["wards"]:
        code, district = f"WD{edition['year']}CD", f"LAD{edition['year']}CD"
        where = _among(district, found.codes)
        codes = {row[code] for row in records(publisher, geography, edition["service"], where=where, order=code)}
        if not codes or codes == before:
            continue
        before = codes
        url = geography["query"].format(service=edition["service"])
        to = into / f"{edition['service']}.geojson"
        kept = already(to, url)
        if kept is None:
            outlines = records(publisher, geography, edition["service"], where=where, order=code, outlines=True)
            kept = keep(to, _geojson(outlines), url)
        files.append(kept)
        if sets:
            sets[-1]["used_to"] = edition["used_from"]
        sets.append(
            {
                "id": f"20{edition['year']}",
                "label": f"{len(codes)} wards, as ONS drew them in {edition['used_from']:%B %Y}",
                **({"used_from": edition["used_from"]} if sets else {}),
                "boundaries": to.name,
                "publisher": geography["publisher"],
                "licence": geography["licence"],
                "url": url,
            }
        )
    if not sets:
        raise InputError(found.name, "no edition of the ward boundaries has its districts", "Check publishers.toml")
    return sets, files


def _lookup(
    publisher: Publisher, geography: Mapping[str, Any], declared: Mapping[str, Any], found: Found, into: Path
) -> Downloaded:
    url = geography["query"].format(service=declared["service"])
    to = into / f"{declared['service']}.csv"
    kept = already(to, url)
    if kept:
        return kept
    where = _among(declared["district"], found.codes)
    rows = records(publisher, geography, declared["service"], where=where, order=declared["order"])
    renamed = [{declared.get("rename", {}).get(name, name): cell for name, cell in row.items()} for row in rows]
    return keep(to, _csv(renamed, url), url)


def _lsoas(
    publisher: Publisher, geography: Mapping[str, Any], found: Found, lookup: Downloaded, into: Path
) -> Downloaded:
    """Outlines of the 2021 LSOAs that the look-up lists, asked for a few hundred at a time: an address has a length."""
    declared = geography["lsoas"]
    url = geography["query"].format(service=declared["service"])
    to = into / "LSOA_2021_BGC.geojson"
    kept = already(to, url)
    if kept:
        return kept
    with (into / lookup.file).open(encoding="utf-8", newline="") as file:
        codes = sorted({row[declared["code"]] for row in csv.DictReader(file)})
    features = []
    for start in range(0, len(codes), _CODES_A_REQUEST):
        where = _among(declared["code"], codes[start : start + _CODES_A_REQUEST])
        features += records(
            publisher, geography, declared["service"], where=where, order=declared["code"], outlines=True
        )
    return keep(to, _geojson(features), url)


_CODES_A_REQUEST = 100


def _population(publisher: Publisher, declared: Mapping[str, Any], found: Found, latest: int, into: Path) -> Downloaded:
    years = ",".join(str(year) for year in range(declared["first_year"], latest + 1))
    url = declared["districts"].format(codes=",".join(found.codes), years=years)
    return download(publisher, url, into / "population_districts.csv", declared["content_types"])


def _indicator(publisher: Publisher, declared: Mapping[str, Any], id: int, into: Path) -> Downloaded:
    return download(
        publisher, declared["indicator"].format(id=id), into / f"fingertips_{id}.csv", declared["content_types"]
    )


def _archive_kept(known: Mapping[str, Any], into: Path, month: str) -> Downloaded | None:
    return already(into / f"police_uk_{month}.zip", known["police_uk"]["archive"].format(month=month))


def _archive(
    publisher: Publisher,
    declared: Mapping[str, Any],
    month: str,
    found: Found,
    into: Path,
    progress: Progress | None,
) -> Downloaded:
    """An archive of street-level crime, looked into before it is kept: it must hold the home force."""

    def complete(path: Path) -> str | None:
        try:
            with zipfile.ZipFile(path) as archive:
                ours = [name for name in archive.namelist() if name.endswith(f"-{found.force}-street.csv")]
                if not ours:
                    return f"the archive holds no file of the force '{found.force}'"
                for name in ours:
                    with archive.open(name) as member:
                        while member.read(1 << 20):  # reading to the end checks its sum
                            pass
        except zipfile.BadZipFile as error:
            return f"the archive is damaged ({error})"
        return None

    url = declared["archive"].format(month=month)
    to = into / f"police_uk_{month}.zip"
    return download(publisher, url, to, declared["content_types"], progress, complete)


# CONFIG.toml


def _configuration(
    known: Mapping[str, Any],
    found: Found,
    vintages: Sequence[Mapping[str, Any]],
    lookups: Sequence[Downloaded],
    lsoas: Downloaded,
    people: Downloaded,
    indicators: Sequence[Downloaded],
    streets: Sequence[Downloaded],
) -> dict[str, Any]:
    def source(file: Downloaded, section: str, **more: Any) -> dict[str, Any]:
        declared = known[section]
        return {
            "path": file.file,
            **more,
            "publisher": declared["publisher"],
            "licence": declared["licence"],
            "url": file.url,
            "published": date.fromisoformat(file.fetched[:10]),
        }

    return {
        "partnership": {
            "id": found.id,
            "name": f"{found.name} Community Safety Partnership"
            if found.csp_code
            else f"{found.name} police force area",
            "short_name": found.name,
            "districts": list(found.codes),
            **({"csp_code": found.csp_code} if found.csp_code else {}),
            "force": found.force,
            "attributions": [
                "Source: Office for National Statistics licensed under the Open Government Licence v3.0",
                f"Contains OS data © Crown copyright and database right {datetime.now(UTC).year}",
            ],
        },
        "vintages": [dict(vintage) for vintage in vintages],
        "lsoa_boundaries": [source(lsoas, "geography", lsoa=2021)],
        "lookup": [source(lookup, "geography") for lookup in lookups],
        "population": [source(people, "population", basis=known["population"]["basis"])],
        "indicators": [source(indicator, "fingertips") for indicator in indicators],
        "police_uk": [source(street, "police_uk") for street in streets],  # other forces record some of ours
    }


def _among(column: str, codes: Iterable[str]) -> str:
    quoted = ",".join(f"'{code}'" for code in codes)
    return f"{column} IN ({quoted})"


def _geojson(features: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def _csv(rows: Sequence[Mapping[str, Any]], url: str) -> bytes:
    if not rows:
        raise InputError(url, "the look-up has no row of these districts", "Check its service in publishers.toml")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower().replace("&", " and ")).strip()


def _slug(name: str) -> str:
    return _plain(name).replace(" ", "-")
