"""Compares the library with what is derived from it, and mends the latter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import (
    ArticleDamaged,
    ArticleNotFound,
    EmbedderMismatch,
    IndexUnavailable,
    LibraryError,
)
from qa.index.sync import drain, rebuild, restore
from qa.library import duplicates as clusters
from qa.library import integrity
from qa.library.pending import pending_keys, removed_keys
from qa.library.store import Library
from qa.library.writer import LibraryWriter
from qa.protocols import Embedder, VectorIndex
from qa.records.article import Article, Passage
from qa.records.serialization import Record

__all__ = ["Finding", "Health", "examine", "recover", "repair"]

# Of a larger index, the newest half of so many vectors and an even share of the others are
# searched for: it takes half a millisecond each.
_SAMPLE_SIZE = 20_000
# Articles named in one finding.
_MOST_NAMED = 5

# What only a source or a backup can mend.
_BEYOND_REPAIR = ("damaged articles",)

_Splitter = Callable[[Article], Sequence[Passage]]


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

    @property
    def repairable(self) -> bool:
        """Whether ``repair`` can mend something of what was found."""
        return any(finding.name not in _BEYOND_REPAIR for finding in self.findings)

    def finding(self, name: str) -> Finding | None:
        """The finding of that name, None if that was not found."""
        return next((finding for finding in self.findings if finding.name == name), None)


def examine(library: Library, index: VectorIndex) -> Health:
    """Look, change nothing. A damaged index is opened in a child process only."""
    return _examine(library, index, index.check)


def _examine(
    library: Library, index: VectorIndex, check: Callable[[], None] = lambda: None
) -> Health:
    counts = dict.fromkeys(("articles", "passages"), 0)
    findings: list[Finding] = []
    vectors = 0
    try:
        counts = library.counts()
        findings += _check_library(library)
        whole = all(each.name not in ("damaged articles", "passages") for each in findings)
        findings += _check_indexes(library, counts, whole)
        check()
        vectors = index.count()
        findings += _compare(library, index)
    except EmbedderMismatch as error:
        findings.append(Finding("fingerprint", 1, str(error)))
    except IndexUnavailable as error:
        findings.append(Finding("unreadable", 1, str(error)))
    except LibraryError as error:
        if all(finding.name != "database" for finding in findings):
            findings.append(Finding("database", 1, str(error)))
    return Health(counts["articles"], counts["passages"], vectors, tuple(findings))


def repair(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    split: _Splitter | None = None,
    on_progress: Callable[[int], None] = lambda count: None,
) -> Health:
    """Mend what ``examine`` finds, and return how things are then.

    Articles whose passages are not those that were cut from them are cut again by ``split``.
    Damaged articles stay as they are: only their source can bring them back.
    """
    library = writer.library
    health = examine(library, index)
    if health.finding("database"):
        writer.rebuild_table_indexes()
        health = examine(library, index)
    if health.finding("earlier versions"):
        damaged_versions = integrity.damaged_versions(library)
        writer.forget_versions((each.article_id, each.version) for each in damaged_versions)
    if split and health.finding("passages"):
        _cut_again(writer, split)
    if health.finding("word index"):
        writer.rebuild_words()
    writer.index_words()
    if health.finding("copies"):
        writer.sign_articles(anew=True)
    _mend_vectors(writer, embedder, index, health, on_progress)
    return _examine(library, index)


def recover(writer: LibraryWriter, embedder: Embedder, index: VectorIndex) -> None:
    """Before writing after a writer that died: mend what it may have left half done."""
    if writer.after_death:
        repair(writer, embedder, index)
        writer.after_death = False


def _check_library(library: Library) -> list[Finding]:
    """What is wrong with the truth itself."""
    findings = []
    if lines := integrity.database_faults(library):
        findings.append(Finding("database", len(lines), "; ".join(lines[:_MOST_NAMED])))
    if damages := integrity.damaged_articles(library):
        names = [
            f"{error.article_id!r}{f' from {origin}' if origin else ''}"
            for error, origin in damages
        ]
        detail = (
            f"articles that do not read as they were stored, and are not cited: {_names(names)}; "
            "take them in again from their source, or take them out with `article-qa remove`"
        )
        findings.append(Finding("damaged articles", len(damages), detail))
    if versions := integrity.damaged_versions(library):
        names = [f"version {each.version} of {each.article_id!r}" for each in versions]
        detail = f"earlier versions that do not read as they were stored: {_names(names)}"
        findings.append(Finding("earlier versions", len(versions), detail))
    if cut_passages := integrity.damaged_passages(library):
        detail = f"articles whose passages are not those cut from them: {_names(cut_passages)}"
        findings.append(Finding("passages", len(cut_passages), detail))
    return findings


def _check_indexes(library: Library, counts: Mapping[str, int], whole: bool) -> list[Finding]:
    """What is not in step within the database and with the word index; ``whole`` tells that
    articles and passages are as they were stored, so that words can be compared with them.
    """
    findings = [
        Finding(name, counts[name], detail)
        for name, detail in (
            ("pending", "passages without a vector yet"),
            ("removals", "vectors of removed passages not deleted yet"),
            ("pending words", "passages that the word index has yet to take over"),
        )
        if counts[name]
    ]
    try:
        if faults := integrity.word_index_faults(library):
            detail = "passages out of step with the word index"
            findings.append(Finding("word index", faults, detail))
        elif whole and not integrity.check_word_counts(library):
            findings.append(Finding("word index", 1, "words that are not counted as they stand"))
    except IndexUnavailable as error:
        findings.append(Finding("word index", 1, str(error)))
    if faults := clusters.faults(library):
        findings.append(Finding("copies", faults, "articles not yet compared with the others"))
    return findings


def _compare(library: Library, index: VectorIndex) -> list[Finding]:
    entries = index.entries()
    # Read after the vectors: what was indexed meanwhile is then not called orphaned.
    keys = library.keys()
    waiting = set(removed_keys(library)) | pending_keys(library)
    missing = keys.keys() - entries.keys()
    orphan_keys = entries.keys() - keys.keys() - waiting
    stale = {
        key
        for key in keys.keys() & entries.keys()
        if keys[key] != (entries[key].article_id, entries[key].version, entries[key].start)
    }
    sampled_keys = _sample(sorted(keys.keys() & entries.keys()))
    unreachable = set(index.unreachable(sampled_keys))
    detail = "vectors that are stored but that no search finds"
    if len(sampled_keys) < len(keys):
        detail += f", of {len(sampled_keys):,} searched for"
    return [
        Finding(name, len(finding_keys), detail, tuple(sorted(finding_keys)))
        for name, finding_keys, detail in (
            ("missing", missing, "passages whose vectors are not in the index"),
            ("orphaned", orphan_keys, "vectors without a passage"),
            ("stale", stale, "vectors made from another text than the passage has now"),
            ("unreachable", unreachable, detail),
        )
        if finding_keys
    ]


def _sample(keys: list[int]) -> list[int]:
    """All of them, or of many the newest and an even share of the others."""
    half = _SAMPLE_SIZE // 2
    if len(keys) <= _SAMPLE_SIZE:
        return keys
    return keys[:-half][:: -(-(len(keys) - half) // half)] + keys[-half:]


def _mend_vectors(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    health: Health,
    on_progress: Callable[[int], None],
) -> None:
    library = writer.library
    pending = pending_keys(library)
    if (
        health.finding("unreadable")
        or health.finding("fingerprint")
        # Adding most of them anew costs more than adding them to an empty index.
        or len(pending) > health.passages / 2
    ):
        rebuild(writer, embedder, index, on_progress=on_progress)
        restore(writer, embedder, index, _sample(sorted(library.keys())), on_progress=on_progress)
        return
    keys_by_finding = {finding.name: finding.keys for finding in health.findings}
    index.delete(keys_by_finding.get("orphaned", ()))
    reindexed_keys = {*keys_by_finding.get("missing", ()), *keys_by_finding.get("stale", ())}
    if reindexed_keys:
        writer.mark_pending(sorted(reindexed_keys))
    drain(writer, embedder, index, on_progress=on_progress)
    affected_keys = sorted(
        (pending | reindexed_keys | {*keys_by_finding.get("unreachable", ())})
        & library.keys().keys()
    )
    restore(writer, embedder, index, affected_keys, on_progress=on_progress)


def _cut_again(writer: LibraryWriter, split: _Splitter) -> None:
    library = writer.library
    for id_ in integrity.damaged_passages(library):
        try:
            article = library.article(id_)
        except (ArticleDamaged, ArticleNotFound):
            continue
        writer.cut_again(id_, split(article))
    writer.drop_stray_passages()


def _names(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
