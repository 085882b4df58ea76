"""A made-up partnership, Squareton, small enough to draw on paper, and the files that its release is built from.

It is 4 km wide, in four columns of about 1 km (longitudes 0.50, 0.51, 0.52, 0.53 to 0.54; latitude 51.30 to 51.31)::

    LSOAs of 2011   | E01000001 | E01000002 | E01000003 (two columns)   |
    LSOAs of 2021   | E01000001 | E01000002 | E01000004   | E01000005   |
    old wards       | E05000001 (two cols)  | E05000002 (two columns)   |
    new wards       | E05000011 | E05000012 (two columns)  | E05000013   |

So E01000003 was split in 2021, E01000001 and E01000002 did not change, and the old ward E05000002 lost its left column
to the new E05000012.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

DISTRICT = "E06000999"
NEIGHBOUR = "E06000998"
EDGES = [0.50, 0.51, 0.52, 0.53, 0.54]
SOUTH, NORTH = 51.30, 51.31
MIDDLE = 51.305
COLUMN = [0.505, 0.515, 0.525, 0.535]
"""Longitude of the middle of each column."""

OLD_WARDS = {"E05000001": (0, 2), "E05000002": (2, 4)}
NEW_WARDS = {"E05000011": (0, 1), "E05000012": (1, 3), "E05000013": (3, 4)}
LSOAS_2011 = {"E01000001": (0, 1), "E01000002": (1, 2), "E01000003": (2, 4)}
LSOAS_2021 = {"E01000001": (0, 1), "E01000002": (1, 2), "E01000004": (2, 3), "E01000005": (3, 4)}

HEADING = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)


def street_row(
    month: str,
    crime_type: str = "Burglary",
    longitude: object = "",
    latitude: object = "",
    lsoa: str = "",
    force: str = "Home Police",
    crime_id: str = "a1",
) -> str:
    name = f"Squareton {lsoa[-1:]}" if lsoa else ""
    return (
        f"{crime_id},{month},{force},{force},{longitude},{latitude},On or near High Street,{lsoa},{name},{crime_type},,"
    )


def street_text(rows: Iterable[str], line_end: str = "\n") -> str:
    return line_end.join([HEADING, *rows]) + line_end


def write_street(folder: Path, month: str, force: str, rows: Iterable[str], line_end: str = "\n") -> Path:
    path = folder / month / f"{month}-{force}-street.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(street_text(rows, line_end).encode())
    return path


def write_zip(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def square(first: int, last: int, scale=lambda x, y: (x, y)) -> dict:
    west, east = EDGES[first], EDGES[last]
    ring = [(west, SOUTH), (east, SOUTH), (east, NORTH), (west, NORTH), (west, SOUTH)]
    return {"type": "Polygon", "coordinates": [[scale(x, y) for x, y in ring]]}


def write_areas(path: Path, areas: Mapping[str, tuple[int, int]], code: str, name: str, **more: object) -> Path:
    """GeoJSON of columns of Squareton, with these headings for code and name, and the same further properties."""
    features = [
        {"type": "Feature", "properties": {code: area, name: f"Area {area[-2:]}", **more}, "geometry": square(*columns)}
        for area, columns in areas.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


CONFIG = """
[partnership]
id = "squareton"
name = "Squareton Community Safety Partnership"
short_name = "Squareton"
districts = ["E06000999"]
force = "home"

[[vintages]]
id = "2003"
label = "2 wards to 3 May 2023"
used_from = 2003-05-01
used_to = 2023-05-03
boundaries = "old_wards.geojson"

[[vintages]]
id = "2023"
label = "3 wards from 4 May 2023"
used_from = 2023-05-04
boundaries = "new_wards.geojson"

[[lookup]]
path = "lsoa21_new_ward.csv"

[[lookup]]
path = "lsoa11_lsoa21.csv"

[[population]]
path = "population.csv"

[[police_uk]]
path = "police_uk"
"""


def write_town(folder: Path) -> Path:
    """Every file of Squareton but its crime, which a test writes under ``police_uk``; gives the path of CONFIG.toml."""
    write_areas(folder / "old_wards.geojson", OLD_WARDS, "WD22CD", "WD22NM", LAD22CD=DISTRICT)
    write_areas(folder / "new_wards.geojson", NEW_WARDS, "wd23cd", "wd23nm", lad23cd=DISTRICT)
    (folder / "lsoa21_new_ward.csv").write_text(
        "LSOA21CD,LSOA21NM,WD23CD,WD23NM,LAD23CD,LAD23NM\n"
        f"E01000001,Squareton 001A,E05000011,Left,{DISTRICT},Squareton\n"
        f"E01000002,Squareton 001B,E05000012,Middle,{DISTRICT},Squareton\n"
        f"E01000004,Squareton 001D,E05000012,Middle,{DISTRICT},Squareton\n"
        f"E01000005,Squareton 001E,E05000013,Right,{DISTRICT},Squareton\n"
        f"E01000099,Elsewhere 001A,E05000099,Far,{NEIGHBOUR},Elsewhere\n"
    )
    (folder / "lsoa11_lsoa21.csv").write_text(
        "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM\n"
        f"E01000001,Squareton 001A,U,E01000001,Squareton 001A,{DISTRICT},Squareton\n"
        f"E01000002,Squareton 001B,U,E01000002,Squareton 001B,{DISTRICT},Squareton\n"
        f"E01000003,Squareton 001C,S,E01000004,Squareton 001D,{DISTRICT},Squareton\n"
        f"E01000003,Squareton 001C,S,E01000005,Squareton 001E,{DISTRICT},Squareton\n"
    )
    (folder / "population.csv").write_text(f"lad_code,year,population\n{DISTRICT},2019,4000\n")
    config = folder / "CONFIG.toml"
    config.write_text(CONFIG)
    return config
