"""What sources would become, without a library. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ingest.sandbox.messages import Failure, LeftOut, Loaded
from ingest.sources import Intake
from qa.records.serialization import Record

if TYPE_CHECKING:
    from qa.build import ParseLimits

__all__ = ["Preview", "preview"]

# Characters under which a text is more often a teaser or a caption than an article.
SHORT = 200


@dataclass(frozen=True, slots=True)
class Preview(Record):
    """An article as it would be taken in; ``warnings`` say what about it may be wrong.

    ``origin`` is where it was read, ``characters`` counts those of its text. What is not known is
    None, and ``title`` empty.
    """

    id: str
    origin: str
    title: str
    published: date | None
    author: str | None
    outlet: str | None
    url: str | None
    language: str | None
    characters: int
    warnings: tuple[str, ...] = ()


def preview(
    sources: Sequence[str | Path],
    *,
    allow_private: bool = False,
    follow: bool = False,
    stdin: BinaryIO | None = None,
    limits: "ParseLimits | None" = None,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[Preview | Failure | LeftOut]:
    """What each article of the sources would be, in their order, and each failure.

    Takes what ``ingest`` takes. The first thousand files that would be left out come last.
    """
    intake = Intake(
        sources,
        allow_private=allow_private,
        follow=follow,
        stdin=stdin,
        limits=limits,
        on_wait=on_wait,
    )
    seen: dict[str, tuple[str, str]] = {}
    for item in intake:
        if isinstance(item, Failure):
            yield item
        else:
            own = (item.origin, item.article.content_hash)
            yield _previewed(item, seen.setdefault(item.article.id, own))
    yield from intake.left_out.files


def _previewed(loaded: Loaded, first: tuple[str, str]) -> Preview:
    article = loaded.article
    return Preview(
        id=article.id,
        origin=loaded.origin,
        title=article.title,
        published=article.published,
        author=article.author,
        outlet=article.source,
        url=article.url,
        language=article.language,
        characters=len(article.text),
        warnings=tuple(_warnings(loaded, first)),
    )


def _warnings(loaded: Loaded, first: tuple[str, str]) -> Iterator[str]:
    article = loaded.article
    origin, content_hash = first
    if origin != loaded.origin and content_hash == article.content_hash:
        yield f"the same article as {origin}"
    elif origin != loaded.origin:
        yield f"the id of {origin}: a version of that article, or kept apart from it"
    if article.published is None:
        yield "no day"
    elif article.published > datetime.now(UTC).date() + timedelta(days=1):
        yield "a day to come"
    if not article.title:
        yield "no title"
    elif _is_cut_from(article.text, article.title):
        yield "titled after its first words"
    elif article.title == Path(loaded.origin).name.partition(".")[0]:
        yield "titled after its file"
    if len(article.text) < SHORT:
        yield "short"
    if loaded.unused:
        yield f"not used: {loaded.unused}"
    if article.text.rstrip(" )]").endswith(("\u2026", "...")):
        yield "ends with an ellipsis; is it cut off?"


def _is_cut_from(text: str, title: str) -> bool:
    """Whether a title is but the beginning of the first paragraph."""
    start = title.removesuffix("\u2026")
    return text.startswith(start) and text[len(start) :][:1] not in ("", "\n")
