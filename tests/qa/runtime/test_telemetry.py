"""Libraries report nothing by themselves; what the user turns on is on."""

import ast
import socket

import pytest

from qa.runtime.telemetry import disable_telemetry
from tests.conftest import ROOT

_TRACED = """
import sys
from qa import open_pipeline
with open_pipeline(sys.argv[1]) as pipeline:
    print(pipeline.as_runnable().invoke("How many sailors died?").abstained)
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""


def test_native_telemetry_is_off_in_this_process_and_its_children(monkeypatch, python):
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    disable_telemetry()
    child = python("import os; print(os.environ['ORT_DISABLE_TELEMETRY'])")
    assert child.communicate(timeout=60)[0] == "1\n"


def test_onnxruntime_is_imported_only_after_its_telemetry_is_off():
    calls = {}
    for file in ROOT.rglob("*.py"):
        if {".venv", ".train", "recipes"} & {*file.parts}:
            continue
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )  # fmt: skip
            if any(name.partition(".")[0] == "onnxruntime" for name in names):
                function = next(
                    each for each in ast.walk(tree)
                    if isinstance(each, ast.FunctionDef) and node in each.body
                )  # fmt: skip
                before = function.body[: function.body.index(node)]
                calls[file.name] = "disable_telemetry()" in [ast.unparse(each) for each in before]
    assert calls == {"onnx_session.py": True, "export.py": True}


@pytest.mark.parametrize("wanted", [False, True])
def test_tracing_is_the_choice_of_the_user(make_library, ferry, python, monkeypatch, wanted):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    folder = make_library(ferry).library.folder
    monkeypatch.delenv("LANGSMITH_TRACING")
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("LANGSMITH_API_KEY", "ours")
        if wanted:
            monkeypatch.setenv("LANGSMITH_TRACING", "true")
        process = python(_TRACED, folder)
        server.settimeout(120 if wanted else None)
        if wanted:
            server.accept()[0].close()
            process.kill()
        else:
            assert process.communicate(timeout=120)[0] == "False\n"
            server.setblocking(False)
            with pytest.raises(BlockingIOError):
                server.accept()
