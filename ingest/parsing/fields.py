"""Named fields of JSON objects, CSV rows and front matter, under the names people give them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from ingest.parsing.article import first_words, make_article
from ingest.parsing.dates import DayOrder, order_in, parse_day
from ingest.parsing.markup import readable_text
from ingest.parsing.names import joined_names
from ingest.parsing.records.aliases import FIELD_KEYS, field_key, known_fields, wanted_names
from ingest.parsing.records.values import address_of, day_of, names_of, people_of, text_of
from ingest.parsing.source import Source, TextElsewhere
from qa.errors import EmptySource
from qa.language.cleaning import one_line
from qa.records.article import Article

__all__ = [
    "ENVELOPES",
    "USED_KEYS",
    "article_from",
    "day_order",
    "facts_in",
    "summary_in",
    "text_in",
    "title_in",
]

T = TypeVar("T")

# Fields of a record that may hold all others: of the Guardian, Elasticsearch, GraphQL, Strapi.
ENVELOPES = ("fields", "source", "attributes", "node", "article", "post", "item", "data", "doc")
# Envelopes in each other that are opened.
_DEPTH = 3
# How many times as long as those before it a text must be to be taken instead of them.
_MUCH_LONGER = 1.5
# Characters of a note that an API makes.
_LONGEST_NOTE = 60
# "Published on:", "Date:"; what was updated then was published before.
_LABEL = re.compile(r"\A\s*(?:published|posted|date|created)(?: on| at)?\s*:?\s+", re.IGNORECASE)
# Where the first paragraph stands where it is not in the text, and how much of it is looked for.
_LEADS = ("lead", "leadparagraph", "intro")
_TOLD = 60
_PARTS_OF_DAY = ("year", "month", "day")
# All that something is made of, as ``field_key`` writes it.
USED_KEYS = frozenset(chain(_LEADS, _PARTS_OF_DAY, *FIELD_KEYS.values()))
_WITHDRAWN = ("[removed]", "[deleted]")
# What an API puts where it cut a text off.
_CUT = re.compile(r"\[\+?\d{1,9} (?:chars|characters)\]\s*$")


def article_from(
    record: Mapping[Any, object],
    source: Source,
    *,
    url: str | None = None,
    order: DayOrder = None,
) -> Article:
    """The article that a JSON object or CSV row describes; ``url`` is used if it names none,
    ``order`` is that of its dates of numbers.

    Raises EmptySource, naming the fields found and those looked for, when there is no text.
    """
    fields = _opened(record)
    text = readable_text(_text(fields), is_markup=False)
    if text and not text.isspace():
        text = _with_lead(text, fields)
    else:
        text = readable_text(_summary(fields), is_markup=False)
    if not text:
        title, page = _title(fields), _first(fields, "url", address_of)
        if title and page:
            raise TextElsewhere(f"a headline without a text, which is at {page[:300]}", [page])
        raise EmptySource(_no_text([str(name) for name in record]))
    if len(text) < _LONGEST_NOTE and text.strip().lower() in _WITHDRAWN:
        raise EmptySource(f"withdrawn by its outlet; all it says is {text.strip()!r}")
    if cut := _CUT.search(text, max(0, len(text) - _LONGEST_NOTE)):
        text = text[: cut.start()].rstrip()
    facts = _facts(fields, order)
    facts["title"] = facts["title"] or first_words(text)
    return make_article(source, text, **{**facts, "url": facts["url"] or url})


def facts_in(record: Mapping[Any, object]) -> dict[str, Any]:
    """All that is said about an article except its text, as keywords of ``make_article``."""
    return _facts(_lowered(record))


def day_order(records: Iterable[Mapping[Any, object]]) -> DayOrder:
    """What comes first in the dates of numbers of records that one program wrote."""
    opened = (_opened(record) for record in records)
    return order_in(
        day_of(fields[key])
        for fields in opened
        for key in (*FIELD_KEYS["published"], *FIELD_KEYS["updated"])
        if key in fields
    )


def _with_lead(text: str, fields: Mapping[str, object]) -> str:
    """A text after the lead that stands in a field of its own and is not in the text."""
    leads = (readable_text(text_of(fields.get(key)), is_markup=False) for key in _LEADS)
    lead = next((each.strip() for each in leads if each.strip()), "")
    is_told = not lead or one_line(lead)[:_TOLD] in one_line(text[: len(lead) + 2000])
    return text if is_told else f"{lead}\n\n{text}"


def _facts(fields: Mapping[str, object], order: DayOrder = None) -> dict[str, Any]:
    facts: dict[str, Any] = {name: _first(fields, name, names_of) for name in ("language", "id")}
    facts["url"] = _first(fields, "url", address_of)
    outlet = facts["publisher"] = _first(fields, "publisher", _outlet)
    people = _first(fields, "author", people_of)
    facts["author"] = joined_names([people], [outlet or ""]) if people else None
    facts["title"] = _title(fields)
    read_day = partial(_day, order=order)
    facts |= {name: _first(fields, name, read_day) for name in ("published", "updated")}
    facts["published"] = facts["published"] or _day_in_parts(fields)
    return facts


def title_in(record: Mapping[Any, object]) -> str:
    """The title that a record states, empty if none."""
    return _title(_lowered(record))


def text_in(record: Mapping[Any, object]) -> str:
    """The text that a record holds as its article's, not as a summary of it; empty if none."""
    return _text(_opened(record))


def summary_in(record: Mapping[Any, object]) -> str:
    """What a record holds that stands for a text where there is none; empty if nothing does."""
    return _summary(_opened(record))


def _title(fields: Mapping[str, object]) -> str:
    return one_line(readable_text(_first(fields, "title", names_of) or "", is_markup=False))


def _text(fields: Mapping[str, object]) -> str:
    return _first(fields, "text", text_of, longest=True) or ""


def _summary(fields: Mapping[str, object]) -> str:
    return _first(fields, "summary", text_of, longest=True) or ""


def _lowered(record: Mapping[Any, object]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in record.items():
        key = field_key(str(name))
        # Of two spellings, the one that holds something.
        if key not in fields or not fields[key]:
            fields[key] = value
    return fields


def _opened(record: Mapping[Any, object], depth: int = _DEPTH) -> dict[str, object]:
    """The fields of a record, with those of the one in it that holds its text, if one does."""
    fields = _lowered(record)
    for name in ENVELOPES if depth else ():
        inner = fields.get(name)
        if isinstance(inner, dict) and _is_envelope(name, inner):
            opened = _opened(inner, depth - 1)
            if any(key in opened for key in (*FIELD_KEYS["text"], *FIELD_KEYS["summary"])):
                del fields[name]
                return fields | {key: value for key, value in opened.items() if value}
    return fields


def _is_envelope(name: str, inner: dict[Any, object]) -> bool:
    """What is named like a text may be one, in an object of its own."""
    if name not in FIELD_KEYS["text"]:
        return True
    return bool(known_fields([str(key) for key in inner]) & {"title", "url", "published"})


def _first(
    fields: Mapping[str, object],
    name: str,
    reader: Callable[[object], T],
    *,
    longest: bool = False,
) -> T | None:
    values = (reader(fields[key]) for key in FIELD_KEYS[name] if key in fields)
    filled = (value for value in values if value)
    best = next(filled, None)
    for value in filled if longest else ():
        assert isinstance(best, str)
        assert isinstance(value, str)
        if len(value) > _MUCH_LONGER * len(best):
            best = value
    return best


def _outlet(value: object) -> str:
    """The name of an outlet; an address is none."""
    name = one_line(readable_text(names_of(value), is_markup=False))
    return "" if "://" in name else name


def _day(value: object, order: DayOrder) -> date | None:
    """The day that a field states, with or without a word before it."""
    written = day_of(value)
    if day := parse_day(written, order=order):
        return day
    labelled = _LABEL.sub("", written, count=1) if isinstance(written, str) else None
    return parse_day(labelled, order=order) if labelled != written else None


def _day_in_parts(fields: Mapping[str, object]) -> date | None:
    """The day whose parts stand in fields of their own."""
    year, month, day = (names_of(fields.get(name)) for name in _PARTS_OF_DAY)
    return parse_day(f"{year}-{month}-{day}") or parse_day(f"{day} {month} {year}")


def _no_text(names: list[str]) -> str:
    empty = next((name for name in names if field_key(name) in FIELD_KEYS["text"]), None)
    if empty:
        return f"its text is empty (field {empty!r})"
    found = ", ".join(repr(name[:40]) for name in names[:12]) or "no fields"
    return f"no text in it: found {found}; looked for {wanted_names()}"
