"""Whether a sentence affirms or denies what is asked: natural language inference (Bowman et al.
2015, "A large annotated corpus for learning natural language inference").

The upper layers of a network of its own upon the lower ones of the reader.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from qa.errors import ModelError
from qa.readers.neural.encode import Encoded
from qa.readers.neural.network import Network, batches, padded
from qa.runtime.onnx_session import open_session

__all__ = ["Inference", "Judged", "Verdict"]

_THREADS = 2


class Verdict(NamedTuple):
    """How likely a text affirms what is asked, denies it, and leaves it open; their sum is 1."""

    yes: float
    no: float
    open: float


class Judged(NamedTuple):
    """A sentence in characters of its passage, the log odds that a good answer quotes it, and what
    it says to the question.
    """

    start: int
    end: int
    score: float
    verdict: Verdict


class Inference:
    """Safe to share between threads; the session starts with the first question of yes or no."""

    def __init__(self, network: Network, model: Path) -> None:
        self._network = network
        self._model = model

    def judge(self, windows: Sequence[Encoded]) -> list[Verdict]:
        """What each window, a question with a few sentences, says to its question.

        Raises ModelError when the weights cannot be read or a run fails.
        """
        verdicts: dict[int, Verdict] = {}
        for part in batches(windows):
            inputs = padded([windows[number] for number in part])
            states = self._network.lower_states(inputs)
            try:
                (odds,) = self._session.run(None, {"states": states, "mask": inputs["mask"]})
            except Exception as error:
                raise ModelError(f"the inference network failed: {error}") from error
            shares = np.exp(odds - np.logaddexp.reduce(odds, axis=1, keepdims=True))
            for number, row in zip(part, shares.tolist(), strict=True):
                verdicts[number] = Verdict(*row)
        return [verdicts[number] for number in range(len(windows))]

    @cached_property
    def _session(self) -> Any:
        try:
            return open_session(self._model, threads=_THREADS, is_fused=True)
        except Exception as error:
            raise ModelError(
                f"the inference network {self._model} cannot start: {error}"
            ) from error
