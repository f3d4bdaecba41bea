"""What the first page costs, and the screen below a prefix."""

import pytest

from tests.nginx import LACKING, NGINX, proxied

MOST_BYTES, MOST_REQUESTS = 300_000, 40


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_first_page_is_light(demo, browser, locale):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    traffic = context.new_cdp_session(page)
    requests, sizes = set(), {}
    traffic.on("Network.requestWillBeSent", lambda event: requests.add(event["requestId"]))
    traffic.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    traffic.send("Network.enable")
    page.goto(demo)
    page.wait_for_selector(".welcome", timeout=90_000)
    page.wait_for_timeout(1500)
    context.close()
    assert len(sizes) > 5
    assert sum(sizes.values()) <= MOST_BYTES
    assert len(requests) <= MOST_REQUESTS


@pytest.mark.skipif(NGINX is None, reason=LACKING)
def test_screen_is_used_below_a_prefix(serve, demo_library, visit, ask, tmp_path):
    server = serve(demo_library, "--root-path", "/articles")
    with proxied(tmp_path / "nginx", server) as site:
        page = visit(f"{site}/")
        ask(page, "What is the Bank of Corvania's key interest rate?")
        page.wait_for_url(f"{site}/c/*")
        page.locator("a.cite").first.click()
        page.locator("#reader mark").wait_for()
        page.wait_for_url(f"{site}/a/**")
        page.keyboard.press("Escape")
        page.get_by_role("tab", name="Evaluate").click()
        page.wait_for_url(f"{site}/evaluate")
        page.locator("#reader-choice").wait_for()
        page.go_back()
        page.wait_for_url(f"{site}/c/*")
        page.reload()
        page.locator("#past .turn .question").wait_for()
        page.context.close()
