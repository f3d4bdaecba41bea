"""Conversations kept in the library: what was asked, and each answer as it was given then.

Needs no writer lock: ingests may run. Knows nothing of how they are shown, nor who may see them
beyond the owner's name that comes with every call (empty where nobody logs in; None for whoever
holds the id, which nobody can guess).
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from qa.errors import ConversationNotFound
from qa.language.cleaning import clean_line
from qa.library.store import Library
from qa.records.answer import Answer
from qa.records.question import Scope
from qa.records.serialization import Record

__all__ = [
    "Conversation",
    "Exchange",
    "begin",
    "conversations",
    "delete",
    "exchange",
    "exchanges",
    "find",
    "keep",
    "kept_answers",
    "rename",
    "search",
]

_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Conversation(Record):
    """One line of a list of conversations; times are UTC."""

    id: str
    title: str
    started: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Exchange(Record):
    """One question with its answer, numbered from 1; ``scope`` and ``as_of`` are as asked."""

    number: int
    answer: Answer
    scope: Scope = field(default_factory=Scope)
    as_of: date | None = None


def begin(library: Library, title: str, *, owner: str = "") -> Conversation:
    """A new, empty conversation."""
    start_time = datetime.now(UTC)
    conversation = Conversation(secrets.token_hex(8), _title(title), start_time, start_time)
    _write(
        library,
        "INSERT INTO conversations (id, owner, title, started, changed) VALUES (?, ?, ?, ?, ?)",
        [
            (
                conversation.id,
                owner,
                conversation.title,
                start_time.isoformat(),
                start_time.isoformat(),
            )
        ],
    )
    return conversation


def conversations(library: Library, *, owner: str = "") -> list[Conversation]:
    """All of one owner, the one that changed last first."""
    rows = _rows(library, f"{_SELECT} WHERE owner = ? ORDER BY changed DESC, id", owner)
    return [_conversation(row) for row in rows]


def search(library: Library, words: str, *, owner: str = "") -> list[Conversation]:
    """Those of one owner in whose title, questions or answers every word stands, in any case, the
    one that changed last first; all of them without a word.
    """
    wanted = words.casefold().split()
    if not wanted:
        return conversations(library, owner=owner)
    owned = conversations(library, owner=owner)
    texts = {item.id: [item.title] for item in owned}
    sql = """SELECT e.conversation, e.record FROM conversations c
             JOIN exchanges e ON e.conversation = c.id WHERE c.owner = ?"""
    for id_, record in _rows(library, sql, owner):
        texts.get(id_, []).append(_spoken(record))
    texts_by_id = {id_: " ".join(each).casefold() for id_, each in texts.items()}
    return [item for item in owned if all(word in texts_by_id[item.id] for word in wanted)]


def find(library: Library, id_: str, *, owner: str | None = "") -> Conversation:
    """One of them. Raises ConversationNotFound, also for a conversation of somebody else."""
    rows = _rows(library, f"{_SELECT} WHERE id = ? AND owner = coalesce(?, owner)", id_, owner)
    if not rows:
        raise ConversationNotFound(id_)
    return _conversation(rows[0])


def keep(
    library: Library,
    id_: str,
    answer: Answer,
    *,
    scope: Scope | None = None,
    as_of: date | None = None,
    owner: str = "",
) -> Exchange:
    """Append an exchange. Raises ConversationNotFound."""
    find(library, id_, owner=owner)
    # Two windows may speak in one conversation: numbers are given under the write lock.
    with library.database.transaction() as database:
        sql = "SELECT coalesce(max(number), 0) + 1 FROM exchanges WHERE conversation = ?"
        (number,) = database.execute(sql, (id_,)).fetchone()
        exchange = Exchange(number, answer, scope or Scope(), as_of)
        row = (id_, number, exchange.to_json())
        database.execute("INSERT INTO exchanges VALUES (?, ?, ?)", row)
        timestamp = datetime.now(UTC).isoformat()
        database.execute("UPDATE conversations SET changed = ? WHERE id = ?", (timestamp, id_))
    return exchange


def exchanges(library: Library, id_: str, *, owner: str | None = "") -> list[Exchange]:
    """What was said, in order. Raises ConversationNotFound."""
    find(library, id_, owner=owner)
    sql = "SELECT record FROM exchanges WHERE conversation = ? ORDER BY number"
    return [Exchange.from_json(row[0]) for row in _rows(library, sql, id_)]


def exchange(library: Library, id_: str, number: int, *, owner: str = "") -> Exchange:
    """One of them. Raises ConversationNotFound, also when there is no such number."""
    find(library, id_, owner=owner)
    sql = "SELECT record FROM exchanges WHERE conversation = ? AND number = ?"
    rows = _rows(library, sql, id_, number)
    if not rows:
        raise ConversationNotFound(f"{id_}/{number}")
    return Exchange.from_json(rows[0][0])


def kept_answers(library: Library, *, owner: str | None = None) -> Iterator[tuple[str, Answer]]:
    """Every answer with the title of its conversation, the one that changed last first; those of
    one owner, or of all.
    """
    sql = """SELECT c.title, e.record FROM conversations c JOIN exchanges e ON e.conversation = c.id
             WHERE c.owner = coalesce(?, c.owner) ORDER BY c.changed DESC, c.id, e.number"""
    for title, record in _rows(library, sql, owner):
        yield title, Exchange.from_json(record).answer


def rename(library: Library, id_: str, title: str, *, owner: str = "") -> None:
    """Give it another title. Raises ConversationNotFound, and ValueError for an empty title."""
    find(library, id_, owner=owner)
    if not clean_line(title):
        raise ValueError("a conversation needs a title")
    _write(library, "UPDATE conversations SET title = ? WHERE id = ?", [(_title(title), id_)])


def delete(library: Library, id_: str, *, owner: str = "") -> None:
    """Take it out with all that was said. Raises ConversationNotFound."""
    find(library, id_, owner=owner)
    _write(library, "DELETE FROM conversations WHERE id = ?", [(id_,)])


_SELECT = "SELECT id, title, started, changed FROM conversations"


def _spoken(record: str) -> str:
    """Question, short answer and statements of an exchange as it is kept."""
    answer = json.loads(record)["answer"]
    statements = [statement["text"] for statement in answer.get("statements") or ()]
    return " ".join([answer["question"], answer.get("short") or "", *statements])


def _conversation(row: Sequence[Any]) -> Conversation:
    return Conversation(
        row[0], row[1], datetime.fromisoformat(row[2]), datetime.fromisoformat(row[3])
    )


def _title(text: str) -> str:
    line = clean_line(text) or "Untitled"
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def _rows(library: Library, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with library.connection() as database:
        return database.execute(sql, values).fetchall()


def _write(library: Library, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
    with library.connection() as database:
        database.executemany(sql, rows)
