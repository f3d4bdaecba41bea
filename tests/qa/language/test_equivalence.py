"""Which answers say the same, and which contradict each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.equivalence import disagree, form, same
from qa.language.numerals import values
from qa.language.words import bare_words

SAME = [
    ("nine", "9 sailors"),
    ("Joe Biden", "President Joe Biden"),
    ("the Kessel Bridge", "Kessel Bridge"),
    ("3 March 2021", "March 2021"),
    ("March 3, 2021", "3rd March"),
    ("$1.2 billion", "1.2bn dollars"),
    ("some 90,000", "ninety thousand"),
    ("about 5,000", "5,010"),
    ("EU", "European Union"),
    ("Ilse Brandvold", "Brandvold’s"),
    ("Zelensky", "Zelenskyy"),
]
APART = [
    ("nine", "eleven"),
    ("3 March 2021", "4 March 2021"),
    ("2021", "2022"),
    ("Ilse Brandvold", "Tomas Reke"),
    ("12 million euros", "15 million euros"),
    ("40%", "60 percent"),
]
NOT_COMPARED = [("nine", "Reuters"), ("a broken pump", "the weather"), ("2021", "Ilse Brandvold")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_answer_in_other_words(one, other):
    assert same(one, other)
    assert not disagree(one, other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_answers_that_cannot_both_be_right(one, other):
    assert disagree(one, other)


@pytest.mark.parametrize(("one", "other"), NOT_COMPARED)
def test_answers_of_different_form_do_not_contradict(one, other):
    assert not disagree(one, other)


@given(one=st.text(max_size=40), other=st.text(max_size=40))
def test_agreement_has_no_direction(one, other):
    assert same(one, other) == same(other, one)
    assert disagree(one, other) == disagree(other, one)


@given(text=st.text(max_size=40))
def test_nothing_contradicts_itself(text):
    assert same(text, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("twenty-one", {21}),
        ("two hundred thousand", {200_000}),
        ("1,200.5", {1200.5}),
        ("3.5 million of 7", {3_500_000, 7}),
        ("nobody", set()),
        ("five dozen", {60}),
    ],
)
def test_numbers_in_digits_and_words(text, found):
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("nearly 90,000", "number"),
        ("in 1998", "date"),
        ("May 5", "date"),
        ("House of Lords", "name"),
        ("because of the rain", "phrase"),
    ],
)
def test_form_of_an_answer(text, kind):
    assert form(text) == kind


def test_bare_words_drop_what_does_not_tell_answers_apart():
    assert bare_words("“The U.S. Navy’s” 1,000") == ["us", "navy", "1000"]
