"""Speed and retrieval of the default installation on a folder of news questions.

    python -m eval.bench FOLDER [--library DIR]

FOLDER holds ``articles.jsonl.gz`` and ``questions.jsonl.gz`` (RealTimeQA-style: question, answer,
aliases, question_date, answerable, support, gold_articles). Every step is the command line or the
public function that users have. Prints a Markdown table.
"""

import argparse
import gzip
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.metrics.answer import contains, exact_match, token_f1
from qa import Answer, Pipeline, open_pipeline
from qa.library import Library

__all__ = ["Asked", "main"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question with the answer given. ``golds`` is empty when it has no answer."""

    golds: tuple[str, ...]
    articles: frozenset[str]
    answer: Answer

    def first_support(self) -> int:
        """The rank (from 1) of the first hit of a gold article that holds an answer; 0 for none."""
        for rank, hit in enumerate(self.answer.hits, start=1):
            if hit.passage.article_id in self.articles and contains(hit.passage.text, self.golds):
                return rank
        return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Ingest twice, ask everything, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--library", type=Path, help="an existing library: skip the ingest")
    options = parser.parse_args(arguments)
    rows: list[tuple[str, str]] = []
    with _folder(options.library) as library:
        if options.library is None:
            for name in ("ingest into an empty library", "the same again"):
                seconds, report = _ingest(options.folder / "articles.jsonl.gz", library)
                figures = f"{seconds:.1f} s, {report['embedded']:,} passages embedded"
                rows.append((name, figures))
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            rows.append(("peak memory of the ingest", f"{memory} MB"))
        with open_pipeline(library) as pipeline:
            asked = [*_ask(pipeline, options.folder / "questions.jsonl.gz")]
            rows += _figures(asked, pipeline.library)
    print("| what | measured |\n|---|---|")
    for name, figures in rows:
        print(f"| {name} | {figures} |")


def _figures(asked: Sequence[Asked], library: Library) -> Iterator[tuple[str, str]]:
    answerable = [item for item in asked if item.golds]
    ranks = [item.first_support() for item in answerable]
    for k in (1, 5, 20):
        found = statistics.mean(0 < rank <= k for rank in ranks)
        yield f"a supporting passage in the top {k}", f"{found:.3f} (n = {len(ranks)})"
    yield "MRR@10", f"{statistics.mean(1 / rank if 0 < rank <= 10 else 0 for rank in ranks):.3f}"
    times = sorted(item.answer.took_ms for item in asked)
    median, high = statistics.median(times), times[int(0.95 * len(times))]
    yield "`ask`, median / 95th percentile", f"{median:.0f} / {high:.0f} ms (n = {len(times)})"
    yield from _answers(answerable)
    unanswerable = len(asked) - len(answerable)
    abstained = [item for item in asked if item.answer.abstained]
    right = sum(not item.golds for item in abstained)
    f1 = 2 * right / max(1, len(abstained) + unanswerable)
    yield (
        "abstention F1",
        f"{f1:.3f} ({right} of {unanswerable} unanswerable, {len(abstained)} in all)",
    )
    citations = [citation for item in asked for citation in item.answer.citations]
    exact = sum(
        library.article(item.article_id).text[item.start : item.end] == item.quote
        for item in citations
    )
    yield "citations equal to the article's text", f"{exact} of {len(citations)}"


def _answers(answerable: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    matched = statistics.mean(exact_match(item.answer.short, item.golds) for item in answerable)
    overlap = statistics.mean(token_f1(item.answer.short, item.golds) for item in answerable)
    yield "exact match / token F1 of `short`", f"{matched:.3f} / {overlap:.3f}"
    held = statistics.mean(
        0.0 if item.answer.abstained else contains(item.answer.text, item.golds)
        for item in answerable
    )
    yield "an accepted answer in `text`", f"{held:.3f}"


def _ask(pipeline: Pipeline, path: Path) -> Iterator[Asked]:
    questions = [*_lines(path)]
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


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@contextmanager
def _folder(library: Path | None) -> Iterator[Path]:
    if library is not None:
        yield library
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch) / "library"


if __name__ == "__main__":
    main()
