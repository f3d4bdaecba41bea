"""JSON both ways for frozen dataclasses, by their type hints. Standard library only."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Self

__all__ = ["Record"]


class Record:
    """JSON both ways for the frozen dataclasses below."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; dates in ISO 8601."""
        plain = _encode(self)
        assert isinstance(plain, dict)
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON text, non-ASCII characters kept."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The record again; unknown keys are ignored. Raises KeyError if one is missing."""
        record = _decode(cls, data)
        assert isinstance(record, cls)
        return record

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of ``to_json``."""
        return cls.from_dict(json.loads(text))


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        stored = (item.name for item in fields(value) if item.metadata.get("stored", True))
        return {name: _encode(getattr(value, name)) for name in stored}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(_encode(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _decode(kind: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if value is None:
        return None
    if origin in (typing.Union, types.UnionType):
        return _decode(next(item for item in arguments if item is not type(None)), value)
    if origin is tuple:
        kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_decode(item, part) for item, part in zip(kinds, value, strict=True))
    if origin is frozenset:
        return frozenset(_decode(arguments[0], item) for item in value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        # A field may have had another name in what was written earlier.
        keys = {item.name: item.metadata.get("earlier") for item in fields(kind) if item.init}
        keys = {name: name if name in value else earlier for name, earlier in keys.items()}
        return kind(
            **{name: _decode(hints[name], value[k]) for name, k in keys.items() if k in value}
        )
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return dict(value) if isinstance(value, Mapping) else value
