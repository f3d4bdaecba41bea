"""Who decides whether quotations support a statement, when answers are measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.compose.judges import Judge
from qa.compose.support import judge

__all__ = ["JUDGES", "Judge", "WordsJudge"]


@dataclass(frozen=True, slots=True)
class WordsJudge:
    """By words, numbers, dates, names and negations; the same answer every time, no model."""

    name: str = "words"

    def supports(self, statement: str, quotes: Sequence[str]) -> bool:
        """What ``qa.compose.support`` calls verified: nothing differs, and little is missing."""
        return judge(statement, quotes).support == "verified"


JUDGES = {"words": WordsJudge}
