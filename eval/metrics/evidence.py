"""What a library holds of the articles that gold names, and of what answers quote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eval.gold.questions import Gold
from eval.metrics.answer import contains
from qa.library.store import Library
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Citation, Passage

__all__ = ["Evidence", "Lookup", "evidence", "located", "placed", "sound", "supporting"]

Evidence = Literal["", "missing", "silent"]
"""Empty when there is nothing to complain of."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a library tells of an answer: the citations whose quotation stands nowhere in it, and
    how many of its passages support the answer to the question (None: not counted).
    """

    unlocated: tuple[Citation, ...] = ()
    supporting: int | None = None


def placed(gold: Gold, library: Library) -> Gold:
    """The same with the ids of its articles, which may be named by an address or by the end of
    the path they were read from. What the library does not hold keeps its name.
    """
    return replace(gold, articles=tuple(library.find(name) or name for name in gold.articles))


def evidence(gold: Gold, library: Library) -> Evidence:
    """Whether anyone could have answered: ``missing`` when none of the articles is there,
    ``silent`` when none of those that are holds an accepted answer.
    """
    ids = [found for name in gold.articles if (found := library.find(name))]
    if gold.articles and not ids:
        return "missing"
    if not ids or not gold.answers:
        return ""
    articles = (library.article(found) for found in ids)
    held = any(contains(f"{item.title}\n{item.text}", gold.answers) for item in articles)
    return "" if held else "silent"


def supporting(gold: Gold, library: Library) -> int | None:
    """How many passages of the gold's articles hold an accepted answer; None when no article or
    no answer is known, or none of them holds one.
    """
    ids = {found for name in gold.articles if (found := library.find(name))}
    stored = (each for article in ids for each in library.passages_of(article))
    held = sum(contains(each.passage.text, gold.answers) > 0 for each in stored if gold.answers)
    return held or None


def located(
    answer: Answer, library: Library, *, gold: Gold | None = None
) -> tuple[Answer, tuple[Citation, ...]]:
    """The same with each quotation at its place in the library, and the citations without one.

    A quotation is located where its citation says, or else where the same characters stand first:
    in the article it names (by id, address or path), in one of the articles found, in one that the
    gold names, or anywhere. Articles that are named by address or path get their ids. Whether
    other hits stand in the library is not asked.
    """
    ids = {name: library.find(name) or name for name in _named(answer)}
    near = [*ids.values(), *(gold.articles if gold else ())]
    moved: dict[Citation, Citation] = {}
    lost: dict[Citation, None] = {}
    for citation in answer.citations:
        named = replace(citation, article_id=ids[citation.article_id])
        place = _place(named, near, library)
        moved[citation] = place or named
        if place is None:
            lost[named] = None
    # A system that tells nothing of what it found has at least found what it quotes.
    quoted = {(each.article_id, each.quote): there for each, there in moved.items()}
    hits = [_hit(hit, quoted, ids) for hit in answer.hits]
    found = {hit.passage.article_id for hit in hits}
    new = {each.article_id: each for each in moved.values() if each.article_id not in found}
    known = replace(
        answer,
        statements=_moved(answer.statements, moved),
        conflicts=tuple(
            replace(each, sides=_moved(each.sides, moved)) for each in answer.conflicts
        ),
        injections=tuple(
            replace(each, article_id=ids[each.article_id]) for each in answer.injections
        ),
        hits=(*hits, *(Hit(_quoted(each), 0.0) for each in new.values())),
    )
    return known, tuple(lost)


def sound(hits: Iterable[Hit], unlocated: Iterable[Citation]) -> tuple[Hit, ...]:
    """The hits that are not quotations which stand nowhere."""
    lost = {citation.quote for citation in unlocated}
    return tuple(hit for hit in hits if hit.passage.text not in lost)


def _named(answer: Answer) -> Iterable[str]:
    for citation in (*answer.citations, *answer.injections):
        yield citation.article_id
    for hit in answer.hits:
        yield hit.passage.article_id
        yield from (copy.article_id for copy in hit.copies)


def _place(citation: Citation, found: Sequence[str], library: Library) -> Citation | None:
    """The citation where its quotation stands, itself if that is where it says."""
    if library.find(citation.article_id) == citation.article_id:
        text = library.article(citation.article_id).text
        if text[citation.start : citation.end] == citation.quote:
            return citation
    holding = library.holding(citation.quote)
    if not holding:
        return None
    order = [*dict.fromkeys((citation.article_id, *found))]
    nearest = min(holding, key=lambda id_: order.index(id_) if id_ in order else len(order))
    article = library.article(nearest)
    start = article.text.index(citation.quote)
    end = start + len(citation.quote)
    return replace(
        article.passage(start, end).cite(start, end),
        corrected=citation.corrected,
        read_again=citation.read_again,
    )


def _moved(
    statements: Iterable[Statement], moved: dict[Citation, Citation]
) -> tuple[Statement, ...]:
    return tuple(
        replace(said, citations=tuple(moved.get(each, each) for each in said.citations))
        for said in statements
    )


def _hit(hit: Hit, quoted: dict[tuple[str, str], Citation], ids: dict[str, str]) -> Hit:
    passage = hit.passage
    now = quoted.get((passage.article_id, passage.text))
    named = replace(passage, article_id=ids[passage.article_id])
    return replace(
        hit,
        passage=_quoted(now) if now else named,
        copies=tuple(replace(copy, article_id=ids[copy.article_id]) for copy in hit.copies),
    )


def _quoted(citation: Citation) -> Passage:
    """What is cited as a passage."""
    return Passage(
        article_id=citation.article_id,
        start=citation.start,
        end=citation.end,
        text=citation.quote,
        title=citation.title,
        url=citation.url,
        source=citation.source,
        published=citation.published,
    )
