"""Regular expressions matched as Python matches them, by trying and going back, in counted steps.

Python's own matcher cannot say how much it did, and its time depends on the machine. This one
reads the same patterns from Python's own parser, tries the same things in the same order, and
counts each look at a character.
"""

import re
import re._constants as sre
import re._parser as parser
from collections.abc import Callable

__all__ = ["ONE", "Matcher", "TooManySteps", "written"]

# What matches one character.
ONE = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
Go = Callable[[int], int | None]


class TooManySteps(Exception):
    """More than were allowed."""


class Matcher:
    """A compiled pattern with the steps that its last match took, as far as ``most_steps``."""

    def __init__(self, pattern: re.Pattern) -> None:
        self.steps = 0
        self.most_steps = float("inf")
        self._tree = parser.parse(pattern.pattern, pattern.flags)
        self._flags = self._tree.state.flags
        self.of_bytes = isinstance(pattern.pattern, bytes)
        # By the item of the tree, which lives as long as this does.
        self._one_character: dict[tuple[object, int], re.Pattern] = {}
        self._known: dict[tuple[object, int, str], bool] = {}

    def spans(self, text: str | bytes) -> list[tuple[int, int]]:
        """Where ``finditer`` finds it."""
        self._start(text)
        found, position, past = [], 0, -1
        while position <= len(text):
            end = self._all(self._tree, 0, position, lambda end: end)
            if end is not None and not (end == position == past):
                found.append((position, end))
                past = end
                if end > position:
                    position = end
                    continue
            position += 1
        return found

    def match(self, text: str | bytes, *, full: bool = False) -> int | None:
        """Where a match from the start ends."""
        self._start(text)
        return self._all(
            self._tree, 0, 0, lambda end: end if not full or end == len(text) else None
        )

    def _start(self, text: str | bytes) -> None:
        self._text = text.decode("latin-1") if isinstance(text, bytes) else text
        self._groups: dict[int, tuple[int, int]] = {}
        self.steps = 0

    def _all(self, items, index: int, at: int, go: Go) -> int | None:
        if index == len(items):
            return go(at)
        operator, argument = items[index]
        return self._one(operator, argument, at, lambda end: self._all(items, index + 1, end, go))

    def _one(self, operator, argument, at: int, go: Go) -> int | None:
        self._count()
        if operator in ONE:
            return go(at + 1) if self._is_in(operator, argument, at) else None
        if operator is sre.AT:
            return go(at) if self._is_at(argument, at) else None
        if operator is sre.BRANCH:
            ends = (self._all(branch, 0, at, go) for branch in argument[1])
            return next((end for end in ends if end is not None), None)
        if operator is sre.SUBPATTERN:
            return self._group(argument, at, go)
        if operator is sre.ATOMIC_GROUP:
            end = self._all(argument, 0, at, lambda end: end)
            return None if end is None else go(end)
        if operator is sre.GROUPREF:
            start, end = self._groups.get(argument, (0, -1))
            same = end >= start and self._text.startswith(self._text[start:end], at)
            return go(at + end - start) if same else None
        if operator in (sre.ASSERT, sre.ASSERT_NOT):
            direction, inner = argument
            width = inner.getwidth()[0] if direction < 0 else 0
            held = at >= width and self._all(inner, 0, at - width, lambda end: end) is not None
            return go(at) if held == (operator is sre.ASSERT) else None
        low, high, inner = argument
        if operator is sre.POSSESSIVE_REPEAT:
            return go(end) if (end := self._most(inner, low, high, at)) is not None else None
        lazy = operator is sre.MIN_REPEAT
        if len(inner) == 1 and inner[0][0] in ONE:
            return self._characters(*inner[0], low, high, at, go, lazy=lazy)
        return self._repeat(inner, low, high, at, go, lazy=lazy, count=0)

    def _group(self, argument, at: int, go: Go) -> int | None:
        number, _, _, inner = argument

        def closed(end: int) -> int | None:
            before = self._groups.get(number)
            self._groups[number] = (at, end)
            result = go(end)
            if result is None and before is not None:
                self._groups[number] = before
            return result

        return self._all(inner, 0, at, closed)

    def _characters(self, operator, argument, low, high, at, go, *, lazy) -> int | None:
        count = 0
        if lazy:
            while True:
                if count >= low and (end := go(at + count)) is not None:
                    return end
                if count == high or not self._is_in(operator, argument, at + count):
                    return None
                count += 1
        while count < high and self._is_in(operator, argument, at + count):
            count += 1
        ends = (go(at + each) for each in range(count, low - 1, -1))
        return next((end for end in ends if end is not None), None)

    def _repeat(self, inner, low, high, at, go, *, lazy, count) -> int | None:
        def again() -> int | None:
            def after(end: int) -> int | None:
                if end == at and count >= low:
                    return None
                return self._repeat(inner, low, high, end, go, lazy=lazy, count=count + 1)

            return self._all(inner, 0, at, after) if count < high else None

        if count < low:
            return again()
        for step in (lambda: go(at), again) if lazy else (again, lambda: go(at)):
            if (end := step()) is not None:
                return end
        return None

    def _most(self, inner, low, high, at) -> int | None:
        count = 0
        while count < high:
            end = self._all(inner, 0, at, lambda end: end)
            if end is None or (end == at and count >= low):
                break
            at, count = end, count + 1
        return at if count >= low else None

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self.most_steps:
            raise TooManySteps

    def _is_in(self, operator, argument, at: int) -> bool:
        self._count()
        if at >= len(self._text):
            return False
        sign = self._text[at]
        known = self._known.get((operator, id(argument), sign))
        if known is None:
            key = operator, id(argument)
            if key not in self._one_character:
                flags = self._flags & (re.I | re.S | re.A) | (re.A if self.of_bytes else 0)
                self._one_character[key] = re.compile(written(operator, argument), flags)
            known = self._one_character[key].match(sign) is not None
            self._known[*key, sign] = known
        return known

    def _is_at(self, where, at: int) -> bool:
        text, size = self._text, len(self._text)
        if where in (sre.AT_BOUNDARY, sre.AT_NON_BOUNDARY):
            boundary = re.compile(r"\b", re.A if self.of_bytes or self._flags & re.A else 0)
            return (boundary.match(text, at) is not None) == (where is sre.AT_BOUNDARY)
        many = bool(self._flags & re.M)
        if where is sre.AT_BEGINNING:
            return at == 0 or (many and text[at - 1] == "\n")
        if where is sre.AT_BEGINNING_STRING:
            return at == 0
        if where is sre.AT_END:
            return at == size or (text[at] == "\n" and (many or at == size - 1))
        assert where is sre.AT_END_STRING, where
        return at == size


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def written(operator, argument) -> str:
    """One character of a pattern, written as a pattern again."""
    if operator is sre.ANY:
        return "."
    if operator is sre.LITERAL:
        return re.escape(chr(argument))
    if operator is sre.NOT_LITERAL:
        return f"[^{re.escape(chr(argument))}]"
    parts = []
    for kind, value in argument:
        if kind is sre.NEGATE:
            parts.append("^")
        elif kind is sre.LITERAL:
            parts.append(re.escape(chr(value)))
        elif kind is sre.RANGE:
            parts.append("-".join(re.escape(chr(each)) for each in value))
        else:
            parts.append(_CATEGORIES[value])
    return f"[{''.join(parts)}]"
