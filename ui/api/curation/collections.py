"""The REST interface to collections: named sets of articles, and who is limited to some of them."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from qa.errors import UserNotFound
from qa.library.curation.choices import choices
from qa.library.curation.collections import (
    Collection,
    Rule,
    add_to_collection,
    check_unused,
    delete_collection,
    limit_user,
    make_collection,
    rename_collection,
    take_from_collection,
)
from qa.library.curation.listing import matching_ids
from qa.library.users import find_user
from ui.api.rest import who_of
from ui.curation_schemas import (
    CollectionArticles,
    CollectionLimits,
    CollectionMaking,
    CollectionName,
    CollectionRequest,
)
from ui.html.articles.collections import collections_page
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_collections_router"]


def make_collections_router(service: Service) -> APIRouter:
    """``/api/collections``, and the limits of users."""
    router = APIRouter(prefix="/api", responses={"4XX": {"model": Problem}})
    library = service.library
    pages = APIRouter()

    @router.get("/collections", response_model=list[Collection])
    def list_collections(request: Request) -> Response:
        """The collections that you may read, by name, each with its rules and how many articles
        are in it; ``POST /api/ask`` and the list of articles take their names.
        """
        known = service.curation.collections(who_of(request).collections)
        return JSONResponse([each.to_dict() for each in known])

    @router.put("/collections/{name}", response_model=Collection)
    def put_collection(name: str, given: CollectionRequest) -> Response:
        """Make a collection, or give one other rules and another note; what was put in by hand
        stays.
        """
        made = make_collection(library, name, note=given.note, rules=given.rules)
        return JSONResponse(made.to_dict())

    @router.post("/collections", response_model=Collection)
    def make(given: CollectionMaking) -> Response:
        """Make a collection by its name. Raises for one that there is."""
        check_unused(library, given.name)
        rule = Rule(
            outlet=given.outlet or None,
            language=given.language or None,
            since=given.since or None,
            until=given.until or None,
            source=given.source or None,
        )
        rules = [*given.rules, *([rule] if rule else [])]
        made = make_collection(library, given.name, note=given.note, rules=rules)
        return JSONResponse(made.to_dict())

    @router.patch("/collections/{name}", response_model=Collection)
    def rename(name: str, given: CollectionName) -> Response:
        """Give a collection another name."""
        return JSONResponse(rename_collection(library, name, given.name).to_dict())

    @router.delete("/collections/{name}", status_code=204)
    def remove_collection(name: str) -> None:
        """Delete a collection; its articles stay in the library."""
        delete_collection(library, name)

    @router.post("/collections/{name}/articles")
    def put_in(name: str, given: CollectionArticles) -> dict[str, int]:
        """Put articles into a collection by hand, those named or all that a list has now; returns
        how many were ``added``.
        """
        return {"added": add_to_collection(library, name, _ids(service, given))}

    @router.post("/collections/{name}/remove")
    def take_out(name: str, given: CollectionArticles) -> dict[str, int]:
        """Take articles out that were put in by hand; returns how many were ``removed``."""
        return {"removed": take_from_collection(library, name, _ids(service, given))}

    @pages.get("/collections", response_class=HTMLResponse, include_in_schema=False)
    def page(request: Request) -> Response:
        who = who_of(request)
        known = service.curation.collections(who.collections)
        offered = choices(library) if who.edits else None
        return HTMLResponse(collections_page(known, offered))

    @router.put("/users/{name}/collections", status_code=204)
    def limit(name: str, given: CollectionLimits) -> None:
        """Let a reader see these collections and nothing else; none: everything again."""
        if find_user(library, name) is None:
            raise UserNotFound(name)
        limit_user(library, name, given.collections)

    pages.include_router(router)
    return pages


def _ids(service: Service, given: CollectionArticles) -> Sequence[str]:
    listed = matching_ids(service.library, given.listed.filter) if given.listed else []
    return [*given.articles, *listed]
