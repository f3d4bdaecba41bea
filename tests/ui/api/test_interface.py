"""What programs find besides answers: versions, feedback, runs, the description, the errors."""

import asyncio
import json
import re
from pathlib import Path
from threading import Event

import jsonschema
import pytest

from qa.library.feedback import Feedback, keep_feedback
from qa.library.users import keep_user
from qa.protocols import Composition
from tests.asgi import Exchange
from ui.guard.access import hash_of
from ui.schemas import AskRequest, answer_schema

ASKED = {"question": "How many sailors died?"}
DOCS = Path(__file__).parents[3] / "docs"


def events(text):
    """The server-sent events of a reply, as pairs of name and data."""
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in blocks]


def test_every_version_of_an_article_is_given(call):
    first = {"id": "a/b", "title": "Heron", "text": "The heron weighs 1,400 grams."}
    for given in (first, {**first, "text": "The heron weighs 1,500 grams."}):
        assert call("POST", "/api/articles", json={"articles": [given]}).status_code == 200
    versions = call("GET", "/api/versions/a/b").json()
    assert [(each["version"], each["text"][17:22]) for each in versions] == [
        (1, "1,400"), (2, "1,500"),
    ]  # fmt: skip
    assert call("GET", "/api/versions/none").status_code == 404


def test_addresses_of_the_guide_are_those_of_the_interface(call):
    told = set(re.findall(r"localhost:7860(/api/[^ ]+)", (DOCS / "rest.md").read_text()))
    paths = call("GET", "/openapi.json").json()["paths"]
    assert {re.sub("ID$", "{article_id}", each) for each in told} <= paths.keys()
    assert {"/api/articles", "/api/articles/files"} <= told


def test_feedback_is_told_to_editors(call, app, service):
    answer = service.ask(AskRequest(**ASKED))
    keep_feedback(service.library, Feedback.on(answer, "right", service.library))
    (told,) = call("GET", "/api/feedback").json()
    assert (told["verdict"], told["answer"]["question"]) == ("right", ASKED["question"])
    keep_user(service.library, "ada", "reader", hash_of("correct horse"))
    key = app.access.begin(app.access.by_password("ada", "correct horse"))
    cookie = {"cookie": f"article_qa={key}"}
    assert call("GET", "/api/feedback", headers=cookie).status_code == 403


def test_evaluation_is_run_and_compared(call, service):
    answer = service.ask(AskRequest(**ASKED))
    feedback = Feedback.on(answer, "wrong", service.library, better="Nine")
    keep_feedback(service.library, feedback)
    gold = "Feedback given here"
    assert gold in call("GET", "/api/gold").json()
    names = []
    for _ in range(2):
        told = events(call("POST", "/api/runs", json={"gold": gold}).text)
        assert told[-2] == ("progress", {"done": 1, "total": 1})
        assert told[-1][0] == "run"
        names.append(told[-1][1]["name"])
    assert call("GET", "/api/runs").json() == [*{names[-1]: 1, names[0]: 1}]
    run = call("GET", f"/api/runs/{names[0]}").json()
    assert run["items"][0]["gold"]["question"] == ASKED["question"]
    compared = call("GET", f"/api/runs/{names[0]}/comparison", params={"base": names[0]})
    assert compared.json()["changes"][0]["difference"] == 0


def test_gold_that_is_none_is_refused_with_the_names_there_are(call):
    reply = call("POST", "/api/runs", json={"gold": "none"})
    assert reply.status_code == 404
    assert list(reply.json()) == ["error"]
    assert all(
        name in reply.json()["error"] for name in ["'none'", *call("GET", "/api/gold").json()]
    )


@pytest.mark.parametrize("part", ["reader", "composer"])
def test_part_that_cannot_answer_is_refused_with_those_that_can(call, part):
    gold = call("GET", "/api/gold").json()[0]
    reply = call("POST", "/api/runs", json={"gold": gold, part: "none"})
    assert reply.status_code == 422
    assert f"no {part} 'none'; there are: " in reply.json()["error"]


def test_answer_is_as_its_schema_says(call):
    schema = call("GET", "/schemas/answer.json").json()
    jsonschema.Draft202012Validator.check_schema(schema)
    for question in (ASKED["question"], "Who won the 1998 World Cup?", "What is in the library?"):
        answer = call("POST", "/api/ask", json={"question": question}).json()
        jsonschema.validate(answer, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**answer, "statements": "none"}, schema)


def test_schema_in_the_documentation_is_that_of_the_server():
    written = (DOCS / "answer.schema.json").read_text("utf-8")
    assert json.loads(written) == answer_schema()


def test_interface_describes_itself_without_going_elsewhere(call):
    described = call("GET", "/openapi.json").json()
    assert {"/api/ask", "/api/articles", "/v1/chat/completions"} <= described["paths"].keys()
    assert "Answer" in described["components"]["schemas"]
    page = call("GET", "/docs").text
    assert "POST /api/ask" in page
    assert '<a href="./">Back to the questions</a>' in page
    for known in ("http://127.0.0.1:7860", "https://example.org", "over streamable HTTP"):
        page = page.replace(known, "")
    assert "http" not in page


def test_every_route_has_a_line_for_the_shell(call):
    described = call("GET", "/openapi.json").json()
    page = call("GET", "/docs").text
    routes = sum(len(methods) for methods in described["paths"].values())
    assert page.count("<pre tabindex=0") == routes
    asking = page[page.index("<h2><code>POST /api/ask</code>") :]
    line = asking[asking.index("curl") : asking.index("</pre>")]
    assert "http://127.0.0.1:7860/api/ask" in line
    assert "al-Tanf" in line


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/none", 404), ("PUT", "/api/ask", 405), ("POST", "/api/articles/files", 422),
     ("GET", "/api/articles/none", 404), ("GET", "/runs/none.json", 404)],
)  # fmt: skip
def test_every_error_has_one_shape(call, method, path, status):
    reply = call(method, path)
    assert reply.status_code == status
    assert list(reply.json()) == ["error"]
    assert reply.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/api/ask", "POST"), ("GET", "/v1/chat/completions", "POST"),
     ("DELETE", "/v1/models", "GET"), ("PATCH", "/api/articles", "GET, POST")],
)  # fmt: skip
def test_wrong_method_is_told_from_an_address_that_is_none(call, method, path, allowed):
    reply = call(method, path)
    assert (reply.status_code, list(reply.json())) == (405, ["error"])
    assert reply.headers["allow"] == allowed
    assert allowed in str(reply.json()["error"])


def test_error_names_a_way_out_that_leads_somewhere_from_here(call):
    told = call("GET", "/api/articles/none").json()["error"]
    assert "article-qa" not in told
    assert "GET /api/articles" in told


def test_error_that_nobody_foresaw_has_the_shape_too(call, service, monkeypatch):
    def fail(asked):
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(service, "ask", fail)
    reply = call("POST", "/api/ask", json=ASKED)
    assert reply.status_code == 500
    assert "log" in reply.json()["error"]
    assert "secret" not in reply.text


class Slow:
    """A composer that says its second word only when it may."""

    def __init__(self):
        self.go = Event()

    def compose(self, question, reading):
        yield "Nine "
        assert self.go.wait(60)
        yield "sailors."
        yield Composition(reason="that was all")


def test_words_are_streamed_as_they_come(app, service):
    slow = Slow()
    service.pipeline = service.pipeline.with_parts(composer=slow)

    async def use():
        body = json.dumps({**ASKED, "stream": True}).encode()
        headers = [(b"content-type", b"application/json")]
        exchange = Exchange(app, "POST", "/api/ask", body=body, headers=headers)
        while b"Nine" not in exchange.body:
            await asyncio.wait_for(exchange.begun.wait(), 60)
            await asyncio.sleep(0.01)
        before = exchange.body.decode()
        slow.go.set()
        await exchange.done()
        return before, exchange.body.decode()

    before, whole = asyncio.run(use())
    assert "sailors." not in "".join(str(data) for name, data in events(before) if name == "text")
    assert [name for name, _ in events(whole)] == ["found", "text", "text", "answer"]
