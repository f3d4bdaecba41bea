"""The REST interface and chat completions, called as over the wire."""

import asyncio
import io
import json
from dataclasses import asdict
from threading import Event

import httpx2
import pytest

from qa.build import open_tools
from qa.compose.extract import ExtractComposer
from qa.errors import IndexUnavailable, LibraryError
from qa.library.conversations import begin, keep
from qa.library.feedback import kept_feedback
from qa.library.store import Library
from qa.library.tables.connection import ReplicaState
from qa.library.users import keep_user
from qa.library.writer import open_writer
from qa.pipeline import Restart
from qa.records.conversation import Turn
from tests.asgi import Exchange
from ui.api.openai.answer_text import annotated
from ui.background.answer_cache import AnswerCache
from ui.background.work_pool import WorkPool
from ui.evaluations import Evaluations
from ui.guard.access import Access, hash_of
from ui.guard.middleware import Guard
from ui.schemas import AskRequest
from ui.server import make_api
from ui.service import Service, open_service

ASKED = {"question": "How many sailors died?"}


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


def test_outlet_that_there_is_not_is_named_with_those_there_are(call):
    reply = call("POST", "/api/ask", json={**ASKED, "sources": ["Gazette", "Times"]})
    assert reply.status_code == 404
    assert "no outlet is called 'Times'; there are " in reply.json()["error"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": "... ?"}, "at least one word"),
        ({"question": "x" * 2001}, "question"),
        (
            {"question": "Who?", "since": "yesterday"},
            "since: 'yesterday' is no day; write it as in",
        ),
        ({"question": "Who?", "stream": "maybe"}, "'maybe' is not true or false"),
        ({"question": "Who?", "source": "Post"}, "no field is called 'source'; the fields are que"),
        ({"question": "Who?", "since": "2024-02-01", "until": "2024-01-01"}, "before it begins"),
    ],
)
def test_question_that_cannot_be_asked_is_explained(call, asked, named):
    reply = call("POST", "/api/ask", json=asked)
    assert reply.status_code == 422
    assert named in reply.json()["error"]


@pytest.mark.parametrize(
    "body", [{}, {"content": b'{"question": '}, {"data": {"question": "Who?"}}]
)
def test_question_that_is_no_json_is_told_what_to_send(call, body):
    reply = call("POST", "/api/ask", **body)
    assert reply.status_code == 422
    assert "send one, with the header content-type: application/json" in reply.json()["error"]


def test_upload_that_is_no_file_is_explained(call):
    reply = call("POST", "/api/articles/files", data={"files": "x"})
    assert reply.status_code == 422
    assert reply.json()["error"] == "files.0: it is no file; send one, as by curl -F files=@NAME"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("[" * 100_000, 400, "nested too deep"),
        (r'{"question": "Who \ud800?"}', 422, "holds half of a character"),
    ],
    ids=["deep", "half"],
)
def test_body_that_is_hostile_is_explained(call, body, status, words):
    headers = {"content-type": "application/json"}
    reply = call("POST", "/api/ask", content=body, headers=headers)
    assert reply.status_code == status
    assert words in reply.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/api/articles", {"url": "https://example.org"}),
     ("PATCH", "/api/articles/none", {"outlet": "Post"}),
     ("PUT", "/api/collections/Sea", {"words": ["ferry"]}),
     ("POST", "/api/collections/Sea/articles", {"ids": ["ferry"]}),
     ("POST", "/api/questions", {"question": "Who?", "every": "1d"}),
     ("POST", "/api/runs", {"gold": "Demo questions", "limit": 5}),
     ("GET", "/api/articles?author=Ada", None)],
)  # fmt: skip
def test_field_that_is_not_known_is_never_passed_over(call, method, path, body):
    reply = call(method, path, json=body)
    assert reply.status_code == 422
    assert "no field is called" in reply.json()["error"]
    assert "the fields are" in reply.json()["error"]


def test_setting_that_there_is_not_is_named_with_where_they_are(call):
    reply = call("PATCH", "/api/settings", json={"hits": "5"})
    assert (reply.status_code, reply.json()) == (
        422,
        {"error": "'hits' is no setting; the page of settings shows them all"},
    )


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


def form_with(name):
    """A form with one file, whose name is as it is."""
    head = b'--b\r\ncontent-disposition: form-data; name="files"; filename="'
    text = b'"\r\n\r\nThe lake of Quillmere froze in 1929.\r\n--b--\r\n'
    return {
        "content": head + name.encode(errors="surrogatepass") + text,
        "headers": {"content-type": "multipart/form-data; boundary=b"},
    }


@pytest.mark.parametrize(
    "name",
    ["..", ".", "/", "...", "a\0.txt", "a/", "x" * 5000 + ".txt", "日" * 1200 + ".txt", "   ",
     "a\r\nb.txt", "\ud800.txt", ".txt", "C:\\..", "con.txt"],
)  # fmt: skip
def test_file_of_any_name_is_taken_in_or_refused(call, service, name):
    reply = call("POST", "/api/articles/files", **form_with(name))
    assert reply.status_code in (200, 400, 422), reply.text
    assert str(service.library.folder) not in reply.text
    assert [path for path in service.uploads.folder.rglob("*") if path.is_file()] == []


def test_article_that_fails_is_named_by_its_place(call, service):
    given = [{"text": "Words of the first."}, {"text": "Words.", "date": "nonsense"}, {"text": " "}]
    report = call("POST", "/api/articles", json={"articles": given})
    assert report.status_code == 200
    failed = report.json()["failed"]
    assert failed
    assert all(each["origin"].startswith("article ") for each in failed)
    assert "/" not in report.text
    assert [path for path in service.uploads.folder.rglob("*") if path.is_file()] == []


def test_nothing_that_is_told_names_a_path_of_the_server(call, service, tmp_path, monkeypatch):
    folder = service.library.folder
    told = [
        call("POST", "/api/articles/files", files=[("files", (name, content))])
        for name, content in {
            "broken.pdf": b"%PDF-1.4 none",
            "broken.docx": b"none",
            "broken.zip": b"PK none",
            "none.xyz": b"none",
            "broken.jsonl": b"{",
            "broken.json": b"[",
            "empty.txt": b"",
            "broken.gz": b"none",
            "broken.epub": b"none",
        }.items()
    ]
    told += [
        call("GET", "/runs/nothing.json"),
        call("GET", "/runs/nothing.html"),
        call("GET", "/runs/..%2f..%2flibrary.json"),
        call("GET", "/api/conversations/nothing/export"),
        call("GET", "/api/health", params={"deep": True}),
    ]
    run = call("GET", "/api/runs/nothing")
    assert (run.status_code, "no run is called 'nothing'" in run.json()["error"]) == (404, True)
    (folder / "runs").mkdir(exist_ok=True)
    (folder / "runs" / "broken.json").write_text("{")
    told += [call("GET", "/runs/broken.json"), call("GET", "/runs/broken.html")]
    with open_writer(Library.open(folder)):
        told += [
            call("DELETE", "/api/articles/ferry"),
            call("POST", "/api/articles", json={"articles": [{"text": "Words."}]}),
        ]
    monkeypatch.setattr(Service, "ask", raising(IndexUnavailable(f"{folder}/chroma is damaged")))
    told += [call("POST", "/api/ask", json=ASKED)]
    for reply in told:
        assert str(tmp_path) not in reply.text, reply.text
        assert "uploads" not in reply.text, reply.text
    assert {reply.status_code for reply in told} == {200, 404, 409, 500}
    assert "chroma is damaged" in told[-1].text


def raising(error):
    def fail(*arguments):
        raise error

    return fail


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "~/x", "-"])
def test_paths_of_the_server_are_nobodys_to_read(call, address):
    reply = call("POST", "/api/articles", json={"urls": [address]})
    assert reply.status_code == 422
    assert "no address of the web" in reply.json()["error"]


@pytest.mark.parametrize("given", [{}, {"urls": []}, {"articles": []}, {"urls": [" "]}])
def test_nothing_to_take_in_is_refused(call, given):
    reply = call("POST", "/api/articles", json=given)
    assert reply.status_code == 422
    assert "nothing to take in: give articles, or urls" in reply.json()["error"]


def test_private_addresses_are_not_fetched(call):
    report = call("POST", "/api/articles", json={"urls": ["http://127.0.0.1:9/x"]}).json()
    assert report["added"] == 0
    assert "127.0.0.1" in report["failed"][0]["reason"]
    assert "only the command line visits it" in report["failed"][0]["reason"]


def test_server_is_ready_when_its_models_are_loaded(call, service):
    reply = call("GET", "/api/ready")
    assert (reply.status_code, reply.json()["missing"]) == (503, ["the models are not loaded yet"])
    service.readiness.warm()
    while not (reply := call("GET", "/api/ready")).json()["ready"]:
        pass  # the first request had them loaded in a thread of its own
    assert (reply.status_code, reply.json()) == (200, {"ready": True, "missing": []})


def test_server_over_tables_of_another_version_is_not_ready(call, service, monkeypatch):
    service.readiness.warm()
    monkeypatch.setattr(service.library.database, "schema_versions", lambda: (1, 2))
    reply = call("GET", "/api/ready")
    assert reply.status_code == 503
    assert "the tables have version 1, not 2" in reply.json()["missing"]


def test_server_whose_library_is_gone_lives_and_is_not_ready(call, service, monkeypatch):
    error = raising(LibraryError("the database articles.internal cannot be reached"))
    monkeypatch.setattr(service.library.database, "schema_versions", error)
    monkeypatch.setattr(service.library.database, "connection", error)
    monkeypatch.setattr(service.library.database, "reading", error)
    health, ready = call("GET", "/api/health"), call("GET", "/api/ready")
    assert (health.status_code, health.json()["status"]) == (200, "unreachable")
    assert ready.status_code == 503
    assert "cannot be reached" in ready.json()["missing"][0]
    assert "internal" not in ready.text + health.text
    assert call("GET", "/api/articles").status_code == 503


def test_health_tells_how_far_a_replica_is_behind(call, service, monkeypatch):
    assert call("GET", "/api/health").json()["replica"] is None
    behind = ReplicaState(reachable=True, bytes_behind=4096, seconds_behind=0.5)
    monkeypatch.setattr(service.library.database, "replica_state", lambda: behind)
    assert call("GET", "/api/health").json()["replica"] == asdict(behind)


def test_health_is_told_shallow_and_deep(call):
    assert call("GET", "/api/health").json()["articles"] == 3
    deep = call("GET", "/api/health", params={"deep": True}).json()
    assert (deep["status"], deep["findings"]) == ("ok", [])


def test_feedback_on_an_exchange_is_kept(call, service):
    talk = begin(service.library, "Sailors")
    keep(service.library, talk.id, service.ask(AskRequest(**ASKED)))
    given = {"conversation": talk.id, "number": 1, "verdict": "wrong", "better": "eleven"}
    assert call("POST", "/api/feedback", json=given).status_code == 204
    (kept,) = kept_feedback(service.library)
    assert (kept.verdict, kept.better, kept.answer.question) == (
        "wrong",
        "eleven",
        ASKED["question"],
    )
    assert call("POST", "/api/feedback", json={**given, "number": 2}).status_code == 404


@pytest.mark.parametrize(
    ("form", "held"),
    [("markdown", "[^1]"), ("text", "[1] "), ("json", '"exchanges"'), ("csv", "ferry")],
)
def test_conversation_is_exported(call, service, form, held):
    talk = begin(service.library, "Sailors")
    keep(service.library, talk.id, service.ask(AskRequest(**ASKED)))
    reply = call("GET", f"/api/conversations/{talk.id}/export", params={"form": form})
    assert held in reply.text
    assert "attachment" in reply.headers["content-disposition"]
    assert [each["id"] for each in call("GET", "/api/conversations").json()] == [talk.id]


def test_one_exchange_is_exported(call, service):
    talk = begin(service.library, "Sailors")
    keep(service.library, talk.id, service.ask(AskRequest(question="Who built the bridge?")))
    keep(service.library, talk.id, service.ask(AskRequest(**ASKED)))
    options = {"form": "text", "number": 2}
    text = call("GET", f"/api/conversations/{talk.id}/export", params=options).text
    assert text.startswith(ASKED["question"])
    assert "Who built the bridge?" not in text
    options["number"] = 3
    missing = call("GET", f"/api/conversations/{talk.id}/export", params=options)
    assert missing.status_code == 404


def test_conversation_is_searched_renamed_and_deleted(call, service):
    talk = begin(service.library, "Sailors")
    address = f"/api/conversations/{talk.id}"
    assert call("PATCH", address, json={"title": "Ferries"}).status_code == 204
    (line,) = call("GET", "/api/conversations", params={"search": "ferries"}).json()
    assert line["title"] == "Ferries"
    assert call("GET", "/api/conversations", params={"search": "sailors"}).json() == []
    assert call("PATCH", address, json={"title": " "}).status_code == 422
    assert call("DELETE", address).status_code == 204
    assert call("DELETE", address).status_code == 404


def test_article_page_marks_the_cited_characters(call):
    page = call("GET", "/article", params={"id": "ferry", "start": 4, "end": 9}).text
    assert "<mark id=cited tabindex=-1>ferry</mark>" in page
    missing = call("GET", "/article", params={"id": "<b>"}, headers={"accept": "text/html"})
    assert missing.status_code == 404
    assert "<b>" not in missing.text


def chat(call, *messages, **more):
    body = {"model": "article-qa", "messages": list(messages), **more}
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
    stream = Service.stream
    monkeypatch.setattr(
        Service, "stream", lambda self, given: asked.append(given) or stream(self, given)
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


def test_text_that_does_not_count_is_taken_back(call, service):
    class Retracting:
        def compose(self, question, reading):
            yield "Ten died."
            yield Restart("it broke")
            yield from ExtractComposer().compose(question, reading)

    service.pipeline = service.pipeline.with_parts(composer=Retracting())
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


def test_service_over_an_empty_library_abstains(monkeypatch, tmp_path):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    with open_service(tmp_path / "new") as service:
        assert service.is_empty()
        assert service.examples() == []
        assert service.ask(AskRequest(**ASKED)).abstained
        with open_tools(tmp_path / "new") as tools:
            assert service.health().healthy
            assert tools.library.counts()["articles"] == 0


def test_slow_answers_hold_up_no_other(service, monkeypatch):
    """As many as ask at once on a busy day; whoever comes next does not wait for them."""
    answer, free = service.ask, Event()

    def slowly(asked):
        if asked.question.startswith("Slow"):
            assert free.wait(60)
        return answer(asked)

    monkeypatch.setattr(service, "ask", slowly)
    access = Access(service.library)
    transport = httpx2.ASGITransport(Guard(make_api(service, access, Evaluations(service)), access))

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


class Held:
    """A pipeline whose answers wait after their first step; counts the steps it took."""

    def __init__(self, service, monkeypatch):
        self.begun, self.go, self.closed = Event(), Event(), Event()
        self.steps = 0
        stream = service.pipeline.stream

        def held(question, **options):
            try:
                for step in stream(question, **options):
                    self.steps += 1
                    yield step
                    self.begun.set()
                    assert self.go.wait(60)
            finally:
                self.closed.set()

        monkeypatch.setattr(service.pipeline, "stream", held)


DOORS = [
    ("/api/ask", ASKED),
    ("/api/ask", {**ASKED, "stream": True}),
    ("/v1/chat/completions", {"messages": [{"role": "user", "content": "How many died?"}]}),
    (
        "/v1/chat/completions",
        {"messages": [{"role": "user", "content": "How many died?"}], "stream": True},
    ),
]


def post(app, path, body, **options):
    headers = [(b"content-type", b"application/json")]
    sent = json.dumps(body).encode()
    return Exchange(app, "POST", path, body=sent, headers=headers, **options)


@pytest.mark.parametrize(("path", "body"), DOORS)
def test_who_leaves_frees_the_work_at_its_next_step(service, app, monkeypatch, path, body):
    pipeline = Held(service, monkeypatch)

    async def use():
        exchange = post(app, path, body)
        assert await asyncio.to_thread(pipeline.begun.wait, 60)
        await exchange.leave()
        pipeline.go.set()
        assert await asyncio.to_thread(pipeline.closed.wait, 60)

    asyncio.run(use())
    assert pipeline.steps == 2


@pytest.mark.parametrize(("path", "body"), DOORS)
def test_who_leaves_the_queue_is_never_asked_for(service, app, monkeypatch, path, body):
    service.asking = WorkPool("ask", workers=1, waiting=1)
    pipeline = Held(service, monkeypatch)

    async def use():
        first = post(app, "/api/ask", ASKED)
        assert await asyncio.to_thread(pipeline.begun.wait, 60)
        second = post(app, path, body)
        while len(service.asking) < 2:
            await asyncio.sleep(0.01)
        await second.leave()
        assert len(service.asking) == 1
        pipeline.go.set()
        assert (await first.done()).status == 200

    asyncio.run(use())
    steps, pipeline.steps = pipeline.steps, 0
    # The answer that was kept would be given again, without a step.
    service.answers = AnswerCache()
    service.ask(AskRequest(**ASKED))
    assert pipeline.steps == steps


@pytest.mark.parametrize(("path", "body"), DOORS)
def test_question_too_many_is_told_to_come_again(service, app, monkeypatch, path, body):
    service.asking = WorkPool("ask", workers=1, waiting=0)
    pipeline = Held(service, monkeypatch)

    async def use():
        first = post(app, "/api/ask", ASKED)
        assert await asyncio.to_thread(pipeline.begun.wait, 60)
        refused = await post(app, path, body).done()
        # Whether it is well is told all the same.
        health = await Exchange(app, "GET", "/api/health").done()
        pipeline.go.set()
        await first.done()
        return refused, health

    refused, health = asyncio.run(use())
    assert (refused.status, health.status) == (503, 200)
    assert int(refused.headers["retry-after"]) > 0
    error = json.loads(refused.body)["error"]
    assert "busy" in (error["message"] if path.startswith("/v1/") else error)


def call_tool(app, question):
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask_articles", "arguments": {"question": question}},
    }
    headers = [
        (b"content-type", b"application/json"),
        (b"accept", b"application/json, text/event-stream"),
    ]
    return Exchange(app, "POST", "/mcp", body=json.dumps(message).encode(), headers=headers)


def test_tools_ask_by_the_same_pool(service, app, monkeypatch):
    service.asking = WorkPool("ask", workers=1, waiting=0)
    pipeline = Held(service, monkeypatch)

    async def use():
        async with app.app.router.lifespan_context(app.app):
            first = call_tool(app, "How many sailors died?")
            assert await asyncio.to_thread(pipeline.begun.wait, 60)
            refused = await call_tool(app, "How many sailors died?").done()
            await first.leave()
            pipeline.go.set()
            assert await asyncio.to_thread(pipeline.closed.wait, 60)
            return json.loads(refused.body)["result"]

    result = asyncio.run(use())
    assert result["isError"]
    assert "busy" in result["content"][0]["text"]
    assert pipeline.steps == 2


def test_error_of_chat_completions_has_the_shape_of_openai(call):
    error = chat(call, {"role": "system", "content": "x"}).json()["error"]
    assert (error["type"], "no user message" in error["message"]) == ("invalid_request_error", True)


def test_deep_health_is_looked_at_once_at_a_time(service, app, monkeypatch):
    begun, go, examine = Event(), Event(), service.examine

    def slowly():
        begun.set()
        assert go.wait(60)
        return examine()

    monkeypatch.setattr(service, "examine", slowly)

    async def use():
        first = Exchange(app, "GET", "/api/health", query=b"deep=true")
        assert await asyncio.to_thread(begun.wait, 60)
        second = await Exchange(app, "GET", "/api/health", query=b"deep=1").done()
        shallow = await Exchange(app, "GET", "/api/health").done()
        go.set()
        await first.done()
        again = await Exchange(app, "GET", "/api/health", query=b"deep=true").done()
        return [each.status for each in (first, second, shallow, again)]

    assert asyncio.run(use()) == [200, 503, 200, 200]


def test_deep_health_is_for_editors(service, app):
    keep_user(service.library, "ada", "reader", hash_of("correct horse"))
    key = app.access.begin(app.access.by_password("ada", "correct horse"))

    async def ask(query, *headers):
        got = Exchange(app, "GET", "/api/health", query=query, headers=headers)
        return (await got.done()).status

    async def use():
        cookie = (b"cookie", f"article_qa={key}".encode())
        return [await ask(b""), await ask(b"deep=true"), await ask(b"deep=on", cookie)]

    assert asyncio.run(use()) == [200, 403, 403]


def test_wrong_passwords_are_told_how_long_to_wait(service, app):
    for name in ("ada", "bob"):
        keep_user(service.library, name, "reader", hash_of("correct horse"))

    async def log_in(name, password, **options):
        headers = [(b"content-type", b"application/x-www-form-urlencoded")]
        body = f"name={name}&password={password}".encode()
        return await Exchange(app, "POST", "/login", body=body, headers=headers, **options).done()

    async def use():
        wrong = [(await log_in("ada", f"wrong {number}")).status for number in range(10)]
        assert wrong == [403] * 10
        locked = await log_in("ada", "correct+horse")
        assert locked.status == 429
        assert 0 < int(locked.headers["retry-after"]) <= 30
        assert b"too many wrong passwords" in locked.body.lower()
        assert (await log_in("bob", "correct+horse")).status == 303
        assert (await log_in("ada", "correct+horse", client="192.0.2.7")).status == 303

    asyncio.run(use())


def test_examination_that_runs_is_shared(service, monkeypatch):
    begun, go, examined = Event(), Event(), []

    def slowly(library, index):
        examined.append(1)
        begun.set()
        assert go.wait(60)
        return "health"

    monkeypatch.setattr("ui.service.doctor.examine", slowly)

    async def use():
        first = asyncio.create_task(asyncio.to_thread(service.examine))
        assert await asyncio.to_thread(begun.wait, 60)
        second = asyncio.create_task(asyncio.to_thread(service.examine))
        done, _ = await asyncio.wait([second], timeout=0.2)
        assert not done
        go.set()
        return await asyncio.gather(first, second)

    assert asyncio.run(use()) == ["health", "health"]
    assert len(examined) == 1


# Sources


FEED = "https://news.example/feed.xml"


def test_sources_are_added_listed_and_removed(call):
    added = call("POST", "/api/sources", json={"url": FEED, "every": "30m", "outlet": "Gazette"})
    assert (added.status_code, added.json()["every"]) == (200, 1800)
    (listed,) = call("GET", "/api/sources").json()
    assert (listed["url"], listed["outlet"]) == (FEED, "Gazette")
    assert call("DELETE", "/api/sources", params={"url": FEED}).status_code == 204
    assert call("GET", "/api/sources").json() == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": FEED, "every": "5 bananas"}, "is no interval"),
        ({"url": "file:///etc/passwd"}, "only http and https"),
        ({"url": "http://127.0.0.1/feed"}, "private address"),
    ],
)
def test_source_that_cannot_be_is_refused_with_the_way_out(call, given, words):
    reply = call("POST", "/api/sources", json=given)
    assert reply.status_code == 422
    assert words in reply.json()["error"]


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("DELETE", {"params": {"url": FEED}}),
        ("PATCH", {"json": {"url": FEED, "paused": True}}),
    ],
)
def test_source_that_is_none_is_not_there(call, method, given):
    reply = call(method, "/api/sources", **given)
    assert (reply.status_code, "is no source" in reply.json()["error"]) == (404, True)


def test_health_tells_when_articles_or_sources_changed(call):
    before = call("GET", "/api/health").json()["state"]
    call("POST", "/api/sources", json={"url": FEED})
    assert call("GET", "/api/health").json()["state"] != before
