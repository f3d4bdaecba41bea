"""Takes articles out for good: of the library, its indexes and kept answers, with a proof.

What is only removed leaves bytes behind: in free pages of the database, in words and vectors that
are marked as deleted, in answers that quote it. Here all of that is written anew, and then every
file and table of the library is searched for what the articles said.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ArticleDamaged, ArticleNotFound
from qa.index.doctor import recover
from qa.index.sync import drain, rebuild
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
# What of a server nobody but its owner can write anew.
_OF_SERVER = "the server's log of changes until it is overwritten, its archives and its backups"


@dataclass(frozen=True, slots=True)
class Erasure(Record):
    """What was erased, and what was looked for afterwards.

    ``titles`` by id; counts of ``versions``, ``passages`` (each with its vector and words),
    ``edits`` and kept ``answers`` that had a trace of the articles; ``runs`` are names of deleted
    evaluation runs that quoted them, ``gold`` counts dropped questions that were about them.
    ``phrases`` of their titles and texts, which no other article
    has, were looked for in ``files`` and ``tables`` of so many ``searched_bytes`` in all;
    ``remaining`` names the files and tables that still have one: with none the erasure is proved.
    ``unsearched`` says what of a database could not be looked at; it is empty for a folder.
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
    tables: int = 0
    unsearched: str = ""
    gold: int = 0

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
    """Erase articles; the indexes are made anew, in a folder from the articles, which
    ``on_progress`` is told in passages, in a database with its tables.

    Raises ArticleNotFound before anything is erased if one of them is not there.
    """
    library = writer.library
    in_database = is_database(library.location)
    titles = {id_: library.title(id_) for id_ in article_ids}
    recover(writer, embedder, index)
    versions = {id_: _versions(library, id_) for id_ in titles}
    passages = [key for id_ in titles for key in _passage_keys(library, id_)]
    edits = {id_: edits_of(library, id_) for id_ in titles}
    writer.remove(*titles)
    answers = redact_kept_answers(library, titles.keys())
    phrases = _phrases(library, titles, versions)
    runs = _delete_runs(library.folder / "runs", phrases)
    gold = _drop_gold(library.folder / "gold", titles.keys(), phrases)
    if in_database:
        drain(writer, embedder, index, on_progress=on_progress)
    else:
        rebuild(writer, embedder, index, on_progress=on_progress)
    # What was read for searching is kept in a file, too, which is written anew.
    index.warm()
    uncompacted = library.database.compact()
    search = library.database.search_tables([each.decode() for each in phrases], passages)
    tables = dict.fromkeys((*uncompacted, *search.remaining))
    files = [path for path in sorted(library.folder.rglob("*")) if path.is_file()]
    remaining = [path for path in files if _has_one(path, phrases)]
    return Erasure(
        titles=titles,
        versions=sum(map(len, versions.values())),
        passages=len(passages),
        edits=sum(map(len, edits.values())),
        answers=answers,
        runs=tuple(runs),
        phrases=len(phrases),
        files=len(files),
        searched_bytes=search.size + sum(path.stat().st_size for path in files if path.exists()),
        remaining=(
            *(str(path.relative_to(library.folder)) for path in remaining),
            *(f"the table {name}" for name in tables),
        ),
        tables=search.tables,
        unsearched=_OF_SERVER if in_database else "",
        gold=gold,
    )


def _versions(library: Library, article_id: str) -> list[Article]:
    try:
        return library.versions(article_id)
    except ArticleDamaged:
        # Of what does not read as it was stored, nothing is known that could be looked for.
        return []


def _passage_keys(library: Library, article_id: str) -> list[int]:
    try:
        return [stored.key for stored in library.passages_of(article_id)]
    except (ArticleDamaged, ArticleNotFound):
        return []


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
    return [phrase.encode() for phrase in candidates if not _is_elsewhere(library, phrase)]


def _is_elsewhere(library: Library, words: str) -> bool:
    """Whether these exact characters stand in text or title of an article, or of a version."""
    position = library.database.dialect.position
    with library.connection() as database:
        for table, column in (("articles", "text"), ("articles", "title"), ("versions", "record")):
            sql = f"SELECT 1 FROM {table} WHERE {position}({column}, ?) > 0 LIMIT 1"
            if database.execute(sql, (words,)).fetchone():
                return True
    return False


def _delete_runs(folder: Path, phrases: Sequence[bytes]) -> list[str]:
    """Evaluation runs are results, which can be had again; those that quote the articles go."""
    quoting = {path.stem for path in folder.glob("*") if path.is_file() and _has_one(path, phrases)}
    for path in folder.glob("*"):
        if path.stem in quoting:
            path.unlink()
    return sorted(quoting)


def _drop_gold(folder: Path, article_ids: Collection[str], phrases: Sequence[bytes]) -> int:
    """Accepted questions about the articles are made of their sentences: they go."""
    dropped = 0
    for path in folder.glob("*.jsonl"):
        lines = path.read_bytes().splitlines(keepends=True)
        rest = [
            line
            for line in lines
            if not {*json.loads(line).get("articles", ())} & {*article_ids}
            and not any(phrase in line for phrase in phrases)
        ]
        dropped += len(lines) - len(rest)
        if not rest:
            path.unlink()
        elif len(rest) < len(lines):
            path.write_bytes(b"".join(rest))
    return dropped


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
