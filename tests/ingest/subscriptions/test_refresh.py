"""Sources are read again when it is time, from a web and at a time that are made up."""

import fcntl
from functools import partial

import pytest

from ingest.subscriptions.refresh import Refresher, subscribe
from ingest.subscriptions.visit import Visitor, take_in_page
from qa.errors import FetchFailed, FetchRefused, SourceError
from qa.library.conversations import begin, keep
from qa.library.subscriptions import remove_subscription, save_subscription, subscriptions
from qa.library.writer import open_writer
from tests.citing import answer_citing
from tests.ingest.web import START, Clock, Web, feed

FEED = "https://news.example/feed.xml"
OTHER = "https://other.example/feed.xml"
FERRY = ("ferry", "The ferry to Skerry sails at noon.")
HERON = ("heron", "The heron of Quillmere weighs 1,400 grams.")


@pytest.fixture
def library(make_library, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    return make_library().library


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def web():
    return Web({FEED: feed(FERRY)})


@pytest.fixture
def refresher(library, web, clock):
    visitor = Visitor(library, partial(take_in_page, library=library), web.fetch, clock)
    return Refresher(visitor, clock.wait)


@pytest.fixture
def add(library, clock):
    return partial(subscribe, library, every="30m", clock=clock)


def texts(library):
    return {each.id: library.article(each.id).text for each in library.summaries()}


def only(refreshed):
    (visit,) = refreshed
    return visit


# What becomes a source


def test_source_is_due_from_the_start_and_nothing_is_fetched_yet(library, add, web):
    source = add(f" {FEED} ", outlet="The  Post")
    assert (source.url, source.every, source.outlet, source.due) == (FEED, 1800, "The Post", START)
    assert subscriptions(library) == [source]
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    ["", "feed.xml", "ftp://a.example/x", "https://a b.example/", "https://a.example/x\ny",
     "https://ada:secret@a.example/", "http://127.0.0.1/feed", "http://localhost/feed", "https://"],
)  # fmt: skip
def test_address_that_is_never_visited_is_no_source(library, add, url):
    with pytest.raises(FetchRefused):
        add(url)
    assert subscriptions(library) == []


def test_interval_that_is_none_makes_no_source(library):
    with pytest.raises(ValueError, match="'5 bananas' is no interval"):
        subscribe(library, FEED, "5 bananas")
    assert subscriptions(library) == []


def test_private_address_is_a_source_when_that_is_allowed(add):
    assert add("http://127.0.0.1/feed", allow_private=True).allow_private


# What a visit brings


def test_articles_are_taken_in_from_the_outlet_that_was_given(library, add, refresher):
    add(FEED, outlet="Gazette")
    visit = only(refresher.refresh_due())
    assert (visit.report.added, visit.error) == (1, "")
    assert visit.subscription.outcome == "1 added, 0 updated, 0 unchanged"
    assert [each.source for each in library.summaries()] == ["Gazette"]


def test_articles_say_themselves_whose_they_are_when_no_outlet_was_given(library, add, refresher):
    add(FEED)
    only(refresher.refresh_due())
    assert [each.source for each in library.summaries()] == ["Harbour Post"]


def test_source_is_visited_when_its_time_has_come_and_not_before(add, refresher, clock, web):
    add(FEED)
    only(refresher.refresh_due())
    clock.pass_(minutes=29)
    assert list(refresher.refresh_due()) == []
    clock.pass_(minutes=1)
    only(refresher.refresh_due())
    assert web.addresses == [FEED, FEED]


def test_feed_that_did_not_change_is_asked_for_on_condition_and_counted(
    library, add, refresher, web
):
    add(FEED)
    only(refresher.refresh())
    visit = only(refresher.refresh())
    (_, unconditional), (_, condition) = web.asked
    assert (unconditional.headers(), list(condition.headers())) == ({}, ["If-None-Match"])
    assert (visit.report, visit.subscription.outcome) == (None, "not modified")
    (source,) = subscriptions(library)
    assert (source.requests, source.conditional, source.not_modified) == (2, 1, 1)


def test_feed_that_did_not_change_is_not_read_where_servers_know_no_conditions(add, refresher, web):
    web.tags = False
    add(FEED)
    only(refresher.refresh())
    visit = only(refresher.refresh())
    assert (visit.report, visit.subscription.outcome) == (None, "the same as before")
    assert (visit.subscription.requests, visit.subscription.conditional) == (2, 0)


def test_new_entries_and_new_versions_come_with_the_next_visit(library, add, refresher, web):
    add(FEED)
    only(refresher.refresh())
    web.pages[FEED] = feed(("ferry", "The ferry to Skerry sails at one."), HERON)
    report = only(refresher.refresh()).report
    assert (report.added, report.updated) == (1, 1)
    assert sorted(texts(library).values()) == ["The ferry to Skerry sails at one.", HERON[1]]


def test_kept_answers_whose_text_changed_are_told(library, add, refresher, web):
    add(FEED)
    only(refresher.refresh())
    (summary,) = library.summaries()
    keep(library, begin(library, "Ferries").id, answer_citing(library.article(summary.id), "noon"))
    web.pages[FEED] = feed(FERRY, HERON)
    assert only(refresher.refresh()).changed_answers == ()
    web.pages[FEED] = feed(("ferry", "The ferry to Skerry sails at one."), HERON)
    (changed,) = only(refresher.refresh()).changed_answers
    assert (changed.conversation, changed.question, changed.stands) == ("Ferries", "When?", False)
    web.pages[FEED] = feed(("heron", "The heron of Quillmere weighs 1,500 grams."))
    assert only(refresher.refresh()).changed_answers == ()


# What fails


def test_failure_is_told_with_its_age_and_visits_become_rare(library, add, refresher, web, clock):
    web.pages[FEED] = FetchFailed(f"{FEED} answered 503 Busy", status=503)
    add(FEED)
    assert only(refresher.refresh_due()).error == f"{FEED} answered 503 Busy"
    clock.pass_(minutes=59)
    assert list(refresher.refresh_due()) == []
    clock.pass_(minutes=1)
    only(refresher.refresh_due())
    (source,) = subscriptions(library)
    assert (source.failures, source.failing_since, source.refreshed) == (2, START, None)
    assert (source.due - clock.now).total_seconds() == 7200
    web.pages[FEED] = feed(FERRY)
    clock.pass_(hours=2)
    assert only(refresher.refresh_due()).error == ""
    (source,) = subscriptions(library)
    assert (source.failures, source.refreshed) == (0, clock.now)


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [("7200", 120), ("Tue, 04 Jun 2024 14:00:00 GMT", 240), ("soon", 60), ("", 60),
     ("Tue, 04 Jun 2024 14:00:00 -0000", 60), ("9" * 400, 7 * 24 * 60)],
)  # fmt: skip
def test_server_says_when_to_come_again(library, add, refresher, web, asked, minutes):
    web.pages[FEED] = FetchFailed("429", status=429, retry_after=asked)
    add(FEED)
    due = only(refresher.refresh()).subscription.due
    assert (due - START).total_seconds() == minutes * 60


def test_one_source_that_fails_stops_no_other(library, add, refresher, web):
    web.pages |= {FEED: RuntimeError("a mistake of ours"), OTHER: feed(HERON)}
    add(FEED)
    add(OTHER)
    errors = [visit.error for visit in refresher.refresh()]
    assert errors == ["its download failed (RuntimeError: a mistake of ours)", ""]
    assert list(texts(library).values()) == [HERON[1]]


def test_page_that_nothing_can_be_read_of_is_a_failure_and_read_again(add, refresher, web):
    web.pages[FEED] = "<rss version='2.0'><channel></channel></rss>"
    add(FEED)
    visit = only(refresher.refresh())
    assert visit.error == visit.subscription.outcome
    assert "no entries" in visit.error
    only(refresher.refresh())
    assert web.asked[1][1].headers() == {}


def test_entries_that_cannot_be_read_are_told_beside_those_that_can(add, refresher, web):
    web.pages[FEED] = feed(FERRY, ("empty", ""))
    add(FEED)
    visit = only(refresher.refresh())
    assert visit.error == ""
    assert visit.subscription.outcome.startswith(
        "1 added, 0 updated, 0 unchanged, 1 could not be read, the first because: "
    )


def test_address_that_robots_are_asked_not_to_visit_is_not(add, refresher, web):
    web.robots["news.example"] = "User-agent: *\nDisallow: /feed"
    add(FEED)
    visit = only(refresher.refresh())
    assert "robots.txt of news.example asks programs not to visit" in visit.error
    assert web.asked == []
    assert visit.subscription.requests == 0


# Who else is there


def test_nothing_is_locked_while_a_source_is_downloaded(library, add, web, clock):
    add(FEED)
    lockable = []

    def fetch(url, **options):
        with open_writer(library):
            lockable.append(url)
        return web.fetch(url, **options)

    visitor = Visitor(library, partial(take_in_page, library=library), fetch, clock)
    only(Refresher(visitor, clock.wait).refresh())
    assert FEED in lockable


def test_library_in_use_postpones_what_came_and_is_no_failure(library, add, refresher, clock, web):
    add(FEED)
    with (library.folder / "writer.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        visit = only(refresher.refresh_due())
    assert (visit.postponed, visit.subscription.failures) == (True, 0)
    assert "is writing to the library" in visit.error
    clock.pass_(minutes=1)
    assert only(refresher.refresh_due()).report.added == 1
    assert web.asked[1][1].headers() == {}


def test_source_that_another_process_visits_is_left_to_it(library, add, refresher, web, clock):
    add(FEED)
    (source,) = subscriptions(library)
    save_subscription(library, source.claimed(clock.now))
    clock.pass_(minutes=1)
    assert list(refresher.refresh_due()) == []
    clock.pass_(minutes=9)
    only(refresher.refresh_due())
    assert web.addresses == [FEED]


def test_source_that_is_removed_while_it_is_downloaded_brings_nothing(library, add, web, clock):
    add(FEED)

    def fetch(url, **options):
        page = web.fetch(url, **options)
        remove_subscription(library, FEED)
        return page

    visitor = Visitor(library, partial(take_in_page, library=library), fetch, clock)
    assert list(Refresher(visitor, clock.wait).refresh()) == []
    assert texts(library) == {}
    assert subscriptions(library) == []


def test_host_is_visited_once_at_a_time_with_a_pause(add, refresher, web, clock):
    first, second = "https://news.example/a.xml", "https://NEWS.example:8443/b.xml"
    web.pages |= {first: feed(FERRY), second: feed(FERRY), OTHER: feed(HERON)}
    for url in (first, second, OTHER):
        add(url)
    visited = [visit.subscription.url for visit in refresher.refresh_due()]
    assert {*visited} == {first, second, OTHER}
    assert len({*visited[:2]} & {first, second}) == 1
    assert clock.waited == [2.0]


def test_host_gets_the_pause_that_it_asks_for(add, refresher, web, clock):
    first, second = "https://news.example/a.xml", "https://news.example/b.xml"
    web.robots["news.example"] = "User-agent: *\nCrawl-delay: 20"
    web.pages |= {first: feed(FERRY), second: feed(HERON)}
    add(first)
    add(second)
    assert len(list(refresher.refresh_due())) == 2
    assert clock.waited == [20.0]


def test_only_the_sources_that_are_named_are_visited(add, refresher, web):
    web.pages[OTHER] = feed(HERON)
    add(FEED)
    add(OTHER)
    only(refresher.refresh(["HTTPS://other.example/feed.xml", OTHER]))
    assert web.addresses == [OTHER]


def test_address_that_is_no_source_is_not_visited(add, refresher, web):
    add(FEED)
    with pytest.raises(SourceError, match="is no source"):
        refresher.refresh([OTHER])
    assert web.asked == []


# By itself


def test_background_visits_what_becomes_due_until_it_is_stopped(
    library, add, refresher, web, clock
):
    clock.waits = 800  # looks five seconds apart: a little over an hour
    add(FEED)
    refresher.run()
    assert len(web.asked) == 3
    assert len(texts(library)) == 1


def test_background_asks_for_nothing_while_nothing_is_due(refresher, web, clock):
    clock.waits = 50
    refresher.run()
    assert web.asked == []
    assert {*clock.waited} == {0.0, 5.0}


def test_background_goes_on_after_trouble_with_the_library(add, refresher, clock, web, caplog):
    clock.waits = 3
    add(FEED)

    def take_in(subscription, page):
        raise OSError("no such device")

    refresher.visitor.take_in = take_in
    refresher.run()
    assert clock.waited == [0.0, 60.0, 5.0]
    assert "the sources cannot be refreshed" in caplog.text


def test_background_that_is_stopped_in_the_middle_gives_sources_back(library, add, refresher, web):
    def take_in(subscription, page):
        raise InterruptedError("stopped")

    web.pages[OTHER] = feed(HERON)
    add(FEED)
    add(OTHER)
    refresher.visitor.take_in = take_in
    assert list(refresher.refresh_due()) == []
    assert all(each.is_due(START) for each in subscriptions(library))
    assert all(each.etag == "" for each in subscriptions(library))
