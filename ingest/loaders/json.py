"""JSON and JSON Lines: one object per article."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from ingest.loaders.feeds.json_feed import is_json_feed, json_feed_entries
from ingest.parsing.dates import DayOrder
from ingest.parsing.encoding import decode
from ingest.parsing.fields import article_from, day_order
from ingest.parsing.lines import Line, lines
from ingest.parsing.records.shapes import find_records
from ingest.parsing.records.unused import UnusedFields
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
# What programs of pages put before their data, commas before the end of a list, and what stands
# between documents.
_FRAME = re.compile(r"\s*+(?:(?:var|let|const)\s++)?[A-Za-z_$][\w.$]{0,80}\s*+[=(]\s*+")
_LAST_COMMA = re.compile(r'("(?:[^"\\]++|\\.)*+"?)|,(?=\s*+[\]}])', re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*+")
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
        empty, order = True, _order_of_lines(stream.peek(_HEAD)[:_HEAD])
        unused = UnusedFields("fields")
        for line in lines(stream, source.charset):
            if line.text is None or line.text.strip():
                empty = False
                if not _ACTION.fullmatch(line.text or ""):
                    yield _line_entry(line, source, order, unused)
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
    records, unused = find_records(data), UnusedFields("fields")
    if not records and isinstance(data, dict):
        yield Entry(article_from(data, source, url=source.url), unused=unused.new_in(data))
    elif [record.place for record in records] == [""]:
        record = records[0].value
        yield Entry(article_from(record, source, url=source.url), unused=unused.new_in(record))
    order = day_order(record.value for record in records if isinstance(record.value, dict))
    for record in records:
        if record.place:
            yield _entry(record.value, source, record.place, order, unused)


def _order_of_lines(head: bytes) -> DayOrder:
    """What the whole lines at the start of a file tell of its dates."""
    values = []
    for line in head.split(b"\n")[:-1]:
        with suppress(ValueError, RecursionError):
            values.append(json.loads(line))
    return day_order(value for value in values if isinstance(value, dict))


def _line_entry(
    line: Line, source: Source, order: DayOrder, unused: UnusedFields
) -> Entry | Broken:
    place = str(line.number)
    if line.text is None:
        return Broken(place, f"the line is longer than {megabytes(MAX_LINE)}, the limit for one")
    try:
        text = line.text.rstrip().removesuffix(",")
        return _entry(parse_json(text, alone=False), source, place, order, unused)
    except SourceError as error:
        return Broken.of(place, error)


def _entry(
    item: object, source: Source, place: str, order: DayOrder, unused: UnusedFields
) -> Entry | Broken:
    if not isinstance(item, dict):
        return Broken(place, f"a JSON {_kind(item)}, not an object")
    try:
        return Entry(article_from(item, source, order=order), place, unused.new_in(item))
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
        if alone and (mended := _mended(text)) is not None:
            return mended
        where = f"line {error.lineno}, column {error.colno}" if alone else f"column {error.colno}"
        raise UnreadableSource(f"not valid JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise UnreadableSource("JSON whose lists and objects are nested too deep") from error
    except ValueError as error:
        raise UnreadableSource("JSON that holds a number of too many digits") from error


def _mended(text: str) -> object:
    """The values of what is JSON but for its frame: assigned to a variable, given to a function,
    several documents in a row, with commas before the ends of lists. None if there is no saying.
    """
    if frame := _FRAME.match(text):
        text = text[frame.end() :]
    text = _LAST_COMMA.sub(lambda found: found[1] or "", text)
    values: list[object] = []
    decoder, place = json.JSONDecoder(), len(text) - len(text.lstrip())
    try:
        while place < len(text) and text[place] in "[{":
            value, place = decoder.raw_decode(text, place)
            values.append(value)
            place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return None
    if not values or text[place:].strip(");\n\r\t "):
        return None
    return values[0] if len(values) == 1 else values


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
