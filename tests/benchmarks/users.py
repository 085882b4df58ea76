"""Many visitors on one process, each choosing something else every ten seconds or so."""

import asyncio
import random
from dataclasses import dataclass, field

from tests.benchmarks import servers
from tests.benchmarks.servers import Server
from tests.benchmarks.visitor import Visitor

VISITORS = 100
THINKING = 10.0
"""Mean seconds between an answer and the next choice of a visitor, exponentially spread."""
ARRIVING = 20.0
"""Seconds over which all arrive."""
MEASURED = 60.0
"""Seconds measured once all are there."""
CHOSEN_IN = ("Measure", "Type", "Period", "Compare with", "Area")


@dataclass
class Load:
    waits: list[float] = field(default_factory=list)
    """Milliseconds from a choice to its script finished."""
    visitors: int = 0
    processor: float = 0.0
    """Share of one core that the server used."""
    memory_start: float = 0.0
    """MB with one visitor."""
    memory_end: float = 0.0

    @property
    def memory_each(self) -> float:
        """MB a visitor takes, the figures kept for all of them included."""
        return (self.memory_end - self.memory_start) / max(1, self.visitors - 1)


def measure(data: str, visitors: int = VISITORS, seconds: float = MEASURED) -> Load:
    with servers.dashboard(data) as server:
        return asyncio.run(_measure(server, visitors, seconds))


async def _measure(server: Server, count: int, seconds: float) -> Load:
    load = Load(visitors=count)
    chance = random.Random(20)
    first = Visitor(server.address)
    await first.arrive()
    load.memory_start = server.memory()
    everyone = [first, *(Visitor(server.address) for _ in range(count - 1))]
    arrived = asyncio.Event()
    ended = asyncio.Event()
    tasks = [
        asyncio.create_task(
            _visit(visitor, number * ARRIVING / count, random.Random(chance.random()), load, arrived, ended)
        )
        for number, visitor in enumerate(everyone)
    ]
    await asyncio.sleep(ARRIVING)
    arrived.set()
    before = server.cpu()
    await asyncio.sleep(seconds)
    ended.set()
    load.processor = (server.cpu() - before) / seconds
    load.memory_end = server.memory()
    await asyncio.wait_for(asyncio.gather(*tasks), timeout=60)
    return load


async def _visit(
    visitor: Visitor, after: float, chance: random.Random, load: Load, arrived: asyncio.Event, ended: asyncio.Event
) -> None:
    await asyncio.sleep(after)
    if not visitor.lists:
        await visitor.arrive()
    while not ended.is_set():
        try:
            await asyncio.wait_for(ended.wait(), chance.expovariate(1 / THINKING))
            break
        except TimeoutError:
            pass
        label = chance.choice([label for label in CHOSEN_IN if label in visitor.lists])
        wait = await visitor.choose(label, chance.choice(visitor.lists[label].options))
        if arrived.is_set() and not ended.is_set():
            load.waits.append(wait * 1000)
    await visitor.leave()
