"""CSV on the Web: the CSV of a chart together with a description of it that programs read, as the W3C lays down.

The description (``name.csv-metadata.json``, "Metadata Vocabulary for Tabular Data", 17 December 2015) has each column
with its kind of value, unit and meaning, and of the whole its title, source, licence, release, state, dates, filters and
notes.
"""

import json
import zipfile
from io import BytesIO
from typing import Any

from csp_data.exports import columns, tables
from csp_data.exports.about import About
from csp_data.figures import wording
from csp_data.figures.chart import Chart

_KINDS: dict[str, Any] = {
    "integer": "integer",
    "number": "number",
    "boolean": {"base": "boolean", "format": "True|False"},
    "date": "date",
    "month": "gYearMonth",
    "string": "string",
}
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP file can name


def csvw(chart: Chart, about: About) -> bytes:
    """A ZIP file with the CSV and its description, which name each other."""
    name = tables.file_name(chart, "csv")
    file = BytesIO()
    moment = max(_EARLIEST, about.made.timetuple()[:6])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in (
            (name, tables.csv(chart)),
            (f"{name}-metadata.json", json.dumps(metadata(chart, about, name), ensure_ascii=False, indent=1).encode()),
        ):
            packed.writestr(zipfile.ZipInfo(part, moment), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def metadata(chart: Chart, about: About, url: str) -> dict[str, Any]:
    """The description of the CSV of a chart that lies at ``url``."""
    rows, every = columns.described(chart)
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "dc:title": chart.subtitle,
        "dc:abstract": chart.title,
        "dc:description": chart.alt,
        "dc:publisher": about.partnership,
        "dc:source": chart.source,
        "dc:issued": {"@value": about.made.date().isoformat(), "@type": "xsd:date"},
        "dc:temporal": _between(rows),
        "dc:license": [{"@id": licence.url} for licence in about.licences if licence.url],
        "dc:rights": [
            *about.attributions,
            *(f"{licence.name}. {licence.attribution}" for licence in about.licences if not licence.url),
        ],
        "schema:version": about.release,
        "schema:creativeWorkStatus": about.notice or about.status,
        "schema:url": {"@id": about.address} if about.address else "",
        "schema:additionalProperty": [
            {"@type": "schema:PropertyValue", "schema:name": label, "schema:value": chosen}
            for label, chosen in about.filters
        ],
        "notes": [
            {"type": "Annotation", "target": url, "body": text}
            for text in (
                *(text for text in (chart.notice, about.audience) if text),
                *chart.notes,
                "A cell without a figure is empty; value_status and symbol say why: "
                + "; ".join(f"{symbol} {meaning}" for symbol, meaning in wording.SYMBOL_MEANINGS.items())
                + ".",
                "A quotation mark stands before text that a spreadsheet could run as a formula.",
            )
        ],
        "tableSchema": {"columns": [_column(column) for column in every]},
    }
    return {name: value for name, value in described.items() if value not in ("", [])}


def _column(column: columns.FileColumn) -> dict[str, Any]:
    made = {
        "name": column.name,
        "titles": column.name,
        "datatype": _KINDS[column.kind],
        "null": "",
        "dc:title": column.title,
        "dc:description": column.meaning,
        "schema:unitText": column.unit,
    }
    return {name: value for name, value in made.items() if value or name == "null"}


def _between(rows: Any) -> str:
    """The months of the rows as ISO 8601 has them: "2019-04/2020-03"; empty when the rows name none."""
    if not {"period_start", "period_end"} <= set(rows.columns):
        return ""
    months = sorted(month for name in ("period_start", "period_end") for month in rows[name] if month)
    return f"{months[0]}/{months[-1]}" if months else ""
