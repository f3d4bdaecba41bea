"""The trained network in ONNX Runtime: windows in, scores out."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

import numpy as np

from qa.errors import ModelError
from qa.protocols import Vectors
from qa.readers.encode import Encoded
from qa.records.reading import AnswerForm
from qa.runtime.onnx_session import open_session

__all__ = ["FORMS", "Network", "Scores"]

FORMS: tuple[AnswerForm, ...] = ("span", "list", "yes", "no", "sentences")
"""In the order of the network's scores."""

# Padded tokens of one run; more at once is not faster and takes more memory.
_TOKENS = 4096
_THREADS = 4
# Runs at once. Each has all processors already, and takes some hundred MB of its own.
_RUNS = 2


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one window, as log odds.

    ``relevance``: that the passage is about what is asked; ``answerable``: that it answers the
    question; ``forms``: what form of answer that is, in the order of ``FORMS``, normalised. One
    number for each token of the text: ``start`` and ``end``, that the answer begins or ends there
    rather than nowhere (0); ``inside``, that it is part of an answer; ``evidence``, that it is part
    of a sentence that a good answer quotes.
    """

    relevance: float
    answerable: float
    forms: Vectors
    start: Vectors
    end: Vectors
    inside: Vectors
    evidence: Vectors


# The fourth of six layers tells best what kind of question it is.
_STATES = "layer3.last"
_OUTPUTS = ("relevance", "answerable", "kind", "start", "end", "inside", "evidence")


class Network:
    """One session, safe to share between threads. Raises ModelError if it cannot start."""

    def __init__(self, model: Path) -> None:
        self._turns = BoundedSemaphore(_RUNS)
        try:
            # Fields of a message that come again are added to it (Protocol Buffers, encoding).
            graph = model.read_bytes() + _output_of_graph(_STATES)
            self._session = open_session(graph, threads=min(_THREADS, os.cpu_count() or 1))
        except Exception as error:
            raise ModelError(f"the reader's network {model} cannot start: {error}") from error

    def score(self, windows: Sequence[Encoded]) -> list[Scores]:
        """The scores of each window, in their order. Raises ModelError when the run fails."""
        scores: dict[int, Scores] = {}
        for part in _batches(windows):
            shape = (len(part), len(windows[part[-1]].ids))
            ids, types, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
            for row, number in enumerate(part):
                size = len(windows[number].ids)
                ids[row, :size] = windows[number].ids
                types[row, :size] = windows[number].types
                mask[row, :size] = 1
            try:
                with self._turns:
                    relevance, answerable, forms, *tokens = self._session.run(
                        _OUTPUTS, {"ids": ids, "types": types, "mask": mask}
                    )
            except Exception as error:
                raise ModelError(f"the reader's network failed: {error}") from error
            for row, number in enumerate(part):
                window = windows[number]
                text = slice(window.first, window.first + len(window.offsets))
                scores[number] = Scores(
                    float(relevance[row]),
                    float(answerable[row]),
                    forms[row] - np.logaddexp.reduce(forms[row]),
                    *(scored[row, text] for scored in tokens),
                )
        return [scores[number] for number in range(len(windows))]

    def states(self, ids: Sequence[int]) -> Vectors:
        """What half of the layers make of each token of a text, shape ``(len(ids), width)``. Raises
        ModelError when the run fails.
        """
        row = np.array([ids], dtype=np.int64)
        inputs = {"ids": row, "types": np.zeros_like(row), "mask": np.ones_like(row)}
        try:
            with self._turns:
                (states,) = self._session.run([_STATES], inputs)
        except Exception as error:
            raise ModelError(f"the reader's network failed: {error}") from error
        vectors: Vectors = states[0]
        return vectors


def _output_of_graph(name: str) -> bytes:
    """A model of nothing but a graph with this output, as Protocol Buffers write it (onnx.proto:
    ModelProto.graph is field 7, GraphProto.output 12, ValueInfoProto.name 1).
    """
    message = name.encode()
    for field in (1, 12, 7):
        message = bytes([field << 3 | 2, len(message)]) + message
    return message


def _batches(windows: Sequence[Encoded]) -> Iterator[list[int]]:
    """Windows of like length together, the longest last in each."""
    batch: list[int] = []
    for number in sorted(range(len(windows)), key=lambda number: len(windows[number].ids)):
        length = len(windows[number].ids)
        too_long = batch and length > 1.25 * len(windows[batch[0]].ids) + 8
        if batch and (too_long or (len(batch) + 1) * length > _TOKENS):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
