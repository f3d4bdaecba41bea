"""Tells an address on the web of something that happened: one POST of JSON, and no more.

As careful as ``fetch``: only public machines, no redirects, and an end to patience.
"""

import http.client
import json
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from ingest.connection import Connect, Resolve, connect_to, dial, is_public, resolve_host
from ingest.connection import start_patience as patience_for
from ingest.fetch import USER_AGENT, check_address
from qa.errors import FetchFailed, FetchRefused

__all__ = ["post_json"]

# Seconds in all, and of silence.
_PATIENCE, _SILENCE = 15.0, 10.0
_PORTS = {"http": 80, "https": 443}


def post_json(
    url: str,
    data: Mapping[str, object],
    *,
    allow_private: bool = False,
    resolve: Resolve = resolve_host,
    connect: Connect = connect_to,
) -> None:
    """Send it. Raises FetchRefused for an address that is never visited, and FetchFailed where
    nobody takes it with a status of 200 to 299.
    """
    check_address(url, allow_private=allow_private)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    body = json.dumps(data, ensure_ascii=False).encode()
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Connection": "close",
    }
    try:
        addresses = list(resolve(host, port))
        private = [address for address in addresses if not is_public(address)]
        if private and not allow_private:
            raise FetchRefused(f"{host} is at the private address {private[0]}")
        patience = patience_for(_PATIENCE, _SILENCE)
        with dial(host, port, addresses, connect, patience, secure=parts.scheme == "https") as wire:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = wire
            connection.request("POST", f"{target}?{query}" if query else target, body, headers)
            status = connection.getresponse().status
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise FetchFailed(f"{url} cannot be told: {error or type(error).__name__}") from error
    if not 200 <= status < 300:
        raise FetchFailed(f"{url} answered {status}", status=status)
