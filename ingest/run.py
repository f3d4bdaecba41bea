"""The crash-safe loop: articles into the library, passages into the index."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event, Lock
from typing import BinaryIO

from ingest.accounting import FileCounts, FileTally, UnusedInFile
from ingest.fetch import Fetched
from ingest.sandbox.messages import Failure, LeftOut, Loaded
from ingest.sources import Intake
from ingest.split import split
from qa.build import LibraryTools, open_tools, parse_limits
from qa.index.doctor import recover
from qa.index.sync import drain
from qa.library.drafts import Draft, Outcome
from qa.library.duplicates import copies_of_run
from qa.library.tables.identity import UPLOAD, Clash, Identities
from qa.library.writer import LibraryWriter, open_writer

__all__ = ["IngestReport", "Progress", "ingest"]

# Articles between two commits: what a killed run has to read again.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is. Bytes are those of the files named; 0 in all when unknown.

    ``sources`` counts those that were read to their end, in the order they were given;
    ``failed`` holds every failure so far.
    """

    done_bytes: int
    total_bytes: int
    sources: int
    articles: int
    embedded: int
    failed: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the sources: counts of articles and of files, each failure with its reason.

    ``copies`` counts those added or updated that carry the text of an article stored before them.
    ``left_out`` holds the first thousand of the files that were not read, ``left_out_reasons`` how
    many there are by reason; ``clashes`` the first thousand of the ``clash_count`` articles that
    came under the id or the link of another one and are kept apart from it; ``unused`` the columns
    and fields, by file, that nothing was made of; ``unchanged_files`` the first thousand files,
    archives and addresses that gave nothing but articles that were stored already.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    copies: int = 0
    embedded: int = 0
    failed: tuple[Failure, ...] = field(default=())
    files: FileCounts = field(default_factory=FileCounts)
    left_out: tuple[LeftOut, ...] = ()
    left_out_reasons: Mapping[str, int] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    clash_count: int = 0
    unused: tuple[UnusedInFile, ...] = ()
    unchanged_files: tuple[str, ...] = ()

    @property
    def nothing_read(self) -> bool:
        """Whether no article came of what was named, not even one that was there already."""
        return not (self.added or self.updated or self.unchanged)


def ingest(
    sources: Sequence[str | Path],
    *,
    library: str | Path | None = None,
    allow_private: bool = False,
    pages: Mapping[str, Fetched] | None = None,
    outlet: str | None = None,
    wait: bool = False,
    follow: bool = False,
    stdin: BinaryIO | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> IngestReport:
    """Take files, folders, feeds, archives and web addresses into the library.

    One bad source is one entry of ``IngestReport.failed`` and never stops the others. Killed
    anywhere, the next run finishes what was begun. Raises LibraryLocked if another process is
    writing, unless ``wait``; ``allow_private`` lets addresses of the local network be fetched,
    ``follow`` those that lists of feeds and pages name. ``pages`` were fetched already, by address;
    ``outlet`` is the source of every article.
    """
    with (
        open_tools(library, create=True) as tools,
        open_writer(tools.library, wait=wait) as writer,
    ):
        limits = parse_limits(tools.library.location)
        take_in = partial(
            Intake,
            sources,
            allow_private=allow_private,
            follow=follow,
            pages=pages,
            stdin=stdin,
            limits=limits,
        )
        return _run(tools, writer, take_in, on_progress, outlet)


def _run(
    tools: LibraryTools,
    writer: LibraryWriter,
    take_in: Callable[..., Intake],
    on_progress: Callable[[Progress], None],
    outlet: str | None,
) -> IngestReport:
    recover(writer, tools.embedder, tools.index)
    writer.sign_articles()
    run = writer.begin_run()
    counts: dict[Outcome, int] = {"added": 0, "updated": 0, "unchanged": 0}
    identities, tally = Identities(), FileTally()
    failed: list[Failure] = []
    embedded = 0

    stopping, telling = Event(), Lock()

    def tell(count: int = 0) -> None:
        nonlocal embedded
        with telling:
            embedded += count
            on_progress(
                Progress(
                    done_bytes=intake.done,
                    total_bytes=intake.total,
                    sources=intake.sources_read,
                    articles=sum(counts.values()),
                    embedded=embedded,
                    failed=tuple(failed),
                )
            )
        if stopping.is_set():
            raise InterruptedError("the ingest was stopped")

    # In the middle of a file, too, somebody may want to stop.
    intake = take_in(on_wait=tell)

    def reading() -> Generator[Loaded | Failure]:
        told = 0
        with closing(iter(intake)) as items:
            for item in items:
                if isinstance(item, Failure):
                    failed.append(item)
                if intake.sources_read > told:
                    told = intake.sources_read
                    tell()
                yield _from_outlet(item, outlet) if outlet else item

    def index() -> None:
        drain(writer, tools.embedder, tools.index, on_progress=tell)

    def store(batch: Sequence[Loaded | Failure]) -> None:
        for item in batch:
            if isinstance(item, Failure):
                writer.journal_failure(run, item.origin, item.reason)
        loaded = [item for item in batch if isinstance(item, Loaded)]
        outcomes = writer.put(_drafts(tools, loaded), identities)
        for outcome in outcomes:
            counts[outcome] += 1
        following = iter(outcomes)
        for item in batch:
            tally.add(item, "failed" if isinstance(item, Failure) else next(following))

    # Passages are embedded and indexed while the next articles are read.
    with closing(reading()) as items, ThreadPoolExecutor(1) as pool:
        indexing = pool.submit(index)
        try:
            while batch := list(islice(items, _BATCH)):
                store(batch)
                if indexing.done():
                    indexing.result()
                    indexing = pool.submit(index)
                tell()
            indexing.result()
        except BaseException:
            # The batch under way is finished; what is pending then waits for the next run.
            stopping.set()
            raise
    index()
    tell()
    writer.end_run(run, counts)
    copies = copies_of_run(tools.library, run)
    return IngestReport(
        **counts,
        copies=copies,
        embedded=embedded,
        failed=tuple(failed),
        files=tally.counts(intake.left_out.count),
        left_out=tuple(intake.left_out.files),
        left_out_reasons=dict(intake.left_out.by_reason),
        clashes=tuple(identities.clashes),
        clash_count=identities.clash_count,
        unused=tally.unused_names(),
        unchanged_files=tuple(tally.unchanged_files),
    )


def _from_outlet(item: Loaded | Failure, outlet: str) -> Loaded | Failure:
    if isinstance(item, Failure):
        return item
    return replace(item, article=item.article.from_outlet(outlet))


def _drafts(tools: LibraryTools, loaded: Iterable[Loaded]) -> Iterable[Draft]:
    for item in loaded:
        # What is stored already need not be split again.
        known = tools.library.is_current(item.article)
        passages = () if known else tuple(split(item.article))
        origin = _lasting_origin(item.origin, tools.library.folder)
        yield Draft(item.article, passages, origin, item.alone)


def _lasting_origin(origin: str, library: Path) -> str:
    """Where an article came from, as it will be named again: an upload by its owner and name."""
    try:
        _, owner, _, *parts = Path(origin).relative_to(library.resolve() / "uploads").parts
    except ValueError:
        return origin
    return f"{UPLOAD}{owner}/{parts[-1]}" if parts else origin
