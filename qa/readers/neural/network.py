"""The trained network in ONNX Runtime: windows in, scores out."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.protocols import Vectors
from qa.readers.neural.encode import Encoded
from qa.records.reading import AnswerForm
from qa.runtime.onnx_session import open_session

__all__ = ["FORMS", "Network", "Scores", "batches", "padded"]

Tokens = NDArray[np.int64]
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


# The fourth of six layers tells best what kind of question it is; inference branches off after the
# second.
_STATES, _LOWER = "layer3.last", "layer1.last"
_OUTPUTS = ("relevance", "answerable", "kind", "start", "end", "inside", "evidence")


class Network:
    """One session, safe to share between threads. Raises ModelError if it cannot start."""

    def __init__(self, model: Path) -> None:
        self._turns = BoundedSemaphore(_RUNS)
        try:
            # Fields of a message that come again are added to it (Protocol Buffers, encoding).
            graph = b"".join((model.read_bytes(), *map(_output_of_graph, (_STATES, _LOWER))))
            threads = min(_THREADS, os.cpu_count() or 1)
            self._session = open_session(graph, threads=threads, is_fused=True)
        except Exception as error:
            raise ModelError(f"the reader's network {model} cannot start: {error}") from error

    def score(self, windows: Sequence[Encoded]) -> list[Scores]:
        """The scores of each window, in their order. Raises ModelError when the run fails."""
        scores: dict[int, Scores] = {}
        for part in batches(windows):
            inputs = padded([windows[number] for number in part])
            relevance, answerable, forms, *tokens = self._run(_OUTPUTS, inputs)
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
        vectors: Vectors = self._run([_STATES], inputs)[0][0]
        return vectors

    def lower_states(self, inputs: Mapping[str, Tokens]) -> Vectors:
        """What the first two layers make of each token of padded windows, shape ``(rows, tokens,
        width)``. Raises ModelError when the run fails.
        """
        states: Vectors = self._run([_LOWER], inputs)[0]
        return states

    def _run(self, outputs: Sequence[str], inputs: Mapping[str, Tokens]) -> list[Vectors]:
        try:
            with self._turns:
                made: list[Vectors] = self._session.run(outputs, dict(inputs))
        except Exception as error:
            raise ModelError(f"the reader's network failed: {error}") from error
        return made


def padded(windows: Sequence[Encoded]) -> dict[str, Tokens]:
    """The network's inputs ``ids``, ``types`` and ``mask``, shape ``(windows, longest)``, int64."""
    shape = (len(windows), max(len(window.ids) for window in windows))
    ids, types, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size] = window.ids
        types[row, :size] = window.types
        mask[row, :size] = 1
    return {"ids": ids, "types": types, "mask": mask}


def _output_of_graph(name: str) -> bytes:
    """A model of nothing but a graph with this output, as Protocol Buffers write it (onnx.proto:
    ModelProto.graph is field 7, GraphProto.output 12, ValueInfoProto.name 1).
    """
    message = name.encode()
    for field in (1, 12, 7):
        message = bytes([field << 3 | 2, len(message)]) + message
    return message


def batches(windows: Sequence[Encoded]) -> Iterator[list[int]]:
    """The numbers of the windows, those of like length together, the longest last in each."""
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
