"""Differences between runs: the real ones are seen, the luck of the draw is not."""

from dataclasses import replace

import numpy as np
import pytest

from eval.reports.plain import comparison_markdown
from eval.runs.compare import (
    Change,
    Comparison,
    NotComparable,
    Turned,
    compare,
    exchange,
    sign_flip,
)
from eval.runs.run import Item, Run, Setting
from eval.runs.summary import OVERALL, table_of

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
    assert comparison.worse(["f1"], 0.05) == ["f1"]
    (change, *_) = comparison.changes
    assert change.difference == pytest.approx(-0.2)
    assert change.low < change.difference < change.high < 0


def test_gain_is_not_worse(make_run):
    comparison = compare(make_run(BASE), make_run([1.0] * 100))
    assert comparison.worse(["f1"], 0.05) == []
    assert (len(comparison.gained), comparison.lost) == (40, ())


def test_small_loss_is_not_called_one(make_run):
    comparison = compare(make_run(BASE), make_run([0.0] * 2 + BASE[2:]))
    assert comparison.worse(["f1"], 0.05) == []


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
    with pytest.raises(NotComparable, match="1 question stands in one run only: q99"):
        compare(make_run(BASE), make_run(BASE[:-1]))


def test_unreviewed_gold_never_gates(make_run):
    before, after = make_run(BASE, reviewed=False), make_run([0.0] * 100, reviewed=False)
    comparison = compare(before, after)
    assert comparison.changes == ()
    with pytest.raises(KeyError):
        comparison.worse(["f1"], 0.05)


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


def test_several_measures_together_fail_no_oftener_than_one(make_run):
    changes = [
        Change(name, 0.5, 0.4, -0.1, -0.2, 0.0, 2 * p, p, 100)
        for name, p in (("f1", 0.04), ("contains", 0.03), ("exact_match", 0.01))
    ]
    comparison = Comparison(tuple(changes), (), ())
    assert comparison.worse(["f1"], 0.05) == ["f1"]
    assert comparison.worse(["f1", "f1"], 0.05) == ["f1"]
    assert comparison.worse(["f1", "contains"], 0.05) == []
    # 0.01 < 0.05 / 3, but then 0.03 is not less than 0.05 / 2.
    assert comparison.worse(["f1", "contains", "exact_match"], 0.05) == ["exact_match"]
    assert comparison.worse([], 0.05) == []


@pytest.fixture
def make_sure(make_gold, make_answer):
    """``make(sure, right, silent)``: a run of so sure answers; each third has no answer."""

    def make(sure, right=None, silent=None):
        n = len(sure)
        right, silent = right or [1.0] * n, silent or [False] * n
        items = []
        for number in range(n):
            gold = make_gold(
                f"q{number}", **({} if number % 3 else {"answers": (), "articles": ()})
            )
            said = {"short": "", "text": ""} if silent[number] else {}
            answer = make_answer(confidence=sure[number], **said)
            marks = {"exact_match": right[number], "f1": right[number]}
            items.append(Item(gold, answer, marks))
        return Run(SETTING, tuple(items))

    return make


def changes(base, new):
    comparison = compare(base, new)
    return comparison, {change.name: change for change in comparison.changes}


def test_abstaining_at_random_is_a_loss_of_abstention(make_sure):
    due = [number % 3 == 0 for number in range(90)]
    base, new = make_sure([0.5] * 90, silent=due), make_sure([0.5] * 90, silent=due[1:] + due[:1])
    comparison, found = changes(base, new)
    assert (found["abstention F1"].base, found["abstention F1"].new) == (1, 0)
    named = ["abstention F1", "abstention precision", "abstention recall"]
    assert sorted(comparison.worse(named, 0.05)) == sorted(named)
    assert changes(new, base)[0].worse(named, 0.05) == []


def test_calibration_error_is_worse_when_it_is_larger(make_sure):
    right = [1.0, 1.0, 0.0] * 30
    honest = make_sure([0.67] * 90, right)
    boasting = make_sure([0.99] * 90, right)
    comparison, found = changes(honest, boasting)
    assert found["calibration error"].difference == pytest.approx(0.32)
    assert comparison.worse(["calibration error"], 0.05) == ["calibration error"]
    assert changes(boasting, honest)[0].worse(["calibration error"], 0.05) == []


def test_calibration_of_who_says_nothing_is_not_compared(make_sure):
    silent = make_sure([0.5] * 60, silent=[True] * 60)
    assert "calibration error" not in changes(silent, make_sure([0.5] * 60))[1]
    some = make_sure([0.5] * 60, silent=[number >= 6 for number in range(60)])
    assert changes(some, make_sure([0.5] * 60))[1]["calibration error"].n == 6


def test_differences_of_figures_have_intervals_and_two_sides(make_sure):
    due = [number % 3 == 0 for number in range(90)]
    half = [number % 6 == 0 for number in range(90)]
    base, new = make_sure([0.5] * 90, silent=half), make_sure([0.5] * 90, silent=due)
    found = changes(base, new)[1]["abstention recall"]
    assert (found.base, found.new) == (0.5, 1)
    assert 0 < found.low < found.difference < found.high < 1
    assert found.p < 0.01
    assert found.p_worse > 0.99


def test_order_of_confidence_is_compared(make_sure):
    right = [1.0, 1.0, 0.0, 0.0] * 25
    base = make_sure([0.9 if mark else 0.1 for mark in right], right)
    new = make_sure([0.1 if mark else 0.9 for mark in right], right)
    comparison, _ = changes(base, new)
    assert comparison.worse(["accuracy-coverage area"], 0.05) == ["accuracy-coverage area"]


def test_exchange_of_equal_systems_seldom_alarms(make_sure):
    rng = np.random.default_rng(3)
    alarms = 0
    for seed in range(200):
        base, new = (
            table_of(make_sure([0.5] * 60, silent=[bool(x) for x in rng.random(60) < 0.4]).items)
            for _ in range(2)
        )
        overall = OVERALL["abstention F1"]
        loss = overall.value(new) < overall.value(base)
        alarms += loss and exchange(overall, base, new, seed=seed, draws=199)[1] < 0.05
    assert alarms / 200 <= 0.08
