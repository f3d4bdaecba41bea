"""A short request to a chat model beside the answer itself: in time and within the budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.chat.budget import Ledger, Price
from qa.chat.deadline import in_time
from qa.chat.models import ChatModel
from qa.chat.prompt import estimate_tokens
from qa.records.trace import Usage

__all__ = ["ChatRequest", "RequestFailed"]


class RequestFailed(Exception):
    """No reply; the message says why, in words for the trace."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Asks once and waits for the whole reply, at most ``timeout`` seconds."""

    chat: ChatModel
    ledger: Ledger
    price: Price | None = None
    timeout: float = 30
    today: Callable[[], date] = date.today

    def run(self, system: str, prompt_text: str) -> tuple[str, Usage]:
        """The text of the reply and what it took, its cost included. Raises RequestFailed."""
        prompt = [("system", system), ("human", prompt_text)]
        size = estimate_tokens(system) + estimate_tokens(prompt_text)
        reserved_cost = self.price.of(size, self.chat.reply_tokens) if self.price else 0.0
        if refusal := self.ledger.reserve(reserved_cost, self.today()):
            raise RequestFailed(refusal)
        usage = Usage()
        try:
            text, usage = self._reply(prompt)
        except Exception as error:  # whatever a provider raises: nothing depends on the reply
            raise RequestFailed(f"the chat model failed: {type(error).__name__}") from error
        finally:
            if self.price:
                cost = self.price.of(usage.input_tokens, usage.output_tokens)
                usage = replace(usage, cost=cost)
            self._settle(reserved_cost, usage.cost)
        return text, usage

    def _reply(self, prompt: Sequence[tuple[str, str]]) -> tuple[str, Usage]:
        (message,) = in_time(
            lambda: [self.chat.model.invoke(list(prompt))], total=self.timeout, idle=self.timeout
        )
        token_usage = message.usage_metadata
        usage = (
            Usage(token_usage["input_tokens"], token_usage["output_tokens"])
            if token_usage
            else Usage()
        )
        return str(message.text), usage

    def _settle(self, reserved_cost: float, actual_cost: float) -> None:
        try:
            self.ledger.settle(reserved_cost, actual_cost, self.today())
        except OSError as error:
            raise RequestFailed(f"the day's spending cannot be kept: {error}") from error
