"""The parts that ask a chat model, as the settings want them. Called by ``build`` alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.compose.extract import ExtractComposer
from qa.errors import ConfigError
from qa.language.cleaning import one_line
from qa.protocols import Judge, Rewriter, Splitter
from qa.question.decompose import RuleSplitter
from qa.question.rewrite import RuleRewriter
from qa.runtime.openai_client import provider_of
from qa.settings import Settings

# What asks a model is imported where one is set.
if TYPE_CHECKING:
    from qa.chat.budget import Ledger
    from qa.chat.composer import ChatComposer
    from qa.chat.models import ChatModel
    from qa.chat.request import ChatRequest

__all__ = [
    "answering_parts",
    "chat_composer",
    "chat_judge",
    "chat_model",
    "rewriter",
    "splitter",
    "try_chat_model",
]

REPLY_TOKENS = 500
# Of one question, or a few.
_QUESTION_TOKENS = 200
# Of yes or no.
_WORD_TOKENS = 4
# Some models think before they say a word.
_TRIAL_TOKENS = 64


def chat_model(settings: Settings, name: str, reply_tokens: int = REPLY_TOKENS) -> "ChatModel":
    """The model ``provider:model``. Raises ConfigError when it cannot be made."""
    from qa.chat.models import make_chat_model

    key, base_url = settings.openai_access() if provider_of(name) == "openai" else ("", "")
    return make_chat_model(
        name,
        key=key,
        base_url=base_url,
        timeout=settings.chat_timeout,
        reply_tokens=reply_tokens,
    )


def chat_composer(settings: Settings, folder: Path) -> "ChatComposer":
    """Writes the answers for the library in ``folder``. Raises ConfigError."""
    from qa.chat.budget import Price
    from qa.chat.composer import ChatComposer

    if not settings.chat:
        raise ConfigError("no chat model is set: QA_CHAT=provider:model, e.g. openai:gpt-4o-mini")
    price = Price.parse(settings.chat_price)
    budgets = {
        "QA_CHAT_BUDGET_RUN": settings.chat_budget_run,
        "QA_CHAT_BUDGET_DAY": settings.chat_budget_day,
    }
    for name, budget in budgets.items():
        if budget is not None and price is None:
            raise ConfigError(f"{name} is {budget:g}, which means nothing without QA_CHAT_PRICE")
    return ChatComposer(
        chat_model(settings, settings.chat),
        _ledger(settings, folder),
        price,
        prompt_tokens=settings.chat_tokens,
        timeout=settings.chat_timeout,
    )


def answering_parts(settings: Settings, folder: Path) -> dict[str, Any]:
    """What answers over the library in ``folder``: fields of ``Parts``. Raises ConfigError."""
    return {
        "composer": chat_composer(settings, folder) if settings.chat else ExtractComposer(),
        "fallback": ExtractComposer() if settings.chat else None,
        "rewriter": rewriter(settings, folder),
        "splitter": splitter(settings, folder),
        "hits": settings.hits,
        "keep_unsupported": settings.unsupported == "flag",
        "judge": chat_judge(settings, folder),
    }


def try_chat_model(settings: Settings) -> str:
    """Asks the model that is set for one word; why that failed, in words for people, else empty."""
    from qa.chat.deadline import in_time
    from qa.chat.failures import failure_of

    if not settings.chat:
        return "no chat model is set: the articles' own sentences answer"
    try:
        chat = chat_model(settings, settings.chat, _TRIAL_TOKENS)
    except ConfigError as error:
        return str(error)
    prompt = [("system", "Reply with one word."), ("human", "Say: ready")]
    try:
        patience = settings.chat_timeout
        [*_] = in_time(lambda: [chat.model.invoke(prompt)], total=patience, idle=patience)
    except TimeoutError as error:
        return f"it took too long: {one_line(str(error))}"
    except Exception as error:  # whatever a provider raises
        return str(failure_of(error, chat.name, chat.key))
    return ""


def rewriter(settings: Settings, folder: Path) -> Rewriter:
    """Who makes follow-ups stand alone: rules for want of a chat model."""
    if not settings.chat:
        return RuleRewriter()
    from qa.chat.rewriter import ChatRewriter

    return ChatRewriter(_make_request(settings, folder, settings.chat, _QUESTION_TOKENS))


def splitter(settings: Settings, folder: Path) -> Splitter:
    """Who finds the parts of questions: rules for want of a chat model."""
    if not settings.chat:
        return RuleSplitter()
    from qa.chat.rewriter import ChatSplitter

    return ChatSplitter(_make_request(settings, folder, settings.chat, _QUESTION_TOKENS))


def chat_judge(settings: Settings, folder: Path, name: str = "") -> Judge | None:
    """The second opinion on statements, by the model named or else set; None without either."""
    name = name or settings.judge
    if not name:
        return None
    from qa.chat.judge import ChatJudge

    return ChatJudge(_make_request(settings, folder, name, _WORD_TOKENS))


def _make_request(settings: Settings, folder: Path, name: str, reply_tokens: int) -> "ChatRequest":
    from qa.chat.budget import Price
    from qa.chat.request import ChatRequest

    return ChatRequest(
        chat_model(settings, name, reply_tokens),
        _ledger(settings, folder),
        # The price is that of the model that answers; of another one nobody told it.
        Price.parse(settings.chat_price) if name == settings.chat else None,
        timeout=settings.chat_timeout,
    )


def _ledger(settings: Settings, folder: Path) -> "Ledger":
    from qa.chat.budget import Ledger

    return Ledger(folder, settings.chat_budget_run, settings.chat_budget_day)
