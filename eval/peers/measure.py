"""A recipe put through its steps in its own process, and what that cost."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.peers.environment import NotInstalled
from qa.records.serialization import Record

__all__ = ["RECIPES", "Cost", "measure"]

_HERE = Path(__file__).parent
RECIPES = {
    "article-qa": _HERE / "recipes" / "article_qa.py",
    "LangChain": _HERE / "recipes" / "langchain.py",
    "LlamaIndex": _HERE / "recipes" / "llamaindex.py",
    "Haystack": _HERE / "recipes" / "haystack.py",
    "txtai": _HERE / "recipes" / "txtai.py",
}
# Nobody phones home while being measured, and nobody fetches what others have beside them.
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "ORT_DISABLE_TELEMETRY": "1",
}


@dataclass(frozen=True, slots=True)
class Cost(Record):
    """One time through a recipe: wall clock of the ingest in seconds, with the start of Python;
    peak resident memory of either step and the size of the index in MB; milliseconds for each
    question.
    """

    seconds: float
    ingest_memory: float
    ask_memory: float
    index: float
    milliseconds: tuple[float, ...]


def measure(
    python: Path, recipe: Path, articles: Path, questions: Path, models: Path, work: Path
) -> Cost:
    """Ingest into an empty folder, ask every question into ``work/answers.jsonl``.

    A step that is done is not done again. Raises NotInstalled when a step fails.
    """
    finished = work / "cost.json"
    if finished.exists():
        return Cost.from_json(finished.read_text("utf-8"))
    work.mkdir(parents=True, exist_ok=True)
    index = work / "index"
    shutil.rmtree(index, ignore_errors=True)
    shared = [index, models]
    ingested = _step(python, recipe, "ingest", [articles, *shared], work)
    size = sum(file.stat().st_size for file in index.rglob("*") if file.is_file())
    asked = _step(python, recipe, "ask", [questions, *shared], work, work / "answers.jsonl")
    cost = Cost(
        seconds=ingested["seconds"],
        ingest_memory=ingested["memory"],
        ask_memory=asked["memory"],
        index=size / 1e6,
        milliseconds=tuple(asked["milliseconds"]),
    )
    shutil.rmtree(index)
    finished.write_text(cost.to_json(), "utf-8")
    return cost


def _step(
    python: Path, recipe: Path, step: str, given: list[Path], work: Path, *out: Path
) -> Mapping[str, Any]:
    report = work / f"{step}.json"
    command = [python, "-P", _HERE / "inside.py", recipe, step, *given, report, *out]
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **_QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    (work / f"{step}.log").write_text(done.stdout + done.stderr, "utf-8")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise NotInstalled(f"{step} failed: {last}")
    measured: Mapping[str, Any] = json.loads(report.read_text("utf-8"))
    return measured
