"""Books and issues for e-readers (.epub): an article per chapter, in reading order."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import unquote

from ingest.loaders.documents.package import Package
from ingest.parsing.article import MAX_NAME, make_article
from ingest.parsing.dates import parse_day
from ingest.parsing.encoding import decode
from ingest.parsing.markup import check_markup, parse_markup, plain_text
from ingest.parsing.source import Broken, Entry, Source, limit_broken, parsing
from ingest.parsing.xml import local_name, parse_xml
from qa.errors import EmptySource, SourceError, UnreadableSource
from qa.language.cleaning import one_line

__all__ = ["load_epub"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = (".xhtml", ".html", ".htm")
# Headings of one level that are looked at for the title.
_MOST = 20


@dataclass(slots=True)
class _Book:
    """What an e-book says of itself: names of its chapters in order, facts by their names."""

    chapters: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


@limit_broken
def load_epub(source: Source) -> Iterator[Entry | Broken]:
    """The chapters that have text. Outlet is what the publisher calls the issue; the day is that
    of the edition. Pages that only list the others (``nav``) are left out.
    """
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    package = Package(data, "EPUB")
    del data
    _refuse_locked(package)
    book = _book(package)
    entries = 0
    for number, name in enumerate(book.chapters, start=1):
        try:
            chapter = _chapter(package, name, book, source)
        except EmptySource:  # a cover or a picture
            continue
        except SourceError as error:
            chapter = Broken.of(str(number), error)
        else:
            entries += 1
        yield Entry(chapter, str(number)) if not isinstance(chapter, Broken) else chapter
    if not entries:
        raise EmptySource("no chapter of the book has text; is it made of pictures?")


def _chapter(package: Package, name: str, book: _Book, source: Source) -> Any:
    markup = decode(package.read(name))
    check_markup(markup)
    text = plain_text(markup)
    if not text:
        raise EmptySource("the chapter has no text")
    facts = book.facts
    identifier = facts.get("identifier")
    alone = len(book.chapters) == 1
    return make_article(
        source,
        text,
        title=_heading(markup) or (facts.get("title", "") if alone else "") or source.stem,
        id=f"{identifier}#{name}"[:MAX_NAME] if identifier else None,
        published=parse_day(facts.get("date")),
        dated_by="properties",
        author=facts.get("creator"),
        publisher=facts.get("title"),
        language=facts.get("language"),
    )


def _heading(markup: str) -> str:
    """The first heading of a chapter, else what it is called in its head."""
    with parsing("chapter"):
        tree = parse_markup(markup)
        for path in (".//h1", ".//h2", ".//h3", ".//title"):
            for element in islice(tree.iterfind(path), _MOST):
                title = one_line(element.text_content())
                if 0 < len(title) <= MAX_NAME:
                    return title
    return ""


def _refuse_locked(package: Package) -> None:
    """Raise UnreadableSource where chapters are encrypted; fonts may be."""
    if _ENCRYPTION not in package.names:
        return
    for element in parse_xml(package.read(_ENCRYPTION)).iter():
        target = element.get("URI") or ""
        if local_name(element) == "cipherreference" and target.endswith(_CHAPTERS):
            raise UnreadableSource("the book is protected (DRM); ask for a copy that is not")


def _book(package: Package) -> _Book:
    """The book as its package document has it; every chapter by name where that lists none."""
    book = _Book()
    root = _root(package)
    if root:
        tree = parse_xml(package.read(root))
        items: dict[str, str] = {}
        order: list[str] = []
        for element in tree.iter():
            name, text = local_name(element), one_line(element.text or "")
            if name == "item" and "nav" not in (element.get("properties") or "").split():
                items[element.get("id") or ""] = element.get("href") or ""
            elif name == "itemref" and element.get("linear") != "no":
                order.append(element.get("idref") or "")
            elif name == "date" and _event(element) not in ("", "publication", "issued"):
                continue  # when a program made or changed it
            elif name in ("title", "creator", "date", "language", "identifier") and text:
                book.facts.setdefault(name, text)
        names = (_resolved(root, items[each]) for each in dict.fromkeys(order) if each in items)
        book.chapters = [name for name in names if name in package.names]
    if not book.chapters:
        book.chapters = [name for name in package.names if name.lower().endswith(_CHAPTERS)]
    # The program that makes issues of feeds names itself.
    if book.facts.get("creator", "").lower() == "calibre":
        del book.facts["creator"]
    return book


def _event(date: Any) -> str:
    """What a date is that of, as version 2 says; empty where it does not."""
    events = (value for key, value in date.items() if key.rpartition("}")[2] == "event")
    return next(events, "").lower()


def _root(package: Package) -> str | None:
    """The name of the package document."""
    if _CONTAINER in package.names:
        for element in parse_xml(package.read(_CONTAINER)).iter():
            path = element.get("full-path")
            if local_name(element) == "rootfile" and path in package.names:
                return path
    return next((name for name in package.names if name.lower().endswith(".opf")), None)


def _resolved(root: str, href: str) -> str:
    """The name of a part that a document names from where it lies."""
    path = unquote(href.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(root), path))
