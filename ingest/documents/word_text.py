"""The text of a Word document's elements, as it reads when every tracked change is accepted.

What is wrapped into content controls, smart tags, fields and links is looked for inside them. The
tree is walked with a stack: elements nest deeper than calls may.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.language.cleaning import one_line

__all__ = ["Paragraph", "paragraphs_of"]

Element = Any  # of the library, which has types for some of them only

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What is not in the text: what was deleted or moved away, hidden runs, the choice not taken of
# two, and what only says how text looks.
_LEFT_OUT = {
    *(_WORD + name for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr", "tblPr", "tcPr", "trPr")),
    _COMPATIBLE + "Fallback",
}
_SIGNS = {
    _WORD + "br": "\n",
    _WORD + "cr": "\n",
    _WORD + "noBreakHyphen": "-",
    _WORD + "ptab": "\t",
    _WORD + "tab": "\t",
}
_PARAGRAPH, _TABLE, _ROW, _CELL = (_WORD + name for name in ("p", "tbl", "tr", "tc"))
_TEXT, _RUN, _BOX = (_WORD + name for name in ("t", "r", "txbxContent"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or a table as text, never empty; ``style`` is the id of its style, or empty."""

    text: str
    style: str = ""


def paragraphs_of(body: Element) -> Iterator[Paragraph]:
    """The paragraphs and tables below an element, in their order. The text of a box comes after
    the paragraph that it is anchored in.
    """
    stack, merged = [body], ""
    while stack:
        element = stack.pop()
        if element.tag == _PARAGRAPH:
            text, boxes = _text(element)
            if _has_property(element, "pPr", "rPr", "del"):
                # The end of the paragraph was deleted: it goes on with the next one.
                merged += text
            else:
                if text := (merged + text).strip():
                    yield Paragraph(text, _style(element))
                merged = ""
            stack += reversed(boxes)
        elif element.tag == _TABLE:
            if text := "\n".join(_rows(element)):
                yield Paragraph(text)
        elif element.tag not in _LEFT_OUT:
            stack += reversed(element)
    if merged.strip():
        yield Paragraph(merged.strip())


def _text(paragraph: Element) -> tuple[str, list[Element]]:
    """What stands in a paragraph, and the text boxes anchored in it."""
    parts: list[str] = []
    boxes: list[Element] = []
    stack = [*reversed(paragraph)]
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _TEXT:
            parts.append(element.text or "")
        elif tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag == _BOX:
            boxes.append(element)
        elif tag not in _LEFT_OUT and not (tag == _RUN and _is_hidden(element)):
            stack += reversed(element)
    return "".join(parts), boxes


def _child(element: Element, name: str) -> Element | None:
    return next(element.iterchildren(_WORD + name), None)


def _has_property(element: Element, *path: str) -> bool:
    found: Element | None = element
    for name in path:
        found = None if found is None else _child(found, name)
    return found is not None


def _is_hidden(run: Element) -> bool:
    properties = _child(run, "rPr")
    vanish = None if properties is None else _child(properties, "vanish")
    return vanish is not None and vanish.get(_WORD + "val") not in ("0", "false", "off")


def _style(paragraph: Element) -> str:
    properties = _child(paragraph, "pPr")
    style = None if properties is None else _child(properties, "pStyle")
    return "" if style is None else style.get(_WORD + "val", "")


def _inside(element: Element, *tags: str) -> Iterator[Element]:
    """The elements of these names below an element, through what wraps them, not within each
    other.
    """
    stack = [*reversed(element)]
    while stack:
        inner = stack.pop()
        if inner.tag in tags:
            yield inner
        elif inner.tag not in _LEFT_OUT:
            stack += reversed(inner)


def _rows(table: Element) -> Iterator[str]:
    """A row per line, its cells apart by a bar, none empty. A cell that is merged over columns
    stands once in its row, one that is merged over rows in each of them.

    The cells are walked here, since the library lists a merged cell for every column that it
    claims to span.
    """
    above: dict[int, str] = {}
    for row in _inside(table, _ROW):
        if _has_property(row, "trPr", "del"):
            continue
        column = row.grid_before
        cells: dict[int, str] = {}
        for cell in _inside(row, _CELL):
            merged = cell.vMerge == "continue" and column in above
            cells[column] = above[column] if merged else _cell_text(cell)
            column += max(1, cell.grid_span)
        above = cells
        if line := " | ".join(filter(None, cells.values())):
            yield line


def _cell_text(cell: Element) -> str:
    """What stands in a cell, on one line; a table in it as its cells one after the other."""
    return one_line(" ".join(_text_with_boxes(each) for each in _inside(cell, _PARAGRAPH)))


def _text_with_boxes(paragraph: Element) -> str:
    text, boxes = _text(paragraph)
    inner = (_text(each)[0] for box in boxes for each in _inside(box, _PARAGRAPH))
    return " ".join([text, *inner])
