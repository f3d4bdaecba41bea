"""Download of one page from the public web. Knows nothing of articles.

The address is chosen by whoever wrote a link, so it is trusted with nothing: each host is
resolved once, every address it has must be public, and the connection goes to an address that
was checked. The same holds after each redirect. Proxies in the environment are ignored, since a
proxy would resolve the name again; cookies and referers are never sent.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ingest.loaders import CONTENT_TYPES
from ingest.unpack import Inflater
from qa.errors import FetchFailed, FetchRefused, SourceTooLarge

__all__ = ["Fetched", "Limits", "fetch", "is_public"]

USER_AGENT = "article-qa/0.1"
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}
_CHUNK = 2**16
# IPv6 networks whose addresses carry an IPv4 one, and how many bits lie to the right of it.
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, unpacked; seconds of silence; seconds in all, looking up names aside; redirects."""

    size: int = 20 * 2**20
    silence: float = 20.0
    total: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page; ``url`` is where it was in the end. ``content_type`` is in lower case, bare."""

    url: str
    content_type: str
    charset: str | None
    data: bytes


Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]
Patience = Callable[[], float]  # seconds that the next operation may take


def resolve_host(host: str, port: int) -> list[str]:
    """Every IP address of a host, as text, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect_to(address: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to an IP address; nothing is looked up."""
    return socket.create_connection((address, port), timeout)


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    limits: Limits = Limits(),
    resolve: Resolve = resolve_host,
    connect: Connect = connect_to,
) -> Fetched:
    """The page at an http or https address.

    Raises FetchRefused for an address that is not visited, FetchFailed when nothing of use came
    back, SourceTooLarge over ``limits.size``. ``allow_private`` admits addresses of the local
    network and machine.
    """
    patience = partial(_patience, time.monotonic() + limits.total, limits.silence)
    for _ in range(limits.redirects + 1):
        parts = _checked(url)
        addresses = _addresses(parts, resolve, allow_private=allow_private)
        with _failures(url), _dial(parts, addresses, connect, patience) as wire:
            answer = _ask(parts, wire)
            if answer.status not in _REDIRECTS or not answer.getheader("Location"):
                return _page(url, answer, limits)
            url = _onward(url, answer.getheader("Location", ""))
    raise FetchRefused(f"more than {limits.redirects} redirects, the last one to {url}")


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


def _checked(url: str) -> SplitResult:
    """The parts of a URL that may be visited; what is odd about it is a reason not to."""
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise FetchRefused(f"not a valid address: {url!r} ({error})") from error
    if parts.scheme not in _PORTS:
        raise FetchRefused(f"only http and https addresses are fetched, not {url!r}")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(f"an address with a user name in it is not fetched: {parts.hostname!r}")
    if not host or port == 0 or re.search(r"[\s\x00-\x1f\x7f/\\%]", parts.netloc):
        raise FetchRefused(f"not a valid address: {url!r}")
    return parts


def _addresses(parts: SplitResult, resolve: Resolve, *, allow_private: bool) -> list[str]:
    """The addresses of the host, all of them checked. The only look-up there is."""
    host = _ascii_host(parts)
    try:
        addresses = list(resolve(host, _port(parts)))
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"the host {host!r} cannot be found: {error}") from error
    private = [address for address in addresses if not is_public(address)]
    if private and not allow_private:
        raise FetchRefused(
            f"{host!r} is at the private address {private[0]}; "
            "use --allow-private to visit it all the same"
        )
    return addresses


def _onward(url: str, location: str) -> str:
    """Where a redirect leads; never from an encrypted address to one that is not."""
    try:
        target = urljoin(url, location)
        weaker = urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https"
    except ValueError as error:
        raise FetchRefused(f"{url} redirects to {location!r}, not a valid address") from error
    if weaker:
        raise FetchRefused(f"{url} redirects to {target}, which is not encrypted")
    return target


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise FetchRefused(f"not a valid host name: {host!r}") from error


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


@contextmanager
def _failures(url: str) -> Iterator[None]:
    """What goes wrong on the wire, as FetchFailed."""
    try:
        yield
    except TimeoutError as error:
        raise FetchFailed(f"{url} takes too long: {error}") from error
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(f"{url} has no valid certificate: {error.verify_message}") from error
    except (OSError, http.client.HTTPException, zlib.error) as error:
        detail = str(error) or type(error).__name__
        raise FetchFailed(f"{url} cannot be read: {detail}") from error


class _Wire(io.RawIOBase):
    """A socket that keeps both time limits, in the little that http.client asks of one."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # Per call, so that a server that sends a byte now and then gains no time by it.
        self._sock.settimeout(self._patience())
        return self._sock.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._patience())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, _CHUNK)

    def close(self) -> None:
        """Nothing: http.client closes before the body is read; ``_dial`` closes the socket."""


def _patience(deadline: float, silence: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time for one download is over")
    return min(left, silence)


@contextmanager
def _dial(
    parts: SplitResult, addresses: list[str], connect: Connect, patience: Patience
) -> Iterator[_Wire]:
    """A connection to the first address that takes it, encrypted for https."""
    with ExitStack() as open_sockets:
        sock = open_sockets.enter_context(_connected(addresses, _port(parts), connect, patience))
        if parts.scheme == "https":
            sock.settimeout(patience())
            secure = ssl.create_default_context().wrap_socket
            sock = open_sockets.enter_context(secure(sock, server_hostname=_ascii_host(parts)))
        yield _Wire(sock, patience)


def _connected(
    addresses: list[str], port: int, connect: Connect, patience: Patience
) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            return connect(address, port, patience())
        except OSError as error:
            failure = error
    raise failure or OSError("no address takes a connection")


def _ask(parts: SplitResult, wire: _Wire) -> http.client.HTTPResponse:
    """Send the request and read the head of the answer."""
    host = _ascii_host(parts)
    connection = http.client.HTTPConnection(host, _port(parts))
    connection.sock = wire
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    connection.putrequest(
        "GET", f"{target}?{query}" if query else target, skip_host=True, skip_accept_encoding=True
    )
    name = f"[{host}]" if ":" in host else host
    headers = {
        "Host": f"{name}:{parts.port}" if parts.port else name,
        "User-Agent": USER_AGENT,
        "Accept": ", ".join([*CONTENT_TYPES, "*/*;q=0.1"]),
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    for header, value in headers.items():
        connection.putheader(header, value)
    connection.endheaders()
    return connection.getresponse()


def _page(url: str, answer: http.client.HTTPResponse, limits: Limits) -> Fetched:
    if answer.status != http.HTTPStatus.OK:
        raise FetchFailed(f"{url} answered {answer.status} {answer.reason}".rstrip())
    kind = answer.headers.get_content_type() if "Content-Type" in answer.headers else "nothing"
    if kind not in CONTENT_TYPES:
        raise FetchFailed(f"{url} is of the type {kind!r}, which no loader reads from the web")
    charset = answer.headers.get_content_charset()
    return Fetched(url, kind, charset, _body(url, answer, limits))


def _body(url: str, answer: http.client.HTTPResponse, limits: Limits) -> bytes:
    """The body, unpacked while it comes, so that neither size can pass the limit."""
    packed = Inflater(answer.getheader("Content-Encoding") or "")
    body = bytearray()
    received, announced = 0, answer.length or 0
    while announced <= limits.size and (chunk := answer.read(_CHUNK)):
        received += len(chunk)
        body += packed.unpack(chunk, limits.size + 1 - len(body))
        if max(received, len(body)) > limits.size:
            break
    if max(announced, received, len(body)) > limits.size:
        raise SourceTooLarge(f"{url} has over {limits.size:,} bytes; download it and ingest that")
    if answer.length or not packed.complete:
        raise FetchFailed(f"{url} ended too early; try again")
    return bytes(body)
