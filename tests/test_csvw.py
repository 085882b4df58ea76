"""CSV on the Web and Parquet: read back by the programs that are meant to read them."""

import io
import json
import re
import warnings
import zipfile
from pathlib import Path

import csvw as reader
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_charts import EVERY
from test_workbook import ABOUT

from csp_data.exports import tables
from csp_data.exports.csvw import csvw, metadata
from csp_data.exports.parquet import parquet


def unpacked(made: bytes, folder: Path) -> tuple[Path, dict]:
    """The CSV and its description, laid side by side as somebody who takes them apart has them."""
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        packed.extractall(folder)
    (described,) = folder.glob("*.json")
    return folder / described.name.removesuffix("-metadata.json"), json.loads(described.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EVERY)
def test_the_description_is_valid_and_the_csv_fits_it(name, tmp_path):
    chart = EVERY[name]()
    file, described = unpacked(csvw(chart, ABOUT), tmp_path)
    assert file.read_bytes() == tables.csv(chart)
    checked = reader.CSVW(str(tmp_path / f"{file.name}-metadata.json"), validate=True)
    assert checked.is_valid
    assert [str(warning.message) for warning in checked.warnings] == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = list(reader.Table.from_file(tmp_path / f"{file.name}-metadata.json").iterdicts(strict=True))
    assert len(rows) == len(chart.data)
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(rows[0])
    if "value" in chart.data:
        shown = [value if value == value else None for value in tables.finished(chart)["value"].tolist()]
        assert [row["value"] for row in rows] == shown


def test_a_file_that_does_not_fit_is_found_out(tmp_path):
    """So that the test above can fail."""
    file, _ = unpacked(csvw(EVERY["wards"](), ABOUT), tmp_path)
    file.write_bytes(file.read_bytes().replace(b",30,", b",thirty,"))
    checked = reader.CSVW(str(tmp_path / f"{file.name}-metadata.json"), validate=True)
    assert not checked.is_valid


def test_the_description_says_what_the_data_are():
    chart = EVERY["wards"]()
    said = metadata(chart, ABOUT, "wards.csv")
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    assert said["dc:title"] == "Recorded crimes per 1,000 residents by ward, Medway, April 2019 to March 2020"
    assert said["dc:publisher"] == "Medway Community Safety Partnership"
    assert said["dc:source"] == chart.source
    assert said["dc:issued"]["@value"] == "2026-11-22"
    assert said["dc:temporal"] == "2019-04/2020-03"
    assert said["dc:license"] == [{"@id": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}]
    assert said["schema:version"] == "2026-11-22T091000"
    assert said["schema:creativeWorkStatus"] == "Demonstration data: synthetic"
    assert {one["schema:name"]: one["schema:value"] for one in said["schema:additionalProperty"]} == dict(ABOUT.filters)
    notes = [note["body"] for note in said["notes"]]
    assert set(chart.notes) <= set(notes)
    columns = {column["name"]: column for column in said["tableSchema"]["columns"]}
    assert columns["value"] == {
        "name": "value",
        "titles": "value",
        "datatype": "number",
        "null": "",
        "dc:title": "Recorded crimes per 1,000 residents",
        "dc:description": "The figure, not rounded; empty where it is missing or withheld",
        "schema:unitText": "per 1,000 residents",
    }
    assert columns["period_start"]["datatype"] == "gYearMonth"
    assert columns["lower_95"]["dc:title"] == "95% interval: from"


def test_the_same_figures_give_the_same_file():
    assert csvw(EVERY["wards"](), ABOUT) == csvw(EVERY["wards"](), ABOUT)


def test_a_withheld_number_is_in_neither_file():
    chart = EVERY["wards"]()
    with zipfile.ZipFile(io.BytesIO(csvw(chart, ABOUT))) as packed:
        assert not any(re.search(rb"\b731(\.0|0)?\b", packed.read(name)) for name in packed.namelist())
    oak = pq.read_table(io.BytesIO(parquet(chart, ABOUT))).to_pylist()[3]
    assert (oak["area_name"], oak["symbol"]) == ("Oak", "[c]")
    assert [
        name
        for name, value in oak.items()
        if isinstance(value, int | float) and value > 12 and name != "population_year"
    ] == []


@pytest.mark.parametrize("name", EVERY)
def test_parquet_has_the_rows_of_the_chart(name):
    chart = EVERY[name]()
    back = pq.read_table(io.BytesIO(parquet(chart, ABOUT)))
    rows = tables.finished(chart)
    assert back.column_names == list(rows.columns)
    for column in rows:
        if pa.types.is_floating(back.schema.field(column).type):
            expected = rows[column].to_numpy(dtype=float)
            got = back[column].to_numpy(zero_copy_only=False).astype(float)
            np.testing.assert_array_equal(got, np.where(np.isfinite(expected), expected, np.nan))


def test_the_types_of_parquet_do_not_hang_on_the_figures():
    kinds = [
        pq.read_schema(io.BytesIO(parquet(EVERY[name](), ABOUT))).types for name in ("gaps", "all missing", "all zero")
    ]
    assert kinds[0] == kinds[1] == kinds[2]


def test_parquet_says_what_it_is():
    chart = EVERY["wards"]()
    schema = pq.read_schema(io.BytesIO(parquet(chart, ABOUT)))
    said = {name.decode(): text.decode() for name, text in schema.metadata.items()}
    assert said["title"] == chart.subtitle
    assert said["unit"] == "per 1,000 residents"
    assert said["source"] == chart.source
    assert (said["release"], said["status"]) == ("2026-11-22T091000", "demonstration")
    assert json.loads(said["filters"]) == dict(ABOUT.filters)
    assert json.loads(said["notes"]) == list(chart.notes)
    value = schema.field("value").metadata
    assert (value[b"unit"], value[b"title"]) == (b"per 1,000 residents", b"Recorded crimes per 1,000 residents")
    assert b"pandas" not in schema.metadata


def test_an_end_of_an_interval_that_is_infinite_is_null():
    chart = EVERY["kinds"]()
    chart.data.loc[0, "percent_upper"] = float("inf")
    rows = pq.read_table(io.BytesIO(parquet(chart, ABOUT))).to_pylist()
    assert rows[0]["percent_upper_95"] is None
