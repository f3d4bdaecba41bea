"""Saved questions: asked again when the library has changed, and changed answers are kept."""

from dataclasses import replace

import pytest

from qa.errors import ConfigError, SavedQuestionNotFound
from qa.library.curation.saved_questions import (
    answers_of,
    ask_again,
    delete_question,
    find_question,
    save_question,
    saved_questions,
    says_the_same,
)
from qa.records.question import Scope
from tests.citing import answer_citing

QUESTION = "How many sailors died?"


@pytest.fixture
def tools(make_library, ferry):
    return make_library(ferry)


def asked(tools, answer, **options):
    """What is new when every question is answered so."""
    return list(ask_again(tools.library, lambda question, owner: answer, **options))


def test_question_is_asked_at_first_and_when_the_library_has_changed(tools, store, ferry, bridge):
    scope = Scope(sources=("Gazette",))
    saved = save_question(tools.library, f" {QUESTION} ", owner="ada", scope=scope)
    answer = answer_citing(ferry, "Nine sailors died")
    (first,) = asked(tools, answer)
    assert (first.before, first.owner, first.question.scope) == (None, "ada", scope)
    assert asked(tools, answer_citing(ferry, "41 passengers")) == []
    store(tools, bridge)
    assert asked(tools, answer) == []
    assert find_question(tools.library, saved.id, owner="ada").checked > saved.saved
    assert [each.number for each in answers_of(tools.library, saved.id)] == [1]


def test_question_that_is_saved_twice_is_one(tools):
    scope = Scope(sources=("Gazette",))
    first = save_question(tools.library, QUESTION, scope=scope)
    assert save_question(tools.library, f" {QUESTION}", scope=scope).id == first.id
    assert save_question(tools.library, QUESTION).id != first.id
    assert len(saved_questions(tools.library)) == 2


def test_different_answer_is_kept_with_the_one_before(tools, store, ferry, bridge):
    saved = save_question(tools.library, QUESTION)
    asked(tools, answer_citing(ferry, "Nine sailors died"))
    store(tools, bridge)
    (new,) = asked(tools, answer_citing(ferry, "41 passengers were rescued"))
    assert (new.answer.number, new.before.number) == (2, 1)
    assert [each.number for each in answers_of(tools.library, saved.id)] == [2, 1]


def test_other_scores_and_counts_are_no_change(ferry):
    answer = answer_citing(ferry, "Nine sailors died")
    assert says_the_same(answer, replace(answer, confidence=0.1, took_ms=9.0, hits=answer.hits * 2))
    assert not says_the_same(answer, replace(answer, short="eleven"))
    none = replace(answer, short="", statements=(), abstained=True, reason="none of 3 articles")
    assert says_the_same(none, replace(none, reason="none of 4 articles"))
    assert not says_the_same(answer, none)


def test_question_that_fails_stops_no_other(tools, ferry):
    save_question(tools.library, "First?")
    save_question(tools.library, "Second?")

    def ask(question, owner):
        if question.question == "First?":
            raise ConfigError("no such model")
        return answer_citing(ferry, "Nine sailors died")

    assert [each.question.question for each in ask_again(tools.library, ask)] == ["Second?"]
    assert [each.problem for each in saved_questions(tools.library)] == ["no such model", ""]


def test_questions_are_of_one_person(tools, ferry):
    saved = save_question(tools.library, QUESTION, owner="ada")
    assert saved_questions(tools.library, owner="ben") == []
    for action in (find_question, delete_question):
        with pytest.raises(SavedQuestionNotFound):
            action(tools.library, saved.id, owner="ben")
    asked(tools, answer_citing(ferry, "Nine sailors died"))
    delete_question(tools.library, saved.id, owner="ada")
    assert saved_questions(tools.library, owner=None) == []
    assert answers_of(tools.library, saved.id) == []


@pytest.mark.parametrize("question", ["", " ", "x" * 2001])
def test_what_is_no_question_is_refused(tools, question):
    with pytest.raises(ValueError, match="1 to 2000 characters"):
        save_question(tools.library, question)
