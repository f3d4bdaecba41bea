"""Sources of a server: they refresh themselves, and who may write adds and removes them."""

import json
import threading
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.errors import SourceError
from qa.library.conversations import begin, keep
from qa.library.recheck import check_kept_answers
from qa.library.subscriptions import Subscription, save_subscription, subscriptions
from qa.records.clauses import clause
from tests.citing import answer_citing
from tests.feed_server import feed_server
from tests.ingest.web import Web, feed
from tests.ui.reading import read
from ui.background.sources import FeedSources
from ui.html.sources import changed_answers_html, source_form_html, sources_html
from ui.locales.wording import speaking
from ui.screen.library import panel

FEED = "https://news.example/feed.xml"
NOON = ("ferry", "The ferry to Skerry sails at noon.")
NOW = datetime(2024, 6, 4, 10, tzinfo=UTC)
# Seconds until a test gives up; nothing waits for so long otherwise.
LONG = 60


class ToldWeb(Web):
    """Tells when a page was asked for."""

    def __init__(self, pages=()):
        super().__init__(dict(pages))
        self.reached = threading.Event()

    def fetch(self, url, **options):
        try:
            return super().fetch(url, **options)
        finally:
            if url == FEED:
                self.reached.set()


@pytest.fixture
def library(make_library, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    return make_library().library


@pytest.fixture
def sources(library):
    return FeedSources(library, threading.Lock())


# By themselves


def test_source_is_refreshed_in_the_background_and_its_articles_are_there(library, sources):
    web = ToldWeb({FEED: feed(NOON)})
    sources.add(FEED, "30m", "Gazette")
    state = sources.state()
    with sources.refreshing(web.fetch):
        assert web.reached.wait(LONG)
        wait_until(lambda: subscriptions(library)[0].refreshed)
    (summary,) = library.summaries()
    assert (summary.title, summary.source) == ("ferry", "Gazette")
    assert subscriptions(library)[0].outcome == "1 added, 0 updated, 0 unchanged"
    assert sources.state().split(".")[0] != state.split(".")[0]


def test_whoever_waits_for_articles_is_told_when_they_came(library):
    told = threading.Event()
    sources = FeedSources(library, threading.Lock(), changed=told.set)
    sources.add(FEED, "30m")
    with sources.refreshing(ToldWeb({FEED: feed(NOON)}).fetch):
        assert told.wait(LONG)
    assert library.counts()["articles"] == 1


def wait_until(condition):
    pause = threading.Event()
    for _ in range(LONG * 20):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come to that")


def test_background_ends_with_the_server_and_asks_for_nothing_when_nothing_is_due(sources):
    web = ToldWeb()
    with sources.refreshing(web.fetch):
        (thread,) = [each for each in threading.enumerate() if each.name == "refresh"]
    thread.join(LONG)
    assert not thread.is_alive()
    assert web.asked == []


def test_server_that_stops_does_not_wait_for_others_who_write(library, sources):
    web = ToldWeb({FEED: feed(NOON)})
    sources.add(FEED, "30m")
    with sources._writing, sources.refreshing(web.fetch):
        (thread,) = [each for each in threading.enumerate() if each.name == "refresh"]
        assert web.reached.wait(LONG)
    thread.join(LONG)
    assert not thread.is_alive()


def test_library_that_cannot_be_written_is_left_alone(library, sources, monkeypatch):
    web = ToldWeb({FEED: feed(NOON)})
    sources.add(FEED, "30m")
    monkeypatch.setattr(type(library), "read_only", True)
    with sources.refreshing(web.fetch):
        assert not [each for each in threading.enumerate() if each.name == "refresh"]


def test_server_on_the_wire_refreshes_sources_and_shows_their_articles(
    serving, library_folder, article_qa
):
    with feed_server() as site:
        site.pages["/feed.xml"] = feed(NOON)
        url = f"{site.address}/feed.xml"
        assert article_qa("source", "add", url, "--every", "30m", "--allow-private").status == 0
        address = serving(library_folder)
        wait_until(lambda: get(f"{address}/api/sources")[0]["refreshed"])
        (source,), (article,) = get(f"{address}/api/sources"), get(f"{address}/api/articles")
        assert (source["url"], source["requests"]) == (url, 1)
        assert article["title"] == "ferry"
        assert site.answered("/feed.xml") == [200]


def get(address):
    with urllib.request.urlopen(address, timeout=LONG) as reply:
        return json.loads(reply.read())


# Who may write


def test_private_address_is_added_by_nobody_from_afar(sources):
    with pytest.raises(SourceError, match="private address"):
        sources.add("http://127.0.0.1/feed.xml", "30m")


def test_state_changes_with_articles_and_with_sources_apart(library, sources):
    before = sources.state().split(".")
    sources.add(FEED, "30m")
    after = sources.state().split(".")
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)


def test_changed_answers_are_those_of_one_person(library, sources, store, make_library, ferry):
    shop = make_library(ferry)
    for owner in ("ada", "ben"):
        talk = begin(library, f"Of {owner}", owner=owner)
        keep(library, talk.id, answer_citing(ferry, "Nine sailors"), owner=owner)
    assert sources.changed_answers("ada") == []
    store(shop, replace(ferry, text="The ferry sank. Eight sailors died."))
    (changed,) = sources.changed_answers("ada")
    assert changed.conversation == "Of ada"


# As the page shows them


def test_list_tells_the_last_result_its_age_and_the_next_visit():
    source = Subscription(FEED, 1800, NOW, outlet="Gazette", requests=3, conditional=2)
    counts = (clause("%(count)s added", count=2), clause("%(count)s unchanged", count=7))
    ended = source.succeeded(NOW.replace(hour=9, minute=50), *counts)
    said = read(sources_html([ended], NOW)).said
    assert "every 30m, Gazette" in said
    assert "2 added, 7 unchanged, 10 minutes ago; next visit in 20 minutes" in said
    assert "3 requests, 2 conditional, 0 not modified" in said
    with speaking("de"):
        assert "2 neu, 7 unverändert, vor 10 Minuten" in read(sources_html([ended], NOW)).said


def test_list_tells_new_articles_and_a_source_that_rests():
    source = Subscription(FEED, 1800, NOW, paused=True)
    html = sources_html([source], NOW, {FEED: (12, 3)})
    assert "12 articles, 3 new in the last week" in read(html).said
    assert "next visit when it is resumed" in read(html).said
    assert "library?source=https%3A%2F%2Fnews.example%2Ffeed.xml&amp;sort=ingested" in html
    assert f"Resume the source {FEED}" in html


def test_articles_of_a_source_are_counted(library, sources, monkeypatch):
    sources.add(FEED, "30m")
    with sources.refreshing(ToldWeb({FEED: feed(NOON)}).fetch):
        wait_until(lambda: library.counts()["articles"])
    assert sources.counts(datetime.now(UTC)) == {FEED: (1, 1)}
    assert sources.counts(datetime(2099, 1, 1, tzinfo=UTC)) == {FEED: (1, 0)}


def test_failure_tells_how_long_it_has_lasted():
    source = Subscription(FEED, 1800, NOW).failed(NOW.replace(hour=7), "503").failed(NOW, "504")
    html = sources_html([source], NOW)
    assert "failing for 3 hours, 2 times in a row: 504" in read(html).said
    assert "next try in 2 hours; last success: never" in read(html).said
    assert "class=failing" in html


def test_what_a_feed_says_is_text(hostile, make_answer, make_library):
    source = Subscription("javascript:alert(1)", 1800, NOW, outlet=hostile.title)
    library = make_library(hostile).library
    talk = begin(library, hostile.title)
    keep(library, talk.id, answer_citing(hostile, "Nine sailors died"))
    html = sources_html([source.failed(NOW, hostile.title)], NOW) + changed_answers_html(
        check_kept_answers(library)
    )
    opened = read(html).opened
    assert not {"script", "img"} & {tag for tag, _ in opened}
    assert not [held for tag, held in opened if "javascript" in held.get("href", "")]


def test_nothing_is_shown_of_nothing():
    assert (sources_html([], NOW), changed_answers_html([])) == ("", "")
    assert "Add source" in source_form_html()


def test_page_loads_the_script_that_looks_for_changes():
    script = Path(panel.__code__.co_filename).parents[1] / "static" / "library.js"
    text = script.read_text("utf-8")
    for name in ("#renew", "#refresh", "#reopen", "/api/sources", "api/health"):
        assert name in text


def test_saved_source_shows_in_the_state(library, sources):
    sources.add(FEED, "30m")
    before = sources.state()
    save_subscription(library, subscriptions(library)[0].claimed(NOW))
    assert sources.state() != before
