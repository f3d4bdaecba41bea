"""What clients of OpenAI and of servers that speak as it does are told. Nothing is sent from here.

The only module that knows the ``openai`` package.
"""

import os
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from qa.errors import ConfigError

if TYPE_CHECKING:
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

__all__ = ["openai_options", "provider_of"]

_OPENAI = "https://api.openai.com/v1"


def provider_of(name: str) -> str:
    """The provider in ``provider:model`` as LangChain spells it; empty when none is named.

    >>> provider_of("OpenAI:gpt-4o")
    'openai'
    """
    provider, separator, _ = name.partition(":")
    return provider.strip().replace("-", "_").lower() if separator else ""


def openai_options(name: str, key: str, base_url: str) -> dict[str, Any]:
    """The options of a LangChain model ``name`` of this provider, for chat and embeddings alike.

    Without a key the server gets the word ``none``; without an address it is OpenAI's. Raises
    ConfigError for neither, and for an address that is none.
    """
    if base_url and urlsplit(base_url).scheme not in ("http", "https"):
        raise ConfigError(
            f"OPENAI_BASE_URL is {base_url!r}; expected an address such as http://127.0.0.1:8080/v1"
        )
    if not key and not base_url:
        raise ConfigError(
            f"the model {name!r} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
        )
    proxy = os.environ.get("OPENAI_PROXY", "")
    client, async_client = _http_clients(proxy)
    return {
        # The address is always named: otherwise OPENAI_API_BASE or LANGSMITH_GATEWAY would send
        # everything elsewhere.
        "base_url": base_url or _OPENAI,
        # Servers of one's own mostly want no key, but the client does.
        "api_key": SecretStr(key or "none"),
        "http_client": client,
        "http_async_client": async_client,
        # It goes with the clients, or LangChain would refuse them.
        "openai_proxy": "",
    }


@cache
def _http_clients(proxy: str) -> "tuple[DefaultHttpxClient, DefaultAsyncHttpxClient]":
    """Clients that follow no redirect: it would take questions and passages to another server."""
    import openai

    options: dict[str, Any] = {"follow_redirects": False, "proxy": proxy or None}
    return openai.DefaultHttpxClient(**options), openai.DefaultAsyncHttpxClient(**options)
