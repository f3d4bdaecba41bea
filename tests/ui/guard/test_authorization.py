"""Who may do what: every route and every function of the screen, for everybody who may come.

``python tests/ui/guard/test_authorization.py`` prints the tables as Markdown.
"""

import json
import re
import sys
from pathlib import Path

import pytest

from ingest import ingest
from qa.build import open_library
from qa.library.conversations import begin, keep
from qa.library.users import keep_user
from qa.records.answer import Answer
from tests.ui.person import PASSWORD, TOKEN, Person
from tests.warm_process import start
from ui.evaluations import DEMONSTRATION
from ui.guard.access import hash_of

PEOPLE = ("nobody", "reader", "editor", "admin", "token")
# Whom each kind of route or function is for.
MAY = {
    "everybody": {"nobody", "reader", "editor", "admin", "token"},
    "whoever is logged in": {"reader", "editor", "admin", "token"},
    "editors": {"editor", "admin", "token"},
    "admins": {"admin", "token"},
    "nobody": set(),
}

ROUTES = {
    "GET /login": "everybody",
    "POST /login": "everybody",
    "GET /static-ui/{path}": "everybody",
    "GET /api/health": "everybody",
    "GET /api/ready": "everybody",
    "GET /invite/{key}": "everybody",
    "POST /invite/{key}": "everybody",
    "POST /logout": "whoever is logged in",
    "GET /openapi.json": "whoever is logged in",
    "GET /docs": "whoever is logged in",
    "GET /bundle/{name}": "whoever is logged in",
    "GET /article": "whoever is logged in",
    "GET /story": "whoever is logged in",
    "GET /api/stories/{article_id:path}": "whoever is logged in",
    "GET /runs/{name}.html": "whoever is logged in",
    "GET /runs/{name}.json": "whoever is logged in",
    "GET /api/me": "whoever is logged in",
    "POST /api/ask": "whoever is logged in",
    "GET /api/articles": "whoever is logged in",
    "GET /api/articles.csv": "whoever is logged in",
    "GET /api/articles/{article_id:path}": "whoever is logged in",
    "POST /api/feedback": "whoever is logged in",
    "GET /a/{article_id:path}": "whoever is logged in",
    "GET /c/{conversation}": "whoever is logged in",
    "GET /conversations": "whoever is logged in",
    "GET /digest": "whoever is logged in",
    "POST /digest": "whoever is logged in",
    "GET /digest.atom": "whoever is logged in",
    "GET /api/questions": "whoever is logged in",
    "POST /api/questions": "whoever is logged in",
    "POST /api/questions/ask": "whoever is logged in",
    "GET /api/questions/{question}": "whoever is logged in",
    "DELETE /api/questions/{question}": "whoever is logged in",
    "GET /library": "whoever is logged in",
    "GET /library/articles": "whoever is logged in",
    "GET /evaluate": "whoever is logged in",
    "GET /collections": "whoever is logged in",
    "GET /api/collections": "whoever is logged in",
    "GET /api/conversations": "whoever is logged in",
    "PATCH /api/conversations/{conversation}": "whoever is logged in",
    "DELETE /api/conversations/{conversation}": "whoever is logged in",
    "GET /api/conversations/{conversation}/export": "whoever is logged in",
    "GET /settings": "whoever is logged in",
    "PUT /api/me/password": "whoever is logged in",
    "GET /api/tokens": "whoever is logged in",
    "POST /api/tokens": "whoever is logged in",
    "DELETE /api/tokens/{token}": "whoever is logged in",
    "GET /api/sessions": "whoever is logged in",
    "DELETE /api/sessions/{session}": "whoever is logged in",
    "GET /api/gold": "whoever is logged in",
    "GET /gold": "editors",
    "GET /api/gold/drafts": "editors",
    "DELETE /api/gold/drafts/{question}": "editors",
    "GET /api/gold/reviewed": "editors",
    "PUT /api/gold/reviewed/{question}": "editors",
    "DELETE /api/gold/reviewed/{question}": "editors",
    "GET /api/runs": "whoever is logged in",
    "GET /api/runs/{name}": "whoever is logged in",
    "GET /api/runs/{name}/comparison": "whoever is logged in",
    "GET /api/versions/{article_id:path}": "whoever is logged in",
    "GET /schemas/answer.json": "whoever is logged in",
    "GET /v1/models": "whoever is logged in",
    "GET /v1/models/{model}": "whoever is logged in",
    # Told that there is nothing.
    "GET /v1/{other:path}": "whoever is logged in",
    "POST /v1/chat/completions": "whoever is logged in",
    "GET /mcp": "whoever is logged in",
    "POST /mcp": "whoever is logged in",
    "DELETE /mcp": "whoever is logged in",
    "POST /api/articles": "editors",
    "POST /api/articles/files": "editors",
    "POST /api/articles/edit": "editors",
    "POST /api/articles/erase": "editors",
    "POST /api/articles/remove": "editors",
    "PATCH /api/articles/{article_id:path}": "editors",
    "DELETE /api/articles/{article_id:path}": "editors",
    "POST /v1/{other:path}": "editors",
    "DELETE /v1/{other:path}": "editors",
    "POST /api/runs": "editors",
    "GET /api/settings": "admins",
    "PATCH /api/settings": "admins",
    "POST /api/settings/test": "admins",
    "GET /api/audit": "admins",
    "GET /api/users": "admins",
    "POST /api/users": "admins",
    "PATCH /api/users/{name}": "admins",
    "DELETE /api/users/{name}": "admins",
    "GET /api/feedback": "editors",
    "PUT /api/collections/{name}": "editors",
    "POST /api/collections": "editors",
    "PATCH /api/collections/{name}": "editors",
    "DELETE /api/collections/{name}": "editors",
    "POST /api/collections/{name}/articles": "editors",
    "POST /api/collections/{name}/remove": "editors",
    "PUT /api/users/{name}/collections": "admins",
    # How much is asked is not for everybody to know.
    "GET /metrics": "editors",
    # The address of a feed may be a secret.
    "GET /api/sources": "editors",
    "POST /api/sources": "editors",
    "PATCH /api/sources": "editors",
    "DELETE /api/sources": "editors",
}

SCREEN_ROUTES = {
    "GET /": "whoever is logged in",
    "GET /config": "whoever is logged in",
    "GET /config/": "whoever is logged in",
    "GET /theme.css": "whoever is logged in",
    "GET /favicon.ico": "whoever is logged in",
    "GET /manifest.json": "whoever is logged in",
    "GET /robots.txt": "whoever is logged in",
    "GET /static/{path:path}": "whoever is logged in",
    "GET /assets/{path:path}": "whoever is logged in",
    "GET /gradio_api/info": "whoever is logged in",
    "GET /gradio_api/info/": "whoever is logged in",
    "GET /gradio_api/openapi.json": "whoever is logged in",
    "GET /gradio_api/startup-events": "whoever is logged in",
    "GET /gradio_api/heartbeat/{session_hash}": "whoever is logged in",
    "GET /gradio_api/queue/data": "whoever is logged in",
    "GET /gradio_api/queue/status": "whoever is logged in",
    "GET /gradio_api/upload_progress": "whoever is logged in",
    "GET /gradio_api/call/{api_name}/{event_id}": "whoever is logged in",
    "GET /gradio_api/call/v2/{api_name}/{event_id}": "whoever is logged in",
    "POST /gradio_api/queue/join": "whoever is logged in",
    "POST /gradio_api/run/{api_name}": "whoever is logged in",
    "POST /gradio_api/run/{api_name}/": "whoever is logged in",
    "POST /gradio_api/api/{api_name}": "whoever is logged in",
    "POST /gradio_api/api/{api_name}/": "whoever is logged in",
    "POST /gradio_api/call/{api_name}": "whoever is logged in",
    "POST /gradio_api/call/{api_name}/": "whoever is logged in",
    "POST /gradio_api/call/v2/{api_name}": "whoever is logged in",
    "POST /gradio_api/call/v2/{api_name}/": "whoever is logged in",
    "POST /gradio_api/cancel": "whoever is logged in",
    "POST /gradio_api/reset": "whoever is logged in",
    "POST /gradio_api/reset/": "whoever is logged in",
    "POST /gradio_api/upload": "editors",
    # What the page needs not is shut: each has served files, addresses or secrets at some time.
    "GET /gradio_api/file={path_or_url:path}": "nobody",
    "GET /gradio_api/file/{path:path}": "nobody",
    "GET /gradio_api/proxy={url_path:path}": "nobody",
    "GET /gradio_api/token": "nobody",
    "GET /gradio_api/token/": "nobody",
    "GET /gradio_api/user": "nobody",
    "GET /gradio_api/user/": "nobody",
    "GET /gradio_api/app_id": "nobody",
    "GET /gradio_api/app_id/": "nobody",
    "GET /gradio_api/login_check": "nobody",
    "GET /gradio_api/login_check/": "nobody",
    "GET /gradio_api/dev/reload": "nobody",
    "GET /gradio_api/deep_link": "nobody",
    "GET /gradio_api/theme.css": "nobody",
    "GET /gradio_api/runs": "nobody",
    "GET /gradio_api/runs/": "nobody",
    "GET /gradio_api/custom_component/{id}/{environment}/{type}/{file_name}": "nobody",
    "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file": "nobody",
    "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8": "nobody",
    "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}": "nobody",
    "POST /gradio_api/stream/{event_id}": "nobody",
    "POST /gradio_api/stream/{event_id}/close": "nobody",
    "POST /gradio_api/component_server": "nobody",
    "POST /gradio_api/component_server/": "nobody",
    "POST /gradio_api/process_recording": "nobody",
    "GET /gradio_api/vibe-code": "nobody",
    "GET /gradio_api/vibe-code/": "nobody",
    "POST /gradio_api/vibe-code": "nobody",
    "POST /gradio_api/vibe-code/": "nobody",
    "POST /gradio_api/vibe-edit": "nobody",
    "POST /gradio_api/vibe-edit/": "nobody",
    "POST /gradio_api/undo-vibe-edit": "nobody",
    "POST /gradio_api/undo-vibe-edit/": "nobody",
    "POST /gradio_api/vibe-starter-queries": "nobody",
    "POST /gradio_api/vibe-starter-queries/": "nobody",
    "GET /monitoring": "nobody",
    "GET /monitoring/summary": "nobody",
    "GET /monitoring/{key}": "nobody",
    "GET /pwa_icon": "nobody",
    "GET /pwa_icon/{size}": "nobody",
    "GET /svelte/{path:path}": "nobody",
    # Ours come before these.
    "GET /logout": "nobody",
    "POST /login/": "nobody",
}
# Served by what comes first at the same address.
SHADOWED = {"GET /openapi.json", "POST /login"}

# The functions of the screen, by the name in /config without its number; "page" does nothing but
# change what the page itself shows, "own" concerns the conversations of whoever calls it.
FUNCTIONS = {
    "counted": "reads",
    "demo_in": "editors",
    "files_in": "editors",
    "dropped": "editors",
    "fetched": "editors",
    "repaired": "editors",
    "measured": "editors",
    "cancelled": "editors",
    "ask": "asks",
    "answer": "own",
    "open_page": "own",
    "examined": "reads",
    "filled": "reads",
    "known": "reads",
    "opened": "reads",
    "show_sources": "reads",
    "shown": "reads",
    "js_fn": "page",
    "lambda": "page",
    "stopped": "page",
    "unnamed": "page",
    "weighed": "reads",
}


def markdown():
    """The tables, for a document on security."""
    lines = []
    for title, table in (("Routes", ROUTES), ("Routes of the screen", SCREEN_ROUTES)):
        lines += [
            f"### {title}",
            "",
            f"| Route | {' | '.join(PEOPLE)} |",
            "|---|---|---|---|---|---|",
        ]
        for route, kind in table.items():
            cells = ("yes" if who in MAY[kind] else "no" for who in PEOPLE)
            lines.append(f"| `{route}` | {' | '.join(cells)} |")
        lines.append("")
    lines += ["### Functions of the screen", "", "| Function | Concerns |", "|---|---|"]
    lines += [f"| `{name}` | {kind} |" for name, kind in FUNCTIONS.items()]
    return "\n".join(lines) + "\n"


class Recorded:
    """A server that tells its routes, everybody who may come, and what would have been written."""

    def __init__(self, told, record):
        self.own, self.screen = set(told["own"]), set(told["screen"])
        address = f"http://127.0.0.1:{told['port']}"
        self.people = {
            "nobody": Person(address),
            "reader": Person(address, name="reader"),
            "editor": Person(address, name="editor"),
            "admin": Person(address, name="admin"),
            "token": Person(address, token=TOKEN),
        }
        self.record = record

    def written(self):
        """The methods that were called since it was asked last."""
        names = self.record.read_text().split()
        self.record.write_text("")
        return names


@pytest.fixture(scope="module")
def served(tmp_path_factory, ferry):
    folder = tmp_path_factory.mktemp("authorization")
    ingested = folder / "ferry.jsonl"
    ingested.write_text(json.dumps({"id": "ferry", "text": ferry.text, "title": ferry.title}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_EMBEDDER", "hashing")
        ingest([ingested], library=folder / "library")
    with open_library(folder / "library") as library:
        for name in ("reader", "editor", "admin"):
            keep_user(library, name, name, hash_of(PASSWORD))
    (folder / "record").touch()
    code = "import runpy; runpy.run_module('tests.ui.recorded', run_name='__main__')"
    process = start(
        code, folder / "library", TOKEN, folder / "record",
        QA_EMBEDDER="hashing", QA_READER="sentence",
    )  # fmt: skip
    recorded = Recorded(json.loads(process.stdout.readline()), folder / "record")
    recorded.library = folder / "library"
    yield recorded
    for each in recorded.people.values():
        each.http.close()
    process.terminate()
    process.communicate(timeout=60)


@pytest.fixture
def people(served):
    return served.people


def admitted(client, route):
    """Whether the route does its work for them, whatever it thinks of what is asked."""
    method, path = route.split(" ", 1)
    path = path.replace("{session_hash}", f"{id(client)}")
    path = path.replace("{api_name}", "ask")
    path = re.sub(r"\{[^}]*\}", "1", path)
    with client.http.stream(method, path, params={"session_hash": f"{id(client)}"}) as reply:
        if reply.status_code in (401, 403):
            return False
        if reply.status_code == 405:
            # MCP without sessions says so itself; what others do not take, they do no work for.
            return path == "/mcp"
        return not (reply.status_code == 404 and "nothing at this address" in reply.read().decode())


def test_every_route_is_in_the_table(served):
    assert served.own == set(ROUTES)
    assert served.screen - SHADOWED == set(SCREEN_ROUTES)


def test_routes_admit_whom_the_table_says(people):
    wrong = []
    for route, kind in {**ROUTES, **SCREEN_ROUTES}.items():
        if route == "POST /logout":
            continue
        for who, client in people.items():
            if admitted(client, route) != (who in MAY[kind]):
                wrong.append((route, who, "admitted" if who not in MAY[kind] else "refused"))
    assert wrong == []
    assert not admitted(people["nobody"], "POST /logout")
    assert admitted(people["token"], "POST /logout")


def data_for(function, components):
    """Something for each input of a function, none of it a file."""
    given = {
        "textbox": "https://a.example/x",
        "slider": 5,
        "api": "How many sailors died?",
    }
    kinds = [components[each]["type"] for each in function["inputs"]]
    return [given.get(kind) for kind in kinds]


def test_every_function_is_in_the_table_and_changes_what_the_table_says(served):
    changed = {}
    for who in ("reader", "editor", "admin", "token"):
        client = served.people[who]
        config = client.http.get("/config").json()
        components = {each["id"]: each for each in config["components"]}
        names = {re.sub(r"_\d+$", "", each["api_name"]) for each in config["dependencies"]}
        assert names == set(FUNCTIONS)
        filled = client.index_of("filled")
        for function in config["dependencies"]:
            name = re.sub(r"_\d+$", "", function["api_name"])
            if FUNCTIONS[name] != "editors" and who not in ("reader", "editor"):
                # What changes nothing for an editor is asked no further.
                continue
            data = data_for(function, components)
            if name == "measured":
                # The gold to choose from is told to a session before it can be chosen.
                client.call(filled, [None, None], session=f"{function['id']}")
                data = [DEMONSTRATION, None, 5, "sentence", "extract"]
            if name in ("files_in", "dropped") and who != "reader":
                data = [[{"path": client.upload("a.txt", b"Words."),
                          "meta": {"_type": "gradio.FileData"}}]]  # fmt: skip
            served.written()
            if not function.get("cancels"):
                client.call(function["id"], data, session=f"{function['id']}")
            changed[who, function["api_name"]] = bool(served.written())
    wrong = [
        (who, name)
        for (who, name), wrote in changed.items()
        if wrote != (FUNCTIONS[re.sub(r"_\d+$", "", name)] == "editors" and who != "reader")
    ]
    assert wrong == []


def test_conversations_are_their_owners(served, people):
    asked = people["editor"].http.post("/api/ask", json={"question": "How many sailors died?"})
    with open_library(served.library) as library:
        talk = begin(library, "Sailors", owner="editor")
        keep(library, talk.id, Answer.from_json(asked.text), owner="editor")
    kept = f"/api/conversations/{talk.id}"
    export = f"{kept}/export"
    verdict = {"conversation": talk.id, "number": 1, "verdict": "right"}
    assert people["editor"].http.get(export).status_code == 200
    for who in ("reader", "token"):
        other = people[who]
        assert other.http.get("/api/conversations").json() == []
        assert talk.id not in other.http.get("/conversations").text
        assert other.http.patch(kept, json={"title": "Mine"}).status_code == 404
        assert other.http.delete(kept).status_code == 404
        for form in ("markdown", "text", "json", "csv"):
            assert other.http.get(export, params={"form": form}).status_code == 404
        assert other.http.post("/api/feedback", json=verdict).status_code == 404
        given = f'{{"talk": "{talk.id}"}}'
        said = other.call(other.index_of("open_page"), [given], session="open_page")
        assert "Sailors" not in said
        assert "sailors died" not in said
        # Whoever was given its address reads it, and can do nothing else.
        page = other.http.get(f"/c/{talk.id}").text
        assert "sailors died" in page
        assert "<button" not in page
    assert people["editor"].http.post("/api/feedback", json=verdict).status_code == 204


@pytest.mark.parametrize("index", [9999, -1, "x", "1", 1.5, True, [], {}])
def test_function_that_is_none_is_not_there(people, index):
    reader = people["reader"]
    assert reader.join(index, []).status_code == 404
    for path in ("run/nonsense", "api/nonsense", "call/nonsense", "call/v2/nonsense"):
        for call in ({"data": []}, {"data": [], "fn_index": index}):
            reply = reader.http.post(f"/gradio_api/{path}", json=call)
            assert reply.status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/login/x", "/loginx", "/api/healthy", "/api/health/../me", "/static-ui/../config",
     "/static-ui/%2e%2e/server.py"],
)  # fmt: skip
def test_what_only_looks_like_an_open_address_is_none(people, path):
    reply = people["nobody"].http.get(path)
    assert reply.status_code in (401, 403, 404), reply.text
    assert "components" not in reply.text


def test_page_of_the_documentation_holds_the_tables():
    page = Path(__file__).resolve().parents[3] / "docs" / "authorization.md"
    assert page.read_text("utf-8").endswith(markdown())


if __name__ == "__main__":
    sys.stdout.write(markdown())
