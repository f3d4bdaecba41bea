"""Proof that what an answer says stands in the articles: exact quotations, and facts that agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.compose.timeline import bare_text
from qa.errors import ArticleDamaged, ArticleNotFound
from qa.language.cleaning import one_line
from qa.protocols import Judge
from qa.records.answer import Statement
from qa.records.article import Article, Citation
from qa.safety.addresses import asks_for_address, leads_nowhere
from qa.safety.foreign_corrections import foreign_corrections
from qa.safety.injection import asks_for_orders, orders, orders_around, overlaps, readable
from qa.safety.sanitize import without_markup
from qa.safety.untrusted import question_echoes
from qa.verify.evidence import CONTEXT_BEFORE, OPENING, Source
from qa.verify.facts import facts
from qa.verify.relevance_check import (
    Relevance,
    Verdict,
    with_relevance,
    with_second,
    without_support,
)
from qa.verify.support import judge

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
    injections: Sequence[str] = (),
    relevant: Relevance | None = None,
    answering: Callable[[Citation], bool] = lambda citation: False,
    second: Judge | None = None,
) -> Proof:
    """Check every statement against the articles as they are stored now.

    A citation whose article is gone or damaged, or whose characters differ, is taken away; the
    others are narrowed to the sentences that the statement rests on, byte for byte. *Quoted*: it
    is quoted, or all but little of it stands in them; *verified*: that, and ``answering`` finds
    that one of its quotations answers the question; *weak*: nothing contradicts it, but much is
    said in other words; *unsupported*: a fact differs, too little is held, or nothing is cited.
    The last is dropped unless ``keep``. A statement that its composer already holds for quoted,
    and that one of its citations quotes, keeps the citations it has.

    Text that gives orders to machines supports nothing, except, weakly, when the question asks
    for such text; nor do corrections of what other outlets wrote, and sentences that quote the
    question. Whoever composed may have obeyed it: a statement falls if words that no
    quotation holds stand in the orders of an article it cites, or among ``injections``, the orders
    that stood before the composer. ``relevant`` tells which pieces of evidence have to do with the
    question; what rests on none of them is unsupported, unless its composer held it for quoted.
    ``second`` is asked about what was found
    supported in other words; it can only take away. Links, images and tags go from every statement
    that is not a bare quotation, and so do addresses unless the question asks for one and the
    evidence gives it.
    """
    reader = _Reader(article, question, injections=injections)
    proofs = [reader.prove(statement) for statement in statements]
    if relevant:
        proofs = with_relevance(statements, proofs, relevant)
    if second:
        proofs = with_second(proofs, second)
    supported_statements: list[Statement] = []
    faults: list[str] = []
    for statement, statement_faults in proofs:
        faults += [fault for fault in statement_faults if statement.support != "unsupported"]
        if statement.support == "unsupported":
            statement = replace(statement, text=without_markup(statement.text, ())[0])
            outcome = "kept as unsupported" if keep else "dropped"
            faults.append(f"{outcome}, {'; '.join(statement_faults)}: {statement.text!r}")
        elif statement.support == "quoted" and any(map(answering, statement.citations)):
            statement = replace(statement, support="verified")
        if keep or statement.support != "unsupported":
            supported_statements.append(statement)
    return Proof(tuple(supported_statements), tuple(faults))


class _Reader:
    """Articles looked up and read for orders once for all statements of an answer."""

    def __init__(
        self, article: Callable[[str], Article], question: str, *, injections: Sequence[str]
    ) -> None:
        self._article = article
        self._question = question
        self._orders_count = asks_for_orders(question)
        self._addresses_count = asks_for_address(question)
        self._obeyed = tuple(injections)
        self._known: dict[str, Article | None] = {}
        self._sources: dict[Citation, Source] = {}

    def prove(self, statement: Statement) -> Verdict:
        good = [citation for citation in statement.citations if self._stands(citation)]
        faults = tuple(
            f"{citation.article_id}[{citation.start}:{citation.end}] no longer reads as quoted"
            for citation in statement.citations
            if citation not in good
        )
        if not good:
            return without_support(statement, (), (*faults, "nothing is cited"))
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
    ) -> Verdict:
        if any(_quotes(each, statement) for each in clean):
            return replace(statement, citations=tuple(clean), support="quoted"), faults
        if self._orders_count:
            return replace(statement, citations=tuple(good), support="weak"), faults
        return without_support(statement, good, (*faults, "it repeats an order to machines"))

    def _narrowed(
        self, statement: Statement, good: Sequence[Citation], faults: tuple[str, ...]
    ) -> Verdict:
        parts = sorted({part for citation in good for part in self._parts(citation)}, key=_place)
        quotes = [part.quote for part in parts]
        text, removed_markup = without_markup(
            statement.text, quotes if self._addresses_count else ()
        )
        faults += tuple(f"taken out of a statement: {what}" for what in removed_markup)
        statement = replace(statement, text=text)
        in_quotes = any(what in quote for what in removed_markup for quote in quotes)
        if in_quotes and leads_nowhere(text):
            return without_support(statement, good, (*faults, "all it tells is an address"))
        judgement = judge(text, [self._source(part) for part in parts])
        evidence = [
            _narrow_citation(parts[pick.source], pick.start, pick.end) for pick in judgement.picks
        ]
        if judgement.support == "unsupported" or not text.strip():
            from_injection = not parts or any(self._orders(citation) for citation in good)
            why = judgement.faults or ("too little of it is quoted",)
            why += ("orders to machines support nothing",) if from_injection else ()
            return without_support(statement, evidence or good, (*faults, *why))
        if judgement.support == "weak" and self._steered(text, good, evidence):
            return without_support(
                statement, evidence, (*faults, "orders to machines say it, no quotation does")
            )
        # Other articles that say all of it, too.
        for other in sorted(
            {part.article_id for part in parts} - {each.article_id for each in evidence}
        ):
            own = [part for part in parts if part.article_id == other]
            own_judgement = judge(text, [self._source(part) for part in own])
            if own_judgement.support != "unsupported":
                evidence += [
                    _narrow_citation(own[pick.source], pick.start, pick.end)
                    for pick in own_judgement.picks
                ]
        support = judgement.support
        if any(self._orders(citation) for citation in evidence):
            support = "weak"
        return (
            replace(statement, citations=tuple(dict.fromkeys(evidence)), support=support),
            faults,
        )

    def _steered(
        self, text: str, citations: Sequence[Citation], evidence: Sequence[Citation]
    ) -> bool:
        """Whether what no quotation holds of a statement stands in orders to machines."""
        if self._orders_count:
            return False
        texts = dict.fromkeys(self._text(citation) for citation in citations)
        injections = [
            *self._obeyed,
            *(each[low:high] for each in texts for low, high in orders(each)),
        ]
        if not injections:
            return False
        # What is ordered in another script cannot be compared.
        if any(sum(sign > "\u024f" for sign in each) > len(each) / 5 for each in injections):
            return True
        evidence_words = frozenset[str]().union(
            *(facts(one_line(each.quote)).words for each in evidence)
        )
        injected_words = facts(one_line(readable(" ".join(injections)))).words
        return bool((facts(one_line(text)).words - evidence_words) & injected_words)

    def _parts(self, citation: Citation) -> list[Citation]:
        """The citation without what gives orders to machines."""
        if self._orders_count or not self._orders(citation):
            return [citation]
        parts = []
        start = citation.start
        for low, high in (*self._near(citation), (citation.end, citation.end)):
            end = min(max(low, start), citation.end)
            if citation.quote[start - citation.start : end - citation.start].strip():
                parts.append(
                    _narrow_citation(citation, start - citation.start, end - citation.start)
                )
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
        """What is no evidence in and shortly before the citation, in order."""
        text = self._text(citation)
        context_start = max(0, citation.start - CONTEXT_BEFORE)
        ranges = (
            *orders_around(text, context_start, citation.end),
            *foreign_corrections(text, citation.source or ""),
            *question_echoes(text, self._question),
        )
        return tuple(sorted(set(ranges)))

    def _text(self, citation: Citation) -> str:
        article = self._look_up(citation.article_id)
        return article.text if article else ""

    def _stands(self, citation: Citation) -> bool:
        text = self._text(citation)
        return text[citation.start : citation.end] == citation.quote

    def _look_up(self, article_id: str) -> Article | None:
        if article_id not in self._known:
            try:
                self._known[article_id] = self._article(article_id)
            except (ArticleNotFound, ArticleDamaged):
                self._known[article_id] = None
        return self._known[article_id]


def _quotes(citation: Citation, statement: Statement) -> bool:
    return one_line(bare_text(statement)) in one_line(citation.quote)


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.article_id, citation.start, citation.end


def _narrow_citation(citation: Citation, low: int, high: int) -> Citation:
    """``[low:high]`` of the quotation as a citation of its own, without white space around."""
    quote = citation.quote[low:high]
    start = citation.start + low + len(quote) - len(quote.lstrip())
    quote = quote.strip()
    return replace(citation, start=start, end=start + len(quote), quote=quote)
