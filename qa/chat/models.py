"""Chat models by name, through LangChain. The only place that makes them."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.errors import ConfigError
from qa.runtime.openai_client import openai_options, provider_of
from qa.runtime.telemetry import disable_telemetry

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["ChatModel", "make_chat_model"]

# They take no temperature, and think before they speak, which counts as reply.
_REASONING = re.compile(r"(o\d|gpt-[5-9](?!.*chat))", re.IGNORECASE)
_THINKING_FACTOR = 8


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model and what is known of it. ``reply_tokens`` is the most it may write; ``tells_end``,
    whether every complete reply of it says so in a ``finish_reason``; ``key``, what must not
    stand in what is said of its errors.
    """

    model: "BaseChatModel"
    name: str
    reply_tokens: int
    tells_end: bool = False
    key: str = field(default="", repr=False)


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
    provider, model = provider_of(name), name.partition(":")[2]
    if not (provider and model):
        raise ConfigError(
            f"the chat model {name!r} should be provider:model, such as openai:gpt-4o-mini"
        )
    disable_telemetry()
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise ConfigError(
            f"the chat model {name!r} needs LangChain: pip install 'article-qa[openai]'"
        ) from error
    thinks = _REASONING.match(model) is not None
    options: dict[str, Any] = {"timeout": timeout, "max_retries": 2}
    options["max_tokens"] = reply_tokens * _THINKING_FACTOR if thinks else reply_tokens
    if not thinks:
        options["temperature"] = 0
    if provider == "openai":
        options["stream_usage"] = True
        if base_url:
            options["use_responses_api"] = False
    try:
        if provider == "openai":
            options |= openai_options(name, key, base_url)
        chat_model = init_chat_model(model, model_provider=provider, **options)
    except ConfigError:
        raise
    except ImportError as error:
        raise ConfigError(
            f"the chat model {name!r} cannot be used: {error}; for OpenAI and servers like it, "
            "pip install 'article-qa[openai]'"
        ) from error
    except Exception as error:
        raise ConfigError(f"the chat model {name!r} cannot be used: {error}") from error
    tells_end = provider == "openai"
    return ChatModel(chat_model, name, options["max_tokens"], tells_end=tells_end, key=key)
