"""Whether a request is well formed, as far as those behind rely on it. Knows no paths.

Servers differ in what they let through, and libraries behind raise for what they do not expect.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from qa.errors import SourceError

__all__ = ["announced_length", "find_fault", "host_name", "is_foreign", "web_addresses"]

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[(?P<v6>[0-9A-Fa-f:.]+)\])(:(?P<port>[0-9]{1,5}))?")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd\ud800-\udfff]")


def find_fault(scope: Scope, headers: Headers) -> str:
    """What is wrong with it, in words; empty when nothing is."""
    hosts, lengths = headers.getlist("host"), headers.getlist("content-length")
    if len(hosts) > 1 or (hosts and not _is_host(hosts[0])):
        return "the Host header is not a host"
    if len({*lengths}) > 1 or any(not re.fullmatch("[0-9]{1,18}", each) for each in lengths):
        return "the Content-Length header is not a number of bytes"
    if _BAD_ESCAPE.search(scope.get("raw_path") or b"") or not _is_text(scope):
        return "the path has characters or escapes that mean nothing"
    if "websocket" in headers.get("upgrade", "").lower():
        return "there is no websocket here"
    return ""


def announced_length(headers: Headers) -> int:
    """The bytes that are said to come; 0 when nothing is said."""
    return int(headers.get("content-length", "0"))


def host_name(headers: Headers) -> str:
    """The host without its port."""
    host = _HOST.fullmatch(headers.get("host", ""))
    return host["name"].lower() if host else ""


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that a page of another site sent this."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    given = headers.get("origin")
    if given is None:
        return False
    try:
        return urlsplit(given).netloc != headers.get("host")
    except ValueError:
        return True


def _is_host(value: str) -> bool:
    host = _HOST.fullmatch(value)
    if host is None or int(host["port"] or 0) > 65_535:
        return False
    try:
        return not host["v6"] or bool(IPv6Address(host["v6"]).packed)
    except ValueError:
        return False


def _is_text(scope: Scope) -> bool:
    if _CONTROL.search(scope["path"]):
        return False
    try:
        return bool(unquote_to_bytes(scope.get("raw_path") or b"/").decode("utf-8"))
    except UnicodeDecodeError:
        return False


def web_addresses(names: Iterable[str]) -> list[str]:
    """The addresses among what somebody typed. Raises SourceError for anything else.

    A path is refused: what lies on the machine of the server is nobody's to read from afar.
    """
    addresses = [name.strip() for name in names if name.strip()]
    for address in addresses:
        if not _is_web(address):
            raise SourceError(f"{address!r} is no address of the web; it starts with https://")
    return addresses


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # urlsplit drops line breaks and tabs that the reader of the address may see otherwise.
    plain = address.isprintable() and " " not in address
    begins = address.lower().startswith(("http://", "https://"))
    return plain and begins and bool(parts.hostname)
