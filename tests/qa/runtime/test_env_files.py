"""Nothing in the current folder sets anything: it may be anybody's."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from qa.index.vector_index import ChromaIndex
from qa.runtime.env_files import without_env_file


@pytest.fixture
def foreign_folder(tmp_path, monkeypatch):
    """The current folder, with everything in it that a library might read."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / ".env").write_text(
        "ALLOW_RESET=true\nCHROMA_API_IMPL=foreign.Api\nMIGRATIONS=nonsense\n"
        "FASTMCP_LOG_LEVEL=nonsense\nFASTMCP_AUTH__ISSUER_URL=http://elsewhere.example\n"
        "QA_HITS=nonsense\nQA_CHAT=openai:m\nOPENAI_BASE_URL=http://elsewhere.example/v1\n"
        "LANGSMITH_TRACING=true\nLANGSMITH_API_KEY=theirs\nGRADIO_ANALYTICS_ENABLED=True\n"
    )
    with (folder / ".env").open("ab") as lines:
        lines.write(b"\xff\n")
    for module in ("chromadb", "onnxruntime", "sitecustomize"):
        (folder / f"{module}.py").write_text(
            f"import pathlib; pathlib.Path(r'{folder}/{module}.ran').touch()\n"
        )
    (folder / "matplotlibrc").write_text("text.usetex: True\n")
    return folder


def ran_there(folder):
    return [path.name for path in folder.glob("*.ran")]


def test_chroma_takes_no_setting_from_the_current_folder(
    foreign_folder, python, library_folder, make_library, ferry
):
    make_library(ferry)
    # A process of its own, for what is read at the import.
    process = python(
        "import sys; sys.path.remove('')\n"
        "from pathlib import Path\n"
        "from qa.index.embedders import HashingEmbedder\n"
        "from qa.index.vector_index import ChromaIndex\n"
        "index = ChromaIndex(Path(sys.argv[1]), HashingEmbedder())\n"
        "print(index.count(), index._chroma._client.get_settings().allow_reset)",
        library_folder,
    )
    out, err = process.communicate(timeout=120)
    assert (out, err) == ("1 False\n", "")


def test_child_that_checks_the_index_runs_nothing_of_the_current_folder(
    foreign_folder, make_library, ferry
):
    tools = make_library(ferry)
    index = tools.index
    assert isinstance(index, ChromaIndex)
    index.check()
    assert ran_there(foreign_folder) == []


def test_server_starts_in_a_folder_of_somebody_else(foreign_folder, library_folder, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    # As the command `article-qa` does, and `python -m` does not.
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--library", library_folder, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert any(" serves " in line for line in process.stderr)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert ran_there(foreign_folder) == []


def test_charts_are_drawn_as_ours(foreign_folder, python):
    process = python(
        "import sys; sys.path.remove('')\n"
        "from eval.reports.charts import latency_chart\n"
        "print('milliseconds' in latency_chart([1.0, 2.0]))"
    )
    out, err = process.communicate(timeout=120)
    assert out == "True\n", err


def test_settings_of_others_read_their_file_as_before():
    class Theirs(BaseSettings, env_file=".env"):
        color: str = "none"

    Path(".env").write_text("COLOR=red\n")
    with without_env_file():
        assert Theirs().color == "none"
    assert Theirs().color == "red"


def test_other_threads_read_theirs_meanwhile():
    class Theirs(BaseSettings, env_file=".env"):
        color: str = "none"

    Path(".env").write_text("COLOR=red\n")
    with without_env_file(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: Theirs().color).result() == "red"
