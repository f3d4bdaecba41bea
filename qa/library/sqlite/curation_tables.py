"""The tables of what librarians do: edits of articles. None depends on another table."""

__all__ = ["CURATION_TABLES"]

CURATION_TABLES = """
    -- What somebody wrote instead of what a source stated, each as a line of its own. Its state is
    -- 'valid', or tells why it is so no more.
    CREATE TABLE IF NOT EXISTS edits (
        article TEXT NOT NULL, number INTEGER NOT NULL, field TEXT NOT NULL,
        stated TEXT, earlier TEXT, value TEXT,
        editor TEXT NOT NULL, edited TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (article, number)
    );
"""
