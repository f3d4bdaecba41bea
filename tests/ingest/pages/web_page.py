"""Pages for the tests: a headline, three paragraphs, and what a test puts around them."""

from ingest.loaders import LOADERS, Entry, Source
from qa.errors import SourceError

BODY = (
    "<p>The bridge over the Tarn at Elmford was closed to lorries on Monday after engineers found "
    "a crack of two metres in its northern pier.</p>"
    "<p>It will stay closed until June, the county said, and buses will turn round at the mill. "
    "The next bridge is eleven miles downstream.</p>"
    "<p>The pier was last repaired in 1987, when the river carried half of it away in a flood "
    "that also took the ferry and three barns.</p>"
)


def page(
    *, head="", above="", below="", body=BODY, title="Bridge closed to lorries", lang="en", top=""
):
    """A page as outlets write it; ``above`` and ``below`` stand beside the body in the article,
    ``top`` above the article.
    """
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}</head><body><nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>{top}"
        f"<article><h1>Bridge closed to lorries</h1>{above}{body}{below}</article>"
        "<footer><p>© 2019 Elmford Echo. All rights reserved.</p></footer></body></html>"
    )


def linked(text, kind="application/ld+json"):
    """A script of JSON-LD."""
    return f'<script type="{kind}">{text}</script>'


def read(markup, url=None):
    """The article of a page."""
    source = Source.from_bytes("story.html", markup.encode(), url=url)
    (entry,) = LOADERS[".html"](source)
    assert isinstance(entry, Entry)
    return entry.article


def refused(markup, url=None):
    """Why a page is no article."""
    try:
        text = read(markup, url).text
    except SourceError as error:
        return str(error)
    raise AssertionError(f"taken as an article: {text[:80]}")
