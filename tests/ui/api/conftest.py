"""The interface called as over the wire, in this process."""

import asyncio

import httpx2
import pytest

from ui.evaluations import Evaluations
from ui.guard.access import Access
from ui.guard.middleware import Guard
from ui.server import make_api

BASE = "http://127.0.0.1:7860"


@pytest.fixture
def app(service):
    access = Access(service.library)
    return Guard(make_api(service, access, Evaluations(service)), access)


@pytest.fixture
def call(app):
    """``call(method, path, **options)`` as a client on this machine would."""

    def run(method, path, **options):
        async def ask():
            # An error that nobody foresaw is answered, and then goes on into the log.
            transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    return run
