"""Which fields of the records of a source nothing is made of. Knows no article."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Literal

from ingest.parsing.fields import ENVELOPES, USED_KEYS
from ingest.parsing.records.aliases import field_key
from ingest.parsing.source import UnusedNames
from qa.language.cleaning import one_line

__all__ = ["UnusedFields"]

# Names that are told of one source, and those that are remembered.
_MAX_TOLD = 30
_MAX_SETTLED = 10_000
# Characters of a name.
_LONGEST_NAME = 40
# Characters from which a field of an object may hold a text: below are keys, labels and flags.
_SHORTEST_TEXT = 40
# Objects and lists in each other that are looked into, and how many values of each.
_DEPTH = 3
_VALUES = 20


class UnusedFields:
    """Finds the names of one source, each once: every column of a table that is not empty, of
    objects the fields with a text of some length.
    """

    def __init__(self, kind: Literal["columns", "fields"]) -> None:
        self._kind: Literal["columns", "fields"] = kind
        self._shortest = 1 if kind == "columns" else _SHORTEST_TEXT
        self._settled: set[object] = set()
        self._told = 0

    def new_in(self, record: Mapping[Any, object]) -> UnusedNames | None:
        """The names that no record before this one had, None if there are none."""
        if self._told >= _MAX_TOLD or len(self._settled) >= _MAX_SETTLED:
            return None
        names = tuple(islice(self._names(record, _DEPTH), _MAX_TOLD - self._told))
        self._told += len(names)
        return UnusedNames(self._kind, names) if names else None

    def _names(self, record: Mapping[Any, object], depth: int) -> Iterator[str]:
        for name, value in record.items():
            # Most fields of most records end here.
            if name in self._settled or not self._may_be_text(value):
                continue
            key = field_key(str(name))
            if depth and key in ENVELOPES and isinstance(value, dict):
                yield from self._names(value, depth - 1)
            elif key in USED_KEYS:
                self._settled.add(name)
            elif self._is_text(value, depth):
                self._settled.add(name)
                if label := one_line(str(name)[: 2 * _LONGEST_NAME])[:_LONGEST_NAME]:
                    yield label

    def _may_be_text(self, value: object) -> bool:
        if isinstance(value, str):
            return len(value) >= self._shortest
        return isinstance(value, (dict, list))

    def _is_text(self, value: object, depth: int) -> bool:
        if isinstance(value, str):
            # Without a blank, it is an address or data; in some languages, a sentence.
            return len(value) >= self._shortest and (
                self._kind == "columns" or " " in value or not value.isascii()
            )
        if not depth or not isinstance(value, (dict, list)):
            return False
        inner = value.values() if isinstance(value, dict) else value
        return any(self._is_text(each, depth - 1) for each in islice(inner, _VALUES))
