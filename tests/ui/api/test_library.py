"""The table of articles over the wire: listed, edited, removed, exported."""

import asyncio
import csv

import httpx2
import pytest

from qa.library.conversations import begin, keep
from qa.library.curation.edits import edits_of
from ui.evaluations import Evaluations
from ui.guard.access import Access, Who
from ui.guard.middleware import Guard
from ui.schemas import AskRequest
from ui.server import make_api


@pytest.fixture
def caller(service):
    """``caller(who)``: calls as somebody."""

    def make(who=None):
        access = Access(service.library, "secret" if who else "")
        guard = Guard(make_api(service, access, Evaluations(service)), access)
        headers = {"cookie": f"article_qa={access.begin(who)}"} if who else {}

        def run(method, path, **options):
            async def ask():
                transport = httpx2.ASGITransport(guard)
                base = "http://127.0.0.1:7860"
                async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
                    return await client.request(method, path, headers=headers, **options)

            return asyncio.run(ask())

        return run

    return make


@pytest.fixture
def call(caller):
    return caller()


def test_articles_are_filtered_sorted_and_searched_in_their_texts(call):
    def ids(**asked):
        return [each["id"] for each in call("GET", "/api/articles", params=asked).json()]

    assert ids(sort="title", order="asc") == ["ferry", "bridge", "orchard"]
    assert ids(outlet="Gazette") == ["ferry"]
    assert ids(undated=True) == ["orchard"]
    assert ids(q="frosts") == ["orchard"]
    assert ids(since="2023-01-01", until="") == ["bridge"]
    assert call("GET", "/api/articles", params={"sort": "text"}).status_code == 422


def test_part_of_the_page_has_the_list_and_stops_at_the_last_page(call):
    reply = call("GET", "/library/articles", params={"page": 7, "q": "sailors"})
    assert "Page 1 of 1" in reply.text
    assert "Ferry lost" in reply.text
    assert "Late bloom" not in reply.text


def test_edit_is_kept_and_found(call, service, ferry):
    reply = call("PATCH", "/api/articles/ferry", json={"title": "Maid of Orlen is lost"})
    assert reply.json()["title"] == "Maid of Orlen is lost"
    assert reply.json()["text"] == ferry.text
    found = call("GET", "/api/articles", params={"q": "orlen lost"}).json()
    assert [(each["id"], each["edited"], each["pending"]) for each in found] == [("ferry", True, 0)]
    asked = call("POST", "/api/ask", json={"question": "How many sailors died?"}).json()
    assert asked["statements"][0]["citations"][0]["title"] == "Maid of Orlen is lost"
    (edit,) = edits_of(service.library, "ferry")
    assert edit.stated == ferry.title


def test_several_are_edited_and_removed_at_once(call):
    given = {"articles": ["ferry", "bridge"], "author": "Ilse Moor", "published": "2021-05-06"}
    changed = call("POST", "/api/articles/edit", json=given).json()
    assert {each["author"] for each in changed} == {"Ilse Moor"}
    removed = call("POST", "/api/articles/remove", json={"articles": ["ferry", "bridge"]}).json()
    assert removed.keys() == {"ferry", "bridge"}
    assert call("GET", "/api/articles").headers["x-total-count"] == "1"


@pytest.mark.parametrize(
    ("given", "status", "reason"),
    [
        ({"articles": ["ferry"], "published": "May"}, 422, "'May' is no day"),
        ({"articles": ["ferry"], "title": ""}, 422, "needs a title"),
        ({"articles": ["nobody"], "title": "X"}, 404, "nobody"),
        ({"articles": [], "title": "X"}, 422, "articles"),
    ],
)
def test_edit_that_cannot_be_is_explained(call, given, status, reason):
    reply = call("POST", "/api/articles/edit", json=given)
    assert reply.status_code == status
    assert reason in reply.json()["error"]


def test_erasure_over_the_wire_is_proved(call, service, ferry):
    erasure = call("POST", "/api/articles/erase", json={"articles": ["ferry"]}).json()
    assert erasure["proved"]
    assert erasure["titles"] == {"ferry": ferry.title}
    assert call("GET", "/api/articles/ferry").status_code == 404
    assert "sailors" not in call("POST", "/api/ask", json={"question": "Who died?"}).text
    names = [path.name for path in service.library.folder.rglob("*") if path.is_file()
             and b"Brandvold" in path.read_bytes()]  # fmt: skip
    assert names == []


def test_export_has_every_article_that_is_listed(call):
    reply = call("GET", "/api/articles.csv", params={"sort": "title", "order": "asc"})
    assert reply.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(reply.text.splitlines()))
    assert [line["id"] for line in lines] == ["ferry", "bridge", "orchard"]


def test_article_page_tells_versions_edits_and_kept_answers(call, caller, service, ferry):
    call("POST", "/api/articles", json={"articles": [
        {"id": "ferry", "title": ferry.title, "url": ferry.url, "source": "Gazette",
         "published": "2021-03-04", "text": ferry.text.replace("Nine", "Eleven")}]})  # fmt: skip
    call("PATCH", "/api/articles/ferry", json={"author": "Ilse Moor"})
    answer = service.ask(AskRequest(question="How many sailors died?"))
    kept = begin(service.library, "Ships")
    keep(service.library, kept.id, answer)
    page = call("GET", "/a/ferry").text
    assert f"c/{kept.id}#q1" in page
    assert "became “Ilse Moor”" in page
    assert "Versions (2)" in page
    compared = call("GET", "/article", params={"id": "ferry", "before": 1, "after": 2}).text
    assert "<del>Nine </del><ins>Eleven </ins>" in compared
    missing = {"id": "ferry", "before": 1, "after": 9}
    assert call("GET", "/article", params=missing).status_code == 404
    # What it was read from is for editors.
    assert "Read from articles.jsonl" in page
    assert 'data-path="api/articles/ferry"' in page
    others = caller(Who("", "reader"))("GET", "/a/ferry").text
    assert "Read from" not in others
    assert "<form" not in others


def test_story_has_an_address_and_a_route(call):
    story = call("GET", "/api/stories/ferry").json()
    assert [text["article_id"] for text in story["texts"]] == ["ferry"]
    assert story["sourcing"] == "1 outlet, 1 text"
    page = call("GET", "/story", params={"id": "ferry"}).text
    assert "No other article tells of this event." in page
    assert "story?id=ferry" in call("GET", "/a/ferry").text
    assert call("GET", "/api/stories/nobody").status_code == 404


def test_readers_look_and_change_nothing(caller):
    call = caller(Who("", "reader"))
    assert call("GET", "/library/articles").status_code == 200
    assert "Select" not in call("GET", "/library/articles").text
    for method, path in (
        ("PATCH", "/api/articles/ferry"),
        ("POST", "/api/articles/edit"),
        ("POST", "/api/articles/remove"),
        ("POST", "/api/articles/erase"),
    ):
        assert call(method, path, json={"articles": ["ferry"]}).status_code == 403
