"""Numbers for citations: ``[n]`` in a text, counted from 1 through ``Answer.citations``."""

from qa.records import Answer

__all__ = ["marked_text"]


def marked_text(answer: Answer) -> str:
    """The answer's text with the numbers of its citations behind each statement."""
    if answer.abstained:
        return answer.text
    numbers = {citation: number for number, citation in enumerate(answer.citations, start=1)}
    return " ".join(
        statement.marked + "".join(f" [{numbers[citation]}]" for citation in statement.citations)
        for statement in answer.statements
    )
