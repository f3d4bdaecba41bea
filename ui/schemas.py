"""What goes over the wire: the types of every request and reply that is not a record already."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from qa.library.curation.listing import Filter, Sort
from qa.library.feedback import Verdict
from qa.library.users import Role
from qa.records.conversation import Turn

__all__ = [
    "LONGEST_QUESTION",
    "AddRequest",
    "Added",
    "ArticleIn",
    "AskRequest",
    "ChatFailure",
    "ChatMessage",
    "ChatProblem",
    "ChatRequest",
    "Edit",
    "EditRequest",
    "FailureOut",
    "FeedbackRequest",
    "HealthOut",
    "ListingPage",
    "ListingPart",
    "ListingQuery",
    "Me",
    "Problem",
    "SelectedArticles",
    "SourceRequest",
    "TitleRequest",
    "TurnIn",
]

LONGEST_QUESTION = 2000


class TurnIn(BaseModel):
    """What was said before: a question and its answer, the short one and the whole."""

    question: str = Field(max_length=LONGEST_QUESTION)
    short: str = Field(default="", max_length=LONGEST_QUESTION)
    text: str = Field(default="", max_length=20 * LONGEST_QUESTION)

    @property
    def turn(self) -> Turn:
        """The record."""
        return Turn(self.question, self.short, self.text)


class AskRequest(BaseModel):
    """A question. ``as_of`` is the day it is asked; ``since`` and ``until`` are inclusive days of
    publication, and ``sources`` outlets, an empty name for an unknown one: everything else is left
    out, with ``undated`` not what has no day. Without ``window`` the days
    that the question names mean nothing; ``timeline`` orders the statements by day. ``history``
    are the turns before, the latest last.
    """

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    sources: list[str] = Field(default=[], max_length=100)
    undated: bool = False
    window: bool = True
    timeline: bool = False
    history: list[TurnIn] = Field(default=[], max_length=100)
    stream: bool = Field(default=False, description="reply with server-sent events")

    @field_validator("question")
    @classmethod
    def _has_a_word(cls, question: str) -> str:
        if not any(sign.isalnum() for sign in question):
            raise ValueError("a question has at least one word")
        return question


class ArticleIn(BaseModel, extra="allow"):
    """An article as a line of JSONL has it."""

    text: str = Field(min_length=1)
    title: str = ""
    id: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None
    source: str | None = None


class AddRequest(BaseModel):
    """Articles, and addresses of pages and feeds to fetch them from."""

    articles: list[ArticleIn] = Field(default=[], max_length=1000)
    urls: list[str] = Field(default=[], max_length=50)


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
        )


class ListingPart(ListingQuery):
    """The same with the part that is wanted."""

    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=1000)


class ListingPage(ListingQuery):
    """The same with a page, counted from 1."""

    page: int = Field(default=1, ge=1, le=10**7)


class SelectedArticles(BaseModel):
    """Articles by their ids."""

    articles: list[str] = Field(min_length=1, max_length=1000)


class Edit(BaseModel):
    """What is to stand instead of what the source stated; what is not given stays, and null or an
    empty value is an unknown one.
    """

    title: str | None = Field(default=None, max_length=500)
    published: str | None = Field(default=None, max_length=40)
    source: str | None = Field(default=None, max_length=500)
    author: str | None = Field(default=None, max_length=500)


class EditRequest(Edit, SelectedArticles):
    """The same for several articles."""


class FailureOut(BaseModel):
    """A source that could not become an article, and why."""

    origin: str
    reason: str


class Added(BaseModel):
    """What became of the sources, in articles; ``embedded`` counts passages. ``left_out`` are files
    of archives that were not read, ``clashes`` counts articles that came under the id or the link
    of another one and are kept apart.
    """

    added: int
    updated: int
    unchanged: int
    embedded: int
    failed: list[FailureOut]
    left_out: list[FailureOut] = []
    clashes: int = 0


class HealthOut(BaseModel):
    """How the library is; ``findings`` are only looked for when asked. ``state`` is another one
    whenever articles or sources changed.
    """

    status: Literal["ok", "damaged"]
    articles: int
    passages: int
    pending: int
    findings: list[str] = []
    state: str


class SourceRequest(BaseModel):
    """An address to be read again and again; an empty ``outlet``: what its articles say."""

    url: str = Field(max_length=2000)
    every: str = Field(default="1h", max_length=20)
    outlet: str = Field(default="", max_length=200)


class FeedbackRequest(BaseModel):
    """A verdict on one exchange of a conversation; ``better`` is what the answer should be."""

    conversation: str
    number: int = Field(ge=1)
    verdict: Verdict
    better: str = Field(default="", max_length=500)


class Me(BaseModel):
    """Who is asking: ``closed`` says whether one has to log in here at all."""

    name: str
    role: Role
    closed: bool


class Problem(BaseModel):
    """Why a request was not met, and the way out."""

    error: str


class ChatMessage(BaseModel, extra="allow"):
    """A message as OpenAI's chat completions have it; parts other than text are passed over."""

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of it."""
        if isinstance(self.content, list):
            return " ".join(str(part.get("text", "")) for part in self.content).strip()
        return (self.content or "").strip()


class ChatRequest(BaseModel, extra="allow"):
    """The parts of a chat completion request that mean something here."""

    messages: list[ChatMessage] = Field(min_length=1, max_length=200)
    model: str = ""
    stream: bool = False


class ChatFailure(BaseModel):
    """What OpenAI's clients look for in an error."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ChatProblem(BaseModel):
    """Why a chat completion was not given, as OpenAI tells it."""

    error: ChatFailure


class TitleRequest(BaseModel):
    """Another title for a conversation."""

    title: str = Field(min_length=1, max_length=1000)
