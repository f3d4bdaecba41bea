"""What is read for a question: what a search finds, more of it for the sides of a comparison, or a
whole article.
"""

from collections.abc import Callable
from dataclasses import replace

from qa.library.store import Library
from qa.records.answer import Hit
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
        return Retrieval(hits, (Step("whole article", f"{len(hits)} passages"),))
    retrieval = search(question, k)
    if question.kind != "compare" or len(question.topics) < 2:
        return retrieval
    # What is written of one side alone loses against what has the words of both.
    sides = [search(replace(question, text=topic), k) for topic in question.topics[:_MOST_SIDES]]
    merged: dict[tuple[str, int], Hit] = {}
    for hits in (retrieval.hits, *(side.hits for side in sides)):
        for hit in hits:
            key = (hit.passage.article_id, hit.passage.start)
            # Against the best of its own search: those of different searches have no common scale.
            score = hit.score / hits[0].score if hits[0].score > 0 else 0.0
            if key not in merged or score > merged[key].score:
                merged[key] = replace(hit, score=score)
    best = sorted(merged.values(), key=lambda hit: -hit.score)[:k]
    step = Step("sides", "searched each: " + "; ".join(question.topics[:_MOST_SIDES]))
    return Retrieval(tuple(best), (*retrieval.steps, step))
