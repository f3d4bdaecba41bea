"""What a passage takes in the database, and what a search costs, as a library grows."""

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from eval.benchmarks.growth.postgres_server import DURABLE, started
from eval.benchmarks.growth.sources import SourceFile, write_files
from ingest import ingest
from qa import open_pipeline
from qa.library.store import Library
from qa.question.understand import understand

__all__ = ["grow"]

_ARTICLES = 100
_SEARCHES = 100
_SIZES = """
    SELECT c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND pg_total_relation_size(c.oid) > 1000000
"""


def grow(source: Path, files: int) -> dict[str, Any]:
    """Take so many files of a hundred articles in: bytes of the larger tables and their indexes,
    seconds of the processor, and for searches of what was planted milliseconds of the clock, of
    this process and of the server, and the share that finds its passage among the first twenty.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        written = write_files(source, folder, files=files, articles_each=_ARTICLES)
        server = started(**DURABLE, shared_buffers="256MB", maintenance_work_mem="256MB")
        stack.callback(server.stop)
        url = server.emptied()
        before, began = os.times(), time.monotonic()
        report = ingest([each.path for each in written], library=url)
        after = os.times()
        level: dict[str, Any] = {
            "articles": report.added,
            "ingest cpu s": round(sum(after[:4]) - sum(before[:4]), 1),
            "ingest server cpu s": round(server.seconds(), 1),
            "ingest clock s": round(time.monotonic() - began, 1),
        }
        library = Library.open(url)
        stack.callback(library.close)
        with library.connection() as database:
            level["passages"] = library.counts()["passages"]
            level["bytes"] = {
                name: [table, indexes] for name, table, indexes in database.execute(_SIZES)
            }
        # What pages and `/api/health` ask of the whole library.
        for name, ask in (("counts ms", library.counts), ("summaries ms", library.summaries)):
            asking = time.perf_counter()
            ask()
            level[name] = round((time.perf_counter() - asking) * 1000, 1)
        return {**level, **_search(url, server.seconds, written)}


def _search(url: str, server_seconds: Any, written: list[SourceFile]) -> dict[str, float]:
    facts = [each.fact for each in written][:_SEARCHES]
    with open_pipeline(url) as pipeline:
        questions = [understand(fact.question) for fact in facts]
        pipeline.search(questions[0])
        took, found = [], 0
        server, own = server_seconds(), time.process_time()
        for fact, question in zip(facts, questions, strict=True):
            began = time.perf_counter()
            hits = pipeline.search(question, 20).hits
            took.append(time.perf_counter() - began)
            found += any(fact.sentence in hit.passage.text for hit in hits)
        own, server = time.process_time() - own, server_seconds() - server
    return {
        "search median ms": round(statistics.median(took) * 1000, 1),
        "search own cpu ms": round(own / len(facts) * 1000, 1),
        "search server cpu ms": round(server / len(facts) * 1000, 1),
        "found": round(found / len(facts), 3),
    }
