"""Saved questions of a server: asked again after a refresh, within limits, webhooks told."""

import pytest

from qa.errors import FetchFailed
from qa.library.curation.collections import add_to_collection, limit_user, make_collection
from qa.library.curation.saved_questions import answers_of, save_question, saved_questions
from qa.library.users import keep_user
from qa.records.question import Scope
from tests.citing import answer_citing
from ui.background.question_watch import QuestionWatch

QUESTION = "How many sailors died?"
HOOK = "https://hook.example/x"


class Asking:
    """Answers with a quotation that can be changed; keeps what it was asked."""

    def __init__(self, article):
        self.article, self.quote, self.asked = article, "Nine sailors died", []

    def __call__(self, asked):
        self.asked.append(asked)
        return answer_citing(self.article, self.quote)


@pytest.fixture
def asking(ferry):
    return Asking(ferry)


@pytest.fixture
def tools(make_library, ferry):
    return make_library(ferry)


def test_webhook_is_told_of_a_change_and_not_of_the_first_answer(tools, store, bridge, asking):
    sent = []
    watch = QuestionWatch(tools.library, asking, lambda url, data: sent.append((url, data)))
    saved = save_question(tools.library, QUESTION, webhook=HOOK)
    assert len(watch.ask_all()) == 1
    assert sent == []
    store(tools, bridge)
    asking.quote = "41 passengers were rescued"
    watch.ask_all()
    ((url, told),) = sent
    assert (url, told["id"], told["number"]) == (HOOK, saved.id, 2)
    assert (told["before"], told["answer"]) == ("Nine sailors died", "41 passengers were rescued")
    assert told["citations"][0]["article_id"] == "ferry"


def test_webhook_that_fails_is_noted_and_the_answer_kept(tools, store, bridge, asking):
    def send(url, data):
        raise FetchFailed(f"{url} answered 500")

    watch = QuestionWatch(tools.library, asking, send)
    saved = save_question(tools.library, QUESTION, webhook=HOOK)
    watch.ask_all()
    store(tools, bridge)
    asking.quote = "41 passengers were rescued"
    watch.ask_all()
    (kept,) = saved_questions(tools.library)
    assert kept.problem == f"the webhook failed: {HOOK} answered 500"
    assert len(answers_of(tools.library, saved.id)) == 2


def test_question_is_asked_as_it_was_saved_within_what_its_owner_may_read(tools, asking):
    make_collection(tools.library, "Sea")
    add_to_collection(tools.library, "Sea", ["ferry"])
    keep_user(tools.library, "ada", "reader", "hash")
    limit_user(tools.library, "ada", ["Sea"])
    save_question(tools.library, QUESTION, owner="ada", scope=Scope(sources=("Gazette",)))
    save_question(tools.library, QUESTION)
    QuestionWatch(tools.library, asking).ask_all()
    limited, free = asking.asked
    assert (limited.sources, limited.collection) == (["Gazette"], ["Sea"])
    assert free.collection == []


def test_collection_that_one_may_not_read_is_a_problem(tools, asking):
    for name in ("Sea", "Land"):
        make_collection(tools.library, name)
    keep_user(tools.library, "ada", "reader", "hash")
    save_question(tools.library, QUESTION, owner="ada", scope=Scope(collections=("Land",)))
    limit_user(tools.library, "ada", ["Sea"])
    assert QuestionWatch(tools.library, asking).ask_all() == []
    (kept,) = saved_questions(tools.library, owner="ada")
    assert "'Land'" in kept.problem


def test_library_that_cannot_be_written_is_left_alone(tools, asking, monkeypatch):
    save_question(tools.library, QUESTION)
    monkeypatch.setattr(type(tools.library), "read_only", True)
    assert QuestionWatch(tools.library, asking).ask_all() == []
    assert asking.asked == []
