"""Kill an ingest at random moments, run it again, and look at what is there.

Run as a program: ``python crash_trials.py FOLDER TRIALS SEED``. Forks from one warm process, so
that a trial costs a second and not the imports. Prints a line of JSON for each trial.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import chromadb  # noqa: F401  - imported before the forks, used by none
import sentencex  # noqa: F401

import ingest.run
import qa.indexing
from ingest.split import split
from qa.build import open_workshop
from qa.doctor import examine
from qa.records import Article

# Quicker to load than the default; what is tested here does not depend on it.
os.environ["QA_EMBEDDER"] = "hashing"
# Many small steps instead of few large ones: more places to die in.
ingest.run._BATCH = 15
qa.indexing._BATCH = 25


def main() -> None:
    folder, trials, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    before, after = folder / "before.jsonl", folder / "after.jsonl"
    _write(before, [_article(number, "old") for number in range(200)])
    # A hundred stay as they are, a hundred change, a hundred are new.
    kept = [_article(number, "old") for number in range(100)]
    _write(after, kept + [_article(number, "new") for number in range(100, 300)])
    start = folder / "start"
    _forked(lambda: _ingest(before, start))
    trial = folder / "trial"
    shutil.copytree(start, trial)
    began = time.monotonic()
    _forked(lambda: _ingest(after, trial))
    whole = time.monotonic() - began
    dice = random.Random(seed)
    for number in range(trials):
        shutil.rmtree(trial)
        shutil.copytree(start, trial)
        moment = dice.uniform(0, whole)
        began = time.monotonic()
        killed = _forked(lambda: _ingest(after, trial), kill_after=moment)
        if not killed:
            # The machine was slower when the whole was timed; the next kills come sooner.
            whole = min(whole, moment, time.monotonic() - began)
        verdict = folder / "verdict.json"
        verdict.unlink(missing_ok=True)
        _forked(partial(_judge, after, trial, verdict))
        found = json.loads(verdict.read_text()) if verdict.exists() else {"problem": "no verdict"}
        print(
            json.dumps({"trial": number, "moment": moment, "killed": killed, **found}), flush=True
        )


def _judge(source: Path, library: Path, verdict: Path) -> None:
    expected = {}
    for line in source.read_text().splitlines():
        row = json.loads(line)
        article = Article.create(row["text"], title=row["title"], id=row["id"])
        expected[row["id"]] = [(item.start, item.end, item.text) for item in split(article)]
    try:
        report = _ingest(source, library)
        with open_workshop(library) as shop:
            found = {
                summary.id: [
                    (item.passage.start, item.passage.end, item.passage.text)
                    for item in shop.library.passages_of(summary.id)
                ]
                for summary in shop.library.summaries()
            }
            passages = sum(map(len, expected.values()))
            problems = [
                name
                for name, wrong in (
                    ("articles or passages", found != expected),
                    ("vectors", shop.index.count() != passages),
                    ("full text", shop.library.full_text_faults() != 0),
                    ("health", not examine(shop.library, shop.index).healthy),
                    ("failures", report.failed != ()),
                    ("rewritten", _ingest(source, library).embedded != 0),
                )
                if wrong
            ]
    except Exception as error:
        problems = [f"{type(error).__name__}: {error}"]
    verdict.write_text(json.dumps({"problem": ", ".join(problems)}))


def _ingest(source: Path, library: Path) -> ingest.run.IngestReport:
    return ingest.run.ingest([source], library=library)


def _forked(work: Callable[[], object], *, kill_after: float | None = None) -> bool:
    """Run in a child process; whether it was killed before it ended by itself."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def _article(number: int, word: str) -> dict[str, str]:
    text = "\n\n".join(
        f"Station {number} reported a {word} reading of {number * 7 + part} units. "
        f"The gauge at point {part} was read twice, and the {word} figure was kept. " * 4
        for part in range(2)
    )
    return {"id": f"a{number}", "title": f"Reading {number}", "text": text, "language": "en"}


def _write(path: Path, articles: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles))


if __name__ == "__main__":
    main()
