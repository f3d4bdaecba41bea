"""Every error this project raises on purpose.

::

    QAError
    ├── ConfigError              a setting has a value that cannot be used
    ├── LibraryError             the library folder or its database
    │   ├── ArticleDamaged       an article does not read as it was stored; names it
    │   ├── ArticleNotFound      no article has that id
    │   ├── CollectionNotFound   no collection has that name
    │   ├── ConversationNotFound no conversation of this person has that id
    │   ├── LibraryDamaged       the database is malformed, or tables are missing
    │   ├── LibraryFull          there is no room on the disk
    │   ├── LibraryLocked        another process is writing; names its pid
    │   ├── LibraryReadOnly      it can be asked, not changed
    │   ├── LibraryTooNew        made by a later version of this program
    │   ├── OutletNotFound       no article that may be used is of that outlet
    │   ├── SavedQuestionNotFound no saved question of this person has that id
    │   ├── TokenNotFound        no token of this person has that id
    │   └── UserNotFound         nobody of that name may log in
    ├── IndexError_              an index of vectors or words, which can always be rebuilt
    │   ├── EmbedderMismatch     the vectors were made by another embedder
    │   └── IndexUnavailable     damaged folder, or a server that does not answer
    ├── ModelError               weights that are missing, altered or cannot be run
    ├── TooManyAttempts          a password or token was guessed too often
    ├── Unavailable              as much is being done as can be; the same may be asked again soon
    └── SourceError              one source that could not become articles
        ├── EmptySource          nothing to read in it
        ├── FetchFailed          the address did not deliver
        ├── FetchRefused         the address is not one we go to
        ├── SourceNotFound       no source with that address refreshes itself
        ├── SourceTooLarge       over a limit
        ├── UnreadableSource     damaged, protected, or not what its name says
        └── UnsupportedFormat    no loader for it

A message names the offending value and the way out. Mistakes of the calling programmer stay
``ValueError`` and ``TypeError``.
"""

from collections.abc import Iterable

__all__ = [
    "ArticleDamaged",
    "ArticleNotFound",
    "CollectionNotFound",
    "ConfigError",
    "ConversationNotFound",
    "EmbedderMismatch",
    "EmptySource",
    "FetchFailed",
    "FetchRefused",
    "IndexError_",
    "IndexUnavailable",
    "LibraryDamaged",
    "LibraryError",
    "LibraryFull",
    "LibraryLocked",
    "LibraryReadOnly",
    "LibraryTooNew",
    "ModelError",
    "OutletNotFound",
    "QAError",
    "SavedQuestionNotFound",
    "SourceError",
    "SourceNotFound",
    "SourceTooLarge",
    "TokenNotFound",
    "TooManyAttempts",
    "Unavailable",
    "UnreadableSource",
    "UnsupportedFormat",
    "UserNotFound",
]


class QAError(Exception):
    """Anything that went wrong for a reason the user can act on."""


class ConfigError(QAError):
    """A setting has a value that cannot be used."""


class LibraryError(QAError):
    """The library folder or its database cannot be used as asked."""


class ArticleDamaged(LibraryError):
    """An article, or an ``earlier`` version of it, does not read as it was stored; nothing of it
    is cited.
    """

    def __init__(self, article_id: object, title: object = None, *, earlier: bool = False) -> None:
        super().__init__(
            f"an earlier version of the article {article_id!r} is damaged; `article-qa doctor "
            "--repair` forgets it"
            if earlier
            else f"the article {article_id!r} ({title}) is damaged and not cited; take it in again "
            "from its source, or take it out with `article-qa remove`"
        )
        self.article_id = str(article_id)


class ArticleNotFound(LibraryError):
    """No article of the library has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article with the id {article_id!r}; `article-qa list` shows them all")
        self.article_id = article_id


class CollectionNotFound(LibraryError):
    """No collection of articles has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no collection is called {name!r}; `article-qa collection list` shows them all"
        )
        self.name = name


class ConversationNotFound(LibraryError):
    """No conversation of this person has this id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"no conversation with the id {conversation_id!r}; was it deleted?")
        self.conversation_id = conversation_id


class LibraryDamaged(LibraryError):
    """The database is malformed, is none, or lacks tables."""

    def __init__(self, path: object, error: object) -> None:
        super().__init__(
            f"{path} cannot be read as a library ({error}); restore a backup of it, or move it "
            "away and ingest again"
        )


class LibraryFull(LibraryError):
    """There is no room on the disk of the library."""

    def __init__(self, folder: object, error: object) -> None:
        super().__init__(
            f"no room on the disk of the library {folder} ({error}); make some and run it again, "
            "nothing is lost"
        )


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""

    def __init__(self, folder: object, pid: int | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        super().__init__(
            f"{holder} is writing to the library {folder}; wait until it ends, or use --wait"
        )
        self.pid = pid


class LibraryReadOnly(LibraryError):
    """The library folder cannot be written; it can be asked."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"the library {folder} is read-only: it can be asked, not changed; make the folder and "
            "its files writable, or copy it"
        )


class LibraryTooNew(LibraryError):
    """The database was written by a later version of this program."""

    def __init__(self, folder: object, found_version: int, known_version: int) -> None:
        super().__init__(
            f"the library {folder} has schema version {found_version}, this program knows up to "
            f"{known_version}; upgrade article-qa"
        )


class OutletNotFound(LibraryError):
    """No article that may be used is of this outlet."""


class IndexError_(QAError):
    """An index, of vectors or of words, cannot be used; it is derived and can be rebuilt."""


class EmbedderMismatch(IndexError_):
    """The index holds vectors of another embedder than the one in use."""

    def __init__(self, *, stored: str, current: str) -> None:
        super().__init__(
            f"the index was made with the embedder {stored!r}, the setting asks for {current!r}; "
            "run `article-qa rebuild`, or set QA_EMBEDDER back"
        )
        self.stored = stored
        self.current = current


class IndexUnavailable(IndexError_):
    """The index folder is damaged or its server does not answer."""


class SavedQuestionNotFound(LibraryError):
    """No saved question of this person has this id."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"no saved question with the id {question_id!r}; was it deleted?")
        self.question_id = question_id


class TokenNotFound(LibraryError):
    """No token of this person has this id."""

    def __init__(self, token_id: str) -> None:
        super().__init__(f"there is no token {token_id!r} of yours")
        self.token_id = token_id


class UserNotFound(LibraryError):
    """Nobody of this name may log in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no user {name!r}; `article-qa user list` shows them all")
        self.name = name


class ModelError(QAError):
    """Weights are missing, altered, or cannot be run."""


class TooManyAttempts(QAError):
    """A password or token was guessed too often; the next try is in ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(QAError):
    """As much is being done as can be; worth another try in ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceError(QAError):
    """One source could not become articles; the others are not affected."""


class EmptySource(SourceError):
    """There is no text in the source."""


class NoArticle(SourceError):
    """The source is a page of another kind: a wall of consent, a bot check, an error, an index."""


class FetchFailed(SourceError):
    """An address did not deliver an article. Where its server answered, ``status`` is what it said
    (HTTP), and ``retry_after`` when to come again, as it wrote that; else 0 and empty.
    """

    def __init__(self, message: str, *, status: int = 0, retry_after: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class FetchRefused(SourceError):
    """An address that is never visited: private, not http, or too many redirects."""


class SourceNotFound(SourceError):
    """No source that refreshes itself has this address."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url!r} is no source; `article-qa source list` shows them all")
        self.url = url


class SourceTooLarge(SourceError):
    """The source is over a size or count limit."""


class UnreadableSource(SourceError):
    """The source is damaged, protected, or not what its name says."""


class UnsupportedFormat(SourceError):
    """No loader reads this kind of source."""

    def __init__(self, suffix: str, *, known_formats: Iterable[str]) -> None:
        super().__init__(f"no loader for {suffix!r}; known: {', '.join(sorted(known_formats))}")
        self.suffix = suffix
