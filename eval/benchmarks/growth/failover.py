"""The primary dies in the middle of an ingest, and its synchronous standby goes on."""

import json
import random
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from eval.benchmarks.growth.postgres_server import DURABLE, free_port, started
from eval.benchmarks.growth.processes import App, Worker, wait_for
from eval.benchmarks.growth.sources import state_of, write_files
from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.jobs import JobOptions, enqueue_jobs, job_counts
from qa.library.store import Library

__all__ = ["kill_primary"]

_WORKERS, _APPS = 3, 2
_FILES, _ARTICLES = 40, 15
# Seconds of a busy machine.
_PATIENCE = 900


def kill_primary(source: Path, seed: int) -> dict[str, Any]:
    """One trial: what was acknowledged when the primary was killed, what of it the standby has,
    seconds until questions were answered again, and what is there when all jobs are done.
    """
    dice = random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        folder.chmod(0o755)
        files = write_files(source, folder, files=_FILES, articles_each=_ARTICLES)
        primary = started(**DURABLE)
        stack.callback(primary.stop)
        primary.emptied()
        standby = primary.standby(**DURABLE)
        stack.callback(standby.stop)
        standby.start()
        _let_wait_for_standby(primary.url())
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        url = f"postgresql://postgres@{hosts}/articles?target_session_attrs=read-write"
        library = Library.open(url, create=True)
        stack.callback(library.close)
        enqueue_jobs(library.database, [str(each.path) for each in files], JobOptions())
        apps = [App(url, free_port()) for _ in range(_APPS)]
        for app in apps:
            stack.callback(app.stop)
        for app in apps:
            wait_for(app.ready, seconds=_PATIENCE, what="the app is ready")
        acknowledged, guard = list[Path](), threading.Lock()

        def note(path: Path) -> None:
            with guard:
                acknowledged.append(path)

        workers = [Worker(url, note, "--lease", "5") for _ in range(_WORKERS)]
        for worker in workers:
            stack.callback(worker.stop)
        share = dice.uniform(0.2, 0.7)
        wait_for(
            lambda: len(acknowledged) >= share * _FILES, seconds=_PATIENCE, what="an ingest goes on"
        )
        time.sleep(dice.uniform(0, 1))
        killed = time.monotonic()
        primary.kill()
        # Whatever was printed until now was acknowledged by the primary: nobody else can write.
        time.sleep(1)
        with guard:
            told = {*acknowledged}
        promoting = time.monotonic()
        standby.promote()
        promoted = time.monotonic()
        known = [each for each in files if each.path in told]
        after = state_of(library, known)
        for app in apps:
            fact = dice.choice(known).fact
            body = json.dumps({"question": fact.question}).encode()
            wait_for(
                lambda app=app, body=body, fact=fact: (
                    fact.answer in (app.post("/api/ask", body) or "")
                ),  # type: ignore[misc]
                seconds=_PATIENCE,
                what="questions are answered again",
            )
        answered = time.monotonic()
        wait_for(
            lambda: job_counts(library.database)["done"] == _FILES,
            seconds=_PATIENCE,
            what="all jobs are done",
        )
        finished = state_of(library, files)
    return {
        "seed": seed,
        "acknowledged articles": len(known) * _ARTICLES,
        "of them missing on the standby": after["missing"],
        "promotion s": round(promoted - promoting, 2),
        "answered by both apps s after the kill": round(answered - killed, 2),
        "expected": _FILES * _ARTICLES,
        "worker starts": sum(worker.starts for worker in workers),
        **{f"in the end {name}": value for name, value in finished.items()},
    }


def _let_wait_for_standby(url: str) -> None:
    """From now on a commit is acknowledged when the standby has it on its disk."""
    database = PostgresDatabase(url)
    with database.connection() as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("SELECT pg_reload_conf()")
        sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_for(
            lambda: connection.execute(sql).fetchone()[0] > 0,
            seconds=_PATIENCE,
            what="the standby is synchronous",
        )
    database.close()
