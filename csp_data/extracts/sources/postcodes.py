"""Postcodes, from the ONS Postcode Directory or the National Statistics Postcode Lookup (ONSPD, NSPL).

Columns used: the postcode (``pcds``, ``pcd8``, ``pcd7`` or ``pcd``), latitude and longitude (``lat``, ``long``), and where
there are none, the ward (``osward``, ``wd25cd``, ``ward``) or LSOA code (``lsoa21``, ``lsoa21cd``). The files have 2.7
million lines of the United Kingdom: only those of the partnership are read into memory. Postcodes that are no longer in
use (``doterm``) are left out.

A postcode is a line of houses, and its coordinates are those of one of them: near a ward's edge a house may lie in the
next ward.

Grain out: a postcode, with ``postcode`` (capitals, one space), ``longitude``, ``latitude``, ``ward`` and ``lsoa`` ("" where
there is none).
"""

from pathlib import Path

import duckdb
import pandas as pd

from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.headings import code_column, column_named
from csp_data.extracts.sources.sheets import csv_lines

_POSTCODE = ("pcds", "postcode", "pcd8", "pcd7", "pcd")
_NOWHERE = 99.0
"""Latitude that ONS writes where a postcode has no grid reference."""


def read_postcodes(
    path: Path, box: tuple[float, float, float, float], wards: frozenset[str], lsoas: frozenset[str]
) -> pd.DataFrame:
    """The postcodes within a box, or with one of these codes.

    Parameters
    ----------
    box : west, south, east and north in degrees.
    wards, lsoas : codes of the partnership.

    Raises
    ------
    InputError
        When the file is missing, is not a CSV of postcodes, or holds none of the partnership.
    """
    if not path.is_file():
        raise InputError(str(path), "the file does not exist", "Name the CSV inside the folder 'Data' of the download")
    heading = next(csv_lines(path), [])
    postcode = column_named(heading, *_POSTCODE)
    latitude, longitude = column_named(heading, "lat", "latitude"), column_named(heading, "long", "longitude", "lon")
    ward = next((h.column for h in [code_column(heading, "ward")] if h), column_named(heading, "osward", "ward"))
    lsoa = next((h.column for h in [code_column(heading, "lsoa")] if h), column_named(heading, "lsoa21", "lsoa11"))
    ended = column_named(heading, "doterm")
    if postcode is None or not ((latitude and longitude) or ward or lsoa):
        raise InputError(
            str(path),
            "its heading has no postcode with latitude and longitude, ward or LSOA",
            "Use the ONS Postcode Directory or the NSPL as published (pcds, lat, long)",
            1,
        )

    def text(column: str | None) -> str:
        return f"coalesce(trim({_quoted(column)}), '')" if column else "''"

    def number(column: str | None) -> str:
        return f"try_cast({_quoted(column)} as double)" if column else "null::double"

    query = f"""
        select {text(postcode)} as postcode, {number(longitude)} as longitude, {number(latitude)} as latitude,
            {text(ward)} as ward, {text(lsoa)} as lsoa
        from read_csv(?, all_varchar = true, header = true, auto_detect = true)
        where {text(ended)} = '' and {text(postcode)} <> '' and (
            (longitude between ? and ? and latitude between ? and ? and latitude < {_NOWHERE})
            or ward in (select unnest(?)) or lsoa in (select unnest(?)))
    """
    west, south, east, north = box
    connection = duckdb.connect()
    try:
        found = connection.execute(
            query, [str(path), west, east, south, north, sorted(wards) or [""], sorted(lsoas) or [""]]
        ).df()
    except duckdb.Error as error:
        told = str(error).splitlines()[0][:200]
        raise InputError(str(path), f"it cannot be read as CSV ({told})", "Download it again") from error
    finally:
        connection.close()
    if found.empty:
        raise InputError(
            str(path), "it holds no postcode of the partnership", "Use the file of the whole country, or of this area"
        )
    plain = found["postcode"].str.upper().str.replace(r"\s", "", regex=True)
    wrong = ~plain.str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
    if wrong.any():
        raise InputError(
            str(path),
            f"'{found['postcode'][wrong].iloc[0][:20]}' is not a postcode",
            "Correct it, or leave the line out",
        )
    nowhere = found["latitude"] >= _NOWHERE
    found = found.assign(
        postcode=plain.str[:-3] + " " + plain.str[-3:],
        latitude=found["latitude"].where(~nowhere),
        longitude=found["longitude"].where(~nowhere),
    )
    return found.drop_duplicates("postcode").sort_values("postcode", ignore_index=True)


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
