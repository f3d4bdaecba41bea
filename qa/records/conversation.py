"""What was said before a question: turns. Knows nothing of how a follow-up is understood."""

from dataclasses import dataclass, field
from typing import Self

from qa.records.answer import Answer
from qa.records.clauses import Clause, clause, verbatim
from qa.records.serialization import Record
from qa.records.trace import Usage

__all__ = ["Rewrite", "Turn"]


@dataclass(frozen=True, slots=True)
class Turn(Record):
    """An earlier question, as it was searched, and what was answered: the short answer and the
    whole text, both empty when nothing was; ``articles`` are the ids of what was cited.
    """

    question: str
    short: str = ""
    text: str = ""
    articles: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The turn that an answer makes.

        >>> from qa.records.answer import Answer
        >>> asked = Answer("When was it?", "", (), (), 0.0, True, "nothing", rewritten="When …?")
        >>> Turn.of(asked)
        Turn(question='When …?', short='', text='', articles=())
        """
        text = "" if answer.abstained else answer.text
        articles = tuple(dict.fromkeys(each.article_id for each in answer.citations))
        return cls(answer.rewritten or answer.question, answer.short, text, articles)


@dataclass(frozen=True, slots=True)
class Rewrite(Record):
    """A question that stands alone, how it came about (a line for the trace; empty when it is the
    question itself), and what a chat model consumed for it.
    """

    text: str
    how: str = ""
    usage: Usage = field(default_factory=Usage)

    @property
    def clause(self) -> Clause:
        """The question with how it came about."""
        match self.how:
            case "by rules":
                return clause("by rules: %(question)s", question=self.text)
            case "by the chat model":
                return clause("by the chat model: %(question)s", question=self.text)
            case how:
                return verbatim(f"{how}: {self.text}")
