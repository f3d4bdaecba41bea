"""Pages that are no article are refused with the reason; articles about such things are not."""

import pytest

from tests.ingest.pages.web_page import BODY, page, read, refused


def bare(title, body):
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("markup", "word"),
    [
        (
            bare(
                "Echo",
                "<noscript>Please enable JavaScript to run this "
                'app.</noscript><div id="root"></div>',
            ),
            "scripts",
        ),
        (
            bare(
                "Echo",
                "<p>JavaScript is disabled in your browser. Turn it on to use this site.</p>",
            ),
            "scripts",
        ),
        (
            bare(
                "Just a moment...",
                "<p>echo.example needs to review the security of your connection.</p>",
            ),
            "robots",
        ),
        (
            bare(
                "Access check",
                "<p>Our systems have detected unusual traffic. Solve the captcha to go on.</p>",
            ),
            "robots",
        ),
        (
            bare(
                "Your privacy",
                "<h1>We value your privacy</h1><p>We and our 700 partners "
                "store cookies on your device.</p>",
            ),
            "consent",
        ),
        (
            bare(
                "Einwilligung",
                "<p>Wir und unsere Partner verarbeiten personenbezogene Daten "
                "mit Cookies auf Ihrem Gerät.</p>",
            ),
            "consent",
        ),
        (
            bare("404 – Echo", "<h1>Page not found</h1><p>It has moved or no longer exists.</p>"),
            "not found",
        ),
        (bare("Seite nicht gefunden", "<p>Versuchen Sie die Suche.</p>"), "not found"),
        (
            bare(
                "403 Forbidden",
                "<h1>Forbidden</h1><p>You don't have permission to access this.</p>",
            ),
            "denied",
        ),
        (bare("Echo", "<p>This content is not available in your region.</p>"), "denied"),
        (bare("503 Service Unavailable", "<p>Try again later.</p>"), "server"),
    ],
)
def test_page_that_is_no_article_is_refused_with_the_reason(markup, word):
    assert word in refused(markup)


def test_page_of_links_names_its_feed():
    items = "".join(
        f"<div><h2><a href='/{n}'>Story number {n} about the bridge at "
        f"Elmford</a></h2><p>A teaser of one line.</p></div>"
        for n in range(12)
    )
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    markup = f"<html><head><title>Echo</title>{head}</head><body><h1>Echo</h1>{items}</body></html>"
    assert "https://echo.example/feed.xml" in refused(markup, "https://echo.example/")
    assert "name its feed" in refused(markup.replace(head, ""))


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("Missing hiker not found after a week", "The search for the hiker goes on."),
        (
            "Cookies on your device: what the new law says",
            "Consent, partners and cookies are in it.",
        ),
        ("Captcha turns 25", "Are you a robot? The captcha has asked since 2000."),
        ("Why browsers enable JavaScript", "Most enable JavaScript without asking."),
        ("Access denied: the fight for the shore", "The council wants it open."),
    ],
)
def test_article_about_such_things_is_one(heading, sentence):
    head = '<meta property="article:published_time" content="2023-05-09">'
    markup = page(head=head, title=heading, body=f"<p>{sentence}</p>{BODY * 2}")
    assert sentence in read(markup).text


def test_article_with_many_related_links_is_one():
    links = "".join(
        f"<h3><a href='/{n}'>Story number {n} about the bridge at Elmford</a></h3>"
        for n in range(15)
    )
    assert "Story" not in read(page(below=f"<section class='related'>{links}</section>")).title


@pytest.mark.parametrize(
    ("title", "body", "word"),
    [
        ("Loading", "<div>Loading...</div>", "scripts"),
        ("Log in", "<p>E-mail</p><p>Password</p><p>Forgot your password?</p>", "log in"),
        ("Moved", "<p>Redirecting to https://a.example/b</p>", "redirection"),
        ("echo.example", "<p>This domain is for sale.</p>", "domain"),
        ("Echo", "<h1>We'll be back soon</h1><p>We are performing some maintenance.</p>", "server"),
    ],
)
def test_pages_in_place_of_a_page_are_no_articles(title, body, word):
    assert word in refused(bare(title, body))


def test_a_story_about_a_page_that_is_not_found_is_one():
    story = "<p>The library of Elmford lost a page of its oldest book on Monday, and nobody knows"
    body = "".join(f"{story} where it went after room {room} closed.</p>" for room in (1, 2, 3))
    assert read(bare("The page not found", f"<article>{body}</article>")).text.count("room") == 3
