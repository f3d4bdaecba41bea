"""Mail: a message (.eml), a mailbox (.mbox), and a page saved as one (.mhtml)."""

import re
from collections.abc import Iterator, Sequence
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from ingest.loaders.html import load_html
from ingest.parsing.article import MAX_NAME, first_words, make_article
from ingest.parsing.dates import parse_day
from ingest.parsing.encoding import decode
from ingest.parsing.markup import plain_text
from ingest.parsing.source import (
    MAX_LINE,
    Broken,
    Entry,
    Omitted,
    Source,
    host_of,
    limit_broken,
    megabytes,
    parsing,
)
from qa.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource
from qa.language.cleaning import one_line
from qa.records.article import Article

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["load_eml", "load_mbox", "load_mhtml"]

# Characters of a header; the parsers of some take the square of its length.
_MAX_HEADER = 2000
# Lines of a message times its parts within parts: the parser compares each with all of those.
MAX_COMPARED = 10_000_000
# Share of the text as HTML that the plain one must have to be more than a note on it.
_WHOLE = 0.5

_MESSAGES = ("message/rfc822", "message/global")
# What proves who sent a mail, and says nothing.
_SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
# How the messages of a mailbox are set apart, after a blank line.
_SEPARATOR = re.compile(rb"From \S+ .{0,200}\d{4}")
_HEADER = re.compile(rb"\s*+[!-9;-~]{1,80}:")
_QUOTED = re.compile(rb">{1,80}From ")
_SOFT_BREAK = re.compile(r"(?<=[^\n]) \n(?![>\n]|-- ?\n)")
_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bq]\?[^?]*\?=", re.IGNORECASE)


@limit_broken
def load_eml(source: Source) -> Iterator[Entry | Omitted | Broken]:
    """One article, of the fullest text that the message has, and one of each message that is
    attached to it. What else is attached is named.
    """
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    yield from _entries(_parsed(data), source, "")


@limit_broken
def load_mbox(source: Source) -> Iterator[Entry | Omitted | Broken]:
    """One article per message, read as a stream, with what is attached as in ``load_eml``."""
    with source.opener() as stream:
        empty = True
        for number, data in enumerate(_messages(stream), start=1):
            empty = False
            if len(data) > MAX_LINE:
                limit = megabytes(MAX_LINE)
                yield Broken(str(number), f"a message of more than {limit}, the limit for one")
                continue
            try:
                yield from _entries(_parsed(data), source, str(number))
            except SourceError as error:
                yield Broken.of(str(number), error)
        if empty:
            raise EmptySource("the file is empty")


def load_mhtml(source: Source) -> Iterator[Entry | Broken]:
    """The page that was saved, at the address that it was saved from."""
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    message = _parsed(data)
    with parsing("saved page"):
        pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
        if not pages:
            raise UnreadableSource("no page in it, only what belongs to one")
        written = pages[0].get("Content-Location") or message.get("Snapshot-Content-Location")
        address = str(written or "").strip()[:_MAX_HEADER]
        charset = pages[0].get_content_charset()
        page = _payload(pages[0])
    known = address if address.startswith(("http://", "https://")) and host_of(address) else None
    yield from load_html(
        Source.from_bytes(source.name, page, url=source.url or known, charset=charset)
    )


def _parsed(data: bytes) -> "Message":
    """The message. Raises UnreadableSource for what is none."""
    import email

    # What was taken out of a mailbox begins with the line that set it apart there.
    first, _, rest = data[:_MAX_HEADER].lstrip().partition(b"\n")
    if _SEPARATOR.match(first) and rest:
        data = data.lstrip().partition(b"\n")[2]
    if not _HEADER.match(data):
        raise UnreadableSource("no mail: it does not begin with headers such as Subject and From")
    nested = data.lower().count(b"boundary") + data.count(b"message/")
    if data.count(b"\n") * max(1, nested) > MAX_COMPARED:
        raise SourceTooLarge("a mail of too many lines in too many parts; save its text alone")
    with parsing("mail"):
        # The parser of today's policies takes the square of the length of some headers.
        return email.message_from_bytes(data)


def _entries(message: "Message", source: Source, place: str) -> Iterator[Entry | Omitted | Broken]:
    """The article of a message, those of the messages in it, and what else is attached."""
    with parsing("mail"):
        parts = [*_parts(message)]
    attached = [part for part in parts if part.get_content_type() in _MESSAGES]
    try:
        yield Entry(_article(message, parts, source), place)
    except EmptySource:
        if not attached:
            raise
    for number, part in enumerate(attached, start=1):
        where = f"{place}:{number}" if place else str(number)
        inner: Any = part.get_payload(0) if part.is_multipart() else None
        try:
            with parsing("mail"):
                held = [*_parts(inner)] if inner else []
            if not inner:
                raise EmptySource("an attached mail without a text")
            yield Entry(_article(inner, held, source), where)
            yield from _omitted(held, where)
        except SourceError as error:
            yield Broken.of(where, error)
    yield from _omitted(parts, place)


def _parts(message: "Message") -> Iterator["Message"]:
    """The parts that hold something, in their order; a message that is attached as one of them."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part is not message and part.get_content_type() in _MESSAGES:
            yield part
        elif part.is_multipart():
            inner: Any = part.get_payload()
            waiting += reversed(inner)
        else:
            yield part


def _omitted(parts: Sequence["Message"], place: str) -> Iterator[Omitted]:
    for part in parts:
        kind = part.get_content_type()
        is_text = part.get_content_maintype() == "text" and not _file_name(part)
        if is_text or kind in _MESSAGES or kind in _SIGNATURES:
            continue
        what = "a picture" if part.get_content_maintype() == "image" else "attached to a mail"
        name = one_line(part.get_filename() or kind)[:200]
        yield Omitted(place, name, f"{what}; save it and take it in by itself")


def _article(message: "Message", parts: Sequence["Message"], source: Source) -> Article:
    from email.utils import parseaddr

    with parsing("mail"):
        plain, rich = _texts(parts)
        text = plain if len(plain) >= _WHOLE * len(rich) else rich
        sender, _ = parseaddr(_header(message, "From"))
        letter, _ = parseaddr(_header(message, "List-Id"))
        identity = _header(message, "Message-ID").strip("<> ")
        facts: dict[str, Any] = {
            "title": _header(message, "Subject") or first_words(text),
            "id": identity if len(identity) <= MAX_NAME else None,
            "author": sender,
            "publisher": letter,
            "language": _header(message, "Content-Language").partition(",")[0] or None,
            "published": parse_day(_header(message, "Date")),
        }
    if not text.strip():
        raise EmptySource("the mail has no text, only what is attached to it")
    return make_article(source, text, **facts)


def _texts(parts: Sequence["Message"]) -> tuple[str, str]:
    """The text as it is sent plain, and as HTML; either may be empty."""
    plain: list[str] = []
    rich: list[str] = []
    for part in parts:
        if part.get_content_maintype() != "text" or _file_name(part):
            continue
        text = decode(_payload(part), part.get_content_charset()).replace("\r\n", "\n")
        if part.get_content_subtype() == "html":
            rich.append(plain_text(text))
        elif part.get_content_subtype() == "plain":
            plain.append(_unwrapped(text, part))
    return "\n\n".join(filter(None, plain)).strip(), "\n\n".join(filter(None, rich))


def _payload(part: "Message") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unwrapped(text: str, part: "Message") -> str:
    """Lines that end in a blank go on, where the mail says so (RFC 3676)."""
    if part.get_param("format") != "flowed":
        return text
    is_cut = (part.get_param("delsp") or "") == "yes"
    return _SOFT_BREAK.sub("" if is_cut else " ", text)


def _header(message: "Message", name: str) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    written = one_line(str(message.get(name) or "")[:_MAX_HEADER])
    if not _WORD.search(written):
        return written.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return one_line(str(make_header(decode_header(written))))
    except (HeaderParseError, LookupError, ValueError):  # a charset that somebody made up
        return written


def _file_name(part: "Message") -> str:
    """What a part that is attached is called; empty for the text of the mail itself."""
    if part.get_content_disposition() == "attachment":
        return one_line(part.get_filename() or part.get_content_type())
    return ""


def _messages(stream: BufferedReader) -> Iterator[bytes]:
    """The messages of a mailbox; of one over ``MAX_LINE`` bytes no more than that and a line."""
    lines: list[bytes] = []
    size = 0
    blank = True
    while line := stream.readline(2**16):
        if blank and _SEPARATOR.match(line):
            if size:
                yield b"".join(lines)
            lines, size = [], 0
        elif size <= MAX_LINE and (size or line.strip()):
            # Lines that would be taken for the start of a message were given a sign before them.
            lines.append(line[1:] if _QUOTED.match(line) else line)
            size += len(line)
        blank = not line.strip()
    if size:
        yield b"".join(lines)
