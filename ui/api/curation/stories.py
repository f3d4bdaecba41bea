"""The story that an article is a part of: over REST, and as a page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from qa.stories.story import Story, read_story
from ui.api.rest import who_of
from ui.html.articles.story import story_page
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_stories_router"]


def make_stories_router(service: Service) -> APIRouter:
    """``/api/stories`` and ``/story``."""
    router = APIRouter(responses={"4XX": {"model": Problem}})

    def read(article_id: str, request: Request) -> Story:
        limits = who_of(request).collections
        service.curation.check_access(article_id, limits)
        return read_story(service.library, article_id, collections=limits)

    # An id may have slashes in it.
    @router.get("/api/stories/{article_id:path}", response_model=Story)
    def story(article_id: str, request: Request) -> Response:
        """The texts on the event that an article tells of, in order of days: what is new in each,
        its copies, where two of them differ, and how many outlets and texts there are.
        """
        found = read(article_id, request)
        return JSONResponse({**found.to_dict(), "sourcing": found.sourcing})

    @router.get("/story", response_class=HTMLResponse, include_in_schema=False)
    def page(id: str, request: Request) -> Response:  # noqa: A002
        return HTMLResponse(story_page(read(id, request)))

    return router
