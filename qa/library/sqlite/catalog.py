"""What the library's own records say of its articles: how many, which, of whom, of which days.

Nothing here loads more articles than it returns, but for what ``_across_passages`` tells. Every
value is bound; whatever a question says reaches the word index as a quoted phrase.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Literal

from qa.language.multilingual.segment import segment
from qa.library.sqlite.full_text import FULL_TEXT
from qa.library.sqlite.rows import placeholders, scope_condition, to_day
from qa.records.question import Scope

__all__ = [
    "Selection",
    "article_ids",
    "authors",
    "coverage",
    "languages",
    "outlets",
    "quoted_phrase",
    "title_ids",
]

_NEWEST_FIRST = "a.published IS NULL, a.published DESC, a.key DESC"
# Texts that are compared at once.
_BATCH = 200
# Conditions on words that one statement makes; what is left over is compared all the same.
_MOST_EXPRESSIONS = 20
# Scripts that write words without spaces, or join particles to them: these characters are looked
# for as they stand. Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_HAS_PASSAGE = """a.key IN (SELECT p.article FROM passage_text f
                  CROSS JOIN passages p ON p.key = f.rowid WHERE f.passage_text MATCH ?)"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are meant: those of the scope that have every one of ``phrases``, each as
    words in a row in title or text, in any case, accents and English endings aside, one of
    ``authors`` as the whole line of the author, one of ``languages`` as a two-letter code, and no
    day where ``undated``. What is empty leaves none out.
    """

    scope: Scope = field(default_factory=Scope)
    phrases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    undated: bool = False


def coverage(
    database: sqlite3.Connection, selection: Selection
) -> tuple[int, date | None, date | None, int]:
    """How many articles there are, their first and last day, and how many of them name a day."""
    where, values = _condition(database, selection)
    row = database.execute(
        f"""SELECT count(*), min(a.published), max(a.published), count(a.published)
            FROM articles a WHERE {where}""",
        values,
    ).fetchone()
    return row[0], to_day(row[1]), to_day(row[2]), row[3]


def article_ids(database: sqlite3.Connection, selection: Selection, limit: int) -> list[str]:
    """At most ``limit``, the newest first, those without a day last."""
    where, values = _condition(database, selection)
    rows = database.execute(
        f"SELECT a.id FROM articles a WHERE {where} ORDER BY {_NEWEST_FIRST} LIMIT ?",
        (*values, limit),
    )
    return [row[0] for row in rows]


def title_ids(
    database: sqlite3.Connection,
    words: Sequence[str],
    scope: Scope,
    limit: int,
    *,
    in_a_row: bool = False,
) -> list[str]:
    """The articles whose titles have all of the words, the newest first; none without a word."""
    phrases = [quoted_phrase(each) for each in ([" ".join(words)] if in_a_row else words)]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return []
    where, values = scope_condition(scope)
    rows = database.execute(
        f"""SELECT a.id FROM articles a WHERE {_HAS_PASSAGE} AND {where}
            ORDER BY {_NEWEST_FIRST} LIMIT ?""",
        (f"{{title}} : ({' AND '.join(phrases)})", *values, limit),
    )
    return [row[0] for row in rows]


def outlets(database: sqlite3.Connection, selection: Selection) -> list[tuple[str | None, int]]:
    """The outlets with the number of their articles, most articles first; None stands for those
    that name no outlet, and comes last.
    """
    return _tally(database, selection, "source")


def languages(database: sqlite3.Connection, selection: Selection) -> list[tuple[str | None, int]]:
    """The same of the two-letter codes of languages."""
    return _tally(database, selection, "language")


def authors(database: sqlite3.Connection, selection: Selection) -> list[tuple[str | None, int]]:
    """The same of the lines of authors, as the articles have them."""
    return _tally(database, selection, "author")


def quoted_phrase(text: str) -> str:
    """The words in a row as an FTS5 expression, in which nothing is syntax; empty without a word.

    >>> quoted_phrase('a "b" OR c*')
    '"a ""b"" OR c*"'
    """
    text = text.replace("\0", " ")
    return '"' + text.replace('"', '""') + '"' if re.search(r"[^\W_]", text) else ""


def _tally(
    database: sqlite3.Connection,
    selection: Selection,
    column: Literal["source", "language", "author"],
) -> list[tuple[str | None, int]]:
    where, values = _condition(database, selection)
    rows = database.execute(
        f"""SELECT a.{column}, count(*) FROM articles a WHERE {where} GROUP BY a.{column}
            ORDER BY a.{column} IS NULL, count(*) DESC, a.{column}""",
        values,
    )
    return [(row[0], row[1]) for row in rows]


def _condition(database: sqlite3.Connection, selection: Selection) -> tuple[str, list[Any]]:
    """The selection as a condition on ``articles a``, with its values."""
    where, scope_values = scope_condition(selection.scope)
    conditions, values = [where], list[Any](scope_values)
    for column, wanted in (("author", selection.authors), ("language", selection.languages)):
        if wanted:
            conditions.append(f"a.{column} IN ({placeholders(wanted)})")
            values += wanted
    if selection.undated:
        conditions.append("a.published IS NULL")
    for text in selection.phrases:
        phrase = quoted_phrase(segment(text))
        if _UNSPACED.search(text):
            conditions.append("(instr(a.title, ?) OR instr(a.text, ?))")
            values += [text, text]
            continue
        if not phrase:
            continue
        further_keys = _across_passages(database, phrase)
        conditions.append(f"({_HAS_PASSAGE} OR a.key IN ({placeholders(further_keys)}))")
        values += [phrase, *further_keys]
    return " AND ".join(conditions), values


def _across_passages(database: sqlite3.Connection, phrase: str) -> list[int]:
    """The keys of the articles in whose text the phrase stands, but in none of its passages.

    A passage holds whole sentences, so this is a sentence that was too long for one, or two that
    nothing but space parts. Only texts are looked at that have all of the words, and a passage that
    begins with one of them.
    """
    composed_phrase = unicodedata.normalize("NFC", phrase)
    words = [quoted_phrase(word) for word in re.findall(r"[^\W_]+", composed_phrase)]
    if len(words) < 2:
        return []
    expressions = list(dict.fromkeys(words))[:_MOST_EXPRESSIONS]
    if len(words) <= _MOST_EXPRESSIONS:
        openings = " OR ".join(f"^{word}" for word in words[1:])
        expressions.append(f"{{body}} : ({openings})")
    has_words = " AND ".join([_HAS_PASSAGE] * len(expressions))
    rows = database.execute(
        f"SELECT a.key, a.text FROM articles a WHERE {has_words} AND NOT {_HAS_PASSAGE}",
        (*expressions, phrase),
    )
    return list(_with_phrase(rows, phrase))


def _with_phrase(rows: Iterator[tuple[int, str]], phrase: str) -> Iterator[int]:
    """The keys of the texts that have the phrase, by an index of whole texts in memory."""
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(FULL_TEXT)
        while True:
            batch = list(islice(rows, _BATCH))
            memory.executemany(
                "INSERT INTO passage_text (rowid, title, body) VALUES (?, '', ?)",
                [(key, segment(text)) for key, text in batch],
            )
            sql = "SELECT rowid FROM passage_text WHERE passage_text MATCH ?"
            yield from (row[0] for row in memory.execute(sql, (phrase,)).fetchall())
            if len(batch) < _BATCH:
                return
            memory.execute("INSERT INTO passage_text (passage_text) VALUES ('delete-all')")
