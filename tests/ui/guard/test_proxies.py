"""Whose word is taken for where a client is."""

from ipaddress import ip_network

import pytest

from ui.guard.proxies import PROXIED_USER, Proxies, client_key

TRUSTED = Proxies(tuple(map(ip_network, ("10.0.0.0/8", "127.0.0.1", "2001:db8:1::/48"))))


def scope(peer, **headers):
    encoded = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return {"type": "http", "client": (peer, 5), "scheme": "http", "headers": encoded}


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "203.0.113.9", "10.1.2.3"])
def test_without_a_trusted_proxy_nothing_is_believed(peer):
    claims = dict.fromkeys(
        ("x_forwarded_for", "x_forwarded_proto", "x_forwarded_host", "forwarded", "x_real_ip"),
        "https",
    )
    resolved = Proxies().resolve(scope(peer, accept="a", **claims))
    assert resolved["client"] == (peer, 5)
    assert resolved["scheme"] == "http"
    # Nothing behind the guard gets to believe it either.
    assert resolved["headers"] == [(b"accept", b"a")]


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        # What stands left of the client was written by the client.
        ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8:1::5", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::1"),
        # Rubbish tells nothing: the last proxy known stands for whoever is behind it.
        ("10.0.0.1", "198.51.100.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "999.1.1.1", "10.0.0.1"),
        ("10.0.0.1", ", ,", "10.0.0.1"),
        ("198.51.100.7", "127.0.0.1", "198.51.100.7"),
    ],
)
def test_client_is_the_right_most_address_that_is_no_proxy(peer, chain, client):
    assert TRUSTED.resolve(scope(peer, x_forwarded_for=chain))["client"][0] == client


@pytest.mark.parametrize(("told", "scheme"), [("https", "https"), ("gopher", "http"), ("", "http")])
def test_scheme_is_believed_of_a_proxy_alone(told, scheme):
    assert TRUSTED.resolve(scope("10.0.0.1", x_forwarded_proto=told))["scheme"] == scheme
    assert TRUSTED.resolve(scope("192.0.2.1", x_forwarded_proto=told))["scheme"] == "http"


def test_client_of_ipv6_is_counted_by_its_network():
    assert client_key("2001:db8::1") == client_key("2001:db8::ffff:1")
    assert client_key("2001:db8:0:1::1") != client_key("2001:db8::1")
    assert client_key("192.0.2.1") != client_key("192.0.2.2")
    assert client_key("a socket") == "a socket"


@pytest.mark.parametrize(
    ("peer", "told", "user"),
    [("10.1.2.3", "ada", "ada"), ("203.0.113.9", "ada", None), ("10.1.2.3", ("ada", "eve"), None),
     ("10.1.2.3", "", None)],
)  # fmt: skip
def test_only_a_trusted_proxy_tells_who_logged_in(peer, told, user):
    proxies = Proxies(TRUSTED.networks, "x-remote-user")
    resolved = proxies.resolve(scope(peer, x_remote_user=told))
    assert resolved.get("state", {}).get(PROXIED_USER) == user
    # Nothing behind the guard sees what others claim.
    assert resolved["headers"] == []
    assert PROXIED_USER not in TRUSTED.resolve(scope(peer, x_remote_user=told)).get("state", {})
