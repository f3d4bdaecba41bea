"""What a follow-up leaves out or points back to."""

import pytest

from qa.question.antecedents import antecedent, topic
from qa.question.ellipsis import complete, is_fragment
from qa.question.pronouns import resolve
from qa.records.conversation import Turn

LEDGER = Turn("Who directed The Salt Ledger?", "Ioana Veskari", "Ioana Veskari directed it.")
CITY = Turn("When was Hong Kong founded?", "1842", "It was founded in 1842.")
STAFF = Turn("How many people did Veyra Rail employ in 2019?", "40", "It employed 40 people.")


@pytest.mark.parametrize(
    ("question", "turn", "expected"),
    [
        ("When was she born?", LEDGER, "When was Ioana Veskari born?"),
        ("When did it open?", LEDGER, "When did The Salt Ledger open?"),
        ("Who governs it?", CITY, "Who governs Hong Kong?"),
        ("How many people live there?", CITY, "How many people live in Hong Kong?"),
        ("Who is the mayor?", CITY, "Who is the mayor?"),
    ],
)
def test_pronoun_is_replaced_by_what_it_means(question, turn, expected):
    assert resolve(question, [turn]) == expected


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("What about Castor Mills?", "How many people did Castor Mills employ in 2019?"),
        ("And in 2020?", "How many people did Veyra Rail employ in 2020?"),
    ],
)
def test_fragment_is_completed_by_the_last_question(fragment, expected):
    assert is_fragment(fragment)
    assert complete(fragment, [STAFF]) == expected


@pytest.mark.parametrize("question", ["Who won the cup?", "How deep is Lake Orrin?"])
def test_whole_question_is_no_fragment(question):
    assert not is_fragment(question)


def test_antecedent_is_of_the_sort_that_is_asked_for():
    assert antecedent("person", [LEDGER]) == "Ioana Veskari"
    assert antecedent("thing", [LEDGER]) == "The Salt Ledger"
    assert antecedent("person", []) == ""


def test_topic_is_what_a_question_spoke_of():
    assert topic(LEDGER) == "The Salt Ledger"
