"""Saved questions: asked again whenever articles came, with the answers that were different.

Needs no writer lock. Knows nothing of how a question is answered: whoever asks gives a function.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from qa.errors import QAError, SavedQuestionNotFound
from qa.language.cleaning import clean_line
from qa.library.store import Library
from qa.records.answer import Answer
from qa.records.question import Scope
from qa.records.serialization import Record

__all__ = [
    "NewAnswer",
    "SavedAnswer",
    "SavedQuestion",
    "answers_of",
    "ask_again",
    "delete_question",
    "find_question",
    "note_question",
    "save_question",
    "saved_questions",
    "says_the_same",
]

# Answers that are kept of one question, the newest; questions that one person saves.
_MOST_ANSWERS, _MOST_QUESTIONS = 50, 200
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class SavedQuestion(Record):
    """A question that somebody wants to be asked again, within a scope. ``webhook`` is the address
    that is told of a changed answer, empty for none. ``checked`` is when it was asked last, and
    ``generation`` the state of the library then; ``problem`` says what went wrong at that, or with
    the webhook. Times are UTC.
    """

    id: str
    question: str
    scope: Scope = field(default_factory=Scope)
    webhook: str = ""
    saved: datetime | None = None
    checked: datetime | None = None
    generation: int = -1
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SavedAnswer(Record):
    """An answer that was different from the one before; the first one, with number 1, is what it
    was when the question was saved.
    """

    number: int
    answer: Answer
    asked: datetime


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """A saved question with its new answer, and the one before it, None for the first."""

    question: SavedQuestion
    owner: str
    answer: SavedAnswer
    before: SavedAnswer | None


def save_question(
    library: Library,
    question: str,
    *,
    owner: str = "",
    scope: Scope | None = None,
    webhook: str = "",
) -> SavedQuestion:
    """Save one; it is asked with the next ``ask_again``. What is saved already stays the one that
    it is. Raises ValueError for an empty or an overlong question, and for too many.
    """
    line = clean_line(question)
    if not line or len(line) > _LONGEST:
        raise ValueError(f"a question has 1 to {_LONGEST} characters")
    scope, earlier_questions = scope or Scope(), saved_questions(library, owner=owner)
    for each in earlier_questions:
        if (each.question, each.scope, each.webhook) == (line, scope, webhook):
            return each
    if len(earlier_questions) >= _MOST_QUESTIONS:
        raise ValueError(f"at most {_MOST_QUESTIONS} questions are saved; delete one first")
    saved = SavedQuestion(secrets.token_hex(8), line, scope, webhook, datetime.now(UTC))
    with library.connection() as database:
        database.execute(
            "INSERT INTO saved_questions (id, owner, record) VALUES (?, ?, ?)",
            (saved.id, owner, saved.to_json()),
        )
    return saved


def saved_questions(library: Library, *, owner: str | None = "") -> list[SavedQuestion]:
    """Those of one owner, or of all (None), the first saved first."""
    return [question for question, _ in _questions(library, owner)]


def find_question(library: Library, id_: str, *, owner: str = "") -> SavedQuestion:
    """One of them. Raises SavedQuestionNotFound, also for somebody else's."""
    for question in saved_questions(library, owner=owner):
        if question.id == id_:
            return question
    raise SavedQuestionNotFound(id_)


def delete_question(library: Library, id_: str, *, owner: str = "") -> None:
    """Delete one with its answers. Raises SavedQuestionNotFound."""
    find_question(library, id_, owner=owner)
    with library.connection() as database:
        database.execute("DELETE FROM saved_answers WHERE question = ?", (id_,))
        database.execute("DELETE FROM saved_questions WHERE id = ?", (id_,))


def answers_of(library: Library, id_: str) -> list[SavedAnswer]:
    """The answers of a question that differ, the newest first; empty before it was asked."""
    sql = "SELECT record FROM saved_answers WHERE question = ? ORDER BY number DESC"
    return [SavedAnswer.from_json(row[0]) for row in _rows(library, sql, id_)]


def ask_again(
    library: Library,
    ask: Callable[[SavedQuestion, str], Answer],
    *,
    owner: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[NewAnswer]:
    """Ask every question, of one owner or of all, for which the library has changed since it was
    asked last; ``ask`` is given the question and its owner. Gives the answers that are new or
    different, which are kept. One question that fails, its problem noted, stops no other.
    """
    for question, of in _questions(library, owner):
        generation = library.generation()
        if question.generation == generation:
            continue
        checked = replace(question, checked=clock(), generation=generation, problem="")
        try:
            answer = ask(question, of)
        except (QAError, ValueError) as error:
            note_question(library, replace(checked, problem=clean_line(str(error))))
            continue
        note_question(library, checked)
        before = next(iter(answers_of(library, question.id)), None)
        if before is None or not says_the_same(before.answer, answer):
            number = before.number + 1 if before else 1
            kept = SavedAnswer(number, answer, checked.checked or clock())
            _keep(library, question.id, kept)
            yield NewAnswer(checked, of, kept, before)


def says_the_same(one: Answer, other: Answer) -> bool:
    """Whether a reader would find nothing new: the same words from the same places, the same
    disagreements.
    """
    return _substance(one) == _substance(other)


def note_question(library: Library, question: SavedQuestion) -> None:
    """Keep what became of a question, unless it was deleted meanwhile."""
    with library.connection() as database:
        database.execute(
            "UPDATE saved_questions SET record = ? WHERE id = ?",
            (question.to_json(), question.id),
        )


def _substance(answer: Answer) -> tuple[object, ...]:
    quotes = sorted((each.article_id, each.quote) for each in answer.citations)
    conflicts = [(each.relation, each.text) for each in answer.conflicts]
    if answer.abstained:
        # Why not may name how many articles there are.
        return ("abstained",)
    return answer.short, [each.text for each in answer.statements], quotes, conflicts


def _keep(library: Library, id_: str, answer: SavedAnswer) -> None:
    with library.connection() as database:
        database.execute(
            "INSERT INTO saved_answers (question, number, record) VALUES (?, ?, ?)",
            (id_, answer.number, answer.to_json()),
        )
        database.execute(
            "DELETE FROM saved_answers WHERE question = ? AND number <= ?",
            (id_, answer.number - _MOST_ANSWERS),
        )


def _questions(library: Library, owner: str | None) -> list[tuple[SavedQuestion, str]]:
    sql = "SELECT record, owner FROM saved_questions"
    rows = _rows(library, sql) if owner is None else _rows(library, f"{sql} WHERE owner = ?", owner)
    found = [(SavedQuestion.from_json(record), of) for record, of in rows]
    return sorted(found, key=lambda each: (str(each[0].saved), each[0].id))


def _rows(library: Library, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with library.connection() as database:
        return database.execute(sql, values).fetchall()
