"""Download of one page from the public web. Knows nothing of articles.

The address is chosen by whoever wrote a link, so it is trusted with nothing: each host is
resolved once, every address it has must be public, and the connection goes to an address that
was checked. The same holds after each redirect. Proxies in the environment are ignored, since a
proxy would resolve the name again; cookies and referers are never sent.
"""

import http.client
import ipaddress
import re
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ingest.connection import (
    CHUNK,
    Connect,
    Resolve,
    Wire,
    connect_to,
    dial,
    is_public,
    resolve_host,
    start_patience,
)
from ingest.loaders import CONTENT_TYPES
from ingest.unpack import Inflater
from qa.errors import FetchFailed, FetchRefused, SourceTooLarge

__all__ = [
    "USER_AGENT",
    "Fetched",
    "Fetcher",
    "Limits",
    "Validators",
    "check_address",
    "fetch",
]

USER_AGENT = "article-qa/0.1"
_PRIVATE = (
    "{!r} is at the private address {}; only the command line visits it, with --allow-private"
)
_SENDABLE = re.compile(r"[ -~]{1,1000}")
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, unpacked; seconds of silence; seconds in all, looking up names aside; redirects."""

    size: int = 20 * 2**20
    silence: float = 20.0
    total: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a server knows a state of a page again, as it sent them; empty when it did not."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """What asks for the page only if it is in another state. https://httpwg.org/specs/rfc9110"""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page; ``url`` is where it was in the end. ``content_type`` is in lower case, bare.

    ``not_modified``: it is in the state that was asked about, and nothing else of it came.
    """

    url: str
    content_type: str
    charset: str | None
    data: bytes
    validators: Validators = field(default_factory=Validators)
    not_modified: bool = False


class Fetcher(Protocol):
    """What fetches pages as ``fetch`` does."""

    def __call__(
        self,
        url: str,
        *,
        allow_private: bool = ...,
        any_type: bool = ...,
        validators: Validators = ...,
        before: Callable[[str], None] = ...,
    ) -> Fetched:
        """The page at an address. Raises SourceError."""


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    any_type: bool = False,
    validators: Validators = Validators(),
    before: Callable[[str], None] = lambda url: None,
    limits: Limits = Limits(),
    resolve: Resolve = resolve_host,
    connect: Connect = connect_to,
) -> Fetched:
    """The page at an http or https address.

    Raises FetchRefused for an address that is not visited, FetchFailed when nothing of use came
    back, SourceTooLarge over ``limits.size``. ``allow_private`` admits addresses of the local
    network and machine, ``any_type`` what no loader reads. With ``validators`` the page comes only
    if it is in another state by now. ``before`` is told each address, redirects too, before it is
    visited; what it raises ends it.
    """
    patience = start_patience(limits.total, limits.silence)
    for _ in range(limits.redirects + 1):
        parts = _checked(url)
        before(url)
        addresses = _addresses(parts, resolve, allow_private=allow_private)
        host, secure = _ascii_host(parts), parts.scheme == "https"
        opened = dial(host, _port(parts), addresses, connect, patience, secure=secure)
        with _failures(url), opened as wire:
            answer = _ask(parts, wire, validators)
            if answer.status not in _REDIRECTS or not answer.getheader("Location"):
                return _page(url, answer, limits, validators, any_type=any_type)
            url = _onward(url, answer.getheader("Location", ""))
    raise FetchRefused(f"more than {limits.redirects} redirects, the last one to {url}")


def check_address(url: str, *, allow_private: bool = False) -> None:
    """Raises FetchRefused for an address that is never visited, as far as it shows without a
    look-up.
    """
    host = _ascii_host(_checked(url))
    try:
        private = not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        private = host == "localhost" or host.endswith(".localhost")
    if private and not allow_private:
        raise FetchRefused(_PRIVATE.format(host, host))


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
        raise FetchRefused(_PRIVATE.format(host, private[0]))
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


def _ask(parts: SplitResult, wire: Wire, validators: Validators) -> http.client.HTTPResponse:
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
        **validators.headers(),
    }
    for header, value in headers.items():
        connection.putheader(header, value)
    connection.endheaders()
    return connection.getresponse()


def _page(
    url: str,
    answer: http.client.HTTPResponse,
    limits: Limits,
    asked: Validators,
    *,
    any_type: bool,
) -> Fetched:
    kind = answer.headers.get_content_type() if "Content-Type" in answer.headers else "nothing"
    if answer.status == http.HTTPStatus.NOT_MODIFIED and asked.headers():
        return Fetched(url, kind, None, b"", asked, not_modified=True)
    if answer.status != http.HTTPStatus.OK:
        raise FetchFailed(
            f"{url} answered {answer.status} {answer.reason}".rstrip(),
            status=answer.status,
            retry_after=answer.getheader("Retry-After", "").strip(),
        )
    if kind not in CONTENT_TYPES and not any_type:
        raise FetchFailed(f"{url} is of the type {kind!r}, which no loader reads from the web")
    sent = Validators(_validator(answer, "ETag"), _validator(answer, "Last-Modified"))
    charset = answer.headers.get_content_charset()
    return Fetched(url, kind, charset, _body(url, answer, limits), sent)


def _validator(answer: http.client.HTTPResponse, name: str) -> str:
    """The value of a header, empty if it could not be sent back as it came."""
    value = answer.getheader(name, "").strip()
    return value if _SENDABLE.fullmatch(value) else ""


def _body(url: str, answer: http.client.HTTPResponse, limits: Limits) -> bytes:
    """The body, unpacked while it comes, so that neither size can pass the limit."""
    packed = Inflater(answer.getheader("Content-Encoding") or "")
    body = bytearray()
    received, announced = 0, answer.length or 0
    while announced <= limits.size and (chunk := answer.read(CHUNK)):
        received += len(chunk)
        body += packed.unpack(chunk, limits.size + 1 - len(body))
        if max(received, len(body)) > limits.size:
            break
    if max(announced, received, len(body)) > limits.size:
        raise SourceTooLarge(f"{url} has over {limits.size:,} bytes; download it and ingest that")
    if answer.length or not packed.complete:
        raise FetchFailed(f"{url} ended too early; try again")
    return bytes(body)
