"""Live blogs: each post with its time, in the order of the page."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.pages.blocks import Block
from ingest.pages.facts import Page
from ingest.pages.structured_data import text_in
from ingest.parsing.markup import plain_text

__all__ = ["live_text"]

_LIVE = re.compile(
    r"live-?(?:blog|ticker|feed|text|updates?|post|entr)|liveblog|minute-by|timeline"
)
_LIVE_TITLE = re.compile(
    r"\blive\b|ticker|minuto a minuto|en direct|liveblog|\bblow", re.IGNORECASE
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2} ?[:.h] ?\d\d(?!\d)|\d{1,2} ?[ap]\.?m", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")
# Posts that make a live blog, and what is taken of it.
_FEWEST = 2
_MOST_POSTS = 5000
_LEAD = 40
# Characters of a line with the time of a post.
_LINE = 200
# Characters of a line that says a time and nothing else, and the names of such lines.
_CLOCK_LINE = 16
_TIME = re.compile(r"time|date|clock|stamp|uhr|hora|heure")


def live_text(page: Page) -> str:
    """The text of a live blog; empty if the page is none."""
    shown = _shown(page)
    stated = _stated(page.item.get("liveblogupdate"))
    return stated if len(stated) > len(shown) else shown


def _shown(page: Page) -> str:
    blocks = [b for b in page.blocks[(page.headline or -1) + 1 :] if not b.aside]
    starts = [n for n, block in enumerate(blocks) if _opens_post(block)]
    if len(starts) < _FEWEST or not _is_live(page, [blocks[n] for n in starts]):
        return ""
    lines = [
        b.text for b in blocks[: starts[0]] if len(b.text) >= _LEAD and b.linked * 2 < len(b.text)
    ]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        post = blocks[start:end]
        time = (
            post[0].text if _CLOCK.search(post[0].text[:_LINE]) else _moment(post[0].stamps[0][0])
        )
        # What has no clock is how long ago it was, and was true once.
        rest = post[1:] if time == post[0].text or len(post[0].text) < _LEAD else post
        lines += [line for line in (time, *(block.text for block in rest)) if line]
    return "\n\n".join(lines)


def _opens_post(block: Block) -> bool:
    shown = _CLOCK.search(block.text[:_LINE])
    if shown and len(block.text) <= _CLOCK_LINE and _TIME.search(block.hints):
        return True
    return any(
        names.startswith("time") and (shown or _CLOCK.search(stamp))
        for stamp, names in block.stamps
    )


def _is_live(page: Page, openings: list[Block]) -> bool:
    kind = str(page.item.get("@type")).lower()
    named = sum(_LIVE.search(block.hints) is not None for block in openings)
    titled = _LIVE_TITLE.search(page.heading) or _LIVE_TITLE.search(page.title)
    return (
        "liveblog" in kind or named >= _FEWEST or (len(openings) > _FEWEST and titled is not None)
    )


def _stated(updates: object) -> str:
    posts = updates if isinstance(updates, list) else [updates]
    lines = [line for post in posts[:_MOST_POSTS] if isinstance(post, dict) for line in _post(post)]
    return "\n\n".join(lines)


def _post(post: Mapping[str, Any]) -> Iterator[str]:
    body = text_in(post.get("articleBody"))
    text = plain_text(body) if "<" in body or "&" in body else body.strip()
    if text:
        yield from filter(
            None, (_moment(text_in(post.get("datePublished"))), text_in(post.get("headline")))
        )
        yield text


def _moment(stamp: str) -> str:
    """The day and the time of a stamp, in its own zone; the stamp if it is written otherwise."""
    found = _MOMENT.match(stamp)
    return f"{found[1]} {found[2]}" if found else stamp
