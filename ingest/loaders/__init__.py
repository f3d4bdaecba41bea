"""Loaders: one function per format, from a source to its articles. ``LOADERS`` has them all.

Importing this costs little: the parsers behind it are imported by the functions that use them.
"""

from urllib.parse import urlsplit

from ingest.loaders.csv import load_csv
from ingest.loaders.docx import load_docx
from ingest.loaders.feeds.xml_feed import load_feed
from ingest.loaders.html import load_html
from ingest.loaders.json import load_json, load_jsonl
from ingest.loaders.pdf import load_pdf
from ingest.loaders.text import load_text
from ingest.parsing.source import Broken, Entry, Loader, Source
from qa.errors import UnsupportedFormat

__all__ = [
    "CONTENT_TYPES",
    "LOADERS",
    "Broken",
    "Entry",
    "Loader",
    "Source",
    "loader_for",
    "split_suffix",
    "suffix_of_page",
]

# By suffix in lower case. Each may be followed by .gz.
LOADERS: dict[str, Loader] = {
    ".atom": load_feed,
    ".csv": load_csv,
    ".docx": load_docx,
    ".htm": load_html,
    ".html": load_html,
    ".json": load_json,
    ".jsonl": load_jsonl,
    ".markdown": load_text,
    ".md": load_text,
    ".ndjson": load_jsonl,
    ".pdf": load_pdf,
    ".rdf": load_feed,
    ".rss": load_feed,
    ".tsv": load_csv,
    ".txt": load_text,
    ".xml": load_feed,
}

# What servers call these formats.
CONTENT_TYPES = {
    "application/atom+xml": ".atom",
    "application/feed+json": ".json",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/rdf+xml": ".rdf",
    "application/rss+xml": ".rss",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-ndjson": ".jsonl",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/xml": ".xml",
}
# Types that are also given to more particular formats, which the URL may tell apart.
_GENERIC = {
    "application/json": {".jsonl", ".ndjson"},
    "text/plain": {".csv", ".json", ".jsonl", ".markdown", ".md", ".ndjson", ".tsv"},
}


def loader_for(suffix: str) -> Loader:
    """The loader of a suffix such as ``.html``. Raises UnsupportedFormat if there is none."""
    try:
        return LOADERS[suffix.lower()]
    except KeyError as error:
        raise UnsupportedFormat(suffix, known_formats=[*LOADERS, ".gz", ".zip"]) from error


def split_suffix(name: str) -> tuple[str, bool]:
    """The suffix of a file name in lower case, and whether it is packed with gzip.

    >>> split_suffix("News.JSONL.gz"), split_suffix("README")
    (('.jsonl', True), ('', False))
    """
    lowered = name.lower()
    packed = lowered.endswith(".gz")
    stem, dot, suffix = lowered.removesuffix(".gz").rpartition(".")
    return (dot + suffix if stem and "/" not in suffix else ""), packed


def suffix_of_page(content_type: str, url: str) -> str:
    """The suffix whose loader reads what a server calls ``content_type``.

    >>> suffix_of_page("text/plain", "https://a.example/notes.md?raw=1")
    '.md'
    """
    suffix, _ = split_suffix(urlsplit(url).path)
    if suffix in _GENERIC.get(content_type, ()):
        return suffix
    return CONTENT_TYPES.get(content_type, suffix)
