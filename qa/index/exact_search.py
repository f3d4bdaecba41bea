"""Vectors that are compared with a question's one by one. Knows ids and numbers, no store."""

from collections.abc import Collection, Sequence

import numpy as np

from qa.protocols import Vectors

__all__ = ["ComparedVectors", "unit_rows"]


class ComparedVectors:
    """Vectors at unit length, in step with their ids; those of zeros, near nothing, are left out.

    ``is_everything`` tells that there are no others, so that what is not found here is nowhere.
    """

    def __init__(self, ids: Sequence[str], rows: Vectors, *, is_everything: bool) -> None:
        unit = unit_rows(rows)
        is_nonzero = [bool(row.any()) for row in unit]
        self.ids = [id_ for id_, keep in zip(ids, is_nonzero, strict=True) if keep]
        self.rows: Vectors = unit[is_nonzero]
        self.numbers = {id_: number for number, id_ in enumerate(self.ids)}
        self.is_everything = is_everything

    def best(
        self, vector: Vectors, k: int, allowed_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """Cosine similarities, from -1 to 1, of the ``k`` nearest to a vector that is not zero, of
        those admitted (None: of all); equal ones in the order of their rows, so that a question
        gets the same ones every time.
        """
        if not self.ids or (allowed_ids is not None and not allowed_ids):
            return {}
        similarities = self.rows @ (vector / np.linalg.norm(vector))
        if allowed_ids is None:
            numbers = np.arange(len(self.ids))
        else:
            numbers = np.array(
                [self.numbers[id_] for id_ in allowed_ids if id_ in self.numbers], int
            )
            numbers.sort()
        order = numbers[np.argsort(-similarities[numbers], kind="stable")[:k]]
        return {self.ids[number]: float(similarities[number]) for number in order}


def unit_rows(rows: Vectors) -> Vectors:
    """Rows at unit length, zeros as they are; no rows give none, of no dimension."""
    if not len(rows):
        return np.zeros((0, 0), np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
