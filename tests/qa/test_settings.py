"""Settings come from the environment and a file, and a bad one is named."""

from pathlib import Path

import pytest

from qa.build import READERS, open_pipeline, open_workshop
from qa.embedders import EMBEDDERS
from qa.errors import ConfigError
from qa.settings import Settings, load_settings


def test_environment_sets(monkeypatch):
    monkeypatch.setenv("QA_HITS", "7")
    assert load_settings().hits == 7


def test_file_sets(tmp_path):
    (tmp_path / ".env").write_text("QA_EMBEDDER=hashing\nOTHER=1\n")
    assert load_settings().embedder == "hashing"


def test_environment_counts_more_than_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("QA_HITS=3\n")
    monkeypatch.setenv("QA_HITS", "7")
    assert load_settings().hits == 7


def test_library_has_a_place_without_a_setting(monkeypatch):
    monkeypatch.delenv("QA_LIBRARY")
    assert load_settings().library.name == "article-qa"


def test_library_is_a_path(monkeypatch):
    monkeypatch.setenv("QA_LIBRARY", "/x/y")
    assert load_settings().library == Path("/x/y")


@pytest.mark.parametrize("value", ["many", "0", "201", "", "1.5"])
def test_bad_value_is_named_with_its_variable(monkeypatch, value):
    monkeypatch.setenv("QA_HITS", value)
    with pytest.raises(ConfigError, match=f"QA_HITS is {value!r}: "):
        load_settings()


def test_settings_cannot_be_patched():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().hits = 3


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("variable", "known"), [("QA_EMBEDDER", EMBEDDERS), ("QA_READER", READERS)]
)
def test_unknown_part_is_a_mistake_that_names_the_known(
    monkeypatch, make_library, library_folder, variable, known
):
    make_library()
    monkeypatch.setenv(variable, "nonsense")
    with pytest.raises(ConfigError, match=f"{variable} is 'nonsense'; known: {', '.join(known)}"):
        open_pipeline(library_folder)


def test_unknown_embedder_makes_no_library(monkeypatch, library_folder):
    monkeypatch.setenv("QA_EMBEDDER", "nonsense")
    with pytest.raises(ConfigError), open_workshop(create=True):
        pass
    assert not library_folder.exists()


def test_address_of_the_server_is_checked(monkeypatch, make_library, library_folder):
    make_library()
    monkeypatch.setenv("QA_CHROMA_URL", "127.0.0.1:8000")
    with pytest.raises(ConfigError, match="QA_CHROMA_URL is '127"):
        open_pipeline(library_folder)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_readme_names_every_setting(name):
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    variable = Settings.model_fields[name].validation_alias or f"QA_{name.upper()}"
    assert f"| `{variable}` |" in readme
