"""In how many articles each word stands, as it is written but without capitals and accents: what a
question's spelling is measured by. Within a transaction of the writer.
"""

import re
from collections import Counter
from collections.abc import Iterator

from qa.errors import ArticleDamaged
from qa.language.multilingual.segment import pieces, unaccented
from qa.library.tables.connection import Connection
from qa.library.tables.rows import CHECKED_COLUMNS, to_article
from qa.records.article import Article

__all__ = ["add", "agree", "make", "subtract"]

_WORD = re.compile(r"[^\W\d_]+")
# In letters: shorter ones are not mended, longer ones are no words.
_SHORTEST, _LONGEST = 3, 30


def add(database: Connection, article: Article) -> None:
    """Count the words of an article."""
    database.executemany(
        """INSERT INTO words VALUES (?, 1)
           ON CONFLICT (word) DO UPDATE SET articles = words.articles + 1""",
        _rows(article),
    )


def subtract(database: Connection, article: Article) -> None:
    """Count them no longer."""
    words = _rows(article)
    database.executemany("UPDATE words SET articles = articles - 1 WHERE word = ?", words)
    database.executemany("DELETE FROM words WHERE word = ? AND articles <= 0", words)


def make(database: Connection) -> None:
    """Count anew, in the articles that are not damaged."""
    database.execute("DELETE FROM words")
    for article in _articles(database):
        add(database, article)


def agree(database: Connection) -> bool:
    """Whether the counts are those of the articles, of which none is damaged."""
    expected = Counter(word for article in _articles(database) for (word,) in _rows(article))
    return dict(database.execute("SELECT word, articles FROM words").fetchall()) == expected


def _articles(database: Connection) -> Iterator[Article]:
    """Those that are not damaged."""
    for (key,) in database.execute("SELECT key FROM articles").fetchall():
        row = database.execute(
            f"SELECT {CHECKED_COLUMNS} FROM articles WHERE key = ?", (key,)
        ).fetchone()
        try:
            yield to_article(row)
        except ArticleDamaged:
            continue


def _rows(article: Article) -> list[tuple[str]]:
    """Each word once; what is cut into pieces has none."""
    words = set(_WORD.findall(f"{article.title}\n{article.text}"))
    return [
        (word,)
        for word in {unaccented(word.lower()) for word in words if len(word) <= _LONGEST}
        if len(word) >= _SHORTEST and not pieces(word)
    ]
