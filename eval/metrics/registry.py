"""Every measure of one answer, by name. One line adds one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from eval.gold.questions import Gold
from eval.metrics.answer import contains, contains_parts, exact_match, token_f1
from eval.metrics.citation import all_cited, citation_precision, citation_recall, faithfulness
from eval.metrics.evidence import Lookup, sound
from eval.metrics.judges import Judge
from eval.metrics.retrieval import ARTICLE_MEASURES, PASSAGE_MEASURES, by_article, by_passage
from qa.records.answer import Answer

__all__ = ["MEASURES", "METRICS", "Metric", "score"]

Metric = Callable[[Gold, Answer, Judge], float | None]
"""A value in [0, 1], higher is better; None when the question is not one for this measure."""


def _of_answers(measure: Callable[[str, tuple[str, ...]], float], whole: bool = False) -> Metric:
    def metric(gold: Gold, answer: Answer, judge: Judge) -> float | None:
        if not gold.answers:
            return None
        return (
            0.0
            if answer.abstained
            else measure(answer.text if whole else answer.short, gold.answers)
        )

    return metric


def _parts(gold: Gold, answer: Answer, judge: Judge) -> float | None:
    if not any(";" in text for text in gold.answers):
        return None
    return 0.0 if answer.abstained else contains_parts(answer.text, gold.answers)


def _abstention(gold: Gold, answer: Answer, judge: Judge) -> float | None:
    return float(answer.abstained != gold.answerable)


METRICS: dict[str, Metric] = {
    "exact_match": _of_answers(exact_match),
    "f1": _of_answers(token_f1),
    "contains": _of_answers(contains, whole=True),
    "contains_parts": _parts,
    "abstention": _abstention,
    "citation_recall": lambda gold, answer, judge: citation_recall(answer, judge),
    "citation_precision": lambda gold, answer, judge: citation_precision(answer, judge),
    "faithfulness": lambda gold, answer, judge: faithfulness(answer, judge),
}
MEASURES = (
    *METRICS,
    "all_cited",
    "quotation_located",
    *(f"article:{name}" for name in ARTICLE_MEASURES),
    *(f"passage:{name}" for name in PASSAGE_MEASURES),
)
"""The names of all that ``score`` gives, in its order."""


def score(
    gold: Gold, answer: Answer, judge: Judge, lookup: Lookup | None = None
) -> dict[str, float | None]:
    """All measures of one answer; those of the search as ``article:R@5``, ``passage:RR@10``.

    With what a library tells of the answer, a quotation that stands nowhere in it supports
    nothing and was not found, and ``quotation_located`` is the share of those that do stand there.
    """
    known = lookup or Lookup()
    judge = _Locating(judge, {citation.quote for citation in known.unlocated})
    hits = sound(answer.hits, known.unlocated)
    articles = by_article(gold, hits)
    passages = by_passage(gold, hits, known.supporting)
    cited = len(answer.citations)
    return {
        **{name: metric(gold, answer, judge) for name, metric in METRICS.items()},
        "all_cited": all_cited(gold, answer, known.unlocated),
        "quotation_located": 1 - len(known.unlocated) / cited if lookup and cited else None,
        **{f"article:{name}": articles[name] if articles else None for name in ARTICLE_MEASURES},
        **{f"passage:{name}": passages[name] if passages else None for name in PASSAGE_MEASURES},
    }


@dataclass(frozen=True, slots=True)
class _Locating:
    """A judge to whom quotations that stand nowhere are no evidence."""

    judge: Judge
    unlocated: Collection[str]

    @property
    def name(self) -> str:
        """That of the judge."""
        return self.judge.name

    def supports(self, statement: str, quotes: Sequence[str]) -> bool:
        """What the judge says to those of the quotations that stand in the library."""
        left = [quote for quote in quotes if quote not in self.unlocated]
        return bool(left or not quotes) and self.judge.supports(statement, left)
