"""Opens the database of a library and its index of words, or makes its tables."""

from contextlib import suppress
from pathlib import Path

from qa.errors import LibraryError, LibraryTooNew
from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.lexical_index import PostgresWords
from qa.library.postgres.replica import ReplicatedDatabase
from qa.library.postgres.schema import VERSION, migrate, schema_version
from qa.runtime.location import local_folder
from qa.runtime.permissions import make_private_folder

__all__ = ["open_postgres", "read_stored_preferences"]


def open_postgres(
    location: Path | str, *, create: bool, replica: str = ""
) -> tuple[PostgresDatabase, PostgresWords]:
    """What a database has, read from its ``replica`` where one is given. Raises LibraryError where
    there is no library in it, unless ``create``, and where it cannot be reached; ConfigError for a
    replica of another one.
    """
    url = str(location)
    database = ReplicatedDatabase(url, replica) if replica else PostgresDatabase(url)
    try:
        _prepare(database, create=create)
        if isinstance(database, ReplicatedDatabase):
            database.check_replica()
    except BaseException:
        database.close()
        raise
    # For what this machine keeps for itself; where it may not, it keeps nothing.
    with suppress(OSError):
        make_private_folder(local_folder(location))
    return database, PostgresWords(database)


def read_stored_preferences(url: str) -> dict[str, str]:
    """What is set in a library that is not open; nothing where there is none, or it cannot be
    reached, as whoever opens it says.
    """
    database = PostgresDatabase(url)
    try:
        with database.connection() as connection:
            if not schema_version(connection):
                return {}
            return dict(connection.execute("SELECT name, value FROM preferences").fetchall())
    except LibraryError:
        return {}
    finally:
        database.close()


def _prepare(database: PostgresDatabase, *, create: bool) -> None:
    """Make the tables, or bring them to this version."""
    with database.connection() as connection:
        version = schema_version(connection)
    if not version and not create:
        raise LibraryError(
            f"no library in {database.location}; make one with `article-qa ingest PATH --library "
            f"{database.location}`"
        )
    if version > VERSION:
        raise LibraryTooNew(database.location, version, VERSION)
    if version < VERSION:
        with database.transaction() as connection:
            migrate(connection, database.location)
