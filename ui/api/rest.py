"""The REST interface: one route a function, each of which only translates for the service."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, UploadFile
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ingest.run import IngestReport
from qa.errors import ArticleNotFound, QAError
from qa.library import conversations
from qa.library.feedback import Feedback, keep_feedback, kept_feedback
from qa.library.tables.connection import ReplicaState
from qa.pipeline import Found, Restart, Text
from qa.records.answer import Answer
from qa.records.article import Article
from ui.background.work_pool import WorkPool, WorkStream
from ui.guard.access import Who
from ui.guard.problems import problem
from ui.guard.request_checks import web_addresses
from ui.guard.uploads import safe_name
from ui.html.markup import remote_words
from ui.schemas import (
    Added,
    AddRequest,
    AskRequest,
    FailureOut,
    FeedbackRequest,
    HealthOut,
    Problem,
)
from ui.service import Service

__all__ = ["EventStream", "make_router", "who_of"]

_MOST_FILES = 500
# For which a library that does not answer is waited for: whoever asks wants to know if we live.
_HEALTH_SECONDS = 3.0


def make_router(service: Service) -> APIRouter:
    """Every route below ``/api``."""
    router = APIRouter(prefix="/api", responses={"4XX": {"model": Problem}})

    @router.post("/ask", response_model=Answer, responses={503: {"model": Problem}})
    async def ask(
        asked: AskRequest, request: Request, accept: Annotated[str, Header()] = ""
    ) -> Response:
        """Answer a question with citations, or say why not.

        With ``stream``, or ``Accept: text/event-stream``, the reply is server-sent events:
        ``found`` with the hits, ``text`` as it comes (``restart``: what came does not count), and
        last ``answer``. When as many are asking as can, the status is 503.
        """
        asked = asked.within(who_of(request).collections)
        if asked.stream or "text/event-stream" in accept:
            return EventStream(service.asking.stream(lambda: _events(service, asked)))
        return JSONResponse(await service.asking.run(lambda: _told(service.ask(asked))))

    @router.post("/articles", response_model=Added)
    def add_articles(request: AddRequest) -> Added:
        """Take in articles that come as data, and pages and feeds by their addresses."""
        reports = []
        if request.articles:
            reports.append(service.take_in_articles(request.articles))
        if request.urls:
            reports.append(_last(service.take_in(web_addresses(request.urls))))
        return _report(service, reports)

    @router.post("/articles/files", response_model=Added)
    def add_files(files: list[UploadFile], request: Request) -> Added:
        """Take in files of any format that the command line takes."""
        if len(files) > _MOST_FILES:
            raise ValueError(f"{len(files)} files at once; at most {_MOST_FILES}")
        folder = service.uploads.new_folder(who_of(request).name)
        try:
            paths = [_stored(folder / str(n), file) for n, file in enumerate(files)]
            report = _last(service.take_in(paths))
        finally:
            service.uploads.discard([folder / "0"])
        return _report(service, [report], {path: PurePath(path).name for path in paths})

    # An id may have slashes in it.
    @router.get("/articles/{article_id:path}", response_model=Article)
    def get_article(article_id: str, request: Request) -> Response:
        """An article with its text, and its passages as pairs of offsets."""
        service.curation.check_access(article_id, who_of(request).collections)
        article = service.library.article(article_id)
        spans = [
            [stored.passage.start, stored.passage.end]
            for stored in service.library.passages_of(article_id)
        ]
        return JSONResponse({**article.to_dict(), "passages": spans})

    @router.get("/versions/{article_id:path}", response_model=list[Article])
    def list_versions(article_id: str) -> Response:
        """Every version of an article that is kept, the current one last."""
        versions = service.library.versions(article_id)
        if not versions:
            raise ArticleNotFound(article_id)
        return JSONResponse([each.to_dict() for each in versions])

    @router.delete("/articles/{article_id:path}")
    def remove_article(article_id: str) -> dict[str, str]:
        """Take an article out, with all its versions; returns its title by its id."""
        return service.remove([article_id])

    # In threads of their own, so that no work keeps one from being told how the server is.
    counting = WorkPool("count", workers=1, waiting=200, retry=1)
    examining = WorkPool("examine", workers=1, waiting=0)

    @router.get("/health", response_model=HealthOut, responses={503: {"model": Problem}})
    async def health(request: Request, deep: bool = False) -> Response:
        """How the library is, from a process that lives, whether its library answers or not.
        ``deep`` compares it with its indexes, which takes a moment.

        Only an editor may have that done, and only one at a time.
        """
        if deep and not (request.state.who and who_of(request).edits):
            return problem("", 403, "only an editor may have the indexes examined")
        findings = (await examining.run(service.examine)).findings if deep else ()
        try:
            counts, state, replica = await asyncio.wait_for(
                counting.run(partial(_counted, service)), _HEALTH_SECONDS
            )
        except (QAError, TimeoutError):
            gone = HealthOut(status="unreachable", articles=0, passages=0, pending=0, state="")
            return JSONResponse(gone.model_dump())
        told = HealthOut(
            status="damaged" if findings else "ok",
            articles=counts["articles"],
            passages=counts["passages"],
            pending=counts["pending"],
            replica=replica,
            findings=[
                f"{each.name}: {each.count} {service.explain(each.detail)}" for each in findings
            ],
            state=state,
        )
        return JSONResponse(told.model_dump(mode="json"))

    @router.get("/feedback", response_model=list[Feedback])
    def list_feedback(request: Request) -> Response:
        """What was thought of answers, oldest first, each with its answer. For editors."""
        if not who_of(request).edits:
            return problem(request.url.path, 403, "only an editor may read what others thought")
        return JSONResponse([each.to_dict() for each in kept_feedback(service.library)])

    @router.post("/feedback", status_code=204)
    def give_feedback(given: FeedbackRequest, request: Request) -> None:
        """Keep what you think of an answer; the evaluation makes gold of it."""
        owner, library = who_of(request).name, service.library
        kept = conversations.exchange(library, given.conversation, given.number, owner=owner)
        feedback = Feedback.on(
            kept.answer, given.verdict, library, better=given.better, as_of=kept.as_of
        )
        keep_feedback(library, feedback)

    return router


def _counted(service: Service) -> tuple[dict[str, int], str, ReplicaState | None]:
    replica = service.library.database.replica_state()
    return service.counts(), service.sources.state(), replica


def who_of(request: Request) -> Who:
    """Whoever the guard let in."""
    who = request.state.who
    assert isinstance(who, Who)
    return who


class EventStream(StreamingResponse):
    """Server-sent events as they come; what is left of the work is given up with the connection."""

    def __init__(self, events: WorkStream[str]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._events.aclose()


def _told(answer: Answer) -> dict[str, Any]:
    """The record with what is shown of it: its text, and what is to be known of how it came about,
    as that a chat model was refused.
    """
    return {**answer.to_dict(), "text": answer.text, "notes": [*map(remote_words, answer.notes)]}


def _events(service: Service, asked: AskRequest) -> Iterator[str]:
    try:
        for event in service.stream(asked):
            match event:
                case Found():
                    yield _event("found", {"hits": [hit.to_dict() for hit in event.hits]})
                case Text():
                    yield _event("text", asdict(event))
                case Restart():
                    yield _event("restart", asdict(event))
                case _:
                    yield _event("answer", _told(event))
    except (QAError, ValueError) as error:
        # The reply has begun, so its status can tell nothing any more.
        yield _event("error", Problem(error=service.explain(error)).model_dump())


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _stored(folder: Path, file: UploadFile) -> str:
    """Where an upload now lies, under the last part of the name it came with."""
    folder.mkdir(mode=0o700)
    path = folder / safe_name(file.filename)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        shutil.copyfileobj(file.file, out)
    return str(path)


def _last(events: Iterable[object]) -> IngestReport:
    *_, report = events
    assert isinstance(report, IngestReport)
    return report


def _report(
    service: Service, reports: Iterable[IngestReport], names: dict[str, str] | None = None
) -> Added:
    made = [*reports]

    def total(of: Callable[[IngestReport], int]) -> int:
        return sum(of(report) for report in made)

    def named(words: str) -> str:
        for path, name in (names or {}).items():
            words = words.replace(path, name)
        return service.explain(words)

    return Added(
        added=total(lambda report: report.added),
        updated=total(lambda report: report.updated),
        unchanged=total(lambda report: report.unchanged),
        embedded=total(lambda report: report.embedded),
        failed=[
            FailureOut(origin=named(each.origin), reason=named(each.reason))
            for report in made
            for each in report.failed
        ],
        left_out=[
            FailureOut(origin=named(each.origin), reason=each.reason)
            for report in made
            for each in report.left_out
        ],
        clashes=total(lambda report: report.clash_count),
        unused=[
            replace(each, origin=named(each.origin)) for report in made for each in report.unused
        ],
    )
