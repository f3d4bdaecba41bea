"""What is read for a question: what a search finds, more of it for the sides of a comparison and
for disagreement, or a whole article.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.library.store import Library
from qa.records.answer import Hit
from qa.records.clauses import clause, number_clause
from qa.records.question import Question
from qa.records.reading import Retrieval
from qa.records.trace import Step

__all__ = ["gather"]

_MOST_SIDES = 3
# Of a long article that is read as a whole, passages from its beginning.
_MOST_PASSAGES = 40

Search = Callable[[Question, int], Retrieval]


def gather(search: Search, library: Library, question: Question, k: int) -> Retrieval:
    """At most ``k`` hits, best first; those of a whole article in reading order, at most forty.
    Raises ArticleNotFound, ArticleDamaged.
    """
    if question.article:
        stored = library.passages_of(question.article)[:_MOST_PASSAGES]
        hits = tuple(Hit(each.passage, 1.0) for each in stored)
        passage_count = number_clause("%(num)s passage", "%(num)s passages", len(hits))
        return Retrieval(hits, (Step.of("whole article", passage_count),))
    retrieval = search(question, k)
    further_queries = _further_queries(question, retrieval)
    if not further_queries:
        return retrieval
    further = [search(replace(question, text=query), k) for query in further_queries]
    merged: dict[tuple[str, int], Hit] = {}
    for hits in (retrieval.hits, *(each.hits for each in further)):
        for hit in hits:
            key = (hit.passage.article_id, hit.passage.start)
            # Against the best of its own search: those of different searches have no common scale.
            score = hit.score / hits[0].score if hits[0].score > 0 else 0.0
            if key not in merged or score > merged[key].score:
                merged[key] = replace(hit, score=score)
    best = sorted(merged.values(), key=lambda hit: -hit.score)[:k]
    step = Step.of(
        "sides", clause("searched each: %(queries)s", queries="; ".join(further_queries))
    )
    return Retrieval(tuple(best), (*retrieval.steps, step))


def _further_queries(question: Question, retrieval: Retrieval) -> Sequence[str]:
    """What is searched besides: what is written of one side of a comparison alone loses against
    what has the words of both; who else reports of an event often has none of the question's.
    """
    if question.kind == "compare" and len(question.topics) > 1:
        return question.topics[:_MOST_SIDES]
    if question.kind == "conflict" and retrieval.hits and retrieval.hits[0].passage.title:
        return (retrieval.hits[0].passage.title,)
    return ()
