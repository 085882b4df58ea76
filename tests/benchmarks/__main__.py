"""Measure the dashboard against its targets and print them in tables: python -m tests.benchmarks

Takes about ten minutes with everything; name parts to measure only those. Every server and browser started here has
ended when it ends. Times depend on the machine and on what else it does: ratios are taken in turn, A B A B, so that
a busy moment meets both sides.
"""

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.browser.served import ROOT, chromium_path

console = Console(width=120)


def main() -> None:
    parts: dict[str, Callable[[str], None]] = {"server": server, "browser": browser, "users": users, "build": build}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="what to measure (all)")
    parser.add_argument("--data", default=str(ROOT / "data"), help="the workspace (the demonstration)")
    options = parser.parse_args()
    data = options.data if "://" in options.data else str(Path(options.data).resolve())
    for part in options.parts or parts:
        parts[part](data)


def server(data: str) -> None:
    from tests.benchmarks import server_part

    table = Table("Page", "p50, ms", "p95, ms", "Processor p50, ms", "Sent, kB", "Target, ms")
    table.title = "Server part of a change: message sent to script finished"
    for name, waits in server_part.measure(data).items():
        table.add_row(
            name,
            _number(statistics.median(waits.waited)),
            _number(_p95(waits.waited)),
            _number(statistics.median(waits.processor)),
            _number(statistics.median(waits.kilobytes)),
            "60 and 90" if name.startswith(server_part.BENCHMARK) else "p95 120",
        )
    console.print(table)


def browser(data: str) -> None:
    if chromium_path() is None:
        console.print("Browser: left out, because Chromium is not installed. On Debian: apt install chromium")
        return
    if find_spec("dash") is None:
        console.print("Browser: left out, because Dash is not installed. To compare with it: pip install dash==4.4.1")
        return
    from tests.benchmarks import browser as measured

    times = measured.measure(data)
    twin = times[measured.TWIN]
    changes = Table("Change of a choice", "To last chart p50, ms", "p95, ms", "Ratio", "Main thread p50, ms", "Ratio")
    changes.title = "Browser: an option chosen to the last chart drawn (target: ratio at most 1.0)"
    views = Table("First view", "p50, ms", "Ratio", title="Browser with nothing kept (target: ratio at most 1.3)")
    for name, found in times.items():
        drawn, thread = statistics.median(found.drawn), statistics.median(found.processor)
        changes.add_row(
            name,
            _number(drawn),
            _number(_p95(found.drawn)),
            f"{drawn / statistics.median(twin.drawn):.2f}",
            _number(thread),
            f"{thread / statistics.median(twin.processor):.2f}",
        )
        view = statistics.median(found.first_views)
        views.add_row(name, _number(view), f"{view / statistics.median(twin.first_views):.2f}")
    console.print(changes, views)


def users(data: str) -> None:
    from tests.benchmarks import users as measured

    load = measured.measure(data)
    table = Table("Visitors", "Choices", "p50, ms", "p95, ms", "p99, ms", "Of one core", "MB at start", "MB a visitor")
    table.title = (
        f"Many visitors on one process, one choice every {measured.THINKING:.0f} s each (target: p95 under 500 ms)"
    )
    table.add_row(
        str(load.visitors),
        str(len(load.waits)),
        _number(statistics.median(load.waits)),
        _number(_p95(load.waits)),
        _number(statistics.quantiles(load.waits, n=100)[98]),
        f"{load.processor:.0%}",
        _number(load.memory_start),
        f"{load.memory_each:.1f}",
    )
    console.print(table)


def build(data: str) -> None:
    subprocess.run([sys.executable, str(Path(__file__).with_name("build_speed.py"))], check=True)


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


if __name__ == "__main__":
    main()
