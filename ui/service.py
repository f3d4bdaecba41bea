"""The one function behind every way in: the app, REST, chat completions and MCP all call it. Holds
a pipeline over one library. Knows nothing of HTTP, HTML, or who is asking.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock
from typing import Any, Literal, TypeVar, cast

from ingest.run import IngestReport, Progress, ingest
from ingest.split import split
from qa.build import open_pipeline, open_tools
from qa.index import doctor, removal
from qa.index.doctor import Health
from qa.library.curation.outlets import known_scope
from qa.library.store import Library, Summary
from qa.library.writer import open_writer
from qa.pipeline import Found, Pipeline, Restart, Text
from qa.question.suggest import first_questions
from qa.question.understand import understand
from qa.records.answer import Answer, Hit
from qa.records.question import Scope
from ui.background.answer_cache import AnswerCache
from ui.background.question_watch import QuestionWatch
from ui.background.readiness import Readiness
from ui.background.sources import FeedSources
from ui.background.work_pool import WorkPool, checkpoints
from ui.curation import Curation
from ui.guard.uploads import Uploads, open_uploads
from ui.html.markup import remote_words
from ui.metrics import Metrics
from ui.schemas import ArticleIn, AskRequest
from ui.tracing import spans_by_environment

__all__ = ["DEMO", "Service", "open_service"]

# The collection that comes with a checkout; an installed package has none.
DEMO = Path(__file__).resolve().parents[1] / "demo" / "articles"
_DEMO_QUESTIONS = DEMO.parent / "questions.jsonl"
_T = TypeVar("_T")
# Answers worked out at once, by every door together.
_ASKING, _WAITING = 12, 64
# Articles among whose titles those are that example questions ask for.
_NEWEST = 500


class Service:
    """Answers and changes one library. Safe to share between threads; get it from open_service."""

    def __init__(self, pipeline: Pipeline, uploads: Uploads, metrics: Metrics) -> None:
        self.pipeline = pipeline
        self.uploads = uploads
        self.asking = WorkPool("ask", workers=_ASKING, waiting=_WAITING)
        self.writing = Lock()
        self.metrics = metrics
        self.readiness = Readiness(pipeline)
        self.answers = AnswerCache()
        self.questions = QuestionWatch(self.library, self.ask)
        self.sources = FeedSources(
            self.library,
            self.writing,
            partial(self.metrics.count_ingest, "refresh"),
            self.questions.ask_all,
        )
        self.curation = Curation(self.library, self.writing)
        self._examining: Future[Health] | None = None
        self._examination = Lock()
        # What costs more than a moment is worked out once for each state of the library.
        self._known: dict[str, tuple[int, Any]] = {}

    @property
    def library(self) -> Library:
        """What is asked."""
        return self.pipeline.library

    def stream(self, asked: AskRequest) -> Iterator[Found | Text | Restart | Answer]:
        """Found, Text as it comes, a Restart when it does not count, last the Answer. Raises
        ValueError for a bad window.
        """
        pipeline = self.pipeline
        events = pipeline.stream(
            asked.question,
            as_of=asked.as_of,
            since=asked.since,
            until=asked.until,
            sources=asked.sources,
            collection=asked.collection,
            undated=asked.undated,
            window=asked.window,
            timeline=asked.timeline,
            history=[each.turn for each in asked.history],
        )
        return self.metrics.watched(self.answers.events(asked, pipeline, events))

    def ask(self, asked: AskRequest) -> Answer:
        """The answer alone. In a WorkPool it is given up after a step when nobody waits for it."""
        *_, answer = checkpoints(self.stream(asked))
        assert isinstance(answer, Answer)
        return answer

    def search(self, asked: AskRequest, k: int) -> tuple[Hit, ...]:
        """The best ``k`` passages, unread."""
        scope = known_scope(self.library, asked.sources, asked.collection)
        question = understand(
            asked.question,
            as_of=asked.as_of,
            since=asked.since,
            until=asked.until,
            sources=scope.sources,
            collections=scope.collections,
            undated=asked.undated,
            window=asked.window,
        )
        return self.pipeline.search(question, k).hits

    def take_in(self, sources: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Take files and addresses in: Progress as it goes, last the report.

        Others who write here wait; raises LibraryLocked if another process is writing. Closed
        before its end, no more is read; what was read stays, and can be asked.
        """
        events: SimpleQueue[Progress | None] = SimpleQueue()
        left = Event()

        def tell(progress: Progress) -> None:
            if left.is_set():
                raise InterruptedError("whoever asked for it left")
            events.put(progress)

        def work() -> IngestReport:
            report = None
            try:
                with self.writing:
                    try:
                        report = ingest(sources, library=self.library.location, on_progress=tell)
                    except InterruptedError:
                        # What is stored is indexed all the same.
                        report = ingest((), library=self.library.location)
                    return report
            finally:
                self.metrics.count_ingest("request", report)
                events.put(None)

        pool = ThreadPoolExecutor(1)
        running = pool.submit(work)
        try:
            while (event := events.get()) is not None:
                yield event
            yield running.result()
        finally:
            left.set()
            # Whoever closes this has no time to wait for the end of the batch.
            pool.shutdown(wait=False)

    def take_in_articles(self, articles: Iterable[ArticleIn]) -> IngestReport:
        """Take articles in that came as data; a failure is named by its place among them."""
        path = self.uploads.new_folder("") / "articles.jsonl"
        lines = [json.dumps(each.model_dump(exclude_none=True)) for each in articles]
        try:
            path.write_text("\n".join(lines), "utf-8")
            *_, report = self.take_in([str(path)])
        finally:
            self.uploads.discard([path])
        assert isinstance(report, IngestReport)
        failed = [
            replace(each, origin=each.origin.replace(f"{path}:", "article "))
            for each in report.failed
        ]
        unused = [replace(each, origin="articles") for each in report.unused]
        return replace(report, failed=tuple(failed), unused=tuple(unused))

    def explain(self, words: object, *, place: Literal["rest", "tools"] = "rest") -> str:
        """What went wrong, as whoever is far from this machine may read it: without its paths, and
        with ways out that lead somewhere from that place.
        """
        return remote_words(words, self.library.folder, place=place)

    def remove(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Take articles out; returns their titles. Raises ArticleNotFound, LibraryLocked."""
        with (
            self.writing,
            open_tools(self.library.location) as tools,
            open_writer(tools.library) as writer,
        ):
            return removal.remove(writer, tools.embedder, tools.index, article_ids)

    def summaries(self) -> list[Summary]:
        """The articles, newest first."""
        return self._once("summaries", self.library.summaries)

    def counts(self) -> dict[str, int]:
        """How many articles, passages and pending ones there are, counted once a change."""
        return self._once("counts", self.library.counts)

    def health(self) -> Health:
        """What the doctor found since the library last changed."""
        return self._once("health", self.examine)

    def known_health(self) -> Health | None:
        """The same where it was looked already, else None; it takes no time."""
        known, value = self._known.get("health", (-1, None))
        return cast(Health, value) if known == self.library.generation() else None

    def examine(self) -> Health:
        """What the doctor finds now; it looks from a process of its own, which takes seconds.

        Whoever asks meanwhile gets the same result.
        """
        with self._examination:
            running = self._examining
            mine = self._examining = running or Future()
        if running is not None:
            return running.result()
        try:
            with open_tools(self.library.location) as tools:
                mine.set_result(doctor.examine(tools.library, tools.index))
        except BaseException as error:
            mine.set_exception(error)
        finally:
            with self._examination:
                self._examining = None
        return mine.result()

    def repair(self) -> Health:
        """Mend what the doctor finds. Raises LibraryLocked."""
        with (
            self.writing,
            open_tools(self.library.location) as tools,
            open_writer(tools.library) as writer,
        ):
            return doctor.repair(writer, tools.embedder, tools.index, split=split)

    def examples(self, n: int = 4) -> list[str]:
        """Questions to begin with, which are answered: over the demo those written for it, else one
        for each of the newest articles of different outlets, and what there is.
        """
        return self._once(f"{n} examples", lambda: self._propose(n))

    def _propose(self, n: int) -> list[str]:
        if asked := [*_demo_questions(self.library)]:
            return asked[:n]
        with self.library.catalog() as catalog:
            titles = catalog.newest_titles(_NEWEST)
        return first_questions([*titles.values()][: n - 1]) if titles else []

    def outlets(self) -> list[str]:
        """The names of all outlets, the one with most articles first."""
        return self._once("outlets", lambda: self.library.sources(Scope()))

    def _once(self, name: str, make: Callable[[], _T]) -> _T:
        generation = self.library.generation()
        known, value = self._known.get(name, (-1, None))
        if known != generation:
            value = make()
            self._known[name] = (generation, value)
        return cast(_T, value)

    def is_empty(self) -> bool:
        """Whether there is nothing to ask."""
        return not self.library.coverage(Scope())[0]


@contextmanager
def open_service(library: str | Path | None = None) -> Iterator[Service]:
    """A service over a library (default: the setting), made if it is not there."""
    with open_tools(library, create=True) as tools:
        location, folder = tools.library.location, tools.library.folder
    with (
        closing(Metrics(spans_by_environment())) as metrics,
        open_pipeline(location) as pipeline,
        open_uploads(folder) as uploads,
    ):
        yield Service(pipeline, uploads, metrics)


def _demo_questions(library: Library) -> Iterator[str]:
    """Those written for the demo whose articles are in the library, in order."""
    if not _DEMO_QUESTIONS.is_file():
        return
    for line in _DEMO_QUESTIONS.read_text("utf-8").splitlines():
        record = json.loads(line)
        if all(library.find(each["article"]) for each in record["evidence"]):
            yield record["question"]
