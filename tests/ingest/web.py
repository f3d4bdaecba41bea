"""A web that is made up, with pages, tags and failures, and a clock that only tests move."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ingest.fetch import Fetched, Validators
from qa.errors import FetchFailed

NONE = Validators()
START = datetime(2024, 6, 4, 10, tzinfo=UTC)


class Clock:
    """Time that passes when somebody waits, and tells to stop after so many waits."""

    def __init__(self, waits=1000):
        self.now = START
        self.waits = waits
        self.waited = []

    def __call__(self):
        return self.now

    def wait(self, seconds):
        if len(self.waited) >= self.waits:
            return True
        self.waited.append(seconds)
        self.pass_(seconds=seconds)
        return False

    def pass_(self, **duration):
        self.now += timedelta(**duration)


@dataclass
class Web:
    """Pages by address, each with a tag made of its text; ``asked`` has every request for one."""

    pages: dict = field(default_factory=dict)
    robots: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    tags: bool = True

    def fetch(self, url, *, allow_private=False, any_type=False, validators=NONE, before=None):
        if url.endswith("/robots.txt"):
            rules = self.robots.get(url.split("/")[2])
            if rules is None:
                raise FetchFailed(f"{url} answered 404", status=404)
            return Fetched(url, "text/plain", None, rules.encode())
        before(url)
        self.asked.append((url, validators))
        page = self.pages[url]
        if isinstance(page, Exception):
            raise page
        tag = Validators(etag=f'"{abs(hash(page))}"') if self.tags else NONE
        if self.tags and validators == tag:
            return Fetched(url, "application/rss+xml", None, b"", tag, not_modified=True)
        return Fetched(url, "application/rss+xml", None, page.encode(), tag)

    @property
    def addresses(self):
        return [url for url, _ in self.asked]


def feed(*entries, title="Harbour Post"):
    """An RSS feed; an entry is a name and a text."""
    items = "".join(
        f"<item><title>{name}</title><link>https://news.example/{name}</link>"
        f"<description>{text}</description></item>"
        for name, text in entries
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
