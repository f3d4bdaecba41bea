"""An ASGI client for what a library for HTTP would not send, and for clients that leave."""

import asyncio


class Exchange:
    """One request to an application in this event loop, and what came of it so far."""

    def __init__(self, app, method, path, *, body=b"", headers=(), client="127.0.0.1", query=b""):
        self.status = None
        self.headers = {}
        self.body = b""
        self.begun = asyncio.Event()
        self._gone = asyncio.Event()
        self._parts = [body] if isinstance(body, bytes) else [*body]
        given = {b"host": b"127.0.0.1", **dict(headers)}
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("utf-8", "surrogatepass"),
            "query_string": query,
            "root_path": "",
            "client": (client, 1),
            "server": ("127.0.0.1", 7860),
            "headers": [*given.items()],
        }
        self.task = asyncio.create_task(app(self.scope, self._receive, self._send))

    async def leave(self):
        """Close the connection; returns when the application is done with it."""
        self._gone.set()
        await asyncio.wait_for(self.task, 60)

    async def done(self):
        await asyncio.wait_for(self.task, 60)
        return self

    async def _receive(self):
        if self._parts:
            part = self._parts.pop(0)
            if part is not None:
                return {"type": "http.request", "body": part, "more_body": bool(self._parts)}
        # Of None in the body, the rest never comes.
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
            self.begun.set()
