"""What the owner of a host wants of programs: robots.txt (RFC 9309). Knows no article.

A host that has none, or will not show it, allows everything; one that cannot tell at the moment is
not visited at the moment.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from ingest.fetch import USER_AGENT, Fetcher, fetch
from qa.errors import FetchFailed, FetchRefused

__all__ = ["Robots"]

# How long what a host said is taken to hold.
_LIFETIME = timedelta(hours=24)
# What RFC 9309 asks to be read at least, in bytes; a rule beyond counts for nothing.
_SIZE = 500 * 1024


@dataclass(frozen=True, slots=True)
class _Rules:
    parser: RobotFileParser
    read: datetime


@dataclass(slots=True)
class Robots:
    """The rules of every host that was asked, each for a day. Safe to share between threads."""

    fetch: Fetcher = fetch
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _rules: dict[str, _Rules] = field(default_factory=dict, init=False)

    def check(self, url: str, *, allow_private: bool = False) -> None:
        """Raises FetchRefused for an address that programs shall not visit, FetchFailed when the
        host cannot tell.
        """
        parser = self._parser(url, allow_private=allow_private)
        if not parser.can_fetch(USER_AGENT, url):
            raise FetchRefused(
                f"the robots.txt of {urlsplit(url).netloc} asks programs not to visit {url}; ask "
                "its owner, or look for another feed"
            )

    def delay(self, url: str) -> float:
        """Seconds that the host asks for between two visits, as far as it was asked; else 0."""
        rules = self._rules.get(_home(url))
        return float(rules.parser.crawl_delay(USER_AGENT) or 0) if rules else 0.0

    def _parser(self, url: str, *, allow_private: bool) -> RobotFileParser:
        home = _home(url)
        rules = self._rules.get(home)
        if rules is None or not timedelta() <= self.clock() - rules.read < _LIFETIME:
            parser = RobotFileParser()
            parser.parse(self._lines(home, allow_private=allow_private))
            rules = self._rules[home] = _Rules(parser, self.clock())
        return rules.parser

    def _lines(self, home: str, *, allow_private: bool) -> list[str]:
        address = f"{home}/robots.txt"
        try:
            page = self.fetch(address, allow_private=allow_private, any_type=True)
        except FetchFailed as error:
            too_many = error.status == HTTPStatus.TOO_MANY_REQUESTS
            if 400 <= error.status < 500 and not too_many:
                return []
            raise FetchFailed(
                f"whether programs may visit {home} is not known: {error}",
                status=error.status,
                retry_after=error.retry_after,
            ) from error
        return page.data[:_SIZE].decode("utf-8-sig", "replace").splitlines()


def _home(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), "", "", ""))
