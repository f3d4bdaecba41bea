"""Numbers for citations, both ways: ``[n]`` written behind statements, and read in a reply.

Reading goes on while the reply arrives. Knows numbers, not what they stand for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.language.cleaning import one_line
from qa.language.sentences import sentences
from qa.records.answer import Answer, Statement

__all__ = ["CitedSentence", "MarkerParser", "ParsedText", "cited_sentences", "marked_text"]

_ITEM = r"\d{1,9}(?:\s*[-–]\s*\d{1,9})?"
_MARKER = re.compile(
    rf"[\[【]\s*\^?(?:(?:passage|source)s?\s+)?({_ITEM}(?:(?:\s*[,;&]\s*|\s+and\s+){_ITEM})*)\s*"
    r"(?:†[^\]】]*)?[\]】]",
    re.IGNORECASE,
)
# What is longer than this between brackets is no marker.
_LONGEST = 60
_CLOSING = ".,;:!?)”’»。！？，"
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)]|#{1,6})\s+")


def marked_text(answer: Answer) -> str:
    """The answer's text with the numbers of the cited articles behind each statement, and a mark
    behind those that nothing supports.
    """
    if answer.abstained:
        return answer.text

    def with_markers(statement: Statement) -> str:
        if statement.support == "unsupported":
            return f"{statement.text} [unsupported]"
        return statement.text + "".join(f" [{number}]" for number in answer.numbers_of(statement))

    lines = [*map(with_markers, answer.statements)]
    return " ".join([*lines, answer.reason] if answer.reason else lines)


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A reply without its markers. ``marks`` are pairs of a place in ``text`` (the end of what
    stands before the marker) and a passage's number; ``unknown`` counts the items of markers that
    name no passage. Fenced code blocks are left out.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence, and the numbers of the passages it cites in the order of first mention."""

    text: str
    numbers: tuple[int, ...]


class MarkerParser:
    """Reads a reply in pieces of any size; the result does not depend on where they are cut.

    ``[2]``, ``[1, 2]``, ``[1-3]``, ``【1】`` and their mixtures become ``[n]`` each, where n counts
    the passages 1 to ``passage_count`` in the order of first mention, as the numbers of an answer's
    citations do. What names no passage is removed and counted. Code is left as it is.

    >>> parser = MarkerParser(passage_count=7)
    >>> parser.feed("Nine died 【7, 2") + parser.feed("】.") + parser.finish()
    'Nine died [1][2].'
    """

    def __init__(self, passage_count: int) -> None:
        self._known = passage_count
        self._shown, self._plain = _Line(), _Line()
        self._marks: list[tuple[int, int]] = []
        self._order: dict[int, int] = {}
        self._unknown = 0
        self._held: list[str] = []
        self._blank = True
        self._code = self._fenced = False

    def feed(self, chunk: str) -> str:
        """The text that can be shown now; markers and what may become one are held back."""
        return "".join(part for character in chunk for part in self._read(character))

    def finish(self) -> str:
        """The rest of the text, at the end of the reply."""
        return "".join(self._release()) + self._shown.rest()

    @property
    def parsed(self) -> ParsedText:
        """All that was read so far, what is held back left out."""
        return ParsedText("".join(self._plain.parts), tuple(self._marks), self._unknown)

    def _read(self, character: str) -> Iterator[str]:
        if self._held and not self._belongs(character):
            yield from self._release()
        if self._held or character == "`" or (character in "[【" and not self._in_code):
            self._held.append(character)
            if character in "]】" and self._held[0] != "`":
                yield from self._close()
        else:
            yield self._write(character)

    @property
    def _in_code(self) -> bool:
        return self._code or self._fenced

    def _belongs(self, character: str) -> bool:
        """Whether the character goes on what is held back: backticks, or a marker."""
        if self._held[0] == "`":
            return character == "`"
        return character not in "[【`\n" and len(self._held) < _LONGEST

    def _close(self) -> Iterator[str]:
        """A bracket has closed: a marker, or text after all."""
        match = _MARKER.fullmatch("".join(self._held))
        if not match:
            yield from self._release()
            return
        self._held.clear()
        numbers = self._resolve(match[1])
        self._plain.cut()
        if not numbers:
            self._shown.cut()
        for number in numbers:
            self._marks.append((self._plain.length, number))
            place = self._order.setdefault(number, len(self._order) + 1)
            yield self._shown.add(f"[{place}]")

    def _resolve(self, items: str) -> list[int]:
        numbers: dict[int, None] = {}
        for item in re.findall(_ITEM, items):
            low, *rest = (int(number) for number in re.findall(r"\d+", item))
            high = rest[0] if rest else low
            # Only what is known is counted through: a range may be as long as it likes.
            valid_numbers = range(max(low, 1), min(high, self._known) + 1)
            numbers.update(dict.fromkeys(valid_numbers))
            self._unknown += not (1 <= low <= high <= self._known)
        return list(numbers)

    def _release(self) -> Iterator[str]:
        """What was held back is text, or the bounds of code."""
        held_text = "".join(self._held)
        self._held.clear()
        if not held_text.startswith("`"):
            yield "".join(map(self._write, held_text))
        elif len(held_text) >= 3 and self._blank and not self._code:
            yield self._shown.add(held_text)
            self._fenced = not self._fenced
            self._blank = False
        else:
            yield "".join(map(self._write, held_text))
            self._code ^= len(held_text) % 2 == 1 and not self._fenced

    def _write(self, character: str) -> str:
        if character == "\n":
            # Code in a line ends with it, so that a stray backtick does no harm further on.
            self._blank, self._code = True, False
        elif not character.isspace():
            self._blank = False
        if not self._fenced:
            self._plain.add(character)
        return self._shown.add(character)


class _Line:
    """Text that is added to, with no space left over where a marker was cut out."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self._space = ""
        self._cut = False

    def add(self, text: str) -> str:
        """What the text makes certain: blanks wait for what follows them."""
        if text in " \t":
            if not (self._cut and self._space):
                self._space += text
            return ""
        certain = text if self._cut and text in _CLOSING else self._space + text
        self._space, self._cut = "", False
        self.parts.append(certain)
        self.length += len(certain)
        return certain

    def cut(self) -> None:
        self._cut = True

    def rest(self) -> str:
        """Blanks at the end, which nothing followed."""
        rest, self._space = self._space, ""
        return rest


def cited_sentences(parsed_text: ParsedText) -> list[CitedSentence]:
    """The sentences with the passages they cite, without bullets and emphasis.

    A marker belongs to the sentence it follows, behind its full stop too or on a line of its own;
    at the beginning of a line, to the sentence that it opens.
    """
    sentences_found: list[CitedSentence] = []
    marks = list(reversed(parsed_text.marks))
    start = 0
    for line in parsed_text.text.splitlines(keepends=True):
        bullet = _BULLET.match(line)
        lead = bullet.end() if bullet else 0
        for low, high in sentences(line[lead:]):
            numbers = _numbers_until(start + lead + high, marks)
            text = one_line(re.sub(r"\*\*|__", "", line[lead + low : lead + high]))
            if any(map(str.isalnum, text)):
                sentences_found.append(CitedSentence(text, numbers))
            else:
                _add(sentences_found, numbers)
        start += len(line)
        _add(sentences_found, _numbers_until(start - 1, marks))
    _add(sentences_found, _numbers_until(len(parsed_text.text), marks))
    return sentences_found


def _numbers_until(place: int, marks: list[tuple[int, int]]) -> tuple[int, ...]:
    """Take the numbers of the marks up to a place, which are next."""
    numbers: dict[int, None] = {}
    while marks and marks[-1][0] <= place:
        numbers[marks.pop()[1]] = None
    return tuple(numbers)


def _add(sentences_found: list[CitedSentence], numbers: tuple[int, ...]) -> None:
    if sentences_found and numbers:
        last = sentences_found[-1]
        sentences_found[-1] = replace(last, numbers=tuple(dict.fromkeys((*last.numbers, *numbers))))
