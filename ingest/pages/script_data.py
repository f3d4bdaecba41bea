"""An article that a page made by scripts carries as their data. Knows nothing of what it shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.pages.blocks import words_of
from ingest.parsing.fields import article_from, text_in, title_in
from ingest.parsing.markup import Element
from ingest.parsing.records.shapes import find_records
from ingest.parsing.source import Source
from qa.errors import SourceError
from qa.records.article import Article

__all__ = ["scripted_article"]

# Characters of data that are read, and those from which on a text is more than a teaser.
_MOST = 4_000_000
_LEAST = 200
# Scripts that are looked at.
_MOST_SCRIPTS = 50
# How scripts assign their data: ``window.__STATE__ = {…}``.
_ASSIGNED = re.compile(r"\s*+(?:window\.|self\.|var |let |const )?[\w$.]{1,80}\s*+=\s*+(?=\{)")


def scripted_article(tree: Element, source: Source) -> Article | None:
    """The article whose title the page has, among the data of its scripts; None if there is none
    or several.
    """
    title = " ".join(each.text_content() for each in tree.iterfind(".//title"))
    records = {
        text: record
        for data in _data(tree)
        for record in _records(data)
        if len(text := text_in(record)) >= _LEAST and _is_titled(title_in(record), title)
    }
    if len(records) != 1:
        return None
    (record,) = records.values()
    return article_from(record, source, url=source.url)


def _data(tree: Element) -> Iterator[dict[str, Any]]:
    for number, script in enumerate(tree.iterfind(".//script")):
        if number == _MOST_SCRIPTS:
            return
        text = script.text or ""
        if len(text) > _MOST:
            continue
        assigned = _ASSIGNED.match(text)
        if not assigned and "json" not in (script.get("type") or ""):
            continue
        try:
            start = assigned.end() if assigned else len(text) - len(text.lstrip())
            value, _ = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def _records(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        records = find_records(data)
    except SourceError:  # it lies too deep
        return
    yield from (record.value for record in records if isinstance(record.value, dict))


def _is_titled(title: str, page: str) -> bool:
    words = words_of(title)
    return bool(words) and words <= words_of(page)
