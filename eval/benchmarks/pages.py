"""What is taken from web pages, against what people say stands in them.

    python -m eval.benchmarks.pages FOLDER [--show FIELD]

FOLDER holds saved pages with what is expected of them, in one of three layouts: ``evaldata.json``
(by address: ``file``, ``date``, ``author``, ``title``, and pieces of text ``with`` and ``without``;
the pages lie anywhere below), a folder a page with ``source.html``, ``expected.html`` and
``expected-metadata.json``, or ``html/NAME.html`` beside ``metadata/NAME.json``. What a corpus does
not say of a page is not counted. ``--show`` lists the pages on which a field (``date``, ``author``,
``title``, ``text``) is not as expected. Prints a Markdown table.
"""

import argparse
import json
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.metrics.answer import token_f1
from ingest.loaders import Entry, Source, loader_for
from ingest.parsing.dates import parse_day
from ingest.parsing.markup import plain_text
from qa.errors import SourceError
from qa.records.article import Article

__all__ = ["Expected", "Outcome", "corpus", "main", "table"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A saved page with what is expected of it; None and empty where the corpus says nothing.

    ``present`` and ``absent`` are pieces of text that the article holds and does not hold, ``body``
    all of its text.
    """

    file: Path
    url: str | None = None
    published: date | None = None
    author: str | None = None
    title: str | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page; ``article`` is None where none was found in it."""

    expected: Expected
    article: Article | None

    @property
    def date(self) -> str:
        """``right``, ``wrong``, ``none``, or empty where no day is expected."""
        day = self.article.published if self.article else None
        if self.expected.published is None:
            return ""
        return "none" if day is None else "right" if day == self.expected.published else "wrong"

    @property
    def author(self) -> bool | None:
        """Whether the authors are those expected, in any order; None where none are."""
        if not self.expected.author:
            return None
        return _people(self.expected.author) == _people(
            self.article.author if self.article else None
        )

    @property
    def title(self) -> bool | None:
        """Whether the title is that expected, but for spaces and case; None where none is."""
        if not self.expected.title:
            return None
        return _folded(self.expected.title) == _folded(self.article.title if self.article else "")

    @property
    def pieces(self) -> tuple[int, int, int]:
        """Pieces of text that are rightly there, wrongly there, and missing."""
        text = _folded(self.article.text if self.article else "")
        here = sum(_folded(piece) in text for piece in self.expected.present)
        there = sum(_folded(piece) in text for piece in self.expected.absent)
        return here, there, len(self.expected.present) - here

    @property
    def body(self) -> float | None:
        """Token F1 of the text; None where no text is expected."""
        if not self.expected.body:
            return None
        return token_f1(self.article.text if self.article else "", [self.expected.body])


def corpus(folder: Path) -> list[Expected]:
    """The pages of a folder in one of the three layouts. Raises ValueError for another."""
    for reader in (_by_address, _by_folder, _by_name):
        if pages := list(reader(folder)):
            return pages
    raise ValueError(f"no pages with what is expected of them in {folder}; see --help")


def _by_address(folder: Path) -> Iterator[Expected]:
    for listing in folder.glob("evaldata.json"):
        files = {file.name: file for file in folder.rglob("*.html")}
        for url, said in json.loads(listing.read_text(encoding="utf-8")).items():
            if file := files.get(said.get("file") or ""):
                yield Expected(
                    file,
                    url,
                    parse_day(said.get("date")),
                    said.get("author"),
                    said.get("title"),
                    tuple(said.get("with") or ()),
                    tuple(said.get("without") or ()),
                )


def _by_folder(folder: Path) -> Iterator[Expected]:
    for file in sorted(folder.glob("*/source.html")):
        metadata = file.with_name("expected-metadata.json")
        said = json.loads(metadata.read_text(encoding="utf-8")) if metadata.exists() else {}
        body = file.with_name("expected.html").read_text(encoding="utf-8")
        yield Expected(
            file,
            None,
            parse_day(said.get("publishedTime")),
            said.get("byline"),
            said.get("title"),
            body=plain_text(body),
        )


def _by_name(folder: Path) -> Iterator[Expected]:
    for metadata in sorted(folder.glob("metadata/*.json")):
        said: dict[str, Any] = json.loads(metadata.read_text(encoding="utf-8"))
        yield Expected(
            folder / "html" / f"{metadata.stem}.html",
            said.get("url"),
            parse_day(said.get("publish_date")),
            ", ".join(said.get("authors") or ()),
            said.get("title"),
            body=said.get("text") or "",
        )


def outcome(page: Expected) -> Outcome:
    """Read a page as an ingest does; one that is refused has no article."""
    source = Source.from_bytes(page.file.name, page.file.read_bytes(), url=page.url)
    try:
        entries: list[object] = list(loader_for(".html")(source))
    except SourceError:
        entries = []
    return Outcome(page, next((e.article for e in entries if isinstance(e, Entry)), None))


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures as a Markdown table; ``n`` is how many pages say something of the field."""
    days = Counter(each.date for each in outcomes if each.date)
    rows = [
        (f"date {name}", f"{days[name] / days.total():.3f}", days.total())
        for name in ("right", "wrong", "none")
        if days
    ]
    for name in ("author", "title"):
        hits = [hit for each in outcomes if (hit := getattr(each, name)) is not None]
        if hits:
            rows.append((f"{name} exact", f"{statistics.mean(hits):.3f}", len(hits)))
    right, extra, missing = (
        sum(column) for column in zip(*(o.pieces for o in outcomes), strict=True)
    )
    if right + missing:
        rows.append(
            ("pieces F1", f"{2 * right / (2 * right + extra + missing):.3f}", len(outcomes))
        )
    bodies = [score for each in outcomes if (score := each.body) is not None]
    if bodies:
        rows.append(("body F1, mean", f"{statistics.mean(bodies):.3f}", len(bodies)))
    rows.append(("no article", f"{sum(o.article is None for o in outcomes)}", len(outcomes)))
    lines = [f"| {name} | {figure} | {n} |" for name, figure, n in rows]
    return "\n".join(["| what | figure | n |", "|---|--:|--:|", *lines])


def _people(names: str | None) -> set[str]:
    parts = re.split(r"[;,]|\s(?:and|und|et|y)\s", names or "")
    return {_folded(part) for part in parts if part.strip()}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of one corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", choices=("date", "author", "title", "text"))
    options = parser.parse_args(arguments)
    outcomes = [outcome(page) for page in corpus(options.folder)]
    for each in outcomes if options.show else ():
        _show(each, options.show)
    print(table(outcomes))


def _show(each: Outcome, field: str) -> None:
    article, page = each.article, each.expected
    name = page.file.parent.name if page.file.name == "source.html" else page.file.name
    if field == "date" and each.date in ("wrong", "none"):
        print(f"{name}: {page.published}, not {article and article.published}")
    elif field in ("author", "title") and getattr(each, field) is False:
        print(f"{name}: {getattr(page, field)!r}, not {article and getattr(article, field)!r}")
    elif field == "text":
        right, extra, missing = each.pieces
        score = "" if each.body is None else f"F1 {each.body:.3f}"
        print(f"{name}: {score} {right} rightly there, {extra} wrongly, {missing} missing")


if __name__ == "__main__":
    main()
