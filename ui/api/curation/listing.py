"""The articles as a table, over REST and as a part of the page."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from qa.errors import CollectionNotFound
from qa.index.erasure import Erasure
from qa.library.curation.choices import Choices
from qa.library.curation.collections import known_collections
from qa.library.curation.listing import Filter, ListingRow, list_articles
from qa.records.article import Article
from ui.api.rest import who_of
from ui.curation_schemas import (
    Edit,
    EditRequest,
    ListingPage,
    ListingPart,
    ListingQuery,
    SelectedArticles,
)
from ui.html.articles.listing import PAGE, csv_lines, listing_html
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_library_router"]

_BATCH = 500


def make_library_router(service: Service) -> APIRouter:
    """What is done with the table of articles."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    curation = service.curation

    @router.get("/api/articles", response_model=list[ListingRow])
    def list_some(asked: Annotated[ListingPart, Query()], request: Request) -> Response:
        """The articles, the newest first if nothing else is asked.

        The header ``X-Total-Count`` says how many there are in all.
        """
        _check_collections(service, asked, request)
        listing = list_articles(
            service.library,
            _filter(asked, request),
            sort=asked.sort,
            descending=asked.order == "desc",
            offset=asked.offset,
            limit=asked.limit,
        )
        rows = [each.to_dict() for each in listing.rows]
        return JSONResponse(rows, headers={"x-total-count": str(listing.total)})

    @router.get("/api/articles.csv")
    def export(asked: Annotated[ListingQuery, Query()], request: Request) -> Response:
        """The same list as a CSV file, all of it."""
        _check_collections(service, asked, request)

        def rows() -> Iterator[ListingRow]:
            offset, total = 0, 1
            while offset < total:
                listing = list_articles(
                    service.library,
                    _filter(asked, request),
                    sort=asked.sort,
                    descending=asked.order == "desc",
                    offset=offset,
                    limit=_BATCH,
                )
                yield from listing.rows
                offset, total = offset + _BATCH, listing.total

        headers = {"content-disposition": 'attachment; filename="articles.csv"'}
        return StreamingResponse(csv_lines(rows()), media_type="text/csv", headers=headers)

    @router.post("/api/articles/edit", response_model=list[Article])
    def edit_some(given: EditRequest, request: Request) -> Response:
        """Give several articles another title, day, outlet or author, all or none; returns those
        that changed. What the source stated is kept, and so is the history.
        """
        changes = given.model_dump(exclude_unset=True, exclude={"articles"})
        changed = curation.edit(given.articles, changes, editor=who_of(request).name)
        return JSONResponse([each.to_dict() for each in changed])

    @router.post("/api/articles/remove")
    def remove_some(given: SelectedArticles) -> dict[str, str]:
        """Take several articles out, with all their versions; returns their titles by their ids."""
        return service.remove(given.articles)

    @router.post("/api/articles/erase", response_model=Erasure)
    def erase_some(given: SelectedArticles) -> Response:
        """Erase articles for good: every version, vector, word, edit and quotation in kept answers.

        The reply says what was erased, and in which files or tables something was found afterwards
        (``remaining``: none, as a proof). The indexes are made anew, which takes as long as taking
        the library in.
        """
        erasure = curation.erase(given.articles)
        return JSONResponse({**erasure.to_dict(), "proved": erasure.proved})

    # An id may have slashes in it.
    @router.patch("/api/articles/{article_id:path}", response_model=Article)
    def edit_one(article_id: str, given: Edit, request: Request) -> Response:
        """Give an article another title, day, outlet or author."""
        changes = given.model_dump(exclude_unset=True)
        curation.edit([article_id], changes, editor=who_of(request).name)
        return JSONResponse(service.library.article(article_id).to_dict())

    @router.get("/library/articles", response_class=HTMLResponse, include_in_schema=False)
    def listed(asked: Annotated[ListingPage, Query()], request: Request) -> Response:
        # First, so that what changes meanwhile is seen to have changed.
        state = service.sources.state()
        page, descending = asked.page, asked.order == "desc"
        while True:
            listing = list_articles(
                service.library,
                _filter(asked, request),
                sort=asked.sort,
                descending=descending,
                offset=(page - 1) * PAGE,
                limit=PAGE,
            )
            last = max(1, -(-listing.total // PAGE))
            if page <= last:
                break
            page = last
        address = asked.model_dump(mode="json", exclude_defaults=True, exclude={"page", "search"})
        return HTMLResponse(
            listing_html(
                listing,
                Choices() if who_of(request).collections else curation.choices(),
                {
                    name: each if isinstance(each, list) else [each]
                    for name, each in address.items()
                },
                page,
                sort=asked.sort,
                descending=descending,
                editable=who_of(request).edits,
                state=state,
                collections=curation.collections(who_of(request).collections),
            )
        )

    return router


def _check_collections(service: Service, asked: ListingQuery, request: Request) -> None:
    """Raise CollectionNotFound for one that there is not for whoever asks: none of its articles
    would be read as it having none.
    """
    known_collections(service.library, asked.collection)
    limits = who_of(request).collections
    for name in asked.collection if limits else ():
        if name not in limits:
            raise CollectionNotFound(name)


def _filter(asked: ListingQuery, request: Request) -> Filter:
    """The filter, within what whoever asks may read."""
    return replace(asked.filter, limits=who_of(request).collections)
