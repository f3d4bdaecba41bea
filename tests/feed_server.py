"""A web server on this machine, whose pages tests change; it knows conditional requests."""

import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Pages by path; what is no page is not there. ``statuses`` has every answer, by path."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.pages = {}
        self.statuses = []

    def answered(self, path):
        return [status for each, status in self.statuses if each == path]


@contextmanager
def feed_server():
    """A Site; it ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = site.pages.get(self.path)
            body = (page or "not there").encode()
            tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
            known = self.headers["If-None-Match"] == tag
            status = 404 if page is None else 304 if known else 200
            site.statuses.append((self.path, status))
            self.send_response(status)
            if status != 304:
                self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
            if status != 404:
                self.send_header("ETag", tag)
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
