"""Nothing leaves the machine, however long a command runs, and nothing is kept for later."""

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import ROOT
from tests.network_guard import guards, watched

# ONNX Runtime reported ten seconds after it was imported, Chroma and Gradio at once.
_SECONDS = 15
_REACH = """
import socket
try:
    socket.getaddrinfo("deliberate.example", 443)
except OSError:
    pass
with socket.socket() as reaching:
    reaching.settimeout(1)
    try:
        reaching.connect(("198.51.100.7", 443))
    except OSError:
        pass
"""
# A command as the shell gives it, in a process that goes on as if it had more to do.
_COMMAND = """
import sys, time
from ui.cli.app import main
try:
    main()
finally:
    time.sleep({seconds})
"""
_MCP = """
import asyncio, os, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "ui.cli", "mcp", *sys.argv[1:]],
        env={{**os.environ}},
    )
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        answer = await session.call_tool("ask_articles", {{"question": {question!r}}})
        print(answer.content[0].text)
        await asyncio.sleep({seconds})

asyncio.run(main())
"""
_SERVE = """
import json, sys, time, urllib.request
from tests.serving import servers
with servers() as serve:
    address = serve(sys.argv[-1])
    asked = urllib.request.Request(
        address + "/api/ask", json.dumps({{"question": {question!r}}}).encode(),
        {{"content-type": "application/json"}},
    )
    print(urllib.request.urlopen(asked, timeout=200).read().decode())
    page = urllib.request.urlopen(address + "/", timeout=200).read().decode()
    for path in ["/config", "/theme.css", "/docs"]:
        urllib.request.urlopen(address + path, timeout=200).read()
    time.sleep({seconds})
"""
QUESTION = "How many leaflets were dropped near al-Tanf?"
ANSWER = "90,000"


@pytest.fixture
def place(tmp_path):
    """A home that nobody lived in, and a library in it that holds the demo articles."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
    }
    return home, environment


@pytest.mark.parametrize("guard", guards())
def test_guard_sees_what_is_sent(place, guard):
    _, environment = place
    _, seen = watched(guard, [sys.executable, "-c", _REACH], environment)
    assert any(each.startswith("198.51.100.7") for each in seen)
    # Who watches system calls sees the name server only.
    assert any(each == "deliberate.example" or each.endswith(":53") for each in seen)


@pytest.mark.timeout(900)  # a busy machine is slow to start five of them
def test_no_command_reaches_for_the_network_or_keeps_a_report(place, tmp_path):
    home, environment = place
    library = tmp_path / "library"

    def run(code, *arguments, seconds=_SECONDS):
        code = code.format(seconds=seconds, question=QUESTION)
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return watched(guards()[0], command, environment)

    articles, gold = ROOT / "demo" / "articles", ROOT / "demo" / "gold.jsonl"
    done, seen = run(_COMMAND, "ingest", articles, "--library", library, seconds=0)
    assert (done.returncode, seen) == (0, []), done.stderr
    report = ["--out", tmp_path / "run.json", "--html", tmp_path / "report.html"]
    commands = {
        "ingest": (_COMMAND, "ingest", articles, "--library", tmp_path / "other"),
        "ask": (_COMMAND, "ask", QUESTION, "--library", library),
        "eval": (_COMMAND, "eval", gold, "--sample", "2", *report, "--library", library),
        "mcp": (_MCP, "--library", library),
        "serve": (_SERVE, library),
    }
    with ThreadPoolExecutor(len(commands)) as pool:
        running = {name: pool.submit(run, *command) for name, command in commands.items()}
        ends = {name: future.result() for name, future in running.items()}
    assert {name: done.stderr for name, (done, _) in ends.items() if done.returncode} == {}
    assert all(ANSWER in ends[name][0].stdout for name in ("ask", "mcp", "serve"))
    assert {name: seen for name, (_, seen) in ends.items() if seen} == {}
    # Matplotlib lists the fonts of the machine once.
    files = [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()]
    assert [name for name in files if not re.match(r"\.(cache|config)/matplotlib/", name)] == []
