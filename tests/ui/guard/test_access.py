"""Who gets in, as what, and for how long."""

import asyncio
import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from qa.errors import TooManyAttempts, Unavailable
from qa.library.users import keep_user, remove_user
from ui.guard.access import Access, Who, hash_of

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
    assert access.by_password("", TOKEN) == Who("", "admin")
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
    monkeypatch.setattr("ui.guard.access._SESSION", timedelta(0))
    assert access.by_session(access.begin(Who("", "admin"))) is None


def test_session_survives_a_restart(access):
    add(access, "ada")
    keys = [access.begin(who) for who in (Who("ada", "reader"), Who("", "admin"))]
    again = Access(access.library, access.token)
    assert [again.by_session(key).name for key in keys] == ["ada", ""]
    # With another token, who came with the old one has to come again.
    assert Access(access.library, "another token").by_session(keys[1]) is None


def test_key_of_a_session_is_not_kept(access):
    key = access.begin(Who("", "admin"))
    with access.library.connection() as database:
        (row,) = database.execute("SELECT * FROM sessions").fetchall()
    assert key not in row


def test_proxy_names_users_and_readers(access):
    add(access, "ada")
    keep_user(access.library, "eve", "editor", hash_of(PASSWORD))
    assert access.by_proxy("ada") is None
    proxied = Access(access.library, proxied=True)
    assert proxied.by_proxy("eve") == Who("eve", "editor")
    assert proxied.by_proxy("stranger") == Who("stranger", "reader")
    assert proxied.by_proxy("a:b") is None
    assert Access(access.library, proxied=True).closed()


def log_in(access, name, password, address="192.0.2.1"):
    try:
        return asyncio.run(access.log_in(name, password, address))
    except TooManyAttempts as error:
        return error.retry_after


def test_wrong_passwords_lock_out_nobody_but_who_typed_them(access):
    add(access, "ada")
    add(access, "bob")
    assert [log_in(access, "ada", "wrong") for _ in range(10)] == [None] * 10
    assert log_in(access, "ada", PASSWORD) > 0
    assert log_in(access, "bob", PASSWORD) == Who("bob", "reader")
    assert log_in(access, "ada", PASSWORD, "192.0.2.2") == Who("ada", "reader")


def test_names_that_nobody_has_are_locked_out_alike(access):
    add(access, "ada")
    tries = {name: [log_in(access, name, "wrong") for _ in range(11)] for name in ("ada", "eve")}
    assert tries["ada"][:10] == tries["eve"][:10]
    assert tries["ada"][10] > 0
    assert tries["eve"][10] > 0


def test_names_that_nobody_has_take_as_much_work(access, monkeypatch):
    add(access, "ada")
    verified = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, hash_, password: verified.append(hash_[:25]) or verify(self, hash_, password),
    )
    log_in(access, "ada", "wrong")
    log_in(access, "eve", "wrong")
    assert len(verified) == 2
    # The parameters of the hash are those of the work.
    assert verified[0] == verified[1]


def test_one_password_is_hashed_at_a_time_and_a_flood_is_refused(access, monkeypatch):
    running, most = [], []
    everybody_came = threading.Event()

    def verify(self, hash_, password):
        assert everybody_came.wait(100)
        running.append(1)
        most.append(len(running))
        running.pop()
        return True

    monkeypatch.setattr(PasswordHasher, "verify", verify)

    async def flood():
        tries = [
            asyncio.ensure_future(access.log_in(f"name {n}", "x", f"192.0.2.{n}"))
            for n in range(60)
        ]
        # Each goes as far as it can before the first password is looked at.
        for _ in range(100):
            await asyncio.sleep(0)
        everybody_came.set()
        return await asyncio.gather(*tries, return_exceptions=True)

    got = asyncio.run(flood())
    refused = [each for each in got if isinstance(each, Unavailable)]
    assert set(most) == {1}
    assert 0 < len(refused) < 60
    assert got.count(None) + len(refused) == 60


def test_token_cannot_be_guessed_at_will_from_one_address(access):
    guesses = []
    for number in range(12):
        try:
            guesses.append(access.by_bearer(f"guess {number}", "192.0.2.1"))
        except TooManyAttempts:
            guesses.append("locked")
    assert guesses == [None] * 10 + ["locked"] * 2
    assert access.by_bearer(TOKEN, "192.0.2.2") == Who("", "admin")
    # In the form it is the same token.
    assert log_in(access, "", TOKEN) > 0
