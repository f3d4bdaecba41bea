"""Settings and accounts as a browser and programs come to them."""

import pytest

from qa.library.users import keep_user
from ui.guard.access import hash_of

PASSWORD = "correct horse"


def test_server_is_closed_by_its_first_user(call):
    assert "Nobody has to log in yet" in call("GET", "/settings").text
    told = call("POST", "/api/users", json={"name": "eve", "role": "admin"}).json()
    address = told["invitation"].removeprefix("http://127.0.0.1:7860")
    assert "invited as <b>eve</b>" in call("GET", address).text
    assert "at least 8 characters" in call("POST", address, data={"password": "short"}).text
    entered = call("POST", address, data={"password": PASSWORD})
    assert entered.status_code == 303
    assert call("GET", "/api/me").status_code == 401
    assert call("GET", address).status_code == 404
    cookie = {"cookie": entered.headers["set-cookie"].partition(";")[0]}
    assert call("GET", "/api/me", headers=cookie).json()["name"] == "eve"
    page = call("GET", "/settings", headers=cookie).text
    assert "Make a token" in page
    assert "accepted the invitation" in page


def test_invitation_that_was_withdrawn_opens_nothing(call):
    told = call("POST", "/api/users", json={"name": "eve wright", "role": "admin"}).json()
    address = told["invitation"].removeprefix("http://127.0.0.1:7860")
    page = call("GET", "/settings").text
    assert 'data-method=DELETE data-path="api/users/eve%20wright"' in page
    assert "Withdraw the invitation of eve wright?" in page
    assert call("DELETE", "/api/users/eve%20wright").status_code == 204
    assert call("GET", address).status_code == 404
    assert "is invited as" not in call("GET", "/settings").text
    assert "withdrew the invitation of eve wright" in call("GET", "/settings").text
    assert call("DELETE", "/api/users/eve%20wright").status_code == 404


def test_changes_are_told_in_the_language_of_the_screen(call):
    call("POST", "/api/users", json={"name": "eve", "role": "admin"})
    german = {"accept-language": "de"}
    assert (
        "hat eve eingeladen (Rolle: Administrator)" in call("GET", "/settings", headers=german).text
    )
    assert call("GET", "/api/audit").json()[0]["what"] == "invited eve as admin"


def test_value_that_cannot_be_set_is_refused_and_changes_nothing(call):
    reply = call("PATCH", "/api/settings", json={"QA_HITS": "abc"})
    assert reply.status_code == 422
    assert "'abc'" in reply.json()["error"]
    assert call("GET", "/api/settings").json()["QA_HITS"]["value"] != "abc"


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("PATCH", "/api/users/bob", {"role": "reader"}),
        ("DELETE", "/api/users/bob", None),
        ("PUT", "/api/users/bob/collections", {"collections": []}),
        ("DELETE", "/api/tokens/bob", None),
    ],
)
def test_user_or_token_that_is_none_is_not_there(call, method, path, given):
    reply = call(method, path, json=given)
    assert (reply.status_code, "'bob'" in reply.json()["error"]) == (404, True)


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_who_is_no_admin_has_tokens_and_a_password_and_no_settings(call, app, service, role):
    for name in ("ada", "eve"):
        keep_user(service.library, name, role if name == "ada" else "admin", hash_of(PASSWORD))
    cookie = {"cookie": f"article_qa={app.access.begin(app.access.by_password('ada', PASSWORD))}"}
    token = call("POST", "/api/tokens", headers=cookie, json={"days": 3}).json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    assert call("GET", "/api/me", headers=bearer).json()["role"] == role
    page = call("GET", "/settings", headers=cookie).text
    assert "Change the password" in page
    assert "What answers" not in page
    for method, path, body in (
        ("GET", "/api/settings", None), ("PATCH", "/api/settings", {"QA_HITS": "3"}),
        ("POST", "/api/settings/test", None), ("GET", "/api/users", None),
        ("POST", "/api/users", {"name": "x"}), ("PATCH", "/api/users/ada", {"role": "editor"}),
        ("DELETE", "/api/users/eve", None), ("GET", "/api/audit", None),
    ):  # fmt: skip
        reply = call(method, path, headers=cookie, json=body)
        assert (reply.status_code, list(reply.json())) == (403, ["error"]), path
    given = {"old": PASSWORD, "new": "another horse"}
    assert call("PUT", "/api/me/password", headers=cookie, json=given).status_code == 204
    assert call("GET", "/api/me", headers=cookie).status_code == 401
