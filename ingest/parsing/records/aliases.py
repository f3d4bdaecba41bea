"""Under which names fields of articles go. Knows nothing of what they hold."""

from functools import lru_cache

__all__ = ["FIELD_KEYS", "field_key", "known_fields", "may_hold_records", "wanted_names"]

# Characters of a name that are looked at.
_LONGEST_NAME = 200
# Names of fields that a reason tells.
_TOLD = 6
# Words that say no more than what the record is, before the name of a field.
_PREFIXES = ("news", "article", "story", "post")
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
        "full_content",
        "full_article",
        "ctext",
        "body_text",
        "article_body",
        "article_text",
        "article_content",
        "content_text",
        "content_html",
        "body_html",
        "body_content",
        "selftext",
        "extract",
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
        "texte",
        "texto",
        "testo",
        "inhalt",
        "contenu",
        "contenido",
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
        "resolved_title",
        "given_title",
        "headline_title",
        "titel",
        "titre",
        "título",
        "titulo",
        "titolo",
        "überschrift",
        "schlagzeile",
        "titular",
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
        "date_publish",
        "publish_date_time",
        "date_time_published",
        "pub_time",
        "release_date",
        "post_date",
        "seendate",
        "datetime",
        "article_date",
        "timestamp",
        "time",
        # Of a record that is about nothing but an article.
        "version_created",
        "first_created",
        "created",
        "created_at",
        "date_created",
        "created_utc",
        "created_time",
        "display_date",
        "first_publish_date",
        "datum",
        "fecha",
        "veröffentlicht",
        "veröffentlicht_am",
        "veröffentlichungsdatum",
        "erschienen",
        "erschienen_am",
        "erscheinungsdatum",
        "erscheinungstag",
        "publié_le",
        "date_de_publication",
        "date_publication",
        "date_de_parution",
        "paru_le",
        "publicado",
        "publicado_el",
        "fecha_publicacion",
        "fecha_publicación",
        "fecha_de_publicacion",
        "fecha_de_publicación",
    ),
    "updated": (
        "updated",
        "modified",
        "date_modified",
        "updated_at",
        "modified_at",
        "last_modified",
        "last_updated",
        "aktualisiert_am",
        "geändert_am",
        "mis_à_jour_le",
        "modifié_le",
        "actualizado_el",
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
        "resolved_url",
        "given_url",
        "main_entity_of_page",
        # Where it is no name but an address.
        "source",
    ),
    "author": (
        "author",
        "authors",
        "byline",
        "creator",
        "writer",
        "author_name",
        "author_names",
        "published_by",
        "primary_author",
        "reporter",
        "journalist",
        "autor",
        "auteur",
        "autore",
        "verfasser",
        "credits",
    ),
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
        "feed_title",
        "feed_name",
        "journal",
        "outlet_name",
        "publisher_name",
        "hostname",
        "domain",
        "domain_name",
        "quelle",
        "zeitung",
        "periódico",
        "fuente",
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
    key = "".join(filter(str.isalnum, name.lower()))
    if key in _KEYS:
        return key
    # "News Headline" is a headline; what has an id of its own is another thing.
    rest = next((key.removeprefix(start) for start in _PREFIXES if key.startswith(start)), "")
    return rest if rest in _KEYS and rest not in FIELD_KEYS["id"] else key


FIELD_KEYS = {
    name: tuple("".join(filter(str.isalnum, alias)) for alias in aliases)
    for name, aliases in _ALIASES.items()
}
_KEYS = frozenset(key for keys in FIELD_KEYS.values() for key in keys)
