"""JSON and JSON Lines: one object per article."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ingest.loaders.feeds.json_feed import is_json_feed, json_feed_entries
from ingest.parsing.encoding import decode
from ingest.parsing.fields import article_from
from ingest.parsing.lines import Line, lines
from ingest.parsing.records.shapes import find_records
from ingest.parsing.source import MAX_LINE, Broken, Entry, Source, limit_broken, megabytes
from qa.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource

__all__ = ["load_json", "load_jsonl", "parse_json"]

# Values of one document: each takes up to 200 bytes of memory, and two bytes of the file.
MAX_VALUES = 2_000_000

# Bytes in which the first line of JSON Lines must end to be told by them.
_HEAD = 2**16

# A line of Elasticsearch's bulk format that is no record.
_ACTION = re.compile(r'\s*\{\s*"(?:index|create)"\s*:\s*\{[^{}]{0,500}\}\s*\}\s*')
_SPREAD = re.compile(rb"\s*[{\[]\s*\n")
# A string, whole or to the end of the text, or what stands before a value.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{,]', re.DOTALL)


@limit_broken
def load_json(source: Source) -> Iterator[Entry | Broken]:
    """An object, an array of objects, objects by their ids, a JSON Feed, or what holds arrays of
    articles anywhere, as the answers of APIs do. JSON Lines are read as those.
    """
    with source.opener() as stream:
        source = replace(source, opener=lambda: stream)
        if _is_lines(stream.peek(_HEAD)[:_HEAD]):
            yield from load_jsonl(source)
            return
        text = decode(source.read(), source.charset).removeprefix("\ufeff")
    if not text or text.isspace():
        raise EmptySource("the file is empty")
    try:
        data = parse_json(text)
    except UnreadableSource:
        first = text.partition("\n")[0]
        if not first.strip() or not _is_json(first):
            raise
        # Several documents, one to a line, that go by the name of one.
        yield from load_jsonl(Source.from_bytes(source.name, text.encode(), url=source.url))
        return
    del text
    if isinstance(data, dict) and is_json_feed(data):
        yield from json_feed_entries(data, source)
    elif isinstance(data, (dict, list)):
        yield from _document(data, source)
    else:
        raise UnreadableSource(f"a single {_kind(data)}, not an object or array of articles")


@limit_broken
def load_jsonl(source: Source) -> Iterator[Entry | Broken]:
    """One object per line, read as a stream; blank lines do not matter, nor do those by which
    Elasticsearch is told what to do with the next.

    What is one document spread over lines, whatever its name says, is read as that.
    """
    with source.opener() as stream:
        if _SPREAD.match(stream.peek(256)):
            yield from load_json(replace(source, opener=lambda: stream))
            return
        empty = True
        for line in lines(stream, source.charset):
            if line.text is None or line.text.strip():
                empty = False
                if not _ACTION.fullmatch(line.text or ""):
                    yield _line_entry(line, source)
        if empty:
            raise EmptySource("the file is empty")


def _is_lines(head: bytes) -> bool:
    """Whether a file goes on with another object after a first line that is one."""
    first, _, rest = head.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.lstrip().startswith(b"{"):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _document(data: dict[str, object] | list[object], source: Source) -> Iterator[Entry | Broken]:
    """The articles of a document, by their places in it."""
    if isinstance(data, list) and not data:
        raise EmptySource("the array of articles is empty")
    records = find_records(data)
    if not records and isinstance(data, dict):
        yield Entry(article_from(data, source, url=source.url))
    elif [record.place for record in records] == [""]:
        yield Entry(article_from(records[0].value, source, url=source.url))
    for record in records:
        if record.place:
            yield _entry(record.value, source, record.place)


def _line_entry(line: Line, source: Source) -> Entry | Broken:
    place = str(line.number)
    if line.text is None:
        return Broken(place, f"the line is longer than {megabytes(MAX_LINE)}, the limit for one")
    try:
        return _entry(parse_json(line.text, alone=False), source, place)
    except SourceError as error:
        return Broken.of(place, error)


def _entry(item: object, source: Source, place: str) -> Entry | Broken:
    if not isinstance(item, dict):
        return Broken(place, f"a JSON {_kind(item)}, not an object")
    try:
        return Entry(article_from(item, source), place)
    except SourceError as error:
        return Broken.of(place, error)


def parse_json(text: str, *, alone: bool = True) -> object:
    """The value that a text is the JSON of. ``alone`` tells that the text is a whole file.

    Raises UnreadableSource for what is not JSON, SourceTooLarge for more than ``MAX_VALUES``.
    """
    if _is_bulky(text):
        raise SourceTooLarge(
            f"JSON of more than {MAX_VALUES:,} values, the limit for one document; "
            "make it JSON Lines (.jsonl) with an article per line"
        )
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if alone else f"column {error.colno}"
        raise UnreadableSource(f"not valid JSON: {error.msg} at {where}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; nested deep
        raise UnreadableSource(f"JSON that cannot be read: {error}") from error


def _is_json(text: str) -> bool:
    try:
        return isinstance(parse_json(text), dict)
    except SourceError:
        return False


def _is_bulky(text: str) -> bool:
    if sum(map(text.count, "[{,")) <= MAX_VALUES:
        return False
    # The commas of prose do not count.
    values = (found for found in _TOKEN.finditer(text) if text[found.start()] != '"')
    return next(islice(values, MAX_VALUES, None), None) is not None


def _kind(value: object) -> str:
    names = {list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
