"""How much of a text comes back from a PDF of it, by layout.

Run as ``python -m eval.benchmarks.pdf_layouts``: sets articles of the demo collection in layouts
that newspapers use, reads the PDFs as an ingest does, and prints for each layout the share of
paragraphs that came back as they were, and in how many documents a running head or a page number
stands in the text. Needs reportlab, which comes with the test extra.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.loaders import LOADERS, Entry, Source
from qa.records.article import Article

__all__ = ["LAYOUTS", "Layout", "Result", "demo_texts", "make_pdf", "measure"]

_DEMO = Path(__file__).resolve().parents[2] / "demo" / "articles"
_TEXTS = ("harbour-post", "plain", "archive.jsonl")
HEAD = "THE RIVERSIDE COURIER"
_VOWELS, _TITLE_SIZE = "aeiouy", 17.0


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is set; lengths are points. ``interleaved``: drawn row by row over all columns.

    ``indent`` begins paragraphs without space between them; 0: they are set apart by space.
    """

    columns: int = 1
    size: float = 10.0
    page: tuple[float, float] = (595.0, 842.0)
    margin: float = 60.0
    gutter: float = 18.0
    indent: float = 0.0
    interleaved: bool = False
    justified: bool = False
    hyphens: bool = False
    heads: bool = False


LAYOUTS = {
    "one column": Layout(page=(420.0, 595.0), margin=50.0, size=10.5, heads=True),
    "two columns": Layout(columns=2),
    "two columns, rows interleaved": Layout(columns=2, interleaved=True),
    "newspaper page": Layout(
        columns=3, page=(420.0, 595.0), margin=36.0, size=8.5, gutter=10.0, indent=9.0,
        justified=True, hyphens=True, heads=True,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """Of one document: paragraphs that came back as they were, of how many; whether a running
    head is in the text.
    """

    intact: int
    paragraphs: int
    head_left: bool


def demo_texts() -> list[Article]:
    """The 17 articles of the demo collection that are plain text, Markdown or JSON Lines."""
    files = [
        file
        for name in _TEXTS
        for file in ([_DEMO / name] if "." in name else sorted((_DEMO / name).iterdir()))
    ]
    entries = [
        entry
        for file in files
        for entry in LOADERS[file.suffix](Source.from_bytes(file.name, file.read_bytes()))
    ]
    return [entry.article for entry in entries if isinstance(entry, Entry)]


def measure(article: Article, layout: Layout) -> Result:
    """Set an article, read the PDF, and compare."""
    data = make_pdf(article, layout)
    (entry,) = LOADERS[".pdf"](Source.from_bytes("page.pdf", data))
    text = entry.article.text if isinstance(entry, Entry) else ""
    read = {_plain(each) for each in text.split("\n\n")}
    paragraphs = paragraphs_of(article)
    number = re.search(r"(?m)^\W*(?:Page )?\d{1,2}\W*$", text)
    head_left = layout.heads and (HEAD in text or number is not None)
    return Result(sum(each in read for each in paragraphs), len(paragraphs), bool(head_left))


def paragraphs_of(article: Article) -> list[str]:
    """The paragraphs that are set, without headings of the source's own marks."""
    parts = (_plain(each) for each in re.split(r"\n\s*\n", article.text))
    return [each for each in parts if each and not each.startswith(("#", "---"))]


def _plain(text: str) -> str:
    return " ".join(text.split())


def make_pdf(article: Article, layout: Layout) -> bytes:
    """The article as a PDF whose properties are those of a program and say nothing of it."""
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=layout.page, invariant=1)
    canvas.setTitle("Microsoft Word - final_NEW.docx")
    typeset(canvas, article, layout)
    canvas.save()
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a column: its words, where it begins, whether it ends its paragraph."""

    words: tuple[str, ...]
    indent: float
    last: bool

    @property
    def text(self) -> str:
        return " ".join(self.words)


def typeset(canvas: Any, article: Article, layout: Layout) -> None:
    """Draw the article: title and byline over all columns, then the columns, page after page."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    width, height = layout.page
    inner = width - 2 * layout.margin
    column = (inner - layout.gutter * (layout.columns - 1)) / layout.columns
    lines = [
        line
        for paragraph in paragraphs_of(article)
        for line in _break(paragraph, column, layout, stringWidth)
    ]
    title = _fill(article.title.split(), inner, lambda text: _wide(stringWidth, text), str)
    leading = 1.25 * layout.size
    page = 0
    while lines:
        page += 1
        if layout.heads:
            _draw_heads(canvas, layout, page)
        y = height - layout.margin - _TITLE_SIZE
        if page == 1:
            canvas.setFont("Times-Bold", _TITLE_SIZE)
            for words in title:
                canvas.drawString(layout.margin, y, " ".join(words))
                y -= 1.15 * _TITLE_SIZE
            canvas.setFont("Times-Italic", layout.size)
            canvas.drawString(layout.margin, y, f"By {article.author or 'Ann Lee'}")
            y -= 2 * leading
        rows = int((y - layout.margin) / leading)
        space = 0.0 if layout.indent else 0.7
        taken = _take(lines, rows, layout.columns, space)
        lines = lines[sum(map(len, taken)) :]
        _draw_columns(canvas, taken, layout, y, column, leading, space)
        canvas.showPage()


def _wide(width_of: Callable[..., float], text: str) -> float:
    return width_of(text, "Times-Bold", _TITLE_SIZE)


def _draw_heads(canvas: Any, layout: Layout, page: int) -> None:
    width, height = layout.page
    canvas.setFont("Helvetica", layout.size)
    y = height - layout.margin + 1.2 * layout.size
    canvas.drawString(layout.margin, y, HEAD)
    if layout.columns > 1:
        canvas.drawRightString(width - layout.margin, y, str(page + 6))
    else:
        canvas.drawCentredString(width / 2, 0.5 * layout.margin, f"Page {page}")


def _take(lines: Sequence[_Line], rows: int, columns: int, space: float) -> list[Sequence[_Line]]:
    """The lines of a page by column, of even length on the last page."""

    def length(part: Sequence[_Line]) -> float:
        return len(part) + space * sum(line.last for line in part)

    if length(lines) < rows * columns:
        rows = min(rows, int(length(lines) / columns) + 1)
    taken: list[Sequence[_Line]] = []
    first = 0
    for _ in range(columns):
        end = first
        while end < len(lines) and length(lines[first : end + 1]) <= rows + space:
            end += 1
        taken.append(lines[first:end])
        first = end
    return taken


def _draw_columns(
    canvas: Any,
    columns: Sequence[Sequence[_Line]],
    layout: Layout,
    top: float,
    width: float,
    leading: float,
    space: float,
) -> None:
    placed: list[tuple[float, float, float, _Line]] = []
    for number, lines in enumerate(columns):
        x, y = layout.margin + number * (width + layout.gutter), top
        for line in lines:
            placed.append((number, x + line.indent, y, line))
            y -= leading * (1 + space * line.last)
    if layout.interleaved:
        placed.sort(key=lambda each: (-each[2], each[0]))
    canvas.setFont("Times-Roman", layout.size)
    for _, x, y, line in placed:
        text = canvas.beginText(x, y)
        free = width - line.indent - canvas.stringWidth(line.text, "Times-Roman", layout.size)
        stretched = layout.justified and not line.last and len(line.words) > 1
        text.setWordSpace(free / (len(line.words) - 1) if stretched else 0)
        text.textOut(line.text)
        canvas.drawText(text)


def _break(
    paragraph: str, width: float, layout: Layout, width_of: Callable[..., float]
) -> Iterator[_Line]:
    filled = _fill(
        paragraph.split(),
        width,
        lambda text: width_of(text, "Times-Roman", layout.size),
        _divided if layout.hyphens else str,
        layout.indent,
    )
    for number, words in enumerate(filled):
        indent = layout.indent if number == 0 else 0.0
        yield _Line(tuple(words), indent, number == len(filled) - 1)


def _fill(
    words: list[str],
    width: float,
    width_of: Callable[[str], float],
    divide: Callable[[str], str | list[tuple[str, str]]],
    indent: float = 0.0,
) -> list[list[str]]:
    """Words in lines, as many in each as fit; ``divide`` gives the ways to divide one."""
    rest, lines, line = list(words), list[list[str]](), list[str]()
    room = width - indent
    while rest:
        word = rest.pop(0)
        if width_of(" ".join([*line, word])) <= room:
            line.append(word)
            continue
        ways = divide(word)
        for head, tail in ways if isinstance(ways, list) else []:
            if width_of(" ".join([*line, head])) <= room:
                line.append(head)
                word = tail
                break
        lines.append(line)
        line, room = [], width
        rest.insert(0, word)
    return [*lines, line]


def _divided(word: str) -> list[tuple[str, str]]:
    """The ways to divide a word at the end of a line, the longest first part first; at its own
    hyphen if it has one.
    """
    if "-" in word[1:-1]:
        at = word.rindex("-", 1, -1)
        return [(word[: at + 1], word[at + 1 :])]
    if not word.strip(".,;:\"'").isalpha() or not word[1:].islower():
        return []
    return [
        (word[:at] + "-", word[at:])
        for at in range(len(word) - 3, 2, -1)
        if word[at - 1] in _VOWELS and word[at] not in _VOWELS and word[at:].strip(".,;:\"'")[2:]
    ]


def main() -> None:
    articles = demo_texts()
    print(f"{len(articles)} articles     paragraphs intact     running heads left")
    for name, layout in LAYOUTS.items():
        results = [measure(article, layout) for article in articles]
        intact = sum(each.intact for each in results)
        total = sum(each.paragraphs for each in results)
        heads = f"{sum(each.head_left for each in results)} of {len(results)}"
        print(
            f"{name:32}{intact / total:6.3f} ({intact} of {total})"
            f"     {heads if layout.heads else '-'}"
        )


if __name__ == "__main__":
    main()
