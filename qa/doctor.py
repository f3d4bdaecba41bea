"""Compares the library with what is derived from it, and mends the latter."""

from collections.abc import Callable
from dataclasses import dataclass

from qa import clusters
from qa.errors import EmbedderMismatch, IndexUnavailable
from qa.indexing import drain, rebuild
from qa.jsonable import Record
from qa.library import Library
from qa.library_writer import LibraryWriter
from qa.seams import Embedder, VectorIndex

__all__ = ["Finding", "Health", "examine", "recover", "repair"]

# Approximate search never finds one vector in some thousands; more than this is damage.
_TOLERATED = 0.001


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """One thing that is not as it should be. ``keys`` are the passages concerned, if any."""

    name: str
    count: int
    detail: str
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Health(Record):
    """How a library is: its size, and what is wrong with it (nothing: healthy)."""

    articles: int
    passages: int
    vectors: int
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def examine(library: Library, index: VectorIndex) -> Health:
    """Look, change nothing. A damaged index is opened in a child process only."""
    return _examine(library, index, index.check)


def _examine(
    library: Library, index: VectorIndex, check: Callable[[], None] = lambda: None
) -> Health:
    counts = library.counts()
    findings = [
        Finding(name, counts[name], detail)
        for name, detail in (
            ("pending", "passages without a vector yet"),
            ("removals", "vectors of removed passages not deleted yet"),
        )
        if counts[name]
    ]
    if faults := library.full_text_faults():
        findings.append(Finding("full text", faults, "passages out of step with the word index"))
    if faults := clusters.faults(library):
        findings.append(Finding("copies", faults, "articles not yet compared with the others"))
    vectors = 0
    try:
        check()
        vectors = index.count()
        findings += _compare(library, index)
    except EmbedderMismatch as error:
        findings.append(Finding("fingerprint", 1, str(error)))
    except IndexUnavailable as error:
        findings.append(Finding("unreadable", 1, str(error)))
    return Health(counts["articles"], counts["passages"], vectors, tuple(findings))


def repair(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> Health:
    """Mend what ``examine`` finds, and return how things are then."""
    library = writer.library
    found = {finding.name: finding for finding in examine(library, index).findings}
    if "full text" in found:
        writer.rebuild_full_text()
    if "copies" in found:
        writer.sign_articles(anew=True)
    if found.keys() & {"unreadable", "fingerprint"}:
        rebuild(writer, embedder, index, on_progress=on_progress)
        return _examine(library, index)
    for name in ("orphaned", "stale"):
        if name in found:
            index.delete(found[name].keys)
    for name in ("missing", "stale", "unreachable"):
        if name in found:
            writer.mark_pending(found[name].keys)
    drain(writer, embedder, index, on_progress=on_progress)
    return _examine(library, index)


def recover(writer: LibraryWriter, embedder: Embedder, index: VectorIndex) -> None:
    """Before writing after a writer that died: mend what it may have left half done."""
    if writer.after_death:
        repair(writer, embedder, index)


def _compare(library: Library, index: VectorIndex) -> list[Finding]:
    entries = index.entries()
    # Read after the vectors: what was indexed meanwhile is then not called orphaned.
    keys = library.keys()
    waiting = set(library.removals()) | library.pending_keys()
    missing = keys.keys() - entries.keys()
    orphaned = entries.keys() - keys.keys() - waiting
    stale = {
        key
        for key in keys.keys() & entries.keys()
        if keys[key] != (entries[key].article_id, entries[key].version, entries[key].start)
    }
    unreachable = set(index.unreachable()) - orphaned
    if len(unreachable) <= _TOLERATED * len(entries):
        unreachable = set()
    return [
        Finding(name, len(found), detail, tuple(sorted(found)))
        for name, found, detail in (
            ("missing", missing, "passages whose vectors are not in the index"),
            ("orphaned", orphaned, "vectors without a passage"),
            ("stale", stale, "vectors made from another text than the passage has now"),
            ("unreachable", unreachable, "vectors that are stored but that no search finds"),
        )
        if found
    ]
