import numpy as np
import pytest

from eval.runs.intervals import interval, mean_of


def test_interval_holds_the_figure():
    marks = np.array([0.0, 1.0, 1.0, 0.0, 1.0] * 20)
    low, high = interval(mean_of(marks), len(marks))
    assert low < marks.mean() < high


def test_interval_of_a_proportion_is_about_as_wide_as_the_normal_one():
    marks = np.array([1.0] * 60 + [0.0] * 140)
    low, high = interval(mean_of(marks), len(marks))
    assert high - low == pytest.approx(2 * 1.96 * (0.3 * 0.7 / 200) ** 0.5, rel=0.1)


def test_truth_is_covered_about_as_often_as_promised():
    rng = np.random.default_rng(1)
    covered = 0
    for seed in range(60):
        marks = rng.exponential(1.0, 50)
        low, high = interval(mean_of(marks), 50, draws=300, seed=seed)
        covered += low <= 1.0 <= high
    assert covered >= 51


def test_interval_without_spread_is_a_point():
    assert interval(mean_of(np.ones(10)), 10) == (1.0, 1.0)


def test_same_seed_same_interval():
    marks = np.arange(30.0)
    assert interval(mean_of(marks), 30) == interval(mean_of(marks), 30)
