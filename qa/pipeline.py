"""From a question to a verified answer. Knows the seams, not what stands behind them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.asking import Question, Retrieval
from qa.clock import elapsed_ms
from qa.compose.judges import Judge
from qa.compose.verify import prove
from qa.hostile import orders
from qa.library import Library
from qa.records import Answer, Citation, Hit, Statement, Step
from qa.retrieve.window import understand
from qa.seams import Composer, Composition, Reader, Retriever
from qa.text import one_line

if TYPE_CHECKING:
    from qa.retrieve.langchain import PassageRetriever
    from qa.runnable import PipelineRunnable

__all__ = ["Found", "Pipeline", "Text"]


@dataclass(frozen=True, slots=True)
class Found:
    """First event of a stream: the hits, before anything is read."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Text of the answer as it comes; not verified yet."""

    text: str


class Pipeline:
    """Answers questions over one library. Safe to share between threads.

    ``parts`` names what it is made of, for those who write down how an answer came about.
    Statements that no quotation supports are dropped, or kept and marked with
    ``keep_unsupported``; ``judge`` must find the others supported, too.
    """

    def __init__(
        self,
        *,
        library: Library,
        retriever: Retriever,
        reader: Reader,
        composer: Composer,
        hits: int = 20,
        keep_unsupported: bool = False,
        judge: Judge | None = None,
        parts: Mapping[str, str] | None = None,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self.library = library
        self.retriever = retriever
        self.reader = reader
        self.composer = composer
        self.hits = hits
        self.keep_unsupported = keep_unsupported
        self.judge = judge
        self.parts = dict(parts or {})
        self._on_close = on_close

    def ask(
        self,
        question: str,
        *,
        as_of: date | None = None,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
    ) -> Answer:
        """The answer, or an abstained Answer with the reason.

        ``as_of`` is the day the question is asked (default today); giving it prefers articles
        published near it. ``since`` and ``until`` (inclusive days) and ``sources`` (outlets,
        in any case) leave out everything else. Raises ValueError for an empty question.
        """
        *_, answer = self.stream(question, as_of=as_of, since=since, until=until, sources=sources)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        *,
        as_of: date | None = None,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
    ) -> Iterator[Found | Text | Answer]:
        """The same in steps: Found once, Text as it comes, and last the verified Answer."""
        started = time.perf_counter()
        asked = understand(question, as_of=as_of, since=since, until=until, sources=sources)
        found = self.search(asked)
        yield Found(found.hits)
        steps = [Step("window", _window(asked)), *found.steps]

        lap = time.perf_counter()
        reading = self.reader.read(asked, found.hits)
        steps += reading.steps
        steps.append(Step("read", f"{len(reading.spans)} candidate answers", elapsed_ms(lap)))

        lap = time.perf_counter()
        composition = Composition(reason="the composer gave no answer")
        for part in self.composer.compose(asked, reading):
            if isinstance(part, Composition):
                composition = part
            else:
                yield Text(part)
        ordering = _orders(reading.hits)
        proof = prove(
            composition.statements,
            self.library.article,
            question=asked.text,
            keep=self.keep_unsupported,
            obeyed=[each.quote for each in ordering],
            second=self.judge,
        )
        statements, faults = proof.statements, [*proof.faults]
        conflicts = []
        for conflict in composition.conflicts:
            sides = prove(conflict.sides, self.library.article, question=asked.text)
            faults += sides.faults
            if len(sides.statements) == len(conflict.sides):
                conflicts.append(replace(conflict, sides=sides.statements))
        steps += [Step("verify", fault) for fault in faults]
        steps += [
            Step(
                "orders",
                f"{each.article_id} speaks to machines, which is not obeyed: {each.quote!r}",
            )
            for each in ordering
        ]
        steps.append(
            Step(
                "compose and verify",
                composition.reason or f"{len(statements)} statements, each checked",
                elapsed_ms(lap),
            )
        )
        reason = composition.reason
        if not reason and not statements:
            # Quotations were exact when they were made; other statements may never have stood.
            quoted = all(each.support == "verified" for each in composition.statements)
            reason = (
                "the articles changed while they were read, and nothing of the answer stands"
                if quoted
                else "the passages found support nothing of what was composed"
            )
        if reason:
            reason = f"{reason}. {self._searched(asked)}"
        yield Answer(
            question=asked.text,
            short="" if reason else _supported(composition, statements),
            statements=() if reason else statements,
            hits=reading.hits,
            confidence=reading.confidence,
            abstained=bool(reason),
            reason=reason,
            conflicts=() if reason else tuple(conflicts),
            trace=tuple(steps),
            took_ms=elapsed_ms(started),
            orders=ordering,
        )

    def batch(
        self, questions: Sequence[str], *, as_of: date | None = None, threads: int = 4
    ) -> list[Answer]:
        """Answers in the order of the questions, several at a time."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda question: self.ask(question, as_of=as_of), questions))

    def search(self, question: Question, k: int | None = None) -> Retrieval:
        """The hits alone, at most ``k`` (default: as many as are read), with a trace."""
        return self.retriever.retrieve(question, k or self.hits)

    def as_runnable(self) -> "PipelineRunnable":
        """The pipeline as a LangChain Runnable."""
        from qa.runnable import PipelineRunnable

        return PipelineRunnable(self)

    def as_retriever(self, k: int | None = None) -> "PassageRetriever":
        """The search alone as a LangChain retriever of at most ``k`` documents."""
        from qa.retrieve.langchain import PassageRetriever

        return PassageRetriever(retriever=self.retriever, k=k or self.hits)

    def close(self) -> None:
        """Let go of files and connections."""
        self._on_close()
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _searched(self, question: Question) -> str:
        """What an abstention says of the collection."""
        count, first, last = self.library.coverage(question.scope)
        dates = f" from {first} to {last}" if first and last else ""
        articles = "1 article" if count == 1 else f"{count:,} articles"
        return f"Searched {articles}{dates}."


def _orders(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """What in the hits speaks to machines, quoted."""
    passages = [hit.passage for hit in hits]
    return tuple(
        passage.cite(passage.start + low, passage.start + high)
        for passage in passages
        for low, high in orders(passage.text)
    )


def _supported(composition: Composition, statements: Sequence[Statement]) -> str:
    """The short answer, if what is left of the statements and their quotations holds it all."""
    statements = [each for each in statements if each.support != "unsupported"]
    said = [statement.text for statement in statements]
    said += [citation.quote for statement in statements for citation in statement.citations]
    lines = [one_line(text) for text in said]
    parts = composition.parts or (composition.short,)
    held = all(any(part in line for line in lines) for part in parts)
    return composition.short if held else ""


def _window(question: Question) -> str:
    scope = question.scope
    parts = [f"asked as of {question.as_of}"]
    if scope.since or scope.until:
        parts.append(f"published from {scope.since or 'the first'} to {scope.until or 'the last'}")
        parts.append("undated articles left out")
    if scope.sources:
        parts.append(f"only {', '.join(scope.sources)}")
    return "; ".join(parts)
