"""Which articles tell of one event: near in time, and of the same rare words.

Knows the library, and neither questions nor readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log

from qa.errors import ArticleDamaged, ArticleNotFound
from qa.language.words import stem, terms
from qa.library.store import Library
from qa.records.article import Article
from qa.records.question import Scope

__all__ = ["articles_on_event"]

# Days before and after an article within which others tell of the same event.
_DAYS = 45
# Characters in which an article says what it is about, and in which another one mentions it.
_LEAD, _BODY = 700, 3000
# Words that are looked up, passages that are looked at, and articles of one story.
_MOST_WORDS, _PASSAGES, _MOST_ARTICLES = 60, 200, 40
# Of the weight of an article's own words, the share that another one on the same event has, too. In
# the demo collection all 40 pairs from here on tell of one event; from 0.20 on, two do not.
_SHARE = 0.24


@dataclass(frozen=True, slots=True)
class _Word:
    stem: str
    weight: float


def articles_on_event(
    library: Library, article: Article, *, collections: Sequence[str] = ()
) -> list[Article]:
    """The articles of the collections (none: of all) on the same event as this one, itself
    included, in order of days, undated ones last; copies of one text are all there.
    """
    since = article.published - timedelta(_DAYS) if article.published else None
    until = article.published + timedelta(_DAYS) if article.published else None
    scope = Scope(since, until, undated=True, collections=tuple(collections))
    weights = _weights(library, article)
    articles_by_id = {article.id: article}
    words = [word.stem for word in weights]
    matches = library.words().search(words, _PASSAGES, Scope(since, until, undated=True))
    keys = list(library.days([match.key for match in matches], scope))
    ids = dict.fromkeys(passage.article_id for passage in library.passages(keys).values())
    for id_ in ids:
        if len(articles_by_id) < _MOST_ARTICLES and id_ not in articles_by_id:
            try:
                other = library.article(id_)
            except (ArticleDamaged, ArticleNotFound):
                continue
            if _share(weights, other) >= _SHARE:
                articles_by_id[id_] = other
    return sorted(articles_by_id.values(), key=_by_day)


def _weights(library: Library, article: Article) -> list[_Word]:
    """The words that tell what an article is about, each the heavier, the fewer passages have it.

    A word in the title weighs twice.
    """
    index, total = library.words(), max(1, library.counts()["passages"])
    title = set(terms(article.title))
    lead = dict.fromkeys(terms(f"{article.title}. {article.text[:_LEAD]}"))
    weights: dict[str, float] = {}
    for word in list(lead)[:_MOST_WORDS]:
        count = max(1, len(index.having(word)))
        weight = log(1 + total / count) * (2 if word in title else 1)
        weights[word] = max(weight, weights.get(word, 0))
    return [_Word(word, weight) for word, weight in weights.items()]


def _share(weights: Sequence[_Word], other: Article) -> float:
    other_stems = {stem(word) for word in terms(f"{other.title}. {other.text[:_BODY]}")}
    whole = sum(word.weight for word in weights)
    common = sum(word.weight for word in weights if stem(word.stem) in other_stems)
    return common / whole if whole else 0.0


def _by_day(article: Article) -> tuple[bool, str, str]:
    return article.published is None, str(article.published or ""), article.id
