"""Numbers for citations: ``[n]`` in a text, counted from 1 through ``Answer.citations``."""

from qa.records import Answer, Statement

__all__ = ["marked_text"]


def marked_text(answer: Answer) -> str:
    """The answer's text with the numbers of its citations behind each statement, and a mark
    behind those that nothing supports.
    """
    if answer.abstained:
        return answer.text
    numbers = {citation: number for number, citation in enumerate(answer.citations, start=1)}

    def marked(statement: Statement) -> str:
        if statement.support == "unsupported":
            return f"{statement.text} [unsupported]"
        marks = (f" [{numbers[citation]}]" for citation in statement.citations)
        return statement.text + "".join(marks)

    return " ".join(map(marked, answer.statements))
