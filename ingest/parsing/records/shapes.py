"""Where in a JSON document the articles lie. Knows neither files nor how an article is made."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from ingest.parsing.fields import summary_in, text_in, title_in
from ingest.parsing.records.aliases import known_fields, may_hold_records
from qa.errors import SourceError

__all__ = ["Record", "find_records"]

# Objects and lists in each other that are looked into.
_DEPTH = 8
# Characters of a text that may be a note on the list beside it.
_NOTE = 300
# Characters of a name in a place.
_LONGEST_NAME = 80

_Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be an article, an object if it can be one. ``place`` names it: its number in the
    list, counted from 1, with the path to that list if there are several; empty for the document.
    """

    value: Any
    place: str


def find_records(data: dict[str, Any] | list[Any]) -> list[Record]:
    """The records of a document, in its order; empty if nothing in it looks like one.

    Lists of articles are found wherever they lie. Those that lie in an article (its comments,
    related ones) are left to it. Objects by their ids have those as their ids.

    >>> [record.place for record in find_records({"response": {"docs": [{"body": "Rain fell."}]}})]
    ['1']
    """
    data = _rows_of(data)
    found = _articles(data, (), _DEPTH) or _headlines(data, (), _DEPTH)
    one_list = len({path[:-1] for path, _ in found}) == 1
    return [Record(value, ":".join(path[-1:] if one_list else path)) for path, value in found]


def _rows_of(data: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
    """The rows of a table that is written by its columns, or under a row with their names, as
    objects; other data as it is.

    >>> _rows_of({"title": {"0": "Rain"}, "text": {"0": "It fell."}})
    [{'title': 'Rain', 'text': 'It fell.'}]
    """
    names, rows = _table(data)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return data
    if not {"title", "text"} <= known_fields(names):
        return data
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return data
    return [dict(zip(names, row, strict=True)) for row in rows]


def _table(data: dict[str, Any] | list[Any]) -> tuple[object, list[Any]]:
    """What may be the names of columns, None if nothing may, and the rows."""
    if isinstance(data, list):
        return (data[0], data[1:]) if len(data) > 1 else (None, [])
    if isinstance(rows := data.get("data"), list):
        return data.get("columns"), rows
    columns = [[*each.values()] if isinstance(each, dict) else each for each in data.values()]
    if all(isinstance(column, list) for column in columns) and len({*map(len, columns)}) == 1:
        return [*data], [[*row] for row in zip(*columns, strict=True)]
    return None, []


def _articles(value: object, path: _Path, depth: int) -> list[tuple[_Path, Any]]:
    if isinstance(value, list) and depth:
        inner = [_articles(each, (*path, str(n)), depth - 1) for n, each in enumerate(value, 1)]
        if any(_is_itself(found, each) for found, each in zip(inner, value, strict=True)):
            return _numbered(value, path)
        return [record for found in inner for record in found]
    if isinstance(value, dict) and depth:
        size, title = _size(value), title_in(value)
        if size and (title or size > _NOTE):
            return [(path, value)]
        inner_records = _by_name(value, path, depth)
        if not (size or (title and summary_in(value))):
            return inner_records
        # Comments have no titles, and what lists articles may have a description.
        listed = any(isinstance(inner, dict) and title_in(inner) for _, inner in inner_records)
        return inner_records if listed or (inner_records and not title) else [(path, value)]
    return []


def _by_name(value: dict[str, Any], path: _Path, depth: int) -> list[tuple[_Path, Any]]:
    inner = {
        name: _articles(each, (*path, name[:_LONGEST_NAME]), depth - 1)
        for name, each in value.items()
        if isinstance(each, (dict, list)) and may_hold_records(name)
    }
    records = [record for found in inner.values() for record in found]
    if len(value) == len(records) > 1 and all(
        _is_itself(found, value[name]) for name, found in inner.items()
    ):
        return [((*path, name[:_LONGEST_NAME]), {"id": name, **value[name]}) for name in value]
    return records


def _is_itself(found: list[tuple[_Path, Any]], value: object) -> bool:
    return isinstance(value, dict) and len(found) == 1 and found[0][1] is value


def _size(value: dict[str, Any]) -> int:
    """Characters of its text; more than a note for one that cannot be read, which will say so."""
    try:
        return len(text_in(value))
    except SourceError:
        return _NOTE + 1


def _headlines(value: object, path: _Path, depth: int) -> list[tuple[_Path, Any]]:
    """Lists of what has a title at least, and the document if it is a list: each says why not."""
    if isinstance(value, list) and depth:
        titled = any(isinstance(each, dict) and title_in(each) for each in value)
        return _numbered(value, path) if titled or not path else []
    if isinstance(value, dict) and depth:
        return [
            record
            for name, each in value.items()
            for record in _headlines(each, (*path, name[:_LONGEST_NAME]), depth - 1)
        ]
    return []


def _numbered(values: list[Any], path: _Path) -> list[tuple[_Path, Any]]:
    return [((*path, str(number)), value) for number, value in enumerate(values, 1)]
