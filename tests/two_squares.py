"""The workspace of Town, a made-up partnership of two square LSOAs, small enough to check by eye."""

import geopandas
import pandas as pd
from shapely import box

from csp_data.catalogue.partnerships import Partnership, Vintage

TOWN = Partnership(
    id="town",
    name="Town Community Safety Partnership",
    short_name="Town",
    districts=("E07000001",),
    force="kent",
    vintages=(Vintage("2003", "2 wards to May 2023"), Vintage("2023", "1 ward from May 2023")),
)


def town_tables() -> dict[str, pd.DataFrame]:
    """Two square LSOAs side by side. Until 2023 each was a ward, Ash and Birch; since then both are the ward Cedar."""
    month = pd.to_datetime(["2019-04-01", "2019-05-01", "2019-06-01"])
    west, east = box(0.0, 51.0, 0.5, 51.5), box(0.5, 51.0, 1.0, 51.5)
    whole = box(0.0, 51.0, 1.0, 51.5)
    return {
        "crime": pd.DataFrame(
            {
                "month": month,
                "small_area": ["E01000001", "E01000002", "E01000002"],
                "category": ["burglary", "burglary", "robbery"],
                "source": "kent",
                "count": pd.array([40, 30, 30], dtype="int32"),
            }
        ),
        "asb": pd.DataFrame(
            {
                "month": month,
                "small_area": ["E01000001", "E01000001", "E01000002"],
                "category": "asb",
                "source": "kent",
                "count": pd.array([5, 6, 7], dtype="int32"),
            }
        ),
        "small_areas": pd.DataFrame(
            {
                "small_area": ["E01000001", "E01000002", "E07000001", "not_located"],
                "area_code": ["E01000001", "E01000002", "E07000001", ""],
                "area_type": ["lsoa2011", "lsoa2011", "district", "not_located"],
                "area_name": ["Town 001A", "Town 001B", "Town", ""],
                "district": ["E07000001", "E07000001", "E07000001", ""],
            }
        ),
        "ward_lookup": pd.DataFrame(
            {
                "small_area": ["E01000001", "E01000002", "E01000001", "E01000002"],
                "vintage": ["2003", "2003", "2023", "2023"],
                "ward_code": ["E05000001", "E05000002", "E05000003", "E05000003"],
                "share": 1.0,
                "method": "nested",
            }
        ),
        "areas": geopandas.GeoDataFrame(
            {
                "area_code": ["E05000001", "E05000002", "E05000003", "E07000001"],
                "name": ["Ash", "Birch", "Cedar", "Town"],
                "area_type": ["ward", "ward", "ward", "district"],
                "vintage": ["2003", "2003", "2023", ""],
                "district": "E07000001",
            },
            geometry=[west, east, whole, whole],
            crs=4326,
        ),
        "population": pd.DataFrame(
            {
                "area_code": ["E05000001", "E05000002", "E05000003", "E07000001"],
                "area_type": ["ward", "ward", "ward", "district"],
                "vintage": ["2003", "2003", "2023", ""],
                "year": pd.array([2019] * 4, dtype="int32"),
                "denominator": "residents",
                "population": pd.array([600, 400, 1000, 1000], dtype="int32"),
                "low": pd.array([600, 400, 1000, 1000], dtype="int32"),
                "high": pd.array([600, 400, 1000, 1000], dtype="int32"),
                "basis": "made for the test",
                "reference_date": pd.Timestamp("2019-06-30"),
                "source": "made for the test",
            }
        ),
        "events": pd.DataFrame(
            {
                "start": pd.to_datetime(["2019-05-02"]),
                "end": pd.to_datetime([None]),
                "kind": "system change",
                "label": "New records system",
                "note": "Made for the test.",
                "datasets": "crime, asb",
            }
        ),
    }


def town_manifest(release: str = "2019-07-10T090000") -> dict:
    """Three months of crime and ASB are covered, and the release was built in the month after."""
    source = {"name": "Made for the test", "publisher": "Nobody", "licence": "synthetic"}
    covered = {"months": ["2019-04", "2019-05", "2019-06"], "sources": [source]}
    return {
        "release": release,
        "built_at": "2019-07-10T09:00:00Z",
        "extracts": {
            name: dict(covered) if name in ("crime", "asb") else {"sources": [source]} for name in town_tables()
        },
    }
