"""Small sources that once stopped or exhausted the process that read them, made when asked for.

Run as a program, ``python costly_sources.py FOLDER NAME…``: takes each in as an ingest does, and
prints a line of JSON with its bytes, what became of it, and the CPU seconds and the highest memory
(MB) of the process that took it in. Without names, processes take in several sources each, and the
seconds are those of all of them. A process over a limit is killed.
"""

import io
import json
import os
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.ingest.samples import TEXT, docx, packed_pdf, stream

__all__ = ["COSTLY"]

# CPU seconds and bytes of address space that a source may take here; both are for what hangs.
LIMIT = 100
# Sources that one process takes in, so that few have to be started.
BATCH = 8
MEMORY = 6 * 2**30


def front_matter(lines: str) -> bytes:
    return f"---\n{lines}\n---\n{TEXT}".encode()


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><article>{body}</article></body></html>".encode()


def linked(data: str) -> bytes:
    script = f'<script type="application/ld+json">{data}</script>'
    return page(f"<p>{TEXT}</p>" * 9, script)


def feed(item: str, before: str = "<?xml version='1.0'?>") -> bytes:
    return (
        f"{before}<rss version='2.0'><channel><title>H</title><item>{item}"
        f"<description>{TEXT}</description></item></channel></rss>"
    ).encode()


def word(body: str, styles: str = "") -> bytes:
    """A document with this body; the rest is what the library writes."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx(TEXT))) as template,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for part in template.infolist():
            data = template.read(part)
            if part.filename == "word/document.xml":
                head, _, _ = data.partition(b"<w:body>")
                data = head + f"<w:body>{body}</w:body></w:document>".encode()
            if part.filename == "word/styles.xml":
                data = data.replace(b"</w:styles>", f"{styles}</w:styles>".encode())
            package.writestr(part.filename, data)
    return made.getvalue()


def cell(text: str, *, span: int = 1, merge: str = "") -> str:
    return (
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
    )


def merged_rows(text: str, count: int) -> str:
    first = cell(text, merge='<w:vMerge w:val="restart"/>')
    others = cell("", merge="<w:vMerge/>")
    return f"<w:tbl><w:tr>{first}</w:tr>{f'<w:tr>{others}</w:tr>' * count}</w:tbl>"


def styled(count: int) -> bytes:
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="s{n}"/></w:pPr><w:r><w:t>Rain</w:t></w:r></w:p>'
        for n in range(count)
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="n{n}"/></w:style>'
        for n in range(count)
    )
    return word(body, styles)


def nested_forms(levels: int, times: int) -> bytes:
    """Each form draws the next one that many times."""
    font = b"/Resources<</Font<</F1 5 0 R>>"
    forms = []
    for level in range(levels):
        last = level == levels - 1
        inner = b"" if last else b"/XObject<</X0 %d 0 R>>" % (8 + level)
        said = b"/Type/XObject/Subtype/Form/BBox[0 0 900 800]%b%b>>" % (font, inner)
        drawn = b"BT /F1 12 Tf 40 700 Td (Rain) Tj ET" if last else b"/X0 Do " * times
        forms.append(stream(drawn, said=said))
    return packed_pdf(stream(b"/X0 Do"), *forms)


def repeated_text(count: int, *, times: int) -> bytes:
    content = b"BT /F1 12 Tf 40 700 Td " + b"(Rain) Tj " * count + b"ET"
    return packed_pdf(stream(content, times=times))


def many_pages(count: int) -> bytes:
    content = stream(b"BT /F1 12 Tf 40 700 Td (It rained over Elmford) Tj ET")
    return packed_pdf(content, pages=count)


def scattered(count: int, *, columns: int, text: str = "a") -> bytes:
    """A page with a text at each place of a grid, every row a little aside."""
    drawn = b"".join(
        b"1 0 0 1 %d %d Tm (%b) Tj " % (
            900 * (n % columns) // columns + n // columns % 7, 790 - 780 * n // count, text.encode()
        )
        for n in range(count)
    )  # fmt: skip
    return packed_pdf(stream(b"BT /F1 4 Tf " + drawn + b"ET", times=1))


def giant_page() -> bytes:
    content = stream(b"0 0 9000 9000 re f")
    return packed_pdf(content).replace(b"[0 0 900 800]", b"[0 0 99999 99999]")


def blank_picture(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel, all white."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        )

    line = b"\0" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\1\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def table(header: str, rows: str) -> bytes:
    return f"{header}\n{rows}".encode()


COSTLY: dict[str, tuple[str, Callable[[], bytes]]] = {
    # Text and Markdown
    "heading with blanks": (".md", lambda: f"# a{' ' * 20_000}b\n\n{TEXT}".encode()),
    "key with blanks": (".md", lambda: front_matter(f"a{' ' * 60_000}b")),
    "list of a key": (".md", lambda: front_matter("tags:\n" + "- x\n" * 300_000)),
    "quotations never closed": (".txt", lambda: ("„!" * 100_000).encode()),
    "one quotation mark": (".txt", lambda: ("‘" * 200_000).encode()),
    "sentences of one letter": (".txt", lambda: ("a. " * 400_000).encode()),
    # Tables and JSON
    "lists in JSON": (".json", lambda: b"[" + b"[]," * 21_000_000 + b"[]]"),
    "text in lists in lists": (
        ".jsonl",
        lambda: b'{"text": %b"Rain"%b}\n{"text": "Wind"}' % (b"[" * 900, b"]" * 900),
    ),
    "day of a thousand digits": (
        ".jsonl",
        lambda: b'{"text": "Rain", "published": 1%b}\n{"text": "Wind"}' % (b"0" * 1000),
    ),
    "long days": (
        ".jsonl",
        lambda: b"".join(
            b'{"text": "Rain", "published": "%d%b"}\n' % (n, b"x" * 1_000_000) for n in range(60)
        ),
    ),
    "lines that are no JSON": (".jsonl", lambda: b"x\n" * 200_000),
    "cells": (".csv", lambda: table("title,text", "ab," * 5_300_000)),
    "rows without a text": (".csv", lambda: table("title,text", "a,\n" * 100_000)),
    "quotation mark": (".csv", lambda: table("title,text", 'a,"' + "b" * 15_000_000)),
    # Web pages
    "charset with blanks": (
        ".html",
        lambda: b"<meta" * 160 + b"charset=" + b" " * 3200 + b">" + page(f"<p>{TEXT}</p>"),
    ),
    "charset of Python": (
        ".html",
        lambda: (
            b"<meta charset=punycode>"
            + page(f"<p>{TEXT}</p>")
            + b"b" * 600_000
            + b"-"
            + b"a" * 600_000
        ),
    ),
    "attributes": (
        ".html",
        lambda: page("<p " + " ".join(f"a{n}=1" for n in range(60_000)) + f">{TEXT}</p>"),
    ),
    "times in elements in each other": (
        ".html",
        lambda: page("<div>" * 1500 + "<time datetime=2024-06-13></time>" * 24_000 + TEXT),
    ),
    "days that are none": (
        ".html",
        lambda: page(
            "".join(f"<time class=publish datetime='q{n} of 2024, 7'>x</time>" for n in range(9000))
            + f"<p>{TEXT}</p>" * 9
        ),
    ),
    "lists in JSON-LD": (".html", lambda: linked("[" + "[]," * 300_000 + "[]]")),
    "authors in broken JSON-LD": (".html", lambda: linked('"author""name"' * 6000)),
    "author of brackets": (
        ".html",
        lambda: page(f"<p>{TEXT}</p>" * 9, f'<meta name="authors" content="{"(" * 60_000}">'),
    ),
    "paragraphs": (".html", lambda: page(f"<p>{TEXT} <a href=/x>{TEXT[:20]}</a></p>" * 70_000)),
    "tags never closed": (".html", lambda: page("<b>" * 1_500_000 + TEXT)),
    "tags in each other": (".xhtml", lambda: page("<bo></head>" * 200_000 + TEXT)),
    # Feeds
    "entries in each other": (".rss", lambda: feed("<item>" * 200_000)),
    "lines before a feed": (".xml", lambda: feed("", "<?xml version='1.0'?>" + "\n" * 60_000)),
    "entities before a feed": (
        ".xml",
        lambda: feed("", "<?xml version='1.0'?>" + "\n<!ENTITY " * 14_000),
    ),
    "encodings of a feed": (".xml", lambda: feed("", "<?" + "encoding='a'?" * 600)),
    "author of a feed": (".xml", lambda: feed(f"<author>{'a' * 80_000}</author>")),
    "addresses in a style": (
        ".xml",
        lambda: feed(f"<description>&lt;p style='{'url(' * 40_000}'&gt;</description>"),
    ),
    "entities in a feed": (
        ".xml",
        lambda: feed(
            f"<description>{'&a;' * 300_000}</description>",
            f'<!DOCTYPE rss [\n<!ENTITY a "{"x" * 9000}">\n]>',
        ),
    ),
    # PDF and Word
    "text drawn often": (".pdf", lambda: repeated_text(1_500_000, times=2)),
    "text packed thrice": (".pdf", lambda: repeated_text(5_000_000, times=3)),
    "forms in forms, wide": (".pdf", lambda: nested_forms(8, 8)),
    "forms in forms, deep": (".pdf", lambda: nested_forms(22, 2)),
    "a page again and again": (".pdf", lambda: many_pages(300_000)),
    "many pages": (".pdf", lambda: many_pages(19_000)),
    "letters all over a page": (".pdf", lambda: scattered(100_000, columns=400)),
    "edges all over a page": (".pdf", lambda: scattered(2_900, columns=50)),
    "columns by the dozen": (".pdf", lambda: scattered(2_900, columns=12, text="It rained on Elm")),
    "giant page": (".pdf", giant_page),
    "picture that unpacks to gigabytes": (".png", lambda: blank_picture(90_000, 90_000)),
    "large blank picture": (".png", lambda: blank_picture(6000, 6000)),
    "boxes in a paragraph": (
        ".docx",
        lambda: word(
            "<w:p>"
            + "<w:r><w:txbxContent><w:p><w:r><w:t>a</w:t></w:r></w:p></w:txbxContent></w:r>"
            * 60_000
            + "</w:p>"
        ),
    ),
    "controls in controls": (
        ".docx",
        lambda: word(
            "<w:sdt><w:sdtContent>" * 100 + "<w:p/>" * 400_000 + "</w:sdtContent></w:sdt>" * 100
        ),
    ),
    "cell over all columns": (
        ".docx",
        lambda: word(f"<w:tbl><w:tr>{cell('Rain', span=900_000_000)}{cell('b')}</w:tr></w:tbl>"),
    ),
    "empty paragraphs": (".docx", lambda: word("<w:p/>" * 33_000_000)),
    "long cell over rows": (".docx", lambda: word(merged_rows("Rain " * 200_000, 2000))),
    "cell over rows": (".docx", lambda: word(merged_rows("Rain", 5000))),
    "links in a paragraph": (
        ".docx",
        lambda: word(f"<w:p>{'<w:r><w:t>a</w:t></w:r><w:hyperlink/>' * 60_000}</w:p>"),
    ),
    "breaks in a run": (
        ".docx",
        lambda: word(f"<w:p><w:r>{'<w:br/><w:t>a</w:t>' * 60_000}</w:r></w:p>"),
    ),
    "tables between paragraphs": (
        ".docx",
        lambda: word("<w:p/><w:tbl/>" * 60_000 + "<w:p><w:r><w:t>Rain</w:t></w:r></w:p>"),
    ),
    "styles": (".docx", lambda: styled(6000)),
}


def main() -> None:
    folder, *names = sys.argv[1:]
    # Before the forks, so that what a source takes is not what imports take.
    import chardet  # noqa: F401
    import dateparser  # noqa: F401
    import docx as _  # noqa: F401
    import feedparser  # noqa: F401
    import pypdfium2  # noqa: F401
    import trafilatura  # noqa: F401

    import ingest.sources
    import ingest.split  # noqa: F401

    size = 1 if names else BATCH
    chosen = names or list(COSTLY)
    for first in range(0, len(chosen), size):
        sources = {}
        for number, name in enumerate(chosen[first : first + size]):
            suffix, make = COSTLY[name]
            sources[name] = file = Path(folder, f"source{first + number}{suffix}")
            forked(lambda file=file, make=make: file.write_bytes(make()))
        files = list(sources.values())
        report = Path(folder, "report.json")
        report.unlink(missing_ok=True)
        status, used = forked(
            lambda files=files, out=report: take_in(files, out), seconds=LIMIT * len(files)
        )
        outcomes = json.loads(report.read_text()) if report.exists() else {}
        for name, file in sources.items():
            taken = {
                "name": name,
                "bytes": file.stat().st_size,
                "seconds": round(used.ru_utime + used.ru_stime, 1),
                "peak_mb": used.ru_maxrss // 1024,
                "killed": os.WIFSIGNALED(status),
            }
            print(json.dumps({**taken, **outcomes.get(str(file), {})}), flush=True)
            file.unlink()


def forked(work: Callable[[], object], *, seconds: int | None = None):
    """Run in a child process of at most so many CPU seconds and ``MEMORY``; how it ended, and
    what it used.
    """
    pid = os.fork()
    if pid == 0:
        try:
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            work()
        finally:
            os._exit(0)
    _, status, used = os.wait4(pid, 0)
    return status, used


def take_in(files: list[Path], report: Path) -> None:
    """Read, split and sign what files hold, as an ingest does."""
    from ingest.sources import Failure, Intake
    from ingest.split import split
    from qa.language.similarity import sign

    outcomes = {str(file): {"articles": 0, "failures": 0, "reason": ""} for file in files}
    for item in Intake(files):
        outcome = next(told for origin, told in outcomes.items() if item.origin.startswith(origin))
        if isinstance(item, Failure):
            outcome["failures"] += 1
            outcome["reason"] = outcome["reason"] or item.reason
            continue
        split(item.article)
        sign(item.article.title, item.article.text)
        outcome["articles"] += 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    children = {"children_mb": used.ru_maxrss // 1024}
    report.write_text(
        json.dumps({origin: {**told, **children} for origin, told in outcomes.items()})
    )


if __name__ == "__main__":
    main()
