"""What is left of deleted articles in the database: whether others have it, and its bytes."""

from qa.library.store import Library

__all__ = ["compact", "stands_in_articles"]


def stands_in_articles(library: Library, words: str) -> bool:
    """Whether these exact characters stand in text or title of an article, or of a version."""
    with library.connection() as database:
        for table, column in (("articles", "text"), ("articles", "title"), ("versions", "record")):
            sql = f"SELECT 1 FROM {table} WHERE instr({column}, ?) > 0 LIMIT 1"
            if database.execute(sql, (words,)).fetchone():
                return True
    return False


def compact(library: Library) -> None:
    """Write the database anew without what was deleted, of which bytes are left until then."""
    with library.connection() as database:
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
