"""A question as it was typed and as it is searched: its spelling and capitals mended."""

from dataclasses import dataclass, replace

from qa.library.store import Library
from qa.question.wording.casing import restore_case
from qa.question.wording.language import question_language
from qa.question.wording.spelling import suggest_spelling
from qa.records.answer import Answer
from qa.records.clauses import Clause, clause, english, verbatim
from qa.records.trace import Step

__all__ = ["Wording", "in_words_typed", "read_wording"]


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


def in_words_typed(answer: Answer, typed: str, wording: Wording) -> Answer:
    """The answer to what was typed, which says in what other words it was searched."""
    if not wording.note:
        return replace(answer, question=typed)
    trace = (Step.of("spelling", wording.note), *answer.trace)
    if answer.abstained:
        reasons = (*(answer.reason_clauses or (verbatim(answer.reason),)), wording.note)
        answer = replace(answer, reason=english(reasons), reason_clauses=reasons)
    return replace(answer, question=typed, rewritten=wording.text, trace=trace)
