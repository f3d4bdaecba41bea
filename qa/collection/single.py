"""What is asked of one article: who wrote it, when it was published, which one it is."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.collection.articles import Candidate, find_candidates, stated_author
from qa.collection.listing import Inquiry, Reply, article_text, record_line, recorded
from qa.collection.origins import named_outlets, persons, without_names
from qa.collection.several import listed_authors, selected, writers
from qa.collection.subject import day_text
from qa.language.cleaning import one_line
from qa.language.phrases import join_members
from qa.records.answer import Statement
from qa.records.article import Article

__all__ = ["article_summary", "published_on", "written_by"]

# What an author's own text says of him is believed by so much less than the record.
_BYLINE = 0.8
_ONE_ARTICLE = re.compile(
    r"\b(?:article|piece|story|report|explainer|column|review|editorial|essay|interview|analysis"
    r"|obituary|commentary|op-ed|post|item|text|correction|profile|it|this|that)\b",
    re.IGNORECASE,
)


def written_by(inquiry: Inquiry) -> Reply | None:
    """The authors of the article that is described, of all articles about a topic where the
    question speaks of none, or of all in scope where it names no topic.
    """
    topic = inquiry.subject.topic
    text = inquiry.question.text
    # The "post" of "Harbour Post" is none.
    text = without_names(text, named_outlets(text, inquiry.subject.outlets).values())
    is_one = _ONE_ARTICLE.search(text) is not None
    if topic and not is_one:
        selection = selected(inquiry, 12)
        if selection.count > 1:
            return listed_authors(
                selection, [_authorship(inquiry, each) for each in selection.articles]
            )
    candidates = _candidates(inquiry)
    if not candidates:
        return None if topic or is_one else writers(inquiry)
    return _with_others(inquiry, candidates, *_authorship(inquiry, candidates[0].article))


def published_on(inquiry: Inquiry) -> Reply | None:
    """The day of the article that is described; no short answer for one without a day."""
    candidates = _candidates(inquiry)
    if not candidates:
        return None
    article = candidates[0].article
    short = day_text(article.published) if article.published else ""
    name = article_text(article, day=False)
    text = f"{name} was published on {short}." if short else f"{name} names no day of publication."
    if article.updated and article.updated != article.published:
        text = f"{text} It was updated on {day_text(article.updated)}."
    return _with_others(inquiry, candidates, short, recorded(inquiry.library, article, text))


def article_summary(inquiry: Inquiry) -> Reply | None:
    """Which article is meant, for whoever summarises it."""
    candidates = _candidates(inquiry)
    if not candidates:
        return None
    text = f"The article is {article_text(candidates[0].article)}."
    statement = recorded(inquiry.library, candidates[0].article, text)
    return _with_others(inquiry, candidates[:1], "", statement)


def _candidates(inquiry: Inquiry) -> list[Candidate]:
    subject = inquiry.subject
    search = (inquiry.library, inquiry.retriever, inquiry.question)
    candidates = find_candidates(*search, subject.topic, subject.scope)
    if not candidates and subject.has_days and not _has_set_days(inquiry):
        # They may be the days of what the article tells.
        scope = replace(subject.scope, since=None, until=None)
        candidates = find_candidates(*search, inquiry.topic, scope)
    return candidates


def _has_set_days(inquiry: Inquiry) -> bool:
    window = inquiry.question.window
    return window is not None and window.only


def _with_others(
    inquiry: Inquiry, candidates: Sequence[Candidate], short: str, *said: Statement
) -> Reply:
    others = [each.article for each in candidates[1:]]
    statements = [
        recorded(inquiry.library, each, f"{article_text(each)} may also be meant.")
        for each in others
    ]
    doubt = _BYLINE if any(each.support == "quoted" for each in said) else 1.0
    articles = tuple(each.article for each in candidates)
    return Reply(short, (*said, *statements), articles, candidates[0].confidence * doubt)


def _authorship(inquiry: Inquiry, article: Article) -> tuple[str, *tuple[Statement, ...]]:
    """The author of an article, empty for none, and the statements that say so."""
    if article.author:
        names = join_members([record_line(name) for name in persons(article.author)])
        return names, recorded(inquiry.library, article, f"{article_text(article)} is by {names}.")
    if byline := stated_author(article):
        name, citation = byline
        text = f"{article_text(article)} has no author on record; its text says:"
        quotation = Statement(one_line(citation.quote), (citation,), "quoted")
        return name, recorded(inquiry.library, article, text), quotation
    text = f"{article_text(article)} names no author."
    return "", recorded(inquiry.library, article, text)
