"""A browser, a server over the demo collection, and pages that tell of whatever goes wrong."""

import json
import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from ingest import ingest
from tests.serving import servers

DEMO = Path(__file__).parents[2] / "demo" / "articles"
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ATTACK = (
    '"><img src=x onerror=hacked=1><script>hacked=2</script><style>*{display:none}</style></div>'
)

# Gradio's streams end with the page, which it reports as errors.
_LEAVING = (
    # The browser's own word of a form that is sent back with its reason.
    "422 (Unprocessable Entity)",
    "BodyStreamBuffer was aborted",
    "signal is aborted",
    "errored out",
    "Failed to fetch",
    "network error",
)

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# Both widths, both schemes of colours.
LOOKS = pytest.mark.parametrize(
    "options", [{}, {**PHONE, "color_scheme": "dark"}], ids=["desk", "phone dark"]
)


def lacking(message):
    """Skip what this machine cannot test; continuous integration has to have it."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser():
    """Ends with the module: while it lives, no test in this thread can run an event loop."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        lacking("no chromium; with it the screen is tested too (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "library"
    attack = folder.parent / "attack.jsonl"
    row = {
        "id": f"attack{_ATTACK}",
        "title": f"Heron {_ATTACK}",
        "text": "The blue heron of Quillmere weighs 1,400 grams on average. "
        + f"Watchers of birds say {_ATTACK} of it, and leave it at that. " * 3,
        "url": "https://attack.example/x",
        "source": f"Attacker {_ATTACK}",
        "author": _ATTACK,
        "published": "2020-01-02",
    }
    attack.write_text(json.dumps(row))
    report = ingest([DEMO, attack], library=folder)
    assert report.failed == ()
    return folder


@pytest.fixture(scope="module")
def serve():
    """``serve(folder)``: the address of a server over that library."""
    with servers() as start:
        # Questions of many tests come from one address within a minute.
        yield partial(start, QA_RATE="0")


@pytest.fixture(scope="session")
def demo(demo_library):
    """One server for all modules: each test is a visitor of its own."""
    with servers() as start:
        yield start(demo_library, QA_RATE="0")


@pytest.fixture(scope="module")
def held(serve, demo_library):
    """The address of a server whose answers to questions of several parts wait in the middle."""
    return serve(demo_library, program=Path(__file__).with_name("held_server.py"))


@pytest.fixture
def visit(browser):
    """``visit(address, **options)``: a page of a new visitor. A request to another host, an error
    of a script or a policy that was violated fails the test.
    """
    contexts, faults = [], []

    def go(address, *, ready="#question textarea", **options):
        context = browser.new_context(**{**DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))

        def listen(said):
            if said.type == "error" and not any(words in said.text for words in _LEAVING):
                faults.append(f"console: {said.text}")

        page.on("console", listen)

        def watch(request):
            local = ("http://127.0.0.1:", "data:", "blob:")
            if not request.url.startswith(local):
                faults.append(f"request: {request.url}")

        context.on("request", watch)
        page.goto(address)
        page.wait_for_selector(ready)
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def ask():
    """``ask(page, question)`` and wait for the answer."""

    def put(page, question):
        box = page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")
        page.wait_for_selector("#now-asked .turn:not(#now)")
        page.wait_for_function(
            "question => document.querySelector('#now-asked .question')?.textContent === question"
            " && !document.querySelector('#now')",
            arg=question,
        )

    return put
