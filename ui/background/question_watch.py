"""The saved questions of a server's library: asked again after each refresh; changes are told.

Knows nothing of HTTP, HTML, or who is at the screen.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from ingest.webhook import post_json
from qa.errors import QAError
from qa.language.cleaning import clean_line
from qa.library.curation.collections import collections_of_user
from qa.library.curation.saved_questions import (
    NewAnswer,
    SavedQuestion,
    ask_again,
    note_question,
)
from qa.library.store import Library
from qa.library.users import find_user
from qa.records.answer import Answer
from ui.schemas import AskRequest

__all__ = ["QuestionWatch", "announcement"]

_LOG = logging.getLogger(__name__)
Asking = Callable[[AskRequest], Answer]
Sending = Callable[[str, Mapping[str, object]], None]


class QuestionWatch:
    """Has the saved questions of one library asked again. ``ask`` answers one, ``send`` tells a
    webhook.
    """

    def __init__(self, library: Library, ask: Asking, send: Sending = post_json) -> None:
        self._library = library
        self._ask = ask
        self._send = send
        # Nobody's questions are asked twice at once.
        self._turn = Lock()

    def ask_all(self, *, owner: str | None = None) -> list[NewAnswer]:
        """Ask those of one owner, or of all, since which the library has changed; returns what is
        new. A webhook that fails is noted with its question.
        """
        if self._library.read_only:
            return []
        with self._turn:
            found = list(ask_again(self._library, self._answer, owner=owner))
        for new in found:
            if new.question.webhook and new.before is not None:
                self._tell(new)
        return found

    def _answer(self, question: SavedQuestion, owner: str) -> Answer:
        user = find_user(self._library, owner) if owner else None
        limited = user is not None and user.role == "reader"
        limits = collections_of_user(self._library, owner) if limited else ()
        scope = question.scope
        asked = AskRequest(
            question=question.question,
            since=scope.since,
            until=scope.until,
            sources=list(scope.sources),
            collection=list(scope.collections),
            undated=scope.undated,
        )
        return self._ask(asked.within(limits))

    def _tell(self, new: NewAnswer) -> None:
        try:
            self._send(new.question.webhook, announcement(new))
        except QAError as error:
            _LOG.warning("a webhook failed: %s", error)
            problem = f"the webhook failed: {clean_line(str(error))}"
            note_question(self._library, replace(new.question, problem=problem))


def announcement(new: NewAnswer) -> dict[str, object]:
    """What a webhook is told of a changed answer, as JSON has it."""
    answer = new.answer.answer
    return {
        "id": new.question.id,
        "question": new.question.question,
        "number": new.answer.number,
        "asked": new.answer.asked.isoformat(),
        "answer": answer.text,
        "abstained": answer.abstained,
        "before": new.before.answer.text if new.before else None,
        "citations": [citation.to_dict() for citation in answer.citations],
    }
