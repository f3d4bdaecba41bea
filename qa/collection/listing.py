"""Articles as an answer lists them: title, outlet and day, each with its first sentence cited."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.collection.subject import Subject, day_text
from qa.errors import ArticleDamaged, ArticleNotFound
from qa.language.phrases import join_members
from qa.language.sentences import units
from qa.library.duplicates import copies_of
from qa.library.recheck import with_corrections
from qa.library.store import Library
from qa.protocols import Retriever
from qa.records.answer import Hit, Statement
from qa.records.article import Article, Citation
from qa.records.question import Question
from qa.records.trace import Step
from qa.safety.injection import orders, orders_around, overlaps
from qa.safety.sanitize import without_markup

__all__ = [
    "Inquiry",
    "Listing",
    "Reply",
    "article_text",
    "counted",
    "enumerated",
    "hit_for",
    "is_trusted",
    "load",
    "opening",
    "record_line",
    "recorded",
]

_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_SENTENCE_END = re.compile(r"[.!?…。！？।](?:[”\"’'»)\]]*)$")
# Characters that make a sentence worth showing, and how many units are looked at for one.
_SHORTEST, _MOST_UNITS = 20, 30


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question of the collection with what it is asked of. ``topic`` is as it was given,
    ``subject`` what was made of it.
    """

    library: Library
    retriever: Retriever
    question: Question
    topic: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer says; ``articles`` holds every article that its statements cite.
    ``confidence`` in [0, 1] is 1 where nothing had to be searched.
    """

    short: str
    statements: tuple[Statement, ...]
    articles: tuple[Article, ...] = ()
    confidence: float = 1.0
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Articles in their order, and a step for each that is damaged and therefore left out."""

    articles: tuple[Article, ...]
    steps: tuple[Step, ...] = ()


def load(library: Library, article_ids: Sequence[str]) -> Listing:
    """The articles with these ids; those removed in the meantime are left out."""
    articles: list[Article] = []
    steps: list[Step] = []
    for article_id in article_ids:
        try:
            articles.append(library.article(article_id))
        except ArticleDamaged as error:
            steps.append(Step("damage", str(error)))
        except ArticleNotFound:
            continue
    return Listing(tuple(articles), tuple(steps))


def record_line(line: str) -> str:
    """A line of the record as it may be shown: without markup and addresses, and nothing that
    speaks to a machine. A line that is but the name of a site stays.

    >>> record_line("<b>Rain</b> in Orlen"), record_line("courier.example")
    ('Rain in Orlen', 'courier.example')
    """
    if orders(line):
        return "(withheld: it gives orders to machines)"
    return line if _SITE.fullmatch(line) else without_markup(line, ())[0]


def article_text(article: Article, *, day: bool = True) -> str:
    """Title, outlet and day of an article.

    >>> article_text(Article.create("Rain.", title="Rain in Orlen", source="Post"))
    '“Rain in Orlen” (Post, undated)'
    """
    title = record_line(article.title) or "Untitled"
    outlet = record_line(article.source or "") or "unknown outlet"
    published_text = day_text(article.published) if article.published else "undated"
    return f"“{title}” ({outlet}{f', {published_text}' if day else ''})"


def opening(article: Article) -> Citation | None:
    """The first sentence that is no heading and gives no orders to machines; None without any."""
    first: tuple[int, int] | None = None
    for number, unit in enumerate(units(article.text, article.language or "en")):
        if number >= _MOST_UNITS:
            break
        sentence = article.text[unit.start : unit.end]
        # Bylines and datelines have no full stop.
        is_sentence = len(sentence) >= _SHORTEST and _SENTENCE_END.search(sentence)
        if (unit.heading or not is_sentence) and first:
            continue
        if is_trusted(article.text, unit.start, unit.end):
            first = (unit.start, unit.end)
            if is_sentence and not unit.heading:
                break
    return article.passage(*first).cite(*first) if first else None


def is_trusted(text: str, start: int, end: int) -> bool:
    """Whether nothing of ``[start:end]`` gives orders to machines."""
    return not overlaps(orders_around(text, start, end), start, end)


def recorded(library: Library, article: Article, text: str) -> Statement:
    """What the record says of an article, with its first sentence cited."""
    citation = opening(article)
    statement = Statement(text, (citation,) if citation else (), "recorded")
    return with_corrections([statement], library)[0]


def hit_for(library: Library, article: Article, citation: Citation, score: float) -> Hit:
    """The hit that a citation of the article points into."""
    passage = article.passage(citation.start, citation.end)
    return Hit(passage, score, copies=copies_of(library, article.id), injections=())


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "article"), counted(1200, "outlet")
    ('1 article', '1,200 outlets')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def enumerated(names: Sequence[str], most: int = 20) -> str:
    """At most so many names, and how many more there are.

    >>> enumerated(["Post", "Gazette", "Courier"], 2)
    'Post, Gazette and 1 more'
    """
    if len(names) <= most:
        return join_members(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"
