"""The crime tree and the types of ASB incident.

The crime tree follows appendix 1 of Medway's Strategic Assessment 2020, with the lines that data.police.uk publishes
hung where they belong. A count may sit on any line: the total of a line is its own counts and those of all lines
below it, so a crime is counted once. A view, such as most serious violence, gathers crimes that other lines hold
already: it is shown beside them and is in no sum. Domestic abuse and other kinds of crime that have no offence code of
their own are such views, and sensitive: an extract that has them names them, and their rule goes with the name.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Category:
    """A line of the tree. ``label`` is part of public addresses: unique and never changed.

    ``used_from`` and ``used_to`` are months ("2017-04"): outside them the police did not use the line, so no count is
    not a fall.
    """

    id: str
    label: str
    dataset: str
    parent: str | None = None
    note: str = ""
    used_from: str | None = None
    used_to: str | None = None
    sensitive: bool = False
    overlaps: tuple[str, ...] = ()
    """For a view, the lines that hold its crimes already: its counts are never added to anything."""
    merges: tuple[str, ...] = ()
    """Lines that a source gives together as this one, so that it cannot tell them apart."""


def _crime(id: str, label: str, parent: str | None = "crime", note: str = "", **more) -> Category:
    return Category(id, label, "crime", parent, note, **more)


def _asb(id: str, label: str, parent: str | None = "asb", note: str = "", **more) -> Category:
    return Category(id, label, "asb", parent, note, **more)


def _kind(id: str, label: str, note: str) -> Category:
    note += (
        " Each is counted under its offence already, so the line is in no sum. data.police.uk does not tell them apart."
    )
    return _crime(id, label, note=note, sensitive=True, overlaps=("crime",))


_POLICE_UK = "data.police.uk publishes this line whole."

_ALL: tuple[Category, ...] = (
    Category("crime", "All recorded crime", "crime"),
    _crime("violent-crime", "Violent crime"),
    _crime("violence-against-the-person", "Violence against the person", "violent-crime"),
    _crime("homicide", "Homicide", "violence-against-the-person", sensitive=True),
    _crime("violence-with-injury", "Violence with injury", "violence-against-the-person"),
    _crime("violence-without-injury", "Violence without injury", "violence-against-the-person"),
    _crime(
        "most-serious-violence",
        "Most serious violence",
        "violence-against-the-person",
        "A view of the gravest violence: its crimes are counted under homicide, violence with injury and deaths by driving "
        "already, so it is in no sum. data.police.uk cannot give it, because it does not say how grave an injury was.",
        overlaps=("homicide", "violence-with-injury", "death-or-serious-injury-by-driving"),
    ),
    _crime("stalking-and-harassment", "Stalking and harassment", "violence-against-the-person", sensitive=True),
    _crime(
        "death-or-serious-injury-by-driving",
        "Death or serious injury caused by illegal driving",
        "violence-against-the-person",
    ),
    _crime("sexual-offences", "Sexual offences", "violent-crime", sensitive=True),
    _crime("rape", "Rape", "sexual-offences", sensitive=True),
    _crime("other-sexual-offences", "Other sexual offences", "sexual-offences", sensitive=True),
    _crime(
        "violence-and-sexual-offences",
        "Violence and sexual offences",
        "violent-crime",
        "data.police.uk publishes violence and sexual offences as one line: they cannot be told apart.",
        merges=("violence-against-the-person", "sexual-offences"),
    ),
    _crime("robbery", "Robbery", "violent-crime"),
    _crime("burglary", "Burglary", note=_POLICE_UK),
    _crime("burglary-dwelling", "Burglary dwelling", "burglary", used_to="2017-03"),
    _crime("burglary-other-than-dwelling", "Burglary other than dwelling", "burglary", used_to="2017-03"),
    _crime(
        "burglary-residential",
        "Burglary residential",
        "burglary",
        "From April 2017 sheds and garages at a home count as residential, so this is not the old line under a new name.",
        used_from="2017-04",
    ),
    _crime("burglary-business-and-community", "Burglary business and community", "burglary", used_from="2017-04"),
    _crime("vehicle-crime", "Vehicle crime", note=_POLICE_UK),
    _crime("theft-of-motor-vehicle", "Theft of motor vehicle", "vehicle-crime"),
    _crime("theft-from-motor-vehicle", "Theft from motor vehicle", "vehicle-crime"),
    _crime("vehicle-interference", "Vehicle interference", "vehicle-crime"),
    _crime("theft", "Theft and handling (not vehicles)"),
    _crime("shoplifting", "Shoplifting", "theft"),
    _crime("theft-of-pedal-cycle", "Theft of pedal cycle", "theft"),
    _crime("theft-from-the-person", "Theft from the person", "theft"),
    _crime("other-theft", "Other theft", "theft"),
    _crime("criminal-damage", "Criminal damage and arson", note=_POLICE_UK),
    _crime("arson", "Arson", "criminal-damage"),
    _crime("criminal-damage-not-arson", "Criminal damage (not arson)", "criminal-damage"),
    _crime("crimes-against-society", "Crimes against society"),
    _crime("drug-offences", "Drug offences", "crimes-against-society", "Moves with policing as well as with drug use."),
    _crime("trafficking-of-drugs", "Trafficking of drugs", "drug-offences"),
    _crime("possession-of-drugs", "Possession of drugs", "drug-offences"),
    _crime("possession-of-weapons", "Possession of weapons", "crimes-against-society", "Moves with stop and search."),
    _crime("public-order-offences", "Public order offences", "crimes-against-society"),
    _crime(
        "public-disorder-and-weapons",
        "Public disorder and weapons",
        "crimes-against-society",
        "data.police.uk used this line until 2013.",
        used_to="2013-04",
    ),
    _crime("other-crimes", "Other crimes", "crimes-against-society"),
    _kind("domestic-abuse", "Domestic abuse", "Crimes that the police marked as domestic abuse."),
    _kind("hate-crime", "Hate crime", "Crimes that the police marked as motivated by hostility to who somebody is."),
    _kind(
        "exploitation",
        "Exploitation",
        "Sexual and criminal exploitation and modern slavery, as the police marked them.",
    ),
    _kind("crimes-against-under-18s", "Crimes against people under 18", "Crimes of which the victim was under 18."),
    Category("asb", "All ASB incidents", "asb"),
    _asb("rowdy-or-nuisance-gathering", "Rowdy or nuisance gathering"),
    _asb("drunken-or-rowdy-behaviour", "Drunken or rowdy behaviour"),
    _asb("neighbour-disputes-or-nuisance", "Neighbour disputes or nuisance"),
    _asb("motor-vehicle-nuisance-on-road", "Motor vehicle nuisance on road"),
    _asb("riding-or-driving-on-land", "Riding or driving on land other than a road"),
    _asb("rubbish-or-drug-paraphernalia", "Rubbish or drug paraphernalia"),
    _asb("asb-personal", "Personal", note="National standard for incident recording."),
    _asb("asb-nuisance", "Nuisance", note="National standard for incident recording."),
    _asb("asb-environmental", "Environmental", note="National standard for incident recording."),
    _asb("other-asb", "Other ASB"),
)

CATEGORIES: dict[str, Category] = {category.id: category for category in _ALL}

APPENDIX_1: tuple[tuple[str, str], ...] = (
    ("Violent Crime", "violent-crime"),
    ("Violence Against The Person", "violence-against-the-person"),
    ("Homicide", "homicide"),
    ("Violence with injury", "violence-with-injury"),
    ("Violence without injury", "violence-without-injury"),
    ("Most Serious Violence", "most-serious-violence"),
    ("Sexual Offences", "sexual-offences"),
    ("Rape", "rape"),
    ("Other sexual offences", "other-sexual-offences"),
    ("Robbery", "robbery"),
    ("Burglary Dwelling", "burglary-dwelling"),
    ("Burglary Other than Dwelling", "burglary-other-than-dwelling"),
    ("Burglary - Residential", "burglary-residential"),
    ("Burglary - Business and Community", "burglary-business-and-community"),
    ("Vehicle Crime", "vehicle-crime"),
    ("Theft Of Motor Vehicle", "theft-of-motor-vehicle"),
    ("Theft From Motor Vehicle", "theft-from-motor-vehicle"),
    ("Vehicle Interference", "vehicle-interference"),
    ("Theft and Handling Exc VI", "theft"),
    ("Shoplifting", "shoplifting"),
    ("Theft of Pedal cycle", "theft-of-pedal-cycle"),
    ("Other Theft", "other-theft"),
    ("Criminal Damage", "criminal-damage"),
    ("Arson", "arson"),
    ("Criminal damage", "criminal-damage-not-arson"),
    ("Crimes against society", "crimes-against-society"),
    ("Drug Offences", "drug-offences"),
    ("Trafficking", "trafficking-of-drugs"),
    ("Possession of drugs", "possession-of-drugs"),
    ("Possession of weapons", "possession-of-weapons"),
    ("Public order offences", "public-order-offences"),
    ("Other crimes", "other-crimes"),
)
"""Every line of appendix 1 of Medway's Strategic Assessment 2020, as printed and in its order -> line of the tree."""

POLICE_UK_CATEGORIES: dict[str, tuple[str, str]] = {
    "Anti-social behaviour": ("asb", "asb"),
    "Bicycle theft": ("crime", "theft-of-pedal-cycle"),
    "Burglary": ("crime", "burglary"),
    "Criminal damage and arson": ("crime", "criminal-damage"),
    "Drugs": ("crime", "drug-offences"),
    "Other crime": ("crime", "other-crimes"),
    "Other theft": ("crime", "other-theft"),
    "Possession of weapons": ("crime", "possession-of-weapons"),
    "Public order": ("crime", "public-order-offences"),
    "Robbery": ("crime", "robbery"),
    "Shoplifting": ("crime", "shoplifting"),
    "Theft from the person": ("crime", "theft-from-the-person"),
    "Vehicle crime": ("crime", "vehicle-crime"),
    "Violence and sexual offences": ("crime", "violence-and-sexual-offences"),
    # Lines of earlier years.
    "Violent crime": ("crime", "violence-and-sexual-offences"),
    "Public disorder and weapons": ("crime", "public-disorder-and-weapons"),
}
"""'Crime type' of a data.police.uk street file -> dataset and category."""


def from_police_uk(crime_type: str) -> tuple[str, str]:
    """Dataset and category of a data.police.uk crime type. Raises KeyError when the type is not known."""
    return POLICE_UK_CATEGORIES[crime_type]


# Home Office offence codes by line of the tree, as the Home Office Counting Rules group them. A code that is not listed
# is read by its number without the letter.
_OFFENCE_CODES: dict[str, str] = {
    "homicide": "1 4.1 4.2 4.10",
    "death-or-serious-injury-by-driving": "4.4 4.6 4.8 4.9 4.12 4.13 37.1",
    "violence-with-injury": "2 4.3 4.7 5 5A 5B 5C 5D 5E 6 7 8A 8D 8F 8G 8H 8J 8K 8N 8P 8S",
    "violence-without-injury": "3 3A 3B 11 11A 12 13 14 36 104 105 105A 105B 106 8B 8C 8E 8T 8U",
    "stalking-and-harassment": "8L 8M 8Q 8R",
    "rape": "19 19A 19B 19C 19D 19E 19F 19G 19H 19J 19K",
    "other-sexual-offences": "16 17 17A 17B 18 20 20A 20B 21 22 22A 22B 23 25 70 71 72 73 74 88A 88B 88C 88D 88E 88F",
    "robbery": "34 34A 34B",
    "burglary-dwelling": "28 28A 28B 28C 28D 29",
    "burglary-other-than-dwelling": "30 30A 30B 31",
    "burglary-residential": "28E 28F 28G 28H 28I 28J 28K 28L 29A 29B 29C",
    "burglary-business-and-community": "30C 30D 30E 30F 31A 31B",
    "theft-of-motor-vehicle": "37.2 48",
    "theft-from-motor-vehicle": "45",
    "vehicle-interference": "126",
    "theft-from-the-person": "39",
    "theft-of-pedal-cycle": "44",
    "shoplifting": "46",
    "other-theft": "35 40 41 42 43 47 49 49A",
    "arson": "56 56A 56B",
    "criminal-damage-not-arson": "57 58 58A 58B 58C 58D 58E 58F 58G 58H 58J 149",
    "trafficking-of-drugs": "92A",
    "possession-of-drugs": "92B 92C 92D 92E 92F",
    "drug-offences": "92 77 78",
    "possession-of-weapons": "10 10A 10B 10C 10D 81 90",
    "public-order-offences": "9 9A 9B 62 62A 64 65 66 125",
    "other-crimes": "15 24 26 27 33 33A 38 54 59 60 61 61A 63 67 68 69 75 76 79 80 82 83 84 85 86 87 89 91 94 95 96 "
    "99 802 814",
}

_CODE = re.compile(r"^0*(?P<number>\d+(?:\.\d+)?)\s*(?:/\s*\d+)?(?P<letter>[A-Z]?)", re.IGNORECASE)


def from_offence_code(code: str) -> str:
    """Category of a Home Office offence code such as "8N", "105A" or "034B".

    Raises
    ------
    KeyError
        When the code is not one that the tree has a line for.
    """
    found = _CODE.match(code.strip())
    if found is None:
        raise KeyError(code)
    number, letter = found["number"], found["letter"].upper()
    by_code = _category_of_code()
    return by_code[number + letter] if number + letter in by_code else by_code[number]


@cache
def _category_of_code() -> dict[str, str]:
    return {code: category for category, codes in _OFFENCE_CODES.items() for code in codes.split()}


def category_named(text: str, dataset: str) -> Category:
    """The category of a dataset with this id or label. Raises KeyError listing the ids that exist."""
    wanted = text.strip().lower()
    for category in _ALL:
        if category.dataset == dataset and wanted in (category.id, category.label.lower()):
            return category
    ids = ", ".join(c.id for c in _ALL if c.dataset == dataset)
    raise KeyError(f"There is no category '{text}' of {dataset}. Choose one of: {ids}.")


def root(dataset: str) -> str:
    """The category that holds everything in a dataset of counts."""
    return dataset


@cache
def children(category_id: str) -> tuple[str, ...]:
    """The lines directly under a category that make up its sum, in the order of the tree: no views."""
    return tuple(category.id for category in _ALL if category.parent == category_id and not category.overlaps)


@cache
def views(category_id: str) -> tuple[str, ...]:
    """The views directly under a category: lines whose crimes other lines hold already."""
    return tuple(category.id for category in _ALL if category.parent == category_id and category.overlaps)


@cache
def all_views(dataset: str) -> tuple[str, ...]:
    """Every view of a dataset's tree, in its order."""
    return tuple(category.id for category in _ALL if category.dataset == dataset and category.overlaps)


@cache
def ancestors(category_id: str) -> tuple[str, ...]:
    """The lines above a category, from the root down; not the category itself."""
    parent = CATEGORIES[category_id].parent
    return () if parent is None else (*ancestors(parent), parent)


@cache
def descendants(category_id: str) -> tuple[str, ...]:
    """Every line under a category, at any depth, in the order of the tree; not the category itself."""
    found: list[str] = []
    for child in children(category_id):
        found.append(child)
        found.extend(descendants(child))
    return tuple(found)
