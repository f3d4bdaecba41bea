"""Grids: every point measured on one half, the best confirmed on the other."""

from contextlib import contextmanager

import pytest

from eval.runs.run import Setting
from eval.runs.sweep import halves, parse_grid, sweep, sweep_markdown

SETTING = Setting(gold="g", library="l", judge="words", system="test")
GRID = {"retrieve.k": ["1", "5"]}


@pytest.fixture
def gold(make_gold):
    return [make_gold(f"q{number}") for number in range(40)]


@pytest.fixture
def arrange(make_answer):
    """A system that is right when it may read five passages; remembers who was asked what."""
    asked = []

    @contextmanager
    def arranged(values):
        def ask(item):
            asked.append((values["retrieve.k"], item.id))
            right = values["retrieve.k"] == "5"
            return make_answer(short="nine" if right else "ten", confidence=0.99)

        yield ask, None

    arranged.asked = asked
    return arranged


def test_best_point_is_found_and_confirmed(gold, arrange, judge, tmp_path):
    made = sweep(gold, GRID, arrange, judge, SETTING, tmp_path)
    assert [point.figure.value for point in made.points] == [0.0, 1.0]
    assert made.best.values == {"retrieve.k": "5"}
    assert made.confirmed.difference == 1.0
    assert made.confirmed.n == 20
    assert "the gain holds" in sweep_markdown(made)


def test_questions_that_were_tuned_on_do_not_confirm(gold, arrange, judge, tmp_path):
    sweep(gold, GRID, arrange, judge, SETTING, tmp_path)
    for k in ("1", "5"):
        asked = [name for value, name in arrange.asked if value == k]
        assert len(asked) == len(set(asked)) == 40


def test_first_point_as_the_best_needs_no_confirmation(gold, arrange, judge, tmp_path):
    made = sweep(gold, {"retrieve.k": ["5", "1"]}, arrange, judge, SETTING, tmp_path)
    assert made.confirmed is None
    assert "nothing to confirm" in sweep_markdown(made)


def test_best_of_what_is_better_low_is_the_lowest(gold, arrange, judge, tmp_path):
    made = sweep(gold, GRID, arrange, judge, SETTING, tmp_path, measure="calibration error")
    assert [round(point.figure.value, 2) for point in made.points] == [0.99, 0.01]
    assert made.best.values == {"retrieve.k": "5"}
    assert "the gain holds" in sweep_markdown(made)
    turned = sweep(
        gold, {"retrieve.k": ["5", "1"]}, arrange, judge, SETTING, tmp_path / "turned",
        measure="calibration error",
    )  # fmt: skip
    assert turned.confirmed is None


def test_every_combination_is_a_point(gold, arrange, judge, tmp_path):
    grid = {"retrieve.k": ["1", "5"], "split.size": ["600", "800", "1000"]}
    assert len(sweep(gold, grid, arrange, judge, SETTING, tmp_path).points) == 6


def test_halves_share_nothing_and_leave_nothing(gold):
    one, other = halves(gold, 0)
    assert {item.id for item in one}.isdisjoint(item.id for item in other)
    assert len(one) + len(other) == 40
    assert halves(gold, 0) == (one, other) != halves(gold, 1)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("colour=1", "choose from split.size"),
        ("split.size", "choose from"),
        ("split.size=600,big", "'big' is not a number"),
        ("retrieve.k=0", "'0' is not a number from 1"),
    ],
)
def test_faulty_grid_is_named(setting, told):
    with pytest.raises(ValueError, match=told):
        parse_grid([setting])


@pytest.mark.parametrize("measure", ["charm", "milliseconds, median"])
def test_unknown_measure_is_told_before_anything_is_asked(gold, judge, tmp_path, measure):
    with pytest.raises(ValueError, match=f"no measure '{measure}'; choose from: abstention, "):
        sweep(gold, GRID, None, judge, SETTING, tmp_path, measure=measure)


def test_measure_that_never_applies_is_an_error(gold, arrange, judge, tmp_path):
    with pytest.raises(ValueError, match="'contains_parts' applies to no question"):
        sweep(gold, GRID, arrange, judge, SETTING, tmp_path, measure="contains_parts")


def test_too_few_questions_are_an_error(make_gold, arrange, judge, tmp_path):
    with pytest.raises(ValueError, match="halved"):
        sweep([make_gold()], GRID, arrange, judge, SETTING, tmp_path)
