"""Saved questions over the wire: a digest, a feed, and nobody else's."""

from xml.etree import ElementTree

import pytest

from qa.library.curation.saved_questions import saved_questions
from tests.ui.api.test_library import caller  # noqa: F401
from ui.guard.access import Who

QUESTION = "How many sailors died?"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def call(caller):  # noqa: F811
    return caller()


def add(call, ferry, words):
    article = {
        "id": "ferry", "title": ferry.title, "url": ferry.url, "source": "Gazette",
        "published": "2021-03-04", "text": ferry.text.replace("Nine sailors", words),
    }  # fmt: skip
    assert call("POST", "/api/articles", json={"articles": [article]}).json()["updated"] == 1


def test_changed_answer_is_shown_as_changed(call, ferry):
    saved = call("POST", "/api/questions", json={"question": QUESTION}).json()
    assert (saved["question"], saved["problem"]) == (QUESTION, "")
    page = call("GET", "/digest").text
    assert QUESTION in page
    assert "<p class=short>Nine</p>" in page
    assert f'data-path="api/questions/{saved["id"]}" data-confirm="Delete the question' in page
    assert "Changed on" not in page
    add(call, ferry, "Eleven sailors")
    assert call("POST", "/api/questions/ask").json() == {"changed": 1}
    assert call("POST", "/api/questions/ask").json() == {"changed": 0}
    page = call("GET", "/digest").text
    assert "Changed on" in page
    assert "<ins>Eleven </ins>" in page
    newest, oldest = call("GET", f"/api/questions/{saved['id']}").json()
    assert (newest["number"], oldest["number"]) == (2, 1)
    feed = ElementTree.fromstring(call("GET", "/digest.atom").text)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == [f"Changed: {QUESTION}", QUESTION]
    assert call("DELETE", f"/api/questions/{saved['id']}").status_code == 204
    assert "No question is saved" in call("GET", "/digest").text


def test_digest_saves_and_deletes_by_its_own_forms(call, service):
    assert call("POST", "/digest", data={"question": QUESTION}).status_code == 303
    (saved,) = saved_questions(service.library)
    assert "Nine sailors died" in call("GET", "/digest").text
    assert call("POST", "/digest", data={"delete": saved.id}).status_code == 303
    assert saved_questions(service.library) == []


def test_feed_and_page_escape_what_articles_say(call):
    hostile = {"question": "Who <img src=x onerror=alert(1)> & “]]>” died?"}
    assert call("POST", "/api/questions", json=hostile).status_code == 200
    assert "<img" not in call("GET", "/digest").text
    assert ElementTree.fromstring(call("GET", "/digest.atom").text) is not None


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"question": ""}, 422),
        ({"question": QUESTION, "collection": ["Sea"]}, 404),
        ({"question": QUESTION, "since": "2024-02-01", "until": "2024-01-01"}, 422),
        ({"question": QUESTION, "webhook": "http://127.0.0.1/"}, 422),
    ],
)
def test_what_cannot_be_saved_is_explained(call, given, status):
    reply = call("POST", "/api/questions", json=given)
    assert reply.status_code == status, reply.text
    assert reply.json()["error"]


def test_reader_has_questions_of_their_own_and_no_webhook(caller, service):  # noqa: F811
    call = caller(Who("", "reader"))
    assert call("POST", "/api/questions", json={"question": QUESTION}).status_code == 200
    hook = {"question": QUESTION, "webhook": "https://hook.example/"}
    assert call("POST", "/api/questions", json=hook).status_code == 403
    assert saved_questions(service.library, owner="ada") == []
    assert call("DELETE", "/api/questions/nothing").status_code == 404
