"""Values of fields as exports and APIs write them: plain, in lists, in objects of their own."""

import ast
import json
import re
from typing import Any

from ingest.parsing.source import host_of
from qa.errors import UnreadableSource

__all__ = ["address_of", "day_of", "is_missing", "names_of", "people_of", "text_of"]

# Lists and objects in each other that are looked into.
_DEPTH = 20
# What programs write into a cell that holds nothing.
_MISSING = frozenset(
    ("nan", "NaN", "NaT", "NULL", "null", "None", "<NA>", "N/A", "n/a", "#N/A", "NA", "\\N")
)
# Line ends that were written out by a program, as they stand in a text of one line.
_WRITTEN_END = re.compile(r"(?:\\r)?\\n(?=[\s\\\"'“‘«„([-]|[^\W\d_a-zß-öø-ÿ]|\Z)")
_LEAST_ENDS = 2
# What a person, an organisation or a title is called when it is an object of its own.
_NAMES = (
    "name", "rendered", "main", "basic", "title", "value", "displayname", "display_name",
    "full_name", "fullname", "label", "id", "$oid",
)  # fmt: skip
_FIRST_NAMES = ("firstname", "first_name", "firstName", "given", "givenName")
_LAST_NAMES = ("lastname", "last_name", "lastName", "family", "familyName")
_PERSONS = ("person", "persons", "people", "authors", "by", "node", "data", "attributes")
_BYLINES = ("original", "byline")
_ADDRESSES = ("href", "url", "loc", "link", "value", "rendered", "@id")
_DAYS = ("$date", "value", "rendered", "date", "datetime", "iso", "$numberLong")
# Where an object that is a text, or a piece of one, keeps it.
_TEXTS = (
    "rendered", "processed", "value", "text", "content", "context", "body", "html", "blocks",
    "data", "children",
)  # fmt: skip
_RUNS = ("text", "link", "span")
_TITLES = ("title", "headline", "webTitle", "url", "link")
_BY = re.compile(r"by:?\s+", re.IGNORECASE)
# What has no word in it: the key of a record, a hash.
_KEY = re.compile(r"[\w+/=-]{16,200}", re.ASCII)
# How lists and objects begin that programs write.
_OPENINGS = ("['", '["', "{'", '{"', "[{")
# Characters of a cell that is read as a list: its parser takes a hundred times that.
_MAX_LIST = 200_000


def text_of(value: object, depth: int = _DEPTH) -> str:
    """A text, given whole, as a list of paragraphs, or in objects; empty if it is none.

    Raises UnreadableSource for one that lies too deep.
    """
    if isinstance(value, str):
        if value.isspace() or _KEY.fullmatch(value):
            return ""
        paragraphs = _written_list(value)
        return text_of(paragraphs, depth) if paragraphs else _with_line_ends(value)
    if isinstance(value, (list, dict)) and not depth:
        raise UnreadableSource(f"its text lies deeper than {_DEPTH} lists in each other")
    if isinstance(value, list):
        parts = [part for each in value if (part := _piece(each, depth - 1))]
        return ("" if _are_runs(value) else "\n\n").join(parts)
    if isinstance(value, dict):
        return next((text for key in _TEXTS if (text := text_of(value.get(key), depth - 1))), "")
    return ""


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing but what a program writes for that."""
    return isinstance(value, str) and value.strip() in _MISSING


def _with_line_ends(text: str) -> str:
    if "\\n" not in text or "\n" in text:
        return text
    # Where one is followed by a small letter, it is part of a name: C:\\news.
    whole, count = _WRITTEN_END.subn("\n", text)
    return whole if count >= _LEAST_ENDS and "\\n" not in whole else text


def _piece(value: object, depth: int) -> str:
    """A paragraph of a text; what has a title or an address of its own is another article."""
    if isinstance(value, dict) and any(value.get(key) for key in _TITLES):
        return ""
    return text_of(value, depth)


def _are_runs(values: list[object]) -> bool:
    """Whether these are the runs of one paragraph, as editors keep them."""
    return all(
        isinstance(each, dict)
        and "text" in each
        and (each.get("type") or each.get("_type")) in _RUNS
        for each in values
    )


def names_of(value: object, depth: int = _DEPTH) -> str:
    """A short value as one string; lists joined with commas, objects by their name."""
    if isinstance(value, str):
        inner = written_value(value) if depth else None
        return value.strip() if inner is None else names_of(inner, depth - 1)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and depth:
        return ", ".join(part for each in value if (part := names_of(each, depth - 1)))
    if isinstance(value, dict) and depth:
        return next((name for key in _NAMES if (name := names_of(value.get(key), depth - 1))), "")
    return ""


def people_of(value: object, depth: int = _DEPTH) -> str:
    """Names of people, joined with commas; a number is none.

    >>> people_of({"original": "By Ann Lee", "person": [{"firstname": "Ann", "lastname": "Lee"}]})
    'Ann Lee'
    """
    if isinstance(value, str):
        people = written_value(value) if depth else None
        return _person(value) if people is None else people_of(people, depth - 1)
    if isinstance(value, list) and depth:
        return ", ".join(
            dict.fromkeys(filter(None, (people_of(each, depth - 1) for each in value)))
        )
    if isinstance(value, dict) and depth:
        return (
            next((names for key in _PERSONS if (names := people_of(value.get(key), depth - 1))), "")
            or f"{_string(value, _FIRST_NAMES)} {_string(value, _LAST_NAMES)}".strip()
            or _person(_string(value, (*_NAMES, *_BYLINES)))
        )
    return ""


def _person(name: str) -> str:
    name = _BY.sub("", name.strip(), count=1) if _BY.match(name.strip()) else name.strip()
    return "" if name.isdecimal() or "://" in name else name


def address_of(value: object, depth: int = _DEPTH) -> str:
    """The first web address of a value, empty if it has none."""
    if isinstance(value, str):
        return value.strip() if host_of(value.strip()) else ""
    if isinstance(value, list) and depth:
        return next((found for each in value if (found := address_of(each, depth - 1))), "")
    if isinstance(value, dict) and depth:
        inner = (address_of(value.get(key), depth - 1) for key in _ADDRESSES)
        return next(filter(None, inner), "")
    return ""


def day_of(value: object, depth: int = _DEPTH) -> object:
    """What states the day in a value: it, or what is in it."""
    if isinstance(value, list) and depth:
        return day_of(value[0], depth - 1) if value else None
    if isinstance(value, dict) and depth:
        return day_of(next((value[key] for key in _DAYS if value.get(key)), None), depth - 1)
    return value


def _string(value: dict[Any, object], keys: tuple[str, ...]) -> str:
    return next((name for key in keys if isinstance(name := value.get(key), str) and name), "")


def _written_list(value: str) -> list[object]:
    """The strings of a list that a program wrote into a cell, none if it is not one."""
    found = written_value(value)
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return found
    return []


def written_value(value: str) -> list[Any] | dict[str, Any] | None:
    """The list or object that a program wrote into a cell, None if it is neither.

    >>> written_value("{'main': 'Rain'}"), written_value("[sic] rain")
    ({'main': 'Rain'}, None)
    """
    value = value.strip() if value[:50].lstrip().startswith(_OPENINGS) else ""
    if not value.endswith(("]", "}")) or len(value) > _MAX_LIST:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(value)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list) or (isinstance(found, dict) and all(map(_is_name, found))):
            return found
    return None


def _is_name(key: object) -> bool:
    return isinstance(key, str)
