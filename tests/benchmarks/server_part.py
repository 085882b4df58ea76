"""How long the server takes over a change of a choice: from the message sent to the script finished."""

import asyncio
from dataclasses import dataclass, field
from itertools import islice

from csp_data.ui import layout
from tests.benchmarks import servers, seven
from tests.benchmarks.servers import Server
from tests.benchmarks.visitor import Visitor

CHANGES = 60
UNCOUNTED = 10
"""Changes at the start that are not counted: the first of a kind imports and reads."""
PAGES = tuple(name for name in layout.PAGES if name != "about_the_data")
BENCHMARK = "Map and six charts"
PAUSE = 0.1
"""Seconds between an answer and the next choice."""


@dataclass
class Waits:
    """Milliseconds, one each change."""

    waited: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Time of the server on the processor: less moved than the wait by what else the machine does."""
    kilobytes: list[float] = field(default_factory=list)


def measure(data: str, changes: int = CHANGES) -> dict[str, Waits]:
    """Waits of one visitor: on the benchmark's page for choices nobody has made before and for the same choices made
    again, and on each page of the product for new choices."""
    chosen = list(islice(seven.changes(seven.lists_of(data)), changes + UNCOUNTED))
    found = {}
    with servers.dashboard(data) as server:
        for choice in ("new choice", "choice made before"):
            found[f"{BENCHMARK}, {choice}"] = asyncio.run(_visit(server, Visitor(server.address), chosen))
    with servers.product(data) as server:
        for page in PAGES:
            found[f"Page '{page}', new choice"] = asyncio.run(_visit(server, Visitor(server.address, page), chosen))
    return found


async def _visit(server: Server, visitor: Visitor, chosen: list[tuple[str, str]]) -> Waits:
    waits = Waits()
    await visitor.arrive()
    for number, (label, option) in enumerate(chosen):
        await asyncio.sleep(PAUSE)
        before = server.cpu()
        waited = await visitor.choose(label, option)
        if number >= UNCOUNTED:
            waits.waited.append(waited * 1000)
            waits.processor.append((server.cpu() - before) * 1000)
            waits.kilobytes.append(visitor.received / 1024)
    await visitor.leave()
    return waits
