"""Saved questions over REST, as a digest page and as an Atom feed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import Field

from ingest.fetch import check_address
from qa.library.curation.outlets import known_scope
from qa.library.curation.saved_questions import (
    SavedAnswer,
    SavedQuestion,
    answers_of,
    delete_question,
    find_question,
    save_question,
    saved_questions,
)
from qa.records.question import Scope
from ui.api.rest import who_of
from ui.guard.problems import problem
from ui.html.articles.digest import digest_feed, digest_page
from ui.schemas import LONGEST_QUESTION, Problem, RequestBody
from ui.service import Service

__all__ = ["make_questions_router"]

_SHOWN = 5


class _SaveRequest(RequestBody):
    """A question to be asked again after each refresh, with where to look as ``POST /api/ask`` has
    it. ``webhook`` is told of changed answers; only an editor may set one.
    """

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    since: date | None = None
    until: date | None = None
    sources: list[str] = Field(default=[], max_length=100)
    collection: list[str] = Field(default=[], max_length=20)
    undated: bool = False
    webhook: str = Field(default="", max_length=2000)


def make_questions_router(service: Service) -> APIRouter:
    """``/api/questions`` and ``/digest``; everybody has their own questions."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    library = service.library

    @router.get("/api/questions", response_model=list[SavedQuestion])
    def list_questions(request: Request) -> Response:
        """Your saved questions, the first saved first."""
        known = saved_questions(library, owner=who_of(request).name)
        return JSONResponse([each.to_dict() for each in known])

    @router.post("/api/questions", response_model=SavedQuestion)
    def save(given: _SaveRequest, request: Request) -> Response:
        """Save a question, and ask it for the first time."""
        who = who_of(request)
        if given.webhook:
            if not who.edits:
                return problem(request.url.path, 403, "only an editor may set a webhook")
            check_address(given.webhook)
        known_scope(library, given.sources, given.collection or who.collections)
        scope = Scope(
            given.since, given.until, tuple(given.sources), given.undated, tuple(given.collection)
        )
        saved = save_question(
            library, given.question, owner=who.name, scope=scope, webhook=given.webhook
        )
        service.questions.ask_all(owner=who.name)
        return JSONResponse(find_question(library, saved.id, owner=who.name).to_dict())

    @router.post("/api/questions/ask")
    def ask_now(request: Request) -> dict[str, int]:
        """Ask yours now, as far as the library has changed since; returns how many answers are
        ``changed``.
        """
        return {"changed": len(service.questions.ask_all(owner=who_of(request).name))}

    @router.get("/api/questions/{question}", response_model=list[SavedAnswer])
    def answers(question: str, request: Request) -> Response:
        """The answers of one of your questions that were different, the newest first."""
        find_question(library, question, owner=who_of(request).name)
        return JSONResponse([each.to_dict() for each in answers_of(library, question)])

    @router.delete("/api/questions/{question}", status_code=204)
    def delete(question: str, request: Request) -> None:
        """Delete one of your questions with its answers."""
        delete_question(library, question, owner=who_of(request).name)

    def digest_of(owner: str) -> list[tuple[SavedQuestion, list[SavedAnswer]]]:
        found = [
            (each, answers_of(library, each.id)[:_SHOWN])
            for each in saved_questions(library, owner=owner)
        ]
        # What changed last comes first.
        return sorted(found, key=lambda each: [str(answer.asked) for answer in each[1]][:1])[::-1]

    @router.get("/digest", response_class=HTMLResponse, include_in_schema=False)
    def digest(request: Request) -> Response:
        return HTMLResponse(digest_page(digest_of(who_of(request).name)))

    @router.post("/digest", include_in_schema=False)
    def change(
        request: Request,
        question: Annotated[str, Form(max_length=LONGEST_QUESTION)] = "",
        delete: Annotated[str, Form()] = "",
    ) -> Response:
        owner = who_of(request).name
        if delete:
            delete_question(library, delete, owner=owner)
        elif question.strip():
            save_question(library, question, owner=owner)
        # What changed in the library since, too.
        service.questions.ask_all(owner=owner)
        return RedirectResponse("digest", 303)

    @router.get("/digest.atom", include_in_schema=False)
    def feed(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        found = digest_feed(digest_of(who_of(request).name), base)
        return Response(found, media_type="application/atom+xml")

    return router
