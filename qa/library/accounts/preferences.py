"""What was set on the screen, and an audit line for whatever was changed there.

Settings are kept by the names of their variables (``QA_CHAT``); what the environment or a file
sets counts more.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.library.store import Library
from qa.records.clauses import Clause, verbatim
from qa.records.serialization import Record

__all__ = ["AuditLine", "audit", "audit_lines", "keep_preferences", "preferences"]


@dataclass(frozen=True, slots=True)
class AuditLine(Record):
    """Who changed what, in words; the name is empty for whoever came with the token or, where
    nobody logs in, for anybody. ``clause`` is what was changed for a screen of any language. UTC.
    """

    at: datetime
    who: str
    what: str
    clause: Clause


def preferences(library: Library) -> dict[str, str]:
    """What is set, by the names of the variables."""
    with library.connection() as database:
        rows = database.execute("SELECT name, value FROM preferences ORDER BY name").fetchall()
    return dict(rows)


def keep_preferences(library: Library, changes: Mapping[str, str]) -> None:
    """Set what is given; an empty value is that of the program again."""
    with library.database.transaction() as database:
        for name, value in changes.items():
            database.execute("DELETE FROM preferences WHERE name = ?", (name,))
            if value:
                database.execute("INSERT INTO preferences VALUES (?, ?)", (name, value))


def audit(library: Library, who: str, what: Clause) -> None:
    """Put down a change."""
    row = (secrets.token_hex(8), datetime.now(UTC).isoformat(), who, what.to_json())
    with library.connection() as database:
        database.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", row)


def audit_lines(library: Library, most: int = 200) -> list[AuditLine]:
    """The newest changes first, at most so many."""
    with library.connection() as database:
        sql = "SELECT at, who, what FROM audit ORDER BY at DESC, id LIMIT ?"
        rows = database.execute(sql, (most,)).fetchall()
    return [_line(*row) for row in rows]


def _line(at: str, who: str, what: str) -> AuditLine:
    # Lines of earlier versions are English alone.
    clause = Clause.from_json(what) if what.startswith("{") else verbatim(what)
    return AuditLine(datetime.fromisoformat(at), who, clause.text(), clause)
