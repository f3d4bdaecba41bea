"""The REST interface and chat completions, called as over the wire."""

import asyncio
import io
import json
from threading import Event

import httpx2
import pytest

from qa.build import open_workshop
from qa.compose.extract import ExtractComposer
from qa.conversation import Turn
from qa.conversations import begin, keep
from qa.feedback import kept_feedback
from qa.pipeline import Restart
from ui.access import Access
from ui.chat_completions import annotated
from ui.desk import Desk, open_desk
from ui.guard import Guard
from ui.server import make_api
from ui.trials import Trials
from ui.wire import AskRequest

ASKED = {"question": "How many sailors died?"}


@pytest.fixture
def call(desk):
    """``call(method, path, **options)`` as a client on this machine would."""
    access = Access(desk.library)
    guard = Guard(make_api(desk, access, Trials(desk)), access)

    def run(method, path, **options):
        async def ask():
            transport = httpx2.ASGITransport(guard)
            base = "http://127.0.0.1:7860"
            async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    return run


def events(reply):
    """The server-sent events of a reply, as pairs of name and data."""
    blocks = [block.splitlines() for block in reply.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in blocks]


def test_answer_has_citations_of_exact_characters(call, ferry):
    answer = call("POST", "/api/ask", json=ASKED).json()
    (cited,) = answer["statements"][0]["citations"]
    assert ferry.text[cited["start"] : cited["end"]] == cited["quote"]
    assert "Nine sailors died" in cited["quote"]


@pytest.mark.parametrize(
    "options",
    [
        {"json": {**ASKED, "stream": True}},
        {"json": ASKED, "headers": {"accept": "text/event-stream"}},
    ],
)
def test_stream_begins_with_what_was_found_and_ends_with_the_answer(call, options):
    got = events(call("POST", "/api/ask", **options))
    assert got[0][0] == "found"
    assert got[-1][0] == "answer"
    assert got[-1][1]["statements"]


def test_window_and_outlets_leave_out_the_rest(call):
    abstained = call("POST", "/api/ask", json={**ASKED, "since": "2022-01-01"}).json()
    assert "ferry" not in {hit["passage"]["article_id"] for hit in abstained["hits"]}
    asked = {**ASKED, "sources": ["Courier"]}
    hits = call("POST", "/api/ask", json=asked).json()["hits"]
    assert {hit["passage"]["source"] for hit in hits} == {"Courier"}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": "... ?"}, "at least one word"),
        ({"question": "x" * 2001}, "question"),
        ({"question": "Who?", "since": "yesterday"}, "since"),
        ({"question": "Who?", "since": "2024-02-01", "until": "2024-01-01"}, "before it begins"),
    ],
)
def test_question_that_cannot_be_asked_is_explained(call, asked, named):
    reply = call("POST", "/api/ask", json=asked)
    assert reply.status_code == 422
    assert named in reply.json()["error"]


def test_articles_are_listed_searched_and_paged(call):
    reply = call("GET", "/api/articles", params={"limit": 2})
    assert [each["id"] for each in reply.json()] == ["bridge", "ferry"]
    assert reply.headers["x-total-count"] == "3"
    found = call("GET", "/api/articles", params={"search": "linden"}).json()
    assert [each["id"] for each in found] == ["orchard"]


def test_article_comes_with_its_passages(call, ferry):
    article = call("GET", "/api/articles/ferry").json()
    assert article["text"] == ferry.text
    assert article["passages"][0][0] == 0


def test_article_that_is_not_there_is_404(call):
    reply = call("GET", "/api/articles/a/b")
    assert reply.status_code == 404
    assert "'a/b'" in reply.json()["error"]


def test_article_that_is_posted_can_be_asked_and_removed(call):
    given = {
        "id": "a/b c",
        "title": "Heron",
        "text": "The heron weighs 1,400 grams.",
        "date": "2024-01-02",
    }
    added = call("POST", "/api/articles", json={"articles": [given]}).json()
    assert (added["added"], added["failed"]) == (1, [])
    answer = call("POST", "/api/ask", json={"question": "What does the heron weigh?"}).json()
    assert "1,400 grams" in answer["statements"][0]["text"]
    assert call("DELETE", "/api/articles/a%2Fb%20c").json() == {"a/b c": "Heron"}
    assert call("GET", "/api/articles/a%2Fb%20c").status_code == 404


def test_files_are_taken_in_each_with_its_reason(call):
    files = [
        ("files", ("../../evil.txt", io.BytesIO(b"The lake froze in 1929."), "text/plain")),
        ("files", ("broken.pdf", io.BytesIO(b"not a pdf"), "application/pdf")),
    ]
    report = call("POST", "/api/articles/files", files=files).json()
    assert report["added"] == 1
    assert [failure["origin"] for failure in report["failed"]] == ["broken.pdf"]
    assert "/tmp" not in json.dumps(report)


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "~/x", "-"])
def test_paths_of_the_server_are_nobodys_to_read(call, address):
    reply = call("POST", "/api/articles", json={"urls": [address]})
    assert reply.status_code == 422
    assert "no address of the web" in reply.json()["error"]


def test_private_addresses_are_not_fetched(call):
    report = call("POST", "/api/articles", json={"urls": ["http://127.0.0.1:9/x"]}).json()
    assert report["added"] == 0
    assert "127.0.0.1" in report["failed"][0]["reason"]


def test_health_is_told_shallow_and_deep(call):
    assert call("GET", "/api/health").json()["articles"] == 3
    deep = call("GET", "/api/health", params={"deep": True}).json()
    assert (deep["status"], deep["findings"]) == ("ok", [])


def test_feedback_on_an_exchange_is_kept(call, desk):
    talk = begin(desk.library, "Sailors")
    keep(desk.library, talk.id, desk.ask(AskRequest(**ASKED)))
    given = {"conversation": talk.id, "number": 1, "verdict": "wrong", "better": "eleven"}
    assert call("POST", "/api/feedback", json=given).status_code == 204
    (kept,) = kept_feedback(desk.library)
    assert (kept.verdict, kept.better, kept.answer.question) == (
        "wrong",
        "eleven",
        ASKED["question"],
    )
    assert call("POST", "/api/feedback", json={**given, "number": 2}).status_code == 404


@pytest.mark.parametrize(
    ("form", "held"), [("markdown", "[^1]"), ("json", '"exchanges"'), ("csv", "ferry")]
)
def test_conversation_is_exported(call, desk, form, held):
    talk = begin(desk.library, "Sailors")
    keep(desk.library, talk.id, desk.ask(AskRequest(**ASKED)))
    reply = call("GET", f"/api/conversations/{talk.id}/export", params={"form": form})
    assert held in reply.text
    assert "attachment" in reply.headers["content-disposition"]
    assert [each["id"] for each in call("GET", "/api/conversations").json()] == [talk.id]


def test_article_page_marks_the_cited_characters(call):
    page = call("GET", "/article", params={"id": "ferry", "start": 4, "end": 9}).text
    assert "<mark id=cited tabindex=-1>ferry</mark>" in page
    missing = call("GET", "/article", params={"id": "<b>"}, headers={"accept": "text/html"})
    assert missing.status_code == 404
    assert "<b>" not in missing.text


def test_interface_describes_itself_without_going_elsewhere(call):
    described = call("GET", "/openapi.json").json()
    assert {"/api/ask", "/api/articles", "/v1/chat/completions"} <= described["paths"].keys()
    assert "Answer" in described["components"]["schemas"]
    page = call("GET", "/docs").text
    assert "POST /api/ask" in page
    assert "http" not in page


def chat(call, *messages, **more):
    body = {"model": "x", "messages": list(messages), **more}
    return call("POST", "/v1/chat/completions", json=body)


def test_chat_annotations_point_at_their_markers(call, ferry):
    message = chat(call, {"role": "user", "content": ASKED["question"]}).json()["choices"][0][
        "message"
    ]
    note = message["annotations"][0]["url_citation"]
    assert message["content"][note["start_index"] : note["end_index"]] == "[1]"
    assert note["url"] == ferry.url
    assert ferry.text[note["article_start"] : note["article_end"]] == note["quote"]


def test_chat_answers_the_last_user_message_in_parts_too(call):
    parts = [{"type": "text", "text": "What will repairs to the Kessel Bridge cost?"}]
    reply = chat(
        call,
        {"role": "user", "content": ASKED["question"]},
        {"role": "assistant", "content": "Nine."},
        {"role": "user", "content": parts},
    )
    assert "12 million euros" in reply.json()["choices"][0]["message"]["content"]


def test_chat_understands_a_follow_up(call, monkeypatch):
    asked = []
    stream = Desk.stream
    monkeypatch.setattr(
        Desk, "stream", lambda self, given: asked.append(given) or stream(self, given)
    )
    chat(
        call,
        {"role": "system", "content": "x"},
        {"role": "user", "content": "Who was the captain of the Maid of Orlen?"},
        {"role": "assistant", "content": "Ilse Brandvold."},
        {"role": "user", "content": "What had she reported?"},
    )
    (given,) = asked
    assert [each.turn for each in given.history] == [
        Turn("Who was the captain of the Maid of Orlen?", text="Ilse Brandvold.")
    ]


def test_history_comes_with_the_question(call):
    turn = {"question": "Who was the captain of the Maid of Orlen?", "short": "Ilse Brandvold"}
    asked = {"question": "What had she reported?", "history": [turn]}
    answer = call("POST", "/api/ask", json=asked).json()
    assert "Ilse Brandvold" in answer["rewritten"]
    assert call("POST", "/api/ask", json=ASKED).json()["rewritten"] == ""


def test_text_that_does_not_count_is_taken_back(call, desk):
    class Retracting:
        def compose(self, question, reading):
            yield "Ten died."
            yield Restart("it broke")
            yield from ExtractComposer().compose(question, reading)

    desk.pipeline.composer = Retracting()
    got = events(call("POST", "/api/ask", json={**ASKED, "stream": True}))
    assert [name for name, _ in got][:3] == ["found", "text", "restart"]
    assert "Ten died" not in json.dumps(got[-1])


def test_streamed_chat_says_the_same(call):
    asked = {"role": "user", "content": ASKED["question"]}
    whole = chat(call, asked).json()["choices"][0]["message"]
    lines = chat(call, asked, stream=True).text.strip().split("\n\n")
    assert lines.pop() == "data: [DONE]"
    deltas = [json.loads(line[6:])["choices"][0]["delta"] for line in lines]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert deltas[-1]["annotations"] == whole["annotations"]


def test_chat_without_a_question_is_explained(call):
    assert chat(call, {"role": "system", "content": "x"}).status_code == 422


def test_article_without_an_address_is_cited_here(orchard, make_answer):
    _, (note,) = annotated(make_answer(orchard), "http://here")
    assert note["url_citation"]["url"].startswith("http://here/article?id=orchard&start=0")


def test_abstention_is_its_reason_without_annotations(call):
    message = chat(call, {"role": "user", "content": "Who won the 1998 World Cup?"}).json()
    assert message["choices"][0]["message"]["annotations"] == []


def test_desk_over_an_empty_library_abstains(monkeypatch, tmp_path):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    with open_desk(tmp_path / "new") as desk:
        assert desk.is_empty()
        assert desk.examples() == []
        assert desk.ask(AskRequest(**ASKED)).abstained
        with open_workshop(tmp_path / "new") as shop:
            assert desk.health().healthy
            assert shop.library.counts()["articles"] == 0


def test_slow_answers_hold_up_no_other(desk, monkeypatch):
    """As many as ask at once on a busy day; whoever comes next does not wait for them."""
    answer, free = desk.ask, Event()

    def slowly(asked):
        if asked.question.startswith("Slow"):
            assert free.wait(60)
        return answer(asked)

    monkeypatch.setattr(desk, "ask", slowly)
    access = Access(desk.library)
    transport = httpx2.ASGITransport(Guard(make_api(desk, access, Trials(desk)), access))

    async def ask_all():
        base = "http://127.0.0.1:7860"
        async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
            slow = [
                asyncio.create_task(client.post("/api/ask", json={"question": f"Slow {n}?"}))
                for n in range(9)
            ]
            try:
                quick = await asyncio.wait_for(client.post("/api/ask", json=ASKED), 30)
                waiting = [not task.done() for task in slow]
            finally:
                free.set()
            return quick, waiting, await asyncio.gather(*slow)

    quick, waiting, slow = asyncio.run(ask_all())
    assert "Nine sailors" in quick.text
    assert all(waiting)
    assert {reply.status_code for reply in slow} == {200}
