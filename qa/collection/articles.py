"""Which article a description means, and who wrote it according to its own text."""

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from qa.collection.listing import is_trusted, load
from qa.collection.origins import folded_words, named_outlets
from qa.language.phrases import names
from qa.language.sentences import sentences, units
from qa.language.words import stems, terms
from qa.library.curation.collections import is_in_collections
from qa.library.store import Library
from qa.protocols import Retriever
from qa.question.expected_answer import expected_answer
from qa.records.article import Article, Citation
from qa.records.question import Question, Scope

__all__ = ["Candidate", "aimed", "find_article", "find_candidates", "stated_author"]

_MOST_TITLES, _MOST_HITS, _MOST_CANDIDATES = 20, 20, 3
_ADDRESS = re.compile(r"https?://[^\s“”\"<>]+")
_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»]{3,})[”\"“»]")
# The least share of the description's words that title and text must have.
_LEAST_COVERED = 0.5
# How sure it is that the article is meant that alone has all words of the description in its title,
# and that the best of several is.
_TITLE, _DESCRIPTION = 0.8, 0.6
# Candidates that are this much worse than the first are not meant.
_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be meant; ``confidence`` in [0, 1] is 1 for an address or whole title."""

    article: Article
    confidence: float


def aimed(library: Library, retriever: Retriever, question: Question) -> Question:
    """The question with the one article, or of the scope the outlets, that it asks for, where it
    asks for them; what an outlet says is seldom said with its name, which is left out then. What
    the articles do not count themselves is looked for by its members.
    """
    topic = " ".join(question.topics)
    if question.kind == "article-summary":
        topic = topic or " ".join(name.text for name in names(question.text))
        article = find_article(library, retriever, question, topic)
        return replace(question, article=article or "")
    if question.kind == "count":
        return _about(question, _HOW_MANY.sub("which", question.text))
    if question.kind != "outlet-said":
        return question
    named = tuple(named_outlets(question.text, library.sources(question.scope)))
    if not named:
        return question
    text = f"What is known about {' and '.join(question.topics)}?"
    text = text if question.topics else question.text
    return _about(replace(question, scope=replace(question.scope, sources=named)), text)


def _about(question: Question, text: str) -> Question:
    return replace(question, text=text, expected=expected_answer(text))


def find_article(
    library: Library, retriever: Retriever, question: Question, topic: str
) -> str | None:
    """The id of the article that is meant by its address, its title or a description; None if no
    article fits. ``topic`` is the title or description, without the rest of the question.
    """
    candidates = find_candidates(library, retriever, question, topic, question.scope)
    return candidates[0].article.id if candidates else None


def find_candidates(
    library: Library, retriever: Retriever, question: Question, topic: str, scope: Scope
) -> list[Candidate]:
    """The articles of the scope that may be meant, best first, at most three; the others are as
    good as the first, but for little.
    """
    if named := _by_address(library, f"{topic} {question.text}", scope):
        return [Candidate(named, 1.0)]
    topic = topic.strip()
    quotations = _QUOTED.findall(question.text)
    for title in (*quotations, topic, topic.partition(":")[2]):
        if exact := _by_title(library, title, scope):
            return [Candidate(article, 1.0) for article in exact[:_MOST_CANDIDATES]]
    description = quotations[0] if quotations and not topic else topic
    words = [word for word in terms(description) if re.search(r"\w", word)]
    if not words:
        return []
    with library.catalog() as catalog:
        ids = catalog.title_ids(words, scope, _MOST_TITLES)
    search = replace(question, text=description, expected=expected_answer(description), scope=scope)
    hits = retriever.retrieve(search, _MOST_HITS).hits
    ranks = {
        id_: rank for rank, id_ in enumerate(dict.fromkeys(h.passage.article_id for h in hits))
    }
    articles = load(library, list(dict.fromkeys([*ids, *ranks]))).articles
    wanted = stems(" ".join(words))
    scores: list[tuple[float, Article]] = []
    for article in articles:
        title_share = _share(wanted, stems(article.title))
        share = _share(wanted, stems(f"{article.title} {article.text}"))
        if share >= _LEAST_COVERED:
            nearness = 0.5 / (1 + ranks.get(article.id, _MOST_HITS))
            scores.append((title_share + share + nearness, article))
    scores.sort(key=lambda each: -each[0])
    sure = len(ids) == 1
    return [
        Candidate(article, _TITLE if sure and article.id == ids[0] else _DESCRIPTION)
        for score, article in scores[:_MOST_CANDIDATES]
        if score >= scores[0][0] - _MARGIN
    ]


def _by_address(library: Library, text: str, scope: Scope) -> Article | None:
    for address in _ADDRESS.findall(text):
        for name in dict.fromkeys((address, address.rstrip(".,;:!?)"))):
            article_id = library.find(name)
            sets = scope.collections
            if not article_id or (sets and not is_in_collections(library, article_id, sets)):
                continue
            if articles := load(library, [article_id]).articles:
                return articles[0]
    return None


def _by_title(library: Library, title: str, scope: Scope) -> tuple[Article, ...]:
    """The articles with this title, or, for three words and more, with these words in a row in it;
    case, accents and signs aside.
    """
    words = folded_words(title)
    if not words:
        return ()
    with library.catalog() as catalog:
        ids = catalog.title_ids(words, scope, _MOST_TITLES, in_a_row=True)
    articles = load(library, ids).articles
    same = tuple(each for each in articles if folded_words(each.title) == words)
    return same or (articles if len(words) > 3 and len(articles) == 1 else ())


def _share(wanted: frozenset[str], words: frozenset[str]) -> float:
    return len(wanted & words) / len(wanted) if wanted else 0.0


# Bylines

_NAME = (
    r"[^\W\d_a-z][\w.’'-]*(?: (?:(?:de|van|von|der|al|bin|el|la)\b ?)*[^\W\d_a-z][\w.’'-]*){1,3}"
)
_JOB = (
    r"(?:reporter|correspondent|editor|editor-in-chief|columnist|contributor|writer|journalist"
    r"|critic|author|fellow|professor|intern)"
)
_BY = re.compile(rf"By (?P<name>{_NAME})(?:$|,| \||(?= and ))")
_NAME_LINE = re.compile(rf"(?P<name>{_NAME})(?:, [\w. ]{{2,30}})?")
_JOB_LINE = re.compile(rf"(?:\S+ ){{0,4}}{_JOB}s?\b.{{0,40}}", re.IGNORECASE)
_WHO_IS = re.compile(
    rf"(?P<name>{_NAME})(?:, [^.]{{3,160}},)? is (?:an? |the |[\w’' ]{{2,40}}['’]s? )?"
    rf"[^.]{{0,60}}\b(?i:{_JOB})\b"
)
# Units at the beginning, sentences at the end, and characters in which the latter are looked for.
_AT_START, _AT_END, _TAIL = 3, 6, 4000


def stated_author(article: Article) -> tuple[str, Citation] | None:
    """Who wrote an article according to a byline in its text, with the words that say so: "By Ann
    Low", a name above "Opinion contributor", or near the end "Ann Low is a reporter at the Post".
    None where nothing of that kind stands there.
    """
    text, language = article.text, article.language or "en"
    heads = [(unit.start, unit.end) for unit in islice(units(text, language), _AT_START + 1)]
    for (start, end), (next_start, next_end) in pairwise([*heads, (len(text), len(text))]):
        line, next_line = text[start:end], text[next_start:next_end]
        match = _BY.match(line)
        if not match and len(next_line) < 60 and _JOB_LINE.fullmatch(next_line):
            match = _NAME_LINE.fullmatch(line)
        if match and len(line) < 80 and is_trusted(text, start, end):
            return match["name"], article.passage(start, end).cite(start, end)
    offset = max(0, len(text) - _TAIL)
    tails = [(offset + low, offset + high) for low, high in sentences(text[offset:], language)]
    for start, end in reversed(tails[-_AT_END:]):
        match = _WHO_IS.match(text[start:end])
        if match and start not in dict(heads[:2]) and is_trusted(text, start, end):
            return match["name"], article.passage(start, end).cite(start, end)
    return None
