"""A server that tells its routes and writes down what would have changed something.

``python -m tests.ui.recorded LIBRARY TOKEN RECORD``: the first line of the output is JSON with the
port and the routes; a line of the file RECORD is the name of a method that was called, which then
does nothing.
"""

import json
import socket
import sys
from pathlib import Path

import uvicorn

from ui.evaluations import Evaluations
from ui.guard.access import Access
from ui.server import make_server
from ui.service import Service, open_service


def routes_of(routes):
    """Method and path of each route, those of routers inside included."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from routes_of(inner.routes)
        elif getattr(route, "methods", None):
            # A route that answers GET answers HEAD alike.
            yield from (f"{each} {route.path}" for each in route.methods if each != "HEAD")
        elif route.path == "/static-ui":
            yield "GET /static-ui/{path}"
        elif route.path:
            yield from (f"{method} {route.path}" for method in ("DELETE", "GET", "POST"))


def record(kind, name, given, path):
    def method(self, *arguments, **options):
        with Path(path).open("a") as lines:
            lines.write(f"{name}\n")
        return given(self)

    setattr(kind, name, method)


def main(library, token, path):
    record(Service, "take_in", lambda service: iter(()), path)
    record(Service, "repair", lambda service: service.examine(), path)
    record(Service, "remove", lambda service: {}, path)
    record(Evaluations, "measure", lambda evaluations: iter(()), path)
    record(Evaluations, "cancel", lambda evaluations: None, path)
    with open_service(library) as service, socket.socket() as listening:
        guard = make_server(service, Access(service.library, token))
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        own, screen = guard.app.routes[:-1], guard.app.state.screen.app
        told = {
            "port": listening.getsockname()[1],
            "own": sorted(routes_of(own)),
            "screen": sorted(routes_of(screen.routes)),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        config = uvicorn.Config(guard, log_level="error", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
