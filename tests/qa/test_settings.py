"""Settings come from the environment and from files of the user's own, and a bad one is named."""

import os
import re
from pathlib import Path

import pytest

from qa.build import (
    READERS,
    ParseLimits,
    open_pipeline,
    open_tools,
    parse_limits,
    server_access,
)
from qa.errors import ConfigError
from qa.index.embedders import EMBEDDERS
from qa.settings import STORED, Settings, load_settings


@pytest.fixture
def library_file(library_folder):
    """Where the ``.env`` of the library belongs."""
    library_folder.mkdir()
    return library_folder / ".env"


@pytest.fixture
def user_file(tmp_path, monkeypatch):
    """Where the ``.env`` of the user belongs."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "article-qa"
    folder.mkdir(parents=True)
    return folder / ".env"


def test_environment_sets(monkeypatch):
    monkeypatch.setenv("QA_HITS", "7")
    assert load_settings().hits == 7


def test_file_in_the_library_sets(library_file):
    library_file.write_text("QA_EMBEDDER=hashing\nOTHER=1\n")
    assert load_settings().embedder == "hashing"


def test_file_in_the_configuration_of_the_user_sets(user_file):
    user_file.write_text("QA_EMBEDDER=hashing\n")
    assert load_settings().embedder == "hashing"


def test_file_in_the_current_folder_does_not_set(tmp_path):
    (tmp_path / ".env").write_text("QA_HITS=3\nQA_CHAT=openai:m\nOPENAI_BASE_URL=http://x\n")
    assert (load_settings().hits, load_settings().chat) == (20, "")


def test_environment_counts_most_then_the_library_then_the_user(
    library_file, user_file, monkeypatch
):
    user_file.write_text("QA_HITS=3\nQA_RATE=3\nQA_CHAT_TOKENS=3\n")
    library_file.write_text("QA_HITS=5\nQA_RATE=5\n")
    monkeypatch.setenv("QA_HITS", "7")
    settings = load_settings()
    assert (settings.hits, settings.rate, settings.chat_tokens) == (7, 5, 3)


def test_file_of_the_library_that_is_named_counts(tmp_path, library_file):
    library_file.write_text("QA_HITS=5\n")
    other = tmp_path / "other"
    other.mkdir()
    (other / ".env").write_text("QA_HITS=9\n")
    assert load_settings(other).hits == 9


def test_user_names_the_library_and_its_file_does_not(tmp_path, user_file, monkeypatch):
    monkeypatch.delenv("QA_LIBRARY")
    mine = tmp_path / "mine"
    mine.mkdir()
    user_file.write_text(f"QA_LIBRARY={mine}\n")
    (mine / ".env").write_text("QA_LIBRARY=/elsewhere\nQA_HITS=9\n")
    settings = load_settings()
    assert (settings.library, settings.hits) == (mine, 9)


def test_empty_name_of_the_library_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_LIBRARY", "")
    (tmp_path / ".env").write_text("QA_HITS=3\n")
    settings = load_settings()
    assert (settings.library.name, settings.hits) == ("article-qa", 20)


def test_file_takes_nothing_from_the_environment(library_file, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    library_file.write_text("QA_CHROMA_URL=http://elsewhere.example/${OPENAI_API_KEY}\n")
    assert load_settings().chroma_url == "http://elsewhere.example/${OPENAI_API_KEY}"


@pytest.mark.parametrize("which", ["file", "folder"])
def test_file_that_others_can_write_is_refused(library_file, which):
    library_file.write_text("QA_HITS=3\n")
    (library_file if which == "file" else library_file.parent).chmod(0o777)
    with pytest.raises(ConfigError, match=r"can be written by others \(mode 777\).*chmod go-w"):
        load_settings()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_file_of_another_user_is_refused(library_file, which):
    library_file.write_text("QA_HITS=3\n")
    os.chown(library_file if which == "file" else library_file.parent, 4321, -1)
    with pytest.raises(ConfigError, match=r"belongs to another user.*4321"):
        load_settings()


def test_file_that_is_none_is_refused(library_file):
    os.mkfifo(library_file)
    with pytest.raises(ConfigError, match="is not a file"):
        load_settings()


@pytest.mark.parametrize(
    ("content", "reason"), [(b"QA_HITS=\xff", "UTF-8"), (b"#" * 70_000, "larger")]
)
def test_file_that_cannot_be_settings_is_refused(library_file, content, reason):
    library_file.write_bytes(content)
    with pytest.raises(ConfigError, match=reason):
        load_settings()


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


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("QA_HITS", "many", "a whole number from 1 to 200 (passages read for each answer)"),
        ("QA_RATE", "-1", "a whole number of at least 0 (questions a minute"),
        ("QA_CHAT_TIMEOUT", "soon", "a number above 0 and up to 3,600 (seconds that"),
        ("QA_CHAT_BUDGET_DAY", "1 $", "a number of at least 0 (the most dollars"),
        ("QA_UNSUPPORTED", "keep", "'drop' or 'flag' (what becomes of"),
        ("QA_PROXIES", "*", "addresses or networks of reverse proxies"),
        ("QA_OCR", "eng deu", "languages of scanned pages and pictures, as Tesseract names"),
        ("QA_AUTH_HEADER", "X User", "the header in which the proxies of QA_PROXIES tell"),
    ],
)
def test_bad_value_is_told_with_what_the_variable_takes(monkeypatch, variable, value, words):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=re.escape(f"{variable} is {value!r}: it takes {words}")):
        load_settings()


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "3601", "soon"])
def test_bad_limit_of_time_is_named_with_its_variable(monkeypatch, library_folder, value):
    monkeypatch.setenv("QA_PARSE_SECONDS", value)
    with pytest.raises(ConfigError, match=f"QA_PARSE_SECONDS is '{value}'"):
        parse_limits(library_folder)


@pytest.mark.parametrize("value", ["255", "0", "1.5", "1 GB", "1048577"])
def test_bad_limit_of_memory_is_named_with_its_variable(monkeypatch, library_folder, value):
    monkeypatch.setenv("QA_PARSE_MEMORY", value)
    with pytest.raises(ConfigError, match=f"QA_PARSE_MEMORY is '{value}'"):
        parse_limits(library_folder)


def test_limits_of_parsing_are_those_of_the_library(library_file):
    library_file.write_text("QA_PARSE_SECONDS=7\nQA_PARSE_MEMORY=512\nQA_OCR=deu\n")
    assert parse_limits() == ParseLimits(memory=512, seconds=7, ocr_languages="deu")


@pytest.mark.parametrize(
    ("value", "networks"),
    [
        ("", ()),
        ("10.0.0.1", ("10.0.0.1/32",)),
        ("10.1.2.3/8, ::1", ("10.0.0.0/8", "::1/128")),
        ("192.0.2.0/24 2001:db8::/32", ("192.0.2.0/24", "2001:db8::/32")),
    ],
)
def test_proxies_are_addresses_and_networks(monkeypatch, value, networks):
    monkeypatch.setenv("QA_PROXIES", value)
    assert tuple(map(str, server_access().proxies)) == networks


@pytest.mark.parametrize("value", ["*", "proxy.example", "10.0.0.1/33", "10.0.0.1:80"])
def test_proxy_that_is_no_address_is_named(monkeypatch, value):
    monkeypatch.setenv("QA_PROXIES", value)
    with pytest.raises(ConfigError, match="QA_PROXIES is "):
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
    with pytest.raises(ConfigError), open_tools(create=True):
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


# Secrets


def test_secrets_are_not_shown(library_file):
    library_file.write_text("QA_TOKEN=token-5\nOPENAI_API_KEY=sk-secret\n")
    settings, entrance = load_settings(), server_access()
    assert entrance.token == "token-5"
    assert settings.openai_access() == ("sk-secret", "")
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(entrance)):
        assert "token-5" not in shown
        assert "sk-secret" not in shown


@pytest.mark.parametrize("key", ["sk-secret\n", "sk-secret “", "sk secret"])
def test_key_that_cannot_be_sent_is_not_shown(monkeypatch, key):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(ConfigError, match="OPENAI_API_KEY from the environment holds") as refusal:
        load_settings().openai_access()
    assert "secret" not in str(refusal.value)


# A key and the address it is sent to

KEY, ADDRESS = "OPENAI_API_KEY=sk-secret\n", "OPENAI_BASE_URL=http://127.0.0.1:9/v1\n"


@pytest.mark.parametrize("text", [KEY + ADDRESS, KEY, ADDRESS])
def test_key_and_address_of_one_file_go_together(library_file, text):
    library_file.write_text(text)
    assert load_settings().openai_access() == (
        "sk-secret" if KEY in text else "",
        "http://127.0.0.1:9/v1" if ADDRESS in text else "",
    )


def test_older_name_of_the_address_counts_too(monkeypatch):
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    assert load_settings().openai_access() == ("", "http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    ("in_library", "in_user", "in_environment"),
    [
        (ADDRESS, "", KEY),
        (ADDRESS, KEY, ""),
        (KEY, ADDRESS, ""),
        (KEY, "", ADDRESS),
        ("", KEY, ADDRESS),
        (ADDRESS.replace("BASE_URL", "API_BASE"), "", KEY),
        (KEY, "", ADDRESS.replace("BASE_URL", "API_BASE")),
        (ADDRESS, "", "OPENAI_CUSTOM_HEADERS=X-Secret: 1\n"),
        (KEY + ADDRESS, "", "OPENAI_ORG_ID=org\n"),
    ],
)
def test_key_and_address_of_two_sources_are_refused(
    library_file, user_file, monkeypatch, in_library, in_user, in_environment
):
    library_file.write_text(in_library)
    user_file.write_text(in_user)
    for line in in_environment.splitlines():
        monkeypatch.setenv(*line.split("=", 1))
    files = [str(file) for file in (library_file, user_file) if file.read_text()]
    named = [*files, *(["the environment"] if in_environment else [])]
    with pytest.raises(ConfigError, match="must come from one place") as refusal:
        load_settings().openai_access()
    assert [source for source in named if source not in str(refusal.value)] == []
    assert "secret" not in str(refusal.value).lower().replace("x-secret", "")


def test_emptied_key_is_none(library_file, monkeypatch):
    library_file.write_text(ADDRESS)
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert load_settings().openai_access() == ("", "http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    "setting", ["QA_CHAT=openai:m", "QA_JUDGE=openai:m", "QA_EMBEDDER=openai:m", "QA_CHAT=OpenAI:m"]
)
def test_key_of_the_user_does_not_reach_the_server_of_a_library(
    make_library, library_folder, monkeypatch, chat_server, setting
):
    make_library()
    (library_folder / ".env").write_text(f"{setting}\nOPENAI_BASE_URL={chat_server.url}\n")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with pytest.raises(ConfigError, match="OPENAI_API_KEY from the environment, OPENAI_BASE_URL"):
        open_pipeline(library_folder)
    assert chat_server.requests == []


def test_secret_for_chroma_does_not_reach_the_server_of_a_library(
    make_library, library_folder, monkeypatch
):
    make_library()
    (library_folder / ".env").write_text("QA_CHROMA_URL=http://127.0.0.1:9\n")
    monkeypatch.setenv("CHROMA_CLIENT_AUTH_CREDENTIALS", "secret")
    with pytest.raises(ConfigError, match=r"QA_CHROMA_URL from .*CHROMA_CLIENT_AUTH_CREDENTIALS"):
        open_pipeline(library_folder)


def test_header_of_a_proxy_needs_named_proxies(monkeypatch):
    monkeypatch.setenv("QA_AUTH_HEADER", "X-Remote-User")
    with pytest.raises(ConfigError, match="QA_PROXIES"):
        server_access()
    monkeypatch.setenv("QA_PROXIES", "127.0.0.1")
    assert server_access().auth_header == "X-Remote-User"


def test_what_is_kept_in_the_library_counts_least(monkeypatch, tmp_path):
    kept = {"QA_HITS": "7", "QA_UNSUPPORTED": "flag", "QA_TOKEN": "a token"}
    monkeypatch.setenv("QA_HITS", "9")
    settings = load_settings(tmp_path, lambda folder: kept)
    assert (settings.hits, settings.unsupported) == (9, "flag")
    assert settings.origin("QA_UNSUPPORTED") == STORED
    # Who gets in is not for the library to say.
    assert settings.token.get_secret_value() == ""
