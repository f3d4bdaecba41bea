"""How many answers a second a running server gives: ``python -m ui.load ADDRESS GOLD``.

An asyncio client of the REST interface; knows nothing of what is behind it.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

import httpx

__all__ = ["main", "press"]

_CLIENTS = (1, 10, 50)


async def press(address: str, questions: Sequence[str], clients: int) -> list[float]:
    """Ask each question once, ``clients`` at a time; the seconds that each answer took.

    Raises httpx.HTTPStatusError when the server refuses one.
    """
    waiting = list(reversed(questions))
    took: list[float] = []
    async with httpx.AsyncClient(base_url=address, timeout=300) as http:

        async def client() -> None:
            while waiting:
                started = time.perf_counter()
                reply = await http.post("/api/ask", json={"question": waiting.pop()})
                reply.raise_for_status()
                took.append(time.perf_counter() - started)

        await asyncio.gather(*(client() for _ in range(clients)))
    return took


def main(address: str, gold: str, most: str = "100") -> None:
    """Print answers a second, median and 95th percentile at 1, 10 and 50 clients."""
    lines = Path(gold).read_text("utf-8").splitlines()
    known = [json.loads(line)["question"] for line in lines if line.strip()]
    questions = [known[number % len(known)] for number in range(int(most))]
    sys.stdout.write("clients  answers/s  median s  95 % s\n")
    for clients in _CLIENTS:
        started = time.perf_counter()
        took = asyncio.run(press(address, questions, clients))
        speed = len(took) / (time.perf_counter() - started)
        late = quantiles(took, n=20)[-1]
        sys.stdout.write(f"{clients:7}  {speed:9.2f}  {median(took):8.2f}  {late:6.2f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
