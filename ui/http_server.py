"""The HTTP server: how long a connection may take, how many there may be, and how it all ends.

The only module that knows uvicorn. Of what is answered it knows only that it can be drained.
"""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from socket import socket
from types import FrameType
from typing import Any, Protocol

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from ui.guard.problems import problem
from ui.guard.request_body import BodyLimits

__all__ = ["ServerLimits", "run_server"]


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What a client may take. Seconds: ``headers`` until the headers of a request are complete,
    ``reading`` for a client that takes nothing of what it is sent, ``finishing`` for the answers
    that are begun when the server is told to stop.

    With more than ``connections`` at once, which are about half as many open pages and well under
    the usual limit of 1,024 files, the next ones are told to come again; with twice as many they
    are cut off.
    """

    headers: float = 10.0
    reading: float = 60.0
    finishing: float = 10.0
    header_bytes: int = 64 * 1024
    connections: int = 400
    body: BodyLimits = field(default_factory=BodyLimits)


class Drainable(Protocol):
    """An ASGI application that can be told that the server stops."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""

    async def drain(self, patience: float) -> None:
        """Refuse what is new, and return when what is begun has ended, or been ended."""


def run_server(
    app: Drainable,
    host: str,
    port: int,
    limits: ServerLimits,
    on_listening: Callable[[int], None] = lambda port: None,
) -> None:
    """Serve until a signal comes; ``on_listening`` is told the port once connections are taken.
    Raises SystemExit when the address cannot be listened at.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_with_limits(limits),
        # Who is behind a proxy is found out by the application, from the proxies that it trusts.
        proxy_headers=False,
        ws="none",
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    _Server(config, app, limits.finishing, on_listening).run()


class _Server(uvicorn.Server):
    """Goes on listening while answers are finished, so that others hear why they get none."""

    def __init__(
        self,
        config: uvicorn.Config,
        app: Drainable,
        patience: float,
        on_listening: Callable[[int], None],
    ) -> None:
        super().__init__(config)
        self._app = app
        self._patience = patience
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            # Of the port 0 the system makes one that is free.
            self._on_listening(self.servers[0].sockets[0].getsockname()[1])

    async def main_loop(self) -> None:
        await super().main_loop()
        await self._app.drain(self._patience)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            os._exit(128 + sig)
        # uvicorn would raise the signal again once all is done, and so end in failure.
        self.should_exit = True


def _with_limits(limits: ServerLimits) -> type[asyncio.Protocol]:
    class Connection(_Connection):
        pass

    Connection.limits = limits
    return Connection


class _Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """One connection of whichever HTTP protocol uvicorn has, with limits that it has not."""

    limits: ServerLimits

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        # Bytes of a request whose headers are not complete.
        self._begun = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self.connections) > 2 * self.limits.connections:
            self.transport.abort()
        elif len(self.connections) > self.limits.connections:
            self.app = _too_many_connections
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_stalling()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        cycle = self.cycle
        super().data_received(data)
        if self.cycle is not cycle:
            self._begun = 0
            self._stop_waiting()
        if self._is_idle():
            # Headers, or what is left of a body that nobody wanted.
            self._wait_for_headers()
            self._begun += 0 if self.cycle is not None and self.cycle.more_body else len(data)
            if self._begun > self.limits.header_bytes:
                self._refuse(431, "the headers are too large")

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.limits.reading, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_stalling()

    def _is_idle(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    def _wait_for_headers(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.limits.headers, self._expire)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _stop_stalling(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _expire(self) -> None:
        self._waiting = None
        if self._begun and self._is_idle():
            self._refuse(408, "the request did not come in time")
        elif self._is_idle():
            self.transport.close()

    def _refuse(self, status: int, text: str) -> None:
        if self.transport.is_closing():
            return
        body = json.dumps({"error": text}).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """The application answers it."""


async def _too_many_connections(scope: Scope, receive: Receive, send: Send) -> None:
    text = "too many connections at once; try again in 5 seconds"
    headers = {"retry-after": "5", "connection": "close"}
    await problem(scope["path"], 503, text, headers)(scope, receive, send)
