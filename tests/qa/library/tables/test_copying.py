"""A library is copied whole between folder and database, or not at all."""

import pytest

from qa.errors import LibraryError
from qa.library.conversations import begin, conversations
from qa.library.feedback import kept_feedback
from qa.library.store import Library
from qa.library.tables.copying import copy_tables
from qa.library.users import keep_user, users
from qa.library.writer import open_writer


@pytest.fixture
def original(make_library, ferry, bridge, tmp_path):
    """A library folder with a bit of everything."""
    library = make_library(ferry, bridge, folder=tmp_path / "original").library
    begin(library, "Who sank?", owner="ilse")
    keep_user(library, "ilse", "reader", "hash")
    return library


@pytest.fixture
def database(database_url):
    opened = Library.open(database_url, create=True)
    yield opened
    opened.close()


def contents(library):
    return (
        [library.article(each.id) for each in library.summaries()],
        conversations(library, owner="ilse"),
        users(library),
        kept_feedback(library),
    )


def test_copy_holds_what_the_original_does_and_awaits_its_indexes(original, database):
    counts = copy_tables(original.database, database.database)
    assert contents(database) == contents(original)
    assert (counts["articles"], counts["users"]) == (2, 1)
    passages = database.counts()["passages"]
    assert passages == original.counts()["passages"]
    assert (database.counts()["pending"], database.counts()["pending words"]) == (passages,) * 2


def test_there_and_back_again_is_the_same(original, database, tmp_path):
    copy_tables(original.database, database.database)
    back = Library.open(tmp_path / "back", create=True)
    copy_tables(database.database, back.database)
    assert contents(back) == contents(original)
    back.close()


def test_what_is_added_to_a_copy_gets_numbers_of_its_own(original, database, store, orchard):
    copy_tables(original.database, database.database)
    with open_writer(database) as writer:
        from qa.library.drafts import Draft

        assert writer.put([Draft(orchard, ())]) == ["added"]
    assert database.counts()["articles"] == 3


def test_target_that_holds_something_is_left_alone(original, database):
    keep_user(database, "otto", "reader", "hash")
    with pytest.raises(LibraryError, match="not empty"):
        copy_tables(original.database, database.database)
    assert database.counts()["articles"] == 0


def test_difference_is_found_and_nothing_kept(original, database):
    with database.connection() as connection:
        # A target that changes what it is given.
        connection.execute(
            """CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN NEW.title := NEW.title || '!'; RETURN NEW; END $$"""
        )
        connection.execute(
            "CREATE TRIGGER spoil BEFORE INSERT ON articles FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
    with pytest.raises(LibraryError, match="articles in postgresql"):
        copy_tables(original.database, database.database)
    assert database.counts()["articles"] == 0
