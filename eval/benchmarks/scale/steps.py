"""The two steps of a size, each in a process of its own: taking in, then searching and asking."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from eval.benchmarks.scale.articles import PLANTED, planted

__all__ = ["ask", "disk_bytes", "take_in"]

# Questions that are asked whole; all are searched.
_ASKED = 40
_AS_OF = date(2025, 1, 31)
_RANKS = (1, 5, 20)
# Seconds between two notes of how long it took so far.
_NOTE = 5.0


def take_in(source: Path, library: Path, notes: Path) -> None:
    """Take a file in and note seconds, seconds of the processor and the highest memory (MB of all
    processes at once), added up over the runs that were needed.
    """
    from ingest import ingest

    before = json.loads(notes.read_text()) if notes.exists() else {}
    began = noted = time.monotonic()

    def note(*_: object, always: bool = False) -> None:
        nonlocal noted
        now = time.monotonic()
        if now - noted < _NOTE and not always:
            return
        noted = now
        own, others = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        used = sum(each.ru_utime + each.ru_stime for each in (own, others))
        figures = {
            "ingest_s": before.get("ingest_s", 0.0) + now - began,
            "ingest_cpu_s": before.get("ingest_cpu_s", 0.0) + used,
            "ingest_mb": max(before.get("ingest_mb", 0), (own.ru_maxrss + others.ru_maxrss) >> 10),
            "runs": before.get("runs", 0) + 1,
        }
        notes.write_text(json.dumps(figures))

    report = ingest([source], library=library, wait=True, on_progress=note)
    note(always=True)
    if report.failed:
        raise SystemExit(f"{len(report.failed)} articles failed: {report.failed[0].reason}")


def ask(library: Path, size: int, notes: Path) -> None:
    """Search and ask what was planted; note times (seconds of the clock and of the processor),
    recall and memory. The times of starting include those of the imports.
    """
    with _timed() as opening:
        from qa import open_pipeline
        from qa.question.understand import understand

        pipeline = open_pipeline(library)
    facts = [planted(size, number) for number in range(PLANTED)]
    questions = [understand(fact.question, as_of=_AS_OF) for fact in facts]
    with pipeline:
        with _timed() as first:
            pipeline.search(questions[0])
        searches, ranks = [], []
        for fact, question in zip(facts, questions, strict=True):
            with _timed() as taken:
                hits = pipeline.search(question).hits
            searches.append(taken)
            rank = (n for n, hit in enumerate(hits, 1) if fact.sentence in hit.passage.text)
            ranks.append(next(rank, 0))
        asked, right = [], 0
        for fact in facts[:_ASKED]:
            with _timed() as taken:
                answer = pipeline.ask(fact.question, as_of=_AS_OF)
            asked.append(taken)
            right += fact.answer in (answer.short or answer.text)
        counts = pipeline.library.counts()
    figures = {
        "passages": counts["passages"],
        "articles": counts["articles"],
        "cold_s": opening[0] + first[0],
        "ask_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "right": right / _ASKED,
        **{f"recall@{k}": sum(0 < rank <= k for rank in ranks) / PLANTED for k in _RANKS},
        **_latencies("search", searches),
        **_latencies("ask", asked),
    }
    notes.write_text(json.dumps(figures))


def disk_bytes(library: Path) -> dict[str, int]:
    """What the library and each of its indexes take on the disk."""
    parts: dict[str, int] = {}
    for file in library.rglob("*"):
        if file.is_file():
            name = file.relative_to(library).parts[0].partition("-")[0]
            parts[name] = parts.get(name, 0) + file.stat().st_size
    return parts


@contextmanager
def _timed() -> Iterator[list[float]]:
    taken: list[float] = []
    began, used = time.perf_counter(), time.process_time()
    yield taken
    taken += [time.perf_counter() - began, time.process_time() - used]


def _latencies(name: str, taken: list[list[float]]) -> dict[str, float]:
    clock = [1000 * each[0] for each in taken]
    return {
        f"{name}_ms": statistics.median(clock),
        f"{name}_p95_ms": statistics.quantiles(clock, n=20)[-1],
        f"{name}_cpu_ms": statistics.median(1000 * each[1] for each in taken),
    }


if __name__ == "__main__":
    step, first, *others = sys.argv[1:]
    if step == "ask":
        ask(Path(first), int(others[0]), Path(others[1]))
    else:
        take_in(Path(first), *map(Path, others))
