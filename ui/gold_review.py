"""Gold questions drafted from the articles here, those that somebody accepted, which an evaluation
asks, and the drafts that somebody dropped: files of the library folder.

Knows nothing of who reviews them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from eval.gold.draft import draft_gold
from eval.gold.questions import Gold, GoldError, load_gold
from qa.language.cleaning import clean_line
from qa.library.store import Library
from qa.runtime.permissions import make_private_folder, restrict

__all__ = ["GoldReview"]

_LONGEST_DRAFT = 50
_LONGEST_ID = 200


@dataclass
class GoldReview:
    """The questions of one library that were reviewed."""

    library: Library
    _writing: Lock = field(default_factory=Lock)

    @property
    def path(self) -> Path:
        """The file of those that were accepted; there is none before the first."""
        return self.library.folder / "gold" / "reviewed.jsonl"

    @property
    def _dropped_path(self) -> Path:
        return self.path.with_name("dropped.txt")

    def _dropped_ids(self) -> list[str]:
        path = self._dropped_path
        return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []

    def accepted(self) -> list[Gold]:
        """Those that were accepted, the first one first. Raises GoldError for a damaged file."""
        return load_gold(self.path) if self.path.is_file() else []

    def drafts(self, n: int, *, seed: int) -> list[Gold]:
        """At most ``n`` new questions that articles state the answers of plainly, drawn with the
        seed; none that was accepted or dropped. Raises ValueError for a number that is none.
        """
        if not 1 <= n <= _LONGEST_DRAFT:
            raise ValueError(f"1 to {_LONGEST_DRAFT} questions are drafted at once, not {n}")
        known = {*(each.id for each in self.accepted()), *self._dropped_ids()}
        drawn = draft_gold(self.library, n + len(known), seed=seed)
        return [each for each in drawn if each.id not in known][:n]

    def accept(
        self, id_: str, question: str, answers: Sequence[str], articles: Sequence[str]
    ) -> Gold:
        """Keep a question, as it was drafted or as somebody changed it; without answers, not to be
        answered is right. Takes the place of the one with that id. Raises ValueError for one
        that is empty, GoldError for one about an article that is not here.
        """
        asked = clean_line(question)
        if not asked:
            raise ValueError("a question has words")
        if missing := [each for each in articles if self.library.find(each) is None]:
            raise GoldError(f"no article {missing[0]!r} in this library")
        given = tuple(filter(None, map(clean_line, answers)))
        # Asked as on the day of the article, as it was drafted.
        day = self.library.article(articles[0]).published if articles else None
        gold = Gold(clean_line(id_), asked, given, tuple(articles), as_of=day)
        with self._writing:
            self._keep([*(each for each in self.accepted() if each.id != gold.id), gold])
        return gold

    def drop(self, id_: str) -> None:
        """Take an accepted question out again. Raises GoldError for an unknown one."""
        with self._writing:
            known = self.accepted()
            rest = [each for each in known if each.id != id_]
            if len(rest) == len(known):
                raise GoldError(f"no question {id_!r} was accepted")
            self._keep(rest)

    def drop_draft(self, id_: str) -> None:
        """Never draft this question again; accepted, it may still be. Raises ValueError for what
        is no id.
        """
        name = clean_line(id_)
        if not 0 < len(name) <= _LONGEST_ID:
            raise ValueError(f"the id of a draft has 1 to {_LONGEST_ID} characters")
        with self._writing:
            known = self._dropped_ids()
            if name not in known:
                self._write(self._dropped_path, [*known, name])

    def _keep(self, golds: Sequence[Gold]) -> None:
        if not golds:
            self.path.unlink(missing_ok=True)
            return
        self._write(self.path, [each.to_json() for each in golds])

    def _write(self, path: Path, lines: Sequence[str]) -> None:
        make_private_folder(path.parent)
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        restrict(path.parent)
        fresh.replace(path)
