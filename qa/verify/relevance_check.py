"""What may still take a proved statement away: what it has to do with the question, and a second
judge. Knows no article.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from qa.language.cleaning import one_line
from qa.protocols import Judge
from qa.records.answer import Statement
from qa.records.article import Citation

__all__ = ["Relevance", "Verdict", "with_relevance", "with_second", "without_support"]

Verdict = tuple[Statement, tuple[str, ...]]
"""A statement with its support, and a line for each thing that is wrong with it."""
Relevance = Callable[[Sequence[str]], Sequence[bool]]
"""Tells of each piece of evidence whether it has to do with the question."""


def without_support(
    statement: Statement, citations: Sequence[Citation], why: tuple[str, ...]
) -> Verdict:
    """The statement as one that nothing supports, and why."""
    return replace(statement, citations=tuple(citations), support="unsupported"), why


def with_relevance(
    statements: Sequence[Statement], proofs: Sequence[Verdict], relevant: Relevance
) -> list[Verdict]:
    """The same, without what has nothing to do with the question."""
    open_ = [
        number
        for number, (composed_statement, (proved_statement, _)) in enumerate(
            zip(statements, proofs, strict=True)
        )
        if composed_statement.support == "unsupported" != proved_statement.support
    ]
    evidence = [" ".join(each.quote for each in proofs[number][0].citations) for number in open_]
    relevances = dict(zip(open_, relevant(evidence) if evidence else (), strict=True))
    return [
        item
        if relevances.get(number, True)
        else without_support(
            item[0], item[0].citations, (*item[1], "its evidence does not answer the question")
        )
        for number, item in enumerate(proofs)
    ]


def with_second(proofs: Sequence[Verdict], second: Judge) -> list[Verdict]:
    """The same after the second judge, who is asked about several at a time."""

    def judge_again(item: Verdict) -> Verdict:
        statement, faults = item
        statement_text = one_line(statement.text)
        literal = any(
            statement_text == one_line(citation.quote) for citation in statement.citations
        )
        if statement.support == "unsupported" or literal:
            return item
        try:
            stands = second.supports(
                statement.text, [citation.quote for citation in statement.citations]
            )
        except Exception as error:  # Whatever a client of a model may raise.
            return statement, (*faults, f"{second.name} could not be asked: {error}")
        if stands:
            return item
        return without_support(
            statement, statement.citations, (*faults, f"{second.name} finds no support")
        )

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(judge_again, proofs))
