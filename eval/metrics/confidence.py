"""Whether confidence means something: abstention, risk against coverage, calibration."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "abstention_f1",
    "abstention_precision",
    "abstention_recall",
    "accuracy_coverage_area",
    "calibration_error",
    "reliability",
    "roc_area",
    "selective_accuracy",
]


def abstention_precision(abstained: ArrayLike, answerable: ArrayLike) -> float:
    """The share of abstentions that were right, in [0, 1]; 1 when it never abstained.

    >>> abstention_precision([True, True, False], [False, True, False])
    0.5
    """
    said, holds = np.asarray(abstained, bool), np.asarray(answerable, bool)
    return float(np.mean(~holds[said])) if said.any() else 1.0


def abstention_recall(abstained: ArrayLike, answerable: ArrayLike) -> float:
    """The share of questions without an answer that it abstained from, in [0, 1]; 1 without any.

    >>> abstention_recall([True, True, False], [False, True, False])
    0.5
    """
    said, holds = np.asarray(abstained, bool), np.asarray(answerable, bool)
    return float(np.mean(said[~holds])) if not holds.all() else 1.0


def abstention_f1(abstained: ArrayLike, answerable: ArrayLike) -> float:
    """F1 of abstaining as a detector of questions without an answer, in [0, 1].

    >>> round(abstention_f1([True, True, False], [False, True, True]), 3)
    0.667
    """
    said, holds = np.asarray(abstained, bool), np.asarray(answerable, bool)
    both = np.count_nonzero(said) + np.count_nonzero(~holds)
    return float(2 * np.count_nonzero(said & ~holds) / both) if both else 1.0


def accuracy_coverage_area(confidence: ArrayLike, right: ArrayLike) -> float:
    """1 minus the area under the risk-coverage curve (El-Yaniv and Wiener 2010), in [0, 1].

    Questions are answered from the surest to the least sure; the accuracy among those answered so
    far is averaged over all coverages. Higher is better; equally sure ones count as their mean.

    >>> accuracy_coverage_area([0.9, 0.5], [1, 0])
    0.75
    """
    sure, correct = np.asarray(confidence, float), np.asarray(right, float)
    order = np.argsort(-sure, kind="stable")
    _, group = np.unique(-sure[order], return_inverse=True)
    mean = np.bincount(group, correct[order]) / np.bincount(group)
    return float(np.mean(np.cumsum(mean[group]) / np.arange(1, len(sure) + 1)))


def reliability(
    confidence: ArrayLike, right: ArrayLike, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and number of answers of each equally wide bin that has any."""
    sure, correct = np.asarray(confidence, float), np.asarray(right, float)
    place = _bin_of(sure, bins)
    return [
        (float(sure[place == number].mean()), float(correct[place == number].mean()), int(count))
        for number, count in enumerate(np.bincount(place, minlength=bins))
        if count
    ]


def calibration_error(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error over equally wide bins (Guo et al. 2017), in [0, 1].

    >>> calibration_error([0.8, 0.8], [1, 0])
    0.30000000000000004
    """
    sure, correct = np.asarray(confidence, float), np.asarray(right, float)
    return float(np.abs(np.bincount(_bin_of(sure, bins), sure - correct)).sum() / len(sure))


def _bin_of(sure: NDArray[np.float64], bins: int) -> NDArray[np.intp]:
    """The number of the equally wide bin of each confidence."""
    return np.minimum((sure * bins).astype(np.intp), bins - 1)


def selective_accuracy(confidence: ArrayLike, right: ArrayLike, coverage: float) -> float:
    """Accuracy among the surest share of the answers, at least one (El-Yaniv and Wiener 2010).

    >>> selective_accuracy([0.9, 0.8, 0.1, 0.7], [1, 1, 0, 0], 0.5)
    1.0
    """
    sure, correct = np.asarray(confidence, float), np.asarray(right, float)
    kept = np.argsort(-sure, kind="stable")[: max(1, round(coverage * len(sure)))]
    return float(correct[kept].mean())


def roc_area(scores: ArrayLike, truth: ArrayLike) -> float:
    """The area under the ROC curve: how often a true one has the higher score of a pair, ties
    counting half (Hanley and McNeil 1982), in [0, 1]; 0.5, which is chance, where there is no pair.

    >>> roc_area([0.1, 0.5, 0.5, 0.9], [False, False, True, True])
    0.875
    """
    score, holds = np.asarray(scores, float), np.asarray(truth, bool)
    right, wrong = score[holds][:, None], score[~holds][None, :]
    if not right.size or not wrong.size:
        return 0.5
    return float(((right > wrong) + 0.5 * (right == wrong)).mean())
