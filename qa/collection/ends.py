"""The newest and the oldest article, of all or of those about a topic."""

from dataclasses import replace
from datetime import timedelta

from qa.collection.listing import (
    Inquiry,
    Listing,
    Reply,
    article_text,
    counted,
    load,
    record_line,
    recorded,
)
from qa.collection.several import article_lines, limits_text, nearest_articles, note, selection_text
from qa.collection.subject import day_text, days_text, select

__all__ = ["newest", "oldest"]

_MOST_LISTED = 5


def newest(inquiry: Inquiry) -> Reply:
    """The newest articles up to the day of the question; where there is none of the days asked
    for, that, and the newest that there is.
    """
    subject = inquiry.subject
    selection, _ = select(inquiry.library, subject, inquiry.question.text)
    # A day's grace: the same evening is tomorrow elsewhere.
    last_day = inquiry.question.as_of + timedelta(days=1)
    until = min(filter(None, (selection.scope.until, last_day)))
    since = selection.scope.since
    attempts = [
        replace(selection, scope=replace(selection.scope, until=until))
        if not since or since <= until
        else selection,
        replace(selection, scope=replace(selection.scope, since=None, until=last_day)),
        replace(selection, scope=replace(selection.scope, since=None, until=None)),
    ]
    for number, attempt in enumerate(attempts):
        with inquiry.library.catalog() as catalog:
            count, *_ = catalog.coverage(attempts[-1])
            ids = catalog.article_ids(attempt, _MOST_LISTED)
        listing = load(inquiry.library, ids)
        if not listing.articles:
            continue
        first = listing.articles[0]
        if number and subject.has_days:
            days = days_text(selection.scope.since, selection.scope.until)
            day = f"of {day_text(first.published)}" if first.published else "undated"
            text = (
                f"No article is {days}. The newest of {counted(count, 'article')} is {day}: "
                f"{article_text(first, day=False)}."
            )
            return Reply("", (recorded(inquiry.library, first, text),), (first,))
        limits = limits_text(subject, attempt, "mentions")
        short = record_line(first.title) if first.published else ""
        return _first_of(inquiry, listing, f"The newest article{limits}", "Before it:", short)
    return nearest_articles(inquiry, selection_text(0, subject, selection))


def oldest(inquiry: Inquiry) -> Reply:
    """The first articles by their day of publication. The short answer has outlet and day of the
    first, for it may be asked who was first, or when; none where no article names a day.
    """
    subject = inquiry.subject
    selection, _ = select(inquiry.library, subject, inquiry.question.text)
    with inquiry.library.catalog() as catalog:
        ids = catalog.article_ids(selection, _MOST_LISTED, oldest_first=True)
    listing = load(inquiry.library, ids)
    if not listing.articles:
        return nearest_articles(inquiry, selection_text(0, subject, selection))
    first = listing.articles[0]
    limits = limits_text(subject, selection, "mentions")
    if not first.published:
        lines = [note(f"No article{limits} names its day of publication.")]
        lines += article_lines(inquiry, listing.articles)
        return Reply("", tuple(lines), listing.articles, steps=listing.steps)
    short = article_text(first)
    return _first_of(inquiry, listing, f"The oldest article{limits}", "After it:", short)


def _first_of(inquiry: Inquiry, listing: Listing, which: str, behind: str, short: str) -> Reply:
    """The first article of a list as the one that was asked for, and the others behind it."""
    first, *others = listing.articles
    statements = [recorded(inquiry.library, first, f"{which} is {article_text(first)}.")]
    statements += [note(behind), *article_lines(inquiry, others)] if others else []
    return Reply(short, tuple(statements), listing.articles, steps=listing.steps)
