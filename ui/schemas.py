"""What goes over the wire: the types of every request and reply that is not a record already."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, field_validator, model_validator

from ingest.accounting import UnusedInFile
from qa.errors import CollectionNotFound
from qa.library.feedback import Verdict
from qa.library.tables.connection import ReplicaState
from qa.library.users import Role
from qa.records.answer import Answer
from qa.records.conversation import Turn

__all__ = [
    "LONGEST_QUESTION",
    "AddRequest",
    "Added",
    "ArticleIn",
    "AskRequest",
    "FailureOut",
    "FeedbackRequest",
    "HealthOut",
    "InviteRequest",
    "Me",
    "MeasureRequest",
    "PasswordRequest",
    "Problem",
    "RequestBody",
    "RoleRequest",
    "TitleRequest",
    "TokenRequest",
    "TurnIn",
    "answer_schema",
]

LONGEST_QUESTION = 2000


class RequestBody(BaseModel, extra="forbid"):
    """What a client sends. A field that is not known is refused: passed over, it would be a limit
    or a change that somebody asked for and did not get.
    """

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, given: object) -> object:
        unknown = [*given.keys() - cls.model_fields] if isinstance(given, Mapping) else []
        if unknown:
            raise ValueError(
                f"no field is called {min(map(str, unknown))!r}; "
                f"the fields are {', '.join(cls.model_fields)}"
            )
        return given


class TurnIn(BaseModel):
    """What was said before: a question and its answer, the short one and the whole. What else an
    answer has means nothing, so that one may be sent back as it came.
    """

    question: str = Field(max_length=LONGEST_QUESTION)
    short: str = Field(default="", max_length=LONGEST_QUESTION)
    text: str = Field(default="", max_length=20 * LONGEST_QUESTION)

    @property
    def turn(self) -> Turn:
        """The record."""
        return Turn(self.question, self.short, self.text)


class AskRequest(RequestBody):
    """A question. ``as_of`` is the day it is asked; ``since`` and ``until`` are inclusive days of
    publication, ``sources`` outlets, an empty name for an unknown one, and ``collection`` names of
    sets of articles: everything else is left out, with ``undated`` not what has no day. Without
    ``window`` the days that the question names mean nothing; ``timeline`` orders the statements by
    day. ``history`` are the turns before, the latest last.
    """

    question: str = Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        examples=["How many leaflets were dropped near al-Tanf?"],
    )
    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    sources: list[str] = Field(default=[], max_length=100)
    collection: list[str] = Field(default=[], max_length=20)
    undated: bool = False
    window: bool = True
    timeline: bool = False
    history: list[TurnIn] = Field(default=[], max_length=100)
    stream: bool = Field(default=False, description="reply with server-sent events")

    @field_validator("collection", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        return [given] if isinstance(given, str) else given

    def within(self, limits: Sequence[str]) -> "AskRequest":
        """The same of somebody who may read these collections alone (none: everything). Raises
        CollectionNotFound for another one.
        """
        for name in self.collection if limits else ():
            if name not in limits:
                raise CollectionNotFound(name)
        return self.model_copy(update={"collection": self.collection or [*limits]})

    @field_validator("question")
    @classmethod
    def _has_a_word(cls, question: str) -> str:
        if not any(sign.isalnum() for sign in question):
            raise ValueError("a question has at least one word")
        return question


class ArticleIn(BaseModel, extra="allow"):
    """An article as a line of JSONL has it."""

    text: str = Field(min_length=1, examples=["The bridge reopened on Monday."])
    title: str = Field(default="", examples=["Bridge reopened"])
    id: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None
    source: str | None = None


class AddRequest(RequestBody):
    """Articles, and addresses of pages and feeds to fetch them from."""

    articles: list[ArticleIn] = Field(default=[], max_length=1000)
    urls: list[str] = Field(default=[], max_length=50)

    @model_validator(mode="after")
    def _has_something(self) -> "AddRequest":
        if not self.articles and not any(url.strip() for url in self.urls):
            raise ValueError("nothing to take in: give articles, or urls of pages and feeds")
        return self


class FailureOut(BaseModel):
    """A source that could not become an article, and why."""

    origin: str
    reason: str


class Added(BaseModel):
    """What became of the sources, in articles; ``embedded`` counts passages. ``left_out`` are files
    that were not read, ``clashes`` counts articles that came under the id or the link of another
    one and are kept apart, ``unused`` names columns and fields that nothing was made of.
    """

    added: int
    updated: int
    unchanged: int
    embedded: int
    failed: list[FailureOut]
    left_out: list[FailureOut] = []
    clashes: int = 0
    unused: list[UnusedInFile] = []


class HealthOut(BaseModel):
    """How the library is; ``findings`` are only looked for when asked. ``state`` is another one
    whenever articles or sources changed; ``replica`` is there where one is set. Of a library that
    is ``unreachable`` nothing is known.
    """

    status: Literal["ok", "damaged", "unreachable"]
    articles: int
    passages: int
    pending: int
    findings: list[str] = []
    state: str
    replica: ReplicaState | None = None


class MeasureRequest(RequestBody):
    """An evaluation: ``gold`` by its name, ``sample`` questions of it (none: all), and what reads
    and composes (empty: what answers here).
    """

    gold: str = Field(max_length=200, examples=["Demo questions"])
    sample: int | None = Field(default=None, ge=1, examples=[20])
    reader: str = ""
    composer: str = ""


class FeedbackRequest(RequestBody):
    """A verdict on one exchange of a conversation; ``better`` is what the answer should be."""

    conversation: str = Field(examples=["0123456789abcdef"])
    number: int = Field(ge=1, examples=[1])
    verdict: Verdict
    better: str = Field(default="", max_length=500)


class InviteRequest(RequestBody):
    """Somebody who is to log in here."""

    name: str = Field(min_length=1, max_length=100, examples=["ada"])
    role: Role = "reader"


class RoleRequest(RequestBody):
    """Another role for a user."""

    role: Role


class PasswordRequest(RequestBody):
    """The old password and the new one."""

    old: str = Field(max_length=1000)
    new: str = Field(min_length=8, max_length=1000)


class TokenRequest(RequestBody):
    """What a token is for, and for how many days it is good."""

    label: str = Field(default="", max_length=80, examples=["the nightly script"])
    days: int = Field(default=90, ge=1, le=3650)


class Me(BaseModel):
    """Who is asking: ``closed`` says whether one has to log in here at all."""

    name: str
    role: Role
    closed: bool


class Problem(BaseModel):
    """Why a request was not met, and the way out."""

    error: str


class TitleRequest(RequestBody):
    """Another title for a conversation."""

    title: str = Field(min_length=1, max_length=1000, examples=["Bridges"])


def answer_schema() -> dict[str, Any]:
    """The JSON Schema of an answer as all give it; ``text`` and ``notes`` are of REST alone."""
    schema = TypeAdapter(Answer).json_schema(mode="serialization")
    del schema["$defs"]["Step"]["properties"]["end_time"]  # `to_json` leaves it out
    schema["properties"] |= {
        "text": {"type": "string", "description": "the whole answer as text; REST only"},
        "notes": {
            "type": "array",
            "items": {"type": "string"},
            "description": "what is to be known of how it came about; REST only",
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "answer.schema.json",
        **schema,
        "title": "Answer",
    }
