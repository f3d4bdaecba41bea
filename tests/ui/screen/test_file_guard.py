"""Nobody reads a file of the server through the screen, and nobody another's uploads."""

import http.server
import re
import stat
import threading

import httpx2
import pytest

from qa.library.store import Library
from qa.library.users import keep_user
from tests.serving import servers
from tests.ui.person import PASSWORD, TOKEN, Person, file_at
from ui.guard.access import hash_of

SECRET = "the-secret-of-the-server"
LAKE = b"The lake of Quillmere froze in January 1929. Skaters crossed it for eleven days."
ROUTES = {
    "queue": "/gradio_api/queue/join",
    "run": "/gradio_api/run/{name}",
    "run, slash": "/gradio_api/run/{name}/",
    "api": "/gradio_api/api/{name}",
    "api, slash": "/gradio_api/api/{name}/",
    "call": "/gradio_api/call/{name}",
    "call, slash": "/gradio_api/call/{name}/",
    "call v2": "/gradio_api/call/v2/{name}",
}
PEOPLE = ("reader", "editor", "token")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a library of its own, a secret beside it, and room for temporary files."""
    folder = tmp_path_factory.mktemp("guarded")
    library = Library.open(folder / "library", create=True)
    for name, role in (("reader", "reader"), ("editor", "editor"), ("other", "editor")):
        keep_user(library, name, role, hash_of(PASSWORD))
    library.close()
    (folder / "temporary").mkdir()
    (folder / "secret.txt").write_text(SECRET)
    (folder / "link.txt").symlink_to(folder / "secret.txt")
    # What a server that was killed left behind.
    left = folder / "library" / "uploads" / "tmpleft" / "someone"
    left.mkdir(parents=True)
    (left / "old.txt").write_text("old")
    return folder


@pytest.fixture(scope="module")
def address(place):
    environment = {
        "QA_EMBEDDER": "hashing",
        "QA_READER": "sentence",
        "QA_TOKEN": TOKEN,
        "QA_RATE": "0",
        "TMPDIR": str(place / "temporary"),
    }
    with servers() as serve:
        yield serve(place / "library", **environment)


@pytest.fixture(scope="module")
def person(address):
    """``person(name)`` is logged in, ``person("token")`` sends it."""
    known = {}

    def get(name):
        given = {"token": TOKEN} if name == "token" else {"name": name}
        if name not in known:
            known[name] = Person(address, **given)
        return known[name]

    yield get
    for each in known.values():
        each.http.close()


def copies(place):
    """Every file that holds the secret, but the secret itself."""
    return [
        path
        for folder in ("library", "temporary")
        for path in (place / folder).rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def uploaded(place):
    """The files that lie in the folder for uploads now."""
    return [path for path in (place / "library" / "uploads").rglob("*") if path.is_file()]


def shapes(payload):
    """The ways to put a file into the data of a function with some inputs."""
    return {
        "plain": lambda inputs: [payload] * inputs,
        "list": lambda inputs: [[payload]] * inputs,
        "deep": lambda inputs: [{"a": [{"b": {"value": payload}}]}] * inputs,
    }


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("route", ROUTES)
def test_every_function_refuses_every_file_of_the_server(person, place, who, route):
    client = person(who)
    taken = []
    for function in client.functions():
        tried = shapes(file_at(place / "secret.txt"))
        # The check is the same for all routes; here it is that each has it.
        for shape in tried if route == "queue" else ("plain",):
            data = tried[shape](max(1, len(function["inputs"])))
            call = {"data": data, "session_hash": who + route}
            if route == "call v2":
                call = {f"param_{number}": each for number, each in enumerate(data)}
            elif not route.startswith("call"):
                call["fn_index"] = function["id"]
            reply = client.http.post(ROUTES[route].format(name=function["api_name"]), json=call)
            if reply.status_code not in (403, 404):
                taken.append((function["api_name"], shape, reply.status_code))
            assert SECRET not in reply.text
    assert taken == []
    assert copies(place) == []


def named_otherwise(place):
    """The secret, by every name that Gradio has taken for one, now or in an earlier version."""
    path = str(place / "secret.txt")
    meta = {"meta": {"_type": "gradio.FileData"}}
    return {
        "absolute": file_at(path),
        "without meta": {"path": path},
        "other meta": {"path": path, "meta": {"_type": "gradio.Other"}},
        "environment": file_at("/proc/self/environ"),
        "file address": file_at(f"file://{path}"),
        "in url": {"url": f"file://{path}", **meta},
        "path and url": file_at(path, url=f"/gradio_api/file={path}"),
        "upward": file_at(f"../../../../../../../../../..{path}"),
        "upward later": file_at(f"a/../../../../../../../../../../..{path}"),
        "link": file_at(place / "link.txt"),
        "percent": file_at(path.replace("/", "%2f")),
        "percent twice": file_at(path.replace("/", "%252f")),
        "dots": file_at(path.replace("/secret", "/./secret")),
        "double slash": file_at(f"/{path}"),
        "windows": file_at("C:\\Windows\\win.ini"),
        "backslash": file_at(path.replace("/", "\\")),
        "home": file_at("~/.bashrc"),
        "NUL": file_at(f"{path}\0.txt"),
        "empty": file_at(""),
        "own folder": file_at("."),
        "orig_name": file_at("x", orig_name=path),
        "stream": file_at(path, is_stream=True),
        "base64": {"name": "x.txt", "data": "data:text/plain;base64,eA==", **meta},
        "name": {"name": path, "orig_name": "x", "is_file": True, "data": None},
        "folder of all": file_at(place / "library" / "uploads"),
        "database": file_at(place / "library" / "library.db"),
        "a number": {"path": 1, **meta},
        "a list": {"path": [path], **meta},
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_no_other_name_leads_to_it_either(person, place, who):
    client = person(who)
    for name in ("files_in", "measured", "stopped", "ask"):
        index = client.index_of(name)
        inputs = next(len(f["inputs"]) for f in client.functions() if f["id"] == index)
        for label, payload in named_otherwise(place).items():
            for data in ([payload] * inputs, [[payload]] * inputs):
                reply = client.join(index, data, session=f"{name}{label}")
                assert reply.status_code == 403, (name, label, reply.text)
                assert SECRET not in reply.text
    assert copies(place) == []


@pytest.mark.parametrize("who", ["reader", "editor"])
def test_secret_is_not_read_in_two_steps(person, place, who):
    """As it was done: a function is given the file, and the copy that it names is fetched."""
    client = person(who)
    for function in client.functions():
        data = [file_at(place / "secret.txt")] * len(function["inputs"])
        call = {"fn_index": function["id"], "data": data}
        reply = client.http.post("/gradio_api/run/predict", json=call)
        assert SECRET not in client.read_any(reply.text), function["api_name"]


@pytest.mark.parametrize(
    "field", ["event_data", "session_hash", "trigger_id", "oauth_token", "simple_format", "other"]
)
def test_rest_of_a_call_holds_no_file_either(person, place, field):
    call = {"fn_index": 0, "data": [], "session_hash": "rest", field: file_at(place / "secret.txt")}
    assert person("editor").http.post(ROUTES["queue"], json=call).status_code == 403


def test_last_of_two_equal_names_is_what_is_checked_and_what_is_called(person, place):
    editor = person("editor")
    handle = editor.upload("twice.txt", b"The bell of Orrin is cracked.")
    one, other = f'"path": "{place}/secret.txt"', f'"path": "{handle}"'
    index = editor.index_of("files_in")
    meta = '"meta": {"_type": "gradio.FileData"}'
    for pair in (f"{other}, {one}", f"{one}, {other}"):
        body = f'{{"fn_index": {index}, "session_hash": "twice", "data": [[{{{pair}, {meta}}}]]}}'
        editor.http.post(ROUTES["queue"], content=body)
    assert copies(place) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"data": ' + b"9" * 9999],
)
def test_call_that_is_no_call_is_refused(person, body):
    for route in ROUTES.values():
        reply = person("reader").http.post(route.format(name="ask"), content=body)
        assert reply.status_code in (400, 422), (route, reply.text)


@pytest.mark.parametrize("who", PEOPLE)
def test_no_address_gives_a_file(person, place, who):
    secret = place / "secret.txt"
    others = [path for path in (place / "library").rglob("*") if path.is_file()][:5]
    for path in (secret, place / "link.txt", "/proc/self/environ", "/etc/passwd", *others):
        for prefix in ("/gradio_api/file=", "/file=", "/gradio_api/file/", "/static/", "/assets/",
                       "/gradio_api/proxy=file://", "/gradio_api/stream/", "/svelte/"):  # fmt: skip
            for written in (f"{path}", f"{path}".replace("/", "%2f"), f"../../../..{path}"):
                reply = person(who).http.get(f"{prefix}{written}")
                assert reply.status_code in (403, 404), (prefix, written)
                assert SECRET not in reply.text


@pytest.fixture
def inside():
    """An address inside the network of the server, and who came to it."""
    came = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *words):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{listening.server_port}", came
        listening.shutdown()


@pytest.mark.parametrize("who", PEOPLE)
def test_server_goes_to_no_address_for_a_file(person, place, inside, who):
    host, came = inside
    client = person(who)
    handle = client.upload("lake.txt", LAKE) if who != "reader" else "x"
    meta = {"meta": {"_type": "gradio.FileData"}}
    for url in (f"http://{host}/x", f"HTTP://{host}/x", f"//{host}/x", f"http://{host}/gradio_api/x",
                f"http://{host}/gradio_api/file={handle}", "http://169.254.169.254/latest",
                "https://evil.example/x", "ftp://evil.example/x"):  # fmt: skip
        for payload in (file_at(url), {"url": url, **meta}, file_at(handle, url=url)):
            for data in ([payload], [[payload]]):
                reply = client.join(client.index_of("files_in"), data)
                assert reply.status_code == 403, (url, payload)
        for prefix in ("/gradio_api/file=", "/gradio_api/proxy=", "/gradio_api/file/"):
            assert client.http.get(f"{prefix}{url}").status_code in (403, 404)
    assert came == []


@pytest.mark.parametrize("name", ["value", "load", "preprocess", "ls", "__class__"])
def test_components_have_no_functions_to_call(person, name):
    editor = person("editor")
    call = {
        "data": {"path": "/etc/passwd"},
        "component_id": 1,
        "session_hash": "s",
        "fn_name": name,
    }
    for path in ("/gradio_api/component_server", "/gradio_api/component_server/"):
        assert editor.http.post(path, json=call).status_code == 403


def test_upload_is_taken_in_and_then_gone(person, place):
    editor = person("editor")
    mill = b"The mill at Thornby grinds rye on Mondays."
    given = [file_at(editor.upload("mill.txt", mill), orig_name="mill.txt")]
    assert uploaded(place)
    assert "1 article added" in editor.call(editor.index_of("files_in"), [given])
    assert [path for path in uploaded(place) if path.read_bytes() == mill] == []
    refused = editor.join(editor.index_of("files_in"), [given])
    assert refused.status_code == 403


def test_upload_comes_with_the_address_that_the_page_gives_it(person, address):
    editor = person("editor")
    handle = editor.upload("a b#ü.txt", b"The kiln at Orrin burns beech wood only.")
    given = file_at(handle, url=f"{address}/gradio_api/file={handle}", mime_type="text/plain")
    said = editor.call(editor.index_of("files_in"), [[given]], "page")
    assert "1 article added" in said
    assert "a b#ü.txt: taken in" in said


def test_gold_that_was_uploaded_is_measured_and_then_gone(person, place):
    editor = person("editor")
    gold = b'{"id": "a", "question": "When did the lake freeze?", "answers": ["1929"]}\n' * 1
    given = file_at(editor.upload("gold.jsonl", gold))
    said = editor.call(editor.index_of("measured"), [None, given, 5, "sentence", "extract"], "gold")
    assert "process_completed" in said
    (name, *_) = re.findall(r"[\d-]+-gold", said)
    for page in (
        said,
        *(editor.http.get(f"/runs/{name}.{form}").text for form in ("html", "json")),
    ):
        assert str(place) not in page
        assert "uploads" not in page
        assert name in page or '"items"' in page
    assert [path for path in uploaded(place) if path.read_bytes() == gold] == []


def test_nobody_names_what_another_uploaded(person, place):
    editor, other = person("editor"), person("other")
    handle = editor.upload("mine.txt", SECRET.encode()[::-1])
    (path,) = [path for path in uploaded(place) if path.name == "mine.txt"]
    assert editor.http.get(f"/gradio_api/file={handle}").status_code == 200
    for thief in (other, person("token"), person("reader")):
        for name in (handle, path, f"../{path.parent}/{handle}", path.relative_to(place)):
            index = thief.index_of("files_in")
            assert thief.join(index, [[file_at(name)]]).status_code == 403
            assert thief.http.get(f"/gradio_api/file={name}").status_code == 403


def test_what_was_uploaded_is_never_shown_as_a_page(person):
    editor = person("editor")
    handle = editor.upload("page.svg", b"<svg onload='alert(1)'/>")
    reply = editor.http.get(f"/gradio_api/file={handle}")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith("attachment")


def test_session_of_another_is_not_listened_to(person):
    editor = person("editor")
    assert editor.join(editor.index_of("known"), [], "whose").status_code == 200
    asked = {"session_hash": f"whose{id(editor)}"}
    for other in (person("other"), person("reader"), person("token")):
        assert other.http.get("/gradio_api/queue/data", params=asked).status_code == 403
        beat = other.http.get(f"/gradio_api/heartbeat/{asked['session_hash']}")
        assert beat.status_code == 403
        call = {"fn_index": 0, "data": [], **asked}
        assert other.http.post(ROUTES["queue"], json=call).status_code == 403
        cancelled = {"event_id": "x", "fn_index": 0, **asked}
        assert other.http.post("/gradio_api/cancel", json=cancelled).status_code == 403


def test_uploads_are_private_on_the_disk(person, place):
    person("editor").upload("private.txt", b"x")
    folder = place / "library" / "uploads"
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    # Nothing goes where every user of the machine may look.
    assert not (place / "temporary" / "gradio").exists()


def test_what_a_server_left_behind_is_gone_at_the_next_start(place, address):
    assert not (place / "library" / "uploads" / "tmpleft").exists()


NAMES = {
    "parent": "..",
    "itself": ".",
    "empty": "",
    "nothing but a slash": "/",
    "NUL": "a\0b.txt",
    "upward": "../../evil.txt",
    "absolute": "/etc/evil.txt",
    "windows": "..\\..\\evil.txt",
    "long": "x" * 5000 + ".txt",
    "long and wide": "\N{PILE OF POO}" * 1200 + ".txt",
    "long suffix": "x." + "y" * 5000,
    "spaces": "   ",
    "dots": "....",
    "line break": "a\r\nb.txt",
    "dot and slash": "./.",
    "device": "CON.txt",
}


def form(name, field="files"):
    """A form as nobody's library would write it: the name as it is."""
    head = f'--b\r\ncontent-disposition: form-data; name="{field}"; filename="'.encode()
    return head + name.encode(errors="surrogatepass") + b'"\r\n\r\n' + LAKE + b"\r\n--b--\r\n"


@pytest.mark.parametrize("label", NAMES)
@pytest.mark.parametrize("path", ["/gradio_api/upload", "/api/articles/files"])
@pytest.mark.parametrize("query", ["", "?upload_id=x"])
def test_name_of_an_upload_leads_nowhere(person, place, path, label, query):
    before = {each for each in place.iterdir() if each.name != "temporary"}
    reply = person("editor").http.post(
        path + query,
        content=form(NAMES[label]),
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    assert reply.status_code in (200, 400, 422), reply.text
    assert {each for each in place.iterdir() if each.name != "temporary"} == before
    assert not list(place.rglob("evil.txt")) or "/uploads/" in str(list(place.rglob("evil.txt")))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"x"),
        ("multipart/form-data; boundary=b", form("x.txt")[:-12]),
        ("multipart/form-data; boundary=b", form("x.txt", field="other")),
        ("multipart/form-data; boundary=b", b'--b\r\ncontent-disposition: form-data; name="files"'
         b"\r\n\r\nno file\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\nx: y\r\n\r\nz\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b; charset=nonsense", form("x.txt")),
        ("", b""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("query", ["", "?upload_id=y"])
def test_upload_that_is_none_is_refused(person, place, kind, body, query):
    before = set(uploaded(place))
    for path in ("/gradio_api/upload", "/api/articles/files"):
        reply = person("editor").http.post(
            path + query, content=body, headers={"content-type": kind} if kind else {}
        )
        assert reply.status_code < 500, (path, reply.text)
        if reply.status_code != 200:
            assert set(uploaded(place)) == before


def test_reader_uploads_nothing(person, place):
    before = set(uploaded(place))
    for path in ("/gradio_api/upload", "/gradio_api/upload?upload_id=1", "/gradio_api/upload/",
                 "/api/articles/files"):  # fmt: skip
        reply = person("reader").http.post(path, files={"files": ("x.txt", b"x")})
        assert reply.status_code == 403
    assert set(uploaded(place)) == before


@pytest.mark.parametrize(
    "source",
    ["/etc/passwd", "file:///etc/passwd", "FILE:///etc/passwd", "-", "~/x", "./library", "C:\\x",
     "\\\\host\\share", "ftp://a.example/x", "http:///etc/passwd", "http:etc", "https://",
     "https://a.example/x\nfile:///etc/passwd", "data:text/plain,x", "jar:file:///x!/y"],
)  # fmt: skip
def test_editor_takes_in_no_path_of_the_server(person, place, source):
    editor = person("editor")
    before = editor.http.get("/api/articles").headers["x-total-count"]
    said = editor.call(editor.index_of("fetched"), [source], f"s{source}")
    assert "no address of the web" in said
    reply = editor.http.post("/api/articles", json={"urls": [source]})
    assert reply.status_code == 422
    assert editor.http.get("/api/articles").headers["x-total-count"] == before


def test_open_server_gives_no_file_either(place, tmp_path):
    with servers() as serve:
        given = {"QA_EMBEDDER": "hashing", "QA_READER": "sentence", "QA_RATE": "0"}
        anybody = Person(serve(tmp_path / "open", **given))
        for function in anybody.functions():
            data = [file_at(place / "secret.txt")] * max(1, len(function["inputs"]))
            assert anybody.join(function["id"], data).status_code == 403
        handle = anybody.upload("lake.txt", LAKE)
        said = anybody.call(anybody.index_of("files_in"), [[file_at(handle)]])
        assert "1 article added" in said
        anybody.http.close()


def test_nobody_reaches_the_screen_of_a_closed_server(address, place):
    with httpx2.Client(base_url=address) as http:
        for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/upload"):
            assert http.post(path, json={"data": [], "fn_index": 0}).status_code == 401
        for path in ("/", "/config", f"/gradio_api/file={place}/secret.txt", "/login/../config"):
            assert http.get(path).status_code in (401, 403, 404)
