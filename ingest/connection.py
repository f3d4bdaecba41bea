"""Connections to public machines, under time limits. Knows no page and no HTTP."""

import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

__all__ = [
    "CHUNK",
    "Connect",
    "Patience",
    "Resolve",
    "Wire",
    "connect_to",
    "dial",
    "is_public",
    "resolve_host",
    "start_patience",
]

# Bytes read at once.
CHUNK = 2**16
# IPv6 networks whose addresses carry an IPv4 one, and how many bits lie to the right of it.
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4
)

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]
# Seconds that the next operation may take. Raises TimeoutError when there are none.
Patience = Callable[[], float]


def resolve_host(host: str, port: int) -> list[str]:
    """Every IP address of a host, as text, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect_to(address: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to an IP address; nothing is looked up."""
    return socket.create_connection((address, port), timeout)


def is_public(address: str) -> bool:
    """True for an IP address that anybody on the internet reaches, alone or inside another.

    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("64:ff9b::10.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        for network, shift in _CARRIERS:
            if ip in network:
                return is_public(str(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)))
        if ip.scope_id or ip.teredo or ip.is_site_local:
            return False
    # is_global alone holds multicast groups to be public.
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Wire(io.RawIOBase):
    """A socket that keeps both time limits, in the little that http.client asks of one."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience

    def readable(self) -> bool:
        """As io asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """What comes next, 0 at the end."""
        # Per call, so that a server that sends a byte now and then gains no time by it.
        self._sock.settimeout(self._patience())
        return self._sock.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        """All of the data."""
        self._sock.settimeout(self._patience())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """To read from, whatever the mode."""
        return io.BufferedReader(self, CHUNK)

    def close(self) -> None:
        """Nothing: http.client closes before the body is read; ``dial`` closes the socket."""


def start_patience(total: float, silence: float) -> Patience:
    """The patience of a download that starts now: seconds in all, and of silence."""
    deadline = time.monotonic() + total

    def patience() -> float:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the time for one download is over")
        return min(remaining, silence)

    return patience


@contextmanager
def dial(
    host: str,
    port: int,
    addresses: Sequence[str],
    connect: Connect,
    patience: Patience,
    *,
    secure: bool,
) -> Iterator[Wire]:
    """A connection to the first of the host's addresses that takes it, encrypted if ``secure``.

    Raises OSError.
    """
    with ExitStack() as open_sockets:
        sock = open_sockets.enter_context(_connected(addresses, port, connect, patience))
        if secure:
            sock.settimeout(patience())
            wrap = ssl.create_default_context().wrap_socket
            sock = open_sockets.enter_context(wrap(sock, server_hostname=host))
        yield Wire(sock, patience)


def _connected(
    addresses: Sequence[str], port: int, connect: Connect, patience: Patience
) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            return connect(address, port, patience())
        except OSError as error:
            failure = error
    raise failure or OSError("no address takes a connection")
