"""What became of every file: taken in, unchanged, left out or failed."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from ingest.parsing.source import UnusedNames
from ingest.sandbox.messages import Failure, LeftOut, Loaded

__all__ = ["FileCounts", "FileTally", "LeftOutFiles", "UnusedInFile"]

# Files left out that are told one by one; all are counted.
_MAX_LISTED = 1000
_PLACE = re.compile(r":[^/!:]{1,40}$")


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Files, members of archives, pages and feeds, each counted once.

    ``taken_in`` gave an article that is new or changed, ``unchanged`` only articles that were
    stored already, ``failed`` none at all; ``left_out`` were not read.
    """

    taken_in: int = 0
    unchanged: int = 0
    left_out: int = 0
    failed: int = 0


@dataclass(slots=True)
class LeftOutFiles:
    """The files that were not read: all of them as numbers, by reason too, the first thousand with
    their names.
    """

    count: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    files: list[LeftOut] = field(default_factory=list)

    def add(self, file: LeftOut) -> None:
        """Count one more."""
        self.count += 1
        self.by_reason[file.reason] += 1
        if len(self.files) < _MAX_LISTED:
            self.files.append(file)


@dataclass(frozen=True, slots=True)
class UnusedInFile:
    """What a file holds besides what its articles were made of."""

    origin: str
    kind: Literal["columns", "fields"]
    names: tuple[str, ...]

    def __str__(self) -> str:
        return str(UnusedNames(self.kind, self.names))


@dataclass(slots=True)
class FileTally:
    """Counts files by what came of their entries, which follow one another. Names that nothing
    was made of are told of the first thousand files, and so is which files and archives gave
    nothing new: ``unchanged_files``.
    """

    unchanged_files: list[str] = field(default_factory=list)

    _unused: dict[tuple[str, Literal["columns", "fields"]], dict[str, None]] = field(
        default_factory=dict
    )

    _counts: Counter[str] = field(default_factory=Counter)
    _file: str | None = None
    _outcomes: set[str] = field(default_factory=set)
    _archive: str | None = None
    _archive_outcomes: set[str] = field(default_factory=set)

    def add(
        self,
        item: Loaded | Failure,
        outcome: Literal["added", "updated", "unchanged", "failed"],
    ) -> None:
        """One entry of a file and what became of it."""
        alone = isinstance(item, Loaded) and item.alone
        file = item.origin if alone else _PLACE.sub("", item.origin)
        if file != self._file:
            self._close()
            self._file = file
        archive = file.partition("!")[0]
        if archive != self._archive:
            self._close_archive()
            self._archive = archive
        self._outcomes.add(outcome)
        self._archive_outcomes.add(outcome)
        if isinstance(item, Loaded) and item.unused and len(self._unused) < _MAX_LISTED:
            # A file that is read on behind an entry at fault tells its names once more.
            names = self._unused.setdefault((file, item.unused.kind), {})
            names.update(dict.fromkeys(item.unused.names))

    def counts(self, left_out: int) -> FileCounts:
        """All files so far."""
        self._close()
        self._close_archive()
        return FileCounts(
            taken_in=self._counts["taken_in"],
            unchanged=self._counts["unchanged"],
            left_out=left_out,
            failed=self._counts["failed"],
        )

    def unused_names(self) -> tuple[UnusedInFile, ...]:
        """What was not used so far, by file."""
        return tuple(
            UnusedInFile(file, kind, tuple(names)) for (file, kind), names in self._unused.items()
        )

    def _close_archive(self) -> None:
        is_unchanged = self._archive_outcomes in ({"unchanged"}, {"unchanged", "failed"})
        if is_unchanged and self._archive and len(self.unchanged_files) < _MAX_LISTED:
            self.unchanged_files.append(self._archive)
        self._archive = None
        self._archive_outcomes = set()

    def _close(self) -> None:
        if not self._outcomes:
            return
        if self._outcomes & {"added", "updated"}:
            self._counts["taken_in"] += 1
        else:
            self._counts["unchanged" if "unchanged" in self._outcomes else "failed"] += 1
        self._file = None
        self._outcomes.clear()
