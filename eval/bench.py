"""Speed, retrieval and answers of the default installation on a folder of news questions.

    python -m eval.bench FOLDER [--library DIR]

FOLDER holds ``articles.jsonl.gz`` and ``questions.jsonl.gz`` (RealTimeQA-style: question, answer,
aliases, question_date, answerable, support, gold_articles). Every step is the command line or the
public function that users have. Each reader is measured, and beside them the first passage of
the search, which is what a search engine shows. Prints Markdown tables, with bootstrap intervals.
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
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from eval.files import json_lines
from eval.intervals import interval, mean_of
from eval.metrics.answer import contains, exact_match, token_f1
from eval.metrics.confidence import (
    abstention_f1,
    accuracy_coverage_area,
    calibration_error,
    reliability,
)
from qa import Answer, Pipeline, open_pipeline
from qa.asking import Question, Reading, Span
from qa.build import READERS
from qa.library import Library
from qa.records import Hit
from qa.seams import Reader

__all__ = ["Asked", "FirstPassage", "main"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question with the answer given. ``golds`` is empty when it has no answer."""

    golds: tuple[str, ...]
    articles: frozenset[str]
    answer: Answer

    @property
    def exact(self) -> float:
        """1 if the short answer is an accepted one."""
        return exact_match(self.answer.short, self.golds)

    @property
    def overlap(self) -> float:
        """Token F1 of the short answer."""
        return token_f1(self.answer.short, self.golds) if self.golds else 0.0

    @property
    def held(self) -> float:
        """1 if an accepted answer stands in the text of the answer."""
        return 0.0 if self.answer.abstained else contains(self.answer.text, self.golds)

    def first_support(self) -> int:
        """The rank (from 1) of the first hit of a gold article that holds an answer; 0 for none."""
        for rank, hit in enumerate(self.answer.hits, start=1):
            if hit.passage.article_id in self.articles and contains(hit.passage.text, self.golds):
                return rank
        return 0


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
        with open_pipeline(library) as pipeline:
            columns = {}
            for name, make in readers.items():
                pipeline.reader = make()
                asked = [*_ask(pipeline, options.folder / "questions.jsonl.gz")]
                columns[name] = _figures(asked, pipeline.library)
    _print(columns)


def _print(columns: Mapping[str, Mapping[str, str]]) -> None:
    print("| |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for row in next(iter(columns.values())):
        print(f"| {row} |", " | ".join(column[row] for column in columns.values()), "|")


def _figures(asked: Sequence[Asked], library: Library) -> dict[str, str]:
    answerable = [item for item in asked if item.golds]
    ranks = [item.first_support() for item in answerable]
    sure = np.array([item.answer.confidence for item in asked])
    exact = np.array([item.exact if item.golds else 0.0 for item in asked])
    # The confidence is that of sharing half of the words with an accepted answer.
    close = np.array([float(item.overlap >= 0.5) for item in asked])
    silent = np.array([item.answer.abstained for item in asked])
    holds = np.array([bool(item.golds) for item in asked])
    spoken = ~silent

    def calibration(drawn: np.ndarray) -> float:
        kept = drawn[spoken[drawn]]
        return calibration_error(sure[kept], close[kept]) if len(kept) else 0.0

    citations = [citation for item in asked for citation in item.answer.citations]
    true = sum(
        library.article(item.article_id).text[item.start : item.end] == item.quote
        for item in citations
    )
    times = sorted(item.answer.took_ms for item in asked)
    table = reliability(sure[spoken], close[spoken], 5)
    return {
        "exact match of `short`": _mean([item.exact for item in answerable]),
        "token F1 of `short`": _mean([item.overlap for item in answerable]),
        "an accepted answer in `text`": _mean([item.held for item in answerable]),
        "accuracy-coverage area": _spread(
            lambda drawn: accuracy_coverage_area(sure[drawn], exact[drawn]), len(asked)
        ),
        "abstention F1": _spread(
            lambda drawn: abstention_f1(silent[drawn].tolist(), holds[drawn].tolist()), len(asked)
        ),
        "abstained (rightly)": f"{silent.sum()} ({(silent & ~holds).sum()} of {(~holds).sum()})",
        "calibration error": _spread(calibration, len(asked)),
        "right at a confidence of": ", ".join(
            f"{mean:.2f}: {share:.2f} (n = {count})" for mean, share, count in table
        ),
        "supporting passage first": _mean([rank == 1 for rank in ranks]),
        "in the top 5": _mean([0 < rank <= 5 for rank in ranks]),
        "in the top 20": _mean([0 < rank <= 20 for rank in ranks]),
        "MRR@10": _mean([1 / rank if 0 < rank <= 10 else 0 for rank in ranks]),
        "`ask`, median / 95th percentile": (
            f"{statistics.median(times):.0f} / {times[int(0.95 * len(times))]:.0f} ms"
        ),
        "citations equal to the article's text": f"{true} of {len(citations)}",
    }


def _mean(marks: Sequence[float]) -> str:
    values = np.array(marks, float)
    return _spread(mean_of(values), len(values))


def _spread(statistic: Callable[[np.ndarray], float], n: int) -> str:
    low, high = interval(statistic, n)
    return f"{statistic(np.arange(n)):.3f} ({low:.2f} to {high:.2f})"


def _ask(pipeline: Pipeline, path: Path) -> Iterator[Asked]:
    questions = [*json_lines(path)]
    pipeline.ask(questions[0]["question"])  # opens the index, which is not what is timed
    for row in questions:
        answer = pipeline.ask(row["question"], as_of=date.fromisoformat(row["question_date"]))
        golds = (row["answer"], *row["aliases"]) if row["answerable"] else ()
        articles = {*row.get("gold_articles", ()), *(item["id"] for item in row.get("support", ()))}
        yield Asked(tuple(golds), frozenset(articles), answer)


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
