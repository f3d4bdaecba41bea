"""Addresses that somebody types; the checks of requests are tested at the server."""

import pytest

from qa.errors import SourceError
from ui.guard.request_checks import web_addresses


@pytest.mark.parametrize("typed", ["/etc/passwd", "file:///x", "-", "ftp://a.example/x"])
def test_only_addresses_of_the_web_are_fetched(typed):
    with pytest.raises(SourceError, match="no address of the web"):
        web_addresses(["https://a.example/x", typed])


def test_addresses_are_taken_as_typed():
    assert web_addresses([" https://a.example/x ", ""]) == ["https://a.example/x"]
