"""What a host asks of programs, from a web that is made up."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.fetch import Fetched
from ingest.subscriptions.robots import Robots
from qa.errors import FetchFailed, FetchRefused

FEED = "https://news.example/feed.xml"


class Host:
    """Answers with its robots.txt, or with a status."""

    def __init__(self, rules="", status=200):
        self.rules, self.status, self.asked = rules, status, []
        self.now = datetime(2024, 6, 4, tzinfo=UTC)

    def fetch(self, url, **options):
        self.asked.append((url, options))
        if self.status != 200:
            raise FetchFailed(f"{url} answered {self.status}", status=self.status)
        return Fetched(url, "text/plain", None, self.rules.encode())

    @property
    def robots(self):
        return Robots(self.fetch, lambda: self.now)


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /\n",
        "User-agent: article-qa\nDisallow: /feed.xml",
        "User-agent: Other\nAllow: /\n\nUser-agent: *\nDisallow: /feed",
        "\ufeffUser-agent: *\r\nDisallow: /",
    ],
)
def test_address_that_is_disallowed_is_refused(rules):
    with pytest.raises(FetchRefused, match=r"robots\.txt of news\.example .* not to visit https"):
        Host(rules).robots.check(FEED)


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "<html>nothing here</html>",
        "User-agent: *\nDisallow: /private/",
        "User-agent: *\nDisallow:",
        "User-agent: Other\nDisallow: /",
        "User-agent: *\nDisallow: /\n\nUser-agent: article-qa\nAllow: /",
    ],
)
def test_address_that_is_not_disallowed_is_visited(rules):
    Host(rules).robots.check(FEED)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_host_without_rules_allows_everything(status):
    Host(status=status).robots.check(FEED)


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_host_that_cannot_tell_is_not_visited(status):
    with pytest.raises(FetchFailed, match=r"programs may visit https://news\.example is not known"):
        Host(status=status).robots.check(FEED)


def test_rules_are_asked_for_once_a_day_and_host():
    host = Host()
    robots = host.robots
    for url in (FEED, "https://news.example/other.xml", "https://NEWS.example/feed.xml"):
        robots.check(url)
    assert host.asked == [
        ("https://news.example/robots.txt", {"allow_private": False, "any_type": True})
    ]
    robots.check("http://news.example:8080/feed.xml", allow_private=True)
    assert host.asked[1][0] == "http://news.example:8080/robots.txt"
    host.now += timedelta(hours=25)
    robots.check(FEED)
    assert len(host.asked) == 3


def test_failure_to_tell_is_not_remembered():
    host = Host(status=503)
    robots = host.robots
    with pytest.raises(FetchFailed):
        robots.check(FEED)
    host.status = 200
    robots.check(FEED)


def test_delay_that_the_host_asks_for():
    robots = Host("User-agent: *\nCrawl-delay: 20").robots
    assert robots.delay(FEED) == 0
    robots.check(FEED)
    assert robots.delay("https://news.example/other.xml") == 20
