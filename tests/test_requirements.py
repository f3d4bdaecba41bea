"""What is installed is what was resolved: each package by its hash, from no address."""

import re

import pytest

from tests.conftest import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_has_its_hashes_and_no_address(lock):
    text = re.sub(r"^\s*#.*$", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert [each for each in requirements if not re.match(r"[\w.\[\]-]+==\S+", each)] == []
    assert [each for each in requirements if "--hash=sha256:" not in each] == []
    assert "://" not in text


def test_make_installs_by_hash_alone():
    make = (ROOT / "Makefile").read_text("utf-8")
    installs = re.findall(r"pip install .*", make)
    assert len(installs) == 5
    unlocked = [each for each in installs if "--require-hashes" not in each]
    # The project itself, of which every requirement is installed by then.
    assert unlocked == ["pip install -q --python $(BIN)/python --no-deps -e ."]


def test_environment_is_made_by_the_pinned_tool():
    make = (ROOT / "Makefile").read_text("utf-8")
    (pinned,) = re.findall(r"^UV := (\S+)$", make, re.MULTILINE)
    assert (ROOT / "requirements" / "tools.lock").read_text("utf-8").startswith(f"{pinned} ")
