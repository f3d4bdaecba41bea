"""What a client sends, within limits of size and time. Knows nothing of what it means."""

import asyncio
import time
from dataclasses import dataclass, field

from starlette.types import Message, Receive

__all__ = ["BodyLimits", "BodyReader", "Disconnected"]

_DISCONNECT: Message = {"type": "http.disconnect"}


class Disconnected(Exception):
    """The client left, or sent what is not taken: ``BodyReader.fault`` says which."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """A body has ``patience`` seconds, and more as it comes: one for each ``rate`` bytes."""

    patience: float = 20.0
    rate: int = 4096


@dataclass
class BodyReader:
    """The ``receive`` of one request; at most ``most`` bytes. ``fault`` is the status and the words
    for what was wrong with the body; after one, the client counts as gone.
    """

    receive: Receive
    most: int
    limits: BodyLimits = field(default_factory=BodyLimits)
    fault: tuple[int, str] | None = None
    gone: bool = False
    _size: int = 0
    _waited: float = 0.0
    _more: bool = True
    _held: bytes | None = None
    # Set when somebody watches for the end of the connection, who alone reads on then.
    _left: asyncio.Event | None = None

    async def __call__(self) -> Message:
        """As ASGI has it."""
        if self._held is not None:
            body, self._held = self._held, None
            return {"type": "http.request", "body": body, "more_body": False}
        if self.fault or self.gone:
            return _DISCONNECT
        if self._left is not None:
            await self._left.wait()
            return _DISCONNECT
        message = await (self._timed() if self._more else self.receive())
        if message["type"] == "http.disconnect":
            self.gone = True
            return message
        self._size += len(message.get("body", b""))
        self._more = message.get("more_body", False)
        if self._size > self.most:
            self.fault = (413, f"more than {self.most // 2**20} MB in one request")
        return _DISCONNECT if self.fault else message

    async def read(self) -> bytes:
        """The whole body, which whoever calls next gets again. Raises Disconnected."""
        parts = []
        while self._more:
            message = await self()
            if message["type"] == "http.disconnect":
                raise Disconnected
            parts.append(message.get("body", b""))
        self._held = b"".join(parts)
        return self._held

    async def left(self) -> None:
        """Returns when the client has left. To be called after ``read``."""
        self._left = asyncio.Event()
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._left.set()

    async def _timed(self) -> Message:
        # Only the time that the client takes counts, not that of whoever reads.
        allowed = self.limits.patience + self._size / self.limits.rate - self._waited
        started = time.monotonic()
        try:
            async with asyncio.timeout(max(allowed, 0.001)):
                return await self.receive()
        except TimeoutError:
            self.fault = (408, "the rest of the request did not come in time")
            return _DISCONNECT
        finally:
            self._waited += time.monotonic() - started
