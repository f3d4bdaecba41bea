"""Numbers for citations: ``[n]`` in a text, and the list that they point to."""

from qa.records import Answer, Citation

__all__ = ["marked_text", "numbered"]


def numbered(answer: Answer) -> list[Citation]:
    """The answer's citations in the order of their numbers, from 1."""
    return list(answer.citations)


def marked_text(answer: Answer) -> str:
    """The answer's text with the numbers of its citations behind each statement."""
    if answer.abstained:
        return answer.text
    numbers = {citation: number for number, citation in enumerate(numbered(answer), start=1)}
    return " ".join(
        statement.text + "".join(f" [{numbers[citation]}]" for citation in statement.citations)
        for statement in answer.statements
    )
