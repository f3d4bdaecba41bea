"""Candidates of several passages weighed against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.readers.vote import Candidate, Decision, vote

PLAIN = Decision(rank=0.0)


def candidate(text, score, hit=0, around=""):
    return Candidate(hit, 0, len(text), text, score, around or f"{text} {hit}")


def texts(*candidates, searched=(1.0, 1.0, 1.0), decision=PLAIN):
    return [choice.text for choice in vote(candidates, searched, decision)]


def test_likelier_span_comes_first():
    assert texts(candidate("nine", 1.0), candidate("ten", 2.0)) == ["ten", "nine"]


def test_equal_answers_of_two_passages_outweigh_a_better_single_one():
    assert texts(
        candidate("ten", 2.0), candidate("Nine", 1.5, hit=1), candidate("nine", 1.5, hit=2)
    ) == ["Nine", "ten"]


def test_copies_of_a_sentence_count_once():
    copies = [candidate("nine", 1.5, hit=hit, around="nine died") for hit in (1, 2)]
    assert texts(candidate("ten", 2.0), *copies) == ["ten", "nine"]


def test_copies_are_kept_to_be_cited():
    copies = [candidate("nine", 1.5, hit=hit, around="nine died") for hit in (1, 2)]
    (choice,) = vote(copies, [1.0, 1.0, 1.0], PLAIN)
    assert {item.hit for item in choice.candidates} == {1, 2}


def test_rank_of_the_passage_counts():
    flat = [candidate("ten", 1.0, hit=1), candidate("nine", 1.0, hit=0)]
    assert texts(*flat, searched=(1.0, 0.2), decision=Decision(rank=1.0))[0] == "nine"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["nine", "ten", "about ten", "…"]),
            st.floats(-60, 60),
            st.integers(0, 2),
        )
    )
)
def test_weights_are_probabilities_in_order(items):
    choices = vote(
        [candidate(text, score, hit) for text, score, hit in items], [1.0, 0.5, 0.0], Decision()
    )
    weights = [choice.weight for choice in choices]
    assert weights == sorted(weights, reverse=True)
    assert all(0 <= weight <= 1 for weight in weights)
    assert {choice.text for choice in choices}.isdisjoint({"…"})


def test_unlikely_spans_leave_the_weight_to_no_answer():
    (choice,) = vote([candidate("nine", -5.0)], [1.0], PLAIN)
    assert choice.weight == pytest.approx(0.0067, abs=1e-3)


def test_confidence_is_a_logistic_function_of_the_features():
    decision = Decision(intercept=-1.0, slopes=(1.0, 0.0))
    assert decision.confidence((1.0, 5.0)) == pytest.approx(0.5)
    assert decision.confidence((1e9, 0.0)) <= 1
