"""One visit to a source: its page if it changed, and what that came to in the library.

Downloading needs no writer lock. Knows nothing of when a source is due.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetch import Fetched, Fetcher, Validators, fetch
from ingest.run import IngestReport, Progress, ingest
from ingest.subscriptions.robots import Robots
from qa.errors import FetchFailed, LibraryLocked, QAError, SourceError
from qa.language.cleaning import clean_line
from qa.library.recheck import AnswerCheck, check_kept_answers
from qa.library.store import Library
from qa.library.subscriptions import Subscription, save_subscription, subscriptions
from qa.records.clauses import Clause, clause

__all__ = ["Download", "Visit", "Visitor", "take_in_page"]

# Characters of why an article could not be read.
_LONGEST_REASON = 1000


def take_in_page(
    subscription: Subscription,
    page: Fetched,
    *,
    library: Library,
    wait: bool = False,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> IngestReport:
    """Take in what was downloaded of a source, as articles of its outlet. Raises as ingest does."""
    return ingest(
        [subscription.url],
        library=library.location,
        pages={subscription.url: page},
        outlet=subscription.outlet or None,
        wait=wait,
        on_progress=on_progress,
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit: the source as it is now, what was taken in (None: nothing had to be),
    and the kept answers whose articles do not say any more what they cite. ``error`` is empty if
    all went well; a visit is ``postponed`` when the library was in use, and then nothing failed.
    """

    subscription: Subscription
    report: IngestReport | None = None
    changed_answers: tuple[AnswerCheck, ...] = ()
    error: str = ""
    postponed: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A source as it was claimed, and its page, or why there is none."""

    claim: Subscription
    page: Fetched | None = None
    error: Exception | None = None


@dataclass(slots=True)
class Visitor:
    """Visits sources of one library. ``take_in`` is given what is new."""

    library: Library
    take_in: Callable[[Subscription, Fetched], IngestReport]
    fetch: Fetcher = fetch
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self.robots = Robots(self.fetch, self.clock)

    def download(self, subscription: Subscription) -> Download | None:
        """Its page, from any thread; None if somebody else visits it."""
        claim = save_subscription(self.library, subscription.claimed(self.clock()))
        if claim is None:
            return None
        known = Validators(claim.etag, claim.last_modified)
        visited_addresses: list[str] = []

        def before(url: str) -> None:
            self.robots.check(url, allow_private=claim.allow_private)
            visited_addresses.append(url)

        page, failure = None, None
        try:
            page = self.fetch(
                claim.url, allow_private=claim.allow_private, validators=known, before=before
            )
        except Exception as error:  # one source never stops the others
            failure = error
        requests = 1 if visited_addresses else 0
        counted = replace(
            claim,
            requests=claim.requests + requests,
            conditional=claim.conditional + (requests if known.headers() else 0),
            not_modified=claim.not_modified + (1 if page and page.not_modified else 0),
        )
        return Download(counted, page, failure)

    def finish(self, download: Download) -> Visit | None:
        """Take in what is new, one source after the other; None if it is no source any more, or
        somebody else's. Raises what ``take_in`` does, but LibraryLocked.
        """
        claim, page = download.claim, download.page
        if not self._is_ours(claim):
            return None
        if page is None:
            return self._failure(claim, download.error)
        digest = hashlib.sha256(page.data).hexdigest()
        if page.not_modified:
            return Visit(self._save(claim.succeeded(self.clock(), clause("not modified"))))
        if digest == claim.digest:
            outcome = clause("the same as before")
            return Visit(self._save(_known_by(claim, page).succeeded(self.clock(), outcome)))
        start_time = datetime.now(UTC)
        try:
            report = self.take_in(claim, page)
        except LibraryLocked as error:
            postponed = self._save(claim.postponed(self.clock()))
            return Visit(postponed, error=str(error), postponed=True)
        if report.failed and not report.added + report.updated + report.unchanged:
            return self._failure(claim, SourceError(report.failed[0].reason), report)
        claim = replace(_known_by(claim, page), digest=digest)
        subscription = self._save(claim.succeeded(self.clock(), *_outcome(report)))
        changed_answers = self._changed_answers(start_time) if report.updated else ()
        return Visit(subscription, report, changed_answers)

    def release(self, download: Download) -> None:
        """Give a source back as it was, so that whoever comes next need not wait."""
        save_subscription(self.library, replace(download.claim, due=self.clock()))

    def _is_ours(self, claim: Subscription) -> bool:
        current = {each.url: each.revision for each in subscriptions(self.library)}
        return current.get(claim.url) == claim.revision

    def _changed_answers(self, since: datetime) -> tuple[AnswerCheck, ...]:
        checks = check_kept_answers(self.library, stored_since=since)
        return tuple(each for each in checks if not each.stands)

    def _failure(
        self, claim: Subscription, error: Exception | None, report: IngestReport | None = None
    ) -> Visit:
        expected = isinstance(error, QAError)
        reason = f"its download failed ({type(error).__name__}: {error})"
        now = self.clock()
        retry_after = error.retry_after if isinstance(error, FetchFailed) else ""
        subscription = claim.failed(
            now, clean_line(str(error) if expected else reason), _seconds(retry_after, now)
        )
        return Visit(self._save(subscription), report, error=subscription.outcome)

    def _save(self, subscription: Subscription) -> Subscription:
        return save_subscription(self.library, subscription) or subscription


def _known_by(subscription: Subscription, page: Fetched) -> Subscription:
    known = page.validators
    return replace(subscription, etag=known.etag, last_modified=known.last_modified)


def _outcome(report: IngestReport) -> tuple[Clause, ...]:
    counts = (
        clause("%(count)s added", count=report.added),
        clause("%(count)s updated", count=report.updated),
        clause("%(count)s unchanged", count=report.unchanged),
    )
    if not report.failed:
        return counts
    failed = clause(
        "%(count)s could not be read, the first because: %(reason)s",
        count=len(report.failed),
        reason=report.failed[0].reason[:_LONGEST_REASON],
    )
    return (*counts, failed)


def _seconds(retry_after: str, now: datetime) -> float:
    """What a server asks for, as seconds or as a date; 0 for what is neither.

    >>> _seconds("Tue, 04 Jun 2024 10:02:00 GMT", datetime(2024, 6, 4, 10, tzinfo=UTC))
    120.0
    """
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
        return (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return 0.0
