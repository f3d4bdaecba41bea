"""Whether the search found what answers the question, by ir-measures' definitions."""

from collections.abc import Sequence
from threading import Lock

from eval.gold.questions import Gold
from eval.metrics.answer import contains
from qa.language.cleaning import canonical_url
from qa.records.answer import Hit

__all__ = ["ARTICLE_MEASURES", "PASSAGE_MEASURES", "by_article", "by_passage", "first_support"]

ARTICLE_MEASURES = ("Success@1", "Success@5", "Success@20", "R@5", "R@20", "RR@10", "nDCG@10")
_RANKED = ("Success@1", "Success@5", "Success@20", "RR@10")
# These need to know how many passages of the collection support an answer.
_COUNTED = ("R@5", "R@20", "nDCG@10")
# Passages are longer here and shorter there; as many characters are the same for everyone.
_CHARACTERS = 6000
_PARSING = Lock()
_WITHIN = f"Success@{_CHARACTERS} characters"
PASSAGE_MEASURES = (*_RANKED, *_COUNTED, _WITHIN)


def by_article(gold: Gold, hits: Sequence[Hit]) -> dict[str, float] | None:
    """Each of ARTICLE_MEASURES over the articles in the order of their first hit, in [0, 1].

    A copy of a gold article, which stands in the hit for it, counts as found. None when no gold
    article is known; all 0 when nothing was found.
    """
    if not gold.articles:
        return None
    wanted = {_same(name): name for name in gold.articles}
    ranked: dict[str, None] = {}
    for hit in hits:
        names = _names(hit)
        ranked[next((wanted[name] for name in names if name in wanted), names[0])] = None
    return _measure(ARTICLE_MEASURES, gold.articles, list(ranked))


def by_passage(
    gold: Gold, hits: Sequence[Hit], supporting: int | None = None
) -> dict[str, float | None] | None:
    """Each of PASSAGE_MEASURES over the passages that support an answer, in [0, 1].

    The last is whether the first of them ends within the first 6,000 characters that were found,
    about what fits into a small prompt. A passage supports if an accepted answer stands in it and
    its article, or one that carries its text, is a gold one (any article, when none is known).
    ``supporting`` is how many of the collection do; without it recall and nDCG are None. None
    without accepted answers; all 0 when nothing was found.
    """
    if not gold.answers:
        return None
    ranked = [str(rank) for rank in range(len(hits))]
    right = [name for name, hit in zip(ranked, hits, strict=True) if _supports(gold, hit)]
    marks: dict[str, float | None] = dict.fromkeys(PASSAGE_MEASURES)
    marks |= _measure(_RANKED, right or ["none"], ranked)
    if supporting:
        # Copies may support, too, and are not among those that were counted.
        lost = [f"lost {number}" for number in range(supporting - len(right))]
        marks |= _measure(_COUNTED, right + lost, ranked)
    first = first_support(gold, hits)
    read = sum(len(hit.passage.text) for hit in hits[:first])
    return {**marks, _WITHIN: float(first is not None and read <= _CHARACTERS)}


def first_support(gold: Gold, hits: Sequence[Hit]) -> int | None:
    """The rank, from 1, of the first supporting passage; None if none was found."""
    return next((rank for rank, hit in enumerate(hits, start=1) if _supports(gold, hit)), None)


def _supports(gold: Gold, hit: Hit) -> bool:
    known = not gold.articles or {*_names(hit)} & {_same(name) for name in gold.articles}
    return bool(known) and contains(hit.passage.text, gold.answers) > 0


def _names(hit: Hit) -> tuple[str, ...]:
    """By what gold may name the article of a hit, or one that carries the same passage."""
    passage = hit.passage
    named = [(each.article_id, each.url) for each in hit.copies]
    named.insert(0, (passage.article_id, passage.url))
    return tuple(name for id_, url in named for name in (id_, _same(url or "")))


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

    # It parses by ``ast``, which threads may not do at once (CPython issue 106905).
    with _PARSING:
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
