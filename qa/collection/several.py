"""What is asked of many articles: how many, which, of which outlets, by whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.collection.articles import find_candidates
from qa.collection.listing import (
    Inquiry,
    Reply,
    article_text,
    counted,
    enumerated,
    load,
    record_line,
    recorded,
)
from qa.collection.subject import LANGUAGE_NAMES, Subject, day_text, select, whole_phrase
from qa.language.phrases import join_members
from qa.library.tables.catalog import Selection
from qa.records.answer import Statement
from qa.records.article import Article
from qa.records.trace import Step

__all__ = [
    "Selected",
    "article_count",
    "article_lines",
    "article_list",
    "contents",
    "limits_text",
    "listed_authors",
    "nearest_articles",
    "note",
    "outlet_list",
    "selected",
    "selection_text",
    "writers",
]

_MOST_LISTED, _MOST_COUNTED, _MOST_NEWEST, _MOST_SHORT = 12, 10, 5, 5


@dataclass(frozen=True, slots=True)
class Selected:
    """The articles that a question means: how many there are, and the newest of them.

    ``text`` says which, as in "3 articles of the Post mention “pears”".
    """

    count: int
    text: str
    articles: tuple[Article, ...]
    steps: tuple[Step, ...] = ()


def selected(inquiry: Inquiry, limit: int) -> Selected:
    """The articles in scope that have the topic, at most ``limit`` of them loaded."""
    subject = inquiry.subject
    selection, count = select(inquiry.library, subject, inquiry.question.text)
    is_listed = subject.unknown_origin in ("", subject.topic)
    phrase = whole_phrase(subject.topic)
    in_a_row = 0
    with inquiry.library.catalog() as catalog:
        ids = catalog.article_ids(selection, limit) if is_listed and limit else []
        if len(selection.phrases) > 1:
            in_a_row, *_ = catalog.coverage(replace(selection, phrases=(phrase,)))
    listing = load(inquiry.library, ids)
    text = selection_text(count, subject, selection)
    if 0 < in_a_row < count and is_listed:
        text = f"{text}, {in_a_row:,} of them as “{record_line(phrase)}”"
    return Selected(count if is_listed else 0, text, listing.articles, listing.steps)


def article_count(inquiry: Inquiry) -> Reply:
    """How many articles there are, with the newest ten of them where they are chosen by words,
    outlets, authors or days.
    """
    subject = inquiry.subject
    chosen = selected(inquiry, _MOST_COUNTED if _is_limited(subject) else 0)
    return Reply(
        "0" if subject.unknown_origin else f"{chosen.count}",
        (note(f"{chosen.text}."), *_list(inquiry, chosen)),
        chosen.articles,
        steps=chosen.steps,
    )


def article_list(inquiry: Inquiry) -> Reply:
    """The articles, the newest first, at most twelve, and how many more there are; where nothing
    has the topic, those that come nearest.
    """
    chosen = selected(inquiry, _MOST_LISTED)
    if not chosen.count and not inquiry.subject.unknown_origin:
        return nearest_articles(inquiry, chosen.text)
    return Reply(
        "",
        (note(f"{chosen.text}."), *_list(inquiry, chosen)),
        chosen.articles,
        steps=chosen.steps,
    )


def nearest_articles(inquiry: Inquiry, text: str) -> Reply:
    """``text``, which says that nothing has the topic, and the articles that come nearest to it."""
    subject = inquiry.subject
    search = (inquiry.library, inquiry.retriever, inquiry.question)
    candidates = find_candidates(*search, subject.topic, subject.scope) if subject.topic else []
    articles = tuple(each.article for each in candidates)
    lines = [note(f"{text}."), *([note("The nearest to it:")] if articles else [])]
    confidence = candidates[0].confidence if candidates else 1.0
    return Reply("", (*lines, *article_lines(inquiry, articles)), articles, confidence)


def outlet_list(inquiry: Inquiry) -> Reply:
    """The outlets with the number of their articles, of all or of those that have the topic."""
    subject = inquiry.subject
    selection, _ = select(inquiry.library, subject, inquiry.question.text)
    with inquiry.library.catalog() as catalog:
        rows = catalog.outlets(selection)
        ids = catalog.article_ids(selection, _MOST_COUNTED) if subject.topic else []
    names = [name for name, _ in rows if name]
    texts = [f"{record_line(name)} ({number:,})" for name, number in rows if name]
    unnamed = sum(number for name, number in rows if not name)
    limits = limits_text(subject, selection)
    if not rows and selection.phrases:
        return nearest_articles(inquiry, selection_text(0, subject, selection))
    text = f"No article{limits_text(subject, selection, 'mentions')} names its outlet."
    if names:
        text = f"{counted(len(names), 'outlet')}{' with articles' + limits if limits else ''}: "
        text = f"{text}{enumerated(texts)}."
    if unnamed:
        text = f"{text} {counted(unnamed, 'article')} name{'s' * (unnamed == 1)} no outlet."
    listing = load(inquiry.library, ids)
    statements = article_lines(inquiry, listing.articles)
    short = join_members(names) if len(names) <= _MOST_SHORT else counted(len(names), "outlet")
    return Reply(short, (note(text), *statements), listing.articles, steps=listing.steps)


def contents(inquiry: Inquiry) -> Reply:
    """What the library holds: articles, days, outlets, languages, and the newest headlines; what
    it holds about a topic is a list.
    """
    if inquiry.subject.topic:
        return article_list(inquiry)
    selection = inquiry.subject.selection
    with inquiry.library.catalog() as catalog:
        count, first, last, dated = catalog.coverage(selection)
        outlet_rows = catalog.outlets(selection)
        language_rows = catalog.languages(selection)
        ids = catalog.article_ids(selection, _MOST_NEWEST)
    limits = f" {inquiry.subject.text}" if inquiry.subject.text else ""
    lines = [f"The library holds {counted(count, 'article')}{limits}"]
    if first and last:
        lines[0] += f", published from {day_text(first)} to {day_text(last)}"
    if 0 < dated < count:
        lines[0] += f"; {count - dated:,} of them name{'s' * (count - dated == 1)} no day"
    outlet_texts = [f"{record_line(name)} ({number:,})" for name, number in outlet_rows if name]
    if outlet_texts:
        lines.append(f"They are of {counted(len(outlet_texts), 'outlet')}: ")
        lines[-1] += enumerated(outlet_texts)
    language_texts = [
        f"{LANGUAGE_NAMES.get(code, code)} ({number:,})" for code, number in language_rows if code
    ]
    if language_texts:
        lines.append(f"Languages: {enumerated(language_texts)}")
    listing = load(inquiry.library, ids)
    if listing.articles:
        lines.append("The newest are")
    notes = [note(f"{line}{':' if line == 'The newest are' else '.'}") for line in lines]
    statements = article_lines(inquiry, listing.articles)
    return Reply(
        counted(count, "article"), (*notes, *statements), listing.articles, steps=listing.steps
    )


def writers(inquiry: Inquiry) -> Reply:
    """The authors of the articles in scope with the number of their articles."""
    with inquiry.library.catalog() as catalog:
        rows = catalog.authors(inquiry.subject.selection)
    texts = [f"{record_line(line)} ({number:,})" for line, number in rows if line]
    unnamed = sum(number for line, number in rows if not line)
    limits = f" {inquiry.subject.text}" if inquiry.subject.text else ""
    text = f"The articles{limits} name no author."
    if texts:
        text = f"The articles{limits} are by {counted(len(texts), 'author')}: {enumerated(texts)}."
    if texts and unnamed:
        text = f"{text} {counted(unnamed, 'article')} name{'s' * (unnamed == 1)} no author."
    return Reply("", (note(text),))


def listed_authors(
    chosen: Selected, authorships: Sequence[tuple[str, *tuple[Statement, ...]]]
) -> Reply:
    """The authors of several articles, each article with its own."""
    names = list(dict.fromkeys(name for name, *_ in authorships if name))
    statements = [each for _, *said in authorships for each in said]
    short = join_members(names) if len(names) <= _MOST_SHORT else ""
    more = chosen.count - len(chosen.articles)
    notes = [note(f"And {more:,} more.")] if more > 0 else []
    lead = note(f"{chosen.text}.")
    return Reply(short, (lead, *statements, *notes), chosen.articles, 0.8, chosen.steps)


def article_lines(inquiry: Inquiry, articles: Sequence[Article]) -> list[Statement]:
    """Title, outlet and day of each article."""
    return [recorded(inquiry.library, each, f"{article_text(each)}.") for each in articles]


def _list(inquiry: Inquiry, chosen: Selected) -> list[Statement]:
    statements = article_lines(inquiry, chosen.articles)
    more = chosen.count - len(chosen.articles)
    if statements and more > 0:
        statements.append(note(f"And {more:,} more."))
    return statements


def note(text: str) -> Statement:
    """What the record says of no article in particular."""
    return Statement(text, (), "recorded")


def _is_limited(subject: Subject) -> bool:
    return bool(subject.topic or subject.text)


def limits_text(subject: Subject, selection: Selection, verb: str = "mention") -> str:
    """The limits of a selection as they stand behind "articles"."""
    parts = [subject.text, f"that {verb} {_quoted(selection)}" if selection.phrases else ""]
    return "".join(f" {part}" for part in parts if part)


def selection_text(count: int, subject: Subject, selection: Selection) -> str:
    """How many articles there are of a selection, without a full stop."""
    limits = f" {subject.text}" if subject.text else ""
    number = counted(count, "article") if count else "No article"
    if subject.unknown_origin:
        origin = record_line(subject.unknown_origin)
        is_mentioned = bool(count and selection.phrases and subject.topic == subject.unknown_origin)
        mentions = f"; {number} mention{'s' * (count == 1)} the name" if is_mentioned else ""
        return f"No article{limits} names “{origin}” as its author or outlet{mentions}"
    if selection.phrases:
        verb = "mention" if count > 1 else "mentions"
        ending = " together" if len(selection.phrases) > 1 and not count else ""
        return f"{number}{limits} {verb} {_quoted(selection)}{ending}"
    if not count:
        return f"The library holds no article{limits}"
    return f"The library holds {number}{limits}"


def _quoted(selection: Selection) -> str:
    phrases = [re.sub(r"\s+", " ", phrase) for phrase in selection.phrases]
    return join_members([f"“{record_line(phrase)}”" for phrase in phrases])
