"""Does it answer what was asked, and refuse what is only nearly said?

    python -m eval.benchmarks.near_misses DATA [--set d] [--sample N]

DATA holds ``annotated/`` (windows of articles with questions that they answer and others that they
nearly answer) and the folders with the articles. Each window becomes an article of its own; every
question is asked over all of them, and then read with its window given. Prints Markdown tables,
with bootstrap intervals.
"""

import argparse
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.gold.windows import WindowQuestion, read_questions, read_windows, write_windows
from eval.metrics.answer import exact_match, normalize, token_f1
from eval.metrics.confidence import calibration_error, roc_area
from eval.runs.intervals import Statistic, interval, mean_of
from eval.runs.summary import RIGHT
from ingest import ingest
from qa import Pipeline, open_pipeline
from qa.question.understand import understand
from qa.records.answer import Answer, Hit
from qa.records.article import Article

__all__ = ["Asked", "ask_all", "main"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer over all windows, and how sure the reader is of an answer when
    its window is given.
    """

    question: WindowQuestion
    answer: Answer
    given: float

    @property
    def exact(self) -> float:
        """1 if ``short`` is an accepted answer; the members of a list may come in any order."""
        if self.question.members:
            return float(_members(self.answer.short) == _members(self.question.answers[0]))
        return exact_match(self.answer.short, self.question.answers)

    @property
    def f1(self) -> float:
        """Token F1 of ``short``."""
        return token_f1(self.answer.short, self.question.answers)


def _members(text: str) -> set[str]:
    return {normalize(part) for part in text.replace(" and ", ", ").split(", ")}


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask every question, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", dest="name", choices=("n", "d"), default="d", help="default d")
    parser.add_argument("--sample", type=int, help="as many of the questions, drawn once")
    options = parser.parse_args(arguments)
    windows = read_windows(options.data, options.name)
    files = sorted((options.data / "annotated").glob(f"{options.name}-packet-*.jsonl"))
    questions = [*read_questions(files)]
    if options.sample:
        questions = random.Random(0).sample(questions, min(options.sample, len(questions)))
    with tempfile.TemporaryDirectory() as folder:
        library, listed = Path(folder) / "library", Path(folder) / "windows.jsonl"
        write_windows(windows.values(), listed)
        report = ingest([listed], library=library)
        assert not report.failed, report.failed
        with open_pipeline(library) as pipeline:
            _print(ask_all(pipeline, windows, questions))


def ask_all(
    pipeline: Pipeline, windows: Mapping[str, Article], questions: Sequence[WindowQuestion]
) -> list[Asked]:
    """Every question over the library, and with its window given."""
    asked = []
    for each in questions:
        window = windows[each.window]
        answer = pipeline.ask(each.question, as_of=window.published)
        given = understand(each.question, as_of=window.published)
        hits = (Hit(window.passage(0, len(window.text)), 1.0),)
        asked.append(Asked(each, answer, pipeline.parts.reader.read(given, hits).confidence))
    return asked


def _print(asked: Sequence[Asked]) -> None:
    answerable = [item for item in asked if item.question.answers]
    near = [item for item in asked if not item.question.answers]
    print("| | measured | n |\n|---|---|---|")
    _row("exact match of `short`", [item.exact for item in answerable])
    _row("token F1 of `short`", [item.f1 for item in answerable])
    _row("near misses refused", [float(item.answer.abstained) for item in near])
    _row("answerable refused", [float(item.answer.abstained) for item in answerable])
    for label, wanted in (("yes or no, right", "yesno"), ("lists, exact", "list")):
        _row(label, [item.exact for item in answerable if item.question.kind == wanted])
    given = np.array([item.given for item in asked])
    flags = np.array([bool(item.question.answers) for item in asked])

    def area(drawn: NDArray[np.intp]) -> float:
        return roc_area(given[drawn], flags[drawn])

    _figure("area under ROC, window given", area, len(asked))
    spoken = [item for item in asked if not item.answer.abstained]
    error = calibration_error(
        [item.answer.confidence for item in spoken], [float(item.f1 >= RIGHT) for item in spoken]
    )
    print(f"| calibration error of what is answered | {error:.3f} | {len(spoken)} |")
    times = sorted(item.answer.took_ms for item in asked)
    slow = times[int(0.95 * len(times))]
    print(f"| median / 95th percentile | {statistics.median(times):.0f} / {slow:.0f} ms | |\n")
    _by("kind", answerable, lambda item: item.question.kind, lambda item: item.exact, "exact")
    _by(
        "near miss",
        near,
        lambda item: item.question.near_miss,
        lambda item: float(item.answer.abstained),
        "refused",
    )


def _by(
    title: str,
    asked: Sequence[Asked],
    group: Callable[[Asked], str],
    mark: Callable[[Asked], float],
    label: str,
) -> None:
    groups = defaultdict(list)
    for item in asked:
        groups[group(item)].append(mark(item))
    print(f"| {title} | {label} | n |\n|---|---|---|")
    for name, marks in sorted(groups.items()):
        _row(name or "other", marks)
    print()


def _row(label: str, marks: Sequence[float]) -> None:
    if marks:
        _figure(label, mean_of(np.array(marks)), len(marks))


def _figure(label: str, statistic: Statistic, n: int) -> None:
    low, high = interval(statistic, n)
    print(f"| {label} | {statistic(np.arange(n)):.3f} ({low:.2f} to {high:.2f}) | {n} |")


if __name__ == "__main__":
    main()
