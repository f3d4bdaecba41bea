"""What may be asked next, in a few fixed forms that the articles at hand are known to answer."""

from collections.abc import Iterator, Sequence
from itertools import islice

from qa.language.cleaning import one_line
from qa.language.words import bare_words, holds
from qa.records.answer import Hit
from qa.records.article import Passage
from qa.records.question import Question

__all__ = ["MOST_NEXT", "first_questions", "next_questions"]

MOST_NEXT = 3
"""Questions that are offered after an answer, at most."""
_LONGEST_TITLE = 120
# Articles that have to tell of a topic before others are asked for.
_SEVERAL = 2


def next_questions(question: Question, hits: Sequence[Hit], cited: Sequence[str]) -> list[str]:
    """At most three: the latest on what was asked about and which articles mention it, if several
    hits do; then the articles that are cited (ids), or of an abstention the nearest ones. English.
    """
    found = [*_on_topic(question, hits), *_on_articles(question, hits, cited)]
    return [*islice(dict.fromkeys(each for each in found if each != question.text), MOST_NEXT)]


def first_questions(titles: Sequence[str]) -> list[str]:
    """What to begin with in a collection, from its newest titles: one question for each, and what
    is in it at all.
    """
    asked = [_summarise(title) for title in titles if _is_plain(title)]
    return [*asked, "What is in here?"]


def _on_topic(question: Question, hits: Sequence[Hit]) -> Iterator[str]:
    for topic in question.topics[:1]:
        words = bare_words(topic)
        if not any(word[:1].isupper() for word in topic.split()):
            continue
        telling = {
            hit.passage.article_id: hit.passage
            for hit in hits
            if holds(bare_words(hit.passage.text), words)
        }
        if len(telling) < _SEVERAL:
            continue
        texts = [each.text for each in telling.values()] if topic[:1].islower() else []
        phrase = _as_written(topic, [question.text, *texts])
        if question.kind != "change" and _has_days([*telling.values()]):
            yield f"What is the latest on {phrase}?"
        if question.kind != "article-list":
            yield f"Which articles mention {phrase}?"


def _as_written(topic: str, texts: Sequence[str]) -> str:
    """The topic with the article that one of the texts has before it.

    >>> _as_written("mayor of Orlen", ["Who is the mayor of Orlen?"])
    'the mayor of Orlen'
    """
    phrase = f"the {topic}"
    return phrase if any(f" {phrase}".lower() in f" {text.lower()}" for text in texts) else topic


def _has_days(passages: Sequence[Passage]) -> bool:
    days = {passage.published for passage in passages if passage.published}
    return len(days) >= _SEVERAL


def _on_articles(question: Question, hits: Sequence[Hit], cited: Sequence[str]) -> Iterator[str]:
    titles = {hit.passage.article_id: hit.passage.title or "" for hit in hits}
    for article_id in cited or [*titles]:
        title = titles.get(article_id, "")
        if article_id != question.article and _is_plain(title):
            yield _summarise(title)


def _is_plain(title: str) -> bool:
    """Whether a title can stand between quotation marks in a question."""
    return 0 < len(title) <= _LONGEST_TITLE and not set('“”"\n') & set(title)


def _summarise(title: str) -> str:
    return f"Summarise “{one_line(title)}”."
