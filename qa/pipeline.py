"""From a question to a verified answer. Knows the seams, not what stands behind them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.agree import bare_words, holds
from qa.asking import Plan, Question, Retrieval
from qa.clock import elapsed_ms
from qa.compose.join import join
from qa.compose.judges import Judge
from qa.compose.timeline import timeline as in_order
from qa.compose.verify import prove
from qa.conversation import Rewrite, Turn
from qa.hostile import orders
from qa.library import Library
from qa.outlets import by_outlet, outlets_in
from qa.parts import RuleSplitter
from qa.recheck import with_corrections
from qa.records import Answer, Citation, Hit, Statement, Step, Usage
from qa.retrieve.window import understand, widened
from qa.rewrite import RuleRewriter
from qa.seams import (
    Composer,
    Composition,
    Reader,
    Restart,
    Retriever,
    Rewriter,
    Splitter,
)
from qa.text import clean_line, one_line

if TYPE_CHECKING:
    from qa.retrieve.langchain import PassageRetriever
    from qa.runnable import PipelineRunnable

__all__ = ["Found", "Pipeline", "Restart", "Text"]


@dataclass(frozen=True, slots=True)
class Found:
    """First event of a stream: the hits, before anything is read. It comes a second time when a
    window that the question names holds no answer, with what was found without it, and once for
    each part of a question of several.
    """

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of the answer's text, to be joined to those before.

    It is provisional until the Answer comes: nothing of it is checked yet, a Restart takes it back,
    and the numbers of its markers, if it has any, are only those of the Answer if all of it stands.
    """

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
        rewriter: Rewriter | None = None,
        splitter: Splitter | None = None,
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
        self.rewriter = rewriter or RuleRewriter()
        self.splitter = splitter or RuleSplitter()
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
        window: bool = True,
        timeline: bool = False,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """The answer, or an abstained Answer with the reason.

        ``as_of`` is the day the question is asked (default today); giving it prefers articles
        published near it. ``since`` and ``until`` (inclusive days) and ``sources`` (outlets,
        in any case) leave out everything else. Days that the question names prefer articles of
        those days, as ``Answer.window`` tells; ``since`` and ``until`` take their place, and
        ``window=False`` ignores them. With ``timeline`` the statements come in the order of
        publication, each with its day in front. ``history`` are the turns before, the latest last
        (``Turn.of`` an answer): with them a follow-up is understood. A question of several parts
        is answered part by part. Raises ValueError for an empty question.
        """
        *_, answer = self.stream(
            question,
            as_of=as_of,
            since=since,
            until=until,
            sources=sources,
            window=window,
            timeline=timeline,
            history=history,
        )
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
        window: bool = True,
        timeline: bool = False,
        history: Sequence[Turn] = (),
    ) -> Iterator[Found | Text | Restart | Answer]:
        """The same in steps: Found, Text as it comes (not in the order of a timeline), and last
        the verified Answer.

        A Restart says that the Text before it does not count.
        """
        started = time.perf_counter()
        typed = clean_line(question)
        rewrite = self.rewriter.rewrite(typed, history) if history else Rewrite(typed)
        plan = self._placed(self.splitter.split(rewrite.text), rewrite.text, sources)
        spent = rewrite.usage.plus(plan.usage)
        turns = [*history]
        answers: list[Answer] = []
        understood = partial(
            understand, as_of=as_of, since=since, until=until, window=window, timeline=timeline
        )
        for number, part in enumerate(plan.parts):
            if plan.relation == "each" and number:
                # "… and when was it founded?": the part before tells what "it" is.
                joined = f"And {part[:1].lower()}{part[1:]}"
                again = self.rewriter.rewrite(joined, turns)
                part = again.text if again.text != joined else part
                spent = spent.plus(again.usage)
            within = self._outlets(plan, number, part, sources)
            for event in self._single(understood(part, sources=within)):
                if isinstance(event, Answer):
                    answers.append(event)
                    turns.append(Turn.of(event))
                else:
                    yield event
        answer = answers[0] if len(answers) == 1 else join(typed, plan, answers)
        if timeline:
            answer = replace(answer, statements=in_order(answer.statements))
        if len(answers) > 1 or rewrite.how or spent != Usage():
            changed = rewrite.text if rewrite.text != typed else ""
            step = Step("rewrite", f"{rewrite.how}: {rewrite.text}") if rewrite.how else None
            answer = replace(
                answer,
                question=typed,
                rewritten=changed,
                trace=(*([step] if step else []), *answer.trace),
                took_ms=elapsed_ms(started),
                usage=answer.usage.plus(spent),
            )
        yield answer

    def _single(self, asked: Question) -> Iterator[Found | Text | Restart | Answer]:
        """A question that stands alone and has one part."""
        started = time.perf_counter()
        found = self.search(asked)
        yield Found(found.hits)
        steps = [Step("window", _window(asked)), *found.steps]

        lap = time.perf_counter()
        reading = self.reader.read(asked, found.hits)
        if reading.reason and (wider := widened(asked)):
            steps.append(Step("window", "nothing in it answers, so it is a preference only"))
            asked, found = wider, self.search(wider)
            yield Found(found.hits)
            steps += found.steps
            reading = self.reader.read(asked, found.hits)
        steps += reading.steps
        steps.append(Step("read", f"{len(reading.spans)} candidate answers", elapsed_ms(lap)))

        lap = time.perf_counter()
        composition = Composition(reason="the composer gave no answer")
        for part in self.composer.compose(asked, reading):
            if isinstance(part, Composition):
                composition = part
            else:
                yield Text(part) if isinstance(part, str) else part
        steps += composition.steps
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
                kept = with_corrections(sides.statements, self.library)
                conflicts.append(replace(conflict, sides=kept))
        statements = with_corrections(statements, self.library)
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
            usage=composition.usage,
            window=asked.window,
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

    def _placed(self, plan: Plan, question: str, sources: Sequence[str]) -> Plan:
        """The plan with outlets by the names that the library has for them; where it has none, or
        they are out of scope, the question is single.
        """
        if plan.relation != "agreement":
            return plan
        named = plan.labels
        if not named:
            hits = self.search(understand(plan.parts[0], sources=sources)).hits
            named = tuple(dict.fromkeys(hit.passage.source or "" for hit in hits))[:2]
        return by_outlet(plan, named, self._known(sources)) or Plan((question,), usage=plan.usage)

    def _outlets(self, plan: Plan, number: int, part: str, sources: Sequence[str]) -> Sequence[str]:
        """The outlet that a part of a question asks, if it says so, else those in scope."""
        if plan.relation == "agreement":
            return plan.labels[number : number + 1]
        if len(plan.parts) > 1 and "according to" in part.lower():
            return outlets_in(part, self._known(sources)) or sources
        return sources

    def _known(self, sources: Sequence[str]) -> list[str]:
        """The outlets of the library that are in scope."""
        wanted = {source.lower() for source in sources}
        return [name for name in self.library.sources() if not wanted or name.lower() in wanted]

    def _searched(self, question: Question) -> str:
        """What an abstention says of the collection."""
        count, first, last = self.library.coverage(question.scope)
        dates = f" from {first} to {last}" if first and last else ""
        articles = "1 article" if count == 1 else f"{count:,} articles"
        said = question.window.said if question.window and question.window.strict else ""
        narrowed = f" for “{said}”" if said else ""
        return f"Searched {articles}{dates}{narrowed}."


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
    words = [bare_words(line) for line in lines]
    parts = composition.parts or (composition.short,)
    # A chat model may write "Nine" above a sentence with "nine".
    held = all(
        any(part in line for line in lines) or any(holds(each, bare_words(part)) for each in words)
        for part in parts
    )
    return composition.short if held else ""


def _window(question: Question) -> str:
    scope, window = question.scope, question.window
    parts = [f"asked as of {question.as_of}"]
    if window and not window.said:
        parts.append(f"published from {scope.since or 'the first'} to {scope.until or 'the last'}")
        parts.append("undated articles left out")
    elif window:
        kept = (
            "only articles of these days" if window.strict else "articles in or near it preferred"
        )
        parts += [window.text, kept, "undated articles kept"]
    if scope.sources:
        parts.append(f"only {', '.join(scope.sources)}")
    return "; ".join(parts)
