"""The unit that stands behind a number, where an amount is asked for."""

import re

from qa.language.cleaning import one_line
from qa.language.lexicon import SCALES, STOP_WORDS, alternatives
from qa.language.phrases import is_verb
from qa.records.reading import Span

__all__ = ["with_unit"]

_SCALE = rf"(?: (?:{alternatives(SCALES)}))?"
_BARE_NUMBER = re.compile(rf"\d[\d.,]*{_SCALE}")
_BEHIND = re.compile(rf"{_SCALE} (?:per cent\b|[a-z]{{3,}}\b)")


def with_unit(span: Span, unit: str) -> str:
    """The text of a span, on one line, with the unit right behind it if it is a bare number and an
    amount is asked for: ``unit`` is what sort, empty for a count.
    """
    text = one_line(span.text)
    behind = span.passage.text[span.end - span.passage.start :]
    match = _BEHIND.match(behind)
    if not unit or not match or not _BARE_NUMBER.fullmatch(text):
        return text
    word = match[0].split()[-1]
    if word in STOP_WORDS or (is_verb(word) and not word.endswith("s")):
        return text
    return f"{text}{match[0]}"
