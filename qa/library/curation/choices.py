"""What a table of articles can be filtered by: outlets, languages, and what they were read from."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from qa.library.store import Library
from qa.library.tables.catalog import Selection
from qa.library.tables.identity import UPLOAD
from qa.records.clauses import Clause, clause, verbatim
from qa.records.serialization import Record

__all__ = ["Choices", "choices", "counts_of_source", "read_from"]

_ENTRY = re.compile(r":\d+$")
_MOST_CHOICES = 500
# Of these the loaders count lines, of mailboxes, feeds and archives of the web what is in them.
_LINED = (".csv", ".tsv", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Choices(Record):
    """What a table can be filtered by, each with its number of articles, most first; an unknown
    outlet or language is None. ``sources`` are files, folders, archives and addresses that articles
    were read from, by short names.
    """

    outlets: tuple[tuple[str | None, int], ...] = ()
    languages: tuple[tuple[str | None, int], ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)


def choices(library: Library) -> Choices:
    """What there is to choose from."""
    with library.catalog() as catalog:
        outlets = catalog.outlets(Selection())
        languages = catalog.languages(Selection())
        origins = catalog.database.execute("SELECT origin FROM articles").fetchall()
    counts: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    for (origin,) in origins:
        if origin:
            place = _place(origin)
            counts[_short_name(place)] += 1
            places[_short_name(place)].add(place)
    return Choices(
        tuple(outlets),
        tuple(languages),
        tuple(counts.most_common(_MOST_CHOICES)),
        {name: tuple(sorted(those)) for name, those in places.items()},
    )


def read_from(library: Library, article_id: str) -> Clause | None:
    """What an article was read from, by a short name; None when that is not known."""
    with library.connection() as database:
        row = database.execute("SELECT origin FROM articles WHERE id = ?", (article_id,)).fetchone()
    if not row or not row[0]:
        return None
    place = _place(row[0])
    entry = row[0][len(place) :].lstrip(":!/")
    if not entry or "://" in entry:
        return verbatim(_short_name(row[0]))
    if entry.isdecimal():
        file = _short_name(place)
        if file.lower().endswith(_LINED):
            return clause("%(file)s, line %(number)s", file=file, number=entry)
        return clause("%(file)s, entry %(number)s", file=file, number=entry)
    return verbatim(f"{_short_name(place)}, {entry}")


def counts_of_source(library: Library, address: str, since: datetime) -> tuple[int, int]:
    """How many articles were read from a feed or page, and how many of them since then."""
    sql = """SELECT count(*), coalesce(sum(CASE WHEN ingested >= ? THEN 1 ELSE 0 END), 0)
             FROM articles WHERE origin = ? OR substr(origin, 1, length(?) + 1) = ? || ':'"""
    with library.connection() as database:
        row = database.execute(sql, (since.isoformat(), address, address, address)).fetchone()
    return int(row[0]), int(row[1])


def _place(origin: str) -> str:
    """What an article was read from: the file or archive it was a part of, else its folder or site.

    >>> _place("/n/rows.jsonl:7"), _place("/n/a.zip!b.txt"), _place("/n/lake.txt")
    ('/n/rows.jsonl', '/n/a.zip', '/n')
    """
    file = _ENTRY.sub("", origin.partition("!")[0])
    if file != origin:
        return file
    return origin.rpartition("/")[0] or origin


def _short_name(place: str) -> str:
    """The name that people know it by: no path of this machine, and no name of who uploaded it.

    >>> _short_name("/srv/n/rows.jsonl"), _short_name("https://a.example/feed.xml")
    ('rows.jsonl', 'https://a.example/feed.xml')
    """
    if "://" in place:
        return place
    if place.startswith(UPLOAD) and "/" not in place:
        return "uploads"
    return re.split(r"[/\\]", place)[-1] or place
