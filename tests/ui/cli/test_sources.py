"""The commands over what is read again and again, with a server on this machine."""

from datetime import UTC, datetime, timedelta

import pytest

from qa.build import open_library
from qa.library.conversations import begin, keep
from qa.library.recheck import check_kept_answers
from qa.library.store import Library
from qa.library.subscriptions import save_subscription, subscriptions
from qa.library.writer import open_writer
from tests.citing import answer_citing
from tests.feed_server import feed_server
from tests.ingest.web import feed

FEED = "https://news.example/feed.xml"
NOON = ("ferry", "The ferry to Skerry sails at noon.")
ONE = ("ferry", "The ferry to Skerry sails at one.")


@pytest.fixture(scope="module")
def server():
    with feed_server() as site:
        yield site


@pytest.fixture
def site(server):
    server.pages.clear()
    server.statuses.clear()
    server.pages["/feed.xml"] = feed(NOON)
    return server


@pytest.fixture
def added(article_qa, site):
    """The address of a source that was added."""
    url = f"{site.address}/feed.xml"
    ran = article_qa("source", "add", url, "--every", "30m", "--outlet", "Post", "--allow-private")
    assert ran.status == 0, ran.err
    return url


def test_source_is_added_and_listed_and_removed(article_qa):
    ran = article_qa("source", "add", FEED, "--every", "1h30m", "--outlet", "Harbour Post")
    assert ran.status == 0
    assert ran.out == (
        f"added {FEED}, to be read every 1h30m: by the server while it runs, or by "
        "`article-qa refresh`\n"
    )
    assert article_qa("source", "list").out == (
        f"{FEED}  every 1h30m, Harbour Post\n  not visited yet; next visit now\n"
    )
    (listed,) = article_qa("source", "list", "--json").json
    assert (listed["url"], listed["every"], listed["outlet"]) == (FEED, 5400, "Harbour Post")
    assert article_qa("source", "remove", FEED).out == f"removed {FEED}; its articles stay\n"
    assert article_qa("source", "list").out == ""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["add", FEED, "--every", "5 bananas"], 2, "'5 bananas' is no interval; write a number"),
        (["add", FEED, "--every", "1s"], 2, "'1s' is out of bounds"),
        (["add", "feed.xml"], 1, "only http and https addresses are fetched, not 'feed.xml'"),
        (["add", "http://127.0.0.1/x"], 1, "private address 127.0.0.1; only the command line"),
        (["remove", FEED], 1, "is no source; `article-qa source list` shows them all"),
        (["refresh", FEED], 1, "is no source; `article-qa source list` shows them all"),
    ],
)
def test_what_is_wrong_is_named_with_the_way_out(
    article_qa, make_library, arguments, status, words
):
    make_library()
    ran = article_qa("source", *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert words in ran.err
    assert ran.err.count("\n") == 1


def test_source_rests_until_it_is_resumed(article_qa):
    article_qa("source", "add", FEED)
    assert article_qa("source", "pause", FEED).out == f"paused {FEED}\n"
    assert "when it is resumed" in article_qa("source", "list").out
    assert "is no source" in article_qa("source", "pause", "https://other.example/").err
    article_qa("source", "resume", FEED)
    assert article_qa("source", "list", "--json").json[0]["paused"] is False


def test_source_is_added_once(article_qa):
    article_qa("source", "add", FEED)
    ran = article_qa("source", "add", FEED, "--every", "5m")
    assert ran.status == 1
    assert "is a source already; to change it, take it out first" in ran.err


def test_refresh_takes_in_what_is_new_and_asks_for_it_once(article_qa, added, site):
    assert article_qa("refresh").out == f"{added}: 1 added, 0 updated, 0 unchanged\n"
    ran = article_qa("refresh")
    assert ran.out.startswith("nothing is due; the next visit is in ")
    assert article_qa("source", "list").out.endswith("1 request, 0 conditional, 0 not modified\n")
    assert site.answered("/feed.xml") == [200]
    assert " Post: ferry" in article_qa("list").out


def test_refresh_by_hand_asks_on_condition(article_qa, added, site):
    article_qa("refresh")
    make_host_rested()
    assert article_qa("source", "refresh", added).out == f"{added}: not modified\n"
    assert site.answered("/feed.xml") == [200, 304]
    (told,) = article_qa("source", "list", "--json").json
    assert (told["requests"], told["conditional"], told["not_modified"]) == (2, 1, 1)


def make_host_rested():
    """As if the last visit had been an hour ago: between two there is a pause."""
    with open_library() as library:
        for each in subscriptions(library):
            past = datetime.now(UTC) - timedelta(hours=1)
            save_subscription(library, each.succeeded(past, *each.outcome_clauses).claimed(past))


def test_failure_is_told_with_its_age_and_the_next_try(article_qa, added, site):
    site.pages.clear()
    ran = article_qa("source", "refresh")
    assert ran.status == 3
    assert f"failed: {added}: failing for " in ran.err
    assert f", once: {added} answered 404 Not Found; next try in " in ran.err
    assert ran.err.endswith("; last success: never\n")
    assert f", once: {added} answered 404" in article_qa("source", "list").out


def test_refresh_tells_in_json(article_qa, added):
    (told,) = article_qa("refresh", "--json").json
    assert (told["url"], told["added"], told["failed"], told["error"]) == (added, 1, [], "")
    assert article_qa("refresh", "--json").json == []


def test_refresh_while_another_process_writes_is_put_off(article_qa, added, library_folder):
    library = Library.open(library_folder)
    with open_writer(library):
        ran = article_qa("refresh")
    assert ran.status == 3
    assert ran.err.startswith(f"postponed: {added}: process ")
    library.close()


def test_refresh_without_sources_says_how_to_add_one(article_qa, make_library):
    make_library()
    assert "article-qa source add URL --every 30m" in article_qa("refresh").out


def test_kept_answers_whose_text_changed_are_listed(article_qa, added, site):
    article_qa("refresh")
    with open_library() as library:
        (summary,) = library.summaries()
        article = library.article(summary.id)
        keep(library, begin(library, "Timetable").id, answer_citing(article, "sails at noon"))
    assert article_qa("check", "--all").out == "still valid: 1 of 1 kept answer\n"
    site.pages["/feed.xml"] = feed(ONE)
    make_host_rested()
    ran = article_qa("refresh", "--all")
    assert ran.status == 0
    assert "Kept answers whose cited text changed:\n“When?” (in the conversation “Timetable”)" in (
        ran.out
    )
    ran = article_qa("check", "--all")
    assert ran.status == 1
    assert "no longer in the article" in ran.out
    assert ran.out.endswith("still valid: 0 of 1 kept answer\n")
    (told,) = article_qa("check", "--all", "--json").json
    assert (told["question"], told["stands"]) == ("When?", False)
    with open_library() as library:
        assert len(check_kept_answers(library)) == 1


@pytest.mark.parametrize("arguments", [[], ["answer.json", "--all"]])
def test_check_wants_one_answer_or_all(article_qa, make_library, arguments):
    make_library()
    ran = article_qa("check", *arguments)
    assert ran.status == 2
    assert "--all" in ran.err
