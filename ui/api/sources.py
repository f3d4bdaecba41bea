"""The REST interface to the sources that refresh themselves: for editors, since an address may be a
secret.
"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from qa.library.subscriptions import Subscription
from ui.api.rest import who_of
from ui.curation_schemas import PauseRequest, SourceRequest
from ui.guard.problems import problem
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_sources_router"]


def make_sources_router(service: Service) -> APIRouter:
    """``/api/sources``."""
    router = APIRouter(prefix="/api/sources", responses={"4XX": {"model": Problem}})

    @router.get("", response_model=list[Subscription])
    def list_sources(request: Request) -> Response:
        """The sources by address, each with what came of its visits."""
        if not who_of(request).edits:
            return problem(request.url.path, 403, "only an editor may see the sources")
        return JSONResponse([each.to_dict() for each in service.sources.all()])

    @router.post("", response_model=Subscription)
    def add_source(given: SourceRequest) -> Response:
        """Add an address on the public web that is read again and again, the first time soon."""
        source = service.sources.add(given.url, given.every, given.outlet)
        return JSONResponse(source.to_dict())

    @router.patch("", response_model=Subscription)
    def pause_source(given: PauseRequest) -> Response:
        """Let a source rest, or have it read again, soon."""
        return JSONResponse(service.sources.pause(given.url, paused=given.paused).to_dict())

    @router.delete("", status_code=204)
    def remove_source(url: str) -> None:
        """Take a source out; its articles stay."""
        service.sources.remove(url)

    return router
