"""Differences between runs: the real ones are seen, the luck of the draw is not."""

from dataclasses import replace

import numpy as np
import pytest

from eval.compare import NotComparable, Turned, compare, sign_flip
from eval.plain import comparison_markdown
from eval.run import Item, Run, Setting

SETTING = Setting(gold="g", library="l", judge="words", system="test")


@pytest.fixture
def make_run(make_gold, make_answer):
    def make(marks, setting=SETTING, **gold):
        return Run(
            setting,
            tuple(
                Item(
                    make_gold(f"q{number}", **gold),
                    make_answer(),
                    {"exact_match": mark, "f1": mark},
                )
                for number, mark in enumerate(marks)
            ),
        )

    return make


BASE = [1.0] * 60 + [0.0] * 40


def test_real_loss_is_worse(make_run):
    comparison = compare(make_run(BASE), make_run([0.0] * 20 + BASE[20:]))
    assert comparison.worse("f1", 0.05)
    (change, *_) = comparison.changes
    assert change.difference == pytest.approx(-0.2)
    assert change.low < change.difference < change.high < 0


def test_gain_is_not_worse(make_run):
    comparison = compare(make_run(BASE), make_run([1.0] * 100))
    assert not comparison.worse("f1", 0.05)
    assert (len(comparison.gained), comparison.lost) == (40, ())


def test_small_loss_is_not_called_one(make_run):
    assert not compare(make_run(BASE), make_run([0.0] * 2 + BASE[2:])).worse("f1", 0.05)


def test_gained_and_lost_questions_are_named(make_run):
    comparison = compare(make_run([1.0, 0.0, 1.0]), make_run([0.0, 1.0, 1.0]))
    assert [item.id for item in comparison.gained] == ["q1"]
    assert [item.id for item in comparison.lost] == ["q0"]


def test_question_that_is_rightly_not_answered_any_more_is_gained(make_gold, make_answer):
    gold = make_gold(answers=(), articles=())
    silent = make_answer(short="", text="")
    base, new = (
        Run(SETTING, (Item(gold, answer, {"abstention": 0.0}),))
        for answer in (make_answer(), silent)
    )
    comparison = compare(base, new)
    assert comparison.gained == (Turned("q", "How many died (q)?", (), "Nine", ""),)
    assert comparison.lost == ()


def test_answers_stand_side_by_side(make_gold, make_answer):
    wrong = make_answer(short="a | b\nc")
    base, new = (
        Run(SETTING, (Item(make_gold(), answer, {"exact_match": mark}),))
        for answer, mark in ((make_answer(), 1.0), (wrong, 0.0))
    )
    text = comparison_markdown(compare(base, new))
    assert "No question was gained." in text
    assert "| q | How many died (q)? | nine | Nine | a \\| b c |" in text


def test_one_question_proves_nothing(make_run):
    (change, *_) = compare(make_run([1.0]), make_run([0.0])).changes
    assert (change.p, change.p_worse) == (1.0, 0.5)


def test_run_against_itself_has_no_difference(make_run):
    (change, *_) = compare(make_run(BASE), make_run(BASE)).changes
    assert (change.difference, change.p, change.p_worse) == (0.0, 1.0, 1.0)


def test_measure_that_applies_in_one_run_only_is_paired_where_it_applies_in_both(make_run):
    (change, *_) = compare(make_run([1.0, None, 0.0]), make_run([1.0, 0.0, 1.0])).changes
    assert (change.n, change.difference) == (2, 0.5)


@pytest.mark.parametrize("name", ["gold", "library", "judge"])
def test_runs_over_something_else_are_not_compared(make_run, name):
    other = replace(SETTING, **{name: "other"})
    with pytest.raises(NotComparable, match=name):
        compare(make_run(BASE), make_run(BASE, setting=other))


def test_runs_with_other_questions_are_not_compared(make_run):
    with pytest.raises(NotComparable, match="1 questions stand in one run only: q99"):
        compare(make_run(BASE), make_run(BASE[:-1]))


def test_unreviewed_gold_never_gates(make_run):
    before, after = make_run(BASE, reviewed=False), make_run([0.0] * 100, reviewed=False)
    comparison = compare(before, after)
    assert comparison.changes == ()
    with pytest.raises(KeyError):
        comparison.worse("f1", 0.05)


def test_equally_good_systems_are_seldom_called_worse():
    rng = np.random.default_rng(5)
    alarms = 0
    for seed in range(200):
        difference = rng.binomial(1, 0.6, 80).astype(float) - rng.binomial(1, 0.6, 80)
        alarms += difference.mean() < 0 and sign_flip(difference, seed=seed, draws=999)[1] < 0.05
    assert alarms / 200 <= 0.08


def test_p_is_exact_for_few_questions():
    # Of the 8 signs of three equal losses only one is as bad.
    assert sign_flip(np.array([-1.0, -1.0, -1.0]))[1] == pytest.approx(1 / 8)
