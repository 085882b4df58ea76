"""Parquet of the rows behind a chart: what was chosen, after disclosure, with its description in the file's own schema."""

import json
from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from csp_data.exports import columns
from csp_data.exports.about import About
from csp_data.figures.chart import Chart

_KINDS = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "month": pa.string(),
    "string": pa.string(),
}


def parquet(chart: Chart, about: About) -> bytes:
    """The finished rows of a chart, a figure that is missing or withheld as null.

    The schema's metadata has title, description, source, notice, release, status, licences, filters and notes (the last
    three as JSON); the metadata of each field its title, description and unit.
    """
    rows, every = columns.described(chart)
    fields = [
        pa.field(
            column.name,
            _KINDS[column.kind],
            metadata=_filled({"title": column.title, "description": column.meaning, "unit": column.unit}),
        )
        for column in every
    ]
    units = sorted({column.unit for column in every if column.name == "value"})
    whole = {
        "title": chart.subtitle,
        "message": chart.title,
        "description": chart.alt,
        "unit": units[0] if units else "",
        "source": chart.source,
        "notice": chart.notice,
        "partnership": about.partnership,
        "release": about.release,
        "status": about.status,
        "made": about.made.isoformat(),
        "address": about.address,
        "audience": about.audience,
        "licences": _json([licence.name for licence in about.licences]),
        "attributions": _json(list(about.attributions)),
        "filters": _json(dict(about.filters)),
        "notes": _json(list(chart.notes)),
    }
    arrays = [_array(rows[column.name], _KINDS[column.kind]) for column in every]
    file = BytesIO()
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=_filled(whole))), file, compression="zstd"
    )
    return file.getvalue()


def _array(cells: pd.Series, kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return pa.array([None if pd.isna(cell) else str(cell) for cell in cells.tolist()], kind)
    if pa.types.is_floating(kind):
        cells = cells.where(np.isfinite(cells))
    return pa.array(cells, kind, from_pandas=True)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _filled(facts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in facts.items() if text}
