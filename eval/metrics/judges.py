"""Who decides whether quotations support a statement, when answers are measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.protocols import Judge
from qa.verify.support import judge

__all__ = ["JUDGES", "Judge", "WordsJudge", "make_judge"]


@dataclass(frozen=True, slots=True)
class WordsJudge:
    """By words, numbers, dates, names and negations; the same answer every time, no model."""

    name: str = "words"

    def supports(self, statement: str, quotes: Sequence[str]) -> bool:
        """What ``qa.verify.support`` calls quoted: nothing differs, and little is missing."""
        return judge(statement, quotes).support == "quoted"


JUDGES = {"words": WordsJudge}


def make_judge(name: str, library: str | Path | None = None) -> Judge:
    """One of ``JUDGES``, or the chat model ``provider:model`` within the budgets that are set for
    the library (default: the setting).

    Raises ValueError for another name, ConfigError for a chat model that cannot be made.
    """
    if name in JUDGES:
        return JUDGES[name]()
    if ":" not in name:
        raise ValueError(
            f"unknown judge {name!r}; choose one of: {', '.join(JUDGES)}, or a chat model as "
            "provider:model"
        )
    # Whoever judges by words needs nothing of what a pipeline is built of.
    from qa.build import open_judge

    return open_judge(name, library)
