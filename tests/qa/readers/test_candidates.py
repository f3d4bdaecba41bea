"""Numbers, dates and names are recognised by their shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.expected_answer import expected_answer
from qa.readers.candidates import candidates


def found(sentence, question):
    return [sentence[start:end] for start, end in candidates(sentence, expected_answer(question))]


@pytest.mark.parametrize(
    ("sentence", "question", "best"),
    [
        ("They dropped 90,000 leaflets in 2 days.", "How many leaflets?", "90,000"),
        ("It took three days and cost 5 men.", "How long did it take?", "three days"),
        ("The island is 34 miles from Orlen, 2 ships said.", "How far is it?", "34 miles"),
        ("The repair costs $1.5 million, 3 men said.", "How much does it cost?", "$1.5 million"),
        ("It cost 12 million euros.", "How much did it cost?", "12 million euros"),
        ("About 12.5% of 400 voters agreed.", "What percentage agreed?", "12.5%"),
        ("A 41-year-old sailor was one of nine.", "How old is the sailor?", "41-year-old"),
        ("Twenty-two of the ships sank.", "How many ships sank?", "Twenty-two"),
        ("On 3 March 2021 the ferry sank.", "When did the ferry sink?", "3 March 2021"),
        ("It sank on March 3rd, 2021 at 6.", "When did it sink?", "March 3rd, 2021"),
        ("The house was built in 1903.", "When was it built?", "1903"),
        ("They meet next Tuesday again.", "When do they meet?", "next Tuesday"),
        ("The captain was Ilse van Brandvold.", "Who was the captain?", "Ilse van Brandvold"),
        ("It happened at the Bank of Kessel.", "Where did it happen?", "Bank of Kessel"),
        ("In the end Émile Zoltán won.", "Who won?", "Émile Zoltán"),
    ],
)
def test_likeliest_candidate(sentence, question, best):
    assert found(sentence, question)[0] == best


def test_what_the_question_names_is_not_the_answer():
    sentence = "In Kessel, Ilse Low met Anna Berg."
    assert found(sentence, "Who met Ilse Low in Kessel?") == ["Anna Berg"]


def test_number_of_the_question_is_not_the_answer():
    assert found("Of 50 ships 12 sank.", "How many of the 50 ships sank?") == ["12"]


def test_parts_of_a_date_are_not_numbers():
    assert found("On 3 March 2021 nine men died.", "How many men died?") == ["nine"]


def test_number_inside_a_word_is_none():
    assert found("The A380 and the B52s flew.", "How many flew?") == []


def test_word_for_a_number_inside_a_word_is_none():
    assert found("Someone opened the stone gate.", "How many gates?") == []


def test_may_at_the_start_is_a_verb():
    assert found("May they rest.", "When did they rest?") == []


def test_stop_word_at_the_edge_is_no_part_of_a_name():
    assert found("The Kessel Bridge fell.", "Which bridge fell?") == ["Kessel Bridge"]


def test_question_for_a_phrase_has_no_candidates():
    assert found("On 3 March 2021 nine men died.", "Why did they die?") == []


def test_candidate_near_the_noun_asked_for_comes_first():
    sentence = "Of 300 people who came to watch that night, police say, 41 passengers were wet."
    assert found(sentence, "How many passengers were wet?")[0] == "41"


@given(
    st.text(st.sampled_from("aB 1,.-%$’'\n🎉e\u0301你May ") | st.characters(codec="utf-8")),
    st.sampled_from(["How many?", "When?", "Who?", "How far?", "How much did it cost?", "Why?"]),
)
def test_candidates_lie_in_the_sentence_and_are_not_empty(sentence, question):
    for start, end in candidates(sentence, expected_answer(question)):
        assert 0 <= start < end <= len(sentence)
        assert sentence[start:end].strip()
