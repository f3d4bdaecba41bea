"""Proof that what an answer says stands in the articles: exact quotations, and facts that agree."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from qa.compose.facts import facts
from qa.compose.judges import Judge
from qa.compose.markup import without_markup
from qa.compose.picks import BESIDE, OPENING, Source
from qa.compose.support import judge
from qa.compose.timeline import bare_text
from qa.errors import ArticleNotFound
from qa.hostile import asks_for_orders, orders, orders_around, overlaps, readable
from qa.records import Article, Citation, Statement
from qa.text import one_line

__all__ = ["Proof", "prove"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is left of the statements, and a line for each thing that did not stand."""

    statements: tuple[Statement, ...]
    faults: tuple[str, ...] = ()


def prove(
    statements: Sequence[Statement],
    article: Callable[[str], Article],
    *,
    question: str = "",
    keep: bool = False,
    obeyed: Sequence[str] = (),
    second: Judge | None = None,
) -> Proof:
    """Check every statement against the articles as they are stored now.

    A citation whose article is gone, or whose characters differ, is taken away; the others are
    narrowed to the sentences that the statement rests on, byte for byte. *Verified*: it is quoted,
    or all but little of it stands in them; *weak*: nothing contradicts it, but much is said in
    other words; *unsupported*: a fact differs, too little is held, or nothing is cited. The last
    is dropped unless ``keep``. A statement that its composer already holds for verified, and that
    one of its citations quotes, keeps the citations it has.

    Text that gives orders to machines supports nothing, except, weakly, when the question asks
    for such text. Whoever composed may have obeyed it: a statement falls if words that no
    quotation holds stand in the orders of an article it cites, or among ``obeyed``, the orders
    that stood before the composer. ``second`` is asked about what was found
    supported in other words; it can only take away. Links, images and tags go from every statement
    that is not a bare quotation.
    """
    reader = _Reader(article, orders_count=asks_for_orders(question), obeyed=obeyed)
    proved = [reader.prove(statement) for statement in statements]
    if second:
        proved = _judged(proved, second)
    kept: list[Statement] = []
    faults: list[str] = []
    for statement, wrong in proved:
        faults += [fault for fault in wrong if statement.support != "unsupported"]
        if statement.support == "unsupported":
            statement = replace(statement, text=without_markup(statement.text, ())[0])
            done = "kept as unsupported" if keep else "dropped"
            faults.append(f"{done}, {'; '.join(wrong)}: {statement.text!r}")
        if keep or statement.support != "unsupported":
            kept.append(statement)
    return Proof(tuple(kept), tuple(faults))


_Proved = tuple[Statement, tuple[str, ...]]


class _Reader:
    """Articles looked up and read for orders once for all statements of an answer."""

    def __init__(
        self, article: Callable[[str], Article], *, orders_count: bool, obeyed: Sequence[str]
    ) -> None:
        self._article = article
        self._orders_count = orders_count
        self._obeyed = tuple(obeyed)
        self._known: dict[str, Article | None] = {}
        self._sources: dict[Citation, Source] = {}

    def prove(self, statement: Statement) -> _Proved:
        good = [citation for citation in statement.citations if self._stands(citation)]
        faults = tuple(
            f"{citation.article_id}[{citation.start}:{citation.end}] no longer reads as quoted"
            for citation in statement.citations
            if citation not in good
        )
        if not good:
            return _unsupported(statement, (), (*faults, "nothing is cited"))
        clean = [citation for citation in good if not self._orders(citation)]
        if statement.support != "unsupported" and any(_quotes(each, statement) for each in good):
            return self._quoted(statement, good, clean, faults)
        return self._narrowed(statement, good, faults)

    def _quoted(
        self,
        statement: Statement,
        good: Sequence[Citation],
        clean: Sequence[Citation],
        faults: tuple[str, ...],
    ) -> _Proved:
        if any(_quotes(each, statement) for each in clean):
            return replace(statement, citations=tuple(clean), support="verified"), faults
        if self._orders_count:
            return replace(statement, citations=tuple(good), support="weak"), faults
        return _unsupported(statement, good, (*faults, "it repeats an order to machines"))

    def _narrowed(
        self, statement: Statement, good: Sequence[Citation], faults: tuple[str, ...]
    ) -> _Proved:
        parts = sorted({part for citation in good for part in self._parts(citation)}, key=_place)
        text, removed = without_markup(statement.text, [part.quote for part in parts])
        faults += tuple(f"taken out of a statement: {what}" for what in removed)
        statement = replace(statement, text=text)
        found = judge(text, [self._source(part) for part in parts])
        picked = [_cut(parts[pick.source], pick.start, pick.end) for pick in found.picks]
        if found.support == "unsupported" or not text.strip():
            ordered = not parts or any(self._orders(citation) for citation in good)
            why = found.faults or ("too little of it is quoted",)
            why += ("orders to machines support nothing",) if ordered else ()
            return _unsupported(statement, picked or good, (*faults, *why))
        if found.support == "weak" and self._steered(text, good, picked):
            return _unsupported(
                statement, picked, (*faults, "orders to machines say it, no quotation does")
            )
        # Other articles that say all of it, too.
        for other in sorted(
            {part.article_id for part in parts} - {each.article_id for each in picked}
        ):
            own = [part for part in parts if part.article_id == other]
            too = judge(text, [self._source(part) for part in own])
            if too.support != "unsupported":
                picked += [_cut(own[pick.source], pick.start, pick.end) for pick in too.picks]
        support = found.support
        if any(self._orders(citation) for citation in picked):
            support = "weak"
        return (
            replace(statement, citations=tuple(dict.fromkeys(picked)), support=support),
            faults,
        )

    def _steered(self, text: str, cited: Sequence[Citation], picked: Sequence[Citation]) -> bool:
        """Whether what no quotation holds of a statement stands in orders to machines."""
        if self._orders_count:
            return False
        texts = dict.fromkeys(self._text(citation) for citation in cited)
        ordered = [*self._obeyed, *(each[low:high] for each in texts for low, high in orders(each))]
        if not ordered:
            return False
        # What is ordered in another script cannot be compared.
        if any(sum(sign > "\u024f" for sign in each) > len(each) / 5 for each in ordered):
            return True
        held = frozenset[str]().union(*(facts(one_line(each.quote)).words for each in picked))
        said = facts(one_line(readable(" ".join(ordered)))).words
        return bool((facts(one_line(text)).words - held) & said)

    def _parts(self, citation: Citation) -> list[Citation]:
        """The citation without what gives orders to machines."""
        if self._orders_count or not self._orders(citation):
            return [citation]
        parts = []
        start = citation.start
        for low, high in (*self._near(citation), (citation.end, citation.end)):
            end = min(max(low, start), citation.end)
            if citation.quote[start - citation.start : end - citation.start].strip():
                parts.append(_cut(citation, start - citation.start, end - citation.start))
            start = min(max(high, start), citation.end)
        return parts

    def _source(self, citation: Citation) -> Source:
        if citation not in self._sources:
            text = self._text(citation)
            if not self._orders_count:
                # Nor do orders tell what a pronoun stands for.
                for low, high in (*orders_around(text, 0, OPENING), *self._near(citation)):
                    text = text[:low] + " " * (high - low) + text[high:]
            self._sources[citation] = Source(
                text,
                citation.start,
                citation.end,
                f"{citation.title}. ",
                citation.source or "",
                citation.published,
            )
        return self._sources[citation]

    def _orders(self, citation: Citation) -> bool:
        return overlaps(self._near(citation), citation.start, citation.end)

    def _near(self, citation: Citation) -> tuple[tuple[int, int], ...]:
        """The orders in and shortly before the citation."""
        before = max(0, citation.start - BESIDE)
        return orders_around(self._text(citation), before, citation.end)

    def _text(self, citation: Citation) -> str:
        known = self._look_up(citation.article_id)
        return known.text if known else ""

    def _stands(self, citation: Citation) -> bool:
        text = self._text(citation)
        return text[citation.start : citation.end] == citation.quote

    def _look_up(self, article_id: str) -> Article | None:
        if article_id not in self._known:
            try:
                self._known[article_id] = self._article(article_id)
            except ArticleNotFound:
                self._known[article_id] = None
        return self._known[article_id]


def _quotes(citation: Citation, statement: Statement) -> bool:
    return one_line(bare_text(statement)) in one_line(citation.quote)


def _unsupported(
    statement: Statement, citations: Sequence[Citation], why: tuple[str, ...]
) -> _Proved:
    return replace(statement, citations=tuple(citations), support="unsupported"), why


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.article_id, citation.start, citation.end


def _cut(citation: Citation, low: int, high: int) -> Citation:
    """``[low:high]`` of the quotation as a citation of its own, without white space around."""
    quote = citation.quote[low:high]
    start = citation.start + low + len(quote) - len(quote.lstrip())
    quote = quote.strip()
    return replace(citation, start=start, end=start + len(quote), quote=quote)


def _judged(proved: Sequence[_Proved], second: Judge) -> list[_Proved]:
    """The same after the second judge, who is asked about several at a time."""

    def again(item: _Proved) -> _Proved:
        statement, faults = item
        said = one_line(statement.text)
        literal = any(said == one_line(citation.quote) for citation in statement.citations)
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
        return _unsupported(
            statement, statement.citations, (*faults, f"{second.name} finds no support")
        )

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(again, proved))
