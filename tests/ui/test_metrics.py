"""What the server tells Prometheus, as a scrape reads it."""

import asyncio

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.ui.person import TOKEN
from ui.background.sources import FeedSources
from ui.evaluations import Evaluations
from ui.guard.access import Access
from ui.guard.middleware import Guard
from ui.schemas import AskRequest
from ui.server import make_api


@pytest.fixture
def scrape(service):
    """``scrape()``: the samples by name and labels; ``scrape(token=...)``: the reply."""

    def get(token=None, headers=()):
        access = Access(service.library, token or "")
        guard = Guard(make_api(service, access, Evaluations(service)), access)

        async def ask():
            transport = httpx2.ASGITransport(guard)
            base = "http://127.0.0.1:7860"
            async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
                return await client.get("/metrics", headers=dict(headers))

        reply = asyncio.run(ask())
        if token:
            return reply
        assert reply.headers["content-type"].startswith("text/plain")
        return {
            (sample.name.removeprefix("article_qa_"), *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(reply.text)
            for sample in family.samples
        }

    return get


def ask(service, text):
    return service.ask(AskRequest(question=text))


def test_questions_are_counted_by_kind_and_outcome(service, scrape):
    ask(service, "How many sailors died?")
    ask(service, "How many sailors died?")
    ask(service, "Who was the first person on Neptune?")
    samples = scrape()
    assert samples["questions_total", "fact", "answered"] == 2
    assert samples["questions_total", "fact", "abstained"] == 1
    assert samples["answer_seconds_count",] == 3
    for stage in ("words", "meaning", "fusion", "reading", "composition"):
        assert samples["stage_seconds_count", stage] >= 3


def test_questions_that_fail_or_are_left_are_counted(service, scrape, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(service.pipeline, "stream", lambda *given, **options: (1 / 0 for _ in "a"))
        with pytest.raises(ZeroDivisionError):
            ask(service, "How many sailors died?")
    events = service.stream(AskRequest(question="How many sailors died?"))
    next(events)
    events.close()
    samples = scrape()
    assert samples["questions_total", "", "failed"] == 1
    assert samples["questions_total", "", "left"] == 1


def test_what_is_taken_in_is_counted(service, scrape, tmp_path):
    (tmp_path / "heron.txt").write_text("The heron of Orrin weighs 1,400 grams.")
    list(service.take_in([str(tmp_path / "heron.txt"), str(tmp_path / "missing.txt")]))
    samples = scrape()
    assert samples["ingests_total", "request", "done"] == 1
    assert samples["ingested_articles_total", "added"] == 1
    assert samples["ingested_articles_total", "failed"] == 1
    assert samples["articles",] == 4


def test_library_and_queue_are_told_as_they_are(service, scrape):
    samples = scrape()
    assert samples["articles",] == 3
    assert samples["passages", "pending"] == 0
    assert samples["passages", "indexed"] >= 3
    assert samples["index_bytes", "library"] > 0
    assert samples["index_bytes", "vectors"] > 0
    assert samples["index_bytes", "words"] > 0
    assert (samples["queue", "running"], samples["queue", "waiting"]) == (0, 0)
    assert samples["writing",] == 0
    assert (samples["sources", "well"], samples["sources", "failing"]) == (0, 0)


def test_refreshes_are_counted_by_the_sources(service):
    assert isinstance(service.sources, FeedSources)
    service.metrics.count_ingest("refresh", None)
    text = service.metrics.text({}).decode()
    assert 'article_qa_ingests_total{by="refresh",outcome="failed"} 1.0' in text


def test_nothing_that_was_typed_is_told(service, scrape):
    ask(service, "How many sailors died on the Zanthor?")
    assert "Zanthor" not in service.metrics.text({}).decode()


def test_who_does_not_log_in_sees_nothing(scrape):
    assert scrape(token=TOKEN).status_code == 401
    allowed = scrape(token=TOKEN, headers={"authorization": f"Bearer {TOKEN}"}.items())
    assert allowed.status_code == 200
    assert "article_qa_articles 3.0" in allowed.text
