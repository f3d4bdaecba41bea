"""From a question to a verified answer. Knows the seams, not what stands behind them."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from qa.answering import Parts, answer_single
from qa.compose.merge import join
from qa.compose.timeline import timeline as in_order
from qa.language.cleaning import clean_line
from qa.library.curation.outlets import known_scope
from qa.library.store import Library
from qa.protocols import Restart
from qa.question.outlets import by_outlet, outlets_in
from qa.question.understand import understand
from qa.question.wording.casing import restore_case
from qa.question.wording.excerpt import main_question
from qa.question.wording.reading import in_words_typed, read_wording
from qa.question.wording.spelling import unknown_words
from qa.records.answer import Answer
from qa.records.conversation import Rewrite, Turn
from qa.records.events import Found, Text
from qa.records.kinds import AIMED_KINDS, COLLECTION_KINDS
from qa.records.question import CollectionRequest, Plan, Question, Scope
from qa.records.reading import Retrieval
from qa.records.trace import Step, Usage, elapsed_ms
from qa.warming import warm_up

if TYPE_CHECKING:
    from qa.langchain import PassageRetriever, PipelineRunnable

__all__ = ["Found", "Parts", "Pipeline", "Restart", "Text"]

_Hook = Callable[[], None]


class Pipeline:
    """Answers questions over one library with the given parts. Safe to share between threads."""

    def __init__(
        self, parts: Parts, *, on_close: _Hook = lambda: None, on_warm: _Hook = lambda: None
    ) -> None:
        self.parts = parts
        self._on_close = on_close
        self._on_warm = on_warm

    @property
    def library(self) -> Library:
        """The library whose articles are asked."""
        return self.parts.library

    def with_parts(self, **changes: Any) -> "Pipeline":
        """A pipeline over the same library with some of the fields of ``Parts`` changed.

        This one is unchanged; closing it closes the library of both. Raises TypeError for a field
        that there is not.
        """
        return Pipeline(replace(self.parts, **changes))

    def ask(
        self,
        question: str,
        *,
        as_of: date | None = None,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        collection: str | Sequence[str] = (),
        undated: bool = False,
        window: bool = True,
        timeline: bool = False,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """The answer, or an abstained Answer with the reason.

        ``as_of`` is the day the question is asked (default today); giving it prefers articles
        published near it. ``since`` and ``until`` (inclusive days) and ``sources`` (outlets,
        in any case; an empty name is an unknown outlet) leave out everything else, and so does
        ``collection``, one name of a set of articles or several; ``undated`` keeps articles
        without a day all the same. Days that the question names prefer articles of
        those days, as ``Answer.window`` tells; ``since`` and ``until`` take their place, and
        ``window=False`` ignores them. With ``timeline`` the statements come in the order of
        publication, each with its day in front. ``history`` are the turns before, the latest last
        (``Turn.of`` an answer): with them a follow-up is understood. A question of several parts
        is answered part by part. Raises ValueError for an empty question, CollectionNotFound,
        OutletNotFound.
        """
        *_, answer = self.stream(
            question,
            as_of=as_of,
            since=since,
            until=until,
            sources=sources,
            collection=collection,
            undated=undated,
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
        collection: str | Sequence[str] = (),
        undated: bool = False,
        window: bool = True,
        timeline: bool = False,
        history: Sequence[Turn] = (),
    ) -> Iterator[Found | Text | Restart | Answer]:
        """The same in steps: Found, Text as it comes (not in the order of a timeline), a Restart
        when the Text before it does not count, and last the verified Answer.
        """
        start_time = time.perf_counter()
        scope = known_scope(self.library, sources, collection)
        typed_question = clean_line(question)
        asked_question = main_question(typed_question)
        # Names are told by their capitals, also those of the questions before.
        history = [
            replace(turn, question=restore_case(turn.question, self.library)) for turn in history
        ]
        rewrite = (
            self.parts.rewriter.rewrite(asked_question, history)
            if history
            else Rewrite(asked_question)
        )
        wording = read_wording(rewrite.text, self.library)
        rewrite = replace(rewrite, text=wording.text)
        turns = [*history]
        answers: list[Answer] = []
        understand_part = partial(
            self._understand,
            as_of=as_of,
            since=since,
            until=until,
            collections=scope.collections,
            undated=undated,
            window=window,
            timeline=timeline,
            cited_before=turns[-1].articles if turns else (),
        )
        plan = Plan((rewrite.text,))
        whole = understand_part(rewrite.text, sources=scope.sources)
        about_collection = self._about_collection(whole)
        if about_collection:
            answers.append(about_collection)
            yield Found(about_collection.hits)
            yield Text(about_collection.text)
        else:
            split = self.parts.splitter.split(rewrite.text)
            plan = self._name_outlets(split, rewrite.text, scope)
        usage_so_far = rewrite.usage.plus(plan.usage)
        for number, part in enumerate(plan.parts if not about_collection else ()):
            if plan.relation == "each" and number:
                # "… and when was it founded?": the part before tells what "it" is.
                joined_part = f"And {part[:1].lower()}{part[1:]}"
                part_rewrite = self.parts.rewriter.rewrite(joined_part, turns)
                part = part_rewrite.text if part_rewrite.text != joined_part else part
                usage_so_far = usage_so_far.plus(part_rewrite.usage)
            part_outlets = self._outlets(plan, number, part, scope)
            separator = " " if any(answer.statements for answer in answers) else ""
            is_whole = part == rewrite.text and tuple(part_outlets) == scope.sources
            question_part = whole if is_whole else understand_part(part, sources=part_outlets)
            if whole.kind == "conflict" and len(plan.parts) == 1:
                # "Do the papers agree how many died?" asks for more than how many died.
                question_part = replace(question_part, kind=whole.kind)
            question_part = self._aimed(question_part)
            for event in answer_single(self.parts, question_part):
                if isinstance(event, Answer):
                    answers.append(event)
                    turns.append(Turn.of(event))
                elif isinstance(event, Text):
                    yield Text(separator + event.text)
                    separator = ""
                else:
                    yield event
        answer = answers[0] if len(answers) == 1 else join(typed_question, plan, answers)
        answer = in_words_typed(answer, typed_question, wording)
        if timeline:
            answer = replace(answer, statements=in_order(answer.statements))
        if len(answers) > 1 or rewrite.how or usage_so_far != Usage():
            rewritten_question = rewrite.text if rewrite.text != typed_question else ""
            step = Step.of("rewrite", rewrite.clause) if rewrite.how else None
            answer = replace(
                answer,
                question=typed_question,
                rewritten=rewritten_question,
                trace=(*([step] if step else []), *answer.trace),
                took_ms=elapsed_ms(start_time),
                usage=answer.usage.plus(usage_so_far),
            )
        yield answer

    def batch(
        self, questions: Sequence[str], *, as_of: date | None = None, threads: int = 4
    ) -> list[Answer]:
        """Answers in the order of the questions, several at a time."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda question: self.ask(question, as_of=as_of), questions))

    def search(self, question: Question, k: int | None = None) -> Retrieval:
        """The hits alone, at most ``k`` (default: as many as are read), with a trace."""
        return self.parts.search(question, k)

    def as_runnable(self) -> "PipelineRunnable":
        """The pipeline as a LangChain Runnable."""
        from qa.langchain import PipelineRunnable

        return PipelineRunnable(self)

    def as_retriever(self, k: int | None = None) -> "PassageRetriever":
        """The search alone as a LangChain retriever of at most ``k`` documents."""
        from qa.langchain import PassageRetriever

        return PassageRetriever(retriever=self.parts.retriever, k=k or self.parts.hits)

    def warm(self) -> None:
        """Load what the first question would have to. Raises QAError where that fails."""
        self._on_warm()
        warm_up(self.parts)

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

    def _understand(self, text: str, **options: Any) -> Question:
        question = understand(text, states=self.parts.reader.states(text), **options)
        if question.kind == "greeting" and question.expected.names:
            # Whoever types a name alone wants to know of it.
            question = replace(question, kind="digest")
        if question.kind in COLLECTION_KINDS or not unknown_words(text, self.library):
            return question
        from qa.collection.answers import is_of_author

        # Whoever writes and is not written of can be asked for articles alone.
        is_author = is_of_author(self.library, question)
        return replace(question, kind="article-list") if is_author else question

    def _about_collection(self, question: Question) -> Answer | None:
        """What the library's own records answer; None where the articles have to be read."""
        if question.kind not in COLLECTION_KINDS or question.kind == "article-summary":
            return None
        from qa.collection.answers import answer_about_collection

        request = CollectionRequest(question.kind, " ".join(question.topics))
        answer = answer_about_collection(self.library, self.parts.retriever, question, request)
        return replace(answer, kind=question.kind) if answer else None

    def _aimed(self, question: Question) -> Question:
        if question.kind not in AIMED_KINDS:
            return question
        from qa.collection.articles import aimed

        return aimed(self.library, self.parts.retriever, question)

    def _name_outlets(self, plan: Plan, question: str, scope: Scope) -> Plan:
        """The plan with outlets by the names that the library has for them; where it has none, or
        they are out of scope, the question is single. Where none is named, what they are to agree
        on is asked of all: the answer tells where they differ.
        """
        if plan.relation != "agreement":
            return plan
        if not plan.labels:
            return Plan(plan.parts, usage=plan.usage)
        return by_outlet(plan, plan.labels, self.library.sources(scope)) or Plan(
            (question,), usage=plan.usage
        )

    def _outlets(self, plan: Plan, number: int, part: str, scope: Scope) -> Sequence[str]:
        """The outlet that a part of a question asks, if it says so, else those in scope."""
        if plan.relation == "agreement":
            return plan.labels[number : number + 1]
        if len(plan.parts) > 1 and "according to" in part.lower():
            return outlets_in(part, self.library.sources(scope)) or scope.sources
        return scope.sources
