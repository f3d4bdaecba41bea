"""Where an article is cited: the kept answers that rest on it."""

import json
from dataclasses import dataclass
from datetime import datetime

from qa.library.conversations import Exchange
from qa.library.store import Library
from qa.library.tables.rows import escape_like
from qa.records.serialization import Record

__all__ = ["CitingAnswer", "citing_answers", "mentions"]


@dataclass(frozen=True, slots=True)
class CitingAnswer(Record):
    """An answer that cites an article: the question, the conversation with its title and owner, and
    the number of the exchange in it. Times are UTC.
    """

    conversation: str
    title: str
    owner: str
    number: int
    question: str
    changed: datetime


def citing_answers(library: Library, article_id: str) -> list[CitingAnswer]:
    """Those of everybody, of the conversation that changed last first."""
    with library.connection() as database:
        rows = database.execute(
            """SELECT c.id, c.title, c.owner, e.number, e.record, c.changed
               FROM conversations c JOIN exchanges e ON e.conversation = c.id
               WHERE e.record LIKE ? ESCAPE '\\' ORDER BY c.changed DESC, c.id, e.number""",
            (mentions(article_id),),
        ).fetchall()
    answers = []
    for id_, title, owner, number, record, changed in rows:
        answer = Exchange.from_json(record).answer
        if any(citation.article_id == article_id for citation in answer.citations):
            moment = datetime.fromisoformat(changed)
            answers.append(CitingAnswer(id_, title, owner, number, answer.question, moment))
    return answers


def mentions(article_id: str) -> str:
    """What a record that names the article is LIKE; others may be so, too."""
    quoted_id = json.dumps(article_id, ensure_ascii=False)
    return f'%"article\\_id": {escape_like(quoted_id)}%'
