"""Whether a question is in the language of the articles, and what is said if it is not."""

from collections.abc import Sequence

from qa.language.multilingual.identify import identify
from qa.language.multilingual.notices import ENGLISH_NAMES, NOTICES
from qa.language.words import plain_words
from qa.library.store import Library
from qa.question.wording.vocabulary import in_language, is_held, languages
from qa.records.answer import Hit

__all__ = ["in_language_asked", "language_notice", "question_language"]

# Of a question's words, those that articles hold from which it is in their language.
_HELD = 0.7
# Of the articles, those of one language from which the collection is said to be in it.
_MOST = 0.5


def question_language(question: str, library: Library) -> str:
    """The language of a question over these articles, two letters; empty when nothing tells.

    A question of words that the articles hold is in theirs, if they have but one.
    """
    words = plain_words(question)
    spoken = _spoken(library)
    if (
        len(spoken) == 1
        and words
        and len(words) * _HELD <= sum(is_held(library, word) for word in words)
    ):
        return spoken[0]
    return identify(question)


def language_notice(question: str, library: Library, *, most: bool = False) -> str:
    """That the articles are in another language than the question, said in that of the question;
    empty when some are in it (with ``most``: when most are), and when either language is unknown.
    """
    spoken = _spoken(library)
    asked = question_language(question, library) if spoken else ""
    if not asked or asked in (spoken[:1] if most else spoken):
        return ""
    other = spoken[0]
    if notice := NOTICES.get(asked):
        name = notice.english if other == "en" else _own_name(other)
        return notice.other_language.format(name)
    name, own = (ENGLISH_NAMES.get(code, code) for code in (other, asked))
    return f"The articles are in {name}, and the question is in {own}. Please ask it in {name}."


def in_language_asked(question: str, hits: Sequence[Hit], library: Library) -> tuple[Hit, ...]:
    """Of the hits for a question in another language than English those in that language, where
    some articles are in it: what an English answer says to it, nobody here can tell.
    """
    spoken = _spoken(library)
    asked = question_language(question, library) if len(spoken) > 1 else ""
    if asked in ("", "en") or asked not in spoken:
        return tuple(hits)
    ids = in_language(library, [hit.passage.article_id for hit in hits], asked)
    return tuple(hit for hit in hits if hit.passage.article_id in ids)


def _spoken(library: Library) -> Sequence[str]:
    """The languages of the articles, that of most first; none if of too many it is unknown."""
    counts = languages(library)
    known = {language: count for language, count in counts.items() if language}
    if sum(known.values()) < _MOST * sum(counts.values()):
        return ()
    return [*known]


def _own_name(language: str) -> str:
    return NOTICES[language].name if language in NOTICES else ENGLISH_NAMES.get(language, language)
