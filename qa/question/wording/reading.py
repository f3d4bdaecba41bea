"""A question as it was typed and as it is searched: its spelling and capitals mended."""

from dataclasses import dataclass

from qa.library.store import Library
from qa.question.wording.casing import restore_case
from qa.question.wording.language import question_language
from qa.question.wording.spelling import suggest_spelling
from qa.records.clauses import Clause, clause

__all__ = ["Wording", "read_wording"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The question to search; ``corrected`` is the same where words of it were changed, else
    empty. ``note`` says so.
    """

    text: str
    corrected: str = ""

    @property
    def note(self) -> Clause | None:
        """None when no word was changed."""
        if not self.corrected:
            return None
        return clause("Searched for “%(question)s” instead.", question=self.corrected)


def read_wording(question: str, library: Library) -> Wording:
    """The question with the words that the library has for those it lacks, and in ordinary
    writing if it is all capitals or has none. One in another language stays as it is.
    """
    if question_language(question, library) not in ("", "en"):
        return Wording(question)
    suggestion = suggest_spelling(question, library)
    text = restore_case(suggestion or question, library)
    return Wording(text, text if suggestion else "")
