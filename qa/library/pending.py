"""What the derived indexes have yet to take over from the library: passages and removals."""

from qa.errors import ArticleDamaged
from qa.library.store import Library
from qa.library.tables.rows import CHECKED_COLUMNS, Pending, to_article, to_passage
from qa.protocols import LexicalEntry
from qa.records.article import Article

__all__ = [
    "Pending",
    "pending_keys",
    "pending_passages",
    "removed_keys",
    "removed_words",
    "unindexed_words",
]

# More than there are.
_ALL = 2**62


def pending_passages(library: Library, limit: int, *, after: int = 0) -> list[Pending]:
    """Up to ``limit`` passages past the key ``after`` that await their vectors, by key; those
    of damaged articles are left out. Empty when there are no more.
    """
    return _passages_after(library, limit, after, "NOT indexed AND")


def unindexed_words(library: Library, limit: int, *, after: int) -> list[LexicalEntry]:
    """The same of all passages, as the word index takes them."""
    return [
        LexicalEntry(
            key=item.key,
            title=item.passage.title,
            text=item.passage.text,
            published=item.passage.published,
            source=item.passage.source,
        )
        for item in _passages_after(library, limit, after)
    ]


def removed_words(library: Library, limit: int = _ALL) -> list[int]:
    """Up to ``limit`` keys that the word index is to forget (all of them if not given)."""
    with library.connection() as database:
        rows = database.execute("SELECT key FROM lexical_removals LIMIT ?", (limit,)).fetchall()
    return [row[0] for row in rows]


def pending_keys(library: Library) -> set[int]:
    """The keys of all passages that await their vectors."""
    with library.connection() as database:
        rows = database.execute("SELECT key FROM passages WHERE NOT indexed").fetchall()
    return {row[0] for row in rows}


def removed_keys(library: Library, limit: int = _ALL) -> list[int]:
    """Up to ``limit`` keys whose vectors are to be deleted (all of them if not given)."""
    with library.connection() as database:
        rows = database.execute("SELECT key FROM removals LIMIT ?", (limit,)).fetchall()
    return [row[0] for row in rows]


def _passages_after(library: Library, limit: int, after: int, condition: str = "") -> list[Pending]:
    passages: list[Pending] = []
    while not passages:
        with library.connection() as database:
            rows = database.execute(
                f"""SELECT key, article, start, stop FROM passages
                    WHERE {condition} key > ? ORDER BY key LIMIT ?""",
                (after, limit),
            ).fetchall()
        if not rows:
            break
        after = rows[-1][0]
        articles = _intact_articles(library, {row[1] for row in rows})
        for key, article, start, stop in rows:
            if article in articles:
                passage = to_passage(articles[article], start, stop)
                if passage:
                    passages.append(Pending(key, passage, articles[article].version))
    return passages


def _intact_articles(library: Library, keys: set[int]) -> dict[int, Article]:
    """The articles of these table keys that are as they were stored."""
    articles: dict[int, Article] = {}
    for key in keys:
        with library.connection() as database:
            row = database.execute(
                f"SELECT {CHECKED_COLUMNS} FROM articles WHERE key = ?", (key,)
            ).fetchone()
        try:
            if row:
                articles[key] = to_article(row)
        except ArticleDamaged:
            continue
    return articles
