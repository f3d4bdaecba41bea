"""Which articles a question of the collection means: topic, outlets, authors and days, as the
library can select them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from qa.collection.origins import named_authors, named_outlets, without_names
from qa.language.lexicon import MONTH_NAMES, STOP_WORDS
from qa.language.phrases import join_members, names
from qa.language.words import terms
from qa.library.store import Library
from qa.library.tables.catalog import Selection
from qa.records.question import CollectionRequest, Question, Scope

__all__ = [
    "LANGUAGE_NAMES",
    "Subject",
    "authors_named",
    "day_text",
    "days_text",
    "read_subject",
    "select",
    "whole_phrase",
]

# Whoever names more describes an article, and does not count some.
_MOST_WORDS = 12
_ARTICLE_NOUN = (
    r"(?:articles?|stor(?:y|ies)|pieces?|reports?|coverage|news|items?|texts?|columns?|reviews?"
    r"|explainers?|editorials?|interviews?|anal[yi]ses|analysis|anything|something)"
)
_LEAD = re.compile(
    rf"^(?:(?:all|any|every|the|an?|its|their|some|newest|latest|recent|opinion|news|this)\s+)*"
    rf"{_ARTICLE_NOUN}\b[\s:]*(?:(?:is|are|was|were|there|that|which|published|written)\s+)*"
    r"(?:(?:about|on|of|covering|concerning|regarding|mention(?:s|ing)?|titled|called|entitled"
    r"|headlined|with the (?:title|headline))\b)?\s*|^(?:about|on|regarding|concerning)\s+",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"\b(?:mention|contain|refer|name|say|includ|use)\w*|\b(?:words?|phrase)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"[“\"„«](?P<words>[^“”\"„«»]+)[”\"“»]")
_UNDATED = re.compile(r"\bundated\b|\bwithout (?:a )?(?:date|day)\b|\bno date\b", re.IGNORECASE)
LANGUAGE_NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""The names of languages by their codes."""
# "Xin Bao, the panda that …": what follows only says who that is.
_APPOSITION = re.compile(r",\s+(?:the|an?|who|which|whose)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question names. All empty means every article in scope.

    ``topic`` is without the names of outlets and authors, ``scope`` the days and outlets that are
    meant, ``authors`` the lines of authors, ``author_text`` the words for them, ``languages``
    two-letter codes, ``undated`` articles without a day; ``unknown_origin`` is what it takes for an
    author or an outlet, and what is none here. ``has_days`` tells that days limit it.
    """

    topic: str = ""
    scope: Scope = field(default_factory=Scope)
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    author_text: str = ""
    languages: tuple[str, ...] = ()
    undated: bool = False
    unknown_origin: str = ""
    has_days: bool = False

    @property
    def selection(self) -> Selection:
        """Its articles, whatever they are about."""
        return Selection(self.scope, (), self.authors, self.languages, self.undated)

    @property
    def text(self) -> str:
        """The limits in words, as they stand behind "articles"; empty without any."""
        language_names = [LANGUAGE_NAMES[code] for code in self.languages]
        parts = [
            "without a day" if self.undated else "",
            f"in {join_members(language_names)}" if language_names else "",
            f"by {self.author_text}" if self.authors else "",
            f"of {join_members(self.outlets)}" if self.outlets else "",
            days_text(self.scope.since, self.scope.until) if self.has_days else "",
        ]
        return " ".join(filter(None, parts))


def read_subject(library: Library, question: Question, request: CollectionRequest) -> Subject:
    """What the question names of what the library holds.

    Days limit the articles, except where they are part of the topic ("the 2024 election"); articles
    without a day are then out.
    """
    outlets = named_outlets(question.text, library.sources(question.scope))
    author_texts: dict[str, str] = {}
    if request.kind != "written-by":
        author_texts = {
            line: text
            for line, text in authors_named(library, question).items()
            # Agencies write under their own names.
            if text not in outlets.values()
        }
    topic = without_names(request.topic, [*outlets.values(), *author_texts.values()])
    window = question.window
    limiting = bool(window and (window.only or not window.said or window.said not in topic))
    if window and window.strict and window.said:
        topic, limiting = topic.replace(window.said, " "), True
    sources = tuple(outlets) or question.scope.sources
    scope = Scope(sources=sources, collections=question.scope.collections)
    if limiting and window:
        scope = replace(scope, since=window.since, until=window.until)
    language_texts = _languages(question.text)
    undated_text = _UNDATED.search(question.text)
    if language_texts or undated_text:
        topic = without_names(
            topic, [*language_texts.values(), *([undated_text.group()] if undated_text else [])]
        )
    topic = _bare_topic(topic)
    return Subject(
        topic=topic,
        scope=scope,
        outlets=tuple(outlets),
        authors=tuple(author_texts),
        author_text=next(iter(author_texts.values()), ""),
        languages=tuple(language_texts),
        undated=undated_text is not None,
        unknown_origin=""
        if author_texts or outlets or request.kind == "written-by"
        else _unknown_origin(question.text, topic),
        has_days=bool(scope.since or scope.until),
    )


def authors_named(library: Library, question: Question) -> Mapping[str, str]:
    """The lines of authors of the collections asked that a question names, as ``named_authors``."""
    with library.catalog() as catalog:
        everybody = Selection(Scope(collections=question.scope.collections))
        lines = [line for line, _ in catalog.authors(everybody) if line]
    return named_authors(question.text, lines)


def select(library: Library, subject: Subject, question: str) -> tuple[Selection, int]:
    """The articles of the subject that have its topic in title or text, and how many these are.

    Names count as words in a row, the other words each for itself; where the question asks what is
    mentioned, all words in a row first. If nothing has all of that, the names alone.
    """
    selection = subject.selection
    attempts = [replace(selection, phrases=each) for each in _phrases(subject.topic, question)]
    with library.catalog() as catalog:
        for attempt in attempts if subject.topic else [selection]:
            count, *_ = catalog.coverage(attempt)
            if count:
                return attempt, count
    return (attempts[0] if subject.topic else selection), 0


def _languages(question: str) -> dict[str, str]:
    """The languages that a question limits the articles to, with the words for them."""
    return {
        code: match.group()
        for code, name in LANGUAGE_NAMES.items()
        if (
            match := re.search(
                rf"\b{name}(?:-language)?(?= {_ARTICLE_NOUN}\b)|(?<=\bin ){name}\b(?! [A-Z])",
                question,
                re.IGNORECASE,
            )
        )
    }


def whole_phrase(topic: str) -> str:
    """The words of a topic in a row, without the article before them.

    >>> whole_phrase("the ferry strike")
    'ferry strike'
    """
    return re.sub(r"^(?:the|an?)\s+", "", topic)


def day_text(day: date) -> str:
    """A day in words.

    >>> day_text(date(2024, 7, 1))
    '1 July 2024'
    """
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def days_text(since: date | None, until: date | None) -> str:
    """Days of publication in words; empty when both are open.

    >>> days_text(date(2024, 6, 16), date(2024, 6, 22)), days_text(date(2024, 6, 1), None)
    ('of 16 to 22 June 2024', 'since 1 June 2024')
    >>> days_text(date(2024, 6, 1), date(2024, 6, 30))
    'of June 2024'
    """
    if not since or not until:
        opening = f"since {day_text(since)}" if since else ""
        return f"until {day_text(until)}" if until else opening
    last = day_text(until)
    if since == until:
        return f"of {last}"
    if since.year != until.year:
        return f"of {day_text(since)} to {last}"
    if since.day == 1 and (until + timedelta(days=1)).day == 1:
        if since.month == until.month:
            return f"of {MONTH_NAMES[until.month - 1]} {until.year}"
        if (since.month, until.month) == (1, 12):
            return f"of {until.year}"
    month = f" {MONTH_NAMES[since.month - 1]}" if since.month != until.month else ""
    return f"of {since.day}{month} to {last}"


def _unknown_origin(question: str, topic: str) -> str:
    """The author or outlet that a question asks for by a name, where the library has none of it;
    empty where it asks for none.
    """
    for origin in filter(None, (topic, *(name.text for name in names(question)))):
        name = re.escape(origin)
        cue = (
            rf"\b(?:{_ARTICLE_NOUN}|published|written|are|is|were|there) (?:by|from) (?:the )?"
            rf"{name}(?!\w)|\b(?:has|did|does|had) (?:the )?{name} (?:ever )?(?:writ|publish)"
        )
        if re.search(cue, question, re.IGNORECASE):
            return origin
    return ""


def _bare_topic(topic: str) -> str:
    topic = re.sub(r"\s+", " ", topic).strip(" ,.;:?!")
    topic = _LEAD.sub("", topic, count=1).strip(" ,.;:?!")
    head = _APPOSITION.split(topic, maxsplit=1)[0] if not _QUOTED.search(topic) else topic
    # "it" names nothing, "The Who" does.
    words = re.findall(r"\w+", head)
    is_telling = any(word.lower() not in STOP_WORDS for word in words) or (
        len(words) > 1 and words[-1][0].isupper()
    )
    return head if is_telling or _QUOTED.search(head) else ""


def _phrases(topic: str, question: str) -> Iterator[tuple[str, ...]]:
    """What an article must have, the fullest first."""
    if quotation := _QUOTED.search(topic):
        yield (quotation["words"],)
        return
    whole = whole_phrase(topic)
    topic_names = [re.sub(r"^[Tt]he ", "", name.text) for name in names(topic)]
    rest = topic
    for name in topic_names:
        rest = rest.replace(name, " ", 1)
    words = [word for word in terms(rest) if word.lower() not in STOP_WORDS]
    if _MENTION.search(question) or len(words) > _MOST_WORDS or len(topic_names) > _MOST_WORDS:
        yield (whole,)
    if len(words) <= _MOST_WORDS and len(topic_names) <= _MOST_WORDS:
        yield (*topic_names, *words) or (whole,)
        if topic_names and words:
            yield tuple(topic_names)
