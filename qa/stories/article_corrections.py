"""What an outlet took back of one of its articles, in its own text or in a later one.

Knows the library and how notices are worded, and neither questions nor readers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.compose.corrections import errata, withdrawals
from qa.compose.withdrawn import Notices
from qa.errors import ArticleDamaged, ArticleNotFound
from qa.language.numerals import numbers
from qa.language.sentences import sentences
from qa.language.words import content_stems, terms
from qa.library.store import Library
from qa.records.answer import Hit
from qa.records.article import Article, Citation
from qa.records.question import Scope
from qa.records.serialization import Record

__all__ = ["ArticleCorrection", "corrected_by", "corrections_of"]

_OWN = re.compile(
    r"\bthis (?:article|story|report|column)\b|\b(?:earlier|previous|original|first) version\b",
    re.IGNORECASE,
)
# Words that notices have, besides those of the article that they correct.
_NOTICE_WORDS = ("correction", "correct")
# Stems besides figures that a sentence shares with the error that is taken back.
_SAME_MATTER = 2
# Words of the article, passages that are looked at, and articles that are read for notices.
_MOST_WORDS, _PASSAGES, _MOST_ARTICLES = 30, 200, 20


@dataclass(frozen=True, slots=True)
class ArticleCorrection(Record):
    """What a notice says, its words from the error to what is right; ``right`` is what it puts in
    place of the error. ``sentence`` is the sentence of the article that is taken back, as half-open
    characters of its text; None for a notice that stands in the article itself.
    """

    notice: Citation
    right: str
    sentence: tuple[int, int] | None = None


def corrections_of(
    library: Library, article: Article, *, collections: Sequence[str] = ()
) -> list[ArticleCorrection]:
    """What its outlet took back of the article as it is now: the notices in its own text, then
    those of later articles of the collections (none: of all), best match first. Notices are read in
    English, and of figures alone.
    """
    if not article.text:
        return []
    own = list(_own_notices(article))
    since = Scope(article.published, collections=tuple(collections))
    others = _articles_of_outlet(library, article, since, _NOTICE_WORDS)
    return [*own, *(each for other in others for each in _notices(other, article))]


def corrected_by(
    library: Library, notice: Article, *, collections: Sequence[str] = ()
) -> list[Citation]:
    """The sentences of earlier articles of its outlet, in the collections (none: in all), that this
    one takes back, best match first; nothing for an article that is no notice.
    """
    if not any(withdrawals(notice.text)):
        return []
    until = Scope(until=notice.published, collections=tuple(collections))
    return [
        other.passage(*each.sentence).cite(*each.sentence)
        for other in _articles_of_outlet(library, notice, until)
        for each in _notices(notice, other)
        if each.sentence
    ]


def _own_notices(article: Article) -> Iterator[ArticleCorrection]:
    for error in dict.fromkeys(withdrawal.error for withdrawal in withdrawals(article.text)):
        wrong = article.text[slice(*error)]
        # Others tell of another article, as a correction does that was published by itself.
        if _OWN.search(wrong) and (correction := _correction(article, wrong, None)):
            yield correction


def _notices(notice: Article, article: Article) -> Iterator[ArticleCorrection]:
    """The sentences of the article that another one takes back."""
    if not notice.text or not any(withdrawals(notice.text)):
        return
    whole = article.passage(0, len(article.text))
    notices = Notices([Hit(notice.passage(0, len(notice.text)), 0.0)])
    for low, high in sentences(article.text):
        if notices.withdraw(whole, (low, high)) and (
            correction := _correction(notice, article.text[low:high], (low, high))
        ):
            yield correction


def _correction(
    notice: Article, wrong: str, sentence: tuple[int, int] | None
) -> ArticleCorrection | None:
    """What the notice says of the first figure in the wrong sentence that it puts right."""
    errors = [each.error[0] for each in withdrawals(notice.text)]
    wrong_stems = content_stems(wrong)
    for number in numbers(wrong):
        for erratum in errata(notice.text, wrong[number.start : number.end]):
            low, high = erratum.error[0], erratum.sentence[1]
            # What comes before the sentence with the error tells of its article, as its day.
            if any(low < error < high for error in errors):
                continue
            if len(content_stems(notice.text[slice(*erratum.error)]) & wrong_stems) < _SAME_MATTER:
                continue
            quotation = notice.passage(low, high).cite(low, high)
            return ArticleCorrection(quotation, notice.text[slice(*erratum.right)], sentence)
    return None


def _articles_of_outlet(
    library: Library, article: Article, scope: Scope, further_words: Sequence[str] = ()
) -> Iterator[Article]:
    """Other articles of its outlet in the scope that share words with it or have the further ones,
    best match first.
    """
    if not article.source or not article.published:
        return
    words = [*further_words, *terms(f"{article.title}. {article.text}")[:_MOST_WORDS]]
    days = Scope(scope.since, scope.until)
    keys = [match.key for match in library.words().search(words, _PASSAGES, days)]
    keys_in_scope = library.days(keys, replace(scope, sources=(article.source,)))
    passages = library.passages([key for key in keys if key in keys_in_scope])
    ids = dict.fromkeys(passages[key].article_id for key in keys if key in passages)
    for id_ in [each for each in ids if each != article.id][:_MOST_ARTICLES]:
        try:
            yield library.article(id_)
        except (ArticleDamaged, ArticleNotFound):
            continue
