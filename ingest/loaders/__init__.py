"""Loaders: one function per format, from a source to its articles. ``LOADERS`` has them all.

Importing this costs little: the parsers behind it are imported by the functions that use them.
"""

from urllib.parse import urlsplit

from ingest.loaders.csv import load_csv
from ingest.loaders.documents.epub import load_epub
from ingest.loaders.documents.opendocument import load_odt
from ingest.loaders.documents.rtf import load_rtf
from ingest.loaders.docx import load_docx
from ingest.loaders.feeds.xml_feed import load_feed
from ingest.loaders.html import load_html
from ingest.loaders.json import load_json, load_jsonl
from ingest.loaders.links import load_links
from ingest.loaders.mail import load_eml, load_mbox, load_mhtml
from ingest.loaders.pdf import load_pdf
from ingest.loaders.picture import load_picture
from ingest.loaders.subtitles import load_subtitles
from ingest.loaders.text import load_text
from ingest.loaders.warc import load_warc
from ingest.parsing.source import Broken, Entry, Loader, Source
from qa.errors import UnsupportedFormat

__all__ = [
    "CONTENT_TYPES",
    "LOADERS",
    "PICTURES",
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
    ".adoc": load_text,
    ".atom": load_feed,
    ".csv": load_csv,
    ".docx": load_docx,
    ".eml": load_eml,
    ".epub": load_epub,
    ".htm": load_html,
    ".html": load_html,
    ".json": load_json,
    ".jsonl": load_jsonl,
    ".markdown": load_text,
    ".mbox": load_mbox,
    ".md": load_text,
    ".mht": load_mhtml,
    ".mhtml": load_mhtml,
    ".ndjson": load_jsonl,
    ".odt": load_odt,
    ".opml": load_links,
    ".org": load_text,
    ".pdf": load_pdf,
    ".rdf": load_feed,
    ".rss": load_feed,
    ".rst": load_text,
    ".rtf": load_rtf,
    ".shtml": load_html,
    ".srt": load_subtitles,
    ".text": load_text,
    ".tsv": load_csv,
    ".txt": load_text,
    ".vtt": load_subtitles,
    ".warc": load_warc,
    ".xhtml": load_html,
    ".xml": load_feed,
}

# Pictures of text, which are read where Tesseract is installed.
PICTURES: dict[str, Loader] = dict.fromkeys(
    (".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"), load_picture
)

# What servers call these formats.
CONTENT_TYPES = {
    "application/atom+xml": ".atom",
    "application/epub+zip": ".epub",
    "application/feed+json": ".json",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/rdf+xml": ".rdf",
    "application/rss+xml": ".rss",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/warc": ".warc",
    "application/x-ndjson": ".jsonl",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/vtt": ".vtt",
    "text/x-opml": ".opml",
    "text/xml": ".xml",
}
# Types that are also given to more particular formats, which the URL may tell apart.
_GENERIC = {
    "application/json": {".jsonl", ".ndjson"},
    "text/plain": {".csv", ".json", ".jsonl", ".markdown", ".md", ".ndjson", ".tsv"},
}


def loader_for(suffix: str) -> Loader:
    """The loader of a suffix such as ``.html``. Raises UnsupportedFormat if there is none."""
    loader = LOADERS.get(suffix.lower()) or PICTURES.get(suffix.lower())
    if loader is None:
        raise UnsupportedFormat(suffix, known_formats=[*LOADERS, *PICTURES, ".gz", ".zip"])
    return loader


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
