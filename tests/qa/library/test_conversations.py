"""Conversations and users are kept in the library, each with its owner."""

from dataclasses import replace
from datetime import date

import pytest

from qa.build import open_library
from qa.errors import ConversationNotFound, UserNotFound
from qa.library.conversations import (
    begin,
    conversations,
    delete,
    exchange,
    exchanges,
    find,
    keep,
    rename,
    search,
)
from qa.library.users import find_user, keep_user, remove_user, users
from qa.records.answer import Answer
from qa.records.question import Scope


def answer(question):
    return Answer(question, "", (), (), 0.0, abstained=True, reason="nothing found")


def test_what_was_said_is_there_after_a_restart(library):
    talk = begin(library, "  Who \n sank? ")
    scope = Scope(date(2021, 1, 1), None, ("Gazette",))
    kept = [
        keep(library, talk.id, answer("Who?"), scope=scope, as_of=date(2021, 3, 4)),
        keep(library, talk.id, answer("And when?")),
    ]
    with open_library(library.location) as again:
        assert exchanges(again, talk.id) == kept
        assert exchange(again, talk.id, 2) == kept[1]
        assert [each.title for each in conversations(again)] == ["Who sank?"]
    assert [each.number for each in kept] == [1, 2]


def test_one_that_changed_last_comes_first(library):
    one, other = begin(library, "one"), begin(library, "other")
    keep(library, one.id, answer("Who?"))
    assert [each.id for each in conversations(library)] == [one.id, other.id]


def test_long_title_is_cut(library):
    assert len(begin(library, "word " * 50).title) <= 80


def test_renamed_and_deleted(library):
    talk = begin(library, "old")
    keep(library, talk.id, answer("Who?"))
    rename(library, talk.id, "new")
    assert find(library, talk.id).title == "new"
    with pytest.raises(ValueError, match="needs a title"):
        rename(library, talk.id, " ")
    delete(library, talk.id)
    assert conversations(library) == []
    with pytest.raises(ConversationNotFound, match=talk.id):
        exchanges(library, talk.id)


@pytest.mark.parametrize(
    "use",
    [
        find,
        delete,
        exchanges,
        lambda library, id_, owner: keep(library, id_, answer("?"), owner=owner),
        lambda library, id_, owner: rename(library, id_, "mine", owner=owner),
        lambda library, id_, owner: exchange(library, id_, 1, owner=owner),
    ],
)
def test_nobody_reaches_the_conversation_of_somebody_else(library, use):
    talk = begin(library, "private", owner="ada")
    keep(library, talk.id, answer("Who?"), owner="ada")
    with pytest.raises(ConversationNotFound):
        use(library, talk.id, owner="bob")
    assert find(library, talk.id, owner="ada").title == "private"
    assert conversations(library, owner="bob") == []


def test_conversation_is_found_by_the_words_of_its_title_questions_and_answers(library):
    ferry, bridge = begin(library, "Ferries"), begin(library, "Bridges")
    begin(library, "Of somebody else: sank", owner="bob")
    keep(library, ferry.id, replace(answer("Who sank?"), short="Ärger", abstained=False))
    keep(library, bridge.id, answer("Who built it?"))
    assert [each.id for each in search(library, "WHO sank")] == [ferry.id]
    assert [each.id for each in search(library, "ärger ferries")] == [ferry.id]
    assert [each.id for each in search(library, "who")] == [bridge.id, ferry.id]
    assert search(library, "passages") == []
    assert search(library, " ") == conversations(library)


def test_whoever_has_its_id_reads_a_conversation(library):
    talk = begin(library, "private", owner="ada")
    kept = keep(library, talk.id, answer("Who?"), owner="ada")
    assert find(library, talk.id, owner=None).title == "private"
    assert exchanges(library, talk.id, owner=None) == [kept]


def test_users_are_kept_with_role_and_hash(library):
    keep_user(library, "ada", "reader", "hash 1")
    ada = keep_user(library, "ada", "editor", "hash 2")
    assert users(library) == [ada]
    assert find_user(library, "bob") is None
    remove_user(library, "ada")
    with pytest.raises(UserNotFound, match="no user 'ada'"):
        remove_user(library, "ada")


@pytest.mark.parametrize(("name", "role"), [("", "reader"), ("a:b", "reader"), ("ada", "owner")])
def test_user_that_makes_no_sense_is_refused(library, name, role):
    with pytest.raises(ValueError, match=r"name|role"):
        keep_user(library, name, role, "hash")
