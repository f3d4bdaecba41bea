"""Vectors that are compared with a question's one by one. Knows ids, days and numbers, no store."""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.language.dates import day_number
from qa.protocols import Vectors
from qa.records.question import Scope

__all__ = ["ComparedVectors", "unit_rows"]


class ComparedVectors:
    """Vectors at unit length, in step with their ids; those of zeros, near nothing, are left out.

    ``is_everything`` tells that there are no others, so that what is not found here is nowhere.
    In step with the rows are ``ids``, whole numbers, and of the articles ``days`` (20240613, 0 for
    an unknown one) and ``outlets`` (in small letters).
    """

    def __init__(
        self,
        ids: NDArray[np.int64],
        rows: Vectors,
        days: NDArray[np.int64],
        outlets: NDArray[np.str_],
        *,
        is_everything: bool,
    ) -> None:
        unit = unit_rows(rows)
        is_nonzero = unit.any(axis=1) if len(unit) else np.zeros(0, np.bool_)
        self.ids = [str(id_) for id_ in ids[is_nonzero]]
        self.rows: Vectors = unit[is_nonzero]
        self.numbers = {id_: number for number, id_ in enumerate(self.ids)}
        self.is_everything = is_everything
        self._days = days[is_nonzero]
        self._outlets = outlets[is_nonzero]

    def best(
        self, vector: Vectors, k: int, allowed_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """Cosine similarities, from -1 to 1, of the ``k`` nearest to a vector that is not zero, of
        those admitted (None: of all); equal ones in the order of their rows, so that a question
        gets the same ones every time.
        """
        if allowed_ids is None:
            return self._nearest(vector, k, np.arange(len(self.ids)))
        numbers = [self.numbers[id_] for id_ in allowed_ids if id_ in self.numbers]
        return self._nearest(vector, k, np.array(sorted(numbers), np.int64))

    def best_within(self, vector: Vectors, k: int, scope: Scope) -> dict[str, float]:
        """The same of those in a scope."""
        return self._nearest(vector, k, np.flatnonzero(self._is_within(scope)))

    def _is_within(self, scope: Scope) -> NDArray[np.bool_]:
        is_within = np.ones(len(self.ids), np.bool_)
        if scope.since or scope.until:
            # Zero stands for an unknown day, which lies in no window.
            in_days = self._days >= (day_number(scope.since) or 1)
            if scope.until:
                in_days &= self._days <= day_number(scope.until)
            is_within &= in_days | (self._days == 0) if scope.undated else in_days
        if scope.sources:
            is_within &= np.isin(self._outlets, [source.lower() for source in scope.sources])
        return is_within

    def _nearest(self, vector: Vectors, k: int, numbers: NDArray[Any]) -> dict[str, float]:
        if not len(numbers):
            return {}
        similarities = self.rows @ (vector / np.linalg.norm(vector))
        order = numbers[np.argsort(-similarities[numbers], kind="stable")[:k]]
        return {self.ids[number]: float(similarities[number]) for number in order}


def unit_rows(rows: Vectors) -> Vectors:
    """Rows at unit length, zeros as they are; no rows give none, of no dimension."""
    if not len(rows):
        return np.zeros((0, 0), np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
