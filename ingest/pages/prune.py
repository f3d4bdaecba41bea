"""A page's tree without prompts, and without what is set in a way that hides what it is."""

import re
from collections.abc import Iterator

from ingest.pages.blocks import aside_words, headline_of
from ingest.parsing.markup import Element
from qa.language.cleaning import one_line

__all__ = ["prune"]

# What shows no reader of the article anything, and what it would take for text.
_UNSHOWN = frozenset(
    [
        "noscript",
        "template",
        "amp-ad",
        "amp-embed",
        "amp-sidebar",
        "amp-consent",
        "amp-user-notification",
    ]
)
_PROMPTS = re.compile(
    r"(?:^|[\s_-])(?:promos?|newsletter|signup|sign-up|paywall-prompt|ad-?slot|cookie-?\w*|consent)"
    r"(?:$|[\s_-])"
)
# How a list of other articles begins, its characters, and those of the list.
_OTHERS = re.compile(
    r"(?:read|see|read more|watch|listen|more)? ?(?:also|next|more|related|also read|also see)\W*"
    r"|(?:more|related)(?: on this| from us)?(?: story| stories| articles?| news| topics?| coverage"
    r"| content| reading)?\W*|you (?:may|might) also like\W*|don['\u2019]t miss\W*|recommended\W*"
    r"|(?:lesen|sehen) sie auch\W*|mehr zum thema\W*|auch interessant\W*|(?:à )?lire aussi\W*"
    r"|lea también\W*|te puede interesar\W*|leggi anche\W*|lees ook\W*|läs också\W*|leia também\W*",
    re.IGNORECASE,
)
_LONGEST_LABEL, _LONGEST_BOX = 40, 600
_NO_BOXES = frozenset(["article", "body", "html", "main", "td"])
_SPACE = re.compile(r"\s+")
# Characters and line ends of a cell that is no cell of data.
_LONGEST_CELL = 400
_BREAKS = 3
# Rows and cells that are made blocks: each of them costs all that follows its square.
_MOST_PARTS = 1000
_CELL_BLOCKS = frozenset(["p", "table", "h1", "h2", "h3", "article", "section"])
_TABLE_PARTS = frozenset(["table", "tbody", "thead", "tfoot", "tr", "td", "th"])
_FACT_BOX = re.compile(r"fact|info-?box|key-?(?:point|date|fact)|at-a-glance|background|explainer")


def prune(tree: Element) -> None:
    """Take out, in place, what is no part of the article, and make plain what would be misread."""
    heading = headline_of(tree)
    around = set(heading.iterancestors()) if heading is not None else set()
    unwanted = [
        element
        for element in tree.iter()
        if isinstance(element.tag, str)
        and element not in around
        and (element.tag in _UNSHOWN or _is_prompt(element))
    ]
    unwanted += _lists_of_others(tree)
    for element in unwanted:
        if element.getparent() is not None:
            element.drop_tree()
    _flatten(tree)
    # A line end in the source is a space; the lines of what is set as it is written are its own.
    kept = {inner for pre in tree.iter("pre", "textarea") for inner in pre.iter()}
    for element in tree.iter():
        if element.text and "\n" in element.text and element not in kept:
            element.text = _SPACE.sub(" ", element.text)
        if element.tail and "\n" in element.tail and element.getparent() not in kept:
            element.tail = _SPACE.sub(" ", element.tail)


def _lists_of_others(tree: Element) -> list[Element]:
    """Boxes and lines within a text that name other articles, under words that say so."""
    found: list[Element] = []
    for element in tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b", "em"):
        label = (element.text or "").strip()
        if len(label) > _LONGEST_LABEL or not _OTHERS.fullmatch(label):
            continue
        # A line with its links, or a label over or beside a list.
        for box in (element, element.getparent()):
            if box is None or box.tag in _NO_BOXES:
                break
            rest = one_line(box.text_content())[len(label) :].strip(" :")
            if not rest:
                continue
            names = [one_line(part.text_content()) for part in box.iter("a", "li")]
            if len(rest) <= _LONGEST_BOX and names and rest.startswith(names[0]):
                found.append(box)
            break
    return [*found, *_linked_labels(tree)]


def _linked_labels(tree: Element) -> Iterator[Element]:
    """Lines that are one link to another article, and say so: "Read more: Fire at the mill"."""
    for link in tree.iter("a"):
        line, box = one_line(link.text_content()[:_LONGEST_BOX]), link.getparent()
        label, colon, _ = line.partition(":")
        if colon and _OTHERS.fullmatch(label) and box is not None and box.tag not in _NO_BOXES:
            if box.tag in ("strong", "b", "em", "i", "span") and box.getparent() is not None:
                box = box.getparent()
            if box.tag not in _NO_BOXES and one_line(box.text_content()) == line:
                yield box


def _flatten(tree: Element) -> None:
    """Make plain blocks of tables that only lay out a page, of boxes with facts, and lines of
    definitions; trafilatura would take them for data, for something else, or apart.
    """
    parts = _layout_tables(tree)
    for element in parts if len(parts) <= _MOST_PARTS else ():
        element.tag = "div"
    for box in [*tree.iter("aside")]:
        names = f"{box.get('id') or ''} {box.get('class') or ''}".lower()
        if _FACT_BOX.search(names) and any(above.tag == "article" for above in box.iterancestors()):
            box.tag = "div"
            box.attrib.clear()
    for term in [*tree.iter("dt")]:
        meaning = term.getnext()
        if meaning is not None and meaning.tag == "dd" and not len(term) and not len(meaning):
            defined = (term.text or "").strip().rstrip(":")
            term.text = f"{defined}: {(meaning.text or '').strip()}"
            meaning.drop_tree()


def _layout_tables(tree: Element) -> list[Element]:
    """The tables, with their parts, of which a cell holds more than a value."""
    elements = [*tree.iter()]
    held: dict[Element, tuple[int, int]] = {}  # characters and breaks, from the innermost outwards
    layout: set[Element] = set()
    for element in reversed(elements):
        characters, breaks = held.pop(element, (0, 0))
        characters += len(element.text or "")
        breaks += _BREAKS if element.tag in _CELL_BLOCKS else element.tag == "br"
        if element.tag == "td" and (characters > _LONGEST_CELL or breaks >= _BREAKS):
            layout.add(element)
        above = element.getparent()
        if above is not None:
            before = held.get(above, (0, 0))
            held[above] = (before[0] + characters + len(element.tail or ""), before[1] + breaks)
    parts: list[Element] = []
    tables: dict[Element, Element | None] = {}  # of each part of a table, the table
    for element in elements:
        above = element.getparent()
        table = element if element.tag == "table" else tables.get(above)
        tables[element] = table
        if element in layout and table is not None:
            layout.add(table)
    for element in elements:
        if element.tag in _TABLE_PARTS and tables[element] in layout:
            parts.append(element)
    return parts


def _is_prompt(element: Element) -> bool:
    """Whether it asks for something: a subscription, an address, consent."""
    if element.tag in ("html", "body", "main", "article"):
        return False
    if "not " in (element.get("amp-access") or "").lower():
        return True
    if element.get("subscriptions-section") == "content-not-granted":
        return True
    names = f"{element.get('id') or ''} {element.get('class') or ''}"[:300].lower()
    return _PROMPTS.search(names) is not None and aside_words(element)
