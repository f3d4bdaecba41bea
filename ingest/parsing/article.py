"""The one way from a loader's findings to an Article: limits, language, identity."""

import hashlib
import re
from datetime import date

from ingest.parsing.encoding import without_mojibake
from ingest.parsing.language import language_of
from ingest.parsing.source import MAX_TEXT, Source, host_of
from qa.errors import EmptySource, SourceTooLarge
from qa.language.cleaning import canonical_url, one_line
from qa.records.article import Article, is_front_page

__all__ = ["MAX_NAME", "first_words", "make_article"]

# Characters of a title, an id or a publisher: each passage of the article carries them.
MAX_NAME = 2000

# What services put where a text was.
_REMOVED = re.compile(r"\s*+\[\s*+(?:removed|deleted|withdrawn)\s*+\]\s*+", re.IGNORECASE)
_MAX_NOTE = 100
# What stands between a title and the name of its outlet.
_JOINTS = ("-", "\u2013", "\u2014", "|", "\u00b7")
# Characters of a title that is made of a text, and where its first sentence ends.
_TITLE = 80
_SENTENCE_END = re.compile(r"[.!?…](?=[\"”»)]?\s)")
_VISIBLE = re.compile("[^\0 \t\r\n\f\v\ufeff\u200b\u00a0]")


def make_article(
    source: Source,
    text: str,
    *,
    title: str = "",
    id: str | None = None,  # noqa: A002 - the name of the record's field
    url: str | None = None,
    published: date | None = None,
    updated: date | None = None,
    author: str | None = None,
    publisher: str | None = None,
    language: str | None = None,
    dated_by: str | None = None,
    locked: bool = False,
) -> Article:
    """An article with these facts, its language detected when none is given.

    What was fetched from the web can claim any id and any address. It must not replace articles
    of others, so its ids are prefixed with its host when given, and made from both hosts when
    its ``url`` lies elsewhere. Files of the user are trusted with both.
    """
    text, title = without_mojibake(text), without_mojibake(title)
    author = author and without_mojibake(author)
    # Looked for and not stripped, since a strip copies the text.
    if not _VISIBLE.search(text):
        raise EmptySource("there is no text in it")
    if len(text) < _MAX_NOTE and _REMOVED.fullmatch(text):
        raise EmptySource(f"says only {text.strip()!r}: its outlet took it back")
    if len(text) > MAX_TEXT:
        raise SourceTooLarge(
            f"a text of {len(text):,} characters; the limit is {MAX_TEXT:,} for one article. "
            "Split it into several"
        )
    for what, name in (("title", title), ("id", id or ""), ("publisher", publisher or "")):
        if len(name) > MAX_NAME:
            raise SourceTooLarge(
                f"a {what} of {len(name):,} characters; the limit is {MAX_NAME:,}. Is it the text?"
            )
    return Article.create(
        text,
        title=_without_outlet(title, one_line(publisher or "")),
        id=_scoped(source, id, url),
        url=url,
        published=published,
        updated=updated,
        author=author,
        source=publisher,
        language=language_of(text, language),
        dated_by=dated_by,
        locked=locked,
    )


def first_words(text: str) -> str:
    """The first sentence of a text as a title, cut between words if it is long.

    >>> first_words("Rain fell. It was cold.")
    'Rain fell'
    """
    line = one_line(text.lstrip()[: 20 * _TITLE].partition("\n")[0])
    if end := _SENTENCE_END.search(line[: _TITLE + 1]):
        return line[: end.end()].removesuffix(".")
    if len(line) <= _TITLE:
        return line.removesuffix(".")
    cut = line[:_TITLE]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _without_outlet(title: str, outlet: str) -> str:
    """A title without the name of its outlet at the end, as pages have it there.

    >>> _without_outlet("Rain - Valley Herald", "Valley Herald"), _without_outlet("A - b", "b c")
    ('Rain', 'A - b')
    """
    if outlet and len(title) > len(outlet) and title.casefold().endswith(outlet.casefold()):
        rest = title[: -len(outlet)].rstrip()
        if rest.endswith(_JOINTS) and rest[:-1].endswith(" ") and rest[:-1].strip():
            return rest[:-1].rstrip()
    return title


def _scoped(source: Source, given: str | None, url: str | None) -> str | None:
    home = host_of(source.url)
    if home is None:
        return given
    if given:
        return f"{home}:{given}"
    if url and host_of(url) != home:
        try:
            address = canonical_url(url)
        except ValueError:
            return None
        if is_front_page(address):
            return None
        return hashlib.sha256(f"{home} {address}".encode()).hexdigest()[:16]
    return None
