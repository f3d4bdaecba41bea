"""Whether statements are borne out by what they cite: ALCE's citation recall and precision.

Gao et al. 2023, "Enabling large language models to generate text with citations", section 3; the
judge stands in for their entailment model.
"""

from collections.abc import Collection, Sequence

from eval.gold.questions import Gold
from eval.metrics.judges import Judge
from qa.records.answer import Answer, Statement
from qa.records.article import Citation

__all__ = ["all_cited", "citation_precision", "citation_recall", "faithfulness"]


def citation_recall(answer: Answer, judge: Judge) -> float | None:
    """The share of statements that their citations together support, in [0, 1].

    A statement without a citation is not supported; what the library's record says is no statement
    about an article's words, and is left out. None when nothing else is stated.
    """
    statements = _judged(answer)
    return _mean([_borne_out(each, judge) for each in statements]) if statements else None


def citation_precision(answer: Answer, judge: Judge) -> float | None:
    """The share of citations that are needed or sufficient, in [0, 1].

    A citation counts if its statement is supported by all of its citations together, and either
    this one alone supports it or the others without it do not. None when nothing is cited.
    """
    marks = [
        _borne_out(statement, judge)
        and (
            judge.supports(statement.text, [quotes[place]])
            or not judge.supports(statement.text, [*quotes[:place], *quotes[place + 1 :]])
        )
        for statement in _judged(answer)
        for quotes in [[citation.quote for citation in statement.citations]]
        for place in range(len(quotes))
    ]
    return _mean(marks) if marks else None


def all_cited(gold: Gold, answer: Answer, unlocated: Collection[Citation] = ()) -> float | None:
    """1 if every article of the gold, or one that carries its text, is cited, else 0.

    None for questions that one article answers: those whose kind does not begin with "multi".
    ``unlocated`` citations do not count.
    """
    if not gold.kind.startswith("multi") or not gold.articles:
        return None
    cited: set[str | None] = set()
    for citation in answer.citations:
        if citation not in unlocated:
            cited |= {citation.article_id, citation.url}
            for copy in answer.copies(citation):
                cited |= {copy.article_id, copy.url}
    return float(all(name in cited for name in gold.articles))


def faithfulness(answer: Answer, judge: Judge) -> float | None:
    """The share of statements that anything retrieved supports, cited or not, in [0, 1].

    After RAGAS (Es et al. 2023). None when nothing is stated but what the library's record says.
    """
    statements = _judged(answer)
    if not statements:
        return None
    passages = [hit.passage.text for hit in answer.hits]
    return _mean(
        [
            _borne_out(statement, judge)
            or any(judge.supports(statement.text, [passage]) for passage in passages)
            for statement in statements
        ]
    )


def _judged(answer: Answer) -> list[Statement]:
    return [statement for statement in answer.statements if statement.support != "recorded"]


def _borne_out(statement: Statement, judge: Judge) -> bool:
    return judge.supports(statement.text, [citation.quote for citation in statement.citations])


def _mean(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks)
