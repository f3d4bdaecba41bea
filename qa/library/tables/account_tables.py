"""The tables of accounts, as any database has them: text alone, times in ISO 8601 and UTC."""

__all__ = ["ACCOUNT_TABLES", "FIRST_ADMINS"]

ACCOUNT_TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, stamp TEXT NOT NULL,
    began TEXT NOT NULL, ends TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, purpose TEXT NOT NULL, name TEXT NOT NULL,
    role TEXT NOT NULL, label TEXT NOT NULL, made TEXT NOT NULL, ends TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS preferences (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audit (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL
);
"""

# Editors could do everything, until there were admins; so could whoever was invited as one.
FIRST_ADMINS = """
UPDATE users SET role = 'admin' WHERE role = 'editor';
UPDATE tokens SET role = 'admin' WHERE role = 'editor' AND purpose = 'invitation';
"""
