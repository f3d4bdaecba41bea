"""People before a running server: they log in, call functions of the screen and upload files."""

import json
import re

import httpx2

TOKEN, PASSWORD = "a token of some length", "correct horse"


class Person:
    """A client of one server. ``name`` logs in; ``token`` is sent with every request."""

    def __init__(self, address, name="", token=""):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.http = httpx2.Client(base_url=address, headers=headers, timeout=60)
        if name:
            reply = self.http.post("/login", data={"name": name, "password": PASSWORD})
            assert reply.status_code == 303, reply.text

    def functions(self):
        """Every function of the screen, as the page is told of them."""
        return self.http.get("/config").json()["dependencies"]

    def upload(self, name, content, **query):
        """What the server calls the file."""
        reply = self.http.post("/gradio_api/upload", params=query, files={"files": (name, content)})
        assert reply.status_code == 200, reply.text
        (handle,) = reply.json()
        return handle

    def join(self, index, data, session="session"):
        """The reply to putting a call of a function into the queue."""
        call = {"fn_index": index, "data": data, "session_hash": f"{session}{id(self)}"}
        return self.http.post("/gradio_api/queue/join", json=call)

    def call(self, index, data, session="session"):
        """All that the function gave, as text of its events."""
        reply = self.join(index, data, session)
        assert reply.status_code == 200, reply.text
        given = []
        asked = {"session_hash": f"{session}{id(self)}"}
        with self.http.stream("GET", "/gradio_api/queue/data", params=asked) as events:
            for line in events.iter_lines():
                event = json.loads(line.removeprefix("data: ")) if line else {}
                given.append(json.dumps(event, ensure_ascii=False))
                if event.get("msg") in ("process_completed", "close_stream", "unexpected_error"):
                    break
        return "\n".join(given)

    def read_any(self, text):
        """What the server serves of all the paths that stand in a text."""
        paths = set(re.findall(r"/[^\s\"'\\,&]+", text))
        replies = [self.http.get(f"/gradio_api/file={path}") for path in sorted(paths)[:200]]
        return "\n".join(reply.text for reply in replies if reply.status_code == 200)

    def index_of(self, name):
        """The number of the first function of that name."""
        return next(each["id"] for each in self.functions() if each["api_name"] == name)


def file_at(path, **more):
    """A file as Gradio's clients write one."""
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}, **more}
