"""Gold questions over REST and as a page: drafted from the articles here, accepted, changed,
dropped. For editors.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from ui.api.rest import who_of
from ui.curation_schemas import GoldRequest
from ui.gold_review import GoldReview
from ui.html.gold import gold_page
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_gold_router"]

_AT_ONCE = 10


def make_gold_router(service: Service) -> APIRouter:
    """``/api/gold/drafts``, ``/api/gold/reviewed``, and the page ``/gold``."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    review = GoldReview(service.library)

    @router.get("/api/gold/drafts")
    def draft(request: Request, n: int = _AT_ONCE, seed: int = 0) -> Response:
        """Questions that articles state the answers of plainly, drawn with the seed, to be
        reviewed; none that was accepted or dropped.
        """
        _check(request)
        return JSONResponse([each.to_dict() for each in review.drafts(n, seed=seed)])

    @router.delete("/api/gold/drafts/{question}", status_code=204)
    def drop_draft(question: str) -> None:
        """Never draft this question again."""
        review.drop_draft(question)

    @router.get("/api/gold/reviewed")
    def list_reviewed(request: Request) -> Response:
        """The questions that were accepted, which an evaluation asks by ``Reviewed here``."""
        _check(request)
        return JSONResponse([each.to_dict() for each in review.accepted()])

    @router.put("/api/gold/reviewed/{question}")
    def accept(question: str, given: GoldRequest) -> dict[str, Any]:
        """Accept a question, as drafted or with other words; takes the place of one with that id.
        ``answers`` are lines, none where no answer is right.
        """
        return review.accept(
            question, given.question, given.answers.splitlines(), given.articles
        ).to_dict()

    @router.delete("/api/gold/reviewed/{question}", status_code=204)
    def drop(question: str) -> None:
        """Take an accepted question out again."""
        review.drop(question)

    @router.get("/gold", response_class=HTMLResponse, include_in_schema=False)
    def page(request: Request, seed: int = 0) -> Response:
        _check(request)
        drafts = review.drafts(_AT_ONCE, seed=seed)
        titles = {
            name: service.library.article(name).title for each in drafts for name in each.articles
        }
        return HTMLResponse(gold_page(drafts, review.accepted(), titles, seed))

    return router


def _check(request: Request) -> None:
    if not who_of(request).edits:
        raise HTTPException(403, "only an editor may review gold questions")
