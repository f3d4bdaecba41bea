"""The roles of users, in a library from before there were admins too."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from qa.library.accounts.tokens import keep_token, tokens
from qa.library.sqlite.schema import VERSION
from qa.library.store import Library
from qa.library.users import find_user, keep_user


def test_editors_of_an_older_library_become_admins(tmp_path):
    folder = tmp_path / "library"
    with closing(Library.open(folder, create=True)) as library:
        keep_user(library, "ada", "reader", "hash")
        keep_user(library, "eve", "editor", "hash")
        for purpose in ("invitation", "program"):
            keep_token(library, purpose, purpose, "eve", "editor", label="", length=timedelta(1))
    database = sqlite3.connect(folder / "library.db")
    database.execute(f"PRAGMA user_version = {VERSION - 1}")
    database.close()
    with closing(Library.open(folder)) as library:
        assert find_user(library, "eve").role == "admin"
        assert find_user(library, "ada").role == "reader"
        assert [each.role for each in tokens(library, "invitation")] == ["admin"]
        # What a program may do is looked up by its user.
        assert [each.role for each in tokens(library, "program")] == ["editor"]
        keep_user(library, "bob", "editor", "hash")
    with closing(Library.open(folder)) as library:
        assert find_user(library, "bob").role == "editor"


def test_unknown_role_is_refused(tmp_path):
    with (
        closing(Library.open(tmp_path / "library", create=True)) as library,
        pytest.raises(ValueError, match="none of reader, editor, admin"),
    ):
        keep_user(library, "ada", "owner", "hash")
