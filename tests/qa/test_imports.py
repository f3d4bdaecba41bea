"""Who knows whom, what is public, and what an import costs."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    file
    for folder in ("qa", "ingest", "eval", "ui")
    for file in (ROOT / folder).rglob("*.py")
    # Training, and what runs in the environments of other systems, are programs of their own.
    if not {"train", "recipes"} & {*file.parts}
)
HEAVY = ("chromadb", "numpy", "onnxruntime", "gradio", "langchain_core", "pydantic", "trafilatura")


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


@pytest.mark.parametrize("name", ["qa.errors", "qa.jsonable", "qa.records", "qa.text"])
def test_records_know_the_standard_library_alone(name):
    # And the two helpers of the records, which know no more themselves.
    helpers = ("qa.jsonable", "qa.text")
    strangers = [other for other in imported(MODULES[name]) if not other.startswith(helpers)]
    assert tops(strangers) <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("package", "strangers"),
    [
        ("qa", {"ingest", "ui", "eval"}),
        ("ingest", {"ui", "eval"}),
        ("eval", {"ui", "ingest"}),
    ],
)
def test_packages_know_only_what_is_below_them(package, strangers):
    # An entry point may call anything.
    for name, tree in MODULES.items():
        if name.partition(".")[0] == package and not name.endswith("__main__"):
            assert tops(imported(tree)) & strangers == set(), name


def test_screen_knows_the_evaluation_in_one_corner():
    knowing = {name for name, tree in MODULES.items() if "eval" in tops(imported(tree))}
    screens = {name for name in knowing if name.startswith("ui")}
    assert screens <= {"ui.compared", "ui.evaluate", "ui.server", "ui.trials"}


def test_what_is_shown_knows_nothing_of_the_app_around_it():
    for name in ("ui.markup", "ui.present", "ui.pages", "ui.tables", "ui.welcome", "ui.export"):
        assert not {"gradio", "fastapi", "starlette"} & tops(imported(MODULES[name])), name


@pytest.mark.parametrize(
    ("part", "strangers"),
    [
        ("qa.seams", {"qa.index", "qa.library", "qa.embedders", "qa.build", "qa.pipeline"}),
        ("qa.library", {"qa.index", "qa.seams", "qa.embedders", "qa.build", "qa.pipeline"}),
        ("qa.embedders", {"qa.index", "qa.library", "qa.settings"}),
        ("qa.index", {"qa.library", "qa.embedders", "qa.settings"}),
        ("qa.compose.chat", {"qa.library", "qa.settings", "qa.build", "qa.pipeline"}),
        ("qa.pipeline", {"qa.index", "qa.embedders", "qa.build", "qa.settings"}),
    ],
)
def test_parts_know_only_what_they_say(part, strangers):
    assert set(imported(MODULES[part])) & strangers == set()


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("chromadb", {"qa.index"}),
        ("onnxruntime", {"qa.embedders", "qa.readers.network"}),
        ("pydantic_settings", {"qa.settings"}),
        ("sqlite3", {"qa.schema", "qa.library", "qa.library_writer", "qa.clusters"}),
        ("rensa", {"qa.copies"}),
        ("dateparser", {"qa.days"}),
        ("scipy", {"eval.compare", "eval.intervals"}),
        ("argon2", {"ui.access"}),
        ("mcp", {"ui.tools"}),
        ("plotly", {"ui.coverage"}),
        ("uvicorn", {"ui.server"}),
        ("langchain_community", set()),
        ("langchain", {"qa.chat_models", "qa.embedders"}),
        ("langchain_openai", set()),
        ("openai", set()),
    ],
)
def test_library_is_known_in_one_place(library, homes):
    assert users_of(library) <= homes


def test_settings_are_read_in_one_place():
    readers = {name for name, tree in MODULES.items() if "qa.settings" in set(imported(tree))}
    # What asks a chat model is built beside it, from the settings it read.
    assert readers <= {"qa.build", "qa.chat_parts"}


@pytest.mark.parametrize("library", ["langchain_openai", "openai", "gradio", "langchain"])
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
import json, sys, time
started = time.process_time()
import {module}
print(json.dumps([time.process_time() - started, sorted(sys.modules)]))
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
    _, loaded = import_afresh(module)
    assert set(HEAVY) & set(loaded) == set()


def test_import_is_quick():
    # CPU seconds, the middle of five; once more if the machine was busy.
    for _ in range(3):
        middle = sorted(import_afresh("qa")[0] for _ in range(5))[2]
        if middle < 0.3:
            break
    assert middle < 0.3
