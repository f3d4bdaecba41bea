"""Gold questions that are drafted from the articles here and reviewed."""

import re

from ui.gold_review import GoldReview


def test_draft_is_accepted_changed_and_dropped(call, service):
    drafts = call("GET", "/api/gold/drafts?n=3").json()
    assert drafts
    draft = drafts[0]
    assert not draft["reviewed"]
    path = f"/api/gold/reviewed/{draft['id']}"
    given = {"question": draft["question"], "answers": "\n".join(draft["answers"]),
             "articles": draft["articles"]}  # fmt: skip
    kept = call("PUT", path, json=given).json()
    assert kept["reviewed"]
    assert kept["answers"] == draft["answers"]
    # It is no draft any more, and an evaluation can ask it.
    assert draft["id"] not in {each["id"] for each in call("GET", "/api/gold/drafts?n=50").json()}
    assert call("GET", "/api/gold").json()[0] == "Reviewed here"
    changed = call("PUT", path, json={**given, "answers": " one \n\ntwo"}).json()
    assert changed["answers"] == ["one", "two"]
    assert len(call("GET", "/api/gold/reviewed").json()) == 1
    page = call("GET", "/gold").text
    assert "one / two" in page
    assert call("DELETE", path).status_code == 204
    assert call("GET", "/api/gold/reviewed").json() == []
    assert "Reviewed here" not in call("GET", "/api/gold").json()
    assert call("DELETE", path).status_code == 404


def test_dropped_draft_is_drafted_no_more(call, service):
    first, *rest = (each["id"] for each in call("GET", "/api/gold/drafts?n=3").json())
    assert call("DELETE", f"/api/gold/drafts/{first}").status_code == 204
    drafts = {each["id"] for each in call("GET", "/api/gold/drafts?n=50").json()}
    assert first not in drafts
    assert drafts >= {*rest}
    # By whoever opens the library next, too.
    assert first not in {each.id for each in GoldReview(service.library).drafts(50, seed=0)}
    assert first not in call("GET", "/gold").text
    assert call("DELETE", f"/api/gold/drafts/{'x' * 300}").status_code == 422


def test_what_cannot_be_gold_is_refused(call):
    path = "/api/gold/reviewed/x"
    assert call("PUT", path, json={"question": "  "}).status_code == 422
    unknown = call("PUT", path, json={"question": "Who?", "articles": ["nowhere"]})
    assert unknown.status_code == 404
    assert "nowhere" in unknown.json()["error"]
    assert call("GET", "/api/gold/drafts?n=51").status_code == 422


def test_page_shows_drafts_as_forms(call):
    page = call("GET", "/gold").text
    assert re.search(r'data-method=PUT data-path="api/gold/reviewed/draft-\w+"', page)
    assert "gold?seed=1" in page
