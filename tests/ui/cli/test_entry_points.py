"""``python -m qa`` and ``python -m eval`` run the command that the installed package names."""

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest

import qa.__main__
from tests.conftest import ROOT
from ui.cli.app import main, make_app


@pytest.fixture
def installed(tmp_path):
    """``installed(script)``: a folder with the metadata of a package whose console script that is.

    What is installed where the tests run is older or newer than the code here, as it may be.
    """

    def install(script):
        metadata = tmp_path / "packages" / "article_qa-9.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: article-qa\nVersion: 9\n")
        (metadata / "entry_points.txt").write_text(f"[console_scripts]\narticle-qa = {script}\n")
        return metadata.parent

    return install


def run_module(name, *arguments, packages):
    return subprocess.run(
        [sys.executable, "-m", name, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"},
    )


def console_script():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["scripts"]["article-qa"]


def test_console_script_is_the_command_line():
    assert console_script() == f"{main.__module__}:{main.__name__}"


@pytest.mark.parametrize("name", ["qa", "eval"])
def test_package_runs_as_the_console_script(installed, name):
    packages = installed(console_script())
    ran = run_module(name, "compare", "none.json", "none.json", packages=packages)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("article-qa: none.json cannot be read: No such file")
    ran = run_module(name, "compare", packages=packages)
    assert ran.returncode == 2
    assert f"Usage: python -m {name} compare" in ran.stderr


@pytest.mark.parametrize("name", ["qa", "eval"])
@pytest.mark.parametrize("script", ["qa.__main__:main", "eval.__main__:main"])
def test_console_script_that_would_call_itself_is_refused(installed, name, script):
    ran = run_module(name, "--help", packages=installed(script))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("article-qa: the package article-qa is installed from older")
    assert ran.stderr.count("\n") == 1


def test_package_that_is_not_installed_is_an_error_with_the_way_out(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(qa.__main__, "distribution", missing)
    with pytest.raises(SystemExit, match="not installed; run `pip install"):
        qa.__main__.main()


ASKING = """
import json, sys
from ui.cli.app import main
sys.argv = ["article-qa", "ask", "How many sailors died?", "--library", sys.argv[1]]
try:
    main()
except SystemExit as stop:
    assert not stop.code
print(json.dumps(sorted(sys.modules)))
"""


def test_question_imports_nothing_that_it_does_not_need(python, make_library, ferry, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    asking = python(ASKING, make_library(ferry).library.folder)
    out, errors = asking.communicate()
    assert errors == ""
    loaded = set(json.loads(out.splitlines()[-1]))
    others = {"gradio", "fastapi", "langchain_core", "openai", "psycopg", "scipy"}
    others |= {"qa.chat.composer", "qa.library.postgres", "qa.collection", "ui.server"}
    assert loaded & others == set()
    assert {"onnxruntime", "qa.pipeline"} <= loaded


def test_version_is_that_of_the_package(article_qa):
    told = article_qa("--version")
    assert (told.status, told.out, told.err) == (0, f"article-qa {version('article-qa')}\n", "")


def test_assistant_gets_no_library_that_there_is_not(article_qa, tmp_path):
    missing = tmp_path / "typo"
    told = article_qa("mcp", "--library", missing)
    assert told.status == 1
    assert "typo" in told.err
    assert not missing.exists()


def test_command_is_made_alone_and_all_of_them_for_help():
    assert [command.name for command in make_app("ask").registered_commands] == ["ask"]
    names = [command.name for command in make_app().registered_commands]
    assert {"ask", "ingest", "serve"} <= set(names)
    groups = {group.name for group in make_app("no command").registered_groups}
    assert groups == {"user", "source", "collection", "question"}
