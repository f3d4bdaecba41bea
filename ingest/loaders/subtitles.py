"""Subtitles and transcripts with times (.srt, .vtt): what is said, without when."""

import re
from collections.abc import Iterator
from html import unescape

from ingest.parsing.article import make_article
from ingest.parsing.encoding import decode
from ingest.parsing.source import MAX_TEXT, Entry, Source
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource
from qa.language.cleaning import one_line

__all__ = ["load_subtitles"]

# Characters after which the end of a sentence ends a paragraph.
_PARAGRAPH = 500

_TIMING = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s+-->\s+\S")
# Signs for how and where a line is shown, by whom it is said, when each word is.
_STYLE = re.compile(r"\{\\[^{}]{0,80}\}|</?[a-zA-Z0-9][^<>]{0,200}>")
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002][\"'\u201d\u2019)\]]*$")


def load_subtitles(source: Source) -> Iterator[Entry]:
    """One article. Lines that are shown twice, as they roll up the screen, stand once."""
    text = decode(source.read(), source.charset).removeprefix("\ufeff")
    if not text.strip():
        raise EmptySource("the file is empty")
    if len(text) > 2 * MAX_TEXT:
        raise SourceTooLarge(
            f"subtitles of {len(text):,} characters; the limit is {2 * MAX_TEXT:,}. Split them"
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    title, said = _spoken(lines)
    if not said:
        raise UnreadableSource("no subtitles in it: no line says from when to when")
    yield Entry(make_article(source, _paragraphs(said), title=title or source.stem, url=source.url))


def _spoken(lines: list[str]) -> tuple[str, list[str]]:
    """The title where the file states one, and the lines that are said."""
    title = ""
    said: list[str] = []
    shown = False
    for number, line in enumerate(lines):
        if not number and line.startswith("WEBVTT"):
            title = one_line(line.removeprefix("WEBVTT").lstrip(" -"))
        elif _TIMING.match(line):
            shown = True
        elif not line.strip():
            shown = False
        elif shown:
            spoken = one_line(unescape(_STYLE.sub("", line)))
            if spoken and spoken not in said[-2:]:
                said.append(spoken)
    return title, said


def _paragraphs(said: list[str]) -> str:
    parts: list[str] = []
    size = 0
    for line in said:
        parts.append(line)
        size += len(line)
        ends = size > _PARAGRAPH and _SENTENCE_END.search(line)
        parts.append("\n\n" if ends else " ")
        size = 0 if ends else size
    return "".join(parts).strip()
