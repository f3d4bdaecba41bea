"""Who knows whom, what is public, and what an import costs."""

import ast
import importlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("qa", "ingest", "eval", "ui")
FILES = sorted(
    file
    for folder in PACKAGES
    for file in (ROOT / folder).rglob("*.py")
    # What runs in the environments of other systems are programs of their own.
    if "recipes" not in file.parts
)
HEAVY = (
    "chromadb",
    "numpy",
    "onnxruntime",
    "gradio",
    "langchain_core",
    "pydantic",
    "tantivy",
    "trafilatura",
)


def name_of(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


def imported(node):
    """The modules that the tree imports anywhere, absolute, except for type checking alone."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def at_top(tree):
    """The modules that importing the module imports."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from imported(node)


def tops(names):
    return {name.partition(".")[0] for name in names}


def users_of(library):
    """The modules that import a library, for type checking too."""
    return {
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and library in tops(alias.name for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and library in tops([node.module]))
    }


# Arrows

# Each knows those above it in this list, besides itself; those of one line do not know each other.
# What stands here is a room or a module; a module that is not named belongs to its room.
ORDER = [
    {"qa.thresholds"},
    {"qa.errors", "qa.language"},
    {"qa.runtime"},
    {"qa.records"},
    {"qa.settings", "qa.safety", "qa.protocols"},
    {"qa.library.tables", "qa.library.lexical"},
    {"qa.library.sqlite", "qa.library.postgres"},
    {"qa.library"},
    {"qa.question"},
    {"qa.index", "qa.retrieve", "qa.readers"},
    {"qa.compose"},
    {"qa.verify", "qa.chat", "qa.collection"},
    {"qa.abstention", "qa.stories"},
    {"qa.answering"},
    {"qa.langchain", "qa.warming"},
    {"qa.pipeline"},
    {"qa.build"},
    {"qa", "qa.__main__"},
    {"ingest.parsing"},
    {"ingest.pages", "ingest.documents"},
    {"ingest.loaders"},
    {"ingest.unpack", "ingest.walk"},
    {"ingest.sandbox"},
    {"ingest"},
    {"eval.gold"},
    {"eval.metrics"},
    {"eval.runs"},
    {"eval.reports"},
    {"eval.benchmarks", "eval.peers"},
    {"eval"},
    {"ui.locales", "ui.schemas"},
    {
        "ui.background.work_pool",
        "ui.curation_schemas",
        "ui.html",
        "ui.tracing",
    },
    {"ui.guard"},
    {
        "ui.http_server",
        "ui.metrics",
        "ui.background.answer_cache",
        "ui.background.sources",
        "ui.curation",
        "ui.background.question_watch",
        "ui.background.readiness",
    },
    {"ui.service"},
    {"ui.gold_review"},
    {"ui.evaluations", "ui.administration"},
    {"ui.screen", "ui.api"},
    {"ui.server", "ui.load"},
    {"ui.cli"},
    {"ui"},
]
RANKS = {name: rank for rank, names in enumerate(ORDER) for name in names}
MOST_MODULES, MOST_LINES = 12, 300


def place_of(name):
    """The narrowest room of a module that ORDER names."""
    while name not in RANKS:
        name = name.rpartition(".")[0]
    return name


def known_modules(tree):
    """Our modules that a tree imports anywhere, for type checking too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] in PACKAGES:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_modules_know_only_what_is_below_them(name):
    own = place_of(name)
    upward = [
        other
        for other in known_modules(MODULES[name])
        if place_of(other) != own and RANKS[place_of(other)] >= RANKS[own]
    ]
    assert upward == []


def test_modules_form_no_circle():
    import graphlib

    graph = {name: {*known_modules(tree)} - {name} for name, tree in MODULES.items()}
    # Raises CycleError, which names the circle.
    assert len([*graphlib.TopologicalSorter(graph).static_order()]) >= len(MODULES)


def test_rooms_have_no_more_modules_than_one_can_know():
    sizes = Counter(file.parent for file in FILES if file.name != "__init__.py")
    assert {folder: size for folder, size in sizes.items() if size > MOST_MODULES} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_modules_are_one_noun_long(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_readme_names_every_room():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = readme[readme.index("## How it works") : readme.index("## Settings")]
    rooms = {
        f"{file.parent.name}/"
        for file in FILES
        if file.name == "__init__.py" and len(file.relative_to(ROOT).parts) <= 3
    }
    assert {room for room in rooms if room not in tree} == set()


@pytest.mark.parametrize("name", ["qa.records", "qa.language.cleaning", "qa.errors"])
def test_records_know_the_standard_library_alone(name):
    for module, tree in MODULES.items():
        if module == name or module.startswith(f"{name}."):
            strangers = [each for each in imported(tree) if tops([each]) != {"qa"}]
            assert tops(strangers) <= sys.stdlib_module_names, module


def test_only_the_command_line_and_the_app_know_the_evaluation():
    knowing = {name for name, tree in MODULES.items() if "eval" in tops(imported(tree))}
    screens = {name for name in knowing if name.startswith("ui")}
    assert screens <= {
        "ui.cli.evaluation.gold",
        "ui.cli.evaluation.runs",
        "ui.evaluations",
        "ui.gold_review",
        "ui.html.comparison",
        "ui.load",
        "ui.screen.evaluate",
        "ui.api.errors",
    }


def test_command_line_knows_what_it_serves_where_it_is_served():
    for name, tree in MODULES.items():
        if name.startswith("ui.cli"):
            own = {other for other in imported(tree) if other.startswith("ui.")}
            strangers = {
                other for other in own if not other.startswith(("ui.cli", "ui.html.plain_text"))
            }
            assert not strangers or name == "ui.cli.serving", name
            # Help is shown without it, and where it is not installed.
            assert not strangers & {*at_top(tree)}, name


@pytest.mark.parametrize(
    ("room", "strangers"),
    [
        # What limits knows nothing of what it limits, and what is shown nothing of the app.
        ("ui.guard", {"gradio", "qa.pipeline", "qa.build"}),
        ("ui.html", {"gradio", "fastapi", "starlette"}),
        ("ui.background.work_pool", {"gradio", "fastapi", "starlette"}),
        # What parses strangers' bytes has nothing at hand but the parsers.
        ("ingest.sandbox", {"qa.build", "qa.settings", "ingest.sources", "ingest.fetch"}),
        ("qa.verify", {"qa.library.store"}),
        ("qa.compose", {"qa.library.store"}),
        ("qa.chat.composer", {"qa.library.store"}),
        ("qa.index.vector_index", {"qa.library.store"}),
        ("qa.index.chroma.chroma_client", {"qa.library.store", "qa.protocols"}),
    ],
)
def test_rooms_know_nothing_of_these(room, strangers):
    for name, tree in MODULES.items():
        if name == room or name.startswith(f"{room}."):
            known = {*imported(tree)}
            assert not strangers & (known | tops(known)), name


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        (
            "chromadb",
            {
                "qa.index.chroma.chroma_client",
                "qa.index.chroma.chroma_package",
                "qa.index.vector_index",
            },
        ),
        ("onnxruntime", {"qa.runtime.onnx_session"}),
        ("pydantic_settings", {"qa.runtime.env_files"}),
        ("dotenv", {"qa.runtime.env_files"}),
        (
            "sqlite3",
            {
                "qa.library.sqlite.preferences",
                "qa.library.sqlite.backup",
                "qa.library.sqlite.schema",
                "qa.library.sqlite.database",
            },
        ),
        ("psycopg", {"qa.library.postgres.database", "qa.library.postgres.driver"}),
        (
            "tantivy",
            {
                "qa.library.lexical.analysis",
                "qa.library.lexical.tantivy_index",
                "qa.library.lexical.tantivy_package",
            },
        ),
        ("babel", {"ui.locales.wording"}),
        ("rensa", {"qa.language.similarity"}),
        ("dateparser", {"qa.language.periods"}),
        ("docx", {"ingest.loaders.docx"}),
        ("feedparser", {"ingest.loaders.feeds.xml_feed"}),
        ("lxml", {"ingest.parsing.markup"}),
        (
            "pypdfium2",
            {"ingest.loaders.pdf", "ingest.documents.segments", "ingest.parsing.pdf_content"},
        ),
        ("sentencex", {"qa.language.sentences"}),
        ("striprtf", {"ingest.loaders.documents.rtf"}),
        ("warcio", {"ingest.loaders.warc"}),
        ("trafilatura", {"ingest.pages.extract"}),
        ("rapidfuzz", {"qa.question.wording.spelling"}),
        ("scipy", {"eval.runs.compare", "eval.runs.intervals"}),
        ("argon2", {"ui.guard.access"}),
        ("rich", {"ui.cli.ask", "ui.cli.progress", "ui.cli.terminal"}),
        ("typer", {name for name in MODULES if name.startswith("ui.cli.")}),
        (
            "ctypes",
            {"ingest.sandbox.confine", "ingest.documents.segments", "ingest.documents.tesseract"},
        ),
        ("mcp", {"ui.api.mcp_tools"}),
        ("plotly", {"ui.screen.coverage"}),
        ("uvicorn", {"ui.http_server"}),
        ("langchain_community", set()),
        ("langchain", {"qa.chat.models", "qa.index.embedders"}),
        ("langchain_openai", set()),
        ("openai", {"qa.runtime.openai_client"}),
    ],
)
def test_library_is_known_in_one_place(library, homes):
    assert users_of(library) <= homes


def test_files_are_parsed_in_one_place():
    callers = {
        name for name, tree in MODULES.items() if "ingest.sandbox.parse.messages" in imported(tree)
    }
    assert callers == {"ingest.sandbox.child"}


def test_settings_are_read_in_one_place():
    readers = {name for name, tree in MODULES.items() if "qa.settings" in set(imported(tree))}
    # What asks a chat model is built beside it, from the settings it read.
    assert readers <= {"qa.build", "qa.chat.factory"}


@pytest.mark.parametrize(
    "library", ["langchain_openai", "openai", "gradio", "langchain", "psycopg"]
)
def test_optional_library_is_imported_when_it_is_used(library):
    for name, tree in MODULES.items():
        if not name.startswith("ui"):
            assert library not in tops(at_top(tree)), name


# Public names


def names_in_all(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return None


@pytest.mark.parametrize("name", MODULES)
def test_all_is_sorted_and_true(name):
    names = names_in_all(MODULES[name])
    if names is None:
        # What has no names to give: packages of parts.
        assert not [node for node in MODULES[name].body if not isinstance(node, ast.Expr)]
        return
    assert names == sorted(set(names), key=lambda each: (not each.isupper(), each))
    module = importlib.import_module(name)
    assert [each for each in names if not hasattr(module, each)] == []


def test_names_of_the_front_door_are_documented():
    import qa

    assert all(getattr(qa, name).__doc__ for name in qa.__all__)


def test_name_that_is_not_there_is_an_attribute_error():
    import qa

    with pytest.raises(AttributeError, match="nonsense"):
        qa.nonsense  # noqa: B018


# Cost

COST = """
import json, sys
import {module}
print(json.dumps(sorted(sys.modules)))
"""


def import_afresh(module):
    done = subprocess.run(
        [sys.executable, "-c", COST.format(module=module)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    return json.loads(line)


@pytest.mark.parametrize("module", ["qa", "ingest"])
def test_import_loads_nothing_heavy_and_says_nothing(module):
    loaded = import_afresh(module)
    assert set(HEAVY) & set(loaded) == set()
