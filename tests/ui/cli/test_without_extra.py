"""The command line in an installation without the extra ``ui``."""

import json

import pytest

from ui.cli.app import make_app

# Of what the extra brings, all that nothing else needs.
EXTRA = ("argon2", "fastapi", "gradio", "mcp", "plotly")
COMMANDS = """
import json, sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
for name in json.loads(sys.argv[1]):
    sys.modules[name] = None
from ui.cli.app import main
results = []
for command in json.loads(sys.argv[2]):
    sys.argv = ["article-qa", *command]
    out, err = StringIO(), StringIO()
    status = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
    results.append([status, out.getvalue(), err.getvalue()])
print(json.dumps(results))
"""


@pytest.fixture
def run_without(python, make_library, ferry, library_folder, monkeypatch):
    """``run_without(*commands)``: status, output and errors of each, in one process."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(ferry)

    def run(*commands):
        process = python(COMMANDS, json.dumps(EXTRA), json.dumps(commands))
        out, err = process.communicate()
        assert process.returncode == 0, err
        return json.loads(out)

    return run


def test_articles_are_listed_and_asked(run_without):
    listed, asked = run_without(["list"], ["ask", "How many sailors died on the Maid of Orlen?"])
    assert listed == [0, "ferry  2021-03-04  Gazette: Ferry lost off Cape Tarrow\n", ""]
    assert asked[0] == 0
    assert "Nine sailors died" in asked[1]


def test_help_of_every_command_is_shown(run_without):
    commands = [[command.name, "--help"] for command in make_app().registered_commands]
    assert len(commands) > 15
    helps = run_without(*commands, ["user", "add", "--help"])
    assert [(status, err) for status, _, err in helps] == [(0, "")] * len(helps)
    assert all("Usage:" in out for _, out, _ in helps)


@pytest.mark.parametrize("command", [["serve"], ["mcp"], ["user", "add", "ada"]], ids=" ".join)
def test_command_that_needs_the_extra_names_it(run_without, command):
    ((status, out, err),) = run_without(command)
    assert (status, out) == (1, "")
    assert err.startswith("article-qa: this needs ")
    assert err.endswith(": pip install 'article-qa[ui]'\n")
