"""The tables of what librarians do. None of them depends on another table."""

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
    -- Named sets of articles: those named one by one, and those that one of the rules lets in, of
    -- which a column without a value asks nothing.
    CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, note TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS collection_articles (
        collection TEXT NOT NULL, article TEXT NOT NULL, PRIMARY KEY (collection, article)
    );
    CREATE TABLE IF NOT EXISTS collection_rules (
        collection TEXT NOT NULL, number INTEGER NOT NULL,
        outlet TEXT, language TEXT, since TEXT, until TEXT, origin TEXT,
        PRIMARY KEY (collection, number)
    );
    -- Questions that are asked again, with the answers that were different.
    CREATE TABLE IF NOT EXISTS saved_questions (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, record TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS saved_answers (
        question TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (question, number)
    );
    -- Whoever stands here may read these collections and nothing else.
    CREATE TABLE IF NOT EXISTS user_collections (
        name TEXT NOT NULL, collection TEXT NOT NULL, PRIMARY KEY (name, collection)
    );
"""
