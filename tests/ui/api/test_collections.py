"""Collections over the wire, and readers who may read some of them only."""

import pytest

from qa.library.conversations import begin, keep
from qa.library.curation.collections import add_to_collection, limit_user, make_collection
from qa.library.users import keep_user
from tests.ui.api.test_library import caller  # noqa: F401
from ui.guard.access import Who, hash_of
from ui.schemas import AskRequest

QUESTION = {"question": "How many sailors died?"}


@pytest.fixture
def call(caller):  # noqa: F811
    return caller()


@pytest.fixture
def limited(service, caller):  # noqa: F811
    """Calls as a reader who may read the collection "Land", which has the orchard alone."""
    make_collection(service.library, "Land")
    make_collection(service.library, "Sea")
    add_to_collection(service.library, "Land", ["orchard"])
    add_to_collection(service.library, "Sea", ["ferry"])
    keep_user(service.library, "ada", "reader", hash_of("correct horse"))
    limit_user(service.library, "ada", ["Land"])
    return caller(Who("ada", "reader"))


def test_collection_is_made_filled_asked_and_deleted(call):
    rules = [{"outlet": "Gazette"}]
    made = call("PUT", "/api/collections/Sea", json={"note": "Ships", "rules": rules}).json()
    assert (made["articles"], made["note"]) == (1, "Ships")
    added = call("POST", "/api/collections/Sea/articles", json={"articles": ["bridge"]}).json()
    assert added == {"added": 1}
    listed = {"listed": {"undated": True}}
    assert call("POST", "/api/collections/Sea/articles", json=listed).json() == {"added": 1}
    out = call("POST", "/api/collections/Sea/remove", json={"articles": ["orchard"]}).json()
    assert out == {"removed": 1}
    rows = call("GET", "/api/articles", params={"collection": "Sea"}).json()
    assert [each["id"] for each in rows] == ["bridge", "ferry"]
    answer = call("POST", "/api/ask", json={**QUESTION, "collection": "Sea"}).json()
    assert answer["statements"][0]["citations"][0]["article_id"] == "ferry"
    assert call("DELETE", "/api/collections/Sea").status_code == 204
    gone = call("POST", "/api/ask", json={**QUESTION, "collection": ["Sea"]})
    assert gone.status_code == 404
    assert "no collection is called 'Sea'" in gone.json()["error"]


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/api/collections/Sea", {"rules": [{}]}, 422),
        ("/api/collections/Sea", {"rules": [{"since": "May"}]}, 422),
        ("/api/collections/Sea", {"rules": [{"source": "nowhere"}]}, 422),
        ("/api/users/nobody/collections", {"collections": []}, 404),
    ],
)
def test_what_cannot_be_is_explained(call, path, given, status):
    assert call("PUT", path, json=given).status_code == status


def test_limited_reader_is_answered_from_their_collections_alone(limited):
    answer = limited("POST", "/api/ask", json=QUESTION).json()
    assert "ferry" not in {hit["passage"]["article_id"] for hit in answer["hits"]}
    assert "sailors died" not in str(answer["statements"])
    other = limited("POST", "/api/ask", json={**QUESTION, "collection": ["Sea"]})
    assert other.status_code == 404
    growers = limited("POST", "/api/ask", json={"question": "What do growers blame?"}).json()
    assert growers["statements"][0]["citations"][0]["article_id"] == "orchard"


def test_limited_reader_sees_their_articles_alone(limited):
    assert [each["name"] for each in limited("GET", "/api/collections").json()] == ["Land"]
    rows = limited("GET", "/api/articles")
    assert [each["id"] for each in rows.json()] == ["orchard"]
    assert rows.headers["x-total-count"] == "1"
    listed = limited("GET", "/library/articles").text
    assert "Late bloom" in listed
    for words in ("Ferry", "Gazette", "Courier", ">Sea<"):
        assert words not in listed
        assert words not in limited("GET", "/api/articles.csv").text
    for path in ("/api/articles/ferry", "/a/ferry", "/article?id=ferry", "/story?id=ferry"):
        assert limited("GET", path).status_code == 404
    assert limited("GET", "/a/orchard").status_code == 200


def test_doors_that_know_no_limits_are_shut(limited, service):
    for method, path in (("POST", "/mcp"), ("POST", "/v1/chat/completions"), ("GET", "/runs/a")):
        assert limited(method, path, json={}).status_code == 403
    kept = begin(service.library, "Ships", owner="somebody")
    keep(service.library, kept.id, service.ask(AskRequest(**QUESTION)), owner="somebody")
    assert limited("GET", f"/c/{kept.id}").status_code == 404


def test_limit_ends_with_the_next_request(limited, service):
    limit_user(service.library, "ada", [])
    assert limited("GET", "/a/ferry").status_code == 200


def test_collection_is_made_by_a_rule_renamed_and_shown_on_a_page(call):
    made = call("POST", "/api/collections", json={"name": "Early", "until": "2030-01-01"}).json()
    assert [rule["until"] for rule in made["rules"]] == ["2030-01-01"]
    assert call("POST", "/api/collections", json={"name": "Early"}).status_code == 422
    assert call("POST", "/api/collections", json={"name": "By hand"}).json()["rules"] == []
    renamed = call("PATCH", "/api/collections/Early", json={"name": "Late & last"}).json()
    assert (renamed["name"], renamed["articles"]) == ("Late & last", made["articles"])
    assert len(renamed["rules"]) == 1
    taken = call("PATCH", "/api/collections/By hand", json={"name": "Late & last"})
    assert taken.status_code == 422
    assert call("PATCH", "/api/collections/Early", json={"name": "x"}).status_code == 404
    page = call("GET", "/collections").text
    assert "Late &amp; last" in page
    assert 'href="library?collection=Late+%26+last"' in page
    assert "until 1 Jan 2030" in page
    assert 'data-path="api/collections/Late%20%26%20last"' in page


@pytest.mark.parametrize("path", ["/api/articles", "/api/articles.csv"])
def test_list_of_a_collection_that_there_is_not_is_not_there(call, path):
    reply = call("GET", path, params={"collection": "Air"})
    assert reply.status_code == 404
    assert "no collection is called 'Air'" in reply.json()["error"]


def test_list_of_a_collection_beyond_the_limit_is_not_there(limited):
    reply = limited("GET", "/api/articles", params={"collection": "Sea"})
    assert (reply.status_code, "is called 'Sea'" in reply.json()["error"]) == (404, True)


@pytest.mark.parametrize("act", ["articles", "remove"])
@pytest.mark.parametrize("given", [{}, {"articles": []}])
def test_no_articles_named_for_a_collection_is_a_mistake(call, act, given):
    call("PUT", "/api/collections/Sea", json={})
    reply = call("POST", f"/api/collections/Sea/{act}", json=given)
    assert (reply.status_code, "no articles are named" in reply.json()["error"]) == (422, True)
