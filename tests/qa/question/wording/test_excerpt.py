"""The question in a pasted text."""

from qa.question.wording.excerpt import main_question

STORY = "The council met on Monday and spoke of the bridge for an hour. " * 20


def test_last_question_of_a_long_text_is_asked():
    text = f"Is this news? {STORY}Who chairs the council? Thanks in advance."
    assert main_question(text) == "Who chairs the council?"


def test_question_without_its_mark_is_known_by_its_opening():
    assert main_question(f"{STORY}Who chairs the council.") == "Who chairs the council."


def test_text_without_a_question_is_asked_by_its_first_sentence():
    assert main_question(STORY) == STORY[: STORY.index(".") + 1]


def test_one_endless_sentence_is_cut():
    assert len(main_question("bridge " * 900)) <= 400


def test_ordinary_question_stays_whole():
    assert main_question("It rained. Who came? Nobody.") == "It rained. Who came? Nobody."
