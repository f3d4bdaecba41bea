"""What a library does it does in a folder and in a database: a test runs in both, unless it needs
the folder, or its module is about what SQLite does (``KINDS``).
"""

import pytest

from qa.library.store import Library


def pytest_generate_tests(metafunc):
    if "location" in metafunc.fixturenames:
        kinds = getattr(metafunc.module, "KINDS", ["folder", "postgresql"])
        if "library_folder" in metafunc.fixturenames:
            kinds = ["folder"]
        metafunc.parametrize("kind", kinds)


@pytest.fixture
def location(kind, request, tmp_path):
    """Where the library of a test is: in the folder, or in a database."""
    return tmp_path / "library" if kind == "folder" else request.getfixturevalue("database_url")


@pytest.fixture
def library(location):
    """An empty library there."""
    opened = Library.open(location, create=True)
    yield opened
    opened.close()
