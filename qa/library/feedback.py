"""What people thought of answers, kept in the library. Needs no writer lock: ingests may run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, Self, get_args

from qa.library.store import Library
from qa.records.answer import Answer
from qa.records.serialization import Record

__all__ = ["VERDICTS", "Feedback", "Verdict", "keep_feedback", "kept_feedback"]

Verdict = Literal["right", "wrong", "wrong evidence"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Feedback(Record):
    """A verdict on an answer. ``better`` is the answer it should have been, empty if unknown.

    ``versions`` are the versions of the articles found, by id, so that one can tell later what
    the answer was judged against; ``as_of`` is the day the question was asked as of.
    """

    verdict: Verdict
    answer: Answer
    better: str = ""
    as_of: date | None = None
    versions: Mapping[str, int] = field(default_factory=dict)
    at: datetime | None = None

    @classmethod
    def on(
        cls,
        answer: Answer,
        verdict: str,
        library: Library,
        *,
        better: str = "",
        as_of: date | None = None,
    ) -> Self:
        """A verdict of now. Raises ValueError for one that is not in VERDICTS."""
        checked_verdict = next(
            (known_verdict for known_verdict in VERDICTS if known_verdict == verdict), None
        )
        if checked_verdict is None:
            raise ValueError(f"the verdict {verdict!r} is none of {', '.join(VERDICTS)}")
        ids = dict.fromkeys(hit.passage.article_id for hit in answer.hits)
        versions = {id_: library.article(id_).version for id_ in ids}
        return cls(checked_verdict, answer, better.strip(), as_of, versions, datetime.now(UTC))


def keep_feedback(library: Library, feedback: Feedback) -> None:
    """Store it. Later feedback on the same question does not replace earlier."""
    with library.connection() as database:
        database.execute("INSERT INTO feedback (record) VALUES (?)", (feedback.to_json(),))


def kept_feedback(library: Library) -> list[Feedback]:
    """All of it, oldest first."""
    with library.connection() as database:
        rows = database.execute("SELECT record FROM feedback ORDER BY key").fetchall()
    return [Feedback.from_json(row[0]) for row in rows]
