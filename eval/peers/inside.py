"""One step of a recipe, measured. Runs in the recipe's own environment: standard library alone.

    python -P inside.py RECIPE.py ingest ARTICLES.jsonl INDEX MODELS REPORT.json
    python -P inside.py RECIPE.py ask QUESTIONS.jsonl INDEX MODELS REPORT.json ANSWERS.jsonl

REPORT.json gets what was measured: ``seconds`` (ingest: with the imports, as a user waits),
``memory`` (peak resident size in MB), ``milliseconds`` (ask: one for each question).
"""

import json
import resource
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Run one step and write what was measured."""
    started = time.perf_counter()
    recipe, step, *paths = arguments
    given, index, models, report, *answers = map(Path, paths)
    made = runpy.run_path(recipe)
    measured: dict[str, object] = {}
    if step == "ingest":
        made["ingest"](given, index, models)
        measured["seconds"] = time.perf_counter() - started
    else:
        measured["milliseconds"] = _ask(made["answerer"](index, models), given, answers[0])
    measured["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.write_text(json.dumps(measured), "utf-8")


def _ask(
    answer: Callable[[str, str], dict[str, Any]], questions: Path, answers: Path
) -> list[float]:
    with questions.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    answer(rows[0]["question"], rows[0]["as_of"])  # models load; that is not what is timed
    times = []
    with answers.open("w", encoding="utf-8") as out:
        for row in rows:
            started = time.perf_counter()
            said = answer(row["question"], row["as_of"])
            times.append((time.perf_counter() - started) * 1000)
            print(json.dumps({**said, "id": row["id"]}), file=out)
    return times


if __name__ == "__main__":
    main(sys.argv[1:])
