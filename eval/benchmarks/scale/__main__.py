"""Grow a library from size to size and print what was measured."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import eval.benchmarks.scale as scale
from eval.benchmarks.scale.articles import write_articles
from eval.benchmarks.scale.growth import table
from eval.benchmarks.scale.steps import disk_bytes

__all__ = ["main"]

_SIZES = "10000,100000,275000,1000000"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every size that was not measured before."""
    parser = argparse.ArgumentParser(description=(scale.__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--sizes", default=_SIZES, help="numbers of passages, ascending")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    levels: list[dict[str, Any]] = []
    for size in map(int, options.sizes.split(",")):
        before = levels[-1] if levels else {"passages": 0, "taken": 0}
        levels.append(_level(options.articles, options.work, size, before))
        print(table(levels), flush=True)


def _level(source: Path, work: Path, size: int, before: dict[str, Any]) -> dict[str, Any]:
    """What was measured of a size, or is now."""
    kept = work / f"level-{size}.json"
    if kept.exists():
        level: dict[str, Any] = json.loads(kept.read_text())
        return level
    library, file = work / "library", work / f"articles-{size}.jsonl"
    counted, ingested, asked = (work / f"{name}-{size}.json" for name in ("taken", "ingest", "ask"))
    if not (file.exists() and counted.exists()):
        missing = size - before["passages"]
        taken = write_articles(source, file, after=before["taken"], passages=missing, size=size)
        counted.write_text(json.dumps(before["taken"] + taken))
    done = work / f"ingested-{size}"
    if not done.exists():
        _step("take_in", file, library, ingested)
        done.touch()
    _step("ask", library, str(size), asked)
    level = {**json.loads(ingested.read_text()), **json.loads(asked.read_text())}
    level |= {
        "taken": json.loads(counted.read_text()),
        "added": level["passages"] - before["passages"],
    }
    parts = disk_bytes(library)
    level |= {f"{name.partition('.')[0]}_mb": parts.get(name, 0) / 2**20 for name in parts}
    kept.write_text(json.dumps(level))
    file.unlink()
    return level


def _step(name: str, *arguments: Path | str) -> None:
    command = [sys.executable, "-m", "eval.benchmarks.scale.steps", name, *map(str, arguments)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
