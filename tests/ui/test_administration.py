"""Users, invitations, tokens and what answers, as they are changed while the server runs."""

import asyncio
from types import SimpleNamespace

import pytest

from qa.errors import ConfigError, TokenNotFound
from qa.library.accounts.preferences import audit_lines, preferences
from qa.library.accounts.tokens import tokens
from qa.library.store import Library
from qa.library.users import find_user, keep_user
from ui.administration import Administration
from ui.guard.access import Access, Who, hash_of

PASSWORD = "correct horse"
ADMIN = Who("eve", "admin")


@pytest.fixture
def administration(library_folder):
    """Over an empty library with one admin; there is no pipeline."""
    library = Library.open(library_folder, create=True)
    keep_user(library, "eve", "admin", hash_of(PASSWORD))
    yield Administration(SimpleNamespace(library=library, explain=str), Access(library))
    library.close()


def test_invited_becomes_the_user_once(administration):
    key = administration.invite("ada", "reader", ADMIN)
    assert administration.invited(key).name == "ada"
    assert administration.invited("another key") is None
    with pytest.raises(ValueError, match="at least 8 characters"):
        administration.accept(key, "short")
    assert administration.accept(key, PASSWORD) == Who("ada", "reader")
    with pytest.raises(ValueError, match="ask for another one"):
        administration.accept(key, PASSWORD)
    whats = [(line.who, line.what) for line in audit_lines(administration.service.library)]
    assert whats == [("ada", "accepted the invitation"), ("eve", "invited ada as reader")]


def test_second_invitation_ends_the_first(administration):
    first = administration.invite("ada", "reader", ADMIN)
    second = administration.invite("ada", "editor", ADMIN)
    assert administration.invited(first) is None
    assert administration.invited(second).role == "editor"


@pytest.mark.parametrize(
    ("name", "role", "words"),
    [("eve", "reader", "already"), ("a:b", "reader", "colon"), ("", "reader", "empty"),
     ("ada", "king", "'king' is none of")],
)  # fmt: skip
def test_invitation_that_cannot_be_is_explained(administration, name, role, words):
    with pytest.raises(ValueError, match=words):
        administration.invite(name, role, ADMIN)


def test_first_user_and_the_last_are_admins(administration, tmp_path):
    with pytest.raises(ValueError, match="the only admin"):
        administration.set_role("eve", "reader", ADMIN)
    with pytest.raises(ValueError, match="the only admin"):
        administration.remove("eve", ADMIN)
    empty = Library.open(tmp_path / "empty", create=True)
    first = Administration(SimpleNamespace(library=empty, explain=str), Access(empty))
    with pytest.raises(ValueError, match="first user is an admin"):
        first.invite("ada", "reader", Who("", "admin"))
    empty.close()


def test_removed_user_has_neither_session_nor_token(administration):
    library, access = administration.service.library, administration.access
    administration.accept(administration.invite("ada", "reader", ADMIN), PASSWORD)
    ada = Who("ada", "reader")
    session, token = access.begin(ada), administration.make_token(ada, "script", 3)
    assert access.by_session(session) == access.by_bearer(token, "192.0.2.1") == ada
    administration.remove("ada", ADMIN)
    assert access.by_session(session) is None
    assert access.by_bearer(token, "192.0.2.1") is None
    assert tokens(library, "program") == []


def test_token_has_the_role_that_its_user_has_now(administration):
    administration.accept(administration.invite("ada", "reader", ADMIN), PASSWORD)
    token = administration.make_token(Who("ada", "reader"), "script", 3)
    administration.set_role("ada", "editor", ADMIN)
    assert administration.access.by_bearer(token, "192.0.2.1") == Who("ada", "editor")


def test_token_is_ended_by_its_user_alone(administration):
    token = administration.make_token(ADMIN, "script", 3)
    (kept,) = tokens(administration.service.library, "program", name="eve")
    assert token not in str(kept)
    with pytest.raises(TokenNotFound, match="no token"):
        administration.end_token(Who("ada", "editor"), kept.id)
    administration.end_token(ADMIN, kept.id)
    assert administration.access.by_bearer(token, "192.0.2.1") is None


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_token_is_good_for_some_days(administration, days):
    with pytest.raises(ValueError, match=str(days)):
        administration.make_token(ADMIN, "script", days)


def test_session_elsewhere_is_ended(administration):
    here, there = (administration.access.begin(ADMIN) for _ in range(2))
    newest = administration.sessions(ADMIN)[0]
    administration.end_session(Who("ada", "editor"), newest.digest[:16])
    assert administration.access.by_session(there) == ADMIN
    administration.end_session(ADMIN, newest.digest[:16])
    assert administration.access.by_session(there) is None
    assert administration.access.by_session(here) == ADMIN


def test_own_password_is_changed_with_the_old_one(administration):
    def change(old, new):
        asyncio.run(administration.set_password(ADMIN, old, new, "192.0.2.1"))

    session = administration.access.begin(ADMIN)
    with pytest.raises(ValueError, match="old password is wrong"):
        change("a wrong one", "another horse")
    change(PASSWORD, "another horse")
    assert administration.access.by_password("eve", "another horse") == ADMIN
    assert administration.access.by_session(session) is None
    assert find_user(administration.service.library, "eve").role == "admin"


def test_what_answers_is_set_at_once_and_the_key_never_told(service, monkeypatch):
    monkeypatch.delenv("QA_READER")
    administration = Administration(service, Access(service.library))
    given = {
        "QA_CHAT": "openai:a-model",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_API_KEY": "sk-secret",
    }
    administration.set_answering({**given, "QA_READER": "sentence"}, ADMIN)
    assert service.pipeline.parts.names["chat"] == "openai:a-model"
    told = administration.answering()
    assert told["OPENAI_API_KEY"]["value"] is True
    assert "sk-secret" not in str(told)
    assert "sk-secret" not in str(audit_lines(service.library))
    assert "cannot be reached; check the address" in administration.try_model()
    # A key goes to no other address.
    administration.set_answering({"OPENAI_BASE_URL": "http://127.0.0.2:9/v1"}, ADMIN)
    assert "OPENAI_API_KEY" not in preferences(service.library)
    administration.set_answering({"QA_CHAT": ""}, ADMIN)
    assert service.pipeline.parts.names["composer"] == "extract"
    assert "no chat model" in administration.try_model()


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [({"QA_HITS": "many"}, ConfigError, "QA_HITS is 'many'"),
     ({"QA_CHAT": "nonsense"}, ConfigError, "nonsense"),
     ({"QA_TOKEN": "x"}, ValueError, "'QA_TOKEN' is no setting"),
     ({"QA_READER": "span"}, ValueError, "set by the environment")],
)  # fmt: skip
def test_setting_that_cannot_be_changes_nothing(service, changes, kind, words):
    administration = Administration(service, Access(service.library))
    before = service.pipeline.parts.names
    with pytest.raises(kind, match=words):
        administration.set_answering(changes, ADMIN)
    assert preferences(service.library) == {}
    assert service.pipeline.parts.names == before
    assert audit_lines(service.library) == []
