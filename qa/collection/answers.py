"""The answer to a question about the collection, from the library's own records.

Knows the seam of the search, which finds the article that a description means, and no reader.
"""

import time
from collections.abc import Callable, Iterator, Mapping

from qa.collection.ends import newest, oldest
from qa.collection.greeting import greeting
from qa.collection.listing import Inquiry, Reply, hit_for
from qa.collection.several import (
    article_count,
    article_list,
    contents,
    outlet_list,
)
from qa.collection.single import article_summary, published_on, written_by
from qa.collection.subject import Subject, authors_named, read_subject
from qa.errors import IndexUnavailable
from qa.language.words import stems
from qa.library.store import Library
from qa.protocols import Retriever
from qa.records.answer import Answer, Hit
from qa.records.clauses import Clause, clause
from qa.records.kinds import CollectionKind
from qa.records.question import CollectionRequest, Question
from qa.records.trace import Step, elapsed_ms

__all__ = ["answer_about_collection", "is_of_author"]


def is_of_author(library: Library, question: Question) -> bool:
    """Whether a question names an author of articles, and no other name or number."""
    author_stems = set(stems(" ".join(authors_named(library, question).values())))
    return bool(author_stems) and question.expected.names <= author_stems


def answer_about_collection(
    library: Library, retriever: Retriever, question: Question, request: CollectionRequest
) -> Answer | None:
    """The answer that the records give; None where they cannot, so that the articles may be read
    instead: nothing says which article is meant, or none fits.

    Statements are *recorded*, and those of an article cite its opening sentence; what only its text
    says of its author is *quoted*. It abstains when the index of words, by which articles are
    counted, cannot be used.
    """
    start_time = time.perf_counter()
    try:
        subject = read_subject(library, question, request)
        inquiry = Inquiry(library, retriever, question, request.topic, subject)
        reply = _REPLIES[request.kind](inquiry)
        hits = _hits(library, reply) if reply else ()
    except IndexUnavailable as error:
        return Answer(question.text, "", (), (), 0.0, True, reason=str(error))
    if reply is None:
        return None
    clauses = (_REQUESTS[request.kind], *_limits(subject))
    step = Step.of("records", *clauses, took_ms=elapsed_ms(start_time))
    return Answer(
        question=question.text,
        short=reply.short,
        statements=reply.statements,
        hits=hits,
        confidence=reply.confidence,
        abstained=False,
        trace=(step, *reply.steps),
        took_ms=elapsed_ms(start_time),
        window=question.window,
    )


def _limits(subject: Subject) -> Iterator[Clause]:
    """What limits the articles that are asked for."""
    scope = subject.scope
    if subject.topic:
        yield clause("about “%(topic)s”", topic=subject.topic)
    if subject.outlets:
        yield clause("only %(names)s", names=", ".join(subject.outlets))
    if subject.authors:
        yield clause("by %(name)s", name=subject.author_text)
    if subject.has_days and scope.since:
        yield clause("from %(day)s", day=scope.since)
    if subject.has_days and scope.until:
        yield clause("until %(day)s", day=scope.until)


def _hits(library: Library, reply: Reply) -> tuple[Hit, ...]:
    """A hit for each citation, in their order."""
    articles = {article.id: article for article in reply.articles}
    citations = dict.fromkeys(
        citation for statement in reply.statements for citation in statement.citations
    )
    return tuple(
        hit_for(library, articles[citation.article_id], citation, 1 / rank)
        for rank, citation in enumerate(citations, start=1)
    )


def _greet(inquiry: Inquiry) -> Reply:
    question = inquiry.question
    return Reply("", greeting(inquiry.library, question.text, question.scope))


# What is asked for, as the trace tells it.
_REQUESTS: Mapping[CollectionKind, Clause] = {
    "written-by": clause("who wrote an article"),
    "published-on": clause("when an article appeared"),
    "outlets": clause("which outlets there are"),
    "article-count": clause("how many articles there are"),
    "article-list": clause("which articles there are"),
    "contents": clause("what the articles are about"),
    "newest": clause("which articles are the newest"),
    "oldest": clause("which articles are the oldest"),
    "article-summary": clause("what an article says"),
    "greeting": clause("what can be asked"),
}
_REPLIES: Mapping[CollectionKind, Callable[[Inquiry], Reply | None]] = {
    "written-by": written_by,
    "published-on": published_on,
    "outlets": outlet_list,
    "article-count": article_count,
    "article-list": article_list,
    "contents": contents,
    "newest": newest,
    "oldest": oldest,
    "article-summary": article_summary,
    "greeting": _greet,
}
