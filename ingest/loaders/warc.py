"""Web archives (.warc): the pages that were captured, each at its address."""

import io
from collections.abc import Iterator
from typing import Any

from ingest.loaders.html import load_html
from ingest.parsing.source import (
    MAX_LINE,
    Broken,
    Entry,
    Source,
    limit_broken,
    megabytes,
    parsing,
)
from qa.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource

__all__ = ["load_warc"]

Record = Any  # of warcio, which has no types

_PAGES = ("text/html", "application/xhtml+xml")
_MARK = b"WARC/"
# Bytes read at once. The library joins a long line of such pieces, which takes their square.
_BLOCK = 2**20


@limit_broken
def load_warc(source: Source) -> Iterator[Entry | Broken]:
    """One article per page that was delivered (status 200), read as a stream. Pictures, scripts
    and answers of other kinds are no pages.
    """
    from warcio.archiveiterator import ArchiveIterator

    pages = number = 0
    with source.opener() as stream:
        head = stream.peek(len(_MARK))
        if not head.strip():
            raise EmptySource("the file is empty")
        # What is packed would be unpacked without a bound: .gz is undone before.
        if not head.startswith(_MARK):
            raise UnreadableSource("no web archive: it does not begin with WARC/; is it .warc.gz?")
        records = iter(ArchiveIterator(stream, block_size=_BLOCK))
        while (record := _next(records)) is not None:
            number += 1
            if not _is_page(record):
                continue
            pages += 1
            yield from _page(record, str(number), source)
    if not pages:
        raise EmptySource(f"no web page among the {number:,} records of the archive")


def _next(records: Iterator[Record]) -> Record | None:
    with parsing("web archive"):
        return next(records, None)


def _is_page(record: Record) -> bool:
    if record.rec_type == "resource":
        kind = record.rec_headers.get_header("Content-Type") or ""
    elif record.rec_type == "response" and record.http_headers:
        if record.http_headers.get_statuscode() != "200":
            return False
        kind = record.http_headers.get_header("Content-Type") or ""
    else:
        return False
    return kind.partition(";")[0].strip().lower() in _PAGES


def _page(record: Record, place: str, source: Source) -> Iterator[Entry | Broken]:
    try:
        with parsing("captured page"):
            data = _content(record)
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            headers = record.http_headers or record.rec_headers
            kind = headers.get_header("Content-Type") or ""
        _, _, charset = kind.lower().partition("charset=")
        page = Source(
            source.name,
            lambda: io.BufferedReader(io.BytesIO(data)),
            url.strip("<> ") or None,
            charset.partition(";")[0] or None,
        )
        for entry in load_html(page):
            yield Entry(entry.article, place) if isinstance(entry, Entry) else entry
    except SourceError as error:
        yield Broken.of(place, error)


def _content(record: Record) -> bytes:
    length = record.rec_headers.get_header("Content-Length") or ""
    if not length.isdecimal():
        raise UnreadableSource("a record that does not say how long it is")
    if len(length) > 18 or int(length) > MAX_LINE:
        raise SourceTooLarge(f"a record of more than {megabytes(MAX_LINE)}, the limit for a page")
    data: bytes = record.content_stream().read(MAX_LINE + 1)
    if len(data) > MAX_LINE:
        raise SourceTooLarge(f"a page of more than {megabytes(MAX_LINE)}, the limit for one")
    return data
