"""Which questions of a gold set are asked."""

from datetime import date

import pytest

from eval.gold.questions import Gold
from eval.gold.selection import select_questions

GOLD = [
    Gold("n1", "How many died?", ("nine",), kind="number", as_of=date(2021, 3, 5)),
    Gold("n2", "How much?", ("12 million",), kind="Number", reviewed=False),
    Gold("p1", "Who painted it?", (), kind="name"),
]


def ids(*conditions, **options):
    return [gold.id for gold in select_questions(GOLD, conditions, **options)]


@pytest.mark.parametrize(
    ("conditions", "selected"),
    [
        ([], ["n1", "n2", "p1"]),
        (["kind=number"], ["n1", "n2"]),
        (["kind=NUMBER", "reviewed=false"], ["n2"]),
        (["answerable=false"], ["p1"]),
        (["year=2021"], ["n1"]),
        (["year="], ["n2", "p1"]),
        (["id=p1"], ["p1"]),
    ],
)
def test_questions_meet_every_condition(conditions, selected):
    assert ids(*conditions) == selected


@pytest.mark.parametrize("condition", ["colour=red", "kind", "", "=", "as_of=2021-03-05"])
def test_unknown_condition_is_named(condition):
    with pytest.raises(ValueError, match=f"unknown condition {condition!r}.* kind, answerable"):
        ids(condition)


def test_no_question_left_is_an_error():
    with pytest.raises(ValueError, match="no question meets the conditions kind=name year=2021"):
        ids("kind=name", "year=2021")
    with pytest.raises(ValueError, match="no question"):
        select_questions([])


def test_sample_keeps_the_order_and_is_the_same_for_a_seed():
    gold = [Gold(f"q{number:02}", "?", ()) for number in range(40)]
    sample = [item.id for item in select_questions(gold, sample=10, seed=7)]
    assert len(sample) == 10
    assert sample == sorted(sample)
    assert sample == [item.id for item in select_questions(gold, sample=10, seed=7)]
    assert sample != [item.id for item in select_questions(gold, sample=10, seed=8)]


def test_sample_is_drawn_from_those_that_meet_the_conditions():
    assert ids("kind=number", sample=2) == ["n1", "n2"]
    assert ids("kind=number", sample=99) == ["n1", "n2"]
