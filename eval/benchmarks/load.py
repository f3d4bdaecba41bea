"""How many answers a second a running server gives, and whether it tells its health meanwhile.

``python -m eval.benchmarks.load ADDRESS GOLD [QUESTIONS]``, with a server that runs with
QA_RATE=0. An asyncio client of the REST interface; knows nothing of what is behind it.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import httpx

__all__ = ["Load", "main", "press"]

_CLIENTS = (1, 10, 50)
_HEALTH_PAUSE = 0.1


@dataclass
class Load:
    """What came of some questions: seconds that each answer took, how many were refused because the
    server was busy, the seconds in all, and the seconds that each look at its health took.
    """

    answers: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0
    health: list[float] = field(default_factory=list)


async def press(address: str, questions: Sequence[str], clients: int) -> Load:
    """Ask each question once, ``clients`` at a time, and look at the health all the while.

    Raises httpx.HTTPStatusError when the server fails one for another reason than being busy.
    """
    waiting = list(reversed(questions))
    load = Load()
    many = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(base_url=address, timeout=300, limits=many) as http,
        _watching(address, load.health),
    ):

        async def client() -> None:
            while waiting:
                started = time.perf_counter()
                reply = await http.post("/api/ask", json={"question": waiting.pop()})
                if reply.status_code in (429, 503):
                    load.refused += 1
                    continue
                reply.raise_for_status()
                load.answers.append(time.perf_counter() - started)

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        load.seconds = time.perf_counter() - started
    return load


@asynccontextmanager
async def _watching(address: str, took: list[float]) -> AsyncIterator[None]:
    async def watch() -> None:
        # A connection of its own: it must not wait for those of the questions.
        async with httpx.AsyncClient(base_url=address, timeout=300) as http:
            while True:
                started = time.perf_counter()
                (await http.get("/api/health")).raise_for_status()
                took.append(time.perf_counter() - started)
                await asyncio.sleep(_HEALTH_PAUSE)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def main(address: str, gold: str, most: str = "100") -> None:
    """Print answers a second, median and 95th percentile at 1, 10 and 50 clients. Each number of
    clients asks questions of its own, at most ``most``: what was asked before is known.
    """
    lines = Path(gold).read_text("utf-8").splitlines()
    known = [json.loads(line)["question"] for line in lines if line.strip()]
    sys.stdout.write("clients  answers/s  median s  95 % s  refused  health median s  most s\n")
    for number, clients in enumerate(_CLIENTS):
        questions = known[number :: len(_CLIENTS)][: int(most)]
        load = asyncio.run(press(address, questions, clients))
        late = quantiles(load.answers, n=20)[-1]
        speed, health = len(load.answers) / load.seconds, load.health
        sys.stdout.write(
            f"{clients:7}  {speed:9.2f}  {median(load.answers):8.2f}  {late:6.2f}  "
            f"{load.refused:7}  {median(health):15.3f}  {max(health):6.3f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
