"""An article that a page made by scripts carries as their data. Knows nothing of what it shows."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from ingest.pages.blocks import words_of
from ingest.parsing.fields import article_from
from ingest.parsing.markup import Element
from ingest.parsing.records.shapes import find_records
from ingest.parsing.source import Source
from qa.errors import SourceError
from qa.records.article import Article

__all__ = ["data_scripts", "scripted_article"]

# Characters of data that are read, and those from which on a text is more than a teaser.
_MOST = 4_000_000
_LEAST = 200
# Scripts that are looked at.
_MOST_SCRIPTS = 50
# How scripts assign their data: ``window.__STATE__ = {…}``.
_ASSIGNED = re.compile(r"\s*+(?:window\.|self\.|var |let |const )?[\w$.]{1,80}\s*+=\s*+(?=\{)")


def data_scripts(tree: Element) -> list[str]:
    """The scripts of a page that are data, from where these begin."""
    found: list[str] = []
    for script in islice(tree.iterfind(".//script"), _MOST_SCRIPTS):
        text = script.text or ""
        assigned = _ASSIGNED.match(text)
        if len(text) <= _MOST and (assigned or "json" in (script.get("type") or "")):
            found.append(text[assigned.end() :] if assigned else text.lstrip())
    return found


def scripted_article(scripts: Iterable[str], title: str, source: Source) -> Article | None:
    """The article whose title the page has, among the data of its scripts; None if there is none
    or several.
    """
    articles = {
        article.text: article
        for data in map(_data, scripts)
        for article in _articles(data, source)
        if len(article.text) >= _LEAST and _is_titled(article.title, title)
    }
    return next(iter(articles.values())) if len(articles) == 1 else None


def _data(script: str) -> dict[str, Any]:
    try:
        value, _ = json.JSONDecoder().raw_decode(script)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _articles(data: dict[str, Any], source: Source) -> Iterator[Article]:
    try:
        records = find_records(data)
    except SourceError:  # it lies too deep
        return
    for record in records:
        with suppress(SourceError):
            if isinstance(record.value, dict):
                yield article_from(record.value, source, url=source.url)


def _is_titled(title: str, page: str) -> bool:
    words = words_of(title)
    return bool(words) and words <= words_of(page)
