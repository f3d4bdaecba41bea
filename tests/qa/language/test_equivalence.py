"""Which answers say the same, which contradict each other, and what an answer looks like.

The tables in ``tests/data/equivalence`` were written for it. What is noted as *hard* there needs
knowledge of the world; how much of it comes out right is not promised.
"""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.equivalence import disagree, form, relation, same
from qa.language.numerals import numbers, values
from qa.language.words import bare_words

TABLES = Path(__file__).resolve().parents[2] / "data" / "equivalence"


def rows(name):
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


RELATIONS = [row[:3] for row in rows("relation.tsv") if row[3] != "hard"]
FORMS = rows("form.tsv")


@pytest.mark.parametrize(("one", "other", "expected"), RELATIONS)
def test_relation_of_two_answers(one, other, expected):
    assert relation(one, other) == expected
    assert relation(other, one) == expected


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form_of_an_answer(text, expected):
    assert form(text) == expected


def test_tables_hold_no_pair_twice():
    pairs = [frozenset(row[:2]) for row in rows("relation.tsv")]
    assert len(pairs) == len(set(pairs))
    assert len(FORMS) == len({text for text, _ in FORMS})
    assert len(pairs) + len(FORMS) >= 300


@given(one=st.text(max_size=40), other=st.text(max_size=40))
def test_relation_has_no_direction(one, other):
    assert relation(one, other) == relation(other, one)


@given(
    one=st.from_regex(r"(about |at least )?[€$]?\d{1,7}( (km|miles|years|people|million))?"),
    other=st.from_regex(r"(about |at least )?[€$]?\d{1,7}( (km|miles|years|people|million))?"),
)
def test_relation_of_quantities_has_no_direction(one, other):
    assert relation(one, other) == relation(other, one)


@given(text=st.text(max_size=40))
def test_nothing_contradicts_itself(text):
    assert same(text, text)
    assert not disagree(text, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("twenty-one", {21}),
        ("two hundred thousand", {200_000}),
        ("1,200.5", {1200.5}),
        ("3.5 million of 7", {3_500_000, 7}),
        ("nobody", set()),
        ("five dozen", {60}),
        ("half a million", {500_000}),
        ("nineteen ninety-nine", {19, 99}),
        ("3.1bn", {3.1e9}),
        ("two and a half million", {2_500_000}),
        ("a hundred and five", {105}),
        ("the 3rd of 4", {4}),
    ],
)
def test_numbers_in_digits_and_words(text, found):
    assert values(text) == found


@given(st.text(max_size=60))
def test_numbers_stand_where_they_are_said_to(text):
    places = [(number.start, number.end) for number in numbers(text)]
    assert all(0 <= low < high <= len(text) for low, high in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_bare_words_drop_what_does_not_tell_answers_apart():
    assert bare_words("“The U.S. Navy’s” 1,000") == ["us", "navy", "1000"]
