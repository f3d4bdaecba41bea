"""A page as its reader sees it: pieces of text in their order, with where each stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.parsing.markup import Element
from qa.language.cleaning import one_line

__all__ = ["Block", "aside_words", "blocks_of", "headline_of", "words_of"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Pieces of a page that are looked at. A novel has 5,000 paragraphs.
MAX_BLOCKS = 20_000
# Characters of the names of one element that are looked at.
_MAX_HINT = 300
# Elements around a piece of text whose names say what it is.
_LEVELS = 3
_MOST_HEADLINES = 50

_SILENT = _words(
    """script style noscript template svg iframe object select textarea head button option math
    amp-ad amp-embed amp-sidebar amp-consent amp-user-notification amp-analytics"""
)
_INLINE = _words(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark
    meta q s samp small span strike strong sub sup time tt u var wbr link input"""
)
_ASIDE_TAGS = frozenset({"aside", "nav", "form", "dialog", "menu"})
# What holds the article is never beside it, whatever else its names say.
_MAIN_TAGS = frozenset({"html", "body", "main", "article"})
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus|related|recommend(?:ed|ations?)?|sidebar"
    r"|nav|navigation|navbar|menu|breadcrumbs?|promos?|newsletter|signup|sign-up|subscribe"
    r"|share|sharing|social|cookies?|consent|cmp|advert\w*|ads?|ad-?slot|sponsor(?:ed)?|popular"
    r"|trending|most-?read|read-?more|readmore|more-?on|carousel|paywall|outbrain|taboola|modal"
    r"|popup|overlay|pagination|pager)(?:$|[\s_-])"
)
_FOOTER = re.compile(r"(?:^|[\s_-])footer(?:$|[\s_-])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item or a line of a page.

    ``parts`` are its runs of text by the elements in it, ``hints`` the names, in lower case, of
    these and of the elements around. ``linked`` is the number of its characters that are links;
    ``stamps`` are the days in its markup, with the property or class of each; ``people`` the
    authors it marks as such. ``aside`` is True in menus, comments, boxes and the like.
    """

    text: str
    tag: str
    parts: tuple[str, ...] = ()
    hints: str = ""
    linked: int = 0
    stamps: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()
    aside: bool = False


@dataclass(slots=True)
class _Draft:
    """A block under way."""

    parts: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    stamps: list[tuple[str, str]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    linked: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk is: the nearest block element, and what holds for all in it."""

    tag: str
    hints: tuple[str, ...]
    aside: bool
    linked: bool
    in_article: bool = False


def aside_words(element: Element, *, in_article: bool = False) -> bool:
    """Whether the element stands beside the article by its tag or its names. The footer of
    an article is part of it: day and author stand there.
    """
    tag, names = element.tag, _names(element)
    if tag in _MAIN_TAGS or not isinstance(tag, str):
        return False
    if not in_article and (tag == "footer" or _FOOTER.search(names)):
        return True
    return tag in _ASIDE_TAGS or _ASIDE_NAMES.search(names) is not None


def blocks_of(tree: Element) -> list[Block]:
    """The blocks of a page from top to bottom, ``MAX_BLOCKS`` at most."""
    headline = headline_of(tree)
    around = set(headline.iterancestors()) if headline is not None else set()
    return [*_walk(tree, around)]


def headline_of(tree: Element) -> Element | None:
    """The heading that is the article's: of several, the one most like the page's title."""
    title = next((words_of(each.text_content()) for each in tree.iterfind(".//title")), set())
    best, most = None, -1.0
    for path in (".//h1", ".//h2"):
        for number, heading in enumerate(tree.iterfind(path)):
            if number == _MOST_HEADLINES:
                break
            words = words_of(heading.text_content())
            common = len(words & title)
            likeness = common * common / len(words) if words else -1.0
            # A heading of second rank must be most of the title; the site's name is one word of it.
            second = path == ".//h2" and not (common >= 3 and common > 0.75 * len(words))
            if likeness > most and not second:
                best, most = heading, likeness
    return best


def words_of(text: str) -> set[str]:
    """The words of a text, folded.

    >>> sorted(words_of("Rain, and RAIN again"))
    ['again', 'and', 'rain']
    """
    return set(re.findall(r"\w+", text[:2000].casefold()))


def _walk(tree: Element, around: set[Element]) -> Iterator[Block]:
    """Depth first, without recursion: pages nest as deep as they like."""
    draft, count = _Draft(), 0
    pending: list[tuple[Element, _Place, bool]] = [(tree, _Place("body", (), False, False), False)]
    while pending:
        element, place, leaving = pending.pop()
        inline = element.tag in _INLINE
        if leaving:
            if not inline:
                if block := _finish(draft, _enter(element, place, around)):
                    yield block
                    count += 1
                    if count == MAX_BLOCKS:
                        return
                draft = _Draft()
            if tail := element.tail:
                _add(draft, tail, place)
            continue
        if not isinstance(element.tag, str) or element.tag in _SILENT or _hidden(element):
            if element.tail:
                _add(draft, element.tail, place)
            continue
        inner = _enter(element, place, around)
        if not inline:
            if block := _finish(draft, place):
                yield block
                count += 1
                if count == MAX_BLOCKS:
                    return
            draft = _Draft()
        _mark(draft, element)
        if element.text:
            _add(draft, element.text, inner)
        pending.append((element, place, True))
        pending += [(child, inner, False) for child in reversed(element)]


def _enter(element: Element, place: _Place, around: set[Element]) -> _Place:
    linked = place.linked or element.tag == "a"
    if element.tag in _INLINE:
        return replace(place, linked=True) if linked else place
    aside = place.aside or (
        element not in around and aside_words(element, in_article=place.in_article)
    )
    hints = (*place.hints, _names(element))[-_LEVELS:]
    return _Place(element.tag, hints, aside, linked, place.in_article or element.tag == "article")


def _names(element: Element) -> str:
    values = (element.get(key) for key in ("id", "class", "itemprop", "rel", "role"))
    return " ".join(filter(None, values)).lower()[:_MAX_HINT]


def _hidden(element: Element) -> bool:
    """Whether the article's readers are not shown it, as AMP marks what asks for a subscription."""
    if element.get("hidden") is not None or element.get("subscriptions-section") == (
        "content-not-granted"
    ):
        return True
    return "not " in (element.get("amp-access") or "").lower()


def _mark(draft: _Draft, element: Element) -> None:
    """Note what the markup of an element says beside its text."""
    names = _names(element)
    if element.tag in _INLINE:
        draft.hints.append(names)
    stamp = element.get("datetime") or (
        element.get("content") or element.get("title") if "date" in names else None
    )
    if stamp or element.tag == "time":
        draft.stamps.append((stamp or element.text_content()[:100], f"{element.tag} {names}"))
    if "author" in (element.get("rel") or "").lower().split() or (
        (element.get("itemprop") or "").lower() == "author"
    ):
        draft.people.append(one_line(element.text_content()[:200]))


def _add(draft: _Draft, text: str, place: _Place) -> None:
    draft.parts.append(text)
    if place.linked:
        draft.linked += len(text.strip())


def _finish(draft: _Draft, place: _Place) -> Block | None:
    text = one_line("".join(draft.parts))
    if not text and not draft.stamps:
        return None
    return Block(
        text,
        place.tag,
        tuple(part for part in map(one_line, draft.parts) if part),
        " ".join(filter(None, (*place.hints, *draft.hints))),
        draft.linked,
        tuple(draft.stamps),
        tuple(filter(None, draft.people)),
        place.aside,
    )
