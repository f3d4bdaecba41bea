"""The full-text index of titles and passages, with the words of the articles beside it, within a
transaction of the writer.

It keeps no text of its own, so it deletes by the very values it was given.
"""

import sqlite3
from collections.abc import Iterator
from itertools import zip_longest

from qa.errors import ArticleDamaged
from qa.language.multilingual.segment import segment
from qa.library.sqlite import word_counts
from qa.library.sqlite.rows import CHECKED_COLUMNS, to_article
from qa.records.article import Article

__all__ = ["FULL_TEXT", "check", "delete", "make", "rebuild", "write"]

# Titles and texts by their words, marks that belong to letters (as in Hindi) included.
FULL_TEXT = """
    CREATE VIRTUAL TABLE passage_text USING fts5 (
        title, body, content='',
        tokenize="porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
    );
"""

# Passages up to which the words themselves are compared.
_MOST_COMPARED = 20_000


def write(database: sqlite3.Connection, key: int, article: Article) -> None:
    """Add the passages of an article, which is stored under this table key."""
    _insert(database, "passage_text", key, article)
    word_counts.add(database, article)


def delete(database: sqlite3.Connection, key: int, article: Article) -> None:
    """Take its passages out, while they are stored."""
    database.executemany(
        "INSERT INTO passage_text (passage_text, rowid, title, body) VALUES ('delete', ?, ?, ?)",
        _texts(database, key, article),
    )
    word_counts.subtract(database, article)


def make(database: sqlite3.Connection) -> None:
    """It anew, of the present form, from the articles that are not damaged."""
    database.execute("DROP TABLE IF EXISTS passage_text")
    database.execute(FULL_TEXT)
    word_counts.clear(database)
    for key, article in _articles(database):
        write(database, key, article)


def rebuild(database: sqlite3.Connection) -> None:
    """Make it anew from the articles that are not damaged."""
    try:
        database.execute("INSERT INTO passage_text (passage_text) VALUES ('delete-all')")
    except sqlite3.DatabaseError:
        # Too damaged to be emptied.
        _replace(database)
    word_counts.clear(database)
    for key, article in _articles(database):
        write(database, key, article)


def _replace(database: sqlite3.Connection) -> None:
    """An empty index instead of one that SQLite may not even open in order to drop it."""
    database.execute("PRAGMA writable_schema = ON")
    database.execute("DELETE FROM sqlite_master WHERE name = 'passage_text'")
    # Read the schema again, without it.
    database.execute("PRAGMA writable_schema = RESET")
    for part in ("data", "idx", "docsize", "config"):
        database.execute(f"DROP TABLE IF EXISTS passage_text_{part}")
    database.execute(FULL_TEXT)


def check(database: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if it contradicts itself, or has other words than the articles.

    SQLite's own check sees no lost or altered word of an index that keeps no text. So the index is
    made once more beside it, and both are compared; of a large library the number of words alone.
    """
    database.execute("INSERT INTO passage_text (passage_text) VALUES ('integrity-check')")
    (passages,) = database.execute("SELECT count(*) FROM passages").fetchone()
    if passages > _MOST_COMPARED:
        same = _words(database, "main.passage_text") == _sizes(database)
    else:
        same = _same_words(database)
        same &= word_counts.agree(database, (article for _, article in _articles(database)))
    if not same:
        raise sqlite3.DatabaseError("its words are not those of the articles")


def _same_words(database: sqlite3.Connection) -> bool:
    database.execute(FULL_TEXT.replace("passage_text", "temp.expected_text"))
    for key, article in _articles(database):
        _insert(database, "temp.expected_text", key, article)
    instances = [_instances(database, "main", "passage_text"),
                 _instances(database, "temp", "expected_text")]  # fmt: skip
    return all(one == other for one, other in zip_longest(*instances))


def _instances(database: sqlite3.Connection, schema: str, table: str) -> sqlite3.Cursor:
    """Every word with where it stands, in an order of its own."""
    name = f"temp.words_of_{table}"
    database.execute(f"CREATE VIRTUAL TABLE {name} USING fts5vocab({schema}, {table}, instance)")
    return database.execute(f"SELECT term, doc, col, offset FROM {name}")


def _words(database: sqlite3.Connection, table: str) -> int:
    schema, _, name = table.partition(".")
    database.execute(f"CREATE VIRTUAL TABLE temp.totals USING fts5vocab({schema}, {name}, row)")
    return int(database.execute("SELECT coalesce(sum(cnt), 0) FROM temp.totals").fetchone()[0])


def _sizes(database: sqlite3.Connection) -> int:
    """How many words the index says its rows have."""
    rows = database.execute("SELECT sz FROM passage_text_docsize")
    return sum(sum(_numbers(size)) for (size,) in rows)


def _numbers(varints: bytes) -> Iterator[int]:
    """Of SQLite's kind: seven bits a byte, the highest first."""
    number = 0
    for byte in varints:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def _articles(database: sqlite3.Connection) -> Iterator[tuple[int, Article]]:
    """Those that are not damaged, by table key."""
    for (key,) in database.execute("SELECT key FROM articles").fetchall():
        row = database.execute(
            f"SELECT {CHECKED_COLUMNS} FROM articles WHERE key = ?", (key,)
        ).fetchone()
        try:
            yield key, to_article(row)
        except ArticleDamaged:
            continue


def _insert(database: sqlite3.Connection, table: str, key: int, article: Article) -> None:
    database.executemany(
        f"INSERT INTO {table} (rowid, title, body) VALUES (?, ?, ?)", _texts(database, key, article)
    )


def _texts(database: sqlite3.Connection, key: int, article: Article) -> list[tuple[int, str, str]]:
    rows = database.execute(
        "SELECT key, start, stop FROM passages WHERE article = ?", (key,)
    ).fetchall()
    return [
        (number, segment(article.title), segment(article.text[start:stop]))
        for number, start, stop in rows
        # Anything else is damage, which the doctor names.
        if isinstance(start, int) and isinstance(stop, int)
    ]
