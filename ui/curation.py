"""What librarians do with a server's library. Knows nothing of HTTP, HTML, or who asks."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock

from qa.build import LibraryTools, open_tools
from qa.errors import ArticleNotFound
from qa.index.erasure import Erasure, erase
from qa.index.sync import drain
from qa.library.curation.choices import Choices, choices
from qa.library.curation.collections import Collection, collections, is_in_collections
from qa.library.curation.edits import edit_articles
from qa.library.store import Library
from qa.library.writer import LibraryWriter, open_writer
from qa.records.article import Article

__all__ = ["Curation"]


class Curation:
    """The articles of one library; ``writing`` is held while something is changed."""

    def __init__(self, library: Library, writing: Lock) -> None:
        self.library = library
        self._writing = writing
        self._choices: tuple[int, Choices] = (-1, Choices())

    def choices(self) -> Choices:
        """What the articles can be filtered by, worked out once for each state of the library."""
        generation = self.library.generation()
        if self._choices[0] != generation:
            self._choices = (generation, choices(self.library))
        return self._choices[1]

    def collections(self, limits: Sequence[str] = ()) -> list[Collection]:
        """Every collection by name; with ``limits`` those of these names."""
        known = collections(self.library)
        return [each for each in known if not limits or each.name in limits]

    def check_access(self, article_id: str, limits: Sequence[str]) -> None:
        """Raises ArticleNotFound for an article that is in none of the collections that somebody is
        limited to (none: not limited).
        """
        if limits and not is_in_collections(self.library, article_id, limits):
            raise ArticleNotFound(article_id)

    def edit(
        self, article_ids: Sequence[str], changes: Mapping[str, str | None], *, editor: str = ""
    ) -> list[Article]:
        """Give articles other metadata, all or none; returns those that changed. Raises
        ArticleNotFound, ArticleDamaged, LibraryLocked, and ValueError for what cannot be.
        """
        with self._changing() as (tools, writer):
            changed = edit_articles(writer, article_ids, changes, editor=editor)
            drain(writer, tools.embedder, tools.index)
            return changed

    def erase(self, article_ids: Sequence[str]) -> Erasure:
        """Erase articles for good, with a proof; takes as long as taking the library in. Raises
        ArticleNotFound, LibraryLocked.
        """
        with self._changing() as (tools, writer):
            return erase(writer, tools.embedder, tools.index, article_ids)

    @contextmanager
    def _changing(self) -> Iterator[tuple[LibraryTools, LibraryWriter]]:
        with (
            self._writing,
            open_tools(self.library.location) as tools,
            open_writer(tools.library) as writer,
        ):
            yield tools, writer
