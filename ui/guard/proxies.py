"""Whose word is taken for where a request comes from. Knows nothing of what is done with it.

Anybody can send ``X-Forwarded-For``. It is believed only when the connection itself comes from a
proxy that was named, and then only as far as the chain consists of such proxies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

__all__ = ["PROXIED_USER", "Proxies", "client_key"]

# In the state of a request: the name that a trusted proxy gave.
PROXIED_USER = "proxied_user"

_FORWARDING = (b"forwarded", b"x-real-ip")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies that are trusted; without any, no header is believed. ``user_header`` is the name
    of the one in which they tell who logged in there, in lower case; empty for none.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    user_header: str = ""

    def resolve(self, scope: Scope) -> Scope:
        """The scope with the client and the scheme as the trusted proxies tell them.

        What claims to have been forwarded is taken out of the headers, so that nothing behind this
        believes it either. ``Forwarded`` and ``X-Real-IP`` are never believed.
        """
        told = self.user_header.encode()
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if not (_forwarding(name) or (told and name == told))
        ]
        resolved = {**scope, "headers": headers}
        peer, port = scope.get("client") or ("", 0)
        if self._trusts(peer):
            chain = _values(scope, b"x-forwarded-for")
            if (client := self._client(peer, chain)) != peer:
                # The port is that of the connection to the proxy.
                resolved["client"] = (client, 0)
            if user := self._user(scope):
                resolved["state"] = {**scope.get("state", {}), PROXIED_USER: user}
            schemes = _values(scope, b"x-forwarded-proto")
            if schemes and schemes[-1].lower() in ("http", "https"):
                resolved["scheme"] = schemes[-1].lower()
        elif (address := _address(peer)) is not None:
            resolved["client"] = (str(address), port)
        return resolved

    def _user(self, scope: Scope) -> str:
        """Whom the proxy let in; nobody if it tells several."""
        told = [value for name, value in scope["headers"] if name == self.user_header.encode()]
        if not self.user_header or len(told) != 1:
            return ""
        return bytes(told[0]).decode("utf-8", "replace").strip()

    def _client(self, peer: str, chain: Sequence[str]) -> str:
        """The right-most address of the chain that is no trusted proxy; if all are, the first."""
        client = peer
        for entry in reversed(chain):
            address = _address(entry)
            if address is None:
                # Whatever was written there, the proxy that wrote it is the last one known.
                break
            client = str(address)
            if not self._trusts(client):
                break
        return client

    def _trusts(self, host: str) -> bool:
        address = _address(host)
        return address is not None and any(address in network for network in self.networks)


def client_key(host: str) -> str:
    """What a client is counted by: the address, of IPv6 the network of 64 bits that one gets.

    >>> client_key("2001:db8::1:2") == client_key("2001:db8::3:4")
    True
    """
    address = _address(host)
    if address is None:
        return host
    return str(ip_network((int(address), 64), strict=False) if address.version == 6 else address)


def _forwarding(name: bytes) -> bool:
    return name in _FORWARDING or name.startswith(b"x-forwarded-")


def _values(scope: Scope, name: bytes) -> list[str]:
    """The entries of a header that may come several times and hold several, in order."""
    lines: Iterable[str] = (
        value.decode("latin-1") for key, value in scope["headers"] if key == name
    )
    return [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]


def _address(entry: str) -> IPv4Address | IPv6Address | None:
    """The address in ``1.2.3.4``, ``1.2.3.4:5``, ``2001:db8::1`` or ``[2001:db8::1]:5``."""
    host = entry.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    # An IPv4 client of a socket that listens on IPv6.
    return (address.version == 6 and address.ipv4_mapped) or address
