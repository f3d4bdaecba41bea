"""Why a chat model gave no answer, in words for people. Knows LangChain's errors, no provider's."""

import re
import textwrap

from qa.language.cleaning import one_line, redact_secret
from qa.records.clauses import Clause, clause

__all__ = ["Failed", "TooLong", "failure_of"]

_CONTEXT = re.compile(
    r"context.{0,12}(?:length|size|window)|prompt is too long|too many (?:input )?tokens", re.I
)


class Failed(Exception):
    """The chat model gave no answer that could be used; the message says why, and ``clause`` the
    same for a screen of any language.
    """

    def __init__(self, reason: Clause) -> None:
        super().__init__(reason.text())
        self.clause = reason


class TooLong(Failed):
    """The prompt is longer than the model reads."""


def failure_of(error: Exception, name: str, key: str = "") -> Failed:
    """What went wrong with the model of this name, by LangChain's kinds of errors.

    Servers may repeat what they were sent: the ``key`` is hidden.
    """
    from langchain_core import exceptions as known

    text = textwrap.shorten(redact_secret(one_line(str(error)), key), 200, placeholder=" …")
    if isinstance(error, ValueError) and text.startswith("No generation chunks"):
        return Failed(clause("its reply was empty"))
    if isinstance(error, known.ModelRateLimitError):
        return Failed(
            clause("too many requests, or nothing left of its quota (%(words)s)", words=text)
        )
    if isinstance(error, known.ContextOverflowError) or _CONTEXT.search(str(error)):
        return TooLong(clause("the passages are too long for it (%(words)s)", words=text))
    for kind, reason in (
        (
            known.ModelAuthenticationError,
            clause("the server refuses the key; check OPENAI_API_KEY (%(words)s)", words=text),
        ),
        (
            known.ModelPermissionDeniedError,
            clause("the key may not use it (%(words)s)", words=text),
        ),
        (
            known.ModelNotFoundError,
            clause(
                "the server knows no %(model)s; check QA_CHAT (%(words)s)", model=name, words=text
            ),
        ),
        (
            known.ModelTimeoutError,
            clause("the server did not answer in time (%(words)s)", words=text),
        ),
        (
            known.ModelConnectionError,
            clause("the server cannot be reached; check OPENAI_BASE_URL (%(words)s)", words=text),
        ),
        (known.ModelAPIError, clause("the server failed (%(words)s)", words=text)),
    ):
        if isinstance(error, kind):
            return Failed(reason)
    return Failed(
        clause("it failed with %(kind)s (%(words)s)", kind=type(error).__name__, words=text)
    )
