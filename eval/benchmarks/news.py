"""Speed, retrieval and answers of the default installation on a folder of news questions.

    python -m eval.benchmarks.news FOLDER [--library DIR]

FOLDER holds ``articles.jsonl.gz`` and ``questions.jsonl.gz`` as RealTimeQA has them. Every step is
the command line or the public function that users have. Each reader is measured, and beside them
the first passage of the search, which is what a search engine shows. Prints Markdown tables, with
bootstrap intervals.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from eval.gold.questions import Gold, load_gold
from eval.metrics.confidence import reliability
from eval.metrics.judges import WordsJudge
from eval.metrics.registry import score
from eval.runs.run import Item
from eval.runs.summary import RIGHT, figures
from qa import Pipeline, open_pipeline
from qa.build import READERS
from qa.library.store import Library
from qa.protocols import Reader
from qa.records.answer import Hit
from qa.records.question import Question
from qa.records.reading import Reading, Span

__all__ = ["FirstPassage", "main"]

_FIGURES = {
    "exact_match": "exact match of `short`",
    "f1": "token F1 of `short`",
    "contains": "an accepted answer in `text`",
    "accuracy-coverage area": "accuracy-coverage area",
    "abstention F1": "abstention F1",
    "calibration error": "calibration error",
    "passage:Success@1": "supporting passage first",
    "passage:Success@5": "in the top 5",
    "passage:Success@20": "in the top 20",
    "passage:RR@10": "MRR@10",
}


class FirstPassage:
    """What a search engine gives: the first passage whole, whatever is asked."""

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """The first hit as the only span, as sure as the search was."""
        if not hits:
            return Reading((), (), 0.0, "nothing found")
        passage = hits[0].passage
        whole = (passage.start, passage.end)
        span = Span(passage, *whole, whole, hits[0].score)
        return Reading(tuple(hits), (span,), min(1.0, max(0.0, hits[0].score)))

    def states(self, question: str) -> None:
        """None: it reads nothing."""

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        """Everything, whatever is asked."""
        return [True] * len(evidence)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ingest twice, ask everything with every reader, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--library", type=Path, help="an existing library: skip the ingest")
    options = parser.parse_args(arguments)
    with _folder(options.library) as library:
        if options.library is None:
            print("| ingest | measured |\n|---|---|")
            for name in ("into an empty library", "the same again"):
                seconds, report = _ingest(options.folder / "articles.jsonl.gz", library)
                print(f"| {name} | {seconds:.1f} s, {report['embedded']:,} passages embedded |")
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(f"| peak memory | {memory} MB |\n")
        readers: dict[str, Callable[[], Reader]] = {**READERS, "first passage": FirstPassage}
        gold = load_gold(options.folder)
        with open_pipeline(library) as pipeline:
            columns = {}
            for name, make in readers.items():
                asked = pipeline.with_parts(reader=make())
                columns[name] = _column([*_ask(asked, gold)], pipeline.library)
    _print(columns)


def _print(columns: Mapping[str, Mapping[str, str]]) -> None:
    print("| |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for row in next(iter(columns.values())):
        print(f"| {row} |", " | ".join(column[row] for column in columns.values()), "|")


def _column(items: Sequence[Item], library: Library) -> dict[str, str]:
    known = {item.name: item for item in figures(items)}
    silent = [item for item in items if item.answer.abstained]
    never = [item for item in items if not item.gold.answerable]
    rightly = [item for item in silent if not item.gold.answerable]
    spoken = [item for item in items if not item.answer.abstained]
    sure = np.array([item.answer.confidence for item in spoken])
    close = np.array([float((item.scores["f1"] or 0.0) >= RIGHT) for item in spoken])
    citations = [citation for item in items for citation in item.answer.citations]
    true = sum(
        library.article(item.article_id).text[item.start : item.end] == item.quote
        for item in citations
    )
    times = sorted(item.answer.took_ms for item in items)
    return {
        **{
            label: f"{known[name].value:.3f} ({known[name].low:.2f} to {known[name].high:.2f})"
            for name, label in _FIGURES.items()
        },
        "abstained (rightly)": f"{len(silent)} ({len(rightly)} of {len(never)})",
        "right at a confidence of": ", ".join(
            f"{mean:.2f}: {share:.2f} (n = {count})"
            for mean, share, count in reliability(sure, close, 5)
        ),
        "`ask`, median / 95th percentile": (
            f"{statistics.median(times):.0f} / {times[int(0.95 * len(times))]:.0f} ms"
        ),
        "citations equal to the article's text": f"{true} of {len(citations)}",
    }


def _ask(pipeline: Pipeline, gold: Sequence[Gold]) -> Iterator[Item]:
    judge = WordsJudge()
    pipeline.ask(gold[0].question)  # opens the index, which is not what is timed
    for item in gold:
        answer = pipeline.ask(item.question, as_of=item.as_of)
        yield Item(item, answer, score(item, answer, judge))


def _ingest(articles: Path, library: Path) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "qa", "ingest", articles, "--library", library, "--json"],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - started, json.loads(done.stdout)


@contextmanager
def _folder(library: Path | None) -> Iterator[Path]:
    if library is not None:
        yield library
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch) / "library"


if __name__ == "__main__":
    main()
