"""What goes over the wire between librarians and the library: lists, edits, collections."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from qa.library.curation.collections import Rule
from qa.library.curation.listing import Filter, Sort
from ui.schemas import RequestBody

__all__ = [
    "CollectionArticles",
    "CollectionLimits",
    "CollectionRequest",
    "Edit",
    "EditRequest",
    "ListingPage",
    "ListingPart",
    "ListingQuery",
    "PauseRequest",
    "SelectedArticles",
    "SourceRequest",
]


class ListingQuery(BaseModel):
    """Which articles are listed, in which order; the same names stand in the address of the page.

    Each word of ``q`` (or ``search``) stands in title or text, or is a part of title, outlet,
    author, day or id. ``outlet``, ``language`` and ``source`` may be given more than once, and
    their empty value is an unknown one; ``since`` and ``until`` are inclusive days. ``undated``,
    ``locked`` and ``copies`` leave only articles without a day, behind a paywall, or with copies.
    """

    q: str = Field(default="", max_length=500)
    search: str = Field(default="", max_length=500)
    outlet: list[str] = Field(default=[], max_length=200)
    since: date | None = None
    until: date | None = None
    language: list[str] = Field(default=[], max_length=50)
    source: list[str] = Field(default=[], max_length=200)
    collection: list[str] = Field(default=[], max_length=20)
    undated: bool = False
    locked: bool = False
    copies: bool = False
    sort: Sort = "published"
    order: Literal["asc", "desc"] = "desc"

    @field_validator("since", "until", mode="before")
    @classmethod
    def _empty_is_none(cls, day: object) -> object:
        # As a form sends a field that is not filled in.
        return day or None

    @property
    def filter(self) -> Filter:
        """The record."""
        return Filter(
            words=f"{self.q} {self.search}".strip(),
            outlets=tuple(self.outlet),
            since=self.since,
            until=self.until,
            languages=tuple(self.language),
            sources=tuple(self.source),
            undated=self.undated,
            locked=self.locked,
            copied=self.copies,
            collections=tuple(self.collection),
        )


class ListingPart(RequestBody, ListingQuery):
    """The same with the part that is wanted."""

    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=1000)


class ListingPage(ListingQuery):
    """The same with a page, counted from 1."""

    page: int = Field(default=1, ge=1, le=10**7)


class SelectedArticles(RequestBody):
    """Articles by their ids."""

    articles: list[str] = Field(min_length=1, max_length=1000)


class CollectionRequest(RequestBody):
    """A note, and rules by which articles are in a collection, now and when they come: each asks
    an outlet, a language, inclusive days, a source (by the names that the list can be filtered by).
    """

    note: str = Field(default="", max_length=1000)
    rules: list[Rule] = Field(default=[], max_length=50)


class CollectionMaking(CollectionRequest):
    """A new collection: with a source, an outlet, a language or days it is a rule, in which what is
    empty asks nothing; without any, articles are put in by hand. ``rules`` may be others besides.
    """

    name: str = Field(max_length=200)
    source: str = ""
    outlet: str = ""
    language: str = ""
    since: date | Literal[""] = ""
    until: date | Literal[""] = ""


class CollectionName(RequestBody):
    """Another name for a collection."""

    name: str = Field(max_length=200)


class CollectionArticles(RequestBody):
    """Articles by their ids, or all that a list of articles has."""

    articles: list[str] = Field(default=[], max_length=1000)
    listed: ListingQuery | None = None

    @model_validator(mode="after")
    def _names_some(self) -> "CollectionArticles":
        if not self.articles and self.listed is None:
            raise ValueError("no articles are named: give articles, or what is listed")
        return self


class CollectionLimits(RequestBody):
    """The collections that somebody may read, by their names; none: everything."""

    collections: list[str] = Field(max_length=100)


class Edit(RequestBody):
    """What is to stand instead of what the source stated; what is not given stays, and null or an
    empty value is an unknown one.
    """

    title: str | None = Field(default=None, max_length=500)
    published: str | None = Field(default=None, max_length=40)
    source: str | None = Field(default=None, max_length=500)
    author: str | None = Field(default=None, max_length=500)


class EditRequest(Edit, SelectedArticles):
    """The same for several articles."""


class PauseRequest(RequestBody):
    """Whether a source, by its address, is to rest."""

    url: str = Field(max_length=2000)
    paused: bool


class SourceRequest(RequestBody):
    """An address to be read again and again; an empty ``outlet``: what its articles say."""

    url: str = Field(max_length=2000, examples=["https://example.org/feed.xml"])
    every: str = Field(default="1h", max_length=20)
    outlet: str = Field(default="", max_length=200)


class GoldRequest(RequestBody):
    """A gold question as it was reviewed: its ``answers`` are lines, ``articles`` the ids of those
    that answer it.
    """

    question: str = Field(max_length=2000, examples=["How many leaflets were dropped?"])
    answers: str = Field(default="", max_length=2000, examples=["90,000"])
    articles: list[str] = Field(default=[], max_length=20)
