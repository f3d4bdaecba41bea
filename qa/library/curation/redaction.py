"""Kept answers without an article: what they quote of it, and what they say because of it, goes."""

import json
from collections.abc import Set
from dataclasses import replace

from qa.library.conversations import Exchange
from qa.library.curation.citing import mentions
from qa.library.curation.saved_questions import SavedAnswer
from qa.library.feedback import Feedback
from qa.library.store import Library
from qa.records.answer import Answer, Statement

__all__ = ["redact_kept_answers", "without_articles"]

_REASON = "This answer rested on an article that was erased from the library."
_NEAR = "No answer was found; an article that was near it was erased from the library."
_PARTLY_ERASED = "A part of this answer rested on an article that was erased from the library."

# Tables of answers with their numbers: what they belong to, and what their records are.
_KEPT: tuple[tuple[str, str, type[Exchange] | type[SavedAnswer]], ...] = (
    ("exchanges", "conversation", Exchange),
    ("saved_answers", "question", SavedAnswer),
)


def redact_kept_answers(library: Library, article_ids: Set[str]) -> int:
    """Take every trace of the articles out of the answers of conversations, of saved questions
    and of feedback; returns how many answers had one. Questions stay as they were typed.
    """
    count = 0
    patterns = [mentions(article_id) for article_id in sorted(article_ids)]
    with library.database.transaction() as database:
        for pattern in patterns:
            for table, owner, kind in _KEPT:
                for key, number, record in database.execute(
                    f"""SELECT {owner}, number, record FROM {table}
                        WHERE record LIKE ? ESCAPE '\\'""",
                    (pattern,),
                ).fetchall():
                    kept = kind.from_json(record)
                    kept = replace(kept, answer=without_articles(kept.answer, article_ids))
                    database.execute(
                        f"UPDATE {table} SET record = ? WHERE {owner} = ? AND number = ?",
                        (kept.to_json(), key, number),
                    )
                    count += 1
            for key, record in database.execute(
                "SELECT key, record FROM feedback WHERE record LIKE ? ESCAPE '\\'", (pattern,)
            ).fetchall():
                feedback = Feedback.from_json(record)
                rest = {id_: n for id_, n in feedback.versions.items() if id_ not in article_ids}
                answer = without_articles(feedback.answer, article_ids)
                kept_feedback = replace(feedback, answer=answer, versions=rest)
                database.execute(
                    "UPDATE feedback SET record = ? WHERE key = ?", (kept_feedback.to_json(), key)
                )
                count += 1
    return count


def without_articles(answer: Answer, article_ids: Set[str]) -> Answer:
    """The answer without hits, copies, statements, conflicts and injections of these articles, nor
    a short answer, a trace or next questions that may come from them; it abstains, and says why,
    when nothing is left. Others are returned as they are.
    """
    if not _names(answer, article_ids):
        return answer
    statements = tuple(each for each in answer.statements if not _rests_on(each, article_ids))
    conflicts = tuple(
        each
        for each in answer.conflicts
        if not any(_rests_on(side, article_ids) for side in each.sides)
    )
    has_lost = len(statements) < len(answer.statements) or len(conflicts) < len(answer.conflicts)
    hits = tuple(
        replace(
            hit, copies=tuple(copy for copy in hit.copies if copy.article_id not in article_ids)
        )
        for hit in answer.hits
        if hit.passage.article_id not in article_ids
    )
    abstained = answer.abstained or not statements
    reason = answer.reason
    if has_lost:
        reason = _REASON if abstained else _PARTLY_ERASED
    elif len(hits) < len(answer.hits):
        # It may quote the nearest sentence of the article.
        reason = _NEAR if abstained else ""
    return replace(
        answer,
        short="" if has_lost or abstained else answer.short,
        statements=() if abstained else statements,
        conflicts=() if abstained else conflicts,
        hits=hits,
        abstained=abstained,
        reason=reason or (_REASON if abstained else ""),
        reason_clauses=answer.reason_clauses if reason == answer.reason else (),
        injections=tuple(each for each in answer.injections if each.article_id not in article_ids),
        trace=(),
        next_questions=(),
        rewritten="",
    )


def _names(answer: Answer, article_ids: Set[str]) -> bool:
    record = answer.to_json()
    return any(
        f'"article_id": {json.dumps(article_id, ensure_ascii=False)}' in record
        for article_id in article_ids
    )


def _rests_on(statement: Statement, article_ids: Set[str]) -> bool:
    return any(citation.article_id in article_ids for citation in statement.citations)
