"""BM25 over passages in memory, to find passages that look like answers and are none."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from qa.language.lexicon import STOP_WORDS

__all__ = ["BM25"]


class BM25:
    """Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._terms: dict[str, int] = {}
        rows, columns, counts = [], [], []
        for row, text in enumerate(texts):
            for term, count in Counter(_words(text)).items():
                rows.append(row)
                columns.append(self._terms.setdefault(term, len(self._terms)))
                counts.append(count)
        shape = (len(texts), len(self._terms))
        weights = sparse.csr_matrix((np.array(counts, np.float32), (rows, columns)), shape)
        lengths = np.asarray(weights.sum(axis=1)).ravel()
        weights = weights.tocoo()
        norm = 1.2 * (0.25 + 0.75 * lengths[weights.row] / max(1e-9, lengths.mean()))
        found = np.bincount(weights.col, minlength=shape[1])
        idf = np.log1p((len(texts) - found + 0.5) / (found + 0.5))
        weights.data = idf[weights.col] * weights.data * 2.2 / (weights.data + norm)
        self._weights = weights.tocsc()

    def top(self, question: str, k: int) -> list[int]:
        """The rows of the best ``k`` texts, best first."""
        columns = [self._terms[word] for word in set(_words(question)) if word in self._terms]
        scores = np.asarray(self._weights[:, columns].sum(axis=1)).ravel()
        best = np.argpartition(-scores, min(k, len(scores) - 1))[:k]
        return [int(row) for row in best[np.argsort(-scores[best])]]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS]
