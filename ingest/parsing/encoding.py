"""Bytes to text: which encoding a file is in, and whether it is text at all."""

import codecs
import re

from qa.errors import UnreadableSource

__all__ = [
    "decode",
    "looks_binary",
    "refuse_binary",
    "text_encoding",
    "utf16_without_mark",
    "without_mojibake",
]

# Bytes that are looked at to tell text from data, and one encoding from another.
SAMPLE = 2**16
# Bytes in which no NUL may be found; git draws the line at the same place.
NUL_SAMPLE = 8000
# Share of control characters above which nothing written by a person is seen.
MAX_CONTROL = 0.01

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # begins with the UTF-16 mark, so it is tried first
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Python's own ways of writing strings. Decoding the first takes the square of the length.
_NO_TEXT = frozenset(
    ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7")
)
_WIDE = ("utf-16", "utf-32", "ucs-", "iso-10646")
_LONGEST_NAME = 40
# Signs of a text that only UTF-8 explains, and runs of them for each stray byte.
_MIN_SIGNS, _MIN_SHARE = 3, 2
# Bytes in which single bytes of another encoding are looked for.
_MAX_MIXED = 8 * 2**20
_UTF8_SIGN = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_UTF8_SIGNS = re.compile(rb"(?:" + _UTF8_SIGN + rb")++")
_STRAY = re.compile(rb"((?:" + _UTF8_SIGN + rb")++)|([\x80-\xff])")
# Signs of UTF-8 that were read as Windows-1252 and written as that: quotes and dashes, which make
# sense in no other way, and letters, which seldom stand so in capitals.
_CP1252 = bytes(range(0x80, 0xC0)).decode("cp1252", "replace").replace("\ufffd", "") + "".join(
    map(chr, range(0x80, 0xC0))
)
_MISREAD = re.compile(
    f"(â[€\x80][{re.escape(_CP1252)}])|[ÂÃ][{re.escape(_CP1252)}]|ï»¿|ðŸ[{re.escape(_CP1252)}]{{2}}"
)
_MISREAD_FIRST = "âÂÃïð"
_LEAST_MISREAD = 2
_NOT_ASCII = re.compile(r"[^\x00-\x7f]++")
_HIGH = bytes(range(128, 256))
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"


def decode(data: bytes, declared: str | None = None) -> str:
    r"""The text of a file: byte order mark, declared charset, UTF-8, then the likeliest guess.

    Raises UnreadableSource for bytes that are no text. Line ends stay as they are.

    >>> decode("Öl".encode("utf-16")), decode(b"caf\xe9", "latin-1")
    ('Öl', 'café')
    """
    marked = encoding_mark(data)
    if marked:
        return data.decode(marked, errors="replace")
    unmarked = utf16_without_mark(data)
    if unmarked:
        return data.decode(unmarked, errors="replace")
    refuse_binary(data)
    charset = text_encoding(declared)
    if (text := _as_utf8(data, charset)) is not None:
        return text
    if charset and charset.startswith(_WIDE):
        charset = None  # every other byte of it would be none
    for each in (charset, "utf-8"):
        text = _try(data, each)
        if text is not None:
            return text
    return data.decode(guess_charset(data), errors="replace")


def _as_utf8(data: bytes, declared: str | None) -> str | None:
    """The text of what can only be UTF-8, whatever was declared: some signs that are encoded in
    it, and hardly a byte else, make sense in no other encoding, where one or two may.

    The other bytes are read as Windows-1252, as systems mix the two that copy text.
    """
    if data.isascii():
        return None
    text = _try(data, "utf-8")
    if declared and declared not in ("utf-8", "utf8"):
        single_bytes = len(_try("é".encode(), declared) or "") == 2
        if not single_bytes:
            return text if text and len(data) - len(text) >= 2 * _MIN_SIGNS else None
    if text is not None or len(data) > _MAX_MIXED:
        return text
    rest, good = _UTF8_SIGNS.subn(b"", data)
    bad = len(rest) - len(rest.translate(None, _HIGH))
    if not good or good < _MIN_SHARE * bad or (bad and good < _MIN_SIGNS):
        return None
    whole = _STRAY.sub(
        lambda found: found[1] or found[2].decode("cp1252", "replace").encode(), data
    )
    return whole.decode("utf-8", "replace")


def without_mojibake(text: str) -> str:
    """A text whose signs were encoded twice, as they were before; one with signs that were not is
    left alone.

    >>> without_mojibake("Itâ€™s a cafÃ©"), without_mojibake("NÃO, a café")
    ('It’s a café', 'NÃO, a café')
    """
    if text.isascii() or not any(sign in text for sign in _MISREAD_FIRST):
        return text
    misread = [found[1] is not None for found in _MISREAD.finditer(text)]
    if not misread or not (any(misread) or len(misread) >= _LEAST_MISREAD):
        return text
    if len(misread) < sum(1 for _ in _NOT_ASCII.finditer(_MISREAD.sub("", text))):
        return text
    return _MISREAD.sub(lambda found: _read_again(found[0]), text)


def _read_again(misread: str) -> str:
    data = b"".join(
        sign.encode("latin-1") if sign < "\xa0" else sign.encode("cp1252") for sign in misread
    )
    try:
        return data.decode().removeprefix("\ufeff")
    except ValueError:
        return misread


def encoding_mark(data: bytes) -> str | None:
    """The encoding that a byte order mark at the start announces."""
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 of mostly Latin text shows itself by NULs in every other byte."""
    sample = data[:SAMPLE]
    even, odd, pairs = sample[::2].count(0), sample[1::2].count(0), len(sample) // 2
    if pairs < 4 or max(even, odd) < 0.7 * pairs or min(even, odd) > 0.02 * pairs:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def looks_binary(data: bytes) -> bool:
    """True for data that no person wrote as text, whatever its name says."""
    sample = data[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return b"\0" in sample[:NUL_SAMPLE] or controls > MAX_CONTROL * len(sample)


def refuse_binary(data: bytes) -> None:
    """Raise UnreadableSource for what looks binary."""
    if looks_binary(data):
        raise UnreadableSource("looks binary, not like text; is the suffix of its name right?")


def has_old_ends(data: bytes) -> bool:
    """Whether lines end as they did on a Macintosh, before it had Unix below."""
    return b"\r" in data[:SAMPLE] and b"\n" not in data[:SAMPLE]


def guess_charset(data: bytes) -> str:
    """The likeliest encoding of text that is not UTF-8."""
    if has_old_ends(data):
        return "mac_roman"
    import chardet

    found = chardet.detect(data[:SAMPLE])["encoding"]
    if not found:
        raise UnreadableSource("in no encoding that can be told; save it as UTF-8")
    return found


def text_encoding(charset: str | None) -> str | None:
    """The name under which a declared charset is decoded; None if texts are not written in it.

    Browsers read Latin-1 as its superset Windows-1252, since most pages mean that.

    >>> text_encoding(" 'ISO-8859-1' "), text_encoding("punycode")
    ('windows-1252', None)
    """
    name = (charset or "").strip().strip("\"'").lower()[:_LONGEST_NAME]
    if re.fullmatch(r"(iso[-_]?8859[-_]1|latin[-_]?1|(us-)?ascii)", name):
        return "windows-1252"
    if name == "gb2312":
        return "gb18030"
    try:
        return None if codecs.lookup(name).name in _NO_TEXT else name
    except (LookupError, ValueError):  # unknown here
        return None


def _try(data: bytes, charset: str | None) -> str | None:
    if charset is None:
        return None
    try:
        return data.decode(charset)
    except (LookupError, ValueError):  # a wrong declaration, or an encoding not of text
        return None
