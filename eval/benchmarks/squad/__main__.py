"""A reader alone on reading comprehension: the context is given, nothing is searched.

    python -m eval.benchmarks.squad FILE... [--sample N]

Each FILE holds a question a line as ``{id, question, context, answers: [{text, start}]}``, as
JSON lines with or without gzip; without answers, the right thing is to say nothing. Contexts are
cut by the project's own splitter, and the passages are read as if they had been found.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from eval.gold.files import json_lines
from eval.metrics.answer import exact_match, token_f1
from eval.runs.intervals import interval, mean_of
from ingest.split import split
from qa.build import READERS
from qa.protocols import Reader
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article

__all__ = ["main"]


@dataclass(frozen=True, slots=True)
class _Read:
    short: str
    answerable: float
    abstained: bool
    golds: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Read every question of every file with every reader; print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--sample", type=int, help="as many questions of each file, drawn once")
    parser.add_argument("--readers", nargs="+", default=list(READERS), choices=READERS)
    options = parser.parse_args(arguments)
    print("| file | reader | exact match | token F1 | F1, best threshold |\n|---|---|---|---|---|")
    for path in options.files:
        rows = [*json_lines(path)]
        if options.sample:
            rows = random.Random(0).sample(rows, min(options.sample, len(rows)))
        for name in options.readers:
            reader = READERS[name]()
            read = [_read(reader, row) for row in rows]
            print(f"| {path.name.split('.jsonl')[0]} | {name} | {_figures(read)} |", flush=True)


def _read(reader: Reader, row: dict[str, Any]) -> _Read:
    passages = split(Article.create(row["context"], id="context"))
    hits = tuple(Hit(passage, 1.0) for passage in passages)
    reading = reader.read(understand(row["question"], as_of=date(2000, 1, 1)), hits)
    short = reading.spans[0].text if reading.spans else ""
    golds = tuple(answer["text"] for answer in row["answers"])
    # With the passage given nothing votes: its relevance alone tells whether it answers.
    sure = reading.hits[0].score if reading.weighed else reading.confidence
    return _Read(short, sure, bool(reading.reason), golds)


def _figures(read: Sequence[_Read]) -> str:
    """Exact match and F1; where questions without answer occur, nothing is their right answer
    (Rajpurkar et al. 2018), and the threshold that would have been best is given too.
    """
    unanswerable = any(not item.golds for item in read)
    cells = []
    best = ""
    for metric in (exact_match, token_f1):
        said = np.array([metric(item.short, item.golds) for item in read])
        if unanswerable:
            silent = np.array([float(not item.golds) for item in read])
            kept = np.where([item.abstained for item in read], silent, said)
            best = f"{100 * _best(said, silent, read):.1f}"
        else:
            kept = said
        low, high = interval(mean_of(kept), len(kept))
        cells.append(f"{100 * kept.mean():.1f} ({100 * low:.1f} to {100 * high:.1f})")
    return " | ".join([*cells, best])


def _best(said: np.ndarray, silent: np.ndarray, read: Sequence[_Read]) -> float:
    order = np.argsort([-item.answerable for item in read])
    gained = np.cumsum((said - silent)[order])
    return float((silent.sum() + max(0.0, gained.max())) / len(read))


if __name__ == "__main__":
    main()
