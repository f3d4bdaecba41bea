"""What a question asks for, read from its own words."""

from datetime import date

import pytest

from qa.language.words import stem, terms
from qa.question.expected_answer import expected_answer
from qa.question.understand import understand
from qa.retrieve.recency import closeness


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many leaflets were dropped?", "number"),
        ("how much will it cost", "number"),
        ("What percentage of voters agreed?", "number"),
        ("What was the final score?", "number"),
        ("How old is the mayor?", "number"),
        ("When did the ferry sink?", "date"),
        ("On which day did it sink?", "date"),
        ("In what year was it built?", "date"),
        ("Who won the cup?", "name"),
        ("Whose clock was stolen?", "name"),
        ("Where did the ferry sink?", "name"),
        ("Which team won?", "name"),
        ("What is the name of the captain?", "name"),
        ("What city hosts the games?", "name"),
        ("Why did the bridge close?", "phrase"),
        ("How did it happen?", "phrase"),
        ("What did the council decide?", "phrase"),
        ("Tell me of the flood.", "phrase"),
        ("", "phrase"),
    ],
)
def test_kind_of_answer_wanted(question, kind):
    assert expected_answer(question).kind == kind


def test_words_that_only_ask_are_no_terms():
    assert set(expected_answer("How many herons were counted?").terms) == {"heron", "count"}
    assert "mani" in expected_answer("Many herons? How were they counted?").terms


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("How far is it?", "distance"),
        ("How tall is the tower?", "distance"),
        ("How long did it last?", "duration"),
        ("How much did it cost?", "money"),
        ("How old is she?", "age"),
        ("What percentage agreed?", "share"),
        ("How many came?", ""),
    ],
)
def test_unit_of_the_number_wanted(question, unit):
    assert expected_answer(question).unit == unit


def test_focus_is_the_noun_asked_for():
    assert expected_answer("How many leaflets were dropped near al-Tanf?").focus[0] == "leaflet"


def test_names_and_numbers_are_what_the_answer_must_be_about():
    assert expected_answer("What did Ilse Low say in Kessel in 2024?").names == {
        stem("ilse"), stem("low"), stem("kessel"), "2024",
    }  # fmt: skip


def test_capital_at_the_start_is_no_name():
    assert expected_answer("Sailors died where?").names == frozenset()


def test_what_is_told_before_the_question_counts_half():
    wanted = expected_answer("The ferry sank. Who was the captain?")
    assert wanted.terms["captain"] > wanted.terms[stem("ferry")]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("leaflets", "leaflet"),
        ("dropped", "dropping"),
        ("rate", "rates"),
        ("vote", "votes"),
        ("game", "games"),
        ("name", "named"),
        ("leave", "left"),
        ("write", "wrote"),
        ("cities", "city"),
        ("won", "winner"),
        ("sold", "sell"),
        ("Kessel's", "Kessel"),
        ("cost", "costs"),
        ("close", "closed"),
        ("rescue", "rescued"),
    ],
)
def test_forms_of_a_word_share_a_stem(left, right):
    assert stem(left) == stem(right)


@pytest.mark.parametrize(
    ("left", "right"), [("glass", "glas"), ("red", "r"), ("write", "wrong"), ("rate", "rat")]
)
def test_other_words_do_not(left, right):
    assert stem(left) != stem(right)


@pytest.mark.parametrize("word", ["", "a", "'", "’s", "ss", "日本", "é", "e\u0301s"])
def test_any_word_has_a_stem(word):
    assert isinstance(stem(word), str)


# Terms


def test_terms_are_the_words_that_count_once_each():
    assert terms("Is the ferry the ferry's sister ship?") == ["ferry", "sister", "ship"]


def test_question_of_stop_words_alone_keeps_them():
    assert terms("Who is it?") == ["Who", "is", "it"]


# Window


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_empty_question_is_refused(text):
    with pytest.raises(ValueError, match="empty"):
        understand(text)


def test_white_space_is_tidied():
    assert understand("  Who \n won? ").text == "Who won?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Who\0 won?", "Who won?"), ("Who won\udce9?", "Who won\ufffd?"), ("Wh\x1bo?", "Wh o?")],
)
def test_what_is_no_character_does_not_reach_the_search(text, expected):
    assert understand(text).text == expected


@pytest.mark.parametrize("text", ["Who won today?", "What is the latest?", "Who left this week?"])
def test_question_tied_to_its_day_is_timely(text):
    assert understand(text).timely


def test_given_day_makes_a_question_timely():
    asked = understand("Who won?", as_of=date(2024, 1, 1))
    assert (asked.timely, asked.as_of) == (True, date(2024, 1, 1))


def test_other_question_is_asked_today_and_not_timely():
    asked = understand("Who won?")
    assert (asked.timely, asked.as_of) == (False, date.today())


def test_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="since"):
        understand("Who won?", since=date(2024, 2, 1), until=date(2024, 1, 1))


def test_closeness_falls_with_the_days():
    day = date(2024, 6, 30)
    found = [closeness(date(2024, month, 30), day) for month in (6, 5, 4)]
    assert found[0] == 1 > found[1] > found[2] > 0


@pytest.mark.parametrize("published", [None, date(2024, 7, 5)])
def test_unknown_and_later_days_are_rather_far(published):
    assert closeness(published, date(2024, 6, 30)) == 0.2


def test_next_day_is_still_near():
    assert closeness(date(2024, 7, 1), date(2024, 6, 30)) == 1
