"""Run what was not run before, and print what was measured."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import eval.benchmarks.growth as growth
from eval.benchmarks.growth.crashes import kill_worker, warm_up
from eval.benchmarks.growth.failover import kill_primary
from eval.benchmarks.growth.postgres_server import started
from eval.benchmarks.growth.table_sizes import grow
from eval.benchmarks.growth.worker_cost import take_in_with

__all__ = ["main"]

# Files of a run, of so many articles each: what a worker costs by itself falls out between the two.
_SIZES, _ARTICLES = (10, 40), 15
_MOST_WORKERS = 3
# Of libraries, in files of a hundred articles.
_LIBRARIES = (8, 24)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is named."""
    parser = argparse.ArgumentParser(description=(growth.__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("what", choices=("failover", "workers", "crashes", "sizes"))
    parser.add_argument("--trials", type=int, default=1, help="of failover and crashes")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    if options.what == "failover":
        for seed in range(options.trials):
            _once(options.work / f"failover-{seed}.json", kill_primary, options.articles, seed)
    elif options.what == "sizes":
        for files in _LIBRARIES:
            _once(options.work / f"sizes-{files}.json", grow, options.articles, files)
    elif options.what == "workers":
        _workers(options.articles, options.work)
    else:
        _crashes(options.articles, options.work, options.trials)


def _workers(source: Path, work: Path) -> None:
    for workers in range(1, _MOST_WORKERS + 1):
        runs = [
            _once(
                work / f"workers-{workers}-{files}.json",
                take_in_with,
                source,
                workers,
                files=files,
                articles_each=_ARTICLES,
            )
            for files in _SIZES
        ]
        few, many = runs
        articles = many["articles"] - few["articles"]
        costs = {
            name: round((many[name] - few[name]) / articles * 1000, 1)
            for name in ("workers cpu s", "server cpu s")
        }
        print(f"{workers} workers, ms of the processor for each further article: {costs}")


def _crashes(source: Path, work: Path, trials: int) -> None:
    server = started()
    try:
        warm_up(server, source)
        for seed in range(trials):
            _once(work / f"crash-{seed}.json", kill_worker, server, source, seed)
    finally:
        server.stop()
    results = [json.loads(path.read_text()) for path in sorted(work.glob("crash-*.json"))]
    wrong = [each for each in results if each["missing"] or each["twice"] or each["out of step"]]
    killed = sum(each["killed"] for each in results)
    print(f"{len(results)} trials, {killed} workers killed, {len(wrong)} with anything wrong")


def _once(file: Path, measure: Callable[..., dict[str, Any]], *given: Any, **named: Any) -> Any:
    """What was measured before, or is now."""
    if not file.exists():
        result = measure(*given, **named)
        file.write_text(json.dumps(result))
    result = json.loads(file.read_text())
    print(json.dumps(result), flush=True)
    return result


if __name__ == "__main__":
    main()
