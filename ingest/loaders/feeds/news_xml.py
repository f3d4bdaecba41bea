"""Articles in XML as agencies and archives keep them: NITF, NewsML, and lists of plain records."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any

from ingest.parsing.article import MAX_NAME, first_words, make_article
from ingest.parsing.dates import parse_day
from ingest.parsing.fields import article_from
from ingest.parsing.markup import readable_line, readable_text
from ingest.parsing.names import joined_names
from ingest.parsing.records.aliases import known_fields
from ingest.parsing.source import Broken, Entry, Source, parsing
from ingest.parsing.xml import local_name, parse_xml
from qa.errors import EmptySource, SourceError, UnreadableSource
from qa.language.cleaning import one_line
from qa.records.article import Article

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["news_entries"]

# Elements in each other. Agencies nest to twenty levels.
MAX_DEPTH = 200
# Elements of one name whose words are looked at.
_MOST = 20

# What holds an article, and its text within, in the order of how sure that is.
_ITEMS = frozenset(("newsitem", "nitf"))
_CONTENTS = ("body.content", "inlinexml", "inlinedata", "datacontent", "text")
# What is not of a text that stands among it.
_SILENT = frozenset(
    ("aside", "body.end", "body.head", "head", "media", "note", "script", "style", "tagline")
)
_BLOCKS = frozenset(
    ("block", "blockquote", "body", "bq", "dd", "div", "dl", "dt", "fn", "h1", "h2", "h3", "h4",
     "h5", "h6", "hl1", "hl2", "html", "li", "nitf", "ol", "p", "pre", "section", "table", "tbody",
     "tr", "ul")
)  # fmt: skip
_CELLS = ("td", "th")
# Where facts stand, the surest first: an element, or an attribute of one.
_TITLES = ("hl1", "headline", "hedline", "title")
_DAYS = (
    "story.date@norm", "date.issue@norm", "pubdata@date.publication", "date.release@norm",
    "firstcreated", "contentcreated", "thisrevisioncreated", "dateandtime", "versioncreated",
    "dateid", "newsitem@date", "date",
)  # fmt: skip
_OUTLETS = ("pubdata@name", "distributor", "infosource", "provider", "provider@literal", "source")
_IDS = ("newsitem@guid", "doc-id@id-string", "publicidentifier", "newsitem@itemid")
_WITHDRAWN = re.compile(r"(?:\w+:)?(?:cancell?ed|withheld|killed)", re.IGNORECASE)
_SIGN = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]\w{1,30});")


def news_entries(data: bytes, source: Source) -> Iterator[Entry | Broken]:
    """The articles of a document, nothing if it holds none. Raises UnreadableSource for what is
    not well-formed, and for more than ``MAX_DEPTH`` elements in each other.
    """
    # The signs that HTML has a name for, and NITF too, in a part of its own.
    tree = parse_xml(_SIGN.sub(lambda sign: unescape(sign[0].decode()).encode(), data))
    makers = [partial(_news_article, item, source) for item in _outermost(tree)]
    makers = makers or [partial(_record_article, record, source) for record in _records(tree)]
    for number, make in enumerate(makers, start=1):
        try:
            yield Entry(make(), str(number) if len(makers) > 1 else "")
        except SourceError as error:
            if len(makers) == 1:
                raise
            yield Broken.of(str(number), error)


def _outermost(tree: "Element") -> Iterator["Element"]:
    """The elements that hold an article each."""
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if local_name(element) in _ITEMS:
            yield element
        else:
            waiting += reversed(element)


def _news_article(item: "Element", source: Source) -> Article:
    facts = _Facts(item)
    if _WITHDRAWN.fullmatch(facts.first(("pubstatus@qcode", "status@formalname"))):
        raise EmptySource("withdrawn by its outlet")
    content = next((found for name in _CONTENTS for found in item.iter() if _is(found, name)), None)
    blocks = [*_blocks(content)] if content is not None else []
    if not blocks:
        raise EmptySource("no text in it, only what is said of it; is it a picture or a list?")
    text = "\n\n".join(blocks)
    days = (day for name in _DAYS for each in facts.all(name) if (day := parse_day(each)))
    outlet = readable_line(facts.first(_OUTLETS))
    return make_article(
        source,
        text,
        title=readable_line(facts.first(_TITLES)) or first_words(text),
        id=facts.first(_IDS)[:MAX_NAME] or None,
        published=next(days, None),
        author=facts.people([outlet]),
        publisher=outlet,
        language=facts.first(("language@tag", "newsitem@lang", "nitf@lang", "inlinexml@lang")),
        url=source.url,
    )


def _is(element: "Element", name: str) -> bool:
    return local_name(element) == name


class _Facts:
    """What elements and attributes of an item say, by their names; the first of each is its own."""

    def __init__(self, item: "Element") -> None:
        self._values: dict[str, list[str]] = {}
        self._elements: dict[str, list[Element]] = {}
        for element in item.iter():
            name = local_name(element)
            if len(alike := self._elements.setdefault(name, [])) < _MOST:
                alike.append(element)
            for key, value in element.items():
                place = f"{name}@{key.rpartition('}')[2].lower()}"
                if len(values := self._values.setdefault(place, [])) < _MOST:
                    values.append(value.strip())

    def all(self, name: str) -> Iterator[str]:
        """What is said under a name, in its order."""
        if "@" in name:
            return iter(self._values.get(name, []))
        return map(_line, self._elements.get(name, []))

    def first(self, names: Sequence[str]) -> str:
        """What is said first under the first of the names that says something."""
        return next((value for name in names for value in self.all(name) if value), "")

    def people(self, outlets: Sequence[str]) -> str | None:
        """Who wrote it, with commas between the names."""
        lines = self._elements.get("byline") or self._elements.get("by") or []
        people = [one for line in lines[:1] for one in line.iter() if _is(one, "person")][:_MOST]
        names = [_line(one) for one in people] or [_line(line) for line in lines]
        creators = self._elements.get("creator", [])
        names = names or [_line(one) or one.get("literal") or "" for one in creators]
        return joined_names(filter(None, names), outlets)


def _line(element: "Element") -> str:
    """What an element says, in one line, without what a writer is beside the name."""
    parts = [element.text or ""]
    for child in element:
        if local_name(child) not in ("byttl", "virtloc"):
            parts.append(" ".join(child.itertext()))
        parts.append(child.tail or "")
    return one_line(" ".join(parts))


def _blocks(element: "Element", depth: int = 0) -> Iterator[str]:
    """The paragraphs, headings and rows in an element, none empty."""
    if depth > MAX_DEPTH:
        raise UnreadableSource(f"XML of more than {MAX_DEPTH} elements in each other")
    if _is(element, "tr"):
        cells = (_line(cell) for cell in element if local_name(cell) in _CELLS)
        if row := " | ".join(filter(None, cells)):
            yield row
        return
    run: list[str] = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name in _BLOCKS:
            yield from _paragraphs(run)
            run = []
            yield from _blocks(child, depth + 1)
        elif name == "br":
            run.append("\n")
        elif name and name not in _SILENT:
            run.append("".join(child.itertext()))
        run.append(child.tail or "")
    yield from _paragraphs(run)


def _paragraphs(run: list[str]) -> Iterator[str]:
    """The paragraphs of a text between two elements; of one that holds markup, without it."""
    text = "".join(run)
    text = readable_text(text, is_markup=False)
    yield from filter(None, map(one_line, re.split(r"\n\s*\n", text)))


def _records(tree: "Element") -> Iterator[dict[str, Any]]:
    """What has fields for a title and a text, in elements of their own, is a record."""
    waiting = [(tree, 0)]
    while waiting:
        element, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise UnreadableSource(f"XML of more than {MAX_DEPTH} elements in each other")
        known = known_fields([local_name(child) for child in element])
        if {"title", "text"} <= known:
            yield _record(element)
        else:
            waiting += [(child, depth + 1) for child in reversed(element)]


def _record(element: "Element") -> dict[str, Any]:
    fields: dict[str, Any] = {key.rpartition("}")[2]: value for key, value in element.items()}
    with parsing("record"):
        for child in element:
            if value := "\n\n".join(_blocks(child)):
                before = fields.setdefault(local_name(child), value)
                if before is not value:
                    fields[local_name(child)] = [*_listed(before), value]
    return fields


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _record_article(record: dict[str, Any], source: Source) -> Article:
    return article_from(record, source, url=source.url)
