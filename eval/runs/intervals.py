"""How far a figure could be off by the luck of the questions: bootstrap intervals."""

import warnings
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Statistic", "interval", "mean_of"]

Statistic = Callable[[NDArray[np.intp]], float]
"""A figure of the questions with these numbers."""


def interval(
    statistic: Statistic,
    n: int,
    *,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """The bias-corrected and accelerated bootstrap interval (Efron 1987) of a figure.

    ``statistic`` takes the numbers of the questions drawn, shape ``(n,)``, with repetitions.
    Deterministic for a seed; a figure that no drawing changes is its own interval.

    >>> marks = np.array([0.0, 1.0] * 50)
    >>> low, high = interval(mean_of(marks), len(marks))
    >>> round(low, 1), round(high, 1)
    (0.4, 0.6)
    """
    from scipy import stats

    value = statistic(np.arange(n))
    rng = np.random.default_rng(seed)
    if n < 2 or all(statistic(rng.integers(0, n, n)) == value for _ in range(20)):
        return value, value

    def bounds(method: Literal["BCa", "percentile"]) -> tuple[float, float]:
        found = stats.bootstrap(
            (np.arange(n),),
            statistic,
            vectorized=False,
            confidence_level=level,
            n_resamples=draws,
            batch=100,
            method=method,
            rng=np.random.default_rng(seed),
        )
        return float(found.confidence_interval.low), float(found.confidence_interval.high)

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # BCa is not defined where leaving any one question out changes nothing.
        warnings.simplefilter("ignore")
        low, high = bounds("BCa")
    return bounds("percentile") if np.isnan([low, high]).any() else (low, high)


def mean_of(marks: NDArray[np.float64]) -> Statistic:
    """The mean of one mark for each question, as a statistic of the questions drawn."""
    return lambda drawn: float(marks[drawn].mean())
