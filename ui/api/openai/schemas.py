"""What chat completions take and say, as OpenAI has it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator

__all__ = ["ChatProblem", "ChatRequest"]


class ChatMessage(BaseModel, extra="allow"):
    """A message as OpenAI's chat completions have it; parts other than text are passed over."""

    role: Literal["developer", "system", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of it."""
        if isinstance(self.content, list):
            return " ".join(str(part.get("text", "")) for part in self.content).strip()
        return (self.content or "").strip()


_Limit = Annotated[int | None, Field(ge=1)]


class StreamOptions(BaseModel, extra="allow"):
    """What a stream tells besides the words."""

    include_usage: bool = False


class ChatRequest(BaseModel, extra="allow"):
    """The parts of a chat completion request that mean something here."""

    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=200,
        examples=[[{"role": "user", "content": "How many leaflets were dropped?"}]],
    )
    model: str = Field(default="", examples=["article-qa"])
    stream: bool = False
    stream_options: StreamOptions | None = None
    response_format: dict[str, Any] | None = None
    n: _Limit = None
    max_tokens: _Limit = None
    max_completion_tokens: _Limit = None
    stop: list[str] | None = Field(default=None, max_length=4)
    logprobs: bool | None = None
    top_logprobs: int | None = None
    modalities: list[str] | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    functions: list[Any] | None = None

    @field_validator("stop", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        return [given] if isinstance(given, str) else given

    @property
    def most_tokens(self) -> int | None:
        """How long the reply may be; None: as long as it is."""
        limits = [*filter(None, (self.max_tokens, self.max_completion_tokens))]
        return min(limits, default=None)


class ChatFailure(BaseModel):
    """What OpenAI's clients look for in an error."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ChatProblem(BaseModel):
    """Why a chat completion was not given, as OpenAI tells it."""

    error: ChatFailure
