"""Who gets in, as what, and for how long."""

import pytest

from qa.users import keep_user, remove_user
from ui.access import Access, Who, hash_of

TOKEN, PASSWORD = "a token of some length", "correct horse"


@pytest.fixture
def access(make_library):
    return Access(make_library().library, TOKEN)


def add(access, name, role="reader", password=PASSWORD):
    keep_user(access.library, name, role, hash_of(password))


def test_door_is_open_until_there_is_a_token_or_a_user(make_library):
    access = Access(make_library().library)
    assert not access.closed()
    add(access, "ada")
    assert access.closed()
    assert Access(access.library, TOKEN).closed()


def test_password_is_kept_as_argon2_hash_only():
    assert hash_of(PASSWORD).startswith("$argon2id$")
    assert hash_of(PASSWORD) != hash_of(PASSWORD)


def test_short_password_is_refused():
    with pytest.raises(ValueError, match="at least 8"):
        hash_of("short")


def test_right_password_opens_and_a_wrong_one_does_not(access):
    add(access, "ada", "editor")
    assert access.by_password("ada", PASSWORD) == Who("ada", "editor")
    assert access.by_password("ada", PASSWORD + "x") is None
    assert access.by_password("nobody", PASSWORD) is None


def test_token_opens_without_a_name(access):
    assert access.by_password("", TOKEN) == Who("", "editor")
    assert access.by_token("other") is None


def test_no_token_is_never_right(make_library):
    assert Access(make_library().library).by_token("") is None


def test_session_ends_with_a_new_password_with_the_user_and_at_logging_out(access):
    add(access, "ada")
    keys = [access.begin(access.by_password("ada", PASSWORD)) for _ in range(2)]
    assert keys[0] != keys[1]
    assert access.by_session(keys[0]).name == "ada"
    access.end(keys[0])
    assert access.by_session(keys[0]) is None
    add(access, "ada", password="another one")
    assert access.by_session(keys[1]) is None
    key = access.begin(access.by_password("ada", "another one"))
    remove_user(access.library, "ada")
    assert access.by_session(key) is None


def test_session_ends_by_itself(access, monkeypatch):
    key = access.begin(Who("", "editor"))
    monkeypatch.setattr("ui.access.time.monotonic", lambda: 10**9)
    assert access.by_session(key) is None
