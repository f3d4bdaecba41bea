"""How far the default judge of citations agrees with people.

    python -m eval.benchmarks.citation_judge FILE

FILE holds a sentence a line as ``{article, sentence, supported}`` (QAGS, Wang et al. 2020), as
JSON lines with or without gzip. Thresholds are cross-validated: each fifth of the articles is
judged by the threshold that is best on the other four.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.gold.files import json_lines
from eval.metrics.confidence import roc_area
from eval.runs.intervals import interval
from qa.language.sentences import sentences
from qa.language.words import stems
from qa.verify.support import judge

__all__ = ["balanced_accuracy", "cross_validated", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge every sentence against its article; print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    rows = [*_lines(parser.parse_args(arguments).file)]
    truth = np.array([row["supported"] for row in rows], dtype=bool)
    articles = [*dict.fromkeys(row["article"] for row in rows)]
    places = {article: place for place, article in enumerate(articles)}
    folds = np.array([places[row["article"]] % 5 for row in rows])
    found = [judge(row["sentence"], [row["article"]]) for row in rows]
    scores = np.array([each.score for each in found])
    shared = np.array([_shared(row["sentence"], row["article"]) for row in rows])
    print(f"| {len(rows)} sentences | area under ROC | balanced accuracy |\n|---|---|---|")
    shipped = np.array([each.support == "quoted" for each in found])
    always = np.ones(len(rows), dtype=bool)
    for name, ranked, said in (
        ("the default judge", scores, cross_validated(scores, truth, folds)),
        ("the same, with the threshold shipped", scores, shipped),
        ("words shared with the nearest sentence", shared, cross_validated(shared, truth, folds)),
        ("always supported", always.astype(np.float64), always),
    ):

        def area(drawn: NDArray[np.intp], ranked: NDArray[np.float64] = ranked) -> float:
            return roc_area(ranked[drawn], truth[drawn])

        def value(drawn: NDArray[np.intp], said: NDArray[np.bool_] = said) -> float:
            return balanced_accuracy(said[drawn], truth[drawn])

        cells = [name]
        for figure in (area, value):
            low, high = interval(figure, len(rows))
            cells.append(f"{figure(np.arange(len(rows))):.3f} ({low:.2f} to {high:.2f})")
        print(f"| {' | '.join(cells)} |")


def cross_validated(
    scores: NDArray[np.float64], truth: NDArray[np.bool_], folds: NDArray[np.int_]
) -> NDArray[np.bool_]:
    """What scores say when each fold has the threshold that is best on the others.

    >>> scores, truth = np.array([0.1, 0.1, 0.8, 0.8]), np.array([False, False, True, True])
    >>> cross_validated(scores, truth, np.array([0, 1, 0, 1])).tolist()
    [False, False, True, True]
    """
    said = np.zeros(len(scores), dtype=bool)
    for fold in np.unique(folds):
        others = folds != fold
        cut = max(
            np.unique(scores[others]),
            key=lambda cut: balanced_accuracy(scores[others] >= cut, truth[others]),
        )
        said[~others] = scores[~others] >= cut
    return said


def balanced_accuracy(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """The mean of the accuracies on supported and on unsupported sentences, in [0, 1].

    >>> balanced_accuracy(np.array([True, True, True]), np.array([True, True, False]))
    0.5
    """
    known = [value for value in (True, False) if (truth == value).any()]
    return float(np.mean([(said == truth)[truth == value].mean() for value in known]))


def _shared(sentence: str, article: str) -> float:
    own = stems(sentence)
    most = max(len(own & stems(article[low:high])) for low, high in sentences(article))
    return most / max(1, len(own))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for row in json_lines(path):
        # QAGS puts spaces into numbers: "235, 000".
        for name in ("article", "sentence"):
            row[name] = re.sub(r"(?<=\d)([.,]) (?=\d)", r"\1", row[name])
        yield row


if __name__ == "__main__":
    main()
