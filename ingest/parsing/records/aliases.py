"""Under which names fields of articles go. Knows nothing of what they hold."""

from functools import lru_cache

__all__ = ["FIELD_KEYS", "field_key", "known_fields", "may_hold_records", "wanted_names"]

# Characters of a name that are looked at.
_LONGEST_NAME = 200
# Names of fields that a reason tells.
_TOLD = 6
# Compared as ``field_key`` writes them. The first alias that holds something wins, but for texts.
_ALIASES = {
    # Of these, one that is much longer than those before it is the text and they its beginning.
    "text": (
        "text",
        "body",
        "content",
        "article",
        "full_text",
        "maintext",
        "ctext",
        "body_text",
        "article_body",
        "article_text",
        "article_content",
        "content_text",
        "content_html",
        "body_html",
        "post_content",
        "main_content",
        "contents",
        "plaintext",
        "story",
        "context",
        "paragraphs",
        "content_elements",
        "document",
        "transcript",
    ),
    # What stands for the text where there is none.
    "summary": (
        "description",
        "summary",
        "abstract",
        "lead_paragraph",
        "short_description",
        "standfirst",
        "excerpt",
        "snippet",
        "trail_text",
        "lead",
        "teaser",
        "raw_text",
        "html",
    ),
    "title": (
        "title",
        "headline",
        "headlines",
        "name",
        "web_title",
        "article_title",
        "news_title",
        "heading",
        "headline_text",
        "post_title",
    ),
    "published": (
        "published",
        "date",
        "pubdate",
        "published_at",
        "date_published",
        "publish_date",
        "publication_date",
        "web_publication_date",
        "first_publication_date",
        "published_date",
        "published_on",
        "published_time",
        "publish_time",
        "publish_at",
        "release_date",
        "post_date",
        "seendate",
        "datetime",
        "article_date",
        "timestamp",
        "time",
    ),
    "updated": (
        "updated",
        "modified",
        "date_modified",
        "updated_at",
        "modified_at",
        "last_modified",
        "last_updated",
    ),
    "url": (
        "url",
        "link",
        "web_url",
        "canonical",
        "permalink",
        "article_url",
        "news_url",
        "href",
        "alternate",
        "canonical_url",
        "read_more",
        "source_url",
        # Where it is no name but an address.
        "source",
    ),
    "author": ("author", "authors", "byline", "creator", "writer", "author_name", "published_by"),
    "publisher": (
        "source",
        "outlet",
        "publisher",
        "publication",
        "site_name",
        "sitename",
        "meta_site_name",
        "source_name",
        "source_hostname",
        "news_source",
        "newspaper",
        "origin",
        "provider",
        "hostname",
        "domain",
        "domain_name",
    ),
    "language": ("language", "lang"),
    "id": ("id",),
}


def known_fields(names: list[str]) -> set[str]:
    """Which of our fields a header names.

    >>> sorted(known_fields(["Headline", "Body", "Published At", "Shoe size"]))
    ['published', 'text', 'title']
    """
    keys = {field_key(name) for name in names}
    return {field for field, aliases in FIELD_KEYS.items() if keys & set(aliases)}


def may_hold_records(name: str) -> bool:
    """Whether what a field of this name holds may be articles, not something about one."""
    key = field_key(name)
    return not any(key in keys for field, keys in FIELD_KEYS.items() if field != "text")


def wanted_names() -> str:
    """The names that a field with the text has most often, for people."""
    aliases = _ALIASES["text"]
    return f"{', '.join(aliases[:_TOLD])} and {len(aliases) - _TOLD} more"


def field_key(name: str) -> str:
    """A name without what it is spelled with: capitals, blanks, underscores and dashes.

    >>> field_key("Published At"), field_key("published_at"), field_key("publishedAt")
    ('publishedat', 'publishedat', 'publishedat')
    """
    return _bare(name[:_LONGEST_NAME])


@lru_cache(maxsize=8192)
def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


FIELD_KEYS = {name: tuple(map(field_key, aliases)) for name, aliases in _ALIASES.items()}
