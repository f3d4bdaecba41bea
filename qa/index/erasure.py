"""Takes articles out for good: of the library, its indexes and kept answers, with a proof.

What is only removed leaves bytes behind: in free pages of the database, in words and vectors that
are marked as deleted, in answers that quote it. Here all of that is written anew, and then every
file of the library is searched for what the articles said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ArticleDamaged, ArticleNotFound, LibraryError
from qa.index.doctor import recover
from qa.index.sync import rebuild
from qa.library.curation.compaction import compact, stands_in_articles
from qa.library.curation.edits import edits_of
from qa.library.curation.redaction import redact_kept_answers
from qa.library.store import Library
from qa.library.writer import LibraryWriter
from qa.protocols import Embedder, VectorIndex
from qa.records.article import Article
from qa.records.serialization import Record
from qa.runtime.location import is_database

__all__ = ["Erasure", "erase"]

# Characters of a phrase that is searched for, and phrases of each version of an article.
_LENGTH, _PHRASES = 32, 40
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Erasure(Record):
    """What was erased, and what was looked for afterwards.

    ``titles`` by id; counts of ``versions``, ``passages`` (each with its vector and words),
    ``edits`` and kept ``answers`` that had a trace of the articles; ``runs`` are names of deleted
    evaluation runs that quoted them. ``phrases`` of their titles and texts, which no other article
    has, were looked for in ``files`` of so many
    ``searched_bytes`` in all; ``remaining`` names the files that still
    have one: with none the erasure is proved.
    """

    titles: dict[str, str]
    versions: int
    passages: int
    edits: int
    answers: int
    runs: tuple[str, ...]
    phrases: int
    files: int
    searched_bytes: int
    remaining: tuple[str, ...]

    @property
    def proved(self) -> bool:
        """Whether nothing was found any more."""
        return not self.remaining


def erase(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    article_ids: Sequence[str],
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> Erasure:
    """Erase articles; the indexes are made anew, which ``on_progress`` is told in passages.

    Raises ArticleNotFound before anything is erased if one of them is not there, and LibraryError
    for a library in a database, whose files are not ours to search.
    """
    library = writer.library
    if is_database(library.location):
        raise LibraryError(
            "erasing with proof works on a folder; in a database remove the articles "
            "(article-qa remove), then let its owner run VACUUM FULL and renew the backups"
        )
    titles = {id_: library.title(id_) for id_ in article_ids}
    recover(writer, embedder, index)
    versions = {id_: _versions(library, id_) for id_ in titles}
    passages = sum(_passage_count(library, id_) for id_ in titles)
    edits = {id_: edits_of(library, id_) for id_ in titles}
    writer.remove(*titles)
    answers = redact_kept_answers(library, titles.keys())
    phrases = _phrases(library, titles, versions)
    runs = _delete_runs(library.folder / "runs", phrases)
    rebuild(writer, embedder, index, on_progress=on_progress)
    # What was read for searching is kept in a file, too, which is written anew.
    index.warm()
    compact(library)
    files = [path for path in sorted(library.folder.rglob("*")) if path.is_file()]
    remaining = [path for path in files if _has_one(path, phrases)]
    return Erasure(
        titles=titles,
        versions=sum(map(len, versions.values())),
        passages=passages,
        edits=sum(map(len, edits.values())),
        answers=answers,
        runs=tuple(runs),
        phrases=len(phrases),
        files=len(files),
        searched_bytes=sum(path.stat().st_size for path in files if path.exists()),
        remaining=tuple(str(path.relative_to(library.folder)) for path in remaining),
    )


def _versions(library: Library, article_id: str) -> list[Article]:
    try:
        return library.versions(article_id)
    except ArticleDamaged:
        # Of what does not read as it was stored, nothing is known that could be looked for.
        return []


def _passage_count(library: Library, article_id: str) -> int:
    try:
        return len(library.passages_of(article_id))
    except (ArticleDamaged, ArticleNotFound):
        return 0


def _phrases(
    library: Library, titles: dict[str, str], versions: dict[str, list[Article]]
) -> list[bytes]:
    """Runs of characters of the erased articles that stand in no other one."""
    candidates: dict[str, None] = {}
    for article_id, title in titles.items():
        for text in (title, *(each.title for each in versions[article_id])):
            if len(text) >= _LENGTH // 2:
                candidates[text[:_LENGTH]] = None
        for article in versions[article_id]:
            step = max(_LENGTH, len(article.text) // _PHRASES)
            for start in range(0, max(1, len(article.text) - _LENGTH // 2), step):
                # Within one line: a line break is written in other ways in JSON.
                line = article.text[start : start + _LENGTH].split("\n")[0].replace('"', "")
                phrase = line.strip()
                if len(phrase) >= _LENGTH // 2 and phrase in article.text and "\\" not in phrase:
                    candidates[phrase] = None
    return [phrase.encode() for phrase in candidates if not stands_in_articles(library, phrase)]


def _delete_runs(folder: Path, phrases: Sequence[bytes]) -> list[str]:
    """Evaluation runs are results, which can be had again; those that quote the articles go."""
    quoting = {path.stem for path in folder.glob("*") if path.is_file() and _has_one(path, phrases)}
    for path in folder.glob("*"):
        if path.stem in quoting:
            path.unlink()
    return sorted(quoting)


def _has_one(path: Path, phrases: Sequence[bytes]) -> bool:
    """Whether a file has one of the phrases, whatever its format; read in parts that overlap."""
    tail = b""
    longest = max(map(len, phrases), default=0)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if any(phrase in tail + chunk for phrase in phrases):
                    return True
                tail = chunk[-longest:] if longest else b""
    except FileNotFoundError:
        # The database takes files beside it away.
        return False
    return False
