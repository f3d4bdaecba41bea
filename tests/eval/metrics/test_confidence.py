import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.confidence import (
    abstention_f1,
    abstention_precision,
    abstention_recall,
    accuracy_coverage_area,
    calibration_error,
    reliability,
    roc_area,
)

ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def columns(answers):
    return [sure for sure, _ in answers], [float(right) for _, right in answers]


def test_answering_the_right_ones_first_is_a_larger_area():
    assert accuracy_coverage_area([0.9, 0.1], [1, 0]) > accuracy_coverage_area([0.1, 0.9], [1, 0])


def test_area_of_a_single_confidence_is_the_accuracy():
    assert accuracy_coverage_area([0.5] * 4, [1, 0, 0, 1]) == pytest.approx(0.5)


@given(ANSWERS)
def test_area_and_error_lie_between_zero_and_one(answers):
    assert 0 <= accuracy_coverage_area(*columns(answers)) <= 1
    assert 0 <= calibration_error(*columns(answers)) <= 1


@given(ANSWERS)
def test_every_answer_is_in_one_bin(answers):
    assert sum(count for *_, count in reliability(*columns(answers))) == len(answers)


def test_perfect_calibration_has_no_error():
    assert calibration_error([0.5, 0.5, 1.0], [1, 0, 1]) == 0


def test_precision_and_recall_of_abstaining_are_not_exchanged():
    silent, holds = [True, True, True, False], [False, True, True, False]
    assert abstention_precision(silent, holds) == pytest.approx(1 / 3)
    assert abstention_recall(silent, holds) == pytest.approx(1 / 2)
    assert abstention_precision([False], [False]) == 1
    assert abstention_recall([True], [True]) == 1


def test_never_abstaining_scores_zero():
    assert abstention_f1([False, False], [True, False]) == 0


def test_abstaining_from_exactly_the_unanswerable_is_perfect():
    assert abstention_f1([False, True], [True, False]) == 1


def test_equal_scores_tell_nothing_apart():
    assert roc_area([0.5, 0.5], [True, False]) == 0.5
    assert roc_area([0.5], [False]) == 0.5
