"""How fast is a build from data.police.uk files, against a bare DuckDB copy of the same columns?

    python tests/benchmarks/build_speed.py --rows 10000000

Makes street files of that many rows (a month and force a file, as data.police.uk has them), then, each in a fresh
process and in turn so that neither gains from the other: copies the five columns that a build uses from CSV to Parquet
with DuckDB, and builds a release of one partnership from the same files. Prints rows a second, the ratio, the time of the
processor (which other programs of the machine do not disturb), and the peak of memory. Targets: ratio at least 0.8,
peak under 1.5 GB for 10 million rows.

Rows are about 224 bytes, as in Kent in 2025; 1% have no place; the partnership has a sixth of the home force's area.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2]))

ROWS_A_FILE = 25_000
FORCES = ["home", *(f"force-{number}" for number in range(1, 8))]
TYPES = [
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
]
DISTRICT = "E06000999"
WEST, SOUTH, WIDTH, HEIGHT = -3.0, 51.2, 0.6, 0.4
"""Degrees: the home force's rectangle; the others lie to its east."""
COLUMNS = ("Month", "Longitude", "Latitude", "LSOA code", "Crime type")

_FILE = """
copy (
    with incident as (
        select i, hash(i + {start}) % 12000 as point, hash(i * 7 + {start}) % {types} as kind from range({rows}) t(i)
    ), placed as (
        select *, point >= 120 as placed,
            {west} + (hash(point) % 600000) / 1e6 as x, {south} + (hash(point + 99) % 400000) / 1e6 as y
        from incident
    )
    select case when kind > 0 then sha256((i + {start})::varchar) end as "Crime ID", '{month}' as "Month",
        '{force} Police' as "Reported by", '{force} Police' as "Falls within",
        case when placed then printf('%.6f', x) end as "Longitude",
        case when placed then printf('%.6f', y) end as "Latitude",
        case when placed then 'On or near Street ' || point else 'No Location' end as "Location",
        case when placed then printf('E010{number}%04d', ((x - ({west})) * 50)::int * 100 + ((y - {south}) * 50)::int)
            end as "LSOA code",
        case when placed then 'Town 001A' end as "LSOA name",
        ({names})[kind::bigint + 1] as "Crime type",
        case when kind > 0 then 'Investigation complete; no suspect identified' end as "Last outcome category",
        null as "Context"
    from placed
) to '{path}' (header, delimiter ',')
"""


def make_files(folder: Path, rows: int) -> None:
    """Street files, ward boundaries, look-up, population and CONFIG.toml under the folder."""
    connection = duckdb.connect(config={"memory_limit": "512MB"})
    for number in range(max(1, rows // ROWS_A_FILE)):
        force = number % len(FORCES)
        months = number // len(FORCES)
        month = f"{2011 + months // 12}-{months % 12 + 1:02d}"
        path = folder / "police_uk" / month / f"{month}-{FORCES[force]}-street.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(
            _FILE.format(
                start=number * ROWS_A_FILE,
                rows=min(rows, ROWS_A_FILE),
                types=len(TYPES),
                names=str(TYPES),
                month=month,
                force=FORCES[force].title(),
                number=force,
                west=WEST + force * WIDTH,
                south=SOUTH,
                path=path.as_posix(),
            )
        )
    # A grid of 24 wards over the left half and lower third of the home force.
    features, lookup = [], ["LSOA21CD,WD23CD,LAD23CD"]
    for column in range(6):
        for row in range(4):
            x, y = WEST + column * WIDTH / 12, SOUTH + row * HEIGHT / 12
            east, north = x + WIDTH / 12, y + HEIGHT / 12
            ward = f"E0500{column:02d}{row:02d}"
            ring = [[x, y], [east, y], [east, north], [x, north], [x, y]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {"WD23CD": ward, "WD23NM": ward, "LAD23CD": DISTRICT},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
    for column in range(16):
        for row in range(7):
            ward = f"E0500{min(column * 6 // 15, 5):02d}{min(row * 4 // 7, 3):02d}"
            lookup.append(f"E0100{column * 100 + row:04d},{ward},{DISTRICT}")
    (folder / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (folder / "lookup.csv").write_text("\n".join(lookup) + "\n")
    (folder / "population.csv").write_text(f"lad_code,2023\n{DISTRICT},280000\n")
    (folder / "CONFIG.toml").write_text(
        f'[partnership]\nid = "home"\nname = "Home"\ndistricts = ["{DISTRICT}"]\nforce = "home"\n'
        '[[vintages]]\nid = "2023"\nlabel = "24 wards"\nboundaries = "wards.geojson"\n'
        '[[lookup]]\npath = "lookup.csv"\n[[population]]\npath = "population.csv"\n'
        '[[police_uk]]\npath = "police_uk"\n'
    )


def copy_bare(folder: Path) -> int:
    """Copy the columns that a build uses from every CSV to one Parquet file; gives the rows."""
    from csp_data.extracts.sources.police_uk import HEADING, MEMORY_LIMIT

    files = [path.as_posix() for path in sorted((folder / "police_uk").rglob("*.csv"))]
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in HEADING) + "}"
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "preserve_insertion_order": "false"})
    wanted = ", ".join(f'"{name}"' for name in COLUMNS)
    return connection.execute(
        f"copy (select {wanted} from read_csv({files}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', columns = {columns})) to '{(folder / 'bare.parquet').as_posix()}' (format parquet)"
    ).fetchone()[0]


def build_release(folder: Path) -> int:
    """Build a release of the partnership; gives the rows read."""
    from csp_data.extracts.build import build

    with tempfile.TemporaryDirectory() as workspace:
        return build(folder / "CONFIG.toml", workspace).rows_read


def run_alone(work: str, folder: Path) -> dict[str, float]:
    """Run one of the two in a process of its own; gives rows, seconds (without starting Python), of the processor
    too, and the peak in bytes."""
    command = [sys.executable, __file__, "--only", work, "--folder", str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the files here, and use those that are here already")
    parser.add_argument("--only", choices=["copy", "build"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        work = copy_bare if options.only == "copy" else build_release
        import csp_data.extracts.build  # noqa: F401  so that importing is not timed

        started, processor = time.perf_counter(), time.process_time()
        rows = work(options.folder)
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"rows": rows, "seconds": seconds, "processor": processor, "peak": peak}))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if not (folder / "CONFIG.toml").exists():
            make_files(folder, options.rows)
        found: dict[str, list[dict[str, float]]] = {"copy": [], "build": []}
        for _ in range(options.repeats):
            for work in found:
                found[work].append(run_alone(work, folder))
    show(found)


def show(found: dict[str, list[dict[str, float]]]) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = int(found["build"][0]["rows"])
    speed = {work: statistics.median(run["rows"] / run["seconds"] for run in runs) for work, runs in found.items()}
    table = Table(
        "Work",
        "Seconds",
        "Thousand rows a second",
        "Ratio",
        "Processor seconds",
        "Peak memory, MB",
        title=f"{rows:,} rows, median of {len(found['build'])} runs",
    )
    for work, name in (("copy", "Bare DuckDB copy of the columns"), ("build", "Build of a release")):
        seconds = statistics.median(run["seconds"] for run in found[work])
        peak = max(run["peak"] for run in found[work]) / 1024**2
        ratio = speed[work] / speed["copy"]
        busy = statistics.median(run["processor"] for run in found[work])
        table.add_row(
            name, f"{seconds:.2f}", f"{speed[work] / 1000:,.0f}", f"{ratio:.2f}", f"{busy:.2f}", f"{peak:,.0f}"
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
