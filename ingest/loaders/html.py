"""Web pages: the article without what surrounds it, and what the page says of itself."""

import re
from collections.abc import Iterator

from ingest.pages.authors import confirmed
from ingest.pages.extract import extract_article, is_beyond, stated_body
from ingest.pages.facts import Page, facts_of, read_page
from ingest.pages.interstitials import reason_against
from ingest.pages.live_blogs import live_text
from ingest.pages.paywall import is_locked, without_invitations, without_prompts
from ingest.pages.script_data import data_scripts, scripted_article
from ingest.parsing.article import make_article
from ingest.parsing.encoding import decode
from ingest.parsing.markup import check_markup, parse_markup, plain_text
from ingest.parsing.source import Entry, Source, parsing
from qa.errors import EmptySource, NoArticle
from qa.records.article import Article

__all__ = ["load_html"]

# Bytes in which browsers, too, look for a declared charset (they stop at 1,024).
CHARSET_SAMPLE = 4096
# Tags and characters of a page whose article is told from what surrounds it. That takes 20 passes
# over a tree, several copies of it, and above this size minutes. Long reports have 10,000 tags.
MAX_EXTRACTED_TAGS = 50_000
MAX_EXTRACTED = 4_000_000
# Characters of a larger page in which it states its facts.
_HEAD = 2**20

_CHARSET = re.compile(rb"charset\s*=\s*+[\"']?\s*+([\w:.-]+)", re.IGNORECASE)


def load_html(source: Source) -> Iterator[Entry]:
    """One article. Comments of readers, menus and footers are left out where they can be told;
    of a page too large for that (``MAX_EXTRACTED``), all text is taken. Raises NoArticle for a page
    that asks for something instead, reports an error, or only links to articles.
    """
    data = source.read()
    markup = decode(data, source.charset or _declared_charset(data[:CHARSET_SAMPLE]))
    del data
    check_markup(markup)
    small = markup.count("<") <= MAX_EXTRACTED_TAGS and len(markup) <= MAX_EXTRACTED
    with parsing("web page"):
        tree = parse_markup(markup if small else markup[:_HEAD])
        # Before they are pruned.
        scripts = data_scripts(tree)
        page = read_page(tree, source.url)
        try:
            article = _article_of(page, source, markup, small=small)
        except (EmptySource, NoArticle):
            if (scripted := scripted_article(scripts, page.title, source)) is None:
                raise
            article = scripted
        yield Entry(article)


def _article_of(page: Page, source: Source, markup: str, *, small: bool) -> Article:
    facts = facts_of(page)
    text, byline = extract_article(page, author=facts["author"]) if small else ("", None)
    text = text or plain_text(markup)
    if len(live := live_text(page)) > len(text) / 2:
        text = live
    text = without_invitations(text)
    taken = without_prompts(text)
    prompted = len(taken) < len(text)
    body = stated_body(page)
    if len(body) > len(taken) or (body and is_beyond(page, body)):
        taken = max(taken, body, key=len)
    else:
        facts["locked"] = is_locked(page, taken, prompted=prompted)
    if not taken:
        raise EmptySource("the page has no text; if it is made by scripts, save it as text")
    dated = facts["published"] is not None and facts["dated_by"] is None
    if reason := reason_against(page, taken, facts["title"], dated=dated):
        raise NoArticle(reason)
    facts["title"] = facts["title"] or source.stem
    facts["author"] = facts["author"] or confirmed(byline, page.blocks, page.headline, page.sites)
    return make_article(source, taken, **facts)


def _declared_charset(head: bytes) -> str | None:
    """The charset that a ``<meta>`` tag declares; the first one that does."""
    for tag in re.split(rb"<meta(?=[^>])", head, flags=re.IGNORECASE)[1:]:
        if found := _CHARSET.search(tag.partition(b">")[0], 1):
            return found[1].decode("ascii")
    return None
