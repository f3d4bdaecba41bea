"""Ours beside what people would use instead, over the same articles and questions.

    python -m eval.peers FOLDER [--rounds 3] [--out DIR] [--only NAME ...]

FOLDER holds ``articles.jsonl`` and ``questions.jsonl`` (or ``.gz``) as RealTimeQA has them. Every
system runs in a process and an environment of its own, takes the same articles, gives at most 20
passages for a question, and is scored by the same measures; the rounds go through all of them in
turn. Kept steps are not repeated, so a run that was cut off goes on. Prints a Markdown table.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from eval.gold.files import json_lines
from eval.gold.questions import load_gold
from eval.metrics.judges import WordsJudge
from eval.peers.environment import NotInstalled, python_of, weights
from eval.peers.measure import RECIPES, Cost, measure
from eval.peers.table import peers_markdown
from eval.runs.run import Run, describe, read_answers, run

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every system, ``--rounds`` times, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(".peers"), help="runs, costs, table")
    parser.add_argument("--cache", type=Path, default=user_cache_path("article-qa") / "peers")
    parser.add_argument("--only", nargs="+", choices=RECIPES, default=list(RECIPES))
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    options.cache.mkdir(parents=True, exist_ok=True)
    articles, questions = _inputs(options.folder, options.out)
    missing: dict[str, str] = {}
    costs: dict[str, list[Cost]] = {name: [] for name in RECIPES if name in options.only}
    for turn in range(1, options.rounds + 1):
        for name in [name for name in costs if name not in missing]:
            print(f"{name}, round {turn}", file=sys.stderr)
            work = options.out / f"{RECIPES[name].stem}-{turn}"
            try:
                python = python_of(RECIPES[name], options.cache)
                models = weights(options.cache)
                cost = measure(python, RECIPES[name], articles, questions, models, work)
            except NotInstalled as error:
                missing[name] = str(error)
                continue
            costs[name].append(cost)
    runs = {name: _scored(name, options) for name in costs if name not in missing}
    if runs:
        table = peers_markdown(runs, costs, missing)
        (options.out / "peers.md").write_text(table, "utf-8")
        print(table)
    for name, reason in missing.items():
        print(f"{name} is missing: {reason}", file=sys.stderr)


def _scored(name: str, options: argparse.Namespace) -> Run:
    """The answers of the first round, scored; kept as a run that ``compare`` takes."""
    gold, judge = load_gold(options.folder), WordsJudge()
    stem = RECIPES[name].stem
    ask = read_answers(options.out / f"{stem}-1" / "answers.jsonl")
    return run(gold, ask, judge, describe(gold, None, judge, name), options.out / f"{stem}.json")


def _inputs(folder: Path, out: Path) -> tuple[Path, Path]:
    """The articles and the questions as plain JSON lines, for recipes that know nothing else."""
    found = next(path for path in folder.iterdir() if path.name.startswith("articles.jsonl"))
    articles, questions = out / "articles.jsonl", out / "questions.jsonl"
    with articles.open("w", encoding="utf-8") as lines:
        for row in json_lines(found):
            print(json.dumps(row), file=lines)
    with questions.open("w", encoding="utf-8") as lines:
        for item in load_gold(folder):
            day = item.as_of.isoformat() if item.as_of else ""
            print(json.dumps({"id": item.id, "question": item.question, "as_of": day}), file=lines)
    return articles, questions


if __name__ == "__main__":
    main()
