"""Addresses that are read again and again: when it is time, and that two never write at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qa.errors import SourceError
from qa.library.sqlite import schema
from qa.library.subscriptions import (
    Subscription,
    add_subscription,
    interval_text,
    parse_interval,
    pause_subscription,
    remove_subscription,
    save_subscription,
    subscriptions,
    visits,
)
from qa.records.clauses import verbatim

NOW = datetime(2024, 6, 4, 10, tzinfo=UTC)
FEED = Subscription("https://news.example/feed.xml", 1800, NOW, outlet="Harbour Post")


def minutes(number):
    return timedelta(minutes=number)


# Intervals


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30m", 1800), ("10s", 10), (" 6H ", 21600), ("1d", 86400), ("2w", 1209600), ("1h30m", 5400)],
)
def test_interval_is_a_number_with_a_unit(text, seconds):
    assert parse_interval(text) == seconds
    assert parse_interval(interval_text(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "5 bananas", "30", "m", "-5m", "1.5h", "30m!", "½h", "٣m x"])
def test_what_is_no_interval_says_how_one_is_written(text):
    with pytest.raises(ValueError, match=r"is no interval; write .* such as 30m"):
        parse_interval(text)


@pytest.mark.parametrize("text", ["0m", "9s", "367d", "999999999w"])
def test_interval_has_bounds(text):
    with pytest.raises(ValueError, match="10s to 366d"):
        parse_interval(text)


# When it is time


def test_source_is_due_when_its_time_has_come():
    assert FEED.is_due(NOW)
    later = FEED.succeeded(NOW, verbatim("1 added"))
    assert not later.is_due(NOW + minutes(29))
    assert later.is_due(NOW + minutes(30))


def test_source_is_due_when_its_last_visit_lies_ahead():
    visited = FEED.claimed(NOW).succeeded(NOW, verbatim("1 added"))
    assert visited.is_due(NOW - timedelta(days=400))


def test_failures_in_a_row_wait_twice_as_long_each_time_up_to_a_day():
    waits, source = [], FEED
    for _ in range(40):
        source = source.failed(NOW, "503")
        waits.append(source.due - NOW)
    assert waits[:3] == [minutes(60), minutes(120), minutes(240)]
    assert waits[-1] == timedelta(days=1)
    assert (source.failures, source.failing_since, source.outcome) == (40, NOW, "503")


def test_source_that_is_read_seldom_waits_no_longer_than_that():
    seldom = replace(FEED, every=7 * 86400)
    assert seldom.failed(NOW, "503").due - NOW == timedelta(days=7)


def test_server_that_asks_for_patience_gets_it_within_bounds():
    assert FEED.failed(NOW, "503", 7200).due - NOW == minutes(120)
    assert FEED.failed(NOW, "503", 5).due - NOW == minutes(60)
    assert FEED.failed(NOW, "503", 1e300).due - NOW == timedelta(days=7)


def test_success_ends_a_row_of_failures():
    source = FEED.failed(NOW, "503").succeeded(NOW + minutes(60), verbatim("1 added"))
    assert (source.failures, source.failing_since) == (0, None)
    assert source.refreshed == NOW + minutes(60)


def test_source_that_somebody_visits_is_not_due_until_he_must_have_died():
    claim = FEED.claimed(NOW)
    assert not claim.is_due(NOW + minutes(9))
    assert claim.is_due(NOW + minutes(10))


# How they are kept


def test_sources_are_kept_in_the_library(library):
    add_subscription(library, FEED)
    add_subscription(library, replace(FEED, url="https://a.example/feed"))
    assert [each.url for each in subscriptions(library)] == ["https://a.example/feed", FEED.url]
    assert subscriptions(library)[1] == FEED


@pytest.mark.parametrize("again", [FEED.url, "HTTPS://News.example:443/feed.xml#top"])
def test_same_address_is_kept_once(library, again):
    add_subscription(library, FEED)
    with pytest.raises(SourceError, match=r"is a source already.*source remove"):
        add_subscription(library, replace(FEED, url=again))
    assert subscriptions(library) == [FEED]


def test_source_is_removed_by_its_address(library):
    add_subscription(library, FEED)
    remove_subscription(library, "https://NEWS.example/feed.xml")
    assert subscriptions(library) == []


def test_address_that_is_no_source_says_so(library):
    with pytest.raises(SourceError, match="is no source; `article-qa source list`"):
        remove_subscription(library, "https://a.example/")


def test_only_one_of_two_who_read_the_same_writes(library):
    add_subscription(library, FEED)
    (mine,), (theirs,) = subscriptions(library), subscriptions(library)
    assert save_subscription(library, mine.claimed(NOW)).revision == 1
    assert save_subscription(library, theirs.claimed(NOW)) is None


def test_source_that_was_removed_meanwhile_stays_so(library):
    add_subscription(library, FEED)
    remove_subscription(library, FEED.url)
    assert save_subscription(library, FEED.claimed(NOW)) is None
    assert subscriptions(library) == []


def test_whatever_changes_in_them_shows_in_one_number(library):
    numbers = [visits(library)]
    add_subscription(library, FEED)
    numbers.append(visits(library))
    save_subscription(library, FEED.claimed(NOW))
    numbers.append(visits(library))
    remove_subscription(library, FEED.url)
    assert len({*numbers}) == 3
    assert visits(library) == numbers[0]


def test_library_from_before_there_were_any_gets_them(library_folder, library):
    with library.connection() as database:
        database.execute("DROP TABLE subscriptions")
        database.execute("PRAGMA user_version = 5")
    library.close()
    add_subscription(library, FEED)
    with library.connection() as database:
        assert database.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


def test_source_that_rests_is_never_due(library):
    add_subscription(library, FEED)
    paused = pause_subscription(library, FEED.url, paused=True)
    assert not paused.is_due(NOW)
    assert not paused.is_due(NOW.replace(year=NOW.year + 1))
    assert pause_subscription(library, FEED.url, paused=False).is_due(NOW)
    with pytest.raises(SourceError, match="is no source"):
        pause_subscription(library, "https://other.example/", paused=True)
