"""One question that stands alone, from the search to the proved answer. Knows the seams, not what
stands behind them.
"""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from qa.abstention import abstention
from qa.errors import ArticleDamaged
from qa.language.cleaning import one_line
from qa.language.multilingual.notices import NOTICES
from qa.language.words import bare_words, holds
from qa.library.recheck import with_corrections
from qa.library.store import Library
from qa.protocols import (
    Composer,
    Composition,
    Judge,
    Reader,
    Restart,
    Retriever,
    Rewriter,
    Splitter,
)
from qa.question.decompose import RuleSplitter
from qa.question.rewrite import RuleRewriter
from qa.question.suggest import next_questions
from qa.question.understand import prefer_window
from qa.question.wording.language import in_language_asked, language_notice, question_language
from qa.question.wording.spelling import is_unknown
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article, Citation
from qa.records.clauses import Clause, clause, english, number_clause, verbatim
from qa.records.events import Found, Text
from qa.records.question import Question
from qa.records.reading import UNANSWERED, Reading, Retrieval
from qa.records.trace import Step, elapsed_ms
from qa.retrieve.gather import gather
from qa.safety.injection import with_injections
from qa.verify.prove import Proof, prove

__all__ = ["Parts", "answer_single"]

_UNSTABLE = clause(
    "the articles changed while they were read, and nothing of the answer stands"
).message
_UNSUPPORTED = clause("no article supports what was written as an answer").message


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What answers the questions over one library.

    ``fallback`` composes when nothing of what ``composer`` wrote is supported; ``hits`` passages
    are read (1 or more). Statements that no quotation supports are dropped, or kept and marked
    with ``keep_unsupported``; ``judge`` must find the others supported, too. ``names`` tells those
    who write down how an answer came about what it was made with.
    """

    library: Library
    retriever: Retriever
    reader: Reader
    composer: Composer
    fallback: Composer | None = None
    rewriter: Rewriter = field(default_factory=RuleRewriter)
    splitter: Splitter = field(default_factory=RuleSplitter)
    hits: int = 20
    keep_unsupported: bool = False
    judge: Judge | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def search(self, question: Question, k: int | None = None) -> Retrieval:
        """The hits alone, at most ``k`` (default: as many as are read), with a trace; each with
        what in it addresses a machine.
        """
        retrieval = gather(self.retriever.retrieve, self.library, question, k or self.hits)
        return replace(retrieval, hits=with_injections(retrieval.hits))


class _Articles:
    """Looks articles up, and keeps what it says of those that are damaged."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.damages: dict[str, str] = {}

    def __call__(self, article_id: str) -> Article:
        try:
            return self._library.article(article_id)
        except ArticleDamaged as error:
            self.damages[article_id] = str(error)
            raise


def answer_single(parts: Parts, question: Question) -> Iterator[Found | Text | Restart | Answer]:
    """Found, Text as it comes, and last the verified Answer to a question that stands alone and
    has one part.
    """
    start_time = time.perf_counter()
    retrieval = parts.search(question)
    yield Found(retrieval.hits)
    steps = [Step.of("window", *question.limits), *retrieval.steps]

    lap = time.perf_counter()
    notice = language_notice(question.text, parts.library)
    notice = notice or (UNANSWERED if is_unknown(question.text, parts.library) else "")
    hits = in_language_asked(question.text, retrieval.hits, parts.library)
    reading = parts.reader.read(question, hits)
    if reading.reason and (wider := prefer_window(question)):
        steps.append(Step.of("window", clause("nothing in it answers, so it is a preference only")))
        question, retrieval = wider, parts.search(wider)
        yield Found(retrieval.hits)
        steps += retrieval.steps
        hits = in_language_asked(question.text, retrieval.hits, parts.library)
        reading = parts.reader.read(question, hits)
    if question.article and reading.evidence:
        # Whatever is asked of the one article that was meant, it says what it says.
        reading = replace(reading, reason="")
    if notice:
        # Whoever reads several languages may answer; our readers cannot.
        reading = replace(reading, reason=notice, disputes=())
    steps += reading.steps
    candidates = number_clause(
        "%(num)s candidate answer", "%(num)s candidate answers", len(reading.spans)
    )
    steps.append(Step.of("read", candidates, took_ms=elapsed_ms(lap)))

    lap = time.perf_counter()
    articles = _Articles(parts.library)
    injections = _injections(reading.hits)
    composition, proof = yield from _compose(
        parts, parts.composer, question, reading, injections, articles
    )
    if parts.fallback and not composition.reason and not proof.statements:
        # What a model said of its own is gone; what the articles say can still be quoted.
        why = clause("answered by quotations: nothing of what it wrote is supported")
        yield Restart(why.text())
        first_composition, first_proof = composition, proof
        composition, proof = yield from _compose(
            parts, parts.fallback, question, reading, injections, articles
        )
        composition = replace(
            composition,
            usage=first_composition.usage.plus(composition.usage),
            steps=(*first_composition.steps, Step.of("chat", why), *composition.steps),
        )
        proof = replace(proof, faults=(*first_proof.faults, *proof.faults))
    steps += composition.steps
    statements, faults = proof.statements, [*proof.faults]
    conflicts = []
    for conflict in composition.conflicts:
        sides = prove(
            conflict.sides, articles, question=question.text, answering=reading.is_answering
        )
        faults += sides.faults
        if len(sides.statements) == len(conflict.sides):
            side_statements = with_corrections(sides.statements, parts.library)
            conflicts.append(replace(conflict, sides=side_statements))
    statements = with_corrections(statements, parts.library)
    steps += [Step("verify", fault) for fault in faults]
    steps += [Step("damage", text) for text in articles.damages.values()]
    steps += [
        Step.of(
            "injection",
            clause(
                "“%(title)s” holds a prompt injection, which was ignored: “%(quotation)s”",
                title=one_line(each.title) or each.article_id,
                quotation=each.quote,
            ),
        )
        for each in injections
    ]
    outcome = (
        clause(composition.reason)
        if composition.reason
        else number_clause(
            "%(num)s statement, checked", "%(num)s statements, each checked", len(statements)
        )
    )
    steps.append(Step.of("compose and verify", outcome, took_ms=elapsed_ms(lap)))
    reason = composition.reason
    reasons: tuple[Clause, ...] = ()
    if not reason and not statements:
        # Quotations were exact when they were made; other statements may never have stood.
        all_quoted = all(each.support == "quoted" for each in composition.statements)
        reason = _UNSTABLE if all_quoted else _UNSUPPORTED
    if reason:
        damages = dict.fromkeys(step.detail for step in steps if step.name == "damage")
        more = [verbatim(damage) for damage in damages]
        reasons = abstention(parts.library, question, reading, reason, *more)
        reason = english(reasons)
    yield Answer(
        question=question.text,
        short="" if reason else _supported_short(composition, statements),
        statements=() if reason else statements,
        hits=reading.hits,
        confidence=reading.confidence,
        abstained=bool(reason),
        reason=reason,
        reason_clauses=reasons,
        conflicts=() if reason else tuple(conflicts),
        trace=tuple(steps),
        took_ms=elapsed_ms(start_time),
        usage=composition.usage,
        window=question.window,
        kind=question.kind,
        next_questions=_next_questions(
            parts.library, question, reading, () if reason else statements
        ),
        injections=injections,
    )


def _compose(
    parts: Parts,
    composer: Composer,
    question: Question,
    reading: Reading,
    injections: Sequence[Citation],
    articles: _Articles,
) -> Generator[Text | Restart, None, tuple[Composition, Proof]]:
    """What a composer makes of the reading, and what of it is supported."""
    composition = Composition(reason="the composer gave no answer")
    for part in composer.compose(question, reading):
        if isinstance(part, Composition):
            composition = part
        else:
            yield Text(part) if isinstance(part, str) else part
    proof = prove(
        _mark_unchosen(composition.statements, reading),
        articles,
        question=question.text,
        keep=parts.keep_unsupported,
        injections=[each.quote for each in injections],
        relevant=partial(parts.reader.relevant, question),
        answering=reading.is_answering,
        second=parts.judge,
    )
    return composition, proof


def _mark_unchosen(statements: Sequence[Statement], reading: Reading) -> list[Statement]:
    """The statements; those that quote no sentence in which the reader found an answer, or which it
    judged, have still to be proved.
    """
    chosen_spans = [(span.passage.article_id, *span.sentence) for span in reading.spans]
    chosen_spans += [(each.article_id, each.start, each.end) for each in reading.evidence]

    def is_chosen(citation: Citation) -> bool:
        return any(
            citation.article_id == id_ and low <= citation.start and citation.end <= high
            for id_, low, high in chosen_spans
        )

    return [
        statement
        if any(map(is_chosen, statement.citations))
        else replace(statement, support="unsupported")
        for statement in statements
    ]


def _next_questions(
    library: Library, question: Question, reading: Reading, statements: Sequence[Statement]
) -> tuple[str, ...]:
    """What may be asked next; nothing where the question is in another language than English."""
    if question_language(question.text, library) in NOTICES:
        return ()
    cited = dict.fromkeys(citation.article_id for each in statements for citation in each.citations)
    return tuple(next_questions(question, reading.hits, [*cited]))


def _injections(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """The prompt injections in the hits, quoted."""
    return tuple(
        hit.passage.cite(hit.passage.start + low, hit.passage.start + high)
        for hit in hits
        for low, high in hit.injections or ()
    )


def _supported_short(composition: Composition, statements: Sequence[Statement]) -> str:
    """The short answer, if what is left of the statements and their quotations holds it all."""
    statements = [each for each in statements if each.support != "unsupported"]
    texts = [statement.text for statement in statements]
    texts += [citation.quote for statement in statements for citation in statement.citations]
    lines = [one_line(text) for text in texts]
    words = [bare_words(line) for line in lines]
    parts = composition.parts or (composition.short,)
    # A chat model may write "Nine" above a sentence with "nine".
    is_held = all(
        any(part in line for line in lines) or any(holds(each, bare_words(part)) for each in words)
        for part in parts
    )
    return composition.short if is_held else ""
