"""Whether the search found what answers the question, by ir-measures' definitions."""

from collections.abc import Sequence

from eval.gold import Gold
from eval.metrics.answer import contains
from qa.records import Hit
from qa.text import canonical_url

__all__ = ["ARTICLE_MEASURES", "PASSAGE_MEASURES", "by_article", "by_passage", "first_support"]

ARTICLE_MEASURES = ("Success@1", "Success@5", "Success@20", "R@5", "R@20", "RR@10", "nDCG@10")
# How many passages of a collection support an answer nobody has counted: no recall, no nDCG.
_RANKED = ("Success@1", "Success@5", "Success@20", "RR@10")
# Passages are longer here and shorter there; as many characters are the same for everyone.
_CHARACTERS = 6000
PASSAGE_MEASURES = (*_RANKED, f"Success@{_CHARACTERS} characters")


def by_article(gold: Gold, hits: Sequence[Hit]) -> dict[str, float] | None:
    """Each of ARTICLE_MEASURES over the articles in the order of their first hit, in [0, 1].

    None when no gold article is known; all 0 when nothing was found.
    """
    if not gold.articles:
        return None
    wanted = {_same(name): name for name in gold.articles}
    ranked: dict[str, None] = {}
    for hit in hits:
        names = (hit.passage.article_id, _same(hit.passage.url or ""))
        ranked[next((wanted[name] for name in names if name in wanted), names[0])] = None
    return _measure(ARTICLE_MEASURES, gold.articles, list(ranked))


def by_passage(gold: Gold, hits: Sequence[Hit]) -> dict[str, float] | None:
    """Each of PASSAGE_MEASURES over the passages that support an answer, in [0, 1].

    The last is whether the first of them ends within the first 6,000 characters that were found,
    about what fits into a small prompt. A passage supports if an accepted answer stands in it and
    its article is a gold one (any article, when none is known). None without accepted answers; all
    0 when nothing was found.
    """
    if not gold.answers:
        return None
    supporting = [str(rank) for rank, hit in enumerate(hits) if _supports(gold, hit)]
    ranked = _measure(_RANKED, supporting or ["none"], [str(n) for n in range(len(hits))])
    first = first_support(gold, hits)
    read = sum(len(hit.passage.text) for hit in hits[:first])
    return {**ranked, PASSAGE_MEASURES[-1]: float(first is not None and read <= _CHARACTERS)}


def first_support(gold: Gold, hits: Sequence[Hit]) -> int | None:
    """The rank, from 1, of the first supporting passage; None if none was found."""
    return next((rank for rank, hit in enumerate(hits, start=1) if _supports(gold, hit)), None)


def _supports(gold: Gold, hit: Hit) -> bool:
    names = {hit.passage.article_id, _same(hit.passage.url or "")}
    known = not gold.articles or names & {_same(name) for name in gold.articles}
    return bool(known) and contains(hit.passage.text, gold.answers) > 0


def _same(name: str) -> str:
    """Gold may name articles by their address."""
    if "://" not in name:
        return name
    try:
        return canonical_url(name)
    except ValueError:
        return name


def _measure(
    names: Sequence[str], relevant: Sequence[str], ranked: Sequence[str]
) -> dict[str, float]:
    import ir_measures

    measures = {name: ir_measures.parse_measure(name) for name in names}
    judged = [ir_measures.Qrel("q", name, 1) for name in relevant]
    found = [
        ir_measures.ScoredDoc("q", name, float(len(ranked) - rank))
        for rank, name in enumerate(ranked)
    ]
    values = {
        item.measure: float(item.value)
        for item in ir_measures.iter_calc(list(measures.values()), judged, found)
    }
    # A question for which nothing was found is left out there; here it counts, as 0.
    return {name: values.get(measure, 0.0) for name, measure in measures.items()}
