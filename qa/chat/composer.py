"""Answers from a chat model over numbered passages, or from spans when the model fails.

Knows LangChain's chat models by their interface alone, and no setting. What a model writes is
cited here as it cites itself, by whole passages; whether that holds is checked afterwards.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from qa.chat.budget import Ledger, Price
from qa.chat.deadline import in_time
from qa.chat.failures import Failed, TooLong, failure_of
from qa.chat.models import ChatModel
from qa.chat.prompt import WITHOUT_SHORT, estimate_tokens, fitting, messages
from qa.chat.reply import Reply, ReplyParser
from qa.compose.conflicts import conflicts_of
from qa.compose.extract import ExtractComposer
from qa.language.cleaning import clean_text, one_line
from qa.language.words import bare_words, holds
from qa.protocols import Composer, Composition, Restart
from qa.records.answer import Conflict, Hit, Statement
from qa.records.article import Citation, Passage
from qa.records.clauses import Clause, clause, number_clause, verbatim
from qa.records.question import Question
from qa.records.reading import UNANSWERED, Reading
from qa.records.trace import Step, Usage, elapsed_ms
from qa.safety.addresses import AddressGuard

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

__all__ = ["ChatComposer"]

# Letters of a token, generously: a reply that is longer than its tokens allow is cut off here.
_LETTERS = 12
# Of the whole time, what may pass without a sign after the first.
_IDLE = 1 / 3
# How providers say that a reply was as long as it may be.
_CUT_REASONS = ("length", "max_tokens")


@dataclass(slots=True)
class _Course:
    """What happened while one answer was composed."""

    usage: Usage = field(default_factory=Usage)
    steps: list[Step] = field(default_factory=list)
    shown: bool = False


@dataclass(frozen=True, slots=True)
class ChatComposer:
    """Asks the model once, with as many of the best passages as ``prompt_tokens`` allow.

    If anything fails (no time, no money, no server, no reply that cites a passage), ``instead``
    answers, the trace says why in a step named ``chat``, and text that was streamed is taken back.
    The model is asked even when the reader would abstain: spans are short, explanations are not.
    ``timeout`` is in seconds, for the whole reply.
    """

    chat: ChatModel
    ledger: Ledger
    price: Price | None = None
    prompt_tokens: int = 4000
    timeout: float = 60
    instead: Composer = field(default_factory=ExtractComposer)
    today: Callable[[], date] = date.today

    def compose(
        self, question: Question, reading: Reading
    ) -> Iterator[str | Restart | Composition]:
        """Text with markers as it comes, then the composition; only that when it abstains."""
        if not reading.hits:
            yield Composition(reason=reading.reason or UNANSWERED)
            return
        course = _Course()
        try:
            composition = yield from self._answer(question, reading, course)
        except Failed as failure:
            if course.shown:
                yield Restart(str(failure))
            outcome = clause("answered without %(model)s", model=self.chat.name)
            course.steps.append(Step.because("chat", outcome, failure.clause))
            for part in self.instead.compose(question, reading):
                yield _with_steps(part, course) if isinstance(part, Composition) else part
            return
        if composition.reason and course.shown:
            yield Restart(composition.reason)
        yield _with_steps(composition, course)

    def _answer(
        self, question: Question, reading: Reading, course: _Course
    ) -> Generator[str, None, Composition]:
        hits = reading.hits
        count = fitting(hits, self.prompt_tokens, question.text)
        if not count:
            raise Failed(
                clause(
                    "QA_CHAT_TOKENS=%(tokens)s leaves no room for a passage",
                    tokens=str(self.prompt_tokens),
                )
            )
        try:
            reply = yield from self._ask(question, hits[:count], course)
        except TooLong as failure:
            if count == 1 or course.shown:
                raise
            outcome = clause("asked again with half of the passages")
            course.steps.append(Step.because("prompt", outcome, failure.clause))
            reply = yield from self._ask(question, hits[: count // 2], course)
        if reply.unknown:
            removal = number_clause(
                "removed from the reply, as it names no passage: %(num)s marker",
                "removed from the reply, as they name no passage: %(num)s markers",
                reply.unknown,
            )
            course.steps.append(Step.of("citations", removal))
        if reply.abstains:
            return Composition(reason=reading.reason or UNANSWERED)
        statements = tuple(
            Statement(each.text, tuple(_whole(hits[number - 1].passage) for number in each.numbers))
            for each in reply.sentences
        )
        if not statements:
            raise Failed(clause("its reply was empty"))
        if not any(statement.citations for statement in statements):
            raise Failed(clause("its reply cites no passage"))
        return Composition(
            short=_short(question, reading, reply.short, statements),
            statements=statements,
            conflicts=_conflicts(question, reading, statements),
        )

    def _ask(
        self, question: Question, hits: Sequence[Hit], course: _Course
    ) -> Generator[str, None, Reply]:
        """One request, within the budget; its text as it comes."""
        prompt = messages(question, hits)
        size = sum(estimate_tokens(text) for _, text in prompt)
        prompt_size = number_clause(
            "%(num)s passage, about %(tokens)s tokens in all",
            "%(num)s passages, about %(tokens)s tokens in all",
            len(hits),
            tokens=size,
        )
        course.steps.append(Step.of("prompt", prompt_size))
        reserved_cost = self.price.of(size, self.chat.reply_tokens) if self.price else 0.0
        if refusal := self.ledger.reserve(reserved_cost, self.today()):
            raise Failed(verbatim(refusal))
        parser, guard = ReplyParser(len(hits)), AddressGuard()
        usage, letters, finish_reason = Usage(), 0, ""
        lap = time.perf_counter()
        try:
            with closing(self._chunks(prompt)) as chunks:
                for chunk in chunks:
                    usage = _add_usage(usage, chunk)
                    finish_reason = _ending(chunk) or finish_reason
                    letters += len(chunk.text)
                    if shown_text := guard.feed(parser.feed(clean_text(chunk.text))):
                        course.shown = True
                        yield shown_text
                    if letters > self.chat.reply_tokens * _LETTERS:
                        finish_reason = _CUT_REASONS[0]
                        break
            self._check(finish_reason, course)
            rest = parser.finish(is_cut=finish_reason in _CUT_REASONS)
            if shown_text := guard.feed(rest) + guard.finish():
                course.shown = True
                yield shown_text
            return parser.reply
        except TimeoutError as error:
            # Whatever it was doing, what was asked had been sent, and is paid for.
            letters = max(letters, 1)
            raise Failed(
                clause("it took too long: %(words)s", words=one_line(str(error)))
            ) from error
        finally:
            if letters and not usage.input_tokens:
                usage = Usage(size, -(-letters // 4))
                course.steps.append(Step.of("usage", clause("not told by the server: estimated")))
            self._book(usage, reserved_cost, elapsed_ms(lap), course)

    def _chunks(self, prompt: list[tuple[str, str]]) -> "Generator[AIMessageChunk, None, None]":
        """What the model sends, except for signs of life. Raises TimeoutError or Failed."""

        def told() -> "Iterator[AIMessageChunk]":
            for chunk in self.chat.model.stream(prompt):
                # Some servers send an empty chunk before they read what was asked.
                if chunk.text or chunk.usage_metadata or _ending(chunk):
                    yield chunk

        chunks = in_time(told, total=self.timeout, idle=self.timeout * _IDLE)
        while True:
            try:
                chunk = next(chunks)
            except StopIteration:
                return
            except TimeoutError:
                raise
            except Exception as error:
                raise failure_of(error, self.chat.name, self.chat.key) from error
            yield chunk

    def _check(self, finish_reason: str, course: _Course) -> None:
        if finish_reason == "content_filter":
            raise Failed(clause("a content filter stopped its reply"))
        if finish_reason in _CUT_REASONS:
            course.steps.append(Step.of("reply", clause("cut off at its greatest length")))
        if not finish_reason and self.chat.tells_end:
            raise Failed(clause("the connection ended before its reply did"))

    def _book(self, usage: Usage, reserved_cost: float, took_ms: float, course: _Course) -> None:
        """Put down what one request took, in the course, the trace and the ledger."""
        actual_cost = self.price.of(usage.input_tokens, usage.output_tokens) if self.price else 0.0
        usage = replace(usage, cost=actual_cost)
        course.usage = course.usage.plus(usage)
        if usage.input_tokens:
            course.steps.append(Step.of("usage", *self._usage_clauses(usage, took_ms)))
        try:
            self.ledger.settle(reserved_cost, actual_cost, self.today())
        except OSError as error:
            fault = clause("the day's spending cannot be kept: %(error)s", error=str(error))
            course.steps.append(Step.of("usage", fault))

    def _usage_clauses(self, usage: Usage, took_ms: float) -> Iterator[Clause]:
        yield clause(
            "%(model)s: %(input)s tokens in, %(output)s out",
            model=self.chat.name,
            input=usage.input_tokens,
            output=usage.output_tokens,
        )
        yield (
            clause("%(dollars)s dollars", dollars=f"{usage.cost:.6f}")
            if self.price
            else clause("price unknown, see QA_CHAT_PRICE")
        )
        yield clause("in %(seconds)s s", seconds=f"{took_ms / 1000:.1f}")


def _conflicts(
    question: Question, reading: Reading, statements: Sequence[Statement]
) -> tuple[Conflict, ...]:
    """What the passages contradict each other about, if the reply takes a side in it."""
    statement_words = [bare_words(statement.text) for statement in statements]
    return tuple(
        conflict
        for conflict in conflicts_of(question, reading)
        if any(
            holds(words, bare_words(side)) for side in conflict.answers for words in statement_words
        )
    )


def _with_steps(composition: Composition, course: _Course) -> Composition:
    steps = (*course.steps, *composition.steps)
    return replace(composition, usage=course.usage, steps=steps)


def _whole(passage: Passage) -> Citation:
    return passage.cite(passage.start, passage.end)


def _short(
    question: Question, reading: Reading, short: str, statements: Sequence[Statement]
) -> str:
    """The reply's own short answer; for one without, the reader's best span that stands in a
    statement, unless statements are the answer.
    """
    if short or question.kind in WITHOUT_SHORT:
        return short
    statement_words = [bare_words(statement.text) for statement in statements]
    for span in reading.spans:
        if any(holds(words, bare_words(span.text)) for words in statement_words):
            return one_line(span.text)
    return ""


def _ending(chunk: "AIMessageChunk") -> str:
    """Why the reply ended, in lower case; empty as long as it goes on."""
    metadata = chunk.response_metadata
    return str(metadata.get("finish_reason") or metadata.get("stop_reason") or "").lower()


def _add_usage(usage: Usage, chunk: "AIMessageChunk") -> Usage:
    """Chunks tell what is to be added, mostly all in the last one."""
    chunk_usage = chunk.usage_metadata
    return (
        usage.plus(Usage(chunk_usage["input_tokens"], chunk_usage["output_tokens"]))
        if chunk_usage
        else usage
    )
