"""How far the default judge of citations agrees with people.

    python -m eval.judging FILE

FILE holds a sentence a line as ``{article, sentence, supported}`` (QAGS, Wang et al. 2020), as
JSON lines with or without gzip. The judge's thresholds were chosen on the first, third, fifth …
sentence; what is printed was measured on the others, as is the threshold of the baseline.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.files import json_lines
from eval.intervals import interval
from eval.judges import WordsJudge
from qa.readers.question import stems
from qa.sentences import sentences

__all__ = ["balanced_accuracy", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge every sentence against its article; print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    rows = [*_lines(parser.parse_args(arguments).file)]
    truth = np.array([row["supported"] for row in rows], dtype=bool)
    judge = WordsJudge()
    judged = np.array([judge.supports(row["sentence"], [row["article"]]) for row in rows])
    shared = np.array([_shared(row["sentence"], row["article"]) for row in rows])
    chosen, kept = np.arange(0, len(rows), 2), np.arange(1, len(rows), 2)
    cut = max(
        np.unique(shared), key=lambda cut: balanced_accuracy(shared[chosen] >= cut, truth[chosen])
    )
    print(f"| {len(kept)} sentences | balanced accuracy |\n|---|---|")
    for name, said in (
        ("the default judge", judged),
        ("words shared with the nearest sentence alone", shared >= cut),
        ("always supported", np.ones(len(rows), dtype=bool)),
    ):
        guess, right = said[kept], truth[kept]

        def value(
            drawn: NDArray[np.intp],
            guess: NDArray[np.bool_] = guess,
            right: NDArray[np.bool_] = right,
        ) -> float:
            return balanced_accuracy(guess[drawn], right[drawn])

        low, high = interval(value, len(kept))
        print(f"| {name} | {value(np.arange(len(kept))):.3f} ({low:.2f} to {high:.2f}) |")


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
