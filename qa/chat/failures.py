"""Why a chat model gave no answer, in words for people. Knows LangChain's errors, no provider's."""

import re
import textwrap

from qa.language.cleaning import one_line, redact_secret

__all__ = ["Failed", "TooLong", "failure_of"]

_CONTEXT = re.compile(
    r"context.{0,12}(?:length|size|window)|prompt is too long|too many (?:input )?tokens", re.I
)


class Failed(Exception):
    """The chat model gave no answer that could be used; the message says why."""


class TooLong(Failed):
    """The prompt is longer than the model reads."""


def failure_of(error: Exception, name: str, key: str = "") -> Failed:
    """What went wrong with the model of this name, by LangChain's kinds of errors.

    Servers may repeat what they were sent: the ``key`` is hidden.
    """
    from langchain_core import exceptions as known

    text = textwrap.shorten(redact_secret(one_line(str(error)), key), 200, placeholder=" …")
    if isinstance(error, ValueError) and text.startswith("No generation chunks"):
        return Failed("its reply was empty")
    if isinstance(error, known.ModelRateLimitError):
        return Failed(f"too many requests, or nothing left of its quota ({text})")
    if isinstance(error, known.ContextOverflowError) or _CONTEXT.search(str(error)):
        return TooLong(f"the passages are too long for it ({text})")
    for kind, reason in (
        (known.ModelAuthenticationError, "the server refuses the key; check OPENAI_API_KEY"),
        (known.ModelPermissionDeniedError, "the key may not use it"),
        (known.ModelNotFoundError, f"the server knows no {name}; check QA_CHAT"),
        (known.ModelTimeoutError, "the server did not answer in time"),
        (known.ModelConnectionError, "the server cannot be reached; check OPENAI_BASE_URL"),
        (known.ModelAPIError, "the server failed"),
    ):
        if isinstance(error, kind):
            return Failed(f"{reason} ({text})")
    return Failed(f"it failed with {type(error).__name__} ({text})")
