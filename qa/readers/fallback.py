"""A reader in place of one that cannot start; every answer says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.protocols import QuestionStates, Reader
from qa.records.answer import Hit
from qa.records.question import Question
from qa.records.reading import Reading
from qa.records.trace import Step

__all__ = ["SubstituteReader"]


@dataclass(frozen=True, slots=True)
class SubstituteReader:
    """Reads with another reader and puts the warning into the trace."""

    reader: Reader
    warning: str

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """What the other reader reads, with the warning as its first step."""
        reading = self.reader.read(question, hits)
        return replace(reading, steps=(Step("warning", self.warning), *reading.steps))

    def states(self, question: str) -> QuestionStates | None:
        """As the other reader has them."""
        return self.reader.states(question)

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        """As the other reader judges it."""
        return self.reader.relevant(question, evidence)
