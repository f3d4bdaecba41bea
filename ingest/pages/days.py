"""When a page was published: what it states, else what it shows beside its headline, else what its
address says. Knows nothing of today.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from ingest.pages.blocks import Block
from ingest.pages.structured_data import Item
from ingest.parsing.dates import DayOrder, days_in, is_universal, opening_day, parse_day

__all__ = ["Published", "published_on", "updated_on"]

# Names of ``<meta>`` without their punctuation (``DC.date.issued``), the surest first.
_PUBLISHED = (
    "articlepublishedtime", "articlepublished", "ogarticlepublishedtime", "ogpublishedtime",
    "ogpubdate", "datepublished", "publisheddate", "publicationdate", "datepublication",
    "publishdate", "publishedtime", "publishtime", "pubdate", "publishedat", "publishedon",
    "publisheddatetime", "firstpublished", "originalpublicationdate", "displaydate",
    "articlepublicationdate", "articlepubdate", "articleorigdate", "newspubdate", "pdate", "ptime",
    "parselypubdate", "sailthrudate", "cxenseparsepublishtime", "cxenseparserecspublishtime",
    "rbpubdate", "dcdateissued", "dctermsissued", "dcissued", "citationpublicationdate",
    "citationonlinedate", "citationdate", "bepublicationdate", "dcdate", "dctermsdate",
    "dcdatecreated", "dctermscreated", "dccreated", "articlecreated", "datecreated", "creationdate",
    "articledate", "articledateoriginal", "releasedate", "date", "originaldate",
    "vrpublicationdate", "btpubdate", "prismpublicationdate", "searchdate", "created",
)  # fmt: skip
_UPDATED = (
    "articlemodifiedtime", "articlemodified", "datemodified", "modifieddate", "ogupdatedtime",
    "dctermsmodified", "dcdatemodified", "dcmodified", "articleupdated", "lastmodified", "lastmod",
    "datelastmodified", "updatedat",
)  # fmt: skip
# Words before a day that is not the first, in the languages of most news on the web.
_LATER = re.compile(
    r"updat|modif|edited|revised|corrected|refreshed|stand\b|aktualis|geändert|überarbeitet"
    r"|mis[e]? à jour|actuali[sz]|aggiorn|atuali[sz]|bijgewerkt|uppdatera|oppdatert|opdateret"
    r"|zaktualiz|обновл|güncelle|päivite|更新|last\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"publi|posted|created|issued|released|veröffentlicht|erstellt|geplaatst|gepubliceerd|pubblicat"
    r"|opublik|опублик|yayın|julkaistu|发布|發布|発|written|date:",
    re.IGNORECASE,
)
_DATE_NAMES = re.compile(r"date|time|publi|posted|meta\b|byline|stamp|datum|fecha|when")
_EMBEDDED = re.compile(r"twitter|tweet|instagram|facebook|fb-post|tiktok|bluesky|embed")
_OTHERS = re.compile(r"comment|related|popular|trending|recommend|teaser|latest|most-?read|footer")
# Characters of the beginning of a paragraph that may be a place and a day.
_DATELINE = 80
_OPENING = 100
# Characters of a block that may be a date line, and from which on it is a paragraph.
_LINE = 160
_PARAGRAPH = 140
_HOUR = re.compile(r"(\d\d):\d\d")
# What ends a sentence, and the characters from which on a line is one. What owns the text.
_STOPS = (".", "!", "?", "。")
_SENTENCE = 50
_NO_LINES = ("blockquote", "figcap")
_RIGHTS = re.compile(r"©|copyright|\(c\)|all rights", re.IGNORECASE)
# Paragraphs that the place of a date line may lie after, blocks before a headline.
_PARAGRAPHS = 1
_BEFORE = 12
_MOST_LINES = 60
_URL_DAY_FIRST = re.compile(r"(?<!\d)([0-3]?\d)([/_.-])(0?[1-9]|1[0-2])\2((?:19|20)\d\d)(?!\d)")
_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?P<s>[/_.-]?)(0?[1-9]|1[0-2]|[a-z]{3,9})(?P=s)([0-3]?\d)(?!\d)", re.I
)


@dataclass(frozen=True, slots=True)
class Published:
    """A day and how it is known: None when the page states it, else ``byline`` or ``address``."""

    day: date | None = None
    dated_by: str | None = None


def published_on(
    item: Item,
    meta: Mapping[str, str],
    blocks: Sequence[Block],
    headline: int | None,
    addresses: Sequence[str],
    order: DayOrder = None,
) -> Published:
    """The day of publication.

    ``meta`` is by names in lower case without punctuation, ``headline`` the number of the block
    that is the main heading. A time in UTC says less than the day which the page shows beside its
    headline, or has in its address, when the two are next to each other.
    """
    stated = [*_stated(item, meta, blocks, headline)]
    lines = (_lines(blocks, headline), _buried_lines(blocks, headline))
    shown = next(filter(None, (_shown(each, order) for each in lines)), None)
    located = next(filter(None, map(_day_of_address, addresses)), None)
    for value in stated:
        if day := parse_day(value, order=order):
            if is_universal(value):
                local = [parse_day(other) for other in stated if not is_universal(other)]
                for other in (shown, located, *local):
                    if other and _is_same_time(value, day, other):
                        return Published(other)
            return Published(day)
    if shown:
        return Published(shown, "byline")
    return Published(located, "address" if located else None)


def _is_same_time(value: object, day: date, local: date) -> bool:
    """Whether a time in UTC on ``day`` is on the other day, next to it, in some time zone: they
    are from twelve hours behind to fourteen ahead.
    """
    hour = _HOUR.search(value) if isinstance(value, str) else None
    behind, ahead = (int(hour[1]) < 12, int(hour[1]) >= 10) if hour else (True, True)
    shift = (local - day).days
    return (shift == -1 and behind) or (shift == 1 and ahead)


def updated_on(
    item: Item, meta: Mapping[str, str], blocks: Sequence[Block], order: DayOrder = None
) -> date | None:
    """The day of the last change that the page states; None if it does not."""
    stamps = (
        stamp
        for block in blocks
        if not block.aside
        for stamp, names in block.stamps
        if "datemodified" in names or "updated" in names
    )
    values = (item.get("datemodified"), *(meta[key] for key in _UPDATED if key in meta), *stamps)
    return next((day for value in values if (day := parse_day(value, order=order))), None)


def _stated(
    item: Item, meta: Mapping[str, str], blocks: Sequence[Block], headline: int | None
) -> Iterator[object]:
    """The values that name the day of publication, the surest first."""
    value = item.get("datepublished")
    yield value[0] if isinstance(value, list) and value else value
    yield from _microdata(blocks, headline)
    yield from (meta[key] for key in _PUBLISHED if key in meta)
    if created := item.get("datecreated") or item.get("uploaddate"):
        yield created
    yield from _stamped(blocks)


def _microdata(blocks: Sequence[Block], headline: int | None) -> Iterator[str]:
    """What is marked as ``datePublished``, from the headline on before what stands above it."""
    start = max((headline or 0) - _BEFORE, 0)
    in_order = (*blocks[start:], *blocks[:start])
    marked = [
        (block.aside, stamp)
        for block in in_order
        for stamp, names in block.stamps
        if "datepublished" in names
    ]
    yield from (stamp for aside, stamp in marked if not aside)
    if len({stamp for _, stamp in marked}) == 1:
        yield marked[0][1]


def _stamped(blocks: Sequence[Block]) -> Iterator[str]:
    """The ``<time>`` marked as publication, else that of all if they agree: several days may be
    those of comments, of other articles, or of what is told.
    """
    stamps = [
        (stamp, names)
        for block in blocks
        if not block.aside and not _RIGHTS.search(block.text[-_LINE:])
        for stamp, names in block.stamps
        if names.startswith("time") and "datemodified" not in names and not _LATER.search(names)
    ]
    marked = [s for s, names in stamps if re.search(r"publi|pubdate|entry-date|posted", names)]
    yield from marked[:1]
    distinct = dict.fromkeys(stamp for stamp, _ in stamps)
    # So many do not agree, and each takes a while to read.
    days = [parse_day(stamp) for stamp in distinct] if len(distinct) <= _MOST_LINES else []
    if len(set(days)) == 1:
        yield stamps[0][0]


def _shown(lines: Iterable[Block], order: DayOrder) -> date | None:
    """The day in lines by a headline: the one that is called the first, or comes first."""
    candidates: list[tuple[float, int, int, date]] = []
    for rank, block in enumerate(lines):
        text = " ".join(block.parts) if len(block.parts) > 1 else block.text
        written = [*days_in(text, order=order)]
        dated = sum(length for _, _, length in written) / max(len(text), 1)
        after = 0  # where the day before ends
        for number, (before, day, length) in enumerate(written):
            label = text[max(before - 40, after) : before]
            after = before + length
            if number == len(written) - 1 and not _FIRST.search(label):
                label += text[before + length :][:20]
            sure = 2.0 * bool(_FIRST.search(label)) - 4.0 * bool(_LATER.search(label))
            sure += (
                bool(_DATE_NAMES.search(block.hints)) + bool(block.stamps) + block.tag.count("time")
            )
            sure += dated
            if sure > 0.3:
                candidates.append((sure, -rank, -number, day))
    return max(candidates)[-1] if candidates else None


def _lines(blocks: Sequence[Block], headline: int | None) -> Iterator[Block]:
    """The short lines from just above the headline to the first paragraphs, then the line below
    the article.
    """
    count = paragraphs = 0
    start = 0 if headline is None else headline
    above = [block for block in blocks[max(start - _BEFORE, 0) : start] if not block.aside]
    for block in blocks[start:]:
        if block.aside:
            continue
        if len(block.text) >= _PARAGRAPH and block.linked * 2 < len(block.text):
            paragraphs += 1
            if paragraphs > _PARAGRAPHS:
                break
        elif _is_line(block):
            yield block
            count += 1
        if count == _MOST_LINES:
            return
    yield from filter(_is_line, reversed(above))
    last = max(
        (n for n, b in enumerate(blocks) if not b.aside and len(b.text) >= _PARAGRAPH), default=0
    )
    for block in blocks[last + 1 : last + 6]:
        if not block.aside and _is_line(block) and _DATE_NAMES.search(block.hints):
            yield block


def _buried_lines(blocks: Sequence[Block], headline: int | None) -> Iterator[Block]:
    """Lines called dates by the headline, within what is beside the article: buttons to share it
    stand in one box with its day. And the place and day with which its first paragraph begins.
    """
    start = 0 if headline is None else headline
    for block in blocks[max(start - _BEFORE, 0) : start + _MOST_LINES]:
        if len(block.text) >= _OPENING and not block.aside:
            opening = block.text[:_DATELINE]
            if (day := opening_day(opening)) is not None:
                yield Block(f"{day.isoformat()} ", "p", hints="dateline")
            return
        called = block.stamps or _DATE_NAMES.search(block.hints)
        if block.aside and called and _is_line(block) and not _OTHERS.search(block.hints):
            yield block


def _is_line(block: Block) -> bool:
    """Whether it can be a line with a date, and is no sentence about one."""
    if len(block.text) > _LINE or block.tag.startswith(_NO_LINES) or _RIGHTS.search(block.text):
        return False
    if _EMBEDDED.search(block.hints):
        return False
    return not (block.text.endswith(_STOPS) and len(block.text) > _SENTENCE)


def _day_of_address(address: str) -> date | None:
    """The day that the path of an address names.

    >>> _day_of_address("https://a.example/2024/jun/13/rain")
    datetime.date(2024, 6, 13)
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    for found in _URL_DAY.finditer(path):
        year, separator, month, day = found.groups()
        if not separator and len(found[0]) != 8:
            continue
        written = f"{day} {month} {year}" if month.isalpha() else f"{year}-{month}-{day}"
        if known := parse_day(written):
            return known
    for found in _URL_DAY_FIRST.finditer(path):
        if known := parse_day(f"{found[4]}-{found[3]}-{found[1]}"):
            return known
    return None
