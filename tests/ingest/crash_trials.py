"""Kill what writes to a library at random moments, run it again, and look at what is there.

Run as a program: ``python crash_trials.py FOLDER TRIALS SEED [KIND …]``. Forks from one warm
process, so that a trial costs seconds and not the imports. What is killed tells of each step it
takes, and is killed at one of them or shortly after, so that a busy machine changes nothing.
Prints a line of JSON for each trial.
"""

import json
import os
import random
import shutil
import signal
import sys
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path

import sentencex  # noqa: F401  - imported before the forks, used by none
from chromadb.api.models.Collection import Collection
from crash_library import problems, take_in, write_articles

import ingest.run
import qa.index.sync
import qa.library.writer
from ingest.split import split
from qa.build import open_tools
from qa.index import doctor, removal
from qa.index import sync as indexing
from qa.index.vector_index import ChromaIndex
from qa.library.lexical.tantivy_index import TantivyIndex
from qa.library.store import Library
from qa.library.writer import LibraryWriter, open_writer

# The default. With vectors that lie farther apart, such as those of hashed words, fewer are lost.
os.environ["QA_EMBEDDER"] = "static"
# Smaller steps than usual: more places to die in, and still much to find half done in each.
ingest.run._BATCH = 40
qa.index.sync._BATCH = 150
qa.library.writer._WORDS_BATCH = 150

_VICTIMS = [f"a{number}" for number in range(60, 120)]


def ingesting(library: Path, before: Path, after: Path, upload: Path) -> None:
    take_in(library, after)


def removing(library: Path, *files: Path) -> None:
    with open_tools(library) as tools, open_writer(tools.library) as writer:
        there = {summary.id for summary in tools.library.summaries()}
        # One after the other, as so many commands.
        for id_ in _VICTIMS:
            if id_ in there:
                removal.remove(writer, tools.embedder, tools.index, [id_])


def rebuilding(library: Path, *files: Path) -> None:
    with open_tools(library) as tools, open_writer(tools.library) as writer:
        indexing.rebuild(writer, tools.embedder, tools.index)


def changing_embedder(library: Path, *files: Path) -> None:
    os.environ["QA_EMBEDDER"] = "hashing"
    rebuilding(library)


def repairing(library: Path, *files: Path) -> None:
    with open_tools(library) as tools, open_writer(tools.library) as writer:
        doctor.repair(writer, tools.embedder, tools.index, split=split)


def serving(library: Path, before: Path, after: Path, upload: Path) -> None:
    """A server that is sent articles; ends when they are in."""
    import socket

    import uvicorn

    from ui.evaluations import Evaluations
    from ui.guard.access import Access
    from ui.guard.middleware import Guard
    from ui.server import make_api
    from ui.service import open_service

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    with open_service(library) as service:
        access = Access(service.library)
        app = Guard(make_api(service, access, Evaluations(service)), access)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        rows = [json.loads(line) for line in upload.read_text().splitlines()]
        body = json.dumps({"articles": rows}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/articles", body, {"content-type": "application/json"}
        )

        def send() -> None:
            urllib.request.urlopen(request, timeout=300).read()
            server.should_exit = True

        client = threading.Thread(target=send)
        client.start()
        server.run(sockets=[listening])
        client.join()


def _damage(library: Path) -> None:
    """What a repair has to mend: vectors that are missing, strays, and passages said to wait."""
    with open_tools(library) as tools, open_writer(tools.library) as writer:
        keys = sorted(tools.library.keys())
        tools.index.delete(keys[:60])
        writer.mark_pending(keys[100:160])
        tools.library.lexical_index.delete(keys[200:260])


# What is killed, and what the library should hold after it was run again.
KINDS: dict[str, Callable[..., None]] = {
    "ingest": ingesting,
    "remove": removing,
    "rebuild": rebuilding,
    "embedder": changing_embedder,
    "repair": repairing,
    "serve": serving,
}


def main() -> None:
    folder, trials, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    kinds = sys.argv[4:] or list(KINDS)
    files = write_articles(folder)
    start, broken, trial = folder / "start", folder / "broken", folder / "trial"
    _forked(lambda: take_in(start, files[0]))
    shutil.copytree(start, broken)
    _forked(lambda: _damage(broken))
    dice = random.Random(seed)
    steps: dict[str, int] = {}
    for number in range(trials):
        began = time.monotonic()
        kind = kinds[number % len(kinds)]
        work = partial(KINDS[kind], trial, *files)
        origin = broken if kind == "repair" else start
        if kind not in steps:
            shutil.copytree(origin, trial, dirs_exist_ok=True)
            steps[kind] = _forked(work).steps
            shutil.rmtree(trial)
        shutil.copytree(origin, trial)
        step = dice.randint(1, steps[kind])
        delay = dice.choice((0.0, dice.uniform(0, 0.05)))
        ended = _forked(work, kill_at=step, delay=delay)
        again = dice.choice(("the same", "an ingest"))
        verdict = folder / "verdict.json"
        verdict.unlink(missing_ok=True)
        _forked(partial(_judge, kind, again, trial, files, verdict))
        found = json.loads(verdict.read_text()) if verdict.exists() else {"no verdict": 1}
        shutil.rmtree(trial)
        line = {"trial": number, "kind": kind, "step": step, "of": steps[kind], "then": again,
                "killed": ended.killed, "problems": found,
                "seconds": round(time.monotonic() - began, 1)}  # fmt: skip
        print(json.dumps(line), flush=True)


def _judge(kind: str, again: str, library: Path, files: tuple[Path, ...], verdict: Path) -> None:
    """Run once more, either the same or an ingest of nothing, and write down what is wrong."""
    before, after, _upload = files
    if kind == "embedder":
        os.environ["QA_EMBEDDER"] = "hashing"
    try:
        if kind == "serve" or (kind == "ingest" and again == "the same"):
            take_in(library, after)
        elif again == "the same":
            KINDS[kind](library, *files)
        elif kind == "embedder" and not _has_begun(library):
            rebuilding(library)
        else:
            take_in(library)
        sources, missing = [before], set()
        if kind == "ingest" and again != "the same":
            # Whatever was stored is whole; the rest is read by the next ingest of the source.
            take_in(library, after)
        if kind in ("ingest", "serve"):
            sources = [before, after]
        if kind == "remove":
            opened = Library.open(library)
            there = {summary.id for summary in opened.summaries()}
            opened.close()
            missing = {*_VICTIMS} - there if again != "the same" else {*_VICTIMS}
        found = problems(library, sources, frozenset(missing))
    except Exception as error:
        found = {f"{type(error).__name__}: {error}": 1}
    verdict.write_text(json.dumps(found))


def _has_begun(library: Path) -> bool:
    """Whether a change of the embedder was begun; until then an ingest refuses the other one."""
    return bool((library / "writer.lock").read_text())


class _Ended:
    def __init__(self, killed: bool, steps: int) -> None:
        self.killed, self.steps = killed, steps


def _forked(work: Callable[[], object], *, kill_at: int = 0, delay: float = 0.0) -> _Ended:
    """Run in a child process, which is killed after so many steps (0: never)."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _tell_steps(writing)
        try:
            work()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    steps = 0
    while os.read(reading, 1):
        steps += 1
        if steps == kill_at:
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
            break
    os.close(reading)
    _, status = os.waitpid(pid, 0)
    return _Ended(os.WIFSIGNALED(status), steps)


def _tell_steps(pipe: int) -> None:
    """Let everything that changes a library write a byte before and after."""
    for owner, names in (
        (LibraryWriter, ("put", "remove", "mark_indexed", "mark_removed", "mark_pending",
                         "mark_all_pending", "index_words", "rebuild_words", "begin_run",
                         "end_run")),
        (TantivyIndex, ("upsert", "delete", "clear")),
        (ChromaIndex, ("upsert", "delete", "clear", "close", "unreachable")),
        (Collection, ("add", "upsert", "delete", "count", "query")),
    ):  # fmt: skip
        for name in names:
            setattr(owner, name, _telling(getattr(owner, name), pipe))


def _telling(method: Callable[..., object], pipe: int) -> Callable[..., object]:
    @wraps(method)
    def tell(*arguments: object, **options: object) -> object:
        os.write(pipe, b".")
        result = method(*arguments, **options)
        os.write(pipe, b".")
        return result

    return tell


if __name__ == "__main__":
    main()
