"""Chat models by name, through LangChain. The only place that makes them."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.errors import ConfigError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["ChatModel", "make_chat_model"]

_OPENAI = "https://api.openai.com/v1"
# They take no temperature, and think before they speak, which counts as reply.
_REASONING = re.compile(r"(o\d|gpt-[5-9](?!.*chat))", re.IGNORECASE)
_THOUGHT = 8


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model and what is known of it. ``reply_tokens`` is the most it may write; ``tells_end``,
    whether every complete reply of it says so in a ``finish_reason``.
    """

    model: "BaseChatModel"
    name: str
    reply_tokens: int
    tells_end: bool = False


def make_chat_model(
    name: str,
    *,
    key: str = "",
    base_url: str = "",
    timeout: float = 60,
    reply_tokens: int = 1000,
) -> ChatModel:
    """From LangChain's ``provider:model``, at temperature 0 where there is one.

    ``key`` and ``base_url`` are for the provider ``openai``, that is for OpenAI and every server
    that speaks as it does; the other providers read their own variables. ``timeout`` is in
    seconds. Nothing is sent. Raises ConfigError when it cannot be made.
    """
    provider, separator, model = name.partition(":")
    if not (provider and separator and model):
        raise ConfigError(
            f"the chat model {name!r} should be provider:model, such as openai:gpt-4o-mini"
        )
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise ConfigError(
            f"the chat model {name!r} needs LangChain: pip install 'article-qa[openai]'"
        ) from error
    thinks = _REASONING.match(model) is not None
    options: dict[str, Any] = {"timeout": timeout, "max_retries": 2}
    options["max_tokens"] = reply_tokens * _THOUGHT if thinks else reply_tokens
    if not thinks:
        options["temperature"] = 0
    if provider == "openai":
        options |= _openai(name, key, base_url)
    try:
        made = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise ConfigError(
            f"the chat model {name!r} cannot be used: {error}; for OpenAI and servers like it, "
            "pip install 'article-qa[openai]'"
        ) from error
    except Exception as error:
        raise ConfigError(f"the chat model {name!r} cannot be used: {error}") from error
    return ChatModel(made, name, options["max_tokens"], tells_end=provider == "openai")


def _openai(name: str, key: str, base_url: str) -> dict[str, Any]:
    if base_url and urlsplit(base_url).scheme not in ("http", "https"):
        raise ConfigError(
            f"OPENAI_BASE_URL is {base_url!r}; expected an address such as http://127.0.0.1:8080/v1"
        )
    if not key and not base_url:
        raise ConfigError(
            f"the chat model {name!r} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of "
            "your own; without QA_CHAT the articles' own sentences answer"
        )
    # The address is always named: otherwise LANGSMITH_GATEWAY would send everything elsewhere.
    options: dict[str, Any] = {"base_url": base_url or _OPENAI, "stream_usage": True}
    # Servers of one's own mostly want no key, but the client does.
    options["api_key"] = key or "none"
    if base_url:
        options["use_responses_api"] = False
    return options
