"""Reads sources again when it is time, several hosts side by side, and none more than once at a
time.

Knows neither servers nor commands: time passes and ends as whoever makes a Refresher says.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from ingest.fetch import check_address
from ingest.subscriptions.visit import Visit, Visitor
from qa.errors import FetchRefused, SourceNotFound
from qa.language.cleaning import clean_line
from qa.library.store import Library
from qa.library.subscriptions import (
    Subscription,
    add_subscription,
    address_key,
    parse_interval,
    subscriptions,
)

__all__ = ["Refresher", "subscribe"]

_LOG = logging.getLogger(__name__)
# Hosts that are visited side by side.
_AT_ONCE = 4
# Seconds between two visits to a host that asks for nothing else, and at most.
_PAUSE, _LONGEST_PAUSE = 2.0, 60.0
# Seconds between two looks at what is due, and after something went wrong with the library.
_LOOK, _TROUBLE = 5.0, 60.0
_LONGEST_OUTLET = 200


def subscribe(
    library: Library,
    url: str,
    every: str,
    *,
    outlet: str = "",
    allow_private: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Subscription:
    """Keep an address as a source that is read ``every`` so often (``30m``), for the first time as
    soon as somebody refreshes. Nothing is fetched.

    Raises FetchRefused for an address that is never visited, ValueError for what is no interval,
    SourceError if it is a source already.
    """
    address, outlet = url.strip(), clean_line(outlet)
    if " " in address or not address.isprintable():
        raise FetchRefused(f"not a valid address: {address!r}")
    check_address(address, allow_private=allow_private)
    if len(outlet) > _LONGEST_OUTLET:
        raise ValueError(f"the name of an outlet has at most {_LONGEST_OUTLET} characters")
    now = clock()
    subscription = Subscription(
        address,
        parse_interval(every),
        due=now,
        outlet=outlet,
        allow_private=allow_private,
        added=now,
    )
    add_subscription(library, subscription)
    return subscription


@dataclass(slots=True)
class Refresher:
    """Has the sources of its visitor's library visited, one host never twice at once.

    ``wait`` lets seconds pass and returns whether to stop, as ``threading.Event.wait`` does.
    """

    visitor: Visitor
    wait: Callable[[float], bool]

    def run(self) -> None:
        """Refresh what is due, until ``wait`` says to stop."""
        pause = 0.0
        while not self.wait(pause):
            pause = _LOOK
            try:
                for visit in self._visits(self._ready(self._due())):
                    _LOG.info("%s: %s", visit.subscription.url, visit.subscription.outcome)
            except Exception:
                # The next look may find the library well again.
                _LOG.exception("the sources cannot be refreshed")
                pause = _TROUBLE

    def refresh_due(self) -> Iterator[Visit]:
        """Visit every source whose time has come, once."""
        return self._refresh(self._due())

    def refresh(self, urls: Sequence[str] = ()) -> Iterator[Visit]:
        """Visit these sources now (none: all but those that rest), due or not.
        Raises SourceNotFound for none of ours.
        """
        known = {address_key(each.url): each.url for each in self._subscriptions()}
        for url in urls:
            if address_key(url) not in known:
                raise SourceNotFound(url)
        chosen = dict.fromkeys(known[address_key(url)] for url in urls)
        awake = [each.url for each in self._subscriptions() if not each.paused]
        return self._refresh(list(chosen or awake))

    def _refresh(self, urls: list[str]) -> Iterator[Visit]:
        waiting = urls
        while waiting:
            ready = self._ready(waiting)
            yield from self._visits(ready)
            done = {each.url for each in ready}
            known = {each.url for each in self._subscriptions()}
            waiting = [url for url in waiting if url in known - done]
            if waiting and not ready and self.wait(self._pause(waiting)):
                return

    def _subscriptions(self) -> list[Subscription]:
        return subscriptions(self.visitor.library)

    def _due(self) -> list[str]:
        now = self.visitor.clock()
        return [each.url for each in self._subscriptions() if each.is_due(now)]

    def _ready(self, urls: Sequence[str]) -> list[Subscription]:
        """Those whose hosts may be visited now, one of each host."""
        known = self._subscriptions()
        chosen: dict[str, Subscription] = {}
        for each in known:
            if each.url in urls and self._rest(each, known) <= 0:
                chosen.setdefault(_host(each), each)
        return list(chosen.values())

    def _pause(self, urls: Sequence[str]) -> float:
        known = self._subscriptions()
        return min((self._rest(each, known) for each in known if each.url in urls), default=0.0)

    def _rest(self, subscription: Subscription, known: Sequence[Subscription]) -> float:
        """Seconds until its host may be visited again; visits of other processes count, too."""
        now = self.visitor.clock()
        asked = self.visitor.robots.delay(subscription.url)
        pause = timedelta(seconds=min(max(_PAUSE, asked), _LONGEST_PAUSE))
        ends = [
            each.visited + pause
            for each in known
            if each.visited and each.visited <= now and _host(each) == _host(subscription)
        ]
        return (max(ends) - now).total_seconds() if ends else 0.0

    def _visits(self, chosen: Sequence[Subscription]) -> Iterator[Visit]:
        """Download them side by side, and take in one after the other."""
        if not chosen:
            return
        stopped = False
        with ThreadPoolExecutor(min(len(chosen), _AT_ONCE)) as pool:
            for download in filter(None, pool.map(self.visitor.download, chosen)):
                try:
                    visit = None if stopped else self.visitor.finish(download)
                except InterruptedError:
                    stopped, visit = True, None
                if stopped:
                    self.visitor.release(download)
                if visit:
                    yield visit


def _host(subscription: Subscription) -> str:
    return urlsplit(subscription.url).hostname or ""
